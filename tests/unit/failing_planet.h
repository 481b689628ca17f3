/* SPDX-License-Identifier: ISC */
/* Commands on a small planet of which any one row of the database cannot be read or written. */
#ifndef TESTS_FAILING_PLANET_H
#define TESTS_FAILING_PLANET_H

#include "unit/failing_steps.h"
#include "unit/planet_fixture.h"

#define ANN "ann@example.org"

/* A reader of some blogs, who got a letter. */
static inline void
failing_planet_begin(struct cmd_test *t)
{
	static const struct cmd_case before[] = {
		{ "a reader", { "sub", "add", ANN, "--confirmed-by", "asked" }, EXIT_OK,
		    "", NULL, NULL },
		{ "a letter", { "run" }, EXIT_OK, NULL, NULL, "" },
		{ "of some blogs", { "sub", "edit", ANN, "--sources", "only a" }, EXIT_OK,
		    NULL, NULL, NULL },
	};

	planet_begin(t);
	EXPECT_ALL(t, before);
}

/* The first step fails, then the second, until there are no more to fail. */
static inline void
try_each_step(struct cmd_test *t, const char *const *words)
{
	int code = EXIT_FAILED;

	for (fails = 0; code != EXIT_OK; fails++) {
		steps = 0;
		code = cmd_call(t, words);
		if ((code == EXIT_OK) != (steps <= fails) ||
		    (code != EXIT_OK && !*buf_text(&t->err)))
			fail_msg("%s %s: ends with %d without step %ld of %ld", words[1],
			    words[2] ? words[2] : "", code, fails, steps);
	}
	fails = -1;
}

#endif

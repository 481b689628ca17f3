/* SPDX-License-Identifier: ISC */
/*
 * Commands that look, on a database of which any one row cannot be read: none shows a part as if
 * it were all.
 */
#define _GNU_SOURCE /* RTLD_NEXT */

#include "unit/failing_steps.h"
#include "unit/planet_fixture.h"

#define ANN "ann@example.org"

static const char *const looks[][6] = {
	{ "-q", "status", "--json" },
	{ "-q", "feed", "show", "a", "--json" },
	{ "-q", "feed", "list" },
	{ "-q", "feed", "health" },
	{ "-q", "feed", "health", "--letter" },
	{ "-q", "issue", "list" },
	{ "-q", "issue", "list", "--json" },
	{ "-q", "issue", "show", "last", "--json" },
	{ "-q", "bounces", "list" },
	{ "-q", "bounces", "show", ANN },
	{ "-q", "preview", "--text" },
	{ "-q", "export", "opml" },
	{ "-q", "export", "foaf" },
	{ "-q", "export", "urls" },
	{ "-q", "sub", "list" },
	{ "-q", "sub", "list", "--json" },
	{ "-q", "sub", "export" },
	{ "-q", "sub", "export", "--format", "jsonl" },
};

/* The first step fails, then the second, until there are no more to fail. */
static void
each_row_is_missed(void **state)
{
	static const struct cmd_case before[] = {
		{ "a reader", { "sub", "add", ANN, "--confirmed-by", "asked" }, EXIT_OK,
		    "", NULL, NULL },
		{ "a letter", { "run" }, EXIT_OK, NULL, NULL, "" },
		{ "of some blogs", { "sub", "edit", ANN, "--sources", "only a" }, EXIT_OK,
		    NULL, NULL, NULL },
	};
	struct cmd_test t;

	(void)state;
	planet_begin(&t);
	EXPECT_ALL(&t, before);
	for (size_t i = 0; i < ARRAY_LEN(looks); i++) {
		int code = EXIT_FAILED;

		for (fails = 0; code != EXIT_OK; fails++) {
			steps = 0;
			code = cmd_call(&t, looks[i]);
			if ((code == EXIT_OK) != (steps <= fails) ||
			    (code != EXIT_OK && !*buf_text(&t.err)))
				fail_msg("%s %s: ends with %d without step %ld of %ld",
				    looks[i][1], looks[i][2] ? looks[i][2] : "", code,
				    fails, steps);
		}
		fails = -1;
	}
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_is_missed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

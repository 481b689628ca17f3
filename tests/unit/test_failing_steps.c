/* SPDX-License-Identifier: ISC */
/*
 * A database of which any one row cannot be read or written: no command says then that it is
 * done.  This program has a sqlite3_step() of its own in front of the library's.
 */
#define _GNU_SOURCE /* RTLD_NEXT */

#include <dlfcn.h>
#include <sqlite3.h>

#include "unit/planet_fixture.h"

#define ANN "ann@example.org"

static long steps;      /* taken since it was set to 0 */
static long fails = -1; /* the number of the step that fails; -1: none does */

int
sqlite3_step(sqlite3_stmt *stmt)
{
	static int (*library)(sqlite3_stmt *);
	void *found = NULL;

	if (!library) {
		found = dlsym(RTLD_NEXT, "sqlite3_step");
		memcpy(&library, &found, sizeof(library));
	}
	/* Its settings, and what the library asks for itself, it may do without. */
	if (!sqlite3_sql(stmt) || strncmp(sqlite3_sql(stmt), "PRAGMA", 6) == 0)
		return library(stmt);
	return steps++ == fails ? SQLITE_IOERR_READ : library(stmt);
}

/* The changes are those of readers: what fails changes nothing, and can be asked again. */
static const struct {
	const char *words[10];
} calls[] = {
	{ { "-q", "status" } },
	{ { "-q", "feed", "show", "a" } },
	{ { "-q", "issue", "show", "last" } },
	{ { "-q", "preview", "--eml", "--as", ANN } },
	{ { "-q", "export", "mbox" } },
	{ { "-q", "sub", "show", ANN } },
	{ { "-q", "sub", "stats" } },
	{ { "-q", "sub", "hold", ANN } },
	{ { "-q", "sub", "edit", ANN, "--rhythm", "weekly" } },
	{ { "-q", "sub", "remove", ANN } },
	{ { "-q", "sub", "undo", ANN } },
	{ { "-q", "sub", "add", "cy@example.org", "--confirmed-by", "asked" } },
	{ { "-q", "sub", "erase", "cy@example.org" } },
};

/* The first step fails, then the second, until there are no more to fail. */
static void
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

static void
no_step_fails_in_silence(void **state)
{
	static const struct cmd_case before[] = {
		{ "readers",
		    { "sub", "add", ANN, "bo@example.org", "--confirmed-by", "asked" },
		    EXIT_OK, "", NULL, NULL },
		{ "a letter each", { "run" }, EXIT_OK, NULL, NULL, "" },
	};
	struct cmd_test t;

	(void)state;
	planet_begin(&t);
	EXPECT_ALL(&t, before);
	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		try_each_step(&t, calls[i].words);
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_step_fails_in_silence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

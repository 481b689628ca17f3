/* SPDX-License-Identifier: ISC */
/*
 * A database of which any one row cannot be read or written: no command says then that it is
 * done.
 */
#define _GNU_SOURCE /* RTLD_NEXT */

#include "unit/failing_planet.h"

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

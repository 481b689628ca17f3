/* SPDX-License-Identifier: ISC */
/*
 * Commands that change what can be asked for again: where a row cannot be read or written, none
 * says that it is done.
 */
#define _GNU_SOURCE /* RTLD_NEXT */

#include "unit/failing_planet.h"

/* What fails can be asked again; the last of them leaves no feed. */
static const char *const changes[][8] = {
	{ "-q", "feed", "pause", "a" },
	{ "-q", "feed", "resume", "a" },
	{ "-q", "feed", "edit", "a", "--group", "H" },
	{ "-q", "feed", "test", "a" },
	{ "-q", "fetch", "a" },
	{ "-q", "fetch" },
	{ "-q", "run", "--answers" },
	{ "-q", "run", "--to", "new@example.org" },
	{ "-q", "bounces", "forget", ANN },
	{ "-q", "sub", "hold", ANN },
	{ "-q", "sub", "hold", ANN, "--resume" },
	{ "-q", "gc" },
	{ "-q", "feed", "remove", "a" },
};

static void
each_change_is_missed(void **state)
{
	struct cmd_test t;

	(void)state;
	failing_planet_begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(changes); i++)
		try_each_step(&t, changes[i]);
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_change_is_missed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

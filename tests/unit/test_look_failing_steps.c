/* SPDX-License-Identifier: ISC */
/* Commands that look: where a row cannot be read, none shows a part as if it were all. */
#define _GNU_SOURCE /* RTLD_NEXT */

#include "unit/failing_planet.h"

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

static void
each_row_is_missed(void **state)
{
	struct cmd_test t;

	(void)state;
	failing_planet_begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(looks); i++)
		try_each_step(&t, looks[i]);
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

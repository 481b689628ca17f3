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

/* One was written anew, Two has another name, Three is new, four is Three again. */
static const char another_day[] = PLANET_FEED(PLANET_ITEM("One", "24",
    "05:00:00") "<item><title>Two</title><link>https://a.example/Two</link><guid>2</guid>"
		"<pubDate>23 Nov 2026 11:00:00 GMT</pubDate>"
		"<description>Other words.</description></item>" PLANET_ITEM("Three",
		    "24", "04:00:00") PLANET_ITEM("Three", "24", "03:00:00"));

static void
each_change_of_a_feed_is_missed(void **state)
{
	static const char *const fetch[] = { "-q", "fetch", "a", NULL };
	struct cmd_test t;

	(void)state;
	failing_planet_begin(&t);
	(void)cmd_file(&t, "a.xml", another_day);
	try_each_step(&t, fetch);
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_change_is_missed),
		cmocka_unit_test(each_change_of_a_feed_is_missed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

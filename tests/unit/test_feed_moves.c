/* SPDX-License-Identifier: ISC */
/* Feeds that answer from elsewhere for good, and feeds that are gone: what rounds make of them. */
#include "unit/planet_fixture.h"
#include "unit/own_web_server.h"

enum { DAY = 86400, ROUNDS_MOST = 8 };

/* Rounds on these days; where it is asked, and whether it is paused, after the last of them. */
static const struct {
	const char *name;
	const char *path, *settings;
	int days[ROUNDS_MOST]; /* ends with the first 0 that is not the first */
	const char *url, *state;
} moves[] = {
	{ "a week and three runs", "/301", "", { 0, 1, 7 }, "/feed", "ok" },
	{ "less than a week", "/301", "", { 0, 1, 3, 6 }, "/301", "moved" },
	{ "two runs", "/301", "", { 0, 7 }, "/301", "moved" },
	{ "a person is asked", "/301", "[health]\nfollow_permanent = ask\n", { 0, 1, 7 },
	    "/301", "moved" },
	{ "not followed", "/301", "[health]\nfollow_permanent = no\n", { 0, 1, 7 },
	    "/301", "moved" },
	{ "moved for now", "/302", "", { 0, 1, 7 }, "/302", "ok" },
	{ "the other is a feed too", "/301", "[feed b]\nurl = W/feed\n", { 0, 1, 7, 8 },
	    "/301", "moved" },
	{ "gone for a month", "/410", "", { 0, 1, 30 }, "/410", "paused" },
	{ "gone for less", "/410", "", { 0, 1, 29 }, "/410", "failing" },
	{ "not there for a month", "/404", "", { 0, 1, 30, 31 }, "/404", "failing" },
	{ "gone for a day, which is enough here", "/410", "[health]\ngone_after = 1d\n",
	    { 0, 1 }, "/410", "paused" },
};

static void
begin(struct cmd_test *t, size_t i)
{
	struct buf b = BUF_INIT(4000);
	const char *own = moves[i].settings;
	const char *mark = strstr(own, "W/");

	buf_addf(&b,
	    "[newsletter]\nname = Planet X\nfrom = planet@example.net\n"
	    "[fetch]\nallow_private = yes\nproxy = none\nhost_pause = 0\nevery = 0s\n"
	    "[digest]\nschedule = off\n[transport]\nmethod = outbox\noutbox = out\n"
	    "[feed a]\nurl = http://127.0.0.1:%d%s\n",
	    web.port, moves[i].path);
	if (mark)
		buf_addf(&b, "%.*shttp://127.0.0.1:%d%s", (int)(mark - own), own,
		    web.port, mark + 1);
	else
		buf_adds(&b, own);
	cmd_begin(t, buf_text(&b));
	buf_clear(&b);
}

static void
what_has_lasted_is_followed_or_paused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(moves); i++) {
		static const char *const fetch[] = { "fetch", "a", NULL };
		static const char *const list[] = { "feed", "list",
			"--json=feed,url,state", NULL };
		struct cmd_test t;
		char want[200];

		begin(&t, i);
		for (size_t k = 0; k < ROUNDS_MOST && (k == 0 || moves[i].days[k] > 0);
		     k++) {
			t.now = NOW + (int64_t)moves[i].days[k] * DAY;
			SAME_INT(moves[i].name, cmd_call(&t, fetch),
			    moves[i].path[1] == '4' ? EXIT_PARTIAL : EXIT_OK);
		}
		SAME_INT(moves[i].name, cmd_call(&t, list), EXIT_OK);
		(void)snprintf(want, sizeof(want),
		    "{\"feed\":\"a\",\"state\":\"%s\",\"url\":\"http://127.0.0.1:%d%s\"}",
		    moves[i].state, web.port, moves[i].url);
		if (!strstr(buf_text(&t.out), want))
			fail_msg("%s: got %s, want %s", moves[i].name, buf_text(&t.out),
			    want);
		cmd_end(&t);
	}
}

static void
a_keeper_is_told_of_changes(void **state)
{
	static const struct cmd_case quiet = { "not yet", { "fetch", "a" }, EXIT_OK, "",
		NULL, "" };
	char words[100];
	const struct cmd_case moved = { "moved", { "fetch", "a" }, EXIT_OK, NULL, NULL,
		words };
	static const struct cmd_case shown = { "and why", { "feed", "show", "a" },
		EXIT_OK, NULL, "it answers from there for good\n", NULL };
	struct cmd_test t;

	(void)state;
	begin(&t, 0);
	(void)snprintf(words, sizeof(words), "http://127.0.0.1:%d/feed", web.port);
	cmd_expect(&t, &quiet);
	t.now = NOW + DAY;
	cmd_expect(&t, &quiet);
	t.now = NOW + (int64_t)7 * DAY;
	cmd_expect(&t, &moved);
	cmd_expect(&t, &shown);
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_has_lasted_is_followed_or_paused),
		cmocka_unit_test(a_keeper_is_told_of_changes),
	};

	return cmocka_run_group_tests(tests, start_web, stop_web);
}

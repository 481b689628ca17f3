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

/* ---- one feed, as a keeper asks for it ---- */

/* With the address of our server for W; the last sixteen are kept. */
static const char *
filled(const char *text)
{
	static char rooms[16][900];
	static size_t turn;
	char *out = rooms[turn++ % 16];
	size_t n = 0;

	for (; *text; text++) {
		if (text[0] == 'W' && text[1] == '/')
			n += (size_t)snprintf(out + n, sizeof(rooms[0]) - n,
			    "http://127.0.0.1:%d", web.port);
		else
			out[n++] = *text;
		assert_true(n + 1 < sizeof(rooms[0]));
	}
	out[n] = '\0';
	return out;
}

#define SOME_FETCH \
	"[newsletter]\nname = Planet X\nfrom = planet@example.net\n" \
	"[fetch]\nallow_private = yes\nproxy = none\nhost_pause = 0\nevery = 0s\n" \
	"[digest]\nschedule = off\n[transport]\nmethod = outbox\noutbox = out\n"

static const struct {
	const char *given;
	int code;
	const char *begins, *has; /* what is told; the time that it took stands between */
} answers[] = {
	{ "W/301", EXIT_OK,
	    "address   W/301\ngoes to   W/feed (for good)\n"
	    "answer    200 OK, application/rss+xml; charset=utf-8, 60 bytes, ",
	    " ms\nnext time sent only when it has changed (ETag, Last-Modified)\n"
	    "feed      rss20, UTF-8\ntitle     T\nentries   0\n" },
	{ "W/302", EXIT_OK, "address   W/302\ngoes to   W/feed\nanswer    200 OK, ",
	    "title     T\n" },
	{ "W/weird-etag", EXIT_OK,
	    "address   W/weird-etag\nanswer    200 OK, no content type, 60 bytes, ",
	    " ms\nnext time sent only when it has changed (ETag)\n" },
	{ "W/203", EXIT_OK, "address   W/203\nanswer    200 OK, ",
	    " ms\nnext time sent whole again, changed or not (no ETag, no "
	    "Last-Modified)\n" },
	{ "W/too-long/between-posts", EXIT_OK,
	    "address   W/too-long/between-posts\nanswer    200 OK, ",
	    " ms\ncut off   the connection closed before the end\n"
	    "feed      rss20, UTF-8, damaged but read\n" },
	{ "W/404", EXIT_FAILED,
	    "address   W/404\nanswer    404 Not Found, no content type, 0 bytes, ",
	    " ms\nfeed      no: 404 Not Found\n" },
	{ "W/503", EXIT_TRY_AGAIN,
	    "address   W/503\nanswer    503 Service Unavailable, no content type, 0 bytes, ",
	    " ms\nfeed      no: 503 Service Unavailable" },
	{ "W/names-one", EXIT_FAILED,
	    "address   W/names-one\nanswer    200 OK, text/html, ",
	    "feed      no: a web page, not a feed\nnames     1 feed\n"
	    "          1  W/feed   \"F\"\nhint      planetpost feed add W/feed\n" },
};

static void
what_a_server_answers_is_told(void **state)
{
	struct cmd_test t;

	(void)state;
	cmd_begin(&t, SOME_FETCH);
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		const char *begins = filled(answers[i].begins);
		const struct cmd_case c = { answers[i].given,
			{ "feed", "test", filled(answers[i].given) }, answers[i].code,
			NULL, filled(answers[i].has), NULL };

		cmd_expect(&t, &c);
		if (strncmp(buf_text(&t.out), begins, strlen(begins)) != 0)
			fail_msg("%s: got %s, want %s", answers[i].given,
			    buf_text(&t.out), begins);
	}
	cmd_end(&t);
}

/* Of two feeds: a at W/feed, and cee at W/weird-etag. */
static const struct cmd_case spellings[] = {
	{ "another's address is taken in any spelling",
	    { "feed", "move", "cee", "W/feed#x", "--force" }, EXIT_FAILED, "", NULL,
	    "W/feed#x is the address of a already\n" },
	{ "its own may be spelled anew",
	    { "-v", "feed", "move", "a", "W/feed#x", "--force" }, EXIT_OK, NULL,
	    "; its posts stay known.\n", NULL },
	{ "but it must not be where it is",
	    { "feed", "move", "a", "W/feed#x", "--force" }, EXIT_FAILED, "", NULL,
	    "W/feed#x is the address of a already\n" },
	{ "one leaves", { "feed", "remove", "a" }, EXIT_OK, "", NULL, NULL },
	{ "whose address it keeps", { "feed", "move", "cee", "W/feed#x", "--force" },
	    EXIT_FAILED, "", NULL, "W/feed#x is the address of a already\n" },
	{ "but not its other spellings",
	    { "-v", "feed", "move", "cee", "W/feed", "--force" }, EXIT_OK, NULL,
	    "; its posts stay known.\n", NULL },
};

static void
a_feed_does_not_move_to_another(void **state)
{
	struct buf conf = BUF_INIT(4000);
	struct cmd_test t;

	(void)state;
	buf_adds(&conf, SOME_FETCH);
	buf_adds(&conf,
	    filled("[feed a]\nurl = W/feed\n[feed cee]\nurl = W/weird-etag\n"));
	cmd_begin(&t, buf_text(&conf));
	for (size_t i = 0; i < ARRAY_LEN(spellings); i++) {
		struct cmd_case c = spellings[i];

		for (size_t k = 0; c.words[k]; k++)
			c.words[k] = filled(c.words[k]);
		c.err = c.err ? filled(c.err) : NULL;
		cmd_expect(&t, &c);
	}
	cmd_end(&t);
	buf_clear(&conf);
}

/* Where it went is asked with the login that it had, which is told to nobody. */
static void
a_keeper_moves_a_feed(void **state)
{
	struct buf conf = BUF_INIT(4000);
	struct cmd_test t;
	char moved[500];
	char left[500];

	(void)state;
	buf_adds(&conf, SOME_FETCH);
	buf_addf(&conf,
	    "[health]\nfollow_permanent = ask\n[feed a]\nurl = http://127.0.0.1:%d/301\n"
	    "[http://ann:pw@127.0.0.1:%d/302]\nname = Cee\n",
	    web.port, web.port);
	cmd_begin(&t, buf_text(&conf));
	const struct cmd_case cases[] = {
		{ "asked", { "fetch" }, EXIT_OK, "", NULL, NULL },
		{ "where it went has none of its posts", { "feed", "move", "a" },
		    EXIT_FAILED, "", NULL,
		    filled("planetpost: W/feed is a feed, but has no post that a had\n"
			   "  hint: planetpost feed move a W/feed --force\n") },
		{ "but it is wanted", { "-v", "feed", "move", "a", "--force" }, EXIT_OK,
		    moved, NULL, NULL },
		{ "there is one already",
		    { "feed", "move", "cee", filled("W/feed"), "--force" }, EXIT_FAILED,
		    "", NULL, filled("W/feed is the address of a already\n") },
		{ "a page names it", { "feed", "move", "cee", filled("W/names-one") },
		    EXIT_FAILED, "", NULL,
		    filled("W/names-one is a web page, not a feed; it names 1 feed\n"
			   "  1  W/feed   \"F\"\n  hint: planetpost feed add W/feed\n") },
		{ "what its section is called moves",
		    { "-v", "feed", "move", "cee", filled("W/weird-etag"), "--force" },
		    EXIT_OK, left, NULL, NULL },
		{ "in another spelling it is the same",
		    { "feed", "add", filled("W/feed#x") }, EXIT_FAILED, "", NULL,
		    filled("planetpost: W/feed#x is a feed already (a, as W/feed)\n"
			   "  hint: planetpost feed move a W/feed#x\n") },
		{ "in the same it is too", { "feed", "add", filled("W/feed") },
		    EXIT_FAILED, "", NULL,
		    filled("planetpost: W/feed is a feed already (a)\n") },
	};

	(void)snprintf(moved, sizeof(moved),
	    "Moved a to http://127.0.0.1:%d/feed, in %s; its posts stay known.\n",
	    web.port, t.conf);
	(void)snprintf(left, sizeof(left),
	    "Moved cee to http://127.0.0.1:%d/weird-etag, in %s; its posts stay known.\n",
	    web.port, t.conf);
	EXPECT_ALL(&t, cases);
	buf_reset(&conf);
	MUST(file_read(t.conf, &conf, err));
	(void)snprintf(moved, sizeof(moved),
	    "[feed a]\nurl = http://127.0.0.1:%d/feed\n"
	    "[http://ann:pw@127.0.0.1:%d/weird-etag]\nname = Cee\n",
	    web.port, web.port);
	assert_non_null(strstr(buf_text(&conf), moved));
	buf_clear(&conf);
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_has_lasted_is_followed_or_paused),
		cmocka_unit_test(a_keeper_is_told_of_changes),
		cmocka_unit_test(what_a_server_answers_is_told),
		cmocka_unit_test(a_keeper_moves_a_feed),
		cmocka_unit_test(a_feed_does_not_move_to_another),
	};

	return cmocka_run_group_tests(tests, start_web, stop_web);
}

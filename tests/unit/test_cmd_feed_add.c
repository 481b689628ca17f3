/* SPDX-License-Identifier: ISC */
/* feed add: what is meant as an address, what a page leads to, and the order of feed list. */
#include "unit/terminal_fixture.h"

#include "unit/own_web_server.h"
#include "unit/planet_rows.h"

/* W: "http://127.0.0.1:PORT", H: the same without its scheme. */
static const struct {
	const char *name;
	const char *given;
	const char *option; /* or NULL */
	int code;
	const char *out; /* words of what is told, or NULL: nothing */
	const char *err; /* words of an error, or NULL */
} adds[] = {
	{ "a feed", "W/feed", NULL, EXIT_OK, "Added \"T\": 0 entries there now, in ",
	    NULL },
	{ "between blanks and angle brackets", " <W/feed> ", NULL, EXIT_OK, "Added \"T\"",
	    NULL },
	{ "without its scheme", "H/feed", NULL, EXIT_OK, "  its address: W/feed\n",
	    NULL },
	{ "what moved for good", "W/301", NULL, EXIT_OK, "  its address: W/feed\n",
	    NULL },
	{ "what moved for now", "W/302", NULL, EXIT_OK, "!its address", NULL },
	{ "a page that leads to one", "W/names-one", NULL, EXIT_OK,
	    "  its address: W/feed\n", NULL },
	{ "a page that leads to two", "W/names-two", NULL, EXIT_FAILED, NULL,
	    "W/teasers" },
	{ "the first of two", "W/names-two", "--yes", EXIT_OK,
	    "  its address: W/teasers\n", NULL },
	{ "a page that leads to a page", "W/names-page", NULL, EXIT_FAILED, NULL,
	    "is a web page, not a feed" },
	{ "what is not there", "W/404", NULL, EXIT_FAILED, NULL, "W/404: " },
	{ "a server that may come back", "W/503", NULL, EXIT_TRY_AGAIN, NULL, "W/503: " },
	{ "a mailbox of mail", "mailto:x@example.org", NULL, EXIT_USAGE, NULL,
	    "'mailto:x@example.org' is no web address" },
	{ "a word", "nonsense", NULL, EXIT_USAGE, NULL, "'nonsense' is no web address" },
	{ "a dot first", ".example", NULL, EXIT_USAGE, NULL, "is no web address" },
	{ "two words", "a b.example", NULL, EXIT_USAGE, NULL, "is no web address" },
	{ "a person", "x@b.example", NULL, EXIT_USAGE, NULL, "is no web address" },
	{ "a port that is none", "b.example:http/x", NULL, EXIT_USAGE, NULL,
	    "is no web address" },
	{ "a port and more", "b.example:80x", NULL, EXIT_USAGE, NULL,
	    "is no web address" },
	{ "a mailbox without its list", "maildir:/nowhere", NULL, EXIT_CONFIG, NULL,
	    "'maildir:/nowhere' does not say which newsletter" },
};

/* With the address of our server for W and H. */
static const char *
filled(const char *text, char out[300])
{
	char *at = out;

	for (; *text; text++) {
		const bool is_mark = (*text == 'W' || *text == 'H') && text[1] == '/';

		if (is_mark)
			at += snprintf(at, 60, "%s127.0.0.1:%d",
			    *text == 'W' ? "http://" : "", web.port);
		else
			*at++ = *text;
	}
	*at = '\0';
	return out;
}

static void
what_is_meant_as_an_address_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(adds); i++) {
		char given[300];
		char out[300];
		char err[300];
		const bool unwanted = adds[i].out && *adds[i].out == '!';
		const struct cmd_case c = { adds[i].name,
			{ "-v", "feed", "add", filled(adds[i].given, given),
			    adds[i].option },
			adds[i].code, NULL,
			adds[i].out && !unwanted ? filled(adds[i].out, out) : NULL,
			adds[i].err ? filled(adds[i].err, err) : NULL };
		struct cmd_test t;

		cmd_begin(&t,
		    "[newsletter]\nname = Planet X\nfrom = planet@example.net\n"
		    "[fetch]\nallow_private = yes\nproxy = none\nhost_pause = 0\n");
		cmd_expect(&t, &c);
		if (unwanted && strstr(buf_text(&t.out), adds[i].out + 1))
			fail_msg("%s: got %s", adds[i].name, buf_text(&t.out));
		cmd_end(&t);
	}
}

static void
one_feed_is_added_once(void **state)
{
	char feed[300];
	char bare[300];
	char moved[300];
	const struct cmd_case twice = { "in three spellings",
		{ "-v", "feed", "add", filled("W/feed", feed), filled("H/feed", bare),
		    filled("W/301", moved) },
		EXIT_OK, NULL, "Added \"T\"", NULL };
	static const struct cmd_case one = { "one", { "feed", "list", "--json=feed" },
		EXIT_OK, "{\"schema\":1,\"feeds\":[{\"feed\":\"t\"}]}\n", NULL, NULL };
	struct cmd_test t;

	(void)state;
	cmd_begin(&t,
	    "[newsletter]\nname = Planet X\n"
	    "[fetch]\nallow_private = yes\nproxy = none\nhost_pause = 0\n");
	cmd_expect(&t, &twice);
	cmd_expect(&t, &one);
	cmd_end(&t);
}

/* ---- a page with two feeds, at a terminal ---- */

#define WEB_SETTINGS \
	"[newsletter]\nname = Planet X\n" \
	"[fetch]\nallow_private = yes\nproxy = none\nhost_pause = 0\n"

static const struct {
	const char *name, *answer, *option;
	int code;
	const char *added; /* what is kept, or NULL */
	bool asked;
} choices[] = {
	{ "the second", "2\n", NULL, EXIT_OK, "W/feed", true },
	{ "the first", "1\n", NULL, EXIT_OK, "W/teasers", true },
	{ "what is offered", "\n", NULL, EXIT_OK, "W/teasers", true },
	{ "none", "0\n", NULL, EXIT_FAILED, NULL, true },
	{ "one too many", "3\n", NULL, EXIT_FAILED, NULL, true },
	{ "a word", "all\n", NULL, EXIT_FAILED, NULL, true },
	{ "whoever takes the first is not asked", "2\n", "--yes", EXIT_OK, "W/teasers",
	    false },
	{ "whoever cannot be asked", "2\n", "--no-input", EXIT_FAILED, NULL, false },
};

static void
of_two_feeds_a_person_picks_one(void **state)
{
	char given[300];
	char asked[700];
	char room[2][300];
	char added[400];

	(void)state;
	(void)snprintf(asked, sizeof(asked),
	    "%s names 2 feeds:\n  1  %s   \"F\"\n  2  %s   \"F\"\nWhich one? [1] ",
	    filled("W/names-two", given), filled("W/teasers", room[0]),
	    filled("W/feed", room[1]));
	for (size_t i = 0; i < ARRAY_LEN(choices); i++) {
		const struct terminal_case c = {
			{ choices[i].name, { "feed", "add", given, choices[i].option },
			    choices[i].code, NULL, NULL, "" },
			80, choices[i].answer
		};
		struct cmd_test t;

		cmd_begin(&t, WEB_SETTINGS);
		terminal_expect(&t, &c);
		SAME_INT(choices[i].name, strstr(buf_text(&t.err), asked) != NULL,
		    choices[i].asked);
		SAME_INT(choices[i].name,
		    strstr(buf_text(&t.err), "it names 2 feeds\n") != NULL,
		    choices[i].code != EXIT_OK);
		if (choices[i].added) {
			(void)snprintf(added, sizeof(added), "  its address: %s\n",
			    filled(choices[i].added, room[0]));
			if (!strstr(buf_text(&t.out), added))
				fail_msg("%s: got %s", choices[i].name, buf_text(&t.out));
		}
		cmd_end(&t);
	}
}

/* ---- the list ---- */

static const struct {
	const char *name, *words[5], *out;
} lists[] = {
	{ "by key", { "feed", "list", "--json=feed" }, "a b c d" },
	{ "by key, said", { "feed", "list", "--sort=key", "--json=feed" }, "a b c d" },
	{ "by name, whatever its case", { "feed", "list", "--sort=name", "--json=feed" },
	    "d a c b" },
	{ "who wrote last first, then by key",
	    { "feed", "list", "--sort=last", "--json=feed" }, "c b d a" },
	{ "of a group, whatever its case",
	    { "feed", "list", "--group=sea", "--json=feed" }, "b d" },
	{ "paused", { "feed", "list", "--state=paused", "--json=feed" }, "c" },
	{ "never asked", { "feed", "list", "--state=new", "--json=feed" }, "a b" },
	{ "well", { "feed", "list", "--state=ok", "--json=feed" }, "d" },
};

static void
feeds_are_listed_in_order(void **state)
{
	static const char sql[] =
	    "INSERT INTO source (key, url, name, title, feed_group, last_entry, last_poll,"
	    " paused) VALUES ('b', 'https://b.example/f', NULL, 'the sea', 'Sea', 20, NULL, 0),"
	    " ('c', 'https://c.example/f', 'The dunes', 'x', 'Hills', 30, 30, 1),"
	    " ('d', 'https://d.example/f', NULL, NULL, 'SEA', 20, 30, 0);"
	    "UPDATE source SET name = 'Eel' WHERE key = 'a';"
	    "UPDATE source SET title = 'Ant' WHERE key = 'd';";
	static const struct cmd_case wrong[] = {
		{ "no order", { "feed", "list", "--sort", "age" }, EXIT_USAGE, "", NULL,
		    "--sort takes key, name or last, not 'age'" },
		{ "no state", { "feed", "list", "--state", "well" }, EXIT_USAGE, "", NULL,
		    "well" },
	};
	struct planet_rows d;

	(void)state;
	rows_begin(&d);
	rows_put(&d, "", sql);
	assert_int_equal(chmod(d.path, 0400), 0);
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		char got[40] = "";
		size_t n = 0;

		SAME_INT(lists[i].name, cmd_call(&d.t, lists[i].words), EXIT_OK);
		for (const char *at = buf_text(&d.t.out);
		     (at = strstr(at, "\"feed\":\"")) != NULL; at++) {
			got[n++] = at[strlen("\"feed\":\"")];
			got[n++] = ' ';
		}
		got[n > 0 ? n - 1 : 0] = '\0';
		SAME_TEXT(lists[i].name, got, lists[i].out);
	}
	EXPECT_ALL(&d.t, wrong);
	rows_end(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_meant_as_an_address_is_found),
		cmocka_unit_test(one_feed_is_added_once),
		cmocka_unit_test(of_two_feeds_a_person_picks_one),
		cmocka_unit_test(feeds_are_listed_in_order),
	};

	return cmocka_run_group_tests(tests, start_web, stop_web);
}

/* SPDX-License-Identifier: ISC */
/* Notices, whole: what stands in them and what does not, and their HTML made of the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/clock.h"
#include "base/zone.h"
#include "config/settings.h"
#include "digest/notice.h"
#include "digest/wording.h"
#include "unit/scratch.h"

enum { HOUR = 3600, DAY = 24 * HOUR };
/* 2026-11-24T06:30:00Z */
enum { ASKED = 1795501800 };

struct notice {
	struct arena *a;
	struct settings settings;
	struct template_set *templates;
	struct zone *zone;
	struct notice_words words;
	struct rendering out;
};

static void
notice_open(struct notice *n, const char *zone)
{
	struct err err = ERR_INIT;

	memset(n, 0, sizeof(*n));
	n->a = arena_new();
	settings_default(n->a, "/nowhere", &n->settings);
	n->settings.config.newsletter.name = "Planet & Co";
	n->templates = template_set_open("", "en", "", &err);
	n->zone = zone_open(zone, &err);
	if (!n->templates || !n->zone)
		fail_msg("%s", err.text);
	n->words.asked = TIME_NONE;
}

static void
notice_close(struct notice *n)
{
	template_set_close(n->templates);
	zone_close(n->zone);
	arena_free(n->a);
}

static void
make(struct notice *n, const char *name)
{
	struct err err = ERR_INIT;

	if (!digest_notice(n->a, n->templates, &n->settings.config, n->zone, name,
		&n->words, &n->out, &err))
		fail_msg("%s", err.text);
	assert_int_equal(n->out.text_len, strlen(n->out.text));
	assert_int_equal(n->out.html_len, strlen(n->out.html));
}

static void
expect(const char *name, const char *got, const char *want)
{
	if (strcmp(got, want) != 0)
		fail_msg("%s: got\n%s\nwant\n%s", name, got, want);
}

/* ---- the last step ---- */

static void
one_way_is_a_sentence_and_several_are_a_list(void **state)
{
	static const struct {
		const char *name;
		struct notice_words words;
		const char *want;
	} cases[] = {
		/* clang-format off */
		{ "a page", { .confirm_url = "https://n.example/c", .within = 3 * DAY },
		  "If it was you, open https://n.example/c within 3 days and press the\nbutton.\n" },
		{ "a reply", { .can_reply = true, .within = DAY },
		  "If it was you, reply to this mail within 1 day. Empty is fine.\n" },
		{ "page and reply",
		  { .confirm_url = "https://n.example/c", .can_reply = true, .within = 36 * HOUR },
		  "If it was you, do ONE of these within 36 hours:\n"
		  "- open https://n.example/c and press the button\n- reply to this mail, empty is fine\n" },
		{ "page and code",
		  { .code = "481 207", .by_page = true, .confirm_url = "https://n.example/c",
		    .within = 2 * HOUR },
		  "If it was you, do ONE of these within 2 hours:\n- type 481 207 in the page you have open\n"
		  "- open https://n.example/c and press the button\n" },
		{ "code and reply", { .code = "481 207", .by_page = true, .can_reply = true, .within = HOUR },
		  "If it was you, do ONE of these within 1 hour:\n- type 481 207 in the page you have open\n"
		  "- reply to this mail, empty is fine\n" },
		/* clang-format on */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct notice n;
		const char *want = NULL;

		notice_open(&n, "UTC");
		n.words = cases[i].words;
		n.words.asked = ASKED;
		n.words.network = "203.0.113.0/24";
		n.words.rhythm = "daily";
		n.words.refuse_mail = "no@n.example";
		make(&n, "confirm");
		want = arena_printf(n.a,
		    "Someone asked that this address gets \"Planet & Co\". One letter a day,\n"
		    "when there is something new.\n\n%s\n"
		    "If it was not you, do nothing. You get at most one reminder, then\n"
		    "silence.\n"
		    "Never again from this list: an empty mail to no@n.example\n"
		    "Asked 24 November 2026, 06:30 UTC from 203.0.113.0/24\n",
		    cases[i].want);
		expect(cases[i].name, n.out.text, want);
		expect(cases[i].name, n.out.subject,
		    cases[i].words.code ? "481 207 is your code for Planet & Co"
					: "One step left: Planet & Co");
		notice_close(&n);
	}
}

static void
lengths_are_days_or_hours(void **state)
{
	static const struct {
		int64_t within;
		const char *want;
	} cases[] = {
		{ 1, "1 hour" },
		{ HOUR, "1 hour" },
		{ HOUR + 1, "2 hours" },
		{ 12 * HOUR, "12 hours" },
		{ DAY - 1, "24 hours" },
		{ DAY, "1 day" },
		{ DAY + 1, "25 hours" },
		{ 2 * DAY, "2 days" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct notice n;
		const char *want = NULL;

		notice_open(&n, "UTC");
		n.words.can_reply = true;
		n.words.within = cases[i].within;
		make(&n, "confirm");
		want = arena_printf(n.a, "reply to this mail within %s. ", cases[i].want);
		if (!strstr(n.out.text, want))
			fail_msg("%d: %s", (int)cases[i].within, n.out.text);
		notice_close(&n);
	}
}

static void
moments_are_those_of_the_newsletters_zone(void **state)
{
	struct notice n;

	(void)state;
	notice_open(&n, "Europe/Berlin");
	n.words.asked = ASKED;
	make(&n, "confirm");
	assert_non_null(strstr(n.out.text, "\nAsked 24 November 2026, 07:30 CET\n"));
	notice_close(&n);
}

/* ---- news for the keeper ---- */

static struct feed_line lines[] = {
	{ "a", "404\nfor days", "planetpost feed show a" },
	{ "b\nc", "gone", "planetpost feed drop b" },
};

static const struct {
	const char *name;
	struct feed_news news;
	const char *want;
} news[] = {
	/* clang-format off */
	{ "nothing", { .still = 0 }, "" },
	{ "one that needs somebody", { .needs = { lines, 1 } },
	  "These feeds need you:\n\n- a: 404 for days (planetpost feed show a)\n\n" },
	{ "two, each in a line", { .needs = { lines, 2 } },
	  "These feeds need you:\n\n- a: 404 for days (planetpost feed show a)\n"
	  "- b c: gone (planetpost feed drop b)\n\n" },
	{ "those before", { .still = 1 }, "1 more that were told before still do.\n\n" },
	{ "moved", { .moved = { lines, 1 } },
	  "Moved for good, and asked there from now on:\n\n- a: 404 for days\n\n" },
	{ "gone", { .gone = { lines, 1 } },
	  "Gone, and paused:\n\n- a: 404 for days (planetpost feed show a)\n\n" },
	{ "mended", { .mended = { lines, 1 } }, "Mended by themselves:\n\n- a: 404 for days\n\n" },
	{ "quiet", { .quiet = { lines, 1 } }, "Without a new post for long:\n\n- a: 404 for days\n\n" },
	{ "one joined", { .joined = 1 }, "Readers who joined: 1. Who left: 0.\n\n" },
	{ "one left", { .left = 1 }, "Readers who joined: 0. Who left: 1.\n\n" },
	{ "some of each", { .joined = 3, .left = 2 }, "Readers who joined: 3. Who left: 2.\n\n" },
	/* clang-format on */
};

static void
news_of_feeds_are_lists(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(news); i++) {
		struct notice n;

		notice_open(&n, "UTC");
		n.words.news = &news[i].news;
		make(&n, "feeds");
		expect(news[i].name, n.out.text,
		    arena_printf(n.a,
			"%sAll of them: planetpost feed health\n"
			"When this letter comes: health.letter\n",
			news[i].want));
		expect("subject", n.out.subject, "News of your feeds: Planet & Co");
		notice_close(&n);
	}
	struct notice none;

	notice_open(&none, "UTC");
	make(&none, "feeds");
	assert_null(strstr(none.out.text, "Readers"));
	notice_close(&none);
}

/* ---- ways of a reader ---- */

static void
links_of_a_reader_are_holes(void **state)
{
	static const struct {
		bool manage, leave;
		const char *web;
		const char *text, *html;
	} cases[] = {
		{ true, true, "https://n.example",
		    "Choose blogs, days and length: \x01manage\x02\nLeave: \x01leave\x02\n",
		    "Leave: <a href=\"\x01leave\x02\">\x01leave\x02</a>" },
		{ true, true, "", "once.\n\nLeave: \x01leave\x02\n",
		    "<a href=\"\x01leave\x02\">\x01leave\x02</a>" },
		{ false, true, "https://n.example", "once.\n\nLeave: \x01leave\x02\n",
		    "<a href=\"\x01leave\x02\">\x01leave\x02</a>" },
		{ true, false, "https://n.example",
		    "Choose blogs, days and length: \x01manage\x02\nLeave:\n",
		    "<a href=\"\x01manage\x02\">\x01manage\x02</a>" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct notice n;

		notice_open(&n, "UTC");
		n.settings.config.web.url = cases[i].web;
		n.words.links_manage = cases[i].manage;
		n.words.links_leave = cases[i].leave;
		n.words.rhythm = "weekly";
		n.words.newest = true;
		make(&n, "welcome");
		if (!strstr(n.out.text, cases[i].text))
			fail_msg("%zu: %s", i, n.out.text);
		if (!strstr(n.out.html, cases[i].html))
			fail_msg("%zu: %s", i, n.out.html);
		notice_close(&n);
	}
}

static void
commands_have_addresses(void **state)
{
	static const struct {
		const char *address, *want;
	} cases[] = {
		{ "planet@n.example",
		    "- to join: planet+subscribe@n.example\n"
		    "- to leave: planet+unsubscribe@n.example\n"
		    "- no letters for 30 days: planet+hold@n.example\n"
		    "- one letter a week: planet+weekly@n.example\n"
		    "- one letter a day: planet+daily@n.example\n" },
		{ "\"a@b\"@n.example", "- to join: \"a@b\"+subscribe@n.example\n" },
		{ "planet", "- to join:\n- to leave:\n" },
		{ NULL, "- to join:\n- to leave:\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct notice n;

		notice_open(&n, "UTC");
		n.words.command_address = cases[i].address;
		make(&n, "help");
		if (!strstr(n.out.text, cases[i].want))
			fail_msg("%zu: %s", i, n.out.text);
		notice_close(&n);
	}
}

static void
what_was_done_is_said(void **state)
{
	struct notice n;
	const char *const done[] = { "hold", NULL };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(done); i++) {
		notice_open(&n, "UTC");
		n.words.command = done[i];
		n.words.links_leave = true;
		n.settings.config.newsletter.postal_address = "Box 1";
		make(&n, "done");
		expect("done", n.out.text,
		    arena_printf(n.a, "%sLeave: \x01leave\x02\nBox 1\n",
			done[i] ? arena_printf(n.a, "%s\n\n",
				      wording_raw(n.templates->words, "dones", done[i]))
				: ""));
		notice_close(&n);
	}
}

static void
there_are_no_other_notices(void **state)
{
	struct err err = ERR_INIT;
	struct notice n;

	(void)state;
	notice_open(&n, "UTC");
	n.out.text = "old";
	assert_false(digest_notice(n.a, n.templates, &n.settings.config, n.zone,
	    "nothing", &n.words, &n.out, &err));
	assert_int_equal(err.kind, ERR_BUG);
	assert_string_equal(err.text, "there is no template notice-nothing.txt");
	assert_null(n.out.text);
	notice_close(&n);
}

/* The text is made, but not its HTML. */
static void
a_keepers_template_that_names_nothing_is_told(void **state)
{
	static const char form[] = "{{body}}{{nothing}}";
	char dir[100];
	char path[120];
	struct notice n;
	struct err err = ERR_INIT;
	FILE *f = NULL;

	(void)state;
	assert_true(scratch_folder(dir, sizeof(dir)));
	(void)snprintf(path, sizeof(path), "%s/notice.html", dir);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(form, f) >= 0 && fclose(f) == 0);
	notice_open(&n, "UTC");
	template_set_close(n.templates);
	n.templates = template_set_open(dir, "en", "", &err);
	assert_non_null(n.templates);
	assert_false(digest_notice(n.a, n.templates, &n.settings.config, n.zone,
	    "goodbye", &n.words, &n.out, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_string_equal(err.text,
	    arena_printf(n.a, "%s line 1: there is no 'nothing' here", path));
	notice_close(&n);
	scratch_remove(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_way_is_a_sentence_and_several_are_a_list),
		cmocka_unit_test(lengths_are_days_or_hours),
		cmocka_unit_test(moments_are_those_of_the_newsletters_zone),
		cmocka_unit_test(news_of_feeds_are_lists),
		cmocka_unit_test(links_of_a_reader_are_holes),
		cmocka_unit_test(commands_have_addresses),
		cmocka_unit_test(what_was_done_is_said),
		cmocka_unit_test(there_are_no_other_notices),
		cmocka_unit_test(a_keepers_template_that_names_nothing_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

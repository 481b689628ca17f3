/* SPDX-License-Identifier: ISC */
/*
 * preview: in which form and where the next issue is shown, of which days, whose feeds are asked
 * for it, and what is told when they cannot be read.
 */
#include "unit/planet_fixture.h"

#include <stdlib.h>

#include "base/clock.h"

/* The test runs in its folder, so that words are short. */
static char was_here[1000];

static void
begin_here(struct cmd_test *t, const char *more)
{
	planet_begin(t);
	if (*more) {
		char text[2000];

		(void)snprintf(text, sizeof(text), "%s%s", planet_settings, more);
		(void)cmd_file(t, "p.conf", text);
	}
	assert_non_null(getcwd(was_here, sizeof(was_here)));
	assert_int_equal(chdir(t->folder), 0);
}

static void
end_here(struct cmd_test *t)
{
	assert_int_equal(chdir(was_here), 0);
	cmd_end(t);
}

/* The beginning of a file of the folder; "" when there is none. */
static const char *
begin_of(const char *name)
{
	static char text[200];
	struct buf b = BUF_INIT(SAID_MAX);

	text[0] = '\0';
	if (file_exists(name)) {
		MUST(file_read(name, &b, err));
		(void)snprintf(text, sizeof(text), "%s", buf_text(&b));
	}
	buf_clear(&b);
	return text;
}

/* ---- the form ---- */

#define TEXT "Planet X\nNo. 1 "
#define HTML "<!DOCTYPE html>"
#define MAIL "Date: Tue, 24 Nov 2026 06:00:00 +0000\r\n"

static const struct {
	const char *words[4]; /* behind preview */
	const char *file;     /* what is written, or NULL: standard output */
	const char *begins;
} forms[] = {
	{ { NULL }, NULL, TEXT },
	{ { "--text" }, NULL, TEXT },
	{ { "--eml" }, NULL, MAIL },
	{ { "-o", "-" }, NULL, HTML },
	{ { "--text", "-o", "-" }, NULL, TEXT },
	{ { "--eml", "-o", "-" }, NULL, MAIL },
	{ { "-o", "x.html" }, "x.html", HTML },
	{ { "-o", "x" }, "x", HTML },
	{ { "-o", "x.txt" }, "x.txt", TEXT },
	{ { "-o", "x.eml" }, "x.eml", MAIL },
	{ { "--text", "-o", "y.html" }, "y.html", TEXT },
	{ { "--eml", "-o", "z.html" }, "z.html", MAIL },
	{ { "-o", "a.text" }, "a.text", HTML },
	{ { "-o", "xtxt" }, "xtxt", HTML },
	{ { "-o", "xeml" }, "xeml", HTML },
	/* What has no name but the ending is called like that. */
	{ { "-o", ".txt" }, ".txt", HTML },
	{ { "-o", ".eml" }, ".eml", HTML },
};

static void
expect_form(size_t i, const char *got)
{
	const char *want = forms[i].begins;
	const bool is =
	    want == (const char *)NULL || strncmp(got, want, strlen(want)) == 0;

	if (!is)
		fail_msg("form %zu: got \"%.100s\", want \"%s\"", i, got, want);
}

static void
the_form_is_that_of_the_options_or_of_the_name(void **state)
{
	struct cmd_test t;

	(void)state;
	begin_here(&t, "");
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		char wrote[100];
		struct cmd_case c = { "a form", { "-v", "preview" }, EXIT_OK, NULL, NULL,
			"Fetched 1 feed: 2 entries, 0 failed\n" };

		for (size_t k = 0; k < 4 && forms[i].words[k]; k++)
			c.words[2 + k] = forms[i].words[k];
		(void)snprintf(wrote, sizeof(wrote), "Wrote %s.\n",
		    forms[i].file ? forms[i].file : "");
		if (forms[i].file)
			c.out = wrote;
		cmd_expect(&t, &c);
		expect_form(i,
		    forms[i].file ? begin_of(forms[i].file) : buf_text(&t.out));
	}
	end_here(&t);
}

static void
a_dry_run_tells_where_it_would_be(void **state)
{
	static const struct cmd_case c = { "a file", { "-nv", "preview", "-o", "n.html" },
		EXIT_OK, "Dry run: would write n.html.\n", NULL, "" };
	static const struct cmd_case out = { "standard output", { "-n", "preview" },
		EXIT_OK, NULL, "Words of Two.", "" };
	static const struct cmd_case nowhere = { "no such folder",
		{ "preview", "-o", "nowhere/n.html" }, EXIT_FAILED, "", NULL,
		"nowhere/n.html" };
	struct cmd_test t;

	(void)state;
	begin_here(&t, "");
	cmd_expect(&t, &c);
	assert_false(file_exists("n.html"));
	cmd_expect(&t, &out);
	cmd_expect(&t, &nowhere);
	end_here(&t);
}

static void
options_that_contradict_each_other(void **state)
{
	static const struct {
		const char *words[5];
		const char *told;
	} cases[] = {
		{ { "--text", "--eml" }, "--text and --eml do not go together\n" },
		{ { "--text", "--open" }, "--text and --open do not go together\n" },
		{ { "--eml", "--open" }, "--eml and --open do not go together\n" },
		{ { "--open", "-o", "x" }, "--open and --output do not go together\n" },
		{ { "--day", "2026-11-23", "--since", "2026-11-23" },
		    "--day and --since do not go together\n" },
		{ { "--day", "2026-11-23", "--until", "2026-11-23" },
		    "--day and --until do not go together\n" },
		{ { "--since", "2026-11-23", "--until", "2026-11-23" },
		    "--since 2026-11-23 is not before --until 2026-11-23\n" },
		{ { "--since", "2026-11-24", "--until", "2026-11-23" },
		    "--since 2026-11-24 is not before --until 2026-11-23\n" },
		{ { "-o", "." }, "--output .: that is a directory\n" },
		{ { "--as", "nobody" }, "--as nobody: " },
	};
	struct cmd_test t;

	(void)state;
	begin_here(&t, "");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct cmd_case c = { cases[i].told, { "preview" }, EXIT_USAGE, "", NULL,
			cases[i].told };

		for (size_t k = 0; k < 5 && cases[i].words[k]; k++)
			c.words[1 + k] = cases[i].words[k];
		cmd_expect(&t, &c);
	}
	end_here(&t);
}

/* ---- of which days ---- */

/* New York is five hours behind: its 23 November begins and ends at five. */
static const char four_posts[] = PLANET_FEED(
    PLANET_ITEM("Before", "23", "04:59:59") PLANET_ITEM("First", "23", "05:00:00")
	PLANET_ITEM("Last", "24", "04:59:59") PLANET_ITEM("After", "24", "05:00:00"));

static const struct {
	const char *words[4];
	bool shown[4]; /* Before, First, Last, After */
} days[] = {
	{ { "--day", "2026-11-23" }, { false, true, true, false } },
	{ { "--day", "2026-11-22" }, { true, false, false, false } },
	{ { "--day", "2026-11-24" }, { false, false, false, true } },
	{ { "--since", "2026-11-23T05:00:00Z" }, { false, true, true, true } },
	{ { "--until", "2026-11-23T05:00:00Z" }, { true, false, false, false } },
	{ { "--since", "2026-11-23T05:00:00Z", "--until", "2026-11-24T04:59:59Z" },
	    { false, true, false, false } },
	{ { "--since", "2026-11-23T05:00:00Z", "--until", "2026-11-23T05:00:01Z" },
	    { false, true, false, false } },
};

static void
days_are_those_of_the_newsletter(void **state)
{
	static const char *const titles[] = { "Words of Before.", "Words of First.",
		"Words of Last.", "Words of After." };
	struct cmd_test t;

	(void)state;
	begin_here(&t, "[newsletter]\ntimezone = America/New_York\n");
	(void)cmd_file(&t, "a.xml", four_posts);
	for (size_t i = 0; i < ARRAY_LEN(days); i++) {
		struct cmd_case c = { "days", { "preview" }, EXIT_OK, NULL, NULL, "" };

		for (size_t k = 0; k < 4 && days[i].words[k]; k++)
			c.words[1 + k] = days[i].words[k];
		cmd_expect(&t, &c);
		for (size_t k = 0; k < ARRAY_LEN(titles); k++)
			if ((strstr(buf_text(&t.out), titles[k]) != NULL) !=
			    days[i].shown[k])
				fail_msg("days %zu: \"%s\"\n%s", i, titles[k],
				    buf_text(&t.out));
	}
	end_here(&t);
}

static void
whoever_waits_for_a_file_is_told_that_there_is_none(void **state)
{
	static const struct cmd_case cases[] = {
		{ "a file", { "-v", "preview", "--day", "2026-11-01", "-o", "n.html" },
		    EXIT_OK, "", NULL,
		    "planetpost: nothing new: n.html is not written\n" },
		{ "quietly", { "-q", "preview", "--day", "2026-11-01", "-o", "n.html" },
		    EXIT_OK, "", NULL, NULL },
		{ "no file", { "-v", "preview", "--day", "2026-11-01" }, EXIT_OK,
		    "Nothing new: the next issue would be empty.\n", NULL,
		    "Fetched 1 feed: 2 entries, 0 failed\n" },
	};
	struct cmd_test t;

	(void)state;
	begin_here(&t, "");
	EXPECT_ALL(&t, cases);
	assert_false(file_exists("n.html"));
	end_here(&t);
}

/* ---- whose feeds are asked ---- */

#define TWO_FEEDS "[feed b]\nurl = file:b.xml\n"
#define ASKED "Fetched 2 feeds: 3 entries, 0 failed\n"

static void
feeds_are_asked_until_one_was(void **state)
{
	static const struct cmd_case none = { "no database", { "preview" }, EXIT_OK, NULL,
		"Words of Other.", ASKED };
	static const struct cmd_case made = { "a database", { "feed", "list" }, EXIT_OK,
		NULL, NULL, NULL };
	static const struct cmd_case unasked = { "of feeds that were not asked",
		{ "preview" }, EXIT_OK, NULL, "Words of Other.", ASKED };
	/* The reader is in there, and so is what they get. */
	static const struct cmd_case reader[] = {
		{ "a reader", { "sub", "add", "ann@example.org", "--confirmed-by", "x" },
		    EXIT_OK, "", NULL, NULL },
		{ "as a reader", { "-v", "preview", "--as", "ann@example.org" }, EXIT_OK,
		    "Nothing new: the next issue would be empty.\n", NULL, NULL },
	};
	static const char *const feeds[] = { "a", "b" };
	static const char *const shown[] = { "Words of Two.", "Words of Other." };
	struct cmd_test t;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(feeds); i++) {
		const struct cmd_case fetch = { "one of them", { "fetch", feeds[i] },
			EXIT_OK, NULL, NULL, "" };
		const struct cmd_case kept = { "what is kept", { "preview" }, EXIT_OK,
			NULL, shown[i], NULL };

		begin_here(&t, TWO_FEEDS);
		(void)cmd_file(&t, "b.xml",
		    PLANET_FEED(PLANET_ITEM("Other", "23", "12:00:00")));
		cmd_expect(&t, &none);
		cmd_expect(&t, &made);
		cmd_expect(&t, &unasked);
		EXPECT_ALL(&t, reader);
		cmd_expect(&t, &fetch);
		cmd_expect(&t, &kept);
		if (strstr(buf_text(&t.out), shown[1 - i]))
			fail_msg("the other feed was asked: %s", buf_text(&t.out));
		end_here(&t);
	}
}

static void
ten_feeds_that_failed_are_named(void **state)
{
	struct cmd_case c = { "twelve", { "preview", "a.xml" }, EXIT_OK, NULL,
		"Words of Two.", "Fetched 13 feeds: 2 entries, 12 failed\n" };
	static const struct cmd_case one = { "one",
		{ "preview", "file:gone.xml", "a.xml" }, EXIT_OK, NULL, "Words of Two.",
		"Fetched 2 feeds: 2 entries, 1 failed\n  file:" };
	static const struct cmd_case quiet = { "quietly",
		{ "-q", "preview", "file:gone.xml", "a.xml" }, EXIT_OK, NULL,
		"Words of Two.", NULL };
	static const struct cmd_case all = { "all", { "preview", "file:gone.xml" },
		EXIT_TRY_AGAIN, "", NULL,
		"planetpost: none of the feeds could be read\n  hint: planetpost feed test "
		"URL\n" };
	char names[12][30];
	size_t lines = 0;
	struct cmd_test t;

	(void)state;
	begin_here(&t, "");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		(void)snprintf(names[i], sizeof(names[i]), "file:gone-%zu.xml", i);
		c.words[2 + i] = names[i];
	}
	c.words[2 + ARRAY_LEN(names)] = "a.xml";
	cmd_expect(&t, &c);
	for (const char *at = buf_text(&t.err); (at = strstr(at, "/gone-")); at++)
		lines += strncmp(at, "/gone-", 6) == 0 && strstr(at, ".xml: ");
	SAME_INT("lines", lines, 10);
	cmd_expect(&t, &one);
	cmd_expect(&t, &quiet);
	cmd_expect(&t, &all);
	end_here(&t);
}

/* ---- somebody's planet ---- */

static void
what_is_given_is_a_list_or_addresses(void **state)
{
	static const struct cmd_case cases[] = {
		{ "a list whose name begins like an address",
		    { "preview", "filelist.opml" }, EXIT_OK, NULL, "Words of One.",
		    "Fetched 1 feed: 2 entries, 0 failed\n" },
		{ "a list whose name begins like a feed's", { "preview", "file" },
		    EXIT_OK, NULL, "Words of One.",
		    "Fetched 1 feed: 2 entries, 0 failed\n" },
		{ "an address of nothing", { "preview", "file:" }, EXIT_TRY_AGAIN, "",
		    NULL, "Fetched 1 feed: 0 entries, 1 failed\n" },
		{ "newsletters in a mailbox, as they are not written",
		    { "preview", "mbox:/nowhere" }, EXIT_CONFIG, "", NULL,
		    "planetpost: 'mbox:/nowhere' does not say which newsletter\n" },
		{ "the same behind a feed", { "preview", "a.xml", "mbox:/nowhere" },
		    EXIT_CONFIG, "", NULL,
		    "planetpost: 'mbox:/nowhere' does not say which newsletter\n" },
		{ "newsletters that are not there",
		    { "preview", "mbox:/nowhere?list=a.example", "a.xml" }, EXIT_OK, NULL,
		    "Words of Two.", "Fetched 2 feeds: 2 entries, 1 failed\n" },
	};
	struct cmd_test t;
	char list[1000];

	(void)state;
	begin_here(&t, TWO_FEEDS);
	(void)snprintf(list, sizeof(list),
	    "<opml version='2.0'><body><outline type='rss' text='B' "
	    "xmlUrl='file://%s/a.xml'/></body></opml>",
	    t.folder);
	(void)cmd_file(&t, "filelist.opml", list);
	(void)cmd_file(&t, "file", list);
	EXPECT_ALL(&t, cases);
	end_here(&t);
}

/* ---- in a browser ---- */

/* The file that the sentence names, which is there; it is removed. */
static void
expect_page(const char *said, const char *before)
{
	char path[200];
	const char *at = strstr(said, before);
	size_t len = 0;

	assert_non_null(at);
	at += strlen(before);
	len = strcspn(at, " \n");
	assert_true(len < sizeof(path));
	memcpy(path, at, len);
	path[len] = '\0';
	assert_int_equal(strncmp(path, "/tmp/planetpost-preview-", 24), 0);
	SAME_INT("length", len, strlen("/tmp/planetpost-preview-XXXXXX.html"));
	SAME_TEXT("ending", path + len - 5, ".html");
	if (strncmp(begin_of(path), HTML, strlen(HTML)) != 0)
		fail_msg("%s is no page: %s", path, begin_of(path));
	assert_int_equal(unlink(path), 0);
}

/* What the browser's script wrote down, once it did. */
static const char *
asked_for(void)
{
	const int64_t until = clock_ticks_ms() + 20000;

	while (!*begin_of("asked") && clock_ticks_ms() < until)
		clock_sleep_ms(10);
	return begin_of("asked");
}

static void
a_browser_is_asked_to_show_it(void **state)
{
	static const struct cmd_case c = { "a browser", { "-v", "preview", "--open" },
		EXIT_OK, NULL, " and asked your browser to show it.\n", "" };
	static const struct cmd_case none = { "none", { "preview", "--open" },
		EXIT_FAILED, "", NULL, "\n  hint: open it in your browser\n" };
	const char *path = getenv("PATH");
	char *before = strdup(path ? path : "");
	char said[400];
	struct cmd_test t;

	(void)state;
	begin_here(&t, "");
	(void)cmd_file(&t, "xdg-open",
	    "#!/bin/sh\necho \"$# Wrote $1 and asked your browser to show it.\" >wrote\n"
	    "mv wrote asked\n");
	assert_int_equal(chmod("xdg-open", 0700), 0);
	(void)snprintf(said, sizeof(said), "%s:%s", t.folder, before);
	assert_int_equal(setenv("PATH", said, 1), 0);
	cmd_expect(&t, &c);
	(void)snprintf(said, sizeof(said), "1 %s", buf_text(&t.out));
	SAME_TEXT("one page is asked for", asked_for(), said);
	expect_page(buf_text(&t.out), "Wrote ");
	assert_int_equal(setenv("PATH", "/nowhere", 1), 0);
	cmd_expect(&t, &none);
	assert_non_null(strstr(buf_text(&t.err), "xdg-open"));
	expect_page(buf_text(&t.err), "; the preview is in ");
	assert_int_equal(setenv("PATH", before, 1), 0);
	free(before);
	end_here(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_form_is_that_of_the_options_or_of_the_name),
		cmocka_unit_test(a_dry_run_tells_where_it_would_be),
		cmocka_unit_test(options_that_contradict_each_other),
		cmocka_unit_test(days_are_those_of_the_newsletter),
		cmocka_unit_test(whoever_waits_for_a_file_is_told_that_there_is_none),
		cmocka_unit_test(feeds_are_asked_until_one_was),
		cmocka_unit_test(ten_feeds_that_failed_are_named),
		cmocka_unit_test(what_is_given_is_a_list_or_addresses),
		cmocka_unit_test(a_browser_is_asked_to_show_it),
	};

	return cmocka_run_group_tests_name("preview", tests, NULL, NULL);
}

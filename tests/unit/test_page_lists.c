/* SPDX-License-Identifier: ISC */
/*
 * What the pages that everybody may see give their templates, each value to the letter: the
 * keeper's own templates show it.
 */
#include "unit/web_fixture.h"

#include "base/file.h"

enum { HOUR = 3600, DAY = 86400 };

/* A newsletter that has a page of its own of that name. */
static void
begin_with(struct pages_test *p, const char *page, const char *text)
{
	const char *dir = NULL;

	begin_pages(p);
	dir = arena_printf(p->t.run.arena, "%s/own", p->t.folder);
	MUST(file_make_dirs(dir, 0700, err));
	(void)flow_write(&p->t, arena_printf(p->t.run.arena, "own/%s.html", page), text);
	p->t.settings.config.digest.template_dir = dir;
}

/* What the page says when it is looked at (form NULL), or sent. */
static void
shows(struct pages_test *p, const char *name, const char *path, const char *form,
    const char *want)
{
	ask(p, form ? WEB_POST : WEB_GET, path, form ? URLENCODED : "", form ? form : "");
	SAME_INT(name, p->answer.status, 200);
	SAME_TEXT(name, buf_text(&p->answer.body), want);
}

/* ---- the archive ---- */

/* An issue that went out on that day, at seven, with so many posts of "a". */
static void
add_day(struct pages_test *p, int64_t source, const char *day, int posts)
{
	struct store *s = p->t.run.store;
	struct arena *a = p->t.run.arena;
	struct issue i = { .name = day,
		.subject = arena_printf(a, "On %s", day),
		.state = ISSUE_DRAFT,
		.created = NOW,
		.approved = TIME_NONE,
		.sent = TIME_NONE,
		.entry_count = posts,
		.source_count = 1 };
	int64_t ids[10];

	assert_true(clock_parse(arena_printf(a, "%sT07:00:00Z", day), &i.date));
	for (int n = 0; n < posts; n++)
		ids[n] = add_full_post(&p->t, source,
		    arena_printf(a, "%.2s%c", day + 8, 'a' + n), i.date - n);
	MUST(store_issue_add(s, &i, err));
	MUST(store_issue_fill(s, i.id, ids, (size_t)posts, err));
	i.state = ISSUE_APPROVED;
	i.approved = i.date;
	MUST(store_issue_number(s, &i, err));
	i.state = ISSUE_SENT;
	MUST(store_issue_update(s, &i, err));
}

static const char archive_form[] =
    "{{month}}, {{issue_words}}, {{post_words}},{{#is_empty}} empty{{/is_empty}} "
    "{{mbox}}{{#issues}} [{{issue}} {{link}} {{date}}; {{subject}}; {{teaser}}; {{posts}}; "
    "{{instant}}]{{/issues}}{{#has_months}} others{{/has_months}}{{#months}} {{month}}="
    "{{link}}{{/months}}{{#at_archive}} here{{/at_archive}}";

static const struct {
	const char *path, *want;
} archive_pages[] = {
	{ "/archive/",
	    "November 2026, 3 issues, 7 posts, /p/archive/2026-11.mbox.gz "
	    "[2026-11-03 /p/i/2026-11-03 Tuesday, 3 November; On 2026-11-03; 03a, 03b, 03c, "
	    "and 1 more; 4 posts; 2026-11-03T07:00:00Z] "
	    "[2026-11-02 /p/i/2026-11-02 Monday, 2 November; On 2026-11-02; 02a, 02b; 2 "
	    "posts; 2026-11-02T07:00:00Z] "
	    "[2026-11-01 /p/i/2026-11-01 Sunday, 1 November; On 2026-11-01; 01a; 1 post; "
	    "2026-11-01T07:00:00Z] others October 2026=/p/archive/2026/10/ December 2025="
	    "/p/archive/2025/12/ here" },
	{ "/archive/2026/10/",
	    "October 2026, 1 issue, 3 posts, /p/archive/2026-10.mbox.gz "
	    "[2026-10-31 /p/i/2026-10-31 Saturday, 31 October; On 2026-10-31; 31a, 31b, 31c; "
	    "3 posts; 2026-10-31T07:00:00Z] others November 2026=/p/archive/2026/11/ "
	    "December 2025=/p/archive/2025/12/ here" },
	{ "/archive/2025-12",
	    "December 2025, 1 issue, 1 post, /p/archive/2025-12.mbox.gz "
	    "[2025-12-09 /p/i/2025-12-09 Tuesday, 9 December; On 2025-12-09; 09a; 1 post; "
	    "2025-12-09T07:00:00Z] others November 2026=/p/archive/2026/11/ October 2026="
	    "/p/archive/2026/10/ here" },
};

static void
a_month_lists_its_issues_and_the_other_months(void **state)
{
	struct pages_test p;
	int64_t source = 0;

	(void)state;
	begin_with(&p, "page-archive", archive_form);
	open_pages(&p);
	shows(&p, "none", "/archive/", NULL, ", 0 issues, 0 posts, empty  here");
	end(&p);

	begin_with(&p, "page-archive", archive_form);
	source = add_source(p.t.run.store, "a");
	add_day(&p, source, "2025-12-09", 1);
	add_day(&p, source, "2026-10-31", 3);
	add_day(&p, source, "2026-11-01", 1);
	add_day(&p, source, "2026-11-02", 2);
	add_day(&p, source, "2026-11-03", 4);
	open_pages(&p);
	for (size_t i = 0; i < ARRAY_LEN(archive_pages); i++)
		shows(&p, archive_pages[i].path, archive_pages[i].path, NULL,
		    archive_pages[i].want);
	end(&p);
}

static void
one_month_has_no_others(void **state)
{
	struct pages_test p;

	(void)state;
	begin_with(&p, "page-archive",
	    "{{month}}{{#has_months}} others{{/has_months}}{{#months}} {{month}}{{/months}}");
	add_day(&p, add_source(p.t.run.store, "a"), "2026-11-01", 1);
	open_pages(&p);
	shows(&p, "one", "/archive/", NULL, "November 2026");
	end(&p);
}

/* Whoever lists pages is told to stay away where the archive is unlisted, or by a setting. */
static void
the_archive_is_hidden_where_it_is_said(void **state)
{
	static const char *const paths[] = { "/archive/", "/i/2026-11-01" };
	static const struct {
		enum archive archive;
		bool stay_away, hides;
	} cases[] = { { ARCHIVE_PUBLIC, false, false }, { ARCHIVE_PUBLIC, true, true },
		{ ARCHIVE_UNLISTED, false, true }, { ARCHIVE_UNLISTED, true, true } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pages_test p;

		begin_pages(&p);
		p.t.settings.config.web.archive = cases[i].archive;
		p.t.settings.config.web.robots_stay_away = cases[i].stay_away;
		add_day(&p, add_source(p.t.run.store, "a"), "2026-11-01", 1);
		open_pages(&p);
		for (size_t n = 0; n < ARRAY_LEN(paths); n++) {
			ask(&p, WEB_GET, paths[n], "", "");
			SAME_INT(paths[n], p.answer.hide, cases[i].hides);
		}
		end(&p);
	}
}

/* ---- the way in ---- */

static const char way_in_form[] =
    "{{blogs}}; {{newsletter_when}}; {{weekday}};{{#has_problem}} problem{{/has_problem}} "
    "{{email_problem}}; {{rhythm_problem}}; {{email}};{{#is_each}} each{{/is_each}}"
    "{{#is_weekdays}} weekdays{{/is_weekdays}}{{#is_weekly}} weekly{{/is_weekly}}"
    "{{#is_monthly}} monthly{{/is_monthly}}{{#has_latest}}; {{latest_link}}{{/has_latest}}"
    "{{#latest}} {{source}}: {{title}}{{/latest}}";

static const struct {
	const char *name, *path, *form, *want;
} ways_in[] = {
	{ "looking", "/", NULL,
	    "2 blogs; every day about 7:00, when there is something new; Monday; ; ; ; each; "
	    "/p/i/2026-11-03 a: 03a a: 03b a: 03c" },
	{ "a code that is looked at", "/code", NULL,
	    "2 blogs; every day about 7:00, when there is something new; Monday; ; ; ; each; "
	    "/p/i/2026-11-03 a: 03a a: 03b a: 03c" },
	{ "nothing", "/subscribe", "",
	    "2 blogs; every day about 7:00, when there is something new; Monday; problem "
	    "Write the whole address, as in ann@example.org; Choose how often the letter "
	    "comes; ;; /p/i/2026-11-03 a: 03a a: 03b a: 03c" },
	{ "no address", "/subscribe", "email=x&rhythm=weekdays",
	    "2 blogs; every day about 7:00, when there is something new; Monday; problem "
	    "Write the whole address, as in ann@example.org; ; x; weekdays; /p/i/2026-11-03 a: "
	    "03a a: 03b a: 03c" },
	{ "no rhythm", "/subscribe", "email=x%40reader.example&rhythm=",
	    "2 blogs; every day about 7:00, when there is something new; Monday; problem ; "
	    "Choose how often the letter comes; x@reader.example;; /p/i/2026-11-03 a: 03a a: "
	    "03b a: 03c" },
	{ "no address, monthly", "/subscribe", "email=x&rhythm=monthly",
	    "2 blogs; every day about 7:00, when there is something new; Monday; problem "
	    "Write the whole address, as in ann@example.org; ; x; monthly; /p/i/2026-11-03 a: "
	    "03a a: 03b a: 03c" },
	{ "a code without an address", "/code", "email=x&code=1",
	    "2 blogs; every day about 7:00, when there is something new; Monday; problem "
	    "Write the whole address, as in ann@example.org; ; x;; /p/i/2026-11-03 a: 03a a: "
	    "03b a: 03c" },
};

static void
the_way_in_shows_what_was_typed(void **state)
{
	struct pages_test p;
	int64_t source = 0;

	(void)state;
	begin_with(&p, "page-subscribe", way_in_form);
	source = add_source(p.t.run.store, "a");
	(void)add_source(p.t.run.store, "b");
	add_day(&p, source, "2026-11-02", 2);
	add_day(&p, source, "2026-11-03", 4);
	open_pages(&p);
	for (size_t i = 0; i < ARRAY_LEN(ways_in); i++)
		shows(&p, ways_in[i].name, ways_in[i].path, ways_in[i].form,
		    ways_in[i].want);
	p.t.settings.config.web.archive = ARCHIVE_UNLISTED;
	p.t.settings.config.digest.weekly_day = 0;
	shows(&p, "unlisted", "/", NULL,
	    "2 blogs; every day about 7:00, when there is something new; Sunday; ; ; ; each");
	end(&p);
}

/* ---- sources ---- */

static const char sources_form[] =
    "{{blogs}}; {{lately}}{{#has_writing}} writing{{/has_writing}}{{#writing}} "
    "[{{initial}}{{face}} {{name}} {{words}} {{link}} {{feed}}]{{/writing}}{{#has_quiet}} "
    "quiet{{/has_quiet}}{{#quiet}} [{{initial}}{{face}} {{name}}]{{/quiet}}{{#has_away}} "
    "away{{/has_away}}{{#away}} [{{initial}}{{face}} {{name}}]{{/away}}{{#has_parts}} "
    "parts{{/has_parts}}{{#parts}} {{first}}-{{last}}={{link}}{{#shown}}*{{/shown}}{{/parts}}"
    "{{#at_sources}} here{{/at_sources}}";

static void
set_source(struct pages_test *p, const char *key, enum source_state source_state,
    int64_t last_entry, const char *link)
{
	struct source s;

	MUST(store_source_find(p->t.run.store, p->t.run.arena, key, &s, err));
	s.state = source_state;
	s.state_since = NOW - DAY;
	s.last_entry = last_entry;
	s.link = link;
	MUST(store_source_polled(p->t.run.store, &s, err));
}

static void
sources_stand_below_how_they_are(void **state)
{
	struct pages_test p;

	(void)state;
	begin_with(&p, "page-sources", sources_form);
	open_pages(&p);
	shows(&p, "none yet", "/sources", NULL,
	    "0 blogs; 0 of them wrote in the last week. here");
	end(&p);
	begin_with(&p, "page-sources", sources_form);
	for (const char *key = "azby{"; *key; key++)
		(void)add_source(p.t.run.store,
		    *key == '{' ? "\xC3\xA9" : arena_printf(p.t.run.arena, "%c", *key));
	set_source(&p, "a", SOURCE_OK, NOW - HOUR, "https://a.example/");
	set_source(&p, "z", SOURCE_OK, NOW - 7 * DAY, "javascript:x");
	set_source(&p, "b", SOURCE_GONE, NOW - HOUR, NULL);
	set_source(&p, "y", SOURCE_OK, TIME_NONE, NULL);
	set_source(&p, "\xC3\xA9", SOURCE_OK, NOW - 300 * DAY, NULL);
	open_pages(&p);
	shows(&p, "all", "/sources", NULL,
	    "5 blogs; 3 of them wrote in the last week. writing [A1 a wrote today "
	    "https://a.example/ https://a.example/feed] [Z2 z wrote 7 days ago  "
	    "https://z.example/feed] quiet [Y4 y] [\xC3\xA9"
	    "0 \xC3\xA9] away [B3 b] a-\xC3\xA9=/p/sources/1* here");
	end(&p);
}

static void
parts_of_sources_have_sixty(void **state)
{
	static const struct {
		int count;
		const char *path, *want;
	} cases[] = {
		{ 60, "/sources", " s000-s059=/p/sources/1*" },
		{ 61, "/sources",
		    " parts s000-s059=/p/sources/1* s060-s060=/p/sources/2" },
		{ 61, "/sources/2",
		    " parts s000-s059=/p/sources/1 s060-s060=/p/sources/2*" },
		{ 120, "/sources/2",
		    " parts s000-s059=/p/sources/1 s060-s119=/p/sources/2*" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pages_test p;
		struct source *specs = NULL;
		const size_t count = (size_t)cases[i].count;

		begin_with(&p, "page-sources",
		    "{{#has_parts}} parts{{/has_parts}}{{#parts}} {{first}}-{{last}}={{link}}"
		    "{{#shown}}*{{/shown}}{{/parts}}");
		specs = arena_array(p.t.run.arena, count, sizeof(*specs));
		for (size_t n = 0; n < count; n++)
			specs[n] = (struct source){ .key = arena_printf(p.t.run.arena,
							"s%03zu", n),
				.url = arena_printf(p.t.run.arena,
				    "https://a.example/%zu", n),
				.listed = true,
				.max_per_feed = -1 };
		MUST(store_sources_sync(p.t.run.store, specs, count, err));
		open_pages(&p);
		shows(&p, cases[i].want, cases[i].path, NULL, cases[i].want);
		if (count == 120) {
			ask(&p, WEB_GET, "/sources/3", "", "");
			SAME_INT("no third part", p.answer.status, 404);
		}
		end(&p);
	}
}

/* ---- what is said when nothing can be ---- */

static void
trouble_is_said_in_plain_text_at_last(void **state)
{
	static const struct {
		const char *name;
		enum err_kind kind;
		const char *own; /* page-busy.html and page-broken.html */
		int status, retry_after;
		const char *type, *want;
	} cases[] = {
		{ "busy", ERR_TEMPORARY, "busy or broken", 503, 10,
		    "text/html; charset=utf-8", "busy or broken" },
		{ "broken", ERR_SYSTEM, "busy or broken", 500, 0,
		    "text/html; charset=utf-8", "busy or broken" },
		{ "and its page too", ERR_SYSTEM, "a {{key}} that there is not", 500, 0,
		    "text/plain; charset=utf-8",
		    "This did not work. Please try again later.\n" },
		{ "busy without a page", ERR_TEMPORARY, "a {{key}} that there is not",
		    503, 10, "text/plain; charset=utf-8",
		    "This did not work. Please try again later.\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pages_test p;
		struct err why = ERR_INIT;
		const struct web_request r = { .method = WEB_GET,
			.path = "/",
			.type = "",
			.body = "",
			.network = "" };

		(void)err_set(&why, cases[i].kind, "why");
		begin_with(&p, "page-busy", cases[i].own);
		(void)flow_write(&p.t, "own/page-broken.html", cases[i].own);
		open_pages(&p);
		pages_refuse(&p.site, p.arena, &r, &why, &p.answer);
		SAME_INT(cases[i].name, p.answer.status, cases[i].status);
		SAME_INT(cases[i].name, p.answer.retry_after, cases[i].retry_after);
		SAME_INT(cases[i].name, p.answer.hide, true);
		SAME_INT(cases[i].name, p.answer.keep_seconds, 0);
		SAME_TEXT(cases[i].name, p.answer.type, cases[i].type);
		SAME_TEXT(cases[i].name, buf_text(&p.answer.body), cases[i].want);
		SAME_INT(cases[i].name, p.answer.body.len, strlen(cases[i].want));
		end(&p);
	}
}

/* A word of a path has up to a hundred letters, digits and dashes. */
static void
a_word_of_a_path_has_its_length(void **state)
{
	struct pages_test p;
	char path[110] = "/i/";

	(void)state;
	begin(&p);
	/* What is a word is looked for, and others may keep the answer. */
	memset(path + 3, '-', 101);
	ask(&p, WEB_GET, path, "", "");
	SAME_INT("longer", p.answer.keep_seconds, 0);
	path[103] = '\0';
	ask(&p, WEB_GET, path, "", "");
	SAME_INT("the longest", p.answer.keep_seconds, 300);
	SAME_INT("the longest", p.answer.status, 404);
	end(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_month_lists_its_issues_and_the_other_months),
		cmocka_unit_test(one_month_has_no_others),
		cmocka_unit_test(the_archive_is_hidden_where_it_is_said),
		cmocka_unit_test(the_way_in_shows_what_was_typed),
		cmocka_unit_test(sources_stand_below_how_they_are),
		cmocka_unit_test(parts_of_sources_have_sixty),
		cmocka_unit_test(trouble_is_said_in_plain_text_at_last),
		cmocka_unit_test(a_word_of_a_path_has_its_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

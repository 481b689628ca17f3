/* SPDX-License-Identifier: ISC */
/* From posts nobody was mailed yet to an issue with its renderings. */
#include "unit/cmd_fixture.h"
#include "unit/flow_fixture.h"

#include "digest/render.h"
#include "flow/compile.h"
#include "flow/issue_stock.h"
#include "flow/letterhead.h"
#include "list/preferences.h"
#include "store/notes.h"
#include "store/renderings.h"
#include "store/variants.h"

enum { DAY = 86400 };

/* NOW is Tuesday 2026-11-24 06:00:00 UTC. */

/* A planet with a reader: without one nothing is built. */
static void
begin(struct flow_test *t)
{
	flow_begin(t);
	(void)add_reader(t->run.store, "ann@reader.example", READER_ACTIVE);
}

static struct compile_report
must_build(struct flow_test *t, bool force)
{
	struct compile_report r;

	MUST(flow_issue_build(&t->run, force, &r, err));
	return r;
}

static size_t
entries_in(struct flow_test *t, int64_t issue_id)
{
	struct entry *entries = NULL;
	size_t count = 0;

	MUST(store_entries_of_issue(t->run.store, t->run.arena, issue_id, &entries,
	    &count, err));
	return count;
}

static size_t
issue_count(struct flow_test *t)
{
	struct issue *issues = NULL;
	size_t count = 0;

	MUST(store_issues(t->run.store, t->run.arena, 0, &issues, &count, err));
	return count;
}

/* ---- what is in it ---- */

static void
a_window_keeps_the_posts_of_its_time(void **state)
{
	static const struct {
		const char *name;
		int64_t since, until;
		size_t want;
	} cases[] = {
		{ "all", TIME_NONE, TIME_NONE, 3 },
		{ "since the second", NOW - 2 * DAY, TIME_NONE, 2 },
		{ "before the second", TIME_NONE, NOW - 2 * DAY, 1 },
		{ "the second alone", NOW - 2 * DAY, NOW - 2 * DAY + 1, 1 },
		{ "none", NOW, NOW + DAY, 0 },
	};
	struct flow_test t;
	int64_t source = 0;

	(void)state;
	begin(&t);
	source = add_source(t.run.store, "a");
	(void)add_full_post(&t, source, "one", NOW - 3 * DAY);
	(void)add_full_post(&t, source, "two", NOW - 2 * DAY);
	(void)add_full_post(&t, source, "three", NOW - DAY);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct compile_window w = { cases[i].since, cases[i].until };
		struct compiled c;

		MUST(flow_compile(&t.run, &w, NULL, &c, err));
		SAME_INT(cases[i].name, c.selection.chosen_count, cases[i].want);
		SAME_INT(cases[i].name, c.issue.entry_count, cases[i].want);
		SAME_INT(cases[i].name, c.issue.source_count, cases[i].want > 0);
		SAME_TEXT(cases[i].name, c.issue.name, "2026-11-24");
		SAME_INT(cases[i].name, c.issue.date, NOW);
	}
	flow_end(&t);
}

/* What is older than a week is in a first issue only when that time is asked for. */
static void
a_first_issue_is_of_the_last_week(void **state)
{
	static const struct compile_window any = { TIME_NONE, TIME_NONE };
	static const struct compile_window since = { NOW - 60 * DAY, TIME_NONE };
	static const struct compile_window until = { TIME_NONE, NOW };
	static const struct {
		const char *name;
		const struct compile_window *window;
		size_t first, later;
	} cases[] = {
		{ "no window", NULL, 1, 2 },
		{ "of any time", &any, 1, 2 },
		{ "since a day", &since, 2, 2 },
		{ "until a day", &until, 2, 2 },
	};
	struct flow_test t;
	struct compiled c;
	int64_t source = 0;

	(void)state;
	begin(&t);
	source = add_source(t.run.store, "a");
	(void)add_full_post(&t, source, "one", NOW - 30 * DAY);
	(void)add_full_post(&t, source, "two", NOW - DAY);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		MUST(flow_compile(&t.run, cases[i].window, NULL, &c, err));
		SAME_INT(cases[i].name, c.selection.chosen_count, cases[i].first);
		SAME_INT(cases[i].name, c.selection.dropped_count, 2 - cases[i].first);
	}
	(void)approve_issue(t.run.store, "before", NOW - 40 * DAY);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		MUST(flow_compile(&t.run, cases[i].window, NULL, &c, err));
		SAME_INT(cases[i].name, c.selection.chosen_count, cases[i].later);
		SAME_INT(cases[i].name, c.issue.number, 0);
	}
	flow_end(&t);
}

#define THE_POST "https://a.example/posts/the-post"

static void
add_the_post(struct flow_test *t)
{
	struct entry e = make_entry(1, "the-post", "Apple", 0);

	e.published = NOW;
	e.link = THE_POST;
	e.html = "<p>Words.</p>";
	MUST(add_post(t->run.store, &e, NULL, false, err));
}

/* A post of that source that links to that page. */
static void
add_linking_post(struct flow_test *t, int64_t source, const char *title, const char *page)
{
	struct entry e = make_entry(source, title, title, 0);

	e.published = t->run.now;
	e.link = arena_printf(t->run.arena, "https://b.example/posts/%s", title);
	e.html = arena_printf(t->run.arena, "<p>Words <a href=\"%s\">it</a></p>", page);
	e.text = "Words it";
	MUST(add_post(t->run.store, &e, NULL, false, err));
}

/* Who talks about the post with that title. */
static size_t
talks_about(const struct compiled *c, const char *title)
{
	for (size_t i = 0; i < c->digest.section_count; i++) {
		const struct digest_section *section = &c->digest.sections[i];

		for (size_t k = 0; k < section->count; k++) {
			const struct digest_source *s = &section->sources[k];

			for (size_t n = 0; n < s->count; n++) {
				if (strcmp(s->entries[n]->title, title) == 0)
					return s->ties[n].talk_count;
			}
		}
	}
	fail_msg("no post \"%s\"", title);
	return 0;
}

/* Without the index that leads to older posts there is no letter. */
static void
older_posts_that_cannot_be_read_are_told(void **state)
{
	struct flow_test t;
	struct compiled c;

	(void)state;
	begin(&t);
	SAME_INT("the blog that is talked about", add_source(t.run.store, "a"), 1);
	SAME_INT("the blog that talks", add_source(t.run.store, "b"), 2);
	add_the_post(&t);
	add_linking_post(&t, 2, "Fig", THE_POST);
	MUST(db_exec(t.run.store, "DROP INDEX entry_mailed_text", err));
	MUST_FAIL(flow_compile(&t.run, NULL, NULL, &c, err), ERR_BUG,
	    "entry_mailed_text");
	flow_end(&t);
}

/* Issues of a blog before the letter, and in it; a link in more than half of three is a habit. */
static const struct {
	const char *name;
	const char *before[4]; /* the page of each post, or NULL */
	const char *inside[2], *behind[3];
	size_t talks;
} habits[] = {
	{ "none before", { NULL }, { THE_POST }, { NULL }, 1 },
	{ "one before", { THE_POST }, { THE_POST }, { NULL }, 1 },
	{ "two before", { THE_POST, THE_POST }, { THE_POST }, { NULL }, 0 },
	{ "one of two before", { THE_POST, "https://c.example/x" }, { THE_POST },
	    { NULL }, 0 },
	{ "one of three before",
	    { THE_POST, "https://c.example/x", "https://c.example/y" }, { THE_POST },
	    { NULL }, 1 },
	{ "one before, two in the letter", { THE_POST }, { THE_POST, THE_POST }, { NULL },
	    0 },
	{ "two in the letter", { NULL }, { THE_POST, THE_POST }, { NULL }, 1 },
	{ "what came later does not matter", { THE_POST }, { THE_POST },
	    { THE_POST, THE_POST, THE_POST }, 1 },
	{ "nor whether it has the link", { THE_POST, THE_POST }, { THE_POST },
	    { "https://c.example/x", "https://c.example/y", "https://c.example/z" }, 0 },
};

static void
add_linking_posts(struct flow_test *t, const char *when, const char *const *pages,
    size_t count)
{
	for (size_t i = 0; i < count && pages[i]; i++)
		add_linking_post(t, 2, arena_printf(t->run.arena, "%s %zu", when, i),
		    pages[i]);
}

static void
what_a_blog_always_links_to_is_known_from_its_older_posts(void **state)
{
	const struct variant archive = variant_of_archive();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(habits); i++) {
		const char *name = habits[i].name;
		struct flow_test t;
		struct compiled c;
		struct issue issue;

		begin(&t);
		SAME_INT("the blog that is talked about", add_source(t.run.store, "a"),
		    1);
		SAME_INT("the blog that talks", add_source(t.run.store, "b"), 2);
		/* It waits longer than the posts before: its blog is paused. */
		add_the_post(&t);
		MUST(db_exec(t.run.store, "UPDATE source SET paused = 1 WHERE id = 1",
		    err));
		(void)add_full_post(&t, add_source(t.run.store, "c"), "before all",
		    NOW - DAY);
		add_linking_posts(&t, "before", habits[i].before, 4);
		(void)must_build(&t, true);
		MUST(db_exec(t.run.store, "UPDATE source SET paused = 0", err));
		t.run.now += DAY;
		add_linking_posts(&t, "inside", habits[i].inside, 2);
		MUST(flow_compile(&t.run, NULL, NULL, &c, err));
		SAME_INT(name, talks_about(&c, "Apple"), habits[i].talks);
		issue = must_build(&t, true).issue;
		t.run.now += DAY;
		add_linking_posts(&t, "behind", habits[i].behind, 3);
		if (habits[i].behind[0])
			(void)must_build(&t, true);
		MUST(flow_compile_issues(&t.run, &issue, 1, &archive, &c, err));
		SAME_INT(name, talks_about(&c, "Apple"), habits[i].talks);
		flow_end(&t);
	}
}

static void
an_issue_is_built_frozen_and_stays_what_it_was(void **state)
{
	struct flow_test t;
	struct compile_report r;
	struct compiled c;
	const struct variant archive = variant_of_archive();
	struct variant v = archive;
	struct rendering_key key;
	struct rendering rendering;
	bool found = false;
	int64_t source = 0;

	(void)state;
	begin(&t);
	source = add_source(t.run.store, "a");
	(void)add_full_post(&t, source, "one", NOW - DAY);
	(void)add_full_post(&t, source, "two", NOW - 2 * DAY);
	r = must_build(&t, false);
	assert_true(r.due && r.built);
	SAME_INT("state", r.issue.state, ISSUE_APPROVED);
	SAME_INT("approved", r.issue.approved, NOW);
	SAME_INT("entries", r.issue.entry_count, 2);
	SAME_INT("waiting", r.waiting, 2);
	SAME_TEXT("name", r.issue.name, "2026-11-24");
	assert_non_null(r.issue.subject);
	assert_true(r.issue.bytes > 0);
	SAME_INT("number", r.issue.number, 1);
	MUST(store_variant_intern(t.run.store, &v, err));
	key = (struct rendering_key){ { 0, 1, r.issue.id }, v.id, 1 };
	MUST(store_rendering_get(t.run.store, t.run.arena, &key, &rendering, NULL, &found,
	    err));
	assert_true(found);
	assert_non_null(strstr(rendering.html, "Words of two."));
	SAME_TEXT("subject", r.issue.subject, rendering.subject);

	(void)add_full_post(&t, source, "three", NOW - DAY + 1);
	MUST(flow_compile_issues(&t.run, &r.issue, 1, &archive, &c, err));
	SAME_INT("compiled again", c.selection.chosen_count, 2);
	SAME_INT("not over", c.selection.over_count, 0);
	SAME_TEXT("its name", c.issue.name, "2026-11-24");
	flow_end(&t);
}

static void
what_goes_beyond_the_limit_is_counted_once(void **state)
{
	struct flow_test t;
	const struct variant archive = variant_of_archive();
	struct compile_report r;
	struct compiled c;
	int64_t source = 0;

	(void)state;
	begin(&t);
	t.settings.config.digest.max_per_feed = 1;
	source = add_source(t.run.store, "a");
	(void)add_full_post(&t, source, "one", NOW - DAY);
	(void)add_full_post(&t, source, "two", NOW - 2 * DAY);
	(void)add_full_post(&t, source, "three", NOW - 3 * DAY);
	r = must_build(&t, false);
	MUST(flow_compile_issues(&t.run, &r.issue, 1, &archive, &c, err));
	SAME_INT("chosen", c.selection.chosen_count, 1);
	SAME_INT("over", c.selection.over_count, 2);
	r = must_build(&t, true);
	SAME_INT("nothing is left for a second issue", r.built, 0);
	flow_end(&t);
}

static void
what_a_filter_drops_is_never_asked_for_again(void **state)
{
	struct flow_test t;
	int64_t source = 0;
	int64_t total = 0;
	int64_t unmailed = 0;

	(void)state;
	begin(&t);
	t.settings.config.digest.exclude = "two";
	source = add_source(t.run.store, "a");
	(void)add_full_post(&t, source, "one", NOW - DAY);
	(void)add_full_post(&t, source, "two", NOW - DAY);
	SAME_INT("entries", must_build(&t, false).issue.entry_count, 1);
	MUST(store_entries_count(t.run.store, &total, err) &&
	    store_entries_count_unmailed(t.run.store, &unmailed, err));
	SAME_INT("unmailed", unmailed, 0);
	flow_end(&t);
}

/* ---- as a letter ---- */

/* A picture of two pixels by one. */
static const char gif[] = "GIF89a\x02\0\x01\0\x80\0\0rgbRGB,\0\0\0\0\x02\0\x01\0\0"
			  "\x02\x02"
			  "ab\0;";

/* The logo of the issue's own settings, where it has them, else of what is set now. */
static const struct {
	const char *name;
	enum picture_wish pictures;
	bool is_set, has_settings, has_own;
	const char *shows; /* the name stands without */
} logos[] = {
	{ "none", PICTURES_DEFAULT, false, false, false, ">Planet X</h1>" },
	{ "as set", PICTURES_DEFAULT, true, false, false, "<h1><img src=\"cid:" },
	{ "no pictures", PICTURES_NONE, true, false, false, ">Planet X</h1>" },
	{ "links are pictures too", PICTURES_LINK, true, false, false,
	    "<h1><img src=\"cid:" },
	{ "the issue's own", PICTURES_DEFAULT, true, true, true,
	    "<h1><img src=\"cid:own@x\" width=\"7\" height=\"5\"" },
	{ "the issue had none", PICTURES_DEFAULT, true, true, false, ">Planet X</h1>" },
	{ "no settings of its own", PICTURES_DEFAULT, false, false, true,
	    ">Planet X</h1>" },
	{ "its own, and no pictures", PICTURES_NONE, true, true, true, ">Planet X</h1>" },
};

static void
a_letter_has_the_logo_of_its_issue(void **state)
{
	static const struct carried_logo own = { "own@x", 7, 5 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(logos); i++) {
		struct letterhead head = { .logo = logos[i].has_own ? &own : NULL };
		struct variant v = variant_of_archive();
		struct flow_test t;
		struct compiled c;
		struct rendering r;
		char path[300];

		begin(&t);
		in_folder(t.folder, "logo.gif", path);
		MUST(file_write(path, gif, sizeof(gif) - 1, 0600, err));
		t.settings.config.style.logo = logos[i].is_set ? path : "";
		t.settings.config.newsletter.link = "";
		head.settings = logos[i].has_settings ? t.run.config : NULL;
		(void)add_full_post(&t, add_source(t.run.store, "a"), "one", NOW - DAY);
		MUST(flow_compile(&t.run, NULL, NULL, &c, err));
		t.run.letterhead =
		    logos[i].has_settings || logos[i].has_own ? &head : NULL;
		v.pictures = logos[i].pictures;
		MUST(flow_render(&t.run, &c, &v, &r, err));
		if (!strstr(r.html, logos[i].shows))
			fail_msg("%s: got %s, want %s", logos[i].name,
			    strstr(r.html, "<h1"), logos[i].shows);
		flow_end(&t);
	}
}

static void
a_letter_says_where_its_reader_leaves(void **state)
{
	static const struct {
		const char *url;
		bool by_mail, has_pages;
	} cases[] = { { "", true, false }, { "https://p.example", false, true } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct variant v = variant_of_archive();
		struct flow_test t;
		struct compiled c;
		struct rendering r;

		begin(&t);
		t.settings.config.web.url = cases[i].url;
		(void)add_full_post(&t, add_source(t.run.store, "a"), "one", NOW - DAY);
		MUST(flow_compile(&t.run, NULL, NULL, &c, err));
		MUST(flow_render(&t.run, &c, &v, &r, err));
		SAME_INT(cases[i].url, strstr(r.text, "Unsubscribe by mail: ") != NULL,
		    cases[i].by_mail);
		SAME_INT(cases[i].url, strstr(r.text, "Unsubscribe: ") != NULL,
		    !cases[i].by_mail);
		SAME_INT(cases[i].url,
		    strstr(r.text, "https://p.example/i/2026-11-24\n") != NULL,
		    cases[i].has_pages);
		assert_true(r.bytes > r.html_len);
		flow_end(&t);
	}
}

/* Everybody may see less than what is kept: both are frozen, of the issue alone. */
static void
what_everybody_may_see_is_frozen_too(void **state)
{
	static const struct {
		const char *name;
		enum entry_body pages;
		int64_t renderings;
	} cases[] = { { "less", BODY_TITLES, 2 }, { "the same", BODY_WHOLE, 1 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct flow_test t;
		struct issue issue;
		struct variant v = variant_of_pages(cases[i].pages, BODY_WHOLE);
		struct rendering_key key;
		struct rendering r;
		bool found = false;
		int64_t all = 0;

		begin(&t);
		t.settings.config.web.archive_full = cases[i].pages;
		t.settings.config.digest.body = BODY_WHOLE;
		(void)approve_issue(t.run.store, "before", NOW - DAY);
		(void)approve_issue(t.run.store, "and before", NOW - DAY);
		(void)add_full_post(&t, add_source(t.run.store, "a"), "one", NOW - DAY);
		issue = must_build(&t, true).issue;
		SAME_INT("number", issue.number, 3);
		MUST(store_variant_intern(t.run.store, &v, err));
		key = (struct rendering_key){ { 2, 3, issue.id }, v.id, 1 };
		MUST(store_rendering_get(t.run.store, t.run.arena, &key, &r, NULL, &found,
		    err));
		assert_true(found);
		SAME_INT(cases[i].name, strstr(r.text, "Words of one.") != NULL,
		    cases[i].pages == BODY_WHOLE);
		MUST(db_number(t.run.store, "SELECT COUNT(*) FROM rendering", &all, err));
		SAME_INT(cases[i].name, all, cases[i].renderings);
		flow_end(&t);
	}
}

/* ---- whether there is one ---- */

static void
nothing_new_is_no_issue_unless_asked_for(void **state)
{
	struct flow_test t;

	(void)state;
	begin(&t);
	SAME_INT("built", must_build(&t, true).built, 0);
	SAME_INT("issues", issue_count(&t), 0);
	t.settings.config.digest.empty_send = true;
	SAME_INT("empty = send", must_build(&t, true).built, 1);
	flow_end(&t);
}

static void
a_second_issue_of_a_day_has_a_number(void **state)
{
	struct flow_test t;
	int64_t source = 0;

	(void)state;
	begin(&t);
	t.settings.config.digest.empty_send = true;
	source = add_source(t.run.store, "a");
	(void)add_full_post(&t, source, "one", NOW - DAY);
	SAME_TEXT("first", must_build(&t, true).issue.name, "2026-11-24");
	SAME_TEXT("second", must_build(&t, true).issue.name, "2026-11-24-2");
	SAME_TEXT("third", must_build(&t, true).issue.name, "2026-11-24-3");
	for (int n = 4; n <= 100; n++)
		SAME_INT("built", must_build(&t, true).built, 1);
	{
		struct compile_report r;

		MUST_FAIL(flow_issue_build(&t.run, true, &r, err), ERR_LIMIT,
		    "more than 100 issues on 2026-11-24");
	}
	SAME_INT("issues", issue_count(&t), 100);
	flow_end(&t);
}

static void
a_draft_gets_what_is_new_below_what_it_holds(void **state)
{
	struct flow_test t;
	struct compile_report first;
	struct compile_report second;
	struct entry *entries = NULL;
	size_t count = 0;
	int64_t source = 0;

	(void)state;
	begin(&t);
	t.settings.config.approval.manual = true;
	source = add_source(t.run.store, "a");
	(void)add_full_post(&t, source, "one", NOW - 2 * DAY);
	first = must_build(&t, false);
	SAME_INT("state", first.issue.state, ISSUE_DRAFT);
	assert_null(first.issue.subject);
	(void)add_full_post(&t, source, "two", NOW - DAY);
	t.run.now = NOW + DAY;
	second = must_build(&t, true);
	SAME_INT("the same issue", second.issue.id, first.issue.id);
	SAME_TEXT("under its name", second.issue.name, "2026-11-24");
	SAME_INT("with both posts", second.issue.entry_count, 2);
	SAME_INT("one feed", second.issue.source_count, 1);
	MUST(store_entries_of_issue(t.run.store, t.run.arena, first.issue.id, &entries,
	    &count, err));
	SAME_INT("in the store", count, 2);
	SAME_TEXT("the older one stays above", entries[0].title, "one");
	SAME_TEXT("the newer one comes below", entries[1].title, "two");
	SAME_INT("issues", issue_count(&t), 1);

	SAME_INT("a run without news", must_build(&t, true).issue.entry_count, 2);
	SAME_INT("leaves it whole", entries_in(&t, first.issue.id), 2);
	flow_end(&t);
}

static void
a_draft_is_dated_when_it_is_frozen(void **state)
{
	struct flow_test t;
	struct compile_report r;
	struct issue kept;

	(void)state;
	begin(&t);
	t.settings.config.approval.manual = true;
	(void)add_full_post(&t, add_source(t.run.store, "a"), "one", NOW - DAY);
	r = must_build(&t, false);
	t.run.now = NOW + 3 * DAY;
	MUST(flow_issue_freeze(&t.run, &r.issue, err));
	MUST(store_issue_find(t.run.store, t.run.arena, "2026-11-24", &kept, err));
	SAME_INT("state", kept.state, ISSUE_APPROVED);
	SAME_INT("its date", kept.date, NOW + 3 * DAY);
	SAME_TEXT("its subject", kept.subject, "one");
	flow_end(&t);
}

/* Who is on the list, and whether posts are spent on an issue. */
static const struct {
	const char *name;
	enum reader_state state; /* of the one reader */
	int64_t due;
	bool manual, force, built, nobody;
} reader_cases[] = {
	{ "a reader", READER_ACTIVE, TIME_NONE, false, false, true, false },
	{ "on hold", READER_HOLD, TIME_NONE, false, false, false, true },
	{ "on hold until tomorrow", READER_HOLD, NOW + DAY, false, false, false, true },
	{ "the hold has ended", READER_HOLD, NOW, false, false, true, false },
	{ "not confirmed", READER_PENDING, TIME_NONE, false, false, false, true },
	{ "left", READER_LEFT, TIME_NONE, false, false, false, true },
	{ "a draft spends nothing", READER_LEFT, TIME_NONE, true, false, true, false },
	{ "forced", READER_LEFT, TIME_NONE, false, true, true, false },
};

static void
posts_are_kept_while_nobody_reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(reader_cases); i++) {
		struct flow_test t;
		struct compile_report r;
		struct reader who =
		    make_reader("ann@reader.example", reader_cases[i].state);
		int64_t unmailed = 0;

		flow_begin(&t);
		MUST(settings_set(t.run.arena, &t.settings, "digest", "schedule",
		    "daily 06:00", "t", 1, err));
		t.settings.config.approval.manual = reader_cases[i].manual;
		who.due = reader_cases[i].due;
		MUST(store_reader_add(t.run.store, &who, err));
		(void)add_full_post(&t, add_source(t.run.store, "a"), "one", NOW - DAY);
		r = must_build(&t, reader_cases[i].force);
		SAME_INT(reader_cases[i].name, r.built, reader_cases[i].built);
		SAME_INT(reader_cases[i].name, r.nobody, reader_cases[i].nobody);
		MUST(store_entries_count_unmailed(t.run.store, &unmailed, err));
		SAME_INT(reader_cases[i].name, unmailed, !reader_cases[i].built);
		SAME_INT(reader_cases[i].name, issue_count(&t), reader_cases[i].built);
		/* The slot stays open: the next run with a reader builds. */
		(void)add_reader(t.run.store, "bo@reader.example", READER_ACTIVE);
		SAME_INT(reader_cases[i].name, must_build(&t, false).built,
		    !reader_cases[i].built);
		flow_end(&t);
	}
}

/* ---- when ---- */

static void
a_slot_of_the_schedule_is_answered_once(void **state)
{
	struct flow_test t;
	struct compile_report r;
	int64_t source = 0;

	(void)state;
	begin(&t);
	MUST(settings_set(t.run.arena, &t.settings, "digest", "schedule", "daily 06:00",
	    "t", 1, err));
	t.run.now = NOW + 3600; /* an hour after a slot, whichever it is */
	source = add_source(t.run.store, "a");
	(void)add_full_post(&t, source, "one", NOW - DAY);
	r = must_build(&t, false);
	assert_true(r.due && r.built);
	assert_true(r.next > t.run.now && r.next <= t.run.now + DAY);
	(void)add_full_post(&t, source, "two", NOW - DAY);
	r = must_build(&t, false);
	SAME_INT("not due", r.due, 0);
	SAME_INT("not built", r.built, 0);
	SAME_INT("waiting", r.waiting, 1);
	t.run.now = r.next;
	SAME_INT("due at the next slot", must_build(&t, false).built, 1);
	(void)add_full_post(&t, source, "three", NOW - DAY);
	SAME_INT("forced before it is due", must_build(&t, true).built, 1);
	flow_end(&t);
}

static void
before_the_first_issue_every_run_may_build_one(void **state)
{
	struct flow_test t;
	struct compile_report r;
	const char *slot = NULL;

	(void)state;
	begin(&t);
	MUST(settings_set(t.run.arena, &t.settings, "digest", "schedule", "daily 06:00",
	    "t", 1, err));
	r = must_build(&t, false);
	assert_true(r.due && !r.built);
	MUST(store_note_get(t.run.store, t.run.arena, "schedule.slot", &slot, err));
	assert_null(slot);
	(void)add_full_post(&t, add_source(t.run.store, "a"), "one", NOW - DAY);
	SAME_INT("built", must_build(&t, false).built, 1);
	MUST(store_note_get(t.run.store, t.run.arena, "schedule.slot", &slot, err));
	assert_non_null(slot);
	flow_end(&t);
}

static void
without_a_schedule_there_is_no_slot(void **state)
{
	struct flow_test t;
	struct compile_report r;
	const char *slot = NULL;

	(void)state;
	begin(&t);
	MUST(settings_set(t.run.arena, &t.settings, "digest", "schedule", "off", "t", 1,
	    err));
	(void)add_full_post(&t, add_source(t.run.store, "a"), "one", NOW - DAY);
	r = must_build(&t, false);
	assert_true(r.due && r.built);
	SAME_INT("next", r.next == TIME_NONE, 1);
	MUST(store_note_get(t.run.store, t.run.arena, "schedule.slot", &slot, err));
	assert_null(slot);
	flow_end(&t);
}

/* ---- several issues as one letter ---- */

static size_t
chosen_for(struct flow_test *t, const struct issue *issues, size_t count,
    const char *sources, struct compiled *c)
{
	struct variant v = variant_of_archive();

	v.sources = sources;
	MUST(flow_compile_issues(&t->run, issues, count, &v, c, err));
	SAME_INT(sources, c->issue.entry_count, c->selection.chosen_count);
	return c->selection.chosen_count;
}

static void
issues_are_compiled_together_for_the_sources_of_a_reader(void **state)
{
	struct flow_test t;
	struct issue issues[2];
	struct compiled c;
	int64_t a = 0;
	int64_t b = 0;

	(void)state;
	begin(&t);
	t.settings.config.digest.max_per_feed = 2;
	a = add_source(t.run.store, "a");
	b = add_source(t.run.store, "b");
	SAME_INT("the first source", a, 1);
	SAME_INT("the second source", b, 2);
	(void)add_full_post(&t, a, "a1", NOW - DAY);
	(void)add_full_post(&t, a, "a2", NOW - DAY - 1);
	(void)add_full_post(&t, a, "a3", NOW - DAY - 2);
	(void)add_full_post(&t, b, "b1", NOW - DAY);
	issues[0] = must_build(&t, true).issue;
	t.run.now += DAY;
	(void)add_full_post(&t, b, "b2", NOW);
	issues[1] = must_build(&t, true).issue;
	SAME_INT("numbers", issues[0].number * 10 + issues[1].number, 12);

	SAME_INT("all", chosen_for(&t, issues, 2, "*", &c), 4);
	SAME_INT("one was over the limit", c.selection.over_count, 1);
	SAME_TEXT("it is the newest", c.issue.name, "2026-11-25");
	SAME_INT("since the oldest", c.first_date, NOW);
	SAME_INT("two sources", c.issue.source_count, 2);
	SAME_INT("only a", chosen_for(&t, issues, 2, "+1", &c), 2);
	SAME_INT("a's is over", c.selection.over_count, 1);
	SAME_INT("all but a", chosen_for(&t, issues, 2, "-1", &c), 2);
	SAME_INT("none of b's is over", c.selection.over_count, 0);
	SAME_INT("a has none in the second", chosen_for(&t, &issues[1], 1, "+1", &c), 0);
	SAME_INT("one alone", chosen_for(&t, &issues[1], 1, "*", &c), 1);
	SAME_INT("its own date", c.first_date, NOW + DAY);
	flow_end(&t);
}

/* What is new comes below what they missed, and of each what their sources have. */
static void
what_a_reader_missed_comes_with_what_is_new(void **state)
{
	static const struct {
		const char *name, *sources; /* NULL: whatever the sources */
		size_t missed, chosen, over, kept_sources;
		const char *first;
	} cases[] = {

		{ "all", "*", 1, 5, 2, 2, "a1" },
		{ "one source", "+1", 1, 3, 2, 1, "a1" },
		{ "the other", "-1", 1, 2, 0, 1, "b1" },
		{ "nothing missed", NULL, 0, 2, 1, 2, "a4" },
		{ "nothing missed of one", "+2", 0, 1, 0, 1, "b2" },
	};
	const struct variant archive = variant_of_archive();
	struct flow_test t;
	struct issue missed;
	struct compiled c;

	(void)state;
	begin(&t);
	t.settings.config.digest.max_per_feed = 2;
	(void)add_source(t.run.store, "a");
	(void)add_source(t.run.store, "b");
	(void)add_full_post(&t, 1, "a1", NOW - DAY);
	(void)add_full_post(&t, 1, "a2", NOW - DAY - 1);
	(void)add_full_post(&t, 1, "a3", NOW - DAY - 2);
	(void)add_full_post(&t, 2, "b1", NOW - DAY);
	missed = must_build(&t, true).issue;
	t.run.now += DAY;
	t.settings.config.digest.max_per_feed = 1;
	(void)add_full_post(&t, 1, "a4", NOW);
	(void)add_full_post(&t, 1, "a5", NOW - 1);
	(void)add_full_post(&t, 2, "b2", NOW - 1);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct variant v = variant_of_archive();

		if (cases[i].sources)
			v.sources = cases[i].sources;
		MUST(flow_compile_next(&t.run, NULL, &missed, cases[i].missed,
		    cases[i].sources ? &v : NULL, &c, err));
		SAME_INT(cases[i].name, c.selection.chosen_count, cases[i].chosen);
		SAME_INT(cases[i].name, c.selection.over_count, cases[i].over);
		SAME_TEXT(cases[i].name, c.selection.chosen[0]->title, cases[i].first);
		SAME_INT(cases[i].name, c.issue.entry_count, cases[i].chosen);
		SAME_INT(cases[i].name, c.issue.source_count, cases[i].kept_sources);
		SAME_TEXT(cases[i].name, c.issue.name, "2026-11-25");
		SAME_INT(cases[i].name, c.first_date,
		    cases[i].missed > 0 ? NOW : NOW + DAY);
	}
	/* What was mailed has its blog, although that is no longer on the list. */
	MUST(db_exec(t.run.store, "UPDATE source SET listed = 0 WHERE id = 2", err));
	MUST(flow_compile_next(&t.run, NULL, &missed, 1, &archive, &c, err));
	SAME_INT("but nothing new of it", c.selection.chosen_count, 4);
	SAME_INT("sources", c.source_count, 2);
	SAME_INT("in the letter", c.issue.source_count, 2);
	flow_end(&t);
}

/* What is read of the posts is kept for the next letters, where there is a stock. */
static void
what_is_known_of_posts_is_of_the_stock(void **state)
{
	const struct variant archive = variant_of_archive();
	struct flow_test t;
	struct compile_report r;
	struct compiled c;

	(void)state;
	begin(&t);
	(void)add_full_post(&t, add_source(t.run.store, "a"), "one", NOW - DAY);
	r = must_build(&t, true);
	MUST(flow_compile_issues(&t.run, &r.issue, 1, &archive, &c, err));
	assert_null(c.posts);
	t.run.stock = issue_stock_new();
	MUST(flow_compile_issues(&t.run, &r.issue, 1, &archive, &c, err));
	assert_non_null(c.posts);
	assert_ptr_equal(c.posts, issue_stock_posts(t.run.stock));
	issue_stock_free(t.run.stock);
	t.run.stock = NULL;
	flow_end(&t);
}

/* A pattern that cannot be read holds the posts of its blog, and the keeper is told of each. */
static void
who_is_held_is_told(void **state)
{
	struct buf out = BUF_INIT(SAID_MAX);
	struct buf said = BUF_INIT(SAID_MAX);
	struct flow_test t;
	struct capture capture;
	struct compiled c;

	(void)state;
	begin(&t);
	(void)add_full_post(&t, add_source(t.run.store, "a"), "one", NOW - DAY);
	(void)add_full_post(&t, add_source(t.run.store, "b"), "two", NOW - DAY);
	(void)add_full_post(&t, add_source(t.run.store, "c"), "three", NOW - DAY);
	MUST(
	    db_exec(t.run.store, "UPDATE source SET exclude = '(' WHERE key < 'c'", err));
	capture_begin(&capture, t.folder, NULL);
	MUST(flow_compile(&t.run, NULL, NULL, &c, err));
	capture_end(&capture, &out, &said);
	SAME_INT("chosen", c.selection.chosen_count, 1);
	if (strncmp(buf_text(&said), "warn feeds: a is held: ", 23) != 0 ||
	    !strstr(buf_text(&said), "\nwarn feeds: b is held: ") ||
	    strstr(buf_text(&said), "c is held"))
		fail_msg("said %s", buf_text(&said));
	buf_clear(&out);
	buf_clear(&said);
	flow_end(&t);
}

/* ---- what goes wrong ---- */

static void
templates_that_are_not_there_are_told(void **state)
{
	struct flow_test t;
	struct compile_report r;

	(void)state;
	begin(&t);
	t.settings.config.digest.template_dir = "/nowhere/at/all";
	assert_null(t.run.templates);
	(void)add_full_post(&t, add_source(t.run.store, "a"), "one", NOW - DAY);
	MUST_FAIL(flow_issue_build(&t.run, true, &r, err), ERR_CONFIG,
	    "digest.template: there is no directory /nowhere/at/all");
	SAME_INT("no half issue is left", issue_count(&t), 0);
	t.settings.config.digest.template_dir = "";
	SAME_INT("nor an open transaction", must_build(&t, true).built, 1);
	flow_end(&t);
}

static void
a_store_that_fails_leaves_no_half_issue(void **state)
{
	static const char *const tables[] = { "entry", "source", "issue", "issue_entry",
		"issue_over", "note", "variant", "rendering" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		struct flow_test t;
		struct compile_report r;
		char sql[100];

		begin(&t);
		MUST(settings_set(t.run.arena, &t.settings, "digest", "schedule",
		    "daily 06:00", "t", 1, err));
		(void)add_full_post(&t, add_source(t.run.store, "a"), "one", NOW - DAY);
		snprintf(sql, sizeof(sql), "ALTER TABLE %s RENAME TO gone", tables[i]);
		MUST(db_exec(t.run.store, sql, err));
		MUST_FAIL(flow_issue_build(&t.run, true, &r, err), ERR_BUG, "");
		snprintf(sql, sizeof(sql), "ALTER TABLE gone RENAME TO %s", tables[i]);
		MUST(db_exec(t.run.store, sql, err));
		SAME_INT(tables[i], issue_count(&t), 0);
		SAME_INT(tables[i], must_build(&t, true).built, 1);
		flow_end(&t);
	}
}

static void
a_draft_that_cannot_be_frozen_stays_a_draft(void **state)
{
	struct flow_test t;
	struct compile_report r;
	struct issue kept;

	(void)state;
	begin(&t);
	t.settings.config.approval.manual = true;
	(void)add_full_post(&t, add_source(t.run.store, "a"), "one", NOW - DAY);
	r = must_build(&t, false);
	flow_break_store(&t);
	MUST_FAIL(flow_issue_freeze(&t.run, &r.issue, err), ERR_SYSTEM, "");
	flow_mend_store(&t);
	MUST(store_issue_find(t.run.store, t.run.arena, "2026-11-24", &kept, err));
	SAME_INT("state", kept.state, ISSUE_DRAFT);
	MUST(flow_issue_freeze(&t.run, &kept, err));
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_window_keeps_the_posts_of_its_time),
		cmocka_unit_test(a_first_issue_is_of_the_last_week),
		cmocka_unit_test(
		    what_a_blog_always_links_to_is_known_from_its_older_posts),
		cmocka_unit_test(older_posts_that_cannot_be_read_are_told),
		cmocka_unit_test(an_issue_is_built_frozen_and_stays_what_it_was),
		cmocka_unit_test(what_goes_beyond_the_limit_is_counted_once),
		cmocka_unit_test(what_a_filter_drops_is_never_asked_for_again),
		cmocka_unit_test(a_letter_has_the_logo_of_its_issue),
		cmocka_unit_test(a_letter_says_where_its_reader_leaves),
		cmocka_unit_test(what_everybody_may_see_is_frozen_too),
		cmocka_unit_test(nothing_new_is_no_issue_unless_asked_for),
		cmocka_unit_test(a_second_issue_of_a_day_has_a_number),
		cmocka_unit_test(a_draft_gets_what_is_new_below_what_it_holds),
		cmocka_unit_test(a_draft_is_dated_when_it_is_frozen),
		cmocka_unit_test(posts_are_kept_while_nobody_reads),
		cmocka_unit_test(a_slot_of_the_schedule_is_answered_once),
		cmocka_unit_test(before_the_first_issue_every_run_may_build_one),
		cmocka_unit_test(without_a_schedule_there_is_no_slot),
		cmocka_unit_test(
		    issues_are_compiled_together_for_the_sources_of_a_reader),
		cmocka_unit_test(what_a_reader_missed_comes_with_what_is_new),
		cmocka_unit_test(what_is_known_of_posts_is_of_the_stock),
		cmocka_unit_test(who_is_held_is_told),
		cmocka_unit_test(templates_that_are_not_there_are_told),
		cmocka_unit_test(a_store_that_fails_leaves_no_half_issue),
		cmocka_unit_test(a_draft_that_cannot_be_frozen_stays_a_draft),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

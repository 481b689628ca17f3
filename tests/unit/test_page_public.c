/* SPDX-License-Identifier: ISC */
/* What everybody may see: the archive, its feed, the sources and how they are, privacy. */
#include "unit/web_fixture.h"

#include "list/preferences.h"
#include "store/renderings.h"

enum { HOUR = 3600, DAY = 86400 };

static void
get(struct pages_test *p, const char *path)
{
	ask(p, WEB_GET, path, "", "");
}

/* ---- the archive ---- */

/* An issue of that day with so many posts, in that state. */
static struct issue
add_day(struct pages_test *p, const char *name, const char *day, enum issue_state state,
    int64_t source, int posts)
{
	struct store *s = p->t.run.store;
	struct issue i = { .name = name, .state = ISSUE_DRAFT, .created = NOW };
	int64_t ids[10];

	assert_true(clock_parse(day, &i.date));
	i.subject = arena_printf(p->t.run.arena, "Subject <%s>", name);
	i.approved = i.sent = TIME_NONE;
	for (int n = 0; n < posts; n++)
		ids[n] = add_full_post(&p->t, source,
		    arena_printf(p->t.run.arena, "%s-%d", name, n), i.date - n);
	MUST(store_issue_add(s, &i, err));
	MUST(store_issue_fill(s, i.id, ids, (size_t)posts, err));
	i.entry_count = posts;
	i.source_count = 1;
	if (state != ISSUE_DRAFT && state != ISSUE_CANCELLED) {
		i.state = ISSUE_APPROVED;
		i.approved = i.date;
		MUST(store_issue_number(s, &i, err));
	}
	i.state = state;
	MUST(store_issue_update(s, &i, err));
	return i;
}

static void
keep_letter(struct pages_test *p, const struct issue *i, const char *html)
{
	struct variant v = variant_of_archive();
	struct rendering_key key = { .span = { i->number - 1, i->number, i->id },
		.part = 1 };
	const struct rendering r = { .subject = "S",
		.text = "t",
		.text_len = 1,
		.html = html,
		.html_len = html ? strlen(html) : 0 };

	MUST(store_variant_intern(p->t.run.store, &v, err));
	key.variant_id = v.id;
	MUST(store_rendering_put(p->t.run.store, &key, &r, NULL, NULL, NOW, err));
}

/* Issues in all states; those of October and November that went out are three. */
static void
begin_archive(struct pages_test *p, enum archive archive)
{
	struct issue i;
	int64_t source = 0;

	begin_pages(p);
	p->t.settings.config.web.archive = archive;
	source = add_source(p->t.run.store, "a");
	i = add_day(p, "2026-10-31", "2026-10-31T07:00:00Z", ISSUE_SENT, source, 1);
	keep_letter(p, &i,
	    "<p>October</p>\n<p>to \x01"
	    "address\x02, \x01leave\x02</p>\n<p>End</p>");
	i = add_day(p, "2026-11-02", "2026-11-02T07:00:00Z", ISSUE_PAUSED, source, 3);
	i = add_day(p, "2026-11-24", "2026-11-24T05:00:00Z", ISSUE_SENDING, source, 5);
	keep_letter(p, &i, "<p>November</p>");
	(void)add_day(p, "2026-11-20", "2026-11-20T07:00:00Z", ISSUE_DRAFT, source, 2);
	(void)add_day(p, "2026-11-21", "2026-11-21T07:00:00Z", ISSUE_APPROVED, source, 1);
	(void)add_day(p, "2026-11-22", "2026-11-22T07:00:00Z", ISSUE_CANCELLED, source,
	    1);
	open_pages(p);
}

static const struct {
	const char *path;
	int status;
	const char *said, *not_said;
} issue_pages[] = {
	/* Lines that hold what is a reader's own are left out for everybody. */
	{ "/i/2026-10-31", 200, "<p>October</p>\n<p>End</p>", "to " },
	{ "/i/2026-11-24", 200, "<p>November</p>", "October" },
	{ "/i/2026-11-02", 404, "<h1>", "Withdrawn" }, /* its letter is not kept */
	{ "/i/2026-11-20", 404, "<h1>", "Withdrawn" },
	{ "/i/2026-11-21", 404, "<h1>", "Withdrawn" },
	{ "/i/2026-11-22", 410, "<h1>This issue was withdrawn</h1>", "Subject" },
	{ "/i/2026-11-25", 404, "<h1>", "Withdrawn" },
	{ "/i/2026-11", 404, "<h1>", "Withdrawn" },
};

static void
a_letter_that_went_out_is_shown_to_everybody(void **state)
{
	struct pages_test p;

	(void)state;
	begin_archive(&p, ARCHIVE_PUBLIC);
	for (size_t i = 0; i < ARRAY_LEN(issue_pages); i++) {
		get(&p, issue_pages[i].path);
		SAME_INT(issue_pages[i].path, p.answer.status, issue_pages[i].status);
		SAME_TEXT(issue_pages[i].path, p.answer.type, "text/html; charset=utf-8");
		says(&p, issue_pages[i].path, issue_pages[i].said);
		says_not(&p, issue_pages[i].path, issue_pages[i].not_said);
	}
	get(&p, "/i/2026-11-24");
	SAME_INT("may be listed", p.answer.hide, 0);
	SAME_INT("may be kept", p.answer.keep_seconds, 300);
	assert_non_null(strstr(p.answer.policy, "style-src 'unsafe-inline'"));
	assert_non_null(strstr(p.answer.policy, "form-action 'none'"));
	end(&p);
}

static void
pictures_are_let_in_where_the_newsletter_shows_them(void **state)
{
	static const struct {
		enum images images;
		bool lets_in;
	} cases[] = { { IMAGES_REMOTE, true }, { IMAGES_LINK, false },
		{ IMAGES_NONE, false } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pages_test p;

		begin_archive(&p, ARCHIVE_PUBLIC);
		p.t.settings.config.digest.images = cases[i].images;
		get(&p, "/i/2026-11-24");
		SAME_INT("pictures",
		    strstr(p.answer.policy, "img-src https: http:") != NULL,
		    cases[i].lets_in);
		assert_null(strstr(p.answer.policy, "script"));
		end(&p);
	}
}

static void
the_archive_has_a_page_for_each_month(void **state)
{
	struct pages_test p;

	(void)state;
	begin_archive(&p, ARCHIVE_PUBLIC);
	get(&p, "/archive/");
	says(&p, "newest", "<h1>November 2026</h1>");
	says(&p, "counts", "2 issues, 8 posts.");
	says(&p, "an issue", "<a href=\"/p/i/2026-11-24\">Tuesday, 24 November<br>");
	says(&p, "three titles",
	    "2026-11-24-0, 2026-11-24-1, 2026-11-24-2, and 2 more</bdi></span></a> "
	    "<small>5 posts");
	says(&p, "all three", "2026-11-02-0, 2026-11-02-1, 2026-11-02-2</bdi>");
	says(&p, "the other month", "<a href=\"/p/archive/2026/10/\">October 2026</a>");
	says_not(&p, "not itself", "/archive/2026/11/");
	for (const char *const *path = (const char *const[]){ "/i/2026-11-20",
		 "2026-11-21", "2026-11-22", "2026-10-31", NULL };
	     *path; path++)
		says_not(&p, "what did not go out, or in another month", *path);
	for (const char *const *path = (const char *const[]){ "/archive/2026/10/",
		 "/archive/2026/10", "/archive/2026-10", NULL };
	     *path; path++) {
		get(&p, *path);
		SAME_INT(*path, p.answer.status, 200);
		says(&p, *path, "<h1>October 2026</h1>");
		says(&p, *path, "1 issue, 1 post.");
		says(&p, *path, "<bdi>2026-10-31-0</bdi>");
		says(&p, *path, "href=\"/p/archive/2026/11/\"");
	}
	get(&p, "/archive");
	SAME_INT("as people type it", p.answer.status, 200);
	says(&p, "as people type it", "<h1>November 2026</h1>");
	for (const char *const *path = (const char *const[]){ "/archive/2026/09/",
		 "/archive/2026/13/", "/archive/2026_10", "/archive/2026",
		 "/archive/20261/1", "/archive/2026/1/", "/archive/2026-10-",
		 "/archive/2026/10/1", NULL };
	     *path; path++) {
		get(&p, *path);
		SAME_INT(*path, p.answer.status, 404);
	}
	end(&p);
}

static void
one_month_alone_has_no_others(void **state)
{
	struct pages_test p;

	(void)state;
	begin_pages(&p);
	open_pages(&p);
	get(&p, "/archive/");
	says(&p, "empty", "<h1>No issue yet</h1>");
	says_not(&p, "empty", "Other months");
	get(&p, "/archive/2026/11/");
	SAME_INT("a month of none", p.answer.status, 404);
	end(&p);

	begin_pages(&p);
	(void)add_day(&p, "2026-11-02", "2026-11-02T07:00:00Z", ISSUE_SENT,
	    add_source(p.t.run.store, "a"), 1);
	open_pages(&p);
	get(&p, "/archive/");
	says(&p, "one", "<h1>November 2026</h1>");
	says(&p, "one", "1 issue, 1 post.");
	says_not(&p, "one", "Other months");
	get(&p, "/");
	says(&p, "the way in shows it", "<h2>In the last issue</h2>");
	says(&p, "its post",
	    "<a href=\"/p/i/2026-11-02\"><span><bdi>a</bdi></span><br><bdi>"
	    "2026-11-02-0</bdi></a>");
	end(&p);
}

/* A public archive is listed, an unlisted one is hidden, one that is off is not there. */
static void
an_archive_is_as_open_as_is_set(void **state)
{
	static const struct {
		const char *name;
		enum archive archive;
		int status;
		bool hides, shows_latest;
	} cases[] = {
		{ "public", ARCHIVE_PUBLIC, 200, false, true },
		{ "unlisted", ARCHIVE_UNLISTED, 200, true, false },
		{ "off", ARCHIVE_OFF, 404, false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pages_test p;

		begin_archive(&p, cases[i].archive);
		get(&p, "/archive/");
		SAME_INT(cases[i].name, p.answer.status, cases[i].status);
		if (cases[i].status == 200)
			SAME_INT(cases[i].name, p.answer.hide, cases[i].hides);
		SAME_INT(cases[i].name,
		    strstr(buf_text(&p.answer.body), "<a href=\"/p/archive/\"") != NULL,
		    cases[i].shows_latest);
		get(&p, "/archive/atom.xml");
		SAME_INT(cases[i].name, p.answer.status, cases[i].status);
		get(&p, "/i/2026-11-24");
		SAME_INT(cases[i].name, p.answer.hide,
		    cases[i].archive != ARCHIVE_PUBLIC);
		get(&p, "/");
		SAME_INT(cases[i].name,
		    strstr(buf_text(&p.answer.body), "In the last issue") != NULL,
		    cases[i].shows_latest);
		end(&p);
	}
}

static void
the_archive_is_a_feed(void **state)
{
	struct pages_test p;
	const char *first = NULL;
	const char *second = NULL;

	(void)state;
	begin_archive(&p, ARCHIVE_PUBLIC);
	for (int i = 0; i < 2; i++) {
		get(&p, i == 0 ? "/archive/atom.xml" : "/atom.xml");
		SAME_INT("status", p.answer.status, 200);
		SAME_TEXT("type", p.answer.type, "application/atom+xml; charset=utf-8");
		SAME_INT("kept", p.answer.keep_seconds, 300);
		says(&p, "newest", "<updated>2026-11-24T05:00:00Z</updated>\n<author>");
		says(&p, "title", "<title>Subject &lt;2026-11-24&gt;</title>");
		says(&p, "link", "href=\"https://news.example.net/p/i/2026-10-31\"/>");
		says_not(&p, "a draft", "2026-11-20");
		first = strstr(buf_text(&p.answer.body), "/i/2026-11-24");
		second = strstr(buf_text(&p.answer.body), "/i/2026-11-02");
		assert_true(first && second && first < second);
	}
	end(&p);
	begin_pages(&p);
	open_pages(&p);
	get(&p, "/atom.xml");
	SAME_INT("of no issue", p.answer.status, 200);
	says(&p, "of no issue", "<updated>1970-01-01T00:00:00Z</updated>\n<author>");
	says_not(&p, "of no issue", "<entry>");
	end(&p);
}

/* ---- sources ---- */

/* Today is Tuesday 24 November 2026, six o'clock; 180 days ago was 28 May. */
static const struct {
	const char *name;
	enum source_state state;
	int64_t since;      /* before now */
	int64_t last_entry; /* before now; 0: never */
	const char *words;
	const char *below; /* which heading */
} moods[] = {
	{ "an hour ago", SOURCE_OK, 0, HOUR, "wrote today", "Writing" },
	{ "at midnight", SOURCE_OK, 0, 6 * HOUR, "wrote today", "Writing" },
	{ "before midnight", SOURCE_SLOW, 0, 7 * HOUR, "wrote yesterday", "Writing" },
	{ "the day before", SOURCE_MOVED, 0, 2 * DAY, "wrote 2 days ago", "Writing" },
	{ "thirteen days", SOURCE_OK, 0, 13 * DAY, "wrote 13 days ago", "Writing" },
	{ "fourteen days", SOURCE_OK, 0, 14 * DAY, "wrote in November", "Writing" },
	{ "half a year less a minute", SOURCE_OK, 0, 180 * DAY - 60, "wrote in May",
	    "Writing" },
	{ "half a year", SOURCE_OK, 0, 180 * DAY, "wrote in May", "Writing" },
	{ "a second more than half a year", SOURCE_OK, 0, 180 * DAY + 1,
	    "quiet since May; still at home, and welcome any day", "Quiet" },
	{ "a year", SOURCE_DUPLICATE, 0, 365 * DAY, "quiet since November 2025",
	    "Quiet" },
	{ "never", SOURCE_OK, 0, 0, "nothing has come from it yet", "Quiet" },
	{ "stale", SOURCE_STALE, 0, 20 * DAY, "quiet since November;", "Quiet" },
	{ "failing since yesterday", SOURCE_FAILING, DAY, HOUR,
	    "has not answered since Monday; we go on trying", "Out of reach" },
	{ "failing for six days", SOURCE_FAILING, 6 * DAY, HOUR,
	    "has not answered since November;", "Out of reach" },
	{ "a minute less", SOURCE_FAILING, 6 * DAY - 60, HOUR,
	    "has not answered since Wednesday;", "Out of reach" },
	{ "refused", SOURCE_REFUSED, DAY, HOUR, "does not let us in since Monday;",
	    "Out of reach" },
	{ "a page", SOURCE_WEB_PAGE, DAY, HOUR, "its feed has moved;", "Out of reach" },
	{ "gone", SOURCE_GONE, DAY, HOUR, "says that it has gone for good",
	    "Out of reach" },
	{ "damaged", SOURCE_MALFORMED, DAY, HOUR, "wrote today", "Writing" },
};

static void
set_mood(struct pages_test *p, size_t i)
{
	struct source s;

	MUST(store_source_find(p->t.run.store, p->t.run.arena, "s", &s, err));
	s.state = moods[i].state;
	s.state_since = NOW - moods[i].since;
	s.last_entry = moods[i].last_entry == 0 ? TIME_NONE : NOW - moods[i].last_entry;
	MUST(store_source_polled(p->t.run.store, &s, err));
}

static void
sources_are_told_kindly(void **state)
{
	static const char *const headings[] = { "Writing", "Quiet", "Out of reach" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(moods); i++) {
		struct pages_test p;

		begin_pages(&p);
		(void)add_source(p.t.run.store, "s");
		set_mood(&p, i);
		open_pages(&p);
		get(&p, "/sources");
		says(&p, moods[i].name, "<h1>1 blog</h1>");
		says(&p, moods[i].name, moods[i].words);
		for (size_t h = 0; h < ARRAY_LEN(headings); h++) {
			const char *line = arena_printf(p.t.run.arena,
			    "<h2 class=\"day\">%s", headings[h]);

			if (strcmp(headings[h], moods[i].below) == 0)
				says(&p, moods[i].name, line);
			else
				says_not(&p, moods[i].name, line);
		}
		end(&p);
	}
}

static void
who_wrote_in_the_last_week_is_counted(void **state)
{
	static const struct {
		int64_t first, second; /* before now; 0: never */
		const char *words;
	} cases[] = {
		{ 7 * DAY - 60, 0, "One of them wrote in the last week." },
		{ 7 * DAY + 1, 0, "0 of them wrote in the last week." },
		{ HOUR, 3 * DAY, "2 of them wrote in the last week." },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pages_test p;

		begin_pages(&p);
		for (int n = 0; n < 2; n++) {
			const char *key = n == 0 ? "a" : "b";
			const int64_t ago = n == 0 ? cases[i].first : cases[i].second;
			struct source s;

			(void)add_source(p.t.run.store, key);
			MUST(store_source_find(p.t.run.store, p.t.run.arena, key, &s,
			    err));
			s.last_entry = ago == 0 ? TIME_NONE : NOW - ago;
			MUST(store_source_polled(p.t.run.store, &s, err));
		}
		open_pages(&p);
		get(&p, "/sources");
		says(&p, cases[i].words, cases[i].words);
		end(&p);
	}
}

static void
sources_are_listed_by_name_with_their_letter(void **state)
{
	struct source specs[] = {
		{ .key = "1",
		    .url = "https://user:secret@z.example/feed",
		    .name = "zoo" },
		{ .key = "2", .url = "https://e.example/feed", .name = "\xC3\xA9lan" },
		{ .key = "3", .url = "https://a.example/feed", .name = "Ann & Bo" },
		{ .key = "7up", .url = "https://s.example/feed" },
	};
	struct pages_test p;
	struct source s;
	const char *body = NULL;

	(void)state;
	begin_pages(&p);
	for (size_t i = 0; i < ARRAY_LEN(specs); i++) {
		specs[i].listed = true;
		specs[i].max_per_feed = -1;
	}
	MUST(store_sources_sync(p.t.run.store, specs, ARRAY_LEN(specs), err));
	MUST(store_source_find(p.t.run.store, p.t.run.arena, "3", &s, err));
	s.link = "https://a.example/?a&b";
	MUST(store_source_polled(p.t.run.store, &s, err));
	MUST(store_source_find(p.t.run.store, p.t.run.arena, "2", &s, err));
	s.link = "javascript:alert(1)";
	MUST(store_source_polled(p.t.run.store, &s, err));
	open_pages(&p);
	get(&p, "/sources");
	says(&p, "a letter", "data-i=\"Z\"");
	says(&p, "beyond ASCII", "data-i=\"\xC3\xA9\"");
	says(&p, "a digit", "data-i=\"7\"");
	says(&p, "a link",
	    "<a href=\"https://a.example/?a&amp;b\"><bdi>Ann &amp; Bo</bdi>");
	says_not(&p, "no other link", "javascript");
	says_not(&p, "few have no parts", "By name");
	body = buf_text(&p.answer.body);
	assert_true(strstr(body, "7up") < strstr(body, "Ann"));
	assert_true(strstr(body, "Ann") < strstr(body, "zoo"));
	get(&p, "/sources.opml");
	SAME_TEXT("type", p.answer.type, "text/x-opml; charset=utf-8");
	SAME_TEXT("file", p.answer.download, "sources.opml");
	says(&p, "outline",
	    "text=\"Ann &amp; Bo\" title=\"Ann &amp; Bo\" "
	    "xmlUrl=\"https://a.example/feed\" "
	    "htmlUrl=\"https://a.example/?a&amp;b\"/>");
	says(&p, "without a page", "xmlUrl=\"https://e.example/feed\"/>");
	says_not(&p, "no login", "secret");
	end(&p);
}

static void
sixty_sources_stand_on_a_page(void **state)
{
	static const struct {
		const char *path;
		int status;
		const char *said, *not_said;
	} pages[] = {
		{ "/sources", 200, "<bdi>s00</bdi>", "<bdi>s60</bdi>" },
		{ "/sources/1", 200, "<bdi>s59</bdi>", "<bdi>s60</bdi>" },
		{ "/sources/2", 200, "<bdi>s60</bdi>", "<bdi>s59</bdi>" },
		{ "/sources/2", 200, "href=\"/p/sources/1\">s00 to s59</a>", "nobody" },
		{ "/sources/2", 200, "/sources/2\" aria-current=\"page\">s60 to s60</a>",
		    "nobody" },
		{ "/sources/3", 404, "<h1>", "<bdi>" },
		{ "/sources/0", 404, "<h1>", "<bdi>" },
		{ "/sources/x", 404, "<h1>", "<bdi>" },
	};
	struct pages_test p;

	(void)state;
	begin_pages(&p);
	for (int i = 0; i < 60; i++)
		(void)add_source(p.t.run.store, arena_printf(p.t.run.arena, "s%02d", i));
	open_pages(&p);
	get(&p, "/sources");
	says(&p, "sixty", "<bdi>s59</bdi>");
	says_not(&p, "sixty", "By name");
	end(&p);
	begin_pages(&p);
	for (int i = 0; i < 61; i++)
		(void)add_source(p.t.run.store, arena_printf(p.t.run.arena, "s%02d", i));
	open_pages(&p);
	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		get(&p, pages[i].path);
		SAME_INT(pages[i].path, p.answer.status, pages[i].status);
		says(&p, pages[i].path, pages[i].said);
		says_not(&p, pages[i].path, pages[i].not_said);
	}
	end(&p);
}

static void
privacy_says_what_is_set(void **state)
{
	struct pages_test p;

	(void)state;
	begin_pages(&p);
	p.t.settings.config.newsletter.postal_address = "1 Harbour <Street>";
	p.t.settings.config.database.keep_letters = 90 * DAY;
	p.t.settings.config.list.forget_pending = 6 * DAY + 1;
	p.t.settings.config.database.backup_dir = "/backups";
	p.t.settings.config.database.backup_keep = 4;
	p.t.settings.config.digest.images = IMAGES_REMOTE;
	open_pages(&p);
	get(&p, "/privacy");
	says(&p, "letters", "whether your mail server took them: 90 days.");
	says(&p, "part of a day is a day", "<dd>7 days.</dd>");
	says(&p, "backups", "the oldest of 4 goes");
	says(&p, "pictures", "Pictures in posts come from the blogs themselves");
	says(&p, "who", "Planet X, 1 Harbour &lt;Street&gt;.");
	says(&p, "here", "<a href=\"/p/privacy\" aria-current=\"page\">");
	end(&p);

	begin_pages(&p);
	p.t.settings.config.database.backup_dir = "";
	p.t.settings.config.digest.images = IMAGES_NONE;
	open_pages(&p);
	get(&p, "/privacy");
	says_not(&p, "no backups", "Copies of the whole");
	says(&p, "none of a backup", "so that no list signs it up again.</dd>");
	says_not(&p, "no pictures", "Pictures in posts");
	end(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_letter_that_went_out_is_shown_to_everybody),
		cmocka_unit_test(pictures_are_let_in_where_the_newsletter_shows_them),
		cmocka_unit_test(the_archive_has_a_page_for_each_month),
		cmocka_unit_test(one_month_alone_has_no_others),
		cmocka_unit_test(an_archive_is_as_open_as_is_set),
		cmocka_unit_test(the_archive_is_a_feed),
		cmocka_unit_test(sources_are_told_kindly),
		cmocka_unit_test(who_wrote_in_the_last_week_is_counted),
		cmocka_unit_test(sources_are_listed_by_name_with_their_letter),
		cmocka_unit_test(sixty_sources_stand_on_a_page),
		cmocka_unit_test(privacy_says_what_is_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/* How what a feed's elements say is collected in a draft, and what entries are made of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/clock.h"
#include "feed/entry_builder.h"
#include "feed/entry_clean.h"
#include "feed/entry_person.h"

enum { NOW = 1795500000, DAY = 86400 }; /* 2026-11-24T06:00:00Z */

struct desk {
	struct feed_context context;
	struct build b;
	struct draft d;
};

static struct desk *
desk_new(void)
{
	static struct desk k;

	memset(&k, 0, sizeof(k));
	k.context.now = NOW;
	k.b.a = arena_new();
	k.b.scratch = arena_new();
	k.b.context = &k.context;
	draft_init(&k.b.channel, &k.b, true);
	draft_init(&k.d, &k.b, false);
	return &k;
}

static void
desk_free(struct desk *k)
{
	arena_free(k->b.a);
	arena_free(k->b.scratch);
}

static void
expect(const char *what, const char *got, const char *want)
{
	got = got ? got : "(none)";
	want = want ? want : "(none)";
	if (strcmp(got, want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", what, got, want);
}

/* ---- which of several counts ---- */

static void
a_higher_rank_wins_and_of_equals_the_first(void **state)
{
	static const enum field fields[] = { FIELD_TITLE, FIELD_LINK, FIELD_IMAGE,
		FIELD_SELF };
	struct desk *k = desk_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		draft_set(&k->d, fields[i], 10, "");
		draft_set(&k->d, fields[i], 10, NULL);
		expect("nothing", k->d.text[fields[i]], NULL);
		draft_set(&k->d, fields[i], 10, "a");
		draft_set(&k->d, fields[i], 10, "b");
		draft_set(&k->d, fields[i], 9, "c");
		expect("the first", k->d.text[fields[i]], "a");
		draft_set(&k->d, fields[i], 11, "d");
		draft_set(&k->d, fields[i], 10, "e");
		expect("the higher", k->d.text[fields[i]], "d");
	}
	desk_free(k);
}

static void
of_names_and_descriptions_the_second_corrects(void **state)
{
	static const enum field fields[] = { FIELD_ID, FIELD_UPDATED, FIELD_DESCRIPTION };
	struct desk *k = desk_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		draft_set(&k->d, fields[i], 10, "a");
		draft_set(&k->d, fields[i], 10, "b");
		expect("the second", k->d.text[fields[i]], "b");
		draft_set(&k->d, fields[i], 9, "c");
		expect("the higher", k->d.text[fields[i]], "b");
		draft_set(&k->d, fields[i], 10, "");
		expect("what says something", k->d.text[fields[i]], "b");
	}
	desk_free(k);
}

/* ---- dates ---- */

static void
set_time(struct desk *k, enum field field, unsigned rank, const char *text)
{
	draft_set_time(&k->d, field, rank, text, strlen(text), 3);
}

static void
times_go_where_they_belong(void **state)
{
	struct desk *k = desk_new();

	(void)state;
	set_time(k, FIELD_PUBLISHED, 10, " \n 2026-11-01T00:00:00Z ");
	assert_int_equal(k->d.published, 1793491200);
	assert_int_equal(k->d.updated, TIME_NONE);
	set_time(k, FIELD_UPDATED, 10, "2026-11-02T00:00:00Z");
	set_time(k, FIELD_UPDATED, 10, "2026-11-03T00:00:00Z");
	set_time(k, FIELD_PUBLISHED, 10, "2026-11-03T00:00:00Z");
	assert_int_equal(k->d.published, 1793491200);
	assert_int_equal(k->d.updated, 1793491200 + 2 * DAY);
	/* What cannot be read does not displace what can. */
	set_time(k, FIELD_PUBLISHED, 12, "soon");
	set_time(k, FIELD_PUBLISHED, 11, "2026-11-04T00:00:00Z");
	assert_int_equal(k->d.published, 1793491200 + 3 * DAY);
	assert_int_equal(k->b.warning_count, 1);
	expect("the warning", k->b.warnings[0], "line 3: date \"soon\" cannot be read");
	desk_free(k);
}

static void
doubtful_dates_are_told(void **state)
{
	static const struct {
		const char *text;
		int64_t now;
		const char *warning;
	} cases[] = {
		{ "2026-11-24T06:00:00Z", NOW, NULL },
		{ "2026-11-25T06:00:00Z", NOW, NULL },
		{ "2026-11-25T06:00:01Z", NOW,
		    "line 3: date \"2026-11-25T06:00:01Z\" lies in the future" },
		{ "2026-11-25T06:00:01Z", 0, NULL },
		{ "2026-11-24T06:00:00", NOW,
		    "line 3: date \"2026-11-24T06:00:00\" has no zone; read as UTC" },
		{ "24 Nov 2026 05:00 XYZ", NOW,
		    "line 3: date \"24 Nov 2026 05:00 XYZ\" has an unknown zone; read as "
		    "UTC" },
		{ "0123456789 0123456789 0123456789 0123456", NOW,
		    "line 3: date \"0123456789 0123456789 0123456789 0123456\" cannot be "
		    "read" },
		{ "0123456789 0123456789 0123456789 01234567", NOW,
		    "line 3: date \"0123456789 0123456789 0123456789 0123456\" cannot be "
		    "read" },
		{ " ", NOW, NULL },
		{ "", NOW, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct desk *k = desk_new();

		k->context.now = cases[i].now;
		set_time(k, FIELD_UPDATED, 10, cases[i].text);
		expect(cases[i].text, k->b.warning_count ? k->b.warnings[0] : NULL,
		    cases[i].warning);
		assert_true(k->b.warning_count <= 1);
		desk_free(k);
	}
}

static void
a_missing_zone_is_told_once_and_the_future_each_time(void **state)
{
	struct desk *k = desk_new();

	(void)state;
	set_time(k, FIELD_UPDATED, 10, "2026-11-01T00:00:00");
	set_time(k, FIELD_UPDATED, 10, "2026-11-02T00:00:00");
	assert_int_equal(k->b.warning_count, 1);
	set_time(k, FIELD_UPDATED, 10, "2027-11-02T00:00:00");
	set_time(k, FIELD_UPDATED, 10, "2027-11-02T00:00:00Z");
	assert_int_equal(k->b.warning_count, 3);
	expect("without a zone", k->b.warnings[1],
	    "line 3: date \"2027-11-02T00:00:00\" lies in the future");
	/* What would not be taken is not looked at. */
	set_time(k, FIELD_UPDATED, 9, "soon");
	assert_int_equal(k->b.warning_count, 3);
	desk_free(k);
}

static void
warnings_are_lines_and_so_many(void **state)
{
	struct desk *k = desk_new();

	(void)state;
	build_warn(&k->b, 0, "a\n%s", "b");
	build_warn(&k->b, 1, "c");
	expect("without a line", k->b.warnings[0], "a b");
	expect("the first line", k->b.warnings[1], "line 1: c");
	for (int i = 2; i < LIMIT_FEED_WARNINGS + 1; i++)
		build_warn(&k->b, 9, "%d", i);
	assert_int_equal(k->b.warning_count, LIMIT_FEED_WARNINGS);
	expect("the last", k->b.warnings[LIMIT_FEED_WARNINGS - 1], "line 9: 49");
	desk_free(k);
}

/* ---- lists ---- */

static void
categories_and_enclosures_are_listed_once(void **state)
{
	struct desk *k = desk_new();
	const struct enclosure none = { .url = NULL };
	struct enclosure e = { .url = "https://x.example/a", .bytes = 1 };

	(void)state;
	draft_add_category(&k->d, NULL);
	draft_add_category(&k->d, "");
	draft_add_category(&k->d, "a");
	draft_add_category(&k->d, "b");
	draft_add_category(&k->d, "b");
	draft_add_category(&k->d, "a");
	draft_add_category(&k->d, "A");
	assert_int_equal(k->d.category_count, 3);
	expect("the second", k->d.categories[1], "b");
	expect("the third", k->d.categories[2], "A");
	draft_add_enclosure(&k->d, &none);
	draft_add_enclosure(&k->d, &e);
	e.bytes = 2;
	draft_add_enclosure(&k->d, &e);
	e.url = "https://x.example/b";
	draft_add_enclosure(&k->d, &e);
	assert_int_equal(k->d.enclosure_count, 2);
	assert_int_equal(k->d.enclosures[0].bytes, 1);
	for (int i = 0; i < LIMIT_ENTRY_CATEGORIES; i++) {
		draft_add_category(&k->d, arena_printf(k->b.a, "%d", i));
		e.url = arena_printf(k->b.a, "https://x.example/%d", i);
		draft_add_enclosure(&k->d, &e);
	}
	assert_int_equal(k->d.category_count, LIMIT_ENTRY_CATEGORIES);
	expect("the last", k->d.categories[LIMIT_ENTRY_CATEGORIES - 1], "124");
	assert_int_equal(k->d.enclosure_count, LIMIT_ENTRY_ENCLOSURES);
	expect("the last", k->d.enclosures[LIMIT_ENTRY_ENCLOSURES - 1].url,
	    "https://x.example/13");
	desk_free(k);
}

/* Texts with their ranks: "10a 20b"; the entry's content and its summary. */
static void
the_best_text_is_the_content(void **state)
{
	static const struct {
		const char *bodies, *content, *summary;
	} cases[] = {
		{ "", NULL, NULL },
		{ "10 ", NULL, NULL },
		{ "10a", "a", NULL },
		{ "10a20b", "b", "a" },
		{ "20a10b", "a", "b" },
		{ "10a10b", "a", "b" },
		{ "20a20a", "a", NULL },
		{ "20a20a10b", "a", "b" },
		{ "10a20b30c", "c", "b" },
		{ "10a30b20c", "b", "c" },
		{ "10a20b20c30d", "d", "b" },
		{ "20a30b20c10d", "b", "a" },
		/* Four are kept: a better one displaces the least. */
		{ "20a11b12c13d30e", "e", "a" },
		{ "10a11b12c13d30e14f15g16h", "e", "h" },
		{ "20a10b20c20d30e", "e", "a" },
		{ "40a30b10c20d10e", "a", "b" },
		{ "30a10b10c10d10e20f", "a", "f" },
		{ "10a10b10c11d10e", "d", "a" },
		{ "11a10b10a10a10c", "a", "b" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct desk *k = desk_new();

		for (const char *at = cases[i].bodies; *at; at += 3)
			draft_add_body(&k->d,
			    (unsigned)((at[0] - '0') * 10 + at[1] - '0'),
			    &(struct raw_content){ .text =
						       arena_strndup(k->b.a, at + 2, 1),
				.len = 1 });
		build_add_entry(&k->b, &k->d, 1);
		assert_int_equal(k->b.entry_count, 1);
		expect(cases[i].bodies, k->b.entries[0].content.text, cases[i].content);
		expect(cases[i].bodies, k->b.entries[0].raw_summary.text,
		    cases[i].summary);
		desk_free(k);
	}
}

/* ---- persons ---- */

static void
persons_are_told_by_their_texts(void **state)
{
	static const struct {
		const char *text, *name, *url;
	} cases[] = {
		{ "", NULL, NULL },
		{ "Ann", "Ann", NULL },
		{ "Ann <ann@x.example>", "Ann", "mailto:ann@x.example" },
		{ "ann@x.example (Ann)", "Ann", "mailto:ann@x.example" },
		{ "(Ann) <ann@x.example>", "(Ann)", "mailto:ann@x.example" },
		{ "Ann (ann@x.example)", "Ann", "mailto:ann@x.example" },
		{ "\"Ann B\" <ann@x.example>", "Ann B", "mailto:ann@x.example" },
		{ "\" Ann \" <ann@x.example>", "Ann", "mailto:ann@x.example" },
		{ "\"Ann <ann@x.example>", "\"Ann", "mailto:ann@x.example" },
		{ "Ann\" <ann@x.example>", "Ann\"", "mailto:ann@x.example" },
		{ "\" <ann@x.example>", "\"", "mailto:ann@x.example" },
		{ "\"\" <ann@x.example>", "ann@x.example", "mailto:ann@x.example" },
		{ "<ann@x.example>", "ann@x.example", "mailto:ann@x.example" },
		{ "ann@x.example", "ann@x.example", "mailto:ann@x.example" },
		{ " MAILTO:ann@x.example", "ann@x.example", "mailto:ann@x.example" },
		{ "mailto:", "mailto:", NULL },
		{ "Ann (London)", "Ann (London)", NULL },
		{ "Ann <ann@x.example", "Ann <ann@x.example", NULL },
		{ "Ann at <x y@z>", "Ann at <x y@z>", NULL },
		{ "me @home", "me @home", NULL },
		{ "Ann <mailto:ann@x.example>", "Ann", "mailto:ann@x.example" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct desk *k = desk_new();
		const struct person *p = &k->d.authors[0];

		draft_add_person_text(&k->d, 50, cases[i].text);
		assert_int_equal(k->d.author_count, cases[i].name ? 1 : 0);
		expect(cases[i].text, k->d.author_count ? p->name : NULL, cases[i].name);
		expect(cases[i].text, k->d.author_count ? p->url : NULL, cases[i].url);
		desk_free(k);
	}
}

/* Persons in their order, "30Ann <ann@x>|..."; the authors, their names with their addresses. */
static void
check_persons(const char *persons, bool is_feed, const char *want)
{
	struct desk *k = desk_new();
	const char *got = "";

	draft_init(&k->d, &k->b, is_feed);
	while (*persons) {
		size_t len = strcspn(persons, "|");

		draft_add_person_text(&k->d,
		    (unsigned)((persons[0] - '0') * 10 + persons[1] - '0'),
		    arena_strndup(k->b.a, persons + 2, len - 2));
		persons += len + (persons[len] == '|');
	}
	for (size_t i = 0; i < k->d.author_count; i++)
		got = arena_printf(k->b.a, "%s%s[%s]", got, k->d.authors[i].name,
		    k->d.authors[i].url ? k->d.authors[i].url : "");
	expect(persons, got, want);
	desk_free(k);
}

static void
a_better_source_of_authors_replaces_a_lesser(void **state)
{
	(void)state;
	check_persons("50Ann|50Bob|50Ann", false, "Ann[]Bob[]");
	check_persons("30Ann|50Bob|40Cid", false, "Bob[]");
	check_persons("50Ann|30Bob", false, "Ann[]");
	/* From 30 on an author: any name beats an address alone. */
	check_persons("50ann@x|30Bob", false, "Bob[mailto:ann@x]");
	check_persons("50ann@x|29Bob", false, "ann@x[mailto:ann@x]");
	check_persons("30Bob|50ann@x", false, "Bob[mailto:ann@x]");
	check_persons("30Bob|50ann@x", true, "Bob[]");
	check_persons("29Bob|30ann@x", false, "ann@x[mailto:ann@x]");
	check_persons("30Bob|29ann@x", false, "Bob[]");
	check_persons("30Bob <bob@x>|50ann@x", false, "Bob[mailto:bob@x]");
	check_persons("30Bob|30Cid|50ann@x", false, "Bob[]Cid[]");
	check_persons("30ann@x|40bob@x", false, "bob@x[mailto:bob@x]");
	check_persons("30ann@x|30bob@x|40Bob", false, "Bob[]");
	check_persons("30ann@x|40Bob", true, "Bob[]");
	check_persons("29ann@x|30Bob", false, "Bob[]");
}

static void
persons_are_as_many_as_fit(void **state)
{
	struct desk *k = desk_new();

	(void)state;
	for (int i = 0; i < LIMIT_ENTRY_AUTHORS + 1; i++)
		draft_add_person(&k->d, 50, arena_printf(k->b.a, "%d", i), NULL, NULL);
	assert_int_equal(k->d.author_count, LIMIT_ENTRY_AUTHORS);
	draft_add_person(&k->d, 60, "Ann", "mailto:ann@x", "https://x.example/");
	assert_int_equal(k->d.author_count, 1);
	expect("a page goes before an address", k->d.authors[0].url,
	    "https://x.example/");
	draft_add_person(&k->d, 60, "Bob", "bob at x", NULL);
	expect("what is no address", k->d.authors[1].url, NULL);
	draft_add_person(&k->d, 60, "Cid", "cid@x y", NULL);
	expect("two words", k->d.authors[2].url, NULL);
	draft_add_person(&k->d, 60, NULL, NULL, NULL);
	draft_add_person(&k->d, 60, "", "", "");
	assert_int_equal(k->d.author_count, 3);
	desk_free(k);
}

/* ---- entries and feeds ---- */

static void
an_entry_is_what_its_draft_says(void **state)
{
	struct desk *k = desk_new();
	const struct entry *e;

	(void)state;
	draft_set(&k->d, FIELD_ID, 10, "id");
	draft_set(&k->d, FIELD_TITLE, 10, "title");
	draft_set(&k->d, FIELD_EXTERNAL, 10, "https://y.example/");
	draft_add_person(&k->d, 50, "Ann", NULL, "https://x.example/ann");
	draft_add_person(&k->d, 50, "Bob", NULL, "MAILTO:bob@x?subject=a");
	draft_add_person(&k->d, 50, "Cid", NULL, "MAILTO:cid@x");
	draft_add_person(&k->d, 50, "Dan", "dan@x", NULL);
	draft_add_category(&k->d, "c");
	k->d.permalink = "https://x.example/id";
	build_add_entry(&k->b, &k->d, 1);
	draft_set(&k->d, FIELD_LINK, 10, "https://x.example/link");
	build_add_entry(&k->b, &k->d, 1);
	assert_int_equal(k->b.entry_count, 2);
	e = &k->b.entries[0];
	expect("guid", e->guid, "id");
	expect("title", e->title, "title");
	expect("link", e->link, "https://x.example/id");
	expect("link", k->b.entries[1].link, "https://x.example/link");
	expect("external", e->external, "https://y.example/");
	expect("author", e->author, "Ann, Bob, Cid, Dan");
	expect("address", e->author_address, "cid@x");
	expect("category", e->categories[0], "c");
	assert_int_equal(e->author_count, 4);
	assert_int_equal(e->published, TIME_NONE);
	assert_int_equal(e->updated, TIME_NONE);
	assert_int_equal(e->first_seen, TIME_NONE);
	assert_null(e->enclosures);
	desk_free(k);
}

/* sy:updatePeriod over sy:updateFrequency, where no ttl is said; daily and once by default. */
static void
a_feed_says_how_often_it_is_new(void **state)
{
	static const struct {
		int64_t ttl, period, frequency, want;
	} cases[] = {
		{ -1, -1, -1, -1 },
		{ -1, 3600, -1, 3600 },
		{ -1, 3600, 1, 3600 },
		{ -1, 3600, 2, 1800 },
		{ -1, -1, 1, 86400 },
		{ -1, -1, 24, 3600 },
		{ -1, 0, 1, 0 },
		{ 60, 3600, 2, 60 },
		{ 0, 3600, 2, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct desk *k = desk_new();
		struct feed *f;

		k->b.channel.ttl = cases[i].ttl;
		k->b.channel.period = cases[i].period;
		k->b.channel.frequency = cases[i].frequency;
		f = build_finish(&k->b);
		assert_int_equal(f->ttl, cases[i].want);
		assert_null(f->author);
		desk_free(k);
	}
}

static void
a_feed_was_updated_when_it_says_so_else_published(void **state)
{
	struct desk *k = desk_new();

	(void)state;
	assert_int_equal(build_finish(&k->b)->updated, TIME_NONE);
	k->b.channel.published = 5;
	assert_int_equal(build_finish(&k->b)->updated, 5);
	k->b.channel.updated = 3;
	draft_add_person(&k->b.channel, 50, "Ann", NULL, NULL);
	assert_int_equal(build_finish(&k->b)->updated, 3);
	expect("author", build_finish(&k->b)->author, "Ann");
	desk_free(k);
}

static void
entries_beyond_the_limit_are_told_once(void **state)
{
	struct desk *k = desk_new();

	(void)state;
	for (int i = 0; i < LIMIT_FEED_ENTRIES; i++)
		build_add_entry(&k->b, &k->d, 7);
	assert_int_equal(k->b.entry_count, LIMIT_FEED_ENTRIES);
	assert_int_equal(k->b.warning_count, 0);
	build_add_entry(&k->b, &k->d, 8);
	build_add_entry(&k->b, &k->d, 9);
	assert_int_equal(k->b.entry_count, LIMIT_FEED_ENTRIES);
	assert_int_equal(k->b.warning_count, 1);
	expect("the warning", k->b.warnings[0],
	    "line 8: entries beyond the first 20000 left out");
	desk_free(k);
}

/* ---- what is said to be text ---- */

static void
a_block_of_html_is_html_whatever_it_is_called(void **state)
{
	static const struct {
		const char *text, *html;
	} cases[] = {
		{ "<p>a</p>", "<p>a</p>" },
		{ " \n<p>a</p>\n", "<p>a</p>" },
		{ "<p class=\"x\">a</p>", "<p>a</p>" },
		{ "<div>a</div>", "<div>a</div>" },
		{ "<blockquote>a</blockquote>", "<blockquote>a</blockquote>" },
		{ "<p></p>", "" },
		{ "<p/></p>", "<p>&lt;p/&gt;&lt;/p&gt;</p>" },
		{ "<p>a", "<p>&lt;p&gt;a</p>" },
		{ "a</p>", "<p>a&lt;/p&gt;</p>" },
		{ "<p>a</div>", "<p>&lt;p&gt;a&lt;/div&gt;</p>" },
		{ "<pa>a</p>", "<p>&lt;pa&gt;a&lt;/p&gt;</p>" },
		{ "<p</p>", "<p>&lt;p&lt;/p&gt;</p>" },
		{ "<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>" },
		{ "a", "<p>a</p>" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct entry e = { .content = { .text = cases[i].text,
				       .len = strlen(cases[i].text),
				       .type = CONTENT_TEXT } };

		entry_clean(a, &e, NULL);
		expect(cases[i].text, e.html, cases[i].html);
	}
	arena_free(a);
}

static void
a_cleaned_entry_has_text_words_and_a_picture(void **state)
{
	static const char html[] = "<p>a b <img src=\"https://x.example/a.png\"></p>";
	struct arena *a = arena_new();
	struct entry none = { .raw_summary = { .text = " ", .len = 1 } };
	struct entry e = {
		.content = { .text = html,
		    .len = sizeof(html) - 1,
		    .type = CONTENT_HTML },
		.raw_summary = { .text = "<b>c</b>  d", .len = 11, .type = CONTENT_HTML }
	};
	struct entry own = e;

	(void)state;
	own.image = "https://x.example/own.png";
	own.raw_summary.type = CONTENT_TEXT;
	entry_clean(a, &none, NULL);
	expect("nothing", none.html, "");
	expect("nothing", none.text, "");
	expect("nothing", none.summary, NULL);
	entry_clean(a, &e, NULL);
	expect("summary", e.summary, "c d");
	expect("image", e.image, "https://x.example/a.png");
	assert_int_equal(e.words, 2);
	entry_clean(a, &own, NULL);
	expect("summary", own.summary, "<b>c</b> d");
	expect("image", own.image, "https://x.example/own.png");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_higher_rank_wins_and_of_equals_the_first),
		cmocka_unit_test(of_names_and_descriptions_the_second_corrects),
		cmocka_unit_test(times_go_where_they_belong),
		cmocka_unit_test(doubtful_dates_are_told),
		cmocka_unit_test(a_missing_zone_is_told_once_and_the_future_each_time),
		cmocka_unit_test(warnings_are_lines_and_so_many),
		cmocka_unit_test(categories_and_enclosures_are_listed_once),
		cmocka_unit_test(the_best_text_is_the_content),
		cmocka_unit_test(persons_are_told_by_their_texts),
		cmocka_unit_test(a_better_source_of_authors_replaces_a_lesser),
		cmocka_unit_test(persons_are_as_many_as_fit),
		cmocka_unit_test(an_entry_is_what_its_draft_says),
		cmocka_unit_test(a_feed_says_how_often_it_is_new),
		cmocka_unit_test(a_feed_was_updated_when_it_says_so_else_published),
		cmocka_unit_test(entries_beyond_the_limit_are_told_once),
		cmocka_unit_test(a_block_of_html_is_html_whatever_it_is_called),
		cmocka_unit_test(a_cleaned_entry_has_text_words_and_a_picture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

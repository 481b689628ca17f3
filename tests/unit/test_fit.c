/* SPDX-License-Identifier: ISC */
/* What has room in a letter: how much of each post, which titles, which names of blogs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "digest/fit.h"

enum {
	ENTRIES = 4,
	HEAD = 151,  /* of each post here: title and links take so much */
	FRAME = 7000 /* head and foot of a letter */
};

/* A digest of so many posts, of 1000, 2000, ... bytes, of one or two sources in one section. */
struct case_of_fit {
	struct arena *a;
	struct config config;
	struct template_set templates;
	struct entry entries[ENTRIES];
	const struct entry *list[ENTRIES];
	struct source sources[2];
	struct digest_source runs[3];
	struct digest_section section;
	struct digest digest;
	struct variant variant;
	struct fit fit;
};

static void
fit_open(struct case_of_fit *t, size_t count)
{
	memset(t, 0, sizeof(*t));
	t->a = arena_new();
	t->config.digest.body = BODY_WHOLE;
	t->config.digest.images = IMAGES_REMOTE;
	for (size_t i = 0; i < count; i++) {
		struct buf b = BUF_INIT(64 * 1024);

		buf_adds(&b, "<p>");
		while (b.len < (i + 1) * 1000 - 8)
			buf_adds(&b, "abc ");
		buf_adds(&b, "end.</p>");
		t->entries[i].html = arena_strdup(t->a, buf_text(&b));
		t->entries[i].title = "t";
		t->list[i] = &t->entries[i];
		buf_clear(&b);
	}
	t->runs[0] = (struct digest_source){ .source = &t->sources[0],
		.entries = t->list,
		.count = count };
	t->section =
	    (struct digest_section){ .day = TIME_NONE, .sources = t->runs, .count = 1 };
	t->digest = (struct digest){ .sections = &t->section,
		.section_count = 1,
		.entry_count = count,
		.source_count = 2 };
	t->variant = (struct variant){ .length = LENGTH_DEFAULT, .format = FORMAT_HTML };
}

/* The last one is another source's. */
static void
part_sources(struct case_of_fit *t)
{
	t->runs[0].count--;
	t->runs[1] = (struct digest_source){ .source = &t->sources[1],
		.entries = &t->list[t->runs[0].count],
		.count = 1 };
	t->section.count = 2;
}

/* room: what titles, bodies and named sources may take; 0 = no limit. */
static void
fit_begin(struct case_of_fit *t, size_t room)
{
	const struct render_context ctx = { .config = &t->config,
		.templates = &t->templates,
		.images = t->config.digest.images };

	/* Plain ASCII takes four per cent more when it is encoded. */
	fit_init(t->a, &ctx, &t->digest, &t->variant,
	    room == 0 ? 0 : (room + FRAME + 1) * 104 / 100 + 104, &t->fit);
}

/* The levels as letters: full, short, title, nothing. */
static void
expect_levels(const char *name, const struct fit *f, const char *want)
{
	char got[ENTRIES + 1] = "";

	for (size_t i = 0; i < f->count; i++)
		got[i] = f->items[i].is_hidden ? '-' : "tsf"[f->items[i].level];
	if (strcmp(got, want) != 0)
		fail_msg("%s: got %s, want %s", name, got, want);
}

static void
test_where_it_begins(void **state)
{
	static const struct {
		enum entry_body setting;
		enum length_wish reader;
		const char *want;
	} cases[] = {
		{ BODY_WHOLE, LENGTH_DEFAULT, "fff" },
		{ BODY_SHORT, LENGTH_DEFAULT, "fss" },
		{ BODY_TITLES, LENGTH_DEFAULT, "ttt" },
		{ BODY_WHOLE, LENGTH_SHORT, "fss" },
		{ BODY_TITLES, LENGTH_SHORT, "fss" },
		{ BODY_SHORT, LENGTH_TITLES, "ttt" },
		{ BODY_WHOLE, LENGTH_TITLES, "ttt" },
		{ BODY_SHORT, LENGTH_WHOLE, "fff" },
		{ BODY_TITLES, LENGTH_WHOLE, "fff" },
	};
	struct case_of_fit t;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		fit_open(&t, 3);
		t.config.digest.body = cases[i].setting;
		t.config.digest.short_bytes = 1300;
		t.variant.length = cases[i].reader;
		fit_begin(&t, 0);
		expect_levels("the reader's wish", &t.fit, cases[i].want);
		assert_true(t.fit.has_contents);
		assert_int_equal(t.fit.is_titles, *cases[i].want == 't');
		assert_int_equal(t.fit.style.heading, 3);
		assert_int_equal(fit_body(&t.fit, &t.fit.items[0]) == NULL,
		    t.fit.is_titles);
		/* Who wants it short misses nothing for lack of room. */
		assert_false(t.fit.is_cut);
		arena_free(t.a);
	}
	fit_open(&t, 2);
	t.section.heading = "Group";
	t.variant.format = FORMAT_TEXT;
	fit_begin(&t, 0);
	assert_false(t.fit.has_contents);
	assert_int_equal(t.fit.style.heading, 4);
	assert_true(t.fit.style.measures_text);
	arena_free(t.a);
	fit_open(&t, 2);
	t.section.day = 5;
	fit_begin(&t, 0);
	assert_int_equal(t.fit.style.heading, 4);
	arena_free(t.a);
}

/* Of 100 sentences of nine characters: how many are shown, with "short" for 215 bytes. */
static void
a_beginning_is_as_long_in_every_script(void **state)
{
	static const struct {
		const char *name;
		const char *sentence;
	} cases[] = {
		{ "English", "One two. " },
		{ "Greek", "\u0388\u03BD\u03B1 \u03B4\u03CD\u03BF. " },
		{ "Thai", "\u0E2B\u0E19\u0E36 \u0E2A\u0E2D\u0E07. " },
		{ "Emoji",
		    "\U0001F600\U0001F600\U0001F600 \U0001F600\U0001F600\U0001F600. " },
	};
	struct case_of_fit t;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = BUF_INIT(64 * 1024);
		const struct shown_body *body = NULL;
		size_t shown = 0;

		fit_open(&t, 1);
		buf_adds(&b, "<p>");
		for (int k = 0; k < 100; k++)
			buf_adds(&b, cases[i].sentence);
		buf_adds(&b, "</p>");
		t.entries[0].html = arena_strdup(t.a, buf_text(&b));
		t.config.digest.body = BODY_SHORT;
		t.config.digest.short_bytes = 215;
		fit_begin(&t, 0);
		body = fit_body(&t.fit, &t.fit.items[0]);
		assert_true(body->is_cut);
		for (const char *p = body->text; *p; p++)
			shown += *p == '.';
		if (shown < 21 || shown > 24)
			fail_msg("%s: got %zu sentences, want 21 to 24", cases[i].name,
			    shown);
		buf_clear(&b);
		arena_free(t.a);
	}
}

/* What short posts leave goes to the long ones. */
static void
room_is_shared_as_water_fills(void **state)
{
	static const struct {
		const char *name;
		size_t room; /* beside the titles */
		const char *want;
		size_t least, most; /* the share of the longest */
	} cases[] = {
		{ "for all", 10100, "ffff", 3990, 4010 },
		{ "1000 and 2000 whole, 2000 for each of the others", 7050, "ffss", 1900,
		    2100 },
		{ "1000 whole, 1500 for each of the others", 5550, "fsss", 1400, 1600 },
		{ "one over its share by a tenth stays whole", 4700, "fsss", 1150, 1300 },
		{ "500 for each", 2050, "ssss", 400, 600 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct case_of_fit t;
		size_t share = 0;

		fit_open(&t, 4);
		fit_begin(&t, 4 * HEAD + cases[i].room);
		expect_levels(cases[i].name, &t.fit, cases[i].want);
		share = t.fit.items[3].share;
		if (share < cases[i].least || share > cases[i].most)
			fail_msg("%s: got a share of %zu", cases[i].name, share);
		assert_int_equal(t.fit.is_cut, strcmp(cases[i].want, "ffff") != 0);
		assert_true(t.fit.has_contents);
		arena_free(t.a);
	}
}

static void
a_body_keeps_to_its_share(void **state)
{
	struct case_of_fit t;
	const struct shown_body *body = NULL;

	(void)state;
	fit_open(&t, 4);
	fit_begin(&t, 4 * HEAD + 2050);
	body = fit_body(&t.fit, &t.fit.items[3]);
	assert_true(body->is_cut);
	assert_in_range(strlen(body->html), 300, 600);
	arena_free(t.a);
}

static void
first_posts_come_before_further_ones(void **state)
{
	struct case_of_fit t;

	(void)state;
	fit_open(&t, 4);
	part_sources(&t);
	/* Shares would be under what is worth its place. */
	fit_begin(&t, 4 * HEAD + 600);
	expect_levels("excerpts for two", &t.fit, "stts");
	assert_false(t.fit.has_contents);
	arena_free(t.a);
	fit_open(&t, 4);
	part_sources(&t);
	fit_begin(&t, 3 * HEAD + 20);
	expect_levels("titles for two", &t.fit, "t--t");
	assert_int_equal(t.fit.hidden_count, 2);
	assert_int_equal(t.fit.others_shown, 1);
	assert_ptr_equal(t.fit.others[0].source, &t.sources[0]);
	assert_int_equal(t.fit.others[0].posts, 2);
	arena_free(t.a);
	fit_open(&t, 4);
	fit_begin(&t, 1);
	expect_levels("no letter without a post", &t.fit, "t---");
	assert_int_equal(t.fit.others_shown, 0);
	assert_int_equal(t.fit.others_count, 1);
	arena_free(t.a);
}

static void
what_the_limits_left_out_is_named_as_far_as_there_is_room(void **state)
{
	struct case_of_fit t;
	struct source many[10];
	struct digest_source others[10];

	(void)state;
	fit_open(&t, 1);
	for (size_t i = 0; i < 10; i++) {
		many[i] = (struct source){ .name = "Five5" };
		others[i] = (struct digest_source){ .source = &many[i], .more = i + 1 };
	}
	t.digest.others = others;
	t.digest.other_count = 10;
	fit_begin(&t, HEAD + 600);
	assert_int_equal(t.fit.others_count, 10);
	/* A quarter of it, and 50 bytes for each. */
	assert_int_equal(t.fit.others_shown, 4);
	assert_int_equal(t.fit.others[3].posts, 4);
	arena_free(t.a);
}

/* ---- what it reckons with ---- */

/* max: bytes of the letter, 7000 of which and four per cent are for what is no post. */
static void
fit_within(struct case_of_fit *t, size_t max)
{
	const struct render_context ctx = { .config = &t->config,
		.templates = &t->templates,
		.images = t->config.digest.images };

	fit_init(t->a, &ctx, &t->digest, &t->variant, max, &t->fit);
}

/* So many times one text between "<p>" and "</p>", behind so many of another. */
static const char *
html_of(struct arena *a, const char *one, size_t n, const char *other, size_t m)
{
	struct buf b = BUF_INIT(64 * 1024);
	const char *html = NULL;

	buf_adds(&b, "<p>");
	for (size_t i = 0; i < n; i++)
		buf_adds(&b, one);
	for (size_t i = 0; i < m; i++)
		buf_adds(&b, other);
	buf_adds(&b, "</p>");
	html = arena_strdup(a, buf_text(&b));
	buf_clear(&b);
	return html;
}

static void
encoding_takes_its_part_of_the_room(void **state)
{
	static const struct {
		const char *name;
		const char *one, *other;
		size_t n, m, max;
		size_t room;
	} cases[] = {
		{ "no limit", "a", "", 93, 0, 0, SIZE_MAX / 4 },
		{ "ASCII", "a", "", 93, 0, 104 * 71, 100 },
		{ "whole hundreds", "a", "", 93, 0, 104 * 72 - 1, 100 },
		{ "the frame alone", "a", "", 93, 0, 104 * 70, 0 },
		{ "less", "a", "", 93, 0, 1, 0 },
		{ "two of a hundred are escaped", "a", "=", 91, 2, 104 * 71, 100 },
		{ "three of them", "a", "=", 90, 3, 106 * 71, 100 },
		{ "less than that", "a", "=", 90, 3, 106 * 71 - 1, 0 },
		{ "ten of them", "a", "=", 83, 10, 12000, 3000 },
		{ "18 of them", "a", "=", 75, 18, 136 * 80, 1000 },
		{ "more is base64", "a", "=", 74, 19, 137 * 80, 1000 },
		{ "Cyrillic", "\u0436", "", 40, 0, 137 * 80, 1000 },
		{ "signs at the end of ASCII", "~", "\x7f", 83, 10, 12000, 3000 },
		{ "only 2000 bytes are looked at", "a", "=", 1997, 900, 104 * 71, 100 },
		{ "the last of them", "a", "=", 1887, 900, 110 * 81, 1000 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct case_of_fit t;

		fit_open(&t, 1);
		t.entries[0].html =
		    html_of(t.a, cases[i].one, cases[i].n, cases[i].other, cases[i].m);
		fit_within(&t, cases[i].max);
		if (t.fit.room != cases[i].room)
			fail_msg("%s: got %zu", cases[i].name, t.fit.room);
		arena_free(t.a);
	}
	struct case_of_fit none;

	fit_open(&none, 1);
	none.entries[0].html = "";
	fit_within(&none, 104 * 71);
	assert_int_equal(none.fit.room, 100);
	arena_free(none.a);
}

/* Bytes of a post of that html that "short" means, where it is 100 in English. */
static void
short_is_as_many_characters(void **state)
{
	static const struct {
		const char *one, *other;
		size_t n, m;
		size_t want;
	} cases[] = {
		{ "a", "", 243, 0, 100 },
		/* 107 bytes are 57 characters. */
		{ "\u00e9", "", 50, 0, 100 * 107 / 57 },
		{ "\u4e2d", "", 50, 0, 100 * 157 / 57 },
		/* Of the first 400 bytes. */
		{ "a", "\u00e9", 397, 100, 100 },
		{ "a", "\u00e9", 297, 100, 100 * 400 / 350 },
		/* A byte that is no beginning is none. */
		{ "a", "\u00e9", 5, 1, 100 * 14 / 13 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct case_of_fit t;

		fit_open(&t, 1);
		t.config.digest.body = BODY_SHORT;
		t.config.digest.short_bytes = 100;
		t.entries[0].html =
		    html_of(t.a, cases[i].one, cases[i].n, cases[i].other, cases[i].m);
		fit_within(&t, 0);
		if (t.fit.items[0].most_bytes != cases[i].want)
			fail_msg("%zu: got %zu, want %zu", i, t.fit.items[0].most_bytes,
			    cases[i].want);
		assert_int_equal(t.fit.items[0].whole_bytes, strlen(t.entries[0].html));
		arena_free(t.a);
	}
	for (int64_t bytes = 0; bytes <= 1; bytes++) {
		struct case_of_fit t;

		/* Without a number everything is whole. */
		fit_open(&t, 1);
		t.config.digest.body = BODY_SHORT;
		t.config.digest.short_bytes = bytes;
		fit_within(&t, 0);
		assert_int_equal(t.fit.items[0].most_bytes,
		    bytes == 0 ? SIZE_MAX / 2 : 1);
		arena_free(t.a);
	}
}

/* Fifteen bytes for each whole hundred of its share may a post have more, and be whole. */
static void
what_is_hardly_longer_stays_whole(void **state)
{
	static const struct {
		int64_t share;
		size_t bytes;
		enum entry_body want;
	} cases[] = { { 1000, 1150, BODY_WHOLE }, { 1000, 1151, BODY_SHORT },
		{ 990, 1125, BODY_WHOLE }, { 990, 1126, BODY_SHORT } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct case_of_fit t;

		fit_open(&t, 1);
		t.config.digest.body = BODY_SHORT;
		t.config.digest.short_bytes = cases[i].share;
		t.entries[0].html =
		    html_of(t.a, "a", cases[i].bytes - strlen("<p></p>"), "", 0);
		fit_within(&t, 0);
		assert_int_equal(t.fit.items[0].level, cases[i].want);
		assert_int_equal(t.fit.items[0].share,
		    cases[i].want == BODY_WHOLE ? cases[i].bytes
						: (size_t)cases[i].share);
		arena_free(t.a);
	}
}

static void
posts_are_ranked_within_their_sources(void **state)
{
	static const size_t ranks[] = { 0, 1, 2, 0 };
	static const size_t order[] = { 0, 3, 1, 2 };
	struct case_of_fit t;

	(void)state;
	fit_open(&t, 4);
	part_sources(&t);
	t.entries[1].link = "12345";
	t.entries[2].title = NULL;
	fit_within(&t, 0);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(t.fit.items[i].rank, ranks[i]);
		assert_int_equal(t.fit.items[i].source_index, i == 3);
		assert_ptr_equal(t.fit.by_rank[i], &t.fit.items[order[i]]);
	}
	assert_int_equal(t.fit.source_count, 2);
	assert_int_equal(t.fit.items[0].head_bytes, 151);
	assert_int_equal(t.fit.items[1].head_bytes, 161);
	assert_int_equal(t.fit.items[2].head_bytes, 150);
	assert_int_equal(t.fit.taken, 151 + 161 + 150 + 151 + 1003 + 2003 + 3003 + 4003);
	/* The same source once more: its posts go on. */
	t.runs[1].source = &t.sources[0];
	fit_within(&t, 0);
	assert_int_equal(t.fit.items[3].rank, 3);
	assert_int_equal(t.fit.source_count, 1);
	arena_free(t.a);
	/* Two of one source, and another source's between them. */
	fit_open(&t, 2);
	fit_within(&t, 0);
	assert_int_equal(t.fit.items[1].rank, 1);
	assert_int_equal(t.fit.source_count, 1);
	arena_free(t.a);
	fit_open(&t, 3);
	for (size_t i = 0; i < 3; i++)
		t.runs[i] = (struct digest_source){ .source = &t.sources[i % 2],
			.entries = &t.list[i],
			.count = 1 };
	t.section.count = 3;
	fit_within(&t, 0);
	assert_int_equal(t.fit.items[0].rank, 0);
	assert_int_equal(t.fit.items[1].rank, 0);
	assert_int_equal(t.fit.items[2].rank, 1);
	assert_int_equal(t.fit.source_count, 2);
	arena_free(t.a);
	fit_open(&t, 1);
	fit_within(&t, 0);
	assert_int_equal(t.fit.source_count, 1);
	assert_ptr_equal(t.fit.by_rank[0], &t.fit.items[0]);
	arena_free(t.a);
	fit_open(&t, 0);
	fit_within(&t, 0);
	assert_int_equal(t.fit.source_count, 0);
	assert_int_equal(t.fit.count, 0);
	arena_free(t.a);
}

static void
contents_are_for_three_posts_of_two_sources(void **state)
{
	static const struct {
		size_t posts, sources;
		enum length_wish length;
		bool want;
	} cases[] = {
		{ 3, 2, LENGTH_DEFAULT, true },
		{ 2, 2, LENGTH_DEFAULT, false },
		{ 3, 1, LENGTH_DEFAULT, false },
		{ 1, 1, LENGTH_TITLES, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct case_of_fit t;

		fit_open(&t, cases[i].posts);
		t.digest.source_count = cases[i].sources;
		t.variant.length = cases[i].length;
		fit_within(&t, 0);
		assert_int_equal(t.fit.has_contents, cases[i].want);
		arena_free(t.a);
	}
}

/* Titles as long as the cases say; a room of whole hundreds. */
static const struct {
	const char *name;
	size_t titles[4];
	size_t room;
	const char *want;
	size_t taken; /* 0: with a beginning of some length */
} titles[] = {
	/* clang-format off */
	{ "all titles, to the byte", { 0, 0, 0, 0 }, 600, "tttt", 600 },
	{ "one byte more: a quarter is for names", { 0, 0, 0, 1 }, 600, "ttt-", 450 + 45 },
	{ "a title that fits to the byte", { 50, 50, 50, 50 }, 600, "tt--", 400 + 45 },
	{ "and one that does not", { 50, 101, 0, 0 }, 600, "s---", 0 },
	{ "behind one that is hidden all are", { 1, 400, 1, 1 }, 600, "s---", 0 },
	{ "no room at all", { 0, 0, 0, 0 }, 0, "t---", 150 },
	{ "beginnings for two, to the byte", { 17, 1, 1, 1 }, 1100, "sstt", 620 + 480 },
	{ "and for one", { 18, 1, 1, 1 }, 1100, "sttt", 621 + 240 },
	/* clang-format on */
};

static void
titles_have_room_to_the_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(titles); i++) {
		struct case_of_fit t;

		fit_open(&t, 4);
		for (size_t k = 0; k < 4; k++) {
			char *title = arena_alloc(t.a, titles[i].titles[k] + 1);

			memset(title, 't', titles[i].titles[k]);
			title[titles[i].titles[k]] = '\0';
			t.entries[k].title = title;
		}
		fit_within(&t, (titles[i].room + 7000) / 100 * 104);
		assert_int_equal(t.fit.room, titles[i].room);
		expect_levels(titles[i].name, &t.fit, titles[i].want);
		if (titles[i].taken > 0 && t.fit.taken != titles[i].taken)
			fail_msg("%s: got %zu", titles[i].name, t.fit.taken);
		assert_true(t.fit.is_cut);
		arena_free(t.a);
	}
}

/* 50 bytes each, in a quarter of 800. */
static void
sources_are_named_to_the_byte(void **state)
{
	(void)state;
	for (size_t more = 0; more <= 1; more++) {
		struct source many[5] = { { .name = "Five5" }, { .title = "Five5" },
			{ .name = "Fiv", .title = "long", .link = "l5" },
			{ .name = more ? "Sixsix" : "Five5" }, { .name = "" } };
		struct digest_source others[5];
		struct case_of_fit t;

		fit_open(&t, 1);
		for (size_t i = 0; i < 5; i++)
			others[i] =
			    (struct digest_source){ .source = &many[i], .more = 7 };
		t.digest.others = others;
		t.digest.other_count = 5;
		fit_within(&t, 78 * 104);
		assert_int_equal(t.fit.room, 800);
		assert_int_equal(t.fit.others_count, 5);
		assert_int_equal(t.fit.others_shown, more ? 3 : 4);
		assert_true(t.fit.is_cut);
		arena_free(t.a);
	}
}

/* Names get a quarter of the room, and no more than titles leave. */
static void
names_get_what_titles_leave(void **state)
{
	static const struct {
		size_t title, shown;
	} cases[] = { { 650, 6 }, { 700, 6 }, { 800, 5 }, { 1000, 1 }, { 1001, 0 },
		{ 1100, 0 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct source five = { .name = "Five5" };
		struct digest_source others[9];
		struct case_of_fit t;
		char title[1101] = "";

		fit_open(&t, 1);
		for (size_t k = 0; k < 9; k++)
			others[k] = (struct digest_source){ .source = &five, .more = 1 };
		t.digest.others = others;
		t.digest.other_count = 9;
		t.entries[0].title = memset(title, 't', cases[i].title);
		fit_within(&t, 82 * 104);
		assert_int_equal(t.fit.room, 1200);
		assert_int_equal(t.fit.others_shown, cases[i].shown);
		arena_free(t.a);
	}
}

/* What is measured is the text: a share of it is as large a part of the HTML. */
static void
a_share_of_a_text_is_one_of_its_html(void **state)
{
	struct case_of_fit t;
	struct fit_item *item = NULL;

	(void)state;
	fit_open(&t, 1);
	t.variant.format = FORMAT_TEXT;
	t.entries[0].text = html_of(t.a, "abc ", 123, "e", 1); /* 500 bytes */
	fit_within(&t, 104 * 74);
	item = &t.fit.items[0];
	assert_int_equal(item->whole_bytes, 500);
	assert_int_equal(item->level, BODY_SHORT);
	assert_int_equal(item->share % 16, 0);
	assert_in_range(item->share, 224, 249);
	assert_true(fit_body(&t.fit, item)->is_cut);
	assert_int_equal(item->body_bytes, (size_t)((double)item->share * 1003 / 500));
	t.entries[0].text = "";
	fit_within(&t, 0);
	assert_int_equal(t.fit.items[0].whole_bytes, 1003);
	assert_false(fit_body(&t.fit, &t.fit.items[0])->is_cut);
	assert_int_equal(t.fit.items[0].body_bytes, SIZE_MAX);
	t.fit.items[0].is_hidden = true;
	assert_null(fit_body(&t.fit, &t.fit.items[0]));
	arena_free(t.a);
}

/* What the search knows, what was measured, and what it knows then. */
static const struct {
	const char *name;
	size_t room, taken, too_much, fitted, rounds;
	size_t size, source, max;
	enum fit_verdict verdict;
	size_t want_room, want_too_much, want_fitted;
} searches[] = {
	/* clang-format off */
	{ "no limit", 5000, 5000, 0, 0, 0, 9, 9, 0, FIT_DONE, 5000, 0, 0 },
	{ "less than a fortieth is left", 5000, 5000, 0, 0, 0, 13651, 13651, 14000, FIT_DONE, 5000, 0, 5000 },
	{ "a fortieth", 5000, 5000, 0, 0, 0, 13650, 13650, 14000, FIT_AGAIN, 5350, 0, 5000 },
	{ "nothing", 5000, 5000, 0, 0, 0, 14000, 14000, 14000, FIT_DONE, 5000, 0, 5000 },
	{ "half of it before its encoding", 5000, 5000, 0, 0, 0, 13000, 6500, 14000, FIT_AGAIN, 5500, 0, 5000 },
	{ "all of it", 5000, 5000, 0, 0, 0, 0, 0, 14000, FIT_AGAIN, 19000, 0, 5000 },
	{ "the last round", 5000, 5000, 0, 0, 11, 13000, 13000, 14000, FIT_AGAIN, 6000, 0, 5000 },
	{ "no more rounds", 5000, 5000, 0, 0, 12, 13000, 13000, 14000, FIT_DONE, 5000, 0, 5000 },
	{ "half way to what was too much", 5000, 5000, 6000, 0, 1, 13000, 13000, 14000, FIT_AGAIN, 5500, 6000, 5000 },
	{ "before that", 5000, 5000, 6001, 0, 1, 13000, 13000, 14000, FIT_AGAIN, 6000, 6001, 5000 },
	{ "half of it is a 160th", 5000, 5000, 5174, 0, 1, 13000, 13000, 14000, FIT_AGAIN, 5087, 5174, 5000 },
	{ "half of it is less", 5000, 5000, 5173, 0, 1, 13000, 13000, 14000, FIT_DONE, 5000, 5173, 5000 },
	{ "8 bytes over, and an eighth", 5000, 5000, 0, 0, 0, 14008, 14008, 14000, FIT_AGAIN, 4990, 5000, 0 },
	{ "one byte", 5000, 5000, 0, 0, 0, 14001, 14001, 14000, FIT_AGAIN, 4998, 5000, 0 },
	{ "what was not taken is taken off first", 5000, 4900, 0, 0, 0, 14008, 14008, 14000, FIT_AGAIN, 4890, 4900, 0 },
	{ "more was taken", 5000, 5100, 0, 0, 0, 14008, 14008, 14000, FIT_AGAIN, 4990, 5000, 0 },
	{ "half of the way to what fitted", 5000, 5000, 0, 4995, 1, 14008, 14008, 14000, FIT_AGAIN, 4997, 5000, 4995 },
	{ "which is as far as that", 5000, 5000, 0, 4990, 1, 14008, 14008, 14000, FIT_AGAIN, 4994, 5000, 4990 },
	{ "which is farther", 5000, 5000, 0, 4989, 1, 14008, 14008, 14000, FIT_AGAIN, 4990, 5000, 4989 },
	{ "what fitted is too much now", 5000, 5000, 0, 5000, 1, 14008, 14008, 14000, FIT_AGAIN, 4990, 5000, 0 },
	{ "more than there is", 5000, 5000, 0, 0, 0, 24000, 24000, 14000, FIT_AGAIN, 2499, 5000, 0 },
	{ "half of it before its encoding, over", 5000, 5000, 0, 0, 0, 16000, 8000, 14000, FIT_AGAIN, 3874, 5000, 0 },
	{ "one byte of room", 1, 1, 0, 0, 0, 14008, 14008, 14000, FIT_AGAIN, 0, 1, 0 },
	{ "none", 0, 0, 0, 0, 0, 14008, 14008, 14000, FIT_NEVER, 0, 0, 0 },
	{ "back to what fitted", 5000, 5000, 0, 3000, 12, 14008, 14008, 14000, FIT_AGAIN, 3000, 5000, 3000 },
	{ "nothing fitted", 5000, 5000, 0, 0, 12, 14008, 14008, 14000, FIT_AGAIN, 2500, 5000, 0 },
	/* clang-format on */
};

static void
the_search_steps_to_the_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(searches); i++) {
		struct case_of_fit t;
		struct fit *f = &t.fit;
		enum fit_verdict got;

		fit_open(&t, 4);
		fit_within(&t, 120 * 104);
		assert_true(f->is_cut);
		f->room = searches[i].room;
		f->taken = searches[i].taken;
		f->too_much = searches[i].too_much;
		f->fitted = searches[i].fitted;
		f->rounds = searches[i].rounds;
		got = fit_judge(f, searches[i].size, searches[i].source, searches[i].max);
		if (got != searches[i].verdict || f->room != searches[i].want_room ||
		    f->too_much != searches[i].want_too_much ||
		    f->fitted != searches[i].want_fitted ||
		    f->rounds != searches[i].rounds + (got == FIT_AGAIN))
			fail_msg("%s: got %d, room %zu, too much %zu, fitted %zu, %zu "
				 "rounds",
			    searches[i].name, (int)got, f->room, f->too_much, f->fitted,
			    f->rounds);
		arena_free(t.a);
	}
}

static void
what_is_not_cut_does_not_grow(void **state)
{
	struct case_of_fit t;

	(void)state;
	fit_open(&t, 1);
	fit_within(&t, 120 * 104);
	assert_false(t.fit.is_cut);
	assert_int_equal(fit_judge(&t.fit, 100, 100, 14000), FIT_DONE);
	assert_int_equal(t.fit.rounds, 0);
	assert_int_equal(t.fit.fitted, 5000);
	arena_free(t.a);
}

static void
the_plan_follows_what_was_measured(void **state)
{
	struct case_of_fit t;
	size_t share = 0;
	size_t rounds = 0;

	(void)state;
	fit_open(&t, 4);
	fit_begin(&t, 4 * HEAD + 4050);
	share = t.fit.items[3].share;
	assert_int_equal(fit_judge(&t.fit, 12000, 12000, 14000), FIT_AGAIN);
	assert_true(t.fit.items[3].share > share + 400);
	assert_int_equal(fit_judge(&t.fit, 15000, 15000, 14000), FIT_AGAIN);
	assert_true(t.fit.items[3].share < share + 600);
	assert_int_equal(fit_judge(&t.fit, 13900, 13900, 14000), FIT_DONE);
	/* Head and foot alone are too large: everything goes, and then nothing is left. */
	while (fit_judge(&t.fit, 15000, 15000, 14000) == FIT_AGAIN)
		assert_true(++rounds < 30);
	expect_levels("the least", &t.fit, "t---");
	arena_free(t.a);
}

/* Room that the plan did not need is not taken off in one step after another. */
static void
the_next_plan_is_another_one(void **state)
{
	struct case_of_fit t;

	(void)state;
	fit_open(&t, 4);
	fit_begin(&t, 4 * HEAD + 14050);
	expect_levels("all there is", &t.fit, "ffff");
	assert_int_equal(fit_judge(&t.fit, 18400, 18400, 18000), FIT_AGAIN);
	expect_levels("400 are taken off the longest", &t.fit, "fffs");
	assert_in_range(t.fit.items[3].share, 3400, 3600);
	assert_int_equal(fit_judge(&t.fit, 17900, 17900, 18000), FIT_DONE);
	assert_int_equal(t.fit.rounds, 1);
	arena_free(t.a);
}

static void
test_nothing_is_hidden_where_that_is_an_error(void **state)
{
	struct case_of_fit t;
	enum fit_verdict verdict = FIT_AGAIN;

	(void)state;
	fit_open(&t, 2);
	t.config.digest.overflow = OVERFLOW_ERROR;
	t.variant.length = LENGTH_TITLES;
	fit_begin(&t, 4 * HEAD);
	expect_levels("both", &t.fit, "tt");
	while (verdict == FIT_AGAIN)
		verdict = fit_judge(&t.fit, 9000, 9000, 8000);
	assert_int_equal(verdict, FIT_NEVER);
	arena_free(t.a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_where_it_begins),
		cmocka_unit_test(a_beginning_is_as_long_in_every_script),
		cmocka_unit_test(room_is_shared_as_water_fills),
		cmocka_unit_test(a_body_keeps_to_its_share),
		cmocka_unit_test(first_posts_come_before_further_ones),
		cmocka_unit_test(
		    what_the_limits_left_out_is_named_as_far_as_there_is_room),
		cmocka_unit_test(encoding_takes_its_part_of_the_room),
		cmocka_unit_test(short_is_as_many_characters),
		cmocka_unit_test(what_is_hardly_longer_stays_whole),
		cmocka_unit_test(posts_are_ranked_within_their_sources),
		cmocka_unit_test(contents_are_for_three_posts_of_two_sources),
		cmocka_unit_test(titles_have_room_to_the_byte),
		cmocka_unit_test(sources_are_named_to_the_byte),
		cmocka_unit_test(names_get_what_titles_leave),
		cmocka_unit_test(a_share_of_a_text_is_one_of_its_html),
		cmocka_unit_test(the_search_steps_to_the_byte),
		cmocka_unit_test(what_is_not_cut_does_not_grow),
		cmocka_unit_test(the_plan_follows_what_was_measured),
		cmocka_unit_test(the_next_plan_is_another_one),
		cmocka_unit_test(test_nothing_is_hidden_where_that_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

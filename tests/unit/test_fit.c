/* SPDX-License-Identifier: ISC */
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
#include "digest/entry_body.h"
#include "digest/fit.h"

/* ---- directions ---- */

/* The text of a Hebrew letter and twice c: left-to-right when c is a letter that is. */
static bool
counts_as_ltr(uint32_t c)
{
	struct buf b = BUF_INIT(64);
	bool rtl;

	text_encode(&b, 0x5d0);
	text_encode(&b, c);
	text_encode(&b, c);
	rtl = is_rtl(buf_text(&b));
	buf_clear(&b);
	return !rtl;
}

static bool
counts_as_rtl(uint32_t c)
{
	struct buf b = BUF_INIT(64);
	bool rtl;

	text_encode(&b, c);
	rtl = is_rtl(buf_text(&b));
	buf_clear(&b);
	return rtl;
}

static void
test_letters_have_directions(void **state)
{
	static const uint32_t rtl[] = { 0x590, 0x8ff, 0xfb1d, 0xfdff, 0xfe70, 0xfefc,
		0x10800, 0x10fff, 0x1e800, 0x1efff };
	static const uint32_t ltr[] = { 'a', 'z', 'A', 'Z', 0xc0, 0x58f, 0x900, 0x1fff,
		0x2c00, 0xfaff };
	static const uint32_t none[] = { '`', '{', '@', '[', '0', ' ', 0xbf, 0x2000,
		0x2bff, 0xfb00, 0xfb1c, 0xfe00, 0xfe6f, 0xfefd, 0x107ff, 0x11000, 0x1e7ff,
		0x1f000 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rtl); i++)
		if (!counts_as_rtl(rtl[i]) || counts_as_ltr(rtl[i]))
			fail_msg("U+%04X is right-to-left", (unsigned)rtl[i]);
	for (size_t i = 0; i < ARRAY_LEN(ltr); i++)
		if (counts_as_rtl(ltr[i]) || !counts_as_ltr(ltr[i]))
			fail_msg("U+%04X is left-to-right", (unsigned)ltr[i]);
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		if (counts_as_rtl(none[i]) || counts_as_ltr(none[i]))
			fail_msg("U+%04X has no direction", (unsigned)none[i]);
}

static void
test_most_letters_decide(void **state)
{
	struct buf b = BUF_INIT(4096);
	struct entry e = { .text = "abc", .summary = "\u05D0", .title = "\u05D0" };

	(void)state;
	assert_true(is_rtl("\u05D0\u05D0abc"));
	assert_false(is_rtl("\u05D0\u05D0abcd"));
	assert_false(is_rtl(""));
	/* Only the first 400 letters are looked at. */
	for (int i = 0; i < 300; i++)
		buf_addc(&b, 'x');
	for (int i = 0; i < 200; i++)
		buf_adds(&b, "\u05D0");
	assert_false(is_rtl(buf_text(&b)));
	buf_clear(&b);
	assert_false(entry_is_rtl(&e));
	e.text = "";
	assert_true(entry_is_rtl(&e));
	e.summary = NULL;
	assert_true(entry_is_rtl(&e));
	e.title = NULL;
	assert_false(entry_is_rtl(&e));
}

/* ---- one body ---- */

#define TEN "0123456789"

static const struct {
	const char *name;
	const char *text;
	size_t cost;
} costs[] = {
	{ "letters", "abc", 3 },
	{ "an equals sign", "a=b", 5 },
	{ "a letter of two bytes", "\u00E9", 6 },
	{ "a line's end", "a\nb", 4 },
	{ "a control", "a\tb", 5 },
	{ "the last of ASCII", "~", 1 },
	{ "delete", "\x7f", 3 },
	{ "a blank inside", "a b", 3 },
	{ "blanks at the end", "a \n\n", 1 },
	{ "a full line", TEN TEN TEN TEN TEN TEN TEN "12", 72 },
	{ "one octet more", TEN TEN TEN TEN TEN TEN TEN "123", 76 },
};

static void
test_what_a_text_costs(void **state)
{
	const struct element_styles none = { NULL, 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(costs); i++) {
		struct arena *a = arena_new();
		struct body_style style = { .a = a,
			.elements = &none,
			.words = media_words_stored(),
			.images = IMAGES_INLINE,
			.summary_chars = 10,
			.heading = 3,
			.measures_text = true };
		struct entry e = { .html = "<p>x</p>", .text = costs[i].text };
		struct shown_body body = { 0 };

		entry_body_make(&style, &e, BODY_FULL, false, &body);
		if (body.cost != costs[i].cost || body.is_cut || !body.is_made)
			fail_msg("%s: got %zu, want %zu", costs[i].name, body.cost,
			    costs[i].cost);
		arena_free(a);
	}
}

static const struct {
	const char *name;
	const char *html;
	const char *text;
	const char *summary;
	enum entry_body level;
	enum images images;
	const char *want_html;
	const char *want_text;
	bool is_cut;
} bodies[] = {
	/* clang-format off */
	{ "nothing", NULL, NULL, NULL, BODY_FULL, IMAGES_INLINE, "", "", false },
	{ "empty", "", "", "", BODY_SUMMARY, IMAGES_INLINE, "", "", false },
	{ "a summary alone", NULL, NULL, "a < b", BODY_FULL, IMAGES_INLINE, "<p>a &lt; b</p>", "a < b",
	    false },
	{ "the cleaner's text", "<p>a</p>", "made before\n", NULL, BODY_FULL, IMAGES_INLINE, "<p>a</p>",
	    "made before", false },
	{ "pictures change it", "<p>a<img src=\"https://x.example/i\" alt=\"i\"></p>", "made before", NULL,
	    BODY_FULL, IMAGES_NONE, "<p>a i</p>", "a i", false },
	{ "all of a short post", "<p>123456789</p>", "123456789", NULL, BODY_SUMMARY, IMAGES_INLINE,
	    "<p>123456789</p>", "123456789", false },
	{ "as long as the limit", "<p>1234567890</p>", "", NULL, BODY_SUMMARY, IMAGES_INLINE,
	    "<p>1234567890</p>", "1234567890", false },
	{ "one more", "<p>123456 8901</p>", "", NULL, BODY_SUMMARY, IMAGES_INLINE,
	    "<p>123456 8901</p>", "123456 8901", true },
	{ "a listing has no beginning", "<pre>12345678901</pre>", "", "Said.", BODY_SUMMARY, IMAGES_INLINE,
	    "<p>Said.</p>", "Said.", true },
	/* clang-format on */
};

static void
test_bodies(void **state)
{
	const struct element_styles none = { NULL, 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		struct arena *a = arena_new();
		struct body_style style = { .a = a,
			.elements = &none,
			.words = media_words_stored(),
			.images = bodies[i].images,
			.summary_chars = 10,
			.heading = 3 };
		struct entry e = { .html = bodies[i].html,
			.text = bodies[i].text,
			.summary = bodies[i].summary };
		struct shown_body body = { .is_cut = true };
		size_t more = bodies[i].is_cut ? 300 : 0;

		entry_body_make(&style, &e, bodies[i].level, false, &body);
		if (strcmp(bodies[i].name, "one more") == 0) {
			assert_string_equal(body.text, "123456\u2026");
		} else if (strcmp(body.html, bodies[i].want_html) != 0 ||
		    strcmp(body.text, bodies[i].want_text) != 0) {
			fail_msg("%s: got %s, \"%s\"", bodies[i].name, body.html,
			    body.text);
		} else if (body.cost != strlen(body.html) + more) {
			fail_msg("%s: costs %zu", bodies[i].name, body.cost);
		}
		if (body.is_cut != bodies[i].is_cut)
			fail_msg("%s: cut is %d", bodies[i].name, body.is_cut);
		arena_free(a);
	}
}

/* ---- what fits ---- */

enum { ENTRIES = 4 };

/* A digest of so many posts, of 1000, 2000, ... letters, in one section. */
struct case_of_fit {
	struct arena *a;
	struct config config;
	struct template_set templates;
	struct entry entries[ENTRIES];
	const struct entry *list[ENTRIES];
	struct source source;
	struct digest_source run;
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
	t->config.digest.body = BODY_FULL;
	t->config.digest.images = IMAGES_INLINE;
	t->config.digest.summary_chars = 100;
	for (size_t i = 0; i < count; i++) {
		struct buf b = BUF_INIT(64 * 1024);

		buf_adds(&b, "<p>");
		for (size_t k = 0; k < (i + 1) * 250; k++)
			buf_adds(&b, "abc ");
		buf_adds(&b, "end.</p>");
		t->entries[i].html = arena_strdup(t->a, buf_text(&b));
		t->entries[i].title = "t";
		t->list[i] = &t->entries[i];
		buf_clear(&b);
	}
	t->run = (struct digest_source){ .source = &t->source,
		.entries = t->list,
		.count = count };
	t->section =
	    (struct digest_section){ .day = TIME_NONE, .sources = &t->run, .count = 1 };
	t->digest = (struct digest){ .sections = &t->section,
		.section_count = 1,
		.entry_count = count,
		.source_count = 2 };
	t->variant = (struct variant){ .body = BODY_FULL, .format = FORMAT_HTML };
}

static void
fit_begin(struct case_of_fit *t)
{
	const struct render_context ctx = { .config = &t->config,
		.templates = &t->templates };

	fit_init(t->a, &ctx, &t->digest, &t->variant, &t->fit);
}

/* The levels as letters: full, summary, title, nothing. */
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
		enum entry_body reader;
		const char *want;
		bool has_contents;
	} cases[] = {
		{ BODY_FULL, BODY_FULL, "fff", true },
		{ BODY_SUMMARY, BODY_FULL, "sss", true },
		{ BODY_FULL, BODY_SUMMARY, "sss", true },
		{ BODY_TITLE, BODY_SUMMARY, "ttt", true },
		{ BODY_SUMMARY, BODY_TITLE, "ttt", true },
	};
	struct case_of_fit t;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		fit_open(&t, 3);
		t.config.digest.body = cases[i].setting;
		t.variant.body = cases[i].reader;
		fit_begin(&t);
		expect_levels("ceiling", &t.fit, cases[i].want);
		assert_int_equal(t.fit.has_contents, cases[i].has_contents);
		assert_int_equal(t.fit.style.heading, 3);
		assert_int_equal(t.fit.is_titles, *cases[i].want == 't');
		assert_int_equal(fit_body(&t.fit, &t.fit.items[0]) == NULL,
		    t.fit.is_titles);
		arena_free(t.a);
	}
	fit_open(&t, 2);
	t.section.heading = "Group";
	t.config.digest.summary_chars = 0;
	t.variant.format = FORMAT_TEXT;
	fit_begin(&t);
	assert_false(t.fit.has_contents);
	assert_int_equal(t.fit.style.heading, 4);
	assert_int_equal(t.fit.style.summary_chars, 1);
	assert_true(t.fit.style.measures_text);
	arena_free(t.a);
	fit_open(&t, 2);
	t.section.day = 5;
	fit_begin(&t);
	assert_int_equal(t.fit.style.heading, 4);
	arena_free(t.a);
}

static void
test_the_largest_fall_first(void **state)
{
	struct case_of_fit t;

	(void)state;
	fit_open(&t, 4);
	fit_begin(&t);
	/* An eighth less is enough: the largest saves about 3600, of 4000. */
	assert_true(fit_shrink(&t.fit, 4000));
	expect_levels("one", &t.fit, "fffs");
	assert_true(fit_shrink(&t.fit, 4000));
	expect_levels("two more", &t.fit, "fsss");
	assert_true(fit_shrink(&t.fit, 1));
	expect_levels("the last", &t.fit, "ssss");
	/* More than half without an excerpt: the contents go, the excerpts come back. */
	assert_true(fit_shrink(&t.fit, 100000));
	expect_levels("contents", &t.fit, "ssss");
	assert_false(t.fit.has_contents);
	assert_true(fit_shrink(&t.fit, 100000));
	expect_levels("titles", &t.fit, "tttt");
	assert_true(fit_shrink(&t.fit, 1200));
	expect_levels("from the end", &t.fit, "tt--");
	assert_int_equal(t.fit.hidden_count, 2);
	assert_true(fit_shrink(&t.fit, 100000));
	expect_levels("all", &t.fit, "----");
	assert_false(fit_shrink(&t.fit, 1));
	arena_free(t.a);
}

static void
test_nothing_is_hidden_where_that_is_an_error(void **state)
{
	struct case_of_fit t;

	(void)state;
	fit_open(&t, 2);
	t.config.digest.overflow = OVERFLOW_ERROR;
	t.variant.body = BODY_TITLE;
	fit_begin(&t);
	assert_false(fit_shrink(&t.fit, 100));
	expect_levels("error", &t.fit, "tt");
	arena_free(t.a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_letters_have_directions),
		cmocka_unit_test(test_most_letters_decide),
		cmocka_unit_test(test_what_a_text_costs),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_where_it_begins),
		cmocka_unit_test(test_the_largest_fall_first),
		cmocka_unit_test(test_nothing_is_hidden_where_that_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

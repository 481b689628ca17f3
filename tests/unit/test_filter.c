/* SPDX-License-Identifier: ISC */
/* The keeper's patterns: how large they may be, and where in a post they are looked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "digest/filter.h"

/* filter.c looks at paragraphs in pieces of 1,023 bytes, and at the first 64 KiB of a text. */
enum { PIECE_MOST = 1023, TEXT_MOST = 64 * 1024 };

/* ---- patterns ---- */

static const struct {
	const char *pattern;
	const char *why; /* NULL: it is taken */
} patterns[] = {
	{ "a{255}", NULL },
	{ "a{256}", "repeat counts multiply to more than 255" },
	{ "a{256,}", "repeat counts multiply to more than 255" },
	{ "a{0,255}", NULL },
	{ "a{0,256}", "repeat counts multiply to more than 255" },
	{ "a{0,10}b{25}", NULL },
	{ "a{16}b{16}", "repeat counts multiply to more than 255" },
	{ "(a{15}){17}", NULL },
	{ "a{0}b{0,1}c{255}", NULL },
	{ "a{1,99999999999999999999999}", "repeat counts multiply to more than 255" },
	{ "a{18446744073709551617}", "repeat counts multiply to more than 255" },
	{ "a{2559}", "repeat counts multiply to more than 255" },
	{ "a{0}b{256}", "repeat counts multiply to more than 255" },
	{ "[{z]{255}", NULL },
	{ "[{z]{256}", "repeat counts multiply to more than 255" },
	{ "a\\{256\\}", NULL },
	{ "\\\\{256}", "repeat counts multiply to more than 255" },
	{ "(a", "regular expression '(a': " },
	{ "[z-a]", "regular expression '[z-a]': " },
};

static void
repeat_counts_are_bounded(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
		const char *why = patterns[i].why;
		struct err err = ERR_INIT;
		struct filter f;

		if (filter_init(&f, patterns[i].pattern, &err) != !why)
			fail_msg("%s: got \"%s\", want \"%s\"", patterns[i].pattern,
			    err.text, why ? why : "");
		if (why && (err.kind != ERR_CONFIG || !strstr(err.text, why)))
			fail_msg("%s: got \"%s\", want \"%s\"", patterns[i].pattern,
			    err.text, why);
		assert_int_equal(f.count, why ? 0 : 1);
		filter_clear(&f);
		assert_int_equal(f.count, 0);
	}
}

static void
a_filter_that_is_not_set_matches_nothing(void **state)
{
	const struct entry e = { .title = "" };
	struct err err = ERR_INIT;
	struct filter f;

	(void)state;
	assert_true(filter_init(&f, NULL, &err));
	assert_false(filter_matches(&f, &e));
	assert_true(filter_init(&f, "", &err));
	assert_false(filter_matches(&f, &e));
	filter_clear(&f);
}

/* ---- where it is looked for ---- */

static const char *const animals[] = { "a bee", "a cow" };

static const struct {
	const char *name;
	const char *pattern;
	struct entry entry;
	bool want;
} places[] = {
	{ "the first category", "a bee", { .categories = animals, .category_count = 1 },
	    true },
	{ "the last category", "a cow", { .categories = animals, .category_count = 2 },
	    true },
	{ "the title", "a bee", { .title = "a bee" }, true },
	{ "the author", "a bee", { .author = "A Bee" }, true },
	{ "the address", "a-bee", { .link = "https://a-bee.example/" }, true },
	{ "the text", "a bee", { .text = "Of a bee." }, true },
	{ "the summary where there is no text", "a bee", { .summary = "Of a bee." },
	    true },
	{ "not beside a text", "a bee", { .text = "Of an ant", .summary = "a bee" },
	    false },
	{ "not from one to the other", "a bee", { .title = "a", .author = "bee" },
	    false },
	{ "nothing is there", "a bee", { .title = NULL }, false },
	{ "across a line's end", "a bee", { .text = "of a\nbee" }, true },
	{ "across a tab", "a bee", { .text = "of a\tbee" }, true },
	{ "not across an empty line", "a *bee", { .text = "of a\n\nbee" }, false },
	{ "a paragraph's beginning", "^bee", { .text = "of a\n\n\nbee" }, true },
	{ "a paragraph's end", "of a$", { .text = "of a\n\nbee" }, true },
	{ "not a line's", "^bee", { .text = "of a\nbee" }, false },
	{ "behind empty lines", "^of a", { .text = "\n\nof a\nbee" }, true },
	{ "the third paragraph", "^c$", { .text = "a\n\nb\n\nc" }, true },
	{ "what is forbidden is not there", "^(?!a)b", { .title = "bc" }, true },
	{ "what is forbidden is there", "^(?!b)b", { .title = "bc" }, false },
	{ "what is asked for is there too", "^(?=bc)b", { .title = "bc" }, true },
	{ "only what is forbidden is looked for", "^(?!a)b", { .title = "cd" }, false },
	{ "one of two is not there", "^(?=c)b", { .title = "bc" }, false },
};

static void
each_part_of_a_post_is_looked_at(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		struct err err = ERR_INIT;
		struct filter f;

		if (!filter_init(&f, places[i].pattern, &err))
			fail_msg("%s: %s", places[i].name, err.text);
		if (filter_matches(&f, &places[i].entry) != places[i].want)
			fail_msg("%s: want %d", places[i].name, places[i].want);
		filter_clear(&f);
	}
}

/* A text of some words, then as many x, then more. */
static const struct {
	const char *name;
	const char *pattern;
	const char *before;
	size_t filling;
	const char *behind;
	bool want;
} long_lines[] = {
	{ "a piece's end is looked at", "a bee", "", PIECE_MOST - 5, "a bee", true },
	{ "a phrase across it is lost", "a bee", "", PIECE_MOST - 4, "a bee", false },
	{ "cut at the last blank", "a bee", "", PIECE_MOST - 3, " a bee", false },
	{ "which is before it", "a bee", "", PIECE_MOST - 2, " a bee", true },
	{ "which ends the piece", "a bee", "", PIECE_MOST - 1, " a bee", true },
	{ "at a tab", "a bee", "", PIECE_MOST - 1, "\ta bee", true },
	{ "no blank: cut anywhere", "bee", "", PIECE_MOST - 1, "bee", false },
	{ "the rest is looked at", "bee", "", 2 * PIECE_MOST, "bee", true },
	{ "a blank behind the first letter", "bee", "x ", PIECE_MOST - 4, "bee", true },
	{ "none but the first character", "bee", " ", PIECE_MOST - 3, "bee", false },
};

static bool
finds(const char *pattern, const struct buf *text)
{
	const struct entry e = { .text = buf_text(text) };
	struct err err = ERR_INIT;
	struct filter f;
	bool is_found = false;

	assert_true(filter_init(&f, pattern, &err));
	is_found = filter_matches(&f, &e);
	filter_clear(&f);
	return is_found;
}

static void
long_paragraphs_are_looked_at_in_pieces(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(long_lines); i++) {
		struct buf text = BUF_INIT(TEXT_MOST);

		buf_adds(&text, long_lines[i].before);
		for (size_t k = 0; k < long_lines[i].filling; k++)
			buf_addc(&text, 'x');
		buf_adds(&text, long_lines[i].behind);
		if (finds(long_lines[i].pattern, &text) != long_lines[i].want)
			fail_msg("%s: want %d", long_lines[i].name, long_lines[i].want);
		buf_clear(&text);
	}
}

/* Paragraphs of so many bytes altogether, the empty line behind each counted, then "bee". */
static bool
finds_behind(size_t size)
{
	struct buf text = BUF_INIT(2 * TEXT_MOST);
	bool is_found = false;

	while (text.len < size) {
		for (size_t k = 2; k < 512 && text.len + 2 < size; k++)
			buf_addc(&text, 'x');
		buf_adds(&text, "\n\n");
	}
	buf_adds(&text, "bee");
	is_found = finds("bee", &text);
	buf_clear(&text);
	return is_found;
}

static void
of_a_long_text_the_beginning_is_looked_at(void **state)
{
	(void)state;
	assert_true(finds_behind((size_t)TEXT_MOST / 2));
	assert_true(finds_behind(TEXT_MOST - 1));
	assert_false(finds_behind(TEXT_MOST));
}

/* ---- lists ---- */

static const struct {
	const char *list;
	const char *category;
	bool want;
} category_lists[] = {
	{ "sea", "sea", true },
	{ "sea", "Sea", true },
	{ "sea", "seas", false },
	{ "seas", "sea", false },
	{ "sea, web design", "web design", true },
	{ "sea, web design", "web", false },
	{ "sea \t, web", "sea", true },
	{ " ,, sea ", "sea", true },
	{ "\tsea", "sea", true },
	{ "c", "C", true },
	{ "", "sea", false },
	{ " , ", "", false },
};

static const struct {
	const char *list;
	const char *language;
	bool want;
} language_lists[] = {
	{ "en", "en", true },
	{ "en", "en-GB", true },
	{ "en", "EN-gb", true },
	{ "en", "eng", false },
	{ "en-GB", "en", false },
	{ "en", "e", false },
	{ "en, pt-BR", "pt-BR", true },
	{ "en pt\tde", "pt", true },
	{ "en pt\tde", "de", true },
	{ "en,pt", "pt", true },
	{ "en, pt-BR", "pt-PT", false },
	{ "", "en", false },
	{ "en", "", false },
};

static void
lists_are_of_whole_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(category_lists); i++) {
		const char *const word = category_lists[i].category;
		const char *const first[] = { word, "other" };
		const char *const last[] = { "other", word };
		const struct entry one = { .categories = first, .category_count = 2 };
		const struct entry two = { .categories = last, .category_count = 2 };
		const bool want = category_lists[i].want;

		if (filter_has_category(category_lists[i].list, &one) != want ||
		    filter_has_category(category_lists[i].list, &two) != want)
			fail_msg("\"%s\" of \"%s\": want %d", word,
			    category_lists[i].list, want);
	}
	for (size_t i = 0; i < ARRAY_LEN(language_lists); i++)
		if (filter_has_language(language_lists[i].list,
			language_lists[i].language) != language_lists[i].want)
			fail_msg("\"%s\" of \"%s\": want %d", language_lists[i].language,
			    language_lists[i].list, language_lists[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(repeat_counts_are_bounded),
		cmocka_unit_test(a_filter_that_is_not_set_matches_nothing),
		cmocka_unit_test(each_part_of_a_post_is_looked_at),
		cmocka_unit_test(long_paragraphs_are_looked_at_in_pieces),
		cmocka_unit_test(of_a_long_text_the_beginning_is_looked_at),
		cmocka_unit_test(lists_are_of_whole_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

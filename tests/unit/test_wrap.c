/* SPDX-License-Identifier: ISC */
/* base/text.h: width, wrapping, words, nearness, and the ASCII helpers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/text.h"
#include "unit/guarded.h"

/* clang-format off */
static const struct { const char *name, *text; size_t width, fit4; } widths[] = {
	{ "nothing", "", 0, 0 }, { "ascii", "abcdef", 6, 4 }, { "Han", "\u65E5\u672C\u8A9E", 6, 6 },
	{ "half a Han", "abc\u65E5", 5, 3 }, { "combining", "e\u0301bcde", 5, 6 },
	{ "marks go with their letter", "abcd\u0301e", 5, 6 }, { "full-width", "\uFF21", 2, 3 },
	{ "half-width kana", "\uFF71", 1, 3 }, { "Hangul", "\uD55C", 2, 3 },
	{ "Hangul in letters", "\u1112\u1161\u11AB", 2, 9 }, { "emoji", "\U0001F600", 2, 4 },
	{ "family", "\U0001F468\u200D\U0001F469\u200D\U0001F467", 2, 18 },
	{ "tinted", "\U0001F44D\U0001F3FD", 2, 8 }, { "flag", "\U0001F1EB\U0001F1F7", 2, 8 },
	{ "the lightest tint", "\U0001F44D\U0001F3FB", 2, 8 }, { "the darkest", "\U0001F44D\U0001F3FF", 2, 8 },
	{ "before the tints", "\U0001F44D\U0001F3FA", 4, 8 }, { "behind them", "\U0001F44D\U0001F400", 4, 8 },
	{ "a tint of a letter", "a\U0001F3FB", 3, 5 },
	{ "zero-width blank", "a\u200Bb", 2, 5 }, { "soft hyphen", "\u00AD", 1, 2 },
	{ "controls", "\t\n\x7F", 0, 3 }, { "Devanagari", "\u0928\u093F", 2, 6 },
	{ "ambiguous is narrow", "\u00A7\u2014\u03B1", 3, 7 },
};
/* clang-format on */

static void
columns_are_counted(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(widths); i++) {
		size_t len = strlen(widths[i].text);
		size_t width = width_of_text(widths[i].text, len);
		size_t fit = width_fit(widths[i].text, len, 4);

		if (width != widths[i].width || fit != widths[i].fit4)
			fail_msg("%s: got %zu, %zu, want %zu, %zu", widths[i].name, width,
			    fit, widths[i].width, widths[i].fit4);
	}
}

#define FOUR "\U0001F44D\U0001F44D\U0001F44D\U0001F44D"

/* clang-format off */
static const struct { const char *name, *text, *want; } wraps[] = {
	{ "nothing", " \n ", "" }, { "one word", "one", "* one\n" },
	{ "exactly ten", "one two ab", "* one two\n  ab\n" },
	{ "fits", "12345678", "* 12345678\n" },
	{ "two lines", "1234 5678 9", "* 1234\n  5678 9\n" },
	{ "line ends are blanks", "a\nb\n\n c", "* a b c\n" },
	{ "an address stays whole", "see https://example.org/x now",
	    "* see\n  https://example.org/x\n  now\n" },
	{ "Han break anywhere", "\u4E00\u4E8C\u4E09\u56DB\u4E94", "* \u4E00\u4E8C\u4E09\u56DB\n  \u4E94\n" },
	{ "Han behind letters", "abcdefg\u4E00", "* abcdefg\n  \u4E00\n" },
	{ "letters behind Han", "\u4E00abcdefg", "* \u4E00\n  abcdefg\n" },
	{ "not before a full stop", "\u4E00\u4E8C\u4E09\u56DB\u3002", "* \u4E00\u4E8C\u4E09\n  \u56DB\u3002\n" },
	{ "not behind an opening", "\u4E00\u4E8C\u4E09\u300C\u56DB\u300D",
	  "* \u4E00\u4E8C\u4E09\n  \u300C\u56DB\u300D\n" },
	{ "a blank beside Han stays", "\u4E00 ab", "* \u4E00 ab\n" },
	{ "a reference stays with its word", "12 345 [1] x", "* 12\n  345 [1]\n  x\n" },
	{ "and its full stop", "1 23 [1]. x", "* 1\n  23 [1].\n  x\n" },
	{ "behind Han", "\u4E00\u4E8C\u4E09 [1]", "* \u4E00\u4E8C\n  \u4E09 [1]\n" },
	{ "a row of references breaks", "ab [1] [2] [3]", "* ab [1]\n  [2] [3]\n" },
	{ "no reference", "1234 [ab] [1", "* 1234\n  [ab] [1\n" },
	{ "the lightest tint stays", FOUR "\U0001F3FB", "* " FOUR "\U0001F3FB\n" },
	{ "and the darkest", FOUR "\U0001F3FF", "* " FOUR "\U0001F3FF\n" },
	{ "what stands beside the tints does not", FOUR "\U0001F3FA", "* " FOUR "\n  \U0001F3FA\n" },
	{ "nor behind them", FOUR "\U0001F400", "* " FOUR "\n  \U0001F400\n" },
	{ "what is joined stays", FOUR "\u200D\U0001F469", "* " FOUR "\u200D\U0001F469\n" },
	{ "no-break blank", "1234\u00A05678 9", "* 1234\u00A05678\n  9\n" },
};
/* clang-format on */

static void
text_is_filled(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wraps); i++) {
		struct buf b = BUF_INIT(1000);

		wrap_text(&b, wraps[i].text, 10, "* ", "  ");
		if (strcmp(buf_text(&b), wraps[i].want) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", wraps[i].name,
			    buf_text(&b), wraps[i].want);
		buf_clear(&b);
	}
}

/* clang-format off */
static const struct { const char *text; size_t want; } words[] = {
	{ "", 0 }, { "one", 1 }, { "Don't stop, it\u2019s 2026!", 4 }, { "rock 'n' roll", 3 },
	{ "na\u00EFve caf\u00E9", 2 }, { "\u2014 \u2026 \u20AC", 0 }, { "\u65E5\u672C\u8A9E", 2 },
	{ "Python\u5165\u9580", 2 }, { "\uD55C\uAD6D\uC5B4 \uBB38\uC7A5", 2 }, { "\U0001F600 ok", 1 },
	{ "\u041F\u0440\u0438\u0432\u0435\u0442, \u043C\u0438\u0440", 2 },
};
/* clang-format on */

static void
words_are_counted(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		size_t got = wrap_count_words(words[i].text, strlen(words[i].text));

		if (got != words[i].want)
			fail_msg("%s: got %zu, want %zu", words[i].text, got,
			    words[i].want);
	}
}

/* Between two letters: what parts them, what joins them, what is a word half by itself. */
/* clang-format off */
static const uint32_t parting[] = {
	0x80, 0xA9, 0xAB, 0xB4, 0xB6, 0xB9, 0xBB, 0xBF, 0xD7, 0xF7, 0x2000, 0x206F, 0x20A0,
	0x20CF, 0x2190, 0x2BFF, 0x3000, 0x3004, 0x3008, 0x3020, 0x3030, 0x30FB, 0xE000,
	0xF8FF, 0xFE10, 0xFE6F, 0xFF01, 0xFF0F, 0xFF1A, 0xFF20, 0xFF3B, 0xFF40, 0xFF5B,
	0xFF65, 0xFFE0, 0xFFFD, 0x1F000, 0x1FFFF, 0x40000, 0x10FFFF };
static const uint32_t joining[] = {
	0xAA, 0xB5, 0xBA, 0xC0, 0xD6, 0xD8, 0xF6, 0xF8, 0x1FFF, 0x2019, 0x2070, 0x209F,
	0x20D0, 0x218F, 0x2C00, 0x2FFF, 0x3005, 0x3007, 0x3021, 0x302F, 0x3031, 0x303F,
	0x3100, 0x33FF, 0xA000, 0xFB00, 0xFE0F, 0xFE70, 0xFF00, 0xFF10, 0xFF19, 0xFF21,
	0xFF3A, 0xFF41, 0xFF5A, 0xFF9E, 0xFFDF, 0x10000, 0x1EFFF };
static const uint32_t half_words[] = {
	0x3040, 0x30FA, 0x30FC, 0x30FF, 0x3400, 0x9FFF, 0xF900, 0xFAFF, 0xFF66, 0xFF9D,
	0x20000, 0x3FFFF };
/* clang-format on */

static void
expect_words(const uint32_t *characters, size_t count, size_t want)
{
	for (size_t i = 0; i < count; i++) {
		struct buf b = BUF_INIT(20);
		size_t got = 0;

		buf_addc(&b, 'a');
		text_encode(&b, characters[i]);
		buf_addc(&b, 'b');
		got = wrap_count_words(buf_text(&b), b.len);
		if (got != want)
			fail_msg("U+%04X: got %zu, want %zu", (unsigned)characters[i],
			    got, want);
		buf_clear(&b);
	}
}

static void
each_block_of_characters_counts_as_it_does(void **state)
{
	(void)state;
	expect_words(parting, ARRAY_LEN(parting), 2);
	expect_words(joining, ARRAY_LEN(joining), 1);
	expect_words(half_words, ARRAY_LEN(half_words), 3);
}

#define A62 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
/* clang-format off */
static const struct { const char *a, *b; size_t want; } distances[] = {
	{ "", "", 0 }, { "abc", "", 3 }, { "kitten", "sitting", 3 }, { "ab", "ba", 1 },
	{ "feed", "feed", 0 }, { "timeout", "tiemout", 1 }, { "ca", "abc", 3 }, { "A", "a", 1 },
	{ "", "abc", 3 }, { "a", "", 1 }, { "abcd", "badc", 2 }, { "abcd", "abdc", 1 },
	{ "abcd", "bcd", 1 }, { "abcd", "abcx", 1 }, { "abcd", "xbcd", 1 }, { "abcd", "dcba", 3 },
	{ "aba", "bab", 2 }, { "abab", "aabb", 1 }, { "axb", "bxa", 2 },
	/* Of a word the first 64 letters are looked at. */
	{ A62 "a", A62 "aa", 1 }, { A62 "aa", A62 "aaa", 0 }, { A62 "aab", A62 "aac", 0 },
	{ A62 "ab", A62 "ac", 1 },
};
#undef A62
/* clang-format on */
static const char *const commands[] = { "fetch", "feed", "preview", "status", "timeout",
	"run" };
/* clang-format off */
static const struct { const char *word, *want; } nearest[] = {
	{ "fetsh", "fetch" }, { "FEED", "feed" }, { "time", "timeout" }, { "stauts", "status" },
	{ "prview", "preview" }, { "rnu", "run" }, { "zebra", NULL }, { "", NULL }, { "x", NULL },
	{ "pre", "preview" }, { "fed", "feed" },
	/* One edit in three letters, two in six; three letters may be a beginning. */
	{ "ran", "run" }, { "rxx", NULL }, { "ru", "run" }, { "fexxh", NULL }, { "stxxus", "status" },
	{ "sxxxus", NULL }, { "fe", NULL }, { "tim", "timeout" }, { "ti", NULL }, { "STA", "status" },
	{ "previewer", "preview" }, { "runn", "run" }, { "runner", NULL },
};
static const struct { const char *word, *candidates[2], *want; } nearer[] = {
	{ "cas", { "cat", "car" }, "cat" },
	{ "abc", { "abcdefg", "abd" }, "abd" },
	{ "abcdef", { "abcxyf", "abcdefghij" }, "abcdefghij" },
	{ "abcdef", { "abcdefghij", "abcxyf" }, "abcdefghij" },
	{ "abcdef", { "abcxyf", "abcdex" }, "abcdex" },
};
/* clang-format on */

static void
what_was_meant_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(distances); i++) {
		size_t got = nearest_distance(distances[i].a, distances[i].b);

		if (got != distances[i].want)
			fail_msg("%s, %s: got %zu", distances[i].a, distances[i].b, got);
	}
	for (size_t i = 0; i < ARRAY_LEN(nearest); i++) {
		const char *got =
		    nearest_word(nearest[i].word, commands, ARRAY_LEN(commands));

		if ((got == NULL) != (nearest[i].want == NULL) ||
		    (got && strcmp(got, nearest[i].want) != 0))
			fail_msg("%s: got %s", nearest[i].word, got ? got : "(none)");
	}
	for (size_t i = 0; i < ARRAY_LEN(nearer); i++)
		assert_string_equal(nearest_word(nearer[i].word, nearer[i].candidates, 2),
		    nearer[i].want);
}

static void
ascii_is_compared_without_locale(void **state)
{
	const char *text = " \t a b \n";
	size_t len = strlen(text);

	(void)state;
	assert_true(ascii_eq_nocase("AbC", "aBc"));
	assert_false(ascii_eq_nocase("abc", "abcd"));
	assert_false(ascii_eq_nocase("\u00C4", "\u00E4"));
	assert_true(ascii_starts_nocase("HTTPS://x", "https:"));
	assert_false(ascii_starts_nocase("ht", "http"));
	assert_true(ascii_starts(guarded("From ", 5), 5, "From "));
	assert_true(ascii_starts(guarded("From a", 6), 6, "From "));
	assert_false(ascii_starts(guarded("From", 4), 4, "From "));
	assert_true(ascii_ends(".db", 3, ".db"));
	assert_true(ascii_ends("a.db", 4, ".db"));
	assert_true(ascii_ends("a.dbx", 4, ".db"));
	assert_false(ascii_ends("a.dbx", 5, ".db"));
	assert_false(ascii_ends("db", 2, ".db"));
	assert_false(ascii_starts(guarded("from a", 6), 6, "From "));
	assert_false(ascii_starts(guarded("From:a", 6), 6, "From "));
	assert_false(ascii_starts(guarded("", 0), 0, "F"));
	assert_true(ascii_starts(guarded("", 0), 0, ""));
	assert_string_equal(ascii_find_nocase("a Planet", "PLAN"), "Planet");
	assert_null(ascii_find_nocase("plan", "planet"));
	ascii_trim(&text, &len);
	assert_int_equal(len, 3);
	assert_memory_equal(text, "a b", 3);
	assert_true(ascii_compare("apple", "Banana") < 0);
	assert_true(ascii_compare("Apple", "apple") < 0);
	assert_true(ascii_compare("b", "A") > 0);
	assert_int_equal(ascii_compare("x", "x"), 0);
	assert_true(ascii_compare("ab", "abc") < 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_counted),
		cmocka_unit_test(text_is_filled),
		cmocka_unit_test(words_are_counted),
		cmocka_unit_test(each_block_of_characters_counts_as_it_does),
		cmocka_unit_test(what_was_meant_is_found),
		cmocka_unit_test(ascii_is_compared_without_locale),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

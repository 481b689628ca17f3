/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/charset.h"
#include "base/text.h"
#include "unit/guarded.h"

#define BYTES(s) (s), sizeof(s) - 1

static void
expect(const char *name, const char *got, const char *want)
{
	if (strcmp(got, want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", name, got, want);
}

static void
expect_size(const char *name, size_t got, size_t want)
{
	if (got != want)
		fail_msg("%s: got %zu, want %zu", name, got, want);
}

static const struct {
	const char *name, *text;
	size_t len;
	bool well;
	const char *clean; /* of text_add_clean */
} utf8_cases[] = {
	/* clang-format off */
	{ "empty", BYTES(""), true, "" },
	{ "ascii", BYTES("plain text, more than eight"), true, "plain text, more than eight" },
	{ "two bytes, lowest", BYTES("\xC2\xA0"), true, "\xC2\xA0" },
	{ "two bytes, highest", BYTES("\xDF\xBF"), true, "\xDF\xBF" },
	{ "overlong slash in two", BYTES("\xC0\xAF"), false, "\uFFFD\uFFFD" },
	{ "overlong in two, last", BYTES("\xC1\xBF"), false, "\uFFFD\uFFFD" },
	{ "overlong in three", BYTES("\xE0\x9F\xBF"), false, "\uFFFD\uFFFD\uFFFD" },
	{ "three bytes, lowest", BYTES("\xE0\xA0\x80"), true, "\xE0\xA0\x80" },
	{ "before the surrogates", BYTES("\xED\x9F\xBF"), true, "\xED\x9F\xBF" },
	{ "first surrogate", BYTES("\xED\xA0\x80"), false, "\uFFFD\uFFFD\uFFFD" },
	{ "last surrogate", BYTES("\xED\xBF\xBF"), false, "\uFFFD\uFFFD\uFFFD" },
	{ "after the surrogates", BYTES("\xEE\x80\x80"), true, "\xEE\x80\x80" },
	{ "overlong in four", BYTES("\xF0\x8F\xBF\xBF"), false, "\uFFFD\uFFFD\uFFFD\uFFFD" },
	{ "four bytes, lowest", BYTES("\xF0\x90\x80\x80"), true, "\xF0\x90\x80\x80" },
	{ "U+10FFFF", BYTES("\xF4\x8F\xBF\xBF"), true, "\xF4\x8F\xBF\xBF" },
	{ "U+110000", BYTES("\xF4\x90\x80\x80"), false, "\uFFFD\uFFFD\uFFFD\uFFFD" },
	{ "F5", BYTES("\xF5\x80\x80\x80"), false, "\uFFFD\uFFFD\uFFFD\uFFFD" },
	{ "cut after one of two", BYTES("ab\xC3"), false, "ab\uFFFD" },
	{ "cut after two of three", BYTES("ab\xE2\x82"), false, "ab\uFFFD\uFFFD" },
	{ "lead before a letter", BYTES("\xC3(x)"), false, "\uFFFD(x)" },
	{ "lone continuation", BYTES("12345678\x80" "12345678"), false,
	    "12345678\uFFFD12345678" },
	{ "FF among eight", BYTES("123\xFF" "5678"), false, "123\uFFFD5678" },
	{ "NUL", BYTES("a\0b"), false, "ab" },
	{ "NUL among eight", BYTES("1234567\0" "9"), false, "12345679" },
	{ "controls", BYTES("a\x01\x02\x1B[31mb\x7F"), true, "a[31mb" },
	{ "DEL among eight", BYTES("123\x7F" "5678"), true, "1235678" },
	{ "C1 controls", BYTES("a\xC2\x80\xC2\x9F" "b"), true, "ab" },
	{ "tab and newline stay", BYTES("a\tb\nc"), true, "a\tb\nc" },
	{ "CRLF", BYTES("a\r\nb\r\n"), true, "a\nb\n" },
	{ "lone CR ends a line", BYTES("a\rb\r"), true, "a\nb\n" },
	{ "bidi overrides", BYTES("a\u202Ab\u202Ec\u202D"), true, "abc" },
	{ "bidi isolates stay", BYTES("\u2067a\u2069"), true, "\u2067a\u2069" },
	{ "U+FFFE, U+FFFF", BYTES("a\xEF\xBF\xBE\xEF\xBF\xBF"), true, "a" },
	{ "U+FFFD is a character", BYTES("a\uFFFD"), true, "a\uFFFD" },
};
/* clang-format on */

static void
utf8_is_checked_and_cleaned(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(utf8_cases); i++) {
		struct buf b = BUF_INIT(1000);

		if (text_is_utf8(guarded(utf8_cases[i].text, utf8_cases[i].len),
			utf8_cases[i].len) != utf8_cases[i].well)
			fail_msg("%s: well-formed is %d", utf8_cases[i].name,
			    !utf8_cases[i].well);
		text_add_clean(&b, guarded(utf8_cases[i].text, utf8_cases[i].len),
		    utf8_cases[i].len);
		expect(utf8_cases[i].name, buf_text(&b), utf8_cases[i].clean);
		if (text_is_clean(guarded(utf8_cases[i].text, utf8_cases[i].len),
			utf8_cases[i].len) !=
		    (utf8_cases[i].len == strlen(utf8_cases[i].clean) &&
			memcmp(utf8_cases[i].text, utf8_cases[i].clean,
			    utf8_cases[i].len) == 0))
			fail_msg("%s: whether it is clean", utf8_cases[i].name);
		buf_clear(&b);
	}
}

static void
every_scalar_value_survives(void **state)
{
	struct buf b = BUF_INIT(8);

	(void)state;
	for (uint32_t c = 1; c <= 0x110000; c++) {
		bool scalar = c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
		uint32_t back = 0;

		buf_reset(&b);
		text_encode(&b, c);
		if (text_decode(b.data, b.len, &back) != b.len ||
		    back != (scalar ? c : 0xFFFD) || !text_is_utf8(b.data, b.len))
			fail_msg("U+%04X: came back as U+%04X", (unsigned)c,
			    (unsigned)back);
	}
	buf_clear(&b);
}

/* clang-format off */
static const struct { const char *name, *text; size_t len; const char *want; } line_cases[] = {
	{ "trimmed and folded", BYTES("  a \t\n b\r\n\r\nc  "), "a b c" },
	{ "nothing", BYTES(" \n\t "), "" },
	{ "controls join", BYTES("a\x01" "b"), "ab" },
	{ "each end of a line", BYTES("a\rb\vc\fd\ne\tf"), "a b c d e f" },
	{ "what stands beside them", BYTES("a\x08" "b\x0E" "c\x1F" "d"), "abcd" },
	{ "separators and beside them", BYTES("a\u2027b\u2028c\u2029d"), "a\u2027b c d" },
	{ "line separators", BYTES("a\u2028\u2029b"), "a b" },
	{ "no-break blank stays inside", BYTES("\u00A0Quoi\u00A0?\u00A0"), "Quoi\u00A0?" },
	{ "byte order mark goes", BYTES("\uFEFFTitle"), "Title" },
	{ "ideographic blank", BYTES("\u3000\u4E00\u3000\u4E8C\u3000 "), "\u4E00\u3000\u4E8C" },
	{ "ill-formed", BYTES("\xFF\xFE\xFD"), "\uFFFD\uFFFD\uFFFD" },
	{ "header injection", BYTES("Hi\r\nBcc: x@example.org"), "Hi Bcc: x@example.org" },
	{ "blank then margin", BYTES("a \u00A0"), "a" },
	{ "a line already", BYTES("two words."), "two words." },
	{ "one with an end", BYTES(" 2.0.0 Ok: queued as 4F2\n"), "2.0.0 Ok: queued as 4F2" },
	{ "two blanks inside", BYTES("a  b"), "a b" },
	{ "a control inside", BYTES("a\x7F" "b c"), "ab c" },
};
/* clang-format on */

static void
a_title_becomes_one_line(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(line_cases); i++)
		expect(line_cases[i].name,
		    text_one_line(a, guarded(line_cases[i].text, line_cases[i].len),
			line_cases[i].len),
		    line_cases[i].want);
	arena_free(a);
}

static const struct {
	const char *charset, *bytes;
	size_t len;
	const char *want;
	size_t bad;
} charset_cases[] = {
	/* clang-format off */
	{ "utf-8", BYTES("\xEF\xBB\xBFgr\xC3\xBC\xC3\x9F"), "gr\u00FC\u00DF", 0 },
	{ "UTF8", BYTES("a\xE9z"), "a\uFFFDz", 1 },
	{ "latin1", BYTES("\x93q\x94 \xE9 \x80"), "\u201Cq\u201D \u00E9 \u20AC", 0 },
	{ "ISO-8859-1", BYTES("caf\xE9"), "caf\u00E9", 0 },
	{ "us-ascii", BYTES("it\x92s"), "it\u2019s", 0 },
	{ "windows-1252", BYTES("a\x81z"), "a\uFFFDz", 1 },
	{ "iso-8859-15", BYTES("\xA4"), "\u20AC", 0 },
	{ "ISO8859_2", BYTES("\xB9\xE8"), "\u0161\u010D", 0 },
	{ "windows-1251", BYTES("\xCF\xF0\xE8"), "\u041F\u0440\u0438", 0 },
	{ "koi8-r", BYTES("\xF0\xD2\xC9"), "\u041F\u0440\u0438", 0 },
	{ "koi8-u", BYTES("\xA4"), "\u0454", 0 },
	{ "cp866", BYTES("\x8F\xE0\xA8"), "\u041F\u0440\u0438", 0 },
	{ "macintosh", BYTES("\x8E"), "\u00E9", 0 },
	{ "iso-8859-9", BYTES("\xFD\x80"), "\u0131\u20AC", 0 },
	{ "tis-620", BYTES("\xA1"), "\u0E01", 0 },
	{ "Shift_JIS", BYTES("\x93\xFA\x96\x7B\x87\x40"), "\u65E5\u672C\u2460", 0 },
	{ "shift_jis", BYTES("\x93\xFA\xFF" "a"), "\u65E5\uFFFDa", 1 },
	{ "euc-jp", BYTES("\xC6\xFC\xCB\xDC"), "\u65E5\u672C", 0 },
	{ "iso-2022-jp", BYTES("\x1B$BF|K\\\x1B(B!"), "\u65E5\u672C!", 0 },
	{ "gb2312", BYTES("\xD6\xD0\xCE\xC4"), "\u4E2D\u6587", 0 },
	{ "gbk", BYTES("\x81\x40"), "\u4E02", 0 },
	{ "gb18030", BYTES("\x94\x39\xDA\x33"), "\U0001F4A9", 0 },
	{ "big5", BYTES("\xA4\xA4\xA4\xE5"), "\u4E2D\u6587", 0 },
	{ "euc-kr", BYTES("\xC7\xD1"), "\uD55C", 0 },
	{ "ks_c_5601-1987", BYTES("\x81\x41"), "\uAC02", 0 },
	{ "utf-16", BYTES("\xFE\xFF\x00h\x00i"), "hi", 0 },
	{ "utf-16", BYTES("\xFF\xFEh\x00i\x00"), "hi", 0 },
	{ "utf-16", BYTES("\x00<\x00r"), "<r", 0 },
	{ "utf-16", BYTES("<\x00r\x00"), "<r", 0 },
	{ "utf-16le", BYTES("\x00N\x8CN"), "\u4E00\u4E8C", 0 },
	{ "utf-16le", BYTES("\x00\xD8" "a\x00"), "\uFFFDa", 1 },
	{ "utf-16be", BYTES("\xD8\x3D\xDC\xA9"), "\U0001F4A9", 0 },
	{ "utf-16be", BYTES("\x00" "a\x00"), "a\uFFFD", 1 },
	{ "utf-32", BYTES("\xFF\xFE\x00\x00h\x00\x00\x00"), "h", 0 },
	{ "utf-32be", BYTES("\x00\x01\xF4\xA9\x00\x11\x00\x00"), "\U0001F4A9\uFFFD", 1 },
	{ "big5", BYTES("\xA4"), "\uFFFD", 1 },
	/* A mark alone, and one in front of what has no zeros; it wins over the label. */
	{ "utf-8", BYTES("\xEF\xBB\xBF"), "", 0 },
	{ "utf-8", BYTES("\xEF\xBB"), "\uFFFD\uFFFD", 2 },
	{ "utf-16", BYTES("\xFE\xFF"), "", 0 },
	{ "utf-16", BYTES("\xFE\xFF\x4E\x00"), "\u4E00", 0 },
	{ "utf-16be", BYTES("\xFF\xFE"), "", 0 },
	{ "utf-16be", BYTES("\xFF\xFE\x00N"), "\u4E00", 0 },
	{ "utf-32", BYTES("\x00\x00\xFE\xFF\x00\x00\x00h"), "h", 0 },
	{ "utf-32be", BYTES("\xFF\xFE\x00\x00"), "", 0 },
	{ "utf-32be", BYTES("\xFF\xFE\x00\x00h\x00\x00\x00"), "h", 0 },
	{ "gb18030", BYTES("\x84\x31\x95\x33" "a"), "a", 0 },
	/* Zeros on one side of two characters, not of one and a half nor of one of two. */
	{ "utf-16", BYTES("\x00<\x00"), "\u3C00\uFFFD", 1 },
	{ "utf-16", BYTES("\x00<N\x00"), "\u3C00N", 0 },
	{ "utf-16", BYTES("<\x00\x00N"), "<\u4E00", 0 },
};
/* clang-format on */

static void
charsets_are_transcoded(void **state)
{
	struct buf b = BUF_INIT(1000);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(charset_cases); i++) {
		size_t bad = 99;
		const char *name = charset_cases[i].charset;

		buf_reset(&b);
		buf_adds(&b, "x=");
		if (!charset_to_utf8(&b, name,
			guarded(charset_cases[i].bytes, charset_cases[i].len),
			charset_cases[i].len, &bad))
			fail_msg("%s: not known", name);
		expect(name, buf_text(&b) + 2, charset_cases[i].want);
		expect_size(name, bad, charset_cases[i].bad);
	}
	assert_false(charset_to_utf8(&b, "klingon", "a", 1, NULL));
	assert_false(charset_to_utf8(&b, "", "a", 1, NULL));
	buf_clear(&b);
}

static void
a_long_text_is_transcoded_in_pieces(void **state)
{
	struct buf in = BUF_INIT(200000);
	struct buf out = BUF_INIT(1000000);
	struct buf small = BUF_INIT(1000);

	(void)state;
	for (int i = 0; i < 50000; i++)
		buf_add(&in, "\x93\xFA", 2);
	assert_true(charset_to_utf8(&out, "sjis", in.data, in.len, NULL));
	expect_size("bytes", out.len, 150000);
	assert_memory_equal(out.data + 149997, "\u65E5", 3);
	/* A ceiling ends it, and is noticed. */
	assert_true(charset_to_utf8(&small, "sjis", in.data, in.len, NULL));
	assert_true(buf_is_full(&small));
	buf_clear(&in);
	buf_clear(&out);
	buf_clear(&small);
}

/* clang-format off */
static const char *const labels[][2] = {
	{ "utf-8", "UTF-8" }, { "UTF_8", "UTF-8" }, { "latin1", "windows-1252" },
	{ " iso-8859-1 ", "windows-1252" }, { "ISO_8859-1:1987", "windows-1252" },
	{ "ISO-8859-8-I", "ISO-8859-8-I" }, { "ISO-8859-8", "ISO-8859-8" },
	{ "iso-8859-9", "windows-1254" }, { "iso-8859-11", "windows-874" },
	{ "gb2312", "GBK" }, { "GB18030", "gb18030" }, { "KS_C_5601-1987", "EUC-KR" },
	{ "x-sjis", "Shift_JIS" }, { "windows-31j", "Shift_JIS" }, { "unicode", "UTF-16LE" },
	{ "utf-16be", "UTF-16BE" }, { "8859-1", NULL }, { "x", NULL }, { "", NULL },
	{ "a-very-long-label-that-nobody-has-ever-heard-of-in-any-feed", NULL },
	/* Letters and digits count, what stands beside them in ASCII does not. */
	{ "utf-8z", NULL }, { "autf-8", NULL }, { "utf-80", NULL }, { "utf-89", NULL },
	{ "utf`8", "UTF-8" }, { "utf{8", "UTF-8" }, { "utf/8", "UTF-8" }, { "utf:8", "UTF-8" },
	{ "l1", "windows-1252" }, { "-", NULL }, { "1", NULL },
	{ "iso-8859-6", "ISO-8859-6" }, { "csiso58gb231280", "GBK" },
	/* 36 to 39 letters: as long as there is room for, and longer. */
	{ "abcdefghijklmnopqrstuvwxyz0123456789", NULL },
	{ "abcdefghijklmnopqrstuvwxyz0123456789a", NULL },
	{ "abcdefghijklmnopqrstuvwxyz0123456789ab", NULL },
	{ "abcdefghijklmnopqrstuvwxyz0123456789abc", NULL },
};
/* clang-format on */

static void
labels_are_known_by_many_spellings(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
		const char *got = charset_name(labels[i][0]);

		expect(labels[i][0], got ? got : "(none)",
		    labels[i][1] ? labels[i][1] : "(none)");
	}
	assert_null(charset_name(NULL));
}

/* ---- what a terminal is given ---- */

static const struct {
	const char *name, *text, *shown, *kept;
} shown_cases[] = {
	/* clang-format off */
	{ "plain", "Ann, 3 May", "Ann, 3 May", "Ann, 3 May" },
	{ "letters of all kinds", "\xC3\xA9 \xE4\xB8\xAD \xF0\x9F\x8E\x89",
	    "\xC3\xA9 \xE4\xB8\xAD \xF0\x9F\x8E\x89", "\xC3\xA9 \xE4\xB8\xAD \xF0\x9F\x8E\x89" },
	{ "a title for the window", "a\x1B]0;x\x07" "b", "a\\x1b]0;x\\x07b", "a]0;xb" },
	{ "a line of its own", "form\nstate removed\r\n", "form state removed  ",
	    "form state removed" },
	{ "C1 as UTF-8", "a\xC2\x9B" "2Jb", "a\\xc2\\x9b2Jb", "a2Jb" },
	{ "C1 as a byte", "a\x9B" "2J", "a\\x9b2J", "a\xEF\xBF\xBD" "2J" },
	{ "text turned round", "a\xE2\x80\xAE" "b", "a\\xe2\\x80\\xaeb", "ab" },
	{ "isolates and marks", "\xE2\x81\xA6" "a\xE2\x80\x8F", "\\xe2\\x81\\xa6a\\xe2\\x80\\x8f", "a" },
	{ "zero width", "a\xE2\x80\x8B" "b\xEF\xBB\xBF", "a\\xe2\\x80\\x8bb\\xef\\xbb\\xbf", "ab" },
	{ "nothing", "", "", "" },
	/* clang-format on */
};

/* Ranges of hidden characters; those beside them are seen. */
static const struct {
	uint32_t first, last;
} hidden_ranges[] = {
	/* clang-format off */
	{ 0, 0x1F }, { 0x7F, 0x9F }, { 0xAD, 0xAD }, { 0x34F, 0x34F }, { 0x61C, 0x61C }, { 0x115F, 0x1160 },
	{ 0x17B4, 0x17B5 }, { 0x180B, 0x180F }, { 0x200B, 0x200F }, { 0x2028, 0x202E }, { 0x2060, 0x206F },
	{ 0x3164, 0x3164 }, { 0xFEFF, 0xFEFF }, { 0xFFA0, 0xFFA0 }, { 0xFFF0, 0xFFFB }, { 0xFFFE, 0xFFFF },
	{ 0x1BCA0, 0x1BCA3 }, { 0x1D173, 0x1D17A }, { 0x1FFFE, 0x1FFFF }, { 0xDFFFE, 0xE0FFF },
	{ 0xEFFFE, 0xEFFFF }, { 0x10FFFE, 0x10FFFF },
	/* clang-format on */
};

static void
what_is_hidden_is_told_to_the_character(void **state)
{
	uint32_t c = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hidden_ranges); i++) {
		const uint32_t first = hidden_ranges[i].first;
		const uint32_t last = hidden_ranges[i].last;

		if (!text_is_hidden(first) || !text_is_hidden(last) ||
		    (first > 0 && text_is_hidden(first - 1)) || text_is_hidden(last + 1))
			fail_msg("U+%04X to U+%04X", (unsigned)first, (unsigned)last);
	}
	assert_int_equal(text_hidden_length(guarded("", 0), 0), 0);
	assert_int_equal(text_hidden_length(guarded("a", 1), 1), 0);
	assert_int_equal(text_hidden_length(guarded("\n", 1), 1), 1);
	assert_int_equal(text_hidden_length(guarded("\xC2\xAD", 2), 2), 2);
	assert_int_equal(text_hidden_length(guarded("\xEF\xBF\xBE", 3), 3), 3);
	/* A byte that is none of a character; the character that stands for such is seen. */
	assert_int_equal(text_hidden_length(guarded("\xC2", 1), 1), 1);
	assert_int_equal(text_hidden_length(guarded("\xEF\xBF\xBD", 3), 3), 0);
	assert_int_equal(text_decode(guarded("", 0), 0, &c), 0);
	assert_int_equal(c, 0xFFFD);
}

static void
strangers_words_cannot_act_on_a_terminal(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shown_cases); i++) {
		struct arena *a = arena_new();
		const char *shown = text_shown(a, shown_cases[i].text);
		const char *kept = text_visible_line(a, shown_cases[i].text);

		if (strcmp(shown, shown_cases[i].shown) != 0)
			fail_msg("%s: shown as '%s'", shown_cases[i].name, shown);
		if (strcmp(kept, shown_cases[i].kept) != 0)
			fail_msg("%s: kept as '%s'", shown_cases[i].name, kept);
		arena_free(a);
	}
}

/* clang-format off */
static const char *const logins[][2] = {
	{ "https://me:pw@a.example/x", "https://a.example/x" },
	{ "feed http://me:p@w@a.example: no; ftp://u@b/ too", "feed http://a.example: no; ftp://b/ too" },
	{ "a HTTPS://me:pw@a.example", "a HTTPS://a.example" },
	{ "http:/me:pw@a.example/", "http:/a.example/" },
	{ "http:\\\\me:pw@a.example/", "http:\\\\a.example/" },
	{ "http://a@file://b:c@d/", "http://file://b:c@d/" },
	{ "https://a.example/@ann x@y.example", "https://a.example/@ann x@y.example" },
	{ "https://a.example?q=x@y", "https://a.example?q=x@y" },
	{ "file:///srv/x@y/feed.xml", "file:///srv/x@y/feed.xml" },
	{ "a https://h/ and file://x@y/", "a https://h/ and file://x@y/" },
	{ "mailto:a@example.org", "mailto:a@example.org" },
	{ "socks5h://me:pw@127.0.0.1:1080", "socks5h://127.0.0.1:1080" },
	{ "x://", "x://" }, { "://a@b", "://a@b" }, { "", "" }, { "nothing", "nothing" },
};
/* clang-format on */

static void
passwords_in_addresses_are_not_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(logins); i++) {
		char text[256];

		(void)snprintf(text, sizeof(text), "%s", logins[i][0]);
		text_drop_logins(text);
		expect(logins[i][0], text, logins[i][1]);
	}
}

static void
a_number_becomes_digits(void **state)
{
	char digits[TEXT_NUMBER];

	(void)state;
	expect("nothing", text_number(0, digits), "0");
	expect("some", text_number(17250, digits), "17250");
	expect("the largest", text_number(UINT64_MAX, digits), "18446744073709551615");
}

static void
a_list_is_read_word_by_word(void **state)
{
	static const struct {
		const char *list, *separators, *words[4];
	} cases[] = {
		{ "", " ", { NULL } },
		{ " ,\n", " ,\n", { NULL } },
		{ "one", " ", { "one", NULL } },
		{ " one\t\ttwo ", " \t", { "one", "two", NULL } },
		{ "/a b\n/c\n", "\n", { "/a b", "/c", NULL } },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *at = cases[i].list;
		size_t n = 0;

		for (; cases[i].words[n]; n++)
			expect(cases[i].list, text_next_word(a, &at, cases[i].separators),
			    cases[i].words[n]);
		assert_null(text_next_word(a, &at, cases[i].separators));
		assert_null(text_next_word(a, &at, cases[i].separators));
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_hidden_is_told_to_the_character),
		cmocka_unit_test(strangers_words_cannot_act_on_a_terminal),
		cmocka_unit_test(utf8_is_checked_and_cleaned),
		cmocka_unit_test(every_scalar_value_survives),
		cmocka_unit_test(a_title_becomes_one_line),
		cmocka_unit_test(a_number_becomes_digits),
		cmocka_unit_test(a_list_is_read_word_by_word),
		cmocka_unit_test(charsets_are_transcoded),
		cmocka_unit_test(a_long_text_is_transcoded_in_pieces),
		cmocka_unit_test(passwords_in_addresses_are_not_told),
		cmocka_unit_test(labels_are_known_by_many_spellings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

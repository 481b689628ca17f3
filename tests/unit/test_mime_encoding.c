/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/hash.h"
#include "format/mime_encoding.h"
#include "format/mime_words.h"
#include "base/text.h"
#include "unit/guarded.h"

#define BYTES(s) (s), sizeof(s) - 1
#define TEN "0123456789"
#define E10 "\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9"
#define SEVENTY TEN TEN TEN TEN TEN TEN TEN

static void
expect(const char *name, const char *got, const char *want)
{
	if (strcmp(got, want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", name, got, want);
}

/* clang-format off */
static const struct { const char *name, *text; size_t len; const char *want; } qp_cases[] = {
	{ "nothing", BYTES(""), "" },
	{ "plain", BYTES("Hello, world! \"#$@[\\]^{|}~"), "Hello, world! \"#$@[\\]^{|}~" },
	{ "LF", BYTES("a\nb\n"), "a\r\nb\r\n" },
	{ "CRLF", BYTES("a\r\nb\r\n"), "a\r\nb\r\n" },
	{ "lone CR", BYTES("a\rb"), "a=0Db" },
	{ "equals", BYTES("a=b"), "a=3Db" },
	{ "UTF-8", BYTES("gr\u00FC\u00DF"), "gr=C3=BC=C3=9F" },
	{ "ill-formed", BYTES("a\xFFz"), "a=FFz" },
	{ "NUL and DEL", BYTES("\0\x7F"), "=00=7F" },
	{ "blank at a line's end", BYTES("a \nb\t\nc "), "a=20\r\nb=09\r\nc=20" },
	{ "two blanks at a line's end", BYTES("a  \r\n"), "a =20\r\n" },
	{ "a line of one blank", BYTES(" \n"), "=20\r\n" },
	{ "From at a line's start", BYTES("From me\nFrom: x\n From y\nFrom\n"),
	    "=46rom me\r\nFrom: x\r\n From y\r\nFrom\r\n" },
	{ "From and its blank alone", BYTES("From "), "=46rom=20" },
	{ "quoted From", BYTES(">>From me\n> From\n"), "=3E>From me\r\n> From\r\n" },
	{ "dots", BYTES(".\n..\na.\n.x"), "=2E\r\n=2E.\r\na.\r\n=2Ex" },
	{ "76 columns fit", BYTES(SEVENTY "123456\n"), SEVENTY "123456\r\n" },
	{ "76 columns fit at the end", BYTES(SEVENTY "123456"), SEVENTY "123456" },
	{ "77 do not", BYTES(SEVENTY "1234567\n"), SEVENTY "12345=\r\n67\r\n" },
	{ "escape at 74", BYTES(SEVENTY "123=\n"), SEVENTY "123=3D\r\n" },
	{ "escape at 75", BYTES(SEVENTY "1234=\n"), SEVENTY "1234=\r\n=3D\r\n" },
	{ "escape and one more", BYTES(SEVENTY "12=x\n"), SEVENTY "12=3Dx\r\n" },
	{ "escape and two more", BYTES(SEVENTY "12=xy\n"), SEVENTY "12=3D=\r\nxy\r\n" },
	{ "escape before more", BYTES(SEVENTY "123=x"), SEVENTY "123=\r\n=3Dx" },
	{ "blank at column 76", BYTES(SEVENTY "12345 \nx"), SEVENTY "12345=\r\n=20\r\nx" },
	{ "character not cut", BYTES(SEVENTY "\u20ACx"), SEVENTY "=\r\n=E2=82=ACx" },
	{ "dot after a soft break", BYTES(SEVENTY "12345..x"), SEVENTY "12345=\r\n=2E.x" },
	{ "From after a soft break", BYTES(SEVENTY "12345From me"),
	    SEVENTY "12345=\r\n=46rom me" },
};
/* clang-format on */

static void
quoted_printable_changes_only_what_it_must(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(qp_cases); i++) {
		struct buf b = BUF_INIT(1000);

		mime_quoted_printable(&b, guarded(qp_cases[i].text, qp_cases[i].len),
		    qp_cases[i].len);
		expect(qp_cases[i].name, buf_text(&b), qp_cases[i].want);
		buf_clear(&b);
	}
}

/* Lines of an encoding, each judged by itself. */
static void
check_lines(const char *text, size_t max)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\r\n");

		if (len > max)
			fail_msg("line of %zu columns: %.*s", len, (int)len, text);
		if (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t') &&
		    text[len] != '\0')
			fail_msg("blank at the end: %.*s", (int)len, text);
		text += len;
		if (*text == '\0')
			break;
		assert_memory_equal(text, "\r\n", 2);
		text += 2;
	}
}

static void
any_bytes_come_back_through_both_encodings(void **state)
{
	struct random_source r;

	(void)state;
	random_seeded(&r, "quoted");
	for (size_t round = 0; round < 300; round++) {
		static const char letters[] =
		    "ab =.F>rom \tx\xC3\xBC\xE2\x82\xAC\xFF\x01";
		unsigned char in[700];
		size_t len = 1 + round * 2;
		struct buf once = BUF_INIT(10000);
		struct buf back = BUF_INIT(10000);

		random_fill(&r, in, len);
		for (size_t i = 0; round % 2 == 0 && i < len; i++)
			in[i] = (unsigned char)letters[in[i] % (sizeof(letters) - 1)];
		/* A line end is the one thing that is written in another form. */
		for (size_t i = 0; i < len; i++)
			in[i] = in[i] == '\n' ? '-' : in[i];
		mime_quoted_printable(&once, (const char *)in, len);
		check_lines(buf_text(&once), 76);
		assert_true(
		    mime_quoted_printable_decode(&back, buf_text(&once), once.len));
		assert_int_equal(back.len, len);
		assert_memory_equal(back.data, in, len);
		buf_reset(&once);
		buf_reset(&back);
		mime_base64(&once, in, len, true);
		check_lines(buf_text(&once), 76);
		assert_true(mime_base64_decode(&back, buf_text(&once), once.len));
		assert_int_equal(back.len, len);
		assert_memory_equal(back.data, in, len);
		buf_clear(&once);
		buf_clear(&back);
	}
}

/* clang-format off */
static const struct { const char *text, *want; bool ok; } qp_reads[] = {
	{ "a=3Db=3db", "a=b=b", true }, { "a=\r\nb", "ab", true }, { "a=\nb", "ab", true },
	{ "a= \t\r\nb", "ab", true }, { "a  \r\nb \n", "a\r\nb\n", true }, { "a ", "a", true },
	{ "a b", "a b", true }, { "a=", "a", true }, { "a=zzb", "a=zzb", false },
	{ "a=4", "a=4", false }, { "=41", "A", true }, { "=4zb", "=4zb", false },
	{ "=z4b", "=z4b", false }, { "=0A=A0=fF", "\n\xA0\xFF", true }, { "a= \t", "a", true },
	{ "a=\rb", "a=\rb", false }, { "a=\r\n", "a", true }, { "a= b", "a= b", false },
	{ "a= =41", "a= A", false }, { " \t\r\n \n", "\r\n\n", true }, { "a\t\rb", "a\t\rb", true },
	{ "50% = half", "50% = half", false }, { "", "", true },
};
/* clang-format on */

static void
quoted_printable_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(qp_reads); i++) {
		struct buf b = BUF_INIT(1000);
		bool ok = mime_quoted_printable_decode(&b, qp_reads[i].text,
		    strlen(qp_reads[i].text));

		expect(qp_reads[i].text, buf_text(&b), qp_reads[i].want);
		if (ok != qp_reads[i].ok)
			fail_msg("%s: got %d", qp_reads[i].text, ok);
		buf_clear(&b);
	}
}

/* clang-format off */
static const struct { const char *text, *want; } values[] = {
	{ "", "" }, { "abc", "abc" }, { ".a.", "=2Ea." }, { "From F", "=46rom F" }, { "aF.", "aF." },
	{ "a b", "a b" }, { " a", " a" }, { "a ", "a=20" }, { "a  ", "a =20" },
	{ "a\tb\x01" "c\x7F" "d", "a b c d" }, { "a\n", "a=20" }, { "a=b!~", "a=3Db!~" },
	{ "\u00fc", "=C3=BC" },
	/* 75 columns, so that a soft line break may follow. */
	{ SEVENTY "12345", SEVENTY "12345" },
	{ SEVENTY "123456", SEVENTY "12345=\r\n6" },
	{ SEVENTY "12345.", SEVENTY "12345=\r\n=2E" },
	{ SEVENTY "12345F", SEVENTY "12345=\r\n=46" },
	{ SEVENTY "12=", SEVENTY "12=3D" },
	{ SEVENTY "12=x", SEVENTY "12=3D=\r\nx" },
	{ SEVENTY "123=", SEVENTY "123=\r\n=3D" },
	{ SEVENTY "1234 x", SEVENTY "1234 =\r\nx" },
	{ SEVENTY "12345 x", SEVENTY "12345=\r\n x" },
};
/* clang-format on */

static void
a_value_is_quoted_as_part_of_a_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		struct buf b = BUF_INIT(1000);

		mime_quoted_value(&b, values[i].text);
		expect(values[i].text, buf_text(&b), values[i].want);
		buf_clear(&b);
	}
}

/* clang-format off */
static const struct { const char *plain, *coded; } base64_cases[] = {
	/* RFC 4648 10 */
	{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
	{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" },
	/* The first and last digit of each kind. */
	{ "\x01\x96\xB3", "AZaz" }, { "\xD3\xDF\xBF", "09+/" },
};
/* clang-format on */
/* clang-format off */
static const char *const base64_wrong[] = {
	"Z", "Zg", "Zg=", "Zg===", "Zg==Zg==", "=", "====", "Z===", "Zm9v!", "Zm-v", "Zg=a",
	"AAA@", "AAA[", "AAA`", "AAA{", "AAA.", "AAA:", "AAA*", "AAA,", "A\xC1\xC1\xC1",
};
/* clang-format on */

static void
base64_follows_its_standard(void **state)
{
	struct buf b = BUF_INIT(1000);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(base64_cases); i++) {
		buf_reset(&b);
		mime_base64(&b, base64_cases[i].plain, strlen(base64_cases[i].plain),
		    false);
		expect("encoded", buf_text(&b), base64_cases[i].coded);
		buf_reset(&b);
		assert_true(mime_base64_decode(&b, base64_cases[i].coded,
		    strlen(base64_cases[i].coded)));
		expect("decoded", buf_text(&b), base64_cases[i].plain);
	}
	for (size_t i = 0; i < ARRAY_LEN(base64_wrong); i++) {
		buf_reset(&b);
		if (mime_base64_decode(&b, base64_wrong[i], strlen(base64_wrong[i])))
			fail_msg("%s was taken", base64_wrong[i]);
	}
	buf_reset(&b);
	mime_base64(&b, SEVENTY, 57, true);
	assert_int_equal(b.len, 78);
	buf_reset(&b);
	mime_base64(&b, "foob", 4, true);
	expect("a line that is short", buf_text(&b), "Zm9vYg==\r\n");
	buf_reset(&b);
	mime_base64(&b, "", 0, true);
	expect("nothing", buf_text(&b), "");
	buf_reset(&b);
	mime_base64(&b, SEVENTY, 58, true);
	assert_int_equal(b.len, 76 + 2 + 4 + 2);
	buf_reset(&b);
	mime_base64(&b, SEVENTY TEN, 76, true);
	assert_int_equal(b.len, 76 + 2 + 28 + 2);
	buf_reset(&b);
	assert_true(mime_base64_decode(&b, " Zm9v\r\n\tYg = =\n", 15));
	expect("white space", buf_text(&b), "foob");
	buf_clear(&b);
}

/* clang-format off */
static const struct { const char *name, *value, *want; } header_cases[] = {
	{ "Subject", "Hello", "Subject: Hello\r\n" },
	{ "Subject", "", "Subject:\r\n" },
	{ "Subject", "a\r\nBcc: x@example.org\r\n\r\nbody", "Subject: a Bcc: x@example.org body\r\n" },
	{ "Subject", "\n a\tb\x01\x7F" "c  d ", "Subject: a b c d\r\n" },
	{ "X", "a", "X: a\r\n" },
	{ "Subject", "=?utf-8?q?x?=", "Subject: =?UTF-8?B?PT91dGYtOD9xP3g/PQ==?=\r\n" },
	{ "Subject", "Gr\u00FC\u00DFe", "Subject: =?UTF-8?B?R3LDvMOfZQ==?=\r\n" },
	{ "Subject", "The caf\u00E9 is open", "Subject: The =?UTF-8?B?Y2Fmw6k=?= is open\r\n" },
	{ "Subject", "\u00E9l\u00E8ve modeste cherchant \u00E0 apprendre",
	    "Subject: =?UTF-8?Q?=C3=A9l=C3=A8ve_modeste_cherchant_=C3=A0?= apprendre\r\n" },
	{ "Subject", "\u65E5\u672C", "Subject: =?UTF-8?B?5pel5pys?=\r\n" },
	{ "Subject", "one two three four five six seven eight nine ten eleven twelve thirteen",
	    "Subject: one two three four five six seven eight nine ten eleven twelve\r\n"
	    " thirteen\r\n" },
	{ "Subject", "a=b", "Subject: a=b\r\n" },
	{ "Subject", "a=", "Subject: a=\r\n" },
	{ "Subject", "a= ?b =", "Subject: a= ?b =\r\n" },
	{ "Subject", "\x7F\xC2\x80\xC2\x9F" "a\xC2\x80" "b", "Subject: a b\r\n" },
	{ "Subject", "\u00A0", "Subject: =?UTF-8?B?wqA=?=\r\n" },
	/* The last word that fits into 76 columns, and one of a letter more. */
	{ "Subject", "one two three four five six seven eight nine ten eleven twelve thir",
	    "Subject: one two three four five six seven eight nine ten eleven twelve thir\r\n" },
	{ "Subject", "one two three four five six seven eight nine ten eleven twelve thirt",
	    "Subject: one two three four five six seven eight nine ten eleven twelve\r\n thirt\r\n" },
	{ "X", "\u2028a\u2028b", "X: a b\r\n" },
	{ "X", "a\u2029b", "X: a b\r\n" },
	{ "X", "a\u2027b", "X: =?UTF-8?B?YeKAp2I=?=\r\n" },
	{ "X", "a\u202Ab", "X: =?UTF-8?B?YeKAqmI=?=\r\n" },
	{ "X", "a\x1F" "b~", "X: a b~\r\n" },
	/* What needs no escape in Q; where both are as long it is Q. */
	{ "X", "\u00E9!*+-/abcdefghijkl", "X: =?UTF-8?Q?=C3=A9!*+-/abcdefghijkl?=\r\n" },
	{ "X", "\u00E9#$_=.abcdefghijklmnopqrstuvwxyza",
	    "X: =?UTF-8?Q?=C3=A9=23=24=5F=3D=2Eabcdefghijklmnopqrstuvwxyza?=\r\n" },
	{ "X", "\u00E9#$_=.abcdefghijklmnopqrstuvwxyz",
	    "X: =?UTF-8?B?w6kjJF89LmFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6?=\r\n" },
	/* Words of as many whole characters as their lines hold. */
	{ "Subject", E10 E10 E10 E10,
	    "Subject: =?UTF-8?B?w6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6k=?=\r\n"
	    " =?UTF-8?B?w6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOp?=\r\n" },
	/* A plain word before, so that the encoded one has 24 columns, or has not. */
	{ "Subject", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa \u00E9",
	    "Subject: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa =?UTF-8?B?w6k=?=\r\n" },
	{ "Subject", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa \u00E9",
	    "Subject: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n =?UTF-8?B?w6k=?=\r\n" },
	/* And one behind it that ends the line, or begins another. */
	{ "Subject", "\u00E9 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	    "Subject: =?UTF-8?B?w6k=?= aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n" },
	{ "Subject", "\u00E9 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	    "Subject: =?UTF-8?B?w6k=?=\r\n aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n" },
};
/* clang-format on */

static void
header_fields_are_folded_and_encoded(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(header_cases); i++) {
		struct buf b = BUF_INIT(1000);

		mime_header(&b, header_cases[i].name, header_cases[i].value);
		expect(header_cases[i].value, buf_text(&b), header_cases[i].want);
		buf_clear(&b);
	}
}

/* clang-format off */
static const struct { const char *text; size_t column; const char *want; } phrase_cases[] = {
	{ "Planet Python", 6, "Planet Python" },
	{ "J. Doe", 6, "\"J. Doe\"" },
	{ "a \"b\" \\c", 6, "\"a \\\"b\\\" \\\\c\"" },
	{ "x@example.org", 6, "\"x@example.org\"" },
	{ "", 6, "\"\"" },
	{ "J\u00FCrgen (GNU)", 6, "=?UTF-8?B?SsO8cmdlbiAoR05VKQ==?=" },
	{ "=?utf-8?q?x?=", 6, "=?UTF-8?B?PT91dGYtOD9xP3g/PQ==?=" },
	{ "a\r\nTo: b", 6, "\"a To: b\"" },
	{ "eleven twelve", 65, "eleven\r\n twelve" },
	{ "eleven twelve", 63, "eleven twelve" },
	{ "eleven twelve", 64, "eleven\r\n twelve" },
	{ "a b.", 6, "\"a b.\"" },
	{ "!#$%&'*+-/?=^_`{|}~", 6, "!#$%&'*+-/?=^_`{|}~" },
	{ "\u00E9", 52, "=?UTF-8?B?w6k=?=" },
	{ "\u00E9", 53, "\r\n =?UTF-8?B?w6k=?=" },
	{ "\u00E9", 80, "\r\n =?UTF-8?B?w6k=?=" },
};
/* clang-format on */

static void
phrases_are_atoms_strings_or_encoded_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(phrase_cases); i++) {
		struct buf b = BUF_INIT(1000);

		mime_phrase(&b, phrase_cases[i].text, phrase_cases[i].column);
		expect(phrase_cases[i].text, buf_text(&b), phrase_cases[i].want);
		buf_clear(&b);
	}
}

/* RFC 5322 3.2.3: "specials" make a phrase a quoted string. */
static void
specials_are_quoted(void **state)
{
	(void)state;
	for (const char *c = "()<>[]:;@,."; *c; c++) {
		const char text[] = { 'a', *c, 'b', '\0' };
		const char want[] = { '"', 'a', *c, 'b', '"', '\0' };
		struct buf b = BUF_INIT(1000);

		mime_phrase(&b, text, 6);
		expect(text, buf_text(&b), want);
		buf_clear(&b);
	}
}

/* RFC 5322 2.1.1: a line has at most 998 octets, and a word cannot be folded. */
static void
endless_words_are_encoded_words(void **state)
{
	char word[902];

	(void)state;
	memset(word, 'a', sizeof(word));
	for (size_t len = 900; len <= 901; len++) {
		struct buf b = BUF_INIT(5000);

		word[len] = '\0';
		mime_header(&b, "X", word);
		if ((strstr(buf_text(&b), "=?UTF-8?") != NULL) != (len == 901))
			fail_msg("%zu: got %s", len, buf_text(&b));
		word[len] = 'a';
		buf_clear(&b);
	}
}

/* What stands in a field, or a phrase of one, in a buffer of so many bytes; false: it is full. */
static bool
is_written_within(size_t most, bool is_phrase, const char *text, size_t *len)
{
	struct buf b = BUF_INIT(most);
	bool is_whole = false;

	if (is_phrase)
		mime_phrase(&b, text, 6);
	else
		mime_header(&b, "X", text);
	is_whole = !buf_is_full(&b);
	*len = b.len;
	buf_clear(&b);
	return is_whole;
}

/* Half an address or title would be another one. */
static void
a_buffer_that_is_too_small_tells(void **state)
{
	static const char *const texts[] = {
		"a", "plain words of a title", "caf\u00E9 and more", "Doe, John (\"J\")",
		"\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9"
		"\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9"
	};

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LEN(texts); i++) {
		const char *text = texts[i / 2];
		size_t whole = 0;
		size_t len = 0;

		assert_true(is_written_within(5000, i % 2 == 0, text, &whole));
		for (size_t most = 0; most < whole; most++)
			if (is_written_within(most, i % 2 == 0, text, &len))
				fail_msg("%s: within %zu of %zu bytes", text, most,
				    whole);
		assert_true(is_written_within(whole, i % 2 == 0, text, &len));
		assert_int_equal(len, whole);
	}
}

static void
any_title_comes_back_from_its_header(void **state)
{
	static const char *const pieces[] = { "a", "planet", " ", "\u00FC",
		"\u65E5\u672C\u8A9E", "\U0001F4A9", "=?", "?=", "_", "=41", ".", "\"",
		"(", "with", "wonderfully-long-word",
		"https://example.org/a/long/address/that/goes/on/and/on/for/ever" };
	struct random_source r;

	(void)state;
	random_seeded(&r, "titles");
	for (size_t round = 0; round < 1000; round++) {
		struct buf title = BUF_INIT(5000);
		struct buf field = BUF_INIT(20000);
		struct buf back = BUF_INIT(20000);
		struct arena *a = arena_new();
		unsigned char pick[30];

		random_fill(&r, pick, sizeof(pick));
		for (size_t i = 0; i < round % sizeof(pick); i++)
			buf_adds(&title, pieces[pick[i] % ARRAY_LEN(pieces)]);
		mime_header(&field, "Subject", buf_text(&title));
		check_lines(buf_text(&field), 998);
		mime_words_decode(&back, field.data + 8, field.len - 10);
		expect("title", text_one_line(a, buf_text(&back), back.len),
		    text_one_line(a, buf_text(&title), title.len));
		/* An encoded word is at most 75 columns, its line 76. */
		for (char *p = strstr(field.data, "=?UTF-8?"); p;
		     p = strstr(p + 1, "=?UTF-8?")) {
			size_t len = (size_t)(strstr(p + 10, "?=") + 2 - p);

			if (len > 75)
				fail_msg("encoded word of %zu: %.*s", len, (int)len, p);
		}
		arena_free(a);
		buf_clear(&title);
		buf_clear(&field);
		buf_clear(&back);
	}
}

#define LETTERS_21 "abcdefghijklmnopqrstu"
#define LETTERS_63 LETTERS_21 LETTERS_21 LETTERS_21

/* clang-format off */
static const struct { const char *text, *want; } word_reads[] = {
	/* RFC 2047 8 */
	{ "=?ISO-8859-1?Q?a?=", "a" }, { "=?ISO-8859-1?Q?a?= b", "a b" },
	{ "=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab" },
	{ "=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=", "ab" },
	{ "=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=", "ab" },
	{ "=?ISO-8859-1?Q?a_b?=", "a b" }, { "=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", "a b" },
	{ "=?US-ASCII*en?Q?Keith_Moore?=", "Keith Moore" },
	{ "=?iso-8859-1?q?caf=E9_?=x", "caf\u00E9 x" },
	{ "=?utf-8?B?5pel?= =?utf-8?B?5pys?=", "\u65E5\u672C" },
	{ "=?utf-8?Q?=E6=97?= =?utf-8?Q?=A5!?=", "\u65E5!" },
	{ "=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "\u65E5\u672C" },
	{ "=?klingon?Q?a?=", "=?klingon?Q?a?=" }, { "=?utf-8?X?a?=", "=?utf-8?X?a?=" },
	{ "=?utf-8?B?*?= =?utf-8?Q?a?=", "=?utf-8?B?*?= a" },
	{ "=?utf-8?Q?a?= =?utf-8?B?*?=", "a =?utf-8?B?*?=" },
	{ "=?utf-8?Q?a", "=?utf-8?Q?a" }, { "=?=?=?", "=?=?=?" }, { "=?", "=?" }, { "", "" },
	{ "=?utf-8?Q?a=0D=0ABcc:_x?=", "a Bcc: x" }, { "=?utf-8?Q?" "?=", "" },
	{ "folded\r\n line", "folded line" }, { "folded\n\tline", "folded line" }, { "two\nlines", "two lines" },
	{ "=?utf-8?b?YQ==?=", "a" }, { "=?utf-8?Q?a\nb?=", "=?utf-8?Q?a b?=" },
	{ "=?utf-8?Q?a_?= b", "a  b" }, { "=?UTF-8?Q?=C3?= =?utf-8?Q?=A9?=", "\u00E9" },
	{ "x=?utf-8?Q?a?=", "xa" }, { "=?utf-8?Q?a?=.=?utf-8?Q?b?=", "a.b" }, { "=?utf-8*?Q?a?=", "a" },
	{ "=??Q?a?=", "=??Q?a?=" }, { "=?*en?Q?a?=", "=?*en?Q?a?=" },
	{ "=?utf-8?Qx?a?=", "=?utf-8?Qx?a?=" }, { "=?utf-8?Q?a? =", "=?utf-8?Q?a? =" },
	{ "=?" LETTERS_63 "?Q?a?=", "=?" LETTERS_63 "?Q?a?=" },
	{ "=?" LETTERS_63 "x?Q?a?=", "=?" LETTERS_63 "x?Q?a?=" },
	{ "gr\xFC\xDF", "gr\u00FC\u00DF" },
	{ "=?utf-8?Q?a=1B[31m?=", "a[31m" },
};
/* clang-format on */

static void
encoded_words_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(word_reads); i++) {
		struct buf b = BUF_INIT(1000);

		mime_words_decode(&b, word_reads[i].text, strlen(word_reads[i].text));
		expect(word_reads[i].text, buf_text(&b), word_reads[i].want);
		buf_clear(&b);
	}
}

/* Of n times a, then m times b. */
static void
expect_choice(const char *a, size_t n, const char *b, size_t m, bool want)
{
	struct buf text = BUF_INIT(100000);
	struct buf quoted = BUF_INIT(400000);
	struct buf base64 = BUF_INIT(400000);
	struct buf wire = BUF_INIT(200000);
	size_t size = 0;
	size_t shorter = 0;

	for (size_t i = 0; i < n; i++)
		buf_adds(&text, a);
	for (size_t i = 0; i < m; i++)
		buf_adds(&text, b);
	mime_quoted_printable(&quoted, buf_text(&text), text.len);
	/* Line ends are CRLF before they are encoded. */
	for (size_t i = 0; i < text.len; i++)
		buf_adds(&wire,
		    text.data[i] == '\n' ? "\r\n" : (char[]){ text.data[i], '\0' });
	mime_base64(&base64, buf_text(&wire), wire.len, true);
	shorter = quoted.len < base64.len ? quoted.len : base64.len;
	if (mime_prefers_base64(buf_text(&text), text.len, &size) != want ||
	    mime_prefers_base64(buf_text(&text), text.len, NULL) != want ||
	    size != shorter)
		fail_msg("%zu of %s, %zu of %s: size %zu, want %zu", n, a, m, b, size,
		    shorter);
	buf_clear(&text);
	buf_clear(&wire);
	buf_clear(&quoted);
	buf_clear(&base64);
}

static void
the_shorter_encoding_is_chosen(void **state)
{
	(void)state;
	expect_choice("abc def", 1000, "", 0, false);
	expect_choice("\u00e9", 1000, "", 0, true);
	expect_choice("a", 1000, "=", 100, false);
	expect_choice("a", 1000, "=", 150, false);
	expect_choice("a", 1000, "=", 250, true);
	expect_choice("a", 1000, "=", 600, true);
	expect_choice("=", 1, "", 0, false);
	expect_choice("", 0, "", 0, false);
	/* Six bytes and six, nine and six. */
	expect_choice("=", 2, "", 0, false);
	expect_choice("=", 3, "", 0, true);
	expect_choice("\u00e9\u00e9\n", 500, "", 0, true);
	expect_choice("a\n", 500, "", 0, false);
	for (size_t n = 2; n < 130; n++)
		expect_choice("\u00e9", n, "\n", 1, true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shorter_encoding_is_chosen),
		cmocka_unit_test(quoted_printable_changes_only_what_it_must),
		cmocka_unit_test(any_bytes_come_back_through_both_encodings),
		cmocka_unit_test(quoted_printable_is_read),
		cmocka_unit_test(a_value_is_quoted_as_part_of_a_line),
		cmocka_unit_test(base64_follows_its_standard),
		cmocka_unit_test(header_fields_are_folded_and_encoded),
		cmocka_unit_test(phrases_are_atoms_strings_or_encoded_words),
		cmocka_unit_test(specials_are_quoted),
		cmocka_unit_test(endless_words_are_encoded_words),
		cmocka_unit_test(a_buffer_that_is_too_small_tells),
		cmocka_unit_test(any_title_comes_back_from_its_header),
		cmocka_unit_test(encoded_words_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

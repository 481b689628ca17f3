/* SPDX-License-Identifier: ISC */
/* Which encoding bytes are read in, and what is told of it, byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "feed/encoding.h"
#include "feed/encoding_guess.h"
#include "feed/windows_1252.h"
#include "unit/guarded.h"

struct bytes_case {
	const char *bytes;
	size_t len;       /* 0: strlen */
	const char *type; /* the HTTP header, or NULL */
	const char *name, *text;
	const char *declared; /* or NULL */
	size_t bad;
	const char
	    *flags; /* of "guessed", "mixed", "doubled", "c1": their first letters */
};

static const char *
flags_of(struct arena *a, const struct encoding *e)
{
	return arena_printf(a, "%s%s%s%s", e->guessed ? "g" : "", e->mixed ? "m" : "",
	    e->doubled ? "d" : "", e->c1 ? "c" : "");
}

static const char *
told(struct arena *a, const struct bytes_case *c)
{
	const size_t len = c->len ? c->len : strlen(c->bytes);
	struct buf out = BUF_INIT(1 << 16);
	struct encoding e;
	const char *all;

	encoding_decode(a, guarded(c->bytes, len), len, c->type, &out, &e);
	all = arena_printf(a, "%s, said %s, %zu bad, [%s]: %s", e.name,
	    e.declared ? e.declared : "nothing", e.bad, flags_of(a, &e),
	    arena_strndup(a, e.text, e.len));
	buf_clear(&out);
	return all;
}

static void
check(const struct bytes_case *cases, size_t count)
{
	struct arena *a = arena_new();
	int failed = 0;

	for (size_t i = 0; i < count; i++) {
		const struct bytes_case *c = &cases[i];
		const char *got = told(a, c);
		const char *want = arena_printf(a, "%s, said %s, %zu bad, [%s]: %s",
		    c->name, c->declared ? c->declared : "nothing", c->bad,
		    c->flags ? c->flags : "", c->text);

		if (strcmp(got, want) != 0) {
			print_error("%zu: got %s\n  want %s\n", i, got, want);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

#define DECLARED(name) "<?xml version='1.0' encoding='" name "'?>"
#define KOI "\xCF\xCB" /* ок */
#define WIDE(name, text, bytes) \
	{ \
		bytes, sizeof(bytes) - 1, NULL, name, text, NULL, 0, NULL \
	}

/* clang-format off */
static const struct bytes_case claims[] = {
	/* The parameter of the header, however it is written. */
	{ KOI, 0, "text/xml; charset=koi8-r", "KOI8-R", "ок", NULL, 0, NULL },
	{ KOI, 0, "text/xml;CHARSET = \" KOI8-R\"; x=y", "KOI8-R", "ок", NULL, 0, NULL },
	{ KOI, 0, "text/xml; charset='koi8-r'", "KOI8-R", "ок", NULL, 0, NULL },
	{ KOI, 0, "text/xml; charset-x=1; charset=koi8-r;y", "KOI8-R", "ок", NULL, 0, NULL },
	{ KOI, 0, "text/xml; charset=koi8-r x", "KOI8-R", "ок", NULL, 0, NULL },
	{ KOI, 0, "text/xml; charset", "windows-1252", "ÏË", NULL, 0, "g" },
	{ KOI, 0, "text/xml; charset=", "windows-1252", "ÏË", NULL, 0, "g" },
	{ KOI, 0, "text/xml; charset=\"\"", "windows-1252", "ÏË", NULL, 0, "g" },
	{ KOI, 0, "text/xml; charset=x-none", "windows-1252", "ÏË", NULL, 0, "g" },
	/* A label has 64 bytes. */
	{ KOI, 0, "charset=windows-125----------------------------------------------------1",
		"windows-1251", "ПЛ", NULL, 0, NULL },
	{ KOI, 0, "charset=windows-125-----------------------------------------------------1",
		"windows-1252", "ÏË", NULL, 0, "g" },
	/* The declaration, if it ends, and nothing behind it. */
	{ DECLARED("koi8-r") KOI, 0, NULL, "KOI8-R", DECLARED("koi8-r") "ок", NULL, 0, NULL },
	{ "\n" DECLARED("koi8-r") KOI, 0, NULL, "KOI8-R", "\n" DECLARED("koi8-r") "ок", NULL, 0,
		NULL },
	{ "<?xml encoding='koi8-r'" KOI, 0, NULL, "windows-1252", "<?xml encoding='koi8-r'ÏË",
		NULL, 0, "g" },
	{ "<?xml?><a encoding='koi8-r'>" KOI, 0, NULL, "windows-1252",
		"<?xml?><a encoding='koi8-r'>ÏË", NULL, 0, "g" },
	{ "<?xml version='1' encoding=koi8-r?>" KOI, 0, NULL, "KOI8-R",
		"<?xml version='1' encoding=koi8-r?>ок", NULL, 0, NULL },
	/* The header goes first; what was claimed and is not so is told. */
	{ DECLARED("windows-1251") KOI, 0, "charset=koi8-r", "KOI8-R",
		DECLARED("windows-1251") "ок", NULL, 0, NULL },
	{ DECLARED("koi8-r") KOI, 0, "charset=utf-8", "KOI8-R", DECLARED("koi8-r") "ок",
		"utf-8", 0, NULL },
	{ DECLARED("koi8-r") KOI, 0, "charset=x-none", "KOI8-R", DECLARED("koi8-r") "ок",
		NULL, 0, NULL },
	{ "caf\xE9", 0, "charset=utf-8", "windows-1252", "café", "utf-8", 0, "g" },
	{ "café", 0, "charset=utf-8", "UTF-8", "café", NULL, 0, NULL },
	{ "cafe", 0, "charset=latin1", "windows-1252", "cafe", NULL, 0, NULL },
	{ "cafe", 0, NULL, "UTF-8", "cafe", NULL, 0, NULL },
	/* UTF-8 that claims to be something else: one character is enough against windows-1252,
	   two against others. */
	{ "café", 0, "charset=latin1", "UTF-8", "café", "latin1", 0, NULL },
	{ "\xC3\xA9", 0, "charset=koi8-r", "KOI8-R", "ц╘", NULL, 0, NULL },
	{ "éé", 0, "charset=koi8-r", "UTF-8", "éé", "koi8-r", 0, NULL },
	{ "éé\xE9", 0, "charset=koi8-r", "KOI8-R", "ц╘ц╘И", NULL, 0, NULL },
	/* UTF-16 has zeros. */
	{ "xy", 0, "charset=utf-16", "UTF-8", "xy", NULL, 0, NULL },
	{ "x\0y\0", 4, "charset=utf-16", "UTF-16LE", "xy", NULL, 0, NULL },
	{ "x\0", 2, "charset=latin1", "windows-1252", "x", NULL, 0, NULL },
	/* One byte of ISO-8859-7 in twenty that is no character of it is a slip. */
	{ "\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xFF", 0,
		"charset=iso-8859-7", "ISO-8859-7", "αααααααααααααααααααα\uFFFD", NULL, 1, NULL },
	{ "\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xE1\xFF", 0,
		"charset=iso-8859-7", "windows-1252", "áááááááááááááááááááÿ", "iso-8859-7", 1, "g" },
	/* Where it is UTF-8 as well, with a zero, one that does not fit is enough. */
	{ "αααααααααααα\xC2\xAE\0", 27, "charset=iso-8859-7", "UTF-8", "αααααααααααα®", "iso-8859-7", 1,
		NULL },
};

static const struct bytes_case wide[] = {
	WIDE("UTF-8", "é", "\xEF\xBB\xBF\xC3\xA9"),
	WIDE("UTF-8", "", "\xEF\xBB\xBF"),
	WIDE("UTF-16BE", "x", "\xFE\xFF\0x"),
	WIDE("UTF-16LE", "x", "\xFF\xFEx\0"),
	WIDE("UTF-16BE", "", "\xFE\xFF"),
	WIDE("UTF-16LE", "", "\xFF\xFE"),
	WIDE("UTF-32BE", "x", "\0\0\xFE\xFF\0\0\0x"),
	WIDE("UTF-32LE", "x", "\xFF\xFE\0\0x\0\0\0"),
	WIDE("UTF-32BE", "<", "\0\0\0<"),
	WIDE("UTF-32LE", "<", "<\0\0\0"),
	WIDE("UTF-16BE", "<?", "\0<\0?"),
	WIDE("UTF-16LE", "<?", "<\0?\0"),
	WIDE("UTF-16BE", "<r", "\0<\0r"),
	WIDE("UTF-16LE", "<r", "<\0r\0"),
	WIDE("UTF-16BE", "<f", "\0<\0f"),
	WIDE("UTF-16LE", "<f", "<\0f\0"),
	WIDE("UTF-16BE", "{}", "\0{\0}"),
	WIDE("UTF-16LE", "{}", "{\0}\0"),
	WIDE("UTF-16LE", "{", "{\0"),
	/* Too short for a mark. */
	{ "\xEF\xBB", 2, NULL, "windows-1252", "ï»", NULL, 0, "g" },
	{ "<\0?", 3, NULL, "UTF-8", "<?", NULL, 0, NULL },
	{ "<\0?x", 4, NULL, "UTF-8", "<?x", NULL, 0, NULL },
	{ "<\0rx", 4, NULL, "UTF-8", "<rx", NULL, 0, NULL },
	{ "<\0fx", 4, NULL, "UTF-8", "<fx", NULL, 0, NULL },
	{ "<\0\0x", 4, NULL, "UTF-8", "<x", NULL, 0, NULL },
	{ "\0<\0x", 4, NULL, "UTF-8", "<x", NULL, 0, NULL },
	{ "\0\0\0x", 4, NULL, "UTF-8", "x", NULL, 0, NULL },
	{ "\0{x", 3, NULL, "UTF-8", "{x", NULL, 0, NULL },
	{ "{x", 2, NULL, "UTF-8", "{x", NULL, 0, NULL },
	{ "\xFF\xFE\0x", 4, NULL, "UTF-16LE", "\u7800", NULL, 0, NULL },
	{ "\0\0\xFEx", 4, NULL, "windows-1252", "\u00FEx", NULL, 0, "g" },
	{ "\xFEx", 2, NULL, "windows-1252", "\u00FEx", NULL, 0, "g" },
	{ "\xEF\xBBx", 3, NULL, "windows-1252", "\u00EF\u00BBx", NULL, 0, "g" },
	/* Behind a mark of UTF-8 other bytes may follow all the same. */
	{ "\xEF\xBB\xBF" "caf\xE9", 0, NULL, "windows-1252", "café", NULL, 0, "g" },
	{ "\xEF\xBB\xBFéé\x92", 0, NULL, "UTF-8", "éé’", NULL, 0, "m" },
};

static const struct bytes_case slips[] = {
	/* Bytes of windows-1252 among more characters of UTF-8, or not among more. */
	{ "éé\x92", 0, NULL, "UTF-8", "éé’", NULL, 0, "m" },
	{ "é\x92", 0, NULL, "windows-1252", "é’", NULL, 0, "g" },
	{ "\x80\x9F", 0, NULL, "windows-1252", "€Ÿ", NULL, 0, "g" },
	{ "12345678é", 0, NULL, "UTF-8", "12345678é", NULL, 0, NULL },
	{ "é1234567", 0, NULL, "UTF-8", "é1234567", NULL, 0, NULL },
	{ "12345678\xE9", 0, NULL, "windows-1252", "12345678é", NULL, 0, "g" },
	/* Controls that mean windows-1252, and NUL. */
	{ "\xC2\x80\xC2\x9F", 0, NULL, "UTF-8", "€Ÿ", NULL, 0, "c" },
	{ "a\xC2\x92", 0, NULL, "UTF-8", "a’", NULL, 0, "c" },
	{ "\u00A0", 0, NULL, "UTF-8", "\u00A0", NULL, 0, NULL },
	{ "\u00A0\xC2\x81\xC2\x85", 0, NULL, "UTF-8", "\u00A0\xC2\x81…", NULL, 0, "c" },
	{ "a\0b\0", 4, NULL, "UTF-8", "ab", NULL, 0, NULL },
	{ "â\0\xC2\x92", 5, NULL, "UTF-8", "â’", NULL, 0, "c" },
	/* Encoded twice: six characters or more that make three or more. */
	{ "Ã©Ã©Ã©", 0, NULL, "UTF-8", "ééé", NULL, 0, "d" },
	{ "a Ã©bc Ã©12345678Ã©", 0, NULL, "UTF-8", "a ébc é12345678é", NULL, 0, "d" },
	{ "Ã©Ã©", 0, NULL, "UTF-8", "Ã©Ã©", NULL, 0, NULL },
	{ "Ã©â€”", 0, NULL, "UTF-8", "Ã©â€”", NULL, 0, NULL },
	{ "â€”â€”", 0, NULL, "UTF-8", "â€”â€”", NULL, 0, NULL },
	{ "Ã©Ã©â€”", 0, NULL, "UTF-8", "éé—", NULL, 0, "d" },
	{ "Ã©Ã©Ã©Ã", 0, NULL, "UTF-8", "Ã©Ã©Ã©Ã", NULL, 0, NULL },
	{ "Ãx©Ãx©Ãx©", 0, NULL, "UTF-8", "Ãx©Ãx©Ãx©", NULL, 0, NULL },
	{ "Ã12345678©Ã©Ã©", 0, NULL, "UTF-8", "Ã12345678©Ã©Ã©", NULL, 0, NULL },
	{ "Ã©Ã©Ã©дд", 0, NULL, "UTF-8", "Ã©Ã©Ã©дд", NULL, 0, NULL },
	{ "Ã©Ã©Ã©Ãд", 0, NULL, "UTF-8", "Ã©Ã©Ã©Ãд", NULL, 0, NULL },
	{ "Ã©Ã©Ã©©", 0, NULL, "UTF-8", "Ã©Ã©Ã©©", NULL, 0, NULL },
	{ "Â©Â©Â©", 0, NULL, "UTF-8", "©©©", NULL, 0, "d" },
	{ "Á©Á©Á©", 0, NULL, "UTF-8", "Á©Á©Á©", NULL, 0, NULL },
	{ "ß¿ß¿ß¿", 0, NULL, "UTF-8", "\u07FF\u07FF\u07FF", NULL, 0, "d" },
	{ "à¤…à¤…à¤…", 0, NULL, "UTF-8", "अअअ", NULL, 0, "d" },
	{ "ï¼\xC2\x81ï¼\xC2\x81ï¼\xC2\x81", 0, NULL, "UTF-8", "！！！", NULL, 0, "d" },
	{ "ðŸ˜€ðŸ˜€ðŸ˜€", 0, NULL, "UTF-8", "😀😀😀", NULL, 0, "d" },
	{ "ô\xC2\x8F¿½ô\xC2\x8F¿½ô\xC2\x8F¿½", 0, NULL, "UTF-8", "\U0010FFFD\U0010FFFD\U0010FFFD", NULL,
		0, "d" },
	{ "Ã€Ã€Ã¿", 0, NULL, "UTF-8", "ÀÀÿ", NULL, 0, "d" },
	{ "ÃÀÃÀÃÀ", 0, NULL, "UTF-8", "ÃÀÃÀÃÀ", NULL, 0, NULL },
	/* Twice in another encoding as well. */
	{ "\xFE\xFF\0\xC3\0\xA9\0\xC3\0\xA9\0\xC3\0\xA9", 14, NULL, "UTF-16BE", "ééé", NULL, 0, "d" },
};
/* clang-format on */

static void
claims_are_read_and_told_when_they_are_wrong(void **state)
{
	(void)state;
	check(claims, ARRAY_LEN(claims));
}

static void
zeros_and_marks_tell_unicode(void **state)
{
	(void)state;
	check(wide, ARRAY_LEN(wide));
}

static void
slips_of_other_programs_are_mended(void **state)
{
	(void)state;
	check(slips, ARRAY_LEN(slips));
}

/* A declaration is looked for in the first 1024 bytes. */
static void
a_declaration_ends_in_the_first_kilobyte(void **state)
{
	static const char start[] = "<?xml version='1.0' encoding='koi8-r'";

	(void)state;
	for (size_t len = 1024; len <= 1025; len++) {
		struct arena *a = arena_new();
		struct buf b = BUF_INIT(2000);
		struct buf out = BUF_INIT(4000);
		struct encoding e;

		buf_adds(&b, start);
		while (b.len < len - 1)
			buf_addc(&b, ' ');
		buf_adds(&b, ">" KOI);
		encoding_decode(a, guarded(b.data, b.len), b.len, NULL, &out, &e);
		assert_string_equal(e.name, len == 1024 ? "KOI8-R" : "windows-1252");
		buf_clear(&b);
		buf_clear(&out);
		arena_free(a);
	}
}

/* windows-1252 has 27 characters of its own between 0x80 and 0x9F (WHATWG Encoding, 8). */
static void
windows_1252_has_own_characters(void **state)
{
	static const struct {
		uint32_t byte, c;
	} pairs[] = { { 0x80, 0x20AC }, { 0x81, 0x81 }, { 0x85, 0x2026 }, { 0x8D, 0x8D },
		{ 0x8E, 0x017D }, { 0x90, 0x90 }, { 0x92, 0x2019 }, { 0x9E, 0x017E },
		{ 0x9F, 0x0178 }, { 0xA0, 0xA0 }, { 0xE9, 0xE9 }, { 0xFF, 0xFF } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		assert_int_equal(windows_1252_char(pairs[i].byte), pairs[i].c);
		assert_int_equal(windows_1252_byte(pairs[i].c), pairs[i].byte);
	}
	assert_int_equal(windows_1252_char(0x7F), 0x7F);
	assert_int_equal(windows_1252_byte(0x80), 0x80);
	assert_int_equal(windows_1252_byte(0x9F), 0x9F);
	assert_int_equal(windows_1252_byte(0x7F), 0);
	assert_int_equal(windows_1252_byte(0x100), 0);
	assert_int_equal(windows_1252_byte(0x434), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(claims_are_read_and_told_when_they_are_wrong),
		cmocka_unit_test(zeros_and_marks_tell_unicode),
		cmocka_unit_test(slips_of_other_programs_are_mended),
		cmocka_unit_test(a_declaration_ends_in_the_first_kilobyte),
		cmocka_unit_test(windows_1252_has_own_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

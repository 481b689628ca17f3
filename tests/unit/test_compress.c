/* SPDX-License-Identifier: ISC */
/* What is packed and unpacked; the packed bytes were made by another program (Python's zlib). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "fetch/http_body.h"
#include "format/compress.h"
#include "unit/guarded.h"

#define TEXT "hello hello hello hello\n"
#define RAW "\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x27\xb9\x00"
#define GZIP_HEAD "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03"
#define GZIP GZIP_HEAD RAW "\x00\x88\x59\x0b\x18\x00\x00\x00"
#define ZLIB "\x78\xda" RAW "\x70\xbe\x08\xbb"
#define TWICE \
	GZIP_HEAD \
	"\x93\xef\xe6\x60\x00\x01\x26\xe6\xd3\x1e\x67\x4f\x9e\x0c\x3f\xe1\xa0\xbe\x93\x81" \
	"\xa1\x23\x92\x5b\x02\x28\x08\x00\x11\xb2\xf6\x6f\x1d\x00\x00\x00"
#define THRICE \
	GZIP_HEAD \
	"\x93\xef\xe6\x60\x00\x01\x26\xe6\xc9\xef\x9f\x25\x30\x30\xaa\x3d\xbb\x2c\x97\xee" \
	"\x3f\x8f\xc7\xfe\xe1\x82\x7d\x93\x1b\x17\x2a\x4f\x8a\x66\xd2\xe0\x60\x10\xdc\xf4" \
	"\x2d\x5f\x16\xa8\x0a\x00\x4d\x6a\xb7\xfb\x2e\x00\x00\x00"
#define FOUR_TIMES \
	GZIP_HEAD \
	"\x01\x40\x00\xbf\xff" THRICE "\xc0\xde\x56\xc6\x40\x00\x00\x00"
/* Of the bytes in a literal. */
#define BYTES(s) (s), sizeof(s) - 1

static void
first_bytes_say_the_packing(void **state)
{
	static const struct {
		const char *name;
		const char *bytes;
		size_t len;
		enum packing want;
	} cases[] = {
		{ "nothing", BYTES(""), PACKED_NOT },
		{ "one byte of gzip", BYTES("\x1f"), PACKED_NOT },
		{ "two bytes of gzip", BYTES("\x1f\x8b"), PACKED_NOT },
		{ "three bytes of gzip", BYTES("\x1f\x8b\x08"), PACKED_GZIP },
		{ "gzip of another method", BYTES("\x1f\x8b\x07"), PACKED_NOT },
		{ "another mark", BYTES("\x1f\x8c\x08"), PACKED_NOT },
		{ "and another", BYTES("\x1e\x8b\x08"), PACKED_NOT },
		{ "zlib at its best", BYTES("\x78\xda"), PACKED_ZLIB },
		{ "zlib as most set it", BYTES("\x78\x9c"), PACKED_ZLIB },
		{ "zlib in a hurry", BYTES("\x78\x01"), PACKED_ZLIB },
		{ "one byte of zlib", BYTES("\x78"), PACKED_NOT },
		{ "zlib whose check is wrong", BYTES("\x78\x9d"), PACKED_NOT },
		{ "zlib with a small window", BYTES("\x18\x19"), PACKED_ZLIB },
		{ "zlib with too large a window", BYTES("\x88\x1c"), PACKED_NOT },
		{ "another method", BYTES("\x79\x18"), PACKED_NOT },
		{ "XML", BYTES("<?xml version"), PACKED_NOT },
		{ "JSON", BYTES("{\"version\""), PACKED_NOT },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const enum packing got =
		    packing_of(guarded(cases[i].bytes, cases[i].len), cases[i].len);

		if (got != cases[i].want)
			fail_msg("%s: got %d, want %d", cases[i].name, got,
			    cases[i].want);
	}
}

static void
what_was_packed_comes_out(void **state)
{
	static const struct {
		const char *name;
		const char *bytes;
		size_t len;
		enum packing packing;
		size_t max;
		enum err_kind want; /* ERR_NONE: the text */
	} cases[] = {
		{ "gzip", BYTES(GZIP), PACKED_GZIP, 100, ERR_NONE },
		{ "zlib", BYTES(ZLIB), PACKED_ZLIB, 100, ERR_NONE },
		{ "without a frame", BYTES(RAW), PACKED_DEFLATE, 100, ERR_NONE },
		{ "bytes behind it", BYTES(GZIP "and more"), PACKED_GZIP, 100, ERR_NONE },
		{ "exactly what may come out", BYTES(GZIP), PACKED_GZIP, 24, ERR_NONE },
		{ "a byte more than may", BYTES(GZIP), PACKED_GZIP, 23, ERR_LIMIT },
		{ "its end is missing", GZIP, sizeof(GZIP) - 2, PACKED_GZIP, 100,
		    ERR_INPUT },
		{ "its sum is wrong",
		    BYTES(GZIP_HEAD RAW "\x00\x89\x59\x0b\x18\x00\x00\x00"), PACKED_GZIP,
		    100, ERR_INPUT },
		{ "nothing is packed", BYTES(""), PACKED_GZIP, 100, ERR_INPUT },
		{ "text", BYTES("<rss>"), PACKED_GZIP, 100, ERR_INPUT },
		{ "gzip taken for zlib", BYTES(GZIP), PACKED_ZLIB, 100, ERR_INPUT },
		{ "zlib taken for gzip", BYTES(ZLIB), PACKED_GZIP, 100, ERR_INPUT },
		{ "zlib taken for bare bytes", BYTES(ZLIB), PACKED_DEFLATE, 100,
		    ERR_INPUT },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out = BUF_INIT(cases[i].max);
		struct err err = ERR_INIT;
		const bool ok = unpack(guarded(cases[i].bytes, cases[i].len),
		    cases[i].len, cases[i].packing, &out, &err);

		if (ok != (cases[i].want == ERR_NONE) || err.kind != cases[i].want)
			fail_msg("%s: got %d (%s), want %d", cases[i].name, err.kind,
			    err.text, cases[i].want);
		if (ok && strcmp(buf_text(&out), TEXT) != 0)
			fail_msg("%s: got \"%s\"", cases[i].name, buf_text(&out));
		buf_clear(&out);
	}
}

/* A file of gzip is a row of members (RFC 1952 2.2); the other kinds are one. */
static void
members_follow_each_other(void **state)
{
	static const struct {
		const char *name;
		const char *bytes;
		size_t len;
		enum packing packing;
		enum err_kind kind;
		const char *want;
	} cases[] = {
		{ "two", BYTES(GZIP GZIP), PACKED_GZIP, ERR_NONE, TEXT TEXT },
		{ "three", BYTES(GZIP GZIP GZIP), PACKED_GZIP, ERR_NONE, TEXT TEXT TEXT },
		{ "two and more", BYTES(GZIP GZIP "\x1f\x8b\x09"), PACKED_GZIP, ERR_NONE,
		    TEXT TEXT },
		{ "half of the second", BYTES(GZIP GZIP_HEAD), PACKED_GZIP, ERR_INPUT,
		    TEXT },
		{ "of zlib the first", BYTES(ZLIB ZLIB), PACKED_ZLIB, ERR_NONE, TEXT },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out = BUF_INIT(1000);
		struct err err = ERR_INIT;
		const bool ok = unpack(guarded(cases[i].bytes, cases[i].len),
		    cases[i].len, cases[i].packing, &out, &err);

		if (ok != (cases[i].kind == ERR_NONE) || err.kind != cases[i].kind ||
		    strcmp(buf_text(&out), cases[i].want) != 0)
			fail_msg("%s: got %d, \"%s\"", cases[i].name, err.kind,
			    buf_text(&out));
		buf_clear(&out);
	}
}

/* Several chunks of what zlib writes at once. */
static void
long_text_is_what_it_was(void **state)
{
	enum { LEN = 100001 };
	struct arena *a = arena_new();
	char *text = arena_array(a, LEN, 1);
	struct buf packed = BUF_INIT(LEN);
	struct buf small = BUF_INIT(100);
	struct err err = ERR_INIT;
	const char *again = NULL;
	size_t len = 0;
	uint32_t random = 1;

	(void)state;
	for (size_t i = 0; i < LEN; i++) {
		random = random * 1103515245u + 12345u;
		text[i] = (char)('a' + (random >> 16) % 16);
	}
	assert_true(compress_text(text, LEN, &packed, &err));
	/* Four bits a letter say nothing twice: half of it and a little. */
	assert_in_range(packed.len, LEN / 2, LEN * 3 / 5);
	assert_int_equal(packing_of(buf_text(&packed), packed.len), PACKED_ZLIB);
	assert_true(
	    decompress_text(a, buf_text(&packed), packed.len, LEN, &again, &len, &err));
	assert_int_equal(len, LEN);
	assert_memory_equal(again, text, LEN);
	assert_int_equal(again[LEN], '\0');

	assert_false(decompress_text(a, buf_text(&packed), packed.len, LEN - 1, &again,
	    &len, &err));
	assert_int_equal(err.kind, ERR_LIMIT);
	assert_string_equal(err.text, "more than 100000 bytes of text");
	assert_null(again);
	err = (struct err)ERR_INIT;
	assert_false(compress_text(text, LEN, &small, &err));
	assert_int_equal(err.kind, ERR_LIMIT);
	buf_clear(&small);
	buf_clear(&packed);
	arena_free(a);
}

static void
stored_text_is_whole_or_damaged(void **state)
{
	static const struct {
		const char *name;
		const char *bytes;
		size_t len;
		bool ok;
	} cases[] = {
		{ "whole", BYTES(ZLIB), true },
		{ "a byte short", ZLIB, sizeof(ZLIB) - 2, false },
		{ "a byte more", BYTES(ZLIB "x"), false },
		{ "nothing", BYTES(""), false },
		{ "of another kind", BYTES(GZIP), false },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = ERR_INIT;
		const char *text = "old";
		size_t len = 0;
		const bool ok = decompress_text(a, guarded(cases[i].bytes, cases[i].len),
		    cases[i].len, 24, &text, &len, &err);

		if (ok != cases[i].ok || err.kind != (ok ? ERR_NONE : ERR_STORE))
			fail_msg("%s: got %d, %s", cases[i].name, ok, err.text);
		if (ok ? strcmp(text, TEXT) != 0 || len != 24 : text != NULL)
			fail_msg("%s: got \"%s\"", cases[i].name, text);
	}
	arena_free(a);
}

/* zlib counts in 32 bits; what is too long is not looked at. */
static void
what_is_too_long_for_zlib_is_refused(void **state)
{
	static const size_t len = (size_t)UINT32_MAX + 1;
	struct arena *a = arena_new();
	struct buf out = BUF_INIT(100);
	const char *text = "old";
	size_t text_len = 0;

	(void)state;
	for (int way = 0; way < 4; way++) {
		struct err err = ERR_INIT;

		assert_false(way == 0 ? compress_text("x", len, &out, &err)
			: way == 1    ? compress_gzip("x", len, &out, &err)
			: way == 2
			? unpack("x", len, PACKED_GZIP, &out, &err)
			: decompress_text(a, "x", len, 100, &text, &text_len, &err));
		assert_int_equal(err.kind, ERR_SYSTEM);
		assert_string_equal(err.text, "zlib cannot start");
		assert_int_equal(out.len, 0);
	}
	assert_null(text);
	arena_free(a);
}

/* ---- bodies of answers ---- */

static const struct {
	const char *name;
	const char *coding;
	const char *bytes;
	size_t len;
	size_t max;
	enum http_failure failure;
	const char *want; /* NULL: the bytes as they came */
} body_cases[] = {
	{ "plain", NULL, BYTES("<rss>"), 100, HTTP_OK, NULL },
	{ "plain, said to be gzip", "gzip", BYTES("<rss>"), 100, HTTP_OK, NULL },
	{ "plain, said to be deflate", "deflate", BYTES("<rss>"), 100, HTTP_OK, NULL },
	{ "nothing, said to be deflate", "deflate", BYTES(""), 100, HTTP_OK, NULL },
	{ "gzip", "gzip", BYTES(GZIP), 100, HTTP_OK, TEXT },
	{ "gzip nobody speaks of", NULL, BYTES(GZIP), 100, HTTP_OK, TEXT },
	{ "gzip, said to be deflate", "deflate", BYTES(GZIP), 100, HTTP_OK, TEXT },
	{ "gzip twice", "gzip, gzip", BYTES(TWICE), 100, HTTP_OK, TEXT },
	{ "three times", "gzip", BYTES(THRICE), 100, HTTP_OK, TEXT },
	{ "four times: the last stays", "gzip", BYTES(FOUR_TIMES), 100, HTTP_OK, GZIP },
	{ "deflate as it is", "deflate", BYTES(RAW), 100, HTTP_OK, TEXT },
	{ "Deflate in a frame", "Deflate", BYTES(ZLIB), 100, HTTP_OK, TEXT },
	/* Two bytes of a binary document are zlib's by chance. */
	{ "a frame nobody speaks of", NULL, BYTES(ZLIB), 100, HTTP_OK, NULL },
	{ "as large as may be", "gzip", BYTES(GZIP), 24, HTTP_OK, TEXT },
	{ "a byte larger", "gzip", BYTES(GZIP), 23, HTTP_TOO_LARGE, NULL },
	{ "deflate, a byte larger", "deflate", BYTES(RAW), 23, HTTP_TOO_LARGE, NULL },
	{ "torn", "gzip", GZIP, sizeof(GZIP) - 2, 100, HTTP_OTHER, NULL },
	{ "torn inside", "gzip",
	    BYTES(GZIP_HEAD "\x01\x03\x00\xfc\xff\x1f\x8b\x08\xed\xf4\x97\x3e\x03"
			    "\x00\x00\x00"),
	    100, HTTP_OTHER, NULL },
};

static void
a_body_is_what_its_bytes_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(body_cases); i++) {
		struct buf out = BUF_INIT(body_cases[i].max);
		const char *bytes = body_cases[i].bytes;
		size_t len = body_cases[i].len;
		const enum http_failure got =
		    http_body_unpack(body_cases[i].coding, &bytes, &len, &out);

		if (got != body_cases[i].failure)
			fail_msg("%s: got %d, want %d", body_cases[i].name, got,
			    body_cases[i].failure);
		if (got == HTTP_OK && !body_cases[i].want && bytes != body_cases[i].bytes)
			fail_msg("%s: got other bytes", body_cases[i].name);
		if (body_cases[i].want &&
		    len !=
			(body_cases[i].want[0] == '\x1f' ? sizeof(GZIP) - 1
							 : strlen(body_cases[i].want)))
			fail_msg("%s: got %zu bytes", body_cases[i].name, len);
		if (body_cases[i].want && memcmp(bytes, body_cases[i].want, len) != 0)
			fail_msg("%s: got \"%.*s\"", body_cases[i].name, (int)len, bytes);
		buf_clear(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_bytes_say_the_packing),
		cmocka_unit_test(what_was_packed_comes_out),
		cmocka_unit_test(members_follow_each_other),
		cmocka_unit_test(long_text_is_what_it_was),
		cmocka_unit_test(stored_text_is_whole_or_damaged),
		cmocka_unit_test(what_is_too_long_for_zlib_is_refused),
		cmocka_unit_test(a_body_is_what_its_bytes_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

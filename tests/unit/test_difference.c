/* SPDX-License-Identifier: ISC */
/* Texts as differences from others; the bytes of a difference were written by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "format/difference.h"
#include "unit/guarded.h"

#define BLOCK "0123456789abcdefghijklmnopqrstuv"
#define OTHER "The harbour at night, seen from "
/* Of the bytes in a literal. */
#define BYTES(s) (s), sizeof(s) - 1

static const struct {
	const char *name;
	const char *base;
	const char *text;
	size_t new_bytes; /* that the difference holds */
} cases[] = {
	{ "both empty", "", "", 0 },
	{ "nothing of something", BLOCK, "", 0 },
	{ "something of nothing", "", "abc", 3 },
	{ "the same", BLOCK OTHER, BLOCK OTHER, 0 },
	{ "too short to look for", "abc", "abc", 3 },
	{ "less at the end", BLOCK OTHER, BLOCK, 0 },
	{ "less at the beginning", BLOCK OTHER, OTHER, 0 },
	{ "a word more before", BLOCK, "more " BLOCK, 5 },
	{ "a word more behind", BLOCK, BLOCK " more", 5 },
	{ "a word more between", BLOCK OTHER, BLOCK "more" OTHER, 4 },
	{ "in another order", BLOCK OTHER, OTHER BLOCK, 0 },
	{ "one of them twice", BLOCK, BLOCK BLOCK BLOCK, 0 },
	{ "another block", BLOCK, OTHER, 32 },
	{ "bytes before a block are the same too", "abcd" BLOCK OTHER,
	    "abcd" BLOCK OTHER "!", 1 },
};

static char *
text_again(struct arena *a, const char *base, size_t base_len, const char *text,
    size_t len, size_t *size)
{
	struct buf b = BUF_INIT(1 << 20);
	struct err err = ERR_INIT;
	const char *got = NULL;
	size_t got_len = 0;

	difference_make(base, base_len, text, len, &b);
	if (!difference_apply(a, base, base_len, buf_text(&b), b.len, len, &got, &got_len,
		&err))
		fail_msg("%s", err.text);
	*size = b.len;
	assert_int_equal(got_len, len);
	assert_int_equal(got[len], '\0');
	buf_clear(&b);
	return arena_strndup(a, got, got_len);
}

static void
a_text_is_made_again_and_its_difference_is_small(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new();
		size_t size = 0;
		const char *got = text_again(a, cases[i].base, strlen(cases[i].base),
		    cases[i].text, strlen(cases[i].text), &size);

		if (strcmp(got, cases[i].text) != 0)
			fail_msg("%s: got '%s'", cases[i].name, got);
		/* A length, a check, and few bytes for each passage. */
		if (size < cases[i].new_bytes + 9 || size > cases[i].new_bytes + 9 + 12)
			fail_msg("%s: got %zu bytes, want %zu and a few", cases[i].name,
			    size, cases[i].new_bytes);
		arena_free(a);
	}
}

static void
no_text_is_no_text(void **state)
{
	struct arena *a = arena_new();
	size_t size = 0;

	(void)state;
	assert_string_equal(text_again(a, NULL, 0, NULL, 0, &size), "");
	assert_string_equal(text_again(a, NULL, 0, "x", 1, &size), "x");
	assert_string_equal(text_again(a, BLOCK, 32, NULL, 0, &size), "");
	arena_free(a);
}

/* Small steps that are the same on every machine. */
static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

/* Passages of the base in any order, with other bytes between them. */
static size_t
make_text(uint32_t *seed, const char *base, size_t base_len, char *text, size_t most)
{
	size_t len = 0;

	for (uint32_t n = next_random(seed) % 9; n > 0; n--) {
		size_t from = next_random(seed) % (base_len + 1);
		size_t count = next_random(seed) % (base_len - from + 1);

		for (; count > 0 && len < most; count--)
			text[len++] = base[from++];
		for (count = next_random(seed) % 90; count > 0 && len < most; count--)
			text[len++] = (char)next_random(seed);
	}
	return len;
}

static void
any_text_is_made_again_of_any_other(void **state)
{
	enum { ROUNDS = 3000, MOST = 2000 };
	uint32_t seed = 13;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct arena *a = arena_new();
		/* Of their exact sizes, so that a look past an end is seen. */
		const size_t base_len = next_random(&seed) % 700;
		char *base = malloc(base_len + 1);
		char *room = malloc(MOST);
		char *text = NULL;
		size_t len = 0;
		size_t size = 0;

		/* A few letters only: blocks that look alike. */
		for (size_t i = 0; i < base_len; i++)
			base[i] = (char)('a' + next_random(&seed) % (round % 2 ? 2 : 26));
		len = make_text(&seed, base, base_len, room, MOST);
		text = malloc(len + 1);
		memcpy(text, room, len);
		assert_memory_equal(text_again(a, base, base_len, text, len, &size), text,
		    len);
		if (size > len + DIFFERENCE_OVER)
			fail_msg("round %d: %zu bytes for %zu", round, size, len);
		free(text);
		free(room);
		free(base);
		arena_free(a);
	}
}

static void
damage_is_found_or_does_no_harm(void **state)
{
	static const char base[] = BLOCK OTHER;
	static const char text[] = BLOCK " and then " OTHER;
	struct buf b = BUF_INIT(1000);
	struct arena *a = arena_new();
	const char *got = "";
	size_t len = 1;

	(void)state;
	difference_make(BYTES(base), BYTES(text), &b);
	for (size_t i = 0; i < b.len; i++) {
		for (int bit = 0; bit < 8; bit++) {
			struct err err = ERR_INIT;
			char *bytes = malloc(b.len);

			memcpy(bytes, buf_text(&b), b.len);
			bytes[i] = (char)(bytes[i] ^ 1 << bit);
			/* A way of 0 forward is one of 0 back. */
			if (difference_apply(a, BYTES(base), bytes, b.len, 10000, &got,
				&len, &err)) {
				assert_int_equal(len, sizeof(text) - 1);
				assert_string_equal(got, text);
			} else {
				assert_null(got);
				assert_int_equal(len, 0);
				assert_true(
				    err.kind == ERR_STORE || err.kind == ERR_LIMIT);
			}
			free(bytes);
		}
	}
	for (size_t i = 0; i < b.len; i++) {
		struct err err = ERR_INIT;
		char *bytes = malloc(i + 1);

		memcpy(bytes, buf_text(&b), i);
		if (difference_apply(a, BYTES(base), bytes, i, 10000, &got, &len, &err))
			fail_msg("%zu of %zu bytes: not found", i, b.len);
		free(bytes);
	}
	buf_clear(&b);
	arena_free(a);
}

static void
another_base_and_too_much_are_told(void **state)
{
	static const struct {
		const char *name;
		const char *base;
		size_t base_len;
		size_t max;
		enum err_kind want;
	} of[] = {
		{ "its own", BYTES(BLOCK OTHER), 32, ERR_NONE },
		{ "of the same length", BYTES(OTHER BLOCK), 32, ERR_STORE },
		{ "a shorter one", BYTES("0"), 32, ERR_STORE },
		{ "none", BYTES(""), 32, ERR_STORE },
		{ "a byte too much", BYTES(BLOCK OTHER), 31, ERR_LIMIT },
	};
	struct buf b = BUF_INIT(1000);
	struct arena *a = arena_new();

	(void)state;
	difference_make(BYTES(BLOCK OTHER), BYTES(OTHER), &b);
	for (size_t i = 0; i < ARRAY_LEN(of); i++) {
		struct err err = ERR_INIT;
		const char *got = NULL;
		size_t len = 0;
		const bool ok = difference_apply(a, of[i].base, of[i].base_len,
		    buf_text(&b), b.len, of[i].max, &got, &len, &err);

		if (ok != (of[i].want == ERR_NONE) || err.kind != of[i].want)
			fail_msg("%s: got '%s'", of[i].name, ok ? got : err.text);
	}
	buf_clear(&b);
	arena_free(a);
}

#define CHECK "\0\0\0\0\0\0\0\0"
#define MORE "\xff\xff\xff\xff\xff\xff\xff\xff"

/* The length of the text, in nine bytes at most, and its check. */
static void
what_stands_in_front_is_whole(void **state)
{
	static const struct {
		const char *name;
		const char *bytes;
		size_t len;
		enum err_kind want;
	} fronts[] = {
		{ "no text", BYTES("\0" CHECK), ERR_NONE },
		{ "no text in nine bytes",
		    BYTES("\x80\x80\x80\x80\x80\x80\x80\x80\0" CHECK), ERR_NONE },
		{ "in ten", BYTES("\x80\x80\x80\x80\x80\x80\x80\x80\x80\0" CHECK),
		    ERR_STORE },
		{ "the longest in nine bytes", BYTES(MORE "\x7f" CHECK), ERR_LIMIT },
		{ "a length without an end", BYTES(MORE), ERR_STORE },
		{ "a byte of the check is missing", "\0" CHECK, 8, ERR_STORE },
		{ "a byte stands behind it", BYTES("\0" CHECK "\0"), ERR_STORE },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fronts); i++) {
		struct err err = ERR_INIT;
		const char *got = NULL;
		size_t len = 1;
		const bool ok =
		    difference_apply(a, NULL, 0, guarded(fronts[i].bytes, fronts[i].len),
			fronts[i].len, 1000, &got, &len, &err);

		if (ok != (fronts[i].want == ERR_NONE) || err.kind != fronts[i].want ||
		    len != 0 || ok != (got != NULL))
			fail_msg("%s: got %d, '%s'", fronts[i].name, ok, err.text);
	}
	arena_free(a);
}

#define TEN "0123456789"
#define LONG TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

/*
 * What is stored today is read by the programs of tomorrow: the length, the check, then new
 * bytes and ones of the base in turn.
 */
static const struct {
	const char *name;
	const char *base;
	size_t base_len;
	const char *text;
	size_t len;
	const char *want;
	size_t want_len;
} stored[] = {
	/* clang-format off */
	{ "more before", BYTES(BLOCK), BYTES("more " BLOCK),
	  BYTES("\x25" "\x81\x3e\x99\xa9\x86\x69\x20\x97" "\x05" "more " "\x20\x00") },
	{ "in another order", BYTES(BLOCK OTHER), BYTES(OTHER BLOCK),
	  BYTES("\x40" "\xe8\xf3\xfb\x45\x48\xe6\x81\xb4" "\x00\x20\x40" "\x00\x20\x81\x01") },
	{ "the first of two that are the same", BYTES(BLOCK BLOCK), BYTES(BLOCK),
	  BYTES("\x20" "\xd6\xa7\xca\x54\x60\xb3\x35\xcd" "\x00\x20\x00") },
	{ "more than 127 bytes", BYTES(""), BYTES(LONG),
	  BYTES("\x82\x01" "\x03\xf9\xe4\x25\x48\x1d\x89\xee" "\x82\x01" LONG "\x00") },
	{ "nothing", BYTES(""), BYTES(""),
	  BYTES("\x00" "\x00\x00\x00\x00\x00\x00\x00\x00") },
	/* clang-format on */
};

static void
the_stored_form_stays(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(stored); i++) {
		struct buf b = BUF_INIT(1000);

		difference_make(stored[i].base, stored[i].base_len, stored[i].text,
		    stored[i].len, &b);
		if (b.len != stored[i].want_len ||
		    memcmp(buf_text(&b), stored[i].want, b.len) != 0)
			fail_msg("%s: got %zu bytes, want %zu", stored[i].name, b.len,
			    stored[i].want_len);
		buf_clear(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_made_again_and_its_difference_is_small),
		cmocka_unit_test(no_text_is_no_text),
		cmocka_unit_test(any_text_is_made_again_of_any_other),
		cmocka_unit_test(damage_is_found_or_does_no_harm),
		cmocka_unit_test(another_base_and_too_much_are_told),
		cmocka_unit_test(what_stands_in_front_is_whole),
		cmocka_unit_test(the_stored_form_stays),
	};

	return cmocka_run_group_tests_name("differences", tests, NULL, NULL);
}

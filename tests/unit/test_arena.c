/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/guard.h"
#include "base/mem.h"

enum { COUNT = 1000 };

static void
a_list_grows_one_by_one_and_keeps_its_elements(void **state)
{
	struct arena *a = arena_new();
	int *in_arena = NULL;
	int *on_heap = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		in_arena = arena_grow_list(a, in_arena, i, sizeof(*in_arena));
		in_arena[i] = (int)i;
		on_heap = xgrow_list(on_heap, i, sizeof(*on_heap));
		on_heap[i] = (int)i;
	}
	for (size_t i = 0; i < COUNT; i++) {
		assert_int_equal(in_arena[i], i);
		assert_int_equal(on_heap[i], i);
	}
	/* Doubled, not copied each time: 8 + 16 + ... + 1024 elements. */
	assert_in_range(arena_used(a), 2032 * sizeof(int), 2040 * sizeof(int));
	free(on_heap);
	arena_free(a);
}

static void
a_list_that_shrank_grows_again(void **state)
{
	int *list = NULL;
	size_t count = 0;

	(void)state;
	for (int round = 0; round < 40; round++) {
		for (int i = 0; i < round; i++) {
			list = xgrow_list(list, count, sizeof(*list));
			list[count] = (int)count;
			count++;
		}
		count -= count > 5 ? (size_t)round / 2 : 0;
	}
	for (size_t i = 0; i < count; i++)
		assert_int_equal(list[i], i);
	free(list);
}

static void
an_empty_list_is_copied(void **state)
{
	struct arena *a = arena_new();
	const int three[] = { 1, 2, 3 };
	int *copy = arena_copy(a, three, 3, sizeof(*three));

	(void)state;
	assert_memory_equal(copy, three, sizeof(three));
	assert_non_null(arena_copy(a, NULL, 0, sizeof(*three)));
	arena_free(a);
}

/* Small ones, one larger than a block, and so many that new blocks begin. */
static void
what_came_after_a_mark_is_forgotten(void **state)
{
	struct arena *a = arena_new();
	const struct arena_mark empty = arena_mark(a);
	struct arena_mark mark;
	char *kept = NULL;
	char *next = NULL;
	size_t used = 0;

	(void)state;
	for (int round = 0; round < 3; round++) {
		kept = arena_strdup(a, "kept");
		assert_non_null(arena_alloc(a, 200000));
		used = arena_used(a);
		mark = arena_mark(a);
		next = arena_alloc(a, 100);
		memset(next, 'x', 100);
		assert_non_null(arena_alloc(a, 300000));
		for (int i = 0; i < 1000; i++)
			assert_non_null(arena_alloc(a, 500));
		assert_non_null(arena_alloc(a, 400000));
		arena_rewind(a, mark);
		assert_int_equal(arena_used(a), used);
		assert_string_equal(kept, "kept");
		/* The same place again, and zeroed. */
		assert_ptr_equal(arena_alloc(a, 100), next);
		assert_int_equal(next[99], 0);
	}
	arena_rewind(a, empty);
	assert_int_equal(arena_used(a), 0);
	assert_string_equal(arena_strdup(a, "again"), "again");
	arena_free(a);
}

static void
words_are_joined(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	assert_string_equal(arena_join(a, (const char *const[]){ "a", "", "bc", NULL }),
	    "abc");
	assert_string_equal(arena_join(a, (const char *const[]){ NULL }), "");
	/* Sixteen, and more than that. */
	assert_string_equal(arena_join(a,
				(const char *const[]){ "a", "b", "c", "d", "e", "f", "g",
				    "h", "i", "j", "k", "l", "m", "n", "o", "pq", NULL }),
	    "abcdefghijklmnopq");
	assert_string_equal(arena_join(a,
				(const char *const[]){ "a", "b", "c", "d", "e", "f", "g",
				    "h", "i", "j", "k", "l", "m", "n", "o", "pq", "rst",
				    "u", NULL }),
	    "abcdefghijklmnopqrstu");
	arena_free(a);
}

/* A text of 255 bytes and less takes another way than a longer one. */
static void
a_format_of_any_length_is_whole(void **state)
{
	const size_t unit = sizeof(max_align_t);
	struct arena *a = arena_new();
	char want[302] = "";

	(void)state;
	memset(want, 'x', sizeof(want) - 1);
	assert_string_equal(arena_printf(a, "%s", ""), "");
	for (int len = 254; len <= 258; len++) {
		const size_t used = arena_used(a);
		const char *got = arena_printf(a, "%.*s", len, want);

		assert_int_equal(strlen(got), len);
		assert_memory_equal(got, want, (size_t)len);
		/* And no more is taken than that and its end, in whole units. */
		assert_int_equal(arena_used(a) - used,
		    ((size_t)len + unit) / unit * unit);
	}
	arena_free(a);
}

static void
a_text_that_was_built_is_taken_over(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(10);
	const char *text = NULL;

	(void)state;
	assert_string_equal(arena_take(a, &b), "");
	buf_adds(&b, "built");
	text = arena_take(a, &b);
	assert_int_equal(b.len, 0);
	buf_adds(&b, "anew");
	assert_string_equal(text, "built");
	assert_string_equal(arena_take(a, &b), "anew");
	assert_null(b.data);
	arena_free(a);
}

/* The ceiling of 10 bytes is met from both sides, with more memory behind it or not. */
static void
a_format_ends_at_the_ceiling(void **state)
{
	static const struct {
		const char *before, *added, *want;
		bool is_full;
	} cases[] = {
		{ "", "1234567890", "1234567890", false },
		{ "", "12345678901", "", true },
		{ "12345", "67890", "1234567890", false },
		{ "12345", "678901", "12345", true },
		{ "1234567890", "", "1234567890", false },
		{ "1234567890", "1", "1234567890", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf b = BUF_INIT(10);

		buf_adds(&b, cases[i].before);
		buf_addf(&b, "%s", cases[i].added);
		assert_string_equal(buf_text(&b), cases[i].want);
		assert_int_equal(b.len, strlen(cases[i].want));
		assert_int_equal(buf_is_full(&b), cases[i].is_full);
		buf_clear(&b);
	}
}

static void
a_format_longer_than_the_memory_makes_it_grow(void **state)
{
	char want[1401];
	struct buf b = BUF_INIT(5000);

	(void)state;
	memset(want, 'x', sizeof(want) - 1);
	want[sizeof(want) - 1] = '\0';
	buf_addf(&b, "%s", "xx");
	buf_addf(&b, "%.1398s", want);
	assert_string_equal(buf_text(&b), want);
	buf_clear(&b);
}

/* ---- where AddressSanitizer watches ---- */

#if defined(GUARD_IS_ON)
static bool
may_be_read(const void *at)
{
	return !__asan_address_is_poisoned(at);
}

static void
what_nobody_was_given_is_not_read(void **state)
{
	struct arena *a = arena_new();
	const char *five = arena_alloc(a, 5);
	const struct arena_mark mark = arena_mark(a);
	const char *one = arena_alloc(a, 1);
	int *in_arena = arena_grow_list(a, NULL, 0, sizeof(*in_arena));
	int *on_heap = xgrow_list(NULL, 0, sizeof(*on_heap));

	(void)state;
	assert_true(may_be_read(five + 4));
	assert_false(may_be_read(five + 5));
	assert_true(may_be_read(one));
	assert_false(may_be_read(one - 1));
	assert_false(may_be_read(one + 1));
	for (size_t i = 0; i < 20; i++) {
		in_arena = arena_grow_list(a, in_arena, i, sizeof(*in_arena));
		on_heap = xgrow_list(on_heap, i, sizeof(*on_heap));
		assert_true(may_be_read((const char *)&in_arena[i + 1] - 1));
		assert_true(may_be_read((const char *)&on_heap[i + 1] - 1));
		assert_false(may_be_read(&in_arena[i + 1]));
		assert_false(may_be_read(&on_heap[i + 1]));
	}
	arena_rewind(a, mark);
	assert_true(may_be_read(five + 4));
	assert_false(may_be_read(one));
	arena_reset(a);
	assert_false(may_be_read(five));
	free(on_heap);
	arena_free(a);
}
#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_grows_one_by_one_and_keeps_its_elements),
		cmocka_unit_test(a_list_that_shrank_grows_again),
		cmocka_unit_test(an_empty_list_is_copied),
		cmocka_unit_test(what_came_after_a_mark_is_forgotten),
		cmocka_unit_test(words_are_joined),
		cmocka_unit_test(a_format_of_any_length_is_whole),
		cmocka_unit_test(a_text_that_was_built_is_taken_over),
		cmocka_unit_test(a_format_ends_at_the_ceiling),
		cmocka_unit_test(a_format_longer_than_the_memory_makes_it_grow),
#if defined(GUARD_IS_ON)
		cmocka_unit_test(what_nobody_was_given_is_not_read),
#endif
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}

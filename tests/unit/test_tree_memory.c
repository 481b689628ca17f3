/* SPDX-License-Identifier: ISC */
/* Blocks for the parser: in steps of eight bytes, then in powers of two, each used again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "html/tree_memory.h"

enum { HEAD = sizeof(void *), KILO = 1024 };

/* What is given back is used for the sizes of its step, and for no other. */
static void
blocks_are_used_again(void **state)
{
	static const struct {
		size_t size, least, most; /* of those that get its block */
	} rows[] = {
		{ 8, 1, 8 },
		{ 9, 9, 16 },
		{ 100, 97, 104 },
		{ 512, 505, 512 },
		{ 513, 513, 1024 },
		{ 1024, 513, 1024 },
		{ 1025, 1025, 2048 },
		{ 5000, 4097, 8192 },
		{ 40000, 32769, 65536 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new();
		struct tree_memory m;
		void *block = NULL;

		tree_memory_init(&m, a);
		block = tree_memory_alloc(&m, rows[i].size);
		memset(block, 1, rows[i].most);
		tree_memory_release(&m, NULL);
		tree_memory_release(&m, block);
		assert_ptr_not_equal(tree_memory_alloc(&m, rows[i].least - 1), block);
		assert_ptr_not_equal(tree_memory_alloc(&m, rows[i].most + 1), block);
		assert_ptr_equal(tree_memory_alloc(&m, rows[i].least), block);
		assert_ptr_not_equal(tree_memory_alloc(&m, rows[i].least), block);
		tree_memory_release(&m, block);
		assert_ptr_equal(tree_memory_alloc(&m, rows[i].most), block);
		arena_free(a);
	}
}

/* The last given back is the first used. */
static void
blocks_given_back_wait_in_a_row(void **state)
{
	struct arena *a = arena_new();
	struct tree_memory m;
	void *blocks[3];

	(void)state;
	tree_memory_init(&m, a);
	for (size_t i = 0; i < ARRAY_LEN(blocks); i++)
		blocks[i] = tree_memory_alloc(&m, 24);
	for (size_t i = 0; i < ARRAY_LEN(blocks); i++)
		tree_memory_release(&m, blocks[i]);
	for (size_t i = ARRAY_LEN(blocks); i-- > 0;)
		assert_ptr_equal(tree_memory_alloc(&m, 24), blocks[i]);
	arena_free(a);
}

/* Takes so many blocks of a size; what is used of the arena then. */
static size_t
used_after(struct tree_memory *m, size_t size, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *block = tree_memory_alloc(m, size);

		assert_int_equal((uintptr_t)block % sizeof(void *), 0);
		memset(block, 0xAB, size);
	}
	return m->used;
}

/* Pieces of 4, 8, 16, then 32 kilobytes. */
static void
pieces_grow_to_a_limit(void **state)
{
	static const struct {
		size_t blocks, used; /* each time one more than fits */
	} steps[] = {
		{ 1, 4 },
		{ 7, 4 },
		{ 1, 4 + 8 },
		{ 15, 4 + 8 },
		{ 1, 4 + 8 + 16 },
		{ 31, 4 + 8 + 16 },
		{ 1, 4 + 8 + 16 + 32 },
		{ 63, 4 + 8 + 16 + 32 },
		{ 1, 4 + 8 + 16 + 32 + 32 },
		{ 63, 4 + 8 + 16 + 32 + 32 },
		{ 1, 4 + 8 + 16 + 32 + 32 + 32 },
	};
	struct arena *a = arena_new();
	struct tree_memory m;

	(void)state;
	tree_memory_init(&m, a);
	assert_int_equal(m.used, 0);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		assert_int_equal(used_after(&m, 512 - HEAD, steps[i].blocks),
		    steps[i].used * KILO);
	arena_free(a);
}

/* A block larger than the next piece is given one of its size, the largest get none of a piece. */
static void
large_blocks_make_large_pieces(void **state)
{
	enum { BLOCK = 8 * KILO + HEAD };
	struct arena *a = arena_new();
	struct tree_memory m;

	(void)state;
	tree_memory_init(&m, a);
	assert_int_equal(used_after(&m, 8 * KILO, 1), BLOCK);
	assert_int_equal(used_after(&m, 8 * KILO, 1), 3 * BLOCK);
	assert_int_equal(used_after(&m, 8 * KILO, 1), 3 * BLOCK);
	assert_int_equal(used_after(&m, 8 * KILO, 4), 7 * BLOCK);
	/* Now they have their limit again. */
	assert_int_equal(used_after(&m, 8 * KILO, 1), 7 * BLOCK + 32 * KILO);
	assert_int_equal(used_after(&m, 32 * KILO, 1), 7 * BLOCK + 64 * KILO);
	assert_int_equal(used_after(&m, 8 * KILO, 2), 7 * BLOCK + 64 * KILO);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_are_used_again),
		cmocka_unit_test(blocks_given_back_wait_in_a_row),
		cmocka_unit_test(pieces_grow_to_a_limit),
		cmocka_unit_test(large_blocks_make_large_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
#include "base/hash.h"
#include "base/limits.h"
#include "store/print_filter.h"
#include "unit/store_fixture.h"

/* The print of the number n, as good as random. */
static int64_t
print_of(uint64_t n)
{
	return (int64_t)hash_64(&n, sizeof(n), 1);
}

static void
add_each(struct print_filter *f, uint64_t from, uint64_t to)
{
	for (uint64_t n = from; n < to; n++)
		print_filter_add(f, print_of(n));
}

/* How many of those may be there. */
static size_t
count_maybe(struct print_filter *f, uint64_t from, uint64_t to)
{
	size_t count = 0;

	for (uint64_t n = from; n < to; n++)
		count += print_filter_may_have(f, print_of(n));
	return count;
}

static void
before_it_begins_each_print_may_be_there(void **state)
{
	struct print_filter *f = print_filter_new();

	(void)state;
	print_filter_add(f, print_of(1));
	SAME_INT("asked never", print_filter_asked(f), 0);
	SAME_INT("all may be", count_maybe(f, 0, 10), 10);
	SAME_INT("asked", print_filter_asked(f), 10);
	print_filter_begin(f, 1);
	SAME_INT("what was added before is unknown", count_maybe(f, 1, 2), 0);
	SAME_INT("not counted any more", print_filter_asked(f), 0);
	print_filter_free(f);
	print_filter_free(NULL);
}

/* Within its room few others are taken for one that was added, beyond it more, and never less. */
static void
what_was_added_may_be_there(void **state)
{
	static const struct {
		size_t room;
		uint64_t added;
		size_t most; /* of 10,000 others */
	} cases[] = {
		{ 0, 0, 0 },
		{ 100000, 0, 0 },
		{ 0, 256, 250 },
		{ 100000, 1, 1 },
		{ 100000, 50000, 100 },
		{ 100000, 100000, 500 },
		{ 131072, 131072, 500 },
		{ 1000, 100000, 10000 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct print_filter *f = print_filter_new();
		size_t others = 0;

		print_filter_begin(f, cases[i].room);
		add_each(f, 1, 1 + cases[i].added);
		assert_int_equal(count_maybe(f, 1, 1 + cases[i].added), cases[i].added);
		others = count_maybe(f, 1000000, 1010000);
		if (others > cases[i].most)
			fail_msg("case %zu: %zu of 10000 others", i, others);
		print_filter_free(f);
	}
}

static void
it_has_a_ceiling_and_begins_anew(void **state)
{
	struct print_filter *f = print_filter_new();

	(void)state;
	print_filter_begin(f, SIZE_MAX);
	add_each(f, 0, 1000);
	SAME_INT("all there", count_maybe(f, 0, 1000), 1000);
	print_filter_begin(f, 1000);
	SAME_INT("none", count_maybe(f, 0, 1000), 0);
	print_filter_free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(before_it_begins_each_print_may_be_there),
		cmocka_unit_test(what_was_added_may_be_there),
		cmocka_unit_test(it_has_a_ceiling_and_begins_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

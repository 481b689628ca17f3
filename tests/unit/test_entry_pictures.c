/* SPDX-License-Identifier: ISC */
/* Which pictures of a post a letter may carry, and for which there is room. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/limits.h"
#include "digest/entry_pictures.h"

static void
so_many_of_a_post(void **state)
{
	(void)state;
	assert_int_equal(digest_pictures_of_a_post(IMAGES_NONE), 0);
	assert_int_equal(digest_pictures_of_a_post(IMAGES_LINK), 0);
	assert_int_equal(digest_pictures_of_a_post(IMAGES_FIRST), 1);
	assert_int_equal(digest_pictures_of_a_post(IMAGES_INLINE), LIMIT_PICTURES_A_POST);
	assert_int_equal(digest_pictures_of_a_post(IMAGES_REMOTE), 0);
}

/* Half of what pictures may take, less 250 bytes of a header and a line; 78 carry 57. */
static void
the_largest_takes_half_of_the_room(void **state)
{
	static const struct {
		int64_t bytes;
		size_t want;
	} cases[] = {
		{ -1000000, 0 },
		{ 0, 0 },
		{ 652, 0 },
		{ 807, 0 },
		{ 808, 57 },
		{ 963, 57 },
		{ 964, 114 },
		{ 1000000, 6406 * 57 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(digest_picture_largest(cases[i].bytes), cases[i].want);
}

/* ---- of a post ---- */

#define IMG(name, more) "<img src=\"https://x.example/" name "\" alt=\"\"" more ">"

static const struct {
	const char *name;
	const char *html;
	size_t max;
	const char *want, *unsized; /* the last parts of their addresses */
} posts[] = {
	/* clang-format off */
	{ "none", "<p>Words.</p>", 8, "", "" },
	{ "in their order", "<p>" IMG("b", "") "x" IMG("a", "") "</p>", 8, "b a ", "b a " },
	{ "as many as asked for", "<p>" IMG("b", "") IMG("a", "") IMG("c", "") "</p>", 2, "b a ", "b a " },
	{ "one", "<p>" IMG("b", "") IMG("a", "") "</p>", 1, "b ", "b " },
	{ "nobody asks", "<p>" IMG("b", "") "</p>", 0, "", "" },
	{ "each once", "<p>" IMG("b", "") IMG("b", "") IMG("a", "") "</p>", 2, "b a ", "b a " },
	{ "not those of a letter", "<p><img src=\"cid:1\" alt=\"\">" IMG("a", "") "</p>", 1, "a ", "a " },
	{ "without an address", "<p><img alt=\"\">" IMG("a", "") "</p>", 1, "a ", "a " },
	{ "no icons", "<p>" IMG("a", " width=\"47\" height=\"99\"") IMG("b", " width=\"99\" height=\"47\"")
	  IMG("c", " width=\"48\" height=\"48\"") "</p>", 8, "c ", "" },
	{ "those of one side", "<p>" IMG("a", " width=\"47\"") IMG("b", " height=\"48\"")
	  IMG("c", " width=\"0\" height=\"9\"") "</p>", 8, "b ", "a b c " },
	{ "other elements", "<p><a href=\"https://x.example/l\">" IMG("a", "") "</a></p>", 8, "a ", "a " },
	/* clang-format on */
};

static const char *
list_of(struct arena *a, const char *const *urls, size_t count)
{
	const char *text = "";

	for (size_t i = 0; i < count; i++)
		text = arena_printf(a, "%s%s ", text, strrchr(urls[i], '/') + 1);
	return text;
}

static void
pictures_are_listed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(posts); i++) {
		const struct entry e = { .html = posts[i].html };
		struct arena *a = arena_new();
		const char *const *urls = NULL;
		size_t count = digest_entry_pictures(a, &e, posts[i].max, &urls);
		const char *got = list_of(a, urls, count);

		if (strcmp(got, posts[i].want) != 0)
			fail_msg("%s: got %s, want %s", posts[i].name, got,
			    posts[i].want);
		count = digest_entry_unsized(a, &e, posts[i].max, &urls);
		got = list_of(a, urls, count);
		if (strcmp(got, posts[i].unsized) != 0)
			fail_msg("%s: without a size got %s, want %s", posts[i].name, got,
			    posts[i].unsized);
		arena_free(a);
	}
}

/* ---- room ---- */

/* By address. */
static const struct carried_picture all[] = {
	{ .url = "a", .len = 57 }, /* 76 bytes, CRLF, and 250 of a header: 328 */
	{ .url = "b", .len = 58 }, /* 80 in two lines: 334 */
	{ .url = "c", .len = 1 },  /* 256 */
	{ .url = "d", .len = 57 },
	{ .url = "e", .len = 570 }, /* 760 in ten lines: 1030 */
};

static const struct {
	const char *name;
	struct {
		size_t picture, rank, place;
	} wanted[3];
	size_t count, room;
	const char *want;
} choices[] = {
	/* clang-format off */
	{ "nothing", { { 0 } }, 0, 9999, "" },
	{ "a line", { { 0, 0, 0 } }, 1, 328, "a" },
	{ "a byte less", { { 0, 0, 0 } }, 1, 327, "" },
	{ "two lines", { { 1, 0, 0 } }, 1, 334, "b" },
	{ "less than these", { { 1, 0, 0 } }, 1, 333, "" },
	{ "one byte", { { 2, 0, 0 } }, 1, 256, "c" },
	{ "less than that takes", { { 2, 0, 0 } }, 1, 255, "" },
	{ "ten lines", { { 4, 0, 0 } }, 1, 1030, "e" },
	{ "less than ten", { { 4, 0, 0 } }, 1, 1029, "" },
	{ "two, to the byte", { { 3, 0, 0 }, { 0, 0, 1 } }, 2, 656, "ad" },
	{ "a byte less than two", { { 3, 0, 0 }, { 0, 0, 1 } }, 2, 655, "d" },
	{ "first posts first", { { 0, 1, 0 }, { 3, 0, 1 } }, 2, 328, "d" },
	{ "first pictures first", { { 0, 1, 1 }, { 3, 1, 0 } }, 2, 328, "d" },
	{ "small ones first", { { 0, 1, 1 }, { 2, 1, 1 } }, 2, 328, "c" },
	{ "of one size by address", { { 3, 1, 1 }, { 0, 1, 1 } }, 2, 328, "a" },
	{ "a large one leaves its room", { { 4, 0, 0 }, { 0, 0, 1 } }, 2, 400, "a" },
	{ "each once", { { 0, 0, 0 }, { 0, 1, 0 }, { 2, 2, 0 } }, 3, 584, "ac" },
	/* clang-format on */
};

static void
there_is_room_for_some(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(choices); i++) {
		struct arena *a = arena_new();
		struct picture_wanted wanted[3];
		const struct carried_picture *const *out = NULL;
		const char *got = "";
		size_t count = 0;

		for (size_t k = 0; k < choices[i].count; k++)
			wanted[k] =
			    (struct picture_wanted){ &all[choices[i].wanted[k].picture],
				    choices[i].wanted[k].rank,
				    choices[i].wanted[k].place };
		count = digest_pictures_choose(a, all, ARRAY_LEN(all), wanted,
		    choices[i].count, choices[i].room, &out);
		for (size_t k = 0; k < count; k++)
			got = arena_printf(a, "%s%s", got, out[k]->url);
		if (strcmp(got, choices[i].want) != 0)
			fail_msg("%s: got %s, want %s", choices[i].name, got,
			    choices[i].want);
		arena_free(a);
	}
}

static void
a_picture_is_found_by_its_address(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		assert_ptr_equal(digest_picture_find(all, ARRAY_LEN(all), all[i].url),
		    &all[i]);
	assert_null(digest_picture_find(all, ARRAY_LEN(all), "bb"));
	assert_null(digest_picture_find(all, 4, "e"));
	assert_ptr_equal(digest_picture_find(all, 1, "a"), &all[0]);
	assert_null(digest_picture_find(all, 0, "a"));
	assert_null(digest_picture_find(NULL, 0, "a"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(so_many_of_a_post),
		cmocka_unit_test(the_largest_takes_half_of_the_room),
		cmocka_unit_test(pictures_are_listed),
		cmocka_unit_test(there_is_room_for_some),
		cmocka_unit_test(a_picture_is_found_by_its_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

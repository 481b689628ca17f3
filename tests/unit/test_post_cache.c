/* SPDX-License-Identifier: ISC */
/* What letters leave for others: of the same post and of nothing else, as long as there is room. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/limits.h"
#include "digest/body_cache.h"
#include "digest/entry_body.h"
#include "digest/post_cache.h"

enum { SLOTS = 1024, MEGABYTE = 1 << 20 };

/* A post, and others that differ in one thing; all are one number of slots apart. */
static const struct entry one = { .id = 7, .title = "t", .summary = "s", .text = "x" };

static const struct {
	const char *name;
	struct entry entry;
	const char *html;
	bool rtl;
	bool is_same;
} others[] = {
	/* clang-format off */
	{ "itself", { .id = 7, .title = "t", .summary = "s", .text = "x" }, "h", false, true },
	{ "another number", { .id = 7 + SLOTS, .title = "t", .summary = "s", .text = "x" }, "h", false, false },
	{ "another title", { .id = 7, .title = "u", .summary = "s", .text = "x" }, "h", false, false },
	{ "no title", { .id = 7, .summary = "s", .text = "x" }, "h", false, false },
	{ "another summary", { .id = 7, .title = "t", .summary = "t", .text = "x" }, "h", false, false },
	{ "another text", { .id = 7, .title = "t", .summary = "s", .text = "y" }, "h", false, false },
	{ "another HTML", { .id = 7, .title = "t", .summary = "s", .text = "x" }, "i", false, false },
	{ "another direction", { .id = 7, .title = "t", .summary = "s", .text = "x" }, "h", true, false },
	/* clang-format on */
};

static void
a_body_is_kept_of_one_post(void **state)
{
	const struct shown_body body = { "<p>b</p>", "b", true };
	struct body_cache *c = body_cache_new();
	const struct whole_body whole = { .entry = &one, .html = "h" };
	struct kept_post *kept = body_cache_post(c, &whole);

	(void)state;
	assert_non_null(kept);
	body_cache_add(c, kept, 100, 3, &body);
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		const struct whole_body w = { .entry = &others[i].entry,
			.html = others[i].html,
			.rtl = others[i].rtl };
		struct shown_body out = { 0 };
		struct kept_post *p = body_cache_post(c, &w);

		if ((p == kept) != others[i].is_same)
			fail_msg("%s: want %d", others[i].name, others[i].is_same);
		assert_int_equal(body_cache_find(p, 100, 3, &out), others[i].is_same);
		/* It is there the next time too. */
		assert_ptr_equal(body_cache_post(c, &w), p);
	}
	body_cache_free(c);
	body_cache_free(NULL);
}

static void
a_body_is_of_its_length_and_heading(void **state)
{
	const struct shown_body cut = { "<p>c</p>", "c", true };
	const struct shown_body all = { "<p>a</p>", "a", false };
	struct body_cache *c = body_cache_new();
	const struct whole_body whole = { .entry = &one, .html = "h" };
	struct kept_post *p = body_cache_post(c, &whole);
	struct shown_body out = { 0 };

	(void)state;
	assert_false(body_cache_find(p, 100, 3, &out));
	body_cache_add(c, p, 100, 3, &cut);
	body_cache_add(c, p, SIZE_MAX, 4, &all);
	assert_false(body_cache_find(p, 100, 4, &out));
	assert_false(body_cache_find(p, 101, 3, &out));
	assert_false(body_cache_find(p, SIZE_MAX, 3, &out));
	assert_true(body_cache_find(p, 100, 3, &out));
	assert_string_equal(out.html, "<p>c</p>");
	assert_string_equal(out.text, "c");
	assert_true(out.is_cut);
	assert_true(body_cache_find(p, SIZE_MAX, 4, &out));
	assert_string_equal(out.html, "<p>a</p>");
	assert_false(out.is_cut);
	body_cache_free(c);
}

/* Bodies of a megabyte each: nine are kept, since there is room until eight are there. */
static void
what_is_kept_has_a_most(void **state)
{
	struct arena *a = arena_new();
	char *text = arena_alloc(a, MEGABYTE);
	struct body_cache *c = body_cache_new();
	const struct whole_body whole = { .entry = &one, .html = "h" };
	struct entry next = one;
	const struct whole_body other = { .entry = &next, .html = "h" };
	struct kept_post *p = body_cache_post(c, &whole);
	const struct shown_body body = { text, "", false };
	struct shown_body out = { 0 };
	size_t kept = 0;

	(void)state;
	memset(text, 'x', MEGABYTE - 1);
	body_cache_tidy(c);
	assert_int_equal(body_cache_age(c), 0);
	for (size_t i = 0; i < 20; i++)
		body_cache_add(c, p, i, 3, &body);
	for (size_t i = 0; i < 20; i++)
		kept += body_cache_find(p, i, 3, &out);
	assert_in_range(kept, 8, 9);
	assert_true(body_cache_find(p, 7, 3, &out));
	assert_false(body_cache_find(p, 9, 3, &out));
	/* No other post is kept then, until the next letter tidies. */
	next.id = 8;
	assert_null(body_cache_post(c, &other));
	assert_ptr_equal(body_cache_post(c, &whole), p);
	body_cache_tidy(c);
	assert_int_equal(body_cache_age(c), 1);
	assert_non_null(body_cache_post(c, &other));
	p = body_cache_post(c, &whole);
	assert_non_null(p);
	assert_false(body_cache_find(p, 7, 3, &out));
	body_cache_free(c);
	arena_free(a);
}

static void
what_is_known_is_of_one_post(void **state)
{
	struct post_cache *c = post_cache_new();
	const struct entry twin = one;
	struct entry next = one;
	struct known_post *p = post_cache_find(c, &one);

	(void)state;
	next.id = one.id + SLOTS;
	assert_non_null(p);
	assert_ptr_equal(p->entry, &one);
	assert_ptr_equal(post_cache_find(c, &one), p);
	assert_ptr_not_equal(post_cache_find(c, &next), p);
	assert_ptr_not_equal(post_cache_find(c, &twin), p);
	assert_ptr_equal(post_cache_find(c, &next)->entry, &next);
	assert_ptr_equal(post_cache_find(c, &twin)->entry, &twin);
	assert_ptr_equal(post_cache_find(c, &one), p);
	assert_null(post_cache_find(NULL, &one));
	/* Without room the known are found, and no others. */
	assert_non_null(arena_array(post_cache_room(c), LIMIT_POSTS_KNOWN, 1));
	assert_null(post_cache_room(c));
	assert_ptr_equal(post_cache_find(c, &one), p);
	assert_null(post_cache_find(c, &(struct entry){ .id = 9 }));
	post_cache_reset(c);
	assert_non_null(post_cache_room(c));
	assert_non_null(post_cache_find(c, &one));
	post_cache_free(c);
	post_cache_free(NULL);
}

/* A whole post is made once for each way to show pictures, and in each language. */
static void
wholes_are_kept_by_pictures_and_language(void **state)
{
	const struct entry e = { .id = 1,
		.html = "<p>a<img src=\"https://x.example/1\" alt=\"b\"></p>" };
	struct media_words words = *media_words_stored();
	struct body_style style = { .images = { .how = IMAGES_LINK,
					.words = media_words_stored() },
		.posts = post_cache_new(),
		.a = arena_new(),
		.heading = 3 };
	struct whole_body linked;
	struct whole_body again;

	(void)state;
	entry_body_whole(&style, &e, false, &linked);
	entry_body_whole(&style, &e, true, &again);
	assert_non_null(linked.known);
	assert_ptr_equal(again.known, linked.known);
	assert_ptr_equal(again.html, linked.html);
	assert_true(again.rtl);
	style.images.how = IMAGES_NONE;
	entry_body_whole(&style, &e, false, &again);
	assert_ptr_not_equal(again.known, linked.known);
	assert_string_equal(again.html, "<p>a b</p>");
	style.images.how = IMAGES_LINK;
	style.images.words = &words;
	entry_body_whole(&style, &e, false, &again);
	assert_ptr_not_equal(again.known, linked.known);
	assert_string_equal(again.html, linked.html);
	style.images.words = media_words_stored();
	entry_body_whole(&style, &e, false, &again);
	assert_ptr_equal(again.known, linked.known);
	/* Which pictures are carried is the letter's. */
	style.images.how = IMAGES_INLINE;
	entry_body_whole(&style, &e, false, &again);
	assert_null(again.known);
	post_cache_free(style.posts);
	arena_free(style.a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_body_is_kept_of_one_post),
		cmocka_unit_test(a_body_is_of_its_length_and_heading),
		cmocka_unit_test(what_is_kept_has_a_most),
		cmocka_unit_test(what_is_known_is_of_one_post),
		cmocka_unit_test(wholes_are_kept_by_pictures_and_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/* Which pictures a letter carries, by what the settings and the reader want of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/clock.h"
#include "base/text.h"
#include "digest/fit.h"

#define IMG(name) "<img src=\"https://x.example/" name "\" alt=\"\">"

/* 328 bytes each as they are mailed; by address.  Nobody fetched "d". */
static const struct carried_picture pictures[] = {
	{ .url = "https://x.example/a", .width = 99, .height = 99, .len = 57 },
	{ .url = "https://x.example/b", .width = 99, .height = 99, .len = 57 },
	{ .url = "https://x.example/c", .width = 99, .height = 99, .len = 57 },
	{ .url = "https://x.example/z", .width = 99, .height = 99, .len = 57 },
};

/* Two posts of one blog and one of another. */
static const struct entry entries[] = {
	{ .id = 1, .html = "<p>" IMG("c") IMG("d") IMG("b") "</p>" },
	{ .id = 2, .html = "<p>" IMG("a") "</p>" },
	{ .id = 3, .html = "<p>" IMG("z") IMG("c") "</p>" },
};

static const struct {
	const char *name;
	enum images images;
	int64_t bytes;
	size_t count; /* of those that were fetched */
	enum letter_format format;
	enum length_wish length;
	const char *want; /* last letters of their addresses */
} cases[] = {
	/* clang-format off */
	{ "all that posts have", IMAGES_INLINE, 99999, 4, FORMAT_HTML, LENGTH_WHOLE, "abcz" },
	{ "the first of each post", IMAGES_FIRST, 99999, 4, FORMAT_HTML, LENGTH_WHOLE, "acz" },
	{ "room for one: by address among firsts", IMAGES_INLINE, 328, 4, FORMAT_HTML, LENGTH_WHOLE, "c" },
	{ "for two: both first posts'", IMAGES_INLINE, 656, 4, FORMAT_HTML, LENGTH_WHOLE, "cz" },
	{ "for three: their second pictures", IMAGES_INLINE, 984, 4, FORMAT_HTML, LENGTH_WHOLE, "bcz" },
	{ "none", IMAGES_INLINE, 0, 4, FORMAT_HTML, LENGTH_WHOLE, "" },
	{ "less than none", IMAGES_INLINE, -1, 4, FORMAT_HTML, LENGTH_WHOLE, "" },
	{ "one byte", IMAGES_INLINE, 1, 4, FORMAT_HTML, LENGTH_WHOLE, "" },
	{ "some were fetched", IMAGES_INLINE, 99999, 2, FORMAT_HTML, LENGTH_WHOLE, "ab" },
	{ "one was", IMAGES_INLINE, 99999, 1, FORMAT_HTML, LENGTH_WHOLE, "a" },
	{ "nothing was", IMAGES_INLINE, 99999, 0, FORMAT_HTML, LENGTH_WHOLE, "" },
	{ "titles have none", IMAGES_INLINE, 99999, 4, FORMAT_HTML, LENGTH_TITLES, "" },
	{ "beginnings have", IMAGES_INLINE, 99999, 4, FORMAT_HTML, LENGTH_SHORT, "abcz" },
	{ "a text carries none", IMAGES_INLINE, 99999, 4, FORMAT_TEXT, LENGTH_WHOLE, "" },
	{ "linked ones", IMAGES_LINK, 99999, 4, FORMAT_HTML, LENGTH_WHOLE, "" },
	{ "nobody wants any", IMAGES_NONE, 99999, 4, FORMAT_HTML, LENGTH_WHOLE, "" },
	/* Of what a browser fetches the sizes are known. */
	{ "from elsewhere", IMAGES_REMOTE, 0, 4, FORMAT_HTML, LENGTH_TITLES, "abcz" },
	{ "some from elsewhere", IMAGES_REMOTE, 0, 3, FORMAT_HTML, LENGTH_WHOLE, "abc" },
	{ "nothing known", IMAGES_REMOTE, 0, 0, FORMAT_HTML, LENGTH_WHOLE, "" },
	/* clang-format on */
};

static void
a_letter_carries_what_is_wanted(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new();
		const struct source sources[2] = { { .id = 1 }, { .id = 2 } };
		const struct entry *list[] = { &entries[0], &entries[1], &entries[2] };
		static const struct digest_ties ties[3];
		struct digest_source runs[] = {
			{ .source = &sources[0],
			    .entries = list,
			    .ties = ties,
			    .count = 2 },
			{ .source = &sources[1],
			    .entries = list + 2,
			    .ties = ties + 2,
			    .count = 1 },
		};
		struct digest_section section = { .day = TIME_NONE,
			.sources = runs,
			.count = 2 };
		const struct digest d = { .sections = &section,
			.section_count = 1,
			.entry_count = 3,
			.source_count = 2 };
		const struct config config = { .digest = { .image_bytes = cases[i].bytes,
						   .short_bytes = 100 } };
		struct template_set templates = { .media = *media_words_stored() };
		const struct render_context ctx = { .config = &config,
			.templates = &templates,
			.images = cases[i].images,
			.pictures = pictures,
			.picture_count = cases[i].count };
		const struct variant v = { .length = cases[i].length,
			.format = cases[i].format };
		struct fit f;
		char got[9] = "";

		fit_init(a, &ctx, &d, &v, 0, &f);
		for (size_t k = 0; k < f.style.images.carried_count; k++)
			got[k] = f.style.images.carried[k]->url[18];
		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].name, got,
			    cases[i].want);
		assert_int_equal(f.style.images.how,
		    cases[i].format == FORMAT_TEXT ? IMAGES_LINK : cases[i].images);
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_letter_carries_what_is_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/* How large carried pictures are, what stands beside words for pictures, and which have legends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "html/images.h"

static const struct carried_picture all[] = {
	{ .url = "u:1", .id = "one", .width = 400, .height = 300 },
	{ .url = "u:2", .id = "two", .width = 300, .height = 1 },
};
static const struct carried_picture *const list[] = { &all[0], &all[1] };

static const char *
shown(struct arena *a, const char *html, enum images how)
{
	const struct image_style style = { how, media_words_stored(), list,
		ARRAY_LEN(list) };

	return html_images_styled(a, html, &style);
}

/* As wide as its author has it, or as high, but no larger than it is. */
static void
a_carried_picture_has_its_size(void **state)
{
	static const struct {
		const char *attributes, *size;
	} cases[] = {
		{ "src=\"u:1\"", "width=\"400\" height=\"300\"" },
		{ "src=\"u:1\" width=\"200\"", "width=\"200\" height=\"150\"" },
		{ "src=\"u:1\" width=\"399\"", "width=\"399\" height=\"299\"" },
		{ "src=\"u:1\" width=\"398\"", "width=\"398\" height=\"299\"" },
		{ "src=\"u:1\" width=\"397\"", "width=\"397\" height=\"298\"" },
		{ "src=\"u:1\" width=\"400\"", "width=\"400\" height=\"300\"" },
		{ "src=\"u:1\" width=\"401\"", "width=\"400\" height=\"300\"" },
		{ "src=\"u:1\" width=\"1\"", "width=\"1\" height=\"1\"" },
		{ "src=\"u:1\" width=\"0\"", "width=\"400\" height=\"300\"" },
		{ "src=\"u:1\" width=\"-5\"", "width=\"400\" height=\"300\"" },
		{ "src=\"u:1\" height=\"150\"", "width=\"200\" height=\"150\"" },
		{ "src=\"u:1\" height=\"299\"", "width=\"398\" height=\"299\"" },
		{ "src=\"u:1\" height=\"300\"", "width=\"400\" height=\"300\"" },
		{ "src=\"u:1\" height=\"301\"", "width=\"400\" height=\"300\"" },
		{ "src=\"u:1\" height=\"1\"", "width=\"1\" height=\"1\"" },
		{ "src=\"u:1\" height=\"0\"", "width=\"400\" height=\"300\"" },
		{ "src=\"u:1\" width=\"100\" height=\"150\"",
		    "width=\"100\" height=\"75\"" },
		{ "src=\"u:2\"", "width=\"300\" height=\"1\"" },
		{ "src=\"u:2\" width=\"100\"", "width=\"100\" height=\"1\"" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *html =
		    arena_printf(a, "<img %s alt=\"x\">", cases[i].attributes);
		const char *got = shown(a, html, IMAGES_INLINE);

		if (!strstr(got, arena_printf(a, " %s>", cases[i].size)))
			fail_msg("%s: got %s", cases[i].attributes, got);
	}
	arena_free(a);
}

#define IMG "<img src=\"u:9\" alt=\"b\">"
#define THAI_5 "\u0E01\u0E02\u0E04\u0E07\u0E08"
#define THAI_15 THAI_5 THAI_5 THAI_5
#define WORDS "<a class=\"picture\" href=\"u:9\">[picture: b]</a>"

/* clang-format off */
static const struct {
	const char *html, *none, *link;
} beside[] = {
	{ "<p>a" IMG ".</p>", "<p>a b.</p>", "<p>a " WORDS ".</p>" },
	{ "<p>a" IMG ",</p>", "<p>a b,</p>", "<p>a " WORDS ",</p>" },
	{ "<p>(" IMG ")</p>", "<p>( b)</p>", "<p>( " WORDS ")</p>" },
	{ "<p>a" IMG "</p>", "<p>a b</p>", "<p>a " WORDS "</p>" },
	{ "<p>" IMG "c</p>", "<p>b c</p>", "<p>" WORDS " c</p>" },
	{ "<p><b>a" IMG "</b>.</p>", "<p><b>a b</b>.</p>", "<p><b>a " WORDS "</b>.</p>" },
	{ "<p><b>a" IMG "</b>c</p>", "<p><b>a b</b> c</p>", "<p><b>a " WORDS "</b> c</p>" },
	{ "<p>a<img src=\"u:9\" alt=\"\">c</p>", "<p>ac</p>",
		"<p>a <a class=\"picture\" href=\"u:9\">[picture]</a> c</p>" },
	{ "<img src=\"u:9\" alt=\"\"><br>c", "<br>\nc",
		"<a class=\"picture\" href=\"u:9\">[picture]</a><br>\nc" },
	{ "<p>a<img alt=\"b\">c</p>", "<p>a b c</p>", "<p>a [picture: b] c</p>" },
	/* The still of a player says nothing beside its words. */
	{ "<a href=\"u:3\"><img src=\"u:9\" alt=\"\"><br>Video (x)</a>", "<a href=\"u:3\">Video (x)</a>",
		"<a href=\"u:3\">Video (x)</a>" },
	{ "<a href=\"u:3\">" IMG "<br>Video (x)</a>", "<a href=\"u:3\">b<br>\nVideo (x)</a>",
		"<a href=\"u:3\">[picture: b]<br>\nVideo (x)</a>" },
	{ "<a href=\"u:3\">x<img src=\"u:9\" alt=\"\"><br>y</a>", "<a href=\"u:3\">x<br>\ny</a>",
		"<a href=\"u:3\">x [picture]<br>\ny</a>" },
	/* A link that holds nothing else has their class. */
	{ "<a href=\"u:3\">" IMG "</a>", "<a href=\"u:3\">b</a>",
		"<a class=\"picture\" href=\"u:3\">[picture: b]</a>" },
	{ "<a href=\"u:3\">" IMG " c</a>", "<a href=\"u:3\">b c</a>",
		"<a href=\"u:3\">[picture: b] c</a>" },
	{ "<a href=\"u:3\">[picture: c]</a>" IMG, "<a class=\"picture\" href=\"u:3\">[picture: c]</a> b",
		"<a class=\"picture\" href=\"u:3\">[picture: c]</a> " WORDS },
	{ "<a href=\"u:3\">[picture: </a>" IMG, "<a href=\"u:3\">[picture:</a> b",
		"<a href=\"u:3\">[picture:</a> " WORDS },
};

/* A picture that is not carried and none whose size is known is words, in a link of its own too. */
static const struct {
	const char *html, *carried, *remote;
} places[] = {
	{ "<a href=\"u:3\">" IMG "</a>", "<a class=\"picture\" href=\"u:3\">[picture: b]</a>",
		"<a class=\"picture\" href=\"u:3\">[picture: b]</a>" },
	{ "<a href=\"u:3\"><img src=\"u:9\" alt=\"b\" width=\"1\" height=\"2\"></a>",
		"<a class=\"picture\" href=\"u:3\">[picture: b]</a>",
		"<a href=\"u:3\"><img src=\"u:9\" alt=\"b\" width=\"1\" height=\"2\"></a>" },
	{ "<img src=\"u:9\" alt=\"b\" width=\"2\" height=\"1\">", WORDS,
		"<img src=\"u:9\" alt=\"b\" width=\"2\" height=\"1\">" },
	{ "<img src=\"u:9\" alt=\"b\" width=\"0\" height=\"1\">", WORDS, WORDS },
	{ "<img src=\"u:9\" alt=\"b\" width=\"1\" height=\"0\">", WORDS, WORDS },
	{ "<a href=\"u:3\"><img src=\"u:2\" alt=\"b\"></a>",
		"<a href=\"u:3\"><img src=\"cid:two\" alt=\"b\" width=\"300\" height=\"1\"></a>",
		"<a href=\"u:3\"><img alt=\"b\" src=\"u:2\" width=\"300\" height=\"1\"></a>" },
	/* What a link is called that has no other name. */
	{ "<a href=\"u:3\"><img src=\"u:2\" alt=\"\"></a>",
		"<a href=\"u:3\"><img src=\"cid:two\" alt=\"Picture\" width=\"300\" height=\"1\"></a>",
		"<a href=\"u:3\"><img alt=\"Picture\" src=\"u:2\" width=\"300\" height=\"1\"></a>" },
	{ "<a href=\"u:3\">x <img src=\"u:2\" alt=\"\"></a>",
		"<a href=\"u:3\">x <img src=\"cid:two\" alt=\"\" width=\"300\" height=\"1\"></a>",
		"<a href=\"u:3\">x <img alt=\"\" src=\"u:2\" width=\"300\" height=\"1\"></a>" },
	{ "<a href=\"u:3\"><img src=\"u:2\" alt=\"\"> x</a>",
		"<a href=\"u:3\"><img src=\"cid:two\" alt=\"\" width=\"300\" height=\"1\"> x</a>",
		"<a href=\"u:3\"><img alt=\"\" src=\"u:2\" width=\"300\" height=\"1\"> x</a>" },
	{ "<img src=\"u:2\" alt=\"\">", "<a href=\"u:2\"><img src=\"cid:two\" alt=\"Picture\" "
		"width=\"300\" height=\"1\"></a>", "<img alt=\"\" src=\"u:2\" width=\"300\" "
		"height=\"1\">" },
	/* A still that is shown stays beside its player's words. */
	{ "<a href=\"u:3\"><img src=\"u:2\" alt=\"\"><br>Video (x)</a>",
		"<a href=\"u:3\"><img src=\"cid:two\" alt=\"\" width=\"300\" height=\"1\"><br>\nVideo (x)</a>",
		"<a href=\"u:3\"><img alt=\"\" src=\"u:2\" width=\"300\" height=\"1\"><br>\nVideo (x)</a>" },
};

static const struct {
	const char *alt, *title;
	const char *shown, *link; /* what stands under it, or NULL */
} legends[] = {
	{ "a", "", NULL, NULL },
	{ "a", "one two", NULL, NULL },
	{ "a", "one two three", "one two three", "one two three" },
	{ "one two three", "one two three", "one two three", NULL },
	{ "see: one two three", "one two three", NULL, NULL },
	{ "one", "one two three", "one two three", "one two three" },
	/* Where words have no blanks, as in Thai: sixteen columns. */
	{ "a", THAI_15, NULL, NULL },
	{ "a", THAI_15 "\u0E01", THAI_15 "\u0E01", THAI_15 "\u0E01" },
	{ "a", "abcdefghijklmnopqrst", NULL, NULL },
};
/* clang-format on */

static void
words_for_pictures_part_from_others(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(beside); i++) {
		const char *none = shown(a, beside[i].html, IMAGES_NONE);
		const char *link = shown(a, beside[i].html, IMAGES_LINK);

		if (strcmp(none, beside[i].none) != 0 ||
		    strcmp(link, beside[i].link) != 0) {
			print_error("%s: got %s and %s\n", beside[i].html, none, link);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

static void
a_picture_is_carried_remote_or_words(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		const char *carried = shown(a, places[i].html, IMAGES_INLINE);
		const char *remote = shown(a, places[i].html, IMAGES_REMOTE);

		if (strcmp(carried, places[i].carried) != 0 ||
		    strcmp(remote, places[i].remote) != 0) {
			print_error("%s: got %s and %s\n", places[i].html, carried,
			    remote);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

static const char *
legend_of(struct arena *a, const char *html)
{
	const char *small = strstr(html, "<small>");

	return small ? arena_strndup(a, small + 7, strcspn(small + 7, "<")) : "(none)";
}

static void
sentences_stand_under_their_pictures(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(legends); i++) {
		const char *html =
		    arena_printf(a, "<p><img src=\"u:1\" alt=\"%s\" title=\"%s\"></p>",
			legends[i].alt, legends[i].title);
		const char *carried = shown(a, html, IMAGES_INLINE);
		const char *remote = shown(a, html, IMAGES_REMOTE);
		const char *link = shown(a, html, IMAGES_LINK);
		const char *want = legends[i].shown ? legends[i].shown : "(none)";

		if (strcmp(legend_of(a, carried), want) != 0 ||
		    strcmp(legend_of(a, remote), want) != 0 ||
		    strcmp(legend_of(a, link),
			legends[i].link ? legends[i].link : "(none)") != 0)
			fail_msg("%s: got %s, %s, %s", html, carried, remote, link);
	}
	arena_free(a);
}

/* The first of those carried; others lead to themselves in words. */
static void
each_way_of_showing_is_one(void **state)
{
	static const char html[] =
	    "<p><img src=\"u:1\" alt=\"a\"><img src=\"u:2\" alt=\"b\"></p>";
	static const struct {
		enum images how;
		size_t carried, remote, links;
	} cases[] = {
		{ IMAGES_NONE, 0, 0, 0 },
		{ IMAGES_LINK, 0, 0, 2 },
		{ IMAGES_FIRST, 1, 0, 1 },
		{ IMAGES_INLINE, 2, 0, 0 },
		{ IMAGES_REMOTE, 0, 2, 0 },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *got = shown(a, html, cases[i].how);
		size_t carried = 0, remote = 0, links = 0;

		for (const char *at = got; *at; at++) {
			carried += strncmp(at, "src=\"cid:", 9) == 0;
			remote += strncmp(at, "src=\"u:", 7) == 0;
			links += strncmp(at, "[picture", 8) == 0;
		}
		if (carried != cases[i].carried || remote != cases[i].remote ||
		    links != cases[i].links)
			fail_msg("%d: got %s", (int)cases[i].how, got);
		assert_int_equal(images_are_carried(cases[i].how), cases[i].carried > 0);
		assert_int_equal(images_are_shown(cases[i].how),
		    cases[i].carried + cases[i].remote > 0);
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_carried_picture_has_its_size),
		cmocka_unit_test(words_for_pictures_part_from_others),
		cmocka_unit_test(a_picture_is_carried_remote_or_words),
		cmocka_unit_test(sentences_stand_under_their_pictures),
		cmocka_unit_test(each_way_of_showing_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

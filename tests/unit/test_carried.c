/* SPDX-License-Identifier: ISC */
/* Pictures that letters carry: which posts have, which find room, and how HTML shows them. */
#include "unit/store_fixture.h"

#include "base/attr.h"
#include "base/limits.h"
#include "digest/entry_pictures.h"
#include "flow/logo.h"
#include "html/carried.h"
#include "html/images.h"
#include "store/pictures.h"

static const struct carried_picture all[] = {
	{ "https://x.example/a.png", "aa@x", 1000, 500, 3000 },
	{ "https://x.example/b.png", "bb@x", 300, 400, 6000 },
	{ "https://x.example/c.png", "cc@x", 10, 10, 30000 },
};

/* ---- in HTML ---- */

#define IMG_A "<img src=\"https://x.example/a.png\" alt=\"A &amp; b\">"
#define IMG_B "<img src=\"https://x.example/b.png\" alt=\"\" width=\"150\">"
#define IMG_Z "<img src=\"https://x.example/z.png\" alt=\"z\">"
#define LINK(name, words) "<a href=\"https://x.example/" name ".png\">" words "</a>"
#define WORDS(name, words) \
	"<a class=\"picture\" href=\"https://x.example/" name ".png\">" words "</a>"
#define SHOWN_A "<img src=\"cid:aa@x\" alt=\"A &amp; b\" width=\"1000\" height=\"500\">"
#define COMIC "<img src=\"cid:aa@x\" alt=\"Buoys\" width=\"1000\" height=\"500\">"
#define JOKE "<br>\n<small>The third is honest.</small></p>"
#define SHOWN_B "<img src=\"cid:bb@x\" alt=\"Picture\" width=\"150\" height=\"200\">"

static const struct {
	const char *name, *html;
	enum images how;
	const char *want;
} shown[] = {
	{ "links", "<p>" IMG_A "</p>", IMAGES_LINK,
	    "<p>" WORDS("a", "[picture: A &amp; b]") "</p>" },
	{ "the first is carried and leads to itself", "<p>" IMG_A "</p><p>" IMG_B "</p>",
	    IMAGES_FIRST,
	    "<p>" LINK("a", SHOWN_A) "</p>\n<p>" WORDS("b", "[picture]") "</p>" },
	{ "all are, as wide as they were drawn", "<p>" IMG_B "</p><p>" IMG_A "</p>",
	    IMAGES_INLINE,
	    "<p>" LINK("b", SHOWN_B) "</p>\n<p>" LINK("a", SHOWN_A) "</p>" },
	{ "one that is not there is a link, the next the first",
	    "<p>" IMG_Z "</p><p>" IMG_A "</p>", IMAGES_FIRST,
	    "<p>" WORDS("z", "[picture: z]") "</p>\n<p>" LINK("a", SHOWN_A) "</p>" },
	{ "a link round it stays", "<p><a href=\"https://y.example/\">" IMG_A "</a></p>",
	    IMAGES_FIRST, "<p><a href=\"https://y.example/\">" SHOWN_A "</a></p>" },
	{ "a comic's second half",
	    "<p><img src=\"https://x.example/a.png\" alt=\"Buoys\" "
	    "title=\"The third is honest.\"></p>",
	    IMAGES_INLINE, "<p>" LINK("a", COMIC) JOKE },
	{ "a link that holds a picture alone has a name",
	    "<p><a href=\"u:1\">" IMG_B "</a> <a href=\"u:2\">" IMG_B " Words</a></p>",
	    IMAGES_REMOTE,
	    "<p><a href=\"u:1\"><img alt=\"Picture\" src=\"https://x.example/b.png\" "
	    "width=\"150\" height=\"200\"></a> <a href=\"u:2\"><img alt=\"\" "
	    "src=\"https://x.example/b.png\" width=\"150\" height=\"200\"> Words</a></p>" },
	{ "one from elsewhere has the size that is known of it", "<p>" IMG_A "</p>",
	    IMAGES_REMOTE,
	    "<p><img alt=\"A &amp; b\" src=\"https://x.example/a.png\" width=\"1000\" "
	    "height=\"500\"></p>" },
	{ "or as its author has it",
	    "<p><img src=\"https://x.example/z.png\" alt=\"z\" width=\"9\" height=\"8\"></p>",
	    IMAGES_REMOTE,
	    "<p><img src=\"https://x.example/z.png\" alt=\"z\" width=\"9\" height=\"8\"></p>" },
	{ "as high as its author has it",
	    "<p><img src=\"https://x.example/a.png\" alt=\"A\" height=\"50\"></p>",
	    IMAGES_REMOTE,
	    "<p><img alt=\"A\" src=\"https://x.example/a.png\" width=\"100\" "
	    "height=\"50\"></p>" },
	{ "one whose size nobody knows is a link", "<p>" IMG_Z "</p>", IMAGES_REMOTE,
	    "<p>" WORDS("z", "[picture: z]") "</p>" },
	{ "none", "<p>x" IMG_A "</p>", IMAGES_NONE, "<p>x A &amp; b</p>" },
};

static void
html_shows_what_is_carried(void **state)
{
	const struct carried_picture *const list[] = { &all[0], &all[1] };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
		struct arena *a = arena_new();
		const struct image_style style = { shown[i].how, media_words_stored(),
			list, 2 };

		SAME_TEXT(shown[i].name, html_images_styled(a, shown[i].html, &style),
		    shown[i].want);
		arena_free(a);
	}
}

static bool
stays_a(void *arg, const struct carried_tag *tag)
{
	(void)arg;
	return tag->id_len == 4 && memcmp(tag->id, "aa@x", 4) == 0;
}

static void
words_stand_where_none_can_come_along(void **state)
{
	static const char html[] = "<!DOCTYPE html><p>" SHOWN_A " " IMG_Z " " SHOWN_B
				   " <img alt=\"late\" src=\"cid:cc@x\"></p>";
	struct arena *a = arena_new();
	const struct media_words *words = media_words_stored();

	(void)state;
	SAME_TEXT("of all", html_carried_as_words(a, html, words, NULL, NULL),
	    "<!DOCTYPE html><p>[picture: A &amp; b] " IMG_Z
	    " [picture] [picture: late]</p>");
	SAME_TEXT("but one", html_carried_as_words(a, html, words, stays_a, NULL),
	    "<!DOCTYPE html><p>" SHOWN_A " " IMG_Z " [picture] [picture: late]</p>");
	SAME_TEXT("a logo is the name",
	    html_carried_as_words(a,
		"<h1><img src=\"cid:aa.logo@x\" alt=\"Quay &amp; Co\"></h1>" SHOWN_B,
		words, NULL, NULL),
	    "<h1>Quay &amp; Co</h1>[picture]");
	SAME_TEXT("a logo without a name is a picture",
	    html_carried_as_words(a, "<h1><img src=\"cid:aa.logo@x\" alt=\"\"></h1>",
		words, NULL, NULL),
	    "<h1>[picture]</h1>");
	assert_ptr_equal(html_carried_as_words(a, IMG_Z, words, NULL, NULL), IMG_Z);
	SAME_TEXT("a tag that does not end",
	    html_carried_as_words(a, "<img src=\"cid:x", words, NULL, NULL),
	    "<img src=\"cid:x");
	arena_free(a);
}

/* ---- of posts ---- */

static void
a_post_has_pictures_worth_carrying(void **state)
{
	static const char html[] =
	    "<p><img src=\"https://x.example/icon.png\" alt=\"\" width=\"16\">"
	    "<img src=\"https://x.example/1.png\" alt=\"\">"
	    "<img src=\"https://x.example/1.png\" alt=\"again\">"
	    "<img src=\"https://x.example/2.png\" alt=\"\"></p>";
	const struct enclosure photo = { "https://x.example/toot.jpg", "image/jpeg", NULL,
		-1, -1 };
	const struct entry post = { .html = html, .words = 100 };
	const struct entry toot = { .html = "<p>Hi</p>",
		.words = 1,
		.enclosures = &photo,
		.enclosure_count = 1 };
	struct arena *a = arena_new();
	const char *const *urls = NULL;

	(void)state;
	SAME_INT("two", digest_entry_pictures(a, &post, 8, &urls), 2);
	SAME_TEXT("no icon", urls[0], "https://x.example/1.png");
	SAME_TEXT("none twice", urls[1], "https://x.example/2.png");
	SAME_INT("the first", digest_entry_pictures(a, &post, 1, &urls), 1);
	SAME_INT("attached", digest_entry_pictures(a, &toot, 1, &urls), 1);
	SAME_TEXT("to a toot", urls[0], "https://x.example/toot.jpg");
	SAME_INT("of no use", digest_pictures_of_a_post(IMAGES_REMOTE), 0);
	SAME_INT("one", digest_pictures_of_a_post(IMAGES_FIRST), 1);
	SAME_INT("many", digest_pictures_of_a_post(IMAGES_INLINE), LIMIT_PICTURES_A_POST);
	arena_free(a);
}

/* ---- room ---- */

static void
choose(struct arena *a, size_t room, const char *want)
{
	struct picture_wanted wanted[] = { { &all[2], 0, 0 }, { &all[1], 1, 0 },
		{ &all[1], 0, 1 }, { &all[0], 0, 0 } };
	const struct carried_picture *const *list = NULL;
	const size_t n = digest_pictures_choose(a, all, ARRAY_LEN(all), wanted,
	    ARRAY_LEN(wanted), room, &list);
	char got[8] = "";

	for (size_t i = 0; i < n; i++)
		got[i] = list[i]->id[0];
	SAME_TEXT("chosen", got, want);
}

static void
room_goes_to_first_posts_and_small_ones(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	/* 3000 bytes are 4000 in base64, of 53 lines, and a header of 250. */
	choose(a, 100000, "abc");
	choose(a, 4356, "a");
	choose(a, 4355, "");
	choose(a, 15000, "ab");
	choose(a, 46000, "ac");
	/* 57 bytes a line of 78. */
	SAME_INT("of nothing", digest_picture_largest(0), 0);
	SAME_INT("of 404 a half is too little", digest_picture_largest(404), 0);
	SAME_INT("of the default", digest_picture_largest(400000), 145863);
	arena_free(a);
}

/* ---- the newsletter's own ---- */

static void
a_logo_is_made_smaller_where_it_does_not_fit(void **state)
{
	static const struct {
		const char *name;
		int width, height, want_width, want_height;
	} cases[] = {
		{ "a small one stays", 120, 40, 120, 40 },
		{ "a wide one", 900, 150, 300, 50 },
		{ "a high one", 200, 240, 50, 60 },
		{ "both", 1000, 400, 150, 60 },
		{ "a line", 16384, 1, 300, 1 },
		{ "and one that stands", 1, 16384, 1, 60 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct picture is = { PICTURE_PNG, cases[i].width, cases[i].height,
			1 };
		int width = 0;
		int height = 0;

		flow_logo_fit(&is, 300, 60, &width, &height);
		SAME_INT(cases[i].name, width, cases[i].want_width);
		SAME_INT(cases[i].name, height, cases[i].want_height);
	}
}

/* ---- stored ---- */

static bool
is_wanted(struct store *s, const char *url)
{
	bool wanted = false;

	MUST(store_picture_is_wanted(s, url, &wanted, err));
	return wanted;
}

static void
a_picture_is_stored_by_what_it_holds(void **state)
{
	const struct picture is = { PICTURE_GIF, 3, 2, 5 };
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct stored_picture p;
	struct picture back;
	const char *bytes = NULL;
	int64_t n = 0;
	bool found = false;

	(void)state;
	assert_true(is_wanted(s, "u:1"));
	MUST(store_picture_failed(s, "u:1", false, NOW, err));
	MUST(store_picture_failed(s, "u:1", false, NOW, err));
	assert_true(is_wanted(s, "u:1"));
	MUST(store_picture_find(s, a, "u:1", &p, &found, err));
	assert_false(found);
	MUST(store_picture_put(s, "u:1", &is, "hello", NOW, err));
	assert_false(is_wanted(s, "u:1"));
	/* What is there stays as it is. */
	MUST(store_picture_put(s, "u:1", &is, "other", NOW, err));
	MUST(store_picture_failed(s, "u:1", true, NOW, err));
	MUST(store_picture_find(s, a, "u:1", &p, &found, err));
	assert_true(found);
	SAME_INT("width", p.is.width, 3);
	/* SHA-256 of "hello" begins with 2cf24dba5fb0a30e26e83b2ac5b9e2. */
	SAME_TEXT("name", p.name, "ftze3os7wcrq4jxihmvmlopc");
	MUST(store_picture_bytes(s, a, p.name, &back, &bytes, &found, err));
	assert_true(found);
	SAME_INT("bytes", back.len, 5);
	assert_memory_equal(bytes, "hello", 5);
	MUST(store_picture_bytes(s, a, "ftze3os7wcrq4jxihmvmlopd", &back, &bytes, &found,
	    err));
	assert_false(found);
	for (int i = 0; i < 3; i++)
		MUST(store_picture_failed(s, "u:2", false, NOW, err));
	assert_false(is_wanted(s, "u:2"));
	MUST(store_picture_failed(s, "u:3", true, NOW, err));
	assert_false(is_wanted(s, "u:3"));
	MUST(store_pictures_size(s, &n, err));
	SAME_INT("all", n, 5);
	/* One that a later letter carries stays as long as that. */
	MUST(store_picture_used(s, p.name, NOW + 50, err));
	MUST(store_pictures_tidy(s, NOW + 50, &n, err));
	SAME_INT("gone", n, 2);
	assert_true(is_wanted(s, "u:2"));
	MUST(store_pictures_tidy(s, NOW + 51, &n, err));
	SAME_INT("and the other", n, 1);
	arena_free(a);
	close_store(s);
}

static void
a_size_is_known_of_more_than_what_is_carried(void **state)
{
	const struct picture size = { PICTURE_JPEG, 30, 20, 0 };
	const struct picture whole = { PICTURE_GIF, 3, 2, 5 };
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct stored_picture p;
	struct picture is;
	bool wanted = false;
	bool found = false;

	(void)state;
	MUST(store_picture_size_is_wanted(s, "u:1", &wanted, err));
	assert_true(wanted);
	MUST(store_picture_size_put(s, "u:1", &size, NOW, err));
	MUST(store_picture_size_is_wanted(s, "u:1", &wanted, err));
	assert_false(wanted);
	MUST(store_picture_size_find(s, "u:1", &is, &found, err));
	assert_true(found);
	SAME_INT("width", is.width, 30);
	SAME_INT("height", is.height, 20);
	SAME_INT("bytes", is.len, 0);
	/* A letter that would carry it still asks, and what it got is kept. */
	assert_true(is_wanted(s, "u:1"));
	MUST(store_picture_find(s, a, "u:1", &p, &found, err));
	assert_false(found);
	MUST(store_picture_put(s, "u:1", &whole, "GIF89", NOW, err));
	MUST(store_picture_size_put(s, "u:1", &size, NOW, err));
	MUST(store_picture_size_find(s, "u:1", &is, &found, err));
	SAME_INT("its own", is.width, 3);
	/* One that is too large to be carried. */
	MUST(store_picture_size_put(s, "u:2", &size, NOW, err));
	MUST(store_picture_failed(s, "u:2", true, NOW, err));
	assert_false(is_wanted(s, "u:2"));
	MUST(store_picture_size_find(s, "u:2", &is, &found, err));
	assert_true(found);
	arena_free(a);
	close_store(s);
}

/* By the end of the name in their Content-ID. */
static void
logos_are_told_from_pictures(void **state)
{
	static const struct {
		const char *html;
		bool is_carried, is_logo;
	} cases[] = {
		{ "<p>x</p>", false, false },
		{ "<img src=\"https://x.example/a.png\">", false, false },
		{ "<img src=\"cid:a", false, false },
		{ "<img src=\"cid:a>", false, false },
		{ "<img src=\"cid:a@x\">", true, false },
		{ "<img alt=\"b\"><img alt=\"c\" src=\"cid:a.logo@x\">", true, true },
		{ "<img src=\"cid:a.logo@x\">", true, true },
		{ "<img src=\"cid:a.logox@x\">", true, false },
		{ "<img src=\"cid:a.logos\">", true, false },
		{ "<img src=\"cid:alogo@x\">", true, false },
		{ "<img src=\"cid:a@x\" alt=\".logo@x\">", true, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *at = cases[i].html;
		struct carried_tag tag = { 0 };
		const bool is_carried = carried_next(&at, &tag);

		SAME_INT(cases[i].html, is_carried, cases[i].is_carried);
		if (is_carried)
			SAME_INT(cases[i].html, carried_is_logo(&tag), cases[i].is_logo);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(logos_are_told_from_pictures),
		cmocka_unit_test(html_shows_what_is_carried),
		cmocka_unit_test(words_stand_where_none_can_come_along),
		cmocka_unit_test(a_post_has_pictures_worth_carrying),
		cmocka_unit_test(room_goes_to_first_posts_and_small_ones),
		cmocka_unit_test(a_logo_is_made_smaller_where_it_does_not_fit),
		cmocka_unit_test(a_picture_is_stored_by_what_it_holds),
		cmocka_unit_test(a_size_is_known_of_more_than_what_is_carried),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

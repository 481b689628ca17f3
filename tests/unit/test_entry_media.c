/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "digest/entry_media.h"
#include "html/avatar.h"

enum { MANY_WORDS = 100 };

static struct enclosure
enclosure(const char *url, const char *type, const char *title)
{
	return (struct enclosure){ url, type, title, -1, -1 };
}

static void
the_type_tells_the_kind_else_the_name(void **state)
{
	static const struct {
		const char *url;
		const char *type;
		enum media_kind want;
	} table[] = {
		{ "https://x.example/a", "audio/mpeg", MEDIA_AUDIO },
		{ "https://x.example/a.mp3", NULL, MEDIA_AUDIO },
		{ "https://x.example/a.MP3?x=1.jpg", NULL, MEDIA_AUDIO },
		{ "https://x.example/a.webm#t=3", "", MEDIA_VIDEO },
		{ "https://x.example/a.mp4", "image/png", MEDIA_IMAGE },
		{ "https://x.example/a.jpg/b", NULL, MEDIA_FILE },
		{ "https://x.example/a.pdf", NULL, MEDIA_FILE },
		{ "https://x.example/a.m4", NULL, MEDIA_FILE },
		{ "https://x.example", NULL, MEDIA_FILE },
		{ "https://x.example/a.swf", NULL, MEDIA_DEAD },
		{ "https://www.youtube.com/v/abc?version=3",
		    "application/x-shockwave-flash", MEDIA_DEAD },
		{ "https://www.youtube.com/v/abc", NULL, MEDIA_DEAD },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct enclosure e = enclosure(table[i].url, table[i].type, NULL);

		if (media_kind(&e) != table[i].want)
			fail_msg("%s: got %d, want %d", table[i].url, media_kind(&e),
			    table[i].want);
	}
}

static void
each_thing_is_said_once(void **state)
{
	static const char text[] =
	    "<p><img src=\"https://b.example/up/boat-1024x683.jpg\" alt=\"A boat\"></p>"
	    "<p><a href=\"https://b.example/talk.mp3\">Listen</a></p>";
	static const struct {
		const char *name;
		const char *url;
		const char *title;
		int64_t words;
		bool want;
	} table[] = {
		{ "another size of a picture", "https://b.example/up/boat.jpg", NULL, 3,
		    true },
		{ "a scaled one elsewhere",
		    "https://i0.cdn.example/boat-scaled.jpg?resize=9", NULL, 3, true },
		{ "another picture", "https://b.example/up/house.jpg", NULL, 3, false },
		{ "one that ends alike", "https://b.example/up/oat.jpg", NULL, 3, false },
		{ "one for sharp screens", "https://b.example/up/boat-2x.jpg", NULL, 3,
		    true },
		{ "one whose name goes on", "https://b.example/up/boat-2.jpg", NULL, 3,
		    false },
		{ "a decoration", "https://b.example/up/house.jpg", "house", MANY_WORDS,
		    true },
		{ "a described one", "https://b.example/up/house.jpg",
		    "A house with green shutters", MANY_WORDS, false },
		{ "one described without blanks", "https://b.example/up/house.jpg",
		    "\u7dd1\u306e\u96e8\u6238\u306e\u3042\u308b\u5bb6", MANY_WORDS,
		    false },
		{ "sound that the text links", "https://b.example/talk.mp3", NULL,
		    MANY_WORDS, true },
		{ "sound that it does not", "https://b.example/other.mp3", NULL,
		    MANY_WORDS, false },
		{ "what the title leads to", "https://b.example/post.mp3", NULL,
		    MANY_WORDS, true },
		{ "a face", "https://1.gravatar.com/avatar/d41d8?s=96", "ann", 3, true },
		{ "Flash", "https://b.example/film.swf", NULL, 3, true },
		{ "nothing", "", NULL, 3, true },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct enclosure one = enclosure(table[i].url, NULL, table[i].title);
		struct entry e = { .link = "https://b.example/post.mp3",
			.html = text,
			.words = table[i].words,
			.enclosures = &one,
			.enclosure_count = 1 };

		if (media_is_said(a, &e, 0, text) != table[i].want)
			fail_msg("%s: got %d", table[i].name, !table[i].want);
	}
	arena_free(a);
}

static void
of_the_same_picture_in_two_sizes_the_first_counts(void **state)
{
	struct arena *a = arena_new();
	const struct enclosure two[] = { enclosure("https://b.example/boat.jpg", NULL,
					     NULL),
		enclosure("https://b.example/boat-150x150.jpg", NULL, NULL) };
	const struct entry e = { .enclosures = two, .enclosure_count = 2 };

	(void)state;
	assert_false(media_is_said(a, &e, 0, NULL));
	assert_true(media_is_said(a, &e, 1, NULL));
	arena_free(a);
}

static void
a_video_shows_its_still(void **state)
{
	struct arena *a = arena_new();
	const struct enclosure flash =
	    enclosure("https://www.youtube.com/v/abc", NULL, NULL);
	struct entry e = { .title = "How to \"splice\"",
		.link = "https://www.youtube.com/watch?v=abc",
		.image = "https://i1.ytimg.com/vi/abc/hqdefault.jpg",
		.enclosures = &flash,
		.enclosure_count = 1 };

	(void)state;
	assert_string_equal(media_with_pictures(a, &e, "<p>Notes</p>", IMAGES_REMOTE,
				media_words_stored()),
	    "<p><a href=\"https://www.youtube.com/watch?v=abc\"><img "
	    "src=\"https://i1.ytimg.com/vi/abc/hqdefault.jpg\" "
	    "alt=\"How to &quot;splice&quot;\"></a></p>\n<p>Notes</p>");
	assert_string_equal(media_with_pictures(a, &e, "", IMAGES_LINK,
				media_words_stored()),
	    "<p><img src=\"https://i1.ytimg.com/vi/abc/hqdefault.jpg\" alt=\"\"></p>");
	assert_string_equal(media_with_pictures(a, &e, "<p>Notes</p>", IMAGES_NONE,
				media_words_stored()),
	    "<p>Notes</p>");
	e.image = "https://yt3.ggpht.com/face=s88";
	assert_string_equal(media_with_pictures(a, &e, "<p>x</p>", IMAGES_REMOTE,
				media_words_stored()),
	    "<p>x</p>");
	arena_free(a);
}

/* A toot has its pictures as enclosures, with what they show beside them. */
static void
described_pictures_stand_in_the_post(void **state)
{
	struct arena *a = arena_new();
	const struct enclosure one =
	    enclosure("https://files.example/1.png", "image/png", "A map of the harbour");
	const struct entry e = { .words = MANY_WORDS,
		.enclosures = &one,
		.enclosure_count = 1 };

	(void)state;
	assert_string_equal(media_with_pictures(a, &e, "<p>Look</p>", IMAGES_REMOTE,
				media_words_stored()),
	    "<p>Look</p>\n<p><a href=\"https://files.example/1.png\"><img "
	    "src=\"https://files.example/1.png\" alt=\"A map of the harbour\"></a></p>");
	assert_string_equal(media_with_pictures(a, &e, "<p>Look</p>", IMAGES_LINK,
				media_words_stored()),
	    "<p>Look</p>");
	arena_free(a);
}

static void
the_longest_medium_is_the_time(void **state)
{
	const struct enclosure list[] = {
		{ "https://x.example/a.mp3", NULL, NULL, -1, 300 },
		{ "https://x.example/a.ogg", NULL, NULL, -1, 360 },
		{ "https://x.example/a.pdf", NULL, NULL, -1, 999 },
	};
	const struct entry e = { .enclosures = list, .enclosure_count = 3 };
	const struct entry none = { .title = "x" };

	(void)state;
	assert_int_equal(media_seconds(&e), 360);
	assert_int_equal(media_seconds(&none), -1);
}

static void
faces_are_known_by_where_they_live(void **state)
{
	(void)state;
	assert_true(avatar_is_address("https://0.gravatar.com/avatar/abc?s=96"));
	assert_true(avatar_is_address("https://files.example/accounts/avatars/1/a.png"));
	assert_false(avatar_is_address("https://b.example/gravatar.png"));
	assert_false(
	    avatar_is_address("https://b.example/p.png?x=gravatar.com/avatar/1"));
	assert_false(avatar_is_address("gravatar.com/avatar/1"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_type_tells_the_kind_else_the_name),
		cmocka_unit_test(each_thing_is_said_once),
		cmocka_unit_test(of_the_same_picture_in_two_sizes_the_first_counts),
		cmocka_unit_test(a_video_shows_its_still),
		cmocka_unit_test(described_pictures_stand_in_the_post),
		cmocka_unit_test(the_longest_medium_is_the_time),
		cmocka_unit_test(faces_are_known_by_where_they_live),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

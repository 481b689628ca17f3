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
#define THAI5 "\u0e01\u0e01\u0e01\u0e01\u0e01"
#define THAI15 THAI5 THAI5 THAI5

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
		{ "https://x.example/a.aac", NULL, MEDIA_AUDIO },
		{ "https://x.example/a.mp4", NULL, MEDIA_VIDEO },
		{ "https://x.example/a.ogv", NULL, MEDIA_VIDEO },
		{ "https://x.example/a.jpg", NULL, MEDIA_IMAGE },
		{ "https://x.example/a.JPEG", NULL, MEDIA_IMAGE },
		{ "https://x.example/a.svg", NULL, MEDIA_IMAGE },
		{ "https://x.example/b.c/.mp3", NULL, MEDIA_AUDIO },
		{ "https://x.example/a.m", NULL, MEDIA_FILE },
		{ "https://x.example/a.", NULL, MEDIA_FILE },
		{ "https://x.example/mp3", NULL, MEDIA_FILE },
		{ "https://x.example/a.abcdefg", NULL, MEDIA_FILE },
		{ "https://x.example/a.jpegxx", NULL, MEDIA_FILE },
		{ "https://x.example/", NULL, MEDIA_FILE },
		{ "https://x.example/.mp3", NULL, MEDIA_AUDIO },
		{ "https://x.example/a.b/mp3", NULL, MEDIA_FILE },
		{ "https://a.mp3", NULL, MEDIA_FILE },
		{ "file:///a.mp3", NULL, MEDIA_AUDIO },
		{ "a.mp3", NULL, MEDIA_FILE },
		{ NULL, NULL, MEDIA_FILE },
		{ NULL, "VIDEO/mp4", MEDIA_VIDEO },
		{ "https://x.example/a.mp3", "text/plain", MEDIA_AUDIO },
		{ "https://x.example/a", "application/x-shockwave-flash; x=1",
		    MEDIA_DEAD },
		{ "https://x.example/a", "application/x-shockwave", MEDIA_FILE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct enclosure e = enclosure(table[i].url, table[i].type, NULL);

		if (media_kind(&e) != table[i].want)
			fail_msg("%s: got %d, want %d", table[i].url, media_kind(&e),
			    table[i].want);
	}
}

static const struct {
	const char *name;
	const char *url;
	const char *title;
	int64_t words;
	bool want;
} said_cases[] = {
	{ "another size of a picture", "https://b.example/up/boat.jpg", NULL, 3, true },
	{ "a scaled one elsewhere", "https://i0.cdn.example/boat-scaled.jpg?resize=9",
	    NULL, 3, true },
	{ "another picture", "https://b.example/up/house.jpg", NULL, 3, false },
	{ "one that ends alike", "https://b.example/up/oat.jpg", NULL, 3, false },
	{ "one for sharp screens", "https://b.example/up/boat-2x.jpg", NULL, 3, true },
	{ "one whose name goes on", "https://b.example/up/boat-2.jpg", NULL, 3, false },
	{ "a decoration", "https://b.example/up/house.jpg", "house", MANY_WORDS, true },
	{ "beside a text of 30 words", "https://b.example/up/house.jpg", "house", 30,
	    true },
	{ "of 29", "https://b.example/up/house.jpg", "house", 29, false },
	{ "two words are a name", "https://b.example/up/house.jpg", "a house", MANY_WORDS,
	    true },
	{ "three describe it", "https://b.example/up/house.jpg", "a green house",
	    MANY_WORDS, false },
	{ "16 columns of a word of Thai", "https://b.example/up/house.jpg",
	    THAI15 "\u0e01", MANY_WORDS, false },
	{ "15 of them", "https://b.example/up/house.jpg", THAI15, MANY_WORDS, true },
	{ "five characters are three words", "https://b.example/up/house.jpg",
	    "\u7dd1\u96e8\u6238\u5bb6\u6238", MANY_WORDS, false },
	{ "four are two", "https://b.example/up/house.jpg", "\u7dd1\u96e8\u6238\u5bb6",
	    MANY_WORDS, true },
	{ "nor do letters", "https://b.example/up/house.jpg",
	    "abcdefghijklmnopqrstuvwxyz", MANY_WORDS, true },
	{ "no words of it", "https://b.example/up/house.jpg", "", MANY_WORDS, true },
	{ "a picture that the text links", "https://b.example/talk.mp3.png", NULL, 3,
	    false },
	{ "a described one", "https://b.example/up/house.jpg",
	    "A house with green shutters", MANY_WORDS, false },
	{ "one described without blanks", "https://b.example/up/house.jpg",
	    "\u7dd1\u306e\u96e8\u6238\u306e\u3042\u308b\u5bb6", MANY_WORDS, false },
	{ "sound that the text links", "https://b.example/talk.mp3", NULL, MANY_WORDS,
	    true },
	{ "sound that it does not", "https://b.example/other.mp3", NULL, MANY_WORDS,
	    false },
	{ "what the title leads to", "https://b.example/post.mp3", NULL, MANY_WORDS,
	    true },
	{ "a face", "https://1.gravatar.com/avatar/d41d8?s=96", "ann", 3, true },
	{ "Flash", "https://b.example/film.swf", NULL, 3, true },
	{ "nothing", "", NULL, 3, true },
};

static void
each_thing_is_said_once(void **state)
{
	static const char text[] =
	    "<p><img src=\"https://b.example/up/boat-1024x683.jpg\" alt=\"A boat\"></p>"
	    "<p><a href=\"https://b.example/talk.mp3\">Listen</a></p>";
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(said_cases) / sizeof(said_cases[0]); i++) {
		struct enclosure one =
		    enclosure(said_cases[i].url, NULL, said_cases[i].title);
		struct entry e = { .link = "https://b.example/post.mp3",
			.html = text,
			.words = said_cases[i].words,
			.enclosures = &one,
			.enclosure_count = 1 };

		if (media_is_said(a, &e, 0, text) != said_cases[i].want)
			fail_msg("%s: got %d", said_cases[i].name, !said_cases[i].want);
	}
	arena_free(a);
}

/* Names are looked for in the text first, but for those of 64 letters and more. */
static void
pictures_may_have_long_names(void **state)
{
	enum { LEAST = 62, MOST = 66 };
	char name[MOST + 1] = "";

	(void)state;
	memset(name, 'n', LEAST);
	for (size_t len = LEAST; len <= MOST; len++) {
		struct arena *a = arena_new();

		name[len - 1] = 'n';
		const struct enclosure one =
		    enclosure(arena_printf(a, "https://b.example/%s.jpg", name), NULL,
			NULL);
		const struct entry e = { .enclosures = &one, .enclosure_count = 1 };

		assert_int_equal(strlen(name), len);
		assert_true(media_is_said(a, &e, 0,
		    arena_printf(a,
			"<p><img src=\"https://i.example/%s-90x90.png\" "
			"alt=\"\"></p>",
			name)));
		assert_false(media_is_said(a, &e, 0,
		    arena_printf(a,
			"<p><img src=\"https://i.example/%s.png\" "
			"alt=\"\"></p>",
			name + 1)));
		arena_free(a);
	}
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

/* Of each enclosure whether it need not be said beside those before it: "x" for such. */
static void
of_two_formats_the_first_counts(void **state)
{
	static const struct {
		const char *name;
		const char *urls[3];
		const char *want;
	} cases[] = {
		{ "two formats of a sound",
		    { "https://x.example/talk.mp3", "https://x.example/talk.ogg" },
		    "-x" },
		{ "of a film",
		    { "https://x.example/talk.mp4", "https://x.example/talk.webm" },
		    "-x" },
		{ "a sound and a film",
		    { "https://x.example/talk.mp3", "https://x.example/talk.webm" },
		    "--" },
		{ "two files",
		    { "https://x.example/talk.pdf", "https://x.example/talk.epub" },
		    "--" },
		{ "the same file",
		    { "https://x.example/talk.pdf", "https://x.example/talk.pdf" },
		    "-x" },
		{ "the third is the first",
		    { "https://x.example/a.pdf", "https://x.example/b.pdf",
			"https://x.example/a.pdf" },
		    "--x" },
		{ "nothing between",
		    { "https://x.example/a.pdf", "", "https://x.example/b.pdf" }, "-x-" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct enclosure list[3];
		struct entry e = { .enclosures = list };
		struct arena *a = arena_new();
		char got[4] = "";

		for (size_t k = 0; k < strlen(cases[i].want); k++)
			list[k] = enclosure(cases[i].urls[k], NULL, NULL);
		e.enclosure_count = strlen(cases[i].want);
		for (size_t k = 0; k < e.enclosure_count; k++)
			got[k] = media_is_said(a, &e, k, NULL) ? 'x' : '-';
		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: got %s", cases[i].name, got);
		arena_free(a);
	}
}

/* What is shown of the text may lack a picture that stands in all of it; a link counts there. */
static void
what_the_whole_text_shows_is_said(void **state)
{
	struct arena *a = arena_new();
	const struct enclosure list[] = { enclosure("https://x.example/boat.jpg", NULL,
					      NULL),
		enclosure("https://x.example/talk.mp3", NULL, NULL) };
	const struct entry e = {
		.html = "<p><img src=\"https://x.example/boat.jpg\" alt=\"\">"
			"<a href=\"https://x.example/talk.mp3\">t</a></p>",
		.enclosures = list,
		.enclosure_count = 2
	};
	const struct entry none = { .enclosures = list, .enclosure_count = 2 };

	(void)state;
	assert_true(media_is_said(a, &e, 0, "<p>cut</p>"));
	assert_false(media_is_said(a, &e, 1, "<p>cut</p>"));
	assert_true(media_is_said(a, &e, 1, e.html));
	assert_false(media_is_said(a, &none, 0, "<p>cut</p>"));
	/* An image's address is none of a link, nor the other way round. */
	assert_false(media_is_said(a, &none, 1,
	    "<p><img src=\"https://x.example/talk.mp3x\" alt=\"\"></p>"));
	assert_false(media_is_said(a, &none, 1, "<p>https://x.example/talk.mp3</p>"));
	arena_free(a);
}

#define STILL "<p><img src=\"https://i.example/1.jpg\" alt=\"\"></p>"

static const struct {
	const char *name;
	const char *link, *image, *type, *html;
	const char *want; /* where pictures are linked */
} stills[] = {
	/* clang-format off */
	{ "YouTube", "https://www.youtube.com/watch?v=1", "https://i.example/1.jpg", NULL, "<p>x</p>",
	  STILL "\n<p>x</p>" },
	{ "its short address", "https://youtu.be/1", "https://i.example/1.jpg", NULL, "", STILL },
	{ "Vimeo", "https://vimeo.com/1", "https://i.example/1.jpg", NULL, "", STILL },
	{ "PeerTube", "https://x.example/videos/watch/1", "https://i.example/1.jpg", NULL, "", STILL },
	{ "another page", "https://x.example/videos/1", "https://i.example/1.jpg", NULL, "", "" },
	{ "no page", NULL, "https://i.example/1.jpg", NULL, "", "" },
	{ "a film beside it", NULL, "https://i.example/1.jpg", "video/mp4", "", STILL },
	{ "a dead one", NULL, "https://i.example/1.jpg", "application/x-shockwave-flash", "", STILL },
	{ "a sound", NULL, "https://i.example/1.jpg", "audio/mpeg", "", "" },
	{ "no still", "https://youtu.be/1", NULL, NULL, "<p>x</p>", "<p>x</p>" },
	{ "no address of one", "https://youtu.be/1", "data:x", NULL, "", "" },
	{ "a picture already", "https://youtu.be/1", "https://i.example/1.jpg", NULL,
	  "<p><img src=\"u:1\" alt=\"\"></p>", "<p><img src=\"u:1\" alt=\"\"></p>" },
	/* clang-format on */
};

static void
what_is_watched_elsewhere_has_a_still(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(stills) / sizeof(stills[0]); i++) {
		const struct enclosure list[] = {
			enclosure("https://x.example/b.pdf", NULL, NULL),
			enclosure("https://x.example/a", stills[i].type, NULL),
		};
		const struct entry e = { .link = stills[i].link,
			.image = stills[i].image,
			.enclosures = list,
			.enclosure_count = stills[i].type ? 2 : 1 };
		struct arena *a = arena_new();
		struct entry without = e;
		const char *got = media_with_pictures(a, &e, stills[i].html, IMAGES_LINK,
		    media_words_stored());

		if (strcmp(got, stills[i].want) != 0)
			fail_msg("%s: got %s", stills[i].name, got);
		/* The other file makes no difference. */
		without.enclosures++;
		without.enclosure_count--;
		got = media_with_pictures(a, &without, stills[i].html, IMAGES_LINK,
		    media_words_stored());
		if (strcmp(got, stills[i].want) != 0)
			fail_msg("%s alone: got %s", stills[i].name, got);
		arena_free(a);
	}
}

/* Words of who described nothing, and several pictures one under the other. */
static void
pictures_are_called_by_what_they_are(void **state)
{
	struct arena *a = arena_new();
	const struct enclosure list[] = {
		enclosure("https://x.example/1.png", NULL, ""),
		enclosure("https://x.example/2.pdf", NULL, NULL),
		enclosure("/3.png", "image/png", NULL),
		enclosure("https://x.example/4.png", NULL, "Four & five"),
	};
	struct entry e = { .enclosures = list, .enclosure_count = 4 };

	(void)state;
	assert_string_equal(media_with_pictures(a, &e, "", IMAGES_REMOTE,
				media_words_stored()),
	    "<p><a href=\"https://x.example/1.png\"><img src=\"https://x.example/1.png\" "
	    "alt=\"Picture\"></a></p>\n<p><a href=\"https://x.example/4.png\"><img "
	    "src=\"https://x.example/4.png\" alt=\"Four &amp; five\"></a></p>");
	e = (struct entry){ .link = "https://youtu.be/1",
		.image = "https://i.example/1.jpg" };
	assert_string_equal(media_with_pictures(a, &e, "", IMAGES_REMOTE,
				media_words_stored()),
	    "<p><a href=\"https://youtu.be/1\"><img src=\"https://i.example/1.jpg\" "
	    "alt=\"Video\"></a></p>");
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
	const struct enclosure short_one = { "https://x.example/a.mp4", NULL, NULL, -1,
		0 };
	const struct entry zero = { .enclosures = &short_one, .enclosure_count = 1 };

	(void)state;
	assert_int_equal(media_seconds(&e), 360);
	assert_int_equal(media_seconds(&none), -1);
	assert_int_equal(media_seconds(&zero), 0);
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
		cmocka_unit_test(pictures_may_have_long_names),
		cmocka_unit_test(of_the_same_picture_in_two_sizes_the_first_counts),
		cmocka_unit_test(of_two_formats_the_first_counts),
		cmocka_unit_test(what_the_whole_text_shows_is_said),
		cmocka_unit_test(what_is_watched_elsewhere_has_a_still),
		cmocka_unit_test(pictures_are_called_by_what_they_are),
		cmocka_unit_test(a_video_shows_its_still),
		cmocka_unit_test(described_pictures_stand_in_the_post),
		cmocka_unit_test(the_longest_medium_is_the_time),
		cmocka_unit_test(faces_are_known_by_where_they_live),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

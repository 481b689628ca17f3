/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "html/media_once.h"
#include "html/same_media.h"

#define YT(words) \
	"<p><a href=\"https://www.youtube.com/watch?v=dQw4w9WgXcQ\">" words "</a></p>"
#define MP3 "https://cdn.example/a.mp3"
#define PIC(name, alt) \
	"<p><img src=\"https://b.example/up/" name "\" alt=\"" alt "\"></p>"

/* clang-format off */
static const struct {
	const char *name, *html, *other, *want;
} cases[] = {
	{ "a player and a link", YT("Video (YouTube)") "\n" YT("Watch it"), NULL, YT("Watch it") },
	{ "a link before the player", YT("Watch it") "\n" YT("Video (YouTube)"), NULL,
		YT("Watch it") },
	{ "two players of one film", YT("Video (YouTube)") "\n" YT("Video (YouTube)"), NULL,
		YT("Video (YouTube)") },
	{ "a link by another address", YT("Video (YouTube)")
		"\n<p><a href=\"https://youtu.be/dQw4w9WgXcQ?t=3\">It</a></p>", NULL,
		"<p><a href=\"https://youtu.be/dQw4w9WgXcQ?t=3\">It</a></p>" },
	{ "a link to another film", YT("Video (YouTube)")
		"\n<p><a href=\"https://youtu.be/otherfilm00\">It</a></p>", NULL,
		YT("Video (YouTube)") "\n<p><a href=\"https://youtu.be/otherfilm00\">It</a></p>" },
	{ "what stands under the post", "<p>x</p>\n<p><a href=\"" MP3 "\">Audio (cdn.example)</a></p>",
		MP3 "?source=rss", "<p>x</p>" },
	{ "words of the author", "<p><a href=\"" MP3 "\">Audio of the talk</a></p>", MP3,
		"<p><a href=\"" MP3 "\">Audio of the talk</a></p>" },
	{ "a still stays", "<p><a href=\"" MP3 "\"><img src=\"u:1\" alt=\"\"><br>\nVideo (x)</a></p>",
		MP3, "<p><a href=\"" MP3 "\"><img src=\"u:1\" alt=\"Film\"></a></p>" },
	{ "a picture twice", PIC("boat.jpg", "A boat") "\n<p>x</p>\n" PIC("boat.jpg", "A boat"), NULL,
		PIC("boat.jpg", "A boat") "\n<p>x</p>" },
	{ "two sizes, one described", PIC("boat-300x200.jpg", "") "\n" PIC("boat.jpg", "A boat"), NULL,
		PIC("boat-300x200.jpg", "A boat") },
	{ "two pictures", PIC("boat.jpg", "") "\n" PIC("house.jpg", ""), NULL,
		PIC("boat.jpg", "") "\n" PIC("house.jpg", "") },
	{ "drawings without an address", "<p><img alt=\"A map\"></p>\n<p><img alt=\"A key\"></p>", NULL,
		"<p><img alt=\"A map\"></p>\n<p><img alt=\"A key\"></p>" },
	{ "a hundred pixels are no icon", "<p><img src=\"u:i.png\" alt=\"a\" width=\"100\" height=\"100\">x"
		"<img src=\"u:i.png\" alt=\"a\" width=\"100\" height=\"100\">y</p>", NULL,
		"<p><img src=\"u:i.png\" alt=\"a\" width=\"100\" height=\"100\">xy</p>" },
	{ "ninety-nine high are one", "<p><img src=\"u:i.png\" alt=\"a\">x"
		"<img src=\"u:i.png\" alt=\"a\" height=\"99\">y</p>", NULL,
		"<p><img src=\"u:i.png\" alt=\"a\">x<img src=\"u:i.png\" alt=\"a\" height=\"99\">y</p>" },
	{ "ninety-nine wide are one", "<p><img src=\"u:i.png\" alt=\"a\">x"
		"<img src=\"u:i.png\" alt=\"a\" width=\"99\" height=\"100\">y</p>", NULL,
		"<p><img src=\"u:i.png\" alt=\"a\">x"
		"<img src=\"u:i.png\" alt=\"a\" width=\"99\" height=\"100\">y</p>" },
	{ "three times", PIC("boat.jpg", "") "\n" PIC("boat.jpg", "A") "\n" PIC("boat.jpg", "B"), NULL,
		PIC("boat.jpg", "A") },
	{ "a picture in a table", PIC("boat.jpg", "a") "\n<table>\n<tbody>\n<tr>\n<td>"
		"<img src=\"https://b.example/up/boat.jpg\" alt=\"b\"></td>\n</tr>\n</tbody>\n</table>\n"
		PIC("boat.jpg", "c"), NULL, PIC("boat.jpg", "a") "\n<table>\n<tbody>\n<tr>\n<td>"
		"<img src=\"https://b.example/up/boat.jpg\" alt=\"b\"></td>\n</tr>\n</tbody>\n</table>" },
	{ "a player with words behind it", "<p><a href=\"" MP3 "\">Audio (x) <b>b</b></a></p>", MP3,
		"<p><a href=\"" MP3 "\">Audio (x) <b>b</b></a></p>" },
	{ "a player that is said by its own words alone", YT("Video (YouTube)"), NULL,
		YT("Video (YouTube)") },
	{ "icons", "<p><img src=\"u:i.png\" alt=\"new\" width=\"16\"> x "
		"<img src=\"u:i.png\" alt=\"new\" width=\"16\"> y</p>", NULL,
		"<p><img src=\"u:i.png\" alt=\"new\" width=\"16\"> x "
		"<img src=\"u:i.png\" alt=\"new\" width=\"16\"> y</p>" },
	{ "one with a legend", PIC("boat.jpg", "") "\n<figure><img src=\"https://b.example/up/boat.jpg\" "
		"alt=\"\">\n<figcaption>Ours</figcaption>\n</figure>", NULL,
		PIC("boat.jpg", "") "\n<figure><img src=\"https://b.example/up/boat.jpg\" "
		"alt=\"\">\n<figcaption>Ours</figcaption>\n</figure>" },
};
static const struct {
	const char *a, *b;
	bool is_same, but_format;
} pairs[] = {
	{ MP3, "http://cdn.example/a.mp3?x=1#t=3", true, true },
	{ "https://www.podtrac.com/pts/redirect.mp3/cdn.example/a.mp3", MP3, true, false },
	{ MP3, "https://count.example/e/cdn.example/a.mp3?x", true, false },
	{ MP3, "https://other.example/a.mp3", false, false },
	{ MP3, "https://xcdn.example/a.mp3", false, false },
	{ MP3, "https://cdn.example/a.ogg", false, true },
	{ MP3, "https://cdn.example/b.ogg", false, false },
	{ "https://x.example/play?id=1", "https://x.example/play?id=2", false, false },
	{ "https://x.example/", "https://y.example/", false, false },
	{ "https://www.youtube.com/watch?list=1&v=abc", "https://www.youtube-nocookie.com/embed/abc?rel=0",
		true, false },
	{ "https://www.youtube.com/shorts/abc", "https://m.youtube.com/watch?v=abc", true, false },
	{ "https://www.youtube.com/watch?v=abc", "https://www.youtube.com/watch?v=abd", false, false },
	{ "https://www.youtube.com/@ann", "https://www.youtube.com/@bob", false, false },
	{ "https://player.vimeo.com/video/12?h=3", "https://vimeo.com/12", true, false },
	{ "https://vimeo.com/12", "https://www.youtube.com/watch?v=12x", false, false },
	{ "https://youtu.be/abc", "https://www.youtube.com/v/abc&x", true, false },
	{ "https://youtu.be/abc#t", "https://www.youtube.com/live/abc/", true, false },
	{ "https://youtu.be/abc", "https://www.youtube.com/watch?v=abc.d", false, false },
	{ "https://www.youtube.com/watch?v=", "https://www.youtube.com/embed/", false, false },
	{ "https://vimeo.com/", "https://vimeo.com/?a", false, false },
	{ "u:x", "u:x", true, false },
	/* An ending has two to four letters, behind a host. */
	{ "https://a.example/x.ab", "http://a.example/x.ab", true, true },
	{ "https://a.example/x.abcd", "http://a.example/x.abcd", true, true },
	{ "https://a.example/x.a", "http://a.example/x.a", false, false },
	{ "https://a.example/x.abcde", "http://a.example/x.abcde", false, false },
	{ "https://a.example/x", "http://a.example/x", false, false },
	{ "https://a.mp3", "http://a.mp3", false, false },
	{ "https://a.example/b.c/x", "http://a.example/b.c/x", false, false },
	{ "https://a.example/x.mp3", "https://a.example/xx.mp3", false, false },
};
/* clang-format on */

static void
a_thing_stands_once(void **state)
{
	struct media_words words = *media_words_stored();
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	words.kinds[MEDIA_WORD_VIDEO] = "Film";
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *got = html_media_once(a, cases[i].html, &cases[i].other,
		    cases[i].other ? 1 : 0, &words);

		if (strcmp(got, cases[i].want) != 0) {
			print_error("%s: got %s, want %s\n", cases[i].name, got,
			    cases[i].want);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* So many things that differ, and then the last one. */
static const char *
many(struct arena *a, const char *before, const char *behind, size_t count,
    const char *last)
{
	struct buf b = BUF_INIT(1 << 16);
	const char *html = NULL;

	for (size_t i = 0; i < count; i++)
		buf_addf(&b, "%s%zu%s", before, i, behind);
	buf_adds(&b, last);
	html = arena_strdup(a, buf_text(&b));
	buf_clear(&b);
	return html;
}

/* 64 pictures, 256 links and 32 players are looked at; what comes later stays. */
static void
things_are_counted_to_a_limit(void **state)
{
	static const char audio[] = "<p><a href=\"" MP3 "\">Audio (x)</a></p>";
	static const char *const others[] = { MP3 };
	static const struct {
		const char *before, *behind; /* the number of each */
		size_t count; /* with so many before it the last is looked at */
		const char *last;
	} rows[] = {
		{ "<p><img src=\"u:/a", ".png\" alt=\"\"></p>", 63,
		    "<p><img src=\"u:/a0.png\" alt=\"\"></p>" },
		{ "<p><a href=\"u:", "\">x</a></p>", 255, audio },
		{ "<p><a href=\"https://youtu.be/film", "\">Video (x)</a></p>", 31,
		    audio },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		for (size_t more = 0; more < 2; more++) {
			const char *html = many(a, rows[i].before, rows[i].behind,
			    rows[i].count + more, rows[i].last);
			const char *got =
			    html_media_once(a, html, others, 1, media_words_stored());

			/* The last stays when there is one more. */
			if ((strcmp(got, html) == 0) != (more == 1))
				fail_msg("row %zu, %zu more: got %s", i, more, got);
		}
	arena_free(a);
}

static void
addresses_of_one_thing_are_known(void **state)
{
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		const bool same = media_is_same(pairs[i].a, pairs[i].b);
		const bool back = media_is_same(pairs[i].b, pairs[i].a);
		const bool format = media_is_same_but_format(pairs[i].a, pairs[i].b);

		if (same == pairs[i].is_same && back == same &&
		    format == pairs[i].but_format)
			continue;
		print_error("%s and %s: got %d, %d, %d\n", pairs[i].a, pairs[i].b, same,
		    back, format);
		failed++;
	}
	assert_int_equal(failed, 0);
}

/* The names of files by which the sizes of one picture know each other. */
static void
pictures_are_known_by_their_files(void **state)
{
	static const struct {
		const char *url, *name;
	} names[] = {
		{ "https://x.example/a/cat.jpg", "cat" },
		{ "https://x.example/a/cat.dog.jpg?x.y#z", "cat.dog" },
		{ "https://x.example/a.b/cat", "cat" },
		{ "cat.jpg", "cat" },
		{ "https://x.example/", "" },
		{ "https://x.example/cat-1024x683.jpg", "cat" },
		{ "https://x.example/cat-1x1.jpg", "cat" },
		{ "https://x.example/cat-x.jpg", "cat" },
		{ "https://x.example/cat-11.jpg", "cat-11" },
		{ "https://x.example/cat1x1.jpg", "cat1x1" },
		{ "https://x.example/-1x1.jpg", "-1x1" },
		{ "https://x.example/c-1x1.jpg", "c" },
		{ "https://x.example/cat-.jpg", "cat-" },
		{ "https://x.example/c-scaled.jpg", "c" },
		{ "https://x.example/-scaled.jpg", "-scaled" },
		{ "https://x.example/cat-scale.jpg", "cat-scale" },
	};
	static const struct {
		const char *a, *b;
		bool same;
	} two[] = {
		{ "u:/cat-1x1.jpg", "https://y.example/cat.png", true },
		{ "u:/cat.jpg", "u:/cats.jpg", false },
		{ "u:/cat.jpg", "u:/car.jpg", false },
		{ "u:/ca.jpg", "u:/ca.png", false },
		{ "u:/ca.jpg", "u:/ca.jpg", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const struct picture_name got = picture_name(names[i].url);

		if (got.len != strlen(names[i].name) ||
		    strncmp(got.text, names[i].name, got.len) != 0)
			fail_msg("%s: got %.*s", names[i].url, (int)got.len, got.text);
	}
	for (size_t i = 0; i < ARRAY_LEN(two); i++)
		if (picture_is_same(two[i].a, two[i].b) != two[i].same)
			fail_msg("%s, %s", two[i].a, two[i].b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thing_stands_once),
		cmocka_unit_test(things_are_counted_to_a_limit),
		cmocka_unit_test(addresses_of_one_thing_are_known),
		cmocka_unit_test(pictures_are_known_by_their_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

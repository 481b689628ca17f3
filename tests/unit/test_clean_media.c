/* SPDX-License-Identifier: ISC */
/* Which picture of several is shown, with what, and what becomes of players. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "html/clean.h"

#define HERE "https://v.example/p/"
#define IMG(name) "<img src=\"" HERE name "\" alt=\"\">"
#define INNER(alt) "<a href=\"https://v.example/page\"><img alt=\"" alt "\"></a>"
#define LINK(address, words) "<p><a href=\"" address "\">" words "</a></p>"

struct media_case {
	const char *html, *want;
};

static struct html_clean
cleaned(struct arena *a, const char *html)
{
	const struct html_options opts = { .base = HERE,
		.page = "https://v.example/page",
		.heading_base = 4 };
	struct html_clean out;

	html_clean(a, html, strlen(html), &opts, &out);
	return out;
}

static void
check(const struct media_case *cases, size_t count)
{
	struct arena *a = arena_new();
	int failed = 0;

	for (size_t i = 0; i < count; i++) {
		const char *got = cleaned(a, cases[i].html).html;

		if (strcmp(got, cases[i].want) != 0) {
			print_error("%s: got %s, want %s\n", cases[i].html, got,
			    cases[i].want);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* ---- which picture ---- */

/* clang-format off */
static const struct media_case candidates[] = {
	/* HTML 4.8.4.2: blanks and commas part candidates; a comma inside an address is of it. */
	{ "<img srcset='a.png,b.png 700w'>", IMG("a.png,b.png") },
	{ "<img srcset='a.png, b.png 639w'>", IMG("a.png") },
	{ "<img srcset='a.png,, b.png 639w'>", IMG("a.png") },
	{ "<img srcset=' , \n a.png 639w'>", IMG("a.png") },
	{ "<img srcset='a.png\t639w,b.png\n640w'>", IMG("b.png") },
	{ "<img srcset='a.png 639w , b.png  640w  '>", IMG("b.png") },
	{ "<img srcset=' , ' alt='A cat'>", INNER("A cat") },
	{ "<img srcset='' alt='A cat'>", INNER("A cat") },
	/* The largest that is not wider than 1280 pixels, else the smallest; the first of equals. */
	{ "<img srcset='a.png 1000w, b.png 1280w'>", IMG("b.png") },
	{ "<img srcset='a.png 1000w, b.png 1281w'>", IMG("a.png") },
	{ "<img srcset='a.png 1280w, b.png 1000w'>", IMG("a.png") },
	{ "<img srcset='a.png 1281w, b.png 1w'>", IMG("b.png") },
	{ "<img srcset='a.png 1281w, b.png 1281w'>", IMG("a.png") },
	{ "<img srcset='a.png 1282w, b.png 1281w'>", IMG("b.png") },
	{ "<img srcset='a.png 700w, b.png 700w'>", IMG("a.png") },
	{ "<img srcset='a.png 1w, b.png 2w'>", IMG("b.png") },
	{ "<img srcset='a.png 1.5w, b.png 1.25w'>", IMG("a.png") },
	/* A size that is none counts as a letter's width, 640. */
	{ "<img srcset='a.png 0w, b.png 639w'>", IMG("a.png") },
	{ "<img srcset='a.png 0w, b.png 641w'>", IMG("b.png") },
	{ "<img srcset='a.png -1w, b.png 639w'>", IMG("a.png") },
	{ "<img srcset='a.png 0.5q, b.png 639w'>", IMG("a.png") },
	{ "<img srcset='a.png 0.5, b.png 639w'>", IMG("a.png") },
	{ "<img srcset='a.png w, b.png 639w'>", IMG("a.png") },
	{ "<img srcset='a.png x, b.png 639w'>", IMG("a.png") },
	{ "<img srcset='a.png 0.5x, b.png 321w'>", IMG("b.png") },
	{ "<img srcset='a.png 0.5x, b.png 320w'>", IMG("a.png") },
	{ "<img srcset='a.png 1x, b.png 640w'>", IMG("a.png") },
	/* Addresses that may not be asked are not chosen. */
	{ "<img srcset='javascript:x 700w, b.png 650w'>", IMG("b.png") },
	{ "<img srcset='a.png 650w, data:image/png;base64,AA 700w'>", IMG("a.png") },
};

static const struct media_case sources[] = {
	/* What is in src, unless that stands for what a script would load. */
	{ "<img src='a.png' srcset='b.png 700w' data-src='c.png'>", IMG("a.png") },
	{ "<img src='\n a.png'>", IMG("a.png") },
	{ "<img src='blank.gif' data-src='b.png'>", IMG("b.png") },
	{ "<img src='BLANK.GIF' data-src='b.png'>", IMG("b.png") },
	{ "<img src='/spinner.gif' data-src='b.png'>", IMG("b.png") },
	{ "<img src='blank.gif'>", IMG("blank.gif") },
	{ "<img src='blank.png' data-src='b.png'>", IMG("blank.png") },
	{ "<img src='blank.gif' data-src='b.png' srcset='c.png 700w'>", IMG("b.png") },
	{ "<img src='blank.gif' srcset='c.png 700w'>", IMG("c.png") },
	{ "<img data-original='b.png' data-src='a.png'>", IMG("a.png") },
	{ "<img data-src='' data-original='b.png'>", IMG("b.png") },
	{ "<img data-image='a.png'>", IMG("a.png") },
	{ "<img data-image='a.png' data-srcset='b.png 700w'>", IMG("a.png") },
	{ "<img data-srcset='a.png 639w, b.png 640w'>", IMG("b.png") },
	{ "<img data-lazy-srcset='b.png 700w' data-srcset='a.png 639w'>", IMG("a.png") },
	{ "<img data-lazy-srcset='b.png 700w' data-srcset=''>", IMG("b.png") },
	{ "<img data-srcset='a.png 639w' srcset='b.png 640w'>", IMG("a.png") },
	/* The first source in front of it (HTML 4.8.4.3), back to the picture before. */
	{ "<picture><source srcset='a.png'><source srcset='b.png'><img></picture>", IMG("a.png") },
	{ "<picture><source srcset='a.png'><source srcset='data:image/gif,x'><img></picture>",
		IMG("a.png") },
	{ "<picture><source srcset='data:image/gif,x'><source srcset='b.png'><img></picture>",
		IMG("b.png") },
	{ "<picture><source data-srcset='a.png'><img></picture>", IMG("a.png") },
	{ "<picture><source data-srcset='b.png' srcset='a.png'><img></picture>", IMG("a.png") },
	{ "<picture><source src='a.png'><img alt='A cat'></picture>", INNER("A cat") },
	{ "<picture><span srcset='a.png'></span><img alt='A cat'></picture>", INNER("A cat") },
	{ "<picture><img alt='A cat'><source srcset='a.png'></picture>", INNER("A cat") },
	{ "<picture><source srcset='a.png'><img src='b.png'><source srcset='c.png'><img></picture>",
		IMG("b.png") IMG("c.png") },
	{ "<picture><source srcset='a.png'><img src='b.png'><img alt='A cat'></picture>",
		IMG("b.png") INNER("A cat") },
	{ "<pictures><source srcset='a.png'><img alt='A cat'></pictures>", INNER("A cat") },
	{ "<span><source srcset='a.png'><img alt='A cat'></span>", INNER("A cat") },
	{ "<picture><source srcset='a.png'><img src='b.png'></picture>", IMG("b.png") },
	{ "<picture><source srcset='b.png'><img src='blank.gif'></picture>", IMG("b.png") },
};

static const struct media_case words[] = {
	/* A title that only repeats a short name is not worth its room; a legend is. */
	{ "<img src='a.png' alt='b' title='c'>",
		"<img src=\"" HERE "a.png\" alt=\"b\" title=\"c\">" },
	{ "<img src='a.png' alt='b' title='b'>", "<img src=\"" HERE "a.png\" alt=\"b\">" },
	{ "<img src='a.png' alt='b' title=''>", "<img src=\"" HERE "a.png\" alt=\"b\">" },
	{ "<img src='a.png' title=' c \n d '>",
		"<img src=\"" HERE "a.png\" alt=\"\" title=\"c d\">" },
	{ "<img src='a.png' alt='0123456789 123456789 123456789 123456789' "
		"title='0123456789 123456789 123456789 123456789'>",
		"<img src=\"" HERE "a.png\" alt=\"0123456789 123456789 123456789 123456789\">" },
	{ "<img src='a.png' alt='0123456789 123456789 123456789 1234567890' "
		"title='0123456789 123456789 123456789 1234567890'>",
		"<img src=\"" HERE "a.png\" alt=\"0123456789 123456789 123456789 1234567890\" "
		"title=\"0123456789 123456789 123456789 1234567890\">" },
	/* A picture in the text itself, or one whose address is missing, is named, not its icon. */
	{ "<img src=' DATA:IMAGE/png;base64,A' alt='A cat'>", INNER("A cat") },
	{ "<img alt='A cat' width=64 height=65>", "A cat" },
	{ "<img alt='A cat' width=65 height=64>", "A cat" },
	{ "<img alt='A cat' width=65 height=65>", INNER("A cat") },
	{ "<img alt='A cat' width=1>", "A cat" },
	{ "<img alt='A cat' height=1>", "A cat" },
	{ "<img alt='A cat' width=65>", INNER("A cat") },
	{ "<img alt='A cat' width=0 height=-1>", INNER("A cat") },
	{ "<img alt=':D' class='emoji'>", ":D" },
	{ "<img alt=':D'>", INNER(":D") },
	{ "<img alt='- 1'>", INNER("- 1") },
	{ "<img alt=':-)'>", ":-)" },
	{ "<img src='javascript:x' alt='A cat'>", "A cat" },
	/* Drawings by their names. */
	{ "<svg aria-label=''><title>Bars</title></svg>", INNER("Bars") },
	{ "<svg><g></g><title></title><title>Bars</title></svg>", INNER("Bars") },
	{ "<svg><title>Bars</title><title>Lines</title></svg>", INNER("Bars") },
	{ "<svg aria-label='  '><title>Bars</title></svg>", "" },
	{ "<svg aria-hidden='TRUE'><title>Bars</title></svg>", "" },
	{ "<svg aria-hidden='false'><title>Bars</title></svg>", INNER("Bars") },
	{ "<svg width=64><title>Bars</title></svg>", "" },
	{ "<svg height=64><title>Bars</title></svg>", "" },
	{ "<svg width=65 height=65><title>Bars</title></svg>", INNER("Bars") },
	{ "<a href='/b'><svg><title>Bars</title></svg>c</a>", "<a href=\"https://v.example/b\">c</a>" },
};

/* ---- what moves or sounds ---- */

static const struct media_case players[] = {
	/* The page that a person would open. */
	{ "<iframe src='https://www.youtube-nocookie.com/embed/a_b-C9?rel=0'></iframe>",
		LINK("https://www.youtube.com/watch?v=a_b-C9", "Video (YouTube)") },
	{ "<iframe src='https://player.vimeo.com/video/123?h=4'></iframe>",
		LINK("https://vimeo.com/123", "Video (Vimeo)") },
	{ "<iframe src='https://www.dailymotion.com/embed/video/x1'></iframe>",
		LINK("https://www.dailymotion.com/video/x1", "Video (Dailymotion)") },
	{ "<iframe src='https://open.spotify.com/embed/episode/e1'></iframe>",
		LINK("https://open.spotify.com/episode/e1", "Audio (Spotify)") },
	{ "<iframe src='https://giphy.com/embed/g1'></iframe>",
		LINK("https://giphy.com/gifs/g1", "Picture (Giphy)") },
	{ "<iframe src='https://www.scribd.com/embeds/12/content'></iframe>",
		LINK("https://www.scribd.com/document/12", "Document (Scribd)") },
	{ "<iframe src='https://www.youtube.com/embed/videoseries?list=a'></iframe>",
		LINK("https://www.youtube.com/embed/videoseries?list=a", "Video (YouTube)") },
	{ "<iframe src='https://www.youtube.com/embed/videoseriesA'></iframe>",
		LINK("https://www.youtube.com/watch?v=videoseriesA", "Video (YouTube)") },
	{ "<iframe src='https://www.youtube.com/embed/v'></iframe>",
		LINK("https://www.youtube.com/watch?v=v", "Video (YouTube)") },
	{ "<iframe src='https://www.youtube.com/embed/?list=a'></iframe>",
		LINK("https://www.youtube.com/embed/?list=a", "Video (YouTube)") },
	{ "<iframe src='https://x.example/e'></iframe>",
		LINK("https://x.example/e", "Embedded page (x.example)") },
	/* Frames that a script would fill, and such as are nothing. */
	{ "<iframe src='' data-url='/e'></iframe>",
		LINK("https://v.example/e", "Embedded page (v.example)") },
	{ "<iframe src='about:blank' data-src='/e' data-url='/f'></iframe>",
		LINK("https://v.example/e", "Embedded page (v.example)") },
	{ "a<iframe src='mailto:a@b.example'></iframe>", "a" },
	{ "a<iframe></iframe>", "a" },
	{ "a<iframe src='/e' width=1 height=1></iframe>", "a" },
	{ "a<iframe src='/e' style='display:none'></iframe>", "a" },
	/* The title, else what it is called for those who do not see it. */
	{ "<iframe src='/e' title='T' aria-label='L'></iframe>", LINK("https://v.example/e", "T") },
	{ "<iframe src='/e' title='' aria-label='L'></iframe>", LINK("https://v.example/e", "L") },
	{ "<embed src='/e' alt='A'>", LINK("https://v.example/e", "A") },
	/* Inside a link there is no second one, inside a paragraph no second paragraph. */
	{ "<a href='/b'>x<audio src='/s.mp3' title='T'></audio></a>",
		"<a href=\"https://v.example/b\">xT</a>" },
	{ "<p>x<audio src='/s.mp3' title='T'></audio></p>",
		"<p>x<a href=\"https://v.example/s.mp3\">T</a></p>" },
	/* The first source that can be asked, else what stands there for old browsers. */
	{ "<video><track src='/t.vtt'><source src='/v.mp4'><source src='/w.mp4'></video>",
		LINK("https://v.example/v.mp4", "Video (v.example)") },
	{ "<video src='/u.mp4'><source src='/v.mp4'></video>",
		LINK("https://v.example/u.mp4", "Video (v.example)") },
	{ "<video><source src='blob:x'><source src='/w.mp4'></video>",
		LINK("https://v.example/w.mp4", "Video (v.example)") },
	{ "<video><source>old</video>", "old" },
	{ "<video src='/u.mp4' poster='data:image/gif,x'></video>",
		LINK("https://v.example/u.mp4", "Video (v.example)") },
	/* Objects. */
	{ "<object data='/a.bin'><embed src='/b.bin'></object>",
		LINK("https://v.example/a.bin", "Embedded object (v.example)") },
	{ "<object><param name='URL' value='/a.bin'><param name='src' value='/b.bin'></object>",
		LINK("https://v.example/a.bin", "Embedded object (v.example)") },
	{ "<object><param name='movie'><param name='src' value='/b.bin'></object>",
		LINK("https://v.example/b.bin", "Embedded object (v.example)") },
	{ "<object><param value='/a.bin'>old</object>", "old" },
	{ "<object><embed name='movie' value='/a.bin'>old</object>", "old" },
	{ "<object><b name='movie' value='/a.bin'>old</b></object>", "<b>old</b>" },
	{ "<object data='/a.png' type='IMAGE/png'></object>", "<p><a href=\"https://v.example/a.png\">"
		"<img src=\"https://v.example/a.png\" alt=\"\"><br>\nPicture (v.example)</a></p>" },
	{ "<object data='/a.png' type='application/png'></object>",
		LINK("https://v.example/a.png", "Embedded object (v.example)") },
	{ "<object data='https://www.youtube.com/v/abc' type='application/x-shockwave-flash'></object>",
		LINK("https://www.youtube.com/watch?v=abc", "Video (YouTube)") },
	{ "<object data='https://w.soundcloud.com/player/?a'></object>",
		LINK("https://w.soundcloud.com/player/?a", "Audio (SoundCloud)") },
	{ "<object data='/a.swf#b'>old</object>", "old" },
	{ "<object data='/a.swf/b'>old</object>",
		LINK("https://v.example/a.swf/b", "Embedded object (v.example)") },
	{ "<embed data='/a.bin' src='/b.bin'>",
		LINK("https://v.example/b.bin", "Embedded object (v.example)") },
	{ "<object src='/a.bin'>old</object>", "old" },
};
/* clang-format on */

static void
the_best_candidate_is_shown(void **state)
{
	(void)state;
	check(candidates, ARRAY_LEN(candidates));
}

static void
a_picture_is_found_where_its_page_keeps_it(void **state)
{
	(void)state;
	check(sources, ARRAY_LEN(sources));
}

static void
pictures_keep_their_words(void **state)
{
	(void)state;
	check(words, ARRAY_LEN(words));
}

static void
what_moves_or_sounds_is_a_link(void **state)
{
	(void)state;
	check(players, ARRAY_LEN(players));
}

static void
sixty_four_candidates_are_looked_at(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(1 << 16);

	(void)state;
	buf_adds(&b, "<img srcset='");
	for (int i = 1; i <= 65; i++)
		buf_adds(&b, arena_printf(a, "%d.png %dw, ", i, 100 + i));
	buf_adds(&b, "'>");
	assert_string_equal(cleaned(a, buf_text(&b)).html, IMG("64.png"));
	buf_clear(&b);
	arena_free(a);
}

/* The words of a picture are a thousand bytes at most, of whole characters. */
static void
long_words_are_cut_between_characters(void **state)
{
	static const struct {
		int letters;
		const char *end, *kept;
	} cases[] = {
		{ 999, "b", "b" },
		{ 999, "bc", "b" },
		{ 999, "\u00E9", "" },
		{ 998, "\u00E9", "\u00E9" },
		{ 998, "\u00E9z", "\u00E9" },
		{ 998, "\u20AC", "" },
		{ 997, "\u20ACz", "\u20AC" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf letters = BUF_INIT(1000);
		const char *got;

		for (int n = 0; n < cases[i].letters; n++)
			buf_addc(&letters, 'a');
		got = cleaned(a,
		    arena_printf(a, "<img src=a.png alt='%s%s'>", buf_text(&letters),
			cases[i].end))
			  .html;
		assert_string_equal(got,
		    arena_printf(a, "<img src=\"" HERE "a.png\" alt=\"%s%s\">",
			buf_text(&letters), cases[i].kept));
		buf_clear(&letters);
	}
	arena_free(a);
}

/* The picture for an entry is the first that is not known to be small. */
static void
an_entrys_picture_is_worth_showing(void **state)
{
	static const struct {
		const char *html, *image;
	} cases[] = {
		{ "<p>a</p>", NULL },
		{ "<img src=a.png><img src=b.png>", HERE "a.png" },
		{ "<img src=a.png width=99><img src=b.png width=100>", HERE "b.png" },
		{ "<img src=a.png height=99><img src=b.png height=100>", HERE "b.png" },
		{ "<img src=a.png width=99 height=100>", NULL },
		{ "<img src=a.png width=100 height=99>", NULL },
		{ "<img src=a.png width=3 height=3>", NULL },
		{ "<img src=a.png width=100 height=100>", HERE "a.png" },
		{ "<img src=a.png width=9999 height=9999>", HERE "a.png" },
		{ "<img src=a.png width=10000>", HERE "a.png" },
		{ "<img src=a.png width=50%>", HERE "a.png" },
		{ "<img src=a.png width=101%>", HERE "a.png" },
		{ "<img src=a.png width=x height=-5>", HERE "a.png" },
		{ "<video src=v.mp4 poster=p.png></video><img src=b.png>", HERE "p.png" },
		{ "<img src=b.png><video src=v.mp4 poster=p.png></video>", HERE "b.png" },
		{ "<video src=v.mp4></video><img src=b.png>", HERE "b.png" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *got = cleaned(a, cases[i].html).image;
		const char *want = cases[i].image;

		if ((got == NULL) != (want == NULL) || (got && strcmp(got, want) != 0))
			fail_msg("%s: got %s", cases[i].html, got ? got : "none");
	}
	arena_free(a);
}

/* Where an entry has no page, what cannot be shown leads to where its addresses begin. */
static void
pictures_in_the_text_lead_to_the_post(void **state)
{
	static const char html[] = "<img alt='A cat'>";
	struct html_options opts = { .base = "https://b.example/" };
	struct html_clean out;
	struct arena *a = arena_new();

	(void)state;
	html_clean(a, html, sizeof(html) - 1, &opts, &out);
	assert_string_equal(out.html,
	    "<a href=\"https://b.example/\"><img alt=\"A cat\"></a>");
	opts.base = NULL;
	html_clean(a, html, sizeof(html) - 1, &opts, &out);
	assert_string_equal(out.html, "<img alt=\"A cat\">");
	opts.page = "https://b.example/p";
	html_clean(a, html, sizeof(html) - 1, &opts, &out);
	assert_string_equal(out.html,
	    "<a href=\"https://b.example/p\"><img alt=\"A cat\"></a>");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_best_candidate_is_shown),
		cmocka_unit_test(a_picture_is_found_where_its_page_keeps_it),
		cmocka_unit_test(pictures_keep_their_words),
		cmocka_unit_test(what_moves_or_sounds_is_a_link),
		cmocka_unit_test(sixty_four_candidates_are_looked_at),
		cmocka_unit_test(long_words_are_cut_between_characters),
		cmocka_unit_test(an_entrys_picture_is_worth_showing),
		cmocka_unit_test(pictures_in_the_text_lead_to_the_post),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

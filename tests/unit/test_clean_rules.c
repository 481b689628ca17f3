/* SPDX-License-Identifier: ISC */
/* What is taken out of posts: by a source's own rules, and pictures that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "html/clean.h"

static const char *
cleaned(struct arena *a, const char *html, const char *strip)
{
	const struct html_options opts = { .base = "https://x.example/",
		.strip = strip,
		.heading_base = 4 };
	struct html_clean out;

	html_clean(a, html, strlen(html), &opts, &out);
	return out.html;
}

/* ---- a source's own rules ---- */

static void
rules_take_out_what_they_name(void **state)
{
	static const char html[] = "<p class=\"a b\">1</p><p id=\"x\" class=\"a\">2</p>"
				   "<div class=\"c\">3</div><aside>4</aside>"
				   "<my-box class=\"d\">5</my-box>"
				   "<p>line six 6</p><p><b>7</b></p>";
	static const struct {
		const char *rules;
		const char *left; /* digits */
	} cases[] = {
		{ "", "1234567" },
		{ "\n \r\n\t", "1234567" },
		{ "p.a", "34567" },
		{ ".a", "34567" },
		{ ".a.b", "234567" },
		{ ".b.a", "234567" },
		{ ".a.c", "1234567" },
		{ "#x", "134567" },
		{ "p#x.a", "134567" },
		{ "p.a#x", "134567" },
		{ "p.b#x", "1234567" },
		{ "div#x", "1234567" },
		{ "#y", "1234567" },
		{ "aside", "123567" },
		{ "p", "345" },
		{ "b", "123456" },
		{ "my-box.d", "123467" },
		{ "your-box.d", "1234567" },
		{ "p.a\naside", "3567" },
		{ "p.a\r\n\r\n  aside  \r\n", "3567" },
		{ "line six 6", "123457" },
		{ "LINE  SIX 6", "123457" },
		{ "line six", "1234567" },
		{ "7", "123456" },
		/* No selectors, and nobody's line. */
		{ "p.", "1234567" },
		{ "p.a.", "1234567" },
		{ "p.a b", "1234567" },
		{ "nosuch.a", "1234567" },
		{ "nosuch", "1234567" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *out = cleaned(a, html, cases[i].rules);
		char left[20] = "";
		size_t n = 0;

		for (const char *at = out; *at; at++)
			if (*at >= '1' && *at <= '9' && n < sizeof(left) - 1)
				left[n++] = *at;
		if (strcmp(left, cases[i].left) != 0)
			fail_msg("%s: got %s, want %s", cases[i].rules, left,
			    cases[i].left);
	}
	arena_free(a);
}

/* ---- counters of readers ---- */

static const struct {
	const char *img; /* attributes of a picture */
	bool kept;
} pictures[] = {
	{ "src='a.png'", true },
	{ "src='a.png' width=0 height=50", false },
	{ "src='a.png' width=50 height=0", false },
	{ "src='a.png' width=1 height=1", false },
	{ "src='a.png' width=2 height=2", false },
	{ "src='a.png' width=3 height=2", true },
	{ "src='a.png' width=2 height=3", true },
	{ "src='a.png' width=2", true },
	{ "src='a.png' height=2", true },
	{ "src='a.png' width='1%' height=1", true },
	{ "src='a.png' width=-1 height=1", true },
	{ "src='a.png' width=x height=1", true },
	{ "src='a.png' style='width:1px;height:1px'", false },
	{ "src='a.png' style='width:3px;height:2px'", true },
	{ "src='a.png' style='display:none'", false },
	/* By where they live: a host, or a part of the address. */
	{ "src='https://ad.doubleclick.net/a.png'", false },
	{ "src='https://z.ad.doubleclick.net/a.png'", true },
	{ "src='https://x.example/?u=https://ad.doubleclick.net/a.png'", true },
	{ "src='https://x.example/b.gif?1'", false },
	{ "src='https://x.example/b.gif'", true },
	{ "src='https://x.us1.list-manage.com/track/open.php'", false },
	{ "src='/tracking-pixel.png'", false },
	{ "src='/pixel.gif'", false },
	/* Vague names count where nothing is to be seen. */
	{ "src='https://stats.x.example/a.png'", false },
	{ "src='https://mystats.x.example/a.png'", true },
	{ "src='https://stats.x.example/a.png' width=17 height=17", true },
	{ "src='https://stats.x.example/a.png' width=16 height=17", false },
	{ "src='https://stats.x.example/a.png' width=17 height=16", false },
	{ "src='https://stats.x.example/a.png' alt='A chart'", true },
	{ "src='https://stats.x.example/a.png' alt='  '", false },
};

static void
counters_are_no_pictures(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pictures); i++) {
		const char *out = cleaned(a,
		    arena_printf(a, "<p>Words.</p><p><img %s></p>", pictures[i].img),
		    NULL);

		if ((strstr(out, "<img") != NULL) != pictures[i].kept)
			fail_msg("%s: got %s", pictures[i].img, out);
	}
	arena_free(a);
}

#define A32 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void
drawn_characters_are_text(void **state)
{
	static const struct {
		const char *img, *want;
	} cases[] = {
		{ "src='a.png' class='emoji' alt=':)'", "<p>x:)y</p>" },
		{ "src='a.png' class='my-emoji-x' alt=':)'", "<p>x:)y</p>" },
		{ "src='a.png' class='wp-smiley' alt=':)'", "<p>x:)y</p>" },
		{ "src='https://s.example/images/core/emoji/1.png' alt=':)'",
		    "<p>x:)y</p>" },
		{ "src='https://abs.twimg.com/emoji/1.png' alt=':)'", "<p>x:)y</p>" },
		{ "src='https://x.example/?https://abs.twimg.com/emoji/1.png' alt=':)'",
		    "<p>x<img src=\"https://x.example/?https://abs.twimg.com/emoji/1.png\" "
		    "alt=\":)\">y</p>" },
		{ "src='/a.png' alt=':)'",
		    "<p>x<img src=\"https://x.example/a.png\" alt=\":)\">y</p>" },
		{ "src='/a.png' class='emoji'",
		    "<p>x<img src=\"https://x.example/a.png\" alt=\"\">y</p>" },
		{ "src='/a.png' class='emoji' alt=''",
		    "<p>x<img src=\"https://x.example/a.png\" alt=\"\">y</p>" },
		{ "src='/a.png' class='emoji' alt='" A32 "'", "<p>x" A32 "y</p>" },
		{ "src='/a.png' class='emoji' alt='" A32 "a'",
		    "<p>x<img src=\"https://x.example/a.png\" alt=\"" A32 "a\">y</p>" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *out =
		    cleaned(a, arena_printf(a, "<p>x<img %s>y</p>", cases[i].img), NULL);

		if (strcmp(out, cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].img, out, cases[i].want);
	}
	arena_free(a);
}

/* Behind the last link to read more stands nothing that a reader sees, or something. */
static void
links_to_read_more_go_where_nothing_follows(void **state)
{
	static const struct {
		const char *behind;
		bool stays;
	} cases[] = {
		{ "", false },
		{ " \n ", false },
		{ "<br>", false },
		{ "<br><br> <br>", false },
		{ "<script>x()</script>", false },
		{ "<style>p{}</style>", false },
		{ "<p></p>", false },
		{ "<div> <span></span></div>", false },
		{ "<p><a href='/x'></a></p>", false },
		{ "<p><img src='/pixel.gif'></p>", false },
		{ "<img src='/pixel.gif'>", false },
		{ "<p class='gone'>Words</p>", false },
		{ "words", true },
		{ "<p>words</p>", true },
		{ "<p><img src='/a.png'></p>", true },
		{ "<hr>", true },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *out = cleaned(a,
		    arena_printf(a, "<p>Words.</p><p><a href='/1'>Read more</a></p>%s",
			cases[i].behind),
		    ".gone");

		if ((strstr(out, "Read more") != NULL) != cases[i].stays)
			fail_msg("%s: got %s", cases[i].behind, out);
	}
	arena_free(a);
}

/* The first and the last of each list. */
static void
what_only_a_page_needs_goes(void **state)
{
	static const char *const gone[] = {
		"<p><a href='https://api.whatsapp.com/send?text=x'>Share</a></p>",
		"<p><a href='https://x.com/share?u=x'>Share</a></p>",
		"<p><a href='/1'>Continue reading</a></p>",
		"<p><a href='/1'>[Read More...]</a></p>",
		"<p>The post <a href='/1'>A</a> appeared first on <a href='/'>B</a>.</p>",
		"<p>\u6295\u7A3F <a href='/1'>A</a> \u306F <a href='/'>B</a> "
		"\u306B\u6700\u521D\u306B\u8868\u793A\u3055\u308C\u307E\u3057\u305F\u3002</p>",
		"<iframe>fallback</iframe>",
		"<iframe src='/pixel.gif'>fallback</iframe>",
		"<p>on Medium, where people are continuing the conversation</p>",
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(gone); i++) {
		const char *out =
		    cleaned(a, arena_printf(a, "<p>Words.</p>%s", gone[i]), NULL);

		if (strcmp(out, "<p>Words.</p>") != 0)
			fail_msg("%s: got %s", gone[i], out);
	}
	arena_free(a);
}

static void
words_and_headings_are_kept_or_changed(void **state)
{
	static const struct {
		const char *html, *want;
	} cases[] = {
		{ "<p dir='rtl'>x</p>", "<p dir=\"rtl\">x</p>" },
		{ "<p dir='ltr'>x</p>", "<p dir=\"ltr\">x</p>" },
		{ "<p dir=' ltr'>x</p>", "<p>x</p>" },
		{ "<p dir='lt'>x</p>", "<p>x</p>" },
		{ "<p dir='tr'>x</p>", "<p>x</p>" },
		{ "<p dir=''>x</p>", "<p>x</p>" },
		/* The highest comes to be one below the entry's fourth; none becomes higher. */
		{ "<h1>x</h1>", "<h5>x</h5>" },
		{ "<h4>x</h4>", "<h5>x</h5>" },
		{ "<h5>x</h5>", "<h5>x</h5>" },
		{ "<h6>x</h6>", "<h6>x</h6>" },
		{ "<h2>x</h2><h3>y</h3><h4>z</h4>",
		    "<h5>x</h5>\n<h6>y</h6>\n<h6>z</h6>" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *out = cleaned(a, cases[i].html, NULL);

		if (strcmp(out, cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].html, out,
			    cases[i].want);
	}
	arena_free(a);
}

static void
media_are_links(void **state)
{
	static const struct {
		const char *html, *want;
	} cases[] = {
		{ "<audio src='s.mp3'></audio>",
		    "<p><a href=\"https://x.example/s.mp3\">Audio (x.example)</a></p>" },
		{ "<iframe src='f'>fallback</iframe>",
		    "<p><a href=\"https://x.example/f\">Embedded page (x.example)</a></p>" },
		{ "<p>a <audio src='s.mp3'></audio> b</p>",
		    "<p>a <a href=\"https://x.example/s.mp3\">Audio (x.example)</a> b</p>" },
		{ "<div>a<audio src='s.mp3'></audio></div>",
		    "<div>a\n<p><a href=\"https://x.example/s.mp3\">Audio (x.example)</a>"
		    "</p>\n</div>" },
		{ "<video src='v.mp4' title=' A   film '></video>",
		    "<p><a href=\"https://x.example/v.mp4\">A film</a></p>" },
		{ "<video src='v.mp4' title=''></video>",
		    "<p><a href=\"https://x.example/v.mp4\">Video (x.example)</a></p>" },
		{ "<video src='v.mp4' poster='p.jpg'></video>",
		    "<p><a href=\"https://x.example/v.mp4\">"
		    "<img src=\"https://x.example/p.jpg\" alt=\"\"><br>\n"
		    "Video (x.example)</a></p>" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *out = cleaned(a, cases[i].html, NULL);

		if (strcmp(out, cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].html, out,
			    cases[i].want);
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_take_out_what_they_name),
		cmocka_unit_test(counters_are_no_pictures),
		cmocka_unit_test(drawn_characters_are_text),
		cmocka_unit_test(links_to_read_more_go_where_nothing_follows),
		cmocka_unit_test(what_only_a_page_needs_goes),
		cmocka_unit_test(words_and_headings_are_kept_or_changed),
		cmocka_unit_test(media_are_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

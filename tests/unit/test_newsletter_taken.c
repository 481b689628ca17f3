/* SPDX-License-Identifier: ISC */
/* The posts of a digest of ours that is HTML, and small things that are taken out of a letter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"
#include "mail/newsletter_html.h"

static struct newsletter_html
read_html(struct arena *a, const char *html)
{
	static const struct newsletter_private nobody;
	struct newsletter_html out = { 0 };

	newsletter_html_read(a, html, &nobody, &out);
	return out;
}

/* Each post as "title~author~link~text|". */
static const char *
told(struct arena *a, const char *html)
{
	const struct newsletter_html got = read_html(a, html);
	struct buf b = BUF_INIT(1 << 20);
	const char *text = NULL;

	for (size_t i = 0; i < got.posts.count; i++) {
		assert_true(got.posts.list[i].is_html);
		assert_string_equal(got.posts.list[i].id, "");
		assert_string_equal(got.posts.list[i].date, "");
		buf_addf(&b, "%s~%s~%s~%s|", got.posts.list[i].title,
		    got.posts.list[i].author, got.posts.list[i].link,
		    got.posts.list[i].text);
	}
	text = arena_strdup(a, buf_text(&b));
	buf_clear(&b);
	return text;
}

/* ---- posts --------------------------------------------------------------------------- */

#define BODY(html) "<table><tr><td class=\"b\">" html "</td></tr></table>"
#define URL "https://x.example/1"
#define BLOG "<h2><span class=\"c\">A</span>Ann</h2>"
#define POST "<h3><a href=\"" URL "\">One</a></h3>"
#define ASIDE \
	"<h2><span class=\"c\">A</span>Ann <small><a href=\"" URL \
	"\">08:30</a></small></h2>"

static const struct {
	const char *name, *html, *want;
} posts[] = {
	{ "a post", BODY(BLOG POST "<p>t</p>"), "One~Ann~" URL "~<p>t</p>|" },
	{ "two of a blog", BODY(BLOG POST "<p>t</p><h3>Two</h3><p>u</p>"),
	    "One~Ann~" URL "~<p>t</p>|Two~Ann~~<p>u</p>|" },
	{ "another blog", BODY(BLOG POST "<h2><img class=\"c\" src=\"x\">Bo</h2>" POST),
	    "One~Ann~" URL "~|One~Bo~" URL "~|" },
	{ "a text and small words of a title",
	    BODY(BLOG "<h3><a href=\"" URL "\">One <b>and</b></a> two<small>3 min</small>"
		      "</h3>"),
	    "One and two~Ann~" URL "~|" },
	{ "its first link that is of the web",
	    BODY(BLOG "<h3><a>0</a><a href=\"mailto:a@b.org\">1</a><a href=\"" URL
		      "\">2</a><a href=\"" URL "2\">3</a></h3>"),
	    "0123~Ann~" URL "~|" },
	{ "no cell", BLOG POST, "" },
	{ "another cell", "<table><tr><td class=\"c\">" BLOG POST "</td></tr></table>",
	    "" },
	{ "no blog", BODY(POST "<p>t</p>"), "" },
	{ "a blog without its mark", BODY("<h2>Ann</h2>" POST), "" },
	{ "with a mark of another class",
	    BODY("<h2><span class=\"d\">A</span>Ann</h2>" POST), "" },
	{ "with a mark that is no span", BODY("<h2><b class=\"c\">A</b>Ann</h2>" POST),
	    "" },
	{ "with a mark behind words",
	    BODY("<h2>x<span class=\"c\">A</span>Ann</h2>" POST), "" },
	{ "a blog that is no heading", BODY("<p><span class=\"c\">A</span>Ann</p>" POST),
	    "" },
	{ "a name with more marks",
	    BODY("<h2><span class=\"c\">A</span>Ann <span>B</span></h2>" POST),
	    "One~Ann B~" URL "~|" },
	{ "headings of the first and the second level",
	    BODY("<h1><span class=\"c\">A</span>Ann</h1><h2><a href=\"" URL
		 "\">One</a></h2><p>t</p>"),
	    "One~Ann~" URL "~<p>t</p>|" },
	{ "of the fifth and the sixth",
	    BODY("<h5><span class=\"c\">A</span>Ann</h5><h6>One</h6><p>t</p>"),
	    "One~Ann~~<p>t</p>|" },
	{ "a heading below is of the text", BODY(BLOG POST "<h4>h</h4><p>t</p>"),
	    "One~Ann~" URL "~<h4>h</h4><p>t</p>|" },
	{ "a day ends it", BODY(BLOG POST "<p>t</p><h2>Tuesday</h2><p>u</p>"),
	    "One~Ann~" URL "~<p>t</p>|" },
	{ "and has no blog", BODY(BLOG POST "<h2>Tuesday</h2>" POST),
	    "One~Ann~" URL "~|One~~" URL "~|" },
	{ "a heading above ends it", BODY(BLOG POST "<h1>x</h1><p>u</p>"),
	    "One~Ann~" URL "~|" },

	{ "no title",
	    BODY(BLOG "<p class=\"s\"><a href=\"" URL "\">08:30</a></p><p>t</p>"),
	    "~Ann~" URL "~<p>t</p>|" },
	{ "no title and another class", BODY(BLOG "<p class=\"x\">y</p><p>t</p>"), "" },
	{ "no title and no blog",
	    BODY(BLOG "<h2>Tuesday</h2><p class=\"s\">08:30</p><p>t</p>"), "" },
	{ "no paragraph", BODY(BLOG "<div class=\"s\">08:30</div><p>t</p>"), "" },
	{ "a link beside the blog", BODY(ASIDE "<p>t</p><p>u</p>"),
	    "~Ann~" URL "~<p>t</p><p>u</p>|" },
	{ "and a title below", BODY(ASIDE "<h3>Two</h3><p>t</p>"), "Two~Ann~~<p>t</p>|" },
	{ "and blanks between", BODY(ASIDE " <p>t</p>"), "~Ann~" URL "~<p>t</p>|" },
	{ "small words without a link",
	    BODY("<h2><span class=\"c\">A</span>Ann<small>x</small></h2><p>t</p>"), "" },
	{ "of another language", BODY(BLOG "<div lang=\"de\">" POST "<p>t</p></div>"),
	    "One~Ann~" URL "~<p>t</p>|" },
	{ "blanks first in it", BODY(BLOG "<div> " POST "<p>t</p></div>"),
	    "One~Ann~" URL "~<p>t</p>|" },
	{ "a block of the text", BODY(BLOG POST "<div><h4>x</h4></div>"),
	    "One~Ann~" URL "~<div><h4>x</h4></div>|" },
	{ "a block with words first", BODY(BLOG POST "<div>w<h3>x</h3></div>"),
	    "One~Ann~" URL "~<div>w<h3>x</h3></div>|" },
	{ "words between", BODY(BLOG "w" POST "v<p>t</p>"),
	    "One~Ann~" URL "~v<p>t</p>|" },
};

static void
posts_are_taken_from_their_cell(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(posts); i++) {
		const char *got = told(a, posts[i].html);

		if (strcmp(got, posts[i].want) != 0) {
			print_error("%s: got %s, want %s\n", posts[i].name, got,
			    posts[i].want);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

#define CELL(name, html) "<td class=\"" name "\">" html "</td>"
#define ROW(html) "<table><tr>" html "</tr></table>"
#define TITLES \
	"<a href=\"" URL "\">One</a> <a href=\"#x\">-</a><a>-</a><p><a href=\"" URL \
	"2\">Two</a></p>"

static const struct {
	const char *name, *html, *want;
} contents[] = {
	{ "titles alone", ROW(CELL("h", "") CELL("n", TITLES) CELL("f", "")),
	    "One~~" URL "~|Two~~" URL "2~|" },
	{ "no head", ROW(CELL("n", TITLES) CELL("f", "")), "" },
	{ "no foot", ROW(CELL("h", "") CELL("n", TITLES)), "" },
	{ "no titles", ROW(CELL("h", "") CELL("f", "")), "" },
	{ "beside posts",
	    ROW(CELL("h", "") CELL("n", TITLES) CELL("b", BLOG POST) CELL("f", "")),
	    "One~Ann~" URL "~|" },
	{ "beside a cell without posts",
	    ROW(CELL("h", "") CELL("n", TITLES) CELL("b", "") CELL("f", "")), "" },
};

static void
contents_are_posts_when_they_are_all_there_is(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(contents); i++)
		if (strcmp(told(a, contents[i].html), contents[i].want) != 0)
			fail_msg("%s: got %s", contents[i].name,
			    told(a, contents[i].html));
	arena_free(a);
}

static void
a_digest_has_so_many_posts_and_no_more(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(1 << 20);
	struct newsletter_html got;

	(void)state;
	buf_adds(&b, "<table><tr><td class=\"b\">" BLOG);
	for (int i = 0; i <= LIMIT_NEWSLETTER_POSTS; i++)
		buf_addf(&b, "<h3>%d</h3>t", i);
	buf_adds(&b, "</td></tr></table>");
	got = read_html(a, buf_text(&b));
	assert_int_equal(got.posts.count, LIMIT_NEWSLETTER_POSTS);
	assert_string_equal(got.posts.list[LIMIT_NEWSLETTER_POSTS - 1].title, "1999");
	assert_string_equal(got.posts.list[LIMIT_NEWSLETTER_POSTS - 1].text, "t");
	buf_clear(&b);
	arena_free(a);
}

/* ---- what is taken out --------------------------------------------------------------- */

#define LEAVE "<a href=\"https://x.example/u\">Unsubscribe</a>" /* eleven bytes of text */

/* The text n times. */
static const char *
times(struct arena *a, int n, const char *text)
{
	struct buf b = BUF_INIT(1 << 20);
	const char *out = NULL;

	for (int i = 0; i < n; i++)
		buf_adds(&b, text);
	out = arena_strdup(a, buf_text(&b));
	buf_clear(&b);
	return out;
}

/* Blanks between elements are no text of a footer: 589 and the link's eleven bytes are 600. */
static void
blanks_between_elements_count_for_nothing(void **state)
{
	struct arena *a = arena_new();
	const char *much = times(a, 5000, "w");
	const char *x = times(a, 589, "x");

	(void)state;
	assert_string_equal(read_html(a,
				arena_printf(a,
				    "<p>%s</p><div><p>%s</p>   \n   <i>" LEAVE
				    "</i></div>",
				    much, x))
				.html,
	    arena_printf(a, "<p>%s</p>", much));
	/* Nor are they of what is seen: 40 of 100 bytes are a footer, 41 of 101 are not. */
	for (int n = 40; n <= 41; n++)
		assert_int_equal(read_html(a,
				     arena_printf(a, "<p>%s</p>    <p>%s" LEAVE "</p>   ",
					 times(a, 60, "w"), times(a, n - 11, "y")))
				     .seen,
		    60 + n);
	arena_free(a);
}

static const struct {
	const char *name, *html, *left;
} lines[] = {
	{ "the first line of a long paragraph", LEAVE "<br>%s", "<br>%s" },
	{ "the last one", "%s<br>" LEAVE, "%s<br>" },
	{ "a line with words on both sides", "%s<br>a " LEAVE " b<br>%s",
	    "%s<br><br>%s" },
	{ "a link inside others", "%s<br>a <b><i>" LEAVE "</i></b> b<br>%s",
	    "%s<br><br>%s" },
	{ "a line between blocks", "<div>%s</div>a " LEAVE " b<div>%s</div>",
	    "<div>%s</div><div>%s</div>" },
};

static void
a_line_is_what_stands_between_two_breaks(void **state)
{
	struct arena *a = arena_new();
	const char *x = times(a, 700, "x");
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		const char *html = arena_printf(a, "<div>%s%s</div>", times(a, 6000, "w"),
		    lines[i].html);
		const char *want = arena_printf(a, "<div>%s%s</div>", times(a, 6000, "w"),
		    lines[i].left);
		struct buf filled = BUF_INIT(1 << 20);
		struct buf wanted = BUF_INIT(1 << 20);

		/* "%s" is a long text. */
		for (const char *p = html; *p != '\0'; p++)
			if (p[0] == '%')
				buf_adds(&filled, x);
			else if (p == html || p[-1] != '%')
				buf_addc(&filled, *p);
		for (const char *p = want; *p != '\0'; p++)
			if (p[0] == '%')
				buf_adds(&wanted, x);
			else if (p == want || p[-1] != '%')
				buf_addc(&wanted, *p);
		if (strcmp(read_html(a, buf_text(&filled)).html, buf_text(&wanted)) !=
		    0) {
			print_error("%s: got ...%s\n", lines[i].name,
			    read_html(a, buf_text(&filled)).html + 6000);
			failed++;
		}
		buf_clear(&filled);
		buf_clear(&wanted);
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(posts_are_taken_from_their_cell),
		cmocka_unit_test(contents_are_posts_when_they_are_all_there_is),
		cmocka_unit_test(a_digest_has_so_many_posts_and_no_more),
		cmocka_unit_test(blanks_between_elements_count_for_nothing),
		cmocka_unit_test(a_line_is_what_stands_between_two_breaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

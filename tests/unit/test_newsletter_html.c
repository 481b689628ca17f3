/* SPDX-License-Identifier: ISC */
/* What is taken out of the HTML of a newsletter: how large, how often, which share of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "mail/newsletter_html.h"

#define LEAVE "<a href=\"https://x.example/u\">Unsubscribe</a>" /* eleven bytes of text */
#define LINK(n) "<a href=\"https://x.example/" n "\">" n "</a>"

/* The text n times. */
static const char *
times(struct arena *a, int n, const char *text)
{
	const size_t len = strlen(text);
	char *out = arena_alloc(a, (size_t)n * len + 1);

	for (int i = 0; i < n; i++)
		memcpy(out + (size_t)i * len, text, len);
	out[(size_t)n * len] = '\0';
	return out;
}

/* The text with x in place of its "%s". */
static const char *
string_with(struct arena *a, const char *text, const char *x)
{
	const char *at = strstr(text, "%s");

	return arena_printf(a, "%.*s%s%s", (int)(at - text), text, x, at + 2);
}

static struct newsletter_html
read_html(struct arena *a, const char *html)
{
	static const struct newsletter_private nobody;
	struct newsletter_html out = { 0 };

	newsletter_html_read(a, html, &nobody, &out);
	return out;
}

/* What becomes of it behind 5,000 bytes of other text. */
static const char *
left(struct arena *a, const char *html)
{
	const char *much = arena_printf(a, "<p>%s</p>", times(a, 5000, "w"));
	const char *got = read_html(a, arena_printf(a, "%s%s", much, html)).html;

	if (strncmp(got, much, strlen(much)) != 0)
		fail_msg("%s: its beginning is gone", html);
	return got + strlen(much);
}

static const struct {
	const char *name, *html, *left;
} cases[] = {
	{ "nothing to take", "<p>a</p>", "<p>a</p>" },
	{ "a footer", "<p>You get this. " LEAVE "</p>", "" },
	{ "with two links of its own", "<p>a " LINK("1") LINK("2") "<br>b " LEAVE "</p>",
	    "" },
	{ "with three: its line alone",
	    "<p>a " LINK("1") LINK("2") LINK("3") "<br>b " LEAVE "</p>",
	    "<p>a " LINK("1") LINK("2") LINK("3") "<br></p>" },
	{ "two links to leave count once more for none",
	    "<p>a " LINK("1") LINK("2") LEAVE "<br>b " LEAVE "</p>", "" },
	{ "an anchor is no link",
	    "<p>a " LINK("1") LINK("2") "<a>3</a><br>b " LEAVE "</p>", "" },
	{ "a cell",
	    "<table><tbody><tr><td>a</td><td>b " LEAVE "</td></tr></tbody></table>",
	    "<table><tbody><tr><td>a</td></tr></tbody></table>" },
	{ "a cell of a head",
	    "<table><tbody><tr><th>a</th><th>b " LEAVE "</th></tr></tbody></table>",
	    "<table><tbody><tr><th>a</th></tr></tbody></table>" },
	{ "an item", "<ul><li>a</li><li>b " LEAVE "</li></ul>", "<ul><li>a</li></ul>" },
	{ "a part of a line", "<p>a <b>b " LEAVE "</b></p>", "" },
	{ "by its address", "<p>b <a href=\"https://x.example/unsubscribe\">here</a></p>",
	    "" },
	{ "no address", "<p>b <a>Unsubscribe</a></p>", "<p>b <a>Unsubscribe</a></p>" },
	{ "a picture that is sent along", "<img src=\"cid:1\" alt=\"Quay\">",
	    "[picture: Quay]" },
	{ "without words", "<img src=\"CID:1\" alt=\"\">", "[picture]" },
	{ "a counter", "<img src=\"cid:1\" width=\"1\">", "" },
	{ "a counter of nothing", "<img src=\"cid:1\" width=\"0\">", "" },
	{ "a narrow one", "<img src=\"cid:1\" width=\"10\">", "[picture]" },
	{ "a picture of the web", "<img src=\"https://x.example/p\">",
	    "<img src=\"https://x.example/p\">" },
	{ "attributes", "<p id=\"i\" class=\"c\" onclick=\"x\" dir=\"rtl\">a</p>",
	    "<p class=\"c\" dir=\"rtl\">a</p>" },
	{ "what is not read", "<style>p{}</style><script>x</script><p>a</p>",
	    "<p>a</p>" },
	{ "a body of its own", "<body class=\"c\"><p>a</p></body>", "<p>a</p>" },
	{ "tags that nobody knows", "<p><x-y class=\"c\">a</x-y></p>", "<p>a</p>" },
	{ "marks", "<p title=\"x\" lang=\"&quot;\">a &lt; b &amp; \"c\"</p>",
	    "<p lang=\"&quot;\">a &lt; b &amp; \"c\"</p>" },
};

static void
what_is_its_readers_is_taken_out(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *got = left(a, cases[i].html);

		if (strcmp(got, cases[i].left) != 0) {
			print_error("%s: got %s, want %s\n", cases[i].name, got,
			    cases[i].left);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* A block of 600 bytes goes, of a longer one a line of 300, else the link alone. */
static void
a_footer_is_short(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (int n = 599; n <= 601; n++) {
		const char *x = times(a, n - 11, "x");
		const char *got = left(a, arena_printf(a, "<p>%s" LEAVE "</p>", x));

		assert_string_equal(got, n <= 600 ? "" : arena_printf(a, "<p>%s</p>", x));
	}
	for (int n = 299; n <= 301; n++) {
		const char *x = times(a, 600, "x");
		const char *y = times(a, n - 11, "y");
		const char *got =
		    left(a, arena_printf(a, "<p>%s<br>%s" LEAVE "<br>z</p>", x, y));

		assert_string_equal(got,
		    arena_printf(a, "<p>%s<br>%s<br>z</p>", x, n <= 300 ? "" : y));
	}
	arena_free(a);
}

/* Whatever stands in a line goes with it; the whole of its length counts. */
static void
a_line_has_an_inside(void **state)
{
	struct arena *a = arena_new();
	const char *x = times(a, 601, "x");
	const char *y = times(a, 289, "y");
	const struct {
		const char *html, *left;
	} lines[] = {
		{ "<p>%s<br>y <b>z " LEAVE "</b> u<br>w</p>", "<p>%s<br><br>w</p>" },
		{ "<p>%s<br>y <b><i>z</i><i>" LEAVE "</i></b></p>", "<p>%s<br></p>" },
		{ "<p>%s</p>y <b>z " LEAVE "</b> u<br>w", "<p>%s</p><br>w" },
		{ "<p>%s</p>y " LEAVE "<br>w", "<p>%s</p><br>w" },
		{ "y " LEAVE "<p>%s</p>", "<p>%s</p>" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		assert_string_equal(left(a, string_with(a, lines[i].html, x)),
		    string_with(a, lines[i].left, x));
	assert_string_equal(left(a,
				arena_printf(a, "<p>%s<br>%s" LEAVE "<i>z</i></p>", x,
				    y)),
	    arena_printf(a, "<p>%s<br>%s<i>z</i></p>", x, y));
	/* Blanks between two elements are not seen. */
	assert_string_equal(left(a,
				arena_printf(a, "<p>%.580s<b>%s</b>" LEAVE "</p>", x,
				    times(a, 100, " "))),
	    "");
	arena_free(a);
}

/* A line of 200 nodes, of which the link is the last, the first or in the middle. */
static void
a_line_has_few_nodes(void **state)
{
	struct arena *a = arena_new();
	const char *x = times(a, 601, "x");

	(void)state;
	for (int n = 199; n <= 201; n++) {
		for (int before = 0; before < n; before += n / 2) {
			const char *left_of = times(a, before, "<i></i>");
			const char *right_of = times(a, n - 1 - before, "<i></i>");
			const char *got = left(a,
			    arena_printf(a, "<p>%s<br>%s" LEAVE "%s</p>", x, left_of,
				right_of));

			assert_string_equal(got,
			    n <= 200 ? arena_printf(a, "<p>%s<br></p>", x)
				     : arena_printf(a, "<p>%s<br>%s%s</p>", x, left_of,
					   right_of));
		}
	}
	arena_free(a);
}

/* 40 of 100 bytes that are seen are a footer, 41 of 101 are not. */
static void
a_footer_is_no_large_part_of_a_letter(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (int n = 39; n <= 41; n++) {
		const char *w = times(a, 60, "w");
		const char *y = times(a, n - 11, "y");
		const struct newsletter_html got = read_html(a,
		    arena_printf(a, "<style>p{}</style><p>%s</p> <p>%s" LEAVE "</p>", w,
			y));

		assert_int_equal(got.seen, 60 + n);
		assert_string_equal(got.html,
		    n <= 40 ? arena_printf(a, "<p>%s</p> ", w)
			    : arena_printf(a, "<p>%s</p> <p>%s</p>", w, y));
	}
	for (int n = 899; n <= 900; n++) {
		const char *w = times(a, n, "w");
		const char *y = times(a, 600 - 11, "y");

		assert_string_equal(read_html(a,
					arena_printf(a, "<p>%s</p><p>%s" LEAVE "</p>", w,
					    y))
					.html,
		    n == 900 ? arena_printf(a, "<p>%s</p>", w)
			     : arena_printf(a, "<p>%s</p><p>%s</p>", w, y));
	}
	arena_free(a);
}

/* 200 nodes of a block are looked at: these, the link and its text. */
static void
a_footer_has_few_nodes(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (int n = 197; n <= 199; n++) {
		const char *got = left(a,
		    arena_printf(a, "<p>%s" LEAVE "</p>", times(a, n, "<i></i>")));

		assert_int_equal(*got == '\0', n <= 198);
		assert_null(strstr(got, "Unsubscribe"));
	}
	arena_free(a);
}

static void
the_letter_on_the_web_is_found(void **state)
{
	struct arena *a = arena_new();
	const struct newsletter_html got = read_html(a,
	    "<p>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</p>"
	    "<p><a href=\"mailto:x@x.example\">View online</a></p>"
	    "<p><a href=\"https://x.example/1\">View online</a></p>"
	    "<p><a href=\"https://x.example/2\">View online</a></p>");

	(void)state;
	assert_string_equal(got.browser, "https://x.example/1");
	assert_string_equal(got.html,
	    "<p>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</p>");
	assert_null(read_html(a, "<p>a</p>").browser);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_its_readers_is_taken_out),
		cmocka_unit_test(a_footer_is_short),
		cmocka_unit_test(a_line_has_an_inside),
		cmocka_unit_test(a_line_has_few_nodes),
		cmocka_unit_test(a_footer_is_no_large_part_of_a_letter),
		cmocka_unit_test(a_footer_has_few_nodes),
		cmocka_unit_test(the_letter_on_the_web_is_found),
	};

	return cmocka_run_group_tests_name("the HTML of newsletters", tests, NULL, NULL);
}

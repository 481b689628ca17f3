/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "html/html.h"

struct clean_case {
	const char *name;
	const char *html;
	const char *want;
};

static const struct clean_case cases[] = {
	{ "empty", "", "" },
	{ "text", "a &lt; b &amp; c", "a &lt; b &amp; c" },
	{ "script", "<p>a<script>alert(1)</script>b</p>", "<p>ab</p>" },
	{ "style element", "<style>p{}</style><p>a</p>", "<p>a</p>" },
	{ "handler", "<p onclick=\"x()\">a</p>", "<p>a</p>" },
	{ "unknown scheme", "<a href=\"javascript:x()\">a</a>", "a" },
	{ "scheme with a tab", "<a href=\"java\tscript:x()\">a</a>", "a" },
	{ "relative link", "<a href=\"/b\">a</a>", "<a href=\"https://v.example/b\">a</a>" },
	{ "mailto", "<a href=\"mailto:a@b.example\">a</a>",
		"<a href=\"mailto:a@b.example\">a</a>" },
	{ "tracking parameter", "<a href=\"https://x.example/?utm_source=a&amp;b=1\">a</a>",
		"<a href=\"https://x.example/?b=1\">a</a>" },
	{ "class and id", "<p class=\"a\" id=\"b\">a</p>", "<p>a</p>" },
	{ "css function", "<p style=\"text-align: center; background: url(x)\">a</p>",
		"<p style=\"text-align:center\">a</p>" },
	{ "pixel", "<p>a</p><img src=\"https://x.example/p.gif\" width=1 height=1>",
		"<p>a</p>" },
	{ "pixel with more behind its size", "<p>a</p><img src=\"https://x.example/p.gif\" "
		"width=\"1\" height=\"1 style=50%\">", "<p>a</p>" },
	{ "address inside an address", "<a href=\"https://x.example/?u=https://twitter.com/share?a\">"
		"a</a>", "<a href=\"https://x.example/?u=https://twitter.com/share?a\">a</a>" },
	{ "share link", "a<a href=\"https://twitter.com/share?a\">b</a>", "a" },
	{ "share link without scheme", "a<a href=\"//twitter.com/share?a\">b</a>", "a" },
	{ "share frame", "a<iframe src=\"//www.facebook.com/plugins/like.php?a\"></iframe>", "a" },
	{ "reference that overflows", "a&#xdddddddd;<abbr title=\"&#xdddddddd;\">b</abbr>",
		"a\xEF\xBF\xBD<abbr title=\"\xEF\xBF\xBD\">b</abbr>" },
	{ "picture", "<img src=\"a.png\" width=640 alt=\"A &quot;cat&quot;\">",
		"<img src=\"https://v.example/p/a.png\" alt=\"A &quot;cat&quot;\" width=\"640\">" },
	{ "data picture", "<img src=\"data:image/png;base64,AAAA\" alt=\"x\">", "x" },
	{ "lazy picture", "<img src=\"data:image/gif;base64,R0\" data-src=\"/l.png\">",
		"<img src=\"https://v.example/l.png\" alt=\"\">" },
	{ "srcset without src", "<img srcset=\"/s.png 320w, /m.png 1024w, /l.png 4000w\">",
		"<img src=\"https://v.example/m.png\" alt=\"\">" },
	{ "empty blocks", "<p></p><div> <br></div><p>&nbsp;</p><p>a</p>", "<p>a</p>" },
	{ "empty block between text", "a<p></p>b", "a<br>\nb" },
	{ "white space", "<p>  a \n  b  </p>", "<p>a b</p>" },
	{ "blank at an element's end", "<p><b>a </b>b</p>", "<p><b>a</b> b</p>" },
	{ "preformatted", "<pre>\n\na\n  b\t&lt;</pre>", "<pre>a\n  b\t&lt;</pre>" },
	{ "misnested", "<p><b>a<i>b</b>c</i>", "<p><b>a<i>b</i></b><i>c</i></p>" },
	{ "cell escape", "</td></tr></table><p>a</p>", "<p>a</p>" },
	{ "headings sink together", "<h2>a</h2><h3>b</h3>", "<h5>a</h5>\n<h6>b</h6>" },
	{ "repeated title", "<h1>The  title</h1><p>a</p>", "<p>a</p>" },
	{ "details", "<details><summary>a</summary><p>b</p></details>",
		"<p><strong>a</strong></p>\n<p>b</p>" },
	{ "frame", "<iframe src=\"https://www.youtube.com/embed/abc\" title=\"A film\"></iframe>",
		"<p><a href=\"https://www.youtube.com/watch?v=abc\">A film</a></p>" },
	{ "video", "<video poster=\"/p.jpg\"><source src=\"/v.webm\"></video>",
		"<p><a href=\"https://v.example/v.webm\"><img src=\"https://v.example/p.jpg\" "
		"alt=\"Video (v.example)\"><br>\nVideo (v.example)</a></p>" },
	{ "origin note", "<p>a</p><p>The post <a href=\"/a\">T</a> appeared first on "
		"<a href=\"/\">S</a>.</p>", "<p>a</p>" },
	{ "escaped once too often", "&lt;p&gt;a&lt;/p&gt;&lt;p&gt;b &lt;i&gt;c&lt;/i&gt;&lt;/p&gt;",
		"<p>a</p>\n<p>b <i>c</i></p>" },
	{ "text about tags", "The &lt;p&gt; tag", "The &lt;p&gt; tag" },
	{ "checkbox", "<ul><li><input type=checkbox checked> a</li></ul>",
		"<ul>\n<li>\xE2\x98\x91 a</li>\n</ul>" },
	{ "hidden", "<p>a</p><div style=\"display:none\">b</div>", "<p>a</p>" },
	{ "svg", "<svg><title><p>a</p></title><a href=\"javascript:x\">b</a></svg>c", "c" },
	{ "stripped", "<p>a</p><p class=\"x promo\">b</p><p>Support  me!</p>", "<p>a</p>" },
};

static void
test_clean(void **state)
{
	struct arena *a = arena_new();
	const struct html_options opts = { .base = "https://v.example/p/1",
		.title = "The title", .strip = "p.promo\nSupport me!", .heading_base = 4 };
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct clean_case *t = &cases[i];
		struct html_clean out;
		struct html_clean again;

		html_clean(a, t->html, strlen(t->html), &opts, &out);
		if (strcmp(out.html, t->want) != 0) {
			print_error("%s: got %s, want %s\n", t->name, out.html, t->want);
			failed++;
		}
		html_clean(a, out.html, strlen(out.html), &opts, &again);
		if (strcmp(again.html, out.html) != 0) {
			print_error("%s, cleaned again: got %s, want %s\n", t->name, again.html,
			    out.html);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
	};

	return cmocka_run_group_tests_name("clean", tests, NULL, NULL);
}

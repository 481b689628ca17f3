/* SPDX-License-Identifier: ISC */
/* Which place of a page has enough prose to be the post, byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "html/clean.h"

/*
 * In the pages "5a" stands for five letters "a"; what is kept is told in the same way, without
 * its tags: "12a3b".
 */
static const struct {
	const char *body, *kept;
} cases[] = {
	/* clang-format off */
	/* A place of a known name needs sixty letters, and so does an <article>. */
	{ "<div class='entry-content'>60a</div>5b", "60a" },
	{ "<div class='entry-content'>59a</div>5b", "" },
	{ "<div id='x' class='y post-body z'>60a</div>", "60a" },
	{ "<div id='articleBody'>60a</div>", "60a" },
	{ "<article>60a</article>5b", "60a" },
	{ "<main>60a</main>5b", "60a" },
	{ "<article>59a</article>5b", "" },
	{ "<div class='entry-content'>59a</div><article>60b</article>", "60b" },
	{ "<div class='entry-content'>60a</div><article>90b</article>", "60a" },
	/* Blanks and links are no prose. */
	{ "<article>59a \n\t <a href='/x'>9b</a></article>", "" },
	{ "<article>60a <a href='/x'>9b</a></article>", "60a9b" },
	{ "<article>59a<b>1b</b></article>", "59a1b" },
	/* What is around a place, or comes behind it, must have a quarter more. */
	{ "<div class='h-entry'>24a<div class='post-body'>100b</div></div>", "100b" },
	{ "<div class='h-entry'>25a<div class='post-body'>100b</div></div>", "25a100b" },
	{ "<article>100a</article><article>124b</article>", "100a" },
	{ "<article>100a</article><article>125b</article>", "125b" },
	{ "<article>100a</article><article>90b</article>", "100a" },
	/* A place without a name has 140 letters in paragraphs of its own, or halves of others'. */
	{ "<div><p>140a</p></div>5b", "140a" },
	{ "<div><p>139a</p></div>", "" },
	{ "<div><p>70a</p>9b<p>70c</p></div>5d", "70a9b70c" },
	{ "<div>200a</div>", "" },
	{ "<div><pre>140a</pre></div>5b", "140a" },
	{ "<div><blockquote>140a</blockquote></div>5b", "140a" },
	{ "<div><ul><li>140a</li></ul></div>5b", "140a" },
	{ "<div><ol><li>140a</li></ol></div>5b", "140a" },
	{ "<div><dl><dt>140a</dt></dl></div>5b", "" },
	{ "<div><p><a href='/x'>140a</a></p></div>", "" },
	{ "<section><div><p>100a</p></div><div><p>100b</p></div></section>", "" },
	{ "<section><div><p>100a</p></div><div><p>100b</p></div><div><p>100c</p></div></section>5d",
		"100a100b100c" },
	{ "<div><p>150a</p></div><div><p>150b</p></div>", "150a" },
	{ "<div><p>150a</p></div><div><p>151b</p></div>", "151b" },
	/* What stands beside a post is none of it. */
	{ "<article>60a<nav>5b</nav><aside>5c</aside><footer>5d</footer></article>", "60a" },
	{ "<article>60a<div class='comments'>5b</div><div id='related'>5c</div></article>", "60a" },
	{ "<article class='widget'>60a</article>", "" },
	{ "<article>50a<div class='comments'>20b</div></article>", "" },
	/* clang-format on */
};

/* "5a" as "aaaaa"; names and attributes of tags stay. */
static const char *
written_out(struct arena *a, const char *body)
{
	struct buf b = BUF_INIT(1 << 14);
	const char *page;
	bool in_tag = false;

	buf_adds(&b, "<html><body class='widget'>");
	for (const char *at = body; *at; at++) {
		size_t times = 0;

		in_tag = *at == '<' || (in_tag && at[-1] != '>');
		if (in_tag || *at < '0' || *at > '9') {
			buf_addc(&b, *at);
			continue;
		}
		for (; *at >= '0' && *at <= '9'; at++)
			times = times * 10 + (size_t)(*at - '0');
		for (; times > 0; times--)
			buf_addc(&b, *at);
	}
	buf_adds(&b, "</body></html>");
	page = arena_strndup(a, buf_text(&b), b.len);
	buf_clear(&b);
	return page;
}

static const char *
in_short(struct arena *a, const char *html)
{
	const char *got = "";
	bool in_tag = false;

	for (const char *at = html; *at;) {
		size_t run = 1;

		in_tag = *at == '<' || (in_tag && at[-1] != '>');
		if (!in_tag && *at >= 'a' && *at <= 'z') {
			while (at[run] == *at)
				run++;
			got = arena_printf(a, "%s%zu%c", got, run, *at);
		}
		at += run;
	}
	return got;
}

static void
a_post_is_where_the_prose_is(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *page = written_out(a, cases[i].body);
		const struct html_options o = { .article = "Article", .heading_base = 4 };
		struct html_clean out;
		const char *got;

		html_clean(a, page, strlen(page), &o, &out);
		got = in_short(a, out.html);
		if (strcmp(got, cases[i].kept) != 0) {
			print_error("%s: got %s, want %s\n", cases[i].body, got,
			    cases[i].kept);
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
		cmocka_unit_test(a_post_is_where_the_prose_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

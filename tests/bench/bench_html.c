/* SPDX-License-Identifier: ISC */
/*
 * Cleaning and plain text beside the HTML5 parser alone, on the same entries in one run, in
 * CPU time; the median of several pairs.  The entries are written here after the shape of
 * blogs: paragraphs with links and emphasis, lists, code, pictures, a share bar.  The contents
 * of feeds named as arguments are taken instead.
 */
#include <gumbo.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/limits.h"
#include "feed/feed.h"
#include "html/clean.h"

enum { PAIRS = 7, ENTRIES = 400, ENTRIES_MAX = 5000 };

struct entries {
	char *text[ENTRIES_MAX];
	size_t len[ENTRIES_MAX];
	size_t count;
	size_t bytes;
};

static double
cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
add_entry(struct entries *all, struct buf *b)
{
	all->len[all->count] = b->len;
	all->bytes += b->len;
	all->text[all->count++] = buf_take(b);
}

static void
write_paragraph(struct buf *b, unsigned seed)
{
	static const char *const words[] = { "interpreter", "the", "of", "release", "and",
		"typing", "a", "which", "packaging", "we", "async", "in", "function",
		"to", "performance", "is", "don\xE2\x80\x99t", "library", "for",
		"memory" };

	buf_adds(b, "<p class=\"wp-block-paragraph\">");
	for (unsigned i = 0; i < 70; i++) {
		seed = seed * 1103515245u + 12345u;
		if (i % 23 == 7)
			buf_addf(b,
			    "<a href=\"https://blog.example/%u/post?utm_source=rss&amp;p=%u\">",
			    seed % 997, i);
		if (i % 31 == 11)
			buf_adds(b, "<em>");
		buf_adds(b, words[(seed >> 16) % (sizeof(words) / sizeof(words[0]))]);
		if (i % 31 == 12)
			buf_adds(b, "</em>");
		if (i % 23 == 9)
			buf_adds(b, "</a>");
		buf_adds(b, i % 17 == 16 ? ".\n" : " ");
	}
	buf_adds(b, "</p>\n");
}

static void
write_entry(struct buf *b, unsigned seed)
{
	buf_adds(b, "<div class=\"entry-content\"><h2>What is new</h2>\n");
	for (unsigned i = 0; i < 3 + seed % 5; i++)
		write_paragraph(b, seed * 31 + i);
	buf_adds(b,
	    "<ul><li>One <b>thing</b></li><li>and <code>another()</code></li></ul>\n"
	    "<pre class=\"highlight\"><code><span class=\"k\">def</span> f(x):\n"
	    "    <span class=\"k\">return</span> x &lt; 1 &amp;&amp; <span>y</span>\n"
	    "</code></pre><figure><img src=\"/img/a.png\" width=\"640\" alt=\"A diagram\" "
	    "loading=\"lazy\"><figcaption>A diagram</figcaption></figure>"
	    "<div class=\"sharedaddy\"><a href=\"https://twitter.com/share?x\">Tweet</a></div>"
	    "</div>\n");
}

static void
make_entries(struct entries *all)
{
	for (unsigned i = 0; i < ENTRIES; i++) {
		struct buf b = BUF_INIT(LIMIT_ENTRY_TEXT);

		write_entry(&b, i);
		add_entry(all, &b);
	}
}

/* The HTML of a feed's entries; what is no feed has none. */
static void
add_feed(struct entries *all, struct arena *a, const struct buf *bytes)
{
	const struct feed_context context = { .url = "https://blog.example/feed" };
	struct err err = ERR_INIT;
	struct feed *f = NULL;

	if (!feed_parse(a, buf_text(bytes), bytes->len, &context, &f, NULL, &err))
		return;
	for (size_t i = 0; i < f->entry_count && all->count < ENTRIES_MAX; i++) {
		const struct raw_content *raw = &f->entries[i].content;
		struct buf b = BUF_INIT(LIMIT_ENTRY_TEXT);

		if (!raw->text || raw->len == 0 || raw->type == CONTENT_TEXT)
			continue;
		buf_add(&b, raw->text, raw->len);
		add_entry(all, &b);
	}
}

static double
parse_all(const struct entries *all)
{
	GumboOptions options = kGumboDefaultOptions;
	double start = cpu_seconds();

	options.fragment_context = GUMBO_TAG_DIV;
	options.max_errors = 0;
	for (size_t i = 0; i < all->count; i++)
		gumbo_destroy_output(&options,
		    gumbo_parse_with_options(&options, all->text[i], all->len[i]));
	return cpu_seconds() - start;
}

static double
clean_all(const struct entries *all, struct arena *a)
{
	const struct html_options opts = { .base = "https://blog.example/",
		.title = "News",
		.heading_base = 4 };
	double start = cpu_seconds();

	for (size_t i = 0; i < all->count; i++) {
		struct html_clean out;

		html_clean(a, all->text[i], all->len[i], &opts, &out);
		arena_reset(a);
	}
	return cpu_seconds() - start;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double
median(double *values)
{
	qsort(values, PAIRS, sizeof(*values), compare);
	return values[PAIRS / 2];
}

int
main(int argc, char **argv)
{
	static struct entries all;
	struct arena *a = arena_new();
	double parse[PAIRS];
	double clean[PAIRS];
	double ratio[PAIRS];
	double megabytes;

	for (int i = 1; i < argc && all.count < ENTRIES_MAX; i++) {
		struct buf b = BUF_INIT(LIMIT_FEED_BYTES);
		struct err err = ERR_INIT;

		if (!file_read(argv[i], &b, &err)) {
			fprintf(stderr, "%s\n", err.text);
			return 1;
		}
		add_feed(&all, a, &b);
		buf_clear(&b);
		arena_reset(a);
	}
	if (all.count == 0)
		make_entries(&all);
	megabytes = (double)all.bytes / 1e6;
	for (size_t i = 0; i < PAIRS; i++) {
		parse[i] = parse_all(&all) / megabytes;
		clean[i] = clean_all(&all, a) / megabytes;
		ratio[i] = parse[i] / clean[i];
	}
	printf(
	    "html-clean-text %.1f MB/CPU-s  (HTML5 parser alone %.1f; ratio %.2f, goal 1.0; "
	    "%zu entries, %.1f MB)\n",
	    1 / median(clean), 1 / median(parse), median(ratio), all.count, megabytes);
	for (size_t i = 0; i < all.count; i++)
		free(all.text[i]);
	arena_free(a);
	return median(ratio) >= 1.0 ? 0 : 1;
}

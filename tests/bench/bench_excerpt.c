/* SPDX-License-Identifier: ISC */
/*
 * What excerpts say of their posts: ROUGE-1 (F) of the words of an excerpt of 400 characters
 * against the summary that the author wrote, beside that of the first 400 characters; and the
 * CPU time of one.  On the entries that have both a summary and a body longer than that, of the
 * feeds named as arguments.  Most such summaries are a copy of the beginning; those in words of
 * their own are counted once more by themselves.  Beside it stands what whole sentences reach that
 * are picked, one after the other, with the summary in hand, as many as say it best: no bound, since
 * others may be picked, but nobody who writes excerpts has the summary.  And the bound of every text
 * that has as many words as those first characters, the best that can be written included: where
 * summaries are longer or shorter than that, F falls short of 1 whatever the words are.  So more than
 * the bound is reached only by excerpts that are as short as their summaries happen to be.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/text.h"
#include "digest/excerpt.h"
#include "feed/entry_clean.h"
#include "feed/feed.h"
#include "html/cut.h"
#include "html/sentences.h"
#include "html/to_text.h"

enum { CHARS = 400, WORDS = 4000, SENTENCES = 150, TIMES = 20 };
static const double goal = 1.15;
static const double goal_ms = 2.0;

struct bag {
	uint64_t word[WORDS];
	size_t count;
};

struct sums {
	size_t posts;
	double beginning;
	double excerpt;
	double picked;
	double bound;  /* what a text of as many words as the beginning can reach */
	size_t chosen; /* excerpts that are no beginning */
};

struct totals {
	struct sums all;
	struct sums own; /* summaries in words of their own */
	double seconds;
	double slowest;
};

static double
cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
compare(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a;
	const uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static bool
is_letter(uint32_t c)
{
	return c < 0x80 ? ascii_is_alphanumeric((int)c)
			: c >= 0xC0 && !(c >= 0x2000 && c < 0x2C00) &&
		!(c >= 0x3000 && c < 0x3040) && c < 0xFF00;
}

static bool
is_wide(uint32_t c)
{
	return c >= 0x3040 && c <= 0x9FFF;
}

static void
close_word(struct bag *b, uint64_t *hash)
{
	if (*hash != 0 && b->count < WORDS)
		b->word[b->count++] = *hash;
	*hash = 0;
}

/* The words of a text, sorted; every wide character is one. */
static void
fill(struct bag *b, const char *text)
{
	const size_t len = strlen(text);
	uint64_t hash = 0;

	for (size_t i = 0; i < len;) {
		uint32_t c = 0;

		i += text_decode(text + i, len - i, &c);
		if (!is_letter(c) || is_wide(c))
			close_word(b, &hash);
		if (is_letter(c)) {
			c = c < 0x80 ? (uint32_t)ascii_lower((int)c) : c;
			hash = hash_64(&c, sizeof(c), hash + 1);
		}
		if (is_wide(c))
			close_word(b, &hash);
	}
	close_word(b, &hash);
	qsort(b->word, b->count, sizeof(*b->word), compare);
}

/* ROUGE-1 of a text as long as this one whose every word is right. */
static double
bound_of(const char *text, const struct bag *summary)
{
	static struct bag b;
	size_t same = 0;

	b.count = 0;
	fill(&b, text);
	same = b.count < summary->count ? b.count : summary->count;
	return same == 0 ? 0 : 2 * (double)same / (double)(b.count + summary->count);
}

static double
rouge(const char *text, const struct bag *summary)
{
	static struct bag b;
	size_t same = 0;

	b.count = 0;
	fill(&b, text);
	for (size_t i = 0, k = 0; i < b.count && k < summary->count;) {
		if (b.word[i] == summary->word[k]) {
			same++;
			i++;
			k++;
		} else if (b.word[i] < summary->word[k]) {
			i++;
		} else {
			k++;
		}
	}
	return same == 0 ? 0 : 2 * (double)same / (double)(b.count + summary->count);
}

/* The first characters of a text of one line. */
static const char *
first_chars(struct arena *a, const char *text, size_t chars)
{
	const size_t len = strlen(text);
	size_t at = 0;
	uint32_t c = 0;

	for (size_t n = 0; n < chars && at < len; n++)
		at += text_decode(text + at, len - at, &c);
	return arena_strndup(a, text, at);
}

static size_t
count_chars(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xC0) != 0x80;
	return n;
}

static const char *
line_of(struct arena *a, const char *html)
{
	return html_excerpt(a, html, SIZE_MAX / 2, &(bool){ false });
}

/* The best of whole sentences that fit, taken greedily. */
static double
picked_with(struct arena *a, const char *html, const struct bag *summary)
{
	struct html_sentence *list = NULL;
	const size_t count = html_sentences(a, html, SENTENCES, &list);
	bool *used = arena_array(a, count + 1, sizeof(*used));
	const char *text = "";
	double reached = 0;

	memset(used, 0, count + 1);
	for (;;) {
		const char *best = NULL;
		size_t which = 0;
		double most = -1;

		for (size_t i = 0; i < count; i++) {
			const char *with = NULL;
			double r = 0;

			if (used[i] || count_chars(text) + list[i].chars + 1 > CHARS)
				continue;
			with = arena_printf(a, "%s %s", text, list[i].text);
			r = rouge(with, summary);
			if (r > most) {
				most = r;
				best = with;
				which = i;
			}
		}
		if (!best)
			return reached;
		used[which] = true;
		text = best;
		reached = most > reached ? most : reached;
	}
}

/* Whether the summary stands in the body: most of its pieces of 40 bytes do. */
static bool
is_copied(const char *summary, const char *body)
{
	const size_t len = strlen(summary);
	size_t pieces = 0;
	size_t found = 0;
	char piece[41];

	for (size_t i = 0; i == 0 || i + 40 <= len; i += 20) {
		const size_t n = len - i < 40 ? len - i : 40;

		memcpy(piece, summary + i, n);
		piece[n] = '\0';
		pieces++;
		found += strstr(body, piece) != NULL;
	}
	return 2 * found >= pieces;
}

static void
add(struct sums *s, const struct sums *post)
{
	s->posts++;
	s->beginning += post->beginning;
	s->excerpt += post->excerpt;
	s->picked += post->picked;
	s->bound += post->bound;
	s->chosen += post->chosen;
}

static void
measure(struct arena *a, const struct entry *e, struct totals *t)
{
	static struct bag summary;
	const char *body = text_one_line(a, e->text, strlen(e->text));
	const char *beginning = first_chars(a, body, CHARS);
	const char *excerpt = NULL;
	const double start = cpu_seconds();
	double seconds = 0;
	bool cut = false;

	for (size_t i = 0; i < TIMES; i++)
		excerpt = excerpt_html(a, excerpt_new(a, e->html, e->title), CHARS,
		    SIZE_MAX, &cut);
	seconds = (cpu_seconds() - start) / TIMES;
	summary.count = 0;
	fill(&summary, e->summary);
	if (summary.count == 0)
		return;
	t->seconds += seconds;
	t->slowest = seconds > t->slowest ? seconds : t->slowest;
	const struct sums post = { .beginning = rouge(beginning, &summary),
		.excerpt = rouge(line_of(a, excerpt), &summary),
		.picked = picked_with(a, e->html, &summary),
		.bound = bound_of(beginning, &summary),
		.chosen =
		    strcmp(excerpt, html_cut(a, e->html, CHARS, SIZE_MAX, &cut)) != 0 };

	if (getenv("SHOW") && post.chosen)
		printf("-- %s\n   summary: %s\n   excerpt: %s\n   %.3f %.3f\n",
		    e->title ? e->title : "", e->summary, line_of(a, excerpt),
		    post.beginning, post.excerpt);
	add(&t->all, &post);
	if (!is_copied(e->summary, body))
		add(&t->own, &post);
}

static void
measure_feed(const struct buf *bytes, struct totals *t)
{
	const struct feed_context context = { .url = "https://blog.example/feed" };
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct feed *f = NULL;

	if (feed_parse(a, buf_text(bytes), bytes->len, &context, &f, NULL, &err)) {
		for (size_t i = 0; i < f->entry_count; i++) {
			struct entry *e = &f->entries[i];

			entry_clean(a, e, NULL);
			if (text_is_set(e->summary) && text_is_set(e->html) &&
			    count_chars(e->text) > CHARS)
				measure(a, e, t);
		}
	}
	arena_free(a);
}

static void
print(const char *what, const struct sums *s)
{
	const double n = s->posts > 0 ? (double)s->posts : 1;

	printf("%s: first %d characters %.3f, excerpt %.3f, ratio %.3f  (goal %.2f; "
	       "bound at as many words %.3f; sentences picked with the summary in hand "
	       "%.3f; %zu posts, %zu not from their beginning)\n",
	    what, CHARS, s->beginning / n, s->excerpt / n, s->excerpt / s->beginning,
	    goal, s->bound / s->beginning, s->picked / s->beginning, s->posts, s->chosen);
}

int
main(int argc, char **argv)
{
	struct totals t = { 0 };

	if (argc < 2) {
		printf("excerpt: skipped, needs feeds with summaries: FEEDS=DIR\n");
		return 0;
	}
	for (int i = 1; i < argc; i++) {
		struct buf b = BUF_INIT(LIMIT_FEED_BYTES);
		struct err err = ERR_INIT;

		if (!file_read(argv[i], &b, &err)) {
			fprintf(stderr, "%s\n", err.text);
			return 1;
		}
		measure_feed(&b, &t);
		buf_clear(&b);
	}
	if (t.all.posts == 0) {
		printf("excerpt: no entry has a summary and a longer body\n");
		return 1;
	}
	print("excerpt, all", &t.all);
	print("excerpt, summaries in words of their own", &t.own);
	printf("excerpt-time %.3f ms CPU a post, slowest %.3f  (goal %.1f)\n",
	    1e3 * t.seconds / (double)t.all.posts, 1e3 * t.slowest, goal_ms);
	return t.all.excerpt >= goal * t.all.beginning && 1e3 * t.slowest <= goal_ms ? 0
										     : 1;
}

/* SPDX-License-Identifier: ISC */
#include "digest/excerpt.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/letter_case.h"
#include "base/mem.h"
#include "base/order.h"
#include "base/text.h"
#include "html/cut.h"
#include "html/sentences.h"

enum {
	SENTENCES_MOST = 150, /* of a post: what comes behind them tells no more of it */
	WORDS_MOST = 6000,
	SHORT_WORD = 3, /* characters: in most languages such words join others */
	TITLE_WORDS_MOST = WORDS_MOST / 10,
	SHORT_SENTENCE = 25, /* characters: says nothing by itself */
	STRETCHES_MOST = 2,  /* with one gap between them: more is no prose */
	TITLE_WORTH = 8,     /* a word of the title beside one said twice */
	MARK_BYTES = 10      /* " […] " and tags */
};

/*
 * Measured with tests/bench/bench_excerpt on posts whose authors summed them up: to pull less
 * towards the beginning, or to pay for a gap with less, says less of what they say.  Weights
 * learned from those posts (a ridge regression over thirty features of each sentence, each feed
 * left out in its turn) choose sentences that say 0.95 of what the first 400 characters do on
 * feeds they have not seen; the beginning up to a sentence's end says 1.02 of it.
 */
static const double central_weight = 0.1;
static const double title_weight = 0.3;
static const double fragment_cost = 0.6; /* a caption, an item: no sentence */
static const double worth_a_gap = 2;     /* times what the beginning holds */

struct word {
	uint64_t hash;
	uint32_t sentence;
	bool is_topic; /* long enough to be about something */
};

/* A word of the post. */
struct term {
	uint64_t hash;
	size_t uses;
	size_t sentences;
	double rarity;
	bool is_topic;
	bool in_title;
};

struct weighed {
	struct html_sentence *sentence;
	double central;
	double norm;
	double title;
	double score;
};

struct excerpt {
	const char *html;
	const char *title;
	struct html_sentence *sentences;
	struct weighed *weighed; /* in their order */
	struct weighed **best;   /* best first */
	size_t count;
	struct term *terms; /* by hash */
	size_t term_count;
};

/* ---- words ---- */

struct words {
	struct word *list;
	size_t count;
	size_t most;
};

static bool
is_word_char(uint32_t c)
{
	if (c < 0x80)
		return ascii_is_alphanumeric((int)c);
	return c >= 0xC0 && c != 0xD7 && c != 0xF7 && !(c >= 0x2000 && c <= 0x2BFF) &&
	    !(c >= 0x3000 && c <= 0x303F) && !(c >= 0xFF00 && c <= 0xFF0F) &&
	    !(c >= 0xFF1A && c <= 0xFF20) && c != 0xFFFD;
}

/* Han, kana and what else has no blanks between words. */
static bool
is_unspaced(uint32_t c)
{
	return (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
	    (c >= 0x20000 && c <= 0x3FFFF) || (c >= 0xE00 && c <= 0xEFF);
}

/* Endings and particles of Japanese: pairs with them are in every sentence. */
static bool
is_hiragana(uint32_t c)
{
	return c >= 0x3040 && c <= 0x309F;
}

static void
add_word(struct words *w, uint64_t hash, size_t sentence, bool is_topic)
{
	if (w->count < w->most)
		w->list[w->count++] = (struct word){ hash, (uint32_t)sentence, is_topic };
}

/* FNV-1a by characters: two words that agree spoil no more than this excerpt. */
static uint64_t
add_to_hash(uint64_t hash, uint32_t c)
{
	return (hash ^ c) * 0x100000001B3;
}

static void
add_words(struct words *w, const char *text, size_t len, size_t sentence)
{
	uint64_t hash = 0;
	uint32_t before = 0; /* the character before in a script without blanks */
	size_t chars = 0;    /* of the word that is open */

	for (size_t i = 0; i < len && w->count < w->most;) {
		uint32_t c = 0;

		i += text_decode(text + i, len - i, &c);
		if (chars > 0 && (!is_word_char(c) || is_unspaced(c))) {
			add_word(w, hash, sentence, chars > SHORT_WORD);
			chars = 0;
			hash = 0;
		}
		if (is_word_char(c) && !is_unspaced(c)) {
			hash = add_to_hash(hash, letter_fold(c));
			chars++;
		}
		if (is_unspaced(c) && is_word_char(c) && before)
			add_word(w, add_to_hash(add_to_hash(1, before), c), sentence,
			    !is_hiragana(before) && !is_hiragana(c));
		before = is_unspaced(c) && is_word_char(c) ? c : 0;
	}
	if (chars > 0)
		add_word(w, hash, sentence, chars > SHORT_WORD);
}

static int
by_hash(const void *pa, const void *pb)
{
	const struct word *a = pa;
	const struct word *b = pb;

	if (a->hash != b->hash)
		return ORDER(a->hash, b->hash);
	return ORDER(a->sentence, b->sentence);
}

/* Uses of one word in one sentence, from i on, when the words are sorted. */
static size_t
uses_at(const struct words *w, size_t i)
{
	size_t n = 1;

	while (i + n < w->count && by_hash(&w->list[i], &w->list[i + n]) == 0)
		n++;
	return n;
}

static void
make_terms(struct arena *a, struct excerpt *x, const struct words *w)
{
	struct term *t = NULL;

	x->terms = arena_array(a, w->count, sizeof(*x->terms));
	for (size_t i = 0, uses = 0; i < w->count; i += uses) {
		uses = uses_at(w, i);
		if (!t || t->hash != w->list[i].hash) {
			t = &x->terms[x->term_count++];
			*t = (struct term){ .hash = w->list[i].hash,
				.is_topic = w->list[i].is_topic };
		}
		t->uses += uses;
		t->sentences++;
	}
	for (size_t i = 0; i < x->term_count; i++)
		x->terms[i].rarity =
		    log(1 + (double)x->count / (double)x->terms[i].sentences);
}

static struct term *
find_term(const struct excerpt *x, uint64_t hash)
{
	size_t low = 0;
	size_t high = x->term_count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (x->terms[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	return low < x->term_count && x->terms[low].hash == hash ? &x->terms[low] : NULL;
}

/* Marks the words of the title; their rarity in all, those that the post lacks included. */
static double
mark_title(struct excerpt *x, struct words *w)
{
	double sum = 0;

	w->count = 0;
	if (x->title)
		add_words(w, x->title, strlen(x->title), 0);
	for (size_t i = 0; i < w->count; i++) {
		struct term *t = find_term(x, w->list[i].hash);

		if (t && t->in_title)
			continue;
		sum += t ? t->rarity : log(1 + (double)x->count);
		if (t)
			t->in_title = true;
	}
	return sum;
}

/* ---- the worth of each sentence ---- */

static void
weigh_words(struct excerpt *x, const struct words *w, double title_sum)
{
	const struct term *t = x->terms;

	for (size_t i = 0, uses = 0; i < w->count; i += uses) {
		struct weighed *one = &x->weighed[w->list[i].sentence];
		double weight = 0;

		uses = uses_at(w, i);
		/* Both are sorted by hash, and every word has its term. */
		t += t->hash != w->list[i].hash;
		weight = (double)uses * t->rarity;
		one->norm += weight * weight;
		if (t->is_topic)
			one->central += weight * (double)t->uses * t->rarity;
		if (t->in_title)
			one->title += t->rarity / title_sum;
	}
}

/* Nothing without what follows. */
static bool
is_opening(const struct html_sentence *s)
{
	return s->announces || s->is_heading;
}

/* Says something by itself: a caption, a credit or an item does not. */
static bool
is_prose(const struct html_sentence *s)
{
	return s->has_stop && s->chars >= SHORT_SENTENCE && !is_opening(s);
}

static double
score_of(const struct excerpt *x, size_t place, double most_central)
{
	const struct weighed *one = &x->weighed[place];
	const struct html_sentence *s = one->sentence;
	double score = 1 / (1 + (double)place / 2);

	score += title_weight * one->title;
	if (most_central > 0)
		score += central_weight * one->central / most_central;
	if (s->chars < SHORT_SENTENCE || is_opening(s) ||
	    (x->title && ascii_eq_nocase(s->text, x->title)))
		score -= 1;
	return s->has_stop ? score : score - fragment_cost;
}

static int
by_score(const void *pa, const void *pb)
{
	const struct weighed *a = *(const struct weighed *const *)pa;
	const struct weighed *b = *(const struct weighed *const *)pb;

	if (a->score > b->score || a->score < b->score)
		return ORDER(b->score, a->score);
	return ORDER(a, b);
}

static void
weigh(struct arena *a, struct excerpt *x, const struct words *w, double title_sum)
{
	double most = 0;

	x->weighed = arena_array(a, x->count, sizeof(*x->weighed));
	x->best = arena_array(a, x->count, sizeof(*x->best));
	for (size_t i = 0; i < x->count; i++)
		x->weighed[i] = (struct weighed){ .sentence = &x->sentences[i] };
	weigh_words(x, w, title_sum);
	for (size_t i = 0; i < x->count; i++) {
		struct weighed *one = &x->weighed[i];

		one->central = one->norm > 0 ? one->central / sqrt(one->norm) : 0;
		most = one->central > most ? one->central : most;
	}
	for (size_t i = 0; i < x->count; i++) {
		x->weighed[i].score = score_of(x, i, most);
		x->best[i] = &x->weighed[i];
	}
	list_sort(x->best, x->count, sizeof(struct weighed *), by_score);
}

struct excerpt *
excerpt_new(struct arena *a, const char *html, const char *title)
{
	struct excerpt *x = arena_array(a, 1, sizeof(*x));
	struct words w = { .most = WORDS_MOST };
	struct words title_words = { .most = TITLE_WORDS_MOST };
	double title_sum = 0;

	*x = (struct excerpt){ .html = html, .title = title };
	x->count = html_sentences(a, html, SENTENCES_MOST, &x->sentences);
	w.list = xreallocarray(NULL, w.most + title_words.most, sizeof(*w.list));
	title_words.list = w.list + w.most;
	for (size_t i = 0; i < x->count; i++)
		add_words(&w, x->sentences[i].text, x->sentences[i].text_len, i);
	list_sort(w.list, w.count, sizeof(*w.list), by_hash);
	make_terms(a, x, &w);
	title_sum = mark_title(x, &title_words);
	weigh(a, x, &w, title_sum);
	free(w.list);
	return x;
}

/* ---- the choice ---- */

struct choice {
	bool *is_kept; /* by sentence */
	size_t chars;
	size_t bytes;
	size_t kept;
	size_t stretches;
};

static bool
is_said(const struct excerpt *x, const struct choice *c, const struct html_sentence *s)
{
	for (size_t i = 0; i < x->count; i++) {
		if (c->is_kept[i] && x->sentences[i].text_len == s->text_len &&
		    memcmp(x->sentences[i].text, s->text, s->text_len) == 0)
			return true;
	}
	return false;
}

/*
 * Takes the sentence when there is room for it, and no gap too many comes of it.  What announces
 * is taken in front of what it announces alone, and what says nothing by itself behind another:
 * nothing begins with it behind a gap.
 */
static void
consider(const struct excerpt *x, struct choice *c, size_t i, size_t chars, size_t bytes)
{
	const struct html_sentence *s = &x->sentences[i];
	const bool follows = i > 0 && c->is_kept[i - 1];
	const bool precedes = i + 1 < x->count && c->is_kept[i + 1];
	const size_t stretches = c->stretches + 1 - follows - precedes;

	if (c->chars + s->chars + (c->kept > 0) > chars ||
	    s->to - s->from + MARK_BYTES > bytes - c->bytes ||
	    stretches > STRETCHES_MOST || is_said(x, c, s))
		return;
	if (is_opening(s) ? !precedes : i > 0 && !follows && !is_prose(s))
		return;
	c->is_kept[i] = true;
	c->chars += s->chars + (c->kept > 0);
	c->bytes += s->to - s->from + MARK_BYTES;
	c->stretches = stretches;
	c->kept++;
}

/* What of the post's subject these words hold: each word once. */
static double
worth_of(struct arena *a, const struct excerpt *x, const struct words *w)
{
	bool *is_seen = arena_array(a, x->term_count, sizeof(*is_seen));
	double sum = 0;

	for (size_t i = 0; i < w->count; i++) {
		const struct term *t = find_term(x, w->list[i].hash);

		if (!t || !t->is_topic || is_seen[t - x->terms])
			continue;
		is_seen[t - x->terms] = true;
		sum += sqrt((double)(t->sentences - 1)) + (t->in_title ? TITLE_WORTH : 0);
	}
	return sum;
}

static double
worth_of_sentences(struct arena *a, const struct excerpt *x,
    const struct html_sentence *list, const bool *is_kept, size_t count)
{
	struct words w = { .most = WORDS_MOST };
	double worth = 0;

	w.list = xreallocarray(NULL, w.most, sizeof(*w.list));
	for (size_t i = 0; i < count; i++) {
		if (!is_kept || is_kept[i])
			add_words(&w, list[i].text, list[i].text_len, i);
	}
	worth = worth_of(a, x, &w);
	free(w.list);
	return worth;
}

static double
worth_of_html(struct arena *a, const struct excerpt *x, const char *html)
{
	struct html_sentence *list = NULL;
	const size_t count = html_sentences(a, html, SENTENCES_MOST, &list);

	return worth_of_sentences(a, x, list, NULL, count);
}

const char *
excerpt_html(struct arena *a, const struct excerpt *x, size_t chars, size_t bytes,
    bool *is_cut)
{
	const char *beginning = html_cut(a, x->html, chars, bytes, is_cut);
	struct choice c = { .is_kept = NULL };

	if (!*is_cut || x->count == 0)
		return beginning;
	c.is_kept = arena_array(a, x->count, sizeof(*c.is_kept));
	for (size_t i = 0; i < x->count; i++)
		consider(x, &c, (size_t)(x->best[i] - x->weighed), chars, bytes);
	if (c.kept == 0 ||
	    worth_of_sentences(a, x, x->sentences, c.is_kept, x->count) <=
		worth_a_gap * worth_of_html(a, x, beginning) + 0.5)
		return beginning;
	return html_of_sentences(a, x->html, x->sentences, c.is_kept, x->count);
}

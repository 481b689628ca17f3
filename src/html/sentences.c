/* SPDX-License-Identifier: ISC */
#include "html/sentences.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "html/rewrite.h"
#include "html/scan.h"
#include "html/sentence_end.h"

struct splitter {
	struct arena *a;
	const char *html;
	struct html_sentence *list;
	size_t count;
	size_t most;
	struct buf text;   /* of the sentence that is open */
	const char *start; /* NULL = none is open */
	const char *end;   /* behind its last character, and the tags that close there */
	const char *tag;   /* the first inline tag since that, NULL = none */
	const char *word;  /* where the last word begins */
	size_t chars;
	uint32_t last; /* its last character */
	bool was_space;
	bool has_ended;     /* a stop, and nothing since but quotes and brackets */
	size_t depth;       /* of inline elements */
	size_t least_depth; /* since that character */
	size_t block;
	size_t headings; /* that are open */
	bool follows_gap;
};

static void
close_sentence(struct splitter *k)
{
	if (k->start && k->count < k->most) {
		k->list[k->count++] =
		    (struct html_sentence){ .text = arena_strndup(k->a,
						buf_text(&k->text), k->text.len),
			    .text_len = k->text.len,
			    .chars = k->chars,
			    .from = (size_t)(k->start - k->html),
			    .to = (size_t)(k->end - k->html),
			    .block = k->block,
			    .has_stop = k->has_ended,
			    .is_heading = k->headings > 0,
			    .announces = k->last == ':' || k->last == 0xFF1A,
			    .follows_gap = k->follows_gap };
		k->follows_gap = false;
	}
	buf_reset(&k->text);
	k->start = NULL;
	k->chars = 0;
	k->has_ended = false;
}

/* What c begins is a new sentence: a stop stood before it, and no element holds both. */
static bool
begins_another(const struct splitter *k, uint32_t c)
{
	if (!k->start || !k->has_ended || k->least_depth > 0)
		return false;
	if (k->was_space)
		return !char_is_small(c);
	return char_is_wide(k->last) && !sentence_ends_with(c) &&
	    !sentence_closes_with(c);
}

static void
note_stop(struct splitter *k, uint32_t c, const char *at)
{
	if (sentence_ends_with(c))
		k->has_ended =
		    c != '.' || !word_is_abbreviation(k->word, (size_t)(at - k->word));
	else if (!sentence_closes_with(c))
		k->has_ended = false;
}

static void
add_char(struct splitter *k, uint32_t c, const char *at, const char *end)
{
	if (c < 0x80 && ascii_is_space((int)c)) {
		k->was_space = true;
		return;
	}
	if (begins_another(k, c))
		close_sentence(k);
	if (!k->start)
		k->start = k->tag ? k->tag : at;
	else if (k->was_space)
		buf_addc(&k->text, ' ');
	if (k->was_space || k->chars == 0)
		k->word = at;
	k->chars += k->was_space && k->chars > 0 ? 2 : 1;
	k->was_space = false;
	k->tag = NULL;
	k->end = end;
	k->least_depth = k->depth;
	text_encode(&k->text, c);
	note_stop(k, c, at);
	k->last = c;
}

static void
add_text(struct splitter *k, const struct html_token *t)
{
	for (size_t i = 0; i < t->len;) {
		uint32_t c = 0;
		const size_t size = html_next_char(t->text + i, t->len - i, &c);

		add_char(k, c, t->text + i, t->text + i + size);
		i += size;
	}
}

static void
end_block(struct splitter *k)
{
	close_sentence(k);
	k->block++;
	k->tag = NULL;
	k->was_space = true;
}

static void
add_inline_tag(struct splitter *k, const struct html_token *t)
{
	if (tag_is(t->tag, TAG_IS_VOID))
		return;
	if (t->kind == SCAN_START) {
		k->depth++;
		if (!k->tag)
			k->tag = t->text;
		return;
	}
	k->depth -= k->depth > 0;
	if (k->depth < k->least_depth)
		k->least_depth = k->depth;
	if (k->start && !k->tag && !k->was_space)
		k->end = t->text + t->len;
	else if (k->depth == 0)
		k->tag = NULL;
}

size_t
html_sentences(struct arena *a, const char *html, size_t most, struct html_sentence **out)
{
	struct splitter k = { .a = a, .html = html, .most = most, .was_space = true };
	struct html_scan s;
	struct html_token t;

	k.list = arena_array(a, most, sizeof(*k.list));
	buf_init(&k.text, LIMIT_HTML_CLEAN);
	scan_init(&s, html, strlen(html));
	while (k.count < most && scan_next(&s, &t)) {
		if (t.kind == SCAN_TEXT) {
			add_text(&k, &t);
		} else if (token_begins_whole(&t)) {
			end_block(&k);
			scan_skip_element(&s, t.tag);
			k.follows_gap = true;
		} else if (tag_is(t.tag, TAG_IS_BLOCK) || t.tag == TAG_BR) {
			end_block(&k);
			if (tag_is(t.tag, TAG_IS_HEADING))
				k.headings = t.kind == SCAN_START;
		} else {
			add_inline_tag(&k, &t);
		}
	}
	close_sentence(&k);
	buf_clear(&k.text);
	*out = k.list;
	return k.count;
}

/* ---- some of them ---- */

/* Sentences that follow each other, and how the first is told from what was left out. */
struct stretch {
	size_t from;
	size_t to;
	const char *mark;
};

struct picker {
	struct html_rewrite *r;
	const char *html;
	struct stretch *list;
	size_t count;
	size_t next; /* the stretch that is open or comes */
	bool is_open;
};

static size_t
find_stretches(struct arena *a, const struct html_sentence *list, const bool *is_kept,
    size_t count, struct stretch **out)
{
	static const char new_block[] = "[\xE2\x80\xA6] ";
	static const char same_block[] = " [\xE2\x80\xA6] ";
	struct stretch *stretches = arena_array(a, count, sizeof(*stretches));
	size_t last = 0;
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		const bool is_first = n == 0;
		const char *mark = new_block;

		if (!is_kept[i])
			continue;
		if (i == 0)
			mark = "";
		else if (!is_first && list[last].block == list[i].block)
			mark = same_block;
		if (!is_first && last + 1 == i && !list[i].follows_gap)
			stretches[n - 1].to = list[i].to;
		else
			stretches[n++] =
			    (struct stretch){ list[i].from, list[i].to, mark };
		last = i;
	}
	*out = stretches;
	return n;
}

/* Opens and closes stretches that begin or end at this byte of the source. */
static void
move_to(struct picker *p, size_t at)
{
	if (p->is_open && at >= p->list[p->next].to) {
		p->is_open = false;
		p->next++;
	}
	if (!p->is_open && p->next < p->count && at >= p->list[p->next].from) {
		p->is_open = true;
		writer_words(&p->r->w, p->list[p->next].mark);
	}
}

/* The pieces of a text that stand in stretches. */
static void
pick_text(struct picker *p, const struct html_token *t)
{
	const size_t start = (size_t)(t->text - p->html);
	const size_t end = start + t->len;
	size_t at = start;

	while (at < end && p->next < p->count) {
		const struct stretch *one = &p->list[p->next];
		struct html_token piece = *t;
		size_t stop = end;

		move_to(p, at);
		if (p->next == p->count)
			return;
		one = &p->list[p->next];
		if (!p->is_open) {
			at = one->from < end ? one->from : end;
			continue;
		}
		stop = one->to < end ? one->to : end;
		piece.text = p->html + at;
		piece.len = stop - at;
		rewrite_token(p->r, &piece);
		at = stop;
	}
}

static void
pick_tag(struct picker *p, const struct html_token *t)
{
	const size_t at = (size_t)(t->text - p->html);

	move_to(p, at);
	/* What is empty goes by itself. */
	if (!tag_is(t->tag, TAG_IS_VOID) || p->is_open ||
	    (p->next == 0 && t->tag == TAG_IMG))
		rewrite_token(p->r, t);
}

char *
html_of_sentences(struct arena *a, const char *html, const struct html_sentence *list,
    const bool *is_kept, size_t count)
{
	struct picker p = { .r = rewrite_new(), .html = html };
	struct html_scan s;
	struct html_token t;

	p.count = find_stretches(a, list, is_kept, count, &p.list);
	scan_init(&s, html, strlen(html));
	while (p.next < p.count && scan_next(&s, &t)) {
		if (token_begins_whole(&t))
			scan_skip_element(&s, t.tag);
		else if (t.kind == SCAN_TEXT)
			pick_text(&p, &t);
		else
			pick_tag(&p, &t);
	}
	return rewrite_finish(p.r, a);
}

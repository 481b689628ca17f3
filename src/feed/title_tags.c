/* SPDX-License-Identifier: ISC */
/*
 * Which "<" of a title begins markup.  "Why <b> is bad" and "Array<A> vs Array<B>" are what
 * people write: a start tag counts when its end tag follows, when it has none by nature, or
 * when it has an attribute, which nobody writes into a sentence.
 */
#include "feed/title_tags.h"

#include <string.h>

#include "base/text.h"

enum trait {
	PAIRED, /* markup when it is closed */
	VOID,   /* never closed */
	MUTE,   /* closed, it goes with all that is in it; else it swallows nothing */
	LOOSE   /* may stay open where text follows at once: "<p>Title" */
};

/* Elements that programs put into titles; other names, as in "List<String>", are text. */
static const struct {
	const char *name;
	enum trait trait;
} tags[] = { { "a", PAIRED }, { "abbr", PAIRED }, { "acronym", PAIRED }, { "b", PAIRED },
	{ "bdi", PAIRED }, { "bdo", PAIRED }, { "big", PAIRED }, { "blink", PAIRED },
	{ "blockquote", PAIRED }, { "br", VOID }, { "center", PAIRED },
	{ "cite", PAIRED }, { "code", PAIRED }, { "del", PAIRED }, { "dfn", PAIRED },
	{ "div", PAIRED }, { "em", PAIRED }, { "embed", VOID }, { "font", PAIRED },
	{ "h1", PAIRED }, { "h2", PAIRED }, { "h3", PAIRED }, { "h4", PAIRED },
	{ "h5", PAIRED }, { "h6", PAIRED }, { "hr", VOID }, { "i", PAIRED },
	{ "iframe", MUTE }, { "img", VOID }, { "ins", PAIRED }, { "kbd", PAIRED },
	{ "li", LOOSE }, { "mark", PAIRED }, { "marquee", PAIRED }, { "math", PAIRED },
	{ "nobr", PAIRED }, { "noscript", PAIRED }, { "object", PAIRED },
	{ "ol", PAIRED }, { "p", LOOSE }, { "pre", PAIRED }, { "q", PAIRED },
	{ "rp", PAIRED }, { "rt", PAIRED }, { "ruby", PAIRED }, { "s", PAIRED },
	{ "samp", PAIRED }, { "script", MUTE }, { "small", PAIRED }, { "span", PAIRED },
	{ "strike", PAIRED }, { "strong", PAIRED }, { "style", MUTE }, { "sub", PAIRED },
	{ "sup", PAIRED }, { "svg", PAIRED }, { "time", PAIRED }, { "tt", PAIRED },
	{ "u", PAIRED }, { "ul", PAIRED }, { "var", PAIRED }, { "wbr", VOID } };

enum {
	TAG_MAX = 4096, /* no tag of a title is longer; what is, is text */
	NONE = -1
};

enum fate { FATE_TEXT, FATE_TAG, FATE_GONE };

struct mark {
	size_t at;
	size_t end; /* what is text has none */
	enum fate fate;
	int outer; /* the open start tag of the same name before this one, or NONE */
};

struct walk {
	const char *text;
	size_t len;
	struct mark *marks;
	int count;
	int open[ARRAY_LEN(tags)];      /* the innermost open start tag of each name */
	bool unclosed[ARRAY_LEN(tags)]; /* no end tag of that name follows any more */
	bool comment_open;              /* no "-->" follows any more */
	bool has_tags;
};

static bool
is_name_char(char c, bool first)
{
	return ascii_is_letter(c) || (!first && ascii_is_digit(c));
}

static int
find_tag(const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_LEN(tags); i++)
		if (strlen(tags[i].name) == len &&
		    ascii_starts_nocase(name, tags[i].name))
			return (int)i;
	return NONE;
}

/* Behind the ">" of the tag whose name ends at `at`; 0 when there is none. */
static size_t
tag_end(const struct walk *w, size_t at)
{
	size_t stop = w->len - at < TAG_MAX ? w->len : at + TAG_MAX;
	char quote = 0;

	for (size_t i = at; i < stop; i++) {
		char c = w->text[i];

		if (quote) {
			if (c == quote)
				quote = 0;
		} else if ((c == '"' || c == '\'') && w->text[i - 1] == '=') {
			quote = c;
		} else if (c == '>') {
			return i + 1;
		}
	}
	return 0;
}

static void
add_mark(struct walk *w, size_t at, size_t end, enum fate fate)
{
	w->marks[w->count++] = (struct mark){ at, end, fate, NONE };
	if (fate != FATE_TEXT)
		w->has_tags = true;
}

/* Behind the end tag of a mute element; 0 when it is not closed. */
static size_t
mute_end(struct walk *w, int tag, size_t from)
{
	size_t n = strlen(tags[tag].name);

	for (size_t i = from; i + n + 2 < w->len && !w->unclosed[tag]; i++) {
		size_t end = 0;

		if (w->text[i] != '<' || w->text[i + 1] != '/' ||
		    find_tag(w->text + i + 2, n) != tag ||
		    is_name_char(w->text[i + 2 + n], false))
			continue;
		end = tag_end(w, i + 2 + n);
		if (end)
			return end;
	}
	w->unclosed[tag] = true;
	return 0;
}

/* Returns where to go on. */
static size_t
mark_start_tag(struct walk *w, int tag, size_t at, size_t name_end, size_t end)
{
	bool has_attribute = memchr(w->text + name_end, '=', end - name_end) != NULL;
	bool is_followed = end < w->len && !ascii_is_space((unsigned char)w->text[end]);
	size_t beyond = 0;

	switch (tags[tag].trait) {
	case VOID:
		add_mark(w, at, end, FATE_TAG);
		break;
	case MUTE:
		beyond = mute_end(w, tag, end);
		add_mark(w, at, beyond ? beyond : end,
		    beyond || has_attribute ? FATE_GONE : FATE_TEXT);
		return beyond ? beyond : end;
	case PAIRED:
	case LOOSE:
		add_mark(w, at, end,
		    has_attribute || (tags[tag].trait == LOOSE && is_followed)
			? FATE_TAG
			: FATE_TEXT);
		w->marks[w->count - 1].outer = w->open[tag];
		w->open[tag] = w->count - 1;
		break;
	}
	return end;
}

static void
mark_end_tag(struct walk *w, int tag, size_t at, size_t end)
{
	int start = w->open[tag];

	/* Glued to a word it is a remnant ("sigaro</A></LI>"), else what is spoken of. */
	if (start == NONE) {
		add_mark(w, at, end,
		    at > 0 && !ascii_is_space((unsigned char)w->text[at - 1])
			? FATE_TAG
			: FATE_TEXT);
		return;
	}
	w->marks[start].fate = FATE_TAG;
	w->open[tag] = w->marks[start].outer;
	add_mark(w, at, end, FATE_TAG);
}

static size_t
mark_comment(struct walk *w, size_t at)
{
	const char *close = w->comment_open
	    ? NULL
	    : ascii_find(w->text + at + 4, w->text + w->len, "-->");
	size_t end = 0;

	if (!close) {
		w->comment_open = true;
		add_mark(w, at, at, FATE_TEXT);
		return at + 1;
	}
	end = (size_t)(close - w->text) + 3;
	add_mark(w, at, end, FATE_GONE);
	return end;
}

/* The "<" at `at`; returns where to go on. */
static size_t
mark_less_sign(struct walk *w, size_t at)
{
	size_t name = at + 1 + (at + 1 < w->len && w->text[at + 1] == '/');
	size_t stop = name;
	size_t end = 0;
	int tag = NONE;

	if (ascii_starts(w->text + at, w->len - at, "<!--"))
		return mark_comment(w, at);
	while (stop < w->len && is_name_char(w->text[stop], stop == name))
		stop++;
	if (stop > name && stop < w->len &&
	    (strchr("/>", w->text[stop]) || ascii_is_space((unsigned char)w->text[stop])))
		tag = find_tag(w->text + name, stop - name);
	end = tag == NONE ? 0 : tag_end(w, stop);
	if (end == 0) {
		add_mark(w, at, at, FATE_TEXT);
		return at + 1;
	}
	if (name == at + 1)
		return mark_start_tag(w, tag, at, stop, end);
	mark_end_tag(w, tag, at, end);
	return end;
}

static size_t
count_signs(const char *text, size_t len)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		count += text[i] == '<';
	return count;
}

static void
write_marked(const struct walk *w, struct buf *out)
{
	size_t done = 0;

	for (int i = 0; i < w->count; i++) {
		const struct mark *m = &w->marks[i];

		buf_add(out, w->text + done, m->at - done);
		done = m->at;
		if (m->fate == FATE_TEXT) {
			buf_adds(out, "&lt;");
			done++;
		} else if (m->fate == FATE_GONE) {
			done = m->end;
		}
	}
	buf_add(out, w->text + done, w->len - done);
}

bool
title_mark_tags(struct arena *scratch, const char *text, size_t len, struct buf *out)
{
	struct walk w = { .text = text, .len = len };
	size_t signs = count_signs(text, len);

	for (size_t i = 0; i < ARRAY_LEN(tags); i++)
		w.open[i] = NONE;
	w.marks = arena_array(scratch, signs, sizeof(*w.marks));
	for (size_t at = 0; at < len;)
		at = text[at] == '<' ? mark_less_sign(&w, at) : at + 1;
	write_marked(&w, out);
	return w.has_tags;
}

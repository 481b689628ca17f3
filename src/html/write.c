/* SPDX-License-Identifier: ISC */
#include "html/write.h"

#include <string.h>

#include "base/text.h"
#include "format/html_escape.h"

enum space {
	SPACE_EDGE, /* a block begins or a blank was written: more white space is nothing */
	SPACE_NONE, /* after text */
	SPACE_WANTED /* white space was seen after text, and is written when more follows */
};

enum char_class {
	CHAR_VISIBLE,
	CHAR_INVISIBLE, /* takes room at most: no-break and zero-width blanks */
	CHAR_DIRECTION, /* changes the direction of writing, or ends that */
	CHAR_DROPPED
};

enum byte_class {
	BYTE_PLAIN,
	BYTE_BLANK,
	BYTE_MARKUP, /* & < > " */
	BYTE_CONTROL,
	BYTE_LEAD /* may begin one of the odd characters below */
};

#define CONTROLS_8(n) \
	[n] = 3, [(n) + 1] = 3, [(n) + 2] = 3, [(n) + 3] = 3, [(n) + 4] = 3, \
	[(n) + 5] = 3, [(n) + 6] = 3, [(n) + 7] = 3
/* clang-format off */
static const unsigned char byte_class[256] = {
	CONTROLS_8(0), [8] = BYTE_CONTROL, ['\t'] = BYTE_BLANK, ['\n'] = BYTE_BLANK,
	[11] = BYTE_CONTROL, ['\f'] = BYTE_BLANK, ['\r'] = BYTE_BLANK, [14] = BYTE_CONTROL,
	[15] = BYTE_CONTROL, CONTROLS_8(16), CONTROLS_8(24), [' '] = BYTE_BLANK,
	['&'] = BYTE_MARKUP, ['<'] = BYTE_MARKUP, ['>'] = BYTE_MARKUP, ['"'] = BYTE_MARKUP,
	[127] = BYTE_CONTROL, [0xC2] = BYTE_LEAD, [0xE2] = BYTE_LEAD, [0xEF] = BYTE_LEAD,
};
/* clang-format on */
#undef CONTROLS_8

enum {
	/* Room for all end tags at the ceiling. */
	CLOSING_RESERVE = 32 * LIMIT_HTML_DEPTH,
	BREAKS_MAX = 2
};

void
writer_init(struct html_writer *w, struct buf *out)
{
	memset(w, 0, sizeof(*w));
	w->out = out;
	buf_init(&w->attrs, LIMIT_HTML_CLEAN);
}

static void
add_name(struct html_writer *w, const char *open, enum html_tag tag, const char *close)
{
	buf_adds(w->out, open);
	buf_adds(w->out, tag_name(tag));
	buf_adds(w->out, close);
}

/* True when size more bytes fit below the ceiling; else writing stops for good. */
static bool
has_room(struct html_writer *w, size_t size)
{
	if (w->is_cut || w->out->len + size + CLOSING_RESERVE > LIMIT_HTML_CLEAN)
		w->is_cut = true;
	return !w->is_cut;
}

static bool
is_block(enum html_tag tag)
{
	return tag_is(tag, TAG_IS_BLOCK);
}

/* A line's end in the source, for people who read it, where white space means nothing. */
static void
new_line(struct html_writer *w)
{
	if (w->out->len > 0 && w->out->data[w->out->len - 1] != '\n')
		buf_addc(w->out, '\n');
}

/* Nothing is written yet on the line that is being written. */
static bool
is_line_empty(const struct html_writer *w)
{
	const struct html_frame *f = w->depth > 0 ? &w->frames[w->depth - 1] : NULL;

	if (w->out->len == 0 || w->out->data[w->out->len - 1] == '\n')
		return true;
	return f && is_block(f->tag) && w->out->len == f->inner;
}

static void
mark_content(struct html_writer *w)
{
	w->is_loose = true;
	for (size_t i = w->depth; i-- > 0 && !w->frames[i].has_content;)
		w->frames[i].has_content = true;
}

/* Writes the white space and line breaks that waited for something to follow. */
static void
flush_space(struct html_writer *w)
{
	if (w->has_blank && w->is_loose) {
		unsigned least = is_line_empty(w) ? 1 : 2;

		w->breaks = (unsigned char)(w->breaks > least ? w->breaks : least);
	}
	w->has_blank = false;
	if (w->breaks > 0) {
		for (; w->breaks > 0; w->breaks--)
			buf_adds(w->out, "<br>");
		buf_addc(w->out, '\n');
		w->space = SPACE_EDGE;
	} else if (w->space == SPACE_WANTED) {
		buf_addc(w->out, ' ');
		w->space = SPACE_EDGE;
	}
}

/*
 * Writers who know no paragraphs part their lines by empty ones: "<div><br></div>", or two
 * breaks in front of a block.  Where the next thing is a block without a margin of its own, the
 * empty line is written as what it is.
 */
static void
write_blank_line(struct html_writer *w)
{
	if (!w->is_loose || !(w->has_blank || w->breaks >= BREAKS_MAX))
		return;
	buf_adds(w->out, is_line_empty(w) ? "<br>" : "<br><br>");
}

static enum html_tag
parent_tag(const struct html_writer *w)
{
	return w->depth > 0 ? w->frames[w->depth - 1].tag : TAG_DIV;
}

/* True where only parts of a table may stand. */
static bool
is_between_cells(const struct html_writer *w)
{
	return tag_is(parent_tag(w), TAG_IS_GRID);
}

/* ---- text ---- */

/* False when text has no place here, or the ceiling is reached. */
static bool
accepts_text(struct html_writer *w, size_t len)
{
	return !is_between_cells(w) && has_room(w, len);
}

/*
 * Writes the waiting white space for something a reader does not see: an element with nothing
 * else in it stays empty.
 */
static void
begin_invisible(struct html_writer *w)
{
	if (w->pre == 0)
		flush_space(w);
	w->space = SPACE_NONE;
}

/* The same for something a reader sees. */
static void
begin_content(struct html_writer *w)
{
	begin_invisible(w);
	mark_content(w);
}

static enum byte_class
class_of(char c)
{
	return (enum byte_class)byte_class[(unsigned char)c];
}

/* +1 for a character that changes the direction, -1 for one that ends it. */
static int
direction_step(uint32_t c)
{
	if ((c >= 0x202A && c <= 0x202B) || c == 0x202D || c == 0x202E ||
	    (c >= 0x2066 && c <= 0x2068))
		return 1;
	return c == 0x202C || c == 0x2069 ? -1 : 0;
}

/* True when every change of direction in the text ends in it. */
static bool
is_paired(const char *text, size_t len)
{
	long open = 0;

	for (size_t i = 0; i < len && open >= 0;) {
		uint32_t c;

		i += text_decode(text + i, len - i, &c);
		open += direction_step(c);
	}
	return open == 0;
}

static enum char_class
char_class_of(uint32_t c)
{
	if ((c >= 0x80 && c <= 0x9F) || c == 0xFEFF || c == 0xFFFE || c == 0xFFFF)
		return CHAR_DROPPED;
	if (direction_step(c) != 0)
		return CHAR_DIRECTION;
	if (c == 0xA0 || (c >= 0x200B && c <= 0x200F) || c == 0x2060)
		return CHAR_INVISIBLE;
	return CHAR_VISIBLE;
}

void
writer_attr(struct html_writer *w, const char *name, const char *value)
{
	struct buf *out = &w->attrs;

	buf_addc(out, ' ');
	buf_adds(out, name);
	buf_adds(out, "=\"");
	for (const char *at = value; *at;) {
		const char *run = at;

		while (class_of(*at) == BYTE_PLAIN || class_of(*at) == BYTE_LEAD)
			at++;
		buf_add(out, run, (size_t)(at - run));
		if (class_of(*at) == BYTE_MARKUP)
			buf_adds(out, html_reference(*at));
		else if (class_of(*at) == BYTE_BLANK)
			buf_addc(out, ' ');
		if (*at)
			at++;
	}
	buf_addc(out, '"');
}

void
writer_number(struct html_writer *w, const char *name, long value)
{
	buf_addf(&w->attrs, " %s=\"%ld\"", name, value);
}

/* White space inside preformatted text, where it is content. */
static void
write_verbatim(struct html_writer *w, char c)
{
	const struct html_frame *inner = &w->frames[w->depth - 1];
	char written = c == '\r' ? '\n' : c == '\f' ? ' ' : c;

	/* The parser eats a line's end right behind <pre>. */
	if (written == '\n' && inner->tag == TAG_PRE && w->out->len == inner->inner)
		return;
	begin_content(w);
	buf_addc(w->out, written);
	if (written == '\n')
		w->space = SPACE_EDGE;
}

/* A text that is being written; its marks of direction are counted once, when one is met. */
struct written_text {
	const char *bytes;
	size_t len;
	bool is_counted;
	bool is_paired;
};

static bool
keeps_directions(struct written_text *t)
{
	if (!t->is_counted)
		t->is_paired = is_paired(t->bytes, t->len);
	t->is_counted = true;
	return t->is_paired;
}

/* One of the characters that need a look; returns its length. */
static size_t
write_odd(struct html_writer *w, struct written_text *t, size_t at)
{
	uint32_t c;
	size_t size = text_decode(t->bytes + at, t->len - at, &c);

	switch (char_class_of(c)) {
	case CHAR_DROPPED:
		return size;
	case CHAR_DIRECTION:
		if (!keeps_directions(t))
			return size;
		begin_invisible(w);
		break;
	case CHAR_INVISIBLE:
		begin_invisible(w);
		break;
	case CHAR_VISIBLE:
		begin_content(w);
		break;
	}
	buf_add(w->out, t->bytes + at, size);
	return size;
}

/* Length of the run that can be written as it is: plain characters and single blanks. */
static size_t
plain_run(const char *text, size_t len)
{
	size_t i = 0;

	for (;;) {
		while (i < len && class_of(text[i]) == BYTE_PLAIN)
			i++;
		if (i == 0 || i + 1 >= len || text[i] != ' ' ||
		    class_of(text[i + 1]) != BYTE_PLAIN)
			return i;
		i++;
	}
}

void
writer_text(struct html_writer *w, const char *text, size_t len)
{
	struct written_text written = { .bytes = text, .len = len };
	size_t i = 0;

	while (i < len) {
		size_t run = i;

		i += plain_run(text + i, len - i);
		if (!accepts_text(w, i - run))
			return;
		if (i > run) {
			begin_content(w);
			buf_add(w->out, text + run, i - run);
			continue;
		}
		switch (class_of(text[i])) {
		case BYTE_PLAIN:
		case BYTE_CONTROL:
			i++;
			break;
		case BYTE_BLANK:
			if (w->pre > 0)
				write_verbatim(w, text[i]);
			else if (w->space == SPACE_NONE)
				w->space = SPACE_WANTED;
			i++;
			break;
		case BYTE_MARKUP:
			begin_content(w);
			if (text[i] == '"')
				buf_addc(w->out, '"');
			else
				buf_adds(w->out, html_reference(text[i]));
			i++;
			break;
		case BYTE_LEAD:
			i += write_odd(w, &written, i);
			break;
		}
	}
}

/* ---- elements ---- */

/* Removes what was written of an element that turned out to hold nothing. */
static void
drop_empty(struct html_writer *w, const struct html_frame *f)
{
	bool had_blank = w->out->len > f->inner || w->space == SPACE_WANTED;
	unsigned breaks = f->breaks;

	if (f->has_blank || (is_block(f->tag) && (had_blank || w->breaks > 0)))
		w->has_blank = true;
	buf_truncate(w->out, f->start);
	w->is_loose = f->is_loose;
	if (!is_block(f->tag))
		breaks += w->breaks;
	else if (f->space != SPACE_EDGE && breaks == 0)
		breaks = 1; /* an empty block still ends the line */
	w->space = f->space == SPACE_NONE && had_blank ? SPACE_WANTED : f->space;
	w->breaks = (unsigned char)(breaks < BREAKS_MAX ? breaks : BREAKS_MAX);
}

static void
pop(struct html_writer *w)
{
	struct html_frame *f = &w->frames[--w->depth];

	w->counts[f->tag]--;
	if (f->tag == TAG_PRE)
		w->pre--;
	if (!f->has_content && f->tag != TAG_TD && f->tag != TAG_TH) {
		drop_empty(w, f);
		return;
	}
	if (is_block(f->tag)) {
		w->space = SPACE_EDGE;
		w->has_blank =
		    f->tag == TAG_DIV && (w->has_blank || w->breaks >= BREAKS_MAX);
		w->is_loose = w->is_loose && f->tag == TAG_DIV;
		w->breaks = 0;
	}
	add_name(w, "</", f->tag, ">");
	if (is_block(f->tag))
		buf_addc(w->out, '\n');
}

static void
pop_to(struct html_writer *w, size_t depth)
{
	while (w->depth > depth)
		pop(w);
}

/* The index of the innermost open element of that tag inside the innermost cell, or depth. */
static size_t
find_open(const struct html_writer *w, enum html_tag tag)
{
	if (w->counts[tag] == 0)
		return w->depth;
	for (size_t i = w->depth; i-- > 0;) {
		if (w->frames[i].tag == tag)
			return i;
		if (tag_is(w->frames[i].tag, TAG_IS_CELL))
			break;
	}
	return w->depth;
}

/* Elements that may only stand in certain others; elsewhere the parser would move them. */
static bool
has_its_parent(const struct html_writer *w, enum html_tag tag)
{
	enum html_tag parent = parent_tag(w);

	switch ((int)tag) {
	case TAG_LI:
		return parent == TAG_UL || parent == TAG_OL;
	case TAG_DT:
	case TAG_DD:
		return parent == TAG_DL;
	case TAG_CAPTION:
	case TAG_THEAD:
	case TAG_TBODY:
	case TAG_TFOOT:
		return parent == TAG_TABLE;
	case TAG_TR:
		return parent == TAG_THEAD || parent == TAG_TBODY || parent == TAG_TFOOT;
	case TAG_TD:
	case TAG_TH:
		return parent == TAG_TR;
	case TAG_RT:
	case TAG_RP:
		return parent == TAG_RUBY;
	case TAG_FIGCAPTION:
		return parent == TAG_FIGURE;
	}
	return true;
}

static bool
is_table_part(enum html_tag tag)
{
	return tag_is(tag, TAG_IS_CELL) || (tag_is(tag, TAG_IS_GRID) && tag != TAG_TABLE);
}

/*
 * A division that begins with a block parts nothing that the block does not: mail is full
 * enough of boxes in boxes.  Its frame goes, and its end tag will find nothing to close.
 */
static void
drop_box(struct html_writer *w)
{
	struct html_frame *f = w->depth > 0 ? &w->frames[w->depth - 1] : NULL;

	while (f && f->tag == TAG_DIV && f->is_bare && w->out->len == f->inner) {
		buf_truncate(w->out, f->start);
		w->space = f->space;
		w->has_blank = f->has_blank;
		w->breaks = f->breaks;
		w->counts[TAG_DIV]--;
		f = --w->depth > 0 ? f - 1 : NULL;
	}
}

/* Closes what the parser would close when this block begins. */
static void
make_way(struct html_writer *w, enum html_tag tag)
{
	pop_to(w, find_open(w, TAG_P));
	if (!tag_is(tag, TAG_IS_HEADING))
		return;
	for (enum html_tag h = TAG_H1; h <= TAG_H6; h++)
		pop_to(w, find_open(w, h));
}

static bool
may_open(const struct html_writer *w, enum html_tag tag)
{
	if (w->depth >= LIMIT_HTML_DEPTH || !has_its_parent(w, tag))
		return false;
	if (is_between_cells(w) && !is_table_part(tag))
		return false;
	if (w->pre > 0 && is_block(tag))
		return false;
	if (tag_is(tag, TAG_IS_FORMAT) || tag == TAG_A || tag == TAG_RUBY)
		return w->counts[tag] == 0;
	/* A table needs room for its own parts, or their content would have no place. */
	if (tag == TAG_TABLE)
		return w->depth + 6 <= LIMIT_HTML_DEPTH;
	return true;
}

void
writer_split(struct html_writer *w)
{
	if (is_between_cells(w) || w->space == SPACE_EDGE)
		return;
	if (w->pre > 0)
		writer_text(w, "\n", 1);
	else if (w->breaks == 0)
		w->breaks = 1;
}

static void
push(struct html_writer *w, enum html_tag tag)
{
	struct html_frame *f = &w->frames[w->depth];

	*f = (struct html_frame){ .tag = tag,
		.serial = ++w->serial,
		.start = w->out->len,
		.space = w->space,
		.breaks = w->breaks,
		.has_blank = w->has_blank,
		.is_loose = w->is_loose,
		.is_bare = w->attrs.len == 0 };
	if (is_block(tag)) {
		if (tag == TAG_DIV)
			write_blank_line(w);
		w->has_blank = false;
		w->is_loose = w->is_loose && tag == TAG_DIV;
		w->breaks = 0;
		new_line(w);
	} else if (w->pre == 0) {
		flush_space(w);
	}
	add_name(w, "<", tag, "");
	buf_add(w->out, buf_text(&w->attrs), w->attrs.len);
	buf_addc(w->out, '>');
	buf_reset(&w->attrs);
	f->inner = w->out->len;
	if (is_block(tag))
		w->space = SPACE_EDGE;
	if (tag == TAG_PRE)
		w->pre++;
	w->depth++;
	w->counts[tag]++;
}

/* What an element that has lost its parent becomes. */
static enum html_tag
orphan(const struct html_writer *w, enum html_tag tag)
{
	bool is_line =
	    tag == TAG_LI || tag == TAG_DT || tag == TAG_DD || tag == TAG_FIGCAPTION;

	return is_line && !has_its_parent(w, tag) ? TAG_DIV : tag;
}

uint32_t
writer_open(struct html_writer *w, enum html_tag wanted)
{
	enum html_tag tag = orphan(w, wanted);

	if (!has_room(w, w->attrs.len) || !may_open(w, tag)) {
		buf_reset(&w->attrs);
		if (is_block(tag))
			writer_split(w);
		return 0;
	}
	if (is_block(tag)) {
		make_way(w, tag);
		drop_box(w);
	}
	push(w, tag);
	return w->frames[w->depth - 1].serial;
}

void
writer_close(struct html_writer *w, uint32_t handle)
{
	if (handle == 0)
		return;
	for (size_t i = w->depth; i-- > 0;) {
		if (w->frames[i].serial == handle) {
			pop_to(w, i);
			return;
		}
	}
}

void
writer_words(struct html_writer *w, const char *text)
{
	writer_text(w, text, strlen(text));
}

void
writer_element(struct html_writer *w, enum html_tag tag, const char *text)
{
	const uint32_t handle = writer_open(w, tag);

	writer_words(w, text);
	writer_close(w, handle);
}

static void
write_break(struct html_writer *w)
{
	if (w->pre > 0) {
		writer_text(w, "\n", 1);
		return;
	}
	if (w->breaks > 0 || is_line_empty(w))
		w->has_blank = true;
	if (w->breaks < BREAKS_MAX)
		w->breaks++;
}

void
writer_void(struct html_writer *w, enum html_tag tag)
{
	if (!has_room(w, w->attrs.len) || is_between_cells(w) ||
	    (tag == TAG_HR && w->pre > 0)) {
		buf_reset(&w->attrs);
		return;
	}
	if (tag == TAG_BR) {
		write_break(w);
		return;
	}
	if (tag == TAG_HR) {
		make_way(w, tag);
		drop_box(w);
		w->breaks = 0;
		w->has_blank = false;
		mark_content(w);
		w->is_loose = false;
		new_line(w);
	} else if (tag == TAG_IMG) {
		begin_content(w);
	}
	add_name(w, "<", tag, "");
	buf_add(w->out, buf_text(&w->attrs), w->attrs.len);
	buf_addc(w->out, '>');
	buf_reset(&w->attrs);
	if (tag == TAG_HR) {
		buf_addc(w->out, '\n');
		w->space = SPACE_EDGE;
	}
}

void
writer_finish(struct html_writer *w)
{
	pop_to(w, 0);
	while (w->out->len > 0 && w->out->data[w->out->len - 1] == '\n')
		buf_truncate(w->out, w->out->len - 1);
	buf_clear(&w->attrs);
}

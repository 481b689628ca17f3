/* SPDX-License-Identifier: ISC */
/*
 * Tables in plain text.  Rows of short cells are drawn in columns, the wider ones filled so
 * that all fit; a table that only lays out a page, or holds lists, code or tables, is read like
 * the blocks it is made of.
 */
#include "html/to_text_private.h"

#include <string.h>

#include "base/text.h"

enum {
	COLUMNS_MAX = 12,
	ROWS_MAX = 400,
	CELL_MAX = 600, /* bytes; more is a text and no cell */
	GAP = 2,
	NARROWEST = 8 /* columns are filled no narrower than this */
};

struct cell {
	const char *text;
	size_t width;
};

struct text_table {
	struct cell cells[ROWS_MAX][COLUMNS_MAX]; /* a row is cleared when it begins */
	size_t rows;
	size_t columns;
	size_t head_rows; /* rows of header cells at the top */
	size_t widths[COLUMNS_MAX];
	size_t words[COLUMNS_MAX]; /* width of the longest word of each */
	bool row_is_head;
	size_t column; /* of the next cell in the row at hand */
	size_t across; /* columns of the cell at hand, from its start tag */
	size_t down;   /* rows of it */
	/* Rows, with the one at hand, that a cell above reaches into. */
	size_t taken[COLUMNS_MAX];
	const char *caption;
};

/* Elements that a drawn cell cannot hold. */
static bool
is_too_much(enum html_tag tag)
{
	return tag_is(tag, TAG_IS_HEADING) || tag == TAG_TABLE || tag == TAG_PRE ||
	    tag == TAG_UL || tag == TAG_OL || tag == TAG_DL || tag == TAG_BLOCKQUOTE ||
	    tag == TAG_FIGURE || tag == TAG_HR;
}

/* The inline text gathered is that of a cell or caption; false when it is long. */
static bool
end_text(struct text_writer *w, struct cell *out)
{
	struct buf *inner = &w->lines.inner;

	for (size_t i = 0; i < inner->len; i++)
		if (inner->data[i] == '\n')
			inner->data[i] = ' ';
	out->text = text_one_line(w->a, buf_text(inner), inner->len);
	out->width = width_of_text(out->text, strlen(out->text));
	buf_reset(inner);
	return strlen(out->text) <= CELL_MAX;
}

/* A span as the page says it; 0 rows are all that follow. */
static size_t
span(const struct html_token *token, const char *name, size_t most)
{
	const long number = token_number(token, name, 1);

	if (number == 0 && strcmp(name, "rowspan") == 0)
		return most;
	if (number < 1)
		return 1;
	return (unsigned long)number < most ? (size_t)number : most;
}

/* Finds the cell's place beside those that reach down from above. */
static void
begin_cell(struct text_table *t, const struct html_token *token)
{
	while (t->column < COLUMNS_MAX && t->taken[t->column] > 0)
		t->column++;
	t->across = span(token, "colspan", COLUMNS_MAX);
	t->down = span(token, "rowspan", ROWS_MAX);
}

static void
widen(size_t *width, size_t wanted)
{
	if (wanted > *width)
		*width = wanted;
}

static size_t
longest_word(const char *text)
{
	size_t longest = 0;

	while (*text) {
		const size_t len = strcspn(text, " ");

		widen(&longest, width_of_text(text, len));
		text += len + strspn(text + len, " ");
	}
	return longest;
}

/* False when there is no place for it. */
static bool
end_cell(struct text_writer *w, struct text_table *t, enum html_tag tag)
{
	struct cell *cell;

	if (t->column == COLUMNS_MAX)
		return false;
	cell = &t->cells[t->rows][t->column];
	if (!end_text(w, cell))
		return false;
	widen(&t->widths[t->column], cell->width);
	widen(&t->words[t->column], longest_word(cell->text));
	/* The empty corner above the names of rows is no header cell in many a table. */
	t->row_is_head = t->row_is_head && (tag == TAG_TH || cell->width == 0);
	/* What a cell spans beside itself are empty cells, so that columns stay aligned. */
	do {
		t->taken[t->column++] = t->down;
	} while (t->across-- > 1 && t->column < COLUMNS_MAX);
	widen(&t->columns, t->column);
	return true;
}

static void
begin_row(struct text_table *t)
{
	memset(t->cells[t->rows], 0, sizeof(t->cells[0]));
	t->row_is_head = true;
	t->column = 0;
}

static void
end_row(struct text_table *t)
{
	if (t->column == 0)
		return;
	if (t->row_is_head && t->head_rows == t->rows)
		t->head_rows++;
	for (size_t i = 0; i < COLUMNS_MAX; i++)
		t->taken[i] -= t->taken[i] > 0;
	t->rows++;
}

/* The one table of the writer, empty again: it is too large to be made for each. */
static struct text_table *
new_table(struct text_writer *w)
{
	struct text_table *t = w->table;

	if (!t)
		t = w->table = arena_alloc(w->a, sizeof(*t));
	t->rows = t->columns = t->head_rows = 0;
	t->caption = NULL;
	memset(t->widths, 0, sizeof(t->widths));
	memset(t->words, 0, sizeof(t->words));
	memset(t->taken, 0, sizeof(t->taken));
	begin_row(t);
	return t;
}

/* One token inside the table; false when the table is none to draw. */
static bool
read_token(struct text_writer *w, struct text_table *t, const struct html_token *token)
{
	bool is_cell = token->tag == TAG_TD || token->tag == TAG_TH;
	struct cell caption;

	if (token->kind == SCAN_START && is_cell) {
		begin_cell(t, token);
		return true;
	}
	if (token->kind == SCAN_END && is_cell)
		return end_cell(w, t, token->tag);
	if (token->tag == TAG_TR) {
		if (token->kind == SCAN_END)
			end_row(t);
		if (t->rows == ROWS_MAX)
			return false;
		begin_row(t);
		return true;
	}
	if (token->kind == SCAN_END && token->tag == TAG_CAPTION) {
		bool ok = end_text(w, &caption);

		t->caption = caption.text;
		return ok;
	}
	if (is_too_much(token->tag))
		return false;
	/* Blocks in cells only part words here: nothing is written before the table is. */
	if (!inline_token(w, token) &&
	    (tag_is(token->tag, TAG_IS_BLOCK) || token->tag == TAG_BR))
		buf_addc(&w->lines.inner, ' ');
	return true;
}

/* The widest column that may be narrower: than its words, when keeps_words; else of all. */
static size_t
widest_column(const struct text_table *t, bool keeps_words)
{
	size_t widest = COLUMNS_MAX;

	for (size_t i = 0; i < t->columns; i++) {
		const size_t least =
		    keeps_words && t->words[i] > NARROWEST ? t->words[i] : NARROWEST;

		if (t->widths[i] > least &&
		    (widest == COLUMNS_MAX || t->widths[i] > t->widths[widest]))
			widest = i;
	}
	return widest;
}

/*
 * Narrows the widest columns until the table fits: as long as that goes none becomes narrower
 * than its longest word, so that no word is broken.  False when it cannot.
 */
static bool
fit_columns(struct text_table *t, size_t room)
{
	size_t total = GAP * (t->columns - 1);

	for (size_t i = 0; i < t->columns; i++)
		total += t->widths[i];
	while (total > room) {
		size_t widest = widest_column(t, true);

		if (widest == COLUMNS_MAX)
			widest = widest_column(t, false);
		if (widest == COLUMNS_MAX)
			return false;
		t->widths[widest]--;
		total--;
	}
	return true;
}

/* Length of the part of text that fits into width, ending at a blank where there is one. */
static size_t
line_length(const char *text, size_t width)
{
	size_t len = strlen(text);
	size_t fit = width_fit(text, len, width);
	size_t at = fit;

	if (fit == len)
		return len;
	while (at > 0 && text[at] != ' ')
		at--;
	if (at > 0)
		return at;
	return fit > 0 ? fit : len;
}

/*
 * Writes one row, its cells filled side by side over as many lines as they need.  Blanks at the
 * end of a line are cut off when it is flushed.
 */
static void
draw_row(struct text_writer *w, const struct text_table *t, const struct cell *cells)
{
	struct buf *inner = &w->lines.inner;
	const char *left[COLUMNS_MAX];
	bool more = true;

	for (size_t i = 0; i < t->columns; i++)
		left[i] = cells[i].text ? cells[i].text : "";
	while (more) {
		more = false;
		for (size_t i = 0; i < t->columns; i++) {
			size_t len = line_length(left[i], t->widths[i]);
			size_t width = width_of_text(left[i], len);

			buf_add(inner, left[i], len);
			for (; width < t->widths[i] + GAP; width++)
				buf_addc(inner, ' ');
			left[i] += len + strspn(left[i] + len, " ");
			more = more || *left[i];
		}
		buf_addc(inner, '\n');
	}
}

static void
draw_line(struct text_writer *w, const struct text_table *t)
{
	struct buf *inner = &w->lines.inner;

	for (size_t i = 0; i < t->columns; i++) {
		for (size_t k = 0; k < t->widths[i]; k++)
			buf_addc(inner, '-');
		buf_adds(inner, "  ");
	}
	buf_addc(inner, '\n');
}

static void
draw(struct text_writer *w, const struct text_table *t)
{
	/* Blanks of the parts between cells. */
	buf_reset(&w->lines.inner);
	if (t->caption && *t->caption) {
		buf_adds(&w->lines.inner, t->caption);
		lines_part(&w->lines);
	}
	for (size_t i = 0; i < t->rows; i++) {
		draw_row(w, t, t->cells[i]);
		if (i + 1 == t->head_rows && i + 1 < t->rows)
			draw_line(w, t);
	}
	lines_flush_verbatim(&w->lines);
	w->lines.wants_blank = true;
}

/* Columns at the right that no cell has text in: wide spans reach over more than there is. */
static void
drop_empty_columns(struct text_table *t)
{
	while (t->columns > 0 && t->widths[t->columns - 1] == 0)
		t->columns--;
}

/* Reads the table's tokens; false when it is none to draw. */
static bool
read_table(struct text_writer *w, struct html_scan *s, struct text_table *t)
{
	struct html_token token;

	while (scan_next(s, &token)) {
		if (token.kind == SCAN_END && token.tag == TAG_TABLE) {
			drop_empty_columns(t);
			return t->rows > 0 && t->columns > 1;
		}
		if (!read_token(w, t, &token))
			return false;
	}
	return false;
}

bool
table_write(struct text_writer *w, struct html_scan *s)
{
	struct html_scan copy = *s;
	size_t links = w->links.count;
	struct text_spans spans = w->spans;
	struct text_table *t;

	/* Inside another element's text there is no line of its own to begin. */
	if (w->pre > 0)
		return false;
	lines_part(&w->lines);
	t = new_table(w);
	if (!read_table(w, &copy, t) || !fit_columns(t, lines_width(&w->lines))) {
		buf_reset(&w->lines.inner);
		w->spans = spans;
		links_forget(&w->links, links);
		return false;
	}
	*s = copy;
	draw(w, t);
	return true;
}

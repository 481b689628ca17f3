/* SPDX-License-Identifier: ISC */
#include "cmd/table.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "format/json.h"
#include "base/mem.h"
#include "base/text.h"

enum { LINE_MAX_BYTES = 1024 * 1024, COLUMN_GAP = 2, NARROWEST = 8 };

static const char cut_mark[] = "\xE2\x80\xA6"; /* an ellipsis */

bool
table_wants_field(const struct app *app, const char *name)
{
	const char *list = app->json_fields;
	const size_t len = strlen(name);

	if (!list)
		return true;
	while (*list) {
		const size_t n = strcspn(list, ",");

		if (n == len && strncmp(list, name, len) == 0)
			return true;
		list += n;
		list += *list == ',';
	}
	return false;
}

bool
table_check_fields(const struct app *app, const struct column *columns, size_t count,
    struct err *err)
{
	const char *list = app->json_fields;

	while (list && *list) {
		const size_t n = strcspn(list, ",");
		char *name = arena_strndup(app->run.arena, list, n);
		bool known = false;

		for (size_t i = 0; i < count; i++)
			known = known || strcmp(columns[i].name, name) == 0;
		if (!known) {
			err_set(err, ERR_USAGE, "--json has no field '%s' here", name);
			return err_hint(err, "--json=help lists the fields");
		}
		list += n;
		list += *list == ',';
	}
	return true;
}

/* --json=help */
static bool
asks_for_fields(const struct app *app)
{
	return app->json_fields && strcmp(app->json_fields, "help") == 0;
}

bool
table_lists_fields(const struct app *app, const struct column *columns, size_t count)
{
	size_t width = 0;

	if (!asks_for_fields(app))
		return false;
	for (size_t i = 0; i < count; i++) {
		const size_t n = strlen(columns[i].name);

		width = n > width ? n : width;
	}
	for (size_t i = 0; i < count; i++)
		printf("%-*s  %s\n", (int)width, columns[i].name, columns[i].help);
	return true;
}

bool
table_begin(struct table *t, struct app *app, const char *noun,
    const struct column *columns, size_t count, struct err *err)
{
	memset(t, 0, sizeof(*t));
	t->app = app;
	t->columns = columns;
	t->column_count = count;
	t->streaming = app->json || app->plain;
	t->first = true;
	buf_init(&t->line, LINE_MAX_BYTES);
	if (!app->json)
		return true;
	if (table_lists_fields(app, columns, count))
		return true;
	if (!table_check_fields(app, columns, count, err))
		return false;
	printf("{\"schema\":1,\"%s\":[", noun);
	return true;
}

static const char *
heading(const struct table *t, size_t column)
{
	/* Columns for JSON alone need none. */
	return t->headings && t->headings[column] ? t->headings[column]
						  : t->columns[column].name;
}

static struct cell *
cell_new(struct table *t)
{
	t->cells = xgrow_list(t->cells, t->cell_count, sizeof(*t->cells));
	memset(&t->cells[t->cell_count], 0, sizeof(*t->cells));
	return &t->cells[t->cell_count++];
}

void
table_text(struct table *t, const char *text)
{
	struct cell *c = cell_new(t);

	c->set = text != NULL;
	/* Streamed rows are written before the text can go; kept ones need a copy. */
	c->text = t->streaming ? text : arena_strdup(t->app->run.arena, text);
}

void
table_number(struct table *t, int64_t n)
{
	struct cell *c = cell_new(t);

	c->number = n;
	c->set = true;
}

void
table_time(struct table *t, int64_t instant)
{
	struct cell *c = cell_new(t);

	c->number = instant;
	c->set = instant != TIME_NONE;
}

/* The cell as people read it, in the line buffer's place when it has to be made. */
static const char *
cell_text(const struct column *column, const struct cell *cell, char *room, size_t size)
{
	if (!cell->set)
		return "";
	switch (column->type) {
	case COLUMN_TEXT:
		return cell->text;
	case COLUMN_NUMBER:
		(void)snprintf(room, size, "%" PRId64, cell->number);
		return room;
	case COLUMN_TIME:
		return clock_rfc3339(cell->number, room);
	}
	return "";
}

static void
row_json(struct table *t, const struct cell *cells)
{
	struct json_writer w;

	buf_reset(&t->line);
	json_writer_init(&w, &t->line, false);
	json_begin_object(&w);
	for (size_t i = 0; i < t->column_count; i++) {
		const struct column *c = &t->columns[i];

		if (!table_wants_field(t->app, c->name))
			continue;
		json_key(&w, c->name);
		if (!cells[i].set)
			json_put_null(&w);
		else if (c->type == COLUMN_NUMBER)
			json_int(&w, cells[i].number);
		else {
			char room[CLOCK_TEXT];

			json_put_string(&w, cell_text(c, &cells[i], room, sizeof(room)));
		}
	}
	json_end_object(&w);
	printf("%s%s", t->first ? "" : ",", buf_text(&t->line));
}

/* The value as a person may see it, in t->line: neither tab nor line end makes two of it. */
static void
add_shown(struct table *t, const char *text)
{
	buf_reset(&t->line);
	text_add_shown(&t->line, text, strlen(text));
}

static void
row_plain(struct table *t, const struct cell *cells)
{
	bool first = true;

	for (size_t i = 0; i < t->column_count; i++) {
		char room[CLOCK_TEXT];

		if (t->columns[i].json_only)
			continue;
		if (!first)
			putchar('\t');
		first = false;
		add_shown(t, cell_text(&t->columns[i], &cells[i], room, sizeof(room)));
		fputs(buf_text(&t->line), stdout);
	}
	putchar('\n');
}

void
table_row(struct table *t)
{
	assert(t->cell_count % t->column_count == 0 && t->cell_count > 0);
	if (!t->streaming)
		return;
	if (!t->app->json)
		row_plain(t, t->cells);
	else if (!asks_for_fields(t->app))
		row_json(t, t->cells);
	t->first = false;
	t->cell_count = 0;
}

static size_t
column_width(struct table *t, size_t column)
{
	size_t width = width_of_text(heading(t, column), strlen(heading(t, column)));

	for (size_t i = column; i < t->cell_count; i += t->column_count) {
		char room[CLOCK_TEXT];
		const char *text =
		    cell_text(&t->columns[column], &t->cells[i], room, sizeof(room));

		add_shown(t, text);
		const size_t n = width_of_text(buf_text(&t->line), t->line.len);
		width = n > width ? n : width;
	}
	return width;
}

/* Columns of the terminal; 0 when it does not tell. */
static size_t
terminal_width(const struct app *app)
{
	struct winsize size;

	return app->out_tty && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col
									    : 0;
}

/* Takes from the widest column until a row fits, or all are narrow. */
static void
fit_widths(const struct table *t, size_t *widths)
{
	const size_t room = terminal_width(t->app);

	while (room > 0) {
		size_t total = 0;
		size_t widest = 0;

		for (size_t i = 0; i < t->column_count; i++) {
			if (t->columns[i].json_only)
				continue;
			total += widths[i] + (total > 0 ? COLUMN_GAP : 0);
			widest =
			    widths[i] > widths[widest] || t->columns[widest].json_only
			    ? i
			    : widest;
		}
		if (total <= room || widths[widest] <= NARROWEST)
			break;
		widths[widest]--;
	}
}

static void
print_padded(struct table *t, const char *text, size_t width, bool last, bool upper)
{
	add_shown(t, text);
	size_t shown = width_of_text(buf_text(&t->line), t->line.len);
	if (shown > width) {
		buf_truncate(&t->line,
		    width_fit(buf_text(&t->line), t->line.len, width - 1));
		buf_adds(&t->line, cut_mark);
		shown = width_of_text(buf_text(&t->line), t->line.len);
	}
	for (const char *p = buf_text(&t->line); *p; p++)
		putchar(upper && *p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p);
	for (size_t i = shown; !last && i < width + COLUMN_GAP; i++)
		putchar(' ');
}

static void
print_aligned(struct table *t, const size_t *widths, const struct cell *cells)
{
	size_t last = 0;

	for (size_t i = 0; i < t->column_count; i++)
		last = t->columns[i].json_only ? last : i;
	for (size_t i = 0; i < t->column_count; i++) {
		char room[CLOCK_TEXT];
		const struct column *c = &t->columns[i];

		if (!c->json_only)
			print_padded(t,
			    cells ? cell_text(c, &cells[i], room, sizeof(room))
				  : heading(t, i),
			    widths[i], i == last, cells == NULL);
	}
	putchar('\n');
}

void
table_end(struct table *t)
{
	if (t->app->json) {
		if (!asks_for_fields(t->app))
			puts("]}");
	} else if (!t->streaming && t->cell_count > 0) {
		size_t *widths = xcalloc(t->column_count, sizeof(*widths));

		for (size_t i = 0; i < t->column_count; i++)
			widths[i] = column_width(t, i);
		fit_widths(t, widths);
		print_aligned(t, widths, NULL);
		for (size_t i = 0; i < t->cell_count; i += t->column_count)
			print_aligned(t, widths, &t->cells[i]);
		free(widths);
	}
	buf_clear(&t->line);
	free(t->cells);
	t->cells = NULL;
}

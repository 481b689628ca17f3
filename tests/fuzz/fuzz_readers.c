/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as a list of readers, CSV or JSON lines.  Promises: what is read is clean but for
 * the address, which is judged elsewhere; lines only go forward; the same list in UTF-16 says
 * the same; and rows written down as our own export does are read back as they were, so that
 * nobody who left comes back by a list.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "format/json.h"
#include "list/reader_columns.h"
#include "list/reader_file.h"
#include "model/names.h"

enum { ROWS_MAX = 64, COLUMNS = 10, FILE_MAX = 1 << 22 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The rows of one reading, kept beyond it. */
struct rows {
	struct roll_row list[ROWS_MAX];
	size_t count; /* of all, also beyond the list */
	bool ok;
	struct err err;
};

static void
require(bool promise)
{
	if (!promise)
		abort();
}

static const char *
keep(struct arena *a, const char *text, bool is_address)
{
	require(!text || is_address || text_is_utf8(text, strlen(text)));
	return text ? arena_strdup(a, text) : NULL;
}

static void
keep_row(struct arena *a, struct rows *rows, const struct roll_row *row)
{
	struct roll_row kept = *row;

	kept.address = keep(a, row->address, true);
	kept.odd_state = keep(a, row->odd_state, false);
	kept.confirmed = keep(a, row->confirmed, false);
	kept.confirmed_by = keep(a, row->confirmed_by, false);
	kept.rhythm = keep(a, row->rhythm, false);
	kept.day = keep(a, row->day, false);
	kept.hour = keep(a, row->hour, false);
	kept.zone = keep(a, row->zone, false);
	kept.format = keep(a, row->format, false);
	kept.body = keep(a, row->body, false);
	kept.sources = keep(a, row->sources, false);
	require(row->line > 0);
	require(rows->count == 0 || rows->count > ROWS_MAX ||
	    row->line > rows->list[rows->count - 1].line);
	if (rows->count < ROWS_MAX)
		rows->list[rows->count] = kept;
	rows->count++;
}

static void
read_rows(struct arena *a, const struct buf *file, struct rows *rows)
{
	FILE *f = fmemopen(file->data, file->len, "rb");
	struct roll *roll = NULL;
	struct roll_row row;
	bool got = true;

	memset(rows, 0, sizeof(*rows));
	require(f != NULL);
	rows->ok = roll_open(f, NULL, &roll, &rows->err);
	while (rows->ok && got) {
		rows->ok = roll_next(roll, &row, &got, &rows->err);
		if (rows->ok && got)
			keep_row(a, rows, &row);
	}
	require(rows->ok != err_is_set(&rows->err));
	roll_close(roll);
	(void)fclose(f);
}

static void
require_same_text(const char *a, const char *b)
{
	require((!a || !*a) == (!b || !*b) && (!a || !*a || strcmp(a, b) == 0));
}

static void
require_same(const struct rows *a, const struct rows *b)
{
	require(a->count == b->count);
	for (size_t i = 0; i < a->count && i < ROWS_MAX; i++) {
		const struct roll_row *x = &a->list[i];
		const struct roll_row *y = &b->list[i];

		require(x->state == y->state);
		require_same_text(x->address, y->address);
		require_same_text(x->confirmed_by, y->confirmed_by);
		require_same_text(x->rhythm, y->rhythm);
		require_same_text(x->day, y->day);
		require_same_text(x->hour, y->hour);
		require_same_text(x->zone, y->zone);
		require_same_text(x->format, y->format);
		require_same_text(x->body, y->body);
		require_same_text(x->sources, y->sources);
	}
}

/* ---- the same in UTF-16 ---- */

static void
add_unit(struct buf *b, uint32_t unit, bool big)
{
	buf_addc(b, (char)(big ? unit >> 8 : unit & 0xFF));
	buf_addc(b, (char)(big ? unit & 0xFF : unit >> 8));
}

static void
check_wide(struct arena *a, const struct buf *file, const struct rows *rows, bool big)
{
	struct buf wide = BUF_INIT(FILE_MAX);
	struct rows again;
	const char *text = buf_text(file);
	const char *end = text + file->len;

	if (!text_is_utf8(text, file->len))
		return;
	if (file->len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
		text += 3;
	add_unit(&wide, 0xFEFF, big);
	while (text < end) {
		uint32_t c = 0;

		text += text_decode(text, (size_t)(end - text), &c);
		if (c >= 0x10000) {
			add_unit(&wide, 0xD800 + ((c - 0x10000) >> 10), big);
			c = 0xDC00 + ((c - 0x10000) & 0x3FF);
		}
		add_unit(&wide, c, big);
	}
	read_rows(a, &wide, &again);
	require(again.ok == rows->ok);
	require_same(rows, &again);
	buf_clear(&wide);
}

/* ---- written and read again ---- */

static const char *const names[COLUMNS] = { "email", "state", "rhythm", "day", "hour",
	"zone", "format", "length", "sources", "confirmed_by" };

static void
cells_of(const struct roll_row *row, const char *cells[COLUMNS])
{
	const char *all[COLUMNS] = { row->address, reader_state_name(row->state),
		row->rhythm, row->day, row->hour, row->zone, row->format, row->body,
		row->sources, row->confirmed_by };

	memcpy(cells, all, sizeof(all));
}

static void
add_cell(struct buf *b, const char *text, bool last)
{
	buf_addc(b, '"');
	if (roll_cell_acts(text) || *text == '\'')
		buf_addc(b, '\'');
	for (; *text; text++) {
		if (*text == '"')
			buf_addc(b, '"');
		buf_addc(b, *text);
	}
	buf_adds(b, last ? "\"\n" : "\",");
}

static void
write_csv(const struct rows *rows, struct buf *out)
{
	for (size_t c = 0; c < COLUMNS; c++)
		add_cell(out, names[c], c + 1 == COLUMNS);
	for (size_t i = 0; i < rows->count; i++) {
		const char *cells[COLUMNS];

		cells_of(&rows->list[i], cells);
		for (size_t c = 0; c < COLUMNS; c++)
			add_cell(out, cells[c] ? cells[c] : "", c + 1 == COLUMNS);
	}
}

static void
write_json(const struct rows *rows, struct buf *out)
{
	for (size_t i = 0; i < rows->count; i++) {
		const char *cells[COLUMNS];
		struct json_writer w;

		cells_of(&rows->list[i], cells);
		json_writer_init(&w, out, false);
		json_begin_object(&w);
		for (size_t c = 0; c < COLUMNS; c++)
			json_member(&w, names[c], cells[c]);
		json_end_object(&w);
		buf_addc(out, '\n');
	}
}

/* An empty row has no address, and JSON lines take none without; nor any that is no UTF-8. */
static bool
suits_json(const struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		const char *address = rows->list[i].address;

		if (!address || !text_is_utf8(address, strlen(address)))
			return false;
	}
	return true;
}

static void
check_written(struct arena *a, const struct rows *rows, bool was_csv)
{
	struct buf file = BUF_INIT(FILE_MAX);
	struct rows again;

	if (!rows->ok || rows->count == 0 || rows->count > ROWS_MAX)
		return;
	if (was_csv) {
		write_csv(rows, &file);
		read_rows(a, &file, &again);
		require(again.ok);
		require_same(rows, &again);
	}
	if (suits_json(rows)) {
		buf_reset(&file);
		write_json(rows, &file);
		read_rows(a, &file, &again);
		require(again.ok);
		require_same(rows, &again);
	}
	buf_clear(&file);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct rows rows;
	struct arena *a = arena_new();
	struct buf file = BUF_INIT(FILE_MAX);

	buf_add(&file, bytes, size);
	if (size > 0) {
		read_rows(a, &file, &rows);
		check_wide(a, &file, &rows, size % 2 != 0);
		check_written(a, &rows, bytes[0] != '{');
	}
	buf_clear(&file);
	arena_free(a);
	return 0;
}

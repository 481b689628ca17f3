/* SPDX-License-Identifier: ISC */
/*
 * Lists of readers as files: CSV (RFC 4180, with the separators that spreadsheets write) and
 * JSON lines.  Strict about columns, since a list read wrongly mails strangers.
 */
#include <string.h>

#include "format/json.h"
#include "base/limits.h"
#include "base/text.h"
#include "list/reader_file.h"

enum { COLUMNS_MAX = 64 };

enum roll_column {
	ROLL_IGNORED,
	ROLL_ADDRESS,
	ROLL_STATE,
	ROLL_CONFIRMED_BY,
	ROLL_RHYTHM,
	ROLL_DAY,
	ROLL_HOUR,
	ROLL_ZONE,
	ROLL_FORMAT,
	ROLL_BODY,
	ROLL_SOURCES
};

static const struct {
	const char *name;
	enum roll_column column;
} column_names[] = {
	{ "email", ROLL_ADDRESS },
	{ "address", ROLL_ADDRESS },
	{ "e-mail", ROLL_ADDRESS },
	{ "email address", ROLL_ADDRESS },
	{ "state", ROLL_STATE },
	{ "status", ROLL_STATE },
	{ "confirmed_by", ROLL_CONFIRMED_BY },
	{ "rhythm", ROLL_RHYTHM },
	{ "frequency", ROLL_RHYTHM },
	{ "day", ROLL_DAY },
	{ "hour", ROLL_HOUR },
	{ "zone", ROLL_ZONE },
	{ "sources", ROLL_SOURCES },
	{ "format", ROLL_FORMAT },
	{ "body", ROLL_BODY },
	{ "length", ROLL_BODY },
};

struct rolling {
	struct arena *a;
	struct roll_row *rows;
	size_t count;
};

static struct roll_row *
row_new(struct rolling *r, size_t line)
{
	r->rows = arena_grow_list(r->a, r->rows, r->count, sizeof(*r->rows));
	r->rows[r->count] = (struct roll_row){ .line = line };
	return &r->rows[r->count++];
}

static void
row_put(struct roll_row *row, enum roll_column column, const char *text)
{
	if (*text == '\0')
		return;
	switch (column) {
	case ROLL_IGNORED:
		break;
	case ROLL_ADDRESS:
		row->address = text;
		break;
	case ROLL_STATE:
		row->state = text;
		break;
	case ROLL_CONFIRMED_BY:
		row->confirmed_by = text;
		break;
	case ROLL_RHYTHM:
		row->rhythm = text;
		break;
	case ROLL_DAY:
		row->day = text;
		break;
	case ROLL_HOUR:
		row->hour = text;
		break;
	case ROLL_ZONE:
		row->zone = text;
		break;
	case ROLL_SOURCES:
		row->sources = text;
		break;
	case ROLL_FORMAT:
		row->format = text;
		break;
	case ROLL_BODY:
		row->body = text;
		break;
	}
}

static enum roll_column
column_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(column_names); i++) {
		if (ascii_eq_nocase(column_names[i].name, name))
			return column_names[i].column;
	}
	return ROLL_IGNORED;
}

/* ---- CSV ---- */

struct csv {
	struct arena *a;
	const char *at, *end;
	size_t line;
	char separator;
	struct buf field;
};

static bool
csv_quoted(struct csv *c, struct err *err)
{
	const size_t began = c->line;

	for (c->at++; c->at < c->end; c->at++) {
		if (*c->at == '"') {
			if (c->at + 1 == c->end || c->at[1] != '"') {
				c->at++;
				return true;
			}
			c->at++;
		}
		c->line += *c->at == '\n';
		buf_addc(&c->field, *c->at);
	}
	return err_set(err, ERR_INPUT, "line %zu: a quotation mark is not closed", began);
}

/* One field; *last tells that it ended its row. */
static bool
csv_field(struct csv *c, const char **out, bool *last, struct err *err)
{
	const char *text = NULL;
	size_t len = 0;

	buf_reset(&c->field);
	if (c->at < c->end && *c->at == '"' && !csv_quoted(c, err))
		return false;
	while (c->at < c->end && *c->at != c->separator && *c->at != '\n')
		buf_addc(&c->field, *c->at++);
	if (buf_is_full(&c->field))
		return err_set(err, ERR_LIMIT,
		    "line %zu: a field is longer than %d bytes", c->line,
		    LIMIT_CSV_FIELD);
	text = buf_text(&c->field);
	len = c->field.len;
	ascii_trim(&text, &len);
	*out = arena_strndup(c->a, text, len);
	*last = c->at == c->end || *c->at == '\n';
	if (c->at < c->end)
		c->at++;
	return true;
}

static bool
csv_row(struct csv *c, const char **fields, size_t *count, size_t *line, struct err *err)
{
	bool last = false;

	*count = 0;
	*line = c->line;
	while (!last) {
		if (*count == COLUMNS_MAX)
			return err_set(err, ERR_INPUT, "line %zu: more than %d columns",
			    c->line, COLUMNS_MAX);
		if (!csv_field(c, &fields[*count], &last, err))
			return false;
		(*count)++;
	}
	c->line++;
	return true;
}

static char
csv_separator(const char *text, size_t len)
{
	static const char candidates[] = ",;\t";
	const char *newline = memchr(text, '\n', len);
	const size_t first = newline ? (size_t)(newline - text) : len;

	for (const char *s = candidates; *s; s++) {
		if (memchr(text, *s, first))
			return *s;
	}
	return ',';
}

/* The first row: names of columns, or an address already (one column without heading). */
static bool
csv_heading(const char **fields, size_t count, enum roll_column *columns,
    bool *is_heading, struct err *err)
{
	size_t addresses = 0;

	for (size_t i = 0; i < count; i++) {
		columns[i] = column_of(fields[i]);
		addresses += columns[i] == ROLL_ADDRESS;
	}
	*is_heading = true;
	if (addresses == 1)
		return true;
	if (addresses == 0 && count == 1 && strchr(fields[0], '@')) {
		columns[0] = ROLL_ADDRESS;
		*is_heading = false;
		return true;
	}
	err_set(err, ERR_INPUT,
	    addresses ? "line 1: two columns hold addresses"
		      : "line 1: no column is called 'email' or 'address'");
	return err_hint(err,
	    "the first line names the columns, for example: email,confirmed_by");
}

static bool
csv_parse(struct rolling *r, const char *text, size_t len, struct err *err)
{
	struct csv c = { r->a, text, text + len, 1, csv_separator(text, len),
		BUF_INIT(LIMIT_CSV_FIELD) };
	const char *fields[COLUMNS_MAX];
	enum roll_column columns[COLUMNS_MAX];
	size_t width = 0;
	size_t count = 0;
	size_t line = 0;
	bool is_heading = true;
	bool ok = false;

	if (!csv_row(&c, fields, &width, &line, err) ||
	    !csv_heading(fields, width, columns, &is_heading, err))
		goto out;
	if (!is_heading)
		row_put(row_new(r, line), ROLL_ADDRESS, fields[0]);
	while (c.at < c.end) {
		struct roll_row *row = NULL;

		if (!csv_row(&c, fields, &count, &line, err))
			goto out;
		if (count == 1 && fields[0][0] == '\0')
			continue;
		if (count != width) {
			err_set(err, ERR_INPUT,
			    "line %zu: %zu columns, the first line has %zu", line, count,
			    width);
			goto out;
		}
		row = row_new(r, line);
		for (size_t i = 0; i < count; i++)
			row_put(row, columns[i], fields[i]);
	}
	ok = true;
out:
	buf_clear(&c.field);
	return ok;
}

/* ---- JSON lines ---- */

static bool
json_row(struct rolling *r, const char *text, size_t len, size_t line, struct err *err)
{
	struct json *doc = json_parse(text, len, err);
	const struct json_value *root = NULL;
	struct roll_row *row = NULL;
	bool ok = false;

	if (!doc) {
		err_wrap(err, "line %zu", line);
		goto out;
	}
	root = json_root(doc);
	if (!json_is_object(root)) {
		err_set(err, ERR_INPUT, "line %zu: not a JSON object", line);
		goto out;
	}
	row = row_new(r, line);
	for (size_t i = 0; i < ARRAY_LEN(column_names); i++) {
		const char *value = json_text(json_get(root, column_names[i].name));

		if (value)
			row_put(row, column_names[i].column, arena_strdup(r->a, value));
	}
	if (!row->address) {
		err_set(err, ERR_INPUT, "line %zu: no member 'email' or 'address'", line);
		goto out;
	}
	ok = true;
out:
	json_free(doc);
	return ok;
}

static bool
jsonl_parse(struct rolling *r, const char *text, size_t len, struct err *err)
{
	const char *end = text + len;
	size_t line = 1;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;
		const char *row = text;
		size_t n = (size_t)(stop - text);

		ascii_trim(&row, &n);
		if (n > 0 && !json_row(r, row, n, line, err))
			return false;
		text = newline ? newline + 1 : end;
		line++;
	}
	return true;
}

bool
roll_parse(struct arena *a, const char *text, size_t len, struct roll_row **out,
    size_t *count, struct err *err)
{
	static const char bom[] = "\xEF\xBB\xBF";
	struct rolling r = { .a = a };
	bool ok = false;

	*out = NULL;
	*count = 0;
	if (len >= sizeof(bom) - 1 && memcmp(text, bom, sizeof(bom) - 1) == 0) {
		text += sizeof(bom) - 1;
		len -= sizeof(bom) - 1;
	}
	if (!text_is_utf8(text, len))
		return err_set(err, ERR_INPUT, "the list is not UTF-8 text");
	if (len == 0)
		return true;
	ok = text[0] == '{' ? jsonl_parse(&r, text, len, err)
			    : csv_parse(&r, text, len, err);
	if (!ok)
		return false;
	*out = r.rows;
	*count = r.count;
	return true;
}

/* SPDX-License-Identifier: ISC */
/*
 * Strict about columns, since a list read wrongly mails strangers; generous about the ways in
 * which spreadsheets write one.
 */
#include "list/reader_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/charset.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "format/json.h"
#include "list/reader_columns.h"

enum { COLUMNS_MAX = 256, CHUNK = 64 * 1024 };

enum units { UNITS_8, UNITS_16LE, UNITS_16BE };

/* Why the bytes ended before the file did. */
enum fault { FAULT_NONE, FAULT_ZERO, FAULT_STOPPED };

struct roll {
	FILE *f;
	bool (*interrupted)(void);
	enum fault fault;
	size_t fault_line;
	bool zero_waits; /* behind what was read stands a zero byte */
	struct arena *a; /* of one row */
	enum units units;
	uint32_t high; /* the first half of a pair of UTF-16 */
	unsigned char raw[CHUNK];
	struct buf wide; /* what UTF-16 was made into */
	const char *at, *end;
	size_t line;
	size_t rows;
	struct buf field;
	const char *fields[COLUMNS_MAX];
	enum roll_column columns[COLUMNS_MAX];
	size_t width;
	char separator;
	bool is_json;
	bool first_waits; /* the first line was a row already */
};

/* ---- bytes ---- */

static void
add_unit(struct roll *r, uint32_t unit)
{
	if (r->high != 0 && unit >= 0xDC00 && unit <= 0xDFFF) {
		text_encode(&r->wide,
		    0x10000 + ((r->high - 0xD800) << 10) + (unit - 0xDC00));
		r->high = 0;
		return;
	}
	if (r->high != 0)
		text_encode(&r->wide, r->high); /* alone: U+FFFD */
	r->high = unit >= 0xD800 && unit <= 0xDBFF ? unit : 0;
	if (r->high == 0)
		text_encode(&r->wide, unit);
}

/* Has n bytes of r->raw as UTF-8 from r->at to r->end, which is before the first zero byte. */
static void
take_bytes(struct roll *r, size_t n)
{
	const char *zero = NULL;

	r->at = (const char *)r->raw;
	r->end = r->at + n;
	if (r->units != UNITS_8) {
		buf_reset(&r->wide);
		/* A chunk has an even number of bytes; an odd one at the end is none. */
		for (size_t i = 0; i + 1 < n; i += 2) {
			const uint32_t a = r->raw[i];
			const uint32_t b = r->raw[i + 1];

			add_unit(r, r->units == UNITS_16LE ? a | b << 8 : a << 8 | b);
		}
		r->at = buf_text(&r->wide);
		r->end = r->at + r->wide.len;
	}
	zero = r->at < r->end ? memchr(r->at, '\0', (size_t)(r->end - r->at)) : NULL;
	if (zero) {
		r->zero_waits = true;
		r->end = zero;
	}
}

static void
set_fault(struct roll *r, enum fault fault)
{
	if (r->fault != FAULT_NONE)
		return;
	r->fault = fault;
	r->fault_line = r->line;
}

static bool
is_stopped(struct roll *r)
{
	if (r->interrupted && r->interrupted())
		set_fault(r, FAULT_STOPPED);
	return r->fault == FAULT_STOPPED;
}

/* More of the file; false at its end, and at a fault. */
static bool
fill(struct roll *r)
{
	size_t n = 0;

	if (is_stopped(r))
		return false;
	if (r->zero_waits) {
		set_fault(r, FAULT_ZERO);
		return false;
	}
	n = fread(r->raw, 1, sizeof(r->raw), r->f);
	take_bytes(r, n);
	/* A signal ends the wait for a pipe. */
	return n > (r->units == UNITS_8 ? 0 : 1) && !is_stopped(r);
}

/* The byte to come, -1 at the end. */
static int
peek(struct roll *r)
{
	while (r->at == r->end || r->fault == FAULT_STOPPED) {
		if (!fill(r))
			return -1;
	}
	return (unsigned char)*r->at;
}

/* The first bytes tell UTF-16, with a byte order mark or by the zeros of ASCII. */
static void
begin(struct roll *r)
{
	static const char mark[] = "\xEF\xBB\xBF";
	const unsigned char *p = r->raw;
	size_t n = 0;

	n = fread(r->raw, 1, sizeof(r->raw), r->f);
	if (n >= 2 && ((p[0] == 0xFF && p[1] == 0xFE) || (p[0] != 0 && p[1] == 0)))
		r->units = UNITS_16LE;
	else if (n >= 2 && ((p[0] == 0xFE && p[1] == 0xFF) || (p[0] == 0 && p[1] != 0)))
		r->units = UNITS_16BE;
	take_bytes(r, n);
	n = (size_t)(r->end - r->at);
	if (n >= sizeof(mark) - 1 && memcmp(r->at, mark, sizeof(mark) - 1) == 0)
		r->at += sizeof(mark) - 1;
}

/* A list that was not read to its end is none, whatever was made of what there was of it. */
static bool
check_reading(struct roll *r, bool ok, struct err *err)
{
	if (r->fault == FAULT_NONE && !ferror(r->f))
		return ok;
	*err = (struct err)ERR_INIT;
	if (is_stopped(r))
		return err_set(err, ERR_TEMPORARY, "line %zu: interrupted",
		    r->fault_line);
	if (r->fault == FAULT_NONE)
		return err_errno(err, "the list cannot be read");
	err_set(err, ERR_INPUT, "line %zu: not text: it has a zero byte", r->fault_line);
	return err_hint(err, "a list is CSV or JSON lines, in UTF-8 or UTF-16");
}

/* Past a line end of any kind. */
static void
skip_line_end(struct roll *r)
{
	const int c = peek(r);

	if (c == '\r' || c == '\n')
		r->at++;
	if (c == '\r' && peek(r) == '\n')
		r->at++;
	r->line++;
}

/* ---- values ---- */

/* How far from reading a state is: whoever left by one column left. */
static const int distance[] = {
	[READER_ACTIVE] = 0,
	[READER_HOLD] = 1,
	[READER_BOUNCED] = 2,
	[READER_PENDING] = 3,
	[READER_LEFT] = 4,
	[READER_REMOVED] = 5,
	[READER_ERASED] = 6,
};

static void
put_state(struct roll_row *row, enum reader_state state)
{
	if (distance[state] > distance[row->state])
		row->state = state;
}

static void
put_state_word(struct roll_row *row, const char *word)
{
	enum reader_state state = READER_ACTIVE;

	if (roll_state_of(word, &state))
		put_state(row, state);
	else
		row->odd_state = word;
}

static void
put_confirmed(struct roll_row *row, const char *text)
{
	if (roll_is_no(text))
		put_state(row, READER_PENDING);
	else if (!roll_is_yes(text))
		row->confirmed = text;
}

/* A no to reading, or a word for having left; blanks and "-" say nothing. */
static bool
says_no(const char *text)
{
	enum reader_state state = READER_ACTIVE;

	if (roll_state_of(text, &state))
		return distance[state] >= distance[READER_LEFT];
	return text[strspn(text, "-. ")] != '\0' && roll_is_no(text);
}

/* Yes, a time, a word that means it: whether they read. */
static void
put_reads(struct roll_row *row, const char *text)
{
	if (roll_is_no(text) || says_no(text))
		put_state(row, READER_LEFT);
	else if (text[strcspn(text, "-:/.")] != '\0')
		row->confirmed = text;
	else if (!roll_is_yes(text))
		put_state_word(row, text);
}

static void
row_put(struct roll_row *row, enum roll_column column, const char *text)
{
	const char **wishes[] = { [ROLL_ADDRESS] = &row->address,
		[ROLL_CONFIRMED_BY] = &row->confirmed_by,
		[ROLL_RHYTHM] = &row->rhythm,
		[ROLL_DAY] = &row->day,
		[ROLL_HOUR] = &row->hour,
		[ROLL_ZONE] = &row->zone,
		[ROLL_FORMAT] = &row->format,
		[ROLL_BODY] = &row->body,
		[ROLL_LANGUAGE] = &row->language,
		[ROLL_PICTURES] = &row->pictures,
		[ROLL_SOURCES] = &row->sources };

	if (column == ROLL_READS)
		put_reads(row, text);
	if (*text == '\0' || column == ROLL_IGNORED)
		return;
	if (column == ROLL_CONFIRMED_BY && says_no(text))
		put_state(row, READER_LEFT);
	else if (column < ARRAY_LEN(wishes) && wishes[column])
		*wishes[column] = text;
	else if (column == ROLL_STATE)
		put_state_word(row, text);
	else if (column == ROLL_AGREES)
		put_reads(row, text);
	else if (column == ROLL_CONFIRMED)
		put_confirmed(row, text);
	else if (column == ROLL_IS_LEFT && !roll_is_no(text))
		put_state(row, READER_LEFT);
	else if (column == ROLL_IS_REMOVED && !roll_is_no(text))
		put_state(row, READER_REMOVED);
	else if (column == ROLL_IS_BOUNCED && !roll_is_no(text))
		put_state(row, READER_BOUNCED);
}

static bool
suspect(size_t line, const char *name, struct err *err)
{
	err_set(err, ERR_INPUT,
	    "line %zu: column '%s' seems to say who left, and is not understood", line,
	    name);
	return err_hint(err,
	    "call it state, with the words active and left in it, or take it out");
}

/* ---- CSV ---- */

static bool
field_too_long(size_t line, size_t began, struct err *err)
{
	err_set(err, ERR_LIMIT, "line %zu: a field is longer than %d bytes", line,
	    LIMIT_CSV_FIELD);
	return began == line
	    ? err_hint(err, "a list has one reader in each line, and short fields")
	    : err_hint(err, "is the quotation mark in line %zu closed?", began);
}

static bool
csv_quoted(struct roll *r, struct err *err)
{
	const size_t began = r->line;
	int c = 0;

	for (r->at++; !buf_is_full(&r->field) && (c = peek(r)) >= 0; r->at++) {
		if (c == '"') {
			r->at++;
			if (peek(r) != '"')
				return true;
		}
		r->line += c == '\n';
		buf_addc(&r->field, (char)c);
	}
	return buf_is_full(&r->field)
	    ? field_too_long(r->line, began, err)
	    : err_set(err, ERR_INPUT, "line %zu: a quotation mark is not closed", began);
}

static void
csv_plain(struct roll *r)
{
	while (!buf_is_full(&r->field) && peek(r) >= 0) {
		const char *p = r->at;

		while (p < r->end && *p != r->separator && *p != '\n' && *p != '\r')
			p++;
		buf_add(&r->field, r->at, (size_t)(p - r->at));
		r->at = p;
		if (p < r->end)
			return;
	}
}

/* A cell as it was meant: a mark that keeps a spreadsheet from reckoning goes. */
static const char *
csv_meant(struct roll *r, enum roll_column column)
{
	const char *text = buf_text(&r->field);
	size_t len = r->field.len;
	char *copy = NULL;

	ascii_trim(&text, &len);
	copy = arena_strndup(r->a, text, len);
	if (copy[0] == '\'' && (copy[1] == '\'' || roll_cell_acts(copy + 1)))
		copy++;
	if (column != ROLL_ADDRESS && !text_is_utf8(copy, strlen(copy))) {
		struct buf b = BUF_INIT((size_t)4 * LIMIT_CSV_FIELD);

		if (charset_to_utf8(&b, "windows-1252", copy, strlen(copy), NULL))
			copy = arena_strdup(r->a, buf_text(&b));
		buf_clear(&b);
	}
	return copy;
}

/* One field; *last tells that it ended its row. */
static bool
csv_field(struct roll *r, enum roll_column column, const char **out, bool *last,
    struct err *err)
{
	int c = 0;

	buf_reset(&r->field);
	if (peek(r) == '"' && !csv_quoted(r, err))
		return false;
	csv_plain(r);
	if (buf_is_full(&r->field))
		return field_too_long(r->line, r->line, err);
	*out = csv_meant(r, column);
	c = peek(r);
	*last = c != (unsigned char)r->separator;
	if (*last)
		skip_line_end(r);
	else
		r->at++;
	return true;
}

static bool
row_too_long(size_t line, struct err *err)
{
	err_set(err, ERR_LIMIT, "line %zu: a row is longer than %d bytes", line,
	    LIMIT_LIST_ROW);
	return err_hint(err, "a list has one reader in each line");
}

/* One more line without a row, in a list that has had as many as blanks. */
static bool
skip_blank(size_t line, size_t *blanks, struct err *err)
{
	if (++*blanks <= LIMIT_LIST_BLANKS)
		return true;
	err_set(err, ERR_LIMIT, "line %zu: more than %d empty lines and no row", line,
	    LIMIT_LIST_BLANKS);
	return err_hint(err, "a list has one reader in each line");
}

static bool
csv_fields(struct roll *r, size_t *count, struct err *err)
{
	const size_t line = r->line;
	size_t bytes = 0;
	bool last = false;

	*count = 0;
	while (!last) {
		if (*count == COLUMNS_MAX)
			return err_set(err, ERR_INPUT, "line %zu: more than %d columns",
			    r->line, COLUMNS_MAX);
		if (!csv_field(r, r->columns[*count], &r->fields[*count], &last, err))
			return false;
		bytes += r->field.len;
		if (bytes > LIMIT_LIST_ROW)
			return row_too_long(line, err);
		(*count)++;
	}
	return true;
}

/* A line "sep=;" says it; else what stands most often in the first line, outside quotes. */
static char
csv_separator(struct roll *r)
{
	static const char candidates[] = ",;\t|";
	size_t counts[sizeof(candidates)] = { 0 };
	const size_t len = (size_t)(r->end - r->at);
	size_t most = 0;
	bool quoted = false;

	if (len >= 5 && strncmp(r->at, "sep=", 4) == 0 && strchr(candidates, r->at[4]) &&
	    (len == 5 || r->at[5] == '\r' || r->at[5] == '\n')) {
		const char separator = r->at[4];

		r->at += 5;
		skip_line_end(r);
		return separator;
	}
	for (const char *p = r->at; p < r->end && (quoted || (*p != '\n' && *p != '\r'));
	     p++) {
		const char *found = *p != '\0' ? strchr(candidates, *p) : NULL;

		quoted ^= *p == '"';
		if (found && !quoted)
			counts[found - candidates]++;
	}
	for (size_t i = 1; i < sizeof(candidates) - 1; i++)
		most = counts[i] > counts[most] ? i : most;
	return candidates[most];
}

/* The first row: names of columns, or an address already (one column without heading). */
static bool
csv_heading(struct roll *r, struct err *err)
{
	const size_t line = r->line;
	size_t addresses = 0;
	bool has_mail = false; /* elsewhere it says whether they want mail: no guess */

	if (!csv_fields(r, &r->width, err))
		return false;
	for (size_t i = 0; i < r->width; i++) {
		r->columns[i] = roll_column_of(r->fields[i]);
		addresses += r->columns[i] == ROLL_ADDRESS;
		has_mail |= ascii_eq_nocase(r->fields[i], "mail");
		if (r->columns[i] == ROLL_SUSPECT && !strchr(r->fields[i], '@'))
			return suspect(line, r->fields[i], err);
	}
	if (addresses == 1)
		return true;
	if (addresses == 0 && r->width == 1 && strchr(r->fields[0], '@')) {
		r->columns[0] = ROLL_ADDRESS;
		r->first_waits = true;
		return true;
	}
	err_set(err, ERR_INPUT,
	    addresses ? "line %zu: two columns hold addresses"
		      : "line %zu: no column is called 'email' or 'address'",
	    line);
	return err_hint(err,
	    addresses == 0 && has_mail
		? "if the column 'mail' holds the addresses, call it 'email'"
		: "the first line names the columns, for example: email,confirmed_by");
}

/* The fields of a row; *count is 0 for an empty line.  Empty cells more than columns are none. */
static bool
csv_row(struct roll *r, size_t line, size_t *count, struct err *err)
{
	if (!csv_fields(r, count, err))
		return false;
	if (*count == 1 && r->fields[0][0] == '\0')
		*count = 0;
	while (*count > r->width && r->fields[*count - 1][0] == '\0')
		(*count)--;
	if (*count == 0 || *count == r->width)
		return true;
	return err_set(err, ERR_INPUT, "line %zu: %zu column%s, the first line has %zu",
	    line, *count, *count == 1 ? "" : "s", r->width);
}

static bool
csv_next(struct roll *r, struct roll_row *row, bool *got, struct err *err)
{
	size_t count = r->first_waits ? 1 : 0;
	size_t blanks = 0;

	row->line = r->first_waits ? r->line - 1 : r->line;
	r->first_waits = false;
	while (count == 0 && peek(r) >= 0) {
		arena_reset(r->a);
		row->line = r->line;
		if (!csv_row(r, row->line, &count, err) ||
		    (count == 0 && !skip_blank(row->line, &blanks, err)))
			return false;
	}
	for (size_t i = 0; i < count; i++)
		row_put(row, r->columns[i], r->fields[i]);
	*got = count > 0;
	return true;
}

/* ---- JSON lines ---- */

/* A member as a cell of CSV would have it; NULL for what has none. */
static const char *
json_cell(struct roll *r, const struct json_value *v)
{
	const char *text = json_text(v);
	int64_t n = 0;

	if (text)
		return arena_strdup(r->a, text);
	if (json_is_array(v) || json_is_object(v))
		return NULL;
	if (json_number(v, &n))
		return arena_printf(r->a, "%" PRId64, n);
	return json_truth(v) ? "true" : json_says_false(v) ? "false" : "";
}

/* A list or an object that has something in it, where whether somebody left is said. */
static bool
says_who_left(enum roll_column column, const struct json_value *v)
{
	if (column != ROLL_STATE && column != ROLL_IS_LEFT && column != ROLL_IS_REMOVED &&
	    column != ROLL_IS_BOUNCED && column != ROLL_READS && column != ROLL_AGREES)
		return false;
	return json_count(v) > 0 || json_next_key(v, NULL);
}

static bool
json_members(struct roll *r, const struct json_value *root, struct roll_row *row,
    struct err *err)
{
	for (const char *key = json_next_key(root, NULL); key;
	     key = json_next_key(root, key)) {
		const enum roll_column column = roll_column_of(key);
		const struct json_value *value = json_get(root, key);
		const char *text = json_cell(r, value);

		if (column == ROLL_SUSPECT || (!text && says_who_left(column, value)))
			return suspect(row->line, key, err);
		if (text)
			row_put(row, column, text);
	}
	return row->address ||
	    err_set(err, ERR_INPUT, "line %zu: no member 'email' or 'address'",
		row->line);
}

static bool
json_row(struct roll *r, const char *text, size_t len, struct roll_row *row,
    struct err *err)
{
	struct json *doc = json_parse_large(text, len, err);
	const struct json_value *root = NULL;
	bool ok = false;

	if (!doc)
		return err_wrap(err, "line %zu", row->line);
	root = json_root(doc);
	ok = json_is_object(root)
	    ? json_members(r, root, row, err)
	    : err_set(err, ERR_INPUT, "line %zu: not a JSON object", row->line);
	json_free(doc);
	return ok;
}

static bool
json_next(struct roll *r, struct roll_row *row, bool *got, struct err *err)
{
	size_t blanks = 0;

	while (peek(r) >= 0) {
		const char *text = NULL;
		size_t len = 0;

		buf_reset(&r->field);
		r->separator = '\n';
		csv_plain(r);
		row->line = r->line;
		skip_line_end(r);
		if (buf_is_full(&r->field))
			return row_too_long(row->line, err);
		text = buf_text(&r->field);
		len = r->field.len;
		ascii_trim(&text, &len);
		if (len == 0 && !skip_blank(row->line, &blanks, err))
			return false;
		if (len == 0)
			continue;
		*got = true;
		return json_row(r, text, len, row, err);
	}
	return true;
}

/* ---- a list ---- */

bool
roll_open(FILE *f, bool (*interrupted)(void), struct roll **out, struct err *err)
{
	struct roll *r = xcalloc(1, sizeof(*r));
	bool ok = true;

	*out = r;
	r->f = f;
	r->interrupted = interrupted;
	r->a = arena_new();
	r->line = 1;
	buf_init(&r->wide, (size_t)2 * CHUNK);
	begin(r);
	r->is_json = peek(r) == '{';
	buf_init(&r->field, r->is_json ? LIMIT_LIST_ROW : LIMIT_CSV_FIELD);
	if (!r->is_json && peek(r) >= 0) {
		r->separator = csv_separator(r);
		ok = csv_heading(r, err);
	}
	ok = check_reading(r, ok, err);
	if (!ok) {
		roll_close(r);
		*out = NULL;
	}
	return ok;
}

bool
roll_next(struct roll *r, struct roll_row *row, bool *got, struct err *err)
{
	bool ok = true;

	*row = (struct roll_row){ .state = READER_ACTIVE };
	*got = false;
	if (!r->first_waits)
		arena_reset(r->a);
	ok = !is_stopped(r) && (r->is_json ? json_next : csv_next)(r, row, got, err);
	if (ok && *got && ++r->rows > LIMIT_READERS) {
		*got = false;
		ok = err_set(err, ERR_LIMIT, "line %zu: more than %d rows", row->line,
		    LIMIT_READERS);
		(void)err_hint(err, "does the list end? else take it in parts");
	}
	return check_reading(r, ok, err);
}

void
roll_close(struct roll *r)
{
	if (!r)
		return;
	arena_free(r->a);
	buf_clear(&r->wide);
	buf_clear(&r->field);
	free(r);
}

/* SPDX-License-Identifier: ISC */
#include "format/json.h"

#include <jansson.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/limits.h"

/* jansson has macros with the names of two of our functions. */
#undef json_is_object
#undef json_is_array

/* ---- writing ---- */

void
json_writer_init(struct json_writer *w, struct buf *out, bool pretty)
{
	*w = (struct json_writer){ .out = out, .pretty = pretty };
}

static void
new_line(struct json_writer *w)
{
	if (!w->pretty)
		return;
	buf_addc(w->out, '\n');
	for (unsigned i = 0; i < w->depth; i++)
		buf_adds(w->out, "  ");
}

/* Writes what separates an item from the one before: nothing when a key stands before it. */
static void
begin_item(struct json_writer *w)
{
	if (w->keyed) {
		w->keyed = false;
		return;
	}
	if (w->comma)
		buf_addc(w->out, ',');
	if (w->depth > 0)
		new_line(w);
}

static void
begin_group(struct json_writer *w, char open)
{
	begin_item(w);
	buf_addc(w->out, open);
	w->depth++;
	w->comma = false;
}

static void
end_group(struct json_writer *w, char close)
{
	w->depth--;
	if (w->comma)
		new_line(w);
	buf_addc(w->out, close);
	w->comma = true;
}

void
json_begin_object(struct json_writer *w)
{
	begin_group(w, '{');
}

void
json_end_object(struct json_writer *w)
{
	end_group(w, '}');
}

void
json_begin_array(struct json_writer *w)
{
	begin_group(w, '[');
}

void
json_end_array(struct json_writer *w)
{
	end_group(w, ']');
}

/*
 * Bytes at p that must be escaped: '"', "\", controls (RFC 8259 7), and what is not seen: C1 and
 * direction marks, which terminals act on, characters of no width, and the line separators,
 * which are line ends to programs that read JSON line by line.
 */
static size_t
special_length(const char *p, size_t left)
{
	const unsigned char c = (unsigned char)*p;

	if (c == '"' || c == '\\' || c < 0x20 || c == 0x7F)
		return 1;
	if (c < 0x80)
		return 0;
	return text_hidden_length(p, left);
}

/* What lies beyond 16 bits is a pair (RFC 8259 7). */
static void
add_code_point(struct buf *b, const char *p, size_t len)
{
	uint32_t c = 0;

	(void)text_decode(p, len, &c);
	if (c < 0x10000) {
		buf_addf(b, "\\u%04x", (unsigned)c);
		return;
	}
	c -= 0x10000;
	buf_addf(b, "\\u%04x\\u%04x", (unsigned)(0xD800 + (c >> 10)),
	    (unsigned)(0xDC00 + (c & 0x3FF)));
}

static void
add_escape(struct buf *b, const char *p, size_t len)
{
	static const char plain[] = "\"\\\b\f\n\r\t";
	static const char names[] = "\"\\bfnrt";
	const char *found = len == 1 ? strchr(plain, *p) : NULL;

	if (found)
		buf_addf(b, "\\%c", names[found - plain]);
	else
		add_code_point(b, p, len);
}

static void
add_string(struct buf *b, const char *text)
{
	const char *start = text;
	const char *end = text + strlen(text);

	buf_addc(b, '"');
	while (text < end) {
		size_t n = special_length(text, (size_t)(end - text));

		if (n == 0) {
			uint32_t c = 0;

			text += text_decode(text, (size_t)(end - text), &c);
			continue;
		}
		buf_add(b, start, (size_t)(text - start));
		add_escape(b, text, n);
		text += n;
		start = text;
	}
	buf_add(b, start, (size_t)(text - start));
	buf_addc(b, '"');
}

void
json_key(struct json_writer *w, const char *key)
{
	begin_item(w);
	add_string(w->out, key);
	buf_adds(w->out, w->pretty ? ": " : ":");
	w->comma = true;
	w->keyed = true;
}

void
json_put_string(struct json_writer *w, const char *text)
{
	if (!text) {
		json_put_null(w);
		return;
	}
	begin_item(w);
	add_string(w->out, text);
	w->comma = true;
}

static void
add_literal(struct json_writer *w, const char *text)
{
	begin_item(w);
	buf_adds(w->out, text);
	w->comma = true;
}

void
json_int(struct json_writer *w, int64_t n)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%lld", (long long)n);
	add_literal(w, text);
}

void
json_bool(struct json_writer *w, bool value)
{
	add_literal(w, value ? "true" : "false");
}

void
json_put_null(struct json_writer *w)
{
	add_literal(w, "null");
}

void
json_member(struct json_writer *w, const char *key, const char *text)
{
	if (!text)
		return;
	json_key(w, key);
	json_put_string(w, text);
}

void
json_member_int(struct json_writer *w, const char *key, int64_t n)
{
	json_key(w, key);
	json_int(w, n);
}

void
json_member_bool(struct json_writer *w, const char *key, bool value)
{
	json_key(w, key);
	json_bool(w, value);
}

void
json_member_time(struct json_writer *w, const char *key, int64_t t)
{
	char text[CLOCK_TEXT];

	if (t != TIME_NONE)
		json_member(w, key, clock_rfc3339(t, text));
}

/* ---- reading ---- */

/*
 * struct json and struct json_value are never defined: a pointer to either is a json_t, which
 * stays in this file.
 */
static const json_t *
value_of(const struct json_value *v)
{
	return (const json_t *)v;
}

/*
 * Our code that walks a document is recursive, and jansson would allow 2048 levels; each object
 * and array costs it memory by the hundred bytes.
 */
static bool
is_measured(const char *text, size_t len, size_t most_groups, struct err *err)
{
	unsigned depth = 0;
	size_t groups = 0;
	bool quoted = false;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (quoted) {
			if (c == '\\')
				i++;
			else if (c == '"')
				quoted = false;
		} else if (c == '"') {
			quoted = true;
		} else if (c == '[' || c == '{') {
			if (++depth > LIMIT_JSON_DEPTH)
				return err_set(err, ERR_INPUT,
				    "json: nested deeper than %d", LIMIT_JSON_DEPTH);
			if (++groups > most_groups)
				return err_set(err, ERR_INPUT,
				    "json: more than %zu objects and arrays",
				    most_groups);
		} else if ((c == ']' || c == '}') && depth > 0) {
			depth--;
		}
	}
	return true;
}

/*
 * jansson refuses an integer of more than 64 bits.  Only then is all read again with numbers
 * as reals, which lose digits.
 */
static json_t *
load_document(const char *text, size_t len, json_error_t *why)
{
	json_t *doc = json_loadb(text, len, JSON_DECODE_ANY, why);

	if (!doc && json_error_code(why) == json_error_numeric_overflow)
		doc =
		    json_loadb(text, len, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, why);
	return doc;
}

/* Says what jansson says, without the name of a jansson option. */
static void
say_where(const json_error_t *why, struct err *err)
{
	static const char option[] = " without JSON_ALLOW_NUL";
	const char *at = strstr(why->text, option);
	int len = (int)(at ? (size_t)(at - why->text) : strlen(why->text));

	(void)err_set(err, ERR_INPUT, "json: line %d, column %d: %.*s%s", why->line,
	    why->column, len, why->text, at ? at + sizeof(option) - 1 : "");
}

static struct json *
parse_within(const char *text, size_t len, size_t most_groups, struct err *err)
{
	static const char bom[] = "\xEF\xBB\xBF";
	json_error_t why;
	json_t *doc = NULL;

	if (ascii_starts(text, len, bom)) {
		text += strlen(bom);
		len -= strlen(bom);
	}
	if (!is_measured(text, len, most_groups, err))
		return NULL;
	doc = load_document(text, len, &why);
	if (!doc)
		say_where(&why, err);
	return (struct json *)doc;
}

struct json *
json_parse(const char *text, size_t len, struct err *err)
{
	return parse_within(text, len, LIMIT_JSON_GROUPS, err);
}

struct json *
json_parse_large(const char *text, size_t len, struct err *err)
{
	return parse_within(text, len, len, err);
}

void
json_free(struct json *doc)
{
	json_decref((json_t *)doc);
}

const struct json_value *
json_root(const struct json *doc)
{
	return (const struct json_value *)doc;
}

const struct json_value *
json_get(const struct json_value *v, const char *key)
{
	return (const struct json_value *)json_object_get(value_of(v), key);
}

const char *
json_next_key(const struct json_value *v, const char *key)
{
	json_t *object = (json_t *)(uintptr_t)value_of(v);
	void *at = key ? json_object_iter_next(object, json_object_iter_at(object, key))
		       : json_object_iter(object);

	return at ? json_object_iter_key(at) : NULL;
}

bool
json_is_object(const struct json_value *v)
{
	return v && json_typeof(value_of(v)) == JSON_OBJECT;
}

bool
json_is_array(const struct json_value *v)
{
	return v && json_typeof(value_of(v)) == JSON_ARRAY;
}

size_t
json_count(const struct json_value *array)
{
	return json_array_size(value_of(array));
}

const struct json_value *
json_at(const struct json_value *array, size_t index)
{
	return (const struct json_value *)json_array_get(value_of(array), index);
}

const char *
json_text(const struct json_value *v)
{
	return json_string_value(value_of(v));
}

bool
json_number(const struct json_value *v, int64_t *n)
{
	double real = 0;

	if (v && json_typeof(value_of(v)) == JSON_INTEGER) {
		*n = json_integer_value(value_of(v));
		return true;
	}
	if (!json_real_number(v, &real))
		return false;
	/* The largest int64_t is no double, 2^63 is: hence "<". */
	if (!(real >= -9223372036854775808.0 && real < 9223372036854775808.0))
		return false;
	*n = (int64_t)real;
	return (double)*n >= real && (double)*n <= real;
}

bool
json_real_number(const struct json_value *v, double *n)
{
	if (!v || !json_is_number(value_of(v)))
		return false;
	*n = json_number_value(value_of(v));
	return true;
}

bool
json_truth(const struct json_value *v)
{
	return v && json_typeof(value_of(v)) == JSON_TRUE;
}

bool
json_says_false(const struct json_value *v)
{
	return v && json_typeof(value_of(v)) == JSON_FALSE;
}

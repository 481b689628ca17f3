/* SPDX-License-Identifier: ISC */
/*
 * JSON: a writer that streams into a buf and a strict reader (jansson, whose only room this
 * is) with limits on depth and size.  json_put_string, json_put_null and json_real_number are
 * longer than their sisters because jansson exports the short names to the linker.
 */
#ifndef FORMAT_JSON_H
#define FORMAT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* ---- writing: keys and values in order; commas and escaping are the writer's ---- */
struct json_writer {
	struct buf *out;
	unsigned depth;
	bool comma;  /* a value was written on this level */
	bool keyed;  /* a key waits for its value */
	bool pretty; /* one member a line, two blanks per level */
};
void json_writer_init(struct json_writer *w, struct buf *out, bool pretty);
void json_begin_object(struct json_writer *w);
void json_end_object(struct json_writer *w);
void json_begin_array(struct json_writer *w);
void json_end_array(struct json_writer *w);
void json_key(struct json_writer *w, const char *key);
/* NULL writes null. */
void json_put_string(struct json_writer *w, const char *text);
void json_int(struct json_writer *w, int64_t n);
void json_bool(struct json_writer *w, bool value);
void json_put_null(struct json_writer *w);
/* Key and value; text NULL leaves the member out. */
void json_member(struct json_writer *w, const char *key, const char *text);
void json_member_int(struct json_writer *w, const char *key, int64_t n);
void json_member_bool(struct json_writer *w, const char *key, bool value);
/* An instant as RFC 3339; TIME_NONE leaves the member out. */
void json_member_time(struct json_writer *w, const char *key, int64_t t);

/* ---- reading ---- */
struct json;       /* a document, owned */
struct json_value; /* a value inside, borrowed from its document */

/*
 * Strict RFC 8259 of UTF-8 (no escaped NUL either); a BOM is skipped.  Whole numbers past 64
 * bits are reals.  Of two members with one name the last counts.  ERR_INPUT names line and
 * column, and is the answer to nesting deeper than LIMIT_JSON_DEPTH and to more objects and
 * arrays than LIMIT_JSON_GROUPS.
 */
struct json *json_parse(const char *text, size_t len, struct err *err) MUST_CHECK;
/* The same for a file of the keeper's own, with as many objects as it has bytes for. */
struct json *json_parse_large(const char *text, size_t len, struct err *err) MUST_CHECK;
void json_free(struct json *doc);
const struct json_value *json_root(const struct json *doc);
/* NULL when v is no object or has no such member. */
const struct json_value *json_get(const struct json_value *v, const char *key);
/* The name of the member after the one called key, the first when key is NULL; NULL at the end. */
const char *json_next_key(const struct json_value *v, const char *key);
bool json_is_object(const struct json_value *v);
bool json_is_array(const struct json_value *v);
size_t json_count(const struct json_value *array);
const struct json_value *json_at(const struct json_value *array, size_t index);
/* The text of a string; NULL for everything else. */
const char *json_text(const struct json_value *v);
/* True for an integer or a real that is one. */
bool json_number(const struct json_value *v, int64_t *n);
/* Reals as they are (for durations); false when no number. */
bool json_real_number(const struct json_value *v, double *n);
bool json_truth(const struct json_value *v);
bool json_says_false(const struct json_value *v);

#endif

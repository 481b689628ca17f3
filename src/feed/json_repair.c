/* SPDX-License-Identifier: ISC */
#include "feed/json_repair.h"

#include <stdint.h>
#include <string.h>

#include "base/attr.h"
#include "base/limits.h"
#include "base/text.h"

struct json_repair {
	struct buf *out;
	const char *at;
	const char *end;
	char closers[LIMIT_JSON_DEPTH]; /* of the lists and objects that are open */
	size_t depth;
	/* Length of out behind the last complete item of the root's list; 0 = none. */
	size_t complete;
	bool is_cut; /* the text ends inside a string */
};

/* ---- strings ---- */

/* The value of four hexadecimal digits; false when they are none. */
static bool
hex4(const char *p, const char *end, uint32_t *value)
{
	*value = 0;
	if (end - p < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		int digit = ascii_hex_value(p[i]);

		if (digit < 0)
			return false;
		*value = *value << 4 | (uint32_t)digit;
	}
	return true;
}

static bool
is_surrogate(uint32_t c, uint32_t first)
{
	return c >= first && c < first + 0x400;
}

/* "\uXXXX" at r->at; a pair of surrogates is taken at once. */
static void
copy_unicode_escape(struct json_repair *r)
{
	uint32_t c = 0;
	uint32_t low = 0;
	size_t len = 6;

	if (!hex4(r->at + 2, r->end, &c)) {
		buf_adds(r->out, "\\uFFFD");
		r->at += 2;
		return;
	}
	if (is_surrogate(c, 0xD800) && r->end - r->at >= 12 && r->at[6] == '\\' &&
	    r->at[7] == 'u' && hex4(r->at + 8, r->end, &low) && is_surrogate(low, 0xDC00))
		len = 12;
	if (c == 0 || (len == 6 && c >= 0xD800 && c <= 0xDFFF))
		buf_adds(r->out, "\\uFFFD");
	else
		buf_add(r->out, r->at, len);
	r->at += len;
}

static void
copy_escape(struct json_repair *r)
{
	if (r->end - r->at < 2) {
		r->at = r->end;
		return;
	}
	if (r->at[1] == 'u') {
		copy_unicode_escape(r);
		return;
	}
	if (strchr("\"\\/bfnrt", r->at[1]) && r->at[1]) {
		buf_add(r->out, r->at, 2);
		r->at += 2;
		return;
	}
	r->at++; /* "\'": the character means itself, and is looked at next */
}

static void
copy_string(struct json_repair *r)
{
	buf_addc(r->out, *r->at++);
	while (r->at < r->end && *r->at != '"') {
		unsigned char c = (unsigned char)*r->at;

		if (c == '\\') {
			copy_escape(r);
		} else if (c < 0x20) {
			buf_addf(r->out, "\\u%04X", c == 0 ? 0xFFFDU : c);
			r->at++;
		} else {
			buf_addc(r->out, *r->at++);
		}
	}
	r->is_cut = r->at == r->end;
	buf_addc(r->out, '"');
	r->at += !r->is_cut;
}

/* ---- what stands between them ---- */

static bool
is_trailing_comma(const struct json_repair *r)
{
	const char *p = ascii_skip_space(r->at + 1, r->end);

	return p < r->end && (*p == ']' || *p == '}');
}

/* False where more is open than a feed needs. */
static bool
copy_bracket(struct json_repair *r)
{
	char c = *r->at++;

	if (c == '{' || c == '[') {
		if (r->depth == ARRAY_LEN(r->closers))
			return false;
		r->closers[r->depth++] = c == '{' ? '}' : ']';
		buf_addc(r->out, c);
		return true;
	}
	if (r->depth == 0 || r->closers[r->depth - 1] != c)
		return true; /* closes nothing: left out */
	r->depth--;
	buf_addc(r->out, c);
	if (r->depth == 2 && r->closers[1] == ']')
		r->complete = r->out->len;
	return true;
}

/* A text cut off in the middle ends behind its last complete item, with all closed. */
static void
close_all(struct json_repair *r)
{
	if (r->depth == 0 && !r->is_cut)
		return;
	if (r->complete == 0)
		return;
	buf_truncate(r->out, r->complete);
	buf_adds(r->out, "]}");
}

void
json_repair(struct buf *out, const char *text, size_t len)
{
	struct json_repair r = { .out = out, .at = text, .end = text + len };

	while (r.at < r.end) {
		if (*r.at == '"') {
			copy_string(&r);
		} else if (*r.at && strchr("{}[]", *r.at)) {
			if (!copy_bracket(&r))
				break;
		} else {
			if (*r.at != ',' || !is_trailing_comma(&r))
				buf_addc(out, *r.at);
			r.at++;
		}
	}
	close_all(&r);
}

/* SPDX-License-Identifier: ISC */
#include "feed/json_repair.h"

#include <stdint.h>
#include <string.h>

#include "base/attr.h"
#include "base/limits.h"
#include "base/text.h"

struct mender {
	struct buf *out;
	const char *at;
	const char *end;
	char closers[LIMIT_JSON_DEPTH]; /* of the lists and objects that are open */
	size_t depth;
	size_t
	    complete; /* length of out behind the last item of the root's list; 0: none */
	bool is_cut;  /* the text ends inside a string */
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

/* "\uXXXX" at m->at; a pair of surrogates is taken at once. */
static void
mend_number(struct mender *m)
{
	uint32_t c = 0;
	uint32_t low = 0;
	size_t len = 6;

	if (!hex4(m->at + 2, m->end, &c)) {
		buf_adds(m->out, "\\uFFFD");
		m->at += 2;
		return;
	}
	if (is_surrogate(c, 0xD800) && m->end - m->at >= 12 && m->at[6] == '\\' &&
	    m->at[7] == 'u' && hex4(m->at + 8, m->end, &low) && is_surrogate(low, 0xDC00))
		len = 12;
	if (c == 0 || (len == 6 && c >= 0xD800 && c <= 0xDFFF))
		buf_adds(m->out, "\\uFFFD");
	else
		buf_add(m->out, m->at, len);
	m->at += len;
}

static void
mend_escape(struct mender *m)
{
	if (m->end - m->at < 2) {
		m->at = m->end;
		return;
	}
	if (m->at[1] == 'u') {
		mend_number(m);
		return;
	}
	if (strchr("\"\\/bfnrt", m->at[1]) && m->at[1]) {
		buf_add(m->out, m->at, 2);
		m->at += 2;
		return;
	}
	m->at++; /* "\'": the character means itself, and is looked at next */
}

static void
mend_string(struct mender *m)
{
	buf_addc(m->out, *m->at++);
	while (m->at < m->end && *m->at != '"') {
		unsigned char c = (unsigned char)*m->at;

		if (c == '\\') {
			mend_escape(m);
		} else if (c < 0x20) {
			buf_addf(m->out, "\\u%04X", c == 0 ? 0xFFFDU : c);
			m->at++;
		} else {
			buf_addc(m->out, *m->at++);
		}
	}
	m->is_cut = m->at == m->end;
	buf_addc(m->out, '"');
	m->at += m->at < m->end;
}

/* ---- what stands between them ---- */

static bool
is_trailing_comma(const struct mender *m)
{
	const char *p = m->at + 1;

	while (p < m->end && ascii_is_space((unsigned char)*p))
		p++;
	return p < m->end && (*p == ']' || *p == '}');
}

/* False where more is open than a feed needs. */
static bool
mend_bracket(struct mender *m)
{
	char c = *m->at++;

	if (c == '{' || c == '[') {
		if (m->depth == ARRAY_LEN(m->closers))
			return false;
		m->closers[m->depth++] = c == '{' ? '}' : ']';
		buf_addc(m->out, c);
		return true;
	}
	if (m->depth == 0 || m->closers[m->depth - 1] != c)
		return true; /* closes nothing: left out */
	m->depth--;
	buf_addc(m->out, c);
	if (m->depth == 2 && m->closers[1] == ']')
		m->complete = m->out->len;
	return true;
}

/* What was cut off in the middle: back to the last complete item, and all closed. */
static void
close_all(struct mender *m)
{
	if (m->depth == 0 && !m->is_cut)
		return;
	if (m->complete == 0)
		return;
	buf_truncate(m->out, m->complete);
	buf_adds(m->out, "]}");
}

void
json_repair(struct buf *out, const char *text, size_t len)
{
	struct mender m = { .out = out, .at = text, .end = text + len };

	while (m.at < m.end) {
		if (*m.at == '"') {
			mend_string(&m);
		} else if (*m.at && strchr("{}[]", *m.at)) {
			if (!mend_bracket(&m))
				break;
		} else {
			if (*m.at != ',' || !is_trailing_comma(&m))
				buf_addc(out, *m.at);
			m.at++;
		}
	}
	close_all(&m);
}

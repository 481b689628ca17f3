/* SPDX-License-Identifier: ISC */
#include "html/scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

void
scan_init(struct html_scan *s, const char *html, size_t len)
{
	s->at = html;
	s->end = html + len;
}

/* The ">" that ends the tag at `at`; one inside an attribute is always a reference. */
static const char *
tag_end(const char *at, const char *end)
{
	const char *gt = memchr(at, '>', (size_t)(end - at));

	return gt ? gt : end - 1;
}

static size_t
name_length(const char *name, const char *end)
{
	const char *at = name;

	while (at < end && ((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9')))
		at++;
	return (size_t)(at - name);
}

bool
scan_next(struct html_scan *s, struct html_token *t)
{
	const char *start = s->at;
	const char *stop;

	if (start >= s->end)
		return false;
	t->text = start;
	t->tag = TAG_TEXT;
	if (*start != '<') {
		stop = memchr(start, '<', (size_t)(s->end - start));
		t->kind = SCAN_TEXT;
		s->at = stop ? stop : s->end;
		t->len = (size_t)(s->at - start);
		return true;
	}
	t->kind = start + 1 < s->end && start[1] == '/' ? SCAN_END : SCAN_START;
	stop = tag_end(start, s->end);
	start += t->kind == SCAN_END ? 2 : 1;
	t->tag = tag_find(start, name_length(start, stop));
	s->at = stop + 1;
	t->len = (size_t)(s->at - t->text);
	return true;
}

/* Finds ` name="value"` in a tag. */
static const char *
find_attr(const struct html_token *t, const char *name, size_t *len)
{
	const char *at = t->text;
	const char *end = t->text + t->len;
	size_t wanted = strlen(name);

	while ((at = memchr(at, '"', (size_t)(end - at))) != NULL) {
		const char *close = memchr(at + 1, '"', (size_t)(end - at - 1));
		size_t before = (size_t)(at - t->text);

		if (!close)
			return NULL;
		if (before > wanted + 2 && at[-1] == '=' &&
		    strncmp(at - 1 - wanted, name, wanted) == 0 &&
		    at[-2 - (long)wanted] == ' ') {
			*len = (size_t)(close - at - 1);
			return at + 1;
		}
		at = close + 1;
	}
	return NULL;
}

char *
token_attr(struct arena *a, const struct html_token *t, const char *name)
{
	struct buf b = BUF_INIT(LIMIT_HTML_CLEAN);
	size_t len;
	const char *raw = find_attr(t, name, &len);
	char *value;

	if (!raw)
		return NULL;
	if (!memchr(raw, '&', len))
		return arena_strndup(a, raw, len);
	scan_decode(&b, raw, len);
	value = arena_strndup(a, buf_text(&b), b.len);
	buf_clear(&b);
	return value;
}

long
token_number(const struct html_token *t, const char *name, long fallback)
{
	size_t len;
	const char *raw = find_attr(t, name, &len);
	char *end;
	long number;

	if (!raw)
		return fallback;
	number = strtol(raw, &end, 10);
	return end > raw && *end == '"' ? number : fallback;
}

/* The references that clean HTML has. */
static const struct reference {
	const char *name;
	size_t len;
	char c;
} references[] = {
	{ "&amp;", sizeof("&amp;") - 1, '&' },
	{ "&lt;", sizeof("&lt;") - 1, '<' },
	{ "&gt;", sizeof("&gt;") - 1, '>' },
	{ "&quot;", sizeof("&quot;") - 1, '"' },
	{ "&#39;", sizeof("&#39;") - 1, '\'' },
};

static size_t
decode_one(struct buf *b, const char *text, size_t len)
{
	for (size_t i = 0; i < ARRAY_LEN(references); i++) {
		const struct reference *r = &references[i];

		if (len >= r->len && strncmp(text, r->name, r->len) == 0) {
			buf_addc(b, r->c);
			return r->len;
		}
	}
	buf_addc(b, '&');
	return 1;
}

void
scan_decode(struct buf *b, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *amp = memchr(text, '&', (size_t)(end - text));
		const char *stop = amp ? amp : end;

		buf_add(b, text, (size_t)(stop - text));
		text = stop;
		if (amp)
			text += decode_one(b, amp, (size_t)(end - amp));
	}
}

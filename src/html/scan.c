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

bool
token_begins_whole(const struct html_token *t)
{
	return t->kind == SCAN_START && (t->tag == TAG_TABLE || t->tag == TAG_PRE);
}

void
scan_skip_element(struct html_scan *s, enum html_tag tag)
{
	struct html_token t;
	size_t depth = 1;

	while (depth > 0 && scan_next(s, &t)) {
		if (t.tag != tag)
			continue;
		if (t.kind == SCAN_START)
			depth++;
		else if (t.kind == SCAN_END)
			depth--;
	}
}

bool
token_next_attr(const struct html_token *t, struct token_attr *at)
{
	const char *end = t->text + t->len;
	const char *from = at->name ? at->value + at->value_len : t->text;
	const char *space = memchr(from, ' ', (size_t)(end - from));
	const char *quote = space ? memchr(space, '"', (size_t)(end - space)) : NULL;
	const char *close =
	    quote ? memchr(quote + 1, '"', (size_t)(end - quote - 1)) : NULL;

	if (!close || quote < space + 3 || quote[-1] != '=')
		return false;
	at->name = space + 1;
	at->name_len = (size_t)(quote - at->name) - 1;
	at->value = quote + 1;
	at->value_len = (size_t)(close - at->value);
	return true;
}

bool
token_attr_is(const struct token_attr *at, const char *name)
{
	return strlen(name) == at->name_len && memcmp(at->name, name, at->name_len) == 0;
}

bool
token_find_attr(const struct html_token *t, const char *name, struct token_attr *at)
{
	*at = (struct token_attr){ 0 };
	while (token_next_attr(t, at))
		if (token_attr_is(at, name))
			return true;
	return false;
}

char *
token_value(struct arena *a, const struct html_token *t, const char *name)
{
	struct buf b = BUF_INIT(LIMIT_HTML_CLEAN);
	struct token_attr at;

	if (!token_find_attr(t, name, &at))
		return NULL;
	if (!memchr(at.value, '&', at.value_len))
		return arena_strndup(a, at.value, at.value_len);
	scan_decode(&b, at.value, at.value_len);
	return arena_take(a, &b);
}

long
token_number(const struct html_token *t, const char *name, long fallback)
{
	struct token_attr at;
	char *end;
	long number;

	if (!token_find_attr(t, name, &at))
		return fallback;
	number = strtol(at.value, &end, 10);
	return end > at.value && *end == '"' ? number : fallback;
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

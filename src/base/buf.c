/* SPDX-License-Identifier: ISC */
#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { FIRST_CAP = 256 };

void
buf_init(struct buf *b, size_t max)
{
	*b = (struct buf)BUF_INIT(max);
}

void
buf_clear(struct buf *b)
{
	free(b->data);
	buf_init(b, b->max);
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
	b->full = false;
	if (b->data)
		b->data[0] = '\0';
}

bool
buf_reserve(struct buf *b, size_t len)
{
	size_t need = 0;
	size_t cap = b->cap ? b->cap : FIRST_CAP;

	if (len > b->max - b->len) {
		b->full = true;
		return false;
	}
	need = b->len + len + 1;
	if (need <= b->cap)
		return true;
	while (cap < need)
		cap += cap / 2 + 1;
	b->data = xreallocarray(b->data, cap, 1);
	b->cap = cap;
	b->data[b->len] = '\0';
	return true;
}

void
buf_add(struct buf *b, const void *bytes, size_t len)
{
	if (!buf_reserve(b, len))
		return;
	if (len > 0)
		memcpy(b->data + b->len, bytes, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void
buf_addc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_adds(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void
buf_vaddf(struct buf *b, const char *fmt, va_list ap)
{
	/* Mostly there is room, and one pass instead of two; never past the ceiling. */
	const size_t most = b->max - b->len + 1;
	const size_t left = b->data ? b->cap - b->len : 0;
	const size_t room = left < most ? left : most;
	va_list again;
	int n = 0;

	va_copy(again, ap);
	n = vsnprintf(room > 0 ? b->data + b->len : NULL, room, fmt, ap);
	if (n >= 0 && (size_t)n < room) {
		b->len += (size_t)n;
	} else if (n >= 0 && buf_reserve(b, (size_t)n)) {
		(void)vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	} else if (room > 0) {
		b->data[b->len] = '\0';
	}
	va_end(again);
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(b, fmt, ap);
	va_end(ap);
}

void
buf_truncate(struct buf *b, size_t len)
{
	assert(len <= b->len);
	b->len = len;
	if (b->data)
		b->data[len] = '\0';
}

bool
buf_is_full(const struct buf *b)
{
	return b->full;
}

const char *
buf_text(const struct buf *b)
{
	return b->data ? b->data : "";
}

char *
buf_take(struct buf *b)
{
	char *text = b->data ? b->data : xstrdup("");

	b->data = NULL;
	buf_init(b, b->max);
	return text;
}

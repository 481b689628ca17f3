/* SPDX-License-Identifier: ISC */
/*
 * A growing string with a ceiling.  An append that would pass the ceiling appends nothing and
 * sets `full`, which stays set: build the whole text, then ask buf_is_full() once.  Always
 * NUL-terminated after the first append.  No pointer into a buf survives an append to it.
 *
 * A low-level primitive: it depends on base/mem.h alone.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

struct buf {
	char *data; /* NULL until something is appended; use buf_text() to read */
	size_t len; /* bytes, without the closing NUL */
	size_t cap;
	size_t max; /* ceiling in bytes */
	bool full;  /* something was left out */
};

#define BUF_INIT(ceiling) \
	{ \
		NULL, 0, 0, (ceiling), false \
	}

void buf_init(struct buf *b, size_t max);
/* Releases the memory; the buf is empty and usable again with the same ceiling. */
void buf_clear(struct buf *b);
/* Empties it, keeps the memory, forgets `full`. */
void buf_reset(struct buf *b);

void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_addc(struct buf *b, char c);
void buf_adds(struct buf *b, const char *text);
void buf_addf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_vaddf(struct buf *b, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);

/* Makes room for len more bytes (one growth instead of many); false when past the ceiling. */
bool buf_reserve(struct buf *b, size_t len);
/* Cuts to len bytes; len must not be larger than the present length. */
void buf_truncate(struct buf *b, size_t len);

bool buf_is_full(const struct buf *b);
/* The text, "" when empty.  Borrowed until the next change of b. */
const char *buf_text(const struct buf *b);
/* Hands the text over: owned by the caller; the buf is empty again.  Never NULL. */
char *buf_take(struct buf *b) MUST_CHECK;

#endif

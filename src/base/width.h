/* SPDX-License-Identifier: ISC */
/* Columns of a terminal that text takes.  UTF-8; independent of the locale. */
#ifndef BASE_WIDTH_H
#define BASE_WIDTH_H

#include <stddef.h>
#include <stdint.h>

/* Terminal columns: 0 for combining, 2 for wide East Asian and emoji, 1 for the rest. */
int width_of_char(uint32_t c);
size_t width_of_text(const char *text, size_t len);
/* Length in bytes of the longest beginning of text no wider than columns. */
size_t width_fit(const char *text, size_t len, size_t columns);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Text is UTF-8, checked at the border.  This file is the border: validation, transcoding,
 * width, wrapping, folding.  Locale-independent throughout.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

/* Neither NULL nor empty. */
bool text_is_set(const char *text);
/* True for well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms) without NUL. */
bool text_is_utf8(const char *text, size_t len);
/*
 * Appends text as clean UTF-8: ill-formed bytes become U+FFFD, controls but tab and newline
 * are dropped, as are U+FFFE, U+FFFF, and bidi overrides (U+202A..U+202E are kept only in pairs
 * by the HTML cleaner, not here: they are dropped).  CRLF and a lone CR become a newline.
 */
void text_add_clean(struct buf *b, const char *text, size_t len);
/*
 * One line of clean text: as above, white space folded to single blanks, trimmed.  No-break
 * and ideographic blanks stay inside the line, since they mean something there.
 */
char *text_one_line(struct arena *a, const char *text, size_t len) MUST_CHECK;

/* Decodes one character; returns its length in bytes (1 for an ill-formed byte, *c = U+FFFD). */
size_t text_decode(const char *text, size_t len, uint32_t *c);
/* Appends the UTF-8 of c; U+FFFD for what is no scalar value. */
void text_encode(struct buf *b, uint32_t c);

/* Appends text, ill-formed bytes as U+FFFD; returns how many they were. */
size_t text_add_utf8(struct buf *b, const char *text, size_t len);

/* Terminal columns: 0 for combining, 2 for wide East Asian and emoji, 1 for the rest. */
int text_char_width(uint32_t c);
size_t text_width(const char *text, size_t len);
/* Length in bytes of the longest beginning of text no wider than columns. */
size_t text_fit(const char *text, size_t len, size_t columns);

/*
 * Appends text filled to `columns`, each line after `indent` (the first after `first`).
 * Breaks at blanks and between wide East Asian characters (simple kinsoku: not before closing
 * punctuation); a word longer than a line, such as an address, stays whole.  Line ends in text
 * are blanks.  Each line, the last too, ends with a newline; text without a word adds nothing.
 */
void text_wrap(struct buf *b, const char *text, size_t columns, const char *first,
    const char *indent);

/* ASCII-only, independent of the locale. */
bool text_is_space(int c);
int text_lower(int c);
/* The value of a hexadecimal digit, or -1. */
int text_hex_value(char c);
bool text_eq_nocase(const char *a, const char *b);
bool text_starts_nocase(const char *text, const char *start);
const char *text_find_nocase(const char *hay, const char *needle);
/* Trims ASCII white space at both ends: moves *text, shortens *len. */
void text_trim(const char **text, size_t *len);
/* Number of words as a reader counts: runs of letters; every CJK character counts half. */
size_t text_words(const char *text, size_t len);
/* Edit distance (Damerau-Levenshtein, capped at 64 bytes each): for "did you mean". */
size_t text_distance(const char *a, const char *b);
/* The candidate nearest to word, or NULL when none is near enough to be meant. */
const char *text_nearest(const char *word, const char *const *candidates, size_t count);
/* Compares names as a person sorts them: case-insensitively for ASCII, then by bytes. */
int text_compare(const char *a, const char *b);

#endif

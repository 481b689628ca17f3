/* SPDX-License-Identifier: ISC */
/*
 * Text from outside is made or checked to be clean UTF-8 here.  Includes the other headers about
 * text: ASCII, columns of a terminal, filling lines, near words.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/nearest.h"
#include "base/width.h"
#include "base/wrap.h"

/*
 * Takes user and password out of every web address in the text, in place:
 * "https://me:pw@host/" becomes "https://host/".  What people are told passes through here.
 */
void text_drop_logins(char *text);
/* The digits of a number, in out; far cheaper than a format. */
enum { TEXT_NUMBER = 24 };
const char *text_number(uint64_t number, char out[TEXT_NUMBER]);
/* Neither NULL nor empty. */
bool text_is_set(const char *text);
/* The next word of a list, which moves behind it, in a; NULL at its end. */
const char *text_next_word(struct arena *a, const char **list,
    const char *separators) MUST_CHECK;
/* Whether it is one of count texts. */
bool text_is_among(const char *text, const char *const *list, size_t count);
/* True for well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms) without NUL. */
bool text_is_utf8(const char *text, size_t len);
/* True for what text_add_clean() appends as it is. */
bool text_is_clean(const char *text, size_t len);
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

/*
 * The bytes of the character at text that must not reach a terminal or a log as it is: controls
 * (C0, C1), what turns or hides other characters (direction marks, zero width, tags), and
 * ill-formed bytes.  0 for everything that people see.
 */
size_t text_hidden_length(const char *text, size_t len);
/* True for such a character: two texts that differ in it alone look the same. */
bool text_is_hidden(uint32_t c);
/*
 * What a stranger wrote as one line for a terminal: hidden characters as \xNN, byte by byte; tabs
 * and line ends as blanks.  NULL is "".
 */
char *text_shown(struct arena *a, const char *text) MUST_CHECK;
void text_add_shown(struct buf *b, const char *text, size_t len);
/* One line of clean text without any hidden character: a stranger's words to be kept. */
char *text_visible_line(struct arena *a, const char *text) MUST_CHECK;

/* Decodes one character; returns its length in bytes (1 for an ill-formed byte, *c = U+FFFD). */
size_t text_decode(const char *text, size_t len, uint32_t *c);
/* Appends the UTF-8 of c; U+FFFD for what is no scalar value. */
void text_encode(struct buf *b, uint32_t c);

/* Appends text, ill-formed bytes as U+FFFD; returns how many they were. */
size_t text_add_utf8(struct buf *b, const char *text, size_t len);

#endif

/* SPDX-License-Identifier: ISC */
/* Letters, blanks and digits of ASCII alone: the same in every locale. */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include <stdbool.h>
#include <stddef.h>

static inline bool
ascii_is_space(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline bool
ascii_is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static inline int
ascii_lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static inline bool
ascii_is_letter(int c)
{
	c = ascii_lower(c);
	return c >= 'a' && c <= 'z';
}

static inline bool
ascii_is_alphanumeric(int c)
{
	return ascii_is_letter(c) || ascii_is_digit(c);
}

/* Puts capitals to small letters in place.  Returns text. */
char *ascii_make_lower(char *text);
/* True for white space alone, and for nothing. */
bool ascii_is_only_space(const char *text, size_t len);
/* The value of a hexadecimal digit, or -1. */
int ascii_hex_value(char c);
bool ascii_eq_nocase(const char *a, const char *b);
bool ascii_starts_nocase(const char *text, const char *start);
/* True when the len bytes at text begin with `start`, in its case; no byte behind is read. */
bool ascii_starts(const char *text, size_t len, const char *start);
/* The same of their end. */
bool ascii_ends(const char *text, size_t len, const char *end);
const char *ascii_find_nocase(const char *hay, const char *needle);
/* Behind the white space that stands at `at`; end may be NULL, then a NUL ends the text. */
const char *ascii_skip_space(const char *at, const char *end);
/* The first `what`, which is not empty, in from..end; NULL when there is none. */
const char *ascii_find(const char *from, const char *end, const char *what);
/* Trims ASCII white space at both ends: moves *text, shortens *len. */
void ascii_trim(const char **text, size_t *len);
/* Compares names as a person sorts them: case-insensitively for ASCII, then by bytes. */
int ascii_compare(const char *a, const char *b);

#endif

/* SPDX-License-Identifier: ISC */
/* Letters, blanks and digits of ASCII alone: the same in every locale. */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include <stdbool.h>
#include <stddef.h>

bool text_is_space(int c);
int text_lower(int c);
/* The value of a hexadecimal digit, or -1. */
int text_hex_value(char c);
bool text_eq_nocase(const char *a, const char *b);
bool text_starts_nocase(const char *text, const char *start);
const char *text_find_nocase(const char *hay, const char *needle);
/* Trims ASCII white space at both ends: moves *text, shortens *len. */
void text_trim(const char **text, size_t *len);
/* Compares names as a person sorts them: case-insensitively for ASCII, then by bytes. */
int text_compare(const char *a, const char *b);

#endif

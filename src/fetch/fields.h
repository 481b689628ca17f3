/* SPDX-License-Identifier: ISC */
/* Values of HTTP header fields as numbers. */
#ifndef FETCH_FIELDS_H
#define FETCH_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Digits alone, blanks around; false for everything else.  Capped at 10 years. */
bool field_seconds(const char *text, int64_t *seconds);
/*
 * max-age of Cache-Control (RFC 9111 5.2.2.1); -1 when not said, 0 for no-cache and no-store.
 */
int64_t field_max_age(const char *cache_control);
/* True for text that can be sent as a field's value: visible, no line break. */
bool field_is_sendable(const char *text);
/* Header lines to the log for -vv, without what is secret in them. */
void fields_log(char mark, const char *bytes, size_t len);

#endif

/* SPDX-License-Identifier: ISC */
/* Values of HTTP header fields as numbers. */
#ifndef FETCH_HTTP_FIELDS_H
#define FETCH_HTTP_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Digits alone, blanks around; false for everything else.  Capped at 10 years. */
bool http_field_seconds(const char *text, int64_t *seconds);
/*
 * Retry-After (RFC 9110 10.2.3) as seconds from now, whether it was said in seconds or as a
 * date of any of the three forms; 0 for a date that is past, -1 for NULL and what is neither.
 */
int64_t http_field_retry_after(const char *text, int64_t now);
/*
 * max-age of Cache-Control (RFC 9111 5.2.2.1); -1 when NULL or not said, 0 for no-cache and
 * no-store.
 */
int64_t http_field_max_age(const char *cache_control);
/*
 * Seconds from the answer's Date, or now without one, to its Expires (RFC 9111 5.3); 0 when
 * that is past or no date, -1 when it is NULL.
 */
int64_t http_field_expires(const char *expires, const char *date, int64_t now);
/* True for text that can be sent as a field's value: visible, no line break. */
bool http_field_is_sendable(const char *text);
/* "name: value" to out; false when it is longer than size or cannot be sent. */
bool http_field_write(char *out, size_t size, const char *name, const char *value);
/* The status of a status line ("HTTP/1.1 301 ..."); 0 for every other line of a header. */
long http_field_status(const char *line, size_t len);
/* Header lines to the log for -vv, without what is secret in them. */
void http_fields_log(char mark, const char *bytes, size_t len);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Encodings of bodies of mail: quoted-printable and base64 (RFC 2045).
 */
#ifndef FORMAT_MIME_ENCODING_H
#define FORMAT_MIME_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Appends text as quoted-printable: lines of at most 76 octets, LF and CRLF become CRLF, only
 * what must be escaped is (=, controls, 8-bit, blank at a line's end; also "From " behind any
 * number of ">" and "." at a line's start, so that no mbox and no SMTP server alters a byte).
 */
void mime_quoted_printable(struct buf *b, const char *text, size_t len);
/*
 * Appends a text that begins at column 0 as a part of one line of quoted-printable: controls
 * become blanks, lines are at most 75 octets, so that a soft line break may follow.
 */
void mime_quoted_value(struct buf *b, const char *text);
/* False when an escape is none; it is then appended as it is, and what follows decoded. */
bool mime_quoted_printable_decode(struct buf *b, const char *text, size_t len) MUST_CHECK;
/* Base64 in lines of 76 octets ended by CRLF, or as one line without an end. */
void mime_base64(struct buf *b, const void *bytes, size_t len, bool in_lines);
/*
 * True when base64 in lines of 76 octets is shorter than quoted-printable; *size gets the length
 * of the shorter one, or is NULL, which is quicker.
 */
bool mime_prefers_base64(const char *text, size_t len, size_t *size);
/* Ignores white space; false at any other foreign character or wrong padding. */
bool mime_base64_decode(struct buf *b, const char *text, size_t len) MUST_CHECK;

#endif

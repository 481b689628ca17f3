/* SPDX-License-Identifier: ISC */
/*
 * The parts that differ from letter to letter: some fields of the header, and the values of
 * holes, encoded as quoted-printable.
 */
#ifndef MAIL_LETTER_PERSONAL_H
#define MAIL_LETTER_PERSONAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "mail/letter.h"

/* Nothing in it may end a field or a line early: ERR_INPUT. */
bool letter_personal_check(const struct letter_personal *p, struct err *err) MUST_CHECK;
/* Appends the fields To, Message-ID, List-Unsubscribe and List-Unsubscribe-Post. */
void letter_personal_add_header(struct buf *out, const struct letter_personal *p);
/* Appends what fills a hole, as mime_quoted_value does; in HTML escaped for text and attributes. */
void letter_personal_add_value(struct buf *out, const char *value, bool html);
/*
 * Appends, as base64, a text with its holes filled: canonical (CRLF), controls in values become
 * blanks.
 */
void letter_personal_add_text(struct buf *out, const char *text, size_t len, bool html,
    const struct letter_personal *p);

/* True for a word without blanks, controls and angle brackets; UTF-8 only where allowed. */
bool letter_is_header_word(const char *word, bool allow_utf8);
/* Length of the line being written. */
size_t letter_column(const struct buf *out);
/* "From: name <address>" CRLF, folded before the address when the line would be too long. */
void letter_add_mailbox(struct buf *out, const char *field, const struct mailbox *m);
/* The rest of such a field: name, which may be NULL, and what stands in brackets. */
void letter_add_bracketed(struct buf *out, const char *name, const char *word);
/* "Field: <word>" CRLF, folded before the word when the line would be too long. */
void letter_add_header_word(struct buf *out, const char *field, const char *word);

#endif

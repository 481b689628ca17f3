/* SPDX-License-Identifier: ISC */
/*
 * What one letter has for itself, written into its places: the fields of
 * the header that differ, and the values of holes, encoded as quoted-printable.
 */
#ifndef MAIL_LETTER_PERSONAL_H
#define MAIL_LETTER_PERSONAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "mail/letter.h"

enum hole {
	HOLE_NONE,
	HOLE_HEADER, /* To, Message-ID, List-Unsubscribe, List-Unsubscribe-Post */
	HOLE_LEAVE,
	HOLE_MANAGE,
	HOLE_ADDRESS,
	HOLE_SINCE
};

/* HOLE_NONE for a name nobody fills. */
enum hole hole_by_name(const char *name, size_t len);
/* Nothing in it may end a field or a line early: ERR_INPUT. */
bool letter_personal_check(const struct letter_personal *p, struct err *err) MUST_CHECK;
/*
 * Appends what belongs into a hole.  In a body: lines of at most 75 octets, so that a soft
 * line break may follow; in HTML escaped for text and for quoted attributes.
 */
void letter_personal_add(struct buf *out, enum hole hole, bool html,
    const struct letter_personal *p);

/* True for a word without blanks, controls and angle brackets; UTF-8 only where allowed. */
bool letter_is_header_word(const char *word, bool allow_utf8);
/* "Field: <word>" CRLF, folded before the word when the line would be too long. */
void letter_add_header_word(struct buf *out, const char *field, const char *word);

#endif

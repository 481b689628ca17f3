/* SPDX-License-Identifier: ISC */
/* The body of a part of a stranger's message as text. */
#ifndef MAIL_BODY_TEXT_H
#define MAIL_BODY_TEXT_H

#include <stddef.h>

#include "base/arena.h"

enum body_encoding { BODY_AS_IT_IS, BODY_QUOTED, BODY_BASE64 };

/* Of the value of Content-Transfer-Encoding (RFC 2045 6.1); what is not known is as it is. */
enum body_encoding body_encoding_of(const char *value);
/*
 * The first max bytes of a body, decoded, as clean UTF-8 with lines ended by LF.  charset: as the
 * message says it, or NULL; where it is not known, or Japanese escapes are in the text, it is
 * guessed.  In a.
 */
const char *body_text(struct arena *a, const char *bytes, size_t len,
    enum body_encoding encoding, const char *charset, size_t max);

#endif

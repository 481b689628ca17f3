/* SPDX-License-Identifier: ISC */
/*
 * The charsets of the WHATWG Encoding Standard by the labels people give them ("latin1" is
 * windows-1252, "ks_c_5601-1987" is EUC-KR), converted by iconv, which is used here alone.
 */
#ifndef BASE_CHARSET_H
#define BASE_CHARSET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Appends bytes of a charset as UTF-8 without a byte order mark.  What cannot be converted
 * becomes U+FFFD, counted in *bad when not NULL.  False when the label is not known.
 */
bool charset_to_utf8(struct buf *b, const char *label, const char *bytes, size_t len,
    size_t *bad) MUST_CHECK;
/*
 * Loads the charsets that mail is written in and keeps them, so that a process that may open
 * no file any more can still convert them.
 */
void charset_preload(void);
/* The standard's name of a label ("windows-1252"), NULL when it is not known.  Static. */
const char *charset_name(const char *label);

#endif

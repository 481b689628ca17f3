/* SPDX-License-Identifier: ISC */
/*
 * The encoding of text that says none and is not UTF-8, told by its content.
 */
#ifndef FEED_ENCODING_GUESS_H
#define FEED_ENCODING_GUESS_H

#include <stddef.h>

/*
 * A charset's label, static; "windows-1252" where nothing speaks for another.  Told are
 * Shift_JIS, EUC-JP, EUC-KR, Big5 and GB18030 by how their characters are built and which of
 * them are common; the Cyrillic, Greek, Hebrew, Arabic and Thai encodings by their most
 * frequent letters; of Latin scripts only by the language the feed names, which stands for the
 * encoding the HTML standard suggests for it (13.2.3.2).  len bytes at bytes, ASCII-compatible;
 * looks at LIMIT_GUESS of them.
 */
const char *encoding_guess(const char *bytes, size_t len);

#endif

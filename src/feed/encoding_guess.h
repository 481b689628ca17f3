/* SPDX-License-Identifier: ISC */
/*
 * The encoding of text that says none and is not UTF-8, told by its content.
 */
#ifndef FEED_ENCODING_GUESS_H
#define FEED_ENCODING_GUESS_H

#include <stddef.h>

/*
 * A charset's label, static; "windows-1252" where nothing speaks for another.  The language
 * that the feed names stands for the encoding the HTML standard suggests for it (13.2.3.2) and
 * its relatives; between these, and where no language is named, libuchardet decides.  bytes
 * are ASCII-compatible; LIMIT_GUESS of them are looked at.
 */
const char *encoding_guess(const char *bytes, size_t len);

#endif

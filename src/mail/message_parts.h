/* SPDX-License-Identifier: ISC */
/*
 * A stranger's message in its parts: the header, the texts as clean UTF-8, and the header of a
 * message it quotes.  libetpan finds the parts (RFC 2046), after what it cannot bear was looked
 * for: boundaries that crash it, too many of them, too much of everything.  A message that must
 * not be given to it, or in which it finds no text, is taken as one text.
 */
#ifndef MAIL_MESSAGE_PARTS_H
#define MAIL_MESSAGE_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "mail/header_fields.h"

struct message_part {
	const char *type; /* "text/plain", in lower case */
	const char
	    *text; /* clean UTF-8, lines ended by LF; that of HTML without its tags */
};
struct message_parts {
	struct header header;
	const struct message_part *parts;
	size_t count;
	struct header original; /* of the first message inside; without fields = none */
	bool has_original;      /* there is one, though its header may be taken out */
	bool is_flat;           /* taken as one text */
};

/* Looks at the first LIMIT_INCOMING_READ bytes.  Everything lives in a. */
void message_parts_read(struct arena *a, const char *bytes, size_t len,
    struct message_parts *out);

#endif

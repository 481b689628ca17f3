/* SPDX-License-Identifier: ISC */
/* Words of the form of list/token.h in a message, and where they stood. */
#ifndef MAIL_INCOMING_TOKENS_H
#define MAIL_INCOMING_TOKENS_H

#include "base/arena.h"
#include "mail/incoming.h"
#include "mail/message_parts.h"

/* Sets tokens of out: each word once, where it is worth most.  text: the words for people. */
void incoming_find_tokens(struct arena *a, const struct message_parts *m,
    const char *text, struct incoming *out);

#endif

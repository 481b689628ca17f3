/* SPDX-License-Identifier: ISC */
/*
 * A newsletter that arrived as the posts it brings: one letter is one post, a digest is as many
 * as it has (multipart/digest, RFC 1153, and letters of this program in each of its formats).
 * What lets somebody else act for the subscriber is not in them: links to leave, to preferences
 * and to confirmations, the subscriber's address, and words that look like this program's own
 * tokens (list/token.h).
 *
 * newsletter_read() reads bytes from outside: the program calls it in the confined child of
 * mail/newsletter_reader.h alone; tests and fuzzers may call it themselves.
 */
#ifndef MAIL_NEWSLETTER_H
#define MAIL_NEWSLETTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum newsletter_kind {
	NEWSLETTER_NOTHING, /* no message, or one that its reader did not survive */
	NEWSLETTER_ASKS, /* to confirm, a code, a link to log in, a reminder of a password */
	NEWSLETTER_LETTER, /* one post */
	NEWSLETTER_DIGEST  /* taken apart into its posts */
};

/* All texts are clean UTF-8, "" when it is not said. */
struct newsletter_post {
	const char *id; /* Message-ID of a message in a digest, without brackets */
	const char *title, *author, *date; /* one line each; date as it was written */
	const char *link;                  /* a web address */
	const char *text; /* HTML as it came, or plain text: not cleaned */
	bool is_html;
};
struct newsletter {
	enum newsletter_kind kind;
	const char *message_id;  /* without brackets */
	const char *list_id;     /* without brackets, in lower case */
	const char *from;        /* the address, in lower case */
	const char *name, *site; /* of the sender, and a web page of theirs */
	const char *date;        /* as it was written */
	const struct newsletter_post *posts;
	size_t count; /* at most LIMIT_NEWSLETTER_POSTS */
};

/*
 * Reads the first LIMIT_NEWSLETTER bytes of a message.  Never fails.  In a.
 */
void newsletter_read(struct arena *a, const char *bytes, size_t len,
    struct newsletter *out);

#endif

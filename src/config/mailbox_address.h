/* SPDX-License-Identifier: ISC */
/*
 * The address of newsletters in a mailbox that are a source like a feed:
 * maildir:/PATH?list=ID or mbox:/PATH?list=ID, where ID is that of List-Id (RFC 2919), or
 * ?from=ADDRESS for a newsletter that has none.
 */
#ifndef CONFIG_MAILBOX_ADDRESS_H
#define CONFIG_MAILBOX_ADDRESS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

struct mailbox_address {
	const char *path; /* absolute */
	const char *list; /* in lower case, or NULL */
	const char *from; /* in lower case, or NULL: one of the two is there */
	bool is_mbox;
};

/* Whether text is meant as one, well written or not. */
bool mailbox_address_is(const char *text);
/* ERR_CONFIG, with a hint, when it is none.  Everything in a. */
bool mailbox_address_read(struct arena *a, const char *text, struct mailbox_address *out,
    struct err *err) MUST_CHECK;

#endif

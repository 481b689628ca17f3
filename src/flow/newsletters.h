/* SPDX-License-Identifier: ISC */
/*
 * Newsletters in a mailbox as a feed: what came since the last look is read in a confined child
 * and given back as one document whose entries are posts.  The mailbox is left as it is.
 */
#ifndef FLOW_NEWSLETTERS_H
#define FLOW_NEWSLETTERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "feed/feed.h"

struct newsletter_reader;
struct run;

struct newsletter_look {
	bool unchanged;    /* one look, and nothing came */
	struct feed *feed; /* format "mail"; NULL when unchanged */
	const char *known; /* for the next look */
	size_t read;       /* messages of this newsletter that were posts */
	size_t others;     /* of other lists and people: passed over */
	size_t asks;       /* to confirm, codes, reminders of passwords: never shown */
	size_t lost;       /* that could not be read */
	const char *lost_name; /* what is known of the first of these, or NULL */
};

/*
 * url: see config/mailbox_address.h; known: of the last look, or NULL.  *reader is started when
 * it is NULL and something is to be read; the caller frees it.  Errors are of the mailbox, as
 * mail_folder_open() says them.  Everything in a.
 */
bool flow_newsletters_look(struct run *run, struct arena *a, const char *url,
    const char *known, struct newsletter_reader **reader, struct newsletter_look *out,
    struct err *err) MUST_CHECK;
/* Counts what was found with the source, and tells of what could not be read. */
void flow_newsletters_note(struct arena *a, struct source *s,
    const struct newsletter_look *look);

#endif

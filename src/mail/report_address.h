/* SPDX-License-Identifier: ISC */
/* Addresses in the text of a report, and how surely each is whom it speaks of. */
#ifndef MAIL_REPORT_ADDRESS_H
#define MAIL_REPORT_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum report_rank {
	RANK_NONE,    /* whom to ask, a link, a name beside others */
	RANK_NAMED,   /* in a sentence */
	RANK_LABELED, /* behind "recipient:", "RCPT TO:", "your message to" */
	RANK_ALONE    /* alone in its line, or at its beginning with a colon behind */
};

struct report_address {
	const char *text;
	enum report_rank rank;
	size_t line; /* the caller's */
};

/*
 * The next address in a line, from *at on, which moves behind it; false when there is no more.
 * In a.
 */
bool report_address_next(struct arena *a, const char *line, const char **at,
    struct report_address *out);

#endif

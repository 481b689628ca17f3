/* SPDX-License-Identifier: ISC */
/* Who wrote an entry or a feed. */
#ifndef FEED_ENTRY_PERSON_H
#define FEED_ENTRY_PERSON_H

#include "feed/entry_builder.h"

void draft_add_person(struct draft *d, unsigned rank, const char *name, const char *email,
    const char *url);
/* "Ann <ann@x>", "ann@x (Ann)", "Ann": one person, plain text. */
void draft_add_person_text(struct draft *d, unsigned rank, const char *text);

#endif

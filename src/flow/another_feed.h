/* SPDX-License-Identifier: ISC */
/* Whether a document is that of the feed that was expected. */
#ifndef FLOW_ANOTHER_FEED_H
#define FLOW_ANOTHER_FEED_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/model.h"

struct http_response;
struct run;

/*
 * A domain that lapsed, or a blog's software that was broken into, brings another feed under the
 * same address: its title, its language and the address it gives itself change all at once.
 * NULL: that is not so, or a person has said that it is right.  Else how, in words, in a.
 */
const char *feed_seems_another(struct arena *a, const struct source *s,
    const struct feed *feed);
/*
 * Is it the feed of another source, in another format or at another address?  Entries that are
 * stored have their ids.  Then *same_as is words about it, in a; else it stays as it was.
 */
bool feed_find_twin(struct run *run, struct arena *a, const struct source *s,
    const struct feed *feed, const char **same_as, struct err *err) MUST_CHECK;
/*
 * The source takes title, page, language and validators from its document.  What is doubtful does
 * not take its name before a person says so.  Borrows from both.
 */
void feed_take_facts(struct source *s, const struct feed *feed,
    const struct http_response *resp, bool is_doubtful);

#endif

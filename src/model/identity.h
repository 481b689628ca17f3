/* SPDX-License-Identifier: ISC */
/*
 * When two posts are the same one.  Pure: from what a document says of its entries come the
 * keys they can be known by; from what is remembered under such a key comes the decision.
 * Where the keys are kept and how they are found is the store's matter.
 *
 * A post is looked for in three layers, the first that finds something counts: its guid within
 * its source (without a guid its address within its source), its address anywhere, its text
 * anywhere.
 */
#ifndef MODEL_IDENTITY_H
#define MODEL_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/model.h"

/* The keys of one entry, one for each layer; 0 = the layer says nothing about it. */
struct identity {
	int64_t own;
	int64_t link;
	int64_t text;
};

/* Of title and raw text, before cleaning. */
uint64_t identity_fingerprint(const struct entry *e);

/*
 * For each entry of a document the canonical form of its address (format/url.h), in `links`,
 * which has room for all of them.  NULL where the address tells no entry from others: there is
 * none, it is the feed's own page, or several entries of the document share it.  Entries that
 * stand on one page under anchors of their own keep these.  In a.
 */
void identity_find_links(struct arena *a, const struct feed *feed, const char **links);
/*
 * The keys of an entry whose source_id and fingerprint are set; link: as identity_find_links()
 * gave it.  A short text counts only where there is nothing else to know the entry by.
 */
struct identity identity_of(const struct entry *e, const char *link);
/* The key of a guid within its source. */
int64_t identity_of_guid(int64_t source_id, const char *guid);

/* What is remembered of a stored post that was found under one of the keys. */
struct identity_match {
	int64_t entry_id;     /* 0: nothing was found */
	int64_t source_id;    /* whose words the fingerprint is of */
	uint64_t fingerprint; /* what that source said last; 0: not known */
};
enum entry_known {
	ENTRY_NEW,
	ENTRY_KNOWN,
	ENTRY_CHANGED /* the same post, and its own source has changed it */
};
enum entry_known identity_decide(const struct entry *e,
    const struct identity_match *match);

#endif

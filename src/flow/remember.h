/* SPDX-License-Identifier: ISC */
/* New entries of a feed, recognized, cleaned and stored. */
#ifndef FLOW_REMEMBER_H
#define FLOW_REMEMBER_H

#include "digest/news.h"
#include "feed/feed.h"
#include "flow/context.h"

struct remembered {
	size_t added; /* entries that were unseen */
	size_t old;   /* of those, remembered and never mailed */
	size_t held;  /* of those, for a person to decide */
	size_t more;  /* unseen too, and so many that they are not even stored */
	size_t known; /* entries that it had before */
};
/* What is news in this round. */
bool flow_news_rules(struct run *run, struct news_rules *out, struct err *err) MUST_CHECK;
/* The entries of a document, on their way to be posts. */
struct keeping;
/*
 * What can be known of a document without the store.  Pure but for feed: any thread may do it,
 * while nobody else touches what is given.  Lives in scratch and borrows all that is given.
 */
struct keeping *flow_prepare_entries(struct run *run, struct arena *scratch,
    const struct source *s, struct feed *feed) MUST_CHECK;
/*
 * Guesses which of its entries are to be stored; *any tells whether there are such.  Writes
 * nothing, and promises nothing: others may store posts after it.
 */
bool flow_look_ahead(struct keeping *k, const struct news_rules *rules, bool *any,
    struct err *err) MUST_CHECK;
/*
 * Cleans those, so that flow_remember_entries() has less to do.  Changes nothing of what it does.
 * In any thread, as flow_prepare_entries().
 */
void flow_clean_ahead(struct keeping *k);
/*
 * Finds out which posts the entries of a document are, and asks the source's filter_command of
 * those that may be news.  That takes its time: no transaction should be open then.  Writes
 * nothing; nobody else may store posts until flow_remember_entries has.  ERR_TEMPORARY when the
 * run is interrupted while the program judges.
 */
bool flow_recognise_entries(struct keeping *k, const struct news_rules *rules,
    struct err *err) MUST_CHECK;
/*
 * Stores what is new in a feed, cleaned.  Of a source's first document only as many entries as
 * one issue shows, and only those younger than the last issue, may be mailed, the rest is
 * remembered; what is dated ahead and waits for its day takes nobody's place.  Later, entries
 * that are older than the last issue and than digest.late are remembered; fetch.flood or more
 * unseen ones at once, and those whose text was mailed before, are held for a person, at most
 * LIMIT_HELD_POSTS of a source.  Posts that were not mailed and are not there any more are taken
 * back.  Inside the caller's transaction.
 */
bool flow_remember_entries(struct keeping *k, struct remembered *out,
    struct err *err) MUST_CHECK;

/* How many entries of a document are posts that the source is known to have. */
bool flow_known_posts(struct run *run, const struct source *s, struct feed *feed,
    size_t *known, struct err *err) MUST_CHECK;

#endif

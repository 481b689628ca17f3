/* SPDX-License-Identifier: ISC */
/*
 * What is new in a parsed feed: the layers of identity, and which old posts are not news.
 */
#include "flow/remember.h"

#include <stdlib.h>
#include <string.h>

#include "format/url.h"
#include "feed/entry_clean.h"
#include "digest/select.h"
#include "flow/context.h"
#include "model/identity.h"
#include "store/entries.h"
#include "store/entry_lists.h"

struct keeping {
	struct run *run;
	struct arena *scratch; /* of one feed */
};

/* Entries without dates stay in the document's order, which is their place in one array. */
static int
newest_first(const void *a, const void *b)
{
	const struct entry *const *x = a;
	const struct entry *const *y = b;
	const int64_t at_x = entry_instant(*x);
	const int64_t at_y = entry_instant(*y);

	if (at_x != at_y)
		return (at_x < at_y) - (at_x > at_y);
	return (*x > *y) - (*x < *y);
}

/*
 * How many entries of a source's first document may be mailed: what one issue would show of
 * it.  The rest are old posts, remembered so that they are never mailed.
 */
static size_t
first_round_limit(const struct keeping *k, const struct source *s)
{
	const int64_t limit =
	    s->max_per_feed >= 0 ? s->max_per_feed : k->run->config->digest.max_per_feed;

	return limit > 0 ? (size_t)limit : SIZE_MAX;
}

/* A post that waits for its day is not part of what one issue shows. */
static bool
waits(const struct keeping *k, const struct entry *e)
{
	return k->run->config->digest.future == FUTURE_DROP &&
	    entry_instant(e) > k->run->now;
}

/* Whoever reads a letter can follow only addresses of the web, and is not followed by them. */
static void
clean_addresses(const struct keeping *k, struct entry *e)
{
	if (e->link && !url_is_web(e->link))
		e->link = NULL;
	if (e->link)
		e->link = url_untrack(k->scratch, e->link);
	if (e->image && !url_is_web(e->image))
		e->image = NULL;
}

/* Adds, updates or recognises one entry; *is_new tells whether it was unseen. */
static bool
keep_entry(struct keeping *k, const struct source *s, struct entry *e, const char *link,
    bool mailed, bool *is_new, struct err *err)
{
	struct identity keys = { 0 };
	enum entry_known known = ENTRY_NEW;
	int64_t id = 0;

	e->source_id = s->id;
	e->first_seen = k->run->now;
	keys = identity_of(e, link);
	*is_new = false;
	if (!store_entry_lookup(k->run->store, e, &keys, &known, &id, err))
		return false;
	switch (known) {
	case ENTRY_KNOWN:
		e->id = id;
		return store_entry_also(k->run->store, id, s->id, e->guid, err);
	case ENTRY_CHANGED:
		e->id = id;
		entry_clean(k->scratch, e, s->strip);
		return store_entry_update(k->run->store, id, e, &keys, err);
	case ENTRY_NEW:
		break;
	}
	*is_new = true;
	entry_clean(k->scratch, e, s->strip);
	return store_entry_add(k->run->store, e, &keys, mailed, err);
}

bool
flow_remember_entries(struct run *run, struct arena *scratch, const struct source *s,
    struct feed *feed, struct remembered *out, struct err *err)
{
	struct keeping keeping = { run, scratch };
	struct keeping *k = &keeping;
	const bool first = s->last_ok == TIME_NONE || s->last_ok == 0;
	const size_t limit = first ? first_round_limit(k, s) : SIZE_MAX;
	struct entry **order = arena_array(k->scratch, feed->entry_count, sizeof(*order));
	int64_t *ids = arena_array(k->scratch, feed->entry_count, sizeof(*ids));
	const char **links = arena_array(k->scratch, feed->entry_count, sizeof(*links));
	size_t taken = 0;
	bool is_new = false;

	*out = (struct remembered){ 0 };
	for (size_t i = 0; i < feed->entry_count; i++) {
		feed->entries[i].first_seen = k->run->now;
		clean_addresses(k, &feed->entries[i]);
		order[i] = &feed->entries[i];
	}
	identity_find_links(k->scratch, feed, links);
	if (feed->entry_count > 1)
		qsort(order, feed->entry_count, sizeof(struct entry *), newest_first);
	for (size_t i = 0; i < feed->entry_count; i++) {
		const bool is_early = waits(k, order[i]);
		const bool is_old = !is_early && taken >= limit;

		if (!keep_entry(k, s, order[i], links[order[i] - feed->entries], is_old,
			&is_new, err))
			return false;
		taken += is_new && !is_early;
		out->added += is_new;
		out->old += is_new && is_old;
		ids[i] = order[i]->id;
	}
	return store_entries_seen(k->run->store, ids, feed->entry_count, k->run->now,
	    err);
}

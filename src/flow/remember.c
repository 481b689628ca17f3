/* SPDX-License-Identifier: ISC */
/*
 * What is new in a parsed feed: the layers of identity, and which old posts are not news.
 */
#include <stdlib.h>
#include <string.h>

#include "format/url.h"
#include "feed/feed.h"
#include "flow/flow.h"
#include "flow/remember.h"

/* Bytes of title and text from which a fingerprint tells a post from others. */
enum { DISTINCT_TEXT = 160 };

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

/*
 * Which layers of identity an entry may be known by.  An address that several entries of one
 * document share (the home page, a list of changes) tells none of them apart; and "Weekly
 * links" without a text may be said twice.
 */
static void
find_identity(struct keeping *k, const struct feed *feed, struct entry *e,
    const char **identity)
{
	const char *fragment = e->link ? strchr(e->link, '#') : NULL;

	*identity = NULL;
	if (!e->link || (feed->link && strcmp(e->link, feed->link) == 0))
		return;
	*identity = url_identity(k->scratch, e->link);
	/* Entries of one page, told apart by their anchors. */
	if (*identity && fragment && fragment[1])
		*identity = arena_printf(k->scratch, "%s%s", *identity, fragment);
}

static int
by_text(const void *a, const void *b)
{
	const char *const *x = a;
	const char *const *y = b;

	return strcmp(*x, *y);
}

/* Takes away the identities that occur more than once in the document. */
static void
drop_shared(struct arena *a, const char **identities, size_t count)
{
	const char **sorted = arena_array(a, count, sizeof(*sorted));
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (identities[i])
			sorted[n++] = identities[i];
	}
	if (n > 1)
		qsort(sorted, n, sizeof(*sorted), by_text);
	for (size_t i = 0; i < count; i++) {
		const char **at = NULL;

		if (!identities[i])
			continue;
		at = bsearch(&identities[i], sorted, n, sizeof(*sorted), by_text);
		if ((at > sorted && strcmp(at[-1], *at) == 0) ||
		    (at + 1 < sorted + n && strcmp(at[1], *at) == 0))
			identities[i] = NULL;
	}
}

/* Without guid and address of its own the text, however short, is all there is. */
static bool
is_common(const struct entry *e, const char *identity)
{
	const size_t text = e->content.len + (e->title ? strlen(e->title) : 0);

	return text < DISTINCT_TEXT && (e->guid || identity);
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
keep_entry(struct keeping *k, const struct source *s, struct entry *e,
    const char *identity, bool mailed, bool *is_new, struct err *err)
{
	enum entry_known known = ENTRY_NEW;
	int64_t id = 0;

	e->source_id = s->id;
	e->first_seen = k->run->now;
	e->is_common = is_common(e, identity);
	*is_new = false;
	if (!store_entry_lookup(k->run->store, e, identity, &known, &id, err))
		return false;
	switch (known) {
	case ENTRY_KNOWN:
		e->id = id;
		return store_entry_also(k->run->store, id, s->id, e->guid, err);
	case ENTRY_CHANGED:
		e->id = id;
		entry_clean(k->scratch, e, s->strip);
		return store_entry_update(k->run->store, id, e, err);
	case ENTRY_NEW:
		break;
	}
	*is_new = true;
	entry_clean(k->scratch, e, s->strip);
	return store_entry_add(k->run->store, e, identity, mailed, err);
}

bool
flow_keep_entries(struct run *run, struct arena *scratch, const struct source *s,
    struct feed *feed, struct kept *out, struct err *err)
{
	struct keeping keeping = { run, scratch };
	struct keeping *k = &keeping;
	const bool first = s->last_ok == TIME_NONE || s->last_ok == 0;
	const size_t limit = first ? first_round_limit(k, s) : SIZE_MAX;
	struct entry **order = arena_array(k->scratch, feed->entry_count, sizeof(*order));
	int64_t *ids = arena_array(k->scratch, feed->entry_count, sizeof(*ids));
	const char **names = arena_array(k->scratch, feed->entry_count, sizeof(*names));
	size_t taken = 0;
	bool is_new = false;

	*out = (struct kept){ 0 };
	for (size_t i = 0; i < feed->entry_count; i++) {
		feed->entries[i].first_seen = k->run->now;
		clean_addresses(k, &feed->entries[i]);
		order[i] = &feed->entries[i];
		find_identity(k, feed, &feed->entries[i], &names[i]);
	}
	drop_shared(k->scratch, names, feed->entry_count);
	if (feed->entry_count > 1)
		qsort(order, feed->entry_count, sizeof(struct entry *), newest_first);
	for (size_t i = 0; i < feed->entry_count; i++) {
		const bool is_early = waits(k, order[i]);
		const bool is_old = !is_early && taken >= limit;

		if (!keep_entry(k, s, order[i], names[order[i] - feed->entries], is_old,
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

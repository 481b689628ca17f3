/* SPDX-License-Identifier: ISC */
#include "flow/taken_back.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/order.h"
#include "digest/select.h"
#include "store/set_aside.h"

/* Blogs pin a post or two to the top. */
enum { PINNED_MOST = 2 };

static bool
is_shown(const int64_t *ids, size_t count, int64_t id)
{
	return bsearch(&id, ids, count, sizeof(*ids), order_int64) != NULL;
}

/*
 * The entry behind which older posts fall out of the document: its last, or the first of one
 * that stands in the order of time.  NULL when its order tells nothing.
 */
static const struct entry *
oldest_end(const struct feed *feed)
{
	const struct entry *e = feed->entries;
	const size_t count = feed->entry_count;
	size_t tail = 1;
	size_t head = 1;

	while (tail < count &&
	    entry_instant(&e[count - tail - 1]) >= entry_instant(&e[count - tail]))
		tail++;
	if (tail + PINNED_MOST >= count)
		return &e[count - 1];
	while (head < count && entry_instant(&e[head]) >= entry_instant(&e[head - 1]))
		head++;
	return head == count ? &e[0] : NULL;
}

/*
 * Older by its date, and not seen later: of one document the newest was stored first.  A date
 * that was changed, or a post put in further down, is no evidence.
 */
static bool
is_older(const struct seen_post *end, const struct seen_post *p)
{
	const bool was_before = end->first_seen != p->first_seen
	    ? end->first_seen < p->first_seen
	    : end->id > p->id;

	return was_before &&
	    (end->at == TIME_NONE || p->at == TIME_NONE || end->at < p->at);
}

static bool
review(struct run *run, const struct seen_post *posts, size_t count, const int64_t *ids,
    size_t id_count, const struct seen_post *end, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		const struct seen_post *p = &posts[i];
		const bool shown = is_shown(ids, id_count, p->id);

		if (p->taken_back && shown) {
			if (!store_entry_give_back(run->store, p->id, err))
				return false;
		} else if (!p->taken_back && !shown && end && is_older(end, p)) {
			if (!store_entry_take_back(run->store, p->id, err))
				return false;
		}
	}
	return true;
}

bool
flow_take_back(struct run *run, struct arena *scratch, int64_t source_id,
    const struct feed *feed, struct err *err)
{
	struct seen_post *posts = NULL;
	struct seen_post end = { 0 };
	const struct entry *last = NULL;
	int64_t *ids = NULL;
	size_t count = 0;
	bool found = false;

	if (feed->damaged || feed->entry_count == 0)
		return true;
	if (!store_unsent_of_source(run->store, scratch, source_id, &posts, &count, err))
		return false;
	if (count == 0)
		return true;
	ids = arena_array(scratch, feed->entry_count, sizeof(*ids));
	for (size_t i = 0; i < feed->entry_count; i++)
		ids[i] = feed->entries[i].id;
	list_sort(ids, feed->entry_count, sizeof(*ids), order_int64);
	last = oldest_end(feed);
	if (last && !store_seen_post(run->store, last->id, &end, &found, err))
		return false;
	return review(run, posts, count, ids, feed->entry_count, found ? &end : NULL,
	    err);
}

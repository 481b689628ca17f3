/* SPDX-License-Identifier: ISC */
/*
 * What is new in a parsed feed: which of its entries are posts already known, and which old
 * posts are not news.
 *
 * The entries of a document are looked at together, strong evidence before weak, and a stored
 * post that one of them is cannot be another too unless under its own key: what has an address
 * or a guid of its own in one document is a post of its own.
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

/* An entry of the document and what is known of it. */
struct candidate {
	struct entry *entry;
	struct identity *keys;
	struct identity_match *hits; /* NULL: its own key was enough, or not asked yet */
	size_t hit_count;
	int64_t id; /* the post it is; 0: none that is known */
	enum entry_known known;
	bool repeats; /* its own key stands above it in the document */
	bool learns;  /* it came with keys that are not known yet */
};

struct keeping {
	struct run *run;
	struct arena *scratch; /* of one feed */
	struct identity_source source;
	struct candidate *list; /* newest first */
	size_t count;
	/* The posts that entries of the document are: open addressing, 0 is free. */
	int64_t *claimed;
	size_t claimed_size; /* a power of two above twice the entries */
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

/* ---- which post an entry is ---- */

/* Where a post stands among the claimed, or would. */
static int64_t *
claim_slot(const struct keeping *k, int64_t id)
{
	size_t at = (size_t)((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15) >> 32);

	for (;; at++) {
		int64_t *slot = &k->claimed[at & (k->claimed_size - 1)];

		if (*slot == 0 || *slot == id)
			return slot;
	}
}

static bool
is_claimed(const struct keeping *k, int64_t id)
{
	return *claim_slot(k, id) == id;
}

static void
claim(struct keeping *k, struct candidate *c, int64_t id, enum entry_known known)
{
	c->id = id;
	c->known = known;
	*claim_slot(k, id) = id;
}

static int
by_own_key(const void *a, const void *b)
{
	const struct candidate *const *x = a;
	const struct candidate *const *y = b;
	const int64_t one = (*x)->keys->keys[KEY_OWN];
	const int64_t two = (*y)->keys->keys[KEY_OWN];

	if (one != two)
		return (one > two) - (one < two);
	return (*x > *y) - (*x < *y);
}

/* A feed may give all its entries one guid, or list a post twice. */
static void
find_repeats(struct keeping *k)
{
	struct candidate **sorted = arena_array(k->scratch, k->count, sizeof(*sorted));

	for (size_t i = 0; i < k->count; i++)
		sorted[i] = &k->list[i];
	if (k->count > 1)
		qsort(sorted, k->count, sizeof(struct candidate *), by_own_key);
	for (size_t i = 1; i < k->count; i++)
		sorted[i]->repeats =
		    sorted[i]->keys->keys[KEY_OWN] == sorted[i - 1]->keys->keys[KEY_OWN];
}

/* The one look-up of a known post that says what it said; all others need the evidence. */
static bool
look_up(struct keeping *k, struct candidate *c, struct err *err)
{
	struct identity_match found[IDENTITY_KEYS] = { 0 };
	struct store *store = k->run->store;
	uint64_t said = 0;
	int64_t id = 0;

	if (!store_entry_own(store, c->keys->keys[KEY_OWN], &id, &said, err))
		return false;
	if (id != 0 && said == c->keys->said) {
		claim(k, c, id, ENTRY_KNOWN);
		return true;
	}
	if (!store_entry_matches(store, k->scratch, c->keys, found, &c->hit_count, err))
		return false;
	c->learns = true;
	c->hits = c->hit_count > 0
	    ? arena_copy(k->scratch, found, c->hit_count, sizeof(*found))
	    : NULL;
	return true;
}

/* Is it the post found under that key? */
static void
weigh(struct keeping *k, struct candidate *c, enum identity_key key)
{
	for (size_t i = 0; c->id == 0 && i < c->hit_count; i++) {
		const struct identity_match *m = &c->hits[i];

		if (m->key != key || !identity_is_same(c->keys, &k->source, m))
			continue;
		if (!is_claimed(k, m->entry_id))
			claim(k, c, m->entry_id, identity_decide(c->keys, &k->source, m));
		else if (key == KEY_OWN)
			claim(k, c, m->entry_id, ENTRY_KNOWN);
	}
}

/* Strong evidence of all of them before weaker evidence of any. */
static bool
recognise(struct keeping *k, struct err *err)
{
	for (size_t i = 0; i < k->count; i++) {
		if (!k->list[i].repeats && !look_up(k, &k->list[i], err))
			return false;
	}
	for (int key = KEY_OWN; key < IDENTITY_KEYS; key++) {
		for (size_t i = 0; i < k->count; i++)
			weigh(k, &k->list[i], (enum identity_key)key);
	}
	return true;
}

/* What repeats a key is looked at when the entry before it is stored. */
static bool
recognise_repeat(struct keeping *k, struct candidate *c, struct err *err)
{
	if (!look_up(k, c, err))
		return false;
	for (int key = KEY_OWN; key < IDENTITY_KEYS; key++)
		weigh(k, c, (enum identity_key)key);
	return true;
}

/* ---- what becomes of it ---- */

static const struct identity_match *
find_hit(const struct candidate *c, enum identity_key key)
{
	for (size_t i = 0; i < c->hit_count; i++) {
		if (c->hits[i].key == key)
			return &c->hits[i];
	}
	return NULL;
}

/* The address is kept within the source only where another post has it everywhere. */
static void
choose_page(struct candidate *c)
{
	const struct identity_match *m = find_hit(c, KEY_LINK);

	if (!m || m->entry_id == c->id)
		c->keys->keys[KEY_PAGE] = 0;
}

static bool
release(const struct keeping *k, struct candidate *c, enum identity_key key,
    struct err *err)
{
	const int64_t value = c->keys->keys[key];

	return value == 0 || !find_hit(c, key) ||
	    store_entry_release(k->run->store, value, err);
}

/*
 * A new post takes over the guid that was used again, and the address: from an older post of
 * its source, or from a stranger who named it before the site itself did.
 */
static bool
take_keys(const struct keeping *k, struct candidate *c, struct err *err)
{
	const struct identity_match *m = find_hit(c, KEY_LINK);
	const bool is_mine = m &&
	    (m->source.id == k->source.id ||
		identity_is_owner(&k->source, &m->source, c->keys->link));

	if (is_mine) {
		if (!release(k, c, KEY_LINK, err))
			return false;
		c->keys->keys[KEY_PAGE] = 0;
	} else {
		choose_page(c);
	}
	return release(k, c, KEY_OWN, err) && release(k, c, KEY_PAGE, err);
}

/* Adds, updates or recognises one entry. */
static bool
keep_entry(struct keeping *k, const struct source *s, struct candidate *c, bool mailed,
    struct err *err)
{
	struct store *store = k->run->store;
	struct entry *e = c->entry;

	if (c->repeats && !recognise_repeat(k, c, err))
		return false;
	e->id = c->id;
	if (c->known == ENTRY_KNOWN && !c->learns)
		return true;
	if (c->known != ENTRY_NEW)
		choose_page(c);
	if (c->known == ENTRY_KNOWN)
		return store_entry_learn(store, c->id, e, c->keys, err);
	entry_clean(k->scratch, e, s->strip);
	switch (c->known) {
	case ENTRY_KNOWN:
		break;
	case ENTRY_CHANGED:
		return store_entry_update(store, c->id, e, c->keys, err);
	case ENTRY_OWNED:
		return store_entry_hand_over(store, c->id, e, c->keys, err);
	case ENTRY_NEW:
		if (!take_keys(k, c, err) ||
		    !store_entry_add(store, e, c->keys, mailed, err))
			return false;
		claim(k, c, e->id, ENTRY_NEW);
	}
	return true;
}

/* Everything of the document, newest first, with what it can be known by. */
static void
prepare(struct keeping *k, const struct source *s, struct feed *feed)
{
	const size_t count = feed->entry_count;
	struct entry **order = arena_array(k->scratch, count, sizeof(*order));
	struct identity *keys = arena_array(k->scratch, count, sizeof(*keys));

	k->source = identity_of_source(k->scratch, s->id,
	    feed->link ? feed->link : s->link, s->url);
	for (size_t i = 0; i < count; i++) {
		feed->entries[i].source_id = s->id;
		feed->entries[i].first_seen = k->run->now;
		clean_addresses(k, &feed->entries[i]);
		order[i] = &feed->entries[i];
	}
	identity_of_document(k->scratch, &k->source, feed, keys);
	if (count > 1)
		qsort(order, count, sizeof(struct entry *), newest_first);
	k->count = count;
	k->list = arena_array(k->scratch, count, sizeof(*k->list));
	for (size_t i = 0; i < count; i++)
		k->list[i] = (struct candidate){ .entry = order[i],
			.keys = &keys[order[i] - feed->entries] };
	for (k->claimed_size = 2; k->claimed_size <= 2 * count;)
		k->claimed_size *= 2;
	k->claimed = arena_array(k->scratch, k->claimed_size, sizeof(*k->claimed));
	memset(k->claimed, 0, k->claimed_size * sizeof(*k->claimed));
	find_repeats(k);
}

bool
flow_remember_entries(struct run *run, struct arena *scratch, const struct source *s,
    struct feed *feed, struct remembered *out, struct err *err)
{
	struct keeping keeping = { .run = run, .scratch = scratch };
	struct keeping *k = &keeping;
	const bool first = s->last_ok == TIME_NONE || s->last_ok == 0;
	const size_t limit = first ? first_round_limit(k, s) : SIZE_MAX;
	int64_t *ids = arena_array(k->scratch, feed->entry_count, sizeof(*ids));
	size_t taken = 0;

	*out = (struct remembered){ 0 };
	prepare(k, s, feed);
	if (!recognise(k, err))
		return false;
	for (size_t i = 0; i < k->count; i++) {
		struct candidate *c = &k->list[i];
		const bool is_early = waits(k, c->entry);
		const bool is_old = !is_early && taken >= limit;
		bool is_new = false;

		if (!keep_entry(k, s, c, is_old, err))
			return false;
		is_new = c->known == ENTRY_NEW;
		taken += is_new && !is_early;
		out->added += is_new;
		out->old += is_new && is_old;
		ids[i] = c->entry->id;
	}
	return store_entries_seen(run->store, ids, k->count, run->now, err);
}

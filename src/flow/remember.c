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
#include "feed/boilerplate.h"
#include "feed/entry_clean.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/order.h"
#include "digest/select.h"
#include "flow/context.h"
#include "flow/entry_filter.h"
#include "flow/taken_back.h"
#include "model/identity.h"
#include "store/entries.h"
#include "store/entry_lists.h"
#include "store/entry_pages.h"
#include "store/issues.h"
#include "store/set_aside.h"

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
	bool shares;  /* its text stands in the document more than once */
	bool is_clean;
	bool is_wanted;   /* flow_look_ahead() guesses that it will be stored */
	bool is_unwanted; /* the keeper's program says so */
	enum news news;
};

enum {
	TELLING_TEXT = 160, /* bytes that are said twice only by the same post */
	TELLING_ORDER = 3   /* known posts that show how a document is ordered */
};

struct keeping {
	struct run *run;
	struct arena *scratch; /* of one feed */
	const struct source *polled;
	struct news_rules rules;
	struct feed *feed;
	struct remembered kept;
	struct identity_source source;
	const struct entry
	    *torn;     /* half of it is missing: it waits for the whole document */
	bool is_first; /* the source's first document */
	bool in_flood; /* more unseen entries than a feed with history brings */
	struct boilerplate boilerplate; /* what its posts have in common */
	bool knows_boilerplate;
	size_t limit; /* news of a first document */
	size_t taken;
	struct candidate *list; /* newest first */
	size_t count;
	size_t tail; /* of an undated document: the first entry below all known ones */
	int64_t tail_seen; /* when the one above it was first seen */
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
		return ORDER(at_y, at_x);
	return ORDER(*x, *y);
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
		return ORDER(one, two);
	return ORDER(*x, *y);
}

static struct candidate **
sorted_by(struct keeping *k, int (*compare)(const void *a, const void *b))
{
	struct candidate **sorted = arena_array(k->scratch, k->count, sizeof(*sorted));

	for (size_t i = 0; i < k->count; i++)
		sorted[i] = &k->list[i];
	list_sort(sorted, k->count, sizeof(struct candidate *), compare);
	return sorted;
}

/* A feed may give all its entries one guid, or list a post twice. */
static void
find_repeats(struct keeping *k)
{
	struct candidate **sorted = sorted_by(k, by_own_key);

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

/* ---- what a new one is ---- */

static int
by_text(const void *a, const void *b)
{
	const int64_t x = (*(const struct candidate *const *)a)->keys->text;
	const int64_t y = (*(const struct candidate *const *)b)->keys->text;

	return ORDER(x, y);
}

/* What a blog says in each post tells none of them. */
static void
find_shared_texts(struct keeping *k)
{
	struct candidate **sorted = sorted_by(k, by_text);

	for (size_t i = 1; i < k->count; i++) {
		if (sorted[i]->keys->text == sorted[i - 1]->keys->text)
			sorted[i]->shares = sorted[i - 1]->shares = true;
	}
}

static bool
was_mailed(const struct keeping *k, const struct candidate *c, bool *was, struct err *err)
{
	*was = false;
	if (k->is_first || c->shares || c->entry->content.len < TELLING_TEXT)
		return true;
	return store_text_was_mailed(k->run->store, k->source.id, c->keys->text, was,
	    err);
}

/*
 * In a document without dates, whose known posts were seen the newer the higher they stand, what
 * stands below all of them is older than they are: the feed shows more of its archive than it
 * did.  A post that is pinned on top has known ones below it and shows nothing.
 */
static bool
find_tail(struct keeping *k, struct err *err)
{
	const struct candidate *first = NULL;
	const struct candidate *last = NULL;
	size_t known = 0;
	int64_t first_seen = TIME_NONE;

	k->tail = k->count;
	for (size_t i = 0; i < k->count; i++) {
		const struct candidate *c = &k->list[i];

		if (c->entry->published != TIME_NONE || c->entry->updated != TIME_NONE)
			return true;
		if (c->id == 0)
			continue;
		known++;
		first = first ? first : c;
		last = c;
	}
	if (known < TELLING_ORDER || last == &k->list[k->count - 1])
		return true;
	if (!store_entry_first_seen(k->run->store, first->id, &first_seen, err) ||
	    !store_entry_first_seen(k->run->store, last->id, &k->tail_seen, err))
		return false;
	if (first_seen != TIME_NONE && k->tail_seen != TIME_NONE &&
	    k->tail_seen < first_seen)
		k->tail = (size_t)(last - k->list) + 1;
	return true;
}

static bool
judge(const struct keeping *k, struct candidate *c, struct err *err)
{
	const bool in_tail = (size_t)(c - k->list) >= k->tail;
	struct news_facts f = { .at = in_tail ? k->tail_seen : entry_instant(c->entry),
		.is_first = k->is_first,
		.has_room = k->taken < k->limit,
		.waits = waits(k, c->entry),
		.in_flood = k->in_flood,
		.verdict = k->polled->verdict };

	if (!was_mailed(k, c, &f.was_mailed, err))
		return false;
	c->news = news_decide(&k->rules, &f);
	return true;
}

/*
 * So many unseen entries at once, old ones not counted, are no day's work of a blog: an archive
 * was put in, its software changed, or somebody makes them up.
 */
static bool
find_flood(struct keeping *k, struct err *err)
{
	size_t unseen = 0;

	for (size_t i = 0; !k->is_first && i < k->count; i++) {
		struct candidate *c = &k->list[i];

		if (c->known != ENTRY_NEW || c->repeats)
			continue;
		if (!judge(k, c, err))
			return false;
		unseen += c->news != NEWS_OLD;
	}
	k->in_flood = k->rules.doubtful || (k->rules.elsewhere && k->kept.known == 0) ||
	    unseen >= (size_t)k->run->config->fetch.flood;
	return true;
}

/*
 * Held or only remembered, without its text.  What everybody is known by, address and words, is
 * not taken: the same post of somebody else is theirs.
 */
static bool
set_aside(const struct keeping *k, struct candidate *c, enum entry_place place,
    struct err *err)
{
	struct identity own = *c->keys;

	if (place == PLACE_KEPT_OUT)
		return take_keys(k, c, err) &&
		    store_entry_add(k->run->store, c->entry, c->keys, place, err);
	own.keys[KEY_LINK] = 0;
	own.keys[KEY_PRINT] = 0;
	return release(k, c, KEY_OWN, err) && release(k, c, KEY_PAGE, err) &&
	    store_entry_add(k->run->store, c->entry, &own, place, err);
}

/* Clean, and without what the document says in most of its posts, which is learned once. */
static void
clean(struct keeping *k, struct candidate *c)
{
	struct entry *e = c->entry;
	const char *strip = k->polled->strip;

	if (c->is_clean)
		return;
	c->is_clean = true;
	if (!k->knows_boilerplate) {
		struct entry **all = arena_array(k->scratch, k->count, sizeof(*all));

		for (size_t i = 0; i < k->count; i++)
			all[i] = k->list[i].entry;
		boilerplate_learn(k->scratch, all, k->count, strip, &k->boilerplate);
		k->knows_boilerplate = true;
	}
	if (!e->html)
		entry_clean(k->scratch, e, strip);
	boilerplate_drop(k->scratch, &k->boilerplate, e);
}

/* The feed gives a beginning only: the whole is on the post's own page. */
static bool
want_page(const struct keeping *k, const struct entry *e, struct err *err)
{
	return !k->polled->full_text || !e->link ||
	    store_page_want(k->run->store, e->id, err);
}

/*
 * Asks the keeper's program of what may be news.  What repeats a key is asked of in each
 * document: whether it is new shows when the entry above it is stored.  A program that fails
 * keeps nothing out, and is not asked again in this document.  One that was interrupted has not
 * judged: the document is left for the next run.
 */
static bool
filter_news(struct keeping *k, struct err *err)
{
	const char *command = k->polled->filter_command;
	struct err why = ERR_INIT;

	for (size_t i = 0; command && i < k->count; i++) {
		struct candidate *c = &k->list[i];
		bool wanted = true;

		if (c->entry == k->torn || c->known != ENTRY_NEW)
			continue;
		if (!judge(k, c, err))
			return false;
		if (c->news != NEWS_FRESH && c->news != NEWS_LATE)
			continue;
		clean(k, c);
		if (!flow_entry_is_wanted(k->scratch, command, c->entry,
			k->run->interrupted, LIMIT_FILTER_MS, &wanted, &why)) {
			if (k->run->interrupted())
				return err_set(err, ERR_TEMPORARY,
				    "%s: interrupted while its posts were judged",
				    k->polled->key);
			log_warn("feeds", "%s: filter_command: %s; its posts are kept",
			    k->polled->key, why.text);
			break;
		}
		c->is_unwanted = !wanted;
		/* What may be known takes nobody's room: rather too many are asked of. */
		k->taken += wanted && !c->repeats && !waits(k, c->entry);
	}
	k->taken = 0;
	return true;
}

/* A post that may be mailed, if the keeper's program does not say otherwise. */
static bool
add_news(struct keeping *k, struct candidate *c, struct err *err)
{
	struct entry *e = c->entry;

	e->late = c->news == NEWS_LATE;
	if (c->is_unwanted)
		return set_aside(k, c, PLACE_KEPT_OUT, err);
	clean(k, c);
	k->taken += !waits(k, e);
	return take_keys(k, c, err) &&
	    store_entry_add(k->run->store, e, c->keys, PLACE_NEWS, err) &&
	    want_page(k, e, err);
}

/* What makes up posts without end must not fill the disk: some of it is only counted. */
static bool
add_entry(struct keeping *k, struct candidate *c, struct err *err)
{
	struct entry *e = c->entry;
	struct remembered *out = &k->kept;
	const bool is_new_feed = k->is_first || k->polled->verdict == VERDICT_DROP;
	const size_t fresh = out->added - out->old - out->held;

	/* Entries that repeat a guid are found to be new only here. */
	if (!k->is_first && fresh >= (size_t)k->run->config->fetch.flood)
		k->in_flood = true;
	if (!judge(k, c, err))
		return false;
	switch (c->news) {
	case NEWS_FRESH:
	case NEWS_LATE:
		if (!add_news(k, c, err))
			return false;
		break;
	case NEWS_OLD:
		if (!is_new_feed && out->old >= (size_t)k->run->config->fetch.flood)
			return true;
		out->old++;
		if (!set_aside(k, c, PLACE_KEPT_OUT, err))
			return false;
		break;
	case NEWS_HELD:
		if (k->polled->held + (int64_t)out->held >= LIMIT_HELD_POSTS) {
			out->more++;
			return true;
		}
		out->held++;
		if (!set_aside(k, c, PLACE_DOUBTFUL, err))
			return false;
	}
	out->added++;
	claim(k, c, e->id, ENTRY_NEW);
	return true;
}

/* Adds, updates or recognises one entry. */
static bool
keep_entry(struct keeping *k, struct candidate *c, struct err *err)
{
	struct store *store = k->run->store;
	struct entry *e = c->entry;

	if (c->repeats && !recognise_repeat(k, c, err))
		return false;
	e->id = c->id;
	if (e == k->torn)
		return true;
	if (c->known == ENTRY_NEW)
		return add_entry(k, c, err);
	if (c->known == ENTRY_KNOWN && !c->learns)
		return true;
	choose_page(c);
	if (c->known == ENTRY_KNOWN)
		return store_entry_learn(store, c->id, e, c->keys, err);
	clean(k, c);
	if (!(c->known == ENTRY_CHANGED
		    ? store_entry_update(store, c->id, e, c->keys, err)
		    : store_entry_hand_over(store, c->id, e, c->keys, err)))
		return false;
	return want_page(k, e, err);
}

/* Everything of the document, newest first, with what it can be known by. */
static void
prepare(struct keeping *k)
{
	const struct source *s = k->polled;
	struct feed *feed = k->feed;
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
	list_sort(order, count, sizeof(struct entry *), newest_first);
	k->count = count;
	k->list = arena_array(k->scratch, count, sizeof(*k->list));
	for (size_t i = 0; i < count; i++)
		k->list[i] = (struct candidate){ .entry = order[i],
			.keys = &keys[order[i] - feed->entries] };
	for (k->claimed_size = 2; k->claimed_size <= 2 * count;)
		k->claimed_size *= 2;
	k->claimed = arena_array(k->scratch, k->claimed_size, sizeof(*k->claimed));
	find_repeats(k);
	find_shared_texts(k);
}

bool
flow_news_rules(struct run *run, struct news_rules *out, struct err *err)
{
	*out = (struct news_rules){ .now = run->now, .late = run->config->digest.late };
	return store_issue_last_approved(run->store, run->now, &out->last_issue, err);
}

/* What was held is counted with its source; a verdict holds for one document. */
static bool
note_held(const struct keeping *k, struct err *err)
{
	const struct remembered *out = &k->kept;

	if (k->polled->verdict != VERDICT_NONE &&
	    !store_verdict_done(k->run->store, k->polled->id, err))
		return false;
	return out->held + out->more == 0 ||
	    store_held_note(k->run->store, k->polled->id, (int64_t)out->held,
		(int64_t)out->more, k->run->now, err);
}

/* Those that the source itself had: another's do not show that it is the same feed. */
static size_t
count_known(const struct keeping *k)
{
	size_t known = 0;

	for (size_t i = 0; i < k->count; i++) {
		const struct candidate *c = &k->list[i];
		bool own = c->id != 0 && c->hit_count == 0;

		for (size_t m = 0; c->id != 0 && m < c->hit_count; m++)
			own = own ||
			    (c->hits[m].entry_id == c->id &&
				c->hits[m].source.id == k->source.id);
		known += own;
	}
	return known;
}

struct keeping *
flow_prepare_entries(struct run *run, struct arena *scratch, const struct source *s,
    struct feed *feed)
{
	struct keeping *k = arena_alloc(scratch, sizeof(*k));

	*k = (struct keeping){ .run = run,
		.scratch = scratch,
		.polled = s,
		.feed = feed,
		.is_first = s->last_ok == TIME_NONE || s->last_ok == 0,
		.torn = feed->ends_torn && feed->entry_count > 0
		    ? &feed->entries[feed->entry_count - 1]
		    : NULL,
		.limit = SIZE_MAX };
	if (k->is_first)
		k->limit = first_round_limit(k, s);
	prepare(k);
	return k;
}

/* Nothing is known of its entries but what they say themselves. */
static void
forget_posts(struct keeping *k)
{
	for (size_t i = 0; i < k->count; i++) {
		struct candidate *c = &k->list[i];

		c->hits = NULL;
		c->hit_count = 0;
		c->id = 0;
		c->known = ENTRY_NEW;
		c->learns = c->is_wanted = c->is_unwanted = false;
	}
	memset(k->claimed, 0, k->claimed_size * sizeof(*k->claimed));
	k->kept = (struct remembered){ 0 };
	k->taken = 0;
	k->in_flood = false;
}

static bool
find_posts(struct keeping *k, const struct news_rules *rules, struct err *err)
{
	k->rules = *rules;
	forget_posts(k);
	if (!recognise(k, err))
		return false;
	k->kept.known = count_known(k);
	return find_tail(k, err) && find_flood(k, err);
}

bool
flow_known_posts(struct run *run, const struct source *s, struct feed *feed,
    size_t *known, struct err *err)
{
	struct keeping *k = flow_prepare_entries(run, run->arena, s, feed);

	*known = 0;
	if (!recognise(k, err))
		return false;
	*known = count_known(k);
	return true;
}

/* As keep_entry() would, if it came to it now. */
static bool
guess(struct keeping *k, struct candidate *c, struct err *err)
{
	if (c->entry == k->torn || c->repeats)
		return true;
	c->is_wanted = c->known != ENTRY_KNOWN;
	if (c->known != ENTRY_NEW)
		return true;
	if (!judge(k, c, err))
		return false;
	c->is_wanted = c->news == NEWS_FRESH || c->news == NEWS_LATE;
	k->taken += c->is_wanted && !waits(k, c->entry);
	return true;
}

bool
flow_look_ahead(struct keeping *k, const struct news_rules *rules, bool *any,
    struct err *err)
{
	*any = false;
	if (!find_posts(k, rules, err))
		return false;
	for (size_t i = 0; i < k->count; i++) {
		if (!guess(k, &k->list[i], err))
			return false;
		*any = *any || k->list[i].is_wanted;
	}
	return true;
}

void
flow_clean_ahead(struct keeping *k)
{
	for (size_t i = 0; i < k->count; i++) {
		if (k->list[i].is_wanted)
			clean(k, &k->list[i]);
	}
}

bool
flow_recognise_entries(struct keeping *k, const struct news_rules *rules, struct err *err)
{
	return find_posts(k, rules, err) && filter_news(k, err);
}

bool
flow_remember_entries(struct keeping *k, struct remembered *out, struct err *err)
{
	struct store *store = k->run->store;
	int64_t *ids = arena_array(k->scratch, k->count, sizeof(*ids));
	size_t stored = 0;

	for (size_t i = 0; i < k->count; i++) {
		if (!keep_entry(k, &k->list[i], err))
			return false;
		if (k->list[i].entry->id != 0)
			ids[stored++] = k->list[i].entry->id;
	}
	*out = k->kept;
	return note_held(k, err) &&
	    store_entries_seen(store, ids, stored, k->run->now, err) &&
	    (k->is_first || k->rules.is_archive || k->rules.is_part ||
		flow_take_back(k->run, k->scratch, k->polled->id, k->feed, err));
}

/* SPDX-License-Identifier: ISC */
#include "digest/select.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/order.h"
#include "config/conditions.h"
#include "digest/filter.h"
#include "digest/source_index.h"

enum { FIRST_WINDOW = 7 * 86400 };

/* What is asked of a post, or must not be so: NULL and an unset filter ask nothing. */
struct asked {
	struct filter pattern;
	const char *categories;
	const char *languages;
};

/* What select knows of a source while it works. */
struct gate {
	const struct source *source;
	struct asked filter;
	struct asked exclude;
	bool has_filter; /* the source overrides the general pattern, maybe by none */
	bool is_held;    /* a pattern of it cannot be read: its entries wait */
	int64_t limit;   /* 0 = none */
	int64_t taken;
};

struct gates {
	struct source_index index;
	struct gate *list;   /* of each source */
	struct asked filter; /* the general ones */
	struct asked exclude;
};

int64_t
entry_instant(const struct entry *e)
{
	if (e->published != TIME_NONE)
		return e->published;
	if (e->updated != TIME_NONE)
		return e->updated;
	return e->first_seen;
}

static struct gate *
find_gate(const struct gates *g, int64_t source_id)
{
	const size_t place = source_index_place(&g->index, source_id);

	return place < g->index.count ? &g->list[place] : NULL;
}

static void
note_held(struct arena *a, struct selection *out, const struct source *s, const char *why)
{
	out->held = arena_grow_list(a, out->held, out->held_count, sizeof(*out->held));
	out->held[out->held_count++] = (struct held_source){ s, arena_strdup(a, why) };
}

static bool
ask(struct arena *a, struct asked *out, const char *conditions, struct err *err)
{
	out->categories = conditions_part(a, conditions, CONDITION_CATEGORY);
	out->languages = conditions_part(a, conditions, CONDITION_LANGUAGE);
	return filter_init(&out->pattern,
	    conditions_part(a, conditions, CONDITION_PATTERN), err);
}

static bool
gates_open(struct gates *g, struct arena *a, const struct config *c,
    const struct source *sources, size_t count, struct selection *out, struct err *err)
{
	source_index_make(a, sources, count, &g->index);
	g->list = xcalloc(count, sizeof(*g->list));
	for (size_t i = 0; i < count; i++) {
		const struct source *s = &sources[i];
		struct err why = ERR_INIT;

		g->list[i].source = s;
		g->list[i].limit =
		    s->max_per_feed >= 0 ? s->max_per_feed : c->digest.max_per_feed;
		g->list[i].has_filter =
		    conditions_part(a, s->filter, CONDITION_PATTERN) != NULL;
		g->list[i].is_held = !ask(a, &g->list[i].filter, s->filter, &why) ||
		    !ask(a, &g->list[i].exclude, s->exclude, &why);
		if (g->list[i].is_held)
			note_held(a, out, s, why.text);
	}
	g->filter.categories = c->digest.categories;
	g->filter.languages = c->digest.languages;
	g->exclude.categories = c->digest.exclude_categories;
	g->exclude.languages = c->digest.exclude_languages;
	if (!filter_init(&g->filter.pattern, c->digest.filter, err))
		return err_wrap(err, "digest.filter");
	if (!filter_init(&g->exclude.pattern, c->digest.exclude, err))
		return err_wrap(err, "digest.exclude");
	return true;
}

static void
gates_close(struct gates *g)
{
	for (size_t i = 0; i < g->index.count; i++) {
		filter_clear(&g->list[i].filter.pattern);
		filter_clear(&g->list[i].exclude.pattern);
	}
	filter_clear(&g->filter.pattern);
	filter_clear(&g->exclude.pattern);
	free(g->list);
}

static const char *
or_general(const char *own, const char *general)
{
	return own && *own ? own : general && *general ? general : NULL;
}

/*
 * What a feed asks stands for the same that is asked of all; what it refuses comes to what is
 * refused of all.
 */
static bool
is_filtered(const struct gates *g, const struct gate *gate, const struct entry *e)
{
	static const struct asked nothing;
	const struct asked *own = gate ? &gate->filter : &nothing;
	const struct asked *refused[] = { &g->exclude, gate ? &gate->exclude : &nothing };
	const struct filter *must =
	    gate && gate->has_filter ? &own->pattern : &g->filter.pattern;
	const char *categories = or_general(own->categories, g->filter.categories);
	const char *languages = or_general(own->languages, g->filter.languages);
	const char *language = e->language ? e->language
	    : gate                         ? gate->source->language
					   : NULL;

	if ((must->count > 0 && !filter_matches(must, e)) ||
	    (categories && !filter_has_category(categories, e)) ||
	    (languages && language && !filter_has_language(languages, language)))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		const struct asked *r = refused[i];

		if (filter_matches(&r->pattern, e) ||
		    (r->categories && filter_has_category(r->categories, e)) ||
		    (r->languages && language &&
			filter_has_language(r->languages, language)))
			return true;
	}
	return false;
}

/*
 * The entry as the issue takes it: with "future = now" one dated ahead counts as published
 * when it was seen, in a copy.
 */
static const struct entry *
with_date(struct arena *a, const struct config *c, const struct entry *e, int64_t now)
{
	struct entry *copy = NULL;

	if (c->digest.future != FUTURE_NOW || entry_instant(e) <= now)
		return e;
	copy = arena_alloc(a, sizeof(*copy));
	*copy = *e;
	copy->published = TIME_NONE;
	copy->updated = TIME_NONE;
	if (copy->first_seen == TIME_NONE || copy->first_seen > now)
		copy->first_seen = now;
	return copy;
}

static enum select_reason
judge(const struct gates *g, const struct config *c, const struct entry *e, int64_t now,
    int64_t window)
{
	const struct gate *gate = find_gate(g, e->source_id);
	int64_t t = entry_instant(e);

	if (gate && gate->is_held)
		return SELECT_HELD;
	if (is_filtered(g, gate, e))
		return SELECT_FILTERED;
	if (c->digest.future == FUTURE_DROP && t > now)
		return SELECT_FUTURE;
	if (window > 0 && t < now - window)
		return SELECT_OLD;
	return SELECT_CHOSEN;
}

/* Newest first: this decides what is over a limit, whatever the order of the issue. */
static int
newest_first(const void *pa, const void *pb)
{
	const struct entry *a = *(const struct entry *const *)pa;
	const struct entry *b = *(const struct entry *const *)pb;
	int64_t ta = entry_instant(a);
	int64_t tb = entry_instant(b);

	if (ta != tb)
		return ORDER(tb, ta);
	return ORDER(a->id, b->id);
}

static void
reverse(const struct entry **list, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		const struct entry *swap = list[i];

		list[i] = list[count - 1 - i];
		list[count - 1 - i] = swap;
	}
}

static int
by_id(const void *pa, const void *pb)
{
	const struct entry *a = **(const struct entry *const *const *)pa;
	const struct entry *b = **(const struct entry *const *const *)pb;

	return ORDER(a->id, b->id);
}

static int
compare_id_with_place(const void *key, const void *place)
{
	const int64_t id = *(const int64_t *)key;
	const int64_t other = (**(const struct entry *const *const *)place)->id;

	return ORDER(id, other);
}

static void
choose(const struct gates *g, const struct entry *e, struct selection *out)
{
	struct gate *gate = find_gate(g, e->source_id);

	if (gate)
		gate->taken++;
	out->chosen[out->chosen_count++] = e;
	out->by_reason[SELECT_CHOSEN]++;
}

/* What a draft holds already stays in its order; its places in passed become NULL. */
static void
take_first(const struct gates *g, const struct entry **passed, size_t count,
    const int64_t *first, size_t first_count, struct selection *out)
{
	const struct entry ***places = NULL;
	const struct entry ***taken = NULL;
	size_t taken_count = 0;

	if (first_count == 0)
		return;
	places = xcalloc(count, sizeof(*places));
	taken = xcalloc(first_count, sizeof(*taken));
	for (size_t i = 0; i < count; i++)
		places[i] = &passed[i];
	list_sort(places, count, sizeof(*places), by_id);
	for (size_t i = 0; i < first_count; i++) {
		const struct entry ***found = bsearch(&first[i], places, count,
		    sizeof(*places), compare_id_with_place);

		if (!found)
			continue;
		choose(g, **found, out);
		taken[taken_count++] = *found;
	}
	for (size_t i = 0; i < taken_count; i++)
		*taken[i] = NULL;
	free(taken);
	free(places);
}

/* Takes the newest up to the limits, below what is chosen; the rest is over. */
static void
apply_limits(const struct gates *g, const struct config *c, const struct entry **passed,
    size_t count, struct selection *out)
{
	const size_t below = out->chosen_count;
	int64_t most = c->digest.max_items;

	if (most <= 0 || most > LIMIT_ISSUE_ENTRIES)
		most = LIMIT_ISSUE_ENTRIES;
	for (size_t i = 0; i < count; i++) {
		struct gate *gate = passed[i] ? find_gate(g, passed[i]->source_id) : NULL;
		bool over = (int64_t)out->chosen_count >= most ||
		    (gate && gate->limit > 0 && gate->taken >= gate->limit);

		if (!passed[i])
			continue;
		if (over) {
			out->over[out->over_count++] = passed[i];
			out->by_reason[SELECT_OVER]++;
			continue;
		}
		choose(g, passed[i], out);
	}
	if (c->digest.order == ORDER_OLDEST)
		reverse(out->chosen + below, out->chosen_count - below);
}

/* What is asked for. */
struct scope {
	const int64_t *first; /* what a draft holds */
	size_t first_count;
	int64_t window; /* 0: whatever its age */
	int64_t limit;  /* of each source; 0: as the settings say */
	bool is_first;  /* the first issue: what is older than the window is dropped */
};

/* The ids of a draft in order, to find one among them; NULL where nobody asks. */
static const int64_t *
sort_first(struct arena *a, const struct scope *s)
{
	int64_t *ids = NULL;

	if (!s->is_first || s->first_count == 0)
		return NULL;
	ids = arena_copy(a, s->first, s->first_count, sizeof(*ids));
	list_sort(ids, s->first_count, sizeof(*ids), order_int64);
	return ids;
}

/* False when nothing passed. */
static bool
choose_all(struct arena *a, const struct config *c, struct gates *gates,
    const struct entry *entries, size_t count, int64_t now, const struct scope *s,
    struct selection *out)
{
	const struct entry **passed = arena_array(a, count, sizeof(*passed));
	const int64_t *drafted = sort_first(a, s);
	size_t passed_count = 0;

	out->chosen = arena_array(a, count, sizeof(*out->chosen));
	out->over = arena_array(a, count, sizeof(*out->over));
	out->dropped = arena_array(a, count, sizeof(*out->dropped));
	for (size_t i = 0; i < count; i++) {
		const bool stays = drafted &&
		    bsearch(&entries[i].id, drafted, s->first_count, sizeof(*drafted),
			order_int64);
		const enum select_reason reason =
		    judge(gates, c, &entries[i], now, stays ? 0 : s->window);

		if (reason == SELECT_CHOSEN) {
			passed[passed_count++] = with_date(a, c, &entries[i], now);
			continue;
		}
		out->by_reason[reason]++;
		if (reason == SELECT_FILTERED || (reason == SELECT_OLD && s->is_first))
			out->dropped[out->dropped_count++] = &entries[i];
	}
	list_sort(passed, passed_count, sizeof(*passed), newest_first);
	for (size_t i = 0; s->limit > 0 && i < gates->index.count; i++)
		gates->list[i].limit = s->limit;
	take_first(gates, passed, passed_count, s->first, s->first_count, out);
	apply_limits(gates, c, passed, passed_count, out);
	return passed_count > 0;
}

bool
digest_select(struct arena *a, const struct config *c, const struct source *sources,
    size_t source_count, const struct entry *entries, size_t entry_count, int64_t now,
    const int64_t *first, size_t first_count, struct selection *out, struct err *err)
{
	const struct scope s = { first, first_count, c->digest.window, 0, false };
	struct gates gates = { 0 };
	bool ok = false;

	memset(out, 0, sizeof(*out));
	ok = gates_open(&gates, a, c, sources, source_count, out, err);
	if (ok)
		(void)choose_all(a, c, &gates, entries, entry_count, now, &s, out);
	gates_close(&gates);
	return ok;
}

bool
digest_select_first(struct arena *a, const struct config *c, const struct source *sources,
    size_t source_count, const struct entry *entries, size_t entry_count, int64_t now,
    const int64_t *first, size_t first_count, struct selection *out, struct err *err)
{
	const int64_t window = c->digest.window > 0 ? c->digest.window : FIRST_WINDOW;
	const struct scope recent = { first, first_count, window, 0, true };
	const struct scope newest = { NULL, 0, 0, 1, true };
	struct gates gates = { 0 };
	bool ok = false;

	memset(out, 0, sizeof(*out));
	ok = gates_open(&gates, a, c, sources, source_count, out, err);
	if (ok && !choose_all(a, c, &gates, entries, entry_count, now, &recent, out) &&
	    out->by_reason[SELECT_OLD] > 0) {
		memset(out->by_reason, 0, sizeof(out->by_reason));
		out->dropped_count = 0;
		(void)choose_all(a, c, &gates, entries, entry_count, now, &newest, out);
		/* The posts before it are as old: nobody counts them. */
		for (size_t i = 0; i < out->over_count; i++)
			out->dropped[out->dropped_count++] = out->over[i];
		out->over_count = 0;
		out->by_reason[SELECT_OVER] = 0;
	}
	gates_close(&gates);
	return ok;
}

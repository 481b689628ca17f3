/* SPDX-License-Identifier: ISC */
#include "flow/source_changes.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "flow/context.h"
#include "format/url.h"
#include "store/sources.h"
#include "store/transactions.h"

bool
flow_source_changes(struct run *run, struct source_changes *out, struct err *err)
{
	return store_overrides(run->store, run->arena, &out->list, &out->count, err);
}

static int
by_url(const void *key, const void *element)
{
	const struct source_override *o = element;

	return strcmp(key, o->url);
}

/* The first of those that speak of url; NULL: none does. */
static const struct source_override *
find_first(const struct source_changes *c, const char *url)
{
	const struct source_override *o = c->count == 0
	    ? NULL
	    : bsearch(url, c->list, c->count, sizeof(*c->list), by_url);

	while (o && o > c->list && strcmp(o[-1].url, url) == 0)
		o--;
	return o;
}

void
flow_source_changes_apply(struct run *run, const struct source_changes *c,
    struct listed_feed **feeds, size_t count)
{
	const struct source_override *end = c->list + c->count;
	struct listed_feed *list = NULL;

	if (c->count == 0 || count == 0)
		return;
	list = arena_copy(run->arena, *feeds, count, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		const char *url = list[i].url;
		const struct source_override *o = find_first(c, url);

		for (; o && o < end && strcmp(o->url, url) == 0; o++)
			if (!feed_section_set(run->arena, &list[i], o->key, o->value))
				log_warn("feeds",
				    "what is kept of %s is not understood: %s",
				    url_public(run->arena, url), o->key);
	}
	*feeds = list;
}

const char *
flow_source_listed_url(const struct source_changes *c, const char *url)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->list[i].key, "url") == 0 &&
		    strcmp(c->list[i].value, url) == 0)
			return c->list[i].url;
	return url;
}

bool
flow_source_change(struct run *run, const char *listed_url, const char *key,
    const char *value, const char *reason, struct err *err)
{
	const struct source_override o = { listed_url, key, value, reason, run->now };

	return store_override_set(run->store, &o, err);
}

static bool
move(struct run *run, const struct source *s, const char *url, const char *reason,
    struct err *err)
{
	struct source_changes c;
	const char *listed = NULL;

	if (!flow_source_changes(run, &c, err))
		return false;
	listed = flow_source_listed_url(&c, s->url);
	/* Back to where the list has it: nothing is left to be said. */
	if (strcmp(listed, url) == 0
		? !store_override_drop(run->store, listed, "url", err)
		: !flow_source_change(run, listed, "url", url, reason, err))
		return false;
	return store_source_move(run->store, s->id, url, err);
}

bool
flow_source_move(struct run *run, const struct source *s, const char *url,
    const char *reason, struct err *err)
{
	return store_scope_begin(run->store, err) &&
	    store_scope_end(run->store, move(run, s, url, reason, err), err);
}

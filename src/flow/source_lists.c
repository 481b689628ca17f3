/* SPDX-License-Identifier: ISC */
/*
 * Which feeds there are: the configuration's own sections and the lists it points to.  The
 * lists stay the truth (the planet's web site reads the same file); the store mirrors them.
 */
#include "flow/source_lists.h"

#include <string.h>

#include "base/attr.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "format/url.h"
#include "config/conditions.h"
#include "config/duplicate_feeds.h"
#include "config/feed_address.h"
#include "config/feed_lists.h"
#include "feed/opml.h"
#include "flow/context.h"
#include "flow/probe.h"
#include "flow/source_changes.h"
#include "store/notes.h"
#include "store/open.h"
#include "store/source_sync.h"
#include "store/sources.h"
#include "store/transactions.h"

/* What the list of sources was when it was written last. */
static const char synced_note[] = "sources";

/* The feeds of all files, in their order. */
struct collection {
	struct listed_feed *feeds;
	size_t count;
	/* A list could not be read: what is not named may still be there. */
	bool incomplete;
};

static void
collect(struct arena *a, struct collection *c, const struct listed_feed *feed)
{
	c->feeds = arena_grow_list(a, c->feeds, c->count, sizeof(*c->feeds));
	c->feeds[c->count++] = *feed;
}

static bool
fetch_list(struct run *run, const char *url, struct buf *body, struct err *err)
{
	struct probe p;

	if (!flow_probe(run, url, PROBE_WHOLE, &p, err))
		return false;
	if (!p.answered || p.status != 200)
		return flow_probe_refused(&p, err);
	buf_add(body, p.body, p.len);
	return !buf_is_full(body) ||
	    err_set(err, ERR_LIMIT, "longer than %d bytes", LIMIT_CONFIG_FILE);
}

/* ---- one list as text ---- */

static bool
read_opml(struct run *run, struct feed_list *list, struct err *err)
{
	struct opml_feed *feeds = NULL;
	size_t count = 0;

	if (!opml_parse(run->arena, list->xml, list->xml_len, &feeds, &count, err))
		return err_wrap(err, "%s", list->path);
	list->sources = arena_array(run->arena, count, sizeof(*list->sources));
	for (size_t i = 0; i < count; i++) {
		const char *url = feed_address_of_list(run->arena, list, feeds[i].url);

		if (!url)
			continue;
		list->sources[list->source_count++] = (struct listed_feed){ .url = url,
			.name = feeds[i].name,
			.group = feeds[i].group,
			.max_per_feed = -1,
			.file = list->path };
	}
	return true;
}

/* A file of feeds_from was read with the settings. */
static const struct feed_list *
list_read_before(const struct run *run, const char *where)
{
	for (size_t i = 0; i < run->settings->list_count; i++)
		if (strcmp(run->settings->lists[i].path, where) == 0)
			return &run->settings->lists[i];
	return NULL;
}

bool
flow_sources_read(struct run *run, const char *where, struct feed_list *list,
    struct err *err)
{
	const struct feed_list *before = list_read_before(run, where);
	struct buf b = BUF_INIT(LIMIT_CONFIG_FILE);
	bool ok = false;

	memset(list, 0, sizeof(*list));
	if (!url_is_web(where) && strstr(where, "://")) {
		(void)feed_address_refuse(run->arena, where, err);
		err->kind = ERR_INPUT;
		goto out;
	}
	if (before)
		*list = *before;
	else if (url_is_web(where) ? !fetch_list(run, where, &b, err)
				   : !file_read(where, &b, err))
		goto out;
	ok = (before ||
		 feed_list_read(run->arena, where, buf_text(&b), b.len, list, err)) &&
	    (list->kind != FEED_LIST_OPML || read_opml(run, list, err));
out:
	buf_clear(&b);
	return ok || err_wrap(err, "list of feeds");
}

/* A list and the reading lists it names, one level deep as Venus follows them. */
static void
collect_list(struct run *run, struct collection *c, const char *where, bool follow)
{
	struct feed_list list;
	struct err err = ERR_INIT;

	if (!flow_sources_read(run, where, &list, &err)) {
		log_warn("feeds", "%s; its feeds stay as they were", err.text);
		c->incomplete = true;
		return;
	}
	for (size_t i = 0; i < list.refused_count; i++)
		log_warn("feeds", "%s: %s", where,
		    feed_address_left_out(run->arena, list.refused[i]));
	for (size_t i = 0; i < list.source_count; i++)
		collect(run->arena, c, &list.sources[i]);
	for (size_t i = 0; follow && i < list.reading_list_count; i++)
		collect_list(run, c, list.reading_lists[i], false);
}

static void
collect_all(struct run *run, struct collection *c)
{
	const char *where = run->config->feeds.feeds_from;
	const char *path = NULL;

	/* Mostly there are no lists, and the settings have each feed once. */
	if (*where == '\0') {
		c->feeds = run->settings->sources;
		c->count = run->settings->source_count;
		return;
	}
	for (size_t i = 0; i < run->settings->source_count; i++)
		collect(run->arena, c, &run->settings->sources[i]);
	while ((path = text_next_word(run->arena, &where, "\n")) != NULL)
		collect_list(run, c, path, true);
	c->count = duplicate_feeds_keep_first(c->feeds, c->count);
}

static struct source
source_of(struct run *run, const struct listed_feed *feed)
{
	return (struct source){
		.key = feed->key,
		.url = feed->url,
		.name = feed->name,
		.face = feed->face,
		.group = feed->group ? feed->group : run->config->feeds.default_group,
		.language = feed->language,
		.filter = conditions_join(run->arena, feed->filter, feed->categories,
		    feed->languages),
		.exclude = conditions_join(run->arena, feed->exclude,
		    feed->exclude_categories, feed->exclude_languages),
		.strip = feed->strip,
		.user_agent = feed->user_agent,
		.max_per_feed = feed->max_per_feed,
		.paused = feed->paused,
	};
}

/* When a list is missing this time, what the store knew of it stays listed. */
static bool
keep_known(struct run *run, struct collection *c, struct err *err)
{
	struct source *known = NULL;
	size_t count = 0;

	if (!store_sources(run->store, run->arena, true, &known, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct listed_feed feed = { .url = known[i].url,
			.key = known[i].key,
			.name = known[i].name,
			.group = known[i].group,
			.language = known[i].language,
			.face = known[i].face,
			.filter = known[i].filter,
			.exclude = known[i].exclude,
			.strip = known[i].strip,
			.user_agent = known[i].user_agent,
			.max_per_feed = known[i].max_per_feed,
			.paused = known[i].paused };

		collect(run->arena, c, &feed);
	}
	c->count = duplicate_feeds_keep_first(c->feeds, c->count);
	return true;
}

/* ---- the whole ---- */

static uint64_t
add_text(uint64_t hash, const char *text)
{
	return hash_64(text ? text : "", text ? strlen(text) : 0, hash + (text != NULL));
}

/* One number of all that store_sources_sync reads: equal when the lists are. */
static uint64_t
fingerprint_of(struct run *run, const struct collection *c)
{
	uint64_t hash = add_text(c->count, VERSION);

	for (size_t i = 0; i < c->count; i++) {
		const struct source s = source_of(run, &c->feeds[i]);
		const char *const texts[] = { s.key, s.url, s.name, s.face, s.group,
			s.language, s.filter, s.exclude, s.strip, s.user_agent };

		for (size_t k = 0; k < ARRAY_LEN(texts); k++)
			hash = add_text(hash, texts[k]);
		hash = hash_64(&s.max_per_feed, sizeof(s.max_per_feed),
		    hash + (uint64_t)s.paused);
	}
	return hash;
}

static bool
sync(struct run *run, const struct collection *c, struct err *err)
{
	struct source *sources = arena_array(run->arena, c->count, sizeof(*sources));

	for (size_t i = 0; i < c->count; i++)
		sources[i] = source_of(run, &c->feeds[i]);
	return store_sources_sync(run->store, sources, c->count, err);
}

/* The lists rarely change from run to run: then the store has them already. */
static bool
sync_changed(struct run *run, const struct collection *c, struct err *err)
{
	const char *before = NULL;
	const char *now = arena_printf(run->arena, "%016llx",
	    (unsigned long long)fingerprint_of(run, c));

	if (!store_note_get(run->store, run->arena, synced_note, &before, err))
		return false;
	if (before && strcmp(before, now) == 0)
		return true;
	if (store_is_read_only(run->store)) {
		log_warn("feeds",
		    "shown as the database has them, which cannot be written: "
		    "what the configuration says now is not in it");
		return true;
	}
	return sync(run, c, err) && store_note_set(run->store, synced_note, now, err);
}

bool
flow_sources_sync(struct run *run, struct err *err)
{
	struct collection c = { 0 };
	struct source_changes changes;

	collect_all(run, &c);
	if (!flow_source_changes(run, &changes, err))
		return false;
	flow_source_changes_apply(run, &changes, &c.feeds, c.count);
	if (c.incomplete && !keep_known(run, &c, err))
		return false;
	if (c.count > LIMIT_SOURCES)
		return err_set(err, ERR_LIMIT, "%zu feeds are configured, %d can be kept",
		    c.count, LIMIT_SOURCES);
	return store_scope_begin(run->store, err) &&
	    store_scope_end(run->store, sync_changed(run, &c, err), err);
}

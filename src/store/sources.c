/* SPDX-License-Identifier: ISC */
#include "store/sources.h"

#include <string.h>

#include "store/db.h"

#include "base/order.h"
#include "base/text.h"

/* In the order of row_to_source. */
#define SOURCE_COLUMNS \
	"id, key, url, name, title, link, COALESCE(language, feed_language), feed_group, face," \
	" filter, exclude, strip, user_agent, max_per_feed, paused, listed, etag," \
	" last_modified, next_poll, last_poll, last_ok, last_entry, body_hash, packed_hash, pace," \
	" hours, ttl, skip_hours, skip_days, hub, state, state_since," \
	" state_runs, told, failures, state_note, held, held_more, held_since, verdict, self," \
	" mail_read, mail_others, mail_asks, mail_lost"

static void
row_to_source(struct db_query *q, struct arena *a, void *row)
{
	struct source *out = row;

	out->id = db_int(q);
	out->key = db_text(q, a);
	out->url = db_text(q, a);
	out->name = db_text(q, a);
	out->title = db_text(q, a);
	out->link = db_text(q, a);
	out->language = db_text(q, a);
	out->group = db_text(q, a);
	out->face = db_text(q, a);
	out->filter = db_text(q, a);
	out->exclude = db_text(q, a);
	out->strip = db_text(q, a);
	out->user_agent = db_text(q, a);
	/* No column: whoever asks the feed knows what its section says. */
	out->full_text = out->filter_command = NULL;
	out->max_per_feed = db_int(q);
	out->paused = db_int(q) != 0;
	out->listed = db_int(q) != 0;
	out->etag = db_text(q, a);
	out->last_modified = db_text(q, a);
	out->next_poll = db_time(q);
	out->last_poll = db_time(q);
	out->last_ok = db_time(q);
	out->last_entry = db_time(q);
	out->body_hash = db_int(q);
	out->packed_hash = db_int(q);
	out->pace = db_int(q);
	out->hours = (uint32_t)db_int(q);
	out->ttl = db_int(q);
	out->skip_hours = (uint32_t)db_int(q);
	out->skip_days = (unsigned)db_int(q);
	out->hub = db_text(q, a);
	out->state = (enum source_state)db_int(q);
	out->state_since = db_time(q);
	out->state_runs = db_int(q);
	out->told = (enum source_state)db_int(q);
	out->failures = db_int(q);
	out->state_note = db_text(q, a);
	out->held = db_int(q);
	out->held_more = db_int(q);
	out->held_since = db_time(q);
	out->verdict = (enum held_verdict)db_int(q);
	out->self = db_text(q, a);
	out->mail_read = db_int(q);
	out->mail_others = db_int(q);
	out->mail_asks = db_int(q);
	out->mail_lost = db_int(q);
}

bool
store_sources(struct store *s, struct arena *a, bool listed_only, struct source **out,
    size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT " SOURCE_COLUMNS " FROM source WHERE listed >= :listed ORDER BY key",
	    err);

	db_bind_int(q, ":listed", listed_only);
	return db_list(q, a, sizeof(**out), row_to_source, out, count, err);
}

static int
by_key(const void *one, const void *other)
{
	return strcmp(((const struct source *)one)->key,
	    ((const struct source *)other)->key);
}

#define POLLED " FROM source INDEXED BY source_polled WHERE listed = 1 AND paused = 0"

bool
store_sources_count_polled(struct store *s, size_t *count, struct err *err)
{
	int64_t n = 0;
	const bool ok = db_number(s, "SELECT COUNT(*)" POLLED, &n, err);

	*count = (size_t)n;
	return ok;
}

/* Mostly few are due: two ranges of an index, and no walk along all feeds. */
#define DUE \
	" (SELECT id" POLLED " AND next_poll IS NULL" \
	" UNION ALL SELECT id" POLLED " AND next_poll <= :now)"

bool
store_sources_count_due(struct store *s, int64_t now, size_t *count, struct err *err)
{
	struct db_query *q = db_query(s, "SELECT COUNT(*) FROM" DUE, err);
	int64_t n = 0;
	bool ok = false;

	db_bind_int(q, ":now", now);
	ok = db_only_int(q, &n, err);
	*count = (size_t)n;
	return ok;
}

bool
store_sources_due(struct store *s, struct arena *a, int64_t now, size_t expected,
    struct source **out, size_t *count, struct err *err)
{
	struct db_query *q =
	    db_query(s, "SELECT " SOURCE_COLUMNS " FROM source WHERE id IN" DUE, err);

	db_bind_int(q, ":now", now);
	if (!db_list_of(q, a, sizeof(**out), expected, row_to_source, out, count, err))
		return false;
	/* To sort whole rows costs SQLite half of what it takes to read them. */
	list_sort(*out, *count, sizeof(**out), by_key);
	return true;
}

/* ---- finding one by what a person typed ---- */

static bool
not_found(struct store *s, struct arena *a, const char *name, struct err *err)
{
	struct source *all = NULL;
	const char **words = NULL;
	const char *nearest = NULL;
	size_t count = 0;
	size_t n = 0;

	if (!store_sources(s, a, false, &all, &count, err))
		return false;
	words = arena_array(a, count * 2 + 1, sizeof(*words));
	for (size_t i = 0; i < count; i++) {
		words[n++] = all[i].key;
		if (all[i].name)
			words[n++] = all[i].name;
	}
	nearest = nearest_word(name, words, n);
	for (size_t i = 0; nearest && i < count; i++) {
		if (all[i].name == nearest)
			nearest = all[i].key;
	}
	err_set(err, ERR_INPUT, "no feed is called '%s'", name);
	if (nearest)
		err_hint(err, "did you mean '%s'?", nearest);
	return err_next(err, NEXT_LIST_FEEDS);
}

/* Display names need not be unique: *matches tells how many have it. */
static bool
find_by_name(struct store *s, struct arena *a, const char *name, struct source *out,
    size_t *matches, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT " SOURCE_COLUMNS " FROM source"
	    " WHERE COALESCE(name, title) = :name COLLATE NOCASE"
	    " ORDER BY listed DESC, key LIMIT 2",
	    err);

	*matches = 0;
	db_bind_text(q, ":name", name);
	while (db_next(q)) {
		if ((*matches)++ == 0)
			row_to_source(q, a, out);
	}
	return db_done(q, err);
}

bool
store_source_find(struct store *s, struct arena *a, const char *name, struct source *out,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT " SOURCE_COLUMNS " FROM source WHERE key = :name OR url = :name"
	    " ORDER BY key = :name DESC LIMIT 1",
	    err);
	size_t matches = 0;
	bool found = false;

	db_bind_text(q, ":name", name);
	if (!db_one(q, a, row_to_source, out, &found, err))
		return false;
	if (found)
		return true;
	if (!find_by_name(s, a, name, out, &matches, err))
		return false;
	if (matches == 0)
		return not_found(s, a, name, err);
	if (matches == 1)
		return true;
	err_set(err, ERR_INPUT, "more than one feed is called '%s'", name);
	err_hint(err, "use its key, as '%s'", out->key);
	return err_next(err, NEXT_LIST_FEEDS);
}

/* Has the other source the post too?  *counted false when it came only now. */
static bool
has_post(struct store *s, int64_t other, int64_t post, int64_t now, bool *counted,
    bool *has, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT e.source_id = :other OR EXISTS (SELECT 1 FROM entry_also x"
	    " WHERE x.entry_id = e.id AND x.source_id = :other)"
	    " FROM entry e WHERE e.id = :post AND e.first_seen < :now",
	    err);

	db_bind_int(q, ":other", other);
	db_bind_int(q, ":post", post);
	db_bind_int(q, ":now", now);
	*counted = db_next(q);
	*has = *counted && db_int(q) != 0;
	return db_done(q, err);
}

bool
store_source_twin(struct store *s, struct arena *a, const struct source *src,
    const char *link, const int64_t *posts, size_t count, int64_t now, const char **key,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT id, key FROM source WHERE link = :link AND id < :id AND listed = 1"
	    " AND paused = 0 ORDER BY id LIMIT 1",
	    err);
	const char *other_key = NULL;
	int64_t other = 0;
	size_t shared = 0;

	*key = NULL;
	db_bind_text(q, ":link", link);
	db_bind_int(q, ":id", src->id);
	if (db_next(q)) {
		other = db_int(q);
		other_key = db_text(q, a);
	}
	if (!db_done(q, err))
		return false;
	for (size_t i = 0; other_key && i < count; i++) {
		bool counted = false;
		bool has = false;

		if (!has_post(s, other, posts[i], now, &counted, &has, err))
			return false;
		if (counted && !has)
			return true;
		shared += has;
	}
	if (shared > 0)
		*key = other_key;
	return true;
}

bool
store_source_told(struct store *s, int64_t id, enum source_state state, struct err *err)
{
	struct db_query *q =
	    db_query(s, "UPDATE source SET told = :state WHERE id = :id", err);

	db_bind_int(q, ":state", state);
	db_bind_int(q, ":id", id);
	return db_run(q, err);
}

bool
store_source_move(struct store *s, int64_t id, const char *url, struct err *err)
{
	struct db_query *q =
	    db_query(s, "UPDATE source SET url = :url WHERE id = :id", err);

	db_bind_text(q, ":url", url);
	db_bind_int(q, ":id", id);
	return db_run(q, err);
}

bool
store_source_begin_anew(struct store *s, int64_t id, bool whole, int64_t now,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "UPDATE source SET next_poll = NULL, failures = 0, state = :ok,"
	    " state_since = :now, state_runs = 0, told = :ok, state_note = NULL,"
	    " etag = iif(:whole, NULL, etag),"
	    " body_hash = iif(:whole, 0, body_hash),"
	    " packed_hash = iif(:whole, 0, packed_hash),"
	    " last_modified = iif(:whole, NULL, last_modified) WHERE id = :id",
	    err);

	db_bind_int(q, ":ok", SOURCE_OK);
	db_bind_int(q, ":now", now);
	db_bind_int(q, ":whole", whole);
	db_bind_int(q, ":id", id);
	return db_run(q, err);
}

bool
store_source_posts(struct store *s, int64_t id, int64_t *posts, int64_t *mailed,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT COUNT(*), COALESCE(SUM(state = 2), 0) FROM entry WHERE source_id = :id",
	    err);

	*posts = *mailed = 0;
	db_bind_int(q, ":id", id);
	if (db_next(q)) {
		*posts = db_int(q);
		*mailed = db_int(q);
	}
	return db_done(q, err);
}

static bool
run_polled(struct store *s, struct db_query *q, const struct source *src, struct err *err)
{
	if (!db_run(q, err))
		return false;
	return db_changes(s) == 1 ||
	    err_set(err, ERR_BUG, "source %lld is not stored", (long long)src->id);
}

/* What every poll says, whatever came. */
static void
bind_poll(struct db_query *q, const struct source *src)
{
	db_bind_text(q, ":etag", src->etag);
	db_bind_text(q, ":last_modified", src->last_modified);
	db_bind_time(q, ":next_poll", src->next_poll);
	db_bind_time(q, ":last_poll", src->last_poll);
	db_bind_time(q, ":last_ok", src->last_ok);
	db_bind_int(q, ":packed_hash", src->packed_hash);
	db_bind_int(q, ":pace", src->pace);
	db_bind_int(q, ":state", src->state);
	db_bind_time(q, ":state_since", src->state_since);
	db_bind_int(q, ":state_runs", src->state_runs);
	db_bind_int(q, ":told", src->told);
	db_bind_int(q, ":failures", src->failures);
	db_bind_text(q, ":state_note", src->state_note);
	db_bind_int(q, ":id", src->id);
}

bool
store_source_asked(struct store *s, const struct source *src, struct err *err)
{
	/* What a document said stays; link is not named, so its index is left alone. */
	struct db_query *q = db_query(s,
	    "UPDATE source SET etag = :etag, last_modified = :last_modified,"
	    " next_poll = :next_poll, last_poll = :last_poll, last_ok = :last_ok,"
	    " packed_hash = :packed_hash, pace = :pace, state = :state, state_since = :state_since,"
	    " state_runs = :state_runs, told = :told, failures = :failures,"
	    " state_note = :state_note WHERE id = :id",
	    err);

	bind_poll(q, src);
	return run_polled(s, q, src, err);
}

bool
store_source_polled(struct store *s, const struct source *src, struct err *err)
{
	struct db_query *q = db_query(s,
	    "UPDATE source SET title = :title, link = :link, feed_language = :language,"
	    " etag = :etag, last_modified = :last_modified, next_poll = :next_poll,"
	    " last_poll = :last_poll, last_ok = :last_ok, last_entry = :last_entry,"
	    " body_hash = :body_hash, packed_hash = :packed_hash, pace = :pace,"
	    " hours = :hours, ttl = :ttl,"
	    " skip_hours = :skip_hours, skip_days = :skip_days, hub = :hub,"
	    " state = :state, state_since = :state_since, state_runs = :state_runs,"
	    " told = :told, failures = :failures, state_note = :state_note, self = :self,"
	    " mail_read = :mail_read, mail_others = :mail_others, mail_asks = :mail_asks,"
	    " mail_lost = :mail_lost"
	    " WHERE id = :id",
	    err);

	db_bind_text(q, ":title", src->title);
	db_bind_text(q, ":link", src->link);
	db_bind_text(q, ":language", src->language);
	db_bind_time(q, ":last_entry", src->last_entry);
	db_bind_int(q, ":body_hash", src->body_hash);
	db_bind_int(q, ":hours", src->hours);
	db_bind_int(q, ":ttl", src->ttl);
	db_bind_int(q, ":skip_hours", src->skip_hours);
	db_bind_int(q, ":skip_days", src->skip_days);
	db_bind_text(q, ":hub", src->hub);
	db_bind_text(q, ":self", src->self);
	db_bind_int(q, ":mail_read", src->mail_read);
	db_bind_int(q, ":mail_others", src->mail_others);
	db_bind_int(q, ":mail_asks", src->mail_asks);
	db_bind_int(q, ":mail_lost", src->mail_lost);
	bind_poll(q, src);
	return run_polled(s, q, src, err);
}

/* SPDX-License-Identifier: ISC */
/*
 * Makes the stored list of sources equal to the configuration's.  What a source has lived
 * through (entries, validators, health) stays with it as long as its address or, when that
 * changes, its key stays.
 */
#include "store/source_sync.h"

#include <string.h>

#include "base/text.h"
#include "store/db.h"
#include "store/transactions.h"

struct sync {
	struct store *store;
	struct arena *arena;
	struct source *specs;
	size_t count;
	int64_t max_id; /* of the sources stored before */
	bool *taken;    /* by id: a spec is this source */
	bool *doubled;  /* by spec: an earlier one has the same address */
};

static bool
find_id(struct store *s, const char *sql, const char *value, int64_t *id, struct err *err)
{
	struct db_query *q = db_query(s, sql, err);

	db_bind_text(q, ":value", value);
	return db_only_int(q, id, err);
}

static void
take(struct sync *y, struct source *spec, int64_t id)
{
	spec->id = id;
	y->taken[id] = true;
}

/* First all by address, so that none of them can be mistaken for one that has moved. */
static bool
match_by_url(struct sync *y, struct err *err)
{
	for (size_t i = 0; i < y->count; i++) {
		struct source *spec = &y->specs[i];

		if (!find_id(y->store, "SELECT id FROM source WHERE url = :value",
			spec->url, &spec->id, err))
			return false;
		if (spec->id)
			take(y, spec, spec->id);
	}
	return true;
}

/*
 * A new address under an old key is the same source: its posts stay known.  What the old
 * server said about the document is worth nothing on the new one.
 */
static bool
move_source(struct sync *y, struct source *spec, int64_t id, struct err *err)
{
	struct db_query *q = db_query(y->store,
	    "UPDATE source SET url = :url, etag = NULL, last_modified = NULL, body_hash = 0,"
	    " packed_hash = 0, next_poll = NULL, failures = 0 WHERE id = :id",
	    err);

	take(y, spec, id);
	db_bind_text(q, ":url", spec->url);
	db_bind_int(q, ":id", id);
	return db_run(q, err);
}

/* The key is set by name_source afterwards. */
static bool
add_source(struct sync *y, struct source *spec, struct err *err)
{
	struct db_query *q = NULL;

	/* The same address twice in one list: the first line has made it. */
	if (!find_id(y->store, "SELECT id FROM source WHERE url = :value", spec->url,
		&spec->id, err))
		return false;
	if (spec->id)
		return true;
	q = db_query(y->store,
	    "INSERT INTO source (key, url) VALUES ('new ' || :url, :url)", err);
	db_bind_text(q, ":url", spec->url);
	if (!db_run(q, err))
		return false;
	spec->id = db_last_id(y->store);
	return true;
}

static bool
match_rest(struct sync *y, struct err *err)
{
	for (size_t i = 0; i < y->count; i++) {
		struct source *spec = &y->specs[i];
		int64_t id = 0;

		if (spec->id)
			continue;
		if (spec->key && *spec->key &&
		    !find_id(y->store, "SELECT id FROM source WHERE key = :value",
			spec->key, &id, err))
			return false;
		if (id && id <= y->max_id && !y->taken[id]) {
			if (!move_source(y, spec, id, err))
				return false;
		} else if (!add_source(y, spec, err)) {
			return false;
		}
	}
	return true;
}

static bool
write_spec(struct store *s, const struct source *spec, struct err *err)
{
	/* Most lists do not change from run to run: an unchanged row is not written again. */
	struct db_query *q = db_query(s,
	    "UPDATE source SET name = :name, language = :language, feed_group = :group,"
	    " face = :face, filter = :filter, exclude = :exclude, strip = :strip,"
	    " user_agent = :agent, max_per_feed = :max, paused = :paused, listed = 1"
	    " WHERE id = :id AND (name, language, feed_group, face, filter, exclude, strip,"
	    " user_agent, max_per_feed, paused, listed) IS NOT (:name, :language, :group,"
	    " :face, :filter, :exclude, :strip, :agent, :max, :paused, 1)",
	    err);

	db_bind_text(q, ":name", spec->name);
	db_bind_text(q, ":language", spec->language);
	db_bind_text(q, ":group", spec->group);
	db_bind_text(q, ":face", spec->face);
	db_bind_text(q, ":filter", spec->filter);
	db_bind_text(q, ":exclude", spec->exclude);
	db_bind_text(q, ":strip", spec->strip);
	db_bind_text(q, ":agent", spec->user_agent);
	db_bind_int(q, ":max", spec->max_per_feed);
	db_bind_int(q, ":paused", spec->paused);
	db_bind_int(q, ":id", spec->id);
	return db_run(q, err);
}

/* ---- keys ---- */

static bool
set_key(struct store *s, int64_t id, const char *key, struct err *err)
{
	struct db_query *q =
	    db_query(s, "UPDATE source SET key = :key WHERE id = :id", err);

	db_bind_text(q, ":key", key);
	db_bind_int(q, ":id", id);
	return db_run(q, err);
}

/* The key a source should have: the configured one, else one made of its name or address. */
static const char *
wanted_key(struct arena *a, const struct source *spec)
{
	const char *from = spec->key && *spec->key ? spec->key
	    : spec->name                           ? spec->name
						   : spec->url;
	char *key = NULL;
	size_t n = 0;

	if (from == spec->key)
		return spec->key;
	if (strstr(from, "://")) {
		char *shown = arena_strdup(a, from);

		text_drop_logins(shown);
		from = strstr(shown, "://") + 3;
	}
	key = arena_alloc(a, strlen(from) + 1);
	for (const char *p = from; *p; p++) {
		int c = ascii_lower((unsigned char)*p);

		if (ascii_is_alphanumeric(c))
			key[n++] = (char)c;
		else if (n > 0 && key[n - 1] != '-')
			key[n++] = '-';
	}
	while (n > 0 && key[n - 1] == '-')
		key[--n] = '\0';
	return n > 0 ? key : "feed";
}

/* Sets the key, with "-2", "-3" ... behind it while another source has it. */
static bool
name_source(struct sync *y, const struct source *spec, const char *wanted,
    struct err *err)
{
	const char *key = wanted;
	int64_t holder = 0;

	for (size_t n = 2;; n++) {
		if (!find_id(y->store, "SELECT id FROM source WHERE key = :value", key,
			&holder, err))
			return false;
		/* One that is listed no more gives way. */
		if (holder && holder <= y->max_id && !y->taken[holder]) {
			if (!set_key(y->store, holder,
				arena_printf(y->arena, "%s-was-%lld", key,
				    (long long)holder),
				err))
				return false;
			holder = 0;
		}
		if (holder == 0)
			return set_key(y->store, spec->id, key, err);
		key = arena_printf(y->arena, "%s-%zu", wanted, n);
	}
}

/* True for the wanted key with a number behind it. */
static bool
is_numbered(const char *held, const char *wanted)
{
	size_t len = strlen(wanted);
	const char *number = held + len + 1;

	return strncmp(held, wanted, len) == 0 && held[len] == '-' && *number &&
	    strspn(number, "0123456789") == strlen(number);
}

static bool
held_key(struct store *s, struct arena *a, int64_t id, const char **key, struct err *err)
{
	struct db_query *q = db_query(s, "SELECT key FROM source WHERE id = :id", err);

	db_bind_int(q, ":id", id);
	*key = db_next(q) ? db_text(q, a) : "";
	return db_done(q, err);
}

/* True when the source may keep the key it has: keys stay the same from run to run. */
static bool
keeps_key(struct sync *y, const struct source *spec, const char *wanted, bool *keeps,
    struct err *err)
{
	const char *held = NULL;
	int64_t holder = 0;

	if (!held_key(y->store, y->arena, spec->id, &held, err))
		return false;
	*keeps = strcmp(held, wanted) == 0;
	if (*keeps || !is_numbered(held, wanted))
		return true;
	if (!find_id(y->store, "SELECT id FROM source WHERE key = :value", wanted,
		&holder, err))
		return false;
	*keeps = holder != 0;
	return true;
}

/*
 * Keys are given in two rounds: all that must change are let go first, so that two sources can
 * exchange theirs.
 */
static bool
name_sources(struct sync *y, struct err *err)
{
	const char **wanted = arena_array(y->arena, y->count, sizeof(*wanted));

	for (size_t i = 0; i < y->count; i++) {
		struct source *spec = &y->specs[i];
		bool keeps = false;

		if (y->doubled[i])
			continue;
		wanted[i] = wanted_key(y->arena, spec);
		if (!keeps_key(y, spec, wanted[i], &keeps, err))
			return false;
		if (keeps)
			wanted[i] = NULL;
		else if (!set_key(y->store, spec->id,
			     arena_printf(y->arena, "id %lld", (long long)spec->id), err))
			return false;
	}
	for (size_t i = 0; i < y->count; i++) {
		if (wanted[i] && !name_source(y, &y->specs[i], wanted[i], err))
			return false;
	}
	return true;
}

/* ---- the whole ---- */

/* Of two lines with one address the first counts. */
static bool
note_doubles(struct sync *y, struct err *err)
{
	int64_t max_id = 0;
	bool *seen = NULL;

	if (!db_number(y->store, "SELECT COALESCE(MAX(id), 0) FROM source", &max_id, err))
		return false;
	seen = arena_array(y->arena, (size_t)max_id + 1, sizeof(*seen));
	y->doubled = arena_array(y->arena, y->count, sizeof(*y->doubled));
	for (size_t i = 0; i < y->count; i++) {
		y->doubled[i] = seen[y->specs[i].id];
		seen[y->specs[i].id] = true;
	}
	return true;
}

static bool
unlist_rest(struct sync *y, struct err *err)
{
	for (int64_t id = 1; id <= y->max_id; id++) {
		if (!y->taken[id] &&
		    !db_run_int(y->store,
			"UPDATE source SET listed = 0 WHERE id = :id AND listed = 1",
			":id", id, err))
			return false;
	}
	return true;
}

static bool
sync_all(struct sync *y, struct err *err)
{
	if (!db_number(y->store, "SELECT COALESCE(MAX(id), 0) FROM source", &y->max_id,
		err))
		return false;
	y->taken = arena_array(y->arena, (size_t)y->max_id + 1, sizeof(*y->taken));
	if (!match_by_url(y, err) || !match_rest(y, err) || !note_doubles(y, err) ||
	    !name_sources(y, err))
		return false;
	for (size_t i = 0; i < y->count; i++) {
		if (!y->doubled[i] && !write_spec(y->store, &y->specs[i], err))
			return false;
	}
	return unlist_rest(y, err);
}

bool
store_sources_sync(struct store *s, struct source *specs, size_t count, struct err *err)
{
	struct sync y = { .store = s,
		.arena = arena_new(),
		.specs = specs,
		.count = count };
	bool ok = false;

	if (store_scope_begin(s, err))
		ok = store_scope_end(s, sync_all(&y, err), err);
	arena_free(y.arena);
	return ok;
}

/* SPDX-License-Identifier: ISC */
#include "store/source_overrides.h"

#include "store/db.h"

static void
row_to_override(struct db_query *q, struct arena *a, void *row)
{
	struct source_override *out = row;

	out->url = db_text(q, a);
	out->key = db_text(q, a);
	out->value = db_text(q, a);
	out->reason = db_text(q, a);
	out->at = db_int(q);
}

bool
store_overrides(struct store *s, struct arena *a, struct source_override **out,
    size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT url, key, value, reason, at FROM source_override ORDER BY url, key",
	    err);

	return db_list(q, a, sizeof(**out), row_to_override, out, count, err);
}

bool
store_override_set(struct store *s, const struct source_override *o, struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT INTO source_override (url, key, value, reason, at)"
	    " VALUES (:url, :key, :value, :reason, :at)"
	    " ON CONFLICT (url, key) DO UPDATE SET value = excluded.value,"
	    " reason = excluded.reason, at = excluded.at",
	    err);

	db_bind_text(q, ":url", o->url);
	db_bind_text(q, ":key", o->key);
	db_bind_text(q, ":value", o->value);
	db_bind_text(q, ":reason", o->reason);
	db_bind_int(q, ":at", o->at);
	return db_run(q, err);
}

bool
store_override_drop(struct store *s, const char *url, const char *key, struct err *err)
{
	struct db_query *q = db_query(s,
	    "DELETE FROM source_override WHERE url = :url AND key = :key", err);

	db_bind_text(q, ":url", url);
	db_bind_text(q, ":key", key);
	return db_run(q, err);
}

/* SPDX-License-Identifier: ISC */
#include "store/source_overrides.h"

#include "store/db.h"

bool
store_overrides(struct store *s, struct arena *a, struct source_override **out,
    size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT url, key, value, reason, at FROM source_override ORDER BY url, key",
	    err);
	struct source_override *list = NULL;
	size_t n = 0;
	bool row = false;
	bool ok = false;

	while ((ok = db_next(q, &row, err)) && row) {
		list = arena_grow_list(a, list, n, sizeof(*list));
		list[n].url = db_text(q, a);
		list[n].key = db_text(q, a);
		list[n].value = db_text(q, a);
		list[n].reason = db_text(q, a);
		list[n++].at = db_int(q);
	}
	db_done(q);
	*out = ok ? list : NULL;
	*count = ok ? n : 0;
	return ok;
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

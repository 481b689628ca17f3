/* SPDX-License-Identifier: ISC */
#include "store/pictures.h"

#include "base/hash.h"
#include "store/db.h"

enum { TRIES = 3, NEVER_AGAIN = 1000 };

const char *
store_picture_name(struct arena *a, const char *bytes, size_t len)
{
	unsigned char hash[HASH_SIZE];
	char name[PICTURE_NAME + 1];

	hash_sha256(bytes, len, hash);
	hash_base32(hash, PICTURE_NAME_BYTES, name);
	return arena_strdup(a, name);
}

static bool
is_wanted(struct store *s, const char *sql, const char *url, bool *wanted,
    struct err *err)
{
	struct db_query *q = db_query(s, sql, err);

	db_bind_text(q, ":url", url);
	db_bind_int(q, ":tries", TRIES);
	*wanted = !db_next(q) || db_int(q) != 0;
	return db_done(q, err);
}

bool
store_picture_is_wanted(struct store *s, const char *url, bool *wanted, struct err *err)
{
	return is_wanted(s,
	    "SELECT name IS NULL AND tries < :tries FROM picture WHERE url = :url", url,
	    wanted, err);
}

bool
store_picture_size_is_wanted(struct store *s, const char *url, bool *wanted,
    struct err *err)
{
	return is_wanted(s,
	    "SELECT width IS NULL AND tries < :tries FROM picture WHERE url = :url", url,
	    wanted, err);
}

bool
store_picture_put(struct store *s, const char *url, const struct picture *is,
    const char *bytes, int64_t now, struct err *err)
{
	struct db_query *q = NULL;
	struct arena *a = arena_new();
	bool ok = false;

	q = db_query(s,
	    "INSERT INTO picture (url, tries, used, kind, width, height, bytes, name, data)"
	    " VALUES (:url, 0, :now, :kind, :width, :height, :bytes, :name, :data)"
	    " ON CONFLICT (url) DO UPDATE SET tries = 0, used = excluded.used,"
	    " kind = excluded.kind, width = excluded.width, height = excluded.height,"
	    " bytes = excluded.bytes, name = excluded.name, data = excluded.data"
	    " WHERE name IS NULL",
	    err);
	db_bind_text(q, ":url", url);
	db_bind_int(q, ":now", now);
	db_bind_int(q, ":kind", is->kind);
	db_bind_int(q, ":width", is->width);
	db_bind_int(q, ":height", is->height);
	db_bind_int(q, ":bytes", (int64_t)is->len);
	db_bind_text(q, ":name", store_picture_name(a, bytes, is->len));
	db_bind_bytes(q, ":data", bytes, is->len);
	ok = db_run(q, err);
	arena_free(a);
	return ok;
}

bool
store_picture_size_put(struct store *s, const char *url, const struct picture *is,
    int64_t now, struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT INTO picture (url, tries, used, kind, width, height, bytes)"
	    " VALUES (:url, 0, :now, :kind, :width, :height, 0)"
	    " ON CONFLICT (url) DO UPDATE SET used = excluded.used, kind = excluded.kind,"
	    " width = excluded.width, height = excluded.height WHERE name IS NULL",
	    err);

	db_bind_text(q, ":url", url);
	db_bind_int(q, ":now", now);
	db_bind_int(q, ":kind", is->kind);
	db_bind_int(q, ":width", is->width);
	db_bind_int(q, ":height", is->height);
	return db_run(q, err);
}

static void
fill_picture(struct db_query *q, struct arena *a, void *row)
{
	struct picture *out = row;

	(void)a;
	out->kind = (enum picture_kind)db_int(q);
	out->width = (int)db_int(q);
	out->height = (int)db_int(q);
	out->len = (size_t)db_int(q);
}

static void
fill_stored(struct db_query *q, struct arena *a, void *row)
{
	struct stored_picture *out = row;

	fill_picture(q, a, &out->is);
	out->name = db_text(q, a);
}

bool
store_picture_size_find(struct store *s, const char *url, struct picture *out,
    bool *found, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT kind, width, height, bytes FROM picture"
	    " WHERE url = :url AND width IS NOT NULL",
	    err);

	db_bind_text(q, ":url", url);
	return db_one(q, NULL, fill_picture, out, found, err);
}

bool
store_picture_failed(struct store *s, const char *url, bool for_good, int64_t now,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT INTO picture (url, tries, used, bytes) VALUES (:url, :tries, :now, 0)"
	    " ON CONFLICT (url) DO UPDATE SET tries = tries + excluded.tries,"
	    " used = excluded.used WHERE name IS NULL",
	    err);

	db_bind_text(q, ":url", url);
	db_bind_int(q, ":tries", for_good ? NEVER_AGAIN : 1);
	db_bind_int(q, ":now", now);
	return db_run(q, err);
}

bool
store_picture_find(struct store *s, struct arena *a, const char *url,
    struct stored_picture *out, bool *found, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT kind, width, height, bytes, name FROM picture"
	    " WHERE url = :url AND name IS NOT NULL",
	    err);

	db_bind_text(q, ":url", url);
	return db_one(q, a, fill_stored, out, found, err);
}

bool
store_picture_bytes(struct store *s, struct arena *a, const char *name,
    struct picture *out, const char **bytes, bool *found, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT kind, width, height, data FROM picture WHERE name = :name LIMIT 1",
	    err);

	db_bind_text(q, ":name", name);
	*found = db_next(q);
	if (*found) {
		out->kind = (enum picture_kind)db_int(q);
		out->width = (int)db_int(q);
		out->height = (int)db_int(q);
		*bytes = db_text_len(q, a, &out->len);
	}
	return db_done(q, err);
}

bool
store_picture_used(struct store *s, const char *name, int64_t now, struct err *err)
{
	struct db_query *q =
	    db_query(s, "UPDATE picture SET used = :now WHERE name = :name", err);

	db_bind_text(q, ":name", name);
	db_bind_int(q, ":now", now);
	return db_run(q, err);
}

bool
store_pictures_size(struct store *s, int64_t *bytes, struct err *err)
{
	return db_number(s, "SELECT COALESCE(SUM(bytes), 0) FROM picture", bytes, err);
}

bool
store_pictures_tidy(struct store *s, int64_t t, int64_t *dropped, struct err *err)
{
	struct db_query *q = db_query(s, "DELETE FROM picture WHERE used < :t", err);

	db_bind_int(q, ":t", t);
	if (!db_run(q, err))
		return false;
	*dropped = db_changes(s);
	return true;
}

/* SPDX-License-Identifier: ISC */
#include "store/variants.h"

#include "store/db.h"

/* ---- variants ---- */

static void
bind_variant(struct db_query *q, const struct variant *v)
{
	db_bind_int(q, ":length", v->length);
	db_bind_int(q, ":format", v->format);
	db_bind_text(q, ":sources", v->sources);
	db_bind_text(q, ":language", v->language ? v->language : "");
	db_bind_int(q, ":pictures", v->pictures);
}

bool
store_variant_find(struct store *s, const struct variant *v, int64_t *id, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT id FROM variant WHERE length = :length AND format = :format"
	    " AND sources = :sources AND language = :language AND pictures = :pictures",
	    err);

	bind_variant(q, v);
	return db_only_int(q, id, err);
}

bool
store_variant_intern(struct store *s, struct variant *v, struct err *err)
{
	struct db_query *q = NULL;

	if (!store_variant_find(s, v, &v->id, err))
		return false;
	if (v->id != 0)
		return true;
	q = db_query(s,
	    "INSERT INTO variant (length, format, sources, language, pictures)"
	    " VALUES (:length, :format, :sources, :language, :pictures)",
	    err);
	bind_variant(q, v);
	if (!db_run(q, err))
		return false;
	v->id = db_last_id(s);
	return true;
}

static void
row_to_variant(struct db_query *q, struct arena *a, void *row)
{
	struct variant *out = row;

	out->id = db_int(q);
	out->length = (enum length_wish)db_int(q);
	out->format = (enum letter_format)db_int(q);
	out->sources = db_text(q, a);
	out->language = db_text(q, a);
	out->pictures = (enum picture_wish)db_int(q);
}

bool
store_variant_get(struct store *s, struct arena *a, int64_t id, struct variant *out,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT id, length, format, sources, language, pictures FROM variant WHERE id = :id",
	    err);
	bool found = false;

	db_bind_int(q, ":id", id);
	if (!db_one(q, a, row_to_variant, out, &found, err))
		return false;
	return found ||
	    err_set(err, ERR_BUG, "variant %lld is not stored", (long long)id);
}

bool
store_variants_pictures(struct store *s, unsigned *wishes, struct err *err)
{
	struct db_query *q = db_query(s, "SELECT DISTINCT pictures FROM variant", err);

	*wishes = 0;
	while (db_next(q))
		*wishes |= 1U << db_int(q);
	return db_done(q, err);
}

/* ---- cadences ---- */

static void
bind_cadence(struct db_query *q, const struct cadence *c)
{
	db_bind_int(q, ":rhythm", c->rhythm);
	db_bind_int(q, ":day", c->day);
	db_bind_int(q, ":minute", c->minute);
	db_bind_text(q, ":zone", c->zone ? c->zone : "");
}

bool
store_cadence_intern(struct store *s, const struct cadence *c, int64_t *id,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT id FROM cadence WHERE rhythm = :rhythm AND day = :day"
	    " AND minute = :minute AND zone = :zone",
	    err);

	bind_cadence(q, c);
	if (!db_only_int(q, id, err))
		return false;
	if (*id != 0)
		return true;
	q = db_query(s,
	    "INSERT INTO cadence (rhythm, day, minute, zone)"
	    " VALUES (:rhythm, :day, :minute, :zone)",
	    err);
	bind_cadence(q, c);
	if (!db_run(q, err))
		return false;
	*id = db_last_id(s);
	return true;
}

static void
row_to_cadence(struct db_query *q, struct arena *a, void *row)
{
	struct stored_cadence *out = row;

	out->id = db_int(q);
	out->cadence.rhythm = (enum rhythm)db_int(q);
	out->cadence.day = (int)db_int(q);
	out->cadence.minute = (int)db_int(q);
	out->cadence.zone = db_text(q, a);
}

bool
store_cadences(struct store *s, struct arena *a, struct stored_cadence **out,
    size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT id, rhythm, day, minute, zone FROM cadence ORDER BY id", err);

	return db_list(q, a, sizeof(**out), row_to_cadence, out, count, err);
}

/* SPDX-License-Identifier: ISC */
#include "store/renderings.h"

#include "store/db.h"

bool
store_rendering_put(struct store *s, int64_t issue_id, int64_t variant_id,
    const struct rendering *r, struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT INTO rendering (issue_id, variant_id, subject, text, html)"
	    " VALUES (:issue, :variant, :subject, :text, :html)"
	    " ON CONFLICT (issue_id, variant_id) DO UPDATE SET subject = excluded.subject,"
	    " text = excluded.text, html = excluded.html",
	    err);

	db_bind_int(q, ":issue", issue_id);
	db_bind_int(q, ":variant", variant_id);
	db_bind_text(q, ":subject", r->subject);
	db_bind_text_len(q, ":text", r->text, r->text_len);
	db_bind_text_len(q, ":html", r->html, r->html_len);
	return db_run(q, err);
}

bool
store_rendering_get(struct store *s, struct arena *a, int64_t issue_id,
    int64_t variant_id, struct rendering *out, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT subject, text, html FROM rendering"
	    " WHERE issue_id = :issue AND variant_id = :variant",
	    err);
	bool row = false;
	bool ok = false;

	db_bind_int(q, ":issue", issue_id);
	db_bind_int(q, ":variant", variant_id);
	ok = db_next(q, &row, err);
	if (row) {
		out->subject = db_text(q, a);
		out->text = db_text_len(q, a, &out->text_len);
		out->html = db_text_len(q, a, &out->html_len);
	}
	db_done(q);
	if (ok && !row)
		return err_set(err, ERR_INPUT,
		    "the issue was not rendered in variant %lld", (long long)variant_id);
	return ok;
}

/* ---- variants ---- */

static bool
find_variant(struct store *s, struct variant *v, struct err *err)
{
	struct db_query *q = db_query(s, "SELECT id FROM variant WHERE key = :key", err);
	bool row = false;
	bool ok = false;

	db_bind_text(q, ":key", v->key);
	ok = db_next(q, &row, err);
	v->id = row ? db_int(q) : 0;
	db_done(q);
	return ok;
}

static bool
add_variant(struct store *s, struct variant *v, struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT INTO variant (key, body, format) VALUES (:key, :body, :format)"
	    " ON CONFLICT (key) DO NOTHING",
	    err);

	db_bind_text(q, ":key", v->key);
	db_bind_int(q, ":body", v->body);
	db_bind_int(q, ":format", v->format);
	return db_run(q, err) && find_variant(s, v, err);
}

bool
store_variant(struct store *s, struct variant *v, struct err *err)
{
	if (!find_variant(s, v, err))
		return false;
	return v->id != 0 || add_variant(s, v, err);
}

/*
 * Asks for each combination whether anybody uses it: a look into the index reader_state, while
 * DISTINCT would walk through all readers.
 */
static bool
variant_in_use(struct store *s, struct arena *a, struct variant *v, bool *used,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT EXISTS (SELECT 1 FROM reader WHERE state IN (:active, :hold)"
	    " AND body = :body AND format = :format),"
	    " (SELECT id FROM variant WHERE body = :body AND format = :format),"
	    " (SELECT key FROM variant WHERE body = :body AND format = :format)",
	    err);
	bool row = false;
	bool ok = false;

	db_bind_int(q, ":active", READER_ACTIVE);
	db_bind_int(q, ":hold", READER_HOLD);
	db_bind_int(q, ":body", v->body);
	db_bind_int(q, ":format", v->format);
	ok = db_next(q, &row, err);
	*used = row && db_int(q) != 0;
	v->id = *used ? db_int(q) : 0;
	v->key = *used ? db_text(q, a) : NULL;
	db_done(q);
	return ok;
}

bool
store_variants_in_use(struct store *s, struct arena *a, struct variant **out,
    size_t *count, struct err *err)
{
	enum { COMBINATIONS = (BODY_FULL + 1) * (FORMAT_TEXT + 1) };
	struct variant *list = arena_array(a, COMBINATIONS, sizeof(*list));
	size_t n = 0;

	*out = NULL;
	*count = 0;
	for (int i = 0; i < COMBINATIONS; i++) {
		struct variant *v = &list[n];
		bool used = false;

		v->body = (enum entry_body)(i / (FORMAT_TEXT + 1));
		v->format = (enum letter_format)(i % (FORMAT_TEXT + 1));
		if (!variant_in_use(s, a, v, &used, err))
			return false;
		n += used;
	}
	*out = list;
	*count = n;
	return true;
}

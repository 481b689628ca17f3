/* SPDX-License-Identifier: ISC */
#include "store/renderings.h"

#include "base/limits.h"
#include "format/compress.h"
#include "store/db.h"
#include "store/transactions.h"

static bool
letterhead_id(struct store *s, const char *text, int64_t *id, struct err *err)
{
	struct db_query *q = NULL;

	*id = 0;
	if (!text)
		return true;
	q = db_query(s,
	    "INSERT INTO letterhead (text) VALUES (:text) ON CONFLICT DO NOTHING", err);
	db_bind_text(q, ":text", text);
	if (!db_run(q, err))
		return false;
	q = db_query(s, "SELECT id FROM letterhead WHERE text = :text", err);
	db_bind_text(q, ":text", text);
	return db_only_int(q, id, err);
}

static void
bind_key(struct db_query *q, const struct rendering_key *key)
{
	db_bind_int(q, ":issue", key->span.last_id);
	db_bind_int(q, ":after", key->span.after);
	db_bind_int(q, ":variant", key->variant_id);
	db_bind_int(q, ":part", key->part);
}

static bool
put_row(struct store *s, const struct rendering_key *key, const struct rendering *r,
    const struct buf *text, const struct buf *html, int64_t letterhead, int64_t now,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT INTO rendering (issue_id, after, variant_id, part, letterhead_id, created,"
	    " subject, text, html) VALUES (:issue, :after, :variant, :part,"
	    " NULLIF(:letterhead, 0), :now, :subject, :text, :html)"
	    " ON CONFLICT (issue_id, after, variant_id, part) DO UPDATE SET"
	    " letterhead_id = excluded.letterhead_id, created = excluded.created,"
	    " subject = excluded.subject, text = excluded.text, html = excluded.html",
	    err);

	bind_key(q, key);
	db_bind_int(q, ":letterhead", letterhead);
	db_bind_time(q, ":now", now);
	db_bind_text(q, ":subject", r->subject);
	db_bind_bytes(q, ":text", buf_text(text), text->len);
	if (r->html)
		db_bind_bytes(q, ":html", buf_text(html), html->len);
	else
		db_bind_text(q, ":html", NULL);
	return db_run(q, err);
}

bool
store_rendering_put(struct store *s, const struct rendering_key *key,
    const struct rendering *r, const char *letterhead, int64_t now, struct err *err)
{
	struct buf text = BUF_INIT(LIMIT_PART);
	struct buf html = BUF_INIT(LIMIT_PART);
	int64_t head = 0;
	bool own = false;
	const bool ok = compress_text(r->text, r->text_len, &text, err) &&
	    (!r->html || compress_text(r->html, r->html_len, &html, err)) &&
	    store_scope_begin(s, &own, err) &&
	    store_scope_end(s, own,
		letterhead_id(s, letterhead, &head, err) &&
		    put_row(s, key, r, &text, &html, head, now, err),
		err);

	buf_clear(&text);
	buf_clear(&html);
	return ok;
}

static bool
read_part(struct db_query *q, struct arena *a, const char **out, size_t *len,
    struct err *err)
{
	size_t packed_len = 0;
	const char *packed = db_text_len(q, a, &packed_len);

	*out = NULL;
	*len = 0;
	return !packed ||
	    decompress_text(a, packed, packed_len, LIMIT_PART, out, len, err);
}

bool
store_rendering_get(struct store *s, struct arena *a, const struct rendering_key *key,
    struct rendering *out, const char **letterhead, bool *found, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT r.subject, h.text, r.text, r.html FROM rendering r"
	    " LEFT JOIN letterhead h ON h.id = r.letterhead_id"
	    " WHERE r.issue_id = :issue AND r.after = :after AND r.variant_id = :variant"
	    " AND r.part = :part",
	    err);
	const char *head = NULL;
	bool ok = false;

	bind_key(q, key);
	if (out) {
		out->pictures = NULL;
		out->picture_count = 0;
	}
	ok = db_next(q, found, err);
	if (ok && *found && !out) {
		(void)db_text(q, a);
		head = db_text(q, a);
	} else if (ok && *found) {
		out->subject = db_text(q, a);
		head = db_text(q, a);
		ok = read_part(q, a, &out->text, &out->text_len, err) &&
		    read_part(q, a, &out->html, &out->html_len, err);
	}
	db_done(q);
	if (letterhead)
		*letterhead = head;
	return ok;
}

bool
store_renderings_tidy(struct store *s, int64_t t, int64_t kept, int64_t shown,
    int64_t *dropped, struct err *err)
{
	struct db_query *q = db_query(s,
	    "DELETE FROM rendering WHERE created < :t AND NOT (variant_id IN (:kept, :shown)"
	    " AND after = (SELECT number - 1 FROM issue WHERE id = issue_id))",
	    err);

	db_bind_time(q, ":t", t);
	db_bind_int(q, ":kept", kept);
	db_bind_int(q, ":shown", shown);
	if (!db_run(q, err))
		return false;
	*dropped = db_changes(s);
	return true;
}

/* SPDX-License-Identifier: ISC */
#include "store/renderings.h"

#include "base/limits.h"
#include "format/compress.h"
#include "format/difference.h"
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

/* What one row holds of a rendering. */
struct packed {
	struct buf text;
	struct buf html;
	int64_t base_id;
	int64_t letterhead_id;
};

static bool
put_row(struct store *s, const struct rendering_key *key, const struct rendering *r,
    const struct packed *p, int64_t now, struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT INTO rendering (issue_id, after, variant_id, part, letterhead_id, base_id,"
	    " created, subject, text, html) VALUES (:issue, :after, :variant, :part,"
	    " NULLIF(:letterhead, 0), NULLIF(:base, 0), :now, :subject, :text, :html)"
	    " ON CONFLICT (issue_id, after, variant_id, part) DO UPDATE SET"
	    " letterhead_id = excluded.letterhead_id, base_id = excluded.base_id,"
	    " created = excluded.created, subject = excluded.subject, text = excluded.text,"
	    " html = excluded.html"
	    " WHERE NOT EXISTS (SELECT 1 FROM rendering d WHERE d.base_id = rendering.id)",
	    err);

	bind_key(q, key);
	db_bind_int(q, ":letterhead", p->letterhead_id);
	db_bind_int(q, ":base", p->base_id);
	db_bind_time(q, ":now", now);
	db_bind_text(q, ":subject", r->subject);
	db_bind_bytes(q, ":text", buf_text(&p->text), p->text.len);
	if (r->html)
		db_bind_bytes(q, ":html", buf_text(&p->html), p->html.len);
	else
		db_bind_text(q, ":html", NULL);
	return db_run(q, err) &&
	    (db_changes(s) > 0 ||
		err_set(err, ERR_BUG, "a rendering is replaced that others rest on"));
}

static bool
pack_part(const char *text, size_t len, const char *base, size_t base_len, bool has_base,
    struct buf *out, struct err *err)
{
	struct buf b = BUF_INIT(LIMIT_PART + DIFFERENCE_OVER);
	bool ok = false;

	if (!has_base)
		return compress_text(text, len, out, err);
	difference_make(base, base_len, text, len, &b);
	ok = buf_is_full(&b) ? err_set(err, ERR_LIMIT, "more than %zu bytes", b.max)
			     : compress_text(buf_text(&b), b.len, out, err);
	buf_clear(&b);
	return ok;
}

static bool
pack(const struct rendering *r, const struct rendering_base *base, struct packed *out,
    struct err *err)
{
	static const struct rendering_base none;
	const bool has_base = base && base->id != 0;
	const struct rendering *of = has_base ? &base->r : &none.r;

	out->base_id = has_base ? base->id : 0;
	return pack_part(r->text, r->text_len, of->text, of->text_len, has_base,
		   &out->text, err) &&
	    (!r->html ||
		pack_part(r->html, r->html_len, of->html, of->html_len, has_base,
		    &out->html, err));
}

bool
store_rendering_put(struct store *s, const struct rendering_key *key,
    const struct rendering *r, const char *letterhead, const struct rendering_base *base,
    int64_t now, struct err *err)
{
	struct packed p = { .text = BUF_INIT(LIMIT_PART), .html = BUF_INIT(LIMIT_PART) };
	const bool ok = pack(r, base, &p, err) && store_scope_begin(s, err) &&
	    store_scope_end(s,
		letterhead_id(s, letterhead, &p.letterhead_id, err) &&
		    put_row(s, key, r, &p, now, err),
		err);

	buf_clear(&p.text);
	buf_clear(&p.html);
	return ok;
}

/* ---- reading ---- */

/* A packed part of a row, in a; its text is NULL when there is none. */
struct part {
	const char *text;
	size_t len;
};

static struct part
packed_part(struct db_query *q, struct arena *a)
{
	struct part p = { NULL, 0 };

	p.text = db_text_len(q, a, &p.len);
	return p;
}

static bool
unpack_part(struct arena *a, struct part packed, size_t max, const char **out,
    size_t *len, struct err *err)
{
	*out = NULL;
	*len = 0;
	return !packed.text ||
	    decompress_text(a, packed.text, packed.len, max, out, len, err);
}

/* The same of a part that is a difference from a packed one. */
static bool
unpack_difference(struct arena *a, struct arena *scratch, struct part packed,
    struct part base, const char **out, size_t *len, struct err *err)
{
	const char *bytes = NULL;
	const char *of = NULL;
	size_t bytes_len = 0;
	size_t of_len = 0;

	*out = NULL;
	*len = 0;
	return !packed.text ||
	    (unpack_part(scratch, packed, LIMIT_PART + DIFFERENCE_OVER, &bytes,
		 &bytes_len, err) &&
		unpack_part(scratch, base, LIMIT_PART, &of, &of_len, err) &&
		difference_apply(a, of, of_len, bytes, bytes_len, LIMIT_PART, out, len,
		    err));
}

/* The columns behind subject and letterhead. */
static bool
read_parts(struct db_query *q, struct arena *a, struct rendering *out, struct err *err)
{
	struct arena *scratch = arena_new();
	const struct part text = packed_part(q, scratch);
	const struct part html = packed_part(q, scratch);
	const bool has_base = db_int(q) != 0;
	const struct part base_text = packed_part(q, scratch);
	const struct part base_html = packed_part(q, scratch);
	bool ok = false;

	if (has_base)
		ok = unpack_difference(a, scratch, text, base_text, &out->text,
			 &out->text_len, err) &&
		    unpack_difference(a, scratch, html, base_html, &out->html,
			&out->html_len, err);
	else
		ok = unpack_part(a, text, LIMIT_PART, &out->text, &out->text_len, err) &&
		    unpack_part(a, html, LIMIT_PART, &out->html, &out->html_len, err);
	arena_free(scratch);
	return ok;
}

bool
store_rendering_get(struct store *s, struct arena *a, const struct rendering_key *key,
    struct rendering *out, const char **letterhead, bool *found, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT r.subject, h.text, r.text, r.html, r.base_id, b.text, b.html"
	    " FROM rendering r LEFT JOIN letterhead h ON h.id = r.letterhead_id"
	    " LEFT JOIN rendering b ON b.id = r.base_id"
	    " WHERE r.issue_id = :issue AND r.after = :after AND r.variant_id = :variant"
	    " AND r.part = :part",
	    err);
	const char *head = NULL;
	bool ok = true;

	bind_key(q, key);
	if (out) {
		out->pictures = NULL;
		out->picture_count = 0;
	}
	*found = db_next(q);
	if (*found) {
		const char *subject = db_text(q, a);

		head = db_text(q, a);
		if (out) {
			out->subject = subject;
			ok = read_parts(q, a, out, err);
		}
	}
	if (letterhead)
		*letterhead = head;
	return db_done(q, err) && ok;
}

bool
store_rendering_base(struct store *s, struct arena *a, const struct rendering_key *key,
    struct rendering_base *out, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT id, text, html FROM rendering WHERE issue_id = :issue"
	    " AND after = :after AND variant_id = :variant AND part = :part"
	    " AND base_id IS NULL",
	    err);
	bool ok = true;

	*out = (struct rendering_base){ .id = 0 };
	bind_key(q, key);
	if (db_next(q)) {
		out->id = db_int(q);
		ok = unpack_part(a, packed_part(q, NULL), LIMIT_PART, &out->r.text,
			 &out->r.text_len, err) &&
		    unpack_part(a, packed_part(q, NULL), LIMIT_PART, &out->r.html,
			&out->r.html_len, err);
	}
	return db_done(q, err) && ok;
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

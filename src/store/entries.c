/* SPDX-License-Identifier: ISC */
/*
 * Posts one at a time: known or not, remembered, changed.  Their lists are in entry_lists.c.
 */
#include "store/entries.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "model/identity.h"
#include "store/db.h"
#include "store/entry_states.h"
#include "store/transactions.h"

static bool
has_text(const char *text)
{
	return text && *text;
}

/* ---- look-up ---- */

/* Reads the row of a look-up, if there is one: entry, source, fingerprint. */
static bool
read_match(struct db_query *q, struct identity_match *out, struct err *err)
{
	bool row = false;
	const bool ok = db_next(q, &row, err);

	if (row) {
		out->entry_id = db_int(q);
		out->source_id = db_int(q);
		out->fingerprint = (uint64_t)db_int(q);
	}
	db_done(q);
	return ok;
}

/* The one look-up that all known posts need.  What a source has said is its own. */
static bool
lookup_own(struct store *s, const struct entry *e, int64_t key,
    struct identity_match *out, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT entry_id, :source, COALESCE(fingerprint, 0) FROM identity"
	    " WHERE key = :key",
	    err);

	db_bind_int(q, ":source", e->source_id);
	db_bind_int(q, ":key", key);
	return read_match(q, out, err);
}

/* By address or, failing that, by text; an absent one is bound to nothing and finds nothing. */
static bool
lookup_elsewhere(struct store *s, const struct identity *keys, struct identity_match *out,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT e.id, e.source_id, e.fingerprint"
	    " FROM identity i JOIN entry e ON e.id = i.entry_id WHERE i.key = NULLIF(:link, 0)"
	    " UNION ALL"
	    " SELECT entry_id, 0, 0 FROM entry_print WHERE fingerprint = NULLIF(:text, 0)"
	    " LIMIT 1",
	    err);

	db_bind_int(q, ":link", keys->link);
	db_bind_int(q, ":text", keys->text);
	return read_match(q, out, err);
}

bool
store_entry_lookup(struct store *s, const struct entry *e, const struct identity *keys,
    enum entry_known *known, int64_t *id, struct err *err)
{
	struct identity_match match = { 0 };

	*known = ENTRY_NEW;
	*id = 0;
	if (keys->own != 0 && !lookup_own(s, e, keys->own, &match, err))
		return false;
	if (match.entry_id == 0 && !lookup_elsewhere(s, keys, &match, err))
		return false;
	*known = identity_decide(e, &match);
	*id = match.entry_id;
	return true;
}

/* ---- remembering ---- */

static bool
remember_key(struct store *s, int64_t key, int64_t id, int64_t fingerprint,
    struct err *err)
{
	struct db_query *q = NULL;

	if (key == 0)
		return true;
	q = db_query(s,
	    "INSERT INTO identity (key, entry_id, fingerprint)"
	    " VALUES (:key, :id, NULLIF(:fingerprint, 0)) ON CONFLICT DO NOTHING",
	    err);

	db_bind_int(q, ":key", key);
	db_bind_int(q, ":id", id);
	db_bind_int(q, ":fingerprint", fingerprint);
	return db_run(q, err);
}

/* The first post that had a text keeps it. */
static bool
remember_fingerprint(struct store *s, int64_t fingerprint, int64_t id, struct err *err)
{
	struct db_query *q = NULL;

	if (fingerprint == 0)
		return true;
	q = db_query(s,
	    "INSERT INTO entry_print (fingerprint, entry_id)"
	    " VALUES (:fingerprint, :id) ON CONFLICT DO NOTHING",
	    err);
	db_bind_int(q, ":fingerprint", fingerprint);
	db_bind_int(q, ":id", id);
	return db_run(q, err);
}

static bool
add_row(struct store *s, struct entry *e, int64_t own_key, bool mailed, struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT INTO entry (source_id, state, published, updated, first_seen, last_seen,"
	    " fingerprint, own_key, title, link, author, language, guid)"
	    " VALUES (:source, :state, :published, :updated, :first_seen, :last_seen,"
	    " :fingerprint, :own_key, :title, :link, :author, :language, :guid)",
	    err);

	db_bind_int(q, ":source", e->source_id);
	db_bind_int(q, ":state", mailed ? ENTRY_KEPT_OUT : ENTRY_OPEN);
	db_bind_time(q, ":published", e->published);
	db_bind_time(q, ":updated", e->updated);
	db_bind_time(q, ":first_seen", e->first_seen);
	db_bind_time(q, ":last_seen", e->first_seen);
	db_bind_int(q, ":fingerprint", (int64_t)e->fingerprint);
	if (own_key != 0)
		db_bind_int(q, ":own_key", own_key);
	db_bind_text(q, ":title", e->title);
	db_bind_text(q, ":link", e->link);
	db_bind_text(q, ":author", e->author);
	db_bind_text(q, ":language", e->language);
	/* Kept for ever, so the usual case is kept small. */
	db_bind_text(q, ":guid",
	    has_text(e->guid) && e->link && strcmp(e->guid, e->link) == 0 ? "" : e->guid);
	if (!db_run(q, err))
		return false;
	e->id = db_last_id(s);
	return true;
}

/* ---- text ---- */

/* Categories are single lines, so a line each is a list of them. */
static void
pack_categories(struct buf *b, const struct entry *e)
{
	for (size_t i = 0; i < e->category_count; i++) {
		if (i > 0)
			buf_addc(b, '\n');
		for (const char *p = e->categories[i]; *p; p++)
			buf_addc(b, *p == '\n' ? ' ' : *p);
	}
}

static bool
put_enclosure(struct store *s, int64_t id, size_t position, const struct enclosure *c,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT INTO enclosure (entry_id, position, url, type, title, bytes, seconds)"
	    " VALUES (:id, :position, :url, :type, :title, :bytes, :seconds)",
	    err);

	db_bind_int(q, ":id", id);
	db_bind_int(q, ":position", (int64_t)position);
	db_bind_text(q, ":url", c->url);
	db_bind_text(q, ":type", c->type);
	db_bind_text(q, ":title", c->title);
	db_bind_int(q, ":bytes", c->bytes);
	db_bind_int(q, ":seconds", c->seconds);
	return db_run(q, err);
}

static bool
put_enclosures(struct store *s, int64_t id, const struct entry *e, struct err *err)
{
	for (size_t i = 0; i < e->enclosure_count; i++) {
		if (!put_enclosure(s, id, i, &e->enclosures[i], err))
			return false;
	}
	return true;
}

static bool
put_text(struct store *s, int64_t id, const struct entry *e, struct err *err)
{
	struct buf categories =
	    BUF_INIT((size_t)LIMIT_ENTRY_CATEGORIES * (LIMIT_FIELD + 1));
	struct db_query *q = NULL;
	bool ok = false;

	if (!e->html && !e->text && !e->summary && !e->image && e->words == 0 &&
	    e->category_count == 0 && e->enclosure_count == 0)
		return true;
	pack_categories(&categories, e);
	q = db_query(s,
	    "INSERT INTO entry_text (entry_id, words, image, categories, summary, text, html)"
	    " VALUES (:id, :words, :image, NULLIF(:categories, ''), :summary, :text, :html)"
	    " ON CONFLICT (entry_id) DO UPDATE SET words = excluded.words,"
	    " image = excluded.image, categories = excluded.categories,"
	    " summary = excluded.summary, text = excluded.text, html = excluded.html",
	    err);
	db_bind_int(q, ":id", id);
	db_bind_int(q, ":words", e->words);
	db_bind_text(q, ":image", e->image);
	db_bind_text(q, ":categories", buf_text(&categories));
	db_bind_text(q, ":summary", e->summary);
	db_bind_text(q, ":text", e->text);
	db_bind_text(q, ":html", e->html);
	ok = db_run(q, err) && put_enclosures(s, id, e, err);
	buf_clear(&categories);
	return ok;
}

/* ---- add, change, see again ---- */

static bool
add_all(struct store *s, struct entry *e, const struct identity *keys, bool mailed,
    struct err *err)
{
	return add_row(s, e, keys->own, mailed, err) &&
	    remember_key(s, keys->own, e->id, (int64_t)e->fingerprint, err) &&
	    remember_key(s, keys->link, e->id, 0, err) &&
	    remember_fingerprint(s, keys->text, e->id, err) && put_text(s, e->id, e, err);
}

bool
store_entry_add(struct store *s, struct entry *e, const struct identity *keys,
    bool mailed, struct err *err)
{
	bool own = false;
	bool ok = false;

	ok = store_scope_begin(s, &own, err) &&
	    store_scope_end(s, own, add_all(s, e, keys, mailed, err), err);
	if (!ok)
		e->id = 0;
	return ok;
}

static bool
update_row(struct store *s, int64_t id, const struct entry *e, bool *changed,
    struct err *err)
{
	/* What an approved issue holds has been rendered and stays what it was. */
	struct db_query *q = db_query(s,
	    "UPDATE entry SET published = :published, updated = :updated,"
	    " fingerprint = :fingerprint, title = :title, link = :link, author = :author,"
	    " language = :language,"
	    " guid = CASE WHEN guid = '' AND link IS NOT :link THEN link ELSE guid END"
	    " WHERE id = :id AND (state = :open OR EXISTS (SELECT 1 FROM issue_entry h"
	    " JOIN issue i ON i.id = h.issue_id WHERE h.entry_id = :id AND i.state = :draft))",
	    err);

	db_bind_time(q, ":published", e->published);
	db_bind_time(q, ":updated", e->updated);
	db_bind_int(q, ":fingerprint", (int64_t)e->fingerprint);
	db_bind_text(q, ":title", e->title);
	db_bind_text(q, ":link", e->link);
	db_bind_text(q, ":author", e->author);
	db_bind_text(q, ":language", e->language);
	db_bind_int(q, ":id", id);
	db_bind_int(q, ":open", ENTRY_OPEN);
	db_bind_int(q, ":draft", ISSUE_DRAFT);
	if (!db_run(q, err))
		return false;
	*changed = db_changes(s) > 0;
	return true;
}

/* What the source says now is no change any more when it says it again. */
static bool
remember_change(struct store *s, int64_t id, const struct entry *e, int64_t text,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "UPDATE identity SET fingerprint = NULLIF(:fingerprint, 0)"
	    " WHERE key = (SELECT own_key FROM entry WHERE id = :id)",
	    err);

	db_bind_int(q, ":fingerprint", (int64_t)e->fingerprint);
	db_bind_int(q, ":id", id);
	return db_run(q, err) && remember_fingerprint(s, text, id, err);
}

static bool
drop_enclosures(struct store *s, int64_t id, struct err *err)
{
	struct db_query *q =
	    db_query(s, "DELETE FROM enclosure WHERE entry_id = :id", err);

	db_bind_int(q, ":id", id);
	return db_run(q, err);
}

static bool
update_all(struct store *s, int64_t id, const struct entry *e, int64_t text,
    struct err *err)
{
	bool changed = false;

	if (!update_row(s, id, e, &changed, err) || !remember_change(s, id, e, text, err))
		return false;
	return !changed || (drop_enclosures(s, id, err) && put_text(s, id, e, err));
}

bool
store_entry_update(struct store *s, int64_t id, const struct entry *e,
    const struct identity *keys, struct err *err)
{
	bool own = false;

	return store_scope_begin(s, &own, err) &&
	    store_scope_end(s, own, update_all(s, id, e, keys->text, err), err);
}

static bool
add_also(struct store *s, int64_t id, int64_t source_id, struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT INTO entry_also (entry_id, source_id) SELECT id, :source FROM entry"
	    " WHERE id = :id AND source_id <> :source ON CONFLICT DO NOTHING",
	    err);

	db_bind_int(q, ":source", source_id);
	db_bind_int(q, ":id", id);
	return db_run(q, err);
}

bool
store_entry_also(struct store *s, int64_t id, int64_t source_id, const char *guid,
    struct err *err)
{
	bool own = false;
	bool ok = false;

	if (!store_scope_begin(s, &own, err))
		return false;
	ok = add_also(s, id, source_id, err);
	if (ok && has_text(guid))
		ok = remember_key(s, identity_of_guid(source_id, guid), id, 0, err);
	return store_scope_end(s, own, ok, err);
}

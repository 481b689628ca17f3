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
#include "store/entry_prints.h"
#include "store/entry_states.h"
#include "store/transactions.h"

/* ---- look-up ---- */

bool
store_entry_first_seen(struct store *s, int64_t id, int64_t *at, struct err *err)
{
	struct db_query *q =
	    db_query(s, "SELECT first_seen FROM entry WHERE id = :id", err);

	db_bind_int(q, ":id", id);
	return db_only_time(q, at, err);
}

bool
store_entry_own(struct store *s, int64_t key, int64_t *id, uint64_t *said,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT entry_id, COALESCE(said, 0) FROM identity WHERE key = :key", err);

	*id = 0;
	*said = 0;
	db_bind_int(q, ":key", key);
	if (db_next(q)) {
		*id = db_int(q);
		*said = (uint64_t)db_int(q);
	}
	return db_done(q, err);
}

/*
 * The posts under the keys; an absent one is bound to 0 and finds nothing.  may_be_old: whether the
 * large tree may have the print.
 */
static bool
find_ids(struct store *s, const struct identity *keys, bool may_be_old,
    struct identity_match *out, size_t *count, struct err *err)
{
	/* In the order of enum identity_key. */
	static const char *const names[IDENTITY_KEYS] = { ":own", ":text_at", ":words",
		":page", ":link", ":title_at", ":print" };
	struct db_query *q = db_query(s,
	    "SELECT 0, entry_id FROM identity WHERE key = NULLIF(:own, 0)"
	    " UNION ALL SELECT 1, entry_id FROM identity WHERE key = NULLIF(:text_at, 0)"
	    " UNION ALL SELECT 2, entry_id FROM identity WHERE key = NULLIF(:words, 0)"
	    " UNION ALL SELECT 3, entry_id FROM identity WHERE key = NULLIF(:page, 0)"
	    " UNION ALL SELECT 4, entry_id FROM identity WHERE key = NULLIF(:link, 0)"
	    " UNION ALL SELECT 5, entry_id FROM identity WHERE key = NULLIF(:title_at, 0)"
	    " UNION ALL SELECT 6, entry_id FROM entry_print_new"
	    " WHERE fingerprint = NULLIF(:print, 0)"
	    " UNION ALL SELECT 6, entry_id FROM entry_print"
	    " WHERE fingerprint = NULLIF(:old_print, 0)",
	    err);

	for (size_t i = 0; i < IDENTITY_KEYS; i++)
		db_bind_int(q, names[i], keys->keys[i]);
	db_bind_int(q, ":old_print", may_be_old ? keys->keys[KEY_PRINT] : 0);
	while (db_next(q) && *count < IDENTITY_KEYS) {
		out[*count].key = (enum identity_key)db_int(q);
		out[(*count)++].entry_id = db_int(q);
	}
	return db_done(q, err);
}

/* A post whose words may still change: no approved issue has it, and it may come into one. */
#define IS_OPEN \
	"(e.state = :open OR EXISTS (SELECT 1 FROM issue_entry h" \
	" JOIN issue i ON i.id = h.issue_id WHERE h.entry_id = e.id AND i.state = :draft))"

static bool
read_match(struct store *s, struct arena *a, struct identity_match *m, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT e.source_id, e.said_title, e.said_text, e.said_at, " IS_OPEN ","
	    " e.state = :open AND NOT EXISTS"
	    " (SELECT 1 FROM entry_text t WHERE t.entry_id = e.id), e.link, o.link, o.url"
	    " FROM entry e JOIN source o ON o.id = e.source_id WHERE e.id = :id",
	    err);

	db_bind_int(q, ":open", ENTRY_OPEN);
	db_bind_int(q, ":draft", ISSUE_DRAFT);
	db_bind_int(q, ":id", m->entry_id);
	if (db_next(q)) {
		const int64_t source_id = db_int(q);
		const char *site = NULL;

		m->title = db_int(q);
		m->text = db_int(q);
		m->at = db_time(q);
		m->open = db_int(q) != 0;
		m->bare = db_int(q) != 0;
		m->link = identity_link(a, db_text(q, a));
		site = db_text(q, a);
		m->source = identity_of_source(a, source_id, site, db_text(q, a));
	}
	return db_done(q, err);
}

bool
store_entry_matches(struct store *s, struct arena *a, const struct identity *keys,
    struct identity_match *out, size_t *count, struct err *err)
{
	bool may_be_old = false;

	*count = 0;
	if (!store_print_may_be_old(s, keys->keys[KEY_PRINT], &may_be_old, err) ||
	    !find_ids(s, keys, may_be_old, out, count, err))
		return false;
	for (size_t i = 0; i < *count; i++) {
		const enum identity_key key = out[i].key;
		size_t same = 0;

		while (out[same].entry_id != out[i].entry_id)
			same++;
		if (same < i)
			out[i] = out[same];
		else if (!read_match(s, a, &out[i], err))
			return false;
		out[i].key = key;
	}
	return true;
}

/* ---- keys ---- */

/* All but the print, in one statement for each number of them there can be. */
static bool
remember_keys(struct store *s, const struct identity *keys, int64_t id, struct err *err)
{
#define INSERT_KEYS "INSERT INTO identity (key, entry_id, said) VALUES"
#define OWN " (:k0, :id, NULLIF(:said, 0))"
	static const char *const sql[KEY_PRINT] = {
		INSERT_KEYS OWN " ON CONFLICT DO NOTHING",
		INSERT_KEYS OWN ", (:k1, :id, NULL) ON CONFLICT DO NOTHING",
		INSERT_KEYS OWN
		", (:k1, :id, NULL), (:k2, :id, NULL) ON CONFLICT DO NOTHING",
		INSERT_KEYS OWN ", (:k1, :id, NULL), (:k2, :id, NULL), (:k3, :id, NULL)"
				" ON CONFLICT DO NOTHING",
		INSERT_KEYS OWN ", (:k1, :id, NULL), (:k2, :id, NULL), (:k3, :id, NULL),"
				" (:k4, :id, NULL) ON CONFLICT DO NOTHING",
		INSERT_KEYS OWN ", (:k1, :id, NULL), (:k2, :id, NULL), (:k3, :id, NULL),"
				" (:k4, :id, NULL), (:k5, :id, NULL)"
				" ON CONFLICT DO NOTHING",
	};
#undef OWN
#undef INSERT_KEYS
	static const char *const names[KEY_PRINT] = { ":k0", ":k1", ":k2", ":k3", ":k4",
		":k5" };
	int64_t list[KEY_PRINT] = { keys->keys[KEY_OWN] };
	size_t count = 1;
	struct db_query *q = NULL;

	for (size_t i = KEY_OWN + 1; i < KEY_PRINT; i++) {
		if (keys->keys[i] != 0)
			list[count++] = keys->keys[i];
	}
	q = db_query(s, sql[count - 1], err);
	db_bind_int(q, ":id", id);
	db_bind_int(q, ":said", (int64_t)keys->said);
	for (size_t i = 0; i < count; i++)
		db_bind_int(q, names[i], list[i]);
	return db_run(q, err);
}

bool
store_entry_release(struct store *s, int64_t key, struct err *err)
{
	return db_run_int(s, "DELETE FROM identity WHERE key = :key", ":key", key, err);
}

/* ---- rows ---- */

static void
bind_said(struct db_query *q, const struct identity *keys)
{
	db_bind_int(q, ":said_title", keys->title);
	db_bind_int(q, ":said_text", keys->text);
	db_bind_time(q, ":said_at", keys->at);
}

static bool
add_row(struct store *s, struct entry *e, const struct identity *keys,
    enum entry_place place, struct err *err)
{
	static const enum entry_state states[] = { [PLACE_NEWS] = ENTRY_OPEN,
		[PLACE_KEPT_OUT] = ENTRY_KEPT_OUT,
		[PLACE_DOUBTFUL] = ENTRY_DOUBTFUL };
	struct db_query *q = db_query(s,
	    "INSERT INTO entry (source_id, state, published, updated, first_seen, last_seen,"
	    " late, fingerprint, said_title, said_text, said_at, title, link, author, language,"
	    " author_address, guid) VALUES (:source, :state, :published, :updated,"
	    " :first_seen, :last_seen, :late, :fingerprint, :said_title, :said_text,"
	    " :said_at, :title, :link, :author, :language, :author_address, :guid)",
	    err);

	db_bind_int(q, ":source", e->source_id);
	db_bind_int(q, ":state", states[place]);
	db_bind_int(q, ":late", e->late);
	db_bind_time(q, ":published", e->published);
	db_bind_time(q, ":updated", e->updated);
	db_bind_time(q, ":first_seen", e->first_seen);
	db_bind_time(q, ":last_seen", e->first_seen);
	db_bind_int(q, ":fingerprint", (int64_t)e->fingerprint);
	bind_said(q, keys);
	db_bind_text(q, ":title", e->title);
	db_bind_text(q, ":link", e->link);
	db_bind_text(q, ":author", e->author);
	db_bind_text(q, ":author_address", e->author_address);
	db_bind_text(q, ":language", e->language);
	/* Kept for ever, so the usual case is kept small. */
	db_bind_text(q, ":guid",
	    e->guid && e->link && strcmp(e->guid, e->link) == 0 ? "" : e->guid);
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
	    " VALUES (:id, :words, :image, NULLIF(:categories, ''), :summary, :text, :html)",
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

/* ---- learning ---- */

/* What was learned of that kind before; 0: nothing. */
static bool
find_learned(struct store *s, int64_t id, int64_t source_id, enum identity_key kind,
    int64_t *key, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT COALESCE(MAX(key), 0) FROM entry_learned"
	    " WHERE entry_id = :id AND source_id = :source AND kind = :kind",
	    err);

	db_bind_int(q, ":id", id);
	db_bind_int(q, ":source", source_id);
	db_bind_int(q, ":kind", kind);
	return db_only_int(q, key, err);
}

static bool
forget_key(struct store *s, int64_t id, enum identity_key kind, int64_t key,
    struct err *err)
{
	struct db_query *q = NULL;

	if (kind == KEY_PRINT)
		return store_print_forget(s, key, id, err);
	q = db_query(s, "DELETE FROM identity WHERE key = :key AND entry_id = :id", err);
	db_bind_int(q, ":key", key);
	db_bind_int(q, ":id", id);
	return db_run(q, err);
}

/* A key that was not known till now: what was learned before it of its kind is forgotten. */
static bool
note_learned(struct store *s, int64_t id, int64_t source_id, enum identity_key kind,
    int64_t key, struct err *err)
{
	struct db_query *q = NULL;
	int64_t before = 0;

	if (!find_learned(s, id, source_id, kind, &before, err) ||
	    (before != 0 && !forget_key(s, id, kind, before, err)))
		return false;
	q = db_query(s,
	    "INSERT INTO entry_learned (entry_id, source_id, kind, key)"
	    " VALUES (:id, :source, :kind, :key)"
	    " ON CONFLICT (entry_id, source_id, kind) DO UPDATE SET key = excluded.key",
	    err);
	db_bind_int(q, ":id", id);
	db_bind_int(q, ":source", source_id);
	db_bind_int(q, ":kind", kind);
	db_bind_int(q, ":key", key);
	return db_run(q, err);
}

static bool
learn_key(struct store *s, int64_t id, int64_t source_id, enum identity_key kind,
    int64_t key, struct err *err)
{
	struct db_query *q = NULL;

	if (key == 0)
		return true;
	if (kind == KEY_PRINT) {
		if (!store_print_add(s, key, id, err))
			return false;
	} else {
		q = db_query(s,
		    "INSERT INTO identity (key, entry_id) VALUES (:key, :id)"
		    " ON CONFLICT DO NOTHING",
		    err);
		db_bind_int(q, ":key", key);
		db_bind_int(q, ":id", id);
		if (!db_run(q, err))
			return false;
	}
	return db_changes(s) == 0 || note_learned(s, id, source_id, kind, key, err);
}

/* What the source says now is no change any more when it says it again. */
static bool
note_known(struct store *s, int64_t id, const struct identity *keys, struct err *err)
{
	struct db_query *q = db_query(s,
	    "UPDATE identity SET said = NULLIF(:said, 0)"
	    " WHERE key = :own AND entry_id = :id",
	    err);

	db_bind_int(q, ":said", (int64_t)keys->said);
	db_bind_int(q, ":own", keys->keys[KEY_OWN]);
	db_bind_int(q, ":id", id);
	return db_run(q, err);
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

/* What its own source said last; another's words are not kept. */
static bool
note_said(struct store *s, int64_t id, const struct entry *e, const struct identity *keys,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "UPDATE entry SET said_title = :said_title, said_text = :said_text,"
	    " said_at = :said_at WHERE id = :id AND source_id = :source",
	    err);

	bind_said(q, keys);
	db_bind_int(q, ":id", id);
	db_bind_int(q, ":source", e->source_id);
	return db_run(q, err);
}

static bool
learn_all(struct store *s, int64_t id, const struct entry *e, const struct identity *keys,
    struct err *err)
{
	for (int kind = KEY_OWN; kind < IDENTITY_KEYS; kind++) {
		if (!learn_key(s, id, e->source_id, (enum identity_key)kind,
			keys->keys[kind], err))
			return false;
	}
	return note_known(s, id, keys, err) && note_said(s, id, e, keys, err) &&
	    add_also(s, id, e->source_id, err);
}

bool
store_entry_learn(struct store *s, int64_t id, const struct entry *e,
    const struct identity *keys, struct err *err)
{
	return store_scope_begin(s, err) &&
	    store_scope_end(s, learn_all(s, id, e, keys, err), err);
}

/* ---- add and change ---- */

static bool
add_all(struct store *s, struct entry *e, const struct identity *keys,
    enum entry_place place, struct err *err)
{
	return add_row(s, e, keys, place, err) && remember_keys(s, keys, e->id, err) &&
	    store_print_add(s, keys->keys[KEY_PRINT], e->id, err) &&
	    (place != PLACE_NEWS || put_text(s, e->id, e, err));
}

bool
store_entry_add(struct store *s, struct entry *e, const struct identity *keys,
    enum entry_place place, struct err *err)
{
	bool ok = false;

	ok = store_scope_begin(s, err) &&
	    store_scope_end(s, add_all(s, e, keys, place, err), err);
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
	    "UPDATE entry AS e SET source_id = :source, published = :published,"
	    " updated = :updated, fingerprint = :fingerprint, title = :title, link = :link,"
	    " author = :author, author_address = :author_address, language = :language,"
	    " guid = CASE WHEN source_id <> :source THEN :guid"
	    " WHEN guid = '' AND link IS NOT :link THEN link ELSE guid END"
	    " WHERE id = :id AND " IS_OPEN,
	    err);

	db_bind_int(q, ":source", e->source_id);
	db_bind_time(q, ":published", e->published);
	db_bind_time(q, ":updated", e->updated);
	db_bind_int(q, ":fingerprint", (int64_t)e->fingerprint);
	db_bind_text(q, ":title", e->title);
	db_bind_text(q, ":link", e->link);
	db_bind_text(q, ":author", e->author);
	db_bind_text(q, ":author_address", e->author_address);
	db_bind_text(q, ":language", e->language);
	db_bind_text(q, ":guid", e->guid);
	db_bind_int(q, ":id", id);
	db_bind_int(q, ":open", ENTRY_OPEN);
	db_bind_int(q, ":draft", ISSUE_DRAFT);
	if (!db_run(q, err))
		return false;
	*changed = db_changes(s) > 0;
	return true;
}

static bool
drop_text(struct store *s, int64_t id, struct err *err)
{
	return db_run_int(s, "DELETE FROM enclosure WHERE entry_id = :id", ":id", id,
		   err) &&
	    db_run_int(s, "DELETE FROM entry_text WHERE entry_id = :id", ":id", id, err);
}

static bool
update_all(struct store *s, int64_t id, const struct entry *e,
    const struct identity *keys, struct err *err)
{
	bool changed = false;

	if (!update_row(s, id, e, &changed, err))
		return false;
	if (changed && !(drop_text(s, id, err) && put_text(s, id, e, err)))
		return false;
	return learn_all(s, id, e, keys, err);
}

bool
store_entry_update(struct store *s, int64_t id, const struct entry *e,
    const struct identity *keys, struct err *err)
{
	return store_scope_begin(s, err) &&
	    store_scope_end(s, update_all(s, id, e, keys, err), err);
}

/* The two sources change places: whose words they were is now "also in". */
static bool
swap_sources(struct store *s, int64_t id, int64_t source_id, struct err *err)
{
	struct db_query *q = NULL;

	if (!db_run_int(s,
		"INSERT INTO entry_also (entry_id, source_id)"
		" SELECT id, source_id FROM entry WHERE id = :id ON CONFLICT DO NOTHING",
		":id", id, err))
		return false;
	q = db_query(s,
	    "DELETE FROM entry_also WHERE entry_id = :id AND source_id = :source", err);
	db_bind_int(q, ":id", id);
	db_bind_int(q, ":source", source_id);
	return db_run(q, err);
}

bool
store_entry_hand_over(struct store *s, int64_t id, const struct entry *e,
    const struct identity *keys, struct err *err)
{
	return store_scope_begin(s, err) &&
	    store_scope_end(s,
		swap_sources(s, id, e->source_id, err) && update_all(s, id, e, keys, err),
		err);
}

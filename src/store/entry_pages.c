/* SPDX-License-Identifier: ISC */
#include "store/entry_pages.h"

#include "store/db.h"
#include "store/entry_states.h"
#include "store/transactions.h"

bool
store_page_want(struct store *s, int64_t entry_id, struct err *err)
{
	return db_run_int(s,
	    "INSERT INTO entry_page (entry_id, tries) VALUES (:id, 0)"
	    " ON CONFLICT (entry_id) DO UPDATE SET tries = 0",
	    ":id", entry_id, err);
}

static void
row_to_page(struct db_query *q, struct arena *a, void *row)
{
	struct wanted_page *out = row;

	out->entry_id = db_int(q);
	out->link = db_text(q, a);
	out->title = db_text(q, a);
	out->source_url = db_text(q, a);
	out->strip = db_text(q, a);
	out->user_agent = db_text(q, a);
	out->words = db_int(q);
}

bool
store_pages_wanted(struct store *s, struct arena *a, size_t max, struct wanted_page **out,
    size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT p.entry_id, e.link, e.title, f.url, f.strip, f.user_agent, t.words"
	    " FROM entry_page p JOIN entry e ON e.id = p.entry_id"
	    " JOIN source f ON f.id = e.source_id JOIN entry_text t ON t.entry_id = e.id"
	    " WHERE f.listed = 1 AND f.paused = 0 AND e.link IS NOT NULL"
	    " ORDER BY p.entry_id LIMIT :max",
	    err);

	db_bind_int(q, ":max", (int64_t)max);
	return db_list(q, a, sizeof(**out), row_to_page, out, count, err);
}

static bool
put(struct store *s, int64_t entry_id, const struct entry *e, struct err *err)
{
	struct db_query *q = db_query(s,
	    "UPDATE entry_text SET words = :words, image = COALESCE(image, :image),"
	    " text = :text, html = :html WHERE entry_id = :id AND EXISTS"
	    " (SELECT 1 FROM entry x WHERE x.id = :id AND (x.state = :open OR EXISTS"
	    " (SELECT 1 FROM issue_entry h JOIN issue i ON i.id = h.issue_id"
	    " WHERE h.entry_id = x.id AND i.state = :draft)))",
	    err);

	db_bind_int(q, ":id", entry_id);
	db_bind_int(q, ":words", e->words);
	db_bind_text(q, ":image", e->image);
	db_bind_text(q, ":text", e->text);
	db_bind_text(q, ":html", e->html);
	db_bind_int(q, ":open", ENTRY_OPEN);
	db_bind_int(q, ":draft", ISSUE_DRAFT);
	return db_run(q, err) &&
	    db_run_int(s, "DELETE FROM entry_page WHERE entry_id = :id", ":id", entry_id,
		err);
}

bool
store_page_put(struct store *s, int64_t entry_id, const struct entry *e, struct err *err)
{
	return store_scope_begin(s, err) &&
	    store_scope_end(s, put(s, entry_id, e, err), err);
}

bool
store_page_failed(struct store *s, int64_t entry_id, bool for_good, struct err *err)
{
	struct db_query *q = db_query(s,
	    "DELETE FROM entry_page WHERE entry_id = :id AND (:for_good OR tries >= 2)",
	    err);

	db_bind_int(q, ":id", entry_id);
	db_bind_int(q, ":for_good", for_good);
	return db_run(q, err) &&
	    db_run_int(s, "UPDATE entry_page SET tries = tries + 1 WHERE entry_id = :id",
		":id", entry_id, err);
}

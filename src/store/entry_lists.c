/* SPDX-License-Identifier: ISC */
/*
 * Lists of posts, and what is decided for many of them at once.
 */
#include "store/entry_lists.h"

#include <string.h>

#include "base/limits.h"
#include "store/db.h"
#include "store/entry_states.h"
#include "store/transactions.h"

/* In the order of row_to_entry. */
#define ENTRY_COLUMNS \
	"e.id, e.source_id, IIF(e.guid = '', e.link, e.guid), e.link, e.title, e.author," \
	" e.author_address, e.language, e.published, e.updated, e.first_seen, e.late, e.fingerprint"

static void
row_to_entry(struct db_query *q, struct arena *a, void *row)
{
	struct entry *out = row;

	out->id = db_int(q);
	out->source_id = db_int(q);
	out->guid = db_text(q, a);
	out->link = db_text(q, a);
	out->title = db_text(q, a);
	out->author = db_text(q, a);
	out->author_address = db_text(q, a);
	out->language = db_text(q, a);
	out->published = db_time(q);
	out->updated = db_time(q);
	out->first_seen = db_time(q);
	out->late = db_int(q) != 0;
	out->fingerprint = (uint64_t)db_int(q);
}

static void
unpack_categories(struct arena *a, const char *packed, struct entry *e)
{
	const char **list = NULL;
	size_t count = 1;
	size_t n = 0;

	if (!packed)
		return;
	for (const char *p = packed; *p; p++)
		count += *p == '\n';
	list = arena_array(a, count, sizeof(*list));
	for (const char *p = packed; n < count; n++) {
		size_t len = strcspn(p, "\n");

		list[n] = arena_strndup(a, p, len);
		p += len + (p[len] == '\n');
	}
	e->categories = list;
	e->category_count = n;
}

/* The large columns are read only when they are wanted. */
static bool
load_text(struct store *s, struct arena *a, bool light, struct entry *e, struct err *err)
{
	struct db_query *q = db_query(s,
	    light
		? "SELECT words, image, categories, summary FROM entry_text WHERE entry_id = :id"
		: "SELECT words, image, categories, summary, text, html FROM entry_text"
		  " WHERE entry_id = :id",
	    err);

	db_bind_int(q, ":id", e->id);
	if (db_next(q)) {
		e->words = db_int(q);
		e->image = db_text(q, a);
		unpack_categories(a, db_text(q, a), e);
		e->summary = db_text(q, a);
		e->text = light ? NULL : db_text(q, a);
		e->html = light ? NULL : db_text(q, a);
	}
	return db_done(q, err);
}

static void
row_to_enclosure(struct db_query *q, struct arena *a, void *row)
{
	struct enclosure *out = row;

	out->url = db_text(q, a);
	out->type = db_text(q, a);
	out->title = db_text(q, a);
	out->bytes = db_int(q);
	out->seconds = db_int(q);
}

static bool
load_enclosures(struct store *s, struct arena *a, struct entry *e, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT url, type, title, bytes, seconds FROM enclosure WHERE entry_id = :id"
	    " ORDER BY position LIMIT :max",
	    err);

	db_bind_int(q, ":id", e->id);
	db_bind_int(q, ":max", LIMIT_ENTRY_ENCLOSURES);
	return db_list(q, a, sizeof(*e->enclosures), row_to_enclosure, &e->enclosures,
	    &e->enclosure_count, err);
}

/* Further sources that carry the post. */
static bool
load_also(struct store *s, struct arena *a, struct entry *e, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT source_id FROM entry_also WHERE entry_id = :id ORDER BY source_id",
	    err);

	db_bind_int(q, ":id", e->id);
	return db_list(q, a, sizeof(*e->also), db_row_int, &e->also, &e->also_count, err);
}

/*
 * Rows of q first, their texts afterwards: so a sort carries no texts, and only what is
 * returned is read.
 */
static bool
collect(struct store *s, struct arena *a, struct db_query *q, bool light,
    struct entry **out, size_t *count, struct err *err)
{
	struct entry *list = NULL;
	size_t n = 0;
	bool ok = db_list(q, a, sizeof(*list), row_to_entry, &list, &n, err);

	for (size_t i = 0; ok && i < n; i++)
		ok = load_text(s, a, light, &list[i], err) &&
		    load_enclosures(s, a, &list[i], err) &&
		    (light || load_also(s, a, &list[i], err));
	*out = ok ? list : NULL;
	*count = ok ? n : 0;
	return ok;
}

bool
store_entries_unmailed(struct store *s, struct arena *a, size_t max, struct entry **out,
    size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT " ENTRY_COLUMNS " FROM entry e JOIN source f ON f.id = e.source_id"
	    " WHERE e.state = 0 AND f.listed = 1 AND f.paused = 0"
	    " ORDER BY COALESCE(e.published, e.updated, e.first_seen) DESC, e.id DESC"
	    " LIMIT :max",
	    err);

	db_bind_int(q, ":max", (int64_t)max);
	return collect(s, a, q, false, out, count, err);
}

bool
store_entries_over(struct store *s, struct arena *a, int64_t issue_id, struct entry **out,
    size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT " ENTRY_COLUMNS " FROM issue_over o JOIN entry e ON e.id = o.entry_id"
	    " WHERE o.issue_id = :issue ORDER BY e.id",
	    err);

	db_bind_int(q, ":issue", issue_id);
	return collect(s, a, q, true, out, count, err);
}

bool
store_entries_of_issue(struct store *s, struct arena *a, int64_t issue_id,
    struct entry **out, size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT " ENTRY_COLUMNS
	    " FROM issue_entry h JOIN entry e ON e.id = h.entry_id"
	    " WHERE h.issue_id = :issue ORDER BY h.position",
	    err);

	db_bind_int(q, ":issue", issue_id);
	return collect(s, a, q, false, out, count, err);
}

bool
store_sources_of_span(struct store *s, struct arena *a, const struct span *span,
    int64_t **out, size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT DISTINCT e.source_id FROM issue i"
	    " JOIN issue_entry h ON h.issue_id = i.id JOIN entry e ON e.id = h.entry_id"
	    " WHERE i.number > :after AND i.number <= :last AND i.state <> :cancelled",
	    err);

	db_bind_int(q, ":after", span->after);
	db_bind_int(q, ":last", span->last);
	db_bind_int(q, ":cancelled", ISSUE_CANCELLED);
	return db_list(q, a, sizeof(**out), db_row_int, out, count, err);
}

bool
store_entry_texts_before(struct store *s, struct arena *a, int64_t source_id,
    int64_t before, const char **out, size_t max, size_t *count, struct err *err)
{
	/* The index of mailed posts by source names them; only their texts are read. */
	struct db_query *q = db_query(s,
	    "SELECT t.html FROM (SELECT id FROM entry INDEXED BY entry_mailed_text"
	    " WHERE source_id = :source AND state = 2 AND id < :before"
	    " ORDER BY id DESC LIMIT :max) e JOIN entry_text t ON t.entry_id = e.id"
	    " WHERE t.html IS NOT NULL ORDER BY t.entry_id DESC",
	    err);

	*count = 0;
	db_bind_int(q, ":source", source_id);
	db_bind_int(q, ":before", before);
	db_bind_int(q, ":max", (int64_t)max);
	while (db_next(q) && *count < max)
		out[(*count)++] = db_text(q, a);
	return db_done(q, err);
}

bool
store_entries_count(struct store *s, int64_t *total, struct err *err)
{
	return db_number(s, "SELECT COUNT(*) FROM entry", total, err);
}

bool
store_entries_count_unmailed(struct store *s, int64_t *unmailed, struct err *err)
{
	/* CROSS JOIN: by the small index of what is open, not source by source. */
	return db_number(s,
	    "SELECT COUNT(*) FROM entry e INDEXED BY entry_open CROSS JOIN source f"
	    " ON f.id = e.source_id WHERE e.state = 0 AND f.listed = 1 AND f.paused = 0",
	    unmailed, err);
}

/* ---- for many at once ---- */

static bool
note_seen(struct store *s, const int64_t *ids, size_t count, int64_t now, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		/* A day more or less is the same to the tidying: most rounds write nothing. */
		struct db_query *q = db_query(s,
		    "UPDATE entry SET last_seen = :now"
		    " WHERE id = :id AND (last_seen IS NULL OR last_seen < :now - 86400)",
		    err);

		db_bind_int(q, ":now", now);
		db_bind_int(q, ":id", ids[i]);
		if (!db_run(q, err))
			return false;
	}
	return true;
}

bool
store_entries_seen(struct store *s, const int64_t *ids, size_t count, int64_t now,
    struct err *err)
{
	return store_scope_begin(s, err) &&
	    store_scope_end(s, note_seen(s, ids, count, now, err), err);
}

/* Only rows with text are looked at, of which there are few; entries are never deleted. */
static bool
tidy(struct store *s, int64_t before, int64_t *dropped, struct err *err)
{
	struct db_query *q = db_query(s,
	    "DELETE FROM entry_text WHERE entry_id IN (SELECT t.entry_id FROM entry_text t"
	    " JOIN entry e ON e.id = t.entry_id"
	    " LEFT JOIN issue_entry h ON h.entry_id = e.id"
	    " LEFT JOIN issue_over o ON o.entry_id = e.id"
	    " LEFT JOIN issue i ON i.id = COALESCE(h.issue_id, o.issue_id)"
	    " WHERE e.state <> 0 AND COALESCE(e.last_seen, e.first_seen, 0) < :before"
	    " AND (i.id IS NULL OR i.state IN (:sent, :skipped, :cancelled)))",
	    err);

	db_bind_int(q, ":before", before);
	db_bind_int(q, ":sent", ISSUE_SENT);
	db_bind_int(q, ":skipped", ISSUE_SKIPPED);
	db_bind_int(q, ":cancelled", ISSUE_CANCELLED);
	if (!db_run(q, err))
		return false;
	*dropped = db_changes(s);
	q = db_query(s,
	    "DELETE FROM enclosure WHERE entry_id IN (SELECT e.id FROM enclosure c"
	    " JOIN entry e ON e.id = c.entry_id"
	    " WHERE e.state <> 0 AND NOT EXISTS"
	    " (SELECT 1 FROM entry_text t WHERE t.entry_id = e.id))",
	    err);
	return db_run(q, err);
}

bool
store_entries_tidy(struct store *s, int64_t before, int64_t *dropped, struct err *err)
{
	*dropped = 0;
	return store_scope_begin(s, err) &&
	    store_scope_end(s, tidy(s, before, dropped, err), err);
}

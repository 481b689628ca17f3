/* SPDX-License-Identifier: ISC */
#include "store/archive.h"

#include <string.h>

#include "store/db.h"
#include "store/renderings.h"
#include "store/variants.h"

/* Issues whose letters are going or went out: sending, paused, sent. */
#define WENT_OUT "state IN (2, 3, 4)"
_Static_assert(ISSUE_SENDING == 2 && ISSUE_PAUSED == 3 && ISSUE_SENT == 4,
    "numbers that stand in SQL");

#define ISSUE_COLUMNS \
	"id, number, name, subject, state, date, sent, entry_count, source_count"

static void
row_to_issue(struct db_query *q, struct arena *a, void *row)
{
	struct issue *out = row;

	out->id = db_int(q);
	out->number = db_int(q);
	out->name = db_text(q, a);
	out->subject = db_text(q, a);
	out->state = (enum issue_state)db_int(q);
	out->date = db_time(q);
	out->sent = db_time(q);
	out->entry_count = db_int(q);
	out->source_count = db_int(q);
}

static void
row_to_month(struct db_query *q, struct arena *a, void *row)
{
	struct archive_month *out = row;

	out->name = db_text(q, a);
	out->issues = db_int(q);
	out->entries = db_int(q);
}

bool
store_archive_months(struct store *s, struct arena *a, struct archive_month **out,
    size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT substr(name, 1, 7), COUNT(*), SUM(entry_count) FROM issue"
	    " WHERE " WENT_OUT " GROUP BY 1 ORDER BY 1 DESC",
	    err);

	return db_list(q, a, sizeof(**out), row_to_month, out, count, err);
}

bool
store_archive_issues(struct store *s, struct arena *a, const char *month, size_t max,
    struct issue **out, size_t *count, struct err *err)
{
	/* Names begin with the date: "." is the character behind "-". */
	struct db_query *q = db_query(s,
	    "SELECT " ISSUE_COLUMNS " FROM issue WHERE " WENT_OUT
	    " AND name >= :month AND name < :month || CASE :month WHEN '' THEN 'a'"
	    " ELSE '.' END ORDER BY name DESC LIMIT :max",
	    err);

	db_bind_text(q, ":month", month ? month : "");
	db_bind_int(q, ":max", (int64_t)max);
	return db_list(q, a, sizeof(**out), row_to_issue, out, count, err);
}

static void
row_to_title(struct db_query *q, struct arena *a, void *row)
{
	struct archive_title *out = row;

	out->title = db_text(q, a);
	out->source = db_text(q, a);
}

bool
store_archive_titles(struct store *s, struct arena *a, int64_t issue_id, size_t max,
    struct archive_title **out, size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT e.title, COALESCE(s.name, s.title, s.key) FROM issue_entry i"
	    " JOIN entry e ON e.id = i.entry_id JOIN source s ON s.id = e.source_id"
	    " WHERE i.issue_id = :issue ORDER BY i.position LIMIT :max",
	    err);

	db_bind_int(q, ":issue", issue_id);
	db_bind_int(q, ":max", (int64_t)max);
	return db_list(q, a, sizeof(**out), row_to_title, out, count, err);
}

bool
store_archive_letter(struct store *s, struct arena *a, const struct issue *issue,
    const struct variant *v, struct rendering *out, const char **letterhead, bool *found,
    struct err *err)
{
	struct rendering_key key = { .span = { issue->number - 1, issue->number,
					 issue->id },
		.part = 1 };

	*found = false;
	return store_variant_find(s, v, &key.variant_id, err) &&
	    (key.variant_id == 0 ||
		store_rendering_get(s, a, &key, out, letterhead, found, err));
}

bool
store_archive_missing(struct store *s, struct arena *a, int64_t variant_id, size_t max,
    struct issue **out, size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT " ISSUE_COLUMNS " FROM issue i WHERE " WENT_OUT
	    " AND NOT EXISTS (SELECT 1 FROM rendering r WHERE r.issue_id = i.id"
	    " AND r.after = i.number - 1 AND r.variant_id = :variant AND r.part = 1)"
	    " ORDER BY i.id DESC LIMIT :max",
	    err);

	db_bind_int(q, ":variant", variant_id);
	db_bind_int(q, ":max", (int64_t)max);
	return db_list(q, a, sizeof(**out), row_to_issue, out, count, err);
}

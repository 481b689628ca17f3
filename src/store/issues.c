/* SPDX-License-Identifier: ISC */
#include "store/issues.h"

#include <string.h>

#include "base/clock.h"
#include "store/db.h"
#include "store/entry_states.h"
#include "store/transactions.h"

_Static_assert(DELIVERY_QUEUED == 0 && DELIVERY_SENDING == 1 && DELIVERY_DEFERRED == 3 &&
	DELIVERY_WITHDRAWN == 7,
    "numbers that stand in SQL");

/* In the order of row_to_issue. */
#define ISSUE_COLUMNS \
	"id, number, name, subject, intro, state, date, created, approved, sent, entry_count," \
	" source_count, bytes"

static void
row_to_issue(struct db_query *q, struct arena *a, void *row)
{
	struct issue *out = row;

	out->id = db_int(q);
	out->number = db_int(q);
	out->name = db_text(q, a);
	out->subject = db_text(q, a);
	out->intro = db_text(q, a);
	out->state = (enum issue_state)db_int(q);
	out->date = db_time(q);
	out->created = db_time(q);
	out->approved = db_time(q);
	out->sent = db_time(q);
	out->entry_count = db_int(q);
	out->source_count = db_int(q);
	out->bytes = db_int(q);
}

/* Everything but id and name. */
static void
bind_issue(struct db_query *q, const struct issue *i)
{
	db_bind_text(q, ":subject", i->subject);
	db_bind_text(q, ":intro", i->intro);
	db_bind_int(q, ":state", i->state);
	db_bind_time(q, ":date", i->date);
	db_bind_time(q, ":created", i->created);
	db_bind_time(q, ":approved", i->approved);
	db_bind_time(q, ":sent", i->sent);
	db_bind_int(q, ":entry_count", i->entry_count);
	db_bind_int(q, ":source_count", i->source_count);
	db_bind_int(q, ":bytes", i->bytes);
}

bool
store_issue_add(struct store *s, struct issue *i, struct err *err)
{
	struct db_query *q = db_query(s,
	    "INSERT INTO issue (name, subject, intro, state, date, created, approved, sent,"
	    " entry_count, source_count, bytes)"
	    " VALUES (:name, :subject, :intro, :state, :date, :created, :approved, :sent,"
	    " :entry_count, :source_count, :bytes) ON CONFLICT (name) DO NOTHING",
	    err);

	db_bind_text(q, ":name", i->name);
	bind_issue(q, i);
	if (!db_run(q, err))
		return false;
	if (db_changes(s) == 0)
		return err_set(err, ERR_INPUT, "there already is an issue %s", i->name);
	i->id = db_last_id(s);
	return true;
}

bool
store_issues(struct store *s, struct arena *a, size_t limit, struct issue **out,
    size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT " ISSUE_COLUMNS " FROM issue ORDER BY date DESC, id DESC LIMIT :max",
	    err);

	db_bind_int(q, ":max", limit ? (int64_t)limit : -1);
	return db_list(q, a, sizeof(**out), row_to_issue, out, count, err);
}

bool
store_issue_in(struct store *s, struct arena *a, unsigned states, struct issue *out,
    bool *found, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT " ISSUE_COLUMNS " FROM issue WHERE (:states >> state) & 1"
	    " ORDER BY id DESC LIMIT 1",
	    err);

	db_bind_int(q, ":states", states);
	return db_one(q, a, row_to_issue, out, found, err);
}

bool
store_issue_last_approved(struct store *s, int64_t now, int64_t *at, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT MAX(approved) FROM issue WHERE number IS NOT NULL AND state <> :cancelled"
	    " AND approved <= :now",
	    err);

	db_bind_int(q, ":cancelled", ISSUE_CANCELLED);
	db_bind_int(q, ":now", now);
	return db_only_time(q, at, err);
}

bool
store_issue_named(struct store *s, struct arena *a, const char *name, struct issue *out,
    bool *found, struct err *err)
{
	struct db_query *q =
	    db_query(s, "SELECT " ISSUE_COLUMNS " FROM issue WHERE name = :name", err);

	db_bind_text(q, ":name", name);
	return db_one(q, a, row_to_issue, out, found, err);
}

static bool
not_found(struct store *s, struct arena *a, const char *what, struct err *err)
{
	struct issue newest;
	bool found = false;

	if (!store_issue_in(s, a, ~0u, &newest, &found, err))
		return false;
	err_set(err, ERR_INPUT, "%s", what);
	if (found)
		err_hint(err, "the newest is %s", newest.name);
	return err_next(err, NEXT_LIST_ISSUES);
}

bool
store_issue_find(struct store *s, struct arena *a, const char *name, struct issue *out,
    struct err *err)
{
	static const struct {
		const char *word;
		unsigned states;
		const char *absent;
	} words[] = {
		{ "last", 1u << ISSUE_SENDING | 1u << ISSUE_PAUSED | 1u << ISSUE_SENT,
		    "no issue was sent yet" },
		{ "next", 1u << ISSUE_DRAFT | 1u << ISSUE_APPROVED,
		    "no issue waits to be sent" },
	};
	bool found = false;

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(name, words[i].word) != 0)
			continue;
		if (!store_issue_in(s, a, words[i].states, out, &found, err))
			return false;
		return found || not_found(s, a, words[i].absent, err);
	}
	if (!store_issue_named(s, a, name, out, &found, err))
		return false;
	return found ||
	    not_found(s, a, arena_printf(a, "no issue is called '%s'", name), err);
}

/* ---- what an issue holds ---- */

static bool
release_entries(struct store *s, int64_t id, struct err *err)
{
	return db_run_int(s,
		   "UPDATE entry SET state = 0 WHERE id IN"
		   " (SELECT entry_id FROM issue_entry WHERE issue_id = :issue"
		   " UNION ALL SELECT entry_id FROM issue_over WHERE issue_id = :issue)",
		   ":issue", id, err) &&
	    db_run_int(s, "DELETE FROM issue_entry WHERE issue_id = :issue", ":issue", id,
		err) &&
	    db_run_int(s, "DELETE FROM issue_over WHERE issue_id = :issue", ":issue", id,
		err);
}

/* Open entries alone: no entry is ever in two issues. */
static bool
take_entry(struct store *s, int64_t entry_id, enum entry_state state, struct err *err)
{
	struct db_query *q = db_query(s,
	    "UPDATE entry SET state = :state WHERE id = :id AND state = 0", err);

	db_bind_int(q, ":state", state);
	db_bind_int(q, ":id", entry_id);
	return db_run(q, err) &&
	    (db_changes(s) > 0 ||
		err_set(err, ERR_INPUT,
		    "entry %lld is in an issue already, or was kept out",
		    (long long)entry_id));
}

static bool
hold_entry(struct store *s, int64_t issue_id, size_t position, int64_t entry_id,
    struct err *err)
{
	struct db_query *q = NULL;

	if (!take_entry(s, entry_id, ENTRY_HELD, err))
		return false;
	q = db_query(s,
	    "INSERT INTO issue_entry (issue_id, position, entry_id)"
	    " VALUES (:issue, :position, :id)",
	    err);
	db_bind_int(q, ":issue", issue_id);
	db_bind_int(q, ":position", (int64_t)position);
	db_bind_int(q, ":id", entry_id);
	return db_run(q, err);
}

static bool
check_draft(struct store *s, int64_t id, struct err *err)
{
	struct db_query *q =
	    db_query(s, "SELECT state, name FROM issue WHERE id = :issue", err);
	bool row = false;

	db_bind_int(q, ":issue", id);
	row = db_next(q);
	if (row && db_int(q) != ISSUE_DRAFT)
		err_set(db_failure(q), ERR_INPUT, "issue %s is no draft any more",
		    db_text(q, NULL));
	return db_done(q, err) &&
	    (row || err_set(err, ERR_BUG, "issue %lld is not stored", (long long)id));
}

static bool
fill(struct store *s, int64_t id, const int64_t *entries, size_t count, struct err *err)
{
	if (!check_draft(s, id, err) || !release_entries(s, id, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!hold_entry(s, id, i, entries[i], err))
			return false;
	}
	return db_run_int(s,
	    "UPDATE issue SET"
	    " (entry_count, source_count) = (SELECT COUNT(*), COUNT(DISTINCT e.source_id)"
	    " FROM issue_entry h JOIN entry e ON e.id = h.entry_id WHERE h.issue_id = :issue)"
	    " WHERE id = :issue",
	    ":issue", id, err);
}

bool
store_issue_fill(struct store *s, int64_t id, const int64_t *entries, size_t count,
    struct err *err)
{
	return store_scope_begin(s, err) &&
	    store_scope_end(s, fill(s, id, entries, count, err), err);
}

static bool
pass_entry(struct store *s, int64_t issue_id, int64_t entry_id, enum pass_reason reason,
    struct err *err)
{
	struct db_query *q = NULL;

	if (reason == PASS_FILTERED)
		return take_entry(s, entry_id, ENTRY_KEPT_OUT, err);
	if (!take_entry(s, entry_id, ENTRY_HELD, err))
		return false;
	q = db_query(s,
	    "INSERT INTO issue_over (issue_id, entry_id) VALUES (:issue, :id)", err);
	db_bind_int(q, ":issue", issue_id);
	db_bind_int(q, ":id", entry_id);
	return db_run(q, err);
}

static bool
pass(struct store *s, int64_t id, const int64_t *entries, size_t count,
    enum pass_reason reason, struct err *err)
{
	if (!check_draft(s, id, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!pass_entry(s, id, entries[i], reason, err))
			return false;
	}
	return true;
}

bool
store_issue_pass(struct store *s, int64_t id, const int64_t *entries, size_t count,
    enum pass_reason reason, struct err *err)
{
	return store_scope_begin(s, err) &&
	    store_scope_end(s, pass(s, id, entries, count, reason, err), err);
}

/* Letters that wait are not sent: what else is in their spans is in the next ones. */
static bool
withdraw_letters(struct store *s, int64_t id, struct err *err)
{
	return db_run_int(s,
		   "UPDATE reader AS r SET last_issue = MIN(last_issue, (SELECT d.after"
		   " FROM delivery d WHERE d.issue_id = :issue AND d.reader_id = r.id))"
		   " WHERE r.id IN (SELECT reader_id FROM delivery"
		   " WHERE issue_id = :issue AND state IN (0, 3))",
		   ":issue", id, err) &&
	    db_run_int(s,
		"UPDATE delivery SET state = 7, next_try = NULL"
		" WHERE issue_id = :issue AND state IN (0, 3)",
		":issue", id, err);
}

/* A cancelled issue of which nothing was mailed gives its entries back. */
static bool
cancel(struct store *s, int64_t id, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT EXISTS (SELECT 1 FROM delivery WHERE issue_id = :issue"
	    " AND state NOT IN (:queued, :skipped, :withdrawn))"
	    " OR EXISTS (SELECT 1 FROM issue_count WHERE issue_id = :issue"
	    " AND state NOT IN (:skipped, :withdrawn))",
	    err);
	int64_t mailed = 0;

	db_bind_int(q, ":issue", id);
	db_bind_int(q, ":queued", DELIVERY_QUEUED);
	db_bind_int(q, ":skipped", DELIVERY_SKIPPED);
	db_bind_int(q, ":withdrawn", DELIVERY_WITHDRAWN);
	return db_only_int(q, &mailed, err) && withdraw_letters(s, id, err) &&
	    (mailed != 0 || release_entries(s, id, err));
}

static bool
update(struct store *s, const struct issue *i, struct err *err)
{
	struct db_query *q = db_query(s,
	    "UPDATE issue SET subject = :subject, intro = :intro, state = :state, date = :date,"
	    " created = :created, approved = :approved, sent = :sent,"
	    " entry_count = :entry_count, source_count = :source_count, bytes = :bytes"
	    " WHERE id = :id",
	    err);

	bind_issue(q, i);
	db_bind_int(q, ":id", i->id);
	if (!db_run(q, err))
		return false;
	if (db_changes(s) == 0)
		return err_set(err, ERR_BUG, "issue %lld is not stored",
		    (long long)i->id);
	return i->state != ISSUE_CANCELLED || cancel(s, i->id, err);
}

bool
store_issue_is_paused(struct store *s, int64_t id, bool *paused, struct err *err)
{
	struct db_query *q =
	    db_query(s, "SELECT 1 FROM issue WHERE id = :id AND state = :paused", err);

	db_bind_int(q, ":id", id);
	db_bind_int(q, ":paused", ISSUE_PAUSED);
	return db_any(q, paused, err);
}

bool
store_issue_update(struct store *s, const struct issue *i, struct err *err)
{
	return store_scope_begin(s, err) && store_scope_end(s, update(s, i, err), err);
}

static bool
steer(struct store *s, int64_t id, unsigned from, enum issue_state to, bool *done,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "UPDATE issue SET state = :to WHERE id = :id AND (1 << state) & :from", err);

	db_bind_int(q, ":to", to);
	db_bind_int(q, ":id", id);
	db_bind_int(q, ":from", from);
	if (!db_run(q, err))
		return false;
	*done = db_changes(s) > 0;
	return !*done || to != ISSUE_CANCELLED || cancel(s, id, err);
}

bool
store_issue_steer(struct store *s, int64_t id, unsigned from, enum issue_state to,
    bool *done, struct err *err)
{
	*done = false;
	return store_scope_begin(s, err) &&
	    store_scope_end(s, steer(s, id, from, to, done, err), err);
}

bool
store_issue_number(struct store *s, struct issue *i, struct err *err)
{
	struct db_query *q = NULL;

	if (!db_run_int(s,
		"UPDATE issue SET number = (SELECT COALESCE(MAX(number), 0) + 1 FROM issue)"
		" WHERE id = :id AND number IS NULL",
		":id", i->id, err))
		return false;
	q = db_query(s, "SELECT number FROM issue WHERE id = :id", err);
	db_bind_int(q, ":id", i->id);
	return db_only_int(q, &i->number, err);
}

bool
store_issues_of_span(struct store *s, struct arena *a, const struct span *span,
    struct issue **out, size_t *count, struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT " ISSUE_COLUMNS
	    " FROM issue WHERE number > :after AND number <= :last"
	    " AND state <> :cancelled ORDER BY number",
	    err);

	db_bind_int(q, ":after", span->after);
	db_bind_int(q, ":last", span->last);
	db_bind_int(q, ":cancelled", ISSUE_CANCELLED);
	return db_list(q, a, sizeof(**out), row_to_issue, out, count, err);
}

bool
store_issue_name(struct store *s, struct arena *a, int64_t id, const char **name,
    struct err *err)
{
	struct db_query *q = db_query(s, "SELECT name FROM issue WHERE id = :id", err);

	db_bind_int(q, ":id", id);
	return db_only_text(q, a, name, err);
}

bool
store_issue_numbered(struct store *s, struct arena *a, int64_t number, const char **name,
    struct err *err)
{
	struct db_query *q =
	    db_query(s, "SELECT name FROM issue WHERE number = :number", err);

	db_bind_int(q, ":number", number);
	return db_only_text(q, a, name, err);
}

bool
store_issues_send(struct store *s, struct err *err)
{
	struct db_query *q =
	    db_query(s, "UPDATE issue SET state = :sending WHERE state = :approved", err);

	db_bind_int(q, ":sending", ISSUE_SENDING);
	db_bind_int(q, ":approved", ISSUE_APPROVED);
	return db_run(q, err);
}

bool
store_issues_close(struct store *s, int64_t now, struct err *err)
{
	/* Each question is one step into an index that holds nothing but what waits. */
	struct db_query *q = db_query(s,
	    "UPDATE issue SET state = :sent, sent = :now WHERE state = :sending"
	    " AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.state = 0"
	    " AND d.issue_id = issue.id)"
	    " AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.state = 1"
	    " AND d.issue_id = issue.id)"
	    " AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.state = 3"
	    " AND d.issue_id = issue.id)",
	    err);

	db_bind_int(q, ":sent", ISSUE_SENT);
	db_bind_time(q, ":now", now);
	db_bind_int(q, ":sending", ISSUE_SENDING);
	return db_run(q, err);
}

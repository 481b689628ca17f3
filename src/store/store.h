/* SPDX-License-Identifier: ISC */
/*
 * The store: one SQLite file in WAL mode, mode 0600.  db.c alone knows sqlite3; the other
 * files speak to it through store/db.h.  One struct store per process and thread.
 *
 * Rows come out as structs of model.h whose text lives in the arena given.
 * A function that needs several statements opens a transaction of its own, or joins the one the
 * caller has begun: then the caller rolls back when the function fails.
 * The *_each functions hold a chunk of rows at a time, whatever their number; what they call
 * may write to the store.
 * Errors: ERR_TEMPORARY when another process holds the lock too long, ERR_STORE when the file
 * is damaged, newer, or must be migrated, ERR_SYSTEM for full disks and the like.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/err.h"
#include "model/identity.h"
#include "model/model.h"

struct store;

enum store_mode {
	STORE_READ,
	STORE_WRITE,
	STORE_CREATE /* make it when it is not there */
};

struct store_options {
	enum store_mode mode;
	const char *version; /* of the program, for messages and the backup's name */
	const char
	    *backup_dir; /* before-schema-N.db goes here; NULL: beside the database */
	bool migrate;    /* bring an older schema up to date (after a backup) */
	int64_t busy_ms; /* how long to wait for another writer */
	struct random_source
	    *random; /* for the newsletter's keys when the file is made */
	int64_t now;
};

/* Owned by the caller.  A database newer than the program is refused untouched. */
struct store *store_open(const char *path, const struct store_options *o,
    struct err *err) MUST_CHECK;
/* A private database in memory, for preview and tests. */
struct store *store_open_memory(const struct store_options *o,
    struct err *err) MUST_CHECK;
/* Accepts NULL.  False when the last writes could not be made durable. */
bool store_close(struct store *s, struct err *err) MUST_CHECK;

/* Transactions; they do not nest. */
bool store_begin(struct store *s, struct err *err) MUST_CHECK;
bool store_commit(struct store *s, struct err *err) MUST_CHECK;
/* Safe to call when none is open. */
void store_rollback(struct store *s);

int store_schema_version(struct store *s);
/* A whole copy: VACUUM INTO a temporary file, integrity check, fsync, rename, mode 0600. */
bool store_backup(struct store *s, const char *path, struct err *err) MUST_CHECK;
/* The newsletter's secret key, 32 random bytes made with the database. */
bool store_key(struct store *s, unsigned char out[DIGEST_SIZE],
    struct err *err) MUST_CHECK;

/* Small named values: "last_run", "last_success.send", ...  *value NULL when not there. */
bool store_note_get(struct store *s, struct arena *a, const char *name,
    const char **value, struct err *err) MUST_CHECK;
bool store_note_set(struct store *s, const char *name, const char *value,
    struct err *err) MUST_CHECK;

/* ---- sources (sources.c) ---- */

/* All, ordered by key.  listed_only: without those the configuration names no more. */
bool store_sources(struct store *s, struct arena *a, bool listed_only,
    struct source **out, size_t *count, struct err *err) MUST_CHECK;
/* ERR_INPUT with the nearest key as hint when there is none; name: key, URL or display name. */
bool store_source_find(struct store *s, struct arena *a, const char *name,
    struct source *out, struct err *err) MUST_CHECK;
/*
 * Makes the list of sources equal to the specs of the configuration: new ones are added,
 * changed ones updated (matched by url; validators are dropped when the url changes), the rest
 * marked as not listed.  Keys are made unique.  specs use url, key, name, group, language, face,
 * filter, exclude, strip, max_per_feed, paused of struct source; ids are filled in.  A new
 * address under a key that is stored already is the same source moved.  Without a key one is
 * made of name or address.  Of two specs with one address the first counts.
 */
bool store_sources_sync(struct store *s, struct source *specs, size_t count,
    struct err *err) MUST_CHECK;
/* Writes what a poll changed: validators, title, link, language, health, next_poll. */
bool store_source_polled(struct store *s, const struct source *src,
    struct err *err) MUST_CHECK;

/* ---- entries (entries.c) ---- */

/*
 * Looks for an entry under its keys: one look-up by `own`; when that finds nothing, one by
 * `link`, then `text`.  *id gets the stored entry, 0 when it is new.  When that entry is of
 * another source or under another guid, store_entry_also() makes the next look-up a short one.
 */
bool store_entry_lookup(struct store *s, const struct entry *e,
    const struct identity *keys, enum entry_known *known, int64_t *id,
    struct err *err) MUST_CHECK;
/*
 * Adds a new, cleaned entry and remembers its keys; e->id is filled in.  mailed: it is only
 * remembered and will never be selected (a first fetch's old posts).
 */
bool store_entry_add(struct store *s, struct entry *e, const struct identity *keys,
    bool mailed, struct err *err) MUST_CHECK;
/*
 * New text of a known entry.  What an issue past its draft holds, or what was only remembered,
 * stays as it was; then only the fingerprint is noted, so that it is ENTRY_CHANGED once.
 */
bool store_entry_update(struct store *s, int64_t id, const struct entry *e,
    const struct identity *keys, struct err *err) MUST_CHECK;
/*
 * The same post seen in another source: remembered for "also in".  Or under a new guid in its
 * own source.  guid may be NULL.
 */
bool store_entry_also(struct store *s, int64_t id, int64_t source_id, const char *guid,
    struct err *err) MUST_CHECK;
/* Marks entries of a source as seen now, so that their text is kept. */
bool store_entries_seen(struct store *s, const int64_t *ids, size_t count, int64_t now,
    struct err *err) MUST_CHECK;
/* Entries that will never be selected: filtered, dropped by the editor.  Those in no issue. */
bool store_entries_keep_out(struct store *s, const int64_t *ids, size_t count,
    struct err *err) MUST_CHECK;
/*
 * Entries that no issue holds and no decision keeps out, of listed and unpaused sources, at
 * most LIMIT_ISSUE_ENTRIES, newest first.  Without html and text when light.
 */
bool store_entries_unmailed(struct store *s, struct arena *a, bool light,
    struct entry **out, size_t *count, struct err *err) MUST_CHECK;
/* With everything, in the issue's order. */
bool store_entries_of_issue(struct store *s, struct arena *a, int64_t issue_id,
    struct entry **out, size_t *count, struct err *err) MUST_CHECK;
/* Ids of the sources an entry was also seen in. */
bool store_entry_sources(struct store *s, struct arena *a, int64_t id, int64_t **out,
    size_t *count, struct err *err) MUST_CHECK;
bool store_entries_count(struct store *s, int64_t *total, int64_t *unmailed,
    struct err *err) MUST_CHECK;
/*
 * Drops the text of entries mailed or kept out and not seen since `before`; identities stay
 * for ever.
 */
bool store_entries_tidy(struct store *s, int64_t before, int64_t *dropped,
    struct err *err) MUST_CHECK;

/* ---- issues (issues.c) ---- */

/* i->id is filled in; i->name must be new (ERR_INPUT). */
bool store_issue_add(struct store *s, struct issue *i, struct err *err) MUST_CHECK;
/* Newest first; limit 0 = all. */
bool store_issues(struct store *s, struct arena *a, size_t limit, struct issue **out,
    size_t *count, struct err *err) MUST_CHECK;
/*
 * ERR_INPUT with the newest issue as hint.  "last": the newest that is being or was sent;
 * "next": the newest draft or approved one.
 */
bool store_issue_find(struct store *s, struct arena *a, const char *name,
    struct issue *out, struct err *err) MUST_CHECK;
/* The newest issue in one of the states (a set of 1u << state), or *found false. */
bool store_issue_in(struct store *s, struct arena *a, unsigned states, struct issue *out,
    bool *found, struct err *err) MUST_CHECK;
/*
 * Replaces a draft's entries (in order) and updates its counts.  ERR_INPUT when it is no draft,
 * or an entry is in another issue or kept out: no entry is ever in two issues.
 */
bool store_issue_fill(struct store *s, int64_t id, const int64_t *entries, size_t count,
    struct err *err) MUST_CHECK;
/*
 * Entries that the issue counts but does not show (PASS_OVER: "and 7 more") or that a filter
 * keeps out of every issue (PASS_FILTERED): neither is selected again.  store_issue_fill()
 * forgets an issue's earlier PASS_OVER entries, so that a draft can be filled afresh.
 */
enum pass_reason { PASS_OVER, PASS_FILTERED };
bool store_issue_pass(struct store *s, int64_t id, const int64_t *entries, size_t count,
    enum pass_reason reason, struct err *err) MUST_CHECK;
/* The PASS_OVER entries of an issue, without html and text. */
bool store_entries_over(struct store *s, struct arena *a, int64_t issue_id,
    struct entry **out, size_t *count, struct err *err) MUST_CHECK;
/*
 * Subject, intro, state, times, counts, bytes.  An issue that becomes ISSUE_CANCELLED before
 * any letter of it was taken gives its entries back.
 */
bool store_issue_update(struct store *s, const struct issue *i,
    struct err *err) MUST_CHECK;
/* One rendering of an issue; replaces an earlier one of the same variant. */
bool store_rendering_put(struct store *s, int64_t issue_id, int64_t variant_id,
    const struct rendering *r, struct err *err) MUST_CHECK;
/* ERR_INPUT when there is none. */
bool store_rendering_get(struct store *s, struct arena *a, int64_t issue_id,
    int64_t variant_id, struct rendering *out, struct err *err) MUST_CHECK;
/* The variant of that key, made when new; v->id is filled in. */
bool store_variant(struct store *s, struct variant *v, struct err *err) MUST_CHECK;
/*
 * The variants that readers who are active or on hold use: one for each body and format among
 * them.  id 0 and key NULL where there is none yet: the caller makes it with store_variant(),
 * before store_deliveries_queue(), which refuses to leave a reader out (ERR_BUG).
 */
bool store_variants_in_use(struct store *s, struct arena *a, struct variant **out,
    size_t *count, struct err *err) MUST_CHECK;

/* ---- readers (readers.c) ---- */

/* Adds a reader; r->id is filled in.  ERR_INPUT when the address is there already. */
bool store_reader_add(struct store *s, struct reader *r, struct err *err) MUST_CHECK;
/* By address_key. */
bool store_reader_find(struct store *s, struct arena *a, const char *address_key,
    struct reader *out, bool *found, struct err *err) MUST_CHECK;
bool store_reader_get(struct store *s, struct arena *a, int64_t id, struct reader *out,
    bool *found, struct err *err) MUST_CHECK;
bool store_reader_update(struct store *s, const struct reader *r,
    struct err *err) MUST_CHECK;
/* Calls each for every reader in one of the states (1u << state), by id; valid in the call. */
bool store_readers_each(struct store *s, unsigned states,
    bool (*each)(void *arg, const struct reader *r, struct err *err), void *arg,
    struct err *err) MUST_CHECK;
bool store_readers_count(struct store *s, int64_t by_state[READER_ERASED + 1],
    struct err *err) MUST_CHECK;
/* True when the address was erased (its salted hash is kept). */
bool store_reader_is_erased(struct store *s, const char *address_key, bool *erased,
    struct err *err) MUST_CHECK;
/* Forgets everything of a reader but a salted hash of the address. */
bool store_reader_erase(struct store *s, int64_t id, struct err *err) MUST_CHECK;

/* ---- deliveries (deliveries.c) ---- */

/*
 * Queues a letter of the issue to every reader who is due one (active, frequency fits, or hold
 * that ended before now) and has none yet: UNIQUE(issue, reader).  *queued counts new rows.
 */
bool store_deliveries_queue(struct store *s, int64_t issue_id, int64_t now,
    bool weekly_today, bool weekday_today, int64_t *queued, struct err *err) MUST_CHECK;
/* Queues the issue's letter to one reader, whatever their frequency; *queued 0 or 1. */
bool store_delivery_queue_one(struct store *s, int64_t issue_id, int64_t reader_id,
    int64_t *queued, struct err *err) MUST_CHECK;
/*
 * Takes up to max deliveries of an issue that may go now (queued, or deferred and due), marks
 * them `sending` in one transaction that is durable before this returns, and hands them out
 * with address, epoch and confirmed.  Readers who left meanwhile are marked skipped instead.
 * Those whose time to try again has come are handed out first.  Not inside a transaction.
 */
bool store_deliveries_take(struct store *s, struct arena *a, int64_t issue_id,
    int64_t now, size_t max, struct delivery **out, size_t *count,
    struct err *err) MUST_CHECK;
/* Settles deliveries (state, reply, status, attempts, next_try, settled) in one transaction. */
bool store_deliveries_settle(struct store *s, const struct delivery *d, size_t count,
    struct err *err) MUST_CHECK;
/*
 * After a crash: deliveries still `sending` become `unknown` when their letter could have left,
 * which is what `sending` means; *count tells how many.  Called with the run lock held.
 */
bool store_deliveries_recover(struct store *s, int64_t *count,
    struct err *err) MUST_CHECK;
/* Puts taken but never begun deliveries back to queued (a clean stop). */
bool store_deliveries_untake(struct store *s, const struct delivery *d, size_t count,
    struct err *err) MUST_CHECK;
bool store_deliveries_count(struct store *s, int64_t issue_id,
    int64_t by_state[DELIVERY_SKIPPED + 1], struct err *err) MUST_CHECK;
/* Calls each for every delivery of an issue in one of the states (1u << state), by reader. */
bool store_deliveries_each(struct store *s, int64_t issue_id, unsigned states,
    bool (*each)(void *arg, const struct delivery *d, struct err *err), void *arg,
    struct err *err) MUST_CHECK;
/* How many readers a queueing at now would reach: for the audience check and `issue show`. */
bool store_audience_count(struct store *s, int64_t now, bool weekly_today,
    bool weekday_today, int64_t *count, struct err *err) MUST_CHECK;

#endif

/* SPDX-License-Identifier: ISC */
#include "store/clock_mend.h"

#include "base/attr.h"
#include "store/db.h"
#include "store/transactions.h"

/*
 * Clocks of machines differ, and are put right by little: a day ahead is no wrong clock.  No
 * letter is tried for longer than some days, so none waits for two weeks.
 */
#define FAR_AHEAD " > :now + 86400"
#define NO_RETRY " > :now + 14 * 86400"

bool
store_clock_ahead(struct store *s, int64_t longest_poll, int64_t now, int64_t *ahead,
    struct err *err)
{
	struct db_query *q = db_query(s,
	    "SELECT MAX(t) FROM ("
	    /* One walk along an index that holds both. */
	    "SELECT MAX(MAX(IIF(next_poll > :now + :poll, next_poll, 0),"
	    " IIF(last_poll" FAR_AHEAD ", last_poll, 0))) AS t"
	    " FROM source INDEXED BY source_polled"
	    " WHERE next_poll > :now + :poll OR last_poll" FAR_AHEAD
	    " UNION ALL SELECT MAX(next_try) FROM delivery"
	    " WHERE state = 3 AND next_try" NO_RETRY
	    " UNION ALL SELECT MAX(next_try) FROM notice"
	    " WHERE state = 3 AND next_try" NO_RETRY ")",
	    err);

	db_bind_int(q, ":now", now);
	db_bind_int(q, ":poll", longest_poll);
	return db_only_time(q, ahead, err);
}

/*
 * The longest wait of a reader of a rhythm of their own: days from slot to slot, one more for
 * the changes of local clocks, and CLOCK_BELIEVED_DAYS: else a weekly reader had a second letter
 * some days after the first.  Numbers of enum rhythm.  Ends of holds are what people said.
 */
_Static_assert(CLOCK_BELIEVED_DAYS == 2, "a number that stands in SQL");
#define LONGEST_RHYTHM \
	"((SELECT CASE c.rhythm WHEN 1 THEN 1 WHEN 2 THEN 3 WHEN 3 THEN 7 WHEN 4 THEN 31" \
	" ELSE 0 END FROM cadence c WHERE c.id = r.cadence_id) + 1 + 2) * 86400"

static const char *const mends[] = {
	"UPDATE source SET last_poll = MIN(last_poll, :now), last_ok = MIN(last_ok, :now),"
	" last_entry = MIN(last_entry, :now), state_since = MIN(state_since, :now)"
	" WHERE MAX(COALESCE(last_poll, 0), COALESCE(last_ok, 0),"
	" COALESCE(last_entry, 0), COALESCE(state_since, 0)) > :now",
	"UPDATE delivery SET next_try = :now WHERE state = 3 AND next_try" NO_RETRY,
	"UPDATE notice SET next_try = :now WHERE state = 3 AND next_try" NO_RETRY,
	"UPDATE reader AS r SET due = NULL WHERE state = 1"
	" AND due > :now + " LONGEST_RHYTHM,
	"UPDATE entry SET first_seen = MIN(first_seen, :now), last_seen = MIN(last_seen, :now)"
	" WHERE first_seen > :now OR last_seen > :now",
	"UPDATE rendering SET created = :now WHERE created > :now",
};

static bool
mend_all(struct store *s, int64_t longest_poll, int64_t now, struct err *err)
{
	struct db_query *polls = db_query(s,
	    "UPDATE source SET next_poll = NULL"
	    " WHERE next_poll > :now + :poll OR last_poll > :now",
	    err);

	db_bind_int(polls, ":now", now);
	db_bind_int(polls, ":poll", longest_poll);
	if (!db_run(polls, err))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(mends); i++) {
		if (!db_run_int(s, mends[i], ":now", now, err))
			return false;
	}
	return true;
}

bool
store_clock_mend(struct store *s, int64_t longest_poll, int64_t now, struct err *err)
{
	return store_scope_begin(s, err) &&
	    store_scope_end(s, mend_all(s, longest_poll, now, err), err);
}

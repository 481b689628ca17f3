/* SPDX-License-Identifier: ISC */
#include "flow/journal_recovery.h"

#include <string.h>

#include "flow/context.h"
#include "flow/letter_journal.h"
#include "store/delivery_queue.h"
#include "store/delivery_recovery.h"
#include "store/issues.h"
#include "store/notes.h"

bool
restored_parse(const char *word, enum restored *out, struct err *err)
{
	*out = RESTORED_ASK;
	if (!word)
		return true;
	if (strcmp(word, "unknown") == 0)
		*out = RESTORED_UNKNOWN;
	else if (strcmp(word, "send") == 0)
		*out = RESTORED_SEND;
	return *out != RESTORED_ASK ||
	    err_set(err, ERR_USAGE, "--restored takes 'unknown' or 'send', not '%s'",
		word);
}

/* The database is older than what was sent: somebody must say what is right. */
static bool
ask_what_is_right(struct run *run, const struct letter_journal *j, struct err *err)
{
	const struct journal_issue last = letter_journal_issue(j);
	const struct delivery_doubt doubt = { last.number, last.at };
	const char *name = NULL;
	int64_t waiting = 0;

	if (!store_doubtful_count(run->store, &doubt, &waiting, err) ||
	    !store_issue_numbered(run->store, run->arena, last.number, &name, err))
		return false;
	(void)err_set(err, ERR_HUMAN,
	    "the database is older than the last send: a copy was put back, or its -wal "
	    "file is gone. %lld letters of issue number %lld (%s) had gone out; of those up "
	    "to it %lld wait here and may have gone already. Nothing was sent",
	    (long long)last.letters, (long long)last.number,
	    name ? name : "not in this database", (long long)waiting);
	return err_hint(err,
	    "planetpost run --restored unknown: they count as unknown and do not go; "
	    "--restored send: they go, to some perhaps twice");
}

/* Letters that may have gone become unknown as soon as the database knows their issue. */
static bool
doubt_letters(struct run *run, struct letter_journal *j, int64_t until, int64_t *unknown,
    struct err *err)
{
	const struct delivery_doubt doubt = { letter_journal_doubt(j), until };
	struct span newest;
	int64_t count = 0;

	if (doubt.number == 0)
		return true;
	if (!store_doubtful_unknown(run->store, &doubt, &count, err) ||
	    !store_newest_issue(run->store, &newest, err))
		return false;
	if (newest.last >= doubt.number)
		letter_journal_set_doubt(j, 0);
	*unknown += count;
	return true;
}

static bool
recover_current(struct run *run, struct letter_journal *j, bool others_wait,
    int64_t *unknown, struct err *err)
{
	struct delivery_recovery r = { .others_wait = others_wait };
	struct delivery_left *left = NULL;

	r.count = letter_journal_left(j, run->arena, &left);
	r.left = left;
	return store_deliveries_recover(run->store, &r, unknown, err);
}

static bool
recover_restored(struct run *run, struct letter_journal *j, enum restored restored,
    int64_t *until, int64_t *unknown, struct err *err)
{
	if (restored == RESTORED_ASK)
		return ask_what_is_right(run, j, err);
	if (!store_deliveries_recover(run->store, NULL, unknown, err))
		return false;
	*until = letter_journal_issue(j).at;
	letter_journal_set_doubt(j,
	    restored == RESTORED_UNKNOWN ? letter_journal_issue(j).number : 0);
	return true;
}

bool
journal_recover(struct run *run, struct letter_journal *j, enum restored restored,
    int64_t *unknown, struct err *err)
{
	int64_t takings = 0;
	int64_t until = 0;
	bool ok = false;

	*unknown = 0;
	if (!j)
		return store_deliveries_recover(run->store, NULL, unknown, err);
	if (!store_takings(run->store, &takings, err))
		return false;
	switch (letter_journal_judge(j, takings)) {
	case JOURNAL_CURRENT:
		ok = recover_current(run, j, true, unknown, err);
		break;
	case JOURNAL_REBOOTED:
		ok = recover_current(run, j, false, unknown, err);
		break;
	case JOURNAL_UNKNOWING:
		ok = store_deliveries_recover(run->store, NULL, unknown, err);
		break;
	case JOURNAL_NEWER:
		ok = recover_restored(run, j, restored, &until, unknown, err);
		break;
	}
	if (!ok || !doubt_letters(run, j, until, unknown, err))
		return false;
	letter_journal_restart(j, takings);
	return true;
}

/* SPDX-License-Identifier: ISC */
#include "flow/trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "flow/context.h"
#include "store/backup.h"
#include "store/entry_lists.h"
#include "store/notes.h"
#include "store/notices.h"
#include "store/open.h"

enum { BUSY_MS = 10000 };

static const char slot_note[] = "schedule.slot"; /* as compile.c answers it */
static const char trial_slot[] = "trial.slot";
static const char trial_notice[] = "trial.notice"; /* the newest that was shown */
static const char trial_posts[] = "trial.posts";   /* so many waited then */

bool
flow_is_trial(const struct run *run)
{
	return run->config->transport.method == TRANSPORT_REDIRECT;
}

static bool
copy_note(struct arena *a, struct store *from, const char *name, struct store *to,
    const char *as, struct err *err)
{
	const char *text = NULL;

	return store_note_get(from, a, name, &text, err) &&
	    (!text || store_note_set(to, as, text, err));
}

/* ---- begin --------------------------------------------------------------------------- */

static bool
leave_out_what_was_shown(struct run *run, struct store *copy, struct err *err)
{
	int64_t shown = 0;

	return store_note_number(run->store, trial_notice, &shown, err) &&
	    store_notices_leave_out(copy, shown, run->now, err) &&
	    copy_note(run->arena, run->store, trial_slot, copy, slot_note, err);
}

bool
flow_trial_begin(struct run *run, struct trial *t, struct err *err)
{
	const struct store_options o = { .mode = STORE_WRITE,
		.version = run->version,
		.busy_ms = BUSY_MS,
		.random = run->random };
	struct store *copy = NULL;

	if (!flow_is_trial(run) || run->in_trial)
		return true;
	t->path = arena_printf(run->arena, "%s.trial-%ld", run->config->database.path,
	    (long)getpid());
	if (!store_backup(run->store, t->path, err))
		return false;
	copy = store_open(t->path, &o, err);
	if (!copy || !leave_out_what_was_shown(run, copy, err)) {
		struct err later = ERR_INIT;

		if (!store_close(copy, &later))
			log_debug("store", "%s", later.text);
		store_files_remove(t->path);
		return false;
	}
	t->real = run->store;
	t->journal_path = run->journal_path;
	run->store = copy;
	run->journal_path = NULL;
	run->in_trial = true;
	return true;
}

/* ---- end ----------------------------------------------------------------------------- */

/* run->store is the database itself again. */
static bool
remember(struct run *run, struct store *copy, unsigned shown, struct err *err)
{
	int64_t posts = 0;
	int64_t notice = 0;

	if ((shown & TRIAL_SHOWED_NOTICES) != 0 &&
	    (!store_notices_newest(run->store, &notice, err) ||
		!store_note_set_number(run->store, trial_notice, notice, err)))
		return false;
	if ((shown & TRIAL_SHOWED_POSTS) == 0)
		return true;
	return store_entries_count_unmailed(run->store, &posts, err) &&
	    store_note_set_number(run->store, trial_posts, posts, err) &&
	    copy_note(run->arena, copy, slot_note, run->store, trial_slot, err);
}

bool
flow_trial_end(struct run *run, struct trial *t, unsigned shown, struct err *err)
{
	struct err later = ERR_INIT;
	struct store *copy = run->store;
	bool ok = true;

	if (!t->real)
		return true;
	run->store = t->real;
	run->journal_path = t->journal_path;
	run->in_trial = false;
	ok = remember(run, copy, shown, err);
	if (!store_close(copy, &later))
		log_debug("store", "%s", later.text);
	store_files_remove(t->path);
	t->real = NULL;
	return ok;
}

bool
flow_trial_is_old(struct run *run, bool *is_old, struct err *err)
{
	int64_t shown = 0;
	int64_t posts = 0;

	*is_old = false;
	if (run->config->digest.schedule.rhythm != RHYTHM_EACH)
		return true;
	if (!store_note_number(run->store, trial_posts, &shown, err) ||
	    !store_entries_count_unmailed(run->store, &posts, err))
		return false;
	*is_old = posts <= shown;
	return true;
}

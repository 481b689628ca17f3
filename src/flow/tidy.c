/* SPDX-License-Identifier: ISC */
#include "flow/tidy.h"

#include "base/clock.h"
#include "flow/clock_check.h"
#include "list/preferences.h"
#include "store/deliveries.h"
#include "store/entry_lists.h"
#include "store/notes.h"
#include "store/notices.h"
#include "store/pictures.h"
#include "store/renderings.h"
#include "store/variants.h"

enum { TIDY_EVERY = 86400, MONTH = 35 * 86400 };

static const char tidied_note[] = "tidied";

bool
flow_tidy(struct run *run, struct err *err)
{
	const struct config *c = run->config;
	const int64_t kept_from = run->now - c->database.keep_letters;
	/* A letter of a month may still come to carry what came at its beginning. */
	const int64_t pictures_from =
	    kept_from < run->now - MONTH ? kept_from : run->now - MONTH;
	struct variant archive = variant_of_archive();
	struct variant shown = variant_of_pages(c->web.archive_full, c->digest.body);
	int64_t dropped = 0;

	return store_entries_tidy(run->store, run->now - c->fetch.keep_entries, &dropped,
		   err) &&
	    store_variant_intern(run->store, &archive, err) &&
	    store_variant_intern(run->store, &shown, err) &&
	    store_renderings_tidy(run->store, kept_from, archive.id, shown.id, &dropped,
		err) &&
	    store_pictures_tidy(run->store, pictures_from, &dropped, err) &&
	    store_deliveries_tidy(run->store, kept_from, &dropped, err) &&
	    store_notices_tidy(run->store, kept_from, err) &&
	    store_note_set_time(run->store, tidied_note, run->now, err);
}

bool
flow_tidy_daily(struct run *run, struct err *err)
{
	bool may = false;
	bool done = false;

	return flow_clock_may_tidy(run, &may, err) &&
	    store_note_is_recent(run->store, tidied_note, run->now, TIDY_EVERY, &done,
		err) &&
	    (!may || done || flow_tidy(run, err));
}

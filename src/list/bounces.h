/* SPDX-License-Identifier: ISC */
/*
 * What a bounce does to a reader, and when so many come that it is not the readers' doing.
 * Pure: the record is what the store keeps of a reader, times are arguments.
 *
 * A hard bounce stops the letters; after a week one letter, the probe, tries again, and only
 * when that comes back too is the reader taken out.  Soft bounces do the same once there are
 * enough of them within some days; each letter that went well takes one off.  A complaint takes
 * the reader out at once.
 */
#ifndef LIST_BOUNCES_H
#define LIST_BOUNCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "config/options.h"
#include "model/model.h"

/* [bounce] of the settings; times in seconds. */
struct bounce_policy {
	int64_t hard_limit; /* hard bounces until letters stop; 0 = they never do */
	bool hard_probes;   /* then the probe; else the reader is taken out */
	int64_t soft_limit; /* soft ones, 0 = they never stop letters */
	int64_t soft_within;
	enum bounce_complaint complaint;
	int64_t stale_after; /* after so long without a bounce all is forgotten */
};
/* ERR_CONFIG names the setting that cannot be read. */
bool bounce_policy_read(const struct config *config, struct bounce_policy *out,
    struct err *err) MUST_CHECK;

enum {
	BOUNCE_PROBE_AFTER =
	    7 * 86400, /* from when letters stopped, and between probes */
	BOUNCE_PROBE_PATIENCE = 3 * 86400, /* without a bounce of the probe: it arrived */
	BOUNCE_PROBES_MOST = 3,            /* that may come back soft */
	BOUNCE_SOFT_PAUSE = 20 * 3600, /* two softs nearer to each other count as one */
	BOUNCE_STORM_LEAST = 20,       /* bounces of one kind that are never a storm */
	BOUNCE_STORM_PERCENT = 10      /* of the letters of the time they are about */
};

enum bounce_action {
	BOUNCE_KEEPS,      /* nothing changes but the record */
	BOUNCE_STOPS,      /* letters stop: READER_BOUNCED */
	BOUNCE_PROBES_NOW, /* the probe is to be sent; then call bounce_probed() */
	BOUNCE_RETURNS,    /* the probe arrived: READER_ACTIVE again */
	BOUNCE_REMOVES     /* READER_REMOVED, by "bounce" or "complaint" */
};

/*
 * An event about a letter that was sent at `sent`: the record afterwards, and what is to be
 * done.  A letter from before letters stopped says nothing new.
 */
enum bounce_action bounce_apply(const struct bounce_policy *p, struct bounce_record *r,
    enum bounce_event event, int64_t sent, int64_t now);
/* What is due for a reader whose letters stopped, without any event. */
enum bounce_action bounce_due(const struct bounce_record *r, int64_t now);
/* Notes that the probe has been sent. */
void bounce_probed(struct bounce_record *r, int64_t now);

/*
 * What bounces of one cause have in common: their class and status, and the server's words
 * without digits and addresses ("hard 5.7.1 rejected by policy").  In a.
 */
const char *bounce_kind(struct arena *a, enum bounce_event event, const char *status,
    const char *diagnostic) MUST_CHECK;
/*
 * True when so many bounces of one kind came of so many letters, in the same time, that it must
 * be a relay's fault or ours: none of them is believed, and the keeper is told.
 */
bool bounce_is_storm(int64_t of_one_kind, int64_t letters);

#endif

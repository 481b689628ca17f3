/* SPDX-License-Identifier: ISC */
/* GATHER: every source that is due is asked, what is new in its answer is stored. */
#ifndef FLOW_GATHER_H
#define FLOW_GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct run;

struct gather_options {
	const char *const
	    *only; /* keys, names or addresses of sources; NULL = all that are due */
	size_t only_count;
	bool believe; /* write failures down however many there are: for a preview */
};
struct gather_failure {
	const char *key, *note; /* of the source, and what came of it */
	bool is_new;            /* it had not failed the time before */
	bool is_lost; /* it answered the time before and cannot be reached now */
};
struct gather_held {
	const char *key;     /* of the source */
	size_t posts;        /* how many unseen ones came at once */
	const char *changed; /* it seems to be another feed: how; or NULL */
};
/* A feed that is asked elsewhere from now on, or no more. */
struct gather_change {
	const char *key;
	const char *to;  /* where; NULL: it is gone, and paused */
	const char *why; /* of a feed that is gone */
	bool made_safe;  /* only https is new */
};
struct gather_report {
	size_t sources; /* listed and not paused */
	size_t asked;
	size_t unchanged; /* answered 304, or the same entries */
	size_t failed;
	size_t failed_new; /* of those, how many had not failed the time before */
	size_t was_ok;     /* asked ones that had not failed the time before */
	size_t lost; /* of failed_new, those that answered before and never arrived now */
	size_t had_answered; /* of was_ok, those that answered before */
	size_t entries_new;
	size_t entries_old; /* of those, old posts: remembered, not mailed */
	size_t entries_seen;
	bool alarmed; /* too many are lost: none that cannot be reached was marked */
	bool told;    /* more than fetch.alarm_at newly failed, whatever the reason */
	const struct gather_failure *failures; /* all that failed, in the run's arena */
	struct gather_held *held; /* feeds whose posts are held since this round */
	size_t held_count;
	struct gather_change *changes; /* what this round settled by itself */
	size_t change_count;
	int64_t ms;
};
/*
 * Fetches what is due, parses, looks up, cleans what is new and stores it; a source's entries
 * and its validators commit together.  Single failures are written down, not returned.
 * When most of what answered before cannot be reached, it is this machine's network: then only
 * failures that came over it are written down.
 */
bool flow_gather(struct run *run, const struct gather_options *o,
    struct gather_report *report, struct err *err) MUST_CHECK;

#endif

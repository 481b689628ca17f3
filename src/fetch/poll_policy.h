/* SPDX-License-Identifier: ISC */
/*
 * When to ask a source again and what an answer means for its health: pure functions.
 */
#ifndef FETCH_POLL_POLICY_H
#define FETCH_POLL_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "config/options.h"
#include "fetch/http.h"
#include "model/model.h"

/* Words of a state_note behind which stands the address of the feed that a web page names. */
#define POLL_PAGE_NAMES "; it names "

struct poll_settings {
	int64_t every;   /* least seconds between two requests */
	int64_t longest; /* most seconds, whatever it says and however seldom it posts */
	int64_t next_issue;  /* instant of the next slot of an issue; TIME_NONE: none */
	int64_t gone_after;  /* seconds of 410 or no such host until it counts as gone */
	int64_t stale_after; /* seconds without a new entry */
	int64_t slow_ms;     /* an answer that takes as long is slow; 0: none is */
};

/*
 * What the dates of the newest ten posts tell.  pace: seconds between two, as the middle one of
 * the gaps with that since the last; 0 when none has a date.  hours: see struct source; 0 when
 * fewer than five have a time of day, or when they are all round the clock.
 */
struct poll_habit {
	int64_t pace;
	uint32_t hours;
};
/* Dates ahead of now are none.  Entries in any order. */
struct poll_habit poll_policy_habit(const struct entry *entries, size_t count,
    int64_t now);

/* What came of one poll, boiled down. */
struct poll_outcome {
	enum http_failure failure;
	long status;
	const char *message; /* of the failure, or of the parser */
	const char *moved_to;
	int64_t retry_after; /* seconds, -1 */
	int64_t max_age;     /* seconds, -1 */
	bool parsed; /* status 200 and it was a feed: these four are what it says */
	int64_t ttl; /* seconds, -1 */
	uint32_t skip_hours;
	unsigned skip_days;
	struct poll_habit habit; /* of its entries */
	bool web_page;
	bool damaged;
	bool has_new;        /* at least one unseen entry */
	const char *changed; /* words about how it became another feed, or NULL */
	const char *same_as; /* words about the source whose posts these are, or NULL */
	int64_t ms;          /* how long the answer took */
};

/*
 * Fills next_poll, last_poll, last_ok, last_entry, pace, ttl, skip_hours, skip_days, state,
 * state_since, failures, state_note of *s for an answer at now.  state_note is borrowed from
 * the outcome or static.
 *
 * When: a feed that posts seldom is asked seldom, by the root of the time between its posts,
 * less in the hours in which it never does, and once before each issue.  Failures double the
 * wait, less up to a quarter of it, so that what failed together does not come back together.
 * Retry-After, max-age, ttl, skipHours and skipDays are obeyed, what a document said until the
 * next one.  Never sooner than every, never later than longest.
 */
void poll_policy_apply(struct source *s, const struct poll_outcome *o,
    const struct poll_settings *set, int64_t now);
/*
 * Whether a feed that answers from another place for good is to be asked there from now on: at
 * once when only https is new, else after a week at that same place.  The caller has seen that
 * it has posts of the old one.
 */
bool poll_policy_adopts(const struct source *s, enum follow_moves follow, int64_t now);
/* The same address but for the s of https. */
bool poll_policy_is_made_safe(const char *from, const char *to);
/* It was not asked, since its host said to wait so many seconds, longest at most. */
void poll_policy_hold(struct source *s, int64_t seconds, int64_t longest, int64_t now);
/*
 * True for a failure that this machine's own network would cause: no name, no connection, no
 * TLS, no end.  Whatever was answered, a 404 or a page that is no feed, came over the network.
 */
bool poll_policy_never_arrived(enum http_failure failure);

#endif

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
	int64_t every;       /* seconds between two requests to a feed that behaves */
	int64_t gone_after;  /* seconds of 410 or no such host until it counts as gone */
	int64_t stale_after; /* seconds without a new entry */
	int64_t slow_ms;     /* an answer that takes as long is slow; 0: none is */
};

/* What came of one poll, boiled down. */
struct poll_outcome {
	enum http_failure failure;
	long status;
	const char *message; /* of the failure, or of the parser */
	const char *moved_to;
	int64_t retry_after; /* seconds, -1 */
	int64_t max_age;     /* seconds, -1 */
	int64_t ttl;         /* seconds as the feed says, -1 */
	uint32_t skip_hours;
	unsigned skip_days;
	bool parsed; /* status 200 and it was a feed */
	bool web_page;
	bool damaged;
	bool has_new;        /* at least one unseen entry */
	const char *changed; /* words about how it became another feed, or NULL */
	const char *same_as; /* words about the source whose posts these are, or NULL */
	int64_t ms;          /* how long the answer took */
};

/*
 * Fills next_poll, last_poll, last_ok, last_entry, state, state_since, failures, state_note of
 * *s for an answer at now.  Backs off with failures up to a day; honours Retry-After,
 * max-age, ttl, skipHours and skipDays, each capped at a day.  state_note is borrowed from the
 * outcome or static.
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
/* It was not asked, since its host said to wait so many seconds: a day at most. */
void poll_policy_hold(struct source *s, int64_t seconds, int64_t now);
/*
 * True for a failure that this machine's own network would cause: no name, no connection, no
 * TLS, no end.  Whatever was answered, a 404 or a page that is no feed, came over the network.
 */
bool poll_policy_never_arrived(enum http_failure failure);

#endif

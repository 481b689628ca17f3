/* SPDX-License-Identifier: ISC */
/* Letters of readers that came back, and the probes that follow. */
#ifndef STORE_BOUNCE_LOG_H
#define STORE_BOUNCE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/model.h"

struct store;

struct bounce_row {
	int64_t reader_id;
	int64_t at;
	enum bounce_event kind;
	int64_t issue;      /* number of the letter's issue; 0: another letter */
	const char *cause;  /* what bounces of one cause share: bounce_kind() */
	const char *status; /* RFC 3463, or NULL */
	const char *reply;  /* the server's words, or NULL */
};
/* *added false: that letter of theirs is known to have come back in this way. */
bool store_bounce_add(struct store *s, const struct bounce_row *row, bool *added,
    struct err *err) MUST_CHECK;
/* All of a reader, newest first, max at most; in a. */
bool store_bounces_of(struct store *s, struct arena *a, int64_t reader_id, size_t max,
    struct bounce_row **out, size_t *count, struct err *err) MUST_CHECK;
/* The newest of all readers. */
bool store_bounces_newest(struct store *s, struct arena *a, size_t max,
    struct bounce_row **out, size_t *count, struct err *err) MUST_CHECK;
/* Letters of an issue (below 0: other letters of a day) that came back for one cause. */
struct bounce_tally {
	int64_t bounces;
	int64_t letters; /* that had gone by the instant `counted`; both 0 at first */
	int64_t counted;
};
/* One more, at an instant. */
bool store_bounce_tally_add(struct store *s, int64_t issue, const char *cause, int64_t at,
    struct bounce_tally *out, struct err *err) MUST_CHECK;
/* Zeroed when there is none. */
bool store_bounce_tally(struct store *s, int64_t issue, const char *cause,
    struct bounce_tally *out, struct err *err) MUST_CHECK;
/* letters and counted. */
bool store_bounce_tally_set(struct store *s, int64_t issue, const char *cause,
    const struct bounce_tally *x, struct err *err) MUST_CHECK;
/* Those of a reader and their standing are forgotten. */
bool store_bounces_forget(struct store *s, int64_t reader_id, struct err *err) MUST_CHECK;
/*
 * Those before an instant are forgotten, but of readers whose letters stopped; so is the standing
 * of readers of whom nothing is counted any more.
 */
bool store_bounces_tidy(struct store *s, int64_t before, struct err *err) MUST_CHECK;

/* ---- where a reader stands ---- */

/* Zeroed for one who never bounced. */
bool store_bounce_standing(struct store *s, int64_t reader_id, struct bounce_record *out,
    struct err *err) MUST_CHECK;
bool store_bounce_standing_set(struct store *s, int64_t reader_id,
    const struct bounce_record *x, struct err *err) MUST_CHECK;
/* Readers above an id whose letters stopped, or have not yet, by id, max at most; in a. */
bool store_bounce_standings(struct store *s, struct arena *a, bool is_stopped,
    int64_t above, size_t max, int64_t **readers, size_t *count,
    struct err *err) MUST_CHECK;
/*
 * When letters went to a reader, of issues above a number, that were accepted after `after` and
 * no later than `until`, and of which nothing has come back; in order, max at most; in a.
 */
bool store_letters_well(struct store *s, struct arena *a, int64_t reader_id,
    int64_t above, int64_t after, int64_t until, size_t max, int64_t **sent,
    size_t *count, struct err *err) MUST_CHECK;
/* Letters of the issue of that number that have gone, accepted or not. */
bool store_letters_gone(struct store *s, int64_t number, int64_t *count,
    struct err *err) MUST_CHECK;

#endif

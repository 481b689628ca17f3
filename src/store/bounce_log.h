/* SPDX-License-Identifier: ISC */
/* Letters of readers that came back, and the probes that follow. */
#ifndef STORE_BOUNCE_LOG_H
#define STORE_BOUNCE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct store;

struct bounce_row {
	int64_t reader_id;
	int64_t at;
	int kind;           /* enum bounce_event of list/bounces.h */
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
/* How many of one cause since an instant. */
bool store_bounces_alike(struct store *s, int64_t since, const char *cause,
    int64_t *count, struct err *err) MUST_CHECK;
/* Those of a reader and their standing are forgotten. */
bool store_bounces_forget(struct store *s, int64_t reader_id, struct err *err) MUST_CHECK;
/* Those before an instant are forgotten, but of readers whose letters stopped. */
bool store_bounces_tidy(struct store *s, int64_t before, struct err *err) MUST_CHECK;

/* ---- where a reader stands ---- */

/* What list/bounces.h reckons with. */
struct bounce_standing {
	int64_t hard, soft, soft_since, last;
	bool is_stopped;
	int64_t stopped, probes, probe_sent;
};
/* Zeroed for one who never bounced. */
bool store_bounce_standing(struct store *s, int64_t reader_id,
    struct bounce_standing *out, struct err *err) MUST_CHECK;
bool store_bounce_standing_set(struct store *s, int64_t reader_id,
    const struct bounce_standing *x, struct err *err) MUST_CHECK;
/* Readers above an id whose letters stopped, by id, max at most; in a. */
bool store_bounces_stopped(struct store *s, struct arena *a, int64_t above, size_t max,
    int64_t **readers, size_t *count, struct err *err) MUST_CHECK;

#endif

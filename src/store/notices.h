/* SPDX-License-Identifier: ISC */
/*
 * Notices: letters that are no issue, to a reader or to a mailbox that is none.  They are taken
 * before issues, and settled like any letter (deliveries.h).
 */
#ifndef STORE_NOTICES_H
#define STORE_NOTICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/model.h"

struct store;

struct notice {
	enum notice_kind kind;
	int64_t reader_id;    /* 0: address is no reader's */
	const char *address;  /* checked; NULL for a reader, but at another address */
	int64_t issue_id;     /* of a test or a preview: its letter goes; else 0 */
	int64_t variant_id;   /* of that letter, else 0 */
	int64_t created;      /* filled in by the store */
	const char *language; /* of its words; NULL or "": the newsletter's */
	const char *reply_to; /* where an answer goes; NULL: where the newsletter's do */
	const char *subject;  /* of other notices */
	const char *text;
	const char *html; /* or NULL */
};
/* Queues a notice.  *id may be NULL. */
bool store_notice_add(struct store *s, const struct notice *n, int64_t now, int64_t *id,
    struct err *err) MUST_CHECK;
/*
 * Takes up to max notices that may go now, as store_deliveries_take() does.  To readers who
 * left only a goodbye still goes, and what they were asked since.
 */
bool store_notices_take(struct store *s, struct arena *a, int64_t now, size_t max,
    struct delivery **out, size_t *count, struct err *err) MUST_CHECK;
/* What a notice says.  In a; ERR_BUG when there is none of that id. */
bool store_notice_get(struct store *s, struct arena *a, int64_t id, struct notice *out,
    struct err *err) MUST_CHECK;
/*
 * Whom a notice went to and what became of it, as a delivery without a span: an address NULL is
 * that of a reader who was erased.  In a.
 */
bool store_notice_delivery(struct store *s, struct arena *a, int64_t id,
    struct delivery *out, bool *found, struct err *err) MUST_CHECK;
/* The ids of all that are stored, newest first; in a. */
bool store_notice_ids(struct store *s, struct arena *a, int64_t **out, size_t *count,
    struct err *err) MUST_CHECK;
/* What became of one, for its reader. */
struct notice_record {
	int64_t created, settled;
	enum delivery_state state;
	const char *subject; /* or NULL */
};
/* Those to a reader, newest first, max at most; in a. */
bool store_notices_of(struct store *s, struct arena *a, int64_t reader_id, size_t max,
    struct notice_record **out, size_t *count, struct err *err) MUST_CHECK;
/* Accepted, refused or unknown since an instant. */
bool store_notices_gone(struct store *s, int64_t since, int64_t *count,
    struct err *err) MUST_CHECK;
/* Whom a notice goes to. */
struct notice_address {
	int64_t id;
	const char *address;
};
/* Those of a kind that wait and were never tried, oldest first, max at most; in a. */
bool store_notices_untried(struct store *s, struct arena *a, enum notice_kind kind,
    size_t max, struct notice_address **out, size_t *count, struct err *err) MUST_CHECK;
/* One that waits is settled as refused, with that reply. */
bool store_notice_refuse(struct store *s, int64_t id, int64_t now, const char *reply,
    struct err *err) MUST_CHECK;
/*
 * Forgets those that were settled before t and do not wait, but the newest of all: ids name
 * messages and are not given twice.
 */
bool store_notices_tidy(struct store *s, int64_t t, struct err *err) MUST_CHECK;
/* The id of the newest; 0 = there is none. */
bool store_notices_newest(struct store *s, int64_t *id, struct err *err) MUST_CHECK;
/* Those up to that id which wait are skipped. */
bool store_notices_leave_out(struct store *s, int64_t id, int64_t now,
    struct err *err) MUST_CHECK;
/* How many wait: queued, deferred, sending. */
bool store_notices_waiting(struct store *s, int64_t *count, struct err *err) MUST_CHECK;

#endif

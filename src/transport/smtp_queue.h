/* SPDX-License-Identifier: ISC */
/*
 * What the threads of smtp_pool.c share: the source of letters, letters handed back, the pace,
 * the first error.  One mutex guards all of it and the calls of the source too, which must never
 * be concurrent.
 */
#ifndef TRANSPORT_SMTP_QUEUE_H
#define TRANSPORT_SMTP_QUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "transport/smtp_session.h"
#include "transport/transport.h"

/* A letter with memory of its own. */
struct queued_letter {
	struct letter letter;
	struct buf bytes;
	struct buf head;  /* its signatures */
	struct buf names; /* sender, recipient and name, each with its NUL */
	int tries;
	struct queued_letter *next;
};

struct smtp_queue {
	pthread_mutex_t lock;
	const struct letter_source *src;
	const struct transport_settings *settings;
	struct smtp_server server;
	const char *secret; /* of the login, as it is known now; NULL = none */
	int64_t per_connection;
	size_t window_most;             /* letters a connection has said and not heard */
	int64_t gap_us;                 /* between letters, from the rate */
	int64_t next_us;                /* when the next one may leave */
	struct queued_letter *returned; /* handed back by a thread that ended */
	bool exhausted;                 /* next() has no more */
	bool failed;                    /* err holds why: nobody takes another letter */
	int losses;
	int workers;
	struct err err;
};

struct queued_letter *queued_letter_new(void);
/* Accepts NULL. */
void queued_letter_free(struct queued_letter *o);

/*
 * The next letter, one handed back first; *o may be replaced by it.  False when there is none:
 * a thread that is done then is no longer counted.
 */
bool smtp_queue_take(struct smtp_queue *r, struct queued_letter **o, bool is_done);
/* Waits for this letter's turn, when there is a rate. */
void smtp_queue_keep_pace(struct smtp_queue *r);
/* Ends the run and settles the letter as deferred. */
void smtp_queue_fail_with(struct smtp_queue *r, struct queued_letter *o,
    const struct err *why);

/* The password or token that is known now; lives as long as the settings. */
const char *smtp_queue_secret(struct smtp_queue *r);
/*
 * *secret was refused: true with another one, which a thread may have asked for already.  An
 * answer that is the same, or none, is no reason to knock again.
 */
bool smtp_queue_fresh_secret(struct smtp_queue *r, const char **secret);

/* ---- with the lock held ---- */

/* Nobody takes another letter; the first reason stands. */
void smtp_queue_fail(struct smtp_queue *r, const struct err *why);
void smtp_queue_settle(struct smtp_queue *r, const struct letter *l,
    const struct outcome *o);
void smtp_queue_settle_deferred(struct smtp_queue *r, struct queued_letter *o,
    const struct err *why);
/* Leaves the letter, if any, to whoever takes next, and *o NULL. */
void smtp_queue_give_back(struct smtp_queue *r, struct queued_letter **o);
/* A connection was lost, or MAIL put off; too many of them in a row end the run. */
void smtp_queue_note_loss(struct smtp_queue *r, int weight, const struct outcome *o);

#endif

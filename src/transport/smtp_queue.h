/* SPDX-License-Identifier: ISC */
/*
 * What the threads of a relay share (private to mail/).  One mutex guards all of it, and the
 * source's calls too, which must never be concurrent.
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
struct outgoing {
	struct letter letter;
	struct buf bytes;
	struct buf names; /* sender, recipient and name, each with its NUL */
	int tries;
	struct outgoing *next;
};

struct relay {
	pthread_mutex_t lock;
	const struct letter_source *src;
	struct peer_server server;
	int64_t per_connection;
	int64_t gap_us;            /* between letters, from the rate */
	int64_t next_us;           /* when the next one may leave */
	struct outgoing *returned; /* handed back by a thread that ended */
	bool exhausted;            /* next() has no more */
	bool failed;               /* err holds why: nobody takes another letter */
	int losses;
	int workers;
	struct err err;
};

struct outgoing *outgoing_new(void);
/* Accepts NULL. */
void outgoing_free(struct outgoing *o);

/*
 * The next letter, one handed back first; *o may be replaced by it.  False when there is none:
 * a thread that is done then is no longer counted.
 */
bool relay_take(struct relay *r, struct outgoing **o, bool is_done);
/* Waits for this letter's turn, when there is a rate. */
void relay_keep_pace(struct relay *r);
/* Ends the run and settles the letter as deferred. */
void relay_fail_with(struct relay *r, struct outgoing *o, const struct err *why);

/* ---- with the lock held ---- */

/* Nobody takes another letter; the first reason stands. */
void relay_fail(struct relay *r, const struct err *why);
void relay_settle(struct relay *r, const struct letter *l, const struct outcome *o);
void relay_settle_deferred(struct relay *r, struct outgoing *o, const struct err *why);
/* Leaves the letter, if any, to whoever takes next, and *o NULL. */
void relay_give_back(struct relay *r, struct outgoing **o);
/* A connection was lost; too many of them in a row end the run. */
void relay_note_loss(struct relay *r, int weight, const struct outcome *o);

#endif

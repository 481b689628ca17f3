/* SPDX-License-Identifier: ISC */
/*
 * What the connections of smtp_loop.c share: the source of letters, those that wait for a
 * server, the servers, the first error.  One thread calls all of it, but for the two about
 * secrets, which helpers call that make connections: the mutex is theirs, and it is not held
 * while a command is waited for.
 */
#ifndef TRANSPORT_SMTP_QUEUE_H
#define TRANSPORT_SMTP_QUEUE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "transport/smtp_relay.h"
#include "transport/transport.h"

/* A letter with memory of its own. */
struct queued_letter {
	struct letter letter;
	struct buf bytes;
	struct buf head;  /* its signatures */
	struct buf names; /* sender, recipient and name, each with its NUL */
	int tries;
	unsigned
	    tried; /* servers that refused it for what they think of us: 1 << index */
	struct queued_letter *next;
	struct queued_letter **link; /* what points at it, while it is in hand */
};

struct smtp_queue {
	const struct letter_source *src;
	const struct transport_settings *settings;
	struct smtp_relay *relays;
	size_t relay_count;
	size_t out; /* letters of the source that are not settled */
	uint64_t
	    news; /* another number: a connection that rests may find something to do */
	bool exhausted; /* next() has no more */
	bool failed;    /* err holds why: nobody takes another letter */
	struct err err;
	pthread_mutex_t lock; /* of what follows, and of the relays' secrets */
	pthread_cond_t changed;
	size_t waiting;       /* helpers */
	bool is_asking;       /* for a password, without the lock */
	atomic_bool given_up; /* helpers need not wait for their servers any longer */
};
enum { SMTP_QUEUE_PAUSE_MS = 100 }; /* between looks at stop and the like */

struct queued_letter *queued_letter_new(void);
/* Accepts NULL. */
void queued_letter_free(struct queued_letter *o);

/*
 * The next letter for that server; *o may be replaced by it.  False when there is none now, or
 * none may be taken.
 */
bool smtp_queue_take(struct smtp_queue *q, struct smtp_relay *r,
    struct queued_letter **o) MUST_CHECK;
/* Nothing will come any more: all is settled, or nobody may begin another. */
bool smtp_queue_is_over(const struct smtp_queue *q);
/*
 * Milliseconds until a connection of that server may go on, 0 = now: for its turn where there is
 * a pace, and while the server is down.  Until a letter has gone, one connection alone tries it,
 * so that a login that is refused is met once.  *counted: it is one of those in r->open.  held:
 * where it has letters in hand, closed by NULL; those of a server that is down go to others.
 */
int64_t smtp_queue_turn(struct smtp_queue *q, struct smtp_relay *r, bool *counted,
    struct queued_letter **const *held, int64_t now);

/* The password or token that is known now; lives as long as the settings. */
const char *smtp_queue_secret(struct smtp_queue *q, const struct smtp_relay *r);
/*
 * *secret was refused: true with another one, which another may have asked for already: one
 * asks, the others wait for its answer.  One that is the same, or none, is no reason to knock
 * again.
 */
bool smtp_queue_fresh_secret(struct smtp_queue *q, struct smtp_relay *r,
    const char **secret);

/*
 * A connection could not be made, and is no longer one of those in r->open: *counted.  While
 * others of this server are connected it is one less: true.  Else the server is down.
 */
bool smtp_queue_lost_connection(struct smtp_queue *q, struct smtp_relay *r, bool *counted,
    const struct err *why);
/* The server is of no use, for now or for good; its letters go to others. */
void smtp_queue_close_relay(struct smtp_queue *q, struct smtp_relay *r,
    const struct err *why);
/* Ends the run: nobody takes another letter; the first reason stands. */
void smtp_queue_fail(struct smtp_queue *q, const struct err *why);
/*
 * Notes an answer, and settles the letter; false when it is to be tried again: it has been given
 * back, here or to another server, and *o is NULL.
 * again: nothing of it was accepted, and a new connection may help.  sent: letters that were
 * accepted over this connection.
 */
bool smtp_queue_answer(struct smtp_queue *q, struct smtp_relay *r,
    struct queued_letter **o, const struct outcome *outcome, bool again, int64_t sent);
/* Without a note: what is in doubt with a connection that was noted as lost already. */
void smtp_queue_settle(struct smtp_queue *q, struct queued_letter *o,
    const struct outcome *outcome);
/* Leaves the letter, if any, to whoever takes next, and *o NULL. */
void smtp_queue_give_back(struct smtp_queue *q, struct smtp_relay *r,
    struct queued_letter **o);
/* Letters that nobody is left to take are settled as deferred. */
void smtp_queue_wind_up(struct smtp_queue *q);

#endif

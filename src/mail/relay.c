/* SPDX-License-Identifier: ISC */
/*
 * Letters to a mail server over several sessions side by side.
 *
 * One thread for each session, and one mutex around everything they share: the source (whose
 * calls must never be concurrent), the letters handed back, the pace, and how the run goes.
 * A thread copies its letter, since the source may reuse its memory for the next one.
 *
 * The first session is opened alone: a login that is refused or a certificate that does not
 * stand is met once and not by all at the same time.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "mail/deliver.h"
#include "mail/relay.h"
#include "mail/peer.h"

enum {
	CONNECTIONS_MAX = 100,
	/*
	 * Connections lost in a row, over all threads, after which the server is given up: an
	 * unknown letter counts two, since each of them needs a person.
	 */
	LOSSES_MAX = 4,
	TRIES_MAX = 2, /* of one letter in one run */
	PAUSE_MS = 100 /* between looks at stop while the pace makes us wait */
};

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
	int64_t gap_us;      /* between letters, from the rate */
	int64_t next_us;     /* when the next one may leave */
	struct outgoing *returned; /* handed back by a thread that ended */
	bool exhausted;      /* next() has no more */
	bool failed;         /* err holds why: nobody takes another letter */
	int losses;
	int workers;
	struct err err;
};

/* ---- letters ------------------------------------------------------------------------- */

static void
keep_letter(struct outgoing *o, const struct letter *l)
{
	size_t sender_len = strlen(l->sender) + 1;
	size_t recipient_len = strlen(l->recipient) + 1;

	buf_reset(&o->bytes);
	buf_add(&o->bytes, buf_text(l->bytes), l->bytes->len);
	buf_reset(&o->names);
	buf_add(&o->names, l->sender, sender_len);
	buf_add(&o->names, l->recipient, recipient_len);
	buf_add(&o->names, l->name, strlen(l->name) + 1);
	o->letter = (struct letter){ o->names.data, o->names.data + sender_len,
		o->names.data + sender_len + recipient_len, &o->bytes, l->owner };
	o->tries = 0;
}

static struct outgoing *
new_outgoing(void)
{
	struct outgoing *o = xcalloc(1, sizeof(*o));

	buf_init(&o->bytes, LIMIT_LETTER);
	buf_init(&o->names, 2 * LIMIT_PATH);
	return o;
}

static void
free_outgoing(struct outgoing *o)
{
	if (!o)
		return;
	buf_clear(&o->bytes);
	buf_clear(&o->names);
	free(o);
}

/* ---- what is shared: call with the lock held ----------------------------------------- */

static void
fail_run(struct relay *r, const struct err *why)
{
	if (!r->failed)
		r->err = *why;
	r->failed = true;
}

static void
settle_locked(struct relay *r, const struct letter *l, const struct outcome *o)
{
	struct err err = ERR_INIT;

	if (r->src->settle(r->src->arg, l, o, &err))
		return;
	/* What became of a letter is lost: that weighs more than why others failed. */
	r->failed = true;
	r->err = err;
}

/* The words of an error as a reply: one line. */
static void
settle_deferred_locked(struct relay *r, struct outgoing *o, const struct err *why)
{
	struct arena *a = arena_new();
	struct outcome outcome = { OUTCOME_DEFERRED, 0, NULL,
		text_one_line(a, why->text, strlen(why->text)) };

	settle_locked(r, &o->letter, &outcome);
	arena_free(a);
}

/* Asks the source for a letter that may go.  False when there is none. */
static bool
pull_locked(struct relay *r, struct outgoing *o)
{
	struct letter l;
	struct outcome refused;
	struct err err = ERR_INIT;

	while (!r->failed && !r->exhausted && !r->src->stop(r->src->arg)) {
		memset(&l, 0, sizeof(l));
		if (!r->src->next(r->src->arg, &l, &err)) {
			r->exhausted = true;
			if (err_is_set(&err))
				fail_run(r, &err);
			return false;
		}
		keep_letter(o, &l);
		if (!buf_is_full(&o->bytes) && deliver_look(&o->letter, &err, &refused))
			return true;
		if (buf_is_full(&o->bytes))
			refused = (struct outcome){ OUTCOME_REFUSED, 0, "5.3.4",
				"the letter is too long" };
		settle_locked(r, &o->letter, &refused);
		err_clear(&err);
	}
	return false;
}

static void
note_loss_locked(struct relay *r, int weight, const struct outcome *o)
{
	struct err err = ERR_INIT;

	r->losses += weight;
	if (r->losses < LOSSES_MAX)
		return;
	(void)err_set(&err, ERR_TEMPORARY, "%s breaks off again and again\n  the last time: %s",
	    r->server.name, o->reply);
	fail_run(r, &err);
}

/* ---- what a thread asks for ---------------------------------------------------------- */

/*
 * The next letter, a returned one first.  False when there is nothing more to do: the thread
 * is then no longer counted.
 */
static bool
take(struct relay *r, struct outgoing **o)
{
	bool got = false;

	(void)pthread_mutex_lock(&r->lock);
	if (r->returned && !r->failed) {
		free_outgoing(*o);
		*o = r->returned;
		r->returned = (*o)->next;
		got = true;
	} else {
		got = pull_locked(r, *o);
	}
	if (!got)
		r->workers--;
	(void)pthread_mutex_unlock(&r->lock);
	return got;
}

static void
fail_with(struct relay *r, struct outgoing *o, const struct err *why)
{
	(void)pthread_mutex_lock(&r->lock);
	fail_run(r, why);
	settle_deferred_locked(r, o, why);
	(void)pthread_mutex_unlock(&r->lock);
}

/*
 * No session for this thread's letter.  While others are at work they take it over; the last
 * one ends the run.  What would be refused again ends it at once.
 */
static void
give_up(struct relay *r, struct outgoing **o, const struct err *why)
{
	(void)pthread_mutex_lock(&r->lock);
	if (r->workers > 1 && why->kind == ERR_TEMPORARY) {
		log_debug("smtp", "one connection less: %s", why->text);
		(*o)->next = r->returned;
		r->returned = *o;
		*o = NULL;
	} else {
		fail_run(r, why);
		settle_deferred_locked(r, *o, why);
	}
	r->workers--;
	(void)pthread_mutex_unlock(&r->lock);
}

static bool
has_failed(struct relay *r)
{
	bool failed = false;

	(void)pthread_mutex_lock(&r->lock);
	failed = r->failed;
	(void)pthread_mutex_unlock(&r->lock);
	return failed;
}

/* Waits for this letter's turn, when there is a rate. */
static void
keep_pace(struct relay *r)
{
	int64_t turn = 0;

	if (r->gap_us == 0)
		return;
	(void)pthread_mutex_lock(&r->lock);
	turn = clock_ticks_ms() * 1000;
	if (turn < r->next_us)
		turn = r->next_us;
	r->next_us = turn + r->gap_us;
	(void)pthread_mutex_unlock(&r->lock);
	for (int64_t left = 0; (left = turn / 1000 - clock_ticks_ms()) > 0;) {
		int64_t ms = left < PAUSE_MS ? left : PAUSE_MS;
		struct timespec pause = { 0, (long)ms * 1000000 };

		if (has_failed(r))
			return;
		(void)nanosleep(&pause, NULL);
	}
}

/* ---- a thread ------------------------------------------------------------------------ */

struct worker {
	struct relay *relay;
	struct peer *session; /* NULL = to be opened */
	struct outgoing *letter;
};

static void
note_result_locked(struct worker *w, enum peer_next next, const struct outcome *o)
{
	if (o->kind == OUTCOME_UNKNOWN)
		note_loss_locked(w->relay, 2, o);
	else if (next != PEER_AGAIN)
		w->relay->losses = 0;
	/* One that took letters before it ended did its work. */
	else if (peer_sent(w->session) == 0)
		note_loss_locked(w->relay, 1, o);
}

/* Notes how the letter went and settles it, unless it is to be tried once more. */
static bool
is_settled(struct worker *w, enum peer_next next, const struct outcome *outcome)
{
	struct relay *r = w->relay;
	bool settled = true;

	(void)pthread_mutex_lock(&r->lock);
	note_result_locked(w, next, outcome);
	if (next == PEER_AGAIN && ++w->letter->tries < TRIES_MAX && !r->failed)
		settled = false;
	else
		settle_locked(r, &w->letter->letter, outcome);
	(void)pthread_mutex_unlock(&r->lock);
	return settled;
}

static void
end_session(struct worker *w)
{
	peer_close(w->session);
	w->session = NULL;
}

/* Sends one letter, over a new session when there is none.  False: this thread has to end. */
static bool
send_one(struct worker *w)
{
	struct err err = ERR_INIT;
	struct outcome outcome;
	bool settled = false;

	while (!settled) {
		enum peer_next next = PEER_GOES_ON;

		if (!w->session)
			w->session = peer_open(&w->relay->server, &err);
		if (!w->session) {
			give_up(w->relay, &w->letter, &err);
			return false;
		}
		next = peer_send(w->session, &w->letter->letter, &outcome, &err);
		if (next == PEER_HOPELESS)
			fail_with(w->relay, w->letter, &err);
		settled = next == PEER_HOPELESS || is_settled(w, next, &outcome);
		if (next != PEER_GOES_ON ||
		    peer_sent(w->session) >= w->relay->per_connection)
			end_session(w);
	}
	return true;
}

static void *
work(void *arg)
{
	struct worker *w = arg;

	while (take(w->relay, &w->letter)) {
		keep_pace(w->relay);
		if (!send_one(w))
			break;
	}
	end_session(w);
	return NULL;
}

/* ---- the run ------------------------------------------------------------------------- */

/* Starts the other threads; this one is the first of them, and has sent a letter already. */
static void
run_threads(struct relay *r, struct worker *workers, int wanted)
{
	pthread_t threads[CONNECTIONS_MAX];
	int count = 1;

	r->workers = wanted;
	while (count < wanted && pthread_create(&threads[count], NULL, work, &workers[count]) == 0)
		count++;
	if (count < wanted) {
		(void)pthread_mutex_lock(&r->lock);
		r->workers -= wanted - count;
		(void)pthread_mutex_unlock(&r->lock);
	}
	(void)work(&workers[0]);
	for (int i = 1; i < count; i++)
		(void)pthread_join(threads[i], NULL);
}

/* Letters handed back when nobody was left to take them over: the run has failed. */
static void
settle_returned(struct relay *r)
{
	while (r->returned) {
		struct outgoing *o = r->returned;

		r->returned = o->next;
		settle_deferred_locked(r, o, &r->err);
		free_outgoing(o);
	}
}

static void
run_workers(struct relay *r, int wanted)
{
	struct worker *workers = xcalloc((size_t)wanted, sizeof(*workers));

	for (int i = 0; i < wanted; i++)
		workers[i] = (struct worker){ r, NULL, new_outgoing() };
	r->workers = 1;
	if (take(r, &workers[0].letter)) {
		keep_pace(r);
		if (send_one(&workers[0]) && !r->failed)
			run_threads(r, workers, wanted);
	}
	end_session(&workers[0]);
	settle_returned(r);
	for (int i = 0; i < wanted; i++)
		free_outgoing(workers[i].letter);
	free(workers);
}

static int
worker_count(int64_t connections)
{
	if (connections < 1)
		return 1;
	return connections < CONNECTIONS_MAX ? (int)connections : CONNECTIONS_MAX;
}

bool
relay_run(const struct transport_settings *t, const struct letter_source *src, struct err *err)
{
	const struct config *c = t->config;
	struct relay r = { .src = src, .per_connection = INT64_MAX };
	struct tls_trust *trust = NULL;
	struct arena *a = arena_new();
	bool ok = false;

	if (!relay_plan(c, t->host_name, t->password, a, &r.server, err))
		goto out;
	if (r.server.security != PEER_PLAIN) {
		trust = tls_trust_new(c->smtp.ca_file, err);
		if (!trust)
			goto out;
	}
	r.server.trust = trust;
	if (c->smtp.per_connection > 0)
		r.per_connection = c->smtp.per_connection;
	if (c->smtp.rate > 0)
		r.gap_us = 1000000 / c->smtp.rate;
	if (pthread_mutex_init(&r.lock, NULL) != 0) {
		(void)err_set(err, ERR_SYSTEM, "no mutex");
		goto out;
	}
	run_workers(&r, worker_count(c->smtp.connections));
	(void)pthread_mutex_destroy(&r.lock);
	ok = !r.failed;
	if (!ok)
		*err = r.err;
out:
	tls_trust_free(trust);
	arena_free(a);
	return ok;
}

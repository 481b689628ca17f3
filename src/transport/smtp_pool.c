/* SPDX-License-Identifier: ISC */
/*
 * Letters to a mail server over several sessions side by side, one thread for each.  A thread
 * copies its letters, since the source may reuse its memory for the next one.
 *
 * The first letter goes alone: a login that is refused or a certificate that does not stand is
 * met once and not by all at the same time.
 */
#include "transport/smtp_pool.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "transport/private.h"
#include "transport/smtp_session.h"
#include "transport/smtp_queue.h"

enum {
	CONNECTIONS_MAX = 100,
	TRIES_MAX = 2 /* of one letter in one run */
};

/* ---- a thread ------------------------------------------------------------------------ */

struct worker {
	struct relay *relay;
	struct peer *session;    /* NULL = to be opened */
	struct outgoing *letter; /* being sent, or NULL */
	struct outgoing *after;  /* the one after it, or NULL */
	struct outgoing *spare;
};

/*
 * No session for this thread's letters.  While others are at work they take them over; the
 * last one ends the run.  What would be refused again ends it at once.
 */
static void
give_up(struct worker *w, const struct err *why)
{
	struct relay *r = w->relay;

	(void)pthread_mutex_lock(&r->lock);
	if (r->workers > 1 && why->kind == ERR_TEMPORARY)
		log_debug("smtp", "one connection less: %s", why->text);
	else
		relay_fail(r, why);
	relay_give_back(r, &w->after);
	relay_give_back(r, &w->letter);
	r->workers--;
	(void)pthread_mutex_unlock(&r->lock);
}

static void
note_result_locked(struct worker *w, enum peer_next next, const struct outcome *o)
{
	if (o->kind == OUTCOME_UNKNOWN)
		relay_note_loss(w->relay, 2, o);
	else if (next != PEER_AGAIN)
		w->relay->losses = 0;
	/* One that took letters before it ended did its work. */
	else if (peer_sent(w->session) == 0)
		relay_note_loss(w->relay, 1, o);
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
		relay_settle(r, &w->letter->letter, outcome);
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
	const struct relay *r = w->relay;
	struct err err = ERR_INIT;
	struct outcome outcome;
	bool settled = false;

	while (!settled) {
		enum peer_next next = PEER_GOES_ON;
		bool is_last = false;

		if (!w->session)
			w->session = peer_open(&r->server, &err);
		if (!w->session) {
			give_up(w, &err);
			return false;
		}
		is_last = !w->after || peer_sent(w->session) + 1 >= r->per_connection;
		next = peer_send(w->session, &w->letter->letter,
		    is_last ? NULL : &w->after->letter, &outcome, &err);
		if (next == PEER_HOPELESS)
			relay_fail_with(w->relay, w->letter, &err);
		settled = next == PEER_HOPELESS || is_settled(w, next, &outcome);
		if (next != PEER_GOES_ON || peer_sent(w->session) >= r->per_connection)
			end_session(w);
	}
	return true;
}

/* The letter to send now, and the one after it unless there is a pace to keep. */
static bool
take_letters(struct worker *w)
{
	struct relay *r = w->relay;

	if (!w->letter) {
		w->letter = w->spare ? w->spare : outgoing_new();
		w->spare = NULL;
		if (!relay_take(r, &w->letter, true))
			return false;
	}
	if (r->gap_us == 0 && !w->after) {
		w->after = w->spare ? w->spare : outgoing_new();
		w->spare = NULL;
		if (!relay_take(r, &w->after, false)) {
			w->spare = w->after;
			w->after = NULL;
		}
	}
	return true;
}

/* The letter is settled: the one after it is the next. */
static void
move_up(struct worker *w)
{
	outgoing_free(w->spare);
	w->spare = w->letter;
	w->letter = w->after;
	w->after = NULL;
}

/* Letters in hand when the run has failed elsewhere go back unsent. */
static bool
goes_on(struct worker *w)
{
	struct relay *r = w->relay;
	bool failed = false;

	(void)pthread_mutex_lock(&r->lock);
	failed = r->failed;
	if (failed)
		relay_give_back(r, &w->letter);
	(void)pthread_mutex_unlock(&r->lock);
	return !failed;
}

static void *
work(void *arg)
{
	struct worker *w = arg;

	while (goes_on(w) && take_letters(w)) {
		relay_keep_pace(w->relay);
		if (!send_one(w))
			break;
		move_up(w);
	}
	end_session(w);
	return NULL;
}

static void
clear_worker(struct worker *w)
{
	end_session(w);
	outgoing_free(w->letter);
	outgoing_free(w->after);
	outgoing_free(w->spare);
}

/* ---- the run ------------------------------------------------------------------------- */

/* Starts the other threads; this one is the first of them, and has sent a letter already. */
static void
run_threads(struct relay *r, struct worker *workers, int wanted)
{
	pthread_t threads[CONNECTIONS_MAX];
	int count = 1;

	r->workers = wanted;
	while (count < wanted &&
	    pthread_create(&threads[count], NULL, work, &workers[count]) == 0)
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
		relay_settle_deferred(r, o, &r->err);
		outgoing_free(o);
	}
}

static void
run_workers(struct relay *r, int wanted)
{
	struct worker *workers = xcalloc((size_t)wanted, sizeof(*workers));
	struct worker *first = &workers[0];

	for (int i = 0; i < wanted; i++)
		workers[i].relay = r;
	r->workers = 1;
	first->letter = outgoing_new();
	if (relay_take(r, &first->letter, true)) {
		relay_keep_pace(r);
		if (send_one(first)) {
			move_up(first);
			if (!r->failed)
				run_threads(r, workers, wanted);
		}
	}
	settle_returned(r);
	for (int i = 0; i < wanted; i++)
		clear_worker(&workers[i]);
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
relay_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err)
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

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

#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "transport/smtp_queue.h"
#include "transport/smtp_send.h"
#include "transport/smtp_session.h"
#include "transport/smtp_settings.h"

enum {
	CONNECTIONS_MAX = 100,
	TRIES_MAX = 2 /* of one letter in one run, but for one that breaks connections */
};

/* ---- a thread ------------------------------------------------------------------------ */

struct worker {
	struct smtp_queue *queue;
	struct smtp_session *session; /* NULL = to be opened */
	struct queued_letter *letter; /* being sent, or NULL */
	struct queued_letter *after;  /* the one after it, or NULL */
	struct queued_letter *spare;
	struct buf scratch; /* of signing */
};

/*
 * No session for this thread's letters.  While others are at work they take them over; the
 * last one ends the run.  What would be refused again ends it at once.
 */
static void
give_up(struct worker *w, const struct err *why)
{
	struct smtp_queue *r = w->queue;

	(void)pthread_mutex_lock(&r->lock);
	if (r->workers > 1 && why->kind == ERR_TEMPORARY)
		log_debug("smtp", "one connection less: %s", why->text);
	else
		smtp_queue_fail(r, why);
	smtp_queue_give_back(r, &w->after);
	smtp_queue_give_back(r, &w->letter);
	r->workers--;
	(void)pthread_mutex_unlock(&r->lock);
}

static void
note_result_locked(struct worker *w, enum smtp_verdict next, const struct outcome *o)
{
	if (o->kind == OUTCOME_UNKNOWN)
		smtp_queue_note_loss(w->queue, 2, o);
	else if (o->kind == OUTCOME_BUSY && next != SMTP_TRY_AGAIN)
		smtp_queue_note_loss(w->queue, 1, o);
	else if (next != SMTP_TRY_AGAIN)
		w->queue->losses = 0;
	/* One that took letters before it ended did its work. */
	else if (smtp_session_sent(w->session) == 0)
		smtp_queue_note_loss(w->queue, 1, o);
}

/* Notes how the letter went and settles it, unless it is to be tried once more. */
static bool
is_settled(struct worker *w, enum smtp_verdict next, const struct outcome *outcome)
{
	struct smtp_queue *r = w->queue;
	bool settled = true;

	(void)pthread_mutex_lock(&r->lock);
	note_result_locked(w, next, outcome);
	if (next == SMTP_TRY_AGAIN && ++w->letter->tries < TRIES_MAX && !r->failed &&
	    !w->letter->letter.alone)
		settled = false;
	else
		smtp_queue_settle(r, &w->letter->letter, outcome);
	(void)pthread_mutex_unlock(&r->lock);
	return settled;
}

static void
end_session(struct worker *w)
{
	smtp_session_close(w->session);
	w->session = NULL;
}

/* A login that is refused is tried once more when there is another secret by now. */
static void
open_session(struct worker *w, struct err *err)
{
	struct smtp_queue *r = w->queue;
	const char *secret = smtp_queue_secret(r);
	bool refused = false;

	w->session = smtp_session_open(&r->server, secret, &refused, err);
	if (w->session || !refused || !smtp_queue_fresh_secret(r, &secret))
		return;
	err_clear(err);
	w->session = smtp_session_open(&r->server, secret, &refused, err);
}

/* Sends one letter, over a new session when there is none.  False: this thread has to end. */
static bool
send_one(struct worker *w)
{
	const struct smtp_queue *r = w->queue;
	struct err err = ERR_INIT;
	struct outcome outcome;
	bool settled = false;

	while (!settled) {
		enum smtp_verdict next = SMTP_NEXT_LETTER;
		bool is_last = false;

		if (!w->session)
			open_session(w, &err);
		if (!w->session) {
			give_up(w, &err);
			return false;
		}
		is_last = !w->after || w->after->letter.alone ||
		    w->letter->letter.alone ||
		    smtp_session_sent(w->session) + 1 >= r->per_connection;
		next = smtp_send(w->session, &w->letter->letter,
		    is_last ? NULL : &w->after->letter, &outcome, &err);
		if (next == SMTP_GIVE_UP)
			smtp_queue_fail_with(w->queue, w->letter, &err);
		settled = next == SMTP_GIVE_UP || is_settled(w, next, &outcome);
		if (next != SMTP_NEXT_LETTER ||
		    smtp_session_sent(w->session) >= r->per_connection)
			end_session(w);
	}
	return true;
}

/* One that was settled, or none: its memory serves the next. */
static void
forget_letter(struct worker *w, struct queued_letter **o)
{
	queued_letter_free(w->spare);
	w->spare = *o;
	*o = NULL;
}

/* Signs a letter that was taken, where letters are signed.  False: the run has failed. */
static bool
sign(struct worker *w, struct queued_letter *o)
{
	const struct transport_settings *t = w->queue->settings;
	struct err err = ERR_INIT;

	if (!t->signer || o->letter.head)
		return true;
	if (dkim_sign(t->signer, buf_text(&o->bytes), o->bytes.len, t->now, &w->scratch,
		&o->head, &err)) {
		o->letter.head = &o->head;
		return true;
	}
	smtp_queue_fail_with(w->queue, o, &err);
	return false;
}

/* The letter to send now, and the one after it unless there is a pace to keep. */
static bool
take_letters(struct worker *w)
{
	struct smtp_queue *r = w->queue;

	if (!w->letter) {
		w->letter = w->spare ? w->spare : queued_letter_new();
		w->spare = NULL;
		if (!smtp_queue_take(r, &w->letter, true))
			return false;
		if (!sign(w, w->letter)) {
			forget_letter(w, &w->letter);
			return false;
		}
	}
	if (r->gap_us == 0 && !w->after) {
		w->after = w->spare ? w->spare : queued_letter_new();
		w->spare = NULL;
		if (!smtp_queue_take(r, &w->after, false) || !sign(w, w->after))
			forget_letter(w, &w->after);
	}
	return true;
}

/* The letter is settled: the one after it is the next. */
static void
advance_letters(struct worker *w)
{
	queued_letter_free(w->spare);
	w->spare = w->letter;
	w->letter = w->after;
	w->after = NULL;
}

/* Letters in hand when the run has failed elsewhere go back unsent. */
static bool
may_go_on(struct worker *w)
{
	struct smtp_queue *r = w->queue;
	bool failed = false;

	(void)pthread_mutex_lock(&r->lock);
	failed = r->failed;
	if (failed)
		smtp_queue_give_back(r, &w->letter);
	(void)pthread_mutex_unlock(&r->lock);
	return !failed;
}

static void *
run_worker(void *arg)
{
	struct worker *w = arg;

	while (may_go_on(w) && take_letters(w)) {
		smtp_queue_keep_pace(w->queue);
		if (!send_one(w))
			break;
		advance_letters(w);
	}
	end_session(w);
	return NULL;
}

static void
clear_worker(struct worker *w)
{
	end_session(w);
	queued_letter_free(w->letter);
	queued_letter_free(w->after);
	queued_letter_free(w->spare);
	buf_clear(&w->scratch);
}

/* ---- the run ------------------------------------------------------------------------- */

/* Starts the other threads; this one is the first of them, and has sent a letter already. */
static void
run_threads(struct smtp_queue *r, struct worker *workers, int wanted)
{
	pthread_t threads[CONNECTIONS_MAX];
	int count = 1;

	r->workers = wanted;
	while (count < wanted &&
	    pthread_create(&threads[count], NULL, run_worker, &workers[count]) == 0)
		count++;
	if (count < wanted) {
		(void)pthread_mutex_lock(&r->lock);
		r->workers -= wanted - count;
		(void)pthread_mutex_unlock(&r->lock);
	}
	(void)run_worker(&workers[0]);
	for (int i = 1; i < count; i++)
		(void)pthread_join(threads[i], NULL);
}

/* Letters handed back when nobody was left to take them over: the run has failed. */
static void
settle_returned(struct smtp_queue *r)
{
	while (r->returned) {
		struct queued_letter *o = r->returned;

		r->returned = o->next;
		smtp_queue_settle_deferred(r, o, &r->err);
		queued_letter_free(o);
	}
}

static void
run_workers(struct smtp_queue *r, int wanted)
{
	struct worker *workers = xcalloc((size_t)wanted, sizeof(*workers));
	struct worker *first = &workers[0];

	for (int i = 0; i < wanted; i++) {
		workers[i].queue = r;
		buf_init(&workers[i].scratch, 2 * (size_t)LIMIT_LETTER);
	}
	r->workers = 1;
	first->letter = queued_letter_new();
	if (smtp_queue_take(r, &first->letter, true) && sign(first, first->letter)) {
		smtp_queue_keep_pace(r);
		if (send_one(first)) {
			advance_letters(first);
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
smtp_pool_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err)
{
	const struct config *c = t->config;
	struct smtp_queue r = { .src = src,
		.settings = t,
		.secret = t->password,
		.per_connection = INT64_MAX };
	struct wire_trust *trust = NULL;
	struct arena *a = arena_new();
	bool ok = false;

	if (!smtp_settings_read(c, t->host_name, a, &r.server, err))
		goto out;
	if (r.server.security != SMTP_PLAIN) {
		trust = wire_trust_new(c->smtp.ca_file, err);
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
	wire_trust_free(trust);
	arena_free(a);
	return ok;
}

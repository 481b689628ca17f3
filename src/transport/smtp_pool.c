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
#include <string.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "transport/smtp_queue.h"
#include "transport/smtp_send.h"
#include "transport/smtp_session.h"
#include "transport/smtp_settings.h"

enum {
	CONNECTIONS_MAX = 100,
	WINDOW_MAX = 8,
	WINDOW_FIRST = 2,   /* so few are in doubt when a new connection is lost */
	WINDOWS_MOST = 400, /* letters of all connections; the journal has 1,024 cells */
	TRIES_MAX = 2 /* of one letter in one run, but for one that breaks connections */
};

/* ---- a thread ------------------------------------------------------------------------ */

/* Letters that were said as chunks and not heard yet, in their order. */
struct window {
	struct queued_letter *letters[WINDOW_MAX];
	struct smtp_chunk chunks[WINDOW_MAX];
	size_t count;
	size_t most; /* for now: it grows with each letter that goes well */
	bool closed; /* no further letter over this session */
};

struct worker {
	struct smtp_queue *queue;
	struct smtp_session *session; /* NULL = to be opened */
	struct queued_letter *letter; /* being sent, or NULL */
	struct queued_letter *after;  /* the one after it, or NULL */
	struct queued_letter *spare;
	struct buf scratch; /* of signing */
	struct window window;
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
is_settled(struct worker *w, struct queued_letter *o, enum smtp_verdict next,
    const struct outcome *outcome)
{
	struct smtp_queue *r = w->queue;
	bool settled = true;

	(void)pthread_mutex_lock(&r->lock);
	note_result_locked(w, next, outcome);
	if (next == SMTP_TRY_AGAIN && ++o->tries < TRIES_MAX && !r->failed &&
	    !o->letter.alone)
		settled = false;
	else
		smtp_queue_settle(r, &o->letter, outcome);
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

/* With so many letters more, the session has had all that it may. */
static bool
is_used_up(const struct worker *w, int64_t more)
{
	const int64_t sent = smtp_session_sent(w->session) + more;

	return sent >= w->queue->per_connection || sent >= smtp_session_limit(w->session);
}

/* Sends one letter, over a new session when there is none.  False: this thread has to end. */
static bool
send_one(struct worker *w)
{
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
		is_last = !w->after || smtp_session_takes_chunks(w->session) ||
		    w->after->letter.alone || w->letter->letter.alone || is_used_up(w, 1);
		next = smtp_send(w->session, &w->letter->letter,
		    is_last ? NULL : &w->after->letter, &outcome, &err);
		if (next == SMTP_GIVE_UP)
			smtp_queue_fail_with(w->queue, w->letter, &err);
		settled =
		    next == SMTP_GIVE_UP || is_settled(w, w->letter, next, &outcome);
		if (next != SMTP_NEXT_LETTER || is_used_up(w, 0))
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
		w->letter = w->after;
		w->after = NULL;
	}
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
	if (failed) {
		smtp_queue_give_back(r, &w->after);
		smtp_queue_give_back(r, &w->letter);
	}
	(void)pthread_mutex_unlock(&r->lock);
	return !failed;
}

/* ---- a window of letters ------------------------------------------------------------- */

/* The letter that goes next over this session, or NULL; it is left in w->letter. */
static struct queued_letter *
next_for_window(struct worker *w)
{
	const struct window *x = &w->window;

	if (x->closed || x->count >= x->most || is_used_up(w, (int64_t)x->count))
		return NULL;
	if (!w->letter && w->after) {
		w->letter = w->after;
		w->after = NULL;
	}
	if (!w->letter) {
		w->letter = w->spare ? w->spare : queued_letter_new();
		w->spare = NULL;
		if (!smtp_queue_take(w->queue, &w->letter, false) || !sign(w, w->letter))
			forget_letter(w, &w->letter);
	}
	/* One that breaks connections has no other beside it. */
	if (!w->letter || (x->count > 0 && w->letter->letter.alone))
		return NULL;
	return w->letter;
}

static void
fill_window(struct worker *w)
{
	struct window *x = &w->window;
	struct queued_letter *o = NULL;
	struct outcome outcome;

	while ((o = next_for_window(w)) != NULL) {
		if (!smtp_chunk_say(w->session, &o->letter, x->count > 0,
			&x->chunks[x->count], &outcome)) {
			(void)is_settled(w, o, SMTP_NEXT_LETTER, &outcome);
			forget_letter(w, &w->letter);
			continue;
		}
		x->letters[x->count++] = o;
		w->letter = NULL;
		if (o->letter.alone)
			return;
	}
}

/* The oldest leaves the window. */
static struct queued_letter *
leave_window(struct window *x, struct smtp_chunk *chunk)
{
	struct queued_letter *o = x->letters[0];

	*chunk = x->chunks[0];
	x->count--;
	memmove(x->letters, x->letters + 1, x->count * sizeof(*x->letters));
	memmove(x->chunks, x->chunks + 1, x->count * sizeof(*x->chunks));
	return o;
}

/* One that is to be tried again goes to whoever is free. */
static void
end_letter(struct worker *w, struct queued_letter *o, enum smtp_verdict next,
    const struct outcome *outcome)
{
	struct smtp_queue *r = w->queue;

	if (is_settled(w, o, next, outcome)) {
		forget_letter(w, &o);
		return;
	}
	(void)pthread_mutex_lock(&r->lock);
	smtp_queue_give_back(r, &o);
	(void)pthread_mutex_unlock(&r->lock);
}

/*
 * The session has ended, which was one loss: what was said and not heard is judged by what was
 * out.
 */
static void
lose_window(struct worker *w)
{
	struct window *x = &w->window;
	struct smtp_queue *r = w->queue;
	struct smtp_chunk chunk;
	struct outcome outcome;

	while (x->count > 0) {
		struct queued_letter *o = leave_window(x, &chunk);

		const bool in_doubt =
		    smtp_chunk_lost(w->session, &chunk, &outcome) == SMTP_END_SESSION;

		(void)pthread_mutex_lock(&r->lock);
		if (in_doubt)
			smtp_queue_settle(r, &o->letter, &outcome);
		else
			smtp_queue_give_back(r, &o);
		(void)pthread_mutex_unlock(&r->lock);
		if (o)
			forget_letter(w, &o);
	}
}

static void
hear_window(struct worker *w)
{
	struct window *x = &w->window;
	struct smtp_chunk chunk = x->chunks[0];
	struct outcome outcome;
	struct err err = ERR_INIT;
	const enum smtp_verdict next =
	    smtp_chunk_hear(w->session, &chunk, &outcome, &err);
	struct queued_letter *o = leave_window(x, &chunk);

	if (next == SMTP_NEXT_LETTER && outcome.kind == OUTCOME_SENT &&
	    x->most < w->queue->window_most)
		x->most++;
	if (next != SMTP_NEXT_LETTER)
		x->closed = true;
	if (next == SMTP_GIVE_UP) {
		smtp_queue_fail_with(w->queue, o, &err);
		forget_letter(w, &o);
	} else {
		end_letter(w, o, next, &outcome);
	}
	if (smtp_session_is_broken(w->session))
		lose_window(w);
}

/* Letters one behind the other over an open session, as long as it lasts. */
static void
send_window(struct worker *w)
{
	struct window *x = &w->window;

	*x = (struct window){ .most = WINDOW_FIRST };
	if (x->most > w->queue->window_most)
		x->most = w->queue->window_most;
	for (fill_window(w); x->count > 0; fill_window(w))
		hear_window(w);
	if (x->closed || is_used_up(w, 0))
		end_session(w);
}

/* The letters at hand, over a new session when there is none.  False: this thread has to end. */
static bool
send_some(struct worker *w)
{
	struct err err = ERR_INIT;

	if (!w->session)
		open_session(w, &err);
	if (!w->session) {
		give_up(w, &err);
		return false;
	}
	/*
	 * The first goes step by step: a server that hangs up on us at once leaves none in
	 * doubt then.
	 */
	if (w->queue->gap_us == 0 && smtp_session_takes_chunks(w->session) &&
	    smtp_session_sent(w->session) > 0) {
		send_window(w);
		return true;
	}
	if (!send_one(w))
		return false;
	advance_letters(w);
	return true;
}

static void *
run_worker(void *arg)
{
	struct worker *w = arg;

	while (may_go_on(w) && take_letters(w)) {
		smtp_queue_keep_pace(w->queue);
		if (!send_some(w))
			break;
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
		if (send_some(first) && !r->failed)
			run_threads(r, workers, wanted);
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
	r.window_most = (size_t)(WINDOWS_MOST / worker_count(c->smtp.connections));
	if (r.window_most > WINDOW_MAX)
		r.window_most = WINDOW_MAX;
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

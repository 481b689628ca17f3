/* SPDX-License-Identifier: ISC */
/*
 * Letters to mail servers over several sessions side by side, one thread for each.  A thread
 * copies its letters, since the source may reuse its memory for the next one.
 *
 * The first letter of a server goes alone: a login that is refused or a certificate that does
 * not stand is met once and not by all at the same time.
 */
#include "transport/smtp_pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "config/relays.h"
#include "transport/smtp_queue.h"
#include "transport/smtp_send.h"
#include "transport/smtp_session.h"
#include "transport/smtp_settings.h"
#include "transport/smtp_trust.h"

enum {
	CONNECTIONS_MAX = 100, /* of all servers */
	WINDOW_MAX = 8,
	WINDOW_FIRST = 2,  /* so few are in doubt when a new connection is lost */
	IN_HAND_MOST = 400 /* letters of all connections; the journal has 1,024 cells */
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
	struct smtp_relay *relay;
	struct smtp_session *session; /* NULL = to be opened */
	struct queued_letter *letter; /* being sent, or NULL */
	struct queued_letter *after;  /* the one after it, or NULL */
	struct queued_letter *spare;
	struct buf scratch; /* of signing */
	struct window window;
	bool counted; /* in relay->open */
};

static void
end_session(struct worker *w)
{
	smtp_session_close(w->session);
	w->session = NULL;
}

/* One that was settled, or none: its memory serves the next. */
static void
forget_letter(struct worker *w, struct queued_letter **o)
{
	if (!*o)
		return;
	queued_letter_free(w->spare);
	w->spare = *o;
	*o = NULL;
}

/* Letters in hand that nothing was said of. */
static void
give_back_all(struct worker *w)
{
	smtp_queue_give_back(w->queue, w->relay, &w->letter);
	smtp_queue_give_back(w->queue, w->relay, &w->after);
}

/* A login that is refused is tried once more when there is another secret by now. */
static void
open_session(struct worker *w, struct err *err)
{
	struct smtp_relay *r = w->relay;
	const char *secret = smtp_queue_secret(w->queue, r);
	bool refused = false;

	w->session = smtp_session_open(&r->server, secret, &refused, err);
	if (w->session || !refused || !smtp_queue_fresh_secret(w->queue, r, &secret))
		return;
	err_clear(err);
	w->session = smtp_session_open(&r->server, secret, &refused, err);
}

/* With so many letters more, the session has had all that it may. */
static bool
is_used_up(const struct worker *w, int64_t more)
{
	const int64_t sent = smtp_session_sent(w->session) + more;

	return sent >= w->relay->per_connection || sent >= smtp_session_limit(w->session);
}

static bool
is_paced(const struct worker *w)
{
	return w->relay->gap_us > 0 || w->relay->config.smtp.per_hour > 0;
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
	smtp_queue_fail(w->queue, &err);
	return false;
}

/* Takes a letter into *o, which is NULL.  False when there is none, or the run has failed. */
static bool
take(struct worker *w, struct queued_letter **o, bool wait)
{
	*o = w->spare ? w->spare : queued_letter_new();
	w->spare = NULL;
	if (!smtp_queue_take(w->queue, w->relay, o, wait)) {
		forget_letter(w, o);
		return false;
	}
	if (sign(w, *o))
		return true;
	smtp_queue_give_back(w->queue, w->relay, o);
	return false;
}

/* The letter to send now, and the one after it unless there is a pace to keep. */
static bool
take_letters(struct worker *w)
{
	if (!w->letter) {
		w->letter = w->after;
		w->after = NULL;
	}
	if (!w->letter && !take(w, &w->letter, true))
		return false;
	/* Before there is a connection, one letter is enough to find out. */
	if (w->session && !is_paced(w) && !w->after)
		(void)take(w, &w->after, false);
	return true;
}

/* Sends one letter over the open session. */
static void
send_one(struct worker *w)
{
	struct err err = ERR_INIT;
	struct outcome outcome;
	const bool is_last = !w->after || smtp_session_takes_chunks(w->session) ||
	    w->after->letter.alone || w->letter->letter.alone || is_used_up(w, 1);
	const enum smtp_verdict next = smtp_send(w->session, &w->letter->letter,
	    is_last ? NULL : &w->after->letter, &outcome, &err);

	if (next == SMTP_GIVE_UP) {
		smtp_queue_close_relay(w->queue, w->relay, &err);
		smtp_queue_give_back(w->queue, w->relay, &w->letter);
	} else if (smtp_queue_answer(w->queue, w->relay, &w->letter, &outcome,
		       next == SMTP_TRY_AGAIN, smtp_session_sent(w->session))) {
		forget_letter(w, &w->letter);
	}
	if (next != SMTP_NEXT_LETTER || is_used_up(w, 0))
		end_session(w);
}

/* ---- a window of letters ------------------------------------------------------------- */

/* The letter that goes next over this session, or NULL; it is left in w->letter. */
static struct queued_letter *
next_for_window(struct worker *w)
{
	const struct window *x = &w->window;

	if (x->closed || x->count >= x->most || is_used_up(w, (int64_t)x->count))
		return NULL;
	if (!w->letter) {
		w->letter = w->after;
		w->after = NULL;
	}
	if (!w->letter && !take(w, &w->letter, false))
		return NULL;
	/* One that breaks connections has no other beside it. */
	return x->count > 0 && w->letter->letter.alone ? NULL : w->letter;
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
			(void)smtp_queue_answer(w->queue, w->relay, &w->letter, &outcome,
			    false, 0);
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

/*
 * The session has ended, which was one loss: what was said and not heard is judged by what was
 * out.
 */
static void
lose_window(struct worker *w)
{
	struct window *x = &w->window;
	struct smtp_chunk chunk;
	struct outcome outcome;

	while (x->count > 0) {
		struct queued_letter *o = leave_window(x, &chunk);

		if (smtp_chunk_lost(w->session, &chunk, &outcome) == SMTP_END_SESSION) {
			smtp_queue_settle_doubt(w->queue, o, &outcome);
			forget_letter(w, &o);
		} else {
			smtp_queue_give_back(w->queue, w->relay, &o);
		}
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
	    x->most < w->relay->window_most)
		x->most++;
	if (next != SMTP_NEXT_LETTER)
		x->closed = true;
	if (next == SMTP_GIVE_UP) {
		smtp_queue_close_relay(w->queue, w->relay, &err);
		smtp_queue_give_back(w->queue, w->relay, &o);
	} else if (smtp_queue_answer(w->queue, w->relay, &o, &outcome,
		       next == SMTP_TRY_AGAIN, smtp_session_sent(w->session))) {
		forget_letter(w, &o);
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
	if (x->most > w->relay->window_most)
		x->most = w->relay->window_most;
	for (fill_window(w); x->count > 0; fill_window(w))
		hear_window(w);
	if (x->closed || is_used_up(w, 0))
		end_session(w);
}

/* ---- the thread ---------------------------------------------------------------------- */

/* The letters at hand, over a new session when there is none.  False: this thread ends. */
static bool
send_some(struct worker *w)
{
	struct err err = ERR_INIT;

	if (!w->session)
		open_session(w, &err);
	if (!w->session) {
		const bool one_less =
		    smtp_queue_lost_connection(w->queue, w->relay, &err);

		w->counted = false;
		give_back_all(w);
		return !one_less;
	}
	/*
	 * The first goes step by step: a server that hangs up on us at once leaves none in
	 * doubt then.
	 */
	if (!is_paced(w) && smtp_session_takes_chunks(w->session) &&
	    smtp_session_sent(w->session) > 0)
		send_window(w);
	else
		send_one(w);
	return true;
}

static void *
run_worker(void *arg)
{
	struct worker *w = arg;
	struct queued_letter **const held[] = { &w->letter, &w->after, NULL };

	while (smtp_queue_wait_turn(w->queue, w->relay, &w->counted, held)) {
		/* None: all is settled, or the server is down. */
		if (take_letters(w) && !send_some(w))
			break;
	}
	give_back_all(w);
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

static void
run_threads(struct worker *workers, size_t wanted)
{
	pthread_t threads[CONNECTIONS_MAX];
	size_t count = 1;

	while (count < wanted &&
	    pthread_create(&threads[count], NULL, run_worker, &workers[count]) == 0)
		count++;
	if (count < wanted)
		log_warn("smtp", "%zu connections of %zu: no more threads", count,
		    wanted);
	(void)run_worker(&workers[0]);
	for (size_t i = 1; i < count; i++)
		(void)pthread_join(threads[i], NULL);
}

/*
 * The first thread of each server, then the second of each: when there can be no more, each has
 * some.
 */
static void
run_workers(struct smtp_queue *q, size_t wanted)
{
	struct worker *workers = xcalloc(wanted, sizeof(*workers));
	size_t count = 0;

	for (size_t round = 0; count < wanted; round++) {
		for (size_t i = 0; i < q->relay_count && count < wanted; i++) {
			if (round >= q->relays[i].connections)
				continue;
			workers[count].queue = q;
			workers[count].relay = &q->relays[i];
			buf_init(&workers[count++].scratch, 2 * (size_t)LIMIT_LETTER);
		}
	}
	run_threads(workers, wanted);
	smtp_queue_wind_up(q);
	for (size_t i = 0; i < wanted; i++)
		clear_worker(&workers[i]);
	free(workers);
}

static size_t
connection_count(int64_t connections)
{
	if (connections < 1)
		return 1;
	return connections < CONNECTIONS_MAX ? (size_t)connections : CONNECTIONS_MAX;
}

/* r->config is set; trust is owned by the relay until clear_relays. */
static bool
set_up_relay(struct smtp_relay *r, const struct transport_settings *t, size_t i,
    struct arena *a, struct err *err)
{
	const struct config *c = &r->config;

	if (t->troubles && err_is_set(&t->troubles[i])) {
		*err = t->troubles[i];
		return false;
	}
	if (!smtp_settings_read(c, t->host_name, a, &r->server, err) ||
	    !smtp_trust_new(c, &r->server, a, &r->trust, err))
		return false;
	r->secret = t->passwords ? t->passwords[i] : NULL;
	r->per_connection =
	    c->smtp.per_connection > 0 ? c->smtp.per_connection : INT64_MAX;
	r->connections = connection_count(c->smtp.connections);
	if (c->smtp.rate > 0)
		r->gap_us = 1000000 / c->smtp.rate;
	return true;
}

/* One of several that cannot be set up is down for this run; it has no thread. */
static void
start_as_down(struct smtp_relay *r, const struct err *why)
{
	log_warn("smtp", "%s %s; its letters go to others", why->text, why->why);
	r->down = true;
	r->why = *why;
	r->retry_ms = 0;
	r->connections = 0;
}

/* The mail server of LMTP is alone.  The first reason stands when none can be set up. */
static bool
set_up_relays(struct smtp_queue *q, struct arena *a, size_t *threads, struct err *err)
{
	const struct transport_settings *t = q->settings;
	const struct config *c = t->config;
	const bool is_lmtp = c->transport.method == TRANSPORT_LMTP;
	const size_t count = is_lmtp ? 1 : relay_count(c);

	q->relays = arena_array(a, count, sizeof(*q->relays));
	for (size_t i = 0; i < count; i++) {
		struct smtp_relay *r = &q->relays[i];
		struct err why = ERR_INIT;

		r->name = "";
		if (is_lmtp)
			r->config = *c;
		else
			relay_config(c, i, &r->config, &r->name);
		q->relay_count++;
		if (!set_up_relay(r, t, i, a, &why)) {
			if (*r->name && !(t->troubles && err_is_set(&t->troubles[i])))
				(void)err_wrap(&why, "relay %s", r->name);
			if (!err_is_set(err))
				*err = why;
			if (count == 1)
				return false;
			start_as_down(r, &why);
		}
		*threads += r->connections;
	}
	if (*threads == 0)
		return false;
	err_clear(err);
	if (*threads > CONNECTIONS_MAX)
		*threads = CONNECTIONS_MAX;
	for (size_t i = 0; i < count; i++) {
		q->relays[i].window_most = IN_HAND_MOST / *threads;
		if (q->relays[i].window_most > WINDOW_MAX)
			q->relays[i].window_most = WINDOW_MAX;
	}
	return true;
}

static void
clear_relays(struct smtp_queue *q)
{
	for (size_t i = 0; i < q->relay_count; i++) {
		struct wire_trust *trust = q->relays[i].trust;

		q->relays[i].server.trust = NULL;
		wire_trust_free(trust);
	}
}

bool
smtp_pool_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err)
{
	struct smtp_queue q = { .src = src, .settings = t };
	struct arena *a = arena_new();
	size_t threads = 0;
	bool ok = false;

	if (!set_up_relays(&q, a, &threads, err))
		goto out;
	if (pthread_mutex_init(&q.lock, NULL) != 0 ||
	    pthread_cond_init(&q.changed, NULL) != 0) {
		(void)err_set(err, ERR_SYSTEM, "no mutex");
		goto out;
	}
	run_workers(&q, threads);
	(void)pthread_cond_destroy(&q.changed);
	(void)pthread_mutex_destroy(&q.lock);
	ok = !q.failed;
	if (!ok)
		*err = q.err;
out:
	clear_relays(&q);
	arena_free(a);
	return ok;
}

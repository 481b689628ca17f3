/* SPDX-License-Identifier: ISC */
#include "transport/smtp_queue.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "transport/letter_loop.h"
#include "transport/smtp_fault.h"

enum {
	/*
	 * Connections lost, and MAIL put off, in a row, over all connections, after which a server
	 * is given up for this run: an unknown letter counts two, since each of them needs a
	 * person.  Letters that were lost have an attempt less then, so that the next run gets
	 * further.
	 */
	LOSSES_MAX = 4,
	OURS_MAX = 3,  /* refusals that mean us in a row: the server is of no use */
	TRIES_MAX = 2, /* of one letter in one run, but for one that breaks connections */
	PENDING_MOST = 64, /* letters that wait for one server: then none is taken */
	RETRY_MS = 30000,  /* until a server that is down is tried again */
	HEAD_MAX = DKIM_KEYS_MAX * 8 * 1024
};

/* ---- letters ------------------------------------------------------------------------- */

static void
keep_letter(struct queued_letter *o, const struct letter *l)
{
	size_t sender_len = strlen(l->sender) + 1;
	size_t recipient_len = strlen(l->recipient) + 1;

	buf_reset(&o->bytes);
	if (l->bytes)
		buf_add(&o->bytes, buf_text(l->bytes), l->bytes->len);
	buf_reset(&o->names);
	buf_add(&o->names, l->sender, sender_len);
	buf_add(&o->names, l->recipient, recipient_len);
	buf_adds(&o->names, l->name);
	buf_reset(&o->head);
	o->letter = (struct letter){ .sender = o->names.data,
		.recipient = o->names.data + sender_len,
		.name = o->names.data + sender_len + recipient_len,
		.bytes = l->bytes ? &o->bytes : NULL,
		.pieces = l->pieces,
		.alone = l->alone,
		.owner = l->owner };
	o->tries = 0;
	o->tried = 0;
}

struct queued_letter *
queued_letter_new(void)
{
	struct queued_letter *o = xcalloc(1, sizeof(*o));

	buf_init(&o->bytes, LIMIT_LETTER);
	buf_init(&o->names, 2 * LIMIT_PATH);
	buf_init(&o->head, HEAD_MAX);
	return o;
}

void
queued_letter_free(struct queued_letter *o)
{
	if (!o)
		return;
	buf_clear(&o->bytes);
	buf_clear(&o->names);
	buf_clear(&o->head);
	free(o);
}

/* ---- what changes the queue ---------------------------------------------------------- */

static void
wake(struct smtp_queue *q)
{
	q->news++;
}

void
smtp_queue_fail(struct smtp_queue *q, const struct err *why)
{
	if (!q->failed)
		q->err = *why;
	q->failed = true;
	wake(q);
}

static void
land(struct queued_letter *o)
{
	if (!o->link)
		return;
	*o->link = o->next;
	if (o->next)
		o->next->link = o->link;
	o->next = NULL;
	o->link = NULL;
}

void
smtp_queue_settle(struct smtp_queue *q, struct queued_letter *o,
    const struct outcome *outcome)
{
	struct err err = ERR_INIT;

	land(o);
	q->out--;
	if (!q->src->settle(q->src->arg, &o->letter, outcome, &err)) {
		/* That it could not be stored is the worse error, and the one reported. */
		q->failed = true;
		q->err = err;
	}
	wake(q);
}

/* The words of an error as a reply: one line. */
static void
settle_deferred(struct smtp_queue *q, struct queued_letter *o, const struct err *why)
{
	struct arena *a = arena_new();
	const char *words = arena_printf(a, "%s %s", why->text, why->why);
	struct outcome outcome = { OUTCOME_DEFERRED, 0, NULL,
		text_one_line(a, words, strlen(words)), STAGE_NONE };

	smtp_queue_settle(q, o, &outcome);
	arena_free(a);
}

static void
fly(struct smtp_relay *r, struct queued_letter *o)
{
	o->next = r->flying;
	o->link = &r->flying;
	if (o->next)
		o->next->link = &o->next;
	r->flying = o;
}

static bool
is_same_domain(const struct queued_letter *a, const struct queued_letter *b)
{
	const char *x = strrchr(a->letter.recipient, '@');
	const char *y = strrchr(b->letter.recipient, '@');

	return x && y && ascii_eq_nocase(x, y);
}

/* As many letters are out to its domain as this server may have. */
static bool
is_crowded(const struct smtp_relay *r, const struct queued_letter *o)
{
	int64_t count = 0;

	if (r->config.smtp.per_domain == 0)
		return false;
	for (const struct queued_letter *i = r->flying; i; i = i->next)
		count += is_same_domain(i, o);
	return count >= r->config.smtp.per_domain;
}

static void
add_pending(struct smtp_relay *r, struct queued_letter *o)
{
	struct queued_letter **end = &r->pending;

	/* In their order, so that one that was put off twice is not the last again. */
	while (*end)
		end = &(*end)->next;
	o->next = NULL;
	*end = o;
	r->pending_count++;
}

static void
assign(struct smtp_queue *q, struct smtp_relay *r, const struct queued_letter *o)
{
	smtp_relay_assign(q->relays, q->relay_count, r, o->letter.recipient, o->tried);
}

/*
 * The server a letter is for now: one that refused it before when no other is up, and the first
 * of all when none is, where it waits for the end of the run.
 */
static struct smtp_relay *
choose(struct smtp_queue *q, const struct queued_letter *o)
{
	struct smtp_relay *r =
	    smtp_relay_choose(q->relays, q->relay_count, o->letter.recipient, o->tried);

	if (!r)
		r = smtp_relay_choose(q->relays, q->relay_count, o->letter.recipient, 0);
	return r ? r : &q->relays[0];
}

static void
route(struct smtp_queue *q, struct queued_letter *o)
{
	struct smtp_relay *r = choose(q, o);

	assign(q, r, o);
	add_pending(r, o);
}

static struct queued_letter *
pop_pending(struct smtp_relay *r)
{
	for (struct queued_letter **at = &r->pending; *at; at = &(*at)->next) {
		struct queued_letter *o = *at;

		if (is_crowded(r, o))
			continue;
		*at = o->next;
		o->next = NULL;
		r->pending_count--;
		return o;
	}
	return NULL;
}

void
smtp_queue_give_back(struct smtp_queue *q, struct smtp_relay *r, struct queued_letter **o)
{
	if (!*o)
		return;
	land(*o);
	smtp_relay_take_back(r);
	route(q, *o);
	*o = NULL;
	wake(q);
}

static bool
all_down(const struct smtp_queue *q)
{
	for (size_t i = 0; i < q->relay_count; i++)
		if (!q->relays[i].down)
			return false;
	return true;
}

/* What may pass is tried again, when others can do its work meanwhile. */
void
smtp_queue_close_relay(struct smtp_queue *q, struct smtp_relay *r, const struct err *why)
{
	struct queued_letter *list = r->pending;

	if (!r->down) {
		r->why = *why;
		r->down = true;
		r->retry_ms =
		    why->kind == ERR_TEMPORARY ? clock_ticks_ms() + RETRY_MS : 0;
		if (q->relay_count > 1)
			log_warn("smtp", "%s: %s%s%s; its letters go to others",
			    *r->name ? r->name : r->server.name, why->text,
			    why->why[0] != '\0' ? ": " : "", why->why);
	}
	r->pending = NULL;
	r->pending_count = 0;
	while (list) {
		struct queued_letter *o = list;

		list = o->next;
		smtp_relay_take_back(r);
		route(q, o);
	}
	if (all_down(q))
		smtp_queue_fail(q, why);
	wake(q);
}

static void
note_loss(struct smtp_queue *q, struct smtp_relay *r, int weight, const struct outcome *o)
{
	struct err err = ERR_INIT;

	r->losses += weight;
	if (r->losses < LOSSES_MAX)
		return;
	(void)err_set(&err, ERR_TEMPORARY,
	    o->code != 0 ? "%s takes no letters now" : "%s breaks off again and again",
	    r->server.name);
	(void)err_why(&err, o->code != 0 ? "server said: %s" : "the last time: %s",
	    o->reply);
	smtp_queue_close_relay(q, r, &err);
}

/* Asks the source for a letter that may go.  False when there is none. */
static bool
pull(struct smtp_queue *q, struct queued_letter *o)
{
	struct letter l;
	struct outcome refused;
	struct err err = ERR_INIT;

	while (!q->failed && !q->exhausted && !q->src->stop(q->src->arg)) {
		memset(&l, 0, sizeof(l));
		if (!q->src->next(q->src->arg, &l, &err)) {
			q->exhausted = true;
			if (err_is_set(&err))
				smtp_queue_fail(q, &err);
			wake(q);
			return false;
		}
		q->out++;
		keep_letter(o, &l);
		if (!buf_is_full(&o->bytes) &&
		    letter_loop_check(&o->letter, &err, &refused))
			return true;
		if (buf_is_full(&o->bytes))
			refused = (struct outcome){ OUTCOME_REFUSED, 0, "5.3.4",
				"the letter is too long", STAGE_NONE };
		smtp_queue_settle(q, o, &refused);
		err_clear(&err);
	}
	return false;
}

/* Whichever server the next letter is for, it may wait there. */
static bool
has_room(const struct smtp_queue *q)
{
	for (size_t i = 0; i < q->relay_count; i++)
		if (q->relays[i].pending_count >= PENDING_MOST)
			return false;
	return true;
}

/* Pulls letters until one is for this server and may go.  *o may be another afterwards. */
static bool
pull_for(struct smtp_queue *q, struct smtp_relay *r, struct queued_letter **o)
{
	struct queued_letter *found = pop_pending(r);

	while (!found && has_room(q) && pull(q, *o)) {
		if (choose(q, *o) == r && !is_crowded(r, *o)) {
			assign(q, r, *o);
			fly(r, *o);
			return true;
		}
		route(q, *o);
		*o = queued_letter_new();
		found = pop_pending(r);
		if (!found)
			wake(q);
	}
	if (!found)
		return false;
	queued_letter_free(*o);
	*o = found;
	fly(r, found);
	return true;
}

bool
smtp_queue_is_over(const struct smtp_queue *q)
{
	return q->failed || (q->exhausted && q->out == 0) || q->src->stop(q->src->arg);
}

/* ---- what a connection asks for ------------------------------------------------------ */

bool
smtp_queue_take(struct smtp_queue *q, struct smtp_relay *r, struct queued_letter **o)
{
	return !q->failed && !r->down && pull_for(q, r, o);
}

int64_t
smtp_queue_turn(struct smtp_queue *q, struct smtp_relay *r, bool *counted,
    struct queued_letter **const *held, int64_t now)
{
	int64_t ms = 0;

	for (; r->down && *held; held++)
		smtp_queue_give_back(q, r, *held);
	if (r->down && *counted) {
		r->open--;
		*counted = false;
	}
	if (r->down && r->open == 0 && r->retry_ms != 0 && now >= r->retry_ms) {
		log_debug("smtp", "%s is tried again", r->server.name);
		smtp_relay_rise(r);
	}
	if (r->down || (!*counted && !r->proven && r->open > 0))
		return SMTP_QUEUE_PAUSE_MS;
	ms = smtp_relay_turn(r, now, q->settings->utc_offset);
	if (ms == 0 && !*counted) {
		r->open++;
		*counted = true;
	}
	return ms;
}

/* ---- the secret of a server, which helpers ask for beside all else ------------------- */

const char *
smtp_queue_secret(struct smtp_queue *q, const struct smtp_relay *r)
{
	const char *secret = NULL;

	(void)pthread_mutex_lock(&q->lock);
	secret = r->secret;
	(void)pthread_mutex_unlock(&q->lock);
	return secret;
}

/*
 * Asks for the secret of a server.  The command may take its time: the lock is not held
 * meanwhile, so that letters of others go on, and one server is asked for at once.
 */
static void
ask_secret(struct smtp_queue *q, struct smtp_relay *r)
{
	const struct transport_settings *t = q->settings;
	const char *again = NULL;
	struct err err = ERR_INIT;
	bool ok = false;

	q->is_asking = true;
	(void)pthread_mutex_unlock(&q->lock);
	ok = t->password_again(t->password_arg, (size_t)(r - q->relays), &again, &err);
	if (!ok)
		log_warn("smtp", "%s", err.text);
	(void)pthread_mutex_lock(&q->lock);
	q->is_asking = false;
	if (ok && again)
		r->secret = again;
	(void)pthread_cond_broadcast(&q->changed);
}

bool
smtp_queue_fresh_secret(struct smtp_queue *q, struct smtp_relay *r, const char **secret)
{
	bool is_other = false;

	(void)pthread_mutex_lock(&q->lock);
	while (q->is_asking) {
		q->waiting++;
		(void)pthread_cond_wait(&q->changed, &q->lock);
		q->waiting--;
	}
	if (strcmp(r->secret, *secret) == 0 && q->settings->password_again)
		ask_secret(q, r);
	is_other = strcmp(r->secret, *secret) != 0;
	*secret = r->secret;
	(void)pthread_mutex_unlock(&q->lock);
	return is_other;
}

/* ---- what a connection tells ----------------------------------------------------------- */

bool
smtp_queue_lost_connection(struct smtp_queue *q, struct smtp_relay *r, bool *counted,
    const struct err *why)
{
	const bool one_less = r->open > 1 && why->kind == ERR_TEMPORARY && !r->down;

	r->open--;
	*counted = false;
	if (one_less)
		log_debug("smtp", "one connection less: %s", why->text);
	else
		smtp_queue_close_relay(q, r, why);
	return one_less;
}

static void
note_answer(struct smtp_queue *q, struct smtp_relay *r, const struct outcome *o,
    bool again, int64_t sent)
{
	if (o->kind == OUTCOME_UNKNOWN)
		note_loss(q, r, 2, o);
	else if (o->kind == OUTCOME_BUSY && !again)
		note_loss(q, r, 1, o);
	else if (!again)
		r->losses = 0;
	/* One that took letters before it ended did its work. */
	else if (sent == 0)
		note_loss(q, r, 1, o);
	if (!r->proven && !again && o->kind != OUTCOME_BUSY) {
		r->proven = true;
		wake(q);
	}
}

/* This server refuses us, or cannot take it, and another may: the letter goes there. */
static bool
goes_elsewhere(struct smtp_queue *q, struct smtp_relay *r, struct queued_letter *o,
    const struct outcome *outcome)
{
	struct err err = ERR_INIT;
	/* Without a code nothing was said: the server offers too little for the letter. */
	const bool is_short = outcome->stage == STAGE_MAIL && outcome->code == 0;

	if (outcome->kind == OUTCOME_SENT)
		r->ours = 0;
	if (q->relay_count == 1 || outcome->kind != OUTCOME_REFUSED ||
	    (!is_short &&
		smtp_fault(outcome->stage, outcome->code, outcome->status,
		    outcome->reply) != FAULT_OURS))
		return false;
	o->tried |= 1U << (r - q->relays);
	if (!is_short && ++r->ours >= OURS_MAX) {
		(void)err_set(&err, ERR_HUMAN, "%s refuses our letters", r->server.name);
		(void)err_why(&err, "server said: %s", outcome->reply);
		smtp_queue_close_relay(q, r, &err);
	}
	return smtp_relay_choose(q->relays, q->relay_count, o->letter.recipient,
		   o->tried) != NULL;
}

bool
smtp_queue_answer(struct smtp_queue *q, struct smtp_relay *r, struct queued_letter **o,
    const struct outcome *outcome, bool again, int64_t sent)
{
	note_answer(q, r, outcome, again, sent);
	/* "Enough for this connection" is no word about the letter that meets it. */
	(*o)->tries += again && (outcome->kind != OUTCOME_BUSY || sent == 0);
	if ((again && (*o)->tries < TRIES_MAX && !q->failed && !(*o)->letter.alone) ||
	    goes_elsewhere(q, r, *o, outcome)) {
		smtp_queue_give_back(q, r, o);
		return false;
	}
	smtp_queue_settle(q, *o, outcome);
	return true;
}

void
smtp_queue_wind_up(struct smtp_queue *q)
{
	struct err stopped = ERR_INIT;

	(void)err_set(&stopped, ERR_TEMPORARY, "stopped before it was sent");
	for (size_t i = 0; i < q->relay_count; i++) {
		struct smtp_relay *r = &q->relays[i];

		while (r->pending) {
			struct queued_letter *o = r->pending;

			r->pending = o->next;
			settle_deferred(q, o, q->failed ? &q->err : &stopped);
			queued_letter_free(o);
		}
	}
}

/* SPDX-License-Identifier: ISC */
#include "transport/smtp_queue.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "transport/letter_loop.h"

enum {
	/*
	 * Connections lost, and MAIL put off, in a row, over all threads, after which the server
	 * is given up for this run: an unknown letter counts two, since each of them needs a
	 * person.  Letters that were lost have an attempt less then, so that the next run gets
	 * further.
	 */
	LOSSES_MAX = 4,
	HEAD_MAX = DKIM_KEYS_MAX * 8 * 1024,
	PAUSE_MS = 100 /* between looks at stop while the pace makes us wait */
};

/* ---- letters ------------------------------------------------------------------------- */

static void
keep_letter(struct queued_letter *o, const struct letter *l)
{
	size_t sender_len = strlen(l->sender) + 1;
	size_t recipient_len = strlen(l->recipient) + 1;

	buf_reset(&o->bytes);
	buf_add(&o->bytes, buf_text(l->bytes), l->bytes->len);
	buf_reset(&o->names);
	buf_add(&o->names, l->sender, sender_len);
	buf_add(&o->names, l->recipient, recipient_len);
	buf_add(&o->names, l->name, strlen(l->name) + 1);
	buf_reset(&o->head);
	o->letter = (struct letter){ .sender = o->names.data,
		.recipient = o->names.data + sender_len,
		.name = o->names.data + sender_len + recipient_len,
		.bytes = &o->bytes,
		.alone = l->alone,
		.owner = l->owner };
	o->tries = 0;
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

/* ---- what is shared: call with the lock held ----------------------------------------- */

void
smtp_queue_fail(struct smtp_queue *r, const struct err *why)
{
	if (!r->failed)
		r->err = *why;
	r->failed = true;
}

void
smtp_queue_settle(struct smtp_queue *r, const struct letter *l, const struct outcome *o)
{
	struct err err = ERR_INIT;

	if (r->src->settle(r->src->arg, l, o, &err))
		return;
	/* That the outcome could not be stored is the worse error, and the one reported. */
	r->failed = true;
	r->err = err;
}

/* The words of an error as a reply: one line. */
void
smtp_queue_settle_deferred(struct smtp_queue *r, struct queued_letter *o,
    const struct err *why)
{
	struct arena *a = arena_new();
	const char *words = arena_printf(a, "%s %s", why->text, why->why);
	struct outcome outcome = { OUTCOME_DEFERRED, 0, NULL,
		text_one_line(a, words, strlen(words)), STAGE_NONE };

	smtp_queue_settle(r, &o->letter, &outcome);
	arena_free(a);
}

/* Asks the source for a letter that may go.  False when there is none. */
static bool
pull_locked(struct smtp_queue *r, struct queued_letter *o)
{
	struct letter l;
	struct outcome refused;
	struct err err = ERR_INIT;

	while (!r->failed && !r->exhausted && !r->src->stop(r->src->arg)) {
		memset(&l, 0, sizeof(l));
		if (!r->src->next(r->src->arg, &l, &err)) {
			r->exhausted = true;
			if (err_is_set(&err))
				smtp_queue_fail(r, &err);
			return false;
		}
		keep_letter(o, &l);
		if (!buf_is_full(&o->bytes) &&
		    letter_loop_check(&o->letter, &err, &refused))
			return true;
		if (buf_is_full(&o->bytes))
			refused = (struct outcome){ OUTCOME_REFUSED, 0, "5.3.4",
				"the letter is too long", STAGE_NONE };
		smtp_queue_settle(r, &o->letter, &refused);
		err_clear(&err);
	}
	return false;
}

void
smtp_queue_note_loss(struct smtp_queue *r, int weight, const struct outcome *o)
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
	smtp_queue_fail(r, &err);
}

/* ---- what a thread asks for ---------------------------------------------------------- */

/*
 * The next letter, a returned one first.  False when there is nothing more to do: a thread
 * that is done then is no longer counted.
 */
bool
smtp_queue_take(struct smtp_queue *r, struct queued_letter **o, bool is_done)
{
	bool got = false;

	(void)pthread_mutex_lock(&r->lock);
	if (r->returned && !r->failed) {
		queued_letter_free(*o);
		*o = r->returned;
		r->returned = (*o)->next;
		got = true;
	} else {
		got = pull_locked(r, *o);
	}
	if (!got && is_done)
		r->workers--;
	(void)pthread_mutex_unlock(&r->lock);
	return got;
}

void
smtp_queue_fail_with(struct smtp_queue *r, struct queued_letter *o, const struct err *why)
{
	(void)pthread_mutex_lock(&r->lock);
	smtp_queue_fail(r, why);
	smtp_queue_settle_deferred(r, o, why);
	(void)pthread_mutex_unlock(&r->lock);
}

void
smtp_queue_give_back(struct smtp_queue *r, struct queued_letter **o)
{
	struct queued_letter **end = &r->returned;

	/* In their order, so that one that was put off twice is not the last again. */
	while (*end)
		end = &(*end)->next;
	if (*o) {
		(*o)->next = NULL;
		*end = *o;
	}
	*o = NULL;
}

static bool
has_failed(struct smtp_queue *r)
{
	bool failed = false;

	(void)pthread_mutex_lock(&r->lock);
	failed = r->failed;
	(void)pthread_mutex_unlock(&r->lock);
	return failed;
}

const char *
smtp_queue_secret(struct smtp_queue *r)
{
	const char *secret = NULL;

	(void)pthread_mutex_lock(&r->lock);
	secret = r->secret;
	(void)pthread_mutex_unlock(&r->lock);
	return secret;
}

bool
smtp_queue_fresh_secret(struct smtp_queue *r, const char **secret)
{
	const struct transport_settings *t = r->settings;
	const char *again = NULL;
	struct err err = ERR_INIT;
	bool is_other = false;

	(void)pthread_mutex_lock(&r->lock);
	if (strcmp(r->secret, *secret) == 0 && t->password_again) {
		if (!t->password_again(t->password_arg, &again, &err))
			log_warn("smtp", "%s", err.text);
		else if (again)
			r->secret = again;
	}
	is_other = strcmp(r->secret, *secret) != 0;
	*secret = r->secret;
	(void)pthread_mutex_unlock(&r->lock);
	return is_other;
}

/* Waits for this letter's turn, when there is a rate. */
void
smtp_queue_keep_pace(struct smtp_queue *r)
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

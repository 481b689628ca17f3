/* SPDX-License-Identifier: ISC */
/*
 * Each connection is always in one of a few states and is taken as far as it can go without
 * waiting; then epoll tells which of them may go on.
 *
 * The first letter of a server goes alone: a login that is refused or a certificate that does
 * not stand is met once and not by all at the same time.
 */
#include "transport/smtp_loop.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "transport/smtp_line.h"
#include "transport/smtp_send.h"
#include "transport/smtp_session.h"

enum {
	WINDOW_MAX = SMTP_WINDOW_MAX,
	WINDOW_FIRST = 2, /* so few are in doubt when a new connection is lost */
	/* All that may be ready: none is found silent whose answer was not looked at. */
	EVENTS_MAX = 128,
	DEAF_MS = 50 /* so long without listening is nobody's silence */
};

/* Letters that were said as chunks and not heard yet, in their order. */
struct window {
	struct queued_letter *letters[WINDOW_MAX];
	struct smtp_chunk chunks[WINDOW_MAX];
	size_t count;
	size_t most; /* for now: it grows with each letter that goes well */
	bool closed; /* no further letter over this session */
};

enum doing {
	RESTS,    /* nothing is under way: until wake_ms, or news of the queue */
	CONNECTS, /* a helper makes the session */
	SENDS,    /* one letter */
	STREAMS,  /* a window of letters */
	PARTS,    /* says good-bye */
	ENDED
};

struct loop;
struct connection {
	struct loop *loop;
	struct smtp_relay *relay;
	struct smtp_session *session; /* NULL = to be opened */
	enum doing doing;
	struct queued_letter *letter; /* being sent, or NULL */
	struct queued_letter *after;  /* the one after it, or NULL */
	struct queued_letter *spare;
	const struct letter *ahead; /* what smtp_send was told of the one after it */
	struct outcome outcome;     /* of the letter being sent */
	bool counted;               /* in relay->open */
	int64_t wake_ms;            /* of one that rests */
	int64_t since_ms;           /* so long nothing has been heard */
	unsigned watched;           /* what epoll was told of it; 0 = nothing */
	bool known;                 /* to epoll */
	pthread_t helper;
	struct window window;
	struct err trouble; /* why the helper made no session */
};

struct loop {
	struct smtp_queue *queue;
	struct connection *connections;
	size_t count;
	size_t left;    /* that have not ended */
	size_t resting; /* mostly none, and then they are not looked for */
	int epoll;
	int done[2];        /* a pipe: helpers write the connection they made */
	struct buf scratch; /* of signing */
	uint64_t news;      /* of the queue, as they were looked at */
	int64_t now;        /* in ticks */
	int64_t look_ms;    /* before that nobody's patience can end */
	int64_t end_ms;     /* then nobody is waited for any longer; INT64_MAX = never */
};

/* ---- letters ------------------------------------------------------------------------- */

/* One that was settled, or none: its memory serves the next. */
static void
forget_letter(struct connection *c, struct queued_letter **o)
{
	if (!*o)
		return;
	queued_letter_free(c->spare);
	c->spare = *o;
	*o = NULL;
}

static struct smtp_line *
line_of(const struct connection *c)
{
	return smtp_session_line(c->session);
}

/* Letters in hand that nothing was said of. */
static void
give_back_all(struct connection *c)
{
	smtp_queue_give_back(c->loop->queue, c->relay, &c->letter);
	smtp_queue_give_back(c->loop->queue, c->relay, &c->after);
}

/* With so many letters more, the session has had all that it may. */
static bool
is_used_up(const struct connection *c, int64_t more)
{
	const int64_t sent = smtp_session_sent(c->session) + more;
	/* Those in a window were begun. */
	const int64_t begun =
	    smtp_session_begun(c->session) + (c->doing == STREAMS ? 0 : more);

	return sent >= c->relay->per_connection ||
	    begun >= smtp_session_limit(c->session);
}

static bool
takes_chunks(const struct connection *c)
{
	return smtp_session_takes_chunks(c->session) && !c->relay->no_chunks;
}

static bool
is_paced(const struct connection *c)
{
	return c->relay->gap_us > 0 || c->relay->config.smtp.per_hour > 0;
}

/* Signs a letter that was taken, where letters are signed.  False: the run has failed. */
static bool
sign(struct connection *c, struct queued_letter *o)
{
	const struct transport_settings *t = c->loop->queue->settings;
	struct err err = ERR_INIT;

	if (!t->signer || o->letter.head)
		return true;
	if (dkim_sign(t->signer, buf_text(&o->bytes), o->bytes.len, t->now,
		&c->loop->scratch, &o->head, &err)) {
		o->letter.head = &o->head;
		return true;
	}
	smtp_queue_fail(c->loop->queue, &err);
	return false;
}

/* Takes a letter into *o, which is NULL.  False when there is none, or the run has failed. */
static bool
take(struct connection *c, struct queued_letter **o)
{
	*o = c->spare ? c->spare : queued_letter_new();
	c->spare = NULL;
	if (!smtp_queue_take(c->loop->queue, c->relay, o)) {
		forget_letter(c, o);
		return false;
	}
	if (sign(c, *o))
		return true;
	smtp_queue_give_back(c->loop->queue, c->relay, o);
	return false;
}

/* The letter to send now, and the one after it unless there is a pace to keep. */
static bool
take_letters(struct connection *c)
{
	if (!c->letter) {
		c->letter = c->after;
		c->after = NULL;
	}
	if (!c->letter && !take(c, &c->letter))
		return false;
	/* Before there is a connection, one letter is enough to find out. */
	if (c->session && !is_paced(c) && !c->after)
		(void)take(c, &c->after);
	return true;
}

/* ---- states -------------------------------------------------------------------------- */

/*
 * Whatever a connection does ends with one of these.  The functions that take it further return
 * true when it may go on at once in its new state, false when something is waited for.
 */
static bool
rest(struct connection *c, int64_t ms)
{
	c->doing = RESTS;
	c->wake_ms = c->loop->now + (ms < SMTP_QUEUE_PAUSE_MS ? ms : SMTP_QUEUE_PAUSE_MS);
	return ms == 0;
}

static bool
end(struct connection *c)
{
	give_back_all(c);
	c->doing = ENDED;
	c->loop->left--;
	return false;
}

static void
forget_session(struct connection *c)
{
	/* Closing takes it out of the epoll. */
	smtp_session_close(c->session);
	c->session = NULL;
	c->known = false;
	c->watched = 0;
}

static bool
leave_session(struct connection *c)
{
	smtp_session_say_bye(c->session);
	c->since_ms = clock_rough_ms();
	c->doing = PARTS;
	return true;
}

static bool
go_on_parting(struct connection *c)
{
	if (!smtp_session_said_bye(c->session))
		return false;
	forget_session(c);
	return rest(c, 0);
}

/* ---- one letter ---------------------------------------------------------------------- */

static bool
begin_one(struct connection *c)
{
	const bool is_last = !c->after || takes_chunks(c) || c->after->letter.alone ||
	    c->letter->letter.alone || is_used_up(c, 1);

	c->ahead = is_last ? NULL : &c->after->letter;
	c->since_ms = clock_rough_ms();
	c->doing = SENDS;
	return true;
}

static bool
go_on_one(struct connection *c)
{
	struct smtp_queue *q = c->loop->queue;
	struct err err = ERR_INIT;
	const enum smtp_verdict next =
	    smtp_send(c->session, &c->letter->letter, c->ahead, &c->outcome, &err);

	if (next == SMTP_WAIT)
		return false;
	if (next == SMTP_GIVE_UP) {
		smtp_queue_close_relay(q, c->relay, &err);
		smtp_queue_give_back(q, c->relay, &c->letter);
	} else if (smtp_queue_answer(q, c->relay, &c->letter, &c->outcome,
		       next == SMTP_TRY_AGAIN, smtp_session_sent(c->session))) {
		forget_letter(c, &c->letter);
	}
	if (next != SMTP_NEXT_LETTER || is_used_up(c, 0))
		return leave_session(c);
	return rest(c, 0);
}

/* ---- a window of letters ------------------------------------------------------------- */

/* The letter that goes next over this session, or NULL; it is left in c->letter. */
static struct queued_letter *
next_for_window(struct connection *c)
{
	const struct window *x = &c->window;

	if (x->closed || x->count >= x->most || is_used_up(c, (int64_t)x->count))
		return NULL;
	if (!c->letter) {
		c->letter = c->after;
		c->after = NULL;
	}
	if (!c->letter && !take(c, &c->letter))
		return NULL;
	/* One that breaks connections has no other beside it. */
	return x->count > 0 && c->letter->letter.alone ? NULL : c->letter;
}

static void
fill_window(struct connection *c)
{
	struct window *x = &c->window;
	struct queued_letter *o = NULL;
	struct outcome outcome;

	while ((o = next_for_window(c)) != NULL) {
		if (!smtp_chunk_say(c->session, &o->letter, x->count > 0,
			&x->chunks[x->count], &outcome)) {
			(void)smtp_queue_answer(c->loop->queue, c->relay, &c->letter,
			    &outcome, false, 0);
			forget_letter(c, &c->letter);
			continue;
		}
		x->letters[x->count++] = o;
		c->letter = NULL;
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
lose_window(struct connection *c)
{
	struct window *x = &c->window;
	struct smtp_chunk chunk;
	struct outcome outcome;

	while (x->count > 0) {
		struct queued_letter *o = leave_window(x, &chunk);

		if (smtp_chunk_lost(c->session, &chunk, &outcome) == SMTP_END_SESSION) {
			smtp_queue_settle(c->loop->queue, o, &outcome);
			forget_letter(c, &o);
		} else {
			smtp_queue_give_back(c->loop->queue, c->relay, &o);
		}
	}
}

/* The verdict on the oldest letter. */
static void
take_verdict(struct connection *c, enum smtp_verdict next, const struct err *err)
{
	struct smtp_queue *q = c->loop->queue;
	struct window *x = &c->window;
	struct smtp_chunk chunk;
	struct queued_letter *o = leave_window(x, &chunk);

	if (next == SMTP_NEXT_LETTER && c->outcome.kind == OUTCOME_SENT &&
	    x->most < c->relay->window_most)
		x->most++;
	if (next != SMTP_NEXT_LETTER)
		x->closed = true;
	if (smtp_session_knows_no_chunks(c->session))
		c->relay->no_chunks = true;
	if (next == SMTP_GIVE_UP) {
		smtp_queue_close_relay(q, c->relay, err);
		smtp_queue_give_back(q, c->relay, &o);
	} else if (smtp_queue_answer(q, c->relay, &o, &c->outcome, next == SMTP_TRY_AGAIN,
		       smtp_session_sent(c->session))) {
		forget_letter(c, &o);
	}
	if (smtp_session_is_broken(c->session))
		lose_window(c);
}

static bool
begin_window(struct connection *c)
{
	struct window *x = &c->window;

	*x = (struct window){ .most = WINDOW_FIRST };
	if (x->most > c->relay->window_most)
		x->most = c->relay->window_most;
	c->since_ms = clock_rough_ms();
	c->doing = STREAMS;
	return true;
}

/* Letters one behind the other over an open session, as long as it lasts. */
static bool
go_on_window(struct connection *c)
{
	struct window *x = &c->window;

	for (;;) {
		struct err err = ERR_INIT;
		enum smtp_verdict next = SMTP_WAIT;

		/* Answers at hand first: then several letters leave in one call. */
		if (!smtp_session_is_busy(c->session) &&
		    (x->count == 0 || !smtp_line_has_more(line_of(c))))
			fill_window(c);
		if (x->count == 0)
			break;
		next = smtp_chunk_hear(c->session, &x->chunks[0], &c->outcome, &err);
		if (next == SMTP_WAIT)
			return false;
		take_verdict(c, next, &err);
	}
	if (x->closed || is_used_up(c, 0))
		return leave_session(c);
	return rest(c, 0);
}

/* ---- a session ----------------------------------------------------------------------- */

/* A login that is refused is tried once more when there is another secret by now. */
static void
open_session(struct connection *c)
{
	struct smtp_relay *r = c->relay;
	const char *secret = smtp_queue_secret(c->loop->queue, r);
	bool refused = false;

	c->trouble = (struct err)ERR_INIT;
	c->session = smtp_session_open(&r->server, secret, &refused, &c->trouble);
	if (c->session || !refused ||
	    !smtp_queue_fresh_secret(c->loop->queue, r, &secret))
		return;
	err_clear(&c->trouble);
	c->session = smtp_session_open(&r->server, secret, &refused, &c->trouble);
}

static void *
run_helper(void *arg)
{
	struct connection *c = arg;

	open_session(c);
	/* So few octets go at once or not at all, and there is room for all connections. */
	while (write(c->loop->done[1], &c, sizeof(c)) < 0 && errno == EINTR)
		continue;
	return NULL;
}

/*
 * The first goes step by step: a server that hangs up on us at once leaves none in doubt then.
 */
static bool
begin_letters(struct connection *c)
{
	if (!is_paced(c) && takes_chunks(c) && smtp_session_sent(c->session) > 0)
		return begin_window(c);
	return begin_one(c);
}

/* The helper is done. */
static bool
take_session(struct connection *c)
{
	bool one_less = false;

	if (c->session)
		return begin_letters(c);
	one_less = smtp_queue_lost_connection(c->loop->queue, c->relay, &c->counted,
	    &c->trouble);
	give_back_all(c);
	return one_less ? end(c) : rest(c, 0);
}

static bool
begin_session(struct connection *c)
{
	c->doing = CONNECTS;
	if (pthread_create(&c->helper, NULL, run_helper, c) == 0)
		return false;
	/* Without a thread to spare the others wait. */
	open_session(c);
	return take_session(c);
}

/* ---- a connection -------------------------------------------------------------------- */

static bool
go_on_resting(struct connection *c)
{
	struct smtp_queue *q = c->loop->queue;
	struct queued_letter **const held[] = { &c->letter, &c->after, NULL };
	int64_t ms = 0;

	if (smtp_queue_is_over(q)) {
		give_back_all(c);
		return c->session ? leave_session(c) : end(c);
	}
	ms = smtp_queue_turn(q, c->relay, &c->counted, held, c->loop->now);
	if (ms != 0)
		return rest(c, ms);
	/* None: all is settled, or the server is down, or others have what is left. */
	if (!take_letters(c)) {
		smtp_relay_return_turn(c->relay, c->loop->now);
		return rest(c, SMTP_QUEUE_PAUSE_MS);
	}
	return c->session ? begin_letters(c) : begin_session(c);
}

/* Its server is waited for. */
static bool
is_talking(const struct connection *c)
{
	return c->doing == SENDS || c->doing == STREAMS || c->doing == PARTS;
}

/* Tells epoll what a connection waits for. */
static void
watch(struct connection *c)
{
	const bool talks = is_talking(c);
	const unsigned wants = talks ? smtp_line_wants(line_of(c)) : 0;
	struct epoll_event e = { .data.ptr = c };
	const unsigned events = ((wants & LINE_WANTS_INPUT) ? (unsigned)EPOLLIN : 0u) |
	    ((wants & LINE_WANTS_ROOM) ? (unsigned)EPOLLOUT : 0u);
	int64_t patience = 0;

	if (!talks)
		return;
	patience = smtp_line_patience(line_of(c), c->since_ms, c->loop->now);
	if (c->loop->now + patience < c->loop->look_ms)
		c->loop->look_ms = c->loop->now + patience;
	if (c->known && c->watched == events)
		return;
	e.events = events;
	if (epoll_ctl(c->loop->epoll, c->known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD,
		smtp_line_fd(line_of(c)), &e) != 0)
		log_warn("smtp", "epoll: %s", strerror(errno));
	c->known = true;
	c->watched = events;
}

/* As far as it goes without waiting. */
static void
advance(struct connection *c)
{
	static bool (*const steps[])(struct connection * c) = {
		[RESTS] = go_on_resting,
		[CONNECTS] = take_session,
		[SENDS] = go_on_one,
		[STREAMS] = go_on_window,
		[PARTS] = go_on_parting,
	};

	c->loop->resting -= c->doing == RESTS;
	while (c->doing != ENDED && steps[c->doing](c))
		continue;
	c->loop->resting += c->doing == RESTS;
	watch(c);
}

/* A server says something, or is gone, and nobody listens: that is met with the next letter. */
static void
forget_watch(struct connection *c)
{
	(void)epoll_ctl(c->loop->epoll, EPOLL_CTL_DEL, smtp_line_fd(line_of(c)), NULL);
	c->known = false;
	c->watched = 0;
}

/* ---- the loop ------------------------------------------------------------------------ */

static void
take_helpers(struct loop *l)
{
	struct connection *c = NULL;

	while (read(l->done[0], &c, sizeof(c)) == (ssize_t)sizeof(c)) {
		(void)pthread_join(c->helper, NULL);
		advance(c);
	}
}

/* Those whose server has been silent, or at it, for too long. */
static void
look_at_patience(struct loop *l)
{
	l->look_ms = INT64_MAX;
	for (size_t i = 0; i < l->count; i++) {
		struct connection *c = &l->connections[i];

		if (!is_talking(c))
			continue;
		if (smtp_line_patience(line_of(c), c->since_ms, l->now) <= 0) {
			smtp_line_expire(line_of(c), l->now);
			c->since_ms = l->now;
			advance(c);
		} else {
			watch(c);
		}
	}
}

/* When somebody waits for the end, what is under way gets a while, and no more. */
static void
look_at_end(struct loop *l)
{
	const struct letter_source *src = l->queue->src;

	if (!src->hurry || !src->hurry(src->arg))
		return;
	if (l->end_ms == INT64_MAX)
		l->end_ms = l->now + l->queue->settings->grace_ms;
	if (l->now < l->end_ms)
		return;
	atomic_store(&l->queue->given_up, true);
	for (size_t i = 0; i < l->count; i++) {
		struct connection *c = &l->connections[i];

		if (!is_talking(c))
			continue;
		smtp_line_give_up(line_of(c));
		advance(c);
	}
}

/* All that rest and may find something to do; returns until when the others sleep. */
static int64_t
look_at_resting(struct loop *l)
{
	int64_t wake = INT64_MAX;
	uint64_t news = 0;

	do {
		const bool all = l->news != l->queue->news;

		news = l->news = l->queue->news;
		wake = INT64_MAX;
		for (size_t i = 0; l->resting > 0 && i < l->count; i++) {
			struct connection *c = &l->connections[i];

			if (c->doing == RESTS && (all || c->wake_ms <= l->now))
				advance(c);
			if (c->doing == RESTS && c->wake_ms < wake)
				wake = c->wake_ms;
		}
	} while (news != l->queue->news);
	return wake;
}

/* While an answer waited for the database nobody listened: that is no server's silence. */
static void
excuse(struct loop *l, int64_t ms)
{
	for (size_t i = 0; i < l->count; i++) {
		struct connection *c = &l->connections[i];

		if (!is_talking(c))
			continue;
		c->since_ms += ms;
		smtp_line_excuse(line_of(c), ms);
	}
}

static void
wait_for_events(struct loop *l, int64_t until)
{
	struct epoll_event events[EVENTS_MAX];
	const int64_t now = clock_ticks_ms();
	const int64_t ms = until - now;
	int n = 0;

	if (now - l->now >= DEAF_MS)
		excuse(l, now - l->now);
	n = epoll_wait(l->epoll, events, EVENTS_MAX,
	    ms < 0 ? 0 : (int)(ms < SMTP_QUEUE_PAUSE_MS ? ms : SMTP_QUEUE_PAUSE_MS));
	l->now = clock_ticks_ms();
	for (int i = 0; i < n; i++) {
		struct connection *c = events[i].data.ptr;

		if (!c) {
			take_helpers(l);
		} else if (c->doing == RESTS && c->known) {
			forget_watch(c);
		} else if (c->known) {
			smtp_line_ready(line_of(c));
			advance(c);
			/* Later than l->now, when an answer had to wait for the database. */
			c->since_ms = clock_rough_ms();
		}
	}
}

static bool
set_up_loop(struct loop *l, struct err *err)
{
	struct epoll_event e = { .events = EPOLLIN };

	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (l->epoll < 0 || pipe(l->done) != 0)
		return err_errno(err, "epoll");
	for (size_t i = 0; i < 2; i++)
		if (fcntl(l->done[i], F_SETFD, FD_CLOEXEC) != 0)
			return err_errno(err, "pipe");
	if (fcntl(l->done[0], F_SETFL, O_NONBLOCK) != 0 ||
	    epoll_ctl(l->epoll, EPOLL_CTL_ADD, l->done[0], &e) != 0)
		return err_errno(err, "epoll");
	return true;
}

/*
 * The first connection of each server, then the second of each: when there can be no more, each
 * has some.
 */
static void
add_connections(struct loop *l, size_t wanted)
{
	struct smtp_queue *q = l->queue;

	l->connections = xcalloc(wanted, sizeof(*l->connections));
	for (size_t round = 0; l->count < wanted; round++) {
		for (size_t i = 0; i < q->relay_count && l->count < wanted; i++) {
			if (round >= q->relays[i].connections)
				continue;
			l->connections[l->count].loop = l;
			l->connections[l->count++].relay = &q->relays[i];
		}
	}
	l->left = l->resting = l->count;
}

static void
clear_loop(struct loop *l)
{
	for (size_t i = 0; i < l->count; i++) {
		struct connection *c = &l->connections[i];

		smtp_session_close(c->session);
		queued_letter_free(c->letter);
		queued_letter_free(c->after);
		queued_letter_free(c->spare);
	}
	free(l->connections);
	buf_clear(&l->scratch);
	for (size_t i = 0; i < 2; i++)
		if (l->done[i] >= 0)
			(void)close(l->done[i]);
	if (l->epoll >= 0)
		(void)close(l->epoll);
}

bool
smtp_loop_run(struct smtp_queue *q, size_t connections, struct err *err)
{
	struct loop l = { .queue = q,
		.epoll = -1,
		.done = { -1, -1 },
		.scratch = BUF_INIT(2 * (size_t)LIMIT_LETTER),
		.look_ms = INT64_MAX,
		.end_ms = INT64_MAX };
	const bool ok = set_up_loop(&l, err);

	if (ok) {
		add_connections(&l, connections);
		l.now = clock_ticks_ms();
		l.news = q->news - 1;
	}
	while (ok && l.left > 0) {
		const int64_t wake = look_at_resting(&l);

		look_at_end(&l);
		if (l.now >= l.look_ms)
			look_at_patience(&l);
		if (l.left > 0)
			wait_for_events(&l, wake < l.look_ms ? wake : l.look_ms);
	}
	clear_loop(&l);
	return ok;
}

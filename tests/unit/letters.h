/* SPDX-License-Identifier: ISC */
/*
 * A source of letters for tests of transports: hands out a table, holds the transport to its
 * contract (each letter settled once, no call while another is under way) and keeps what
 * became of each.
 */
#ifndef TESTS_LETTERS_H
#define TESTS_LETTERS_H

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "transport/transport.h"

enum { LETTERS_MAX = 320 };

struct letters {
	const char *recipients[LETTERS_MAX];
	size_t count;
	const char *sender;
	size_t handed_out;
	size_t lines; /* so many more in each letter, some of which begin with a dot */
	size_t alone; /* letter number n goes alone; 0 = none */
	size_t stop_after;      /* 0 = never */
	size_t hurry_after;     /* 0 = never */
	size_t settle_fails_at; /* settle number n fails; 0 = never */
	size_t naps_every;      /* settle number n, 2n, ...: the store takes nap_ms */
	int64_t nap_ms;
	size_t settled;
	int settles[LETTERS_MAX];
	enum outcome_kind kinds[LETTERS_MAX];
	int codes[LETTERS_MAX];
	char status[LETTERS_MAX][16];
	char replies[LETTERS_MAX][600];
	char name[32];
	struct buf bytes;
	bool in_pieces; /* of modest and odd sizes, in memory of each letter's own */
	struct letter_pieces pieces[LETTERS_MAX];
	atomic_int inside;
	bool overlapped;
};

static void
letters_enter(struct letters *s)
{
	if (atomic_fetch_add(&s->inside, 1) != 0)
		s->overlapped = true;
}

/* Cut where it hurts: also between CR and LF, and before and behind a dot. */
static inline void
letters_cut(struct letters *s, size_t i)
{
	enum { PIECE = 37 };
	struct letter_pieces *p = &s->pieces[i];

	letter_pieces_init(p);
	buf_add(&p->own, s->bytes.data, s->bytes.len);
	p->list = calloc(s->bytes.len / PIECE + 1, sizeof(*p->list));
	p->len = s->bytes.len;
	p->may_stuff = true;
	for (size_t at = 0; at < p->len; at += p->list[p->count++].len)
		p->list[p->count] = (struct letter_piece){ p->own.data + at,
			p->len - at < PIECE ? p->len - at : PIECE };
}

static bool
letters_next(void *arg, struct letter *out, struct err *err)
{
	struct letters *s = arg;
	size_t i = s->handed_out;

	(void)err;
	letters_enter(s);
	if (i < s->count) {
		/* One buffer for all of them, as the real source has it. */
		buf_reset(&s->bytes);
		buf_addf(&s->bytes,
		    "To: %s\r\nSubject: letter %zu\r\n\r\n.Hello\r\n..\r\nFrom me\r\n",
		    s->recipients[i], i);
		for (size_t n = 0; n < s->lines; n++)
			buf_addf(&s->bytes, "%s%zu Lorem ipsum dolor sit amet\r\n",
			    n % 5 == 0 ? "." : "", n);
		if (s->in_pieces)
			letters_cut(s, i);
		(void)snprintf(s->name, sizeof(s->name), "2026-11-24-%zu", i);
		*out = (struct letter){ .sender = s->sender,
			.recipient = s->recipients[i],
			.name = s->name,
			.bytes = s->in_pieces ? NULL : &s->bytes,
			.pieces = s->in_pieces ? &s->pieces[i] : NULL,
			.alone = s->alone == i + 1,
			.owner = &s->recipients[i] };
		s->handed_out++;
	}
	atomic_fetch_sub(&s->inside, 1);
	return i < s->count;
}

static bool
letters_settle(void *arg, const struct letter *l, const struct outcome *o,
    struct err *err)
{
	struct letters *s = arg;
	size_t i = (size_t)((const char *const *)l->owner - s->recipients);
	bool ok = true;

	letters_enter(s);
	if (s->in_pieces)
		letter_pieces_clear(&s->pieces[i]);
	s->settles[i]++;
	s->kinds[i] = o->kind;
	s->codes[i] = o->code;
	(void)snprintf(s->status[i], sizeof(s->status[i]), "%s",
	    o->status ? o->status : "");
	(void)snprintf(s->replies[i], sizeof(s->replies[i]), "%s",
	    o->reply ? o->reply : "");
	s->settled++;
	if (s->naps_every > 0 && s->settled % s->naps_every == 0)
		clock_sleep_ms(s->nap_ms);
	if (s->settled == s->settle_fails_at)
		ok = err_set(err, ERR_STORE, "the store is full");
	atomic_fetch_sub(&s->inside, 1);
	return ok;
}

static bool
letters_stop(void *arg)
{
	struct letters *s = arg;

	return s->stop_after > 0 && s->handed_out >= s->stop_after;
}

static bool
letters_hurry(void *arg)
{
	struct letters *s = arg;

	return s->hurry_after > 0 && s->handed_out >= s->hurry_after;
}

static struct letter_source
letters_source(struct letters *s)
{
	return (struct letter_source){ letters_next, letters_settle, letters_stop, s,
		letters_hurry };
}

static void
letters_init(struct letters *s, const char *const *recipients, size_t count)
{
	memset(s, 0, sizeof(*s));
	buf_init(&s->bytes, 1 << 20);
	s->sender = "bounce@example.net";
	s->count = count;
	for (size_t i = 0; i < count; i++)
		s->recipients[i] = recipients[i];
}

/* NULL when the contract was kept, else what was broken. */
static const char *
letters_broken(const struct letters *s)
{
	if (s->overlapped)
		return "two calls at once";
	for (size_t i = 0; i < s->count; i++)
		if (s->settles[i] != (i < s->handed_out ? 1 : 0))
			return "a letter not settled exactly once";
	return NULL;
}

#endif

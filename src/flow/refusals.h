/* SPDX-License-Identifier: ISC */
/*
 * A circuit breaker: refusals are not believed before enough other letters went.  Pure.
 *
 * The last refusals are held back.  When the server refuses one letter after the other, it
 * means us and no reader: the send stops, and those letters wait as if nothing had been said.
 */
#ifndef FLOW_REFUSALS_H
#define FLOW_REFUSALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/model.h"
#include "transport/smtp_fault.h"
#include "transport/transport.h"

enum {
	REFUSALS_WINDOW = 50, /* half of so many answers refusals: stop */
	REFUSALS_ALIKE =
	    10,            /* in the same words, with no letter accepted between: stop */
	REFUSALS_OURS = 3, /* that speak of us, with no letter accepted between: stop */
	REFUSALS_WORDS = 512, /* octets kept of an answer */
	REFUSALS_PROOF = 10 /* letters accepted after one that spoke of us: it did not */
};

struct refusal {
	bool is_refusal; /* else the letter was accepted */
	struct delivery d;
	enum smtp_fault fault;
	const char *advice; /* the receiver means us for certain, or NULL */
	int64_t accepted;   /* letters of the run, when it came */
	char status[12];
	char reply[REFUSALS_WORDS];
};

/* Zeroed before use. */
struct refusals {
	struct refusal window[REFUSALS_WINDOW + 1];
	size_t count; /* answers so far */
	size_t ended; /* of them, those whose fate is told */
	size_t refused_in_window;
	int64_t accepted;
	int64_t
	    alike; /* in the same words, and those that speak of us, since the last accepted */
	int64_t ours;
	int64_t put_back;
	bool
	    accepted_before; /* set by the caller: earlier runs brought letters of these issues */
	bool stopped;
	char wording
	    [REFUSALS_WORDS]; /* of the last refusal, without digits and addresses */
	char words[REFUSALS_WORDS]; /* the server's, of the first that was put back */
	const char *advice;         /* of that one, or NULL: provider_refusals.h */
	int64_t waiting; /* letters that a receiver puts off for what it thinks of us */
	const char *waiting_advice; /* of the first of them */
};

/*
 * Notes the answer to a letter as it was handed out: accepted, or refused by a server.  True
 * when the fate of an older one is now known: *older has its state, refused or queued, and
 * texts that live until the next call.
 */
bool refusals_note(struct refusals *r, const struct delivery *d, const struct outcome *o,
    int64_t now, struct delivery *older);
/* Notes that a letter was put off: 4xx, which is told when a receiver means us. */
void refusals_note_wait(struct refusals *r, const struct outcome *o);
/* When the last answer was noted: the fates of those still held back, until false. */
bool refusals_next(struct refusals *r, int64_t now, struct delivery *older);
/* True, when letters were put back, with *err for people: ERR_HUMAN. */
bool refusals_say(const struct refusals *r, struct err *err);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * JOIN: somebody asks, the mailbox is asked whether it was them, and only its answer (a code, a
 * link, a reply) makes a reader.  Whoever asks learns nothing of who is on the list: every
 * address gives the same answer, by the same work.
 */
#ifndef FLOW_SUBSCRIBE_H
#define FLOW_SUBSCRIBE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "flow/reader_wishes.h"
#include "model/model.h"

struct run;

struct ask {
	const char *address;                /* passed address_check() */
	enum event_cause cause;             /* page, mail, command, list */
	const char *network;                /* as limits_network() writes it, or NULL */
	const struct reader_wishes *wishes; /* of somebody new; or NULL */
};
enum ask_answer {
	ASK_LOOK_AT_MAIL, /* whatever the address */
	ASK_TOO_MANY,     /* from this network */
	ASK_BY_MAIL_ONLY, /* of all together: the page mails nobody for a while */
	ASK_FULL          /* list.max_subscribers is reached */
};
/*
 * ERR_INPUT when a wish is not understood, ERR_CONFIG when a confirmation could not be
 * answered.  One commit, or part of the caller's.
 */
bool flow_ask(struct run *run, const struct ask *ask, enum ask_answer *answer,
    struct err *err) MUST_CHECK;

enum confirm_answer {
	CONFIRM_DONE,
	CONFIRM_ALREADY,  /* they read */
	CONFIRM_WRONG,    /* the code; tries_left more */
	CONFIRM_TOO_MANY, /* wrong codes: the link still works */
	CONFIRM_EXPIRED, /* a code after LIMIT_CODE_AGE, a link after list.confirm_within */
	CONFIRM_UNKNOWN /* to be shown as expired */
};
struct confirmation {
	enum confirm_answer answer;
	int tries_left;
	struct reader reader; /* id 0 when nobody was found; in run->arena */
};
/* What flow_confirm_token() would do; reads only. */
bool flow_confirm_look(struct run *run, const char *token, struct confirmation *out,
    struct err *err) MUST_CHECK;
/*
 * By the link or the reply: a token of scope TOKEN_CONFIRM.  Of somebody who left it takes the
 * leaving back, as long as list.forget_pending says; that is the way back in a goodbye.
 */
bool flow_confirm_token(struct run *run, const char *token, enum event_cause cause,
    struct confirmation *out, struct err *err) MUST_CHECK;
/* By the code, as typed: blanks in it do not count.  address passed address_check(). */
bool flow_confirm_code(struct run *run, const char *address, const char *code,
    enum event_cause cause, struct confirmation *out, struct err *err) MUST_CHECK;
/* A fresh letter in place of one whose link is too old, within the limits. */
bool flow_ask_again(struct run *run, const char *token, struct err *err) MUST_CHECK;
/* "I did not ask for this": what was asked is forgotten, and nobody can ask again for a year. */
bool flow_ask_refuse(struct run *run, const char *token, bool *known,
    struct err *err) MUST_CHECK;

struct asks_report {
	int64_t reminded, forgotten;
};
/* What time brings: reminders are queued, those who never answered are forgotten. */
bool flow_asks_tend(struct run *run, struct asks_report *report,
    struct err *err) MUST_CHECK;

#endif

/* SPDX-License-Identifier: ISC */
#include "flow/mail_in.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "flow/bounce_mail.h"
#include "flow/context.h"
#include "flow/join_limits.h"
#include "flow/leave.h"
#include "flow/letterhead.h"
#include "flow/mail_commands.h"
#include "flow/notice_letters.h"
#include "flow/reader_moves.h"
#include "flow/reader_wishes.h"
#include "flow/subscribe.h"
#include "list/subscription.h"
#include "list/token.h"
#include "mail/address.h"
#include "store/notes.h"
#include "store/notices.h"
#include "store/readers.h"
#include "store/transactions.h"

enum { HOLD_DAYS = 30 };

/* One message and what becomes of it. */
struct arrival {
	struct run *run;
	const struct incoming *m;
	struct mail_order order;
	const char *from; /* checked, or NULL */
	struct mail_result *out;
};

static bool
say(struct arrival *a, enum mail_outcome outcome, const char *what)
{
	a->out->outcome = outcome;
	a->out->what = what;
	return true;
}

/* ---- with a token ---- */

static bool
obey_confirm(struct arrival *a, struct err *err)
{
	struct confirmation c;

	if (!flow_confirm_token(a->run, a->order.token, CAUSE_MAIL, &c, err))
		return false;
	if (c.answer == CONFIRM_DONE)
		return say(a, MAIL_DONE, "confirmed");
	if (c.answer == CONFIRM_ALREADY)
		return say(a, MAIL_NOTHING, "reads already");
	if (c.answer == CONFIRM_EXPIRED && !flow_ask_again(a->run, a->order.token, err))
		return false;
	return say(a, c.answer == CONFIRM_EXPIRED ? MAIL_ANSWERED : MAIL_NOTHING,
	    "an old token");
}

static bool
obey_refuse(struct arrival *a, struct err *err)
{
	bool known = false;

	return flow_ask_refuse(a->run, a->order.token, &known, err) &&
	    say(a, known ? MAIL_DONE : MAIL_NOTHING,
		known ? "did not ask" : "a token that is none");
}

static bool
obey_leave(struct arrival *a, struct err *err)
{
	const enum leave_way way = a->order.by_letter ? LEAVE_MAILTO : LEAVE_MAIL;
	struct reader r;
	bool found = false;

	return flow_leave(a->run, a->order.token, way, &r, &found, err) &&
	    say(a, found ? MAIL_DONE : MAIL_NOTHING,
		found ? "left" : "a token that is none");
}

static bool
find_by_preferences(struct arrival *a, struct reader *r, bool *found, struct err *err)
{
	struct run *run = a->run;
	unsigned char key[HASH_SIZE];
	struct token token;

	*found = false;
	if (!store_key(run->store, key, err))
		return false;
	if (!token_check(key, TOKEN_PREFERENCES, a->order.token, &token) ||
	    token_has_run_out(&token, run->now))
		return true;
	if (!store_reader_get(run->store, run->arena, token.reader, r, found, err))
		return false;
	*found = *found && r->address && r->epoch == token.epoch &&
	    subscription_reads(r->state);
	return true;
}

/* Other wishes: what the command asks for is in *r already. */
static bool
move_and_tell(struct arrival *a, struct reader *r, enum reader_event event,
    const char *detail, struct err *err)
{
	const struct reader_move move = { event, CAUSE_MAIL, NULL, detail };
	const struct notice_order told = { .kind = NOTICE_DONE,
		.reader = r,
		.asked = TIME_NONE,
		.command = a->order.command };

	return flow_reader_move(a->run, r, &move, err) &&
	    flow_notice_queue(a->run, &told, err) &&
	    say(a, MAIL_DONE, mail_command_word(a->order.command));
}

static bool
obey_wish(struct arrival *a, struct err *err)
{
	const bool weekly = a->order.command == MAIL_WEEKLY;
	const struct reader_wishes wishes = { .rhythm = weekly ? "weekly" : "daily" };
	struct reader r;
	bool found = false;

	if (!find_by_preferences(a, &r, &found, err))
		return false;
	if (!found)
		return say(a, MAIL_NOTHING, "a token that is none");
	if (a->order.command == MAIL_HOLD) {
		r.hold_until = a->run->now + HOLD_DAYS * INT64_C(86400);
		r.hold_skip = false;
		return move_and_tell(a, &r, EVENT_HOLD, "30 days", err);
	}
	return flow_wishes_apply(a->run, a->run->arena, &wishes, &r, err) &&
	    move_and_tell(a, &r, EVENT_EDIT, wishes.rhythm, err);
}

static bool
obey_token(struct arrival *a, struct err *err)
{
	switch (a->order.command) {
	case MAIL_CONFIRM:
		return obey_confirm(a, err);
	case MAIL_REFUSE:
		return obey_refuse(a, err);
	case MAIL_UNSUBSCRIBE:
		return obey_leave(a, err);
	case MAIL_HOLD:
	case MAIL_WEEKLY:
	case MAIL_DAILY:
		return obey_wish(a, err);
	case MAIL_SUBSCRIBE:
	case MAIL_HELP:
	case MAIL_COMMANDS:
		break;
	}
	return say(a, MAIL_NOTHING, "a token that is none");
}

/* ---- without one ---- */

/* Somebody who reads is asked whether it was them; others are told how it works. */
static bool
answer(struct arrival *a, struct err *err)
{
	struct run *run = a->run;
	struct notice_order o = { .kind = NOTICE_HELP,
		.address = a->from,
		.asked = TIME_NONE,
		.command = a->order.command };
	struct reader r;
	bool found = false;

	if (!store_reader_find(run->store, run->arena, address_key(run->arena, a->from),
		&r, &found, err))
		return false;
	if (found && r.state != READER_PENDING && !subscription_has_ended(r.state) &&
	    a->order.command != MAIL_HELP) {
		o.kind = NOTICE_REQUEST;
		o.reader = &r;
		o.address = NULL;
	}
	return flow_notice_queue(run, &o, err);
}

static bool
answer_within_limits(struct arrival *a, struct err *err)
{
	bool may = false;

	return join_may_answer(a->run, a->from, &may, err) && (!may || answer(a, err)) &&
	    say(a, MAIL_ANSWERED,
		may ? mail_command_word(a->order.command) : "beyond the limits");
}

static bool
obey_ask(struct arrival *a, struct err *err)
{
	const struct ask ask = { a->from, CAUSE_MAIL, NULL, NULL };
	enum ask_answer ignored = ASK_LOOK_AT_MAIL;

	return flow_ask(a->run, &ask, &ignored, err) &&
	    say(a, MAIL_ANSWERED, "subscribe");
}

/* Only From is at hand, and anybody can write that: nobody moves. */
static bool
obey_word(struct arrival *a, struct err *err)
{
	if (!a->from || mail_seems_forged(a->m))
		return say(a, MAIL_NOTHING, "a sender that is none");
	return a->order.command == MAIL_SUBSCRIBE ? obey_ask(a, err)
						  : answer_within_limits(a, err);
}

/* ---- the whole ---- */

static bool
act(struct arrival *a, struct err *err)
{
	struct run *run = a->run;
	struct letterhead head;
	const char *robot = NULL;
	struct err none = ERR_INIT;

	if (!letterhead_now(run, run->now, &head, err))
		return false;
	robot = mail_is_no_person(a->m, head.common.list_id, head.common.from.address,
	    run->config->list.command_address);
	a->order = mail_order_of(run->arena, run->config->list.command_address, a->m);
	/* Mail programs answer List-Unsubscribe by themselves: its token is enough. */
	if (robot && !(a->order.by_letter && a->order.token))
		return say(a, MAIL_NOTHING, robot);
	if (a->order.is_bounce_address)
		return say(a, MAIL_NOTHING, "an answer to where bounces go");
	if (a->order.has_unknown_tag && a->order.command == MAIL_COMMANDS)
		return say(a, MAIL_NO_USER, "an address that is none");
	if (a->order.command == MAIL_COMMANDS)
		return mail_is_to_nobody(a->m)
		    ? say(a, MAIL_NOTHING, "to an address nobody reads")
		    : say(a, MAIL_NOT_UNDERSTOOD, "no command");
	if (*a->m->from == '\0' ||
	    !address_check(run->arena, a->m->from, &a->from, &none))
		a->from = NULL;
	return a->order.token ? obey_token(a, err) : obey_word(a, err);
}

static bool
take_bounce(struct arrival *a, struct err *err)
{
	static const char *const words[] = {
		[BOUNCE_OF_NOBODY] = "a bounce of nobody's letter",
		[BOUNCE_KNOWN] = "a bounce that is known",
		[BOUNCE_COUNTED] = "a bounce, counted",
		[BOUNCE_STOPPED] = "a bounce, letters stop",
		[BOUNCE_REMOVED] = "a bounce, removed",
		[BOUNCE_IN_STORM] = "a bounce in a storm",
		[BOUNCE_OF_OURS] = "a bounce that is no reader's fault",
	};
	enum bounce_effect effect = BOUNCE_OF_NOBODY;

	return flow_bounce_mail(a->run, a->m, &effect, err) &&
	    say(a, effect == BOUNCE_OF_NOBODY ? MAIL_NOTHING : MAIL_BOUNCED,
		words[effect]);
}

static bool
act_on_kind(struct arrival *a, struct err *err)
{
	switch (a->m->kind) {
	case INCOMING_COMMAND:
		break;
	case INCOMING_NOTHING:
		return say(a,
		    a->m->why == WHY_NOT_UNDERSTOOD ? MAIL_NOT_UNDERSTOOD : MAIL_NOTHING,
		    "nothing to do");
	case INCOMING_BOUNCE:
	case INCOMING_COMPLAINT:
		return take_bounce(a, err);
	}
	if (!*a->run->config->list.command_address)
		return say(a, MAIL_NO_COMMANDS, "no command address is set");
	return act(a, err);
}

/* ---- counting ---- */

static const char *const count_notes[] = {
	[MAIL_DONE] = "mail.done",
	[MAIL_ANSWERED] = "mail.answered",
	[MAIL_BOUNCED] = "mail.bounced",
	[MAIL_NOTHING] = "mail.nothing",
	[MAIL_NOT_UNDERSTOOD] = "mail.not_understood",
	[MAIL_NO_USER] = "mail.no_user",
	[MAIL_NO_COMMANDS] = "mail.no_commands",
};

bool
flow_mail_counts(struct run *run, int64_t by_outcome[MAIL_NO_COMMANDS + 1],
    struct err *err)
{
	for (int i = 0; i <= MAIL_NO_COMMANDS; i++) {
		by_outcome[i] = 0;
		if (!store_note_number(run->store, count_notes[i], &by_outcome[i], err))
			return false;
	}
	return true;
}

bool
flow_mail_in(struct run *run, const struct incoming *m, struct mail_result *out,
    struct err *err)
{
	struct arrival a = { .run = run, .m = m, .out = out };
	int64_t before = 0;
	int64_t after = 0;
	bool ok = false;

	*out = (struct mail_result){ MAIL_NOTHING, "", false };
	ok = store_scope_begin(run->store, err) &&
	    store_scope_end(run->store,
		store_notices_waiting(run->store, &before, err) && act_on_kind(&a, err) &&
		    store_notices_waiting(run->store, &after, err) &&
		    store_note_count(run->store, count_notes[out->outcome], err),
		err);
	out->has_notice = ok && after > before;
	return ok;
}

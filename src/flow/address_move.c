/* SPDX-License-Identifier: ISC */
#include "flow/address_move.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "flow/context.h"
#include "flow/join_limits.h"
#include "flow/notice_letters.h"
#include "flow/reader_moves.h"
#include "list/subscription.h"
#include "mail/address.h"
#include "store/asks.h"
#include "store/bounce_log.h"
#include "store/new_address.h"
#include "store/reader_history.h"
#include "store/readers.h"
#include "store/transactions.h"

enum { DAY = 86400 };

static const char asked_detail[] = "asked for a new address";

static bool
reads(const struct reader *r)
{
	return subscription_reads(r->state) || r->state == READER_BOUNCED;
}

/* The first 28 bits: as many as the issue of a token holds. */
static int64_t
number_of(const unsigned char hash[HASH_SIZE])
{
	return (int64_t)hash[0] << 20 | (int64_t)hash[1] << 12 | (int64_t)hash[2] << 4 |
	    hash[3] >> 4;
}

bool
flow_address_number(struct run *run, const struct new_address *n, int64_t *number,
    struct err *err)
{
	unsigned char hash[HASH_SIZE];

	if (!store_address_hash(run->store, n->address_key, hash, err))
		return false;
	*number = number_of(hash);
	return true;
}

/* ---- asking ---- */

static bool
note_ask(struct run *run, const struct reader *r, const char *evidence, struct err *err)
{
	const struct reader_event_line line = { .at = run->now,
		.event = EVENT_EDIT,
		.cause = CAUSE_PAGE,
		.state = r->state,
		.evidence = evidence,
		.detail = asked_detail };

	return store_history_add(run->store, r->id, &line, err);
}

/* The mailbox is asked; one that gets the letter already is told so. */
static bool
write_to(struct run *run, const struct reader *r, const struct new_address *n,
    int64_t number, const char *network, struct err *err)
{
	struct notice_order o = { .kind = NOTICE_ADDRESS,
		.reader = r,
		.address = n->address,
		.number = number,
		.asked = run->now,
		.network = network };
	struct reader other;
	bool found = false;

	if (!store_reader_find(run->store, run->arena, n->address_key, &other, &found,
		err))
		return false;
	if (found && reads(&other)) {
		o.kind = NOTICE_KNOWN;
		o.reader = &other;
		o.address = NULL;
		o.number = 0;
	}
	return flow_notice_queue(run, &o, err);
}

/*
 * The row is what the page shows, which is the same whether a letter went or not: nobody is told
 * who was asked lately or wants no letters.  No link opens the row of an ask that was not
 * mailed, since a link is of its mailbox.  Such an ask leaves the link of one to the same
 * mailbox that was as it is.
 */
static bool
put_row(struct run *run, const struct new_address *n, bool mailed, struct err *err)
{
	struct new_address before;
	bool found = false;

	if (!store_new_address_get(run->store, run->arena, n->reader_id, &before, &found,
		err))
		return false;
	return (!mailed && found && strcmp(before.address_key, n->address_key) == 0) ||
	    store_new_address_put(run->store, n, err);
}

static bool
ask(struct run *run, const struct reader *r, const char *address, const char *network,
    struct err *err)
{
	unsigned char hash[HASH_SIZE];
	char at[CLOCK_TEXT];
	struct ask_log_line line = { run->now, CAUSE_RUN, LETTER_NONE, hash, NULL };
	struct new_address n = { .reader_id = r->id,
		.address = address,
		.address_key = address_key(run->arena, address),
		.asked = run->now };
	bool may = false;

	n.evidence = arena_printf(run->arena, "page %s%s%s", clock_rfc3339(run->now, at),
	    network ? " from " : "", network ? network : "");
	if (!store_address_hash(run->store, n.address_key, hash, err) ||
	    !join_may_mail(run, address, hash, &may, err))
		return false;
	line.letter = may ? LETTER_ASKED : LETTER_NONE;
	return put_row(run, &n, may, err) && note_ask(run, r, n.evidence, err) &&
	    store_ask_log(run->store, &line, err) &&
	    (!may || write_to(run, r, &n, number_of(hash), network, err));
}

bool
flow_address_ask(struct run *run, const struct reader *r, const char *address,
    const char *network, struct err *err)
{
	int64_t asked = 0;

	return store_scope_begin(run->store, err) &&
	    store_scope_end(run->store,
		store_history_count_of(run->store, r->id, asked_detail, run->now - DAY,
		    &asked, err) &&
		    (asked >= LIMIT_NEW_ADDRESSES || ask(run, r, address, network, err)),
		err);
}

/* ---- answering ---- */

/* Whether the token is of the ask that is stored: of the same minute and the same mailbox. */
static bool
is_of(const struct token *token, const struct new_address *n, int64_t number)
{
	return token->made <= n->asked && n->asked - token->made < 60 &&
	    token->issue == number;
}

bool
flow_address_look(struct run *run, const struct token *token, struct address_move *out,
    struct err *err)
{
	struct new_address n;
	struct reader other;
	bool found = false;
	bool taken = false;
	int64_t number = 0;

	memset(out, 0, sizeof(*out));
	out->answer = ADDRESS_EXPIRED;
	if (!store_reader_get(run->store, run->arena, token->reader, &out->reader, &found,
		err))
		return false;
	if (!found || !out->reader.address || out->reader.epoch != token->epoch ||
	    !reads(&out->reader)) {
		out->reader.address = NULL;
		return true;
	}
	if (!store_new_address_get(run->store, run->arena, token->reader, &n, &found,
		err))
		return false;
	if (found && !flow_address_number(run, &n, &number, err))
		return false;
	if (!found || !is_of(token, &n, number) ||
	    run->now - n.asked > run->config->list.confirm_within)
		return true;
	if (!store_reader_find(run->store, run->arena, n.address_key, &other, &taken,
		err))
		return false;
	out->address = n.address;
	out->evidence = n.evidence;
	out->answer = taken && other.id != token->reader && reads(&other) ? ADDRESS_TAKEN
									  : ADDRESS_MOVES;
	return true;
}

/*
 * Whoever left or never confirmed at that address answers now that they want to read there:
 * their former row makes room.
 */
static bool
make_room(struct run *run, const struct reader *r, const char *key, struct err *err)
{
	struct reader other;
	bool found = false;

	if (!store_reader_find(run->store, run->arena, key, &other, &found, err))
		return false;
	return !found || other.id == r->id ||
	    store_reader_forget(run->store, other.id, err);
}

static bool
tell_old_address(struct run *run, const struct reader *r, const char *old,
    struct err *err)
{
	const struct notice_order o = { .kind = NOTICE_MOVED,
		.reader = r,
		.address = old,
		.asked = TIME_NONE,
		.new_address = address_veiled(run->arena, r->address) };

	return flow_notice_queue(run, &o, err);
}

static bool
move(struct run *run, struct address_move *m, struct err *err)
{
	char at[CLOCK_TEXT];
	struct reader *r = &m->reader;
	const char *old = r->address;
	const char *key = address_key(run->arena, m->address);
	const char *evidence = arena_printf(run->arena, "%s; confirmed by link %s",
	    m->evidence ? m->evidence : "asked", clock_rfc3339(run->now, at));
	const struct reader_move edit = { EVENT_EDIT, CAUSE_PAGE, evidence,
		"new address" };
	const struct reader_move resume = { EVENT_RESUME, CAUSE_PAGE, NULL, NULL };

	if (!make_room(run, r, key, err))
		return false;
	r->address = m->address;
	r->address_key = key;
	r->soft_bounces = 0;
	r->epoch++;
	return flow_reader_move(run, r, &edit, err) &&
	    (r->state != READER_BOUNCED || flow_reader_move(run, r, &resume, err)) &&
	    store_bounces_forget(run->store, r->id, err) &&
	    store_new_address_end(run->store, r->id, err) &&
	    tell_old_address(run, r, old, err);
}

bool
flow_address_confirm(struct run *run, const struct token *token, struct address_move *out,
    struct err *err)
{
	return store_scope_begin(run->store, err) &&
	    store_scope_end(run->store,
		flow_address_look(run, token, out, err) &&
		    (out->answer != ADDRESS_MOVES || move(run, out, err)),
		err);
}

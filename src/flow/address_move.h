/* SPDX-License-Identifier: ISC */
/*
 * A reader's new address: asked for on the page of preferences, answered from the new mailbox,
 * told to the old one.  Whoever asks learns nothing of whether the new one is on the list.
 */
#ifndef FLOW_ADDRESS_MOVE_H
#define FLOW_ADDRESS_MOVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "list/token.h"
#include "model/model.h"

struct new_address;
struct run;

/*
 * Mails a link to the new address, within the limits of strangers' asks; beyond them, and for a
 * mailbox that reads already, whoever asked sees no difference, and no link confirms it.  Beyond
 * LIMIT_NEW_ADDRESSES a day for one reader nothing at all is written.  address passed
 * address_check(); network as limits_network() writes it, or NULL.
 * The letters go on to the old one.  In one commit, or the caller's.
 */
bool flow_address_ask(struct run *run, const struct reader *r, const char *address,
    const char *network, struct err *err) MUST_CHECK;

/*
 * What binds a link to the mailbox it was mailed to: 28 bits of the address's keyed hash, which
 * stand as the issue of its token.
 */
bool flow_address_number(struct run *run, const struct new_address *n, int64_t *number,
    struct err *err) MUST_CHECK;

enum address_answer {
	ADDRESS_MOVES,  /* it does, or would */
	ADDRESS_TAKEN,  /* somebody reads there meanwhile */
	ADDRESS_EXPIRED /* too old, answered already, or asked for again since */
};
struct address_move {
	enum address_answer answer;
	struct reader reader; /* address NULL when nobody was found; in run->arena */
	const char *address;  /* the new one */
	const char *evidence;
};
/* What flow_address_confirm() would do; reads only.  token: checked, of TOKEN_ADDRESS. */
bool flow_address_look(struct run *run, const struct token *token,
    struct address_move *out, struct err *err) MUST_CHECK;
/*
 * Letters come to the new address from now on, those that wait too, and old links to choose
 * die; links to leave never do.  Who was bounced reads again.
 */
bool flow_address_confirm(struct run *run, const struct token *token,
    struct address_move *out, struct err *err) MUST_CHECK;

#endif

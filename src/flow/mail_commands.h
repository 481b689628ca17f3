/* SPDX-License-Identifier: ISC */
/*
 * Which command a message is: by the address it came to (planet+hold@...,
 * planet+confirm-TOKEN@...), else by the first word of its subject or of its text.  In the subject
 * of an answer ("Re: unsubscribe") only leaving counts, alone.  Pure.
 */
#ifndef FLOW_MAIL_COMMANDS_H
#define FLOW_MAIL_COMMANDS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "flow/notice_letters.h"
#include "mail/incoming.h"

struct mail_order {
	enum mail_command command; /* MAIL_COMMANDS: none */
	const char *token; /* of the address or the subject, or NULL; not checked */
	bool by_letter; /* the token stands where the letters' List-Unsubscribe puts it */
	bool is_bounce_address; /* it came to an envelope sender of ours */
	bool
	    has_unknown_tag; /* the address has something behind the plus that is nothing */
};
/* command_address: as in [list]; in a. */
struct mail_order mail_order_of(struct arena *a, const char *command_address,
    const struct incoming *m) MUST_CHECK;

/*
 * Why nothing is done for such a message, as people are told; NULL when it may be obeyed.  RFC
 * 3834: loops, answers of programs, bulk, lists, and our own letters.  own_list_id, own_address:
 * the newsletter's.
 */
const char *mail_is_no_person(const struct incoming *m, const char *own_list_id,
    const char *own_address, const char *command_address);
/* True for mail to an address that says of itself that nobody reads it ("no-reply@"). */
bool mail_is_to_nobody(const struct incoming *m);
/*
 * True when the envelope speaks against From: then a letter to From would go to somebody who
 * wrote nothing.  Their domains must be one, or one within the other.
 */
bool mail_seems_forged(const struct incoming *m);

#endif

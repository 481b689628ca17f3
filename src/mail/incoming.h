/* SPDX-License-Identifier: ISC */
/*
 * Strangers' mail as a value: what one message that arrived says, and nothing about what is to
 * be done.  All texts are clean UTF-8 of one line, never NULL ("" = not there).  Nothing in it
 * is proof: From is whatever the writer liked, and only a token that token_check() accepts
 * speaks for a reader.
 *
 * incoming_parse() uses libetpan on bytes from outside: the program calls it in the confined
 * child of mail/incoming_reader.h alone; tests and fuzzers may call it themselves.
 */
#ifndef MAIL_INCOMING_H
#define MAIL_INCOMING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum incoming_kind {
	INCOMING_NOTHING,  /* nobody has to do anything: why says what it is */
	INCOMING_COMMAND,  /* a person may have written it: it may be a command */
	INCOMING_BOUNCE,   /* at least one recipient is hard or soft */
	INCOMING_COMPLAINT /* somebody pressed "spam" (RFC 5965, JMRP) */
};

/* What a message of INCOMING_NOTHING is. */
enum incoming_why {
	WHY_NONE,
	WHY_EMPTY,          /* no header that could be read */
	WHY_NOT_UNDERSTOOD, /* its reader died, hung or lied; or it claims to be a report */
	WHY_AUTO_REPLY, /* a vacation, "we got your message", a receipt (RFC 3834, 8098) */
	WHY_CHALLENGE, /* "prove that you are human": sending is not our reader's fault */
	WHY_BULK,      /* a mailing list's, or mail to many */
	WHY_DELAYED,   /* not yet delivered, still tried: no bounce */
	WHY_DELIVERED, /* a report of success (delivered, relayed, expanded) */
	WHY_OTHER_REPORT /* about other things: TLS, DMARC, "not spam" */
};

enum bounce_class {
	BOUNCE_NONE,  /* delivered, relayed, expanded */
	BOUNCE_DELAY, /* still tried */
	BOUNCE_SOFT,  /* full, policy, our fault, not known: may end */
	BOUNCE_HARD   /* there is no such mailbox, or no such domain */
};

struct incoming_recipient {
	const char *address; /* as the report names it; "" when it names none */
	enum bounce_class class;
	int code;           /* SMTP reply, 550; 0 = none was found */
	const char *status; /* RFC 3463, "5.1.1" */
	const char *action; /* RFC 3464: failed, delayed, delivered, relayed, expanded */
	const char *diagnostic; /* the server's words */
};

/* Where a word that looks like a token of list/token.h stood. */
enum token_place {
	PLACE_ENVELOPE, /* Delivered-To, X-Original-To, Envelope-To: written by our server */
	PLACE_TO,       /* To, Cc */
	PLACE_SUBJECT,
	PLACE_REPLY, /* In-Reply-To, References */
	PLACE_BODY,  /* the first lines that the writer wrote */
	PLACE_ORIGINAL /* the header of our letter inside a report, or its rest in the text */
};
struct incoming_token {
	enum token_place place;
	const char *text;   /* lower case; its form alone was looked at */
	const char *before; /* the word in front of it: "b-", "leave-", "/u/", "" */
};

/* Our letter that a report is about, as far as the report quotes its header. */
struct incoming_original {
	const char *message_id; /* without brackets */
	const char *list_id;    /* without brackets */
	const char *to;
	const char *return_path;
};

struct incoming {
	enum incoming_kind kind;
	enum incoming_why why;
	const struct incoming_recipient *recipients; /* of reports and complaints */
	size_t recipient_count;
	const struct incoming_token *tokens; /* best places first, each text once */
	size_t token_count;

	/* Addresses it came to, as written: those of the envelope, then those of To and Cc. */
	const char *const *envelope_to;
	size_t envelope_to_count;
	const char *const *to;
	size_t to_count;
	const char *from;        /* the first address of From, lower-case domain */
	const char *reply_to;    /* the first address of Reply-To */
	const char *return_path; /* "" also when there is none: see has_null_sender */
	const char *message_id;  /* without brackets */
	const char *list_id;     /* without brackets: ours is a loop */
	const char *loop;        /* X-Loop */
	const char *subject;     /* decoded */
	const char *words; /* the first line somebody wrote: no quoted or empty one */

	/* RFC 3834: who gets no answer. */
	bool has_null_sender; /* Return-Path: <> */
	bool is_auto;    /* Auto-Submitted other than "no", X-Auto..., and the like */
	bool is_list;    /* List-Id, List-Unsubscribe, List-Post, Mailing-List */
	bool is_bulk;    /* Precedence: bulk, junk, list */
	bool from_robot; /* mailer-daemon@, postmaster@, no-reply@, *-request@, owner-* */
	bool is_marked_spam;   /* X-Spam-Flag: YES */
	size_t received_count; /* Received fields: a loop has many */

	struct incoming_original original;
};

/*
 * Reads one message (RFC 5322, any line ends, an mbox From_ line or none).  Never fails: what
 * cannot be read is INCOMING_NOTHING.  At most LIMIT_INCOMING_READ bytes are looked at.
 * Everything lives in a.
 */
void incoming_parse(struct arena *a, const char *bytes, size_t len, struct incoming *out);

#endif

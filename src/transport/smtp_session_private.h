/* SPDX-License-Identifier: ISC */
/* The inside of a session, shared by what opens it, logs in and sends letters over it. */
#ifndef TRANSPORT_SMTP_SESSION_PRIVATE_H
#define TRANSPORT_SMTP_SESSION_PRIVATE_H

#include "base/arena.h"
#include "base/buf.h"
#include "transport/smtp_session.h"
#include "transport/smtp_line.h"
#include "transport/transport.h"

enum smtp_step { STEP_RESET, STEP_MAIL, STEP_RCPT, STEP_DATA, STEP_COUNT };

/* The answers to an envelope. */
struct smtp_envelope {
	bool reset;            /* RSET goes before it */
	enum smtp_step failed; /* STEP_COUNT: none */
	int failed_code;
	bool data_open; /* 354 was said */
};

/* What is waited for of the letter that is being sent. */
enum smtp_phase {
	PHASE_NONE,
	PHASE_ENVELOPE,   /* its answers, `step` next */
	PHASE_EMPTY_DATA, /* the answer to a dot for nobody */
	PHASE_MESSAGE,    /* that it is out */
	PHASE_DOT,        /* its answer */
	PHASE_LAST_WORDS, /* what the server said before it broke off */
	PHASE_ENDED,      /* what of a letter that is out can have reached the server */
	PHASE_CHUNK_OUT,
	PHASE_CHUNK_ENVELOPE,
	PHASE_CHUNK
};

struct smtp_session {
	const struct smtp_server *server;
	struct smtp_line *line;
	struct smtp_reply reply;
	struct arena *arena; /* for one exchange */
	struct buf words;    /* what an outcome borrows */
	char status[12];
	enum outcome_stage stage; /* of what is being asked */
	enum smtp_phase phase;
	enum smtp_step step;
	bool asked; /* the command of that step was said */
	struct smtp_envelope envelope;
	uint64_t message_end; /* octets of the connection, when the final dot is out */

	bool pipelining;
	bool size;
	bool utf8;
	bool eight_bit;
	bool chunking;
	bool dsn;
	int64_t
	    mail_max; /* MAIL that it hears of a connection (RFC 9422), 0 = not said */
	int64_t size_max; /* 0 = not said */
	const char *auth; /* mechanisms, or NULL; of the last EHLO, until the next one */
	bool starttls;

	bool in_transaction;  /* MAIL stands, and RSET must go before the next one */
	bool said_ahead;      /* the next letter's envelope went with the last letter */
	bool knows_no_chunks; /* though it offered them */
	bool broken;          /* no good-bye */
	bool parting;         /* QUIT was said */
	int64_t sent;
	int64_t mails; /* MAIL that was said */
};

/* A new exchange: never silent for longer than smtp.timeout, nor twice as long in all. */
void smtp_session_begin(struct smtp_session *s);
/*
 * Sends a command and reads the reply; secret: not shown in the log.  False when the connection
 * is lost: s->broken.
 */
bool smtp_session_exchange(struct smtp_session *s, bool secret, const char *line);
/* Always false, with *err: "NAME doing" and what it answered, or why there is no answer. */
bool smtp_session_fail(struct smtp_session *s, enum outcome_stage stage,
    const char *doing, struct err *err);

#endif

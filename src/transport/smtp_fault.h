/* SPDX-License-Identifier: ISC */
/*
 * Whose fault an answer of a mail server is: pure, by the stage it came at, its code, its
 * enhanced status code (RFC 3463) and, where both say too little, its words.
 */
#ifndef TRANSPORT_SMTP_FAULT_H
#define TRANSPORT_SMTP_FAULT_H

#include "transport/transport.h"

enum smtp_fault {
	FAULT_NONE,    /* no refusal */
	FAULT_MAILBOX, /* the reader's: gone, full, closed */
	FAULT_LETTER,  /* this letter's: too large, in a form the server cannot take */
	FAULT_OURS,    /* every letter of ours would meet the same */
	FAULT_SERVER,  /* the server cannot now, whoever asks */
	FAULT_OPEN     /* the answer does not tell */
};

/*
 * code: 400 to 599; status: enhanced status code, NULL or "" when there was none; words: the
 * whole answer as one line, or NULL.
 */
enum smtp_fault smtp_fault(enum outcome_stage stage, int code, const char *status,
    const char *words);

#endif

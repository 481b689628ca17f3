/* SPDX-License-Identifier: ISC */
/*
 * What the large receivers mean by their refusals, and what the keeper can do: pure.
 *
 * Gmail, Outlook, Yahoo, GMX, WEB.DE, Apple and the common block lists refuse senders by codes
 * of their own.  What stands in the table is about us: our machine's name, our records in the
 * DNS, our signature, our pace, our account.  It is no reader's fault.
 */
#ifndef TRANSPORT_PROVIDER_REFUSALS_H
#define TRANSPORT_PROVIDER_REFUSALS_H

#include "transport/transport.h"

/*
 * One sentence, what it means and what to do, or NULL when the answer is none of them.  code:
 * 400 to 599; status: enhanced status code, NULL or "" when there was none; words: the answer as
 * one line, or NULL.  The text is constant.
 */
const char *provider_refusal(enum outcome_stage stage, int code, const char *status,
    const char *words);

#endif

/* SPDX-License-Identifier: ISC */
/* Mail that came in and was not understood, kept for the keeper. */
#ifndef FLOW_MAIL_QUARANTINE_H
#define FLOW_MAIL_QUARANTINE_H

#include <stddef.h>

struct run;

/*
 * Keeps a message under quarantine_path of the run, the newest LIMIT_QUARANTINE of them.  What
 * cannot be kept is logged: the message is dealt with all the same.
 */
void mail_quarantine(struct run *run, const char *bytes, size_t len);

#endif

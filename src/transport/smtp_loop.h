/* SPDX-License-Identifier: ISC */
/*
 * All connections of a send, in one thread that waits for all of them at once: none waits for
 * another's server.  Only making a connection (name, TCP, TLS, greeting, login) may take its
 * time, in a helper thread of its own.
 */
#ifndef TRANSPORT_SMTP_LOOP_H
#define TRANSPORT_SMTP_LOOP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "transport/smtp_queue.h"

/*
 * Sends over so many connections, of each server as many as it may have, until the queue is
 * over.  What went wrong on the way is in the queue; false only when the system has no room
 * for a loop.
 */
bool smtp_loop_run(struct smtp_queue *q, size_t connections, struct err *err) MUST_CHECK;

#endif

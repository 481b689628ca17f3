/* SPDX-License-Identifier: ISC */
/*
 * Work on bytes from outside in a child process that can do nothing else: it may read its
 * input, write its answer, get memory and end (libseccomp, used here alone, and setrlimit).  It
 * cannot open, connect, start or signal anything, and reaches no descriptor but the socket to us.
 *
 * One child serves one request after the other.  A child that dies, takes too long or answers
 * what cannot be is killed, and the next request gets a new one.  The child is a copy of this
 * process as it was when it was started: start it before secrets are read.
 */
#ifndef BASE_CONFINE_H
#define BASE_CONFINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

/* Runs in the child: what it appends to answer is sent back.  context is the child's copy. */
typedef void confined_work(void *context, const char *bytes, size_t len,
    struct buf *answer);

struct confinement {
	confined_work *work;
	void (*prepare)(
	    void); /* in the child, while it may still open files; may be NULL */
	void *context;
	size_t answer_max;   /* bytes */
	size_t memory_max;   /* bytes the child may have mapped in all */
	int64_t cpu_ms;      /* processor time of one request */
	int64_t patience_ms; /* time by the clock of one request, on a busy machine too */
	size_t requests_max; /* then a new child takes over, so that nothing piles up */
};

struct confined;

/* how is copied; starts nothing yet. */
struct confined *confined_new(const struct confinement *how);
/* Ends the child.  Accepts NULL. */
void confined_free(struct confined *c);
/* Starts the child when there is none.  ERR_SYSTEM when this system cannot confine it. */
bool confined_start(struct confined *c, struct err *err) MUST_CHECK;
/*
 * Has the bytes worked on; what the child said is in answer, which is emptied before: any bytes
 * at all, not to be trusted.  ERR_INPUT when the child died, was killed or lied about the
 * length; ERR_SYSTEM when none can be started.
 */
bool confined_ask(struct confined *c, const char *bytes, size_t len, struct buf *answer,
    struct err *err) MUST_CHECK;

#endif

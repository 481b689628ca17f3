/* SPDX-License-Identifier: ISC */
/*
 * Errors as values of the caller: a kind that code branches on, a sentence that people read,
 * and what they may do next.  No allocation, no global.  The first cause wins: a later
 * err_set() on a filled err changes nothing, err_wrap() puts context in front.
 *
 * Sentences are lower case, without full stop, without "error:" or "failed to".
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

#include "base/attr.h"

enum err_kind {
	ERR_NONE,
	ERR_INPUT,  /* somebody's data is wrong: a feed, an address, a file */
	ERR_USAGE,  /* wrong option or argument */
	ERR_CONFIG, /* configuration: file, key or value */
	ERR_STORE, /* the database is newer than the program, damaged or must be migrated */
	ERR_HUMAN,     /* somebody must look and decide before this can go on */
	ERR_PARTIAL,   /* done in part: the rest is kept for the next run */
	ERR_LIMIT,     /* a ceiling of base/limits.h or of the settings was reached */
	ERR_TEMPORARY, /* the same call may succeed later: lock, network, server */
	ERR_PERMANENT, /* the same call will be refused again */
	ERR_SYSTEM,    /* the operating system refused: file, memory, process */
	ERR_BUG        /* a promise inside the program was broken */
};

struct err {
	enum err_kind kind;
	char text[400]; /* what went wrong; cut with "..." when longer */
	char hint[300]; /* what to do next, without the word "hint:"; may be empty */
};

#define ERR_INIT \
	{ \
		ERR_NONE, "", "" \
	}

/* Fills an empty err and returns false, so that `return err_set(...)` reads as failure. */
bool err_set(struct err *err, enum err_kind kind, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Like err_set with ": " and the text of errno at the end; the kind is ERR_SYSTEM. */
bool err_errno(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Puts "context: " in front of the text of a filled err.  Returns false. */
bool err_wrap(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Sets what to do next, when none is set yet.  Returns false. */
bool err_hint(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Makes err empty again. */
void err_clear(struct err *err);

/* True when err holds an error. */
bool err_is_set(const struct err *err);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Errors as values of the caller: a kind that code branches on, a sentence that people read,
 * why it is so, and what they may do next.  No allocation, no global.  The first cause wins: a
 * later err_set() on a filled err changes nothing, err_wrap() puts context in front.
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

/*
 * What helps, where that is a command or a page: lower floors know neither, so they say which
 * of these it is, and whoever talks to people words it.  hint has the sentence or the name that
 * goes with it.
 */
enum err_next {
	NEXT_NONE,          /* hint says all there is to say */
	NEXT_MAKE_STORE,    /* the next run makes the database */
	NEXT_MIGRATE_STORE, /* the next run brings the database up to date */
	NEXT_OTHER_STORE,   /* the database must be another file */
	NEXT_LIST_FEEDS,    /* hint: which feed may be meant, or empty */
	NEXT_LIST_ISSUES, /* hint: which issue may be meant; empty = there is none yet */
	NEXT_LIST_SETTINGS,  /* hint: which setting may be meant, or empty */
	NEXT_IMPORT_FEEDS,   /* hint: the file that is a list of feeds */
	NEXT_SHOW_READER,    /* hint: the address */
	NEXT_ACCEPT_AUDIENCE /* hint: the name of the issue */
};

struct err {
	enum err_kind kind;
	enum err_next next;
	char text[400]; /* what went wrong; cut with "..." when longer */
	char why[2000]; /* lines that explain it, as a server's words; may be empty */
	char hint[300]; /* what to do next, without the word "hint:"; may be empty */
};

#define ERR_INIT \
	{ \
		ERR_NONE, NEXT_NONE, "", "", "" \
	}

/* Fills an empty err and returns false, so that `return err_set(...)` reads as failure. */
bool err_set(struct err *err, enum err_kind kind, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Like err_set with ": " and the text of errno at the end; the kind is ERR_SYSTEM. */
bool err_errno(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Puts "context: " in front of the text of a filled err.  Returns false. */
bool err_wrap(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Sets the lines that explain the error, when none are set yet.  Returns false. */
bool err_why(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Sets what to do next, when neither that nor err_next() is set yet.  Returns false. */
bool err_hint(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Sets which next step it is, when none is set yet; a hint for it comes before. */
bool err_next(struct err *err, enum err_next next);

/*
 * Puts another error behind a filled err, in lines of what explains it, with its own hint; an
 * empty err becomes it.  What finds no room is left out.  Returns false.
 */
bool err_also(struct err *err, const struct err *other);

/* Makes err empty again. */
void err_clear(struct err *err);

/* True when err holds an error. */
bool err_is_set(const struct err *err);

#endif

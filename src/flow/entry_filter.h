/* SPDX-License-Identifier: ISC */
/* filter_command: a program of the keeper's that says of each new post whether it is wanted. */
#ifndef FLOW_ENTRY_FILTER_H
#define FLOW_ENTRY_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/model.h"

/* The program, for the posts of one document. */
struct entry_filter {
	const char *command;
	int64_t left_ms; /* for all posts that are still to be judged */
	bool (*interrupted)(void);
};

/*
 * Runs the command, words between blanks and no shell, with the post as a JSON object on its
 * standard input: title, link, guid, author, language, published, categories, html, text.  Its
 * standard output is our standard error.  *wanted is true when it ends with 0, false with 1.
 * False, and the reason, for any other end, and when it takes longer than limit_ms, or than
 * what is left, of which its time is taken: then it is killed with what it started.  So it is
 * when the run is interrupted.
 */
bool flow_entry_is_wanted(struct arena *scratch, struct entry_filter *f,
    const struct entry *e, int64_t limit_ms, bool *wanted, struct err *err) MUST_CHECK;

#endif

/* SPDX-License-Identifier: ISC */
/* filter_command: a program of the keeper's that says of each new post whether it is wanted. */
#ifndef FLOW_ENTRY_FILTER_H
#define FLOW_ENTRY_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/model.h"

/*
 * Runs the command, words between blanks and no shell, with the post as a JSON object on its
 * standard input: title, link, guid, author, language, published, categories, html, text.  Its
 * standard output is our standard error.  *wanted is true when it ends with 0, false with 1.
 * False, and the reason, for any other end, when it takes longer than limit_ms, and when
 * interrupted() becomes true: then it is killed with what it started.
 */
bool flow_entry_is_wanted(struct arena *scratch, const char *command,
    const struct entry *e, bool (*interrupted)(void), int64_t limit_ms, bool *wanted,
    struct err *err) MUST_CHECK;

#endif

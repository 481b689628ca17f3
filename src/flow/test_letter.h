/* SPDX-License-Identifier: ISC */
/* Test letters: an issue as it would be mailed, marked, with links that do nothing. */
#ifndef FLOW_TEST_LETTER_H
#define FLOW_TEST_LETTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"
#include "model/model.h"

struct run;

/*
 * Queues a test letter of the issue.  To a reader's address it is as they get theirs; nothing
 * of theirs moves.  ERR_INPUT when the address is none.
 */
bool flow_test_letter(struct run *run, const struct issue *issue, const char *to,
    struct err *err) MUST_CHECK;
/*
 * The addresses of approval.editors.  ERR_CONFIG names one that is none.  In run->arena.
 */
bool flow_editors(struct run *run, const char *const **list, size_t *count,
    struct err *err) MUST_CHECK;

#endif

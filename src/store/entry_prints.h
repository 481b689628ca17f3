/* SPDX-License-Identifier: ISC */
/*
 * By which title and text a post is known, whoever has it.  Such prints are scattered: in one
 * large tree each new post would change a page of its own, which is written to the log and then
 * to the file.  So new ones come into a small tree, and move to the large one together, in order.
 */
#ifndef STORE_ENTRY_PRINTS_H
#define STORE_ENTRY_PRINTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct store;

/*
 * False when no post that moved to the large tree has that print.  A run that has asked for many
 * reads the whole tree once and then has it in memory; posts are added by one run at a time, as the
 * lock of a run sees to, and its own are known.
 */
bool store_print_may_be_old(struct store *s, int64_t print, bool *may,
    struct err *err) MUST_CHECK;
/* The first post that had a text keeps it.  print 0: nothing to remember. */
bool store_print_add(struct store *s, int64_t print, int64_t entry_id,
    struct err *err) MUST_CHECK;
/* That post is not known by it any more; another's is left. */
bool store_print_forget(struct store *s, int64_t print, int64_t entry_id,
    struct err *err) MUST_CHECK;
/*
 * Moves the new ones when there are LIMIT_NEW_PRINTS, which writes each page of the large tree at
 * most once; in a transaction of its own or the caller's.  Where it is never called, all that
 * suffers is the pace.
 */
bool store_prints_move(struct store *s, struct err *err) MUST_CHECK;

#endif

/* SPDX-License-Identifier: ISC */
/* The loop of the methods that take one letter after the other, and the check of each letter. */
#ifndef TRANSPORT_LETTER_LOOP_H
#define TRANSPORT_LETTER_LOOP_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "transport/transport.h"

/*
 * Puts one letter where it goes and fills *o, which begins as deferred.  False when the
 * transport cannot go on: the letter is then settled as deferred.
 */
typedef bool letter_loop_put(void *arg, const struct letter *l, struct outcome *o,
    struct err *err);

/*
 * Asks for letters, checks each, puts it and settles it, until there is none or stop().  False
 * with *err when put, next or settle fails.
 */
bool letter_loop_run(const struct letter_source *src, letter_loop_put *put, void *arg,
    struct err *err) MUST_CHECK;
/*
 * The last check before a letter leaves: address_check of sender and recipient, and a name that
 * can be a file name.  False: *o is filled as refused; its reply borrows reason->text.
 */
bool letter_loop_check(const struct letter *l, struct err *reason,
    struct outcome *o) MUST_CHECK;

/* Appends a letter with LF line ends: CR, which stands nowhere else in a letter, is dropped. */
void letter_loop_add_lf(struct buf *out, const char *bytes, size_t len);

#endif

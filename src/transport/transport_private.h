/* SPDX-License-Identifier: ISC */
/* What the methods of transport/ that take one letter after the other share. */
#ifndef TRANSPORT_TRANSPORT_PRIVATE_H
#define TRANSPORT_TRANSPORT_PRIVATE_H

#include <stdbool.h>

#include "base/err.h"
#include "transport/transport.h"

/*
 * Puts one letter where it goes and fills *o, which begins as deferred.  False when the
 * transport cannot go on: the letter is then settled as deferred.
 */
typedef bool transport_put(void *arg, const struct letter *l, struct outcome *o,
    struct err *err);

/*
 * Asks for letters, checks each, puts it and settles it, until there is none or stop().  False
 * with *err when put, next or settle fails.
 */
bool transport_each(const struct letter_source *src, transport_put *put, void *arg,
    struct err *err) MUST_CHECK;
/*
 * The last check before a letter leaves: address_check of sender and recipient, and a name that
 * can be a file name.  False: *o is filled as refused; its reply borrows reason->text.
 */
bool transport_check_letter(const struct letter *l, struct err *reason,
    struct outcome *o) MUST_CHECK;

#endif

/* SPDX-License-Identifier: ISC */
/* The address of a feed as configurations and lists of other programs write it. */
#ifndef CONFIG_FEED_ADDRESS_H
#define CONFIG_FEED_ADDRESS_H

#include "base/arena.h"
#include "config/feed_lists.h"

/*
 * The address in the one form that is kept and asked: blanks around it and line ends in it
 * gone, blanks and backslashes in it written %20 and %5C, feed://HOST is http://HOST,
 * feed:https://HOST is https://HOST, file:/PATH is file:///PATH (RFC 8089).  In a.  NULL when
 * it then is neither a web address nor that of a file.
 */
const char *feed_address_read(struct arena *a, const char *text);
/*
 * For who typed what feed_address_read() does not take: ERR_USAGE says by what it cannot be asked,
 * the hint what may have been meant.  Returns false.
 */
bool feed_address_refuse(struct arena *a, const char *text, struct err *err);
/*
 * The same for a list that is read all the same: what is wrong with this address, what may have
 * been meant, and that it is left out.  In a.
 */
const char *feed_address_left_out(struct arena *a, const char *text);
/*
 * What the planet knows a feed by, however its address is spelled (url_identity()); an address in
 * a file or of a mailbox by itself.  Never to ask with.  In a, or address.
 */
const char *feed_address_identity(struct arena *a, const char *address);
/*
 * The same as feed_address_read() of a feed that a list names; what is none is noted in
 * list->refused.
 */
const char *feed_address_of_list(struct arena *a, struct feed_list *list,
    const char *text);

#endif

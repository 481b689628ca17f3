/* SPDX-License-Identifier: ISC */
/*
 * How often strangers may ask for letters: what keeps a form from being used to bury somebody
 * under mail.  Pure: the instants of earlier asks and the clock are arguments.
 */
#ifndef LIST_ASK_LIMITS_H
#define LIST_ASK_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "config/rates.h"

/*
 * Whether one more at `now` would be too many.  times: instants of earlier ones, in any order;
 * those in the future, left by a clock that was wrong, count as now.
 */
bool limits_reached(const struct rates *rates, const int64_t *times, size_t count,
    int64_t now);
/* The longest time that counts, in seconds, and how many instants are enough to decide. */
int64_t limits_window(const struct rates *rates);
size_t limits_most(const struct rates *rates);
/*
 * The network an address belongs to, as one asker counts: "203.0.113.0/24", "2001:db8:0:100::/56"
 * (what a household gets).  An IPv4 address in IPv6's clothes (RFC 4291 2.5.5.2) is IPv4.  In a;
 * NULL for what is no address.
 */
const char *limits_network(struct arena *a, const char *ip);

#endif

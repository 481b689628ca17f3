/* SPDX-License-Identifier: ISC */
/*
 * Which machines are meant, as the settings write it: "unix loopback 192.0.2.1 2001:db8::/32".
 */
#ifndef FORMAT_NETWORK_LIST_H
#define FORMAT_NETWORK_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

enum { NETWORKS_MAX = 64 };

struct network_list {
	bool has_local; /* "unix": whoever reaches a local socket */
	struct network {
		unsigned char bytes[16]; /* IPv4 as IPv6 has it: ::ffff:192.0.2.1 */
		int bits;
	} networks[NETWORKS_MAX];
	size_t count;
};

/*
 * Words between blanks: unix, loopback (127.0.0.0/8 and ::1), an address, or one with the number of
 * its bits that count (RFC 4632, RFC 4291 2.3).  "none" stands alone.  False for anything else
 * and for more than NETWORKS_MAX.
 */
bool network_list_parse(const char *text, struct network_list *out) MUST_CHECK;
/* address: IPv4 or IPv6 as text, or "" for a local socket.  What is no address is in no list. */
bool network_list_has(const struct network_list *list, const char *address) MUST_CHECK;

#endif

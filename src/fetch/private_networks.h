/* SPDX-License-Identifier: ISC */
/*
 * Which addresses are nobody's business: private, loopback, link-local and other networks that
 * are not part of the public internet (IANA special-purpose registries).  A feed's address is a
 * stranger's word; without this a planet could be made to read its operator's own network.
 */
#ifndef FETCH_PRIVATE_NETWORKS_H
#define FETCH_PRIVATE_NETWORKS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

/* True for everything but a public IPv4 or IPv6 address, also inside IPv6 (NAT64, 6to4). */
bool guard_is_private(const struct sockaddr *address);

enum { GUARD_PROXIES = 16 };
struct guard {
	bool open; /* private addresses are allowed */
	struct sockaddr_storage proxies[GUARD_PROXIES];
	size_t proxy_count;
};
/*
 * proxy: "env", "none" or an address.  A proxy may well be private, and it is the proxy that
 * dials the feeds then: its addresses (looked up here, once) are let through at its port.  A
 * name that cannot be resolved adds nothing.
 */
void guard_init(struct guard *g, const char *proxy, bool allow_private);
bool guard_refuses(const struct guard *g, const struct sockaddr *address);

#endif

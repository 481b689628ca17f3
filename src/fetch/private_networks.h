/* SPDX-License-Identifier: ISC */
/*
 * Which addresses no feed may lead to: private, loopback, link-local and other networks that
 * are not part of the public internet (IANA special-purpose registries).  A feed's address is a
 * stranger's word; without this a planet could be made to read its operator's own network.
 */
#ifndef FETCH_PRIVATE_NETWORKS_H
#define FETCH_PRIVATE_NETWORKS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

/*
 * True for a host that names such an address by itself: any spelling of a number that inet_aton
 * knows, an IPv6 address with or without brackets, localhost and what ends with it.  For where
 * a proxy dials, whose sockets we do not see.
 */
bool private_networks_has_host(const char *host);
/* True for everything but a public IPv4 or IPv6 address, also inside IPv6 (NAT64, 6to4). */
bool private_networks_has(const struct sockaddr *address);

/* True when requests may go through a proxy: "env", "none" or an address. */
bool private_networks_has_proxy(const char *proxy);

enum { PROXIES_MAX = 16 };
struct private_networks {
	bool open; /* all are allowed */
	struct sockaddr_storage proxies[PROXIES_MAX];
	size_t proxy_count;
};
/*
 * proxy: "env", "none" or an address.  A proxy may well be private, and it is the proxy that
 * dials the feeds then: its addresses (looked up here, once) are let through at its port.  A
 * name that cannot be resolved adds nothing.
 */
void private_networks_init(struct private_networks *n, const char *proxy,
    bool allow_private);
/* True for an address that must not be dialled. */
bool private_networks_refuses(const struct private_networks *n,
    const struct sockaddr *address);

#endif

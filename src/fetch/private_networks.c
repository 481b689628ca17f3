/* SPDX-License-Identifier: ISC */
#include "fetch/private_networks.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/attr.h"
#include "format/url.h"

struct network {
	unsigned char bytes[16];
	int bits;
	int inner; /* IPv6: offset of an IPv4 address inside that decides; 0 = refused */
};

static const struct network V4[] = {
	{ { 0 }, 8, 0 },             /* this network */
	{ { 10 }, 8, 0 },            /* private */
	{ { 100, 64 }, 10, 0 },      /* behind a carrier's NAT */
	{ { 127 }, 8, 0 },           /* loopback */
	{ { 169, 254 }, 16, 0 },     /* link-local; clouds serve credentials there */
	{ { 172, 16 }, 12, 0 },      /* private */
	{ { 192, 0, 0 }, 24, 0 },    /* protocol assignments */
	{ { 192, 0, 2 }, 24, 0 },    /* documentation */
	{ { 192, 88, 99 }, 24, 0 },  /* 6to4 relays */
	{ { 192, 168 }, 16, 0 },     /* private */
	{ { 198, 18 }, 15, 0 },      /* benchmarks */
	{ { 198, 51, 100 }, 24, 0 }, /* documentation */
	{ { 203, 0, 113 }, 24, 0 },  /* documentation */
	{ { 224 }, 3, 0 }            /* multicast, reserved, broadcast */
};

/* The first that fits decides; what none of them fits is public only within 2000::/3. */
static const struct network V6[] = {
	{ { [10] = 0xff, [11] = 0xff }, 96, 12 }, /* ::ffff:a.b.c.d */
	{ { 0x00, 0x64, 0xff, 0x9b }, 96, 12 },   /* NAT64 */
	{ { 0x20, 0x02 }, 16, 2 },                /* 6to4 */
	{ { 0x20, 0x01, 0x00 }, 23, 0 },          /* Teredo, ORCHID and others */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32, 0 },    /* documentation */
	{ { 0x3f, 0xff, 0x00 }, 20, 0 }           /* documentation */
};

static bool
is_within(const unsigned char *address, const struct network *n)
{
	int bytes = n->bits / 8;
	int rest = n->bits % 8;

	if (memcmp(address, n->bytes, (size_t)bytes) != 0)
		return false;
	return rest == 0 || (address[bytes] ^ n->bytes[bytes]) >> (8 - rest) == 0;
}

static bool
is_private_v4(const unsigned char *address)
{
	for (size_t i = 0; i < ARRAY_LEN(V4); i++)
		if (is_within(address, &V4[i]))
			return true;
	return false;
}

static bool
is_private_v6(const unsigned char *address)
{
	for (size_t i = 0; i < ARRAY_LEN(V6); i++)
		if (is_within(address, &V6[i]))
			return V6[i].inner == 0 || is_private_v4(address + V6[i].inner);
	return (address[0] & 0xe0) != 0x20;
}

bool
private_networks_has(const struct sockaddr *address)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (address->sa_family == AF_INET) {
		memcpy(&v4, address, sizeof(v4));
		return is_private_v4((const unsigned char *)&v4.sin_addr);
	}
	if (address->sa_family == AF_INET6) {
		memcpy(&v6, address, sizeof(v6));
		return is_private_v6(v6.sin6_addr.s6_addr);
	}
	return true;
}

bool
private_networks_has_host(const char *host)
{
	static const char local[] = "localhost";
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICHOST };
	struct addrinfo *found = NULL;
	char name[256];
	size_t len = strlen(host);
	bool is_private = false;

	if (len > 2 && *host == '[' && host[len - 1] == ']') {
		host++;
		len -= 2;
	}
	while (len > 0 && host[len - 1] == '.')
		len--;
	if (len == 0 || len >= sizeof(name))
		return false;
	(void)snprintf(name, sizeof(name), "%.*s", (int)len, host);
	if (len >= sizeof(local) - 1) {
		const char *end = name + len - (sizeof(local) - 1);

		if (ascii_eq_nocase(end, local) && (end == name || end[-1] == '.'))
			return true;
	}
	if (getaddrinfo(name, NULL, &hints, &found) != 0)
		return false;
	is_private = private_networks_has(found->ai_addr);
	freeaddrinfo(found);
	return is_private;
}

/*
 * Host and port that libcurl dials for a proxy, "http://user:password@[host]:port/" or a part
 * of that, with its default port.  False when they are longer than any can be.
 */
static bool
split_proxy(const char *proxy, char *host, size_t host_size, char *port, size_t port_size)
{
	const char *usual = strncmp(proxy, "https://", 8) == 0 ? "443" : "1080";
	struct url_authority at;

	if (!url_find_authority(proxy, &at))
		url_split_authority(proxy, strcspn(proxy, "/"), &at);
	bool brackets = at.host_len > 2 && *at.host == '[';
	size_t len = brackets ? at.host_len - 2 : at.host_len;
	if (len == 0 || len >= host_size || at.port_len >= port_size)
		return false;
	(void)snprintf(host, host_size, "%.*s", (int)len, at.host + brackets);
	(void)snprintf(port, port_size, "%.*s", at.port ? (int)at.port_len : 4,
	    at.port ? at.port : usual);
	return true;
}

static void
allow_proxy(struct private_networks *n, const char *proxy)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	char host[256];
	char port[8];

	if (!split_proxy(proxy, host, sizeof(host), port, sizeof(port)) ||
	    getaddrinfo(host, port, &hints, &found) != 0)
		return;
	for (struct addrinfo *a = found; a && n->proxy_count < PROXIES_MAX;
	     a = a->ai_next)
		memcpy(&n->proxies[n->proxy_count++], a->ai_addr, a->ai_addrlen);
	freeaddrinfo(found);
}

/*
 * When the proxy is "env", libcurl reads these variables itself; we have to know the same,
 * for what is dialled then is the proxy in place of the feed.
 */
static const char *const VARIABLES[] = { "http_proxy", "https_proxy", "HTTPS_PROXY",
	"all_proxy", "ALL_PROXY" };

bool
private_networks_has_proxy(const char *proxy)
{
	if (strcmp(proxy, "env") != 0)
		return strcmp(proxy, "none") != 0;
	for (size_t i = 0; i < ARRAY_LEN(VARIABLES); i++) {
		const char *value = getenv(VARIABLES[i]);

		if (value && *value)
			return true;
	}
	return false;
}

void
private_networks_init(struct private_networks *n, const char *proxy, bool allow_private)
{
	memset(n, 0, sizeof(*n));
	n->open = allow_private;
	if (allow_private || strcmp(proxy, "none") == 0)
		return;
	if (strcmp(proxy, "env") != 0)
		allow_proxy(n, proxy);
	for (size_t i = 0; strcmp(proxy, "env") == 0 && i < ARRAY_LEN(VARIABLES); i++) {
		const char *value = getenv(VARIABLES[i]);

		if (value && *value)
			allow_proxy(n, value);
	}
}

static bool
same_address(const struct sockaddr_storage *known, const struct sockaddr *address)
{
	if (known->ss_family != address->sa_family)
		return false;
	if (address->sa_family == AF_INET) {
		struct sockaddr_in a;
		struct sockaddr_in b;

		memcpy(&a, known, sizeof(a));
		memcpy(&b, address, sizeof(b));
		return a.sin_port == b.sin_port && a.sin_addr.s_addr == b.sin_addr.s_addr;
	}
	struct sockaddr_in6 a;
	struct sockaddr_in6 b;
	memcpy(&a, known, sizeof(a));
	memcpy(&b, address, sizeof(b));
	return a.sin6_port == b.sin6_port &&
	    memcmp(&a.sin6_addr, &b.sin6_addr, sizeof(a.sin6_addr)) == 0;
}

bool
private_networks_refuses(const struct private_networks *n, const struct sockaddr *address)
{
	if (n->open || !private_networks_has(address))
		return false;
	for (size_t i = 0; i < n->proxy_count; i++)
		if (same_address(&n->proxies[i], address))
			return false;
	return true;
}

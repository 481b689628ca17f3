/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <cmocka.h>

#include "base/attr.h"
#include "fetch/private_networks.h"

/* A name of seventeen addresses, from 10.0.0.1 on; others are looked up. */
enum { CROWD = PROXIES_MAX + 1 };
static struct addrinfo crowd[CROWD];
static struct sockaddr_in crowd_at[CROWD];

#define LIBRARYS(function, name) \
	do { \
		void *found_ = dlsym(RTLD_NEXT, name); \
		memcpy(&(function), &found_, sizeof(function)); \
	} while (0)

int
getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
    struct addrinfo **out)
{
	static int (*library)(const char *, const char *, const struct addrinfo *,
	    struct addrinfo **);

	if (!library)
		LIBRARYS(library, "getaddrinfo");
	if (strcmp(host, "crowd.invalid") != 0)
		return library(host, port, hints, out);
	for (uint32_t i = 0; i < CROWD; i++) {
		crowd_at[i] = (struct sockaddr_in){ .sin_family = AF_INET,
			.sin_port = htons((uint16_t)strtol(port, NULL, 10)),
			.sin_addr.s_addr = htonl(0x0a000001 + i) };
		crowd[i] = (struct addrinfo){ .ai_addr = (struct sockaddr *)&crowd_at[i],
			.ai_addrlen = sizeof(crowd_at[i]),
			.ai_next = i + 1 < CROWD ? &crowd[i + 1] : NULL };
	}
	*out = crowd;
	return 0;
}

void
freeaddrinfo(struct addrinfo *list)
{
	static void (*library)(struct addrinfo *);

	if (!library)
		LIBRARYS(library, "freeaddrinfo");
	if (list != crowd)
		library(list);
}

static const struct {
	const char *address;
	bool is_private;
} cases[] = { { "0.0.0.0", true }, { "0.255.255.255", true }, { "1.0.0.0", false },
	{ "9.255.255.255", false }, { "10.0.0.0", true }, { "10.255.255.255", true },
	{ "11.0.0.0", false }, { "100.63.255.255", false }, { "100.64.0.0", true },
	{ "100.127.255.255", true }, { "100.128.0.0", false },
	{ "126.255.255.255", false }, { "127.0.0.1", true }, { "127.255.255.254", true },
	{ "128.0.0.0", false }, { "169.253.255.255", false }, { "169.254.169.254", true },
	{ "169.255.0.0", false }, { "172.15.255.255", false }, { "172.16.0.0", true },
	{ "172.31.255.255", true }, { "172.32.0.0", false }, { "192.0.0.8", true },
	{ "192.0.1.0", false }, { "192.0.2.1", true }, { "192.88.99.1", true },
	{ "192.167.255.255", false }, { "192.168.0.1", true }, { "192.169.0.0", false },
	{ "198.17.255.255", false }, { "198.18.0.1", true }, { "198.19.255.255", true },
	{ "198.20.0.0", false }, { "198.51.100.7", true }, { "203.0.113.7", true },
	{ "223.255.255.255", false }, { "224.0.0.1", true }, { "239.255.255.250", true },
	{ "240.0.0.1", true }, { "255.255.255.255", true }, { "93.184.216.34", false },
	{ "8.8.8.8", false },

	{ "::", true }, { "::1", true }, { "::127.0.0.1", true }, { "::8.8.8.8", true },
	{ "::ffff:127.0.0.1", true }, { "::ffff:10.1.2.3", true },
	{ "::ffff:169.254.169.254", true }, { "::ffff:8.8.8.8", false },
	{ "64:ff9b::10.0.0.1", true }, { "64:ff9b::8.8.8.8", false },
	{ "64:ff9b:1::8.8.8.8", true }, { "100::1", true }, { "2001::1", true },
	{ "2001:0:4136:e378:8000:63bf:3fff:fdd2", true }, { "2001:20::1", true },
	{ "2001:1ff:ffff::1", true }, { "2001:200::1", false }, { "2001:db8::1", true },
	{ "2001:db9::1", false }, { "2001:4860:4860::8888", false },
	{ "2002:7f00:1::", true }, { "2002:a00:1::1", true },
	{ "2002:808:808::1", false }, { "2606:4700::1111", false },
	{ "2a00:1450::1", false }, { "3ffe::1", false }, { "3fff::1", true },
	{ "3fff:fff::1", true }, { "4000::1", true }, { "5f00::1", true },
	{ "fc00::1", true }, { "fd12:3456::1", true }, { "fe80::1", true },
	{ "fec0::1", true }, { "ff02::1", true } };

static void
read_address(const char *text, uint16_t port, struct sockaddr_storage *out)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };

	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		memcpy(out, &v4, sizeof(v4));
	else if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1)
		memcpy(out, &v6, sizeof(v6));
	else
		fail_msg("%s is no address", text);
}

static void
networks(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sockaddr_storage address;

		read_address(cases[i].address, 80, &address);
		bool got = private_networks_has((const struct sockaddr *)&address);
		if (got != cases[i].is_private)
			fail_msg("%s: got %s, want %s", cases[i].address,
			    got ? "private" : "public",
			    cases[i].is_private ? "private" : "public");
	}
}

static void
other_families_are_refused(void **state)
{
	struct sockaddr_un local = { .sun_family = AF_UNIX, .sun_path = "/run/x" };

	(void)state;
	assert_true(private_networks_has((const struct sockaddr *)&local));
}

static const struct {
	const char *proxy;
	const char *address;
	uint16_t port;
	bool refused;
} proxies[] = { { "none", "10.0.0.1", 3128, true },
	{ "http://10.0.0.1:3128", "10.0.0.1", 3128, false },
	{ "http://10.0.0.1:3128/", "10.0.0.1", 3128, false },
	{ "http://user:p@ss@10.0.0.1:3128", "10.0.0.1", 3128, false },
	{ "http://10.0.0.1:3128", "10.0.0.1", 80, true },
	{ "http://10.0.0.1:3128", "10.0.0.2", 3128, true },
	{ "http://10.0.0.1", "10.0.0.1", 1080, false },
	{ "https://10.0.0.1", "10.0.0.1", 443, false },
	{ "http://[fd00::1]:3128", "fd00::1", 3128, false },
	{ "http://[fd00::1]:3128", "fd00::2", 3128, true },
	{ "socks5h://127.0.0.1:9050", "127.0.0.1", 9050, false },
	{ "socks5h://127.0.0.1:9050", "8.8.8.8", 443, false },
	{ "http://[fd00::1]:3128", "fd00::1", 80, true },
	{ "https://[fd00::1]", "fd00::1", 443, false },
	{ "http://[fd00::1]", "fd00::1", 1080, false },
	{ "http://[fd00::1]:3128", "10.0.0.1", 3128, true },
	{ "10.0.0.1:3128", "10.0.0.1", 3128, false },
	{ "10.0.0.1:3128/x", "10.0.0.1", 3128, false },
	{ "http://10.0.0.1:0003128", "10.0.0.1", 3128, false },
	{ "http://10.0.0.1:00003128", "10.0.0.1", 3128, true },
	{ "http://:3128", "127.0.0.1", 3128, true }, { "", "127.0.0.1", 1080, true },
	{ "env", "10.0.0.7", 3128, false }, { "env", "10.0.0.8", 3128, true } };

static void
a_proxy_is_let_through_at_its_port(void **state)
{
	(void)state;
	assert_int_equal(setenv("https_proxy", "http://10.0.0.7:3128", 1), 0);
	for (size_t i = 0; i < ARRAY_LEN(proxies); i++) {
		struct private_networks guard;
		struct sockaddr_storage address;

		private_networks_init(&guard, proxies[i].proxy, false);
		read_address(proxies[i].address, proxies[i].port, &address);
		bool got =
		    private_networks_refuses(&guard, (const struct sockaddr *)&address);
		if (got != proxies[i].refused)
			fail_msg("%s, %s port %u: got %d", proxies[i].proxy,
			    proxies[i].address, proxies[i].port, got);
	}
	assert_int_equal(unsetenv("https_proxy"), 0);
}

/* Sixteen of a proxy's addresses are known; of more nobody has heard. */
static void
a_proxy_has_so_many_addresses(void **state)
{
	struct private_networks guard;
	struct sockaddr_storage address;

	(void)state;
	private_networks_init(&guard, "http://crowd.invalid:8080", false);
	assert_int_equal(guard.proxy_count, PROXIES_MAX);
	read_address("10.0.0.1", 8080, &address);
	assert_false(private_networks_refuses(&guard, (const struct sockaddr *)&address));
	read_address("10.0.0.16", 8080, &address);
	assert_false(private_networks_refuses(&guard, (const struct sockaddr *)&address));
	read_address("10.0.0.17", 8080, &address);
	assert_true(private_networks_refuses(&guard, (const struct sockaddr *)&address));
}

/* Each variable that libcurl reads lets its proxy through, and both of two. */
static void
each_variable_names_a_proxy(void **state)
{
	static const struct {
		const char *variable, *other;
		bool let_through;
	} table[] = { { "http_proxy", NULL, true }, { "https_proxy", NULL, true },
		{ "HTTPS_PROXY", NULL, true }, { "all_proxy", NULL, true },
		{ "ALL_PROXY", NULL, true }, { "HTTP_PROXY", NULL, false },
		{ "https_proxy", "http_proxy", true },
		{ "all_proxy", "ALL_PROXY", true } };
	struct sockaddr_storage first;
	struct sockaddr_storage second;

	(void)state;
	read_address("10.0.0.7", 3128, &first);
	read_address("10.0.0.8", 8080, &second);
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct private_networks guard;

		assert_int_equal(setenv(table[i].variable, "http://10.0.0.7:3128", 1), 0);
		if (table[i].other)
			assert_int_equal(setenv(table[i].other, "http://10.0.0.8:8080",
					     1),
			    0);
		private_networks_init(&guard, "env", false);
		assert_int_equal(unsetenv(table[i].variable), 0);
		if (table[i].other)
			assert_int_equal(unsetenv(table[i].other), 0);
		if (private_networks_refuses(&guard, (struct sockaddr *)&first) ==
		    table[i].let_through)
			fail_msg("%s: not as wanted", table[i].variable);
		if (private_networks_refuses(&guard, (struct sockaddr *)&second) !=
		    (table[i].other == NULL))
			fail_msg("%s and %s: not as wanted", table[i].variable,
			    table[i].other ? table[i].other : "nothing");
	}
}

/* Names of this machine, with dots and brackets; what is longer than any name is none. */
static void
hosts_are_told_by_their_names(void **state)
{
	static const struct {
		const char *host;
		bool is_private;
	} table[] = { { "localhost", true }, { "Localhost.", true },
		{ "x.localhost", true }, { "localhos", false }, { "xlocalhost", false },
		{ "localhostx", false }, { "[::1]", true }, { "[]", false },
		{ "[", false }, { "", false }, { ".", false }, { "...", false },
		{ "[2606:4700::1111]", false }, { "10.0.0.1...", true },
		{ "10.0.0.1x", false } };
	char name[300];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (private_networks_has_host(table[i].host) != table[i].is_private)
			fail_msg("%s: want %d", table[i].host, table[i].is_private);
	memset(name, 'x', sizeof(name));
	memcpy(name + 255 - strlen(".localhost"), ".localhost", sizeof(".localhost"));
	assert_true(private_networks_has_host(name));
	memset(name, 'x', sizeof(name));
	memcpy(name + 256 - strlen(".localhost"), ".localhost", sizeof(".localhost"));
	assert_false(private_networks_has_host(name));
	/* A number of 255 digits is this machine's; with one digit more it is no address. */
	memset(name, '0', sizeof(name));
	memcpy(name, "0x", 2);
	memcpy(name + 255 - strlen("7f000001"), "7f000001", sizeof("7f000001"));
	assert_true(private_networks_has_host(name));
	memcpy(name + 255, "1", 2);
	assert_false(private_networks_has_host(name));
}

static void
a_proxy_is_known_by_its_setting(void **state)
{
	static const struct {
		const char *proxy, *variable;
		bool has;
	} table[] = { { "none", NULL, false }, { "none", "https_proxy", false },
		{ "http://10.0.0.1:3128", NULL, true }, { "env", NULL, false },
		{ "env", "http_proxy", true }, { "env", "ALL_PROXY", true },
		{ "env", "HTTP_PROXY", false } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		bool got = false;

		if (table[i].variable)
			assert_int_equal(setenv(table[i].variable, "http://p:1", 1), 0);
		got = private_networks_has_proxy(table[i].proxy);
		if (table[i].variable)
			assert_int_equal(unsetenv(table[i].variable), 0);
		if (got != table[i].has)
			fail_msg("%s with %s: got %d", table[i].proxy,
			    table[i].variable ? table[i].variable : "no variable", got);
	}
	assert_int_equal(setenv("https_proxy", "", 1), 0);
	assert_false(private_networks_has_proxy("env"));
	assert_int_equal(unsetenv("https_proxy"), 0);
}

static void
all_are_let_through_when_allowed(void **state)
{
	struct private_networks guard;
	struct sockaddr_storage address;

	(void)state;
	private_networks_init(&guard, "none", true);
	read_address("127.0.0.1", 80, &address);
	assert_false(private_networks_refuses(&guard, (const struct sockaddr *)&address));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(networks),
		cmocka_unit_test(other_families_are_refused),
		cmocka_unit_test(a_proxy_is_let_through_at_its_port),
		cmocka_unit_test(a_proxy_has_so_many_addresses),
		cmocka_unit_test(each_variable_names_a_proxy),
		cmocka_unit_test(hosts_are_told_by_their_names),
		cmocka_unit_test(a_proxy_is_known_by_its_setting),
		cmocka_unit_test(all_are_let_through_when_allowed) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/* Which machines a list names, and whose request it is when proxies stand between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "web/asker.h"

/* ---- lists ---- */

static void
lists_are_read(void **state)
{
	static const struct {
		const char *text;
		bool ok;
	} cases[] = {
		{ "unix", true },
		{ "loopback", true },
		{ "none", true },
		{ "192.0.2.1", true },
		{ "192.0.2.0/24", true },
		{ "0.0.0.0/0", true },
		{ "2001:db8::/32", true },
		{ "::1/128", true },
		{ "  unix\tloopback\n 10.0.0.0/8 ", true },
		{ "", false },
		{ " ", false },
		{ "none unix", false },
		{ "unix none", false },
		{ "Unix", false },
		{ "192.0.2", false },
		{ "192.0.2.0/33", false },
		{ "192.0.2.0/-1", false },
		{ "192.0.2.0/", false },
		{ "192.0.2.0/24/1", false },
		{ "2001:db8::/129", false },
		{ "2001:db8::/9999999999", false },
		{ "proxy.example", false },
		{ "unix,loopback", false },
		/* One that is none spoils those before it. */
		{ "unix proxy.example", false },
		{ "unix 192.0.2.0/33", false },
		{ "192.0.2.0/024", true },
		{ "192.0.2.0/0024", false },
		{ "unix 0000000000000000000000000000000000000000000000000000000000000::1",
		    false },
		{ "unix 00000000000000000000000000000000000000000000000000000000000000::1",
		    false },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		    false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct network_list list;

		if (network_list_parse(cases[i].text, &list) != cases[i].ok)
			fail_msg("'%s': want %d", cases[i].text, cases[i].ok);
	}
}

static void
a_list_has_so_many_networks(void **state)
{
	char text[(NETWORKS_MAX + 1) * 12] = "";
	struct network_list list;
	size_t len = 0;

	(void)state;
	for (int i = 0; i < NETWORKS_MAX; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "192.0.2.%d ", i);
	assert_true(network_list_parse(text, &list));
	assert_true(network_list_has(&list, "192.0.2.63"));
	(void)snprintf(text + len, sizeof(text) - len, "192.0.2.99");
	assert_false(network_list_parse(text, &list));
}

static void
addresses_are_in_a_list_or_not(void **state)
{
	static const struct {
		const char *list, *address;
		bool want;
	} cases[] = {
		{ "unix", "", true },
		{ "loopback", "", false },
		{ "none", "", false },
		{ "none", "127.0.0.1", false },
		{ "unix", "127.0.0.1", false },
		{ "loopback", "127.0.0.1", true },
		{ "loopback", "127.255.0.9", true },
		{ "loopback", "128.0.0.1", false },
		{ "loopback", "::1", true },
		{ "loopback", "::2", false },
		{ "loopback", "::ffff:127.0.0.1", true },
		{ "192.0.2.7", "192.0.2.7", true },
		{ "192.0.2.7", "192.0.2.6", false },
		{ "192.0.2.0/24", "192.0.2.255", true },
		{ "192.0.2.0/24", "192.0.3.0", false },
		{ "192.0.2.128/25", "192.0.2.127", false },
		{ "192.0.2.128/25", "192.0.2.128", true },
		{ "10.0.0.0/7", "11.255.255.255", true },
		{ "10.0.0.0/7", "12.0.0.0", false },
		{ "0.0.0.0/0", "203.0.113.9", true },
		{ "0.0.0.0/0", "2001:db8::1", false },
		{ "::/0", "2001:db8::1", true },
		{ "2001:db8::/33", "2001:db8:7fff::1", true },
		{ "2001:db8::/33", "2001:db8:8000::1", false },
		{ "192.0.2.0/24 2001:db8::1", "2001:db8:0:0::1", true },
		{ "192.0.2.0/24", "192.0.2.1 ", false },
		{ "unix loopback", "localhost", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct network_list list;

		assert_true(network_list_parse(cases[i].list, &list));
		if (network_list_has(&list, cases[i].address) != cases[i].want)
			fail_msg("%s has '%s': want %d", cases[i].list, cases[i].address,
			    cases[i].want);
	}
}

/* ---- who asks ---- */

#define OURS "unix loopback"
#define WITH_CDN "unix 192.0.2.0/24 2001:db8:1::/48"

static const struct {
	const char *name, *trusted, *peer, *forwarded_for, *forwarded, *want;
} askers[] = {
	/* who is believed */
	{ "nobody in between", OURS, "203.0.113.9", NULL, NULL, "203.0.113.9" },
	{ "a stranger's word", OURS, "203.0.113.9", "198.51.100.1", "for=198.51.100.1",
	    "203.0.113.9" },
	{ "by a local socket", OURS, "", "198.51.100.7", NULL, "198.51.100.7" },
	{ "by loopback", OURS, "127.0.0.1", "198.51.100.7", NULL, "198.51.100.7" },
	{ "by IPv6 loopback", OURS, "::1", "2001:db8::1", NULL, "2001:db8::1" },
	{ "by a local socket alone", "unix", "127.0.0.1", "198.51.100.7", NULL,
	    "127.0.0.1" },
	{ "by loopback alone", "loopback", "", "198.51.100.7", NULL, "" },
	{ "nobody is believed", "none", "127.0.0.1", "198.51.100.7", NULL, "127.0.0.1" },
	{ "it says nothing", OURS, "127.0.0.1", NULL, NULL, "127.0.0.1" },
	{ "nor does a local socket", OURS, "", NULL, NULL, "" },
	{ "no peer at all", OURS, "nobody", "198.51.100.7", NULL, "" },
	/* what the stranger wrote stands before what the proxy did */
	{ "the last one counts", OURS, "", "10.0.0.1, 198.51.100.7", NULL,
	    "198.51.100.7" },
	{ "without a blank, or with more", OURS, "", "10.0.0.1,\t 2001:db8::2 ", NULL,
	    "2001:db8::2" },
	{ "a claim to be trusted", OURS, "", "127.0.0.1, 198.51.100.7", NULL,
	    "198.51.100.7" },
	{ "in two fields", OURS, "", "10.0.0.1,198.51.100.7", NULL, "198.51.100.7" },
	{ "nothing behind the comma", OURS, "127.0.0.1", "198.51.100.7,", NULL,
	    "127.0.0.1" },
	{ "a name", OURS, "127.0.0.1", "198.51.100.7, somebody", NULL, "127.0.0.1" },
	{ "words behind it", OURS, "", "203.0.113.9 evil", NULL, "" },
	{ "a line end", OURS, "", "203.0.113.9\r\nX: y", NULL, "" },
	{ "empty", OURS, "127.0.0.1", "", NULL, "127.0.0.1" },
	/* several proxies */
	{ "behind two", WITH_CDN, "", "198.51.100.7, 192.0.2.9", NULL, "198.51.100.7" },
	{ "behind three", WITH_CDN, "",
	    "10.0.0.1, 198.51.100.7, 2001:db8:1::5, 192.0.2.9", NULL, "198.51.100.7" },
	{ "one of them is a stranger's", WITH_CDN, "", "192.0.2.1, 203.0.113.5", NULL,
	    "203.0.113.5" },
	{ "only proxies", WITH_CDN, "", "192.0.2.8, 192.0.2.9", NULL, "192.0.2.8" },
	{ "a name before one", WITH_CDN, "", "evil, 192.0.2.9", NULL, "192.0.2.9" },
	{ "a CDN that asks itself", WITH_CDN, "192.0.2.4", "198.51.100.7", NULL,
	    "198.51.100.7" },
	/* forms */
	{ "with a port", OURS, "", "198.51.100.7:8080", NULL, "198.51.100.7" },
	{ "IPv6 with one", OURS, "", "[2001:db8::1]:8080", NULL, "2001:db8::1" },
	{ "IPv6 in brackets", OURS, "", "[2001:db8::1]", NULL, "2001:db8::1" },
	{ "a port alone", OURS, "", ":80", NULL, "" },
	{ "brackets alone", OURS, "", "[]", NULL, "" },
	/* RFC 7239 */
	{ "Forwarded", OURS, "", NULL, "for=192.0.2.60;proto=http;by=203.0.113.43",
	    "192.0.2.60" },
	{ "its pairs in any order and case", OURS, "", NULL,
	    "proto=http; For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17" },
	{ "in quotation marks", OURS, "", NULL, "for=\"198.51.100.7\"", "198.51.100.7" },
	{ "a field in them", OURS, "", "\"198.51.100.7:80\"", NULL, "198.51.100.7" },
	{ "IPv6 in them", OURS, "", "\"2001:db8::1\"", NULL, "2001:db8::1" },
	{ "one of them alone", OURS, "", "\"", NULL, "" },
	{ "nothing in them", OURS, "", "\"\"", NULL, "" },
	{ "one at the end", OURS, "", "198.51.100.7\"", NULL, "" },
	{ "blanks around a pair", OURS, "", NULL, "proto=http;\t for=192.0.2.60 ;x",
	    "192.0.2.60" },
	{ "an empty pair before", OURS, "", NULL, ";for=192.0.2.60", "192.0.2.60" },
	{ "a pair that only begins so", OURS, "", NULL, "fo=1;forx=192.0.2.60", "" },
	{ "its last element", OURS, "", NULL, "for=192.0.2.43, for=198.51.100.17",
	    "198.51.100.17" },
	{ "behind two that say so", WITH_CDN, "", NULL,
	    "for=198.51.100.17;by=_x, for=192.0.2.43", "198.51.100.17" },
	{ "hidden", OURS, "127.0.0.1", NULL, "for=_hidden", "127.0.0.1" },
	{ "unknown", OURS, "", NULL, "for=unknown", "" },
	{ "no for", OURS, "", NULL, "by=198.51.100.17;host=evil", "" },
	{ "empty too", OURS, "", NULL, "", "" },
	/* one of the two is the stranger's, and nobody can tell which */
	{ "both say the same", OURS, "", "198.51.100.7", "for=\"198.51.100.7:1\"",
	    "198.51.100.7" },
	{ "they contradict each other", OURS, "", "198.51.100.7", "for=203.0.113.9",
	    ASKER_UNCLEAR },
	{ "the other way round", OURS, "", "203.0.113.9", "for=198.51.100.7",
	    ASKER_UNCLEAR },
	{ "one names nobody", OURS, "", "198.51.100.7", "for=unknown", "198.51.100.7" },
	{ "nor the other", OURS, "", "evil", "for=198.51.100.7", "198.51.100.7" },
};

static void
who_asks_is_an_address_or_nobody(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(askers); i++) {
		const struct way_here way = { askers[i].peer, askers[i].forwarded_for,
			askers[i].forwarded };
		struct network_list trusted;
		const char *got = NULL;

		assert_true(network_list_parse(askers[i].trusted, &trusted));
		got = asker_address(a, &way, &trusted);
		if (strcmp(got, askers[i].want) != 0)
			fail_msg("%s: got %s, want %s", askers[i].name, got,
			    askers[i].want);
	}
	arena_free(a);
}

/* Of a field without end only its end is read: nothing else can be a proxy's of ours. */
static void
a_field_without_end_is_read_from_behind(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(1 << 20);
	struct way_here way = { "", NULL, NULL };
	struct network_list trusted;

	(void)state;
	for (int i = 0; i < 20000; i++)
		buf_adds(&b, "192.0.2.1,");
	buf_adds(&b, "192.0.2.2");
	assert_true(network_list_parse("unix 192.0.2.0/24", &trusted));
	way.forwarded_for = buf_text(&b);
	assert_string_equal(asker_address(a, &way, &trusted), "192.0.2.1");
	buf_clear(&b);
	arena_free(a);
}

/* Of so many hops the last 32 are looked at. */
static void
so_many_hops_are_walked(void **state)
{
	static const struct {
		int proxies;
		const char *want;
	} cases[] = { { 0, "198.51.100.7" }, { 31, "198.51.100.7" },
		{ 32, "192.0.2.1" } };
	struct arena *a = arena_new();
	struct network_list trusted;

	(void)state;
	assert_true(network_list_parse("unix 192.0.2.0/24", &trusted));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct way_here way = { "", "198.51.100.7", NULL };

		for (int n = 1; n <= cases[i].proxies; n++)
			way.forwarded_for =
			    arena_printf(a, "%s, 192.0.2.%d", way.forwarded_for, n);
		assert_string_equal(asker_address(a, &way, &trusted), cases[i].want);
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_are_read),
		cmocka_unit_test(a_list_has_so_many_networks),
		cmocka_unit_test(addresses_are_in_a_list_or_not),
		cmocka_unit_test(who_asks_is_an_address_or_nobody),
		cmocka_unit_test(so_many_hops_are_walked),
		cmocka_unit_test(a_field_without_end_is_read_from_behind),
	};

	return cmocka_run_group_tests_name("who asks", tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/* Which server the settings mean: LMTP addresses, ports, our name in EHLO. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "transport/smtp_settings.h"

/* host NULL = a socket in the file system, path NULL = refused */
static const struct {
	const char *text, *path, *host;
	int port;
} lmtp_cases[] = {
	{ "/run/dovecot/lmtp", "/run/dovecot/lmtp", NULL, 0 },
	{ "unix:/run/lmtp", "/run/lmtp", NULL, 0 },
	{ "unix:run/lmtp", "run/lmtp", NULL, 0 },
	{ "localhost", "", "localhost", 24 },
	{ "localhost:24", "", "localhost", 24 },
	{ "mail.example.net:2424", "", "mail.example.net", 2424 },
	{ "127.0.0.1:1", "", "127.0.0.1", 1 },
	{ "[::1]:65535", "", "::1", 65535 },
	{ "[::1]", "", "::1", 24 },
	{ "", NULL, NULL, 0 },
	{ "localhost:0", NULL, NULL, 0 },
	{ "localhost:65536", NULL, NULL, 0 },
	{ "localhost:lmtp", NULL, NULL, 0 },
	{ ":24", NULL, NULL, 0 },
	{ "::1", NULL, NULL, 0 },
	{ "[::1", NULL, NULL, 0 },
	{ "ann@localhost", NULL, NULL, 0 },
	{ "localhost?x", NULL, NULL, 0 },
	{ "localhost#x", NULL, NULL, 0 },
};

static bool
is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void
lmtp_addresses_are_hosts_or_paths(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lmtp_cases); i++) {
		struct config c = { .transport.method = TRANSPORT_LMTP,
			.transport.lmtp = lmtp_cases[i].text,
			.smtp.helo = "" };
		const char *path = lmtp_cases[i].path;
		struct err err = ERR_INIT;
		struct smtp_server s;
		bool ok = smtp_settings_read(&c, "me", a, &s, &err);

		if (ok != (path != NULL))
			fail_msg("%s: got %d", lmtp_cases[i].text, ok);
		if (!ok) {
			assert_int_equal(err.kind, ERR_CONFIG);
			assert_non_null(strstr(err.text, "transport.lmtp"));
			continue;
		}
		if (!is_same(s.target.path, *path != '\0' ? path : NULL) ||
		    !is_same(s.target.host, lmtp_cases[i].host) ||
		    s.target.port != lmtp_cases[i].port)
			fail_msg("%s: got %s %s %d", lmtp_cases[i].text,
			    s.target.path ? s.target.path : "-",
			    s.target.host ? s.target.host : "-", s.target.port);
		assert_true(s.lmtp);
		assert_int_equal(s.security, SMTP_PLAIN);
		assert_string_equal(s.user, "");
		assert_string_equal(s.name, lmtp_cases[i].text);
	}
	arena_free(a);
}

#define FIFTY "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
	const char *helo, *host_name, *want;
} names[] = {
	{ "", "planet.example.net", "planet.example.net" },
	{ "mx.example.net", "planet", "mx.example.net" },
	{ "[192.0.2.1]", NULL, "[192.0.2.1]" },
	{ "", NULL, "localhost" },
	{ "", "", "localhost" },
	{ "", "my planet", "localhost" },
	{ "", "a\r\nDATA", "localhost" },
	{ "", FIFTY FIFTY FIFTY FIFTY FIFTY "12345",
	    FIFTY FIFTY FIFTY FIFTY FIFTY "12345" },
	{ "", FIFTY FIFTY FIFTY FIFTY FIFTY "123456", "localhost" },
};

static void
our_name_is_one_harmless_word(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct config c = { .transport.method = TRANSPORT_SMTP,
			.smtp = { .host = "",
			    .helo = names[i].helo,
			    .user = "ann",
			    .timeout = 7 } };
		struct err err = ERR_INIT;
		struct smtp_server s;

		assert_true(smtp_settings_read(&c, names[i].host_name, NULL, &s, &err));
		assert_string_equal(s.ehlo, names[i].want);
		assert_false(s.lmtp);
		assert_string_equal(s.user, "ann");
		assert_int_equal(s.timeout_ms, 7000);
		assert_null(s.target.path);
		assert_string_equal(s.target.host, "localhost");
		assert_int_equal(s.target.port, 25);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lmtp_addresses_are_hosts_or_paths),
		cmocka_unit_test(our_name_is_one_harmless_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

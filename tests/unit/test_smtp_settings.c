/* SPDX-License-Identifier: ISC */
/* Which server the settings mean: LMTP addresses, ports, our name in EHLO. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "transport/smtp_settings.h"
#include "transport/smtp_trust.h"

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

/* planetpost.conf(5), smtp.security and smtp.port: how letters go to a server, and where. */
static const struct {
	enum smtp_security setting;
	const char *host;
	int port; /* 0: none is set */
	enum smtp_session_security want;
	int want_port;
} ways[] = {
	{ SECURITY_TLS, "mail.example.net", 0, SMTP_TLS, 465 },
	{ SECURITY_TLS, "localhost", 2465, SMTP_TLS, 2465 },
	{ SECURITY_STARTTLS, "localhost", 0, SMTP_STARTTLS, 587 },
	{ SECURITY_STARTTLS, "mail.example.net", 465, SMTP_STARTTLS, 465 },
	{ SECURITY_NONE, "mail.example.net", 0, SMTP_PLAIN, 25 },
	{ SECURITY_NONE, "localhost", 465, SMTP_PLAIN, 465 },
	{ SECURITY_AUTO, "mail.example.net", 0, SMTP_STARTTLS, 587 },
	{ SECURITY_AUTO, "mail.example.net", 25, SMTP_STARTTLS, 25 },
	{ SECURITY_AUTO, "mail.example.net", 464, SMTP_STARTTLS, 464 },
	{ SECURITY_AUTO, "mail.example.net", 465, SMTP_TLS, 465 },
	{ SECURITY_AUTO, "localhost", 465, SMTP_TLS, 465 },
	{ SECURITY_AUTO, "localhost", 0, SMTP_TLS_IF_OFFERED, 25 },
	{ SECURITY_AUTO, "LocalHost", 25, SMTP_TLS_IF_OFFERED, 25 },
	{ SECURITY_AUTO, "localhost", 26, SMTP_STARTTLS, 26 },
	{ SECURITY_AUTO, "localhost.example.net", 25, SMTP_STARTTLS, 25 },
	{ SECURITY_AUTO, "::1", 0, SMTP_TLS_IF_OFFERED, 25 },
	{ SECURITY_AUTO, "::2", 0, SMTP_STARTTLS, 587 },
	{ SECURITY_AUTO, "127.1.2.3", 0, SMTP_TLS_IF_OFFERED, 25 },
	{ SECURITY_AUTO, "128.0.0.1", 0, SMTP_STARTTLS, 587 },
	{ SECURITY_AUTO, "1270.example.net", 0, SMTP_STARTTLS, 587 },
	{ SECURITY_AUTO, "", 0, SMTP_TLS_IF_OFFERED, 25 },
};

static void
the_port_and_the_host_say_how_letters_go(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		const struct config c = { .transport.method = TRANSPORT_SMTP,
			.smtp = { .host = ways[i].host,
			    .port = ways[i].port,
			    .security = ways[i].setting,
			    .helo = "",
			    .user = "" } };
		struct err err = ERR_INIT;
		struct smtp_server s;

		assert_true(smtp_settings_read(&c, "me", NULL, &s, &err));
		if (s.security != ways[i].want || s.target.port != ways[i].want_port)
			fail_msg("%zu: got %d at %d", i, (int)s.security, s.target.port);
	}
}

static const struct {
	enum transport_method method;
	const char *lmtp, *host;
	enum smtp_security security;
	const char *want;
} told[] = {
	{ TRANSPORT_SMTP, "", "a.example", SECURITY_NONE, "a.example:25 (in the clear)" },
	{ TRANSPORT_SMTP, "x", "localhost", SECURITY_AUTO,
	    "localhost:25 (STARTTLS if offered)" },
	{ TRANSPORT_SMTP, "", "a.example", SECURITY_AUTO, "a.example:587 (STARTTLS)" },
	{ TRANSPORT_SMTP, "", "a.example", SECURITY_TLS, "a.example:465 (TLS)" },
	{ TRANSPORT_LMTP, "unix:/run/lmtp", "", SECURITY_AUTO, "LMTP at unix:/run/lmtp" },
	{ TRANSPORT_LMTP, "", "", SECURITY_AUTO, "transport.lmtp names no server" },
	{ TRANSPORT_LMTP, "unix:", "", SECURITY_AUTO,
	    "transport.lmtp: unix: is followed by no path" },
	{ TRANSPORT_LMTP, "a:b", "", SECURITY_AUTO,
	    "transport.lmtp: no host and port in \"a:b\"" },
};

static void
a_server_is_told_in_words(void **state)
{
	struct buf b = BUF_INIT(1000);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(told); i++) {
		const struct config c = { .transport = { .method = told[i].method,
					      .lmtp = told[i].lmtp },
			.smtp = { .host = told[i].host,
			    .security = told[i].security,
			    .helo = "",
			    .user = "" } };

		buf_reset(&b);
		smtp_settings_describe(&c, &b);
		assert_string_equal(buf_text(&b), told[i].want);
	}
	buf_clear(&b);
}

/* ---- what its certificate must be ----------------------------------------------------- */

#define HEX32 "00112233445566778899aabbccddeeff"

/* Nobody is asked of the DNS about an address. */
static const struct {
	enum smtp_session_security before, after;
	const char *pin, *ca_file;
	bool lmtp, dane;
	enum err_kind kind;
	bool is_none; /* no trust is needed */
	const char *text;
} trusts[] = {
	{ SMTP_PLAIN, SMTP_PLAIN, NULL, "", .is_none = true },
	{ SMTP_PLAIN, SMTP_PLAIN, "", "/nowhere", .dane = true, .is_none = true },
	{ SMTP_PLAIN, SMTP_PLAIN, HEX32 HEX32, "", .lmtp = true, .is_none = true },
	{ SMTP_PLAIN, SMTP_PLAIN, HEX32 HEX32, "", .kind = ERR_CONFIG,
	    .text = "smtp.pin says which key mx has, and smtp.security = none asks for "
		    "none" },
	{ SMTP_TLS, SMTP_TLS, HEX32, "", .kind = ERR_CONFIG,
	    .text = "smtp.pin is no list of keys" },
	{ SMTP_TLS, SMTP_TLS, HEX32 HEX32, "/nowhere", .lmtp = false },
	{ SMTP_STARTTLS, SMTP_STARTTLS, HEX32 HEX32, "", .dane = true },
	{ SMTP_TLS_IF_OFFERED, SMTP_STARTTLS, HEX32 HEX32, "", .lmtp = false },
	{ SMTP_TLS_IF_OFFERED, SMTP_TLS_IF_OFFERED, "", "/nowhere", .dane = true,
	    .kind = ERR_CONFIG,
	    .text = "smtp.ca_file: /nowhere: No such file or directory" },
	{ SMTP_TLS, SMTP_TLS, NULL, "/nowhere", .kind = ERR_CONFIG,
	    .text = "smtp.ca_file: /nowhere: No such file or directory" },
};

static void
what_a_certificate_must_be_is_known_before_a_call(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(trusts); i++) {
		const struct config c = { .smtp = { .pin = trusts[i].pin,
					      .ca_file = trusts[i].ca_file,
					      .dane = trusts[i].dane } };
		struct smtp_server s = { .name = "mx",
			.target = { .host = "192.0.2.7", .port = 25 },
			.lmtp = trusts[i].lmtp,
			.security = trusts[i].before };
		struct arena *a = arena_new();
		struct wire_trust *trust = NULL;
		struct err err = ERR_INIT;
		const bool ok = smtp_trust_new(&c, &s, a, &trust, &err);

		if (ok != (trusts[i].kind == ERR_NONE) || err.kind != trusts[i].kind ||
		    (trust != NULL) != (ok && !trusts[i].is_none))
			fail_msg("%zu: got %d \"%s\"", i, ok, err.text);
		assert_string_equal(err.text, trusts[i].text ? trusts[i].text : "");
		assert_ptr_equal(s.trust, trust);
		assert_int_equal(s.security, trusts[i].after);
		wire_trust_free(trust);
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lmtp_addresses_are_hosts_or_paths),
		cmocka_unit_test(our_name_is_one_harmless_word),
		cmocka_unit_test(the_port_and_the_host_say_how_letters_go),
		cmocka_unit_test(a_server_is_told_in_words),
		cmocka_unit_test(what_a_certificate_must_be_is_known_before_a_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

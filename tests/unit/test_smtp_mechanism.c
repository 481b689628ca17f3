/* SPDX-License-Identifier: ISC */
/* Which way a login is made, and what the ways by access token say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "transport/smtp_mechanism.h"

enum { CLEAR, TLS, BOUND }; /* how the line is secured */

/* Expected by RFC 5802, 7628, 8314 and what the large providers offer. */
static const struct {
	const char *offered;
	enum smtp_auth setting;
	int line;
	enum smtp_mechanism want;
} cases[] = {
	/* Gmail, Outlook, Dovecot, Postfix with Cyrus */
	{ "LOGIN PLAIN XOAUTH2 PLAIN-CLIENTTOKEN OAUTHBEARER XOAUTH", AUTH_AUTO, TLS,
	    MECHANISM_PLAIN },
	{ "LOGIN PLAIN XOAUTH2 PLAIN-CLIENTTOKEN OAUTHBEARER XOAUTH", AUTH_OAUTH, TLS,
	    MECHANISM_OAUTHBEARER },
	{ "LOGIN XOAUTH2", AUTH_AUTO, TLS, MECHANISM_LOGIN },
	{ "LOGIN XOAUTH2", AUTH_OAUTH, TLS, MECHANISM_XOAUTH2 },
	{ "XOAUTH2", AUTH_AUTO, TLS, MECHANISM_XOAUTH2 },
	{ "XOAUTH2 OAUTHBEARER", AUTH_AUTO, CLEAR, MECHANISM_OAUTHBEARER },
	{ "PLAIN LOGIN", AUTH_AUTO, TLS, MECHANISM_PLAIN },
	{ "DIGEST-MD5 CRAM-MD5 NTLM LOGIN PLAIN", AUTH_AUTO, TLS, MECHANISM_PLAIN },
	{ "DIGEST-MD5 CRAM-MD5 NTLM LOGIN PLAIN", AUTH_AUTO, CLEAR, MECHANISM_CRAM_MD5 },
	{ "CRAM-MD5", AUTH_AUTO, TLS, MECHANISM_CRAM_MD5 },
	/* the strongest first, whatever their order */
	{ "PLAIN SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-256-PLUS", AUTH_AUTO, BOUND,
	    MECHANISM_SCRAM_SHA_256_PLUS },
	{ "PLAIN SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-256-PLUS", AUTH_AUTO, TLS,
	    MECHANISM_SCRAM_SHA_256 },
	{ "SCRAM-SHA-1-PLUS SCRAM-SHA-256", AUTH_AUTO, BOUND,
	    MECHANISM_SCRAM_SHA_1_PLUS },
	{ "SCRAM-SHA-256-PLUS SCRAM-SHA-1", AUTH_AUTO, CLEAR, MECHANISM_SCRAM_SHA_1 },
	{ "scram-sha-256 plain", AUTH_AUTO, TLS, MECHANISM_SCRAM_SHA_256 },
	/* what is asked for, or nothing */
	{ "PLAIN LOGIN SCRAM-SHA-256", AUTH_LOGIN, TLS, MECHANISM_LOGIN },
	{ "PLAIN LOGIN SCRAM-SHA-256", AUTH_PLAIN, TLS, MECHANISM_PLAIN },
	{ "PLAIN LOGIN SCRAM-SHA-256", AUTH_SCRAM_SHA_1, TLS, MECHANISM_NONE },
	{ "PLAIN LOGIN SCRAM-SHA-256", AUTH_OAUTH, TLS, MECHANISM_NONE },
	{ "PLAIN SCRAM-SHA-256-PLUS", AUTH_SCRAM_SHA_256, BOUND,
	    MECHANISM_SCRAM_SHA_256_PLUS },
	{ "OAUTHBEARER XOAUTH2", AUTH_XOAUTH2, TLS, MECHANISM_XOAUTH2 },
	/* words in words are none */
	{ "PLAIN-CLIENTTOKEN XOAUTH", AUTH_AUTO, TLS, MECHANISM_NONE },
	{ "GSSAPI NTLM EXTERNAL", AUTH_AUTO, TLS, MECHANISM_NONE },
	{ "", AUTH_AUTO, TLS, MECHANISM_NONE },
};

static void
the_strongest_that_is_offered_is_taken(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct smtp_mechanism_wish wish = { cases[i].setting,
			cases[i].line != CLEAR, cases[i].line == BOUND, 0 };
		const enum smtp_mechanism got =
		    smtp_mechanism_choose(cases[i].offered, &wish);

		if (got != cases[i].want)
			fail_msg("%s: got %d, want %d", cases[i].offered, (int)got,
			    (int)cases[i].want);
	}
}

static void
one_that_was_refused_is_not_taken_again(void **state)
{
	struct smtp_mechanism_wish wish = { AUTH_AUTO, true, false, 0 };

	(void)state;
	wish.refused |= 1U << MECHANISM_SCRAM_SHA_256;
	assert_int_equal(smtp_mechanism_choose("SCRAM-SHA-256 PLAIN", &wish),
	    MECHANISM_PLAIN);
	wish.refused |= 1U << MECHANISM_PLAIN;
	assert_int_equal(smtp_mechanism_choose("SCRAM-SHA-256 PLAIN", &wish),
	    MECHANISM_NONE);
}

/* The examples of RFC 7628 4.1 and of Google's page on XOAUTH2. */
static void
a_token_is_said_as_the_rfc_has_it(void **state)
{
	struct buf b = BUF_INIT(4096);

	(void)state;
	smtp_mechanism_add_token(&b, MECHANISM_OAUTHBEARER, "user@example.com",
	    "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==", "server.example.com", 587);
	assert_string_equal(buf_text(&b),
	    "n,a=user@example.com,\001host=server.example.com\001port=587\001"
	    "auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\001\001");
	buf_reset(&b);
	smtp_mechanism_add_token(&b, MECHANISM_OAUTHBEARER, "a=b,c", "t", "h", 1);
	assert_string_equal(buf_text(&b),
	    "n,a=a=3Db=2Cc,\001host=h\001port=1\001auth=Bearer t\001\001");
	buf_reset(&b);
	smtp_mechanism_add_token(&b, MECHANISM_XOAUTH2, "someuser@example.com",
	    "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg", "ignored", 587);
	assert_string_equal(buf_text(&b),
	    "user=someuser@example.com\001"
	    "auth=Bearer ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg\001\001");
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_strongest_that_is_offered_is_taken),
		cmocka_unit_test(one_that_was_refused_is_not_taken_again),
		cmocka_unit_test(a_token_is_said_as_the_rfc_has_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

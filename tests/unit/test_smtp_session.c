/* SPDX-License-Identifier: ISC */
/* How a session begins: what is said, in which order, and what a refusal is called. */
#include "unit/smtp_script.h"

#include <poll.h>

#include "transport/smtp_line.h"
#include "transport/smtp_session.h"
#include "transport/smtp_session_private.h"
#include "unit/heard_log.h"

/* base64 of "\0ann\0secret", of "ann" and of "secret" */
#define PLAIN "AGFubgBzZWNyZXQ="
#define USER "YW5u"
#define SECRET "c2VjcmV0"
#define EHLO "EHLO planet.example|"
#define NO_LOGIN \
	"see to smtp.user and smtp.password_file; for an access token: smtp.auth = oauth"

static const struct {
	const char *name;
	const char *calls[SCRIPT_CALLS][SCRIPT_REPLIES];
	enum smtp_session_security security;
	bool lmtp;
	const char *user, *secret;
	enum smtp_auth auth;
	enum err_kind kind; /* ERR_NONE: it is open */
	const char *text, *why, *hint, *said;
	bool refused;
} rows[] = {
	{ "a session", { { "220 hi", "250 ok", "221 bye" } }, .said = EHLO "QUIT|" },
	{ "by LMTP", { { "220 hi", "250 ok", "221 bye" } }, .lmtp = true, .user = "ann",
	    .said = "LHLO planet.example|QUIT|" },

	/* the greeting */
	{ "refused", { { "554 5.7.1 no", "221 bye" } }, .kind = ERR_HUMAN,
	    .text = "mx does not take our call", .why = "server said: 554 5.7.1 no",
	    .said = "QUIT|" },
	{ "busy", { { "421 4.3.2 later", "221 bye" } }, .kind = ERR_TEMPORARY,
	    .text = "mx does not take our call", .why = "server said: 421 4.3.2 later",
	    .said = "QUIT|" },
	{ "another greeting", { { "250 hi", "221 bye" } }, .kind = ERR_TEMPORARY,
	    .text = "mx does not take our call", .why = "server said: 250 hi",
	    .said = "QUIT|" },
	{ "no reply", { { "hello", "221 bye" } }, .kind = ERR_TEMPORARY,
	    .text = "mx does not take our call: the server answered something that is no "
		    "reply",
	    .said = "" },

	/* EHLO and HELO: RFC 5321 4.1.4 */
	{ "an old server", { { "220 hi", "502 what", "250 ok", "221 bye" } },
	    .said = EHLO "HELO planet.example|QUIT|" },
	{ "one that hangs up on EHLO",
	    { { "220 hi", "502 what" }, { "220 hi", "250 ok", "221 bye" } },
	    .said = EHLO "HELO planet.example|#HELO planet.example|QUIT|" },
	{ "one that hangs up twice", { { "220 hi", "502 what" }, { "220 hi" } },
	    .kind = ERR_TEMPORARY,
	    .text = "mx does not greet us: the server closed the connection",
	    .said = EHLO "HELO planet.example|#HELO planet.example|" },
	{ "one that takes neither", { { "220 hi", "502 what", "502 no", "221 bye" } },
	    .kind = ERR_HUMAN, .text = "mx does not greet us",
	    .why = "server said: 502 no", .said = EHLO "HELO planet.example|QUIT|" },
	{ "one that is busy", { { "220 hi", "451 later", "221 bye" } },
	    .kind = ERR_TEMPORARY, .text = "mx does not greet us",
	    .why = "server said: 451 later", .said = EHLO "QUIT|" },
	{ "LMTP has no older way", { { "220 hi", "502 what", "221 bye" } }, .lmtp = true,
	    .kind = ERR_HUMAN, .text = "mx does not greet us",
	    .why = "server said: 502 what", .said = "LHLO planet.example|QUIT|" },
	{ "nor has STARTTLS", { { "220 hi", "502 what", "221 bye" } },
	    .security = SMTP_STARTTLS, .kind = ERR_HUMAN, .text = "mx does not greet us",
	    .why = "server said: 502 what", .said = EHLO "QUIT|" },

	/* STARTTLS */
	{ "TLS that is a must", { { "220 hi", "250 ok", "221 bye" } },
	    .security = SMTP_STARTTLS, .kind = ERR_PERMANENT,
	    .text = "mx offers no STARTTLS, so nothing was sent",
	    .hint = "smtp.security = tls with port 465 may be what it wants",
	    .said = EHLO "QUIT|" },
	{ "TLS that is none", { { "220 hi", "250 ok", "221 bye" } },
	    .security = SMTP_TLS_IF_OFFERED, .said = EHLO "QUIT|" },
	{ "TLS that nobody wants", { { "220 hi", "250-ok\r\n250 STARTTLS", "221 bye" } },
	    .said = EHLO "QUIT|" },
	{ "TLS that is not to be had",
	    { { "220 hi", "250-ok\r\n250 STARTTLS", "454 4.7.0 later", "221 bye" } },
	    .security = SMTP_TLS_IF_OFFERED, .kind = ERR_TEMPORARY,
	    .text = "mx does not start TLS", .why = "server said: 454 4.7.0 later",
	    .said = EHLO "STARTTLS|QUIT|" },
	{ "TLS with another yes",
	    { { "220 hi", "250-ok\r\n250 STARTTLS", "250 ok", "221 bye" } },
	    .security = SMTP_STARTTLS, .kind = ERR_TEMPORARY,
	    .text = "mx does not start TLS", .why = "server said: 250 ok",
	    .said = EHLO "STARTTLS|QUIT|" },
	{ "TLS and a call that ends", { { "220 hi", "250-ok\r\n250 STARTTLS" } },
	    .security = SMTP_STARTTLS, .kind = ERR_TEMPORARY,
	    .text = "mx does not start TLS: the server closed the connection",
	    .said = EHLO "STARTTLS|" },

	/* logins */
	{ "no password", { { "220 hi", "250-ok\r\n250 AUTH PLAIN", "221 bye" } },
	    .user = "ann", .kind = ERR_CONFIG,
	    .text = "smtp.user is set, but no password",
	    .hint = "smtp.password_file names a file that holds it",
	    .said = EHLO "QUIT|" },
	{ "a login", { { "220 hi", "250-ok\r\n250 AUTH PLAIN", "235 ok", "221 bye" } },
	    .user = "ann", .secret = "secret",
	    .said = EHLO "AUTH PLAIN " PLAIN "|QUIT|" },
	{ "another yes",
	    { { "220 hi", "250-ok\r\n250 AUTH PLAIN", "250 ok", "221 bye" } },
	    .user = "ann", .secret = "secret", .kind = ERR_TEMPORARY,
	    .text = "mx did not take our login", .why = "server said: 250 ok",
	    .said = EHLO "AUTH PLAIN " PLAIN "|QUIT|" },
	{ "a login that is refused",
	    { { "220 hi", "250-ok\r\n250 AUTH PLAIN", "535 no", "221 bye" } },
	    .user = "ann", .secret = "secret", .kind = ERR_HUMAN,
	    .text = "mx refused the login of ann", .why = "server said: 535 no",
	    .hint = NO_LOGIN, .said = EHLO "AUTH PLAIN " PLAIN "|QUIT|",
	    .refused = true },
	{ "a login for later",
	    { { "220 hi", "250-ok\r\n250 AUTH PLAIN", "454 later", "221 bye" } },
	    .user = "ann", .secret = "secret", .kind = ERR_TEMPORARY,
	    .text = "mx did not take our login", .why = "server said: 454 later",
	    .said = EHLO "AUTH PLAIN " PLAIN "|QUIT|" },
	{ "a call that ends", { { "220 hi", "250-ok\r\n250 AUTH PLAIN" } }, .user = "ann",
	    .secret = "secret", .kind = ERR_TEMPORARY,
	    .text = "mx did not take our login: the server closed the connection",
	    .said = EHLO "AUTH PLAIN " PLAIN "|" },
	{ "in three steps",
	    { { "220 hi", "250-ok\r\n250 AUTH LOGIN", "334 VXNlcm5hbWU6",
		"334 UGFzc3dvcmQ6", "235 ok", "221 bye" } },
	    .user = "ann", .secret = "secret",
	    .said = EHLO "AUTH LOGIN|" USER "|" SECRET "|QUIT|" },
	{ "one step too many",
	    { { "220 hi", "250-ok\r\n250 AUTH LOGIN", "334 VXNlcm5hbWU6",
		"334 UGFzc3dvcmQ6", "334 YWdhaW4=", "501 ok", "221 bye" } },
	    .user = "ann", .secret = "secret", .kind = ERR_HUMAN,
	    .text = "mx and we do not agree on a login by LOGIN",
	    .hint = "smtp.auth names another mechanism",
	    .said = EHLO "AUTH LOGIN|" USER "|" SECRET "|*|QUIT|" },
	/* RFC 4954 6: 504, RFC 5248 2.4: X.5.4 and X.7.4 */
	{ "one that is not to be had",
	    { { "220 hi", "250-ok\r\n250 AUTH PLAIN LOGIN", "504 no", "334 VXNlcm5hbWU6",
		"334 UGFzc3dvcmQ6", "235 ok", "221 bye" } },
	    .user = "ann", .secret = "secret",
	    .said = EHLO "AUTH PLAIN " PLAIN "|AUTH LOGIN|" USER "|" SECRET "|QUIT|" },
	{ "none is to be had",
	    { { "220 hi", "250-ok\r\n250 AUTH PLAIN LOGIN", "535 5.7.4 no",
		"501 5.5.4 no", "221 bye" } },
	    .user = "ann", .secret = "secret", .kind = ERR_HUMAN,
	    .text = "mx takes none of our logins", .why = "server said: 501 5.5.4 no",
	    .said = EHLO "AUTH PLAIN " PLAIN "|AUTH LOGIN|QUIT|" },
	{ "none is offered", { { "220 hi", "250 ok", "221 bye" } }, .user = "ann",
	    .secret = "secret", .kind = ERR_PERMANENT,
	    .text = "mx takes no login that we know (it offers none)",
	    .said = EHLO "QUIT|" },
	{ "none that we know", { { "220 hi", "250-ok\r\n250 AUTH FOO BAR", "221 bye" } },
	    .user = "ann", .secret = "secret", .auth = AUTH_PLAIN, .kind = ERR_PERMANENT,
	    .text = "mx takes no login that we know (FOO BAR)",
	    .hint = "smtp.auth = auto takes what it offers", .said = EHLO "QUIT|" },

	/* access tokens: base64 of "user=ann^Aauth=Bearer secret^A^A" */
	{ "a token", { { "220 hi", "250-ok\r\n250 AUTH XOAUTH2", "235 ok", "221 bye" } },
	    .user = "ann", .secret = "secret", .auth = AUTH_OAUTH,
	    .said = EHLO "AUTH XOAUTH2 dXNlcj1hbm4BYXV0aD1CZWFyZXIgc2VjcmV0AQE=|QUIT|" },
	{ "a token that is refused",
	    { { "220 hi", "250-ok\r\n250 AUTH XOAUTH2", "334 e30=", "535 no",
		"221 bye" } },
	    .user = "ann", .secret = "secret", .auth = AUTH_OAUTH, .kind = ERR_HUMAN,
	    .text = "mx refused the login of ann", .why = "server said: 535 no",
	    .hint = "smtp.password_command must print an access token for sending mail",
	    .said = EHLO "AUTH XOAUTH2 dXNlcj1hbm4BYXV0aD1CZWFyZXIgc2VjcmV0AQE=||QUIT|",
	    .refused = true },
	{ "a token that is asked for without end",
	    { { "220 hi", "250-ok\r\n250 AUTH XOAUTH2", "334 e30=", "334 e30=", "501 ok",
		"221 bye" } },
	    .user = "ann", .secret = "secret", .auth = AUTH_OAUTH, .kind = ERR_HUMAN,
	    .text = "mx and we do not agree on a login by XOAUTH2",
	    .hint = "smtp.auth names another mechanism",
	    .said =
		EHLO "AUTH XOAUTH2 dXNlcj1hbm4BYXV0aD1CZWFyZXIgc2VjcmV0AQE=||*|QUIT|" },
};

static struct smtp_server
server_at(const struct smtp_script *script)
{
	return (
	    struct smtp_server){ .target = { .host = "127.0.0.1", .port = script->port },
		.name = "mx",
		.ehlo = "planet.example",
		.user = "",
		.timeout_ms = WAIT_MS };
}

/* Says good-bye and waits until it is answered. */
static void
leave(struct smtp_session *s)
{
	smtp_session_say_bye(s);
	while (!smtp_session_said_bye(s)) {
		struct pollfd p = { smtp_line_fd(smtp_session_line(s)), POLLIN, 0 };

		assert_int_equal(poll(&p, 1, WAIT_MS), 1);
		smtp_line_ready(smtp_session_line(s));
	}
	smtp_session_close(s);
}

static const char *
or_none(const char *text)
{
	return text ? text : "";
}

static void
expect_row(size_t i)
{
	struct smtp_script script;
	struct smtp_server server;
	struct smtp_session *s = NULL;
	struct err err = ERR_INIT;
	bool refused = !rows[i].refused;

	memcpy(script.calls, rows[i].calls, sizeof(script.calls));
	script_begin(&script);
	server = server_at(&script);
	server.security = rows[i].security;
	server.lmtp = rows[i].lmtp;
	server.user = or_none(rows[i].user);
	server.auth = rows[i].auth;
	s = smtp_session_open(&server, rows[i].secret, &refused, &err);
	if (s)
		leave(s);
	script_end(&script);
	if ((s != NULL) != (rows[i].kind == ERR_NONE) || err.kind != rows[i].kind ||
	    strcmp(err.text, or_none(rows[i].text)) != 0 || refused != rows[i].refused)
		fail_msg("%s: got %d, %d \"%s\"", rows[i].name, s != NULL, (int)err.kind,
		    err.text);
	if ((rows[i].why && strcmp(err.why, rows[i].why) != 0) ||
	    (rows[i].hint && strcmp(err.hint, rows[i].hint) != 0))
		fail_msg("%s: got why \"%s\", hint \"%s\"", rows[i].name, err.why,
		    err.hint);
	if (rows[i].user && !rows[i].hint && rows[i].kind == ERR_PERMANENT)
		assert_string_equal(err.hint, "");
	if (strcmp(buf_text(&script.said), rows[i].said) != 0)
		fail_msg("%s: said \"%s\", want \"%s\"", rows[i].name,
		    buf_text(&script.said), rows[i].said);
	buf_clear(&script.said);
}

static void
a_session_begins_as_the_server_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		expect_row(i);
}

/*
 * RFC 5321 4.5.3.1.4: a command has 512 octets at most.  With what stands around it a token of
 * 349 octets makes 496 of base64, and one more makes 500.
 */
static const struct {
	size_t secret;
	const char *replies[SCRIPT_REPLIES];
	bool is_open;
	const char *front; /* of what is said behind EHLO */
	size_t octets;     /* of all of that */
} tokens[] = {
	{ 349, { "220 hi", "250-mx\r\n250 AUTH XOAUTH2", "235 ok", "221 bye" }, true,
	    "AUTH XOAUTH2 dXNlcj1hbm4", 13 + 496 + 6 },
	{ 350, { "220 hi", "250-mx\r\n250 AUTH XOAUTH2", "334 ", "235 ok", "221 bye" },
	    true, "AUTH XOAUTH2|dXNlcj1hbm4", 13 + 500 + 6 },
	/* Nobody asked for it. */
	{ 350, { "220 hi", "250-mx\r\n250 AUTH XOAUTH2", "454 later", "221 bye" }, false,
	    "AUTH XOAUTH2|QUIT|", 18 },
};

static void
a_token_that_is_too_long_for_a_command_is_an_answer(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tokens); i++) {
		struct smtp_script script;
		struct smtp_server server;
		struct smtp_session *s = NULL;
		struct err err = ERR_INIT;
		char secret[351];
		const char *said = NULL;
		bool refused = false;

		memset(secret, 'x', sizeof(secret));
		secret[tokens[i].secret] = '\0';
		memset(&script, 0, sizeof(script));
		memcpy(script.calls[0], tokens[i].replies, sizeof(script.calls[0]));
		script_begin(&script);
		server = server_at(&script);
		server.user = "ann";
		server.auth = AUTH_OAUTH;
		s = smtp_session_open(&server, secret, &refused, &err);
		assert_int_equal(s != NULL, tokens[i].is_open);
		if (s)
			leave(s);
		script_end(&script);
		said = buf_text(&script.said) + strlen(EHLO);
		if (strncmp(said, tokens[i].front, strlen(tokens[i].front)) != 0 ||
		    strlen(said) != tokens[i].octets)
			fail_msg("%zu: said \"%s\"", i, said);
		buf_clear(&script.said);
	}
}

/* RFC 7628 3.2.2: what the server thinks of a token is in the challenge, as base64. */
static void
what_is_said_of_a_token_is_logged(void **state)
{
	static const struct {
		const char *challenge, *log; /* NULL: nothing of it */
	} table[] = {
		{ "334 e30=", "debug smtp: the access token was refused: {}\n" },
		{ "334 eA==", "debug smtp: the access token was refused: x\n" },
		{ "334 ", NULL },
		{ "334 ?", NULL },
		{ "334 ====", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct smtp_script script = {
			.calls = { { "220 hi", "250-mx\r\n250 AUTH XOAUTH2",
			    table[i].challenge, "535 no", "221 bye" } }
		};
		struct smtp_server server;
		struct heard_log heard;
		struct smtp_session *s = NULL;
		struct err err = ERR_INIT;
		bool refused = false;

		script_begin(&script);
		server = server_at(&script);
		server.user = "ann";
		server.auth = AUTH_OAUTH;
		heard_log_begin(&heard, LOG_LEVEL_DEBUG);
		s = smtp_session_open(&server, "secret", &refused, &err);
		(void)heard_log_end(&heard);
		script_end(&script);
		assert_null(s);
		assert_true(refused);
		if (table[i].log ? !strstr(heard.text, table[i].log)
				 : strstr(heard.text, "was refused") != NULL)
			fail_msg("%s: logged \"%s\"", table[i].challenge, heard.text);
		buf_clear(&script.said);
	}
}

/* ---- what is offered ----------------------------------------------------------------- */

static const struct {
	const char *lines; /* of the answer to EHLO, behind the first */
	bool lmtp;
	bool size;
	int64_t size_max, limit;
	bool chunks, pipelining, utf8, eight_bit, dsn;
} offers[] = {
	{ "250 X", .limit = INT64_MAX },
	{ "250 SIZE", .size = true, .limit = INT64_MAX },
	{ "250 SIZE 0", .size = true, .limit = INT64_MAX },
	{ "250 SIZE 10240000", .size = true, .size_max = 10240000, .limit = INT64_MAX },
	{ "250 SIZE 1x", .size = true, .size_max = 1, .limit = INT64_MAX },
	{ "250 SIZE 9223372036854775799", .size = true,
	    .size_max = INT64_C(9223372036854775799), .limit = INT64_MAX },
	{ "250 SIZE 9223372036854775800", .size = true, .limit = INT64_MAX },
	{ "250 LIMITS MAILMAX=20", .limit = 20 },
	{ "250 LIMITS RCPTMAX=5  mailmax=1", .limit = 1 },
	{ "250 LIMITS RCPTMAX=5", .limit = INT64_MAX },
	{ "250 LIMITS XMAILMAX=5", .limit = INT64_MAX },
	{ "250 LIMITS MAILMAX=0", .limit = INT64_MAX },
	{ "250 LIMITS", .limit = INT64_MAX },
	{ "250 CHUNKING", .limit = INT64_MAX },
	{ "250 PIPELINING", .limit = INT64_MAX, .pipelining = true },
	{ "250-CHUNKING\r\n250 PIPELINING", .limit = INT64_MAX, .chunks = true,
	    .pipelining = true },
	{ "250-CHUNKING\r\n250 PIPELINING", .lmtp = true, .limit = INT64_MAX,
	    .pipelining = true },
	{ "250-SMTPUTF8\r\n250-8BITMIME\r\n250 DSN", .limit = INT64_MAX, .utf8 = true,
	    .eight_bit = true, .dsn = true },
};

static void
what_a_server_offers_is_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(offers); i++) {
		char ehlo[200];
		struct smtp_script script = { .calls = {
						  { "220 hi", ehlo, "221 bye" } } };
		struct smtp_server server;
		struct smtp_session *s = NULL;
		struct err err = ERR_INIT;
		bool refused = true;

		(void)snprintf(ehlo, sizeof(ehlo), "250-mx\r\n%s", offers[i].lines);
		script_begin(&script);
		server = server_at(&script);
		server.lmtp = offers[i].lmtp;
		s = smtp_session_open(&server, NULL, &refused, &err);
		assert_non_null(s);
		assert_false(refused);
		if (s->size != offers[i].size || s->size_max != offers[i].size_max ||
		    smtp_session_limit(s) != offers[i].limit ||
		    smtp_session_takes_chunks(s) != offers[i].chunks ||
		    s->pipelining != offers[i].pipelining || s->utf8 != offers[i].utf8 ||
		    s->eight_bit != offers[i].eight_bit || s->dsn != offers[i].dsn)
			fail_msg("%s: %lld %lld", offers[i].lines, (long long)s->size_max,
			    (long long)smtp_session_limit(s));
		assert_int_equal(smtp_session_sent(s), 0);
		assert_int_equal(smtp_session_begun(s), 0);
		assert_false(smtp_session_knows_no_chunks(s));
		leave(s);
		script_end(&script);
		buf_clear(&script.said);
	}
}

/* RFC 1869 4: whoever knows HELO alone has none of the extensions. */
static void
a_server_that_knows_no_ehlo_offers_nothing(void **state)
{
	struct smtp_script script = {
		.calls = { { "220 hi", "502 what", "250 mx", "221 bye" } }
	};
	struct smtp_server server;
	struct smtp_session *s = NULL;
	struct err err = ERR_INIT;
	bool refused = true;

	(void)state;
	script_begin(&script);
	server = server_at(&script);
	s = smtp_session_open(&server, NULL, &refused, &err);
	assert_non_null(s);
	assert_false(s->pipelining || s->size || s->utf8 || s->eight_bit || s->starttls);
	assert_false(s->chunking || s->dsn);
	assert_int_equal(s->size_max, 0);
	assert_int_equal(s->mail_max, 0);
	assert_null(s->auth);
	leave(s);
	script_end(&script);
	buf_clear(&script.said);
}

/* ---- patience ------------------------------------------------------------------------ */

/* A server that says nothing is waited for as long as was said, and told of no more. */
static void
a_server_that_is_silent_is_left(void **state)
{
	struct smtp_script script = { .calls = { { "220 hi" } } };
	struct smtp_server server;
	struct err err = ERR_INIT;
	bool refused = true;
	int port = 0;
	const int listener = listen_here(0, 2, &port);
	const int64_t start = clock_ticks_ms();

	(void)state;
	script.port = port;
	server = server_at(&script);
	server.timeout_ms = 40;
	assert_null(smtp_session_open(&server, NULL, &refused, &err));
	assert_int_equal(err.kind, ERR_TEMPORARY);
	assert_string_equal(err.text,
	    "mx does not take our call: timed out: nothing was heard");
	assert_true(clock_ticks_ms() - start >= 40);
	assert_true(clock_ticks_ms() - start < 1500);
	(void)close(listener);
	err_clear(&err);
	assert_null(smtp_session_open(&server, NULL, &refused, &err));
	assert_int_equal(err.kind, ERR_TEMPORARY);
	smtp_session_close(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_begins_as_the_server_answers),
		cmocka_unit_test(a_token_that_is_too_long_for_a_command_is_an_answer),
		cmocka_unit_test(what_is_said_of_a_token_is_logged),
		cmocka_unit_test(what_a_server_offers_is_known),
		cmocka_unit_test(a_server_that_knows_no_ehlo_offers_nothing),
		cmocka_unit_test(a_server_that_is_silent_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

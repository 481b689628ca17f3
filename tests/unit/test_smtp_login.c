/* SPDX-License-Identifier: ISC */
/* Logins of the SMTP transport, by each mechanism, and what is refused. */
#include "unit/smtp_fixture.h"

#include "unit/heard_log.h"

static void
a_login_is_made_under_tls(void **state)
{
	struct bench *b = *state;

	b->config.smtp.security = SECURITY_STARTTLS;
	b->config.smtp.user = "ann";
	b->passwords[0] = "secret";
	serve(b, "starttls=good;auth=LOGIN+PLAIN");
	expect_all_sent(b);
	expect_count(b, "login ann", 1);
}

/* One that is offered with what is weaker; "": it is told by the log that it was used. */
static const struct {
	const char *name, *modes, *used;
} login_cases[] = {
	{ "PLAIN", "auth=PLAIN", "auth PLAIN\n" },
	{ "LOGIN", "auth=LOGIN", "auth LOGIN\n" },
	{ "CRAM-MD5", "auth=CRAM-MD5", "auth CRAM-MD5\n" },
	{ "SCRAM-SHA-1", "auth=LOGIN+PLAIN+SCRAM-SHA-1", "auth SCRAM-SHA-1\n" },
	{ "SCRAM-SHA-256", "auth=PLAIN+SCRAM-SHA-1+SCRAM-SHA-256",
	    "auth SCRAM-SHA-256\n" },
	{ "OAUTHBEARER", "auth=XOAUTH2+OAUTHBEARER", "auth OAUTHBEARER\n" },
	{ "XOAUTH2", "auth=XOAUTH2", "auth XOAUTH2\n" },
	{ "offered, but not to be had", "auth=PLAIN+SCRAM-SHA-256;unable=SCRAM-SHA-256",
	    "auth PLAIN\n" },
};

static void
a_login_is_made_in_each_way_that_servers_know(void **state)
{
	struct bench *b = *state;

	b->config.smtp.user = "ann";
	b->passwords[0] = "secret";
	for (size_t i = 0; i < ARRAY_LEN(login_cases); i++) {
		serve(b, login_cases[i].modes);
		begin_again(b);
		if (!run(b))
			fail_msg("%s: %s %s", login_cases[i].name, b->err.text,
			    b->err.why);
		expect_count(b, login_cases[i].used, 1);
		expect_count(b, "login ann", 1);
		expect_count(b, "accepted", 3);
	}
}

static void
a_login_is_bound_to_the_tls_session_where_that_is_offered(void **state)
{
	struct bench *b = *state;

	b->config.smtp.security = SECURITY_STARTTLS;
	b->config.smtp.user = "ann";
	b->passwords[0] = "secret";
	serve(b, "starttls=good;tls12;auth=PLAIN+SCRAM-SHA-256+SCRAM-SHA-256-PLUS");
	expect_all_sent(b);
	expect_count(b, "auth SCRAM-SHA-256-PLUS\n", 1);
	expect_count(b, "bound by tls-unique\n", 1);
}

/* The server is OpenSSL's: that both name the session alike is no agreement with ourselves. */
static void
under_tls_1_3_a_login_is_bound_by_the_exporter(void **state)
{
	static const char *const mechanisms[] = { "SCRAM-SHA-256-PLUS",
		"SCRAM-SHA-1-PLUS" };
	struct bench *b = *state;
	char modes[120];
	char used[60];

	b->config.smtp.security = SECURITY_TLS;
	b->config.smtp.user = "ann";
	b->passwords[0] = "secret";
	for (size_t i = 0; i < ARRAY_LEN(mechanisms); i++) {
		snprintf(modes, sizeof(modes), "tls=good;auth=PLAIN+SCRAM-SHA-256+%s",
		    mechanisms[i]);
		snprintf(used, sizeof(used), "auth %s\n", mechanisms[i]);
		serve(b, modes);
		begin_again(b);
		if (!run(b))
			fail_msg("%s: %s %s", mechanisms[i], b->err.text, b->err.why);
		expect_count(b, used, 1);
		expect_count(b, "bound by tls-exporter\n", 1);
		expect_count(b, "wrong", 0);
		expect_count(b, "accepted", 3);
	}
}

static void
a_login_by_scram_is_made_under_tls_1_3(void **state)
{
	struct bench *b = *state;

	b->config.smtp.security = SECURITY_TLS;
	b->config.smtp.user = "ann";
	b->passwords[0] = "secret";
	serve(b, "tls=good;auth=SCRAM-SHA-256+SCRAM-SHA-1");
	expect_all_sent(b);
	expect_count(b, "auth SCRAM-SHA-256\n", 1);
}

/* A server in the middle, which does not know the password, takes any proof of ours. */
static void
a_server_that_does_not_know_the_password_gets_no_letter(void **state)
{
	struct bench *b = *state;

	b->config.smtp.user = "ann";
	b->passwords[0] = "secret";
	serve(b, "auth=SCRAM-SHA-256;blind=mute");
	expect_failure(b, ERR_HUMAN,
	    "localhost took our login by SCRAM-SHA-256 without proof");
	begin_again(b);
	serve(b, "auth=SCRAM-SHA-256;blind=lie");
	expect_failure(b, ERR_HUMAN,
	    "localhost and we do not agree on a login by SCRAM-SHA-256");
}

static void
a_setting_names_the_mechanism(void **state)
{
	struct bench *b = *state;

	b->config.smtp.user = "ann";
	b->config.smtp.auth = AUTH_OAUTH;
	b->passwords[0] = "secret";
	serve(b, "auth=PLAIN+LOGIN+XOAUTH2");
	expect_all_sent(b);
	expect_count(b, "auth XOAUTH2\n", 1);
	b->config.smtp.auth = AUTH_CRAM_MD5;
	begin_again(b);
	assert_false(run(b));
	assert_string_equal(b->err.text,
	    "localhost takes no login that we know (PLAIN LOGIN XOAUTH2)");
}

/* An access token has more octets than a command may. */
static void
a_long_token_is_an_answer_of_its_own(void **state)
{
	struct bench *b = *state;
	char token[3001];

	memset(token, 'x', sizeof(token) - 1);
	token[sizeof(token) - 1] = '\0';
	b->config.smtp.user = "ann";
	b->passwords[0] = token;
	serve(b, arena_printf(b->arena, "auth=XOAUTH2;secret=%s", token));
	expect_all_sent(b);
	serve(b, arena_printf(b->arena, "auth=OAUTHBEARER;secret=%s", token));
	begin_again(b);
	expect_all_sent(b);
}

struct secrets {
	const char *next; /* NULL: the command fails */
	int asked;
};

static bool
secret_again(void *arg, size_t relay, const char **password, struct err *err)
{
	struct secrets *s = arg;

	(void)relay;
	s->asked++;
	*password = s->next;
	return s->next || err_set(err, ERR_TEMPORARY, "no token today");
}

/* Each connection is opened with the token that was good last. */
static void
a_token_that_ran_out_is_asked_for_once_more(void **state)
{
	struct bench *b = *state;
	struct secrets secrets = { "fresh", 0 };

	b->config.smtp.user = "ann";
	b->config.smtp.per_connection = 1;
	b->passwords[0] = "stale";
	b->t.password_again = secret_again;
	b->t.password_arg = &secrets;
	serve(b, "auth=XOAUTH2;secret=fresh");
	expect_all_sent(b);
	assert_int_equal(secrets.asked, 1);
	expect_count(b, "session", 4);
	expect_count(b, "login ann", 3);
}

/* The same answer, another that is refused, and none: each ends with the server's words. */
static void
a_login_that_stays_refused_is_not_tried_again_and_again(void **state)
{
	struct bench *b = *state;
	static const struct {
		const char *next;
		size_t sessions;
	} cases[] = { { "stale", 1 }, { "wrong", 2 }, { NULL, 1 } };

	b->config.smtp.user = "ann";
	b->config.smtp.connections = 4;
	b->passwords[0] = "stale";
	b->t.password_again = secret_again;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct secrets secrets = { cases[i].next, 0 };

		b->t.password_arg = &secrets;
		begin_again(b);
		serve(b, "auth=OAUTHBEARER;secret=fresh");
		expect_failure(b, ERR_HUMAN,
		    "localhost refused the login of ann|server said: 535 5.7.8");
		assert_int_equal(secrets.asked, 1);
		expect_count(b, "session", cases[i].sessions);
	}
}

static void
the_dialogue_is_logged_without_the_password(void **state)
{
	struct bench *b = *state;
	struct heard_log heard;
	const char *text = NULL;

	b->config.smtp.user = "ann";
	b->passwords[0] = "secret";
	serve(b, "auth=LOGIN");
	heard_log_begin(&heard, LOG_LEVEL_WIRE);
	expect_all_sent(b);
	text = heard_log_end(&heard);
	assert_non_null(strstr(text, "C: MAIL FROM:<bounce@example.net>"));
	assert_non_null(strstr(text, "S: 250 2.1.0 ok"));
	assert_non_null(strstr(text, "C: ..."));
	assert_null(strstr(text, "secret"));
	assert_null(strstr(text, "c2VjcmV0")); /* the same in base64 */
	assert_null(strstr(text, "Hello"));    /* of the letter itself */
}

static void
a_refused_login_is_told_in_the_servers_words(void **state)
{
	struct bench *b = *state;

	b->config.smtp.user = "ann";
	b->config.smtp.connections = 4;
	b->passwords[0] = "wrong";
	serve(b, "auth=PLAIN");
	expect_failure(b, ERR_HUMAN,
	    "localhost refused the login of ann|server said: 535 5.7.8 no such login");
	assert_int_equal(b->letters.handed_out, 1);
	assert_string_equal(b->letters.replies[0],
	    "localhost refused the login of ann server said: 535 5.7.8 no such login");
	assert_null(strstr(b->err.text, "wrong"));
	assert_null(strstr(b->err.why, "wrong"));
}

static void
a_server_that_wants_a_login_says_so(void **state)
{
	serve(*state, "auth=PLAIN");
	expect_failure(*state, ERR_HUMAN, "530 5.7.0 log in first");
}

static void
a_mechanism_we_do_not_know_is_named(void **state)
{
	struct bench *b = *state;

	b->config.smtp.user = "ann";
	b->passwords[0] = "secret";
	serve(b, "auth=GSSAPI");
	expect_failure(b, ERR_PERMANENT, "takes no login that we know (GSSAPI)");
	expect_count(b, "session", 1);
	/* Where mail is taken without a login, none goes without the one that is set. */
	begin_again(b);
	serve(b, "");
	expect_failure(b, ERR_PERMANENT, "takes no login that we know (it offers none)");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
static const struct CMUnitTest tests[] = {
	T(a_login_is_made_under_tls),
	T(a_login_is_made_in_each_way_that_servers_know),
	T(a_login_is_bound_to_the_tls_session_where_that_is_offered),
	T(under_tls_1_3_a_login_is_bound_by_the_exporter),
	T(a_login_by_scram_is_made_under_tls_1_3),
	T(a_server_that_does_not_know_the_password_gets_no_letter),
	T(a_setting_names_the_mechanism),
	T(a_long_token_is_an_answer_of_its_own),
	T(a_token_that_ran_out_is_asked_for_once_more),
	T(a_login_that_stays_refused_is_not_tried_again_and_again),
	T(the_dialogue_is_logged_without_the_password),
	T(a_refused_login_is_told_in_the_servers_words),
	T(a_server_that_wants_a_login_says_so),
	T(a_mechanism_we_do_not_know_is_named),
};
#undef T

int
main(void)
{
	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}

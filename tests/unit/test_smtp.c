/* SPDX-License-Identifier: ISC */
/* The SMTP and LMTP transports against a server that misbehaves on demand. */
#include "unit/smtp_fixture.h"

/* ---- good servers -------------------------------------------------------------------- */

static void
letters_arrive_with_their_bytes_over_one_session(void **state)
{
	struct bench *b = *state;
	struct buf text = BUF_INIT(4096);

	serve(b, "");
	expect_all_sent(b);
	expect_count(b, "session", 1);
	expect_count(b, "accepted bounce@example.net ann@example.org", 1);
	assert_int_equal(b->letters.codes[0], 250);
	assert_string_equal(b->letters.status[0], "2.0.0");
	assert_string_equal(b->letters.replies[0], "250 2.0.0 taken");
	assert_true(
	    file_read(arena_printf(b->arena, "%s/1.eml", b->dir), &text, &b->err));
	assert_string_equal(buf_text(&text),
	    "To: ann@example.org\r\nSubject: letter 0\r\n\r\n.Hello\r\n..\r\nFrom me\r\n");
	buf_clear(&text);
}

static void
a_server_without_pipelining_is_spoken_to_in_steps(void **state)
{
	serve(*state, "nopipe;nostatus;size=10000");
	expect_all_sent(*state);
	expect_count(*state, "SIZE=", 3);
}

static void
a_server_that_knows_no_ehlo_is_greeted_with_helo(void **state)
{
	serve(*state, "helo");
	expect_all_sent(*state);
}

static void
a_server_that_closes_on_ehlo_is_called_again(void **state)
{
	serve(*state, "helo-close");
	expect_all_sent(*state);
}

static void
the_null_sender_is_allowed(void **state)
{
	struct bench *b = *state;

	b->letters.sender = "";
	serve(b, "");
	expect_all_sent(b);
	expect_count(b, "accepted  ann@example.org", 1);
}

static void
a_new_connection_comes_after_per_connection_letters(void **state)
{
	struct bench *b = *state;

	b->config.smtp.per_connection = 2;
	serve(b, "");
	expect_all_sent(b);
	expect_count(b, "session", 2);
}

static void
four_connections_bring_each_letter_once(void **state)
{
	struct bench *b = *state;
	const char *names[40];

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		names[i] = arena_printf(b->arena, "reader%zu@example.org", i);
	buf_clear(&b->letters.bytes);
	letters_init(&b->letters, names, ARRAY_LEN(names));
	b->config.smtp.connections = 4;
	serve(b, "delay=0.005");
	expect_all_sent(b);
	expect_count(b, "session", 4);
	expect_count(b, "accepted", 40);
}

static void
nothing_to_send_opens_no_connection(void **state)
{
	struct bench *b = *state;

	b->letters.count = 0;
	serve(b, "");
	assert_true(run(b));
	expect_count(b, "session", 0);
}

static void
stop_ends_the_run_after_the_letter_in_flight(void **state)
{
	struct bench *b = *state;

	b->letters.stop_after = 2;
	serve(b, "");
	assert_true(run(b));
	expect_count(b, "accepted", 2);
	expect_kind(b, 1, OUTCOME_SENT);
}

static void
a_rate_is_kept(void **state)
{
	struct bench *b = *state;
	int64_t before = clock_ticks_ms();

	b->config.smtp.rate = 10;
	serve(b, "");
	before = clock_ticks_ms();
	expect_all_sent(b);
	/* The first may go at once, two wait a tenth of a second each. */
	assert_true(clock_ticks_ms() - before >= 198);
}

static void
lmtp_speaks_over_a_local_socket(void **state)
{
	struct bench *b = *state;

	serve(b, "");
	b->config.transport.method = TRANSPORT_LMTP;
	b->config.transport.lmtp = arena_printf(b->arena, "%s.lmtp", control);
	expect_all_sent(b);
}

/* ---- TLS ----------------------------------------------------------------------------- */

static void
tls_of_both_kinds_is_verified_and_used(void **state)
{
	struct bench *b = *state;

	b->config.smtp.security = SECURITY_STARTTLS;
	serve(b, "starttls=good");
	expect_all_sent(b);
	expect_count(b, "tls", 1);
}

static void
tls_from_the_first_octet_is_verified_and_used(void **state)
{
	struct bench *b = *state;

	b->config.smtp.security = SECURITY_TLS;
	serve(b, "tls=good");
	expect_all_sent(b);
	expect_count(b, "tls", 1);
}

static void
auto_on_a_port_of_its_own_demands_tls(void **state)
{
	struct bench *b = *state;

	b->config.smtp.security = SECURITY_AUTO;
	serve(b, "");
	expect_failure(b, ERR_PERMANENT, "offers no STARTTLS, so nothing was sent");
}

static void
an_address_in_the_certificate_is_verified(void **state)
{
	struct bench *b = *state;

	b->config.smtp.host = "127.0.0.1";
	b->config.smtp.security = SECURITY_STARTTLS;
	serve(b, "starttls=good");
	expect_all_sent(b);
}

static const struct {
	const char *name, *certificate, *words;
} bad_certificates[] = {
	{ "another host", "wrong", "does not match" },
	{ "expired", "expired", "expired" },
	{ "self-signed", "selfsigned", "issuer is unknown" },
};

static void
a_certificate_that_does_not_stand_stops_everything(void **state)
{
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(bad_certificates); i++) {
		for (int implicit = 0; implicit < 2; implicit++) {
			serve(b,
			    arena_printf(b->arena, "%s=%s;auth=PLAIN",
				implicit ? "tls" : "starttls",
				bad_certificates[i].certificate));
			b->config.smtp.security =
			    implicit ? SECURITY_TLS : SECURITY_STARTTLS;
			b->config.smtp.user = "ann";
			b->passwords[0] = "secret";
			buf_clear(&b->letters.bytes);
			letters_init(&b->letters, three, 3);
			err_clear(&b->err);
			expect_failure(b, ERR_PERMANENT, bad_certificates[i].words);
			expect_count(b, "login", 0);
			assert_int_equal(b->letters.handed_out, 1);
		}
	}
}

static void
an_unknown_authority_is_not_believed(void **state)
{
	struct bench *b = *state;

	b->config.smtp.security = SECURITY_STARTTLS;
	b->config.smtp.ca_file = arena_printf(b->arena, "%s/selfsigned.crt", pki);
	serve(b, "starttls=good");
	expect_failure(b, ERR_PERMANENT, "issuer is unknown");
}

static void
a_stripped_starttls_sends_nothing(void **state)
{
	struct bench *b = *state;

	b->config.smtp.security = SECURITY_STARTTLS;
	serve(b, "");
	expect_failure(b, ERR_PERMANENT, "offers no STARTTLS");
}

static void
what_was_slipped_in_before_tls_is_forgotten(void **state)
{
	struct bench *b = *state;

	b->config.smtp.security = SECURITY_STARTTLS;
	serve(b, "starttls=good;inject");
	expect_all_sent(b);
}

static void
a_ca_file_that_is_none_is_named(void **state)
{
	struct bench *b = *state;
	struct letter_source src = letters_source(&b->letters);

	static const char *const none[] = { "/nonexistent/ca.pem", "/dev/zero",
		"/dev/null", "/" };

	b->config.smtp.security = SECURITY_TLS;
	for (size_t i = 0; i < ARRAY_LEN(none); i++) {
		b->config.smtp.ca_file = none[i];
		err_clear(&b->err);
		assert_false(transport_run(&b->t, &src, &b->err));
		assert_int_equal(b->err.kind, ERR_CONFIG);
		assert_non_null(strstr(b->err.text, none[i]));
		assert_int_equal(b->letters.handed_out, 0);
	}
}

/* ---- one letter's trouble is not the others' ------------------------------------------ */

static void
a_greylisted_letter_waits_and_the_others_go(void **state)
{
	struct bench *b = *state;

	b->letters.recipients[1] = "gray@example.org";
	serve(b, "greylist");
	assert_true(run(b));
	expect_kind(b, 0, OUTCOME_SENT);
	expect_kind(b, 1, OUTCOME_DEFERRED);
	expect_kind(b, 2, OUTCOME_SENT);
	assert_int_equal(b->letters.codes[1], 450);
	assert_string_equal(b->letters.status[1], "4.7.1");
	expect_count(b, "session", 1);
}

static void
expect_refusal_of_the_second(struct bench *b, const char *modes)
{
	b->letters.recipients[1] = "gone@example.org";
	serve(b, modes);
	if (!run(b))
		fail_msg("%s", b->err.text);
	expect_kind(b, 0, OUTCOME_SENT);
	expect_kind(b, 1, OUTCOME_REFUSED);
	expect_kind(b, 2, OUTCOME_SENT);
	assert_int_equal(b->letters.codes[1], 550);
	assert_string_equal(b->letters.replies[1], "550 5.1.1 no such person");
	expect_count(b, "accepted", 2);
}

static void
a_refused_recipient_is_refused_alone(void **state)
{
	expect_refusal_of_the_second(*state, "");
	expect_count(*state, "session", 1);
}

static void
a_refused_recipient_is_refused_alone_in_steps(void **state)
{
	expect_refusal_of_the_second(*state, "nopipe");
	expect_count(*state, "session", 1);
}

static void
data_opened_for_nobody_is_closed(void **state)
{
	expect_refusal_of_the_second(*state, "open-data");
	expect_count(*state, "session", 1);
}

static void
a_server_without_rset_is_coped_with(void **state)
{
	expect_refusal_of_the_second(*state, "rset=502 5.5.1 what?");
}

static void
a_refusal_after_the_dot_is_the_letters(void **state)
{
	struct bench *b = *state;

	serve(b, "dot=554 5.7.1 looks like spam");
	assert_true(run(b));
	expect_kind(b, 0, OUTCOME_REFUSED);
	expect_kind(b, 2, OUTCOME_REFUSED);
	assert_string_equal(b->letters.replies[2], "554 5.7.1 looks like spam");
	expect_count(b, "session", 1);
}

static void
a_letter_over_size_is_not_offered(void **state)
{
	struct bench *b = *state;

	serve(b, "size=20");
	assert_true(run(b));
	expect_kind(b, 0, OUTCOME_REFUSED);
	assert_string_equal(b->letters.status[0], "5.3.4");
	expect_count(b, "accepted", 0);
}

static void
an_international_address_goes_where_it_may(void **state)
{
	struct bench *b = *state;

	b->letters.recipients[1] = "d\xC3\xB6rte@example.org";
	serve(b, "utf8");
	expect_all_sent(b);
	expect_count(b, "SMTPUTF8", 1);
}

static void
an_international_address_is_refused_where_it_may_not(void **state)
{
	struct bench *b = *state;

	b->letters.recipients[1] = "d\xC3\xB6rte@example.org";
	serve(b, "");
	assert_true(run(b));
	expect_kind(b, 0, OUTCOME_SENT);
	expect_kind(b, 1, OUTCOME_REFUSED);
	assert_string_equal(b->letters.status[1], "5.6.7");
	expect_kind(b, 2, OUTCOME_SENT);
}

static void
no_command_can_be_slipped_into_an_address(void **state)
{
	struct bench *b = *state;

	b->letters.recipients[0] = "a@b.org>\r\nRCPT TO:<victim@example.org";
	b->letters.recipients[1] = "a@b.org> ORCPT=x";
	serve(b, "");
	assert_true(run(b));
	expect_kind(b, 0, OUTCOME_REFUSED);
	expect_kind(b, 1, OUTCOME_REFUSED);
	expect_kind(b, 2, OUTCOME_SENT);
	expect_count(b, "accepted", 1);
}

/* ---- connections that end ------------------------------------------------------------ */

static void
expect_second_try(void **state, const char *modes)
{
	serve(*state, modes);
	expect_all_sent(*state);
	expect_count(*state, "session", 2);
}

static void
a_connection_lost_at_mail_is_made_again(void **state)
{
	expect_second_try(state, "drop=mail");
}

static void
a_connection_lost_at_data_is_made_again(void **state)
{
	expect_second_try(state, "drop=data;nopipe");
}

static void
a_421_after_two_letters_is_followed_by_a_new_connection(void **state)
{
	expect_second_try(state, "limit=2");
}

static void
a_server_that_hangs_up_between_letters_is_called_again(void **state)
{
	serve(*state, "stale");
	expect_all_sent(*state);
	expect_count(*state, "session", 3);
}

static void
a_letter_lost_after_the_dot_is_unknown_and_not_sent_again(void **state)
{
	struct bench *b = *state;

	serve(b, "drop=dot");
	assert_true(run(b));
	expect_kind(b, 0, OUTCOME_UNKNOWN);
	expect_kind(b, 1, OUTCOME_SENT);
	expect_kind(b, 2, OUTCOME_SENT);
	expect_count(b, "accepted", 3);
}

static void
a_server_that_always_hangs_up_is_given_up(void **state)
{
	expect_failure((serve(*state, "drops=mail"), *state), ERR_TEMPORARY,
	    "breaks off again and again");
	assert_true(((struct bench *)*state)->letters.handed_out <= 3);
}

static void
a_server_that_swallows_letters_is_given_up_soon(void **state)
{
	struct bench *b = *state;

	serve(b, "drops=dot");
	assert_false(run(b));
	assert_int_equal(b->err.kind, ERR_TEMPORARY);
	expect_kind(b, 0, OUTCOME_UNKNOWN);
	expect_kind(b, 1, OUTCOME_UNKNOWN);
	/* Each had a connection of its own, and the third was not begun. */
	assert_int_equal(b->letters.handed_out, 2);
}

static void
nobody_there_defers_the_letter(void **state)
{
	struct bench *b = *state;

	/* Nobody listens on the port of tcpmux. */
	b->config.smtp.port = 1;
	expect_failure(b, ERR_TEMPORARY, "Connection refused");
	assert_int_equal(b->letters.handed_out, 1);
}

static void
a_refusing_greeting_is_told(void **state)
{
	serve(*state, "greet=554 5.3.2 no mail here");
	expect_failure(*state, ERR_HUMAN, "server said: 554 5.3.2 no mail here");
}

static void
a_busy_greeting_is_for_later(void **state)
{
	serve(*state, "greet=421 4.3.2 too busy");
	expect_failure(*state, ERR_TEMPORARY, "server said: 421 4.3.2 too busy");
}

static void
a_web_server_is_not_taken_for_a_mail_server(void **state)
{
	serve(*state, "greet=HTTP/1.1 400 Bad Request");
	expect_failure(*state, ERR_TEMPORARY, "is no reply");
}

static void
a_sender_that_is_refused_stops_the_run_and_blames_no_reader(void **state)
{
	struct bench *b = *state;

	serve(b, "mail=550 5.7.1 not from here");
	expect_failure(b, ERR_HUMAN, "550 5.7.1 not from here");
	assert_int_equal(b->letters.handed_out, 1);
}

static void
a_busy_server_at_mail_defers(void **state)
{
	struct bench *b = *state;

	serve(b, "mail-once=451 4.3.0 later");
	assert_true(run(b));
	expect_kind(b, 0, OUTCOME_BUSY);
	expect_kind(b, 1, OUTCOME_SENT);
}

/* ---- servers that play for time ------------------------------------------------------- */

static void
expect_end_in_time(void **state, const char *modes, const char *words)
{
	struct bench *b = *state;
	int64_t before = 0;

	b->config.smtp.timeout = 1;
	serve(b, modes);
	before = clock_ticks_ms();
	expect_failure(b, ERR_TEMPORARY, words);
	assert_true(clock_ticks_ms() - before < 8000);
}

static void
a_greeting_octet_by_octet_times_out(void **state)
{
	expect_end_in_time(state, "drip", "timed out");
}

static void
a_silent_server_times_out(void **state)
{
	expect_end_in_time(state, "hang=ehlo", "timed out");
}

/* The server has five minutes, and somebody wants the send to end. */
static void
a_send_that_is_stopped_waits_for_no_server(void **state)
{
	static const struct {
		const char *modes;
		enum outcome_kind kind;
		bool ok;
	} cases[] = {
		{ "hang=ehlo", OUTCOME_DEFERRED, false },
		{ "hang=mail", OUTCOME_DEFERRED, true },
		{ "hang=dot", OUTCOME_UNKNOWN, true },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const int64_t before = clock_ticks_ms();

		buf_clear(&b->letters.bytes);
		letters_init(&b->letters, (const char *const[]){ "ann@example.org" }, 1);
		err_clear(&b->err);
		b->config.smtp.timeout = 300;
		b->t.grace_ms = 500;
		b->letters.stop_after = 1;
		b->letters.hurry_after = 1;
		serve(b, cases[i].modes);
		if (run(b) != cases[i].ok)
			fail_msg("%s: got \"%s\"", cases[i].modes, b->err.text);
		expect_kind(b, 0, cases[i].kind);
		assert_true(clock_ticks_ms() - before < 60000);
	}
}

static void
an_endless_reply_is_cut(void **state)
{
	expect_end_in_time(state, "endless", "is no reply");
}

static void
an_endless_line_is_cut(void **state)
{
	expect_end_in_time(state, "endless=line", "talks without end");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
static const struct CMUnitTest tests[] = {
	T(letters_arrive_with_their_bytes_over_one_session),
	T(a_server_without_pipelining_is_spoken_to_in_steps),
	T(a_server_that_knows_no_ehlo_is_greeted_with_helo),
	T(a_server_that_closes_on_ehlo_is_called_again),
	T(the_null_sender_is_allowed),
	T(a_new_connection_comes_after_per_connection_letters),
	T(four_connections_bring_each_letter_once),
	T(nothing_to_send_opens_no_connection),
	T(stop_ends_the_run_after_the_letter_in_flight),
	T(a_rate_is_kept),
	T(lmtp_speaks_over_a_local_socket),
	T(tls_of_both_kinds_is_verified_and_used),
	T(tls_from_the_first_octet_is_verified_and_used),
	T(auto_on_a_port_of_its_own_demands_tls),
	T(an_address_in_the_certificate_is_verified),
	T(a_certificate_that_does_not_stand_stops_everything),
	T(an_unknown_authority_is_not_believed),
	T(a_stripped_starttls_sends_nothing),
	T(what_was_slipped_in_before_tls_is_forgotten),
	T(a_ca_file_that_is_none_is_named),
	T(a_greylisted_letter_waits_and_the_others_go),
	T(a_refused_recipient_is_refused_alone),
	T(a_refused_recipient_is_refused_alone_in_steps),
	T(data_opened_for_nobody_is_closed),
	T(a_server_without_rset_is_coped_with),
	T(a_refusal_after_the_dot_is_the_letters),
	T(a_letter_over_size_is_not_offered),
	T(an_international_address_goes_where_it_may),
	T(an_international_address_is_refused_where_it_may_not),
	T(no_command_can_be_slipped_into_an_address),
	T(a_connection_lost_at_mail_is_made_again),
	T(a_connection_lost_at_data_is_made_again),
	T(a_421_after_two_letters_is_followed_by_a_new_connection),
	T(a_server_that_hangs_up_between_letters_is_called_again),
	T(a_letter_lost_after_the_dot_is_unknown_and_not_sent_again),
	T(a_server_that_always_hangs_up_is_given_up),
	T(a_server_that_swallows_letters_is_given_up_soon),
	T(nobody_there_defers_the_letter),
	T(a_refusing_greeting_is_told),
	T(a_busy_greeting_is_for_later),
	T(a_web_server_is_not_taken_for_a_mail_server),
	T(a_sender_that_is_refused_stops_the_run_and_blames_no_reader),
	T(a_busy_server_at_mail_defers),
	T(a_greeting_octet_by_octet_times_out),
	T(a_silent_server_times_out),
	T(a_send_that_is_stopped_waits_for_no_server),
	T(an_endless_reply_is_cut),
	T(an_endless_line_is_cut),
};
#undef T

int
main(void)
{
	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}

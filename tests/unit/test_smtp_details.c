/* SPDX-License-Identifier: ISC */
/* Answers that come late, early, in pieces or not as they should, at each stage of a session. */
#include "unit/smtp_fixture.h"

/* So many readers; in the bench's arena. */
static void
readers(struct bench *b, size_t count)
{
	const char **names = arena_array(b->arena, count, sizeof(*names));

	for (size_t i = 0; i < count; i++)
		names[i] = arena_printf(b->arena, "reader%zu@example.org", i);
	buf_clear(&b->letters.bytes);
	letters_init(&b->letters, names, count);
}

/* What it says once at a stage: then all letters arrive, over so many sessions. */
static const struct {
	const char *modes;
	size_t sessions;
} once[] = {
	{ "once=mail 421 4.3.2 going down", 2 },
	{ "once=rcpt 421 4.3.2 going down", 2 },
	{ "once=data 421 4.3.2 going down", 2 },
	{ "once=dot 421 4.3.2 going down", 2 },
	{ "nopipe;once=mail 421 4.3.2 going down", 2 },
	{ "nopipe;once=rcpt 421 4.3.2 going down", 2 },
	{ "nopipe;once=data 421 4.3.2 going down", 2 },
	{ "nopipe;once=dot 421 4.3.2 going down", 2 },
	{ "chunking;once=mail 421 4.3.2 going down", 2 },
	{ "chunking;once=rcpt 421 4.3.2 going down", 2 },
	{ "chunking;once=bdat 421 4.3.2 going down", 2 },
	/* Codes that are no answer to the question: neither side knows where the other is. */
	{ "once=mail 354 go ahead", 2 },
	{ "once=rcpt 354 go ahead", 2 },
	{ "once=data 250 2.0.0 ok", 2 },
	{ "nopipe;once=mail 354 go ahead", 2 },
	{ "nopipe;once=rcpt 334 VXNlcm5hbWU6", 2 },
	{ "nopipe;once=data 220 2.0.0 ok", 2 },
	{ "once=mail 503 5.5.1 nested MAIL", 2 },
	{ "once=mail what?", 2 },
	{ "nopipe;once=rcpt 250_ok", 2 },
	{ "nopipe;once=data 99", 2 },
	/* It says yes and has not understood: the next answer is 503. */
	{ "once=mail 250 2.1.0 ok", 2 },
	{ "once=rcpt 250 2.1.5 ok", 2 },
	{ "nopipe;once=mail 250 2.1.0 ok", 2 },
	/* How it answers. */
	{ "octets", 1 },
	{ "octets;nopipe", 1 },
	{ "octets;chunking", 1 },
	{ "together", 1 },
	{ "together;chunking", 1 },
	{ "together;size=1000;dsn;limits=100", 1 },
};

static void
what_is_said_once_costs_a_connection_at_most(void **state)
{
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(once); i++) {
		begin_again(b);
		serve(b, once[i].modes);
		if (!run(b))
			fail_msg("%s: %s (%s); log:\n%s", once[i].modes, b->err.text,
			    b->err.why, b->log);
		for (size_t k = 0; k < 3; k++)
			if (b->letters.kinds[k] != OUTCOME_SENT)
				fail_msg("%s: letter %zu: outcome %d (%s); log:\n%s",
				    once[i].modes, k, (int)b->letters.kinds[k],
				    b->letters.replies[k], b->log);
		if (count_of(b, "accepted") != 3 ||
		    count_of(b, "session") != once[i].sessions)
			fail_msg("%s: got %zu letters, %zu sessions, want 3 and %zu; "
				 "log:\n%s",
			    once[i].modes, count_of(b, "accepted"),
			    count_of(b, "session"), once[i].sessions, b->log);
	}
}

/* Before there is a session, 421 and its like are for later, and no letter is lost. */
static void
a_session_that_is_put_off_is_for_later(void **state)
{
	static const char *const modes[] = { "once=ehlo 421 4.3.2 going down",
		"once=ehlo 451 4.3.0 later",
		"starttls=good;once=starttls 421 4.3.2 going down",
		"starttls=good;once=starttls 454 4.3.0 TLS not available",
		"starttls=good;auth=PLAIN;once=auth 421 4.3.2 going down",
		"starttls=good;auth=PLAIN;once=auth 454 4.7.0 later" };
	struct bench *b = *state;

	b->passwords[0] = "secret";
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		const bool tls = strncmp(modes[i], "starttls", 8) == 0;

		b->config.smtp.security = tls ? SECURITY_STARTTLS : SECURITY_NONE;
		b->config.smtp.user = strstr(modes[i], "auth") ? "ann" : "";
		begin_again(b);
		serve(b, modes[i]);
		expect_failure(b, ERR_TEMPORARY, "server said: 4");
		begin_again(b);
		expect_all_sent(b);
	}
}

/* RSET is said after who is gone; its 421 is met by a new connection. */
static void
a_421_at_rset_loses_nobody(void **state)
{
	struct bench *b = *state;

	readers(b, 6);
	b->letters.recipients[2] = "gone@example.org";
	serve(b, "once=rset 421 4.3.2 going down");
	assert_true(run(b));
	for (size_t i = 0; i < 6; i++)
		expect_kind(b, i, i == 2 ? OUTCOME_REFUSED : OUTCOME_SENT);
	expect_count(b, "accepted", 5);
	expect_count(b, "session", 2);
}

/*
 * CHUNKING that is offered by a server and not known by what stands in front of it: the letter
 * is read as commands, so the connection ends at once, and letters go by DATA from then on.
 */
static void
chunks_that_are_not_understood_are_said_no_more(void **state)
{
	static const char *const replies[] = { "chunking;bdat=500 5.5.2 what?",
		"chunking;bdat=502 5.5.1 not here", "chunking;bdat=503 5.5.1 DATA first",
		"chunking;bdat=504 no" };
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(replies); i++) {
		begin_again(b);
		readers(b, 20);
		serve(b, replies[i]);
		expect_all_sent(b);
		expect_count(b, "chunk", 0);
		expect_count(b, "session", 2);
	}
}

/* RFC 9422 4.1: MAILMAX counts MAIL, also for those that are refused. */
static void
what_is_refused_counts_for_mailmax(void **state)
{
	static const char *const modes[] = { "limits=6", "limits=6;chunking",
		"limits=6;nopipe" };
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		begin_again(b);
		readers(b, 18);
		for (size_t k = 0; k < 18; k += 3)
			b->letters.recipients[k] = "gone@example.org";
		serve(b, modes[i]);
		assert_true(run(b));
		for (size_t k = 0; k < 18; k++)
			expect_kind(b, k, k % 3 == 0 ? OUTCOME_REFUSED : OUTCOME_SENT);
		expect_count(b, "session", 3);
	}
}

/* A reply with octets of all kinds is one clean line. */
static void
a_reply_is_told_in_clean_words(void **state)
{
	struct bench *b = *state;

	serve(b, "dot=554 5.7.1 a\x1B[2Jb\tc \xC3\xA9");
	assert_true(run(b));
	expect_kind(b, 0, OUTCOME_REFUSED);
	for (const char *p = b->letters.replies[0]; *p != '\0'; p++)
		assert_true((unsigned char)*p >= ' ' && *p != 127);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
static const struct CMUnitTest tests[] = {
	T(what_is_said_once_costs_a_connection_at_most),
	T(a_session_that_is_put_off_is_for_later),
	T(a_421_at_rset_loses_nobody),
	T(chunks_that_are_not_understood_are_said_no_more),
	T(what_is_refused_counts_for_mailmax),
	T(a_reply_is_told_in_clean_words),
};
#undef T

int
main(void)
{
	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}

/* SPDX-License-Identifier: ISC */
/* Letters as chunks, several ahead of the answers (RFC 3030), and what else EHLO offers. */
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

/*
 * What was said to be sent arrived once; what is in doubt, once or never; nothing else did.
 * Returns how many are in doubt.
 */
static size_t
expect_truth(struct bench *b)
{
	size_t doubts = 0;

	for (size_t i = 0; i < b->letters.count; i++) {
		const char *to = arena_printf(b->arena, " %s ", b->letters.recipients[i]);
		const enum outcome_kind kind = b->letters.kinds[i];
		const size_t times = count_of(b, to);

		if (b->letters.settles[i] == 0) {
			assert_int_equal(times, 0);
			continue;
		}
		doubts += kind == OUTCOME_UNKNOWN;
		if (times > 1 || (kind == OUTCOME_SENT && times != 1) ||
		    (kind != OUTCOME_SENT && kind != OUTCOME_UNKNOWN && times != 0))
			fail_msg("%s: outcome %d, arrived %zu times; log:\n%s", to,
			    (int)kind, times, b->log);
	}
	return doubts;
}

static void
a_chunk_has_the_letters_bytes(void **state)
{
	struct bench *b = *state;
	struct buf text = BUF_INIT(4096);

	serve(b, "chunking");
	expect_all_sent(b);
	expect_count(b, "chunk", 2);
	expect_count(b, "session", 1);
	assert_true(
	    file_read(arena_printf(b->arena, "%s/2.eml", b->dir), &text, &b->err));
	assert_string_equal(buf_text(&text),
	    "To: bo@example.org\r\nSubject: letter 1\r\n\r\n.Hello\r\n..\r\nFrom me\r\n");
	buf_clear(&text);
}

static void
hundreds_go_over_each_of_four_connections(void **state)
{
	struct bench *b = *state;

	readers(b, 300);
	b->config.smtp.connections = 4;
	serve(b, "chunking;delay=0.001");
	expect_all_sent(b);
	expect_count(b, "chunk", 296);
	expect_count(b, "session", 4);
}

static void
without_pipelining_there_are_no_chunks(void **state)
{
	serve(*state, "chunking;nopipe");
	expect_all_sent(*state);
	expect_count(*state, "chunk", 0);
}

static void
at_a_pace_there_is_none_ahead(void **state)
{
	struct bench *b = *state;

	b->config.smtp.rate = 1000;
	serve(b, "chunking");
	expect_all_sent(b);
	expect_count(b, "chunk", 0);
}

/* The transaction of who is gone stands until RSET: the next must not go in it. */
static void
who_is_gone_is_refused_alone(void **state)
{
	struct bench *b = *state;

	readers(b, 20);
	b->letters.recipients[5] = "gone@example.org";
	b->letters.recipients[6] = "gone-too@example.org";
	b->letters.recipients[19] = "gone-last@example.org";
	serve(b, "chunking;size=100000");
	assert_true(run(b));
	assert_int_equal(expect_truth(b), 0);
	for (size_t i = 0; i < 20; i++)
		expect_kind(b, i,
		    i == 5 || i == 6 || i == 19 ? OUTCOME_REFUSED : OUTCOME_SENT);
	assert_string_equal(b->letters.replies[6], "550 5.1.1 no such person");
	expect_count(b, "session", 1);
}

static void
a_server_that_knows_no_rset_is_coped_with(void **state)
{
	struct bench *b = *state;

	readers(b, 20);
	serve(b, "chunking;rset=502 5.5.1 what?");
	expect_all_sent(b);
}

static void
a_421_in_the_middle_sends_none_twice(void **state)
{
	struct bench *b = *state;

	readers(b, 40);
	serve(b, "chunking;limit=7");
	expect_all_sent(b);
	expect_count(b, "session", 6);
}

static void
what_the_server_says_of_itself_is_kept_to(void **state)
{
	struct bench *b = *state;

	readers(b, 20);
	serve(b, "chunking;limits=6");
	expect_all_sent(b);
	expect_count(b, "session", 4);
	begin_again(b);
	readers(b, 20);
	serve(b, "limits=6");
	expect_all_sent(b);
	expect_count(b, "session", 4);
}

static void
per_connection_counts_what_is_ahead(void **state)
{
	struct bench *b = *state;

	readers(b, 20);
	b->config.smtp.per_connection = 5;
	serve(b, "chunking");
	expect_all_sent(b);
	expect_count(b, "session", 4);
}

/* All that was out is in doubt, and no more than that; the others go over a new connection. */
static void
a_connection_lost_in_the_middle_leaves_few_in_doubt(void **state)
{
	struct bench *b = *state;
	size_t doubts = 0;

	readers(b, 60);
	serve(b, "chunking;lose=30");
	assert_true(run(b));
	doubts = expect_truth(b);
	assert_true(doubts >= 1 && doubts <= 8);
	for (size_t i = 0; i < 60; i++)
		assert_true(b->letters.kinds[i] == OUTCOME_SENT ||
		    b->letters.kinds[i] == OUTCOME_UNKNOWN);
	assert_int_equal(b->letters.kinds[29], OUTCOME_UNKNOWN);
}

static void
a_letter_cut_off_is_sent_again(void **state)
{
	struct bench *b = *state;

	serve(b, "chunking;drop=mail");
	expect_all_sent(b);
}

static void
a_server_that_swallows_letters_is_given_up(void **state)
{
	struct bench *b = *state;

	readers(b, 60);
	serve(b, "chunking;drops=dot");
	assert_false(run(b));
	assert_int_equal(b->err.kind, ERR_TEMPORARY);
	assert_true(expect_truth(b) <= 4);
}

static void
a_chunk_that_is_refused_or_put_off_is_its_own(void **state)
{
	struct bench *b = *state;

	serve(b, "chunking;dot=554 5.7.1 looks like spam");
	assert_true(run(b));
	for (size_t i = 0; i < 3; i++)
		expect_kind(b, i, OUTCOME_REFUSED);
	begin_again(b);
	serve(b, "chunking;dot=452 4.3.1 disk full");
	assert_true(run(b));
	for (size_t i = 0; i < 3; i++)
		expect_kind(b, i, OUTCOME_DEFERRED);
}

static void
a_sender_that_is_refused_stops_the_run(void **state)
{
	struct bench *b = *state;

	readers(b, 20);
	serve(b, "chunking;mail=550 5.7.1 not you");
	expect_failure(b, ERR_HUMAN, "550 5.7.1 not you");
}

static void
a_letter_over_size_is_not_said(void **state)
{
	struct bench *b = *state;

	serve(b, "chunking;size=20");
	assert_true(run(b));
	expect_kind(b, 0, OUTCOME_REFUSED);
	expect_kind(b, 2, OUTCOME_REFUSED);
	expect_count(b, "chunk", 0);
}

/* RFC 3461: of failure alone, with the header, the letter's name and its reader. */
static void
reports_are_asked_for_where_they_are_offered(void **state)
{
	struct bench *b = *state;

	b->letters.recipients[1] = "bo+a=b@example.org";
	serve(b, "dsn");
	expect_all_sent(b);
	expect_count(b,
	    " RET=HDRS ENVID=2026-11-24-0 NOTIFY=FAILURE ORCPT=rfc822;ann@example.org\n",
	    1);
	expect_count(b, " ORCPT=rfc822;bo+2Ba+3Db@example.org\n", 1);
	begin_again(b);
	b->letters.sender = "";
	serve(b, "dsn");
	expect_all_sent(b);
	expect_count(b, "ENVID", 0);
	begin_again(b);
	serve(b, "");
	expect_all_sent(b);
	expect_count(b, "NOTIFY", 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
static const struct CMUnitTest tests[] = {
	T(a_chunk_has_the_letters_bytes),
	T(hundreds_go_over_each_of_four_connections),
	T(without_pipelining_there_are_no_chunks),
	T(at_a_pace_there_is_none_ahead),
	T(who_is_gone_is_refused_alone),
	T(a_server_that_knows_no_rset_is_coped_with),
	T(a_421_in_the_middle_sends_none_twice),
	T(what_the_server_says_of_itself_is_kept_to),
	T(per_connection_counts_what_is_ahead),
	T(a_connection_lost_in_the_middle_leaves_few_in_doubt),
	T(a_letter_cut_off_is_sent_again),
	T(a_server_that_swallows_letters_is_given_up),
	T(a_chunk_that_is_refused_or_put_off_is_its_own),
	T(a_sender_that_is_refused_stops_the_run),
	T(a_letter_over_size_is_not_said),
	T(reports_are_asked_for_where_they_are_offered),
};
#undef T

int
main(void)
{
	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}

/* SPDX-License-Identifier: ISC */
/* Which codes and details of a refusal are known: the edges of each range, each stage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "transport/provider_refusals.h"
#include "transport/smtp_fault.h"
#include "transport/transport.h"

static const char *
advice(int detail)
{
	char status[20];

	(void)snprintf(status, sizeof(status), "5.7.%d", detail);
	return provider_refusal(STAGE_DOT, 550, status, "x");
}

/* Each range from its first detail to its last: one piece of advice, and another beside it. */
static const struct {
	int first, last;
} ranges[] = {
	{ 20, 22 }, /* RFC 7372: DKIM */
	{ 28, 28 }, /* Gmail: too many */
	{ 31, 31 },
	{ 32, 32 },
	{ 57, 57 }, /* Exchange Online */
	{ 60, 60 },
	{ 508, 508 }, /* Outlook.com */
	{ 509, 509 },
	{ 511, 511 },
	{ 512, 512 },
	{ 515, 515 },
	{ 606, 649 },
};

static void
details_are_known_from_their_first_to_their_last(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ranges); i++) {
		const char *const said = advice(ranges[i].first);

		assert_non_null(said);
		for (int d = ranges[i].first; d <= ranges[i].last; d++)
			assert_ptr_equal(advice(d), said);
		if (advice(ranges[i].first - 1) == said ||
		    advice(ranges[i].last + 1) == said)
			fail_msg("5.7.%d: a neighbour is the same", ranges[i].first);
	}
	/* All of Exchange Online's, and nothing beside. */
	for (int d = 498; d <= 801; d++)
		if ((advice(d) != NULL) != (d >= 500 && d <= 799))
			fail_msg("5.7.%d", d);
	assert_null(advice(19));
	assert_null(advice(56));
	assert_null(advice(61));
}

static const struct {
	int code;
	const char *status;
	bool is_known; /* as 5.7.28 */
} codes[] = {
	{ 399, "5.7.28", false },
	{ 400, "5.7.28", true },
	{ 499, "5.7.28", true },
	{ 500, "5.7.28", true },
	{ 599, "5.7.28", true },
	{ 600, "5.7.28", false },
	{ 0, "5.7.28", false },
	{ 450, "4.7.28", true },
	{ 550, "4.7.28", true },
	{ 550, "3.7.28", false },
	{ 550, "6.7.28", false },
	{ 550, "57.28", false },
	{ 550, "55.7.28", false },
	{ 550, "5.8.28", false },
	{ 550, "5.7", false },
	{ 550, "5.7-28", false },
	{ 550, "5.7.", false },
	{ 550, "5.7.28.1", true },
	{ 550, "", false },
	{ 550, NULL, false },
};

static void
codes_and_statuses_are_refusals_or_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if ((provider_refusal(STAGE_DOT, codes[i].code, codes[i].status, "x") !=
			NULL) != codes[i].is_known)
			fail_msg("%d %s", codes[i].code,
			    codes[i].status ? codes[i].status : "NULL");
}

static const struct {
	enum outcome_stage stage;
	bool letter, login, greeting; /* what is known there */
} stages[] = {
	{ STAGE_NONE, false, false, false },
	{ STAGE_GREETING, false, false, true },
	{ STAGE_EHLO, false, false, true },
	{ STAGE_AUTH, false, true, false },
	{ STAGE_MAIL, true, false, true },
	{ STAGE_RCPT, true, false, true },
	{ STAGE_DATA, true, false, true },
	{ STAGE_DOT, true, false, true },
};

static void
each_stage_has_its_own_refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(stages); i++) {
		const enum outcome_stage s = stages[i].stage;

		assert_int_equal(provider_refusal(s, 550, "5.7.28", "x") != NULL,
		    stages[i].letter);
		assert_int_equal(provider_refusal(s, 550, "5.7.139", "x") != NULL,
		    stages[i].login);
		assert_int_equal(provider_refusal(s, 550, NULL, "by spamhaus.org") !=
			NULL,
		    stages[i].greeting);
	}
}

/* RFC 5321 4.2.1, RFC 3463: whose fault a refusal of a letter is. */
static const struct {
	enum outcome_stage stage;
	int code;
	const char *status, *words;
	enum smtp_fault want;
} faults[] = {
	{ STAGE_DOT, 250, NULL, NULL, FAULT_NONE },
	{ STAGE_DOT, 399, NULL, NULL, FAULT_NONE },
	{ STAGE_DOT, 600, NULL, NULL, FAULT_NONE },
	{ STAGE_GREETING, 400, NULL, NULL, FAULT_SERVER },
	{ STAGE_GREETING, 499, NULL, NULL, FAULT_SERVER },
	{ STAGE_GREETING, 500, NULL, NULL, FAULT_OURS },
	{ STAGE_AUTH, 599, NULL, NULL, FAULT_OURS },
	{ STAGE_MAIL, 451, "4.3.0", NULL, FAULT_SERVER },
	{ STAGE_MAIL, 551, NULL, NULL, FAULT_OURS },
	{ STAGE_MAIL, 552, NULL, NULL, FAULT_LETTER },
	{ STAGE_MAIL, 553, NULL, NULL, FAULT_OURS },
	{ STAGE_MAIL, 550, "5.3.4", NULL, FAULT_LETTER },
	{ STAGE_MAIL, 450, "4.3.4", NULL, FAULT_SERVER },
	{ STAGE_MAIL, 550, "5.3.3", NULL, FAULT_OURS },
	{ STAGE_MAIL, 550, "5.2.4", NULL, FAULT_OURS },
	{ STAGE_MAIL, 550, "5.6.1", NULL, FAULT_LETTER },
	{ STAGE_MAIL, 550, "5.5.1", NULL, FAULT_OURS },
	{ STAGE_MAIL, 550, "5.7.1", NULL, FAULT_OURS },
	{ STAGE_RCPT, 529, NULL, "x", FAULT_OPEN },
	{ STAGE_RCPT, 530, NULL, "x", FAULT_OURS },
	{ STAGE_RCPT, 531, NULL, "x", FAULT_OPEN },
	{ STAGE_RCPT, 534, NULL, "x", FAULT_OURS },
	{ STAGE_RCPT, 535, NULL, "x", FAULT_OURS },
	{ STAGE_RCPT, 536, NULL, "x", FAULT_OPEN },
	{ STAGE_RCPT, 537, NULL, "x", FAULT_OPEN },
	{ STAGE_RCPT, 538, NULL, "x", FAULT_OURS },
	{ STAGE_RCPT, 539, NULL, "x", FAULT_OPEN },
	{ STAGE_RCPT, 550, "5.0.0", "x", FAULT_OPEN },
	{ STAGE_RCPT, 550, "5.1.1", "x", FAULT_MAILBOX },
	{ STAGE_RCPT, 550, "5.1.6", "x", FAULT_MAILBOX },
	{ STAGE_RCPT, 550, "5.1.7", "x", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.1.8", "x", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.1.9", "x", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.1.10", "x", FAULT_MAILBOX },
	{ STAGE_RCPT, 550, "5.2.1", "x", FAULT_MAILBOX },
	{ STAGE_RCPT, 550, "5.3.0", "x", FAULT_OPEN },
	{ STAGE_RCPT, 550, "5.3.4", "x", FAULT_LETTER },
	{ STAGE_RCPT, 550, "5.3.5", "x", FAULT_OPEN },
	{ STAGE_RCPT, 550, "5.4.0", "x", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.4.1", "x", FAULT_OPEN },
	{ STAGE_RCPT, 550, "5.4.3", "x", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.4.4", "x", FAULT_OPEN },
	{ STAGE_RCPT, 550, "5.5.0", "x", FAULT_OPEN },
	{ STAGE_RCPT, 550, "5.5.1", "x", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.5.6", "x", FAULT_LETTER },
	{ STAGE_RCPT, 550, "5.6.0", "x", FAULT_LETTER },
	{ STAGE_RCPT, 550, "5.7.1", "x", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.7.13", "x", FAULT_MAILBOX },
	{ STAGE_RCPT, 550, "5.7.17", "x", FAULT_MAILBOX },
	{ STAGE_RCPT, 550, "5.7.18", "x", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.8.0", "x", FAULT_OPEN },
	{ STAGE_RCPT, 550, "5.-1.0", "x", FAULT_OPEN },
	{ STAGE_RCPT, 550, "5.1", "x", FAULT_MAILBOX },
	{ STAGE_RCPT, 550, "5,1.1", "x", FAULT_OPEN },
	{ STAGE_RCPT, 550, "2.1.1", "x", FAULT_OPEN },
	{ STAGE_RCPT, 550, NULL, NULL, FAULT_OPEN },
	/* Words tell where no status does; the first that is known. */
	{ STAGE_RCPT, 550, NULL, "no such user", FAULT_MAILBOX },
	{ STAGE_RCPT, 550, NULL, "message too large", FAULT_LETTER },
	{ STAGE_RCPT, 550, NULL, "over quota", FAULT_MAILBOX },
	{ STAGE_RCPT, 550, NULL, "quota", FAULT_OURS },
	{ STAGE_RCPT, 550, NULL, "RELAY: no such user", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.1.1", "relay", FAULT_MAILBOX },
};

static void
whose_fault_a_refusal_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		const enum smtp_fault got = smtp_fault(faults[i].stage, faults[i].code,
		    faults[i].status, faults[i].words);

		if (got != faults[i].want)
			fail_msg("%d %s %s at %d: got %d, want %d", faults[i].code,
			    faults[i].status ? faults[i].status : "-",
			    faults[i].words ? faults[i].words : "-", (int)faults[i].stage,
			    (int)got, (int)faults[i].want);
	}
}

/* Letters in pieces are for servers alone, and not where each is signed. */
static void
which_transports_take_pieces(void **state)
{
	static const struct {
		enum transport_method method;
		bool takes;
	} rows[] = { { TRANSPORT_SMTP, true }, { TRANSPORT_LMTP, true },
		{ TRANSPORT_SENDMAIL, false }, { TRANSPORT_MBOX, false },
		{ TRANSPORT_MAILDIR, false }, { TRANSPORT_OUTBOX, false },
		{ TRANSPORT_STDOUT, false } };
	const struct dkim_signer signer = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct config c = { .transport = { .method = rows[i].method } };
		struct transport_settings t = { .config = &c };

		assert_int_equal(transport_takes_pieces(&t), rows[i].takes);
		t.signer = &signer;
		assert_false(transport_takes_pieces(&t));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(details_are_known_from_their_first_to_their_last),
		cmocka_unit_test(codes_and_statuses_are_refusals_or_none),
		cmocka_unit_test(each_stage_has_its_own_refusals),
		cmocka_unit_test(whose_fault_a_refusal_is),
		cmocka_unit_test(which_transports_take_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

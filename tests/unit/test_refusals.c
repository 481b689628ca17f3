/* SPDX-License-Identifier: ISC */
/* Whose fault a refusal is, and when refusals are not believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/clock.h"
#include "flow/refusals.h"

#define NOW INT64_C(1795521600)

/* ---- whose fault ---- */

static const struct {
	enum outcome_stage stage;
	int code;
	const char *status, *words;
	enum smtp_fault want;
} faults[] = {
	{ STAGE_DOT, 250, "2.0.0", "taken", FAULT_NONE },
	{ STAGE_DOT, 0, NULL, "nobody answered", FAULT_NONE },
	/* Before a letter is spoken of, nothing is about it. */
	{ STAGE_GREETING, 554, "5.3.2", "no mail here", FAULT_OURS },
	{ STAGE_GREETING, 421, "4.3.2", "busy", FAULT_SERVER },
	{ STAGE_EHLO, 550, NULL, "bad name", FAULT_OURS },
	{ STAGE_EHLO, 454, "4.7.0", "no TLS now", FAULT_SERVER },
	{ STAGE_AUTH, 535, "5.7.8", "wrong password", FAULT_OURS },
	{ STAGE_AUTH, 550, "5.7.30", "no basic authentication", FAULT_OURS },
	{ STAGE_AUTH, 454, "4.7.0", "later", FAULT_SERVER },
	{ STAGE_MAIL, 550, "5.1.1", "no such sender", FAULT_OURS },
	{ STAGE_MAIL, 550, "5.4.5", "daily limit", FAULT_OURS },
	{ STAGE_MAIL, 452, "4.3.1", "disk full", FAULT_SERVER },
	{ STAGE_MAIL, 452, "4.3.4", "too large now", FAULT_SERVER },
	{ STAGE_MAIL, 552, "5.3.4", "too large", FAULT_LETTER },
	{ STAGE_MAIL, 552, NULL, "too large", FAULT_LETTER },
	{ STAGE_MAIL, 553, "5.6.7", "no UTF-8", FAULT_LETTER },
	/* RFC 3463. */
	{ STAGE_RCPT, 550, "5.1.1", "no such user", FAULT_MAILBOX },
	{ STAGE_RCPT, 550, "5.1.10", "null MX", FAULT_MAILBOX },
	{ STAGE_RCPT, 553, "5.1.8", "sender's domain", FAULT_OURS },
	{ STAGE_RCPT, 553, "5.1.7", "sender's address", FAULT_OURS },
	{ STAGE_RCPT, 552, "5.2.2", "mailbox over quota", FAULT_MAILBOX },
	{ STAGE_DOT, 552, "5.2.3", "too large for the mailbox", FAULT_MAILBOX },
	{ STAGE_DOT, 552, "5.3.4", "too large", FAULT_LETTER },
	{ STAGE_DOT, 554, "5.6.1", "8 bit", FAULT_LETTER },
	{ STAGE_DOT, 554, "5.6.0", "bad header", FAULT_LETTER },
	{ STAGE_RCPT, 550, "5.4.6", "loop", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.5.2", "syntax", FAULT_OURS },
	{ STAGE_RCPT, 554, "5.7.1", "<a@b.org>: Relay access denied", FAULT_OURS },
	{ STAGE_DOT, 554, "5.7.1", "spam", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.7.13", "account disabled", FAULT_MAILBOX },
	{ STAGE_RCPT, 530, NULL, "log in first", FAULT_OURS },
	{ STAGE_RCPT, 535, "5.1.1", "log in first", FAULT_OURS },
	/* Gmail, Outlook, Exchange. */
	{ STAGE_DOT, 550, "5.7.26", "unauthenticated", FAULT_OURS },
	{ STAGE_DOT, 421, "4.7.28", "unusual rate", FAULT_OURS },
	{ STAGE_DOT, 550, "5.7.515", "not authenticated", FAULT_OURS },
	{ STAGE_DOT, 550, "5.7.509", "DMARC reject", FAULT_OURS },
	{ STAGE_DOT, 550, "5.4.5", "Daily user sending limit exceeded", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.4.1", "Recipient address rejected: Access denied",
	    FAULT_MAILBOX },
	{ STAGE_RCPT, 550, "5.5.0", "mailbox unavailable", FAULT_MAILBOX },
	/* Words alone. */
	{ STAGE_RCPT, 550, NULL, "Relaying denied", FAULT_OURS },
	{ STAGE_RCPT, 554, "", "blocked by policy", FAULT_OURS },
	{ STAGE_RCPT, 550, NULL, "No such user here", FAULT_MAILBOX },
	{ STAGE_DOT, 552, NULL, "Message size exceeds the limit", FAULT_LETTER },
	{ STAGE_DOT, 550, NULL, "message quota exceeded", FAULT_OURS },
	{ STAGE_RCPT, 550, NULL, NULL, FAULT_OPEN },
	{ STAGE_RCPT, 550, "5.0.0", "no", FAULT_OPEN },
	{ STAGE_RCPT, 550, "5.9.9", "no", FAULT_OPEN },
	{ STAGE_RCPT, 550, "5", "no", FAULT_OPEN },
	/* The ends of codes, and what is no status. */
	{ STAGE_DOT, 399, NULL, "quota", FAULT_NONE },
	{ STAGE_DOT, 400, NULL, "quota", FAULT_OURS },
	{ STAGE_DOT, 599, NULL, "quota", FAULT_OURS },
	{ STAGE_DOT, 600, NULL, "quota", FAULT_NONE },
	{ STAGE_GREETING, 499, NULL, "", FAULT_SERVER },
	{ STAGE_GREETING, 500, NULL, "", FAULT_OURS },
	{ STAGE_MAIL, 499, "4.6.1", "", FAULT_SERVER },
	{ STAGE_MAIL, 551, "5.3.5", "", FAULT_OURS },
	{ STAGE_MAIL, 553, "5.4.4", "", FAULT_OURS },
	{ STAGE_RCPT, 534, "5.1.1", "", FAULT_OURS },
	{ STAGE_RCPT, 538, "5.1.1", "", FAULT_OURS },
	{ STAGE_RCPT, 529, "5.1.1", "", FAULT_MAILBOX },
	{ STAGE_RCPT, 531, "5.1.1", "", FAULT_MAILBOX },
	{ STAGE_RCPT, 533, "5.1.1", "", FAULT_MAILBOX },
	{ STAGE_RCPT, 536, "5.1.1", "", FAULT_MAILBOX },
	{ STAGE_RCPT, 537, "5.1.1", "", FAULT_MAILBOX },
	{ STAGE_RCPT, 539, "5.1.1", "", FAULT_MAILBOX },
	{ STAGE_RCPT, 550, "2.1.1", "", FAULT_OPEN },
	{ STAGE_RCPT, 550, "6.1.1", "", FAULT_OPEN },
	{ STAGE_RCPT, 550, "51.1", "", FAULT_OPEN },
	{ STAGE_RCPT, 450, "4.1.1", "", FAULT_MAILBOX },
	/* Every subject, and the details that say something else. */
	{ STAGE_RCPT, 550, "5.0.1", "", FAULT_OPEN },
	{ STAGE_RCPT, 550, "5.1", "", FAULT_MAILBOX },
	{ STAGE_RCPT, 550, "5.1.6", "", FAULT_MAILBOX },
	{ STAGE_RCPT, 550, "5.1.9", "", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.2.0", "", FAULT_MAILBOX },
	{ STAGE_RCPT, 550, "5.3.0", "", FAULT_OPEN },
	{ STAGE_RCPT, 550, "5.3.3", "", FAULT_OPEN },
	{ STAGE_RCPT, 550, "5.3.5", "", FAULT_OPEN },
	{ STAGE_RCPT, 550, "5.4.0", "", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.4.1", "", FAULT_OPEN },
	{ STAGE_RCPT, 550, "5.4.2", "", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.4.3", "", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.4.4", "", FAULT_OPEN },
	{ STAGE_RCPT, 550, "5.4.5", "", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.5.0", "", FAULT_OPEN },
	{ STAGE_RCPT, 550, "5.5.1", "", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.5.5", "", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.5.6", "", FAULT_LETTER },
	{ STAGE_RCPT, 550, "5.5.7", "", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.6.6", "", FAULT_LETTER },
	{ STAGE_RCPT, 550, "5.7.0", "", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.7.12", "", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.7.14", "", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.7.16", "", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.7.17", "", FAULT_MAILBOX },
	{ STAGE_RCPT, 550, "5.7.18", "", FAULT_OURS },
	{ STAGE_RCPT, 550, "5.8.0", "", FAULT_OPEN },
};

static void
whose_fault_a_refusal_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		const enum smtp_fault got = smtp_fault(faults[i].stage, faults[i].code,
		    faults[i].status, faults[i].words);

		if (got != faults[i].want)
			fail_msg("%d %s at %d: got %d, want %d", faults[i].code,
			    faults[i].status ? faults[i].status : "-",
			    (int)faults[i].stage, (int)got, (int)faults[i].want);
	}
}

/* ---- when it is not believed ---- */

/* A run of answers: + accepted, m no such user, o spam, ? another word each time, 1 5.7.1. */
static const struct {
	const char *name, *answers;
	bool accepted_before;
	int64_t age;
	int64_t refused, back; /* in the end */
	bool stops;
} runs[] = {
	{ "one of many", "+++m+++", false, 0, 1, 0, false },
	{ "nine alike", "+mmmmmmmmm", false, 0, 9, 0, false },
	{ "ten alike", "+mmmmmmmmmm", false, 0, 0, 10, true },
	{ "ten alike with one between", "+mmmmm+mmmmm", false, 0, 10, 0, false },
	{ "three that speak of us", "+++++ooo", false, 0, 0, 3, true },
	{ "two that speak of us, at the end", "+++++oo", false, 0, 0, 2, false },
	{ "one that spoke of us, and ten went", "o++++++++++", false, 0, 1, 0, false },
	{ "one that spoke of us, and nine went", "o+++++++++", false, 0, 0, 1, false },
	{ "nobody accepted", "m?m?", false, 0, 0, 4, false },
	{ "nobody now, somebody before", "m", true, 0, 1, 0, false },
	{ "nobody now, and who knows", "?", true, 0, 0, 1, false },
	{ "half of fifty", "+?+?+?+?+?+?+?+?+?+?+?+?+?+?+?+?+?+?+?+?+?+?+?+?+?", false, 0,
	    0, 25, true },
	{ "a third of sixty",
	    "++?++?++?++?++?++?++?++?++?++?++?++?++?++?++?++?++?++?++?++?", false, 0, 20,
	    0, false },
	{ "a receiver that names what we lack, and all others went",
	    "p+++++++++++++++++++++", false, 0, 0, 1, false },
	{ "the same for four days", "p+++++++++++", false, 4 * 86400, 1, 1, false },
	{ "at the end of its lifetime", "ooo", false, 4 * 86400, 3, 3, true },
};

static struct outcome
answer(char c, size_t i, char *words, size_t size)
{
	struct outcome o = { OUTCOME_REFUSED, 550, "5.1.1", words, STAGE_RCPT };

	/* One wording, whoever is named and in whatever case. */
	(void)snprintf(words, size,
	    i % 2 ? "550 5.1.1 <r%zu@example.org>: no such user r%zu"
		  : "550 5.1.1 <r%zu>: No such User r%zu",
	    i, i);

	if (c == '+')
		return (
		    struct outcome){ OUTCOME_SENT, 250, "2.0.0", "250 ok", STAGE_DOT };
	if (c == 'o') {
		o.status = "5.7.1";
		o.reply = "554 5.7.1 spam";
	}
	if (c == 'p') {
		o.status = "5.7.26";
		o.reply = "550 5.7.26 this mail is unauthenticated";
		o.stage = STAGE_DOT;
	}
	if (c == '?') {
		(void)snprintf(words, size, "550 %.*s", (int)(i % 26) + 1,
		    "abcdefghijklmnopqrstuvwxyz");
		o.status = NULL;
	}
	return o;
}

static void
when_refusals_are_believed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(runs); i++) {
		struct refusals r = { .accepted_before = runs[i].accepted_before };
		struct delivery older;
		struct err err = ERR_INIT;
		char words[80];
		int64_t refused = 0;

		for (size_t k = 0; runs[i].answers[k] != '\0'; k++) {
			const struct outcome o =
			    answer(runs[i].answers[k], k, words, sizeof(words));
			const struct delivery d = { .reader_id = (int64_t)k + 1,
				.queued = NOW - runs[i].age };

			if (refusals_note(&r, &d, &o, NOW, &older))
				refused += older.state == DELIVERY_REFUSED;
		}
		while (refusals_next(&r, NOW, &older)) {
			assert_non_null(strstr(older.reply, "55"));
			refused += older.state == DELIVERY_REFUSED;
		}
		if (refused != runs[i].refused || r.put_back != runs[i].back ||
		    r.stopped != runs[i].stops)
			fail_msg("%s: refused %d, back %d, stopped %d", runs[i].name,
			    (int)refused, (int)r.put_back, r.stopped);
		assert_int_equal(refusals_say(&r, &err), runs[i].back > 0);
		assert_int_equal(err.kind, runs[i].back > 0 ? ERR_HUMAN : ERR_NONE);
	}
}

/* What the receiver means comes before what to do then. */
static void
a_receiver_that_means_us_is_told_in_words(void **state)
{
	static const struct outcome no = { OUTCOME_REFUSED, 550, "5.7.515",
		"550 5.7.515 Access denied", STAGE_DOT };
	static const struct outcome later = { OUTCOME_DEFERRED, 421, "4.7.28",
		"421 4.7.28 unusual rate", STAGE_DOT };
	static const struct outcome gray = { OUTCOME_DEFERRED, 450, "4.7.1",
		"450 4.7.1 greylisted", STAGE_RCPT };
	const struct delivery d = { .reader_id = 1, .queued = NOW };
	struct refusals r = { .count = 0 };
	struct delivery older;
	struct err err = ERR_INIT;

	(void)state;
	assert_false(refusals_note(&r, &d, &no, NOW, &older));
	assert_true(refusals_next(&r, NOW, &older));
	assert_int_equal(older.state, DELIVERY_QUEUED);
	assert_true(refusals_say(&r, &err));
	assert_string_equal(err.hint,
	    "letters need SPF and DKIM of the sender's own domain: publish both, and let "
	    "the mail server or smtp.dkim_key_file sign; when that is mended: planetpost "
	    "run");
	refusals_note_wait(&r, &gray);
	assert_int_equal(r.waiting, 0);
	refusals_note_wait(&r, &no);
	assert_int_equal(r.waiting, 0);
	refusals_note_wait(&r, &later);
	refusals_note_wait(&r, &later);
	assert_int_equal(r.waiting, 2);
	assert_non_null(strstr(r.waiting_advice, "too many for now"));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(whose_fault_a_refusal_is),
		cmocka_unit_test(when_refusals_are_believed),
		cmocka_unit_test(a_receiver_that_means_us_is_told_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

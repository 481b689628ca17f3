/* SPDX-License-Identifier: ISC */
/* Reports in words for people: addresses in a line, codes, what words mean, whose they are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "mail/incoming.h"
#include "mail/mail_report.h"
#include "mail/report_address.h"
#include "mail/report_reason.h"

/* ---- addresses ---- */

/* Each as "address rank", one behind the other. */
static const struct {
	const char *line;
	const char *want;
} lines[] = {
	{ "", "" },
	{ "no address here", "" },
	{ "ann@x.example", "ann@x.example alone; " },
	{ "<ann@x.example>", "ann@x.example alone; " },
	{ "  <ann@x.example>: 550 no", "ann@x.example alone; " },
	{ "ann@x.example,", "ann@x.example alone; " },
	{ "ann@x.example;", "ann@x.example alone; " },
	{ "ann@x.example (Ann)", "ann@x.example alone; " },
	{ "ann@x.example - full", "ann@x.example alone; " },
	{ "ann@x.example * full", "ann@x.example alone; " },
	{ "ann@x.example | full", "ann@x.example alone; " },
	{ "ann@x.example... User unknown", "ann@x.example alone; " },
	{ "ann@x.example on 24 Nov", "ann@x.example alone; " },
	{ "ann@x.example SMTP error", "ann@x.example alone; " },
	{ "ann@x.example is not here", "ann@x.example named; " },
	{ "Sorry, ann@x.example is not here", "ann@x.example named; " },
	{ "The recipient ann@x.example is gone", "ann@x.example labeled; " },
	{ "RCPT TO:<ann@x.example>", "ann@x.example labeled; " },
	{ "Your message to <ann@x.example> failed", "ann@x.example labeled; " },
	{ "MAIL FROM:<ann@x.example>", "ann@x.example none; " },
	{ "Please contact ann@x.example", "ann@x.example none; " },
	{ "postmaster@x.example", "postmaster@x.example none; " },
	{ "support@x.example told us", "support@x.example none; " },
	{ "Your message to support@x.example failed", "support@x.example labeled; " },
	{ "ann@x.example and bo@x.example", "ann@x.example named; bo@x.example named; " },
	{ "ann@x.example:bo@x.example", "ann@x.example alone; bo@x.example named; " },
	{ "\"ann b\"@x.example", "\"ann b\"@x.example alone; " },
	{ "ann b\"@x.example", "" },
	{ "'ann@x.example'", "ann@x.example alone; " },
	{ "*ann@x.example*", "ann@x.example alone; " },
	{ "-.ann@x.example", "ann@x.example alone; " },
	{ "dda:SMTP=ann@x.example", "ann@x.example labeled; " },
	{ "SMTP=ann@x.example", "ann@x.example labeled; " },
	{ "ann@x.example.", "ann@x.example named; " },
	{ "ann@x-.", "" },
	{ "ann@localhost", "" },
	{ "@x.example", "" },
	{ "ann@", "" },
	{ "@ ann@x.example", "ann@x.example alone; " },
	{ "a+b=c@x.example", "a+b=c@x.example alone; " },
	{ "\xC3\xA9@x.example", "\xC3\xA9@x.example alone; " },
	{ "ann@\xC3\xA9.example", "ann@\xC3\xA9.example alone; " },
};

static void
addresses_are_found_with_their_rank(void **state)
{
	static const char *const ranks[] = { "none", "named", "labeled", "alone" };
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		const char *at = lines[i].line;
		struct report_address x;
		struct buf b = BUF_INIT(1000);

		while (report_address_next(a, lines[i].line, &at, &x))
			buf_addf(&b, "%s %s; ", x.text, ranks[x.rank]);
		if (strcmp(buf_text(&b), lines[i].want) != 0) {
			print_error("%s: got %s, want %s\n", lines[i].line, buf_text(&b),
			    lines[i].want);
			failed++;
		}
		buf_clear(&b);
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* Nothing that is written before an address counts when it is far away. */
static void
what_stands_far_before_is_not_looked_at(void **state)
{
	struct arena *a = arena_new();
	char line[200];
	const char *at = line;
	struct report_address x;

	(void)state;
	memset(line, 'x', sizeof(line));
	memcpy(line, "MAIL FROM ", 10);
	memcpy(line + 90, " ann@x.example", sizeof(" ann@x.example"));
	assert_true(report_address_next(a, line, &at, &x));
	assert_int_equal(x.rank, RANK_NAMED);
	arena_free(a);
}

/* ---- codes ---- */

static const struct {
	const char *text;
	const char *status;
	int code;
} codes[] = {
	{ "", "", 0 },
	{ "550 5.1.1 no such user", "5.1.1", 550 },
	{ "550-5.1.1 no such user", "5.1.1", 550 },
	{ "552 mailbox full", "", 552 },
	{ "#5.1.10#", "5.1.10", 0 },
	{ "status 4.2.2.", "4.2.2", 0 },
	{ "2.0.0 Ok", "2.0.0", 0 },
	{ "3.1.1", "", 0 },
	{ "5.1", "", 0 },
	{ "5.1.", "", 0 },
	{ "5..1", "", 0 },
	{ "5.1111.1", "", 0 },
	{ "5.123.456", "5.123.456", 0 },
	{ "5.1.1.5", "", 0 },
	{ "x5.1.1", "", 0 },
	{ ".5.1.1", "", 0 },
	{ "a-5.1.1", "", 0 },
	{ "0-5.1.1", "5.1.1", 0 },
	{ "-5.1.1", "5.1.1", 0 },
	{ "at 10.5.1.1 said 450", "", 450 },
	{ "(553)", "", 553 },
	{ "[554]", "", 554 },
	{ "550:", "", 550 },
	{ "550#5.1.1", "5.1.1", 550 },
	{ "550", "", 550 },
	{ "550\nmore", "", 550 },
	{ "5500", "", 0 },
	{ "580 no reply", "", 0 },
	{ "577 yes", "", 577 },
	{ "5a0", "", 0 },
	{ "55a", "", 0 },
	{ "350 no", "", 0 },
	{ "650 no", "", 0 },
	{ "x550 y", "", 0 },
	{ "1/550 y", "", 0 },
	{ "1-550 y", "", 0 },
	{ "1.550 y", "", 0 },
	{ "a@550 y", "", 0 },
	{ "<550 y", "", 550 },
	{ "550;y", "", 0 },
};

static void
codes_are_found(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		const char *status = reason_status(a, codes[i].text);
		const int code = reason_code(codes[i].text);

		if (strcmp(status, codes[i].status) != 0 || code != codes[i].code) {
			print_error("%s: got %s %d, want %s %d\n", codes[i].text, status,
			    code, codes[i].status, codes[i].code);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

static const struct {
	const char *status;
	int code;
	const char *words;
	enum bounce_class want;
	bool is_told;
} reasons[] = {
	{ "", 0, "", BOUNCE_SOFT, false },
	{ "5.0.0", 0, "", BOUNCE_SOFT, false },
	{ "5.5.0", 0, "", BOUNCE_SOFT, true },
	{ "", 550, "", BOUNCE_SOFT, true },
	{ "5.1.1", 550, "", BOUNCE_HARD, true },
	{ "5.1.2", 0, "", BOUNCE_HARD, true },
	{ "5.1.3", 0, "", BOUNCE_HARD, true },
	{ "5.1.6", 0, "", BOUNCE_HARD, true },
	{ "5.1.10", 0, "", BOUNCE_HARD, true },
	{ "5.4.310", 0, "", BOUNCE_HARD, true },
	{ "5.1.4", 0, "", BOUNCE_SOFT, true },
	{ "4.1.1", 0, "No such user", BOUNCE_SOFT, true },
	{ "", 399, "No such user", BOUNCE_HARD, true },
	{ "", 400, "No such user", BOUNCE_SOFT, true },
	{ "", 499, "No such user", BOUNCE_SOFT, true },
	{ "", 500, "No such user", BOUNCE_HARD, true },
	{ "5.1.1", 450, "No such user", BOUNCE_HARD, true },
	{ "4.1.1", 550, "No such user", BOUNCE_SOFT, true },
	{ "", 450, "No such user", BOUNCE_SOFT, true },
	{ "", 399, "No such user", BOUNCE_HARD, true },
	{ "", 500, "No such user", BOUNCE_HARD, true },
	{ "5.1.1", 450, "", BOUNCE_HARD, true },
	{ "5.1.1", 552, "Mailbox full", BOUNCE_SOFT, true },
	{ "", 0, "user unknown", BOUNCE_HARD, true },
	{ "", 0, "Sender address: user unknown", BOUNCE_SOFT, true },
	{ "", 0, "account or domain may not exist, or you are blacklisted", BOUNCE_HARD,
	    true },
	{ "", 0, "retry timeout exceeded", BOUNCE_SOFT, true },
	{ "", 0, "host unknown", BOUNCE_HARD, true },
	{ "", 0, "host unknown, try again", BOUNCE_SOFT, true },
	{ "5.1.1", 0, "relaying is not permitted", BOUNCE_SOFT, true },
	{ "5.1.1", 0, "rejected", BOUNCE_HARD, true },
	{ "5.7.1", 0, "rejected", BOUNCE_SOFT, true },
	{ "", 0, "something else", BOUNCE_SOFT, false },
};

static void
words_and_codes_are_weighed(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
		bool is_told = !reasons[i].is_told;
		const enum bounce_class got = reason_class(reasons[i].status,
		    reasons[i].code, reason_words(a, reasons[i].words, 1000), &is_told);

		if (got != reasons[i].want || is_told != reasons[i].is_told)
			fail_msg("%s %d %s: got %d %d", reasons[i].status,
			    reasons[i].code, reasons[i].words, got, is_told);
	}
	assert_true(reason_is_full(" the quota is reached "));
	assert_false(reason_is_full(" the quorum is reached "));
	assert_true(reason_is_of_sender(" said in reply to mail from command "));
	assert_false(reason_is_of_sender(" said in reply to rcpt to command "));
	arena_free(a);
}

static void
only_words_are_left_of_a_text(void **state)
{
	static const struct {
		const char *text;
		size_t max;
		const char *want;
	} cases[] = {
		{ "", 10, " " },
		{ "User-Unknown!", 20, " user unknown " },
		{ "  a,,b  ", 20, " a b " },
		{ "abcdef", 3, " abc " },
		{ "N\xC3\xA3o", 10, " nao " },
		{ "Łódź, ÜBER İ ×", 40, " lodz uber i " },
		{ "couldn’t “be” found…", 40, " couldn t be found " },
		{ "НЕ Найден Ё", 40, " не найден ё " },
		{ "ΔΕΝ", 40, " δεν " },
		{ "（ann）：不存在。", 40, " ann 不存在 " },
		{ "\xFF\xC3 \xE3\x80", 10, " \xFF\xC3 \xE3\x80 " },
		{ "a1", 10, " a1 " },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(reason_words(a, cases[i].text, cases[i].max),
		    cases[i].want);
	arena_free(a);
}

/* ---- whole messages ---- */

#define FROM_SERVER \
	"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: planet@news.example\n" \
	"Subject: failure notice\n\n"
#define BACK \
	"\n--- Below this line is a copy of the message.\n\nSubject: Planet\n\nHello.\n"

/* Recipients as "address class status code: diagnostic", one behind the other. */
static const struct {
	const char *name, *text;
	enum incoming_kind kind;
	const char *want;
} messages[] = {
	{ "qmail",
	    FROM_SERVER "Hi. This is the qmail-send program.\n\n<ann@x.example>:\n"
			"Sorry, no mailbox here by that name. (#5.1.1)\n" BACK,
	    INCOMING_BOUNCE,
	    "ann@x.example hard 5.1.1 0: <ann@x.example>: Sorry, no mailbox here by that "
	    "name. (#5.1.1); " },
	/* Our letters have one recipient: while one of its mailboxes takes mail, none is lost. */
	{ "two of them, each with its words",
	    FROM_SERVER "I was not able to deliver your message.\n\n<ann@x.example>:\n"
			"552 5.2.2 mailbox full\n\n<bo@x.example>:\n"
			"550 5.1.1 user unknown\n" BACK,
	    INCOMING_BOUNCE,
	    "ann@x.example soft 5.2.2 552: <ann@x.example>: 552 5.2.2 mailbox full; "
	    "bo@x.example soft 5.1.1 550: <bo@x.example>: 550 5.1.1 user unknown; " },
	{ "a line for each in a transcript",
	    FROM_SERVER "could not be delivered\n"
			"ann@x.example: 550 5.1.1 user unknown\n"
			"bo@x.example: 550 5.1.2 host unknown\n" BACK,
	    INCOMING_BOUNCE,
	    "ann@x.example hard 5.1.1 550: ann@x.example: 550 5.1.1 user unknown; "
	    "bo@x.example hard 5.1.2 550: bo@x.example: 550 5.1.2 host unknown; " },
	{ "what is said elsewhere",
	    FROM_SERVER "could not be delivered to\n\n<ann@x.example>\n<bo@x.example>\n\n"
			"1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n"
			"RCPT TO ann@x.example: 550 5.1.1 user unknown\n" BACK,
	    INCOMING_BOUNCE,
	    "ann@x.example hard 5.1.1 550: <ann@x.example> RCPT TO ann@x.example: 550 5.1.1 "
	    "user unknown; bo@x.example hard 5.1.1 550: could not be delivered to "
	    "<ann@x.example> <bo@x.example> 1 2 3 4 5 6 7 8 9 10 11 12 13 14 RCPT TO "
	    "ann@x.example: 550 5.1.1 user unknown; " },
	{ "exim names them in a field",
	    "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: planet@news.example\n"
	    "X-Failed-Recipients: ann@x.example, bo@x.example\nSubject: Mail failure\n\n"
	    "could not be delivered\n\n  ann@x.example\n    550 5.1.1 user unknown\n",
	    INCOMING_BOUNCE,
	    "ann@x.example hard 5.1.1 550: ann@x.example 550 5.1.1 user unknown; "
	    "bo@x.example hard 5.1.1 550: could not be delivered ann@x.example 550 5.1.1 "
	    "user unknown; " },
	{ "a name alone below the word",
	    "Return-Path: <>\nFrom: postmaster@x.example\nTo: planet@news.example\n"
	    "Subject: Undeliverable\n\nunable to deliver to the following recipients:\n\n"
	    "   ann\n\nuser unknown\n",
	    INCOMING_BOUNCE, "ann@x.example hard  0: ann user unknown; " },
	{ "nobody is named", FROM_SERVER "could not be delivered: no such user\n",
	    INCOMING_BOUNCE, " hard  0: could not be delivered: no such user; " },
	{ "our own address is nobody",
	    FROM_SERVER "planet@news.example\nMAILER-DAEMON@mx.example\n"
			"could not be delivered: no such user\n",
	    INCOMING_BOUNCE,
	    " hard  0: planet@news.example MAILER-DAEMON@mx.example could not be delivered: "
	    "no such user; " },
	{ "a person who talks about one",
	    "From: ann@x.example\nTo: planet@news.example\nSubject: Re: Undeliverable\n\n"
	    "What is this?\n",
	    INCOMING_COMMAND, "" },
	{ "a person with these words",
	    "From: ann@x.example\nTo: planet@news.example\nSubject: hello\n\n"
	    "My letter was not delivered.\n",
	    INCOMING_COMMAND, "" },
	{ "still tried",
	    FROM_SERVER
	    "could not be delivered yet\n<ann@x.example>:\nconnection refused\n"
	    "This is a warning message only. It will be retried.\n" BACK,
	    INCOMING_NOTHING,
	    "ann@x.example delay  0: <ann@x.example>: connection refused This is a warning "
	    "message only. It will be retried.; " },
};

static const char *
told(struct arena *a, const struct incoming *m)
{
	static const char *const classes[] = { "none", "delay", "soft", "hard" };
	struct buf b = BUF_INIT(10000);
	const char *text = NULL;

	for (size_t i = 0; i < m->recipient_count; i++)
		buf_addf(&b, "%s %s %s %d: %s; ", m->recipients[i].address,
		    classes[m->recipients[i].class], m->recipients[i].status,
		    m->recipients[i].code, m->recipients[i].diagnostic);
	text = arena_strdup(a, buf_text(&b));
	buf_clear(&b);
	return text;
}

static void
reports_in_words_are_read(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
		struct incoming m;
		const char *got = NULL;

		incoming_parse(a, messages[i].text, strlen(messages[i].text), &m);
		got = told(a, &m);
		if (m.kind != messages[i].kind || strcmp(got, messages[i].want) != 0) {
			print_error("%s: got %d %s, want %d %s\n", messages[i].name,
			    m.kind, got, messages[i].kind, messages[i].want);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* ---- where the letter that came back begins ---- */

#define FORTY "----------------------------------------"
static const struct {
	const char *name, *text;
	const char *own, *original; /* NULL: none */
} quoting[] = {
	{ "nothing else", "Gone.\nSorry.\n", "Gone.\nSorry.\n", NULL },
	{ "a field of a letter", "Gone.\nReturn-Path: <x>\nb\n", "Gone.\n",
	    "Return-Path: <x>\nb\n" },
	{ "at once", "Received: from x\n", "", "Received: from x\n" },
	{ "no such field", "Gone.\nReceived from x\n", "Gone.\nReceived from x\n", NULL },
	{ "announced", "Gone.\n-- original message --\nA: b\n", "Gone.\n", "A: b\n" },
	{ "between other marks", "Gone.\n== Message header ==\nA: b", "Gone.\n", "A: b" },
	{ "between stars", "Gone.\n** Message header **\nA: b", "Gone.\n", "A: b" },
	{ "before a colon", "Gone.\nThe original message:\nA: b", "Gone.\n", "A: b" },
	{ "without marks", "Gone.\n- original message -\nA: b",
	    "Gone.\n- original message -\nA: b", NULL },
	{ "by its last line", "Gone.\n-- original message --", "Gone.\n", "" },
	{ "first of all: a title", "-- original message --\nA: b",
	    "-- original message --\nA: b", NULL },
	{ "below empty lines: a title", "\n\n-- original message --\nA: b",
	    "\n\n-- original message --\nA: b", NULL },
	{ "below one letter", "x\n-- original message --\nA: b", "x\n", "A: b" },
	{ "in a line of 200",
	    "x\n" FORTY FORTY FORTY FORTY
	    "--------------------- original message -\nA: b",
	    "x\n", "A: b" },
	{ "in a line of 201",
	    "x\n" FORTY FORTY FORTY FORTY
	    "---------------------- original message -\nA: b",
	    "x\n" FORTY FORTY FORTY FORTY
	    "---------------------- original message -\nA: b",
	    NULL },
};

static void
the_letter_begins_where_it_is_announced(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(quoting); i++) {
		const struct message_part part = { "text/plain", quoting[i].text };
		const struct message_parts m = { .parts = &part, .count = 1 };
		const char *want = arena_printf(a, "%s\n", quoting[i].own);
		const char *original = "unset";
		const char *got = report_text(a, &m, &original);

		if (strcmp(got, want) != 0 || !original != !quoting[i].original ||
		    (original && strcmp(original, quoting[i].original) != 0)) {
			print_error("%s: got %s and %s\n", quoting[i].name, got,
			    original ? original : "(none)");
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_found_with_their_rank),
		cmocka_unit_test(what_stands_far_before_is_not_looked_at),
		cmocka_unit_test(codes_are_found),
		cmocka_unit_test(words_and_codes_are_weighed),
		cmocka_unit_test(only_words_are_left_of_a_text),
		cmocka_unit_test(reports_in_words_are_read),
		cmocka_unit_test(the_letter_begins_where_it_is_announced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

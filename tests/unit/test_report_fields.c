/* SPDX-License-Identifier: ISC */
/* Reports with fields for machines, complaints, who is away, and words that may be tokens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"
#include "mail/incoming_tokens.h"
#include "mail/mail_report.h"

/* "address class status code action: diagnostic; " of each. */
static const char *
told(struct arena *a, const struct report *r)
{
	static const char *const classes[] = { [BOUNCE_NONE] = "none",
		[BOUNCE_DELAY] = "delay",
		[BOUNCE_SOFT] = "soft",
		[BOUNCE_HARD] = "hard" };
	struct buf b = BUF_INIT(100000);
	const char *text = NULL;

	for (size_t i = 0; i < r->count; i++) {
		const struct incoming_recipient *x = &r->recipients[i];

		buf_addf(&b, "%s %s %s %d %s: %s; ", x->address, classes[x->class],
		    x->status, x->code, x->action, x->diagnostic);
	}
	text = arena_strdup(a, buf_text(&b));
	buf_clear(&b);
	return text;
}

/* ---- RFC 3464 ------------------------------------------------------------------------ */

#define REPORT(words, fields) \
	"From: MAILER-DAEMON@x.example\nContent-Type: multipart/report; boundary=B\n\n--B\n\n" words \
	"\n--B\nContent-Type: message/delivery-status\n\n" fields "\n--B--\n"
#define TO "Final-Recipient: rfc822; ann@x.example\n"

static const struct {
	const char *name, *text;
	const char *want; /* NULL: no such report */
} statuses[] = {
	{ "failed", REPORT("w", TO "Action: failed\nStatus: 5.1.1\n"),
	    "ann@x.example hard 5.1.1 0 failed: ; " },
	{ "with what was said",
	    REPORT("w",
		TO "Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 "
		   "5.1.1 no\n"),
	    "ann@x.example hard 5.1.1 550 failed: smtp; 550 5.1.1 no; " },
	{ "a status that says more",
	    REPORT("w", TO "Status: 5.2.2\nDiagnostic-Code: smtp; 550 5.1.1 x\n"),
	    "ann@x.example soft 5.2.2 550 failed: smtp; 550 5.1.1 x; " },
	{ "no status", REPORT("w", TO "Diagnostic-Code: smtp; 550 5.1.1 x\n"),
	    "ann@x.example hard 5.1.1 550 failed: smtp; 550 5.1.1 x; " },
	{ "a success beside it is no status",
	    REPORT("w", TO "Diagnostic-Code: smtp; 250 2.0.0 x\n"),
	    "ann@x.example soft  0 failed: smtp; 250 2.0.0 x; " },
	{ "delayed", REPORT("w", TO "Action: delayed\nStatus: 4.4.7\n"),
	    "ann@x.example delay 4.4.7 0 delayed: ; " },
	{ "delay", REPORT("w", TO "Action: delay\nStatus: 4.4.7\n"),
	    "ann@x.example delay 4.4.7 0 delayed: ; " },
	{ "failure", REPORT("w", TO "Action: Failure\nStatus: 5.1.1\n"),
	    "ann@x.example hard 5.1.1 0 failed: ; " },
	{ "fail", REPORT("w", TO "Action: fail\nStatus: 5.1.1\n"),
	    "ann@x.example hard 5.1.1 0 failed: ; " },
	{ "delivered", REPORT("w", TO "Action: delivered\nStatus: 2.0.0\n"),
	    "ann@x.example none 2.0.0 0 delivered: ; " },
	{ "relayed", REPORT("w", TO "Action: relayed\nStatus: 2.0.0\n"),
	    "ann@x.example none 2.0.0 0 relayed: ; " },
	{ "expanded", REPORT("w", TO "Action: expanded\nStatus: 2.0.0\n"),
	    "ann@x.example none 2.0.0 0 expanded: ; " },
	{ "no action and a success", REPORT("w", TO "Status: 2.0.0\n"),
	    "ann@x.example none 2.0.0 0 delivered: ; " },
	{ "no action", REPORT("w", TO "Status: 5.1.1\n"),
	    "ann@x.example hard 5.1.1 0 failed: ; " },
	{ "an action alone", REPORT("w", TO "Action: failed\n"),
	    "ann@x.example soft  0 failed: ; " },
	{ "neither action nor status", REPORT("w", TO "X: y\n"), NULL },
	{ "nobody", REPORT("w", "Action: failed\nStatus: 5.1.1\n"), NULL },
	{ "two",
	    REPORT("w",
		"Reporting-MTA: dns; x\n\n" TO
		"Action: failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; "
		"bo@x.example\nAction: failed\nStatus: 5.2.2\n"),
	    "ann@x.example hard 5.1.1 0 failed: ; bo@x.example soft 5.2.2 0 failed: ; " },
	{ "one twice",
	    REPORT("w",
		TO "Status: 5.1.1\n\nFinal-Recipient: rfc822; ANN@x.example\n"
		   "Status: 5.2.2\n"),
	    "ann@x.example hard 5.1.1 0 failed: ; " },
	/* The words for people */
	{ "words that say why", REPORT("User unknown", TO "Status: 5.0.0\n"),
	    "ann@x.example hard 5.0.0 0 failed: ; " },
	{ "words that say less", REPORT("Mailbox full", TO "Status: 5.1.1\n"),
	    "ann@x.example soft 5.1.1 0 failed: ; " },
	{ "words that say more than a code without words",
	    REPORT("User unknown", TO "Status: 5.2.2\n"),
	    "ann@x.example hard 5.2.2 0 failed: ; " },
	{ "and less than the server's own",
	    REPORT("User unknown", TO "Status: 5.2.2\nDiagnostic-Code: smtp; 550 x\n"),
	    "ann@x.example soft 5.2.2 550 failed: smtp; 550 x; " },
	{ "words that doubt a code", REPORT("Try again", TO "Status: 5.1.1\n"),
	    "ann@x.example hard 5.1.1 0 failed: ; " },
	{ "words of the sender", REPORT("after MAIL FROM", TO "Status: 5.1.1\n"),
	    "ann@x.example soft 5.1.1 0 failed: ; " },
	/* Addresses */
	{ "brackets and a comment",
	    REPORT("w",
		"Final-Recipient: rfc822; <ann@x.example> (Ann)\nStatus: 5.1.1\n"),
	    "ann@x.example hard 5.1.1 0 failed: ; " },
	{ "no type", REPORT("w", "Final-Recipient: ann@x.example\nStatus: 5.1.1\n"),
	    "ann@x.example hard 5.1.1 0 failed: ; " },
	{ "no domain", REPORT("w", "Final-Recipient: rfc822; ann@\nStatus: 5.1.1\n"),
	    NULL },
	{ "no name", REPORT("w", "Final-Recipient: rfc822; @x\nStatus: 5.1.1\n"), NULL },
	{ "short ones", REPORT("w", "Final-Recipient: rfc822; a@b\nStatus: 5.1.1\n"),
	    "a@b hard 5.1.1 0 failed: ; " },
	{ "the one that was written to",
	    REPORT("w", "Original-Recipient: rfc822; bo@x.example\nStatus: 5.1.1\n"),
	    "bo@x.example hard 5.1.1 0 failed: ; " },
	{ "forwarded: the last one",
	    REPORT("w", TO "Original-Recipient: rfc822; bo@y.example\nStatus: 5.1.1\n"),
	    "ann@x.example hard 5.1.1 0 failed: ; " },
	{ "inside: the first one",
	    REPORT("w",
		"Final-Recipient: rfc822; ann@m7.Y.example\n"
		"Original-Recipient: rfc822; bo@y.example\nStatus: 5.1.1\n"),
	    "bo@y.example hard 5.1.1 0 failed: ; " },
	{ "not inside",
	    REPORT("w",
		"Final-Recipient: rfc822; ann@my.example\n"
		"Original-Recipient: rfc822; bo@y.example\nStatus: 5.1.1\n"),
	    "ann@my.example hard 5.1.1 0 failed: ; " },
	{ "the same domain",
	    REPORT("w",
		"Final-Recipient: rfc822; ann@y.example\n"
		"Original-Recipient: rfc822; bo@y.example\nStatus: 5.1.1\n"),
	    "ann@y.example hard 5.1.1 0 failed: ; " },
	{ "a domain of a letter",
	    REPORT("w",
		"Final-Recipient: rfc822; ann@m.y\n"
		"Original-Recipient: rfc822; bo@y\nStatus: 5.1.1\n"),
	    "bo@y hard 5.1.1 0 failed: ; " },
	{ "the one that is shown",
	    REPORT("w", "X-Actual-Recipient: rfc822; cy@x.example\nStatus: 5.1.1\n"),
	    "cy@x.example hard 5.1.1 0 failed: ; " },
	/* Where the fields are */
	{ "in a text", "From: x\n\nSorry.\n" TO "Action: failed\nStatus: 5.1.1\n",
	    "ann@x.example hard 5.1.1 0 failed: ; " },
	{ "in a text, at once", "From: x\n\n" TO "Action: failed\nStatus: 5.1.1\n",
	    "ann@x.example hard 5.1.1 0 failed: ; " },
	{ "in a text, behind an empty line",
	    "From: x\n\nSorry.\n\n" TO "Action: failed\nStatus: 5.1.1\n",
	    "ann@x.example hard 5.1.1 0 failed: ; " },
	{ "in a text without recipients", "From: x\n\nStatus: 5.1.1\n", NULL },
};

static void
reports_for_machines_are_read(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		struct message_parts m;
		struct report r = { NULL, 0 };
		bool ok = false;

		message_parts_read(a, statuses[i].text, strlen(statuses[i].text), &m);
		ok = report_status_read(a, &m, &r);
		if (ok != (statuses[i].want != NULL) ||
		    strcmp(told(a, &r), ok ? statuses[i].want : "") != 0) {
			print_error("%s: got %d %s, want %s\n", statuses[i].name, ok,
			    told(a, &r), statuses[i].want ? statuses[i].want : "none");
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* ---- complaints ---------------------------------------------------------------------- */

#define FEEDBACK(fields, original) \
	"From: fbl@x.example\nContent-Type: multipart/report; boundary=B\n\n--B\n\nw\n" \
	"--B\nContent-Type: message/feedback-report\n\n" fields \
	"\n--B\nContent-Type: message/rfc822\n\n" original "\nw\n--B--\n"
#define OLD(subject, fields, original) \
	"From: fbl@x.example\nSubject: " subject "\n" fields \
	"Content-Type: multipart/mixed; boundary=B\n\n--B\n\nw\n" original "--B--\n"
#define INSIDE(fields) "--B\nContent-Type: message/rfc822\n\n" fields "\nw\n"

static const struct {
	const char *name, *text;
	bool is_report;
	const char *want; /* addresses; NULL: no complaint */
} complaints[] = {
	{ "abuse",
	    FEEDBACK("Feedback-Type: abuse\nOriginal-Rcpt-To: <ann@x.example>\n",
		"To: b@c\n"),
	    true, "ann@x.example;" },
	{ "the others",
	    FEEDBACK("Feedback-Type: Opt-Out\nRemoval-Recipient: ann@x.example, x\n",
		"To: b@c\n"),
	    true, "ann@x.example;" },
	{ "of two",
	    FEEDBACK("Feedback-Type: other\nOriginal-Rcpt-To: a@b\nOriginal-Rcpt-To: "
		     "c@d\nOriginal-Recipient: e@f\n",
		"To: b@c\n"),
	    true, "a@b;c@d;e@f;" },
	{ "no complaint",
	    FEEDBACK("Feedback-Type: not-spam\nOriginal-Rcpt-To: a@b\n", "To: b@c\n"),
	    true, NULL },
	{ "hidden: the letter tells", FEEDBACK("Feedback-Type: abuse\n", "To: b@c\n"),
	    true, "b@c;" },
	{ "hidden, with a field of the letter",
	    FEEDBACK("Feedback-Type: abuse\n", "To: b@c\nX-Original-Recipient: d@e\n"),
	    true, "d@e;" },
	{ "hidden everywhere", FEEDBACK("Feedback-Type: abuse\n", "To: undisclosed\n"),
	    true, ";" },
	{ "a name without a domain",
	    FEEDBACK("Feedback-Type: abuse\nOriginal-Rcpt-To: ann\n", "To: b@c\n"), true,
	    "b@c;" },
	{ "an old one, by the letter's field",
	    OLD("x", "", INSIDE("X-HmXmrOriginalRecipient: a@b\n")), true, "a@b;" },
	{ "an old one, by its own field", OLD("x", "X-HmXmrOriginalRecipient: a@b\n", ""),
	    true, "a@b;" },
	{ "an old one, by its subject",
	    OLD("Email Feedback Report for IP", "", INSIDE("To: a@b\n")), true, "a@b;" },
	{ "a subject alone", OLD("Email Feedback Report for IP", "", ""), false, NULL },
	{ "a letter alone", OLD("Hello", "", INSIDE("To: a@b\n")), false, NULL },
};

static void
complaints_name_their_reader(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(complaints); i++) {
		struct message_parts m;
		struct report r = { NULL, 0 };
		bool is_report = false;
		bool ok = false;
		const char *got = "";

		message_parts_read(a, complaints[i].text, strlen(complaints[i].text), &m);
		ok = report_feedback_read(a, &m, &r, &is_report);
		for (size_t k = 0; k < r.count; k++)
			got = arena_printf(a, "%s%s;", got, r.recipients[k].address);
		if (ok != (complaints[i].want != NULL) ||
		    is_report != complaints[i].is_report ||
		    strcmp(got, ok ? complaints[i].want : "") != 0) {
			print_error("%s: got %d %d %s\n", complaints[i].name, ok,
			    is_report, got);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

static void
a_report_has_so_many_recipients_and_no_more(void **state)
{
	struct arena *a = arena_new();
	struct report r = { NULL, 0 };

	(void)state;
	for (int i = 0; i <= LIMIT_INCOMING_RECIPIENTS; i++)
		report_add(a, &r,
		    &(const struct incoming_recipient){
			.address = arena_printf(a, "a%d@x.example", i) });
	assert_int_equal(r.count, LIMIT_INCOMING_RECIPIENTS);
	assert_string_equal(r.recipients[LIMIT_INCOMING_RECIPIENTS - 1].address,
	    "a99@x.example");
	arena_free(a);
}

/* ---- who is away --------------------------------------------------------------------- */

static const struct {
	const char *name, *header, *subject, *to, *envelope;
	bool is_auto, is_away;
} away[] = {
	{ "nothing says so", "A: b\n\n", "Hello", "a@b", "a@b", false, false },
	{ "RFC 3834", "A: b\n\n", "Hello", "a@b", "a@b", true, true },
	{ "a subject", "A: b\n\n", "Out of office", "a@b", "a@b", false, true },
	{ "a subject to a command", "A: b\n\n", "Out of office", "a+hold@b", "a@b", false,
	    false },
	{ "by the envelope", "A: b\n\n", "Out of office", "a@b", "a+hold@b", false,
	    false },
	{ "to a token", "A: b\n\n", "Out of office", "a+b-x@b", "a+b-x@b", false, true },
	{ "to nothing", "A: b\n\n", "Out of office", "a+@b", "a@b", false, true },
	{ "a command of a letter", "A: b\n\n", "Out of office", "a+x@b", "a@b", false,
	    false },
	{ "X-Autoreply", "X-Autoreply: yes\n\n", "Hello", "a+hold@b", "a@b", false,
	    true },
	{ "X-Autorespond", "X-Autorespond: x\n\n", "Hello", "a+hold@b", "a@b", false,
	    true },
	{ "X-Mail-Autoreply", "X-Mail-Autoreply: x\n\n", "Hello", "a@b", "a@b", false,
	    true },
	{ "another field", "X-Auto: x\n\n", "Hello", "a@b", "a@b", false, false },
};

static void
who_is_away_is_known(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(away); i++) {
		struct message_parts m;
		const struct incoming about = { .subject = away[i].subject,
			.is_auto = away[i].is_auto,
			.to = &away[i].to,
			.to_count = 1,
			.envelope_to = &away[i].envelope,
			.envelope_to_count = 1 };

		message_parts_read(a, away[i].header, strlen(away[i].header), &m);
		if (report_is_away(a, &m, &about) != away[i].is_away)
			fail_msg("%s", away[i].name);
	}
	arena_free(a);
}

/* ---- tokens -------------------------------------------------------------------------- */

#define T23 "abcdefghijklmnopqrstuvw"
#define T24 "abcdefghijklmnopqrstuvwx"
#define T48 "abcdefghijklmnopqrstuvwxabcdefghijklmnopqrstuvwx"

/* What is found in a text, as "before(token) ". */
static const struct {
	const char *text, *want;
} tokens[] = {
	{ "", "" },
	{ T23, "" },
	{ T24, "(" T24 ") " },
	{ T23 "7", "(" T23 "7) " },
	{ T23 "2", "(" T23 "2) " },
	{ T23 "1", "" },
	{ T23 "8", "" },
	{ T24 "8", "" },
	{ T24 "1", "" },
	{ "1" T24, "" },
	{ T48, "(" T48 ") " },
	{ T48 "a", "" },
	{ "ABCDEFGHIJKLMNOPQRSTUVWZ", "(abcdefghijklmnopqrstuvwz) " },
	{ "b-" T24 "@x", "b-(" T24 ") " },
	{ "/U/" T24, "/u/(" T24 ") " },
	{ "a b-" T24 ".", "b-(" T24 ") " },
	{ "1b-" T24, "b-(" T24 ") " },
	{ "leave-leave-" T24, "leave-leave-(" T24 ") " },
	{ "xleave-leave-" T24, "leave-leave-(" T24 ") " },
	{ T24 "_" T23 "7", "(" T24 ") (" T23 "7) " },
	{ T24 " " T24, "(" T24 ") " },
	{ T24 "_ABCDEFGHIJKLMNOPQRSTUVWX", "(" T24 ") " },
	{ "_" T24 "_", "(" T24 ") " },
	{ "\xC3\xA4" T24, "(" T24 ") " },
};

static void
words_that_may_be_tokens_are_found(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tokens); i++) {
		struct message_parts m;
		struct incoming out = { .subject = tokens[i].text };
		const char *got = "";

		message_parts_read(a, "A: b\n\n", 6, &m);
		incoming_find_tokens(a, &m, "", &out);
		for (size_t k = 0; k < out.token_count; k++) {
			assert_int_equal(out.tokens[k].place, PLACE_SUBJECT);
			got = arena_printf(a, "%s%s(%s) ", got, out.tokens[k].before,
			    out.tokens[k].text);
		}
		if (strcmp(got, tokens[i].want) != 0)
			fail_msg("%s: got %s", tokens[i].text, got);
	}
	arena_free(a);
}

/* Every field that may have one, in the order of how sure it is, and the field again. */
static void
tokens_are_looked_for_in_their_fields(void **state)
{
	static const char text[] =
	    "In-Reply-To: <" T23 "i@x>\nReferences: <" T23 "j@x>\nReferences: <" T23
	    "k@x>\n"
	    "Cc: b-" T23 "h@x\nTo: b-" T23 "g@x\nTo: b-" T23 "f@x\n"
	    "X-Envelope-To: b-" T23 "e@x\nEnvelope-To: b-" T23 "d@x\n"
	    "Delivered-To: b-" T23 "b@x\nDelivered-To: b-" T23 "c@x\n"
	    "X-Original-To: b-" T23 "a@x\nX-Other: " T23 "z\n"
	    "Content-Type: multipart/report; boundary=B\n\n--B\n\nw\n--B\n"
	    "Content-Type: message/rfc822\n\n"
	    "Sender: b-" T23 "x@x\nErrors-To: b-" T23 "w@x\n"
	    "X-Original-To: b-" T23 "v@x\nReceived: for <b-" T23 "t@x>\n"
	    "Received: for <b-" T23 "u@x>\nMessage-ID: <" T23 "s@x>\n"
	    "List-Unsubscribe: <https://x/u/" T23 "r>\nReturn-Path: <b-" T23 "q@x>\n"
	    "Subject: " T23 "y\n\nw\n--B--\n";
	struct arena *a = arena_new();
	struct incoming out = { .subject = T23 "l" };
	struct message_parts m;
	const char *got = "";

	(void)state;
	message_parts_read(a, text, sizeof(text) - 1, &m);
	incoming_find_tokens(a, &m, T23 "m", &out);
	for (size_t k = 0; k < out.token_count; k++)
		got = arena_printf(a, "%s %d%s", got, (int)out.tokens[k].place,
		    out.tokens[k].text + strlen(T23));
	assert_int_equal(PLACE_ENVELOPE, 0);
	assert_string_equal(got,
	    " 0a 0b 0c 0d 0e 1g 1f 1h 2l 3i 3j 3k 4m 5q 5r 5s 5t 5u 5v 5w 5x");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_for_machines_are_read),
		cmocka_unit_test(complaints_name_their_reader),
		cmocka_unit_test(a_report_has_so_many_recipients_and_no_more),
		cmocka_unit_test(who_is_away_is_known),
		cmocka_unit_test(words_that_may_be_tokens_are_found),
		cmocka_unit_test(tokens_are_looked_for_in_their_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

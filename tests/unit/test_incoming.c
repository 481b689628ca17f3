/* SPDX-License-Identifier: ISC */
/* What strangers' mail says: reports in many dialects, complaints, automatic and human letters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"
#include "mail/incoming.h"
#include "mail/incoming_reader.h"
#include "mail/incoming_wire.h"
#include "unit/guarded.h"

#define SERVER \
	"Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example>\n" \
	"To: planet+b-aaaa@news.example\nSubject: Undelivered Mail Returned to Sender\n"
#define REPORT \
	SERVER \
	"MIME-Version: 1.0\n" \
	"Content-Type: multipart/report; report-type=delivery-status; boundary=\"B\"\n\n" \
	"--B\nContent-Type: text/plain\n\n"
#define STATUS \
	"\n--B\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
#define ORIGINAL \
	"\n--B\nContent-Type: message/rfc822\n\nReturn-Path: <planet+b-" TOKEN \
	"@news.example>\n" \
	"Message-ID: <a1@news.example>\nList-Id: Planet <planet.news.example>\n" \
	"To: ann@there.example\nSubject: Planet\n\n550 5.1.1 user unknown\n--B--\n"
#define TOKEN "mfqwc43eorqxa2ltoqzdgnbvgy3tq"
#define PERSON \
	"Return-Path: <bob@home.example>\nFrom: Bob <bob@home.example>\n" \
	"To: planet@news.example\n"

/* "address class status" of each recipient, as one text. */
static const char *
told(struct arena *a, const struct incoming *m)
{
	static const char *const classes[] = { "none", "delay", "soft", "hard" };
	struct buf b = BUF_INIT(4096);
	const char *text = NULL;

	for (size_t i = 0; i < m->recipient_count; i++)
		buf_addf(&b, "%s%s %s %s", i > 0 ? "; " : "", m->recipients[i].address,
		    classes[m->recipients[i].class], m->recipients[i].status);
	text = arena_strdup(a, buf_text(&b));
	buf_clear(&b);
	return text;
}

struct message_case {
	const char *name, *text;
	enum incoming_kind kind;
	enum incoming_why why;
	const char *want; /* recipients */
};

static void
check(const struct message_case *c)
{
	struct arena *a = arena_new();
	struct incoming m;

	incoming_parse(a, guarded(c->text, strlen(c->text)), strlen(c->text), &m);
	if (m.kind != c->kind || m.why != c->why)
		fail_msg("%s: got kind %d why %d (%s), want %d %d", c->name, m.kind,
		    m.why, told(a, &m), c->kind, c->why);
	if (strcmp(told(a, &m), c->want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", c->name, told(a, &m), c->want);
	arena_free(a);
}

static const struct message_case status_cases[] = {
	{ "no such mailbox",
	    REPORT "words" STATUS "Final-Recipient: rfc822; ann@there.example\n"
		   "Action: failed\nStatus: 5.1.1\n"
		   "Diagnostic-Code: smtp; 550 5.1.1 No such user\n" ORIGINAL,
	    INCOMING_BOUNCE, WHY_NONE, "ann@there.example hard 5.1.1" },
	{ "full mailbox",
	    REPORT "words" STATUS "Final-Recipient: rfc822; <ann@there.example>\n"
		   "Action: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 full\n",
	    INCOMING_BOUNCE, WHY_NONE, "ann@there.example soft 5.2.2" },
	{ "the words know more than the code",
	    REPORT "words" STATUS "Final-Recipient: rfc822; ann@there.example\n"
		   "Action: failed\nStatus: 5.0.0\n"
		   "Diagnostic-Code: smtp; 550 5.1.2 bad domain name\n",
	    INCOMING_BOUNCE, WHY_NONE, "ann@there.example hard 5.1.2" },
	{ "a code of a missing mailbox, and words about us",
	    REPORT "words" STATUS "Final-Recipient: rfc822; ann@there.example\n"
		   "Action: failed\nStatus: 5.1.1\n"
		   "Diagnostic-Code: smtp; 550 5.1.1 your IP address is blacklisted\n",
	    INCOMING_BOUNCE, WHY_NONE, "ann@there.example soft 5.1.1" },
	{ "4 is no last word",
	    REPORT "words" STATUS "Final-Recipient: rfc822; ann@there.example\n"
		   "Action: failed\nStatus: 4.1.1\n"
		   "Diagnostic-Code: smtp; 450 4.1.1 user unknown\n",
	    INCOMING_BOUNCE, WHY_NONE, "ann@there.example soft 4.1.1" },
	{ "delayed",
	    REPORT "words" STATUS "Final-Recipient: rfc822; ann@there.example\n"
		   "Action: delayed\nStatus: 4.4.1\n",
	    INCOMING_NOTHING, WHY_DELAYED, "ann@there.example delay 4.4.1" },
	{ "delivered",
	    REPORT "words" STATUS "Final-Recipient: rfc822; ann@there.example\n"
		   "Action: relayed\nStatus: 2.1.9\n",
	    INCOMING_NOTHING, WHY_DELIVERED, "ann@there.example none 2.1.9" },
	{ "two, one of them full: the address leads to several mailboxes",
	    REPORT "words" STATUS "Final-Recipient: rfc822; a@there.example\n"
		   "Action: failed\nStatus: 5.1.1\n\n"
		   "Final-Recipient: rfc822; b@there.example\n"
		   "Action: failed\nStatus: 5.2.2\n",
	    INCOMING_BOUNCE, WHY_NONE,
	    "a@there.example soft 5.1.1; b@there.example soft 5.2.2" },
	{ "the words for people say full, the code says unknown",
	    REPORT "Mailbox full" STATUS "Final-Recipient: rfc822; ann@there.example\n"
		   "Action: failed\nStatus: 5.1.1\n",
	    INCOMING_BOUNCE, WHY_NONE, "ann@there.example soft 5.1.1" },
	{ "a mailbox inside the domain that we know",
	    REPORT "words" STATUS "Original-Recipient: rfc822; ann@there.example\n"
		   "Final-Recipient: rfc822; a12@box7.there.example\n"
		   "Action: failed\nStatus: 5.1.1\n",
	    INCOMING_BOUNCE, WHY_NONE, "ann@there.example hard 5.1.1" },
	{ "a machine that is not found is ours, not the reader",
	    REPORT
	    "words" STATUS "Final-Recipient: rfc822; ann@there.example\n"
	    "Action: failed\nStatus: 5.7.1\n"
	    "Diagnostic-Code: smtp; 550 5.7.1 Helo command rejected: Host not found\n",
	    INCOMING_BOUNCE, WHY_NONE, "ann@there.example soft 5.7.1" },
	{ "what does not exist is our SPF record",
	    REPORT "words" STATUS "Final-Recipient: rfc822; ann@there.example\n"
		   "Action: failed\nStatus: 5.7.1\n"
		   "Diagnostic-Code: smtp; 550 5.7.1 SPF record does not exist\n",
	    INCOMING_BOUNCE, WHY_NONE, "ann@there.example soft 5.7.1" },
	{ "the sender does not exist",
	    REPORT
	    "words" STATUS "Final-Recipient: rfc822; ann@there.example\n"
	    "Action: failed\nStatus: 5.1.8\nDiagnostic-Code: smtp; 550 5.1.8 Sender "
	    "address rejected: User unknown\n",
	    INCOMING_BOUNCE, WHY_NONE, "ann@there.example soft 5.1.8" },
	{ "what was removed is the letter",
	    REPORT
	    "words" STATUS "Final-Recipient: rfc822; ann@there.example\n"
	    "Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 554 the message has "
	    "been removed from the queue, policy was not found\n",
	    INCOMING_BOUNCE, WHY_NONE, "ann@there.example soft 5.0.0" },
	{ "cut off in the middle",
	    REPORT "words" STATUS "Final-Recipient: rfc822; ann@there.example\n"
		   "Action: failed\nStatus: 5.1.1",
	    INCOMING_BOUNCE, WHY_NONE, "ann@there.example hard 5.1.1" },
};

static void
status_notifications(void **state)
{

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(status_cases); i++)
		check(&status_cases[i]);
}

static const struct message_case word_cases[] = {
	{ "qmail",
	    SERVER "\nHi. This is the qmail-send program at mx.example.\n"
		   "I'm afraid I wasn't able to deliver your message to the following "
		   "addresses.\n\n<ann@there.example>:\nSorry, no mailbox here by that "
		   "name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n"
		   "Return-Path: <planet@news.example>\nTo: cat@else.example\n",
	    INCOMING_BOUNCE, WHY_NONE, "ann@there.example hard 5.1.1" },
	{ "exim, with its list of addresses",
	    SERVER
	    "X-Failed-Recipients: ann@there.example\nAuto-Submitted: auto-replied\n"
	    "\nA message that you sent could not be delivered.\n\n"
	    "  ann@there.example\n    host mx [192.0.2.1]: 552 mailbox quota "
	    "exceeded\n\n------ This is a copy of the message ------\nTo: x@y.z\n",
	    INCOMING_BOUNCE, WHY_NONE, "ann@there.example soft " },
	{ "Domino",
	    "From: Postmaster@there.example\nTo: p@news.example\nSubject: DELIVERY FAILURE\n"
	    "\nYour message\n  Subject: Planet\nwas not delivered to:\n"
	    "  ann@there.example\nbecause:\n  User ann not listed in Domino Directory\n",
	    INCOMING_BOUNCE, WHY_NONE, "ann@there.example hard " },
	{ "Exchange 5.5",
	    "From: System Administrator <postmaster@there.example>\nTo: p@news.example\n"
	    "Subject: Undeliverable: Planet\n\nYour message\n  To: p@news.example\n"
	    "did not reach the following recipient(s):\nc=US;a= ;p=X;dda:SMTP=ann@there."
	    "example; on Fri\n    The recipient name is not recognized\n",
	    INCOMING_BOUNCE, WHY_NONE, "ann@there.example hard " },
	{ "sendmail, each with its line",
	    SERVER "\n   ----- Transcript of session follows -----\n"
		   "550 a@there.example... User unknown\n"
		   "550 b@there.example... Host unknown\n",
	    INCOMING_BOUNCE, WHY_NONE, "a@there.example hard ; b@there.example hard " },
	{ "Japanese, by escapes alone",
	    SERVER "\n\x1b$B08@h$N%a!<%k\x1b(B\n<ann@there.example>: 550 Unknown user\n",
	    INCOMING_BOUNCE, WHY_NONE, "ann@there.example hard " },
	{ "a server of few words: only the letter that came back names somebody",
	    SERVER
	    "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\n"
	    "It was not delivered: no such user\n" ORIGINAL,
	    INCOMING_BOUNCE, WHY_NONE, "ann@there.example hard " },
	{ "an empty line in front",
	    "\n" SERVER "\n<ann@there.example>: 550 5.1.1 user unknown\n",
	    INCOMING_BOUNCE, WHY_NONE, "ann@there.example hard 5.1.1" },
	{ "a warning",
	    SERVER "\nTHIS IS A WARNING MESSAGE ONLY.\nDelivery to the following "
		   "recipient has been delayed:\n\n     ann@there.example\n",
	    INCOMING_NOTHING, WHY_DELAYED, "ann@there.example delay " },
	{ "in HTML alone",
	    SERVER "Content-Type: text/html\n\n<p>Delivery has failed to these "
		   "recipients:</p><p><a href=\"mailto:ann@there.example\">ann@there."
		   "example</a><br>The address does not&nbsp;exist.</p>",
	    INCOMING_BOUNCE, WHY_NONE, "ann@there.example hard " },
	{ "a boundary that would crash libetpan",
	    SERVER "Content-Type: multipart/mixed; boundary=\"\\\"\"\n\n"
		   "<ann@there.example>: 550 5.1.1 user unknown\n",
	    INCOMING_BOUNCE, WHY_NONE, "ann@there.example hard 5.1.1" },
};

static void
words_for_people(void **state)
{

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(word_cases); i++)
		check(&word_cases[i]);
}

/* A report about two, with what was said of each. */
#define ASKS(one, other) \
	"From: MAILER-DAEMON@isp.example\nSubject: Undelivered\nContent-Type: " \
	"multipart/report; report-type=delivery-status; boundary=\"B\"\n\n--B\n\nw\n--B\n" \
	"Content-Type: message/delivery-status\n\n" \
	"Final-Recipient: rfc822; ann@there.example\nAction: failed\nStatus: 5.0.0\n" \
	"Diagnostic-Code: smtp; " one "\n\n" \
	"Final-Recipient: rfc822; bob@there.example\nAction: failed\nStatus: 5.0.0\n" \
	"Diagnostic-Code: smtp; " other "\n\n--B--\n"

static const struct message_case other_cases[] = {
	{ "nothing", "", INCOMING_NOTHING, WHY_EMPTY, "" },
	{ "a person", PERSON "Subject: subscribe\n\nhello\n", INCOMING_COMMAND, WHY_NONE,
	    "" },
	{ "a person about a bounce",
	    PERSON "Subject: Re: Planet\n\nI got \"550 5.1.1 User unknown\" from you.\n",
	    INCOMING_COMMAND, WHY_NONE, "" },
	{ "a person who answers one",
	    PERSON
	    "Subject: Re: Undelivered Mail\n\nWhat is this?\n> could not be delivered\n",
	    INCOMING_COMMAND, WHY_NONE, "" },
	{ "a vacation",
	    PERSON "Auto-Submitted: auto-replied\nSubject: Re: Planet\n\nI am away.\n",
	    INCOMING_NOTHING, WHY_AUTO_REPLY, "" },
	{ "a vacation whose subject alone says so",
	    PERSON "Subject: Automatic reply: Planet\n\nBack on Monday.\n",
	    INCOMING_NOTHING, WHY_AUTO_REPLY, "" },
	{ "a vacation that talks like a bounce",
	    "Return-Path: <>\n" PERSON "Auto-Submitted: auto-replied\n"
	    "Subject: Out of office: Planet\n\nI am away. My mailbox is full of mail.\n",
	    INCOMING_NOTHING, WHY_AUTO_REPLY, "" },
	{ "a person on holiday who writes to a command",
	    "From: ann@there.example\nTo: planet+hold@news.example\n"
	    "Subject: vacation\n\nI am away.\n",
	    INCOMING_COMMAND, WHY_NONE, "" },
	{ "a holiday that answers what asks for a confirmation",
	    "From: ann@there.example\n"
	    "To: planet+confirm-cmcqaab4uqir5cabbgceftusqm@news.example\n"
	    "Subject: vacation\n\nI am away.\n",
	    INCOMING_NOTHING, WHY_AUTO_REPLY, "" },
	{ "a challenge",
	    "Return-Path: <>\n" PERSON "Auto-Submitted: auto-replied\n"
	    "Subject: Please confirm your message\n\nClick on the following link\n",
	    INCOMING_NOTHING, WHY_CHALLENGE, "" },
	{ "a report whose server asks who wrote",
	    ASKS("550 5.7.1 not pre approved", "550 5.1.1 User unknown"),
	    INCOMING_NOTHING, WHY_CHALLENGE, "" },
	{ "a report of which the last server asks",
	    ASKS("550 5.1.1 User unknown", "550 5.7.1 not pre-approved"),
	    INCOMING_NOTHING, WHY_CHALLENGE, "" },
	{ "a mailing list", PERSON "List-Id: <x.lists.example>\nSubject: hi\n\nhello\n",
	    INCOMING_NOTHING, WHY_BULK, "" },
	{ "a report about TLS",
	    "From: tls@isp.example\nSubject: Report Domain: news.example\nContent-Type: "
	    "multipart/report; report-type=tlsrpt; boundary=B\n\n--B\n\nreport\n--B--\n",
	    INCOMING_NOTHING, WHY_OTHER_REPORT, "" },
	{ "bytes", "\x80\xff\x01 no header at all", INCOMING_NOTHING, WHY_EMPTY, "" },
};

static void
what_is_no_bounce(void **state)
{

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(other_cases); i++)
		check(&other_cases[i]);
}

#define FEEDBACK(type) \
	"From: fbl@isp.example\nSubject: FW: Planet\nContent-Type: multipart/report; " \
	"report-type=feedback-report; boundary=\"B\"\n\n--B\n\nA complaint.\n--B\n" \
	"Content-Type: message/feedback-report\n\nFeedback-Type: " type "\nVersion: 1\n"

static const struct message_case complaint_cases[] = {
	{ "abuse, named twice",
	    FEEDBACK("abuse") "Original-Rcpt-To: <ann@there.example>\n"
			      "Original-Rcpt-To: bob@there.example\n" ORIGINAL,
	    INCOMING_COMPLAINT, WHY_NONE,
	    "ann@there.example none ; bob@there.example none " },
	{ "nobody named but by the letter", FEEDBACK("opt-out") ORIGINAL,
	    INCOMING_COMPLAINT, WHY_NONE, "ann@there.example none " },
	{ "not spam",
	    FEEDBACK("not-spam") "Original-Rcpt-To: ann@there.example\n" ORIGINAL,
	    INCOMING_NOTHING, WHY_OTHER_REPORT, "" },
	{ "of Outlook",
	    "From: staff@hotmail.com\nSubject: complaint about message from 192.0.2.1\n"
	    "Content-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: "
	    "message/rfc822\n\nX-HmXmrOriginalRecipient: ann@there.example\n"
	    "Subject: Planet\n\nx\n--B--\n",
	    INCOMING_COMPLAINT, WHY_NONE, "ann@there.example none " },
};

static void
complaints(void **state)
{

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(complaint_cases); i++)
		check(&complaint_cases[i]);
}

/* ---- facts, tokens, words ---- */

static void
same(const char *name, const char *got, const char *want)
{
	if (strcmp(got, want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", name, got, want);
}

static void
facts_and_first_words_are_read(void **state)
{
	static const char text[] =
	    "Delivered-To: planet+hold@news.example\n"
	    "To: Planet <planet@news.example>, Cat <cat@x.example>\n"
	    "From: =?utf-8?q?B=C3=B6b?= <Bob@HOME.example>\nReply-To: b2@home.example\n"
	    "Message-ID: <m1@home.example>\nReceived: a\nReceived: b\n"
	    "Subject: =?utf-8?b?aG9sZA==?=\x1b[2J please\nPrecedence: bulk\n\n"
	    "On Monday Planet wrote:\n> old\n\n  hold\x07 until\nmore\n";
	struct arena *a = arena_new();
	struct incoming m;

	(void)state;
	incoming_parse(a, text, sizeof(text) - 1, &m);
	assert_int_equal(m.envelope_to_count, 1);
	same("envelope", m.envelope_to[0], "planet+hold@news.example");
	assert_int_equal(m.to_count, 2);
	same("to", m.to[1], "cat@x.example");
	same("from", m.from, "Bob@home.example");
	same("reply", m.reply_to, "b2@home.example");
	same("id", m.message_id, "m1@home.example");
	same("subject", m.subject, "hold[2J please");
	same("words", m.words, "hold until");
	same("path", m.return_path, "");
	assert_int_equal(m.received_count, 2);
	assert_true(m.is_bulk);
	assert_false(m.has_null_sender);
	arena_free(a);
}

static void
who_gets_no_answer(void **state)
{
	static const struct {
		const char *name, *fields;
		bool is_auto, is_list, is_bulk, is_spam, is_null;
	} cases[] = {
		/* clang-format off */
		{ "a person", "", false, false, false, false, false },
		{ "Auto-Submitted: no", "Auto-Submitted: no\n", false, false, false, false, false },
		{ "automatic", "Auto-Submitted: auto-generated\n", true, false, false, false, false },
		{ "list", "List-Post: <mailto:x@y.example>\n", false, true, false, false, false },
		{ "junk", "Precedence: junk\n", false, false, true, false, false },
		{ "bulk", "Precedence: Bulk\n", false, false, true, false, false },
		{ "first class", "Precedence: first-class\n", false, false, false, false, false },
		{ "auto_reply", "Precedence: auto_reply\n", true, false, false, false, false },
		{ "spam", "X-Spam-Flag: YES\n", false, false, false, true, false },
		{ "suppressed", "X-Auto-Response-Suppress: All\n", true, false, false, false, false },
		{ "a loop detected: no", "X-Loop-Detect: No\n", false, false, false, false, false },
		{ "no sender", "Return-Path: <>\n", false, false, false, false, true },
		{ "an empty one", "Return-Path:\n", false, false, false, false, true },
		{ "a sender", "Return-Path: <a@x.example>\n", false, false, false, false, false },
		/* clang-format on */
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *text =
		    arena_printf(a, "%s" PERSON "Subject: help\n\nhi\n", cases[i].fields);
		struct incoming m;

		incoming_parse(a, text, strlen(text), &m);
		if (m.is_auto != cases[i].is_auto || m.is_list != cases[i].is_list ||
		    m.is_bulk != cases[i].is_bulk ||
		    m.is_marked_spam != cases[i].is_spam ||
		    m.has_null_sender != cases[i].is_null || m.from_robot)
			fail_msg("%s: got %d, %d, %d, %d, %d, %d", cases[i].name,
			    m.is_auto, m.is_list, m.is_bulk, m.is_marked_spam,
			    m.has_null_sender, m.from_robot);
	}
	arena_free(a);
}

/* By the name before the @, whatever is behind its + or -, and by the words before the address. */
static void
robots_are_known_by_their_names(void **state)
{
	static const struct {
		const char *from;
		bool is_robot;
	} cases[] = {
		/* clang-format off */
		{ "mailer-daemon@x.example", true },
		{ "MAILER-DAEMON@x.example", true },
		{ "mailer-daemon+a@x.example", true },
		{ "mailer-daemon-a@x.example", true },
		{ "listservs@x.example", false },
		{ "listser@x.example", false },
		{ "nobody@x.example", true },
		{ "nobody", false },
		{ "owner-planet@x.example", true },
		{ "Owner-planet@x.example", true },
		{ "owner@x.example", false },
		{ "a-request@x.example", true },
		{ "planet-Request@x.example", true },
		{ "-request@x.example", false },
		{ "arequest@x.example", false },
		{ "a-requests@x.example", false },
		{ "Mail Delivery System <a@x.example>", true },
		{ "Mailer Daemon <a@x.example>", true },
		{ "The Postmaster <a@x.example>", true },
		{ "Mail Deliver <a@x.example>", false },
		{ "Ann <a@x.example>", false },
		/* clang-format on */
	};
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *text =
		    arena_printf(a, "From: %s\nSubject: hi\n\nhi\n", cases[i].from);
		struct incoming m;

		incoming_parse(a, text, strlen(text), &m);
		if (m.from_robot != cases[i].is_robot) {
			print_error("%s: got %d\n", cases[i].from, m.from_robot);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* Mail programs put other things in front of what somebody wrote. */
static void
the_first_words_are_the_writers(void **state)
{
	static const struct {
		const char *name, *rest, *want;
	} cases[] = {
		{ "HTML alone",
		    "Content-Type: text/html\n\n<html><head><style>p {}</style></head>"
		    "<body><div>hold it</div><blockquote>old</blockquote></body></html>\n",
		    "hold it" },
		{ "signed with PGP",
		    "\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nhold it\n"
		    "-----BEGIN PGP SIGNATURE-----\nx\n-----END PGP SIGNATURE-----\n",
		    "hold it" },
		{ "a signature without its text",
		    "\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n", "" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *text =
		    arena_printf(a, PERSON "Subject: Re: Planet\n%s", cases[i].rest);
		struct incoming m;

		incoming_parse(a, text, strlen(text), &m);
		same(cases[i].name, m.words, cases[i].want);
	}
	arena_free(a);
}

/*
 * What mail programs write above what they quote, over one line or several, and a wish below it:
 * as Gmail, Apple Mail, Thunderbird, mutt, Gnus, Yahoo and others wrap it.
 */
static const struct {
	const char *name, *text, *want;
} attributions[] = {
	{ "one line", "On Tue, Dec 1, 2026 at 10:00 AM Ann <a@x.example> wrote:\n",
	    "unsubscribe" },
	{ "Gmail, two lines",
	    "On Tue, Dec 1, 2026 at 10:00 AM Planet Example <\n"
	    "planet@news.example> wrote:\n\n",
	    "unsubscribe" },
	{ "Gmail, three lines",
	    "On Tue, Dec 1, 2026 at 10:00\xE2\x80\xAF"
	    "AM The Planet of all Examples\n"
	    "<\nplanet@news.example> wrote:\n\n",
	    "unsubscribe" },
	{ "the verb alone",
	    "On Tue, Dec 1, 2026 at 10:00 AM Planet <planet@news.example>\nwrote:\n\n",
	    "unsubscribe" },
	{ "without a digit", "On Monday Planet\nwrote:\n", "unsubscribe" },
	{ "Gmail, German",
	    "Am Di., 1. Dez. 2026 um 10:00\xC2\xA0Uhr schrieb Planet <\n"
	    "planet@news.example>:\n\n",
	    "unsubscribe" },
	{ "Thunderbird, German",
	    "Am 01.12.26 um 10:00 schrieb Der Planet aller Beispiele und\nPlaneten:\n",
	    "unsubscribe" },
	{ "Gmail, French",
	    "Le mar. 1 d\xC3\xA9"
	    "c. 2026 \xC3\xA0 10:00, Planet <planet@news.example> a\n"
	    "\xC3\xA9"
	    "crit :\n\n",
	    "unsubscribe" },
	{ "Thunderbird, French",
	    "Le 01/12/2026 \xC3\xA0 10:00, La plan\xC3\xA8te des exemples et des\n"
	    "autres a \xC3\xA9"
	    "crit\xC2\xA0:\n",
	    "unsubscribe" },
	{ "Yahoo: the name first",
	    "Planet <planet@news.example> schrieb am 10:00 Dienstag, 1.Dezember\n2026:\n",
	    "unsubscribe" },
	{ "Gnus", "Planet <planet@news.example>\nwrites:\n", "unsubscribe" },
	{ "Spanish",
	    "El mar, 1 dic 2026 a las 10:00, Planet (<planet@news.example>)\n"
	    "escribi\xC3\xB3:\n",
	    "unsubscribe" },
	{ "Italian",
	    "Il giorno mar 1 dic 2026 alle ore 10:00 Planet <\nplanet@news.example> ha\n"
	    "scritto:\n",
	    "unsubscribe" },
	{ "Dutch", "Op di 1 dec 2026 om 10:00 schreef Planet <\nplanet@news.example>:\n",
	    "unsubscribe" },
	{ "Swedish",
	    "Den tis 1 dec. 2026 kl 10:00 skrev Planet\n<planet@news.example>:\n",
	    "unsubscribe" },
	{ "Japanese, no verb",
	    "2026\xE5\xB9\xB4"
	    "12\xE6\x9C\x88"
	    "1\xE6\x97\xA5(\xE7\x81\xAB) 10:00 Planet\n"
	    "<planet@news.example>:\n",
	    "unsubscribe" },
	/* what the writer says above it counts */
	{ "a wish above it",
	    "stop\nOn Tue, Dec 1, 2026 at 10:00 AM Planet\n<planet@news.example> wrote:\n",
	    "stop" },
	{ "a wish with a number above it",
	    "hold 2 weeks\nOn Tue, Dec 1, 2026 Planet\n<planet@news.example> wrote:\n",
	    "hold 2 weeks" },
	{ "five lines are a text", "On 1 December\nI\nsaw\nwhat she\nwrote:\n",
	    "On 1 December" },
	{ "nobody wrote", "On 1 December we leave\nfor these places:\n",
	    "On 1 December we leave" },
	{ "an end without a colon", "On Tue, Dec 1, 2026 Planet\nwrote\n",
	    "On Tue, Dec 1, 2026 Planet" },
};

static void
an_attribution_is_quotation(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(attributions); i++) {
		const char *text = arena_printf(a,
		    PERSON
		    "Subject: Re: Planet\nContent-Type: text/plain; charset=utf-8\n\n"
		    "%s> old\n> words:\n>\n> more\n\nunsubscribe\n",
		    attributions[i].text);
		struct incoming m;

		incoming_parse(a, text, strlen(text), &m);
		same(attributions[i].name, m.words, attributions[i].want);
	}
	arena_free(a);
}

/* Each host a message came through wrote a line: fifty are a long way, more are a circle. */
static void
the_hosts_on_the_way_are_counted(void **state)
{
	static const size_t cases[] = { 0, 1, 50, 51 };
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *text = PERSON "Subject: help\n\nhi\n";
		struct incoming m;

		for (size_t n = 0; n < cases[i]; n++)
			text = arena_printf(a, "Received: from x by y; now\n%s", text);
		incoming_parse(a, text, strlen(text), &m);
		assert_int_equal(m.received_count, cases[i]);
	}
	arena_free(a);
}

static void
tokens_are_found_where_they_stand(void **state)
{
	static const struct {
		const char *name, *text, *token, *before;
		enum token_place place;
	} cases[] = {
		{ "envelope",
		    "Delivered-To: planet+b-" TOKEN "@news.example\nFrom: x\n\n", TOKEN,
		    "b-", PLACE_ENVELOPE },
		{ "folded case",
		    "To: planet+b-MFQWC43EORQXA2LTOQZDGNBVGY3TQ@news.example\n\n", TOKEN,
		    "b-", PLACE_TO },
		{ "subject", "Subject: leave-" TOKEN "\n\n", TOKEN, "leave-",
		    PLACE_SUBJECT },
		{ "reply", "In-Reply-To: <c-" TOKEN "@news.example>\n\n", TOKEN, "c-",
		    PLACE_REPLY },
		{ "body", "From: x@y.example\n\nhttps://news.example/u/" TOKEN "\n",
		    TOKEN, "example/u/", PLACE_BODY },
		{ "original", REPORT "x" ORIGINAL, TOKEN, "b-", PLACE_ORIGINAL },
		{ "too short", "Subject: leave-mfqwc43eorqxa2lt\n\n", NULL, NULL,
		    PLACE_TO },
		{ "other digits", "Subject: 0000000000mfqwc43eorqxa2ltoqzdgnbvgy\n\n",
		    NULL, NULL, PLACE_TO },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new();
		struct incoming m;

		incoming_parse(a, guarded(cases[i].text, strlen(cases[i].text)),
		    strlen(cases[i].text), &m);
		if (m.token_count != (cases[i].token ? 1u : 0u))
			fail_msg("%s: got %zu tokens", cases[i].name, m.token_count);
		if (cases[i].token) {
			same(cases[i].name, m.tokens[0].text, cases[i].token);
			same(cases[i].name, m.tokens[0].before, cases[i].before);
			assert_int_equal(m.tokens[0].place, cases[i].place);
		}
		arena_free(a);
	}
}

/* ---- between the child and its owner ---- */

static void
a_message_comes_through_the_wire_whole(void **state)
{
	static const char text[] = REPORT
	    "words" STATUS "Final-Recipient: rfc822; ann@there.example\nAction: failed\n"
	    "Status: 5.1.1\nDiagnostic-Code: smtp; 550 gone\n" ORIGINAL;
	struct arena *a = arena_new();
	struct buf bytes = BUF_INIT(LIMIT_INCOMING_ANSWER);
	struct incoming m;
	struct incoming got;

	(void)state;
	incoming_parse(a, text, sizeof(text) - 1, &m);
	incoming_wire_write(&m, &bytes);
	assert_true(incoming_wire_read(a, buf_text(&bytes), bytes.len, &got));
	same("recipients", told(a, &got), "ann@there.example hard 5.1.1");
	assert_int_equal(got.recipients[0].code, 550);
	same("diagnostic", got.recipients[0].diagnostic, "smtp; 550 gone");
	same("token", got.tokens[0].text, TOKEN);
	same("original", got.original.message_id, "a1@news.example");
	same("list", got.original.list_id, "planet.news.example");
	assert_true(got.has_null_sender);
	assert_true(got.from_robot);
	/* A byte too few at any place, a byte too many, any first word that is no kind. */
	for (size_t len = 0; len < bytes.len; len++)
		assert_false(incoming_wire_read(a, buf_text(&bytes), len, &got));
	buf_addc(&bytes, 'x');
	assert_false(incoming_wire_read(a, buf_text(&bytes), bytes.len, &got));
	buf_truncate(&bytes, bytes.len - 1);
	bytes.data[0] = 9;
	assert_false(incoming_wire_read(a, buf_text(&bytes), bytes.len, &got));
	same("empty", got.from, "");
	buf_clear(&bytes);
	arena_free(a);
}

static void
texts_that_are_no_clean_line_are_refused(void **state)
{
	static const char *const bad[] = { "a\nb", "a\x1b[2J", "\xff",
		"a\xe2\x80\xae"
		"b" };
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct buf bytes = BUF_INIT(LIMIT_INCOMING_ANSWER);
		struct incoming m;
		struct incoming got;

		assert_false(incoming_wire_read(a, "", 0, &m));
		incoming_wire_write(&m, &bytes);
		assert_true(incoming_wire_read(a, buf_text(&bytes), bytes.len, &got));
		buf_reset(&bytes);
		m.subject = bad[i];
		incoming_wire_write(&m, &bytes);
		assert_false(incoming_wire_read(a, buf_text(&bytes), bytes.len, &got));
		buf_clear(&bytes);
	}
	arena_free(a);
}

static void
a_bounce_without_a_failure_is_a_lie(void **state)
{
	struct arena *a = arena_new();
	struct buf bytes = BUF_INIT(LIMIT_INCOMING_ANSWER);
	struct incoming m;
	struct incoming got;

	(void)state;
	assert_false(incoming_wire_read(a, "", 0, &m));
	m.kind = INCOMING_BOUNCE;
	incoming_wire_write(&m, &bytes);
	assert_false(incoming_wire_read(a, buf_text(&bytes), bytes.len, &got));
	buf_clear(&bytes);
	arena_free(a);
}

static void
the_reader_answers_through_its_child(void **state)
{
	static const char other[] =
	    SERVER "Content-Type: text/plain; charset=iso-8859-13\n\n"
		   "<ann@there.example>: 550 5.1.1 unknown user \xE2\n";
	static const char text[] =
	    SERVER "\n<j\xF6rg@there.example>: 550 5.1.1 Unbekannt\n";
	struct err err = ERR_INIT;
	struct incoming_reader *r = incoming_reader_new(&err);
	struct arena *a = arena_new();
	struct incoming m;

	(void)state;
	if (!r)
		fail_msg("%s", err.text);
	for (int i = 0; i < 3; i++) {
		incoming_reader_read(r, a, text, sizeof(text) - 1, &m);
		assert_int_equal(m.kind, INCOMING_BOUNCE);
		/* windows-1252 is converted in the child, which can open no file. */
		same("recipients", told(a, &m), "j\xC3\xB6rg@there.example hard 5.1.1");
	}
	/* A charset that was not loaded before is read as it may. */
	incoming_reader_read(r, a, other, sizeof(other) - 1, &m);
	same("other charset", told(a, &m), "ann@there.example hard 5.1.1");
	assert_int_equal(incoming_reader_failures(r), 0);
	incoming_reader_free(r);
	incoming_reader_free(NULL);
	arena_free(a);
}

/* A number from 0 to below most; the same row in each run. */
static size_t
lot(uint64_t *seed, size_t most)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t)(*seed >> 33) % most;
}

/* A byte changed, a piece taken out, or another message's piece put in, up to eight times. */
static void
mutate(uint64_t *seed, struct buf *b)
{
	for (size_t n = 1 + lot(seed, 8); n > 0 && b->len > 1; n--) {
		const size_t at = lot(seed, b->len);
		const size_t len = lot(seed, b->len - at);
		const char *other = status_cases[lot(seed, ARRAY_LEN(status_cases))].text;

		switch (lot(seed, 3)) {
		case 0:
			b->data[at] = (char)lot(seed, 256);
			break;
		case 1:
			memmove(b->data + at, b->data + at + len, b->len - at - len);
			buf_truncate(b, b->len - len);
			break;
		default:
			buf_add(b, other, lot(seed, strlen(other)));
			break;
		}
	}
}

/* PLANETPOST_MUTATIONS=10000 for more of them. */
static void
mutated_messages_bring_nobody_down(void **state)
{
	const char *wish = getenv("PLANETPOST_MUTATIONS");
	const long count = wish ? strtol(wish, NULL, 10) : 300;
	struct err err = ERR_INIT;
	struct incoming_reader *r = incoming_reader_new(&err);
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(1 << 20);
	uint64_t seed = 20261124;
	long understood = 0;

	(void)state;
	assert_non_null(r);
	for (long i = 0; i < count; i++) {
		const struct message_case *c = i % 2
		    ? &word_cases[lot(&seed, ARRAY_LEN(word_cases))]
		    : &status_cases[lot(&seed, ARRAY_LEN(status_cases))];
		struct incoming m;

		buf_reset(&b);
		buf_adds(&b, c->text);
		mutate(&seed, &b);
		incoming_reader_read(r, a, buf_text(&b), b.len, &m);
		understood += m.kind == INCOMING_BOUNCE;
		arena_reset(a);
	}
	/* Most still say what they said, and after each the next one is read. */
	assert_true(understood > count / 2);
	if (wish)
		print_message("%ld of %ld understood, %zu children lost\n", understood,
		    count, incoming_reader_failures(r));
	buf_clear(&b);
	arena_free(a);
	incoming_reader_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_notifications),
		cmocka_unit_test(words_for_people),
		cmocka_unit_test(what_is_no_bounce),
		cmocka_unit_test(complaints),
		cmocka_unit_test(facts_and_first_words_are_read),
		cmocka_unit_test(the_first_words_are_the_writers),
		cmocka_unit_test(an_attribution_is_quotation),
		cmocka_unit_test(who_gets_no_answer),
		cmocka_unit_test(robots_are_known_by_their_names),
		cmocka_unit_test(the_hosts_on_the_way_are_counted),
		cmocka_unit_test(tokens_are_found_where_they_stand),
		cmocka_unit_test(a_message_comes_through_the_wire_whole),
		cmocka_unit_test(texts_that_are_no_clean_line_are_refused),
		cmocka_unit_test(a_bounce_without_a_failure_is_a_lie),
		cmocka_unit_test(the_reader_answers_through_its_child),
		cmocka_unit_test(mutated_messages_bring_nobody_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

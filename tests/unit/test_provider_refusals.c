/* SPDX-License-Identifier: ISC */
/*
 * What the large receivers say of us, in their own words, and what the keeper is told.  The
 * answers are those that their postmaster pages list and that bounces show.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "transport/provider_refusals.h"
#include "transport/smtp_fault.h"

/* want: words of the advice; NULL: the table has nothing to say. */
static const struct {
	enum outcome_stage stage;
	int code;
	const char *status, *words, *want;
} cases[] = {
	/* Gmail: support.google.com/a/answer/3726730 */
	{ STAGE_DOT, 421, "4.7.23",
	    "421 4.7.23 This email has been rate limited because the sending IP address "
	    "does not have a PTR record, or the PTR record's forward DNS entry does not "
	    "match the sending IP address.",
	    "PTR record" },
	{ STAGE_DOT, 421, "4.7.24",
	    "421 4.7.24 The SPF record of the sending domain has one or more suspicious "
	    "entries.",
	    "SPF record of the sender's domain cannot be used" },
	{ STAGE_DOT, 550, "5.7.25",
	    "550 5.7.25 The IP address sending this message does not have a PTR record "
	    "setup",
	    "PTR record" },
	{ STAGE_DOT, 421, "4.7.26",
	    "421 4.7.26 This mail has been rate limited because it is unauthenticated. "
	    "Gmail requires all senders to authenticate with either SPF or DKIM.",
	    "SPF and DKIM" },
	{ STAGE_DOT, 550, "5.7.26",
	    "550 5.7.26 This mail has been blocked because the sender is unauthenticated.",
	    "SPF and DKIM" },
	{ STAGE_DOT, 550, "5.7.26",
	    "550 5.7.26 Unauthenticated email from news.example is not accepted due to "
	    "domain's DMARC policy.",
	    "domain of From must be that of the DKIM signature" },
	{ STAGE_DOT, 421, "4.7.27",
	    "421 4.7.27 This mail has been rate limited because SPF does not pass.",
	    "SPF record of the sender's domain does not name" },
	{ STAGE_DOT, 550, "5.7.27", "550 5.7.27 blocked because SPF does not pass",
	    "SPF record of the sender's domain does not name" },
	{ STAGE_DOT, 421, "4.7.28",
	    "421 4.7.28 Gmail has detected an unusual rate of unsolicited mail",
	    "too many for now" },
	{ STAGE_DOT, 550, "5.7.28", "550 5.7.28 mail flood", "too many for now" },
	{ STAGE_DOT, 421, "4.7.29",
	    "421 4.7.29 rate limited because this message wasn't sent over a TLS "
	    "connection",
	    "under TLS" },
	{ STAGE_DOT, 550, "5.7.29", "550 5.7.29 not sent over TLS", "under TLS" },
	{ STAGE_DOT, 421, "4.7.30", "421 4.7.30 rate limited because DKIM does not pass",
	    "DKIM signature" },
	{ STAGE_DOT, 550, "5.7.30",
	    "550 5.7.30 This mail has been blocked because DKIM does not pass.",
	    "DKIM signature that verifies" },
	{ STAGE_DOT, 421, "4.7.31",
	    "421 4.7.31 the sending domain doesn't have a DMARC record", "_dmarc" },
	{ STAGE_DOT, 421, "4.7.32",
	    "421 4.7.32 the From: header isn't aligned with either the authenticated SPF "
	    "or DKIM organizational domain",
	    "domain of From" },
	{ STAGE_DOT, 421, "4.7.40",
	    "421 4.7.40 rate limited because the sending domain doesn't have a DMARC record "
	    "with a policy",
	    "_dmarc" },
	{ STAGE_DOT, 550, "5.7.40", "550 5.7.40 blocked: no DMARC policy", "_dmarc" },
	{ STAGE_DOT, 421, "4.7.0",
	    "421 4.7.0 [192.0.2.1 15] Our system has detected an unusual rate of "
	    "unsolicited mail originating from your IP address.",
	    "too many for now" },
	{ STAGE_DOT, 550, "5.7.1",
	    "550 5.7.1 Our system has detected that this message is likely unsolicited "
	    "mail.",
	    "does not trust this sender" },
	{ STAGE_DOT, 550, "5.7.1",
	    "550 5.7.1 The IP you're using to send mail is not authorized to send email "
	    "directly to our servers.",
	    "block list" },
	{ STAGE_RCPT, 550, "5.4.5", "550 5.4.5 Daily user sending limit exceeded.",
	    "for a day" },
	{ STAGE_AUTH, 534, "5.7.9", "534 5.7.9 Application-specific password required.",
	    "app password" },
	{ STAGE_AUTH, 534, "5.7.14",
	    "534 5.7.14 Please log in via your web browser and then try again.",
	    "by browser" },
	{ STAGE_AUTH, 535, "5.7.8",
	    "535 5.7.8 Username and Password not accepted. For more information, go to "
	    "https://support.google.com/mail/?p=BadCredentials",
	    "app password" },
	/* Outlook.com and Exchange Online */
	{ STAGE_DOT, 550, "5.7.515",
	    "550 5.7.515 Access denied, sending domain news.example doesn't meet the "
	    "required authentication level.",
	    "SPF and DKIM" },
	{ STAGE_DOT, 550, "5.7.509",
	    "550 5.7.509 Access denied, sending domain news.example does not pass DMARC "
	    "verification and has a DMARC policy of reject.",
	    "domain of From" },
	{ STAGE_DOT, 550, "5.7.1",
	    "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please "
	    "contact your Internet service provider since part of their network is on our "
	    "block list (S3140).",
	    "blocked at Microsoft" },
	{ STAGE_GREETING, 550, "5.7.1", "550 5.7.1 (S3150)", "blocked at Microsoft" },
	{ STAGE_RCPT, 550, "5.7.606", "550 5.7.606 Access denied, banned sending IP",
	    "blocked at Microsoft" },
	{ STAGE_RCPT, 550, "5.7.649", "550 5.7.649 Access denied, banned sending IP",
	    "blocked at Microsoft" },
	{ STAGE_RCPT, 550, "5.7.511", "550 5.7.511 Access denied, banned sender",
	    "blocked at Microsoft" },
	{ STAGE_RCPT, 451, "4.7.650",
	    "451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due "
	    "to IP reputation.",
	    "too many for now" },
	{ STAGE_RCPT, 451, "4.7.500", "451 4.7.500 Access denied, please try again later",
	    "does not trust this sender" },
	{ STAGE_GREETING, 421, NULL,
	    "421 RP-001 (BAY004) Unfortunately, some messages from 192.0.2.1 weren't sent. "
	    "The mail server IP connecting has exceeded the rate limit allowed.",
	    "too many for now" },
	{ STAGE_MAIL, 554, "5.2.252", "554 5.2.252 SendAsDenied", "this sender" },
	{ STAGE_DOT, 550, "5.7.60",
	    "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
	    "this sender" },
	{ STAGE_RCPT, 550, "5.1.90",
	    "550 5.1.90 Your message can't be sent because you've reached your daily limit "
	    "for message recipients",
	    "for a day" },
	{ STAGE_MAIL, 530, "5.7.57", "530 5.7.57 Client not authenticated to send mail",
	    "no password any more" },
	{ STAGE_AUTH, 550, "5.7.30",
	    "550 5.7.30 Basic authentication is not supported for Client Submission.",
	    "smtp.auth = oauth" },
	{ STAGE_DOT, 550, "5.7.30",
	    "550 5.7.30 Basic authentication is not supported for Client Submission.",
	    "smtp.auth = oauth" },
	{ STAGE_AUTH, 535, "5.7.139",
	    "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.",
	    "smtp.auth = oauth" },
	{ STAGE_AUTH, 535, "5.7.3", "535 5.7.3 Authentication unsuccessful", NULL },
	/* Yahoo and AOL */
	{ STAGE_MAIL, 421, "4.7.0",
	    "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to user "
	    "complaints",
	    "too many for now" },
	{ STAGE_GREETING, 421, NULL,
	    "421 Message from (192.0.2.1) temporarily deferred - 4.16.50",
	    "too many for now" },
	{ STAGE_MAIL, 421, "4.16.55",
	    "421 4.16.55 [TS01] Messages from 192.0.2.1 temporarily deferred due to "
	    "excessive user complaints",
	    "too many for now" },
	{ STAGE_GREETING, 553, "5.7.1",
	    "553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.1",
	    "block list" },
	{ STAGE_DOT, 554, "5.7.9", "554 5.7.9 Message not accepted for policy reasons.",
	    "does not trust this sender" },
	/* GMX, WEB.DE, T-Online */
	{ STAGE_GREETING, 554, NULL,
	    "554 gmx.net (mxgmx015) Nemesis ESMTP Service not available No SMTP service Bad "
	    "DNS PTR resource record.",
	    "PTR record" },
	{ STAGE_DOT, 554, NULL,
	    "554 Transaction failed Reject due to policy restrictions. For explanation "
	    "visit https://postmaster.web.de/en/case?c=r0601",
	    "GMX and WEB.DE" },
	{ STAGE_RCPT, 421, NULL,
	    "421 https://postmaster.gmx.net/en/error-messages?ip=192.0.2.1&c=bl",
	    "GMX and WEB.DE" },
	{ STAGE_GREETING, 554, NULL,
	    "554 IP=192.0.2.1 - None/bad reputation. Ask your postmaster to contact "
	    "tobr@rx.t-online.de",
	    "T-Online" },
	/* Apple */
	{ STAGE_DOT, 550, "5.7.1",
	    "550 5.7.1 [CS01] Message rejected due to local policy. Please visit "
	    "https://support.apple.com/en-us/HT204137",
	    "Apple" },
	{ STAGE_DOT, 554, "5.7.1", "554 5.7.1 [HM08] Message rejected", "Apple" },
	{ STAGE_DOT, 554, "5.7.1", "554 5.7.1 [CS02] Message rejected", "Apple" },
	{ STAGE_DOT, 550, "5.7.1",
	    "550 5.7.1 Your message was rejected due to news.example DMARC policy.",
	    "domain of From" },
	/* Block lists */
	{ STAGE_RCPT, 554, "5.7.1",
	    "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using "
	    "zen.spamhaus.org",
	    "block list" },
	/* RFC 7372 */
	{ STAGE_DOT, 550, "5.7.20", "550 5.7.20 No passing DKIM signature found",
	    "DKIM signature" },
	{ STAGE_DOT, 550, "5.7.23", "550 5.7.23 SPF validation failed",
	    "SPF record of the sender's domain does not name" },
	/* What is the reader's, the letter's or nobody's stays so. */
	{ STAGE_RCPT, 550, "5.1.1",
	    "550 5.1.1 The email account that you tried to reach does not exist. gsmtp",
	    NULL },
	{ STAGE_RCPT, 452, "4.2.2", "452 4.2.2 The recipient's inbox is out of storage",
	    NULL },
	{ STAGE_RCPT, 450, "4.2.1",
	    "450 4.2.1 The user you are trying to contact is receiving mail at a rate that "
	    "prevents additional messages from being delivered.",
	    NULL },
	{ STAGE_RCPT, 550, "5.5.0",
	    "550 5.5.0 Requested action not taken: mailbox "
	    "unavailable (S2017062302).",
	    NULL },
	{ STAGE_RCPT, 554, NULL,
	    "554 delivery error: dd This user doesn't have a "
	    "yahoo.com account",
	    NULL },
	{ STAGE_RCPT, 550, NULL, "550 Requested action not taken: mailbox unavailable",
	    NULL },
	{ STAGE_RCPT, 450, "4.7.1", "450 4.7.1 greylisted", NULL },
	{ STAGE_RCPT, 554, "5.7.1", "554 5.7.1 Relay access denied", NULL },
	{ STAGE_DOT, 552, "5.3.4", "552 5.3.4 too large", NULL },
	{ STAGE_DOT, 550, "5.7.310", "550 5.7.310 something else", NULL },
	/* not at every stage, not for every code */
	{ STAGE_NONE, 550, "5.7.26", "550 5.7.26 unauthenticated", NULL },
	{ STAGE_AUTH, 550, "5.7.26", "550 5.7.26 unauthenticated", NULL },
	{ STAGE_GREETING, 550, "5.7.26", "550 5.7.26 unauthenticated", NULL },
	{ STAGE_DOT, 250, "2.7.26", "250 2.7.26 unauthenticated", NULL },
	{ STAGE_DOT, 250, "5.7.26", "250 5.7.26", NULL },
	{ STAGE_DOT, 550, NULL, NULL, NULL },
	{ STAGE_DOT, 550, "5", "", NULL },
	{ STAGE_DOT, 550, "5.7", "", NULL },
	{ STAGE_DOT, 550, "", "spamhaus.org", "block list" },
};

static void
each_answer_is_told_in_words_or_left_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *got = provider_refusal(cases[i].stage, cases[i].code,
		    cases[i].status, cases[i].words);

		if (cases[i].want ? !got || !strstr(got, cases[i].want) : got != NULL)
			fail_msg("%d %s %s: got \"%s\", want \"%s\"", cases[i].code,
			    cases[i].status ? cases[i].status : "-",
			    cases[i].words ? cases[i].words : "-", got ? got : "(none)",
			    cases[i].want ? cases[i].want : "(none)");
	}
}

/* All that the table knows is ours; before a letter is spoken of, 4xx is the server's. */
static void
what_the_table_knows_is_no_readers_fault(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const enum smtp_fault got = smtp_fault(cases[i].stage, cases[i].code,
		    cases[i].status, cases[i].words);
		const bool early = cases[i].stage <= STAGE_MAIL;

		if (!cases[i].want)
			continue;
		if (got != (early && cases[i].code < 500 ? FAULT_SERVER : FAULT_OURS))
			fail_msg("%s: got %d", cases[i].words, (int)got);
	}
}

/* They stand in a hint, with what to do then. */
static void
each_is_one_line_of_modest_length(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *got = provider_refusal(cases[i].stage, cases[i].code,
		    cases[i].status, cases[i].words);

		if (got && (strlen(got) > 200 || strchr(got, '\n')))
			fail_msg("%s", got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_answer_is_told_in_words_or_left_alone),
		cmocka_unit_test(what_the_table_knows_is_no_readers_fault),
		cmocka_unit_test(each_is_one_line_of_modest_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
#include "transport/smtp_fault.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "transport/provider_refusals.h"
#include "transport/smtp_reply.h"

/*
 * Details that say something else than their subject.  Gmail's 5.7.26 and its like need no
 * line, since all X.7 is ours; Exchange says 5.4.1 of a mailbox that is not there, and
 * Outlook.com 5.5.0 "mailbox unavailable".
 */
static const struct {
	long subject, detail;
	enum smtp_fault fault;
} details[] = {
	{ 1, 7, FAULT_OURS }, /* the sender's address is wrong */
	{ 1, 8, FAULT_OURS }, /* the sender's domain is wrong */
	{ 1, 9, FAULT_OURS }, /* the relay speaks another language */
	{ 3, 4, FAULT_LETTER }, { 4, 1, FAULT_OPEN },
	{ 4, 4, FAULT_OPEN }, /* no host takes letters for the reader's domain */
	{ 5, 0, FAULT_OPEN }, { 5, 6, FAULT_LETTER },
	{ 7, 13, FAULT_MAILBOX }, /* the reader's account is closed */
	{ 7, 17, FAULT_MAILBOX }, /* the mailbox has another owner (RRVS) */
};

/* RFC 3463: what each subject is about. */
static const enum smtp_fault subjects[] = {
	[0] = FAULT_OPEN,
	[1] = FAULT_MAILBOX,
	[2] = FAULT_MAILBOX,
	[3] = FAULT_OPEN,
	[4] = FAULT_OURS,
	[5] = FAULT_OURS,
	[6] = FAULT_LETTER,
	[7] = FAULT_OURS,
};

static enum smtp_fault
fault_of_status(struct smtp_status s)
{
	for (size_t i = 0; i < ARRAY_LEN(details); i++) {
		if (s.subject == details[i].subject && s.detail == details[i].detail)
			return details[i].fault;
	}
	if (s.subject < 0 || (size_t)s.subject >= ARRAY_LEN(subjects))
		return FAULT_OPEN;
	return subjects[s.subject];
}

/* The first that is found tells. */
static const struct {
	const char *words;
	enum smtp_fault fault;
} phrases[] = {
	{ "relay", FAULT_OURS },
	{ "daily", FAULT_OURS },
	{ "sending limit", FAULT_OURS },
	{ "sending quota", FAULT_OURS },
	{ "message quota", FAULT_OURS },
	{ "too many messages", FAULT_OURS },
	{ "authenticat", FAULT_OURS },
	{ "not authorized", FAULT_OURS },
	{ "dmarc", FAULT_OURS },
	{ "dkim", FAULT_OURS },
	{ "spf", FAULT_OURS },
	{ "sender", FAULT_OURS },
	{ "mailbox", FAULT_MAILBOX },
	{ "no such", FAULT_MAILBOX },
	{ "user unknown", FAULT_MAILBOX },
	{ "unknown user", FAULT_MAILBOX },
	{ "does not exist", FAULT_MAILBOX },
	{ "recipient address rejected", FAULT_MAILBOX },
	{ "over quota", FAULT_MAILBOX },
	{ "too large", FAULT_LETTER },
	{ "too big", FAULT_LETTER },
	{ "message size", FAULT_LETTER },
	{ "spam", FAULT_OURS },
	{ "policy", FAULT_OURS },
	{ "blocked", FAULT_OURS },
	{ "blocklist", FAULT_OURS },
	{ "blacklist", FAULT_OURS },
	{ "quota", FAULT_OURS },
};

static enum smtp_fault
fault_of_words(const char *words)
{
	for (size_t i = 0; words && i < ARRAY_LEN(phrases); i++) {
		if (ascii_find_nocase(words, phrases[i].words))
			return phrases[i].fault;
	}
	return FAULT_OPEN;
}

/* MAIL names us alone, but for the size and the kind of the letter. */
static enum smtp_fault
fault_at_mail(int code, struct smtp_status s)
{
	if (code == 552 || (s.subject == 3 && s.detail == 4) || s.subject == 6)
		return code / 100 == 5 ? FAULT_LETTER : FAULT_SERVER;
	return code / 100 == 5 ? FAULT_OURS : FAULT_SERVER;
}

enum smtp_fault
smtp_fault(enum outcome_stage stage, int code, const char *status, const char *words)
{
	const struct smtp_status s = smtp_status_parse(status);
	enum smtp_fault fault = FAULT_OPEN;

	if (code / 100 != 4 && code / 100 != 5)
		return FAULT_NONE;
	if (stage < STAGE_MAIL)
		return code / 100 == 5 ? FAULT_OURS : FAULT_SERVER;
	if (stage == STAGE_MAIL)
		return fault_at_mail(code, s);
	/* A login or TLS is missing or not strong enough (RFC 4954 6). */
	if (code == 530 || code == 534 || code == 535 || code == 538)
		return FAULT_OURS;
	if (provider_refusal(stage, code, status, words))
		return FAULT_OURS;
	fault = fault_of_status(s);
	return fault == FAULT_OPEN ? fault_of_words(words) : fault;
}

/* SPDX-License-Identifier: ISC */
#include "transport/provider_refusals.h"

#include "base/ascii.h"
#include "base/attr.h"
#include "transport/smtp_reply.h"

/* At which stages a line of the table is looked at. */
enum { AT_LOGIN = 1, AT_LETTER = 2, AT_GREETING = 4 };

static const char need_ptr[] =
    "the sending machine's address needs a name (PTR record) that leads back to the same "
    "address: ask whoever hosts it";
static const char need_spf[] =
    "the SPF record of the sender's domain does not name the machine that sends: add it "
    "to the TXT record \"v=spf1 ...\"";
static const char odd_spf[] =
    "the SPF record of the sender's domain cannot be used: one record, ten look-ups at "
    "most, no ~all for everybody";
static const char need_dkim[] =
    "letters need a DKIM signature that verifies: let the mail server sign, or set "
    "smtp.dkim_key_file (planetpost dkim key)";
static const char need_both[] =
    "letters need SPF and DKIM of the sender's own domain: publish both, and let the mail "
    "server or smtp.dkim_key_file sign";
static const char need_dmarc[] =
    "the domain of From needs a DMARC record: TXT at _dmarc, to begin with "
    "\"v=DMARC1; p=none\"";
static const char need_aligned[] =
    "the domain of From must be that of the DKIM signature or of the envelope sender: "
    "sign with newsletter.from's own domain";
static const char need_tls[] =
    "letters must reach the receiver under TLS: see that the mail server uses it";
static const char too_fast[] =
    "the receiver finds our letters too many for now: set smtp.rate or smtp.per_domain, "
    "and let the number of letters grow over weeks";
static const char bad_name[] =
    "the receiver does not trust this sender: see to complaints, to readers who never "
    "asked, and to SPF, DKIM and DMARC; then ask its postmaster";
static const char blocked[] =
    "the sending machine's address is on a block list: the answer names it; ask there to "
    "be taken off, or send through another mail server";
static const char at_microsoft[] =
    "the sending machine's address is blocked at Microsoft: ask at "
    "https://olcsupport.office.com/ or https://sender.office.com/ to be taken off";
static const char no_basic[] =
    "this account takes no password any more: set smtp.auth = oauth, and "
    "smtp.password_command to a program that prints an access token";
static const char app_password[] =
    "this account wants a password of its own for programs (app password): make one at "
    "the provider and put it into smtp.password_file";
static const char browser_first[] =
    "the provider wants somebody to log in by browser once, and to allow this program";
static const char send_as[] =
    "the account may not send with this sender: newsletter.from and bounce.address must "
    "be its own addresses, or it needs the right to send as them";
static const char daily_limit[] =
    "the account has sent all that its provider allows for a day: set smtp.per_hour, or "
    "send through another mail server";
static const char at_gmx[] =
    "GMX and WEB.DE take no letters from here: they want an aligned DKIM signature and a "
    "name for the machine; the link in the answer tells which";
static const char at_apple[] =
    "Apple refuses this sender: see to SPF, DKIM, DMARC and complaints, then write to "
    "icloudadmin@apple.com with the answer's words";
static const char at_telekom[] =
    "T-Online does not know this machine: it needs a name with an imprint; write to "
    "tosa@rx.t-online.de with its address";
static const char bad_form[] =
    "the receiver finds a header field that a letter has once missing or there twice: "
    "something on the way changes letters";

/*
 * The first line that fits counts.  Subject 0: the words alone tell.  Details are those of
 * X.SUBJECT.DETAIL, first to last.  words NULL: whatever is said.
 *
 * Google: support.google.com/a/answer/3726730; Microsoft: "Email non-delivery reports in
 * Exchange Online" and the Outlook.com postmaster pages; Yahoo: senders.yahooinc.com; RFC 7372.
 */
/* clang-format off */
static const struct {
	unsigned stages;
	long subject, first, last;
	const char *words;
	const char *advice;
} table[] = {
	/* logins */
	{ AT_LOGIN, 7, 30, 30, NULL, no_basic },  /* Exchange Online, not DKIM as at Gmail */
	{ AT_LOGIN, 7, 139, 139, NULL, no_basic },
	{ AT_LOGIN, 0, 0, 0, "basic authentication", no_basic },
	{ AT_LOGIN, 0, 0, 0, "SmtpClientAuthentication is disabled", no_basic },
	{ AT_LOGIN, 7, 9, 9, "pplication-specific", app_password },
	{ AT_LOGIN, 7, 14, 14, NULL, browser_first },
	{ AT_LOGIN, 7, 8, 8, "BadCredentials", app_password },
	/* accounts that send for us */
	{ AT_LETTER, 7, 57, 57, NULL, no_basic },
	{ AT_LETTER, 7, 60, 60, NULL, send_as },
	{ AT_LETTER, 2, 252, 252, NULL, send_as },
	{ AT_LETTER, 0, 0, 0, "SendAsDenied", send_as },
	{ AT_LETTER, 1, 90, 90, NULL, daily_limit },
	{ AT_LETTER, 4, 5, 5, "aily", daily_limit },
	{ AT_LETTER, 0, 0, 0, "sending limit exceeded", daily_limit },
	/* Gmail's, which mean something else than RFC 7372 where the words say so */
	{ AT_LETTER, 7, 23, 23, "PTR", need_ptr },
	{ AT_LETTER, 7, 23, 23, NULL, need_spf },
	{ AT_LETTER, 7, 24, 24, NULL, odd_spf },
	{ AT_LETTER, 7, 25, 25, NULL, need_ptr },
	{ AT_LETTER, 7, 26, 26, "DMARC", need_aligned },
	{ AT_LETTER, 7, 26, 26, NULL, need_both },
	{ AT_LETTER, 7, 27, 27, "SPF", need_spf },
	{ AT_LETTER, 7, 28, 28, NULL, too_fast },
	{ AT_LETTER, 7, 29, 29, "TLS", need_tls },
	{ AT_LETTER, 7, 30, 30, "DKIM", need_dkim },
	{ AT_LETTER, 7, 30, 30, "basic auth", no_basic },
	{ AT_LETTER, 7, 31, 31, NULL, need_dmarc },
	{ AT_LETTER, 7, 32, 32, NULL, need_aligned },
	{ AT_LETTER, 7, 40, 40, "DMARC", need_dmarc },
	{ AT_LETTER, 7, 20, 22, NULL, need_dkim },
	/* Outlook.com and Exchange Online */
	{ AT_LETTER, 7, 515, 515, NULL, need_both },
	{ AT_LETTER, 7, 509, 509, NULL, need_aligned },
	{ AT_LETTER, 7, 512, 512, NULL, bad_form },
	{ AT_LETTER, 7, 508, 508, NULL, too_fast },
	{ AT_LETTER, 7, 500, 699, "rate limit", too_fast },
	{ AT_LETTER, 7, 501, 507, NULL, bad_name },
	{ AT_LETTER, 7, 511, 511, NULL, at_microsoft },
	{ AT_LETTER, 7, 606, 649, NULL, at_microsoft },
	{ AT_LETTER, 7, 500, 699, NULL, bad_name },
	{ AT_LETTER, 7, 700, 799, NULL, bad_name },
	{ AT_LETTER | AT_GREETING, 0, 0, 0, "(S3140)", at_microsoft },
	{ AT_LETTER | AT_GREETING, 0, 0, 0, "(S3150)", at_microsoft },
	{ AT_LETTER | AT_GREETING, 0, 0, 0, "exceeded the rate limit", too_fast },
	{ AT_LETTER | AT_GREETING, 0, 0, 0, "(RP-00", too_fast },
	{ AT_LETTER | AT_GREETING, 0, 0, 0, "(SC-00", bad_name },
	{ AT_LETTER | AT_GREETING, 0, 0, 0, "(DY-00", at_microsoft },
	/* Yahoo and AOL */
	{ AT_LETTER | AT_GREETING, 0, 0, 0, "[TSS", too_fast },
	{ AT_LETTER | AT_GREETING, 0, 0, 0, "[TS0", too_fast },
	{ AT_LETTER | AT_GREETING, 0, 0, 0, "temporarily deferred - 4.16.", too_fast },
	{ AT_LETTER | AT_GREETING, 0, 0, 0, "[BL2", blocked },
	{ AT_LETTER | AT_GREETING, 0, 0, 0, "[RL0", too_fast },
	{ AT_LETTER, 7, 9, 9, "not accepted for policy reasons", bad_name },
	{ AT_LETTER, 0, 0, 0, "DMARC policy", need_aligned },
	{ AT_LETTER, 7, 5, 5, "DMARC", need_aligned },
	/* GMX, WEB.DE, T-Online */
	{ AT_LETTER | AT_GREETING, 0, 0, 0, "postmaster.gmx.", at_gmx },
	{ AT_LETTER | AT_GREETING, 0, 0, 0, "postmaster.web.de", at_gmx },
	{ AT_LETTER | AT_GREETING, 0, 0, 0, "Reject due to policy restrictions", at_gmx },
	{ AT_LETTER | AT_GREETING, 0, 0, 0, "Bad DNS PTR resource record", need_ptr },
	{ AT_LETTER | AT_GREETING, 0, 0, 0, "rx.t-online.de", at_telekom },
	/* Apple */
	{ AT_LETTER, 0, 0, 0, "support.apple.com", at_apple },
	{ AT_LETTER, 7, 1, 1, "[CS0", at_apple },
	{ AT_LETTER, 7, 1, 1, "[HM0", at_apple },
	/* Gmail without a code of its own */
	{ AT_LETTER, 0, 0, 0, "unusual rate", too_fast },
	{ AT_LETTER, 0, 0, 0, "likely unsolicited", bad_name },
	{ AT_LETTER, 0, 0, 0, "suspicious due to the very low reputation", bad_name },
	{ AT_LETTER, 0, 0, 0, "not authorized to send email directly", blocked },
	/* lists that many ask */
	{ AT_LETTER | AT_GREETING, 0, 0, 0, "spamhaus.org", blocked },
	{ AT_LETTER | AT_GREETING, 0, 0, 0, "spamcop.net", blocked },
	{ AT_LETTER | AT_GREETING, 0, 0, 0, "barracudacentral", blocked },
	{ AT_LETTER | AT_GREETING, 0, 0, 0, "dnsbl-lookup", blocked },
	{ AT_LETTER | AT_GREETING, 0, 0, 0, "ix.dnsbl", blocked },
	{ AT_LETTER | AT_GREETING, 0, 0, 0, "blocked using", blocked },
	{ AT_LETTER, 7, 1, 1, "does not have a DKIM", need_dkim },
};
/* clang-format on */

static unsigned
place_of(enum outcome_stage stage)
{
	if (stage == STAGE_GREETING || stage == STAGE_EHLO)
		return AT_GREETING;
	if (stage == STAGE_AUTH)
		return AT_LOGIN;
	return stage == STAGE_NONE ? 0 : AT_LETTER;
}

const char *
provider_refusal(enum outcome_stage stage, int code, const char *status,
    const char *words)
{
	const unsigned place = place_of(stage);
	const struct smtp_status s = smtp_status_parse(status);

	if (code / 100 != 4 && code / 100 != 5)
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if ((table[i].stages & place) == 0)
			continue;
		if (table[i].subject != 0 &&
		    (table[i].subject != s.subject || s.detail < table[i].first ||
			s.detail > table[i].last))
			continue;
		if (!table[i].words ||
		    (words && ascii_find_nocase(words, table[i].words)))
			return table[i].advice;
	}
	return NULL;
}

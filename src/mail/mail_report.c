/* SPDX-License-Identifier: ISC */
#include "mail/mail_report.h"

#include <string.h>

#include "base/ascii.h"
#include "base/limits.h"
#include "mail/report_reason.h"

enum {
	LOOKED_AT = 2000, /* bytes of the text, to tell what it is */
	SURE_AT = 600     /* the same where a person may have written and quoted */
};

/* ---- automatic letters that are no bounces ---- */

static const char *const challenge_words[] = { " click on the following link",
	" have your address added", " have your mail delivered", " verification",
	" confirm your message", " please confirm", " verify your message", " prove that",
	" prove you are", " not pre approved", " allowed list", " approved senders",
	" challenge", " antispam confirm", " spamarrest", " boxbe", NULL };

/* So sure that a field which says that a program wrote it need not be there. */
static const char *const sure_challenges[] = { " add yourself to my guest list",
	" allow incoming messages only from senders", " active spam killer",
	" choicemail authentication", NULL };

/* The same in a report, beside codes and policies that speak of verification too. */
static const char *const approval_words[] = { " not pre approved", " approved sender",
	" boxbe", " challenge response", " confirm that you", NULL };

static const char *const away_subjects[] = { " out of office", " out of the office",
	" outofoffice", " automatic reply", " auto reply", " autoreply", " auto response",
	" auto respon", " autorespon", " automatische antwort", " abwesenheit",
	" abwesend", " vacation", " holiday", " on leave", " away ", " absence",
	" reponse automatique", " absent", " respuesta automatica", " fuera de",
	" resposta automatica", " risposta automatica", " assente",
	" automatisch antwoord", " afwezig", " automatiskt svar", " autosvar",
	" automatic response", " auto ", " fuori sede", " fuori ufficio",
	" automatyczna odpowiedz", " poza biurem", " nieobecn", " automaticka odpoved",
	" mimo kancelar", " nepritomn", " automatikus valasz", " hazon kivul",
	" automatisk svar", " franvaro", " fravar", " automaattinen vastaus", " poissa",
	" otomatik yanit", " otomatik cevap", " ofis disinda", " raspuns automat",
	" automatski odgovor", " samodejni odgovor", " automatinis atsak",
	" automaatvastus", "автоматический ответ", "автоответ", "автоматична відповідь",
	"вне офиса", "αυτόματη απάντηση", "αυτοματη απαντηση", "自動応答", "自動返信",
	"不在のお知らせ", "不在通知", "不在のため", "自动回复", "自動回覆", "自动答复",
	"不在办公室", "자동 회신", "자동회신", "자동 응답", "자동응답", "부재중",
	"부재 중", "رد تلقائي", "מענה אוטומטי", "תשובה אוטומטית", NULL };

static bool
has_field(const struct message_parts *m, const char *name)
{
	return header_get(&m->header, name) != NULL;
}

/* "planet+hold@": a word behind the plus, and no token; no letter of ours comes from there. */
static bool
has_command_tag(const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *plus = strchr(list[i], '+');
		const size_t len = plus ? strcspn(plus + 1, "@-") : 0;

		if (len > 0 && plus[1 + len] == '@')
			return true;
	}
	return false;
}

/* A program answers letters; to such an address a person writes, on holiday or not. */
static bool
is_to_command(const struct incoming *about)
{
	return has_command_tag(about->envelope_to, about->envelope_to_count) ||
	    has_command_tag(about->to, about->to_count);
}

bool
report_is_away(struct arena *a, const struct message_parts *m,
    const struct incoming *about)
{
	const char *subject = reason_words(a, about->subject, LIMIT_INCOMING_WORDS);

	return about->is_auto ||
	    (reason_has(subject, away_subjects) && !is_to_command(about)) ||
	    has_field(m, "X-Autoreply") || has_field(m, "X-Autorespond") ||
	    has_field(m, "X-Mail-Autoreply");
}

static bool
is_sure_challenge(struct arena *a, const struct incoming *about, const char *text)
{
	return reason_has(reason_words(a, about->subject, LIMIT_INCOMING_WORDS),
		   sure_challenges) ||
	    reason_has(reason_words(a, text, SURE_AT), sure_challenges);
}

static bool
is_challenge(struct arena *a, const struct message_parts *m, const struct incoming *about,
    const char *text)
{
	return has_field(m, "X-Boxbe-Notice") ||
	    reason_has(reason_words(a, about->subject, LIMIT_INCOMING_WORDS),
		challenge_words) ||
	    reason_has(reason_words(a, text, LOOKED_AT), challenge_words);
}

/* ---- all together ---- */

/* A server that asks the sender something has not refused the letter for good. */
static bool
asks_sender(struct arena *a, const struct report *r)
{
	for (size_t i = 0; i < r->count; i++) {
		if (reason_has(reason_words(a, r->recipients[i].diagnostic,
				   LIMIT_INCOMING_WORDS),
			approval_words))
			return true;
	}
	return false;
}

/*
 * Our letters have one recipient.  A report about several is of an address that leads to several
 * mailboxes: while one of them may still take mail, nothing is lost for good.
 */
static void
spare_the_shared(const struct report *r)
{
	bool may_come = false;

	for (size_t i = 0; i < r->count; i++)
		may_come = may_come || r->recipients[i].class == BOUNCE_SOFT ||
		    r->recipients[i].class == BOUNCE_DELAY;
	for (size_t i = 0; may_come && i < r->count; i++) {
		if (r->recipients[i].class == BOUNCE_HARD)
			r->recipients[i].class = BOUNCE_SOFT;
	}
}

static void
settle(struct incoming *out, const struct report *r)
{
	bool failed = false;
	bool delayed = false;

	spare_the_shared(r);
	for (size_t i = 0; i < r->count; i++) {
		const enum bounce_class class = r->recipients[i].class;

		failed = failed || class == BOUNCE_HARD || class == BOUNCE_SOFT;
		delayed = delayed || class == BOUNCE_DELAY;
	}
	out->recipients = r->recipients;
	out->recipient_count = r->count;
	if (failed)
		out->kind = INCOMING_BOUNCE;
	else
		out->why = delayed ? WHY_DELAYED : WHY_DELIVERED;
}

static bool
is_other_report(const struct message_parts *m)
{
	static const char *const types[] = { "tlsrpt", "feedback-report",
		"disposition-notification" };
	const char *value = header_text(&m->header, "Content-Type");

	if (!ascii_starts_nocase(value, "multipart/report"))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (ascii_find_nocase(value, types[i]))
			return true;
	}
	return false;
}

/* DMARC's daily one: RFC 7489 7.2.1.1 gives its subject, and it has no type of its own. */
static bool
is_aggregate_report(struct arena *a, const struct incoming *about)
{
	const char *subject = reason_words(a, about->subject, LIMIT_INCOMING_WORDS);

	return strstr(subject, " report domain ") && strstr(subject, " submitter ") &&
	    strstr(subject, " report id ");
}

/* An answer to an invitation, or one (RFC 6047): it is for a calendar. */
static bool
holds_calendar(const struct message_parts *m)
{
	if (ascii_starts_nocase(header_text(&m->header, "Content-Type"), "text/calendar"))
		return true;
	for (size_t i = 0; i < m->count; i++) {
		if (strcmp(m->parts[i].type, "text/calendar") == 0)
			return true;
	}
	return false;
}

static enum incoming_why
why_nothing(struct arena *a, const struct message_parts *m, const struct incoming *about,
    const char *text)
{
	if (m->header.count == 0)
		return WHY_EMPTY;
	if (is_other_report(m))
		return ascii_find_nocase(header_text(&m->header, "Content-Type"),
			   "disposition-notification")
		    ? WHY_AUTO_REPLY
		    : WHY_OTHER_REPORT;
	if (about->is_list)
		return WHY_BULK;
	if (is_aggregate_report(a, about))
		return WHY_OTHER_REPORT;
	if (((about->is_auto || about->has_null_sender) &&
		is_challenge(a, m, about, text)) ||
	    is_sure_challenge(a, about, text))
		return WHY_CHALLENGE;
	if (report_is_away(a, m, about) || holds_calendar(m))
		return WHY_AUTO_REPLY;
	if (about->has_null_sender || about->from_robot)
		return WHY_NOT_UNDERSTOOD;
	return about->is_bulk ? WHY_BULK : WHY_NONE;
}

void
report_read(struct arena *a, const struct message_parts *m, struct incoming *out)
{
	struct report r = { NULL, 0 };
	const char *original = NULL;
	const char *text = report_text(a, m, &original);
	bool is_report = false;

	out->kind = INCOMING_NOTHING;
	if (report_feedback_read(a, m, &r, &is_report)) {
		out->kind = INCOMING_COMPLAINT;
		out->recipients = r.recipients;
		out->recipient_count = r.count;
		return;
	}
	if (is_report) {
		out->why = WHY_OTHER_REPORT;
		return;
	}
	if (!is_other_report(m) && !has_field(m, "X-Boxbe-Notice") &&
	    !(is_challenge(a, m, out, "") && out->is_auto) &&
	    (report_status_read(a, m, &r) || report_text_read(a, m, out, &r))) {
		if (!asks_sender(a, &r)) {
			settle(out, &r);
			return;
		}
		out->why = WHY_CHALLENGE;
		return;
	}
	out->why = why_nothing(a, m, out, text);
	if (out->why == WHY_NONE)
		out->kind = INCOMING_COMMAND;
}

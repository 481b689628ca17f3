/* SPDX-License-Identifier: ISC */
#include "mail/mail_report.h"

#include <string.h>

#include "base/ascii.h"
#include "base/limits.h"
#include "mail/report_reason.h"

enum { LOOKED_AT = 2000 }; /* bytes of the text, to tell what it is */

/* ---- automatic letters that are no bounces ---- */

static const char *const challenge_words[] = { " click on the following link",
	" have your address added", " have your mail delivered", " verification",
	" confirm your message", " please confirm", " verify your message", " prove that",
	" prove you are", " not pre approved", " allowed list", " approved senders",
	" challenge", " antispam confirm", " spamarrest", " boxbe", NULL };

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
	" automaatvastus",
	"\xd0\xb0\xd0\xb2\xd1\x82\xd0\xbe\xd0\xbc\xd0\xb0\xd1\x82\xd0\xb8\xd1\x87\xd0\xb5\xd1\x81\xd0\xba\xd0\xb8\xd0\xb9 \xd0\xbe\xd1\x82\xd0\xb2\xd0\xb5\xd1\x82",
	"\xd0\xb0\xd0\xb2\xd1\x82\xd0\xbe\xd0\xbe\xd1\x82\xd0\xb2\xd0\xb5\xd1\x82",
	"\xd0\xb0\xd0\xb2\xd1\x82\xd0\xbe\xd0\xbc\xd0\xb0\xd1\x82\xd0\xb8\xd1\x87\xd0\xbd\xd0\xb0 \xd0\xb2\xd1\x96\xd0\xb4\xd0\xbf\xd0\xbe\xd0\xb2\xd1\x96\xd0\xb4\xd1\x8c",
	"\xd0\xb2\xd0\xbd\xd0\xb5 \xd0\xbe\xd1\x84\xd0\xb8\xd1\x81\xd0\xb0",
	"\xce\xb1\xcf\x85\xcf\x84\xcf\x8c\xce\xbc\xce\xb1\xcf\x84\xce\xb7 \xce\xb1\xcf\x80\xce\xac\xce\xbd\xcf\x84\xce\xb7\xcf\x83\xce\xb7",
	"\xce\xb1\xcf\x85\xcf\x84\xce\xbf\xce\xbc\xce\xb1\xcf\x84\xce\xb7 \xce\xb1\xcf\x80\xce\xb1\xce\xbd\xcf\x84\xce\xb7\xcf\x83\xce\xb7",
	"\xe8\x87\xaa\xe5\x8b\x95\xe5\xbf\x9c\xe7\xad\x94",
	"\xe8\x87\xaa\xe5\x8b\x95\xe8\xbf\x94\xe4\xbf\xa1",
	"\xe4\xb8\x8d\xe5\x9c\xa8\xe3\x81\xae\xe3\x81\x8a\xe7\x9f\xa5\xe3\x82\x89\xe3\x81\x9b",
	"\xe4\xb8\x8d\xe5\x9c\xa8\xe9\x80\x9a\xe7\x9f\xa5",
	"\xe4\xb8\x8d\xe5\x9c\xa8\xe3\x81\xae\xe3\x81\x9f\xe3\x82\x81",
	"\xe8\x87\xaa\xe5\x8a\xa8\xe5\x9b\x9e\xe5\xa4\x8d",
	"\xe8\x87\xaa\xe5\x8b\x95\xe5\x9b\x9e\xe8\xa6\x86",
	"\xe8\x87\xaa\xe5\x8a\xa8\xe7\xad\x94\xe5\xa4\x8d",
	"\xe4\xb8\x8d\xe5\x9c\xa8\xe5\x8a\x9e\xe5\x85\xac\xe5\xae\xa4",
	"\xec\x9e\x90\xeb\x8f\x99 \xed\x9a\x8c\xec\x8b\xa0",
	"\xec\x9e\x90\xeb\x8f\x99\xed\x9a\x8c\xec\x8b\xa0",
	"\xec\x9e\x90\xeb\x8f\x99 \xec\x9d\x91\xeb\x8b\xb5",
	"\xec\x9e\x90\xeb\x8f\x99\xec\x9d\x91\xeb\x8b\xb5",
	"\xeb\xb6\x80\xec\x9e\xac\xec\xa4\x91", "\xeb\xb6\x80\xec\x9e\xac \xec\xa4\x91",
	"\xd8\xb1\xd8\xaf \xd8\xaa\xd9\x84\xd9\x82\xd8\xa7\xd8\xa6\xd9\x8a",
	"\xd7\x9e\xd7\xa2\xd7\xa0\xd7\x94 \xd7\x90\xd7\x95\xd7\x98\xd7\x95\xd7\x9e\xd7\x98\xd7\x99",
	"\xd7\xaa\xd7\xa9\xd7\x95\xd7\x91\xd7\x94 \xd7\x90\xd7\x95\xd7\x98\xd7\x95\xd7\x9e\xd7\x98\xd7\x99\xd7\xaa",
	NULL };

static bool
has_field(const struct message_parts *m, const char *name)
{
	return header_get(&m->header, name) != NULL;
}

bool
report_is_away(struct arena *a, const struct message_parts *m,
    const struct incoming *about)
{
	const char *subject = reason_words(a, about->subject, LIMIT_INCOMING_WORDS);

	return about->is_auto || reason_has(subject, away_subjects) ||
	    has_field(m, "X-Autoreply") || has_field(m, "X-Autorespond") ||
	    has_field(m, "X-Mail-Autoreply");
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
	if ((about->is_auto || about->has_null_sender) && is_challenge(a, m, about, text))
		return WHY_CHALLENGE;
	if (report_is_away(a, m, about))
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

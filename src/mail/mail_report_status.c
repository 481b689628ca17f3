/* SPDX-License-Identifier: ISC */
/* Delivery status notifications (RFC 3464, RFC 6533). */
#include <string.h>

#include "base/ascii.h"
#include "base/limits.h"
#include "base/text.h"
#include "mail/mail_report.h"
#include "mail/report_reason.h"

enum { LOOKED_AT = 2000 }; /* bytes of the text for people */

static const char *const actions[] = { "failed", "delayed", "delivered", "relayed",
	"expanded" };

/* The first word of RFC 3464 in the field; what begins like one is it ("failure"). */
static const char *
action_of(const char *value, const char *status)
{
	for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
		if (ascii_starts_nocase(value, actions[i]))
			return actions[i];
	}
	if (ascii_starts_nocase(value, "fail"))
		return "failed";
	if (ascii_starts_nocase(value, "delay"))
		return "delayed";
	return status[0] == '2' ? "delivered" : "failed";
}

/* "rfc822; <ann@example.net>" without its type, brackets and comment. */
static const char *
address_of(struct arena *a, const char *value)
{
	const char *semicolon = strchr(value, ';');
	const char *at = semicolon ? semicolon + 1 : value;
	const char *at_sign = NULL;
	size_t len = 0;

	at += strspn(at, " \t<\"'");
	len = strcspn(at, " \t>\"',;(");
	at_sign = memchr(at, '@', len);
	return at_sign && at_sign > at && at_sign + 1 < at + len
	    ? arena_strndup(a, at, len)
	    : NULL;
}

/* A status that says no more than its first digit gives way to one in the server's words. */
static const char *
best_status(struct arena *a, const char *field, const char *diagnostic)
{
	const char *status = reason_status(a, field);
	const char *said = reason_status(a, diagnostic);

	if (said[0] == '\0' || said[0] == '2')
		return status;
	if (status[0] == '\0' || strcmp(status + 1, ".0.0") == 0)
		return said;
	return status;
}

static enum bounce_class
class_of(struct arena *a, const struct incoming_recipient *x, const char *text)
{
	const char *words = NULL;
	bool is_told = false;
	enum bounce_class class = BOUNCE_SOFT;

	if (strcmp(x->action, "delayed") == 0)
		return BOUNCE_DELAY;
	if (strcmp(x->action, "failed") != 0)
		return BOUNCE_NONE;
	class = reason_class(x->status, x->code,
	    reason_words(a, x->diagnostic, LIMIT_INCOMING_WORDS * 4), &is_told);
	/* A report that says two things is not believed when it says the worse one. */
	words = reason_words(a, text, LOOKED_AT);
	if (class == BOUNCE_HARD && (reason_is_full(words) || reason_is_of_sender(words)))
		return BOUNCE_SOFT;
	/* Old servers say why in the part for people alone. */
	if (!is_told || (class == BOUNCE_SOFT && x->diagnostic[0] == '\0'))
		class = reason_class(x->status, x->code, words, &is_told);
	return class;
}

/* True for mailbox7.example.net, where mail to example.net ends. */
static bool
is_inside(const char *final, const char *original)
{
	const char *domain = strrchr(original, '@') + 1;
	const char *host = strrchr(final, '@') + 1;
	const size_t n = strlen(domain);
	const size_t len = strlen(host);

	return len > n && host[len - n - 1] == '.' &&
	    ascii_eq_nocase(host + len - n, domain);
}

static bool
read_block(struct arena *a, const struct header *h, const char *text, struct report *out)
{
	const char *final = address_of(a, header_text(h, "Final-Recipient"));
	const char *first = address_of(a, header_text(h, "Original-Recipient"));
	const char *shown = address_of(a, header_text(h, "X-Actual-Recipient"));
	const char *said = header_text(h, "Diagnostic-Code");
	const char *status = header_text(h, "Status");
	/* The name that the sender knows, where the other is one of the inside. */
	const bool takes_first = first && (!final || is_inside(final, first));
	struct incoming_recipient x = { .address = takes_first ? first : final };

	if (!x.address)
		x.address = shown;
	if (!x.address ||
	    (!header_get(h, "Action") && !header_get(h, "Status") && !*said))
		return false;
	x.address = text_visible_line(a, x.address);
	x.status = best_status(a, status, said);
	x.action = action_of(header_text(h, "Action"), x.status);
	x.code = reason_code(said);
	x.diagnostic = text_visible_line(a, said);
	x.class = class_of(a, &x, text);
	report_add(a, out, &x);
	return true;
}

static bool
may_hold_status(const struct message_part *p)
{
	return strcmp(p->type, "message/delivery-status") == 0 ||
	    strcmp(p->type, "message/global-delivery-status") == 0 ||
	    ascii_find_nocase(p->text, "\nFinal-Recipient:") ||
	    ascii_find_nocase(p->text, "\nOriginal-Recipient:") ||
	    ascii_starts_nocase(p->text, "Final-Recipient:");
}

bool
report_status_read(struct arena *a, const struct message_parts *m, struct report *out)
{
	const char *original = NULL;
	const char *text = report_text(a, m, &original);
	bool any = false;

	for (size_t i = 0; i < m->count; i++) {
		const char *at = m->parts[i].text;
		const char *end = at + strlen(at);
		const bool may = may_hold_status(&m->parts[i]);

		while (may && at < end) {
			struct header h;

			header_read(a, at, (size_t)(end - at), &h);
			at += h.body;
			any = read_block(a, &h, text, out) || any;
		}
	}
	return any;
}

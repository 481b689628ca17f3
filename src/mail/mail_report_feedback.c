/* SPDX-License-Identifier: ISC */
/* Complaints: RFC 5965, and what providers sent before it. */
#include <string.h>

#include "base/ascii.h"
#include "base/text.h"
#include "mail/mail_report.h"
#include "mail/report_reason.h"

/* Feedback-Type (RFC 5965 7.3, RFC 6430) of what a reader did. */
static const char *const complaints[] = { "abuse", "opt-out", "opt-out-list", "fraud",
	"virus", "miscategorized", "other" };

static const char *const recipient_fields[] = { "Original-Rcpt-To", "Removal-Recipient",
	"Original-Recipient", "X-HmXmrOriginalRecipient", "X-Original-Recipient" };

static bool
add_complaint(struct arena *a, const char *value, struct report *out)
{
	const char *at = value + strspn(value, " \t<");
	const size_t len = strcspn(at, " \t>,;");
	struct incoming_recipient x = { .class = BOUNCE_NONE,
		.status = "",
		.action = "" };

	if (len == 0 || !memchr(at, '@', len))
		return false;
	x.address = text_visible_line(a, arena_strndup(a, at, len));
	x.diagnostic = "";
	report_add(a, out, &x);
	return true;
}

static bool
add_fields(struct arena *a, const struct header *h, struct report *out)
{
	bool any = false;

	for (size_t f = 0; f < ARRAY_LEN(recipient_fields); f++) {
		for (size_t i = header_find(h, recipient_fields[f], 0); i < h->count;
		     i = header_find(h, recipient_fields[f], i + 1))
			any = add_complaint(a, h->fields[i].value, out) || any;
	}
	return any;
}

static void
add_unnamed(struct arena *a, struct report *out)
{
	const struct incoming_recipient x = { .address = "",
		.status = "",
		.action = "",
		.diagnostic = "" };

	report_add(a, out, &x);
}

/* Whoever complains is hidden by some providers; then the letter they complain about tells. */
static void
find_recipients(struct arena *a, const struct header *report,
    const struct message_parts *m, struct report *out)
{
	if (add_fields(a, report, out) || add_fields(a, &m->original, out) ||
	    add_fields(a, &m->header, out) ||
	    add_complaint(a, header_text(&m->original, "To"), out))
		return;
	add_unnamed(a, out);
}

static bool
is_complaint(const char *type)
{
	for (size_t i = 0; i < ARRAY_LEN(complaints); i++) {
		if (ascii_eq_nocase(type, complaints[i]))
			return true;
	}
	return false;
}

/* Outlook's Junk Mail Reporting Program and its like: a letter in a letter, and a subject. */
static bool
is_old_complaint(struct arena *a, const struct message_parts *m)
{
	static const char *const subjects[] = { " complaint about message from",
		" email feedback report", " abuse report", " spam complaint",
		" junk email report", NULL };
	const char *subject = reason_words(a, header_text(&m->header, "Subject"), 200);

	return header_get(&m->original, "X-HmXmrOriginalRecipient") ||
	    header_get(&m->header, "X-HmXmrOriginalRecipient") ||
	    (m->original.count > 0 && reason_has(subject, subjects));
}

bool
report_feedback_read(struct arena *a, const struct message_parts *m, struct report *out,
    bool *is_report)
{
	const struct header none = { NULL, 0, 0 };

	for (size_t i = 0; i < m->count; i++) {
		struct header h;

		if (strcmp(m->parts[i].type, "message/feedback-report") != 0)
			continue;
		*is_report = true;
		header_read(a, m->parts[i].text, strlen(m->parts[i].text), &h);
		if (!is_complaint(header_text(&h, "Feedback-Type")))
			return false;
		find_recipients(a, &h, m, out);
		return true;
	}
	if (!is_old_complaint(a, m))
		return false;
	*is_report = true;
	find_recipients(a, &none, m, out);
	return true;
}

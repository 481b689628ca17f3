/* SPDX-License-Identifier: ISC */
/* The words of a server up to where the letter that came back begins; the list of recipients. */
#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/limits.h"
#include "mail/mail_report.h"
#include "mail/report_reason.h"

enum { TEXT_MAX = 16 * 1024, LINE_MAX_LOOKED = 200 };

static const char *const announcements[] = { " original message", " copy of the message",
	" copy of your message", " copy of the original", " copy of the first",
	" copy of the mail", " message header", " returned mail", " returned message",
	" message follows", " mail follows", " unsent message", " undelivered message",
	" undeliverable message", " header of the message", " headers of the message",
	" headers of your message", " header of your message", " headers follow",
	" message text follows", " message reads", " reads in part", " message body",
	" original mail", " first part of the message", " is a copy",
	" start of returned", " below this line", " message headers",
	" your message is enclosed", " summary of the undelivered", NULL };

/* Fields that stand in the header of a letter and in no report's text. */
static const char *const sure_fields[] = { "Return-Path:", "Received: ",
	"DKIM-Signature:", "Message-ID:", "MIME-Version:", "X-Mailer:", ">Return-Path:",
	">Received: ", "DomainKey-Signature:", "Delivered-To:" };

static bool
begins_header(const char *line)
{
	for (size_t i = 0; i < ARRAY_LEN(sure_fields); i++) {
		if (ascii_starts_nocase(line, sure_fields[i]))
			return true;
	}
	return false;
}

/* A line of marks around words that announce it, or words that end in a colon. */
static bool
announces(struct arena *a, const char *line, size_t len)
{
	const char *copy = NULL;
	const char *words = NULL;

	if (len > LINE_MAX_LOOKED || len < 6)
		return false;
	copy = arena_strndup(a, line, len);
	if (!strstr(copy, "--") && !strstr(copy, "==") && !strstr(copy, "**") &&
	    copy[len - 1] != ':')
		return false;
	words = reason_words(a, copy, LINE_MAX_LOOKED);
	return reason_has(words, announcements);
}

/* The length of a text before the letter in it. */
static size_t
own_length(struct arena *a, const char *text, const char **original)
{
	const char *at = text;
	size_t lines = 0;

	while (*at != '\0' && at - text < TEXT_MAX) {
		const size_t len = strcspn(at, "\n");

		if (begins_header(at)) {
			*original = at;
			break;
		}
		if (lines > 0 && announces(a, at, len)) {
			*original = at + len + (at[len] == '\n');
			break;
		}
		lines += len > 0;
		at += len + (at[len] == '\n');
	}
	return (size_t)(at - text);
}

static bool
is_text(const struct message_part *p, const char *type)
{
	return strcmp(p->type, type) == 0;
}

const char *
report_text(struct arena *a, const struct message_parts *m, const char **original)
{
	static const char *const types[] = { "text/plain", "text/html" };
	struct buf b = BUF_INIT(2 * TEXT_MAX);

	*original = NULL;
	for (size_t t = 0; t < ARRAY_LEN(types) && b.len == 0; t++) {
		for (size_t i = 0; i < m->count && !*original; i++) {
			if (!is_text(&m->parts[i], types[t]) || b.len > TEXT_MAX)
				continue;
			buf_add(&b, m->parts[i].text,
			    own_length(a, m->parts[i].text, original));
			buf_addc(&b, '\n');
		}
	}
	return arena_take(a, &b);
}

void
report_add(struct arena *a, struct report *r, const struct incoming_recipient *x)
{
	for (size_t i = 0; i < r->count; i++) {
		if (ascii_eq_nocase(r->recipients[i].address, x->address))
			return;
	}
	if (r->count == LIMIT_INCOMING_RECIPIENTS)
		return;
	r->recipients =
	    arena_grow_list(a, r->recipients, r->count, sizeof(*r->recipients));
	r->recipients[r->count++] = *x;
}

/* SPDX-License-Identifier: ISC */
#include "mail/incoming.h"

#include <string.h>

#include "base/ascii.h"
#include "base/limits.h"
#include "base/text.h"
#include "mail/attribution.h"
#include "mail/incoming_tokens.h"
#include "mail/message_parts.h"
#include "mail/mail_report.h"
#include "mail/report_address.h"
#include "mail/report_reason.h"

static const char *const why_words[] = {
	[WHY_NONE] = "",
	[WHY_EMPTY] = "no message",
	[WHY_NOT_UNDERSTOOD] = "not understood",
	[WHY_AUTO_REPLY] = "an automatic answer",
	[WHY_CHALLENGE] = "a question whether the sender is human",
	[WHY_BULK] = "mail to a list",
	[WHY_DELAYED] = "a letter that is still tried",
	[WHY_DELIVERED] = "a report of success",
	[WHY_OTHER_REPORT] = "a report about something else",
};

const char *
incoming_why_words(enum incoming_why why)
{
	return why_words[why];
}

bool
incoming_forbids_answer(const struct incoming *m)
{
	return m->kind != INCOMING_COMMAND || m->has_null_sender || m->is_auto ||
	    m->is_list || m->is_bulk || m->from_robot || m->is_marked_spam ||
	    m->from[0] == '\0' || m->received_count > LIMIT_INCOMING_HOPS;
}

/* ---- addresses ---- */

/* One line of clean text, cut to what is kept. */
static const char *
kept(struct arena *a, const char *text)
{
	char *line = text_visible_line(a, text);
	size_t len = strnlen(line, LIMIT_INCOMING_WORDS);

	/* Not within a character. */
	while (line[len] != '\0' && len > 0 && ((unsigned char)line[len] & 0xC0) == 0x80)
		len--;
	line[len] = '\0';
	return line;
}

static const char *
without_brackets(struct arena *a, const char *value)
{
	const char *open = strchr(value, '<');
	const char *start = open ? open + 1 : value;
	const size_t len = strcspn(start, "> \t");

	return kept(a, arena_strndup(a, start, len));
}

/* The first address of a field of addresses, its domain in small letters; "" when none. */
static const char *
first_address(struct arena *a, const char *value)
{
	const char *open = strrchr(value, '<');
	const char *at = open ? open : value;
	struct report_address x;
	char *text = NULL;

	if (!report_address_next(a, at, &at, &x))
		return "";
	text = arena_strdup(a, x.text);
	for (char *p = strrchr(text, '@'); *p; p++)
		*p = (char)ascii_lower((unsigned char)*p);
	return text;
}

static size_t
add_addresses(struct arena *a, const struct header *h, const char *name,
    const char **list, size_t count)
{
	for (size_t i = header_find(h, name, 0); i < h->count;
	     i = header_find(h, name, i + 1)) {
		const char *at = h->fields[i].value;
		struct report_address x;

		while (count < LIMIT_INCOMING_ADDRESSES &&
		    report_address_next(a, h->fields[i].value, &at, &x))
			list[count++] = x.text;
	}
	return count;
}

static void
read_addresses(struct arena *a, const struct header *h, struct incoming *out)
{
	static const char *const envelope[] = { "X-Original-To", "Delivered-To",
		"Envelope-To", "X-Envelope-To" };
	static const char *const visible[] = { "To", "Cc" };
	const char **first = arena_array(a, LIMIT_INCOMING_ADDRESSES, sizeof(*first));
	const char **second = arena_array(a, LIMIT_INCOMING_ADDRESSES, sizeof(*second));

	for (size_t i = 0; i < ARRAY_LEN(envelope); i++)
		out->envelope_to_count =
		    add_addresses(a, h, envelope[i], first, out->envelope_to_count);
	for (size_t i = 0; i < ARRAY_LEN(visible); i++)
		out->to_count = add_addresses(a, h, visible[i], second, out->to_count);
	out->envelope_to = first;
	out->to = second;
	out->from = first_address(a, header_text(h, "From"));
	out->reply_to = first_address(a, header_text(h, "Reply-To"));
	out->return_path = first_address(a, header_text(h, "Return-Path"));
}

/* ---- what RFC 3834 asks for ---- */

static const char *const robots[] = { "mailer-daemon", "postmaster", "mail-daemon",
	"maildaemon", "mdaemon", "mailerdaemon", "mailer", "mail.delivery.system",
	"post_master", "noreply", "no-reply", "no_reply", "donotreply", "do-not-reply",
	"bounce", "bounces", "majordomo", "listserv", "mailman", "daemon", "root",
	"abuse-report", "imss", "mmdf", "uucp", "nobody" };

static const char *const robot_names[] = { " mail delivery", " mailer daemon",
	" system administrator", " mail administrator", " delivery subsystem",
	" mail system", " postmaster", " mailserver", " mail server", " mail service",
	" antivirus for smtp", " mail delivery service", NULL };

static bool
is_robot(struct arena *a, const char *from, const char *whole)
{
	const char *at = strrchr(from, '@');
	const size_t len = at ? (size_t)(at - from) : 0;

	for (size_t i = 0; i < ARRAY_LEN(robots); i++) {
		const size_t n = strlen(robots[i]);

		if (ascii_starts_nocase(from, robots[i]) &&
		    (len == n || (len > n && (from[n] == '+' || from[n] == '-'))))
			return true;
	}
	if (ascii_starts_nocase(from, "owner-") ||
	    (len > 8 && ascii_starts_nocase(at - 8, "-request")))
		return true;
	whole = reason_words(a, header_decoded(a, whole), LIMIT_INCOMING_WORDS);
	return reason_has(whole, robot_names) || strstr(whole, " mailer daemon ") ||
	    strstr(whole, " postmaster ");
}

static bool
is_automatic(const struct header *h)
{
	static const char *const fields[] = { "X-Autoreply", "X-Autorespond",
		"X-Auto-Response-Suppress", "X-Mail-Autoreply", "X-Autogenerated",
		"X-Auto-Reply", "X-Autoreply-From", "X-Vacation", "X-Loop-Detect" };
	const char *value = header_get(h, "Auto-Submitted");

	if (value && !ascii_eq_nocase(value, "no"))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		value = header_get(h, fields[i]);
		if (value && !ascii_eq_nocase(value, "no"))
			return true;
	}
	return ascii_eq_nocase(header_text(h, "Precedence"), "auto_reply");
}

static bool
has_any(const struct header *h, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (header_get(h, names[i]))
			return true;
	}
	return false;
}

static size_t
count_fields(const struct header *h, const char *name)
{
	size_t n = 0;

	for (size_t i = header_find(h, name, 0); i < h->count;
	     i = header_find(h, name, i + 1))
		n++;
	return n;
}

static void
read_facts(struct arena *a, const struct header *h, struct incoming *out)
{
	static const char *const lists[] = { "List-Id", "List-Unsubscribe", "List-Post",
		"Mailing-List", "List-Help" };
	const char *path = header_get(h, "Return-Path");
	const char *precedence = header_text(h, "Precedence");

	out->has_null_sender = path && (strcmp(path, "<>") == 0 || path[0] == '\0');
	out->is_auto = is_automatic(h);
	out->is_list = has_any(h, lists, ARRAY_LEN(lists));
	out->is_bulk = ascii_eq_nocase(precedence, "bulk") ||
	    ascii_eq_nocase(precedence, "junk") || ascii_eq_nocase(precedence, "list");
	out->from_robot = is_robot(a, out->from, header_text(h, "From"));
	out->is_marked_spam = ascii_starts_nocase(header_text(h, "X-Spam-Flag"), "yes");
	out->received_count = count_fields(h, "Received");
	out->message_id = without_brackets(a, header_text(h, "Message-ID"));
	out->list_id = without_brackets(a, header_text(h, "List-Id"));
	out->loop = kept(a, header_text(h, "X-Loop"));
	out->subject = kept(a, header_decoded(a, header_text(h, "Subject")));
}

/* ---- words ---- */

/* Behind the lines that PGP puts in front of a signed text (RFC 9580 7). */
static const char *
behind_pgp(const char *text)
{
	const char *end = NULL;

	text += strspn(text, " \t\n");
	if (!ascii_starts_nocase(text, "-----BEGIN PGP SIGNED MESSAGE-----"))
		return text;
	end = strstr(text, "\n\n");
	return end ? end : text;
}

/* The first line that is neither empty nor quoted nor says whom an answer is to. */
static const char *
first_words(struct arena *a, const char *text)
{
	text = behind_pgp(text);
	while (*text != '\0') {
		const size_t above = attribution_length(a, text);
		const size_t len = strcspn(text, "\n");
		const char *line = text;
		size_t n = len;

		if (above > 0) {
			text += above;
			continue;
		}
		ascii_trim(&line, &n);
		if (n > 0 && *line != '>' && line[n - 1] != ':')
			return kept(a, arena_strndup(a, line, n));
		text += len + (text[len] == '\n');
	}
	return "";
}

static void
read_original(struct arena *a, const struct message_parts *m, struct incoming *out)
{
	const struct header *h = &m->original;

	out->original = (struct incoming_original){
		.message_id = without_brackets(a, header_text(h, "Message-ID")),
		.list_id = without_brackets(a, header_text(h, "List-Id")),
		.to = first_address(a, header_text(h, "To")),
		.return_path = first_address(a, header_text(h, "Return-Path")),
	};
}

void
incoming_parse(struct arena *a, const char *bytes, size_t len, struct incoming *out)
{
	struct message_parts m;
	const char *original = NULL;
	const char *text = NULL;

	memset(out, 0, sizeof(*out));
	message_parts_read(a, bytes, len, &m);
	read_addresses(a, &m.header, out);
	read_facts(a, &m.header, out);
	text = report_text(a, &m, &original);
	/* A letter that came back may stand in the text. */
	if (m.original.count == 0 && original)
		header_read(a, original, strlen(original), &m.original);
	read_original(a, &m, out);
	report_read(a, &m, out);
	out->words = first_words(a, text);
	incoming_find_tokens(a, &m, text, out);
}

/* SPDX-License-Identifier: ISC */
#include "mail/received.h"

#include <string.h>

#include "base/attr.h"
#include "base/text.h"
#include "mail/header_fields.h"

/* ---- lines ---- */

/* The length of the line at p, without its end; *next is where the following one begins. */
static size_t
line_at(const char *p, const char *end, const char **next)
{
	const char *nl = memchr(p, '\n', (size_t)(end - p));
	size_t len = (size_t)((nl ? nl : end) - p);

	*next = nl ? nl + 1 : end;
	if (nl && len > 0 && p[len - 1] == '\r')
		len--;
	return len;
}

static bool
is_folded(const char *line, size_t len)
{
	return len > 0 && (*line == ' ' || *line == '\t');
}

/* ---- what is written on the way ---- */

/* RFC 5321 4.4, 5322 3.6.7, 6376, 8601, 8617, 9228, and what mailbox files and programs add. */
static const char *const added_fields[] = { "Return-Path", "Received", "Received-SPF",
	"Delivered-To", "Envelope-To", "Original-Recipient", "Delivery-Date",
	"DKIM-Signature", "DomainKey-Signature", "Authentication-Results", "ARC-Seal",
	"ARC-Message-Signature", "ARC-Authentication-Results", "Resent-From", "Resent-To",
	"Resent-Date", "Resent-Message-ID", "Status", "Content-Length", "Lines" };

static bool
is_added(const char *line, size_t len)
{
	const size_t n = header_name_length(line, len);
	char name[64];

	if (n == 0 || n >= sizeof(name))
		return false;
	memcpy(name, line, n);
	name[n] = '\0';
	/* One field with such a name is ours. */
	if (ascii_starts_nocase(name, "X-"))
		return !ascii_eq_nocase(name, "X-Auto-Response-Suppress");
	for (size_t i = 0; i < ARRAY_LEN(added_fields); i++) {
		if (ascii_eq_nocase(name, added_fields[i]))
			return true;
	}
	return false;
}

/* One ">" less before any number of them and "From ". */
static const char *
unquote(const char *line, size_t *len)
{
	size_t n = 0;

	while (n < *len && line[n] == '>')
		n++;
	if (n == 0 || !ascii_starts(line + n, *len - n, "From "))
		return line;
	(*len)--;
	return line + 1;
}

void
received_restore(struct buf *out, const char *text, size_t len)
{
	const char *end = text + len;
	const char *next = text;
	const bool is_mbox = ascii_starts(text, len, "From ");
	bool in_header = true;
	bool drops = false;

	if (is_mbox)
		(void)line_at(text, end, &next);
	while (next < end) {
		const char *line = next;
		size_t n = line_at(line, end, &next);
		const bool is_ended = next > line && next[-1] == '\n';

		if (in_header && n == 0)
			in_header = false;
		if (in_header && !is_folded(line, n))
			drops = is_added(line, n);
		if (in_header && drops)
			continue;
		/* An entry of a mailbox file ends with an empty line. */
		if (is_mbox && !in_header && n == 0 && next == end)
			continue;
		if (is_mbox)
			line = unquote(line, &n);
		buf_add(out, line, n);
		if (is_ended)
			buf_adds(out, "\r\n");
	}
}

/* ---- looking into it ---- */

static const char *
unfold(struct arena *a, const char *value, const char *end)
{
	struct buf b = BUF_INIT((size_t)(end - value));
	const char *text = NULL;
	size_t len = 0;
	char *copy = NULL;

	for (; value < end; value++) {
		if (*value != '\r' && *value != '\n')
			buf_addc(&b, *value);
	}
	text = buf_text(&b);
	len = b.len;
	ascii_trim(&text, &len);
	if (text[0] == '<' && text[len - 1] == '>') {
		text++;
		len -= 2;
	}
	copy = arena_strndup(a, text, len);
	buf_clear(&b);
	return copy;
}

const char *
received_field(struct arena *a, const struct buf *letter, const char *name)
{
	const char *next = buf_text(letter);
	const char *end = next + letter->len;
	const size_t name_len = strlen(name);

	while (next < end) {
		const char *line = next;
		const size_t n = line_at(line, end, &next);
		const char *rest = next;

		if (n == 0)
			return NULL;
		if (header_name_length(line, n) != name_len ||
		    !ascii_starts_nocase(line, name))
			continue;
		while (rest < end && is_folded(rest, 1))
			(void)line_at(rest, end, &rest);
		return unfold(a, line + name_len + 1, rest);
	}
	return NULL;
}

/* ---- comparing ---- */

static const char *
show_line(struct arena *a, const char *line, size_t len)
{
	char *text = arena_strndup(a, line, len);

	for (char *p = text; *p; p++) {
		if ((unsigned char)*p < ' ' || (unsigned char)*p >= 0x7F)
			*p = '?';
	}
	return text;
}

bool
received_compare(struct arena *a, const struct buf *want, const struct buf *got,
    struct letter_difference *out)
{
	const char *w = buf_text(want);
	const char *w_end = w + want->len;
	const char *g = buf_text(got);
	const char *g_end = g + got->len;

	*out = (struct letter_difference){ .in_header = true };
	while (w < w_end || g < g_end) {
		const char *w_next = NULL;
		const char *g_next = NULL;
		const size_t w_len = line_at(w, w_end, &w_next);
		const size_t g_len = line_at(g, g_end, &g_next);
		const size_t name = header_name_length(w, w_len);

		out->line++;
		if (out->in_header && !is_folded(w, w_len))
			out->name = name > 0 ? arena_strndup(a, w, name) : NULL;
		if (w_next - w != g_next - g || memcmp(w, g, (size_t)(w_next - w)) != 0) {
			out->want = show_line(a, w, w_len);
			out->got = show_line(a, g, g_len);
			return true;
		}
		if (w_len == 0)
			out->in_header = false;
		w = w_next;
		g = g_next;
	}
	return false;
}

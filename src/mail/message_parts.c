/* SPDX-License-Identifier: ISC */
#include "mail/message_parts.h"

#include <string.h>

#include <libetpan/libetpan.h>

#include "base/ascii.h"
#include "base/limits.h"
#include "base/text.h"
#include "mail/body_text.h"

enum { BOUNDARY_MAX = 70 /* RFC 2046 5.1.1 */, HEADERS_MAX = 32 * 1024 };

/* ---- what libetpan cannot bear ---- */

/*
 * A boundary that is empty, too long, or holds a quote or a backslash makes libetpan read behind
 * the end of its value.  at: behind the word "boundary".
 */
static bool
is_sound_boundary(const char *at, const char *end)
{
	const char *stop = NULL;

	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	if (at == end || *at != '=')
		return true; /* another word */
	at++;
	while (at < end && ascii_is_space(*at))
		at++;
	if (at < end && *at == '"') {
		at++;
		stop = memchr(at, '"', (size_t)(end - at));
		return stop && stop > at && stop - at <= BOUNDARY_MAX &&
		    !memchr(at, '\\', (size_t)(stop - at)) &&
		    !memchr(at, '\n', (size_t)(stop - at));
	}
	stop = at;
	while (stop < end && !ascii_is_space(*stop) && *stop != ';' && *stop != '"' &&
	    *stop != '\\')
		stop++;
	return stop > at && stop - at <= BOUNDARY_MAX &&
	    (stop == end || (*stop != '"' && *stop != '\\'));
}

/* Its time grows with the square of the depth: who needs more than a few is no mail server. */
static bool
is_for_libetpan(const char *bytes, size_t len)
{
	const char *end = bytes + len;
	size_t boundaries = 0;
	size_t messages = 0;

	for (const char *at = bytes; at < end; at++) {
		if (*at == '\0')
			return false;
		if ((*at == 'b' || *at == 'B') && end - at > 8 &&
		    ascii_starts_nocase(at, "boundary")) {
			boundaries++;
			if (!is_sound_boundary(at + 8, end))
				return false;
		} else if ((*at == 'm' || *at == 'M') && end - at > 14 &&
		    ascii_starts_nocase(at, "message/rfc822")) {
			messages++;
		}
	}
	return boundaries <= LIMIT_INCOMING_BOUNDARIES &&
	    messages <= LIMIT_INCOMING_BOUNDARIES;
}

/* ---- texts ---- */

static const struct {
	const char *entity;
	char c;
} entities[] = {
	{ "&nbsp;", ' ' },
	{ "&lt;", '<' },
	{ "&gt;", '>' },
	{ "&amp;", '&' },
	{ "&quot;", '"' },
	{ "&#39;", '\'' },
	{ "&#64;", '@' },
};

static void
add_entity(struct buf *b, const char **at)
{
	for (size_t i = 0; i < ARRAY_LEN(entities); i++) {
		if (ascii_starts_nocase(*at, entities[i].entity)) {
			buf_addc(b, entities[i].c);
			*at += strlen(entities[i].entity);
			return;
		}
	}
	buf_addc(b, *(*at)++);
}

/*
 * Behind what begins at html and is shown to nobody: a comment, or an element with all that is
 * in it; NULL for anything else.  Without an end it goes on to the end of the text.
 */
static const char *
behind_unseen(const char *html)
{
	static const struct {
		const char *start, *end;
		size_t past; /* how much of its end is behind us as well */
	} unseen[] = { { "<!--", "-->", 3 }, { "<style", "</style", 0 },
		{ "<script", "</script", 0 }, { "<title", "</title", 0 } };

	for (size_t i = 0; i < ARRAY_LEN(unseen); i++) {
		const char *end = NULL;

		if (!ascii_starts_nocase(html, unseen[i].start))
			continue;
		end = ascii_find_nocase(html, unseen[i].end);
		return end ? end + unseen[i].past : html + strlen(html);
	}
	return NULL;
}

/* True for a tag at which no line ends. */
static bool
is_inside_line(const char *html)
{
	static const char *const inside[] = { "<a ", "<a>", "</a>", "<b>", "</b>", "<i>",
		"</i>", "<span", "</span", "<font", "</font", "<em>", "</em>", "<strong",
		"</strong" };

	for (size_t i = 0; i < ARRAY_LEN(inside); i++) {
		if (ascii_starts_nocase(html, inside[i]))
			return true;
	}
	return false;
}

/* The words of HTML for a machine: lines where elements of their own lines end and begin. */
static const char *
without_tags(struct arena *a, const char *html)
{
	bool has_close = true;
	struct buf b = BUF_INIT(strlen(html));

	while (*html != '\0') {
		const char *close = NULL;
		const char *behind = *html == '<' ? behind_unseen(html) : NULL;

		if (behind) {
			html = behind;
			continue;
		}
		if (*html == '&') {
			add_entity(&b, &html);
			continue;
		}
		if (*html == '<' && has_close)
			close = strchr(html, '>');
		has_close = has_close && (*html != '<' || close);
		if (!close) {
			buf_addc(&b, *html++);
			continue;
		}
		if (!is_inside_line(html))
			buf_addc(&b, '\n');
		html = close + 1;
	}
	return arena_take(a, &b);
}

/* The words of a part for a machine. */
static const char *
words_of(struct arena *a, const char *bytes, size_t len, enum body_encoding encoding,
    const char *charset, const char *type)
{
	const char *text =
	    body_text(a, bytes, len, encoding, charset, LIMIT_INCOMING_TEXT);

	return strcmp(type, "text/html") == 0 ? without_tags(a, text) : text;
}

/* ---- parts ---- */

struct walk {
	struct arena *a;
	struct message_part *parts;
	struct message_parts *out;
	bool has_text;
};

static void
add_part(struct walk *w, const char *type, const char *text)
{
	if (w->out->count == LIMIT_INCOMING_PARTS)
		return;
	w->parts = arena_grow_list(w->a, w->parts, w->out->count, sizeof(*w->parts));
	w->parts[w->out->count++] = (struct message_part){ type, text };
	w->out->parts = w->parts;
	if (!ascii_is_only_space(text, strlen(text)))
		w->has_text = true;
}

static void
take_original(struct walk *w, const char *bytes, size_t len)
{
	w->out->has_original = true;
	if (w->out->original.count == 0)
		header_read(w->a, bytes, len < HEADERS_MAX ? len : HEADERS_MAX,
		    &w->out->original);
}

static const char *
discrete_name(const struct mailmime_discrete_type *type)
{
	switch (type->dt_type) {
	case MAILMIME_DISCRETE_TYPE_TEXT:
		return "text";
	case MAILMIME_DISCRETE_TYPE_APPLICATION:
		return "application";
	default:
		return "media";
	}
}

static const char *
type_name(struct arena *a, const struct mailmime_content *content)
{
	const char *first = "text";

	if (!content || !content->ct_type || !content->ct_subtype)
		return "text/plain";
	if (content->ct_type->tp_type == MAILMIME_TYPE_COMPOSITE_TYPE)
		first = content->ct_type->tp_data.tp_composite_type->ct_type ==
			MAILMIME_COMPOSITE_TYPE_MULTIPART
		    ? "multipart"
		    : "message";
	else
		first = discrete_name(content->ct_type->tp_data.tp_discrete_type);
	return ascii_make_lower(arena_printf(a, "%s/%s", first, content->ct_subtype));
}

static enum body_encoding
encoding_of(const struct mailmime_single_fields *fields)
{
	if (!fields->fld_encoding)
		return BODY_AS_IT_IS;
	switch (fields->fld_encoding->enc_type) {
	case MAILMIME_MECHANISM_QUOTED_PRINTABLE:
		return BODY_QUOTED;
	case MAILMIME_MECHANISM_BASE64:
		return BODY_BASE64;
	default:
		return BODY_AS_IT_IS;
	}
}

/* Headers of a message, whichever way they are quoted (RFC 3462, RFC 6533). */
static bool
is_quoted_message(const char *type)
{
	return strcmp(type, "text/rfc822-headers") == 0 ||
	    strcmp(type, "text/rfc822-header") == 0 ||
	    strcmp(type, "message/rfc822") == 0 ||
	    strcmp(type, "message/rfc822-headers") == 0 ||
	    strcmp(type, "message/global") == 0 ||
	    strcmp(type, "message/global-headers") == 0;
}

static void
take_single(struct walk *w, struct mailmime *m)
{
	const struct mailmime_data *body = m->mm_data.mm_single;
	const char *type = type_name(w->a, m->mm_content_type);
	struct mailmime_single_fields fields;
	const char *text = "";

	if (!body || body->dt_type != MAILMIME_DATA_TEXT)
		return;
	if (is_quoted_message(type)) {
		take_original(w, body->dt_data.dt_text.dt_data,
		    body->dt_data.dt_text.dt_length);
		return;
	}
	mailmime_single_fields_init(&fields, m->mm_mime_fields, m->mm_content_type);
	if (strncmp(type, "text/", 5) == 0 || strncmp(type, "message/", 8) == 0)
		text = words_of(w->a, body->dt_data.dt_text.dt_data,
		    body->dt_data.dt_text.dt_length, encoding_of(&fields),
		    fields.fld_content_charset, type);
	add_part(w, type, text);
}

/* A report inside a report: a filter between the servers sends on what it got. */
static bool
is_passed_on(const struct walk *w, struct mailmime *inner)
{
	const char *from = header_text(&w->out->header, "From");

	return inner &&
	    strcmp(type_name(w->a, inner->mm_content_type), "multipart/report") == 0 &&
	    (ascii_find_nocase(from, "mailer-daemon") ||
		ascii_find_nocase(from, "postmaster"));
}

static void
walk_part(struct walk *w, struct mailmime *m, bool is_top)
{
	if (!m || w->out->count == LIMIT_INCOMING_PARTS)
		return;
	if (m->mm_type == MAILMIME_MESSAGE) {
		struct mailmime *inner = m->mm_data.mm_message.mm_msg_mime;

		if (is_top || is_passed_on(w, inner))
			walk_part(w, inner, false);
		else if (m->mm_body && m->mm_body->dt_type == MAILMIME_DATA_TEXT)
			take_original(w, m->mm_body->dt_data.dt_text.dt_data,
			    m->mm_body->dt_data.dt_text.dt_length);
		return;
	}
	if (m->mm_type != MAILMIME_MULTIPLE) {
		take_single(w, m);
		return;
	}
	for (clistiter *i = clist_begin(m->mm_data.mm_multipart.mm_mp_list); i;
	     i = clist_next(i))
		walk_part(w, clist_content(i), false);
}

static void
take_flat(struct walk *w, const char *bytes, size_t len)
{
	const struct header *h = &w->out->header;
	const char *type = header_text(h, "Content-Type");
	const char *encoding = header_text(h, "Content-Transfer-Encoding");
	const enum body_encoding how = body_encoding_of(encoding);

	w->out->is_flat = true;
	w->out->count = 0;
	w->parts = NULL;
	add_part(w, "text/plain",
	    words_of(w->a, bytes + h->body, len - h->body, how,
		header_parameter(w->a, type, "charset"),
		ascii_starts_nocase(type, "text/html") ? "text/html" : "text/plain"));
}

/* Behind the line that a mailbox file has in front of a message, some with a ">". */
static const char *
behind_from_line(const char *bytes, const char *end)
{
	const size_t len = (size_t)(end - bytes);
	const char *nl = NULL;

	if (!ascii_starts(bytes, len, "From ") && !ascii_starts(bytes, len, ">From "))
		return bytes;
	nl = memchr(bytes, '\n', len);
	return nl ? nl + 1 : end;
}

void
message_parts_read(struct arena *a, const char *bytes, size_t len,
    struct message_parts *out)
{
	const char *end = bytes + len;
	struct walk w = { .a = a, .out = out };
	struct mailmime *m = NULL;
	size_t at = 0;

	memset(out, 0, sizeof(*out));
	bytes = behind_from_line(ascii_skip_space(bytes, end), end);
	len = (size_t)(end - bytes);
	if (len > LIMIT_INCOMING_READ)
		len = LIMIT_INCOMING_READ;
	header_read(a, bytes, len, &out->header);
	if (is_for_libetpan(bytes, len) &&
	    mailmime_parse(bytes, len, &at, &m) == MAILIMF_NO_ERROR)
		walk_part(&w, m, true);
	if (!w.has_text)
		take_flat(&w, bytes, len);
	if (m)
		mailmime_free(m);
}

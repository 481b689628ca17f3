/* SPDX-License-Identifier: ISC */
#include "mail/letter_digest.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "format/mime_words.h"
#include "mail/letter_personal.h"
#include "model/digest_parts.h"

struct part {
	const char *fields[PART_FIELDS]; /* in the arena */
	const char *text;
	size_t len;
	bool is_post;
};

bool
letter_is_digest(const char *text, size_t len)
{
	return memchr(text, PART_MARK, len) != NULL;
}

/* Cuts the next part off; false at the end. */
static bool
next_part(struct arena *a, const char **at, const char *end, struct part *out)
{
	const char *mark = NULL;
	const char *field = NULL;

	if (*at > end)
		return false;
	memset(out, 0, sizeof(*out));
	mark = memchr(*at, PART_MARK, (size_t)(end - *at));
	out->text = *at;
	out->len = (size_t)((mark ? mark : end) - *at);
	*at = (mark ? mark : end) + 1;
	for (size_t i = 0; i < PART_FIELDS; i++) {
		size_t n = 0;

		field = memchr(out->text, FIELD_MARK, out->len);
		if (!field)
			break;
		n = (size_t)(field - out->text);
		out->fields[i] = arena_strndup(a, out->text, n);
		out->text += n + 1;
		out->len -= n + 1;
		out->is_post = i + 1 == PART_FIELDS;
	}
	while (out->len > 0 && (*out->text == '\n' || *out->text == '\r')) {
		out->text++;
		out->len--;
	}
	return true;
}

static void
add_post_fields(struct arena *a, struct buf *out, const struct mailbox *from,
    const struct part *p)
{
	const char *author = p->fields[PART_AUTHOR];
	/* A name before the newsletter's address, which is the one that may be written from. */
	const char *name = text_is_set(author) ? author : from->name;
	const char *checked = NULL;
	struct err ignored = ERR_INIT;

	buf_addf(out, "Date: %s\r\n", p->fields[PART_DATE]);
	letter_add_mailbox(out, "From",
	    &(const struct mailbox){ text_is_set(name) ? name : NULL, from->address });
	if (text_is_set(p->fields[PART_REPLY_TO]) &&
	    address_check(a, p->fields[PART_REPLY_TO], &checked, &ignored))
		buf_addf(out, "Reply-To: %s\r\n", checked);
	mime_header(out, "Subject", p->fields[PART_SUBJECT]);
	buf_adds(out, "MIME-Version: 1.0\r\n");
}

struct writing {
	struct arena *a;
	struct buf *out;
	const struct digest_frame *frame;
	bool in_posts;
};

/*
 * The boundaries: "=_" and "=." cannot stand in quoted-printable text (RFC 2045 6.7), and none
 * of the two begins with the other.
 */
static void
end_posts(struct writing *w)
{
	if (w->in_posts)
		buf_addf(w->out, "\r\n--=.%s--\r\n", w->frame->boundary);
	w->in_posts = false;
}

static bool
write_part(struct writing *w, const struct part *p, struct err *err)
{
	const char *word = w->frame->boundary;

	if (!p->is_post) {
		end_posts(w);
		buf_addf(w->out, "\r\n--=_%s\r\n", word);
		return w->frame->add_text(w->out, p->text, p->len, err);
	}
	if (!w->in_posts)
		buf_addf(w->out,
		    "\r\n--=_%s\r\nContent-Type: multipart/digest;\r\n"
		    " boundary=\"=.%s\"\r\n",
		    word, word);
	w->in_posts = true;
	buf_addf(w->out, "\r\n--=.%s\r\nContent-Type: message/rfc822\r\n\r\n", word);
	add_post_fields(w->a, w->out, w->frame->from, p);
	return w->frame->add_text(w->out, p->text, p->len, err);
}

bool
letter_write_digest(struct buf *out, const struct digest_frame *frame, const char *text,
    size_t len, struct err *err)
{
	struct writing w = { .a = arena_new(), .out = out, .frame = frame };
	const char *at = text;
	struct part p;
	bool ok = true;

	buf_addf(out, "Content-Type: multipart/mixed;\r\n boundary=\"=_%s\"\r\n",
	    frame->boundary);
	while (ok && next_part(w.a, &at, text + len, &p)) {
		if (p.is_post || p.len > 0)
			ok = write_part(&w, &p, err);
	}
	end_posts(&w);
	buf_addf(out, "\r\n--=_%s--\r\n", frame->boundary);
	arena_free(w.a);
	return ok;
}

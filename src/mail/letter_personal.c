/* SPDX-License-Identifier: ISC */
#include "mail/letter_personal.h"

#include <string.h>

#include "base/limits.h"
#include "format/html_escape.h"
#include "format/mime_encoding.h"
#include "format/mime_words.h"

enum {
	LINE_MAX_FIELD = 78, /* RFC 5322 2.1.1 */
	MESSAGE_ID_MAX = 250,
	LEAVE_MAX = 900 /* on one line, of 998 at most (RFC 5322 2.1.1) */
};

bool
letter_is_header_word(const char *word, bool allow_utf8)
{
	if (*word == '\0')
		return false;
	for (; *word != '\0'; word++) {
		unsigned char c = (unsigned char)*word;

		if (c <= 0x20 || c == 0x7F || c == '<' || c == '>')
			return false;
		if (c >= 0x80 && !allow_utf8)
			return false;
	}
	return true;
}

void
letter_add_header_word(struct buf *out, const char *field, const char *word)
{
	size_t len = strlen(word);

	buf_adds(out, field);
	buf_adds(out, strlen(field) + len + 4 > LINE_MAX_FIELD ? ":\r\n <" : ": <");
	buf_add(out, word, len);
	buf_adds(out, ">\r\n");
}

size_t
letter_column(const struct buf *out)
{
	size_t n = 0;

	while (n < out->len && out->data[out->len - 1 - n] != '\n')
		n++;
	return n;
}

void
letter_add_bracketed(struct buf *out, const char *name, const char *word)
{
	if (name) {
		mime_phrase(out, name, letter_column(out));
		buf_adds(out,
		    letter_column(out) + strlen(word) + 3 > LINE_MAX_FIELD ? "\r\n "
									   : " ");
	}
	buf_addf(out, "<%s>\r\n", word);
}

void
letter_add_mailbox(struct buf *out, const char *field, const struct mailbox *m)
{
	buf_addf(out, "%s: ", field);
	if (m->name)
		letter_add_bracketed(out, m->name, m->address);
	else
		buf_addf(out, "%s\r\n", m->address);
}

bool
letter_personal_check(const struct letter_personal *p, struct err *err)
{
	if (!letter_is_header_word(p->to, true) || !strchr(p->to, '@'))
		return err_set(err, ERR_INPUT, "not an address to write to");
	if (!letter_is_header_word(p->message_id, false) ||
	    strlen(p->message_id) > MESSAGE_ID_MAX)
		return err_set(err, ERR_INPUT, "not a message id");
	if (p->references &&
	    (!letter_is_header_word(p->references, false) ||
		strlen(p->references) > MESSAGE_ID_MAX))
		return err_set(err, ERR_INPUT, "not a message id to refer to");
	if (p->leave_url &&
	    (!letter_is_header_word(p->leave_url, false) ||
		strlen(p->leave_url) > LEAVE_MAX))
		return err_set(err, ERR_INPUT, "not an address of a page to leave");
	if (p->leave_mailto &&
	    (!letter_is_header_word(p->leave_mailto, false) ||
		strlen(p->leave_mailto) > LEAVE_MAX))
		return err_set(err, ERR_INPUT, "not a mailto: address to leave");
	return true;
}

/*
 * RFC 2369 3.2 and RFC 8058: the web address first, since it is the one that is one click.  It
 * stands on the field's first line, however long: some programs read no further.
 */
static void
add_unsubscribe(struct buf *out, const struct letter_personal *p)
{
	const char *first = p->leave_url ? p->leave_url : p->leave_mailto;

	if (!first)
		return;
	buf_adds(out, "List-Unsubscribe: <");
	buf_adds(out, first);
	if (p->leave_url && p->leave_mailto) {
		buf_adds(out, ">,\r\n <");
		buf_adds(out, p->leave_mailto);
	}
	buf_adds(out, ">\r\n");
	if (p->leave_url && p->one_click)
		buf_adds(out, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
}

void
letter_personal_add_header(struct buf *out, const struct letter_personal *p)
{
	size_t len = strlen(p->to);

	buf_adds(out, len + 4 > LINE_MAX_FIELD ? "To:\r\n " : "To: ");
	buf_add(out, p->to, len);
	buf_adds(out, "\r\n");
	letter_add_header_word(out, "Message-ID", p->message_id);
	if (p->references)
		letter_add_header_word(out, "References", p->references);
	add_unsubscribe(out, p);
}

void
letter_personal_add_value(struct buf *out, const char *value, bool html)
{
	struct buf escaped = BUF_INIT(LIMIT_PART);

	if (html && value[strcspn(value, "&<>\"'")] != '\0') {
		html_escape(&escaped, value, strlen(value), HTML_ALL_QUOTES);
		value = buf_text(&escaped);
	}
	mime_quoted_value(out, value);
	buf_clear(&escaped);
}

static void
add_plain_value(struct buf *b, const char *value, bool html)
{
	const size_t from = b->len;

	if (html)
		html_escape(b, value, strlen(value), HTML_ALL_QUOTES);
	else
		buf_adds(b, value);
	for (size_t i = from; i < b->len; i++) {
		if ((unsigned char)b->data[i] < 0x20 || b->data[i] == 0x7F)
			b->data[i] = ' ';
	}
}

void
letter_personal_add_text(struct buf *out, const char *text, size_t len, bool html,
    const struct letter_personal *p)
{
	struct buf filled = BUF_INIT(LIMIT_LETTER);
	const char *end = text + len;

	while (text < end) {
		enum hole hole = HOLE_COUNT;
		const char *after = NULL;
		const char *mark = hole_find(text, end, &hole, &after);

		buf_add(&filled, text, (size_t)((mark ? mark : end) - text));
		if (mark && p->holes[hole])
			add_plain_value(&filled, p->holes[hole], html);
		text = mark ? after : end;
	}
	mime_base64(out, buf_text(&filled), filled.len, true);
	buf_clear(&filled);
}

/* SPDX-License-Identifier: ISC */
#include "mail/letter_personal.h"

#include <string.h>

#include "format/html_escape.h"

enum {
	VALUE_LINE = 75,     /* one less than RFC 2045 allows: "=" may follow */
	LINE_MAX_FIELD = 78, /* RFC 5322 2.1.1 */
	MESSAGE_ID_MAX = 250
};

static const char *const hole_names[] = {
	[HOLE_LEAVE] = "leave",
	[HOLE_MANAGE] = "manage",
	[HOLE_ADDRESS] = "address",
	[HOLE_SINCE] = "since",
};

enum hole
hole_by_name(const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_LEN(hole_names); i++)
		if (hole_names[i] && strlen(hole_names[i]) == len &&
		    memcmp(hole_names[i], name, len) == 0)
			return (enum hole)i;
	return HOLE_NONE;
}

/* ---- header -------------------------------------------------------------------------- */

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

bool
letter_personal_check(const struct letter_personal *p, struct err *err)
{
	if (!letter_is_header_word(p->to, true) || !strchr(p->to, '@'))
		return err_set(err, ERR_INPUT, "not an address to write to");
	if (!letter_is_header_word(p->message_id, false) ||
	    strlen(p->message_id) > MESSAGE_ID_MAX)
		return err_set(err, ERR_INPUT, "not a message id");
	if (p->leave_url && !letter_is_header_word(p->leave_url, false))
		return err_set(err, ERR_INPUT, "not an address of a page to leave");
	if (p->leave_mailto && !letter_is_header_word(p->leave_mailto, false))
		return err_set(err, ERR_INPUT, "not a mailto: address to leave");
	return true;
}

/* RFC 2369 3.2 and RFC 8058: the web address first, since it is the one that is one click. */
static void
add_unsubscribe(struct buf *out, const struct letter_personal *p)
{
	static const char field[] = "List-Unsubscribe";

	if (!p->leave_url) {
		if (p->leave_mailto)
			letter_add_header_word(out, field, p->leave_mailto);
		return;
	}
	letter_add_header_word(out, field, p->leave_url);
	if (p->leave_mailto) {
		buf_truncate(out, out->len - 2);
		buf_adds(out, ",\r\n <");
		buf_adds(out, p->leave_mailto);
		buf_adds(out, ">\r\n");
	}
	if (p->one_click)
		buf_adds(out, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
}

static void
add_header(struct buf *out, const struct letter_personal *p)
{
	size_t len = strlen(p->to);

	buf_adds(out, len + 4 > LINE_MAX_FIELD ? "To:\r\n " : "To: ");
	buf_add(out, p->to, len);
	buf_adds(out, "\r\n");
	letter_add_header_word(out, "Message-ID", p->message_id);
	add_unsubscribe(out, p);
}

/* ---- values in bodies ---------------------------------------------------------------- */

/* True for what stands for itself in quoted-printable, wherever it stands in the line. */
static bool
is_plain(char c, bool html)
{
	return c > 0x20 && c < 0x7F && c != '=' && !(html && html_reference(c));
}

/* The characters that are plain but at the start of a line: "." and the F of "From ". */
static bool
is_snare(char c)
{
	return c == '.' || c == 'F';
}

static size_t
encode_octet(char *out, unsigned char c)
{
	static const char hex[] = "0123456789ABCDEF";

	out[0] = '=';
	out[1] = hex[c >> 4];
	out[2] = hex[c & 15];
	return 3;
}

/* One character that is not plain, as at most seven octets. */
static size_t
encode_special(char *out, const char *value, bool html)
{
	const char *reference = html ? html_reference(*value) : NULL;
	unsigned char c = (unsigned char)*value;

	if (reference) {
		memcpy(out, reference, strlen(reference));
		return strlen(reference);
	}
	/* A value is a part of one line, whatever is in it. */
	if (c < 0x20 || c == 0x7F)
		c = ' ';
	if (c == ' ' && value[1] != '\0') {
		out[0] = ' ';
		return 1;
	}
	return encode_octet(out, c);
}

static void
add_value(struct buf *out, const char *value, bool html)
{
	size_t column = 0;
	char unit[8];

	while (*value != '\0') {
		size_t n = 0;

		if (!(column == 0 && is_snare(*value)))
			while (column + n < VALUE_LINE && is_plain(value[n], html))
				n++;
		buf_add(out, value, n);
		value += n;
		column += n;
		if (*value == '\0')
			return;
		n = encode_special(unit, value, html);
		if (column + n > VALUE_LINE) {
			buf_add(out, "=\r\n", 3);
			column = 0;
			continue;
		}
		buf_add(out, unit, n);
		value++;
		column += n;
	}
}

void
letter_personal_add(struct buf *out, enum hole hole, bool html,
    const struct letter_personal *p)
{
	const char *value = NULL;

	switch (hole) {
	case HOLE_NONE:
		return;
	case HOLE_HEADER:
		add_header(out, p);
		return;
	case HOLE_LEAVE:
		value = p->holes.leave;
		break;
	case HOLE_MANAGE:
		value = p->holes.manage;
		break;
	case HOLE_ADDRESS:
		value = p->holes.address;
		break;
	case HOLE_SINCE:
		value = p->holes.since;
		break;
	}
	if (value)
		add_value(out, value, html);
}

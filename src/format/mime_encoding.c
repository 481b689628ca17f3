/* SPDX-License-Identifier: ISC */
#include "format/mime_encoding.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

static const char hex_digits[] = "0123456789ABCDEF";
static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum {
	LINE = 76,      /* RFC 2045 6.7 (5) and 6.8 */
	BASE64_RUN = 57 /* bytes that make one line */
};

/* ---- quoted-printable, writing ---- */

/* What stands for itself within a line: printable ASCII but "=", and tab. */
/* clang-format off */
#define EIGHT 1, 1, 1, 1, 1, 1, 1, 1
static const bool plain_bytes[256] = {
	['\t'] = 1,
	[0x20] = EIGHT, EIGHT, EIGHT, 1, 1, 1, 1, 1, 0, 1, 1,
	[0x40] = EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, 1, 1, 1, 1, 1, 1, 1, 0,
};
/* clang-format on */

static bool
is_plain_byte(unsigned char c)
{
	return plain_bytes[c];
}

static bool
is_space_or_tab(char c)
{
	return c == ' ' || c == '\t';
}

/* Bytes of the line end at p: 1 for LF, 2 for CRLF, 0 for none. */
static size_t
line_end_length(const char *p, const char *end)
{
	if (p < end && *p == '\n')
		return 1;
	return end - p >= 2 && p[0] == '\r' && p[1] == '\n' ? 2 : 0;
}

/*
 * True for what some program on the way would change at the beginning of a line: "From ",
 * quoted by mbox writers at any depth of ">", and the dot that SMTP doubles.
 */
static bool
is_touched(const char *p, const char *end)
{
	if (*p == '.')
		return true;
	while (p < end && *p == '>')
		p++;
	return ascii_starts(p, (size_t)(end - p), "From ");
}

struct qp {
	struct buf *out;
	size_t column;
};

static void
soft_break(struct qp *q)
{
	buf_add(q->out, "=\r\n", 3);
	q->column = 0;
}

/* Escapes n bytes, a whole character, on one line; last: the line ends behind it. */
static void
add_escape(struct qp *q, const char *p, size_t n, bool last)
{
	char out[12];

	if (q->column + 3 * n > (last ? LINE : LINE - 1))
		soft_break(q);
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];

		out[3 * i] = '=';
		out[3 * i + 1] = hex_digits[c >> 4];
		out[3 * i + 2] = hex_digits[c & 15];
	}
	buf_add(q->out, out, 3 * n);
	q->column += 3 * n;
}

/* Length of what can be copied from p on this line, at most one character past its room. */
static size_t
plain_run(const struct qp *q, const char *p, const char *end)
{
	size_t most = LINE + 1 - q->column;
	size_t n = 0;

	if ((size_t)(end - p) < most)
		most = (size_t)(end - p);
	while (n < most && is_plain_byte((unsigned char)p[n]))
		n++;
	/* A blank at a line's end would be lost on the way. */
	if (n > 0 && is_space_or_tab(p[n - 1]) &&
	    (p + n == end || line_end_length(p + n, end) > 0))
		n--;
	return n;
}

static const char *
add_plain(struct qp *q, const char *p, size_t n, const char *end)
{
	bool last = p + n == end || line_end_length(p + n, end) > 0;

	if (q->column + n > (last ? LINE : LINE - 1)) {
		n = LINE - 1 - q->column;
		buf_add(q->out, p, n);
		soft_break(q);
	} else {
		buf_add(q->out, p, n);
		q->column += n;
	}
	return p + n;
}

void
mime_quoted_printable(struct buf *b, const char *text, size_t len)
{
	const char *p = text;
	const char *end = text + len;
	struct qp q = { .out = b };

	/* One growth for a text that is mostly ASCII. */
	if (len < b->max - b->len)
		(void)buf_reserve(b, len);
	while (p < end) {
		size_t n = line_end_length(p, end);

		if (n > 0) {
			buf_add(b, "\r\n", 2);
			q.column = 0;
			p += n;
			continue;
		}
		n = q.column == 0 && is_touched(p, end) ? 0 : plain_run(&q, p, end);
		if (n > 0) {
			p = add_plain(&q, p, n, end);
		} else {
			uint32_t c = 0;

			n = text_decode(p, (size_t)(end - p), &c);
			add_escape(&q, p, n,
			    p + n == end || line_end_length(p + n, end) > 0);
			p += n;
		}
	}
}

void
mime_quoted_value(struct buf *b, const char *text)
{
	struct qp q = { .out = b };

	while (*text != '\0') {
		/* At a line's start a dot is doubled by SMTP and "From " changed by mbox. */
		bool is_safe = q.column > 0 || (*text != '.' && *text != 'F');
		char c = *text;
		size_t n = 0;

		while (is_safe && q.column + n < LINE - 1 && text[n] > ' ' &&
		    is_plain_byte((unsigned char)text[n]))
			n++;
		buf_add(b, text, n);
		q.column += n;
		text += n;
		if (n > 0)
			continue;
		if (q.column == LINE - 1) {
			soft_break(&q);
			continue;
		}
		if ((unsigned char)c <= ' ' || c == 0x7F)
			c = ' ';
		if (c == ' ' && text[1] != '\0') {
			buf_addc(b, c);
			q.column++;
		} else {
			add_escape(&q, &c, 1, false);
		}
		text++;
	}
}

/* ---- quoted-printable, reading ---- */

/* Decodes what begins with "="; returns the bytes read, 0 when it is no escape. */
static size_t
decode_escape(struct buf *b, const char *p, const char *end)
{
	const char *q = p + 1;

	if (end - p >= 3 && ascii_hex_value(p[1]) >= 0 && ascii_hex_value(p[2]) >= 0) {
		buf_addc(b, (char)(ascii_hex_value(p[1]) * 16 + ascii_hex_value(p[2])));
		return 3;
	}
	while (q < end && is_space_or_tab(*q))
		q++;
	if (q == end)
		return (size_t)(q - p);
	return line_end_length(q, end) > 0 ? (size_t)(q - p) + line_end_length(q, end)
					   : 0;
}

bool
mime_quoted_printable_decode(struct buf *b, const char *text, size_t len)
{
	const char *p = text;
	const char *end = text + len;
	bool ok = true;

	while (p < end) {
		const char *stop = p;
		size_t n = 0;

		while (stop < end && *stop != '=' && !is_space_or_tab(*stop))
			stop++;
		buf_add(b, p, (size_t)(stop - p));
		p = stop;
		/* Blanks at a line's end were added on the way (RFC 2045 6.7 (3)). */
		while (stop < end && is_space_or_tab(*stop))
			stop++;
		if (stop < end && line_end_length(stop, end) == 0)
			buf_add(b, p, (size_t)(stop - p));
		p = stop;
		if (p == end || *p != '=')
			continue;
		n = decode_escape(b, p, end);
		if (n == 0) {
			ok = false;
			buf_addc(b, '=');
			n = 1;
		}
		p += n;
	}
	return ok && !buf_is_full(b);
}

/* ---- base64 ---- */

static size_t
encode_run(const unsigned char *p, size_t len, char *out)
{
	size_t n = 0;

	for (; len >= 3; len -= 3, p += 3) {
		out[n++] = base64_digits[p[0] >> 2];
		out[n++] = base64_digits[(p[0] & 3) << 4 | p[1] >> 4];
		out[n++] = base64_digits[(p[1] & 15) << 2 | p[2] >> 6];
		out[n++] = base64_digits[p[2] & 63];
	}
	if (len > 0) {
		unsigned char second = len > 1 ? p[1] : 0;

		out[n++] = base64_digits[p[0] >> 2];
		out[n++] = base64_digits[(p[0] & 3) << 4 | second >> 4];
		out[n++] = len > 1 ? base64_digits[(second & 15) << 2] : '=';
		out[n++] = '=';
	}
	return n;
}

void
mime_base64(struct buf *b, const void *bytes, size_t len, bool in_lines)
{
	const unsigned char *p = bytes;

	while (len > 0) {
		char out[BASE64_RUN / 3 * 4 + 2];
		const size_t n = len < BASE64_RUN ? len : BASE64_RUN;
		size_t size = encode_run(p, n, out);

		if (in_lines) {
			out[size++] = '\r';
			out[size++] = '\n';
		}
		buf_add(b, out, size);
		p += n;
		len -= n;
	}
}

static int
base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

bool
mime_base64_decode(struct buf *b, const char *text, size_t len)
{
	uint32_t bits = 0;
	unsigned digits = 0; /* of the present group of four */
	unsigned padding = 0;

	for (size_t i = 0; i < len; i++) {
		int value = base64_value(text[i]);
		char out[3];

		if (ascii_is_space((unsigned char)text[i]))
			continue;
		if (text[i] == '=' && digits >= 2) {
			padding++;
			value = 0;
		} else if (value < 0 || padding > 0) {
			return false;
		}
		bits = bits << 6 | (uint32_t)value;
		if (++digits < 4)
			continue;
		out[0] = (char)(bits >> 16 & 255);
		out[1] = (char)(bits >> 8 & 255);
		out[2] = (char)(bits & 255);
		buf_add(b, out, 3 - padding);
		digits = 0;
		bits = 0;
	}
	return digits == 0 && !buf_is_full(b);
}

/* ---- the choice ---- */

/* What more bytes quoted-printable may take. */
enum {
	OF_AN_ESCAPE = 2, /* beside the byte itself */
	OF_ENDS = 2 * OF_AN_ESCAPE,
	LINE_LEAST = 60,
	OF_A_BREAK = OF_ENDS + 3 /* "=\r\n" */
};

/*
 * Never less than what it takes as quoted-printable: lines are broken after 60 bytes or more,
 * and each has a byte at its beginning and one at its end that may be escaped beside the others.
 */
static size_t
most_quoted(size_t len, size_t lines, size_t escaped)
{
	const size_t bytes = len + OF_AN_ESCAPE * escaped + lines + OF_ENDS * (lines + 1);

	return bytes + (bytes / LINE_LEAST + 1) * OF_A_BREAK;
}

bool
mime_prefers_base64(const char *text, size_t len, size_t *size)
{
	struct buf quoted = BUF_INIT(4 * len + 4);
	size_t quoted_len = 0;
	size_t lines = 0;
	size_t escaped = 0;
	size_t base64 = 0;

	for (const char *p = text; (p = memchr(p, '\n', (size_t)(text + len - p))); p++)
		lines++;
	for (size_t i = 0; !size && i < len; i++)
		escaped += !is_plain_byte((unsigned char)text[i]);
	/* Line ends are CRLF before they are encoded. */
	base64 = (len + lines + 2) / 3 * 4;
	base64 += (base64 + LINE - 1) / LINE * 2;
	if (!size && most_quoted(len, lines, escaped) < base64)
		return false;
	mime_quoted_printable(&quoted, text, len);
	quoted_len = buf_is_full(&quoted) ? SIZE_MAX : quoted.len;
	buf_clear(&quoted);
	if (size)
		*size = base64 < quoted_len ? base64 : quoted_len;
	return base64 < quoted_len;
}

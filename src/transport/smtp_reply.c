/* SPDX-License-Identifier: ISC */
#include "transport/smtp_reply.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

enum { WORDS_MAX = 250 };

void
smtp_reply_init(struct smtp_reply *r)
{
	*r = (struct smtp_reply){ 0, "", BUF_INIT(LIMIT_REPLY_TOTAL) };
}

void
smtp_reply_clear(struct smtp_reply *r)
{
	buf_clear(&r->text);
}

void
smtp_reply_reset(struct smtp_reply *r)
{
	r->code = 0;
	r->status[0] = '\0';
	buf_reset(&r->text);
}

/* The code at the start of a line, 200 to 599, else 0: SMTP has no 1xx and no 6xx. */
static int
parse_code(const char *line, size_t len)
{
	if (len < 3 || line[0] < '2' || line[0] > '5')
		return 0;
	if (!ascii_is_digit(line[1]) || !ascii_is_digit(line[2]))
		return 0;
	return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

/* Length of "5.1.10 " without the blank, 0 when text does not begin with a status code. */
static size_t
status_length(const char *text, size_t len)
{
	size_t at = 1;

	if (len < 5 || (text[0] != '2' && text[0] != '4' && text[0] != '5'))
		return 0;
	for (int part = 0; part < 2; part++) {
		size_t digits = 0;

		if (at >= len || text[at++] != '.')
			return 0;
		while (at < len && digits < 3 && ascii_is_digit(text[at])) {
			at++;
			digits++;
		}
		if (digits == 0)
			return 0;
	}
	return at == len || text[at] == ' ' ? at : 0;
}

enum smtp_reply_step
smtp_reply_add_line(struct smtp_reply *r, const char *line, size_t len)
{
	int code = parse_code(line, len);
	const size_t head = len > 3 ? 4 : len;
	const char *text = line + head;
	size_t text_len = len - head;
	size_t status_len = 0;

	if (code == 0 || len > LIMIT_REPLY_LINE || (r->code != 0 && r->code != code))
		return SMTP_REPLY_BAD;
	if (len > 3 && line[3] != ' ' && line[3] != '-')
		return SMTP_REPLY_BAD;
	r->code = code;
	status_len = status_length(text, text_len);
	if (status_len > 0 && text[0] - '0' == smtp_reply_class(r)) {
		/* The first line's stands; later lines repeat it. */
		if (r->status[0] == '\0') {
			memcpy(r->status, text, status_len);
			r->status[status_len] = '\0';
		}
		text += status_len;
		text_len -= status_len;
	}
	buf_add(&r->text, text, text_len);
	buf_addc(&r->text, '\n');
	if (buf_is_full(&r->text))
		return SMTP_REPLY_BAD;
	return len > 3 && line[3] == '-' ? SMTP_REPLY_MORE : SMTP_REPLY_DONE;
}

int
smtp_reply_class(const struct smtp_reply *r)
{
	return r->code / 100;
}

struct smtp_status
smtp_status_parse(const char *text)
{
	struct smtp_status s = { -1, -1 };
	char *end = NULL;

	if (!text || (*text != '4' && *text != '5') || text[1] != '.')
		return s;
	s.subject = strtol(text + 2, &end, 10);
	s.detail = *end == '.' ? strtol(end + 1, NULL, 10) : 0;
	return s;
}

void
smtp_reply_words(const struct smtp_reply *r, struct arena *a, struct buf *out)
{
	const char *text = text_one_line(a, buf_text(&r->text), r->text.len);
	size_t len = strnlen(text, WORDS_MAX);
	char digits[TEXT_NUMBER];

	/* No half of a character: the text is well-formed, so one begins somewhere before. */
	while (((unsigned char)text[len] & 0xC0) == 0x80)
		len--;
	if (r->code != 0)
		buf_adds(out, text_number((uint64_t)r->code, digits));
	if (r->status[0] != '\0') {
		buf_addc(out, ' ');
		buf_adds(out, r->status);
	}
	/* Text has a code in front of it. */
	if (len > 0)
		buf_addc(out, ' ');
	buf_add(out, text, len);
}

const char *
smtp_reply_keyword(const struct smtp_reply *r, struct arena *a, const char *keyword)
{
	size_t keyword_len = strlen(keyword);
	const char *line = strchr(buf_text(&r->text), '\n');

	/* The first line is the server's name and greeting. */
	while (line && line[1] != '\0') {
		const char *end = strchr(++line, '\n');
		size_t len = end ? (size_t)(end - line) : strlen(line);

		if (len >= keyword_len && ascii_starts_nocase(line, keyword) &&
		    (len == keyword_len || line[keyword_len] == ' ' ||
			line[keyword_len] == '='))
			return text_one_line(a, line + keyword_len + (len > keyword_len),
			    len - keyword_len - (len > keyword_len));
		line = end;
	}
	return NULL;
}

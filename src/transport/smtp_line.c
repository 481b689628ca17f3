/* SPDX-License-Identifier: ISC */
#include "transport/smtp_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libetpan/libetpan.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"

enum {
	STREAM_BUFFER = 64 * 1024, /* a letter of usual size leaves in one call */
	COMMAND_MAX = 16 * 1024    /* RFC 4954 4: 12,288 octets of a login in one line */
};

struct smtp_line {
	struct wire *wire;
	mailstream_low_driver driver; /* libetpan wants one that can be changed */
	mailstream *stream;
	MMAPString *line;
	uint64_t queued;    /* octets put into it */
	bool failed;        /* a write did not get through; kept until it is flushed */
	const char *reason; /* ours, or NULL: the wire's */
};

/* ---- libetpan's stream on our wire --------------------------------------------------- */

static ssize_t
low_read(mailstream_low *low, void *bytes, size_t size)
{
	return wire_read(low->data, bytes, size);
}

static ssize_t
low_write(mailstream_low *low, const void *bytes, size_t len)
{
	return wire_write(low->data, bytes, len);
}

/* Closes nothing: smtp_line_free closes the wire. */
static int
low_close(mailstream_low *low)
{
	(void)low;
	return 0;
}

static int
low_fd(mailstream_low *low)
{
	(void)low;
	return -1;
}

static void
low_free(mailstream_low *low)
{
	free(low);
}

static void
low_cancel(mailstream_low *low)
{
	(void)low;
}

static struct mailstream_cancel *
low_get_cancel(mailstream_low *low)
{
	(void)low;
	return NULL;
}

static mailstream *
new_stream(struct smtp_line *s)
{
	mailstream_low *low = NULL;
	mailstream *stream = NULL;

	s->driver = (mailstream_low_driver){
		.mailstream_read = low_read,
		.mailstream_write = low_write,
		.mailstream_close = low_close,
		.mailstream_get_fd = low_fd,
		.mailstream_free = low_free,
		.mailstream_cancel = low_cancel,
		.mailstream_get_cancel = low_get_cancel,
	};
	low = mailstream_low_new(s->wire, &s->driver);
	if (low)
		stream = mailstream_new(low, STREAM_BUFFER);
	if (low && !stream)
		mailstream_low_free(low);
	return stream;
}

/* ---- open and close ------------------------------------------------------------------ */

struct smtp_line *
smtp_line_open(const struct wire_target *target, int64_t timeout_ms, struct err *err)
{
	struct smtp_line *s = xcalloc(1, sizeof(*s));

	s->wire = wire_open(target, timeout_ms, err);
	if (!s->wire)
		goto bad;
	s->stream = new_stream(s);
	s->line = mmap_string_new("");
	if (!s->stream || !s->line) {
		(void)err_set(err, ERR_SYSTEM, "no memory for a connection");
		goto bad;
	}
	return s;
bad:
	smtp_line_close(s);
	return NULL;
}

void
smtp_line_close(struct smtp_line *s)
{
	if (!s)
		return;
	if (s->stream)
		(void)mailstream_close(s->stream);
	if (s->line)
		mmap_string_free(s->line);
	wire_free(s->wire);
	free(s);
}

/* ---- saying -------------------------------------------------------------------------- */

void
smtp_line_begin(struct smtp_line *s, int64_t total_ms, int64_t idle_ms)
{
	wire_begin(s->wire, total_ms, idle_ms, 2 * (size_t)LIMIT_REPLY_TOTAL);
}

static void
put_bytes(struct smtp_line *s, const char *bytes, size_t len)
{
	s->queued += len;
	while (len > 0 && !s->failed) {
		ssize_t n = mailstream_write(s->stream, bytes, len);

		if (n <= 0) {
			s->failed = true;
			return;
		}
		bytes += n;
		len -= (size_t)n;
	}
}

void
smtp_line_write(struct smtp_line *s, bool secret, const char *fmt, ...)
{
	va_list ap;
	char line[COMMAND_MAX];
	int n = 0;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	/* Addresses have a ceiling; only a token of many pages would not fit. */
	if (n < 0 || (size_t)n >= sizeof(line)) {
		s->failed = true;
		s->reason = "a command that is too long";
		return;
	}
	if (log_level() >= LOG_LEVEL_WIRE)
		log_wire("smtp", "C: %s", secret ? "..." : line);
	put_bytes(s, line, (size_t)n);
	put_bytes(s, "\r\n", 2);
}

void
smtp_line_write_bytes(struct smtp_line *s, const char *bytes, size_t len)
{
	put_bytes(s, bytes, len);
}

/* Our bodies never begin a line with a dot, so that this is a search and a copy. */
uint64_t
smtp_line_write_message(struct smtp_line *s, const char *text, size_t text_len)
{
	const char *end = text + text_len;
	const char *from = text;
	uint64_t len = text_len + 3;

	if (text_len > 0 && *text == '.') {
		put_bytes(s, ".", 1);
		len++;
	}
	for (const char *p = text; (p = memchr(p, '\n', (size_t)(end - p))) != NULL;) {
		p++;
		if (p < end && *p == '.') {
			put_bytes(s, from, (size_t)(p - from));
			put_bytes(s, ".", 1);
			len++;
			from = p;
		}
	}
	put_bytes(s, from, (size_t)(end - from));
	if (text_len < 2 || memcmp(end - 2, "\r\n", 2) != 0) {
		put_bytes(s, "\r\n", 2);
		len += 2;
	}
	put_bytes(s, ".\r\n", 3);
	return len;
}

bool
smtp_line_flush(struct smtp_line *s)
{
	if (!s->failed && mailstream_flush(s->stream) < 0)
		s->failed = true;
	return !s->failed;
}

/* ---- hearing ------------------------------------------------------------------------- */

bool
smtp_line_read_reply(struct smtp_line *s, struct smtp_reply *r)
{
	enum smtp_reply_step step = SMTP_REPLY_MORE;

	s->reason = NULL;
	smtp_reply_reset(r);
	while (step == SMTP_REPLY_MORE) {
		if (!mailstream_read_line_remove_eol(s->stream, s->line))
			return false;
		if (log_level() >= LOG_LEVEL_WIRE)
			log_wire("smtp", "S: %.*s",
			    s->line->len < LIMIT_REPLY_LINE ? (int)s->line->len
							    : LIMIT_REPLY_LINE,
			    s->line->str);
		step = smtp_reply_add_line(r, s->line->str, s->line->len);
	}
	if (step == SMTP_REPLY_BAD)
		s->reason = "the server answered something that is no reply";
	return step == SMTP_REPLY_DONE;
}

const char *
smtp_line_reason(const struct smtp_line *s)
{
	return s->reason ? s->reason : wire_reason(s->wire);
}

/* ---- the wire ------------------------------------------------------------------------ */

uint64_t
smtp_line_written(const struct smtp_line *s)
{
	return wire_written(s->wire);
}

uint64_t
smtp_line_queued(const struct smtp_line *s)
{
	return s->queued;
}

bool
smtp_line_start_tls(struct smtp_line *s, const struct wire_trust *trust, const char *host,
    struct err *err)
{
	/* An attacker may have added bytes behind the answer in the clear: they are dropped. */
	s->stream->read_buffer_len = 0;
	return wire_start_tls(s->wire, trust, host, err);
}

bool
smtp_line_is_local(const struct smtp_line *s)
{
	return wire_is_local(s->wire);
}

bool
smtp_line_is_encrypted(const struct smtp_line *s)
{
	return wire_is_encrypted(s->wire);
}

enum wire_binding
smtp_line_binding(const struct smtp_line *s, unsigned char bytes[WIRE_BINDING_MAX],
    size_t *len)
{
	return wire_binding(s->wire, bytes, len);
}

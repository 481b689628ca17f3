/* SPDX-License-Identifier: ISC */
#include "transport/smtp_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"

enum {
	COMMAND_MAX = 16 * 1024,   /* RFC 4954 4: 12,288 octets of a login in one line */
	COMMANDS_MAX = 256 * 1024, /* those of a window of letters */
	HEARD_MAX = 2 * LIMIT_REPLY_LINE,
	AT_ONCE = 64 /* pieces of one call */
};

/* What is to be sent: octets of somebody else, or some of our own text. */
struct put {
	const char *bytes; /* NULL: in text, from `at` on */
	size_t at;
	size_t len;
};
struct smtp_line {
	struct wire *wire;
	struct put *puts; /* from `first` on they are not out */
	size_t first, count, room;
	struct buf text;            /* of commands */
	size_t heard_at, heard_end; /* what was read and not looked at */
	bool in_reply;              /* some lines of one were heard */
	bool too_long;              /* the line being heard does not fit */
	uint64_t queued;            /* octets that were put */
	bool blocked;               /* the network took no more */
	bool dry;                   /* all that had come was read */
	bool failed;                /* nothing can be sent any more */
	bool deaf;                  /* nothing can be read any more */
	bool expired;               /* the patience with the end of it */
	const char *reason;         /* ours, or NULL: the wire's */
	char heard[HEARD_MAX]; /* last: what is looked at each time stands together */
};

/* ---- open and close ------------------------------------------------------------------ */

struct smtp_line *
smtp_line_open(const struct wire_target *target, int64_t timeout_ms, struct err *err)
{
	struct smtp_line *s = xcalloc(1, sizeof(*s));

	buf_init(&s->text, COMMANDS_MAX);
	s->wire = wire_open(target, timeout_ms, err);
	if (s->wire)
		return s;
	smtp_line_close(s);
	return NULL;
}

void
smtp_line_close(struct smtp_line *s)
{
	if (!s)
		return;
	wire_free(s->wire);
	buf_clear(&s->text);
	free(s->puts);
	free(s);
}

/* ---- saying -------------------------------------------------------------------------- */

void
smtp_line_begin(struct smtp_line *s, int64_t total_ms, int64_t idle_ms)
{
	wire_begin(s->wire, total_ms, idle_ms, 2 * (size_t)LIMIT_REPLY_TOTAL);
}

static void
put(struct smtp_line *s, const char *bytes, size_t at, size_t len)
{
	struct put *last = s->count > s->first ? &s->puts[s->count - 1] : NULL;

	s->queued += len;
	if (len == 0 || s->failed)
		return;
	if (!bytes && last && !last->bytes && last->at + last->len == at) {
		last->len += len;
		return;
	}
	if (s->count == s->room) {
		s->room = s->room == 0 ? AT_ONCE : 2 * s->room;
		s->puts = xreallocarray(s->puts, s->room, sizeof(*s->puts));
	}
	s->puts[s->count++] = (struct put){ bytes, at, len };
}

static void
put_octets(struct smtp_line *s, const char *bytes, size_t len)
{
	put(s, bytes, 0, len);
}

static void
put_text(struct smtp_line *s, const char *text, size_t len)
{
	const size_t at = s->text.len;

	buf_add(&s->text, text, len);
	put(s, NULL, at, len);
}

static void
refuse_command(struct smtp_line *s)
{
	s->failed = true;
	s->reason = "a command that is too long";
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
		refuse_command(s);
		return;
	}
	if (log_level() >= LOG_LEVEL_WIRE)
		log_wire("smtp", "C: %s", secret ? "..." : line);
	put_text(s, line, (size_t)n);
	put_text(s, "\r\n", 2);
	if (buf_is_full(&s->text))
		refuse_command(s);
}

void
smtp_line_say(struct smtp_line *s, const char *const *words)
{
	const size_t at = s->text.len;
	size_t len = 0;

	for (; *words; words++)
		buf_adds(&s->text, *words);
	len = s->text.len - at;
	if (len >= COMMAND_MAX) {
		refuse_command(s);
		return;
	}
	if (log_level() >= LOG_LEVEL_WIRE)
		log_wire("smtp", "C: %s", buf_text(&s->text) + at);
	buf_add(&s->text, "\r\n", 2);
	put(s, NULL, at, len + 2);
	if (buf_is_full(&s->text))
		refuse_command(s);
}

void
smtp_line_write_bytes(struct smtp_line *s, const char *bytes, size_t len)
{
	put_octets(s, bytes, len);
}

static void
put_stuffed(struct smtp_line *s, const struct letter_piece *piece, bool *at_start)
{
	const char *from = piece->bytes;
	const char *end = from + piece->len;

	for (const char *p = from; p < end;) {
		const char *nl = NULL;

		if (*at_start && *p == '.') {
			put_octets(s, from, (size_t)(p - from));
			put_octets(s, ".", 1);
			from = p;
		}
		nl = memchr(p, '\n', (size_t)(end - p));
		*at_start = nl != NULL;
		p = nl ? nl + 1 : end;
	}
	put_octets(s, from, (size_t)(end - from));
}

void
smtp_line_write_message(struct smtp_line *s, const struct letter_piece *pieces,
    size_t count, bool may_stuff)
{
	static const char crlf_dot[] = "\r\n.\r\n";
	char last[2] = { '\0', '\0' };
	bool at_start = true;

	for (size_t i = 0; i < count; i++) {
		const struct letter_piece *p = &pieces[i];

		if (p->len == 0)
			continue;
		if (may_stuff)
			put_stuffed(s, p, &at_start);
		else
			put_octets(s, p->bytes, p->len);
		last[0] = p->len > 1 ? p->bytes[p->len - 2] : last[1];
		last[1] = p->bytes[p->len - 1];
	}
	if (last[0] == '\r' && last[1] == '\n')
		put_octets(s, crlf_dot + 2, 3);
	else
		put_octets(s, crlf_dot, 5);
}

/* The first octets that were put are out, or on their way. */
static void
drop(struct smtp_line *s, size_t taken)
{
	while (taken > 0) {
		struct put *p = &s->puts[s->first];
		const size_t n = taken < p->len ? taken : p->len;

		if (p->bytes)
			p->bytes += n;
		p->at += n;
		p->len -= n;
		taken -= n;
		s->first += p->len == 0;
	}
}

/* Nothing grows while a slow server takes letter after letter. */
static void
forget_sent(struct smtp_line *s)
{
	size_t text = s->text.len;

	if (s->first < s->count && s->first < AT_ONCE)
		return;
	s->count -= s->first;
	memmove(s->puts, s->puts + s->first, s->count * sizeof(*s->puts));
	s->first = 0;
	for (size_t i = 0; i < s->count; i++)
		if (!s->puts[i].bytes && s->puts[i].at < text)
			text = s->puts[i].at;
	for (size_t i = 0; i < s->count; i++)
		if (!s->puts[i].bytes)
			s->puts[i].at -= text;
	if (text > 0) {
		memmove(s->text.data, s->text.data + text, s->text.len - text);
		buf_truncate(&s->text, s->text.len - text);
	}
}

/* Reads what there is, as far as there is room.  False when nothing came. */
static bool
listen(struct smtp_line *s)
{
	size_t room = 0;
	ssize_t n = 0;

	if (s->deaf || s->dry)
		return false;
	s->heard_end -= s->heard_at;
	memmove(s->heard, s->heard + s->heard_at, s->heard_end);
	s->heard_at = 0;
	room = sizeof(s->heard) - s->heard_end;
	if (room == 0)
		return false;
	n = wire_take(s->wire, s->heard + s->heard_end, room);
	s->deaf = n < 0;
	/* Under TLS there may be more in a record that was read already. */
	s->dry = n < (ssize_t)room && !wire_is_encrypted(s->wire);
	s->heard_end += n > 0 ? (size_t)n : 0;
	return n > 0;
}

static enum wire_state
push_some(struct smtp_line *s)
{
	struct iovec pieces[AT_ONCE];
	enum wire_state state = WIRE_DONE;
	size_t taken = 0;
	size_t n = 0;

	for (size_t i = s->first; i < s->count && n < AT_ONCE; i++, n++) {
		const struct put *p = &s->puts[i];
		const char *from = p->bytes ? p->bytes : s->text.data + p->at;

		/* POSIX knows one struct for reading and writing. */
		pieces[n].iov_base = (void *)(uintptr_t)from;
		pieces[n].iov_len = p->len;
	}
	state = wire_push(s->wire, pieces, n, &taken);
	drop(s, taken);
	return state;
}

enum wire_state
smtp_line_push(struct smtp_line *s)
{
	enum wire_state state = WIRE_DONE;

	if (s->failed)
		return WIRE_LOST;
	do {
		state = push_some(s);
	} while (state == WIRE_DONE && s->first < s->count);
	forget_sent(s);
	s->blocked = state == WIRE_WAITS;
	s->failed = state == WIRE_LOST;
	/* What the server says meanwhile is kept: it may be why it takes no more. */
	if (s->blocked)
		(void)listen(s);
	return state;
}

bool
smtp_line_flush(struct smtp_line *s)
{
	enum wire_state state = WIRE_DONE;

	while ((state = smtp_line_push(s)) == WIRE_WAITS)
		s->failed = !wire_wait(s->wire, true);
	return state == WIRE_DONE;
}

/* ---- hearing ------------------------------------------------------------------------- */

/* The next whole line without its end; NULL when there is none yet. */
static const char *
next_line(struct smtp_line *s, size_t *len)
{
	const char *line = s->heard + s->heard_at;
	const char *nl = memchr(line, '\n', s->heard_end - s->heard_at);

	if (!nl) {
		/* The rest of such a line is heard and forgotten. */
		if (s->heard_at == 0 && s->heard_end == sizeof(s->heard)) {
			s->too_long = true;
			s->heard_at = s->heard_end;
		}
		return NULL;
	}
	*len = (size_t)(nl - line);
	s->heard_at += *len + 1;
	if (*len > 0 && nl[-1] == '\r')
		--*len;
	return line;
}

static enum smtp_reply_step
add_line(struct smtp_line *s, struct smtp_reply *r, const char *line, size_t len)
{
	if (log_level() >= LOG_LEVEL_WIRE)
		log_wire("smtp", "S: %.*s",
		    len < LIMIT_REPLY_LINE ? (int)len : LIMIT_REPLY_LINE, line);
	return s->too_long ? SMTP_REPLY_BAD : smtp_reply_add_line(r, line, len);
}

enum wire_state
smtp_line_hear(struct smtp_line *s, struct smtp_reply *r)
{
	enum smtp_reply_step step = SMTP_REPLY_MORE;

	if (!s->in_reply) {
		s->reason = NULL;
		smtp_reply_reset(r);
	}
	s->in_reply = true;
	while (step == SMTP_REPLY_MORE) {
		size_t len = 0;
		const char *line = next_line(s, &len);

		if (line)
			step = add_line(s, r, line, len);
		else if (!listen(s))
			return s->deaf ? WIRE_LOST : WIRE_WAITS;
	}
	s->in_reply = s->too_long = false;
	if (step == SMTP_REPLY_BAD)
		s->reason = "the server answered something that is no reply";
	return step == SMTP_REPLY_DONE ? WIRE_DONE : WIRE_LOST;
}

enum wire_state
smtp_line_ask(struct smtp_line *s, struct smtp_reply *r)
{
	const enum wire_state state = smtp_line_push(s);

	return state == WIRE_DONE ? smtp_line_hear(s, r) : state;
}

enum wire_state
smtp_line_hear_meanwhile(struct smtp_line *s, struct smtp_reply *r)
{
	if (s->blocked && smtp_line_push(s) == WIRE_LOST)
		log_debug("smtp", "what was said did not all get through");
	return smtp_line_hear(s, r);
}

bool
smtp_line_read_reply(struct smtp_line *s, struct smtp_reply *r)
{
	enum wire_state state = WIRE_DONE;

	while ((state = smtp_line_hear(s, r)) == WIRE_WAITS) {
		s->deaf = !wire_wait(s->wire, false);
		s->dry = false;
	}
	return state == WIRE_DONE;
}

/* ---- waiting for many ---------------------------------------------------------------- */

bool
smtp_line_has_more(const struct smtp_line *s)
{
	return memchr(s->heard + s->heard_at, '\n', s->heard_end - s->heard_at) != NULL;
}

void
smtp_line_ready(struct smtp_line *s)
{
	s->dry = false;
}

unsigned
smtp_line_wants(const struct smtp_line *s)
{
	const bool has_room = s->heard_end - s->heard_at < sizeof(s->heard);

	return (s->deaf || !has_room ? 0u : LINE_WANTS_INPUT) |
	    (s->blocked && !s->failed ? LINE_WANTS_ROOM : 0u);
}

int
smtp_line_fd(const struct smtp_line *s)
{
	return wire_fd(s->wire);
}

int64_t
smtp_line_patience(const struct smtp_line *s, int64_t since, int64_t now)
{
	return wire_patience(s->wire, since, now);
}

void
smtp_line_excuse(struct smtp_line *s, int64_t ms)
{
	wire_excuse(s->wire, ms);
}

static void
end_waiting(struct smtp_line *s)
{
	s->expired = true;
	if (s->blocked && !s->failed)
		s->failed = true;
	else
		s->deaf = true;
}

void
smtp_line_expire(struct smtp_line *s, int64_t now)
{
	wire_expire(s->wire, now);
	end_waiting(s);
}

void
smtp_line_give_up(struct smtp_line *s)
{
	wire_give_up(s->wire);
	end_waiting(s);
}

const char *
smtp_line_reason(const struct smtp_line *s)
{
	return s->reason ? s->reason : wire_reason(s->wire);
}

/* ---- the wire ------------------------------------------------------------------------ */

uint64_t
smtp_line_queued(const struct smtp_line *s)
{
	return s->queued;
}

bool
smtp_line_is_out(const struct smtp_line *s, uint64_t end)
{
	return wire_written(s->wire) >= end;
}

void
smtp_line_end(struct smtp_line *s)
{
	s->failed = s->deaf = true;
	s->expired = false;
}

bool
smtp_line_still_sends(const struct smtp_line *s)
{
	return !s->expired && wire_still_sends(s->wire);
}

bool
smtp_line_start_tls(struct smtp_line *s, const struct wire_trust *trust, const char *host,
    struct err *err)
{
	/* An attacker may have added bytes behind the answer in the clear: they are dropped. */
	s->heard_at = s->heard_end;
	return wire_start_tls(s->wire, trust, host, err);
}

struct wire *
smtp_line_wire(const struct smtp_line *s)
{
	return s->wire;
}

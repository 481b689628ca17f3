/* SPDX-License-Identifier: ISC */
#include "transport/pop3.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "transport/wire.h"

enum {
	PORT = 995,
	CONNECT_MS = 30 * 1000,
	EXCHANGE_MS = 120 * 1000,
	IDLE_MS = 60 * 1000,
	LINE_MAX_BYTES = LIMIT_REPLY_LINE,
	/* Of a message: lines of one dot, whose ends its size has as one octet, are twice that. */
	WIRE_MAX = 2 * LIMIT_INCOMING + LIMIT_REPLY_TOTAL
};

struct pop3 {
	struct wire_trust *trust;
	struct wire *wire;
	char *host;
	struct buf line; /* the last that was heard */
	char heard[16384];
	size_t begin, end; /* of heard: what has not been taken yet */
	size_t count;      /* messages */
	size_t present;    /* the last one that was read, from 1 */
	size_t deleted;    /* the last one that was */
	bool *
	    is_left; /* by number, from 1: too large to be heard to its end, stays there */
	bool is_broken; /* the dialogue is out of step: no word more */
};

static bool
broken(struct pop3 *p, struct err *err)
{
	p->is_broken = true;
	return err_set(err, ERR_TEMPORARY, "%s: %s", p->host, wire_reason(p->wire));
}

static bool
take_byte(struct pop3 *p, char *c, struct err *err)
{
	if (p->begin == p->end) {
		const ssize_t n = wire_read(p->wire, p->heard, sizeof(p->heard));

		if (n <= 0)
			return broken(p, err);
		p->begin = 0;
		p->end = (size_t)n;
	}
	*c = p->heard[p->begin++];
	return true;
}

/* One line without its end; what is beyond the ceiling of b is dropped. */
static bool
take_line(struct pop3 *p, struct buf *b, struct err *err)
{
	char c = '\0';

	buf_reset(b);
	while (take_byte(p, &c, err)) {
		if (c == '\n') {
			if (b->len > 0 && b->data[b->len - 1] == '\r')
				buf_truncate(b, b->len - 1);
			return true;
		}
		buf_addc(b, c);
	}
	return false;
}

/* False with ERR_PERMANENT when the server says no. */
static bool
expect_ok(struct pop3 *p, struct err *err)
{
	if (!take_line(p, &p->line, err))
		return false;
	if (strncmp(buf_text(&p->line), "+OK", 3) == 0)
		return true;
	err_set(err, ERR_PERMANENT, "%s does not let us read the mailbox", p->host);
	return err_why(err, "server said: %s", buf_text(&p->line));
}

static bool
say(struct pop3 *p, const char *verb, const char *argument, size_t most, struct err *err)
{
	char *line = xasprintf("%s%s%s\r\n", verb, *argument ? " " : "", argument);
	const size_t len = strlen(line);
	size_t done = 0;

	wire_begin(p->wire, EXCHANGE_MS, IDLE_MS, most);
	while (done < len) {
		const ssize_t n = wire_write(p->wire, line + done, len - done);

		if (n <= 0)
			break;
		done += (size_t)n;
	}
	free(line);
	return done == len || broken(p, err);
}

static bool
ask(struct pop3 *p, const char *verb, const char *argument, struct err *err)
{
	return say(p, verb, argument, LIMIT_REPLY_TOTAL, err) && expect_ok(p, err);
}

static bool
is_word(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < ' ' || *text == 0x7F)
			return false;
	}
	return true;
}

static bool
log_in(struct pop3 *p, const char *user, const char *password, struct err *err)
{
	bool ok = false;

	if (!is_word(user) || !is_word(password) || !*user)
		return err_set(err, ERR_CONFIG, "%s: no user or password for the mailbox",
		    p->host);
	wire_begin(p->wire, EXCHANGE_MS, IDLE_MS, LIMIT_REPLY_TOTAL);
	ok = expect_ok(p, err) && ask(p, "USER", user, err) &&
	    ask(p, "PASS", password, err) && ask(p, "STAT", "", err);
	if (ok)
		p->count = (size_t)strtoul(buf_text(&p->line) + 3, NULL, 10);
	if (p->count > LIMIT_MAILBOX_BATCH)
		p->count = LIMIT_MAILBOX_BATCH;
	return ok;
}

/*
 * Sizes, in lines "NUMBER BYTES" up to the dot: a message that we would not hear to its end must
 * not stand in the way of all others, each time.  A server that tells none is taken as it is.
 */
static bool
read_sizes(struct pop3 *p, struct err *err)
{
	struct err none = ERR_INIT;
	bool ok = say(p, "LIST", "", LIMIT_INCOMING, err);
	bool tells = ok && expect_ok(p, &none);

	p->is_left = xcalloc(p->count + 1, sizeof(*p->is_left));
	if (p->is_broken)
		*err = none;
	while (ok && tells && (ok = take_line(p, &p->line, err)) &&
	    strcmp(buf_text(&p->line), ".") != 0) {
		char *end = NULL;
		const unsigned long number = strtoul(buf_text(&p->line), &end, 10);

		if (number <= p->count)
			p->is_left[number] = strtoull(end, NULL, 10) > LIMIT_INCOMING;
	}
	return ok && !p->is_broken;
}

static void
pop3_free(struct pop3 *p)
{
	wire_free(p->wire);
	wire_trust_free(p->trust);
	buf_clear(&p->line);
	free(p->is_left);
	free(p->host);
	free(p);
}

struct pop3 *
pop3_open(const char *host, const char *user, const char *password, const char *ca_file,
    struct err *err)
{
	struct pop3 *p = xcalloc(1, sizeof(*p));
	struct wire_target target = { .port = PORT };
	char *colon = NULL;

	buf_init(&p->line, LINE_MAX_BYTES);
	p->host = xstrdup(host);
	p->host[strcspn(p->host, "/")] = '\0';
	colon = strrchr(p->host, ':');
	if (colon && ascii_is_digit(colon[1])) {
		*colon = '\0';
		target.port = (int)strtol(colon + 1, NULL, 10);
	}
	target.host = p->host;
	p->trust = wire_trust_new(ca_file, NULL, err);
	if (!p->trust && ca_file && *ca_file != '\0')
		(void)err_wrap(err, "bounce.ca_file");
	if (p->trust)
		p->wire = wire_open(&target, CONNECT_MS, err);
	if (p->wire && wire_start_tls(p->wire, p->trust, p->host, err) &&
	    log_in(p, user, password, err) && read_sizes(p, err))
		return p;
	pop3_free(p);
	return NULL;
}

/* Lines up to the dot, with CRLF; a dot in front of another is taken off (RFC 1939 3). */
static bool
take_message(struct pop3 *p, struct buf *out, struct err *err)
{
	struct buf line = BUF_INIT(LIMIT_INCOMING_READ);
	bool ok = false;

	while (take_line(p, &line, err)) {
		const char *text = buf_text(&line);

		ok = strcmp(text, ".") == 0 && line.len == 1;
		if (ok)
			break;
		if (out->len + line.len >= LIMIT_INCOMING_READ)
			continue;
		buf_add(out, text + (*text == '.'), line.len - (*text == '.'));
		buf_adds(out, "\r\n");
	}
	buf_clear(&line);
	return ok;
}

void
pop3_pass_over(struct pop3 *p, size_t number)
{
	if (number <= p->count)
		p->is_left[number] = true;
}

size_t
pop3_broke_at(const struct pop3 *p)
{
	return p->is_broken && p->present > p->deleted ? p->present : 0;
}

bool
pop3_next(struct pop3 *p, struct buf *out, bool *more, struct err *err)
{
	char number[TEXT_NUMBER];

	while (p->present < p->count && p->is_left[p->present + 1])
		p->present++;
	*more = p->present < p->count && !p->is_broken;
	if (!*more)
		return true;
	*more = say(p, "RETR", text_number(++p->present, number), WIRE_MAX, err) &&
	    expect_ok(p, err) && take_message(p, out, err);
	return *more;
}

bool
pop3_delete(struct pop3 *p, struct err *err)
{
	char number[TEXT_NUMBER];
	bool ok = true;

	while (ok && p->deleted < p->present) {
		if (p->is_left[++p->deleted])
			continue;
		ok = ask(p, "DELE", text_number(p->deleted, number), err);
	}
	return ok;
}

bool
pop3_close(struct pop3 *p, struct err *err)
{
	const bool ok = p->is_broken || ask(p, "QUIT", "", err);

	pop3_free(p);
	return ok;
}

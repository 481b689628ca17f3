/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as what a mail server says: to a whole session with a few letters in it, and line
 * by line to the reader of replies.  The first byte chooses the kind of session; the rest is
 * said at once, and then the server is silent for ever.  Promises: a letter counts as sent
 * only after a positive answer, what is shown of a server's words is one clean line, and no
 * answer before RCPT is a reader's fault.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "transport/smtp_fault.h"
#include "transport/smtp_line.h"
#include "transport/smtp_reply.h"
#include "transport/smtp_send.h"
#include "transport/smtp_session.h"

enum { LETTERS = 3, SESSIONS_MAX = 4, TIMEOUT_MS = 5000 };
enum { IS_LMTP = 1, HAS_LOGIN = 2, IS_WIDE = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
require(bool promise)
{
	if (!promise)
		abort();
}

/* ---- the server ---- */

struct server {
	char path[64];
	int fd;
	pthread_mutex_t lock;
	const uint8_t *bytes; /* borrowed for one input */
	size_t size;
};

static void
answer(struct server *s, int fd)
{
	char room[4096];

	(void)pthread_mutex_lock(&s->lock);
	for (size_t at = 0; at < s->size;) {
		const ssize_t n = send(fd, s->bytes + at, s->size - at, MSG_NOSIGNAL);

		if (n <= 0)
			break;
		at += (size_t)n;
	}
	(void)pthread_mutex_unlock(&s->lock);
	(void)shutdown(fd, SHUT_WR);
	while (recv(fd, room, sizeof(room), 0) > 0)
		continue;
	(void)close(fd);
}

static void *
serve(void *arg)
{
	struct server *s = arg;

	for (;;) {
		const int fd = accept(s->fd, NULL, NULL);

		if (fd >= 0)
			answer(s, fd);
	}
	return NULL;
}

static struct server *
start_server(void)
{
	static struct server s;
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	pthread_t thread;

	(void)signal(SIGPIPE, SIG_IGN);
	(void)snprintf(s.path, sizeof(s.path), "/tmp/fuzz_smtp.%d", (int)getpid());
	(void)snprintf(un.sun_path, sizeof(un.sun_path), "%s", s.path);
	(void)unlink(s.path);
	s.fd = socket(AF_UNIX, SOCK_STREAM, 0);
	require(s.fd >= 0 && bind(s.fd, (struct sockaddr *)&un, sizeof(un)) == 0);
	require(listen(s.fd, 64) == 0 && pthread_mutex_init(&s.lock, NULL) == 0);
	require(pthread_create(&thread, NULL, serve, &s) == 0);
	return &s;
}

static void
set_answers(struct server *s, const uint8_t *bytes, size_t size)
{
	(void)pthread_mutex_lock(&s->lock);
	s->bytes = bytes;
	s->size = size;
	(void)pthread_mutex_unlock(&s->lock);
}

/* ---- the client ---- */

static void
check_words(const char *words)
{
	require(text_is_utf8(words, strlen(words)));
	for (const char *c = words; *c; c++)
		require((unsigned char)*c >= ' ');
}

static void
check_outcome(const struct outcome *o)
{
	if (o->kind == OUTCOME_SENT)
		require(o->code / 100 == 2 && o->stage == STAGE_DOT);
	if (o->kind == OUTCOME_REFUSED && o->code != 0)
		require(o->code / 100 == 5 && o->stage >= STAGE_MAIL);
	if (o->kind == OUTCOME_UNKNOWN)
		require(o->stage == STAGE_DOT);
	if (o->code != 0)
		require(o->code >= 200 && o->code < 600);
	if (o->reply)
		check_words(o->reply);
}

/* Until the server has moved, or its time is over. */
static void
wait_for(struct smtp_session *session)
{
	const unsigned wants = smtp_line_wants(smtp_session_line(session));
	struct pollfd p = { .fd = smtp_line_fd(smtp_session_line(session)) };
	const int64_t since = clock_ticks_ms();
	int64_t ms = 0;

	p.events = (short)((wants & LINE_WANTS_INPUT ? POLLIN : 0) |
	    (wants & LINE_WANTS_ROOM ? POLLOUT : 0));
	ms = smtp_line_patience(smtp_session_line(session), since, since);
	if (poll(&p, 1, ms > 0 ? (int)ms : 0) == 0)
		smtp_line_expire(smtp_session_line(session), clock_ticks_ms());
	smtp_line_ready(smtp_session_line(session));
}

/* All letters ahead of the answers; what is left when the session breaks is judged too. */
static void
send_chunks(struct smtp_session *session, const struct letter *letters, size_t *next)
{
	struct smtp_chunk chunks[LETTERS];
	size_t said = 0;

	while (*next < LETTERS) {
		struct outcome o = { .kind = OUTCOME_DEFERRED };

		if (smtp_chunk_say(session, &letters[(*next)++], said > 0, &chunks[said],
			&o))
			said++;
		else
			check_outcome(&o);
	}
	for (size_t i = 0; i < said; i++) {
		struct outcome o = { .kind = OUTCOME_DEFERRED };
		struct err err = ERR_INIT;
		const bool broken = smtp_session_is_broken(session);
		enum smtp_verdict v = SMTP_WAIT;

		if (broken)
			v = smtp_chunk_lost(session, &chunks[i], &o);
		while (!broken &&
		    (v = smtp_chunk_hear(session, &chunks[i], &o, &err)) == SMTP_WAIT)
			wait_for(session);
		check_outcome(&o);
		require((v == SMTP_GIVE_UP) == err_is_set(&err));
		if (broken)
			require(o.kind == OUTCOME_UNKNOWN || o.kind == OUTCOME_DEFERRED);
	}
}

/* False when the session is of no more use. */
static bool
send_letters(struct smtp_session *session, const struct letter *letters, size_t *next)
{
	if (smtp_session_takes_chunks(session)) {
		send_chunks(session, letters, next);
		return false;
	}
	while (*next < LETTERS) {
		const struct letter *l = &letters[(*next)++];
		const struct letter *after = *next < LETTERS ? &letters[*next] : NULL;
		struct outcome o = { .kind = OUTCOME_DEFERRED };
		struct err err = ERR_INIT;
		enum smtp_verdict v = SMTP_WAIT;

		while ((v = smtp_send(session, l, after, &o, &err)) == SMTP_WAIT)
			wait_for(session);
		check_outcome(&o);
		require((v == SMTP_GIVE_UP) == err_is_set(&err));
		if (v != SMTP_NEXT_LETTER)
			return false;
	}
	return true;
}

static void
talk(const struct server *s, unsigned kind)
{
	static char message[] = "Subject: x\r\n\r\n.dot\r\nend\r\n";
	const struct buf bytes = { message, sizeof(message) - 1, sizeof(message),
		sizeof(message), false };
	const struct smtp_server server = { .target = { .path = s->path },
		.name = "server",
		.security = SMTP_PLAIN,
		.lmtp = (kind & IS_LMTP) != 0,
		.ehlo = "x.example",
		.user = kind & HAS_LOGIN ? "user" : "",
		.timeout_ms = TIMEOUT_MS };
	struct letter letters[LETTERS];
	size_t next = 0;

	for (size_t i = 0; i < LETTERS; i++)
		letters[i] = (struct letter){ .sender = "p@x.example",
			.recipient = kind & IS_WIDE ? "\u00FC@y.example" : "r@y.example",
			.name = "1",
			.bytes = &bytes };
	for (size_t i = 0; i < SESSIONS_MAX && next < LETTERS; i++) {
		struct err err = ERR_INIT;
		bool refused = false;
		struct smtp_session *session =
		    smtp_session_open(&server, "secret", &refused, &err);

		require((session == NULL) == err_is_set(&err));
		check_words(err.text);
		check_words(err.why);
		if (!session)
			return;
		(void)send_letters(session, letters, &next);
		require(smtp_session_sent(session) <= (int64_t)next);
		smtp_session_say_bye(session);
		while (!smtp_session_said_bye(session))
			wait_for(session);
		smtp_session_close(session);
	}
}

/* ---- replies, line by line ---- */

static void
check_reply(struct arena *a, const struct smtp_reply *r)
{
	static const char *const keywords[] = { "SIZE", "AUTH", "PIPELINING" };
	struct buf words = BUF_INIT(4096);

	require(r->code >= 200 && r->code < 600);
	require(r->status[0] == '\0' || r->status[0] - '0' == r->code / 100);
	smtp_reply_words(r, a, &words);
	require(words.len < 300);
	check_words(buf_text(&words));
	for (size_t i = 0; i < ARRAY_LEN(keywords); i++) {
		const char *value = smtp_reply_keyword(r, a, keywords[i]);

		if (value)
			check_words(value);
	}
	for (int stage = STAGE_NONE; stage <= STAGE_DOT; stage++) {
		const enum smtp_fault fault = smtp_fault((enum outcome_stage)stage,
		    r->code, r->status, buf_text(&words));

		require((fault == FAULT_NONE) == (r->code < 400));
		require(fault != FAULT_MAILBOX || stage > STAGE_MAIL);
	}
	buf_clear(&words);
}

static void
read_replies(const char *text, const char *end)
{
	struct arena *a = arena_new();
	struct smtp_reply r;

	smtp_reply_init(&r);
	while (text < end) {
		const char *eol = memchr(text, '\n', (size_t)(end - text));
		const size_t len = (size_t)((eol ? eol : end) - text);
		const enum smtp_reply_step step = smtp_reply_add_line(&r, text, len);

		if (step == SMTP_REPLY_DONE)
			check_reply(a, &r);
		if (step != SMTP_REPLY_MORE)
			smtp_reply_reset(&r);
		text += len + 1;
	}
	smtp_reply_clear(&r);
	arena_free(a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct server *server;

	if (!server)
		server = start_server();
	if (size == 0)
		return 0;
	read_replies((const char *)bytes + 1, (const char *)bytes + size);
	set_answers(server, bytes + 1, size - 1);
	talk(server, bytes[0]);
	set_answers(server, NULL, 0);
	return 0;
}

/* SPDX-License-Identifier: ISC */
/* What is said to a POP3 server, line by line, and what is made of each of its answers. */
#include "unit/wire_fixture.h"

#include <sys/time.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "transport/mailbox.h"
#include "transport/pop3.h"
#include "unit/child.h"
#include "unit/scratch.h"

enum { REPLIES = 13 };

static char dir[64];
static char ca_file[96];
static gnutls_certificate_credentials_t credentials;

/* Behind a reply: no line is heard any more. */
static const char hang_up[] = "hang up";

/* A server that says its replies one behind the other, each to a line, and hangs up then. */
struct talk {
	const char *const *replies;
	int listener;
	pthread_t thread;
	struct buf said; /* the client's lines, "|" behind each */
	char source[72]; /* pop3s:// and the host */
	struct pop3 *pop3;
	struct buf message;
	struct err err;
};

/* \1 is an octet of no bits. */
static bool
tell(gnutls_session_t tls, const char *reply)
{
	char *text = xasprintf("%s\r\n", reply);
	const size_t len = strlen(text);
	size_t done = 0;
	ssize_t n = 1;

	for (size_t i = 0; i < len; i++)
		if (text[i] == '\1')
			text[i] = '\0';
	while (done < len && n > 0) {
		n = gnutls_record_send(tls, text + done, len - done);
		done += n > 0 ? (size_t)n : 0;
	}
	free(text);
	return n > 0;
}

static bool
hear_line(gnutls_session_t tls, struct buf *out)
{
	char c = '\0';

	while (gnutls_record_recv(tls, &c, 1) == 1) {
		if (c == '\n') {
			buf_addc(out, '|');
			return true;
		}
		if (c != '\r')
			buf_addc(out, c);
	}
	return false;
}

static void *
serve(void *arg)
{
	const struct timeval patience = { 5, 0 };
	struct talk *t = arg;
	const int fd = accept(t->listener, NULL, NULL);
	gnutls_session_t tls = NULL;

	if (fd < 0)
		return NULL;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (gnutls_init(&tls, GNUTLS_SERVER | GNUTLS_NO_SIGNAL) == 0 &&
	    gnutls_set_default_priority(tls) == 0 &&
	    gnutls_credentials_set(tls, GNUTLS_CRD_CERTIFICATE, credentials) == 0) {
		gnutls_transport_set_int(tls, fd);
		if (gnutls_handshake(tls) == 0)
			for (size_t i = 0; t->replies[i] && tell(tls, t->replies[i]);)
				if (t->replies[i + 1] == hang_up ||
				    !hear_line(tls, &t->said) || !t->replies[++i])
					break;
		(void)gnutls_bye(tls, GNUTLS_SHUT_WR);
		gnutls_deinit(tls);
	}
	(void)close(fd);
	return NULL;
}

static void
talk_prepare(struct talk *t, const char *const *replies)
{
	int port = 0;

	*t = (struct talk){ .replies = replies, .err = ERR_INIT };
	buf_init(&t->said, MUCH);
	buf_init(&t->message, 2 * LIMIT_INCOMING_READ);
	t->listener = listen_here(0, 1, &port);
	assert_int_equal(pthread_create(&t->thread, NULL, serve, t), 0);
	(void)snprintf(t->source, sizeof(t->source), "pop3s://localhost:%d/INBOX", port);
}

static void
talk_begin_as(struct talk *t, const char *const *replies, const char *user,
    const char *password)
{
	talk_prepare(t, replies);
	t->pop3 = pop3_open(t->source + 8, user, password, ca_file, &t->err);
}

/* Opens the mailbox as ann, whose password is "secret". */
static void
talk_begin(struct talk *t, const char *const *replies)
{
	talk_begin_as(t, replies, "ann", "secret");
}

/* All that was said until then. */
static void
talk_end(struct talk *t, const char *title, const char *said)
{
	(void)shutdown(t->listener, SHUT_RDWR);
	assert_int_equal(pthread_join(t->thread, NULL), 0);
	(void)close(t->listener);
	if (strcmp(buf_text(&t->said), said) != 0)
		fail_msg("%s: said %s, want %s", title, buf_text(&t->said), said);
	buf_clear(&t->said);
	buf_clear(&t->message);
}

static void
expect_err(const struct talk *t, const char *title, enum err_kind kind, const char *text,
    const char *why)
{
	if (t->err.kind != kind || strcmp(t->err.text, text) != 0 ||
	    strcmp(t->err.why, why) != 0)
		fail_msg("%s: got %d \"%s\" \"%s\"", title, (int)t->err.kind, t->err.text,
		    t->err.why);
}

/* The next message, or NULL when there is none. */
static const char *
next(struct talk *t)
{
	bool more = false;

	buf_reset(&t->message);
	if (!pop3_next(t->pop3, &t->message, &more, &t->err))
		fail_msg("%s %s", t->err.text, t->err.why);
	return more ? buf_text(&t->message) : NULL;
}

#define LOGIN "USER ann|PASS secret|STAT|LIST|"
#define BYE "+OK bye"

/* ---- opening ------------------------------------------------------------------------- */

#define NO "localhost does not let us read the mailbox"
#define GONE "localhost: the server closed the connection"

static const struct {
	const char *name, *replies[REPLIES];
	enum err_kind kind;
	const char *text, *why, *said;
} closed[] = {
	{ "no greeting", { "-ERR busy" }, ERR_PERMANENT, NO, "server said: -ERR busy",
	    "" },
	{ "a greeting in other letters", { "+Ok hello" }, ERR_PERMANENT, NO,
	    "server said: +Ok hello", "" },
	{ "gone behind the greeting", { "+OK" }, ERR_TEMPORARY, GONE, "", "USER ann|" },
	{ "no user", { "+OK", "-ERR who?" }, ERR_PERMANENT, NO, "server said: -ERR who?",
	    "USER ann|" },
	{ "gone behind the user", { "+OK", "+OK" }, ERR_TEMPORARY, GONE, "",
	    "USER ann|PASS secret|" },
	{ "no password", { "+OK", "+OK", "-ERR [AUTH] no" }, ERR_PERMANENT, NO,
	    "server said: -ERR [AUTH] no", "USER ann|PASS secret|" },
	{ "no count", { "+OK", "+OK", "+OK", "-ERR" }, ERR_PERMANENT, NO,
	    "server said: -ERR", "USER ann|PASS secret|STAT|" },
	{ "gone behind the count", { "+OK", "+OK", "+OK", "+OK 1 2" }, ERR_TEMPORARY,
	    GONE, "", LOGIN },
	{ "gone within the sizes", { "+OK", "+OK", "+OK", "+OK 1 2", "+OK\r\n1 2" },
	    ERR_TEMPORARY, GONE, "", LOGIN },
};

static void
each_answer_of_the_login_is_looked_at(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(closed); i++) {
		struct talk t;

		talk_begin(&t, closed[i].replies);
		if (t.pop3)
			fail_msg("%s: opened", closed[i].name);
		expect_err(&t, closed[i].name, closed[i].kind, closed[i].text,
		    closed[i].why);
		talk_end(&t, closed[i].name, closed[i].said);
	}
}

/* A line break would be a command of its own; a blank is a letter of a password. */
static const struct {
	const char *user, *password, *said;
} names[] = {
	{ "", "secret", NULL },
	{ "ann\r\nDELE 1", "secret", NULL },
	{ "ann\t", "secret", NULL },
	{ "ann", "secret\n", NULL },
	{ "ann", "\x1fsecret", NULL },
	{ "ann", "secret\x7f", NULL },
	{ "a n~\xc3\xbc", " \xc3\xa9 !",
	    "USER a n~\xc3\xbc|PASS  \xc3\xa9 !|STAT|LIST|QUIT|" },
	{ "ann", "", "USER ann|PASS|STAT|LIST|QUIT|" },
};

static void
a_user_and_a_password_are_words_of_a_line(void **state)
{
	static const char *const replies[REPLIES] = { "+OK", "+OK", "+OK", "+OK 0 0",
		"+OK\r\n.", BYE };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct talk t;

		talk_begin_as(&t, replies, names[i].user, names[i].password);
		if (!names[i].said) {
			assert_null(t.pop3);
			expect_err(&t, names[i].user, ERR_CONFIG,
			    "localhost: no user or password for the mailbox", "");
		} else {
			assert_non_null(t.pop3);
			assert_null(next(&t));
			assert_true(pop3_close(t.pop3, &t.err));
		}
		talk_end(&t, names[i].user, names[i].said ? names[i].said : "");
	}
}

/* More than a record of TLS has room for is said in two. */
static void
a_long_password_is_said_to_its_end(void **state)
{
	static const char *const replies[REPLIES] = { "+OK", "+OK", "-ERR no" };
	char password[20001];
	char *said = NULL;
	struct talk t;

	(void)state;
	for (size_t i = 0; i < sizeof(password) - 1; i++)
		password[i] = (char)('a' + i % 26);
	password[sizeof(password) - 1] = '\0';
	said = xasprintf("USER ann|PASS %s|", password);
	talk_begin_as(&t, replies, "ann", password);
	assert_null(t.pop3);
	talk_end(&t, "long password", said);
	free(said);
}

/* An exchange has LIMIT_REPLY_TOTAL octets, of which a line is kept as far as it is one. */
static void
a_greeting_without_end_is_not_heard(void **state)
{
	(void)state;
	for (size_t more = 0; more < 2; more++) {
		const size_t len = LIMIT_REPLY_TOTAL - 2 + more;
		char *text = xcalloc(1, len + 1);
		const char *const replies[REPLIES] = { text, "-ERR no" };
		struct talk t;

		memset(text, 'x', len);
		memcpy(text, "+OK", 3);
		talk_begin(&t, replies);
		assert_null(t.pop3);
		if (more == 0)
			expect_err(&t, "whole", ERR_PERMANENT, NO,
			    "server said: -ERR no");
		else
			expect_err(&t, "longer", ERR_TEMPORARY,
			    "localhost: the server talks without end", "");
		talk_end(&t, "greeting", more == 0 ? "USER ann|" : "");
		free(text);
	}
}

static void
authorities_that_cannot_be_read_are_told_by_their_option(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_null(pop3_open("localhost:1", "ann", "secret", "/nowhere/ca.crt", &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_int_equal(strncmp(err.text, "bounce.ca_file: /nowhere/ca.crt", 31), 0);
}

/* What is behind a colon is a port when it begins with a digit. */
static const struct {
	const char *host, *text;
} hosts[] = {
	{ "127.0.0.1:1", "127.0.0.1 port 1: Connection refused" },
	{ "127.0.0.1:2/INBOX:3", "127.0.0.1 port 2: Connection refused" },
	{ "127.0.0.1/1:2", "127.0.0.1 port 995: Connection refused" },
	{ "127.0.0.1", "127.0.0.1 port 995: Connection refused" },
};

static void
a_host_has_a_port_or_that_of_pop3_under_tls(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		struct err err = ERR_INIT;

		assert_null(pop3_open(hosts[i].host, "ann", "secret", ca_file, &err));
		assert_string_equal(err.text, hosts[i].text);
		assert_int_equal(err.kind, ERR_TEMPORARY);
	}
}

static void
a_mailbox_may_be_one_of_pop3(void **state)
{
	static const char *const replies[REPLIES] = { "+OK", "+OK", "+OK", "+OK 2 1",
		"+OK\r\n.", "+OK\r\nb\r\n.", "+OK", BYE };
	const struct mailbox_login login = { "ann", "secret", ca_file };
	struct mailbox_reader *m = NULL;
	struct talk t;
	bool more = false;

	(void)state;
	talk_prepare(&t, replies);
	m = mailbox_open(t.source, &login, &t.err);
	assert_non_null(m);
	mailbox_pass_over(m, 1);
	assert_true(mailbox_next(m, &t.message, &more, &t.err));
	assert_true(more);
	assert_string_equal(buf_text(&t.message), "b\r\n");
	assert_true(mailbox_done(m, &t.err));
	assert_int_equal(mailbox_broke_at(m), 0);
	assert_true(mailbox_close(m, &t.err));
	talk_end(&t, "mailbox", LOGIN "RETR 2|DELE 2|QUIT|");
	assert_null(mailbox_open("pop3s://127.0.0.1:1", &login, &t.err));
	assert_string_equal(t.err.text, "127.0.0.1 port 1: Connection refused");
	err_clear(&t.err);
	/* Nobody said as whom. */
	assert_null(mailbox_open("pop3s://127.0.0.1:1", NULL, &t.err));
	assert_string_equal(t.err.text,
	    "\"pop3s://127.0.0.1:1\" is no mailbox that can be read");
	err_clear(&t.err);
	assert_null(mailbox_open("pop3s:/127.0.0.1:1", &login, &t.err));
	assert_string_equal(t.err.text,
	    "\"pop3s:/127.0.0.1:1\" is no mailbox that can be read");
	assert_string_equal(t.err.hint, "maildir:PATH or pop3s://HOST");
	assert_int_equal(t.err.kind, ERR_CONFIG);
}

/* ---- reading ------------------------------------------------------------------------- */

static void
messages_are_asked_for_and_deleted_by_their_numbers(void **state)
{
	static const char *const replies[REPLIES] = { "+OK", "+OK", "+OK", "+OK 3 30",
		"+OK\r\n1 10\r\n2 10\r\n3 10\r\n.", "+OK\r\na\r\n.", "+OK\r\nb\r\n.",
		"+OK", "+OK", "+OK\r\nc\r\n.", "+OK", BYE };
	struct talk t;

	(void)state;
	talk_begin(&t, replies);
	assert_non_null(t.pop3);
	/* Nothing was read that could be deleted. */
	assert_true(pop3_delete(t.pop3, &t.err));
	assert_string_equal(next(&t), "a\r\n");
	assert_string_equal(next(&t), "b\r\n");
	assert_true(pop3_delete(t.pop3, &t.err));
	assert_string_equal(next(&t), "c\r\n");
	assert_null(next(&t));
	assert_true(pop3_delete(t.pop3, &t.err));
	assert_true(pop3_delete(t.pop3, &t.err));
	assert_int_equal(pop3_broke_at(t.pop3), 0);
	assert_true(pop3_close(t.pop3, &t.err));
	talk_end(&t, "three", LOGIN "RETR 1|RETR 2|DELE 1|DELE 2|RETR 3|DELE 3|QUIT|");
}

/* The largest has LIMIT_INCOMING octets; numbers that are none of ours say nothing. */
static void
what_is_too_large_is_neither_asked_for_nor_deleted(void **state)
{
	static const char *const replies[REPLIES] = { "+OK", "+OK", "+OK", "+OK 4 1",
		"+OK\r\n0 99999999\r\n1 33554433\r\n2 33554432\r\n3 33554433\r\n"
		"4 33554433\r\n4 7\r\n5 99999999\r\nx\r\n.",
		"+OK\r\nb\r\n.", "+OK\r\nd\r\n.", "+OK", "+OK", BYE };
	struct talk t;

	(void)state;
	talk_begin(&t, replies);
	assert_non_null(t.pop3);
	assert_string_equal(next(&t), "b\r\n");
	assert_string_equal(next(&t), "d\r\n");
	assert_null(next(&t));
	assert_true(pop3_delete(t.pop3, &t.err));
	assert_true(pop3_close(t.pop3, &t.err));
	talk_end(&t, "sizes", LOGIN "RETR 2|RETR 4|DELE 2|DELE 4|QUIT|");
}

static void
a_server_that_tells_no_sizes_is_read(void **state)
{
	static const char *const replies[REPLIES] = { "+OK", "+OK", "+OK", "+OK 1 1",
		"-ERR what?", "+OK\r\na\r\n.", BYE };
	struct talk t;

	(void)state;
	talk_begin(&t, replies);
	assert_non_null(t.pop3);
	expect_err(&t, "none", ERR_NONE, "", "");
	assert_string_equal(next(&t), "a\r\n");
	assert_null(next(&t));
	assert_true(pop3_close(t.pop3, &t.err));
	talk_end(&t, "no sizes", LOGIN "RETR 1|QUIT|");
}

/* 10000 messages of one run, or as many as there are; those passed over are not asked for. */
static const struct {
	const char *stat, *said;
	size_t count;
} counts[] = {
	{ "+OK 2 9", LOGIN "RETR 2|QUIT|", 2 },
	{ "+OK 9999 9", LOGIN "RETR 9999|QUIT|", 9999 },
	{ "+OK 10000 9", LOGIN "RETR 10000|QUIT|", LIMIT_MAILBOX_BATCH },
	{ "+OK 10001 9", LOGIN "RETR 10000|QUIT|", LIMIT_MAILBOX_BATCH },
};

static void
messages_beyond_those_of_one_run_wait_for_the_next(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		const char *const replies[REPLIES] = { "+OK", "+OK", "+OK",
			counts[i].stat, "+OK\r\n.", "+OK\r\na\r\n.", BYE };
		struct talk t;

		talk_begin(&t, replies);
		assert_non_null(t.pop3);
		for (size_t n = 0; n <= LIMIT_MAILBOX_BATCH + 1; n++)
			if (n != counts[i].count)
				pop3_pass_over(t.pop3, n);
		assert_string_equal(next(&t), "a\r\n");
		assert_null(next(&t));
		assert_true(pop3_close(t.pop3, &t.err));
		talk_end(&t, counts[i].stat, counts[i].said);
	}
}

static void
all_messages_may_be_passed_over(void **state)
{
	static const char *const replies[REPLIES] = { "+OK", "+OK", "+OK", "+OK 2 1",
		"+OK\r\n.", BYE };
	struct talk t;

	(void)state;
	talk_begin(&t, replies);
	assert_non_null(t.pop3);
	pop3_pass_over(t.pop3, 1);
	pop3_pass_over(t.pop3, 2);
	assert_null(next(&t));
	assert_true(pop3_delete(t.pop3, &t.err));
	assert_true(pop3_close(t.pop3, &t.err));
	talk_end(&t, "none", LOGIN "QUIT|");
}

#define OCTETS(text) text, sizeof(text) - 1

/* RFC 1939 3: a line of a dot ends it, and one dot is taken off the others that begin with one. */
static const struct {
	const char *wire, *want;
	size_t len;
} messages[] = {
	{ "+OK\r\n.", OCTETS("") },
	{ "+OK\r\n\r\n.", OCTETS("\r\n") },
	{ "+OK\r\na\r\n\r\nb\r\n.", OCTETS("a\r\n\r\nb\r\n") },
	{ "+OK\n\na\n.", OCTETS("\r\na\r\n") },
	{ "+OK\r\n..\r\n...\r\n..a\r\n.b\r\na.\r\n.",
	    OCTETS(".\r\n..\r\n.a\r\nb\r\na.\r\n") },
	{ "+OK\na\nb\r\r\n.", OCTETS("a\r\nb\r\r\n") },
	{ "+OK\r\n.\1\r\na\1b\r\n.", OCTETS("\0\r\na\0b\r\n") },
};

static void
a_message_ends_with_a_dot_and_loses_those_in_front(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
		const char *const replies[REPLIES] = { "+OK", "+OK", "+OK", "+OK 1 1",
			"+OK\r\n.", messages[i].wire, BYE };
		struct talk t;

		talk_begin(&t, replies);
		assert_non_null(t.pop3);
		assert_non_null(next(&t));
		if (t.message.len != messages[i].len ||
		    memcmp(buf_text(&t.message), messages[i].want, messages[i].len) != 0)
			fail_msg("%zu: got %zu \"%s\"", i, t.message.len,
			    buf_text(&t.message));
		assert_true(pop3_close(t.pop3, &t.err));
		talk_end(&t, "message", LOGIN "RETR 1|QUIT|");
	}
}

/* Of a message LIMIT_INCOMING_READ octets are kept, and none of a line that has more. */
static void
what_is_beyond_the_ceiling_is_heard_and_dropped(void **state)
{
	(void)state;
	for (size_t more = 0; more < 2; more++) {
		const size_t len = LIMIT_INCOMING_READ - 4 + more;
		char *line = xcalloc(1, len + 1);
		char *text = NULL;
		struct talk t;

		memset(line, 'x', len);
		text = xasprintf("+OK\r\na\r\n%s\r\nlast\r\n.", line);
		const char *const replies[REPLIES] = { "+OK", "+OK", "+OK", "+OK 1 1",
			"+OK\r\n.", text, BYE };

		talk_begin(&t, replies);
		assert_non_null(t.pop3);
		assert_non_null(next(&t));
		if (more == 0) {
			assert_int_equal(t.message.len, 3 + len + 2);
			assert_memory_equal(buf_text(&t.message) + 3 + len - 1, "x\r\n",
			    4);
		} else {
			assert_string_equal(buf_text(&t.message), "a\r\nlast\r\n");
		}
		assert_true(pop3_close(t.pop3, &t.err));
		talk_end(&t, "long", LOGIN "RETR 1|QUIT|");
		free(line);
		free(text);
	}
}

/* ---- the end ------------------------------------------------------------------------- */

static void
a_message_that_is_refused_is_no_end(void **state)
{
	static const char *const replies[REPLIES] = { "+OK", "+OK", "+OK", "+OK 2 1",
		"+OK\r\n.", "-ERR gone", "+OK\r\nb\r\n.", "-ERR keep",
		"-ERR not so fast" };
	struct talk t;
	bool more = true;

	(void)state;
	talk_begin(&t, replies);
	assert_non_null(t.pop3);
	assert_false(pop3_next(t.pop3, &t.message, &more, &t.err));
	assert_false(more);
	expect_err(&t, "refused", ERR_PERMANENT, NO, "server said: -ERR gone");
	assert_int_equal(pop3_broke_at(t.pop3), 0);
	err_clear(&t.err);
	assert_string_equal(next(&t), "b\r\n");
	assert_false(pop3_delete(t.pop3, &t.err));
	expect_err(&t, "kept", ERR_PERMANENT, NO, "server said: -ERR keep");
	err_clear(&t.err);
	assert_false(pop3_close(t.pop3, &t.err));
	expect_err(&t, "no end", ERR_PERMANENT, NO, "server said: -ERR not so fast");
	talk_end(&t, "refusals", LOGIN "RETR 1|RETR 2|DELE 1|QUIT|");
}

/* The number is of a message that was being read; after it nothing is said any more. */
static void
a_session_breaks_off_at_a_message_or_at_none(void **state)
{
	static const char *const in_message[REPLIES] = { "+OK", "+OK", "+OK", "+OK 3 1",
		"+OK\r\n.", "+OK\r\na\r\n.", "+OK", "+OK\r\nb", hang_up };
	static const char *const in_delete[REPLIES] = { "+OK", "+OK", "+OK", "+OK 3 1",
		"+OK\r\n.", "+OK\r\na\r\n." };
	struct talk t;
	bool more = true;

	(void)state;
	talk_begin(&t, in_message);
	assert_non_null(t.pop3);
	assert_string_equal(next(&t), "a\r\n");
	assert_true(pop3_delete(t.pop3, &t.err));
	pop3_pass_over(t.pop3, 2);
	assert_false(pop3_next(t.pop3, &t.message, &more, &t.err));
	assert_false(more);
	expect_err(&t, "message", ERR_TEMPORARY, GONE, "");
	assert_int_equal(pop3_broke_at(t.pop3), 3);
	err_clear(&t.err);
	assert_null(next(&t));
	assert_true(pop3_close(t.pop3, &t.err));
	talk_end(&t, "message", LOGIN "RETR 1|DELE 1|RETR 3|");

	talk_begin(&t, in_delete);
	assert_non_null(t.pop3);
	assert_string_equal(next(&t), "a\r\n");
	assert_false(pop3_delete(t.pop3, &t.err));
	expect_err(&t, "delete", ERR_TEMPORARY, GONE, "");
	assert_int_equal(pop3_broke_at(t.pop3), 0);
	err_clear(&t.err);
	assert_null(next(&t));
	assert_true(pop3_close(t.pop3, &t.err));
	talk_end(&t, "delete", LOGIN "RETR 1|DELE 1|");
}

static int
group_setup(void **state)
{
	char pki[80];
	char crt[96];
	char key[96];
	const char *args[] = { "sh", "tests/servers/mkpki.sh", pki, NULL };

	(void)state;
	if (!scratch_folder(dir, sizeof(dir)))
		return -1;
	(void)snprintf(pki, sizeof(pki), "%s/pki", dir);
	(void)snprintf(ca_file, sizeof(ca_file), "%s/ca.crt", pki);
	(void)snprintf(crt, sizeof(crt), "%s/good.crt", pki);
	(void)snprintf(key, sizeof(key), "%s/good.key", pki);
	return child_run(args, NULL) == 0 &&
		gnutls_certificate_allocate_credentials(&credentials) == 0 &&
		gnutls_certificate_set_x509_key_file(credentials, crt, key,
		    GNUTLS_X509_FMT_PEM) == 0
	    ? 0
	    : -1;
}

static int
group_teardown(void **state)
{
	(void)state;
	gnutls_certificate_free_credentials(credentials);
	scratch_remove(dir);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_answer_of_the_login_is_looked_at),
		cmocka_unit_test(a_user_and_a_password_are_words_of_a_line),
		cmocka_unit_test(a_long_password_is_said_to_its_end),
		cmocka_unit_test(a_greeting_without_end_is_not_heard),
		cmocka_unit_test(
		    authorities_that_cannot_be_read_are_told_by_their_option),
		cmocka_unit_test(a_host_has_a_port_or_that_of_pop3_under_tls),
		cmocka_unit_test(a_mailbox_may_be_one_of_pop3),
		cmocka_unit_test(messages_are_asked_for_and_deleted_by_their_numbers),
		cmocka_unit_test(what_is_too_large_is_neither_asked_for_nor_deleted),
		cmocka_unit_test(a_server_that_tells_no_sizes_is_read),
		cmocka_unit_test(messages_beyond_those_of_one_run_wait_for_the_next),
		cmocka_unit_test(all_messages_may_be_passed_over),
		cmocka_unit_test(a_message_ends_with_a_dot_and_loses_those_in_front),
		cmocka_unit_test(what_is_beyond_the_ceiling_is_heard_and_dropped),
		cmocka_unit_test(a_message_that_is_refused_is_no_end),
		cmocka_unit_test(a_session_breaks_off_at_a_message_or_at_none),
	};

	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}

/* SPDX-License-Identifier: ISC */
/* Lines that are said to a mail server and heard from it, octet by octet. */
#define _GNU_SOURCE /* RTLD_NEXT */

#include "unit/wire_fixture.h"

#include <netinet/tcp.h>

#include "unit/failing_network.h"
#include "unit/heard_log.h"

#include "base/limits.h"
#include "base/mem.h"
#include "transport/smtp_line.h"

struct talk {
	struct smtp_line *line;
	int peer;
	struct smtp_reply reply;
};

static int
setup_room(void **state, int room)
{
	struct talk *t = xcalloc(1, sizeof(*t));
	struct err err = ERR_INIT;
	int port = 0;
	const int listener = listen_here(room, 1, &port);

	t->line =
	    smtp_line_open(&(struct wire_target){ .host = "127.0.0.1", .port = port },
		WAIT_MS, &err);
	assert_non_null(t->line);
	smtp_line_begin(t->line, WAIT_MS, WAIT_MS);
	t->peer = accept(listener, NULL, NULL);
	assert_true(t->peer >= 0);
	/* What it says comes at once. */
	assert_int_equal(setsockopt(t->peer, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 },
			     sizeof(int)),
	    0);
	(void)close(listener);
	smtp_reply_init(&t->reply);
	*state = t;
	return 0;
}

static int
setup(void **state)
{
	return setup_room(state, 0);
}

/* A peer with little room. */
static int
setup_narrow(void **state)
{
	return setup_room(state, 4096);
}

static int
teardown(void **state)
{
	struct talk *t = *state;

	smtp_line_close(t->line);
	if (t->peer >= 0)
		(void)close(t->peer);
	smtp_reply_clear(&t->reply);
	free(t);
	return 0;
}

/* So many octets have come, or never will. */
static void
await(int fd, size_t len)
{
	int n = 0;

	for (int i = 0; i < 1000 && ioctl(fd, FIONREAD, &n) == 0 && (size_t)n < len; i++)
		clock_sleep_ms(1);
}

/* What has come to the peer is this, and nothing more. */
static void
expect_said(struct talk *t, const char *title, const char *want, size_t len)
{
	char *got = xmalloc(len + 2);
	ssize_t n = 0;

	await(t->peer, len);
	n = recv(t->peer, got, len + 1, MSG_DONTWAIT);
	got[n > 0 ? n : 0] = '\0';
	if (n != (len > 0 ? (ssize_t)len : -1) || memcmp(got, want, len) != 0)
		fail_msg("%s: got %zd \"%s\", want %zu \"%s\"", title, n, got, len, want);
	free(got);
}

static void
answer(struct talk *t, const char *text)
{
	const size_t len = strlen(text);
	int before = 0;

	assert_int_equal(ioctl(smtp_line_fd(t->line), FIONREAD, &before), 0);
	assert_int_equal(send(t->peer, text, len, 0), len);
	await(smtp_line_fd(t->line), (size_t)before + len);
}

static void
expect_reply(struct talk *t, int code, const char *text)
{
	if (!smtp_line_read_reply(t->line, &t->reply))
		fail_msg("%s", smtp_line_reason(t->line));
	assert_int_equal(t->reply.code, code);
	assert_string_equal(buf_text(&t->reply.text), text);
}

/* ---- saying -------------------------------------------------------------------------- */

static void
what_is_put_goes_out_in_its_order_when_it_is_pushed(void **state)
{
	static const char *const words[] = { "RCPT TO:<", "a@b.example", ">", NULL };
	static const char *const none[] = { NULL };
	static const char want[] =
	    "MAIL FROM:<x@y.example> SIZE=7\r\n"
	    "RCPT TO:<a@b.example>\r\nDATA\r\noctets\r\n\r\nQUIT\r\n";
	struct talk *t = *state;
	const size_t len = sizeof(want) - 1;

	assert_int_equal(smtp_line_queued(t->line), 0);
	assert_true(smtp_line_is_out(t->line, 0));
	smtp_line_write(t->line, false, "MAIL FROM:<%s> SIZE=%d", "x@y.example", 7);
	smtp_line_say(t->line, words);
	smtp_line_write(t->line, true, "DATA");
	smtp_line_write_bytes(t->line, "octets and more", 6);
	smtp_line_write_bytes(t->line, "none of these", 0);
	smtp_line_write_bytes(t->line, "\r\n", 2);
	smtp_line_say(t->line, none);
	smtp_line_write(t->line, false, "QUIT");
	smtp_line_write_bytes(t->line, "nor of these", 0);
	assert_int_equal(smtp_line_queued(t->line), len);
	expect_said(t, "before", "", 0);
	assert_false(smtp_line_is_out(t->line, 1));
	assert_int_equal(smtp_line_push(t->line), WIRE_DONE);
	expect_said(t, "all", want, len);
	assert_true(smtp_line_is_out(t->line, len));
	assert_false(smtp_line_is_out(t->line, len + 1));
	assert_int_equal(smtp_line_push(t->line), WIRE_DONE);
	expect_said(t, "again", "", 0);
	smtp_line_write(t->line, false, "NOOP");
	assert_int_equal(smtp_line_queued(t->line), len + 6);
	assert_true(smtp_line_flush(t->line));
	expect_said(t, "one more", "NOOP\r\n", 6);
}

/* RFC 5321 4.5.2: a dot in front of a line is doubled; 4.1.1.4: CRLF, a dot, CRLF end it. */
static const struct {
	const char *name, *pieces[4];
	bool as_it_is;
	const char *want;
} messages[] = {
	{ "ends in a line end", { "a\r\n" }, false, "a\r\n.\r\n" },
	{ "does not", { "a" }, false, "a\r\n.\r\n" },
	{ "ends in LF", { "a\n" }, false, "a\n\r\n.\r\n" },
	{ "ends in CR", { "a\r" }, false, "a\r\r\n.\r\n" },
	{ "is empty", { "" }, false, "\r\n.\r\n" },
	{ "is a line end", { "\r\n" }, false, "\r\n.\r\n" },
	{ "is LF", { "\n" }, false, "\n\r\n.\r\n" },
	{ "its end is in two pieces", { "a\r", "\n" }, false, "a\r\n.\r\n" },
	{ "and an empty one between", { "a\r", "", "\n", "" }, false, "a\r\n.\r\n" },
	{ "its end is of three pieces", { "a", "\r", "\n" }, false, "a\r\n.\r\n" },
	{ "LF after another letter", { "\r", "a", "\n" }, false, "\ra\n\r\n.\r\n" },
	{ "a dot in front", { ".a\r\n" }, false, "..a\r\n.\r\n" },
	{ "two dots in front", { "..\r\n" }, false, "...\r\n.\r\n" },
	{ "dots inside", { "a.b\r\nc.\r\n" }, false, "a.b\r\nc.\r\n.\r\n" },
	{ "dots on each line", { ".\r\n.\r\n\r\n.x" }, false,
	    "..\r\n..\r\n\r\n..x\r\n.\r\n" },
	{ "a dot in front of the second piece", { "a\r\n", ".b\r\n" }, false,
	    "a\r\n..b\r\n.\r\n" },
	{ "one that is no line", { "a", ".b\r\n" }, false, "a.b\r\n.\r\n" },
	{ "a dot behind an empty piece", { "a\r\n", "", ".b", ".c" }, false,
	    "a\r\n..b.c\r\n.\r\n" },
	{ "a dot alone", { "." }, false, "..\r\n.\r\n" },
	{ "a dot behind CR alone", { "a\r.b\r\n" }, false, "a\r.b\r\n.\r\n" },
	{ "nothing to stuff", { "a\r\n", "b\r\n" }, true, "a\r\nb\r\n.\r\n" },
};

static struct letter_piece
own_piece(const char *text)
{
	const size_t len = strlen(text);
	char *bytes = xmalloc(len > 0 ? len : 1);

	memcpy(bytes, text, len);
	return (struct letter_piece){ bytes, len };
}

static void
a_message_is_stuffed_and_ended(void **state)
{
	struct talk *t = *state;
	uint64_t total = 0;

	for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
		struct letter_piece pieces[4];
		size_t count = 0;
		const size_t len = strlen(messages[i].want);

		/* Each in memory of its own, so that whoever looks beside it is noticed. */
		for (; count < 4 && messages[i].pieces[count]; count++)
			pieces[count] = own_piece(messages[i].pieces[count]);
		smtp_line_write_message(t->line, pieces, count, !messages[i].as_it_is);
		total += len;
		if (smtp_line_queued(t->line) != total)
			fail_msg("%s: %d octets", messages[i].name,
			    (int)smtp_line_queued(t->line));
		assert_true(smtp_line_flush(t->line));
		expect_said(t, messages[i].name, messages[i].want, len);
		while (count > 0)
			free((void *)(uintptr_t)pieces[--count].bytes);
	}
}

/* A list of so many octets is the longest command; RFC 4954 4 wants 12,288 of a login. */
enum { LONGEST = 16 * 1024 - 1, ALL_COMMANDS = 256 * 1024 };

static void
a_command_that_is_too_long_ends_the_dialogue(void **state)
{
	struct talk *t = *state;
	char *text = xcalloc(1, LONGEST + 2);
	const char *const words[] = { text, "x", NULL };
	char *want = NULL;

	memset(text, 'x', LONGEST - 1);
	want = xasprintf("%sx\r\n%sx\r\n", text, text);
	smtp_line_say(t->line, words);
	text[LONGEST - 1] = 'x';
	smtp_line_write(t->line, false, "%s", text);
	assert_true(smtp_line_flush(t->line));
	expect_said(t, "the longest", want, strlen(want));
	smtp_line_write(t->line, false, "%sx", text);
	assert_int_equal(smtp_line_push(t->line), WIRE_LOST);
	assert_string_equal(smtp_line_reason(t->line), "a command that is too long");
	assert_false(smtp_line_flush(t->line));
	expect_said(t, "nothing more", "", 0);
	free(text);
	free(want);
}

static void
words_that_are_too_long_end_the_dialogue(void **state)
{
	struct talk *t = *state;
	char *text = xcalloc(1, LONGEST + 1);
	const char *const words[] = { text, "x", NULL };

	memset(text, 'x', LONGEST);
	smtp_line_say(t->line, words);
	assert_int_equal(smtp_line_push(t->line), WIRE_LOST);
	assert_string_equal(smtp_line_reason(t->line), "a command that is too long");
	free(text);
}

/* What waits is bounded: at most ALL_COMMANDS octets of commands. */
static void
commands_that_wait_have_a_ceiling(void **state)
{
	struct talk *t = *state;
	char *text = xcalloc(1, LONGEST);
	const char *const words[] = { text, NULL };

	/* Their line ends make 16 of them as large as the ceiling. */
	memset(text, 'x', LONGEST - 1);
	for (size_t round = 0; round < 2; round++) {
		for (size_t i = 0; i < 15; i++)
			smtp_line_say(t->line, words);
		assert_true(smtp_line_flush(t->line));
		for (size_t got = 0; got < 15 * (size_t)(LONGEST + 1);) {
			char bytes[8192];
			const ssize_t n = recv(t->peer, bytes, sizeof(bytes), 0);

			assert_true(n > 0);
			got += (size_t)n;
		}
	}
	for (size_t i = 0; i < 16; i++)
		smtp_line_write(t->line, false, "%s", text);
	smtp_line_write(t->line, false, "x");
	assert_int_equal(smtp_line_push(t->line), WIRE_LOST);
	assert_string_equal(smtp_line_reason(t->line), "a command that is too long");
	free(text);
}

/* Hears so many octets while the line is flushed. */
struct hearing {
	int peer;
	char *bytes;
	size_t want, got;
};

static void *
hear_much(void *arg)
{
	struct hearing *h = arg;

	while (h->got < h->want) {
		const ssize_t n = recv(h->peer, h->bytes + h->got, h->want - h->got, 0);

		if (n <= 0)
			break;
		h->got += (size_t)n;
	}
	return NULL;
}

/* Commands and octets of others, more than go at once and more than one call takes. */
static void
many_pieces_keep_their_order(void **state)
{
	static char large[100000];
	struct talk *t = *state;
	struct buf want = BUF_INIT(4 * MUCH);
	struct hearing h = { .peer = t->peer };
	pthread_t thread;

	memset(large, 'L', sizeof(large));
	for (int i = 0; i < 300; i++) {
		smtp_line_write(t->line, false, "command %d", i);
		buf_addf(&want, "command %d\r\n", i);
		if (i % 2 == 0)
			continue;
		smtp_line_write_bytes(t->line, large, i % 30 == 1 ? sizeof(large) : 3);
		buf_add(&want, large, i % 30 == 1 ? sizeof(large) : 3);
		/* Some of what was put is out by then. */
		if (i % 50 == 49)
			assert_int_not_equal(smtp_line_push(t->line), WIRE_LOST);
	}
	h.want = want.len;
	h.bytes = xmalloc(want.len);
	assert_int_equal(smtp_line_queued(t->line), want.len);
	assert_int_equal(pthread_create(&thread, NULL, hear_much, &h), 0);
	assert_true(smtp_line_flush(t->line));
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(h.got, want.len);
	assert_memory_equal(h.bytes, buf_text(&want), want.len);
	free(h.bytes);
	buf_clear(&want);
}

/* Text that stands behind octets of others whose number is the place of the text. */
static void
text_does_not_join_the_octets_of_others(void **state)
{
	struct talk *t = *state;
	char *others = xstrdup("1234");

	smtp_line_write(t->line, false, "ab");
	smtp_line_write_bytes(t->line, others, 4);
	smtp_line_write(t->line, false, "%s", "");
	assert_true(smtp_line_flush(t->line));
	expect_said(t, "three pieces", "ab\r\n1234\r\n", 10);
	free(others);
}

/* A call of the system for all commands that stand together, and for 64 pieces of others. */
static void
as_few_calls_as_can_be_are_made(void **state)
{
	static const struct {
		int commands, others, calls;
	} rows[] = { { 100, 0, 1 }, { 0, 64, 1 }, { 0, 65, 2 }, { 1, 63, 1 },
		{ 1, 64, 2 }, { 1, 127, 2 }, { 100, 128, 3 } };
	static const char octets[128];
	struct talk *t = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		for (int n = 0; n < rows[i].commands; n++)
			smtp_line_write(t->line, false, "%d", n);
		for (int n = 0; n < rows[i].others; n++)
			smtp_line_write_bytes(t->line, octets + n, 1);
		sends = 0;
		assert_int_equal(smtp_line_push(t->line), WIRE_DONE);
		assert_int_equal(sends, rows[i].calls);
	}
}

/* It is waited for room, and not for an answer. */
static void
a_flush_waits_for_room(void **state)
{
	struct talk *t = *state;

	smtp_line_begin(t->line, WAIT_MS, 50);
	smtp_line_write(t->line, false, "NOOP");
	failing_calls[0] = (struct failing_call){ "sendmsg", EAGAIN, 0 };
	assert_true(smtp_line_flush(t->line));
	expect_said(t, "all of it", "NOOP\r\n", 6);
	smtp_line_write(t->line, false, "NOOP");
	failing_calls[0] = (struct failing_call){ "sendmsg", EAGAIN, 0 };
	failing_calls[1] = (struct failing_call){ "poll", ENOMEM, 0 };
	assert_false(smtp_line_flush(t->line));
	assert_string_equal(smtp_line_reason(t->line), "Cannot allocate memory");
	failing_calls_clear();
}

/* Whatever part of it is taken at a time, it goes on where that ended. */
static void
what_is_taken_in_parts_keeps_its_order(void **state)
{
	static const char want[] =
	    "MAIL FROM:<a>\r\n0123456789RCPT TO:<b>\r\nabcDATA\r\n";
	static const size_t parts[] = { 1, 2, 3, 7, 14, 15, 16, 25, 26, 40 };
	struct talk *t = *state;

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		const uint64_t before = smtp_line_queued(t->line);
		uint64_t out = before;
		enum wire_state s = WIRE_WAITS;

		smtp_line_write(t->line, false, "MAIL FROM:<a>");
		smtp_line_write_bytes(t->line, "0123456789", 10);
		smtp_line_write(t->line, false, "RCPT TO:<b>");
		smtp_line_write_bytes(t->line, "abc", 3);
		send_most = parts[i];
		while (s == WIRE_WAITS) {
			s = smtp_line_push(t->line);
			/* What is put meanwhile comes behind it. */
			if (out == before)
				smtp_line_write(t->line, false, "DATA");
			out += parts[i];
			assert_true(smtp_line_is_out(t->line,
			    out < before + sizeof(want) - 1 ? out
							    : before + sizeof(want) - 1));
			assert_false(smtp_line_is_out(t->line, out + 1));
			assert_int_equal(smtp_line_wants(t->line),
			    LINE_WANTS_INPUT | (s == WIRE_WAITS ? LINE_WANTS_ROOM : 0));
		}
		send_most = 0;
		assert_int_equal(s, WIRE_DONE);
		expect_said(t, "all of it", want, sizeof(want) - 1);
	}
}

/* What is out is forgotten while some is still to be sent, and nothing of that is. */
static void
many_pieces_go_octet_by_octet(void **state)
{
	static char octets[150];
	struct talk *t = *state;
	struct buf want = BUF_INIT(10000);
	enum wire_state s = WIRE_WAITS;

	for (int i = 0; i < (int)sizeof(octets); i++) {
		octets[i] = (char)('!' + i % 90);
		smtp_line_write_bytes(t->line, &octets[i], 1);
		buf_addc(&want, octets[i]);
		if (i % 3 == 0) {
			smtp_line_write(t->line, false, "%d", i);
			buf_addf(&want, "%d\r\n", i);
		}
	}
	send_most = 1;
	for (size_t i = 0; i < want.len; i++) {
		assert_int_equal(s, WIRE_WAITS);
		s = smtp_line_push(t->line);
		assert_int_not_equal(s, WIRE_LOST);
	}
	send_most = 0;
	assert_int_equal(s, WIRE_DONE);
	smtp_line_write(t->line, false, "end");
	buf_adds(&want, "end\r\n");
	assert_int_equal(smtp_line_push(t->line), WIRE_DONE);
	expect_said(t, "all of it", buf_text(&want), want.len);
	buf_clear(&want);
}

static void
the_dialogue_is_logged_at_its_level_alone(void **state)
{
	static const char *const words[] = { "RCPT TO:<", "b>", NULL };
	static const struct {
		enum log_level level;
		const char *want;
	} rows[] = {
		{ LOG_LEVEL_WIRE,
		    "wire smtp: C: MAIL FROM:<a>\nwire smtp: C: RCPT TO:<b>\n"
		    "wire smtp: C: ...\nwire smtp: S: 250-one\nwire smtp: S: 250 two\n" },
		{ LOG_LEVEL_DEBUG, "" },
	};
	struct talk *t = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct heard_log log;
		bool heard = false;

		heard_log_begin(&log, rows[i].level);
		smtp_line_write(t->line, false, "MAIL FROM:<%s>", "a");
		smtp_line_say(t->line, words);
		smtp_line_write(t->line, true, "secret");
		answer(t, "250-one\r\n250 two\r\n");
		heard = smtp_line_read_reply(t->line, &t->reply);
		(void)heard_log_end(&log);
		assert_true(heard);
		assert_string_equal(log.text, rows[i].want);
	}
}

/* ---- hearing ------------------------------------------------------------------------- */

static void
a_reply_is_there_when_its_last_line_is(void **state)
{
	struct talk *t = *state;

	assert_int_equal(smtp_line_hear(t->line, &t->reply), WIRE_WAITS);
	assert_false(smtp_line_has_more(t->line));
	answer(t, "250-on");
	/* Before the network has said so, it is not asked. */
	assert_int_equal(smtp_line_hear(t->line, &t->reply), WIRE_WAITS);
	smtp_line_ready(t->line);
	assert_int_equal(smtp_line_hear(t->line, &t->reply), WIRE_WAITS);
	assert_false(smtp_line_has_more(t->line));
	answer(t, "e\r\n250 two\n354 more\r\n55");
	assert_int_equal(smtp_line_hear(t->line, &t->reply), WIRE_WAITS);
	smtp_line_ready(t->line);
	assert_int_equal(smtp_line_hear(t->line, &t->reply), WIRE_DONE);
	assert_int_equal(t->reply.code, 250);
	assert_string_equal(buf_text(&t->reply.text), "one\ntwo\n");
	assert_true(smtp_line_has_more(t->line));
	assert_int_equal(smtp_line_hear(t->line, &t->reply), WIRE_DONE);
	assert_int_equal(t->reply.code, 354);
	assert_string_equal(buf_text(&t->reply.text), "more\n");
	assert_false(smtp_line_has_more(t->line));
	answer(t, "0 no\r\n");
	expect_reply(t, 550, "no\n");
}

/* What was heard earlier stands behind it, and is none of it. */
static void
lines_that_come_apart_are_of_one_reply(void **state)
{
	struct talk *t = *state;

	answer(t, "250 ab\r\n250 cd\r\n");
	expect_reply(t, 250, "ab\n");
	assert_true(smtp_line_has_more(t->line));
	expect_reply(t, 250, "cd\n");
	answer(t, "250 x\r\n25");
	expect_reply(t, 250, "x\n");
	assert_false(smtp_line_has_more(t->line));
	answer(t, "0-one\r\n");
	smtp_line_ready(t->line);
	assert_int_equal(smtp_line_hear(t->line, &t->reply), WIRE_WAITS);
	answer(t, "250-two\r\n");
	smtp_line_ready(t->line);
	assert_int_equal(smtp_line_hear(t->line, &t->reply), WIRE_WAITS);
	answer(t, "250 three\r\n");
	expect_reply(t, 250, "one\ntwo\nthree\n");
}

/* Such a line is heard to its end, and then the next reply can be. */
static void
what_is_no_reply_is_told_and_the_next_is_heard(void **state)
{
	struct talk *t = *state;
	struct buf longer = BUF_INIT(10000);

	buf_adds(&longer, "250 ");
	for (int i = 0; i < 6000; i++)
		buf_addc(&longer, 'x');
	const char *const odd[] = { "hello\r\n", "\r\n", "\n", buf_text(&longer) };

	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		answer(t, odd[i]);
		answer(t, i == 3 ? "\r\n250 ok\r\n" : "250 ok\r\n");
		assert_false(smtp_line_read_reply(t->line, &t->reply));
		assert_string_equal(smtp_line_reason(t->line),
		    "the server answered something that is no reply");
		expect_reply(t, 250, "ok\n");
		assert_string_equal(smtp_line_reason(t->line), "");
	}
	buf_clear(&longer);
}

static void
the_longest_line_is_heard_and_a_longer_one_is_no_reply(void **state)
{
	struct talk *t = *state;
	char line[LIMIT_REPLY_LINE + 4];

	memset(line, 'x', sizeof(line));
	memcpy(line, "250 ", 4);
	memcpy(line + LIMIT_REPLY_LINE, "\r\n", 3);
	answer(t, line);
	assert_true(smtp_line_read_reply(t->line, &t->reply));
	assert_int_equal(t->reply.text.len, LIMIT_REPLY_LINE - 4 + 1);
	/* Also when its end comes later. */
	line[LIMIT_REPLY_LINE + 1] = '\0';
	answer(t, line);
	assert_int_equal(smtp_line_hear(t->line, &t->reply), WIRE_WAITS);
	answer(t, "\n");
	assert_true(smtp_line_read_reply(t->line, &t->reply));
	assert_int_equal(t->reply.text.len, LIMIT_REPLY_LINE - 4 + 1);
	memcpy(line + LIMIT_REPLY_LINE, "x\r\n", 4);
	answer(t, line);
	assert_false(smtp_line_read_reply(t->line, &t->reply));
	answer(t, "250 ok\r\n");
	expect_reply(t, 250, "ok\n");
}

/* As much as there is room for was heard at once: there may be more. */
static void
a_full_room_is_not_the_end_of_what_came(void **state)
{
	enum { FULL = 2 * LIMIT_REPLY_LINE / 8 };
	struct talk *t = *state;
	struct buf replies = BUF_INIT(2 * LIMIT_REPLY_LINE + 8);

	for (int i = 0; i < FULL + 1; i++)
		buf_adds(&replies, "250 ok\r\n");
	answer(t, buf_text(&replies));
	buf_clear(&replies);
	for (int i = 0; i < FULL + 1; i++)
		assert_int_equal(smtp_line_hear(t->line, &t->reply), WIRE_DONE);
	assert_int_equal(smtp_line_hear(t->line, &t->reply), WIRE_WAITS);
}

/* In one exchange: twice what one reply may have. */
static void
a_server_that_talks_without_end_is_not_heard_for_ever(void **state)
{
	enum { LINE = 1024, REPLIES = 2 * LIMIT_REPLY_TOTAL / LINE };
	struct talk *t = *state;
	char line[LINE + 1];

	memset(line, 'x', LINE);
	memcpy(line, "250 ", 4);
	memcpy(line + LINE - 2, "\r\n", 3);
	for (int i = 0; i < REPLIES; i++) {
		answer(t, line);
		assert_true(smtp_line_read_reply(t->line, &t->reply));
	}
	answer(t, line);
	assert_false(smtp_line_read_reply(t->line, &t->reply));
	assert_string_equal(smtp_line_reason(t->line), "the server talks without end");
}

static void
a_question_is_said_and_its_answer_heard(void **state)
{
	struct talk *t = *state;

	smtp_line_write(t->line, false, "EHLO x");
	assert_int_equal(smtp_line_ask(t->line, &t->reply), WIRE_WAITS);
	expect_said(t, "asked", "EHLO x\r\n", 8);
	answer(t, "250 hello\r\n");
	smtp_line_ready(t->line);
	assert_int_equal(smtp_line_ask(t->line, &t->reply), WIRE_DONE);
	assert_string_equal(buf_text(&t->reply.text), "hello\n");
	answer(t, "221 bye\r\n");
	smtp_line_ready(t->line);
	assert_int_equal(smtp_line_hear_meanwhile(t->line, &t->reply), WIRE_DONE);
	assert_int_equal(t->reply.code, 221);
}

/* ---- waiting ------------------------------------------------------------------------- */

static void
what_is_waited_for(void **state)
{
	static char large[8 * MUCH];
	struct talk *t = *state;
	struct buf replies = BUF_INIT(4 * LIMIT_REPLY_LINE);

	assert_int_equal(smtp_line_wants(t->line), LINE_WANTS_INPUT);
	smtp_line_write_bytes(t->line, large, sizeof(large));
	assert_int_equal(smtp_line_wants(t->line), LINE_WANTS_INPUT);
	assert_int_equal(smtp_line_push(t->line), WIRE_WAITS);
	assert_int_equal(smtp_line_wants(t->line), LINE_WANTS_INPUT | LINE_WANTS_ROOM);
	/* What it says meanwhile is kept. */
	answer(t, "452 too much\r\n");
	smtp_line_ready(t->line);
	assert_int_equal(smtp_line_push(t->line), WIRE_WAITS);
	assert_true(smtp_line_has_more(t->line));
	assert_int_equal(smtp_line_hear_meanwhile(t->line, &t->reply), WIRE_DONE);
	assert_int_equal(t->reply.code, 452);
	/* As much as there is room for; then no more is asked for. */
	for (int i = 0; i < 4 * LIMIT_REPLY_LINE / 8; i++)
		buf_adds(&replies, "250 ok\r\n");
	answer(t, buf_text(&replies));
	buf_clear(&replies);
	for (int i = 0; i < 10; i++) {
		smtp_line_ready(t->line);
		assert_int_equal(smtp_line_push(t->line), WIRE_WAITS);
	}
	assert_int_equal(smtp_line_wants(t->line), LINE_WANTS_ROOM);
	expect_reply(t, 250, "ok\n");
	assert_int_equal(smtp_line_wants(t->line), LINE_WANTS_INPUT | LINE_WANTS_ROOM);
	/* The peer takes no more, and is heard on. */
	smtp_line_expire(t->line, INT64_MAX);
	assert_string_equal(smtp_line_reason(t->line),
	    "timed out: it took too long in all");
	assert_int_equal(smtp_line_wants(t->line), LINE_WANTS_INPUT);
	assert_int_equal(smtp_line_push(t->line), WIRE_LOST);
	assert_int_equal(smtp_line_hear_meanwhile(t->line, &t->reply), WIRE_DONE);
	assert_false(smtp_line_still_sends(t->line));
	smtp_line_give_up(t->line);
	assert_int_equal(smtp_line_wants(t->line), 0);
	/* From an end on there is new patience with what is on its way. */
	smtp_line_end(t->line);
	assert_true(smtp_line_still_sends(t->line));
	smtp_line_give_up(t->line);
	assert_false(smtp_line_still_sends(t->line));
}

static void
who_says_nothing_is_not_heard_any_more(void **state)
{
	struct talk *t = *state;

	smtp_line_give_up(t->line);
	assert_int_equal(smtp_line_wants(t->line), 0);
	answer(t, "250 late\r\n");
	assert_int_equal(smtp_line_hear(t->line, &t->reply), WIRE_LOST);
	assert_string_equal(smtp_line_reason(t->line),
	    "stopped: nobody waits any longer");
	/* It can still be told. */
	smtp_line_write(t->line, false, "QUIT");
	assert_int_equal(smtp_line_push(t->line), WIRE_DONE);
	expect_said(t, "quit", "QUIT\r\n", 6);
	smtp_line_end(t->line);
	smtp_line_write(t->line, false, "QUIT");
	assert_int_equal(smtp_line_push(t->line), WIRE_LOST);
	assert_int_equal(smtp_line_queued(t->line), 12);
	expect_said(t, "nothing", "", 0);
}

static void
a_silence_ends_the_hearing(void **state)
{
	struct talk *t = *state;

	smtp_line_begin(t->line, WAIT_MS, 20);
	assert_false(smtp_line_read_reply(t->line, &t->reply));
	assert_string_equal(smtp_line_reason(t->line), "timed out: nothing was heard");
	answer(t, "250 late\r\n");
	assert_false(smtp_line_read_reply(t->line, &t->reply));
}

/* RFC 3207 4.2: what came in the clear behind the answer is no answer of the server's. */
static void
what_came_before_tls_is_forgotten(void **state)
{
	struct talk *t = *state;
	struct identity own;
	struct err err = ERR_INIT;
	struct wire_trust *trust = NULL;
	unsigned char name[WIRE_BINDING_MAX];
	size_t len = 0;
	struct tls_server s = { .id = &own, .priority = "NORMAL", .fd = t->peer };

	identity_init(&own);
	trust = wire_trust_new(NULL, &own.demand, &err);
	assert_non_null(trust);
	answer(t, "220 go\r\n250 evil\r\n");
	expect_reply(t, 220, "go\n");
	assert_true(smtp_line_has_more(t->line));
	assert_true(wire_is_local(smtp_line_wire(t->line)));
	assert_false(wire_is_encrypted(smtp_line_wire(t->line)));
	assert_int_equal(wire_binding(smtp_line_wire(t->line), name, &len),
	    WIRE_BINDING_NONE);
	begin_server(&s);
	assert_true(smtp_line_start_tls(t->line, trust, "localhost", &err));
	assert_int_equal(pthread_join(s.thread, NULL), 0);
	assert_false(smtp_line_has_more(t->line));
	assert_true(wire_is_encrypted(smtp_line_wire(t->line)));
	assert_int_not_equal(wire_binding(smtp_line_wire(t->line), name, &len),
	    WIRE_BINDING_NONE);
	assert_int_equal(gnutls_record_send(s.session, "250 good\r\n", 10), 10);
	expect_reply(t, 250, "good\n");
	/* One record may be read with more behind it. */
	assert_int_equal(gnutls_record_send(s.session, "250 one\r\n", 9), 9);
	assert_int_equal(gnutls_record_send(s.session, "250 two\r\n", 9), 9);
	await(smtp_line_fd(t->line), 50);
	smtp_line_ready(t->line);
	assert_int_equal(smtp_line_hear(t->line, &t->reply), WIRE_DONE);
	assert_int_equal(smtp_line_hear(t->line, &t->reply), WIRE_DONE);
	assert_string_equal(buf_text(&t->reply.text), "two\n");
	gnutls_deinit(s.session);
	wire_trust_free(trust);
	gnutls_certificate_free_credentials(own.credentials);
}

static void
nobody_who_answers_is_an_error(void **state)
{
	struct err err = ERR_INIT;
	int port = 0;
	const int listener = listen_here(0, 1, &port);

	(void)state;
	(void)close(listener);
	assert_null(
	    smtp_line_open(&(struct wire_target){ .host = "127.0.0.1", .port = port },
		WAIT_MS, &err));
	assert_int_equal(err.kind, ERR_TEMPORARY);
	smtp_line_close(NULL);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(what_is_put_goes_out_in_its_order_when_it_is_pushed),
		T(a_message_is_stuffed_and_ended),
		T(a_command_that_is_too_long_ends_the_dialogue),
		T(words_that_are_too_long_end_the_dialogue),
		T(commands_that_wait_have_a_ceiling),
		cmocka_unit_test_setup_teardown(many_pieces_keep_their_order,
		    setup_narrow, teardown),
		T(text_does_not_join_the_octets_of_others),
		T(as_few_calls_as_can_be_are_made),
		T(a_flush_waits_for_room),
		T(what_is_taken_in_parts_keeps_its_order),
		T(many_pieces_go_octet_by_octet),
		T(the_dialogue_is_logged_at_its_level_alone),
		T(a_reply_is_there_when_its_last_line_is),
		T(lines_that_come_apart_are_of_one_reply),
		T(what_is_no_reply_is_told_and_the_next_is_heard),
		T(the_longest_line_is_heard_and_a_longer_one_is_no_reply),
		T(a_full_room_is_not_the_end_of_what_came),
		T(a_server_that_talks_without_end_is_not_heard_for_ever),
		T(a_question_is_said_and_its_answer_heard),
		cmocka_unit_test_setup_teardown(what_is_waited_for, setup_narrow,
		    teardown),
		T(who_says_nothing_is_not_heard_any_more),
		T(a_silence_ends_the_hearing),
		T(what_came_before_tls_is_forgotten),
		cmocka_unit_test(nobody_who_answers_is_an_error),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}

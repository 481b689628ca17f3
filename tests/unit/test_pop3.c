/* SPDX-License-Identifier: ISC */
/* A mailbox over POP3 under TLS: read, deleted when done, and servers that are not trusted. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/limits.h"
#include "child.h"
#include "transport/mailbox.h"
#include "unit/scratch.h"

static char dir[64];
static char pki[80];
static char ca_file[96];

struct server {
	pid_t pid;
	char folder[80];
	char source[64];
};

static void
put(const struct server *s, const char *name, const char *text)
{
	char path[160];
	struct err err = ERR_INIT;

	(void)snprintf(path, sizeof(path), "%s/%s", s->folder, name);
	if (!file_create(path, text, strlen(text), 0600, &err))
		fail_msg("%s", err.text);
}

static void
start(struct server *s, const char *name, const char *cert, const char *mode)
{
	const char *args[] = { "python3", "tests/servers/pop3d.py", pki, cert, s->folder,
		mode, NULL };
	char port[16] = "";
	int out[2] = { -1, -1 };
	size_t n = 0;

	(void)snprintf(s->folder, sizeof(s->folder), "%s/%s", dir, name);
	assert_int_equal(mkdir(s->folder, 0700), 0);
	put(s, "1", "From: a\n\n.dot\nfirst\n");
	put(s, "2", "From: b\n\nsecond\n");
	assert_int_equal(pipe(out), 0);
	s->pid = child_start(args, out[1]);
	(void)close(out[1]);
	while (n < sizeof(port) - 1 && read(out[0], port + n, 1) == 1 && port[n] != '\n')
		n++;
	(void)close(out[0]);
	(void)snprintf(s->source, sizeof(s->source), "pop3s://localhost:%ld",
	    strtol(port, NULL, 10));
}

static void
stop(const struct server *s)
{
	(void)kill(s->pid, SIGKILL);
	(void)waitpid(s->pid, NULL, 0);
}

static struct mailbox_reader *
try_open(const struct server *s, const char *password, struct err *err)
{
	const struct mailbox_login login = { "ann", password, ca_file };

	return mailbox_open(s->source, &login, err);
}

static void
messages_are_read_and_deleted_when_done(void **state)
{
	struct server s;
	struct err err = ERR_INIT;
	struct buf b = BUF_INIT(2 * LIMIT_INCOMING_READ);
	struct mailbox_reader *m = NULL;
	bool more = false;
	char path[160];

	(void)state;
	start(&s, "good", "good", "");
	m = try_open(&s, "secret", &err);
	if (!m)
		fail_msg("%s %s", err.text, err.why);
	assert_true(mailbox_next(m, &b, &more, &err) && more);
	assert_string_equal(buf_text(&b), "From: a\r\n\r\n.dot\r\nfirst\r\n");
	assert_true(mailbox_done(m, &err));
	assert_true(mailbox_next(m, &b, &more, &err) && more);
	assert_string_equal(buf_text(&b), "From: b\r\n\r\nsecond\r\n");
	assert_true(mailbox_next(m, &b, &more, &err));
	assert_false(more);
	assert_true(mailbox_close(m, &err));
	(void)snprintf(path, sizeof(path), "%s/1", s.folder);
	assert_false(file_exists(path));
	(void)snprintf(path, sizeof(path), "%s/2", s.folder);
	assert_true(file_exists(path));
	buf_clear(&b);
	stop(&s);
}

/* One that nobody would hear to its end stands in no other's way, and stays. */
static void
a_message_too_large_is_passed_over(void **state)
{
	static const char *const modes[] = { "large", "mute" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		struct server s;
		struct err err = ERR_INIT;
		struct buf b = BUF_INIT(2 * LIMIT_INCOMING_READ);
		struct mailbox_reader *m = NULL;
		bool more = false;
		char path[160];

		start(&s, modes[i], "good", modes[i]);
		m = try_open(&s, "secret", &err);
		if (!m)
			fail_msg("%s: %s %s", modes[i], err.text, err.why);
		if (i == 1)
			assert_true(mailbox_next(m, &b, &more, &err) && more);
		assert_true(mailbox_next(m, &b, &more, &err) && more);
		assert_string_equal(buf_text(&b), "From: b\r\n\r\nsecond\r\n");
		assert_true(mailbox_next(m, &b, &more, &err));
		assert_false(more);
		assert_true(mailbox_done(m, &err));
		assert_true(mailbox_close(m, &err));
		(void)snprintf(path, sizeof(path), "%s/1", s.folder);
		assert_int_equal(file_exists(path), i == 0);
		(void)snprintf(path, sizeof(path), "%s/2", s.folder);
		assert_false(file_exists(path));
		buf_clear(&b);
		stop(&s);
	}
}

/* 40 MB on the wire of a message that is within the limit by its size. */
static void
dots_that_are_doubled_on_the_wire_do_not_break_a_session(void **state)
{
	struct server s;
	struct err err = ERR_INIT;
	struct buf b = BUF_INIT(2 * LIMIT_INCOMING_READ);
	struct mailbox_reader *m = NULL;
	bool more = false;

	(void)state;
	start(&s, "dots", "good", "dots");
	m = try_open(&s, "secret", &err);
	assert_non_null(m);
	if (!mailbox_next(m, &b, &more, &err) || !more)
		fail_msg("%s %s", err.text, err.why);
	assert_memory_equal(buf_text(&b), ".\r\n.\r\n", 6);
	assert_true(mailbox_next(m, &b, &more, &err) && more);
	assert_string_equal(buf_text(&b), "From: b\r\n\r\nsecond\r\n");
	assert_int_equal(mailbox_broke_at(m), 0);
	assert_true(mailbox_close(m, &err));
	buf_clear(&b);
	stop(&s);
}

static void
a_message_that_breaks_a_session_is_passed_over_in_the_next(void **state)
{
	struct server s;
	struct err err = ERR_INIT;
	struct buf b = BUF_INIT(2 * LIMIT_INCOMING_READ);
	struct mailbox_reader *m = NULL;
	bool more = false;
	char path[160];

	(void)state;
	start(&s, "hole", "good", "hole");
	m = try_open(&s, "secret", &err);
	assert_non_null(m);
	assert_false(mailbox_next(m, &b, &more, &err));
	assert_int_equal(mailbox_broke_at(m), 1);
	assert_true(mailbox_close(m, &err));
	err_clear(&err);
	m = try_open(&s, "secret", &err);
	assert_non_null(m);
	mailbox_pass_over(m, 1);
	assert_true(mailbox_next(m, &b, &more, &err) && more);
	assert_string_equal(buf_text(&b), "From: b\r\n\r\nsecond\r\n");
	assert_true(mailbox_next(m, &b, &more, &err));
	assert_false(more);
	assert_true(mailbox_done(m, &err));
	assert_true(mailbox_close(m, &err));
	(void)snprintf(path, sizeof(path), "%s/1", s.folder);
	assert_true(file_exists(path));
	(void)snprintf(path, sizeof(path), "%s/2", s.folder);
	assert_false(file_exists(path));
	buf_clear(&b);
	stop(&s);
}

static void
who_is_not_trusted_learns_no_password(void **state)
{
	static const char *const certs[] = { "selfsigned", "wrong", "expired" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(certs); i++) {
		struct server s;
		struct err err = ERR_INIT;

		start(&s, certs[i], certs[i], "");
		if (try_open(&s, "secret", &err))
			fail_msg("%s: opened", certs[i]);
		if (err.kind != ERR_PERMANENT)
			fail_msg("%s: got kind %d (%s)", certs[i], err.kind, err.text);
		stop(&s);
	}
}

static void
a_wrong_password_is_said_in_the_servers_words(void **state)
{
	struct server s;
	struct err err = ERR_INIT;

	(void)state;
	start(&s, "password", "good", "");
	assert_null(try_open(&s, "guess", &err));
	assert_int_equal(err.kind, ERR_PERMANENT);
	assert_non_null(strstr(err.why, "who are you?"));
	err_clear(&err);
	/* A line break in it would be a command of its own. */
	assert_null(try_open(&s, "secret\r\nDELE 1", &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	stop(&s);
}

static void
a_server_that_breaks_off_or_never_ends_stops_the_session(void **state)
{
	static const char *const modes[] = { "drop", "endless" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		struct server s;
		struct err err = ERR_INIT;
		struct buf b = BUF_INIT(2 * LIMIT_INCOMING_READ);
		struct mailbox_reader *m = NULL;
		bool more = true;

		start(&s, modes[i], "good", modes[i]);
		m = try_open(&s, "secret", &err);
		assert_non_null(m);
		if (mailbox_next(m, &b, &more, &err))
			fail_msg("%s: read", modes[i]);
		if (err.kind != ERR_TEMPORARY || more)
			fail_msg("%s: got kind %d", modes[i], err.kind);
		assert_true(b.len <= LIMIT_INCOMING_READ);
		assert_true(mailbox_close(m, &err));
		buf_clear(&b);
		stop(&s);
	}
}

static int
group_setup(void **state)
{
	const char *args[] = { "sh", "tests/servers/mkpki.sh", pki, NULL };

	(void)state;
	if (!scratch_folder(dir, sizeof(dir)))
		return -1;
	(void)snprintf(pki, sizeof(pki), "%s/pki", dir);
	(void)snprintf(ca_file, sizeof(ca_file), "%s/ca.crt", pki);
	return child_run(args, NULL) == 0 ? 0 : -1;
}

static int
group_teardown(void **state)
{
	const char *args[] = { "rm", "-rf", dir, NULL };

	(void)state;
	return child_run(args, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_are_read_and_deleted_when_done),
		cmocka_unit_test(a_message_too_large_is_passed_over),
		cmocka_unit_test(
		    dots_that_are_doubled_on_the_wire_do_not_break_a_session),
		cmocka_unit_test(
		    a_message_that_breaks_a_session_is_passed_over_in_the_next),
		cmocka_unit_test(who_is_not_trusted_learns_no_password),
		cmocka_unit_test(a_wrong_password_is_said_in_the_servers_words),
		cmocka_unit_test(
		    a_server_that_breaks_off_or_never_ends_stops_the_session),
	};

	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}

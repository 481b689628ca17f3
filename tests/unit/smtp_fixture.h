/* SPDX-License-Identifier: ISC */
/* A run of the SMTP or LMTP transport against tests/servers/smtpd.py, which misbehaves on demand. */
#ifndef SMTP_FIXTURE_H
#define SMTP_FIXTURE_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "unit/child.h"
#include "unit/letters.h"
#include "unit/occurrences.h"
#include "unit/scratch.h"

#define NOON INT64_C(1795521600) /* 2026-11-24 12:00:00 UTC */

static const char *const three[] = { "ann@example.org", "bo@example.org",
	"cy@example.org" };

struct bench {
	struct arena *arena;
	char dir[32];
	struct config config;
	struct transport_settings t;
	const char *passwords[4];
	struct letters letters;
	struct err err;
	char *log; /* the server's, after run() */
};

/* Certificates and the server are made once for all tests; a file tells it what to do. */
static char shared[40];
static char pki[64];
static char control[64];
static pid_t server;
static int64_t server_port;

static inline bool
start_server(void)
{
	const char *args[] = { "python3", "tests/servers/smtpd.py", "--control", control,
		NULL };
	int out[2] = { -1, -1 };
	char port[16] = "";
	size_t n = 0;

	if (pipe(out) != 0 || fcntl(out[0], F_SETFD, FD_CLOEXEC) != 0)
		return false;
	server = child_start(args, out[1]);
	(void)close(out[1]);
	while (n < sizeof(port) - 1 && read(out[0], port + n, 1) == 1 && port[n] != '\n')
		n++;
	(void)close(out[0]);
	server_port = strtol(port, NULL, 10);
	return server > 0 && server_port > 0;
}

static inline int
group_setup(void **state)
{
	const char *args[] = { "sh", "tests/servers/mkpki.sh", pki, NULL };

	(void)state;
	if (!scratch_folder(shared, sizeof(shared)))
		return -1;
	(void)snprintf(pki, sizeof(pki), "%s/pki", shared);
	(void)snprintf(control, sizeof(control), "%s/control", shared);
	return child_run(args, NULL) == 0 && start_server() ? 0 : -1;
}

static inline int
group_teardown(void **state)
{
	(void)state;
	if (server > 0) {
		(void)kill(server, SIGKILL);
		(void)waitpid(server, NULL, 0);
	}
	scratch_remove(shared);
	return 0;
}

static inline int
setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	if (!b)
		return -1;
	b->arena = arena_new();
	if (!scratch_folder(b->dir, sizeof(b->dir)))
		return -1;
	b->config.transport.method = TRANSPORT_SMTP;
	b->config.transport.lmtp = "";
	b->config.smtp.host = "localhost";
	b->config.smtp.security = SECURITY_NONE;
	b->config.smtp.user = "";
	b->config.smtp.helo = "";
	b->config.smtp.domains = "";
	b->config.smtp.share = 1;
	b->config.smtp.ca_file = arena_printf(b->arena, "%s/ca.crt", pki);
	b->config.smtp.connections = 1;
	b->config.smtp.timeout = 10;
	b->t = (struct transport_settings){ .config = &b->config,
		.passwords = b->passwords,
		.host_name = "host.example",
		.now = NOON };
	letters_init(&b->letters, three, 3);
	*state = b;
	return 0;
}

static inline int
teardown(void **state)
{
	struct bench *b = *state;

	scratch_remove(b->dir);
	buf_clear(&b->letters.bytes);
	free(b->log);
	arena_free(b->arena);
	free(b);
	return 0;
}

/* Tells the server how to behave: modes, joined by ";". */
static inline void
serve(struct bench *b, const char *modes)
{
	char *text = arena_printf(b->arena, "%s\npki=%s\n%s\n", b->dir, pki, modes);
	struct err err = ERR_INIT;

	for (char *p = text; *p != '\0'; p++)
		if (*p == ';')
			*p = '\n';
	if (*modes == '\0')
		text[strlen(text) - 1] = '\0';
	assert_true(file_write(control, text, strlen(text), 0600, &err));
	b->config.smtp.port = server_port;
}

static inline void
read_log(struct bench *b)
{
	struct buf text = BUF_INIT(1 << 22);
	struct err err = ERR_INIT;
	char *path = file_join(b->dir, "log");

	free(b->log);
	b->log = NULL;
	if (!file_exists(path) || file_read(path, &text, &err))
		b->log = buf_take(&text);
	free(path);
	assert_non_null(b->log);
}

static inline size_t
count_of(struct bench *b, const char *what)
{
	return occurrences(b->log, what);
}

/* True as transport_run; the contract was kept, and the server saw nothing wrong. */
static inline bool
run(struct bench *b)
{
	struct letter_source src = letters_source(&b->letters);
	bool ok = transport_run(&b->t, &src, &b->err);
	const char *broken = letters_broken(&b->letters);

	if (broken)
		fail_msg("%s", broken);
	if (ok == err_is_set(&b->err))
		fail_msg("got %d with error \"%s\"", ok, b->err.text);
	read_log(b);
	if (count_of(b, "wrong") > 0)
		fail_msg("the server saw: %s", b->log);
	return ok;
}

static inline void
expect_kind(struct bench *b, size_t i, enum outcome_kind want)
{
	if (b->letters.kinds[i] != want)
		fail_msg(
		    "letter %zu: got outcome %d (%s), want %d; error \"%s\"; log:\n%s", i,
		    (int)b->letters.kinds[i], b->letters.replies[i], (int)want,
		    b->err.text, b->log);
}

static inline void
expect_count(struct bench *b, const char *what, size_t want)
{
	if (count_of(b, what) != want)
		fail_msg("\"%s\": got %zu, want %zu; error \"%s\"; log:\n%s", what,
		    count_of(b, what), want, b->err.text, b->log);
}

static inline void
expect_all_sent(struct bench *b)
{
	if (!run(b))
		fail_msg("%s (%s); log:\n%s", b->err.text, b->err.why, b->log);
	for (size_t i = 0; i < b->letters.count; i++) {
		const char *to = arena_printf(b->arena, " %s ", b->letters.recipients[i]);

		expect_kind(b, i, OUTCOME_SENT);
		expect_count(b, to, 1);
	}
}

/* The run ends with this kind of error and words in it; the first letter is deferred. */
static inline void
expect_failure(struct bench *b, enum err_kind kind, const char *words)
{
	char told[sizeof(struct err)];

	if (run(b))
		fail_msg("got no error; log:\n%s", b->log);
	(void)snprintf(told, sizeof(told), "%s|%s", b->err.text, b->err.why);
	if (b->err.kind != kind || !strstr(told, words))
		fail_msg("got %d \"%s\", want %d \"%s\"", (int)b->err.kind, told,
		    (int)kind, words);
	expect_kind(b, 0, OUTCOME_DEFERRED);
	expect_count(b, "accepted", 0);
}

/* Another run, with three new letters and an empty log. */
static inline void
begin_again(struct bench *b)
{
	err_clear(&b->err);
	buf_clear(&b->letters.bytes);
	letters_init(&b->letters, three, 3);
	(void)unlink(arena_printf(b->arena, "%s/log", b->dir));
}

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Where passwords come from: a file, the service manager's credentials, a command, or (in a
 * file that others cannot read) the configuration.  They are never logged.
 */
#include "flow/password.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/spawn.h"
#include "config/relays.h"
#include "flow/context.h"
#include "transport/transport.h"

enum {
	PASSWORD_MAX = 8 * 1024, /* an access token has some thousand octets */
	WORDS_MAX = 32,
	LOOK_UP_MS = 200,   /* so soon a signal is seen */
	LAST_WORD_MS = 1000 /* from SIGTERM to SIGKILL */
};

static const char *
first_line(struct arena *a, const struct buf *b)
{
	const char *text = buf_text(b);

	return arena_strndup(a, text, strcspn(text, "\r\n"));
}

static bool
from_file(struct run *run, const char *section, const char *path, const char **out,
    struct err *err)
{
	struct buf b = BUF_INIT(PASSWORD_MAX);
	mode_t mode = 0;
	bool ok = false;

	if (file_is_exposed(path, &mode) && (mode & S_IROTH)) {
		err_set(err, ERR_CONFIG,
		    "%s holds a password and others can read it (mode %04o)", path,
		    (unsigned)(mode & 07777));
		err_hint(err, "chmod 640 %s", path);
	} else if (file_read(path, &b, err)) {
		*out = first_line(run->arena, &b);
		ok = true;
	}
	buf_clear(&b);
	if (!ok)
		err->kind = ERR_CONFIG;
	return ok || err_wrap(err, "%s.password_file", section);
}

/* Waits for more of its output, or the end of it; looks up now and then. */
static bool
wait_readable(const struct run *run, int fd, int64_t deadline_ms, struct err *err)
{
	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		const int64_t left = deadline_ms - clock_ticks_ms();

		if (run->interrupted())
			return err_set(err, ERR_TEMPORARY, "interrupted");
		if (left <= 0) {
			(void)err_set(err, ERR_TEMPORARY, "no password after %lld s",
			    (long long)run->config->smtp.timeout);
			return err_hint(err, "it has as long as smtp.timeout says");
		}
		if (poll(&p, 1, left < LOOK_UP_MS ? (int)left : LOOK_UP_MS) > 0)
			return true;
	}
}

static bool
read_all(const struct run *run, int fd, int64_t deadline_ms, struct buf *b,
    struct err *err)
{
	char room[256];
	ssize_t n = 1;

	while (n != 0) {
		if (!wait_readable(run, fd, deadline_ms, err))
			return false;
		n = read(fd, room, sizeof(room));
		if (n < 0 && errno != EINTR)
			return err_errno(err, "its output");
		if (n > 0)
			buf_add(b, room, (size_t)n);
		if (buf_is_full(b))
			return err_set(err, ERR_LIMIT, "more than %d bytes",
			    PASSWORD_MAX);
	}
	return true;
}

/* Its end; a command that was not heard out is asked to go, then killed. */
static bool
end_command(pid_t pid, bool heard, int64_t deadline_ms, const char *name, struct err *err)
{
	int status = 0;
	bool ended = false;

	if (!heard) {
		(void)kill(pid, SIGTERM);
		deadline_ms = clock_ticks_ms() + LAST_WORD_MS;
	}
	ended = spawn_wait(pid, deadline_ms, &status);
	if (!heard)
		return false;
	if (!ended)
		return err_set(err, ERR_TEMPORARY, "%s did not end in time", name);
	return status == 0 ||
	    err_set(err, ERR_CONFIG, "%s did not succeed (status %d)", name,
		WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static bool
run_command(const struct run *run, char **argv, struct buf *b, struct err *err)
{
	const int64_t deadline_ms = clock_ticks_ms() + run->config->smtp.timeout * 1000;
	int ends[2] = { -1, -1 };
	pid_t pid = -1;
	bool started = false;
	bool ok = false;

	if (!spawn_pipe(ends, err))
		return false;
	started =
	    spawn_start(argv, &(struct spawn_files){ -1, ends[1], -1, false }, &pid, err);
	close(ends[1]);
	if (started)
		ok = read_all(run, ends[0], deadline_ms, b, err);
	close(ends[0]);
	return started && end_command(pid, ok, deadline_ms, argv[0], err);
}

static bool
from_command(struct run *run, const char *section, const char *command, const char **out,
    struct err *err)
{
	struct buf b = BUF_INIT(PASSWORD_MAX);
	char *argv[WORDS_MAX + 1];
	const size_t count = spawn_split(run->arena, command, argv, WORDS_MAX);
	bool ok = false;

	if (count == 0 || count > WORDS_MAX)
		err_set(err, ERR_CONFIG, count == 0 ? "no command" : "too many words");
	else
		ok = run_command(run, argv, &b, err);
	if (ok)
		*out = first_line(run->arena, &b);
	buf_clear(&b);
	return ok || err_wrap(err, "%s.password_command", section);
}

/* What a section of the settings says about its password. */
struct password_keys {
	const char *section, *file, *command, *literal;
	const char *credential; /* CREDENTIAL-password of the service manager */
};

static bool
look_up(struct run *run, const struct password_keys *k, const char **out, struct err *err)
{
	if (*k->file)
		return from_file(run, k->section, k->file, out, err);
	if (run->credentials_dir) {
		const char *path = arena_printf(run->arena, "%s/%s-password",
		    run->credentials_dir, k->credential);

		if (file_exists(path))
			return from_file(run, k->section, path, out, err);
	}
	if (*k->command)
		return from_command(run, k->section, k->command, out, err);
	if (*k->literal)
		*out = k->literal;
	return true;
}

bool
flow_password(struct run *run, const struct config *c, const char *relay,
    const char **out, struct err *err)
{
	struct arena *a = run->arena;
	const struct password_keys keys = { *relay ? arena_printf(a, "relay %s", relay)
						   : "smtp",
		c->smtp.password_file, c->smtp.password_command, c->smtp.password,
		*relay ? arena_printf(a, "relay-%s", relay) : "smtp" };

	*out = NULL;
	/* Where nobody logs in, nothing that is wrong with a password stops a letter. */
	return (c->transport.method != TRANSPORT_SMTP &&
		   c->transport.method != TRANSPORT_REDIRECT) ||
	    !*c->smtp.user || look_up(run, &keys, out, err);
}

bool
flow_mailbox_password(struct run *run, const char **out, struct err *err)
{
	const struct config *c = run->config;
	const struct password_keys keys = { "bounce", c->bounce.password_file,
		c->bounce.password_command, "", "bounce" };

	*out = NULL;
	return !*c->bounce.user || look_up(run, &keys, out, err);
}

/* ---- of all servers ---- */

bool
flow_password_of_server(void *arg, size_t server, const char **password, struct err *err)
{
	struct run *run = arg;
	const char *relay = NULL;
	struct config c;

	relay_config(run->config, server, &c, &relay);
	return flow_password(run, &c, relay, password, err);
}

bool
flow_passwords_read(struct run *run, struct transport_settings *t, struct err *err)
{
	const size_t count = relay_count(run->config);
	const char **list = arena_array(run->arena, count, sizeof(*list));
	struct err *troubles = arena_array(run->arena, count, sizeof(*troubles));
	size_t failed = 0;

	for (size_t i = 0; i < count; i++) {
		troubles[i] = (struct err)ERR_INIT;
		if (flow_password_of_server(run, i, &list[i], &troubles[i]))
			continue;
		list[i] = NULL;
		if (failed++ == 0)
			*err = troubles[i];
	}
	if (failed == count || (failed > 0 && run->interrupted()))
		return false;
	err_clear(err);
	t->passwords = list;
	t->troubles = troubles;
	return true;
}

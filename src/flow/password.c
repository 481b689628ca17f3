/* SPDX-License-Identifier: ISC */
/*
 * Where the SMTP password comes from: a file, the service manager's credentials, a command,
 * or (in a file that others cannot read) the configuration.  It is never logged.
 */
#include "flow/password.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/spawn.h"
#include "flow/context.h"

enum { PASSWORD_MAX = 1024, WORDS_MAX = 32 };

static const char *
first_line(struct arena *a, const struct buf *b)
{
	const char *text = buf_text(b);

	return arena_strndup(a, text, strcspn(text, "\r\n"));
}

static bool
from_file(struct run *run, const char *path, const char **out, struct err *err)
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
	return ok || err_wrap(err, "smtp.password_file");
}

static bool
read_all(int fd, struct buf *b, struct err *err)
{
	char room[256];
	ssize_t n = 0;

	while ((n = read(fd, room, sizeof(room))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, "its output");
		buf_add(b, room, (size_t)n);
	}
	return !buf_is_full(b) ||
	    err_set(err, ERR_LIMIT, "more than %d bytes", PASSWORD_MAX);
}

static bool
run_command(char **argv, struct buf *b, struct err *err)
{
	int ends[2] = { -1, -1 };
	int status = 0;
	pid_t pid = -1;
	bool started = false;
	bool ok = false;

	if (spawn_pipe(ends, err))
		started = spawn_start(argv, &(struct spawn_files){ -1, ends[1], -1 },
		    &pid, err);
	close(ends[1]);
	if (started)
		ok = read_all(ends[0], b, err);
	close(ends[0]);
	if (started && (!spawn_wait(pid, INT64_MAX, &status) || status != 0))
		ok = err_set(err, ERR_CONFIG, "%s did not succeed (status %d)", argv[0],
		    status);
	return ok;
}

static bool
from_command(struct run *run, const char *command, const char **out, struct err *err)
{
	struct buf b = BUF_INIT(PASSWORD_MAX);
	char *argv[WORDS_MAX + 1];
	const size_t count = spawn_split(run->arena, command, argv, WORDS_MAX);
	bool ok = false;

	if (count == 0 || count > WORDS_MAX)
		err_set(err, ERR_CONFIG, count == 0 ? "no command" : "too many words");
	else
		ok = run_command(argv, &b, err);
	if (ok)
		*out = first_line(run->arena, &b);
	buf_clear(&b);
	return ok || err_wrap(err, "smtp.password_command");
}

bool
flow_password(struct run *run, const char **out, struct err *err)
{
	const struct config *c = run->config;

	*out = NULL;
	if (*c->smtp.password_file)
		return from_file(run, c->smtp.password_file, out, err);
	if (run->credentials_dir) {
		const char *path =
		    arena_printf(run->arena, "%s/smtp-password", run->credentials_dir);

		if (file_exists(path))
			return from_file(run, path, out, err);
	}
	if (*c->smtp.password_command)
		return from_command(run, c->smtp.password_command, out, err);
	if (*c->smtp.password)
		*out = c->smtp.password;
	return true;
}

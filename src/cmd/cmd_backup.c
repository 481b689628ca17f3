/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/cmd.h"
#include "flow/daily_backup.h"
#include "store/backup.h"

enum { COPY_CHUNK = 65536 };

static bool
copy_to_stdout(const char *path, struct err *err)
{
	char chunk[COPY_CHUNK];
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	if (fd < 0)
		return err_errno(err, "%s", path);
	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		if (!file_write_all(STDOUT_FILENO, chunk, (size_t)n)) {
			(void)err_errno(err, "standard output");
			break;
		}
	if (n < 0)
		(void)err_errno(err, "%s", path);
	(void)close(fd);
	return n == 0;
}

/* Checked like any other before its first byte leaves; where it lies meanwhile is private. */
static bool
write_to_stdout(struct app *app, struct err *err)
{
	const char *database = app->settings.config.database.path;
	char *dir = file_dir(database);
	const char *path = access(dir, W_OK) == 0
	    ? arena_printf(app->run.arena, "%s.backup-%ld", database, (long)getpid())
	    : arena_printf(app->run.arena, "/tmp/planetpost.backup-%ld", (long)getpid());

	free(dir);
	app->said = NULL; /* the copy is the answer */
	if (app->out_tty) {
		(void)err_set(err, ERR_USAGE, "a backup is no text for a terminal");
		return err_hint(err, "planetpost backup - >FILE");
	}
	if (app->run.dry_run)
		return true;
	if (!store_backup(app->run.store, path, err))
		return false;
	const bool ok = copy_to_stdout(path, err);
	(void)unlink(path);
	return ok;
}

static bool
read_keep(struct app *app, const struct args *args, int64_t *keep, struct err *err)
{
	const char *given = args_value(args, "keep");

	*keep = app->settings_loaded ? app->settings.config.database.backup_keep : 0;
	if (!given)
		return true;
	if (!args_count(given, keep) || *keep == 0)
		return err_set(err, ERR_USAGE,
		    "--keep takes a number of backups, not '%s'", given);
	return strstr(args->words[0], "%F") ||
	    err_set(err, ERR_USAGE, "--keep goes with the date in the name: %%F in FILE");
}

static bool
prepare_backup(struct app *app, const struct args *args, struct err *err)
{
	int64_t keep = 0;

	return read_keep(app, args, &keep, err);
}

static bool
run_backup(struct app *app, const struct args *args, struct err *err)
{
	const char *pattern = args->words[0];
	int64_t keep = 0;
	bool ok = false;

	if (strcmp(pattern, "-") == 0)
		return write_to_stdout(app, err);
	if (!read_keep(app, args, &keep, err))
		return false;
	const char *path = backup_dated_path(&app->run, pattern);
	if (app->run.dry_run)
		ok = true;
	else if (file_exists(path))
		err_set(err, ERR_INPUT, "%s is there already and is not overwritten",
		    path);
	else
		ok = store_backup(app->run.store, path, err) &&
		    backup_keep_newest(&app->run, pattern, path, keep, err);
	if (ok)
		app_say(app, "%s %s: it holds addresses and keys, keep it private.",
		    app->run.dry_run ? "Dry run: would write" : "Wrote", path);
	return ok;
}

static const struct cmd_option backup_options[] = {
	{ "keep", '\0', "N", "of a name with %F keep the newest N, not backup_keep" },
	{ NULL, '\0', NULL, NULL }
};

const struct command cmd_backup = {
	.name = "backup",
	.group = "Upkeep",
	.usage = "backup FILE",
	.summary = "a whole copy of the database, checked; %F in FILE is the date",
	.details =
	    "FILE may be - for standard output.  A run makes such a copy every day in\n"
	    "database.backup_dir by itself.  Copying the database file while planetpost\n"
	    "runs is not a backup; this is.",
	.options = backup_options,
	.words = { 1, 1 },
	.need = NEED_LOOK,
	.prepare = prepare_backup,
	.run = run_backup,
};

/* SPDX-License-Identifier: ISC */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "cmd/cmd.h"
#include "store/backup.h"

/* %F in the name is the date: planetpost backup /var/backups/planetpost/%F.db */
static const char *
expand_date(struct app *app, const char *pattern)
{
	const struct civil c = zone_civil(app->run.zone, app->run.now);
	struct buf b = BUF_INIT(LIMIT_PATH);
	const char *path = NULL;

	for (; *pattern; pattern++) {
		if (pattern[0] == '%' && pattern[1] == 'F') {
			buf_addf(&b, "%04d-%02d-%02d", c.year, c.month, c.day);
			pattern++;
		} else {
			buf_addc(&b, *pattern);
		}
	}
	path = arena_strdup(app->run.arena, buf_text(&b));
	buf_clear(&b);
	return path;
}

/* "2026-11-24" */
static bool
is_date(const char *text)
{
	static const char SHAPE[] = "dddd-dd-dd";

	for (size_t i = 0; SHAPE[i]; i++)
		if (SHAPE[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9')
			return false;
	return true;
}

enum { DATE_LENGTH = sizeof("2026-11-24") - 1 };

/* The name of a backup: what stands before the date in it and what stands behind. */
struct dated_name {
	const char *before, *after;
	size_t before_len;
};

static bool
is_backup(const struct dated_name *n, const char *name)
{
	return strncmp(name, n->before, n->before_len) == 0 &&
	    is_date(name + n->before_len) &&
	    strcmp(name + n->before_len + DATE_LENGTH, n->after) == 0;
}

/* Newest first: dates sort as text. */
static int
newest_first(const void *a, const void *b)
{
	return strcmp(*(const char *const *)b, *(const char *const *)a);
}

static bool
remove_older(struct app *app, const char *dir, const struct dated_name *n,
    const char *written, struct err *err)
{
	const size_t keep = (size_t)app->settings.config.database.backup_keep;
	const char **names = NULL;
	size_t count = 0;
	bool ok = true;
	DIR *d = opendir(dir);

	if (!d)
		return err_errno(err, "%s", dir);
	for (const struct dirent *e = readdir(d); e; e = readdir(d)) {
		if (!is_backup(n, e->d_name))
			continue;
		names = arena_grow_list(app->run.arena, names, count, sizeof(*names));
		names[count++] = arena_strdup(app->run.arena, e->d_name);
	}
	(void)closedir(d);
	if (count > 0)
		qsort(names, count, sizeof(*names), newest_first);
	for (size_t i = keep; ok && i < count; i++) {
		const char *path = arena_printf(app->run.arena, "%s/%s", dir, names[i]);

		if (strcmp(names[i], written) != 0 && unlink(path) != 0)
			ok = err_errno(err, "%s", path);
	}
	return ok;
}

/*
 * Of backups that differ by the date in their name the newest database.backup_keep are kept,
 * and always the one just written.  A name without %F has no older ones.
 */
static bool
keep_newest(struct app *app, const char *pattern, const char *path, struct err *err)
{
	const char *slash = strrchr(pattern, '/');
	const char *base = slash ? slash + 1 : pattern;
	const char *date = strstr(base, "%F");
	const char *written = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	char *dir = NULL;
	bool ok = true;

	if (app->settings.config.database.backup_keep == 0 || !date ||
	    strstr(date + 2, "%F"))
		return true;
	dir = file_dir(path);
	ok = remove_older(app, dir,
	    &(struct dated_name){ base, date + 2, (size_t)(date - base) }, written, err);
	free(dir);
	return ok;
}

static bool
run_backup(struct app *app, const struct args *args, int *code, struct err *err)
{
	const char *path = NULL;
	bool ok = false;

	(void)code;
	path = expand_date(app, args->words[0]);
	if (app->run.dry_run)
		ok = true;
	else if (file_exists(path))
		err_set(err, ERR_INPUT, "%s is there already and is not overwritten",
		    path);
	else
		ok = store_backup(app->run.store, path, err) &&
		    keep_newest(app, args->words[0], path, err);
	if (ok)
		app_say(app, "Wrote %s: it holds addresses and keys, keep it private.",
		    path);
	return ok;
}

const struct command cmd_backup = {
	.name = "backup",
	.group = "Upkeep",
	.usage = "backup FILE",
	.summary = "a whole copy of the database, checked; %F in FILE is the date",
	.details =
	    "Copying the database file while planetpost runs is not a backup; this is.",
	.min_words = 1,
	.max_words = 1,
	.need = NEED_LOOK,
	.run = run_backup,
};

/* SPDX-License-Identifier: ISC */
#include "flow/daily_backup.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/order.h"
#include "flow/clock_check.h"
#include "flow/context.h"
#include "store/backup.h"

enum { DATE_LENGTH = sizeof("2026-11-24") - 1 };

static const char *
today(struct run *run)
{
	const struct civil c = zone_civil(run->zone, run->now);

	return arena_printf(run->arena, "%04d-%02d-%02d", c.year, c.month, c.day);
}

const char *
backup_dated_path(struct run *run, const char *pattern)
{
	struct buf b = BUF_INIT(LIMIT_PATH);

	for (; *pattern; pattern++) {
		if (pattern[0] == '%' && pattern[1] == 'F') {
			buf_adds(&b, today(run));
			pattern++;
		} else {
			buf_addc(&b, *pattern);
		}
	}
	return arena_take(run->arena, &b);
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

/* The name of a backup: what stands before the date in it and what stands behind. */
struct dated_name {
	const char *before, *after;
	size_t before_len;
	const char *today;
};

static bool
is_backup(const struct dated_name *n, const char *name)
{
	return strncmp(name, n->before, n->before_len) == 0 &&
	    is_date(name + n->before_len) &&
	    strcmp(name + n->before_len + DATE_LENGTH, n->after) == 0 &&
	    strncmp(name + n->before_len, n->today, DATE_LENGTH) <= 0;
}

/* Newest first: dates sort as text. */
static int
newest_first(const void *a, const void *b)
{
	return strcmp(*(const char *const *)b, *(const char *const *)a);
}

static bool
remove_older(struct run *run, const char *dir, const struct dated_name *n,
    const char *written, size_t keep, struct err *err)
{
	const char **names = NULL;
	size_t count = 0;
	bool ok = true;
	DIR *d = opendir(dir);

	if (!d)
		return err_errno(err, "%s", dir);
	for (const struct dirent *e = readdir(d); e; e = readdir(d)) {
		if (!is_backup(n, e->d_name))
			continue;
		names = arena_grow_list(run->arena, names, count, sizeof(*names));
		names[count++] = arena_strdup(run->arena, e->d_name);
	}
	(void)closedir(d);
	list_sort(names, count, sizeof(*names), newest_first);
	for (size_t i = keep; ok && i < count; i++) {
		const char *path = arena_printf(run->arena, "%s/%s", dir, names[i]);

		if (strcmp(names[i], written) != 0 && unlink(path) != 0)
			ok = err_errno(err, "%s", path);
	}
	return ok;
}

bool
backup_keep_newest(struct run *run, const char *pattern, const char *path, int64_t keep,
    struct err *err)
{
	const char *slash = strrchr(pattern, '/');
	const char *base = slash ? slash + 1 : pattern;
	const char *date = strstr(base, "%F");
	const char *written = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	char *dir = NULL;
	bool ok = true;

	if (keep == 0 || !date || strstr(date + 2, "%F"))
		return true;
	dir = file_dir(path);
	ok = remove_older(run, dir,
	    &(struct dated_name){ base, date + 2, (size_t)(date - base), today(run) },
	    written, (size_t)keep, err);
	free(dir);
	return ok;
}

/* "planetpost-%F.db": the database's own name, so that several can share a folder. */
static const char *
daily_name(struct run *run)
{
	const char *database = run->config->database.path;
	const char *slash = strrchr(database, '/');
	const char *name = slash ? slash + 1 : database;
	size_t len = strlen(name);

	if (len > 3 && ascii_ends(name, len, ".db"))
		len -= 3;
	return arena_printf(run->arena, "%.*s-%%F.db", (int)len, name);
}

static bool
back_up(struct run *run, struct err *err)
{
	const char *dir = run->config->database.backup_dir;
	const char *name = daily_name(run);
	const char *path =
	    arena_printf(run->arena, "%s/%s", dir, backup_dated_path(run, name));
	bool may_tidy = false;

	if (file_exists(path))
		return true;
	if (!file_make_dirs(dir, 0700, err) || !store_backup(run->store, path, err) ||
	    !flow_clock_may_tidy(run, &may_tidy, err))
		return false;
	log_debug("backup", "%s", path);
	return !may_tidy ||
	    backup_keep_newest(run, name, path, run->config->database.backup_keep, err);
}

void
flow_backup_daily(struct run *run)
{
	struct err err = ERR_INIT;

	if (run->dry_run || !*run->config->database.backup_dir || run->interrupted())
		return;
	if (!back_up(run, &err))
		log_warn("backup", "there is no backup of today: %s", err.text);
}

/* SPDX-License-Identifier: ISC */
#include <string.h>

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
		ok = store_backup(app->run.store, path, err);
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

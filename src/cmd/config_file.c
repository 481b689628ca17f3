/* SPDX-License-Identifier: ISC */
#include "cmd/config_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "cmd/session.h"

/* Reads all settings with the new text in the place of the file. */
static bool
try_text(struct app *app, const char *path, const struct buf *text, struct err *err)
{
	struct settings_paths paths = app->paths;
	struct settings tried;

	if (paths.file_count == 0 && !file_exists(path)) {
		paths.files = &path;
		paths.file_count = 1;
	}
	paths.edited = path;
	paths.edited_text = text;
	memset(&tried, 0, sizeof(tried));
	return settings_load(app->run.arena, &paths, &tried, err) ||
	    err_wrap(err, "not written, since it could not be read again");
}

static bool
become_root(const struct app *app, struct err *err)
{
	return !app->is_owner || privileges_raise(err);
}

/* The owner again; an error of it comes before whatever went wrong meanwhile. */
static bool
become_owner(const struct app *app, bool ok, struct err *err)
{
	struct err again = ERR_INIT;

	if (!app->is_owner || privileges_drop(&app->owner, false, &again))
		return ok;
	*err = again;
	return false;
}

bool
config_file_read(struct app *app, const char *path, struct buf *text, struct err *err)
{
	return become_root(app, err) &&
	    become_owner(app, !file_exists(path) || file_read(path, text, err), err);
}

bool
config_file_share(struct app *app, const char *path, struct err *err)
{
	struct privileges owner = app->owner;

	if (!app->paths.is_root)
		return true;
	if (!app->is_owner)
		privileges_of(app->run.arena, session_database_dir(app),
		    app->settings.config.database.path, &owner);
	return owner.uid == 0 || chown(path, (uid_t)-1, owner.gid) == 0 ||
	    err_errno(err, "%s", path);
}

static bool
write_text(struct app *app, const char *path, const struct buf *text, struct err *err)
{
	const bool is_new = !file_exists(path);
	char *dir = file_dir(path);
	const bool ok = file_make_dirs(dir, 0755, err) &&
	    file_edit(path, buf_text(text), text->len, 0640, err) &&
	    (!is_new || config_file_share(app, path, err));

	free(dir);
	return ok;
}

bool
config_file_write(struct app *app, const char *path, const struct buf *text,
    struct err *err)
{
	if (buf_is_full(text))
		return err_set(err, ERR_LIMIT, "%s would be larger than %d bytes", path,
		    LIMIT_CONFIG_FILE);
	return become_root(app, err) &&
	    become_owner(app,
		try_text(app, path, text, err) &&
		    (app->run.dry_run || write_text(app, path, text, err)),
		err);
}

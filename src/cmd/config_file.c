/* SPDX-License-Identifier: ISC */
#include "cmd/config_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

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

bool
config_file_write(struct app *app, const char *path, const struct buf *text,
    struct err *err)
{
	char *dir = NULL;
	bool ok = false;

	if (buf_is_full(text))
		return err_set(err, ERR_LIMIT, "%s would be larger than %d bytes", path,
		    LIMIT_CONFIG_FILE);
	if (!try_text(app, path, text, err))
		return false;
	if (app->run.dry_run)
		return true;
	dir = file_dir(path);
	ok = file_make_dirs(dir, 0755, err) &&
	    file_edit(path, buf_text(text), text->len, 0640, err);
	free(dir);
	return ok;
}

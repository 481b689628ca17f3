/* SPDX-License-Identifier: ISC */
#include "cmd/file_address.h"

#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "cmd/app.h"

static const char scheme[] = "file:";

const char *
cmd_whole_path(struct app *app, const char *path)
{
	char here[LIMIT_PATH];

	if (*path == '/' || !getcwd(here, sizeof(here)))
		return path;
	return arena_printf(app->run.arena, "%s/%s", here, path);
}

const char *
cmd_file_address(struct app *app, const char *given)
{
	const size_t len = sizeof(scheme) - 1;

	if (!ascii_starts_nocase(given, scheme) || given[len] == '\0')
		return given;
	if (given[len] == '/')
		return strncmp(given + len, "///", 3) == 0
		    ? given
		    : arena_printf(app->run.arena, "file://%s", given + len);
	return arena_printf(app->run.arena, "file://%s",
	    cmd_whole_path(app, given + len));
}

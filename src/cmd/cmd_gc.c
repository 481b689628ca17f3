/* SPDX-License-Identifier: ISC */
/* gc: what nobody needs any more goes at once, and its room on the disk with it. */
#include "cmd/cmd.h"
#include "flow/tidy.h"
#include "store/compact.h"

static double
megabytes(int64_t bytes)
{
	return (double)bytes / 1000000;
}

static bool
run_gc(struct app *app, const struct args *args, struct err *err)
{
	int64_t before = 0;
	int64_t after = 0;

	(void)args;
	if (!flow_tidy(&app->run, err) ||
	    !store_compact(app->run.store, &before, &after, err))
		return false;
	app_say(app, "%s%.1f MB given back, %.1f MB in use.",
	    app->run.dry_run ? "Dry run: " : "",
	    megabytes(before > after ? before - after : 0), megabytes(after));
	return true;
}

const struct command cmd_gc = {
	.name = "gc",
	.group = "Upkeep",
	.usage = "gc",
	.summary =
	    "drop what is kept for a time only, and give its room on the disk back",
	.details =
	    "run drops the same once a day, but the file keeps its size: new letters fill the\n"
	    "room.  What is kept how long: database.keep_letters, fetch.keep_entries.",
	.need = NEED_WRITE,
	.run = run_gc,
};

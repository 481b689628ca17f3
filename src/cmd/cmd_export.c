/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "cmd/cmd.h"
#include "cmd/written_file.h"
#include "flow/export.h"
#include "flow/export_sources.h"

static bool
month_is_valid(const char *m)
{
	return strlen(m) == 7 && strspn(m, "0123456789") == 4 && m[4] == '-' &&
	    strspn(m + 5, "0123456789") == 2 && strcmp(m + 5, "01") >= 0 &&
	    strcmp(m + 5, "12") <= 0;
}

static bool
prepare_export(struct app *app, const struct args *args, struct err *err)
{
	(void)app;
	return args_one_output(args, err);
}

static bool
prepare_export_mbox(struct app *app, const struct args *args, struct err *err)
{
	const char *month = args_value(args, "month");

	(void)app;
	if (!args_one_output(args, err))
		return false;
	return !month || month_is_valid(month) ||
	    err_set(err, ERR_USAGE, "--month takes 2026-11, not '%s'", month);
}

static bool
run_export_mbox(struct app *app, const struct args *args, struct err *err)
{
	const struct export_options o = { .month = args_value(args, "month") };
	const char *path = args_output(args);
	struct written_file w;
	size_t count = 0;

	if (app->run.dry_run && strcmp(path, "-") != 0) {
		app_say(app, "Dry run: would write %s.", path);
		return true;
	}
	if (!written_file_open(app->run.arena, path, 0644, &w, err) ||
	    !written_file_close(&w, flow_export_mbox(&app->run, &o, w.f, &count, err),
		err))
		return false;
	if (strcmp(path, "-") == 0)
		return true;
	app_say(app, "Wrote %zu issue%s to %s.", count, count == 1 ? "" : "s", path);
	return true;
}

/* ---- lists of feeds ---- */

static const struct {
	const char *command;
	enum source_list_form form;
} list_forms[] = { { "opml", SOURCE_LIST_OPML }, { "foaf", SOURCE_LIST_FOAF },
	{ "urls", SOURCE_LIST_URLS } };

static bool
run_export_list(struct app *app, const struct args *args, struct err *err)
{
	const char *path = args_output(args);
	struct buf b = BUF_INIT(LIMIT_CONFIG_FILE);
	size_t count = 0;
	size_t row = 0;

	while (strcmp(list_forms[row].command, args->command->name) != 0)
		row++;
	bool ok = flow_export_sources(&app->run, list_forms[row].form, &b, &count, err);
	if (ok && strcmp(path, "-") == 0)
		ok = fwrite(buf_text(&b), 1, b.len, stdout) == b.len ||
		    err_errno(err, "standard output");
	else if (ok && !app->run.dry_run)
		ok = file_write(path, buf_text(&b), b.len, 0644, err);
	if (ok && strcmp(path, "-") != 0)
		app_say(app, "%s %s to %s.",
		    app->run.dry_run ? "Dry run: would write" : "Wrote",
		    app_count(app, (int64_t)count, "feed", "feeds"), path);
	buf_clear(&b);
	return ok;
}

static const struct cmd_option mbox_options[] = { { "month", '\0', "2026-11",
						      "only the issues of one month" },
	{ "output", 'o', "FILE", "- is standard output, the default" },
	{ NULL, '\0', NULL, NULL } };

static const struct cmd_option list_options[] = {
	{ "output", 'o', "FILE", "- is standard output, the default" },
	{ NULL, '\0', NULL, NULL }
};

static const struct command subcommands[] = {
	{ .name = "mbox",
	    .json = JSON_NONE,
	    .usage = "export mbox [FILE]",
	    .summary =
		"every issue sent, as mail in mboxrd form, without any reader's data",
	    .options = mbox_options,
	    .words = { 0, 1 },
	    .need = NEED_LOOK,
	    .prepare = prepare_export_mbox,
	    .run = run_export_mbox },
	{ .name = "opml",
	    .json = JSON_NONE,
	    .usage = "export opml [FILE]",
	    .summary = "the feeds, for feed readers",
	    .options = list_options,
	    .words = { 0, 1 },
	    .need = NEED_FEEDS,
	    .prepare = prepare_export,
	    .run = run_export_list },
	{ .name = "foaf",
	    .json = JSON_NONE,
	    .usage = "export foaf [FILE]",
	    .summary = "the feeds, as planets publish them",
	    .options = list_options,
	    .words = { 0, 1 },
	    .need = NEED_FEEDS,
	    .prepare = prepare_export,
	    .run = run_export_list },
	{ .name = "urls",
	    .json = JSON_NONE,
	    .usage = "export urls [FILE]",
	    .summary = "the feeds, one a line, for newsboat",
	    .options = list_options,
	    .words = { 0, 1 },
	    .need = NEED_FEEDS,
	    .prepare = prepare_export,
	    .run = run_export_list },
	{ .name = NULL }
};

const struct command cmd_export = {
	.name = "export",
	.group = "Archive",
	.usage = "export mbox|opml|foaf|urls",
	.summary = "take the archive and the list of feeds with you",
	.subcommands = subcommands,
};

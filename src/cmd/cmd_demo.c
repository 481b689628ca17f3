/* SPDX-License-Identifier: ISC */
/*
 * demo: the whole corridor on six sample feeds that the program carries, with a fixed clock
 * and seeded random bytes, without network and mail server.  Its output is the same
 * everywhere, and the project's golden test.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/embed.h"
#include "cmd/cmd.h"
#include "flow/compile.h"
#include "flow/deliver.h"
#include "flow/gather.h"
#include "flow/letter_queue.h"
#include "flow/source_lists.h"
#include "list/preferences.h"
#include "list/subscription.h"
#include "mail/address.h"
#include "model/holes.h"
#include "store/archive.h"
#include "store/readers.h"
#include "store/sources.h"
#include "store/variants.h"

static const char prefix[] = "config/demo/";
static const char demo_time[] = "2026-01-15T07:00:00Z";
static const char hold_end[] = "2026-02-01";

static const struct {
	const char *name, *address, *words;
	enum letter_format format;
	enum reader_state state;
} people[] = {
	{ "Ann", "ann@example.org", "HTML with a text part", FORMAT_HTML, READER_ACTIVE },
	{ "Bo", "bo@example.org", "text only", FORMAT_TEXT, READER_ACTIVE },
	{ "Cy", "cy@example.org", "on hold until 1 February", FORMAT_HTML, READER_HOLD },
};

static const char *
in_dir(struct app *app, const char *dir, const char *name)
{
	return arena_printf(app->run.arena, "%s/%s", dir, name);
}

/* The sample feeds and their configuration, to look at and to change. */
static bool
write_samples(struct app *app, const char *dir, struct err *err)
{
	for (const struct embedded_file *e = embedded_files; e->name; e++) {
		const char *name = e->name + sizeof(prefix) - 1;

		if (strncmp(e->name, prefix, sizeof(prefix) - 1) != 0)
			continue;
		if (!file_write(in_dir(app, dir, name), e->text, e->len, 0644, err))
			return false;
	}
	return true;
}

/* What an earlier demo wrote would be appended to. */
static bool
remove_old(struct app *app, const char *dir, struct err *err)
{
	const char *names[ARRAY_LEN(people) + 1];
	size_t n = 0;

	names[n++] = "outbox.mbox";
	for (size_t i = 0; i < ARRAY_LEN(people); i++)
		names[n++] = arena_printf(app->run.arena, "2026-01-15-%zu.eml", i + 1);
	for (size_t i = 0; i < n; i++) {
		if (unlink(in_dir(app, dir, names[i])) != 0 && errno != ENOENT)
			return err_errno(err, "%s", in_dir(app, dir, names[i]));
	}
	return true;
}

static bool
load(struct app *app, const char *dir, struct err *err)
{
	const char **files = arena_array(app->run.arena, 1, sizeof(*files));

	files[0] = in_dir(app, dir, "demo.conf");
	app->paths = (struct settings_paths){ .files = files,
		.file_count = 1,
		.data_dir = dir,
		.home = app->paths.home };
	app->settings_loaded = false;
	if (!clock_parse(demo_time, &app->run.now))
		return err_set(err, ERR_BUG, "the demo's time");
	random_seeded(&app->random, "planetpost demo");
	app->run.host_name = "demo.example";
	if (!app_settings(app, err))
		return false;
	app->settings.config.transport.outbox = dir;
	return true;
}

static bool
add_people(struct app *app, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(people); i++) {
		struct reader r = subscription_new(app->run.now, "sample of the demo");

		r.address = people[i].address;
		r.state = people[i].state;
		r.variant.format = people[i].format;
		r.address_key = address_key(app->run.arena, r.address);
		if (r.state == READER_HOLD && !clock_parse(hold_end, &r.hold_until))
			return err_set(err, ERR_BUG, "the demo's dates");
		if (!store_reader_add(app->run.store, &r, err))
			return false;
	}
	return true;
}

static bool
write_preview(struct app *app, const char *dir, const struct issue *issue,
    struct err *err)
{
	static const char *const sample[HOLE_COUNT] = { [HOLE_LEAVE] = "#",
		[HOLE_MANAGE] = "#",
		[HOLE_ADDRESS] = "ann@example.org",
		[HOLE_SINCE] = "15 January 2026" };
	const struct variant v = variant_of_archive();
	struct rendering r;
	bool found = false;

	if (!store_archive_letter(app->run.store, app->run.arena, issue, &v, &r, NULL,
		&found, err))
		return false;
	if (!found)
		return err_set(err, ERR_BUG, "the demo's issue has no letter");
	const char *html = holes_fill(app->run.arena, r.html, r.html_len, sample, true);
	return file_write(in_dir(app, dir, "preview.html"), html, strlen(html), 0644,
	    err);
}

static void
print_feeds(struct app *app, const struct gather_report *g)
{
	struct source *sources = NULL;
	size_t count = 0;
	struct err ignored = ERR_INIT;

	app_print(stdout, "  fetched   %zu feeds: %zu entries\n", g->asked,
	    g->entries_new);
	if (!store_sources(app->run.store, app->run.arena, true, &sources, &count,
		&ignored))
		return;
	for (size_t i = 0; i < count; i++) {
		if (sources[i].state != SOURCE_OK)
			app_print(stdout, "            \"%s\" %s: %s\n",
			    sources[i].name ? sources[i].name : sources[i].key,
			    sources[i].state == SOURCE_MALFORMED
				? "is broken on purpose and was read all the same"
				: "failed",
			    sources[i].state_note ? sources[i].state_note : "");
	}
}

static void
print_results(const char *dir, const struct issue *issue, const struct deliver_report *d)
{
	app_print(stdout, "  built     issue %s: %lld entries, %lld sources, %lld kB\n",
	    issue->name, (long long)issue->entry_count, (long long)issue->source_count,
	    (long long)((issue->bytes + 999) / 1000));
	app_print(stdout, "  readers   %zu samples:", ARRAY_LEN(people));
	for (size_t i = 0; i < ARRAY_LEN(people); i++)
		app_print(stdout, "%s %s (%s)", i ? "," : "", people[i].name,
		    people[i].words);
	app_print(stdout,
	    "\n  wrote     %s/outbox.mbox        %lld letters: mutt -f %s/outbox.mbox\n",
	    dir, (long long)d->sent, dir);
	for (size_t i = 0; i < ARRAY_LEN(people); i++) {
		if (people[i].state == READER_ACTIVE)
			app_print(stdout,
			    "            %s/2026-01-15-%zu.eml  %s's, for your mail program\n",
			    dir, i + 1, people[i].name);
	}
	app_print(stdout, "            %s/preview.html       for your browser\n", dir);
	puts("Now try your own:\n"
	     "  ./planetpost preview -o preview.html https://planetpython.org/rss20.xml\n"
	     "  ./planetpost preview -o preview.html /path/to/your/planet/config.ini\n"
	     "  ./planetpost init            a daily digest into your own mailbox");
}

static bool
play(struct app *app, const char *dir, struct err *err)
{
	const struct gather_options all = { .only = NULL };
	const struct deliver_options everybody = { .issue_id = 0 };
	struct queue_report q;
	struct gather_report g;
	struct compile_report c;
	struct deliver_report d;

	if (!app->quiet)
		app_print(stdout, "  sample feeds: %zu, no network, no mail server\n",
		    app->settings.source_count);
	if (!add_people(app, err) || !flow_sources_sync(&app->run, err) ||
	    !flow_gather(&app->run, &all, &g, err) ||
	    !flow_issue_build(&app->run, true, &c, err) ||
	    !flow_letters_queue(&app->run, true, &q, err) ||
	    !flow_deliver(&app->run, &everybody, &d, err) ||
	    !write_preview(app, dir, &c.issue, err))
		return false;
	if (!app->quiet) {
		print_feeds(app, &g);
		print_results(dir, &c.issue, &d);
	}
	return true;
}

static const char *
demo_dir(const struct args *args)
{
	return args->word_count ? args->words[0] : "demo";
}

static bool
prepare_demo(struct app *app, const struct args *args, struct err *err)
{
	const char *dir = demo_dir(args);

	if (app->run.dry_run)
		return true;
	return file_make_dirs(dir, 0755, err) && remove_old(app, dir, err) &&
	    write_samples(app, dir, err) && load(app, dir, err);
}

static bool
run_demo(struct app *app, const struct args *args, struct err *err)
{
	if (app->run.dry_run) {
		app_tell(app, "Dry run: would write %s.", demo_dir(args));
		return true;
	}
	return play(app, demo_dir(args), err);
}

const struct command cmd_demo = {
	.name = "demo",
	.json = JSON_NONE,
	.group = "See it work",
	.usage = "demo [DIR]",
	.summary = "whole run on six built-in sample feeds: no network, no mail",
	.details =
	    "Writes letters, a preview and the sample feeds into DIR (./demo). The clock is "
	    "fixed:\nthe bytes are the same at every run.",
	.words = { 0, 1 },
	.need = NEED_MEMORY,
	.prepare = prepare_demo,
	.run = run_demo,
};

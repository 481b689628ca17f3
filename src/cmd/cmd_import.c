/* SPDX-License-Identifier: ISC */
/* import: the feeds of another program's list become sections of our own configuration. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cmd/cmd.h"
#include "format/ini.h"
#include "config/feed_lists.h"
#include "flow/source_lists.h"

struct importing {
	struct app *app;
	const char *path; /* the configuration written to */
	struct buf text;
	size_t added, known;
};

static bool
is_known(const struct settings *set, const struct feed_list *list, size_t at)
{
	for (size_t i = 0; i < set->source_count; i++) {
		if (strcmp(set->sources[i].url, list->sources[at].url) == 0)
			return true;
	}
	for (size_t i = 0; i < at; i++) {
		if (strcmp(list->sources[i].url, list->sources[at].url) == 0)
			return true;
	}
	return false;
}

static void
append_feed(struct importing *im, const struct listed_feed *s)
{
	const struct {
		const char *key, *value;
	} all[] = {
		{ "name", s->name },
		{ "group", s->group },
		{ "language", s->language },
		{ "face", s->face },
		{ "filter", s->filter },
		{ "exclude", s->exclude },
	};
	struct ini_pair pairs[ARRAY_LEN(all) + 1];
	struct buf next = BUF_INIT(LIMIT_CONFIG_FILE);
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		if (all[i].value && *all[i].value)
			pairs[n++] = (struct ini_pair){ all[i].key, all[i].value };
	}
	if (s->paused)
		pairs[n++] = (struct ini_pair){ "paused", "yes" };
	ini_append_section(&next, buf_text(&im->text), s->url, pairs, n);
	buf_clear(&im->text);
	im->text = next;
	im->added++;
}

static bool
read_present(struct importing *im, struct err *err)
{
	return !file_exists(im->path) || file_read(im->path, &im->text, err);
}

static bool
write_down(struct importing *im, struct err *err)
{
	char *dir = NULL;
	bool ok = false;

	if (im->added == 0 || im->app->run.dry_run)
		return true;
	if (buf_is_full(&im->text))
		return err_set(err, ERR_LIMIT, "%s would be larger than %d bytes",
		    im->path, LIMIT_CONFIG_FILE);
	dir = file_dir(im->path);
	ok = file_make_dirs(dir, 0755, err) &&
	    file_edit(im->path, buf_text(&im->text), im->text.len, 0640, err);
	free(dir);
	return ok;
}

static bool
run_import(struct app *app, const struct args *args, int *code, struct err *err)
{
	const char *where = args->words[0];
	struct importing im = { .app = app,
		.text = BUF_INIT(LIMIT_CONFIG_FILE),
		.path = settings_default_file(app->run.arena, &app->paths) };
	struct feed_list list;
	bool ok = false;

	(void)code;
	if (!flow_sources_read(&app->run, where, &list, err) || !read_present(&im, err))
		goto out;
	if (list.source_count == 0) {
		err_set(err, ERR_INPUT, "%s names no feeds", where);
		err_hint(err,
		    "a planet's config.ini, OPML, rss2email.cfg or newsboat's urls");
		goto out;
	}
	for (size_t i = 0; i < list.source_count; i++) {
		if (is_known(&app->settings, &list, i))
			im.known++;
		else
			append_feed(&im, &list.sources[i]);
	}
	ok = write_down(&im, err);
	if (ok)
		app_say(app,
		    "%s%zu feed%s added to %s, %zu there already.\n"
		    "  hint: feeds_from = %s under [feeds] would share that list for ever",
		    app->run.dry_run ? "Dry run: " : "", im.added,
		    im.added == 1 ? "" : "s", im.path, im.known, where);
out:
	buf_clear(&im.text);
	return ok;
}

const struct command cmd_import = {
	.name = "import",
	.group = "Start",
	.usage = "import FILE",
	.summary =
	    "add feeds from a planet's config.ini, OPML, rss2email.cfg, newsboat's urls",
	.min_words = 1,
	.max_words = 1,
	.need = NEED_MEMORY,
	.run = run_import,
};

/* SPDX-License-Identifier: ISC */
/* import: the feeds of another program's list become sections of our own configuration. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/order.h"
#include "cmd/cmd.h"
#include "cmd/config_file.h"
#include "cmd/file_address.h"
#include "format/ini.h"
#include "format/url.h"
#include "config/duplicate_feeds.h"
#include "config/feed_address.h"
#include "config/feed_lists.h"
#include "flow/source_lists.h"

struct importing {
	struct app *app;
	const char *path; /* the configuration written to */
	struct buf text;
	size_t added, known, left_out;
};

/* Addresses in order, so that ten thousand feeds are not compared with ten thousand. */
struct addresses {
	struct known_address {
		const char *identity; /* feed_address_identity() */
		const char *url;      /* as it stands there */
		size_t at;            /* its place in the list it comes from */
	} * list;
	size_t count;
};

static int
by_identity(const void *a, const void *b)
{
	const struct known_address *x = a;
	const struct known_address *y = b;

	return strcmp(x->identity, y->identity);
}

static int
by_identity_and_place(const void *a, const void *b)
{
	const struct known_address *x = a;
	const struct known_address *y = b;
	const int order = by_identity(a, b);

	return order ? order : ORDER(x->at, y->at);
}

static struct addresses
addresses_of(struct arena *a, const struct listed_feed *feeds, size_t count)
{
	struct addresses known = { arena_array(a, count, sizeof(*known.list)), count };

	for (size_t i = 0; i < count; i++)
		known.list[i] =
		    (struct known_address){ feed_address_identity(a, feeds[i].url),
			    feeds[i].url, i };
	list_sort(known.list, count, sizeof(*known.list), by_identity_and_place);
	return known;
}

/* For each feed of a list the one before it that is the same in another spelling, or NULL. */
static const char **
named_before(struct arena *a, const struct listed_feed *feeds, size_t count)
{
	const struct addresses all = addresses_of(a, feeds, count);
	const char **before = arena_array(a, count, sizeof(*before));
	size_t first = 0;

	for (size_t i = 1; i < count; i++) {
		if (by_identity(&all.list[first], &all.list[i]) == 0)
			before[all.list[i].at] = all.list[first].url;
		else
			first = i;
	}
	return before;
}

/* The same feed as it stands in our configuration, or NULL. */
static const char *
find_known(struct arena *a, const struct addresses *known, const char *url)
{
	const struct known_address wanted = { feed_address_identity(a, url), url, 0 };
	const struct known_address *found =
	    bsearch(&wanted, known->list, known->count, sizeof(wanted), by_identity);

	return found ? found->url : NULL;
}

/* What is not added because it is there; a person who compares the lists must find it. */
static void
pass_over(struct importing *im, const char *url, const char *as)
{
	struct arena *a = im->app->run.arena;

	im->known++;
	if (strcmp(url, as) != 0)
		log_warn("import", "%s is there already, as %s", url_public(a, url),
		    url_public(a, as));
}

static void
leave_out(struct importing *im, const char *address)
{
	log_warn("import", "%s", feed_address_left_out(im->app->run.arena, address));
	im->left_out++;
}

/* True when the section, read again as our own, names this feed. */
static bool
is_read_back(struct app *app, const struct listed_feed *s, const struct ini_pair *pairs,
    size_t count)
{
	struct buf alone = BUF_INIT(LIMIT_CONFIG_FILE);
	struct err ignored = ERR_INIT;
	struct listed_feed again;
	struct ini ini;

	ini_append_section(&alone, "", s->url, pairs, count);
	const bool ok = ini_parse(app->run.arena, s->url, buf_text(&alone), alone.len,
			    false, &ini, &ignored) &&
	    ini.section_count == 1 &&
	    feed_section_read(app->run.arena, s->url, &ini.sections[0], true, &again,
		&ignored) &&
	    strcmp(again.url, s->url) == 0;
	buf_clear(&alone);
	return ok;
}

static void
append_feed(struct importing *im, const struct listed_feed *s)
{
	struct ini_pair pairs[FEED_TEXTS + 1];
	size_t n = 0;

	for (size_t i = 0; i < FEED_TEXTS; i++) {
		const struct ini_pair text = feed_section_text(s, i);

		if (text.value && *text.value)
			pairs[n++] = text;
	}
	if (s->paused)
		pairs[n++] = (struct ini_pair){ "paused", "yes" };
	if (!is_read_back(im->app, s, pairs, n)) {
		leave_out(im, s->url);
		return;
	}
	ini_put_section(&im->text, s->url, pairs, n);
	im->added++;
}

/* The feeds that are not there yet, each once. */
static void
append_new(struct importing *im, struct feed_list *list)
{
	struct arena *a = im->app->run.arena;
	const struct settings *set = &im->app->settings;
	const struct addresses known = addresses_of(a, set->sources, set->source_count);
	const size_t once = duplicate_feeds_keep_first(list->sources, list->source_count);
	const char **before = named_before(a, list->sources, once);

	im->known = list->source_count - once;
	for (size_t i = 0; i < once; i++) {
		const char *url = list->sources[i].url;
		const char *as = find_known(a, &known, url);

		as = as ? as : before[i];
		if (as)
			pass_over(im, url, as);
		else
			append_feed(im, &list->sources[i]);
	}
}

static bool
run_import(struct app *app, const struct args *args, struct err *err)
{
	const char *where = args->words[0];
	struct importing im = { .app = app,
		.text = BUF_INIT(LIMIT_CONFIG_FILE),
		.path = settings_default_file(app->run.arena, &app->paths) };
	struct feed_list list;
	bool ok = false;

	if (!flow_sources_read(&app->run, where, &list, err))
		return err_hint(err,
		    "a list of feeds is wanted; one feed: planetpost feed add URL, or "
		    "file:PATH with allow_files = yes in [fetch]");
	if (!config_file_read(app, im.path, &im.text, err))
		goto out;
	for (size_t i = 0; i < list.refused_count; i++)
		leave_out(&im, list.refused[i]);
	if (list.source_count == 0) {
		err_set(err, ERR_INPUT, "%s names no feeds", where);
		err_hint(err,
		    "a planet's config.ini, OPML, rss2email.cfg or newsboat's urls");
		goto out;
	}
	append_new(&im, &list);
	ok = im.added == 0 || config_file_write(app, im.path, &im.text, err);
	if (ok)
		app_say(app,
		    "%s%zu feed%s added to %s, %zu there already%s.\n"
		    "  hint: feeds_from = %s under [feeds] would share that list for ever",
		    app->run.dry_run ? "Dry run: " : "", im.added,
		    im.added == 1 ? "" : "s", im.path, im.known,
		    im.left_out
			? arena_printf(app->run.arena, ", %zu left out", im.left_out)
			: "",
		    url_is_web(where) ? where : cmd_whole_path(app, where));
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
	.words = { 1, 1 },
	.need = NEED_MEMORY,
	.run = run_import,
};

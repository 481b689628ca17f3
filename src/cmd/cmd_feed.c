/* SPDX-License-Identifier: ISC */
/*
 * feed list, add, remove, test; health, release and drop are in feed_health.c.  The
 * configuration file is the truth about which feeds there are: add and remove edit it, line by
 * line, and keep every comment.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "format/url.h"
#include "cmd/cmd.h"
#include "cmd/config_file.h"
#include "cmd/feed_health.h"
#include "cmd/file_address.h"
#include "cmd/report.h"
#include "cmd/table.h"
#include "config/feed_address.h"
#include "format/ini.h"
#include "fetch/source_health.h"
#include "feed/boilerplate.h"
#include "flow/probe.h"
#include "flow/source_lists.h"
#include "model/names.h"
#include "store/sources.h"

static const char state_new[] = "new";

/* ---- list ---- */

static const struct column feed_columns[] = {
	{ "feed", COLUMN_TEXT, false, "its short name" },
	{ "state", COLUMN_TEXT, false,
	    "ok slow stale moved web-page malformed refused failing gone duplicate flood "
	    "paused, or new: not asked yet" },
	{ "last", COLUMN_TIME, false, "when it last brought a new entry" },
	{ "name", COLUMN_TEXT, false, "as configured, else as it says" },
	{ "url", COLUMN_TEXT, false, "where it is asked" },
	{ "note", COLUMN_TEXT, false, "what is wrong" },
	{ "group", COLUMN_TEXT, true, "as configured" },
	{ "since", COLUMN_TIME, true, "when the state began" },
	{ "failures", COLUMN_NUMBER, true, "runs in a row" },
	{ "next", COLUMN_TIME, true, "not asked before" },
};

static const char *
state_of(const struct source *s)
{
	if (s->paused)
		return "paused";
	/* Before the first answer nothing is known: that is not "ok". */
	return s->last_poll > 0 ? source_state_name(source_health_state(s)) : state_new;
}

static bool
is_wanted(const struct source *s, const struct args *args)
{
	const char *group = args_value(args, "group");
	const char *state = args_value(args, "state");

	return (!group || (s->group && ascii_eq_nocase(s->group, group))) &&
	    (!state || strcmp(state_of(s), state) == 0);
}

static void
feed_row(struct table *t, struct app *app, const struct source *s)
{
	table_text(t, s->key);
	table_text(t, state_of(s));
	table_time(t, s->last_entry);
	table_text(t, s->name ? s->name : s->title);
	table_text(t, url_public(app->run.arena, s->url));
	table_text(t, health_words(app->run.arena, s));
	table_text(t, s->group);
	table_time(t, source_health_since(s));
	table_number(t, s->failures);
	table_time(t, s->next_poll);
	table_row(t);
}

static bool
list(struct app *app, const struct args *args, struct err *err)
{
	struct source *sources = NULL;
	size_t count = 0;
	struct table t;

	if (!flow_sources_sync(&app->run, err) ||
	    !store_sources(app->run.store, app->run.arena, true, &sources, &count, err) ||
	    !table_begin(&t, app, "feeds", feed_columns, ARRAY_LEN(feed_columns), err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (is_wanted(&sources[i], args))
			feed_row(&t, app, &sources[i]);
	}
	if (count == 0 && app->out_tty && !app->json)
		app_say(app, "No feeds yet.\n  hint: planetpost feed add URL");
	table_end(&t);
	return true;
}

static bool
prepare_feed_list(struct app *app, const struct args *args, struct err *err)
{
	const char *state = args_value(args, "state");
	enum source_state known = SOURCE_OK;

	(void)app;
	if (!state || strcmp(state, "paused") == 0 || strcmp(state, state_new) == 0)
		return true;
	if (source_state_parse(state, &known))
		return true;
	err_set(err, ERR_USAGE, "there is no state '%s'", state);
	return err_hint(err,
	    "ok slow stale moved web-page malformed refused failing gone duplicate flood "
	    "paused new");
}

static bool
run_feed_list(struct app *app, const struct args *args, int *code, struct err *err)
{
	(void)code;
	return list(app, args, err);
}

/* ---- add ---- */

/* Finds the feed behind an address; *url is what is to be kept. */
static bool
find_feed(struct app *app, const char *given, bool take_first, const char **url,
    struct feed **feed, struct err *err)
{
	struct feed_links links;
	struct err why = ERR_INIT;
	struct probe p;

	*url = given;
	for (int tries = 0; tries < 2; tries++) {
		if (!flow_probe(&app->run, *url, &p, err))
			return false;
		err_clear(&why);
		if (flow_probe_feed(&app->run, &p, feed, &links, &why)) {
			*url = p.moved_to
			    ? url_with_login(app->run.arena, p.moved_to, given)
			    : *url;
			return true;
		}
		if (!take_first || links.count == 0 || tries == 1)
			break;
		*url = url_with_login(app->run.arena,
		    arena_strdup(app->run.arena, links.item[0].url), given);
	}
	if (links.web_page)
		return refuse_page(app->run.arena, given, &links, err);
	*err = why;
	return err_wrap(err, "%s", given);
}

static bool
edit_config(struct app *app, const char *path, const char *section,
    const struct ini_pair *pairs, size_t count, struct err *err)
{
	struct buf old = BUF_INIT(LIMIT_CONFIG_FILE);
	struct buf new = BUF_INIT(LIMIT_CONFIG_FILE);
	bool ok = false;

	if (!config_file_read(app, path, &old, err))
		goto out;
	ini_append_section(&new, buf_text(&old), section, pairs, count);
	ok = config_file_write(app, path, &new, err);
out:
	buf_clear(&old);
	buf_clear(&new);
	return ok;
}

/* "blog.example" is taken for an address, "mailto:..." and "list.opml" are not. */
static bool
check_address(const struct app *app, const char *given, struct err *err)
{
	const bool is_file = ascii_starts_nocase(given, "file:");
	const size_t scheme = strcspn(given, ":/");

	if (url_is_web(given) || (is_file && app->run.config->fetch.allow_files))
		return true;
	if (is_file) {
		(void)err_set(err, ERR_USAGE, "%s: feeds in files are not read", given);
		return err_hint(err, "allow_files = yes in [fetch]");
	}
	if (file_exists(given)) {
		(void)err_set(err, ERR_USAGE, "'%s' is a file, no web address", given);
		return err_hint(err, "a list of feeds: planetpost import %s", given);
	}
	if (given[scheme] != ':' && strchr(given, '.'))
		return true;
	(void)err_set(err, ERR_USAGE, "'%s' is no web address", given);
	return err_hint(err, "an address begins with https://");
}

static bool
add_feed(struct app *app, const char *given, const struct args *args, struct err *err)
{
	const char *path = settings_default_file(app->run.arena, &app->paths);
	const char *name = args_value(args, "name");
	struct ini_pair pairs[3];
	struct feed *feed = NULL;
	struct source known;
	const char *url = NULL;
	struct err not_found = ERR_INIT;
	const char *address = feed_address_read(app->run.arena, given);
	size_t n = 0;

	given = address ? address : cmd_file_address(app, given);
	if (!check_address(app, given, err))
		return false;
	if (!find_feed(app, given, args_has(args, "yes"), &url, &feed, err))
		return false;
	if (store_source_find(app->run.store, app->run.arena, url, &known, &not_found) &&
	    known.listed)
		return err_set(err, ERR_INPUT, "%s is a feed already (%s)", url,
		    known.key);
	name = name ? name : feed->title;
	if (name)
		pairs[n++] = (struct ini_pair){ "name", name };
	if (args_has(args, "group"))
		pairs[n++] = (struct ini_pair){ "group", args_value(args, "group") };
	if (args_has(args, "max-items"))
		pairs[n++] =
		    (struct ini_pair){ "max_per_feed", args_value(args, "max-items") };
	if (!edit_config(app, path, url, pairs, n, err))
		return false;
	app_say(app, "Added \"%s\": %zu %s there now, in %s",
	    name ? name : url_public(app->run.arena, url), feed->entry_count,
	    feed->entry_count == 1 ? "entry" : "entries", path);
	return true;
}

static bool
prepare_feed_add(struct app *app, const struct args *args, struct err *err)
{
	const char *max = args_value(args, "max-items");
	int64_t n = 0;

	(void)app;
	if (max && !args_count(max, &n))
		return err_set(err, ERR_USAGE, "--max-items takes a number, not '%s'",
		    max);
	return !args_has(args, "name") || args->word_count == 1 ||
	    err_set(err, ERR_USAGE, "--name goes with one feed");
}

static bool
run_feed_add(struct app *app, const struct args *args, int *code, struct err *err)
{
	bool ok = flow_sources_sync(&app->run, err);

	(void)code;
	for (size_t i = 0; ok && i < args->word_count; i++)
		ok = add_feed(app, args->words[i], args, err);
	return ok;
}

/* ---- remove ---- */

static const struct listed_feed *
spec_of(const struct settings *settings, const char *url)
{
	for (size_t i = 0; i < settings->source_count; i++) {
		if (strcmp(settings->sources[i].url, url) == 0)
			return &settings->sources[i];
	}
	return NULL;
}

static bool
remove_feed(struct app *app, const char *name, struct err *err)
{
	struct buf old = BUF_INIT(LIMIT_CONFIG_FILE);
	struct buf new = BUF_INIT(LIMIT_CONFIG_FILE);
	const struct listed_feed *spec = NULL;
	struct source source;
	bool ok = false;

	if (!store_source_find(app->run.store, app->run.arena, name, &source, err))
		goto out;
	spec = spec_of(&app->settings, source.url);
	if (!source.listed) {
		err_set(err, ERR_INPUT, "%s is no feed of this planet any more",
		    source.key);
		err_hint(err, "planetpost feed list");
		goto out;
	}
	if (!spec) {
		err_set(err, ERR_INPUT, "%s comes from a list of feeds_from (%s)",
		    source.key, app->run.config->feeds.feeds_from);
		err_hint(err, "take it out there");
		goto out;
	}
	if (!config_file_read(app, spec->file, &old, err))
		goto out;
	if (!spec->section || !ini_remove_section(&new, buf_text(&old), spec->section)) {
		err_set(err, ERR_CONFIG,
		    "%s line %d: the section of %s is not found again", spec->file,
		    spec->line, source.key);
		goto out;
	}
	ok = config_file_write(app, spec->file, &new, err);
	if (ok)
		app_say(app, "Removed %s from %s; what was mailed is remembered.",
		    source.key, spec->file);
out:
	buf_clear(&old);
	buf_clear(&new);
	return ok;
}

/* Twice in one command is once. */
static bool
is_named_before(const struct args *args, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(args->words[i], args->words[at]) == 0)
			return true;
	return false;
}

static bool
run_feed_remove(struct app *app, const struct args *args, int *code, struct err *err)
{
	bool ok = flow_sources_sync(&app->run, err);

	(void)code;
	for (size_t i = 0; ok && i < args->word_count; i++)
		if (!is_named_before(args, i))
			ok = remove_feed(app, args->words[i], err);
	return ok;
}

/* ---- test ---- */

static void
print_probed(const struct app *app, const struct feed *feed)
{
	char room[CLOCK_TEXT];
	size_t undated = 0;
	int64_t newest = TIME_NONE;

	for (size_t i = 0; i < feed->entry_count; i++) {
		const int64_t t = feed->entries[i].published != TIME_NONE
		    ? feed->entries[i].published
		    : feed->entries[i].updated;

		undated += t == TIME_NONE;
		newest = t > newest ? t : newest;
	}
	app_print(stdout, "feed      %s, %s%s\n", feed->format, feed->encoding,
	    feed->damaged ? ", damaged but read" : "");
	app_print(stdout, "title     %s\n", feed->title ? feed->title : "-");
	app_print(stdout, "entries   %zu%s\n", feed->entry_count,
	    undated ? arena_printf(app->run.arena, ", %zu without a date", undated) : "");
	if (newest != TIME_NONE)
		app_print(stdout, "newest    %s\n", clock_rfc3339(newest, room));
	for (size_t i = 0; i < feed->warning_count; i++)
		app_print(stdout, "warning   %s\n", feed->warnings[i]);
}

/* What is left out of its posts because most of them say it. */
static void
print_boilerplate(const struct app *app, struct feed *feed, const char *strip)
{
	enum { SHOWN_COLUMNS = 60 };
	struct arena *a = app->run.arena;
	struct entry **all = arena_array(a, feed->entry_count, sizeof(*all));
	struct boilerplate b = { 0 };

	for (size_t i = 0; i < feed->entry_count; i++)
		all[i] = &feed->entries[i];
	boilerplate_learn(a, all, feed->entry_count, strip, &b);
	for (size_t i = 0; i < b.count; i++) {
		const char *text = *b.lines[i].text ? b.lines[i].text : "(a picture)";
		const size_t len = strlen(text);
		const size_t end = width_fit(text, len, SHOWN_COLUMNS);

		app_print(stdout, "left out  \"%.*s%s\", in %zu of %zu posts\n", (int)end,
		    text, end < len ? "..." : "", b.lines[i].posts, b.posts);
	}
}

/* Whether the next request costs the whole feed again. */
static void
print_validators(const struct probe *p)
{
	if (p->etag || p->last_modified)
		app_print(stdout, "next time sent only when it has changed (%s%s%s)\n",
		    p->etag ? "ETag" : "", p->etag && p->last_modified ? ", " : "",
		    p->last_modified ? "Last-Modified" : "");
	else
		puts(
		    "next time sent whole again, changed or not (no ETag, no Last-Modified)");
}

static void
print_no_feed(const struct app *app, const struct feed_links *links,
    const struct err *why)
{
	app_print(stdout, "feed      no: %s\n", why->text);
	if (links->count > 0) {
		app_print(stdout, "names     %zu feed%s\n%s\n", links->count,
		    links->count == 1 ? "" : "s",
		    page_feeds(app->run.arena, links, "          "));
		app_print(stdout, "hint      planetpost feed add %s\n",
		    links->item[0].url);
	} else if (*why->hint) {
		app_print(stdout, "hint      %s\n", why->hint);
	}
}

static bool
test(struct app *app, const char *name, int *code, struct err *err)
{
	const char *url = name;
	const char *strip = NULL;
	struct feed_links links;
	struct feed *feed = NULL;
	struct source source;
	struct err why = ERR_INIT;
	struct probe p;

	if (ascii_starts_nocase(name, "file:")) {
		url = cmd_file_address(app, name);
	} else if (!strstr(name, "://")) {
		if (!store_source_find(app->run.store, app->run.arena, name, &source,
			err))
			return false;
		url = source.url;
		strip = source.strip;
	}
	if (!flow_probe(&app->run, url, &p, err))
		return false;
	app_print(stdout, "address   %s\n", url_public(app->run.arena, url));
	if (strcmp(p.url, url_public(app->run.arena, url)) != 0)
		app_print(stdout, "goes to   %s%s\n", p.url,
		    p.moved_to ? " (for good)" : "");
	app_print(stdout, "answer    %s, %s, %zu bytes, %lld ms\n", p.message,
	    p.content_type ? p.content_type : "no content type", p.len, (long long)p.ms);
	if (p.answered && p.status == 200)
		print_validators(&p);
	if (flow_probe_feed(&app->run, &p, &feed, &links, &why)) {
		print_probed(app, feed);
		print_boilerplate(app, feed, strip);
		return true;
	}
	/* What was found is the answer that was asked for: it stands with the rest. */
	print_no_feed(app, &links, &why);
	*code = why.kind == ERR_TEMPORARY ? EXIT_TRY_AGAIN : EXIT_FAILED;
	return true;
}

static bool
run_feed_test(struct app *app, const struct args *args, int *code, struct err *err)
{
	bool ok = flow_sources_sync(&app->run, err);

	for (size_t i = 0; ok && i < args->word_count; i++)
		ok = test(app, args->words[i], code, err);
	return ok;
}

static const struct cmd_option list_options[] = {
	{ "group", '\0', "G", "only feeds of this group" },
	{ "state", '\0', "STATE", "only feeds in this state" }, { NULL, '\0', NULL, NULL }
};
static const struct cmd_option add_options[] = {
	{ "name", '\0', "NAME", "how it is called in letters; else its own title" },
	{ "group", '\0', "G", "the group it belongs to" },
	{ "max-items", '\0', "N", "at most so many of its entries in an issue" },
	{ "yes", '\0', NULL, "take the first feed that a web page names" },
	{ NULL, '\0', NULL, NULL }
};

static const struct command subcommands[] = {
	{ .name = "list",
	    .json = JSON_OWN,
	    .usage = "feed list",
	    .summary = "all feeds and how they are",
	    .options = list_options,
	    .need = NEED_BESIDE,
	    .prepare = prepare_feed_list,
	    .run = run_feed_list },
	{ .name = "add",
	    .usage = "feed add URL...",
	    .summary = "look whether it is a feed and add it to the configuration",
	    .options = add_options,
	    .edits_config = true,
	    .min_words = 1,
	    .max_words = SIZE_MAX,
	    .need = NEED_BESIDE,
	    .prepare = prepare_feed_add,
	    .run = run_feed_add },
	{ .name = "remove",
	    .usage = "feed remove FEED...",
	    .summary = "take it out of the configuration",
	    .edits_config = true,
	    .min_words = 1,
	    .max_words = SIZE_MAX,
	    .need = NEED_BESIDE,
	    .run = run_feed_remove },
	{ .name = "test",
	    .usage = "feed test FEED|URL...",
	    .summary = "ask it now and tell how it is understood; changes nothing",
	    .min_words = 1,
	    .max_words = SIZE_MAX,
	    .need = NEED_BESIDE,
	    .run = run_feed_test },
	{ .name = "health",
	    .json = JSON_OWN,
	    .usage = "feed health",
	    .summary = "every feed that needs a person, and the command that mends it",
	    .options = health_options,
	    .need = NEED_LOOK,
	    .prepare = prepare_feed_health,
	    .run = run_feed_health },
	{ .name = "release",
	    .usage = "feed release FEED...",
	    .summary = "posts that are held are news after all",
	    .min_words = 1,
	    .max_words = SIZE_MAX,
	    .need = NEED_BESIDE,
	    .run = run_feed_release },
	{ .name = "drop",
	    .usage = "feed drop FEED...",
	    .summary = "posts that are held are never mailed",
	    .min_words = 1,
	    .max_words = SIZE_MAX,
	    .need = NEED_BESIDE,
	    .run = run_feed_drop },
	{ .name = NULL },
};

const struct command cmd_feed = {
	.name = "feed",
	.group = "Feeds",
	.usage = "feed list|add|remove|test|health|release|drop",
	.summary = "the feeds of the planet",
	.subcommands = subcommands,
};

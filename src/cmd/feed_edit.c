/* SPDX-License-Identifier: ISC */
#include "cmd/feed_edit.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/config_file.h"
#include "cmd/each_name.h"
#include "cmd/health_words.h"
#include "cmd/file_address.h"
#include "cmd/report.h"
#include "config/feed_address.h"
#include "config/option_checks.h"
#include "digest/filter.h"
#include "flow/probe.h"
#include "flow/remember.h"
#include "flow/source_lists.h"
#include "format/ini_line.h"
#include "format/url.h"
#include "store/source_overrides.h"
#include "store/sources.h"
#include "store/transactions.h"

enum { CHANGES_MAX = 16 };

/* ---- where it stands ---- */

static const struct listed_feed *
find_listed(const struct listed_feed *feeds, size_t count, const char *url)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(feeds[i].url, url) == 0)
			return &feeds[i];
	return NULL;
}

bool
feed_standing_find(struct app *app, const char *name, struct standing *out,
    struct err *err)
{
	const struct settings *set = &app->settings;

	memset(out, 0, sizeof(*out));
	if (!store_source_find(app->run.store, app->run.arena, name, &out->source, err) ||
	    !flow_source_changes(&app->run, &out->changes, err))
		return false;
	if (!out->source.listed) {
		err_set(err, ERR_INPUT, "%s is no feed of this planet any more",
		    out->source.key);
		return err_hint(err, "planetpost feed list");
	}
	out->listed_url = flow_source_listed_url(&out->changes, out->source.url);
	out->own = find_listed(set->sources, set->source_count, out->listed_url);
	out->listed = out->own;
	for (size_t i = 0; i < set->list_count && !out->listed; i++)
		out->listed = find_listed(set->lists[i].sources,
		    set->lists[i].source_count, out->listed_url);
	return true;
}

/* ---- one change ---- */

static bool
forget_changes(struct app *app, const struct standing *st, const struct ini_pair *pairs,
    size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++)
		if (!store_override_drop(app->run.store, st->listed_url, pairs[i].key,
			err))
			return false;
	return true;
}

/* The key that holds its address there: Pluto's sections, and ours, may call it feed. */
static const char *
address_key(struct arena *a, const char *path, const struct buf *text,
    const char *section)
{
	struct err ignored = ERR_INIT;
	struct ini ini;

	if (!ini_parse(a, path, buf_text(text), text->len, true, &ini, &ignored))
		return "url";
	for (size_t i = 0; i < ini.section_count; i++)
		if (strcmp(ini.sections[i].name, section) == 0 &&
		    ini_find(&ini.sections[i], "feed"))
			return "feed";
	return "url";
}

/* Puts the keys into its section, or the address into the place where that stands. */
static bool
edit_text(struct app *app, const struct standing *st, const struct ini_pair *pairs,
    size_t count, struct buf *text, struct err *err)
{
	const char *section = st->own->section;
	struct buf next = BUF_INIT(LIMIT_CONFIG_FILE);
	bool ok = section != NULL;

	for (size_t i = 0; ok && i < count; i++) {
		const bool is_url = strcmp(pairs[i].key, "url") == 0;
		const char *key = is_url
		    ? address_key(app->run.arena, st->own->file, text, section)
		    : pairs[i].key;

		buf_reset(&next);
		ok = is_url && strstr(section, "://")
		    ? ini_rename_section(&next, buf_text(text), section, pairs[i].value)
		    : ini_set_key(&next, buf_text(text), section, key, pairs[i].value);
		buf_reset(text);
		buf_adds(text, buf_text(&next));
	}
	buf_clear(&next);
	return ok ||
	    err_set(err, ERR_CONFIG, "%s line %d: the section of %s is not found again",
		st->own->file, st->own->line, st->source.key);
}

static bool
edit_own(struct app *app, const struct standing *st, const struct ini_pair *pairs,
    size_t count, struct err *err)
{
	struct buf text = BUF_INIT(LIMIT_CONFIG_FILE);
	const bool ok = config_file_read(app, st->own->file, &text, err) &&
	    edit_text(app, st, pairs, count, &text, err) &&
	    config_file_write(app, st->own->file, &text, err) &&
	    forget_changes(app, st, pairs, count, err);

	buf_clear(&text);
	return ok;
}

/* The lines that would say the same in the list. */
static void
print_patch(struct app *app, const struct standing *st, const struct ini_pair *pairs,
    size_t count)
{
	struct arena *a = app->run.arena;
	const struct listed_feed *l = st->listed;

	app_say(app, "It stands in %s, which planetpost does not write: kept beside it.",
	    l && l->file ? l->file : url_public(a, app->run.config->feeds.feeds_from));
	if (!l || !l->section)
		return;
	app_say(app, "To have it there:\n  [%s]%s%s", url_public(a, l->section),
	    l->line > 0 ? "   line " : "",
	    l->line > 0 ? arena_printf(a, "%d", l->line) : "");
	for (size_t i = 0; i < count; i++)
		if (strcmp(pairs[i].key, "url") == 0 && strstr(l->section, "://"))
			app_say(app, "  its new name: [%s]", pairs[i].value);
		else
			app_say(app, "  %s = %s", pairs[i].key, pairs[i].value);
}

static bool
change_listed(struct app *app, const struct standing *st, const struct ini_pair *pairs,
    size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++)
		if (!flow_source_change(&app->run, st->listed_url, pairs[i].key,
			pairs[i].value, NULL, err))
			return false;
	print_patch(app, st, pairs, count);
	return true;
}

/* Inside a transaction, so that the database says nothing that no file got. */
static bool
apply(struct app *app, const struct standing *st, const struct ini_pair *pairs,
    size_t count, struct err *err)
{
	return st->own ? edit_own(app, st, pairs, count, err)
		       : change_listed(app, st, pairs, count, err) &&
		flow_sources_sync(&app->run, err);
}

static bool
change(struct app *app, const struct standing *st, const struct ini_pair *pairs,
    size_t count, struct err *err)
{
	return store_scope_begin(app->run.store, err) &&
	    store_scope_end(app->run.store, apply(app, st, pairs, count, err), err);
}

/* ---- edit ---- */

/* Each is the key of a feed's section, with "-" for "_". */
const struct cmd_option feed_edit_options[] = {
	{ "name", '\0', "NAME", "how it is called in letters; empty = its own title" },
	{ "group", '\0', "G", "the group it belongs to" },
	{ "language", '\0', "TAG", "of its posts: en, pt-BR" },
	{ "face", '\0', "URL", "address of its picture" },
	{ "filter", '\0', "REGEX", "its posts must match" },
	{ "exclude", '\0', "REGEX", "its posts must not match" },
	{ "categories", '\0', "LIST", "its posts must be in one of them: sea, ships" },
	{ "exclude-categories", '\0', "LIST", "its posts must be in none of them" },
	{ "languages", '\0', "LIST", "its posts must be in one of them: en, pt-BR" },
	{ "exclude-languages", '\0', "LIST", "its posts must be in none of them" },
	{ "strip", '\0', "WHAT", "what is taken out of its posts" },
	{ "user-agent", '\0', "TEXT", "how we introduce ourselves to it" },
	{ "max-per-feed", '\0', "N", "at most so many of its entries in an issue" },
	{ NULL, '\0', NULL, NULL }
};

static bool
check_edit(const char *option, const char *value, struct err *err)
{
	const char *wanted = NULL;
	struct filter f;
	int64_t n = 0;

	if (strpbrk(value, "\r\n"))
		return err_set(err, ERR_USAGE, "--%s is more than one line", option);
	if (strcmp(option, "max-per-feed") == 0 && *value &&
	    (!args_count(value, &n) || n == 0 || n > LIMIT_ISSUE_ENTRIES))
		return err_set(err, ERR_USAGE,
		    "--%s takes a number from 1 to %d, not '%s'", option,
		    LIMIT_ISSUE_ENTRIES, value);
	if (strcmp(option, "languages") == 0 &&
	    !option_check(NULL, option_find("digest", "languages"), value, &wanted))
		return err_set(err, ERR_USAGE, "--%s takes %s, not '%s'", option, wanted,
		    value);
	if (strcmp(option, "filter") != 0 && strcmp(option, "exclude") != 0)
		return true;
	const bool ok = filter_init(&f, value, err);
	filter_clear(&f);
	if (!ok) {
		err->kind = ERR_USAGE;
		return err_wrap(err, "--%s", option);
	}
	return true;
}

bool
prepare_feed_edit(struct app *app, const struct args *args, struct err *err)
{
	(void)app;
	if (args->given_count == 0) {
		err_set(err, ERR_USAGE, "what is to change?");
		return err_hint(err, "planetpost help feed edit");
	}
	for (size_t i = 0; i < args->given_count; i++)
		if (!check_edit(args->given[i].name, args->given[i].value, err))
			return false;
	return true;
}

bool
run_feed_edit(struct app *app, const struct args *args, struct err *err)
{
	struct ini_pair pairs[CHANGES_MAX];
	struct standing st;
	size_t n = 0;

	for (const struct cmd_option *o = feed_edit_options; o->name; o++)
		if (args_has(args, o->name))
			pairs[n++] = (struct ini_pair){ ini_key_name(app->run.arena,
							    o->name, strlen(o->name)),
				args_value(args, o->name) };
	if (!feed_standing_find(app, args->words[0], &st, err) ||
	    !change(app, &st, pairs, n, err))
		return false;
	app_say(app, "Changed %s%s%s.%s", st.source.key, st.own ? " in " : "",
	    st.own ? st.own->file : "",
	    args_has(args, "name") ? "  Its short name follows: planetpost feed list"
				   : "");
	return true;
}

/* ---- pause, resume ---- */

static bool
set_paused(struct app *app, const struct standing *st, bool paused, struct err *err)
{
	const struct ini_pair pair = { "paused", paused ? "yes" : "no" };

	/* Where the list does not say it, our word is only taken back. */
	if (!paused && st->listed && !st->listed->paused && !st->own)
		return store_override_drop(app->run.store, st->listed_url, "paused",
			   err) &&
		    flow_sources_sync(&app->run, err);
	if (!paused && st->own && !st->own->paused)
		return store_override_drop(app->run.store, st->listed_url, "paused", err);
	return change(app, st, &pair, 1, err);
}

bool
feed_pause_one(struct naming *n, const char *name, struct err *err)
{
	struct app *app = n->app;
	const bool paused = strcmp(n->args->command->name, "pause") == 0;
	struct standing st;

	if (!feed_standing_find(app, name, &st, err))
		return false;
	if (st.source.paused == paused) {
		app_say(app, "%s is %s.", st.source.key,
		    paused ? "paused already" : "not paused");
		return true;
	}
	if (!set_paused(app, &st, paused, err) ||
	    (!paused &&
		!store_source_begin_anew(app->run.store, st.source.id, false,
		    app->run.now, err)))
		return false;
	app_say(app,
	    paused ? "Paused %s: it is not asked, and its posts wait."
		   : "Resumed %s: the next run asks it.",
	    st.source.key);
	return true;
}

/* ---- move ---- */

const struct cmd_option feed_move_options[] = {
	{ "force", '\0', NULL, "also to a feed that has none of the known posts" },
	{ NULL, '\0', NULL, NULL }
};

/* Where to: as typed, or where the feed itself, or the page in its place, points. */
static bool
find_target(struct app *app, const struct args *args, const struct standing *st,
    const char **url, struct err *err)
{
	struct arena *a = app->run.arena;
	const char *given = args->word_count > 1 ? args->words[1] : NULL;

	if (given) {
		const char *address = feed_address_read(a, given);

		*url = address ? address : cmd_file_address(app, given);
		if (url_is_web(*url) || ascii_starts_nocase(*url, "file:"))
			return true;
		return feed_address_refuse(a, given, err);
	}
	*url = health_target(a, &st->source);
	if (*url)
		return true;
	(void)err_set(err, ERR_USAGE, "%s does not say where it went", st->source.key);
	return err_hint(err, "planetpost feed move %s https://...", st->source.key);
}

/* A new address must answer with a feed, and one that has posts of the old. */
static bool
check_target(struct app *app, const struct standing *st, const char **url, bool force,
    struct err *err)
{
	struct arena *a = app->run.arena;
	struct feed_links links;
	struct err why = ERR_INIT;
	struct feed *feed = NULL;
	struct probe p;
	size_t known = 0;

	*url = url_with_login(a, *url, st->source.url);
	if (!flow_probe(&app->run, *url, PROBE_PART, &p, err))
		return false;
	if (!flow_probe_feed(&app->run, &p, &feed, &links, &why)) {
		if (links.web_page)
			return refuse_page(a, *url, &links, err);
		*err = why;
		return err_wrap(err, "%s", url_public(a, *url));
	}
	if (p.moved_to)
		*url = url_with_login(a, p.moved_to, *url);
	if (force)
		return true;
	if (!flow_known_posts(&app->run, &st->source, feed, &known, err))
		return false;
	if (known > 0 || st->source.last_ok <= 0)
		return true;
	(void)err_set(err, ERR_INPUT, "%s is a feed, but has no post that %s had",
	    url_public(a, *url), st->source.key);
	return err_hint(err, "planetpost feed move %s %s --force", st->source.key,
	    url_public(a, *url));
}

static bool
move(struct app *app, const struct standing *st, const char *url, struct err *err)
{
	const struct ini_pair pair = { "url", url };

	if (!st->own)
		return flow_source_move(&app->run, &st->source, url, NULL, err) &&
		    flow_sources_sync(&app->run, err) &&
		    store_source_begin_anew(app->run.store, st->source.id, true,
			app->run.now, err);
	return store_source_move(app->run.store, st->source.id, url, err) &&
	    store_source_begin_anew(app->run.store, st->source.id, true, app->run.now,
		err) &&
	    store_override_drop(app->run.store, st->listed_url, "url", err) &&
	    edit_own(app, st, &pair, 1, err);
}

/*
 * Whether a feed stands where another shall go: in whatever spelling, but for the one that goes,
 * which may be spelled anew, and for one that the configuration names no more.
 */
static bool
is_there(struct arena *a, const struct source *s, int64_t mover, const char *url)
{
	if (s->id == mover || !s->listed)
		return strcmp(s->url, url) == 0;
	return strcmp(feed_address_identity(a, s->url), feed_address_identity(a, url)) ==
	    0;
}

static bool
check_unused(struct app *app, const struct standing *st, const char *url, struct err *err)
{
	struct arena *a = app->run.arena;
	struct source *list = NULL;
	size_t count = 0;

	if (!store_sources(app->run.store, a, false, &list, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (is_there(a, &list[i], st->source.id, url))
			return err_set(err, ERR_INPUT, "%s is the address of %s already",
			    url_public(a, url), list[i].key);
	}
	return true;
}

bool
run_feed_move(struct app *app, const struct args *args, struct err *err)
{
	struct standing st;
	const char *url = NULL;

	if (!feed_standing_find(app, args->words[0], &st, err) ||
	    !find_target(app, args, &st, &url, err) ||
	    !check_target(app, &st, &url, args_has(args, "force"), err) ||
	    !check_unused(app, &st, url, err))
		return false;
	if (!store_scope_begin(app->run.store, err) ||
	    !store_scope_end(app->run.store, move(app, &st, url, err), err))
		return false;
	app_say(app, "Moved %s to %s%s%s; its posts stay known.", st.source.key,
	    url_public(app->run.arena, url), st.own ? ", in " : "",
	    st.own ? st.own->file : "");
	if (!st.own && strcmp(url, st.listed_url) != 0) {
		const struct ini_pair pair = { "url", url_public(app->run.arena, url) };

		print_patch(app, &st, &pair, 1);
	}
	return true;
}

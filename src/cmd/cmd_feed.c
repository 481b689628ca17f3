/* SPDX-License-Identifier: ISC */
/*
 * feed list, add, remove, test; health, release and drop are in feed_health.c.  The
 * configuration file is the truth about which feeds there are: add and remove edit it, line by
 * line, and keep every comment.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/order.h"
#include "base/text.h"
#include "format/url.h"
#include "cmd/cmd.h"
#include "cmd/config_file.h"
#include "cmd/each_name.h"
#include "cmd/feed_edit.h"
#include "cmd/feed_health.h"
#include "cmd/health_words.h"
#include "cmd/feed_show.h"
#include "cmd/file_address.h"
#include "cmd/report.h"
#include "cmd/table.h"
#include "config/feed_address.h"
#include "config/mailbox_address.h"
#include "format/ini.h"
#include "fetch/source_health.h"
#include "flow/probe.h"
#include "model/names.h"
#include "store/source_overrides.h"
#include "store/sources.h"

static const char state_new[] = "new";

/* ---- list ---- */

static const struct column feed_columns[] = {
	{ "feed", COLUMN_TEXT, false, "its short name" },
	{ "state", COLUMN_TEXT, false,
	    "ok slow stale moved web-page malformed refused failing gone duplicate flood "
	    "changed paused, or new: not asked yet" },
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

static const char *
shown_name(const struct source *s)
{
	return s->name ? s->name : s->title ? s->title : s->key;
}

static int
by_name(const void *a, const void *b)
{
	return strcasecmp(shown_name(a), shown_name(b));
}

/* Who wrote last comes first. */
static int
by_last(const void *a, const void *b)
{
	const struct source *x = a;
	const struct source *y = b;

	if (x->last_entry != y->last_entry)
		return x->last_entry < y->last_entry ? 1 : -1;
	return strcmp(x->key, y->key);
}

static const struct {
	const char *word;
	int (*compare)(const void *, const void *);
} orders[] = { { "key", NULL }, { "name", by_name }, { "last", by_last } };

static bool
run_feed_list(struct app *app, const struct args *args, struct err *err)
{
	const char *order = args_value(args, "sort");
	struct source *sources = NULL;
	size_t count = 0;
	struct table t;

	if (!store_sources(app->run.store, app->run.arena, true, &sources, &count, err) ||
	    !table_begin(&t, app, "feeds", feed_columns, ARRAY_LEN(feed_columns), err))
		return false;
	for (size_t i = 0; order && i < ARRAY_LEN(orders); i++)
		if (orders[i].compare && strcmp(order, orders[i].word) == 0)
			list_sort(sources, count, sizeof(*sources), orders[i].compare);
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
	const char *order = args_value(args, "sort");
	enum source_state known = SOURCE_OK;
	bool sorts = order == NULL;

	(void)app;
	for (size_t i = 0; !sorts && i < ARRAY_LEN(orders); i++)
		sorts = strcmp(order, orders[i].word) == 0;
	if (!sorts)
		return err_set(err, ERR_USAGE, "--sort takes key, name or last, not '%s'",
		    order);
	if (!state || strcmp(state, "paused") == 0 || strcmp(state, state_new) == 0)
		return true;
	if (source_state_parse(state, &known))
		return true;
	err_set(err, ERR_USAGE, "there is no state '%s'", state);
	return err_hint(err,
	    "ok slow stale moved web-page malformed refused failing gone duplicate flood "
	    "changed paused new");
}

/* ---- add ---- */

/* Of several feeds that a page names, the one that a person picks; NULL: nobody can be asked. */
static const char *
ask_which(struct app *app, const char *page, const struct feed_links *links)
{
	struct err none = ERR_INIT;
	const char *answer = NULL;
	int64_t n = 0;

	if (app->no_input || !app->in_tty || !app->err_tty)
		return NULL;
	app_print(stderr, "%s names %zu feeds:\n%s\n", page, links->count,
	    page_feeds(app->run.arena, links, "  "));
	if (!app_ask(app, "Which one?", "1", &answer, &none) || !args_count(answer, &n) ||
	    n < 1 || (size_t)n > links->count)
		return NULL;
	return links->item[n - 1].url;
}

/* The feed that a web page leads to: its only one, the first with --yes, or as asked. */
static const char *
follow_page(struct app *app, const char *page, const struct feed_links *links,
    bool take_first)
{
	const char *url = NULL;

	if (links->count == 1 || (take_first && links->count > 0))
		url = links->item[0].url;
	else if (links->count > 1)
		url = ask_which(app, page, links);
	return url ? arena_strdup(app->run.arena, url) : NULL;
}

/* "blog.example": most are reached by https, and some by http alone. */
static bool
probe_pasted(struct app *app, const char **url, struct probe *p, struct err *err)
{
	struct arena *a = app->run.arena;
	const char *bare = *url;

	if (strstr(bare, "://") || ascii_starts_nocase(bare, "file:") ||
	    mailbox_address_is(bare))
		return flow_probe(&app->run, bare, PROBE_PART, p, err);
	*url = arena_printf(a, "https://%s", bare);
	if (!flow_probe(&app->run, *url, PROBE_PART, p, err))
		return false;
	if (p->answered)
		return true;
	*url = arena_printf(a, "http://%s", bare);
	return flow_probe(&app->run, *url, PROBE_PART, p, err);
}

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
		const char *next = NULL;

		if (!probe_pasted(app, url, &p, err))
			return false;
		err_clear(&why);
		if (flow_probe_feed(&app->run, &p, feed, &links, &why)) {
			*url = p.moved_to
			    ? url_with_login(app->run.arena, p.moved_to, given)
			    : *url;
			return true;
		}
		if (tries == 0)
			next = follow_page(app, url_public(app->run.arena, *url), &links,
			    take_first);
		if (!next)
			break;
		*url = url_with_login(app->run.arena, next, given);
	}
	if (links.web_page)
		return refuse_page(app->run.arena, given, &links, err);
	*err = why;
	return err_wrap(err, "%s", url_public(app->run.arena, *url));
}

static bool
edit_config(struct app *app, const char *path, const char *section,
    const struct ini_pair *pairs, size_t count, struct err *err)
{
	struct buf old = BUF_INIT(LIMIT_CONFIG_FILE);
	struct buf new = BUF_INIT(LIMIT_CONFIG_FILE);
	bool ok = config_file_read(app, path, &old, err);

	ini_append_section(&new, buf_text(&old), section, pairs, count);
	ok = ok && config_file_write(app, path, &new, err);
	buf_clear(&old);
	buf_clear(&new);
	return ok;
}

/* As mail and text show addresses: "<https://blog.example/>". */
static const char *
without_brackets(struct arena *a, const char *text)
{
	size_t len = strlen(text);

	ascii_trim(&text, &len);
	if (len > 2 && text[0] == '<' && text[len - 1] == '>')
		return arena_strndup(a, text + 1, len - 2);
	return arena_strndup(a, text, len);
}

/*
 * It was read well a moment ago, whatever it did when it was a feed of ours before: it waits for
 * no old failure, and is not paused because it was gone.
 */
static bool
forget_failures(struct app *app, const char *url, const struct source *known,
    struct err *err)
{
	return store_override_drop(app->run.store, url, "paused", err) &&
	    (!known ||
		store_source_begin_anew(app->run.store, known->id, false, app->run.now,
		    err));
}

/* As feed_address_identity(), also of an address without a scheme. */
static const char *
address_identity(struct arena *a, const char *address)
{
	return feed_address_identity(a,
	    cmd_is_bare_address(address) ? arena_printf(a, "https://%s", address)
					 : address);
}

/* The planet's feeds before anything is added. */
struct planet_feeds {
	struct source *list;
	const char **identities; /* of their addresses */
	size_t count;
};

static bool
planet_feeds_read(struct app *app, struct planet_feeds *p, struct err *err)
{
	struct arena *a = app->run.arena;

	if (!store_sources(app->run.store, a, true, &p->list, &p->count, err))
		return false;
	p->identities = arena_array(a, p->count, sizeof(*p->identities));
	for (size_t i = 0; i < p->count; i++)
		p->identities[i] = address_identity(a, p->list[i].url);
	return true;
}

static bool
check_unlisted(const struct app *app, const struct planet_feeds *p, const char *url,
    struct err *err)
{
	struct arena *a = app->run.arena;
	const char *identity = address_identity(a, url);

	for (size_t i = 0; i < p->count; i++) {
		const struct source *s = &p->list[i];

		if (strcmp(p->identities[i], identity) != 0)
			continue;
		if (strcmp(s->url, url) == 0)
			return err_set(err, ERR_INPUT, "%s is a feed already (%s)",
			    url_public(a, url), s->key);
		(void)err_set(err, ERR_INPUT, "%s is a feed already (%s, as %s)",
		    url_public(a, url), s->key, url_public(a, s->url));
		return err_hint(err, "planetpost feed move %s %s", s->key,
		    url_public(a, url));
	}
	return true;
}

static bool
write_feed(struct app *app, const struct args *args, const char *url,
    const struct feed *feed, struct err *err)
{
	const char *path = settings_default_file(app->run.arena, &app->paths);
	const char *name =
	    args_has(args, "name") ? args_value(args, "name") : feed->title;
	struct err not_found = ERR_INIT;
	struct ini_pair pairs[3];
	struct source known;
	bool is_known = false;
	size_t n = 0;

	if (name)
		pairs[n++] = (struct ini_pair){ "name", name };
	if (args_has(args, "group"))
		pairs[n++] = (struct ini_pair){ "group", args_value(args, "group") };
	if (args_has(args, "max-per-feed"))
		pairs[n++] =
		    (struct ini_pair){ "max_per_feed", args_value(args, "max-per-feed") };
	is_known =
	    store_source_find(app->run.store, app->run.arena, url, &known, &not_found);
	if (!edit_config(app, path, url, pairs, n, err) ||
	    !forget_failures(app, url, is_known ? &known : NULL, err))
		return false;
	app_say(app, "Added \"%s\": %s there now, in %s",
	    name ? name : url_public(app->run.arena, url),
	    app_count(app, (int64_t)feed->entry_count, "entry", "entries"), path);
	return true;
}

static bool
add_feed(struct naming *n, const char *word, struct err *err)
{
	struct app *app = n->app;
	struct arena *a = app->run.arena;
	const char *given = without_brackets(a, word);
	const char *address = feed_address_read(a, given);
	struct feed *feed = NULL;
	const char *url = NULL;

	given = address ? address : cmd_file_address(app, given);
	if (!cmd_feed_address_check(app, given, err))
		return false;
	if (naming_again(n, address_identity(a, given), word))
		return true;
	if (!find_feed(app, given, args_has(n->args, "yes"), &url, &feed, err))
		return false;
	if (naming_again(n, address_identity(a, url), word))
		return true;
	if (!check_unlisted(app, n->arg, url, err) ||
	    !write_feed(app, n->args, url, feed, err))
		return false;
	if (strcmp(url, given) != 0)
		app_say(app, "  its address: %s", url_public(a, url));
	naming_done(n, address_identity(a, given));
	naming_done(n, address_identity(a, url));
	return true;
}

static bool
prepare_feed_add(struct app *app, const struct args *args, struct err *err)
{
	const char *max = args_value(args, "max-per-feed");
	int64_t n = 0;

	(void)app;
	if (max && !args_count(max, &n))
		return err_set(err, ERR_USAGE, "--max-per-feed takes a number, not '%s'",
		    max);
	return !args_has(args, "name") || args->word_count == 1 ||
	    err_set(err, ERR_USAGE, "--name goes with one feed");
}

static bool
run_feed_add(struct app *app, const struct args *args, struct err *err)
{
	struct planet_feeds planet;

	return planet_feeds_read(app, &planet, err) &&
	    each_name(app, args, add_feed, &planet, err);
}

/* ---- remove ---- */

/* Takes the section of a feed out of the file where it stands. */
static bool
remove_section(struct app *app, const struct standing *st, struct err *err)
{
	const struct listed_feed *own = st->own;
	struct buf old = BUF_INIT(LIMIT_CONFIG_FILE);
	struct buf new = BUF_INIT(LIMIT_CONFIG_FILE);
	bool ok = config_file_read(app, own->file, &old, err);

	if (ok &&
	    (!own->section || !ini_remove_section(&new, buf_text(&old), own->section)))
		ok = err_set(err, ERR_CONFIG,
		    "%s line %d: the section of %s is not found again", own->file,
		    own->line, st->source.key);
	ok = ok && config_file_write(app, own->file, &new, err);
	buf_clear(&old);
	buf_clear(&new);
	return ok;
}

static bool
remove_feed(struct naming *n, const char *name, struct err *err)
{
	struct app *app = n->app;
	struct standing st;

	if (!feed_standing_find(app, name, &st, err))
		return false;
	if (naming_again(n, st.source.key, name))
		return true;
	if (!st.own) {
		err_set(err, ERR_INPUT, "%s comes from a list of feeds_from (%s)",
		    st.source.key,
		    st.listed && st.listed->file ? st.listed->file
						 : app->run.config->feeds.feeds_from);
		return err_hint(err, "take it out there, or: planetpost feed pause %s",
		    st.source.key);
	}
	if (!remove_section(app, &st, err))
		return false;
	app_say(app, "Removed %s from %s; what was mailed is remembered.", st.source.key,
	    st.own->file);
	naming_done(n, st.source.key);
	return true;
}

static const struct cmd_option list_options[] = { { "group", '\0', "G",
						      "only feeds of this group" },
	{ "state", '\0', "STATE", "only feeds in this state" },
	{ "sort", '\0', "ORDER", "key (the default), name, or last: newest post first" },
	{ NULL, '\0', NULL, NULL } };
static const struct cmd_option add_options[] = {
	{ "name", '\0', "NAME", "how it is called in letters; else its own title" },
	{ "group", '\0', "G", "the group it belongs to" },
	{ "max-per-feed", '\0', "N", "at most so many of its entries in an issue" },
	{ "yes", '\0', NULL, "take the first feed that a web page names" },
	{ NULL, '\0', NULL, NULL }
};

static const struct command subcommands[] = {
	{ .name = "list",
	    .json = JSON_OWN,
	    .usage = "feed list",
	    .summary = "all feeds and how they are",
	    .options = list_options,
	    .need = NEED_FEEDS,
	    .prepare = prepare_feed_list,
	    .run = run_feed_list },
	{ .name = "show",
	    .json = JSON_OWN,
	    .usage = "feed show FEED...",
	    .summary = "all that is known of one, and where it stands",
	    .words = { 1, SIZE_MAX },
	    .need = NEED_FEEDS,
	    .do_one = feed_show_one },
	{ .name = "add",
	    .usage = "feed add URL...",
	    .summary = "look whether it is a feed and add it to the configuration",
	    .options = add_options,
	    .edits_config = true,
	    .words = { 1, SIZE_MAX },
	    .need = NEED_BESIDE,
	    .prepare = prepare_feed_add,
	    .run = run_feed_add },
	{ .name = "remove",
	    .usage = "feed remove FEED...",
	    .summary = "take it out of the configuration",
	    .edits_config = true,
	    .words = { 1, SIZE_MAX },
	    .need = NEED_BESIDE,
	    .do_one = remove_feed },
	{ .name = "test",
	    .json = JSON_OWN,
	    .usage = "feed test FEED|URL...",
	    .summary = "ask it now and tell how it is understood; changes nothing",
	    .words = { 1, SIZE_MAX },
	    .need = NEED_FEEDS,
	    .do_one = feed_test_one },
	{ .name = "edit",
	    .usage = "feed edit FEED",
	    .summary = "name, group, filters and the like of one feed",
	    .options = feed_edit_options,
	    .edits_config = true,
	    .words = { 1, 1 },
	    .need = NEED_BESIDE,
	    .prepare = prepare_feed_edit,
	    .run = run_feed_edit },
	{ .name = "pause",
	    .usage = "feed pause FEED...",
	    .summary = "it is not asked, and its posts wait",
	    .edits_config = true,
	    .words = { 1, SIZE_MAX },
	    .need = NEED_BESIDE,
	    .do_one = feed_pause_one },
	{ .name = "resume",
	    .usage = "feed resume FEED...",
	    .summary = "it is asked again; what went wrong before is forgotten",
	    .edits_config = true,
	    .words = { 1, SIZE_MAX },
	    .need = NEED_BESIDE,
	    .do_one = feed_pause_one },
	{ .name = "move",
	    .usage = "feed move FEED [URL]",
	    .summary = "it is at another address now; its posts stay known",
	    .details =
		"Without URL: where the feed says that it moved for good, or which feed the web\n"
		"page in its place names.  A feed that has none of the known posts is refused.",
	    .options = feed_move_options,
	    .edits_config = true,
	    .words = { 1, 2 },
	    .need = NEED_BESIDE,
	    .run = run_feed_move },
	{ .name = "health",
	    .json = JSON_OWN,
	    .usage = "feed health [--letter [FEED]]",
	    .summary = "every feed that needs a person, and the command that mends it",
	    .options = health_options,
	    .words = { 0, 1 },
	    .need = NEED_LOOK,
	    .prepare = prepare_feed_health,
	    .run = run_feed_health },
	{ .name = "release",
	    .usage = "feed release FEED...",
	    .summary = "posts that are held are news after all",
	    .words = { 1, SIZE_MAX },
	    .need = NEED_BESIDE,
	    .run = run_feed_release },
	{ .name = "drop",
	    .usage = "feed drop FEED...",
	    .summary = "posts that are held are never mailed",
	    .words = { 1, SIZE_MAX },
	    .need = NEED_BESIDE,
	    .do_one = feed_settle_one },
	{ .name = NULL },
};

const struct command cmd_feed = {
	.name = "feed",
	.group = "Feeds",
	.usage =
	    "feed list|show|add|edit|remove|pause|resume|move|test|health|release|drop",
	.summary = "the feeds of the planet",
	.subcommands = subcommands,
};

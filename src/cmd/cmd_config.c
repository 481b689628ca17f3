/* SPDX-License-Identifier: ISC */
/* config check, show, templates. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "cmd/check_places.h"
#include "cmd/cmd.h"
#include "cmd/file_address.h"
#include "cmd/table.h"
#include "config/feed_address.h"
#include "config/feed_lists.h"
#include "config/option_value.h"
#include "config/relays.h"
#include "digest/filter.h"
#include "digest/templates.h"
#include "flow/context.h"
#include "flow/dkim_keys.h"
#include "flow/letterhead.h"
#include "flow/logo.h"
#include "flow/password.h"
#include "flow/source_lists.h"
#include "flow/template_trial.h"
#include "flow/test_letter.h"
#include "flow/web_check.h"
#include "format/url.h"
#include "mail/address.h"
#include "transport/transport.h"
#include "web/page_trial.h"

enum { IGNORED_TOLD = 40 };

/* ---- check ---- */

static bool
check_addresses(struct app *app, struct err *err)
{
	const char *address = app->settings.config.list.command_address;
	const char *const *editors = NULL;
	struct mailbox box;
	size_t count = 0;

	if (!flow_editors(&app->run, &editors, &count, err))
		return false;
	if (!*address || mailbox_parse(app->run.arena, address, &box, err))
		return true;
	err->kind = ERR_CONFIG;
	return err_wrap(err, "list.command_address");
}

/* A feed whose pattern cannot be read is held by every run; the others go on. */
static void
check_patterns(struct app *app, const struct listed_feed *feeds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *const patterns[] = { feeds[i].filter, feeds[i].exclude };

		for (size_t k = 0; k < ARRAY_LEN(patterns); k++) {
			struct err why = ERR_INIT;
			struct filter f;

			if (!filter_init(&f, patterns[k], &why))
				settings_warn(app->run.arena, &app->settings,
				    "%s: its posts are held: %s",
				    url_public(app->run.arena, feeds[i].url), why.text);
			filter_clear(&f);
		}
		check_filter_program(app, &feeds[i]);
	}
}

static bool
check_general_patterns(const struct config *c, struct err *err)
{
	const struct {
		const char *name, *value;
	} patterns[] = { { "digest.filter", c->digest.filter },
		{ "digest.exclude", c->digest.exclude } };

	for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
		struct filter f;
		const bool ok = filter_init(&f, patterns[i].value, err);

		filter_clear(&f);
		if (!ok)
			return err_wrap(err, "%s", patterns[i].name);
	}
	return true;
}

static void
tell_ignored(struct app *app, const struct feed_list *list)
{
	struct buf names = BUF_INIT(LIMIT_FIELD);

	for (size_t i = 0; i < list->ignored_count && i < IGNORED_TOLD; i++)
		buf_addf(&names, " %s", list->ignored[i]);
	if (list->ignored_count > IGNORED_TOLD)
		buf_addf(&names, " and %zu more", list->ignored_count - IGNORED_TOLD);
	app_tell(app, "note       ignored there (not ours):%s", buf_text(&names));
	buf_clear(&names);
}

static bool
check_lists(struct app *app, size_t *feeds, struct err *err)
{
	const char *where = app->run.config->feeds.feeds_from;

	for (; *where; where += strspn(where, "\n")) {
		const size_t len = strcspn(where, "\n");
		const char *path = arena_strndup(app->run.arena, where, len);
		struct feed_list list;

		if (!flow_sources_read(&app->run, path, &list, err)) {
			if (err->kind == ERR_INPUT || err->kind == ERR_SYSTEM ||
			    err->kind == ERR_LIMIT)
				err->kind = ERR_CONFIG;
			return err_wrap(err, "feeds.feeds_from");
		}
		app_tell(app, "feeds      %zu from %s", list.source_count,
		    url_public(app->run.arena, path));
		if (list.ignored_count > 0) {
			tell_ignored(app, &list);
		}
		for (size_t i = 0; i < list.refused_count; i++)
			settings_warn(app->run.arena, &app->settings, "%s: %s", path,
			    feed_address_left_out(app->run.arena, list.refused[i]));
		check_patterns(app, list.sources, list.source_count);
		*feeds += list.source_count;
		where += len;
	}
	return true;
}

/* Of each server; a command may ask a person, who is there when letters go. */
static bool
check_passwords(struct run *run, struct transport_settings *t, struct err *err)
{
	const size_t count = relay_count(run->config);
	const char **list = arena_array(run->arena, count, sizeof(*list));

	for (size_t i = 0; i < count; i++) {
		const char *relay = NULL;
		struct config c;

		relay_config(run->config, i, &c, &relay);
		if (*c.smtp.password_command == '\0' &&
		    !flow_password(run, &c, relay, &list[i], err))
			return false;
	}
	t->passwords = list;
	return true;
}

/* What a send or the pages would stumble over: sender, templates, password, where letters go. */
static bool
check_letters(struct app *app, struct err *err)
{
	struct run *run = &app->run;
	struct transport_settings t = { .config = run->config,
		.host_name = run->host_name,
		.now = run->now };
	struct dkim_signer signer = { .count = 0 };
	struct letterhead head;
	struct logo logo;
	bool ok = letterhead_now(run, run->now, &head, err);

	letterhead_clear(&head);
	ok = ok && flow_dkim_signer(run, &signer, err);
	flow_dkim_clear(&signer);
	return ok && flow_logo_read(run, &logo, err) && flow_templates_try(run, err) &&
	    flow_notices_try(run, err) &&
	    (*run->config->web.url == '\0' || pages_try(run, err)) &&
	    check_passwords(run, &t, err) && transport_check(&t, run->arena, err);
}

/* What the user who runs planetpost could not read, and what others could. */
static void
check_machine(struct app *app)
{
	const struct settings *set = &app->settings;
	const char *exposed = session_exposed(app);

	for (size_t i = 0; i < set->file_count; i++)
		if (app->is_owner && access(set->files[i], R_OK) != 0)
			settings_warn(app->run.arena, &app->settings,
			    "%s cannot be read by %s, who owns the database",
			    set->files[i], app->owner.name);
	if (exposed)
		settings_warn(app->run.arena, &app->settings, "%s", exposed);
}

/* "smtp.user is set", but not "smtp.users" or "xsmtp.user". */
static bool
names_key(const char *text, const char *key)
{
	const char *at = strstr(text, key);
	const size_t len = strlen(key);

	return at && (at == text || at[-1] == ' ') && !ascii_is_alphanumeric(at[len]) &&
	    at[len] != '_';
}

/* An error that names a setting tells where that was set. */
static void
add_place(const struct app *app, struct err *err)
{
	for (size_t i = 0; i < option_count && *err->why == '\0'; i++) {
		const struct origin *o = &app->settings.origins[i];
		char key[64];

		(void)snprintf(key, sizeof(key), "%s.%s", options[i].section,
		    options[i].name);
		if (o->file && o->line > 0 && names_key(err->text, key))
			(void)err_why(err, "%s line %d", o->file, o->line);
	}
}

/* All that is refused is told at once; only what asks others waits until the rest is right. */
static bool
find_mistakes(struct app *app, size_t *feeds, struct err *err)
{
	const struct config *c = &app->settings.config;
	struct err found[5] = { ERR_INIT, ERR_INIT, ERR_INIT, ERR_INIT, ERR_INIT };
	const bool right[] = { check_lists(app, feeds, &found[0]),
		check_general_patterns(c, &found[1]), check_places(app, &found[2]),
		check_addresses(app, &found[3]), check_letters(app, &found[4]) };
	bool ok = true;

	for (size_t i = 0; i < ARRAY_LEN(found); i++) {
		if (right[i])
			continue;
		add_place(app, &found[i]);
		ok = err_also(err, &found[i]);
	}
	if (!ok || flow_web_check(&app->run, err))
		return ok;
	add_place(app, err);
	return false;
}

/* Without pages and without mail-in it is a person who must take readers off the list. */
static void
tell_who_reads(struct app *app)
{
	const struct config *c = &app->settings.config;

	if (*c->web.url == '\0' && *c->list.command_address == '\0' &&
	    *c->newsletter.from != '\0')
		app_tell(app,
		    "note       readers leave by a mail to the newsletter's own address, which "
		    "somebody must read; list.command_address or web.url does it without");
}

/* What "in the browser" leads to, when it is less than what was mailed. */
static void
tell_what_is_shown(struct app *app)
{
	const struct config *c = &app->settings.config;

	if (*c->web.url != '\0' && c->web.archive_full < c->digest.body)
		app_tell(app,
		    "note       who opens a letter in the browser sees less of its posts than it "
		    "has, as web.archive_full says; full shows all of it to everybody");
}

static bool
check(struct app *app, struct err *err)
{
	const struct settings *set = &app->settings;
	size_t feeds = set->source_count;
	size_t warnings = 0;

	for (size_t i = 0; i < set->file_count; i++)
		app_tell(app, "read       %s", set->files[i]);
	if (set->file_count == 0)
		app_tell(app,
		    "read       no file: built-in settings (planetpost init writes one)");
	if (set->source_count > 0)
		app_tell(app, "feeds      %zu in these files", set->source_count);
	check_patterns(app, set->sources, set->source_count);
	if (!find_mistakes(app, &feeds, err))
		return false;
	check_machine(app);
	tell_who_reads(app);
	tell_what_is_shown(app);
	if (*set->config.smtp.password && !*set->config.smtp.user)
		settings_warn(app->run.arena, &app->settings,
		    "smtp.password is not used: smtp.user is not set");
	for (size_t i = 0; i < set->warning_count; i++)
		app_tell(app, "warning    %s", set->warnings[i]);
	warnings = set->warning_count + (feeds == 0);
	if (feeds == 0)
		app_tell(app, "warning    no feeds: nothing will be fetched");
	app_tell(app, "ok         %zu feed%s, %zu warning%s", feeds,
	    feeds == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s");
	return true;
}

/* What the settings warn of is part of the answer. */
static bool
prepare_config_check(struct app *app, const struct args *args, struct err *err)
{
	(void)args;
	(void)err;
	app->lists_warnings = true;
	return true;
}

static bool
run_config_check(struct app *app, const struct args *args, struct err *err)
{
	(void)args;
	return session_become_owner(app, err) && check(app, err);
}

/* ---- show ---- */

static bool
refuse_setting(struct arena *a, const char *wanted, struct err *err)
{
	const char **names = arena_array(a, 2 * option_count, sizeof(*names));

	for (size_t i = 0; i < option_count; i++) {
		names[2 * i] =
		    arena_printf(a, "%s.%s", options[i].section, options[i].name);
		names[2 * i + 1] = options[i].section;
	}
	for (size_t i = 0; i < option_count; i++) {
		if (strcmp(options[i].section, wanted) != 0)
			continue;
		(void)err_set(err, ERR_USAGE, "'%s' is a section, not a setting", wanted);
		return err_hint(err, "planetpost config show %s", wanted);
	}
	const char *near = nearest_word(wanted, names, 2 * option_count);
	(void)err_set(err, ERR_USAGE, "there is no setting '%s'", wanted);
	return near ? err_hint(err, "did you mean '%s'?", near)
		    : err_hint(err, "planetpost help config");
}

static const struct column setting_columns[] = {
	{ "key", COLUMN_TEXT, false, "section.name" },
	{ "value", COLUMN_TEXT, false, "in force" },
	{ "origin", COLUMN_TEXT, false, "file and line, or built-in" },
};

static const char *
origin_of(struct app *app, size_t i)
{
	const struct origin *o = &app->settings.origins[i];

	return o->file ? arena_printf(app->run.arena, "%s:%d", o->file, o->line)
		       : "built-in";
}

/* Proxies and lists of feeds may be addresses with a password in them. */
static const char *
without_logins(struct arena *a, const char *value)
{
	char *shown = arena_strdup(a, value);

	text_drop_logins(shown);
	return shown;
}

/* Whether a key, or its section, is what was asked for. */
static bool
is_asked_for(const char *only, const char *section, const char *name)
{
	const size_t len = strlen(section);

	return !only || strcmp(only, section) == 0 ||
	    (strncmp(only, section, len) == 0 && only[len] == '.' &&
		strcmp(only + len + 1, name) == 0);
}

static void
put_setting(struct table *t, struct app *app, const char *section, const struct option *o,
    const struct config *c, const char *origin)
{
	struct buf value = BUF_INIT(LIMIT_FIELD);

	option_print(o, c, &value);
	table_text(t, arena_printf(app->run.arena, "%s.%s", section, o->name));
	table_text(t,
	    o->secret && value.len > 0
		? "(secret)"
		: without_logins(app->run.arena, buf_text(&value)));
	table_text(t, origin);
	table_row(t);
	buf_clear(&value);
}

/* Relays come behind: each has the keys of [smtp] that it has for itself. */
static bool
show_relays(struct app *app, struct table *t, const char *only)
{
	const struct config *all = &app->settings.config;
	struct config *c = arena_alloc(app->run.arena, sizeof(*c));
	bool found = false;

	*c = *all;
	for (size_t i = 0; i < all->relay_count; i++) {
		const struct relay_options *r = &all->relays[i];
		const char *section = arena_printf(app->run.arena, "relay %s", r->name);

		c->smtp = r->smtp;
		for (size_t k = 0; k < option_count; k++) {
			if (!relay_has_option(&options[k]) ||
			    !is_asked_for(only, section, options[k].name))
				continue;
			found = true;
			put_setting(t, app, section, &options[k], c, r->file);
		}
	}
	return found;
}

static bool
run_config_show(struct app *app, const struct args *args, struct err *err)
{
	const char *only = args->word_count ? args->words[0] : NULL;
	struct table t;
	bool found = false;

	if (!table_begin(&t, app, "settings", setting_columns, ARRAY_LEN(setting_columns),
		err))
		return false;
	for (size_t i = 0; i < option_count; i++) {
		if (!is_asked_for(only, options[i].section, options[i].name))
			continue;
		found = true;
		put_setting(&t, app, options[i].section, &options[i],
		    &app->settings.config, origin_of(app, i));
	}
	found = show_relays(app, &t, only) || found;
	if (only && !found)
		(void)refuse_setting(app->run.arena, only, err);
	table_end(&t);
	return found || !only;
}

/* ---- get ---- */

static bool
run_config_get(struct app *app, const struct args *args, struct err *err)
{
	const char *key = args->words[0];
	const char *dot = strchr(key, '.');
	const struct option *o = dot
	    ? option_find(arena_strndup(app->run.arena, key, (size_t)(dot - key)),
		  dot + 1)
	    : NULL;
	struct buf value = BUF_INIT(LIMIT_FIELD);

	if (!o)
		return refuse_setting(app->run.arena, key, err);
	if (o->secret)
		return err_set(err, ERR_USAGE, "%s is a secret, and is not shown", key);
	option_print(o, &app->settings.config, &value);
	app_tell(app, "%s", without_logins(app->run.arena, buf_text(&value)));
	buf_clear(&value);
	return true;
}

/* ---- templates ---- */

struct writing {
	const char *dir;
	size_t count;
};

/* What is there already may be somebody's work. */
static bool
write_template(void *arg, const char *name, const char *text, struct err *err)
{
	struct writing *w = arg;
	char *path = file_join(w->dir, name);
	const bool ok = file_create(path, text, strlen(text), 0644, err);

	free(path);
	w->count += ok;
	return ok;
}

static bool
run_config_templates(struct app *app, const struct args *args, struct err *err)
{
	struct writing w = { .dir = args->words[0] };
	const char *language = app->settings.config.newsletter.language;

	if (!template_language_check(app->settings.config.digest.template_dir, language,
		err) ||
	    !file_make_dirs(w.dir, 0755, err))
		return false;
	if (!template_files(language, write_template, &w, err))
		return err_hint(err, "a folder that is empty, or not there yet, is best");
	app_print(stdout,
	    "Wrote %zu files to %s.  Keep what you change, delete the others, and put\n"
	    "template = %s under [digest].\n",
	    w.count, w.dir, cmd_whole_path(app, w.dir));
	return true;
}

static const struct command subcommands[] = {
	{ .name = "check",
	    .usage = "config check",
	    .summary = "read everything, tell what is wrong with line and key",
	    .need = NEED_MEMORY,
	    .prepare = prepare_config_check,
	    .run = run_config_check },
	{ .name = "show",
	    .json = JSON_OWN,
	    .usage = "config show [SECTION|SECTION.KEY]",
	    .summary = "every setting in force and where it comes from",
	    .words = { 0, 1 },
	    .need = NEED_SETTINGS,
	    .run = run_config_show },
	{ .name = "get",
	    .usage = "config get SECTION.KEY",
	    .summary = "the value of one setting alone, for scripts",
	    .words = { 1, 1 },
	    .need = NEED_SETTINGS,
	    .run = run_config_get },
	{ .name = "templates",
	    .usage = "config templates DIR",
	    .summary = "write the built-in templates, words and styles to a folder",
	    .words = { 1, 1 },
	    .need = NEED_SETTINGS,
	    .run = run_config_templates },
	{ .name = NULL }
};

const struct command cmd_config = {
	.name = "config",
	.group = "Upkeep",
	.usage = "config check|show|get|templates",
	.summary = "the settings",
	.subcommands = subcommands,
};

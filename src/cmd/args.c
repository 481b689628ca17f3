/* SPDX-License-Identifier: ISC */
/*
 * The command line: global options anywhere, a command, perhaps a subcommand, its own options
 * and words.  Every option is a row of a table.
 */
#include "cmd/args.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "cmd/commands.h"
#include "mail/address.h"

enum { WORDS_MAX = 4096, FILES_MAX = 16 };

static const struct cmd_option global_options[] = {
	{ "config", 'c', "FILE", "configuration; may be repeated, later wins" },
	{ "data", 'd', "DIR", "where the database lives" },
	{ "dry-run", 'n', NULL, "do everything except write and send" },
	{ "quiet", 'q', NULL, "only errors" },
	{ "verbose", 'v', NULL, "say more; twice shows HTTP and SMTP dialogue" },
	{ "json", '\0', "FIELD,...", "machine output; --json=help lists the fields" },
	{ "plain", '\0', NULL, "one record a line, tab-separated, no heading" },
	{ "no-input", '\0', NULL, "never ask" },
	{ "now", '\0', "TIME", "pretend the time" },
	{ "help", 'h', NULL, "help for the command" },
	{ "version", '\0', NULL, "print the version" }, { NULL, '\0', NULL, NULL }
};

const struct cmd_option *
args_global_options(void)
{
	return global_options;
}

const char *
args_value(const struct args *args, const char *name)
{
	for (size_t i = args->given_count; i > 0; i--) {
		if (strcmp(args->given[i - 1].name, name) == 0)
			return args->given[i - 1].value;
	}
	return NULL;
}

bool
args_has(const struct args *args, const char *name)
{
	return args_value(args, name) != NULL;
}

bool
args_expect(const struct args *args, struct err *err)
{
	const struct command *cmd = args->command;
	bool empty = false;

	/* "$FEED" of a script in which it is not set names nothing. */
	for (size_t i = 0; i < args->word_count; i++)
		empty = empty || *args->words[i] == '\0';
	if (args->word_count >= cmd->words.least && args->word_count <= cmd->words.most &&
	    !empty)
		return true;
	if (empty)
		err_set(err, ERR_USAGE, "%s: an argument is empty", cmd->name);
	else if (args->word_count < cmd->words.least)
		err_set(err, ERR_USAGE, "%s: an argument is missing", cmd->name);
	else
		err_set(err, ERR_USAGE, "%s: unexpected argument '%s'", cmd->name,
		    args->words[cmd->words.most]);
	return err_hint(err, "usage: planetpost %s", cmd->usage);
}

const char *
args_output(const struct args *args)
{
	const char *path = args_value(args, "output");

	return path ? path : args->word_count > 0 ? args->words[0] : "-";
}

bool
args_one_output(const struct args *args, struct err *err)
{
	return !args_has(args, "output") || args->word_count == 0 ||
	    err_set(err, ERR_USAGE, "--output and '%s': one of them", args->words[0]);
}

bool
args_count(const char *text, int64_t *out)
{
	if (*text == '\0' || strlen(text) > 12 ||
	    strspn(text, "0123456789") != strlen(text))
		return false;
	*out = (int64_t)strtoll(text, NULL, 10);
	return true;
}

bool
args_address(struct app *app, const char *option, const char *given, const char **out,
    struct err *err)
{
	if (address_check(app->run.arena, given, out, err))
		return true;
	err->kind = ERR_USAGE;
	return err_wrap(err, "--%s %s", option, given);
}

bool
args_address_word(struct app *app, const char *given, const char **out, struct err *err)
{
	const bool is_link = ascii_starts_nocase(given, "mailto:");
	struct mailbox box;

	/* As it stands in other programs: "Ann <ann@reader.example>", mailto:... */
	if (mailbox_parse(app->run.arena, is_link ? given + strlen("mailto:") : given,
		&box, err)) {
		*out = box.address;
		return true;
	}
	err->kind = ERR_USAGE;
	return err_wrap(err, "%s", given);
}

/* State of one walk over argv. */
struct walk {
	struct app *app;
	struct args *args;
	int argc;
	char **argv;
	int at;
	const char **words;
	const char **files;
	bool only_words;
};

static bool
apply_file(struct walk *w, const char *value, struct err *err)
{
	struct settings_paths *paths = &w->app->paths;

	if (paths->file_count == FILES_MAX)
		return err_set(err, ERR_USAGE, "more than %d configuration files",
		    FILES_MAX);
	w->files[paths->file_count++] = value;
	paths->files = w->files;
	return true;
}

/* One that is not there yet is made. */
static bool
check_data_dir(const char *path, struct err *err)
{
	if (!file_exists(path) || file_is_dir(path))
		return true;
	err_set(err, ERR_USAGE, "--data %s: that is a file, and a directory is wanted",
	    path);
	return err_hint(err, "a configuration is named by --config");
}

static bool
apply_global(struct walk *w, const struct cmd_option *o, const char *value,
    struct err *err)
{
	struct app *app = w->app;
	const char *name = o->name;

	if (o->arg && *value == '\0' && strcmp(name, "json") != 0)
		return err_set(err, ERR_USAGE, "--%s needs a value (%s)", name, o->arg);
	if (strcmp(name, "config") == 0)
		return apply_file(w, value, err);
	if (strcmp(name, "now") == 0) {
		if (!clock_parse(value, &app->run.now)) {
			err_set(err, ERR_USAGE, "--now cannot read '%s' as a time",
			    value);
			return err_hint(err, "for example --now 2026-11-24T06:30:00Z");
		}
	} else if (strcmp(name, "data") == 0) {
		if (!check_data_dir(value, err))
			return false;
		app->paths.data_dir = value;
	} else if (strcmp(name, "dry-run") == 0) {
		app->run.dry_run = true;
	} else if (strcmp(name, "quiet") == 0) {
		app->quiet = true;
	} else if (strcmp(name, "verbose") == 0) {
		app->verbose++;
	} else if (strcmp(name, "json") == 0) {
		app->json = true;
		app->json_fields = *value ? value : NULL;
	} else if (strcmp(name, "plain") == 0) {
		app->plain = true;
	} else if (strcmp(name, "no-input") == 0) {
		app->no_input = true;
	} else if (strcmp(name, "help") == 0) {
		w->args->help = true;
	} else if (strcmp(name, "version") == 0) {
		w->args->version = true;
	}
	return true;
}

static bool
apply(struct walk *w, const struct cmd_option *o, bool is_global, const char *value,
    struct err *err)
{
	struct args *args = w->args;
	const char *before = args_value(args, o->name);

	value = value ? value : "";
	if (is_global)
		return apply_global(w, o, value, err);
	if (args->given_count == ARGS_MAX)
		return err_set(err, ERR_USAGE, "more than %d options", ARGS_MAX);
	/* Of two different answers one would be forgotten in silence. */
	if (o->arg && before && strcmp(before, value) != 0)
		return err_set(err, ERR_USAGE, "--%s is given twice: '%s' and '%s'",
		    o->name, before, value);
	args->given[args->given_count].name = o->name;
	args->given[args->given_count].value = value;
	args->given_count++;
	return true;
}

/* "issue send" */
const char *
args_command_name(const struct app *app, const struct args *args)
{
	return args->parent ? arena_printf(app->run.arena, "%s %s", args->parent->name,
				  args->command->name)
			    : args->command->name;
}

static bool
unknown_option(const struct walk *w, const char *shown, const char *name, struct err *err)
{
	const char *names[128];
	const struct command *cmd = w->args->command;
	const struct cmd_option *tables[2] = { global_options,
		cmd ? cmd->options : NULL };
	size_t n = 0;

	for (size_t t = 0; t < 2; t++) {
		for (const struct cmd_option *o = tables[t]; o && o->name && n < 128; o++)
			names[n++] = o->name;
	}
	err_set(err, ERR_USAGE, "unknown option %s", shown);
	const char *near = nearest_word(name, names, n);
	if (near)
		return err_hint(err, "did you mean --%s?", near);
	return err_hint(err, "planetpost help%s%s", cmd ? " " : "",
	    cmd ? args_command_name(w->app, w->args) : "");
}

/* The value of an option that needs one: what follows "=", or the next argument. */
static bool
option_argument(struct walk *w, const struct cmd_option *o, const char *attached,
    const char **value, struct err *err)
{
	*value = attached;
	if (!o->arg && attached)
		return err_set(err, ERR_USAGE, "--%s takes no value", o->name);
	/* --json alone means all fields: its value must be attached. */
	if (!o->arg || attached || strcmp(o->name, "json") == 0)
		return true;
	if (w->at + 1 >= w->argc)
		return err_set(err, ERR_USAGE, "--%s needs a value (%s)", o->name,
		    o->arg);
	*value = w->argv[++w->at];
	return true;
}

/* Of the command, else of all of them: by its name, or by its letter alone. */
static const struct cmd_option *
find_option(const struct walk *w, const char *text, size_t len, bool is_letter,
    bool *is_global)
{
	const struct command *cmd = w->args->command;
	const struct cmd_option *tables[2] = { cmd ? cmd->options : NULL,
		global_options };

	for (size_t t = 0; t < 2; t++) {
		*is_global = t == 1;
		for (const struct cmd_option *o = tables[t]; o && o->name; o++)
			if (is_letter ? o->letter == *text
				      : strlen(o->name) == len &&
				    strncmp(o->name, text, len) == 0)
				return o;
	}
	return NULL;
}

static bool
long_option(struct walk *w, const char *text, struct err *err)
{
	const char *equals = strchr(text, '=');
	const size_t len = equals ? (size_t)(equals - text) : strlen(text);
	bool is_global = false;
	const struct cmd_option *o = find_option(w, text, len, false, &is_global);
	const char *value = NULL;

	if (!o) {
		char *name = arena_strndup(w->app->run.arena, text, len);

		return unknown_option(w, arena_printf(w->app->run.arena, "--%s", name),
		    name, err);
	}
	return option_argument(w, o, equals ? equals + 1 : NULL, &value, err) &&
	    apply(w, o, is_global, value, err);
}

static bool
short_options(struct walk *w, const char *text, struct err *err)
{
	for (; *text; text++) {
		bool is_global = false;
		const struct cmd_option *o = find_option(w, text, 1, true, &is_global);
		const char *value = NULL;

		if (!o)
			return unknown_option(w,
			    arena_printf(w->app->run.arena, "-%c", *text), text, err);
		if (!option_argument(w, o, o->arg && text[1] ? text + 1 : NULL, &value,
			err))
			return false;
		if (!apply(w, o, is_global, value, err))
			return false;
		if (o->arg)
			return true;
	}
	return true;
}

/* Command i below parent, of all where that is NULL; NULL behind the last. */
static const struct command *
command_at(const struct command *parent, size_t i)
{
	if (!parent)
		return commands[i];
	return parent->subcommands && parent->subcommands[i].name
	    ? &parent->subcommands[i]
	    : NULL;
}

const struct command *
command_find(const struct command *parent, const char *name)
{
	const struct command *c = NULL;

	for (size_t i = 0; (c = command_at(parent, i)); i++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

size_t
command_names(const struct command *parent, const char *names[COMMAND_NAMES])
{
	size_t n = 0;

	for (; n < COMMAND_NAMES && command_at(parent, n); n++)
		names[n] = command_at(parent, n)->name;
	return n;
}

/* Words of other programs for what ours call otherwise. */
static const struct {
	const char *word, *ours;
} synonyms[] = {
	{ "add", "import" },
	{ "delete", "remove" },
	{ "del", "remove" },
	{ "rm", "remove" },
	{ "unsubscribe", "remove" },
	{ "unsub", "remove" },
	{ "subscribe", "add" },
	{ "new", "add" },
	{ "create", "add" },
	{ "ls", "list" },
	{ "all", "list" },
	{ "view", "show" },
	{ "info", "show" },
	{ "cat", "show" },
	{ "check", "test" },
	{ "set", "edit" },
	{ "change", "edit" },
	{ "pause", "hold" },
	{ "forget", "erase" },
	{ "approve", "send" },
	{ "mail", "send" },
	{ "render", "preview" },
	{ "update", "run" },
	{ "build", "run" },
	{ "send", "run" },
	{ "refresh", "fetch" },
	{ "poll", "fetch" },
	{ "validate", "check" },
	{ "setup", "init" },
	{ "stat", "status" },
	{ "subscribers", "sub" },
	{ "readers", "sub" },
	{ "reader", "sub" },
	{ "settings", "config" },
};

static const char *
synonym_of(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < ARRAY_LEN(synonyms); i++) {
		if (strcmp(synonyms[i].word, name) != 0)
			continue;
		for (size_t k = 0; k < count; k++)
			if (strcmp(synonyms[i].ours, names[k]) == 0)
				return names[k];
	}
	return NULL;
}

static bool
unknown_command(const char *name, const struct command *parent, struct err *err)
{
	const char *names[COMMAND_NAMES];
	const size_t n = command_names(parent, names);
	const char *near = synonym_of(name, names, n);

	if (parent)
		err_set(err, ERR_USAGE, "%s has no command '%s'", parent->name, name);
	else
		err_set(err, ERR_USAGE, "unknown command '%s'", name);
	near = near ? near : nearest_word(name, names, n);
	if (near)
		return err_hint(err, "did you mean 'planetpost %s%s%s'?",
		    parent ? parent->name : "", parent ? " " : "", near);
	return err_hint(err, "planetpost help%s%s", parent ? " " : "",
	    parent ? parent->name : "");
}

static bool
word(struct walk *w, const char *text, struct err *err)
{
	struct args *args = w->args;

	if (!args->command ||
	    (args->command->subcommands && !args->parent && args->word_count == 0)) {
		const struct command *c = command_find(args->command, text);

		if (!c)
			return unknown_command(text, args->command, err);
		args->parent = args->command;
		args->command = c;
		return true;
	}
	if (args->word_count == WORDS_MAX)
		return err_set(err, ERR_USAGE, "more than %d arguments", WORDS_MAX);
	w->words[args->word_count++] = text;
	return true;
}

bool
args_parse(struct app *app, int argc, char **argv, struct args *out, struct err *err)
{
	struct walk w = { .app = app, .args = out, .argc = argc, .argv = argv, .at = 1 };

	memset(out, 0, sizeof(*out));
	w.words = arena_array(app->run.arena, WORDS_MAX, sizeof(*w.words));
	w.files = arena_array(app->run.arena, FILES_MAX, sizeof(*w.files));
	out->words = w.words;
	for (; w.at < argc; w.at++) {
		const char *text = argv[w.at];
		bool ok = false;

		if (!w.only_words && strcmp(text, "--") == 0) {
			w.only_words = true;
			continue;
		}
		if (w.only_words || text[0] != '-' || text[1] == '\0')
			ok = word(&w, text, err);
		else if (text[1] == '-')
			ok = long_option(&w, text + 2, err);
		else
			ok = short_options(&w, text + 1, err);
		if (!ok)
			return false;
	}
	return true;
}

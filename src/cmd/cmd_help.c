/* SPDX-License-Identifier: ISC */
/* help and version, the two that only print. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cmd/commands.h"
#include "cmd/help.h"

/* The command that was meant, when one is near. */
static bool
hint_near(const struct args *args, struct err *err)
{
	const struct command *parent =
	    args->word_count > 1 ? command_find(NULL, args->words[0]) : NULL;
	const char *names[COMMAND_NAMES];
	size_t n = command_names(parent, names);

	for (size_t i = 0; !parent && help_topic(i) && n < ARRAY_LEN(names); i++)
		names[n++] = help_topic(i);
	const char *near = nearest_word(args->words[parent ? 1 : 0], names, n);
	if (!near && parent)
		return err_hint(err, "planetpost help %s", parent->name);
	if (!near)
		return err_hint(err, "planetpost help");
	return err_hint(err, "planetpost help %s%s%s", parent ? parent->name : "",
	    parent ? " " : "", near);
}

static bool
help_named(const struct args *args, struct err *err)
{
	const struct command *c = command_find(NULL, args->words[0]);

	if (c && args->word_count > 1)
		c = command_find(c, args->words[1]);
	if (c)
		help_print(stdout, c);
	/* "config" is a command and a topic: its settings belong to both. */
	if ((args->word_count == 1 && help_print_topic(stdout, args->words[0])) || c)
		return true;
	err_set(err, ERR_USAGE, "there is no help for '%s'",
	    args->words[args->word_count - 1]);
	return hint_near(args, err);
}

static bool
run_help(struct app *app, const struct args *args, struct err *err)
{
	(void)app;
	if (args->word_count == 0) {
		help_overview(stdout);
		return true;
	}
	return help_named(args, err);
}

const struct command cmd_help = {
	.name = "help",
	.json = JSON_NONE,
	.group = "Upkeep",
	.usage = "help [COMMAND|TOPIC]",
	.summary =
	    "this overview, or more about one command or topic (config, exit-codes)",
	.words = { 0, 2 },
	.run = run_help,
};

static bool
run_version(struct app *app, const struct args *args, struct err *err)
{
	(void)app;
	(void)args;
	(void)err;
	printf("planetpost %s\n", VERSION);
	return true;
}

const struct command cmd_version = {
	.name = "version",
	.json = JSON_NONE,
	.group = "Upkeep",
	.usage = "version",
	.summary = "print the version",
	.run = run_version,
};

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
	const struct command *parent = NULL;
	const char *names[64];
	const char *near = NULL;
	size_t n = 0;

	for (const struct command *const *c = commands; *c && n < ARRAY_LEN(names); c++) {
		names[n++] = (*c)->name;
		if (args->word_count > 1 && strcmp((*c)->name, args->words[0]) == 0)
			parent = *c;
	}
	if (parent) {
		n = 0;
		for (const struct command *s = parent->subcommands;
		     s && s->name && n < ARRAY_LEN(names); s++)
			names[n++] = s->name;
	}
	for (size_t i = 0; !parent && help_topic(i) && n < ARRAY_LEN(names); i++)
		names[n++] = help_topic(i);
	near = nearest_word(args->words[parent ? 1 : 0], names, n);
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
	for (const struct command *const *c = commands; *c; c++) {
		if (strcmp((*c)->name, args->words[0]) != 0)
			continue;
		if (args->word_count == 1) {
			help_print(stdout, *c);
			/* "config" is a command and a topic: its settings belong to both. */
			(void)help_print_topic(stdout, args->words[0]);
			return true;
		}
		for (const struct command *s = (*c)->subcommands; s && s->name; s++) {
			if (strcmp(s->name, args->words[1]) == 0) {
				help_print(stdout, s);
				return true;
			}
		}
	}
	if (args->word_count == 1 && help_print_topic(stdout, args->words[0]))
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
	.max_words = 2,
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

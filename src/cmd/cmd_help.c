/* SPDX-License-Identifier: ISC */
/* help and version, the two that only print. */
#include <stdio.h>
#include <string.h>

#include "cmd/commands.h"
#include "cmd/help.h"

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
	return err_hint(err, "planetpost help");
}

static bool
run_help(struct app *app, const struct args *args, int *code, struct err *err)
{
	(void)app;
	(void)code;
	if (args->word_count == 0) {
		help_overview(stdout);
		return true;
	}
	return help_named(args, err);
}

const struct command cmd_help = {
	.name = "help",
	.group = "Upkeep",
	.usage = "help [COMMAND|TOPIC]",
	.summary =
	    "this overview, or more about one command or topic (config, exit-codes)",
	.max_words = SIZE_MAX,
	.run = run_help,
};

static bool
run_version(struct app *app, const struct args *args, int *code, struct err *err)
{
	(void)app;
	(void)args;
	(void)code;
	(void)err;
	printf("planetpost %s\n", VERSION);
	return true;
}

const struct command cmd_version = {
	.name = "version",
	.group = "Upkeep",
	.usage = "version",
	.summary = "print the version",
	.max_words = SIZE_MAX,
	.run = run_version,
};

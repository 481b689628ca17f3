/* SPDX-License-Identifier: ISC */
#include "cmd/help.h"

#include <string.h>

#include "base/buf.h"
#include "cmd/commands.h"
#include "config/options.h"

enum { TOPIC_MAX = 256 * 1024 };

static void
print_config(FILE *f)
{
	struct buf b = BUF_INIT(TOPIC_MAX);

	options_print_file(&b);
	fputs("\nSettings, as a configuration file has them\n\n", f);
	fputs(buf_text(&b), f);
	buf_clear(&b);
}

static void
print_exit_codes(FILE *f)
{
	fputs(
	    "0    done, or nothing was due; single failing feeds are recorded, not an error\n"
	    "1    failed: unexpected, internal, or wrong input\n"
	    "2    wrong option or argument\n"
	    "3    many feeds newly failed, or letters wait to be tried again\n"
	    "4    somebody must decide\n"
	    "5    try again: lock held, server not reachable; state is kept\n"
	    "6    configuration: file, key or value is wrong\n"
	    "7    database: newer than the program, or damaged\n"
	    "130  interrupted (143: by SIGTERM); the next run goes on where it stopped\n",
	    f);
}

static const struct {
	const char *name;
	void (*print)(FILE *f);
} topics[] = {
	{ "config", print_config },
	{ "exit-codes", print_exit_codes },
};

static bool
topic_print(FILE *f, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(topics); i++) {
		if (strcmp(topics[i].name, name) == 0) {
			topics[i].print(f);
			return true;
		}
	}
	return false;
}

static void
print_options(FILE *f, const struct cmd_option *o)
{
	for (; o && o->name; o++) {
		char left[64];

		(void)snprintf(left, sizeof(left), "%c%c%s --%s%s%s",
		    o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
		    o->letter ? "," : " ", o->name,
		    o->arg ? (strcmp(o->name, "json") == 0 ? "=" : " ") : "",
		    o->arg ? o->arg : "");
		fprintf(f, "  %-28s %s\n", left, o->help);
	}
}

void
help_print(FILE *f, const struct command *cmd)
{
	fprintf(f, "planetpost %s\n  %s\n", cmd->usage, cmd->summary);
	if (cmd->details)
		fprintf(f, "\n%s\n", cmd->details);
	if (cmd->subcommands) {
		fputs("\nCommands\n", f);
		for (const struct command *s = cmd->subcommands; s->name; s++)
			fprintf(f, "  %-40s %s\n", s->usage, s->summary);
	}
	if (cmd->options) {
		fputs("\nOptions\n", f);
		print_options(f, cmd->options);
	}
	fputs("\nplanetpost help shows the options that all commands take.\n", f);
}

void
help_overview(FILE *f)
{
	const char *group = NULL;

	fputs("planetpost: a planet's feeds, in the mailbox, once a day\n"
	      "usage: planetpost [options] COMMAND [arguments]\n",
	    f);
	for (const struct command *const *c = commands; *c; c++) {
		if (!group || strcmp(group, (*c)->group) != 0) {
			group = (*c)->group;
			fprintf(f, "\n%s\n", group);
		}
		fprintf(f, "  %-22s %s\n", (*c)->usage, (*c)->summary);
	}
	fputs("\nOptions\n", f);
	print_options(f, args_global_options());
	fputs("\nhelp COMMAND tells more; help config lists all settings.\n", f);
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
			(void)topic_print(stdout, args->words[0]);
			return true;
		}
		for (const struct command *s = (*c)->subcommands; s && s->name; s++) {
			if (strcmp(s->name, args->words[1]) == 0) {
				help_print(stdout, s);
				return true;
			}
		}
	}
	if (args->word_count == 1 && topic_print(stdout, args->words[0]))
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

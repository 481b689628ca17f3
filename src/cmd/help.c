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
	    "130  interrupted (143: by SIGTERM, 129: SIGHUP, 131: SIGQUIT, 152: SIGXCPU);\n"
	    "     the next run goes on where it stopped\n",
	    f);
}

static const struct {
	const char *name;
	void (*print)(FILE *f);
} topics[] = {
	{ "config", print_config },
	{ "exit-codes", print_exit_codes },
};

const char *
help_topic(size_t i)
{
	return i < ARRAY_LEN(topics) ? topics[i].name : NULL;
}

bool
help_print_topic(FILE *f, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(topics); i++) {
		if (strcmp(topics[i].name, name) == 0) {
			topics[i].print(f);
			return true;
		}
	}
	return false;
}

/* What it is called and, beside that or below what is too long for the column, what it does. */
static void
print_entry(FILE *f, size_t column, const char *name, const char *what)
{
	if (strlen(name) <= column)
		fprintf(f, "  %-*s %s\n", (int)column, name, what);
	else
		fprintf(f, "  %s\n  %-*s %s\n", name, (int)column, "", what);
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
		print_entry(f, 28, left, o->help);
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
			print_entry(f, 40, s->usage, s->summary);
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
		print_entry(f, 22, (*c)->usage, (*c)->summary);
	}
	fputs("\nOptions\n", f);
	print_options(f, args_global_options());
	fputs("\nhelp COMMAND tells more; help config lists all settings.\n", f);
}

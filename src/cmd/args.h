/* SPDX-License-Identifier: ISC */
/*
 * The command line: global options anywhere, a command, perhaps a subcommand, its own options
 * and words.
 */
#ifndef CMD_ARGS_H
#define CMD_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "cmd/app.h"

struct command;

struct cmd_option {
	const char *name; /* long name without dashes; NULL closes a table */
	char letter;      /* '\0' = none */
	const char *arg;  /* name of its value for help; NULL = a flag */
	const char *help;
};

enum { ARGS_MAX = 64 };
/* A parsed command line, after the global options were taken out. */
struct args {
	const struct command *command; /* NULL: none named */
	const struct command *parent;  /* of a subcommand */
	const char *const *words;      /* what is no option, in order */
	size_t word_count;
	struct {
		const char *name, *value;
	} given[ARGS_MAX]; /* value "" for a flag */
	size_t given_count;
	bool help, version;
};

/*
 * Parses the command line from argv[1] on; global options go into app.  ERR_USAGE with "did you
 * mean".
 */
bool args_parse(struct app *app, int argc, char **argv, struct args *out,
    struct err *err) MUST_CHECK;
/* The options every command takes; closed by a NULL name. */
const struct cmd_option *args_global_options(void);

/* By name: below parent, or where that is NULL among all; NULL when there is none. */
const struct command *command_find(const struct command *parent, const char *name);
/* The names of those; how many. */
enum { COMMAND_NAMES = 64 };
size_t command_names(const struct command *parent, const char *names[COMMAND_NAMES]);

/* NULL when not given; the last one wins.  "" for a flag that is given. */
const char *args_value(const struct args *args, const char *name);
bool args_has(const struct args *args, const char *name);
/* ERR_USAGE unless there are as many words as the command takes, with its usage as hint. */
bool args_expect(const struct args *args, struct err *err) MUST_CHECK;
/* "issue send": the command, which is named, as it was called.  In the run's arena. */
const char *args_command_name(const struct app *app, const struct args *args);
/* The address of an option, checked.  ERR_USAGE when it is none.  In the run's arena. */
bool args_address(struct app *app, const char *option, const char *given,
    const char **out, struct err *err) MUST_CHECK;
/*
 * An address that is an argument of its own: "ann@reader.example", also with a name or mailto: as
 * other programs show it.  ERR_USAGE when it is none.  In the run's arena.
 */
bool args_address_word(struct app *app, const char *given, const char **out,
    struct err *err) MUST_CHECK;
/* The file of --output or the first word; "-", standard output, without either. */
const char *args_output(const struct args *args);
/* ERR_USAGE for a command line that has both. */
bool args_one_output(const struct args *args, struct err *err) MUST_CHECK;
/* Reads a number of digits alone; false for anything else. */
bool args_count(const char *text, int64_t *out) MUST_CHECK;

#endif

/* SPDX-License-Identifier: ISC */
/*
 * What a command is and what it is given.  One file per command, each exporting one
 * `const struct command`; commands.c lists them; main.c looks them up, prints the error once
 * and returns the exit code.  Help, man page and tests walk the same tables.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/err.h"
#include "base/file.h"
#include "config/settings.h"
#include "store/open.h"

/* The documented exit codes; unknown ones are to be treated as failure. */
enum exit_code {
	EXIT_OK = 0,        /* done, or nothing was due */
	EXIT_FAILED = 1,    /* unexpected or internal; input that is wrong */
	EXIT_USAGE = 2,     /* wrong option or argument */
	EXIT_PARTIAL = 3,   /* many feeds newly failed, or recipients remain to retry */
	EXIT_HUMAN = 4,     /* somebody must decide */
	EXIT_TRY_AGAIN = 5, /* lock held, server not reachable; state kept */
	EXIT_CONFIG = 6,
	EXIT_DATABASE = 7,
	EXIT_SIGINT = 130,
	EXIT_SIGTERM = 143
};

struct cmd_option {
	const char *name; /* long name without dashes; NULL closes a table */
	char letter;      /* '\0' = none */
	const char *arg;  /* name of its value for help; NULL = a flag */
	const char *help;
};

enum { ARGS_MAX = 64 };
/* A parsed command line, after the global options were taken out. */
struct args {
	const char *const *words; /* what is no option, in order */
	size_t word_count;
	struct {
		const char *name, *value;
	} given[ARGS_MAX]; /* value "" for a flag */
	size_t given_count;
};
/* NULL when not given; the last one wins.  "" for a flag that is given. */
const char *args_value(const struct args *args, const char *name);
bool args_has(const struct args *args, const char *name);
/* ERR_USAGE unless min <= words <= max; usage is the command's own line for the hint. */
struct command;
bool args_expect(const struct args *args, size_t min, size_t max,
    const struct command *cmd, struct err *err) MUST_CHECK;

/* A number of digits alone. */
bool parse_count(const char *text, int64_t *out) MUST_CHECK;

/* Everything a command is given. */
struct app {
	struct arena *arena; /* lives as long as the command */
	struct settings_paths paths;
	struct settings settings; /* filled by app_settings() */
	bool settings_loaded;
	bool lists_warnings; /* the command itself tells what the settings warn of */
	int64_t now;
	bool now_given; /* --now or SOURCE_DATE_EPOCH */
	bool dry_run, quiet, plain, json, no_input;
	int verbose;
	const char *json_fields; /* "name,state", "help" or NULL = all */
	bool out_tty, err_tty, in_tty;
	bool silent; /* nobody looks: no terminal at all, or -q */
	struct random_source random;
	bool (*interrupted)(void); /* a signal asked to stop */
	const char *host_name;
	const char *credentials_dir; /* $CREDENTIALS_DIRECTORY, of the service manager */
};

/* flags: what must hold before run() is called */
enum { CMD_HIDDEN = 1 };

struct command {
	const char *name;
	const char *group;                 /* heading in `help`; NULL for subcommands */
	const char *usage;                 /* "preview [SOURCE]" */
	const char *summary;               /* one line */
	const char *details;               /* further lines for `help COMMAND`, or NULL */
	const struct cmd_option *options;  /* closed by a NULL name; NULL = none */
	const struct command *subcommands; /* closed by a NULL name; NULL = none */
	/* On failure *err is set and the code is taken from its kind; else *code counts. */
	bool (*run)(struct app *app, const struct args *args, int *code, struct err *err);
	unsigned flags;
};

extern const struct command *const commands[]; /* commands.c; closed by NULL */

/* The whole program: parses, runs, prints the error.  Returns the exit code. */
struct cmd_environment {
	const char *config, *data, *home, *xdg_config, *xdg_state;
	const char *source_date_epoch, *journal_stream, *credentials_dir;
	bool is_root;
	int64_t now;
	bool (*interrupted)(void);
	int (*signal_number)(void);
};
int cmd_main(int argc, char **argv, const struct cmd_environment *env);

/* Parses the command line from argv[1]; ERR_USAGE with "did you mean". */
struct cmd_line {
	const struct command *command; /* NULL: none named */
	const struct command *parent;  /* of a subcommand */
	struct args args;
	bool help, version;
};
bool args_parse(struct app *app, int argc, char **argv, struct cmd_line *out,
    struct err *err) MUST_CHECK;

/* The options every command takes; closed by a NULL name. */
const struct cmd_option *args_global_options(void);

/* Loads the settings once (ERR_CONFIG). */
bool app_settings(struct app *app, struct err *err) MUST_CHECK;
/* Opens the store of the settings.  STORE_READ: ERR_INPUT with a hint when there is none. */
bool app_store(struct app *app, enum store_mode mode, struct store **out,
    struct err *err) MUST_CHECK;
/* Takes the run lock beside the database; ERR_TEMPORARY names who holds it. */
bool app_lock(struct app *app, const char *doing, struct file_lock *lock,
    struct err *err) MUST_CHECK;
/* Line to stdout for people; nothing when silent or --json. */
void app_say(const struct app *app, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* A question on the terminal; ERR_USAGE when nobody can be asked.  Answer in the arena. */
bool app_ask(struct app *app, const char *question, const char *initial,
    const char **answer, struct err *err) MUST_CHECK;

/* The help of one command, or the overview. */
void help_print(FILE *f, const struct command *parent, const struct command *cmd);
void help_overview(FILE *f);

/* ---- table.c: lists for people, pipes and programs ---- */

enum column_type { COLUMN_TEXT, COLUMN_NUMBER, COLUMN_TIME, COLUMN_FLAG };
struct column {
	const char *name; /* JSON member and --json=FIELD; upper-cased as heading */
	enum column_type type;
	bool json_only;   /* not in the list for people */
	const char *help; /* for --json=help */
};
struct table {
	struct app *app;
	const char *noun; /* "feeds": the JSON member */
	const struct column *columns;
	size_t column_count;
	struct cell {
		const char *text;
		int64_t number;
		bool set;
	} * cells;
	size_t cell_count;
	bool streaming, first;
	struct buf line;
};
/* Rows are kept until table_end (for aligning), or streamed for pipes and JSON. */
bool table_begin(struct table *t, struct app *app, const char *noun,
    const struct column *columns, size_t count, struct err *err) MUST_CHECK;
void table_text(struct table *t, const char *text); /* NULL = empty */
void table_number(struct table *t, int64_t n);
void table_time(struct table *t, int64_t instant); /* TIME_NONE = empty */
void table_flag(struct table *t, bool b);
/* Ends a row: all columns must have been given. */
void table_row(struct table *t);
/* cmd_main() notices when standard output could not be written. */
void table_end(struct table *t);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * What a command is, and all there are, each in the file of its name.  Its row says which words
 * it takes and what it needs open; help, man page and tests walk the same rows.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "cmd/app.h"
#include "cmd/args.h"
#include "cmd/each_name.h"
#include "cmd/session.h"

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

/* What --json makes of a command's answer. */
enum json_answer {
	JSON_SAID, /* its sentences, as strings of an object: cmd_main() writes it */
	JSON_OWN,  /* run() writes it, with the fields asked for */
	JSON_NONE  /* it writes a file or a page: --json is refused */
};

struct command {
	const char *name;
	const char *group;                 /* heading in `help`; NULL for subcommands */
	const char *usage;                 /* "preview [SOURCE]" */
	const char *summary;               /* one line */
	const char *details;               /* further lines for `help COMMAND`, or NULL */
	const struct cmd_option *options;  /* closed by a NULL name; NULL = none */
	const struct command *subcommands; /* closed by a NULL name; NULL = none */
	struct word_range {
		size_t least, most;
	} words; /* SIZE_MAX = as many as they like */
	enum json_answer json;
	bool edits_config; /* writes the configuration while need is open */
	/* Exits as sysexits.h has it: whatever fails is tried again by the mail server. */
	bool is_for_mail_server;
	enum need need; /* what is open when run() is called */
	/* Before anything is opened: options that contradict are refused here; may be NULL. */
	bool (*prepare)(struct app *app, const struct args *args, struct err *err);
	/* On failure *err is set and the code is taken from its kind; else app->code counts. */
	bool (*run)(struct app *app, const struct args *args, struct err *err);
	/* In the place of run(): what is done with each word, as each_name() has it. */
	one_name_fn do_one;
};

extern const struct command cmd_demo, cmd_parse, cmd_preview, cmd_init, cmd_import,
    cmd_run, cmd_status, cmd_fetch, cmd_feed, cmd_issue, cmd_verify, cmd_sub, cmd_bounces,
    cmd_mail_in, cmd_export, cmd_serve, cmd_backup, cmd_gc, cmd_dkim, cmd_config,
    cmd_help, cmd_version;

#endif

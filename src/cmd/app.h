/* SPDX-License-Identifier: ISC */
/*
 * Everything a command is given: what its verbs work with, the settings, and how it talks to
 * whoever started it.
 */
#ifndef CMD_APP_H
#define CMD_APP_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/privileges.h"
#include "base/hash.h"
#include "config/settings.h"
#include "flow/context.h"
#include "web/cgi.h"

/* What serve is told by whoever starts it: systemd (sd_listen_fds(3)), or a web server (CGI). */
struct web_environment {
	const char *listen_fds, *listen_pid;
	const char *gateway; /* GATEWAY_INTERFACE: set under CGI */
	struct cgi_environment request;
};

struct app {
	struct run
	    run; /* arena, clock and options from the start; the rest by session.c */
	struct settings_paths paths;
	struct settings settings; /* filled by app_settings() */
	bool settings_loaded;
	bool lists_warnings; /* the command itself tells what the settings warn of */
	bool quiet, plain, json, no_input;
	int verbose;
	const char *json_fields; /* "name,state", "help" or NULL = all */
	/* What app_say() says under --json, for a command that has no answer of its own. */
	struct buf *said; /* each line end as its own; NULL = it is not kept */
	bool out_tty, err_tty, in_tty;
	bool has_journal; /* standard error may lead to systemd's journal */
	int code;         /* exit code of what did not fail; EXIT_OK at first */
	bool silent;      /* nobody looks: no terminal at all, or -q */
	struct random_source random;
	struct web_environment web;
	const char *program; /* what to start for another process of ours; NULL: none */

	/* Root that works as the owner of the data directory: for good, but in edits of files. */
	struct privileges owner;
	bool is_owner;
	bool
	    edits_config; /* the command will write the configuration, which may be root's */

	/* What session.c opened and closes, besides the store of run. */
	struct zone *zone;
	struct lock lock;
	const char *scratch_path; /* the copy a dry run works on */
};

/*
 * What is told on standard error and in which form: by the options of the command line, by
 * [log] once the settings are loaded, by who looks.
 */
void app_setup_log(const struct app *app);
/* Loads the settings once (ERR_CONFIG). */
bool app_settings(struct app *app, struct err *err) MUST_CHECK;
/* Line to stdout for people; nothing when silent, kept in app->said under --json. */
void app_say(const struct app *app, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* The same for what was asked for: it is told to pipes, and with -q, too. */
void app_tell(const struct app *app, const char *fmt, ...) PRINTF_LIKE(2, 3);
/*
 * All that is printed for people: as printf, but hidden characters other than line ends are
 * written as text_add_shown does.  A stranger's words with line ends go through text_shown first.
 */
void app_print(FILE *f, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* "1 entry", "2 entries".  In the run's arena. */
const char *app_count(const struct app *app, int64_t n, const char *one,
    const char *many) MUST_CHECK;
/*
 * "2026-11-24 07:00" in the newsletter's zone, since weekdays and months would need words.  In
 * the run's arena.
 */
const char *app_local_time(const struct app *app, int64_t t) MUST_CHECK;
/* A question on the terminal; ERR_USAGE when nobody can be asked.  Answer in the arena. */
bool app_ask(struct app *app, const char *question, const char *initial,
    const char **answer, struct err *err) MUST_CHECK;

#endif

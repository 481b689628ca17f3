/* SPDX-License-Identifier: ISC */
#include "cmd/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/text.h"
#include "cmd/error_print.h"
#include "cmd/help.h"
#include "cmd/table.h"
#include "format/json.h"

enum { HOST_NAME_MAX_BYTES = 256, SAID_MAX = 4 * 1024 * 1024 };

const struct command *const commands[] = { &cmd_demo, &cmd_parse, &cmd_preview, &cmd_init,
	&cmd_import, &cmd_run, &cmd_status, &cmd_fetch, &cmd_feed, &cmd_issue,
	&cmd_verify, &cmd_sub, &cmd_bounces, &cmd_export, &cmd_serve, &cmd_mail_in,
	&cmd_backup, &cmd_gc, &cmd_dkim, &cmd_config, &cmd_help, &cmd_version, NULL };

static int
exit_code_of(const struct err *err, const struct command *cmd)
{
	/* Any other code would send the message back to a stranger. */
	return cmd && cmd->is_for_mail_server ? EX_TEMPFAIL : error_exit_code(err);
}

static bool
setup_now(struct app *app, const struct cmd_environment *env, struct err *err)
{
	const char *epoch = env->source_date_epoch;

	app->run.now = env->now;
	return !epoch || !*epoch || args_count(epoch, &app->run.now) ||
	    err_set(err, ERR_USAGE, "SOURCE_DATE_EPOCH is not a number of seconds: %s",
		epoch);
}

static void
setup_app(struct app *app, const struct cmd_environment *env)
{
	char host[HOST_NAME_MAX_BYTES];

	app->paths = env->paths;
	app->run.interrupted = env->interrupted;
	app->run.credentials_dir = env->credentials_dir;
	app->web = env->web;
	app->program = env->program;
	app->has_journal = env->journal_stream != NULL;
	app->in_tty = isatty(STDIN_FILENO) == 1;
	app->out_tty = isatty(STDOUT_FILENO) == 1;
	app->err_tty = isatty(STDERR_FILENO) == 1;
	random_system(&app->random);
	app->run.random = &app->random;
	app->run.version = VERSION;
	if (gethostname(host, sizeof(host)) != 0)
		memcpy(host, "localhost", sizeof("localhost"));
	host[sizeof(host) - 1] = '\0';
	app->run.host_name = arena_strdup(app->run.arena, host);
}

static const struct column said_columns[] = {
	{ "command", COLUMN_TEXT, false, "what was done" },
	{ "dry_run", COLUMN_TEXT, false, "whether it was only tried" },
	{ "said", COLUMN_TEXT, false, "what people are told, a string for each line" },
};

static void
print_said(const struct app *app, const char *name)
{
	struct buf b = BUF_INIT(SAID_MAX);
	const char *at = buf_text(app->said);
	struct json_writer w;

	json_writer_init(&w, &b, false);
	json_begin_object(&w);
	json_member_int(&w, "schema", 1);
	if (table_wants_field(app, "command"))
		json_member(&w, "command", name);
	if (table_wants_field(app, "dry_run"))
		json_member_bool(&w, "dry_run", app->run.dry_run);
	if (table_wants_field(app, "said")) {
		json_key(&w, "said");
		json_begin_array(&w);
		for (; *at; at += *at == '\n') {
			const size_t len = strcspn(at, "\n");

			json_put_string(&w, arena_strndup(app->run.arena, at, len));
			at += len;
		}
		json_end_array(&w);
	}
	json_end_object(&w);
	puts(buf_text(&b));
	buf_clear(&b);
}

/* False with an empty err: --json=help was all that was asked. */
static bool
begin_json(struct app *app, const struct command *cmd, struct buf *said, struct err *err)
{
	if (!app->json || cmd->json == JSON_OWN)
		return true;
	if (cmd->json == JSON_NONE)
		return err_set(err, ERR_USAGE, "%s has no answer in JSON", cmd->name);
	if (table_lists_fields(app, said_columns, ARRAY_LEN(said_columns)) ||
	    !table_check_fields(app, said_columns, ARRAY_LEN(said_columns), err))
		return false;
	app->said = said;
	return true;
}

static bool
run_framed(struct app *app, const struct args *args, struct err *err)
{
	const struct command *cmd = args->command;
	struct buf said = BUF_INIT(SAID_MAX);

	if (!args_expect(args, err) || (cmd->prepare && !cmd->prepare(app, args, err)))
		return false;
	if (!begin_json(app, cmd, &said, err))
		return !err_is_set(err);
	app->edits_config = cmd->edits_config;
	bool ok = session_open(app, cmd->need, args_command_name(app, args), err) &&
	    (cmd->do_one ? each_name(app, args, cmd->do_one, NULL, err)
			 : cmd->run(app, args, err));
	ok = session_close(app, ok, err);
	if (app->said && (ok || app->said->len > 0))
		print_said(app, args_command_name(app, args));
	app->said = NULL;
	buf_clear(&said);
	/* "Permission denied" is a riddle to root. */
	if (!ok && app->is_owner &&
	    (err->kind == ERR_SYSTEM || err->kind == ERR_CONFIG) && *err->hint == '\0')
		err_hint(err, "root works here as %s, the owner of the database",
		    app->owner.name);
	return ok;
}

static int
run_command(struct app *app, const struct args *args, struct err *err)
{
	const struct command *cmd = args->command;

	if (args->version) {
		printf("planetpost %s\n", VERSION);
	} else if (args->help) {
		if (cmd)
			help_print(stdout, cmd);
		else
			help_overview(stdout);
	} else if (!cmd) {
		help_overview(stderr);
		return EXIT_USAGE;
	} else if (cmd->subcommands) {
		help_print(stderr, cmd);
		return EXIT_USAGE;
	} else if (!run_framed(app, args, err)) {
		return exit_code_of(err, cmd);
	}
	return app->code;
}

static bool
is_pipe(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

int
cmd_main(int argc, char **argv, const struct cmd_environment *env)
{
	struct app app = { .run.arena = arena_new(), .lock = LOCK_INIT };
	struct args args = { .command = NULL };
	struct err err = ERR_INIT;
	int code = EXIT_USAGE;

	setup_app(&app, env);
	log_setup(LOG_LEVEL_INFO, LOG_TEXT);
	if (setup_now(&app, env, &err) && args_parse(&app, argc, argv, &args, &err)) {
		app.silent = app.quiet ||
		    (app.verbose == 0 && !app.in_tty && !app.out_tty && !app.err_tty);
		if (!app.out_tty)
			app.plain = true;
		app.run.show_progress = app.err_tty && !app.quiet && !app.json;
		app_setup_log(&app);
		code = run_command(&app, &args, &err);
	}
	if (err_is_set(&err)) {
		error_print(&err);
		code = exit_code_of(&err, args.command);
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		/* A pipe whose reader has seen enough (head) is no news to anybody. */
		if (!is_pipe(STDOUT_FILENO))
			app_print(stderr,
			    "planetpost: standard output cannot be written\n");
		code = code == EXIT_OK ? EXIT_FAILED : code;
	}
	/* A mail server would take 143 for a refusal; what was dealt with is not sent again. */
	if (env->signal_number() != 0 &&
	    !(args.command && args.command->is_for_mail_server))
		code = 128 + env->signal_number();
	arena_free(app.run.arena);
	return code;
}

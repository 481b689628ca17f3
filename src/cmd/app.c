/* SPDX-License-Identifier: ISC */
#include "cmd/cmd.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/open.h"

enum { BUSY_MS = 10000, HOST_NAME_MAX_BYTES = 256, ANSWER_MAX = 1024, HINT_MAX = 1024 };

static const struct {
	enum err_kind kind;
	int code;
} exit_codes[] = {
	{ ERR_INPUT, EXIT_FAILED },
	{ ERR_USAGE, EXIT_USAGE },
	{ ERR_CONFIG, EXIT_CONFIG },
	{ ERR_STORE, EXIT_DATABASE },
	{ ERR_HUMAN, EXIT_HUMAN },
	{ ERR_PARTIAL, EXIT_PARTIAL },
	{ ERR_LIMIT, EXIT_FAILED },
	{ ERR_TEMPORARY, EXIT_TRY_AGAIN },
	{ ERR_PERMANENT, EXIT_FAILED },
	{ ERR_SYSTEM, EXIT_FAILED },
	{ ERR_BUG, EXIT_FAILED },
};

static int
exit_code_of(const struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(exit_codes); i++) {
		if (exit_codes[i].kind == err->kind)
			return exit_codes[i].code;
	}
	return EXIT_FAILED;
}

/* A sentence may hold a stranger's words: a terminal gets no control characters from it. */
static void
print_clean(const char *prefix, const char *text)
{
	fputs(prefix, stderr);
	for (; *text; text++) {
		const unsigned char c = (unsigned char)*text;

		if (c == '\n')
			fputs("\n  ", stderr);
		else if (c < 0x20 || c == 0x7f)
			fprintf(stderr, "\\x%02x", c);
		else
			fputc(c, stderr);
	}
	fputc('\n', stderr);
}

/* What the lower floors leave to be worded; {} is the error's hint. */
static const struct {
	const char *alone; /* without a hint */
	const char *with;  /* around it */
} next_words[] = {
	[NEXT_NONE] = { NULL, "{}" },
	[NEXT_MAKE_STORE] = { "planetpost run", NULL },
	[NEXT_MIGRATE_STORE] = { "planetpost run   (brings it up to date, after a backup)",
	    NULL },
	[NEXT_OTHER_STORE] = { "name another place with --data or database.path; "
			       "planetpost run makes a new one",
	    NULL },
	[NEXT_LIST_FEEDS] = { "planetpost feed list",
	    "{}   (all: planetpost feed list)" },
	[NEXT_LIST_ISSUES] = { "there is none yet: planetpost run makes the first",
	    "{}   (all: planetpost issue list)" },
	[NEXT_LIST_SETTINGS] = { "all keys: planetpost help config",
	    "{}   (all keys: planetpost help config)" },
	[NEXT_IMPORT_FEEDS] = { NULL,
	    "feeds_from = {} in [feeds], or: planetpost import {}" },
	[NEXT_SHOW_READER] = { NULL, "planetpost sub show {}" },
	[NEXT_ACCEPT_AUDIENCE] = { NULL,
	    "planetpost sub list     planetpost issue send {} --accept-growth" },
};

static void
add_hint(struct buf *b, const struct err *err)
{
	const char *words = err->hint[0] ? next_words[err->next].with : NULL;

	if (!words)
		words = next_words[err->next].alone;
	for (; words && *words; words++) {
		if (words[0] == '{' && words[1] == '}') {
			buf_adds(b, err->hint);
			words++;
		} else {
			buf_addc(b, *words);
		}
	}
}

static void
print_error(const struct err *err)
{
	struct buf hint = BUF_INIT(HINT_MAX);

	add_hint(&hint, err);
	print_clean("planetpost: ", err->text);
	if (err->why[0])
		print_clean("  ", err->why);
	if (hint.len > 0)
		print_clean("  hint: ", buf_text(&hint));
	buf_clear(&hint);
}

bool
app_settings(struct app *app, struct err *err)
{
	if (app->settings_loaded)
		return true;
	if (!settings_load(app->arena, &app->paths, &app->settings, err))
		return false;
	for (size_t i = 0; !app->lists_warnings && i < app->settings.warning_count; i++)
		log_info("config", "%s", app->settings.warnings[i]);
	app->settings_loaded = true;
	return true;
}

bool
app_store(struct app *app, enum store_mode mode, struct store **out, struct err *err)
{
	bool ok = false;
	char *dir = NULL;
	const struct config *c = NULL;
	struct store_options o = { .mode = mode, .version = VERSION, .busy_ms = BUSY_MS };

	*out = NULL;
	if (!app_settings(app, err))
		goto out;
	c = &app->settings.config;
	o.backup_dir = c->database.backup_dir;
	o.migrate = c->database.auto_migrate && mode != STORE_READ;
	o.random = &app->random;
	o.now = app->now;
	errno = 0;
	if (mode != STORE_CREATE && !file_exists(c->database.path)) {
		if (errno == EACCES) {
			err_errno(err, "%s", c->database.path);
			goto out;
		}
		err_set(err, ERR_INPUT, "there is no database at %s yet",
		    c->database.path);
		err_hint(err, "planetpost run");
		goto out;
	}
	if (mode == STORE_CREATE) {
		dir = file_dir(c->database.path);
		if (!file_make_dirs(dir, 0700, err))
			goto out;
	}
	*out = store_open(c->database.path, &o, err);
	ok = *out != NULL;
out:
	free(dir);
	return ok;
}

bool
app_lock(struct app *app, const char *doing, struct file_lock *lock, struct err *err)
{
	const char *path = NULL;
	char *dir = NULL;
	bool ok = false;

	if (!app_settings(app, err))
		return false;
	path = arena_printf(app->arena, "%s.lock", app->settings.config.database.path);
	dir = file_dir(path);
	if (file_make_dirs(dir, 0700, err) && file_lock_open(lock, path, doing, err))
		ok = true;
	else if (err->kind == ERR_TEMPORARY)
		err_hint(err,
		    "this is normal when the timer overlaps; exit code 5 means try again");
	free(dir);
	return ok;
}

void
app_say(const struct app *app, const char *fmt, ...)
{
	va_list ap;

	if (app->silent || app->json)
		return;
	va_start(ap, fmt);
	(void)vfprintf(stdout, fmt, ap);
	va_end(ap);
	fputc('\n', stdout);
}

bool
app_ask(struct app *app, const char *question, const char *initial, const char **answer,
    struct err *err)
{
	char line[ANSWER_MAX];
	size_t len = 0;

	if (app->no_input || !app->in_tty || !app->err_tty)
		return err_set(err, ERR_USAGE,
		    "cannot ask \"%s\": no terminal, or --no-input", question);
	fprintf(stderr, "%s%s%s%s ", question, initial ? " [" : "",
	    initial ? initial : "", initial ? "]" : "");
	fflush(stderr);
	if (!fgets(line, sizeof(line), stdin))
		return err_set(err, ERR_USAGE, "no answer to \"%s\"", question);
	len = strcspn(line, "\r\n");
	*answer = len == 0 && initial ? arena_strdup(app->arena, initial)
				      : arena_strndup(app->arena, line, len);
	return true;
}

static void
setup_log(const struct app *app, const struct cmd_environment *env)
{
	enum log_level level = LOG_LEVEL_INFO;

	if (app->verbose >= 2)
		level = LOG_LEVEL_WIRE;
	else if (app->verbose == 1)
		level = LOG_LEVEL_DEBUG;
	else if (app->quiet)
		level = LOG_LEVEL_ERROR;
	else if (app->silent && !env->journal_stream)
		level = LOG_LEVEL_WARN;
	log_setup(level, env->journal_stream && !app->err_tty ? LOG_LOGFMT : LOG_TEXT);
}

static bool
setup_now(struct app *app, const struct cmd_environment *env, struct err *err)
{
	const char *epoch = env->source_date_epoch;

	app->now = env->now;
	if (!epoch || !*epoch)
		return true;
	if (strspn(epoch, "0123456789") != strlen(epoch) || strlen(epoch) > 12)
		return err_set(err, ERR_USAGE,
		    "SOURCE_DATE_EPOCH is not a number of seconds: %s", epoch);
	app->now = (int64_t)strtoll(epoch, NULL, 10);
	app->now_given = true;
	return true;
}

static void
setup_app(struct app *app, const struct cmd_environment *env)
{
	char host[HOST_NAME_MAX_BYTES];

	app->paths.env_config = env->config;
	app->paths.env_data = env->data;
	app->paths.home = env->home;
	app->paths.xdg_config = env->xdg_config;
	app->paths.xdg_state = env->xdg_state;
	app->paths.is_root = env->is_root;
	app->interrupted = env->interrupted;
	app->credentials_dir = env->credentials_dir;
	app->in_tty = isatty(STDIN_FILENO) == 1;
	app->out_tty = isatty(STDOUT_FILENO) == 1;
	app->err_tty = isatty(STDERR_FILENO) == 1;
	random_system(&app->random);
	if (gethostname(host, sizeof(host)) != 0)
		memcpy(host, "localhost", sizeof("localhost"));
	host[sizeof(host) - 1] = '\0';
	app->host_name = arena_strdup(app->arena, host);
}

static int
run_command(struct app *app, const struct cmd_line *line, struct err *err)
{
	const struct command *cmd = line->command;
	int code = EXIT_OK;

	if (line->version) {
		printf("planetpost %s\n", VERSION);
		return EXIT_OK;
	}
	if (!cmd) {
		help_overview(line->help ? stdout : stderr);
		return line->help ? EXIT_OK : EXIT_USAGE;
	}
	if (line->help) {
		help_print(stdout, line->parent, cmd);
		return EXIT_OK;
	}
	if (!cmd->run) {
		help_print(stderr, line->parent, cmd);
		return EXIT_USAGE;
	}
	if (!cmd->run(app, &line->args, &code, err))
		return exit_code_of(err);
	return code;
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
	struct app app = { .arena = arena_new() };
	struct cmd_line line;
	struct err err = ERR_INIT;
	int code = EXIT_USAGE;

	setup_app(&app, env);
	log_setup(LOG_LEVEL_INFO, LOG_TEXT);
	if (setup_now(&app, env, &err) && args_parse(&app, argc, argv, &line, &err)) {
		app.silent = app.quiet ||
		    (app.verbose == 0 && !app.in_tty && !app.out_tty && !app.err_tty);
		if (!app.out_tty)
			app.plain = true;
		setup_log(&app, env);
		code = run_command(&app, &line, &err);
	}
	if (err_is_set(&err)) {
		print_error(&err);
		code = exit_code_of(&err);
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		/* A pipe whose reader has seen enough (head) is no news to anybody. */
		if (!is_pipe(STDOUT_FILENO))
			fprintf(stderr,
			    "planetpost: standard output cannot be written\n");
		code = code == EXIT_OK ? EXIT_FAILED : code;
	}
	if (env->signal_number() != 0)
		code = 128 + env->signal_number();
	arena_free(app.arena);
	return code;
}

/* SPDX-License-Identifier: ISC */
#include "cmd/app.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"

enum { ANSWER_MAX = 1024, PRINT_MAX = 1024 * 1024 };

void
app_setup_log(const struct app *app)
{
	const struct config *c = app->settings_loaded ? &app->settings.config : NULL;
	enum log_level level = LOG_LEVEL_INFO;
	enum log_format format =
	    app->has_journal && !app->err_tty ? LOG_LOGFMT : LOG_TEXT;

	if (app->verbose >= 2)
		level = LOG_LEVEL_WIRE;
	else if (app->verbose == 1)
		level = LOG_LEVEL_DEBUG;
	else if (app->quiet)
		level = LOG_LEVEL_ERROR;
	else if (c && settings_is_set(&app->settings, option_find("log", "level")))
		level = c->log.level;
	else if (app->silent && !app->has_journal)
		level = LOG_LEVEL_WARN;
	if (c && c->log.format != LOG_FORM_AUTO)
		format = c->log.format == LOG_FORM_LOGFMT ? LOG_LOGFMT : LOG_TEXT;
	log_setup(level, format);
}

bool
app_settings(struct app *app, struct err *err)
{
	if (app->settings_loaded)
		return true;
	if (!settings_load(app->run.arena, &app->paths, &app->settings, err)) {
		for (size_t i = 0; i < app->paths.file_count; i++)
			if (!file_exists(app->paths.files[i]))
				(void)err_hint(err, "planetpost -c %s init writes one",
				    app->paths.files[i]);
		return false;
	}
	app->settings_loaded = true;
	app_setup_log(app);
	for (size_t i = 0; !app->lists_warnings && i < app->settings.warning_count; i++)
		log_info("config", "%s", app->settings.warnings[i]);
	return true;
}

static void
print_shown(FILE *f, const char *fmt, va_list ap)
{
	struct buf text = BUF_INIT(PRINT_MAX);
	struct buf shown = BUF_INIT((size_t)4 * PRINT_MAX);

	buf_vaddf(&text, fmt, ap);
	for (const char *at = buf_text(&text);; at++) {
		const size_t len = strcspn(at, "\n\t");

		text_add_shown(&shown, at, len);
		at += len;
		if (*at == '\0')
			break;
		buf_addc(&shown, *at);
	}
	(void)fputs(buf_text(&shown), f);
	buf_clear(&text);
	buf_clear(&shown);
}

void
app_print(FILE *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_shown(f, fmt, ap);
	va_end(ap);
}

static void
say_line(const struct app *app, const char *fmt, va_list ap)
{
	if (!app->json) {
		print_shown(stdout, fmt, ap);
		fputc('\n', stdout);
	} else if (app->said) {
		buf_vaddf(app->said, fmt, ap);
		buf_addc(app->said, '\n');
	}
}

void
app_say(const struct app *app, const char *fmt, ...)
{
	va_list ap;

	if (app->silent && !app->json)
		return;
	va_start(ap, fmt);
	say_line(app, fmt, ap);
	va_end(ap);
}

void
app_tell(const struct app *app, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_line(app, fmt, ap);
	va_end(ap);
}

const char *
app_local_time(const struct app *app, int64_t t)
{
	const struct civil c = zone_civil(app->run.zone, t);

	return arena_printf(app->run.arena, "%04d-%02d-%02d %02d:%02d", c.year, c.month,
	    c.day, c.hour, c.minute);
}

const char *
app_count(const struct app *app, int64_t n, const char *one, const char *many)
{
	return arena_printf(app->run.arena, "%lld %s", (long long)n, n == 1 ? one : many);
}

bool
app_ask(struct app *app, const char *question, const char *initial, const char **answer,
    struct err *err)
{
	char line[ANSWER_MAX];

	if (app->no_input || !app->in_tty || !app->err_tty)
		return err_set(err, ERR_USAGE,
		    "cannot ask \"%s\": no terminal, or --no-input", question);
	app_print(stderr, "%s%s%s%s ", question, initial ? " [" : "",
	    initial ? initial : "", initial ? "]" : "");
	fflush(stderr);
	if (!fgets(line, sizeof(line), stdin))
		return err_set(err, ERR_USAGE, "no answer to \"%s\"", question);
	const size_t len = strcspn(line, "\r\n");
	*answer = len == 0 && initial ? arena_strdup(app->run.arena, initial)
				      : arena_strndup(app->run.arena, line, len);
	return true;
}

/* SPDX-License-Identifier: ISC */
/* init: a starter configuration; asks on a terminal, takes options elsewhere. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/config_file.h"
#include "cmd/file_address.h"
#include "list/subscription.h"
#include "config/planet_apply.h"
#include "flow/intake.h"
#include "format/url.h"
#include "mail/address.h"

struct answers {
	const char *name, *me, *from, *planet, *method, *host;
};

static const char starter[] =
    "# planetpost: the settings in force are shown by `planetpost config show`,\n"
    "# all there are by `planetpost help config`.\n";

static const char unnamed[] = "Planet";

typedef bool answer_check(struct app *app, const char *answer, struct err *err);

/* A slip of the keys costs one question, not all of them: what is no answer is asked again. */
static bool
ask(struct app *app, const struct args *args, const char *option, const char *question,
    const char *initial, answer_check *check, const char **out, struct err *err)
{
	*out = args_value(args, option);
	if (*out)
		return true;
	*out = initial;
	if (app->no_input || !app->in_tty || !app->err_tty)
		return true;
	while (app_ask(app, question, initial, out, err)) {
		struct err why = ERR_INIT;

		if (!check || check(app, *out, &why))
			return true;
		app_print(stderr, "  %s\n", why.text);
	}
	return false;
}

static bool
check_address(struct app *app, const char *answer, struct err *err)
{
	const char *address = NULL;

	return !*answer || address_check(app->run.arena, answer, &address, err) ||
	    err_wrap(err, "%s", answer);
}

static bool
check_sender(struct app *app, const char *answer, struct err *err)
{
	struct mailbox box;

	return !*answer || mailbox_parse(app->run.arena, answer, &box, err) ||
	    err_wrap(err, "%s", answer);
}

static bool
check_planet(struct app *app, const char *answer, struct err *err)
{
	(void)app;
	return !*answer || url_is_web(answer) || file_exists(answer) ||
	    err_set(err, ERR_USAGE, "there is no file %s", answer);
}

static bool
check_method(struct app *app, const char *method, struct err *err)
{
	static const char *const known[] = { "outbox", "smtp", "sendmail" };

	(void)app;
	return text_is_among(method, known, ARRAY_LEN(known)) ||
	    err_set(err, ERR_USAGE,
		"mail can leave by outbox (files only), smtp or sendmail, not by '%s'",
		method);
}

static bool
check_answers(struct app *app, struct answers *a, struct err *err)
{
	if (*a->me && !args_address(app, "me", a->me, &a->me, err))
		return false;
	if (!check_sender(app, a->from, err)) {
		err->kind = ERR_USAGE;
		return err_wrap(err, "--from");
	}
	if (strpbrk(a->name, "\r\n") || strpbrk(a->from, "\r\n") ||
	    strpbrk(a->planet, "\r\n") || strpbrk(a->host, "\r\n"))
		return err_set(err, ERR_USAGE, "an answer is more than one line");
	return check_method(app, a->method, err);
}

/*
 * The list must be there, and is written down so that it is found from anywhere.  A planet that
 * has a name keeps it.
 */
static bool
read_planet(struct app *app, struct answers *a, bool is_named, struct err *err)
{
	struct arena *arena = app->run.arena;
	struct buf text = BUF_INIT(LIMIT_CONFIG_FILE);
	struct settings theirs;
	struct feed_list list;
	bool ok = false;

	if (!*a->planet || url_is_web(a->planet) || strpbrk(a->planet, "\r\n"))
		return true;
	if (!check_planet(app, a->planet, err))
		return err_wrap(err, "--planet");
	a->planet = cmd_whole_path(app, a->planet);
	if (file_read(a->planet, &text, err) &&
	    feed_list_read(arena, a->planet, buf_text(&text), text.len, &list, err)) {
		settings_default(arena, "", &theirs);
		planet_apply(arena, &list, &theirs);
		if (!is_named &&
		    settings_is_set(&theirs, option_find("newsletter", "name")))
			a->name = theirs.config.newsletter.name;
		ok = true;
	}
	buf_clear(&text);
	return ok || err_wrap(err, "--planet");
}

static bool
collect(struct app *app, const struct args *args, struct answers *a, struct err *err)
{
	if (!ask(app, args, "name", "What is the newsletter called?", unnamed, NULL,
		&a->name, err) ||
	    !ask(app, args, "me",
		"Your own address, to get it yourself (empty: nobody yet)?", "",
		check_address, &a->me, err))
		return false;
	if (!ask(app, args, "planet",
		"A planet's config.ini, OPML or urls file to read feeds from "
		"(empty: none)?",
		"", check_planet, &a->planet, err) ||
	    !read_planet(app, a, strcmp(a->name, unnamed) != 0, err))
		return false;
	const char *sender =
	    *a->me ? arena_printf(app->run.arena, "%s <%s>", a->name, a->me) : "";
	if (!ask(app, args, "from", "Which address do letters come from?", sender,
		check_sender, &a->from, err) ||
	    !ask(app, args, "transport",
		"How does mail leave: outbox (only files), smtp or "
		"sendmail?",
		"outbox", check_method, &a->method, err))
		return false;
	a->host = args_value(args, "host");
	if (strcmp(a->method, "smtp") == 0 &&
	    !ask(app, args, "host", "Which SMTP server?", "localhost", NULL, &a->host,
		err))
		return false;
	a->host = a->host ? a->host : "";
	return check_answers(app, a, err);
}

static void
put(struct buf *b, const char *key, const char *value, const char *example)
{
	if (*value)
		buf_addf(b, "%-10s = %s\n", key, value);
	else if (example)
		buf_addf(b, "#%-9s = %s\n", key, example);
}

static void
compose(const struct answers *a, struct buf *b)
{
	buf_adds(b, starter);
	buf_adds(b, "\n[newsletter]\n");
	put(b, "name", a->name, NULL);
	put(b, "from", a->from, "Planet Example <planet@example.net>");
	put(b, "link", "", "https://planet.example.net/");
	buf_adds(b,
	    "\n[feeds]\n# a planet's own list, read at every run: site and letter share it\n");
	put(b, "feeds_from", a->planet, "/srv/planet/config.ini");
	buf_adds(b, "\n[digest]\n");
	put(b, "schedule", "daily 07:00", NULL);
	buf_adds(b, "\n[transport]\n# outbox writes files and sends nothing\n");
	put(b, "method", a->method, NULL);
	buf_adds(b, "\n[smtp]\n");
	put(b, "host", a->host, "smtp.example.net");
	put(b, "user", "", "planet@example.net");
	put(b, "password_file", "", "/etc/planetpost/smtp-password");
	buf_adds(b,
	    "\n# feeds: planetpost feed add URL, or sections like this\n"
	    "#[https://blog.example.org/feed.xml]\n#name = Example Blog\n");
}

/* Whoever works with the new file can read it; the first reader. */
static bool
make_usable(struct app *app, const char *path, const struct answers *a, struct err *err)
{
	struct reader r = subscription_new(app->run.now, "planetpost init --me");

	app->paths.files = arena_array(app->run.arena, 1, sizeof(*app->paths.files));
	memcpy((void *)app->paths.files, &path, sizeof(path));
	app->paths.file_count = 1;
	app->settings_loaded = false;
	if (!app_settings(app, err) || !config_file_share(app, path, err))
		return false;
	if (!*a->me)
		return true;
	r.address = a->me;
	return session_close(app,
	    session_open(app, NEED_BESIDE, "init", err) &&
		flow_intake_reader(&app->run, &r, err),
	    err);
}

static bool
run_init(struct app *app, const struct args *args, struct err *err)
{
	const bool given = app->paths.file_count > 0;
	const char *path = settings_default_file(app->run.arena, &app->paths);
	struct buf b = BUF_INIT(LIMIT_FIELD * 4);
	struct answers a;

	if (file_exists(path)) {
		err_set(err, ERR_INPUT, "%s is there already and is not overwritten",
		    path);
		return err_hint(err,
		    "planetpost config show, or planetpost -c OTHER.conf init");
	}
	if (!collect(app, args, &a, err))
		return false;
	compose(&a, &b);
	char *dir = file_dir(path);
	const bool ok = app->run.dry_run ? fputs(buf_text(&b), stdout) != EOF
					 : file_make_dirs(dir, 0755, err) &&
		file_create(path, buf_text(&b), b.len, 0640, err) &&
		make_usable(app, path, &a, err);
	free(dir);
	buf_clear(&b);
	if (!ok || app->run.dry_run)
		return ok;
	const char *option = given ? arena_printf(app->run.arena, " -c %s", path) : "";
	app_say(app,
	    "Wrote %s.%s%s%s\nNow:\n  planetpost%s feed add https://...\n  planetpost%s run",
	    path, *a.me ? " " : "", *a.me ? a.me : "",
	    *a.me ? " will get the letters." : "", option, option);
	return true;
}

static const struct cmd_option init_options[] = { { "name", '\0', "NAME",
						      "of the newsletter" },
	{ "me", '\0', "ADDR", "your own address: the first reader" },
	{ "from", '\0', "MAILBOX", "sender: \"Planet X <planet@example.net>\"" },
	{ "planet", '\0', "FILE",
	    "a planet's config.ini, OPML or urls file to read feeds from" },
	{ "transport", '\0', "METHOD", "outbox (only files), smtp or sendmail" },
	{ "host", '\0', "HOST", "SMTP server" }, { NULL, '\0', NULL, NULL } };

const struct command cmd_init = {
	.name = "init",
	.group = "Start",
	.usage = "init",
	.summary = "write a starter configuration (asks on a terminal)",
	.options = init_options,
	.run = run_init,
};

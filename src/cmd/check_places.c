/* SPDX-License-Identifier: ISC */
#include "cmd/check_places.h"

#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/spawn.h"
#include "cmd/cmd.h"
#include "config/relays.h"
#include "flow/context.h"
#include "flow/password.h"
#include "format/url.h"
#include "list/bounces.h"
#include "transport/wire.h"

/* ---- directories ---- */

/* One that is not there yet is made. */
static bool
check_directory(const char *path, const char *key, struct err *err)
{
	return *path == '\0' || !file_exists(path) || file_is_dir(path) ||
	    err_set(err, ERR_CONFIG, "%s: %s is no directory", key, path);
}

static bool
check_directories(const struct config *c, struct err *err)
{
	if (file_is_dir(c->database.path))
		return err_set(err, ERR_CONFIG, "database.path: %s is a directory",
		    c->database.path);
	/* SQLite would wait for a pipe's other end, and read a device without end. */
	if (file_is_special(c->database.path))
		return err_set(err, ERR_CONFIG, "database.path: %s is no file",
		    c->database.path);
	return check_directory(c->database.backup_dir, "database.backup_dir", err) &&
	    check_directory(c->web.archive_dir, "web.archive_dir", err);
}

/* ---- files that are read whole ---- */

static bool
check_blocked_domains(const char *path, struct err *err)
{
	struct buf b = BUF_INIT(LIMIT_DOMAINS_FILE);
	bool ok = *path == '\0' || file_read(path, &b, err);

	buf_clear(&b);
	if (ok)
		return true;
	err->kind = ERR_CONFIG;
	return err_wrap(err, "limits.blocked_domains");
}

/* ---- programs ---- */

static bool
check_program(struct arena *a, const char *command, struct err *err)
{
	char *argv[2];

	/* More words than room is no fault here. */
	(void)spawn_split(a, command, argv, 1);
	return !argv[0] || spawn_check(argv[0], err);
}

static bool
asks_for_password(const struct config *c)
{
	return (c->transport.method == TRANSPORT_SMTP ||
		   c->transport.method == TRANSPORT_REDIRECT) &&
	    *c->smtp.user != '\0' && *c->smtp.password_file == '\0';
}

/* It is not run: it may ask a person, who is there when letters go. */
static bool
check_password_commands(struct run *run, struct err *err)
{
	const size_t count = relay_count(run->config);

	for (size_t i = 0; i < count; i++) {
		const char *relay = "";
		struct config c;

		relay_config(run->config, i, &c, &relay);
		if (!asks_for_password(&c) ||
		    check_program(run->arena, c.smtp.password_command, err))
			continue;
		return *relay ? err_wrap(err, "relay %s.password_command", relay)
			      : err_wrap(err, "smtp.password_command");
	}
	return true;
}

void
check_filter_program(struct app *app, const struct listed_feed *feed)
{
	struct err why = ERR_INIT;

	if (!feed->filter_command ||
	    check_program(app->run.arena, feed->filter_command, &why))
		return;
	settings_warn(app->run.arena, &app->settings, "%s: filter_command: %s",
	    url_public(app->run.arena, feed->url), why.text);
}

/* ---- the mailbox that each run reads ---- */

static bool
check_mailbox_server(struct run *run, struct err *err)
{
	const struct config *c = run->config;
	const char *password = NULL;

	if (*c->bounce.password_file == '\0' &&
	    !check_program(run->arena, c->bounce.password_command, err))
		return err_wrap(err, "bounce.password_command");
	if ((*c->bounce.password_file != '\0' || *c->bounce.password_command == '\0') &&
	    !flow_mailbox_password(run, &password, err))
		return false;
	struct wire_trust *trust = wire_trust_new(c->bounce.ca_file, NULL, err);
	wire_trust_free(trust);
	return trust || *c->bounce.ca_file == '\0' ? trust != NULL
						   : err_wrap(err, "bounce.ca_file");
}

/* A maildir may come with its first mail; until then each run says that there is none. */
static bool
check_mailbox(struct app *app, struct err *err)
{
	static const char maildir[] = "maildir:";
	const char *source = app->settings.config.bounce.source;
	const char *path = source + sizeof(maildir) - 1;

	if (ascii_starts_nocase(source, "pop3s:"))
		return check_mailbox_server(&app->run, err);
	if (!ascii_starts_nocase(source, maildir))
		return true;
	if (file_exists(path) && !file_is_dir(path))
		return err_set(err, ERR_CONFIG, "bounce.source: %s is no directory",
		    path);
	if (!file_is_dir(arena_printf(app->run.arena, "%s/new", path)))
		settings_warn(app->run.arena, &app->settings,
		    "bounce.source: there is no maildir %s yet", path);
	return true;
}

bool
check_places(struct app *app, struct err *err)
{
	const struct config *c = &app->settings.config;
	struct bounce_policy bounces;

	return bounce_policy_read(c, &bounces, err) && check_directories(c, err) &&
	    check_blocked_domains(c->limits.blocked_domains, err) &&
	    check_password_commands(&app->run, err) && check_mailbox(app, err);
}

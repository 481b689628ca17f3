/* SPDX-License-Identifier: ISC */
#include "cmd/file_address.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "cmd/app.h"
#include "config/feed_address.h"
#include "config/mailbox_address.h"
#include "flow/context.h"
#include "format/url.h"

static const char scheme[] = "file:";

const char *
cmd_whole_path(struct app *app, const char *path)
{
	char here[LIMIT_PATH];

	if (*path == '/' || !getcwd(here, sizeof(here)))
		return path;
	return arena_printf(app->run.arena, "%s/%s", here, path);
}

const char *
cmd_file_address(struct app *app, const char *given)
{
	const size_t len = sizeof(scheme) - 1;

	if (!ascii_starts_nocase(given, scheme) || given[len] == '\0')
		return given;
	if (given[len] == '/')
		return strncmp(given + len, "///", 3) == 0
		    ? given
		    : arena_printf(app->run.arena, "file://%s", given + len);
	return arena_printf(app->run.arena, "file://%s",
	    cmd_whole_path(app, given + len));
}

/* ---- addresses of feeds ---- */

bool
cmd_is_bare_address(const char *text)
{
	const size_t host = strcspn(text, ":/?#");
	const char *dot = memchr(text, '.', host);
	const size_t digits =
	    text[host] == ':' ? strspn(text + host + 1, "0123456789") : 0;

	if (!dot || dot == text || strpbrk(text, " \t<>\"") || memchr(text, '@', host))
		return false;
	return text[host] != ':' ||
	    (digits > 0 && strchr("/?#", text[host + 1 + digits]));
}

bool
cmd_feed_address_check(struct app *app, const char *given, struct err *err)
{
	const bool is_file = ascii_starts_nocase(given, "file:");
	struct mailbox_address mailbox;

	if (mailbox_address_is(given))
		return mailbox_address_read(app->run.arena, given, &mailbox, err);
	if (url_is_web(given) || (is_file && app->run.config->fetch.allow_files))
		return true;
	if (is_file) {
		(void)err_set(err, ERR_USAGE, "%s: feeds in files are not read", given);
		return err_hint(err, "allow_files = yes in [fetch]");
	}
	if (file_exists(given)) {
		(void)err_set(err, ERR_USAGE, "'%s' is a file, no web address", given);
		return err_hint(err,
		    "a list of feeds: planetpost import %s; a feed: file:%s, with "
		    "allow_files = yes in [fetch]",
		    given, given);
	}
	if (cmd_is_bare_address(given))
		return true;
	return feed_address_refuse(app->run.arena, given, err);
}

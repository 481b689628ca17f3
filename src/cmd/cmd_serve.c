/* SPDX-License-Identifier: ISC */
/* serve: the readers' pages, behind a web server or as its CGI program. */
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd/cmd.h"
#include "web/server.h"
#include "web/site.h"

static bool
is_cgi(const struct app *app, const struct args *args)
{
	return args_has(args, "cgi") ||
	    (app->web.gateway && !args_value(args, "listen") && !app->web.listen_fds);
}

/* systemd says for whom the sockets are, so that no child takes them for its own. */
static bool
was_handed_over(const struct app *app)
{
	return text_is_set(app->web.listen_fds) && text_is_set(app->web.listen_pid) &&
	    strtol(app->web.listen_pid, NULL, 10) == (long)getpid();
}

static bool
serve(struct app *app, const struct args *args, const struct site *site, struct err *err)
{
	const char *where = args_value(args, "listen");
	struct listener l;

	if (!where && was_handed_over(app)) {
		if (!listener_inherit(strtol(app->web.listen_fds, NULL, 10), &l, err))
			return false;
	} else if (!listener_open(where ? where : app->run.config->web.listen, &l, err)) {
		return false;
	}
	app_say(app, "Pages of %s at %s", app->run.config->newsletter.name, l.name);
	(void)fflush(stdout);
	const bool ok = server_run(site, &l, err);
	listener_close(&l);
	return ok;
}

static bool
run_serve(struct app *app, const struct args *args, struct err *err)
{
	struct site site;

	if (!site_open(&app->run, &site, err))
		return false;
	return is_cgi(app, args)
	    ? cgi_answer(&site, &app->web.request, stdin, stdout, err)
	    : serve(app, args, &site, err);
}

static const struct cmd_option serve_options[] = {
	{ "listen", '\0', "ADDR",
	    "unix:PATH or 127.0.0.1:PORT; else the socket systemd hands over, else web.listen" },
	{ "cgi", '\0', NULL, "answer one request as a CGI program does" },
	{ NULL, '\0', NULL, NULL }
};

const struct command cmd_serve = {
	.name = "serve",
	.json = JSON_NONE,
	.group = "Service",
	.usage = "serve",
	.summary = "the readers' pages: leave, choose, look",
	.details =
	    "Runs until it is told to stop (^C, SIGTERM).  A web server stands in front and has\n"
	    "the certificate; contrib has its settings for nginx, Caddy and lighttpd.",
	.options = serve_options,
	.need = NEED_WEB,
	.run = run_serve,
};

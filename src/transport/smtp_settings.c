/* SPDX-License-Identifier: ISC */
#include "transport/smtp_settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/relays.h"
#include "format/url.h"

enum { PORT_SMTP = 25, PORT_LMTP = 24, PORT_TLS = 465, PORT_SUBMISSION = 587 };

/* Names that can only mean this machine.  What others resolve to is seen after connecting. */
static bool
is_local_name(const char *host)
{
	return ascii_eq_nocase(host, "localhost") || strcmp(host, "::1") == 0 ||
	    strncmp(host, "127.", 4) == 0;
}

/* How letters go to host, and the port when none is set. */
static enum smtp_session_security
decide_security(enum smtp_security setting, const char *host, int port, int *usual_port)
{
	switch (setting) {
	case SECURITY_TLS:
		*usual_port = PORT_TLS;
		return SMTP_TLS;
	case SECURITY_STARTTLS:
		*usual_port = PORT_SUBMISSION;
		return SMTP_STARTTLS;
	case SECURITY_NONE:
		*usual_port = PORT_SMTP;
		return SMTP_PLAIN;
	case SECURITY_AUTO:
		break;
	}
	*usual_port = PORT_SUBMISSION;
	if (port == PORT_TLS)
		return SMTP_TLS;
	if (is_local_name(host) && (port == 0 || port == PORT_SMTP)) {
		*usual_port = PORT_SMTP;
		return SMTP_TLS_IF_OFFERED;
	}
	return SMTP_STARTTLS;
}

/* Our name in EHLO: one word of harmless characters, whatever the machine is called. */
static const char *
ehlo_name(const struct config *c, const char *host_name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789.-[]:";
	const char *name = *c->smtp.helo != '\0' ? c->smtp.helo : host_name;
	size_t len = name ? strlen(name) : 0;

	return len > 0 && len <= 255 && strspn(name, plain) == len ? name : "localhost";
}

static void
read_smtp(const struct config *c, struct smtp_server *server)
{
	const char *host = *c->smtp.host != '\0' ? c->smtp.host : "localhost";
	int port = (int)c->smtp.port;
	int usual = 0;

	server->security = decide_security(c->smtp.security, host, port, &usual);
	server->target =
	    (struct wire_target){ .host = host, .port = port != 0 ? port : usual };
	server->name = host;
	server->user = c->smtp.user;
	server->auth = c->smtp.auth;
}

/* A host and perhaps a port, as in a URL. */
static bool
read_host(const char *text, struct arena *a, struct wire_target *target)
{
	struct url u;
	size_t len = 0;

	if (!url_split(a, arena_printf(a, "lmtp://%s", text), &u) || *u.host == '\0' ||
	    u.user || u.query || u.fragment)
		return false;
	target->host = u.host;
	len = strlen(u.host);
	if (*u.host == '[')
		target->host = arena_strndup(a, u.host + 1, len - 2);
	target->port = u.port ? (int)strtol(u.port, NULL, 10) : PORT_LMTP;
	return target->port > 0;
}

/* "/run/dovecot/lmtp", "unix:/run/dovecot/lmtp", "localhost:24", "[::1]:24", "localhost". */
static bool
read_lmtp(const char *text, struct arena *a, struct smtp_server *server, struct err *err)
{
	server->lmtp = true;
	server->security = SMTP_PLAIN;
	server->user = "";
	server->name = text;
	if (*text == '\0')
		return err_set(err, ERR_CONFIG, "transport.lmtp names no server");
	if (strncmp(text, "unix:", 5) == 0)
		text += 5;
	if (*text == '\0')
		return err_set(err, ERR_CONFIG,
		    "transport.lmtp: unix: is followed by no path");
	if (strchr(text, '/'))
		server->target.path = text;
	else if (!read_host(text, a, &server->target))
		return err_set(err, ERR_CONFIG,
		    "transport.lmtp: no host and port in \"%s\"", text);
	return true;
}

bool
smtp_settings_read(const struct config *c, const char *host_name, struct arena *a,
    struct smtp_server *server, struct err *err)
{
	*server = (struct smtp_server){ .ehlo = ehlo_name(c, host_name),
		.timeout_ms = c->smtp.timeout * 1000 };
	if (c->transport.method == TRANSPORT_LMTP)
		return read_lmtp(c->transport.lmtp, a, server, err);
	read_smtp(c, server);
	return true;
}

static void
describe_server(const struct config *c, struct buf *out)
{
	static const char *const words[] = {
		[SMTP_PLAIN] = "in the clear",
		[SMTP_TLS_IF_OFFERED] = "STARTTLS if offered",
		[SMTP_STARTTLS] = "STARTTLS",
		[SMTP_TLS] = "TLS",
	};
	struct arena *a = arena_new();
	struct smtp_server server;
	struct err err = ERR_INIT;

	if (!smtp_settings_read(c, NULL, a, &server, &err))
		buf_adds(out, err.text);
	else if (server.lmtp)
		buf_addf(out, "LMTP at %s", c->transport.lmtp);
	else
		buf_addf(out, "%s:%d (%s)", server.target.host, server.target.port,
		    words[server.security]);
	arena_free(a);
}

void
smtp_settings_describe(const struct config *c, struct buf *out)
{
	const size_t count = c->transport.method == TRANSPORT_LMTP ? 1 : relay_count(c);

	for (size_t i = 0; i < count; i++) {
		struct config one;
		const char *name = NULL;

		relay_config(c, i, &one, &name);
		buf_adds(out, i > 0 ? ", " : "");
		describe_server(c->transport.method == TRANSPORT_LMTP ? c : &one, out);
	}
}

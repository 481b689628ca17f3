/* SPDX-License-Identifier: ISC */
#include "transport/smtp_settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "format/url.h"

enum {
	PORT_SMTP = 25,
	PORT_LMTP = 24,
	PORT_TLS = 465,
	PORT_SUBMISSION = 587,
	PORT_MAX = 65535
};

/* Names that can only mean this machine.  What others resolve to is seen after connecting. */
static bool
is_local_name(const char *host)
{
	return text_eq_nocase(host, "localhost") || strcmp(host, "::1") == 0 ||
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
plan_smtp(const struct config *c, struct smtp_server *server)
{
	const char *host = *c->smtp.host != '\0' ? c->smtp.host : "localhost";
	int port = (int)c->smtp.port;
	int usual = 0;

	server->security = decide_security(c->smtp.security, host, port, &usual);
	server->target = (struct wire_target){ NULL, host, port != 0 ? port : usual };
	server->name = host;
	server->user = c->smtp.user;
}

static bool
parse_port(const char *text, int *port)
{
	char *end = NULL;
	long n = strtol(text, &end, 10);

	if (end == text || *end != '\0' || n < 1 || n > PORT_MAX)
		return false;
	*port = (int)n;
	return true;
}

/* "/run/dovecot/lmtp", "unix:/run/dovecot/lmtp", "localhost:24", "[::1]:24", "localhost". */
static bool
plan_lmtp(const char *text, struct arena *a, struct smtp_server *server, struct err *err)
{
	struct url_authority at;
	const char *host = NULL;
	bool brackets = false;
	int port = PORT_LMTP;

	server->lmtp = true;
	server->security = SMTP_PLAIN;
	server->user = "";
	server->name = text;
	if (*text == '\0')
		return err_set(err, ERR_CONFIG, "transport.lmtp names no server");
	if (strncmp(text, "unix:", 5) == 0)
		text += 5;
	if (strchr(text, '/')) {
		server->target = (struct wire_target){ text, NULL, 0 };
		return true;
	}
	url_split_authority(text, strlen(text), &at);
	if (at.user || memchr(at.host, ':', *at.host == '[' ? 0 : at.host_len) ||
	    (at.port && !parse_port(at.port, &port)))
		return err_set(err, ERR_CONFIG, "transport.lmtp: no port in \"%s\"",
		    text);
	brackets = at.host_len > 2 && *at.host == '[';
	host = arena_strndup(a, at.host + brackets, at.host_len - 2 * (size_t)brackets);
	server->target = (struct wire_target){ NULL, host, port };
	return true;
}

bool
smtp_settings_read(const struct config *c, const char *host_name, const char *password,
    struct arena *a, struct smtp_server *server, struct err *err)
{
	*server = (struct smtp_server){ .ehlo = ehlo_name(c, host_name),
		.password = password,
		.timeout_ms = c->smtp.timeout * 1000 };
	if (c->transport.method == TRANSPORT_LMTP)
		return plan_lmtp(c->transport.lmtp, a, server, err);
	plan_smtp(c, server);
	return true;
}

void
smtp_settings_describe(const struct config *c, struct buf *out)
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

	if (!smtp_settings_read(c, NULL, NULL, a, &server, &err))
		buf_adds(out, err.text);
	else if (server.lmtp)
		buf_addf(out, "LMTP at %s", c->transport.lmtp);
	else
		buf_addf(out, "%s:%d (%s)", server.target.host, server.target.port,
		    words[server.security]);
	arena_free(a);
}

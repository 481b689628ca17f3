/* SPDX-License-Identifier: ISC */
/* What a send would be refused for before the first letter, looked for without sending. */
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/spawn.h"
#include "config/relays.h"
#include "mail/address.h"
#include "transport/sendmail.h"
#include "transport/smtp_settings.h"
#include "transport/smtp_trust.h"
#include "transport/transport.h"
#include "transport/wire.h"

static bool
check_mbox(const char *path, struct err *err)
{
	char *dir = NULL;
	bool ok = true;

	if (*path == '\0')
		return err_set(err, ERR_CONFIG, "transport.mbox names no file");
	if (file_is_dir(path))
		return err_set(err, ERR_CONFIG, "transport.mbox: %s is a directory",
		    path);
	dir = file_dir(path);
	if (!file_is_dir(dir))
		ok = err_set(err, ERR_CONFIG, "transport.mbox: there is no directory %s",
		    dir);
	free(dir);
	return ok;
}

/* What a session asks of the connection itself: that it leads to this machine. */
static bool
may_be_local(const char *host)
{
	const struct addrinfo wanted = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	bool local = false;

	if (getaddrinfo(host, NULL, &wanted, &found) != 0)
		return false;
	for (const struct addrinfo *i = found; i; i = i->ai_next)
		local = local || wire_is_loopback(i->ai_addr);
	freeaddrinfo(found);
	return local;
}

static bool
is_socket(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISSOCK(st.st_mode);
}

static bool
check_server(const struct transport_settings *t, const struct config *c,
    const char *password, struct arena *a, struct err *err)
{
	struct smtp_server server;
	struct wire_trust *trust = NULL;
	bool ok = false;

	if (!smtp_settings_read(c, t->host_name, a, &server, err))
		return false;
	if (*server.user && !password && !*c->smtp.password_command) {
		(void)err_set(err, ERR_CONFIG, "smtp.user is set, but no password");
		return err_hint(err, "smtp.password_file names a file that holds it");
	}
	/* One that is not there may come with its server. */
	if (server.target.path && file_exists(server.target.path) &&
	    !is_socket(server.target.path))
		return err_set(err, ERR_CONFIG, "transport.lmtp: %s is no socket",
		    server.target.path);
	ok = smtp_trust_new(c, &server, a, &trust, err);
	wire_trust_free(trust);
	if (!ok || server.security != SMTP_PLAIN || server.target.path ||
	    may_be_local(server.target.host))
		return ok;
	(void)err_set(err, ERR_CONFIG,
	    "%s is not this machine: letters go there under TLS only", server.name);
	return err_hint(err,
	    server.lmtp ? "a socket or this machine's LMTP port"
			: "smtp.security = auto");
}

static bool
check_smtp(const struct transport_settings *t, struct arena *a, struct err *err)
{
	const bool is_lmtp = t->config->transport.method == TRANSPORT_LMTP;
	const size_t count = is_lmtp ? 1 : relay_count(t->config);

	for (size_t i = 0; i < count; i++) {
		struct config *c = arena_alloc(a, sizeof(*c));
		const char *name = "";

		relay_config(t->config, i, c, &name);
		if (!check_server(t, is_lmtp ? t->config : c,
			t->passwords ? t->passwords[i] : NULL, a, err))
			return *name ? err_wrap(err, "relay %s", name) : false;
	}
	return true;
}

static bool
check_sendmail(const char *command, struct arena *a, struct err *err)
{
	char *args[SENDMAIL_WORDS_MAX + 1];
	const size_t count = spawn_split(a, command, args, SENDMAIL_WORDS_MAX);

	if (count > SENDMAIL_WORDS_MAX)
		return err_set(err, ERR_CONFIG, "transport.sendmail has too many words");
	if (count == 0)
		return err_set(err, ERR_CONFIG, "transport.sendmail names no program");
	return spawn_check(args[0], err) || err_wrap(err, "transport.sendmail");
}

/* One that is not there yet is made. */
static bool
check_directory(const char *path, const char *key, struct err *err)
{
	if (*path == '\0')
		return err_set(err, ERR_CONFIG, "%s names no directory", key);
	return !file_exists(path) || file_is_dir(path) ||
	    err_set(err, ERR_CONFIG, "%s: %s is no directory", key, path);
}

static bool
check_redirect(const char *to, struct arena *a, struct err *err)
{
	const char *address = NULL;

	if (*to == '\0') {
		(void)err_set(err, ERR_CONFIG,
		    "transport.redirect_to is not set: whom do letters go to?");
		return err_hint(err, "your own address");
	}
	if (address_check(a, to, &address, err))
		return true;
	err->kind = ERR_CONFIG;
	return err_wrap(err, "transport.redirect_to");
}

bool
transport_check(const struct transport_settings *t, struct arena *a, struct err *err)
{
	const struct config *c = t->config;

	switch (c->transport.method) {
	case TRANSPORT_OUTBOX:
		return check_directory(c->transport.outbox, "transport.outbox", err);
	case TRANSPORT_MAILDIR:
		return check_directory(c->transport.maildir, "transport.maildir", err);
	case TRANSPORT_MBOX:
		return check_mbox(c->transport.mbox, err);
	case TRANSPORT_SENDMAIL:
		return check_sendmail(c->transport.sendmail, a, err);
	case TRANSPORT_REDIRECT:
		return check_redirect(c->transport.redirect_to, a, err) &&
		    check_smtp(t, a, err);
	case TRANSPORT_SMTP:
	case TRANSPORT_LMTP:
		return check_smtp(t, a, err);
	case TRANSPORT_STDOUT:
		break;
	}
	return true;
}

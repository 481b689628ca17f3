/* SPDX-License-Identifier: ISC */
#include "web/listen.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"

enum { BACKLOG = 511, FIRST_INHERITED = 3, PORT_MAX = 65535 };

/* Neither waits nor outlives an exec. */
static bool
prepare(int fd)
{
	return fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0;
}

static bool
give_up(struct listener *l, struct err *err, const char *where)
{
	err_errno(err, "cannot listen at %s", where);
	if (l->fd >= 0)
		(void)close(l->fd);
	l->fd = -1;
	l->path = NULL;
	return false;
}

/* ---- a local socket ---- */

/* A socket that nobody listens at any more was left by a process that was killed. */
static bool
remove_stale(const struct sockaddr_un *at, struct err *err)
{
	struct stat st;

	if (lstat(at->sun_path, &st) != 0)
		return true;
	if (!S_ISSOCK(st.st_mode))
		return err_set(err, ERR_USAGE, "%s is there already and no socket",
		    at->sun_path);
	const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	const bool answers =
	    fd >= 0 && connect(fd, (const struct sockaddr *)at, sizeof(*at)) == 0;
	if (fd >= 0)
		(void)close(fd);
	if (answers)
		return err_set(err, ERR_TEMPORARY, "another process answers at unix:%s",
		    at->sun_path);
	(void)unlink(at->sun_path);
	return true;
}

static bool
open_local(const char *path, struct listener *l, struct err *err)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	const size_t len = strlen(path);

	if (len == 0 || len >= sizeof(at.sun_path))
		return err_set(err, ERR_USAGE,
		    "the path of a local socket has 1 to %zu bytes",
		    sizeof(at.sun_path) - 1);
	memcpy(at.sun_path, path, len + 1);
	if (!remove_stale(&at, err))
		return false;
	l->fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (l->fd < 0 || !prepare(l->fd) ||
	    bind(l->fd, (const struct sockaddr *)&at, sizeof(at)) != 0)
		return give_up(l, err, path);
	l->path = path;
	l->is_local = true;
	/* The web server is another user; whoever reaches the socket sees what the world sees. */
	if (chmod(path, 0666) != 0 || listen(l->fd, BACKLOG) != 0) {
		(void)unlink(path);
		return give_up(l, err, path);
	}
	(void)snprintf(l->name, sizeof(l->name), "unix:%s", path);
	return true;
}

/* ---- loopback ---- */

static bool
parse_port(const char *text, int *port)
{
	const size_t len = strlen(text);

	if (len == 0 || len > 5 || strspn(text, "0123456789") != len)
		return false;
	*port = (int)strtol(text, NULL, 10);
	return *port <= PORT_MAX;
}

static bool
bind_loopback(int family, int port, struct listener *l)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6,
		.sin6_port = htons((uint16_t)port) };
	const bool is_v4 = family == AF_INET;
	const int on = 1;

	v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	v6.sin6_addr.s6_addr[15] = 1;
	l->fd = socket(family, SOCK_STREAM, 0);
	return l->fd >= 0 && prepare(l->fd) &&
	    setsockopt(l->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	    bind(l->fd, is_v4 ? (const void *)&v4 : (const void *)&v6,
		is_v4 ? sizeof(v4) : sizeof(v6)) == 0 &&
	    listen(l->fd, BACKLOG) == 0;
}

/* The port that was chosen. */
static int
port_of(int fd)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);

	memset(&at, 0, sizeof(at));
	if (getsockname(fd, (struct sockaddr *)&at, &len) != 0)
		return 0;
	return ntohs(at.ss_family == AF_INET
		? ((const struct sockaddr_in *)&at)->sin_port
		: ((const struct sockaddr_in6 *)&at)->sin6_port);
}

bool
listener_open(const char *where, struct listener *out, struct err *err)
{
	static const struct {
		const char *start;
		int family;
	} hosts[] = { { "127.0.0.1:", AF_INET }, { "localhost:", AF_INET },
		{ "[::1]:", AF_INET6 } };
	static const char local[] = "unix:";
	int port = 0;

	*out = (struct listener){ .fd = -1 };
	if (strncmp(where, local, sizeof(local) - 1) == 0)
		return open_local(where + sizeof(local) - 1, out, err);
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		const size_t len = strlen(hosts[i].start);

		if (strncmp(where, hosts[i].start, len) != 0 ||
		    !parse_port(where + len, &port))
			continue;
		if (!bind_loopback(hosts[i].family, port, out))
			return give_up(out, err, where);
		(void)snprintf(out->name, sizeof(out->name), "http://%.*s%d", (int)len,
		    hosts[i].start, port_of(out->fd));
		return true;
	}
	err_set(err, ERR_USAGE, "the pages cannot listen at '%s'", where);
	return err_hint(err,
	    "unix:PATH or 127.0.0.1:PORT, behind a web server that has the certificate");
}

bool
listener_inherit(long count, struct listener *out, struct err *err)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);

	*out = (struct listener){ .fd = -1 };
	if (count != 1)
		return err_set(err, ERR_USAGE, "%ld sockets were handed over, not one",
		    count);
	memset(&at, 0, sizeof(at));
	out->fd = FIRST_INHERITED;
	if (getsockname(out->fd, (struct sockaddr *)&at, &len) != 0 || !prepare(out->fd))
		return give_up(out, err, "the socket that was handed over");
	out->is_local = at.ss_family == AF_UNIX;
	(void)snprintf(out->name, sizeof(out->name), "the socket that was handed over");
	return true;
}

void
listener_close(struct listener *l)
{
	if (l->fd >= 0)
		(void)close(l->fd);
	if (l->path)
		(void)unlink(l->path);
	l->fd = -1;
	l->path = NULL;
}

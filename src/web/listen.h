/* SPDX-License-Identifier: ISC */
/*
 * Where the pages listen: a local socket, loopback, or what systemd hands over.  Nothing else:
 * TLS and the world are the work of the web server in front.
 */
#ifndef WEB_LISTEN_H
#define WEB_LISTEN_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"

struct listener {
	int fd;
	const char *path; /* of a local socket we made, to be removed; else NULL */
	bool is_local;    /* a local socket: its peers have no address */
	char name[128];   /* for people: "unix:/run/x.sock", "http://127.0.0.1:8080" */
};

/*
 * where: "unix:PATH", "127.0.0.1:PORT", "[::1]:PORT" or "localhost:PORT"; port 0 lets the system
 * choose.  path is borrowed.  ERR_USAGE for any other, ERR_TEMPORARY when another process
 * answers there, ERR_SYSTEM.
 */
bool listener_open(const char *where, struct listener *out, struct err *err) MUST_CHECK;
/* The one socket that systemd hands over (sd_listen_fds(3)).  ERR_USAGE for any other number. */
bool listener_inherit(long count, struct listener *out, struct err *err) MUST_CHECK;
/* Closes and removes what was made.  fd -1 is fine. */
void listener_close(struct listener *l);

#endif

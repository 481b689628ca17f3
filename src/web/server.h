/* SPDX-License-Identifier: ISC */
/*
 * The server: HTTP/1.1 by libmicrohttpd with epoll, in one thread.  Bounded in every way: so
 * many connections, so many bytes of a request, so many seconds for one.  Forms that come in
 * while the disk is busy with others are recorded by one commit; none is answered before it,
 * and pages are shown meanwhile.  TLS, HTTP/2 and the log of requests belong to the web server
 * in front.
 */
#ifndef WEB_SERVER_H
#define WEB_SERVER_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "web/listen.h"
#include "web/site.h"

/*
 * Answers until run->interrupted(), then finishes what has begun.  The listener's socket is
 * taken: it is closed at the end.
 */
bool server_run(const struct site *site, struct listener *l, struct err *err) MUST_CHECK;

#endif

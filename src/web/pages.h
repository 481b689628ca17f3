/* SPDX-License-Identifier: ISC */
/*
 * Every page there is: one table of paths, methods, scopes of tokens and handlers (pages.c).
 * GET, HEAD and OPTIONS change nothing; only POST acts.  The link that was mailed is the key:
 * there is no session, no cookie, nothing that another site could ride on.
 */
#ifndef WEB_PAGES_H
#define WEB_PAGES_H

#include "web/request.h"
#include "web/site.h"

/*
 * Answers, always: what went wrong becomes a page that says so.  out->body is owned by the
 * caller; the rest lives as long as the program or the arena.
 */
void pages_answer(const struct site *site, struct arena *a,
    const struct web_request *request, struct web_answer *out);
/* The same for a request that nothing was done about, because of why: the page that says so. */
void pages_refuse(const struct site *site, struct arena *a,
    const struct web_request *request, const struct err *why, struct web_answer *out);

/* Walks the table for tests: the path and the set of methods of row n; NULL at its end. */
const char *pages_route(size_t n, unsigned *methods);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Addresses of the web (RFC 3986 with the repairs browsers make): resolve, check, canonical
 * form.  International host names are turned to A-labels by libidn2 (the only use of it here).
 */
#ifndef FORMAT_URL_H
#define FORMAT_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct url {
	const char *scheme;   /* lower case */
	const char *user;     /* NULL when none; "user:password" as written */
	const char *host;     /* lower case, A-labels; "" when none */
	const char *port;     /* NULL when none or the scheme's default */
	const char *path;     /* as written, percent-encoded where it had to be */
	const char *query;    /* NULL when none; without "?" */
	const char *fragment; /* NULL when none; without "#" */
};

/*
 * "user:password@host:port" in its parts: as written, nothing checked, nothing copied.
 */
struct url_authority {
	const char *user; /* NULL when there is no "@" */
	size_t user_len;
	const char *host; /* an IPv6 address with its brackets */
	size_t host_len;
	const char *port; /* NULL when there is no ":" */
	size_t port_len;
};
/* The last "@" counts, as in browsers: "a@b@host" leads to host, so no one is fooled. */
void url_split_authority(const char *text, size_t len, struct url_authority *out);
/* The authority behind the "://" of an address; false, and all empty, when it has none. */
bool url_find_authority(const char *address, struct url_authority *out);

/*
 * Resolves ref against base (NULL, or one that is not absolute: ref must be).  Strips white
 * space and controls as browsers do, encodes blanks and non-ASCII.  NULL when the result is no
 * absolute address, or longer than LIMIT_URL.  The user and password of a web address, its own
 * or those of base, are left out.  Lives in a.
 */
char *url_resolve(struct arena *a, const char *base, const char *ref);
/* Splits an absolute address.  False when it is none. */
bool url_split(struct arena *a, const char *text, struct url *out) MUST_CHECK;
char *url_join(struct arena *a, const struct url *u) MUST_CHECK;
/* True for an absolute http: or https: address with a host. */
bool url_is_web(const char *text);
/*
 * The same page under one name, for identity, never for fetching: http = https, no default
 * port, no "www.", no fragment, no tracking parameters, no trailing "/" or index.html, percent
 * encoding normalised.  NULL when text is no web address, or longer than LIMIT_URL then.
 */
char *url_identity(struct arena *a, const char *text);
/* The address without utm_*, fbclid and relatives (table in url.c); else unchanged. */
char *url_untrack(struct arena *a, const char *text) MUST_CHECK;
/* The address as people may see it in messages and logs: without user and password. */
char *url_public(struct arena *a, const char *text) MUST_CHECK;
/*
 * An address that url_public has passed, with user and password of `given` again when both
 * are on one host: for asking, never for showing.
 */
const char *url_with_login(struct arena *a, const char *text,
    const char *given) MUST_CHECK;
/* "example.org" of "https://www.example.org/x"; "" when none. */
char *url_host(struct arena *a, const char *text) MUST_CHECK;
/* Percent-encodes everything but unreserved characters. */
char *url_escape(struct arena *a, const char *text) MUST_CHECK;
/*
 * Turns a host name to A-labels (IDNA 2008, non-transitional); false when it cannot be one.
 * out has at least 256 bytes.
 */
bool url_host_ascii(const char *host, char *out, size_t size) MUST_CHECK;

#endif

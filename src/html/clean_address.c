/* SPDX-License-Identifier: ISC */
/*
 * Addresses in clean HTML: absolute, of a known scheme, without parameters that follow the
 * reader around.
 */
#include "html/clean_private.h"

#include <string.h>

#include "base/text.h"
#include "format/url.h"

static bool
has_scheme(const char *address, const char *scheme)
{
	size_t len = strlen(scheme);

	return strncmp(address, scheme, len) == 0 && address[len] == ':' &&
	    address[len + 1];
}

/* Like url_is_web, for what url_resolve has made: it does not have to be split again. */
static bool
is_web(const char *address)
{
	const char *host = strncmp(address, "https://", 8) == 0 ? address + 8
	    : strncmp(address, "http://", 7) == 0               ? address + 7
								: "";

	return *host && *host != '/' && *host != '?' && *host != '#';
}

const char *
clean_link(struct cleaner *c, const char *address)
{
	const char *base = c->opts->base;
	const char *absolute;

	while (ascii_is_space((unsigned char)*address))
		address++;
	if (*address == '#' && c->opts->page)
		base = c->opts->page;
	absolute = url_resolve(c->addresses, base, address);
	if (!absolute)
		return NULL;
	if (is_web(absolute))
		return url_untrack(c->addresses, absolute);
	if (has_scheme(absolute, "mailto") || has_scheme(absolute, "tel"))
		return absolute;
	return NULL;
}

const char *
clean_picture(struct cleaner *c, const char *address)
{
	const char *absolute;

	while (ascii_is_space((unsigned char)*address))
		address++;
	/* Pictures inside the text can be megabytes, and few mail programs show them. */
	if (*address == '\0' || ascii_starts_nocase(address, "data:"))
		return NULL;
	absolute = url_resolve(c->addresses, c->opts->base, address);
	return absolute && is_web(absolute) ? absolute : NULL;
}

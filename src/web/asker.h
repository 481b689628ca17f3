/* SPDX-License-Identifier: ISC */
/*
 * Whose request it is, as far as limits per network go: the other end of the connection, or
 * whom a proxy that is believed (web.trusted_proxy) names.  What a stranger writes into the
 * same fields is never believed.
 */
#ifndef WEB_ASKER_H
#define WEB_ASKER_H

#include "base/arena.h"
#include "base/attr.h"
#include "format/network_list.h"

/* How a request came here; NULL where a field was not sent. */
struct way_here {
	const char *peer; /* address of the other end, "" for a local socket */
	const char
	    *forwarded_for;    /* X-Forwarded-For, several joined by "," in their order */
	const char *forwarded; /* Forwarded (RFC 7239), likewise */
};

/*
 * The address of whoever asks, "" when nobody says it.  Each proxy adds whom it saw at the end:
 * the last one that is no trusted proxy is taken.  Of the two fields a proxy writes one and may
 * pass the other on as the stranger sent it; where they name different askers the answer is
 * ASKER_UNCLEAR, so that such requests share one network.  In a.
 */
#define ASKER_UNCLEAR "0.0.0.0"
const char *asker_address(struct arena *a, const struct way_here *way,
    const struct network_list *trusted) MUST_CHECK;

#endif

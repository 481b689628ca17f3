/* SPDX-License-Identifier: ISC */
#include "store/identity_keys.h"

#include <string.h>

#include "base/hash.h"

enum { PREFIX_BITS = 16 };

static int64_t
join(uint64_t prefix, uint64_t hash)
{
	return (int64_t)(prefix << (64 - PREFIX_BITS) | hash >> PREFIX_BITS);
}

int64_t
identity_guid(int64_t source_id, const char *guid)
{
	uint64_t id = (uint64_t)source_id;

	return join(id, digest_hash64(guid, strlen(guid), id));
}

int64_t
identity_own_link(int64_t source_id, const char *link_identity)
{
	uint64_t id = (uint64_t)source_id;

	/* Another seed: a guid that looks like an address is not that address. */
	return join(id, digest_hash64(link_identity, strlen(link_identity), ~id));
}

int64_t
identity_link(const char *link_identity)
{
	const char *host = strstr(link_identity, "//");
	size_t len = 0;

	host = host ? host + 2 : link_identity;
	len = strcspn(host, "/?");
	return join(digest_hash64(host, len, 0) & 0xffff,
	    digest_hash64(link_identity, strlen(link_identity), 0));
}

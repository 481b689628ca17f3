/* SPDX-License-Identifier: ISC */
#include "web/asker.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

enum { HOPS_MAX = 32 };

static const char blanks[] = " \t";

static bool
is_address(const char *text)
{
	unsigned char bytes[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, text, bytes) == 1 ||
	    inet_pton(AF_INET6, text, bytes) == 1;
}

static const char *
trimmed(struct arena *a, const char *start, size_t len)
{
	while (len > 0 && strchr(blanks, start[0]))
		start++, len--;
	while (len > 0 && strchr(blanks, start[len - 1]))
		len--;
	return arena_strndup(a, start, len);
}

/*
 * The address in a node of RFC 7239 6: "192.0.2.1", "192.0.2.1:80", "[2001:db8::1]:80", with
 * quotation marks or without; and 2001:db8::1, which X-Forwarded-For has.  NULL when it is none.
 */
static const char *
node_address(struct arena *a, const char *node)
{
	size_t len = strlen(node);

	if (len >= 2 && node[0] == '"' && node[len - 1] == '"')
		node++, len -= 2;
	if (len > 0 && node[0] == '[')
		node++, len = strcspn(node, "]");
	const char *text = arena_strndup(a, node, len);
	if (!is_address(text) && strchr(text, '.'))
		text = arena_strndup(a, text, strcspn(text, ":"));
	return is_address(text) ? text : NULL;
}

/* The node of one element of Forwarded: "for=192.0.2.1;proto=https". */
static const char *
node_of_element(struct arena *a, const char *element)
{
	while (*element) {
		const size_t len = strcspn(element, ";");
		const char *pair = trimmed(a, element, len);

		if (strncasecmp(pair, "for=", 4) == 0)
			return pair + 4;
		element += len + (element[len] == ';');
	}
	return "";
}

/* What a proxy has seen, one after the other; how many. */
static size_t
split_hops(struct arena *a, const char *field, const char *hops[HOPS_MAX])
{
	const char *end = field + strlen(field);
	size_t count = 0;

	/* From behind: only what stands there can have been written by a proxy of ours. */
	while (count < HOPS_MAX) {
		const char *start = end;

		while (start > field && start[-1] != ',')
			start--;
		hops[count++] = trimmed(a, start, (size_t)(end - start));
		if (start == field)
			break;
		end = start - 1;
	}
	return count;
}

/* The last hop that is no trusted proxy; NULL when the field names nobody. */
static const char *
walk(struct arena *a, const char *field, bool has_elements,
    const struct network_list *trusted)
{
	const char *hops[HOPS_MAX];
	const size_t count = split_hops(a, field, hops);
	const char *asker = NULL;

	for (size_t i = 0; i < count; i++) {
		const char *node = has_elements ? node_of_element(a, hops[i]) : hops[i];
		const char *address = node_address(a, node);

		if (!address)
			return asker;
		asker = address;
		if (!network_list_has(trusted, asker))
			return asker;
	}
	return asker;
}

const char *
asker_address(struct arena *a, const struct way_here *way,
    const struct network_list *trusted)
{
	const char *peer = is_address(way->peer) ? arena_strdup(a, way->peer) : "";
	const char *one = NULL;
	const char *other = NULL;

	if ((*peer == '\0' && *way->peer) || !network_list_has(trusted, peer))
		return peer;
	if (way->forwarded_for)
		one = walk(a, way->forwarded_for, false, trusted);
	if (way->forwarded)
		other = walk(a, way->forwarded, true, trusted);
	if (one && other && strcmp(one, other) != 0)
		return ASKER_UNCLEAR;
	return one ? one : other ? other : peer;
}

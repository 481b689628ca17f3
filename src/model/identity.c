/* SPDX-License-Identifier: ISC */
#include "model/identity.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "format/url.h"

enum {
	DISTINCT_TEXT = 160, /* bytes of title and text that tell a post from others */
	PREFIX_BITS = 16
};

static bool
has_text(const char *text)
{
	return text && *text;
}

uint64_t
identity_fingerprint(const struct entry *e)
{
	const char *title = e->title ? e->title : "";
	const uint64_t hash = hash_64(title, strlen(title), 0);

	return e->content.text ? hash_64(e->content.text, e->content.len, hash) : hash;
}

/* ---- addresses of a document ---- */

static const char *
find_link(struct arena *a, const struct feed *feed, const struct entry *e)
{
	const char *fragment = e->link ? strchr(e->link, '#') : NULL;
	const char *page = NULL;

	if (!e->link || (feed->link && strcmp(e->link, feed->link) == 0))
		return NULL;
	page = url_identity(a, e->link);
	/* Entries of one page, told apart by their anchors. */
	return page && fragment && fragment[1] ? arena_printf(a, "%s%s", page, fragment)
					       : page;
}

static int
compare_links(const void *a, const void *b)
{
	const char *const *x = a;
	const char *const *y = b;

	return strcmp(*x, *y);
}

/* Takes away the links that occur more than once in the document. */
static void
drop_shared(struct arena *a, const char **links, size_t count)
{
	const char **sorted = arena_array(a, count, sizeof(*sorted));
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (links[i])
			sorted[n++] = links[i];
	}
	if (n > 1)
		qsort(sorted, n, sizeof(*sorted), compare_links);
	for (size_t i = 0; i < count; i++) {
		const char **at = NULL;

		if (!links[i])
			continue;
		at = bsearch(&links[i], sorted, n, sizeof(*sorted), compare_links);
		if ((at > sorted && strcmp(at[-1], *at) == 0) ||
		    (at + 1 < sorted + n && strcmp(at[1], *at) == 0))
			links[i] = NULL;
	}
}

void
identity_find_links(struct arena *a, const struct feed *feed, const char **links)
{
	for (size_t i = 0; i < feed->entry_count; i++)
		links[i] = find_link(a, feed, &feed->entries[i]);
	drop_shared(a, links, feed->entry_count);
}

/* ---- keys ---- */

/*
 * A key begins with 16 bits of the source or the host and goes on with 48 bits of a hash, so
 * that the posts of one feed are neighbours in the store: a round over known entries then
 * touches a page per feed instead of one per entry.  Among 100,000 posts of one feed two share
 * a key with a probability of about 1 : 50,000.
 */
static int64_t
make_key(uint64_t prefix, uint64_t hash)
{
	return (int64_t)(prefix << (64 - PREFIX_BITS) | hash >> PREFIX_BITS);
}

int64_t
identity_of_guid(int64_t source_id, const char *guid)
{
	const uint64_t id = (uint64_t)source_id;

	return make_key(id, hash_64(guid, strlen(guid), id));
}

static int64_t
key_of_own_link(int64_t source_id, const char *link)
{
	const uint64_t id = (uint64_t)source_id;

	/* Another seed: a guid that looks like an address is not that address. */
	return make_key(id, hash_64(link, strlen(link), ~id));
}

static int64_t
key_of_link(const char *link)
{
	const char *host = strstr(link, "//");
	size_t len = 0;

	host = host ? host + 2 : link;
	len = strcspn(host, "/?");
	return make_key(hash_64(host, len, 0) & 0xffff, hash_64(link, strlen(link), 0));
}

/* "Weekly links" without a text may be said twice. */
static bool
is_distinct(const struct entry *e)
{
	return e->content.len + (e->title ? strlen(e->title) : 0) >= DISTINCT_TEXT;
}

struct identity
identity_of(const struct entry *e, const char *link)
{
	struct identity keys = { 0 };

	if (has_text(e->guid))
		keys.own = identity_of_guid(e->source_id, e->guid);
	else if (has_text(link))
		keys.own = key_of_own_link(e->source_id, link);
	if (has_text(link))
		keys.link = key_of_link(link);
	if (is_distinct(e) || (!e->guid && !link))
		keys.text = (int64_t)e->fingerprint;
	return keys;
}

/* ---- the decision ---- */

enum entry_known
identity_decide(const struct entry *e, const struct identity_match *match)
{
	if (match->entry_id == 0)
		return ENTRY_NEW;
	/* Another source's words about the same post are no change of it. */
	return match->source_id == e->source_id && match->fingerprint != 0 &&
		match->fingerprint != e->fingerprint
	    ? ENTRY_CHANGED
	    : ENTRY_KNOWN;
}

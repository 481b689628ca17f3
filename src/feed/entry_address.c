/* SPDX-License-Identifier: ISC */
/*
 * Addresses in feeds: made absolute, each against what its writer meant.
 */
#include "feed/entry_address.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "feed/entry_text.h"
#include "feed/xml_node.h"
#include "format/url.h"

/* What a letter may link to; nothing that runs or reads files. */
static bool
is_safe_scheme(const char *url)
{
	static const char *const schemes[] = { "http:", "https:", "ftp:", "mailto:",
		"gemini:", "gopher:", "magnet:", "urn:", "tag:" };

	for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
		if (ascii_starts_nocase(url, schemes[i]))
			return true;
	return false;
}

/* A reference without scheme, as written: all there is when no base is known. */
static const char *
relative_reference(struct build *b, const char *ref)
{
	const char *colon = strchr(ref, ':');
	const char *line = NULL;

	if (colon && colon < ref + strcspn(ref, "/?#"))
		return NULL;
	line = plain_of_text(b, ref);
	return line && strlen(line) < LIMIT_URL ? line : NULL;
}

/* "&" that was escaped once more, and a host without scheme. */
static const char *
repair_reference(struct arena *scratch, const char *ref)
{
	struct buf b = BUF_INIT(LIMIT_FIELD);

	ref = ascii_skip_space(ref, NULL);
	if (!ascii_starts_nocase(ref, "www.") && !strstr(ref, "&amp;"))
		return ref;
	if (ascii_starts_nocase(ref, "www."))
		buf_adds(&b, "http://");
	while (*ref) {
		bool is_escaped = strncmp(ref, "&amp;", sizeof("&amp;") - 1) == 0;

		buf_addc(&b, *ref);
		ref += is_escaped ? sizeof("&amp;") - 1 : 1;
	}
	return arena_take(scratch, &b);
}

const char *
draft_url(struct draft *d, const struct xml_node *node, const char *ref)
{
	const char *base =
	    node ? xml_base(d->build->scratch, node, d->build->context->url) : d->base;
	const char *url = NULL;

	if (!ref || !*ref)
		return NULL;
	ref = repair_reference(d->build->scratch, ref);
	url = url_resolve(d->build->a, base, ref);
	if (url)
		return is_safe_scheme(url) ? url : NULL;
	return base ? NULL : relative_reference(d->build, ref);
}

void
build_add_relative(struct build *b, const char *ref)
{
	struct late_link *late = arena_alloc(b->scratch, sizeof(*late));

	late->entry = b->entry_count - 1;
	late->ref = ref;
	late->next = b->late;
	b->late = late;
}

/* Whose pages these are: the host of a web address without "www.", in place; NULL: none. */
struct site {
	const char *host;
	size_t len;
};

static struct site
site_of(const char *url)
{
	struct site s = { NULL, 0 };
	struct url_authority at;

	if (!url || !url_find_authority(url, &at) || at.host_len == 0 ||
	    !(ascii_starts_nocase(url, "https:") || ascii_starts_nocase(url, "http:")))
		return s;
	s.host = at.host + (ascii_starts_nocase(at.host, "www.") ? 4 : 0);
	s.len = (size_t)(at.host + at.host_len - s.host);
	if (at.port)
		s.len += 1 + at.port_len;
	return s;
}

static bool
is_same_site(struct site one, struct site other)
{
	if (!one.host || !other.host || one.len != other.len)
		return false;
	for (size_t i = 0; i < one.len; i++) {
		int a = ascii_lower((unsigned char)one.host[i]);
		int b = ascii_lower((unsigned char)other.host[i]);

		if (a != b)
			return false;
	}
	return true;
}

/* The addresses a feed has: where it came from, and the page it belongs to. */
struct places {
	const char *feed;
	const char *home;
	struct site feed_site;
	struct site home_site;
};

/*
 * What relative addresses in an entry's content are relative to, when no xml:base says it: the
 * writer saw them on the entry's own page.  Feeds move (to FeedBurner), and "#note-1" or
 * "picture.png" mean nothing beside the feed.  An entry that points to another site's page was
 * written on its own site all the same.
 */
static const char *
content_base(const struct places *at, const struct entry *e)
{
	struct site page = site_of(e->link);

	if (is_same_site(page, at->home_site) || is_same_site(page, at->feed_site))
		return e->link;
	if (!at->home || is_same_site(at->home_site, at->feed_site))
		return at->feed ? at->feed : e->link;
	return at->home;
}

/* A feed that moved away names pages of its home: "/post" is there, not beside the feed. */
static void
resolve_links(struct build *b, struct feed *f, const struct places *at)
{
	if (!b->context->url || !at->home || is_same_site(at->home_site, at->feed_site))
		return;
	for (const struct late_link *late = b->late; late; late = late->next) {
		const char *url = url_resolve(b->a, at->home, late->ref);

		if (url && url_is_web(url))
			f->entries[late->entry].link = url;
	}
}

void
build_resolve(struct build *b, struct feed *f)
{
	struct places at = { .feed = b->context->url ? b->context->url : f->self,
		.home = f->link && url_is_web(f->link) ? f->link : NULL };

	at.feed_site = site_of(at.feed);
	at.home_site = site_of(at.home);
	resolve_links(b, f, &at);
	for (size_t i = 0; i < f->entry_count; i++)
		if (!f->entries[i].content.base)
			f->entries[i].content.base = content_base(&at, &f->entries[i]);
}

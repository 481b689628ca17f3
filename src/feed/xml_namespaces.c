/* SPDX-License-Identifier: ISC */
/*
 * Namespace addresses as they occur in feeds.  They are compared without scheme, without
 * "www." and closing "/" or "#", in lower case: feeds spell them in all these ways.
 */
#include "feed/xml_namespaces.h"

#include <string.h>

#include "base/text.h"

static const struct {
	const char *uri;
	enum space space;
} spaces[] = {
	{ "w3.org/2005/atom", SPACE_ATOM },
	{ "purl.org/atom/ns", SPACE_ATOM },
	{ "purl.org/atom", SPACE_ATOM },
	{ "example.com/newformat", SPACE_ATOM },
	{ "example.com/necho", SPACE_ATOM },
	{ "purl.org/echo", SPACE_ATOM },
	{ "purl.org/rss/1.0", SPACE_RSS },
	{ "purl.org/rss/1.0/modules/rss091", SPACE_RSS },
	{ "purl.org/net/rss1.1", SPACE_RSS },
	{ "my.netscape.com/rdf/simple/0.9", SPACE_RSS },
	{ "my.netscape.com/publish/formats/rss-0.91.dtd", SPACE_RSS },
	{ "channel.netscape.com/rdf/simple/0.9", SPACE_RSS },
	{ "backend.userland.com/rss", SPACE_RSS },
	{ "backend.userland.com/rss2", SPACE_RSS },
	{ "backend.userland.com/rss191", SPACE_RSS },
	{ "blogs.law.harvard.edu/tech/rss", SPACE_RSS },
	{ "cyber.law.harvard.edu/rss/rss.html", SPACE_RSS },
	{ "cyber.harvard.edu/rss/rss.html", SPACE_RSS },
	{ "rssboard.org/rss-specification", SPACE_RSS },
	{ "w3.org/1999/02/22-rdf-syntax-ns", SPACE_RDF },
	{ "w3.org/xml/1998/namespace", SPACE_XML },
	{ "w3.org/1999/xhtml", SPACE_XHTML },
	{ "w3.org/tr/rec-html40", SPACE_XHTML },
	{ "purl.org/dc/elements/1.1", SPACE_DC },
	{ "purl.org/dc/elements/1.0", SPACE_DC },
	{ "purl.org/dc", SPACE_DC },
	{ "purl.org/dc/terms", SPACE_TERMS },
	{ "purl.org/rss/1.0/modules/dcterms", SPACE_TERMS },
	{ "purl.org/rss/1.0/modules/content", SPACE_CONTENT },
	{ "search.yahoo.com/mrss", SPACE_MEDIA },
	{ "search.yahoo.com/rss", SPACE_MEDIA },
	{ "video.search.yahoo.com/mrss", SPACE_MEDIA },
	{ "tools.search.yahoo.com/mrss", SPACE_MEDIA },
	{ "blogs.technet.com/webmaster/archive/mrss", SPACE_MEDIA },
	{ "itunes.com/dtds/podcast-1.0.dtd", SPACE_ITUNES },
	{ "itunes.apple.com/dtds/podcast-1.0.dtd", SPACE_ITUNES },
	{ "example.com/dtds/podcast-1.0.dtd", SPACE_ITUNES },
	{ "rssnamespace.org/feedburner/ext/1.0", SPACE_BURNER },
	{ "podcastindex.org/namespace/1.0", SPACE_PODCAST },
	{ "github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
	    SPACE_PODCAST },
	{ "georss.org/georss", SPACE_GEORSS },
	{ "purl.org/rss/1.0/modules/syndication", SPACE_SY },
	{ "xml.coverpages.org/cdf981028.html", SPACE_CDF },
};

/* For prefixes that are used but not declared. */
static const struct {
	const char *prefix;
	enum space space;
} prefixes[] = {
	/* clang-format off */
	{ "atom", SPACE_ATOM }, { "atom10", SPACE_ATOM }, { "a10", SPACE_ATOM },
	{ "rdf", SPACE_RDF }, { "rss", SPACE_RSS },
	{ "xml", SPACE_XML }, { "xhtml", SPACE_XHTML }, { "dc", SPACE_DC },
	{ "dcterms", SPACE_TERMS }, { "content", SPACE_CONTENT }, { "media", SPACE_MEDIA },
	{ "itunes", SPACE_ITUNES }, { "feedburner", SPACE_BURNER },
	{ "podcast", SPACE_PODCAST }, { "georss", SPACE_GEORSS },
	{ "sy", SPACE_SY },
};
/* clang-format on */

/* The part of uri that tells namespaces apart; *len without closing "/", "#", blanks. */
static const char *
uri_core(const char *uri, size_t *len)
{
	size_t n = 0;

	uri = ascii_skip_space(uri, NULL);
	if (ascii_starts_nocase(uri, "http://"))
		uri += sizeof("http://") - 1;
	else if (ascii_starts_nocase(uri, "https://"))
		uri += sizeof("https://") - 1;
	if (ascii_starts_nocase(uri, "www."))
		uri += sizeof("www.") - 1;
	n = strlen(uri);
	while (n > 0 &&
	    (uri[n - 1] == '/' || uri[n - 1] == '#' ||
		ascii_is_space((unsigned char)uri[n - 1])))
		n--;
	*len = n;
	return uri;
}

static bool
is_core(const char *core, size_t len, const char *known)
{
	if (strlen(known) != len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (ascii_lower((unsigned char)core[i]) != known[i])
			return false;
	return true;
}

static enum space
space_of_prefix(const char *prefix)
{
	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++)
		if (ascii_eq_nocase(prefix, prefixes[i].prefix))
			return prefixes[i].space;
	return SPACE_OTHER;
}

enum space
space_of(const char *uri, const char *prefix)
{
	size_t len = 0;
	const char *core = NULL;

	if (!uri)
		return prefix ? space_of_prefix(prefix) : SPACE_NONE;
	core = uri_core(uri, &len);
	if (len == 0)
		return prefix ? space_of_prefix(prefix) : SPACE_NONE;
	for (size_t i = 0; i < ARRAY_LEN(spaces); i++)
		if (is_core(core, len, spaces[i].uri))
			return spaces[i].space;
	/* "http://my.netscape.com/rdf/simple/0.9/", versions of Atom drafts and the like. */
	if (ascii_starts_nocase(core, "purl.org/atom/ns"))
		return SPACE_ATOM;
	if (ascii_starts_nocase(core, "backend.userland.com/"))
		return SPACE_RSS;
	return SPACE_OTHER;
}

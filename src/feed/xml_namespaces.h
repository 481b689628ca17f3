/* SPDX-License-Identifier: ISC */
/* Namespaces: which vocabulary an element or attribute belongs to. */
#ifndef FEED_XML_NAMESPACES_H
#define FEED_XML_NAMESPACES_H

/* The vocabularies a feed may use. */
enum space {
	SPACE_NONE,
	SPACE_RSS, /* every RSS namespace, and elements without one */
	SPACE_RDF,
	SPACE_ATOM, /* 0.3 and 1.0 */
	SPACE_CDF,
	SPACE_OPML,
	SPACE_XML,
	SPACE_XHTML,
	SPACE_DC,
	SPACE_TERMS, /* dcterms */
	SPACE_CONTENT,
	SPACE_MEDIA,
	SPACE_ITUNES,
	SPACE_BURNER,
	SPACE_PODCAST,
	SPACE_GEORSS,
	SPACE_SY, /* syndication of RSS 1.0 */
	SPACE_OTHER
};
/* prefix serves when the address is NULL: feeds forget to declare "media". */
enum space space_of(const char *uri, const char *prefix);

#endif

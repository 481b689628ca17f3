/* SPDX-License-Identifier: ISC */
/*
 * A rule says which element fills which field, how it is read, and how much it counts: where
 * several elements compete, the highest rank wins, and the first of equals.
 */
#ifndef FEED_RULES_H
#define FEED_RULES_H

#include "feed/xml.h"

/* Fields of one text each, of entries and of feeds. */
enum field {
	FIELD_TITLE,
	FIELD_LINK,
	FIELD_EXTERNAL,
	FIELD_ID,
	FIELD_LANGUAGE,
	FIELD_IMAGE,
	FIELD_DESCRIPTION, /* of a feed */
	FIELD_SELF,
	FIELD_HUB,
	FIELD_NEXT,
	FIELD_ARCHIVE, /* of a feed: the document with what is older */
	FIELD_PUBLISHED,
	FIELD_UPDATED,
	FIELD_AUTHOR,
	FIELD_CATEGORY,
	FIELD_ENCLOSURE,
	FIELD_BODY,
	FIELD_OTHER,
	FIELD_COUNT
};

/* Ranks of what attributes say, or nothing better; those of elements stand in the tables. */
enum {
	RANK_GUESS = 5,
	RANK_BESIDE = 10,   /* an address that is there for something else */
	RANK_ENCLOSED = 20, /* a picture among the files */
	RANK_XML_LANG = 20,
	RANK_LASTMOD = 40,
	RANK_HREF = 50,
	RANK_ABOUT = 70 /* rdf:about */
};

struct draft;
struct rule;
typedef void rule_reader(struct draft *d, const struct xml_node *node,
    const struct rule *rule);

enum { IN_FEED = 1, IN_ENTRY = 2, IN_BOTH = 3 };
struct rule {
	enum space space;
	const char *local;
	unsigned scope;
	enum field field;
	unsigned rank;
	rule_reader *read;
};
/* The tables of rules_X.c; rows of one name stand together, the last has none. */
extern const struct rule rss_rules[];
extern const struct rule atom_rules[];
extern const struct rule extension_rules[];
extern const struct rule cdf_rules[];

#endif

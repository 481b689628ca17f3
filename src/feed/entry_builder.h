/* SPDX-License-Identifier: ISC */
/*
 * From nodes to struct feed: a draft collects what the elements of a channel or an entry say,
 * by rules.  A rule says which element fills which field, how it is read, and how much it
 * counts: where several elements compete, the highest rank wins, and the first of equals.
 * The rules are tables in rss.c, atom.c, extend.c and cdf.c.
 */
#ifndef FEED_ENTRY_BUILDER_H
#define FEED_ENTRY_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/limits.h"
#include "feed/feed.h"
#include "feed/xml.h"
#include "model/model.h"

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
	FIELD_PUBLISHED,
	FIELD_UPDATED,
	FIELD_AUTHOR,
	FIELD_CATEGORY,
	FIELD_ENCLOSURE,
	FIELD_BODY,
	FIELD_OTHER,
	FIELD_COUNT
};

enum { DRAFT_BODIES = 4 };
struct draft_body {
	struct raw_content raw;
	unsigned rank;
};

struct build;
struct draft {
	struct build *build;
	bool is_feed;
	const char *base; /* in force at the element itself; may be NULL */
	const char *text[FIELD_COUNT];
	unsigned rank[FIELD_COUNT];
	int64_t published;
	int64_t updated;
	struct person authors[LIMIT_ENTRY_AUTHORS];
	size_t author_count;
	const char *categories[LIMIT_ENTRY_CATEGORIES];
	size_t category_count;
	struct enclosure enclosures[LIMIT_ENTRY_ENCLOSURES];
	size_t enclosure_count;
	struct draft_body bodies[DRAFT_BODIES];
	size_t body_count;
	const char *permalink; /* a guid that is an address */
	const char
	    *relative; /* the link as written, when it is relative and no base is said */
	int64_t ttl;
	uint32_t skip_hours;
	unsigned skip_days;
};

/* A link to resolve when the whole channel is known. */
struct late_link {
	size_t entry;
	const char *ref;
	struct late_link *next;
};

/* All that one parse needs; the feed's texts live in a, the nodes in scratch. */
struct build {
	struct arena *a;
	struct arena *scratch;
	const struct feed_context *context;
	const char *format;
	struct draft channel;
	struct entry *entries;
	size_t entry_count;
	struct late_link *late; /* relative links; the latest first */
	const char **warnings;
	size_t warning_count;
	bool damaged;
	bool dates_warned;
};

enum { IN_FEED = 1, IN_ENTRY = 2, IN_BOTH = 3 };
struct rule {
	enum space space;
	const char *local;
	unsigned scope;
	enum field field;
	unsigned rank;
	void (
	    *read)(struct draft *d, const struct xml_node *node, const struct rule *rule);
};
/* The first row of that name; NULL when no table has it. */
const struct rule *rule_find(enum space space, const char *local);
/* Closed by a row without name. */
extern const struct rule *const rss_rules, *const atom_rules, *const extension_rules,
								  *const cdf_rules;

void build_warn(struct build *b, unsigned line, const char *fmt, ...) PRINTF_LIKE(3, 4);
void draft_init(struct draft *d, struct build *b, bool is_feed);
/* Applies the rules to each child of node. */
void draft_read(struct draft *d, const struct xml_node *node);
/* Appends the entry the draft describes; node is for the line in warnings. */
void build_add_entry(struct build *b, struct draft *d, unsigned line);
/* Makes the feed of the channel's draft and of the entries so far. */
struct feed *build_finish(struct build *b);

/* Sets a text when the rank is higher than that of what is there; "" and NULL set nothing. */
void draft_set(struct draft *d, enum field field, unsigned rank, const char *text);
/* True when a value of this rank would be taken. */
bool draft_wants(const struct draft *d, enum field field, unsigned rank);
void draft_set_time(struct draft *d, enum field field, unsigned rank, const char *text,
    size_t len, unsigned line);
void draft_add_person(struct draft *d, unsigned rank, const char *name, const char *email,
    const char *url);
/* "Ann <ann@x>", "ann@x (Ann)", "Ann": one person, plain text. */
void draft_add_person_text(struct draft *d, unsigned rank, const char *text);
void draft_add_category(struct draft *d, const char *text);
void draft_add_enclosure(struct draft *d, const struct enclosure *e);
void draft_add_body(struct draft *d, unsigned rank, const struct raw_content *raw);
/* Absolute web address of a reference in node, or NULL.  Lives in the build's arena. */
const char *draft_url(struct draft *d, const struct xml_node *node, const char *ref);

/* The link of the entry added last is relative; build_resolve() knows the channel's. */
void build_add_relative(struct build *b, const char *ref);
void build_resolve(struct build *b, struct feed *f);

/* Readers used by more than one table. */
void read_word(struct draft *d, const struct xml_node *node, const struct rule *rule);
void read_html_line(struct draft *d, const struct xml_node *node,
    const struct rule *rule);
void read_date(struct draft *d, const struct xml_node *node, const struct rule *rule);
void read_author(struct draft *d, const struct xml_node *node, const struct rule *rule);
void read_category(struct draft *d, const struct xml_node *node, const struct rule *rule);
void read_html_body(struct draft *d, const struct xml_node *node,
    const struct rule *rule);
/* HTML, or plain text where it is that: descriptions and summaries. */
void read_description(struct draft *d, const struct xml_node *node,
    const struct rule *rule);
void read_address(struct draft *d, const struct xml_node *node, const struct rule *rule);
/* href, url, src or resource of node, else its text, as an absolute address. */
void read_href(struct draft *d, const struct xml_node *node, const struct rule *rule);
void read_group(struct draft *d, const struct xml_node *node, const struct rule *rule);

/* One line of plain text of what may hold markup; NULL when empty.  In the build's arena. */
const char *plain_of_html(struct build *b, const char *text, size_t len);
const char *plain_of_text(struct build *b, const char *text, size_t len);

/* date.c: like feed_date(), telling what was assumed. */
enum date_note { DATE_EXACT, DATE_NO_ZONE, DATE_UNKNOWN_ZONE, DATE_UNREADABLE };
int64_t date_read(const char *text, size_t len, enum date_note *note);

#endif

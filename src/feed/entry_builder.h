/* SPDX-License-Identifier: ISC */
/*
 * From nodes to struct feed: a draft collects what the elements of a channel or an entry say,
 * by the rules of its dialect.
 */
#ifndef FEED_ENTRY_BUILDER_H
#define FEED_ENTRY_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/limits.h"
#include "feed/feed.h"
#include "feed/rules.h"
#include "feed/xml.h"
#include "model/model.h"

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
	unsigned pictures; /* those that are said to be: 1 << index */
	int64_t seconds;   /* of media that do not say their own; -1 */
	struct draft_body bodies[DRAFT_BODIES];
	size_t body_count;
	const char *permalink; /* a guid that is an address */
	const char *relative;  /* the link as written: no scheme, and no base is said */
	int64_t ttl;
	int64_t period, frequency; /* sy:update*: seconds, and how often in them; -1 */
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
	bool torn, ends_torn; /* see struct feed */
	bool dates_warned;
	bool overfull; /* entries were left out */
};

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
void draft_add_category(struct draft *d, const char *text);
void draft_add_enclosure(struct draft *d, const struct enclosure *e);
/* The same of what is said to be a picture, whatever its type. */
void draft_add_picture(struct draft *d, const struct enclosure *e);
void draft_add_body(struct draft *d, unsigned rank, const struct raw_content *raw);
#endif

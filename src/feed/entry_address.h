/* SPDX-License-Identifier: ISC */
/* Addresses in feeds, made absolute. */
#ifndef FEED_ENTRY_ADDRESS_H
#define FEED_ENTRY_ADDRESS_H

#include "feed/entry_builder.h"

/* Absolute web address of a reference in node, or NULL.  Lives in the build's arena. */
const char *draft_url(struct draft *d, const struct xml_node *node, const char *ref);

/* The link of the entry added last is relative; build_resolve() knows the channel's. */
void build_add_relative(struct build *b, const char *ref);
void build_resolve(struct build *b, struct feed *f);

#endif

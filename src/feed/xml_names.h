/* SPDX-License-Identifier: ISC */
/*
 * Names met in one document, each made once.  They are found by the addresses of the XML
 * parser's own strings, which that parser keeps unique; the strings are not looked at.
 */
#ifndef FEED_XML_NAMES_H
#define FEED_XML_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "feed/xml.h"

struct names {
	struct arena *arena;
	const struct xml_events *events;
	struct name_slot *slots;
	size_t count;
	const void *home_uri; /* the root's default namespace */
	enum space home;      /* what elements without prefix belong to */
};
void names_init(struct names *n, struct arena *a, const struct xml_events *events);
/* Sets home from the root's local name and the address of its default namespace or NULL. */
void names_set_home(struct names *n, const char *root, const void *default_uri);
/* A name past the room for names is made anew each time, in shortly. */
const struct xml_name *names_get(struct names *n, struct arena *shortly,
    const char *local, const char *prefix, const char *uri, bool is_attr);

#endif

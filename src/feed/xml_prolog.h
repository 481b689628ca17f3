/* SPDX-License-Identifier: ISC */
/*
 * What stands in front of the root element: blanks, junk, the XML declaration, comments, a
 * DOCTYPE with entities.  It is read here and taken off, so that the XML parser sees neither
 * a wrong encoding nor a DTD.
 */
#ifndef FEED_XML_PROLOG_H
#define FEED_XML_PROLOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "feed/xml.h"

struct prolog {
	size_t root;   /* where the root element's "<" is; len when there is none */
	unsigned line; /* of it */
	/* Of the root, in lower case, with its prefix; "" when there is none. */
	const char *name;
	bool blank_before; /* white space in front of the declaration */
	bool junk_before;  /* other text in front of the root */
	bool html;         /* DOCTYPE or root is HTML's */
	struct xml_entity *entities;
	size_t entity_count;
};
/* Number of the line behind len bytes of text, the first being 1. */
unsigned prolog_lines(const char *text, size_t len);
/* text[len] is NUL. */
void prolog_read(struct arena *a, const char *text, size_t len, struct prolog *out);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * What both halves of the repair share: here characters and references are copied;
 * xml_repair.c keeps the elements in order.
 */
#ifndef FEED_XML_REPAIR_TEXT_H
#define FEED_XML_REPAIR_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/limits.h"
#include "feed/xml.h"

enum { REPAIR_OPEN = LIMIT_XML_DEPTH };

enum damage {
	DAMAGE_AMPERSAND,
	DAMAGE_REFERENCE,
	DAMAGE_CONTROL,
	DAMAGE_LESS,
	DAMAGE_ATTRIBUTE,
	DAMAGE_END_TAG,
	DAMAGE_NESTING,
	DAMAGE_CDATA,
	DAMAGE_CUT,
	DAMAGE_COUNT
};
struct tag_name {
	const char *text;
	size_t len;
};

struct repair {
	struct buf *out;
	const struct xml_source *source;
	const char *at;
	const char *end;
	struct tag_name open[REPAIR_OPEN];
	size_t depth;
	size_t too_deep; /* open elements beyond REPAIR_OPEN, left out */
	bool done;       /* the root was closed */
	/* Where the last entry begins; NULL before it is asked for. */
	const char *last_entry;
	const char *section_end; /* of the CDATA section met last */
	bool endless[3];         /* no end of comment, instruction, declaration is left */
	bool said[DAMAGE_COUNT];
	void (*note)(void *arg, unsigned line, const char *what);
	void *arg;
};

/* Tells of the first of its kind; where is in the source's text. */
void repair_report(struct repair *r, enum damage what, const char *where);
/* True when what stands at the present place. */
bool repair_starts(const struct repair *r, const char *what);
/* Copies up to stop: references are repaired, "<" escaped. */
void repair_text(struct repair *r, const char *stop);
/* Copies up to stop without what XML forbids. */
void repair_verbatim(struct repair *r, const char *stop);

#endif

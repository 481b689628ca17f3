/* SPDX-License-Identifier: ISC */
/*
 * Clean HTML written anew with something left out: tokens go through the writer, which closes
 * what is open and drops what has become empty.
 */
#ifndef HTML_REWRITE_H
#define HTML_REWRITE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "html/scan.h"
#include "html/write.h"

struct html_rewrite {
	struct html_writer w;
	struct buf out;
	struct buf text;                        /* decoded text of a token */
	uint32_t handles[LIMIT_HTML_DEPTH + 4]; /* one for each start tag met */
	enum html_tag tags[LIMIT_HTML_DEPTH + 4];
	size_t depth;
};

/* On the heap for its size: owned by the caller, released by rewrite_finish. */
struct html_rewrite *rewrite_new(void) MUST_CHECK;
void rewrite_token(struct html_rewrite *r, const struct html_token *t);
/* A tag that the source does not have, without attributes. */
void rewrite_tag(struct html_rewrite *r, enum token_kind kind, enum html_tag tag);
/* Closes what is open; the text, in a. */
char *rewrite_finish(struct html_rewrite *r, struct arena *a) MUST_CHECK;

#endif

/* SPDX-License-Identifier: ISC */
/*
 * How much of each entry a letter shows.  A plan begins at the reader's ceiling and falls,
 * largest entry first, until the letter fits.  Private to digest/.
 */
#ifndef DIGEST_FIT_H
#define DIGEST_FIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "digest/digest.h"

enum show { SHOW_NOTHING, SHOW_TITLE, SHOW_SUMMARY, SHOW_FULL };

/* An entry's body at one level; made when first asked for. */
struct body {
	const char *html; /* styled */
	const char *text; /* wrapped at 72 */
	size_t cost;      /* about what it takes in the letter */
	bool cut;         /* there is more to read where it comes from */
	bool is_made;
};
struct plan_item {
	const struct entry *entry;
	const struct source *source;
	enum show show;
	bool rtl;
	struct body full;
	struct body summary;
};
struct plan {
	struct arena *a;
	const struct render_context *ctx;
	struct plan_item *items; /* in the order of the digest */
	size_t count;
	size_t hidden; /* how many show nothing */
	enum show ceiling;
	int entry_heading;  /* level of an entry's heading: 3 or 4 */
	bool measures_text; /* the text part is what must fit */
	bool has_contents;
};

void plan_make(struct arena *a, const struct render_context *ctx, const struct digest *d,
    const struct variant *v, struct plan *out);
/* What the item shows now; NULL for titles only. */
const struct body *plan_body(const struct plan *p, struct plan_item *item);
/*
 * Lets entries fall until about `bytes` are saved.  False when there is nothing left that
 * could fall.
 */
bool plan_shrink(struct plan *p, size_t bytes) MUST_CHECK;

/* ---- body.c ---- */

void body_make(const struct plan *p, struct plan_item *item, enum show show,
    struct body *out);
/* About the length of text in quoted-printable. */
size_t quoted_cost(const char *text);
/* True when text is mostly right-to-left. */
bool is_rtl(const char *text);
/* True when the entry is: its text decides, its title when it has none. */
bool entry_is_rtl(const struct entry *e);

#endif

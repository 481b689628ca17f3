/* SPDX-License-Identifier: ISC */
/*
 * How much of each entry a letter shows.  Room is shared as water fills: short posts stay
 * whole, what they leave goes to the long ones, which are cut at a sentence where their share
 * ends.  Where shares become too small some posts are titles, where not even those have room
 * some are only named with their source: everybody's first post before anybody's second.
 * Private to digest/.
 */
#ifndef DIGEST_FIT_H
#define DIGEST_FIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "digest/entry_body.h"
#include "digest/group.h"
#include "digest/render.h"

struct fit_item {
	const struct entry *entry;
	const struct source *source;
	const struct digest_ties *ties;
	enum entry_body level; /* what is shown of it now */
	bool is_hidden;        /* not even its title */
	bool rtl;
	size_t rank;    /* among the entries of its source in the letter, from 0 */
	bool has_whole; /* what follows is made when it may be shown */
	struct whole_body whole; /* before it is cut and dressed */
	size_t whole_bytes;      /* about what that takes in the part that is measured */
	size_t
	    most_bytes; /* of its body: SIZE_MAX / 2, or what "short" means in its script */
	size_t head_bytes;      /* about what its title and links take */
	size_t share;           /* bytes that its body may have */
	size_t source_index;    /* among the sources of the letter */
	struct shown_body body; /* made when first asked for, of so many bytes */
	size_t body_bytes;
	bool has_body;
};

/* A source of which posts are not shown. */
struct fit_other {
	const struct source *source;
	size_t posts;
};

struct fit {
	const struct digest *digest;
	struct body_style style;
	struct fit_item *items;    /* in the order of the digest */
	struct fit_item **by_rank; /* first posts first */
	size_t count;
	size_t hidden_count;
	struct fit_other *others; /* named as far as there is room: others_shown */
	size_t others_count;
	size_t others_shown;
	size_t source_count;    /* of the items */
	size_t *places;         /* by source: one more than its place in others */
	enum overflow overflow; /* what happens when not even titles fit */
	enum entry_body most;   /* what the reader wants, or the settings say */
	size_t most_bytes; /* of one body: SIZE_MAX / 2, or what "short" means in ASCII */
	bool has_contents;
	bool is_titles; /* titles only: the contents are the letter */
	bool is_cut;    /* the room, not the settings, decides what is shown */
	/* The search for the room: bytes for titles, bodies and named sources. */
	size_t room;
	size_t taken;    /* of it, as the plan reckons */
	size_t too_much; /* the least that was too much; 0 = none */
	size_t fitted;   /* the most that fitted */
	size_t rounds;
};

/* Lives in a; ctx and d must live as long.  max: bytes of the letter, 0 = no limit. */
void fit_init(struct arena *a, const struct render_context *ctx, const struct digest *d,
    const struct variant *v, size_t max, struct fit *out);
/* What is shown of the item now; NULL for titles only. */
const struct shown_body *fit_body(const struct fit *f, struct fit_item *item);

enum fit_verdict {
	FIT_DONE,  /* it fits, and more would not */
	FIT_AGAIN, /* another plan was made: render that */
	FIT_NEVER  /* nothing is left that could be left out */
};
/*
 * After a letter was rendered as planned: size is what it takes, `source` that before its
 * encoding, max what it may.
 */
enum fit_verdict fit_judge(struct fit *f, size_t size, size_t source,
    size_t max) MUST_CHECK;

#endif

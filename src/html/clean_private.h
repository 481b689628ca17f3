/* SPDX-License-Identifier: ISC */
/*
 * What the files of the cleaner share.  One cleaning is one struct cleaner; results live in
 * `a`, what only the work needs in `scratch`.
 */
#ifndef HTML_CLEAN_PRIVATE_H
#define HTML_CLEAN_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "html/clean.h"
#include "html/tree.h"
#include "html/write.h"

struct cleaner {
	struct arena *a;
	struct arena *scratch;
	struct arena
	    *addresses; /* of the element at hand: each may be as long as its base */
	const struct html_options *opts;
	struct html_writer w;
	struct buf style; /* of the element at hand */
	int heading_shift;
	bool is_begun; /* what is cleaned is what was cleaned before */
	const char *image;
};

/*
 * ---- clean_address.c: the address as it may stand in clean HTML, NULL when it may not ----
 * Valid until the next element is cleaned.
 */
const char *clean_link(struct cleaner *c, const char *address);
const char *clean_picture(struct cleaner *c, const char *address);

/*
 * ---- clean_media.c, clean_math.c: the cleaning of one element ----
 * False when nothing of it can be shown: its content stands for it.
 */
bool clean_image(struct cleaner *c, const struct html_node *n) MUST_CHECK;
bool clean_svg(struct cleaner *c, const struct html_node *n) MUST_CHECK;
bool clean_frame(struct cleaner *c, const struct html_node *n) MUST_CHECK;
bool clean_player(struct cleaner *c, const struct html_node *n) MUST_CHECK;
bool clean_object(struct cleaner *c, const struct html_node *n) MUST_CHECK;
bool clean_math(struct cleaner *c, const struct html_node *n) MUST_CHECK;

/* ---- clean_article.c ---- */
/*
 * The element of a whole page that is the post: "article" = where the prose is, else the first
 * that one of the selectors fits, a line each.  What stands beside it inside is dropped.  NULL
 * when there is none.
 */
struct html_node *article_find(struct arena *scratch, const char *selector,
    struct html_node *root);
/* ---- clean_trackers.c ---- */
/* A picture that only counts readers. */
bool is_tracking_picture(const struct html_node *n, const char *address);
/* A picture that stands for a character. */
bool is_emoji_picture(const struct html_node *n, const char *address);

/* ---- clean_junk.c ---- */
/* Before is_junk() is asked of root's nodes: notes in which of them there are words. */
void junk_mark_words(struct html_node *root);
bool is_junk(const struct html_node *n);
/* An absolute address of a share bar's machinery. */
bool is_junk_address(const char *address);
/* The link stands in a sentence, not among other links behind a word. */
bool is_in_prose(const struct html_node *n);
/* Drops "The post ... appeared first on ..." and relatives below root. */
void junk_drop_boilerplate(struct arena *scratch, struct html_node *root);

/* ---- clean_strip.c ---- */
/* Drops from root what the rules say, one a line; rules NULL: nothing. */
void strip_apply(struct arena *scratch, const char *rules, struct html_node *root);
/* The first element that one of the selectors fits, a line each; NULL when none does. */
struct html_node *strip_find(struct arena *scratch, const char *rules,
    struct html_node *root);

/* ---- clean_unescape.c ---- */
/* The text of clean html when that is HTML escaped once too often, or NULL.  In a. */
const char *unescape_find(struct arena *a, const char *html, size_t len);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * The body of an entry as a letter shows it: whole or shortened, as HTML with its styles and
 * as text.  Private to digest/.
 */
#ifndef DIGEST_ENTRY_BODY_H
#define DIGEST_ENTRY_BODY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "html/images.h"
#include "html/restyle.h"
#include "model/model.h"

/* What all bodies of a letter share. */
struct body_cache;
struct post_cache;
struct known_post;
struct known_whole;
struct body_style {
	struct arena *a;
	struct post_cache *posts; /* what is known of the entries, or NULL */
	struct body_cache *cache; /* what other letters left, or NULL */
	const struct element_styles *elements;
	struct image_style images;
	int heading;        /* level of an entry's heading: 3 or 4 */
	bool measures_text; /* the letter is text: that is what must fit */
};
struct shown_body {
	const char *html; /* styled */
	const char *text; /* wrapped at 72 */
	bool is_cut;      /* there is more to read where it comes from */
};

/* All there is of an entry, before it is shortened and dressed. */
struct whole_body {
	const struct entry *entry;
	const char *html;
	struct known_whole *known; /* or NULL */
	struct excerpt *excerpt;   /* made when it is shortened for the first time */
	bool rtl;
};

/*
 * All of the entry's HTML, or its summary where it has none, with the pictures it lacks, as the
 * settings show them, without its title again.  Lives in the style's arena.  rtl: as
 * entry_is_rtl() says.
 */
void entry_body_whole(const struct body_style *style, const struct entry *e, bool rtl,
    struct whole_body *out);
/* The body of at most so many bytes of that, dressed for a letter.  Lives likewise. */
void entry_body_make(const struct body_style *style, struct whole_body *whole,
    size_t bytes, struct shown_body *out);
/*
 * True when the entry is right-to-left: its text decides, its title when it has none.  known: what
 * was read of it before, or NULL.
 */
bool entry_is_rtl(struct known_post *known, const struct entry *e);
/* True when text is mostly right-to-left. */
bool is_rtl(const char *text);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * What the files of the cleaner share.  One cleaning is one struct cleaner; results live in
 * `a`, what only the work needs in `scratch`.
 */
#ifndef HTML_CLEAN_H
#define HTML_CLEAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "html/html.h"
#include "html/tree.h"
#include "html/write.h"

struct strip_rules;

struct cleaner {
	struct arena *a;
	struct arena *scratch;
	const struct html_options *opts;
	const struct strip_rules *strip; /* NULL when there are none */
	struct html_writer w;
	struct buf style; /* of the element at hand */
	int heading_shift;
	const char *image;
};

/* clean.c */
void clean_node(struct cleaner *c, const struct html_node *n);
void clean_children(struct cleaner *c, const struct html_node *n);
/* Adds dir, lang and the harmless part of style and align to the element to be opened. */
void clean_common_attrs(struct cleaner *c, const struct html_node *n);

/* The element with what attributes may stay, and its content. */
void clean_keep(struct cleaner *c, const struct html_node *n, enum html_tag as);

/* clean_special.c, clean_math.c */
void clean_input(struct cleaner *c, const struct html_node *n);
void clean_math(struct cleaner *c, const struct html_node *n);
void clean_noscript(struct cleaner *c, const struct html_node *n);
void clean_script(struct cleaner *c, const struct html_node *n);
void clean_span(struct cleaner *c, const struct html_node *n);
void clean_summary(struct cleaner *c, const struct html_node *n);
bool is_heading_anchor(struct cleaner *c, const struct html_node *n);

/* link.c: the address as it may stand in clean HTML, or NULL when it may not. */
const char *clean_link(struct cleaner *c, const char *address);
const char *clean_picture(struct cleaner *c, const char *address);

/* clean_media.c */
void clean_image(struct cleaner *c, const struct html_node *n);
void clean_frame(struct cleaner *c, const struct html_node *n);
void clean_player(struct cleaner *c, const struct html_node *n);
void clean_object(struct cleaner *c, const struct html_node *n);

/* pixel.c: pictures that count readers, and pictures that stand for a character. */
bool is_tracking_picture(const struct html_node *n, const char *address);
bool is_emoji_picture(const struct html_node *n, const char *address);

/* junk.c */
bool is_junk(const struct html_node *n);
/* An absolute address of a share bar's machinery. */
bool is_junk_address(const char *address);
/* The link stands in a sentence, not among other links behind a word. */
bool is_in_prose(const struct html_node *n);
/* Takes out "The post ... appeared first on ..." and relatives below root. */
void junk_drop_boilerplate(struct arena *scratch, struct html_node *root);

/* strip.c; NULL when text holds no rule. */
const struct strip_rules *strip_parse(struct arena *a, const char *text);
void strip_apply(struct arena *a, const struct strip_rules *rules,
    struct html_node *root);

/*
 * unescape.c: the text of clean html when that is HTML escaped once too often, or NULL.
 */
const char *unescape_find(struct arena *a, const char *html, size_t len);

/* plain.c: paragraphs of plain text as HTML, its addresses linked. */
char *plain_to_html(struct arena *a, const char *text, size_t len);

#endif

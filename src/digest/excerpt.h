/* SPDX-License-Identifier: ISC */
/*
 * Excerpts that say what a post says.  The beginning says it best in most posts, in the words
 * of their own authors: it stays, unless sentences chosen by position, words of the title and
 * centrality (words that many sentences of the post share, by tf-idf, as in Radev's centroids)
 * hold twice as much of what the post is about: a post that clears its throat first.  Pure;
 * works by words, in scripts without blanks by pairs of characters, in any language.  Private
 * to digest/.
 */
#ifndef DIGEST_EXCERPT_H
#define DIGEST_EXCERPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct excerpt;

/*
 * Weighs the sentences of clean HTML, the first of a long post; title may be NULL.  Takes time
 * for the length of the post, up to a bound.  Lives in a; html and title must live as long.
 */
struct excerpt *excerpt_new(struct arena *a, const char *html,
    const char *title) MUST_CHECK;
/*
 * At most so many visible characters and about so many bytes of it (SIZE_MAX: any number), as
 * clean HTML with links and emphasis: its beginning as html_cut has it, or whole sentences in
 * their order with one " […] " where some were left out.  *is_cut: not all of it.  Lives in a.
 */
const char *excerpt_html(struct arena *a, const struct excerpt *x, size_t chars,
    size_t bytes, bool *is_cut) MUST_CHECK;

#endif

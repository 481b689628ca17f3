/* SPDX-License-Identifier: ISC */
/* What a reader wishes a letter to be like: which sources, how long, in which format. */
#ifndef LIST_PREFERENCES_H
#define LIST_PREFERENCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "model/model.h"

/*
 * What is kept for ever, and a reader gets who says nothing: posts of all sources, as much of each
 * as the newsletter shows.
 */
struct variant variant_of_archive(void);
/*
 * What everybody may see: the same when web.archive_full says "whole"; else so much of each post,
 * and no more than the newsletter shows.
 */
struct variant variant_of_pages(enum entry_body archive_full, enum entry_body usual);
/* True when the variant's sources hold this one. */
bool variant_takes(const struct variant *v, int64_t source_id);
/*
 * The canonical text of a choice of sources: ids sorted and without repetition.  mode '*' all
 * (ids are ignored), '+' only these, '-' all but these.  All but none is all.  In a.
 */
const char *variant_sources(struct arena *a, char mode, const int64_t *ids, size_t count);
/* A text by which two equal variants are equal: "html whole *", "html default fr link *".  In a. */
char *variant_key(struct arena *a, const struct variant *v) MUST_CHECK;

#endif

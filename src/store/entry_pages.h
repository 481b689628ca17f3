/* SPDX-License-Identifier: ISC */
/* Posts whose text is wanted from their own pages, until it is there or given up. */
#ifndef STORE_ENTRY_PAGES_H
#define STORE_ENTRY_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/model.h"

struct store;

struct wanted_page {
	int64_t entry_id;
	const char *link;               /* of the post */
	const char *title;              /* or NULL */
	const char *source_url;         /* of its feed */
	const char *strip, *user_agent; /* of its feed, or NULL */
	int64_t words;                  /* of the text that the feed gave */
};
/* Wanted from now on, also when it was given up before. */
bool store_page_want(struct store *s, int64_t entry_id, struct err *err) MUST_CHECK;
/* The oldest wish first, max at most, those of unlisted feeds left out.  In a. */
bool store_pages_wanted(struct store *s, struct arena *a, size_t max,
    struct wanted_page **out, size_t *count, struct err *err) MUST_CHECK;
/*
 * The page's text in place of the feed's; html, text, words and image of e count.  What an
 * approved issue holds stays as it was.  The wish is fulfilled.
 */
bool store_page_put(struct store *s, int64_t entry_id, const struct entry *e,
    struct err *err) MUST_CHECK;
/* It did not come: forgotten when for_good, or when this was the third time. */
bool store_page_failed(struct store *s, int64_t entry_id, bool for_good,
    struct err *err) MUST_CHECK;

#endif

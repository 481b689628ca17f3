/* SPDX-License-Identifier: ISC */
#include "config/duplicate_feeds.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/order.h"

static int
by_url(const void *a, const void *b)
{
	const struct listed_feed *x = *(struct listed_feed *const *)a;
	const struct listed_feed *y = *(struct listed_feed *const *)b;
	int order = strcmp(x->url, y->url);

	/* Equal addresses in the order of the files. */
	return order ? order : ORDER(x, y);
}

static int
by_key(const void *a, const void *b)
{
	const struct listed_feed *x = *(struct listed_feed *const *)a;
	const struct listed_feed *y = *(struct listed_feed *const *)b;
	int order = strcmp(x->key, y->key);

	return order ? order : ORDER(x, y);
}

/* The feeds by their addresses; or those that have a key by that.  For the caller to free. */
static struct listed_feed **
sort_feeds(struct listed_feed *feeds, size_t *count,
    int (*compare)(const void *, const void *))
{
	struct listed_feed **sorted = xcalloc(*count, sizeof(*sorted));
	size_t n = 0;

	for (size_t i = 0; i < *count; i++)
		if (compare == by_url || feeds[i].key)
			sorted[n++] = &feeds[i];
	list_sort(sorted, n, sizeof(*sorted), compare);
	*count = n;
	return sorted;
}

/* Closes the gaps where a feed has no address any more. */
static size_t
close_gaps(struct listed_feed *feeds, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (feeds[i].url)
			feeds[kept++] = feeds[i];
	return kept;
}

size_t
duplicate_feeds_keep_first(struct listed_feed *feeds, size_t count)
{
	struct listed_feed **sorted = sort_feeds(feeds, &count, by_url);

	/* From the end, so that each is compared with an address that is still there. */
	for (size_t i = count; i-- > 1;)
		if (strcmp(sorted[i - 1]->url, sorted[i]->url) == 0)
			sorted[i]->url = NULL;
	free(sorted);
	return close_gaps(feeds, count);
}

static void
drop_equal_urls(struct arena *a, struct settings *s)
{
	size_t count = s->source_count;
	struct listed_feed **sorted = sort_feeds(s->sources, &count, by_url);

	for (size_t i = 1; i < count; i++) {
		struct listed_feed *old = sorted[i - 1];
		const struct listed_feed *new = sorted[i];

		if (strcmp(old->url, new->url) != 0)
			continue;
		settings_warn(a, s,
		    "%s line %d: this feed stands in %s line %d too; this one "
		    "counts",
		    new->file, new->line, old->file, old->line);
		old->url = NULL;
	}
	free(sorted);
	s->source_count = close_gaps(s->sources, count);
}

static void
part_equal_keys(struct arena *a, struct settings *s)
{
	size_t count = s->source_count;
	struct listed_feed **sorted = sort_feeds(s->sources, &count, by_key);
	const struct listed_feed *first = NULL;

	for (size_t i = 0; i < count; i++) {
		struct listed_feed *spec = sorted[i];

		if (!first || strcmp(spec->key, first->key) != 0) {
			first = spec;
			continue;
		}
		settings_warn(a, s,
		    "%s line %d: %s line %d is called '%s' too; this feed's name "
		    "is made from its address",
		    spec->file, spec->line, first->file, first->line, spec->key);
		spec->key = NULL;
	}
	free(sorted);
}

void
duplicate_feeds_drop(struct arena *a, struct settings *s)
{
	drop_equal_urls(a, s);
	part_equal_keys(a, s);
}

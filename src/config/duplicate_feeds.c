/* SPDX-License-Identifier: ISC */
#include "config/duplicate_feeds.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static int
compare_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) : (a != NULL) - (b != NULL);
}

static int
by_url(const void *a, const void *b)
{
	const struct listed_feed *x = *(struct listed_feed *const *)a;
	const struct listed_feed *y = *(struct listed_feed *const *)b;
	int order = strcmp(x->url, y->url);

	/* Equal addresses in the order of the files. */
	return order ? order : (x > y) - (x < y);
}

static int
by_key(const void *a, const void *b)
{
	const struct listed_feed *x = *(struct listed_feed *const *)a;
	const struct listed_feed *y = *(struct listed_feed *const *)b;
	int order = compare_text(x->key, y->key);

	return order ? order : (x > y) - (x < y);
}

static void
sort_sources(const struct settings *s, struct listed_feed **sorted,
    int (*compare)(const void *, const void *))
{
	for (size_t i = 0; i < s->source_count; i++)
		sorted[i] = &s->sources[i];
	qsort(sorted, s->source_count, sizeof(*sorted), compare);
}

static void
drop_equal_urls(struct arena *a, struct settings *s, struct listed_feed **sorted)
{
	size_t kept = 0;

	sort_sources(s, sorted, by_url);
	for (size_t i = 1; i < s->source_count; i++) {
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
	for (size_t i = 0; i < s->source_count; i++)
		if (s->sources[i].url)
			s->sources[kept++] = s->sources[i];
	s->source_count = kept;
}

static void
part_equal_keys(struct arena *a, struct settings *s, struct listed_feed **sorted)
{
	const struct listed_feed *first = NULL;

	sort_sources(s, sorted, by_key);
	for (size_t i = 0; i < s->source_count; i++) {
		struct listed_feed *spec = sorted[i];

		if (!spec->key || !first || compare_text(spec->key, first->key) != 0) {
			first = spec;
			continue;
		}
		settings_warn(a, s,
		    "%s line %d: %s line %d is called '%s' too; this feed's name "
		    "is made from its address",
		    spec->file, spec->line, first->file, first->line, spec->key);
		spec->key = NULL;
	}
}

void
duplicate_feeds_drop(struct arena *a, struct settings *s)
{
	struct listed_feed **sorted = xcalloc(s->source_count + 1, sizeof(*sorted));

	drop_equal_urls(a, s, sorted);
	part_equal_keys(a, s, sorted);
	free(sorted);
}

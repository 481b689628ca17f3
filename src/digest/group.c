/* SPDX-License-Identifier: ISC */
#include "digest/group.h"
#include "digest/select.h"
#include "digest/source_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/order.h"
#include "base/text.h"

/*
 * An entry with the keys it is sorted by.  Keys are made so that all of them ascend (newest
 * first is a negative instant): the comparison needs no setting and qsort no context.
 */
struct item {
	const struct entry *entry;
	const struct source *source;
	const struct digest_ties *ties;
	int64_t section;      /* day or group */
	int64_t run;          /* place of the source in its section */
	const char *run_name; /* the same when sources stand by name, else "" */
	size_t source_place;  /* in the list of sources: makes runs, breaks ties */
	size_t block;   /* what stands together: the place of its source, or its story */
	int64_t within; /* place of its source in the story */
	int64_t instant;
};

static const struct source nowhere = { .key = "",
	.url = "",
	.name = "",
	.max_per_feed = -1 };

/* What is older than the issue before it was seen stands among the news of that day. */
static int64_t
shown_at(const struct entry *e)
{
	return e->late ? e->first_seen : entry_instant(e);
}

static int64_t
section_of(const struct config *c, const struct zone *zone, const struct source *sources,
    const struct item *item)
{
	switch (c->digest.group_by) {
	case GROUP_DAY_SOURCE: {
		int64_t day = zone_day(zone, shown_at(item->entry));

		return c->digest.order == ORDER_OLDEST ? day : -day;
	}
	case GROUP_GROUP_SOURCE:
		/* Groups stand in the order in which the list of sources names them first. */
		for (size_t i = 0; i < item->source_place; i++) {
			const char *one = sources[i].group ? sources[i].group : "";
			const char *own = item->source->group ? item->source->group : "";

			if (strcmp(one, own) == 0)
				return (int64_t)i;
		}
		return (int64_t)item->source_place;
	case GROUP_SOURCE:
	case GROUP_NONE:
		break;
	}
	return 0;
}

static int
compare_runs(const struct item *a, const struct item *b)
{
	if (a->section != b->section)
		return ORDER(a->section, b->section);
	if (a->run != b->run)
		return ORDER(a->run, b->run);
	if (a->run_name != b->run_name && ascii_compare(a->run_name, b->run_name) != 0)
		return ascii_compare(a->run_name, b->run_name);
	if (a->block != b->block)
		return ORDER(a->block, b->block);
	if (a->within != b->within)
		return ORDER(a->within, b->within);
	return ORDER(a->source_place, b->source_place);
}

static int
compare_items(const void *pa, const void *pb)
{
	const struct item *a = pa;
	const struct item *b = pb;
	int runs = compare_runs(a, b);

	if (runs != 0)
		return runs;
	if (a->instant != b->instant)
		return ORDER(a->instant, b->instant);
	return ORDER(a->entry->id, b->entry->id);
}

/* ---- stories ---- */

static size_t
story_of(const struct item *item)
{
	return item->ties ? item->ties->story : 0;
}

static bool
is_in_story(const struct item *item)
{
	return story_of(item) > 0;
}

static const char *
source_name(const struct source *s)
{
	if (s->name && *s->name)
		return s->name;
	return s->title ? s->title : "";
}

static void
place_run(struct item *items, size_t count)
{
	int64_t least = items[0].instant;

	for (size_t i = 1; i < count; i++)
		least = items[i].instant < least ? items[i].instant : least;
	for (size_t i = 0; i < count; i++)
		items[i].run = least;
}

/*
 * A source stands where its first entry would: each run gets the least instant key of its
 * entries in that section.  Sorted once by section and source to find it.
 */
static void
place_runs(const struct config *c, struct item *items, size_t count)
{
	const bool by_name = c->digest.order == ORDER_SOURCE;

	if (by_name || c->digest.group_by == GROUP_NONE) {
		for (size_t i = 0; i < count; i++) {
			if (is_in_story(&items[i]))
				continue;
			if (by_name)
				items[i].run_name = source_name(items[i].source);
			else
				items[i].run = items[i].instant;
		}
		return;
	}
	list_sort(items, count, sizeof(*items), compare_items);
	for (size_t i = 0; i < count;) {
		size_t end = i;

		while (end < count && items[end].section == items[i].section &&
		    items[end].block == items[i].block)
			end++;
		place_run(&items[i], end - i);
		i = end;
	}
}

/* Of one story, source by source, the newest (or oldest) of each first. */
static int
compare_in_story(const void *pa, const void *pb)
{
	const struct item *a = *(const struct item *const *)pa;
	const struct item *b = *(const struct item *const *)pb;

	if (story_of(a) != story_of(b))
		return ORDER(story_of(a), story_of(b));
	if (a->source_place != b->source_place)
		return ORDER(a->source_place, b->source_place);
	if (a->instant != b->instant)
		return ORDER(a->instant, b->instant);
	return ORDER(a->entry->id, b->entry->id);
}

/* Whether one stands before the other where both stand alone. */
static bool
stands_before(const struct item *a, const struct item *b)
{
	if (a->section != b->section)
		return a->section < b->section;
	if (a->instant != b->instant)
		return a->instant < b->instant;
	return a->entry->id < b->entry->id;
}

/*
 * A story stands where its first post would.  In it that comes first which the others link to,
 * else that first post; then the others of its blog, then the other blogs.
 */
static void
place_story(struct item **items, size_t count, size_t block, bool by_name)
{
	const struct item *first = items[0];
	const struct item *head = NULL;
	struct item at;

	for (size_t i = 0; i < count; i++) {
		first = stands_before(items[i], first) ? items[i] : first;
		if (items[i]->ties->is_head)
			head = items[i];
	}
	head = head ? head : first;
	at = *first;
	at.source_place = head->source_place;
	for (size_t i = 0; i < count; i++) {
		struct item *item = items[i];
		const bool again =
		    i > 0 && items[i - 1]->source_place == item->source_place;

		item->block = block;
		item->section = at.section;
		item->run = by_name ? 0 : at.instant;
		item->run_name = by_name ? source_name(head->source) : "";
		item->within = item->source_place == at.source_place ? INT64_MIN
		    : again ? items[i - 1]->within
			    : item->instant;
	}
}

static void
place_stories(struct arena *a, const struct config *c, struct item *items, size_t count,
    size_t source_count)
{
	struct item **list = arena_array(a, count, sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (is_in_story(&items[i]))
			list[n++] = &items[i];
	}
	list_sort(list, n, sizeof(*list), compare_in_story);
	for (size_t i = 0; i < n;) {
		size_t end = i;

		while (end < n && story_of(list[end]) == story_of(list[i]))
			end++;
		place_story(&list[i], end - i, source_count + story_of(list[i]),
		    c->digest.order == ORDER_SOURCE);
		i = end;
	}
}

/*
 * By the key that it is sorted by, not by its first post: a story may begin with one of another
 * day or group.
 */
static void
add_section(const struct config *c, const struct source_index *index,
    const struct item *item, struct digest *out)
{
	struct digest_section *section = &out->sections[out->section_count++];
	const int64_t key = item->section;
	const char *group = NULL;

	section->day = TIME_NONE;
	section->heading = NULL;
	if (c->digest.group_by == GROUP_DAY_SOURCE) {
		section->day = c->digest.order == ORDER_OLDEST ? key : -key;
	} else if (c->digest.group_by == GROUP_GROUP_SOURCE) {
		if ((size_t)key < index->count)
			group = index->sources[key].group;
		section->heading = group && *group ? group : c->feeds.default_group;
	}
}

/* Cuts the sorted items into sections and runs of one source. */
static void
build(struct arena *a, const struct config *c, const struct source_index *index,
    const struct item *items, size_t count, struct digest *out)
{
	struct digest_source *runs = arena_array(a, count, sizeof(*runs));
	const struct entry **entries = arena_array(a, count, sizeof(*entries));
	struct digest_ties *ties = arena_array(a, count, sizeof(*ties));
	size_t run_count = 0;

	out->sections = arena_array(a, count, sizeof(*out->sections));
	for (size_t i = 0; i < count; i++) {
		bool new_section = i == 0 || items[i].section != items[i - 1].section;

		entries[i] = items[i].entry;
		if (items[i].ties)
			ties[i] = *items[i].ties;
		if (new_section) {
			add_section(c, index, &items[i], out);
			out->sections[out->section_count - 1].sources = &runs[run_count];
		}
		if (new_section || items[i].source_place != items[i - 1].source_place ||
		    items[i].block != items[i - 1].block) {
			runs[run_count++] =
			    (struct digest_source){ .source = items[i].source,
				    .entries = &entries[i],
				    .ties = &ties[i],
				    .story = story_of(&items[i]) };
			out->sections[out->section_count - 1].count++;
		}
		runs[run_count - 1].count++;
	}
}

static size_t
minutes_of(const struct item *items, size_t count)
{
	int64_t words = 0;

	for (size_t i = 0; i < count; i++)
		words += items[i].entry->words > 0 ? items[i].entry->words : 0;
	return (size_t)((words + WORDS_A_MINUTE / 2) / WORDS_A_MINUTE);
}

/*
 * The last run of a source in the issue: what is over a limit is older than what is shown.  One
 * in a story only where there is no other.
 */
static struct digest_source *
last_run(struct digest *out, const struct source *s)
{
	struct digest_source *found = NULL;

	for (size_t d = 0; d < out->section_count; d++) {
		for (size_t i = 0; i < out->sections[d].count; i++) {
			struct digest_source *run = &out->sections[d].sources[i];

			if (run->source == s &&
			    (!found || found->story > 0 || run->story == 0))
				found = run;
		}
	}
	return found;
}

static void
count_over(struct arena *a, const struct source_index *index, const struct selection *sel,
    struct digest *out)
{
	size_t *over = arena_array(a, index->count + 1, sizeof(*over));

	for (size_t i = 0; i < sel->over_count; i++)
		over[source_index_place(index, sel->over[i]->source_id)]++;
	out->others = arena_array(a, index->count, sizeof(*out->others));
	for (size_t i = 0; i < index->count; i++) {
		struct digest_source *run = NULL;

		if (over[i] == 0)
			continue;
		run = last_run(out, &index->sources[i]);
		if (!run) {
			run = &out->others[out->other_count++];
			run->source = &index->sources[i];
		}
		run->more = over[i];
	}
}

static size_t
count_sources(struct arena *a, const struct item *items, size_t count,
    size_t source_count)
{
	bool *seen = arena_array(a, source_count + 1, sizeof(*seen));
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (!seen[items[i].source_place])
			n++;
		seen[items[i].source_place] = true;
	}
	return n;
}

void
digest_group(struct arena *a, const struct config *c, const struct zone *zone,
    const struct source *sources, size_t source_count, const struct selection *sel,
    const struct digest_ties *ties, struct digest *out)
{
	size_t count = sel->chosen_count;
	struct item *items = arena_array(a, count, sizeof(*items));
	struct source_index index;

	source_index_make(a, sources, source_count, &index);
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < count; i++) {
		struct item *item = &items[i];
		int64_t t = shown_at(sel->chosen[i]);

		item->entry = sel->chosen[i];
		item->ties = ties ? &ties[i] : NULL;
		item->source_place = source_index_place(&index, item->entry->source_id);
		item->source = item->source_place < source_count
		    ? &sources[item->source_place]
		    : &nowhere;
		item->section = section_of(c, zone, sources, item);
		item->instant = c->digest.order == ORDER_OLDEST ? t : -t;
		item->run_name = "";
		item->block = item->source_place;
	}
	place_stories(a, c, items, count, source_count);
	place_runs(c, items, count);
	list_sort(items, count, sizeof(*items), compare_items);
	build(a, c, &index, items, count, out);
	out->entry_count = count;
	out->source_count = count_sources(a, items, count, source_count);
	out->minutes = minutes_of(items, count);
	count_over(a, &index, sel, out);
}

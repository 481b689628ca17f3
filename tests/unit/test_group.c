/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/clock.h"
#include "digest/select.h"
#include "digest/group.h"

/* 2026-11-24T00:00:00Z, day 20781. */
enum { MIDNIGHT = 1795478400, HOUR = 3600, DAY = 24 * HOUR };

/* clang-format off */
static const struct source sources[] = {
	{ .id = 30, .key = "cee", .name = "cee", .group = "core", .max_per_feed = -1 },
	{ .id = 10, .key = "a", .title = "Alpha", .group = "blogs", .max_per_feed = -1 },
	{ .id = 20, .key = "b", .name = "beta", .title = "no", .group = "core",
	    .max_per_feed = -1 },
	{ .id = 40, .key = "d", .name = "delta", .group = NULL, .max_per_feed = -1 },
};
/* clang-format on */

/* id, source, hours after midnight of the 24th */
static const struct {
	int id, source, hours;
} entries[] = {
	/* clang-format off */
	{ 1, 10, 9 }, { 2, 20, 8 }, { 3, 10, 1 }, { 4, 30, -2 }, { 5, 20, -3 }, { 6, 10, -25 },
	{ 7, 40, -26 },
};
/* clang-format on */

static const struct {
	const char *name;
	const char *zone;
	enum group_by by;
	enum entry_order order;
	const char *want; /* "day: source(id id) source(id); day: ..." */
} cases[] = {
	{ "by day and source, newest first", "UTC", GROUP_DAY_SOURCE, ORDER_NEWEST,
	    "20781: a(1 3) b(2); 20780: cee(4) b(5); 20779: a(6) d(7)" },
	{ "oldest first", "UTC", GROUP_DAY_SOURCE, ORDER_OLDEST,
	    "20779: d(7) a(6); 20780: b(5) cee(4); 20781: a(3 1) b(2)" },
	{ "sources by name", "UTC", GROUP_DAY_SOURCE, ORDER_SOURCE,
	    "20781: a(1 3) b(2); 20780: b(5) cee(4); 20779: a(6) d(7)" },
	{ "a day begins where the newsletter lives", "Etc/GMT-3", GROUP_DAY_SOURCE,
	    ORDER_NEWEST, "20781: a(1 3) b(2 5) cee(4); 20780: a(6) d(7)" },
	{ "by source", "UTC", GROUP_SOURCE, ORDER_NEWEST,
	    "-: a(1 3 6) b(2 5) cee(4) d(7)" },
	{ "by source and name", "UTC", GROUP_SOURCE, ORDER_SOURCE,
	    "-: a(1 3 6) b(2 5) cee(4) d(7)" },
	{ "by group, in the order of the list", "UTC", GROUP_GROUP_SOURCE, ORDER_NEWEST,
	    "core: b(2 5) cee(4); blogs: a(1 3 6); Blogs: d(7)" },
	{ "not grouped", "UTC", GROUP_NONE, ORDER_NEWEST,
	    "-: a(1) b(2) a(3) cee(4) b(5) a(6) d(7)" },
	{ "not grouped, oldest first", "UTC", GROUP_NONE, ORDER_OLDEST,
	    "-: d(7) a(6) b(5) cee(4) a(3) b(2) a(1)" },
};

static const char *
print(struct arena *a, const struct digest *d)
{
	const char *text = "";

	for (size_t i = 0; i < d->section_count; i++) {
		const struct digest_section *section = &d->sections[i];

		text = arena_printf(a, "%s%s", text, i ? "; " : "");
		if (section->day != TIME_NONE)
			text = arena_printf(a, "%s%d:", text, (int)section->day);
		else
			text = arena_printf(a, "%s%s:", text,
			    section->heading ? section->heading : "-");
		for (size_t s = 0; s < section->count; s++) {
			text = arena_printf(a, "%s %s(", text,
			    section->sources[s].source->key);
			for (size_t e = 0; e < section->sources[s].count; e++)
				text = arena_printf(a, "%s%s%d", text, e ? " " : "",
				    (int)section->sources[s].entries[e]->id);
			text = arena_printf(a, "%s%s)", text,
			    section->sources[s].more ? "+" : "");
			if (section->sources[s].story > 0)
				text = arena_printf(a, "%s%zu", text,
				    section->sources[s].story);
		}
	}
	return text;
}

static void
choose(struct arena *a, struct selection *sel)
{
	struct entry *list = arena_array(a, ARRAY_LEN(entries), sizeof(*list));

	memset(sel, 0, sizeof(*sel));
	sel->chosen = arena_array(a, ARRAY_LEN(entries), sizeof(*sel->chosen));
	for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
		list[i].id = entries[i].id;
		list[i].source_id = entries[i].source;
		list[i].published = MIDNIGHT + (int64_t)entries[i].hours * HOUR;
		list[i].words = 100;
		sel->chosen[sel->chosen_count++] = &list[i];
	}
}

/* 230 words are a minute, and half of one counts as one. */
static void
test_minutes(void **state)
{
	static const struct {
		int64_t first, second;
		size_t minutes;
	} reads[] = { { 114, 0, 0 }, { 114, 1, 1 }, { 344, -9, 1 }, { 344, 1, 2 } };
	const struct zone *zone = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(reads); i++) {
		struct arena *a = arena_new();
		const struct entry list[] = {
			{ .id = 1, .source_id = 10, .words = reads[i].first },
			{ .id = 2, .source_id = 10, .words = reads[i].second },
		};
		const struct entry *chosen[] = { &list[0], &list[1] };
		const struct selection sel = { .chosen = chosen, .chosen_count = 2 };
		struct config c = { .digest.group_by = GROUP_SOURCE };
		struct digest d;

		digest_group(a, &c, zone, sources, ARRAY_LEN(sources), &sel, NULL, &d);
		assert_int_equal(d.minutes, reads[i].minutes);
		arena_free(a);
	}
}

static void
test_groups(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new();
		struct err err = ERR_INIT;
		struct zone *z = zone_open(cases[i].zone, &err);
		struct config c;
		struct selection sel;
		struct digest d;
		const char *got = NULL;

		if (!z)
			fail_msg("%s: %s", cases[i].name, err.text);
		memset(&c, 0, sizeof(c));
		c.feeds.default_group = "Blogs";
		c.digest.group_by = cases[i].by;
		c.digest.order = cases[i].order;
		choose(a, &sel);
		digest_group(a, &c, z, sources, ARRAY_LEN(sources), &sel, NULL, &d);
		got = print(a, &d);
		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s:\n got  %s\n want %s", cases[i].name, got,
			    cases[i].want);
		if (d.entry_count != 7 || d.source_count != 4 || d.minutes != 3)
			fail_msg(
			    "%s: got %zu entries, %zu sources, %zu minutes, want 7 4 3",
			    cases[i].name, d.entry_count, d.source_count, d.minutes);
		zone_close(z);
		arena_free(a);
	}
}

/* What is over a limit is counted where its source stands last, or at the end. */
static void
test_over(void **state)
{
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct zone *z = zone_open("UTC", &err);
	struct config c;
	struct selection sel;
	struct digest d;
	struct entry shown[2] = { { .id = 1, .source_id = 10, .published = MIDNIGHT },
		{ .id = 2, .source_id = 10, .published = MIDNIGHT - DAY } };
	struct entry over[4] = { { .id = 3, .source_id = 10 },
		{ .id = 4, .source_id = 20 }, { .id = 5, .source_id = 10 },
		{ .id = 6, .source_id = 30 } };

	(void)state;
	assert_non_null(z);
	memset(&c, 0, sizeof(c));
	memset(&sel, 0, sizeof(sel));
	sel.chosen = (const struct entry *[]){ &shown[0], &shown[1] };
	sel.chosen_count = 2;
	sel.over = (const struct entry *[]){ &over[0], &over[1], &over[2], &over[3] };
	sel.over_count = 4;
	digest_group(a, &c, z, sources, ARRAY_LEN(sources), &sel, NULL, &d);
	assert_string_equal(print(a, &d), "20781: a(1); 20780: a(2+)");
	assert_int_equal(d.sections[1].sources[0].more, 2);
	assert_int_equal(d.other_count, 2);
	assert_string_equal(d.others[0].source->key, "cee");
	assert_int_equal(d.others[0].more, 1);
	assert_string_equal(d.others[1].source->key, "b");
	assert_int_equal(d.others[1].more, 1);
	zone_close(z);
	arena_free(a);
}

/* Posts of one time, late ones, and such of no known source or group. */
static const struct {
	const char *name;
	enum group_by by;
	enum entry_order order;
	struct entry list[4];
	size_t stories[4];
	const char *want;
} odd_cases[] = {
/* clang-format off */
#define AT(i, s, t) { .id = i, .source_id = s, .published = t, .updated = TIME_NONE }
	{ "of one time by number, and by the list", GROUP_DAY_SOURCE, ORDER_NEWEST,
	  { AT(5, 10, MIDNIGHT), AT(4, 10, MIDNIGHT), AT(6, 20, MIDNIGHT), AT(3, 30, MIDNIGHT) }, { 0 },
	  "20781: cee(3) a(4 5) b(6)" },
	{ "oldest first too", GROUP_DAY_SOURCE, ORDER_OLDEST,
	  { AT(5, 10, MIDNIGHT), AT(4, 10, MIDNIGHT), AT(6, 20, MIDNIGHT), AT(3, 30, MIDNIGHT) }, { 0 },
	  "20781: cee(3) a(4 5) b(6)" },
	{ "and not grouped", GROUP_NONE, ORDER_NEWEST,
	  { AT(5, 10, MIDNIGHT), AT(4, 10, MIDNIGHT), AT(6, 20, MIDNIGHT), AT(3, 30, MIDNIGHT) }, { 0 },
	  "-: cee(3) a(4 5) b(6)" },
	{ "a late one on the day that it was seen", GROUP_DAY_SOURCE, ORDER_NEWEST,
	  { AT(1, 10, MIDNIGHT - 30 * DAY), AT(2, 20, MIDNIGHT),
	    { .id = 3, .source_id = 30, .published = MIDNIGHT - 30 * DAY, .updated = TIME_NONE,
	      .late = true, .first_seen = MIDNIGHT + HOUR }, AT(4, 40, MIDNIGHT - 1) }, { 0 },
	  "20781: cee(3) b(2); 20780: d(4); 20751: a(1)" },
	{ "of no known source", GROUP_GROUP_SOURCE, ORDER_NEWEST,
	  { AT(1, 99, MIDNIGHT), AT(2, 40, MIDNIGHT), AT(3, 10, MIDNIGHT), AT(4, 99, MIDNIGHT + 1) }, { 0 },
	  "blogs: a(3); Blogs: (4 1) d(2)" },
	{ "a story of one time begins with the lower number", GROUP_DAY_SOURCE, ORDER_NEWEST,
	  { AT(5, 10, MIDNIGHT), AT(4, 20, MIDNIGHT), AT(6, 20, MIDNIGHT - DAY), AT(3, 30, MIDNIGHT) },
	  { 1, 1, 0, 0 }, "20781: cee(3) b(4)1 a(5)1; 20780: b(6)" },
#undef AT
	/* clang-format on */
};

static void
odd_posts_have_their_places(void **state)
{
	struct err err = ERR_INIT;
	struct zone *z = zone_open("UTC", &err);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(odd_cases); i++) {
		struct arena *a = arena_new();
		const struct entry *chosen[4];
		struct digest_ties ties[4] = { 0 };
		const struct selection sel = { .chosen = chosen, .chosen_count = 4 };
		struct config c = { .feeds.default_group = "Blogs",
			.digest = { .group_by = odd_cases[i].by,
			    .order = odd_cases[i].order } };
		struct digest d;
		const char *got = NULL;

		for (size_t k = 0; k < 4; k++) {
			chosen[k] = &odd_cases[i].list[k];
			ties[k].story = odd_cases[i].stories[k];
		}
		digest_group(a, &c, z, sources, ARRAY_LEN(sources), &sel, ties, &d);
		got = print(a, &d);
		if (strcmp(got, odd_cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", odd_cases[i].name, got,
			    odd_cases[i].want);
		arena_free(a);
	}
	zone_close(z);
}

/* Sources of one name stand as in the list; no group and an empty one are the same. */
static void
sources_that_are_alike_stand_as_in_the_list(void **state)
{
	static const struct source alike[] = {
		{ .id = 2, .key = "x", .name = "same", .group = "", .max_per_feed = -1 },
		{ .id = 1, .key = "y", .title = "same", .max_per_feed = -1 },
		{ .id = 3, .key = "z", .name = "", .title = "other", .max_per_feed = -1 },
	};
	static const struct entry list[] = {
		{ .id = 1, .source_id = 1, .published = MIDNIGHT + 3 },
		{ .id = 2, .source_id = 2, .published = MIDNIGHT + 2 },
		{ .id = 3, .source_id = 3, .published = MIDNIGHT + 1 },
	};
	const struct entry *chosen[] = { &list[0], &list[1], &list[2] };
	const struct selection sel = { .chosen = chosen, .chosen_count = 3 };
	struct arena *a = arena_new();
	struct config c = { .feeds.default_group = "Blogs",
		.digest = { .group_by = GROUP_SOURCE, .order = ORDER_SOURCE } };
	struct digest d;

	(void)state;
	digest_group(a, &c, NULL, alike, 3, &sel, NULL, &d);
	assert_string_equal(print(a, &d), "-: z(3) x(2) y(1)");
	c.digest.group_by = GROUP_GROUP_SOURCE;
	c.digest.order = ORDER_NEWEST;
	digest_group(a, &c, NULL, alike, 3, &sel, NULL, &d);
	assert_string_equal(print(a, &d), "Blogs: y(1) x(2) z(3)");
	assert_int_equal(d.section_count, 1);
	arena_free(a);
}

/* What is over stands behind a run in a story only where there is no other. */
static void
what_is_over_stands_outside_of_stories(void **state)
{
	static const struct {
		size_t stories[3];
		const char *want;
	} shown[] = {
		{ { 0, 0, 0 }, "20781: a(1); 20780: b(2); 20779: a(3+)" },
		{ { 1, 1, 0 }, "20781: a(1)1 b(2)1; 20779: a(3+)" },
		{ { 0, 1, 1 }, "20781: a(1+); 20780: b(2)1 a(3)1" },
		{ { 1, 1, 2 }, "20781: a(1)1 b(2)1; 20779: a(3+)2" },
	};
	static const struct entry list[] = {
		{ .id = 1, .source_id = 10, .published = MIDNIGHT },
		{ .id = 2, .source_id = 20, .published = MIDNIGHT - DAY },
		{ .id = 3, .source_id = 10, .published = MIDNIGHT - 2 * DAY },
		{ .id = 4, .source_id = 10 },
		{ .id = 5, .source_id = 99 },
	};
	const struct entry *chosen[] = { &list[0], &list[1], &list[2] };
	const struct entry *over[] = { &list[3], &list[4] };
	const struct selection sel = { .chosen = chosen,
		.chosen_count = 3,
		.over = over,
		.over_count = 2 };
	struct err err = ERR_INIT;
	struct zone *z = zone_open("UTC", &err);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
		struct arena *a = arena_new();
		struct digest_ties ties[3] = { 0 };
		const struct config c = { .digest = { .group_by = GROUP_DAY_SOURCE } };
		struct digest d;

		for (size_t k = 0; k < 3; k++)
			ties[k].story = shown[i].stories[k];
		digest_group(a, &c, z, sources, ARRAY_LEN(sources), &sel, ties, &d);
		assert_string_equal(print(a, &d), shown[i].want);
		assert_int_equal(d.other_count, 0);
		arena_free(a);
	}
	zone_close(z);
}

static void
test_nothing(void **state)
{
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct zone *z = zone_open("UTC", &err);
	struct config c;
	struct selection sel;
	struct digest d;

	(void)state;
	memset(&c, 0, sizeof(c));
	memset(&sel, 0, sizeof(sel));
	digest_group(a, &c, z, sources, ARRAY_LEN(sources), &sel, NULL, &d);
	assert_int_equal(d.section_count, 0);
	assert_int_equal(d.entry_count, 0);
	zone_close(z);
	arena_free(a);
}

/* Which posts tell one story, and the id of its head. */
static const struct {
	const char *name;
	enum group_by by;
	enum entry_order order;
	size_t stories[ARRAY_LEN(entries)];
	size_t head; /* id of an entry, or 0 */
	const char *want;
} story_cases[] = {
	{ "where its first would", GROUP_DAY_SOURCE, ORDER_NEWEST,
	    { 0, 1, 0, 1, 0, 0, 0 }, 0,
	    "20781: a(1 3) b(2)1 cee(4)1; 20780: b(5); 20779: a(6) d(7)" },
	{ "its head first", GROUP_DAY_SOURCE, ORDER_NEWEST, { 0, 1, 0, 1, 0, 0, 0 }, 4,
	    "20781: a(1 3) cee(4)1 b(2)1; 20780: b(5); 20779: a(6) d(7)" },
	{ "out of a blog's posts", GROUP_DAY_SOURCE, ORDER_NEWEST,
	    { 1, 0, 0, 0, 1, 0, 0 }, 0,
	    "20781: a(1)1 b(5)1 b(2) a(3); 20780: cee(4); 20779: a(6) d(7)" },
	{ "two of one blog side by side", GROUP_DAY_SOURCE, ORDER_NEWEST,
	    { 1, 1, 1, 0, 0, 0, 0 }, 0,
	    "20781: a(1 3)1 b(2)1; 20780: cee(4) b(5); 20779: a(6) d(7)" },
	{ "oldest first", GROUP_DAY_SOURCE, ORDER_OLDEST, { 0, 1, 0, 1, 0, 0, 0 }, 0,
	    "20779: d(7) a(6); 20780: b(5) cee(4)1 b(2)1; 20781: a(3 1)" },
	{ "by its head's name", GROUP_SOURCE, ORDER_SOURCE, { 0, 0, 0, 1, 0, 0, 1 }, 4,
	    "-: a(1 3 6) b(2 5) cee(4)1 d(7)1" },
	{ "not grouped", GROUP_NONE, ORDER_NEWEST, { 0, 1, 0, 0, 0, 1, 0 }, 0,
	    "-: a(1) b(2)1 a(6)1 a(3) cee(4) b(5) d(7)" },
	{ "blogs behind its head, the newest first", GROUP_DAY_SOURCE, ORDER_NEWEST,
	    { 1, 1, 1, 1, 0, 0, 0 }, 4,
	    "20781: cee(4)1 a(1 3)1 b(2)1; 20780: b(5); 20779: a(6) d(7)" },
	{ "the oldest first", GROUP_DAY_SOURCE, ORDER_OLDEST, { 1, 1, 1, 1, 0, 0, 0 }, 4,
	    "20779: d(7) a(6); 20780: b(5) cee(4)1 a(3 1)1 b(2)1" },
	{ "under the day of its first, whatever its head's", GROUP_DAY_SOURCE,
	    ORDER_NEWEST, { 1, 0, 0, 1, 0, 0, 0 }, 4,
	    "20781: cee(4)1 a(1)1 b(2) a(3); 20780: b(5); 20779: a(6) d(7)" },
	{ "under the group of its first", GROUP_GROUP_SOURCE, ORDER_NEWEST,
	    { 1, 0, 0, 0, 0, 0, 1 }, 7,
	    "core: b(2 5) cee(4); blogs: d(7)1 a(1)1 a(3 6)" },
	{ "by its head's name on its day", GROUP_DAY_SOURCE, ORDER_SOURCE,
	    { 0, 1, 0, 1, 0, 0, 0 }, 4,
	    "20781: a(1 3) cee(4)1 b(2)1; 20780: b(5); 20779: a(6) d(7)" },
	{ "of one post that the others of its day stand around", GROUP_DAY_SOURCE,
	    ORDER_NEWEST, { 0, 1, 0, 0, 0, 0, 0 }, 0,
	    "20781: a(1 3) b(2)1; 20780: cee(4) b(5); 20779: a(6) d(7)" },
	{ "blogs in the order of their posts, not of the list", GROUP_DAY_SOURCE,
	    ORDER_NEWEST, { 1, 1, 1, 1, 0, 0, 1 }, 7,
	    "20781: d(7)1 a(1 3)1 b(2)1 cee(4)1; 20780: b(5); 20779: a(6)" },
	{ "a blog that the list names first is not torn apart", GROUP_DAY_SOURCE,
	    ORDER_NEWEST, { 1, 1, 1, 0, 0, 0, 1 }, 7,
	    "20781: d(7)1 a(1 3)1 b(2)1; 20780: cee(4) b(5); 20779: a(6)" },
	{ "before its blogs' other posts", GROUP_SOURCE, ORDER_NEWEST,
	    { 0, 1, 0, 1, 0, 0, 0 }, 0, "-: a(1 3 6) b(2)1 cee(4)1 b(5) d(7)" },
	{ "by name between other blogs, behind posts of its own", GROUP_SOURCE,
	    ORDER_SOURCE, { 1, 0, 0, 0, 0, 0, 1 }, 0,
	    "-: a(3 6) a(1)1 d(7)1 b(2 5) cee(4)" },
	{ "two stories", GROUP_DAY_SOURCE, ORDER_NEWEST, { 1, 2, 0, 1, 0, 0, 2 }, 0,
	    "20781: a(1)1 cee(4)1 b(2)2 d(7)2 a(3); 20780: b(5); 20779: a(6)" },
};

static void
a_story_stands_together(void **state)
{
	struct err err = ERR_INIT;
	struct zone *z = zone_open("UTC", &err);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(story_cases); i++) {
		struct arena *a = arena_new();
		struct entry made[ARRAY_LEN(entries)] = { 0 };
		const struct entry *chosen[ARRAY_LEN(entries)];
		struct digest_ties ties[ARRAY_LEN(entries)] = { 0 };
		const struct selection sel = { .chosen = chosen,
			.chosen_count = ARRAY_LEN(entries) };
		struct config c = { .digest = { .group_by = story_cases[i].by,
					.order = story_cases[i].order } };
		struct digest d;
		const char *got = NULL;

		for (size_t e = 0; e < ARRAY_LEN(entries); e++) {
			made[e] = (struct entry){ .id = entries[e].id,
				.source_id = entries[e].source,
				.published = MIDNIGHT + entries[e].hours * HOUR,
				.updated = TIME_NONE };
			chosen[e] = &made[e];
			ties[e].story = story_cases[i].stories[e];
			ties[e].is_head = made[e].id == (int64_t)story_cases[i].head;
		}
		digest_group(a, &c, z, sources, ARRAY_LEN(sources), &sel, ties, &d);
		got = print(a, &d);
		if (strcmp(got, story_cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", story_cases[i].name, got,
			    story_cases[i].want);
		arena_free(a);
	}
	zone_close(z);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_story_stands_together),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_minutes),
		cmocka_unit_test(test_over),
		cmocka_unit_test(odd_posts_have_their_places),
		cmocka_unit_test(sources_that_are_alike_stand_as_in_the_list),
		cmocka_unit_test(what_is_over_stands_outside_of_stories),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

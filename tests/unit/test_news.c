/* SPDX-License-Identifier: ISC */
/* What a post is that is seen for the first time: news, old, or for a person. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "digest/news.h"

enum { NOW = 1795500000, DAY = 86400 };
#define NEVER TIME_NONE

static const struct {
	const char *name;
	int64_t last_issue, at;
	bool is_first, has_no_room, waits, in_flood, was_mailed;
	enum held_verdict verdict;
	enum news want;
} cases[] = {
	/* clang-format off */
	{ .name = "younger than the last issue", .last_issue = NOW - DAY, .at = NOW - 3600,
	  .want = NEWS_FRESH },
	{ .name = "of the same second as the last issue", .last_issue = NOW - DAY,
	  .at = NOW - DAY, .want = NEWS_FRESH },
	{ .name = "a week older than the last issue", .last_issue = NOW - DAY,
	  .at = NOW - 8 * DAY, .want = NEWS_LATE },
	{ .name = "thirty days old", .last_issue = NOW - DAY, .at = NOW - 30 * DAY,
	  .want = NEWS_LATE },
	{ .name = "a second more than thirty days old", .last_issue = NOW - DAY,
	  .at = NOW - 30 * DAY - 1, .want = NEWS_OLD },
	{ .name = "forty days old, after a silence of fifty", .last_issue = NOW - 50 * DAY,
	  .at = NOW - 40 * DAY, .want = NEWS_FRESH },
	{ .name = "years old before the first issue", .last_issue = NEVER,
	  .at = NOW - 3000 * DAY, .want = NEWS_FRESH },
	{ .name = "dated ahead", .last_issue = NOW - DAY, .at = NOW + DAY, .waits = true,
	  .want = NEWS_FRESH },

	{ .name = "of a new feed, younger than the last issue", .is_first = true,
	  .last_issue = NOW - DAY, .at = NOW - 3600, .want = NEWS_FRESH },
	{ .name = "of a new feed, older than the last issue", .is_first = true,
	  .last_issue = NOW - DAY, .at = NOW - DAY - 1, .want = NEWS_OLD },
	{ .name = "of a new feed, more than an issue shows", .is_first = true,
	  .last_issue = NEVER, .at = NOW - 3600, .has_no_room = true, .want = NEWS_OLD },
	{ .name = "of a new feed, dated ahead", .is_first = true, .last_issue = NOW - DAY,
	  .at = NOW + DAY, .has_no_room = true, .waits = true, .want = NEWS_FRESH },
	{ .name = "of a new feed's many", .is_first = true, .last_issue = NEVER,
	  .at = NOW - 3600, .want = NEWS_FRESH },

	{ .name = "one of a flood", .last_issue = NOW - DAY, .at = NOW - 3600,
	  .in_flood = true, .want = NEWS_HELD },
	{ .name = "one of a flood before the first issue", .last_issue = NEVER,
	  .at = NOW - 3600, .in_flood = true, .want = NEWS_HELD },
	{ .name = "an old one of a flood", .last_issue = NOW - DAY, .at = NOW - 90 * DAY,
	  .in_flood = true, .want = NEWS_OLD },
	{ .name = "one of a flood that was released", .last_issue = NOW - DAY,
	  .at = NOW - 3600, .in_flood = true, .verdict = VERDICT_RELEASE,
	  .want = NEWS_FRESH },
	{ .name = "a late one of a flood that was released", .last_issue = NOW - DAY,
	  .at = NOW - 2 * DAY, .in_flood = true, .verdict = VERDICT_RELEASE,
	  .want = NEWS_LATE },
	{ .name = "one of a flood that was dropped", .last_issue = NOW - DAY,
	  .at = NOW - 3600, .in_flood = true, .verdict = VERDICT_DROP, .want = NEWS_OLD },
	{ .name = "a single one after a flood that was dropped", .last_issue = NOW - DAY,
	  .at = NOW - 3600, .verdict = VERDICT_DROP, .want = NEWS_FRESH },
	{ .name = "its text was mailed before", .last_issue = NOW - DAY, .at = NOW - 3600,
	  .was_mailed = true, .want = NEWS_HELD },
	{ .name = "its text was mailed before, and it is old", .last_issue = NOW - DAY,
	  .at = NOW - 90 * DAY, .was_mailed = true, .want = NEWS_OLD },
};
/* clang-format on */

static void
test_news(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct news_rules r = { .now = NOW,
			.last_issue = cases[i].last_issue,
			.late = 30 * DAY };
		const struct news_facts f = { .at = cases[i].at,
			.is_first = cases[i].is_first,
			.has_room = !cases[i].has_no_room,
			.waits = cases[i].waits,
			.in_flood = cases[i].in_flood,
			.was_mailed = cases[i].was_mailed,
			.verdict = cases[i].verdict };
		const enum news got = news_decide(&r, &f);

		if (got != cases[i].want)
			fail_msg("%s: got %d, want %d", cases[i].name, (int)got,
			    (int)cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_news) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

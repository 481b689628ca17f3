/* SPDX-License-Identifier: ISC */
/* Which feeds need a person, since when, and what is told once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "fetch/source_health.h"

enum { NOW = 1795500000, HOUR = 3600, LASTED = 48 * HOUR };
#define ANSWERED .last_ok = NOW - LASTED
#define LONG_IN .state_since = NOW - LASTED, .state_runs = 3, .last_ok = NOW

static const struct {
	const char *name;
	struct source s;
	enum source_state state;
	int64_t since;
	bool needs, is_news;
} cases[] = {
	/* clang-format off */
	{ "fine", { .state = SOURCE_OK, .state_since = 5, .state_runs = 99, .last_ok = NOW },
	  SOURCE_OK, 5, false, false },
	{ "three failures in two days", { .state = SOURCE_FAILING, .failures = 3,
	  .state_since = NOW - HOUR, ANSWERED }, SOURCE_FAILING, NOW - LASTED, true, true },
	{ "two failures in two days", { .state = SOURCE_FAILING, .failures = 2, ANSWERED },
	  SOURCE_FAILING, NOW - LASTED, false, false },
	{ "fifty failures in a second less", { .state = SOURCE_FAILING, .failures = 50,
	  .last_ok = NOW - LASTED + 1 }, SOURCE_FAILING, NOW - LASTED + 1, false, false },
	{ "now refused, now failing", { .state = SOURCE_REFUSED, .failures = 9,
	  .state_runs = 1, .told = SOURCE_FAILING, ANSWERED },
	  SOURCE_REFUSED, NOW - LASTED, true, false },
	{ "a web page, told as moved", { .state = SOURCE_WEB_PAGE, .failures = 3,
	  .told = SOURCE_MOVED, ANSWERED }, SOURCE_WEB_PAGE, NOW - LASTED, true, true },
	{ "it never was a feed", { .state = SOURCE_WEB_PAGE, .failures = 1, .last_ok = 0,
	  .state_since = NOW }, SOURCE_WEB_PAGE, NOW, true, false },
	{ "moved", { .state = SOURCE_MOVED, LONG_IN }, SOURCE_MOVED, NOW - LASTED, true, true },
	{ "moved and told", { .state = SOURCE_MOVED, .told = SOURCE_MOVED, LONG_IN },
	  SOURCE_MOVED, NOW - LASTED, true, false },
	{ "moved for two runs", { .state = SOURCE_MOVED, .state_since = NOW - LASTED,
	  .state_runs = 2, .last_ok = NOW }, SOURCE_MOVED, NOW - LASTED, false, false },
	{ "malformed", { .state = SOURCE_MALFORMED, LONG_IN },
	  SOURCE_MALFORMED, NOW - LASTED, true, true },
	{ "another's posts", { .state = SOURCE_DUPLICATE, LONG_IN },
	  SOURCE_DUPLICATE, NOW - LASTED, true, true },
	{ "gone", { .state = SOURCE_GONE, .failures = 30, ANSWERED },
	  SOURCE_GONE, NOW - LASTED, true, true },
	{ "stale is nobody's work", { .state = SOURCE_STALE, LONG_IN },
	  SOURCE_STALE, NOW - LASTED, false, false },
	{ "nor is slow", { .state = SOURCE_SLOW, LONG_IN },
	  SOURCE_SLOW, NOW - LASTED, false, false },
	{ "paused", { .paused = true, .state = SOURCE_GONE, .failures = 30, ANSWERED },
	  SOURCE_GONE, NOW - LASTED, false, false },
	{ "posts are held, at once", { .state = SOURCE_OK, .held = 1, .held_since = NOW },
	  SOURCE_FLOOD, NOW, true, false },
	{ "another feed, at once", { .state = SOURCE_CHANGED, .state_since = NOW,
	  .state_runs = 1, .last_ok = NOW }, SOURCE_CHANGED, NOW, true, false },
	{ "another feed, with posts that are held", { .state = SOURCE_CHANGED,
	  .state_since = NOW - HOUR, .state_runs = 9, .last_ok = NOW, .held = 4,
	  .held_since = NOW }, SOURCE_CHANGED, NOW - HOUR, true, false },
	{ "posts are held and it fails", { .state = SOURCE_FAILING, .failures = 1,
	  .held_more = 5, .held_since = 7, .last_ok = NOW }, SOURCE_FLOOD, 7, true, false },
};
/* clang-format on */

static void
test_health(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct source *s = &cases[i].s;

		if (source_health_state(s) != cases[i].state)
			fail_msg("%s: state: got %d, want %d", cases[i].name,
			    (int)source_health_state(s), (int)cases[i].state);
		if (source_health_since(s) != cases[i].since)
			fail_msg("%s: since: got %lld, want %lld", cases[i].name,
			    (long long)source_health_since(s), (long long)cases[i].since);
		if (source_health_needs(s, NOW) != cases[i].needs)
			fail_msg("%s: needs a person: got %d", cases[i].name,
			    !cases[i].needs);
		if (source_health_is_news(s, NOW) != cases[i].is_news)
			fail_msg("%s: is to be told: got %d", cases[i].name,
			    !cases[i].is_news);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_health) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/clock.h"
#include "fetch/poll_policy.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

/* Tuesday 24 November 2026, 06:30:00 UTC */
static const int64_t NOW = 1795501800;
static const struct poll_settings SET = { .every = HOUR,
	.longest = DAY,
	.next_issue = TIME_NONE,
	.gone_after = 30 * DAY,
	.stale_after = 180 * DAY };

/* Nothing special: fields that say "not said" by a number other than 0. */
#define QUIET .retry_after = -1, .max_age = -1, .ttl = -1

/* clang-format off */
static const char *const STATES[] = {
	[SOURCE_OK] = "ok", [SOURCE_FAILING] = "failing", [SOURCE_REFUSED] = "refused",
	[SOURCE_MALFORMED] = "malformed", [SOURCE_MOVED] = "moved",
	[SOURCE_WEB_PAGE] = "web-page", [SOURCE_STALE] = "stale", [SOURCE_GONE] = "gone",
	[SOURCE_CHANGED] = "changed"
};
/* clang-format on */

static const struct {
	const char *name;
	struct source before;
	struct poll_outcome outcome;
	enum source_state state;
	const char *note; /* NULL = none */
	int64_t failures;
	int64_t wait;       /* until the next poll */
	bool state_changed; /* state_since = NOW */
} cases[] = {
	/* clang-format off */
	/* Its first gap, 501,800 s, is what is known of its pace: root of (300 * 501800). */
	{ "a feed", { .state_since = 1, .last_entry = 1795000000 },
	    { .status = 200, .parsed = true, .has_new = true, QUIET },
	    SOURCE_OK, NULL, 0, 11969, false },
	{ "the first time", { .state_since = 0 }, { .status = 200, .parsed = true, QUIET },
	    SOURCE_OK, NULL, 0, 57 * MINUTE, true },
	/* Silent for 501,800 s: root of (300 * 250900). */
	{ "unchanged", { .state_since = 1, .last_entry = 1795000000 }, { .status = 304, QUIET },
	    SOURCE_OK, NULL, 0, 8375, false },
	{ "mended", { .state = SOURCE_FAILING, .state_since = 1, .failures = 9,
	    .last_entry = 1795000000 }, { .status = 304, QUIET },
	    SOURCE_OK, NULL, 0, 8375, true },
	{ "max-age is longer", { .state_since = 1 },
	    { .status = 200, .parsed = true, .retry_after = -1, .max_age = 4 * HOUR,
	    .ttl = 2 * HOUR },
	    SOURCE_OK, NULL, 0, 4 * HOUR - 300, false },
	{ "ttl is longer", { .state_since = 1 },
	    { .status = 200, .parsed = true, .retry_after = -1, .max_age = 5, .ttl = 2 * HOUR },
	    SOURCE_OK, NULL, 0, 2 * HOUR - 300, false },
	{ "a year of max-age is a day", { .state_since = 1 },
	    { .status = 304, .retry_after = -1, .max_age = 365 * DAY, .ttl = 365 * DAY },
	    SOURCE_OK, NULL, 0, DAY - 300, false },
	{ "Retry-After is kept to the second", { .state_since = 1 },
	    { .status = 503, .retry_after = 2 * HOUR, .max_age = -1, .ttl = -1 },
	    SOURCE_FAILING, "503 Service Unavailable", 1, 2 * HOUR, true },
	{ "Retry-After of a month is a day", { .state_since = 1 },
	    { .status = 503, .retry_after = 30 * DAY, .max_age = -1, .ttl = -1 },
	    SOURCE_FAILING, "503 Service Unavailable", 1, DAY, true },
	{ "a short Retry-After does not hurry us", { .state_since = 1 },
	    { .status = 429, .retry_after = 5, .max_age = -1, .ttl = -1 },
	    SOURCE_REFUSED, "429 Too Many Requests", 1, 57 * MINUTE, true },
	{ "first failure", { .state_since = 1 },
	    { .failure = HTTP_TIMEOUT, .message = "no answer within 20 s", QUIET },
	    SOURCE_FAILING, "no answer within 20 s", 1, 57 * MINUTE, true },
	{ "second failure", { .state = SOURCE_FAILING, .state_since = 1, .failures = 1 },
	    { .failure = HTTP_TIMEOUT, .message = "no answer within 20 s", QUIET },
	    SOURCE_FAILING, "no answer within 20 s", 2, 2 * HOUR - 300, false },
	{ "fourth failure", { .state = SOURCE_FAILING, .state_since = 1, .failures = 3 },
	    { .failure = HTTP_NO_CONNECT, .message = "no connection", QUIET },
	    SOURCE_FAILING, "no connection", 4, 8 * HOUR - 300, false },
	{ "hundredth failure", { .state = SOURCE_FAILING, .state_since = 1, .failures = 99 },
	    { .failure = HTTP_TLS, .message = "TLS: certificate expired", QUIET },
	    SOURCE_FAILING, "TLS: certificate expired", 100, DAY - 300, false },
	{ "not found", { .state_since = 1 }, { .status = 404, QUIET },
	    SOURCE_FAILING, "404 Not Found", 1, 57 * MINUTE, true },
	{ "forbidden", { .state_since = 1 }, { .status = 403, QUIET },
	    SOURCE_REFUSED, "403 Forbidden", 1, 57 * MINUTE, true },
	{ "only with a password", { .state_since = 1 }, { .status = 401, QUIET },
	    SOURCE_REFUSED, "401 Unauthorized", 1, 57 * MINUTE, true },
	{ "forbidden by law", { .state_since = 1 }, { .status = 451, QUIET },
	    SOURCE_REFUSED, "451 Unavailable For Legal Reasons", 1, 57 * MINUTE, true },
	{ "to be paid", { .state_since = 1 }, { .status = 402, QUIET },
	    SOURCE_FAILING, "402 Payment Required", 1, 57 * MINUTE, true },
	{ "a status nobody knows", { .state_since = 1 }, { .status = 299, QUIET },
	    SOURCE_FAILING, "an answer that means nothing to a feed reader", 1, 57 * MINUTE, true },
	{ "a web page", { .state_since = 1 },
	    { .status = 200, .web_page = true, .message = "web page; it links /atom", QUIET },
	    SOURCE_WEB_PAGE, "web page; it links /atom", 1, 57 * MINUTE, true },
	{ "no feed at all", { .state_since = 1 },
	    { .status = 200, .message = "XML line 1: no element", QUIET },
	    SOURCE_FAILING, "XML line 1: no element", 1, 57 * MINUTE, true },
	{ "damaged", { .state_since = 1 },
	    { .status = 200, .parsed = true, .damaged = true, .message = "XML line 88", QUIET },
	    SOURCE_MALFORMED, "XML line 88", 0, 57 * MINUTE, true },
	{ "damaged and unchanged", { .state = SOURCE_MALFORMED, .state_since = 1,
	    .state_note = "XML line 88" }, { .status = 304, QUIET },
	    SOURCE_MALFORMED, "XML line 88", 0, 57 * MINUTE, false },
	{ "moved", { .state_since = 1 },
	    { .status = 200, .parsed = true, .moved_to = "https://new.example/", QUIET },
	    SOURCE_MOVED, "https://new.example/", 0, 57 * MINUTE, true },
	{ "moved and unchanged", { .state = SOURCE_MOVED, .state_since = 1,
	    .state_note = "https://new.example/" },
	    { .status = 304, .moved_to = "https://new.example/", QUIET },
	    SOURCE_MOVED, "https://new.example/", 0, 57 * MINUTE, false },
	{ "moved on, to another place", { .state = SOURCE_MOVED, .state_since = 1,
	    .state_note = "https://old.example/" },
	    { .status = 200, .parsed = true, .moved_to = "https://new.example/", QUIET },
	    SOURCE_MOVED, "https://new.example/", 0, 57 * MINUTE, true },
	{ "another feed at its address", { .state_since = 1 },
	    { .status = 200, .parsed = true, .changed = "title and all", QUIET },
	    SOURCE_CHANGED, "title and all", 0, 57 * MINUTE, true },
	{ "unchanged since it became another", { .state = SOURCE_CHANGED, .state_since = 1,
	    .state_note = "title and all" }, { .status = 304, QUIET },
	    SOURCE_CHANGED, "title and all", 0, 57 * MINUTE, false },
	{ "no longer moved", { .state = SOURCE_MOVED, .state_since = 1 }, { .status = 304, QUIET },
	    SOURCE_OK, NULL, 0, 57 * MINUTE, true },
	{ "moved to what is no feed", { .state_since = 1 },
	    { .status = 200, .web_page = true, .moved_to = "https://new.example/", QUIET },
	    SOURCE_WEB_PAGE, "a web page, not a feed", 1, 57 * MINUTE, true },
	{ "gone, but not for long", { .state = SOURCE_FAILING, .state_since = 1795501800 - 29 * DAY,
	    .failures = 40, .state_note = "410 Gone" }, { .status = 410, QUIET },
	    SOURCE_FAILING, "410 Gone", 41, DAY - 300, false },
	{ "gone for long", { .state = SOURCE_FAILING, .state_since = 1795501800 - 30 * DAY,
	    .failures = 40, .state_note = "410 Gone" }, { .status = 410, QUIET },
	    SOURCE_GONE, "410 Gone", 41, 7 * DAY, true },
	{ "other trouble for long, and its first 410", { .state = SOURCE_FAILING,
	    .state_since = 1795501800 - 30 * DAY, .failures = 40,
	    .state_note = "500 Internal Server Error" }, { .status = 410, QUIET },
	    SOURCE_FAILING, "410 Gone", 41, DAY - 300, true },
	{ "one trouble behind another goes on", { .state = SOURCE_FAILING,
	    .state_since = 1795501800 - 30 * DAY, .failures = 40,
	    .state_note = "500 Internal Server Error" }, { .status = 404, QUIET },
	    SOURCE_FAILING, "404 Not Found", 41, DAY - 300, false },
	{ "no host for long", { .state = SOURCE_FAILING, .state_since = 1795501800 - 31 * DAY,
	    .failures = 40, .state_note = "host name does not exist" },
	    { .failure = HTTP_NO_HOST, .message = "host name does not exist", QUIET },
	    SOURCE_GONE, "host name does not exist", 41, 7 * DAY, true },
	{ "no connection for long is not gone", { .state = SOURCE_FAILING,
	    .state_since = 1795501800 - 31 * DAY, .failures = 40 },
	    { .failure = HTTP_NO_CONNECT, .message = "no connection", QUIET },
	    SOURCE_FAILING, "no connection", 41, DAY - 300, false },
	{ "one failure and a month of silence", { .state = SOURCE_FAILING,
	    .state_since = 1795501800 - 31 * DAY, .failures = 1,
	    .state_note = "410 Gone" }, { .status = 410, QUIET },
	    SOURCE_GONE, "410 Gone", 2, 7 * DAY, true },
	{ "no failure so far", { .state = SOURCE_FAILING,
	    .state_since = 1795501800 - 31 * DAY, .state_note = "410 Gone" },
	    { .status = 410, QUIET },
	    SOURCE_FAILING, "410 Gone", 1, 57 * MINUTE, false },
	{ "answered since", { .state = SOURCE_FAILING, .state_since = 1795501800 - 31 * DAY,
	    .last_ok = 1795501800 - DAY, .failures = 4, .state_note = "410 Gone" },
	    { .status = 410, QUIET },
	    SOURCE_FAILING, "410 Gone", 5, 16 * HOUR - 300, false },
	{ "gone stays gone", { .state = SOURCE_GONE, .state_since = 1795501800 - DAY,
	    .failures = 50 }, { .status = 410, QUIET },
	    SOURCE_GONE, "410 Gone", 51, 7 * DAY, false },
	{ "back from gone", { .state = SOURCE_GONE, .state_since = 1795501800 - DAY,
	    .failures = 50, .last_entry = 1795000000 },
	    { .status = 200, .parsed = true, QUIET },
	    SOURCE_OK, NULL, 0, 8375, true },
	/* Silent for 180 days: root of (300 * 90 days). */
	{ "stale", { .state_since = 1, .last_entry = 1795501800 - 180 * DAY },
	    { .status = 304, QUIET },
	    SOURCE_STALE, "no new entry for a long time", 0, 47999, true },
	{ "not yet stale", { .state_since = 1, .last_entry = 1795501800 - 180 * DAY + 1 },
	    { .status = 304, QUIET }, SOURCE_OK, NULL, 0, 47999, false },
	{ "a new entry ends staleness", { .state = SOURCE_STALE, .state_since = 1,
	    .last_entry = 1795501800 - 200 * DAY },
	    { .status = 200, .parsed = true, .has_new = true, QUIET },
	    SOURCE_OK, NULL, 0, 20 * HOUR - 300, true },
	{ "no entry ever is not stale", { .state_since = 1, .last_entry = TIME_NONE },
	    { .status = 304, QUIET }, SOURCE_OK, NULL, 0, 57 * MINUTE, false },
	/* 06:30 + 57 min = 07:27; hours 7 and 8 are skipped: 09:00. */
	{ "skipHours", { .state_since = 1 },
	    { .status = 200, .parsed = true, .skip_hours = 1u << 7 | 1u << 8, QUIET },
	    SOURCE_OK, NULL, 0, 2 * HOUR + 30 * MINUTE, false },
	{ "all hours skipped mean nothing", { .state_since = 1 },
	    { .status = 200, .parsed = true, .skip_hours = 0xffffff, QUIET },
	    SOURCE_OK, NULL, 0, 57 * MINUTE, false },
	{ "they mean nothing after midnight either", { .state_since = 1 },
	    { .status = 200, .parsed = true, .skip_hours = 0xffffff, .retry_after = 18 * HOUR, .max_age = -1,
	    .ttl = -1 }, SOURCE_OK, NULL, 0, 18 * HOUR, false },
	/* Tuesday is skipped: Wednesday 00:00 is 17 h 30 min away. */
	{ "skipDays", { .state_since = 1 }, { .status = 200, .parsed = true, .skip_days = 1u << 2, QUIET },
	    SOURCE_OK, NULL, 0, 17 * HOUR + 30 * MINUTE, false },
	{ "two days skipped are a day", { .state_since = 1 },
	    { .status = 200, .parsed = true, .skip_days = 1u << 2 | 1u << 3, QUIET },
	    SOURCE_OK, NULL, 0, 57 * MINUTE + DAY, false },
	/* What the last document said holds while it is unchanged. */
	{ "skipHours of before", { .state_since = 1, .skip_hours = 1u << 7 | 1u << 8 },
	    { .status = 304, QUIET }, SOURCE_OK, NULL, 0, 2 * HOUR + 30 * MINUTE, false },
	{ "ttl of before", { .state_since = 1, .ttl = 3 * HOUR }, { .status = 304, QUIET },
	    SOURCE_OK, NULL, 0, 3 * HOUR - 300, false },
	{ "a document takes back what it said", { .state_since = 1, .ttl = 3 * HOUR,
	    .skip_hours = 1u << 7 }, { .status = 200, .parsed = true, QUIET },
	    SOURCE_OK, NULL, 0, 57 * MINUTE, false }
};
/* clang-format on */

static void
expect_note(const char *name, const char *got, const char *want)
{
	if (!got != !want || (got && strcmp(got, want) != 0))
		fail_msg("%s: got note %s, want %s", name, got ? got : "(none)",
		    want ? want : "(none)");
}

static void
expect_int(const char *name, const char *what, int64_t got, int64_t want)
{
	if (got != want)
		fail_msg("%s: got %s %lld, want %lld", name, what, (long long)got,
		    (long long)want);
}

static void
settling(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *name = cases[i].name;
		struct source s = cases[i].before;

		poll_policy_apply(&s, &cases[i].outcome, &SET, NOW);
		if (s.state != cases[i].state)
			fail_msg("%s: got %s, want %s", name, STATES[s.state],
			    STATES[cases[i].state]);
		expect_note(name, s.state_note, cases[i].note);
		expect_int(name, "failures", s.failures, cases[i].failures);
		expect_int(name, "wait", s.next_poll - NOW, cases[i].wait);
		expect_int(name, "last_poll", s.last_poll, NOW);
		expect_int(name, "state_since", s.state_since,
		    cases[i].state_changed ? NOW : cases[i].before.state_since);
		expect_int(name, "last_ok", s.last_ok,
		    cases[i].failures == 0 ? NOW : cases[i].before.last_ok);
		expect_int(name, "last_entry", s.last_entry,
		    cases[i].outcome.has_new ? NOW : cases[i].before.last_entry);
	}
}

/* A feed that posts every 12 hours is asked each hour: from there the wait is the root. */
static void
seldom_posts_are_asked_for_seldom(void **state)
{
	static const struct {
		const char *name;
		int64_t pace, silence, next_issue, longest, ttl, want;
	} table[] = {
		{ "not known", 0, 0, 0, DAY, 0, 57 * MINUTE },
		{ "many a day", HOUR, 0, 0, DAY, 0, 57 * MINUTE },
		{ "twice a day", 12 * HOUR, 0, 0, DAY, 0, 57 * MINUTE },
		{ "every other day", 2 * DAY, 0, 0, DAY, 0, 2 * HOUR - 300 },
		/* 3 h 44 min 29 s: root of (300 * 604800) = 13469 */
		{ "weekly", 7 * DAY, 0, 0, DAY, 0, 13469 - 300 },
		/* root of (300 * 2592000) = 27885 */
		{ "monthly", 30 * DAY, 0, 0, DAY, 0, 27885 - 300 },
		{ "once in ten years", 3650 * DAY, 0, 0, DAY, 0, DAY - 300 },
		{ "no longer than longest", 30 * DAY, 0, 0, 2 * HOUR, 0, 2 * HOUR - 300 },
		{ "longest below every", 30 * DAY, 0, 0, 60, 0, 57 * MINUTE },
		{ "silent since a week", HOUR, 8 * DAY, 0, DAY, 0, 10182 - 300 },
		{ "an issue comes before", 30 * DAY, 0, 2 * HOUR, DAY, 0, 2 * HOUR },
		{ "an issue comes very soon", 30 * DAY, 0, 60, DAY, 0, 27885 - 300 },
		{ "an issue comes shortly after", 2 * DAY, 0, 2 * HOUR + 30 * MINUTE, DAY,
		    0, 2 * HOUR + 30 * MINUTE },
		{ "an issue comes after", 2 * DAY, 0, 4 * HOUR, DAY, 0, 2 * HOUR - 300 },
		{ "what it says counts before an issue", 30 * DAY, 0, 2 * HOUR, DAY,
		    5 * HOUR, 5 * HOUR - 300 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct source s = { .state_since = 1,
			.pace = table[i].pace,
			.ttl = table[i].ttl,
			.last_entry = table[i].silence ? NOW - table[i].silence : 0 };
		const struct poll_outcome o = { .status = 304, QUIET };
		struct poll_settings set = SET;

		set.longest = table[i].longest;
		set.next_issue =
		    table[i].next_issue ? NOW + table[i].next_issue : TIME_NONE;
		poll_policy_apply(&s, &o, &set, NOW);
		expect_int(table[i].name, "wait", s.next_poll - NOW, table[i].want);
	}
}

static void
the_pace_is_in_the_dates(void **state)
{
	static const struct {
		const char *name;
		int64_t ages[14]; /* 0 ends them; -1: no date */
		int64_t want;
	} table[] = {
		{ "no entry", { 0 }, 0 },
		{ "one entry", { DAY }, DAY },
		{ "no dates", { -1, -1, -1 }, 0 },
		{ "two", { DAY, 3 * DAY }, 2 * DAY },
		{ "in any order", { 3 * DAY, DAY, 2 * DAY }, DAY },
		{ "ahead of now is no date", { -HOUR, DAY, 3 * DAY }, 2 * DAY },
		{ "an old one is pinned", { 4000 * DAY, DAY, 2 * DAY }, DAY },
		{ "the newest ten",
		    { DAY, 2 * DAY, 3 * DAY, 4 * DAY, 5 * DAY, 6 * DAY, 7 * DAY, 8 * DAY,
			9 * DAY, 10 * DAY, 4000 * DAY, 5000 * DAY },
		    DAY },
		{ "all at once just now", { 1, 1, 1, 1 }, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct entry entries[14] = { { 0 } };
		size_t count = 0;

		for (; table[i].ages[count] != 0; count++) {
			entries[count].published = TIME_NONE;
			entries[count].updated = table[i].ages[count] == -1
			    ? TIME_NONE
			    : NOW - table[i].ages[count];
		}
		expect_int(table[i].name, "pace",
		    poll_policy_habit(entries, count, NOW).pace, table[i].want);
	}
}

/* NOW is half past six: hours 5, 6 and 7 are around it. */
static void
the_hours_are_in_the_dates(void **state)
{
	static const struct {
		const char *name;
		int64_t ages[11];
		uint32_t want;
	} table[] = {
		{ "always in this hour", { DAY, 2 * DAY, 3 * DAY, 4 * DAY, 5 * DAY },
		    0xe0 },
		{ "four show nothing", { DAY, 2 * DAY, 3 * DAY, 4 * DAY }, 0 },
		{ "around midnight",
		    { DAY + 6 * HOUR, 2 * DAY + 6 * HOUR, 3 * DAY + 6 * HOUR,
			4 * DAY + 7 * HOUR, 5 * DAY + 7 * HOUR },
		    1u << 22 | 1u << 23 | 1u | 1u << 1 },
		{ "midnight is no time of day",
		    { 6 * HOUR + 30 * MINUTE, DAY + 6 * HOUR + 30 * MINUTE,
			2 * DAY + 6 * HOUR + 30 * MINUTE,
			3 * DAY + 6 * HOUR + 30 * MINUTE,
			4 * DAY + 6 * HOUR + 30 * MINUTE,
			5 * DAY + 6 * HOUR + 30 * MINUTE },
		    0 },
		{ "round the clock",
		    { HOUR, 4 * HOUR, 7 * HOUR, 10 * HOUR, 13 * HOUR, 16 * HOUR,
			19 * HOUR, 22 * HOUR },
		    0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct entry entries[11] = { { 0 } };
		size_t count = 0;

		for (; table[i].ages[count] != 0; count++) {
			entries[count].published = NOW - table[i].ages[count];
			entries[count].updated = TIME_NONE;
		}
		expect_int(table[i].name, "hours",
		    poll_policy_habit(entries, count, NOW).hours, table[i].want);
	}
}

/* Every other day in the morning: the usual wait is two hours. */
static void
hours_without_posts_are_left_out(void **state)
{
	static const struct {
		const char *name;
		uint32_t hours;
		int64_t want;
	} table[] = { { "no habit", 0, 2 * HOUR - 300 },
		{ "in its hours", 1u << 6, 80 * MINUTE - 240 },
		/* Its hour begins at 9:00; until 10:00. */
		{ "before its hours", 1u << 9, 3 * HOUR + 30 * MINUTE - 300 },
		{ "long before", 1u << 20, 8 * HOUR - 300 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct source s = { .state_since = 1,
			.pace = 2 * DAY,
			.hours = table[i].hours };
		const struct poll_outcome o = { .status = 304, QUIET };

		poll_policy_apply(&s, &o, &SET, NOW);
		expect_int(table[i].name, "wait", s.next_poll - NOW, table[i].want);
	}
}

static void
undated_feeds_show_their_pace_as_they_post(void **state)
{
	struct source s = { .state_since = 1, .last_entry = 0 };
	struct poll_outcome o = { .status = 200, .parsed = true, .has_new = true, QUIET };

	(void)state;
	poll_policy_apply(&s, &o, &SET, NOW);
	expect_int("first", "pace", s.pace, 0);
	poll_policy_apply(&s, &o, &SET, NOW + 4 * DAY);
	expect_int("second", "pace", s.pace, 4 * DAY);
	poll_policy_apply(&s, &o, &SET, NOW + 12 * DAY);
	expect_int("third", "pace", s.pace, 5 * DAY);
	o.has_new = false;
	poll_policy_apply(&s, &o, &SET, NOW + 13 * DAY);
	expect_int("nothing new", "pace", s.pace, 5 * DAY);
}

/* What failed together, for a reason they share, does not come back in one minute. */
static void
failures_are_spread(void **state)
{
	const struct poll_outcome o = { .status = 500, QUIET };
	int64_t least = INT64_MAX;
	int64_t most = 0;

	(void)state;
	for (int64_t id = 1; id <= 100; id++) {
		struct source s = { .id = id, .state_since = 1, .failures = 2 };
		struct source again = s;

		poll_policy_apply(&s, &o, &SET, NOW);
		poll_policy_apply(&again, &o, &SET, NOW);
		expect_int("the same again", "wait", again.next_poll, s.next_poll);
		least = s.next_poll - NOW < least ? s.next_poll - NOW : least;
		most = s.next_poll - NOW > most ? s.next_poll - NOW : most;
	}
	assert_in_range(least, 3 * HOUR - 300, 3 * HOUR);
	assert_in_range(most, 4 * HOUR - 10 * MINUTE, 4 * HOUR - 300);
}

static void
short_and_long_intervals(void **state)
{
	static const struct {
		int64_t every;
		int64_t failures; /* before */
		bool fails;
		int64_t want;
	} table[] = {
		{ 0, 0, false, 0 },
		{ 0, 0, true, 57 },  /* a minute at least after a failure */
		{ 0, 3, true, 456 }, /* 8 minutes less a twentieth */
		{ 10 * MINUTE, 0, false, 570 }, { 10 * DAY, 0, false, 10 * DAY - 300 },
		{ 10 * DAY, 5, true, 10 * DAY - 300 } /* never sooner than asked for */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct source s = { .state_since = 1, .failures = table[i].failures };
		struct poll_outcome o = { .status = 304, QUIET };
		struct poll_settings set = SET;

		set.every = table[i].every;
		if (table[i].fails)
			o.status = 500;
		poll_policy_apply(&s, &o, &set, NOW);
		expect_int("every", "wait", s.next_poll - NOW, table[i].want);
	}
}

static void
what_blames_the_network(void **state)
{
	static const struct {
		const char *name;
		enum http_failure failure;
		bool want;
	} failures[] = { { "an answer, whatever its status", HTTP_OK, false },
		{ "no such host", HTTP_NO_HOST, true },
		{ "no connection", HTTP_NO_CONNECT, true }, { "TLS", HTTP_TLS, true },
		{ "timeout", HTTP_TIMEOUT, true }, { "too large", HTTP_TOO_LARGE, false },
		{ "a private address", HTTP_PRIVATE, false },
		{ "redirects", HTTP_REDIRECTS, false },
		{ "not asked at all", HTTP_HELD, false },
		{ "a file, a bad address", HTTP_OTHER, false } };

	(void)state;
	for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++) {
		if (poll_policy_never_arrived(failures[i].failure) != failures[i].want)
			fail_msg("%s: got %d, want %d", failures[i].name,
			    !failures[i].want, failures[i].want);
	}
}

/* Who was not asked, because its host said to wait, is asked when it may be: a day at most. */
static void
who_is_held_is_asked_later(void **state)
{
	static const struct {
		const char *name;
		int64_t next_poll; /* from now */
		int64_t seconds;
		int64_t want; /* from now */
	} table[] = {
		{ "due now", 0, 120, 120 },
		{ "long due", -5 * DAY, 120, 120 },
		{ "due later than that", 300, 120, 300 },
		{ "due a second earlier", 119, 120, 120 },
		{ "a day", 0, DAY, DAY },
		{ "more than a day", 0, DAY + 1, DAY },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		const struct source before = { .next_poll = NOW + table[i].next_poll,
			.last_poll = 5,
			.last_ok = 6,
			.state = SOURCE_FAILING,
			.state_since = 7,
			.failures = 3 };
		struct source s = before;

		poll_policy_hold(&s, table[i].seconds, DAY, NOW);
		expect_int(table[i].name, "wait", s.next_poll - NOW, table[i].want);
		expect_int(table[i].name, "last_poll", s.last_poll, 5);
		expect_int(table[i].name, "last_ok", s.last_ok, 6);
		expect_int(table[i].name, "state", s.state, SOURCE_FAILING);
		expect_int(table[i].name, "state_since", s.state_since, 7);
		expect_int(table[i].name, "failures", s.failures, 3);
	}
}

static const struct {
	const char *name;
	struct source s;
	enum follow_moves follow;
	bool adopts;
} moves[] = {
/* clang-format off */
#define MOVED .state = SOURCE_MOVED, .url = "https://a.example/feed", \
	.state_note = "https://b.example/feed"
	{ "a week at one place", { MOVED, .state_since = 1795501800 - 7 * DAY, .state_runs = 3 },
	  FOLLOW_YES, true },
	{ "a second less", { MOVED, .state_since = 1795501800 - 7 * DAY + 1, .state_runs = 99 },
	  FOLLOW_YES, false },
	{ "seen twice in a month", { MOVED, .state_since = 1795501800 - 30 * DAY,
	  .state_runs = 2 }, FOLLOW_YES, false },
	{ "a person is asked", { MOVED, .state_since = 1795501800 - 30 * DAY, .state_runs = 9 },
	  FOLLOW_ASK, false },
	{ "nobody moves", { MOVED, .state_since = 1795501800 - 30 * DAY, .state_runs = 9 },
	  FOLLOW_NO, false },
	{ "it answers where it was", { .state = SOURCE_OK, .url = "https://a.example/feed",
	  .state_since = 1, .state_runs = 9 }, FOLLOW_YES, false },
	{ "https alone is new", { .state = SOURCE_MOVED, .url = "http://a.example/feed",
	  .state_note = "https://a.example/feed", .state_since = 1795501800, .state_runs = 1 },
	  FOLLOW_ASK, true },
	{ "https alone, where none is followed", { .state = SOURCE_MOVED,
	  .url = "http://a.example/feed", .state_note = "https://a.example/feed",
	  .state_since = 1795501800 - 30 * DAY, .state_runs = 9 }, FOLLOW_NO, false },
	{ "https and another path", { .state = SOURCE_MOVED, .url = "http://a.example/feed",
	  .state_note = "https://a.example/", .state_since = 1795501800, .state_runs = 1 },
	  FOLLOW_YES, false },
	{ "back to http", { .state = SOURCE_MOVED, .url = "https://a.example/feed",
	  .state_note = "http://a.example/feed", .state_since = 1795501800, .state_runs = 1 },
	  FOLLOW_YES, false },
#undef MOVED
	/* clang-format on */
};

static void
moves_are_followed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(moves); i++)
		if (poll_policy_adopts(&moves[i].s, moves[i].follow, NOW) !=
		    moves[i].adopts)
			fail_msg("%s: got %d", moves[i].name, !moves[i].adopts);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(moves_are_followed),
		cmocka_unit_test(settling), cmocka_unit_test(short_and_long_intervals),
		cmocka_unit_test(seldom_posts_are_asked_for_seldom),
		cmocka_unit_test(the_pace_is_in_the_dates),
		cmocka_unit_test(the_hours_are_in_the_dates),
		cmocka_unit_test(hours_without_posts_are_left_out),
		cmocka_unit_test(undated_feeds_show_their_pace_as_they_post),
		cmocka_unit_test(failures_are_spread),
		cmocka_unit_test(who_is_held_is_asked_later),
		cmocka_unit_test(what_blames_the_network) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

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
enum { NOW_IS = 1795501800 };
static const int64_t NOW = NOW_IS;
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
	/* 06:30: from the next hour of the others to the fifth of the next day. */
	{ "all hours but one are skipped", { .state_since = 1 },
	    { .status = 200, .parsed = true, .skip_hours = 0xffffff & ~(1u << 5), QUIET },
	    SOURCE_OK, NULL, 0, 22 * HOUR + 30 * MINUTE, false },
	{ "all days skipped mean nothing", { .state_since = 1 },
	    { .status = 200, .parsed = true, .skip_days = 0x7f, QUIET },
	    SOURCE_OK, NULL, 0, 57 * MINUTE, false },
	{ "all days but this one", { .state_since = 1 },
	    { .status = 200, .parsed = true, .skip_days = 0x7f & ~(1u << 2), QUIET },
	    SOURCE_OK, NULL, 0, 57 * MINUTE, false },
	{ "the first host that is not there behind other trouble", { .state = SOURCE_FAILING,
	    .state_since = 1, .failures = 1, .state_note = "404 Not Found" },
	    { .failure = HTTP_NO_HOST, .message = "host name does not exist", QUIET },
	    SOURCE_FAILING, "host name does not exist", 2, 2 * HOUR - 300, true },
	{ "a 410 that did not come whole", { .state = SOURCE_FAILING,
	    .state_since = 1, .failures = 1, .state_note = "410 Gone" },
	    { .failure = HTTP_OTHER, .status = 410, .message = "broken", QUIET },
	    SOURCE_FAILING, "broken", 2, 2 * HOUR - 300, false },
	{ "a failure without words", { .state_since = 1 },
	    { .failure = HTTP_OTHER, .message = "", QUIET },
	    SOURCE_FAILING, "no answer", 1, 57 * MINUTE, true },
	{ "a status nobody knows, with words", { .state_since = 1 },
	    { .status = 299, .message = "odd", QUIET },
	    SOURCE_FAILING, "odd", 1, 57 * MINUTE, true },
	{ "no feed, without words", { .state_since = 1 }, { .status = 200, QUIET },
	    SOURCE_FAILING, "no feed", 1, 57 * MINUTE, true },
	{ "damaged, without words", { .state_since = 1 },
	    { .status = 200, .parsed = true, .damaged = true, QUIET },
	    SOURCE_MALFORMED, "damaged", 0, 57 * MINUTE, true },
	{ "mended by a new document", { .state = SOURCE_MALFORMED, .state_since = 1,
	    .state_note = "XML line 88" }, { .status = 200, .parsed = true, QUIET },
	    SOURCE_OK, NULL, 0, 57 * MINUTE, true },
	{ "another's posts, unchanged", { .state = SOURCE_DUPLICATE, .state_since = 1,
	    .state_note = "as b" }, { .status = 304, QUIET },
	    SOURCE_DUPLICATE, "as b", 0, 57 * MINUTE, false },
	{ "another's posts no more", { .state = SOURCE_DUPLICATE, .state_since = 1,
	    .state_note = "as b" }, { .status = 200, .parsed = true, QUIET },
	    SOURCE_OK, NULL, 0, 57 * MINUTE, true },
	{ "the old feed again", { .state = SOURCE_CHANGED, .state_since = 1,
	    .state_note = "title and all" }, { .status = 200, .parsed = true, QUIET },
	    SOURCE_OK, NULL, 0, 57 * MINUTE, true },
	{ "changed rather than moved", { .state_since = 1 },
	    { .status = 200, .parsed = true, .changed = "title", .moved_to = "x", .damaged = true,
	    QUIET }, SOURCE_CHANGED, "title", 0, 57 * MINUTE, true },
	{ "moved rather than damaged", { .state_since = 1 },
	    { .status = 200, .parsed = true, .moved_to = "x", .damaged = true, QUIET },
	    SOURCE_MOVED, "x", 0, 57 * MINUTE, true },
	/* The root of (300 * half of the time since 1970) is longer than a day. */
	{ "an entry of the first second", { .state_since = 1, .last_entry = 1 },
	    { .status = 304, QUIET },
	    SOURCE_STALE, "no new entry for a long time", 0, DAY - 300, true },
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

/* What a document says of itself holds until the next document. */
static void
expect_said(const char *name, const struct source *s, const struct source *before,
    const struct poll_outcome *o)
{
	expect_int(name, "ttl", s->ttl,
	    !o->parsed       ? before->ttl
		: o->ttl > 0 ? o->ttl
			     : 0);
	expect_int(name, "skip_hours", s->skip_hours,
	    o->parsed ? o->skip_hours : before->skip_hours);
	expect_int(name, "skip_days", s->skip_days,
	    o->parsed ? o->skip_days : before->skip_days);
	expect_int(name, "hours", s->hours, o->parsed ? o->habit.hours : before->hours);
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
		expect_int(name, "state_runs", s.state_runs,
		    cases[i].state_changed ? 1 : cases[i].before.state_runs + 1);
		expect_said(name, &s, &cases[i].before, &cases[i].outcome);
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
		/* An hour is the least, so that 1 h 55 min must not end within one before it. */
		{ "an issue comes as soon as it may", 2 * DAY, 0, HOUR, DAY, 0, HOUR },
		{ "a second sooner", 2 * DAY, 0, HOUR - 1, DAY, 0, 2 * HOUR - 300 },
		{ "an issue an hour behind", 2 * DAY, 0, 3 * HOUR - 300, DAY, 0,
		    2 * HOUR - 300 },
		{ "a second less behind", 2 * DAY, 0, 3 * HOUR - 301, DAY, 0,
		    3 * HOUR - 301 },
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
		/* The gaps of the newest ten are 1 to 10 days: 6 has five before it. */
		{ "oldest first",
		    { 91 * DAY, 78 * DAY, 66 * DAY, 55 * DAY, 45 * DAY, 36 * DAY,
			28 * DAY, 21 * DAY, 15 * DAY, 10 * DAY, 6 * DAY, 3 * DAY, DAY },
		    6 * DAY },
		{ "some behind newer ones",
		    { 45 * DAY, 3 * DAY, 91 * DAY, 21 * DAY, DAY, 66 * DAY, 36 * DAY,
			6 * DAY, 55 * DAY, 28 * DAY, 78 * DAY, 10 * DAY, 15 * DAY },
		    6 * DAY },
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
		{ "the fifth is before 1970",
		    { DAY, 2 * DAY, 3 * DAY, 4 * DAY, NOW + HOUR }, 0 },
		{ "the fifth is at midnight",
		    { DAY, 2 * DAY, 3 * DAY, 4 * DAY, 6 * HOUR + 30 * MINUTE }, 0 },
		/* 0 to 14, and 15. */
		{ "sixteen hours",
		    { DAY + 5 * HOUR, DAY + 2 * HOUR, DAY - HOUR, DAY - 4 * HOUR,
			DAY - 7 * HOUR, DAY - 8 * HOUR },
		    0xffff },
		{ "seventeen hours",
		    { DAY + 5 * HOUR, DAY + 2 * HOUR, DAY - HOUR, DAY - 4 * HOUR,
			DAY - 7 * HOUR, DAY - 9 * HOUR },
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

/* A post of this second counts as one from before, and so does its hour. */
static void
what_is_dated_now_has_a_date(void **state)
{
	struct entry entries[5] = { { 0 } };
	struct poll_habit habit;

	(void)state;
	for (int i = 0; i < 5; i++)
		entries[i].published = NOW;
	habit = poll_policy_habit(entries, 5, NOW);
	expect_int("now", "pace", habit.pace, 1);
	expect_int("now", "hours", habit.hours, 0xe0);
	habit = poll_policy_habit(entries, 5, NOW - 1);
	expect_int("a second ahead", "pace", habit.pace, 0);
	expect_int("a second ahead", "hours", habit.hours, 0);
}

/* Every other day in the morning: the usual wait is two hours. */
static void
hours_without_posts_are_left_out(void **state)
{
	static const struct {
		const char *name;
		uint32_t hours;
		int64_t every, want;
	} table[] = { { "no habit", 0, HOUR, 2 * HOUR - 300 },
		{ "in its hours", 1u << 6, HOUR, 80 * MINUTE - 240 },
		{ "in the hour before", 1u << 7, HOUR, 90 * MINUTE - 270 },
		/* Its hour begins at 9:00; until 10:00. */
		{ "before its hours", 1u << 9, HOUR, 3 * HOUR + 30 * MINUTE - 300 },
		{ "the first of them counts", 1u << 9 | 1u << 10 | 1u << 5, HOUR,
		    3 * HOUR + 30 * MINUTE - 300 },
		{ "seven hours", 1u << 12, HOUR, 6 * HOUR + 30 * MINUTE - 300 },
		{ "a quarter as often ends in its hour", 1u << 14, HOUR, 8 * HOUR - 300 },
		{ "long before", 1u << 20, HOUR, 8 * HOUR - 300 },
		/* The usual wait is the root of (900 * 2 days), 12470 s. */
		{ "never sooner than it may", 1u << 7, 3 * HOUR, 3 * HOUR - 300 },
		{ "nor in its hours", 1u << 6, 3 * HOUR, 3 * HOUR - 300 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct source s = { .state_since = 1,
			.pace = 2 * DAY,
			.hours = table[i].hours };
		const struct poll_outcome o = { .status = 304, QUIET };
		struct poll_settings set = SET;

		set.every = table[i].every;
		poll_policy_apply(&s, &o, &set, NOW);
		expect_int(table[i].name, "wait", s.next_poll - NOW, table[i].want);
	}
}

/* The first hour of all is an hour; before it there is no habit. */
static void
hours_begin_in_1970(void **state)
{
	static const struct {
		int64_t now, want;
	} table[] = { { 0, 80 * MINUTE - 240 }, { -1, 2 * HOUR - 300 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct source s = { .state_since = 1, .pace = 2 * DAY, .hours = 1 };
		const struct poll_outcome o = { .status = 304, QUIET };
		struct poll_settings set = SET;

		set.every = HOUR;
		poll_policy_apply(&s, &o, &set, table[i].now);
		expect_int("1970", "wait", s.next_poll - table[i].now, table[i].want);
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

static void
dates_count_before_what_is_seen(void **state)
{
	static const struct {
		const char *name;
		bool parsed, has_new;
		int64_t habit, last_entry, before, want;
	} table[] = {
		{ "its dates", true, true, 7, NOW_IS - DAY, 100, 7 },
		{ "dates a second apart", true, true, 1, NOW_IS - DAY, 100, 1 },
		{ "no document", false, false, 7, NOW_IS - DAY, 100, 100 },
		{ "no dates, nothing new", true, false, 0, NOW_IS - DAY, 100, 100 },
		{ "no entry before", true, true, 0, 0, 100, 100 },
		{ "an entry of the first second", true, true, 0, 1, 0, NOW_IS - 1 },
		{ "the last one now", true, true, 0, NOW_IS, 100, 100 },
		{ "the last one a second ago", true, true, 0, NOW_IS - 1, 0, 1 },
		{ "the last one ahead", true, true, 0, NOW_IS + 5, 100, 100 },
		{ "with the pace so far", true, true, 0, NOW_IS - 1000, 1, 250 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct source s = { .state_since = 1,
			.pace = table[i].before,
			.last_entry = table[i].last_entry };
		const struct poll_outcome o = { .status = 200,
			.parsed = table[i].parsed,
			.has_new = table[i].has_new,
			.habit = { .pace = table[i].habit },
			QUIET };

		poll_policy_apply(&s, &o, &SET, NOW);
		expect_int(table[i].name, "pace", s.pace, table[i].want);
	}
}

static const struct {
	const char *name;
	struct source before;
	struct poll_outcome outcome;
	int64_t slow_ms;
	enum source_state state, told;
	const char *note;
} slow_cases[] = {
/* clang-format off */
#define SLOW_NOTE "it takes more than half of fetch.timeout to answer"
#define TOLD .state_since = 1, .told = SOURCE_MOVED
	{ "quick", { TOLD }, { .status = 304, .ms = 999, QUIET }, 1000,
	  SOURCE_OK, SOURCE_OK, NULL },
	{ "slow", { TOLD }, { .status = 304, .ms = 1000, QUIET }, 1000,
	  SOURCE_SLOW, SOURCE_OK, SLOW_NOTE },
	{ "slow by a millisecond", { TOLD }, { .status = 304, .ms = 1, QUIET }, 1,
	  SOURCE_SLOW, SOURCE_OK, SLOW_NOTE },
	{ "nothing is slow", { TOLD }, { .status = 304, .ms = 99999, QUIET }, 0,
	  SOURCE_OK, SOURCE_OK, NULL },
	{ "slow and stale", { TOLD, .last_entry = 5 }, { .status = 304, .ms = 1000, QUIET }, 1000,
	  SOURCE_STALE, SOURCE_OK, "no new entry for a long time" },
	{ "slow and another's", { TOLD },
	  { .status = 200, .parsed = true, .same_as = "as b", .ms = 1000, QUIET }, 1000,
	  SOURCE_DUPLICATE, SOURCE_MOVED, "as b" },
	{ "damaged and another's", { TOLD },
	  { .status = 200, .parsed = true, .damaged = true, .same_as = "as b", .ms = 1000, QUIET },
	  1000, SOURCE_MALFORMED, SOURCE_MOVED, "damaged" },
	{ "a slow failure", { TOLD }, { .status = 500, .ms = 1000, QUIET }, 1000,
	  SOURCE_FAILING, SOURCE_MOVED, "500 Internal Server Error" },
#undef TOLD
	/* clang-format on */
};

static void
slow_answers_are_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(slow_cases); i++) {
		const char *name = slow_cases[i].name;
		struct source s = slow_cases[i].before;
		struct poll_settings set = SET;

		set.slow_ms = slow_cases[i].slow_ms;
		poll_policy_apply(&s, &slow_cases[i].outcome, &set, NOW);
		expect_int(name, "state", s.state, slow_cases[i].state);
		expect_int(name, "told", s.told, slow_cases[i].told);
		expect_note(name, s.state_note, slow_cases[i].note);
	}
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

/* The lot is the first octet of ((id * 64 + failures) * 0x9e3779b97f4a7c15), of 64 bits. */
static void
the_lot_is_drawn_from_the_second_failure_on(void **state)
{
	static const struct {
		int64_t id, failures, want;
	} table[] = { { 1, 0, 57 * MINUTE },
		{ 1, 1,
		    2 * HOUR - 1420 - 289 }, /* a quarter of 2 hours times 202 / 256 */
		{ 1, 2, 4 * HOUR - 300 - 3600 * 104 / 256 },
		{ 2, 1, 2 * HOUR - 300 - 1800 * 88 / 256 },
		{ 7, 2, 4 * HOUR - 300 - 3600 * 187 / 256 } };
	const struct poll_outcome o = { .status = 500, QUIET };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct source s = { .id = table[i].id,
			.state_since = 1,
			.failures = table[i].failures };

		poll_policy_apply(&s, &o, &SET, NOW);
		expect_int("lot", "wait", s.next_poll - NOW, table[i].want);
	}
}

static void
short_and_long_intervals(void **state)
{
	static const struct {
		int64_t every;
		int64_t failures; /* before */
		long status;
		int64_t want;
	} table[] = { { 0, 0, 304, 0 },
		{ 0, 0, 500, 57 },  /* a minute at least after a failure */
		{ 0, 3, 500, 456 }, /* 8 minutes less a twentieth */
		{ 10 * MINUTE, 0, 304, 570 }, { 10 * DAY, 0, 304, 10 * DAY - 300 },
		{ 10 * DAY, 5, 500, 10 * DAY - 300 }, /* never sooner than asked for */
		{ 10 * MINUTE, 0, 500, 570 },
		{ 10 * MINUTE, 0, 403, 3420 }, /* an hour at least after a refusal */
		{ 10 * MINUTE, 4, 403, 160 * MINUTE - 300 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct source s = { .state_since = 1, .failures = table[i].failures };
		const struct poll_outcome o = { .status = table[i].status, QUIET };
		struct poll_settings set = SET;

		set.every = table[i].every;
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
	{ "to nowhere", { .state = SOURCE_MOVED, .url = "https://a.example/feed",
	  .state_since = 1795501800 - 30 * DAY, .state_runs = 9 }, FOLLOW_YES, false },
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

static void
only_the_scheme_may_differ(void **state)
{
	static const struct {
		const char *from, *to;
		bool want;
	} table[] = { { "http://a.example/x", "https://a.example/x", true },
		{ "http://a.example/x", "http://a.example/x", false },
		{ "https://a.example/x", "https://a.example/x", false },
		{ "http://a.example/x", "https://a.example/y", false },
		{ "http:/xa.example/x", "https://a.example/x", false },
		{ "http://a.example/x", "https:/xa.example/x", false } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (poll_policy_is_made_safe(table[i].from, table[i].to) != table[i].want)
			fail_msg("%s to %s: got %d", table[i].from, table[i].to,
			    !table[i].want);
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
		cmocka_unit_test(hours_begin_in_1970),
		cmocka_unit_test(undated_feeds_show_their_pace_as_they_post),
		cmocka_unit_test(what_is_dated_now_has_a_date),
		cmocka_unit_test(dates_count_before_what_is_seen),
		cmocka_unit_test(slow_answers_are_answers),
		cmocka_unit_test(only_the_scheme_may_differ),
		cmocka_unit_test(failures_are_spread),
		cmocka_unit_test(the_lot_is_drawn_from_the_second_failure_on),
		cmocka_unit_test(who_is_held_is_asked_later),
		cmocka_unit_test(what_blames_the_network) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

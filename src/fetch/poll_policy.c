/* SPDX-License-Identifier: ISC */
#include "fetch/poll_policy.h"

#include <string.h>

#include "fetch/http_errors.h"

enum {
	DAY = 24 * 60 * 60,
	HOUR = 60 * 60,
	WEEK = 7 * DAY,
	ADOPT_RUNS = 3,     /* a move that was seen so often and for a week is meant */
	SLACK_MAX = 300,    /* see patience() */
	BACKOFF_MIN = 60,   /* first wait after a failure when `every` is shorter */
	REFUSED_MIN = HOUR, /* who refused us is not asked again sooner */
	PACE_POSTS = 10,    /* the newest, whose dates tell a feed's pace */
	PACE_EVERY = 12,    /* a feed whose pace is so many `every` is asked each time */
	HABIT_POSTS = 5,    /* fewer show no hours */
	HABIT_HOURS = 16    /* more hours are no habit */
};

static int64_t
larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t
smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

bool
poll_policy_never_arrived(enum http_failure failure)
{
	switch (failure) {
	case HTTP_NO_HOST:
	case HTTP_NO_CONNECT:
	case HTTP_TLS:
	case HTTP_TIMEOUT:
		return true;
	case HTTP_OK:
	case HTTP_TOO_LARGE:
	case HTTP_PRIVATE:
	case HTTP_REDIRECTS:
	case HTTP_HELD:
	case HTTP_OTHER:
		break;
	}
	return false;
}

/* ---- what an answer means ---- */

/* A state and the words for it. */
struct verdict {
	enum source_state state;
	const char *note;
	bool answered; /* the feed, or that it is unchanged */
};

static const char *
text_or(const char *text, const char *otherwise)
{
	return text && *text ? text : otherwise;
}

static bool
is_same_note(const struct source *s, const char *note)
{
	return s->state_note && note && strcmp(s->state_note, note) == 0;
}

/*
 * True when this very failure has lasted so long that nobody waits for the feed any more: a
 * month of other trouble does not make its first 410 final.
 */
static bool
is_gone(const struct source *s, const char *note, const struct poll_settings *set,
    int64_t now)
{
	int64_t since = larger(s->state_since, s->last_ok);

	if (s->state == SOURCE_GONE)
		return true;
	return s->state == SOURCE_FAILING && s->failures > 0 && is_same_note(s, note) &&
	    now - since >= set->gone_after;
}

static struct verdict
judge_status(const struct source *s, const struct poll_outcome *o,
    const struct poll_settings *set, int64_t now)
{
	struct verdict v = { SOURCE_FAILING, http_reason(o->status), false };

	switch (o->status) {
	case 410:
		if (is_gone(s, v.note, set, now))
			v.state = SOURCE_GONE;
		break;
	case 401:
	case 403:
	case 429:
	case 451:
		v.state = SOURCE_REFUSED;
		break;
	default:
		break;
	}
	if (*v.note == '\0')
		v.note =
		    text_or(o->message, "an answer that means nothing to a feed reader");
	return v;
}

static struct verdict
judge_document(const struct source *s, const struct poll_outcome *o)
{
	bool unchanged = o->status == 304;
	struct verdict v = { SOURCE_OK, NULL, true };

	if (o->changed) {
		v.state = SOURCE_CHANGED;
		v.note = o->changed;
	} else if (unchanged && s->state == SOURCE_CHANGED) {
		v.state = s->state;
		v.note = s->state_note;
	} else if (o->moved_to) {
		v.state = SOURCE_MOVED;
		v.note = o->moved_to;
	} else if (o->damaged) {
		v.state = SOURCE_MALFORMED;
		v.note = text_or(o->message, "damaged");
	} else if (unchanged &&
	    (s->state == SOURCE_MALFORMED || s->state == SOURCE_DUPLICATE)) {
		/* What did not change is as damaged as it was. */
		v.state = s->state;
		v.note = s->state_note;
	}
	return v;
}

static struct verdict
judge(const struct source *s, const struct poll_outcome *o,
    const struct poll_settings *set, int64_t now)
{
	struct verdict v = { SOURCE_FAILING, text_or(o->message, "no answer"), false };

	if (o->failure != HTTP_OK) {
		if (o->failure == HTTP_NO_HOST && is_gone(s, v.note, set, now))
			v.state = SOURCE_GONE;
		return v;
	}
	if (o->status == 304 || (o->status == 200 && o->parsed))
		return judge_document(s, o);
	if (o->status == 200) {
		v.state = o->web_page ? SOURCE_WEB_PAGE : SOURCE_FAILING;
		v.note = text_or(o->message,
		    o->web_page ? "a web page, not a feed" : "no feed");
		return v;
	}
	return judge_status(s, o, set, now);
}

/* ---- when to ask again ---- */

/*
 * A timer that fires each hour fires some seconds early or late.  Without slack every second
 * run would find the feed not yet due, and a daily run would skip a day.
 */
static int64_t
patience(int64_t wait)
{
	return wait - smaller(wait / 20, SLACK_MAX);
}

/* 0 = Thursday 1 January 1970 shifted so that 0 = Sunday. */
static unsigned
weekday(int64_t t)
{
	return (unsigned)((t / DAY + 4) % 7);
}

static unsigned
hour_of(int64_t t)
{
	return (unsigned)(t % DAY / HOUR);
}

/*
 * Moves t out of the hours and days a feed does not want to be asked in (RSS 2.0), a day at
 * most.  A feed that skips all hours or all days means nothing by it.
 */
static int64_t
leave_skipped(int64_t t, uint32_t hours, unsigned days)
{
	int64_t limit = t + DAY;

	if ((hours & 0xffffff) == 0xffffff)
		hours = 0;
	if ((days & 0x7f) == 0x7f)
		days = 0;
	while (t < limit && t >= 0 &&
	    ((hours >> hour_of(t) & 1) != 0 || (days >> weekday(t) & 1) != 0))
		t = (t / HOUR + 1) * HOUR;
	return smaller(t, limit);
}

/* A number from 0 to 255 that says nothing, the same for the same source and failure. */
static int64_t
lot(int64_t id, int64_t failures)
{
	const uint64_t mixed =
	    (uint64_t)(id * 64 + failures) * UINT64_C(0x9e3779b97f4a7c15);

	return id == 0 ? 0 : (int64_t)(mixed >> 56);
}

/* After failures: the usual wait doubled each time, then less up to a quarter. */
static int64_t
backoff(const struct source *s, int64_t every, int64_t cap)
{
	int64_t wait = larger(every, BACKOFF_MIN);

	for (int64_t i = 1; i < s->failures && wait < cap; i++)
		wait *= 2;
	wait = smaller(wait, larger(cap, every));
	if (s->failures > 1)
		wait -= wait / 4 * lot(s->id, s->failures) / 256;
	return larger(wait, every);
}

/* By Newton; n is not negative. */
static int64_t
root(int64_t n)
{
	int64_t r = n;

	for (int64_t next = n / 2 + 1; next < r; next = (r + n / r) / 2)
		r = next;
	return r;
}

/* The hours of so many instants, each with the one before and the one behind. */
static uint32_t
hours_of(const int64_t *instants, size_t count)
{
	uint32_t hours = 0;
	int known = 0;
	int set = 0;

	for (size_t i = 0; i < count; i++) {
		const unsigned hour = hour_of(instants[i]);

		/* Midnight to the second is a date without a time of day. */
		if (instants[i] < 0 || instants[i] % DAY == 0)
			continue;
		known++;
		hours |= 1u << hour | 1u << (hour + 1) % 24 | 1u << (hour + 23) % 24;
	}
	for (int i = 0; i < 24; i++)
		set += (int)(hours >> i & 1);
	return known >= HABIT_POSTS && set <= HABIT_HOURS ? hours : 0;
}

/*
 * The middle one of the gaps between so many instants, newest first, and of the one since the
 * newest: a post from years ago that is pinned to a feed changes nothing.
 */
static int64_t
middle_gap(const int64_t *newest, size_t count, int64_t now)
{
	int64_t gaps[PACE_POSTS];

	for (size_t i = 0; i < count; i++) {
		const int64_t gap = (i == 0 ? now : newest[i - 1]) - newest[i];
		size_t at = i;

		for (; at > 0 && gaps[at - 1] > gap; at--)
			gaps[at] = gaps[at - 1];
		gaps[at] = gap;
	}
	return count > 0 ? larger(gaps[count / 2], 1) : 0;
}

struct poll_habit
poll_policy_habit(const struct entry *entries, size_t count, int64_t now)
{
	int64_t newest[PACE_POSTS];
	struct poll_habit habit = { 0 };
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		const struct entry *e = &entries[i];
		int64_t t = e->published != TIME_NONE ? e->published : e->updated;
		size_t at = kept;

		if (t == TIME_NONE || t > now)
			continue;
		while (at > 0 && newest[at - 1] < t)
			at--;
		if (at == PACE_POSTS)
			continue;
		kept += kept < PACE_POSTS;
		for (size_t k = kept - 1; k > at; k--)
			newest[k] = newest[k - 1];
		newest[at] = t;
	}
	habit.pace = middle_gap(newest, kept, now);
	habit.hours = hours_of(newest, kept);
	return habit;
}

/* A feed without dates shows its pace by when it brings something. */
static int64_t
learn_pace(const struct source *s, const struct poll_outcome *o, int64_t now)
{
	int64_t gap = 0;

	if (o->parsed && o->habit.pace > 0)
		return o->habit.pace;
	if (!o->has_new || s->last_entry <= 0 || s->last_entry >= now)
		return s->pace;
	gap = now - s->last_entry;
	return s->pace > 0 ? (3 * s->pace + gap) / 4 : gap;
}

/*
 * A feed that has posted in some hours only is asked a quarter as often in the others, until the
 * first of them is over, and in them a little more often.
 */
static int64_t
keep_hours(uint32_t hours, int64_t wait, int64_t every, int64_t now)
{
	const int64_t end = now + 4 * wait;
	int64_t t = (now / HOUR + 1) * HOUR;

	if (hours == 0 || now < 0)
		return wait;
	if (hours >> hour_of(now) & 1)
		return larger(every, wait * 2 / 3);
	while (t < end && (hours >> hour_of(t) & 1) == 0)
		t += HOUR;
	return larger(every, smaller(end, t + HOUR) - now);
}

/* What is posted before an issue is in it: the feed is asked then, and not shortly before. */
static int64_t
meet_issue(int64_t wait, const struct poll_settings *set, int64_t now)
{
	const int64_t left = set->next_issue > now ? set->next_issue - now : 0;

	return left >= set->every && wait > left - set->every ? left : wait;
}

/*
 * For a number of requests, posts wait the shortest when each feed's interval is as the root of
 * its pace (Sia, Cho, Cho: Efficient monitoring algorithm for fast news alerts, 2007).  Who has
 * been silent for longer than twice the pace has slowed down.
 */
static int64_t
learned_wait(const struct source *s, const struct poll_settings *set, int64_t now)
{
	int64_t pace = s->pace;
	int64_t wait = set->every;

	if (s->last_entry > 0)
		pace = larger(pace, (now - s->last_entry) / 2);
	if (pace <= 0)
		return patience(wait);
	pace = smaller(pace, set->longest * set->longest);
	wait = larger(wait, root(set->every / PACE_EVERY * pace));
	wait = keep_hours(s->hours, wait, set->every, now);
	wait = patience(smaller(wait, larger(set->longest, set->every)));
	return meet_issue(wait, set, now);
}

static int64_t
next_poll(const struct source *s, const struct poll_outcome *o,
    const struct poll_settings *set, int64_t now)
{
	const int64_t cap = larger(set->longest, set->every);
	int64_t wait = set->every;

	if (s->state == SOURCE_GONE)
		return now + WEEK;
	if (s->failures > 0) {
		wait = backoff(s, set->every, cap);
		if (s->state == SOURCE_REFUSED)
			wait = larger(wait, REFUSED_MIN);
	} else {
		wait = larger(wait, smaller(larger(o->max_age, s->ttl), cap));
	}
	wait = larger(patience(wait), smaller(o->retry_after, cap));
	if (s->failures == 0)
		wait = larger(wait, learned_wait(s, set, now));
	return leave_skipped(now + wait, s->skip_hours, s->skip_days);
}

void
poll_policy_hold(struct source *s, int64_t seconds, int64_t longest, int64_t now)
{
	s->next_poll = larger(s->next_poll, now + smaller(seconds, longest));
}

static bool
may_be_gone(const struct poll_outcome *o)
{
	return o->failure == HTTP_NO_HOST || (o->failure == HTTP_OK && o->status == 410);
}

bool
poll_policy_is_made_safe(const char *from, const char *to)
{
	return strncmp(from, "http://", 7) == 0 && strncmp(to, "https://", 8) == 0 &&
	    strcmp(from + 7, to + 8) == 0;
}

bool
poll_policy_adopts(const struct source *s, enum follow_moves follow, int64_t now)
{
	if (s->state != SOURCE_MOVED || !s->state_note || follow == FOLLOW_NO)
		return false;
	if (poll_policy_is_made_safe(s->url, s->state_note))
		return true;
	return follow == FOLLOW_YES && s->state_runs >= ADOPT_RUNS &&
	    now - s->state_since >= WEEK;
}

void
poll_policy_apply(struct source *s, const struct poll_outcome *o,
    const struct poll_settings *set, int64_t now)
{
	struct verdict v = judge(s, o, set, now);

	s->last_poll = now;
	if (v.answered)
		s->last_ok = now;
	s->pace = learn_pace(s, o, now);
	if (o->parsed) {
		s->hours = o->habit.hours;
		s->ttl = larger(o->ttl, 0);
		s->skip_hours = o->skip_hours;
		s->skip_days = o->skip_days;
	}
	if (o->has_new)
		s->last_entry = now;
	if (v.state == SOURCE_OK && s->last_entry > 0 &&
	    now - s->last_entry >= set->stale_after) {
		v.state = SOURCE_STALE;
		v.note = "no new entry for a long time";
	}
	if (v.state == SOURCE_OK && o->same_as) {
		v.state = SOURCE_DUPLICATE;
		v.note = o->same_as;
	} else if (v.state == SOURCE_OK && set->slow_ms > 0 && o->ms >= set->slow_ms) {
		v.state = SOURCE_SLOW;
		v.note = "it takes more than half of fetch.timeout to answer";
	}
	/* Each new place to which it moves, and each way of failing, begins to last anew. */
	if (v.state != s->state || s->state_since <= 0 ||
	    ((v.state == SOURCE_MOVED || (v.state == SOURCE_FAILING && may_be_gone(o))) &&
		!is_same_note(s, v.note))) {
		s->state_since = now;
		s->state_runs = 0;
	}
	s->state_runs++;
	if (v.state == SOURCE_OK || v.state == SOURCE_STALE || v.state == SOURCE_SLOW)
		s->told = SOURCE_OK;
	s->state = v.state;
	s->state_note = v.note;
	s->failures = v.answered ? 0 : s->failures + 1;
	s->next_poll = next_poll(s, o, set, now);
}

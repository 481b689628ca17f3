/* SPDX-License-Identifier: ISC */
/* What bounces do to a reader: stories of events, and storms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "list/bounces.h"

enum { DAY = 86400, STEPS = 8 };

static const struct bounce_policy usual = { .hard_limit = 1,
	.hard_probes = true,
	.soft_limit = 5,
	.soft_within = 14 * DAY,
	.complaint = COMPLAINT_REMOVES,
	.stale_after = 14 * DAY };

/* A day, what happens on it, and what is to be done then. */
struct step {
	int day;
	char what; /* h s c w: events; p: a probe goes out; ?: what is due */
	int sent;  /* the day of the letter it is about */
	enum bounce_action want;
};

static enum bounce_action
happens(const struct bounce_policy *p, struct bounce_record *r, char what, int64_t sent,
    int64_t now)
{
	switch (what) {
	case 'h':
		return bounce_apply(p, r, BOUNCED_HARD, sent, now);
	case 's':
		return bounce_apply(p, r, BOUNCED_SOFT, sent, now);
	case 'c':
		return bounce_apply(p, r, COMPLAINED, sent, now);
	case 'w':
		return bounce_apply(p, r, WENT_WELL, sent, now);
	case 'p':
		bounce_probed(r, now);
		return BOUNCE_KEEPS;
	default:
		return bounce_due(r, now);
	}
}

static void
play(const char *name, const struct bounce_policy *p, const struct step *steps)
{
	struct bounce_record r = { 0 };

	for (int i = 0; i < STEPS && steps[i].what; i++) {
		const struct step *s = &steps[i];
		const int64_t now = (int64_t)s->day * DAY;
		const int64_t sent = (int64_t)s->sent * DAY;
		const enum bounce_action got = happens(p, &r, s->what, sent, now);

		if (got != s->want)
			fail_msg("%s, step %d: got %d, want %d", name, i + 1, got,
			    s->want);
	}
}

static void
stories(void **state)
{
	static const struct {
		const char *name;
		struct step steps[STEPS];
	} cases[] = {
		{ "a dead mailbox: stopped, tried after a week, taken out",
		    { { 1, 'h', 1, BOUNCE_STOPS }, { 7, '?', 0, BOUNCE_KEEPS },
			{ 8, '?', 0, BOUNCE_PROBES_NOW }, { 8, 'p', 0, BOUNCE_KEEPS },
			{ 9, 'h', 8, BOUNCE_REMOVES } } },
		{ "it was a mistake: the probe arrives",
		    { { 1, 'h', 1, BOUNCE_STOPS }, { 8, 'p', 0, BOUNCE_KEEPS },
			{ 10, '?', 0, BOUNCE_KEEPS }, { 11, '?', 0, BOUNCE_RETURNS } } },
		{ "bounces of letters from before say nothing new",
		    { { 3, 'h', 3, BOUNCE_STOPS }, { 4, 'h', 1, BOUNCE_KEEPS },
			{ 10, 'p', 0, BOUNCE_KEEPS }, { 11, 'h', 2, BOUNCE_KEEPS },
			{ 13, '?', 0, BOUNCE_RETURNS } } },
		{ "five soft ones in two weeks stop the letters",
		    { { 1, 's', 1, BOUNCE_KEEPS }, { 3, 's', 3, BOUNCE_KEEPS },
			{ 5, 's', 5, BOUNCE_KEEPS }, { 7, 's', 7, BOUNCE_KEEPS },
			{ 9, 's', 9, BOUNCE_STOPS } } },
		{ "many soft ones of one day are one",
		    { { 1, 's', 1, BOUNCE_KEEPS }, { 1, 's', 1, BOUNCE_KEEPS },
			{ 1, 's', 1, BOUNCE_KEEPS }, { 1, 's', 1, BOUNCE_KEEPS },
			{ 1, 's', 1, BOUNCE_KEEPS }, { 2, 's', 2, BOUNCE_KEEPS } } },
		{ "letters that go well take them off",
		    { { 1, 's', 1, BOUNCE_KEEPS }, { 2, 's', 2, BOUNCE_KEEPS },
			{ 3, 's', 3, BOUNCE_KEEPS }, { 4, 's', 4, BOUNCE_KEEPS },
			{ 5, 'w', 5, BOUNCE_KEEPS }, { 6, 's', 6, BOUNCE_KEEPS },
			{ 7, 's', 7, BOUNCE_STOPS } } },
		{ "old soft ones are forgotten",
		    { { 1, 's', 1, BOUNCE_KEEPS }, { 2, 's', 2, BOUNCE_KEEPS },
			{ 3, 's', 3, BOUNCE_KEEPS }, { 4, 's', 4, BOUNCE_KEEPS },
			{ 30, 's', 30, BOUNCE_KEEPS } } },
		{ "a probe that comes back soft is tried again, three times",
		    { { 1, 'h', 1, BOUNCE_STOPS }, { 8, 'p', 0, BOUNCE_KEEPS },
			{ 9, 's', 8, BOUNCE_KEEPS }, { 16, '?', 0, BOUNCE_PROBES_NOW },
			{ 16, 'p', 0, BOUNCE_KEEPS }, { 17, 's', 16, BOUNCE_KEEPS },
			{ 24, 'p', 0, BOUNCE_KEEPS }, { 25, 's', 24, BOUNCE_REMOVES } } },
		{ "a complaint takes out at once, at any time",
		    { { 1, 'h', 1, BOUNCE_STOPS }, { 2, 'c', 1, BOUNCE_REMOVES } } },
		{ "nothing is due for who never bounced",
		    { { 99, '?', 0, BOUNCE_KEEPS } } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		play(cases[i].name, &usual, cases[i].steps);
}

static void
other_policies(void **state)
{
	static const struct bounce_policy twice = { .hard_limit = 2,
		.complaint = COMPLAINT_HOLDS };
	static const struct bounce_policy never = { .complaint = COMPLAINT_IGNORED };
	static const struct step removed[STEPS] = { { 1, 'h', 1, BOUNCE_KEEPS },
		{ 2, 'h', 2, BOUNCE_REMOVES } };
	static const struct step mended[STEPS] = { { 1, 'h', 1, BOUNCE_KEEPS },
		{ 2, 'w', 2, BOUNCE_KEEPS }, { 3, 'h', 3, BOUNCE_KEEPS } };
	static const struct step held[STEPS] = { { 1, 'c', 1, BOUNCE_STOPS },
		{ 2, 'c', 1, BOUNCE_KEEPS } };
	static const struct step borne[STEPS] = { { 1, 'h', 1, BOUNCE_KEEPS },
		{ 2, 's', 2, BOUNCE_KEEPS }, { 3, 'c', 3, BOUNCE_KEEPS } };

	(void)state;
	play("two, then out", &twice, removed);
	play("two in a row", &twice, mended);
	play("a complaint holds", &twice, held);
	play("nothing counts", &never, borne);
}

/* The same to the second: each time just reached, and just not. */
static const struct {
	const char *name;
	struct bounce_record before;
	char what; /* as in a step */
	int64_t sent;
	enum bounce_action want;
	struct bounce_record after;
} moments[] = {
#define AT (100 * (int64_t)DAY)
	{ "a first hard one", { 0 }, 'h', AT, BOUNCE_STOPS,
	    { .hard = 1, .last = AT, .is_stopped = true, .stopped = AT } },
	{ "a first soft one", { 0 }, 's', AT, BOUNCE_KEEPS,
	    { .soft = 1, .soft_since = AT, .last = AT } },
	{ "a soft one in the pause",
	    { .soft = 2, .soft_since = AT - 3 * DAY, .last = AT - 72000 + 1 }, 's', AT,
	    BOUNCE_KEEPS,
	    { .soft = 2, .soft_since = AT - 3 * DAY, .last = AT - 72000 + 1 } },
	{ "a soft one as the pause ends",
	    { .soft = 2, .soft_since = AT - 3 * DAY, .last = AT - 72000 }, 's', AT,
	    BOUNCE_KEEPS, { .soft = 3, .soft_since = AT - 3 * DAY, .last = AT } },
	{ "a fifth one as the two weeks end",
	    { .soft = 4, .soft_since = AT - 14 * DAY, .last = AT - 3 * DAY }, 's', AT,
	    BOUNCE_STOPS,
	    { .soft = 5,
		.soft_since = AT - 14 * DAY,
		.last = AT,
		.is_stopped = true,
		.stopped = AT } },
	{ "a fifth one a second later",
	    { .soft = 4, .soft_since = AT - 14 * DAY - 1, .last = AT - 3 * DAY }, 's', AT,
	    BOUNCE_KEEPS, { .soft = 1, .soft_since = AT, .last = AT } },
	{ "the last one two weeks ago",
	    { .hard = 1, .soft = 1, .soft_since = AT - 14 * DAY, .last = AT - 14 * DAY },
	    's', AT, BOUNCE_KEEPS,
	    { .hard = 1, .soft = 2, .soft_since = AT - 14 * DAY, .last = AT } },
	{ "the last one two weeks and a second ago",
	    { .hard = 1,
		.soft = 1,
		.soft_since = AT - DAY,
		.last = AT - 14 * DAY - 1,
		.well = 5 },
	    's', AT, BOUNCE_KEEPS, { .soft = 1, .soft_since = AT, .last = AT } },
	{ "a hard one alone that is stale", { .hard = 3, .last = AT - 15 * DAY }, 's', AT,
	    BOUNCE_KEEPS, { .soft = 1, .soft_since = AT, .last = AT } },
	{ "a soft one alone that is stale",
	    { .soft = 1, .soft_since = AT - 15 * DAY, .last = AT - 15 * DAY, .well = 5 },
	    's', AT, BOUNCE_KEEPS, { .soft = 1, .soft_since = AT, .last = AT } },
	{ "well: sent when the last bounced",
	    { .hard = 1, .soft = 2, .soft_since = AT - DAY, .last = AT - DAY }, 'w',
	    AT - DAY, BOUNCE_KEEPS,
	    { .hard = 1,
		.soft = 2,
		.soft_since = AT - DAY,
		.last = AT - DAY,
		.well = AT - DAY } },
	{ "well: sent a second later",
	    { .hard = 1, .soft = 2, .soft_since = AT - DAY, .last = AT - DAY }, 'w',
	    AT - DAY + 1, BOUNCE_KEEPS,
	    { .soft = 1,
		.soft_since = AT - DAY,
		.last = AT - DAY,
		.well = AT - DAY + 1 } },
	{ "well: between the first soft one and the last",
	    { .hard = 1, .soft = 1, .soft_since = AT - 2 * DAY, .last = AT - DAY }, 'w',
	    AT - DAY, BOUNCE_KEEPS,
	    { .hard = 1,
		.soft_since = AT - 2 * DAY,
		.last = AT - DAY,
		.well = AT - DAY } },
	{ "well: with none to take off", { .hard = 0, .last = 1 }, 'w', AT, BOUNCE_KEEPS,
	    { .last = 1, .well = AT } },
	{ "a probe is due", { .is_stopped = true, .stopped = AT - 7 * DAY }, '?', 0,
	    BOUNCE_PROBES_NOW, { .is_stopped = true, .stopped = AT - 7 * DAY } },
	{ "a probe is not yet due", { .is_stopped = true, .stopped = AT - 7 * DAY + 1 },
	    '?', 0, BOUNCE_KEEPS, { .is_stopped = true, .stopped = AT - 7 * DAY + 1 } },
	{ "a probe arrived", { .is_stopped = true, .probe_sent = AT - 3 * DAY }, '?', 0,
	    BOUNCE_RETURNS, { .is_stopped = true, .probe_sent = AT - 3 * DAY } },
	{ "a probe may still come back",
	    { .is_stopped = true, .probe_sent = AT - 3 * DAY + 1 }, '?', 0, BOUNCE_KEEPS,
	    { .is_stopped = true, .probe_sent = AT - 3 * DAY + 1 } },
	{ "not stopped", { .hard = 1, .probe_sent = 1 }, '?', 0, BOUNCE_KEEPS,
	    { .hard = 1, .probe_sent = 1 } },
	{ "the third probe comes back soft",
	    { .is_stopped = true, .probes = 3, .probe_sent = AT - 9 }, 's', AT - 9,
	    BOUNCE_REMOVES, { .is_stopped = true, .probes = 3, .probe_sent = AT - 9 } },
	{ "the second probe comes back soft",
	    { .is_stopped = true, .probes = 2, .probe_sent = AT - 9 }, 's', AT - 9,
	    BOUNCE_KEEPS,
	    { .is_stopped = true, .probes = 2, .last = AT, .stopped = AT } },
	{ "a letter of a second before the probe",
	    { .is_stopped = true, .probes = 3, .probe_sent = AT - 9 }, 'h', AT - 10,
	    BOUNCE_KEEPS, { .is_stopped = true, .probes = 3, .probe_sent = AT - 9 } },
	{ "stopped, and no probe sent", { .is_stopped = true, .stopped = 1 }, 'h', AT,
	    BOUNCE_KEEPS, { .is_stopped = true, .stopped = 1 } },
	{ "a probe goes out", { .is_stopped = true, .probes = 1, .stopped = 1 }, 'p', 0,
	    BOUNCE_KEEPS,
	    { .is_stopped = true, .probes = 2, .stopped = 1, .probe_sent = AT } },
#undef AT
};

static void
the_record_tells_each_moment(void **state)
{
	const int64_t now = 100 * (int64_t)DAY;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(moments); i++) {
		struct bounce_record r = moments[i].before;
		const struct bounce_record *want = &moments[i].after;
		const enum bounce_action got =
		    happens(&usual, &r, moments[i].what, moments[i].sent, now);

		if (got != moments[i].want)
			fail_msg("%s: got %d, want %d", moments[i].name, got,
			    moments[i].want);
		if (r.hard != want->hard || r.soft != want->soft ||
		    r.soft_since != want->soft_since || r.last != want->last ||
		    r.is_stopped != want->is_stopped || r.stopped != want->stopped ||
		    r.probes != want->probes || r.probe_sent != want->probe_sent ||
		    r.well != want->well)
			fail_msg("%s: got another record", moments[i].name);
	}
}

static const struct {
	const char *hard, *soft;
	bool ok;
	struct bounce_policy want;
} settings[] = {
	{ "1 then probe", "5 in 14d", true,
	    { .hard_limit = 1,
		.hard_probes = true,
		.soft_limit = 5,
		.soft_within = 14 * DAY } },
	{ "2 then remove", "0", true, { .hard_limit = 2 } },
	{ "0", "3 in 1w", true,
	    { .hard_probes = true, .soft_limit = 3, .soft_within = 7 * DAY } },
	{ "1 then explode", "0", false, { 0 } },
	{ "then probe", "0", false, { 0 } },
	{ "1", "5", false, { 0 } },
	{ "1", "5 in soon", false, { 0 } },
	{ "99999", "0", false, { 0 } },
	{ "1000", "1000 in 1s", true,
	    { .hard_limit = 1000,
		.hard_probes = true,
		.soft_limit = 1000,
		.soft_within = 1 } },
	{ "1001", "0", false, { 0 } },
	{ "1", "1001 in 14d", false, { 0 } },
	{ " 09\tthen probe", " 10  in  1d", true,
	    { .hard_limit = 9,
		.hard_probes = true,
		.soft_limit = 10,
		.soft_within = DAY } },
	{ "1", "1 in 0s", false, { 0 } },
	{ "1", "0 in 1d", true,
	    { .hard_limit = 1, .hard_probes = true, .soft_within = DAY } },
	{ "1", "1 at 1d", false, { 0 } },
	{ "/", "0", false, { 0 } },
	{ ":", "0", false, { 0 } },
	{ "", "0", false, { 0 } },
};

static void
settings_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		struct config c = { .bounce = { .hard_limit = settings[i].hard,
					.soft_limit = settings[i].soft } };
		struct bounce_policy got;
		struct err err = ERR_INIT;
		const bool ok = bounce_policy_read(&c, &got, &err);

		if (ok != settings[i].ok)
			fail_msg("%s, %s: got %d (%s)", settings[i].hard,
			    settings[i].soft, ok, err.text);
		if (!ok) {
			assert_int_equal(err.kind, ERR_CONFIG);
			continue;
		}
		if (got.hard_limit != settings[i].want.hard_limit ||
		    got.hard_probes != settings[i].want.hard_probes ||
		    got.soft_limit != settings[i].want.soft_limit ||
		    got.soft_within != settings[i].want.soft_within)
			fail_msg("%s, %s: got another policy", settings[i].hard,
			    settings[i].soft);
	}
}

static void
a_storm_is_many_of_one_kind(void **state)
{
	static const struct {
		int64_t bounces, letters;
		bool is_storm;
	} cases[] = {
		{ 20, 20, false }, /* a small list may be all bad */
		{ 21, 210, false },
		{ 21, 200, true },
		{ 400, 4800, false },
		{ 500, 4800, true },
		{ 21, 0, true },
		{ 21, 209, true },
		{ 20, 199, false },
		{ 100, 1000, false },
		{ 100, 999, true },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (bounce_is_storm(cases[i].bounces, cases[i].letters) !=
		    cases[i].is_storm)
			fail_msg("%d of %d", (int)cases[i].bounces,
			    (int)cases[i].letters);
	}
	assert_string_equal(
	    bounce_kind(a, BOUNCED_HARD, "5.7.1",
		"smtp; 550 5.7.1 <ann@there.example>: Rejected by policy 77"),
	    "hard 5.7.1 smtp; rejected by policy");
	assert_string_equal(bounce_kind(a, BOUNCED_SOFT, "", ""), "soft");
	assert_string_equal(bounce_kind(a, COMPLAINED, "", "  a\t B "), "complaint a b");
	assert_string_equal(bounce_kind(a, WENT_WELL, "2.0.0", "x9 9 9x a@b <c no"),
	    "well 2.0.0 no");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stories),
		cmocka_unit_test(other_policies),
		cmocka_unit_test(the_record_tells_each_moment),
		cmocka_unit_test(settings_are_read),
		cmocka_unit_test(a_storm_is_many_of_one_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

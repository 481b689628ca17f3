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

static void
play(const char *name, const struct bounce_policy *p, const struct step *steps)
{
	struct bounce_record r = { 0 };

	for (int i = 0; i < STEPS && steps[i].what; i++) {
		const struct step *s = &steps[i];
		const int64_t now = (int64_t)s->day * DAY;
		const int64_t sent = (int64_t)s->sent * DAY;
		enum bounce_action got = BOUNCE_KEEPS;

		switch (s->what) {
		case 'h':
			got = bounce_apply(p, &r, BOUNCED_HARD, sent, now);
			break;
		case 's':
			got = bounce_apply(p, &r, BOUNCED_SOFT, sent, now);
			break;
		case 'c':
			got = bounce_apply(p, &r, COMPLAINED, sent, now);
			break;
		case 'w':
			got = bounce_apply(p, &r, WENT_WELL, sent, now);
			break;
		case 'p':
			bounce_probed(&r, now);
			break;
		default:
			got = bounce_due(&r, now);
		}
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

static void
settings_are_read(void **state)
{
	static const struct {
		const char *hard, *soft;
		bool ok;
		struct bounce_policy want;
	} cases[] = {
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
		{ "", "0", false, { 0 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct config c = { .bounce = { .hard_limit = cases[i].hard,
					.soft_limit = cases[i].soft } };
		struct bounce_policy got;
		struct err err = ERR_INIT;
		const bool ok = bounce_policy_read(&c, &got, &err);

		if (ok != cases[i].ok)
			fail_msg("%s, %s: got %d (%s)", cases[i].hard, cases[i].soft, ok,
			    err.text);
		if (!ok) {
			assert_int_equal(err.kind, ERR_CONFIG);
			continue;
		}
		if (got.hard_limit != cases[i].want.hard_limit ||
		    got.hard_probes != cases[i].want.hard_probes ||
		    got.soft_limit != cases[i].want.soft_limit ||
		    got.soft_within != cases[i].want.soft_within)
			fail_msg("%s, %s: got another policy", cases[i].hard,
			    cases[i].soft);
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
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stories),
		cmocka_unit_test(other_policies),
		cmocka_unit_test(settings_are_read),
		cmocka_unit_test(a_storm_is_many_of_one_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/* Which mail server a letter goes to, by domain, share and what is up; when the next may begin. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "transport/smtp_relay.h"

enum { MINUTE = 60000 };

static void
make(struct smtp_relay *r, int64_t share, const char *domains)
{
	*r = (struct smtp_relay){ .name = "" };
	r->config.smtp.share = share;
	r->config.smtp.domains = domains;
}

/* Letters for x.example, as they come: so many to each. */
static void
assign(struct smtp_relay *r, size_t count, int letters, int64_t *got)
{
	for (int i = 0; i < letters; i++) {
		struct smtp_relay *to = smtp_relay_choose(r, count, "a@x.example", 0);

		assert_non_null(to);
		smtp_relay_assign(r, count, to, "a@x.example", 0);
		got[to - r]++;
	}
}

/* Which of 0 general, 1 gmx, 2 general with share 2; "-": none. */
static const struct {
	const char *to;
	const char *down;
	unsigned tried;
	int want;
} choices[] = {
	{ "a@gmx.de", "", 0, 1 },
	{ "a@GMX.de", "", 0, 1 },
	{ "a@mail.gmx.de", "", 0, 1 },
	{ "a@web.de", "", 0, 1 },
	{ "a@notgmx.de", "", 0, 2 },
	{ "a@gmx.de.example", "", 0, 2 },
	{ "a@x.example", "", 0, 2 },
	{ "a@x.example", "2", 0, 0 },
	{ "a@gmx.de", "1", 0, 2 },
	{ "a@gmx.de", "12", 0, 0 },
	{ "a@x.example", "02", 0, 1 },
	{ "a@x.example", "", 1U << 2, 0 },
	{ "a@gmx.de", "", 1U << 1, 2 },
	{ "a@x.example", "012", 0, -1 },
	{ "a@x.example", "01", 1U << 2, -1 },
};

static void
the_domain_then_the_share_decide(void **state)
{
	struct smtp_relay r[3];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(choices); i++) {
		struct smtp_relay *got = NULL;

		make(&r[0], 1, "");
		make(&r[1], 1, "gmx.de  web.de");
		make(&r[2], 2, "");
		for (size_t k = 0; k < 3; k++)
			r[k].down = strchr(choices[i].down, (int)('0' + k)) != NULL;
		got = smtp_relay_choose(r, 3, choices[i].to, choices[i].tried);
		if ((got ? (int)(got - r) : -1) != choices[i].want)
			fail_msg("%s, down \"%s\": got %d, want %d", choices[i].to,
			    choices[i].down, got ? (int)(got - r) : -1, choices[i].want);
	}
}

static void
shares_are_kept(void **state)
{
	struct smtp_relay r[3];
	int64_t got[3] = { 0, 0, 0 };

	(void)state;
	make(&r[0], 1, "");
	make(&r[1], 2, "");
	make(&r[2], 5, "");
	assign(r, 3, 800, got);
	assert_int_equal(got[0], 100);
	assert_int_equal(got[1], 200);
	assert_int_equal(got[2], 500);
}

/* One without a share stands by: for its domains before one for all, then in their order. */
static const struct {
	const char *to;
	const char *down;
	unsigned tried;
	int want;
} stand_by[] = {
	{ "a@x.example", "", 0, 0 },
	{ "a@x.example", "0", 0, 1 },
	{ "a@x.example", "01", 0, 2 },
	{ "a@x.example", "", 1U << 0, 1 },
	{ "a@x.example", "012", 0, 3 },
	{ "a@gmx.de", "", 0, 3 },
	{ "a@gmx.de", "3", 0, 4 },
	{ "a@gmx.de", "34", 0, 0 },
	{ "a@gmx.de", "034", 0, 1 },
	{ "a@x.example", "01234", 0, -1 },
};

static void
one_without_a_share_stands_by(void **state)
{
	struct smtp_relay r[5];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(stand_by); i++) {
		int got = -1;

		make(&r[0], 3, "");
		make(&r[1], 0, "");
		make(&r[2], 0, "");
		make(&r[3], 1, "gmx.de");
		make(&r[4], 0, "gmx.de");
		/* However much it was given: nobody's share is used up. */
		r[0].due = r[1].due = r[3].due = -1000 * (int64_t)SMTP_RELAY_LETTER;
		for (size_t k = 0; k < ARRAY_LEN(r); k++)
			r[k].down = strchr(stand_by[i].down, (int)('0' + k)) != NULL;
		for (size_t k = 0; k < ARRAY_LEN(r); k++)
			if (smtp_relay_choose(r, 5, stand_by[i].to, stand_by[i].tried) ==
			    &r[k])
				got = (int)k;
		if (got != stand_by[i].want)
			fail_msg("%s, down \"%s\": got %d, want %d", stand_by[i].to,
			    stand_by[i].down, got, stand_by[i].want);
	}
}

/* At no time is one two letters off what is its due, in whatever order shares stand. */
static void
shares_are_even_at_every_letter(void **state)
{
	static const int64_t shares[][4] = { { 1, 1, 1, 1 }, { 1, 2, 5, 1 },
		{ 7, 3, 1, 1 }, { 1000, 1, 1, 1 }, { 13, 11, 17, 2 } };
	struct smtp_relay r[4];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shares); i++) {
		int64_t got[4] = { 0, 0, 0, 0 };
		int64_t all = 0;

		for (size_t k = 0; k < 4; k++) {
			make(&r[k], shares[i][k], "");
			all += shares[i][k];
		}
		for (int64_t n = 1; n <= 3000; n++) {
			assign(r, 4, 1, got);
			for (size_t k = 0; k < 4; k++) {
				const int64_t off = got[k] * all - n * shares[i][k];

				if (off >= 2 * all || off <= -2 * all)
					fail_msg("set %zu, letter %lld: %zu has %lld", i,
					    (long long)n, k, (long long)got[k]);
			}
		}
	}
}

/* What went by others while it was down is not made up for. */
static void
one_that_comes_back_takes_its_share_from_now_on(void **state)
{
	struct smtp_relay r[3];
	int64_t got[3] = { 0, 0, 0 };

	(void)state;
	make(&r[0], 1, "");
	make(&r[1], 2, "");
	make(&r[2], 1, "");
	assign(r, 3, 400, got);
	assert_int_equal(got[1], 200);
	/* It dies with sixty that go to the two others. */
	r[1].down = true;
	for (int i = 0; i < 60; i++)
		smtp_relay_take_back(&r[1]);
	assign(r, 3, 60 + 1000, got);
	assert_int_equal(got[0], 100 + 530);
	assert_int_equal(got[1], 200);
	assert_int_equal(got[2], 100 + 530);
	smtp_relay_rise(&r[1]);
	assign(r, 3, 400, got);
	assert_int_equal(got[0], 730);
	assert_int_equal(got[1], 400);
	assert_int_equal(got[2], 730);
}

/* What one refuses goes by others, and it gets as many more. */
static void
what_one_refused_does_not_count_for_its_share(void **state)
{
	struct smtp_relay r[2];
	int64_t got[2] = { 0, 0 };

	(void)state;
	make(&r[0], 1, "");
	make(&r[1], 1, "");
	for (int i = 0; i < 100; i++) {
		struct smtp_relay *to = smtp_relay_choose(r, 2, "a@x.example", 0);

		smtp_relay_assign(r, 2, to, "a@x.example", 0);
		got[to - r]++;
		if (to != &r[0] || i % 10 != 0)
			continue;
		smtp_relay_take_back(&r[0]);
		got[0]--;
		to = smtp_relay_choose(r, 2, "a@x.example", 1U << 0);
		assert_ptr_equal(to, &r[1]);
		smtp_relay_assign(r, 2, to, "a@x.example", 1U << 0);
		got[1]++;
	}
	assert_in_range(got[0], 49, 51);
	assert_int_equal(got[0] + got[1], 100);
}

/* To the last part of a letter, for whom it counts. */
static void
what_is_due_is_kept_exactly(void **state)
{
	const int64_t letter = SMTP_RELAY_LETTER;
	struct smtp_relay r[3];

	(void)state;
	make(&r[0], 1, "");
	make(&r[1], 3, "");
	make(&r[2], 5, "gmx.de");
	smtp_relay_assign(r, 3, &r[0], "a@x.example", 0);
	assert_int_equal(r[0].due, letter / 4 - letter);
	assert_int_equal(r[1].due, letter / 4 * 3);
	assert_int_equal(r[2].due, 0);
	smtp_relay_take_back(&r[0]);
	assert_int_equal(r[0].due, letter / 4);
	/* Those that stand by have no share of what one of them takes. */
	make(&r[0], 0, "");
	make(&r[1], 0, "");
	smtp_relay_assign(r, 2, &r[0], "a@x.example", 0);
	assert_int_equal(r[0].due, -letter);
	assert_int_equal(r[1].due, 0);
	r[0].down = r[0].proven = true;
	r[0].losses = r[0].ours = 7;
	smtp_relay_rise(&r[0]);
	assert_int_equal(r[0].due, 0);
	assert_false(r[0].down);
	assert_false(r[0].proven);
	assert_int_equal(r[0].losses, 0);
	assert_int_equal(r[0].ours, 0);
}

/* Turns of one relay, one after the other: when it is asked, and what it is told. */
static const struct {
	const char *name;
	int64_t gap_us;
	struct {
		int64_t at, wait;
	} turns[6]; /* at 0 ends them */
} rates[] = {
	{ "no rate", 0, { { 5000, 0 }, { 5000, 0 }, { 5000, 0 } } },
	{ "a millisecond", 1000, { { 5000, 0 }, { 5000, 1 }, { 5001, 0 } } },
	{ "just less", 999, { { 5000, 0 }, { 5000, 0 }, { 5000, 1 } } },
	{ "three in a millisecond", 400,
	    { { 5000, 0 }, { 5000, 0 }, { 5000, 0 }, { 5000, 1 }, { 5001, 0 } } },
	{ "one that was late by less than the gap catches up", 100000,
	    { { 5000, 0 }, { 5150, 0 }, { 5199, 1 }, { 5200, 0 }, { 5200, 100 } } },
	{ "by a millisecond less than the gap", 100000,
	    { { 5000, 0 }, { 5199, 0 }, { 5199, 1 }, { 5200, 0 } } },
	{ "by the gap it does not", 100000,
	    { { 5000, 0 }, { 5200, 0 }, { 5200, 100 }, { 5299, 1 }, { 5300, 0 } } },
	{ "soon after the machine's start", 100000, { { 50, 0 }, { 50, 100 } } },
};

static void
turns_come_by_the_rate(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rates); i++) {
		struct smtp_relay r;

		make(&r, 1, "");
		r.gap_us = rates[i].gap_us;
		for (size_t k = 0; k < 6 && rates[i].turns[k].at > 0; k++) {
			const int64_t got = smtp_relay_turn(&r, rates[i].turns[k].at, 0);

			if (got != rates[i].turns[k].wait)
				fail_msg("%s, turn %zu: got %lld, want %lld",
				    rates[i].name, k, (long long)got,
				    (long long)rates[i].turns[k].wait);
		}
	}
}

static void
a_turn_that_is_given_back_can_be_taken(void **state)
{
	struct smtp_relay r;
	struct hour_count hour = { 0 };

	(void)state;
	make(&r, 1, "");
	r.gap_us = 100000;
	assert_int_equal(smtp_relay_turn(&r, 5000, 0), 0);
	smtp_relay_return_turn(&r, 5000);
	assert_int_equal(smtp_relay_turn(&r, 5000, 0), 0);
	assert_int_equal(smtp_relay_turn(&r, 5000, 0), 100);
	make(&r, 1, "");
	r.hour = &hour;
	r.config.smtp.per_hour = 1;
	assert_int_equal(smtp_relay_turn(&r, 5000, 0), 0);
	assert_true(smtp_relay_turn(&r, 5000, 0) > 0);
	smtp_relay_return_turn(&r, 5000);
	assert_int_equal(smtp_relay_turn(&r, 5000, 0), 0);
}

/* A wait of two minutes or more is told, once; ticks began some time after 1970. */
static void
a_long_wait_is_told(void **state)
{
	static const struct {
		int64_t before_end;
		bool is_told;
	} table[] = { { 3 * (int64_t)MINUTE, true }, { 2 * (int64_t)MINUTE, true },
		{ 2 * (int64_t)MINUTE - 1, false }, { 1, false } };
	const int64_t epoch = 1795500000000;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct smtp_relay r;
		struct hour_count hour = { 0 };
		int64_t end = 0;

		make(&r, 1, "");
		r.hour = &hour;
		r.epoch_ms = epoch;
		r.config.smtp.per_hour = 1;
		assert_int_equal(smtp_relay_turn(&r, 5000, 0), 0);
		end = 5000 + smtp_relay_turn(&r, 5000, 0);
		assert_int_equal(r.told_ms, epoch + end);
		r.told_ms = 0;
		assert_int_equal(smtp_relay_turn(&r, end - table[i].before_end, 0),
		    table[i].before_end);
		assert_int_equal(r.told_ms, table[i].is_told ? epoch + end : 0);
		assert_int_equal(smtp_relay_turn(&r, end, 0), 0);
	}
}

static void
a_rate_leaves_the_same_pause_between_letters(void **state)
{
	struct smtp_relay r;

	(void)state;
	make(&r, 1, "");
	r.gap_us = 100000;
	assert_int_equal(smtp_relay_turn(&r, 5000, 0), 0);
	assert_int_equal(smtp_relay_turn(&r, 5000, 0), 100);
	assert_int_equal(smtp_relay_turn(&r, 5060, 0), 40);
	assert_int_equal(smtp_relay_turn(&r, 5100, 0), 0);
	/* A pause is not made up for. */
	assert_int_equal(smtp_relay_turn(&r, 9000, 0), 0);
	assert_int_equal(smtp_relay_turn(&r, 9000, 0), 100);
}

/* Never more than so many in any sixty minutes. */
static void
an_hour_has_so_many_letters(void **state)
{
	struct smtp_relay r;
	int64_t now = 1000 * MINUTE + 15000;
	int64_t begun[400];
	size_t count = 0;
	struct hour_count hour = { 0 };

	(void)state;
	make(&r, 1, "");
	r.hour = &hour;
	r.config.smtp.per_hour = 100;
	while (count < 400) {
		const int64_t wait = smtp_relay_turn(&r, now, 0);

		if (wait > 0) {
			assert_true(wait <= 61 * (int64_t)MINUTE);
			now += wait;
			continue;
		}
		begun[count++] = now;
		now += 250;
	}
	for (size_t i = 100; i < count; i++)
		if (begun[i] - begun[i - 100] < 60 * (int64_t)MINUTE)
			fail_msg("letter %zu came %lld ms after the one 100 before it", i,
			    (long long)(begun[i] - begun[i - 100]));
	/* The first hundred go at once, the next an hour later. */
	assert_int_equal(begun[99] - begun[0], 99 * 250);
	assert_true(begun[100] - begun[0] < 61 * (int64_t)MINUTE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_domain_then_the_share_decide),
		cmocka_unit_test(shares_are_kept),
		cmocka_unit_test(one_without_a_share_stands_by),
		cmocka_unit_test(shares_are_even_at_every_letter),
		cmocka_unit_test(one_that_comes_back_takes_its_share_from_now_on),
		cmocka_unit_test(what_one_refused_does_not_count_for_its_share),
		cmocka_unit_test(what_is_due_is_kept_exactly),
		cmocka_unit_test(turns_come_by_the_rate),
		cmocka_unit_test(a_turn_that_is_given_back_can_be_taken),
		cmocka_unit_test(a_long_wait_is_told),
		cmocka_unit_test(a_rate_leaves_the_same_pause_between_letters),
		cmocka_unit_test(an_hour_has_so_many_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

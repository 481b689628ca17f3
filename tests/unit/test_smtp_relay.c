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

	(void)state;
	make(&r[0], 1, "");
	make(&r[1], 2, "");
	make(&r[2], 5, "");
	for (int i = 0; i < 800; i++)
		smtp_relay_choose(r, 3, "a@x.example", 0)->assigned++;
	assert_int_equal(r[0].assigned, 100);
	assert_int_equal(r[1].assigned, 200);
	assert_int_equal(r[2].assigned, 500);
}

/* What went by others while it was down is not made up for. */
static void
one_that_comes_back_takes_its_share_from_now_on(void **state)
{
	struct smtp_relay r[2];

	(void)state;
	make(&r[0], 1, "");
	make(&r[1], 2, "");
	r[1].down = true;
	for (int i = 0; i < 1000; i++)
		smtp_relay_choose(r, 2, "a@x.example", 0)->assigned++;
	smtp_relay_rise(r, 2, &r[1]);
	assert_int_equal(r[1].assigned, 2000);
	for (int i = 0; i < 300; i++)
		smtp_relay_choose(r, 2, "a@x.example", 0)->assigned++;
	assert_int_equal(r[0].assigned, 1100);
	assert_int_equal(r[1].assigned, 2200);
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
		cmocka_unit_test(one_that_comes_back_takes_its_share_from_now_on),
		cmocka_unit_test(a_rate_leaves_the_same_pause_between_letters),
		cmocka_unit_test(an_hour_has_so_many_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

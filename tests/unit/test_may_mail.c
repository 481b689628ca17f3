/* SPDX-License-Identifier: ISC */
/* Whether an address may be written to, and a mail answered: limits, blocks, blocked domains. */
#include "unit/flow_fixture.h"

#include "base/limits.h"
#include "flow/join_limits.h"
#include "mail/address.h"
#include "store/asks.h"

enum { HOUR = 3600 };

static void
hash_address(struct flow_test *t, const char *address, unsigned char hash[HASH_SIZE])
{
	MUST(store_address_hash(t->run.store, address_key(t->run.arena, address), hash,
	    err));
}

static bool
may_mail(struct flow_test *t, const char *address)
{
	unsigned char hash[HASH_SIZE];
	bool may = false;

	hash_address(t, address, hash);
	MUST(join_may_mail(&t->run, address, hash, &may, err));
	return may;
}

static void
note_letter(struct flow_test *t, const char *address, enum ask_letter letter, int64_t at)
{
	unsigned char hash[HASH_SIZE];
	const struct ask_log_line line = { .at = at,
		.cause = CAUSE_PAGE,
		.letter = letter,
		.hash = hash };

	hash_address(t, address, hash);
	MUST(store_ask_log(t->run.store, &line, err));
}

static void
an_address_is_written_to_so_often(void **state)
{
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	t.settings.config.limits.mails_per_address = "2 per 24h";
	assert_true(may_mail(&t, "ann@example.org"));
	note_letter(&t, "ann@example.org", LETTER_ASKED, NOW - HOUR);
	assert_true(may_mail(&t, "ann@example.org"));
	note_letter(&t, "ann@example.org", LETTER_ANSWER, NOW - HOUR);
	note_letter(&t, "bo@example.org", LETTER_ASKED, NOW - HOUR);
	assert_true(may_mail(&t, "ann@example.org"));
	note_letter(&t, "ann@example.org", LETTER_ASKED, NOW - 2 * HOUR);
	assert_false(may_mail(&t, "ann@example.org"));
	assert_false(may_mail(&t, "ANN@example.org"));
	assert_true(may_mail(&t, "bo@example.org"));
	t.run.now = NOW - 2 * HOUR + 24 * HOUR - 1;
	assert_false(may_mail(&t, "ann@example.org"));
	t.run.now += 2;
	assert_true(may_mail(&t, "ann@example.org"));
	flow_end(&t);
}

static void
who_wants_to_be_left_alone_is(void **state)
{
	unsigned char hash[HASH_SIZE];
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	hash_address(&t, "ann@example.org", hash);
	MUST(store_ask_block(t.run.store, hash, NOW + HOUR, err));
	assert_false(may_mail(&t, "ann@example.org"));
	assert_true(may_mail(&t, "bo@example.org"));
	t.run.now = NOW + HOUR + 1;
	assert_true(may_mail(&t, "ann@example.org"));
	flow_end(&t);
}

static void
blocked_domains_are_not_written_to(void **state)
{
	static const char domains[] = "# throw-away mail\n"
				      "foul.example\r\n"
				      "\n"
				      "  indented.example\n"
				      "Capital.EXAMPLE  \t\n"
				      "deep.in.example\n"
				      "last.example";
	static const struct {
		const char *address;
		bool want;
	} cases[] = {
		{ "ann@good.example", true },
		{ "ann@foul.example", false },
		{ "ann@FOUL.example", false },
		{ "ann@sub.foul.example", false },
		{ "ann@notfoul.example", true },
		{ "ann@foul.example.org", true },
		{ "ann@oul.example", true },
		{ "ann@capital.example", false },
		{ "ann@in.example", true },
		{ "ann@deep.in.example", false },
		{ "ann@last.example", false },
		{ "ann@ast.example", true },
		{ "ann@example", true },
	};
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	t.settings.config.limits.blocked_domains = flow_write(&t, "foul", domains);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		SAME_INT(cases[i].address, may_mail(&t, cases[i].address), cases[i].want);
	flow_end(&t);
}

static void
a_list_of_domains_that_is_not_there_is_told(void **state)
{
	unsigned char hash[HASH_SIZE];
	struct flow_test t;
	bool may = true;

	(void)state;
	flow_begin(&t);
	hash_address(&t, "ann@example.org", hash);
	t.settings.config.limits.blocked_domains = "/nowhere/foul";
	MUST_FAIL(join_may_mail(&t.run, "ann@example.org", hash, &may, err), ERR_SYSTEM,
	    "limits.blocked_domains");
	assert_false(may);
	flow_end(&t);
}

static bool
may_answer(struct flow_test *t, const char *address)
{
	bool may = false;

	MUST(join_may_answer(&t->run, address, &may, err));
	return may;
}

static void
a_mail_is_answered_once_in_a_while(void **state)
{
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	assert_true(may_answer(&t, "ann@example.org"));
	assert_false(may_answer(&t, "ann@example.org"));
	assert_true(may_answer(&t, "bo@example.org"));
	t.run.now = NOW + LIMIT_ANSWER_EVERY - 1;
	assert_false(may_answer(&t, "ann@example.org"));
	t.run.now = NOW + LIMIT_ANSWER_EVERY + 1;
	assert_true(may_answer(&t, "ann@example.org"));
	/* All together, those that mails bring. */
	t.settings.config.limits.asks_total = "3 per 24h";
	assert_false(may_answer(&t, "cy@example.org"));
	t.settings.config.limits.asks_total = "4 per 24h";
	assert_true(may_answer(&t, "cy@example.org"));
	flow_break_store(&t);
	t.run.now += LIMIT_ANSWER_EVERY + 1;
	t.settings.config.limits.asks_total = "9 per 24h";

	bool may = false;

	MUST_FAIL(join_may_answer(&t.run, "ann@example.org", &may, err), ERR_SYSTEM, "");
	flow_mend_store(&t);
	flow_end(&t);
}

static void
asks_are_remembered_for_the_longest_window(void **state)
{
	struct flow_test t;

	(void)state;
	flow_begin(&t);

	struct config *c = &t.settings.config;

	c->limits.mails_per_address = "1 per 1h";
	c->limits.asks_per_network = "1 per 1h";
	c->limits.asks_total = "1 per 1h";
	SAME_INT("a day at least", join_limits_window(c), 24 * HOUR);
	c->limits.mails_per_address = "1 per 24h, 3 per 25h";
	SAME_INT("of the address", join_limits_window(c), 25 * HOUR);
	c->limits.asks_per_network = "1 per 26h";
	SAME_INT("of the network", join_limits_window(c), 26 * HOUR);
	c->limits.asks_total = "1 per 27h";
	SAME_INT("of all", join_limits_window(c), 27 * HOUR);
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_written_to_so_often),
		cmocka_unit_test(who_wants_to_be_left_alone_is),
		cmocka_unit_test(blocked_domains_are_not_written_to),
		cmocka_unit_test(a_list_of_domains_that_is_not_there_is_told),
		cmocka_unit_test(a_mail_is_answered_once_in_a_while),
		cmocka_unit_test(asks_are_remembered_for_the_longest_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

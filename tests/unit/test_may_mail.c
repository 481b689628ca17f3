/* SPDX-License-Identifier: ISC */
/* Whether an address may be written to, and a mail answered: limits, blocks, blocked domains. */
#include "unit/flow_fixture.h"

#include "base/limits.h"
#include "flow/join_limits.h"
#include "flow/subscribe.h"
#include "mail/address.h"
#include "store/asks.h"
#include "store/notices.h"

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

/* Who cannot look at what was mailed mails nobody. */
static void
without_the_log_of_asks_nothing_is_mailed(void **state)
{
	unsigned char hash[HASH_SIZE];
	const struct reader eve = { .address_key = "eve@x.example" };
	struct flow_test t;
	bool may = true;

	(void)state;
	flow_begin(&t);
	hash_address(&t, "eve@x.example", hash);
	MUST(db_exec(t.run.store, "ALTER TABLE ask_log RENAME TO gone", err));
	MUST_FAIL(join_may_mail(&t.run, "eve@x.example", hash, &may, err), ERR_BUG,
	    "ask_log");
	assert_false(may);
	may = true;
	MUST_FAIL(join_may_answer(&t.run, "eve@x.example", &may, err), ERR_BUG,
	    "ask_log");
	assert_false(may);
	may = true;
	MUST_FAIL(join_may_send_link(&t.run, &eve, LETTER_LINK, &may, err), ERR_BUG,
	    "ask_log");
	assert_false(may);
	MUST(db_exec(t.run.store, "ALTER TABLE gone RENAME TO ask_log", err));
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

/* ---- whether an ask is heard ---- */

#define HERE "203.0.113.0/24"

/* Asks of a cause from a network, so many seconds ago. */
static void
note_ask(struct flow_test *t, enum event_cause cause, const char *network, int64_t ago)
{
	static unsigned char hash[HASH_SIZE];
	const struct ask_log_line line = { .at = NOW - ago,
		.cause = cause,
		.letter = LETTER_NONE,
		.hash = hash,
		.network = network };

	hash[0]++;
	MUST(store_ask_log(t->run.store, &line, err));
}

static const struct {
	const char *name;
	enum event_cause cause;
	const char *network;
	const char *per_network, *total;
	int64_t most; /* readers; there are four who read or may */
	enum ask_answer answer;
	int64_t told; /* notices to the keeper */
} asks[] = {
	{ "nothing is reached", CAUSE_PAGE, HERE, "3 per 24h", "4 per 24h", 5,
	    ASK_LOOK_AT_MAIL, 0 },
	{ "its network", CAUSE_PAGE, HERE, "2 per 24h", "4 per 24h", 5, ASK_TOO_MANY, 0 },
	{ "before all else", CAUSE_PAGE, HERE, "2 per 24h", "3 per 24h", 4, ASK_TOO_MANY,
	    0 },
	{ "another network", CAUSE_PAGE, "198.51.100.0/24", "2 per 24h", "4 per 24h", 5,
	    ASK_LOOK_AT_MAIL, 0 },
	{ "no network", CAUSE_MAIL, NULL, "1 per 24h", "2 per 24h", 5, ASK_LOOK_AT_MAIL,
	    0 },
	{ "a day ago", CAUSE_PAGE, HERE, "3 per 48h", "9 per 24h", 5, ASK_TOO_MANY, 0 },
	{ "all of the page", CAUSE_PAGE, HERE, "3 per 24h", "3 per 24h", 5,
	    ASK_BY_MAIL_ONLY, 1 },
	{ "all of the page, and full", CAUSE_PAGE, HERE, "3 per 24h", "3 per 24h", 4,
	    ASK_BY_MAIL_ONLY, 1 },
	{ "all of the mails", CAUSE_MAIL, NULL, "3 per 24h", "1 per 24h", 5,
	    ASK_BY_MAIL_ONLY, 0 },
	{ "full", CAUSE_PAGE, HERE, "3 per 24h", "4 per 24h", 4, ASK_FULL, 0 },
	{ "more than full", CAUSE_MAIL, NULL, "3 per 24h", "4 per 24h", 1, ASK_FULL, 0 },
	{ "no end", CAUSE_PAGE, HERE, "3 per 24h", "4 per 24h", 0, ASK_LOOK_AT_MAIL, 0 },
	{ "the keeper", CAUSE_COMMAND, HERE, "1 per 24h", "1 per 24h", 1,
	    ASK_LOOK_AT_MAIL, 0 },
	{ "the keeper's list", CAUSE_LIST, HERE, "1 per 24h", "1 per 24h", 1,
	    ASK_LOOK_AT_MAIL, 0 },
};

static int64_t
notices(struct flow_test *t)
{
	int64_t count = 0;

	MUST(db_number(t->run.store, "SELECT COUNT(*) FROM notice", &count, err));
	return count;
}

/* Two from here today and one yesterday, three by the page today, one by mail. */
static void
an_ask_is_heard_within_limits(void **state)
{
	static const enum reader_state states[] = { READER_PENDING, READER_ACTIVE,
		READER_HOLD, READER_BOUNCED, READER_LEFT, READER_REMOVED };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(asks); i++) {
		const struct ask ask = { .address = "ann@example.org",
			.cause = asks[i].cause,
			.network = asks[i].network };
		enum ask_answer answer = ASK_FULL;
		struct flow_test t;

		flow_begin(&t);
		t.settings.config.limits.asks_per_network = asks[i].per_network;
		t.settings.config.limits.asks_total = asks[i].total;
		t.settings.config.list.max_subscribers = asks[i].most;
		for (size_t k = 0; k < ARRAY_LEN(states); k++)
			(void)add_reader(t.run.store,
			    arena_printf(t.run.arena, "r%zu@example.org", k), states[k]);
		note_ask(&t, CAUSE_PAGE, HERE, 10);
		note_ask(&t, CAUSE_PAGE, HERE, 23 * HOUR);
		note_ask(&t, CAUSE_PAGE, HERE, 25 * HOUR);
		note_ask(&t, CAUSE_PAGE, "192.0.2.0/24", HOUR);
		note_ask(&t, CAUSE_MAIL, NULL, HOUR);
		MUST(join_limits_check(&t.run, &ask, &answer, err));
		SAME_INT(asks[i].name, answer, asks[i].answer);
		SAME_INT(asks[i].name, notices(&t), asks[i].told);
		flow_end(&t);
	}
}

static void
the_keeper_is_told_once_a_day(void **state)
{
	static const struct {
		const char *name;
		int64_t at;
		int64_t told;
	} rows[] = {
		{ "the first", 0, 1 },
		{ "the same day", 24 * HOUR - 1, 1 },
		{ "a day later", 24 * HOUR, 2 },
		{ "when the clock was put back", HOUR, 3 },
	};
	static const struct ask ask = { .address = "ann@example.org",
		.cause = CAUSE_PAGE };
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	t.settings.config.limits.asks_total = "2 per 240h";
	t.settings.config.newsletter.owner = "Keeper <keeper@example.net>";
	note_ask(&t, CAUSE_PAGE, NULL, HOUR);
	note_ask(&t, CAUSE_PAGE, NULL, HOUR);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		enum ask_answer answer = ASK_FULL;
		struct notice n;

		t.run.now = NOW + rows[i].at;
		MUST(join_limits_check(&t.run, &ask, &answer, err));
		SAME_INT(rows[i].name, answer, ASK_BY_MAIL_ONLY);
		SAME_INT(rows[i].name, notices(&t), rows[i].told);
		MUST(store_notice_get(t.run.store, t.run.arena, rows[i].told, &n, err));
		SAME_INT(rows[i].name, n.kind, NOTICE_KEEPER);
		SAME_TEXT(rows[i].name, n.address, "keeper@example.net");
		if (!strstr(n.text, "2"))
			fail_msg("%s: how many asked is not in %s", rows[i].name, n.text);
	}
	flow_end(&t);
}

static void
who_keeps_it_is_who_writes_when_nobody_is_named(void **state)
{
	static const struct ask ask = { .cause = CAUSE_PAGE };
	static const struct {
		const char *owner, *from, *want; /* NULL: nobody can be told */
	} rows[] = {
		{ "", "Planet <planet@example.net>", "planet@example.net" },
		{ "keeper@example.net", "planet@example.net", "keeper@example.net" },
		{ "nobody", "planet@example.net", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		enum ask_answer answer = ASK_FULL;
		struct flow_test t;
		struct notice n;

		flow_begin(&t);
		t.settings.config.limits.asks_total = "1 per 24h";
		t.settings.config.newsletter.owner = rows[i].owner;
		t.settings.config.newsletter.from = rows[i].from;
		note_ask(&t, CAUSE_PAGE, NULL, HOUR);
		MUST(join_limits_check(&t.run, &ask, &answer, err));
		SAME_INT("answer", answer, ASK_BY_MAIL_ONLY);
		SAME_INT("told", notices(&t), rows[i].want != NULL);
		if (rows[i].want) {
			MUST(store_notice_get(t.run.store, t.run.arena, 1, &n, err));
			SAME_TEXT("who", n.address, rows[i].want);
		}
		flow_end(&t);
	}
}

/* ---- links ---- */

static const struct {
	const char *name;
	int64_t at; /* seconds since the first */
	enum ask_letter letter;
	bool may;
} links[] = {
	{ "the first", 0, LETTER_LINK, true },
	{ "within the hour", HOUR - 1, LETTER_LINK, false },
	{ "another kind", HOUR - 1, LETTER_DATA, true },
	{ "an hour later", HOUR + 1, LETTER_LINK, true },
	{ "the third", 3 * HOUR, LETTER_LINK, true },
	{ "the fourth", 5 * HOUR, LETTER_LINK, true },
	{ "no fifth that day", 24 * HOUR - 1, LETTER_LINK, false },
	{ "a day after the first", 24 * HOUR + 1, LETTER_LINK, true },
};

static void
a_link_is_mailed_a_few_times_a_day(void **state)
{
	struct flow_test t;
	const struct reader ann = { .address_key = "ann@example.org" };
	const struct reader bo = { .address_key = "bo@example.org" };
	bool may = false;

	(void)state;
	flow_begin(&t);
	for (size_t i = 0; i < ARRAY_LEN(links); i++) {
		t.run.now = NOW + links[i].at;
		MUST(join_may_send_link(&t.run, &ann, links[i].letter, &may, err));
		SAME_INT(links[i].name, may, links[i].may);
	}
	MUST(join_may_send_link(&t.run, &bo, LETTER_LINK, &may, err));
	SAME_INT("another reader", may, true);
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_ask_is_heard_within_limits),
		cmocka_unit_test(the_keeper_is_told_once_a_day),
		cmocka_unit_test(who_keeps_it_is_who_writes_when_nobody_is_named),
		cmocka_unit_test(a_link_is_mailed_a_few_times_a_day),
		cmocka_unit_test(an_address_is_written_to_so_often),
		cmocka_unit_test(who_wants_to_be_left_alone_is),
		cmocka_unit_test(blocked_domains_are_not_written_to),
		cmocka_unit_test(a_list_of_domains_that_is_not_there_is_told),
		cmocka_unit_test(without_the_log_of_asks_nothing_is_mailed),
		cmocka_unit_test(a_mail_is_answered_once_in_a_while),
		cmocka_unit_test(asks_are_remembered_for_the_longest_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

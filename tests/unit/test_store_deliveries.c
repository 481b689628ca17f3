/* SPDX-License-Identifier: ISC */
#include "unit/store_fixture.h"
#include "store/deliveries.h"
#include "store/renderings.h"
#include "store/transactions.h"

static void
add_variants(struct store *s)
{
	struct variant html = { .key = "full html *",
		.body = BODY_FULL,
		.format = FORMAT_HTML };
	struct variant text = { .key = "full text *",
		.body = BODY_FULL,
		.format = FORMAT_TEXT };

	MUST(store_variant(s, &html, err));
	MUST(store_variant(s, &text, err));
}

/* "queued 1 sent 2": what is not 0. */
static void
tell_states(struct store *s, int64_t issue, char *out, size_t size)
{
	static const char *const names[] = { "queued", "sending", "sent", "deferred",
		"refused", "unknown", "skipped" };
	int64_t by_state[DELIVERY_SKIPPED + 1];
	size_t len = 0;

	*out = '\0';
	MUST(store_deliveries_count(s, issue, by_state, err));
	for (size_t i = 0; i <= DELIVERY_SKIPPED; i++) {
		if (by_state[i])
			len += (size_t)snprintf(out + len, size - len, "%s%s %lld",
			    len ? " " : "", names[i], (long long)by_state[i]);
	}
}

#define STATES_ARE(name, s, issue, want) \
	do { \
		char states_text[200]; \
		tell_states((s), (issue), states_text, sizeof(states_text)); \
		SAME_TEXT((name), states_text, (want)); \
	} while (0)

static void
only_those_who_are_due_get_a_letter(void **state)
{
	static const struct {
		const char *name;
		enum reader_state state;
		enum frequency frequency;
		int64_t hold_until;
		bool weekly_today;
		bool weekday_today;
		int want;
	} cases[] = {
		{ "daily", READER_ACTIVE, FREQUENCY_DAILY, TIME_NONE, false, false, 1 },
		{ "pending", READER_PENDING, FREQUENCY_DAILY, TIME_NONE, true, true, 0 },
		{ "bounced", READER_BOUNCED, FREQUENCY_DAILY, TIME_NONE, true, true, 0 },
		{ "left", READER_LEFT, FREQUENCY_DAILY, TIME_NONE, true, true, 0 },
		{ "removed", READER_REMOVED, FREQUENCY_DAILY, TIME_NONE, true, true, 0 },
		{ "on hold for ever", READER_HOLD, FREQUENCY_DAILY, TIME_NONE, true, true,
		    0 },
		{ "on hold until later", READER_HOLD, FREQUENCY_DAILY, NOW + 1, true,
		    true, 0 },
		{ "hold ends now", READER_HOLD, FREQUENCY_DAILY, NOW, true, true, 1 },
		{ "hold has ended, not the day", READER_HOLD, FREQUENCY_WEEKLY, NOW - 1,
		    false, true, 0 },
		{ "weekly on another day", READER_ACTIVE, FREQUENCY_WEEKLY, TIME_NONE,
		    false, true, 0 },
		{ "weekly on the day", READER_ACTIVE, FREQUENCY_WEEKLY, TIME_NONE, true,
		    false, 1 },
		{ "weekdays on Sunday", READER_ACTIVE, FREQUENCY_WEEKDAYS, TIME_NONE,
		    true, false, 0 },
		{ "weekdays on Monday", READER_ACTIVE, FREQUENCY_WEEKDAYS, TIME_NONE,
		    false, true, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct store *s = memory_store();
		int64_t issue = add_issue(s, "i", ISSUE_SENDING);
		struct reader r = { .address = "a@x",
			.address_key = "a@x",
			.state = cases[i].state,
			.frequency = cases[i].frequency,
			.body = BODY_FULL,
			.hold_until = cases[i].hold_until };
		int64_t audience = -1;
		int64_t queued = -1;

		add_variants(s);
		MUST(store_reader_add(s, &r, err));
		MUST(store_audience_count(s, NOW, cases[i].weekly_today,
		    cases[i].weekday_today, &audience, err));
		SAME_INT(cases[i].name, audience, cases[i].want);
		MUST(store_deliveries_queue(s, issue, NOW, cases[i].weekly_today,
		    cases[i].weekday_today, &queued, err));
		SAME_INT(cases[i].name, queued, cases[i].want);
		MUST(store_deliveries_queue(s, issue, NOW, true, true, &queued, err));
		MUST(store_deliveries_queue(s, issue, NOW, true, true, &queued, err));
		SAME_INT("again", queued, 0);
		close_store(s);
	}
}

static void
every_reader_gets_the_variant_they_asked_for(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	int64_t issue = add_issue(s, "i", ISSUE_SENDING);
	struct reader r = { .address = "t@x",
		.address_key = "t@x",
		.state = READER_ACTIVE,
		.format = FORMAT_TEXT,
		.body = BODY_FULL,
		.hold_until = TIME_NONE };
	struct variant text = { .key = "full text *",
		.body = BODY_FULL,
		.format = FORMAT_TEXT };
	struct variant *used = NULL;
	struct delivery *taken = NULL;
	size_t count = 0;
	int64_t queued = 0;

	(void)state;
	add_reader(s, "h@x", READER_ACTIVE);
	MUST(store_reader_add(s, &r, err));
	MUST(store_variants_in_use(s, a, &used, &count, err));
	SAME_INT("in use", count, 2);
	SAME_INT("the first is new", used[0].id, 0);
	MUST_FAIL(store_deliveries_queue(s, issue, NOW, true, true, &queued, err),
	    ERR_BUG, "no variant");
	add_variants(s);
	MUST(store_variants_in_use(s, a, &used, &count, err));
	SAME_INT("in use still", count, 2);
	SAME_TEXT("the second", used[1].key, "full text *");
	MUST(store_variant(s, &text, err));
	SAME_INT("the same variant again", text.id, used[1].id);
	MUST(store_deliveries_queue(s, issue, NOW, true, true, &queued, err));
	MUST(store_deliveries_take(s, a, issue, NOW, 10, &taken, &count, err));
	SAME_INT("taken", count, 2);
	SAME_INT("of h@x", taken[0].variant_id, used[0].id);
	SAME_INT("of t@x", taken[1].variant_id, used[1].id);
	arena_free(a);
	close_store(s);
}

static void
what_is_taken_is_sending_until_it_is_settled(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	int64_t issue = add_issue(s, "i", ISSUE_SENDING);
	struct delivery *d = NULL;
	size_t count = 0;
	int64_t n = 0;

	(void)state;
	add_variants(s);
	add_reader(s, "a@x", READER_ACTIVE);
	add_reader(s, "b@x", READER_ACTIVE);
	add_reader(s, "c@x", READER_ACTIVE);
	add_reader(s, "d@x", READER_ACTIVE);
	MUST(store_deliveries_queue(s, issue, NOW, true, true, &n, err));
	STATES_ARE("queued", s, issue, "queued 4");
	MUST(store_deliveries_take(s, a, issue, NOW, 3, &d, &count, err));
	SAME_INT("taken", count, 3);
	SAME_TEXT("address", d[0].address, "a@x");
	SAME_INT("confirmed", d[0].confirmed, NOW);
	SAME_INT("state", d[0].state, DELIVERY_SENDING);
	STATES_ARE("taken", s, issue, "queued 1 sending 3");

	d[0].state = DELIVERY_SENT;
	d[0].reply = "250 2.0.0 Ok";
	d[0].status = "2.0.0";
	d[0].attempts = 1;
	d[0].settled = NOW + 1;
	d[1].state = DELIVERY_DEFERRED;
	d[1].next_try = NOW + 600;
	d[1].attempts = 1;
	MUST(store_deliveries_settle(s, d, 2, err));
	MUST(store_deliveries_untake(s, &d[2], 1, err));
	STATES_ARE("settled", s, issue, "queued 2 sent 1 deferred 1");

	MUST(store_deliveries_take(s, a, issue, NOW + 599, 10, &d, &count, err));
	SAME_INT("the deferred one waits", count, 2);
	MUST(store_deliveries_take(s, a, issue, NOW + 600, 10, &d, &count, err));
	SAME_INT("until it is due", count, 1);
	SAME_TEXT("it is b", d[0].address, "b@x");
	SAME_INT("with its attempts", d[0].attempts, 1);
	MUST(store_deliveries_recover(s, &n, err));
	SAME_INT("after a crash", n, 3);
	STATES_ARE("after a crash", s, issue, "sent 1 unknown 3");
	MUST(store_deliveries_take(s, a, issue, NOW + 9999, 10, &d, &count, err));
	SAME_INT("nothing goes a second time", count, 0);
	MUST(store_deliveries_queue(s, issue, NOW, true, true, &n, err));
	SAME_INT("nor is it queued again", n, 0);
	arena_free(a);
	close_store(s);
}

static void
who_left_meanwhile_is_skipped(void **state)
{
	static const struct {
		const char *name;
		enum reader_state state;
		int64_t hold_until;
		const char *want;
	} cases[] = {
		{ "left", READER_LEFT, TIME_NONE, "skipped 1" },
		{ "removed", READER_REMOVED, TIME_NONE, "skipped 1" },
		{ "bounced", READER_BOUNCED, TIME_NONE, "skipped 1" },
		{ "on hold", READER_HOLD, TIME_NONE, "skipped 1" },
		{ "hold ended", READER_HOLD, NOW - 1, "sending 1" },
		{ "erased", READER_ERASED, TIME_NONE, "skipped 1" },
		{ "active", READER_ACTIVE, TIME_NONE, "sending 1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct store *s = memory_store();
		struct arena *a = arena_new();
		int64_t issue = add_issue(s, "i", ISSUE_SENDING);
		int64_t reader = add_reader(s, "a@x", READER_ACTIVE);
		struct reader r;
		struct delivery *d = NULL;
		size_t count = 0;
		int64_t n = 0;
		bool found = false;

		add_variants(s);
		MUST(store_deliveries_queue(s, issue, NOW, true, true, &n, err));
		MUST(store_reader_get(s, a, reader, &r, &found, err));
		r.state = cases[i].state;
		r.hold_until = cases[i].hold_until;
		if (r.state == READER_ERASED)
			MUST(store_reader_erase(s, reader, err));
		else
			MUST(store_reader_update(s, &r, err));
		MUST(store_deliveries_take(s, a, issue, NOW, 5, &d, &count, err));
		STATES_ARE(cases[i].name, s, issue, cases[i].want);
		SAME_INT(cases[i].name, count, strcmp(cases[i].want, "sending 1") == 0);
		arena_free(a);
		close_store(s);
	}
}

static void
those_skipped_do_not_shorten_what_is_taken(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	int64_t issue = add_issue(s, "i", ISSUE_SENDING);
	struct delivery *d = NULL;
	size_t count = 0;
	int64_t n = 0;

	(void)state;
	add_variants(s);
	for (int i = 0; i < 20; i++) {
		char address[20];

		snprintf(address, sizeof(address), "r%d@x", i);
		add_reader(s, address, READER_ACTIVE);
	}
	MUST(store_deliveries_queue(s, issue, NOW, true, true, &n, err));
	for (int64_t id = 1; id <= 8; id++)
		MUST(store_reader_erase(s, id, err));
	MUST(store_deliveries_take(s, a, issue, NOW, 10, &d, &count, err));
	SAME_INT("taken", count, 10);
	STATES_ARE("all", s, issue, "queued 2 sending 10 skipped 8");
	arena_free(a);
	close_store(s);
}

static bool
note_delivery(void *arg, const struct delivery *d, struct err *err)
{
	char *text = arg;
	size_t len = strlen(text);

	(void)err;
	snprintf(text + len, 300 - len, "%s:%d:%s;", d->address ? d->address : "-",
	    (int)d->state, d->reply ? d->reply : "");
	return true;
}

static void
deliveries_are_listed_by_state_and_forget_the_erased(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	int64_t issue = add_issue(s, "i", ISSUE_SENDING);
	int64_t b = 0;
	char text[300] = "";
	struct delivery *d = NULL;
	size_t count = 0;
	int64_t n = 0;

	(void)state;
	add_variants(s);
	add_reader(s, "a@x", READER_ACTIVE);
	b = add_reader(s, "b@x", READER_ACTIVE);
	MUST(store_deliveries_queue(s, issue, NOW, true, true, &n, err));
	MUST(store_deliveries_take(s, a, issue, NOW, 5, &d, &count, err));
	d[0].state = DELIVERY_REFUSED;
	d[0].reply = "550 no a@x";
	d[1].state = DELIVERY_REFUSED;
	d[1].reply = "550 no b@x";
	MUST(store_deliveries_settle(s, d, 2, err));
	MUST(store_deliveries_each(s, issue, 1u << DELIVERY_SENT, note_delivery, text,
	    err));
	SAME_TEXT("sent", text, "");
	MUST(store_deliveries_each(s, issue, 1u << DELIVERY_REFUSED, note_delivery, text,
	    err));
	SAME_TEXT("refused", text, "a@x:4:550 no a@x;b@x:4:550 no b@x;");
	MUST(store_reader_erase(s, b, err));
	*text = '\0';
	MUST(store_deliveries_each(s, issue, ~0u, note_delivery, text, err));
	SAME_TEXT("erased", text, "a@x:4:550 no a@x;-:4:;");
	/* The answer came after they had everything erased. */
	MUST(store_deliveries_settle(s, &d[1], 1, err));
	*text = '\0';
	MUST(store_deliveries_each(s, issue, ~0u, note_delivery, text, err));
	SAME_TEXT("a late reply", text, "a@x:4:550 no a@x;-:4:;");
	arena_free(a);
	close_store(s);
}

static void
taking_inside_a_transaction_is_refused(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct delivery *d = NULL;
	size_t count = 0;

	(void)state;
	MUST(store_begin(s, err));
	MUST_FAIL(store_deliveries_take(s, a, 1, NOW, 5, &d, &count, err), ERR_BUG,
	    "transaction is open");
	MUST(store_commit(s, err));
	arena_free(a);
	close_store(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_those_who_are_due_get_a_letter),
		cmocka_unit_test(every_reader_gets_the_variant_they_asked_for),
		cmocka_unit_test(what_is_taken_is_sending_until_it_is_settled),
		cmocka_unit_test(who_left_meanwhile_is_skipped),
		cmocka_unit_test(those_skipped_do_not_shorten_what_is_taken),
		cmocka_unit_test(deliveries_are_listed_by_state_and_forget_the_erased),
		cmocka_unit_test(taking_inside_a_transaction_is_refused),
	};

	return cmocka_run_group_tests_name("store deliveries", tests, NULL, NULL);
}

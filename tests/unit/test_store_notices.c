/* SPDX-License-Identifier: ISC */
#include "unit/store_fixture.h"

#include "base/attr.h"
#include "store/db.h"
#include "store/deliveries.h"
#include "store/delivery_recovery.h"
#include "store/notices.h"
#include "store/transactions.h"

static int64_t
add_notice(struct store *s, enum notice_kind kind, int64_t reader, const char *address)
{
	const struct notice n = { .kind = kind,
		.reader_id = reader,
		.address = address,
		.subject = "Hello",
		.text = "text\n",
		.html = "<p>text" };
	int64_t id = 0;

	MUST(store_notice_add(s, &n, NOW, &id, err));
	return id;
}

static int64_t
state_of(struct store *s, int64_t id)
{
	struct err failure = ERR_INIT;
	struct db_query *q =
	    db_query(s, "SELECT state FROM notice WHERE id = :id", &failure);
	int64_t state = -1;

	db_bind_int(q, ":id", id);
	if (db_next(q))
		state = db_int(q);
	if (!db_done(q, &failure))
		fail_msg("%s", failure.text);
	return state;
}

static void
everything_of_a_notice_comes_back(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	const int64_t reader = add_reader(s, "a@x", READER_ACTIVE);
	const struct span issue = approve_issue(s, "i", NOW);
	struct variant v = { 0, LENGTH_DEFAULT, FORMAT_HTML, "*", NULL, 0 };
	struct notice test = { .kind = NOTICE_TEST, .address = "me@x" };
	struct notice got;
	int64_t id = add_notice(s, NOTICE_WELCOME, reader, NULL);

	(void)state;
	MUST(store_notice_get(s, a, id, &got, err));
	SAME_INT("kind", got.kind, NOTICE_WELCOME);
	SAME_INT("reader", got.reader_id, reader);
	SAME_TEXT("no address", got.address, "(none)");
	SAME_INT("no issue", got.issue_id, 0);
	SAME_INT("no variant", got.variant_id, 0);
	SAME_TEXT("subject", got.subject, "Hello");
	SAME_TEXT("text", got.text, "text\n");
	SAME_TEXT("html", got.html, "<p>text");
	MUST(store_variant_intern(s, &v, err));
	test.issue_id = issue.last_id;
	test.variant_id = v.id;
	MUST(store_notice_add(s, &test, NOW, &id, err));
	MUST(store_notice_get(s, a, id, &got, err));
	SAME_INT("kind", got.kind, NOTICE_TEST);
	SAME_INT("no reader", got.reader_id, 0);
	SAME_TEXT("address", got.address, "me@x");
	SAME_INT("issue", got.issue_id, issue.last_id);
	SAME_INT("variant", got.variant_id, v.id);
	SAME_TEXT("no text", got.text, "(none)");
	MUST(store_notice_add(s, &test, NOW, NULL, err));
	MUST_FAIL(store_notice_get(s, a, 99, &got, err), ERR_BUG, "notice 99");
	arena_free(a);
	close_store(s);
}

static void
to_those_who_left_only_a_goodbye_goes(void **state)
{
	static const struct {
		enum reader_state state;
		bool welcome, goodbye;
	} cases[] = {
		{ READER_PENDING, true, true },
		{ READER_ACTIVE, true, true },
		{ READER_HOLD, true, true },
		{ READER_BOUNCED, true, true },
		{ READER_LEFT, false, true },
		{ READER_REMOVED, false, true },
		{ READER_ERASED, false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct store *s = memory_store();
		struct arena *a = arena_new();
		const int64_t reader = add_reader(s, "a@x", cases[i].state);
		const int64_t welcome = add_notice(s, NOTICE_WELCOME, reader, NULL);
		const int64_t goodbye = add_notice(s, NOTICE_GOODBYE, reader, NULL);
		const int64_t mailbox = add_notice(s, NOTICE_KEEPER, 0, "me@x");
		struct delivery *d = NULL;
		size_t count = 0;

		MUST(store_notices_take(s, a, NOW, 9, &d, &count, err));
		SAME_INT("taken", count, 1 + cases[i].welcome + cases[i].goodbye);
		SAME_INT("welcome", state_of(s, welcome),
		    cases[i].welcome ? DELIVERY_SENDING : DELIVERY_SKIPPED);
		SAME_INT("goodbye", state_of(s, goodbye),
		    cases[i].goodbye ? DELIVERY_SENDING : DELIVERY_SKIPPED);
		SAME_INT("to a mailbox", state_of(s, mailbox), DELIVERY_SENDING);
		SAME_TEXT("address of a mailbox", d[count - 1].address, "me@x");
		SAME_INT("of no reader", d[count - 1].reader_id, 0);
		if (count > 1)
			SAME_TEXT("address of a reader", d[0].address, "a@x");
		arena_free(a);
		close_store(s);
	}
}

/* Their goodbye, whether they want to again, and what they asked for of their own. */
static void
those_who_left_get_what_they_asked_for(void **state)
{
	static const bool goes[] = {
		[NOTICE_CONFIRMATION] = true,
		[NOTICE_GOODBYE] = true,
		[NOTICE_REMINDER] = true,
		[NOTICE_HELP] = true,
		[NOTICE_LINK] = true,
		[NOTICE_DATA] = true,
		[NOTICE_MOVED] = true,
	};
	struct store *s = memory_store();
	struct arena *a = arena_new();
	const int64_t reader = add_reader(s, "a@x", READER_LEFT);
	int64_t ids[ARRAY_LEN(goes)];
	struct delivery *d = NULL;
	size_t count = 0;

	(void)state;
	for (size_t kind = NOTICE_CONFIRMATION; kind < ARRAY_LEN(goes); kind++)
		ids[kind] = add_notice(s, (enum notice_kind)kind, reader, NULL);
	MUST(store_notices_take(s, a, NOW, 99, &d, &count, err));
	SAME_INT("taken", count, 7);
	for (size_t kind = NOTICE_CONFIRMATION; kind < ARRAY_LEN(goes); kind++)
		SAME_INT("a kind", state_of(s, ids[kind]),
		    goes[kind] ? DELIVERY_SENDING : DELIVERY_SKIPPED);
	arena_free(a);
	close_store(s);
}

static void
what_is_taken_tells_all_a_letter_needs(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct reader r = make_reader("a@x", READER_ACTIVE);
	const struct notice test = { .kind = NOTICE_TEST,
		.reader_id = 1,
		.issue_id = 2,
		.variant_id = 1 };
	struct delivery *d = NULL;
	size_t count = 0;
	int64_t keeper = 0;

	(void)state;
	r.epoch = 3;
	r.confirmed = NOW - 5;
	MUST(store_reader_add(s, &r, err));
	approve_issue(s, "i", NOW);
	approve_issue(s, "j", NOW);
	MUST(store_notice_add(s, &test, NOW, NULL, err));
	keeper = add_notice(s, NOTICE_KEEPER, 0, "me@x");
	MUST(store_notices_take(s, a, NOW, 9, &d, &count, err));
	SAME_INT("two", count, 2);
	SAME_INT("kind", d[0].kind, NOTICE_TEST);
	SAME_INT("state", d[0].state, DELIVERY_SENDING);
	SAME_INT("reader", d[0].reader_id, 1);
	SAME_INT("behind", d[0].span.after, 1);
	SAME_INT("up to", d[0].span.last, 2);
	SAME_INT("which is", d[0].span.last_id, 2);
	SAME_INT("variant", d[0].variant_id, 1);
	SAME_INT("part", d[0].part, 1);
	SAME_INT("epoch", d[0].epoch, 3);
	SAME_INT("confirmed", d[0].confirmed, NOW - 5);
	SAME_INT("id", d[1].notice_id, keeper);
	SAME_INT("of no issue", d[1].span.last_id, 0);
	SAME_INT("of no span", d[1].span.after, 0);
	arena_free(a);
	close_store(s);
}

static void
a_notice_is_settled_like_a_letter(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	const int64_t id = add_notice(s, NOTICE_KEEPER, 0, "me@x");
	const int64_t second = add_notice(s, NOTICE_KEEPER, 0, "you@x");
	struct delivery *d = NULL;
	size_t count = 0;
	int64_t n = 0;

	(void)state;
	MUST(store_notices_waiting(s, &n, err));
	SAME_INT("wait", n, 2);
	MUST(store_notices_take(s, a, NOW, 1, &d, &count, err));
	SAME_INT("one at a time", count, 1);
	SAME_INT("in order", d[0].notice_id, id);
	d[0].state = DELIVERY_DEFERRED;
	d[0].next_try = NOW + 60;
	d[0].attempts = 1;
	MUST(store_deliveries_settle(s, d, 1, err));
	MUST(store_notices_take(s, a, NOW + 59, 9, &d, &count, err));
	SAME_INT("the deferred one waits", count, 1);
	SAME_INT("the other goes", d[0].notice_id, second);
	MUST(store_deliveries_untake(s, d, 1, err));
	SAME_INT("not begun", state_of(s, second), DELIVERY_QUEUED);
	MUST(store_notices_take(s, a, NOW + 60, 9, &d, &count, err));
	SAME_INT("both", count, 2);
	SAME_INT("the one that never went first", d[0].notice_id, second);
	SAME_INT("attempts", d[1].attempts, 1);
	d[0].state = DELIVERY_SENT;
	MUST(store_deliveries_settle(s, d, 1, err));
	MUST(store_deliveries_recover(s, NULL, &n, err));
	SAME_INT("killed", n, 1);
	SAME_INT("sent", state_of(s, second), DELIVERY_SENT);
	SAME_INT("unknown", state_of(s, id), DELIVERY_UNKNOWN);
	MUST(store_notices_take(s, a, NOW + 9999, 9, &d, &count, err));
	SAME_INT("nothing goes twice", count, 0);
	MUST(store_notices_waiting(s, &n, err));
	SAME_INT("none waits", n, 0);
	MUST(store_begin(s, err));
	MUST_FAIL(store_notices_take(s, a, NOW, 9, &d, &count, err), ERR_BUG,
	    "transaction is open");
	MUST(store_commit(s, err));
	arena_free(a);
	close_store(s);
}

static void
of_the_erased_nothing_is_read_or_sent(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	const int64_t reader = add_reader(s, "a@x", READER_ACTIVE);
	const int64_t id = add_notice(s, NOTICE_WELCOME, reader, NULL);
	const int64_t other =
	    add_notice(s, NOTICE_WELCOME, add_reader(s, "b@x", READER_ACTIVE), NULL);
	struct notice got;
	struct delivery *d = NULL;
	size_t count = 0;

	(void)state;
	MUST(store_reader_erase(s, reader, err));
	MUST(store_notice_get(s, a, id, &got, err));
	SAME_TEXT("subject", got.subject, "(none)");
	SAME_TEXT("text", got.text, "(none)");
	SAME_TEXT("html", got.html, "(none)");
	MUST(store_notice_get(s, a, other, &got, err));
	SAME_TEXT("another's", got.text, "text\n");
	MUST(store_notices_take(s, a, NOW, 9, &d, &count, err));
	SAME_INT("taken", count, 1);
	SAME_INT("another's", d[0].notice_id, other);
	/* While it is being sent it is still read. */
	MUST(store_reader_erase(s, 2, err));
	MUST(store_notice_get(s, a, other, &got, err));
	SAME_TEXT("being sent", got.text, "text\n");
	arena_free(a);
	close_store(s);
}

static void
what_became_of_a_notice_is_forgotten_in_time(void **state)
{
	static const struct {
		const char *name;
		enum delivery_state is;
		int64_t settled;
		bool stays;
	} cases[] = {
		{ "sent long ago", DELIVERY_SENT, NOW - 1, false },
		{ "sent lately", DELIVERY_SENT, NOW, true },
		{ "refused long ago", DELIVERY_REFUSED, NOW - 1, false },
		{ "unknown since long", DELIVERY_UNKNOWN, NOW - 1, false },
		{ "waits", DELIVERY_QUEUED, TIME_NONE, true },
		{ "deferred", DELIVERY_DEFERRED, NOW - 1, true },
		{ "being sent", DELIVERY_SENDING, TIME_NONE, true },
		{ "the newest, whose id is not given twice", DELIVERY_SENT, NOW - 1,
		    true },
	};
	struct store *s = memory_store();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct delivery d = { .notice_id =
						add_notice(s, NOTICE_HELP, 0, "a@x"),
			.kind = NOTICE_HELP,
			.state = cases[i].is,
			.next_try = TIME_NONE,
			.settled = cases[i].settled };

		MUST(store_deliveries_settle(s, &d, 1, err));
	}
	MUST(store_notices_tidy(s, NOW, err));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		SAME_INT(cases[i].name, state_of(s, (int64_t)i + 1) != -1,
		    cases[i].stays);
	close_store(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_of_a_notice_comes_back),
		cmocka_unit_test(to_those_who_left_only_a_goodbye_goes),
		cmocka_unit_test(those_who_left_get_what_they_asked_for),
		cmocka_unit_test(what_is_taken_tells_all_a_letter_needs),
		cmocka_unit_test(a_notice_is_settled_like_a_letter),
		cmocka_unit_test(of_the_erased_nothing_is_read_or_sent),
		cmocka_unit_test(what_became_of_a_notice_is_forgotten_in_time),
	};

	return cmocka_run_group_tests_name("store notices", tests, NULL, NULL);
}

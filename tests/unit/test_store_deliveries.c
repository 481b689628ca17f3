/* SPDX-License-Identifier: ISC */
#include "unit/store_fixture.h"
#include "base/buf.h"
#include "model/names.h"
#include "store/db.h"
#include "store/deliveries.h"
#include "store/delivery_recovery.h"
#include "store/renderings.h"
#include "store/transactions.h"

/* "queued 1 sent 2": what is not 0. */
static void
tell_states(struct store *s, int64_t issue, char *out, size_t size)
{
	static const char *const names[] = { "queued", "sending", "sent", "deferred",
		"refused", "unknown", "skipped", "withdrawn" };
	int64_t by_state[DELIVERY_STATES];
	size_t len = 0;

	*out = '\0';
	MUST(store_deliveries_count(s, issue, by_state, err));
	for (size_t i = 0; i < DELIVERY_STATES; i++) {
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
every_reader_gets_the_variant_they_asked_for(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct reader text = make_reader("t@x", READER_ACTIVE);
	struct reader html = make_reader("h@x", READER_ACTIVE);
	struct reader same = make_reader("s@x", READER_ACTIVE);
	struct delivery *d = NULL;
	size_t count = 0;

	(void)state;
	text.variant.format = FORMAT_TEXT;
	MUST(store_reader_add(s, &text, err));
	MUST(store_reader_add(s, &html, err));
	same.variant.format = FORMAT_TEXT;
	MUST(store_reader_add(s, &same, err));
	SAME_INT("the same wishes are one variant", same.variant.id, text.variant.id);
	approve_issue(s, "i", NOW);
	SAME_INT("queued", queue_letters(s, NOW), 3);
	MUST(store_deliveries_take(s, NULL, 0, a, 0, NOW, 10, &d, &count, err));
	SAME_INT("taken", count, 3);
	/* Those of one variant lie together, whatever the order of the readers. */
	SAME_TEXT("first", d[0].address, "t@x");
	SAME_INT("in text", d[0].variant_id, text.variant.id);
	SAME_TEXT("second", d[1].address, "s@x");
	SAME_INT("in text", d[1].variant_id, text.variant.id);
	SAME_TEXT("third", d[2].address, "h@x");
	SAME_INT("in HTML", d[2].variant_id, html.variant.id);
	arena_free(a);
	close_store(s);
}

static void
what_is_taken_is_sending_until_it_is_settled(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	int64_t issue = approve_issue(s, "i", NOW).last_id;
	struct delivery *d = NULL;
	size_t count = 0;
	int64_t n = 0;

	(void)state;
	add_reader(s, "a@x", READER_ACTIVE);
	add_reader(s, "b@x", READER_ACTIVE);
	add_reader(s, "c@x", READER_ACTIVE);
	add_reader(s, "d@x", READER_ACTIVE);
	queue_letters(s, NOW);
	STATES_ARE("queued", s, issue, "queued 4");
	MUST(store_deliveries_take(s, NULL, 0, a, issue, NOW, 3, &d, &count, err));
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

	MUST(store_deliveries_take(s, NULL, 0, a, issue, NOW + 599, 10, &d, &count, err));
	SAME_INT("the deferred one waits", count, 2);
	MUST(store_deliveries_take(s, NULL, 0, a, issue, NOW + 600, 10, &d, &count, err));
	SAME_INT("until it is due", count, 1);
	SAME_TEXT("it is b", d[0].address, "b@x");
	SAME_INT("with its attempts", d[0].attempts, 1);
	MUST(store_deliveries_recover(s, NULL, &n, err));
	SAME_INT("after a crash", n, 3);
	STATES_ARE("after a crash", s, issue, "sent 1 unknown 3");
	MUST(
	    store_deliveries_take(s, NULL, 0, a, issue, NOW + 9999, 10, &d, &count, err));
	SAME_INT("nothing goes a second time", count, 0);
	SAME_INT("nor is it queued again", queue_letters(s, NOW), 0);
	arena_free(a);
	close_store(s);
}

static void
who_is_not_active_any_more_gets_nothing(void **state)
{
	static const struct {
		const char *name;
		enum reader_state state;
		const char *want;
		int64_t last_issue; /* 0: the issue is in their next letter */
	} cases[] = {
		{ "active", READER_ACTIVE, "sending 1", 1 },
		{ "left", READER_LEFT, "skipped 1", 1 },
		{ "asked anew", READER_PENDING, "skipped 1", 1 },
		{ "erased", READER_ERASED, "skipped 1", 1 },
		{ "removed", READER_REMOVED, "withdrawn 1", 0 },
		{ "bounced", READER_BOUNCED, "withdrawn 1", 0 },
		{ "on hold", READER_HOLD, "withdrawn 1", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct store *s = memory_store();
		struct arena *a = arena_new();
		int64_t issue = approve_issue(s, "i", NOW).last_id;
		int64_t reader = add_reader(s, "a@x", READER_ACTIVE);
		struct reader r;
		struct delivery *d = NULL;
		size_t count = 0;
		bool found = false;

		queue_letters(s, NOW);
		MUST(store_reader_get(s, a, reader, &r, &found, err));
		r.state = cases[i].state;
		if (r.state == READER_ERASED)
			MUST(store_reader_erase(s, reader, err));
		else
			MUST(store_reader_update(s, &r, err));
		MUST(store_deliveries_take(s, NULL, 0, a, 0, NOW, 5, &d, &count, err));
		STATES_ARE(cases[i].name, s, issue, cases[i].want);
		SAME_INT(cases[i].name, count, i == 0);
		MUST(store_reader_get(s, a, reader, &r, &found, err));
		SAME_INT(cases[i].name, r.last_issue, cases[i].last_issue);
		arena_free(a);
		close_store(s);
	}
}

static void
those_skipped_do_not_shorten_what_is_taken(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	int64_t issue = approve_issue(s, "i", NOW).last_id;
	struct delivery *d = NULL;
	size_t count = 0;

	(void)state;
	for (int i = 0; i < 20; i++) {
		char address[20];

		snprintf(address, sizeof(address), "r%d@x", i);
		add_reader(s, address, READER_ACTIVE);
	}
	queue_letters(s, NOW);
	for (int64_t id = 1; id <= 8; id++)
		MUST(store_reader_erase(s, id, err));
	MUST(store_deliveries_take(s, NULL, 0, a, issue, NOW, 10, &d, &count, err));
	SAME_INT("taken", count, 10);
	STATES_ARE("all", s, issue, "queued 2 sending 10 skipped 8");
	arena_free(a);
	close_store(s);
}

/* Of readers 1 to 30: who gets text, who left or changed after the letters were queued. */
static void
add_mixed_readers(struct store *s, struct arena *a, struct reader *r, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		r[i] = make_reader(arena_printf(a, "r%zu@x", i + 1), READER_ACTIVE);
		if (i + 1 >= 20 && i % 3 == 0)
			r[i].variant.format = FORMAT_TEXT;
		MUST(store_reader_add(s, &r[i], err));
	}
}

static void
change_reader(struct store *s, struct reader *r, enum reader_state state, int64_t epoch)
{
	r->state = state;
	r->epoch = epoch;
	r->last_issue = 1;
	MUST(store_reader_update(s, r, err));
}

/* Letters that lie together are marked together: those and no others. */
static void
what_is_marked_is_what_was_taken(void **state)
{
	static const char taken[] = "1 2 3 4 6 8 9 10 11 13 14 15 16 ";
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct reader r[30];
	struct delivery *d = NULL;
	struct delivery one;
	char got[200] = "";
	size_t count = 0;
	int64_t issue = 0;
	bool found = false;

	(void)state;
	add_mixed_readers(s, a, r, 30);
	issue = approve_issue(s, "i", NOW).last_id;
	SAME_INT("queued", queue_letters(s, NOW), 30);
	change_reader(s, &r[4], READER_LEFT, 0);
	change_reader(s, &r[6], READER_HOLD, 0);
	change_reader(s, &r[8], READER_ACTIVE, 5);
	/* One was refused in doubt: it waits, and goes last. */
	MUST(store_delivery_ending(s, a, 1, 12, 1, &one, &found, err));
	one.status = "5.7.1";
	MUST(store_deliveries_settle(s, &one, 1, err));
	MUST(store_deliveries_take(s, NULL, 0, a, issue, NOW, 13, &d, &count, err));
	for (size_t i = 0; i < count; i++) {
		const size_t len = strlen(got);

		(void)snprintf(got + len, sizeof(got) - len, "%lld ",
		    (long long)d[i].reader_id);
		SAME_INT("state", d[i].state, DELIVERY_SENDING);
		MUST(
		    store_delivery_ending(s, a, 1, d[i].reader_id, 1, &one, &found, err));
		SAME_INT("stored", one.state, DELIVERY_SENDING);
		SAME_INT("epoch", one.epoch, d[i].reader_id == 9 ? 5 : 0);
	}
	SAME_TEXT("taken", got, taken);
	STATES_ARE("and no others", s, issue,
	    "queued 15 sending 13 skipped 1 withdrawn 1");
	MUST(store_deliveries_take(s, NULL, 0, a, issue, NOW, 30, &d, &count, err));
	SAME_INT("the rest", count, 15);
	SAME_INT("those of the other variant behind", d[11].variant_id, r[21].variant.id);
	SAME_INT("the one in doubt last", d[14].reader_id, 12);
	STATES_ARE("all", s, issue, "sending 28 skipped 1 withdrawn 1");
	arena_free(a);
	close_store(s);
}

static void
answers_and_what_is_taken_behind_them_stand_or_fall_together(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct reader r[9];
	struct delivery *d = NULL;
	struct delivery *next = NULL;
	struct delivery strange;
	size_t count = 0;
	int64_t issue = 0;

	(void)state;
	add_mixed_readers(s, a, r, 9);
	issue = approve_issue(s, "i", NOW).last_id;
	SAME_INT("queued", queue_letters(s, NOW), 9);
	MUST(store_deliveries_take(s, NULL, 0, a, issue, NOW, 3, &d, &count, err));
	for (size_t i = 0; i < count; i++) {
		d[i].state = DELIVERY_SENT;
		d[i].settled = NOW;
	}
	strange = d[1];
	strange.reader_id = 77;
	MUST_FAIL(store_deliveries_take(s, &strange, 1, a, issue, NOW, 3, &next, &count,
		      err),
	    ERR_BUG, "not stored");
	STATES_ARE("neither", s, issue, "queued 6 sending 3");
	MUST(store_deliveries_take(s, d, 3, a, issue, NOW, 4, &next, &count, err));
	SAME_INT("taken", count, 4);
	SAME_INT("the next", next[0].reader_id, 4);
	STATES_ARE("both", s, issue, "queued 2 sending 4 sent 3");
	arena_free(a);
	close_store(s);
}

/* What is stored of each: "reader state attempts status reply settled". */
static bool
note_settled(void *arg, const struct delivery *d, struct err *err)
{
	struct buf *out = arg;

	(void)err;
	buf_addf(out, "%lld %s %lld %s '%s' %lld\n", (long long)d->reader_id,
	    delivery_state_name(d->state), (long long)d->attempts,
	    d->status ? d->status : "-", d->reply ? d->reply : "-",
	    d->settled == TIME_NONE ? 0 : (long long)(d->settled - NOW));
	return true;
}

/* In the order of the answers. */
static const struct {
	int64_t reader;
	enum delivery_state state;
	const char *status, *reply;
	int64_t attempts, settled;
} answers[] = {
	{ 5, DELIVERY_SENT, "2.0.0", "250 five", 1, 1 },
	{ 2, DELIVERY_SENT, "2.0.0", "250 two", 1, 1 },
	{ 1, DELIVERY_SENT, "2.0.0", "250 one", 1, 1 },
	{ 4, DELIVERY_SENT, "2.0.0", "250 four", 1, 1 },
	{ 7, DELIVERY_REFUSED, "5.1.1", "550 seven", 1, 1 },
	/* 3 and 6 are still out; others went later, or the second time, or said otherwise. */
	{ 9, DELIVERY_SENT, "2.0.0", "250 nine", 1, 2 },
	{ 8, DELIVERY_SENT, "2.0.0", "250 eight", 1, 2 },
	{ 10, DELIVERY_SENT, "2.0.0", "250 ten", 2, 2 },
	{ 11, DELIVERY_SENT, "2.6.0", "250 eleven", 1, 2 },
	{ 12, DELIVERY_SENT, NULL, "250 twelve", 1, 2 },
	{ 13, DELIVERY_SENT, "2.0.0", NULL, 1, 2 },
	/* The later word about a letter is the last. */
	{ 14, DELIVERY_DEFERRED, "5.7.1", "550 fourteen", 0, 2 },
	{ 14, DELIVERY_REFUSED, "5.7.1", "550 fourteen", 1, 3 },
};
static const char what_is_stored[] = "1 accepted 1 2.0.0 '250 one' 1\n"
				     "2 accepted 1 2.0.0 '250 two' 1\n"
				     "3 sending 0 - '-' 0\n"
				     "4 accepted 1 2.0.0 '250 four' 1\n"
				     "5 accepted 1 2.0.0 '250 five' 1\n"
				     "6 sending 0 - '-' 0\n"
				     "7 refused 1 5.1.1 '550 seven' 1\n"
				     "8 accepted 1 2.0.0 '250 eight' 2\n"
				     "9 accepted 1 2.0.0 '250 nine' 2\n"
				     "10 accepted 2 2.0.0 '250 ten' 2\n"
				     "11 accepted 1 2.6.0 '250 eleven' 2\n"
				     "12 accepted 1 - '250 twelve' 2\n"
				     "13 accepted 1 2.0.0 '-' 2\n"
				     "14 refused 1 5.7.1 '550 fourteen' 3\n";

/* Letters that went to readers side by side are settled together: those and no others. */
static void
what_is_settled_together_keeps_its_own_reply(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct buf got = BUF_INIT(4000);
	struct reader r[14];
	struct delivery *taken = NULL;
	struct delivery d[ARRAY_LEN(answers)];
	size_t count = 0;
	int64_t issue = 0;

	(void)state;
	add_mixed_readers(s, a, r, 14);
	issue = approve_issue(s, "i", NOW).last_id;
	queue_letters(s, NOW);
	MUST(store_deliveries_take(s, NULL, 0, a, issue, NOW, 20, &taken, &count, err));
	SAME_INT("taken", count, 14);
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		d[i] = taken[answers[i].reader - 1];
		SAME_INT("the reader", d[i].reader_id, answers[i].reader);
		d[i].state = answers[i].state;
		d[i].status = answers[i].status;
		d[i].reply = answers[i].reply;
		d[i].attempts = answers[i].attempts;
		d[i].settled = NOW + answers[i].settled;
	}
	MUST(store_deliveries_settle(s, d, ARRAY_LEN(answers), err));
	MUST(store_deliveries_each(s, issue, ~0u, note_settled, &got, err));
	SAME_TEXT("stored", buf_text(&got), what_is_stored);
	buf_clear(&got);
	arena_free(a);
	close_store(s);
}

/* One of those side by side is not in the table. */
static void
a_letter_that_is_not_stored_is_told_among_others_too(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct reader r[9];
	struct delivery *d = NULL;
	size_t count = 0;
	int64_t issue = 0;

	(void)state;
	add_mixed_readers(s, a, r, 9);
	issue = approve_issue(s, "i", NOW).last_id;
	queue_letters(s, NOW);
	MUST(store_deliveries_take(s, NULL, 0, a, issue, NOW, 9, &d, &count, err));
	for (size_t i = 0; i < count; i++) {
		d[i].state = DELIVERY_SENT;
		d[i].status = "2.0.0";
		d[i].reply = "250 ok";
		d[i].settled = NOW;
	}
	d[8].reader_id = 10;
	MUST_FAIL(store_deliveries_settle(s, d, 9, err), ERR_BUG, "not stored");
	STATES_ARE("none of them", s, issue, "sending 9");
	MUST(store_deliveries_settle(s, d, 8, err));
	STATES_ARE("the others", s, issue, "sending 1 sent 8");
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
	int64_t issue = approve_issue(s, "i", NOW).last_id;
	int64_t b = 0;
	char text[300] = "";
	struct delivery *d = NULL;
	size_t count = 0;

	(void)state;
	add_reader(s, "a@x", READER_ACTIVE);
	b = add_reader(s, "b@x", READER_ACTIVE);
	queue_letters(s, NOW);
	MUST(store_deliveries_take(s, NULL, 0, a, issue, NOW, 5, &d, &count, err));
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
	MUST_FAIL(store_deliveries_take(s, NULL, 0, a, 1, NOW, 5, &d, &count, err),
	    ERR_BUG, "transaction is open");
	MUST(store_commit(s, err));
	arena_free(a);
	close_store(s);
}

static void
old_letters_become_one_count_an_issue_and_state(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	const int64_t issue = approve_issue(s, "i", NOW - 100).last_id;
	struct delivery *d = NULL;
	struct delivery one;
	size_t count = 0;
	int64_t dropped = 0;
	bool found = false;

	(void)state;
	add_reader(s, "a@x", READER_ACTIVE);
	add_reader(s, "b@x", READER_ACTIVE);
	add_reader(s, "c@x", READER_ACTIVE);
	add_reader(s, "d@x", READER_ACTIVE);
	add_reader(s, "e@x", READER_ACTIVE);
	queue_letters(s, NOW - 90);
	MUST(store_deliveries_take(s, NULL, 0, a, 0, NOW - 90, 4, &d, &count, err));
	d[0].state = d[1].state = DELIVERY_SENT;
	d[0].settled = NOW - 90;
	d[1].settled = NOW - 10; /* young */
	d[2].state = DELIVERY_REFUSED;
	d[2].settled = NOW - 90;
	d[3].state = DELIVERY_DEFERRED;
	d[3].settled = NOW - 90;
	d[3].next_try = NOW + 5;
	MUST(store_deliveries_settle(s, d, count, err));
	STATES_ARE("before", s, issue, "queued 1 sent 2 deferred 1 refused 1");
	MUST(store_deliveries_tidy(s, NOW - 100, &dropped, err));
	SAME_INT("of an issue that is too young", dropped, 0);
	MUST(store_deliveries_tidy(s, NOW - 50, &dropped, err));
	SAME_INT("dropped", dropped, 2);
	STATES_ARE("counts stay", s, issue, "queued 1 sent 2 deferred 1 refused 1");
	MUST(store_delivery_ending(s, a, 1, d[0].reader_id, 1, &one, &found, err));
	SAME_INT("an old letter", found, false);
	MUST(store_delivery_ending(s, a, 1, d[1].reader_id, 1, &one, &found, err));
	SAME_INT("a young one", found, true);
	MUST(store_deliveries_tidy(s, NOW, &dropped, err));
	SAME_INT("dropped later", dropped, 1);
	STATES_ARE("counts are added up", s, issue,
	    "queued 1 sent 2 deferred 1 refused 1");
	arena_free(a);
	close_store(s);
}

static int64_t
issue_state(struct store *s, int64_t id)
{
	char sql[80];
	int64_t n = -1;

	(void)snprintf(sql, sizeof(sql), "SELECT state FROM issue WHERE id = %lld",
	    (long long)id);
	MUST(db_number(s, sql, &n, err));
	return n;
}

/* An issue of which nothing is to be sent stays what it is. */
static void
an_issue_is_sending_again_when_a_letter_of_it_is(void **state)
{
	static const struct {
		unsigned states;
		enum delivery_state to;
		int64_t count;
		enum issue_state issue;
	} rows[] = {
		{ 1u << DELIVERY_SENT, DELIVERY_QUEUED, 0, ISSUE_SENT },
		{ 1u << DELIVERY_REFUSED, DELIVERY_SKIPPED, 1, ISSUE_SENT },
		{ 1u << DELIVERY_UNKNOWN, DELIVERY_QUEUED, 1, ISSUE_SENDING },
	};
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct delivery *d = NULL;
	struct span i;
	size_t count = 0;
	int64_t n = -1;

	(void)state;
	(void)add_reader(s, "a@x", READER_ACTIVE);
	(void)add_reader(s, "b@x", READER_ACTIVE);
	i = approve_issue(s, "i", NOW);
	SAME_INT("queued", queue_letters(s, NOW), 2);
	MUST(store_deliveries_take(s, NULL, 0, a, 0, NOW, 10, &d, &count, err));
	SAME_INT("taken", count, 2);
	d[0].state = DELIVERY_UNKNOWN;
	d[1].state = DELIVERY_REFUSED;
	d[0].settled = d[1].settled = NOW;
	MUST(store_deliveries_settle(s, d, count, err));
	MUST(db_exec(s, "UPDATE issue SET state = 4", err));
	SAME_INT("4 is sent", ISSUE_SENT, 4);
	for (size_t k = 0; k < ARRAY_LEN(rows); k++) {
		MUST(store_deliveries_decide(s, i.last_id, rows[k].states, rows[k].to,
		    NOW + 7, &n, err));
		SAME_INT("letters", n, rows[k].count);
		SAME_INT("issue", issue_state(s, i.last_id), rows[k].issue);
	}
	MUST(db_number(s,
	    "SELECT COUNT(*) FROM delivery WHERE queued = 1795500007 AND attempts = 0"
	    " AND next_try IS NULL AND settled IS NULL AND status IS NULL",
	    &n, err));
	SAME_INT("both begin anew", n, 2);
	arena_free(a);
	close_store(s);
}

/* Three letters of an issue: one unknown, one refused, one of a reader who left since. */
static void
what_a_person_decides_is_done_once(void **state)
{
	static const enum delivery_state ends[] = { DELIVERY_UNKNOWN, DELIVERY_REFUSED,
		DELIVERY_UNKNOWN };
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct reader left = make_reader("c@x", READER_ACTIVE);
	struct delivery *d = NULL;
	struct span i;
	size_t count = 0;
	int64_t n = 0;

	(void)state;
	(void)add_reader(s, "a@x", READER_ACTIVE);
	(void)add_reader(s, "b@x", READER_ACTIVE);
	MUST(store_reader_add(s, &left, err));
	i = approve_issue(s, "i", NOW);
	SAME_INT("queued", queue_letters(s, NOW), 3);
	MUST(store_deliveries_take(s, NULL, 0, a, 0, NOW, 10, &d, &count, err));
	SAME_INT("taken", count, 3);
	for (size_t k = 0; k < count; k++) {
		d[k].state = ends[k];
		d[k].settled = NOW;
	}
	MUST(store_deliveries_settle(s, d, count, err));
	left.state = READER_LEFT;
	left.last_issue = i.last;
	MUST(store_reader_update(s, &left, err));
	MUST(store_deliveries_decide(s, i.last_id, 1u << DELIVERY_UNKNOWN,
	    DELIVERY_QUEUED, NOW, &n, err));
	SAME_INT("only who still reads", n, 1);
	STATES_ARE("again", s, i.last_id, "queued 1 refused 1 unknown 1");
	MUST(store_deliveries_decide(s, i.last_id, 1u << DELIVERY_UNKNOWN,
	    DELIVERY_SKIPPED, NOW, &n, err));
	SAME_INT("left at that", n, 1);
	MUST(store_deliveries_decide(s, i.last_id, 1u << DELIVERY_REFUSED,
	    DELIVERY_QUEUED, NOW, &n, err));
	STATES_ARE("refused too", s, i.last_id, "queued 2 skipped 1");
	arena_free(a);
	close_store(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_reader_gets_the_variant_they_asked_for),
		cmocka_unit_test(what_is_taken_is_sending_until_it_is_settled),
		cmocka_unit_test(who_is_not_active_any_more_gets_nothing),
		cmocka_unit_test(those_skipped_do_not_shorten_what_is_taken),
		cmocka_unit_test(what_is_marked_is_what_was_taken),
		cmocka_unit_test(
		    answers_and_what_is_taken_behind_them_stand_or_fall_together),
		cmocka_unit_test(what_is_settled_together_keeps_its_own_reply),
		cmocka_unit_test(a_letter_that_is_not_stored_is_told_among_others_too),
		cmocka_unit_test(deliveries_are_listed_by_state_and_forget_the_erased),
		cmocka_unit_test(taking_inside_a_transaction_is_refused),
		cmocka_unit_test(old_letters_become_one_count_an_issue_and_state),
		cmocka_unit_test(an_issue_is_sending_again_when_a_letter_of_it_is),
		cmocka_unit_test(what_a_person_decides_is_done_once),
	};

	return cmocka_run_group_tests_name("store deliveries", tests, NULL, NULL);
}

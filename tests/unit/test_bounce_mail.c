/* SPDX-License-Identifier: ISC */
/* Readers whose letters come back: what becomes of them, and what is written down. */
#include "unit/flow_fixture.h"
#include "unit/issue_fixture.h"

#include "flow/bounce_mail.h"
#include "flow/reader_moves.h"
#include "list/bounces.h"
#include "list/token.h"
#include "store/bounce_log.h"
#include "store/db.h"
#include "store/deliveries.h"
#include "store/notes.h"
#include "store/notices.h"

enum { DAY = 86400 };

/* ---- what is written down ---- */

static const char *
token_for(struct flow_test *t, int64_t reader, enum token_scope scope, int64_t issue)
{
	const struct token token = { .scope = scope, .reader = reader, .issue = issue };
	unsigned char key[HASH_SIZE];
	char text[TOKEN_SIZE];

	MUST(store_key(t->run.store, key, err));
	token_make(key, &token, text);
	return arena_strdup(t->run.arena, text);
}

/* A report that quotes one token. */
static enum bounce_effect
comes_back(struct flow_test *t, enum incoming_kind kind, enum bounce_class class,
    const char *token)
{
	const struct incoming_recipient recipient = { "ann@x.example", class, 550,
		class == BOUNCE_HARD ? "5.1.1" : "4.2.2", "failed", "so it is" };
	const struct incoming_token tokens[] = { { PLACE_ENVELOPE, token, "b-" } };
	const struct incoming m = { .kind = kind,
		.recipients = &recipient,
		.recipient_count = 1,
		.tokens = tokens,
		.token_count = 1 };
	enum bounce_effect effect = BOUNCE_OF_NOBODY;

	MUST(flow_bounce_mail(&t->run, &m, &effect, err));
	return effect;
}

/* The same in a server's own words. */
static enum bounce_effect
comes_back_soft(struct flow_test *t, const char *status, const char *words,
    const char *token)
{
	const struct incoming_recipient recipient = { "ann@x.example", BOUNCE_SOFT, 550,
		status, "failed", words };
	const struct incoming_token tokens[] = { { PLACE_ENVELOPE, token, "b-" } };
	const struct incoming m = { .kind = INCOMING_BOUNCE,
		.recipients = &recipient,
		.recipient_count = 1,
		.tokens = tokens,
		.token_count = 1 };
	enum bounce_effect effect = BOUNCE_OF_NOBODY;

	MUST(flow_bounce_mail(&t->run, &m, &effect, err));
	return effect;
}

static struct reader
reader_by_id(struct flow_test *t, int64_t id)
{
	struct reader r;
	bool found = false;

	MUST(store_reader_get(t->run.store, t->run.arena, id, &r, &found, err));
	assert_true(found);
	return r;
}

/* A list in which one reader is no storm. */
static int64_t
begin(struct flow_test *t)
{
	flow_begin(t);
	for (int i = 0; i < 30; i++)
		(void)add_reader(t->run.store,
		    arena_printf(t->run.arena, "r%d@x.example", i), READER_ACTIVE);
	return add_reader(t->run.store, "ann@x.example", READER_ACTIVE);
}

static void
only_a_token_of_ours_moves_a_reader(void **state)
{
	static const enum token_scope scopes[] = { TOKEN_LEAVE, TOKEN_PREFERENCES,
		TOKEN_CONFIRM, TOKEN_ERASE };
	struct flow_test t;
	const int64_t ann = begin(&t);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(scopes); i++)
		SAME_INT("another scope",
		    comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
			token_for(&t, ann, scopes[i], 1)),
		    BOUNCE_OF_NOBODY);
	SAME_INT("forged",
	    comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
	    BOUNCE_OF_NOBODY);
	SAME_INT("no reader",
	    comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
		token_for(&t, 999, TOKEN_BOUNCE, 1)),
	    BOUNCE_OF_NOBODY);
	SAME_INT("the recipient is named in the report, and stays",
	    reader_by_id(&t, ann).state, READER_ACTIVE);
	SAME_INT("ours",
	    comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
		token_for(&t, ann, TOKEN_BOUNCE, 1)),
	    BOUNCE_STOPPED);
	SAME_INT("bounced", reader_by_id(&t, ann).state, READER_BOUNCED);
	flow_end(&t);
}

static void
a_hard_bounce_stops_a_probe_follows_and_its_bounce_removes(void **state)
{
	struct flow_test t;
	const int64_t ann = begin(&t);
	struct notice n;
	int64_t id = 0;

	(void)state;
	SAME_INT("hard",
	    comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
		token_for(&t, ann, TOKEN_BOUNCE, 4)),
	    BOUNCE_STOPPED);
	SAME_INT("the same again",
	    comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
		token_for(&t, ann, TOKEN_BOUNCE, 4)),
	    BOUNCE_KNOWN);
	SAME_INT("an older letter",
	    comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
		token_for(&t, ann, TOKEN_BOUNCE, 3)),
	    BOUNCE_COUNTED);
	t.run.now = NOW + 7 * DAY - 1;
	MUST(flow_bounces_tend(&t.run, err));
	MUST(db_number(t.run.store, "SELECT COUNT(*) FROM notice", &id, err));
	SAME_INT("not yet", id, 0);
	t.run.now = NOW + 7 * DAY;
	MUST(flow_bounces_tend(&t.run, err));
	MUST(flow_bounces_tend(&t.run, err));
	MUST(db_number(t.run.store, "SELECT COUNT(*) FROM notice", &id, err));
	SAME_INT("one probe", id, 1);
	MUST(store_notice_get(t.run.store, t.run.arena, id, &n, err));
	SAME_INT("kind", n.kind, NOTICE_PROBE);
	t.run.now = NOW + 8 * DAY;
	SAME_INT("it comes back",
	    comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
		token_for(&t, ann, TOKEN_BOUNCE, 0)),
	    BOUNCE_REMOVED);
	SAME_INT("removed", reader_by_id(&t, ann).state, READER_REMOVED);
	flow_end(&t);
}

static void
a_probe_that_arrives_brings_letters_back(void **state)
{
	struct flow_test t;
	const int64_t ann = begin(&t);

	(void)state;
	(void)comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
	    token_for(&t, ann, TOKEN_BOUNCE, 4));
	t.run.now = NOW + 7 * DAY;
	MUST(flow_bounces_tend(&t.run, err));
	t.run.now = NOW + 10 * DAY - 1;
	MUST(flow_bounces_tend(&t.run, err));
	SAME_INT("three days are waited", reader_by_id(&t, ann).state, READER_BOUNCED);
	t.run.now = NOW + 10 * DAY;
	MUST(flow_bounces_tend(&t.run, err));
	SAME_INT("reads again", reader_by_id(&t, ann).state, READER_ACTIVE);
	SAME_INT("and has a clean slate",
	    comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
		token_for(&t, ann, TOKEN_BOUNCE, 9)),
	    BOUNCE_STOPPED);
	flow_end(&t);
}

static void
five_soft_ones_stop_and_delays_are_none(void **state)
{
	struct flow_test t;
	const int64_t ann = begin(&t);

	(void)state;
	for (int i = 1; i <= 5; i++) {
		const char *token = token_for(&t, ann, TOKEN_BOUNCE, i);

		t.run.now = NOW + i * DAY;
		SAME_INT("a delay", comes_back(&t, INCOMING_BOUNCE, BOUNCE_DELAY, token),
		    BOUNCE_OF_NOBODY);
		SAME_INT("soft", comes_back(&t, INCOMING_BOUNCE, BOUNCE_SOFT, token),
		    i < 5 ? BOUNCE_COUNTED : BOUNCE_STOPPED);
	}
	flow_end(&t);
}

static void
a_complaint_removes_at_once(void **state)
{
	struct flow_test t;
	const int64_t ann = begin(&t);

	(void)state;
	SAME_INT("by the way to leave in it",
	    comes_back(&t, INCOMING_COMPLAINT, BOUNCE_NONE,
		token_for(&t, ann, TOKEN_LEAVE, 4)),
	    BOUNCE_REMOVED);
	SAME_INT("removed", reader_by_id(&t, ann).state, READER_REMOVED);
	SAME_INT("again",
	    comes_back(&t, INCOMING_COMPLAINT, BOUNCE_NONE,
		token_for(&t, ann, TOKEN_BOUNCE, 4)),
	    BOUNCE_KNOWN);
	flow_end(&t);
}

static void
who_never_confirmed_is_forgotten(void **state)
{
	struct flow_test t;
	int64_t id = 0;

	(void)state;
	(void)begin(&t);
	id = add_reader(t.run.store, "new@x.example", READER_PENDING);
	SAME_INT("soft",
	    comes_back(&t, INCOMING_BOUNCE, BOUNCE_SOFT,
		token_for(&t, id, TOKEN_BOUNCE, 0)),
	    BOUNCE_KNOWN);
	SAME_INT("hard",
	    comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
		token_for(&t, id, TOKEN_BOUNCE, 0)),
	    BOUNCE_REMOVED);
	assert_null(reader_by_id(&t, id).address);
	flow_end(&t);
}

/* Gmail wants a signature that we have not: ten letters come back, and the reader reads on. */
static void
what_a_receiver_thinks_of_us_counts_against_nobody(void **state)
{
	struct flow_test t;
	const int64_t ann = begin(&t);
	struct bounce_row *rows = NULL;
	size_t count = 0;

	(void)state;
	for (int i = 1; i <= 10; i++) {
		SAME_INT("ours",
		    comes_back_soft(&t, i % 2 ? "5.7.26" : "4.7.30",
			i % 2
			    ? "550-5.7.26 This mail has been blocked because the sender "
			      "is unauthenticated"
			    : "421-4.7.30 rate limited because DKIM does not pass",
			token_for(&t, ann, TOKEN_BOUNCE, i)),
		    BOUNCE_OF_OURS);
		t.run.now += DAY;
	}
	SAME_INT("reads", reader_by_id(&t, ann).state, READER_ACTIVE);
	MUST(store_bounces_of(t.run.store, t.run.arena, ann, 20, &rows, &count, err));
	SAME_INT("all can be looked up", (int64_t)count, 10);
	for (int i = 11; i <= 14; i++) {
		SAME_INT("the mailbox's own",
		    comes_back_soft(&t, "4.2.2", "452 4.2.2 mailbox full",
			token_for(&t, ann, TOKEN_BOUNCE, i)),
		    BOUNCE_COUNTED);
		t.run.now += DAY;
	}
	SAME_INT("four are not five", reader_by_id(&t, ann).state, READER_ACTIVE);
	flow_end(&t);
}

/* The letter of an issue to a reader was accepted at an instant. */
static void
letter_went(struct flow_test *t, int64_t number, int64_t reader, int64_t at)
{
	MUST(db_exec(t->run.store,
	    arena_printf(t->run.arena,
		"INSERT OR IGNORE INTO issue (id, number, name, state, approved,"
		" entry_count, source_count, bytes) VALUES (%d, %d, 'n%d', 4, %lld, 1, 1, 1)",
		(int)number, (int)number, (int)number, (long long)at),
	    err));
	MUST(db_exec(t->run.store,
	    arena_printf(t->run.arena,
		"INSERT INTO delivery (issue_id, reader_id, part, state, after, variant_id,"
		" epoch, attempts, queued, settled) SELECT %d, id, 1, 2, 0, variant_id, 0, 1,"
		" %lld, %lld FROM reader WHERE id = %d",
		(int)number, (long long)at, (long long)at, (int)reader),
	    err));
}

/* Every other letter comes back: each good one takes off what a bad one counted. */
static void
letters_that_go_well_take_bounces_off(void **state)
{
	struct flow_test t;
	const int64_t ann = begin(&t);
	int64_t rows = 0;

	(void)state;
	for (int day = 1; day <= 24; day++) {
		t.run.now = NOW + day * DAY;
		letter_went(&t, day, ann, t.run.now - 3600);
		if (day % 2 == 1)
			SAME_INT("soft",
			    comes_back(&t, INCOMING_BOUNCE, BOUNCE_SOFT,
				token_for(&t, ann, TOKEN_BOUNCE, day)),
			    BOUNCE_COUNTED);
		MUST(flow_bounces_tend(&t.run, err));
	}
	SAME_INT("twelve in 24 days, and they read", reader_by_id(&t, ann).state,
	    READER_ACTIVE);
	for (int day = 25; day <= 29; day++) {
		t.run.now = NOW + day * DAY;
		letter_went(&t, day, ann, t.run.now - 3600);
		MUST(flow_bounces_tend(&t.run, err));
	}
	MUST(db_number(t.run.store, "SELECT COUNT(*) FROM bounce_standing", &rows, err));
	SAME_INT("nothing is counted any more", rows, 0);
	flow_end(&t);
}

static void
a_letter_is_not_called_good_before_its_time(void **state)
{
	struct flow_test t;
	const int64_t ann = begin(&t);
	int64_t soft = 0;

	(void)state;
	letter_went(&t, 1, ann, NOW);
	(void)comes_back(&t, INCOMING_BOUNCE, BOUNCE_SOFT,
	    token_for(&t, ann, TOKEN_BOUNCE, 1));
	letter_went(&t, 2, ann, NOW + DAY);
	t.run.now = NOW + 4 * DAY - 1;
	MUST(flow_bounces_tend(&t.run, err));
	MUST(db_number(t.run.store, "SELECT soft FROM bounce_standing", &soft, err));
	SAME_INT("three days are waited", soft, 1);
	t.run.now = NOW + 4 * DAY;
	MUST(flow_bounces_tend(&t.run, err));
	MUST(db_number(t.run.store, "SELECT COUNT(*) FROM bounce_standing", &soft, err));
	SAME_INT("then it counts", soft, 0);
	flow_end(&t);
}

/*
 * A relay that says "unknown user" of everybody empties no list, and who was stopped before it
 * was seen reads again.
 */
static void
a_storm_stops_a_fifth_and_no_more(void **state)
{
	struct flow_test t;
	int64_t bounced = 0;

	(void)state;
	flow_begin(&t);
	for (int i = 1; i <= 100; i++) {
		(void)add_reader(t.run.store,
		    arena_printf(t.run.arena, "r%d@x.example", i), READER_ACTIVE);
		letter_went(&t, 1, i, NOW);
	}
	for (int i = 1; i <= 100; i++)
		SAME_INT("effect",
		    comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
			token_for(&t, i, TOKEN_BOUNCE, 1)),
		    i <= 20 ? BOUNCE_STOPPED : BOUNCE_IN_STORM);
	MUST(db_number(t.run.store, "SELECT COUNT(*) FROM reader WHERE state = 3",
	    &bounced, err));
	SAME_INT("stopped", bounced, 20);
	MUST(flow_bounces_tend(&t.run, err));
	MUST(db_number(t.run.store, "SELECT COUNT(*) FROM reader WHERE state = 3",
	    &bounced, err));
	SAME_INT("the next run lets all of them read", bounced, 0);
	t.run.now += DAY;
	letter_went(&t, 2, 50, t.run.now);
	SAME_INT("the day after",
	    comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
		token_for(&t, 50, TOKEN_BOUNCE, 2)),
	    BOUNCE_STOPPED);
	flow_end(&t);
}

/* Forty letters of a list of a thousand, most of whom read once a week: half of them are bad. */
static void
a_storm_is_of_letters_not_of_readers(void **state)
{
	struct flow_test t;
	int64_t n = 0;

	(void)state;
	flow_begin(&t);
	for (int i = 1; i <= 1000; i++)
		(void)add_reader(t.run.store,
		    arena_printf(t.run.arena, "r%d@x.example", i), READER_ACTIVE);
	for (int i = 1; i <= 40; i++)
		letter_went(&t, 1, i, NOW);
	for (int i = 1; i <= 40; i++)
		n += comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
			 token_for(&t, i, TOKEN_BOUNCE, 1)) == BOUNCE_IN_STORM;
	SAME_INT("beyond twenty", n, 20);
	/* A thousand letters, of which thirty are bad, on as many days: none. */
	for (int i = 1; i <= 1000; i++)
		letter_went(&t, 2, i, NOW);
	for (int i = 101; i <= 130; i++) {
		t.run.now += DAY / 10;
		SAME_INT("no storm",
		    comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
			token_for(&t, i, TOKEN_BOUNCE, 2)),
		    BOUNCE_STOPPED);
	}
	flow_end(&t);
}

static void
what_the_keeper_forgets_is_forgotten(void **state)
{
	struct flow_test t;
	const int64_t ann = begin(&t);
	struct bounce_row *rows = NULL;
	struct reader r;
	size_t count = 0;

	(void)state;
	(void)comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
	    token_for(&t, ann, TOKEN_BOUNCE, 4));
	r = reader_by_id(&t, ann);
	MUST(store_bounces_of(t.run.store, t.run.arena, ann, 10, &rows, &count, err));
	SAME_INT("one", count, 1);
	SAME_TEXT("status", rows[0].status, "5.1.1");
	SAME_TEXT("words", rows[0].reply, "so it is");
	MUST(flow_bounces_forget(&t.run, &r, err));
	SAME_INT("reads", reader_by_id(&t, ann).state, READER_ACTIVE);
	MUST(store_bounces_of(t.run.store, t.run.arena, ann, 10, &rows, &count, err));
	SAME_INT("none", count, 0);
	t.run.now = NOW + 20 * DAY;
	MUST(flow_bounces_tend(&t.run, err));
	flow_end(&t);
}

/* ---- in the dialogue ---- */

/* What a server says to RCPT means what it means in a report of it. */
static void
refusals_in_the_dialogue_are_judged_like_reports(void **state)
{
	static const struct {
		const char *name, *status, *reply;
		enum reader_state state;
	} rows[] = {
		{ "no such mailbox by its code", "5.1.1", "550 5.1.1 <ann@x.example>",
		    READER_BOUNCED },
		{ "a domain that Exchange does not find", "5.4.310",
		    "550 5.4.310 DNS domain x.example does not exist", READER_BOUNCED },
		{ "by words where the code says nothing", "5.0.0",
		    "550 5.0.0 Requested action not taken: mailbox unavailable, no such user",
		    READER_BOUNCED },
		{ "by words without a code", NULL,
		    "550 ann@x.example unknown user account", READER_BOUNCED },
		{ "in German", NULL, "550 Benutzer unbekannt", READER_BOUNCED },
		{ "another state of the address", "5.1.0", "550 5.1.0 Address rejected",
		    READER_ACTIVE },
		{ "a full mailbox, whatever its code", "5.1.1", "552 5.1.1 Mailbox full",
		    READER_ACTIVE },
		{ "what does not exist is our SPF record", NULL,
		    "550 SPF record of the sender does not exist", READER_ACTIVE },
		{ "nothing that is understood", NULL, "550 No.", READER_ACTIVE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct flow_test t;
		const int64_t ann = begin(&t);
		const struct issue issue = approved_issue(&t);
		struct delivery *d = NULL;
		size_t count = 0;

		(void)must_queue(&t);
		MUST(store_deliveries_take(t.run.store, t.run.arena, issue.id, NOW, 40,
		    &d, &count, err));
		SAME_INT(rows[i].name, count, 31);
		while (d->reader_id != ann)
			d++;
		d->state = DELIVERY_REFUSED;
		d->status = rows[i].status;
		d->reply = rows[i].reply;
		d->settled = NOW;
		MUST(store_deliveries_settle(t.run.store, d, 1, err));
		MUST(flow_bounce_refused(&t.run, issue.id, NOW, err));
		SAME_INT(rows[i].name, reader_by_id(&t, ann).state, rows[i].state);
		flow_end(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_a_token_of_ours_moves_a_reader),
		cmocka_unit_test(
		    a_hard_bounce_stops_a_probe_follows_and_its_bounce_removes),
		cmocka_unit_test(a_probe_that_arrives_brings_letters_back),
		cmocka_unit_test(five_soft_ones_stop_and_delays_are_none),
		cmocka_unit_test(a_complaint_removes_at_once),
		cmocka_unit_test(who_never_confirmed_is_forgotten),
		cmocka_unit_test(what_a_receiver_thinks_of_us_counts_against_nobody),
		cmocka_unit_test(letters_that_go_well_take_bounces_off),
		cmocka_unit_test(a_letter_is_not_called_good_before_its_time),
		cmocka_unit_test(a_storm_stops_a_fifth_and_no_more),
		cmocka_unit_test(a_storm_is_of_letters_not_of_readers),
		cmocka_unit_test(what_the_keeper_forgets_is_forgotten),
		cmocka_unit_test(refusals_in_the_dialogue_are_judged_like_reports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

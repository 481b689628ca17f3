/* SPDX-License-Identifier: ISC */
/* Readers whose letters come back: what becomes of them, and what is written down. */
#include "unit/cmd_fixture.h"
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
#include "store/reader_history.h"

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

static int64_t
number(struct flow_test *t, const char *query)
{
	int64_t n = 0;

	MUST(db_number(t->run.store, query, &n, err));
	return n;
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

/* The last line of a reader's history: "event cause state detail". */
static const char *
last_line(struct flow_test *t, int64_t id)
{
	struct reader_event_line *lines = NULL;
	size_t count = 0;

	MUST(store_history(t->run.store, t->run.arena, id, &lines, &count, err));
	assert_true(count > 0);
	return arena_printf(t->run.arena, "%d %d %d %s", lines[count - 1].event,
	    lines[count - 1].cause, lines[count - 1].state,
	    lines[count - 1].detail ? lines[count - 1].detail : "(none)");
}

static void
why_letters_stop_stands_in_the_history(void **state)
{
	struct flow_test t;
	const int64_t ann = begin(&t);
	const char *want = NULL;

	(void)state;
	(void)comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
	    token_for(&t, ann, TOKEN_BOUNCE, 4));
	want = arena_printf(t.run.arena, "%d %d %d hard 5.1.1", EVENT_BOUNCE,
	    CAUSE_BOUNCE, READER_BOUNCED);
	SAME_TEXT("hard", last_line(&t, ann), want);
	(void)comes_back(&t, INCOMING_COMPLAINT, BOUNCE_NONE,
	    token_for(&t, ann, TOKEN_LEAVE, 4));
	want = arena_printf(t.run.arena, "%d %d %d complaint", EVENT_REMOVE, CAUSE_BOUNCE,
	    READER_REMOVED);
	SAME_TEXT("complaint", last_line(&t, ann), want);
	for (int i = 0; i < 5; i++) {
		t.run.now += DAY;
		(void)comes_back(&t, INCOMING_BOUNCE, BOUNCE_SOFT,
		    token_for(&t, 1, TOKEN_BOUNCE, 4 + i));
	}
	want = arena_printf(t.run.arena, "%d %d %d soft 4.2.2", EVENT_BOUNCE,
	    CAUSE_BOUNCE, READER_BOUNCED);
	SAME_TEXT("soft", last_line(&t, 1), want);
	flow_end(&t);
}

#define GOOD \
	{ \
		"a@x.example", BOUNCE_NONE, 250, "2.0.0", "delivered", "taken" \
	}
#define LATE \
	{ \
		"b@x.example", BOUNCE_DELAY, 451, "4.4.1", "delayed", "later" \
	}
#define FULL \
	{ \
		"c@x.example", BOUNCE_SOFT, 552, "4.2.2", "failed", "full" \
	}
#define GONE \
	{ \
		"d@x.example", BOUNCE_HARD, 550, "5.1.1", "failed", "gone" \
	}
#define DUMB \
	{ \
		"e@x.example", BOUNCE_HARD, 0, "", "failed", "no status" \
	}

static const struct {
	const char *name;
	struct incoming_recipient recipients[3];
	size_t count;
	enum bounce_effect effect;
	const char *detail; /* of the move */
	const char *reply;  /* of the row */
} reports[] = {
	{ "of nobody", { GOOD }, 0, BOUNCE_OF_NOBODY, NULL, NULL },
	{ "good news", { GOOD }, 1, BOUNCE_OF_NOBODY, NULL, NULL },
	{ "a delay", { GOOD, LATE }, 2, BOUNCE_OF_NOBODY, NULL, NULL },
	{ "soft", { LATE, FULL, GOOD }, 3, BOUNCE_COUNTED, NULL, "full" },
	{ "hard first", { GONE, FULL, LATE }, 3, BOUNCE_STOPPED, "hard 5.1.1", "gone" },
	{ "hard last", { GOOD, FULL, GONE }, 3, BOUNCE_STOPPED, "hard 5.1.1", "gone" },
	{ "the first of two", { DUMB, GONE }, 2, BOUNCE_STOPPED, "hard", "no status" },
};

static void
the_gravest_of_a_report_counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(reports); i++) {
		struct flow_test t;
		const int64_t ann = begin(&t);
		const struct incoming_token tokens[] = {
			{ PLACE_ENVELOPE, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "b-" },
			{ PLACE_BODY, token_for(&t, ann, TOKEN_BOUNCE, 3), "b-" },
			{ PLACE_BODY, token_for(&t, 1, TOKEN_BOUNCE, 5), "b-" }
		};
		const struct incoming m = { .kind = INCOMING_BOUNCE,
			.recipients = reports[i].recipients,
			.recipient_count = reports[i].count,
			.tokens = tokens,
			.token_count = 3 };
		enum bounce_effect effect = BOUNCE_KNOWN;
		struct bounce_row *rows = NULL;
		size_t count = 0;

		MUST(flow_bounce_mail(&t.run, &m, &effect, err));
		SAME_INT(reports[i].name, effect, reports[i].effect);
		MUST(store_bounces_newest(t.run.store, t.run.arena, 9, &rows, &count,
		    err));
		SAME_INT(reports[i].name, count, reports[i].reply != NULL);
		if (reports[i].reply) {
			SAME_INT("the first token", rows[0].reader_id, ann);
			SAME_INT("its issue", rows[0].issue, 3);
			SAME_INT("now", rows[0].at, NOW);
			SAME_TEXT(reports[i].name, rows[0].reply, reports[i].reply);
		}
		if (reports[i].detail)
			SAME_TEXT(reports[i].name, strstr(last_line(&t, ann), "hard"),
			    reports[i].detail);
		flow_end(&t);
	}
}

static void
a_token_of_before_they_moved_is_none(void **state)
{
	struct flow_test t;
	const int64_t ann = begin(&t);
	const char *token = token_for(&t, ann, TOKEN_BOUNCE, 4);
	struct reader r = reader_by_id(&t, ann);

	(void)state;
	r.epoch++;
	MUST(store_reader_update(t.run.store, &r, err));
	SAME_INT("effect", comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD, token),
	    BOUNCE_OF_NOBODY);
	MUST(store_reader_erase(t.run.store, 1, err));
	SAME_INT("erased",
	    comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
		token_for(&t, 1, TOKEN_BOUNCE, 4)),
	    BOUNCE_OF_NOBODY);
	flow_end(&t);
}

/* The probe went a week after; a letter of an issue says the same when it went no earlier. */
static void
a_letter_from_before_the_probe_says_nothing_new(void **state)
{
	const int64_t probed = NOW + 7 * DAY;
	struct flow_test t;
	const int64_t ann = begin(&t);

	(void)state;
	(void)comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
	    token_for(&t, ann, TOKEN_BOUNCE, 4));
	letter_went(&t, 5, ann, probed - 1);
	letter_went(&t, 6, ann, probed);
	t.run.now = probed;
	MUST(flow_bounces_tend(&t.run, err));
	SAME_INT("not known when it went",
	    comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
		token_for(&t, ann, TOKEN_BOUNCE, 9)),
	    BOUNCE_COUNTED);
	SAME_INT("before it",
	    comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
		token_for(&t, ann, TOKEN_BOUNCE, 5)),
	    BOUNCE_COUNTED);
	SAME_INT("with it",
	    comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
		token_for(&t, ann, TOKEN_BOUNCE, 6)),
	    BOUNCE_REMOVED);
	SAME_INT("nothing is kept of who is out",
	    number(&t, "SELECT COUNT(*) FROM bounce"), 0);
	flow_end(&t);
}

/* Letters that have gone are counted when the last count is a minute old. */
static void
letters_are_counted_again_after_a_minute(void **state)
{
	static const struct {
		const char *name;
		int64_t after;
		enum bounce_effect effect;
	} rows[] = {
		{ "before", 59, BOUNCE_IN_STORM },
		{ "at it", 60, BOUNCE_STOPPED },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct flow_test t;

		flow_begin(&t);
		for (int64_t k = 1; k <= 240; k++)
			(void)add_reader(t.run.store,
			    arena_printf(t.run.arena, "r%d@x.example", (int)k),
			    READER_ACTIVE);
		for (int64_t k = 1; k <= 30; k++)
			letter_went(&t, 1, k, NOW);
		for (int64_t k = 1; k <= 21; k++)
			SAME_INT("of thirty",
			    comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
				token_for(&t, k, TOKEN_BOUNCE, 1)),
			    k <= 20 ? BOUNCE_STOPPED : BOUNCE_IN_STORM);
		for (int64_t k = 31; k <= 240; k++)
			letter_went(&t, 1, k, NOW + 1);
		t.run.now = NOW + rows[i].after;
		SAME_INT(rows[i].name,
		    comes_back(&t, INCOMING_BOUNCE, BOUNCE_HARD,
			token_for(&t, 22, TOKEN_BOUNCE, 1)),
		    rows[i].effect);
		SAME_INT("a complaint is of no storm",
		    comes_back(&t, INCOMING_COMPLAINT, BOUNCE_NONE,
			token_for(&t, 23, TOKEN_BOUNCE, 1)),
		    BOUNCE_REMOVED);
		flow_end(&t);
	}
}

static void
a_receiver_that_refuses_us_is_told_once_a_day(void **state)
{
	static const char told[] =
	    "warn mail: letters come back since a receiver refuses us, which counts against "
	    "no reader: letters need a DKIM signature that verifies: let the mail server "
	    "sign, or set smtp.dkim_key_file (planetpost dkim key)   "
	    "(planetpost bounces list)\n";
	static const struct {
		int64_t after;
		const char *says;
	} rows[] = { { 0, told }, { DAY - 1, "" }, { DAY, told }, { 2 * DAY - 1, "" },
		{ 2 * DAY, told }, /* a clock was wrong by a year */ { 365 * DAY, told },
		{ 3 * DAY, told }, { 4 * DAY - 1, "" } };
	struct buf out = BUF_INIT(SAID_MAX);
	struct buf said = BUF_INIT(SAID_MAX);
	struct flow_test t;
	const int64_t ann = begin(&t);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct capture c;

		t.run.now = NOW + rows[i].after;
		capture_begin(&c, t.folder, NULL);
		(void)comes_back_soft(&t, "4.7.30",
		    "421-4.7.30 rate limited because DKIM does not pass",
		    token_for(&t, ann, TOKEN_BOUNCE, (int64_t)i + 1));
		capture_end(&c, &out, &said);
		SAME_TEXT("said", buf_text(&said), rows[i].says);
	}
	buf_clear(&out);
	buf_clear(&said);
	flow_end(&t);
}

/* More than are looked at in one commit; of none that left is anything kept. */
static void
all_who_stopped_are_tended(void **state)
{
	struct flow_test t;

	(void)state;
	flow_begin(&t);
	for (int i = 0; i < 401; i++)
		(void)add_reader(t.run.store,
		    arena_printf(t.run.arena, "r%d@x.example", i), READER_LEFT);
	MUST(db_exec(t.run.store,
	    "INSERT INTO bounce_standing SELECT id, 1, 0, 0, 1795500000, 1, 1795500000, 0,"
	    " 0, 0 FROM reader",
	    err));
	SAME_INT("before", number(&t, "SELECT COUNT(*) FROM bounce_standing"), 401);
	MUST(flow_bounces_tend(&t.run, err));
	SAME_INT("after", number(&t, "SELECT COUNT(*) FROM bounce_standing"), 0);
	flow_end(&t);
}

static void
bounces_are_kept_as_long_as_they_may_count(void **state)
{
	static const struct {
		const char *soft;
		int64_t stale, kept; /* days */
	} rows[] = { { "5 in 14d", 30, 30 }, { "5 in 40d", 30, 40 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct flow_test t;
		const int64_t ann = begin(&t);

		t.settings.config.bounce.soft_limit = rows[i].soft;
		t.settings.config.bounce.stale_after = rows[i].stale * DAY;
		(void)comes_back(&t, INCOMING_BOUNCE, BOUNCE_SOFT,
		    token_for(&t, ann, TOKEN_BOUNCE, 1));
		t.run.now = NOW + rows[i].kept * DAY;
		MUST(flow_bounces_tend(&t.run, err));
		SAME_INT(rows[i].soft, number(&t, "SELECT COUNT(*) FROM bounce"), 1);
		t.run.now++;
		MUST(flow_bounces_tend(&t.run, err));
		SAME_INT(rows[i].soft, number(&t, "SELECT COUNT(*) FROM bounce"), 0);
		flow_end(&t);
	}
}

/* ---- in the dialogue ---- */

static void
refusals_of_this_run_are_judged_and_no_others(void **state)
{
	static const struct {
		const char *name;
		int64_t settled;
		bool erased;
		int64_t rows;
	} cases[] = {
		{ "in this run", NOW, false, 1 },
		{ "before it", NOW - 1, false, 0 },
		{ "of somebody who was erased", NOW, true, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct flow_test t;
		const int64_t ann = begin(&t);
		const struct issue issue = approved_issue(&t);

		(void)must_queue(&t);
		MUST(db_exec(t.run.store,
		    arena_printf(t.run.arena,
			"UPDATE delivery SET state = 4, settled = %lld, status = '5.1.1',"
			" reply = '550 5.1.1 gone' WHERE reader_id = %d",
			(long long)cases[i].settled, (int)ann),
		    err));
		if (cases[i].erased)
			MUST(db_exec(t.run.store,
			    arena_printf(t.run.arena,
				"UPDATE reader SET address = NULL, address_key = NULL,"
				" state = 6 WHERE id = %d",
				(int)ann),
			    err));
		MUST(flow_bounce_refused(&t.run, issue.id, NOW, err));
		SAME_INT(cases[i].name, number(&t, "SELECT COUNT(*) FROM bounce"),
		    cases[i].rows);
		if (cases[i].rows > 0)
			SAME_INT("its number", number(&t, "SELECT issue FROM bounce"), 1);
		flow_end(&t);
	}
}

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
		MUST(store_deliveries_take(t.run.store, NULL, 0, t.run.arena, issue.id,
		    NOW, 40, &d, &count, err));
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
		cmocka_unit_test(why_letters_stop_stands_in_the_history),
		cmocka_unit_test(the_gravest_of_a_report_counts),
		cmocka_unit_test(a_token_of_before_they_moved_is_none),
		cmocka_unit_test(a_letter_from_before_the_probe_says_nothing_new),
		cmocka_unit_test(letters_are_counted_again_after_a_minute),
		cmocka_unit_test(a_receiver_that_refuses_us_is_told_once_a_day),
		cmocka_unit_test(all_who_stopped_are_tended),
		cmocka_unit_test(bounces_are_kept_as_long_as_they_may_count),
		cmocka_unit_test(refusals_of_this_run_are_judged_and_no_others),
		cmocka_unit_test(refusals_in_the_dialogue_are_judged_like_reports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/* Which letter a server gets next, what becomes of answers, and when a server is given up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/limits.h"
#include "transport/smtp_queue.h"
#include "unit/heard_log.h"
#include "unit/letters.h"

static const char *const some[] = { "a@x.org", "b@X.org", "c@y.org", "d@x.org" };

struct bench {
	struct letters letters;
	struct letter_source src;
	struct transport_settings t;
	struct smtp_relay *relays; /* no more than there are */
	struct smtp_queue q;
	struct queued_letter *hand[4];
	struct buf too_long;
};

static void
bench_begin(struct bench *b, size_t relays, const char *const *to, size_t count)
{
	static const char *const names[] = { "mx0", "mx1", "mx2" };

	memset(b, 0, sizeof(*b));
	letters_init(&b->letters, to, count);
	b->src = letters_source(&b->letters);
	b->relays = calloc(relays, sizeof(*b->relays));
	assert_non_null(b->relays);
	for (size_t i = 0; i < relays; i++) {
		b->relays[i].name = "";
		b->relays[i].server.name = names[i];
		b->relays[i].config.smtp.domains = "";
		b->relays[i].config.smtp.share = 1;
	}
	b->q = (struct smtp_queue){ .src = &b->src,
		.settings = &b->t,
		.relays = b->relays,
		.relay_count = relays };
	for (size_t i = 0; i < ARRAY_LEN(b->hand); i++)
		b->hand[i] = queued_letter_new();
}

static void
bench_end(struct bench *b)
{
	for (size_t i = 0; i < ARRAY_LEN(b->hand); i++)
		queued_letter_free(b->hand[i]);
	smtp_queue_wind_up(&b->q);
	free(b->relays);
	buf_clear(&b->letters.bytes);
}

/* The hand takes a letter for a server: to whom, "" for none. */
static const char *
take(struct bench *b, size_t relay, size_t hand)
{
	if (!b->hand[hand])
		b->hand[hand] = queued_letter_new();
	return smtp_queue_take(&b->q, &b->relays[relay], &b->hand[hand])
	    ? b->hand[hand]->letter.recipient
	    : "";
}

static const struct outcome sent = { OUTCOME_SENT, 250, "2.0.0", "ok", STAGE_DOT };
static const struct outcome broke = { OUTCOME_DEFERRED, 0, NULL, "lost", STAGE_DOT };
static const struct outcome unknown = { OUTCOME_UNKNOWN, 0, NULL, "no answer",
	STAGE_DOT };
static const struct outcome busy = { OUTCOME_BUSY, 451, "4.3.0", "451 later",
	STAGE_MAIL };
static const struct outcome unwanted = { OUTCOME_REFUSED, 554, "5.7.1", "554 go away",
	STAGE_MAIL };
static const struct outcome nobody = { OUTCOME_REFUSED, 550, "5.1.1", "550 no such user",
	STAGE_RCPT };
static const struct outcome too_little = { OUTCOME_REFUSED, 0, NULL, "no SMTPUTF8",
	STAGE_MAIL };

static bool
answer(struct bench *b, size_t relay, size_t hand, const struct outcome *o, bool again,
    int64_t sent_before)
{
	return smtp_queue_answer(&b->q, &b->relays[relay], &b->hand[hand], o, again,
	    sent_before);
}

/* ---- taking -------------------------------------------------------------------------- */

static void
letters_are_taken_in_their_order_until_there_are_no_more(void **state)
{
	struct bench b;
	uint64_t news = 0;

	(void)state;
	bench_begin(&b, 1, some, 3);
	assert_false(smtp_queue_is_over(&b.q));
	assert_string_equal(take(&b, 0, 0), "a@x.org");
	assert_string_equal(b.hand[0]->letter.sender, "bounce@example.net");
	assert_string_equal(b.hand[0]->letter.name, "2026-11-24-0");
	assert_string_equal(take(&b, 0, 1), "b@X.org");
	assert_string_equal(take(&b, 0, 2), "c@y.org");
	assert_int_equal(b.q.out, 3);
	assert_false(b.q.exhausted);
	news = b.q.news;
	assert_string_equal(take(&b, 0, 3), "");
	assert_true(b.q.exhausted && b.q.news > news);
	assert_false(smtp_queue_is_over(&b.q));
	for (size_t i = 0; i < 3; i++) {
		assert_true(answer(&b, 0, i, &sent, false, (int64_t)i));
		assert_int_equal(b.q.out, 2 - i);
		assert_int_equal(b.letters.kinds[i], OUTCOME_SENT);
		assert_int_equal(smtp_queue_is_over(&b.q), i == 2);
	}
	assert_null(b.relays[0].flying);
	assert_false(b.q.failed);
	assert_null(letters_broken(&b.letters));
	bench_end(&b);
}

static void
what_cannot_go_is_settled_and_the_next_one_taken(void **state)
{
	static const char *const odd[] = { "nobody", "x@y.org> <z@y.org", "a@x.org" };
	struct bench b;

	(void)state;
	bench_begin(&b, 1, odd, 3);
	assert_string_equal(take(&b, 0, 0), "a@x.org");
	assert_int_equal(b.letters.kinds[0], OUTCOME_REFUSED);
	assert_int_equal(b.letters.kinds[1], OUTCOME_REFUSED);
	assert_int_equal(b.q.out, 1);
	assert_true(answer(&b, 0, 0, &sent, false, 0));
	assert_null(letters_broken(&b.letters));
	bench_end(&b);
}

static void
nobody_takes_when_all_is_over(void **state)
{
	struct err why = ERR_INIT;
	struct err other = ERR_INIT;
	struct bench b;

	(void)state;
	(void)err_set(&why, ERR_HUMAN, "first");
	(void)err_set(&other, ERR_STORE, "second");
	bench_begin(&b, 1, some, 4);
	smtp_queue_fail(&b.q, &why);
	smtp_queue_fail(&b.q, &other);
	assert_string_equal(b.q.err.text, "first");
	assert_int_equal(b.q.news, 2);
	assert_true(smtp_queue_is_over(&b.q));
	assert_string_equal(take(&b, 0, 0), "");
	assert_int_equal(b.letters.handed_out, 0);
	bench_end(&b);

	bench_begin(&b, 1, some, 4);
	b.letters.stop_after = 1;
	assert_string_equal(take(&b, 0, 0), "a@x.org");
	assert_true(smtp_queue_is_over(&b.q));
	assert_string_equal(take(&b, 0, 1), "");
	assert_true(answer(&b, 0, 0, &sent, false, 0));
	bench_end(&b);

	bench_begin(&b, 1, some, 4);
	b.relays[0].down = true;
	assert_string_equal(take(&b, 0, 0), "");
	bench_end(&b);
}

/* So many letters at once to one domain, in either case. */
static void
a_domain_is_not_crowded(void **state)
{
	struct bench b;

	(void)state;
	bench_begin(&b, 1, some, 4);
	b.relays[0].config.smtp.per_domain = 1;
	assert_string_equal(take(&b, 0, 0), "a@x.org");
	/* b@X.org waits, and what is behind it goes. */
	assert_string_equal(take(&b, 0, 1), "c@y.org");
	assert_string_equal(take(&b, 0, 2), "");
	assert_int_equal(b.relays[0].pending_count, 2);
	assert_true(answer(&b, 0, 0, &sent, false, 0));
	assert_string_equal(take(&b, 0, 0), "b@X.org");
	assert_int_equal(b.relays[0].pending_count, 1);
	assert_string_equal(take(&b, 0, 2), "");
	assert_true(answer(&b, 0, 1, &sent, false, 1));
	assert_string_equal(take(&b, 0, 2), "");
	assert_true(answer(&b, 0, 0, &sent, false, 1));
	assert_string_equal(take(&b, 0, 2), "d@x.org");
	assert_true(answer(&b, 0, 2, &sent, false, 2));
	assert_true(smtp_queue_is_over(&b.q));
	assert_null(letters_broken(&b.letters));
	bench_end(&b);

	bench_begin(&b, 1, some, 4);
	b.relays[0].config.smtp.per_domain = 2;
	assert_string_equal(take(&b, 0, 0), "a@x.org");
	assert_string_equal(take(&b, 0, 1), "b@X.org");
	assert_string_equal(take(&b, 0, 2), "c@y.org");
	assert_string_equal(take(&b, 0, 3), "");
	for (size_t i = 0; i < 3; i++)
		assert_true(answer(&b, 0, i, &sent, false, 0));
	bench_end(&b);
}

static void
letters_wait_for_the_server_of_their_domain(void **state)
{
	struct bench b;

	(void)state;
	bench_begin(&b, 2, some, 4);
	b.relays[1].config.smtp.domains = "x.org";
	assert_string_equal(take(&b, 0, 0), "c@y.org");
	assert_int_equal(b.relays[1].pending_count, 2);
	assert_int_equal(b.relays[0].pending_count, 0);
	assert_string_equal(take(&b, 0, 2), "");
	assert_int_equal(b.relays[1].pending_count, 3);
	assert_string_equal(take(&b, 1, 1), "a@x.org");
	assert_string_equal(take(&b, 1, 2), "b@X.org");
	assert_string_equal(take(&b, 1, 3), "d@x.org");
	assert_int_equal(b.relays[1].pending_count, 0);
	for (size_t i = 0; i < 4; i++)
		assert_true(answer(&b, i > 0, i, &sent, false, 0));
	assert_null(letters_broken(&b.letters));
	bench_end(&b);
}

/* No more than 64 letters wait for one server, whichever it is. */
static void
few_letters_wait_for_one_server(void **state)
{
	static const char *to[70];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(to); i++)
		to[i] = "a@x.org";
	for (size_t full = 0; full < 2; full++) {
		const size_t idle = 1 - full;
		struct bench b;

		bench_begin(&b, 2, to, ARRAY_LEN(to));
		b.relays[full].config.smtp.domains = "x.org";
		assert_string_equal(take(&b, idle, 0), "");
		assert_int_equal(b.letters.handed_out, 64);
		assert_int_equal(b.relays[full].pending_count, 64);
		assert_string_equal(take(&b, full, 1), "a@x.org");
		assert_string_equal(take(&b, idle, 0), "");
		assert_int_equal(b.letters.handed_out, 65);
		assert_true(answer(&b, full, 1, &sent, false, 0));
		bench_end(&b);
		assert_null(letters_broken(&b.letters));
		/* What nobody took is deferred at the end. */
		assert_int_equal(b.letters.kinds[64], OUTCOME_DEFERRED);
		assert_string_equal(b.letters.replies[64], "stopped before it was sent");
	}
}

/* The bench begins with its letters, and the source with both. */
static bool
next_of_which_the_first_is_long(void *arg, struct letter *out, struct err *err)
{
	struct bench *b = arg;

	if (!letters_next(&b->letters, out, err))
		return false;
	if (b->letters.handed_out == 1)
		out->bytes = &b->too_long;
	return true;
}

static void
a_letter_that_is_too_long_is_refused(void **state)
{
	struct bench b;

	(void)state;
	bench_begin(&b, 1, some, 2);
	b.src.next = next_of_which_the_first_is_long;
	buf_init(&b.too_long, LIMIT_LETTER + 1);
	assert_true(buf_reserve(&b.too_long, LIMIT_LETTER + 1));
	b.too_long.len = LIMIT_LETTER + 1;
	assert_string_equal(take(&b, 0, 0), "b@X.org");
	assert_int_equal(b.letters.kinds[0], OUTCOME_REFUSED);
	assert_int_equal(b.letters.codes[0], 0);
	assert_string_equal(b.letters.status[0], "5.3.4");
	assert_string_equal(b.letters.replies[0], "the letter is too long");
	assert_int_equal(b.q.out, 1);
	assert_true(answer(&b, 0, 0, &sent, false, 0));
	bench_end(&b);
	buf_clear(&b.too_long);
	assert_null(letters_broken(&b.letters));
}

static bool
next_that_fails(void *arg, struct letter *out, struct err *err)
{
	(void)arg;
	(void)out;
	return err_set(err, ERR_STORE, "the store is gone");
}

static void
a_source_that_fails_ends_the_run(void **state)
{
	struct bench b;

	(void)state;
	bench_begin(&b, 1, some, 2);
	b.src.next = next_that_fails;
	assert_string_equal(take(&b, 0, 0), "");
	assert_true(b.q.failed && b.q.exhausted);
	assert_int_equal(b.q.err.kind, ERR_STORE);
	assert_string_equal(b.q.err.text, "the store is gone");
	assert_int_equal(b.q.out, 0);
	assert_true(smtp_queue_is_over(&b.q));
	bench_end(&b);
}

/* ---- answers ------------------------------------------------------------------------- */

static const struct {
	const char *name;
	const struct outcome *o;
	int64_t sent;
	bool alone;
	int turns; /* until it is settled */
} repeats[] = {
	{ "a connection that is lost", &broke, 0, false, 2 },
	{ "one that had taken letters", &broke, 5, false, 2 },
	{ "a letter that goes alone", &broke, 0, true, 1 },
	{ "put off at once", &busy, 0, false, 2 },
	/* "Enough for this connection" is no try of the letter's. */
	{ "put off behind others", &busy, 1, false, 9 },
};

static void
a_letter_is_tried_twice_but_for_what_is_no_word_about_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(repeats); i++) {
		struct bench b;

		bench_begin(&b, 1, some, 1);
		for (int turn = 1; turn <= repeats[i].turns; turn++) {
			bool settled = false;

			assert_string_equal(take(&b, 0, 0), "a@x.org");
			b.hand[0]->letter.alone = repeats[i].alone;
			settled = answer(&b, 0, 0, repeats[i].o, true, repeats[i].sent);
			if (repeats[i].turns == 9)
				assert_false(settled);
			else if (settled != (turn == repeats[i].turns))
				fail_msg("%s: %d", repeats[i].name, turn);
			assert_int_equal(b.hand[0] != NULL, settled);
			assert_int_equal(b.relays[0].pending_count, settled ? 0 : 1);
			assert_int_equal(b.q.out, settled ? 0 : 1);
			assert_null(b.relays[0].flying);
		}
		bench_end(&b);
		assert_null(letters_broken(&b.letters));
	}
}

/* Each step of a row: an outcome, whether a new connection may help, letters before it. */
struct step {
	const struct outcome *o;
	bool again;
	int64_t sent;
	int losses; /* then */
};
static const struct {
	const char *name;
	struct step steps[5];
	bool is_down;
	const char *text, *why;
} losses[] = {
	{ "two that are unknown",
	    { { &unknown, false, 0, 2 }, { &unknown, false, 9, 4 } }, true,
	    "mx0 breaks off again and again", "the last time: no answer" },
	{ "one, and a letter that goes",
	    { { &unknown, false, 0, 2 }, { &sent, false, 0, 0 },
		{ &unknown, false, 0, 2 } },
	    false, "", "" },
	{ "put off four times",
	    { { &busy, false, 0, 1 }, { &busy, false, 3, 2 }, { &busy, false, 0, 3 },
		{ &busy, false, 0, 4 } },
	    true, "mx0 takes no letters now", "server said: 451 later" },
	{ "broken off at once four times",
	    { { &broke, true, 0, 1 }, { &broke, true, 0, 2 }, { &broke, true, 0, 3 },
		{ &broke, true, 0, 4 } },
	    true, "mx0 breaks off again and again", "the last time: lost" },
	{ "broken off behind letters",
	    { { &broke, true, 1, 0 }, { &broke, true, 1, 0 }, { &broke, true, 0, 1 },
		{ &broke, true, 1, 1 } },
	    false, "", "" },
	{ "a refusal is an answer", { { &busy, false, 0, 1 }, { &nobody, false, 0, 0 } },
	    false, "", "" },
};

static void
a_server_is_given_up_after_four_losses_in_a_row(void **state)
{
	static const char *const to[] = { "a@x.org", "b@x.org", "c@x.org", "d@x.org",
		"e@x.org" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(losses); i++) {
		struct bench b;
		const int64_t start = clock_ticks_ms();
		struct smtp_relay *r = NULL;

		bench_begin(&b, 1, to, ARRAY_LEN(to));
		r = &b.relays[0];
		for (size_t k = 0; k < 5 && losses[i].steps[k].o; k++) {
			const struct step *s = &losses[i].steps[k];

			assert_true(*take(&b, 0, 0) != '\0');
			(void)answer(&b, 0, 0, s->o, s->again, s->sent);
			if (r->losses != s->losses)
				fail_msg("%s: step %zu: %d", losses[i].name, k,
				    r->losses);
		}
		assert_int_equal(r->down, losses[i].is_down);
		assert_int_equal(b.q.failed, losses[i].is_down);
		assert_string_equal(b.q.err.text, losses[i].text);
		assert_string_equal(b.q.err.why, losses[i].why);
		if (losses[i].is_down) {
			assert_int_equal(b.q.err.kind, ERR_TEMPORARY);
			assert_true(r->retry_ms >= start + 30000 &&
			    r->retry_ms <= clock_ticks_ms() + 30000);
		}
		bench_end(&b);
		assert_null(letters_broken(&b.letters));
	}
}

static void
a_server_is_proven_by_an_answer(void **state)
{
	static const struct {
		const struct outcome *o;
		bool again, is_proven;
	} rows[] = { { &sent, false, true }, { &nobody, false, true },
		{ &busy, false, false }, { &busy, true, false }, { &broke, true, false },
		{ &unknown, false, true } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct bench b;

		bench_begin(&b, 1, some, 1);
		assert_string_equal(take(&b, 0, 0), "a@x.org");
		(void)answer(&b, 0, 0, rows[i].o, rows[i].again, 0);
		assert_int_equal(b.relays[0].proven, rows[i].is_proven);
		bench_end(&b);
	}
}

static const struct {
	const char *name;
	const struct outcome *o;
	size_t relays;
	bool goes;
	int ours;
} elsewhere[] = {
	{ "a server that does not want us", &unwanted, 2, true, 1 },
	{ "the only one", &unwanted, 1, false, 0 },
	{ "a reader that is not there", &nobody, 2, false, 0 },
	{ "a server that offers too little", &too_little, 2, true, 0 },
	{ "a letter that went", &sent, 2, false, 0 },
	{ "an unknown one", &unknown, 2, false, 0 },
};

static void
what_one_server_refuses_another_may_take(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(elsewhere); i++) {
		struct bench b;

		bench_begin(&b, elsewhere[i].relays, some, 1);
		assert_string_equal(take(&b, 0, 0), "a@x.org");
		if (answer(&b, 0, 0, elsewhere[i].o, false, 0) == elsewhere[i].goes)
			fail_msg("%s", elsewhere[i].name);
		assert_int_equal(b.relays[0].ours, elsewhere[i].ours);
		if (elsewhere[i].relays > 1)
			assert_int_equal(b.relays[1].pending_count, elsewhere[i].goes);
		assert_int_equal(b.relays[0].pending_count, 0);
		if (elsewhere[i].goes) {
			assert_string_equal(take(&b, 1, 1), "a@x.org");
			assert_int_equal(b.hand[1]->tried, 1);
			/* Both have refused it then. */
			assert_true(answer(&b, 1, 1, elsewhere[i].o, false, 0));
			assert_int_equal(b.hand[1]->tried, 3);
			assert_int_equal(b.letters.kinds[0], OUTCOME_REFUSED);
		}
		bench_end(&b);
		assert_null(letters_broken(&b.letters));
	}
}

static void
a_server_that_refuses_three_is_of_no_use(void **state)
{
	struct bench b;

	(void)state;
	bench_begin(&b, 2, some, 4);
	b.relays[1].config.smtp.share = 0; /* it stands by */
	for (int i = 1; i <= 2; i++) {
		assert_true(*take(&b, 0, 0) != '\0');
		assert_false(answer(&b, 0, 0, &unwanted, false, 0));
		assert_int_equal(b.relays[0].ours, i);
	}
	assert_true(*take(&b, 0, 0) != '\0');
	assert_true(answer(&b, 0, 0, &sent, false, 0));
	assert_int_equal(b.relays[0].ours, 0);
	b.relays[0].ours = 2;
	assert_true(*take(&b, 0, 0) != '\0');
	assert_false(answer(&b, 0, 0, &unwanted, false, 0));
	assert_true(b.relays[0].down);
	assert_int_equal(b.relays[0].retry_ms, 0);
	assert_int_equal(b.relays[0].why.kind, ERR_HUMAN);
	assert_string_equal(b.relays[0].why.text, "mx0 refuses our letters");
	assert_string_equal(b.relays[0].why.why, "server said: 554 go away");
	assert_false(b.q.failed);
	assert_int_equal(b.relays[1].pending_count, 3);
	bench_end(&b);
	assert_null(letters_broken(&b.letters));
}

/* ---- servers that are down ----------------------------------------------------------- */

static void
the_letters_of_a_server_that_is_down_go_to_others(void **state)
{
	struct err later = ERR_INIT;
	struct err never = ERR_INIT;
	struct bench b;

	(void)state;
	(void)err_set(&later, ERR_TEMPORARY, "busy");
	(void)err_set(&never, ERR_HUMAN, "refused");
	(void)err_why(&never, "server said: 554 no");
	bench_begin(&b, 2, some, 4);
	b.relays[1].config.smtp.domains = "x.org";
	assert_string_equal(take(&b, 0, 0), "c@y.org");
	assert_int_equal(b.relays[1].pending_count, 2);
	smtp_queue_close_relay(&b.q, &b.relays[1], &later);
	assert_true(b.relays[1].down);
	assert_string_equal(b.relays[1].why.text, "busy");
	assert_true(b.relays[1].retry_ms > clock_ticks_ms() + 20000);
	assert_int_equal(b.relays[1].pending_count, 0);
	assert_int_equal(b.relays[0].pending_count, 2);
	assert_false(b.q.failed);
	/* The first reason stands. */
	smtp_queue_close_relay(&b.q, &b.relays[1], &never);
	assert_string_equal(b.relays[1].why.text, "busy");
	assert_string_equal(take(&b, 0, 1), "a@x.org");
	/* In their order. */
	assert_string_equal(take(&b, 0, 2), "b@X.org");
	smtp_queue_give_back(&b.q, &b.relays[0], &b.hand[2]);
	assert_null(b.hand[2]);
	smtp_queue_give_back(&b.q, &b.relays[0], &b.hand[2]);
	smtp_queue_close_relay(&b.q, &b.relays[0], &never);
	assert_int_equal(b.relays[0].retry_ms, 0);
	assert_true(b.q.failed);
	assert_string_equal(b.q.err.text, "refused");
	smtp_queue_settle(&b.q, b.hand[0], &unknown);
	smtp_queue_settle(&b.q, b.hand[1], &sent);
	assert_int_equal(b.q.out, 1);
	bench_end(&b);
	assert_int_equal(b.letters.kinds[2], OUTCOME_UNKNOWN);
	assert_int_equal(b.letters.kinds[0], OUTCOME_SENT);
	assert_int_equal(b.letters.kinds[1], OUTCOME_DEFERRED);
	assert_string_equal(b.letters.replies[1], "refused server said: 554 no");
	assert_null(letters_broken(&b.letters));
}

static const struct {
	const char *name;
	size_t relays;
	bool was_down;
	const char *of, *why, *log;
} closings[] = {
	{ "one with a name", 2, false, "eu", "",
	    "warn smtp: eu: busy; its letters go to others\n" },
	{ "a name of one letter", 2, false, "e", "",
	    "warn smtp: e: busy; its letters go to others\n" },
	{ "one without", 2, false, "", "",
	    "warn smtp: mx0: busy; its letters go to others\n" },
	{ "with its reason", 3, false, "", "421 bye",
	    "warn smtp: mx0: busy: 421 bye; its letters go to others\n" },
	{ "a short reason", 2, false, "eu", "?",
	    "warn smtp: eu: busy: ?; its letters go to others\n" },
	{ "the only one", 1, false, "eu", "421 bye", "" },
	{ "one that is known to be down", 2, true, "eu", "421 bye", "" },
};

static void
a_server_that_is_given_up_is_named_where_there_are_others(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(closings); i++) {
		struct err why = ERR_INIT;
		struct heard_log heard;
		struct bench b;

		(void)err_set(&why, ERR_TEMPORARY, "busy");
		if (*closings[i].why != '\0')
			(void)err_why(&why, "%s", closings[i].why);
		bench_begin(&b, closings[i].relays, some, 1);
		b.relays[0].name = closings[i].of;
		b.relays[0].down = closings[i].was_down;
		heard_log_begin(&heard, LOG_LEVEL_WARN);
		smtp_queue_close_relay(&b.q, &b.relays[0], &why);
		if (strcmp(heard_log_end(&heard), closings[i].log) != 0)
			fail_msg("%s: logged \"%s\"", closings[i].name, heard.text);
		assert_int_equal(b.q.failed, closings[i].relays == 1);
		bench_end(&b);
	}
}

static void
a_lost_connection_is_one_less_or_the_end_of_its_server(void **state)
{
	static const struct {
		size_t open;
		enum err_kind kind;
		bool was_down, one_less;
	} rows[] = {
		{ 2, ERR_TEMPORARY, false, true },
		{ 3, ERR_TEMPORARY, false, true },
		{ 1, ERR_TEMPORARY, false, false },
		{ 2, ERR_HUMAN, false, false },
		{ 2, ERR_TEMPORARY, true, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct err why = ERR_INIT;
		struct bench b;
		bool counted = true;

		(void)err_set(&why, rows[i].kind, "gone");
		bench_begin(&b, 2, some, 1);
		b.relays[0].open = rows[i].open;
		b.relays[0].down = rows[i].was_down;
		assert_int_equal(smtp_queue_lost_connection(&b.q, &b.relays[0], &counted,
				     &why),
		    rows[i].one_less);
		assert_false(counted);
		assert_int_equal(b.relays[0].open, rows[i].open - 1);
		assert_int_equal(b.relays[0].down, !rows[i].one_less);
		bench_end(&b);
	}
}

static const struct {
	const char *name;
	bool is_down, is_proven, was_counted;
	size_t open;
	int64_t retry, now;
	int64_t want;
	size_t open_then;
	bool counted_then, down_then;
} turns[] = {
	{ "the first", false, false, false, 0, 0, 1000, 0, 1, true, false },
	{ "a second, before a letter went", false, false, false, 1, 0, 1000, 100, 1,
	    false, false },
	{ "the one that tries", false, false, true, 1, 0, 1000, 0, 1, true, false },
	{ "a second later", false, true, false, 1, 0, 1000, 0, 2, true, false },
	{ "down for good", true, true, true, 2, 0, 1000, 100, 1, false, true },
	{ "down, not counted", true, true, false, 1, 900, 1000, 100, 1, false, true },
	{ "down until later", true, true, true, 1, 1001, 1000, 100, 0, false, true },
	{ "down until now", true, true, true, 1, 1000, 1000, 0, 1, true, false },
	{ "down until now, not counted", true, true, false, 0, 1000, 1000, 0, 1, true,
	    false },
	{ "down for good and alone", true, true, true, 1, 0, 1000, 100, 0, false, true },
};

static void
a_connection_has_its_turn(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(turns); i++) {
		struct bench b;
		struct queued_letter **held[] = { &b.hand[0], &b.hand[1], NULL };
		bool counted = turns[i].was_counted;
		int64_t got = 0;

		bench_begin(&b, 2, some, 1);
		b.relays[1].config.smtp.share = 0;
		assert_string_equal(take(&b, 0, 1), "a@x.org");
		queued_letter_free(b.hand[0]);
		b.hand[0] = NULL;
		b.relays[0].down = turns[i].is_down;
		b.relays[0].proven = turns[i].is_proven;
		b.relays[0].open = turns[i].open;
		b.relays[0].retry_ms = turns[i].retry;
		got = smtp_queue_turn(&b.q, &b.relays[0], &counted,
		    (struct queued_letter * *const *)held, turns[i].now);
		if (got != turns[i].want || counted != turns[i].counted_then ||
		    b.relays[0].open != turns[i].open_then ||
		    b.relays[0].down != turns[i].down_then)
			fail_msg("%s: got %d, %d, %zu, %d", turns[i].name, (int)got,
			    counted, b.relays[0].open, b.relays[0].down);
		/* Letters in hand go elsewhere. */
		assert_int_equal(b.relays[1].pending_count, turns[i].is_down);
		assert_int_equal(b.hand[1] == NULL, turns[i].is_down);
		if (b.hand[1])
			smtp_queue_settle(&b.q, b.hand[1], &sent);
		bench_end(&b);
		assert_null(letters_broken(&b.letters));
	}
}

/* An outcome that cannot be stored is the worse error, and ends the run. */
static void
what_cannot_be_stored_is_told_before_all_else(void **state)
{
	struct err why = ERR_INIT;
	struct bench b;

	(void)state;
	(void)err_set(&why, ERR_TEMPORARY, "gone");
	bench_begin(&b, 1, some, 2);
	b.letters.settle_fails_at = 1;
	assert_string_equal(take(&b, 0, 0), "a@x.org");
	smtp_queue_fail(&b.q, &why);
	assert_true(answer(&b, 0, 0, &sent, false, 0));
	assert_true(b.q.failed);
	assert_int_equal(b.q.err.kind, ERR_STORE);
	assert_string_equal(b.q.err.text, "the store is full");
	bench_end(&b);
	queued_letter_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    letters_are_taken_in_their_order_until_there_are_no_more),
		cmocka_unit_test(what_cannot_go_is_settled_and_the_next_one_taken),
		cmocka_unit_test(nobody_takes_when_all_is_over),
		cmocka_unit_test(a_domain_is_not_crowded),
		cmocka_unit_test(letters_wait_for_the_server_of_their_domain),
		cmocka_unit_test(few_letters_wait_for_one_server),
		cmocka_unit_test(a_letter_that_is_too_long_is_refused),
		cmocka_unit_test(a_source_that_fails_ends_the_run),
		cmocka_unit_test(
		    a_letter_is_tried_twice_but_for_what_is_no_word_about_it),
		cmocka_unit_test(a_server_is_given_up_after_four_losses_in_a_row),
		cmocka_unit_test(a_server_is_proven_by_an_answer),
		cmocka_unit_test(what_one_server_refuses_another_may_take),
		cmocka_unit_test(a_server_that_refuses_three_is_of_no_use),
		cmocka_unit_test(the_letters_of_a_server_that_is_down_go_to_others),
		cmocka_unit_test(
		    a_server_that_is_given_up_is_named_where_there_are_others),
		cmocka_unit_test(a_lost_connection_is_one_less_or_the_end_of_its_server),
		cmocka_unit_test(a_connection_has_its_turn),
		cmocka_unit_test(what_cannot_be_stored_is_told_before_all_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

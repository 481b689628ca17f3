/* SPDX-License-Identifier: ISC */
/* What the helpers of a send do not wait for. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/clock.h"
#include "transport/smtp_queue.h"
#include "unit/heard_log.h"

enum { PATIENCE_S = 5 };

/* Two helpers of one server whose password was refused; the second has an answer to settle. */
struct bench {
	struct smtp_queue q;
	struct smtp_relay relay;
	struct queued_letter *letter;
	const char *password; /* what the command says */
	pthread_t other;
	const char *other_secret;
	bool other_is_other;
	int settled, asked;
	bool settled_meanwhile; /* while the command ran, and the other waited for it */
};

static bool
settle(void *arg, const struct letter *letter, const struct outcome *o, struct err *err)
{
	struct bench *b = arg;

	(void)letter;
	(void)o;
	(void)err;
	b->settled++;
	return true;
}

static void *
run_other(void *arg)
{
	struct bench *b = arg;
	const struct outcome outcome = { OUTCOME_SENT, 250, "2.0.0", "ok", STAGE_DOT };

	smtp_queue_settle(&b->q, b->letter, &outcome);
	b->other_secret = "stale";
	b->other_is_other = smtp_queue_fresh_secret(&b->q, &b->relay, &b->other_secret);
	return NULL;
}

/* Whether the other has settled its letter and waits; never longer than PATIENCE_S. */
static bool
sees_other_waiting(struct bench *b)
{
	struct timespec until;
	bool seen = false;

	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE_S;
	while (!seen && pthread_mutex_timedlock(&b->q.lock, &until) == 0) {
		seen = b->settled == 1 && b->q.waiting == 1;
		(void)pthread_mutex_unlock(&b->q.lock);
		clock_sleep_ms(1);
	}
	return seen;
}

static bool
say_password(void *arg, size_t server, const char **password, struct err *err)
{
	struct bench *b = arg;

	(void)err;
	assert_int_equal(server, 0);
	if (b->asked++ == 0) {
		assert_int_equal(pthread_create(&b->other, NULL, run_other, b), 0);
		b->settled_meanwhile = sees_other_waiting(b);
	}
	*password = b->password;
	return true;
}

static const struct {
	const char *password;
	bool is_other;
	int asked; /* the same answer is none, and the second asks for itself */
} cases[] = { { "fresh", true, 1 }, { "stale", false, 2 } };

static void
answers_are_settled_while_a_password_is_asked_for(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *secret = "stale";
		struct bench b = { .password = cases[i].password };
		const struct letter_source src = { .settle = settle, .arg = &b };
		const struct transport_settings t = { .password_again = say_password,
			.password_arg = &b };

		b.relay.secret = secret;
		b.letter = queued_letter_new();
		b.q = (struct smtp_queue){ .src = &src,
			.settings = &t,
			.relays = &b.relay,
			.relay_count = 1,
			.out = 1 };
		assert_int_equal(pthread_mutex_init(&b.q.lock, NULL), 0);
		assert_int_equal(pthread_cond_init(&b.q.changed, NULL), 0);
		assert_int_equal(smtp_queue_fresh_secret(&b.q, &b.relay, &secret),
		    cases[i].is_other);
		assert_int_equal(pthread_join(b.other, NULL), 0);
		assert_true(b.settled_meanwhile);
		assert_int_equal(b.settled, 1);
		assert_int_equal(b.asked, cases[i].asked);
		assert_string_equal(secret, cases[i].password);
		assert_string_equal(b.other_secret, cases[i].password);
		assert_int_equal(b.other_is_other, cases[i].is_other);
		queued_letter_free(b.letter);
		(void)pthread_cond_destroy(&b.q.changed);
		(void)pthread_mutex_destroy(&b.q.lock);
	}
}

/* ---- what is asked for, and what comes of it ----------------------------------------- */

/* Of the second of two servers whose password "stale" was refused. */
static const struct answer {
	const char *name;
	const char *known;  /* by now */
	bool can_ask, ok;   /* there is a command; it ends well */
	const char *output; /* NULL: none */
	bool is_other;
	const char *secret, *log;
	int asked;
} answers[] = {
	{ "another", "stale", true, true, "fresh", true, "fresh", "", 1 },
	{ "the same", "stale", true, true, "stale", false, "stale", "", 1 },
	{ "none", "stale", true, true, NULL, false, "stale", "", 1 },
	{ "a command that fails", "stale", true, false, NULL, false, "stale",
	    "warn smtp: pass ended with 1\n", 1 },
	{ "one that fails and says something", "stale", true, false, "half", false,
	    "stale", "warn smtp: pass ended with 1\n", 1 },
	{ "no command", "stale", false, true, NULL, false, "stale", "", 0 },
	{ "one that is known already", "newer", true, true, "fresh", true, "newer", "",
	    0 },
};

struct asked {
	const struct answer *row;
	int times;
	size_t server;
};

static bool
give_answer(void *arg, size_t server, const char **password, struct err *err)
{
	struct asked *a = arg;

	a->times++;
	a->server = server;
	*password = a->row->output;
	return a->row->ok || err_set(err, ERR_HUMAN, "pass ended with 1");
}

static void
expect_answer(const struct answer *row)
{
	const char *secret = "stale";
	struct asked asked = { row, 0, 9 };
	struct smtp_relay relays[2] = { { .secret = "first" }, { .secret = row->known } };
	const struct transport_settings t = { .password_again =
						  row->can_ask ? give_answer : NULL,
		.password_arg = &asked };
	struct smtp_queue q = { .settings = &t, .relays = relays, .relay_count = 2 };
	struct heard_log heard;
	bool is_other = false;

	assert_int_equal(pthread_mutex_init(&q.lock, NULL), 0);
	assert_int_equal(pthread_cond_init(&q.changed, NULL), 0);
	heard_log_begin(&heard, LOG_LEVEL_WARN);
	is_other = smtp_queue_fresh_secret(&q, &relays[1], &secret);
	if (strcmp(heard_log_end(&heard), row->log) != 0)
		fail_msg("%s: logged \"%s\"", row->name, heard.text);
	if (is_other != row->is_other || strcmp(secret, row->secret) != 0)
		fail_msg("%s: got %d, \"%s\"", row->name, is_other, secret);
	assert_string_equal(smtp_queue_secret(&q, &relays[1]), row->secret);
	assert_string_equal(smtp_queue_secret(&q, &relays[0]), "first");
	assert_int_equal(asked.times, row->asked);
	assert_int_equal(asked.server, row->asked > 0 ? 1 : 9);
	assert_false(q.is_asking);
	(void)pthread_cond_destroy(&q.changed);
	(void)pthread_mutex_destroy(&q.lock);
}

static void
one_that_is_the_same_or_none_is_no_other(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(answers); i++)
		expect_answer(&answers[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_that_is_the_same_or_none_is_no_other),
		cmocka_unit_test(answers_are_settled_while_a_password_is_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

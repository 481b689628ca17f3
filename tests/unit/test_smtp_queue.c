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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_settled_while_a_password_is_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

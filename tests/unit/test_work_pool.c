/* SPDX-License-Identifier: ISC */
/* Work beside the thread that has it: all of it is done, once, and comes back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <pthread.h>
#include <signal.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/work_pool.h"

enum { MANY = 500 };

struct task {
	struct work work; /* the first member: one is the other */
	size_t place;
	int times;
	bool blocks_signals;
};

static void
do_task(struct work *w, size_t place)
{
	struct task *t = (struct task *)(void *)w;
	sigset_t blocked;

	t->place = place;
	t->times++;
	(void)pthread_sigmask(SIG_SETMASK, NULL, &blocked);
	t->blocks_signals = sigismember(&blocked, SIGTERM) == 1;
}

static void
add(struct work_pool *pool, struct task *t, uint64_t order)
{
	*t = (struct task){ .work = { .run = do_task, .order = order } };
	work_pool_add(pool, &t->work);
}

static void
all_is_done_once(void **state)
{
	static const size_t threads[] = { 0, 1, 2, 8 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
		struct work_pool *pool = work_pool_open(threads[i]);
		struct task tasks[MANY];
		size_t back = 0;

		for (size_t k = 0; k < MANY; k++)
			add(pool, &tasks[k], k * 7919 % MANY);
		while (work_pool_finished(pool, WORK_WAIT))
			back++;
		assert_int_equal(back, MANY);
		for (size_t k = 0; k < MANY; k++) {
			assert_int_equal(tasks[k].times, 1);
			assert_true(tasks[k].place <= threads[i]);
			if (tasks[k].place > 0 && !tasks[k].blocks_signals)
				fail_msg("a thread of the pool takes signals");
		}
		assert_null(work_pool_finished(pool, WORK_LOOK));
		work_pool_close(pool);
	}
}

static void
without_threads_the_first_in_order_is_done_first(void **state)
{
	static const uint64_t orders[] = { 3, 1, 2, 5, 4, 1 };
	static const size_t wanted[] = { 1, 5, 2, 0, 4, 3 };
	struct work_pool *pool = work_pool_open(0);
	struct task tasks[ARRAY_LEN(orders)];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(orders); i++)
		add(pool, &tasks[i], orders[i]);
	assert_null(work_pool_finished(pool, WORK_LOOK));
	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		struct work *w = work_pool_finished(pool, WORK_WAIT);

		assert_ptr_equal(w, &tasks[wanted[i]].work);
	}
	assert_null(work_pool_finished(pool, WORK_WAIT));
	work_pool_close(pool);
}

static void
a_thread_works_while_its_owner_does_not(void **state)
{
	struct work_pool *pool = work_pool_open(1);
	struct work *w = NULL;
	struct task t;

	(void)state;
	add(pool, &t, 1);
	for (int i = 0; !w && i < 1000; i++) {
		clock_sleep_ms(10);
		w = work_pool_finished(pool, WORK_LOOK);
	}
	assert_ptr_equal(w, &t.work);
	assert_int_equal(t.place, 1);
	work_pool_close(pool);
}

static void
what_has_not_begun_is_dropped(void **state)
{
	struct work_pool *pool = work_pool_open(0);
	struct task t;

	(void)state;
	add(pool, &t, 1);
	work_pool_close(pool);
	assert_int_equal(t.times, 0);
	work_pool_close(NULL);
	assert_true(work_pool_processors() >= 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_is_done_once),
		cmocka_unit_test(without_threads_the_first_in_order_is_done_first),
		cmocka_unit_test(a_thread_works_while_its_owner_does_not),
		cmocka_unit_test(what_has_not_begun_is_dropped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

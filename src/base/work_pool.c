/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* sched_getaffinity */
#include "base/work_pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

struct work_pool {
	pthread_mutex_t lock;
	pthread_cond_t has_work, has_finished;
	struct work *waiting; /* ascending order */
	struct work *last;    /* of those */
	struct work *finished;
	size_t in_hand; /* begun by a thread */
	size_t started; /* threads that know their number */
	bool is_closing;
	size_t thread_count;
	pthread_t *threads;
};

size_t
work_pool_processors(void)
{
	cpu_set_t mine;
	long online = 0;

	if (sched_getaffinity(0, sizeof(mine), &mine) == 0)
		return (size_t)CPU_COUNT(&mine);
	online = sysconf(_SC_NPROCESSORS_ONLN);
	return online > 0 ? (size_t)online : 1;
}

/* ---- with the lock held ---- */

static struct work *
take_first(struct work_pool *pool)
{
	struct work *w = pool->waiting;

	if (!w)
		return NULL;
	pool->waiting = w->next;
	if (!pool->waiting)
		pool->last = NULL;
	w->next = NULL;
	return w;
}

static void
put_in_order(struct work_pool *pool, struct work *w)
{
	struct work **at = &pool->waiting;

	/* Most of them come in their order. */
	if (pool->last && pool->last->order <= w->order)
		at = &pool->last->next;
	while (*at && (*at)->order <= w->order)
		at = &(*at)->next;
	w->next = *at;
	*at = w;
	if (!w->next)
		pool->last = w;
}

static void
put_finished(struct work_pool *pool, struct work *w)
{
	w->next = pool->finished;
	pool->finished = w;
	(void)pthread_cond_signal(&pool->has_finished);
}

/* Without the lock while it works. */
static void
do_work(struct work_pool *pool, struct work *w, size_t place)
{
	(void)pthread_mutex_unlock(&pool->lock);
	w->run(w, place);
	(void)pthread_mutex_lock(&pool->lock);
}

/* ---- the threads ---- */

static void *
serve(void *arg)
{
	struct work_pool *pool = arg;
	size_t place = 0;

	(void)pthread_mutex_lock(&pool->lock);
	place = ++pool->started;
	while (!pool->is_closing) {
		struct work *w = take_first(pool);

		if (!w) {
			(void)pthread_cond_wait(&pool->has_work, &pool->lock);
			continue;
		}
		pool->in_hand++;
		do_work(pool, w, place);
		pool->in_hand--;
		put_finished(pool, w);
	}
	(void)pthread_mutex_unlock(&pool->lock);
	return NULL;
}

/* Signals are for the thread that looks at what they set. */
static void
start_threads(struct work_pool *pool, size_t threads)
{
	sigset_t all;
	sigset_t before;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	while (pool->thread_count < threads &&
	    pthread_create(&pool->threads[pool->thread_count], NULL, serve, pool) == 0)
		pool->thread_count++;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* ---- their owner ---- */

struct work_pool *
work_pool_open(size_t threads)
{
	struct work_pool *pool = xcalloc(1, sizeof(*pool));

	(void)pthread_mutex_init(&pool->lock, NULL);
	(void)pthread_cond_init(&pool->has_work, NULL);
	(void)pthread_cond_init(&pool->has_finished, NULL);
	pool->threads = xcalloc(threads + 1, sizeof(*pool->threads));
	start_threads(pool, threads);
	return pool;
}

void
work_pool_close(struct work_pool *pool)
{
	if (!pool)
		return;
	(void)pthread_mutex_lock(&pool->lock);
	pool->is_closing = true;
	(void)pthread_cond_broadcast(&pool->has_work);
	(void)pthread_mutex_unlock(&pool->lock);
	for (size_t i = 0; i < pool->thread_count; i++)
		(void)pthread_join(pool->threads[i], NULL);
	(void)pthread_cond_destroy(&pool->has_finished);
	(void)pthread_cond_destroy(&pool->has_work);
	(void)pthread_mutex_destroy(&pool->lock);
	free(pool->threads);
	free(pool);
}

void
work_pool_add(struct work_pool *pool, struct work *w)
{
	(void)pthread_mutex_lock(&pool->lock);
	put_in_order(pool, w);
	(void)pthread_cond_signal(&pool->has_work);
	(void)pthread_mutex_unlock(&pool->lock);
}

struct work *
work_pool_finished(struct work_pool *pool, enum work_patience patience)
{
	struct work *w = NULL;

	(void)pthread_mutex_lock(&pool->lock);
	if (patience == WORK_WAIT && !pool->finished) {
		w = take_first(pool);
		if (w)
			do_work(pool, w, 0);
	}
	while (patience == WORK_WAIT && !w && !pool->finished && pool->in_hand > 0)
		(void)pthread_cond_wait(&pool->has_finished, &pool->lock);
	if (!w && pool->finished) {
		w = pool->finished;
		pool->finished = w->next;
		w->next = NULL;
	}
	(void)pthread_mutex_unlock(&pool->lock);
	return w;
}

/* SPDX-License-Identifier: ISC */
#include "flow/commit_group.h"

#include "base/clock.h"
#include "store/entry_prints.h"
#include "store/transactions.h"

enum {
	GROUP_MS = 200,
	MANY_POSTS = 1000 /* after which the store is looked at for what is to be moved */
};

bool
commit_group_begin(struct commit_group *g, struct err *err)
{
	if (g->is_open)
		return true;
	if (!store_begin(g->store, err))
		return false;
	g->is_open = true;
	g->began_ms = clock_ticks_ms();
	return true;
}

static bool
tend(struct commit_group *g, size_t least, struct err *err)
{
	if (g->posts < least)
		return true;
	g->posts = 0;
	return store_prints_move(g->store, err);
}

bool
commit_group_end(struct commit_group *g, struct err *err)
{
	if (!g->is_open)
		return true;
	g->is_open = false;
	if (tend(g, MANY_POSTS, err) && store_commit(g->store, err))
		return true;
	store_rollback(g->store);
	return false;
}

bool
commit_group_end_old(struct commit_group *g, struct err *err)
{
	return !g->is_open || clock_ticks_ms() - g->began_ms < GROUP_MS ||
	    commit_group_end(g, err);
}

bool
commit_group_close(struct commit_group *g, struct err *err)
{
	return commit_group_end(g, err) && tend(g, 1, err);
}

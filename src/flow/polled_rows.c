/* SPDX-License-Identifier: ISC */
#include "flow/polled_rows.h"

#include <string.h>

#include "base/order.h"
#include "flow/commit_group.h"
#include "store/sources.h"

void
polled_rows_init(struct polled_rows *rows, struct arena *a, size_t most)
{
	*rows = (struct polled_rows){ .arena = a,
		.list = most > 0 ? arena_array(a, most, sizeof(*rows->list)) : NULL,
		.most = most };
}

struct polled_row *
polled_rows_add(struct polled_rows *rows, const struct source *s)
{
	struct polled_row *row = NULL;

	if (rows->most == 0)
		rows->list = arena_grow_list(rows->arena, rows->list, rows->count,
		    sizeof(*rows->list));
	row = &rows->list[rows->count++];
	*row = (struct polled_row){ .source = *s };
	row->source.state_note = arena_strdup(rows->arena, s->state_note);
	return row;
}

bool
polled_rows_write(const struct polled_rows *rows, struct commit_group *group,
    struct err *err)
{
	if (rows->count > 0 && !commit_group_begin(group, err))
		return false;
	for (size_t i = 0; i < rows->count; i++) {
		if (!store_source_asked(group->store, &rows->list[i].source, err))
			return false;
	}
	return commit_group_end(group, err);
}

void
polled_rows_drop_unreached(struct polled_rows *rows)
{
	size_t kept = 0;

	for (size_t i = 0; i < rows->count; i++) {
		if (!rows->list[i].never_arrived)
			rows->list[kept++] = rows->list[i];
	}
	rows->count = kept;
}

static int
by_key(const void *a, const void *b)
{
	const struct gather_failure *x = a;
	const struct gather_failure *y = b;

	return strcmp(x->key, y->key);
}

const struct gather_failure *
polled_rows_failures(const struct polled_rows *rows)
{
	struct gather_failure *list =
	    arena_array(rows->arena, rows->count, sizeof(*list));

	for (size_t i = 0; i < rows->count; i++)
		list[i] = rows->list[i].why;
	list_sort(list, rows->count, sizeof(*list), by_key);
	return list;
}

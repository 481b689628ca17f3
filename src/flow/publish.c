/* SPDX-License-Identifier: ISC */
#include "flow/publish.h"

#include "flow/context.h"
#include "flow/letterhead.h"
#include "flow/span.h"
#include "list/preferences.h"
#include "store/archive.h"
#include "store/variants.h"

enum { IN_ONE_RUN = 400 };

static bool
make_one(struct run *run, struct arena *a, int64_t variant_id, const struct issue *i,
    struct err *err)
{
	const struct rendering_key key = { .span = { i->number - 1, i->number, i->id },
		.variant_id = variant_id,
		.part = 1 };
	struct letterhead head = { .own_zone = NULL };
	struct rendering ignored;
	struct issue same;
	const bool ok =
	    flow_span_rendering(run, a, &key, LETTER_MAKE, &ignored, &same, &head, err);

	letterhead_clear(&head);
	return ok || err_wrap(err, "issue %s", i->name);
}

bool
flow_publish(struct run *run, struct err *err)
{
	struct variant v =
	    variant_of_pages(run->config->web.archive_full, run->config->digest.body);
	struct arena *a = arena_new();
	struct issue *issues = NULL;
	size_t count = 0;
	bool ok = store_variant_intern(run->store, &v, err) &&
	    store_archive_missing(run->store, run->arena, v.id, IN_ONE_RUN, &issues,
		&count, err);

	for (size_t i = 0; ok && i < count && !run->interrupted(); i++) {
		arena_reset(a);
		ok = make_one(run, a, v.id, &issues[i], err);
	}
	arena_free(a);
	return ok;
}

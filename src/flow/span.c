/* SPDX-License-Identifier: ISC */
#include "flow/span.h"

#include "flow/compile.h"
#include "flow/context.h"
#include "list/preferences.h"
#include "store/entry_lists.h"
#include "store/issues.h"
#include "store/variants.h"

bool
flow_span_holds_any(struct run *run, const struct span *span, int64_t variant_id,
    bool *holds, struct err *err)
{
	struct arena *a = arena_new();
	struct variant v;
	int64_t *sources = NULL;
	size_t count = 0;
	bool ok = false;

	*holds = false;
	ok = store_variant_get(run->store, a, variant_id, &v, err) &&
	    store_sources_of_span(run->store, a, span, &sources, &count, err);
	for (size_t i = 0; ok && i < count; i++)
		*holds = *holds || variant_takes(&v, sources[i]);
	arena_free(a);
	return ok;
}

static struct rendering
copy_rendering(struct arena *a, const struct rendering *r)
{
	struct rendering copy = *r;

	copy.subject = arena_strdup(a, r->subject);
	copy.text = arena_strndup(a, r->text, r->text_len);
	if (r->html)
		copy.html = arena_strndup(a, r->html, r->html_len);
	return copy;
}

static bool
make_rendering(struct run *run, const struct rendering_key *key,
    const struct issue *issues, size_t count, struct rendering *out, struct err *err)
{
	struct compiled c;
	struct variant v;
	size_t bytes = 0;

	return store_variant_get(run->store, run->arena, key->variant_id, &v, err) &&
	    flow_compile_issues(run, issues, count, &v, &c, err) &&
	    flow_render(run, &c, &v, out, &bytes, err) &&
	    store_rendering_put(run->store, key, out, NULL, run->now, err);
}

bool
flow_span_rendering(struct run *run, struct arena *a, const struct rendering_key *key,
    struct rendering *out, struct issue *issue, struct err *err)
{
	struct run scratch = *run;
	struct issue *issues = NULL;
	size_t count = 0;
	bool found = false;
	bool ok = false;

	if (!store_issues_of_span(run->store, a, &key->span, &issues, &count, err) ||
	    !store_rendering_get(run->store, a, key, out, NULL, &found, err))
		return false;
	if (count == 0)
		return err_set(err, ERR_BUG, "a letter covers no issue");
	*issue = issues[count - 1];
	if (found)
		return true;
	/* The templates are loaded once, into what outlives this rendering. */
	if (!flow_templates(run, err))
		return false;
	scratch.templates = run->templates;
	scratch.arena = arena_new();
	ok = make_rendering(&scratch, key, issues, count, out, err);
	if (ok)
		*out = copy_rendering(a, out);
	arena_free(scratch.arena);
	return ok;
}

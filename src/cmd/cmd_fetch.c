/* SPDX-License-Identifier: ISC */
#include "cmd/cmd.h"
#include "cmd/each_name.h"
#include "cmd/report.h"
#include "flow/gather.h"
#include "flow/source_lists.h"
#include "store/sources.h"

/* Keys of the feeds that were named, each once. */
struct chosen {
	const char **keys;
	size_t count;
};

static bool
choose_one(struct naming *n, const char *name, struct err *err)
{
	struct arena *a = n->app->run.arena;
	struct chosen *c = n->arg;
	struct source s;

	if (!store_source_find(n->app->run.store, a, name, &s, err))
		return false;
	if (naming_again(n, s.key, name))
		return true;
	naming_done(n, s.key);
	c->keys = arena_grow_list(a, c->keys, c->count, sizeof(*c->keys));
	c->keys[c->count++] = s.key;
	return true;
}

static bool
fetch(struct app *app, const struct gather_options *o, struct err *err)
{
	struct gather_report g;

	if (!flow_gather(&app->run, o, &g, err))
		return false;
	app_say(app,
	    "Fetched %zu of %s: %s, %zu unchanged, %zu failed (%zu already known)",
	    g.asked, app_count(app, (int64_t)g.sources, "feed", "feeds"),
	    app_count(app, (int64_t)g.entries_new, "new entry", "new entries"),
	    g.unchanged, g.failed, g.failed - g.failed_new);
	say_old(app, &g);
	if (g.asked == 0 && g.sources > 0)
		app_say(app,
		    "None is due yet (fetch.every); name feeds to ask them now.");
	if (g.alarmed)
		return refuse_lost(app, &g, "what arrived is kept", err);
	if (o->only && g.failed > 0)
		return refuse_failures(&g, err);
	say_failures(&g, false);
	if (g.told)
		app->code = EXIT_PARTIAL;
	return true;
}

static bool
run_fetch(struct app *app, const struct args *args, struct err *err)
{
	struct gather_options o = { .only = NULL };
	struct chosen chosen = { .keys = NULL };

	if (!flow_sources_sync(&app->run, err))
		return false;
	if (args->word_count == 0)
		return fetch(app, &o, err);
	if (!each_name(app, args, choose_one, &chosen, err))
		return false;
	o.only = chosen.keys;
	o.only_count = chosen.count;
	return chosen.count == 0 || fetch(app, &o, err);
}

const struct command cmd_fetch = {
	.name = "fetch",
	.group = "Every day",
	.usage = "fetch [FEED...]",
	.summary = "only fetch; with names, those feeds now, due or not",
	.words = { 0, SIZE_MAX },
	.need = NEED_CREATE,
	.run = run_fetch,
};

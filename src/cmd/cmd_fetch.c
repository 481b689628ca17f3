/* SPDX-License-Identifier: ISC */
#include "cmd/cmd.h"
#include "cmd/report.h"
#include "flow/gather.h"
#include "flow/source_lists.h"

static bool
run_fetch(struct app *app, const struct args *args, int *code, struct err *err)
{
	const struct gather_options o = { .only = args->word_count ? args->words : NULL,
		.only_count = args->word_count };
	struct gather_report g;

	if (!flow_sources_sync(&app->run, err) || !flow_gather(&app->run, &o, &g, err))
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
	if (args->word_count > 0 && g.failed > 0)
		return refuse_failures(&g, err);
	say_failures(&g, false);
	if (g.told)
		*code = EXIT_PARTIAL;
	return true;
}

const struct command cmd_fetch = {
	.name = "fetch",
	.group = "Every day",
	.usage = "fetch [FEED...]",
	.summary = "only fetch; with names, those feeds now, due or not",
	.max_words = SIZE_MAX,
	.need = NEED_CREATE,
	.run = run_fetch,
};

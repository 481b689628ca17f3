/* SPDX-License-Identifier: ISC */
#include "cmd/commands.h"
#include "cmd/session.h"
#include "flow/gather.h"
#include "flow/source_lists.h"

static bool
fetch(struct session *s, struct app *app, const struct args *args, int *code,
    struct err *err)
{
	const struct gather_options o = { .only = args->word_count ? args->words : NULL,
		.only_count = args->word_count };
	struct gather_report g;

	if (!flow_sources_sync(&s->flow, err) || !flow_gather(&s->flow, &o, &g, err))
		return false;
	app_say(app,
	    "Fetched %zu of %zu feeds: %zu new entries, %zu unchanged, %zu failed "
	    "(%zu already known)",
	    g.asked, g.sources, g.entries_new, g.unchanged, g.failed,
	    g.failed - g.failed_new);
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

static bool
run(struct app *app, const struct args *args, int *code, struct err *err)
{
	struct session s;

	if (!session_open(&s, app, SESSION_CREATE, "fetch", err))
		return false;
	return session_close(&s, fetch(&s, app, args, code, err), err);
}

const struct command cmd_fetch = {
	.name = "fetch",
	.group = "Every day",
	.usage = "fetch [FEED...]",
	.summary = "only fetch; with names, those feeds now, due or not",
	.run = run,
};

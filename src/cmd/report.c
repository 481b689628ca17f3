/* SPDX-License-Identifier: ISC */
/*
 * What people are told of feeds that failed.  One that fails now and then is no news; many at
 * once, and those that were asked for by name, are.
 */
#include "base/buf.h"
#include "base/log.h"
#include "cmd/commands.h"
#include "flow/gather.h"

enum { NAMED_MOST = 5, SENTENCE_MAX = 400 };

static const char *
plural(size_t n)
{
	return n == 1 ? "" : "s";
}

void
say_old(const struct app *app, const struct gather_report *g)
{
	if (g->entries_old > 0)
		app_say(app,
		    "%zu of the new entries %s older than digest.max_per_feed takes of a new "
		    "feed: remembered, not mailed",
		    g->entries_old, g->entries_old == 1 ? "is" : "are");
}

bool
refuse_lost(const struct app *app, const struct gather_report *g, const char *what,
    struct err *err)
{
	const struct gather_failure *first = g->failures;

	while (!first->is_lost)
		first++;
	err_set(err, ERR_PARTIAL,
	    "%zu of %zu feeds that answered the time before cannot be reached in this "
	    "run: that is more than %lld %%, so it is probably this machine's network\n"
	    "%s: %s\n"
	    "none of them was marked as failing; %s",
	    g->lost, g->had_answered, (long long)app->settings.config.fetch.alarm_at,
	    first->key, first->note, what);
	return err_hint(err, "planetpost feed test %s", first->key);
}

bool
refuse_failures(const struct gather_report *g, struct err *err)
{
	struct buf b = BUF_INIT(SENTENCE_MAX);

	if (g->asked > 1)
		buf_addf(&b, "%zu of %zu feeds failed\n", g->failed, g->asked);
	for (size_t i = 0; i < g->failed && i < NAMED_MOST; i++)
		buf_addf(&b, "%s%s: %s", i > 0 ? "\n" : "", g->failures[i].key,
		    g->failures[i].note);
	if (g->failed > NAMED_MOST)
		buf_addf(&b, "\nand %zu more (planetpost feed list)",
		    g->failed - NAMED_MOST);
	err_set(err, ERR_PARTIAL, "%s", buf_text(&b));
	buf_clear(&b);
	return err_hint(err, "planetpost feed test %s", g->failures[0].key);
}

void
say_failures(const struct gather_report *g, bool strict)
{
	void (*const say)(const char *, const char *, ...) =
	    g->told || strict ? log_warn : log_info;
	const size_t wanted = strict ? g->failed : g->failed_new;
	size_t named = 0;

	if (g->told)
		log_warn("fetch", "%zu of %zu feeds newly failed", g->failed_new,
		    g->asked);
	for (size_t i = 0; i < g->failed && named < NAMED_MOST; i++) {
		if (!g->failures[i].is_new && !strict)
			continue;
		say("fetch", "%s: %s", g->failures[i].key, g->failures[i].note);
		named++;
	}
	if (wanted > named)
		say("fetch", "and %zu more feed%s: planetpost feed list", wanted - named,
		    plural(wanted - named));
}

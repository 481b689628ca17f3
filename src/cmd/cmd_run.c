/* SPDX-License-Identifier: ISC */
/*
 * run: what the timer calls.  Fetch, build, send what is due, tidy; quiet when all is well.
 */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "cmd/commands.h"
#include "cmd/session.h"
#include "flow/compile.h"
#include "flow/deliver.h"
#include "flow/gather.h"
#include "flow/source_lists.h"
#include "mail/address.h"
#include "transport/transport.h"
#include "store/entry_lists.h"
#include "store/issues.h"
#include "store/notes.h"

enum { DESCRIBE_MAX = 4096, BACKUP_EVERY = 86400 };

/* What a run has done so far, for its words and its exit code. */
struct progress {
	struct app *app;
	struct session session;
	const char *only_to;
	bool strict, no_send, fetch_only;
	bool partial, human;
};

static void
say_gathered(const struct app *app, const struct gather_report *g)
{
	if (g->asked == 0 && g->sources > 0)
		app_say(app, "None of the %zu feeds is due yet (fetch.every).",
		    g->sources);
	else
		app_say(app,
		    "Fetched %zu of %zu feeds in %lld.%01lld s: %zu new entries, %zu unchanged, "
		    "%zu failed (%zu already known)",
		    g->asked, g->sources, (long long)(g->ms / 1000),
		    (long long)(g->ms % 1000 / 100), g->entries_new, g->unchanged,
		    g->failed, g->failed - g->failed_new);
	say_old(app, g);
	log_event("fetch.done",
	    "feeds=%zu new=%zu unchanged=%zu failed=%zu failed_new=%zu ms=%lld", g->asked,
	    g->entries_new, g->unchanged, g->failed, g->failed_new, (long long)g->ms);
}

static bool
gather(struct progress *r, struct err *err)
{
	const struct gather_options o = { .only = NULL };
	struct gather_report g;

	if (!flow_sources_sync(&r->session.flow, err) ||
	    !flow_gather(&r->session.flow, &o, &g, err))
		return false;
	say_gathered(r->app, &g);
	if (g.sources == 0)
		app_say(r->app,
		    "No feeds are configured.\n"
		    "  hint: planetpost feed add URL, or feeds_from = your planet's config.ini");
	if (g.alarmed)
		return refuse_lost(r->app, &g, "no issue was built", err);
	say_failures(&g, r->strict);
	r->partial = r->partial || g.told || (r->strict && g.failed > 0);
	return true;
}

static void
say_built(const struct progress *r, const struct compile_report *c)
{
	const struct issue *i = &c->issue;

	app_say(r->app, "Built   issue %s%s%s%s: %lld entries, %lld sources, %lld kB",
	    i->name, i->subject ? " \"" : "", i->subject ? i->subject : "",
	    i->subject ? "\"" : "", (long long)i->entry_count, (long long)i->source_count,
	    (long long)((i->bytes + 999) / 1000));
	log_event("issue.built", "issue=%s entries=%lld sources=%lld bytes=%lld state=%s",
	    i->name, (long long)i->entry_count, (long long)i->source_count,
	    (long long)i->bytes, i->state == ISSUE_DRAFT ? "draft" : "approved");
	if (i->state == ISSUE_DRAFT)
		app_say(r->app,
		    "Held    issue %s waits for you (approval = manual)\n"
		    "        hint: planetpost issue show %s      planetpost issue send %s",
		    i->name, i->name, i->name);
}

static void
say_not_built(const struct progress *r, const struct compile_report *c)
{
	char when[CLOCK_TEXT];

	if (c->due)
		app_say(r->app, "Nothing new: no issue.");
	else if (c->waiting > 0)
		app_say(r->app, "Waiting %zu %s for the next issue, due %s", c->waiting,
		    c->waiting == 1 ? "entry" : "entries", clock_rfc3339(c->next, when));
}

static bool
build(struct progress *r, struct err *err)
{
	struct compile_report c;

	if (!flow_issue_build(&r->session.flow, false, &c, err))
		return false;
	if (c.built)
		say_built(r, &c);
	else
		say_not_built(r, &c);
	r->human = r->human || (c.built && c.issue.state == ISSUE_DRAFT);
	return true;
}

void
say_delivered(const struct app *app, const struct issue *issue,
    const struct deliver_report *d)
{
	struct buf where = BUF_INIT(DESCRIBE_MAX);

	transport_describe(&app->settings.config, &where);
	if (d->sent + d->deferred + d->refused + d->unknown > 0 || d->audience > 0)
		app_say(app,
		    "Submitted issue %s: %lld accepted by %s, %lld will be retried, "
		    "%lld refused, %lld unknown",
		    issue->name, (long long)d->sent, buf_text(&where),
		    (long long)d->deferred, (long long)d->refused, (long long)d->unknown);
	else
		app_say(app,
		    "Issue %s: nobody to send it to\n"
		    "  hint: planetpost sub add ADDRESS --confirmed-by TEXT",
		    issue->name);
	if (d->recovered > 0)
		log_warn("send",
		    "%lld letters of a run that was cut off may have gone; they are "
		    "not sent again (planetpost issue show %s)",
		    (long long)d->recovered, issue->name);
	if (d->refused > 0)
		log_warn("send",
		    "issue %s: %lld letters refused (planetpost issue show %s)",
		    issue->name, (long long)d->refused, issue->name);
	if (d->sent == 0 && d->waiting > 0)
		log_warn("send",
		    "issue %s: nobody got it yet, %lld letters wait to be tried again",
		    issue->name, (long long)d->waiting);
	log_event("send.done",
	    "issue=%s accepted=%lld deferred=%lld refused=%lld unknown=%lld "
	    "ms=%lld",
	    issue->name, (long long)d->sent, (long long)d->deferred,
	    (long long)d->refused, (long long)d->unknown, (long long)d->ms);
	buf_clear(&where);
}

static bool
deliver_one(struct progress *r, struct issue *issue, struct err *err)
{
	const struct deliver_options o = { .only_to = r->only_to };
	struct deliver_report d;
	const bool ok = flow_deliver(&r->session.flow, issue, &o, &d, err);

	if (ok || d.sent > 0)
		say_delivered(r->app, issue, &d);
	r->partial = r->partial || d.waiting > 0;
	return ok || err_wrap(err, "issue %s", issue->name);
}

/* Everything that is approved or was under way, oldest first. */
static bool
deliver(struct progress *r, struct err *err)
{
	struct issue *issues = NULL;
	size_t count = 0;

	if (!store_issues(r->session.store, r->app->arena, 0, &issues, &count, err))
		return false;
	for (size_t i = count; i > 0; i--) {
		struct issue *issue = &issues[i - 1];

		if (issue->state != ISSUE_APPROVED && issue->state != ISSUE_SENDING)
			continue;
		if (r->app->interrupted())
			return true;
		if (!deliver_one(r, issue, err))
			return false;
	}
	return true;
}

/* Text nobody needs any more goes; identities stay. */
static bool
tidy(struct progress *r, struct err *err)
{
	const int64_t keep = r->app->settings.config.fetch.keep_entries;
	char text[CLOCK_TEXT];
	int64_t dropped = 0;

	return store_entries_tidy(r->session.store, r->app->now - keep, &dropped, err) &&
	    store_note_set(r->session.store, "last_run", clock_rfc3339(r->app->now, text),
		err);
}

static bool
work(struct progress *r, struct err *err)
{
	if (!gather(r, err))
		return false;
	if (r->fetch_only || r->app->interrupted())
		return true;
	if (!build(r, err))
		return false;
	if (!r->no_send && !r->app->dry_run && !r->app->interrupted() && !deliver(r, err))
		return false;
	return tidy(r, err);
}

static bool
run(struct app *app, const struct args *args, int *code, struct err *err)
{
	struct progress r = { .app = app,
		.strict = args_has(args, "strict"),
		.no_send = args_has(args, "no-send"),
		.fetch_only = args_has(args, "fetch-only") };
	const char *to = args_value(args, "to");
	bool ok = false;

	if (!args_expect(args, 0, 0, &cmd_run, err))
		return false;
	if (to && !address_check(app->arena, to, &r.only_to, err))
		return err_wrap(err, "--to %s", to);
	if (!session_open(&r.session, app, SESSION_CREATE, "run", err))
		return false;
	ok = work(&r, err);
	ok = session_close(&r.session, ok, err);
	if (r.partial)
		*code = EXIT_PARTIAL;
	else if (r.human)
		*code = EXIT_HUMAN;
	return ok;
}

static const struct cmd_option run_options[] = { { "fetch-only", '\0', NULL,
						     "build and send nothing" },
	{ "no-send", '\0', NULL, "build what is due, send nothing" },
	{ "to", '\0', "ADDR", "send to this address alone: your own digest, no list" },
	{ "strict", '\0', NULL, "any failing feed makes the exit code 3" },
	{ NULL, '\0', NULL, NULL } };

const struct command cmd_run = {
	.name = "run",
	.group = "Every day",
	.usage = "run",
	.summary = "fetch, build, send what is due, tidy; what the timer calls",
	.details =
	    "Run it from a timer as often as you like: feeds are asked no more often than "
	    "fetch.every,\nan issue is built when digest.schedule says so, and nobody gets "
	    "an issue twice.\nIt prints nothing when no terminal is there and all is well.",
	.options = run_options,
	.run = run,
};

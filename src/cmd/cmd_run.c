/* SPDX-License-Identifier: ISC */
/*
 * run: what the timer calls.  Fetch, build, send what is due, tidy; quiet when all is well.
 */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/keeper_letter.h"
#include "cmd/report.h"
#include "flow/bounce_mail.h"
#include "flow/compile.h"
#include "flow/daily_backup.h"
#include "flow/deliver.h"
#include "flow/gather.h"
#include "flow/intake.h"
#include "flow/join_domains.h"
#include "flow/journal_recovery.h"
#include "flow/letter_queue.h"
#include "flow/mailbox_intake.h"
#include "flow/preview_letter.h"
#include "flow/publish.h"
#include "flow/source_lists.h"
#include "flow/source_troubles.h"
#include "flow/subscribe.h"
#include "flow/test_letter.h"
#include "flow/tidy.h"
#include "flow/trial.h"
#include "store/notes.h"
#include "store/sources.h"
#include "web/site.h"
#include "web/static_archive.h"

/* What a run has done so far, for its words and its exit code. */
struct progress {
	struct app *app;
	const char *only_to;
	bool copy_only; /* there are readers: only_to gets a letter, and nothing moves */
	const char *built; /* the issue that this run approved */
	bool strict, no_send, fetch_only;
	bool partial, human;
	bool nobody; /* posts wait, and nobody would get them */
	enum restored restored;
};

/* None is asked: there is none, or all are paused. */
static bool
say_no_feeds(const struct app *app, struct err *err)
{
	struct source *listed = NULL;
	size_t count = 0;

	if (!store_sources(app->run.store, app->run.arena, true, &listed, &count, err))
		return false;
	if (count == 0)
		app_say(app,
		    "No feeds are configured.\n"
		    "  hint: planetpost feed add URL, or feeds_from = your planet's config.ini");
	else
		app_say(app, "No feed is asked: %s.",
		    count == 1 ? "the only one is paused" : "all are paused");
	return true;
}

/*
 * First, so that who has left gets no letter.  A mailbox that cannot be read stops none: it is
 * told, and read by the next run.
 */
static bool
read_mail(struct progress *r, struct err *err)
{
	struct run *run = &r->app->run;
	struct mail_tally t;
	struct err why = ERR_INIT;
	bool is_news = false;

	if (run->dry_run || r->fetch_only)
		return true;
	const bool ok = flow_mail_fetch(run, &t, &why);
	if (!flow_mail_is_news(run, ok ? NULL : &why, &is_news, err))
		return false;
	if (is_news)
		log_warn("mail", "%s%s%s", why.text, *why.why ? ": " : "", why.why);
	else if (!ok)
		log_info("mail", "%s%s%s", why.text, *why.why ? ": " : "", why.why);
	if (t.messages > 0)
		log_info("mail",
		    "%lld messages read: %lld moved a reader, %lld came back, "
		    "%lld answered, %lld not understood",
		    (long long)t.messages, (long long)t.moved, (long long)t.bounced,
		    (long long)t.answered, (long long)t.not_understood);
	return true;
}

static bool
gather(struct progress *r, struct err *err)
{
	const struct gather_options o = { .only = NULL };
	struct gather_report g;
	struct source *troubled = NULL;
	size_t count = 0;

	if (!flow_sources_sync(&r->app->run, err) ||
	    !flow_gather(&r->app->run, &o, &g, err))
		return false;
	say_gathered(r->app, &g);
	if (g.sources == 0 && !say_no_feeds(r->app, err))
		return false;
	if (g.alarmed)
		return refuse_lost(r->app, &g, "no issue was built", err);
	say_failures(&g, r->strict);
	if (g.asked > 0 && !flow_troubles_news(&r->app->run, &troubled, &count, err))
		return false;
	say_troubles(r->app, troubled, count);
	r->partial = r->partial || g.told || (r->strict && g.failed > 0);
	return true;
}

/* Whoever approves sees a new draft in the mail; once, not with each run that adds to it. */
static bool
show_editors(struct progress *r, const struct issue *draft, struct err *err)
{
	const char *const *editors = NULL;
	size_t count = 0;

	if (draft->created != r->app->run.now)
		return true;
	if (!flow_editors(&r->app->run, &editors, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!flow_test_letter(&r->app->run, draft, editors[i], err))
			return false;
	return true;
}

static bool
build(struct progress *r, struct err *err)
{
	struct compile_report c;

	if (!flow_issue_build(&r->app->run, false, &c, err))
		return false;
	r->nobody = c.nobody;
	if (c.built)
		say_built(r->app, &c);
	else if (!c.nobody)
		say_not_built(r->app, &c);
	if (c.built && c.issue.state == ISSUE_APPROVED)
		r->built = c.issue.name;
	if (c.built && c.issue.state == ISSUE_DRAFT && !show_editors(r, &c.issue, err))
		return false;
	r->human = r->human || (c.built && c.issue.state == ISSUE_DRAFT);
	return true;
}

/* Letters that are due are queued; then everything that waits goes out. */
static bool
deliver(struct progress *r, struct err *err)
{
	const struct deliver_options all = { .issue_id = 0, .restored = r->restored };
	struct asks_report asks;
	struct queue_report q;
	struct deliver_report d;

	if (!flow_asks_tend(&r->app->run, &asks, err) ||
	    !flow_bounces_tend(&r->app->run, err) ||
	    !flow_join_domains(&r->app->run, flow_domain_look_up, err) ||
	    !keeper_letter_tend(r->app, err) ||
	    !flow_letters_queue(&r->app->run, false, &q, err))
		return false;
	const bool ok = flow_deliver(&r->app->run, &all, &d, err);
	say_delivered(r->app, &d);
	if (ok && r->built && q.queued == 0 && q.nothing == 0)
		say_nobody(r->app, r->built);
	r->partial = r->partial || (d.waiting > 0 && d.quiet_until == 0);
	return ok;
}

/* Letters are out by now: an archive that cannot be written is told, and holds up nothing. */
static void
publish(struct app *app)
{
	struct err err = ERR_INIT;
	struct site site;

	if (!flow_publish(&app->run, &err) ||
	    (*app->run.config->web.archive_dir && !app->run.dry_run &&
		!(site_open(&app->run, &site, &err) &&
		    static_archive_write(&site, &err))))
		log_warn("archive", "%s", err.text);
}

static bool
wind_up(struct progress *r, struct err *err)
{
	char text[CLOCK_TEXT];

	publish(r->app);
	if (!flow_tidy_daily(&r->app->run, err) ||
	    !store_note_set(r->app->run.store, "last_run",
		clock_rfc3339(r->app->run.now, text), err))
		return false;
	flow_backup_daily(&r->app->run);
	return true;
}

/* What would be the next issue, to one address: no issue, reader or entry moves. */
static bool
send_copy(struct progress *r, bool sends, struct err *err)
{
	const struct deliver_options notices = { .notices_only = true,
		.restored = r->restored };
	struct trial t = { .real = NULL };
	struct deliver_report d;
	bool queued = false;

	if (!flow_trial_begin(&r->app->run, &t, err))
		return false;
	bool ok = flow_letter_copy(&r->app->run, r->only_to, sends, &queued, err);
	if (ok && !queued)
		app_say(r->app, "Nothing new: no letter.");
	if (ok && queued && sends) {
		ok = flow_deliver(&r->app->run, &notices, &d, err);
		say_delivered(r->app, &d);
		r->partial = r->partial || d.waiting > 0;
	}
	return flow_trial_end(&r->app->run, &t, ok ? TRIAL_SHOWED_NOTICES : 0, err) && ok;
}

/* Letters of what was built, or notices alone: what moves in a copy is not due again. */
static bool
deliver_trial(struct progress *r, bool *waits, struct err *err)
{
	const struct deliver_options o = { .notices_only = !r->built,
		.restored = r->restored };
	struct queue_report q;
	struct deliver_report d;

	if (r->built && !flow_letters_queue(&r->app->run, true, &q, err))
		return false;
	const bool ok = flow_deliver(&r->app->run, &o, &d, err);
	say_delivered(r->app, &d);
	if (ok && r->built && q.queued == 0)
		say_nobody(r->app, r->built);
	*waits = d.quiet_until != 0;
	r->partial = r->partial || (d.waiting > 0 && !*waits);
	return ok;
}

/*
 * transport.method = redirect: an issue that is due is built and sent on a copy of the database.
 * A draft that waits for approval is a draft all the same.
 */
static bool
show_trial(struct progress *r, bool sends, struct err *err)
{
	struct run *run = &r->app->run;
	struct trial t = { .real = NULL };
	unsigned shown = 0;
	bool waits = false; /* for the end of quiet hours */
	bool is_old = false;

	if (!flow_trial_is_old(run, &is_old, err))
		return false;
	if (run->config->approval.manual && !is_old && !build(r, err))
		return false;
	if (!flow_trial_begin(run, &t, err))
		return false;
	const bool ok = (run->config->approval.manual || is_old || build(r, err)) &&
	    (!sends || run->interrupted() || deliver_trial(r, &waits, err));
	if (ok && sends && !run->interrupted())
		shown = TRIAL_SHOWED_NOTICES | (waits ? 0U : TRIAL_SHOWED_POSTS);
	return flow_trial_end(run, &t, shown, err) && ok;
}

static bool
find_reader(struct progress *r, struct err *err)
{
	bool is_only = true;

	if (r->only_to && !flow_intake_only(&r->app->run, r->only_to, &is_only, err))
		return false;
	r->copy_only = !is_only;
	return true;
}

static bool
work(struct progress *r, struct err *err)
{
	bool sends = !r->no_send && !r->app->run.dry_run;

	if (!read_mail(r, err) || !gather(r, err))
		return false;
	if (r->fetch_only || r->app->run.interrupted())
		return true;
	if (!find_reader(r, err))
		return false;
	if (r->copy_only)
		return send_copy(r, sends, err);
	if (flow_is_trial(&r->app->run)) {
		if (!show_trial(r, sends, err))
			return false;
	} else {
		if (!build(r, err))
			return false;
		if (sends && !r->app->run.interrupted() && !deliver(r, err))
			return false;
	}
	if (!wind_up(r, err))
		return false;
	return !r->nobody || refuse_nobody(r->app, err);
}

/* The address of --to, checked; NULL when it is not given. */
static bool
read_to(struct app *app, const struct args *args, const char **to, struct err *err)
{
	const char *given = args_value(args, "to");

	*to = NULL;
	return !given || args_address(app, "to", given, to, err);
}

static bool
prepare_run(struct app *app, const struct args *args, struct err *err)
{
	const char *to = NULL;

	enum restored restored = RESTORED_ASK;

	return read_to(app, args, &to, err) &&
	    restored_parse(args_value(args, "restored"), &restored, err);
}

/* What mail-in leaves to a process that has read no stranger's mail. */
static bool
answer(struct app *app, struct err *err)
{
	const struct deliver_options notices = { .notices_only = true };
	struct deliver_report d = { 0 };
	struct trial t = { .real = NULL };
	bool ok = app->run.dry_run;

	if (!ok && !flow_trial_begin(&app->run, &t, err))
		return false;
	ok = ok ||
	    (flow_join_domains(&app->run, flow_domain_look_up, err) &&
		flow_deliver(&app->run, &notices, &d, err));
	ok = flow_trial_end(&app->run, &t, ok ? TRIAL_SHOWED_NOTICES : 0, err) && ok;
	say_delivered(app, &d);
	if (d.waiting > 0)
		app->code = EXIT_PARTIAL;
	return ok;
}

static bool
run_run(struct app *app, const struct args *args, struct err *err)
{
	struct progress p = { .app = app,
		.strict = args_has(args, "strict"),
		.no_send = args_has(args, "no-send"),
		.fetch_only = args_has(args, "fetch-only") };

	if (args_has(args, "answers"))
		return answer(app, err);
	const bool ok = read_to(app, args, &p.only_to, err) &&
	    restored_parse(args_value(args, "restored"), &p.restored, err) &&
	    work(&p, err);
	if (p.partial)
		app->code = EXIT_PARTIAL;
	else if (p.human)
		app->code = EXIT_HUMAN;
	return ok;
}

static const struct cmd_option run_options[] = { { "fetch-only", '\0', NULL,
						     "build and send nothing" },
	{ "no-send", '\0', NULL, "build what is due, send nothing" },
	{ "to", '\0', "ADDR",
	    "your own digest, no list; where there are readers, the next "
	    "issue to this address alone, and nothing moves" },
	{ "restored", '\0', "unknown|send",
	    "the database was put back: letters that may have gone do not go, or go" },
	{ "answers", '\0', NULL,
	    "send what answers somebody, such as confirmations, and do nothing else; "
	    "mail-in calls it" },
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
	.need = NEED_CREATE,
	.prepare = prepare_run,
	.run = run_run,
};

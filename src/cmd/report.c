/* SPDX-License-Identifier: ISC */
/*
 * One feed that fails now and then is no news; many at once, and those that were asked for by
 * name, are.
 */
#include "cmd/report.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "cmd/health_words.h"
#include "base/text.h"
#include "format/url.h"
#include "list/bounces.h"
#include "model/names.h"
#include "store/readers.h"
#include "store/bounce_log.h"
#include "transport/transport.h"

enum { NAMED_MOST = 5, SENTENCE_MAX = 400, DESCRIBE_MAX = 4096 };

static const char *
plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* What the round settled by itself; of https alone only the log tells. */
static void
say_changes(const struct gather_report *g)
{
	size_t told = 0;
	size_t moved = 0;

	for (size_t i = 0; i < g->change_count; i++) {
		const struct gather_change *c = &g->changes[i];

		if (c->made_safe) {
			log_info("feeds", "%s is asked by https now: %s", c->key, c->to);
		} else if (!c->to) {
			log_warn("feeds",
			    "%s is gone (%s) and paused: planetpost feed resume %s, or feed "
			    "remove %s",
			    c->key, c->why, c->key, c->key);
		} else if (moved++ < NAMED_MOST) {
			log_warn("feeds",
			    "%s moved for good and is asked at %s now: planetpost feed show %s",
			    c->key, c->to, c->key);
			told++;
		}
	}
	if (moved > told)
		log_warn("feeds", "and %zu more moved: planetpost feed list",
		    moved - told);
}

void
say_old(const struct app *app, const struct gather_report *g)
{
	if (g->entries_old > 0)
		app_say(app,
		    "%zu of the new entries %s no news (digest.late; of a new feed: older than "
		    "the last issue, or more than digest.max_per_feed): remembered, not mailed",
		    g->entries_old, g->entries_old == 1 ? "is" : "are");
	for (size_t i = 0; i < g->held_count; i++)
		if (g->held[i].changed)
			log_warn("feeds",
			    "%s seems to be another feed: %s; its unseen posts are held: "
			    "planetpost feed release %s, or feed drop %s and feed pause %s",
			    g->held[i].key, g->held[i].changed, g->held[i].key,
			    g->held[i].key, g->held[i].key);
		else
			log_warn("feeds",
			    "%s: %zu unseen %s held: planetpost feed release %s, or feed drop %s",
			    g->held[i].key, g->held[i].posts,
			    g->held[i].posts == 1 ? "post whose text was mailed before is"
						  : "posts at once are",
			    g->held[i].key, g->held[i].key);
	say_changes(g);
}

void
say_gathered(const struct app *app, const struct gather_report *g)
{
	if (g->asked == 0 && g->sources == 1)
		app_say(app, "The feed is not due yet (fetch.every).");
	else if (g->asked == 0 && g->sources > 0)
		app_say(app, "None of the %zu feeds is due yet (fetch.every).",
		    g->sources);
	else
		app_say(app,
		    "Fetched %zu of %s in %lld.%01lld s: %s, %zu unchanged, "
		    "%zu failed (%zu already known)",
		    g->asked, app_count(app, (int64_t)g->sources, "feed", "feeds"),
		    (long long)(g->ms / 1000), (long long)(g->ms % 1000 / 100),
		    app_count(app, (int64_t)g->entries_new, "new entry", "new entries"),
		    g->unchanged, g->failed, g->failed - g->failed_new);
	say_old(app, g);
	log_event("fetch.done",
	    "feeds=%zu new=%zu unchanged=%zu failed=%zu failed_new=%zu ms=%lld", g->asked,
	    g->entries_new, g->unchanged, g->failed, g->failed_new, (long long)g->ms);
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

void
say_troubles(const struct app *app, const struct source *list, size_t count)
{
	for (size_t i = 0; i < count && i < NAMED_MOST; i++)
		log_warn("feeds", "%s for two days: %s: %s", list[i].key,
		    source_state_name(list[i].state),
		    health_words(app->run.arena, &list[i]));
	if (count > 0)
		log_warn("feeds", "%zu feed%s need%s you: planetpost feed health", count,
		    plural(count), count == 1 ? "s" : "");
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

void
say_built(const struct app *app, const struct compile_report *c)
{
	const struct issue *i = &c->issue;

	app_say(app, "Built   issue %s%s%s%s: %s, %s, %lld kB", i->name,
	    i->subject ? " \"" : "", i->subject ? i->subject : "", i->subject ? "\"" : "",
	    app_count(app, i->entry_count, "entry", "entries"),
	    app_count(app, i->source_count, "source", "sources"),
	    (long long)((i->bytes + 999) / 1000));
	log_event("issue.built", "issue=%s entries=%lld sources=%lld bytes=%lld state=%s",
	    i->name, (long long)i->entry_count, (long long)i->source_count,
	    (long long)i->bytes, i->state == ISSUE_DRAFT ? "draft" : "approved");
	if (i->state == ISSUE_DRAFT)
		app_say(app,
		    "Held    issue %s waits for you (approval = manual)\n"
		    "        hint: planetpost issue show %s      planetpost issue send %s",
		    i->name, i->name, i->name);
}

void
say_not_built(const struct app *app, const struct compile_report *c)
{
	char when[CLOCK_TEXT];

	if (c->due)
		app_say(app, "Nothing new: no issue.");
	else if (c->waiting > 0)
		app_say(app, "Waiting %zu %s for the next issue, due %s", c->waiting,
		    c->waiting == 1 ? "entry" : "entries", clock_rfc3339(c->next, when));
}

static void
say_outcome(const struct app *app, const struct issue_outcome *o, const char *where)
{
	app_say(app,
	    "Submitted %s%s: %lld accepted by %s, %lld will be retried, "
	    "%lld refused, %lld unknown%s",
	    o->name ? "issue " : "notices", o->name ? o->name : "", (long long)o->sent,
	    where, (long long)o->deferred, (long long)o->refused, (long long)o->unknown,
	    o->name && o->earlier > 0 ? arena_printf(app->run.arena,
					    "; %lld had it before", (long long)o->earlier)
				      : "");
	if (!o->name)
		return;
	if (o->refused > 0)
		log_warn("send", "issue %s: %s refused (planetpost issue show %s)",
		    o->name, app_count(app, o->refused, "letter", "letters"), o->name);
	log_event("send.done",
	    "issue=%s accepted=%lld deferred=%lld refused=%lld unknown=%lld", o->name,
	    (long long)o->sent, (long long)o->deferred, (long long)o->refused,
	    (long long)o->unknown);
}

void
say_delivered(const struct app *app, const struct deliver_report *d)
{
	struct buf where = BUF_INIT(DESCRIBE_MAX);

	transport_describe(&app->settings.config, &where);
	for (size_t i = 0; i < d->issue_count; i++)
		say_outcome(app, &d->issues[i], buf_text(&where));
	/* Where somebody pressed ^C there is somebody who wants to know. */
	if (d->interrupted && d->waiting > 0)
		log_warn("send", "interrupted: %s; the next run goes on",
		    app_count(app, d->waiting, "letter waits", "letters wait"));
	if (d->recovered > 0)
		log_warn("send",
		    "%s of a run that was cut off may have gone, and nothing is sent "
		    "again (planetpost issue show last)",
		    app_count(app, d->recovered, "letter", "letters"));
	if (d->quiet_until != 0 && d->waiting > 0)
		app_say(app, "Quiet hours until %s: %s for a run after that",
		    app_local_time(app, d->quiet_until),
		    app_count(app, d->waiting, "letter waits", "letters wait"));
	else if (d->sent == 0 && d->waiting > 0)
		log_warn("send", "nobody got a letter, %lld %s to be tried again",
		    (long long)d->waiting, d->waiting == 1 ? "waits" : "wait");
	buf_clear(&where);
}

void
say_nobody(const struct app *app, const char *issue)
{
	app_say(app,
	    "Issue %s: nobody to send it to\n"
	    "  hint: planetpost sub add ADDRESS --confirmed-by TEXT",
	    issue);
}

bool
refuse_nobody(const struct app *app, struct err *err)
{
	int64_t by_state[READER_ERASED + 1];
	struct buf b = BUF_INIT(SENTENCE_MAX);

	if (!store_readers_count(app->run.store, by_state, err))
		return false;
	const int64_t held = by_state[READER_HOLD];
	const int64_t pending = by_state[READER_PENDING];

	if (held > 0)
		buf_addf(&b, "%lld reader%s, all on hold", (long long)held,
		    plural((size_t)held));
	if (pending > 0)
		buf_addf(&b, "%s%lld %s not confirmed", held > 0 ? "; " : "",
		    (long long)pending, pending == 1 ? "has" : "have");
	(void)err_set(err, ERR_HUMAN, "nobody would get this issue: %s",
	    b.len > 0 ? buf_text(&b) : "there is no reader");
	(void)err_why(err, "its posts are kept until somebody reads");
	buf_clear(&b);
	if (held > 0)
		return err_hint(err,
		    "planetpost sub list --state hold     "
		    "planetpost sub hold ADDRESS --resume");
	return err_hint(err,
	    "planetpost sub add ADDRESS --confirmed-by TEXT     "
	    "planetpost run --to ADDRESS");
}

const char *
page_feeds(struct arena *a, const struct feed_links *links, const char *indent)
{
	struct buf b = BUF_INIT(LIMIT_FIELD);

	for (size_t i = 0; i < links->count; i++)
		buf_addf(&b, "%s%s%zu  %s%s%s%s", i > 0 ? "\n" : "", indent, i + 1,
		    links->item[i].url, links->item[i].title ? "   \"" : "",
		    links->item[i].title ? links->item[i].title : "",
		    links->item[i].title ? "\"" : "");
	return arena_take(a, &b);
}

bool
refuse_page(struct arena *a, const char *where, const struct feed_links *links,
    struct err *err)
{
	if (links->count == 0)
		return err_set(err, ERR_INPUT,
		    "%s is a web page, not a feed, and names none", where);
	err_set(err, ERR_INPUT, "%s is a web page, not a feed; it names %zu feed%s",
	    where, links->count, links->count == 1 ? "" : "s");
	err_why(err, "%s", page_feeds(a, links, ""));
	if (url_is_web(links->item[0].url))
		err_hint(err, "planetpost feed add %s", links->item[0].url);
	return false;
}

/* ---- what came back ---- */

const char *
bounce_kind_word(int kind)
{
	static const char *const words[] = {
		[BOUNCED_SOFT] = "soft",
		[BOUNCED_HARD] = "hard",
		[COMPLAINED] = "complaint",
	};

	return kind >= 0 && (size_t)kind < ARRAY_LEN(words) ? words[kind] : "?";
}

static void
bounce_json(struct facts *f, const struct bounce_row *row)
{
	json_begin_object(&f->w);
	json_member_time(&f->w, "at", row->at);
	json_member(&f->w, "kind", bounce_kind_word(row->kind));
	json_member(&f->w, "status", row->status);
	json_member(&f->w, "reply", row->reply);
	json_end_object(&f->w);
}

bool
print_bounces(struct facts *f, const struct reader *r, struct err *err)
{
	enum { SHOWN = 10 };
	struct app *app = f->app;
	struct bounce_row *rows = NULL;
	size_t count = 0;

	if (!store_bounces_of(app->run.store, app->run.arena, r->id, SHOWN, &rows, &count,
		err))
		return false;
	facts_begin_list(f, "came_back");
	for (size_t i = 0; i < count; i++) {
		char room[CLOCK_TEXT];

		if (app->json) {
			bounce_json(f, &rows[i]);
			continue;
		}
		app_print(stdout, "came back     %s  %s %s%s%s\n",
		    clock_rfc3339(rows[i].at, room), bounce_kind_word(rows[i].kind),
		    rows[i].status ? rows[i].status : "-", rows[i].reply ? "  -- " : "",
		    rows[i].reply ? text_shown(app->run.arena, rows[i].reply) : "");
	}
	facts_end_list(f);
	return true;
}

/* SPDX-License-Identifier: ISC */
/*
 * GATHER: ask every source that is due, read what it answers, keep what is new.
 *
 * Failures are kept aside until the round is over: when too many feeds that answered the time
 * before cannot be reached, it is this machine's network, and none of them is marked.
 */
#include "flow/gather.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/text.h"
#include "format/url.h"
#include "feed/feed.h"
#include "fetch/poll_policy.h"
#include "fetch/http.h"
#include "fetch/source_health.h"
#include "flow/being_read.h"
#include "flow/clock_check.h"
#include "flow/commit_group.h"
#include "flow/context.h"
#include "flow/another_feed.h"
#include "flow/feed_archives.h"
#include "flow/newsletters.h"
#include "mail/newsletter_reader.h"
#include "config/mailbox_address.h"
#include "flow/feed_options.h"
#include "flow/feeds_to_ask.h"
#include "flow/fetch_pictures.h"
#include "flow/full_text.h"
#include "flow/polled_rows.h"
#include "flow/reading_line.h"
#include "flow/remember.h"
#include "flow/source_changes.h"
#include "store/open.h"
#include "store/sources.h"
#include "store/transactions.h"

enum {
	QUIET_BATCH = 256,
	ALARM_LEAST = 5,
	NOT_SAID = -1 /* by an answer: when it may be asked again */
};

/*
 * An answer that comes after the others: a program judges its posts, which takes its time, or the
 * last run may have ended because of it.
 */
struct waiting {
	struct source *source;
	struct http_response response;
};

struct round {
	struct run *run;
	struct gather_report *report;
	bool believe;
	struct source *sources; /* those to ask */
	size_t count, next;
	struct polled_rows quiet;  /* 304s, written QUIET_BATCH at a time */
	struct polled_rows failed; /* written when the round is over */
	struct waiting *waiting;
	size_t waiting_count, waiting_bytes;
	struct poll_settings poll;
	struct feed_options options;
	struct feed_archives archives; /* of feeds that were not asked for long */
	struct progress progress;
	struct arena *scratch; /* of one feed */
	struct being_read being_read;
	struct reading_suspects suspects;
	struct reading_client reading;
	struct reading_line *line;
	struct newsletter_reader *newsletters; /* NULL: not started */
	struct news_rules news;
	struct err *err;
	struct commit_group group;
	bool broken; /* the store failed: stop */
};

/* ---- one answer ---- */

/* An answer that takes half of the time it may take, in seconds, is a slow one. */
static int64_t
slow_after_ms(int64_t timeout)
{
	return timeout * 1000 / 2;
}

/* Each of its feeds is asked as its section says, else as [fetch] does. */
static struct poll_settings
policy_of(const struct round *r, const struct source *s)
{
	const struct listed_feed *own = feed_options_of(&r->options, s->url);
	struct poll_settings set = r->poll;

	if (own && own->every > 0)
		set.every = own->every;
	if (own && own->timeout > 0)
		set.slow_ms = slow_after_ms(own->timeout);
	return set;
}

static void
apply_policy(const struct round *r, struct source *s, const struct poll_outcome *o)
{
	const struct poll_settings set = policy_of(r, s);

	poll_policy_apply(s, o, &set, r->run->now);
	/* A look at a mailbox of this machine costs nobody anything. */
	if (mailbox_address_is(s->url))
		s->next_poll = r->run->now;
}

static struct poll_outcome
outcome_of(const struct http_response *resp)
{
	return (struct poll_outcome){ .failure = resp->failure,
		.status = resp->status,
		.message = resp->message,
		.moved_to = resp->moved_to,
		.retry_after = resp->retry_after,
		.max_age = resp->max_age,
		.ms = resp->ms,
		.ttl = NOT_SAID };
}

/* That a feed is not known to fail says little of one that was never reached. */
static bool
answered_before(const struct source *s)
{
	return s->failures == 0 && s->last_ok > 0;
}

static void
note_change(struct round *r, struct gather_change change)
{
	struct gather_report *report = r->report;

	report->changes = arena_grow_list(r->run->arena, report->changes,
	    report->change_count, sizeof(*report->changes));
	report->changes[report->change_count++] = change;
}

/* A feed that answers from another place for good is asked there, when it has lasted. */
static bool
adopt_move(struct round *r, struct source *s, struct err *err)
{
	struct arena *a = r->run->arena;
	struct source other;
	struct err none = ERR_INIT;
	const char *to = NULL;

	if (!poll_policy_adopts(s, r->run->config->health.follow, r->run->now))
		return true;
	to = arena_strdup(a, url_with_login(a, s->state_note, s->url));
	/* Another feed of the planet has that address: a person must choose. */
	if (store_source_find(r->run->store, r->scratch, to, &other, &none))
		return true;
	if (!commit_group_begin(&r->group, err) ||
	    !flow_source_move(r->run, s, to, "it answers from there for good", err))
		return false;
	note_change(r,
	    (struct gather_change){ s->key, url_public(a, to), NULL,
		poll_policy_is_made_safe(s->url, to) });
	s->url = to;
	s->state = SOURCE_OK;
	s->state_since = r->run->now;
	s->told = SOURCE_OK;
	s->state_note = NULL;
	return true;
}

static bool
write_quiet(struct round *r, struct err *err)
{
	const bool ok = polled_rows_write(&r->quiet, &r->group, err);

	r->quiet.count = 0;
	return ok;
}

static bool
settle_quiet(struct round *r, const struct source *s, struct err *err)
{
	(void)polled_rows_add(&r->quiet, s);
	return r->quiet.count < r->quiet.most || write_quiet(r, err);
}

/* Not asked, and nothing is known of it but when it may be. */
static bool
settle_held(struct round *r, struct source *s, int64_t seconds, struct err *err)
{
	poll_policy_hold(s, seconds, r->poll.longest, r->run->now);
	return settle_quiet(r, s, err);
}

static bool
settle_unchanged(struct round *r, struct source *s, const struct poll_outcome *o,
    struct err *err)
{
	apply_policy(r, s, o);
	r->report->unchanged++;
	/* It knew what we have: the same feed answers there. */
	return adopt_move(r, s, err) && settle_quiet(r, s, err);
}

static void
settle_failure(struct round *r, struct source *s, const struct poll_outcome *o)
{
	const bool is_new = s->failures == 0;
	const bool never_arrived = poll_policy_never_arrived(o->failure);
	const bool is_lost = never_arrived && answered_before(s);
	struct polled_row *row = NULL;

	apply_policy(r, s, o);
	r->report->failed++;
	r->report->failed_new += is_new;
	r->report->lost += is_lost;
	row = polled_rows_add(&r->failed, s);
	row->never_arrived = never_arrived;
	row->why = (struct gather_failure){ s->key,
		row->source.state_note ? row->source.state_note : "no answer", is_new,
		is_lost };
	log_debug("fetch", "%s: %s", url_public(r->scratch, s->url), row->why.note);
}

/* Told once: not again while what was held before still waits. */
static void
note_held(struct round *r, const struct source *s, const struct remembered *kept,
    const char *changed)
{
	struct gather_report *report = r->report;
	const size_t posts = kept->held + kept->more;

	if ((posts == 0 && !changed) ||
	    (changed ? s->state == SOURCE_CHANGED : s->held + s->held_more > 0))
		return;
	report->held = arena_grow_list(r->run->arena, report->held, report->held_count,
	    sizeof(*report->held));
	report->held[report->held_count++] =
	    (struct gather_held){ s->key, posts, arena_strdup(r->run->arena, changed) };
}

/* A feed of which no post is known may have had more since than it shows. */
static void
note_archive(struct round *r, const struct source *s, const struct feed *feed,
    const struct remembered *kept)
{
	struct feed_archives *all = &r->archives;

	if (!feed->archive || s->last_ok <= 0 || kept->known > 0 || kept->added == 0)
		return;
	all->list =
	    arena_grow_list(r->run->arena, all->list, all->count, sizeof(*all->list));
	all->list[all->count++] =
	    (struct feed_archive){ s->key, arena_strdup(r->run->arena, feed->archive) };
}

/* What is news in it; *changed: it seems to be another feed, how, or NULL. */
static struct news_rules
rules_of(struct round *r, const struct source *s, const struct document *d,
    const char **changed)
{
	struct news_rules rules = r->news;

	*changed = feed_seems_another(d->arena, s, d->feed);
	rules.is_part = mailbox_address_is(s->url);
	rules.elsewhere =
	    d->response.moved_to && s->last_ok > 0 && s->verdict != VERDICT_RELEASE;
	/* Its held posts do not make a stranger known: a person does. */
	if (rules.elsewhere && s->state == SOURCE_CHANGED)
		*changed = s->state_note;
	rules.doubtful = *changed != NULL;
	return rules;
}

/* A document that could be read: entries, validators and health in one transaction. */
static bool
settle_feed(struct round *r, struct source *s, struct document *d, struct poll_outcome *o,
    struct err *err)
{
	const struct http_response *resp = &d->response;
	struct feed *feed = d->feed;
	struct keeping *k = d->keeping;
	struct remembered kept = { 0 };
	struct news_rules rules = rules_of(r, s, d, &o->changed);
	const bool knows = !feed->torn && s->last_ok > 0;

	/* Nobody waits for the store while a program judges. */
	if ((s->filter_command && !commit_group_end(&r->group, err)) ||
	    !flow_recognise_entries(k, &rules, err) ||
	    !commit_group_begin(&r->group, err) || !flow_remember_entries(k, &kept, err))
		return false;
	if (rules.elsewhere && kept.known == 0 && kept.added + kept.more > 0 &&
	    !o->changed) {
		o->changed = arena_printf(r->scratch,
		    "it moved to %s, where none of its posts is", o->moved_to);
		rules.doubtful = true;
	}
	note_held(r, s, &kept, o->changed);
	if (!feed_find_twin(r->run, r->scratch, s, feed, &o->same_as, err))
		return false;
	if (!rules.doubtful)
		note_archive(r, s, feed, &kept);
	feed_take_facts(s, feed, resp, rules.doubtful);
	/* The first is read twice: which feed brings another's posts shows when both are there. */
	s->body_hash = knows ? d->hash : 0;
	s->packed_hash = knows ? resp->packed_hash : 0;
	o->parsed = true;
	o->damaged = feed->damaged;
	o->message = feed->damaged && resp->cut    ? resp->cut
	    : feed->damaged && feed->warning_count ? feed->warnings[0]
						   : "";
	o->ttl = feed->ttl;
	o->skip_hours = feed->skip_hours;
	o->skip_days = feed->skip_days;
	o->has_new = kept.added > 0;
	o->habit = poll_policy_habit(feed->entries, feed->entry_count, r->run->now);
	apply_policy(r, s, o);
	if ((kept.known > 0 && !adopt_move(r, s, err)) ||
	    !store_source_polled(r->run->store, s, err))
		return false;
	r->group.posts += kept.added;
	r->report->entries_new += kept.added;
	r->report->entries_old += kept.old;
	r->report->entries_seen += feed->entry_count;
	r->report->unchanged += kept.added + kept.more == 0;
	if (feed->damaged)
		log_debug("feed", "%s: %s", url_public(r->scratch, s->url), o->message);
	return commit_group_end_old(&r->group, err);
}

/*
 * Many servers send the same document again and again, with another validator each time: it
 * costs no parsing, and the new validator is asked with.
 */
static void
take_validators(struct round *r, struct source *s, const struct http_response *resp)
{
	s->etag = arena_strdup(r->run->arena, resp->etag);
	s->last_modified = arena_strdup(r->run->arena, resp->last_modified);
	s->packed_hash = resp->packed_hash;
}

static bool
settle_document(struct round *r, struct source *s, struct document *d,
    struct poll_outcome *o, struct err *err)
{
	/* Named until it is settled; most answers are not read at all. */
	being_read_begin(&r->being_read, 0, s->key);
	if (!d->is_read)
		document_read(d, &r->reading, 0);
	if (d->is_feed)
		return settle_feed(r, s, d, o, err);
	o->message = d->response.cut ? d->response.cut
	    : d->links.web_page && d->links.count > 0
	    ? arena_printf(d->arena, "%s" POLL_PAGE_NAMES "%s", d->why.text,
		  d->links.item[0].url)
	    : d->why.text;
	o->web_page = d->links.web_page;
	settle_failure(r, s, o);
	return true;
}

static bool
settle_answer(struct round *r, struct document *d, struct err *err)
{
	const struct http_response *resp = &d->response;
	struct source *s = d->source;
	struct poll_outcome o = outcome_of(resp);

	if (resp->failure == HTTP_HELD)
		return settle_held(r, s, resp->retry_after, err);
	if (resp->failure == HTTP_OK && resp->status == 304)
		return settle_unchanged(r, s, &o, err);
	if (resp->failure != HTTP_OK || resp->status != 200) {
		settle_failure(r, s, &o);
		return true;
	}
	if (!d->is_same)
		return settle_document(r, s, d, &o, err);
	take_validators(r, s, resp);
	o.status = 304;
	return settle_unchanged(r, s, &o, err);
}

/* ---- mailboxes ---- */

static bool
round_stop(void *arg)
{
	struct round *r = arg;

	if (!r->broken && !commit_group_end_old(&r->group, r->err))
		r->broken = true;
	return r->broken || r->run->interrupted();
}

/* Between the network's events. */
static bool
round_step(void *arg)
{
	struct round *r = arg;

	reading_line_step(r->line);
	return round_stop(r);
}

/* Looked at as a feed is asked: with what is known of the last look. */
static bool
settle_mailbox(struct round *r, struct source *s, struct err *err)
{
	struct document d = { .source = s,
		.response = { .failure = HTTP_OK,
		    .status = 200,
		    .url = s->url,
		    .retry_after = NOT_SAID,
		    .max_age = NOT_SAID },
		.arena = r->scratch };
	struct http_response *resp = &d.response;
	struct newsletter_look look;
	struct err why = ERR_INIT;

	feed_options_read(&r->options, s);
	if (!flow_newsletters_look(r->run, r->scratch, s->url, s->etag, &r->newsletters,
		&look, &why)) {
		resp->failure = HTTP_OTHER;
		resp->status = 0;
		resp->message = why.text;
	} else if (look.unchanged) {
		resp->status = 304;
	} else {
		resp->etag = look.known;
		flow_newsletters_note(r->scratch, s, &look);
		d.is_read = d.is_feed = true;
		d.feed = look.feed;
		d.keeping = flow_prepare_entries(r->run, r->scratch, s, look.feed);
	}
	return settle_answer(r, &d, err);
}

/* Before the network is asked: what is left of the list are feeds. */
static void
settle_mailboxes(struct round *r)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->count; i++) {
		struct source *s = &r->sources[i];

		if (!mailbox_address_is(s->url)) {
			r->sources[kept++] = *s;
			continue;
		}
		if (round_stop(r))
			continue;
		r->report->asked++;
		r->report->was_ok += s->failures == 0;
		r->report->had_answered += answered_before(s);
		being_read_begin(&r->being_read, 0, s->key);
		if (!settle_mailbox(r, s, r->err))
			r->broken = true;
		being_read_end(&r->being_read, 0);
		arena_reset(r->scratch);
	}
	r->count = kept;
	newsletter_reader_free(r->newsletters);
	r->newsletters = NULL;
}

/* ---- the round ---- */

static bool
round_next(void *arg, struct http_request *request)
{
	struct round *r = arg;
	const struct listed_feed *own = NULL;
	struct source *s = NULL;

	if (r->broken || r->next == r->count)
		return false;
	s = &r->sources[r->next++];
	request->url = s->url;
	request->etag = s->etag;
	request->last_modified = s->last_modified;
	request->packed_hash = s->packed_hash;
	request->user_agent = flow_user_agent(r->run, s->user_agent);
	request->takes_part = true;
	request->owner = s;
	own = feed_options_of(&r->options, s->url);
	feed_options_ask(r->run->arena, own, request);
	if (own && own->headers && !request->fields)
		log_warn("feeds",
		    "%s: asked without its headers: its section names another server",
		    s->key);
	feed_options_read(&r->options, s);
	return true;
}

/* Its turn has come; scratch is that of what is settled. */
static void
settle(void *arg, struct document *d)
{
	struct round *r = arg;
	struct arena *own = r->scratch;

	r->scratch = d->arena;
	if (!r->broken && !settle_answer(r, d, r->err))
		r->broken = true;
	being_read_end(&r->being_read, 0);
	r->scratch = own;
}

/* A program that judges is not asked twice. */
static bool
look_ahead(void *arg, struct document *d)
{
	struct round *r = arg;
	const char *changed = NULL;
	struct news_rules rules;
	bool any = false;

	if (r->broken || d->source->filter_command)
		return false;
	rules = rules_of(r, d->source, d, &changed);
	if (flow_look_ahead(d->keeping, &rules, &any, r->err))
		return any;
	r->broken = true;
	return false;
}

static bool
is_suspect(const struct round *r, const struct source *s)
{
	for (size_t i = 0; i < r->suspects.count; i++)
		if (strcmp(r->suspects.keys[i], s->key) == 0)
			return true;
	return false;
}

/* True when it waits: not above a ceiling, where a slow program keeps other feeds waiting. */
static bool
put_off(struct round *r, struct source *s, const struct http_response *resp)
{
	struct arena *a = r->run->arena;

	if (!(s->filter_command || is_suspect(r, s)) || resp->failure != HTTP_OK ||
	    resp->status != 200 || r->waiting_bytes + resp->len > LIMIT_WAITING_BYTES)
		return false;
	r->waiting =
	    arena_grow_list(a, r->waiting, r->waiting_count, sizeof(*r->waiting));
	r->waiting[r->waiting_count++] =
	    (struct waiting){ s, http_response_copy(a, resp) };
	r->waiting_bytes += resp->len;
	return true;
}

static void
round_done(void *arg, const struct http_request *request,
    const struct http_response *resp)
{
	struct round *r = arg;
	struct source *s = request->owner;
	const bool asked = resp->failure != HTTP_HELD;
	char note[64];

	r->report->was_ok += asked && s->failures == 0;
	r->report->had_answered += asked && answered_before(s);
	if (!put_off(r, s, resp))
		reading_line_add(r->line, s, resp);
	r->report->asked += asked;
	(void)snprintf(note, sizeof(note), "%zu new, %zu failed", r->report->entries_new,
	    r->report->failed);
	progress_step(&r->progress, r->report->asked, note);
}

/*
 * Too many of them say more about this machine than about the feeds.  A handful is always
 * believed: with three feeds, one failure is a third of them.
 */
static bool
is_too_many(const struct round *r, size_t some, size_t all)
{
	return some >= ALARM_LEAST &&
	    some * 100 > all * (size_t)r->run->config->fetch.alarm_at;
}

/* What has been gone for long is not asked for ever: it is paused, beside its list. */
static bool
pause_gone(struct round *r, struct err *err)
{
	struct source_changes before = { 0 };
	bool any = false;

	for (size_t i = 0; i < r->failed.count; i++) {
		const struct source *s = &r->failed.list[i].source;
		const char *why = NULL;
		char when[CLOCK_TEXT];

		if (s->state != SOURCE_GONE || s->paused)
			continue;
		if (!any && !flow_source_changes(r->run, &before, err))
			return false;
		any = true;
		why = arena_printf(r->run->arena, "%s since %s", s->state_note,
		    clock_rfc3339(source_health_since(s), when));
		if (!commit_group_begin(&r->group, err) ||
		    !flow_source_change(r->run, flow_source_listed_url(&before, s->url),
			"paused", "yes", why, err))
			return false;
		note_change(r, (struct gather_change){ s->key, NULL, why, false });
	}
	return true;
}

/*
 * What is left by an interruption is asked again by the next run.  A suspect is alone in hand, and
 * all before it is on the disk: if the run ends here, only one feed is named.
 */
static bool
settle_waiting(struct round *r)
{
	struct reading_line *alone = reading_line_open(&r->reading, 0);

	for (size_t i = 0; i < r->waiting_count && !round_stop(r); i++) {
		const struct waiting *w = &r->waiting[i];

		if (is_suspect(r, w->source) && !commit_group_end(&r->group, r->err))
			r->broken = true;
		reading_line_add(alone, w->source, &w->response);
	}
	reading_line_close(alone);
	return !r->broken;
}

static bool
round_finish(struct round *r, struct err *err)
{
	struct gather_report *report = r->report;

	if (!settle_waiting(r) || !write_quiet(r, err))
		return false;
	report->failures = polled_rows_failures(&r->failed);
	report->alarmed =
	    !r->believe && is_too_many(r, report->lost, report->had_answered);
	report->told =
	    !report->alarmed && is_too_many(r, report->failed_new, report->was_ok);
	if (report->alarmed)
		polled_rows_drop_unreached(&r->failed);
	return pause_gone(r, err) && polled_rows_write(&r->failed, &r->group, err) &&
	    commit_group_close(&r->group, err);
}

static bool
round_prepare(struct round *r, const struct gather_options *o, struct err *err)
{
	if (!flow_feeds_to_ask(r->run, o->only, o->only_count, &r->sources, &r->count,
		&r->report->sources, err))
		return false;
	polled_rows_init(&r->quiet, r->run->arena, QUIET_BATCH);
	polled_rows_init(&r->failed, r->run->arena, 0);
	return true;
}

/*
 * A feed during whose reading the last run ended is not asked in this round, and waits like any
 * that fails.  Written at once: another may end this round.
 */
static bool
leave_out(struct round *r, const char *key, struct err *err)
{
	const struct poll_outcome o = { .failure = HTTP_OTHER,
		.message =
		    "left out once: the last run was killed while it read this feed",
		.retry_after = NOT_SAID,
		.max_age = NOT_SAID,
		.ttl = NOT_SAID };
	struct source *s = arena_alloc(r->run->arena, sizeof(*s));
	struct err missing = ERR_INIT;
	size_t kept = 0;

	if (!store_source_find(r->run->store, r->run->arena, key, s, &missing)) {
		if (missing.kind == ERR_INPUT)
			return true; /* it is gone by now */
		*err = missing;
		return false;
	}
	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->sources[i].key, s->key) != 0)
			r->sources[kept++] = r->sources[i];
	r->count = kept;
	settle_failure(r, s, &o);
	return polled_rows_write(&r->failed, &r->group, err);
}

/* Of several in hand nobody knows which ended the run: they are asked, and read last. */
static bool
leave_out_suspect(struct round *r, struct err *err)
{
	if (r->suspects.count == 1 && !leave_out(r, r->suspects.keys[0], err))
		return false;
	being_read_forget(&r->being_read);
	return true;
}

static bool
ask(struct round *r, struct err *err)
{
	const struct http_client client = { round_next, round_done, round_step, r };
	struct http_settings settings;
	bool ok = false;

	flow_http_settings(r->run, &settings);
	r->line = reading_line_open(&r->reading, flow_reading_threads(r->run));
	ok = store_hold_pages(r->run->store, true, err) &&
	    http_run(&settings, &client, r->run->now, err);
	if (ok)
		reading_line_finish(r->line);
	reading_line_close(r->line);
	return ok && store_hold_pages(r->run->store, false, err);
}

/* What feeds name besides.  Some of them have moved in this round: their sections stay theirs. */
static bool
read_more(struct round *r, struct err *err)
{
	return feed_options_open(r->run, &r->options, err) &&
	    flow_feed_archives(r->run, &r->options, &r->news, &r->being_read,
		&r->archives, err) &&
	    flow_full_text(r->run, &r->options, &r->being_read, err) &&
	    flow_fetch_pictures(r->run, &r->options, err);
}

bool
flow_gather(struct run *run, const struct gather_options *o, struct gather_report *report,
    struct err *err)
{
	const int64_t began = clock_ticks_ms();
	struct round r = { .run = run,
		.report = report,
		.believe = o->believe,
		.err = err,
		.poll = { .every = run->config->fetch.every,
		    .longest = run->config->fetch.longest,
		    .next_issue =
			cadence_next(&run->config->digest.schedule, run->zone, run->now),
		    .gone_after = run->config->health.gone_after,
		    .stale_after = run->config->health.stale_after,
		    .slow_ms = slow_after_ms(run->config->fetch.timeout) },
		.group = { .store = run->store } };
	const char *title = NULL;
	bool ok = false;

	memset(report, 0, sizeof(*report));
	if (!flow_clock_check(run, err) || !round_prepare(&r, o, err) ||
	    !flow_news_rules(run, &r.news, err) ||
	    !feed_options_open(run, &r.options, err) ||
	    !being_read_open(&r.being_read, run->arena, run->reading_path, &r.suspects,
		err))
		return false;
	r.reading = (struct reading_client){ run, &r.being_read, look_ahead, settle,
		round_stop, &r };
	r.scratch = arena_new();
	if (!leave_out_suspect(&r, err)) {
		arena_free(r.scratch);
		return false;
	}
	title = arena_printf(run->arena, "Fetching %zu feed%s", r.count,
	    r.count == 1 ? "" : "s");
	progress_begin(&r.progress, title, r.count, run->show_progress && r.count > 0);
	settle_mailboxes(&r);
	if (r.count == 0 || ask(&r, err))
		ok = !r.broken && round_finish(&r, err) && read_more(&r, err);
	report->entries_new += r.archives.entries_new;
	if (!ok)
		store_rollback(run->store);
	being_read_close(&r.being_read);
	progress_end(&r.progress);
	report->ms = clock_ticks_ms() - began;
	arena_free(r.scratch);
	return ok;
}

/* SPDX-License-Identifier: ISC */
/*
 * GATHER: ask every source that is due, read what it answers, keep what is new.
 *
 * Failures are kept aside until the round is over: when too many feeds that answered the time
 * before cannot be reached, it is this machine's network, and none of them is marked.
 */
#include "flow/gather.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
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
#include "flow/context.h"
#include "flow/another_feed.h"
#include "flow/feed_archives.h"
#include "flow/newsletters.h"
#include "mail/newsletter_reader.h"
#include "config/mailbox_address.h"
#include "flow/feed_options.h"
#include "flow/fetch_pictures.h"
#include "flow/full_text.h"
#include "flow/remember.h"
#include "flow/source_changes.h"
#include "store/sources.h"
#include "store/transactions.h"

enum { QUIET_BATCH = 256, ALARM_LEAST = 5, GROUP_MS = 200 };

/* One answer whose only consequence is a row of the source: written in batches. */
struct settled {
	struct source source;
	struct gather_failure why; /* of a failure */
	bool never_arrived;
};

/* An answer whose posts a program judges, which takes its time: after the others. */
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
	struct settled *quiet; /* 304s, written QUIET_BATCH at a time */
	size_t quiet_count;
	struct settled *failed; /* written when the round is over */
	size_t failed_count;
	struct waiting *waiting;
	size_t waiting_count, waiting_bytes;
	struct poll_settings poll;
	struct feed_options options;
	struct feed_archives archives; /* of feeds that were not asked for long */
	struct progress progress;
	struct arena *scratch; /* of one feed */
	struct being_read being_read;
	struct newsletter_reader *newsletters; /* NULL: not started */
	struct news_rules news;
	struct err *err;
	bool group_open;
	int64_t group_began_ms;
	bool broken; /* the store failed: stop */
};

/* ---- one answer ---- */

/* Of a document and what tells how it is read; never 0. */
static int64_t
hash_of(const struct http_response *resp)
{
	uint64_t hash = hash_64(resp->body, resp->len, resp->len);

	if (resp->content_type)
		hash = hash_64(resp->content_type, strlen(resp->content_type), hash);
	hash = hash_64(resp->url, strlen(resp->url), hash);
	return hash ? (int64_t)hash : 1;
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
		set.slow_ms = own->timeout * 1000 / 2;
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
		.ttl = -1 };
}

/* The row's text outlives the answer: what it borrows is copied to the run's arena. */
static struct settled *
put_aside(struct round *r, struct settled *list, size_t *count, const struct source *s)
{
	struct settled *row = &list[(*count)++];

	*row = (struct settled){ .source = *s };
	row->source.state_note = arena_strdup(r->run->arena, s->state_note);
	return row;
}

/* That a feed is not known to fail says little of one that was never reached. */
static bool
answered_before(const struct source *s)
{
	return s->failures == 0 && s->last_ok > 0;
}

/*
 * Feeds that arrive together are committed together, each with its validators: one wait for
 * the disk instead of hundreds.  Never for long, since others want to write too.
 */
static bool
group_begin(struct round *r, struct err *err)
{
	if (r->group_open)
		return true;
	if (!store_begin(r->run->store, err))
		return false;
	r->group_open = true;
	r->group_began_ms = clock_ticks_ms();
	return true;
}

static bool
group_commit(struct round *r, struct err *err)
{
	if (!r->group_open)
		return true;
	r->group_open = false;
	if (store_commit(r->run->store, err))
		return true;
	store_rollback(r->run->store);
	return false;
}

static bool
group_is_old(const struct round *r)
{
	return r->group_open && clock_ticks_ms() - r->group_began_ms >= GROUP_MS;
}

static bool
write_rows(struct round *r, const struct settled *rows, size_t count, struct err *err)
{
	if (count > 0 && !group_begin(r, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!store_source_polled(r->run->store, &rows[i].source, err))
			return false;
	}
	return group_commit(r, err);
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
	if (!group_begin(r, err) ||
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

/* Not asked, and nothing is known of it but when it may be. */
static bool
settle_held(struct round *r, struct source *s, int64_t seconds, struct err *err)
{
	poll_policy_hold(s, seconds, r->poll.longest, r->run->now);
	(void)put_aside(r, r->quiet, &r->quiet_count, s);
	if (r->quiet_count < QUIET_BATCH)
		return true;
	r->quiet_count = 0;
	return write_rows(r, r->quiet, QUIET_BATCH, err);
}

static bool
settle_unchanged(struct round *r, struct source *s, const struct poll_outcome *o,
    struct err *err)
{
	apply_policy(r, s, o);
	r->report->unchanged++;
	/* It knew what we have: the same feed answers there. */
	if (!adopt_move(r, s, err))
		return false;
	(void)put_aside(r, r->quiet, &r->quiet_count, s);
	if (r->quiet_count < QUIET_BATCH)
		return true;
	r->quiet_count = 0;
	return write_rows(r, r->quiet, QUIET_BATCH, err);
}

static void
settle_failure(struct round *r, struct source *s, const struct poll_outcome *o)
{
	const bool is_new = s->failures == 0;
	const bool never_arrived = poll_policy_never_arrived(o->failure);
	const bool is_lost = never_arrived && answered_before(s);
	struct settled *row = NULL;

	apply_policy(r, s, o);
	r->report->failed++;
	r->report->failed_new += is_new;
	r->report->lost += is_lost;
	row = put_aside(r, r->failed, &r->failed_count, s);
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

/* A document that could be read: entries, validators and health in one transaction. */
static bool
settle_feed(struct round *r, struct source *s, struct feed *feed,
    const struct http_response *resp, int64_t hash, struct poll_outcome *o,
    struct err *err)
{
	struct keeping *k = NULL;
	struct remembered kept = { 0 };
	struct news_rules rules = r->news;

	o->changed = feed_seems_another(r->scratch, s, feed);
	rules.is_part = mailbox_address_is(s->url);
	rules.elsewhere = o->moved_to && s->last_ok > 0 && s->verdict != VERDICT_RELEASE;
	/* Its held posts do not make a stranger known: a person does. */
	if (rules.elsewhere && s->state == SOURCE_CHANGED)
		o->changed = s->state_note;
	rules.doubtful = o->changed != NULL;
	/* Nobody waits for the store while a program judges. */
	if ((s->filter_command && !group_commit(r, err)) ||
	    !flow_recognise_entries(r->run, r->scratch, s, &rules, feed, &k, err) ||
	    !group_begin(r, err) || !flow_remember_entries(k, &kept, err))
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
	s->body_hash = feed->torn || s->last_ok <= 0 ? 0 : hash;
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
	r->report->entries_new += kept.added;
	r->report->entries_old += kept.old;
	r->report->entries_seen += feed->entry_count;
	r->report->unchanged += kept.added + kept.more == 0;
	if (feed->damaged)
		log_debug("feed", "%s: %s", url_public(r->scratch, s->url), o->message);
	return !group_is_old(r) || group_commit(r, err);
}

/*
 * Many servers send the same document again and again, with another validator each time: it
 * costs no parsing, and the new validator is asked with.
 */
static bool
is_same_body(struct round *r, struct source *s, const struct http_response *resp,
    int64_t hash)
{
	if (s->body_hash != hash)
		return false;
	s->etag = arena_strdup(r->run->arena, resp->etag);
	s->last_modified = arena_strdup(r->run->arena, resp->last_modified);
	return true;
}

/* What has to be read is named in the note until settle() is done with it; most answers are not. */
static bool
settle_answer(struct round *r, struct source *s, const struct http_response *resp,
    struct err *err)
{
	struct poll_outcome o = outcome_of(resp);
	const struct feed_context ctx = { resp->url, resp->content_type, r->run->now };
	struct feed_links links = { .count = 0 };
	struct feed *feed = NULL;
	struct err why = ERR_INIT;
	int64_t hash = 0;

	if (resp->failure == HTTP_HELD)
		return settle_held(r, s, resp->retry_after, err);
	if (resp->failure == HTTP_OK && resp->status == 304)
		return settle_unchanged(r, s, &o, err);
	if (resp->failure != HTTP_OK || resp->status != 200) {
		settle_failure(r, s, &o);
		return true;
	}
	hash = hash_of(resp);
	if (is_same_body(r, s, resp, hash)) {
		o.status = 304;
		return settle_unchanged(r, s, &o, err);
	}
	being_read_begin(&r->being_read, s->key);
	if (!feed_parse(r->scratch, resp->body, resp->len, &ctx, &feed, &links, &why)) {
		o.message = resp->cut ? resp->cut
		    : links.web_page && links.count > 0
		    ? arena_printf(r->scratch, "%s" POLL_PAGE_NAMES "%s", why.text,
			  links.item[0].url)
		    : why.text;
		o.web_page = links.web_page;
		settle_failure(r, s, &o);
		return true;
	}
	return settle_feed(r, s, feed, resp, hash, &o, err);
}

/* ---- mailboxes ---- */

static bool
round_stop(void *arg)
{
	struct round *r = arg;

	if (!r->broken && group_is_old(r) && !group_commit(r, r->err))
		r->broken = true;
	return r->broken || r->run->interrupted();
}

/* Looked at as a feed is asked: with what is known of the last look. */
static bool
settle_mailbox(struct round *r, struct source *s, struct err *err)
{
	struct http_response resp = { .failure = HTTP_OK,
		.status = 200,
		.url = s->url,
		.retry_after = -1,
		.max_age = -1 };
	struct poll_outcome o;
	struct newsletter_look look;
	struct err why = ERR_INIT;

	feed_options_read(&r->options, s);
	if (!flow_newsletters_look(r->run, r->scratch, s->url, s->etag, &r->newsletters,
		&look, &why)) {
		resp.failure = HTTP_OTHER;
		resp.status = 0;
		resp.message = why.text;
		o = outcome_of(&resp);
		settle_failure(r, s, &o);
		return true;
	}
	if (look.unchanged) {
		resp.status = 304;
		o = outcome_of(&resp);
		return settle_unchanged(r, s, &o, err);
	}
	resp.etag = look.known;
	flow_newsletters_note(r->scratch, s, &look);
	o = outcome_of(&resp);
	return settle_feed(r, s, look.feed, &resp, 0, &o, err);
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
		being_read_begin(&r->being_read, s->key);
		if (!settle_mailbox(r, s, r->err))
			r->broken = true;
		being_read_end(&r->being_read);
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
	if (s->user_agent)
		request->user_agent = flow_user_agent(r->run, s->user_agent);
	request->takes_part = true;
	request->owner = s;
	own = feed_options_of(&r->options, s->url);
	if (own) {
		feed_options_ask(r->run->arena, own, request);
		if (own->headers && !request->fields)
			log_warn("feeds",
			    "%s: asked without its headers: its section names another "
			    "server",
			    s->key);
	}
	feed_options_read(&r->options, s);
	return true;
}

static void
settle(struct round *r, struct source *s, const struct http_response *resp)
{
	if (!r->broken && !settle_answer(r, s, resp, r->err))
		r->broken = true;
	being_read_end(&r->being_read);
	arena_reset(r->scratch);
}

/* True when it waits: not above a ceiling, where a slow program keeps other feeds waiting. */
static bool
put_off(struct round *r, struct source *s, const struct http_response *resp)
{
	struct arena *a = r->run->arena;

	if (!s->filter_command || resp->failure != HTTP_OK || resp->status != 200 ||
	    r->waiting_bytes + resp->len > LIMIT_WAITING_BYTES)
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
		settle(r, s, resp);
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

/* Without a network a 404 is still a 404: what came over it counts. */
static void
leave_unreached(struct round *r)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->failed_count; i++) {
		if (!r->failed[i].never_arrived)
			r->failed[kept++] = r->failed[i];
	}
	r->failed_count = kept;
}

static int
by_key(const void *a, const void *b)
{
	const struct gather_failure *x = a;
	const struct gather_failure *y = b;

	return strcmp(x->key, y->key);
}

static void
report_failures(struct round *r)
{
	struct gather_failure *list =
	    arena_array(r->run->arena, r->failed_count, sizeof(*list));

	for (size_t i = 0; i < r->failed_count; i++)
		list[i] = r->failed[i].why;
	/* They came as the network would have it: told, they stand in one order. */
	if (r->failed_count > 1)
		qsort(list, r->failed_count, sizeof(*list), by_key);
	r->report->failures = list;
}

/* What has been gone for long is not asked for ever: it is paused, beside its list. */
static bool
pause_gone(struct round *r, struct err *err)
{
	struct source_changes before = { 0 };
	bool any = false;

	for (size_t i = 0; i < r->failed_count; i++) {
		const struct source *s = &r->failed[i].source;
		const char *why = NULL;
		char when[CLOCK_TEXT];

		if (s->state != SOURCE_GONE || s->paused)
			continue;
		if (!any && !flow_source_changes(r->run, &before, err))
			return false;
		any = true;
		why = arena_printf(r->run->arena, "%s since %s", s->state_note,
		    clock_rfc3339(source_health_since(s), when));
		if (!group_begin(r, err) ||
		    !flow_source_change(r->run, flow_source_listed_url(&before, s->url),
			"paused", "yes", why, err))
			return false;
		note_change(r, (struct gather_change){ s->key, NULL, why, false });
	}
	return true;
}

/* What is left by an interruption is asked again by the next run. */
static bool
settle_waiting(struct round *r)
{
	for (size_t i = 0; i < r->waiting_count && !round_stop(r); i++)
		settle(r, r->waiting[i].source, &r->waiting[i].response);
	return !r->broken;
}

static bool
round_finish(struct round *r, struct err *err)
{
	struct gather_report *report = r->report;

	if (!settle_waiting(r) || !write_rows(r, r->quiet, r->quiet_count, err))
		return false;
	r->quiet_count = 0;
	report_failures(r);
	report->alarmed =
	    !r->believe && is_too_many(r, report->lost, report->had_answered);
	report->told =
	    !report->alarmed && is_too_many(r, report->failed_new, report->was_ok);
	if (report->alarmed)
		leave_unreached(r);
	if (!pause_gone(r, err))
		return false;
	return write_rows(r, r->failed, r->failed_count, err);
}

static bool
round_prepare(struct round *r, const struct gather_options *o, struct err *err)
{
	struct run *run = r->run;

	if (o->only) {
		r->sources = arena_array(run->arena, o->only_count, sizeof(*r->sources));
		for (size_t i = 0; i < o->only_count; i++) {
			if (!store_source_find(run->store, run->arena, o->only[i],
				&r->sources[i], err))
				return false;
		}
		r->count = r->report->sources = o->only_count;
	} else {
		if (!store_sources_count_polled(run->store, &r->report->sources, err) ||
		    !store_sources_due(run->store, run->arena, run->now, &r->sources,
			&r->count, err))
			return false;
	}
	r->quiet = arena_array(run->arena, QUIET_BATCH, sizeof(*r->quiet));
	r->failed = arena_array(run->arena, r->count + 1, sizeof(*r->failed));
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
		.retry_after = -1,
		.max_age = -1,
		.ttl = -1 };
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
	return write_rows(r, r->failed, r->failed_count, err);
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
		    .slow_ms = run->config->fetch.timeout * 1000 / 2 } };
	const struct http_client client = { round_next, round_done, round_stop, &r };
	struct http_settings settings;
	const char *title = NULL;
	const char *suspect = NULL;
	bool ok = false;

	memset(report, 0, sizeof(*report));
	if (!flow_clock_check(run, err) || !round_prepare(&r, o, err) ||
	    !flow_news_rules(run, &r.news, err) ||
	    !feed_options_open(run, &r.options, err) ||
	    !being_read_open(&r.being_read, run->arena, run->reading_path, &suspect, err))
		return false;
	r.scratch = arena_new();
	if (suspect && !leave_out(&r, suspect, err)) {
		arena_free(r.scratch);
		return false;
	}
	flow_http_settings(run, &settings);
	title = arena_printf(run->arena, "Fetching %zu feed%s", r.count,
	    r.count == 1 ? "" : "s");
	progress_begin(&r.progress, title, r.count, run->show_progress && r.count > 0);
	settle_mailboxes(&r);
	if (r.count == 0 || http_run(&settings, &client, run->now, err))
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

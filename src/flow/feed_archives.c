/* SPDX-License-Identifier: ISC */
#include "flow/feed_archives.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "feed/feed.h"
#include "fetch/http.h"
#include "flow/being_read.h"
#include "flow/context.h"
#include "flow/feed_options.h"
#include "flow/remember.h"
#include "store/sources.h"
#include "store/transactions.h"

struct reading {
	struct run *run;
	const struct feed_options *options;
	const struct news_rules *rules;
	struct being_read *being_read;
	struct feed_archives *archives;
	struct feed_archive now; /* what is asked for */
	bool is_asked;
	const char
	    *older; /* the document before it, if it is wanted; in the run's arena */
	struct arena *scratch;
	struct err *err;
	bool broken; /* the store failed: stop */
};

static bool
archive_next(void *arg, struct http_request *request)
{
	struct reading *r = arg;
	struct source s;
	struct err why = ERR_INIT;

	if (r->is_asked)
		return false;
	r->is_asked = true;
	/* It may have gone while the round went on. */
	if (!store_source_find(r->run->store, r->run->arena, r->now.key, &s, &why))
		return false;
	request->url = r->now.url;
	request->takes_part = true;
	request->user_agent = flow_user_agent(r->run, s.user_agent);
	feed_options_ask(r->run->arena, feed_options_of(r->options, s.url), request);
	return true;
}

/* Its posts beside those of the feed. */
static bool
keep(struct reading *r, struct feed *feed, struct err *err)
{
	struct news_rules rules = *r->rules;
	struct keeping *k = NULL;
	struct remembered kept = { 0 };
	struct source s;

	rules.is_archive = true;
	if (!store_source_find(r->run->store, r->run->arena, r->now.key, &s, err))
		return false;
	feed_options_read(r->options, &s);
	k = flow_prepare_entries(r->run, r->scratch, &s, feed);
	if (!flow_recognise_entries(k, &rules, err) ||
	    !store_scope_begin(r->run->store, err) ||
	    !store_scope_end(r->run->store, flow_remember_entries(k, &kept, err), err))
		return false;
	r->archives->entries_new += kept.added;
	if (kept.known == 0 && feed->archive)
		r->older = arena_strdup(r->run->arena, feed->archive);
	return true;
}

static void
read_archive(struct reading *r, const struct http_response *resp)
{
	const struct feed_context ctx = { resp->url, resp->content_type, r->run->now };
	struct feed *feed = NULL;
	struct err why = ERR_INIT;

	if (!feed_parse(r->scratch, resp->body, resp->len, &ctx, &feed, NULL, &why))
		log_warn("feeds", "%s: its archive is not read: %s", r->now.key,
		    why.text);
	else if (!keep(r, feed, r->err))
		r->broken = true;
}

static void
archive_done(void *arg, const struct http_request *request,
    const struct http_response *resp)
{
	struct reading *r = arg;

	(void)request;
	if (resp->failure != HTTP_OK || resp->status != 200) {
		log_warn("feeds", "%s: its archive is not read: %s %ld", r->now.key,
		    resp->message, resp->status);
		return;
	}
	being_read_begin(r->being_read, 0, r->now.key);
	read_archive(r, resp);
	being_read_end(r->being_read, 0);
	arena_reset(r->scratch);
}

static bool
archive_stop(void *arg)
{
	const struct reading *r = arg;

	return r->broken || r->run->interrupted();
}

/* One after the other: few feeds have any, and only after a long silence of ours. */
static bool
read_one(struct reading *r, const struct http_settings *settings, struct err *err)
{
	const struct http_client client = { archive_next, archive_done, archive_stop, r };

	for (size_t i = 0; i < LIMIT_ARCHIVES && r->now.url; i++) {
		clock_sleep_ms(settings->host_pause_ms);
		r->is_asked = false;
		r->older = NULL;
		if (!http_run(settings, &client, r->run->now, err) || r->broken)
			return false;
		r->now.url = r->older;
	}
	return true;
}

bool
flow_feed_archives(struct run *run, const struct feed_options *o,
    const struct news_rules *rules, struct being_read *being_read,
    struct feed_archives *archives, struct err *err)
{
	struct reading r = { .run = run,
		.options = o,
		.rules = rules,
		.being_read = being_read,
		.archives = archives,
		.err = err };
	struct http_settings settings;
	bool ok = true;

	if (archives->count == 0)
		return true;
	flow_http_settings(run, &settings);
	r.scratch = arena_new();
	for (size_t i = 0; ok && i < archives->count && !run->interrupted(); i++) {
		r.now = archives->list[i];
		ok = read_one(&r, &settings, err);
	}
	arena_free(r.scratch);
	return ok;
}

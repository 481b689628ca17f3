/* SPDX-License-Identifier: ISC */
#include "flow/full_text.h"

#include "base/ascii.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "config/feed_section.h"
#include "feed/encoding.h"
#include "feed/entry_clean.h"
#include "fetch/http.h"
#include "flow/being_read.h"
#include "flow/context.h"
#include "flow/feed_options.h"
#include "store/entry_pages.h"

struct reading {
	struct run *run;
	const struct feed_options *options;
	struct being_read *being_read;
	struct wanted_page *pages;
	size_t count, next;
	struct arena *scratch; /* of one page */
	struct err *err;
	bool broken; /* the store failed: stop */
};

/* True for a page that was read when the last run was killed: it would be so again. */
static bool
give_up_suspect(struct reading *r, const struct wanted_page *page)
{
	if (page->entry_id != r->being_read->suspect_page)
		return false;
	log_warn("fetch",
	    "%s: the feed's words stay: the last run was killed while it read this page",
	    page->link);
	r->broken = !store_page_failed(r->run->store, page->entry_id, true, r->err);
	return true;
}

static bool
page_next(void *arg, struct http_request *request)
{
	struct reading *r = arg;

	while (!r->broken && r->next < r->count) {
		struct wanted_page *page = &r->pages[r->next++];
		const struct listed_feed *own =
		    feed_options_of(r->options, page->source_url);

		if (give_up_suspect(r, page))
			continue;
		/* Its section says no more that the text is wanted. */
		if (!own || !own->full_text) {
			r->broken = !store_page_failed(r->run->store, page->entry_id,
			    true, r->err);
			continue;
		}
		request->url = page->link;
		request->owner = page;
		request->user_agent = flow_user_agent(r->run, page->user_agent);
		feed_options_ask(r->run->arena, own, request);
		return true;
	}
	return false;
}

static bool
is_web_page(const char *content_type)
{
	return !content_type || ascii_find_nocase(content_type, "html");
}

/* The article of a page as clean text; false when there is none, or no more than is there. */
static bool
read_page(struct reading *r, const struct wanted_page *page,
    const struct http_response *resp, struct entry *out)
{
	const struct listed_feed *own = feed_options_of(r->options, page->source_url);
	struct buf text = BUF_INIT(LIMIT_FEED_BYTES);
	struct encoding encoding = { 0 };

	encoding_decode(r->scratch, resp->body, resp->len, resp->content_type, &text,
	    &encoding);
	*out = (struct entry){ .link = page->link,
		.title = page->title,
		.content = { .text = encoding.text,
		    .len = encoding.len,
		    .type = CONTENT_HTML,
		    .base = resp->url } };
	entry_clean_page(r->scratch, out, page->strip, own->full_text);
	buf_clear(&text);
	return out->words > page->words;
}

static bool
settle_page(struct reading *r, const struct wanted_page *page,
    const struct http_response *resp, struct err *err)
{
	struct entry e;

	if (resp->failure == HTTP_HELD)
		return true;
	if (resp->failure != HTTP_OK || resp->status != 200) {
		log_debug("fetch", "%s: no page (%s)", page->link,
		    *resp->message ? resp->message : "refused");
		return store_page_failed(r->run->store, page->entry_id,
		    resp->failure == HTTP_OK && resp->status < 500 && resp->status != 429,
		    err);
	}
	being_read_begin_page(r->being_read, 0, page->entry_id);
	if (!is_web_page(resp->content_type) || !read_page(r, page, resp, &e))
		return store_page_failed(r->run->store, page->entry_id, true, err);
	return store_page_put(r->run->store, page->entry_id, &e, err);
}

static void
page_done(void *arg, const struct http_request *request, const struct http_response *resp)
{
	struct reading *r = arg;

	if (!r->broken && !settle_page(r, request->owner, resp, r->err))
		r->broken = true;
	being_read_end(r->being_read, 0);
	arena_reset(r->scratch);
}

static bool
page_stop(void *arg)
{
	const struct reading *r = arg;

	return r->broken || r->run->interrupted();
}

bool
flow_full_text(struct run *run, const struct feed_options *o,
    struct being_read *being_read, struct err *err)
{
	struct reading r = { .run = run,
		.options = o,
		.being_read = being_read,
		.err = err };
	const struct http_client client = { page_next, page_done, page_stop, &r };
	struct http_settings settings;
	bool ok = false;

	if (!store_pages_wanted(run->store, run->arena, LIMIT_PAGES_A_ROUND, &r.pages,
		&r.count, err))
		return false;
	if (r.count == 0)
		return true;
	flow_http_settings(run, &settings);
	/* Some of these hosts were asked for a feed a moment ago. */
	clock_sleep_ms(settings.host_pause_ms);
	r.scratch = arena_new();
	ok = http_run(&settings, &client, run->now, err) && !r.broken;
	arena_free(r.scratch);
	return ok;
}

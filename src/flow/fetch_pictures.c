/* SPDX-License-Identifier: ISC */
#include "flow/fetch_pictures.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/order.h"
#include "digest/entry_pictures.h"
#include "fetch/http.h"
#include "flow/context.h"
#include "flow/feed_options.h"
#include "format/picture.h"
#include "model/names.h"
#include "store/entry_lists.h"
#include "store/pictures.h"
#include "store/sources.h"
#include "store/variants.h"

enum {
	TRACE = 8,  /* pixels: a smaller picture is there to be counted */
	ISSUES = 2, /* of the largest size, whose posts are looked at */
	TOO_MANY = 429
};

struct wish {
	const char *url;
	int64_t source_id;
};
struct fetching {
	struct run *run;
	const struct feed_options *options;
	struct arena *a;
	struct wish *wishes;
	size_t count, next;
	struct source *sources; /* by id */
	size_t source_count;
	int64_t began_ms;
	int64_t max_bytes;
	bool remote; /* letters show some where they are: their size is of use */
	bool sizes;  /* that alone is asked of them */
	struct err *err;
	bool broken; /* the store failed: stop */
};

/* ---- which ---- */

/* How many pictures of each post letters may carry, and whether any shows those of others. */
static bool
pictures_of_a_post(struct run *run, size_t *most, bool *remote, struct err *err)
{
	const enum images usual = run->config->digest.images;
	unsigned wishes = 0;

	*most = digest_pictures_of_a_post(usual);
	*remote = usual == IMAGES_REMOTE;
	if (!store_variants_pictures(run->store, &wishes, err))
		return false;
	for (int i = PICTURES_DEFAULT; i <= PICTURES_REMOTE; i++) {
		const enum images how = wishes & 1U << i
		    ? pictures_shown((enum picture_wish)i, usual)
		    : IMAGES_NONE;
		const size_t n = digest_pictures_of_a_post(how);

		*most = n > *most ? n : *most;
		*remote = *remote || how == IMAGES_REMOTE;
	}
	if (run->config->digest.image_bytes <= 0)
		*most = 0;
	return true;
}

static bool
wish_for(struct fetching *f, const struct entry *e, size_t most, struct err *err)
{
	const char *const *urls = NULL;
	const size_t count = (f->sizes ? digest_entry_unsized
				       : digest_entry_pictures)(f->a, e, most, &urls);

	for (size_t i = 0; i < count && f->count < LIMIT_PICTURES_A_ROUND; i++) {
		bool wanted = false;

		if (!(f->sizes ? store_picture_size_is_wanted
			       : store_picture_is_wanted)(f->run->store, urls[i], &wanted,
			err))
			return false;
		for (size_t k = 0; wanted && k < f->count; k++)
			wanted = strcmp(f->wishes[k].url, urls[i]) != 0;
		if (wanted)
			f->wishes[f->count++] = (struct wish){ urls[i], e->source_id };
	}
	return true;
}

/* The newest posts that wait for an issue: more than it can show are not looked at. */
static bool
collect_wishes(struct fetching *f, size_t most, struct err *err)
{
	size_t max = (size_t)f->run->config->digest.max_items * ISSUES;
	struct entry *entries = NULL;
	size_t count = 0;

	if (max > LIMIT_ISSUE_ENTRIES)
		max = LIMIT_ISSUE_ENTRIES;
	if (!store_entries_unmailed(f->run->store, f->a, max, &entries, &count, err))
		return false;
	f->wishes = arena_array(f->a, LIMIT_PICTURES_A_ROUND, sizeof(*f->wishes));
	for (size_t i = 0; i < count; i++) {
		if (!wish_for(f, &entries[i], most, err))
			return false;
	}
	return true;
}

/* ---- asking ---- */

static int
by_id(const void *a, const void *b)
{
	const struct source *x = a;
	const struct source *y = b;

	return ORDER(x->id, y->id);
}

static bool
picture_next(void *arg, struct http_request *request)
{
	struct fetching *f = arg;
	struct wish *wish = NULL;
	struct source key = { 0 };
	const struct source *s = NULL;

	if (f->broken || f->next == f->count)
		return false;
	wish = &f->wishes[f->next++];
	key.id = wish->source_id;
	request->url = wish->url;
	request->owner = wish;
	request->takes_part = f->remote;
	s = f->source_count > 0
	    ? bsearch(&key, f->sources, f->source_count, sizeof(key), by_id)
	    : NULL;
	if (!s)
		return true;
	/* As its feed is asked: through the same proxy, under the same name. */
	request->user_agent = flow_user_agent(f->run, s->user_agent);
	feed_options_ask(f->run->arena, feed_options_of(f->options, s->url), request);
	return true;
}

/* A server that is in trouble may have it another time. */
static bool
is_for_good(const struct http_response *resp)
{
	if (resp->failure == HTTP_OK)
		return resp->status < 500 && resp->status != TOO_MANY;
	return resp->failure == HTTP_TOO_LARGE || resp->failure == HTTP_PRIVATE ||
	    resp->failure == HTTP_REDIRECTS;
}

/* Of one that did not come whole the beginning says its size. */
static bool
settle_part(struct fetching *f, const struct wish *wish, const struct http_response *resp,
    struct err *err)
{
	struct store *store = f->run->store;
	const int64_t now = f->run->now;
	const bool is_too_large = (int64_t)resp->len >= f->max_bytes;
	struct picture is;

	return (!picture_read_head(resp->body, resp->len, &is) ||
		   store_picture_size_put(store, wish->url, &is, now, err)) &&
	    store_picture_failed(store, wish->url, is_too_large, now, err);
}

static bool
settle_picture(struct fetching *f, const struct wish *wish,
    const struct http_response *resp, struct err *err)
{
	struct store *store = f->run->store;
	const int64_t now = f->run->now;
	struct picture is;

	if (resp->failure == HTTP_HELD)
		return true;
	if (resp->failure != HTTP_OK || resp->status != 200) {
		log_debug("fetch", "%s: no picture (%s)", wish->url,
		    *resp->message ? resp->message : "refused");
		return store_picture_failed(store, wish->url, is_for_good(resp), now,
		    err);
	}
	if (resp->cut && !f->sizes)
		return settle_part(f, wish, resp, err);
	if (!(f->sizes ? picture_read_head : picture_read)(resp->body, resp->len, &is) ||
	    is.width < TRACE || is.height < TRACE)
		return store_picture_failed(store, wish->url, true, now, err);
	if (f->sizes)
		return store_picture_size_put(store, wish->url, &is, now, err);
	return store_picture_put(store, wish->url, &is, resp->body, now, err);
}

static void
picture_done(void *arg, const struct http_request *request,
    const struct http_response *resp)
{
	struct fetching *f = arg;

	if (!f->broken && !settle_picture(f, request->owner, resp, f->err))
		f->broken = true;
}

/* Letters do not wait for pictures for long. */
static bool
picture_stop(void *arg)
{
	const struct fetching *f = arg;

	return f->broken || f->run->interrupted() ||
	    clock_ticks_ms() - f->began_ms > LIMIT_PICTURES_MS;
}

static bool
ask(struct fetching *f, struct err *err)
{
	struct run *run = f->run;
	const struct http_client client = { picture_next, picture_done, picture_stop, f };
	struct http_settings settings;

	if (!store_sources(run->store, f->a, false, &f->sources, &f->source_count, err))
		return false;
	list_sort(f->sources, f->source_count, sizeof(*f->sources), by_id);
	flow_http_settings(run, &settings);
	settings.allow_files = false;
	settings.max_bytes = f->max_bytes;
	/* Some of these hosts were asked for a feed a moment ago. */
	clock_sleep_ms(settings.host_pause_ms);
	f->began_ms = clock_ticks_ms();
	return http_run(&settings, &client, run->now, err) && !f->broken;
}

static bool
has_room(struct run *run, bool *has, struct err *err)
{
	int64_t bytes = 0;

	if (!store_pictures_size(run->store, &bytes, err))
		return false;
	*has = bytes < LIMIT_PICTURES_KEPT;
	if (!*has)
		log_warn("feeds",
		    "%d MB of pictures are stored: no more are fetched until those of old "
		    "letters go (database.keep_letters)",
		    LIMIT_PICTURES_KEPT >> 20);
	return true;
}

enum asked_for { CARRIED, CARRIED_AND_SIZES, SIZES };

static bool
fetch(struct run *run, const struct feed_options *o, size_t most, enum asked_for what,
    struct err *err)
{
	const int64_t carried =
	    (int64_t)digest_picture_largest(run->config->digest.image_bytes);
	const bool sizes = what == SIZES;
	struct fetching f = { .run = run,
		.options = o,
		.max_bytes = sizes ? LIMIT_PICTURE_HEAD : carried,
		.remote = what != CARRIED,
		.sizes = sizes,
		.err = err };
	bool has = true;
	bool ok = false;

	f.a = arena_new();
	ok = collect_wishes(&f, most, err);
	if (ok && f.count > 0)
		ok = (sizes || has_room(run, &has, err)) && (!has || ask(&f, err));
	arena_free(f.a);
	return ok;
}

bool
flow_fetch_pictures(struct run *run, const struct feed_options *o, struct err *err)
{
	size_t most = 0;
	bool remote = false;

	return pictures_of_a_post(run, &most, &remote, err) &&
	    (most == 0 ||
		fetch(run, o, most, remote ? CARRIED_AND_SIZES : CARRIED, err)) &&
	    (!remote || fetch(run, o, LIMIT_PICTURES_A_POST, SIZES, err));
}

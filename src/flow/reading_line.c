/* SPDX-License-Identifier: ISC */
#include "flow/reading_line.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "fetch/http_body.h"
#include "flow/being_read.h"
#include "flow/context.h"
#include "flow/remember.h"
#include "model/model.h"

enum { ARENAS_KEPT = 8, ANSWER_BYTES = 64 * 1024 }; /* of an answer without its body */

struct reading_line {
	const struct reading_client *client;
	size_t threads;
	struct work_pool *pool; /* NULL: not needed yet */
	struct document *first;
	struct document *last;
	size_t bytes; /* of all in line */
	uint64_t added;
	struct arena *scratch; /* of an answer that need not wait */
	struct arena *spare[ARENAS_KEPT];
	size_t spare_count;
};

/* ---- one document ---- */

void
document_read(struct document *d, const struct reading_client *client, size_t place)
{
	const struct http_response *resp = &d->response;
	const struct feed_context ctx = { resp->url, resp->content_type,
		client->run->now };

	being_read_begin(client->being_read, place, d->source->key);
	d->is_feed = feed_parse(d->arena, resp->body, resp->len, &ctx, &d->feed,
	    &d->links, &d->why);
	if (d->is_feed) {
		/* Cut off between two entries it lacks the rest no less than inside of one. */
		d->feed->torn = d->feed->torn || (resp->cut && d->feed->damaged);
		d->keeping =
		    flow_prepare_entries(client->run, d->arena, d->source, d->feed);
	}
	d->is_read = true;
}

static struct document *
document_of(struct work *w)
{
	return (struct document *)(void *)((char *)w - offsetof(struct document, work));
}

/* The body is not needed any more: what was read of it is in the arena. */
static void
work_on(struct work *w, size_t place)
{
	struct document *d = document_of(w);
	const struct reading_client *client = d->line->client;

	if (!d->is_read) {
		document_read(d, client, place);
		free(d->body);
		d->body = NULL;
		d->response.body = "";
	} else {
		being_read_begin(client->being_read, place, d->source->key);
		flow_clean_ahead(d->keeping);
		d->is_cleaned = true;
	}
	being_read_end(client->being_read, place);
}

static void
fill(struct document *d, struct source *s, const struct http_response *resp)
{
	const bool is_document = resp->failure == HTTP_OK && resp->status == 200;

	*d = (struct document){ .source = s, .response = *resp };
	if (!is_document)
		return;
	d->hash = resp->is_known
	    ? s->body_hash
	    : http_body_hash(NULL, resp->content_type, resp->url, resp->body, resp->len);
	d->is_same = resp->is_known || s->body_hash == d->hash;
}

/* ---- the line ---- */

struct reading_line *
reading_line_open(const struct reading_client *client, size_t threads)
{
	struct reading_line *line = xcalloc(1, sizeof(*line));

	line->client = client;
	line->threads = threads;
	line->scratch = arena_new();
	return line;
}

/* Takes it out of the line. */
static void
drop_first(struct reading_line *line)
{
	struct document *d = line->first;

	line->first = d->next;
	if (!line->first)
		line->last = NULL;
	line->bytes -= d->bytes;
	free(d->body);
	if (line->spare_count < ARENAS_KEPT) {
		arena_reset(d->arena);
		line->spare[line->spare_count++] = d->arena;
	} else {
		arena_free(d->arena);
	}
	free(d);
}

void
reading_line_close(struct reading_line *line)
{
	if (!line)
		return;
	work_pool_close(line->pool);
	while (line->first)
		drop_first(line);
	while (line->spare_count > 0)
		arena_free(line->spare[--line->spare_count]);
	arena_free(line->scratch);
	free(line);
}

static void
count_bytes(struct document *d)
{
	struct reading_line *line = d->line;

	line->bytes -= d->bytes;
	d->bytes = (d->body ? d->response.len : 0) + ANSWER_BYTES + arena_used(d->arena);
	line->bytes += d->bytes;
}

/*
 * A large document is read when its turn comes, by the line's own thread: several of them side
 * by side would need memory for each.
 */
static bool
may_be_read_ahead(const struct document *d)
{
	return d->hash != 0 && !d->is_same && d->response.len <= LIMIT_READING_ALONE;
}

/* The pool has done its part of it, or the first of two. */
static void
go_on(struct document *d)
{
	const struct reading_client *client = d->line->client;

	count_bytes(d);
	d->is_ready = d->is_cleaned || !d->is_feed || !client->look_ahead(client->arg, d);
	if (!d->is_ready)
		work_pool_add(d->line->pool, &d->work);
}

/* True when something has come of it. */
static bool
turn(struct reading_line *line, enum work_patience patience)
{
	const struct reading_client *client = line->client;
	struct work *w = NULL;
	bool any = false;

	if (line->first && line->first->is_ready)
		patience = WORK_LOOK;
	while (line->pool && (w = work_pool_finished(line->pool, patience)) != NULL) {
		go_on(document_of(w));
		patience = WORK_LOOK;
		any = true;
	}
	while (line->first && line->first->is_ready) {
		client->settle(client->arg, line->first);
		drop_first(line);
		any = true;
	}
	return any;
}

void
reading_line_step(struct reading_line *line)
{
	if (line->first)
		(void)turn(line, WORK_LOOK);
}

void
reading_line_finish(struct reading_line *line)
{
	while (line->first && !line->client->stop(line->client->arg) &&
	    turn(line, WORK_WAIT))
		;
}

/* All that it borrows is its own from now on. */
static struct document *
join(struct reading_line *line, const struct document *now)
{
	struct document *d = xmalloc(sizeof(*d));

	*d = *now;
	d->line = line;
	d->arena = line->spare_count > 0 ? line->spare[--line->spare_count] : arena_new();
	d->body = now->response.len
	    ? memcpy(xmalloc(now->response.len), now->response.body, now->response.len)
	    : NULL;
	d->response.len = 0;
	d->response = http_response_copy(d->arena, &d->response);
	d->response.len = now->response.len;
	d->response.body = d->body ? d->body : "";
	d->work = (struct work){ .run = work_on, .order = line->added++ };
	count_bytes(d);
	if (line->last)
		line->last->next = d;
	else
		line->first = d;
	line->last = d;
	return d;
}

static void
add(struct reading_line *line, const struct document *now)
{
	struct document *d = join(line, now);

	d->is_ready = !may_be_read_ahead(d);
	if (d->is_ready)
		return;
	if (!line->pool) {
		feed_prepare_threads();
		line->pool = work_pool_open(line->threads);
	}
	work_pool_add(line->pool, &d->work);
}

void
reading_line_add(struct reading_line *line, struct source *s,
    const struct http_response *response)
{
	struct document now;

	fill(&now, s, response);
	if (!line->first && (line->threads == 0 || !may_be_read_ahead(&now))) {
		now.arena = line->scratch;
		line->client->settle(line->client->arg, &now);
		arena_reset(line->scratch);
		return;
	}
	add(line, &now);
	while (line->bytes > LIMIT_READING_BYTES && turn(line, WORK_WAIT))
		;
	(void)turn(line, WORK_LOOK);
}

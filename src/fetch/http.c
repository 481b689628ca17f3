/* SPDX-License-Identifier: ISC */
/* Which request comes when: the caller's wishes, hosts' limits and free handles together. */
#include "fetch/http.h"

#include <string.h>

#include "base/clock.h"
#include "fetch/host_queue.h"
#include "fetch/http_errors.h"
#include "fetch/curl_pool.h"

enum { STOP_MS = 100 }; /* stop() is asked at least this often */

struct run {
	const struct http_client *client;
	struct curl_pool *pool;
	struct host_queue *hosts;
	bool exhausted; /* next() has nothing more */
};

/* What says "too many" or "not now, but then" speaks for all its feeds (RFC 6585 4). */
static bool
asks_to_wait(const struct http_response *r)
{
	return (r->status == 429 || r->status == 503) && r->retry_after > 0;
}

/* The answer of a request that is not sent. */
static void
answer_unasked(struct run *run, const struct http_request *request, struct host *host,
    enum http_failure failure, int64_t ticks)
{
	const struct http_symptoms none = { .words = "" };
	char room[HTTP_ERROR_MAX];
	const struct http_response r = { .failure = failure,
		.message = http_error_sentence(failure, &none, room),
		.url = request->url,
		.retry_after = failure == HTTP_HELD ? host_queue_held(host) : -1,
		.max_age = -1,
		.body = "" };

	host_queue_done(run->hosts, host, ticks);
	run->client->done(run->client->arg, request, &r);
}

/* Gives idle handles work: what waits for its host first, then what the caller has. */
static void
fill(struct run *run)
{
	struct http_request request;
	struct host *host = NULL;
	int64_t ticks = clock_ticks_ms();

	while (curl_pool_has_room(run->pool)) {
		if (host_queue_take(run->hosts, ticks, &request, &host)) {
			if (host_queue_held(host) > 0)
				answer_unasked(run, &request, host, HTTP_HELD, ticks);
			else if (curl_pool_forbids(run->pool, &request))
				answer_unasked(run, &request, host, HTTP_PRIVATE, ticks);
			else
				curl_pool_start(run->pool, &request, host);
			continue;
		}
		if (run->exhausted)
			break;
		memset(&request, 0, sizeof(request));
		run->exhausted = !run->client->next(run->client->arg, &request);
		if (!run->exhausted)
			host_queue_add(run->hosts, &request, ticks);
	}
}

static void
on_finished(void *arg, const struct http_request *request, void *tag,
    const struct http_response *response)
{
	struct run *run = arg;
	int64_t ticks = clock_ticks_ms();

	if (response && asks_to_wait(response))
		host_queue_hold(tag, response->retry_after);
	host_queue_done(run->hosts, tag, ticks);
	if (response)
		run->client->done(run->client->arg, request, response);
	else
		host_queue_add(run->hosts, request, ticks);
}

static int
wait_ms(const struct run *run)
{
	int64_t pause = host_queue_wait_ms(run->hosts, clock_ticks_ms());

	/* Without room the end of a pause changes nothing. */
	if (!curl_pool_has_room(run->pool) || pause < 0 || pause > STOP_MS)
		return STOP_MS;
	return (int)pause;
}

static bool
is_stopped(const struct run *run)
{
	return run->client->stop && run->client->stop(run->client->arg);
}

struct http_response
http_response_copy(struct arena *a, const struct http_response *response)
{
	struct http_response copy = *response;

	copy.message = arena_strdup(a, response->message);
	copy.url = arena_strdup(a, response->url);
	copy.moved_to = arena_strdup(a, response->moved_to);
	copy.content_type = arena_strdup(a, response->content_type);
	copy.etag = arena_strdup(a, response->etag);
	copy.last_modified = arena_strdup(a, response->last_modified);
	copy.cut = arena_strdup(a, response->cut);
	copy.body = arena_strndup(a, response->len ? response->body : "", response->len);
	return copy;
}

bool
http_run(const struct http_settings *settings, const struct http_client *client,
    int64_t now, struct err *err)
{
	struct run run = { .client = client };

	run.pool = curl_pool_open(settings, now, err);
	if (!run.pool)
		return false;
	run.hosts = host_queue_new(settings->per_host, settings->host_pause_ms);
	while (!is_stopped(&run)) {
		fill(&run);
		if (run.exhausted && curl_pool_is_idle(run.pool) &&
		    host_queue_waiting(run.hosts) == 0)
			break;
		curl_pool_step(run.pool, wait_ms(&run), on_finished, &run);
	}
	curl_pool_close(run.pool);
	host_queue_free(run.hosts);
	return true;
}

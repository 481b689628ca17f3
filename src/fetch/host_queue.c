/* SPDX-License-Identifier: ISC */
#include "fetch/host_queue.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "format/url.h"

struct waiting {
	struct http_request request;
	struct waiting *next;
};

struct host {
	char *name;
	int64_t per_host;
	int64_t pause_ms;
	int64_t active;
	int64_t held;    /* seconds it wants to be left alone */
	int64_t next_ms; /* no request before this instant */
	struct waiting *first;
	struct waiting *last;
	bool listed;        /* in the ready line or in the heap of pauses */
	struct host *ready; /* the next in the ready line */
	struct host *chain; /* the next of the same bucket */
};

enum { BUCKETS = 4096 };

/* A host that has work is in the ready line, in the heap (its pause lasts), or full. */
struct host_queue {
	int64_t per_host;
	int64_t pause_ms;
	struct host *buckets[BUCKETS];
	struct host *first_ready;
	struct host *last_ready;
	struct host **heap; /* the pause that ends first is on top */
	size_t heap_count;
	struct waiting *spare; /* used again */
	size_t waiting;
};

struct host_queue *
host_queue_new(int64_t per_host, int64_t pause_ms)
{
	struct host_queue *h = xcalloc(1, sizeof(*h));

	h->per_host = per_host;
	h->pause_ms = pause_ms;
	return h;
}

static void
free_line(struct waiting *w)
{
	while (w) {
		struct waiting *next = w->next;

		free(w);
		w = next;
	}
}

void
host_queue_free(struct host_queue *h)
{
	if (!h)
		return;
	for (size_t i = 0; i < BUCKETS; i++) {
		while (h->buckets[i]) {
			struct host *host = h->buckets[i];

			h->buckets[i] = host->chain;
			free_line(host->first);
			free(host->name);
			free(host);
		}
	}
	free_line(h->spare);
	free(h->heap);
	free(h);
}

static size_t
bucket_of(const char *name, size_t len)
{
	/* FNV-1a: an adversary gains a slow look-up, no more. */
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (uint32_t)ascii_lower((unsigned char)name[i])) * 16777619u;
	return hash % BUCKETS;
}

static bool
same_name(const char *stored, const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (stored[i] != ascii_lower((unsigned char)name[i]))
			return false;
	return stored[len] == '\0';
}

static struct host *
find_host(struct host_queue *h, const char *url)
{
	struct url_authority at;

	/* A file has no host: its address gives "". */
	(void)url_find_authority(url, &at);
	const char *name = at.host;
	size_t len = at.host_len;
	struct host **bucket = &h->buckets[bucket_of(name, len)];
	for (struct host *host = *bucket; host; host = host->chain)
		if (same_name(host->name, name, len))
			return host;
	struct host *host = xcalloc(1, sizeof(*host));
	host->name = xstrndup(name, len);
	for (char *p = host->name; *p; p++)
		*p = (char)ascii_lower((unsigned char)*p);
	host->per_host = len > 0 ? h->per_host : INT64_MAX;
	host->pause_ms = len > 0 ? h->pause_ms : 0;
	host->next_ms = INT64_MIN;
	host->chain = *bucket;
	*bucket = host;
	return host;
}

/* ---- the heap of pauses ---- */

static void
heap_push(struct host_queue *h, struct host *host)
{
	size_t i = h->heap_count++;

	h->heap = xgrow_list(h->heap, i, sizeof(struct host *));
	for (; i > 0 && h->heap[(i - 1) / 2]->next_ms > host->next_ms; i = (i - 1) / 2)
		h->heap[i] = h->heap[(i - 1) / 2];
	h->heap[i] = host;
}

static struct host *
heap_pop(struct host_queue *h)
{
	struct host *top = h->heap[0];
	struct host *last = h->heap[--h->heap_count];
	size_t i = 0;

	for (;;) {
		size_t child = i * 2 + 1;

		if (child + 1 < h->heap_count &&
		    h->heap[child + 1]->next_ms < h->heap[child]->next_ms)
			child++;
		if (child >= h->heap_count || h->heap[child]->next_ms >= last->next_ms)
			break;
		h->heap[i] = h->heap[child];
		i = child;
	}
	h->heap[i] = last;
	return top;
}

/* ---- lines ---- */

static void
make_ready(struct host_queue *h, struct host *host)
{
	host->ready = NULL;
	if (h->last_ready)
		h->last_ready->ready = host;
	else
		h->first_ready = host;
	h->last_ready = host;
}

/* Lists a host that has work and may have more at once. */
static void
list_host(struct host_queue *h, struct host *host, int64_t now)
{
	if (host->listed || !host->first || host->active >= host->per_host)
		return;
	host->listed = true;
	if (host->next_ms <= now)
		make_ready(h, host);
	else
		heap_push(h, host);
}

void
host_queue_add(struct host_queue *h, const struct http_request *request, int64_t now)
{
	struct host *host = find_host(h, request->url);
	struct waiting *w = h->spare;

	if (w)
		h->spare = w->next;
	else
		w = xcalloc(1, sizeof(*w));
	w->request = *request;
	w->next = NULL;
	if (host->last)
		host->last->next = w;
	else
		host->first = w;
	host->last = w;
	h->waiting++;
	list_host(h, host, now);
}

static void
end_pauses(struct host_queue *h, int64_t now)
{
	while (h->heap_count > 0 && h->heap[0]->next_ms <= now)
		make_ready(h, heap_pop(h));
}

bool
host_queue_take(struct host_queue *h, int64_t now, struct http_request *request,
    struct host **out)
{
	end_pauses(h, now);
	struct host *host = h->first_ready;
	if (!host)
		return false;
	h->first_ready = host->ready;
	if (!h->first_ready)
		h->last_ready = NULL;
	host->listed = false;

	struct waiting *w = host->first;
	host->first = w->next;
	if (!host->first)
		host->last = NULL;
	*request = w->request;
	*out = host;
	w->next = h->spare;
	h->spare = w;
	h->waiting--;

	host->active++;
	host->next_ms = now + host->pause_ms;
	list_host(h, host, now);
	return true;
}

/*
 * The pause counts from the end of a request, so that a slow host gets the rest it needs.  A
 * host in the heap keeps its place there; its key may only be raised outside of it.
 */
void
host_queue_done(struct host_queue *h, struct host *host, int64_t now)
{
	host->active--;
	if (!host->listed && host->next_ms < now + host->pause_ms)
		host->next_ms = now + host->pause_ms;
	list_host(h, host, now);
}

void
host_queue_hold(struct host *host, int64_t seconds)
{
	if (*host->name && seconds > host->held)
		host->held = seconds;
	host->pause_ms = 0; /* what waits is only given back */
}

int64_t
host_queue_held(const struct host *host)
{
	return host->held;
}

size_t
host_queue_waiting(const struct host_queue *h)
{
	return h->waiting;
}

int64_t
host_queue_wait_ms(const struct host_queue *h, int64_t now)
{
	if (h->first_ready)
		return 0;
	if (h->heap_count == 0)
		return -1;
	return h->heap[0]->next_ms > now ? h->heap[0]->next_ms - now : 0;
}

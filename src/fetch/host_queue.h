/* SPDX-License-Identifier: ISC */
/*
 * Requests in line by host: at most so many at once on one host, and a pause between two,
 * without one busy host holding up the others.  Pure: the clock (milliseconds) is an argument.
 */
#ifndef FETCH_HOST_QUEUE_H
#define FETCH_HOST_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fetch/http.h"

struct host_queue;
struct host; /* one host; lives as long as struct host_queue */

struct host_queue *host_queue_new(int64_t per_host, int64_t pause_ms);
/* Accepts NULL. */
void host_queue_free(struct host_queue *h);
/* Puts a request in the line of its address's host.  file: addresses have no limit. */
void host_queue_add(struct host_queue *h, const struct http_request *request,
    int64_t now);
/* Takes the next request that may be asked now.  Each is given back by host_queue_done(). */
bool host_queue_take(struct host_queue *h, int64_t now, struct http_request *request,
    struct host **host);
void host_queue_done(struct host_queue *h, struct host *host, int64_t now);
/* The host wants no request for so many seconds: none that waits for it is to be sent. */
void host_queue_hold(struct host *host, int64_t seconds);
/* The seconds; 0: it may be asked. */
int64_t host_queue_held(const struct host *host);
/* Requests that wait. */
size_t host_queue_waiting(const struct host_queue *h);
/* Milliseconds until a pause ends; -1 when none does. */
int64_t host_queue_wait_ms(const struct host_queue *h, int64_t now);

#endif

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

struct hosts;
struct host; /* one host; lives as long as struct hosts */

struct hosts *hosts_new(int64_t per_host, int64_t pause_ms);
/* Accepts NULL. */
void hosts_free(struct hosts *h);
/* Puts a request in the line of its address's host.  file: addresses have no limit. */
void hosts_add(struct hosts *h, const struct http_request *request, int64_t now);
/* Takes the next request that may be asked now.  Each is given back by hosts_done(). */
bool hosts_take(struct hosts *h, int64_t now, struct http_request *request,
    struct host **host);
void hosts_done(struct hosts *h, struct host *host, int64_t now);
/* Requests that wait. */
size_t hosts_waiting(const struct hosts *h);
/* Milliseconds until a pause ends; -1 when none does. */
int64_t hosts_wait_ms(const struct hosts *h, int64_t now);

#endif

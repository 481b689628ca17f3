/* SPDX-License-Identifier: ISC */
/*
 * Transfers of libcurl side by side, without an opinion on which comes when (run.c has it).
 * Private to fetch/.
 */
#ifndef FETCH_CURL_POOL_H
#define FETCH_CURL_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "fetch/http.h"

struct pool;

/* settings are borrowed until pool_close().  NULL when libcurl cannot start. */
struct pool *pool_open(const struct http_settings *settings, int64_t now,
    struct err *err) MUST_CHECK;
/* Accepts NULL; abandons what is in flight. */
void pool_close(struct pool *pool);
/* True when a transfer may be started: a handle is idle and the bodies held leave room. */
bool pool_has_room(const struct pool *pool);
bool pool_is_idle(const struct pool *pool);
/* Only when there is room.  tag comes back with the answer. */
void pool_start(struct pool *pool, const struct http_request *request, void *tag);
/*
 * response is NULL for a transfer that was stopped to keep within max_in_flight: it must be
 * started again.  No pool_start() in here.
 */
typedef void pool_finished(void *arg, const struct http_request *request, void *tag,
    const struct http_response *response);
/* Does what can be done; when nothing finished, waits so long for something to happen. */
void pool_step(struct pool *pool, int wait_ms, pool_finished *finished, void *arg);

#endif

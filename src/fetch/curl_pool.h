/* SPDX-License-Identifier: ISC */
/*
 * Transfers of libcurl side by side.  Which request comes when is decided in http.c.  Private to
 * fetch/.
 */
#ifndef FETCH_CURL_POOL_H
#define FETCH_CURL_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "fetch/http.h"

struct curl_pool;

/* settings are borrowed until curl_pool_close().  NULL when libcurl cannot start. */
struct curl_pool *curl_pool_open(const struct http_settings *settings, int64_t now,
    struct err *err) MUST_CHECK;
/* Accepts NULL; abandons what is in flight. */
void curl_pool_close(struct curl_pool *pool);
/* True when a transfer may be started: a handle is idle and the bodies held leave room. */
bool curl_pool_has_room(const struct curl_pool *pool);
bool curl_pool_is_idle(const struct curl_pool *pool);
/* Only when there is room.  tag comes back with the answer. */
void curl_pool_start(struct curl_pool *pool, const struct http_request *request,
    void *tag);
/*
 * True for an address that is private as it is written.  Behind a proxy no socket shows where it
 * leads; it is to be answered and not started.
 */
bool curl_pool_forbids(const struct curl_pool *pool, const struct http_request *request);
/*
 * response is NULL for a transfer that was stopped to keep within max_in_flight: it must be
 * started again.  No curl_pool_start() in here.
 */
typedef void curl_pool_finished(void *arg, const struct http_request *request, void *tag,
    const struct http_response *response);
/* Does what can be done; when nothing finished, waits so long for something to happen. */
void curl_pool_step(struct curl_pool *pool, int wait_ms, curl_pool_finished *finished,
    void *arg);

#endif

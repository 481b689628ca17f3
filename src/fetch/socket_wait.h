/* SPDX-License-Identifier: ISC */
/*
 * Sockets and one alarm to wait for (epoll), so that a thousand quiet connections cost nothing
 * while one is busy.  Private to fetch/.
 */
#ifndef FETCH_SOCKET_WAIT_H
#define FETCH_SOCKET_WAIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct watch {
	int epoll;        /* -1 = not open */
	int64_t alarm_ms; /* of clock_ticks_ms(); -1 = none */
};
struct watch_event {
	int fd;
	bool can_read;
	bool can_write;
	bool is_broken;
};
enum { WATCH_EVENTS = 64 };

bool watch_open(struct watch *w, struct err *err) MUST_CHECK;
void watch_close(struct watch *w);
/* Neither read nor write: not watched any more. */
void watch_set(struct watch *w, int fd, bool read, bool write);
/* Rings in so many milliseconds; negative: not at all. */
void watch_set_alarm(struct watch *w, long in_ms);
/* Waits for sockets or the alarm, wait_ms at most; returns how many of events are filled. */
int watch_wait(struct watch *w, int wait_ms, struct watch_event events[WATCH_EVENTS]);
/* True once when the alarm has rung. */
bool watch_has_rung(struct watch *w);

#endif

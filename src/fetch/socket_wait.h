/* SPDX-License-Identifier: ISC */
/*
 * Sockets and one alarm to wait for (epoll), so that a thousand quiet connections cost nothing
 * while one is busy.  Private to fetch/.
 */
#ifndef FETCH_SOCKET_WAIT_H
#define FETCH_SOCKET_WAIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct socket_wait {
	int epoll;                  /* -1 = not open */
	struct socket_wish *wishes; /* of each socket, by its number; owned */
	size_t wish_count;
	int64_t alarm_ms; /* of clock_ticks_ms(); -1 = none */
};
struct socket_event {
	int fd;
	bool can_read;
	bool can_write;
	bool is_broken;
};
enum { SOCKET_EVENTS = 64 };

bool socket_wait_open(struct socket_wait *w, struct err *err) MUST_CHECK;
void socket_wait_close(struct socket_wait *w);
/*
 * Neither read nor write: not watched any more.  Cheap for a connection that is used again and
 * again: the kernel goes on watching it, and what it tells meanwhile is dropped.
 */
void socket_wait_set(struct socket_wait *w, int fd, bool read, bool write);
/* Rings in so many milliseconds; negative: not at all. */
void socket_wait_set_alarm(struct socket_wait *w, long in_ms);
/* Waits for sockets or the alarm, wait_ms at most; returns how many of events are filled. */
int socket_wait_for(struct socket_wait *w, int wait_ms,
    struct socket_event events[SOCKET_EVENTS]);
/* True once when the alarm has rung. */
bool socket_wait_has_rung(struct socket_wait *w);

#endif

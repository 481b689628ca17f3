/* SPDX-License-Identifier: ISC */
#include "fetch/socket_wait.h"

#include <sys/epoll.h>
#include <unistd.h>

#include "base/clock.h"

bool
socket_wait_open(struct socket_wait *w, struct err *err)
{
	w->alarm_ms = -1;
	w->epoll = epoll_create1(EPOLL_CLOEXEC);
	return w->epoll >= 0 || err_errno(err, "epoll");
}

void
socket_wait_close(struct socket_wait *w)
{
	if (w->epoll >= 0)
		(void)close(w->epoll);
	w->epoll = -1;
}

void
socket_wait_set(struct socket_wait *w, int fd, bool read, bool write)
{
	struct epoll_event event = { .data.fd = fd };

	if (read)
		event.events |= EPOLLIN;
	if (write)
		event.events |= EPOLLOUT;
	/* A closed socket has left by itself; that it cannot be found then is no error. */
	if (!read && !write)
		(void)epoll_ctl(w->epoll, EPOLL_CTL_DEL, fd, &event);
	else if (epoll_ctl(w->epoll, EPOLL_CTL_MOD, fd, &event) != 0)
		(void)epoll_ctl(w->epoll, EPOLL_CTL_ADD, fd, &event);
}

void
socket_wait_set_alarm(struct socket_wait *w, long in_ms)
{
	w->alarm_ms = in_ms < 0 ? -1 : clock_ticks_ms() + in_ms;
}

int
socket_wait_for(struct socket_wait *w, int wait_ms,
    struct socket_event events[SOCKET_EVENTS])
{
	struct epoll_event found[SOCKET_EVENTS];

	if (w->alarm_ms >= 0) {
		int64_t left = w->alarm_ms - clock_ticks_ms();

		wait_ms = left < 0 ? 0 : left < wait_ms ? (int)left : wait_ms;
	}
	int count = epoll_wait(w->epoll, found, SOCKET_EVENTS, wait_ms);
	for (int i = 0; i < count; i++)
		events[i] = (struct socket_event){ .fd = found[i].data.fd,
			.can_read = (found[i].events & EPOLLIN) != 0,
			.can_write = (found[i].events & EPOLLOUT) != 0,
			.is_broken = (found[i].events & (EPOLLERR | EPOLLHUP)) != 0 };
	return count < 0 ? 0 : count; /* interrupted by a signal: stop() is asked next */
}

bool
socket_wait_has_rung(struct socket_wait *w)
{
	if (w->alarm_ms < 0 || clock_ticks_ms() < w->alarm_ms)
		return false;
	w->alarm_ms = -1;
	return true;
}

/* SPDX-License-Identifier: ISC */
#include "fetch/socket_wait.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

struct socket_wish {
	bool read, write;
};

bool
socket_wait_open(struct socket_wait *w, struct err *err)
{
	w->alarm_ms = -1;
	w->wishes = NULL;
	w->wish_count = 0;
	w->epoll = epoll_create1(EPOLL_CLOEXEC);
	return w->epoll >= 0 || err_errno(err, "epoll");
}

void
socket_wait_close(struct socket_wait *w)
{
	if (w->epoll >= 0)
		(void)close(w->epoll);
	w->epoll = -1;
	free(w->wishes);
	w->wishes = NULL;
	w->wish_count = 0;
}

static struct socket_wish *
wish_of(struct socket_wait *w, int fd)
{
	const size_t needed = (size_t)fd + 1;
	size_t count = w->wish_count;

	if (needed > count) {
		for (count = count ? count : 64; count < needed;)
			count *= 2;
		w->wishes = xreallocarray(w->wishes, count, sizeof(*w->wishes));
		for (size_t i = w->wish_count; i < count; i++)
			w->wishes[i] = (struct socket_wish){ false, false };
		w->wish_count = count;
	}
	return &w->wishes[fd];
}

void
socket_wait_set(struct socket_wait *w, int fd, bool read, bool write)
{
	struct epoll_event event = { .data.fd = fd };

	if (fd < 0)
		return;
	*wish_of(w, fd) = (struct socket_wish){ read, write };
	if (read)
		event.events |= EPOLLIN;
	if (write)
		event.events |= EPOLLOUT;
	/* Not watched any more: the next request may want it again, and a closed socket has left
	 * by itself.  That it cannot be found then is no error. */
	if ((read || write) && epoll_ctl(w->epoll, EPOLL_CTL_MOD, fd, &event) != 0)
		(void)epoll_ctl(w->epoll, EPOLL_CTL_ADD, fd, &event);
}

/* True when somebody waits for that; else it was left, and is not watched from now on. */
static bool
is_wished(struct socket_wait *w, struct epoll_event *event)
{
	const struct socket_wish *wish = wish_of(w, event->data.fd);

	if (wish->read || wish->write)
		return true;
	(void)epoll_ctl(w->epoll, EPOLL_CTL_DEL, event->data.fd, event);
	return false;
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
	/* Less than none, interrupted by a signal: stop() is asked next. */
	const int count = epoll_wait(w->epoll, found, SOCKET_EVENTS, wait_ms);
	int told = 0;
	for (int i = 0; i < count; i++) {
		if (!is_wished(w, &found[i]))
			continue;
		events[told++] = (struct socket_event){ .fd = found[i].data.fd,
			.can_read = (found[i].events & EPOLLIN) != 0,
			.can_write = (found[i].events & EPOLLOUT) != 0,
			.is_broken = (found[i].events & (EPOLLERR | EPOLLHUP)) != 0 };
	}
	return told;
}

bool
socket_wait_has_rung(struct socket_wait *w)
{
	if (w->alarm_ms < 0 || clock_ticks_ms() < w->alarm_ms)
		return false;
	w->alarm_ms = -1;
	return true;
}

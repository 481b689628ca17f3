/* SPDX-License-Identifier: ISC */
/*
 * Calls of the network that fail when a test wants it, beside those of failing_calls.h, and a clock
 * that moves only while nothing comes.
 */
#ifndef TESTS_FAILING_NETWORK_H
#define TESTS_FAILING_NETWORK_H

#include "unit/failing_calls.h"

#include <netdb.h>
#include <stdint.h>
#include <sys/socket.h>
#include <time.h>

static int64_t
    frozen_ms; /* what any clock says, and what silent polls waited; 0: as it is */
static size_t send_most; /* octets that one call takes at most; 0: as the system does */
static int sends;        /* so many calls */

FAILING_CALL(int, socket, (int family, int type, int protocol), family, type, protocol)
FAILING_CALL(int, connect, (int fd, __CONST_SOCKADDR_ARG sa, socklen_t len), fd, sa, len)
FAILING_CALL(int, getsockopt, (int fd, int level, int name, void *value, socklen_t *len),
    fd, level, name, value, len)
FAILING_CALL(ssize_t, recv, (int fd, void *bytes, size_t len, int flags), fd, bytes, len,
    flags)
FAILING_CALL(ssize_t, send, (int fd, const void *bytes, size_t len, int flags), fd, bytes,
    len, flags)

ssize_t
sendmsg(int fd, const struct msghdr *message, int flags)
{
	static ssize_t (*library)(int, const struct msghdr *, int);
	struct iovec pieces[1024];
	struct msghdr some = *message;
	size_t left = send_most;

	sends++;
	if (failing_call("sendmsg"))
		return -1;
	if (!library)
		LIBRARYS(library, "sendmsg");
	if (send_most == 0)
		return library(fd, message, flags);
	some.msg_iov = pieces;
	for (some.msg_iovlen = 0; left > 0 && some.msg_iovlen < message->msg_iovlen;
	     some.msg_iovlen++) {
		struct iovec *p = &pieces[some.msg_iovlen];

		*p = message->msg_iov[some.msg_iovlen];
		p->iov_len = p->iov_len < left ? p->iov_len : left;
		left -= p->iov_len;
	}
	return library(fd, &some, flags);
}

int
clock_gettime(clockid_t clock, struct timespec *now)
{
	static int (*library)(clockid_t, struct timespec *);
	const int64_t ms = frozen_ms + calls_seen.waited_ms;

	if (!library)
		LIBRARYS(library, "clock_gettime");
	if (frozen_ms == 0)
		return library(clock, now);
	*now = (struct timespec){ ms / 1000, ms % 1000 * 1000000 };
	return 0;
}

#endif

/* SPDX-License-Identifier: ISC */
/*
 * A web server whose answers take their time, 50 to 200 ms by the number of the feed, and cost
 * next to nothing: what a round takes beside that is the reader's.
 *
 * usage: late_server DIR COUNT
 * Reads DIR/0 to DIR/COUNT-1 into memory and answers /N with an ETag; prints its port and the
 * sum of all delays in ms, then serves until it is killed.
 */
#define _GNU_SOURCE /* accept4 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS_MAX = 4096, EVENTS = 256, LEAST_MS = 50, SPREAD_MS = 151 };

struct document {
	char *bytes;
	size_t len;
};
struct client {
	int fd;
	char in[4096];
	size_t in_len;
	char head[200];
	size_t head_len;
	const char *body;
	size_t body_len, sent;
	int64_t due; /* 0: no answer waits */
};

static int64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t
delay_ms(size_t n)
{
	return LEAST_MS + (int64_t)(n * 7919 % SPREAD_MS);
}

static void
watch(int epoll, struct client *c, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.ptr = c };

	(void)epoll_ctl(epoll, EPOLL_CTL_MOD, c->fd, &e);
}

static void
send_answer(int epoll, struct client *c)
{
	c->due = 0;
	while (c->sent < c->head_len + c->body_len) {
		const bool in_head = c->sent < c->head_len;
		const char *from =
		    in_head ? c->head + c->sent : c->body + c->sent - c->head_len;
		const size_t len =
		    in_head ? c->head_len - c->sent : c->head_len + c->body_len - c->sent;
		const ssize_t n = send(c->fd, from, len,
		    MSG_NOSIGNAL | (in_head && c->body_len > 0 ? MSG_MORE : 0));

		if (n < 0) {
			if (errno == EAGAIN)
				watch(epoll, c, EPOLLOUT);
			return;
		}
		c->sent += (size_t)n;
	}
	watch(epoll, c, EPOLLIN);
}

static void
make_answer(struct client *c, const struct document *all, size_t count)
{
	const char *slash = strchr(c->in, '/');
	const size_t n = slash ? strtoul(slash + 1, NULL, 10) % count : 0;
	const bool unchanged = strstr(c->in, "If-None-Match:") != NULL;
	int len = 0;

	c->body = all[n].bytes;
	c->body_len = unchanged ? 0 : all[n].len;
	c->sent = 0;
	len = unchanged
	    ? snprintf(c->head, sizeof(c->head),
		  "HTTP/1.1 304 Not Modified\r\nETag: \"%zu\"\r\n\r\n", n)
	    : snprintf(c->head, sizeof(c->head),
		  "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: \"%zu\"\r\n"
		  "Content-Length: %zu\r\n\r\n",
		  n, c->body_len);
	c->head_len = (size_t)len;
	c->due = now_ms() + delay_ms(n);
	c->in_len = 0;
}

/* False when the connection is over. */
static bool
read_request(struct client *c, const struct document *all, size_t count)
{
	const ssize_t n =
	    recv(c->fd, c->in + c->in_len, sizeof(c->in) - 1 - c->in_len, 0);

	if (n <= 0)
		return n < 0 && errno == EAGAIN;
	c->in_len += (size_t)n;
	c->in[c->in_len] = '\0';
	if (strstr(c->in, "\r\n\r\n"))
		make_answer(c, all, count);
	return true;
}

static void
accept_all(int epoll, int listener, struct client **clients)
{
	const int one = 1;
	int fd = -1;

	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		struct client *c = fd < CLIENTS_MAX ? calloc(1, sizeof(*c)) : NULL;
		struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };

		if (!c) {
			(void)close(fd);
			continue;
		}
		c->fd = fd;
		clients[fd] = c;
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		(void)epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e);
	}
}

static void
answer_due(int epoll, struct client **clients)
{
	const int64_t now = now_ms();

	for (int fd = 0; fd < CLIENTS_MAX; fd++)
		if (clients[fd] && clients[fd]->due > 0 && clients[fd]->due <= now)
			send_answer(epoll, clients[fd]);
}

static void
serve(int listener, const struct document *all, size_t count)
{
	struct client **clients = calloc(CLIENTS_MAX, sizeof(struct client *));
	struct epoll_event events[EVENTS];
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = NULL };
	const int epoll = epoll_create1(0);

	(void)epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &e);
	while (clients) {
		const int n = epoll_wait(epoll, events, EVENTS, 1);

		for (int i = 0; i < n; i++) {
			struct client *c = events[i].data.ptr;

			if (!c) {
				accept_all(epoll, listener, clients);
			} else if (events[i].events & EPOLLOUT) {
				send_answer(epoll, c);
			} else if (!read_request(c, all, count)) {
				clients[c->fd] = NULL;
				(void)close(c->fd);
				free(c);
			}
		}
		answer_due(epoll, clients);
	}
}

static bool
read_document(const char *folder, size_t n, struct document *d)
{
	char path[4096];
	FILE *f = NULL;
	long len = -1;

	(void)snprintf(path, sizeof(path), "%s/%zu", folder, n);
	f = fopen(path, "rb");
	if (f && fseek(f, 0, SEEK_END) == 0 && (len = ftell(f)) >= 0) {
		rewind(f);
		d->len = (size_t)len;
		d->bytes = malloc(d->len + 1);
		if (d->bytes && fread(d->bytes, 1, d->len, f) != d->len)
			len = -1;
	}
	if (f)
		(void)fclose(f);
	if (len < 0)
		(void)fprintf(stderr, "%s cannot be read\n", path);
	return len >= 0 && d->bytes;
}

int
main(int argc, char **argv)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	const size_t count = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	struct document *all = count ? calloc(count, sizeof(*all)) : NULL;
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	int64_t sum = 0;

	for (size_t i = 0; all && i < count; i++) {
		if (!read_document(argv[1], i, &all[i]))
			return 1;
		sum += delay_ms(i);
	}
	if (!all || fd < 0 || bind(fd, (struct sockaddr *)&at, len) != 0 ||
	    listen(fd, CLIENTS_MAX) != 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &len) != 0) {
		(void)fprintf(stderr, "usage: late_server DIR COUNT\n");
		return 1;
	}
	printf("%d %lld\n", ntohs(at.sin_port), (long long)sum);
	(void)fflush(stdout);
	serve(fd, all, count);
	return 0;
}

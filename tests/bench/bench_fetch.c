/* SPDX-License-Identifier: ISC */
/*
 * Feeds fetched per CPU second, ours beside a bare loop over libcurl's multi interface, on the
 * same feeds from a server in a child process: cold (bodies) and unchanged (304).  Then wall
 * time where each answer comes 50 to 200 ms late, 100 at once, beside the least it can take.
 */
#define _GNU_SOURCE /* accept4() */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <curl/curl.h>

#include "base/mem.h"
#include "fetch/http.h"
#include "bare_fetch.h"

enum {
	FEEDS = 1000,
	BODY = 111 * 1000, /* mean size of a feed on Planet Python */
	AT_ONCE = BARE_AT_ONCE,
	DELAYED_FEEDS = 1000,
	DELAYED_AT_ONCE = 100,
	PAIRS = 5
};

static double
now_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
cpu_s(void)
{
	struct rusage u;

	(void)getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	    (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* ---- the server: /N is feed N; its ETag is "N" ---- */

struct connection {
	int fd;
	char in[4096];
	size_t in_len;
	char head[200];
	size_t head_len;
	size_t sent;
	size_t body; /* bytes of it to send */
	double due;  /* 0 = no answer waits */
};

static const char *server_body;

static int
delay_ms(long id)
{
	return 50 + (int)(id * 7919 % 151);
}

/* True when all is sent or the connection is over. */
static void
send_answer(int epoll, struct connection *c)
{
	while (c->sent < c->head_len + c->body) {
		bool in_head = c->sent < c->head_len;
		const char *from =
		    in_head ? c->head + c->sent : server_body + c->sent - c->head_len;
		size_t len =
		    in_head ? c->head_len - c->sent : c->head_len + c->body - c->sent;
		ssize_t n = send(c->fd, from, len,
		    MSG_NOSIGNAL | (in_head && c->body > 0 ? MSG_MORE : 0));

		if (n < 0) {
			struct epoll_event e = { .events = EPOLLOUT, .data.ptr = c };

			if (errno == EAGAIN)
				(void)epoll_ctl(epoll, EPOLL_CTL_MOD, c->fd, &e);
			return;
		}
		c->sent += (size_t)n;
	}
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };
	(void)epoll_ctl(epoll, EPOLL_CTL_MOD, c->fd, &e);
}

static void
make_answer(struct connection *c)
{
	const char *slash = strchr(c->in, '/');
	long id = slash ? strtol(slash + 1, NULL, 10) : 0;
	bool unchanged = strstr(c->in, "If-None-Match:") != NULL;

	c->body = unchanged ? 0 : BODY;
	c->sent = 0;
	if (unchanged)
		c->head_len = (size_t)snprintf(c->head, sizeof(c->head),
		    "HTTP/1.1 304 Not Modified\r\nETag: \"%ld\"\r\n\r\n", id);
	else
		c->head_len = (size_t)snprintf(c->head, sizeof(c->head),
		    "HTTP/1.1 200 OK\r\n"
		    "Content-Type: application/xml\r\nETag: \"%ld\"\r\nContent-Length: %zu\r\n\r\n",
		    id, c->body);
	c->due = now_s() + delay_ms(id) / 1000.0;
	c->in_len = 0;
}

static bool
read_request(struct connection *c)
{
	ssize_t n = recv(c->fd, c->in + c->in_len, sizeof(c->in) - 1 - c->in_len, 0);

	if (n <= 0)
		return n < 0 && errno == EAGAIN;
	c->in_len += (size_t)n;
	c->in[c->in_len] = '\0';
	if (strstr(c->in, "\r\n\r\n"))
		make_answer(c);
	return true;
}

static void
accept_all(int epoll, int listener, struct connection **all)
{
	int one = 1;

	for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
		struct connection *c = fd < 4096 ? xcalloc(1, sizeof(*c)) : NULL;
		struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };

		if (!c) {
			(void)close(fd);
			continue;
		}
		c->fd = fd;
		all[fd] = c;
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		(void)epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e);
	}
}

static void
handle_event(int epoll, struct connection **all, const struct epoll_event *event,
    bool late)
{
	struct connection *c = event->data.ptr;

	if (event->events & EPOLLOUT) {
		send_answer(epoll, c);
	} else if (!read_request(c)) {
		all[c->fd] = NULL;
		(void)close(c->fd);
		free(c);
	} else if (c->due > 0 && !late) {
		c->due = 0;
		send_answer(epoll, c);
	}
}

static void
serve(int listener, bool late)
{
	static struct connection *all[4096];
	struct epoll_event events[256];
	int epoll = epoll_create1(0);
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = NULL };

	(void)epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &e);
	for (;;) {
		int n = epoll_wait(epoll, events, 256, late ? 1 : -1);

		for (int i = 0; i < n; i++) {
			if (!events[i].data.ptr)
				accept_all(epoll, listener, all);
			else
				handle_event(epoll, all, &events[i], late);
		}
		for (int fd = 0; late && fd < 4096; fd++)
			if (all[fd] && all[fd]->due > 0 && all[fd]->due <= now_s()) {
				all[fd]->due = 0;
				send_answer(epoll, all[fd]);
			}
	}
}

static pid_t
start_server(bool late, int *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, len) != 0 ||
	    listen(fd, 4096) != 0 || getsockname(fd, (struct sockaddr *)&a, &len) != 0)
		return -1;
	*port = ntohs(a.sin_port);
	pid_t pid = fork();
	if (pid == 0) {
		serve(fd, late);
		_exit(0);
	}
	(void)close(fd);
	return pid;
}

/* ---- the two clients ---- */

struct job {
	int port;
	size_t count;
	bool unchanged;
	size_t next;
	size_t answered;
	char (*urls)[64];
	char (*etags)[32];
	char (*fields)[48]; /* "If-None-Match: " and it */
};

static void
make_job(struct job *job, int port, size_t count, bool unchanged)
{
	*job = (struct job){ .port = port, .count = count, .unchanged = unchanged };
	job->urls = xcalloc(count, sizeof(*job->urls));
	job->etags = xcalloc(count, sizeof(*job->etags));
	job->fields = xcalloc(count, sizeof(*job->fields));
	for (size_t i = 0; i < count; i++) {
		(void)snprintf(job->urls[i], sizeof(job->urls[i]),
		    "http://127.0.0.1:%d/%zu", port, i);
		(void)snprintf(job->etags[i], sizeof(job->etags[i]), "\"%zu\"", i);
		(void)snprintf(job->fields[i], sizeof(job->fields[i]),
		    "If-None-Match: %s", job->etags[i]);
	}
}

static void
clear_job(struct job *job)
{
	free(job->urls);
	free(job->etags);
	free(job->fields);
}

static bool
next_request(void *arg, struct http_request *request)
{
	struct job *job = arg;

	if (job->next == job->count)
		return false;
	request->url = job->urls[job->next];
	request->etag = job->unchanged ? job->etags[job->next] : NULL;
	job->next++;
	return true;
}

static void
count_answer(void *arg, const struct http_request *request,
    const struct http_response *response)
{
	struct job *job = arg;

	(void)request;
	if (response->status == (job->unchanged ? 304 : 200) &&
	    response->len == (job->unchanged ? 0 : BODY))
		job->answered++;
}

static void
run_ours(struct job *job, int64_t parallel)
{
	struct http_settings s = { .parallel = parallel,
		.per_host = parallel,
		.timeout_ms = 20000,
		.max_bytes = 10 << 20,
		.max_redirects = 5,
		.max_in_flight = 64 << 20,
		.user_agent = "planetpost/bench",
		.proxy = "none",
		.allow_private = true };
	struct http_client client = { next_request, count_answer, NULL, job };
	struct err err = ERR_INIT;

	if (!http_run(&s, &client, 0, &err))
		(void)fprintf(stderr, "%s\n", err.text);
}

/* The same by the shortest loop. */
static void
run_bare(struct job *job)
{
	char **fields = xcalloc(job->count, sizeof(*fields));
	char **urls = xcalloc(job->count, sizeof(*urls));
	struct bare_job bare = { .urls = urls,
		.fields = job->unchanged ? fields : NULL,
		.count = job->count,
		.wanted = job->unchanged ? 304 : 200 };

	for (size_t i = 0; i < job->count; i++) {
		urls[i] = job->urls[i];
		fields[i] = job->fields[i];
	}
	bare_run(&bare);
	job->answered = bare.answered;
	free(fields);
	free(urls);
}

/* Answers per CPU second; 0 when one is missing. */
static double
measure(int port, bool unchanged, bool ours)
{
	struct job job;
	double rate = 0;

	make_job(&job, port, FEEDS, unchanged);
	double begin = cpu_s();
	if (ours)
		run_ours(&job, AT_ONCE);
	else
		run_bare(&job);
	double cpu = cpu_s() - begin;
	if (job.answered == job.count && cpu > 0)
		rate = (double)job.count / cpu;
	clear_job(&job);
	return rate;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *values)
{
	qsort(values, PAIRS, sizeof(*values), compare);
	return values[PAIRS / 2];
}

static bool
bench_rate(int port, const char *name, bool unchanged)
{
	double ours[PAIRS];
	double ratio[PAIRS];

	for (int i = 0; i < PAIRS; i++) {
		ours[i] = measure(port, unchanged, true);
		double bare = measure(port, unchanged, false);
		if (ours[i] <= 0 || bare <= 0)
			return false;
		ratio[i] = ours[i] / bare;
	}
	double r = median(ratio);
	printf("fetch.%-10s %8.0f feeds/CPU s  (%.2f x a bare libcurl multi loop)\n",
	    name, median(ours), r);
	return true;
}

static bool
bench_late(int port)
{
	double ratio[PAIRS];
	double sum = 0;

	for (long i = 0; i < DELAYED_FEEDS; i++)
		sum += delay_ms(i) / 1000.0;
	double least = sum / DELAYED_AT_ONCE;
	for (int i = 0; i < PAIRS; i++) {
		struct job job;

		make_job(&job, port, DELAYED_FEEDS, true);
		double begin = now_s();
		run_ours(&job, DELAYED_AT_ONCE);
		ratio[i] = (now_s() - begin) / least;
		bool all = job.answered == job.count;
		clear_job(&job);
		if (!all)
			return false;
	}
	double r = median(ratio);
	printf(
	    "fetch.%-10s %8.2f x the least  (%d answers 50 to 200 ms late, %d at once: "
	    "%.2f s)\n",
	    "late", r, DELAYED_FEEDS, DELAYED_AT_ONCE, least * r);
	return r <= 1.15;
}

int
main(void)
{
	char *body = xcalloc(1, BODY);
	int port = 0;
	int late_port = 0;

	memset(body, 'x', BODY);
	server_body = body;
	pid_t server = start_server(false, &port);
	pid_t late = start_server(true, &late_port);
	bool ok = server > 0 && late > 0;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	ok = ok && bench_rate(port, "cold", false);
	ok = ok && bench_rate(port, "unchanged", true);
	ok = ok && bench_late(late_port);
	curl_global_cleanup();
	if (server > 0)
		(void)kill(server, SIGTERM);
	if (late > 0)
		(void)kill(late, SIGTERM);
	while (wait(NULL) > 0)
		;
	free(body);
	if (!ok)
		(void)fprintf(stderr, "short of a goal, or feeds were not answered\n");
	return ok ? 0 : 1;
}

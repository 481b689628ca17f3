/* SPDX-License-Identifier: ISC */
/*
 * Letters a second into smtp-sink, beside Postfix's own injector smtp-source, which
 * personalises nothing: same sink, size and connections, pairs in turn, medians.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/limits.h"
#include "bench/letters.h"
#include "transport/transport.h"
#include "unit/child.h"

enum { LETTERS = 4000, PAIRS = 5, CONNECTIONS = 10, SIZE = 20000 };

struct stream {
	struct bench_letters letters;
	struct buf bytes;
	long next;
	long sent;
};
struct figure {
	double rate; /* letters a second */
	double cpu;  /* microseconds each */
};

static bool
next_letter(void *arg, struct letter *out, struct err *err)
{
	struct stream *s = arg;

	if (s->next == LETTERS)
		return false;
	buf_reset(&s->bytes);
	if (!bench_letter_write(&s->letters, s->next++, &s->bytes, err))
		return false;
	*out = (struct letter){ s->letters.sender, s->letters.to, s->letters.name,
		&s->bytes, NULL };
	return true;
}

static bool
settle(void *arg, const struct letter *l, const struct outcome *o, struct err *err)
{
	struct stream *s = arg;

	(void)l;
	(void)err;
	s->sent += o->kind == OUTCOME_SENT;
	return true;
}

static bool
stop(void *arg)
{
	(void)arg;
	return false;
}

static int
free_port(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&in, sizeof(in)) != 0 ||
	    getsockname(fd, (struct sockaddr *)&in, &len) != 0)
		exit(1);
	(void)close(fd);
	return ntohs(in.sin_port);
}

static bool
is_there(int port)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port) };
	bool ok = false;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ok = fd >= 0 && connect(fd, (struct sockaddr *)&in, sizeof(in)) == 0;
	if (fd >= 0)
		(void)close(fd);
	return ok;
}

static pid_t
start_sink(int *port)
{
	char address[32];
	const char *args[] = { "smtp-sink", "-u", "nobody", address, "200", NULL };
	const char *plain[] = { "smtp-sink", address, "200", NULL };
	pid_t pid = 0;

	*port = free_port();
	(void)snprintf(address, sizeof(address), "inet:127.0.0.1:%d", *port);
	pid = child_start(geteuid() == 0 ? args : plain, STDERR_FILENO);
	for (int i = 0; pid > 0 && i < 100 && !is_there(*port); i++)
		(void)poll(NULL, 0, 50);
	return pid > 0 && is_there(*port) ? pid : 0;
}

static struct figure
ours(int port)
{
	struct config c = { .transport = { .method = TRANSPORT_SMTP, .lmtp = "" },
		.smtp = { .host = "127.0.0.1",
		    .port = port,
		    .security = SECURITY_NONE,
		    .user = "",
		    .ca_file = "",
		    .helo = "bench.example",
		    .timeout = 30,
		    .connections = CONNECTIONS } };
	struct transport_settings t = { &c, NULL, "bench.example", 0 };
	struct stream s = { .bytes = BUF_INIT(LIMIT_LETTER) };
	struct letter_source src = { next_letter, settle, stop, &s };
	struct err err = ERR_INIT;
	int64_t before = 0;
	double cpu = 0;
	struct figure f = { 0, 0 };

	if (!bench_letters_init(&s.letters, SIZE, &err))
		goto out;
	before = clock_ticks_ms();
	cpu = bench_cpu_us(RUSAGE_SELF);
	if (!transport_run(&t, &src, &err) || s.sent != LETTERS)
		goto out;
	f.cpu = (bench_cpu_us(RUSAGE_SELF) - cpu) / LETTERS;
	f.rate = LETTERS * 1000.0 / (double)(clock_ticks_ms() - before);
out:
	if (f.rate == 0)
		(void)fprintf(stderr, "sent %ld of %d: %s\n", s.sent, LETTERS, err.text);
	bench_letters_clear(&s.letters);
	buf_clear(&s.bytes);
	return f;
}

static struct figure
theirs(int port)
{
	char address[32];
	char count[16];
	char size[16];
	char sessions[16];
	const char *args[] = { "smtp-source", "-d", "-s", sessions, "-m", count, "-l",
		size, "-f", "planet@example.net", "-t", "reader@example.com", address,
		NULL };
	int64_t before = clock_ticks_ms();
	double cpu = bench_cpu_us(RUSAGE_CHILDREN);
	struct figure f = { 0, 0 };

	(void)snprintf(address, sizeof(address), "inet:127.0.0.1:%d", port);
	(void)snprintf(count, sizeof(count), "%d", LETTERS);
	(void)snprintf(size, sizeof(size), "%d", SIZE);
	(void)snprintf(sessions, sizeof(sessions), "%d", CONNECTIONS);
	if (child_run(args, NULL) != 0)
		return f;
	f.rate = LETTERS * 1000.0 / (double)(clock_ticks_ms() - before);
	f.cpu = (bench_cpu_us(RUSAGE_CHILDREN) - cpu) / LETTERS;
	return f;
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
	qsort(values, PAIRS, sizeof(values[0]), compare);
	return values[PAIRS / 2];
}

int
main(void)
{
	double rate[PAIRS];
	double cpu[PAIRS];
	double own_rate[PAIRS];
	double own_cpu[PAIRS];
	int port = 0;
	pid_t sink = start_sink(&port);

	if (sink == 0) {
		(void)printf("send  skipped: no smtp-sink here (package postfix)\n");
		return 0;
	}
	for (int i = 0; i < PAIRS; i++) {
		struct figure them = theirs(port);
		struct figure us = ours(port);

		if (them.rate == 0 || us.rate == 0) {
			(void)kill(sink, SIGTERM);
			return 1;
		}
		rate[i] = us.rate / them.rate;
		cpu[i] = us.cpu / them.cpu;
		own_rate[i] = us.rate;
		own_cpu[i] = us.cpu;
	}
	(void)kill(sink, SIGTERM);
	(void)waitpid(sink, NULL, 0);
	(void)printf("send  %.2f x smtp-source into smtp-sink  (%.0f letters a second)\n",
	    median(rate), median(own_rate));
	(void)printf("send  %.2f x its CPU for each letter  (%.0f us)\n", median(cpu),
	    median(own_cpu));
	return 0;
}

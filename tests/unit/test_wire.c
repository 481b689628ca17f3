/* SPDX-License-Identifier: ISC */
/* Connections to mail servers: patience, pieces, what is said when they break, TLS. */
#include "unit/wire_fixture.h"
#include "unit/scratch.h"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <sys/un.h>

/* ---- patience ------------------------------------------------------------------------ */

/* Begins an exchange, and tells the tick that it began at. */
static int64_t
begin_at(struct wire *w, int64_t total_ms, int64_t idle_ms)
{
	int64_t before = 0;

	do {
		before = clock_rough_ms();
		wire_begin(w, total_ms, idle_ms, MUCH);
	} while (clock_rough_ms() != before);
	return before;
}

static const struct {
	int64_t total, idle, since, now, want;
} patience[] = {
	{ 1000, 300, 0, 0, 300 },
	{ 1000, 300, 0, 100, 200 },
	{ 1000, 300, 0, 300, 0 },
	{ 1000, 300, 0, 301, -1 },
	{ 1000, 300, 500, 500, 300 },
	{ 1000, 300, 700, 700, 300 },
	{ 1000, 300, 701, 701, 299 },
	{ 1000, 300, 900, 950, 50 },
	{ 1000, 300, 1000, 1001, -1 },
	{ 200, 300, 0, 0, 200 },
};

static void
the_shorter_of_two_patiences_counts(void **state)
{
	struct pair p;

	(void)state;
	open_pair(&p, 0);
	for (size_t i = 0; i < ARRAY_LEN(patience); i++) {
		const int64_t t = begin_at(p.wire, patience[i].total, patience[i].idle);

		assert_int_equal(wire_patience(p.wire, t + patience[i].since,
				     t + patience[i].now),
		    patience[i].want);
		/* What is excused is no silence of the peer's: only the whole is longer. */
		wire_excuse(p.wire, 50);
		assert_int_equal(wire_patience(p.wire, t + 5000, t + 5000),
		    patience[i].total + 50 - 5000);
	}
	close_pair(&p);
}

static void
what_ended_the_patience_is_told_once(void **state)
{
	struct pair p;
	int64_t t = 0;

	(void)state;
	open_pair(&p, 0);
	assert_string_equal(wire_reason(p.wire), "");
	t = begin_at(p.wire, 1000, 300);
	wire_expire(p.wire, t + 999);
	assert_string_equal(wire_reason(p.wire), "timed out: nothing was heard");
	wire_expire(p.wire, t + 1000);
	wire_give_up(p.wire);
	assert_string_equal(wire_reason(p.wire), "timed out: nothing was heard");
	close_pair(&p);

	open_pair(&p, 0);
	t = begin_at(p.wire, 1000, 300);
	wire_expire(p.wire, t + 1000);
	assert_string_equal(wire_reason(p.wire), "timed out: it took too long in all");
	close_pair(&p);

	open_pair(&p, 0);
	wire_give_up(p.wire);
	assert_string_equal(wire_reason(p.wire), "stopped: nobody waits any longer");
	wire_expire(p.wire, t + 5000);
	assert_string_equal(wire_reason(p.wire), "stopped: nobody waits any longer");
	close_pair(&p);
}

static const struct {
	const char *name;
	int64_t total, idle;
	const char *reason;
	int64_t least, most; /* milliseconds; most with a machine that is busy */
} waits[] = {
	{ "it is over already", -1000, 100, "timed out: it took too long in all", 0, 90 },
	{ "no silence is allowed", 100, 0, "timed out: it took too long in all", 0, 90 },
	{ "a silence", 4000, 40, "timed out: nothing was heard", 40, 3500 },
	{ "a silence of several looks", 4000, 430, "timed out: nothing was heard", 430,
	    3800 },
	{ "the whole is shorter", 60, 2000, "timed out", 50, 1900 },
};

static void
a_wait_ends_with_its_reason_and_in_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(waits); i++) {
		struct pair p;
		int64_t start = 0;
		int64_t took = 0;
		char octet = '\0';

		open_pair(&p, 0);
		wire_begin(p.wire, waits[i].total, waits[i].idle, 10);
		start = clock_ticks_ms();
		assert_int_equal(wire_read(p.wire, &octet, 1), -1);
		took = clock_ticks_ms() - start;
		if (strcmp(wire_reason(p.wire), waits[i].reason) != 0 ||
		    took < waits[i].least || took > waits[i].most)
			fail_msg("%s: \"%s\" after %d ms", waits[i].name,
			    wire_reason(p.wire), (int)took);
		close_pair(&p);
	}
}

static void *
give_up_soon(void *arg)
{
	struct pair *p = arg;

	clock_sleep_ms(30);
	atomic_store(&p->give_up, true);
	return NULL;
}

static void
a_wait_that_nobody_wants_ends_soon(void **state)
{
	struct pair p;
	pthread_t thread;
	const int64_t start = clock_ticks_ms();

	(void)state;
	open_pair(&p, 0);
	assert_int_equal(pthread_create(&thread, NULL, give_up_soon, &p), 0);
	assert_false(wire_wait(p.wire, false));
	assert_true(clock_ticks_ms() - start < WAIT_MS / 2);
	assert_string_equal(wire_reason(p.wire), "stopped: nobody waits any longer");
	assert_int_equal(pthread_join(thread, NULL), 0);
	close_pair(&p);
}

static void
a_wait_is_for_the_direction_that_is_asked_for(void **state)
{
	struct pair p;

	(void)state;
	open_pair(&p, 0);
	assert_true(wire_wait(p.wire, true));
	wire_begin(p.wire, 20, 20, 10);
	assert_false(wire_wait(p.wire, false));
	wire_begin(p.wire, WAIT_MS, WAIT_MS, 10);
	assert_int_equal(send(p.peer, "x", 1, 0), 1);
	assert_true(wire_wait(p.wire, false));
	close_pair(&p);
}

/* ---- what is heard ------------------------------------------------------------------- */

static void
no_more_is_heard_than_is_allowed(void **state)
{
	struct pair p;
	char bytes[16] = "";

	(void)state;
	open_pair(&p, 0);
	wire_begin(p.wire, WAIT_MS, WAIT_MS, 5);
	assert_int_equal(wire_take(p.wire, bytes, sizeof(bytes)), 0);
	assert_int_equal(send(p.peer, "abcdefgh", 8, 0), 8);
	assert_int_equal(wire_read(p.wire, bytes, 3), 3);
	assert_memory_equal(bytes, "abc", 4);
	assert_int_equal(wire_read(p.wire, bytes, sizeof(bytes)), 2);
	assert_memory_equal(bytes, "dec", 4);
	assert_string_equal(wire_reason(p.wire), "");
	assert_int_equal(wire_read(p.wire, bytes, sizeof(bytes)), -1);
	assert_string_equal(wire_reason(p.wire), "the server talks without end");
	wire_begin(p.wire, WAIT_MS, WAIT_MS, 1);
	assert_int_equal(wire_take(p.wire, bytes, sizeof(bytes)), 1);
	assert_int_equal(bytes[0], 'f');
	assert_int_equal(wire_take(p.wire, bytes, sizeof(bytes)), -1);
	wire_begin(p.wire, WAIT_MS, WAIT_MS, 3);
	assert_int_equal(wire_take(p.wire, bytes, 3), 2);
	assert_int_equal(wire_take(p.wire, bytes, 3), 0);
	close_pair(&p);
}

static void
an_end_is_an_error_with_its_words(void **state)
{
	struct pair p;
	char octet = '\0';

	(void)state;
	open_pair(&p, 0);
	assert_int_equal(send(p.peer, "x", 1, 0), 1);
	assert_int_equal(shutdown(p.peer, SHUT_WR), 0);
	assert_int_equal(wire_read(p.wire, &octet, 1), 1);
	assert_int_equal(wire_read(p.wire, &octet, 1), -1);
	assert_string_equal(wire_reason(p.wire), "the server closed the connection");
	close_pair(&p);

	open_pair(&p, 0);
	reset_by_peer(&p);
	assert_int_equal(wire_read(p.wire, &octet, 1), -1);
	assert_string_equal(wire_reason(p.wire), "Connection reset by peer");
	assert_int_equal(wire_write(p.wire, &octet, 1), -1);
	assert_string_equal(wire_reason(p.wire), "Broken pipe");
	close_pair(&p);
}

/* ---- what is said -------------------------------------------------------------------- */

static void
expect_heard(struct pair *p, const char *want, size_t len)
{
	char bytes[256];

	assert_true(len < sizeof(bytes));
	assert_int_equal(recv(p->peer, bytes, sizeof(bytes), MSG_DONTWAIT), (ssize_t)len);
	assert_memory_equal(bytes, want, len);
}

static void
pieces_go_one_behind_the_other(void **state)
{
	struct iovec pieces[66];
	char digits[66];
	struct pair p;
	size_t taken = 9;

	(void)state;
	open_pair(&p, 0);
	for (size_t i = 0; i < 66; i++) {
		digits[i] = (char)(i + '0');
		pieces[i] = (struct iovec){ &digits[i], 1 };
	}
	assert_int_equal(wire_push(p.wire, pieces, 0, &taken), WIRE_DONE);
	assert_int_equal(taken, 0);
	assert_int_equal(wire_push(p.wire, pieces, 3, &taken), WIRE_DONE);
	assert_int_equal(taken, 3);
	expect_heard(&p, "012", 3);
	assert_int_equal(wire_push(p.wire, pieces, 64, &taken), WIRE_DONE);
	assert_int_equal(taken, 64);
	expect_heard(&p, digits, 64);
	assert_int_equal(wire_push(p.wire, pieces, 66, &taken), WIRE_DONE);
	assert_int_equal(taken, 64);
	expect_heard(&p, digits, 64);
	pieces[0].iov_len = 0;
	assert_int_equal(wire_push(p.wire, pieces, 1, &taken), WIRE_DONE);
	assert_int_equal(taken, 0);
	assert_int_equal(wire_push(p.wire, pieces, 2, &taken), WIRE_DONE);
	assert_int_equal(taken, 1);
	expect_heard(&p, "1", 1);
	assert_int_equal(wire_written(p.wire), 3 + 64 + 64 + 1);
	assert_int_equal(wire_write(p.wire, digits, 2), 2);
	expect_heard(&p, "01", 2);
	assert_int_equal(wire_written(p.wire), 134);
	close_pair(&p);
}

/* More than there is room for, without waiting and with. */
static void
what_finds_no_room_waits(void **state)
{
	struct pair p;
	char *bytes = calloc(1, 4 * MUCH);
	struct iovec piece = { bytes, 4 * MUCH };
	size_t taken = 0;
	uint64_t sent = 0;

	(void)state;
	assert_non_null(bytes);
	open_pair(&p, 4096);
	assert_int_equal(wire_push(p.wire, &piece, 1, &taken), WIRE_WAITS);
	assert_true(taken > 0 && taken < 4 * MUCH);
	sent = taken;
	assert_int_equal(wire_written(p.wire), sent);
	while (wire_push(p.wire, &piece, 1, &taken) == WIRE_WAITS && taken > 0)
		sent += taken;
	assert_int_equal(taken, 0);
	assert_int_equal(wire_written(p.wire), sent);
	assert_string_equal(wire_reason(p.wire), "");
	wire_begin(p.wire, WAIT_MS, 30, 10);
	assert_int_equal(wire_write(p.wire, bytes, MUCH), -1);
	assert_string_equal(wire_reason(p.wire), "timed out: nothing was heard");
	assert_int_equal(wire_written(p.wire), sent);
	reset_by_peer(&p);
	assert_int_equal(wire_push(p.wire, &piece, 1, &taken), WIRE_LOST);
	assert_int_equal(taken, 0);
	assert_string_equal(wire_reason(p.wire), "Connection reset by peer");
	assert_int_equal(wire_push(p.wire, &piece, 1, &taken), WIRE_LOST);
	assert_string_equal(wire_reason(p.wire), "Broken pipe");
	close_pair(&p);
	free(bytes);
}

static void *
hear_soon(void *arg)
{
	const struct pair *p = arg;
	char *bytes = malloc(MUCH);
	size_t got = 0;

	clock_sleep_ms(20);
	while (bytes && got < MUCH + 1) {
		const ssize_t n = recv(p->peer, bytes, MUCH, 0);

		if (n <= 0)
			break;
		got += (size_t)n;
	}
	free(bytes);
	return NULL;
}

/* wire_write waits until there is room again. */
static void
a_writer_waits_for_room(void **state)
{
	struct pair p;
	pthread_t thread;
	char *bytes = calloc(1, 4 * MUCH);
	struct iovec piece = { bytes, 4 * MUCH };
	size_t taken = 1;

	(void)state;
	assert_non_null(bytes);
	open_pair(&p, 4096);
	while (taken > 0)
		assert_int_equal(wire_push(p.wire, &piece, 1, &taken), WIRE_WAITS);
	assert_int_equal(pthread_create(&thread, NULL, hear_soon, &p), 0);
	assert_true(wire_write(p.wire, bytes, MUCH) > 0);
	assert_int_equal(shutdown(p.peer, SHUT_RDWR), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	close_pair(&p);
	free(bytes);
}

/* ---- connecting ---------------------------------------------------------------------- */

static void
expect_no_wire(const struct wire_target *target, int64_t ms, const char *text)
{
	struct err err = ERR_INIT;

	assert_null(wire_open(target, ms, &err));
	assert_int_equal(err.kind, ERR_TEMPORARY);
	assert_string_equal(err.text, text);
}

static void
what_cannot_be_reached_is_named(void **state)
{
	char text[200];
	char path[120];
	int port = 0;
	const int listener = listen_here(0, 1, &port);

	(void)state;
	(void)close(listener);
	(void)snprintf(text, sizeof(text), "127.0.0.1 port %d: Connection refused", port);
	expect_no_wire(&(struct wire_target){ .host = "127.0.0.1", .port = port },
	    WAIT_MS, text);
	(void)snprintf(text, sizeof(text), "localhost port %d: Connection refused", port);
	expect_no_wire(&(struct wire_target){ .host = "localhost", .port = port },
	    WAIT_MS, text);
	memset(path, 'a', sizeof(path));
	memcpy(path, "/nowhere/", 9);
	path[sizeof(((struct sockaddr_un *)NULL)->sun_path)] = '\0';
	(void)snprintf(text, sizeof(text), "%s: the path of the socket is too long",
	    path);
	expect_no_wire(&(struct wire_target){ .path = path }, WAIT_MS, text);
	path[sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1] = '\0';
	(void)snprintf(text, sizeof(text), "%s: No such file or directory", path);
	expect_no_wire(&(struct wire_target){ .path = path }, WAIT_MS, text);
}

/* A listener whose queue is full answers nobody. */
static void
who_does_not_answer_is_waited_for_as_long_as_was_said(void **state)
{
	char text[200];
	int port = 0;
	const int listener = listen_here(0, 0, &port);
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port) };
	int queued[4];
	const int64_t start = clock_ticks_ms();

	(void)state;
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (size_t i = 0; i < ARRAY_LEN(queued); i++) {
		queued[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)connect(queued[i], (struct sockaddr *)&in, sizeof(in));
	}
	(void)snprintf(text, sizeof(text), "127.0.0.1 port %d: timed out", port);
	expect_no_wire(&(struct wire_target){ .host = "127.0.0.1", .port = port }, 60,
	    text);
	assert_true(clock_ticks_ms() - start >= 50);
	assert_true(clock_ticks_ms() - start < 2000);
	for (size_t i = 0; i < ARRAY_LEN(queued); i++)
		(void)close(queued[i]);
	(void)close(listener);
}

static void
this_machine_is_known_by_its_addresses(void **state)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	socklen_t len = sizeof(in6);
	struct err err = ERR_INIT;
	struct pair p;
	int fd = -1;

	(void)state;
	open_pair(&p, 0);
	assert_true(wire_is_local(p.wire));
	assert_false(wire_is_encrypted(p.wire));
	assert_true(wire_fd(p.wire) > 2);
	close_pair(&p);
	fd = socket(AF_INET6, SOCK_STREAM, 0);
	/* A machine may have no IPv6. */
	if (fd >= 0 && bind(fd, (struct sockaddr *)&in6, sizeof(in6)) == 0) {
		struct wire *w = NULL;

		assert_int_equal(listen(fd, 1), 0);
		assert_int_equal(getsockname(fd, (struct sockaddr *)&in6, &len), 0);
		w = wire_open(&(struct wire_target){ .host = "::1",
				  .port = ntohs(in6.sin6_port) },
		    WAIT_MS, &err);
		assert_non_null(w);
		assert_true(wire_is_local(w));
		wire_free(w);
	}
	if (fd >= 0)
		(void)close(fd);
}

static void
a_socket_of_this_machine_is_reached_by_its_path(void **state)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct err err = ERR_INIT;
	struct wire *w = NULL;
	char dir[64];
	const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	unsigned char name[WIRE_BINDING_MAX];
	size_t len = 7;

	(void)state;
	assert_true(scratch_folder(dir, sizeof(dir)));
	(void)snprintf(un.sun_path, sizeof(un.sun_path), "%s/s", dir);
	assert_int_equal(bind(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	assert_int_equal(listen(fd, 1), 0);
	w = wire_open(&(struct wire_target){ .path = un.sun_path }, WAIT_MS, &err);
	assert_non_null(w);
	assert_true(wire_is_local(w));
	/* Nothing is heard before an exchange has begun. */
	assert_int_equal(wire_take(w, name, 1), -1);
	assert_string_equal(wire_reason(w), "the server talks without end");
	assert_int_equal(wire_binding(w, name, &len), WIRE_BINDING_NONE);
	assert_int_equal(len, 0);
	/* What becomes of octets is not known there. */
	assert_int_equal(wire_write(w, "x", 1), 1);
	assert_false(wire_still_sends(w));
	assert_false(wire_kept_back(w, 1));
	wire_free(w);
	(void)close(fd);
	(void)unlink(un.sun_path);
	(void)rmdir(dir);
}

static void
a_wire_belongs_to_no_child(void **state)
{
	struct pair p;
	int at_once = 0;
	socklen_t len = sizeof(at_once);

	(void)state;
	open_pair(&p, 0);
	/* And sends at once what it is given. */
	assert_int_equal(getsockopt(wire_fd(p.wire), IPPROTO_TCP, TCP_NODELAY, &at_once,
			     &len),
	    0);
	assert_int_not_equal(at_once, 0);
	assert_true((fcntl(wire_fd(p.wire), F_GETFD) & FD_CLOEXEC) != 0);
	close_pair(&p);
	wire_free(NULL);
	wire_trust_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shorter_of_two_patiences_counts),
		cmocka_unit_test(what_ended_the_patience_is_told_once),
		cmocka_unit_test(a_wait_ends_with_its_reason_and_in_time),
		cmocka_unit_test(a_wait_that_nobody_wants_ends_soon),
		cmocka_unit_test(a_wait_is_for_the_direction_that_is_asked_for),
		cmocka_unit_test(no_more_is_heard_than_is_allowed),
		cmocka_unit_test(an_end_is_an_error_with_its_words),
		cmocka_unit_test(pieces_go_one_behind_the_other),
		cmocka_unit_test(what_finds_no_room_waits),
		cmocka_unit_test(a_writer_waits_for_room),
		cmocka_unit_test(what_cannot_be_reached_is_named),
		cmocka_unit_test(who_does_not_answer_is_waited_for_as_long_as_was_said),
		cmocka_unit_test(this_machine_is_known_by_its_addresses),
		cmocka_unit_test(a_socket_of_this_machine_is_reached_by_its_path),
		cmocka_unit_test(a_wire_belongs_to_no_child),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

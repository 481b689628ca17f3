/* SPDX-License-Identifier: ISC */
/*
 * Connections that are lost in or after a letter: what the server cannot have had is sent again,
 * what it may have had never is.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "transport/wire.h"
#include "unit/smtp_fixture.h"

/* ---- the connection ------------------------------------------------------------------ */

enum { TOTAL = 1 << 20, HEARD = 5000, WAIT_MS = 5000 };

/* A wire and the other end of it, which has little room. */
struct pair {
	struct wire *wire;
	int peer;
	char *bytes; /* TOTAL of them */
};

static void
open_pair(struct pair *p)
{
	const int room = 4096;
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t len = sizeof(in);
	struct err err = ERR_INIT;
	const int listener = socket(AF_INET, SOCK_STREAM, 0);

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room)),
	    0);
	assert_int_equal(bind(listener, (struct sockaddr *)&in, sizeof(in)), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&in, &len), 0);
	p->wire = wire_open(&(struct wire_target){ .host = "127.0.0.1",
				.port = ntohs(in.sin_port) },
	    WAIT_MS, &err);
	assert_non_null(p->wire);
	wire_begin(p->wire, WAIT_MS, WAIT_MS, TOTAL);
	p->peer = accept(listener, NULL, NULL);
	assert_true(p->peer >= 0);
	(void)close(listener);
	p->bytes = calloc(1, TOTAL);
	assert_non_null(p->bytes);
}

static void
close_pair(struct pair *p)
{
	wire_free(p->wire);
	if (p->peer >= 0)
		(void)close(p->peer);
	free(p->bytes);
}

/* As much as the system takes; it is more than the peer has room for. */
static uint64_t
push_much(struct pair *p, size_t len)
{
	const struct iovec piece = { p->bytes, len };
	size_t taken = 0;

	assert_int_not_equal(wire_push(p->wire, &piece, 1, &taken), WIRE_LOST);
	return wire_written(p->wire);
}

static void
hear_at_peer(struct pair *p, size_t len)
{
	while (len > 0) {
		const ssize_t n = recv(p->peer, p->bytes, len, 0);

		assert_true(n > 0);
		len -= (size_t)n;
	}
}

static void
reset_by_peer(struct pair *p)
{
	const struct linger at_once = { 1, 0 };

	assert_int_equal(setsockopt(p->peer, SOL_SOCKET, SO_LINGER, &at_once,
			     sizeof(at_once)),
	    0);
	(void)close(p->peer);
	p->peer = -1;
}

static void
expect_lost(struct pair *p)
{
	char octet = '\0';

	assert_int_equal(wire_read(p->wire, &octet, 1), -1);
}

static void
what_never_left_is_known_when_the_peer_has_reset(void **state)
{
	struct pair p;
	uint64_t end = 0;

	(void)state;
	open_pair(&p);
	end = push_much(&p, TOTAL / 2);
	assert_int_equal(end, TOTAL / 2);
	hear_at_peer(&p, HEARD);
	reset_by_peer(&p);
	expect_lost(&p);
	assert_false(wire_still_sends(p.wire));
	assert_true(wire_kept_back(p.wire, end));
	assert_true(wire_kept_back(p.wire, end + 1));
	/* It heard these, and may have heard some more. */
	assert_false(wire_kept_back(p.wire, HEARD));
	close_pair(&p);
}

/* The system goes on sending what it has, whether we listen or not. */
static void
nothing_is_kept_back_while_the_peer_may_take_it(void **state)
{
	struct pair p;
	uint64_t end = 0;

	(void)state;
	open_pair(&p);
	end = push_much(&p, TOTAL / 2);
	assert_true(wire_still_sends(p.wire));
	assert_false(wire_kept_back(p.wire, end));
	/* It says no more, and hears on. */
	assert_int_equal(shutdown(p.peer, SHUT_WR), 0);
	expect_lost(&p);
	assert_true(wire_still_sends(p.wire));
	assert_false(wire_kept_back(p.wire, end));
	hear_at_peer(&p, TOTAL / 2);
	assert_false(wire_still_sends(p.wire));
	assert_false(wire_kept_back(p.wire, end));
	close_pair(&p);
}

/* Its system has not acknowledged them yet, and never will: the reset says it, unheard. */
static void
what_was_heard_and_not_acknowledged_is_not_kept_back(void **state)
{
	const int no = 0;
	struct pair p;
	uint64_t end = 0;

	(void)state;
	open_pair(&p);
	/* A connection that is used in both directions acknowledges late. */
	for (int i = 0; i < 30; i++) {
		char octet = 'x';

		(void)push_much(&p, 1);
		hear_at_peer(&p, 1);
		assert_int_equal(send(p.peer, &octet, 1, 0), 1);
		assert_int_equal(wire_read(p.wire, &octet, 1), 1);
	}
	assert_int_equal(setsockopt(p.peer, IPPROTO_TCP, TCP_QUICKACK, &no, sizeof(no)),
	    0);
	end = push_much(&p, 500);
	hear_at_peer(&p, 500);
	reset_by_peer(&p);
	expect_lost(&p);
	assert_false(wire_still_sends(p.wire));
	assert_false(wire_kept_back(p.wire, end));
	assert_true(wire_kept_back(p.wire, end + 1));
	close_pair(&p);
}

/* ---- letters ------------------------------------------------------------------------- */

enum { LARGE = 10000 /* lines, of 31 octets: more than a connection holds */ };

static const struct {
	const char *modes;
	enum smtp_security security;
} wires[] = {
	{ "", SECURITY_NONE },
	{ "tls=good;", SECURITY_TLS },
	{ "starttls=good;tls12;", SECURITY_STARTTLS },
};

static void
serve_large(struct bench *b, size_t wire, const char *modes)
{
	begin_again(b);
	b->letters.lines = LARGE;
	b->config.smtp.security = wires[wire].security;
	serve(b, arena_printf(b->arena, "%s%s", wires[wire].modes, modes));
}

static void
a_letter_whose_end_never_left_is_sent_again(void **state)
{
	static const char *const modes[] = {
		"cut=1;abort",
		"cut=1",
		"cut=2;nopipe",
		"cut=2;chunking;abort",
		"cut=2;chunking",
		"cut=1;lingers;abort",
		"cut=2;lingers;abort;chunking",
	};
	struct bench *b = *state;

	for (size_t w = 0; w < ARRAY_LEN(wires); w++) {
		for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
			serve_large(b, w, modes[i]);
			expect_all_sent(b);
			expect_count(b, "session", 2);
		}
	}
}

static void
a_letter_that_was_taken_is_never_sent_again(void **state)
{
	static const struct {
		const char *modes;
		size_t taken;
	} rows[] = {
		{ "drop=dot;abort", 0 },
		{ "drop=dot", 0 },
		{ "half-close", 0 },
		{ "half-close;abort;nopipe", 0 },
		{ "drop=dot;chunking;abort", 0 },
		{ "half-close;chunking", 0 },
		/* Here the one behind it did not leave as a whole. */
		{ "lose=2;chunking;abort", 1 },
		{ "lose=2;chunking", 1 },
	};
	struct bench *b = *state;

	for (size_t w = 0; w < ARRAY_LEN(wires); w++) {
		for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
			serve_large(b, w, rows[r].modes);
			assert_true(run(b));
			for (size_t i = 0; i < 3; i++)
				expect_kind(b, i,
				    i == rows[r].taken ? OUTCOME_UNKNOWN : OUTCOME_SENT);
			expect_count(b, "accepted", 3);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_never_left_is_known_when_the_peer_has_reset),
		cmocka_unit_test(nothing_is_kept_back_while_the_peer_may_take_it),
		cmocka_unit_test(what_was_heard_and_not_acknowledged_is_not_kept_back),
		cmocka_unit_test_setup_teardown(
		    a_letter_whose_end_never_left_is_sent_again, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_letter_that_was_taken_is_never_sent_again, setup, teardown),
	};

	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}

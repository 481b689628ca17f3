/* SPDX-License-Identifier: ISC */
/*
 * What a connection does when the calls of the system below it fail, are interrupted or take a
 * part; and its patience, with a clock that moves only while nothing comes.
 */
#define _GNU_SOURCE /* RTLD_NEXT */

#include "unit/wire_fixture.h"

#include "unit/failing_network.h"

static const int64_t NOW = 1000000;

/* A pair at NOW, with all calls as they are. */
static void
begin_pair(struct pair *p)
{
	failing_calls_clear();
	frozen_ms = 0;
	open_pair(p, 0);
	failing_calls_clear();
	frozen_ms = NOW;
}

static void
end_pair(struct pair *p)
{
	failing_calls_clear();
	frozen_ms = 0;
	close_pair(p);
}

/* ---- patience ------------------------------------------------------------------------ */

static const struct {
	int64_t total, idle;
	bool may_give_up; /* then it looks up every 200 ms */
	int polls, last_ms, waited_ms;
	const char *reason;
} silences[] = {
	{ 1000, 300, false, 1, 300, 300, "timed out: nothing was heard" },
	{ 1000, 999, false, 1, 999, 999, "timed out: nothing was heard" },
	{ 1000, 1000, false, 1, 1000, 1000, "timed out" },
	{ 1000, 1001, false, 1, 1000, 1000, "timed out" },
	{ 1, 300, false, 1, 1, 1, "timed out" },
	{ 0, 300, false, 0, 0, 0, "timed out: it took too long in all" },
	{ -1, 300, false, 0, 0, 0, "timed out: it took too long in all" },
	{ 300, 0, false, 0, 0, 0, "timed out: it took too long in all" },
	{ 1000, 1, true, 1, 1, 1, "timed out: nothing was heard" },
	{ 1000, 199, true, 1, 199, 199, "timed out: nothing was heard" },
	{ 1000, 200, true, 1, 200, 200, "timed out: nothing was heard" },
	{ 1000, 201, true, 2, 1, 201, "timed out: nothing was heard" },
	{ 1000, 600, true, 3, 200, 600, "timed out: nothing was heard" },
	{ 401, 600, true, 3, 1, 401, "timed out" },
};

static void
a_silence_is_waited_for_to_its_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(silences); i++) {
		struct wire_target target = { .host = "127.0.0.1" };
		const int listener = listen_here(0, 1, &target.port);
		struct err err = ERR_INIT;
		atomic_bool no = false;
		struct wire *w = NULL;

		failing_calls_clear();
		frozen_ms = 0;
		target.give_up = silences[i].may_give_up ? &no : NULL;
		w = wire_open(&target, WAIT_MS, &err);
		assert_non_null(w);
		failing_calls_clear();
		frozen_ms = NOW;
		poll_silent = 99;
		wire_begin(w, silences[i].total, silences[i].idle, 1);
		assert_false(wire_wait(w, false));
		if (calls_seen.polls != silences[i].polls ||
		    calls_seen.poll_ms != silences[i].last_ms ||
		    calls_seen.waited_ms != silences[i].waited_ms ||
		    strcmp(wire_reason(w), silences[i].reason) != 0)
			fail_msg("row %zu: %d looks, %d ms, \"%s\"", i, calls_seen.polls,
			    calls_seen.waited_ms, wire_reason(w));
		failing_calls_clear();
		wire_free(w);
		(void)close(listener);
	}
	frozen_ms = 0;
}

static void
an_interruption_is_no_end_of_a_wait(void **state)
{
	struct pair p;

	(void)state;
	begin_pair(&p);
	assert_int_equal(send(p.peer, "x", 1, 0), 1);
	failing_calls[0] = (struct failing_call){ "poll", EINTR, 0 };
	assert_true(wire_wait(p.wire, false));
	assert_int_equal(calls_seen.polls, 2);
	assert_string_equal(wire_reason(p.wire), "");
	failing_calls[0] = (struct failing_call){ "poll", EFAULT, 0 };
	assert_false(wire_wait(p.wire, false));
	assert_int_equal(calls_seen.polls, 3);
	assert_string_equal(wire_reason(p.wire), "Bad address");
	end_pair(&p);
}

static void
who_gives_up_does_not_wait_at_all(void **state)
{
	struct pair p;

	(void)state;
	begin_pair(&p);
	wire_begin(p.wire, 1000, 1000, 1);
	poll_silent = 99;
	atomic_store(&p.give_up, true);
	assert_false(wire_wait(p.wire, false));
	assert_int_equal(calls_seen.polls, 0);
	assert_string_equal(wire_reason(p.wire), "stopped: nobody waits any longer");
	end_pair(&p);
}

/* ---- connecting ---------------------------------------------------------------------- */

/* What getaddrinfo() answers of mail.example: each time a code, and two addresses of this machine. */
static struct {
	int codes[3];
	int asked;
	int flags[3];
	int port;
	int freed;
	struct sockaddr_in in[2];
	struct addrinfo two[2];
} names;

int
getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
    struct addrinfo **list)
{
	static int (*library)(const char *, const char *, const struct addrinfo *,
	    struct addrinfo **);

	if (!library)
		LIBRARYS(library, "getaddrinfo");
	if (strcmp(host, "mail.example") != 0)
		return library(host, service, hints, list);
	assert_int_equal(hints->ai_socktype, SOCK_STREAM);
	assert_int_equal(strtol(service, NULL, 10), names.port);
	for (size_t i = 0; i < 2; i++) {
		names.in[i] = (struct sockaddr_in){ .sin_family = AF_INET,
			.sin_port = htons((uint16_t)names.port),
			.sin_addr = { htonl(INADDR_LOOPBACK) } };
		names.two[i] = (struct addrinfo){ .ai_family = AF_INET,
			.ai_addr = (struct sockaddr *)&names.in[i],
			.ai_addrlen = sizeof(names.in[i]),
			.ai_next = i == 0 ? &names.two[1] : NULL };
	}
	*list = names.two;
	names.flags[names.asked] = hints->ai_flags;
	return names.codes[names.asked++];
}

void
freeaddrinfo(struct addrinfo *list)
{
	static void (*library)(struct addrinfo *);

	if (!library)
		LIBRARYS(library, "freeaddrinfo");
	if (list == names.two)
		names.freed++;
	else
		library(list);
}

/* clang-format off */
static const struct {
	const char *name;
	int codes[3];
	struct failing_call fails[2];
	int silent;
	const char *said; /* NULL: connected */
	int asked, freed, waited_ms;
} connections[] = {
	{ "at once", { 0 }, { { 0 } }, 0, NULL, 1, 1, 0 },
	{ "a name", { EAI_NONAME, 0 }, { { 0 } }, 0, NULL, 2, 1, 0 },
	{ "a name of this machine alone", { EAI_NONAME, EAI_NONAME, 0 }, { { 0 } }, 0, NULL, 3, 1, 0 },
	{ "no name", { EAI_NONAME, EAI_NONAME, EAI_AGAIN }, { { 0 } }, 0,
		"Temporary failure in name resolution", 3, 0, 0 },
	{ "the second address", { 0 }, { { "connect", ENETUNREACH, 0 } }, 0, NULL, 1, 1, 0 },
	{ "no address", { 0 }, { { "connect", ENETUNREACH, 0 }, { "connect", EHOSTUNREACH, 0 } }, 0,
		"No route to host", 1, 1, 0 },
	{ "each has its share of the time", { 0 },
		{ { "connect", EINPROGRESS, 0 }, { "connect", EINPROGRESS, 0 } }, 99, "timed out", 1, 1, 1000 },
	{ "the first has its share", { 0 }, { { "connect", EINPROGRESS, 0 } }, 1, NULL, 1, 1, 500 },
	{ "interrupted", { 0 }, { { "connect", EINTR, 0 } }, 0, NULL, 1, 1, 0 },
	{ "no answer about the first", { 0 }, { { "connect", EINPROGRESS, 0 }, { "getsockopt", ENOBUFS, 0 } }, 0,
		NULL, 1, 1, 0 },
	{ "no sockets", { 0 }, { { "socket", EMFILE, 0 }, { "socket", ENFILE, 0 } }, 0,
		"Too many open files in system", 1, 1, 0 },
	{ "cannot be closed in children", { 0 }, { { "fcntl", EBADF, 0 }, { "fcntl", EINVAL, 0 } }, 0,
		"Invalid argument", 1, 1, 0 },
	{ "waits always", { 0 }, { { "fcntl", EBADF, 1 }, { "fcntl", EINVAL, 2 } }, 0,
		"Invalid argument", 1, 1, 0 },
};
/* clang-format on */

static void
a_name_is_looked_up_and_its_addresses_tried_in_turn(void **state)
{
	const int listener = listen_here(0, 99, &names.port);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(connections); i++) {
		struct err err = ERR_INIT;
		struct wire *w = NULL;
		char want[100] = "";

		failing_calls_clear();
		frozen_ms = NOW;
		names.asked = names.freed = 0;
		memcpy(names.codes, connections[i].codes, sizeof(names.codes));
		memcpy(failing_calls, connections[i].fails, sizeof(failing_calls));
		poll_silent = connections[i].silent;
		w = wire_open(&(struct wire_target){ .host = "mail.example",
				  .port = names.port },
		    1000, &err);
		if (connections[i].said)
			(void)snprintf(want, sizeof(want), "mail.example port %d: %s",
			    names.port, connections[i].said);
		if (!w != (connections[i].said != NULL) || strcmp(err.text, want) != 0 ||
		    names.asked != connections[i].asked ||
		    names.freed != connections[i].freed ||
		    calls_seen.waited_ms != connections[i].waited_ms)
			fail_msg("%s: \"%s\", asked %d, %d ms", connections[i].name,
			    err.text, names.asked, calls_seen.waited_ms);
		/* What became of other addresses is no end of this one. */
		if (w) {
			wire_give_up(w);
			assert_string_equal(wire_reason(w),
			    "stopped: nobody waits any longer");
		}
		failing_calls_clear();
		wire_free(w);
	}
	assert_int_equal(names.flags[0], AI_NUMERICHOST);
	assert_int_equal(names.flags[1], AI_ADDRCONFIG);
	assert_int_equal(names.flags[2], 0);
	frozen_ms = 0;
	(void)close(listener);
}

/* ---- whom to believe ----------------------------------------------------------------- */

/* What GnuTLS answers, when it is not as it is. */
static struct {
	int allocates, authorities;
} gnutls_says;

int
gnutls_certificate_allocate_credentials(gnutls_certificate_credentials_t *c)
{
	static int (*library)(gnutls_certificate_credentials_t *);

	if (!library)
		LIBRARYS(library, "gnutls_certificate_allocate_credentials");
	return gnutls_says.allocates != 0 ? gnutls_says.allocates : library(c);
}

int
gnutls_certificate_set_x509_system_trust(gnutls_certificate_credentials_t c)
{
	(void)c;
	return gnutls_says.authorities;
}

static void
a_system_may_have_no_authorities(void **state)
{
	struct wire_trust *t = NULL;

	(void)state;
	for (int n = -1; n <= 1; n++) {
		struct err err = ERR_INIT;

		gnutls_says.authorities = n;
		t = wire_trust_new(n == 0 ? "" : NULL, NULL, &err);
		assert_int_equal(t != NULL, n > 0);
		assert_int_equal(err.kind, n > 0 ? ERR_NONE : ERR_CONFIG);
		assert_string_equal(err.text,
		    n > 0 ? "" : "this system has no certificate authorities");
		assert_string_equal(err.hint,
		    n > 0 ? "" : "install ca-certificates, or set smtp.ca_file");
		wire_trust_free(t);
	}
}

static void
what_else_keeps_one_from_believing(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	/* The system's authorities are asked for in want of others alone. */
	gnutls_says.authorities = 1;
	assert_null(wire_trust_new("/nowhere/ca.crt", NULL, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_string_equal(err.text, "/nowhere/ca.crt: No such file or directory");
	assert_string_equal(err.hint, "");
	err_clear(&err);
	gnutls_says.allocates = GNUTLS_E_MEMORY_ERROR;
	assert_null(wire_trust_new(NULL, NULL, &err));
	gnutls_says.allocates = 0;
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_string_equal(err.text, "TLS: Internal error in memory allocation.");
}

/* ---- octets -------------------------------------------------------------------------- */

static void
what_is_interrupted_is_tried_again(void **state)
{
	struct pair p;
	char octet = '\0';
	struct iovec piece = { &octet, 1 };
	size_t taken = 9;

	(void)state;
	begin_pair(&p);
	assert_int_equal(send(p.peer, "xy", 2, 0), 2);
	for (int i = 0; i < 2; i++) {
		failing_calls[0] =
		    (struct failing_call){ "recv", i == 0 ? EINTR : EAGAIN, 0 };
		assert_int_equal(wire_take(p.wire, &octet, 1), 0);
		failing_calls[0] =
		    (struct failing_call){ "send", i == 0 ? EINTR : EAGAIN, 0 };
		calls_seen.polls = 0;
		assert_int_equal(wire_write(p.wire, &octet, 1), 1);
		assert_int_equal(calls_seen.polls, 1);
	}
	sends = 0;
	failing_calls[0] = (struct failing_call){ "sendmsg", EINTR, 0 };
	assert_int_equal(wire_push(p.wire, &piece, 1, &taken), WIRE_DONE);
	assert_int_equal(taken, 1);
	assert_int_equal(sends, 2);
	failing_calls[0] = (struct failing_call){ "sendmsg", EAGAIN, 0 };
	assert_int_equal(wire_push(p.wire, &piece, 1, &taken), WIRE_WAITS);
	assert_int_equal(taken, 0);
	assert_int_equal(sends, 3);
	assert_int_equal(wire_written(p.wire), 3);
	assert_string_equal(wire_reason(p.wire), "");
	end_pair(&p);
}

static void
what_fails_is_told_by_its_name(void **state)
{
	struct pair p;
	char octet = '\0';
	struct iovec piece = { &octet, 1 };
	size_t taken = 9;

	(void)state;
	begin_pair(&p);
	assert_int_equal(send(p.peer, "xy", 2, 0), 2);
	failing_calls[0] = (struct failing_call){ "recv", ECONNRESET, 0 };
	assert_int_equal(wire_take(p.wire, &octet, 1), -1);
	assert_string_equal(wire_reason(p.wire), "Connection reset by peer");
	failing_calls[0] = (struct failing_call){ "send", EPIPE, 0 };
	assert_int_equal(wire_write(p.wire, &octet, 1), -1);
	assert_string_equal(wire_reason(p.wire), "Broken pipe");
	failing_calls[0] = (struct failing_call){ "sendmsg", ENETDOWN, 0 };
	assert_int_equal(wire_push(p.wire, &piece, 1, &taken), WIRE_LOST);
	assert_string_equal(wire_reason(p.wire), "Network is down");
	assert_int_equal(taken, 0);
	assert_int_equal(wire_written(p.wire), 0);
	end_pair(&p);
}

/* In the clear it is waited for before it is asked for, unless nothing more may be heard. */
static void
an_answer_is_waited_for_first(void **state)
{
	struct pair p;
	char bytes[4];

	(void)state;
	begin_pair(&p);
	assert_int_equal(send(p.peer, "xyz", 3, 0), 3);
	wire_begin(p.wire, 1000, 1000, 2);
	assert_int_equal(wire_read(p.wire, bytes, 1), 1);
	assert_int_equal(calls_seen.polls, 1);
	failing_calls[0] = (struct failing_call){ "recv", EAGAIN, 0 };
	assert_int_equal(wire_read(p.wire, bytes, 4), 1);
	assert_int_equal(calls_seen.polls, 3);
	assert_int_equal(wire_read(p.wire, bytes, 1), -1);
	assert_string_equal(wire_reason(p.wire), "the server talks without end");
	assert_int_equal(calls_seen.polls, 3);
	end_pair(&p);
}

static void
a_part_of_the_pieces_is_taken(void **state)
{
	struct pair p;
	char octets[] = "abcdefgh";
	struct iovec pieces[3] = { { octets, 3 }, { octets + 3, 4 }, { octets + 7, 1 } };
	char got[8];
	size_t taken = 9;

	(void)state;
	begin_pair(&p);
	send_most = 5;
	assert_int_equal(wire_push(p.wire, pieces, 3, &taken), WIRE_WAITS);
	assert_int_equal(taken, 5);
	assert_int_equal(recv(p.peer, got, sizeof(got), 0), 5);
	assert_memory_equal(got, "abcde", 5);
	send_most = 8;
	assert_int_equal(wire_push(p.wire, pieces, 3, &taken), WIRE_DONE);
	assert_int_equal(taken, 8);
	assert_int_equal(wire_written(p.wire), 13);
	send_most = 0;
	end_pair(&p);
}

/* ---- what was sent ------------------------------------------------------------------- */

static int unsent; /* that the system says; -1: it does not know */

int
ioctl(int fd, unsigned long request, ...)
{
	static int (*library)(int, unsigned long, ...);
	va_list ap;
	int *n = NULL;

	va_start(ap, request);
	n = va_arg(ap, int *);
	va_end(ap);
	if (!library)
		LIBRARYS(library, "ioctl");
	if (request != SIOCOUTQNSD)
		return library(fd, request, n);
	if (unsent >= 0)
		*n = unsent;
	return unsent >= 0 ? 0 : -1;
}

/* Of ten octets that were written; what is never sent are the last ones. */
static const struct {
	int unsent;
	uint64_t end;
	bool kept, kept_when_dead, sends;
} ends[] = {
	{ 0, 10, false, false, false },
	{ 1, 10, false, true, true },
	{ 1, 9, false, false, true },
	{ 2, 9, false, true, true },
	{ 2, 8, false, false, true },
	{ 10, 1, false, true, true },
	{ 9, 1, false, false, true },
	{ -1, 10, false, false, false },
	{ 0, 11, true, true, false },
	{ 1, 11, true, true, true },
};

static void
what_is_not_sent_when_all_is_over_was_kept_back(void **state)
{
	struct pair p;

	(void)state;
	begin_pair(&p);
	unsent = 0;
	assert_int_equal(wire_write(p.wire, "0123456789", 10), 10);
	for (int dead = 0; dead < 2; dead++) {
		for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
			unsent = ends[i].unsent;
			if (wire_kept_back(p.wire, ends[i].end) !=
				(dead ? ends[i].kept_when_dead : ends[i].kept) ||
			    wire_still_sends(p.wire) != (!dead && ends[i].sends))
				fail_msg("row %zu, %d", i, dead);
		}
		(void)shutdown(wire_fd(p.wire), SHUT_RDWR);
		(void)shutdown(p.peer, SHUT_RDWR);
	}
	end_pair(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_silence_is_waited_for_to_its_end),
		cmocka_unit_test(an_interruption_is_no_end_of_a_wait),
		cmocka_unit_test(who_gives_up_does_not_wait_at_all),
		cmocka_unit_test(a_name_is_looked_up_and_its_addresses_tried_in_turn),
		cmocka_unit_test(a_system_may_have_no_authorities),
		cmocka_unit_test(what_else_keeps_one_from_believing),
		cmocka_unit_test(what_is_interrupted_is_tried_again),
		cmocka_unit_test(what_fails_is_told_by_its_name),
		cmocka_unit_test(an_answer_is_waited_for_first),
		cmocka_unit_test(a_part_of_the_pieces_is_taken),
		cmocka_unit_test(what_is_not_sent_when_all_is_over_was_kept_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

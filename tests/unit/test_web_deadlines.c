/* SPDX-License-Identifier: ISC */
/*
 * The server when it gets crowded, late, or is told to stop, and while somebody else writes.  Its
 * clock stands still and is moved by the client, a child process, so that each limit is seen
 * from both sides: this program has a clock_gettime() of its own in front of the library's.
 */
#define _GNU_SOURCE /* syscall() */

#include "unit/web_fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include "store/new_address.h"
#include "store/transactions.h"
#include "web/listen.h"
#include "web/server.h"

enum { HEARD_MAX = 1 << 16, PATIENCE_MS = 10000, MANY = 70, CROWD = 192 };

/* What the client tells the server, and hears of it. */
static struct shared {
	volatile int ahead_ms;        /* of the clock */
	volatile bool stops;          /* the server has been told to end */
	volatile bool locks;          /* somebody else is to write ... */
	volatile bool is_locked;      /* ... and does */
	char leave[200], wishes[200]; /* ann's links */
} * shared;

int
clock_gettime(clockid_t id, struct timespec *ts)
{
	if (!shared || (id != CLOCK_MONOTONIC && id != CLOCK_MONOTONIC_COARSE))
		return (int)syscall(SYS_clock_gettime, id, ts);
	ts->tv_sec = 1000 + shared->ahead_ms / 1000;
	ts->tv_nsec = (long)(shared->ahead_ms % 1000) * 1000000;
	return 0;
}

/* ---- the server ---- */

struct served {
	struct pages_test p;
	struct listener l;
	struct store *other; /* of somebody else, who may write */
	struct err trouble;  /* why a page did not work, in place of a line of the log */
};

static pid_t client;
static struct served *served; /* run.interrupted() has no argument */

static bool
client_is_gone(void)
{
	siginfo_t info = { .si_pid = 0 };

	return waitid(P_PID, (id_t)client, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
	    info.si_pid == client;
}

/* Between two turns of the server: somebody else begins or ends to write. */
static bool
is_told_to_stop(void)
{
	if (served->other && shared->locks && !shared->is_locked) {
		MUST(store_begin(served->other, err));
		shared->is_locked = true;
	} else if (served->other && !shared->locks && shared->is_locked) {
		store_rollback(served->other);
		shared->is_locked = false;
	}
	return shared->stops || client_is_gone();
}

/* A database on the disk in place of the one in memory, and another that may write to it. */
static void
put_on_disk(struct served *s)
{
	struct store_options o = open_options(STORE_CREATE);
	const char *path = arena_printf(s->p.t.run.arena, "%s/p.db", s->p.t.folder);
	struct err why = ERR_INIT;

	close_store(s->p.t.run.store);
	s->p.t.run.store = store_open(path, &o, &why);
	if (!s->p.t.run.store)
		fail_msg("%s", why.text);
	o.mode = STORE_WRITE;
	s->other = store_open(path, &o, &why);
	if (!s->other)
		fail_msg("%s", why.text);
	s->p.ann = make_reader("ann@reader.example", READER_ACTIVE);
	MUST(store_reader_add(s->p.t.run.store, &s->p.ann, err));
}

enum disk { IN_MEMORY, ON_DISK, BROKEN };

static void
begin_serving(struct served *s, enum disk disk, const char *where)
{
	memset(s, 0, sizeof(*s));
	memset(shared, 0, sizeof(*shared));
	served = s;
	begin_pages(&s->p);
	if (disk != IN_MEMORY)
		put_on_disk(s);
	MUST(site_open(&s->p.t.run, &s->p.site, err)); /* makes the key */
	if (disk == BROKEN)
		flow_break_store(&s->p.t);
	open_pages(&s->p);
	s->p.site.trouble = &s->trouble;
	(void)snprintf(shared->leave, sizeof(shared->leave), "/u/%s",
	    token(&s->p, TOKEN_LEAVE, s->p.ann.id, s->p.ann.epoch));
	(void)snprintf(shared->wishes, sizeof(shared->wishes), "/p/%s",
	    token(&s->p, TOKEN_PREFERENCES, s->p.ann.id, s->p.ann.epoch));
	s->p.t.run.interrupted = is_told_to_stop;
	if (!where)
		where = arena_printf(s->p.t.run.arena, "unix:%s/web.sock", s->p.t.folder);
	MUST(listener_open(where, &s->l, err));
}

/* Serves until the work is done, or the client has said so. */
static void
serve(struct served *s, void (*work)(const char *where))
{
	int status = 0;

	client = fork();
	if (client == 0) {
		work(s->l.name);
		_exit(0);
	}
	MUST(server_run(&s->p.site, &s->l, err));
	SAME_INT("waited for", waitpid(client, &status, 0), client);
	assert_true(WIFEXITED(status));
	SAME_INT("how its client ended", WEXITSTATUS(status), 0);
}

static void
end_serving(struct served *s)
{
	listener_close(&s->l);
	if (s->other)
		close_store(s->other);
	end(&s->p);
}

/* ---- the client ---- */

/* The first thing that is not so ends the client. */
static void
must(const char *name, bool is_so)
{
	if (is_so)
		return;
	(void)fprintf(stderr, "%s: is not so\n", name);
	_exit(1);
}

static int
dial_port(int family, const char *port)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)strtol(port, NULL, 10)) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = v4.sin_port };
	const int fd = socket(family, SOCK_STREAM, 0);
	const bool is_v4 = family == AF_INET;

	v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	v6.sin6_addr.s6_addr[15] = 1;
	return connect(fd, is_v4 ? (const void *)&v4 : (const void *)&v6,
		   is_v4 ? sizeof(v4) : sizeof(v6)) == 0
	    ? fd
	    : -1;
}

/* where: as the listener is called. */
static int
dial(const char *where)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = -1;

	if (strncmp(where, "unix:", 5) != 0)
		return dial_port(strchr(where, '[') ? AF_INET6 : AF_INET,
		    strrchr(where, ':') + 1);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	memcpy(at.sun_path, where + 5, strlen(where + 5) + 1);
	return connect(fd, (const struct sockaddr *)&at, sizeof(at)) == 0 ? fd : -1;
}

static void
say(int fd, const char *text)
{
	if (send(fd, text, strlen(text), MSG_NOSIGNAL) != (ssize_t)strlen(text))
		(void)fprintf(stderr, "cannot say %.60s\n", text);
}

/* Waits for what comes: up to the end, or to an empty line. */
static const char *
hear(int fd, bool to_the_end)
{
	static char heard[HEARD_MAX];
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	size_t n = 0;
	ssize_t got = 1;

	heard[0] = '\0';
	while (got > 0 && n < sizeof(heard) - 1 && poll(&wait, 1, PATIENCE_MS) == 1) {
		got = recv(fd, heard + n, sizeof(heard) - 1 - n, 0);
		n += got > 0 ? (size_t)got : 0;
		heard[n] = '\0';
		if (!to_the_end && strstr(heard, "\r\n\r\n"))
			break;
	}
	return heard;
}

/* A small request on a connection that stays; the server has had a turn then. */
static void
knock(int fd)
{
	say(fd, "HEAD /style.css HTTP/1.1\r\nHost: news.example.net\r\n\r\n");
	must("a knock is answered", strncmp(hear(fd, false), "HTTP/1.1 200 ", 13) == 0);
}

/* Twice: what was sent before has been read then. */
static void
knock_twice(int fd)
{
	knock(fd);
	knock(fd);
}

static bool
is_silent(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	return poll(&wait, 1, 0) == 0;
}

static bool
is_cut_off(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	char c = 0;

	return poll(&wait, 1, PATIENCE_MS) == 1 && recv(fd, &c, 1, 0) <= 0;
}

/* fields: further lines of the header. */
static void
post(int fd, const char *path, const char *fields, const char *form)
{
	char text[2000];

	(void)snprintf(text, sizeof(text),
	    "POST %s HTTP/1.1\r\nHost: news.example.net\r\nConnection: close\r\n%s"
	    "Content-Type: " URLENCODED "\r\nContent-Length: %zu\r\n\r\n%s",
	    path, fields, strlen(form), form);
	say(fd, text);
}

static void
hears(int fd, const char *begins, const char *holds)
{
	const char *text = hear(fd, true);
	const bool ok = strncmp(text, begins, strlen(begins)) == 0 && strstr(text, holds);

	if (!ok)
		(void)fprintf(stderr, "got %.300s, want %s ... %s\n", text, begins,
		    holds);
	must("an answer", ok);
}

/* Until the server has seen that somebody else writes, or no longer does. */
static void
wait_for_lock(int fd, bool locked)
{

	shared->locks = locked;
	for (int i = 0; i < 1000 && shared->is_locked != locked; i++)
		knock(fd);
	must("the lock", shared->is_locked == locked);
}

/* ---- what is seen ---- */

/* Up to three quarters of all there may be nobody goes; then the oldest does. */
static void
crowd(const char *where)
{
	int fds[CROWD + 2];

	for (int i = 0; i < CROWD; i++) {
		fds[i] = dial(where);
		if (i < 4 || i == CROWD - 1)
			knock(fds[i]);
		if (i < 4)
			shared->ahead_ms++;
	}
	must("nobody goes yet", is_silent(fds[0]) && is_silent(fds[1]));
	/* Whoever asks has their time anew. */
	knock(fds[0]);
	fds[CROWD] = dial(where);
	knock(fds[CROWD]);
	must("the oldest goes", is_cut_off(fds[1]));
	must("nobody else",
	    is_silent(fds[0]) && is_silent(fds[2]) && is_silent(fds[CROWD - 1]));
	knock(fds[0]);
	fds[CROWD + 1] = dial(where);
	knock(fds[CROWD + 1]);
	must("the next oldest", is_cut_off(fds[2]));
	must("nobody else", is_silent(fds[0]) && is_silent(fds[3]));
}

static void
the_oldest_makes_room_in_a_crowd(void **state)
{
	struct served s;

	(void)state;
	begin_serving(&s, IN_MEMORY, NULL);
	serve(&s, crowd);
	end_serving(&s);
}

/* A byte now and then is no request: after twenty seconds it must be whole. */
static void
dawdle(const char *where)
{
	const int fd = dial(where);
	const int other = dial(where);
	const int third = dial(where);

	say(fd, "GET /sty");
	knock(other);
	shared->ahead_ms = 9000;
	say(fd, "le.");
	knock(other);
	shared->ahead_ms = 18000;
	say(fd, "css");
	knock(other);
	must("ten seconds of silence", is_cut_off(third));
	shared->ahead_ms = 19999;
	knock_twice(other);
	must("just before", is_silent(fd));
	shared->ahead_ms = 20000;
	knock(other);
	must("after twenty seconds", is_cut_off(fd));
	must("the other has time", is_silent(other));
}

static void
a_request_has_twenty_seconds(void **state)
{
	struct served s;

	(void)state;
	begin_serving(&s, IN_MEMORY, NULL);
	serve(&s, dawdle);
	end_serving(&s);
}

/* Told to stop, it answers who is there, for a second and a half. */
static void
stop(const char *where)
{
	const int slow = dial(where);
	const int fast = dial(where);
	const int other = dial(where);

	say(slow, "GET /style.css HTTP/1.1\r\n");
	say(fast, "HEAD /style.css HTTP/1.1\r\nHost: news.");
	knock(other);
	shared->stops = true;
	knock_twice(other);
	shared->ahead_ms = 1499;
	knock_twice(other);
	must("still there", is_silent(slow));
	say(fast, "example.net\r\nConnection: close\r\n\r\n");
	hears(fast, "HTTP/1.1 200 ", "text/css");
	shared->ahead_ms = 1500;
	must("cut off", is_cut_off(slow) && is_cut_off(other));
}

static void
who_is_there_is_answered_at_the_end(void **state)
{
	struct served s;

	(void)state;
	begin_serving(&s, IN_MEMORY, NULL);
	serve(&s, stop);
	end_serving(&s);
}

/* A form waits ten seconds for whoever else writes, each from when it came. */
static void
wait_in_line(const char *where)
{
	const int other = dial(where);
	const int first = dial(where);
	const int second = dial(where);

	wait_for_lock(other, true);
	post(first, shared->leave, "", "act=weekly");
	knock_twice(other);
	shared->ahead_ms = 9999;
	post(second, shared->leave, "", "List-Unsubscribe=One-Click");
	knock_twice(other);
	must("both wait", is_silent(first) && is_silent(second));
	shared->ahead_ms = 10000;
	hears(first, "HTTP/1.1 503 ", "Retry-After: 10\r\n");
	knock_twice(other);
	must("the second waits", is_silent(second));
	wait_for_lock(other, false);
	hears(second, "HTTP/1.1 200 ", "unsubscribed");
}

static void
a_form_waits_ten_seconds_for_another_writer(void **state)
{
	struct served s;

	(void)state;
	begin_serving(&s, ON_DISK, NULL);
	serve(&s, wait_in_line);
	SAME_INT("the second", stored_reader(&s.p).state, READER_LEFT);
	SAME_INT("not the first", stored_reader(&s.p).cadence.rhythm, RHYTHM_EACH);
	end_serving(&s);
}

/* Told to stop it waits a second. */
static void
wait_at_the_end(const char *where)
{
	const int other = dial(where);
	const int first = dial(where);

	wait_for_lock(other, true);
	post(first, shared->leave, "", "act=leave");
	knock_twice(other);
	shared->stops = true;
	knock_twice(other);
	shared->ahead_ms = 999;
	knock_twice(other);
	must("waits", is_silent(first));
	shared->ahead_ms = 1000;
	hears(first, "HTTP/1.1 503 ", "Retry-After: 10\r\n");
	shared->ahead_ms = 1500;
	must("cut off", is_cut_off(other));
}

static void
at_the_end_a_form_waits_a_second(void **state)
{
	struct served s;

	(void)state;
	begin_serving(&s, ON_DISK, NULL);
	serve(&s, wait_at_the_end);
	store_rollback(s.other);
	SAME_INT("reads", stored_reader(&s.p).state, READER_ACTIVE);
	end_serving(&s);
}

/* More than are recorded by one commit; the last is of ann. */
static void
send_many(const char *where)
{
	const int other = dial(where);
	int fds[MANY];

	wait_for_lock(other, true);
	for (int i = 0; i < MANY; i++) {
		char form[40];

		(void)snprintf(form, sizeof(form), "email=x%d-", i);
		fds[i] = dial(where);
		if (i < MANY - 1)
			post(fds[i], "/code", "", form);
		else
			post(fds[i], shared->leave, "", "act=leave");
	}
	knock_twice(other);
	wait_for_lock(other, false);
	for (int i = 0; i < MANY; i++) {
		char said[40];

		(void)snprintf(said, sizeof(said), "value=\"x%d-\"", i);
		hears(fds[i], "HTTP/1.1 200 ", i < MANY - 1 ? said : "<h1>You left</h1>");
	}
}

static void
each_of_many_has_an_answer_of_its_own(void **state)
{
	struct served s;

	(void)state;
	begin_serving(&s, ON_DISK, NULL);
	serve(&s, send_many);
	SAME_INT("the last one too", stored_reader(&s.p).state, READER_LEFT);
	end_serving(&s);
}

/* ---- who is woken ---- */

/* Two forms that are recorded together. */
static void
leave_and_save(const char *where)
{
	const int other = dial(where);
	const int first = dial(where);
	const int second = dial(where);

	wait_for_lock(other, true);
	post(first, shared->leave, "", "act=leave");
	knock_twice(other);
	post(second, "/code", "", "email=x");
	knock_twice(other);
	wait_for_lock(other, false);
	hears(first, "HTTP/1.1 200 ", "<h1>You left</h1>");
	hears(second, "HTTP/1.1 200 ", "value=\"x\"");
}

static void
save(const char *where)
{
	const int fd = dial(where);

	post(fd, shared->wishes, "", "act=save&rhythm=weekly");
	hears(fd, "HTTP/1.1 200 ", "<h2 id=\"saved\">Saved</h2>");
}

static void
whoever_mails_is_woken_when_there_is_a_letter(void **state)
{
	static const struct {
		void (*work)(const char *where);
		bool wakes;
	} cases[] = { { leave_and_save, true }, { save, false } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct served s;
		char path[300];

		begin_serving(&s, ON_DISK, NULL);
		s.p.t.run.wake_path = in_folder(s.p.t.folder, "wake", path);
		serve(&s, cases[i].work);
		SAME_INT("woken", file_exists(path), cases[i].wakes);
		end_serving(&s);
	}
}

/* ---- what fails ---- */

static void
fail_to_leave(const char *where)
{
	const int fd = dial(where);
	const int other = dial(where);

	post(fd, shared->leave, "", "act=leave");
	post(other, "/code", "", "email=x");
	hears(fd, "HTTP/1.1 500 ", "<h1>This did not work</h1>");
	hears(other, "HTTP/1.1 200 ", "value=\"x\"");
}

static void
what_cannot_be_recorded_is_said_to_each(void **state)
{
	struct served s;

	(void)state;
	begin_serving(&s, BROKEN, NULL);
	serve(&s, fail_to_leave);
	SAME_INT("reads", stored_reader(&s.p).state, READER_ACTIVE);
	end_serving(&s);
}

/* ---- whose address it is ---- */

static const struct {
	const char *name, *where; /* NULL: a local socket */
	const char *fields;
	const char *network; /* as it is kept */
} askers[] = {
	{ "a local socket", NULL, "", "" },
	{ "behind a proxy", NULL, "X-Forwarded-For: 203.0.113.5\r\n",
	    " from 203.0.113.0/24" },
	{ "whatever the case", NULL, "x-forwarded-for: 203.0.113.5\r\n",
	    " from 203.0.113.0/24" },
	{ "one field below another", NULL,
	    "X-Forwarded-For: 203.0.113.5\r\nX-Forwarded-For: 198.51.100.7\r\n",
	    " from 198.51.100.0/24" },
	{ "the newer field", NULL, "Forwarded: for=192.0.2.60\r\n",
	    " from 192.0.2.0/24" },
	{ "another field", NULL, "X-Forwarded: 192.0.2.60\r\n", "" },
	{ "a port", "127.0.0.1:0", "", " from 127.0.0.0/24" },
	{ "a port behind a proxy", "127.0.0.1:0", "X-Forwarded-For: 203.0.113.5\r\n",
	    " from 203.0.113.0/24" },
	{ "a port of the other kind", "[::1]:0", "", " from ::/56" },
};

static size_t asker; /* which of them */

static void
ask_for_an_address(const char *where)
{
	const int fd = dial(where);

	post(fd, shared->wishes, askers[asker].fields,
	    "act=save&email=new%40reader.example");
	hears(fd, "HTTP/1.1 200 ", "A message went to new@reader.example");
}

static const char *
kept_evidence(struct pages_test *p)
{
	struct new_address n;
	bool found = false;

	MUST(store_new_address_get(p->t.run.store, p->t.run.arena, p->ann.id, &n, &found,
	    err));
	assert_true(found);
	return n.evidence;
}

static void
the_asker_is_who_the_proxy_says(void **state)
{
	(void)state;
	for (asker = 0; asker < ARRAY_LEN(askers); asker++) {
		struct served s;

		begin_serving(&s, IN_MEMORY, askers[asker].where);
		serve(&s, ask_for_an_address);
		SAME_TEXT(askers[asker].name, kept_evidence(&s.p),
		    arena_printf(s.p.t.run.arena, "page 2026-11-24T06:00:00Z%s",
			askers[asker].network));
		end_serving(&s);
	}
}

static int
share(void **state)
{
	(void)state;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return shared == MAP_FAILED ? -1 : 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_oldest_makes_room_in_a_crowd),
		cmocka_unit_test(a_request_has_twenty_seconds),
		cmocka_unit_test(who_is_there_is_answered_at_the_end),
		cmocka_unit_test(a_form_waits_ten_seconds_for_another_writer),
		cmocka_unit_test(at_the_end_a_form_waits_a_second),
		cmocka_unit_test(each_of_many_has_an_answer_of_its_own),
		cmocka_unit_test(whoever_mails_is_woken_when_there_is_a_letter),
		cmocka_unit_test(what_cannot_be_recorded_is_said_to_each),
		cmocka_unit_test(the_asker_is_who_the_proxy_says),
	};

	return cmocka_run_group_tests(tests, share, NULL);
}

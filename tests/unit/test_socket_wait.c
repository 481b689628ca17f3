/* SPDX-License-Identifier: ISC */
/* Sockets and the alarm that transfers wait for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "fetch/socket_wait.h"

struct pair {
	struct socket_wait wait;
	int ours, theirs;
};

static void
pair_open(struct pair *p)
{
	struct err err = ERR_INIT;
	int ends[2];

	assert_true(socket_wait_open(&p->wait, &err));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	p->ours = ends[0];
	p->theirs = ends[1];
}

static void
pair_close(struct pair *p)
{
	socket_wait_close(&p->wait);
	assert_int_equal(p->wait.epoll, -1);
	socket_wait_close(&p->wait); /* again: nothing */
	(void)close(p->ours);
	(void)close(p->theirs);
}

static void
a_socket_is_told_for_what_was_asked(void **state)
{
	/* read, write: what is asked; byte: one came; want: "rw" of what is told. */
	static const struct {
		const char *name;
		bool read, write, byte;
		int count;
		bool can_read, can_write;
	} CASES[] = { { "nothing came", true, false, false, 0, false, false },
		{ "a byte came", true, false, true, 1, true, false },
		{ "there is room", false, true, true, 1, false, true },
		{ "both", true, true, true, 1, true, true },
		{ "room alone", true, true, false, 1, false, true },
		{ "nothing asked", false, false, true, 0, false, false } };

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct socket_event events[SOCKET_EVENTS];
		struct pair p;
		int count = 0;

		pair_open(&p);
		if (CASES[i].byte)
			assert_int_equal(write(p.theirs, "x", 1), 1);
		/* The second time changes what is watched. */
		socket_wait_set(&p.wait, p.ours, true, false);
		socket_wait_set(&p.wait, p.ours, CASES[i].read, CASES[i].write);
		count = socket_wait_for(&p.wait, 0, events);
		if (count != CASES[i].count)
			fail_msg("%s: got %d events", CASES[i].name, count);
		if (count == 1 &&
		    (events[0].fd != p.ours || events[0].is_broken ||
			events[0].can_read != CASES[i].can_read ||
			events[0].can_write != CASES[i].can_write))
			fail_msg("%s: got read %d write %d broken %d", CASES[i].name,
			    events[0].can_read, events[0].can_write, events[0].is_broken);
		pair_close(&p);
	}
}

/* Left, told of nothing, wanted again: what came meanwhile is told then. */
static void
a_socket_that_was_left_is_heard_again(void **state)
{
	struct socket_event events[SOCKET_EVENTS];
	struct pair p;

	(void)state;
	pair_open(&p);
	for (int i = 0; i < 3; i++) {
		socket_wait_set(&p.wait, p.ours, true, false);
		socket_wait_set(&p.wait, p.ours, false, false);
		if (i > 0)
			assert_int_equal(socket_wait_for(&p.wait, 0, events), 0);
		if (i == 1)
			assert_int_equal(write(p.theirs, "x", 1), 1);
		assert_int_equal(socket_wait_for(&p.wait, 0, events), 0);
	}
	socket_wait_set(&p.wait, p.ours, true, false);
	assert_int_equal(socket_wait_for(&p.wait, 0, events), 1);
	assert_true(events[0].can_read);
	pair_close(&p);
}

/* Another socket under the number of one that was left, and closed. */
static void
a_number_that_is_used_again_is_another_socket(void **state)
{
	struct socket_event events[SOCKET_EVENTS];
	struct pair p;
	int number = -1;
	int ends[2];

	(void)state;
	pair_open(&p);
	number = p.ours;
	socket_wait_set(&p.wait, p.ours, true, false);
	socket_wait_set(&p.wait, p.ours, false, false);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_int_equal(dup2(ends[0], number), number);
	assert_int_equal(write(ends[1], "x", 1), 1);
	socket_wait_set(&p.wait, number, true, false);
	assert_int_equal(socket_wait_for(&p.wait, 0, events), 1);
	assert_int_equal(events[0].fd, number);
	assert_true(events[0].can_read);
	(void)close(ends[0]);
	(void)close(ends[1]);
	pair_close(&p);
}

static void
a_socket_that_was_hung_up_is_broken(void **state)
{
	struct socket_event events[SOCKET_EVENTS];
	struct pair p;

	(void)state;
	pair_open(&p);
	socket_wait_set(&p.wait, p.ours, true, false);
	(void)close(p.theirs);
	assert_int_equal(socket_wait_for(&p.wait, 0, events), 1);
	assert_true(events[0].is_broken);
	pair_close(&p);
}

static void
the_alarm_rings_once(void **state)
{
	struct socket_event events[SOCKET_EVENTS];
	struct pair p;
	int64_t began = 0;

	(void)state;
	pair_open(&p);
	assert_false(socket_wait_has_rung(&p.wait));
	socket_wait_set_alarm(&p.wait, 0);
	assert_int_equal(socket_wait_for(&p.wait, 60000, events), 0);
	assert_true(socket_wait_has_rung(&p.wait));
	assert_false(socket_wait_has_rung(&p.wait));

	socket_wait_set_alarm(&p.wait, 60000);
	assert_int_equal(socket_wait_for(&p.wait, 0, events), 0);
	assert_false(socket_wait_has_rung(&p.wait));
	/* It rings in its millisecond, not behind it. */
	for (int i = 0; i < 20; i++) {
		socket_wait_set_alarm(&p.wait, 0);
		assert_true(socket_wait_has_rung(&p.wait));
		assert_int_equal(p.wait.alarm_ms, -1);
	}
	socket_wait_set_alarm(&p.wait, -1);
	assert_int_equal(p.wait.alarm_ms, -1);

	/* It ends a longer wait, and not before its time; a shorter one ends before it. */
	began = clock_ticks_ms();
	socket_wait_set_alarm(&p.wait, 60000);
	assert_int_equal(socket_wait_for(&p.wait, 20, events), 0);
	assert_in_range(clock_ticks_ms() - began, 19, 30000);
	began = clock_ticks_ms();
	socket_wait_set_alarm(&p.wait, 20);
	assert_int_equal(socket_wait_for(&p.wait, 60000, events), 0);
	assert_in_range(clock_ticks_ms() - began, 19, 30000);
	pair_close(&p);
}

/* Each number is known apart, however small or large: those at which room is made anew. */
static void
large_numbers_are_known_apart(void **state)
{
	static const int numbers[] = { 300, 63, 64, 127, 128, 255, 0 };
	enum { COUNT = sizeof(numbers) / sizeof(numbers[0]) };
	struct socket_event events[SOCKET_EVENTS];
	const int input = dup(0);
	struct pair p;

	(void)state;
	pair_open(&p);
	socket_wait_set(&p.wait, -1, true, true);
	assert_int_equal(p.wait.wish_count, 0);
	for (int i = 0; i < COUNT; i++) {
		assert_int_equal(dup2(p.ours, numbers[i]), numbers[i]);
		socket_wait_set(&p.wait, numbers[i], false, i % 2 == 0);
	}
	/* There is room: all that wish it are told, and no other. */
	assert_int_equal(socket_wait_for(&p.wait, 0, events), (COUNT + 1) / 2);
	for (int i = 0; i < (COUNT + 1) / 2; i++) {
		int times = 0;

		for (int n = 0; n < (COUNT + 1) / 2; n++)
			times += events[n].fd == numbers[2 * i];
		assert_int_equal(times, 1);
		assert_true(events[i].can_write);
		assert_false(events[i].can_read);
	}
	for (int i = 0; i < COUNT; i++)
		(void)close(numbers[i]);
	assert_int_equal(dup2(input, 0), 0);
	(void)close(input);
	pair_close(&p);
}

/* Room is doubled, and not before it is needed. */
static void
there_is_room_for_as_many_as_needed(void **state)
{
	static const struct {
		int fd;
		size_t room;
	} steps[] = { { 63, 64 }, { 64, 128 }, { 127, 128 }, { 3, 128 }, { 300, 512 } };
	struct pair p;

	(void)state;
	pair_open(&p);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		socket_wait_set(&p.wait, steps[i].fd, false, false);
		assert_int_equal(p.wait.wish_count, steps[i].room);
	}
	pair_close(&p);
}

/* Who closed standard input gets its number. */
static void
nought_is_a_number_too(void **state)
{
	const int input = dup(0);
	struct socket_wait wait;
	struct err err = ERR_INIT;
	bool ok = false;

	(void)state;
	(void)close(0);
	ok = socket_wait_open(&wait, &err);
	assert_true(ok);
	assert_int_equal(wait.epoll, 0);
	socket_wait_close(&wait);
	assert_int_equal(dup(input), 0); /* it was closed, and is free again */
	(void)close(input);
}

static void
what_cannot_be_waited_for_gives_nothing(void **state)
{
	struct socket_event events[SOCKET_EVENTS];
	struct socket_wait closed = { .epoll = -1, .alarm_ms = -1 };

	(void)state;
	assert_int_equal(socket_wait_for(&closed, 0, events), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_socket_is_told_for_what_was_asked),
		cmocka_unit_test(a_socket_that_was_left_is_heard_again),
		cmocka_unit_test(a_number_that_is_used_again_is_another_socket),
		cmocka_unit_test(a_socket_that_was_hung_up_is_broken),
		cmocka_unit_test(the_alarm_rings_once),
		cmocka_unit_test(large_numbers_are_known_apart),
		cmocka_unit_test(there_is_room_for_as_many_as_needed),
		cmocka_unit_test(nought_is_a_number_too),
		cmocka_unit_test(what_cannot_be_waited_for_gives_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

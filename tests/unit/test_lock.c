/* SPDX-License-Identifier: ISC */
/* One process at a time, and what the others are told of it. */
#define _GNU_SOURCE /* RTLD_NEXT */

#include <sys/wait.h>

#include "unit/failing_calls.h"
#include "unit/store_fixture.h"

#include "base/attr.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/lock.h"

struct room {
	char *dir;
	char path[300];
};

static int
make_room(void **state)
{
	struct room *room = calloc(1, sizeof(*room));

	if (!room)
		return -1;
	failing_calls_clear();
	room->dir = new_folder();
	in_folder(room->dir, "lock", room->path);
	*state = room;
	return 0;
}

static int
remove_room(void **state)
{
	struct room *room = *state;

	failing_calls_clear();
	(void)unlink(room->path);
	(void)rmdir(room->dir);
	free(room->dir);
	free(room);
	return 0;
}

static void
put(const char *path, const char *text, size_t len)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), (ssize_t)len);
	assert_int_equal(close(fd), 0);
}

/* By another process, until end_holder(). */
struct holder {
	pid_t pid;
	int end;
};

static struct holder
start_holder(const char *path, const char *doing)
{
	struct holder h = { 0, -1 };
	int ready[2];
	int end[2];
	char byte = 0;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(end), 0);
	h.pid = fork();
	if (h.pid == 0) {
		struct lock lock = LOCK_INIT;
		struct err why = ERR_INIT;

		(void)close(end[1]);
		if (lock_open(&lock, path, doing, &why))
			(void)!write(ready[1], "x", 1);
		(void)close(ready[1]);
		(void)!read(end[0], &byte, 1);
		_exit(0);
	}
	(void)close(ready[1]);
	(void)close(end[0]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	(void)close(ready[0]);
	h.end = end[1];
	return h;
}

static void
end_holder(struct holder h)
{
	(void)close(h.end);
	assert_int_equal(waitpid(h.pid, NULL, 0), h.pid);
}

/* "pid 12, since 2026-12-01T10:00:00Z: doing\n" with the time that the file has. */
static void
expect_note(const char *path, long pid, const char *doing)
{
	struct buf b = BUF_INIT(1000);
	char since[CLOCK_TEXT];
	char want[300];
	struct stat st;
	bool same = false;

	MUST(file_read(path, &b, err));
	assert_int_equal(stat(path, &st), 0);
	/* Written in this second or, when it was at its end, in the one before. */
	for (int i = 0; i < 3 && !same; i++) {
		(void)snprintf(want, sizeof(want), "pid %ld, since %s: %s\n", pid,
		    clock_rfc3339(st.st_mtime - i, since), doing);
		same = strcmp(buf_text(&b), want) == 0;
	}
	if (!same)
		fail_msg("got \"%s\", want about \"%s\"", buf_text(&b), want);
	buf_clear(&b);
}

static void
a_lock_says_who_holds_it_and_since_when(void **state)
{
	const struct room *room = *state;
	struct lock lock = LOCK_INIT;

	MUST(lock_open(&lock, room->path, "fetching many feeds", err));
	assert_true(lock.fd >= 0);
	SAME_TEXT("path", lock.path, room->path);
	lock_note(&lock, "fetching 3/4");
	/* Reading it would give it back. */
	lock_note(&lock, "sending");
	expect_note(room->path, (long)getpid(), "sending");
	lock_close(&lock);
	SAME_INT("descriptor", lock.fd, -1);
	assert_null(lock.path);
	lock_note(&lock, "nothing");
	lock_close(&lock);
	put(room->path, "left by a dead process, and longer than what is written now",
	    59);
	MUST(lock_open(&lock, room->path, "again", err));
	expect_note(room->path, (long)getpid(), "again");
	lock_close(&lock);
}

static void
a_lock_given_back_leaves_an_empty_file(void **state)
{
	const struct room *room = *state;
	struct lock lock = LOCK_INIT;
	struct stat st;

	MUST(lock_open(&lock, room->path, "fetching", err));
	lock_close(&lock);
	assert_int_equal(stat(room->path, &st), 0);
	SAME_INT("size", st.st_size, 0);
	SAME_INT("mode", st.st_mode & 07777, 0600);
}

static void
a_second_process_is_told_who_holds_it(void **state)
{
	const struct room *room = *state;
	const struct holder h = start_holder(room->path, "fetching");
	struct lock lock = LOCK_INIT;
	struct err why = ERR_INIT;
	char want[300];

	assert_true(lock_is_held(room->path));
	assert_false(lock_open(&lock, room->path, "second", &why));
	SAME_INT("kind", why.kind, ERR_TEMPORARY);
	SAME_INT("descriptor", lock.fd, -1);
	assert_null(lock.path);
	(void)snprintf(want, sizeof(want),
	    "another planetpost is working (pid %ld, since 20", (long)h.pid);
	SAME_INT("holder", strncmp(why.text, want, strlen(want)), 0);
	SAME_TEXT("doing", strstr(why.text, "Z: "), "Z: fetching)");
	/* The holder's text is as it was. */
	expect_note(room->path, (long)h.pid, "fetching");
	end_holder(h);
	assert_false(lock_is_held(room->path));
	err_clear(&why);
	MUST(lock_open(&lock, room->path, "third", err));
	lock_close(&lock);
}

#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

/* clang-format off */
static const struct { const char *text, *said; } holders[] = {
	{ "pid 1: x\n", "another planetpost is working (pid 1: x)" },
	{ "x", "another planetpost is working (x)" },
	{ "!", "another planetpost is working (!)" },
	{ " a b \n \t\r", "another planetpost is working ( a b)" },
	{ "a\033[2J\x7F" "b\x1F" "c\nd ~", "another planetpost is working (a?[2J?b?c?d ~)" },
	{ "caf\xC3\xA9", "another planetpost is working (caf\xC3\xA9)" },
	{ "", NULL },
	{ " \n", NULL },
	{ HUNDRED HUNDRED HUNDRED, "another planetpost is working (" HUNDRED HUNDRED TEN TEN TEN TEN TEN "01234)" },
};
/* clang-format on */

static void
whatever_the_file_holds_is_said_in_one_line(void **state)
{
	const struct room *room = *state;
	const struct holder h = start_holder(room->path, "fetching");

	for (size_t i = 0; i < ARRAY_LEN(holders); i++) {
		struct lock lock = LOCK_INIT;
		struct err why = ERR_INIT;
		char want[400];

		put(room->path, holders[i].text, strlen(holders[i].text));
		(void)snprintf(want, sizeof(want), "another process holds %s",
		    room->path);
		assert_false(lock_open(&lock, room->path, "second", &why));
		SAME_INT(holders[i].text, why.kind, ERR_TEMPORARY);
		SAME_TEXT(holders[i].text, why.text,
		    holders[i].said ? holders[i].said : want);
	}
	end_holder(h);
}

/* clang-format off */
static const struct {
	const char *name;
	struct failing_call fails;
	enum err_kind kind;
	const char *said; /* the path is in front; NULL: it is got */
	const char *text; /* in the file, at its end */
} refusals[] = {
	{ "no more locks", { "fcntl", ENOLCK, 0 }, ERR_SYSTEM, ": No locks available", "old" },
	{ "another's, as POSIX has it", { "fcntl", EACCES, 0 }, ERR_TEMPORARY,
		"another planetpost is working (old)", "old" },
	{ "another's", { "fcntl", EAGAIN, 0 }, ERR_TEMPORARY,
		"another planetpost is working (old)", "old" },
	{ "not cut", { "ftruncate", EIO, 0 }, ERR_NONE, NULL, "old" },
};
/* clang-format on */

static void
what_the_system_refuses_is_said(void **state)
{
	const struct room *room = *state;

	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		const bool is_path = refusals[i].kind == ERR_SYSTEM;
		struct lock lock = LOCK_INIT;
		struct err why = ERR_INIT;
		struct buf b = BUF_INIT(100);
		char want[400];

		put(room->path, "old", 3);
		failing_calls[0] = refusals[i].fails;
		SAME_INT(refusals[i].name, lock_open(&lock, room->path, "second", &why),
		    !refusals[i].said);
		SAME_INT(refusals[i].name, why.kind, refusals[i].kind);
		(void)snprintf(want, sizeof(want), "%s%s", is_path ? room->path : "",
		    refusals[i].said ? refusals[i].said : "");
		SAME_TEXT(refusals[i].name, why.text, want);
		MUST(file_read(room->path, &b, err));
		SAME_TEXT(refusals[i].name, buf_text(&b), refusals[i].text);
		SAME_INT(refusals[i].name, lock.fd >= 0, !refusals[i].said);
		failing_calls_clear();
		lock_close(&lock);
		buf_clear(&b);
	}
}

static void
a_note_without_its_time_is_none(void **state)
{
	const struct room *room = *state;
	struct lock lock = LOCK_INIT;
	struct buf b = BUF_INIT(100);

	MUST(lock_open(&lock, room->path, "fetching", err));
	failing_calls[0] = (struct failing_call){ "fstat", EIO, 0 };
	lock_note(&lock, "sending");
	MUST(file_read(room->path, &b, err));
	SAME_TEXT("text", buf_text(&b), "");
	lock_close(&lock);
	buf_clear(&b);
}

static void
what_cannot_be_looked_at_is_not_held(void **state)
{
	const struct room *room = *state;
	struct holder h = { 0, -1 };
	char link[300];

	assert_false(lock_is_held(room->path));
	put(room->path, "", 0);
	assert_false(lock_is_held(room->path));
	h = start_holder(room->path, "fetching");
	assert_true(lock_is_held(room->path));
	assert_true(lock_is_held(room->path));
	failing_calls[0] = (struct failing_call){ "fcntl", EINVAL, 0 };
	assert_false(lock_is_held(room->path));
	in_folder(room->dir, "link", link);
	assert_int_equal(symlink("lock", link), 0);
	assert_false(lock_is_held(link));
	assert_int_equal(unlink(link), 0);
	end_holder(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, make_room, remove_room)
		IN_ROOM(a_lock_says_who_holds_it_and_since_when),
		IN_ROOM(a_lock_given_back_leaves_an_empty_file),
		IN_ROOM(a_second_process_is_told_who_holds_it),
		IN_ROOM(whatever_the_file_holds_is_said_in_one_line),
		IN_ROOM(what_the_system_refuses_is_said),
		IN_ROOM(a_note_without_its_time_is_none),
		IN_ROOM(what_cannot_be_looked_at_is_not_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

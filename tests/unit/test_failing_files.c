/* SPDX-License-Identifier: ISC */
/* Files of which a write, a sync, a rename fails: what is said of it, and what is there after. */
#define _GNU_SOURCE /* RTLD_NEXT, versionsort() */

#include <dirent.h>
#include <sys/wait.h>

#include "unit/failing_calls.h"
#include "unit/store_fixture.h"

#include "base/attr.h"
#include "base/buf.h"
#include "base/file.h"

struct room {
	char *dir;
	char path[300]; /* dir/file */
	char also[300]; /* dir/also, a second name of the file */
	int descriptors;
};

static int
make_room(void **state)
{
	struct room *room = calloc(1, sizeof(*room));

	if (!room)
		return -1;
	failing_calls_clear();
	room->dir = new_folder();
	in_folder(room->dir, "file", room->path);
	in_folder(room->dir, "also", room->also);
	*state = room;
	return 0;
}

static int
remove_room(void **state)
{
	struct room *room = *state;

	failing_calls_clear();
	(void)unlink(room->path);
	(void)unlink(room->also);
	(void)rmdir(room->dir);
	free(room->dir);
	free(room);
	return 0;
}

/* Open descriptors, the one that looks among them. */
static int
count_descriptors(void)
{
	struct dirent **names = NULL;
	const int count = scandir("/proc/self/fd", &names, NULL, NULL);

	for (int i = 0; i < count; i++)
		free(names[i]);
	free(names);
	return count;
}

/* All that is in the folder, "also file ". */
static void
expect_names(const char *name, const struct room *room, const char *want)
{
	struct dirent **names = NULL;
	const int count = scandir(room->dir, &names, NULL, versionsort);
	struct buf got = BUF_INIT(1000);

	for (int i = 0; i < count; i++) {
		if (names[i]->d_name[0] != '.')
			buf_addf(&got, "%s ", names[i]->d_name);
		free(names[i]);
	}
	free(names);
	SAME_TEXT(name, buf_text(&got), want);
	buf_clear(&got);
}

static void
put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0640), 0);
}

static void
expect_text(const char *name, const char *path, const char *want)
{
	char got[100] = "";
	FILE *f = fopen(path, "r");

	if (f) {
		got[fread(got, 1, sizeof(got) - 1, f)] = '\0';
		(void)fclose(f);
	}
	SAME_TEXT(name, f ? got : "(none)", want);
}

/* clang-format off */
enum deed { WRITE, EDIT, OVERWRITE, CREATE };
static const struct row {
	const char *name;
	enum deed deed;
	struct failing_call fails[2];
	const char *said; /* what follows the path; NULL: it is done */
	bool of_dir;      /* it is the folder's path that is said */
	const char *after;
} rows[] = {
	{ "write: all is well", WRITE, { { 0 } }, NULL, false, "new text" },
	{ "write: no file aside", WRITE, { { "mkstemp", EACCES, 0 } }, ": Permission denied", false, "old" },
	{ "write: no mode", WRITE, { { "fchmod", EPERM, 0 } }, ": Operation not permitted", false, "old" },
	{ "write: no room", WRITE, { { "write", ENOSPC, 0 } }, ": No space left on device", false, "old" },
	{ "write: interrupted, then not", WRITE, { { "write", EINTR, 0 } }, NULL, false, "new text" },
	{ "write: no room for the end", WRITE, { { "write", ENOSPC, 1 } }, ": No space left on device", false, "old" },
	{ "write: no sync", WRITE, { { "fsync", EIO, 0 } }, ": Input/output error", false, "old" },
	{ "write: the end is noticed", WRITE, { { "close", EIO, 0 } }, ": Input/output error", false, "old" },
	{ "write: the first reason is said", WRITE, { { "fsync", EIO, 0 }, { "close", EDQUOT, 0 } },
		": Input/output error", false, "old" },
	{ "write: no rename", WRITE, { { "rename", EXDEV, 0 } }, ": Invalid cross-device link", false, "old" },
	{ "write: no sync of the folder", WRITE, { { "fsync", EIO, 1 } }, ": Input/output error", true, "new text" },
	{ "write: a folder without sync", WRITE, { { "fsync", EINVAL, 1 } }, NULL, false, "new text" },
	{ "write: another", WRITE, { { "fsync", ENOTSUP, 1 } }, NULL, false, "new text" },

	{ "edit: all is well", EDIT, { { 0 } }, NULL, false, "new text" },
	{ "edit: not looked at", EDIT, { { "fstat", EIO, 0 } }, ": Input/output error", false, "old" },
	{ "edit: no file aside", EDIT, { { "mkstemp", EACCES, 0 } }, NULL, false, "new text" },
	{ "edit: no file aside, no room", EDIT, { { "mkstemp", EACCES, 0 }, { "posix_fallocate", ENOSPC, 0 } },
		": No space left on device", false, "old" },
	{ "edit: another's", EDIT, { { "fchown", EPERM, 0 } }, NULL, false, "new text" },
	{ "edit: no mode", EDIT, { { "fchmod", EPERM, 0 } }, ": Operation not permitted", false, "old" },
	{ "edit: no room", EDIT, { { "write", ENOSPC, 0 } }, ": No space left on device", false, "old" },
	{ "edit: no sync", EDIT, { { "fsync", EIO, 0 } }, ": Input/output error", false, "old" },
	{ "edit: mounted alone", EDIT, { { "rename", EBUSY, 0 } }, NULL, false, "new text" },
	{ "edit: no rename", EDIT, { { "rename", EIO, 0 } }, ": Input/output error", false, "old" },
	{ "edit: no sync of the folder", EDIT, { { "fsync", EIO, 1 } }, ": Input/output error", true, "new text" },

	{ "over: all is well", OVERWRITE, { { 0 } }, NULL, false, "new text" },
	{ "over: no room", OVERWRITE, { { "posix_fallocate", ENOSPC, 0 } }, ": No space left on device", false, "old" },
	{ "over: no room, and no way back", OVERWRITE,
		{ { "posix_fallocate", ENOSPC, 0 }, { "ftruncate", EIO, 0 } }, ": Input/output error", false, "old" },
	{ "over: room is not set aside here", OVERWRITE, { { "posix_fallocate", EINVAL, 0 } }, NULL, false,
		"new text" },
	{ "over: nor here", OVERWRITE, { { "posix_fallocate", EOPNOTSUPP, 0 } }, NULL, false, "new text" },
	{ "over: not cut", OVERWRITE, { { "ftruncate", EIO, 0 } }, ": Input/output error", false, "new text" },
	{ "over: no sync", OVERWRITE, { { "fsync", EDQUOT, 0 } }, ": Disk quota exceeded", false, "new text" },
	{ "over: the end is noticed", OVERWRITE, { { "close", EIO, 0 } }, ": Input/output error", false, "new text" },
	{ "over: the first reason is said", OVERWRITE, { { "fsync", EDQUOT, 0 }, { "close", EIO, 0 } },
		": Disk quota exceeded", false, "new text" },

	{ "create: all is well", CREATE, { { 0 } }, NULL, false, "new text" },
	{ "create: no mode", CREATE, { { "fchmod", EPERM, 0 } }, ": Operation not permitted", false, "(none)" },
	{ "create: no room", CREATE, { { "write", ENOSPC, 1 } }, ": No space left on device", false, "(none)" },
	{ "create: no sync", CREATE, { { "fsync", EIO, 0 } }, ": Input/output error", false, "(none)" },
	{ "create: no sync of the folder", CREATE, { { "fsync", EIO, 1 } }, ": Input/output error", true, "(none)" },
};
/* clang-format on */

static bool
do_deed(const struct room *room, enum deed deed, struct err *err)
{
	static const char text[] = "new text";
	const size_t len = sizeof(text) - 1;

	switch (deed) {
	case WRITE:
		return file_write(room->path, text, len, 0640, err);
	case EDIT:
	case OVERWRITE:
		return file_edit(room->path, text, len, 0600, err);
	case CREATE:
		return file_create(room->path, text, len, 0640, err);
	}
	return false;
}

static void
try_row(const struct room *room, const struct row *row)
{
	struct err why = ERR_INIT;
	char want[400] = "";
	struct stat st;
	bool done = false;
	int descriptors = 0;

	(void)unlink(room->path);
	(void)unlink(room->also);
	if (row->deed != CREATE)
		put(room->path, "old");
	if (row->deed == OVERWRITE)
		assert_int_equal(link(room->path, room->also), 0);
	descriptors = count_descriptors();
	failing_calls_clear();
	memcpy(failing_calls, row->fails, sizeof(failing_calls));
	write_most = 3;
	done = do_deed(room, row->deed, &why);
	failing_calls_clear();
	SAME_INT(row->name, done, row->said == NULL);
	if (row->said)
		(void)snprintf(want, sizeof(want), "%s%s",
		    row->of_dir ? room->dir : room->path, row->said);
	SAME_TEXT(row->name, why.text, want);
	SAME_INT(row->name, why.kind, row->said ? ERR_SYSTEM : ERR_NONE);
	SAME_INT(row->name, count_descriptors(), descriptors);
	expect_text(row->name, room->path, row->after);
	if (stat(room->path, &st) == 0)
		SAME_INT(row->name, st.st_mode & 07777, 0640);
	expect_names(row->name, room,
	    row->deed == OVERWRITE                  ? "also file "
		: strcmp(row->after, "(none)") == 0 ? ""
						    : "file ");
}

static void
what_fails_is_said_and_harms_nothing(void **state)
{
	const struct room *room = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		try_row(room, &rows[i]);
}

/* clang-format off */
static const struct {
	const char *text;
	int allocations, truncations;
	off_t allocated;
} rooms[] = {
	{ "four", 1, 1, 1 },
	{ "much longer", 1, 1, 8 },
	{ "new", 0, 1, 0 },
	{ "no", 0, 1, 0 },
	{ "", 0, 1, 0 },
};
/* clang-format on */

/* Only what is longer than before needs more room, and only that. */
static void
room_is_asked_for_as_much_as_is_new(void **state)
{
	const struct room *room = *state;

	put(room->path, "old");
	assert_int_equal(link(room->path, room->also), 0);
	for (size_t i = 0; i < ARRAY_LEN(rooms); i++) {
		const char *name = rooms[i].text;

		put(room->path, "old");
		failing_calls_clear();
		MUST(file_edit(room->path, name, strlen(name), 0600, err));
		SAME_INT(name, calls_seen.allocations, rooms[i].allocations);
		SAME_INT(name, calls_seen.allocated, rooms[i].allocated);
		SAME_INT(name, calls_seen.allocated_from, rooms[i].allocations ? 3 : 0);
		SAME_INT(name, calls_seen.truncations, rooms[i].truncations);
		SAME_INT(name, calls_seen.truncated_to, (off_t)strlen(name));
		expect_text(name, room->also, name);
	}
	/* What was set aside in vain is given back. */
	put(room->path, "old");
	failing_calls_clear();
	failing_calls[0] = (struct failing_call){ "posix_fallocate", ENOSPC, 0 };
	MUST_FAIL(file_edit(room->path, "longer", 6, 0600, err), ERR_SYSTEM, "No space");
	SAME_INT("given back", calls_seen.truncations, 1);
	SAME_INT("to what it was", calls_seen.truncated_to, 3);
}

static void
a_file_that_cannot_be_looked_at_is_not_opened(void **state)
{
	const struct room *room = *state;
	const int descriptors = count_descriptors();
	struct err why = ERR_INIT;
	char want[400];

	put(room->path, "old");
	failing_calls[0] = (struct failing_call){ "fstat", EIO, 0 };
	assert_int_equal(file_open_own(room->path, O_RDWR, &why), -1);
	(void)snprintf(want, sizeof(want), "%s: Input/output error", room->path);
	SAME_TEXT("text", why.text, want);
	SAME_INT("descriptors", count_descriptors(), descriptors);
}

/* clang-format off */
static const struct {
	const char *name;
	struct failing_call fails;
	enum err_kind kind;
	const char *said;
} reads[] = {
	{ "a signal", { "read", EINTR, 0 }, ERR_TEMPORARY, ": interrupted" },
	{ "a signal later", { "read", EINTR, 1 }, ERR_TEMPORARY, ": interrupted" },
	{ "a bad disk", { "read", EIO, 0 }, ERR_SYSTEM, ": Input/output error" },
	{ "a bad disk later", { "read", EIO, 1 }, ERR_SYSTEM, ": Input/output error" },
};
/* clang-format on */

static void
what_is_read_by_half_is_not_kept(void **state)
{
	const struct room *room = *state;

	put(room->path, "words");
	for (size_t i = 0; i < ARRAY_LEN(reads); i++) {
		const int descriptors = count_descriptors();
		struct buf b = BUF_INIT(100);
		struct err why = ERR_INIT;
		char want[400];

		buf_adds(&b, "before");
		failing_calls[0] = reads[i].fails;
		SAME_INT(reads[i].name, file_read(room->path, &b, &why), 0);
		SAME_INT(reads[i].name, why.kind, reads[i].kind);
		(void)snprintf(want, sizeof(want), "%s%s", room->path, reads[i].said);
		SAME_TEXT(reads[i].name, why.text, want);
		SAME_TEXT(reads[i].name, buf_text(&b), "before");
		failing_calls_clear();
		SAME_INT(reads[i].name, count_descriptors(), descriptors);
		buf_clear(&b);
	}
}

/* ---- named pipes ---- */

static void
a_pipe_that_nobody_writes_into_is_waited_for_two_seconds(void **state)
{
	const struct room *room = *state;
	const int descriptors = count_descriptors();
	struct buf b = BUF_INIT(100);

	assert_int_equal(mkfifo(room->path, 0600), 0);
	buf_adds(&b, "before");
	poll_silent = 1000;
	MUST_FAIL(file_read(room->path, &b, err), ERR_INPUT,
	    "/file: a pipe that nobody writes into");
	SAME_INT("looks", calls_seen.polls, 40);
	SAME_INT("each", calls_seen.poll_ms, 50);
	SAME_TEXT("nothing is added", buf_text(&b), "before");
	failing_calls_clear();
	failing_calls[0] = (struct failing_call){ "poll", EINTR, 1 };
	poll_silent = 1;
	MUST_FAIL(file_read(room->path, &b, err), ERR_TEMPORARY, "/file: interrupted");
	SAME_INT("looks until a signal", calls_seen.polls, 2);
	SAME_INT("descriptors", count_descriptors(), descriptors);
	buf_clear(&b);
}

/* Who has it open, and writes when they can. */
static pid_t
start_writer(const char *path, const char *now, const char *later, long later_ms)
{
	int ready[2];
	char byte = 0;
	pid_t pid = 0;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		const int fd = open(path, O_RDWR);

		(void)!write(fd, now, strlen(now));
		(void)!write(ready[1], "x", 1);
		(void)poll(NULL, 0, (int)later_ms);
		(void)!write(fd, later, strlen(later));
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	(void)close(ready[0]);
	(void)close(ready[1]);
	return pid;
}

/* clang-format off */
static const struct {
	const char *name, *now, *later;
	int silent; /* looks that find nothing, whatever is there */
} writers[] = {
	{ "at once", "words", "", 0 },
	{ "one who takes their time", "", "words", 0 },
	{ "in two parts", "wo", "rds", 0 },
	{ "what is there is read without a look", "words", "", 1 },
};
/* clang-format on */

static void
who_writes_into_a_pipe_may_take_their_time(void **state)
{
	const struct room *room = *state;

	assert_int_equal(mkfifo(room->path, 0600), 0);
	for (size_t i = 0; i < ARRAY_LEN(writers); i++) {
		const pid_t pid =
		    start_writer(room->path, writers[i].now, writers[i].later, 150);
		struct buf b = BUF_INIT(100);

		poll_silent = writers[i].silent;
		MUST(file_read(room->path, &b, err));
		SAME_TEXT(writers[i].name, buf_text(&b), "words");
		SAME_INT(writers[i].name, waitpid(pid, NULL, 0), pid);
		failing_calls_clear();
		buf_clear(&b);
	}
}

static void
a_pipe_that_cannot_be_waited_for_is_an_error(void **state)
{
	const struct room *room = *state;
	const int descriptors = count_descriptors();
	struct buf b = BUF_INIT(100);
	pid_t pid = 0;

	assert_int_equal(mkfifo(room->path, 0600), 0);
	pid = start_writer(room->path, "words", "", 50);
	failing_calls[0] = (struct failing_call){ "fcntl", EINVAL, 0 };
	MUST_FAIL(file_read(room->path, &b, err), ERR_SYSTEM, "/file: Invalid argument");
	SAME_INT("descriptors", count_descriptors(), descriptors);
	SAME_INT("writer", waitpid(pid, NULL, 0), pid);
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, make_room, remove_room)
		IN_ROOM(what_fails_is_said_and_harms_nothing),
		IN_ROOM(room_is_asked_for_as_much_as_is_new),
		IN_ROOM(a_file_that_cannot_be_looked_at_is_not_opened),
		IN_ROOM(what_is_read_by_half_is_not_kept),
		IN_ROOM(a_pipe_that_nobody_writes_into_is_waited_for_two_seconds),
		IN_ROOM(who_writes_into_a_pipe_may_take_their_time),
		IN_ROOM(a_pipe_that_cannot_be_waited_for_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

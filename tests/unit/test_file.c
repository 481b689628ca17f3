/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/mem.h"
#include "unit/scratch.h"

struct room {
	char dir[64];
	struct err err;
};

static int
make_room(void **state)
{
	struct room *room = xcalloc(1, sizeof(*room));

	if (!scratch_folder(room->dir, sizeof(room->dir)))
		return -1;
	*state = room;
	return 0;
}

static int
remove_room(void **state)
{
	struct room *room = *state;
	char *command[] = { (char[]){ "rm" }, (char[]){ "-rf" }, room->dir, NULL };
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		(void)execvp("rm", command);
		_exit(127);
	}
	(void)waitpid(pid, &status, 0);
	free(room);
	return status;
}

static void
expect_content(const char *path, const char *want, mode_t mode)
{
	struct buf b = BUF_INIT(1000);
	struct err err = ERR_INIT;
	struct stat st;

	if (!file_read(path, &b, &err))
		fail_msg("%s", err.text);
	assert_string_equal(buf_text(&b), want);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
	buf_clear(&b);
}

static void
a_file_is_replaced_as_a_whole(void **state)
{
	struct room *room = *state;
	char *path = file_join(room->dir, "list");
	char *absent = file_join(room->dir, "no/list");

	assert_true(file_write(path, "one", 3, 0644, &room->err));
	expect_content(path, "one", 0644);
	assert_true(file_write(path, "two!", 4, 0600, &room->err));
	expect_content(path, "two!", 0600);
	assert_false(file_write(absent, "x", 1, 0600, &room->err));
	assert_int_equal(room->err.kind, ERR_SYSTEM);
	assert_non_null(strstr(room->err.text, "no/list: No such file"));
	free(absent);
	free(path);
}

static void
a_file_is_created_once(void **state)
{
	struct room *room = *state;
	char *path = file_join(room->dir, "new");

	assert_true(file_create(path, "a", 1, 0640, &room->err));
	expect_content(path, "a", 0640);
	assert_false(file_create(path, "b", 1, 0640, &room->err));
	assert_int_equal(room->err.kind, ERR_INPUT);
	expect_content(path, "a", 0640);
	free(path);
}

static void
an_edited_file_keeps_link_mode_and_owner(void **state)
{
	static const mode_t MODES[] = { 0600, 0640, 0644, 0660, 0444 | 0200 };
	struct room *room = *state;
	char *real = file_join(room->dir, "real");
	char *path = file_join(room->dir, "link");
	const bool is_root = geteuid() == 0;
	struct stat st;

	assert_int_equal(symlink("real", path), 0);
	for (size_t i = 0; i < ARRAY_LEN(MODES); i++) {
		assert_true(file_write(real, "old text", 8, MODES[i], &room->err));
		if (is_root)
			assert_int_equal(chown(real, 65534, 65533), 0);
		assert_true(file_edit(path, "new", 3, 0640, &room->err));
		expect_content(real, "new", MODES[i]);
		assert_int_equal(lstat(path, &st), 0);
		assert_true(S_ISLNK(st.st_mode));
		assert_int_equal(stat(real, &st), 0);
		assert_int_equal(st.st_uid, is_root ? 65534 : geteuid());
		if (is_root)
			assert_int_equal(st.st_gid, 65533);
	}
	assert_int_equal(unlink(real), 0);
	/* A link to nothing is not made to something. */
	assert_false(file_edit(path, "new", 3, 0640, &room->err));
	assert_false(file_exists(real));
	free(path);
	free(real);
}

static void
an_edited_file_keeps_its_other_names(void **state)
{
	struct room *room = *state;
	char *one = file_join(room->dir, "one");
	char *two = file_join(room->dir, "two");

	assert_true(file_edit(one, "made", 4, 0640, &room->err));
	expect_content(one, "made", 0640);
	assert_int_equal(link(one, two), 0);
	assert_true(file_edit(one, "much longer than before", 23, 0600, &room->err));
	expect_content(two, "much longer than before", 0640);
	assert_true(file_edit(two, "short", 5, 0600, &room->err));
	expect_content(one, "short", 0640);
	free(two);
	free(one);
}

static void
our_own_files_are_opened_through_no_link(void **state)
{
	struct room *room = *state;
	char *real = file_join(room->dir, "real");
	char *path = file_join(room->dir, "own");
	struct lock lock = LOCK_INIT;
	char want[200];

	assert_true(file_write(real, "precious", 8, 0600, &room->err));
	assert_int_equal(symlink(real, path), 0);
	assert_false(lock_open(&lock, path, "x", &room->err));
	(void)snprintf(want, sizeof(want), "%s is a symbolic link, which is not followed",
	    path);
	assert_string_equal(room->err.text, want);
	err_clear(&room->err);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(link(real, path), 0);
	assert_false(lock_open(&lock, path, "x", &room->err));
	(void)snprintf(want, sizeof(want),
	    "%s has a second name (hard link) and is not written", path);
	assert_string_equal(room->err.text, want);
	assert_int_equal(room->err.kind, ERR_SYSTEM);
	expect_content(real, "precious", 0600);
	assert_int_equal(lock.fd, -1);
	free(path);
	free(real);
}

static void
a_ceiling_ends_reading(void **state)
{
	struct room *room = *state;
	char *path = file_join(room->dir, "big");
	struct buf b = BUF_INIT(100);
	char text[101];

	memset(text, 'x', sizeof(text));
	assert_true(file_write(path, text, 100, 0600, &room->err));
	assert_true(file_read(path, &b, &room->err));
	assert_int_equal(b.len, 100);
	buf_clear(&b);
	assert_true(file_write(path, text, 101, 0600, &room->err));
	assert_false(file_read(path, &b, &room->err));
	assert_int_equal(room->err.kind, ERR_LIMIT);
	assert_int_equal(b.len, 0);
	err_clear(&room->err);
	buf_reset(&b);
	assert_false(file_read(room->dir, &b, &room->err));
	assert_int_equal(room->err.kind, ERR_SYSTEM);
	buf_clear(&b);
	free(path);
}

static void
what_was_not_written_is_noticed(void **state)
{
	struct room *room = *state;
	FILE *f = fopen("/dev/full", "w");

	assert_true(file_close(NULL, "x", &room->err));
	assert_non_null(f);
	assert_true(fputs("x", f) >= 0);
	assert_false(file_close(f, "/dev/full", &room->err));
	assert_int_equal(room->err.kind, ERR_SYSTEM);
	assert_string_equal(room->err.text, "/dev/full: No space left on device");
	/* Long ago, with nothing left to be written. */
	err_clear(&room->err);
	f = fopen("/dev/full", "w");
	assert_non_null(f);
	(void)setvbuf(f, NULL, _IONBF, 0);
	assert_true(fputs("x", f) < 0);
	assert_false(file_close(f, "out", &room->err));
	assert_int_equal(room->err.kind, ERR_SYSTEM);
	assert_string_equal(room->err.text, "out: could not be written");
	/* Only when it is closed. */
	err_clear(&room->err);
	f = fopen("/dev/null", "w");
	assert_non_null(f);
	assert_int_equal(close(fileno(f)), 0);
	assert_false(file_close(f, "out", &room->err));
	assert_string_equal(room->err.text, "out: Bad file descriptor");
	err_clear(&room->err);
	f = fopen("/dev/null", "w");
	assert_non_null(f);
	assert_true(file_close(f, "out", &room->err));
	assert_int_equal(room->err.kind, ERR_NONE);
}

static void
expect_dir(const char *dir, const char *name, mode_t mode)
{
	char *path = file_join(dir, name);
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	if ((st.st_mode & 07777) != mode)
		fail_msg("%s: got %o, want %o", name, (unsigned)st.st_mode & 07777,
		    (unsigned)mode);
	free(path);
}

static void
directories_are_made(void **state)
{
	struct room *room = *state;
	char *path = file_join(room->dir, "a//b/c/");
	char *relative = file_join(room->dir, "a/d");
	char *file = file_join(room->dir, "f");
	char *below = file_join(file, "g");
	char *link = file_join(room->dir, "link");
	char want[200];

	assert_true(file_make_dirs(path, 0750, &room->err));
	expect_dir(room->dir, "a", 0750);
	expect_dir(room->dir, "a/b", 0750);
	expect_dir(room->dir, "a/b/c", 0750);
	/* What is there keeps its mode. */
	assert_true(file_make_dirs(path, 0700, &room->err));
	assert_true(file_make_dirs(relative, 0700, &room->err));
	expect_dir(room->dir, "a", 0750);
	expect_dir(room->dir, "a/b/c", 0750);
	expect_dir(room->dir, "a/d", 0700);
	assert_true(file_make_dirs("/", 0700, &room->err));
	assert_true(file_write(file, "", 0, 0600, &room->err));
	assert_false(file_make_dirs(file, 0755, &room->err));
	(void)snprintf(want, sizeof(want), "%s: is there already and is no directory",
	    file);
	assert_string_equal(room->err.text, want);
	assert_int_equal(room->err.kind, ERR_SYSTEM);
	err_clear(&room->err);
	assert_false(file_make_dirs(below, 0755, &room->err));
	assert_string_equal(room->err.text, want);
	assert_false(file_exists(below));
	err_clear(&room->err);
	assert_int_equal(symlink("nothing", link), 0);
	assert_false(file_make_dirs(link, 0755, &room->err));
	(void)snprintf(want, sizeof(want), "%s: No such file or directory", link);
	assert_string_equal(room->err.text, want);
	err_clear(&room->err);
	assert_false(file_make_dirs("/proc/no/folder", 0755, &room->err));
	assert_string_equal(room->err.text, "/proc/no: No such file or directory");
	free(link);
	free(below);
	free(file);
	free(relative);
	free(path);
}

/* clang-format off */
static const struct { const char *name; bool exists, is_dir, is_special; } kinds[] = {
	{ "folder", true, true, false },
	{ "file", true, false, false },
	{ "pipe", true, false, true },
	{ "to-folder", true, true, false },
	{ "to-file", true, false, false },
	{ "to-pipe", true, false, true },
	{ "to-nothing", true, false, false },
	{ "nothing", false, false, false },
};
/* clang-format on */

static void
what_is_there_is_told_by_its_kind(void **state)
{
	struct room *room = *state;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		const char *name = kinds[i].name;
		char *path = file_join(room->dir, name);

		if (strcmp(name, "folder") == 0)
			assert_int_equal(mkdir(path, 0755), 0);
		else if (strcmp(name, "file") == 0)
			assert_true(file_write(path, "x", 1, 0644, &room->err));
		else if (strcmp(name, "pipe") == 0)
			assert_int_equal(mkfifo(path, 0644), 0);
		else if (strncmp(name, "to-", 3) == 0)
			assert_int_equal(symlink(name + 3, path), 0);
		if (file_exists(path) != kinds[i].exists ||
		    file_is_dir(path) != kinds[i].is_dir ||
		    file_is_special(path) != kinds[i].is_special)
			fail_msg("%s: got %d, %d, %d", name, file_exists(path),
			    file_is_dir(path), file_is_special(path));
		/* A folder holds no secret, who can look at it or not. */
		assert_int_equal(file_is_exposed(path, NULL),
		    kinds[i].exists && !kinds[i].is_dir &&
			strcmp(name, "to-nothing") != 0);
		free(path);
	}
	assert_true(file_is_special("/dev/null"));
}

static void
what_is_said_names_the_path(void **state)
{
	struct room *room = *state;
	char *file = file_join(room->dir, "file");
	char *absent = file_join(room->dir, "no/file");
	char want[200];
	char dir_is[200];

	(void)snprintf(want, sizeof(want), "%s: No such file or directory", absent);
	(void)snprintf(dir_is, sizeof(dir_is), "%s: Is a directory", room->dir);
#define SAYS(call, said) \
	do { \
		struct err *err = &room->err; \
		err_clear(err); \
		assert_false(call); \
		assert_string_equal(err->text, said); \
		assert_int_equal(err->kind, ERR_SYSTEM); \
	} while (0)
	SAYS(file_write(absent, "x", 1, 0600, err), want);
	SAYS(file_create(absent, "x", 1, 0600, err), want);
	SAYS(file_open_own(absent, O_RDWR | O_CREAT, err) >= 0, want);
	SAYS(file_write(room->dir, "x", 1, 0600, err), dir_is);
	SAYS(file_edit(room->dir, "x", 1, 0600, err), dir_is);
	SAYS(file_write("/dev/full", "x", 1, 0600, err),
	    "/dev/full: No space left on device");
	SAYS(file_sync_dir("/no/such", err), "/no/such: No such file or directory");
	assert_true(file_write(file, "x", 1, 0600, &room->err));
	(void)snprintf(want, sizeof(want), "%s: Not a directory", file);
	SAYS(file_sync_dir(file, err), want);
#undef SAYS
	err_clear(&room->err);
	assert_false(file_create(file, "x", 1, 0600, &room->err));
	(void)snprintf(want, sizeof(want), "%s: there already is such a file", file);
	assert_string_equal(room->err.text, want);
	assert_true(file_sync_dir(room->dir, &room->err));
	free(absent);
	free(file);
}

/* A folder has a second name in each that is in it: that is no reason. */
static void
what_is_our_own_is_opened(void **state)
{
	struct room *room = *state;
	char *inner = file_join(room->dir, "inner");
	char *path = file_join(room->dir, "new");
	struct stat st;
	int fd = file_open_own(path, O_RDWR | O_CREAT, &room->err);

	assert_true(fd > 2);
	assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(close(fd), 0);
	assert_int_equal(mkdir(inner, 0700), 0);
	fd = file_open_own(room->dir, O_RDONLY, &room->err);
	assert_true(fd > 2);
	assert_int_equal(close(fd), 0);
	free(path);
	free(inner);
}

static void
standard_input_is_read_by_its_dash(void **state)
{
	struct room *room = *state;
	char *path = file_join(room->dir, "in");
	struct buf b = BUF_INIT(100);
	const int kept = dup(STDIN_FILENO);
	int fd = -1;

	assert_true(file_write(path, "words", 5, 0600, &room->err));
	fd = open(path, O_RDONLY);
	assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	buf_adds(&b, "some ");
	assert_true(file_read("-", &b, &room->err));
	assert_string_equal(buf_text(&b), "some words");
	/* It stays open. */
	assert_true(file_read("-", &b, &room->err));
	assert_string_equal(buf_text(&b), "some words");
	assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
	assert_int_equal(close(fd), 0);
	assert_int_equal(close(kept), 0);
	free(path);
	buf_clear(&b);
	/* Of a folder nothing can be read. */
	fd = open(room->dir, O_RDONLY);
	{
		const int again = dup(STDIN_FILENO);

		assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
		assert_false(file_read("-", &b, &room->err));
		assert_string_equal(room->err.text, "standard input: Is a directory");
		assert_int_equal(dup2(again, STDIN_FILENO), STDIN_FILENO);
		assert_int_equal(close(again), 0);
	}
	assert_int_equal(close(fd), 0);
}

/* clang-format off */
static const struct { mode_t mode; bool exposed; } exposures[] = {
	{ 0600, false }, { 0700, false }, { 0640, true }, { 0604, true }, { 0620, false },
};
/* clang-format on */

static void
readers_of_a_secret_are_seen(void **state)
{
	struct room *room = *state;
	char *path = file_join(room->dir, "secret");

	for (size_t i = 0; i < ARRAY_LEN(exposures); i++) {
		mode_t mode = 0;

		assert_true(file_write(path, "", 0, exposures[i].mode, &room->err));
		assert_int_equal(file_is_exposed(path, &mode), exposures[i].exposed);
		assert_int_equal(mode, exposures[i].mode);
	}
	assert_int_equal(unlink(path), 0);
	assert_false(file_is_exposed(path, NULL));
	free(path);
}

/* clang-format off */
static const struct { const char *dir, *name, *joined; } joins[] = {
	{ "/a", "b", "/a/b" }, { "/a/", "b", "/a/b" }, { "/", "b", "/b" }, { "", "b", "b" },
	{ "a", "b", "a/b" },
};
/* clang-format on */
/* clang-format off */
static const struct { const char *path, *dir; } dirs[] = {
	{ "/a/b", "/a" }, { "/a", "/" }, { "a", "." }, { "a/b", "a" }, { "/", "/" }, { "", "." },
	{ "a/b/c", "a/b" },
};
/* clang-format on */

static void
paths_are_joined_and_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(joins); i++) {
		char *got = file_join(joins[i].dir, joins[i].name);

		assert_string_equal(got, joins[i].joined);
		free(got);
	}
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		char *got = file_dir(dirs[i].path);

		assert_string_equal(got, dirs[i].dir);
		free(got);
	}
}

/* "-o /dev/null" as root must not put a file in the place of the device. */
static void
a_pipe_is_written_into(void **state)
{
	char dir[64];
	char path[sizeof(dir) + 8];
	char got[8] = "";
	struct err err = ERR_INIT;
	struct stat st;
	int fd = -1;

	(void)state;
	assert_true(scratch_folder(dir, sizeof(dir)));
	(void)snprintf(path, sizeof(path), "%s/pipe", dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	assert_true(fd >= 0);
	assert_true(file_write(path, "words", 5, 0600, &err));
	assert_int_equal(read(fd, got, sizeof(got)), 5);
	assert_string_equal(got, "words");
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	(void)close(fd);
	(void)unlink(path);
	(void)rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_file_is_replaced_as_a_whole, make_room,
		    remove_room),
		cmocka_unit_test_setup_teardown(a_file_is_created_once, make_room,
		    remove_room),
		cmocka_unit_test_setup_teardown(an_edited_file_keeps_link_mode_and_owner,
		    make_room, remove_room),
		cmocka_unit_test_setup_teardown(an_edited_file_keeps_its_other_names,
		    make_room, remove_room),
		cmocka_unit_test_setup_teardown(our_own_files_are_opened_through_no_link,
		    make_room, remove_room),
		cmocka_unit_test_setup_teardown(a_ceiling_ends_reading, make_room,
		    remove_room),
		cmocka_unit_test_setup_teardown(what_was_not_written_is_noticed,
		    make_room, remove_room),
		cmocka_unit_test_setup_teardown(directories_are_made, make_room,
		    remove_room),
		cmocka_unit_test_setup_teardown(readers_of_a_secret_are_seen, make_room,
		    remove_room),
		cmocka_unit_test(a_pipe_is_written_into),
		cmocka_unit_test(paths_are_joined_and_cut),
		cmocka_unit_test_setup_teardown(what_is_there_is_told_by_its_kind,
		    make_room, remove_room),
		cmocka_unit_test_setup_teardown(what_is_said_names_the_path, make_room,
		    remove_room),
		cmocka_unit_test_setup_teardown(what_is_our_own_is_opened, make_room,
		    remove_room),
		cmocka_unit_test_setup_teardown(standard_input_is_read_by_its_dash,
		    make_room, remove_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

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

struct room {
	char dir[64];
	struct err err;
};

static int
make_room(void **state)
{
	struct room *room = xcalloc(1, sizeof(*room));

	(void)snprintf(room->dir, sizeof(room->dir), "/tmp/planetpost-unit-XXXXXX");
	if (!mkdtemp(room->dir))
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
	/* A directory cannot be replaced; nothing is left beside it. */
	err_clear(&room->err);
	assert_false(file_write(room->dir, "x", 1, 0600, &room->err));
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

	assert_true(file_write(real, "precious", 8, 0600, &room->err));
	assert_int_equal(symlink(real, path), 0);
	assert_false(lock_open(&lock, path, "x", &room->err));
	assert_non_null(strstr(room->err.text, "own is a symbolic link"));
	err_clear(&room->err);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(link(real, path), 0);
	assert_false(lock_open(&lock, path, "x", &room->err));
	assert_non_null(strstr(room->err.text, "own has a second name"));
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
}

static void
directories_are_made(void **state)
{
	struct room *room = *state;
	char *path = file_join(room->dir, "a//b/c/");
	char *file = file_join(room->dir, "f");
	char *below = file_join(file, "g");

	assert_true(file_make_dirs(path, 0755, &room->err));
	assert_true(file_exists(path));
	assert_true(file_make_dirs(path, 0755, &room->err));
	assert_true(file_write(file, "", 0, 0600, &room->err));
	assert_false(file_make_dirs(file, 0755, &room->err));
	err_clear(&room->err);
	assert_false(file_make_dirs(below, 0755, &room->err));
	assert_false(file_exists(below));
	free(below);
	free(file);
	free(path);
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
};
/* clang-format on */
/* clang-format off */
static const struct { const char *path, *dir; } dirs[] = {
	{ "/a/b", "/a" }, { "/a", "/" }, { "a", "." }, { "a/b", "a" },
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

/* In a second process: 0 when the lock is refused with the holder's text, 2 when it is got. */
static int
try_elsewhere(const char *path, const char *doing)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		struct lock lock = LOCK_INIT;
		struct err err = ERR_INIT;
		char holder[48];

		if (!lock_is_held(path) && lock_open(&lock, path, "second", &err))
			_exit(lock_is_held(path) ? 3 : 2);
		if (!lock_is_held(path) || lock_open(&lock, path, "second", &err))
			_exit(4);
		(void)snprintf(holder, sizeof(holder), "pid %ld, since 20",
		    (long)getppid());
		_exit(err.kind == ERR_TEMPORARY && strstr(err.text, holder) &&
			    strstr(err.text, doing)
			? 0
			: 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
a_lock_keeps_a_second_process_out(void **state)
{
	struct room *room = *state;
	char *path = file_join(room->dir, "lock");
	struct lock lock = LOCK_INIT;

	assert_true(lock_open(&lock, path, "fetching", &room->err));
	assert_int_equal(try_elsewhere(path, "fetching"), 0);
	lock_note(&lock, "sending 3/4");
	assert_int_equal(try_elsewhere(path, "sending 3/4"), 0);
	lock_close(&lock);
	assert_int_equal(lock.fd, -1);
	assert_int_equal(try_elsewhere(path, ""), 2);
	lock_close(&lock);
	/* What a dead process left behind is no lock. */
	assert_true(file_write(path, "1 never gone\n", 13, 0600, &room->err));
	assert_true(lock_open(&lock, path, "again", &room->err));
	lock_close(&lock);
	free(path);
}

/* "-o /dev/null" as root must not put a file in the place of the device. */
static void
a_pipe_is_written_into(void **state)
{
	char dir[] = "/tmp/planetpost-pipe.XXXXXX";
	char path[sizeof(dir) + 8];
	char got[8] = "";
	struct err err = ERR_INIT;
	struct stat st;
	int fd = -1;

	(void)state;
	assert_non_null(mkdtemp(dir));
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
		cmocka_unit_test_setup_teardown(a_lock_keeps_a_second_process_out,
		    make_room, remove_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/* A maildir is read: oldest first, each message until it has been dealt with, never a link. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/limits.h"
#include "transport/mailbox.h"
#include "unit/scratch.h"

struct fixture {
	char dir[64];
	char source[80];
};

static const char *
path_of(const struct fixture *f, const char *name)
{
	static char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", f->dir, name);
	return path;
}

static void
put(const struct fixture *f, const char *name, const char *text, size_t len)
{
	struct err err = ERR_INIT;

	if (!file_create(path_of(f, name), text, len, 0600, &err))
		fail_msg("%s", err.text);
}

static void
set_up(struct fixture *f)
{
	assert_true(scratch_folder(f->dir, sizeof(f->dir)));
	(void)snprintf(f->source, sizeof(f->source), "maildir:%s", f->dir);
	assert_int_equal(mkdir(path_of(f, "new"), 0700), 0);
	assert_int_equal(mkdir(path_of(f, "cur"), 0700), 0);
}

static void
tear_down(struct fixture *f)
{
	static const char *const names[] = { "new/1", "new/2", "new/3", "new/link",
		"cur/1:2,S", "cur/2:2,S", "cur/3:2,S", "cur", "new" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		(void)remove(path_of(f, names[i]));
	assert_int_equal(rmdir(f->dir), 0);
}

static void
expect_next(struct mailbox_reader *m, const char *want)
{
	struct buf b = BUF_INIT(2 * LIMIT_INCOMING_READ);
	struct err err = ERR_INIT;
	bool more = false;

	/* Whatever failed before is no matter here. */
	errno = EIO;
	if (!mailbox_next(m, &b, &more, &err) || err_is_set(&err))
		fail_msg("%s", err.text);
	assert_int_equal(more, want != NULL);
	if (want)
		assert_string_equal(buf_text(&b), want);
	buf_clear(&b);
}

static void
messages_come_oldest_first_and_are_marked_when_done(void **state)
{
	struct fixture f;
	struct err err = ERR_INIT;
	struct mailbox_reader *m = NULL;

	(void)state;
	set_up(&f);
	put(&f, "new/2", "second", 6);
	put(&f, "new/1", "first", 5);
	put(&f, "new/3", "third", 5);
	m = mailbox_open(f.source, NULL, &err);
	assert_non_null(m);
	expect_next(m, "first");
	assert_true(mailbox_done(m, &err));
	expect_next(m, "second");
	/* Not dealt with: it comes again next time. */
	assert_int_equal(unlink(path_of(&f, "new/3")), 0);
	expect_next(m, NULL);
	assert_true(mailbox_close(m, &err));
	assert_true(file_exists(path_of(&f, "cur/1:2,S")));
	assert_true(file_exists(path_of(&f, "new/2")));
	m = mailbox_open(f.source, NULL, &err);
	expect_next(m, "second");
	expect_next(m, NULL);
	assert_true(mailbox_close(m, &err));
	tear_down(&f);
}

static void
several_are_marked_at_once(void **state)
{
	struct fixture f;
	struct err err = ERR_INIT;
	struct mailbox_reader *m = NULL;

	(void)state;
	set_up(&f);
	put(&f, "new/1", "first", 5);
	put(&f, "new/2", "second", 6);
	put(&f, "new/3", "third", 5);
	m = mailbox_open(f.source, NULL, &err);
	assert_non_null(m);
	expect_next(m, "first");
	expect_next(m, "second");
	assert_true(mailbox_done(m, &err));
	expect_next(m, "third");
	assert_true(mailbox_close(m, &err));
	assert_true(file_exists(path_of(&f, "cur/1:2,S")));
	assert_true(file_exists(path_of(&f, "cur/2:2,S")));
	assert_true(file_exists(path_of(&f, "new/3")));
	tear_down(&f);
}

static void
a_large_message_is_read_from_its_beginning(void **state)
{
	const size_t len = 2 * (size_t)LIMIT_INCOMING_READ;
	char *text = malloc(len);
	struct buf b = BUF_INIT(2 * (size_t)LIMIT_INCOMING_READ);
	struct fixture f;
	struct err err = ERR_INIT;
	struct mailbox_reader *m = NULL;
	bool more = false;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', len);
	set_up(&f);
	put(&f, "new/1", text, len);
	m = mailbox_open(f.source, NULL, &err);
	assert_true(mailbox_next(m, &b, &more, &err));
	assert_true(more);
	assert_int_equal(b.len, LIMIT_INCOMING_READ);
	assert_true(mailbox_close(m, &err));
	buf_clear(&b);
	free(text);
	tear_down(&f);
}

static void
a_link_is_no_message(void **state)
{
	struct buf b = BUF_INIT(4096);
	struct fixture f;
	struct err err = ERR_INIT;
	struct mailbox_reader *m = NULL;
	bool more = false;

	(void)state;
	set_up(&f);
	assert_int_equal(symlink("/etc/passwd", path_of(&f, "new/link")), 0);
	m = mailbox_open(f.source, NULL, &err);
	more = true;
	assert_true(mailbox_next(m, &b, &more, &err));
	assert_false(more);
	assert_int_equal(b.len, 0);
	assert_true(mailbox_close(m, &err));
	assert_true(mailbox_close(NULL, &err));
	tear_down(&f);
}

/* What stands behind a colon is of the folder; hidden files and folders are no messages. */
static void
a_message_keeps_its_name_without_its_flags(void **state)
{
	struct fixture f;
	struct err err = ERR_INIT;
	struct mailbox_reader *m = NULL;

	(void)state;
	set_up(&f);
	put(&f, "new/1:2,", "first", 5);
	put(&f, "new/.2", "hidden", 6);
	assert_int_equal(mkdir(path_of(&f, "new/3"), 0700), 0);
	m = mailbox_open(f.source, NULL, &err);
	assert_non_null(m);
	expect_next(m, "first");
	expect_next(m, NULL);
	assert_int_equal(mailbox_broke_at(m), 0);
	mailbox_pass_over(m, 1);
	assert_true(mailbox_done(m, &err));
	assert_true(mailbox_close(m, &err));
	assert_true(file_exists(path_of(&f, "cur/1:2,S")));
	assert_true(file_exists(path_of(&f, "new/.2")));
	assert_int_equal(unlink(path_of(&f, "new/.2")), 0);
	assert_int_equal(rmdir(path_of(&f, "new/3")), 0);
	tear_down(&f);
}

/* One that is gone was taken by another program; one that stays would come again each time. */
static void
a_message_that_cannot_be_moved_is_told(void **state)
{
	struct fixture f;
	struct err err = ERR_INIT;
	struct mailbox_reader *m = NULL;
	char text[400];

	(void)state;
	set_up(&f);
	put(&f, "new/1", "first", 5);
	put(&f, "new/2", "second", 6);
	assert_int_equal(rmdir(path_of(&f, "cur")), 0);
	m = mailbox_open(f.source, NULL, &err);
	assert_non_null(m);
	expect_next(m, "first");
	assert_int_equal(unlink(path_of(&f, "new/1")), 0);
	assert_true(mailbox_done(m, &err));
	expect_next(m, "second");
	assert_false(mailbox_done(m, &err));
	assert_int_equal(err.kind, ERR_SYSTEM);
	(void)snprintf(text, sizeof(text),
	    "cannot move %s/new/2 to %s/cur/2:2,S: No such file or directory", f.dir,
	    f.dir);
	assert_string_equal(err.text, text);
	assert_int_equal(mkdir(path_of(&f, "cur"), 0700), 0);
	err_clear(&err);
	assert_true(mailbox_done(m, &err));
	assert_true(file_exists(path_of(&f, "cur/2:2,S")));
	assert_true(mailbox_close(m, &err));
	tear_down(&f);
}

/* Of very many, ten thousand are read; the others in the next round. */
static void
no_round_has_more_than_ten_thousand(void **state)
{
	struct fixture f;
	struct buf b = BUF_INIT(2 * LIMIT_INCOMING_READ);
	struct err err = ERR_INIT;
	struct mailbox_reader *m = NULL;
	char first[256];
	char name[20];
	bool more = true;
	int count = 0;

	(void)state;
	set_up(&f);
	put(&f, "new/1", "x", 1);
	(void)snprintf(first, sizeof(first), "%s", path_of(&f, "new/1"));
	for (int i = 0; i < 10000; i++) {
		(void)snprintf(name, sizeof(name), "new/l%05d", i);
		assert_int_equal(link(first, path_of(&f, name)), 0);
	}
	m = mailbox_open(f.source, NULL, &err);
	assert_non_null(m);
	for (; more; count++)
		assert_true(mailbox_next(m, &b, &more, &err));
	assert_int_equal(count - 1, 10000);
	assert_true(mailbox_close(m, &err));
	for (int i = 0; i < 10000; i++) {
		(void)snprintf(name, sizeof(name), "new/l%05d", i);
		(void)unlink(path_of(&f, name));
	}
	buf_clear(&b);
	tear_down(&f);
}

static void
what_is_no_mailbox_is_said(void **state)
{
	static const char *const sources[] = { "maildir:/nowhere/at/all", "imap://x", "",
		"maildir:" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sources); i++) {
		struct err err = ERR_INIT;

		if (mailbox_open(sources[i], NULL, &err))
			fail_msg("%s: opened", sources[i]);
		if (err.kind != ERR_CONFIG)
			fail_msg("%s: got kind %d", sources[i], err.kind);
	}
}

/* What stands in the settings can be wrong; the rest is the machine's trouble. */
static void
a_folder_that_is_none_is_told_from_one_that_cannot_be_read(void **state)
{
	struct fixture f;
	struct err err = ERR_INIT;
	const struct mailbox_login login = { "ann", "secret", "" };

	(void)state;
	set_up(&f);
	assert_int_equal(rmdir(path_of(&f, "new")), 0);
	put(&f, "new", "", 0);
	assert_null(mailbox_open(f.source, NULL, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_int_equal(unlink(path_of(&f, "new")), 0);
	/* A link to itself is followed without end. */
	assert_int_equal(symlink("new", path_of(&f, "new")), 0);
	err_clear(&err);
	assert_null(mailbox_open(f.source, NULL, &err));
	assert_int_equal(err.kind, ERR_SYSTEM);
	err_clear(&err);
	assert_null(mailbox_open("pop3s:/xlocalhost", &login, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_string_equal(err.text,
	    "\"pop3s:/xlocalhost\" is no mailbox that can be read");
	tear_down(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_come_oldest_first_and_are_marked_when_done),
		cmocka_unit_test(several_are_marked_at_once),
		cmocka_unit_test(a_large_message_is_read_from_its_beginning),
		cmocka_unit_test(a_link_is_no_message),
		cmocka_unit_test(a_message_keeps_its_name_without_its_flags),
		cmocka_unit_test(a_message_that_cannot_be_moved_is_told),
		cmocka_unit_test(no_round_has_more_than_ten_thousand),
		cmocka_unit_test(
		    a_folder_that_is_none_is_told_from_one_that_cannot_be_read),
		cmocka_unit_test(what_is_no_mailbox_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/* Letters to files on a system that fails: what is said, what is left there, how long is waited. */
#define _GNU_SOURCE /* RTLD_NEXT */

#include "unit/transport_fixture.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "transport/mbox.h"
#include "unit/descriptors.h"
#include "unit/failing_calls.h"

FAILING_CALL(int, link, (const char *from, const char *to), from, to)
FAILING_CALL(int, unlink, (const char *path), path)
FAILING_CALL(ssize_t, pread, (int fd, void *bytes, size_t len, off_t at), fd, bytes, len,
    at)

/* Nobody waits: at the nap of that number who holds the lock is ended. */
static struct {
	int count, freed_at;
	int64_t ms;
	pid_t holder;
} naps;

int
nanosleep(const struct timespec *pause, struct timespec *left)
{
	(void)left;
	naps.ms += pause->tv_sec * 1000 + pause->tv_nsec / 1000000;
	if (++naps.count == naps.freed_at) {
		(void)kill(naps.holder, SIGKILL);
		(void)waitpid(naps.holder, NULL, 0);
	}
	return 0;
}

#define OLD ENTRY("bo@example.org", "9")

/* clang-format off */
static const struct {
	const char *name, *before;
	struct failing_call fails[2];
	int write_most, naps;
	bool ok;
	enum outcome_kind kind;
	const char *text, *hint; /* of the error; %: the mbox */
	const char *after;
} boxes[] = {
	{ "all is well", OLD, { { 0 } }, 0, 0, true, OUTCOME_SENT, "", "",
		OLD ENTRY("ann@example.org", "0") },
	{ "in small parts", OLD, { { 0 } }, 7, 0, true, OUTCOME_SENT, "", "",
		OLD ENTRY("ann@example.org", "0") },
	{ "others read it", OLD, { { "fcntl", EACCES, 0 } }, 0, 1, true, OUTCOME_SENT, "", "",
		OLD ENTRY("ann@example.org", "0") },
	{ "others write it", OLD, { { "fcntl", EAGAIN, 0 }, { "fcntl", EAGAIN, 0 } }, 0, 2, true, OUTCOME_SENT,
		"", "", OLD ENTRY("ann@example.org", "0") },
	{ "interrupted", OLD, { { "fcntl", EINTR, 0 } }, 0, 1, true, OUTCOME_SENT, "", "",
		OLD ENTRY("ann@example.org", "0") },
	{ "no locks", OLD, { { "fcntl", ENOLCK, 0 } }, 0, 0, false, OUTCOME_DEFERRED,
		"%: lock: No locks available", "", OLD },
	{ "cannot be looked at", OLD, { { "fstat", EIO, 1 } }, 0, 0, false, OUTCOME_DEFERRED,
		"%: Input/output error", "", OLD },
	{ "its end cannot be read", "words\n\n", { { "pread", EIO, 0 } }, 0, 0, true, OUTCOME_SENT, "", "",
		"words\n\n\n\n" ENTRY("ann@example.org", "0") },
	{ "no room", OLD, { { "write", ENOSPC, 0 } }, 0, 0, false, OUTCOME_DEFERRED,
		"%: No space left on device", "", OLD },
	{ "room for a part", OLD, { { "write", ENOSPC, 2 } }, 9, 0, false, OUTCOME_DEFERRED,
		"%: No space left on device", "", OLD },
	{ "a part that stays", OLD, { { "write", EIO, 1 }, { "ftruncate", EIO, 0 } }, 4, 0, false, OUTCOME_DEFERRED,
		"%: Input/output error", "the last message in % is not whole", OLD "From" },
	{ "not on the disk", OLD, { { "fsync", EIO, 0 } }, 0, 0, false, OUTCOME_DEFERRED,
		"%: Input/output error", "", OLD ENTRY("ann@example.org", "0") },
	{ "a file without sync", OLD, { { "fsync", EINVAL, 0 }, { "fsync", ENOTSUP, 0 } }, 0, 0, true, OUTCOME_SENT,
		"", "", OLD ENTRY("ann@example.org", "0") },
	{ "not on the disk at the end", OLD, { { "fsync", EIO, 1 } }, 0, 0, false, OUTCOME_SENT,
		"%: Input/output error", "", OLD ENTRY("ann@example.org", "0") },
	{ "the end is noticed", OLD, { { "close", EDQUOT, 0 } }, 0, 0, false, OUTCOME_SENT,
		"%: Disk quota exceeded", "", OLD ENTRY("ann@example.org", "0") },
};
/* clang-format on */

static void
one_letter(struct bench *b)
{
	buf_clear(&b->letters.bytes);
	letters_init(&b->letters, two, 1);
	err_clear(&b->err);
	naps.count = 0;
	naps.ms = 0;
	failing_calls_clear();
}

/* text with a path in the place of %. */
static const char *
with_path(struct bench *b, const char *text, const char *path)
{
	const char *mark = strchr(text, '%');

	return mark
	    ? arena_printf(b->arena, "%.*s%s%s", (int)(mark - text), text, path, mark + 1)
	    : text;
}

static void
an_mbox_has_letters_whole_or_not_at_all(void **state)
{
	struct bench *b = *state;
	const char *path = in_dir(b, "box");

	b->config.transport.mbox = path;
	for (size_t i = 0; i < ARRAY_LEN(boxes); i++) {
		const uint64_t open = descriptors_open();
		bool ok = false;

		one_letter(b);
		assert_true(file_write(path, boxes[i].before, strlen(boxes[i].before),
		    0600, &b->err));
		failing_calls_clear();
		memcpy(failing_calls, boxes[i].fails, sizeof(failing_calls));
		write_most = boxes[i].write_most;
		ok = run(b, TRANSPORT_MBOX);
		failing_calls_clear();
		if (ok != boxes[i].ok || b->letters.kinds[0] != boxes[i].kind ||
		    strcmp(b->err.text, with_path(b, boxes[i].text, path)) != 0 ||
		    strcmp(b->err.hint, with_path(b, boxes[i].hint, path)) != 0 ||
		    naps.count != boxes[i].naps || naps.ms != 100 * boxes[i].naps)
			fail_msg("%s: %d %d \"%s\" (%s) %d naps", boxes[i].name, ok,
			    (int)b->letters.kinds[0], b->err.text, b->err.hint,
			    naps.count);
		expect_file(b, path, boxes[i].after);
		if (descriptors_open() != open)
			fail_msg("%s: others are open than before", boxes[i].name);
	}
}

/* A child that has the file for itself until it is ended. */
static void
hold(const char *path)
{
	int said[2] = { -1, -1 };
	char octet = '\0';

	assert_int_equal(pipe(said), 0);
	naps.holder = fork();
	if (naps.holder == 0) {
		struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
		const int fd = open(path, O_RDWR | O_CREAT, 0600);

		if (fd < 0 || fcntl(fd, F_SETLK, &lock) != 0 ||
		    write(said[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			(void)pause();
	}
	assert_true(naps.holder > 0);
	assert_int_equal(read(said[0], &octet, 1), 1);
	(void)close(said[0]);
	(void)close(said[1]);
}

/* A hundred times, with a tenth of a second between. */
static void
a_lock_is_waited_for_ten_seconds(void **state)
{
	struct bench *b = *state;
	const char *path = in_dir(b, "box");

	b->config.transport.mbox = path;
	failing_calls_clear();
	hold(path);
	one_letter(b);
	assert_false(run(b, TRANSPORT_MBOX));
	assert_int_equal(naps.count, 100);
	assert_int_equal(naps.ms, 10000);
	assert_int_equal(b->err.kind, ERR_TEMPORARY);
	assert_string_equal(b->err.text,
	    arena_printf(b->arena, "%s: another program has locked it", path));
	expect_file(b, path, "");
	one_letter(b);
	naps.freed_at = 99;
	assert_true(run(b, TRANSPORT_MBOX));
	assert_int_equal(naps.count, 99);
	expect_file(b, path, ENTRY("ann@example.org", "0"));
}

/* Each letter is locked alone: between two of them, and behind the last, others may have it. */
static void
a_lock_is_given_back(void **state)
{
	struct bench *b = *state;
	struct mbox m = MBOX_INIT;

	failing_calls_clear();
	assert_true(mbox_open(&m, in_dir(b, "box"), &b->err));
	for (int i = 0; i < 2; i++) {
		const bool ok = mbox_add(&m, "a@b.org", NOON, "x\n", 2, &b->err);

		assert_true(ok);
		hold(in_dir(b, "box"));
		(void)kill(naps.holder, SIGKILL);
		(void)waitpid(naps.holder, NULL, 0);
		/* Also when it could not be added. */
		failing_calls[0] = (struct failing_call){ "fstat", EIO, 0 };
		assert_false(mbox_add(&m, "a@b.org", NOON, "x\n", 2, &b->err));
		hold(in_dir(b, "box"));
		(void)kill(naps.holder, SIGKILL);
		(void)waitpid(naps.holder, NULL, 0);
		err_clear(&b->err);
	}
	assert_true(mbox_close(&m, &b->err));
}

/* ---- a maildir ----------------------------------------------------------------------- */

/* clang-format off */
static const struct {
	const char *name;
	struct failing_call fails[2];
	bool ok;
	const char *text; /* of the error; %: the maildir, and "..." behind it: the name of the first */
	const char *names; /* new/ of the names 0 and 1, tmp/ of the same: "x" is there */
} dirs[] = {
	{ "all is well", { { 0 } }, true, "", "x---" },
	{ "the name is taken", { { "link", EEXIST, 0 } }, true, "", "-x--" },
	{ "no link", { { "link", EPERM, 0 } }, false, "%/new/...: Operation not permitted", "----" },
	{ "no link, and no end", { { "link", EPERM, 0 }, { "unlink", EIO, 0 } }, false,
		"%/new/...: Operation not permitted", "--x-" },
	{ "no end of the file aside", { { "unlink", EIO, 0 } }, false, "%/tmp/...: Input/output error", "x-x-" },
	{ "no room", { { "write", ENOSPC, 0 } }, false, "%/tmp/...: No space left on device", "----" },
	{ "not on the disk", { { "fsync", EIO, 0 } }, false, "%/tmp/...: Input/output error", "----" },
	{ "the folder is not on the disk", { { "fsync", EIO, 2 } }, false, "%/new: Input/output error", "----" },
};
/* clang-format on */

static const char *
name_in(struct bench *b, const char *folder, int number)
{
	return arena_printf(b->arena, "%s/%s/1795521600.P%ldQ%d.host.example",
	    b->config.transport.maildir, folder, (long)getpid(), number);
}

static void
a_maildir_has_letters_whole_or_not_at_all(void **state)
{
	struct bench *b = *state;

	b->config.transport.maildir = in_dir(b, "m");
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		const char *text = NULL;
		char names[5] = "----";
		bool ok = false;

		one_letter(b);
		memcpy(failing_calls, dirs[i].fails, sizeof(failing_calls));
		ok = run(b, TRANSPORT_MAILDIR);
		failing_calls_clear();
		for (int n = 0; n < 4; n++) {
			const char *path = name_in(b, n < 2 ? "new" : "tmp", n % 2);

			if (access(path, F_OK) != 0)
				continue;
			expect_file(b, path,
			    "To: ann@example.org\nSubject: letter 0\n\n.Hello\n..\n"
			    "From me\n");
			names[n] = 'x';
			assert_int_equal(unlink(path), 0);
		}
		text = with_path(b, dirs[i].text, b->config.transport.maildir);
		if (strstr(text, "..."))
			text = arena_printf(b->arena, "%.*s%s%s",
			    (int)(strstr(text, "...") - text), text,
			    strrchr(name_in(b, "new", 0), '/') + 1,
			    strstr(text, "...") + 3);
		if (ok != dirs[i].ok || strcmp(b->err.text, text) != 0 ||
		    strcmp(names, dirs[i].names) != 0 ||
		    b->letters.kinds[0] != (dirs[i].ok ? OUTCOME_SENT : OUTCOME_DEFERRED))
			fail_msg("%s: %d \"%s\" %s, want \"%s\"", dirs[i].name, ok,
			    b->err.text, names, text);
	}
}

/* ---- what is too large --------------------------------------------------------------- */

/* The one letter of a source that is larger than any. */
static bool
next_large(void *arg, struct letter *out, struct err *err)
{
	struct buf *bytes = arg;

	(void)err;
	*out = (struct letter){ .sender = "a@b.org",
		.recipient = "ann@example.org",
		.name = "1",
		.bytes = bytes };
	return true;
}

static bool
settle_large(void *arg, const struct letter *l, const struct outcome *o, struct err *err)
{
	(void)arg;
	(void)l;
	(void)err;
	assert_int_equal(o->kind, OUTCOME_DEFERRED);
	return true;
}

static bool
go_on(void *arg)
{
	(void)arg;
	return false;
}

static void
what_is_too_large_leaves_nothing(void **state)
{
	struct bench *b = *state;
	struct buf bytes = { .data = calloc(2, LIMIT_LETTER), .len = LIMIT_LETTER + 1 };
	const struct letter_source source = { next_large, settle_large, go_on, &bytes,
		NULL };
	struct mbox m = MBOX_INIT;

	assert_non_null(bytes.data);
	failing_calls_clear();
	assert_true(mbox_open(&m, in_dir(b, "box"), &b->err));
	assert_false(
	    mbox_add(&m, "a@b.org", NOON, bytes.data, (size_t)2 * LIMIT_LETTER, &b->err));
	assert_int_equal(b->err.kind, ERR_LIMIT);
	assert_string_equal(b->err.text,
	    arena_printf(b->arena, "%s: a message over 33554432 bytes",
		in_dir(b, "box")));
	assert_true(mbox_close(&m, &b->err));
	expect_file(b, in_dir(b, "box"), "");
	err_clear(&b->err);
	b->config.transport.maildir = in_dir(b, "m");
	b->config.transport.method = TRANSPORT_MAILDIR;
	assert_false(transport_run(&b->t, &source, &b->err));
	assert_int_equal(b->err.kind, ERR_LIMIT);
	assert_string_equal(b->err.text, "a message over 33554432 bytes");
	assert_int_not_equal(access(name_in(b, "new", 0), F_OK), 0);
	free(bytes.data);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(an_mbox_has_letters_whole_or_not_at_all),
		T(a_lock_is_waited_for_ten_seconds),
		T(a_lock_is_given_back),
		T(a_maildir_has_letters_whole_or_not_at_all),
		T(what_is_too_large_leaves_nothing),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/* Mailboxes on a system that fails: what is said, what is closed again, and what is no failure. */
#define _GNU_SOURCE /* RTLD_NEXT */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/failing_calls.h"

#include <dirent.h>

#include "base/attr.h"
#include "base/file.h"
#include "base/limits.h"
#include "transport/mail_folder.h"
#include "unit/descriptors.h"
#include "unit/scratch.h"

#define MARK "From a@b.example Thu Jan 15 07:10:00 2026\n"

FAILING_CALL(int, dup, (int fd), fd)
FAILING_CALL(int, ferror, (FILE * f), f)
FAILING_CALL(int, fseeko, (FILE * f, off_t at, int from), f, at, from)

FILE *
fdopen(int fd, const char *mode)
{
	static FILE *(*library)(int, const char *);

	if (failing_call("fdopen"))
		return NULL;
	if (!library)
		LIBRARYS(library, "fdopen");
	return library(fd, mode);
}

DIR *
fdopendir(int fd)
{
	static DIR *(*library)(int);

	if (failing_call("fdopendir"))
		return NULL;
	if (!library)
		LIBRARYS(library, "fdopendir");
	return library(fd);
}

/* Bytes of a file in the folder, or of a folder when there are none. */
static void
make(const char *dir, const char *name, const char *text)
{
	char path[100];
	struct err err = ERR_INIT;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (!text)
		assert_int_equal(mkdir(path, 0700), 0);
	else if (!file_write(path, text, strlen(text), 0600, &err))
		fail_msg("%s", err.text);
}

/* clang-format off */
static const struct {
	const char *name;
	bool is_mbox;
	struct failing_call fails;
	enum err_kind kind;
	const char *said; /* behind the folder's path; or the messages, "|" behind each */
} rows[] = {
	{ "a maildir", false, { NULL, 0, 0 }, ERR_NONE, "one|two|" },
	{ "new/ cannot be looked at", false, { "fstat", EIO, 0 }, ERR_SYSTEM, "/new: Input/output error" },
	{ "cur/ cannot be looked at", false, { "fstat", EACCES, 1 }, ERR_SYSTEM, "/cur: Permission denied" },
	{ "new/ cannot be listed", false, { "dup", EMFILE, 0 }, ERR_SYSTEM, "/new: Too many open files" },
	{ "cur/ cannot be listed", false, { "dup", EMFILE, 1 }, ERR_SYSTEM, "/cur: Too many open files" },
	{ "no memory for new/", false, { "fdopendir", ENOMEM, 0 }, ERR_SYSTEM, "/new: Cannot allocate memory" },
	{ "no memory for cur/", false, { "fdopendir", ENOMEM, 1 }, ERR_SYSTEM, "/cur: Cannot allocate memory" },

	{ "an mbox", true, { NULL, 0, 0 }, ERR_NONE, "three\n|" },
	{ "it cannot be looked at", true, { "fstat", EIO, 0 }, ERR_CONFIG, "/box: no mbox file" },
	{ "no memory for it", true, { "fdopen", ENOMEM, 0 }, ERR_SYSTEM, "/box: Cannot allocate memory" },
	{ "others have it", true, { "fcntl", EACCES, 0 }, ERR_TEMPORARY, "/box: another program is writing it" },
	{ "others have it as well", true, { "fcntl", EAGAIN, 0 }, ERR_TEMPORARY,
		"/box: another program is writing it" },
	{ "there are no locks", true, { "fcntl", ENOLCK, 0 }, ERR_NONE, "three\n|" },
	{ "there is no place in it", true, { "fseeko", ESPIPE, 0 }, ERR_SYSTEM, "/box: Illegal seek" },
	{ "it cannot be read", true, { "ferror", EIO, 0 }, ERR_SYSTEM, "/box: Input/output error" },
};
/* clang-format on */

/* What one look says, and the kind of its error. */
static void
look(const char *dir, size_t row, struct buf *out, struct err *err)
{
	struct buf bytes = BUF_INIT(LIMIT_NEWSLETTER);
	struct mail_found found;
	char path[100];
	bool unchanged = false;
	bool more = true;
	struct mail_folder *f = NULL;

	(void)snprintf(path, sizeof(path), "%s%s", dir, rows[row].is_mbox ? "/box" : "");
	failing_calls_clear();
	failing_calls[0] = rows[row].fails;
	f = mail_folder_open(path, rows[row].is_mbox, NULL, 1000000, &unchanged, err);
	failing_calls_clear();
	while (f && more && mail_folder_next(f, &bytes, &found, &more, err))
		if (more)
			buf_addf(out, "%s|", buf_text(&bytes));
	mail_folder_close(f);
	buf_clear(&bytes);
}

static void
what_fails_is_said_and_all_is_closed(void **state)
{
	char dir[64];

	(void)state;
	assert_true(scratch_folder(dir, sizeof(dir)));
	make(dir, "new", NULL);
	make(dir, "cur", NULL);
	make(dir, "new/a", "one");
	make(dir, "cur/b:2,S", "two");
	make(dir, "box", MARK "three\n");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const uint64_t open = descriptors_open();
		struct buf out = BUF_INIT(1000);
		struct err err = ERR_INIT;

		look(dir, i, &out, &err);
		if (err_is_set(&err))
			assert_memory_equal(err.text, dir, strlen(dir));
		if (err.kind != rows[i].kind ||
		    strcmp(err_is_set(&err) ? err.text + strlen(dir) : buf_text(&out),
			rows[i].said) != 0)
			fail_msg("%s: %d \"%s\" \"%s\"", rows[i].name, (int)err.kind,
			    err.text, buf_text(&out));
		if (descriptors_open() != open)
			fail_msg("%s: others are open than before", rows[i].name);
		buf_clear(&out);
	}
	scratch_remove(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fails_is_said_and_all_is_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

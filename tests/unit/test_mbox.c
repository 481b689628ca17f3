/* SPDX-License-Identifier: ISC */
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
#include "transport/mbox.h"
#include "unit/scratch.h"

#define NOON INT64_C(1795521600) /* 2026-11-24 12:00:00 UTC */
#define FROM "From a@b.org Tue Nov 24 12:00:00 2026\n"

static const struct {
	const char *name, *sender, *message, *want;
} formats[] = {
	/* clang-format off */
	{ "CRLF becomes LF", "a@b.org", "S: x\r\n\r\nhi\r\n", FROM "S: x\n\nhi\n\n" },
	{ "LF stays", "a@b.org", "S: x\n\nhi\n", FROM "S: x\n\nhi\n\n" },
	{ "an end is added", "a@b.org", "S: x\r\n\r\nhi", FROM "S: x\n\nhi\n\n" },
	{ "From is quoted", "a@b.org", "\r\nFrom here\r\n", FROM "\n>From here\n\n" },
	{ "quoted From is quoted again", "a@b.org", "\r\n>From\r\n>From x\r\n>>From y\r\n",
	    FROM "\n>From\n>>From x\n>>>From y\n\n" },
	{ "From inside a line is not", "a@b.org", "\r\n From x\r\nfrom y\r\nFrom: z\r\n",
	    FROM "\n From x\nfrom y\nFrom: z\n\n" },
	{ "From and a blank are enough", "a@b.org", "\r\nFrom \r\nFrom\r\n>From \r\n>\r\n",
	    FROM "\n>From \nFrom\n>>From \n>\n\n" },
	{ "nothing", "a@b.org", "", FROM "\n" },
	{ "empty lines stay", "a@b.org", "\r\n\r\n\r\n", FROM "\n\n\n\n" },
	{ "null sender", "", "x\r\n", "From MAILER-DAEMON Tue Nov 24 12:00:00 2026\nx\n\n" },
};
/* clang-format on */

static void
an_entry_is_mboxrd(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		struct buf b = BUF_INIT(4096);

		mbox_format(&b, formats[i].sender, NOON, formats[i].message,
		    strlen(formats[i].message));
		if (strcmp(buf_text(&b), formats[i].want) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", formats[i].name,
			    buf_text(&b), formats[i].want);
		buf_clear(&b);
	}
}

static char *
read_whole(const char *path)
{
	struct buf b = BUF_INIT(1 << 20);
	struct err err = ERR_INIT;

	if (!file_read(path, &b, &err))
		fail_msg("%s", err.text);
	return buf_take(&b);
}

static bool
try_append(const char *path, const char *message, struct err *err)
{
	struct mbox m = MBOX_INIT;
	bool ok = mbox_open(&m, path, err) &&
	    mbox_add(&m, "a@b.org", NOON, message, strlen(message), err);

	return mbox_close(&m, err) && ok;
}

static void
append(const char *path, const char *message)
{
	struct err err = ERR_INIT;

	if (!try_append(path, message, &err))
		fail_msg("%s", err.text);
}

static void
write_text(const char *path, const char *text)
{
	struct err err = ERR_INIT;

	if (!file_write(path, text, strlen(text), 0600, &err))
		fail_msg("%s", err.text);
}

static const struct {
	const char *name, *before, *want;
} appends[] = {
	{ "to an empty file", "", FROM "x\n\n" },
	{ "to a whole one", FROM "y\n\n", FROM "y\n\n" FROM "x\n\n" },
	{ "to one without its empty line", FROM "y\n", FROM "y\n\n" FROM "x\n\n" },
	{ "to one of a line end alone", "\n", "\n\n" FROM "x\n\n" },
	{ "to one of an empty line alone", "\n\n", "\n\n" FROM "x\n\n" },
	{ "to one of a letter alone", "y", "y\n\n" FROM "x\n\n" },
	{ "to one cut inside a line", FROM "y", FROM "y\n\n" FROM "x\n\n" },
};

static void
appending_never_joins_two_messages(void **state)
{
	char dir[64];
	char *path = NULL;

	(void)state;
	assert_true(scratch_folder(dir, sizeof(dir)));
	path = file_join(dir, "box");
	for (size_t i = 0; i < ARRAY_LEN(appends); i++) {
		char *got = NULL;

		write_text(path, appends[i].before);
		append(path, "x\r\n");
		got = read_whole(path);
		if (strcmp(got, appends[i].want) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", appends[i].name, got,
			    appends[i].want);
		free(got);
	}
	assert_int_equal(unlink(path), 0);
	free(path);
	assert_int_equal(rmdir(dir), 0);
}

static void
a_new_file_is_for_its_owner_alone(void **state)
{
	char dir[64];
	char *path = NULL;
	struct stat st;

	(void)state;
	assert_true(scratch_folder(dir, sizeof(dir)));
	path = file_join(dir, "box");
	append(path, "x\r\n");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(unlink(path), 0);
	free(path);
	assert_int_equal(rmdir(dir), 0);
}

/* /dev/full takes nothing: what a full disk does. */
static void
a_full_disk_is_an_error(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	if (access("/dev/full", W_OK) != 0)
		skip();
	assert_false(try_append("/dev/full", "x\r\n", &err));
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_non_null(strstr(err.text, "/dev/full"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_is_mboxrd),
		cmocka_unit_test(appending_never_joins_two_messages),
		cmocka_unit_test(a_new_file_is_for_its_owner_alone),
		cmocka_unit_test(a_full_disk_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

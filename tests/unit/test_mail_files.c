/* SPDX-License-Identifier: ISC */
/* Transports that write files: names that are taken, disks that fill, output that is closed. */
#include <signal.h>
#include <sys/resource.h>

#include "transport/mbox.h"
#include "unit/transport_fixture.h"

#define LETTER_LF(to, n) "To: " to "\nSubject: letter " n "\n\n.Hello\n..\nFrom me\n"

/* ---- mbox ---------------------------------------------------------------------------- */

static const struct {
	const char *when, *want;
} dates[] = {
	/* asctime: C17 7.27.3.1, the day of the month in two places */
	{ "1970-01-01T00:00:00", "From a@b.org Thu Jan  1 00:00:00 1970\n\n" },
	{ "2000-02-29T23:59:59", "From a@b.org Tue Feb 29 23:59:59 2000\n\n" },
	{ "2024-03-09T09:08:07", "From a@b.org Sat Mar  9 09:08:07 2024\n\n" },
	{ "2026-04-10T10:00:00", "From a@b.org Fri Apr 10 10:00:00 2026\n\n" },
	{ "2026-05-31T00:00:01", "From a@b.org Sun May 31 00:00:01 2026\n\n" },
	{ "2026-06-15T12:00:00", "From a@b.org Mon Jun 15 12:00:00 2026\n\n" },
	{ "2026-07-15T12:00:00", "From a@b.org Wed Jul 15 12:00:00 2026\n\n" },
	{ "2026-08-15T12:00:00", "From a@b.org Sat Aug 15 12:00:00 2026\n\n" },
	{ "2026-09-15T12:00:00", "From a@b.org Tue Sep 15 12:00:00 2026\n\n" },
	{ "2026-10-15T12:00:00", "From a@b.org Thu Oct 15 12:00:00 2026\n\n" },
	{ "2026-12-31T23:59:59", "From a@b.org Thu Dec 31 23:59:59 2026\n\n" },
};

static void
a_postmark_has_the_date_as_asctime_writes_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(dates); i++) {
		struct buf b = BUF_INIT(100);
		int64_t t = 0;

		assert_true(clock_parse(dates[i].when, &t));
		mbox_format(&b, "a@b.org", t, "", 0);
		assert_string_equal(buf_text(&b), dates[i].want);
		buf_clear(&b);
	}
}

/* A file of so many octets is the largest that can be. */
static void
limit_files(rlim_t most)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = most < limit.rlim_max ? most : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* Half a message is taken back, so that a reader does not join it to the next one. */
static void
a_disk_that_fills_leaves_no_half_message(void **state)
{
	struct bench *b = *state;

	(void)signal(SIGXFSZ, SIG_IGN);
	b->config.transport.mbox = in_dir(b, "box");
	b->letters.count = 1;
	assert_true(run(b, TRANSPORT_MBOX));
	buf_clear(&b->letters.bytes);
	letters_init(&b->letters, two, 2);
	limit_files(sizeof(ENTRY("ann@example.org", "0")) - 1 + 20);
	assert_false(run(b, TRANSPORT_MBOX));
	limit_files(RLIM_INFINITY);
	assert_int_equal(b->err.kind, ERR_SYSTEM);
	assert_string_equal(b->err.text,
	    arena_printf(b->arena, "%s: File too large", in_dir(b, "box")));
	assert_string_equal(b->err.hint, "");
	expect_kind(b, 0, OUTCOME_DEFERRED);
	expect_file(b, in_dir(b, "box"), ENTRY("ann@example.org", "0"));
}

static void
what_cannot_be_opened_ends_the_run_at_once(void **state)
{
	static const struct {
		enum transport_method method;
		const char *unset;
	} rows[] = {
		{ TRANSPORT_OUTBOX, "transport.outbox names no directory" },
		{ TRANSPORT_MBOX, "transport.mbox names no file" },
		{ TRANSPORT_MAILDIR, "transport.maildir names no directory" },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		err_clear(&b->err);
		b->config.transport.outbox = b->config.transport.mbox =
		    b->config.transport.maildir = "";
		assert_false(run(b, rows[i].method));
		assert_int_equal(b->err.kind, ERR_CONFIG);
		assert_string_equal(b->err.text, rows[i].unset);
		/* A file where a folder should be. */
		err_clear(&b->err);
		assert_true(file_write(in_dir(b, "file"), "x", 1, 0600, &b->err));
		b->config.transport.outbox = b->config.transport.mbox =
		    b->config.transport.maildir = in_dir(b, "file/in");
		assert_false(run(b, rows[i].method));
		assert_int_equal(b->err.kind, ERR_SYSTEM);
		assert_int_equal(b->letters.handed_out, 0);
	}
}

/* ---- outbox -------------------------------------------------------------------------- */

static void
an_outbox_that_cannot_be_written_ends_the_run(void **state)
{
	struct bench *b = *state;
	const char *dir = in_dir(b, "outbox");

	b->config.transport.outbox = dir;
	/* A folder in the letter's place. */
	assert_int_equal(mkdir(dir, 0700), 0);
	assert_int_equal(mkdir(in_dir(b, "outbox/2026-11-24-0.eml"), 0700), 0);
	assert_false(run(b, TRANSPORT_OUTBOX));
	assert_int_equal(b->letters.handed_out, 1);
	expect_kind(b, 0, OUTCOME_DEFERRED);
	expect_file(b, in_dir(b, "outbox/outbox.mbox"), "");
	/* And one in that of the mbox. */
	err_clear(&b->err);
	buf_clear(&b->letters.bytes);
	letters_init(&b->letters, two, 2);
	assert_int_equal(unlink(in_dir(b, "outbox/outbox.mbox")), 0);
	assert_int_equal(mkdir(in_dir(b, "outbox/outbox.mbox"), 0700), 0);
	assert_false(run(b, TRANSPORT_OUTBOX));
	assert_int_equal(b->letters.handed_out, 0);
	assert_int_equal(b->err.kind, ERR_SYSTEM);
}

static void
a_letter_of_the_same_name_takes_the_old_ones_place(void **state)
{
	struct bench *b = *state;
	const char *path = in_dir(b, "outbox/2026-11-24-0.eml");

	b->config.transport.outbox = in_dir(b, "outbox");
	b->letters.count = 1;
	assert_int_equal(mkdir(b->config.transport.outbox, 0700), 0);
	assert_true(file_write(path, "older", 5, 0644, &b->err));
	assert_true(run(b, TRANSPORT_OUTBOX));
	expect_file(b, path, LETTER0);
	assert_string_equal(b->letters.replies[0], b->config.transport.outbox);
}

/* ---- maildir ------------------------------------------------------------------------- */

static const char *
name_in(struct bench *b, const char *folder, int number)
{
	return arena_printf(b->arena, "%s/%s/1795521600.P%ldQ%d.host.example",
	    b->config.transport.maildir, folder, (long)getpid(), number);
}

static void
take_names(struct bench *b, int first, int count)
{
	for (int i = 0; i < count; i++) {
		const char *folder = i % 2 ? "tmp" : "new";

		err_clear(&b->err);
		assert_true(
		    file_write(name_in(b, folder, first + i), "x", 1, 0600, &b->err));
	}
}

/* Names that are taken in new or in tmp are passed over, a hundred at most. */
static void
a_name_that_is_taken_is_not_used(void **state)
{
	struct bench *b = *state;

	b->config.transport.maildir = in_dir(b, "m");
	b->letters.count = 0;
	assert_true(run(b, TRANSPORT_MAILDIR));
	b->letters.count = 1;
	take_names(b, 0, 99);
	assert_true(run(b, TRANSPORT_MAILDIR));
	expect_kind(b, 0, OUTCOME_SENT);
	assert_string_equal(b->letters.replies[0], b->config.transport.maildir);
	expect_file(b, name_in(b, "new", 99), LETTER_LF("ann@example.org", "0"));
	assert_int_equal(access(name_in(b, "tmp", 99), F_OK), -1);
	expect_file(b, name_in(b, "new", 0), "x");
	expect_file(b, name_in(b, "tmp", 1), "x");
	buf_clear(&b->letters.bytes);
	letters_init(&b->letters, two, 2);
	assert_false(run(b, TRANSPORT_MAILDIR));
	assert_int_equal(b->err.kind, ERR_TEMPORARY);
	assert_string_equal(b->err.text,
	    arena_printf(b->arena, "%s: no free file name", in_dir(b, "m")));
	assert_int_equal(b->letters.handed_out, 1);
	expect_kind(b, 0, OUTCOME_DEFERRED);
}

static void
a_maildir_that_is_full_keeps_nothing_of_a_letter(void **state)
{
	struct bench *b = *state;

	(void)signal(SIGXFSZ, SIG_IGN);
	b->config.transport.maildir = in_dir(b, "m");
	b->letters.lines = 10000;
	limit_files(1000);
	assert_false(run(b, TRANSPORT_MAILDIR));
	limit_files(RLIM_INFINITY);
	assert_int_equal(b->err.kind, ERR_SYSTEM);
	assert_int_equal(b->letters.handed_out, 1);
	assert_int_equal(access(name_in(b, "new", 0), F_OK), -1);
	assert_int_equal(access(name_in(b, "tmp", 0), F_OK), -1);
}

/* ---- standard output ----------------------------------------------------------------- */

/* Runs with standard output in a file. */
static bool
run_into(struct bench *b, const char *path)
{
	int saved = dup(STDOUT_FILENO);
	bool ok = false;

	assert_true(saved >= 0);
	(void)fflush(stdout);
	assert_non_null(freopen(path, "w", stdout));
	ok = run(b, TRANSPORT_STDOUT);
	(void)fflush(stdout);
	assert_true(dup2(saved, STDOUT_FILENO) >= 0);
	(void)close(saved);
	clearerr(stdout);
	return ok;
}

static void
what_is_printed_depends_on_how_many_there_are(void **state)
{
	static const char *const to[] = { "a@b.org", "b@b.org", "c@b.org" };
	struct bench *b = *state;
	const char *path = in_dir(b, "out");
	const char *const want[] = { "", LETTER_LF("a@b.org", "0"),
		ENTRY("a@b.org", "0") ENTRY("b@b.org", "1"),
		ENTRY("a@b.org", "0") ENTRY("b@b.org", "1") ENTRY("c@b.org", "2") };

	for (size_t count = 0; count < ARRAY_LEN(want); count++) {
		buf_clear(&b->letters.bytes);
		letters_init(&b->letters, to, count);
		assert_true(run_into(b, path));
		expect_file(b, path, want[count]);
		for (size_t i = 0; i < count; i++) {
			expect_kind(b, i, OUTCOME_SENT);
			assert_string_equal(b->letters.replies[i], "standard output");
		}
	}
}

static void
an_output_that_takes_nothing_ends_the_run(void **state)
{
	struct bench *b = *state;

	if (access("/dev/full", W_OK) != 0)
		skip();
	for (size_t count = 1; count <= 2; count++) {
		err_clear(&b->err);
		buf_clear(&b->letters.bytes);
		letters_init(&b->letters, two, count);
		assert_false(run_into(b, "/dev/full"));
		assert_int_equal(b->err.kind, ERR_SYSTEM);
		assert_string_equal(b->err.text,
		    "standard output: No space left on device");
		if (count == 2)
			expect_kind(b, 1, OUTCOME_DEFERRED);
	}
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_postmark_has_the_date_as_asctime_writes_it),
		T(a_disk_that_fills_leaves_no_half_message),
		T(what_cannot_be_opened_ends_the_run_at_once),
		T(an_outbox_that_cannot_be_written_ends_the_run),
		T(a_letter_of_the_same_name_takes_the_old_ones_place),
		T(a_name_that_is_taken_is_not_used),
		T(a_maildir_that_is_full_keeps_nothing_of_a_letter),
		T(what_is_printed_depends_on_how_many_there_are),
		T(an_output_that_takes_nothing_ends_the_run),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}

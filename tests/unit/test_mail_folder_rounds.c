/* SPDX-License-Identifier: ISC */
/* What is known of a mailbox between two looks, how much one look takes, and what is a message. */
#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "transport/mail_folder.h"
#include "unit/child.h"
#include "unit/descriptors.h"
#include "unit/scratch.h"

/* Long after every file of these tests was written. */
static const int64_t LATER = 4000000000;

struct place {
	struct arena *a;
	char dir[32];
	bool is_mbox;
	const char *known;
	bool unchanged;
	struct err err;
	struct mail_found found; /* of the last message, its postmark in a */
};

static int
setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	if (!p)
		return -1;
	p->a = arena_new();
	if (!scratch_folder(p->dir, sizeof(p->dir)))
		return -1;
	*state = p;
	return mkdir(arena_printf(p->a, "%s/new", p->dir), 0700) |
	    mkdir(arena_printf(p->a, "%s/cur", p->dir), 0700);
}

static int
teardown(void **state)
{
	struct place *p = *state;
	const char *args[] = { "rm", "-rf", p->dir, NULL };

	(void)child_run(args, NULL);
	arena_free(p->a);
	free(p);
	return 0;
}

static const char *
in(struct place *p, const char *name)
{
	return arena_printf(p->a, "%s/%s", p->dir, name);
}

static void
write_bytes(struct place *p, const char *name, const char *mode, const char *text,
    size_t len)
{
	FILE *f = fopen(in(p, name), mode);

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static void
write_text(struct place *p, const char *name, const char *text)
{
	write_bytes(p, name, "w", text, strlen(text));
}

static struct mail_folder *
open_place(struct place *p, int64_t now)
{
	err_clear(&p->err);
	return mail_folder_open(p->is_mbox ? in(p, "box") : p->dir, p->is_mbox, p->known,
	    now, &p->unchanged, &p->err);
}

/* So many messages of those that are left, "|" behind each. */
static const char *
read_some(struct place *p, struct mail_folder *f, size_t most)
{
	struct buf bytes = BUF_INIT(LIMIT_NEWSLETTER);
	struct buf all = BUF_INIT(LIMIT_NEWSLETTER_BYTES + 1000);
	bool more = true;
	const char *text = NULL;

	while (most-- > 0) {
		struct mail_found found;

		assert_true(mail_folder_next(f, &bytes, &found, &more, &p->err));
		if (!more) {
			assert_int_equal(found.arrived, TIME_NONE);
			break;
		}
		buf_addf(&all, "%s|", buf_text(&bytes));
		p->found = found;
		if (found.postmark)
			p->found.postmark = arena_strdup(p->a, found.postmark);
	}
	text = arena_strdup(p->a, buf_text(&all));
	buf_clear(&all);
	buf_clear(&bytes);
	return text;
}

/* One look, of all that is there; what is known afterwards stays with the place. */
static const char *
look(struct place *p, int64_t now)
{
	struct mail_folder *f = open_place(p, now);
	const char *text = "";

	assert_int_equal(f == NULL, err_is_set(&p->err));
	if (!f)
		return p->err.text;
	if (!p->unchanged) {
		text = read_some(p, f, SIZE_MAX);
		p->known = mail_folder_known(f, p->a);
	}
	mail_folder_close(f);
	return text;
}

static int64_t
stamp_of(struct place *p, const char *name)
{
	struct stat st;

	assert_int_equal(stat(in(p, name), &st), 0);
	return st.st_mtim.tv_sec * INT64_C(1000000000) + st.st_mtim.tv_nsec;
}

static void
set_time(struct place *p, const char *name, time_t seconds, long nanoseconds)
{
	const struct timespec times[2] = { { seconds, nanoseconds },
		{ seconds, nanoseconds } };

	assert_int_equal(utimensat(AT_FDCWD, in(p, name), times, 0), 0);
}

/* ---- what is known of a maildir ------------------------------------------------------ */

static int64_t
change_of(struct place *p, const char *name)
{
	struct stat st;

	assert_int_equal(stat(in(p, name), &st), 0);
	return st.st_ctim.tv_sec * INT64_C(1000000000) + st.st_ctim.tv_nsec;
}

static void
of_a_maildir_its_stamps_and_the_newest_message_are_known(void **state)
{
	struct place *p = *state;
	const char *want = NULL;

	assert_string_equal(look(p, LATER), "");
	want = arena_printf(p->a, "maildir %" PRId64 " %" PRId64 " 0", stamp_of(p, "new"),
	    stamp_of(p, "cur"));
	assert_string_equal(p->known, want);
	write_text(p, "new/b", "one");
	set_time(p, "new/b", 1700000000, 999999999);
	assert_string_equal(look(p, LATER), "one|");
	assert_int_equal(p->found.arrived, 1700000000);
	assert_null(p->found.postmark);
	want = arena_printf(p->a, "maildir %" PRId64 " %" PRId64 " %" PRId64 " %" PRIx64,
	    stamp_of(p, "new"), stamp_of(p, "cur"), change_of(p, "new/b"),
	    hash_64("b", 1, 1));
	assert_string_equal(p->known, want);
}

/* RACY: a stamp is believed when three seconds have begun since. */
static const struct {
	const char *dir;
	int64_t now;
	bool new_is_kept, cur_is_kept;
} seconds[] = {
	{ "new", 1000002, false, true },
	{ "new", 1000003, true, true },
	{ "cur", 1000002, true, false },
	{ "cur", 1000003, true, true },
};

static void
a_stamp_is_believed_some_seconds_later(void **state)
{
	struct place *p = *state;

	for (size_t i = 0; i < ARRAY_LEN(seconds); i++) {
		const char *want = NULL;

		set_time(p, "new", 5, 7);
		set_time(p, "cur", 5, 8);
		set_time(p, seconds[i].dir, 1000000, 999999999);
		want = arena_printf(p->a, "maildir %" PRId64 " %" PRId64 " 0",
		    seconds[i].new_is_kept ? stamp_of(p, "new") : 0,
		    seconds[i].cur_is_kept ? stamp_of(p, "cur") : 0);
		p->known = NULL;
		(void)look(p, seconds[i].now);
		assert_string_equal(p->known, want);
		(void)look(p, seconds[i].now);
		assert_int_equal(p->unchanged,
		    seconds[i].new_is_kept && seconds[i].cur_is_kept);
	}
}

/* Words that are no maildir's: all is looked at, as at the first time. */
static void
what_is_known_must_be_of_this_maildir(void **state)
{
	static const char *const odd[] = { "", "maildir", "mbox 1 2 3 4 5",
		"Maildir 1 2 3", "\"etag\"" };
	struct place *p = *state;

	write_text(p, "new/a", "one");
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		p->known = odd[i];
		assert_string_equal(look(p, LATER), "one|");
	}
	/* Each stamp alone makes it another. */
	p->known = arena_printf(p->a, "maildir %" PRId64 " %" PRId64 " 0",
	    stamp_of(p, "new"), stamp_of(p, "cur") + 1);
	assert_string_equal(look(p, LATER), "one|");
	p->known = arena_printf(p->a, "maildir %" PRId64 " %" PRId64 " 0",
	    stamp_of(p, "new") + 1, stamp_of(p, "cur"));
	assert_string_equal(look(p, LATER), "one|");
	p->known = arena_printf(p->a, "maildir %" PRId64 " %" PRId64 " 0",
	    stamp_of(p, "new"), stamp_of(p, "cur"));
	assert_string_equal(look(p, LATER), "");
	assert_true(p->unchanged);
}

static void
of_the_newest_instant_those_that_were_read_are_known_by_name(void **state)
{
	struct place *p = *state;
	int64_t change = 0;

	write_text(p, "new/a", "one");
	change = change_of(p, "new/a");
	/* The same instant, other names: this one was not read. */
	p->known = arena_printf(p->a, "maildir 1 1 %" PRId64 " %" PRIx64 " %" PRIx64,
	    change, hash_64("b", 1, 1), hash_64("c", 1, 1));
	assert_string_equal(look(p, LATER), "one|");
	/* And of those it is one, the first, the last or the only one. */
	for (size_t i = 0; i < 3; i++) {
		p->known = arena_printf(p->a, "maildir 1 1 %" PRId64 " %" PRIx64 "%s",
		    change, hash_64(i == 1 ? "b" : "a", 1, 1),
		    i == 0 ? ""
			   : arena_printf(p->a, " %" PRIx64,
				 hash_64(i == 1 ? "a" : "b", 1, 1)));
		assert_string_equal(look(p, LATER), "");
		assert_false(p->unchanged);
	}
	/* Older than what was read; and younger by a billionth of a second. */
	p->known = arena_printf(p->a, "maildir 1 1 %" PRId64, change + 1);
	assert_string_equal(look(p, LATER), "");
	p->known = arena_printf(p->a, "maildir 1 1 %" PRId64 " %" PRIx64, change - 1,
	    hash_64("a", 1, 1));
	assert_string_equal(look(p, LATER), "one|");
}

/* Sixteen names are known, and no more are looked at. */
static void
so_many_names_are_known(void **state)
{
	struct place *p = *state;
	struct buf known = BUF_INIT(1000);
	int64_t change = 0;

	write_text(p, "new/a", "one");
	change = change_of(p, "new/a");
	for (int place = 16; place <= 17; place++) {
		buf_reset(&known);
		buf_addf(&known, "maildir 1 1 %" PRId64, change);
		for (int i = 1; i < place; i++)
			buf_addf(&known, " %x", i);
		buf_addf(&known, " %" PRIx64, hash_64("a", 1, 1));
		p->known = arena_strdup(p->a, buf_text(&known));
		assert_string_equal(look(p, LATER), place == 16 ? "" : "one|");
	}
	buf_clear(&known);
}

/* ---- a round of a maildir ------------------------------------------------------------ */

static void
messages_come_in_the_order_of_their_change(void **state)
{
	static const char *const names[] = { "new/z", "cur/y", "new/x", "cur/w" };
	struct place *p = *state;
	struct mail_folder *f = NULL;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (i > 0)
			clock_sleep_ms(12);
		write_text(p, names[i], names[i]);
	}
	write_text(p, "new/.hidden", "hidden");
	/* One look reads two, the next goes on there. */
	f = open_place(p, LATER);
	assert_non_null(f);
	assert_string_equal(read_some(p, f, 2), "new/z|cur/y|");
	p->known = mail_folder_known(f, p->a);
	mail_folder_close(f);
	assert_memory_equal(p->known, "maildir 0 0 ", 12);
	f = open_place(p, LATER);
	assert_non_null(f);
	assert_false(p->unchanged);
	assert_string_equal(read_some(p, f, SIZE_MAX), "new/x|cur/w|");
	mail_folder_close(f);
}

/* Of two folders as well: new/ is looked at first. */
static void
the_older_of_two_comes_first(void **state)
{
	struct place *p = *state;

	write_text(p, "cur/a", "old");
	clock_sleep_ms(12);
	write_text(p, "new/b", "young");
	assert_string_equal(look(p, LATER), "old|young|");
}

/* What came in one instant comes by its names. */
static void
messages_of_one_instant_come_by_name(void **state)
{
	struct place *p = *state;

	for (int tries = 0; tries < 100; tries++) {
		write_text(p, "new/b", "b");
		write_text(p, "cur/a", "a");
		write_text(p, "new/c", "c");
		if (change_of(p, "new/b") == change_of(p, "new/c"))
			break;
	}
	if (change_of(p, "new/b") == change_of(p, "new/c"))
		assert_string_equal(look(p, LATER), "a|b|c|");
}

/* Not a message that is gone, but a system that gives no descriptor any more. */
static void
a_message_that_cannot_be_read_is_for_later(void **state)
{
	struct place *p = *state;
	struct buf bytes = BUF_INIT(LIMIT_NEWSLETTER);
	struct mail_found found;
	struct mail_folder *f = NULL;
	struct rlimit before;
	bool more = true;
	bool ok = true;

	write_text(p, "cur/a", "one");
	f = open_place(p, LATER);
	assert_non_null(f);
	before = descriptors_leave(0);
	ok = mail_folder_next(f, &bytes, &found, &more, &p->err);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_false(ok);
	assert_false(more);
	assert_int_equal(p->err.kind, ERR_SYSTEM);
	assert_string_equal(p->err.text,
	    arena_printf(p->a, "%s/cur/a: Too many open files", p->dir));
	/* It is still there. */
	assert_string_equal(read_some(p, f, SIZE_MAX), "one|");
	mail_folder_close(f);
	buf_clear(&bytes);
}

/* What becomes of messages between the list and the reading. */
static void
what_is_gone_or_no_file_any_more_is_passed_over(void **state)
{
	struct place *p = *state;
	struct mail_folder *f = NULL;

	for (char c = 'a'; c <= 'e'; c++) {
		write_text(p, arena_printf(p->a, "new/%c", c),
		    arena_printf(p->a, "%c", c));
		clock_sleep_ms(12);
	}
	f = open_place(p, LATER);
	assert_non_null(f);
	assert_int_equal(unlink(in(p, "new/a")), 0);
	assert_int_equal(unlink(in(p, "new/b")), 0);
	assert_int_equal(symlink(in(p, "new/c"), in(p, "new/b")), 0);
	assert_int_equal(unlink(in(p, "new/d")), 0);
	assert_int_equal(mkdir(in(p, "new/d"), 0700), 0);
	assert_string_equal(read_some(p, f, SIZE_MAX), "c|e|");
	mail_folder_close(f);
}

static void
make_many(struct place *p, size_t count)
{
	for (size_t i = 0; i < count; i++)
		write_text(p, arena_printf(p->a, "new/%04zu", i), "x");
}

static size_t
count_messages(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += *text == '|';
	return n;
}

static void
the_first_round_takes_the_newest_and_as_many_as_are_allowed(void **state)
{
	struct place *p = *state;

	write_text(p, "cur/old", "old");
	clock_sleep_ms(12);
	make_many(p, LIMIT_NEWSLETTER_ROUND);
	assert_int_equal(count_messages(look(p, LATER)), LIMIT_NEWSLETTER_ROUND);
	assert_string_equal(look(p, LATER), "");
	assert_true(p->unchanged);
}

static void
a_later_round_takes_the_oldest_of_those_that_came(void **state)
{
	struct place *p = *state;
	const char *got = NULL;

	assert_string_equal(look(p, LATER), "");
	make_many(p, LIMIT_NEWSLETTER_ROUND);
	clock_sleep_ms(12);
	write_text(p, "cur/young", "young");
	got = look(p, LATER);
	assert_int_equal(count_messages(got), LIMIT_NEWSLETTER_ROUND);
	assert_null(strstr(got, "young"));
	assert_string_equal(look(p, LATER), "young|");
	assert_string_equal(look(p, LATER), "");
	assert_true(p->unchanged);
}

/* A file of so many octets, which take no room on the disk. */
static void
make_large(struct place *p, const char *name, off_t size)
{
	write_text(p, name, "x");
	assert_int_equal(truncate(in(p, name), size), 0);
	clock_sleep_ms(12);
}

/* Files of the largest size: after so many bytes a round is full. */
static void
a_round_is_full_of_bytes_as_well(void **state)
{
	struct place *p = *state;

	make_large(p, "new/a", LIMIT_NEWSLETTER_BYTES);
	make_large(p, "new/b", 1);
	make_large(p, "new/c", LIMIT_NEWSLETTER_BYTES - 1);
	/* The newest: b and c are as much as a round takes. */
	assert_string_equal(look(p, LATER), "x|x|");
	p->known = "maildir 1 1 1";
	assert_string_equal(look(p, LATER), "x|");
	assert_string_equal(look(p, LATER), "x|x|");
	assert_string_equal(look(p, LATER), "");
	assert_true(p->unchanged);
	make_large(p, "new/d", LIMIT_NEWSLETTER_BYTES - 1);
	make_large(p, "new/e", 1);
	make_large(p, "new/f", 1);
	assert_string_equal(look(p, LATER), "x|x|");
	assert_string_equal(look(p, LATER), "x|");
}

/* ---- an mbox ------------------------------------------------------------------------- */

#define MARK "From a@b.example Thu Jan 15 07:10:00 2026\n"

static const struct {
	const char *name, *text, *want;
} boxes[] = {
	{ "nothing", "", "" },
	{ "no message", "words\n\nmore words\n", "" },
	{ "what stands in front of the first", "words\n\n" MARK "one\n", "one\n|" },
	{ "an empty message", MARK "\n", "\n|" },
	{ "a message without a line", MARK, "|" },
	{ "two without a line between", MARK "one\n" MARK "two\n",
	    "one\n" MARK "two\n|" },
	{ "with CR LF", "From a\r\none\r\n\r\nFrom b\r\ntwo\r\n",
	    "one\r\n\r\n|two\r\n|" },
	{ "From at once behind a mark", MARK "From b\n\n", "From b\n\n|" },
	{ "From without a word", MARK "one\n\nFrom\n\nFrom \n", "one\n\nFrom\n\n||" },
	{ "another word", MARK "one\n\nFROM b\n\nfrom b\n",
	    "one\n\nFROM b\n\nfrom b\n|" },
	{ "a line of two", MARK "one\nx\nFrom b\n\r\nFrom c\n",
	    "one\nx\nFrom b\n\r\n||" },
	{ "a line that ends in CR only looks empty", MARK "one\n\rx\nFrom b\n",
	    "one\n\rx\nFrom b\n|" },
	{ "quotes", MARK ">From a\n>>From b\n>From\n>\n> From c\n>Fro\nx>From d\n",
	    "From a\n>From b\n>From\n>\n> From c\n>Fro\nx>From d\n|" },
	{ "a quote of five", MARK ">From \n", "From \n|" },
	{ "no line end", MARK "one\n\n" MARK "two", "one\n\n|" },
	{ "half of a mark", MARK "one\n\nFrom ", "" },
	{ "a word that begins so", MARK "one\n\nFromage\n", "one\n\nFromage\n|" },
	{ "half of a mark alone", "From ", "" },
};

static void
what_is_a_message_of_an_mbox(void **state)
{
	struct place *p = *state;

	p->is_mbox = true;
	for (size_t i = 0; i < ARRAY_LEN(boxes); i++) {
		const char *got = NULL;

		p->known = NULL;
		write_text(p, "box", boxes[i].text);
		got = look(p, LATER);
		if (strcmp(got, boxes[i].want) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", boxes[i].name, got,
			    boxes[i].want);
	}
}

static void
each_message_has_its_postmark(void **state)
{
	struct place *p = *state;
	char line[320];
	struct mail_folder *f = NULL;

	p->is_mbox = true;
	write_text(p, "box", "From a b\none\n\nFrom c\r\r\n\ntwo\n\n");
	memset(line, 'x', sizeof(line));
	memcpy(line, "From ", 5);
	line[255] = '\n';
	write_bytes(p, "box", "a", line, 256);
	write_bytes(p, "box", "a", "\n", 1);
	line[255] = 'x';
	line[256] = '\n';
	write_bytes(p, "box", "a", line, 257);
	f = open_place(p, LATER);
	assert_non_null(f);
	(void)read_some(p, f, 1);
	assert_string_equal(p->found.postmark, "From a b");
	assert_int_equal(p->found.arrived, TIME_NONE);
	(void)read_some(p, f, 1);
	assert_string_equal(p->found.postmark, "From c");
	/* 255 octets are kept. */
	for (int i = 0; i < 2; i++) {
		(void)read_some(p, f, 1);
		assert_int_equal(strlen(p->found.postmark), 255);
		assert_memory_equal(p->found.postmark, line, 255);
	}
	mail_folder_close(f);
}

/* "mbox INODE SIZE STAMP OFFSET PRINT", the print of the 64 octets in front of the offset. */
static const char *
known_mbox(struct place *p, int64_t size, int64_t stamp, const char *text, int64_t offset)
{
	const int64_t from = offset > 64 ? offset - 64 : 0;
	struct stat st;

	assert_int_equal(stat(in(p, "box"), &st), 0);
	return arena_printf(p->a,
	    "mbox %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRIx64,
	    (int64_t)st.st_ino, size, stamp, offset,
	    hash_64(text + from, (size_t)(offset - from), (uint64_t)offset));
}

static void
of_an_mbox_the_end_of_what_was_read_is_known(void **state)
{
	static const char text[] = MARK "one\n\n" MARK "two\n\n" MARK "half";
	const int64_t size = sizeof(text) - 1;
	const int64_t end = size - 4 - (int64_t)(sizeof(MARK) - 1);
	struct place *p = *state;

	p->is_mbox = true;
	write_text(p, "box", text);
	set_time(p, "box", 1000000, 999999999);
	assert_string_equal(look(p, LATER), "one\n\n|two\n\n|");
	assert_string_equal(p->known, known_mbox(p, size, 0, text, end));
	assert_string_equal(look(p, LATER), "");
	assert_false(p->unchanged);
	/* The whole: then the stamp counts, some seconds later. */
	assert_int_equal(truncate(in(p, "box"), end), 0);
	set_time(p, "box", 1000000, 999999999);
	assert_string_equal(look(p, 1000002), "");
	assert_string_equal(p->known, known_mbox(p, end, 0, text, end));
	assert_string_equal(look(p, 1000003), "");
	assert_false(p->unchanged);
	assert_string_equal(p->known,
	    known_mbox(p, end, INT64_C(1000000999999999), text, end));
	assert_string_equal(look(p, 1000003), "");
	assert_true(p->unchanged);
	/* Less than 64 octets in front. */
	p->known = NULL;
	write_text(p, "box", MARK "one\n");
	assert_string_equal(look(p, 0), "one\n|");
	assert_string_equal(p->known, known_mbox(p, 46, 0, MARK "one\n", 46));
}

/* Of what is known each number alone makes it another file, which is looked at again. */
static void
what_is_known_must_be_of_this_mbox(void **state)
{
	static const char text[] = MARK "one\n\n";
	const int64_t size = sizeof(text) - 1;
	struct place *p = *state;
	int64_t stamp = 0;
	const char *rows[8];

	p->is_mbox = true;
	write_text(p, "box", text);
	stamp = stamp_of(p, "box");
	p->known = known_mbox(p, size, stamp, text, size);
	assert_string_equal(look(p, LATER), "");
	assert_true(p->unchanged);
	/* Read on at the end: nothing. */
	rows[0] = known_mbox(p, size + 1, stamp, text, size);
	rows[1] = known_mbox(p, size, stamp + 1, text, size);
	rows[2] = arena_printf(p->a, "mbox 1 %s", strchr(p->known + 5, ' ') + 1);
	/* And these are another file: all of it. */
	rows[3] = arena_printf(p->a, "%sf", known_mbox(p, size, 1, text, size));
	rows[4] = "mbox 1 2 3 -1 0";
	rows[5] = arena_printf(p->a, "mbox 1 2 3 %d 0", (int)size + 1);
	rows[6] = arena_printf(p->a, "%.*s", (int)(strrchr(p->known, ' ') - p->known),
	    p->known);
	rows[7] = arena_printf(p->a, "M%s", p->known + 1);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		p->known = rows[i];
		assert_string_equal(look(p, LATER), i < 3 ? "" : "one\n\n|");
		assert_false(p->unchanged);
	}
	/* From its beginning. */
	p->known = known_mbox(p, size, 1, text, 0);
	assert_string_equal(look(p, LATER), "one\n\n|");
}

/* A stamp of 0 is none that is known: a file of 1970 is looked at each time. */
static void
what_has_no_time_is_looked_at_each_time(void **state)
{
	struct place *p = *state;

	write_text(p, "new/a", "one");
	for (int i = 0; i < 4; i++) {
		set_time(p, "new", i & 1 ? 0 : 1000000, 0);
		set_time(p, "cur", i & 2 ? 0 : 1000000, 0);
		p->known = NULL;
		assert_string_equal(look(p, LATER), "one|");
		assert_string_equal(look(p, LATER), "");
		assert_int_equal(p->unchanged, i == 0);
	}
	p->is_mbox = true;
	write_text(p, "box", MARK "one\n\n");
	for (int i = 0; i < 2; i++) {
		set_time(p, "box", i == 0 ? 1000000 : 0, 0);
		p->known = NULL;
		assert_string_equal(look(p, LATER), "one\n\n|");
		assert_string_equal(look(p, LATER), "");
		assert_int_equal(p->unchanged, i == 0);
	}
}

/* A message that has more than a round alone is taken as far as that goes; not behind another. */
static void
a_message_larger_than_a_round_is_taken_in_part(void **state)
{
	static const char text[] = MARK "one\n\n" MARK;
	static const int64_t first = (int64_t)sizeof(MARK "one\n\n") - 1;
	struct place *p = *state;
	char tail[64] = "";

	p->is_mbox = true;
	write_text(p, "box", text);
	assert_int_equal(truncate(in(p, "box"), first + LIMIT_NEWSLETTER_BYTES + 1), 0);
	p->known = known_mbox(p, 1, 1, "", 0);
	assert_string_equal(look(p, LATER), "one\n\n|");
	assert_string_equal(p->known,
	    known_mbox(p, first + LIMIT_NEWSLETTER_BYTES + 1, 0, text, first));
	assert_string_equal(look(p, LATER), "|");
	assert_string_equal(p->known,
	    arena_printf(p->a, "mbox %s %" PRId64 " 0 %" PRId64 " %" PRIx64,
		arena_strndup(p->a, p->known + 5, strcspn(p->known + 5, " ")),
		first + LIMIT_NEWSLETTER_BYTES + 1, first + LIMIT_NEWSLETTER_BYTES,
		hash_64(tail, sizeof(tail), (uint64_t)first + LIMIT_NEWSLETTER_BYTES)));
	/* Of one that is new to us the end is read, where no message begins. */
	p->known = NULL;
	assert_string_equal(look(p, LATER), "");
}

/* So many octets of lines are kept; a line that would be more is not, and one behind it may be. */
static void
of_a_message_the_beginning_is_kept(void **state)
{
	static const char rest[] = "ab\n12345\n123\n";
	struct place *p = *state;
	char *line = calloc(1, LIMIT_NEWSLETTER);
	struct buf bytes = BUF_INIT(2 * LIMIT_NEWSLETTER);
	struct mail_found found;
	struct mail_folder *f = NULL;
	bool more = false;

	assert_non_null(line);
	p->is_mbox = true;
	memset(line, 'x', LIMIT_NEWSLETTER - 7);
	line[LIMIT_NEWSLETTER - 8] = '\n';
	write_text(p, "box", MARK);
	write_bytes(p, "box", "a", line, LIMIT_NEWSLETTER - 7);
	write_bytes(p, "box", "a", rest, sizeof(rest) - 1);
	f = open_place(p, LATER);
	assert_non_null(f);
	assert_true(mail_folder_next(f, &bytes, &found, &more, &p->err));
	assert_true(more);
	assert_int_equal(bytes.len, LIMIT_NEWSLETTER);
	assert_string_equal(buf_text(&bytes) + LIMIT_NEWSLETTER - 9, "x\nab\n123\n");
	mail_folder_close(f);
	buf_clear(&bytes);
	free(line);
}

/* One that is being written is left alone: fcntl's lock, held by another process. */
static void
an_mbox_that_is_being_written_is_for_later(void **state)
{
	struct place *p = *state;
	int said[2] = { -1, -1 };
	char octet = '\0';
	pid_t pid = 0;
	const char *path = in(p, "box");

	p->is_mbox = true;
	write_text(p, "box", MARK "one\n\n");
	assert_int_equal(pipe(said), 0);
	pid = fork();
	if (pid == 0) {
		struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
		const int fd = open(path, O_RDWR);

		if (fd < 0 || fcntl(fd, F_SETLK, &lock) != 0 ||
		    write(said[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			(void)pause();
	}
	assert_true(pid > 0);
	assert_int_equal(read(said[0], &octet, 1), 1);
	assert_null(open_place(p, LATER));
	assert_int_equal(p->err.kind, ERR_TEMPORARY);
	assert_string_equal(p->err.text,
	    arena_printf(p->a, "%s: another program is writing it", path));
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_string_equal(look(p, LATER), "one\n\n|");
	(void)close(said[0]);
	(void)close(said[1]);
}

/* ---- what is no mailbox -------------------------------------------------------------- */

static void
expect_none(struct place *p, enum err_kind kind, const char *text)
{
	assert_null(open_place(p, LATER));
	assert_int_equal(p->err.kind, kind);
	assert_string_equal(p->err.text, text);
}

static void
what_is_no_mailbox_is_the_keepers_to_mend(void **state)
{
	struct place *p = *state;

	/* Nothing was read by a mail program yet. */
	write_text(p, "new/a", "one");
	assert_int_equal(rmdir(in(p, "cur")), 0);
	assert_string_equal(look(p, LATER), "one|");
	assert_string_equal(look(p, LATER), "");
	assert_true(p->unchanged);
	p->known = NULL;
	write_text(p, "cur", "no folder");
	expect_none(p, ERR_CONFIG, arena_printf(p->a, "%s/cur: Not a directory", p->dir));
	assert_int_equal(unlink(in(p, "cur")), 0);
	assert_int_equal(unlink(in(p, "new/a")), 0);
	assert_int_equal(rmdir(in(p, "new")), 0);
	expect_none(p, ERR_CONFIG,
	    arena_printf(p->a, "%s/new: No such file or directory", p->dir));
	p->is_mbox = true;
	expect_none(p, ERR_CONFIG,
	    arena_printf(p->a, "%s/box: No such file or directory", p->dir));
	assert_int_equal(symlink(in(p, "other"), in(p, "box")), 0);
	expect_none(p, ERR_CONFIG,
	    arena_printf(p->a, "%s/box: Too many levels of symbolic links", p->dir));
	assert_int_equal(unlink(in(p, "box")), 0);
	assert_int_equal(mkfifo(in(p, "box"), 0600), 0);
	expect_none(p, ERR_CONFIG, arena_printf(p->a, "%s/box: no mbox file", p->dir));
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(of_a_maildir_its_stamps_and_the_newest_message_are_known),
		T(a_stamp_is_believed_some_seconds_later),
		T(what_is_known_must_be_of_this_maildir),
		T(of_the_newest_instant_those_that_were_read_are_known_by_name),
		T(so_many_names_are_known),
		T(messages_come_in_the_order_of_their_change),
		T(the_older_of_two_comes_first),
		T(messages_of_one_instant_come_by_name),
		T(a_message_that_cannot_be_read_is_for_later),
		T(what_is_gone_or_no_file_any_more_is_passed_over),
		T(the_first_round_takes_the_newest_and_as_many_as_are_allowed),
		T(a_later_round_takes_the_oldest_of_those_that_came),
		T(a_round_is_full_of_bytes_as_well),
		T(what_is_a_message_of_an_mbox),
		T(each_message_has_its_postmark),
		T(of_an_mbox_the_end_of_what_was_read_is_known),
		T(what_is_known_must_be_of_this_mbox),
		T(what_has_no_time_is_looked_at_each_time),
		T(a_message_larger_than_a_round_is_taken_in_part),
		T(of_a_message_the_beginning_is_kept),
		T(an_mbox_that_is_being_written_is_for_later),
		T(what_is_no_mailbox_is_the_keepers_to_mend),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}

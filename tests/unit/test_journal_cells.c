/* SPDX-License-Identifier: ISC */
/* The journal of letters that are out: what its cells hold, in which order, and its copy. */
#define _XOPEN_SOURCE 700 /* realpath() is POSIX.1-2008, but glibc asks for XSI */

#include "unit/flow_fixture.h"

#include "flow/letter_journal.h"

static const unsigned char key[HASH_SIZE] = "the key of a newsletter";
static const unsigned char other_key[HASH_SIZE] = "another one";

/* As the file is laid out: a head of 512 bytes, then cells of 248. */
enum { HEAD = 512, CELL = 248, STAGE = 0, NAME_SUM = 8, ANSWER_SUM = 16, AT_NAME = 24 };

struct journal_test {
	char *folder;
	char path[300];
	struct arena *a;
	struct letter_journal *j;
	struct delivery_left *left;
};

static void
open_as(struct journal_test *t, const unsigned char *as, const char *boot)
{
	MUST((t->j = letter_journal_open(t->path, as, boot, err)) != NULL);
}

static void
begin(struct journal_test *t)
{
	*t = (struct journal_test){ .folder = new_folder(), .a = arena_new() };
	in_folder(t->folder, "j", t->path);
	open_as(t, key, "boot one");
}

static void
end(struct journal_test *t)
{
	letter_journal_close(t->j);
	arena_free(t->a);
	remove_files(t->folder);
	assert_int_equal(rmdir(t->folder), 0);
	free(t->folder);
}

static void
open_again(struct journal_test *t)
{
	letter_journal_close(t->j);
	open_as(t, key, "boot one");
}

static struct delivery
letter(int64_t reader, int64_t number)
{
	return (struct delivery){ .span = { .last_id = 10 * number, .last = number },
		.reader_id = reader,
		.part = 1 };
}

static int
hand_out(struct journal_test *t, int64_t reader)
{
	const struct delivery d = letter(reader, 3);

	return letter_journal_hand_out(t->j, &d, NOW);
}

/* The readers of the letters that are left, "101 102". */
static const char *
readers_left(struct journal_test *t)
{
	const size_t n = letter_journal_left(t->j, t->a, &t->left);
	const char *out = "";

	for (size_t i = 0; i < n; i++)
		out = arena_printf(t->a, "%s%s%lld", out, i ? " " : "",
		    (long long)t->left[i].d.reader_id);
	return out;
}

static void
read_bytes(const char *path, long offset, void *out, size_t len)
{
	FILE *f = fopen(path, "rb");

	assert_non_null(f);
	assert_int_equal(fseek(f, offset, SEEK_SET), 0);
	assert_int_equal(fread(out, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static void
overwrite(const char *path, long offset, const void *bytes, size_t len)
{
	FILE *f = fopen(path, "r+b");

	assert_non_null(f);
	assert_int_equal(fseek(f, offset, SEEK_SET), 0);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

/* ---- cells ---- */

static void
a_letter_is_named_by_all_that_tells_it(void **state)
{
	struct journal_test t;
	const struct delivery part = { .kind = NOTICE_NONE,
		.span = { .after = 4, .last = 6, .last_id = 60 },
		.reader_id = 7,
		.part = 2,
		.attempts = 3,
		.next_try = 11,
		.settled = 12 };
	const struct delivery notice = { .kind = NOTICE_GOODBYE,
		.notice_id = 5,
		.reader_id = 8,
		.attempts = 1 };
	struct delivery sent = notice;

	(void)state;
	begin(&t);
	letter_journal_restart(t.j, 0);
	SAME_INT("first", letter_journal_hand_out(t.j, &part, NOW), 0);
	SAME_INT("second", letter_journal_hand_out(t.j, &notice, NOW), 1);
	sent.state = DELIVERY_REFUSED;
	sent.attempts = 2;
	sent.next_try = NOW + 1;
	sent.settled = NOW + 2;
	sent.status = "5.1.1";
	letter_journal_answer(t.j, 1, &sent);
	open_again(&t);
	SAME_TEXT("left", readers_left(&t), "7 8");
	SAME_INT("kind", t.left[0].d.kind, NOTICE_NONE);
	SAME_INT("notice", t.left[0].d.notice_id, 0);
	SAME_INT("issue", t.left[0].d.span.last_id, 60);
	SAME_INT("number", t.left[0].d.span.last, 6);
	SAME_INT("part", t.left[0].d.part, 2);
	SAME_INT("tries before", t.left[0].attempts, 3);
	SAME_INT("answered", t.left[0].answered, 0);
	SAME_INT("nothing of an answer", t.left[0].d.attempts, 0);
	SAME_INT("nothing of an answer", t.left[0].d.settled, 0);
	SAME_INT("kind", t.left[1].d.kind, NOTICE_GOODBYE);
	SAME_INT("notice", t.left[1].d.notice_id, 5);
	SAME_INT("issue", t.left[1].d.span.last_id, 0);
	SAME_INT("part", t.left[1].d.part, 0);
	SAME_INT("tries before", t.left[1].attempts, 1);
	SAME_INT("answered", t.left[1].answered, 1);
	SAME_INT("state", t.left[1].d.state, DELIVERY_REFUSED);
	SAME_INT("tries", t.left[1].d.attempts, 2);
	SAME_INT("next try", t.left[1].d.next_try, NOW + 1);
	SAME_INT("settled", t.left[1].d.settled, NOW + 2);
	SAME_TEXT("status", t.left[1].d.status, "5.1.1");
	SAME_INT("no reply", t.left[1].d.reply == NULL, 1);
	end(&t);
}

/* Cells go round, so that what was written stays as long as it can. */
static void
cells_are_used_in_turn(void **state)
{
	struct journal_test t;

	(void)state;
	begin(&t);
	letter_journal_restart(t.j, 0);
	SAME_INT("first", hand_out(&t, 100), 0);
	SAME_INT("second", hand_out(&t, 101), 1);
	letter_journal_free_cell(t.j, 0);
	SAME_INT("not the free one before it", hand_out(&t, 102), 2);
	for (int i = 3; i < JOURNAL_CELLS; i++)
		SAME_INT("next", hand_out(&t, 100 + i), i);
	SAME_INT("round", hand_out(&t, 103), 0);
	SAME_INT("full", hand_out(&t, 104), -1);
	letter_journal_free_cell(t.j, JOURNAL_CELLS - 1);
	SAME_INT("the last", hand_out(&t, 105), JOURNAL_CELLS - 1);
	letter_journal_written(t.j, 5);
	SAME_INT("what is written is free", hand_out(&t, 106), 5);
	SAME_INT("full again", hand_out(&t, 107), -1);
	end(&t);
}

static const struct {
	const char *name;
	enum notice_kind kind;
	int64_t number, issue, letters;
} counts[] = {
	{ "the first letter", NOTICE_NONE, 3, 3, 1 },
	{ "another of it", NOTICE_NONE, 3, 3, 2 },
	{ "an older issue's", NOTICE_NONE, 2, 3, 2 },
	{ "a notice", NOTICE_WELCOME, 3, 3, 2 },
	{ "a notice", NOTICE_WELCOME, 9, 3, 2 },
	{ "the next issue's", NOTICE_NONE, 4, 4, 1 },
	{ "one before", NOTICE_NONE, 3, 4, 1 },
	{ "the same", NOTICE_NONE, 4, 4, 2 },
};

static void
letters_of_the_newest_issue_are_counted(void **state)
{
	struct journal_test t;

	(void)state;
	begin(&t);
	letter_journal_restart(t.j, 0);
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		struct delivery d = letter(1, counts[i].number);
		struct journal_issue got;

		d.kind = counts[i].kind;
		(void)letter_journal_hand_out(t.j, &d, NOW + (int64_t)i);
		got = letter_journal_issue(t.j);
		SAME_INT(counts[i].name, got.number, counts[i].issue);
		SAME_INT(counts[i].name, got.letters, counts[i].letters);
		SAME_INT(counts[i].name, got.at, NOW + (int64_t)i);
	}
	end(&t);
}

static void
answer(struct journal_test *t, int64_t reader, enum delivery_state what, int64_t settled)
{
	struct delivery d = letter(reader, 3);
	const int cell = letter_journal_hand_out(t->j, &d, NOW);

	d.state = what;
	d.settled = settled;
	letter_journal_answer(t->j, cell, &d);
	letter_journal_written(t->j, cell);
}

/* Of what is perhaps written the newest comes first, and a letter that went before others. */
static void
what_is_perhaps_written_comes_last(void **state)
{
	struct journal_test t;

	(void)state;
	begin(&t);
	letter_journal_restart(t.j, 0);
	SAME_TEXT("nothing", readers_left(&t), "");
	answer(&t, 1, DELIVERY_DEFERRED, NOW + 5);
	SAME_TEXT("one", readers_left(&t), "1");
	answer(&t, 2, DELIVERY_SENT, NOW + 9);
	answer(&t, 3, DELIVERY_SENT, NOW + 5);
	answer(&t, 4, DELIVERY_DEFERRED, NOW + 7);
	answer(&t, 5, DELIVERY_SENT, NOW + 1);
	answer(&t, 8, DELIVERY_SENT, NOW + 3);
	answer(&t, 9, DELIVERY_DEFERRED, NOW + 3);
	(void)hand_out(&t, 6);
	(void)hand_out(&t, 7);
	SAME_TEXT("order", readers_left(&t), "6 7 2 4 3 1 8 9 5");
	end(&t);
}

static const struct {
	const char *name;
	long at; /* of the cell of an answered letter */
	const char *bytes;
	size_t len;
	enum journal_verdict verdict;
	const char *left;
} damages[] = {
	{ "whole", STAGE, "\2", 1, JOURNAL_CURRENT, "1 2" },
	{ "written", STAGE, "\3", 1, JOURNAL_CURRENT, "1 2" },
	{ "no such stage", STAGE, "\4", 1, JOURNAL_REBOOTED, "1" },
	{ "free", STAGE, "\0", 1, JOURNAL_CURRENT, "1" },
	{ "its name", AT_NAME, "\x55", 1, JOURNAL_REBOOTED, "1" },
	{ "the sum of its name", NAME_SUM, "\x55\x55", 2, JOURNAL_REBOOTED, "1" },
	{ "its answer", AT_NAME + 7 * 8, "\x55", 1, JOURNAL_REBOOTED, "1" },
	{ "the sum of its answer", ANSWER_SUM, "\x55\x55", 2, JOURNAL_REBOOTED, "1" },
};

static void
a_cell_that_is_damaged_says_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
		struct journal_test t;
		struct delivery d = letter(2, 3);

		begin(&t);
		letter_journal_restart(t.j, 1);
		(void)hand_out(&t, 1);
		d.state = DELIVERY_SENT;
		letter_journal_answer(t.j, letter_journal_hand_out(t.j, &d, NOW), &d);
		letter_journal_close(t.j);
		overwrite(t.path, HEAD + CELL + damages[i].at, damages[i].bytes,
		    damages[i].len);
		open_as(&t, key, "boot one");
		SAME_INT(damages[i].name, letter_journal_judge(t.j, 1),
		    damages[i].verdict);
		SAME_TEXT(damages[i].name, readers_left(&t), damages[i].left);
		end(&t);
	}
}

/* A letter that is out has no answer yet: what stands there from the one before is no matter. */
static void
an_old_answer_is_no_part_of_a_letter_that_is_out(void **state)
{
	struct journal_test t;

	(void)state;
	begin(&t);
	letter_journal_restart(t.j, 1);
	(void)hand_out(&t, 1);
	letter_journal_close(t.j);
	overwrite(t.path, HEAD + ANSWER_SUM, "\x55", 1);
	open_as(&t, key, "boot one");
	SAME_INT("judged", letter_journal_judge(t.j, 1), JOURNAL_CURRENT);
	SAME_TEXT("left", readers_left(&t), "1");
	end(&t);
}

static const struct {
	const char *name;
	size_t ascii; /* letters before... */
	const char *end;
	size_t status, reply; /* what is kept of that as a status, as a reply */
} words[] = {
	{ "nothing", 0, "", 0, 0 },
	{ "a letter", 1, "", 1, 1 },
	{ "a status that just fits", 15, "", 15, 15 },
	{ "one that does not", 16, "", 15, 16 },
	{ "two bytes that fit", 13, "\xc3\xa4", 15, 15 },
	{ "two bytes that do not", 14, "\xc3\xa4", 14, 16 },
	{ "a reply that just fits", 119, "", 15, 119 },
	{ "one that does not", 120, "", 15, 119 },
	{ "two bytes that fit", 117, "\xc3\xa4", 15, 119 },
	{ "two bytes that do not", 118, "\xc3\xa4", 15, 118 },
	{ "of three none fits", 117, "\xe2\x82\xac", 15, 117 },
};

static void
words_are_kept_as_far_as_they_fit(void **state)
{
	struct journal_test t;

	(void)state;
	begin(&t);
	letter_journal_restart(t.j, 0);
	(void)hand_out(&t, 1);
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct delivery d = letter(1, 3);
		char text[200];

		memset(text, 'a', words[i].ascii);
		memcpy(text + words[i].ascii, words[i].end, strlen(words[i].end) + 1);
		d.status = d.reply = text;
		letter_journal_answer(t.j, 0, &d);
		SAME_TEXT(words[i].name, readers_left(&t), "1");
		d = t.left[0].d;
		SAME_INT(words[i].name, d.status ? strlen(d.status) : 0, words[i].status);
		SAME_INT(words[i].name, d.reply ? strlen(d.reply) : 0, words[i].reply);
		if (d.reply)
			SAME_INT(words[i].name, strncmp(d.reply, text, words[i].reply),
			    0);
	}
	end(&t);
}

/* ---- the file ---- */

/* Whoever has a later version reads the file of an older one. */
static void
the_head_names_the_database(void **state)
{
	struct journal_test t;
	unsigned char want[HASH_SIZE];
	unsigned char got[HASH_SIZE];
	char boot[9];

	(void)state;
	begin(&t);
	letter_journal_restart(t.j, 7);
	hash_hmac(key, HASH_SIZE, "letter journal", 14, want);
	read_bytes(t.path, 8, got, HASH_SIZE);
	assert_memory_equal(got, want, HASH_SIZE);
	read_bytes(t.path, 8 + HASH_SIZE, boot, sizeof(boot));
	SAME_TEXT("boot", boot, "boot one");
	end(&t);
}

static void
a_doubt_is_kept(void **state)
{
	struct journal_test t;

	(void)state;
	begin(&t);
	letter_journal_restart(t.j, 0);
	SAME_INT("none", letter_journal_doubt(t.j), 0);
	letter_journal_set_doubt(t.j, 4);
	open_again(&t);
	SAME_INT("kept", letter_journal_doubt(t.j), 4);
	letter_journal_restart(t.j, 2);
	SAME_INT("longer than a run", letter_journal_doubt(t.j), 4);
	end(&t);
}

static void
what_cannot_be_a_journal_is_refused(void **state)
{
	struct journal_test t;
	char path[300];

	(void)state;
	begin(&t);
	MUST_FAIL(letter_journal_open(in_folder(t.folder, "no/j", path), key, "b", err),
	    ERR_SYSTEM, "no/j: No such file or directory");
	assert_int_equal(mkfifo(in_folder(t.folder, "fifo", path), 0600), 0);
	MUST_FAIL(letter_journal_open(path, key, "b", err), ERR_SYSTEM,
	    "fifo: it is no file");
	letter_journal_close(NULL);
	end(&t);
}

/* ---- the copy ---- */

/* "planetpost-", eight bytes of a digest of the journal's place, ".sending". */
static const char *
copy_path(struct journal_test *t)
{
	unsigned char name[HASH_SIZE];
	char *real = realpath(t->path, NULL);
	const char *out = NULL;

	assert_non_null(real);
	hash_hmac(key, HASH_SIZE, real, strlen(real), name);
	out = arena_printf(t->a, "%s/planetpost-%02x%02x%02x%02x%02x%02x%02x%02x.sending",
	    t->folder, name[0], name[1], name[2], name[3], name[4], name[5], name[6],
	    name[7]);
	free(real);
	return out;
}

static const char *
rescue(struct journal_test *t)
{
	const char *path = NULL;

	MUST(letter_journal_rescue(t->j, t->folder, t->a, &path, err));
	SAME_TEXT("copy", path, copy_path(t));
	return path;
}

static bool
take_up(struct journal_test *t)
{
	return letter_journal_take_up(t->j, t->folder, t->a);
}

static void
a_copy_is_taken_up_when_it_is_not_older(void **state)
{
	struct journal_test t;

	(void)state;
	begin(&t);
	letter_journal_restart(t.j, 3);
	(void)hand_out(&t, 1);
	(void)rescue(&t);
	SAME_INT("no folder", letter_journal_take_up(t.j, NULL, t.a), 0);
	SAME_INT("no journal", letter_journal_take_up(NULL, t.folder, t.a), 0);
	SAME_INT("the same", take_up(&t), 1);
	SAME_INT("it is gone", take_up(&t), 0);
	(void)rescue(&t);
	letter_journal_announce(t.j, 4);
	SAME_INT("a taking later", take_up(&t), 0);
	(void)rescue(&t);
	letter_journal_restart(t.j, 4);
	SAME_INT("all is written since", take_up(&t), 0);
	(void)rescue(&t);
	letter_journal_restart(t.j, 3);
	SAME_INT("both", take_up(&t), 0);
	end(&t);
}

static const struct {
	const char *name;
	long at;
	const char *bytes;
	size_t len;
	long size; /* 0: as it is */
	bool taken;
} copies[] = {
	{ "as it was written", 0, "", 0, 0, true },
	{ "no journal", 0, "x", 1, 0, false },
	{ "of another database", 8, "xxxx", 4, 0, false },
	{ "of another start", 8 + HASH_SIZE, "boot two", 8, 0, false },
	{ "cut off", 0, "", 0, HEAD + JOURNAL_CELLS *CELL - 1, false },
	{ "too long", 0, "", 0, HEAD + JOURNAL_CELLS *CELL + 1, false },
};

static void
another_file_is_not_taken_up(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(copies); i++) {
		struct journal_test t;
		const char *path = NULL;

		begin(&t);
		letter_journal_restart(t.j, 3);
		path = rescue(&t);
		overwrite(path, copies[i].at, copies[i].bytes, copies[i].len);
		if (copies[i].size != 0)
			assert_int_equal(truncate(path, copies[i].size), 0);
		SAME_INT(copies[i].name, take_up(&t), copies[i].taken);
		SAME_INT(copies[i].name, file_exists(path), !copies[i].taken);
		end(&t);
	}
}

/* Without a name of this start nobody could say whether the copy is of it. */
static void
where_the_start_is_not_known_no_copy_counts(void **state)
{
	struct journal_test t;

	(void)state;
	begin(&t);
	letter_journal_close(t.j);
	open_as(&t, key, "");
	letter_journal_restart(t.j, 3);
	(void)rescue(&t);
	SAME_INT("not taken up", take_up(&t), 0);
	assert_int_equal(unlink(copy_path(&t)), 0);
	letter_journal_keep_copy(t.j, t.folder, t.a);
	SAME_INT("none is kept", file_exists(copy_path(&t)), 0);
	end(&t);
}

/* What is kept is the journal as it is, each letter and answer of it. */
static void
a_copy_says_what_the_journal_says(void **state)
{
	struct journal_test t;
	struct buf file = BUF_INIT(1 << 20);
	struct buf copy = BUF_INIT(1 << 20);
	struct delivery d = letter(2, 3);
	int cell = 0;

	(void)state;
	begin(&t);
	letter_journal_keep_copy(t.j, t.folder, t.a);
	letter_journal_restart(t.j, 3);
	letter_journal_announce(t.j, 4);
	letter_journal_taken(t.j, 4);
	(void)hand_out(&t, 1);
	cell = letter_journal_hand_out(t.j, &d, NOW + 1);
	d.state = DELIVERY_SENT;
	d.reply = "250 ok";
	letter_journal_answer(t.j, cell, &d);
	letter_journal_free_cell(t.j, hand_out(&t, 3));
	letter_journal_written(t.j, cell);
	letter_journal_set_doubt(t.j, 2);
	assert_true(letter_journal_sync(t.j));
	MUST(file_read(t.path, &file, err));
	MUST(file_read(copy_path(&t), &copy, err));
	SAME_INT("size", copy.len, HEAD + JOURNAL_CELLS * CELL);
	SAME_INT("size", file.len, copy.len);
	assert_memory_equal(file.data, copy.data, copy.len);
	buf_clear(&file);
	buf_clear(&copy);
	end(&t);
}

static void
a_copy_goes_when_nothing_is_out(void **state)
{
	struct journal_test t;
	const char *path = NULL;
	int cell = 0;

	(void)state;
	begin(&t);
	path = copy_path(&t);
	letter_journal_restart(t.j, 3);
	letter_journal_keep_copy(t.j, t.folder, t.a);
	cell = hand_out(&t, 1);
	open_again(&t);
	SAME_INT("a letter is out", file_exists(path), 1);
	letter_journal_keep_copy(t.j, t.folder, t.a);
	letter_journal_written(t.j, cell);
	open_again(&t);
	SAME_INT("all is written", file_exists(path), 0);
	letter_journal_keep_copy(t.j, t.folder, t.a);
	(void)rescue(&t);
	open_again(&t);
	SAME_INT("the disk is broken", file_exists(path), 1);
	SAME_INT("taken up", take_up(&t), 1);
	letter_journal_close(t.j);
	open_as(&t, other_key, "boot one");
	SAME_INT("another database has none", take_up(&t), 0);
	end(&t);
}

static void
a_copy_that_cannot_be_made(void **state)
{
	struct journal_test t;
	const char *path = NULL;
	char none[300];

	(void)state;
	begin(&t);
	letter_journal_restart(t.j, 3);
	in_folder(t.folder, "none", none);
	MUST_FAIL(letter_journal_rescue(t.j, none, t.a, &path, err), ERR_SYSTEM,
	    "No such file or directory");
	letter_journal_keep_copy(t.j, none, t.a);
	SAME_INT("letters go on", hand_out(&t, 1), 0);
	end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_letter_is_named_by_all_that_tells_it),
		cmocka_unit_test(cells_are_used_in_turn),
		cmocka_unit_test(letters_of_the_newest_issue_are_counted),
		cmocka_unit_test(what_is_perhaps_written_comes_last),
		cmocka_unit_test(a_cell_that_is_damaged_says_nothing),
		cmocka_unit_test(an_old_answer_is_no_part_of_a_letter_that_is_out),
		cmocka_unit_test(words_are_kept_as_far_as_they_fit),
		cmocka_unit_test(the_head_names_the_database),
		cmocka_unit_test(a_doubt_is_kept),
		cmocka_unit_test(what_cannot_be_a_journal_is_refused),
		cmocka_unit_test(a_copy_is_taken_up_when_it_is_not_older),
		cmocka_unit_test(another_file_is_not_taken_up),
		cmocka_unit_test(where_the_start_is_not_known_no_copy_counts),
		cmocka_unit_test(a_copy_says_what_the_journal_says),
		cmocka_unit_test(a_copy_goes_when_nothing_is_out),
		cmocka_unit_test(a_copy_that_cannot_be_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

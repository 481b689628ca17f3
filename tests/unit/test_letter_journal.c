/* SPDX-License-Identifier: ISC */
/* Which letters were out when a run ended, and what is done about them. */
#include "unit/flow_fixture.h"

#include <sys/wait.h>
#include <unistd.h>

#include "flow/compile.h"
#include "flow/deliver.h"
#include "flow/journal_recovery.h"
#include "flow/letter_journal.h"
#include "flow/letter_queue.h"
#include "store/deliveries.h"
#include "store/issues.h"
#include "store/notes.h"

static const unsigned char key[HASH_SIZE] = "the key of a newsletter";
static const unsigned char other_key[HASH_SIZE] = "another one";

static struct delivery
letter_to(int64_t reader)
{
	return (struct delivery){ .span = { .last_id = 7, .last = 3 },
		.reader_id = reader,
		.part = 1,
		.attempts = 2 };
}

static struct letter_journal *
must_open(const char *path, const char *boot)
{
	struct letter_journal *j = NULL;

	MUST((j = letter_journal_open(path, key, boot, err)) != NULL);
	return j;
}

/* ---- the file ---- */

/* Two letters out, one answered, one whose answer is written; and then it is closed. */
static void
leave_letters(const char *path, bool sync)
{
	struct letter_journal *j = must_open(path, "boot one");
	struct delivery d[4];
	int cell[4];

	letter_journal_restart(j, 10);
	letter_journal_announce(j, 11);
	letter_journal_taken(j, 11);
	for (int i = 0; i < 4; i++) {
		d[i] = letter_to(100 + i);
		cell[i] = letter_journal_hand_out(j, &d[i], NOW + i);
		assert_true(cell[i] >= 0);
	}
	d[1].state = DELIVERY_DEFERRED;
	d[1].attempts = 3;
	d[1].next_try = NOW + 60;
	d[1].settled = NOW + 2;
	d[1].status = "4.2.2";
	d[1].reply = "mailbox full";
	letter_journal_answer(j, cell[1], &d[1]);
	letter_journal_free_cell(j, cell[2]);
	if (sync)
		assert_true(letter_journal_sync(j));
	letter_journal_close(j);
}

static void
what_was_out_is_known_to_the_next_run(void **state)
{
	char *folder = new_folder();
	char path[300];
	struct arena *a = arena_new();
	struct delivery_left *left = NULL;
	struct letter_journal *j = NULL;
	struct stat st;

	(void)state;
	leave_letters(in_folder(folder, "j", path), false);
	assert_int_equal(stat(path, &st), 0);
	SAME_INT("mode", st.st_mode & 0777, 0600);
	j = must_open(path, "boot one");
	SAME_INT("verdict", letter_journal_judge(j, 11), JOURNAL_CURRENT);
	SAME_INT("left", letter_journal_left(j, a, &left), 3);
	SAME_INT("reader", left[0].d.reader_id, 100);
	SAME_INT("answered", left[0].answered, 0);
	SAME_INT("reader", left[1].d.reader_id, 101);
	SAME_INT("answered", left[1].answered, 1);
	SAME_INT("attempts before", left[1].attempts, 2);
	SAME_INT("attempts", left[1].d.attempts, 3);
	SAME_INT("state", left[1].d.state, DELIVERY_DEFERRED);
	SAME_INT("next try", left[1].d.next_try, NOW + 60);
	SAME_TEXT("status", left[1].d.status, "4.2.2");
	SAME_TEXT("reply", left[1].d.reply, "mailbox full");
	SAME_INT("reader", left[2].d.reader_id, 103);
	SAME_INT("issue", letter_journal_issue(j).number, 3);
	SAME_INT("letters of it", letter_journal_issue(j).letters, 4);
	SAME_INT("the last of them", letter_journal_issue(j).at, NOW + 3);
	letter_journal_restart(j, 11);
	SAME_INT("left after a restart", letter_journal_left(j, a, &left), 0);
	letter_journal_close(j);
	arena_free(a);
	unlink(path);
	rmdir(folder);
	free(folder);
}

static const struct {
	const char *name, *boot;
	int64_t takings;
	bool sync;
	enum journal_verdict verdict;
	size_t left;
} verdicts[] = {
	{ "same boot", "boot one", 11, false, JOURNAL_CURRENT, 3 },
	{ "after a power cut", "boot two", 11, false, JOURNAL_REBOOTED, 0 },
	{ "no boot known", "", 11, false, JOURNAL_REBOOTED, 0 },
	{ "written before the power cut", "boot two", 11, true, JOURNAL_REBOOTED, 3 },
	{ "an older database", "boot one", 4, false, JOURNAL_NEWER, 3 },
	{ "an older database after a power cut", "boot two", 4, false, JOURNAL_NEWER, 0 },
	{ "an older journal", "boot one", 12, false, JOURNAL_UNKNOWING, 3 },
};

static void
what_the_number_of_takings_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(verdicts); i++) {
		char *folder = new_folder();
		char path[300];
		struct arena *a = arena_new();
		struct delivery_left *left = NULL;
		struct letter_journal *j = NULL;

		leave_letters(in_folder(folder, "j", path), verdicts[i].sync);
		j = must_open(path, verdicts[i].boot);
		SAME_INT(verdicts[i].name, letter_journal_judge(j, verdicts[i].takings),
		    verdicts[i].verdict);
		SAME_INT(verdicts[i].name, letter_journal_left(j, a, &left),
		    verdicts[i].left);
		letter_journal_close(j);
		arena_free(a);
		unlink(path);
		rmdir(folder);
		free(folder);
	}
}

/* Killed when the taking was announced: it may be in the database or not. */
static void
a_taking_that_was_announced_is_no_older_journal(void **state)
{
	char *folder = new_folder();
	char path[300];
	struct letter_journal *j = NULL;

	(void)state;
	leave_letters(in_folder(folder, "j", path), false);
	j = must_open(path, "boot one");
	letter_journal_announce(j, 12);
	letter_journal_close(j);
	j = must_open(path, "boot one");
	SAME_INT("not in the database", letter_journal_judge(j, 11), JOURNAL_CURRENT);
	SAME_INT("in the database", letter_journal_judge(j, 12), JOURNAL_CURRENT);
	SAME_INT("further", letter_journal_judge(j, 13), JOURNAL_UNKNOWING);
	letter_journal_close(j);
	unlink(path);
	rmdir(folder);
	free(folder);
}

/* Cut short it says nothing, and has room for as many letters again. */
static void
a_journal_of_another_size_is_begun_anew(void **state)
{
	char *folder = new_folder();
	char path[300];
	struct letter_journal *j = NULL;
	struct arena *a = arena_new();
	struct delivery_left *left = NULL;

	(void)state;
	leave_letters(in_folder(folder, "j", path), false);
	assert_int_equal(truncate(path, 100000), 0);
	j = must_open(path, "boot one");
	assert_int_not_equal(letter_journal_judge(j, 11), JOURNAL_CURRENT);
	SAME_INT("letters", letter_journal_left(j, a, &left), 0);
	letter_journal_restart(j, 11);
	for (int i = 0; i < JOURNAL_CELLS; i++) {
		const struct delivery d = letter_to(1 + i);

		assert_true(letter_journal_hand_out(j, &d, NOW) >= 0);
	}
	letter_journal_close(j);
	arena_free(a);
	unlink(path);
	rmdir(folder);
	free(folder);
}

static void
overwrite(const char *path, long offset, const char *bytes, size_t len)
{
	FILE *f = fopen(path, "r+b");

	assert_non_null(f);
	assert_int_equal(fseek(f, offset, SEEK_SET), 0);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static void
files_that_are_none_of_ours(void **state)
{
	char *folder = new_folder();
	char path[300];
	char link[300];
	struct err failure = ERR_INIT;
	struct letter_journal *j = NULL;

	(void)state;
	in_folder(folder, "j", path);
	in_folder(folder, "link", link);
	leave_letters(path, false);
	assert_int_equal(symlink(path, link), 0);
	assert_null(letter_journal_open(link, key, "boot one", &failure));
	unlink(link);
	assert_int_equal(mkfifo(link, 0600), 0);
	failure = (struct err)ERR_INIT;
	assert_null(letter_journal_open(link, key, "boot one", &failure));
	unlink(link);
	/* A bit of a letter that is out: which one it was is not known any more. */
	overwrite(path, 512 + 30, "\xff", 1);
	j = must_open(path, "boot one");
	SAME_INT("damaged", letter_journal_judge(j, 11), JOURNAL_REBOOTED);
	letter_journal_close(j);
	overwrite(path, 0, "x", 1);
	j = must_open(path, "boot one");
	SAME_INT("another file", letter_journal_judge(j, 11), JOURNAL_UNKNOWING);
	letter_journal_close(j);
	leave_letters(path, false);
	assert_int_equal(truncate(path, 700), 0);
	j = must_open(path, "boot one");
	SAME_INT("cut off", letter_journal_judge(j, 11), JOURNAL_UNKNOWING);
	letter_journal_close(j);
	leave_letters(path, false);
	MUST((j = letter_journal_open(path, other_key, "boot one", err)) != NULL);
	SAME_INT("another database", letter_journal_judge(j, 11), JOURNAL_UNKNOWING);
	letter_journal_close(j);
	unlink(path);
	rmdir(folder);
	free(folder);
}

static void
long_words_are_cut_at_a_character(void **state)
{
	char *folder = new_folder();
	char path[300];
	char reply[1001];
	struct arena *a = arena_new();
	struct delivery d = letter_to(1);
	struct delivery_left *left = NULL;
	struct letter_journal *j = must_open(in_folder(folder, "j", path), "boot one");

	(void)state;
	for (size_t i = 0; i < 1000; i += 2)
		memcpy(reply + i, "\xc3\xa4", 2);
	reply[1000] = '\0';
	letter_journal_restart(j, 0);
	d.reply = reply;
	letter_journal_answer(j, letter_journal_hand_out(j, &d, NOW), &d);
	SAME_INT("left", letter_journal_left(j, a, &left), 1);
	SAME_INT("length", strlen(left[0].d.reply), 118);
	SAME_INT("no status", left[0].d.status == NULL, 1);
	for (int i = 1; i < JOURNAL_CELLS; i++)
		assert_true(letter_journal_hand_out(j, &d, NOW) >= 0);
	SAME_INT("full", letter_journal_hand_out(j, &d, NOW), -1);
	letter_journal_close(j);
	arena_free(a);
	unlink(path);
	rmdir(folder);
	free(folder);
}

/* ---- the next run ---- */

static struct issue
queue_issue(struct flow_test *t, int readers)
{
	struct compile_report r;
	struct queue_report q;
	char address[40];
	char path[300];

	t->run.journal_path =
	    arena_strdup(t->run.arena, in_folder(t->folder, "journal", path));
	t->run.boot = "boot one";
	for (int i = 0; i < readers; i++) {
		snprintf(address, sizeof(address), "r%d@x.example", i);
		(void)add_reader(t->run.store, address, READER_ACTIVE);
	}
	(void)add_full_post(t, add_source(t->run.store, "a"), "one", NOW - 86400);
	MUST(flow_issue_build(&t->run, true, &r, err));
	MUST(flow_letters_queue(&t->run, false, &q, err));
	SAME_INT("queued", q.queued, readers);
	return r.issue;
}

/* A run that took four letters, handed two of them out and heard about one; then it died. */
static void
die_while_sending(struct flow_test *t, int64_t issue)
{
	struct delivery *d = NULL;
	size_t count = 0;
	unsigned char own[HASH_SIZE];
	struct letter_journal *j = NULL;
	int cell = 0;

	MUST(store_key(t->run.store, own, err));
	MUST(
	    (j = letter_journal_open(t->run.journal_path, own, "boot one", err)) != NULL);
	letter_journal_restart(j, 0);
	letter_journal_announce(j, 1);
	MUST(store_deliveries_take(t->run.store, NULL, 0, t->run.arena, issue, NOW, 4, &d,
	    &count, err));
	SAME_INT("taken", count, 4);
	letter_journal_taken(j, 1);
	(void)letter_journal_hand_out(j, &d[0], NOW);
	cell = letter_journal_hand_out(j, &d[1], NOW);
	d[1].state = DELIVERY_SENT;
	d[1].attempts++;
	d[1].settled = NOW;
	d[1].reply = "250 taken";
	letter_journal_answer(j, cell, &d[1]);
	letter_journal_close(j);
}

static const struct {
	const char *name, *boot;
	int64_t unknown, sent; /* sent by the next run */
} deaths[] = {
	{ "killed", "boot one", 1, 4 },
	{ "power cut", "boot two", 4, 2 },
};

static void
only_what_was_out_is_unknown(void **state)
{
	const struct deliver_options all = { .issue_id = 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(deaths); i++) {
		struct flow_test t;
		struct deliver_report r;
		struct issue issue;
		int64_t by_state[DELIVERY_STATES];

		flow_begin(&t);
		issue = queue_issue(&t, 6);
		die_while_sending(&t, issue.id);
		t.run.boot = deaths[i].boot;
		MUST(flow_deliver(&t.run, &all, &r, err));
		SAME_INT(deaths[i].name, r.recovered, deaths[i].unknown);
		SAME_INT(deaths[i].name, r.sent, deaths[i].sent);
		MUST(store_deliveries_count(t.run.store, issue.id, by_state, err));
		SAME_INT(deaths[i].name, by_state[DELIVERY_UNKNOWN], deaths[i].unknown);
		SAME_INT(deaths[i].name, by_state[DELIVERY_SENT], 6 - deaths[i].unknown);
		flow_end(&t);
	}
}

/* The database as it was before the last letters were taken. */
static void
put_back(struct flow_test *t)
{
	MUST(db_exec(t->run.store,
	    "UPDATE note SET value = '0' WHERE name = 'takings';"
	    "UPDATE issue SET state = 2, sent = NULL;"
	    "UPDATE delivery SET state = 0, attempts = 0, settled = NULL, reply = NULL",
	    err));
}

static const struct {
	const char *name;
	enum restored restored;
	int64_t unknown, sent;
} answers[] = {
	{ "they may have gone", RESTORED_UNKNOWN, 3, 0 },
	{ "they go", RESTORED_SEND, 0, 3 },
};

static void
an_older_database_sends_nothing_until_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		struct deliver_options o = { .issue_id = 0 };
		struct flow_test t;
		struct deliver_report r;

		flow_begin(&t);
		(void)queue_issue(&t, 3);
		MUST(flow_deliver(&t.run, &o, &r, err));
		SAME_INT("sent", r.sent, 3);
		put_back(&t);
		for (int k = 0; k < 2; k++) {
			MUST_FAIL(flow_deliver(&t.run, &o, &r, err), ERR_HUMAN,
			    "3 letters of issue number 1");
			SAME_INT("sent", r.sent, 0);
		}
		o.restored = answers[i].restored;
		MUST(flow_deliver(&t.run, &o, &r, err));
		SAME_INT(answers[i].name, r.recovered, answers[i].unknown);
		SAME_INT(answers[i].name, r.sent, answers[i].sent);
		o.restored = RESTORED_ASK;
		MUST(flow_deliver(&t.run, &o, &r, err));
		SAME_INT("and that is that", r.recovered + r.sent, 0);
		flow_end(&t);
	}
}

/* The copy is from before the issue: its letters are in doubt when it is made again. */
static void
an_issue_that_the_older_database_does_not_know(void **state)
{
	struct deliver_options o = { .restored = RESTORED_UNKNOWN };
	struct flow_test t;
	struct deliver_report r;

	(void)state;
	flow_begin(&t);
	(void)queue_issue(&t, 3);
	MUST(flow_deliver(&t.run, &o, &r, err));
	put_back(&t);
	MUST(db_exec(t.run.store,
	    "UPDATE issue SET number = NULL; UPDATE delivery SET state = 7", err));
	MUST(flow_deliver(&t.run, &o, &r, err));
	SAME_INT("nothing is in doubt yet", r.recovered + r.sent, 0);
	MUST(db_exec(t.run.store,
	    "UPDATE issue SET number = 1; UPDATE delivery SET state = 0", err));
	o.restored = RESTORED_ASK;
	MUST(flow_deliver(&t.run, &o, &r, err));
	SAME_INT("unknown", r.recovered, 3);
	SAME_INT("sent", r.sent, 0);
	flow_end(&t);
}

/* ---- a disk that is broken ---- */

/* What the file held is gone, as when its disk is mounted anew; the copy elsewhere is not. */
static void
a_rescued_journal_is_taken_up_once(void **state)
{
	struct flow_test t;
	struct letter_journal *j = NULL;
	struct delivery_left *left = NULL;
	const char *path = NULL;
	const char *copy = NULL;
	struct stat st;

	(void)state;
	flow_begin(&t);
	path = arena_printf(t.run.arena, "%s/sending", t.folder);
	leave_letters(path, false);
	j = must_open(path, "boot one");
	MUST(letter_journal_rescue(j, t.folder, t.run.arena, &copy, err));
	letter_journal_close(j);
	assert_int_equal(stat(copy, &st), 0);
	SAME_INT("for nobody else", st.st_mode & 07777, 0600);

	assert_int_equal(unlink(path), 0);
	j = must_open(path, "boot two");
	SAME_INT("not after another start",
	    letter_journal_take_up(j, t.folder, t.run.arena), false);
	letter_journal_close(j);
	j = must_open(path, "boot one");
	SAME_INT("knows nothing", letter_journal_judge(j, 11), JOURNAL_UNKNOWING);
	SAME_INT("taken up", letter_journal_take_up(j, t.folder, t.run.arena), true);
	SAME_INT("knows all", letter_journal_judge(j, 11), JOURNAL_CURRENT);
	SAME_INT("letters", letter_journal_left(j, t.run.arena, &left), 3);
	SAME_INT("removed", stat(copy, &st), -1);
	SAME_INT("no second time", letter_journal_take_up(j, t.folder, t.run.arena),
	    false);

	/* A link of somebody's is not followed. */
	assert_int_equal(symlink(path, copy), 0);
	SAME_INT("a link", letter_journal_take_up(j, t.folder, t.run.arena), false);
	MUST(letter_journal_rescue(j, t.folder, t.run.arena, &copy, err));
	assert_int_equal(lstat(copy, &st), 0);
	assert_true(S_ISREG(st.st_mode));
	/* An older one than the file says nothing new. */
	letter_journal_announce(j, 12);
	SAME_INT("older", letter_journal_take_up(j, t.folder, t.run.arena), false);
	letter_journal_close(j);
	flow_end(&t);
}

/* What it is while letters go out, when the disk keeps only what it had before them. */
static void
a_copy_outlives_a_killed_run_and_its_disk(void **state)
{
	struct flow_test t;
	struct letter_journal *j = NULL;
	struct delivery_left *left = NULL;
	struct delivery d[3] = { letter_to(1), letter_to(2), letter_to(3) };
	struct buf old = BUF_INIT(1 << 20);
	const char *path = NULL;
	pid_t child = 0;
	int status = 0;

	(void)state;
	flow_begin(&t);
	path = arena_printf(t.run.arena, "%s/sending", t.folder);
	child = fork();
	if (child == 0) {
		j = must_open(path, "boot one");
		letter_journal_keep_copy(j, t.folder, t.run.arena);
		letter_journal_restart(j, 10);
		letter_journal_announce(j, 11);
		letter_journal_taken(j, 11);
		MUST(file_read(path, &old, err));
		for (int i = 0; i < 3; i++)
			status = letter_journal_hand_out(j, &d[i], NOW);
		d[1].state = d[2].state = DELIVERY_SENT;
		letter_journal_answer(j, status - 1, &d[1]);
		letter_journal_answer(j, status, &d[2]);
		letter_journal_written(j, status);
		MUST(file_write(path, buf_text(&old), old.len, 0600, err));
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	j = must_open(path, "boot one");
	SAME_INT("the disk knows no letter", letter_journal_left(j, t.run.arena, &left),
	    0);
	SAME_INT("taken up", letter_journal_take_up(j, t.folder, t.run.arena), true);
	SAME_INT("knows all", letter_journal_judge(j, 11), JOURNAL_CURRENT);
	SAME_INT("letters", letter_journal_left(j, t.run.arena, &left), 3);
	SAME_INT("out", left[0].answered, false);
	SAME_INT("answered", left[1].d.reader_id, 2);
	SAME_INT("perhaps written, last", left[2].d.reader_id, 3);
	letter_journal_keep_copy(j, t.folder, t.run.arena);
	letter_journal_restart(j, 11);
	letter_journal_close(j);
	j = must_open(path, "boot one");
	SAME_INT("closed in order it is gone",
	    letter_journal_take_up(j, t.folder, t.run.arena), false);
	letter_journal_close(j);
	buf_clear(&old);
	flow_end(&t);
}

/* ---- a database that cannot be written ---- */

static struct flow_test *broken;
static bool
break_then_go_on(void)
{
	/* Asked before each letter: the first ones go, then the database is read-only. */
	if (broken->questions_left-- == 0)
		flow_break_store(broken);
	return false;
}

static void
answers_wait_in_the_journal(void **state)
{
	const struct deliver_options all = { .issue_id = 0 };
	struct flow_test t;
	struct deliver_report r;

	(void)state;
	flow_begin(&t);
	(void)queue_issue(&t, 100);
	broken = &t;
	t.questions_left = 12;
	t.run.interrupted = break_then_go_on;
	MUST_FAIL(flow_deliver(&t.run, &all, &r, err), ERR_SYSTEM,
	    "letters are not in the database yet");
	assert_true(r.sent > 0 && r.sent < 100);
	MUST(db_exec(t.run.store, "PRAGMA query_only = OFF", err));
	const int64_t first = r.sent;

	t.questions_left = -1;
	MUST(flow_deliver(&t.run, &all, &r, err));
	SAME_INT("unknown", r.recovered, 0);
	SAME_INT("the others go", r.sent, 100 - first);
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_out_is_known_to_the_next_run),
		cmocka_unit_test(what_the_number_of_takings_says),
		cmocka_unit_test(a_taking_that_was_announced_is_no_older_journal),
		cmocka_unit_test(a_journal_of_another_size_is_begun_anew),
		cmocka_unit_test(files_that_are_none_of_ours),
		cmocka_unit_test(long_words_are_cut_at_a_character),
		cmocka_unit_test(only_what_was_out_is_unknown),
		cmocka_unit_test(an_older_database_sends_nothing_until_told),
		cmocka_unit_test(an_issue_that_the_older_database_does_not_know),
		cmocka_unit_test(a_rescued_journal_is_taken_up_once),
		cmocka_unit_test(a_copy_outlives_a_killed_run_and_its_disk),
		cmocka_unit_test(answers_wait_in_the_journal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

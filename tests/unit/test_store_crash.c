/* SPDX-License-Identifier: ISC */
/*
 * A process that works on the database is killed at a moment nobody chose, again and again;
 * each time the database must be whole, and nothing that was reported as durable may be gone.
 */
#include "unit/store_fixture.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "store/db.h"
#include "store/deliveries.h"
#include "store/delivery_recovery.h"
#include "store/open.h"
#include "store/transactions.h"

enum { ROUNDS = 25, READERS = 3000, BATCH = 20 };

static struct store *
reopen(const char *path, struct err *err)
{
	struct store_options o = open_options(STORE_WRITE);

	o.busy_ms = 5000;
	return store_open(path, &o, err);
}

/* What the child did and knows to be durable, told through a pipe one record at a time. */
struct told {
	char what;  /* 't' taken, 's' settled, 'e' entry */
	int64_t id; /* of the entry, or of the letter's reader */
};

static void
tell(int fd, char what, int64_t id)
{
	struct told t;

	memset(&t, 0, sizeof(t));
	t.what = what;
	t.id = id;
	if (write(fd, &t, sizeof(t)) != (ssize_t)sizeof(t))
		_exit(2);
}

static bool
work_once(struct store *s, struct arena *a, int fd, int64_t n, struct err *err)
{
	char guid[60];
	struct entry e;
	struct delivery *d = NULL;
	size_t count = 0;

	snprintf(guid, sizeof(guid), "%ld-%lld", (long)getpid(), (long long)n);
	e = make_entry(1, guid, guid, (uint64_t)getpid() << 32 | (uint64_t)(n + 1));
	e.text = guid;
	if (!add_post(s, &e, guid, false, err))
		return false;
	tell(fd, 'e', e.id);
	if (!store_deliveries_take(s, NULL, 0, a, 1, NOW, BATCH, &d, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		tell(fd, 't', d[i].reader_id);
		d[i].state = DELIVERY_SENT;
		d[i].reply = "250 Ok";
	}
	if (!store_deliveries_settle(s, d, count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		tell(fd, 's', d[i].reader_id);
	return true;
}

static void
work_until_killed(const char *path, int fd)
{
	struct err err = ERR_INIT;
	struct store *s = reopen(path, &err);
	struct arena *a = arena_new();

	for (int64_t n = 0; s && work_once(s, a, fd, n, &err); n++)
		arena_reset(a);
	fprintf(stderr, "child: %s\n", err.text);
	_exit(1);
}

static int64_t
number_of(struct store *s, const char *sql, int64_t id)
{
	struct err err = ERR_INIT;
	struct db_query *q = db_query(s, sql, &err);
	int64_t n = -1;

	db_bind_int(q, ":id", id);
	if (db_next(q))
		n = db_int(q);
	if (!db_done(q, &err))
		fail_msg("%s", err.text);
	return n;
}

static void
check_whole(struct store *s)
{
	struct err failure = ERR_INIT;
	struct db_query *q = db_query(s, "PRAGMA integrity_check", &failure);
	int64_t n = 0;

	SAME_TEXT("integrity", db_next(q) ? db_text(q, NULL) : "(none)", "ok");
	if (!db_done(q, &failure))
		fail_msg("%s", failure.text);
	MUST(db_number(s, "SELECT COUNT(*) FROM pragma_foreign_key_check", &n, err));
	SAME_INT("rows that point nowhere", n, 0);
	MUST(db_number(s, "SELECT COUNT(*) - COUNT(DISTINCT reader_id) FROM delivery", &n,
	    err));
	SAME_INT("readers with two letters", n, 0);
	/* An entry is there with all it is known by, or not at all. */
	MUST(db_number(s,
	    "SELECT COUNT(*) FROM entry e WHERE NOT EXISTS (SELECT 1 FROM identity"
	    " i WHERE i.entry_id = e.id AND i.said IS NOT NULL) OR NOT EXISTS"
	    " (SELECT 1 FROM entry_text t WHERE t.entry_id = e.id)",
	    &n, err));
	SAME_INT("entries by halves", n, 0);
}

/* False after the last; the pipe ends where the child was killed. */
static bool
hear(int fd, struct told *t)
{
	return read(fd, t, sizeof(*t)) == (ssize_t)sizeof(*t);
}

static void
check_told(struct store *s, int fd, int64_t *records)
{
	struct told t;
	int64_t state = 0;

	while (hear(fd, &t)) {
		++*records;
		if (t.what == 'e') {
			SAME_INT("an entry that was told",
			    number_of(s, "SELECT id FROM entry WHERE id = :id", t.id),
			    t.id);
			continue;
		}
		state = number_of(s, "SELECT state FROM delivery WHERE reader_id = :id",
		    t.id);
		if (t.what == 's' && state != DELIVERY_SENT)
			fail_msg("a settled letter: got state %lld, want sent",
			    (long long)state);
		/* It may have left: it must never look as if it had not. */
		if (t.what == 't' && state != DELIVERY_SENT && state != DELIVERY_SENDING)
			fail_msg("a taken letter: got state %lld, want sending or sent",
			    (long long)state);
	}
}

static void
one_round(const char *path, unsigned wait_ms, int64_t *records)
{
	struct timespec pause = { 0, (long)wait_ms * 1000000L };
	struct store *s = NULL;
	int fds[2];
	pid_t child = 0;
	int status = 0;
	int64_t sending = 0;
	int64_t recovered = 0;

	assert_int_equal(pipe(fds), 0);
	child = fork();
	if (child == 0) {
		close(fds[0]);
		work_until_killed(path, fds[1]);
	}
	close(fds[1]);
	/* Not before it works: on a slow machine it may still be opening. */
	assert_int_equal(poll(&(struct pollfd){ .fd = fds[0], .events = POLLIN }, 1,
			     60000),
	    1);
	nanosleep(&pause, NULL);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	MUST((s = reopen(path, err)) != NULL);
	check_whole(s);
	check_told(s, fds[0], records);
	MUST(
	    db_number(s, "SELECT COUNT(*) FROM delivery WHERE state = 1", &sending, err));
	MUST(store_deliveries_recover(s, NULL, &recovered, err));
	SAME_INT("recovered", recovered, sending);
	close_store(s);
	close(fds[0]);
}

static void
a_killed_process_loses_nothing_it_told(void **state)
{
	char *folder = new_folder();
	char path[300];
	struct store_options o = open_options(STORE_CREATE);
	struct store *s = NULL;
	int64_t records = 0;
	unsigned seed = 2463534242u;

	(void)state;
	MUST((s = store_open(in_folder(folder, "p.db", path), &o, err)) != NULL);
	add_source(s, "a");
	MUST(store_begin(s, err));
	for (int i = 0; i < READERS; i++) {
		char address[20];

		snprintf(address, sizeof(address), "r%d@x", i);
		add_reader(s, address, READER_ACTIVE);
	}
	MUST(store_commit(s, err));
	approve_issue(s, "i", NOW);
	SAME_INT("queued", queue_letters(s, NOW), READERS);
	close_store(s);
	for (int i = 0; i < ROUNDS; i++) {
		seed ^= seed << 13;
		seed ^= seed >> 17;
		seed ^= seed << 5;
		one_round(path, seed % 50, &records);
	}
	assert_true(records >= ROUNDS);
	remove_folder(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_killed_process_loses_nothing_it_told),
	};

	return cmocka_run_group_tests_name("store crash", tests, NULL, NULL);
}

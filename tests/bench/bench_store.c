/* SPDX-License-Identifier: ISC */
/*
 * The store beside a bare loop over sqlite: one table with a 64-bit key and two indexes, in the
 * same kind of file, both in one run, medians of five pairs.  Then letters written down by ten
 * thousand and by a hundred thousand, to see that a letter costs the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/clock.h"
#include "store/deliveries.h"
#include "store/delivery_recovery.h"
#include "store/delivery_queue.h"
#include "store/entries.h"
#include "store/issues.h"
#include "store/notices.h"
#include "store/open.h"
#include "store/readers.h"
#include "store/source_sync.h"
#include "store/transactions.h"

enum {
	ENTRIES = 60000,
	PER_FEED = 50,
	GROUP = 1000,
	FEEDS = ENTRIES / PER_FEED,
	PAIRS = 5,
	BATCH = 1000,
	BENCH_NOW = 1700000000
};

static const char title[] = "A headline of a normal length for a post on a planet";

static void
die(const char *what, const char *why)
{
	fprintf(stderr, "bench_store: %s: %s\n", what, why);
	exit(1);
}

/* "  goal 3: reached"; whether it is. */
static bool
say_goal(double got, double goal, bool at_least)
{
	const bool reached = at_least ? got >= goal : got <= goal;

	printf("  goal %s %.0f: %s\n", at_least ? ">=" : "<=", goal,
	    reached ? "reached" : "FALLS SHORT");
	return reached;
}

static double
cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t
scatter(uint64_t x)
{
	x ^= x >> 33;
	x *= UINT64_C(0xff51afd7ed558ccd);
	x ^= x >> 33;
	x *= UINT64_C(0xc4ceb9fe1a85ec53);
	return x ^ x >> 33;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *list, size_t count)
{
	qsort(list, count, sizeof(*list), by_size);
	return list[count / 2];
}

static char *
file_name(const char *name)
{
	static const char *const ends[] = { "-wal", "-shm", "" };
	const char *dir = getenv("BENCH");
	char *path = malloc(500);
	char old[520];

	if (!path)
		die("memory", "out");
	snprintf(path, 500, "%s/%s", dir ? dir : "/tmp", name);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(old, sizeof(old), "%s%s", path, ends[i]);
		(void)unlink(old);
	}
	return path;
}

/* ---- the bare loop ---- */

static void
bare_exec(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		die(sql, sqlite3_errmsg(db));
}

static sqlite3_stmt *
bare_prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *q = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK)
		die(sql, sqlite3_errmsg(db));
	return q;
}

static void
bare_insert(sqlite3 *db)
{
	sqlite3_stmt *q = bare_prepare(db,
	    "INSERT INTO entry (feed, k, published, title, link, hash)"
	    " VALUES (?, ?, ?, ?, ?, ?)");
	char link[120];

	bare_exec(db, "BEGIN");
	for (int i = 0; i < ENTRIES; i++) {
		uint64_t x = scatter((uint64_t)i);
		int len = snprintf(link, sizeof(link),
		    "https://blog.example.org/%d/%016llx.html", i / PER_FEED,
		    (unsigned long long)x);

		sqlite3_bind_int64(q, 1, i / PER_FEED);
		sqlite3_bind_int64(q, 2, (sqlite3_int64)x);
		sqlite3_bind_int64(q, 3, 1600000000 + (sqlite3_int64)(x & 0x7ffffff));
		sqlite3_bind_text(q, 4, title, -1, SQLITE_STATIC);
		sqlite3_bind_text(q, 5, link, len, SQLITE_STATIC);
		sqlite3_bind_blob(q, 6, &x, sizeof(x), SQLITE_STATIC);
		if (sqlite3_step(q) != SQLITE_DONE)
			die("insert", sqlite3_errmsg(db));
		sqlite3_reset(q);
	}
	bare_exec(db, "COMMIT");
	sqlite3_finalize(q);
}

static void
bare_look_up(sqlite3 *db)
{
	sqlite3_stmt *q =
	    bare_prepare(db, "SELECT hash FROM entry WHERE feed = ? AND k = ?");

	bare_exec(db, "BEGIN");
	for (int i = 0; i < ENTRIES; i++) {
		sqlite3_bind_int64(q, 1, i / PER_FEED);
		sqlite3_bind_int64(q, 2, (sqlite3_int64)scatter((uint64_t)i));
		if (sqlite3_step(q) != SQLITE_ROW)
			die("look up", "not there");
		sqlite3_reset(q);
	}
	bare_exec(db, "COMMIT");
	sqlite3_finalize(q);
}

static void
run_bare(double *added, double *known)
{
	char *path = file_name("bare.db");
	sqlite3 *db = NULL;
	double start = 0;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		die(path, "cannot be opened");
	bare_exec(db,
	    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
	    "PRAGMA cache_size = -65536");
	bare_exec(db,
	    "CREATE TABLE entry (id INTEGER PRIMARY KEY, feed INT, k INT,"
	    " published INT, title TEXT, link TEXT, hash BLOB);"
	    "CREATE UNIQUE INDEX entry_key ON entry (feed, k);"
	    "CREATE INDEX entry_published ON entry (published)");
	start = cpu_seconds();
	bare_insert(db);
	*added = ENTRIES / (cpu_seconds() - start);
	start = cpu_seconds();
	bare_look_up(db);
	*known = ENTRIES / (cpu_seconds() - start);
	sqlite3_close(db);
	free(path);
}

/* ---- ours ---- */

#define MUST(call) \
	do { \
		struct err must_err = ERR_INIT; \
		struct err *err = &must_err; \
		if (!(call)) \
			die(#call, must_err.text); \
	} while (0)

static struct store *
new_store(char **path)
{
	struct store_options o = { .mode = STORE_CREATE,
		.version = "bench",
		.busy_ms = 1000 };
	struct store *s = NULL;

	*path = file_name("ours.db");
	MUST((s = store_open(*path, &o, err)) != NULL);
	return s;
}

static int64_t *
add_sources(struct store *s)
{
	struct source *specs = calloc(FEEDS, sizeof(*specs));
	int64_t *ids = calloc(FEEDS, sizeof(*ids));
	char *texts = calloc(FEEDS, 100);

	if (!specs || !ids || !texts)
		die("memory", "out");
	for (int i = 0; i < FEEDS; i++) {
		char *url = texts + (size_t)i * 100;

		snprintf(url, 100, "https://blog%d.example.org/feed", i);
		specs[i].url = url;
		specs[i].key = url + sizeof("https://") - 1;
	}
	MUST(store_sources_sync(s, specs, FEEDS, err));
	for (int i = 0; i < FEEDS; i++)
		ids[i] = specs[i].id;
	free(specs);
	free(texts);
	return ids;
}

/* One post of a feed; its words are its own, and few of them are enough. */
static void
make_entry(struct entry *e, const int64_t *ids, int i, char link[120])
{
	uint64_t x = scatter((uint64_t)i);

	snprintf(link, 120, "https://blog%d.example.org/%016llx.html", i / PER_FEED,
	    (unsigned long long)x);
	*e = (struct entry){ .source_id = ids[i / PER_FEED],
		.guid = link,
		.link = link,
		.title = title,
		.published = 1600000000 + (int64_t)(x & 0x7ffffff),
		.updated = TIME_NONE,
		.first_seen = BENCH_NOW,
		.text_print = scatter(x + 1),
		.fingerprint = scatter(x) };
}

/* What the posts are known by: addresses, title and text with the instant, the text. */
static struct identity *
make_keys(const int64_t *ids)
{
	struct identity *keys = calloc(ENTRIES, sizeof(*keys));
	struct arena *a = arena_new();

	if (!keys)
		die("memory", "out");
	for (int i = 0; i < ENTRIES; i += PER_FEED) {
		const struct identity_source source = { .id = ids[i / PER_FEED] };
		struct entry entries[PER_FEED];
		char links[PER_FEED][120];
		const struct feed feed = { .entries = entries, .entry_count = PER_FEED };

		for (int k = 0; k < PER_FEED; k++)
			make_entry(&entries[k], ids, i + k, links[k]);
		identity_of_document(a, &source, &feed, &keys[i]);
		for (int k = 0; k < PER_FEED; k++) {
			keys[i + k].keys[KEY_PRINT] = (int64_t)entries[k].fingerprint;
			keys[i + k].said = entries[k].fingerprint;
		}
		arena_reset(a);
	}
	arena_free(a);
	return keys;
}

/* A transaction for each feed, as in a round. */
static double
add_entries(struct store *s, const int64_t *ids, const struct identity *keys,
    const char *text, int group)
{
	struct arena *a = arena_new();
	double start = cpu_seconds();
	double used = 0;

	for (int i = 0; i < ENTRIES; i++) {
		struct entry e;
		char link[120];
		struct identity_match found[IDENTITY_KEYS];
		uint64_t fingerprint = 0;
		size_t count = 0;
		int64_t id = 0;

		if (i % group == 0)
			MUST(store_begin(s, err));
		make_entry(&e, ids, i, link);
		e.html = e.text = text;
		MUST(store_entry_own(s, keys[i].keys[KEY_OWN], &id, &fingerprint, err));
		MUST(store_entry_matches(s, a, &keys[i], found, &count, err));
		if (id != 0 || count != 0)
			die(link, "is known already");
		MUST(store_entry_add(s, &e, &keys[i], PLACE_NEWS, err));
		if (i % group == group - 1)
			MUST(store_commit(s, err));
	}
	used = cpu_seconds() - start;
	arena_free(a);
	return ENTRIES / used;
}

static double
look_up_entries(struct store *s, const int64_t *ids, const struct identity *keys,
    int group)
{
	double start = cpu_seconds();

	for (int i = 0; i < ENTRIES; i++) {
		struct entry e;
		char link[120];
		uint64_t fingerprint = 0;
		int64_t id = 0;

		if (i % group == 0)
			MUST(store_begin(s, err));
		make_entry(&e, ids, i, link);
		MUST(store_entry_own(s, keys[i].keys[KEY_OWN], &id, &fingerprint, err));
		if (id == 0 || fingerprint != e.fingerprint)
			die(link, "is not known");
		if (i % group == group - 1)
			MUST(store_commit(s, err));
	}
	return ENTRIES / (cpu_seconds() - start);
}

static void
run_ours(const char *text, int group, double *added, double *known)
{
	char *path = NULL;
	struct store *s = new_store(&path);
	int64_t *ids = add_sources(s);
	struct identity *identities = make_keys(ids);

	/* The page choice of flow/remember.c: an address that is free needs no key beside it. */
	for (int i = 0; i < ENTRIES; i++)
		identities[i].keys[KEY_PAGE] = 0;
	*added = add_entries(s, ids, identities, text, group);
	*known = look_up_entries(s, ids, identities, group);
	MUST(store_close(s, err));
	free(identities);
	free(ids);
	free(path);
}

static bool
bench_entries(void)
{
	static char text[2000];
	double ours[2][PAIRS];
	double bare[2][PAIRS];
	double ratio[2][PAIRS];
	double with_text = 0;
	double unused = 0;
	bool reached = true;

	for (int i = 0; i < PAIRS; i++) {
		run_ours(NULL, ENTRIES, &ours[0][i], &ours[1][i]);
		run_bare(&bare[0][i], &bare[1][i]);
		ratio[0][i] = ours[0][i] / bare[0][i];
		ratio[1][i] = ours[1][i] / bare[1][i];
	}
	memset(text, 'x', sizeof(text) - 1);
	run_ours(text, GROUP, &with_text, &unused);
	printf("store new    %9.0f entries per CPU second  (%.2f of a bare insert, %.0f)",
	    median(ours[0], PAIRS), median(ratio[0], PAIRS), median(bare[0], PAIRS));
	reached = say_goal(median(ours[0], PAIRS), 200000, true);
	printf("store known  %9.0f entries per CPU second  (%.2f of a bare select, %.0f)",
	    median(ours[1], PAIRS), median(ratio[1], PAIRS), median(bare[1], PAIRS));
	reached = say_goal(median(ours[1], PAIRS), 1000000, true) && reached;
	printf("store new    %9.0f entries per CPU second  (each with 4 kB of text)\n",
	    with_text);
	return reached;
}

/* ---- letters ---- */

/* Readers with a rhythm of their own are all due now. */
static void
add_readers(struct store *s, int count, enum rhythm rhythm)
{
	MUST(store_begin(s, err));
	for (int i = 0; i < count; i++) {
		char address[60];
		struct reader r = { .address = address,
			.address_key = address,
			.state = READER_ACTIVE,
			.variant = { 0, LENGTH_WHOLE, FORMAT_HTML, "*", NULL },
			.cadence = { rhythm, 0, CADENCE_ANY, NULL },
			.due = rhythm == RHYTHM_EACH ? TIME_NONE : BENCH_NOW,
			.created = BENCH_NOW,
			.confirmed = BENCH_NOW,
			.hold_until = TIME_NONE };

		snprintf(address, sizeof(address), "reader%d@example%d.org", i, i % 100);
		MUST(store_reader_add(s, &r, err));
	}
	MUST(store_commit(s, err));
}

static void
queue_letters(struct store *s, int64_t readers, enum rhythm rhythm)
{
	const struct next_slot slot = { 1,
		rhythm == RHYTHM_EACH ? TIME_NONE : BENCH_NOW + 86400 };
	struct queue_plan plan = { .now = BENCH_NOW,
		.everybody = true,
		.slots = &slot,
		.slot_count = 1 };
	struct queue_result result;

	MUST(store_newest_issue(s, &plan.newest, err));
	MUST(store_deliveries_queue(s, &plan, &result, err));
	if (result.queued != readers || result.nothing != 0)
		die("letters", "not all were queued");
}

static int64_t
send_all(struct store *s, int64_t issue)
{
	struct arena *a = arena_new();
	struct delivery *d = NULL;
	size_t count = 0;
	int64_t sent = 0;

	for (;;) {
		arena_reset(a);
		MUST(store_deliveries_take(s, NULL, 0, a, issue, BENCH_NOW, BATCH, &d,
		    &count, err));
		if (count == 0)
			break;
		for (size_t i = 0; i < count; i++) {
			d[i].state = DELIVERY_SENT;
			d[i].reply = "250 2.0.0 Ok: queued as 4XyZ1234567890";
			d[i].status = "2.0.0";
			d[i].attempts = 1;
			d[i].settled = 1700000001;
		}
		MUST(store_deliveries_settle(s, d, count, err));
		sent += (int64_t)count;
	}
	arena_free(a);
	return sent;
}

/* Microseconds of CPU for a letter: queued, taken, settled, in groups of a thousand. */
static double
cost_of_letter(int readers)
{
	char *path = NULL;
	struct store *s = new_store(&path);
	struct issue i = { .name = "bench", .state = ISSUE_SENDING };
	double start = 0;
	double used = 0;

	add_readers(s, readers, RHYTHM_EACH);
	MUST(store_issue_add(s, &i, err));
	MUST(store_issue_number(s, &i, err));
	start = cpu_seconds();
	queue_letters(s, readers, RHYTHM_EACH);
	if (send_all(s, i.id) != readers)
		die("letters", "not all were sent");
	used = cpu_seconds() - start;
	MUST(store_close(s, err));
	free(path);
	return used * 1e6 / readers;
}

static void
bench_letters(void)
{
	double few[PAIRS];
	double many[PAIRS];
	double ratio[PAIRS];

	for (int i = 0; i < PAIRS; i++) {
		few[i] = cost_of_letter(10000);
		many[i] = cost_of_letter(100000);
		ratio[i] = many[i] / few[i];
	}
	printf(
	    "store letter %9.2f µs of CPU at 100,000 readers  (%.2f of one at 10,000, %.2f)\n",
	    median(many, PAIRS), median(ratio, PAIRS), median(few, PAIRS));
}

/* ---- queueing ---- */

/* The most memory this process ever held, in MB. */
static double
most_memory(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)u.ru_maxrss / 1024;
}

struct measured {
	double queueing;  /* µs a reader */
	double memory;    /* MB */
	double quiet_run; /* ms of what a run asks the store when nothing is due */
};

/* Asks what a run asks; nothing is due. */
static void
ask_for_nothing(struct store *s)
{
	struct arena *a = arena_new();
	struct reader *held = NULL;
	struct delivery *d = NULL;
	struct span newest;
	size_t count = 0;
	int64_t waiting = 0;
	bool any = true;

	MUST(store_deliveries_recover(s, NULL, &waiting, err));
	MUST(store_readers_off_hold(s, a, BENCH_NOW, 500, &held, &count, err));
	MUST(store_newest_issue(s, &newest, err));
	MUST(store_readers_own_due(s, BENCH_NOW, &any, err));
	MUST(store_notices_take(s, a, BENCH_NOW, BATCH, &d, &count, err));
	MUST(store_deliveries_take(s, NULL, 0, a, 0, BENCH_NOW, BATCH, &d, &count, err));
	MUST(store_deliveries_waiting(s, 0, &waiting, err));
	MUST(store_issues_close(s, BENCH_NOW, err));
	if (any || count != 0 || waiting != 0)
		die("a quiet run", "something is due");
	arena_free(a);
}

static void
queue_in_child(const char *path, int readers, enum rhythm rhythm, struct measured *m)
{
	struct store_options o = { .mode = STORE_WRITE,
		.version = "bench",
		.busy_ms = 1000 };
	struct store *s = NULL;
	double start = 0;

	MUST((s = store_open(path, &o, err)) != NULL);
	start = cpu_seconds();
	queue_letters(s, readers, rhythm);
	m->queueing = (cpu_seconds() - start) * 1e6 / readers;
	m->memory = most_memory();
	MUST(store_close(s, err));
}

static void
quiet_in_child(const char *path, struct measured *m)
{
	struct store_options o = { .mode = STORE_WRITE,
		.version = "bench",
		.busy_ms = 1000 };
	struct store *s = NULL;
	double start = 0;

	MUST((s = store_open(path, &o, err)) != NULL);
	start = cpu_seconds();
	ask_for_nothing(s);
	m->quiet_run = (cpu_seconds() - start) * 1e3;
	MUST(store_close(s, err));
}

/* What happens in a process of its own, so that its memory is its own. */
static void
in_child(struct measured *m, const char *path, int readers, enum rhythm rhythm,
    bool quiet)
{
	int fds[2];
	pid_t child = 0;

	if (pipe(fds) != 0 || (child = fork()) < 0)
		die("fork", "failed");
	if (child == 0) {
		if (quiet)
			quiet_in_child(path, m);
		else
			queue_in_child(path, readers, rhythm, m);
		_exit(write(fds[1], m, sizeof(*m)) != (ssize_t)sizeof(*m));
	}
	close(fds[1]);
	if (read(fds[0], m, sizeof(*m)) != (ssize_t)sizeof(*m) ||
	    waitpid(child, NULL, 0) != child)
		die("queueing", "the child failed");
	close(fds[0]);
}

/* Readers and an issue, made by another child, so that this process stays small. */
static char *
make_crowd(int readers, enum rhythm rhythm)
{
	char *path = file_name("ours.db");
	const pid_t child = fork();
	int status = 1;

	if (child == 0) {
		char *same = NULL;
		struct store *s = new_store(&same);
		struct issue i = { .name = "bench", .state = ISSUE_SENDING };

		add_readers(s, readers, rhythm);
		MUST(store_issue_add(s, &i, err));
		MUST(store_issue_number(s, &i, err));
		MUST(store_close(s, err));
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
		die("readers", "were not made");
	return path;
}

static void
mark_as_sent(const char *path)
{
	sqlite3 *db = NULL;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		die(path, "cannot be opened");
	bare_exec(db, "UPDATE delivery SET state = 2");
	sqlite3_close(db);
}

static bool
bench_queueing(void)
{
	static const struct {
		const char *name;
		enum rhythm rhythm;
	} kinds[] = { { "each issue", RHYTHM_EACH }, { "daily", RHYTHM_DAILY } };
	bool reached = true;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct measured few = { 0 };
		struct measured many = { 0 };
		char *path = make_crowd(10000, kinds[i].rhythm);

		in_child(&few, path, 10000, kinds[i].rhythm, false);
		free(path);
		path = make_crowd(1000000, kinds[i].rhythm);
		in_child(&many, path, 1000000, kinds[i].rhythm, false);
		mark_as_sent(path);
		in_child(&many, path, 0, kinds[i].rhythm, true);
		free(path);
		printf(
		    "store queue  %9.2f µs of CPU a reader of 1,000,000, %s  (%.1f MB; 10,000: %.2f, %.1f MB)",
		    many.queueing, kinds[i].name, many.memory, few.queueing, few.memory);
		reached = say_goal(many.queueing, 3, false) && reached;
		printf(
		    "store quiet  %9.2f ms of CPU for what a run asks when nothing is due to 1,000,000\n",
		    many.quiet_run);
	}
	return reached;
}

int
main(void)
{
	/* First, while this process is small: the children inherit its memory. */
	const bool queued = bench_queueing();
	const bool stored = bench_entries();

	bench_letters();
	free(file_name("ours.db"));
	free(file_name("bare.db"));
	return queued && stored ? 0 : 1;
}

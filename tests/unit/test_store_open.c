/* SPDX-License-Identifier: ISC */
#include "unit/store_fixture.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "store/backup.h"
#include "store/db.h"
#include "store/entry_lists.h"
#include "store/migrate.h"
#include "store/notes.h"
#include "store/open.h"
#include "store/transactions.h"

static int64_t
schema_version(struct store *s)
{
	int64_t version = 0;

	MUST(db_number(s, "PRAGMA user_version", &version, err));
	return version;
}

static struct store *
must_open(const char *path, enum store_mode mode)
{
	struct store_options o = open_options(mode);
	struct err err = ERR_INIT;
	struct store *s = store_open(path, &o, &err);

	if (!s)
		fail_msg("%s: %s", path, err.text);
	return s;
}

static void
write_file(const char *path, const void *bytes, size_t len)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

/* A sum over the bytes, to see that a file was left alone. */
static unsigned long
sum_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	unsigned long sum = 5381;
	int c = 0;

	assert_non_null(f);
	while ((c = getc(f)) != EOF)
		sum = sum * 33 + (unsigned long)c;
	fclose(f);
	return sum;
}

static unsigned
mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_mode & 07777 : 0;
}

static void
a_new_database_is_whole_and_private(void **state)
{
	static const char *const names[] = { "p.db", "p.db-wal", "p.db-shm" };
	char *folder = new_folder();
	char path[300];
	char file[300];
	mode_t umask_before = umask(0);
	struct store *s = must_open(in_folder(folder, "p.db", path), STORE_CREATE);
	int64_t n = 0;

	(void)state;
	umask(umask_before);
	MUST(store_note_set(s, "last_run", "x", err));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		SAME_INT(names[i], mode_of(in_folder(folder, names[i], file)), 0600);
	SAME_INT("schema", schema_version(s), 1);
	MUST(db_number(s, "PRAGMA application_id", &n, err));
	SAME_INT("application", n, 0x504c5054);
	MUST(db_number(s, "PRAGMA foreign_keys", &n, err));
	SAME_INT("foreign keys", n, 1);
	MUST(db_number(s, "PRAGMA synchronous", &n, err));
	SAME_INT("synchronous: full", n, 2);
	MUST(db_number(s, "PRAGMA trusted_schema", &n, err));
	SAME_INT("trusted schema", n, 0);
	MUST(db_number(s,
	    "SELECT COUNT(*) FROM pragma_table_list"
	    " WHERE schema = 'main' AND type = 'table' AND strict = 0"
	    " AND name NOT LIKE 'sqlite_%'",
	    &n, err));
	SAME_INT("tables that are not strict", n, 0);
	close_store(s);
	remove_folder(folder);
}

static void
the_key_and_the_notes_stay(void **state)
{
	char *folder = new_folder();
	char path[300];
	struct arena *a = arena_new();
	struct random_source fixed;
	struct store_options o = open_options(STORE_CREATE);
	unsigned char key[HASH_SIZE];
	unsigned char again[HASH_SIZE];
	unsigned char want[HASH_SIZE];
	const char *value = NULL;
	struct store *s = NULL;

	(void)state;
	random_seeded(&fixed, "test");
	random_fill(&fixed, want, sizeof(want));
	random_seeded(&fixed, "test");
	o.random = &fixed;
	MUST((s = store_open(in_folder(folder, "p.db", path), &o, err)) != NULL);
	MUST(store_key(s, key, err));
	assert_memory_equal(key, want, sizeof(key));
	MUST(store_note_get(s, a, "last_run", &value, err));
	SAME_TEXT("no note", value, "(none)");
	MUST(store_note_set(s, "last_run", "one", err));
	MUST(store_note_set(s, "last_run", "two", err));
	close_store(s);
	s = must_open(path, STORE_READ);
	MUST(store_key(s, again, err));
	assert_memory_equal(key, again, sizeof(key));
	MUST(store_note_get(s, a, "last_run", &value, err));
	SAME_TEXT("note", value, "two");
	MUST_FAIL(store_note_set(s, "x", "y", err), ERR_SYSTEM, "readonly");
	close_store(s);
	arena_free(a);
	remove_folder(folder);
}

static const struct {
	const char *value; /* NULL: there is none */
	int64_t instant, number;
	bool is_recent; /* within a minute before 2026-11-24T06:30:00Z */
} note_cases[] = {
	{ NULL, TIME_NONE, 7, false },
	{ "2026-11-24T06:30:00Z", 1795501800, 2026, true },
	{ "2026-11-24T06:29:01Z", 1795501741, 2026, true },
	{ "2026-11-24T06:29:00Z", 1795501740, 2026, false },
	{ "2026-11-24T06:30:01Z", 1795501801, 2026, false },
	{ "41", TIME_NONE, 41, false },
	{ "a word", TIME_NONE, 0, false },
};

static void
notes_are_numbers_and_instants(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(note_cases); i++) {
		const char *name = note_cases[i].value ? note_cases[i].value : "none";
		struct store *s = memory_store();
		const char *value = NULL;
		int64_t instant = 0;
		int64_t number = 7;
		bool is_recent = !note_cases[i].is_recent;

		if (note_cases[i].value)
			MUST(store_note_set(s, "x", note_cases[i].value, err));
		MUST(store_note_time(s, "x", &instant, err));
		SAME_INT(name, instant, note_cases[i].instant);
		MUST(store_note_number(s, "x", &number, err));
		SAME_INT(name, number, note_cases[i].number);
		MUST(store_note_is_recent(s, "x", 1795501800, 60, &is_recent, err));
		SAME_INT(name, is_recent, note_cases[i].is_recent);
		MUST(store_note_set_time(s, "x", 1795501741, err));
		MUST(store_note_get(s, a, "x", &value, err));
		SAME_TEXT(name, value, "2026-11-24T06:29:01Z");
		MUST(store_note_set_number(s, "x", 19, err));
		MUST(store_note_count(s, "x", err));
		MUST(store_note_get(s, a, "x", &value, err));
		SAME_TEXT(name, value, "20");
		MUST(store_note_count(s, "y", err));
		MUST(store_note_get(s, a, "y", &value, err));
		SAME_TEXT("the first", value, "1");
		close_store(s);
	}
	arena_free(a);
}

static void
what_cannot_be_opened_says_why(void **state)
{
	static char text[] =
	    "this is somebody's letter and no database at all, and it is long "
	    "enough to be one: more than a hundred bytes of text";
	static const struct {
		const char *name;
		const char *bytes; /* NULL: no file; "": an empty one */
		enum store_mode mode;
		enum err_kind kind;
		const char *words;
	} cases[] = {
		{ "not there, to write", NULL, STORE_WRITE, ERR_STORE,
		    "there is no database" },
		{ "not there, to read", NULL, STORE_READ, ERR_STORE,
		    "there is no database" },
		{ "empty, to write", "", STORE_WRITE, ERR_STORE, "is empty" },
		{ "empty, to read", "", STORE_READ, ERR_STORE, "is empty" },
		{ "a text", text, STORE_WRITE, ERR_STORE, "is no database" },
		{ "a text, to create", text, STORE_CREATE, ERR_STORE, "is no database" },
		{ "a short text", "hello", STORE_READ, ERR_STORE, "is no database" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *folder = new_folder();
		char path[300];
		struct store_options o = open_options(cases[i].mode);
		unsigned long before = 0;

		in_folder(folder, "p.db", path);
		if (cases[i].bytes) {
			write_file(path, cases[i].bytes, strlen(cases[i].bytes));
			before = sum_file(path);
		}
		MUST_FAIL(store_open(path, &o, err), cases[i].kind, cases[i].words);
		if (cases[i].bytes && *cases[i].bytes)
			assert_true(sum_file(path) == before);
		remove_folder(folder);
	}
}

/* The sqlite3 of a stranger: a file with a table and no application id. */
static void
make_foreign(const char *path, const char *sql)
{
	struct store *s = NULL;

	write_file(path, "", 0);
	MUST((s = db_open(path, DB_WRITE, 0, err)) != NULL);
	MUST(db_exec(s, sql, err));
	db_close(s);
}

static void
databases_of_others_are_left_alone(void **state)
{
	static const char *const schemas[] = {
		"CREATE TABLE t (x)",
		"CREATE TABLE t (x); PRAGMA user_version = 1",
		"CREATE TABLE t (x); PRAGMA application_id = 77",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(schemas) / sizeof(schemas[0]); i++) {
		char *folder = new_folder();
		char path[300];
		struct store_options o = open_options(STORE_CREATE);
		unsigned long before = 0;

		make_foreign(in_folder(folder, "p.db", path), schemas[i]);
		before = sum_file(path);
		MUST_FAIL(store_open(path, &o, err), ERR_STORE, "of another program");
		assert_true(sum_file(path) == before);
		remove_folder(folder);
	}
}

static void
a_newer_database_is_refused_untouched(void **state)
{
	static const enum store_mode modes[] = { STORE_READ, STORE_WRITE, STORE_CREATE };
	char *folder = new_folder();
	char path[300];
	char backup[300];
	struct store *s = must_open(in_folder(folder, "p.db", path), STORE_CREATE);
	unsigned long before = 0;

	(void)state;
	MUST(store_note_set(s, "program", "2.1", err));
	MUST(db_exec(s, "PRAGMA user_version = 9", err));
	close_store(s);
	before = sum_file(path);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		struct store_options o = open_options(modes[i]);

		o.migrate = true;
		MUST_FAIL(store_open(path, &o, err), ERR_STORE,
		    "the database was written by "
		    "planetpost 2.1 (schema 9), this is 1.8 (schema 1)");
		MUST_FAIL(store_open(path, &o, err), ERR_STORE,
		    "install planetpost 2.1 again");
		assert_true(sum_file(path) == before);
	}
	write_file(in_folder(folder, "before-schema-9.db", backup), "x", 1);
	{
		struct store_options o = open_options(STORE_READ);

		MUST_FAIL(store_open(path, &o, err), ERR_STORE,
		    "install 2.1 again, or put ");
		MUST_FAIL(store_open(path, &o, err), ERR_STORE, "/before-schema-9.db");
	}
	remove_folder(folder);
}

/* A bit of the number that stands at byte 60 of the file turned over. */
static void
a_damaged_schema_number_is_told_at_once(void **state)
{
	static const struct {
		off_t at;
		unsigned char bit;
		const char *words;
	} cases[] = {
		{ 60, 0x80, "damaged: its schema number is -214748364" },
		{ 60, 0x40, "damaged: its schema number is 10737418" },
		{ 60, 0x01, "damaged: its schema number is 167772" },
		{ 61, 0x20, "damaged: its schema number is 20971" },
		{ 62, 0x04, "damaged: its schema number is 102" },
		{ 63, 0x01, "damaged: its schema number is 0" },
		{ 63, 0x80, "install planetpost" },
		{ 68, 0x40, "of another program" },
	};
	static const enum store_mode modes[] = { STORE_READ, STORE_WRITE };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *folder = new_folder();
		char path[300];
		unsigned char byte = 0;
		FILE *f = NULL;

		close_store(must_open(in_folder(folder, "p.db", path), STORE_CREATE));
		f = fopen(path, "r+b");
		assert_non_null(f);
		assert_int_equal(pread(fileno(f), &byte, 1, cases[i].at), 1);
		byte ^= cases[i].bit;
		assert_int_equal(pwrite(fileno(f), &byte, 1, cases[i].at), 1);
		assert_int_equal(fclose(f), 0);
		for (size_t k = 0; k < ARRAY_LEN(modes); k++) {
			struct store_options o = open_options(modes[k]);

			o.migrate = modes[k] == STORE_WRITE;
			MUST_FAIL(store_open(path, &o, err), ERR_STORE, cases[i].words);
		}
		remove_folder(folder);
	}
}

/* The newer version is only in the log: its writer died before it was moved into the file. */
static void
a_newer_database_is_seen_through_its_log(void **state)
{
	char *folder = new_folder();
	char path[300];
	char log[300];
	pid_t child = 0;
	int status = 0;
	unsigned long file_before = 0;
	unsigned long log_before = 0;
	struct store_options o = open_options(STORE_WRITE);

	(void)state;
	in_folder(folder, "p.db", path);
	in_folder(folder, "p.db-wal", log);
	close_store(must_open(path, STORE_CREATE));
	child = fork();
	if (child == 0) {
		struct err err = ERR_INIT;
		struct store *s = store_open(path, &o, &err);

		if (s && db_exec(s, "PRAGMA user_version = 9", &err))
			kill(getpid(), SIGKILL);
		_exit(1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	file_before = sum_file(path);
	log_before = sum_file(log);
	MUST_FAIL(store_open(path, &o, err), ERR_STORE,
	    "(schema 9), this is 1.8 (schema 1)");
	assert_true(sum_file(path) == file_before);
	assert_true(sum_file(log) == log_before);
	remove_folder(folder);
}

static const char second_step[] = "CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT;"
				  "INSERT INTO extra (id) VALUES (7);";
static const char broken_step[] =
    "CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT; INSERT INTO nowhere VALUES (1);";
static const char dangling_step[] =
    "INSERT INTO issue_entry (issue_id, position, entry_id) VALUES (5, 0, 5);";

/* The program's own steps and one more. */
static struct store *
open_with_second(const char *path, const char *second, bool migrate, struct err *err)
{
	struct store_options o = open_options(STORE_WRITE);
	struct arena *a = arena_new();
	struct store_step *own = NULL;
	struct store_step *steps = NULL;
	struct store *s = NULL;
	size_t count = 0;

	o.migrate = migrate;
	if (store_steps(a, &own, &count, err)) {
		steps = arena_array(a, count + 1, sizeof(*own));
		memcpy(steps, own, count * sizeof(*own));
		steps[count] = (struct store_step){ (int)count + 1, second };
		s = store_open_steps(path, &o, steps, count + 1, err);
	}
	arena_free(a);
	return s;
}

static void
an_older_database_is_migrated_after_a_backup(void **state)
{
	char *folder = new_folder();
	char path[300];
	char backup[300];
	struct store *s = NULL;
	struct arena *a = arena_new();
	const char *value = NULL;
	int64_t n = 0;

	(void)state;
	in_folder(folder, "before-schema-2.db", backup);
	s = must_open(in_folder(folder, "p.db", path), STORE_CREATE);
	MUST(store_note_set(s, "last_run", "before", err));
	close_store(s);

	MUST_FAIL(open_with_second(path, second_step, false, err), ERR_STORE,
	    "has schema 1 and must be migrated to 2");
	MUST_FAIL(open_with_second(path, second_step, false, err), ERR_STORE,
	    "database.auto_migrate = yes");
	SAME_INT("no backup yet", mode_of(backup), 0);

	MUST((s = open_with_second(path, second_step, true, err)) != NULL);
	SAME_INT("schema", schema_version(s), 2);
	MUST(db_number(s, "SELECT id FROM extra", &n, err));
	SAME_INT("the step has run", n, 7);
	MUST(db_number(s, "PRAGMA foreign_keys", &n, err));
	SAME_INT("foreign keys are on again", n, 1);
	close_store(s);
	SAME_INT("backup", mode_of(backup), 0600);
	s = must_open(backup, STORE_READ);
	MUST(store_note_get(s, a, "last_run", &value, err));
	SAME_TEXT("the backup holds what was", value, "before");
	SAME_INT("schema of the backup", schema_version(s), 1);
	close_store(s);
	MUST((s = open_with_second(path, second_step, true, err)) != NULL);
	close_store(s);
	arena_free(a);
	remove_folder(folder);
}

static void
a_failed_migration_changes_nothing(void **state)
{
	static const struct {
		const char *sql;
		enum err_kind kind;
		const char *words;
	} cases[] = {
		{ broken_step, ERR_BUG, "schema step 2" },
		{ dangling_step, ERR_STORE, "point nowhere" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *folder = new_folder();
		char path[300];
		struct store *s = NULL;
		int64_t n = 0;

		close_store(must_open(in_folder(folder, "p.db", path), STORE_CREATE));
		MUST_FAIL(open_with_second(path, cases[i].sql, true, err), cases[i].kind,
		    cases[i].words);
		s = must_open(path, STORE_WRITE);
		SAME_INT("schema", schema_version(s), 1);
		MUST(db_number(s,
		    "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'extra'", &n, err));
		SAME_INT("tables of the step", n, 0);
		close_store(s);
		remove_folder(folder);
	}
}

static void
a_backup_is_whole_private_and_replaces_the_last(void **state)
{
	char *folder = new_folder();
	char path[300];
	char copy[300];
	struct arena *a = arena_new();
	const char *value = NULL;
	struct store *s = must_open(in_folder(folder, "p.db", path), STORE_CREATE);

	(void)state;
	in_folder(folder, "b.db", copy);
	MUST(store_backup(s, copy, err));
	MUST(store_note_set(s, "last_run", "now", err));
	MUST(store_backup(s, copy, err));
	close_store(s);
	SAME_INT("mode", mode_of(copy), 0600);
	s = must_open(copy, STORE_READ);
	MUST(store_note_get(s, a, "last_run", &value, err));
	SAME_TEXT("note", value, "now");
	SAME_INT("schema", schema_version(s), 1);
	MUST_FAIL(store_backup(s, "/nowhere/at/all.db", err), ERR_SYSTEM,
	    "backup /nowhere");
	close_store(s);
	arena_free(a);
	remove_folder(folder);
}

/* Both make the same file at once: one fills it, the other waits and finds it whole. */
static void
two_processes_may_make_the_same_database(void **state)
{
	enum { CHILDREN = 4 };
	char *folder = new_folder();
	char path[300];
	pid_t children[CHILDREN];
	struct store *s = NULL;
	int64_t keys = 0;

	(void)state;
	in_folder(folder, "p.db", path);
	for (int i = 0; i < CHILDREN; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			struct store_options o = open_options(STORE_CREATE);
			struct err err = ERR_INIT;

			o.busy_ms = 20000;
			s = store_open(path, &o, &err);
			if (!s)
				fprintf(stderr, "child %d: %s\n", i, err.text);
			_exit(s && schema_version(s) == 1 ? 0 : 1);
		}
	}
	for (int i = 0; i < CHILDREN; i++) {
		int status = -1;

		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		SAME_INT("child", status, 0);
	}
	s = must_open(path, STORE_WRITE);
	MUST(db_number(s, "SELECT COUNT(*) FROM secret", &keys, err));
	SAME_INT("keys", keys, 1);
	close_store(s);
	remove_folder(folder);
}

static void
a_locked_database_is_temporary(void **state)
{
	char *folder = new_folder();
	char path[300];
	struct store *first = must_open(in_folder(folder, "p.db", path), STORE_CREATE);
	struct store *second = must_open(path, STORE_WRITE);
	struct store *reader = NULL;
	struct arena *a = arena_new();
	const char *value = NULL;

	(void)state;
	MUST(store_begin(first, err));
	MUST(store_note_set(first, "x", "1", err));
	MUST_FAIL(store_begin(second, err), ERR_TEMPORARY, "locked by another process");
	MUST_FAIL(store_note_set(second, "x", "2", err), ERR_TEMPORARY, "locked");
	/* Who only reads is not kept waiting. */
	reader = must_open(path, STORE_READ);
	MUST(store_note_get(reader, a, "x", &value, err));
	SAME_TEXT("not committed yet", value, "(none)");
	MUST(store_commit(first, err));
	MUST(store_note_set(second, "x", "2", err));
	MUST(store_note_get(reader, a, "x", &value, err));
	SAME_TEXT("after the second", value, "2");
	close_store(reader);
	close_store(second);
	close_store(first);
	arena_free(a);
	remove_folder(folder);
}

static void
a_full_disk_loses_nothing(void **state)
{
	char *folder = new_folder();
	char path[300];
	struct store *s = must_open(in_folder(folder, "p.db", path), STORE_CREATE);
	int64_t source = add_source(s, "a");
	char *large = calloc(1, 300001);
	struct entry e = make_entry(source, "g", "t", 1);
	int64_t total = 0;
	int64_t open = 0;
	int64_t pages = 0;
	char pragma[60];

	(void)state;
	assert_non_null(large);
	memset(large, 'x', 300000);
	e.html = large;
	MUST(db_number(s, "PRAGMA page_count", &pages, err));
	snprintf(pragma, sizeof(pragma), "PRAGMA max_page_count = %lld",
	    (long long)pages + 5);
	MUST(db_exec(s, pragma, err));
	MUST_FAIL(add_post(s, &e, NULL, false, err), ERR_SYSTEM, "disk full");
	MUST_FAIL(add_post(s, &e, NULL, false, err), ERR_SYSTEM, "make room");
	MUST(store_begin(s, err));
	MUST_FAIL(add_post(s, &e, NULL, false, err), ERR_SYSTEM, "disk full");
	store_rollback(s);
	MUST(store_entries_count(s, &total, err) &&
	    store_entries_count_unmailed(s, &open, err));
	SAME_INT("entries", total, 0);
	MUST(db_exec(s, "PRAGMA max_page_count = 1000000", err));
	MUST(add_post(s, &e, NULL, false, err));
	close_store(s);
	free(large);
	remove_folder(folder);
}

static void
a_damaged_database_says_so(void **state)
{
	char *folder = new_folder();
	char path[300];
	char junk[4096];
	struct store *s = must_open(in_folder(folder, "p.db", path), STORE_CREATE);
	struct store_options o = open_options(STORE_WRITE);
	struct err err = ERR_INIT;
	int64_t total = 0;
	int64_t open_count = 0;
	FILE *f = NULL;

	(void)state;
	for (int i = 0; i < 50; i++) {
		char key[20];

		snprintf(key, sizeof(key), "k%d", i);
		add_source(s, key);
	}
	close_store(s);
	memset(junk, 0x5a, sizeof(junk));
	f = fopen(path, "r+b");
	assert_non_null(f);
	for (long page = 1; page < 20; page++) {
		fseek(f, page * 4096, SEEK_SET);
		assert_int_equal(fwrite(junk, 1, sizeof(junk), f), sizeof(junk));
	}
	fclose(f);
	s = store_open(path, &o, &err);
	if (s && store_entries_count(s, &total, &err) &&
	    store_entries_count_unmailed(s, &open_count, &err))
		fail_msg("got %lld entries, want an error", (long long)total);
	SAME_INT("kind", err.kind, ERR_STORE);
	assert_non_null(strstr(err.text, "is damaged"));
	if (s)
		close_store(s);
	remove_folder(folder);
}

static void
transactions_do_not_nest(void **state)
{
	struct store *s = memory_store();

	(void)state;
	MUST_FAIL(store_commit(s, err), ERR_BUG, "no transaction");
	store_rollback(s);
	MUST(store_begin(s, err));
	MUST_FAIL(store_begin(s, err), ERR_BUG, "open already");
	store_rollback(s);
	store_rollback(NULL);
	MUST(store_begin(s, err));
	MUST(store_commit(s, err));
	close_store(s);
	close_store(NULL);
}

static void
a_wrong_query_is_a_bug_and_not_silence(void **state)
{
	struct store *s = memory_store();
	struct db_query *q = NULL;

	(void)state;
	MUST_FAIL(db_run(db_query(s, "SELECT a FROM nowhere", err), err), ERR_BUG,
	    "no such table");
	{
		struct err err = ERR_INIT;

		q = db_query(s, "SELECT :a", &err);
		db_bind_int(q, ":b", 1);
		assert_false(db_next(q));
		assert_false(db_done(q, &err));
		SAME_INT("kind", err.kind, ERR_BUG);
	}
	close_store(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_database_is_whole_and_private),
		cmocka_unit_test(the_key_and_the_notes_stay),
		cmocka_unit_test(notes_are_numbers_and_instants),
		cmocka_unit_test(what_cannot_be_opened_says_why),
		cmocka_unit_test(databases_of_others_are_left_alone),
		cmocka_unit_test(a_newer_database_is_refused_untouched),
		cmocka_unit_test(a_damaged_schema_number_is_told_at_once),
		cmocka_unit_test(a_newer_database_is_seen_through_its_log),
		cmocka_unit_test(an_older_database_is_migrated_after_a_backup),
		cmocka_unit_test(a_failed_migration_changes_nothing),
		cmocka_unit_test(a_backup_is_whole_private_and_replaces_the_last),
		cmocka_unit_test(two_processes_may_make_the_same_database),
		cmocka_unit_test(a_locked_database_is_temporary),
		cmocka_unit_test(a_full_disk_loses_nothing),
		cmocka_unit_test(a_damaged_database_says_so),
		cmocka_unit_test(transactions_do_not_nest),
		cmocka_unit_test(a_wrong_query_is_a_bug_and_not_silence),
	};

	return cmocka_run_group_tests_name("store open", tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/*
 * Databases of another schema than the program's, and copies: which numbers are believed, what is
 * run and said, and what is there when a call of the system fails in the middle.
 */
#define _GNU_SOURCE /* RTLD_NEXT, versionsort() */

#include <dirent.h>
#include <sqlite3.h>
#include <time.h>

#include "unit/failing_calls.h"
#include "unit/store_fixture.h"

#include "base/attr.h"
#include "base/log.h"
#include "store/backup.h"
#include "store/db.h"
#include "store/migrate.h"
#include "store/notes.h"

static int pauses;                /* taken, each in no time */
static long pauses_ms;            /* in all */
static bool is_blind;             /* no file is seen that was not looked for before */
static const char *instead_check; /* what is asked instead of integrity_check */

int
nanosleep(const struct timespec *pause, struct timespec *left)
{
	(void)left;
	pauses++;
	pauses_ms += (long)pause->tv_sec * 1000 + pause->tv_nsec / 1000000;
	return 0;
}

int
lstat(const char *path, struct stat *st)
{
	static int (*library)(const char *, struct stat *);

	if (!library)
		LIBRARYS(library, "lstat");
	if (!is_blind)
		return library(path, st);
	errno = ENOENT;
	return -1;
}

int
sqlite3_prepare_v3(sqlite3 *db, const char *sql, int len, unsigned flags,
    sqlite3_stmt **stmt, const char **rest)
{
	static int (*library)(sqlite3 *, const char *, int, unsigned, sqlite3_stmt **,
	    const char **);

	if (!library)
		LIBRARYS(library, "sqlite3_prepare_v3");
	if (instead_check && strcmp(sql, "PRAGMA integrity_check(1)") == 0)
		sql = instead_check;
	return library(db, sql, len, flags, stmt, rest);
}

/* ---- a folder and what is in it ---- */

struct room {
	char *folder;
	char path[300];
	char copy[300];
};

static struct store *
must_open(const char *path, enum store_mode mode)
{
	struct store_options o = open_options(mode);
	struct err why = ERR_INIT;
	struct store *s = store_open(path, &o, &why);

	if (!s)
		fail_msg("%s: %s", path, why.text);
	return s;
}

static int
make_room(void **state)
{
	struct room *room = calloc(1, sizeof(*room));

	if (!room)
		return -1;
	failing_calls_clear();
	room->folder = new_folder();
	in_folder(room->folder, "p.db", room->path);
	in_folder(room->folder, "b.db", room->copy);
	*state = room;
	return 0;
}

static int
is_ours(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int
remove_room(void **state)
{
	struct room *room = *state;
	struct dirent **names = NULL;
	const int count = scandir(room->folder, &names, is_ours, versionsort);
	char path[300];

	failing_calls_clear();
	is_blind = false;
	instead_check = NULL;
	for (int i = 0; i < count; i++) {
		if (unlink(in_folder(room->folder, names[i]->d_name, path)) != 0)
			(void)rmdir(path);
		free(names[i]);
	}
	free(names);
	(void)rmdir(room->folder);
	free(room->folder);
	free(room);
	return 0;
}

static void
expect_names(const char *name, const char *folder, const char *want)
{
	struct dirent **names = NULL;
	const int count = scandir(folder, &names, is_ours, versionsort);
	struct buf got = BUF_INIT(1000);

	for (int i = 0; i < count; i++) {
		buf_addf(&got, "%s ", names[i]->d_name);
		free(names[i]);
	}
	free(names);
	SAME_TEXT(name, buf_text(&got), want);
	buf_clear(&got);
}

static void
put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* The names may be long. */
static const char *
below(const char *dir, const char *name, char out[700])
{
	assert_true(snprintf(out, 700, "%s/%s", dir, name) < 700);
	return out;
}

static int64_t
number(struct store *s, const char *sql)
{
	int64_t n = -1;

	MUST(db_number(s, sql, &n, err));
	return n;
}

/* ---- numbers ---- */

#define DAMAGED "the database %s is damaged: its schema number is "
#define NEWER "the database was written by planetpost 2.1 (schema "
#define OURS "), this is 1.8 (schema 1)"
#define OTHER "%s is a database of another program"

/* clang-format off */
static const struct {
	const char *name;
	unsigned char schema[4], application[4]; /* as they stand in the file */
	const char *said; /* NULL: it is opened */
} numbers[] = {
	{ "ours", { 0, 0, 0, 1 }, "PLPT", NULL },
	{ "the next", { 0, 0, 0, 2 }, "PLPT", NEWER "2" OURS },
	{ "the last that may be", { 0, 0, 3, 0xE9 }, "PLPT", NEWER "1001" OURS },
	{ "the first that may not", { 0, 0, 3, 0xEA }, "PLPT", DAMAGED "1002" },
	{ "each byte counts", { 0x12, 0x34, 0x56, 0x78 }, "PLPT", DAMAGED "305419896" },
	{ "the largest", { 0x7F, 0xFF, 0xFF, 0xFF }, "PLPT", DAMAGED "2147483647" },
	{ "the smallest", { 0x80, 0, 0, 0 }, "PLPT", DAMAGED "-2147483648" },
	{ "below zero", { 0xFF, 0xFF, 0xFF, 0xFF }, "PLPT", DAMAGED "-1" },
	{ "none", { 0, 0, 0, 0 }, "PLPT", DAMAGED "0" },
	{ "another's", { 0, 0, 0, 1 }, "PLPS", OTHER },
	{ "another's that is new", { 0, 0, 0, 0 }, "PLPS", OTHER },
	{ "nobody's", { 0, 0, 0, 1 }, { 0, 0, 0, 0 }, OTHER },
	{ "nobody's that is new", { 0, 0, 0, 0 }, { 0, 0, 0, 0 }, OTHER },
};
/* clang-format on */

static void
each_number_of_the_header_is_judged(void **state)
{
	static const enum store_mode modes[] = { STORE_READ, STORE_WRITE, STORE_CREATE };
	const struct room *room = *state;
	struct store *s = must_open(room->path, STORE_CREATE);

	MUST(store_note_set(s, "program", "2.1", err));
	close_store(s);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		const int fd = open(room->path, O_RDWR);

		assert_int_equal(pwrite(fd, numbers[i].schema, 4, 60), 4);
		assert_int_equal(pwrite(fd, numbers[i].application, 4, 68), 4);
		assert_int_equal(close(fd), 0);
		for (size_t k = 0; k < ARRAY_LEN(modes); k++) {
			struct store_options o = open_options(modes[k]);
			struct err why = ERR_INIT;
			char want[500] = "";

			s = store_open(room->path, &o, &why);
			if (numbers[i].said == NULL) {
				SAME_TEXT(numbers[i].name, why.text, "");
				close_store(s);
				continue;
			}
			assert_null(s);
			if (strncmp(numbers[i].said, NEWER, sizeof(NEWER) - 1) == 0)
				(void)snprintf(want, sizeof(want), "%s", numbers[i].said);
			else if (numbers[i].said[0] == '%')
				(void)snprintf(want, sizeof(want), OTHER, room->path);
			else
				(void)snprintf(want, sizeof(want), DAMAGED "%s",
				    room->path, numbers[i].said + sizeof(DAMAGED) - 1);
			SAME_TEXT(numbers[i].name, why.text, want);
			SAME_INT(numbers[i].name, why.kind, ERR_STORE);
		}
	}
}

/* clang-format off */
static const struct {
	const char *name;
	const char *files[3];
	const char *hint; /* %s: the folder */
} backups[] = {
	{ "none", { NULL }, "install planetpost 2.1 again" },
	{ "of ours", { "before-schema-1.db" }, "install planetpost 2.1 again" },
	{ "of one later", { "before-schema-5.db" }, "install planetpost 2.1 again" },
	{ "of the next", { "before-schema-2.db" }, "/before-schema-2.db in its place" },
	{ "of the last", { "before-schema-4.db" }, "/before-schema-4.db in its place" },
	{ "of several", { "before-schema-3.db", "before-schema-4.db" }, "/before-schema-3.db in its place" },
};
/* clang-format on */

static void
the_way_back_from_a_newer_database_is_the_nearest_backup(void **state)
{
	const struct room *room = *state;
	struct store *s = must_open(room->path, STORE_CREATE);
	char kept[300];
	char file[700];

	MUST(store_note_set(s, "program", "2.1", err));
	MUST(db_exec(s, "PRAGMA user_version = 4", err));
	close_store(s);
	in_folder(room->folder, "kept", kept);
	assert_int_equal(mkdir(kept, 0700), 0);
	/* Beside the database, or where it is said that they are. */
	for (size_t i = 0; i < 2 * ARRAY_LEN(backups); i++) {
		const size_t k = i / 2;
		const char *dir = i % 2 ? kept : room->folder;
		struct store_options o = open_options(STORE_READ);
		struct err why = ERR_INIT;
		char want[600];

		o.backup_dir = i % 2 ? kept : NULL;
		for (size_t f = 0; f < 3 && backups[k].files[f]; f++)
			put(below(dir, backups[k].files[f], file), "x");
		assert_null(store_open(room->path, &o, &why));
		if (backups[k].hint[0] == '/')
			(void)snprintf(want, sizeof(want),
			    "install 2.1 again, or put %s%s", dir, backups[k].hint);
		else
			(void)snprintf(want, sizeof(want), "%s", backups[k].hint);
		SAME_TEXT(backups[k].name, why.hint, want);
		for (size_t f = 0; f < 3 && backups[k].files[f]; f++)
			assert_int_equal(unlink(below(dir, backups[k].files[f], file)),
			    0);
	}
}

/* Its writer is waited for as long as for a lock. */
static void
an_empty_database_is_waited_for(void **state)
{
	static const struct {
		int64_t busy_ms;
		int pauses;
	} waits[] = { { 0, 0 }, { 1, 1 }, { 20, 1 }, { 21, 2 }, { 200, 10 } };
	const struct room *room = *state;

	put(room->path, "");
	for (size_t i = 0; i < ARRAY_LEN(waits); i++) {
		struct store_options o = open_options(STORE_READ);
		struct err why = ERR_INIT;
		char want[400];

		o.busy_ms = waits[i].busy_ms;
		pauses = 0;
		pauses_ms = 0;
		assert_null(store_open(room->path, &o, &why));
		(void)snprintf(want, sizeof(want), "the database %s is empty",
		    room->path);
		SAME_TEXT("text", why.text, want);
		SAME_INT("pauses", pauses, waits[i].pauses);
		SAME_INT("in all", pauses_ms, 20 * waits[i].pauses);
	}
	/* One that is whole is not. */
	assert_int_equal(unlink(room->path), 0);
	close_store(must_open(room->path, STORE_CREATE));
	pauses = 0;
	close_store(must_open(room->path, STORE_READ));
	SAME_INT("pauses", pauses, 0);
}

static void
who_makes_the_file_first_makes_it_for_both(void **state)
{
	const struct room *room = *state;
	struct store_options o = open_options(STORE_CREATE);
	struct err why = ERR_INIT;
	struct store *s = NULL;
	char absent[300];
	char want[400];

	put(room->path, "");
	is_blind = true;
	MUST((s = store_open(room->path, &o, err)) != NULL);
	is_blind = false;
	close_store(s);
	in_folder(room->folder, "no/p.db", absent);
	assert_null(store_open(absent, &o, &why));
	(void)snprintf(want, sizeof(want), "%s: No such file or directory", absent);
	SAME_TEXT("text", why.text, want);
	SAME_INT("kind", why.kind, ERR_SYSTEM);
}

/* ---- steps ---- */

#define TABLE(name) "CREATE TABLE " name " (id INTEGER PRIMARY KEY) STRICT;"

struct steps {
	struct arena *a;
	struct store_step list[5];
	size_t count;
};

/* The program's own step and these. */
static struct steps
steps_with(const char *second, const char *third)
{
	struct steps all = { arena_new(), { { 0, NULL } }, 0 };
	struct store_step *own = NULL;

	MUST(store_steps(all.a, &own, &all.count, err));
	SAME_INT("the program's steps", all.count, 1);
	SAME_INT("its number", own[0].number, 1);
	all.list[0] = own[0];
	if (second)
		all.list[all.count++] = (struct store_step){ 2, second };
	if (third)
		all.list[all.count++] = (struct store_step){ 3, third };
	return all;
}

static struct store *
open_with(const struct room *room, const struct steps *all, const struct store_options *o,
    struct err *err)
{
	struct store *s = store_open_steps(room->path, o, all->list, all->count, err);

	arena_free(all->a);
	return s;
}

static struct store_options
migrating(void)
{
	struct store_options o = open_options(STORE_WRITE);

	o.migrate = true;
	o.version = "1.9";
	return o;
}

static void
expect_program(struct store *s, const char *want)
{
	struct arena *a = arena_new();
	const char *value = NULL;

	MUST(store_note_get(s, a, "program", &value, err));
	SAME_TEXT("program", value, want);
	arena_free(a);
}

static void
all_steps_are_run_one_after_the_other(void **state)
{
	const struct room *room = *state;
	const struct store_options o = migrating();
	struct steps all = steps_with(TABLE("two") "INSERT INTO two VALUES (2)",
	    TABLE("three") "INSERT INTO three SELECT id + 1 FROM two");
	struct store *s = must_open(room->path, STORE_CREATE);

	expect_program(s, "1.8");
	close_store(s);
	MUST((s = open_with(room, &all, &o, err)) != NULL);
	SAME_INT("schema", number(s, "PRAGMA user_version"), 3);
	SAME_INT("the third was run after the second", number(s, "SELECT id FROM three"),
	    3);
	SAME_INT("foreign keys", number(s, "PRAGMA foreign_keys"), 1);
	expect_program(s, "1.9");
	close_store(s);
	expect_names("backup", room->folder, "before-schema-3.db p.db ");
	/* Once only, and without another backup. */
	assert_int_equal(unlink(in_folder(room->folder, "before-schema-3.db",
			     (char[300]){ 0 })),
	    0);
	all = steps_with("SELECT nothing", "SELECT nothing");
	MUST((s = open_with(room, &all, &o, err)) != NULL);
	close_store(s);
	expect_names("no backup", room->folder, "p.db ");
}

static void
a_step_that_another_process_has_done_is_not_run_again(void **state)
{
	const struct room *room = *state;
	const struct store_options o = migrating();
	/* As it is for this process: the third step's number is found when its turn comes. */
	struct steps all = steps_with(TABLE("two"), TABLE("three"));
	struct store *s = must_open(room->path, STORE_CREATE);

	close_store(s);
	all.list[2].number = 2;
	MUST((s = open_with(room, &all, &o, err)) != NULL);
	SAME_INT("schema", number(s, "PRAGMA user_version"), 2);
	SAME_INT("tables",
	    number(s,
		"SELECT COUNT(*) FROM sqlite_schema WHERE name IN ('two', 'three')"),
	    1);
	close_store(s);
}

static void
steps_before_the_one_that_fails_stay(void **state)
{
	const struct room *room = *state;
	const struct store_options o = migrating();
	struct steps all = steps_with(TABLE("two"),
	    "INSERT INTO issue_entry (issue_id, position, entry_id) VALUES (5, 0, 5);");
	struct store *s = must_open(room->path, STORE_CREATE);
	struct err why = ERR_INIT;

	close_store(s);
	assert_null(open_with(room, &all, &o, &why));
	SAME_TEXT("text", why.text,
	    "schema step 3: rows of table issue_entry point nowhere");
	SAME_INT("kind", why.kind, ERR_STORE);
	all = steps_with(TABLE("two"), NULL);
	MUST((s = open_with(room, &all, &o, err)) != NULL);
	SAME_INT("schema", number(s, "PRAGMA user_version"), 2);
	SAME_INT("of the second", number(s, "SELECT COUNT(*) FROM two"), 0);
	SAME_INT("of the third", number(s, "SELECT COUNT(*) FROM issue_entry"), 0);
	expect_program(s, "1.9");
	close_store(s);
}

static void
a_schema_that_cannot_be_made_leaves_an_empty_file(void **state)
{
	const struct room *room = *state;
	struct store_options o = open_options(STORE_CREATE);
	struct steps all = steps_with(TABLE("two") "SELECT absent", NULL);
	struct err why = ERR_INIT;
	char want[400];
	struct store *s = NULL;

	assert_null(open_with(room, &all, &o, &why));
	(void)snprintf(want, sizeof(want),
	    "schema step 2: the database %s: no such column: absent (1)", room->path);
	SAME_TEXT("text", why.text, want);
	o = open_options(STORE_WRITE);
	MUST_FAIL(store_open(room->path, &o, err), ERR_STORE, "is empty");
	/* All steps at once make a new one, without a backup. */
	o = open_options(STORE_CREATE);
	all = steps_with(TABLE("two"), TABLE("three"));
	MUST((s = open_with(room, &all, &o, err)) != NULL);
	SAME_INT("schema", number(s, "PRAGMA user_version"), 3);
	SAME_INT("secrets",
	    number(s, "SELECT COUNT(*) FROM secret WHERE length(value) = 32"), 1);
	close_store(s);
	expect_names("no backup", room->folder, "p.db ");
}

static void
without_a_backup_nothing_is_migrated(void **state)
{
	const struct room *room = *state;
	struct store_options o = migrating();
	struct steps all = steps_with(TABLE("two"), NULL);
	struct err why = ERR_INIT;
	char kept[300];
	char inner[300];
	char want[500];
	struct store *s = NULL;

	close_store(must_open(room->path, STORE_CREATE));
	put(in_folder(room->folder, "kept", kept), "a file");
	o.backup_dir = kept;
	assert_null(open_with(room, &all, &o, &why));
	(void)snprintf(want, sizeof(want),
	    "the backup before the migration: %s: is there already and is no directory",
	    kept);
	SAME_TEXT("text", why.text, want);
	/* It is still of the schema before. */
	close_store(must_open(room->path, STORE_WRITE));
	assert_int_equal(unlink(kept), 0);
	in_folder(room->folder, "kept/inner", inner);
	o.backup_dir = inner;
	all = steps_with(TABLE("two"), NULL);
	MUST((s = open_with(room, &all, &o, err)) != NULL);
	close_store(s);
	expect_names("its folder is made", inner, "before-schema-2.db ");
	{
		struct stat st;
		char file[700];

		assert_int_equal(stat(inner, &st), 0);
		SAME_INT("folder", st.st_mode & 07777, 0700);
		assert_int_equal(unlink(below(inner, "before-schema-2.db", file)), 0);
		assert_int_equal(rmdir(inner), 0);
	}
}

/* ---- copies ---- */

/* What is in the copy: 0 for the first, 1 for the second. */
static int64_t
copied(const struct room *room)
{
	struct store *s = must_open(room->copy, STORE_READ);
	const int64_t n = number(s, "SELECT COUNT(*) FROM note WHERE name = 'second'");

	close_store(s);
	return n;
}

/* Each call of that name fails in its turn, until there are no more of them. */
static int
try_each(const struct room *room, const char *call, int code)
{
	struct store *s = must_open(room->path, STORE_READ);
	bool done = false;
	int turn = 0;

	for (; !done && turn < 100; turn++) {
		struct err why = ERR_INIT;
		char want[400];

		failing_calls_clear();
		failing_calls[0] = (struct failing_call){ call, code, turn };
		done = store_backup(s, room->copy, &why);
		(void)snprintf(want, sizeof(want), "backup %s: ", room->copy);
		SAME_INT(call, done, why.kind == ERR_NONE);
		if (!done && strncmp(why.text, want, strlen(want)) != 0)
			fail_msg("%s, turn %d: got %s", call, turn, why.text);
		failing_calls_clear();
		expect_names(call, room->folder, "b.db p.db p.db-shm p.db-wal ");
		(void)copied(room);
		SAME_INT(call, number(s, "PRAGMA query_only"), 1);
	}
	close_store(s);
	return turn;
}

static void
a_copy_that_fails_leaves_the_last_one(void **state)
{
	const struct room *room = *state;
	struct store *s = must_open(room->path, STORE_CREATE);
	struct err why = ERR_INIT;
	char want[700];

	MUST(store_backup(s, room->copy, err));
	MUST(store_note_set(s, "second", "x", err));
	failing_calls[0] = (struct failing_call){ "rename", EACCES, 0 };
	SAME_INT("rename", store_backup(s, room->copy, &why), false);
	(void)snprintf(want, sizeof(want), "backup %s: %s: Permission denied", room->copy,
	    room->copy);
	SAME_TEXT("rename", why.text, want);
	SAME_INT("the last one", copied(room), 0);
	SAME_INT("syncs", try_each(room, "fsync", EIO) >= 5, 1);
	SAME_INT("the new one", copied(room), 1);
	close_store(s);
}

/* clang-format off */
static const struct { const char *name, *instead, *said; } verdicts[] = {
	{ "bad", "SELECT 'row 7 missing from index'", "the copy is damaged: row 7 missing from index" },
	{ "none", "SELECT 'ok' WHERE 0", "the copy is damaged: no answer" },
	{ "empty", "SELECT ''", "the copy is damaged: " },
};
/* clang-format on */

static void
a_copy_that_is_damaged_is_none(void **state)
{
	const struct room *room = *state;
	struct store *s = must_open(room->path, STORE_CREATE);
	char want[400];

	for (size_t i = 0; i < ARRAY_LEN(verdicts); i++) {
		struct err why = ERR_INIT;

		instead_check = verdicts[i].instead;
		SAME_INT(verdicts[i].name, store_backup(s, room->copy, &why), false);
		instead_check = NULL;
		(void)snprintf(want, sizeof(want), "backup %s: %s", room->copy,
		    verdicts[i].said);
		SAME_TEXT(verdicts[i].name, why.text, want);
		SAME_INT(verdicts[i].name, why.kind, ERR_STORE);
	}
	close_store(s);
	expect_names("nothing is left", room->folder, "p.db ");
}

static void
who_reads_only_may_write_a_copy_and_nothing_else(void **state)
{
	const struct room *room = *state;
	struct store *s = must_open(room->path, STORE_CREATE);
	struct err why = ERR_INIT;
	char absent[300];
	char want[700];

	MUST(store_backup(s, room->copy, err));
	SAME_INT("who writes, writes", number(s, "PRAGMA query_only"), 0);
	close_store(s);
	s = must_open(room->path, STORE_READ);
	MUST(store_backup(s, room->copy, err));
	SAME_INT("reads again", number(s, "PRAGMA query_only"), 1);
	in_folder(room->folder, "no", absent);
	(void)snprintf(want, sizeof(want), "backup %s/b.db: there is no directory %s",
	    absent, absent);
	(void)snprintf(absent, sizeof(absent), "%s/no/b.db", room->folder);
	SAME_INT("no folder", store_backup(s, absent, &why), false);
	SAME_TEXT("no folder", why.text, want);
	SAME_INT("no folder", why.kind, ERR_SYSTEM);
	/* Also when the copy cannot be made. */
	err_clear(&why);
	failing_calls[0] = (struct failing_call){ "fsync", EIO, 2 };
	SAME_INT("a bad disk", store_backup(s, room->copy, &why), false);
	failing_calls_clear();
	SAME_INT("reads all the same", number(s, "PRAGMA query_only"), 1);
	close_store(s);
}

/* What is said on standard error by store_files_remove(). */
static void
remove_and_hear(const char *path, const char *file, char *said, size_t size)
{
	const int kept = dup(2);
	const int fd = open(file, O_RDWR | O_CREAT | O_TRUNC, 0600);
	ssize_t n = 0;

	log_setup(LOG_LEVEL_WARN, LOG_TEXT);
	assert_int_equal(dup2(fd, 2), 2);
	store_files_remove(path);
	assert_int_equal(dup2(kept, 2), 2);
	assert_int_equal(close(kept), 0);
	n = pread(fd, said, size - 1, 0);
	assert_true(n >= 0);
	said[n] = '\0';
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlink(file), 0);
}

static void
a_database_is_removed_with_its_log(void **state)
{
	static const char *const names[] = { "p.db", "p.db-wal", "p.db-shm" };
	const struct room *room = *state;
	char file[300];
	char heard[300];
	char said[1000];
	char want[600];
	char longest[8000];

	in_folder(room->folder, "heard", heard);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		put(in_folder(room->folder, names[i], file), "x");
	remove_and_hear(room->path, heard, said, sizeof(said));
	SAME_TEXT("all", said, "");
	expect_names("all", room->folder, "");
	remove_and_hear(room->path, heard, said, sizeof(said));
	SAME_TEXT("none", said, "");
	put(room->path, "x");
	put(in_folder(room->folder, "p.db-shm", file), "x");
	assert_int_equal(mkdir(in_folder(room->folder, "p.db-wal", file), 0700), 0);
	remove_and_hear(room->path, heard, said, sizeof(said));
	(void)snprintf(want, sizeof(want), "warn store: %s: Is a directory\n", file);
	SAME_TEXT("what cannot be", said, want);
	expect_names("what cannot be", room->folder, "p.db-wal ");
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	remove_and_hear(longest, heard, said, sizeof(said));
	SAME_TEXT("a name that none can have", said, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, make_room, remove_room)
		IN_ROOM(each_number_of_the_header_is_judged),
		IN_ROOM(the_way_back_from_a_newer_database_is_the_nearest_backup),
		IN_ROOM(an_empty_database_is_waited_for),
		IN_ROOM(who_makes_the_file_first_makes_it_for_both),
		IN_ROOM(all_steps_are_run_one_after_the_other),
		IN_ROOM(a_step_that_another_process_has_done_is_not_run_again),
		IN_ROOM(steps_before_the_one_that_fails_stay),
		IN_ROOM(a_schema_that_cannot_be_made_leaves_an_empty_file),
		IN_ROOM(without_a_backup_nothing_is_migrated),
		IN_ROOM(a_copy_that_fails_leaves_the_last_one),
		IN_ROOM(a_copy_that_is_damaged_is_none),
		IN_ROOM(who_reads_only_may_write_a_copy_and_nothing_else),
		IN_ROOM(a_database_is_removed_with_its_log),
	};

	return cmocka_run_group_tests_name("store migrate", tests, NULL, NULL);
}

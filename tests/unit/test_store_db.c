/* SPDX-License-Identifier: ISC */
/*
 * The layer under the store: what is made of each answer of sqlite, how a file is opened where
 * nothing can be written, and how the log is kept short.  This program has some of sqlite's
 * functions, and of the C library's, in front of theirs.
 */
#define _GNU_SOURCE /* RTLD_NEXT */

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "unit/store_fixture.h"

#include "base/attr.h"
#include "store/db.h"

static struct {
	bool is_on;
	int rc;     /* of the next sqlite3_exec() */
	int code;   /* errno that sqlite says */
	bool bound; /* files of this process may not grow */
} fake;

static int access_code; /* errno that access() says; 0: as it is */
static int
    busy_wals; /* so many times the file cannot be switched to WAL, as it is busy */
static int other_wal_rc; /* then this once */

static struct {
	sqlite3 *db;
	char name[300];
	int flags, timeout_ms, sleeps, slept_ms, checkpoints, checkpoint_mode;
	int (*hook)(void *, sqlite3 *, const char *, int);
	void *hook_arg;
} seen;

static void
find_in_library(const char *name, void *function, size_t size)
{
	void *found = dlsym(RTLD_NEXT, name);

	memcpy(function, &found, size);
}

#define LIBRARYS(name) \
	do { \
		if (!library) \
			find_in_library(#name, &library, sizeof(library)); \
	} while (0)

int
sqlite3_exec(sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **),
    void *arg, char **message)
{
	static int (*library)(sqlite3 *, const char *,
	    int (*)(void *, int, char **, char **), void *, char **);
	const bool is_wal = strcmp(sql, "PRAGMA journal_mode = WAL") == 0;

	LIBRARYS(sqlite3_exec);
	if (fake.is_on)
		return fake.rc;
	if (is_wal && busy_wals > 0) {
		busy_wals--;
		return SQLITE_BUSY_RECOVERY;
	}
	if (is_wal && other_wal_rc)
		return other_wal_rc;
	return library(db, sql, row, arg, message);
}

int
sqlite3_system_errno(sqlite3 *db)
{
	static int (*library)(sqlite3 *);

	LIBRARYS(sqlite3_system_errno);
	return fake.is_on ? fake.code : library(db);
}

const char *
sqlite3_errmsg(sqlite3 *db)
{
	static const char *(*library)(sqlite3 *);

	LIBRARYS(sqlite3_errmsg);
	return fake.is_on ? "so it says" : library(db);
}

int
sqlite3_extended_errcode(sqlite3 *db)
{
	static int (*library)(sqlite3 *);

	LIBRARYS(sqlite3_extended_errcode);
	return fake.is_on ? fake.rc : library(db);
}

int
getrlimit(__rlimit_resource_t resource, struct rlimit *out)
{
	static int (*library)(__rlimit_resource_t, struct rlimit *);

	LIBRARYS(getrlimit);
	if (!fake.is_on || resource != RLIMIT_FSIZE)
		return library(resource, out);
	*out = (struct rlimit){ fake.bound ? 100 : RLIM_INFINITY, RLIM_INFINITY };
	return 0;
}

int
access(const char *path, int how)
{
	static int (*library)(const char *, int);

	LIBRARYS(access);
	if (access_code == 0)
		return library(path, how);
	errno = access_code;
	return -1;
}

int
sqlite3_open_v2(const char *name, sqlite3 **db, int flags, const char *vfs)
{
	static int (*library)(const char *, sqlite3 **, int, const char *);
	int rc = SQLITE_OK;

	LIBRARYS(sqlite3_open_v2);
	(void)snprintf(seen.name, sizeof(seen.name), "%s", name);
	seen.flags = flags;
	rc = library(name, db, flags, vfs);
	seen.db = *db;
	return rc;
}

int
sqlite3_busy_timeout(sqlite3 *db, int ms)
{
	static int (*library)(sqlite3 *, int);

	LIBRARYS(sqlite3_busy_timeout);
	seen.timeout_ms = ms;
	return library(db, ms);
}

int
sqlite3_sleep(int ms)
{
	seen.sleeps++;
	seen.slept_ms += ms;
	return ms;
}

void *
sqlite3_wal_hook(sqlite3 *db, int (*hook)(void *, sqlite3 *, const char *, int),
    void *arg)
{
	static void *(
	    *library)(sqlite3 *, int (*)(void *, sqlite3 *, const char *, int), void *);

	LIBRARYS(sqlite3_wal_hook);
	seen.hook = hook;
	seen.hook_arg = arg;
	return library(db, hook, arg);
}

int
sqlite3_wal_checkpoint_v2(sqlite3 *db, const char *name, int mode, int *log, int *moved)
{
	static int (*library)(sqlite3 *, const char *, int, int *, int *);

	LIBRARYS(sqlite3_wal_checkpoint_v2);
	seen.checkpoints++;
	seen.checkpoint_mode = mode;
	return library(db, name, mode, log, moved);
}

/* ---- errors ---- */

#define IT "the database :memory:"
#define WAIT "wait until it has finished and try again"
#define COPY "keep a copy of it, then put a backup in its place"
#define ROOM \
	"make room on its disk and run the command again; nothing half-written is kept"
#define RAISE \
	"raise the limit (ulimit -f, LimitFSIZE of the unit) and run the command again; " \
	"nothing half-written is kept"
#define MOUNT \
	"a disk that fails is made read-only by the system: see its log, " \
	"check the disk and mount it anew"
#define FULL "disk full: " IT " cannot grow"

/* clang-format off */
static const struct {
	int rc, code;
	bool bound;
	enum err_kind kind;
	const char *text, *hint;
} answers[] = {
	{ SQLITE_BUSY, 0, false, ERR_TEMPORARY, IT " is locked by another process", WAIT },
	{ SQLITE_BUSY_SNAPSHOT, 0, false, ERR_TEMPORARY, IT " is locked by another process", WAIT },
	{ SQLITE_LOCKED, EIO, true, ERR_TEMPORARY, IT " is locked by another process", WAIT },
	{ SQLITE_CORRUPT, 0, false, ERR_STORE, IT " is damaged: so it says", COPY },
	{ SQLITE_CORRUPT_INDEX, 0, false, ERR_STORE, IT " is damaged: so it says", COPY },
	{ SQLITE_NOTADB, 0, false, ERR_STORE, IT " is damaged: so it says", COPY },
	{ SQLITE_FULL, 0, false, ERR_SYSTEM, FULL, ROOM },
	{ SQLITE_FULL, EIO, true, ERR_SYSTEM, FULL, ROOM },
	{ SQLITE_IOERR, ENOSPC, false, ERR_SYSTEM, FULL, ROOM },
	{ SQLITE_IOERR, EDQUOT, true, ERR_SYSTEM, FULL, ROOM },
	{ SQLITE_IOERR_WRITE, ENOSPC, true, ERR_SYSTEM, FULL, ROOM },
	{ SQLITE_CANTOPEN, ENOSPC, false, ERR_SYSTEM, IT ": so it says: No space left on device", "" },
	{ SQLITE_IOERR_WRITE, 0, true, ERR_SYSTEM, IT " cannot grow: files of this process may not", RAISE },
	{ SQLITE_IOERR, EFBIG, true, ERR_SYSTEM, IT " cannot grow: files of this process may not", RAISE },
	{ SQLITE_IOERR, EFBIG, false, ERR_SYSTEM, IT ": so it says: File too large", "" },
	{ SQLITE_IOERR, 0, false, ERR_SYSTEM, IT ": so it says", "" },
	{ SQLITE_IOERR, EIO, true, ERR_SYSTEM, IT ": so it says: Input/output error", "" },
	{ SQLITE_IOERR, EIO, false, ERR_SYSTEM, IT ": so it says: Input/output error", "" },
	{ SQLITE_CANTOPEN, 0, true, ERR_SYSTEM, IT ": so it says", "" },
	{ SQLITE_READONLY, EFBIG, true, ERR_SYSTEM, IT ": so it says: File too large", "" },
	{ SQLITE_READONLY, EROFS, false, ERR_SYSTEM, IT " is on a read-only medium", MOUNT },
	{ SQLITE_CANTOPEN, EROFS, true, ERR_SYSTEM, IT " is on a read-only medium", MOUNT },
	{ SQLITE_IOERR, EROFS, true, ERR_SYSTEM, IT " is on a read-only medium", MOUNT },
	{ SQLITE_PERM, 0, false, ERR_SYSTEM, IT ": so it says", "" },
	{ SQLITE_AUTH, 0, false, ERR_SYSTEM, IT ": so it says", "" },
	{ SQLITE_NOMEM, 0, false, ERR_SYSTEM, IT ": so it says", "" },
	{ SQLITE_NOLFS, EACCES, false, ERR_SYSTEM, IT ": so it says: Permission denied", "" },
	{ SQLITE_TOOBIG, EIO, true, ERR_LIMIT, "a text is too large for the database :memory:", "" },
	{ SQLITE_ERROR, EIO, true, ERR_BUG, IT ": so it says (1)", "" },
	{ SQLITE_CONSTRAINT_UNIQUE, 0, false, ERR_BUG, IT ": so it says (2067)", "" },
};
/* clang-format on */

static void
each_answer_of_sqlite_is_an_error_of_ours(void **state)
{
	struct store *s = memory_store();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		struct err why = ERR_INIT;
		char name[60];
		bool ok = false;

		(void)snprintf(name, sizeof(name), "%d with %d, %s", answers[i].rc,
		    answers[i].code, answers[i].bound ? "bound" : "free");
		fake.is_on = true;
		fake.rc = answers[i].rc;
		fake.code = answers[i].code;
		fake.bound = answers[i].bound;
		ok = db_exec(s, "SELECT 1", &why);
		fake.is_on = false;
		SAME_INT(name, ok, false);
		SAME_INT(name, why.kind, answers[i].kind);
		SAME_TEXT(name, why.text, answers[i].text);
		SAME_TEXT(name, why.hint, answers[i].hint);
	}
	MUST(db_exec(s, "SELECT 1", err));
	close_store(s);
}

/* ---- opening ---- */

enum { NONE = -1 };

/* clang-format off */
static const struct {
	const char *name;
	int code;
	off_t log, index; /* their size; NONE: not there */
	const char *opened; /* %s: the path; NULL: it is refused */
} folders[] = {
	{ "writable", 0, NONE, NONE, "%s" },
	{ "writable, with changes", 0, 10, NONE, "%s" },
	{ "not there", ENOENT, NONE, NONE, "%s" },
	{ "read-only", EROFS, NONE, NONE, "file:%s?immutable=1" },
	{ "closed", EACCES, NONE, NONE, "file:%s?immutable=1" },
	{ "read-only, an empty log", EROFS, 0, NONE, "file:%s?immutable=1" },
	{ "read-only, changes", EROFS, 1, NONE, NULL },
	{ "closed, changes", EACCES, 1, NONE, NULL },
	{ "read-only, changes that are seen", EROFS, 1, 0, "%s" },
	{ "closed, changes that are seen", EACCES, 1, 0, "%s" },
	{ "read-only, in use", EROFS, NONE, 0, "file:%s?immutable=1" },
	{ "closed, in use", EACCES, NONE, 0, "%s" },
	{ "closed, in use, an empty log", EACCES, 0, 1, "%s" },
};
/* clang-format on */

static void
put_beside(const char *path, const char *tail, off_t size)
{
	char name[310];
	FILE *f = NULL;

	(void)snprintf(name, sizeof(name), "%s%s", path, tail);
	(void)unlink(name);
	if (size == NONE)
		return;
	f = fopen(name, "w");
	assert_non_null(f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(truncate(name, size), 0);
}

/* Nothing in a name may end it, or say something else. */
static void
write_uri(const char *path, char *out, size_t size)
{
	size_t used = (size_t)snprintf(out, size, "file:");

	for (; *path; path++)
		used += (size_t)snprintf(out + used, size - used,
		    strchr("/?=#%", *path) ? "%%%02X" : "%c", *path);
	(void)snprintf(out + used, size - used, "?immutable=1");
}

static void
where_nothing_can_be_written_a_file_is_read_as_it_is(void **state)
{
	char *folder = new_folder();
	char path[300];
	char want[700];

	(void)state;
	in_folder(folder, "p?x=%41#.db", path);
	put_beside(path, "", 0);
	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		struct err why = ERR_INIT;
		struct store *s = NULL;

		put_beside(path, "-wal", folders[i].log);
		put_beside(path, "-shm", folders[i].index);
		access_code = folders[i].code;
		memset(&seen, 0, sizeof(seen));
		errno = EROFS; /* of before, and of no account */
		s = db_open(path, DB_READ, 0, &why);
		access_code = 0;
		if (folders[i].opened) {
			const bool is_uri = folders[i].opened[0] == 'f';

			(void)snprintf(want, sizeof(want), "%s", path);
			if (is_uri)
				write_uri(path, want, sizeof(want));
			SAME_TEXT(folders[i].name, seen.name, want);
			SAME_INT(folders[i].name, (seen.flags & SQLITE_OPEN_URI) != 0,
			    is_uri);
			SAME_INT(folders[i].name, s != NULL, true);
			SAME_INT(folders[i].name, db_close(s), true);
			continue;
		}
		SAME_INT(folders[i].name, s != NULL, false);
		SAME_INT(folders[i].name, why.kind, ERR_STORE);
		(void)snprintf(want, sizeof(want),
		    "%s is where nothing can be written and its last changes are in %s-wal",
		    path, path);
		SAME_TEXT(folders[i].name, why.text, want);
		SAME_TEXT(folders[i].name, why.hint,
		    "copy both files elsewhere and look there: -d DIRECTORY");
	}
	/* Who writes is not asked. */
	access_code = EROFS;
	put_beside(path, "-shm", NONE);
	put_beside(path, "-wal", NONE);
	{
		struct err why = ERR_INIT;
		struct store *s = db_open(path, DB_WRITE, 0, &why);

		SAME_TEXT("to write", seen.name, path);
		SAME_INT("to write", seen.flags & SQLITE_OPEN_READWRITE,
		    SQLITE_OPEN_READWRITE);
		SAME_INT("to write", db_is_read_only(s), false);
		SAME_INT("to write", db_close(s), true);
	}
	access_code = 0;
	put_beside(path, "", NONE);
	remove_folder(folder);
}

/* clang-format off */
static const struct { int64_t given; int used; } waits[] = {
	{ -1, 0 }, { 0, 0 }, { 1, 1 }, { 200, 200 }, { INT_MAX, INT_MAX },
	{ (int64_t)INT_MAX + 1, INT_MAX }, { INT64_MAX, INT_MAX },
};
static const struct { const char *name; int option, at_first, accepted; } configs[] = {
	{ "defensive", SQLITE_DBCONFIG_DEFENSIVE, 1, 1 },
	{ "trusted schema", SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, 0 },
	{ "quoted texts", SQLITE_DBCONFIG_DQS_DML, 0, 0 },
	{ "quoted texts in the schema", SQLITE_DBCONFIG_DQS_DDL, 0, 0 },
	{ "triggers", SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, 0 },
	{ "the log stays when it is closed", SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, 0 },
};
/* clang-format on */

static void
expect_configs(bool accepted)
{
	for (size_t i = 0; i < ARRAY_LEN(configs); i++) {
		int is_on = -1;

		SAME_INT(configs[i].name,
		    sqlite3_db_config(seen.db, configs[i].option, -1, &is_on), SQLITE_OK);
		SAME_INT(configs[i].name, is_on,
		    accepted ? configs[i].accepted : configs[i].at_first);
	}
}

static void
a_connection_is_safe_and_waits_as_long_as_it_is_told(void **state)
{
	char *folder = new_folder();
	char path[300];
	int64_t n = 0;

	(void)state;
	in_folder(folder, "p.db", path);
	put_beside(path, "", 0);
	for (size_t i = 0; i < ARRAY_LEN(waits); i++) {
		struct err why = ERR_INIT;
		struct store *s = db_open(path, DB_WRITE, waits[i].given, &why);

		assert_non_null(s);
		SAME_INT("wait", seen.timeout_ms, waits[i].used);
		expect_configs(false);
		MUST(db_accept(s, err));
		expect_configs(true);
		db_wait_for_locks(s, 0);
		SAME_INT("not at all", seen.timeout_ms, 0);
		db_wait_for_locks(s, 17);
		SAME_INT("for a while", seen.timeout_ms, 17);
		db_wait_for_locks(s, -1);
		SAME_INT("as before", seen.timeout_ms, waits[i].used);
		MUST(db_number(s, "PRAGMA cache_size", &n, err));
		SAME_INT("pages", n, -2048);
		MUST(store_hold_pages(s, true, err));
		MUST(db_number(s, "PRAGMA cache_size", &n, err));
		SAME_INT("many pages", n, -6144);
		MUST(store_hold_pages(s, false, err));
		MUST(db_number(s, "PRAGMA cache_size", &n, err));
		SAME_INT("as few as usual", n, -2048);
		MUST(db_number(s, "PRAGMA journal_size_limit", &n, err));
		SAME_INT("log that is kept", n, 16777216);
		MUST(db_number(s, "PRAGMA secure_delete", &n, err));
		SAME_INT("deleted is gone", n, 2);
		MUST(db_number(s, "PRAGMA cell_size_check", &n, err));
		SAME_INT("cells are looked at", n, 1);
		SAME_INT("close", db_close(s), true);
	}
	remove_folder(folder);
}

static void
what_is_not_there_cannot_be_opened(void **state)
{
	static const enum db_mode modes[] = { DB_READ, DB_WRITE };
	char *folder = new_folder();
	char path[300];
	char want[400];

	(void)state;
	in_folder(folder, "p.db", path);
	(void)snprintf(want, sizeof(want),
	    "the database %s: unable to open database file: No such file or directory",
	    path);
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		struct err why = ERR_INIT;

		assert_null(db_open(path, modes[i], 0, &why));
		SAME_TEXT("text", why.text, want);
		SAME_INT("kind", why.kind, ERR_SYSTEM);
	}
	assert_true(db_close(NULL));
	remove_folder(folder);
}

/* clang-format off */
static const struct {
	int64_t busy_ms;
	int busy, other, sleeps;
	enum err_kind kind;
} switches[] = {
	{ 100, 0, 0, 0, ERR_NONE },
	{ 100, 5, 0, 5, ERR_NONE },
	{ 100, 6, 0, 5, ERR_TEMPORARY },
	{ 101, 6, 0, 6, ERR_NONE },
	{ 99, 6, 0, 5, ERR_TEMPORARY },
	{ 0, 1, 0, 0, ERR_TEMPORARY },
	{ 1, 1, 0, 1, ERR_NONE },
	{ 100, 2, SQLITE_CORRUPT, 2, ERR_STORE },
};
/* clang-format on */

static void
a_file_that_is_just_being_made_is_waited_for(void **state)
{
	char *folder = new_folder();
	char path[300];

	(void)state;
	in_folder(folder, "p.db", path);
	put_beside(path, "", 0);
	for (size_t i = 0; i < ARRAY_LEN(switches); i++) {
		struct err why = ERR_INIT;
		struct store *s = db_open(path, DB_WRITE, switches[i].busy_ms, &why);
		char name[40];

		assert_non_null(s);
		(void)snprintf(name, sizeof(name), "row %zu", i);
		seen.sleeps = 0;
		seen.slept_ms = 0;
		busy_wals = switches[i].busy;
		other_wal_rc = switches[i].other;
		SAME_INT(name, db_accept(s, &why), switches[i].kind == ERR_NONE);
		busy_wals = 0;
		other_wal_rc = 0;
		SAME_INT(name, why.kind, switches[i].kind);
		SAME_INT(name, seen.sleeps, switches[i].sleeps);
		SAME_INT(name, seen.slept_ms, 20 * switches[i].sleeps);
		SAME_INT(name, db_close(s), true);
	}
	remove_folder(folder);
}

/* ---- the log ---- */

static int
checkpoints_after(int pages)
{
	seen.checkpoints = 0;
	SAME_INT("the hook", seen.hook(seen.hook_arg, seen.db, "main", pages), SQLITE_OK);
	return seen.checkpoints;
}

static void
a_long_log_is_moved_into_the_file(void **state)
{
	char *folder = new_folder();
	char path[300];
	struct err why = ERR_INIT;
	struct store *s = NULL;

	(void)state;
	in_folder(folder, "p.db", path);
	put_beside(path, "", 0);
	s = db_open(path, DB_WRITE, 0, &why);
	assert_non_null(s);
	MUST(db_accept(s, err));
	SAME_INT("none", checkpoints_after(0), 0);
	SAME_INT("nearly", checkpoints_after(3999), 0);
	SAME_INT("long", checkpoints_after(4000), 1);
	SAME_INT("nobody is waited for", seen.checkpoint_mode, SQLITE_CHECKPOINT_PASSIVE);
	db_let_log_grow(s, true);
	SAME_INT("it may grow", checkpoints_after(5000), 0);
	db_let_log_grow(s, true);
	SAME_INT("it still may", seen.checkpoints, 0);
	db_let_log_grow(s, false);
	SAME_INT("no more", seen.checkpoints, 1);
	db_let_log_grow(s, false);
	SAME_INT("it is short now", seen.checkpoints, 1);
	SAME_INT("long again", checkpoints_after(4001), 1);
	SAME_INT("close", db_close(s), true);
	remove_folder(folder);
}

static int64_t
synchronous(struct store *s)
{
	int64_t n = -1;

	MUST(db_number(s, "PRAGMA synchronous", &n, err));
	return n;
}

static void
syncs_are_put_off_outside_of_transactions(void **state)
{
	struct store *s = memory_store();

	(void)state;
	SAME_INT("full", synchronous(s), 2);
	db_put_off_syncs(s, true);
	SAME_INT("normal", synchronous(s), 1);
	db_put_off_syncs(s, false);
	SAME_INT("full again", synchronous(s), 2);
	assert_false(db_in_transaction(s));
	assert_true(db_group_is_lost(s));
	MUST(db_exec(s, "BEGIN", err));
	assert_true(db_in_transaction(s));
	assert_false(db_group_is_lost(s));
	db_put_off_syncs(s, true);
	MUST(db_exec(s, "COMMIT", err));
	SAME_INT("as it was", synchronous(s), 2);
	close_store(s);
}

/* ---- statements ---- */

static const char text_sql[] = "SELECT text_of(:texts, :number)";

static const char *
text_at(struct store *s, struct db_texts *texts, int64_t number)
{
	static char text[20];
	struct db_query *q = NULL;

	MUST((q = db_query(s, text_sql, err)) != NULL);
	db_bind_texts(q, ":texts", texts);
	db_bind_int(q, ":number", number);
	assert_true(db_next(q));
	{
		const char *got = db_text(q, NULL);

		(void)snprintf(text, sizeof(text), "%s", got ? got : "(none)");
	}
	MUST(db_done(q, err));
	return text;
}

/* From each number to each: mostly it is the same as before, or the next, but need not be. */
static void
a_text_is_found_by_its_number(void **state)
{
	static const struct db_text_of list[] = { { -5, "a" }, { 0, "b" }, { 1, "c" },
		{ 7, "d" }, { 8, "e" }, { 900, "f" } };
	struct store *s = memory_store();

	(void)state;
	for (size_t count = 0; count <= ARRAY_LEN(list); count++) {
		for (size_t from = 0; from < ARRAY_LEN(list); from++) {
			for (int64_t number = -7; number <= 10; number++) {
				struct db_texts texts = { list, count, 0 };
				const char *want = "(none)";
				char name[60];

				(void)text_at(s, &texts, list[from].number);
				for (size_t i = 0; i < count; i++)
					if (list[i].number == number)
						want = list[i].text;
				(void)snprintf(name, sizeof(name), "%zu, from %zu to %d",
				    count, from, (int)number);
				SAME_TEXT(name, text_at(s, &texts, number), want);
				SAME_TEXT(name, text_at(s, &texts, 900),
				    count == 6 ? "f" : "(none)");
				SAME_TEXT(name, text_at(s, &texts, 901), "(none)");
			}
		}
	}
	close_store(s);
}

static void
only_a_list_of_texts_has_texts(void **state)
{
	static const char *const queries[] = { "SELECT text_of(NULL, 1) IS NULL",
		"SELECT text_of('a', 1) IS NULL", "SELECT text_of(1, 1) IS NULL" };
	struct store *s = memory_store();
	int64_t n = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
		MUST(db_number(s, queries[i], &n, err));
		SAME_INT(queries[i], n, 1);
	}
	close_store(s);
}

static void
columns_are_read_in_order(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct db_query *q = NULL;
	char bytes[4] = "";
	size_t len = 9;

	(void)state;
	MUST(
	    (q = db_query(s,
		 "SELECT 5, NULL, 6, 'ab', NULL, x'414243', x'414243', x'414243', NULL, 7",
		 err)) != NULL);
	assert_true(db_next(q));
	SAME_INT("a number", db_int(q), 5);
	SAME_INT("no time", db_time(q) == TIME_NONE, true);
	SAME_INT("a time", db_time(q), 6);
	SAME_TEXT("a text", db_text_len(q, a, &len), "ab");
	SAME_INT("its length", len, 2);
	SAME_TEXT("no text", db_text_len(q, a, &len), "(none)");
	SAME_INT("its length", len, 0);
	SAME_INT("too many", db_bytes(q, bytes, 2), false);
	SAME_INT("too few", db_bytes(q, bytes, 4), false);
	SAME_TEXT("nothing is written", bytes, "");
	SAME_INT("as many", db_bytes(q, bytes, 3), true);
	SAME_TEXT("bytes", bytes, "ABC");
	SAME_INT("none", db_bytes(q, bytes, 0), false);
	SAME_INT("the last", db_int(q), 7);
	SAME_INT("no other row", db_next(q), false);
	MUST(db_done(q, err));
	arena_free(a);
	close_store(s);
}

static void
a_statement_may_have_many_values(void **state)
{
	static char names[40][8];
	struct store *s = memory_store();
	struct buf sql = BUF_INIT(2000);

	(void)state;
	buf_adds(&sql, "SELECT 0");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		(void)snprintf(names[i], sizeof(names[i]), ":n%zu", i);
		buf_addf(&sql, ", %s", names[i]);
	}
	/* In this order, in the other, and in this again. */
	for (int64_t turn = 0; turn < 3; turn++) {
		struct db_query *q = NULL;

		MUST((q = db_query(s, buf_text(&sql), err)) != NULL);
		for (size_t i = 0; i < ARRAY_LEN(names); i++) {
			const size_t k = turn == 1 ? ARRAY_LEN(names) - 1 - i : i;

			db_bind_int(q, names[k], (int64_t)k * 10 + turn);
		}
		assert_true(db_next(q));
		SAME_INT("first", db_int(q), 0);
		for (size_t i = 0; i < ARRAY_LEN(names); i++)
			SAME_INT(names[i], db_int(q), (int64_t)i * 10 + turn);
		MUST(db_done(q, err));
	}
	close_store(s);
	buf_clear(&sql);
}

static void
values_that_do_not_fit_are_a_bug(void **state)
{
	static const char sql[] = "SELECT :a, :b";
	struct store *s = memory_store();
	struct err why = ERR_INIT;
	struct db_query *q = db_query(s, sql, &why);

	(void)state;
	db_bind_text(q, ":c", "x");
	db_bind_int(q, ":a", 1);
	SAME_INT("next", db_next(q), false);
	SAME_INT("and again", db_next(q), false);
	SAME_INT("nothing is said before the end", err_is_set(&why), false);
	SAME_INT("end", db_done(q, &why), false);
	SAME_TEXT("text", why.text, "a value does not fit the query: SELECT :a, :b");
	SAME_INT("kind", why.kind, ERR_BUG);
	/* The next time all is well, and what was bound is gone. */
	err_clear(&why);
	MUST((q = db_query(s, sql, err)) != NULL);
	db_bind_time(q, ":a", 7);
	assert_true(db_next(q));
	SAME_INT("a", db_int(q), 7);
	SAME_INT("b", db_time(q) == TIME_NONE, true);
	MUST(db_done(q, err));
	/* A query that could not be prepared takes everything. */
	db_bind_int(NULL, ":a", 1);
	db_bind_time(NULL, ":a", TIME_NONE);
	db_bind_time(NULL, ":a", 1);
	db_bind_text(NULL, ":a", "x");
	db_bind_bytes(NULL, ":a", "x", 1);
	db_bind_texts(NULL, ":a", NULL);
	SAME_INT("none", db_next(NULL), false);
	SAME_INT("nor an end", db_done(NULL, &why), false);
	close_store(s);
}

static int64_t
next_number(struct db_query *q)
{
	assert_true(db_next(q));
	return db_int(q);
}

/* One that is still read is prepared anew, as are those that there is no room to keep. */
static void
statements_do_not_disturb_one_another(void **state)
{
	static const char three[] = "VALUES (1), (2), (3)";
	static char many[300][16];
	struct store *s = memory_store();
	struct db_query *one = NULL;
	struct db_query *two = NULL;
	int64_t n = 0;

	(void)state;
	MUST((one = db_query(s, three, err)) != NULL);
	SAME_INT("one", next_number(one), 1);
	MUST((two = db_query(s, three, err)) != NULL);
	SAME_INT("two", next_number(two), 1);
	SAME_INT("one", next_number(one), 2);
	SAME_INT("two", next_number(two), 2);
	MUST(db_done(two, err));
	SAME_INT("one", next_number(one), 3);
	MUST(db_done(one, err));
	MUST((two = db_query(s, three, err)) != NULL);
	assert_ptr_equal(one, two);
	SAME_INT("it begins anew", next_number(two), 1);
	MUST(db_done(two, err));
	for (int turn = 0; turn < 2; turn++) {
		for (size_t i = 0; i < ARRAY_LEN(many); i++) {
			(void)snprintf(many[i], sizeof(many[i]), "SELECT %zu", i);
			MUST(db_number(s, many[i], &n, err));
			SAME_INT(many[i], n, i);
		}
	}
	MUST(db_number(s, "SELECT 1 WHERE 0", &n, err));
	SAME_INT("no row", n, 0);
	SAME_INT("close", db_close(s), true);
}

static const char list_sql[] =
    "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c"
    " WHERE n < 1000) SELECT n FROM c LIMIT :many";

static void
a_list_has_all_rows_however_many_were_expected(void **state)
{
	static const size_t counts[] = { 0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 500 };
	struct store *s = memory_store();
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		for (size_t expected = 0; expected < 40; expected += 8) {
			struct db_query *q = NULL;
			int64_t *list = NULL;
			size_t count = 77;

			MUST((q = db_query(s, list_sql, err)) != NULL);
			db_bind_int(q, ":many", (int64_t)counts[i]);
			MUST(db_list_of(q, a, sizeof(*list), expected, db_row_int, &list,
			    &count, err));
			SAME_INT("rows", count, counts[i]);
			SAME_INT("a list", list != NULL, count > 0);
			for (size_t k = 0; k < count; k++)
				SAME_INT("number", list[k], k + 1);
		}
	}
	arena_free(a);
	close_store(s);
}

static void
row_to_small(struct db_query *q, struct arena *a, void *row)
{
	int64_t *out = row;

	(void)a;
	*out = db_int(q);
	if (*out > 3)
		err_set(db_failure(q), ERR_STORE, "%d is too large", (int)*out);
}

/* The first that is wrong is told; no row behind it is read. */
static void
a_row_may_be_found_wrong(void **state)
{
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct err why = ERR_INIT;
	struct db_query *q = NULL;
	int64_t *list = NULL;
	int64_t number = 0;
	size_t count = 77;
	bool found = false;

	(void)state;
	q = db_query(s, list_sql, &why);
	db_bind_int(q, ":many", 9);
	SAME_INT("list", db_list(q, a, sizeof(*list), row_to_small, &list, &count, &why),
	    false);
	SAME_TEXT("why", why.text, "4 is too large");
	SAME_INT("kind", why.kind, ERR_STORE);
	assert_null(list);
	SAME_INT("count", count, 0);
	SAME_INT("one",
	    db_one(db_query(s, "SELECT 5", &why), a, row_to_small, &number, &found, &why),
	    false);
	SAME_TEXT("the first stays", why.text, "4 is too large");
	/* It is of that time alone. */
	q = db_query(s, list_sql, &why);
	db_bind_int(q, ":many", 3);
	MUST(db_list(q, a, sizeof(*list), row_to_small, &list, &count, err));
	SAME_INT("count", count, 3);
	arena_free(a);
	close_store(s);
}

static void
a_statement_that_fails_gives_nothing(void **state)
{
	static const char fails[] = "SELECT abs(-9223372036854775807 - n) FROM"
				    " (SELECT 0 AS n UNION ALL SELECT 1)";
	struct store *s = memory_store();
	struct arena *a = arena_new();
	struct err why = ERR_INIT;
	int64_t number = 5;
	int64_t *list = &number;
	size_t count = 77;
	const char *text = "x";
	bool any = true;

	(void)state;
	SAME_INT("list",
	    db_list(db_query(s, fails, &why), a, sizeof(*list), db_row_int, &list, &count,
		&why),
	    false);
	SAME_INT("kind", why.kind, ERR_BUG);
	assert_null(list);
	SAME_INT("count", count, 0);
	err_clear(&why);
	SAME_INT("int",
	    db_only_int(db_query(s, "SELECT 1 FROM nowhere", &why), &number, &why),
	    false);
	SAME_INT("0", number, 0);
	SAME_INT("time", db_only_time(NULL, &number, &why), false);
	SAME_INT("none", number == TIME_NONE, true);
	SAME_INT("text", db_only_text(NULL, a, &text, &why), false);
	assert_null(text);
	SAME_INT("any", db_any(NULL, &any, &why), false);
	SAME_INT("any", any, false);
	arena_free(a);
	close_store(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_answer_of_sqlite_is_an_error_of_ours),
		cmocka_unit_test(where_nothing_can_be_written_a_file_is_read_as_it_is),
		cmocka_unit_test(a_connection_is_safe_and_waits_as_long_as_it_is_told),
		cmocka_unit_test(what_is_not_there_cannot_be_opened),
		cmocka_unit_test(a_file_that_is_just_being_made_is_waited_for),
		cmocka_unit_test(a_long_log_is_moved_into_the_file),
		cmocka_unit_test(syncs_are_put_off_outside_of_transactions),
		cmocka_unit_test(a_text_is_found_by_its_number),
		cmocka_unit_test(only_a_list_of_texts_has_texts),
		cmocka_unit_test(columns_are_read_in_order),
		cmocka_unit_test(a_statement_may_have_many_values),
		cmocka_unit_test(values_that_do_not_fit_are_a_bug),
		cmocka_unit_test(statements_do_not_disturb_one_another),
		cmocka_unit_test(a_list_has_all_rows_however_many_were_expected),
		cmocka_unit_test(a_row_may_be_found_wrong),
		cmocka_unit_test(a_statement_that_fails_gives_nothing),
	};

	return cmocka_run_group_tests_name("store db", tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
#include "store/db.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "format/url.h"
#include "store/print_filter.h"

enum {
	CACHE_SLOTS = 256, /* a power of two, well above the number of statements */
	MAX_BINDS = 32,
	LOG_PAGES = 4000, /* before they are moved into the file: 16 MB */
	LOG_KEPT = 16 * 1024 * 1024
};

/* Where the value of a name goes; looked up once, as callers bind in the same order. */
struct bind_slot {
	const char *name;
	int index;
};

struct db_query {
	struct store *store;
	const char *sql;
	sqlite3_stmt *stmt;
	bool busy;
	bool cached;
	int column;          /* the next one to read */
	int rc;              /* first failure while binding */
	struct err *failure; /* of a step or a row; NULL: none */
	bool one_row;        /* a second row is refused */
	bool seen_row;       /* the one there may be */
	size_t at;           /* the next slot of binds */
	struct bind_slot binds[MAX_BINDS];
};

struct store {
	sqlite3 *db;
	char *path;
	bool read_only;
	int64_t busy_ms;
	const struct db_right *rights; /* NULL: everything */
	bool reads_one;                /* what is being prepared may give one row only */
	struct db_scope scope;
	struct db_group group;
	int log_pages;               /* after the last commit */
	bool log_may_grow;           /* for now */
	struct print_filter *prints; /* of entry_prints.c, or NULL */
	struct db_query *cache[CACHE_SLOTS];
};

/* ---- errors ---- */

/* sqlite does not always say why a write failed; a process may be bound in the size of files. */
static bool
is_limited(int rc, int code)
{
	struct rlimit most;

	return rc == SQLITE_IOERR && (code == 0 || code == EFBIG) &&
	    getrlimit(RLIMIT_FSIZE, &most) == 0 && most.rlim_cur != RLIM_INFINITY;
}

static bool
fail_system(struct store *s, int rc, struct err *err)
{
	int code = s->db ? sqlite3_system_errno(s->db) : errno;
	bool is_full = rc == SQLITE_FULL ||
	    (rc == SQLITE_IOERR && (code == ENOSPC || code == EDQUOT));

	if (is_full) {
		err_set(err, ERR_SYSTEM, "disk full: the database %s cannot grow",
		    s->path);
		return err_hint(err,
		    "make room on its disk and run the command again; "
		    "nothing half-written is kept");
	}
	if (is_limited(rc, code)) {
		err_set(err, ERR_SYSTEM,
		    "the database %s cannot grow: files of this process may not",
		    s->path);
		return err_hint(err,
		    "raise the limit (ulimit -f, LimitFSIZE of the unit) and run the "
		    "command again; nothing half-written is kept");
	}
	if (code == EROFS) {
		err_set(err, ERR_SYSTEM, "the database %s is on a read-only medium",
		    s->path);
		return err_hint(err,
		    "a disk that fails is made read-only by the system: see its log, "
		    "check the disk and mount it anew");
	}
	if (code != 0)
		return err_set(err, ERR_SYSTEM, "the database %s: %s: %s", s->path,
		    sqlite3_errmsg(s->db), strerror(code));
	return err_set(err, ERR_SYSTEM, "the database %s: %s", s->path,
	    sqlite3_errmsg(s->db));
}

/* Turns what sqlite says into an error of ours.  Returns false. */
static bool
fail(struct store *s, int rc, struct err *err)
{
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		err_set(err, ERR_TEMPORARY,
		    "the database %s is locked by another process", s->path);
		return err_hint(err, "wait until it has finished and try again");
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		err_set(err, ERR_STORE, "the database %s is damaged: %s", s->path,
		    sqlite3_errmsg(s->db));
		return err_hint(err, "keep a copy of it, then put a backup in its place");
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_READONLY:
	case SQLITE_AUTH:
	case SQLITE_NOMEM:
	case SQLITE_NOLFS:
		return fail_system(s, rc & 0xff, err);
	case SQLITE_TOOBIG:
		return err_set(err, ERR_LIMIT, "a text is too large for the database %s",
		    s->path);
	default:
		return err_set(err, ERR_BUG, "the database %s: %s (%d)", s->path,
		    sqlite3_errmsg(s->db), sqlite3_extended_errcode(s->db));
	}
}

/* ---- a function of SQL ---- */

/* By this name it is known what a pointer that is bound points to. */
static const char texts_pointer[] = "texts";

/* Where a number stands, or would stand.  Mostly it is the same as before, or the next. */
static size_t
find_text(const struct db_texts *t, int64_t number)
{
	size_t low = 0;
	size_t high = t->count;

	for (size_t i = t->at; i < t->count && i <= t->at + 1; i++)
		if (t->list[i].number == number)
			return i;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (t->list[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
text_of(sqlite3_context *c, int count, sqlite3_value **values)
{
	struct db_texts *t = sqlite3_value_pointer(values[0], texts_pointer);
	const int64_t number = sqlite3_value_int64(values[1]);

	(void)count;
	if (!t)
		return;
	t->at = find_text(t, number);
	if (t->at < t->count && t->list[t->at].number == number)
		sqlite3_result_text(c, t->list[t->at].text, -1, SQLITE_STATIC);
}

static int
add_functions(sqlite3 *db)
{
	return sqlite3_create_function_v2(db, "text_of", 2,
	    SQLITE_UTF8 | SQLITE_DIRECTONLY, NULL, text_of, NULL, NULL, NULL);
}

/* ---- the connection ---- */

/* The file may come from anywhere (a restored backup): nothing in its schema may act. */
static void
make_safe(sqlite3 *db)
{
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	/* Until the file is known to be ours, closing must not move the log into it. */
	sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

/* Gives back everything; what is still open is rolled back.  The code of sqlite3_close. */
static int
release(struct store *s)
{
	for (size_t i = 0; i < CACHE_SLOTS; i++) {
		if (s->cache[i])
			sqlite3_finalize(s->cache[i]->stmt);
		free(s->cache[i]);
	}
	const int rc = sqlite3_close(s->db);
	print_filter_free(s->prints);
	free(s->path);
	free(s);
	return rc;
}

/* The size of a file beside the database; -1 when there is none. */
static off_t
size_beside(const char *path, const char *tail)
{
	char *name = xasprintf("%s%s", path, tail);
	struct stat st;
	const off_t size = stat(name, &st) == 0 ? st.st_size : -1;

	free(name);
	return size;
}

/*
 * What sqlite opens.  Beside a database in WAL mode it makes files even to read it, which a
 * read-only medium or a closed directory refuses; where nobody else has it open it is then told
 * that the file does not change.  What stands in the log alone could not be seen so.  In a; NULL
 * with the error set.
 */
static const char *
name_to_read(struct arena *a, const char *path, bool *is_uri, struct err *err)
{
	char *dir = file_dir(path);
	const int why = access(dir, W_OK) == 0 ? 0 : errno;
	const bool in_use = size_beside(path, "-shm") >= 0;

	free(dir);
	*is_uri = false;
	if (why != EROFS && why != EACCES)
		return path;
	if (size_beside(path, "-wal") > 0 && !in_use) {
		err_set(err, ERR_STORE,
		    "%s is where nothing can be written and its last changes are in %s-wal",
		    path, path);
		err_hint(err, "copy both files elsewhere and look there: -d DIRECTORY");
		return NULL;
	}
	if (size_beside(path, "-wal") > 0 || (in_use && why == EACCES))
		return path;
	*is_uri = true;
	return arena_printf(a, "file:%s?immutable=1", url_escape(a, path));
}

struct store *
db_open(const char *path, enum db_mode mode, int64_t busy_ms, struct err *err)
{
	static const int flags[] = { [DB_READ] = SQLITE_OPEN_READONLY,
		[DB_WRITE] = SQLITE_OPEN_READWRITE,
		[DB_MEMORY] =
		    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY };
	struct arena *a = arena_new();
	struct store *s = xcalloc(1, sizeof(*s));
	bool is_uri = false;
	const char *name = mode == DB_READ ? name_to_read(a, path, &is_uri, err) : path;
	int rc = SQLITE_CANTOPEN;

	/* Nobody asks how much memory sqlite has: counting it costs two locks an allocation. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	s->path = xstrdup(path);
	s->read_only = mode == DB_READ;
	s->busy_ms = busy_ms < 0 ? 0 : busy_ms > INT_MAX ? INT_MAX : busy_ms;
	/* NOMUTEX: a store belongs to one thread. */
	if (name)
		rc = sqlite3_open_v2(name, &s->db,
		    flags[mode] | SQLITE_OPEN_NOMUTEX | (is_uri ? SQLITE_OPEN_URI : 0),
		    NULL);
	arena_free(a);
	if (rc == SQLITE_OK) {
		make_safe(s->db);
		rc = sqlite3_busy_timeout(s->db, (int)s->busy_ms);
	}
	if (rc == SQLITE_OK)
		rc = add_functions(s->db);
	if (rc != SQLITE_OK) {
		if (name)
			fail(s, rc, err);
		(void)release(s);
		return NULL;
	}
	return s;
}

/*
 * Reads through sqlite's own descriptor: opening the file a second time and closing it would
 * drop the locks that other connections of this process hold on it (POSIX).
 */
bool
db_header(struct store *s, unsigned char out[DB_HEADER], int64_t *size, struct err *err)
{
	sqlite3_file *file = NULL;
	sqlite3_int64 bytes = 0;
	int rc = sqlite3_file_control(s->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);

	if (rc == SQLITE_OK)
		rc = file->pMethods->xFileSize(file, &bytes);
	if (rc == SQLITE_OK && bytes > 0)
		rc = file->pMethods->xRead(file, out, DB_HEADER, 0);
	*size = bytes;
	/* A short read is zero-filled; the caller sees that it is no database. */
	return rc == SQLITE_OK || rc == SQLITE_IOERR_SHORT_READ || fail(s, rc, err);
}

bool
db_exec(struct store *s, const char *sql, struct err *err)
{
	int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK || fail(s, rc, err);
}

/*
 * Two processes that make the same new file both switch it to WAL; sqlite then answers "busy"
 * at once without waiting, so the waiting is ours.
 */
static bool
use_wal(struct store *s, struct err *err)
{
	enum { PAUSE_MS = 20 };
	int64_t waited = 0;
	int rc = SQLITE_BUSY;

	for (;;) {
		rc = sqlite3_exec(s->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
		if ((rc & 0xff) != SQLITE_BUSY || waited >= s->busy_ms)
			break;
		sqlite3_sleep(PAUSE_MS);
		waited += PAUSE_MS;
	}
	return rc == SQLITE_OK || fail(s, rc, err);
}

/* What cannot be moved now, as others read it, is moved after a later commit. */
static void
shorten_log(struct store *s)
{
	if (s->log_pages < LOG_PAGES)
		return;
	s->log_pages = 0;
	(void)sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL,
	    NULL);
}

/* What SQLite calls after each commit (sqlite.org/c3ref/wal_hook.html). */
static int
look_at_log(void *arg, sqlite3 *db, const char *name, int pages)
{
	struct store *s = arg;

	(void)db;
	(void)name;
	s->log_pages = pages;
	if (!s->log_may_grow)
		shorten_log(s);
	return SQLITE_OK;
}

void
db_let_log_grow(struct store *s, bool may_grow)
{
	s->log_may_grow = may_grow;
	if (!may_grow)
		shorten_log(s);
}

bool
db_accept(struct store *s, struct err *err)
{
	char sql[400];

	if (s->read_only)
		return db_exec(s, "PRAGMA query_only = ON", err);
	snprintf(sql, sizeof(sql),
	    "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON;"
	    "PRAGMA secure_delete = FAST; PRAGMA cache_size = -%d;"
	    "PRAGMA journal_size_limit = %d",
	    DB_CACHE_KIB, LOG_KEPT);
	if (!use_wal(s, err) || !db_exec(s, sql, err))
		return false;
	(void)sqlite3_wal_hook(s->db, look_at_log, s);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
	return true;
}

bool
db_close(struct store *s)
{
	return !s || release(s) == SQLITE_OK;
}

struct print_filter **
db_prints(struct store *s)
{
	return &s->prints;
}

const char *
db_path(const struct store *s)
{
	return s->path;
}

bool
db_in_transaction(const struct store *s)
{
	return s->group.is_open ? s->group.in_step : !sqlite3_get_autocommit(s->db);
}

void
db_wait_for_locks(struct store *s, int64_t ms)
{
	(void)sqlite3_busy_timeout(s->db, (int)(ms < 0 ? s->busy_ms : ms));
}

void
db_put_off_syncs(struct store *s, bool put_off)
{
	/* sqlite.org/pragma.html: with NORMAL the disk is waited for as the log is moved. */
	if (sqlite3_get_autocommit(s->db))
		(void)sqlite3_exec(s->db,
		    put_off ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL",
		    NULL, NULL, NULL);
}

struct db_scope *
db_scope(struct store *s)
{
	return &s->scope;
}

struct db_group *
db_group(struct store *s)
{
	return &s->group;
}

bool
db_group_is_lost(const struct store *s)
{
	return sqlite3_get_autocommit(s->db) != 0;
}

bool
db_is_read_only(const struct store *s)
{
	return s->read_only;
}

/* ---- rights ---- */

static const struct db_right *
find_right(const struct store *s, const char *table)
{
	for (const struct db_right *r = s->rights; r->table; r++) {
		if (strcmp(r->table, table) == 0)
			return r;
	}
	return NULL;
}

static bool
may_pragma(const char *name)
{
	static const char *const harmless[] = { "data_version", "secure_delete",
		"user_version", "wal_checkpoint" };

	for (size_t i = 0; i < ARRAY_LEN(harmless); i++) {
		if (strcmp(harmless[i], name) == 0)
			return true;
	}
	return false;
}

static bool
may_touch(struct store *s, unsigned what, const char *table, const char *column)
{
	const struct db_right *r = table ? find_right(s, table) : NULL;

	if (!r || (r->may & what) == 0)
		return false;
	if (what == DB_MAY_READ && r->one_row_with && column &&
	    strncmp(column, r->one_row_with, strlen(r->one_row_with)) == 0)
		s->reads_one = true;
	return true;
}

/* What SQLite asks while it prepares a statement (sqlite.org/c3ref/set_authorizer.html). */
static int
authorize(void *arg, int action, const char *a, const char *b, const char *database,
    const char *trigger)
{
	struct store *s = arg;
	bool may = false;

	(void)database;
	(void)trigger;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_FUNCTION:
	case SQLITE_TRANSACTION:
	case SQLITE_SAVEPOINT:
		may = true;
		break;
	case SQLITE_READ:
		may = may_touch(s, DB_MAY_READ, a, b);
		break;
	case SQLITE_INSERT:
		may = may_touch(s, DB_MAY_INSERT, a, b);
		break;
	case SQLITE_UPDATE:
		may = may_touch(s, DB_MAY_UPDATE, a, b);
		break;
	case SQLITE_DELETE:
		may = may_touch(s, DB_MAY_DELETE, a, b);
		break;
	case SQLITE_PRAGMA:
		may = a && may_pragma(a);
		break;
	default:
		break;
	}
	return may ? SQLITE_OK : SQLITE_DENY;
}

void
db_restrict(struct store *s, const struct db_right *rights)
{
	s->rights = rights;
	(void)sqlite3_set_authorizer(s->db, authorize, s);
}

/* ---- statements ---- */

static bool
prepare(struct db_query *q, struct err *err)
{
	unsigned flags = q->cached ? SQLITE_PREPARE_PERSISTENT : 0;
	int rc = SQLITE_OK;

	q->store->reads_one = false;
	rc = sqlite3_prepare_v3(q->store->db, q->sql, -1, flags, &q->stmt, NULL);
	q->one_row = q->store->reads_one;
	if (rc == SQLITE_AUTH)
		return err_set(err, ERR_BUG, "this process may not do that: %.200s",
		    q->sql);
	return rc == SQLITE_OK || fail(q->store, rc, err);
}

/* The slot of a statement: its own, or the free one where it belongs. */
static struct db_query **
cache_slot(struct store *s, const char *sql)
{
	size_t at = (size_t)((uintptr_t)sql * UINT64_C(0x9e3779b97f4a7c15) >> 32);

	for (size_t i = 0; i < CACHE_SLOTS; i++) {
		struct db_query **slot = &s->cache[(at + i) % CACHE_SLOTS];

		if (!*slot || (*slot)->sql == sql)
			return slot;
	}
	return NULL;
}

struct db_query *
db_query(struct store *s, const char *sql, struct err *err)
{
	struct db_query **slot = cache_slot(s, sql);
	struct db_query *q = slot ? *slot : NULL;

	if (!q || q->busy) {
		q = xcalloc(1, sizeof(*q));
		q->store = s;
		q->sql = sql;
		q->cached = slot && !*slot;
		if (!prepare(q, err)) {
			free(q);
			return NULL;
		}
		if (q->cached)
			*slot = q;
	}
	q->busy = true;
	q->at = 0;
	q->rc = SQLITE_OK;
	q->seen_row = false;
	return q;
}

/* The index of a named value; 0, with the failure noted, when the statement has none. */
static int
bind_index(struct db_query *q, const char *name)
{
	struct bind_slot *slot = q->at < MAX_BINDS ? &q->binds[q->at] : NULL;
	int index = 0;

	if (slot && slot->name == name) {
		q->at++;
		return slot->index;
	}
	index = sqlite3_bind_parameter_index(q->stmt, name);
	if (index == 0)
		q->rc = SQLITE_RANGE;
	else if (slot)
		*slot = (struct bind_slot){ name, index };
	q->at++;
	return index;
}

static void
note_bind(struct db_query *q, int rc)
{
	if (q->rc == SQLITE_OK)
		q->rc = rc;
}

void
db_bind_int(struct db_query *q, const char *name, int64_t value)
{
	if (q)
		note_bind(q, sqlite3_bind_int64(q->stmt, bind_index(q, name), value));
}

void
db_bind_time(struct db_query *q, const char *name, int64_t value)
{
	if (value != TIME_NONE)
		db_bind_int(q, name, value);
	else if (q)
		note_bind(q, sqlite3_bind_null(q->stmt, bind_index(q, name)));
}

void
db_bind_text(struct db_query *q, const char *name, const char *value)
{
	if (q)
		note_bind(q,
		    sqlite3_bind_text64(q->stmt, bind_index(q, name), value,
			value ? strlen(value) : 0, SQLITE_STATIC, SQLITE_UTF8));
}

void
db_bind_bytes(struct db_query *q, const char *name, const void *value, size_t len)
{
	if (q)
		note_bind(q,
		    sqlite3_bind_blob64(q->stmt, bind_index(q, name), value, len,
			SQLITE_STATIC));
}

void
db_bind_texts(struct db_query *q, const char *name, struct db_texts *texts)
{
	if (q)
		note_bind(q,
		    sqlite3_bind_pointer(q->stmt, bind_index(q, name), texts,
			texts_pointer, NULL));
}

struct err *
db_failure(struct db_query *q)
{
	if (!q->failure)
		q->failure = xcalloc(1, sizeof(*q->failure));
	return q->failure;
}

bool
db_next(struct db_query *q)
{
	int rc = SQLITE_OK;

	if (!q || q->failure)
		return false;
	if (q->rc != SQLITE_OK)
		return err_set(db_failure(q), ERR_BUG,
		    "a value does not fit the query: %.200s", q->sql);
	rc = sqlite3_step(q->stmt);
	q->column = 0;
	if (rc == SQLITE_ROW && !(q->one_row && q->seen_row)) {
		q->seen_row = true;
		return true;
	}
	if (rc == SQLITE_ROW)
		err_set(db_failure(q), ERR_BUG,
		    "this process may not read a list: %.200s", q->sql);
	else if (rc != SQLITE_DONE)
		fail(q->store, rc, db_failure(q));
	sqlite3_reset(q->stmt);
	return false;
}

bool
db_done(struct db_query *q, struct err *err)
{
	const bool ok = q && !q->failure;

	if (!q)
		return false;
	if (q->failure && !err_is_set(err))
		*err = *q->failure;
	sqlite3_reset(q->stmt);
	/* Borrowed values must not be looked at after their owner took them back. */
	sqlite3_clear_bindings(q->stmt);
	free(q->failure);
	q->failure = NULL;
	q->busy = false;
	if (q->cached)
		return ok;
	sqlite3_finalize(q->stmt);
	free(q);
	return ok;
}

int64_t
db_int(struct db_query *q)
{
	return sqlite3_column_int64(q->stmt, q->column++);
}

int64_t
db_time(struct db_query *q)
{
	if (sqlite3_column_type(q->stmt, q->column) != SQLITE_NULL)
		return db_int(q);
	q->column++;
	return TIME_NONE;
}

const char *
db_text_len(struct db_query *q, struct arena *a, size_t *len)
{
	const char *text = (const char *)sqlite3_column_text(q->stmt, q->column);

	*len = (size_t)sqlite3_column_bytes(q->stmt, q->column);
	q->column++;
	return text && a ? arena_strndup(a, text, *len) : text;
}

const char *
db_text(struct db_query *q, struct arena *a)
{
	size_t len = 0;

	return db_text_len(q, a, &len);
}

bool
db_bytes(struct db_query *q, void *out, size_t len)
{
	const void *bytes = sqlite3_column_blob(q->stmt, q->column);
	bool fits = bytes && (size_t)sqlite3_column_bytes(q->stmt, q->column) == len;

	q->column++;
	if (fits)
		memcpy(out, bytes, len);
	return fits;
}

int64_t
db_last_id(const struct store *s)
{
	return sqlite3_last_insert_rowid(s->db);
}

int64_t
db_changes(const struct store *s)
{
	return sqlite3_changes64(s->db);
}

/* SPDX-License-Identifier: ISC */
/*
 * Opening: the file is looked at before anything can write to it, so that a database which is
 * newer, or somebody else's, stays as it was.
 */
#include "store/open.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/db.h"
#include "store/migrate.h"
#include "store/roles.h"
#include "store/transactions.h"

static const char magic[] = "SQLite format 3"; /* with its NUL: 16 bytes */

/*
 * No version of the program is so many schema steps ahead of another: a number beyond that, or
 * one below zero, was not written by any but is a damage of the file.
 */
enum { SCHEMA_AHEAD_MAX = 1000 };

/* Offsets in the file header (sqlite.org/fileformat2.html, 1.3). */
enum { AT_USER_VERSION = 60, AT_APPLICATION_ID = 68 };

/* A signed number of 32 bits, as sqlite understands both fields. */
static int64_t
big_endian32(const unsigned char *p)
{
	const int64_t n =
	    (int64_t)p[0] << 24 | (int64_t)p[1] << 16 | (int64_t)p[2] << 8 | p[3];

	return n > INT32_MAX ? n - (INT64_C(1) << 32) : n;
}

/* The backup this program could go back to, or "". */
static void
find_backup(const struct store *s, const struct store_options *o, int64_t mine,
    int64_t newer, char *out, size_t size)
{
	char *dir = o->backup_dir ? xstrdup(o->backup_dir) : file_dir(db_path(s));

	*out = '\0';
	for (int64_t n = mine + 1; n <= newer; n++) {
		int len =
		    snprintf(out, size, "%s/before-schema-%lld.db", dir, (long long)n);

		if (len > 0 && (size_t)len < size && file_exists(out))
			break;
		*out = '\0';
	}
	free(dir);
}

static bool
refuse_newer(struct store *s, const struct store_options *o, int64_t theirs, int64_t mine,
    struct err *err)
{
	char backup[200];
	char program[40] = "a newer version";
	struct err ignored = ERR_INIT;
	struct db_query *q =
	    db_query(s, "SELECT value FROM note WHERE name = 'program'", &ignored);

	if (db_next(q))
		snprintf(program, sizeof(program), "%s", db_text(q, NULL));
	if (!db_done(q, &ignored))
		err_clear(&ignored);
	find_backup(s, o, mine, theirs, backup, sizeof(backup));
	err_set(err, ERR_STORE,
	    "the database was written by planetpost %s (schema %lld), this is %s (schema %lld)",
	    program, (long long)theirs, o->version, (long long)mine);
	if (*backup)
		return err_hint(err, "install %s again, or put %s in its place", program,
		    backup);
	return err_hint(err, "install planetpost %s again", program);
}

static bool
refuse_damaged(const struct store *s, int64_t number, struct err *err)
{
	err_set(err, ERR_STORE, "the database %s is damaged: its schema number is %lld",
	    db_path(s), (long long)number);
	return err_hint(err, "keep a copy of it, then put a backup in its place");
}

/* Whether a schema number can be read by this program, or an older one brought up to it. */
static bool
check_number(struct store *s, const struct store_options *o, int64_t theirs, int64_t mine,
    struct err *err)
{
	if (theirs < 0 || theirs > mine + SCHEMA_AHEAD_MAX)
		return refuse_damaged(s, theirs, err);
	return theirs <= mine || refuse_newer(s, o, theirs, mine, err);
}

static bool
refuse_foreign(const struct store *s, const char *what, struct err *err)
{
	err_set(err, ERR_STORE, "%s is %s", db_path(s), what);
	return err_next(err, NEXT_OTHER_STORE);
}

/* Looks at the bare file. */
static bool
check_header(struct store *s, const struct store_options *o, int64_t mine,
    struct err *err)
{
	unsigned char header[DB_HEADER] = { 0 };
	int64_t size = 0;
	int64_t theirs = 0;
	int64_t app = 0;

	if (!db_header(s, header, &size, err))
		return false;
	if (size == 0)
		return true;
	if (memcmp(header, magic, sizeof(magic)) != 0)
		return refuse_foreign(s, "no database", err);
	theirs = big_endian32(header + AT_USER_VERSION);
	app = big_endian32(header + AT_APPLICATION_ID);
	/* Neither is set while another process has the new file in its log only. */
	if (app != DB_APPLICATION_ID && (app != 0 || theirs != 0))
		return refuse_foreign(s, "a database of another program", err);
	return check_number(s, o, theirs, mine, err);
}

/*
 * Looks again through the log: what was committed last may not be in the file yet.  The tables
 * are counted first: where they are seen, whoever makes the file has set its id with them.
 */
static bool
check_log(struct store *s, const struct store_options *o, int64_t mine, struct err *err)
{
	int64_t theirs = 0;
	int64_t app = 0;
	int64_t tables = 0;

	if (!db_number(s, "SELECT COUNT(*) FROM sqlite_schema", &tables, err) ||
	    !db_number(s, "PRAGMA application_id", &app, err) ||
	    !db_number(s, "PRAGMA user_version", &theirs, err))
		return false;
	if (tables > 0 && app != DB_APPLICATION_ID)
		return refuse_foreign(s, "a database of another program", err);
	/* Tables and number are made in one transaction. */
	if (tables > 0 && theirs == 0)
		return refuse_damaged(s, theirs, err);
	return check_number(s, o, theirs, mine, err);
}

/*
 * A reader that comes while another process makes the file sees version 0, which can only be
 * waited out.
 */
static bool
check_readable(struct store *s, int64_t mine, int64_t busy_ms, struct err *err)
{
	enum { PAUSE_MS = 20 };
	int64_t theirs = 0;
	int64_t waited = 0;

	for (;;) {
		if (!db_number(s, "PRAGMA user_version", &theirs, err))
			return false;
		if (theirs != 0 || waited >= busy_ms)
			break;
		clock_sleep_ms(PAUSE_MS);
		waited += PAUSE_MS;
	}
	if (theirs == mine)
		return true;
	if (theirs == 0) {
		err_set(err, ERR_STORE, "the database %s is empty", db_path(s));
		return err_next(err, NEXT_MAKE_STORE);
	}
	err_set(err, ERR_STORE,
	    "the database has schema %lld and must be migrated to %lld",
	    (long long)theirs, (long long)mine);
	return err_next(err, NEXT_MIGRATE_STORE);
}

/* The mode is right from the first instant, and sqlite gives its -wal and -shm the same. */
static bool
create_file(const char *path, enum store_mode mode, struct err *err)
{
	struct err again = ERR_INIT;

	if (file_exists(path))
		return true;
	if (mode != STORE_CREATE) {
		err_set(err, ERR_STORE, "there is no database %s", path);
		return err_next(err, NEXT_MAKE_STORE);
	}
	if (file_create(path, "", 0, 0600, &again))
		return true;
	/* Another process was faster: its file is as good as ours. */
	if (again.kind == ERR_INPUT)
		return true;
	*err = again;
	return false;
}

struct store *
store_open_steps(const char *path, const struct store_options *o,
    const struct store_step *steps, size_t count, struct err *err)
{
	bool reads = o->mode == STORE_READ;
	struct store *s = NULL;

	if (!create_file(path, o->mode, err))
		return NULL;
	s = db_open(path, reads ? DB_READ : DB_WRITE, o->busy_ms, err);
	if (!s)
		return NULL;
	if (check_header(s, o, (int64_t)count, err) &&
	    check_log(s, o, (int64_t)count, err) && db_accept(s, err) &&
	    (reads ? check_readable(s, (int64_t)count, o->busy_ms, err)
		   : store_migrate(s, o, steps, count, err))) {
		store_take_role(s, o->mode);
		return s;
	}
	(void)db_close(s);
	return NULL;
}

struct store *
store_open(const char *path, const struct store_options *o, struct err *err)
{
	struct arena *a = arena_new();
	struct store_step *steps = NULL;
	struct store *s = NULL;
	size_t count = 0;

	if (store_steps(a, &steps, &count, err))
		s = store_open_steps(path, o, steps, count, err);
	arena_free(a);
	return s;
}

struct store *
store_open_memory(const struct store_options *o, struct err *err)
{
	struct store_options made = *o;
	struct arena *a = arena_new();
	struct store_step *steps = NULL;
	struct store *s = NULL;
	size_t count = 0;

	made.mode = STORE_CREATE;
	if (store_steps(a, &steps, &count, err))
		s = db_open(":memory:", DB_MEMORY, 0, err);
	if (s && (!db_accept(s, err) || !store_migrate(s, &made, steps, count, err))) {
		(void)db_close(s);
		s = NULL;
	}
	arena_free(a);
	return s;
}

bool
store_close(struct store *s, struct err *err)
{
	if (!s)
		return true;
	/* A commit has returned only when it was durable; what is not committed never was. */
	store_rollback(s);
	return db_close(s) ||
	    err_set(err, ERR_BUG, "a query of the database is still open");
}

bool
store_hold_pages(struct store *s, bool many, struct err *err)
{
	enum { LARGE_CACHE_KIB = 6144 };
	char sql[100];

	if (many)
		snprintf(sql, sizeof(sql), "PRAGMA cache_size = -%d", LARGE_CACHE_KIB);
	else
		snprintf(sql, sizeof(sql),
		    "PRAGMA cache_size = -%d; PRAGMA shrink_memory", DB_CACHE_KIB);
	return db_exec(s, sql, err);
}

bool
store_is_read_only(const struct store *s)
{
	return db_is_read_only(s);
}

/* SPDX-License-Identifier: ISC */
/*
 * A database of which one row cannot be read or written, the first, the second ...: for programs
 * that have a sqlite3_step() and a sqlite3_exec() of their own in front of the library's.
 */
#ifndef TESTS_FAILING_STEPS_H
#define TESTS_FAILING_STEPS_H

#ifndef _GNU_SOURCE
#error "define _GNU_SOURCE before the first header, for RTLD_NEXT"
#endif

#include <dlfcn.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

static long steps;      /* taken since it was set to 0 */
static long fails = -1; /* the number of the step that fails; -1: none does */

static sqlite3 *stepped; /* the database of the last step */
static bool committed;   /* it was changed since this was set to false */
static bool in_exec;     /* it, and a VACUUM, are one step, whatever they run */

/* Settings, what the library asks for itself, and what undoes a failure do not fail. */
static bool
may_fail(const char *sql)
{
	return sql && !in_exec && strncmp(sql, "PRAGMA", 6) != 0 &&
	    strncmp(sql, "ROLLBACK", 8) != 0;
}

static void
find_in_library(const char *name, void *function, size_t size)
{
	void *found = dlsym(RTLD_NEXT, name);

	memcpy(function, &found, size);
}

int
sqlite3_step(sqlite3_stmt *stmt)
{
	static int (*library)(sqlite3_stmt *);
	const char *sql = sqlite3_sql(stmt);
	const bool was = in_exec;
	int rc = SQLITE_OK;

	if (!library)
		find_in_library("sqlite3_step", &library, sizeof(library));
	stepped = sqlite3_db_handle(stmt);
	if (may_fail(sql) && steps++ == fails)
		return SQLITE_IOERR_READ;
	in_exec = was || (sql && strncmp(sql, "VACUUM", 6) == 0);
	rc = library(stmt);
	in_exec = was;
	committed = committed ||
	    (rc == SQLITE_DONE && sqlite3_get_autocommit(stepped) &&
		(!sqlite3_stmt_readonly(stmt) || (sql && strcmp(sql, "COMMIT") == 0)));
	return rc;
}

int
sqlite3_exec(sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **),
    void *arg, char **message)
{
	static int (*library)(sqlite3 *, const char *,
	    int (*)(void *, int, char **, char **), void *, char **);
	const bool was = in_exec;
	int rc = SQLITE_OK;

	if (!library)
		find_in_library("sqlite3_exec", &library, sizeof(library));
	if (may_fail(sql) && steps++ == fails)
		return SQLITE_IOERR_READ;
	in_exec = true;
	rc = library(db, sql, row, arg, message);
	in_exec = was;
	return rc;
}

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Commands that write, on a database of which one statement fails: they say so, and write nothing
 * and mail nobody from then on.  This program has a sqlite3_step() of its own in front of the
 * library's; it fails the first step of one statement after the other.
 */
#define _GNU_SOURCE /* RTLD_NEXT */

#include <dlfcn.h>
#include <sqlite3.h>

#include "unit/planet_fixture.h"

#include <stdlib.h>

enum { STATEMENTS_MOST = 400 };

/* What was seen of one call. */
static struct {
	char *seen[STATEMENTS_MOST]; /* each statement once, by its first step */
	size_t count;
	size_t fails;       /* the number of the statement that fails */
	bool failed;        /* it was reached */
	char *written;      /* what was written after that, or NULL */
	const char *folder; /* where letters go */
	size_t letters;     /* that were there when it failed */
} call;

static size_t
letters_in(const char *folder)
{
	char path[300];
	DIR *d = opendir(in_folder(folder, "out", path));
	size_t n = 0;

	for (struct dirent *e = NULL; d && (e = readdir(d));)
		n += strstr(e->d_name, ".eml") != NULL;
	if (d)
		(void)closedir(d);
	return n;
}

static bool
is_new(const char *sql)
{
	for (size_t i = 0; i < call.count; i++)
		if (strcmp(call.seen[i], sql) == 0)
			return false;
	assert_true(call.count < STATEMENTS_MOST);
	call.seen[call.count++] = strdup(sql);
	return true;
}

static bool
is_write(sqlite3_stmt *stmt)
{
	return !sqlite3_stmt_readonly(stmt) &&
	    strncmp(sqlite3_sql(stmt), "BEGIN", 5) != 0;
}

/* What is in front of the library's function of that name. */
static void *
library_of(const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);

	assert_non_null(found);
	return found;
}

/* Is it the turn of this statement to fail?  Its settings the program may do without. */
static bool
fails_now(const char *sql, bool writes)
{
	if (strncmp(sql, "PRAGMA", 6) == 0 || strncmp(sql, "ROLLBACK", 8) == 0)
		return false;
	if (call.failed) {
		if (!call.written && writes)
			call.written = strdup(sql);
		return false;
	}
	if (!is_new(sql) || call.count - 1 != call.fails)
		return false;
	call.failed = true;
	call.letters = letters_in(call.folder);
	return true;
}

static int exec_depth; /* the library steps by itself */

int
sqlite3_step(sqlite3_stmt *stmt)
{
	static int (*library)(sqlite3_stmt *);
	const char *sql = sqlite3_sql(stmt);

	if (!library) {
		void *found = library_of("sqlite3_step");

		memcpy(&library, &found, sizeof(library));
	}
	return sql && exec_depth == 0 && fails_now(sql, is_write(stmt))
	    ? SQLITE_IOERR_READ
	    : library(stmt);
}

int
sqlite3_exec(sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **),
    void *arg, char **message)
{
	static int (*library)(sqlite3 *, const char *,
	    int (*)(void *, int, char **, char **), void *, char **);
	int code = 0;

	if (!library) {
		void *found = library_of("sqlite3_exec");

		memcpy(&library, &found, sizeof(library));
	}
	if (exec_depth == 0 && fails_now(sql, false))
		return SQLITE_IOERR_READ;
	exec_depth++;
	code = library(db, sql, row, arg, message);
	exec_depth--;
	return code;
}

static void
forget_call(void)
{
	for (size_t i = 0; i < call.count; i++)
		free(call.seen[i]);
	free(call.written);
	memset(&call, 0, sizeof(call));
	call.fails = SIZE_MAX;
}

/* The folder of the database as it was first, and no letters. */
static void
put_back(struct cmd_test *t, const struct buf *whole)
{
	char path[400];

	remove_files(t->data);
	(void)snprintf(path, sizeof(path), "%s/planetpost.db", t->data);
	MUST(file_write(path, whole->data, whole->len, 0600, err));
	remove_files(in_folder(t->folder, "out", path));
}

/* Letters under way wait until the database can be written again, and then go on. */
static bool
is_of_sending(const char *sql)
{
	static const char *const begins[] = { "SELECT d.issue_id, ",
		"SELECT n.id, n.kind", "UPDATE delivery SET ", "UPDATE notice SET ",
		"INSERT INTO note (name, value) VALUES (:name, '1')" /* takings */ };

	for (size_t i = 0; i < ARRAY_LEN(begins); i++)
		if (strncmp(sql, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

/* What ends a call in any case: letters that did not go wait again, and what has none is sent. */
static bool
may_be_written(const char *sql)
{
	return is_of_sending(sql) ||
	    strncmp(sql, "UPDATE issue SET state = :sent", 30) == 0;
}

/* The archive cannot be written: that is told, and holds up nothing. */
static bool
is_of_archive(const char *told)
{
	return strncmp(told, "warn archive: ", 14) == 0;
}

static void
expect_failure(struct cmd_test *t, const char *command, int code)
{
	const char *sql = call.seen[call.count - 1];
	const char *told = buf_text(&t->err);

	if (is_of_sending(sql) || is_of_archive(told))
		return;
	if (code == EXIT_OK || !strstr(told, "planetpost: "))
		fail_msg("%s: ends with %d without \"%s\": %s", command, code, sql, told);
	if (call.written && !may_be_written(call.written))
		fail_msg("%s: without \"%s\" it writes \"%s\"", command, sql,
		    call.written);
	if (letters_in(t->folder) != call.letters)
		fail_msg("%s: without \"%s\" letters go", command, sql);
}

static void
try_each_statement(struct cmd_test *t, const struct buf *whole, const char *const *words,
    size_t least)
{
	size_t count = 0;

	for (bool failed = true; failed; count += failed) {
		int code = 0;

		put_back(t, whole);
		call.fails = count;
		call.folder = t->folder;
		code = cmd_call(t, words);
		failed = call.failed;
		if (failed)
			expect_failure(t, words[0], code);
		forget_call();
	}
	if (count < least)
		fail_msg("%s: only %zu statements", words[0], count);
}

static const struct {
	const char *words[10];
	size_t least; /* as many statements there are */
} calls[] = {
	{ { "run" }, 50 },
	{ { "run", "--to", "you@example.org" }, 30 },
	{ { "issue", "send", "next", "--confirm", "2" }, 40 },
	{ { "issue", "test", "next", "x@example.org" }, 20 },
	{ { "issue", "cancel", "next" }, 8 },
};

static void
what_fails_writes_no_more(void **state)
{
	static const struct cmd_case before[] = {
		{ "readers",
		    { "sub", "add", "ann@example.org", "bo@example.org", "--confirmed-by",
			"asked" },
		    EXIT_OK, "", NULL, NULL },
		{ "a draft", { "run" }, EXIT_HUMAN, NULL, NULL, "" },
	};
	struct buf whole = BUF_INIT(1 << 24);
	struct cmd_test t;
	char path[400];

	(void)state;
	forget_call();
	planet_begin_with(&t, "[approval]\nmode = manual\n[database]\nbackup_dir =\n");
	EXPECT_ALL(&t, before);
	forget_call();
	(void)snprintf(path, sizeof(path), "%s/planetpost.db", t.data);
	MUST(file_read(path, &whole, err));
	planet_goes_on(&t);
	t.now += 5 * 3600;
	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		try_each_statement(&t, &whole, calls[i].words, calls[i].least);
	buf_clear(&whole);
	cmd_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fails_writes_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

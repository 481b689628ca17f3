/* SPDX-License-Identifier: ISC */
/*
 * The private layer under the nouns of the store: statements prepared once and kept, values
 * bound by name, columns read in order, transactions, errors as the house has them.  db.c is
 * the only file that knows sqlite3; nothing outside store/ (and its tests) includes this.
 *
 * The usual shape of a caller:
 *
 *	struct db_query *q = db_query(s, "SELECT a, b FROM t WHERE id = :id", err);
 *
 *	db_bind_int(q, ":id", id);
 *	if (db_next(q)) {
 *		x = db_int(q);
 *		y = db_text(q, arena);
 *	}
 *	return db_done(q, err);
 *
 * One check at the end is enough: a query keeps what went wrong until it is given back, and one
 * that could not be prepared is NULL, which has no rows and fails then with the error already set.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/* "PLPT": what file(1) and we know our databases by. */
#define DB_APPLICATION_ID 0x504c5054
/* Rows that a streaming function holds in memory at a time. */
enum { DB_CHUNK = 500 };
/* Pages of the file in memory: a send of any length stays small. */
enum { DB_CACHE_KIB = 2048 };

struct store;
struct db_query;

/* ---- the connection ---- */

enum db_mode { DB_READ, DB_WRITE, DB_MEMORY };

/*
 * Opens an existing file without writing to it; closing it leaves it as it was until
 * db_accept().  Owned by the caller, closed by store_close().
 */
struct store *db_open(const char *path, enum db_mode mode, int64_t busy_ms,
    struct err *err) MUST_CHECK;
/* False when a query was still open.  Accepts NULL. */
bool db_close(struct store *s);
/* The first bytes of the file, read without a lock and without looking at its log. */
enum { DB_HEADER = 100 };
bool db_header(struct store *s, unsigned char out[DB_HEADER], int64_t *size,
    struct err *err) MUST_CHECK;
/* The file is ours and may be written to: WAL, full durability, foreign keys. */
bool db_accept(struct store *s, struct err *err) MUST_CHECK;
const char *db_path(const struct store *s);
struct print_filter;
/* What entry_prints.c keeps of all prints in memory; NULL at first, freed with the connection. */
struct print_filter **db_prints(struct store *s);

/* Several statements without values, as in a schema step. */
bool db_exec(struct store *s, const char *sql, struct err *err) MUST_CHECK;
/* The first column of the first row of a statement without values; 0 when there is no row. */
bool db_number(struct store *s, const char *sql, int64_t *out,
    struct err *err) MUST_CHECK;

/* In a group: whether one of its steps is open. */
bool db_in_transaction(const struct store *s);
bool db_is_read_only(const struct store *s);
/* How long whoever wants a lock waits for it from now on; less than 0: as when it was opened. */
void db_wait_for_locks(struct store *s, int64_t ms);
/*
 * Commits are not waited for, until the next one that is: then all before it are on the disk
 * too.  In a transaction nothing changes.
 */
void db_put_off_syncs(struct store *s, bool put_off);
/* A commit does not move a long log into the file until it may not grow any more. */
void db_let_log_grow(struct store *s, bool may_grow);

/* Functions in each other that hold together (transactions.h). */
struct db_scope {
	unsigned depth;
	bool is_own; /* the outermost has opened the transaction */
};
struct db_scope *db_scope(struct store *s);

/* Transactions that are savepoints of one that is open (transactions.h). */
struct db_group {
	bool is_open;
	bool in_step;  /* in one of them */
	bool is_whole; /* they are no savepoints: one that fails undoes all */
	bool log_anew; /* the log is to begin anew when it has ended */
};
struct db_group *db_group(struct store *s);
/* A failure may have ended the group's own transaction: then nothing of it is kept. */
bool db_group_is_lost(const struct store *s);

/* What a restricted connection may do with a table. */
enum { DB_MAY_READ = 1, DB_MAY_INSERT = 2, DB_MAY_UPDATE = 4, DB_MAY_DELETE = 8 };
struct db_right {
	const char *table; /* NULL closes a list */
	unsigned may;
	/* A statement that reads a column whose name begins so gives one row, not a list. */
	const char *one_row_with;
};
/*
 * From now on SQLite's authorizer refuses, when it is prepared, every statement that the rights
 * do not allow: ERR_BUG.  rights is borrowed as long as the store lives.
 */
void db_restrict(struct store *s, const struct db_right *rights);

/* ---- statements ---- */

/*
 * sql must be a string that lives as long as the store: its address is the key of the cache.
 * A statement that is still being read is prepared a second time.
 */
struct db_query *db_query(struct store *s, const char *sql, struct err *err) MUST_CHECK;
/* Values are borrowed until db_done or db_run. */
void db_bind_int(struct db_query *q, const char *name, int64_t value);
void db_bind_time(struct db_query *q, const char *name,
    int64_t value); /* TIME_NONE = NULL */
void db_bind_text(struct db_query *q, const char *name, const char *value);
void db_bind_bytes(struct db_query *q, const char *name, const void *value, size_t len);
/*
 * Texts by numbers, for statements on many rows: text_of(:name, number) in SQL is the text of that
 * number, or NULL.  The list ascends.
 */
struct db_text_of {
	int64_t number;
	const char *text;
};
struct db_texts {
	const struct db_text_of *list;
	size_t count;
	size_t at; /* the one that was asked for last */
};
void db_bind_texts(struct db_query *q, const char *name, struct db_texts *texts);

/* Whether there is a row (again); none after a failure.  After the last the statement is reset. */
bool db_next(struct db_query *q) MUST_CHECK;
/* Where it is told what is wrong with a row: the query has failed then. */
struct err *db_failure(struct db_query *q) MUST_CHECK;
/* Gives a statement back.  False when it has failed, or could not be prepared (NULL). */
bool db_done(struct db_query *q, struct err *err) MUST_CHECK;
/* Runs a statement to its end and gives it back, as db_done does. */
bool db_run(struct db_query *q, struct err *err) MUST_CHECK;
/* Runs a statement that has one value, a number. */
bool db_run_int(struct store *s, const char *sql, const char *name, int64_t value,
    struct err *err) MUST_CHECK;

/* The next column of the row. */
int64_t db_int(struct db_query *q);
int64_t db_time(struct db_query *q); /* NULL = TIME_NONE */
/* A copy in a; when a is NULL borrowed until the next db_next or db_done. */
const char *db_text(struct db_query *q, struct arena *a);
const char *db_text_len(struct db_query *q, struct arena *a, size_t *len);
/* False when the column holds another number of bytes. */
bool db_bytes(struct db_query *q, void *out, size_t len) MUST_CHECK;

/* Reads the columns of a row into a struct of the caller's; texts are copied into a. */
typedef void db_fill(struct db_query *q, struct arena *a, void *row);
/*
 * All rows, as a list in a of zeroed elements of `size` bytes, and the statement is given back,
 * as db_done does.  out: the address of a pointer to such elements; NULL and *count 0 when there
 * is no row, and at an error.
 */
bool db_list(struct db_query *q, struct arena *a, size_t size, db_fill *fill, void *out,
    size_t *count, struct err *err) MUST_CHECK;
/* The same, with room for those that are expected: for rows that are large and many. */
bool db_list_of(struct db_query *q, struct arena *a, size_t size, size_t expected,
    db_fill *fill, void *out, size_t *count, struct err *err) MUST_CHECK;
/* Fills an int64_t with the first column. */
db_fill db_row_int;
/* The first row, if there is one, and the statement is given back; else *out stays as it was. */
bool db_one(struct db_query *q, struct arena *a, db_fill *fill, void *out, bool *found,
    struct err *err) MUST_CHECK;
/* Whether there is a row; the statement is given back. */
bool db_any(struct db_query *q, bool *any, struct err *err) MUST_CHECK;

/*
 * The first column of the first row, and the statement is given back, as db_done does: 0,
 * TIME_NONE or NULL when there is no row.
 */
bool db_only_int(struct db_query *q, int64_t *out, struct err *err) MUST_CHECK;
bool db_only_time(struct db_query *q, int64_t *out, struct err *err) MUST_CHECK;
bool db_only_text(struct db_query *q, struct arena *a, const char **out,
    struct err *err) MUST_CHECK;

/* Of the last INSERT, and of the last INSERT, UPDATE or DELETE. */
int64_t db_last_id(const struct store *s);
int64_t db_changes(const struct store *s);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * The store: one SQLite file in WAL mode, mode 0600.  One struct store per process and thread.
 *
 * What holds for all of store/:
 * Rows come out as structs of model.h whose text lives in the arena given.
 * A function that needs several statements opens a transaction of its own, or joins the one the
 * caller has begun: then the caller rolls back when the function fails.
 * The *_each functions hold a chunk of rows at a time, whatever their number; what they call
 * may write to the store.
 * Errors: ERR_TEMPORARY when another process holds the lock too long, ERR_STORE when the file
 * is damaged, newer, or must be migrated, ERR_SYSTEM for full disks and the like.
 */
#ifndef STORE_OPEN_H
#define STORE_OPEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"

struct store;

enum store_mode {
	STORE_READ,
	STORE_WRITE,
	STORE_CREATE, /* make it when it is not there */
	/* Less than STORE_WRITE, as roles.c lists it; never migrates. */
	STORE_WEB,    /* the readers' pages */
	STORE_MAIL_IN /* mail that comes in */
};

struct store_options {
	enum store_mode mode;
	const char *version; /* of the program, for messages and the backup's name */
	/* before-schema-N.db goes here; NULL: beside the database */
	const char *backup_dir;
	bool migrate;    /* bring an older schema up to date (after a backup) */
	int64_t busy_ms; /* how long to wait for another writer */
	/* for the newsletter's keys when the file is made */
	struct random_source *random;
};

/* Owned by the caller.  A database newer than the program is refused untouched. */
struct store *store_open(const char *path, const struct store_options *o,
    struct err *err) MUST_CHECK;
/* A private database in memory, for preview and tests. */
struct store *store_open_memory(const struct store_options *o,
    struct err *err) MUST_CHECK;
/* Opened with STORE_READ: whatever writes would fail. */
bool store_is_read_only(const struct store *s);
/*
 * More of the file is kept in memory for a round over many feeds, whose posts are looked for all
 * over it; false: as for anything else, and what is over is given back.
 */
bool store_hold_pages(struct store *s, bool many, struct err *err) MUST_CHECK;
/* Accepts NULL.  False when the last writes could not be made durable. */
bool store_close(struct store *s, struct err *err) MUST_CHECK;

struct store_step;
/* store_open() with other steps than the program's own: for tests of migrations. */
struct store *store_open_steps(const char *path, const struct store_options *o,
    const struct store_step *steps, size_t count, struct err *err) MUST_CHECK;

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Schema steps: src/store/schema/NNN-name.sql, carried inside the program, each run once, in
 * one transaction together with its number in user_version.
 */
#include "store/migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/backup.h"
#include "store/db.h"
#include "store/notes.h"
#include "store/open.h"
#include "store/transactions.h"

static const char steps_dir[] = "src/store/schema/";
enum { STEPS_DIR_LEN = sizeof(steps_dir) - 1 };

/* The number of a step's file name, 0 when it is none. */
static int
step_number(const char *name)
{
	if (strncmp(name, steps_dir, STEPS_DIR_LEN) != 0)
		return 0;
	return (int)strtol(name + STEPS_DIR_LEN, NULL, 10);
}

bool
store_steps(struct arena *a, struct store_step **out, size_t *count, struct err *err)
{
	struct store_step *steps = arena_array(a, embedded_count, sizeof(*steps));
	size_t n = 0;

	for (size_t i = 0; i < embedded_count; i++) {
		int number = step_number(embedded_files[i].name);

		if (number == 0)
			continue;
		/* The files are sorted by name, so a gap is a missing or doubled step. */
		if ((size_t)number != n + 1)
			return err_set(err, ERR_BUG, "schema step %zu is missing", n + 1);
		steps[n++] = (struct store_step){ number, embedded_files[i].text };
	}
	if (n == 0)
		return err_set(err, ERR_BUG, "the program carries no schema");
	*out = steps;
	*count = n;
	return true;
}

static bool
set_version(struct store *s, int number, struct err *err)
{
	char sql[80];

	/* A pragma takes no bound value. */
	snprintf(sql, sizeof(sql), "PRAGMA user_version = %d", number);
	return db_exec(s, sql, err);
}

static bool
make_key(struct store *s, struct random_source *random, struct err *err)
{
	unsigned char key[HASH_SIZE];
	struct random_source system;
	struct db_query *q = NULL;

	random_system(&system);
	random_fill(random ? random : &system, key, sizeof(key));
	q = db_query(s, "INSERT INTO secret (name, value) VALUES ('newsletter', :key)",
	    err);
	db_bind_bytes(q, ":key", key, sizeof(key));
	return db_run(q, err);
}

/* All steps at once: nobody ever sees half a schema. */
static bool
create(struct store *s, const struct store_options *o, const struct store_step *steps,
    size_t count, struct err *err)
{
	char sql[80];

	for (size_t i = 0; i < count; i++) {
		if (!db_exec(s, steps[i].sql, err))
			return err_wrap(err, "schema step %d", steps[i].number);
	}
	snprintf(sql, sizeof(sql), "PRAGMA application_id = %d", DB_APPLICATION_ID);
	return db_exec(s, sql, err) && set_version(s, (int)count, err) &&
	    store_note_set(s, "program", o->version, err) && make_key(s, o->random, err);
}

static bool
create_or_wait(struct store *s, const struct store_options *o,
    const struct store_step *steps, size_t count, struct err *err)
{
	int64_t version = 0;
	bool ok = false;

	/*
	 * Version 0 is a new file, which another process may be filling at this moment: with
	 * the lock held there is an answer.
	 */
	if (!store_begin(s, err))
		return false;
	if (!db_number(s, "PRAGMA user_version", &version, err))
		goto out;
	if (version == 0 && o->mode != STORE_CREATE) {
		err_set(err, ERR_STORE, "the database %s is empty", db_path(s));
		err_next(err, NEXT_MAKE_STORE);
		goto out;
	}
	ok = version != 0 || create(s, o, steps, count, err);
out:
	return store_end(s, ok, err);
}

static bool
backup_before(struct store *s, const struct store_options *o, size_t target,
    struct err *err)
{
	char name[40];
	char *dir = o->backup_dir ? xstrdup(o->backup_dir) : file_dir(db_path(s));
	char *path = NULL;
	bool ok = false;

	snprintf(name, sizeof(name), "before-schema-%zu.db", target);
	path = file_join(dir, name);
	ok = file_make_dirs(dir, 0700, err) && store_backup(s, path, err);
	if (!ok)
		err_wrap(err, "the backup before the migration");
	free(path);
	free(dir);
	return ok;
}

static bool
run_step(struct store *s, const struct store_options *o, const struct store_step *step,
    struct err *err)
{
	int64_t version = 0;
	struct db_query *q = NULL;
	bool ok = false;

	if (!store_begin(s, err))
		return false;
	if (!db_number(s, "PRAGMA user_version", &version, err))
		goto out;
	/* Another process may have done it while this one waited for the lock. */
	if (version >= step->number) {
		ok = true;
		goto out;
	}
	if (!db_exec(s, step->sql, err) || !set_version(s, step->number, err) ||
	    !store_note_set(s, "program", o->version, err))
		goto out;
	q = db_query(s, "PRAGMA foreign_key_check", err);
	if (db_next(q))
		err_set(db_failure(q), ERR_STORE, "rows of table %s point nowhere",
		    db_text(q, NULL));
	ok = db_done(q, err);
out:
	ok = store_end(s, ok, err);
	return ok || err_wrap(err, "schema step %d", step->number);
}

bool
store_migrate(struct store *s, const struct store_options *o,
    const struct store_step *steps, size_t count, struct err *err)
{
	int64_t version = 0;
	bool ok = true;

	if (!db_number(s, "PRAGMA user_version", &version, err))
		return false;
	if (version == 0) {
		if (!create_or_wait(s, o, steps, count, err) ||
		    !db_number(s, "PRAGMA user_version", &version, err))
			return false;
	}
	if ((size_t)version == count)
		return true;
	if (!o->migrate) {
		err_set(err, ERR_STORE,
		    "the database has schema %lld and must be migrated "
		    "to %zu",
		    (long long)version, count);
		return err_hint(err,
		    "database.auto_migrate = yes lets a run do it, after a backup");
	}
	/* A step may rebuild a table that others point to; run_step checks afterwards. */
	if (!backup_before(s, o, count, err) ||
	    !db_exec(s, "PRAGMA foreign_keys = OFF", err))
		return false;
	for (size_t i = 0; ok && i < count; i++) {
		if (steps[i].number > version)
			ok = run_step(s, o, &steps[i], err);
	}
	return ok && db_exec(s, "PRAGMA foreign_keys = ON", err);
}

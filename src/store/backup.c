/* SPDX-License-Identifier: ISC */
/*
 * A whole copy while others work.  Copying the file itself is not a backup: the newest commits
 * are in its log.
 */
#include "store/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/db.h"

/* Makes sure that a name is on the disk. */
static bool
sync_path(const char *path, int flags, struct err *err)
{
	int fd = open(path, flags | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (!ok)
		err_errno(err, "%s", path);
	if (fd >= 0)
		close(fd);
	return ok;
}

static bool
check_copy(const char *path, struct err *err)
{
	struct store *copy = db_open(path, DB_READ, 0, err);
	struct arena *a = arena_new();
	const char *verdict = NULL;
	const bool ok = copy &&
	    db_only_text(db_query(copy, "PRAGMA integrity_check(1)", err), a, &verdict,
		err) &&
	    ((verdict && *verdict == 'o') ||
		err_set(err, ERR_STORE, "the copy is damaged: %s",
		    verdict ? verdict : "no answer"));

	(void)db_close(copy);
	arena_free(a);
	return ok;
}

/* A connection for reading may not even write elsewhere, unless it is told so for a moment. */
static bool
vacuum_into(struct store *s, const char *path, struct err *err)
{
	struct db_query *q = NULL;
	bool ok = false;

	if (!db_exec(s, "PRAGMA query_only = OFF", err))
		return false;
	q = db_query(s, "VACUUM INTO :path", err);
	db_bind_text(q, ":path", path);
	ok = db_run(q, err);
	if (db_is_read_only(s) && !db_exec(s, "PRAGMA query_only = ON", err))
		ok = false;
	return ok;
}

bool
store_backup(struct store *s, const char *path, struct err *err)
{
	char *fresh = xasprintf("%s.new-%ld", path, (long)getpid());
	char *dir = file_dir(path);
	bool made = false;
	bool ok = false;

	/* VACUUM INTO accepts an empty file, and this one has its mode from the beginning. */
	(void)unlink(fresh);
	if (!file_is_dir(dir)) {
		err_set(err, ERR_SYSTEM, "there is no directory %s", dir);
		goto out;
	}
	made = file_create(fresh, "", 0, 0600, err);
	if (!made)
		goto out;
	if (!vacuum_into(s, fresh, err) || !check_copy(fresh, err) ||
	    !sync_path(fresh, O_RDONLY, err))
		goto out;
	if (rename(fresh, path) != 0) {
		err_errno(err, "%s", path);
		goto out;
	}
	made = false;
	ok = sync_path(dir, O_RDONLY | O_DIRECTORY, err);
out:
	if (made)
		(void)unlink(fresh);
	free(dir);
	free(fresh);
	return ok || err_wrap(err, "backup %s", path);
}

void
store_files_remove(const char *path)
{
	static const char *const tails[] = { "", "-wal", "-shm" };
	char name[LIMIT_PATH];

	for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
		const int n = snprintf(name, sizeof(name), "%s%s", path, tails[i]);

		if (n > 0 && (size_t)n < sizeof(name) && unlink(name) != 0 &&
		    errno != ENOENT)
			log_warn("store", "%s: %s", name, strerror(errno));
	}
}

/* SPDX-License-Identifier: ISC */
#include "store/compact.h"

#include "store/db.h"

static bool
file_size(struct store *s, int64_t *bytes, struct err *err)
{
	int64_t pages = 0;
	int64_t page = 0;

	if (!db_number(s, "PRAGMA page_count", &pages, err) ||
	    !db_number(s, "PRAGMA page_size", &page, err))
		return false;
	*bytes = pages * page;
	return true;
}

bool
store_compact(struct store *s, int64_t *before, int64_t *after, struct err *err)
{
	/* The new file is in the log first; the checkpoint shortens the old one. */
	return file_size(s, before, err) && db_exec(s, "VACUUM", err) &&
	    db_exec(s, "PRAGMA wal_checkpoint(TRUNCATE)", err) &&
	    file_size(s, after, err);
}

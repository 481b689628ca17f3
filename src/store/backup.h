/* SPDX-License-Identifier: ISC */
/* A whole copy of the database while others work with it, and its end. */
#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H

#include <stdbool.h>

#include "base/err.h"

struct store;

/* A whole copy: VACUUM INTO a temporary file, integrity check, fsync, rename, mode 0600. */
bool store_backup(struct store *s, const char *path, struct err *err) MUST_CHECK;
/* Removes a copy that is closed, with its log; what cannot be removed is logged. */
void store_files_remove(const char *path);

#endif

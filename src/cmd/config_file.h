/* SPDX-License-Identifier: ISC */
/*
 * The configuration as commands edit it: nothing is written that the next run would refuse.
 * Root that works as the owner of the data directory (session_become_owner) reads and writes it
 * as root.
 */
#ifndef CMD_CONFIG_FILE_H
#define CMD_CONFIG_FILE_H

#include "cmd/app.h"

/* What the file says now; nothing when it is not there. */
bool config_file_read(struct app *app, const char *path, struct buf *text,
    struct err *err) MUST_CHECK;
/*
 * Writes the new text of a configuration file, made with its directory when it is not there;
 * nothing in a dry run.  ERR_LIMIT when the text is cut short, ERR_CONFIG when the settings could
 * not be read with it: then the file is as it was.
 */
bool config_file_write(struct app *app, const char *path, const struct buf *text,
    struct err *err) MUST_CHECK;
/*
 * Lets the owner of the data directory, as the file's group, read a file that root has just
 * made.  app_settings() is done.
 */
bool config_file_share(struct app *app, const char *path, struct err *err) MUST_CHECK;

#endif

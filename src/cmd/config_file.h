/* SPDX-License-Identifier: ISC */
/* The configuration as commands edit it: nothing is written that the next run would refuse. */
#ifndef CMD_CONFIG_FILE_H
#define CMD_CONFIG_FILE_H

#include "cmd/app.h"

/*
 * Writes the new text of a configuration file, made with its directory when it is not there;
 * nothing in a dry run.  ERR_LIMIT when the text is cut short, ERR_CONFIG when the settings could
 * not be read with it: then the file is as it was.
 */
bool config_file_write(struct app *app, const char *path, const struct buf *text,
    struct err *err) MUST_CHECK;

#endif

/* SPDX-License-Identifier: ISC */
/* What a person types for a file where an address is wanted. */
#ifndef CMD_FILE_ADDRESS_H
#define CMD_FILE_ADDRESS_H

#include "base/attr.h"

struct app;

/*
 * "file:feed.xml" as file:///where/we/are/feed.xml; anything else as it is.  In the run's arena.
 */
const char *cmd_file_address(struct app *app, const char *given) MUST_CHECK;

/* A path as it is found from anywhere.  In the run's arena. */
const char *cmd_whole_path(struct app *app, const char *path) MUST_CHECK;

#endif

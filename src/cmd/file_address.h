/* SPDX-License-Identifier: ISC */
/* What a person types for a file where an address is wanted. */
#ifndef CMD_FILE_ADDRESS_H
#define CMD_FILE_ADDRESS_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"

struct app;

/*
 * "file:feed.xml" as file:///where/we/are/feed.xml; anything else as it is.  In the run's arena.
 */
const char *cmd_file_address(struct app *app, const char *given) MUST_CHECK;

/* A path as it is found from anywhere.  In the run's arena. */
const char *cmd_whole_path(struct app *app, const char *path) MUST_CHECK;

/* "blog.example/feed", "blog.example:8080"; not "mailto:...", "a b" or "nonsense". */
bool cmd_is_bare_address(const char *text);
/*
 * What is the address of a feed, or can be meant as one: of the web, of a mailbox, of a file where
 * files are read, or one without "https://".  "mailto:...", "ftp://..." and "list.opml" are not:
 * ERR_USAGE with what to do.
 */
bool cmd_feed_address_check(struct app *app, const char *given,
    struct err *err) MUST_CHECK;

#endif

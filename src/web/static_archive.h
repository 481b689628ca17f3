/* SPDX-License-Identifier: ISC */
/*
 * The archive as files, for a web server that has no program behind it: the pages of web/pages.h
 * as they are answered, under the paths they have below web.url.  A page that is a folder's is its
 * index.html.
 */
#ifndef WEB_STATIC_ARCHIVE_H
#define WEB_STATIC_ARCHIVE_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "web/site.h"

/*
 * Writes web.archive_dir: the newest months and the feed anew, issues and older months that are
 * not there yet; what was withdrawn goes.  Each file is whole at every moment.  Nothing happens
 * with web.archive = off.
 */
bool static_archive_write(const struct site *site, struct err *err) MUST_CHECK;

#endif

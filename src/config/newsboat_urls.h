/* SPDX-License-Identifier: ISC */
/*
 * newsboat's list of feeds: one a line, URL "~Title" tag "tag two".  Private to config/.
 */
#ifndef CONFIG_NEWSBOAT_URLS_H
#define CONFIG_NEWSBOAT_URLS_H

#include "config/feed_lists.h"

/* True when lines begin with addresses and none is a [section] or key = value. */
bool newsboat_urls_detect(const char *text, size_t len);
/* Lines that are a program's (exec:, filter:, query:) are named in ignored. */
bool newsboat_urls_parse(struct arena *a, const char *path, const char *text, size_t len,
    struct feed_list *out, struct err *err) MUST_CHECK;

#endif

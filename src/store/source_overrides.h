/* SPDX-License-Identifier: ISC */
/*
 * What was said of feeds beside the lists that name them: those lists are other people's files,
 * or the web's, and are not written by us.
 */
#ifndef STORE_SOURCE_OVERRIDES_H
#define STORE_SOURCE_OVERRIDES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct store;

struct source_override {
	const char *url;    /* as the list names the feed */
	const char *key;    /* of a feed's section: "url", "paused", "name"... */
	const char *value;  /* as it would stand there */
	const char *reason; /* why, in words; NULL: a command */
	int64_t at;
};
/* All, ordered by url and key. */
bool store_overrides(struct store *s, struct arena *a, struct source_override **out,
    size_t *count, struct err *err) MUST_CHECK;
/* Replaces what was said under that key. */
bool store_override_set(struct store *s, const struct source_override *o,
    struct err *err) MUST_CHECK;
/* What was said under that key is forgotten; nothing is no error. */
bool store_override_drop(struct store *s, const char *url, const char *key,
    struct err *err) MUST_CHECK;

#endif

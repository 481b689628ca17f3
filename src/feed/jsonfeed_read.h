/* SPDX-License-Identifier: ISC */
/* JSON Feed into a build. */
#ifndef FEED_JSONFEED_READ_H
#define FEED_JSONFEED_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "feed/entry_builder.h"

/* ERR_INPUT when it is no JSON or no feed. */
bool jsonfeed_read(struct build *b, const char *text, size_t len,
    struct err *err) MUST_CHECK;

#endif

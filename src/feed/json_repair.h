/* SPDX-License-Identifier: ISC */
/* JSON that programs wrote by hand, as JSON. */
#ifndef FEED_JSON_REPAIR_H
#define FEED_JSON_REPAIR_H

#include <stddef.h>

#include "base/buf.h"

/*
 * Appends text as what its writer meant: in strings controls escaped, NUL and halves of
 * surrogate pairs as U+FFFD, unknown escapes as the character; outside of them no comma in
 * front of "]" and "}".  What was cut off ends behind the last complete item.
 */
void json_repair(struct buf *out, const char *text, size_t len);

#endif

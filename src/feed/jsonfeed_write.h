/* SPDX-License-Identifier: ISC */
/* A feed as JSON Feed 1.1. */
#ifndef FEED_JSONFEED_WRITE_H
#define FEED_JSONFEED_WRITE_H

#include "base/buf.h"
#include "model/model.h"

/*
 * Appends the feed as JSON Feed 1.1 with an object "_planetpost" {format, encoding, damaged,
 * warnings}.  content_html is what entry_clean() made: call it for each entry before.
 */
void feed_write_json(const struct feed *f, struct buf *out);

#endif

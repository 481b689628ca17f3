/* SPDX-License-Identifier: ISC */
/* The pictures of posts that the next letters may carry, asked for when feeds have been. */
#ifndef FLOW_FETCH_PICTURES_H
#define FLOW_FETCH_PICTURES_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"

struct run;
struct feed_options;

/*
 * Asks for those that are not stored, by the rules that feeds are asked by, and stores what is
 * a picture and not too large for a letter.  Nothing when neither the newsletter nor any reader
 * has letters carry them.  False only when the store fails.
 */
bool flow_fetch_pictures(struct run *run, const struct feed_options *o,
    struct err *err) MUST_CHECK;

#endif

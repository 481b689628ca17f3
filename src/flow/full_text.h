/* SPDX-License-Identifier: ISC */
/* The whole of posts of which a feed gives the beginning, from their own pages. */
#ifndef FLOW_FULL_TEXT_H
#define FLOW_FULL_TEXT_H

#include <stdbool.h>

#include "base/err.h"

struct being_read;
struct run;
struct feed_options;

/*
 * Asks for the pages that are wanted, a host at a time and with its pause, and puts their text
 * into the posts.  Each page is asked once, three times when it does not answer; then the feed's
 * words stay.  being_read names the post meanwhile; a page that a run was reading when it was
 * killed is given up and told.
 */
bool flow_full_text(struct run *run, const struct feed_options *options,
    struct being_read *being_read, struct err *err) MUST_CHECK;

#endif

/* SPDX-License-Identifier: ISC */
/*
 * What mail programs put above what they quote: "On 1 December 2026 Ann <ann@x.example> wrote:",
 * in the languages that many of them speak, over as many lines as they wrap it.
 */
#ifndef MAIL_ATTRIBUTION_H
#define MAIL_ATTRIBUTION_H

#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"

/*
 * Bytes of the attribution that text, at the beginning of a line, begins with, its last line end
 * among them; 0 when it begins with anything else.  A line of the writer's own above it is none
 * of it, with or without an empty line between them.  a is for scratch.
 */
size_t attribution_length(struct arena *a, const char *text) MUST_CHECK;

#endif

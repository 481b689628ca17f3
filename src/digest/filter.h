/* SPDX-License-Identifier: ISC */
/*
 * The keeper's regular expressions (POSIX extended, ASCII case ignored) over strangers' text.
 * Bounded: no back-references, small repeat counts, pieces of text short enough that even a
 * matcher that starts anew at every character stays linear in the length of the entry.
 * Private to digest/.
 */
#ifndef DIGEST_FILTER_H
#define DIGEST_FILTER_H

#include <regex.h>
#include <stdbool.h>

#include "base/err.h"
#include "model/model.h"

struct filter {
	regex_t regex;
	bool is_set; /* false: matches nothing, costs nothing */
};

/* pattern NULL or "" = not set.  ERR_CONFIG names the pattern and what is wrong with it. */
bool filter_init(struct filter *f, const char *pattern, struct err *err) MUST_CHECK;
void filter_clear(struct filter *f);
/*
 * True when the pattern is found in title, author, a category, the address, or one paragraph
 * of the text (its lines joined, so that a phrase is found across a line's end).
 */
bool filter_matches(const struct filter *f, const struct entry *e);

#endif

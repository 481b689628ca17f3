/* SPDX-License-Identifier: ISC */
/*
 * The keeper's regular expressions (POSIX extended or Python's, ASCII case ignored) over
 * strangers' text.
 * Bounded: no back-references, small repeat counts, pieces of text short enough that even a
 * matcher that starts anew at every character stays linear in the length of the entry.
 */
#ifndef DIGEST_FILTER_H
#define DIGEST_FILTER_H

#include <regex.h>
#include <stdbool.h>

#include "base/err.h"
#include "digest/pattern.h"
#include "model/model.h"

struct filter {
	struct filter_part {
		regex_t regex;
		bool is_forbidden; /* it must not be found */
	} * parts;
	size_t count; /* 0: not set; matches nothing, costs nothing */
};

/*
 * pattern NULL or "" = not set; else POSIX extended or Python's, see pattern.h.  ERR_CONFIG
 * names the pattern and what is wrong with it; the filter is not set then.
 */
bool filter_init(struct filter *f, const char *pattern, struct err *err) MUST_CHECK;
void filter_clear(struct filter *f);
/*
 * True when each part of the pattern is found (or is not, where that is forbidden) in title,
 * author, a category, the address, or one paragraph of the text (its lines joined, so that a
 * phrase is found across a line's end).
 */
bool filter_matches(const struct filter *f, const struct entry *e);
/* Is the entry in one of the categories?  list: "sea, web development"; ASCII case ignored. */
bool filter_has_category(const char *list, const struct entry *e);
/* Is a language one of the list, "en, pt-BR", or below one of them (BCP 47)? */
bool filter_has_language(const char *list, const char *language);

#endif

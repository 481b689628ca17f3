/* SPDX-License-Identifier: ISC */
/*
 * Regular expressions as planets have them, written for Python, in the words of regcomp().
 * Private to digest/.
 */
#ifndef DIGEST_PATTERN_H
#define DIGEST_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

enum { PATTERN_PARTS = 8 };

/*
 * One condition of a pattern.  A pattern is one regular expression, but for the look-aheads it
 * may begin with: "^(?!a)(?=b)c" says not ^(a), and ^(b), and ^(c).
 */
struct pattern_part {
	size_t start, len; /* in the text that was written */
	bool is_forbidden; /* must not be found */
};

struct pattern {
	struct buf text; /* the parts, a NUL behind each; cleared by the caller */
	struct pattern_part parts[PATTERN_PARTS];
	size_t count;
};

/*
 * Reads a POSIX extended or a Python regular expression (docs.python.org/3/library/re.html).
 * Non-capturing and named groups, comments, flags (case is never looked at), \d \w \s \A \Z
 * \xHH, escapes in brackets and lazy repeats are written as POSIX has them; glibc's \b \B \< \>
 * stay.  ERR_CONFIG names what has no equal: back-references, look-behind, look-ahead but at the
 * beginning, verbose patterns, classes such as [^\W].  out->text is set in any case.
 */
bool pattern_read(const char *text, struct pattern *out, struct err *err) MUST_CHECK;

#endif

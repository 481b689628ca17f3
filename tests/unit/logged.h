/* SPDX-License-Identifier: ISC */
/* What is logged meanwhile: caught instead of standard error, at most what a pipe holds. */
#ifndef TESTS_LOGGED_H
#define TESTS_LOGGED_H

#include <stddef.h>
#include <unistd.h>

#include "base/log.h"

struct logged {
	int saved, from;
};

static inline struct logged
logged_begin(enum log_level level)
{
	struct logged l = { .saved = dup(STDERR_FILENO), .from = -1 };
	int ends[2] = { -1, -1 };

	if (pipe(ends) == 0 && dup2(ends[1], STDERR_FILENO) >= 0)
		l.from = ends[0];
	(void)close(ends[1]);
	log_setup(level, LOG_TEXT);
	return l;
}

/* In text, which has so many octets. */
static inline void
logged_end(struct logged l, char *text, size_t size)
{
	size_t len = 0;
	ssize_t n = 0;

	log_setup(LOG_LEVEL_WARN, LOG_TEXT);
	(void)dup2(l.saved, STDERR_FILENO);
	(void)close(l.saved);
	while (len + 1 < size && (n = read(l.from, text + len, size - len - 1)) > 0)
		len += (size_t)n;
	text[len] = '\0';
	(void)close(l.from);
}

#endif

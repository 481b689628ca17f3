/* SPDX-License-Identifier: ISC */
/* What is logged between two moments: stderr goes into a file meanwhile. */
#ifndef TESTS_HEARD_LOG_H
#define TESTS_HEARD_LOG_H

#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"

struct heard_log {
	FILE *file;
	int saved;
	enum log_level level;
	char text[16000]; /* what was heard */
};

/* Nothing is asserted until heard_log_end: the words of a failure would be lost. */
static inline void
heard_log_begin(struct heard_log *h, enum log_level level)
{
	(void)fflush(stderr);
	h->file = tmpfile();
	assert_non_null(h->file);
	h->saved = dup(STDERR_FILENO);
	assert_true(h->saved >= 0 && dup2(fileno(h->file), STDERR_FILENO) >= 0);
	h->level = log_level();
	log_setup(level, LOG_TEXT);
}

static inline const char *
heard_log_end(struct heard_log *h)
{
	size_t n = 0;

	log_setup(h->level, LOG_TEXT);
	assert_true(dup2(h->saved, STDERR_FILENO) >= 0);
	(void)close(h->saved);
	rewind(h->file);
	n = fread(h->text, 1, sizeof(h->text) - 1, h->file);
	h->text[n] = '\0';
	(void)fclose(h->file);
	return h->text;
}

#endif

/* SPDX-License-Identifier: ISC */
/* INTAKE: readers who come by a list or one by one, with evidence of their consent. */
#ifndef FLOW_INTAKE_H
#define FLOW_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"
#include "model/model.h"

struct run;

struct intake_report {
	size_t rows, added, confirmed, left, unchanged, duplicate, invalid, stays_out;
};
struct intake_options {
	const char *confirmed_by; /* evidence for rows that carry none */
	/* Told of every row that was not taken, with the reason; may be NULL. */
	void (*refused)(void *arg, size_t line, const char *address, const char *reason);
	void *arg;
};
/*
 * Takes readers from a CSV or JSON-lines list, row by row, all in one commit.  A row without
 * evidence, and without options->confirmed_by, is refused (double opt-in), unless it says that
 * they left: leaving needs nothing.
 */
bool flow_intake_list(struct run *run, FILE *list, const struct intake_options *o,
    struct intake_report *report, struct err *err) MUST_CHECK;
/* One reader with evidence.  ERR_INPUT when they are there already or stay out. */
bool flow_intake_reader(struct run *run, struct reader *r, struct err *err) MUST_CHECK;

/*
 * A person without a list: makes the address the one reader, unless there are others; *is_only
 * tells.  ERR_HUMAN when it is on the list but does not read.
 */
bool flow_intake_only(struct run *run, const char *address, bool *is_only,
    struct err *err) MUST_CHECK;

#endif

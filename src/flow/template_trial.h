/* SPDX-License-Identifier: ISC */
/* Are the templates good for letters?  Tried on a letter that nobody gets. */
#ifndef FLOW_TEMPLATE_TRIAL_H
#define FLOW_TEMPLATE_TRIAL_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"

struct run;

/*
 * Words every notice there is, to readers and to strangers, answered by page and by mail.  The
 * run's store is one in memory.  ERR_CONFIG names template and line.
 */
bool flow_notices_try(struct run *run, struct err *err) MUST_CHECK;
/*
 * Renders an issue of sample posts in every form readers may choose.  The run's store is one in
 * memory that nothing else is read from.  ERR_CONFIG names template and line.
 */
bool flow_templates_try(struct run *run, struct err *err) MUST_CHECK;

#endif

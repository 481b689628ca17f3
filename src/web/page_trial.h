/* SPDX-License-Identifier: ISC */
/* Are the templates good for pages?  Tried on readers that nobody is. */
#ifndef WEB_PAGE_TRIAL_H
#define WEB_PAGE_TRIAL_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"

struct run;

/*
 * Asks for every page in the states it has, and sends its forms.  The run's store is one in
 * memory, with the posts that flow_templates_try() has left in it.  ERR_CONFIG names template and
 * line.
 */
bool pages_try(struct run *run, struct err *err) MUST_CHECK;

#endif

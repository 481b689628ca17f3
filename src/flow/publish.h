/* SPDX-License-Identifier: ISC */
/* PUBLISH: what everybody may see of issues that went out, made where it is missing. */
#ifndef FLOW_PUBLISH_H
#define FLOW_PUBLISH_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"

struct run;

/*
 * Issues are frozen with what web.archive_full said then; when it says something else, those
 * before follow here, the newest first, some hundreds in one run.
 */
bool flow_publish(struct run *run, struct err *err) MUST_CHECK;

#endif

/* SPDX-License-Identifier: ISC */
/* Do the readers' pages answer at web.url?  Every letter links there, also to leave. */
#ifndef FLOW_WEB_CHECK_H
#define FLOW_WEB_CHECK_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"

struct run;

/*
 * Asks the first page at web.url, private addresses too.  ERR_CONFIG when it is not there,
 * or elsewhere by a redirect, which a one-click leave must not meet (RFC 8058 3.1).  True,
 * without asking, when web.url is empty or web.answers = elsewhere.
 */
bool flow_web_check(struct run *run, struct err *err) MUST_CHECK;
/*
 * The same before the first letters with this web.url: once it has answered, that is written
 * down and the network is not asked again.  Not inside a transaction.
 */
bool flow_web_check_once(struct run *run, struct err *err) MUST_CHECK;

#endif

/* SPDX-License-Identifier: ISC */
/* What is the same for all pages of a newsletter, read once. */
#ifndef WEB_SITE_H
#define WEB_SITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/hash.h"
#include "flow/logo.h"
#include "format/network_list.h"

struct run;
struct template_language;
struct template_set;

struct site {
	struct run *run;
	const struct template_set *templates;
	const struct template_language *languages; /* that a reader may choose from */
	size_t language_count;
	struct logo logo;            /* its bytes are NULL when there is none */
	int logo_width, logo_height; /* as pages show it */
	const char *style;           /* the style sheet */
	const char *base;            /* the path of web.url: "" or "/p" */
	const char *from;            /* the address that letters come from */
	const char *owner;           /* the address of whoever answers for it */
	unsigned char key[HASH_SIZE];
	struct network_list trusted; /* the proxies whose word counts on who asks */
	int64_t (*clock)(void);      /* seconds; clock_now(), but in tests */
	int64_t clock_ahead; /* of run->now, as it was pretended, before the clock */
	struct err *
	    trouble; /* gets why a page could not be made, in the place of the log; or NULL */
};

/* Everything lives in run->arena and run->templates.  ERR_CONFIG when web.url is not set. */
bool site_open(struct run *run, struct site *out, struct err *err) MUST_CHECK;

#endif

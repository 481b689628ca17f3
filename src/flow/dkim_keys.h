/* SPDX-License-Identifier: ISC */
/* The keys that letters are signed with, from files or the service manager's credentials. */
#ifndef FLOW_DKIM_KEYS_H
#define FLOW_DKIM_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/dkim.h"

struct run;

/* The selectors of the settings and the file of each; in the run's arena. */
struct dkim_places {
	const char *selectors[DKIM_KEYS_MAX];
	const char
	    *files[DKIM_KEYS_MAX]; /* NULL: none is named, and no credential there */
	size_t count;
};

/* ERR_CONFIG names what is missing or wrong. */
bool flow_dkim_places(struct run *run, struct dkim_places *out,
    struct err *err) MUST_CHECK;
/* The domain that signs: that of newsletter.from.  In the run's arena; ERR_CONFIG. */
bool flow_dkim_domain(struct run *run, const char **out, struct err *err) MUST_CHECK;
/* A key that others than its owner and group cannot read.  ERR_CONFIG. */
bool flow_dkim_key(const char *path, struct dkim_key **out, struct err *err) MUST_CHECK;
/*
 * Who signs letters; count 0 when nobody does here.  The keys are owned by *out, until
 * flow_dkim_clear().  ERR_CONFIG.
 */
bool flow_dkim_signer(struct run *run, struct dkim_signer *out,
    struct err *err) MUST_CHECK;
/* A zeroed one is fine. */
void flow_dkim_clear(struct dkim_signer *s);

#endif

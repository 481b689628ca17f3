/* SPDX-License-Identifier: ISC */
/* Who asked to join with an address whose domain takes no mail is not written to. */
#ifndef FLOW_JOIN_DOMAINS_H
#define FLOW_JOIN_DOMAINS_H

#include <stdbool.h>

#include "base/err.h"
#include "transport/mail_domain.h"

struct run;

/*
 * Looks at the confirmation letters that were never tried (limits.mx_check): those to a domain
 * that takes no mail, by look_up, are settled as refused.  What cannot be learnt goes; after two
 * such domains, the name servers are left alone.  Done before letters go, by who may use the
 * network: the pages may not, and answer at once.  Nothing is looked up for transports that
 * write files.
 */
bool flow_join_domains(struct run *run, enum mail_domain (*look_up)(const char *domain),
    struct err *err) MUST_CHECK;
/* By the system's name servers. */
enum mail_domain flow_domain_look_up(const char *domain);

#endif

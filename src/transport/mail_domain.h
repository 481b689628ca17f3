/* SPDX-License-Identifier: ISC */
/*
 * Whether a domain takes mail, by the DNS (RFC 5321 5.1, RFC 7505): it has an MX that is not
 * null, or else an address.  One question after the other to the system's name servers, a few
 * seconds in all; what cannot be learnt in that time is unknown.
 */
#ifndef TRANSPORT_MAIL_DOMAIN_H
#define TRANSPORT_MAIL_DOMAIN_H

enum mail_domain { DOMAIN_TAKES_MAIL, DOMAIN_TAKES_NONE, DOMAIN_UNKNOWN };

/*
 * domain: in ASCII.  Names that the public DNS does not speak of (RFC 6761: "test", "example",
 * "local", a single word) are unknown, and nobody is asked.  port: of a name server on loopback
 * that is asked instead, for tests; 0 = the system's.
 */
enum mail_domain mail_domain_look_up(const char *domain, int port);

#endif

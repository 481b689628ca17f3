/* SPDX-License-Identifier: ISC */
/*
 * What the DNS says of the certificate of a mail server: TLSA records (RFC 6698), as mail
 * servers are meant to use them (RFC 7672).  Believed only when they are signed and a name
 * server that checks signatures says so over a way that nobody else is on.
 */
#ifndef TRANSPORT_TLSA_H
#define TRANSPORT_TLSA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/* Whose certificate the record is about. */
enum tlsa_usage {
	TLSA_AUTHORITY = 2, /* DANE-TA: of one that issued the server's */
	TLSA_SERVER = 3     /* DANE-EE: the server's own */
};
enum tlsa_selector { TLSA_WHOLE = 0, TLSA_KEY = 1 };
enum tlsa_matching { TLSA_EXACT = 0, TLSA_SHA256 = 1, TLSA_SHA512 = 2 };

struct tlsa_record {
	enum tlsa_usage usage;
	enum tlsa_selector selector;
	enum tlsa_matching matching;
	const unsigned char *bytes;
	size_t len;
};
struct tlsa_list {
	struct tlsa_record *records;
	size_t count;
};

/*
 * The usable records of host and port into *out; none, and true, when the host's zone is not
 * signed, there are none, or all are of kinds that mean nothing for mail (RFC 7672 3.1.3).
 * Records live in a.  dns_port: of a name server on loopback that is asked instead, for tests;
 * 0 = the system's.  A few seconds at most for each question.
 *
 * ERR_CONFIG: the system's name servers cannot be believed.  ERR_TEMPORARY: the host's addresses
 * are signed, and whether there are records could not be learnt: nothing may be sent then
 * (RFC 7672 2.1.2).
 */
bool tlsa_look_up(const char *host, int port, int dns_port, struct arena *a,
    struct tlsa_list *out, struct err *err) MUST_CHECK;

#endif

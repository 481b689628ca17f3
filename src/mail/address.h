/* SPDX-License-Identifier: ISC */
/*
 * Mail addresses (RFC 5321 4.1.2, RFC 6531 for UTF-8).  An address that passed address_check
 * can stand in an SMTP command and in a header: no controls, no blanks, no brackets.
 */
#ifndef MAIL_ADDRESS_H
#define MAIL_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

struct mailbox {
	const char *name;    /* display name, clean UTF-8, or NULL */
	const char *address; /* checked; domain in lower-case A-labels */
};

/*
 * True for most addresses, which address_check leaves as they are; of others it tells nothing.
 * For whoever only looks at them again: it takes no memory.
 */
bool address_is_plain(const char *text);
/*
 * "a@b.example" -> canonical form (domain to lower-case A-labels, local part as given).
 * ERR_INPUT says what is wrong: "no @", "control character", "longer than 254 octets",
 * "domain: ...".  UTF-8 local parts are accepted (address_is_ascii tells).
 */
bool address_check(struct arena *a, const char *text, const char **out,
    struct err *err) MUST_CHECK;
/* "Planet X <planet@example.net>", "planet@example.net", '"a, b" <c@d>'. */
bool mailbox_parse(struct arena *a, const char *text, struct mailbox *out,
    struct err *err) MUST_CHECK;
bool address_is_ascii(const char *address);
/*
 * What all spellings of one mailbox share, for UNIQUE and look-ups: Unicode's case folding, and
 * one form (NFKC) of accents, wide letters and ligatures.
 */
char *address_key(struct arena *a, const char *address) MUST_CHECK;
/* "example.net" of a checked address. */
const char *address_domain(const char *address);
/* "m...@example.org": for pages and logs. */
char *address_veiled(struct arena *a, const char *address) MUST_CHECK;
/* "planet+TAG@example.net". */
char *address_plus(struct arena *a, const char *address, const char *tag) MUST_CHECK;

#endif

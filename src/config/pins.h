/* SPDX-License-Identifier: ISC */
/* Keys that a server is known by, as a keeper writes them.  Pure. */
#ifndef CONFIG_PINS_H
#define CONFIG_PINS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/hash.h"
#include "base/limits.h"

/* Each the SHA-256 of a public key with its algorithm (SubjectPublicKeyInfo, RFC 7469 2.4). */
struct pins {
	unsigned char list[LIMIT_PINS][HASH_SIZE];
	size_t count; /* 0: none is wanted */
};

/*
 * "" or pins parted by blanks, LIMIT_PINS at most, each 44 characters of base64 or 64 of hex
 * (colons between octets are allowed), perhaps with "sha256:" or, as curl has it, "sha256//" in
 * front.  False when the text is none.
 */
bool pins_parse(const char *text, struct pins *out) MUST_CHECK;

#endif

/* SPDX-License-Identifier: ISC */
/*
 * The three layers of a post's identity as 64-bit keys (ARCHITECTURE.md, "Identity of an
 * entry").  A key begins with 16 bits of the source or the host and goes on with 48 bits of a
 * hash, so that the posts of one feed are neighbours in the tree: a round over known entries
 * then touches a page per feed instead of one per entry.  Among 100,000 posts of one feed two
 * share a key with a probability of about 1 : 50,000.
 */
#ifndef STORE_IDENTITY_KEYS_H
#define STORE_IDENTITY_KEYS_H

#include <stdint.h>

/* Of a guid within its source. */
int64_t identity_guid(int64_t source_id, const char *guid);
/* Of a post without guid, by its address within its source. */
int64_t identity_own_link(int64_t source_id, const char *link_identity);
/* Of an address, anywhere. */
int64_t identity_link(const char *link_identity);

#endif

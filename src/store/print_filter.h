/* SPDX-License-Identifier: ISC */
/*
 * Prints that are surely not among many others, by some bits in memory instead of a look into a
 * large tree: what is not there is told as such but for a few in a hundred, what is there never
 * (B. H. Bloom, Space/Time Trade-offs in Hash Coding, 1970).  Pure.
 */
#ifndef STORE_PRINT_FILTER_H
#define STORE_PRINT_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct print_filter;

/* Of which nothing is known: each print may be there.  Owned by the caller. */
struct print_filter *print_filter_new(void) MUST_CHECK;
void print_filter_free(struct print_filter *f);
/*
 * From now on only those may be there that are added.  There is room for so many at eight bits or
 * more each, up to LIMIT_PRINT_FILTER bytes in all; of more prints fewer are told apart.
 */
void print_filter_begin(struct print_filter *f, size_t prints);
/* A print is 64 bits of a hash, all of them as good as random. */
void print_filter_add(struct print_filter *f, int64_t print);
/* False: it was never added. */
bool print_filter_may_have(struct print_filter *f, int64_t print);
/* How often that was asked while nothing was known; 0 from then on. */
size_t print_filter_asked(const struct print_filter *f);

#endif

/* SPDX-License-Identifier: ISC */
/* Addresses that readers want their letters at and have not answered from yet: one a reader. */
#ifndef STORE_NEW_ADDRESS_H
#define STORE_NEW_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct store;

struct new_address {
	int64_t reader_id;
	const char *address;     /* passed address_check() */
	const char *address_key; /* address_key() of it */
	int64_t asked;           /* when; a token of another minute is of another ask */
	const char
	    *evidence; /* "page 2026-11-24T06:12:00Z from 203.0.113.0/24", or NULL */
};
/* Adds it, or puts it in the place of the reader's former one. */
bool store_new_address_put(struct store *s, const struct new_address *n,
    struct err *err) MUST_CHECK;
/* In a. */
bool store_new_address_get(struct store *s, struct arena *a, int64_t reader_id,
    struct new_address *out, bool *found, struct err *err) MUST_CHECK;
/* Nothing happens when there is none. */
bool store_new_address_end(struct store *s, int64_t reader_id,
    struct err *err) MUST_CHECK;
/* Forgets those asked for before an instant. */
bool store_new_address_tidy(struct store *s, int64_t before, struct err *err) MUST_CHECK;

#endif

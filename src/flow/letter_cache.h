/* SPDX-License-Identifier: ISC */
/*
 * Encoded letters at hand while letters go out: one for each span and variant, as many as fit
 * a ceiling of bytes, those longest not asked for forgotten first.  Letters come in the order
 * of spans and variants, so few are needed at a time.
 */
#ifndef FLOW_LETTER_CACHE_H
#define FLOW_LETTER_CACHE_H

#include "base/attr.h"
#include "base/err.h"
#include "base/hash.h"
#include "model/model.h"

struct run;
struct letter_cache;
struct shared_letter;

/* key: the newsletter's. */
struct letter_cache *letter_cache_new(const unsigned char key[HASH_SIZE]);
/* Accepts NULL. */
void letter_cache_free(struct letter_cache *cache);
/*
 * The letter of d's span, variant and part (of a test letter its marked twin), loaded, or made
 * and stored when it is the first.  Borrowed until the next call, or as long as it is held.
 */
bool letter_cache_get(struct letter_cache *cache, struct run *run,
    const struct delivery *d, const struct shared_letter **out,
    struct err *err) MUST_CHECK;
/* It would be had without the store. */
bool letter_cache_has(const struct letter_cache *cache, const struct delivery *d);
/* What was got stays where it is until it is released as often as it was held. */
void letter_cache_hold(const struct shared_letter *l);
void letter_cache_release(const struct shared_letter *l);

#endif

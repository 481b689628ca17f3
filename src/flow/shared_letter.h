/* SPDX-License-Identifier: ISC */
/*
 * What all letters of a span and variant share, and a letter made of it: the one path by which
 * letters are sent, previewed, shown again and verified.
 */
#ifndef FLOW_SHARED_LETTER_H
#define FLOW_SHARED_LETTER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "flow/letterhead.h"
#include "flow/span.h"
#include "mail/letter.h"
#include "model/model.h"

struct run;

struct shared_letter {
	struct issue issue; /* the newest of the span */
	struct letterhead head;
	struct rendering rendering;
	struct encoded_letter *encoded;
	struct hash_key *key; /* the newsletter's, set for all of its letters */
};

/*
 * The letter of d's span, variant and part; of a test its marked twin, also of a draft.  Lives
 * in a, but for what shared_letter_clear() frees; out is zeroed first.
 */
bool shared_letter_load(struct run *run, struct arena *a,
    const unsigned char key[HASH_SIZE], const struct delivery *d,
    enum letter_making making, struct shared_letter *out, struct err *err) MUST_CHECK;
/* Encodes l->rendering under l->head for letters of d's span, part and the variant. */
bool shared_letter_encode(struct arena *a, const unsigned char key[HASH_SIZE],
    const struct delivery *d, const struct variant *v, struct shared_letter *l,
    struct err *err) MUST_CHECK;
/* Appends the letter d; what stands in it for d alone is left in *personal, in a. */
bool shared_letter_write(const struct shared_letter *l, struct arena *a,
    const struct delivery *d, struct letter_personal *personal, struct buf *out,
    struct err *err) MUST_CHECK;
/* The same without copying: as letter_write_pieces. */
bool shared_letter_write_pieces(const struct shared_letter *l, struct arena *a,
    const struct delivery *d, struct letter_personal *personal, struct letter_pieces *out,
    struct err *err) MUST_CHECK;
/* A zeroed one is fine. */
void shared_letter_clear(struct shared_letter *l);

#endif

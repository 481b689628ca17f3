/* SPDX-License-Identifier: ISC */
/*
 * Letters that the transport has: each with the memory of its reader's own words, and with the
 * letter that it shares with others held where it is.  Memory is used again, so there is as much
 * of it as letters are out at once.
 */
#ifndef FLOW_LETTERS_IN_HAND_H
#define FLOW_LETTERS_IN_HAND_H

#include "mail/letter.h"
#include "model/model.h"

struct shared_letter;

struct letter_in_hand {
	struct letter_in_hand *next, **link;
	struct delivery *d;
	const struct shared_letter *shared; /* held; NULL = none is borrowed from */
	struct letter_pieces pieces;
};
/* Zeroed, it has none. */
struct letters_in_hand {
	struct letter_in_hand *out, *spare;
};

/* A letter for d, without pieces; shared may be NULL. */
struct letter_in_hand *letters_take(struct letters_in_hand *h, struct delivery *d,
    const struct shared_letter *shared);
/* It was settled, or never given away. */
void letters_put_down(struct letters_in_hand *h, struct letter_in_hand *l);
/* Also of those that are out. */
void letters_clear(struct letters_in_hand *h);

#endif

/* SPDX-License-Identifier: ISC */
#include "flow/letters_in_hand.h"

#include <stdlib.h>

#include "base/mem.h"
#include "flow/letter_cache.h"

static void
push(struct letter_in_hand **list, struct letter_in_hand *l)
{
	l->next = *list;
	l->link = list;
	if (l->next)
		l->next->link = &l->next;
	*list = l;
}

static void
unlink_letter(struct letter_in_hand *l)
{
	*l->link = l->next;
	if (l->next)
		l->next->link = l->link;
}

struct letter_in_hand *
letters_take(struct letters_in_hand *h, struct delivery *d,
    const struct shared_letter *shared)
{
	struct letter_in_hand *l = h->spare;

	if (l) {
		unlink_letter(l);
	} else {
		l = xcalloc(1, sizeof(*l));
		letter_pieces_init(&l->pieces);
	}
	l->d = d;
	l->shared = shared;
	if (shared)
		letter_cache_hold(shared);
	push(&h->out, l);
	return l;
}

void
letters_put_down(struct letters_in_hand *h, struct letter_in_hand *l)
{
	if (l->shared)
		letter_cache_release(l->shared);
	l->shared = NULL;
	unlink_letter(l);
	push(&h->spare, l);
}

void
letters_clear(struct letters_in_hand *h)
{
	while (h->out)
		letters_put_down(h, h->out);
	while (h->spare) {
		struct letter_in_hand *l = h->spare;

		unlink_letter(l);
		letter_pieces_clear(&l->pieces);
		free(l);
	}
}

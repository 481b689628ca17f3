/* SPDX-License-Identifier: ISC */
#include "flow/shared_letter.h"

#include <string.h>

#include "flow/context.h"
#include "flow/letter_fields.h"
#include "flow/letter_pictures.h"
#include "flow/span.h"
#include "list/preferences.h"
#include "list/token.h"
#include "store/variants.h"

static bool
is_test(const struct delivery *d)
{
	return d->kind == NOTICE_TEST || d->kind == NOTICE_PREVIEW;
}

bool
shared_letter_encode(struct arena *a, const unsigned char key[HASH_SIZE],
    const struct delivery *d, const struct variant *v, struct shared_letter *l,
    struct err *err)
{
	const char *text = variant_key(a, v);

	/* A test must not give away the boundary of the letters that follow it. */
	if (is_test(d))
		text = arena_printf(a, "test %s", text);
	l->key = hash_key_new(key);
	l->encoded = letter_encode(&l->head.common, &l->rendering,
	    token_boundary(a, key, d->span.after, d->span.last, d->part, text), err);
	return l->encoded != NULL;
}

static bool
load(struct run *run, struct arena *a, const unsigned char key[HASH_SIZE],
    const struct delivery *d, enum letter_making making, struct shared_letter *out,
    struct err *err)
{
	const struct rendering_key which = { d->span, d->variant_id, d->part };
	struct variant v;
	bool ok = store_variant_get(run->store, a, d->variant_id, &v, err);

	if (ok && is_test(d) && d->span.last == 0)
		ok = flow_draft_rendering(run, a, d->span.last_id, &v, &out->rendering,
		    &out->issue, &out->head, err);
	else if (ok)
		ok = flow_span_rendering(run, a, &which, making, &out->rendering,
		    &out->issue, &out->head, err);
	if (!ok || !flow_pictures_load(run, a, &out->rendering, err))
		return false;
	if (d->kind == NOTICE_TEST)
		out->rendering.subject =
		    arena_printf(a, "[TEST] %s", out->rendering.subject);
	return shared_letter_encode(a, key, d, &v, out, err);
}

bool
shared_letter_load(struct run *run, struct arena *a, const unsigned char key[HASH_SIZE],
    const struct delivery *d, enum letter_making making, struct shared_letter *out,
    struct err *err)
{
	memset(out, 0, sizeof(*out));
	if (load(run, a, key, d, making, out, err)) {
		out->head.known = arena_array(a, SINCE_DAYS, sizeof(*out->head.known));
		return true;
	}
	shared_letter_clear(out);
	return false;
}

bool
shared_letter_write(const struct shared_letter *l, struct arena *a,
    const struct delivery *d, struct letter_personal *personal, struct buf *out,
    struct err *err)
{
	return flow_letter_personal(a, &l->head, l->key, d, personal, err) &&
	    letter_write(l->encoded, personal, out, err);
}

bool
shared_letter_write_pieces(const struct shared_letter *l, struct arena *a,
    const struct delivery *d, struct letter_personal *personal, struct letter_pieces *out,
    struct err *err)
{
	return flow_letter_personal(a, &l->head, l->key, d, personal, err) &&
	    letter_write_pieces(l->encoded, personal, out, err);
}

void
shared_letter_clear(struct shared_letter *l)
{
	encoded_letter_free(l->encoded);
	l->encoded = NULL;
	hash_key_free(l->key);
	l->key = NULL;
	letterhead_clear(&l->head);
}

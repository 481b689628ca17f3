/* SPDX-License-Identifier: ISC */
/*
 * A text as its difference from another that it has most of its passages in common with, as
 * letters of one issue have.  A compressor finds what is alike within its window of 32 kB; here
 * passages may stand anywhere, in any order.  Compresses nothing: what is new stands as it is.
 */
#ifndef FORMAT_DIFFERENCE_H
#define FORMAT_DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* What a difference takes at most beside the bytes of its text. */
enum { DIFFERENCE_OVER = 64 };

/*
 * Appends how text is made of base.  Never longer than len + DIFFERENCE_OVER.  Takes time in
 * proportion to both lengths; NULL with a length of 0 is an empty text.
 */
void difference_make(const char *base, size_t base_len, const char *text, size_t len,
    struct buf *out);
/*
 * The text that was given to difference_make(), in a, with a NUL behind it.  ERR_STORE when the
 * difference is damaged or was made with another base; ERR_LIMIT above max bytes.
 */
bool difference_apply(struct arena *a, const char *base, size_t base_len,
    const char *bytes, size_t len, size_t max, const char **out, size_t *out_len,
    struct err *err) MUST_CHECK;

#endif

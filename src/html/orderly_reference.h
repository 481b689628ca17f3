/* SPDX-License-Identifier: ISC */
#ifndef HTML_ORDERLY_REFERENCE_H
#define HTML_ORDERLY_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"

/*
 * Appends what the reference that begins with the "&" at text, at most len bytes, stands for.
 * Returns the bytes it was, or 0 when it is one for
 * the parser: an unusual name, none that ends with ";", a number that is no plain character.
 * An "&" that begins no reference is itself (HTML 13.2.5.73).
 */
size_t orderly_reference(const char *text, size_t len, bool in_attribute,
    struct buf *out) MUST_CHECK;

#endif

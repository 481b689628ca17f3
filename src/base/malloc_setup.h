/* SPDX-License-Identifier: ISC */
/* How the C library's malloc is told to work; a library without such a choice is left alone. */
#ifndef BASE_MALLOC_SETUP_H
#define BASE_MALLOC_SETUP_H

#include <stddef.h>

/*
 * For main() alone, before anything else: memory that was freed, up to 64 MB of it, is kept for
 * what comes next, instead of being given back to the system and asked for again with each post.
 * The peak is the same; giving back took a third of the time of cleaning a large post.  So is a
 * text up to 512 kB, such as each of a letter's parts, not mapped by itself, to be unmapped and
 * cleared anew with the next: that took a quarter of the time of a letter.
 */
void malloc_keep_freed(void);
/*
 * Has the system give the next bytes of the heap at once, up to 8 MB, before much is stored that
 * is known to come: page by page, as they are touched, each costs an interruption (on a virtual
 * machine 13 us, ten times what it costs with the others).
 */
void malloc_take_ahead(size_t bytes);

#endif

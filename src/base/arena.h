/* SPDX-License-Identifier: ISC */
/*
 * Memory for things that die together: a parsed feed, a digest.  Nothing is freed alone.
 * Growth past the ceiling ends the program (ceilings on input are checked before; reaching
 * this one is a bug), so the middle of the program has neither free nor a failing malloc.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/attr.h"

struct arena;
struct buf;

struct arena *arena_new(void);
/* Accepts NULL. */
void arena_free(struct arena *a);
/* Forgets everything allocated, keeps one block for reuse. */
void arena_reset(struct arena *a);

/* A moment in the life of an arena, for arena_rewind(). */
struct arena_mark {
	void *block, *behind;
	size_t block_used, used;
};
struct arena_mark arena_mark(const struct arena *a) MUST_CHECK;
/* Forgets what was allocated since the mark; nothing was reset meanwhile. */
void arena_rewind(struct arena *a, struct arena_mark mark);

/* Zeroed, aligned for any type; valid until arena_free or arena_reset. */
void *arena_alloc(struct arena *a, size_t size) MUST_CHECK;
/* Zeroed array; ends the program when count * size overflows. */
void *arena_array(struct arena *a, size_t count, size_t size) MUST_CHECK;
/*
 * The list of `count` elements with room for one more at least: itself, or a zeroed copy twice
 * as long when count has reached a power of two.  For lists that grew by nothing else; NULL
 * with a count of 0 begins one.
 */
void *arena_grow_list(struct arena *a, const void *list, size_t count,
    size_t size) MUST_CHECK;
/* A copy of count elements. */
void *arena_copy(struct arena *a, const void *list, size_t count, size_t size) MUST_CHECK;
/* NULL stays NULL. */
char *arena_strdup(struct arena *a, const char *text);
char *arena_strndup(struct arena *a, const char *text, size_t len) MUST_CHECK;
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3) MUST_CHECK;
/* A copy of the text of a buf, which is cleared. */
char *arena_take(struct arena *a, struct buf *b) MUST_CHECK;
/* The words one behind the other; the list ends with NULL.  Far cheaper than a format. */
char *arena_join(struct arena *a, const char *const *words) MUST_CHECK;

/* Bytes handed out so far. */
size_t arena_used(const struct arena *a);

#endif

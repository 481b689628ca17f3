/* SPDX-License-Identifier: ISC */
/* Which pictures of posts a letter carries: which there are, and for which there is room. */
#ifndef DIGEST_ENTRY_PICTURES_H
#define DIGEST_ENTRY_PICTURES_H

#include <stddef.h>

#include "base/arena.h"
#include "model/model.h"

/*
 * The addresses of the pictures that a letter would show of the entry, in their order, at most
 * max, those that its author draws as small as an icon left out.  *out lives in a.
 */
size_t digest_entry_pictures(struct arena *a, const struct entry *e, size_t max,
    const char *const **out);
/* The same of those whose width or height its author does not say. */
size_t digest_entry_unsized(struct arena *a, const struct entry *e, size_t max,
    const char *const **out);
/* How many of them are of use to a letter. */
size_t digest_pictures_of_a_post(enum images how);
/* Bytes that the file of one may have: half of what all of a letter may take. */
size_t digest_picture_largest(int64_t image_bytes);

/* A picture that a letter could carry: of the post that is so many-th of its source. */
struct picture_wanted {
	const struct carried_picture *picture;
	size_t rank;
	size_t place; /* among the pictures of the post */
};
/*
 * Those of `all` for which there is room, in bytes as they are mailed: everybody's first post
 * before anybody's second, first pictures before second ones, small ones before large.  wanted
 * points into all and is put in that order.  *out, by address, lives in a.
 */
size_t digest_pictures_choose(struct arena *a, const struct carried_picture *all,
    size_t all_count, struct picture_wanted *wanted, size_t count, size_t room,
    const struct carried_picture *const **out);
/* The picture of that address, in a list by address; or NULL. */
const struct carried_picture *digest_picture_find(const struct carried_picture *list,
    size_t count, const char *url);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Pictures that letters may carry, with their bytes, by the address they came from.  One that
 * was stored is never asked for again: a letter can be made again as it was.
 */
#ifndef STORE_PICTURES_H
#define STORE_PICTURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "format/picture.h"

struct store;

/* By what it holds: a hash in lower-case base32. */
enum { PICTURE_NAME_BYTES = 15, PICTURE_NAME = 24 };

struct stored_picture {
	struct picture is; /* its kind, size and length */
	const char *name;  /* PICTURE_NAME characters */
};

/* By which it is stored: PICTURE_NAME characters.  In a. */
const char *store_picture_name(struct arena *a, const char *bytes, size_t len) MUST_CHECK;
/* True when nobody asked for it yet, or in vain fewer than three times. */
bool store_picture_is_wanted(struct store *s, const char *url, bool *wanted,
    struct err *err) MUST_CHECK;
/* is: what picture_read() said of the bytes. */
bool store_picture_put(struct store *s, const char *url, const struct picture *is,
    const char *bytes, int64_t now, struct err *err) MUST_CHECK;
/* Of one that letters show from where it is: its size alone.  What has its bytes stays. */
bool store_picture_size_put(struct store *s, const char *url, const struct picture *is,
    int64_t now, struct err *err) MUST_CHECK;
/* True when its size is not known, and nobody asked, or in vain fewer than three times. */
bool store_picture_size_is_wanted(struct store *s, const char *url, bool *wanted,
    struct err *err) MUST_CHECK;
/* The size of any that is known; out->len is 0 without its bytes. */
bool store_picture_size_find(struct store *s, const char *url, struct picture *out,
    bool *found, struct err *err) MUST_CHECK;
/* It did not come; for_good: it is not asked for again. */
bool store_picture_failed(struct store *s, const char *url, bool for_good, int64_t now,
    struct err *err) MUST_CHECK;
/* Without its bytes.  In a. */
bool store_picture_find(struct store *s, struct arena *a, const char *url,
    struct stored_picture *out, bool *found, struct err *err) MUST_CHECK;
/* Its bytes, out->len of them.  In a. */
bool store_picture_bytes(struct store *s, struct arena *a, const char *name,
    struct picture *out, const char **bytes, bool *found, struct err *err) MUST_CHECK;
/* A letter carries it that was made now: it stays as long as that is kept. */
bool store_picture_used(struct store *s, const char *name, int64_t now,
    struct err *err) MUST_CHECK;
/* Bytes of all that are stored. */
bool store_pictures_size(struct store *s, int64_t *bytes, struct err *err) MUST_CHECK;
/* Drops those that came, and were last put into a letter, before t. */
bool store_pictures_tidy(struct store *s, int64_t t, int64_t *dropped,
    struct err *err) MUST_CHECK;

#endif

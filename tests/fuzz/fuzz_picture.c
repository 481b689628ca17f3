/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as the file of a picture.  Promises: what is one has a size within the limits and
 * ends within the bytes; without its last byte it is none; and words stand where a letter's
 * HTML shows what it does not carry.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "format/picture.h"
#include "html/carried.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
require(bool promise)
{
	if (!promise)
		abort();
}

static void
check_words(const uint8_t *bytes, size_t size)
{
	struct arena *a = arena_new();
	const char *html = arena_strndup(a, (const char *)bytes, size);
	const char *words =
	    html_carried_as_words(a, html, media_words_stored(), NULL, NULL);
	struct carried_tag tag;

	require(words == html || !carried_next(&html, &tag) || strlen(words) > 0);
	arena_free(a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const char *text = (const char *)bytes;
	struct picture is;
	struct picture torn;

	if (picture_read(text, size, &is)) {
		require(is.len <= size && is.len > 0);
		require(is.width >= 1 && is.width <= LIMIT_PICTURE_SIDE);
		require(is.height >= 1 && is.height <= LIMIT_PICTURE_SIDE);
		require(is.width * is.height <= LIMIT_PICTURE_PIXELS);
		require(!picture_read(text, is.len - 1, &torn));
		require(picture_read_head(text, size, &torn));
		require(torn.kind == is.kind);
	}
	if (picture_read_head(text, size, &torn)) {
		require(torn.width >= 1 && torn.width <= LIMIT_PICTURE_SIDE);
		require(torn.height >= 1 && torn.height <= LIMIT_PICTURE_SIDE);
	}
	check_words(bytes, size);
	return 0;
}

/* SPDX-License-Identifier: ISC */
#include "digest/entry_pictures.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/order.h"
#include "base/text.h"
#include "digest/entry_media.h"
#include "format/url.h"
#include "html/images.h"
#include "html/scan.h"

enum { ICON = 48, PART_HEADER = 250, LINE = 76, LINE_END = 2 };

size_t
digest_pictures_of_a_post(enum images how)
{
	if (!images_are_carried(how))
		return 0;
	return how == IMAGES_FIRST ? 1 : LIMIT_PICTURES_A_POST;
}

/* Bytes of a picture of len bytes in a letter: its base64 and its header. */
static size_t
mailed(size_t len)
{
	const size_t encoded = (len + 2) / 3 * 4;

	return encoded + (encoded + LINE - 1) / LINE * LINE_END + PART_HEADER;
}

size_t
digest_picture_largest(int64_t image_bytes)
{
	const size_t half = image_bytes > 0 ? (size_t)image_bytes / 2 : 0;

	/* The way back: base64 with its line ends takes 78 bytes for 57. */
	return half > PART_HEADER + LINE
	    ? (half - PART_HEADER - LINE) / (LINE + LINE_END) * 57
	    : 0;
}

static bool
is_icon(const struct html_token *t)
{
	const long width = token_number(t, "width", ICON);
	const long height = token_number(t, "height", ICON);

	return width < ICON || height < ICON;
}

static bool
is_listed(const char *const *list, size_t count, const char *url)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i], url) == 0)
			return true;
	}
	return false;
}

static size_t
list_pictures(struct arena *a, const struct entry *e, size_t max, bool unsized,
    const char *const **out)
{
	const char *html = media_with_pictures(a, e, text_is_set(e->html) ? e->html : "",
	    IMAGES_INLINE, media_words_stored());
	const char **list = NULL;
	struct html_scan s;
	struct html_token t;
	size_t count = 0;

	*out = NULL;
	if (max == 0 || !strstr(html, "<img "))
		return 0;
	list = arena_array(a, max, sizeof(*list));
	scan_init(&s, html, strlen(html));
	while (count < max && scan_next(&s, &t)) {
		const char *src = NULL;

		if (t.kind != SCAN_START || t.tag != TAG_IMG ||
		    (unsized ? images_has_size(&t) : is_icon(&t)))
			continue;
		src = token_value(a, &t, "src");
		if (src && url_is_web(src) && !is_listed(list, count, src))
			list[count++] = src;
	}
	*out = list;
	return count;
}

size_t
digest_entry_pictures(struct arena *a, const struct entry *e, size_t max,
    const char *const **out)
{
	return list_pictures(a, e, max, false, out);
}

size_t
digest_entry_unsized(struct arena *a, const struct entry *e, size_t max,
    const char *const **out)
{
	return list_pictures(a, e, max, true, out);
}

/* ---- for which there is room ---- */

static int
by_turn(const void *pa, const void *pb)
{
	const struct picture_wanted *a = pa;
	const struct picture_wanted *b = pb;

	if (a->rank != b->rank)
		return ORDER(a->rank, b->rank);
	if (a->place != b->place)
		return ORDER(a->place, b->place);
	if (a->picture->len != b->picture->len)
		return ORDER(a->picture->len, b->picture->len);
	return strcmp(a->picture->url, b->picture->url);
}

static int
by_address(const void *pa, const void *pb)
{
	const struct carried_picture *const *a = pa;
	const struct carried_picture *const *b = pb;

	return strcmp((*a)->url, (*b)->url);
}

size_t
digest_pictures_choose(struct arena *a, const struct carried_picture *all,
    size_t all_count, struct picture_wanted *wanted, size_t count, size_t room,
    const struct carried_picture *const **out)
{
	const struct carried_picture **list = arena_array(a, count, sizeof(*list));
	bool *is_taken = arena_array(a, all_count, sizeof(*is_taken));
	size_t n = 0;

	list_sort(wanted, count, sizeof(*wanted), by_turn);
	for (size_t i = 0; i < count; i++) {
		const struct carried_picture *one = wanted[i].picture;
		const size_t bytes = mailed(one->len);

		if (bytes > room || is_taken[one - all])
			continue;
		room -= bytes;
		is_taken[one - all] = true;
		list[n++] = one;
	}
	list_sort(list, n, sizeof(const struct carried_picture *), by_address);
	*out = list;
	return n;
}

static int
is_at(const void *key, const void *element)
{
	const struct carried_picture *p = element;

	return strcmp(key, p->url);
}

const struct carried_picture *
digest_picture_find(const struct carried_picture *list, size_t count, const char *url)
{
	return count > 0 ? bsearch(url, list, count, sizeof(*list), is_at) : NULL;
}

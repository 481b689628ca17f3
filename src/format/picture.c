/* SPDX-License-Identifier: ISC */
#include "format/picture.h"

#include <stdint.h>
#include <string.h>

#include "base/attr.h"
#include "base/limits.h"

/* Bytes that are read from their beginning; a read beyond the end fails once and for all. */
struct reading {
	const unsigned char *at;
	size_t left;
	bool ok;
};

static const unsigned char *
take(struct reading *r, size_t n)
{
	static const unsigned char zeros[16] = { 0 };
	const unsigned char *p = r->at;

	if (!r->ok || n > r->left) {
		r->ok = false;
		return zeros;
	}
	r->at += n;
	r->left -= n;
	return p;
}

/* n bytes, at most 4, the highest first. */
static uint32_t
big(struct reading *r, size_t n)
{
	const unsigned char *p = take(r, n);
	uint32_t value = 0;

	for (size_t i = 0; i < n; i++)
		value = value << 8 | p[i];
	return value;
}

/* The lowest first. */
static uint32_t
little(struct reading *r, size_t n)
{
	const unsigned char *p = take(r, n);
	uint32_t value = 0;

	for (size_t i = n; i > 0; i--)
		value = value << 8 | p[i - 1];
	return value;
}

static bool
begins(struct reading *r, const void *magic, size_t len)
{
	const unsigned char *p = take(r, len);

	return r->ok && memcmp(p, magic, len) == 0;
}

static bool
set_size(struct picture *out, uint32_t width, uint32_t height)
{
	if (width < 1 || height < 1 || width > LIMIT_PICTURE_SIDE ||
	    height > LIMIT_PICTURE_SIDE || width * height > LIMIT_PICTURE_PIXELS)
		return false;
	out->width = (int)width;
	out->height = (int)height;
	return true;
}

/* ---- PNG ---- */

enum { DEPTH_MOST = 16 };

static bool
read_png_head(struct reading *r, struct picture *out)
{
	static const unsigned char chunk[8] = { 0, 0, 0, 13, 'I', 'H', 'D', 'R' };
	/* By type of colour: the bit depths that it may have, a bit each. */
	static const uint32_t depths[7] = { 0x10116, 0, 0x10100, 0x116, 0x10100, 0,
		0x10100 };
	uint32_t width = 0;
	uint32_t height = 0;
	uint32_t depth = 0;
	uint32_t colour = 0;

	if (!begins(r, chunk, sizeof(chunk)))
		return false;
	width = big(r, 4);
	height = big(r, 4);
	depth = big(r, 1);
	colour = big(r, 1);
	if (depth > DEPTH_MOST || colour >= ARRAY_LEN(depths) ||
	    !(depths[colour] & 1U << depth))
		return false;
	if (big(r, 2) != 0 || big(r, 1) > 1)
		return false;
	(void)take(r, 4);
	return r->ok && set_size(out, width, height);
}

static bool
read_png(struct reading *r, struct picture *out)
{
	bool has_data = false;

	if (!read_png_head(r, out))
		return false;
	while (r->ok) {
		const uint32_t len = big(r, 4);
		const unsigned char *name = take(r, 4);

		(void)take(r, len);
		(void)take(r, 4);
		has_data = has_data || (memcmp(name, "IDAT", 4) == 0 && len > 0);
		if (memcmp(name, "IEND", 4) == 0)
			return r->ok && has_data && len == 0;
	}
	return false;
}

/* ---- JPEG ---- */

enum jpeg_marker {
	JPEG_SOI = 0xD8,
	JPEG_EOI = 0xD9,
	JPEG_SOS = 0xDA,
	JPEG_TEM = 0x01,
	JPEG_RST_FIRST = 0xD0,
	JPEG_RST_LAST = 0xD7
};

/* SOF0 to SOF15: all of that row but DHT, JPG and DAC. */
static bool
is_frame(uint32_t marker)
{
	return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 &&
	    marker != 0xCC;
}

static bool
is_restart(uint32_t marker)
{
	return marker >= JPEG_RST_FIRST && marker <= JPEG_RST_LAST;
}

/* Behind the header of a scan: up to the next marker that is not of its data, if there is one. */
static void
skip_scan(struct reading *r)
{
	while (r->left >= 2) {
		const unsigned char *found = memchr(r->at, 0xFF, r->left - 1);

		if (!found)
			return;
		(void)take(r, (size_t)(found - r->at));
		if (r->at[1] != 0 && r->at[1] != 0xFF && !is_restart(r->at[1]))
			return;
		(void)take(r, 1);
	}
}

/* The marker that comes, behind any number of fill bytes. */
static uint32_t
next_marker(struct reading *r)
{
	uint32_t marker = 0;

	if (big(r, 1) != 0xFF)
		r->ok = false;
	do {
		marker = big(r, 1);
	} while (r->ok && marker == 0xFF);
	return marker;
}

static bool
read_jpeg_segment(struct reading *r, uint32_t marker, struct picture *out)
{
	const uint32_t len = big(r, 2);
	struct reading segment = { r->at, len - 2, true };

	if (len < 2 || len - 2 > r->left)
		return false;
	(void)take(r, (size_t)len - 2);
	if (!is_frame(marker))
		return true;
	/* One frame: of several nobody says which is shown. */
	if (out->width != 0)
		return false;
	(void)big(&segment, 1);
	const uint32_t height = big(&segment, 2);
	const uint32_t width = big(&segment, 2);
	const uint32_t components = big(&segment, 1);

	return segment.ok && components >= 1 && components <= 4 &&
	    segment.left == (size_t)components * 3 && set_size(out, width, height);
}

/* Up to the frame, which says the size. */
static bool
read_jpeg_head(struct reading *r, struct picture *out)
{
	while (r->ok && out->width == 0) {
		const uint32_t marker = next_marker(r);

		if (!r->ok || marker == 0 || marker == JPEG_SOI || marker == JPEG_EOI ||
		    marker == JPEG_SOS)
			return false;
		if (marker != JPEG_TEM && !is_restart(marker) &&
		    !read_jpeg_segment(r, marker, out))
			return false;
	}
	return r->ok;
}

static bool
read_jpeg(struct reading *r, struct picture *out)
{
	bool has_data = false;

	for (;;) {
		const uint32_t marker = next_marker(r);

		if (!r->ok || marker == 0 || marker == JPEG_SOI)
			return false;
		if (marker == JPEG_EOI)
			return has_data;
		if (marker == JPEG_TEM || is_restart(marker))
			continue;
		if (!read_jpeg_segment(r, marker, out))
			return false;
		if (marker != JPEG_SOS)
			continue;
		if (out->width == 0)
			return false;
		has_data = true;
		skip_scan(r);
	}
}

/* ---- GIF ---- */

enum { GIF_EXTENSION = 0x21, GIF_IMAGE = 0x2C, GIF_END = 0x3B, GIF_HAS_COLOURS = 0x80 };

/* A table of colours, where the flags say that there is one. */
static void
skip_colours(struct reading *r, uint32_t flags)
{
	if (flags & GIF_HAS_COLOURS)
		(void)take(r, (size_t)3 << ((flags & 7) + 1));
}

static void
skip_blocks(struct reading *r)
{
	uint32_t len = 0;

	do {
		len = big(r, 1);
		(void)take(r, (size_t)len);
	} while (r->ok && len > 0);
}

/* An image of it lies on its screen. */
static bool
read_gif_image(struct reading *r, const struct picture *screen)
{
	const uint32_t left = little(r, 2);
	const uint32_t top = little(r, 2);
	const uint32_t width = little(r, 2);
	const uint32_t height = little(r, 2);

	skip_colours(r, big(r, 1));
	if (big(r, 1) > 11) /* the first size of codes; 12 bits are the most */
		return false;
	skip_blocks(r);
	return r->ok && left + width <= (uint32_t)screen->width &&
	    top + height <= (uint32_t)screen->height;
}

static bool
read_gif_head(struct reading *r, struct picture *out)
{
	const uint32_t width = little(r, 2);
	const uint32_t height = little(r, 2);
	const uint32_t flags = big(r, 1);

	(void)take(r, 2);
	skip_colours(r, flags);
	return r->ok && set_size(out, width, height);
}

static bool
read_gif(struct reading *r, struct picture *out)
{
	bool has_image = false;

	if (!read_gif_head(r, out))
		return false;
	while (r->ok) {
		const uint32_t kind = big(r, 1);

		if (r->ok && kind == GIF_END)
			return has_image;
		if (kind == GIF_EXTENSION) {
			(void)big(r, 1);
			skip_blocks(r);
		} else if (kind != GIF_IMAGE || !read_gif_image(r, out)) {
			return false;
		} else {
			has_image = true;
		}
	}
	return false;
}

/* ---- WebP ---- */

/* The size in a chunk that says it; false for one that does not, or wrongly. */
static bool
read_webp_size(const unsigned char *name, struct reading *chunk, struct picture *out)
{
	static const unsigned char start[3] = { 0x9D, 0x01, 0x2A };
	uint32_t width = 0;
	uint32_t height = 0;

	if (memcmp(name, "VP8X", 4) == 0) {
		(void)take(chunk, 4);
		width = little(chunk, 3) + 1;
		height = little(chunk, 3) + 1;
	} else if (memcmp(name, "VP8L", 4) == 0) {
		if (big(chunk, 1) != 0x2F)
			return false;
		const uint32_t bits = little(chunk, 4);

		width = (bits & 0x3FFF) + 1;
		height = (bits >> 14 & 0x3FFF) + 1;
		if (bits >> 29 != 0)
			return false;
	} else if (memcmp(name, "VP8 ", 4) == 0) {
		if (little(chunk, 3) & 1 || !begins(chunk, start, sizeof(start)))
			return false;
		width = little(chunk, 2) & 0x3FFF;
		height = little(chunk, 2) & 0x3FFF;
	}
	return chunk->ok && set_size(out, width, height);
}

static bool
is_webp_data(const unsigned char *name)
{
	return memcmp(name, "VP8 ", 4) == 0 || memcmp(name, "VP8L", 4) == 0 ||
	    memcmp(name, "ANMF", 4) == 0;
}

/* The first chunk says it, of which more than the beginning need not be there. */
static bool
read_webp_head(struct reading *r, struct picture *out)
{
	const unsigned char *name = NULL;
	struct reading chunk;

	(void)take(r, 4);
	if (!begins(r, "WEBP", 4))
		return false;
	name = take(r, 4);
	(void)take(r, 4);
	chunk = *r;
	return r->ok && read_webp_size(name, &chunk, out) && out->width > 0;
}

static bool
read_webp(struct reading *r, struct picture *out)
{
	const uint32_t size = little(r, 4);
	bool has_data = false;

	if (!r->ok || size > r->left)
		return false;
	struct reading file = { r->at, size, true };

	(void)take(r, (size_t)size);
	if (!begins(&file, "WEBP", 4))
		return false;
	while (file.left > 0) {
		const unsigned char *name = take(&file, 4);
		const uint32_t len = little(&file, 4);
		struct reading chunk = { file.at, len, true };

		if (!file.ok || len > file.left)
			return false;
		if (out->width == 0 && !read_webp_size(name, &chunk, out))
			return false;
		has_data = has_data || is_webp_data(name);
		(void)take(&file, (size_t)len);
		/* Chunks begin at even places. */
		if (len % 2 == 1)
			(void)take(&file, 1);
	}
	return file.ok && has_data;
}

/* ---- any ---- */

typedef bool (*picture_reader)(struct reading *r, struct picture *out);

static const struct {
	const char *magic;
	size_t len;
	enum picture_kind kind;
	picture_reader whole, head;
} kinds[] = {
	{ "\x89PNG\r\n\x1a\n", 8, PICTURE_PNG, read_png, read_png_head },
	{ "\xff\xd8", 2, PICTURE_JPEG, read_jpeg, read_jpeg_head },
	{ "GIF87a", 6, PICTURE_GIF, read_gif, read_gif_head },
	{ "GIF89a", 6, PICTURE_GIF, read_gif, read_gif_head },
	{ "RIFF", 4, PICTURE_WEBP, read_webp, read_webp_head },
};

static bool
read_any(const char *bytes, size_t len, bool whole, struct picture *out)
{
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct reading r = { (const unsigned char *)bytes, len, true };
		const picture_reader reader = whole ? kinds[i].whole : kinds[i].head;

		if (!begins(&r, kinds[i].magic, kinds[i].len))
			continue;
		out->kind = kinds[i].kind;
		if (!reader(&r, out) || !r.ok)
			return false;
		out->len = whole ? len - r.left : 0;
		return true;
	}
	return false;
}

bool
picture_read(const char *bytes, size_t len, struct picture *out)
{
	return read_any(bytes, len, true, out);
}

bool
picture_read_head(const char *bytes, size_t len, struct picture *out)
{
	return read_any(bytes, len, false, out);
}

const char *
picture_type(enum picture_kind kind)
{
	static const char *const types[] = { [PICTURE_PNG] = "image/png",
		[PICTURE_JPEG] = "image/jpeg",
		[PICTURE_GIF] = "image/gif",
		[PICTURE_WEBP] = "image/webp" };

	return types[kind];
}

const char *
picture_ending(enum picture_kind kind)
{
	static const char *const endings[] = { [PICTURE_PNG] = "png",
		[PICTURE_JPEG] = "jpg",
		[PICTURE_GIF] = "gif",
		[PICTURE_WEBP] = "webp" };

	return endings[kind];
}

/* SPDX-License-Identifier: ISC */
/*
 * What files of pictures say of themselves: whole ones of each kind, written byte by byte, each
 * cut off at each of its bytes, and ones that contradict themselves.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/limits.h"
#include "format/picture.h"
#include "unit/guarded.h"

#define BYTES(text) text, sizeof(text) - 1

#define PNG "\x89PNG\r\n\x1a\n"
#define CRC "CRC!"
#define IHDR(width, height, rest) "\0\0\0\x0dIHDR" width height rest CRC
#define IDAT \
	"\0\0\0\x03" \
	"IDAT" \
	"abc" CRC
#define IEND "\0\0\0\0IEND" CRC
#define RGB "\x08\x02\0\0\0"

#define SOI "\xff\xd8"
#define APP0 \
	"\xff\xe0\0\x04" \
	"JF"
#define SOF(kind, height, width) \
	"\xff" kind "\0\x0b\x08" height width "\x01" \
	"\x01\x11\0"
#define SOS "\xff\xda\0\x08\x01\x01\0\0\x3f\0"
#define SCAN "data\xff\0more\xff\xd0last"
#define EOI "\xff\xd9"

#define GIF "GIF89a"
#define SCREEN \
	"\x40\0\x30\0\x80\0\0" \
	"rgbRGB"
#define COMMENT \
	"!\xfe\x03" \
	"abc" \
	"\0"
#define IMAGE(left, width) \
	"," left "\0\0" width "\x30\0\0" \
	"\x02" \
	"\x02" \
	"ab" \
	"\0"
#define END ";"

/* 30 and 18 bytes behind the size. */
#define WEBP(size) "RIFF" size "WEBP"
#define VP8 \
	"VP8 \x0a\0\0\0" \
	"\x10\0\0" \
	"\x9d\x01\x2a" \
	"\x90\x41\x0a\x80"
#define VP8L \
	"VP8L\x05\0\0\0" \
	"\x2f" \
	"\x3f\xc0\x0b\x10" \
	"\0"
#define VP8X \
	"VP8X\x0a\0\0\0" \
	"\0\0\0\0" \
	"\x8f\x01\0" \
	"\x2b\x01\0"

struct whole {
	const char *name;
	const char *bytes;
	size_t len;
	enum picture_kind kind;
	int width, height;
	size_t head; /* bytes up to where its size is known */
};

static const struct whole whole[] = {
	{ "png", BYTES(PNG IHDR("\0\0\x04\xb0", "\0\0\x01\x2c", RGB) IDAT IEND),
	    PICTURE_PNG, 1200, 300, 33 },
	{ "png of a pixel, one bit deep",
	    BYTES(PNG IHDR("\0\0\0\x01", "\0\0\0\x01", "\x01\0\0\0\x01") IDAT IDAT IEND),
	    PICTURE_PNG, 1, 1, 33 },
	{ "png of the longest side",
	    BYTES(PNG IHDR("\0\0\x40\0", "\0\0\0\x02", "\x10\x06\0\0\0") IDAT IEND),
	    PICTURE_PNG, LIMIT_PICTURE_SIDE, 2, 33 },
	{ "png as high as one may be",
	    BYTES(PNG IHDR("\0\0\0\x02", "\0\0\x40\0", RGB) IDAT IEND), PICTURE_PNG, 2,
	    LIMIT_PICTURE_SIDE, 33 },
	{ "png with a byte of data, and what is nearly an end",
	    BYTES(PNG IHDR("\0\0\0\x02", "\0\0\0\x03", RGB) "\0\0\0\x01IDATx" CRC
							    "\0\0\0\0IENX" CRC IEND),
	    PICTURE_PNG, 2, 3, 33 },
	{ "png of the most pixels",
	    BYTES(PNG IHDR("\0\0\x1f\x40", "\0\0\x0f\xa0", RGB) IDAT IEND), PICTURE_PNG,
	    8000, 4000, 33 },
	{ "jpeg", BYTES(SOI APP0 SOF("\xc0", "\0\xb4", "\x01\x40") SOS SCAN EOI),
	    PICTURE_JPEG, 320, 180, 21 },
	{ "progressive jpeg, two scans, fill bytes",
	    BYTES(SOI SOF("\xc2", "\0\x02", "\0\x03") SOS SCAN "\xff\xff\xff"
							       "\xc4\0\x02" SOS "x" EOI),
	    PICTURE_JPEG, 3, 2, 15 },
	{ "jpeg of four components",
	    BYTES(SOI "\xff\xc0\0\x14\x08\0\x05\x01\x04\x04"
		      "\x01\x11\0\x02\x11\0\x03\x11\0\x04\x11\0" SOS SCAN EOI),
	    PICTURE_JPEG, 260, 5, 24 },
	{ "jpeg with marks that have no segment",
	    BYTES(SOI "\xff\xd0\xff\xd7\xff\x01\xff" SOF("\xcf", "\0\x02", "\0\x03") SOS
		"a\xff\xd7z\xff\xff\xd1" EOI),
	    PICTURE_JPEG, 3, 2, 22 },
	{ "jpeg with a fill byte before its end",
	    BYTES(SOI SOF("\xc0", "\0\x02", "\0\x03") SOS "a\xff\0b\xff" EOI),
	    PICTURE_JPEG, 3, 2, 15 },
	{ "png with an empty chunk of data behind",
	    BYTES(PNG IHDR("\0\0\0\x02", "\0\0\0\x03", "\x08\x03\0\0\0") IDAT
		"\0\0\0\0IDAT" CRC IEND),
	    PICTURE_PNG, 2, 3, 33 },
	{ "gif without colours of its screen",
	    BYTES(GIF "\x40\x01\x30\x02\x07\0\0"
		      ",\0\0\0\0\x40\x01\x30\x02\x80"
		      "rgbRGB"
		      "\x0b"
		      "\0" END),
	    PICTURE_GIF, 320, 560, 13 },
	{ "gif of four colours",
	    BYTES(GIF "\x02\0\x02\0\x81\0\0"
		      "rgbrgbrgbrgb"
		      ",\x01\0\x01\0\x01\0\x01\0\x81"
		      "rgbrgbrgbrgb"
		      "\x02"
		      "\x01"
		      "a"
		      "\x02"
		      "ab"
		      "\0" END),
	    PICTURE_GIF, 2, 2, 25 },
	{ "webp with a chunk of odd length between",
	    BYTES(WEBP("\x32\0\0\0") VP8X "EXIF\x01\0\0\0"
					  "x\0" VP8),
	    PICTURE_WEBP, 400, 300, 30 },
	{ "webp that moves",
	    BYTES(WEBP("\x20\0\0\0") "VP8X\x0a\0\0\0"
				     "\0\0\0\0"
				     "\xff\x3f\0"
				     "\0\0\0"
				     "ANMF\x02\0\0\0"
				     "ab"),
	    PICTURE_WEBP, 16384, 1, 30 },
	{ "gif", BYTES(GIF SCREEN COMMENT IMAGE("\0\0", "\x40\0") END), PICTURE_GIF, 64,
	    48, 19 },
	{ "older gif of two images",
	    BYTES("GIF87a" SCREEN IMAGE("\0\0", "\x10\0") IMAGE("\x30\0", "\x10\0") END),
	    PICTURE_GIF, 64, 48, 19 },
	{ "webp", BYTES(WEBP("\x16\0\0\0") VP8), PICTURE_WEBP, 400, 10, 30 },
	{ "webp without loss", BYTES(WEBP("\x12\0\0\0") VP8L), PICTURE_WEBP, 64, 48, 25 },
	{ "webp with more in it", BYTES(WEBP("\x28\0\0\0") VP8X VP8), PICTURE_WEBP, 400,
	    300, 30 },
};

static void
a_whole_one_says_kind_size_and_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(whole); i++) {
		const struct whole *w = &whole[i];
		struct picture got;

		if (!picture_read(w->bytes, w->len, &got))
			fail_msg("%s is not read", w->name);
		if (got.kind != w->kind || got.width != w->width ||
		    got.height != w->height || got.len != w->len)
			fail_msg("%s: got %s, %d x %d, %zu bytes", w->name,
			    picture_type(got.kind), got.width, got.height, got.len);
	}
}

static void
its_beginning_says_kind_and_size(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(whole); i++) {
		const struct whole *w = &whole[i];

		for (size_t len = 0; len <= w->len; len++) {
			struct picture got;
			const bool is =
			    picture_read_head(guarded(w->bytes, len), len, &got);

			if (is != (len >= w->head))
				fail_msg("%s of %zu bytes", w->name, len);
			if (is &&
			    (got.kind != w->kind || got.width != w->width ||
				got.height != w->height || got.len != 0))
				fail_msg("%s: got %s, %d x %d", w->name,
				    picture_type(got.kind), got.width, got.height);
		}
	}
}

static void
what_follows_the_end_is_no_part_of_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(whole); i++) {
		char longer[200];
		struct picture got;

		memcpy(longer, whole[i].bytes, whole[i].len);
		memcpy(longer + whole[i].len, "PK\3\4", 4);
		if (!picture_read(guarded(longer, whole[i].len + 4), whole[i].len + 4,
			&got) ||
		    got.len != whole[i].len)
			fail_msg("%s, and more behind it", whole[i].name);
	}
}

static void
a_torn_one_is_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(whole); i++) {
		for (size_t len = 0; len < whole[i].len; len++) {
			struct picture got;

			if (picture_read(guarded(whole[i].bytes, len), len, &got))
				fail_msg("%s of %zu bytes", whole[i].name, len);
		}
	}
}

static const struct {
	const char *name;
	const char *bytes;
	size_t len;
} bad[] = {
	{ "nothing", BYTES("") },
	{ "svg", BYTES("<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>") },
	{ "a page", BYTES("<html>GIF89a</html>") },
	{ "bmp", BYTES("BM\x46\0\0\0\0\0\0\0\x36\0\0\0") },
	{ "png without width", BYTES(PNG IHDR("\0\0\0\0", "\0\0\0\x01", RGB) IDAT IEND) },
	{ "png without height",
	    BYTES(PNG IHDR("\0\0\0\x01", "\0\0\0\0", RGB) IDAT IEND) },
	{ "png higher than 16384",
	    BYTES(PNG IHDR("\0\0\0\x01", "\0\0\x40\x01", RGB) IDAT IEND) },
	{ "png of the eighth kind of colours",
	    BYTES(PNG IHDR("\0\0\0\x01", "\0\0\0\x01", "\x08\x07\0\0\0") IDAT IEND) },
	{ "png of the second, which is none",
	    BYTES(PNG IHDR("\0\0\0\x01", "\0\0\0\x01", "\0\x01\0\0\0") IDAT IEND) },
	{ "png of the sixth, which is none",
	    BYTES(PNG IHDR("\0\0\0\x01", "\0\0\0\x01", "\0\x05\0\0\0") IDAT IEND) },
	{ "png of no depth",
	    BYTES(PNG IHDR("\0\0\0\x01", "\0\0\0\x01", "\0\x02\0\0\0") IDAT IEND) },
	{ "png of a depth of 32",
	    BYTES(PNG IHDR("\0\0\0\x01", "\0\0\0\x01", "\x20\0\0\0\0") IDAT IEND) },
	{ "png filtered otherwise",
	    BYTES(PNG IHDR("\0\0\0\x01", "\0\0\0\x01", "\x08\x02\0\x01\0") IDAT IEND) },
	{ "png interlaced otherwise",
	    BYTES(PNG IHDR("\0\0\0\x01", "\0\0\0\x01", "\x08\x02\0\0\x02") IDAT IEND) },
	{ "png whose data are empty",
	    BYTES(PNG IHDR("\0\0\0\x01", "\0\0\0\x01", RGB) "\0\0\0\0IDAT" CRC IEND) },
	{ "png whose end is not empty",
	    BYTES(PNG IHDR("\0\0\0\x01", "\0\0\0\x01", RGB) IDAT "\0\0\0\x01IENDx" CRC) },
	{ "png wider than 16384",
	    BYTES(PNG IHDR("\0\0\x40\x01", "\0\0\0\x01", RGB) IDAT IEND) },
	{ "png of too many pixels",
	    BYTES(PNG IHDR("\0\0\x40\0", "\0\0\x40\0", RGB) IDAT IEND) },
	{ "png of a depth that colours do not have",
	    BYTES(PNG IHDR("\0\0\0\x01", "\0\0\0\x01", "\x01\x02\0\0\0") IDAT IEND) },
	{ "png of no colour that there is",
	    BYTES(PNG IHDR("\0\0\0\x01", "\0\0\0\x01", "\x08\x05\0\0\0") IDAT IEND) },
	{ "png packed otherwise",
	    BYTES(PNG IHDR("\0\0\0\x01", "\0\0\0\x01", "\x08\x02\x01\0\0") IDAT IEND) },
	{ "png with what is nearly data",
	    BYTES(PNG IHDR("\0\0\0\x01", "\0\0\0\x01", RGB) "\0\0\0\x01IDAXx" CRC IEND) },
	{ "png without data", BYTES(PNG IHDR("\0\0\0\x01", "\0\0\0\x01", RGB) IEND) },
	{ "png whose header is not first",
	    BYTES(PNG IDAT IHDR("\0\0\0\x01", "\0\0\0\x01", RGB) IEND) },
	{ "png with a chunk longer than the file",
	    BYTES(PNG IHDR("\0\0\0\x01", "\0\0\0\x01", RGB) "\xff\xff\xff\xff"
							    "IDAT"
							    "abc" CRC IEND) },
	{ "jpeg without height", BYTES(SOI SOF("\xc0", "\0\0", "\0\x01") SOS SCAN EOI) },
	{ "jpeg without a frame", BYTES(SOI SOS SCAN EOI) },
	{ "jpeg without a scan", BYTES(SOI SOF("\xc0", "\0\x01", "\0\x01") EOI) },
	{ "jpeg of two frames",
	    BYTES(SOI SOF("\xc0", "\0\x01", "\0\x01") SOF("\xc0", "\0\x02", "\0\x02")
		    SOS SCAN EOI) },
	{ "jpeg whose frame is too short",
	    BYTES(SOI "\xff\xc0\0\x08\x08\0\x01\0\x01\x01" SOS SCAN EOI) },
	{ "jpeg of no component",
	    BYTES(SOI "\xff\xc0\0\x08\x08\0\x01\0\x01\0" SOS SCAN EOI) },
	{ "jpeg of five components",
	    BYTES(
		SOI "\xff\xc0\0\x17\x08\0\x01\0\x01\x05"
		    "\x01\x11\0\x02\x11\0\x03\x11\0\x04\x11\0\x05\x11\0" SOS SCAN EOI) },
	{ "jpeg with a segment of one byte", BYTES(SOI "\xff\xe0\0\x01" EOI) },
	{ "jpeg within itself", BYTES(SOI SOI EOI) },
	{ "jpeg within itself, behind its scan",
	    BYTES(SOI SOF("\xc0", "\0\x01", "\0\x01") SOS SCAN SOI EOI) },
	{ "jpeg with an escape where a marker is due",
	    BYTES(SOI "\xff\0\0\x02" SOF("\xc0", "\0\x01", "\0\x01") SOS SCAN EOI) },
	{ "jpeg without a marker",
	    BYTES(SOI "\xfe\xe0\0\x02" SOF("\xc0", "\0\x01", "\0\x01") SOS SCAN EOI) },
	{ "jpeg with a segment of no bytes",
	    BYTES(SOI "\xff\xe0\0\0" SOF("\xc0", "\0\x01", "\0\x01") SOS SCAN EOI) },
	{ "jpeg whose frame is too long",
	    BYTES(SOI "\xff\xc0\0\x0c\x08\0\x01\0\x01\x01\x01\x11\0\0" SOS SCAN EOI) },
	{ "gif without an image", BYTES(GIF SCREEN END) },
	{ "gif with an image beside its screen",
	    BYTES(GIF SCREEN IMAGE("\x01\0", "\x40\0") END) },
	{ "gif with an image below its screen",
	    BYTES(GIF SCREEN ",\0\0\x01\0\x40\0\x30\0\0"
			     "\x02"
			     "\0" END) },
	{ "gif with another block", BYTES(GIF SCREEN "?" IMAGE("\0\0", "\x40\0") END) },
	{ "gif with codes of 12 bits at first",
	    BYTES(GIF SCREEN ",\0\0\0\0\x40\0\x30\0\0"
			     "\x0c"
			     "\0" END) },
	{ "riff that is sound", BYTES("RIFF\x16\0\0\0WAVE" VP8) },
	{ "webp with a byte behind its last chunk", BYTES(WEBP("\x17\0\0\0") VP8 "x") },
	{ "webp of what is nearly a picture",
	    BYTES(WEBP("\x16\0\0\0") "VP8Z\x0a\0\0\0"
				     "\x10\0\0\x9d\x01\x2a\x90\x01\x0a\0") },
	{ "webp with what is nearly a frame",
	    BYTES(WEBP("\x20\0\0\0") VP8X "ANMX\x02\0\0\0"
					  "ab") },
	{ "webp longer than the file", BYTES(WEBP("\x17\0\0\0") VP8) },
	{ "webp of a canvas alone", BYTES(WEBP("\x16\0\0\0") VP8X) },
	{ "webp of a canvas and its transparency",
	    BYTES(WEBP("\x20\0\0\0") VP8X "ALPH\x02\0\0\0"
					  "ab") },
	{ "webp that begins with colours",
	    BYTES(WEBP("\x20\0\0\0") "ICCP\x02\0\0\0"
				     "ab" VP8) },
	{ "webp without loss of another mark",
	    BYTES(WEBP("\x12\0\0\0") "VP8L\x05\0\0\0"
				     "\x2e"
				     "\x3f\xc0\x0b\x10"
				     "\0") },
	{ "webp of another start",
	    BYTES(WEBP("\x16\0\0\0") "VP8 \x0a\0\0\0"
				     "\x10\0\0\x9d\x01\x2b\x90\x01\x0a\0") },
	{ "webp with a chunk longer than it",
	    BYTES(WEBP("\x16\0\0\0") "VP8 \x0b\0\0\0"
				     "\x10\0\0\x9d\x01\x2a\x90\x01\x0a\0") },
	{ "webp that begins with another frame",
	    BYTES(WEBP("\x16\0\0\0") "VP8 \x0a\0\0\0"
				     "\x11\0\0\x9d\x01\x2a\x90\x01\x0a\0") },
	{ "webp without loss of a later version",
	    BYTES(WEBP("\x12\0\0\0") "VP8L\x05\0\0\0"
				     "\x2f"
				     "\x3f\xc0\x0b\x30"
				     "\0") },
};

static void
what_contradicts_itself_is_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct picture got;

		if (picture_read(guarded(bad[i].bytes, bad[i].len), bad[i].len, &got))
			fail_msg("%s is taken for a %s", bad[i].name,
			    picture_type(got.kind));
	}
}

/* SOF0 to SOF15 are frames, but for three of that row. */
static void
frames_have_their_markers(void **state)
{
	static const char frames[] =
	    "\xc0\xc1\xc2\xc3\xc5\xc6\xc7\xc9\xca\xcb\xcd\xce\xcf";

	(void)state;
	for (int marker = 2; marker < 0xFF; marker++) {
		char file[] = SOI SOF("?", "\0\x02", "\0\x03") SOS SCAN EOI;
		const bool is_frame = strchr(frames, marker) != NULL;
		struct picture got;

		file[3] = (char)marker;
		if (picture_read(file, sizeof(file) - 1, &got) != is_frame ||
		    picture_read_head(file, sizeof(file) - 1, &got) != is_frame)
			fail_msg("marker %02X", (unsigned)marker);
	}
}

/* Of these nothing says the size before something else must have. */
static void
a_beginning_that_contradicts_itself_is_none(void **state)
{
	static const struct {
		const char *name;
		const char *bytes;
		size_t len;
	} cases[] = {
#define FRAME SOF("\xc0", "\0\x01", "\0\x01")
		{ "an escape", BYTES(SOI "\xff\0\0\x02" FRAME) },
		{ "another beginning", BYTES(SOI "\xff\xd8\0\x02" FRAME) },
		{ "an end", BYTES(SOI "\xff\xd9\0\x02" FRAME) },
		{ "a scan", BYTES(SOI "\xff\xda\0\x02" FRAME) },
		{ "no marker", BYTES(SOI "\xfe\xe0\0\x02" FRAME) },
		{ "a width of none", BYTES(PNG IHDR("\0\0\0\0", "\0\0\0\1", RGB)) },
		{ "another chunk", BYTES(PNG "\0\0\0\x0dIHDS\0\0\0\1\0\0\0\1" RGB CRC) },
		{ "a longer one", BYTES(PNG "\0\0\0\x0eIHDR\0\0\0\1\0\0\0\1" RGB CRC) },
		{ "a depth of 32",
		    BYTES(PNG IHDR("\0\0\0\1", "\0\0\0\1", "\x20\0\0\0\0")) },
		{ "colours that there are not",
		    BYTES(PNG IHDR("\0\0\0\1", "\0\0\0\1", "\x08\x07\0\0\0")) },
		{ "another packing",
		    BYTES(PNG IHDR("\0\0\0\1", "\0\0\0\1", "\x08\x02\1\0\0")) },
		{ "lines in another order",
		    BYTES(PNG IHDR("\0\0\0\1", "\0\0\0\1", "\x08\x02\0\0\2")) },
		{ "a segment of a byte", BYTES(SOI "\xff\xe0\0\x01" FRAME) },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct picture got;

		if (picture_read_head(cases[i].bytes, cases[i].len, &got))
			fail_msg("%s: %d x %d", cases[i].name, got.width, got.height);
	}
}

/* As many rows of the longest as are below 32 million, and one more. */
static void
a_picture_has_a_most_of_pixels(void **state)
{
	char file[] = PNG IHDR("\0\0\x40\0", "\0\0??", RGB) IDAT IEND;
	struct picture got;

	(void)state;
	for (int more = 0; more <= 1; more++) {
		const int rows = LIMIT_PICTURE_PIXELS / LIMIT_PICTURE_SIDE + more;

		file[22] = (char)(rows >> 8);
		file[23] = (char)(rows & 255);
		assert_int_equal(picture_read(file, sizeof(file) - 1, &got), !more);
	}
}

static void
kinds_have_types_and_endings(void **state)
{
	(void)state;
	assert_string_equal(picture_type(PICTURE_JPEG), "image/jpeg");
	assert_string_equal(picture_ending(PICTURE_JPEG), "jpg");
	assert_string_equal(picture_type(PICTURE_WEBP), "image/webp");
	assert_string_equal(picture_ending(PICTURE_WEBP), "webp");
	assert_string_equal(picture_type(PICTURE_PNG), "image/png");
	assert_string_equal(picture_ending(PICTURE_PNG), "png");
	assert_string_equal(picture_type(PICTURE_GIF), "image/gif");
	assert_string_equal(picture_ending(PICTURE_GIF), "gif");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_one_says_kind_size_and_end),
		cmocka_unit_test(its_beginning_says_kind_and_size),
		cmocka_unit_test(what_follows_the_end_is_no_part_of_it),
		cmocka_unit_test(a_torn_one_is_none),
		cmocka_unit_test(what_contradicts_itself_is_none),
		cmocka_unit_test(frames_have_their_markers),
		cmocka_unit_test(a_beginning_that_contradicts_itself_is_none),
		cmocka_unit_test(a_picture_has_a_most_of_pixels),
		cmocka_unit_test(kinds_have_types_and_endings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

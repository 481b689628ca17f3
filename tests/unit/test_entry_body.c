/* SPDX-License-Identifier: ISC */
/* What is shown of one post, and from which side it is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "digest/body_cache.h"
#include "digest/entry_body.h"
#include "digest/post_cache.h"

/* ---- directions ---- */

/* The text of a Hebrew letter and twice c: left-to-right when c is a letter that is. */
static bool
counts_as_ltr(uint32_t c)
{
	struct buf b = BUF_INIT(64);
	bool rtl;

	text_encode(&b, 0x5d0);
	text_encode(&b, c);
	text_encode(&b, c);
	rtl = is_rtl(buf_text(&b));
	buf_clear(&b);
	return !rtl;
}

static bool
counts_as_rtl(uint32_t c)
{
	struct buf b = BUF_INIT(64);
	bool rtl;

	text_encode(&b, c);
	rtl = is_rtl(buf_text(&b));
	buf_clear(&b);
	return rtl;
}

static void
test_letters_have_directions(void **state)
{
	static const uint32_t rtl[] = { 0x590, 0x8ff, 0xfb1d, 0xfdff, 0xfe70, 0xfefc,
		0x10800, 0x10fff, 0x1e800, 0x1efff };
	static const uint32_t ltr[] = { 'a', 'z', 'A', 'Z', 0xc0, 0x58f, 0x900, 0x1fff,
		0x2c00, 0xfaff };
	static const uint32_t none[] = { '`', '{', '@', '[', '0', ' ', 0xbf, 0x2000,
		0x2bff, 0xfb00, 0xfb1c, 0xfe00, 0xfe6f, 0xfefd, 0x107ff, 0x11000, 0x1e7ff,
		0x1f000 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rtl); i++)
		if (!counts_as_rtl(rtl[i]) || counts_as_ltr(rtl[i]))
			fail_msg("U+%04X is right-to-left", (unsigned)rtl[i]);
	for (size_t i = 0; i < ARRAY_LEN(ltr); i++)
		if (counts_as_rtl(ltr[i]) || !counts_as_ltr(ltr[i]))
			fail_msg("U+%04X is left-to-right", (unsigned)ltr[i]);
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		if (counts_as_rtl(none[i]) || counts_as_ltr(none[i]))
			fail_msg("U+%04X has no direction", (unsigned)none[i]);
}

static void
test_most_letters_decide(void **state)
{
	struct buf b = BUF_INIT(4096);
	struct entry e = { .text = "abc", .summary = "\u05D0", .title = "\u05D0" };
	struct known_post known = { .entry = &e };

	(void)state;
	assert_true(is_rtl("\u05D0\u05D0abc"));
	assert_false(is_rtl("\u05D0\u05D0abcd"));
	assert_false(is_rtl(""));
	/* Only the first 400 letters are looked at. */
	for (int i = 0; i < 300; i++)
		buf_addc(&b, 'x');
	for (int i = 0; i < 200; i++)
		buf_adds(&b, "\u05D0");
	assert_false(is_rtl(buf_text(&b)));
	buf_reset(&b);
	for (int i = 0; i < 240; i++)
		buf_addc(&b, 'x');
	for (int i = 0; i < 160; i++)
		buf_adds(&b, "\u05D0");
	assert_true(is_rtl(buf_text(&b)));
	buf_addc(&b, 'x');
	assert_true(is_rtl(buf_text(&b)));
	buf_clear(&b);
	assert_false(entry_is_rtl(NULL, &e));
	e.text = "";
	assert_true(entry_is_rtl(NULL, &e));
	e.summary = NULL;
	assert_true(entry_is_rtl(NULL, &e));
	e.title = NULL;
	assert_false(entry_is_rtl(NULL, &e));
	/* What is known is not read again. */
	e.title = "\u05D0";
	assert_true(entry_is_rtl(&known, &e));
	e.title = "abc";
	assert_true(entry_is_rtl(&known, &e));
	assert_false(entry_is_rtl(NULL, &e));
}

/* ---- one body ---- */

static const struct {
	const char *name;
	const char *html;
	const char *text;
	const char *summary;
	const char *title;
	size_t bytes;
	enum images images;
	const char *want_html;
	const char *want_text;
	bool is_cut;
} bodies[] = {
	/* clang-format off */
	{ "nothing", NULL, NULL, NULL, NULL, 99, IMAGES_REMOTE, "", "", false },
	{ "empty", "", "", "", NULL, 9, IMAGES_REMOTE, "", "", false },
	{ "a summary alone", NULL, NULL, "a < b", NULL, 99, IMAGES_REMOTE, "<p>a &lt; b</p>", "a < b",
	    false },
	{ "the cleaner's text", "<p>a</p>", "\nmade before\n", NULL, NULL, 99, IMAGES_REMOTE, "<p>a</p>",
	    "made before", false },
	{ "blanks at its ends", "<p>a</p>", "\n\n made before\t \n\n", NULL, NULL, 99, IMAGES_REMOTE,
	    "<p>a</p>", " made before", false },
	{ "blanks alone", "<p>a</p>", "\n \n", NULL, NULL, 99, IMAGES_REMOTE, "<p>a</p>", "", false },
	{ "a letter", "<p>a</p>", "b", NULL, NULL, 99, IMAGES_REMOTE, "<p>a</p>", "b", false },
	{ "pictures change it", "<p>a<img src=\"https://x.example/i\" alt=\"i\"></p>", "made before", NULL,
	    NULL, 99, IMAGES_NONE, "<p>a i</p>", "a i", false },
	{ "a post as long as its share", "<p>123456789</p>", "123456789", NULL, NULL, 16, IMAGES_REMOTE,
	    "<p>123456789</p>", "123456789", false },
	{ "a longer one", "<p>123456 8901</p>", "", NULL, NULL, 12, IMAGES_REMOTE,
	    "<p>123456\u2026</p>", "123456\u2026", true },
	{ "a listing has no beginning", "<pre>12345678901</pre>", "", "Said.", NULL, 12, IMAGES_REMOTE,
	    "<p>Said.</p>", "Said.", true },
	{ "a listing as long as its share", "<pre>12345</pre>", "12345", "Said.", NULL, 16, IMAGES_REMOTE,
	    "<pre>12345</pre>", "12345", false },
	{ "a table that only arranges", "<table>\n<tbody>\n<tr>\n<td>One two three four five. Six</td>\n"
	    "</tr>\n</tbody>\n</table>", "", NULL, NULL, 31, IMAGES_REMOTE,
	    "<div>One two three four five.</div>", "One two three four five.", true },
	{ "a quarter of the room before it", "<p>123</p>\n<table>\n<tbody>\n<tr>\n"
	    "<td>One two three four five. Six seven eight.</td>\n</tr>\n</tbody>\n</table>", "", NULL,
	    NULL, 43, IMAGES_REMOTE, "<p>123</p>", "123", true },
	{ "less than that", "<p>123</p>\n<table>\n<tbody>\n<tr>\n"
	    "<td>One two three four five. Six seven eight.</td>\n</tr>\n</tbody>\n</table>", "", NULL,
	    NULL, 44, IMAGES_REMOTE, "<p>123</p>\n<div>One two three four five.</div>",
	    "123\n\nOne two three four five.", true },
	{ "the title again", "<p>One Two</p>\n<p>x</p>", "", NULL, "One two", 99, IMAGES_REMOTE,
	    "<p>x</p>", "x", false },
	{ "the title with other signs", "<p>\"One\" - two.</p>\n<p>x</p>", "", NULL,
	    "\u201COne\u201D \u2013 Two", 99, IMAGES_REMOTE, "<p>x</p>", "x", false },
	{ "the title below a picture",
	    "<p><img src=\"u:1\" width=\"9\" height=\"8\" alt=\"a\"></p>\n<h5>One</h5>\n<p>x</p>", "",
	    NULL, "One", 99, IMAGES_REMOTE,
	    "<p><img src=\"u:1\" width=\"9\" height=\"8\" alt=\"a\"></p>\n<p>x</p>", "[a]\n\nx", false },
	{ "the title below two",
	    "<p><img src=\"u:1\" width=\"9\" height=\"8\" alt=\"a\"></p>\n"
	    "<p><img src=\"u:2\" width=\"9\" height=\"8\" alt=\"b\"></p>\n<h5>One</h5>", "",
	    NULL, "One", 999, IMAGES_REMOTE,
	    "<p><img src=\"u:1\" width=\"9\" height=\"8\" alt=\"a\"></p>\n"
	    "<p><img src=\"u:2\" width=\"9\" height=\"8\" alt=\"b\"></p>\n<h4>One</h4>",
	    "", false },
	{ "the title beside a picture",
	    "<p><img src=\"u:1\" width=\"9\" height=\"8\" alt=\"a\">One</p>\n<p>x</p>", "[a]One\n\nx",
	    NULL, "One", 99, IMAGES_REMOTE,
	    "<p><img src=\"u:1\" width=\"9\" height=\"8\" alt=\"a\">One</p>\n<p>x</p>", "[a]One\n\nx",
	    false },
	{ "the title below a picture and words",
	    "<p><img src=\"u:1\" width=\"9\" height=\"8\" alt=\"a\">b</p>\n<p>One</p>", "[a]b\n\nOne",
	    NULL, "One", 99, IMAGES_REMOTE,
	    "<p><img src=\"u:1\" width=\"9\" height=\"8\" alt=\"a\">b</p>\n<p>One</p>", "[a]b\n\nOne",
	    false },
	{ "a title and more", "<p>One Two three</p>", "One Two three", NULL, "One two", 99, IMAGES_REMOTE,
	    "<p>One Two three</p>", "One Two three", false },
	{ "a title of signs alone", "<p>...</p>", "...", NULL, "!?", 99, IMAGES_REMOTE,
	    "<p>...</p>", "...", false },
	/* clang-format on */
};

/* The same body when it is made for a cache, and when it comes from one. */
static void
expect_same_from_cache(const struct body_style *style, struct whole_body *whole,
    size_t bytes, const struct shown_body *want)
{
	struct body_style with = *style;
	struct whole_body other = *whole;
	struct entry changed = *whole->entry;
	struct shown_body got;

	with.cache = body_cache_new();
	for (int i = 0; i < 2; i++) {
		entry_body_make(&with, whole, bytes, &got);
		assert_string_equal(got.html, want->html);
		assert_string_equal(got.text, want->text);
		assert_int_equal(got.is_cut, want->is_cut);
	}
	/* Another text of the same post is another post. */
	changed.html = changed.text = NULL;
	other.entry = &changed;
	other.html = "<p>Quite another text of the same post, which is long enough.</p>";
	entry_body_make(&with, &other, 40, &got);
	if (bytes < strlen(whole->html))
		assert_string_not_equal(got.html, want->html);
	body_cache_free(with.cache);
}

static void
test_bodies(void **state)
{
	const struct element_styles none = { NULL, 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		struct arena *a = arena_new();
		struct body_style style = { .a = a,
			.elements = &none,
			.images = { .how = bodies[i].images,
			    .words = media_words_stored() },
			.heading = 3 };
		struct entry e = { .html = bodies[i].html,
			.text = bodies[i].text,
			.title = bodies[i].title,
			.summary = bodies[i].summary };
		struct shown_body body = { .is_cut = true };
		struct whole_body whole;

		entry_body_whole(&style, &e, false, &whole);
		entry_body_make(&style, &whole, bodies[i].bytes, &body);
		expect_same_from_cache(&style, &whole, bodies[i].bytes, &body);
		if (strcmp(body.html, bodies[i].want_html) != 0 ||
		    strcmp(body.text, bodies[i].want_text) != 0)
			fail_msg("%s: got %s, \"%s\"", bodies[i].name, body.html,
			    body.text);
		if (body.is_cut != bodies[i].is_cut)
			fail_msg("%s: cut is %d", bodies[i].name, body.is_cut);
		arena_free(a);
	}
}

/* ---- what stands under the post ---- */

#define SOUND "https://cdn.example/a.mp3"
#define PLAYER "<p>x</p>\n<p><a href=\"" SOUND "\">Audio (cdn.example)</a></p>"

static void
a_player_is_named_once(void **state)
{
	static const struct {
		const char *name;
		struct enclosure list[2];
		size_t count;
		const char *link, *want;
	} cases[] = {
		/* clang-format off */
		{ "nothing below", { { 0 } }, 0, NULL, PLAYER },
		{ "a sound", { { SOUND, "audio/mpeg", NULL, -1, -1 } }, 1, NULL, "<p>x</p>" },
		{ "a film", { { SOUND, "video/mp4", NULL, -1, -1 } }, 1, NULL, "<p>x</p>" },
		{ "one that its ending tells", { { SOUND, "text/plain", NULL, -1, -1 } }, 1, NULL, "<p>x</p>" },
		{ "a picture", { { SOUND, "image/png", NULL, -1, -1 } }, 1, NULL, PLAYER },
		{ "no address", { { "", "audio/mpeg", NULL, -1, -1 } }, 1, NULL, PLAYER },
		{ "the second", { { "https://cdn.example/b.pdf", NULL, NULL, -1, -1 },
		  { SOUND, NULL, NULL, -1, -1 } }, 2, NULL, "<p>x</p>" },
		{ "what the title leads to", { { SOUND, NULL, NULL, -1, -1 } }, 1, SOUND, PLAYER },
		{ "a title that leads elsewhere", { { SOUND, NULL, NULL, -1, -1 } }, 1,
		  "https://cdn.example/a", "<p>x</p>" },
		/* clang-format on */
	};
	const struct element_styles none = { NULL, 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new();
		const struct body_style style = { .a = a,
			.elements = &none,
			.images = { .how = IMAGES_NONE, .words = media_words_stored() },
			.heading = 3 };
		const struct entry e = { .html = PLAYER,
			.link = cases[i].link,
			.enclosures = cases[i].list,
			.enclosure_count = cases[i].count };
		struct whole_body whole;

		entry_body_whole(&style, &e, false, &whole);
		if (strcmp(whole.html, cases[i].want) != 0)
			fail_msg("%s: got %s", cases[i].name, whole.html);
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_letters_have_directions),
		cmocka_unit_test(test_most_letters_decide),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(a_player_is_named_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

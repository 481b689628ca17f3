/* SPDX-License-Identifier: ISC */
/* Which texts of links are words for players and pictures, and what they are in another language. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "html/media_words.h"

static const struct media_words german = { .picture = "[Bild]",
	.picture_before = "[Bild: ",
	.picture_after = ".]",
	.kinds = { "Film", "Ton", "Bild", "Text", "Seite", "Objekt" } };

static void
expect_words(struct arena *a, const char *html, const char *want)
{
	const char *got = html_media_words(a, html, &german);

	if (strcmp(got, want) != 0)
		fail_msg("%s: got %s, want %s", html, got, want);
}

/* A kind and a place in brackets are all that such a link says. */
static void
texts_of_links_are_words(void **state)
{
	static const struct {
		const char *text;
		int kind;
		const char *want; /* NULL: as it is */
	} cases[] = {
		{ "Video (x)", MEDIA_WORD_VIDEO, "Film (x)" },
		{ "Audio (x)", MEDIA_WORD_AUDIO, "Ton (x)" },
		{ "Picture (x)", MEDIA_WORD_PICTURE, "Bild (x)" },
		{ "Document (x)", MEDIA_WORD_DOCUMENT, "Text (x)" },
		{ "Embedded page (x)", MEDIA_WORD_PAGE, "Seite (x)" },
		{ "Embedded object (x)", MEDIA_WORD_OBJECT, "Objekt (x)" },
		{ "Video ()", MEDIA_WORDS, NULL },
		{ "Video (x", MEDIA_WORDS, NULL },
		{ "Video (xy", MEDIA_WORDS, NULL },
		{ "Video (x) y", MEDIA_WORDS, NULL },
		{ "Video x yz)", MEDIA_WORDS, NULL },
		{ "Video  (x)", MEDIA_WORDS, NULL },
		{ "Videos (x)", MEDIA_WORDS, NULL },
		{ "video (x)", MEDIA_WORDS, NULL },
		{ "A Video (x)", MEDIA_WORDS, NULL },
		{ "Video", MEDIA_WORDS, NULL },
		{ "x", MEDIA_WORDS, NULL },
		{ "[picture: b]", MEDIA_WORDS, "[Bild: b.]" },
		{ "[picture: b c]", MEDIA_WORDS, "[Bild: b c.]" },
		{ "[picture: ]", MEDIA_WORDS, NULL },
		{ "[picture: b", MEDIA_WORDS, NULL },
		{ "[picture: bcd", MEDIA_WORDS, NULL },
		{ "picture: bcd]", MEDIA_WORDS, NULL },
		{ "[picture]", MEDIA_WORDS, NULL },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *text = cases[i].text;
		const char *html = arena_printf(a, "<p><a href=\"u:1\">%s</a></p>", text);

		assert_int_equal(media_words_kind(text, strlen(text)), cases[i].kind);
		expect_words(a, html,
		    arena_printf(a, "<p><a href=\"u:1\">%s</a></p>",
			cases[i].want ? cases[i].want : text));
	}
	arena_free(a);
}

/* What stands elsewhere is its writer's. */
static void
only_whole_texts_of_links_are_changed(void **state)
{
	static const struct {
		const char *html, *want;
	} cases[] = {
		{ "<p>Video (x) [picture: b]</p>", "<p>Video (x) [picture: b]</p>" },
		{ "<a>Video (x)<b>y</b></a>", "<a>Video (x)<b>y</b></a>" },
		{ "<a>y</a>Video (x)", "<a>y</a>Video (x)" },
		{ "<a>y</a>Video (x)</a>", "<a>y</a>Video (x)</a>" },
		{ "<a><img src=\"u:1\" alt=\"\"><br>\nVideo (x)</a>",
		    "<a><img src=\"u:1\" alt=\"\"><br>\nFilm (x)</a>" },
		{ "<a>\nVideo (x)</a>, <a>[picture: b]</a>; <a>Audio (y)</a>.",
		    "<a>\nFilm (x)</a>, <a>[Bild: b.]</a>; <a>Ton (y)</a>." },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect_words(a, cases[i].html, cases[i].want);
	arena_free(a);
}

/* In the stored language nothing is done, and for a post without such words. */
static void
each_word_makes_another_language(void **state)
{
	static const char html[] = "<a>Video (x)</a> <a>[picture: b]</a>";
	struct media_words words = *media_words_stored();
	struct arena *a = arena_new();

	(void)state;
	assert_ptr_equal(html_media_words(a, html, &words), html);
	for (int i = 0; i < MEDIA_WORDS; i++) {
		words = *media_words_stored();
		words.kinds[i] = "Other";
		assert_ptr_not_equal(html_media_words(a, html, &words), html);
	}
	words = *media_words_stored();
	words.picture_before = "(";
	assert_string_equal(html_media_words(a, html, &words),
	    "<a>Video (x)</a> <a>(b]</a>");
	words = *media_words_stored();
	words.picture_after = ")";
	assert_string_equal(html_media_words(a, html, &words),
	    "<a>Video (x)</a> <a>[picture: b)</a>");
	for (int i = 0; i < MEDIA_WORDS; i++)
		assert_true(media_words_are_in(media_words_stored()->kinds[i]));
	assert_true(media_words_are_in("a [picture: b"));
	assert_false(media_words_are_in("a [picture] film"));
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_of_links_are_words),
		cmocka_unit_test(only_whole_texts_of_links_are_changed),
		cmocka_unit_test(each_word_makes_another_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

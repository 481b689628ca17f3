/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "digest/excerpt.h"
#include "html/sentences.h"

/* ---- sentences ---- */

struct sentences_case {
	const char *name;
	const char *html;
	const char *want; /* their texts, "|" behind each */
	const char *kept; /* one sign for each, "x" for those that are shown */
	const char *shown;
};

/* clang-format off */
static const struct sentences_case sentences_cases[] = {
	{ "two in a paragraph", "<p>One two. Three &amp; four!</p>", "One two.|Three & four!|", "-x",
		"<p>[\u2026] Three &amp; four!</p>" },
	{ "a gap inside a paragraph", "<p>One. Two. Three.</p>", "One.|Two.|Three.|", "x-x",
		"<p>One. [\u2026] Three.</p>" },
	{ "the first is left out, and one between", "<p>One. Two. Three. Four.</p>",
		"One.|Two.|Three.|Four.|", "-x-x",
		"<p>[\u2026] Two. [\u2026] Four.</p>" },
	{ "the first paragraph is left out", "<p>One. Two.</p>\n<p>Three. Four.</p>",
		"One.|Two.|Three.|Four.|", "--xx",
		"<p>[\u2026] Three. Four.</p>" },
	{ "neighbours have no gap", "<p>One. Two. Three.</p>", "One.|Two.|Three.|", "xx-", "<p>One. Two.</p>" },
	{ "a gap between paragraphs", "<p>One.</p>\n<p>Two.</p>\n<p>Three.</p>", "One.|Two.|Three.|", "x-x",
		"<p>One.</p>\n<p>[\u2026] Three.</p>" },
	{ "a link is whole", "<p>See <a href=\"u:1\">this. Or that.</a> Now.</p>", "See this. Or"
		" that.|Now.|", "x-",
		"<p>See <a href=\"u:1\">this. Or that.</a></p>" },
	{ "emphasis goes with its sentence", "<p>One. <em>Two.</em> <b>Three</b> four.</p>",
		"One.|Two.|Three four.|", "--x", "<p>[\u2026] <b>Three</b> four.</p>" },
	{ "Prof. Smith is no end", "<p>Prof. Smith said so. He left.</p>", "Prof. Smith said so.|He"
		" left.|", "-x",
		"<p>[\u2026] He left.</p>" },
	{ "quotes go with their stop", "<p>\u201COne.\u201D Two.</p>", "\u201COne.\u201D|Two.|", "x-",
		"<p>\u201COne.\u201D</p>" },
	{ "small letters go on", "<p>Yahoo! was sold. So.</p>", "Yahoo! was"
		" sold.|So.|", "x-", "<p>Yahoo! was sold.</p>" },
	{ "Japanese", "<p>\u4e00\u4e8c\u3002\u4e09\u56db\u3002\u4e94\u3002</p>",
		"\u4e00\u4e8c\u3002|\u4e09\u56db\u3002|\u4e94\u3002|", "x-x",
		"<p>\u4e00\u4e8c\u3002 [\u2026] \u4e94\u3002</p>" },
	{ "items that are not kept"
		" go", "<p>One.</p>\n<ul>\n<li>Two</li>\n<li>Three</li>\n</ul>", "One.|Two|Three|",
		"x-x", "<p>One.</p>\n<ul>\n<li>[\u2026] Three</li>\n</ul>" },
	{ "a listing is a gap", "<p>One.</p>\n<pre>x = 1</pre>\n<p>Two.</p>", "One.|Two.|", "xx",
		"<p>One.</p>\n<p>[\u2026] Two.</p>" },
	{ "a picture before all stays, one behind goes",
		"<p><img src=\"u:1\" alt=\"\"></p>\n<p>One. Two.</p>\n<p><img src=\"u:2\""
		" alt=\"\"></p>", "One.|Two.|",
		"-x", "<p><img src=\"u:1\" alt=\"\"></p>\n<p>[\u2026] Two.</p>" },
	{ "nothing", "", "", "", "" },
};
/* clang-format on */

static const char *
texts_of(struct arena *a, const struct html_sentence *list, size_t count)
{
	const char *all = "";

	for (size_t i = 0; i < count; i++)
		all = arena_printf(a, "%s%s|", all, list[i].text);
	return all;
}

static void
sentences_are_found_and_shown(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sentences_cases); i++) {
		const struct sentences_case *t = &sentences_cases[i];
		struct arena *a = arena_new();
		struct html_sentence *list = NULL;
		const size_t count = html_sentences(a, t->html, 9, &list);
		bool kept[9] = { false };

		if (strcmp(texts_of(a, list, count), t->want) != 0)
			fail_msg("%s: got %s", t->name, texts_of(a, list, count));
		for (size_t k = 0; k < count; k++)
			kept[k] = t->kept[k] == 'x';
		if (strcmp(html_of_sentences(a, t->html, list, kept, count), t->shown) !=
		    0)
			fail_msg("%s: shown %s", t->name,
			    html_of_sentences(a, t->html, list, kept, count));
		arena_free(a);
	}
}

/* ---- excerpts ---- */

struct excerpt_case {
	const char *name;
	const char *title;
	const char *html;
	size_t chars;
	const char *want;
	bool cut;
};

/* clang-format off */
static const struct excerpt_case excerpt_cases[] = {
	{ "all of a short post", "Bees", "<p>Bees are back.</p>", 100, "<p>Bees are back.</p>", false },
	{ "the beginning, where it says what the title says", "Honey harvest of the year",
		"<p>The honey harvest of this year was the best we ever had. We filled ninety jars with it. "
		"Then the weather changed and nobody went outside again.</p>", 100,
		"<p>The honey harvest of this year was the best we ever had. We filled ninety jars"
		" with it.</p>", true },
	{ "what the post is about, behind a throat that is cleared", "Garbage collection in Emacs",
		"<p>Hello my dear friends and welcome back once again. It has been raining the"
		" whole week over here. "
		"My old coffee machine broke down on Tuesday evening.</p>\n"
		"<p>Garbage collection in Emacs got a new <a href=\"u:1\">incremental collector</a>. "
		"The incremental collector makes garbage collection of Emacs pause less.</p>", 160,
		"<p>Hello my dear friends and welcome back once again. It has been raining the"
		" whole week over here.</p>\n"
		"<p>[\u2026] Garbage collection in Emacs got a new <a href=\"u:1\">incremental"
		" collector</a>.</p>", true },
	{ "no room for the first sentence", "Bees",
		"<p>On this very long and very warm evening we all sat in the garden, talked of this and that and"
		" looked at the sky. The bees swarmed at noon today. Then the bees came back.</p>", 60,
		"<p>[\u2026] The bees swarmed at noon today. Then the bees came back.</p>", true },
	{ "a credit behind a gap says nothing", "Garbage collection in Emacs",
		"<p>Hello my dear friends and welcome back once again. It has been raining the"
		" whole week over here. My old coffee machine broke down on Tuesday evening.</p>\n"
		"<p>Garbage collection in Emacs is incremental now, and pauses less.</p>\n"
		"<p>The parser is as it was and the display is as it was.</p>\n"
		"<p>Emacs picture: somebody</p>", 150,
		"<p>Hello my dear friends and welcome back once again.</p>\n"
		"<p>[\u2026] Garbage collection in Emacs is incremental now, and pauses less.</p>", true },
	{ "behind a gap nothing too short begins", "Honey harvest",
		"<p>On this very long and very warm evening we all sat in the garden, talked of this and that and"
		" looked at the sky. No, never! The honey harvest of this year filled ninety jars.</p>", 70,
		"<p>[\u2026] The honey harvest of this year filled ninety jars.</p>", true },
	{ "a heading goes with what it heads", "Honey harvest",
		"<p>On this very long and very warm evening we all sat in the garden,"
		" talked of this and that and looked at the sky.</p>\n<h4>The honey</h4>\n"
		"<p>The honey harvest of this year filled ninety jars.</p>", 70,
		"<h4>[\u2026] The honey</h4>\n<p>The honey harvest of this year filled ninety jars.</p>", true },
	{ "Japanese, by pairs of characters", "\u8702\u871c\u53ce\u7a6b",
		"<p>\u7686\u69d8\u304a\u5143\u6c17\u3067\u3057\u3087\u3046\u304b\u4eca\u65e5\u306f"
		"\u96e8\u304c\u964d\u3063\u3066\u3044\u307e\u3059\u3088\u306d\u3002"
		"\u73c8\u7432\u304c\u98f2\u307f\u305f\u3044\u306a\u3068\u601d\u3046\u9031\u672b"
		"\u306e\u5348\u5f8c\u3067\u3054\u3056\u3044\u307e\u3059\u306d\u3002"
		"\u8702\u871c\u306e\u53ce\u7a6b\u304c\u7d42\u308f\u308a\u4e5d\u5341\u672c\u306e"
		"\u74f6\u306b\u8702\u871c\u53ce\u7a6b\u3092\u8a70\u3081\u307e\u3057\u305f\u3002</p>", 30,
		"<p>[\u2026] \u8702\u871c\u306e\u53ce\u7a6b\u304c\u7d42\u308f\u308a\u4e5d\u5341"
		"\u672c\u306e\u74f6\u306b\u8702\u871c\u53ce\u7a6b\u3092\u8a70\u3081\u307e\u3057"
		"\u305f\u3002</p>", true },
	{ "without a title", NULL, "<p>One two three four five six. Seven eight nine ten eleven"
		" twelve.</p>", 30,
		"<p>One two three four five six.</p>", true },
};
/* clang-format on */

static void
excerpts_say_what_posts_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(excerpt_cases); i++) {
		const struct excerpt_case *t = &excerpt_cases[i];
		struct arena *a = arena_new();
		bool cut = !t->cut;
		const char *got = excerpt_html(a, excerpt_new(a, t->html, t->title),
		    t->chars, SIZE_MAX, &cut);

		if (strcmp(got, t->want) != 0 || cut != t->cut)
			fail_msg("%s: got %s (%d)", t->name, got, cut);
		arena_free(a);
	}
}

/* ---- what is worth a gap ---- */

/* Too long for the room, and with no word that stands elsewhere. */
#define FIRST \
	"On this very long and very warm evening we all sat in the garden, talked of this and " \
	"that and looked at the sky."

/* Whether what is shown begins behind FIRST. */
static bool
begins_behind(const char *title, const char *rest, size_t chars, size_t bytes)
{
	struct arena *a = arena_new();
	const char *html = arena_printf(a, "<p>" FIRST " %s</p>", rest);
	bool cut = false;
	const char *got =
	    excerpt_html(a, excerpt_new(a, html, title), chars, bytes, &cut);
	const bool is_behind = strncmp(got, "<p>[\u2026] ", 7) == 0;

	assert_true(cut);
	arena_free(a);
	return is_behind;
}

/*
 * A word of the title with this character in its middle: with one that is none of a word's the
 * halves are too short to be about anything.
 */
static bool
joins_words(uint32_t c)
{
	struct buf word = BUF_INIT(100);
	struct buf rest = BUF_INIT(200);
	bool joins = false;

	buf_adds(&word, "ab");
	text_encode(&word, c);
	buf_adds(&word, "cd");
	buf_addf(&rest, "The new %s swarmed at noon today.", buf_text(&word));
	joins = begins_behind(buf_text(&word), buf_text(&rest), 60, SIZE_MAX);
	buf_clear(&word);
	buf_clear(&rest);
	return joins;
}

/* A pair of them is a topic: in scripts without blanks between words. */
static bool
makes_pairs(uint32_t c)
{
	struct buf word = BUF_INIT(100);
	struct buf rest = BUF_INIT(200);
	bool pairs = false;

	text_encode(&word, c);
	text_encode(&word, c);
	buf_addf(&rest, "The new %s swarmed at noon today.", buf_text(&word));
	pairs = begins_behind(buf_text(&word), buf_text(&rest), 60, SIZE_MAX);
	buf_clear(&word);
	buf_clear(&rest);
	return pairs;
}

static void
characters_make_words(void **state)
{
	static const uint32_t joining[] = { '0', '9', 'a', 'z', 0xC0, 0xD6, 0xD8, 0xF6,
		0xF8, 0x1FFF, 0x2C00, 0xFF10, 0xFF19, 0xFF21, 0xFFFC, 0xDFF, 0xF00,
		0x2E7F, 0xA000, 0xF8FF, 0xFB00, 0x1FFFF, 0x40000 };
	static const uint32_t parting[] = { '-', '_', '@', '[', '/', ':', 0xBF, 0xD7,
		0xF7, 0x2010, 0x2BFF, 0xFF00, 0xFF0F, 0xFF1A, 0xFF20, 0xFFFD, 0x3001,
		0x303F, 0x4E00 };
	static const uint32_t pairing[] = { 0xE01, 0xEFF, 0x2E80, 0x2FFF, 0x30A0, 0x9FFF,
		0xF900, 0xFAFF, 0x20000, 0x3FFFD };
	static const uint32_t single[] = { 'a', 0xDFF, 0xF00, 0x2E7F, 0x3001, 0x303F,
		0x3040, 0x3041, 0x309F, 0xA000, 0xF8FF, 0xFB00, 0x1FFFD, 0x40000 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(joining); i++)
		if (!joins_words(joining[i]))
			fail_msg("U+%04X is of a word", (unsigned)joining[i]);
	for (size_t i = 0; i < ARRAY_LEN(parting); i++)
		if (joins_words(parting[i]))
			fail_msg("U+%04X parts words", (unsigned)parting[i]);
	for (size_t i = 0; i < ARRAY_LEN(pairing); i++)
		if (!makes_pairs(pairing[i]))
			fail_msg("U+%04X makes pairs", (unsigned)pairing[i]);
	for (size_t i = 0; i < ARRAY_LEN(single); i++)
		if (makes_pairs(single[i]))
			fail_msg("U+%04X makes no pairs", (unsigned)single[i]);
}

/*
 * A word of the title is worth 8, one of n sentences the root of n - 1; a gap is paid for with
 * more than twice what the beginning has, and a half.
 */
static const struct {
	const char *name;
	const char *title, *rest;
	size_t chars, bytes;
	bool is_behind;
} worths[] = {
	/* clang-format off */
	{ "a word of the title", "Swarmed", "The bees swarmed at noon today.", 60, SIZE_MAX, true },
	{ "written in capitals", "SWARMED", "The bees swarmed at noon today.", 60, SIZE_MAX, true },
	{ "a title of a longer word", "Swarmedx", "The bees swarmed at noon today.", 60, SIZE_MAX, false },
	{ "a word of four letters", "Bees", "The bees swarmed at noon today.", 60, SIZE_MAX, true },
	{ "one of three is about nothing", "The", "The bees swarmed at noon today.", 60, SIZE_MAX, false },
	{ "no title", NULL, "The bees swarmed at noon today.", 60, SIZE_MAX, false },
	{ "as many characters as there is room", "Bees", "The bees swarmed at noon today.", 31, SIZE_MAX,
	  true },
	{ "one less", "Bees", "The bees swarmed at noon today.", 30, SIZE_MAX, false },
	{ "as many bytes, and ten for the mark", "Bees", "The bees swarmed at noon today.", SIZE_MAX, 41,
	  true },
	{ "one byte less", "Bees", "The bees swarmed at noon today.", SIZE_MAX, 40, false },
	{ "a word of two sentences", NULL, "The bees swarmed at noon today. Some bees came back later.", 31,
	  SIZE_MAX, true },
	{ "twice in one sentence", NULL, "The bees swarmed with bees today. Nobody came back later.", 33,
	  SIZE_MAX, false },
	{ "the beginning has a word of the title, and this two", "Evening bees swarmed",
	  "The bees swarmed at noon today.", 60, SIZE_MAX, false },
	{ "three", "Evening bees swarmed today", "The bees swarmed at noon today.", 60, SIZE_MAX, true },
	{ "two, and one that stands in two sentences", "Evening bees swarmed",
	  "The bees swarmed at noon today. Nobody at all saw that noon.", 31, SIZE_MAX, true },
	{ "a word counts once", "Evening bees swarmed", "The bees, bees, bees swarmed at once.", 60, SIZE_MAX,
	  false },
	{ "a sentence of 24 characters says nothing", "Bees", "The bees swarmed at one.", 60, SIZE_MAX,
	  false },
	{ "one of 25 does", "Bees", "The bees swarmed at once.", 60, SIZE_MAX, true },
	{ "a pair of which one is hiragana", "\u4e00\u3042 \u3042\u4e00",
	  "The new \u4e00\u3042 and \u3042\u4e00 swarmed today.", 60, SIZE_MAX, false },
	{ "a later sentence with all of the title", "Clouds",
	  "The bees swarmed here again. We saw some clouds there.", 31, SIZE_MAX, true },
	{ "with half of it, the post lacking the other", "Clouds elsewhere",
	  "The bees swarmed here again. We saw some clouds there.", 31, SIZE_MAX, false },
	{ "what does not end is no sentence", "Bees", "The bees swarmed at noon today", 60, SIZE_MAX, false },
	{ "what announces is nothing alone", "Bees", "The bees swarmed at noon today:", 60, SIZE_MAX, false },
	/* clang-format on */
};

static void
a_gap_is_paid_for(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(worths); i++)
		if (begins_behind(worths[i].title, worths[i].rest, worths[i].chars,
			worths[i].bytes) != worths[i].is_behind)
			fail_msg("%s: want %d", worths[i].name, worths[i].is_behind);
}

static const struct {
	const char *name;
	const char *title, *html;
	size_t chars;
	const char *want;
} choices[] = {
	/* clang-format off */
	{ "a short one says nothing by itself", "Bees noon clouds",
	  "<p>" FIRST " The bees swarmed today. We saw some clouds at noon.</p>", 33,
	  "<p>[\u2026] We saw some clouds at noon.</p>" },
	{ "with as much of the title", "Swarmed clouds",
	  "<p>" FIRST " The bees swarmed here today. We saw some clouds there.</p>", 33,
	  "<p>[\u2026] The bees swarmed here today.</p>" },
	{ "with half of it more", "Swarmed clouds sunset noon",
	  "<p>" FIRST " The bees swarmed here again. We saw clouds, noon, sunset.</p>", 33,
	  "<p>[\u2026] The bees swarmed here again.</p>" },
	{ "with all of it", "Clouds sunset noon",
	  "<p>" FIRST " The bees swarmed here again. We saw clouds, noon, sunset.</p>", 33,
	  "<p>[\u2026] We saw clouds, noon, sunset.</p>" },
	{ "both, with a blank between them", "Swarmed clouds",
	  "<p>" FIRST " The bees swarmed here today. We saw some clouds there.</p>", 54,
	  "<p>[\u2026] The bees swarmed here today. We saw some clouds there.</p>" },
	{ "without room for the blank", "Swarmed clouds",
	  "<p>" FIRST " The bees swarmed here today. We saw some clouds there.</p>", 53,
	  "<p>[\u2026] The bees swarmed here today.</p>" },
	{ "what is said twice is shown once", "Swarmed",
	  "<p>" FIRST " The bees swarmed here today. The bees swarmed here today.</p>", 90,
	  "<p>[\u2026] The bees swarmed here today.</p>" },
	/* clang-format on */
};

static void
sentences_are_chosen(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(choices); i++) {
		struct arena *a = arena_new();
		bool cut = false;
		const char *got =
		    excerpt_html(a, excerpt_new(a, choices[i].html, choices[i].title),
			choices[i].chars, SIZE_MAX, &cut);

		if (strcmp(got, choices[i].want) != 0)
			fail_msg("%s: got %s", choices[i].name, got);
		assert_true(cut);
		arena_free(a);
	}
}

static void
bytes_are_kept(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(1 << 20);
	const struct excerpt *x = NULL;

	(void)state;
	for (int i = 0; i < 3000; i++)
		buf_addf(&b,
		    "<p>Sentence %d is about <a href=\"https://x.example/%d\">bees</a>.</p>\n",
		    i, i);
	x = excerpt_new(a, buf_text(&b), "Bees");
	for (size_t bytes = 0; bytes < 3000; bytes += 97) {
		bool cut = false;

		assert_true(strlen(excerpt_html(a, x, SIZE_MAX, bytes, &cut)) <=
		    bytes + sizeof("</a></p>"));
		assert_true(cut);
	}
	buf_clear(&b);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentences_are_found_and_shown),
		cmocka_unit_test(excerpts_say_what_posts_say),
		cmocka_unit_test(characters_make_words),
		cmocka_unit_test(a_gap_is_paid_for),
		cmocka_unit_test(sentences_are_chosen),
		cmocka_unit_test(bytes_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "digest/story_titles.h"

#define A10 "aaaaaaaaaa"
#define A60 A10 A10 A10 A10 A10 A10

static uint64_t
hash_of(const char *text, size_t len)
{
	return hash_64(text, len, 0);
}

/* "word", or "6.1+beta": a number and the stage it has. */
static uint64_t
wanted_hash(const char *text, size_t len)
{
	const char *plus = memchr(text, '+', len);
	const size_t name = plus ? (size_t)(plus - text) : len;

	return hash_of(text, name) + (plus ? hash_of(plus + 1, len - name - 1) : 0);
}

static bool
has(const uint64_t *list, size_t count, uint64_t hash)
{
	for (size_t i = 0; i < count; i++) {
		if (list[i] == hash)
			return true;
	}
	return false;
}

/* The list is those of "one|two", in ascending order. */
static void
expect_hashes(const char *title, const char *field, const uint64_t *list, size_t count,
    const char *want)
{
	size_t wanted = 0;

	for (const char *at = want; *at; wanted++) {
		const size_t len = strcspn(at, "|");

		if (!has(list, count, wanted_hash(at, len)))
			fail_msg("%s: %s: %.*s is missing", title, field, (int)len, at);
		at += len + (at[len] == '|');
	}
	if (wanted != count)
		fail_msg("%s: %s: got %zu, want %s", title, field, count, want);
	for (size_t i = 1; i < count; i++) {
		if (list[i - 1] >= list[i])
			fail_msg("%s: %s: not in order", title, field);
	}
}

static const struct {
	const char *text, *want; /* words between bars */
} text_cases[] = {
	{ "Krita 6.1 is out", "krita|6.1|is|out" },
	{ "", "" },
	{ " \t-- ", "" },
	{ "it's l\u2019eau rock'n'roll dogs' end'", "its|leau|rocknroll|dogs|end" },
	{ "'tis", "tis" },
	{ "end. 3. 3.x x.3 a.b 3.15.0", "end|3|3|x|x|3|a|b|3.15.0" },
	{ "#tag C# c++ _x_ ## a_b #_y", "tag|c#|c++|x_|#|a_b|y" },
	{ "\u65e5\u672c\u8a9e", "\u65e5\u672c|\u672c\u8a9e|\u8a9e" },
	{ "AI\u5165\u9580!", "ai|\u5165\u9580|\u9580" },
	/* Case, of every script. */
	{ "\u00c0\u00de\u00d7\u00df", "\u00e0\u00fe|\u00df" },
	{ "\u017di\u017dek \u0141\u00d3D\u0179", "\u017ei\u017eek|\u0142\u00f3d\u017a" },
	{ "\u041f\u0440\u0418\u0412\u0435\u0442 \u0400\u040f",
	    "\u043f\u0440\u0438\u0432\u0435\u0442|\u0450\u045f" },
	{ "\u039b\u039f\u0393\u039f\u03a3 \u03bb\u03cc\u03b3\u03bf\u03c2",
	    "\u03bb\u03bf\u03b3\u03bf\u03c3|\u03bb\u03cc\u03b3\u03bf\u03c3" },
	/* What is in a word: first and last of each block that is none. */
	{ "a\u00bfb a\u00c0b a\u00f7b", "a|b|a\u00e0b|a|b" },
	{ "a\u1fffb a\u2000b a\u2bffb a\u2c30b", "a\u1fffb|a|b|a|b|a\u2c30b" },
	{ "a\u2c00b", "a\u2c30b" },
	{ "a\u2fffb a\u3000b a\u303fb", "a\u2fffb|a|b|a|b" },
	{ "a\ud7ffb a\ue000b a\uf8ffb", "a\ud7ffb|a|b|a|b" },
	{ "a\ufdffb a\ufe00b a\uff0fb a\uff10b", "a\ufdffb|a|b|a|b|a\uff10b" },
	{ "a\U0001efffb a\U0001f000b a\U0001ffffb", "a\U0001efffb|a|b|a|b" },
	/* What stands without blanks: first and last of each block, and beside. */
	{ "a\u3040b a\u30ffb a\u3100b", "a|\u3040|b|a|\u30ff|b|a\u3100b" },
	{ "a\u33ffb a\u3400b a\u9fffb a\ua000b",
	    "a\u33ffb|a|\u3400|b|a|\u9fff|b|a\ua000b" },
	{ "a\uf900b a\ufaffb a\ufb00b", "a|\uf900|b|a|\ufaff|b|a\ufb00b" },
	{ "a\U00020000b a\U0003ffffb a\U00040000b",
	    "a|\U00020000|b|a|\U0003ffff|b|a\U00040000b" },
	/* 63 bytes of a word count; a character of two is not cut. */
	{ A60 "bcd"
	      "e",
	    A60 "bcd" },
	{ A60 "bc\u00e9"
	      "d",
	    A60 "bcd" },
};

static void
texts_are_taken_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(text_cases); i++) {
		uint64_t words[LIMIT_STORY_WORDS];
		const size_t count =
		    story_words(text_cases[i].text, words, ARRAY_LEN(words));
		const char *at = text_cases[i].want;
		size_t n = 0;

		for (; *at; n++) {
			const size_t len = strcspn(at, "|");

			if (n >= count || words[n] != hash_of(at, len))
				fail_msg("%s: word %zu is not %.*s", text_cases[i].text,
				    n, (int)len, at);
			at += len + (at[len] == '|');
		}
		if (n != count)
			fail_msg("%s: got %zu words, want %zu", text_cases[i].text, count,
			    n);
	}
}

static void
no_more_words_than_there_is_room_for(void **state)
{
	uint64_t words[3] = { 0 };

	(void)state;
	assert_int_equal(story_words("one two three", words, 2), 2);
	assert_true(words[1] == hash_of("two", 3));
	assert_true(words[2] == 0);
	assert_int_equal(story_words("one two three", words, 0), 0);
}

/* The planet is called "Planet Harbour". */
static void
read_title(const char *text, struct story_title *t)
{
	uint64_t common[2] = { hash_of("planet", 6), hash_of("harbour", 7) };

	if (common[0] > common[1]) {
		const uint64_t first = common[0];

		common[0] = common[1];
		common[1] = first;
	}
	story_title_read(text, common, 2, t);
}

struct title_case {
	const char *title;
	const char *words, *numbers, *years, *first;
	const char *flags; /* r: of a release; v: it names a version; a: it has a key */
	size_t weight, shorter;
};

static void
expect_title(const struct title_case *c)
{
	struct story_title t;
	char flags[4] = "";
	size_t n = 0;

	read_title(c->title, &t);
	if (t.is_release)
		flags[n++] = 'r';
	if (t.has_version)
		flags[n++] = 'v';
	if (t.agreement != 0)
		flags[n++] = 'a';
	if (strcmp(flags, c->flags) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", c->title, flags, c->flags);
	expect_hashes(c->title, "words", t.words, t.word_count, c->words);
	expect_hashes(c->title, "numbers", t.numbers, t.number_count, c->numbers);
	if (t.years != (*c->years ? wanted_hash(c->years, strlen(c->years)) : 0))
		fail_msg("%s: the years are others", c->title);
	if (t.first != (*c->first ? hash_of(c->first, strlen(c->first)) : 0))
		fail_msg("%s: the first word is another", c->title);
	if (t.weight != c->weight || t.shorter_count != c->shorter)
		fail_msg("%s: got weight %zu, %zu shorter; want %zu, %zu", c->title,
		    t.weight, t.shorter_count, c->weight, c->shorter);
}

static const struct title_case title_cases[] = {
	{ "", "", "", "", "", "", 0, 0 },
	{ "Krita 6.1 released", "krita", "6.1", "", "krita", "rva", 2, 0 },
	{ "Choosing boring technology", "choosing|boring", "", "", "choosing", "", 4, 0 },
	{ "Choosing boring old databases", "choosing|boring|databases", "", "",
	    "choosing", "a", 6, 0 },
	{ "Choosing boring databases wisely", "choosing|boring|databases|wisely", "", "",
	    "choosing", "a", 8, 4 },
	/* Said twice it has twice the weight, and is one word. */
	{ "Soup soup bones garlic", "soup|bones|garlic", "", "", "soup", "a", 8, 3 },
	/* The planet's name tells nothing, but agrees. */
	{ "Planet soup of bones", "soup|bones", "", "", "soup", "", 4, 0 },
	{ "Soup bones garlic planet", "soup|bones|garlic", "", "", "soup", "a", 6, 0 },
	{ "Soup bones garlic salt planet", "soup|bones|garlic|salt", "", "", "soup", "a",
	    8, 5 },
	{ "Harbour 6.1 released", "", "6.1", "", "", "rva", 0, 0 },
	/* A pair of ideographs is half a word. */
	{ "\u65e5\u672c\u8a9e", "\u65e5\u672c|\u672c\u8a9e|\u8a9e", "", "",
	    "\u65e5\u672c", "", 3, 0 },
	/* Years. */
	{ "Pictures of 2026", "pictures", "", "2026", "pictures", "", 2, 0 },
	{ "1989 1990", "", "1989", "1990", "", "", 0, 0 },
	{ "2099 2100", "", "2100", "2099", "", "", 0, 0 },
	{ "2025 2026", "", "", "2025+2026", "", "", 0, 0 },
	{ "20.6 123 12345 202a", "", "20.6|123|12345|202a", "", "", "v", 0, 0 },
	/* Numbers: their noughts, their v. */
	{ "Soup v2", "soup", "2", "", "soup", "v", 2, 0 },
	{ "Soup v vx", "soup|v|vx", "", "", "soup", "a", 6, 0 },
	{ "6.0.0 1.10 10", "", "6|1.10|10", "", "", "v", 0, 0 },
	{ "6.0", "", "6", "", "", "", 0, 0 },
	{ "0.1 0.10 0.10", "", "0.1|0.10", "", "", "v", 0, 0 },
	/* One number of a release is its version. */
	{ "Soup 3 is out", "soup", "3", "", "soup", "rva", 2, 0 },
	{ "Soup 3 4 is out", "soup", "3|4", "", "soup", "r", 2, 0 },
	{ "Soup is out", "soup", "", "", "soup", "r", 2, 0 },
	{ "3 is out", "", "3", "", "", "rv", 0, 0 },
	/* Stages belong to their numbers. */
	{ "Krita 6.1 beta 2", "krita", "6.1+beta|2+beta", "", "krita", "rva", 2, 0 },
	{ "Krita rc1", "krita", "1+rc", "", "krita", "rva", 2, 0 },
	{ "Krita 5 alpha", "krita", "5+alpha", "", "krita", "rva", 2, 0 },
	{ "Krita 5 6 beta", "krita", "5|6+beta", "", "krita", "rva", 2, 0 },
	{ "Beta blockers", "blockers", "", "", "blockers", "r", 2, 0 },
	{ "Krita 2026 beta", "krita", "", "2026", "krita", "r", 2, 0 },
	{ "6.1 krita candidate", "krita", "6.1", "", "krita", "rva", 2, 0 },
	{ "Rc1a betas", "rc1a|betas", "", "", "rc1a", "", 4, 0 },
	{ "Krita beta 1 2", "krita", "1+beta|2", "", "krita", "r", 2, 0 },
	/* A release that is about little else: three words beside it. */
	{ "Krita 6.1 released with brushes layers masks", "krita|brushes|layers|masks",
	    "6.1", "", "krita", "rva", 8, 0 },
	{ "Krita 6.1 released with brushes layers masks filters",
	    "krita|brushes|layers|masks|filters", "6.1", "", "krita", "rva", 10, 5 },
	/* 24 words are read. */
	{ "the the the the the the the the the the the the the the the the the "
	  "the the the the soup bones garlic salt",
	    "soup|bones|garlic", "", "", "soup", "a", 6, 0 },
};

static void
titles_are_about_something(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(title_cases); i++)
		expect_title(&title_cases[i]);
}

static void
titles_that_agree(void **state)
{
	static const struct {
		const char *one, *other;
		bool want;
	} cases[] = {
		{ "Krita 6.1 released", "Announcing Krita 6.1.0", true },
		{ "Krita 6.1 released", "Krita 6.2 released", false },
		{ "Krita 6.1 released", "Gimp 6.1 released", false },
		{ "Krita 6.1 released", "Krita 6.1 beta released", false },
		{ "Krita 6.1 beta 2", "Krita 6.1 beta 2 is out", true },
		{ "Krita 6.1 alpha 2", "Krita 6.1 beta 2", false },
		{ "Krita 6.1 released 2025", "Krita 6.1 released in 2026", true },
		{ "Krita 6.1 released", "Krita 6.1 is out: brushes, layers", true },
		{ "Krita 3 is out", "Krita 3 released", true },
		{ "Krita 3 is out", "Krita 4 is out", false },
		{ "Krita 3 is out in 2025", "Krita 3 is out in 2026", false },
		{ "Choosing boring databases", "Databases: choosing the boring", true },
		{ "Choosing boring databases", "Choosing boring databases 5", false },
		{ "Choosing boring databases 5", "Choosing boring databases 6", false },
		{ "Soup bones garlic 2025", "Soup bones garlic 2026", false },
		{ "Soup soup bones garlic", "Soup bones garlic", true },
		{ "Soup bones garlic planet", "Soup bones garlic", false },
		{ "\u017divot v Brn\u011b kr\u00e1sn\u00fd",
		    "\u017dIVOT V BRN\u011a KR\u00c1SN\u00dd", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct story_title one;
		struct story_title other;

		read_title(cases[i].one, &one);
		read_title(cases[i].other, &other);
		if (one.agreement == 0 || other.agreement == 0 ||
		    (one.agreement == other.agreement) != cases[i].want)
			fail_msg("%s, %s: want %s", cases[i].one, cases[i].other,
			    cases[i].want ? "the same key" : "different keys");
	}
}

/* A title with one word more has the key of the other among its shorter ones. */
static void
a_word_more_agrees(void **state)
{
	struct story_title longer;
	struct story_title other;

	(void)state;
	read_title("Choosing boring databases wisely", &longer);
	read_title("Choosing boring databases", &other);
	assert_true(has(longer.shorter, longer.shorter_count, other.agreement));
	read_title("Boring wisely choosing", &other);
	assert_true(has(longer.shorter, longer.shorter_count, other.agreement));
	read_title("Choosing boring databases badly", &other);
	assert_false(has(longer.shorter, longer.shorter_count, other.agreement));
}

static void
titles_share_words_and_versions(void **state)
{
	static const struct {
		const char *one, *other;
		size_t share;
		bool part;
	} cases[] = {
		{ "Krita 6.1 released", "Krita 6.1 is out", 2, false },
		{ "Krita 6.1 released", "Krita 6.2 is out", 1, true },
		{ "Soup 500", "Soup 501", 1, true },
		{ "Soup 500", "Bones 500", 0, false },
		{ "Soup 500", "Soup 500 released", 1, false },
		{ "Soup 500", "Soup", 1, false },
		{ "Soup", "Soup 500", 1, false },
		{ "Bones of 6.1", "Soup 6.1", 1, false },
		{ "Soup bones garlic", "Salt garlic pepper soup", 2, false },
		{ "", "", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct story_title one;
		struct story_title other;

		read_title(cases[i].one, &one);
		read_title(cases[i].other, &other);
		if (story_titles_share(&one, &other) != cases[i].share ||
		    story_titles_part(&one, &other) != cases[i].part)
			fail_msg("%s, %s: got %zu and %d, want %zu and %d", cases[i].one,
			    cases[i].other, story_titles_share(&one, &other),
			    story_titles_part(&one, &other), cases[i].share,
			    cases[i].part);
	}
}

static void
words_of_a_title_in_an_address(void **state)
{
	struct story_title t;

	(void)state;
	read_title("Choosing boring databases", &t);
	assert_int_equal(story_title_in(&t,
			     "x.example/choosing-the-BORING-databases-2026"),
	    3);
	assert_int_equal(story_title_in(&t, "boring-boring"), 1);
	assert_int_equal(story_title_in(&t, "soup"), 0);
	assert_int_equal(story_title_in(&t, ""), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_taken_apart),
		cmocka_unit_test(no_more_words_than_there_is_room_for),
		cmocka_unit_test(titles_are_about_something),
		cmocka_unit_test(titles_that_agree),
		cmocka_unit_test(a_word_more_agrees),
		cmocka_unit_test(titles_share_words_and_versions),
		cmocka_unit_test(words_of_a_title_in_an_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

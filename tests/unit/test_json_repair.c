/* SPDX-License-Identifier: ISC */
/* JSON as programs write it that paste strings together, and what is made of it. */
#include "feed_fixture.h"

#include "base/buf.h"
#include "base/limits.h"
#include "feed/json_repair.h"
#include "unit/guarded.h"

/* clang-format off */
static const struct { const char *name, *in, *want; } cases[] = {
	{ "what is right stays", "{\"a\":[1,\"\\u00e9\\ud83d\\ude00\\\\\\\"\\/\",{}],\"b\":null}",
	    "{\"a\":[1,\"\\u00e9\\ud83d\\ude00\\\\\\\"\\/\",{}],\"b\":null}" },
	{ "a NUL", "[\"a\\u0000b\"]", "[\"a\\uFFFDb\"]" },
	{ "half of a pair", "[\"\\ud83d!\"]", "[\"\\uFFFD!\"]" },
	{ "the other half", "[\"\\ude00\"]", "[\"\\uFFFD\"]" },
	{ "two first halves", "[\"\\ud83d\\ud83d\"]", "[\"\\uFFFD\\uFFFD\"]" },
	{ "the first and the last pairs", "[\"\\ud800\\udc00\\udbff\\udfff\\uD83D\\uDE00\"]",
	    "[\"\\ud800\\udc00\\udbff\\udfff\\uD83D\\uDE00\"]" },
	{ "what stands beside the halves", "[\"\\ud7ff\\ue000\"]", "[\"\\ud7ff\\ue000\"]" },
	{ "the first half of all", "[\"\\ud800 \"]", "[\"\\uFFFD \"]" },
	{ "cut off behind a comma", "[1,", "[1," },
	{ "and behind blanks", "[1, ", "[1, " },
	{ "the ends of the halves", "[\"\\udbff \\udc00 \\udfff\"]",
	    "[\"\\uFFFD \\uFFFD \\uFFFD\"]" },
	{ "a half and what is no half", "[\"\\ud83d\\ue000\\ud83d\\udbff\"]",
	    "[\"\\uFFFD\\ue000\\uFFFD\\uFFFD\"]" },
	{ "a half and another escape", "[\"\\ud83d\\nde00x\"]", "[\"\\uFFFD\\nde00x\"]" },
	{ "a half and half a half", "[\"\\ud83d\\ud\"]", "[\"\\uFFFD\\uFFFDd\"]" },
	{ "cut off behind a pair", "[\"\\ud83d\\ude00", "[\"\\ud83d\\ude00\"" },
	{ "cut off behind a number", "[\"\\u00e9", "[\"\\u00e9\"" },
	{ "cut off behind an escape", "[\"a\\n", "[\"a\\n\"" },
	{ "cut off in its middle", "[\"a\\", "[\"a\"" },
	{ "cut off in a number", "[\"\\u00e", "[\"\\uFFFD00e\"" },
	{ "the last control and the first that is none", "[\"\x1f\x20\x7f\"]",
	    "[\"\\u001F\x20\x7f\"]" },
	{ "a number that is none", "[\"\\u12x\"]", "[\"\\uFFFD12x\"]" },
	{ "a line end and a tab in a string", "[\"a\nb\tc\"]", "[\"a\\u000Ab\\u0009c\"]" },
	{ "escapes of other languages", "[\"don\\'t \\x41\"]", "[\"don't x41\"]" },
	{ "commas too many", "{\"a\":[1,2, ],}", "{\"a\":[1,2 ]}" },
	{ "a comma in a string", "[\",]\"]", "[\",]\"]" },
	{ "brackets that close nothing", "{\"a\":1]}}", "{\"a\":1}" },
	{ "cut off in an item", "{\"t\":\"x\",\"items\":[{\"id\":1},{\"id\":2},{\"id\":",
	    "{\"t\":\"x\",\"items\":[{\"id\":1},{\"id\":2}]}" },
	{ "cut off in an escape", "{\"items\":[{\"id\":1},{\"id\":\"a\\",
	    "{\"items\":[{\"id\":1}]}" },
	{ "cut off behind the items", "{\"items\":[{\"id\":1}],\"t\":\"x",
	    "{\"items\":[{\"id\":1}]}" },
	{ "cut off before any", "{\"t\":\"x", "{\"t\":\"x\"" },
};
/* clang-format on */

static void
json_is_mended_as_it_was_meant(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out = BUF_INIT(LIMIT_FIELD);

		json_repair(&out, guarded(cases[i].in, strlen(cases[i].in)),
		    strlen(cases[i].in));
		expect_text(cases[i].name, "json", buf_text(&out), cases[i].want);
		buf_clear(&out);
	}
}

/* Lists in lists end where more are open than a feed needs, and all with them. */
static void
what_is_too_deep_ends_it(void **state)
{
	(void)state;
	for (size_t depth = LIMIT_JSON_DEPTH; depth <= LIMIT_JSON_DEPTH + 1; depth++) {
		struct buf in = BUF_INIT(LIMIT_FIELD);
		struct buf out = BUF_INIT(LIMIT_FIELD);

		for (size_t i = 0; i < depth; i++)
			buf_addc(&in, '[');
		buf_addc(&in, '1');
		json_repair(&out, buf_text(&in), in.len);
		assert_int_equal(out.len,
		    depth == LIMIT_JSON_DEPTH ? depth + 1 : depth - 1);
		buf_clear(&in);
		buf_clear(&out);
	}
}

/* Bytes of zero: in a string a character that is none, behind a backslash too. */
static void
a_zero_is_a_character_like_others(void **state)
{
	static const char zeros[] = "[\"a\0b\\\0c\",\0]";
	struct buf out = BUF_INIT(LIMIT_FIELD);

	(void)state;
	json_repair(&out, guarded(zeros, sizeof(zeros) - 1), sizeof(zeros) - 1);
	assert_int_equal(out.len, sizeof("[\"a\\uFFFDb\\uFFFDc\",\0]") - 1);
	assert_memory_equal(out.data, "[\"a\\uFFFDb\\uFFFDc\",\0]", out.len);
	buf_clear(&out);
}

static void
a_mended_feed_has_its_entries_and_a_warning(void **state)
{
	static const char text[] =
	    "{\"version\":\"https://jsonfeed.org/version/1.1\","
	    "\"title\":\"a\\u0000b\",\"items\":[{\"id\":\"1\",\"title\":\"one\",},"
	    "{\"id\":\"2\",\"title\":\"cut o";
	struct parsed p = parse_text(text);

	(void)state;
	if (!p.feed)
		fail_msg("no feed: %s", p.err.text);
	expect_text("mended", "title", p.feed->title,
	    "a\xef\xbf\xbd"
	    "b");
	expect_number("mended", "entries", (int64_t)p.feed->entry_count, 1);
	expect_text("mended", "entry", p.feed->entries[0].title, "one");
	assert_true(p.feed->damaged);
	if (!has_warning(p.feed, "line 1, column 64: \\u0000 is not allowed near"))
		fail_msg("got \"%s\"", p.feed->warnings[0]);
	parsed_free(&p);
}

/* Found by fuzzing: an id went into the store as it was, line ends and controls in it. */
static void
an_identity_is_one_line(void **state)
{
	static const char text[] =
	    "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":["
	    "{\"id\":\" a\\nb\\u0007 \"},{\"id\":4711},{\"id\":\"\\n\"}]}";
	static const char *const want[] = { "a b", "4711", NULL };
	struct parsed p = parse_text(text);

	(void)state;
	if (!p.feed)
		fail_msg("no feed: %s", p.err.text);
	expect_number("ids", "entries", (int64_t)p.feed->entry_count, ARRAY_LEN(want));
	for (size_t i = 0; i < ARRAY_LEN(want); i++)
		expect_text("ids", "id", p.feed->entries[i].guid, want[i]);
	parsed_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_is_mended_as_it_was_meant),
		cmocka_unit_test(what_is_too_deep_ends_it),
		cmocka_unit_test(a_zero_is_a_character_like_others),
		cmocka_unit_test(an_identity_is_one_line),
		cmocka_unit_test(a_mended_feed_has_its_entries_and_a_warning),
	};

	return cmocka_run_group_tests_name("jsonmend", tests, NULL, NULL);
}

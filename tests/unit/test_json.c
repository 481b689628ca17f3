/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/clock.h"
#include "format/json.h"
#include "base/limits.h"

static void
expect(const char *name, const char *got, const char *want)
{
	if (strcmp(got, want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", name, got, want);
}

static void
write_sample(struct json_writer *w)
{
	json_begin_object(w);
	json_member(w, "name", "Planet \"X\"");
	json_member(w, "left out", NULL);
	json_member_int(w, "n", INT64_MIN);
	json_member_bool(w, "good", true);
	json_member_time(w, "at", 1795501811);
	json_member_time(w, "never", TIME_NONE);
	json_key(w, "list");
	json_begin_array(w);
	json_int(w, 1);
	json_put_string(w, NULL);
	json_bool(w, false);
	json_begin_object(w);
	json_end_object(w);
	json_end_array(w);
	json_key(w, "empty");
	json_begin_array(w);
	json_end_array(w);
	json_key(w, "nothing");
	json_put_null(w);
	json_end_object(w);
}

static void
members_are_written_in_order(void **state)
{
	struct buf b = BUF_INIT(2000);
	struct json_writer w;

	(void)state;
	json_writer_init(&w, &b, false);
	write_sample(&w);
	expect("compact", buf_text(&b),
	    "{\"name\":\"Planet \\\"X\\\"\",\"n\":-9223372036854775808,\"good\":true,"
	    "\"at\":\"2026-11-24T06:30:11Z\",\"list\":[1,null,false,{}],\"empty\":[],"
	    "\"nothing\":null}");
	buf_reset(&b);
	json_writer_init(&w, &b, true);
	write_sample(&w);
	expect("pretty", buf_text(&b),
	    "{\n  \"name\": \"Planet \\\"X\\\"\",\n  \"n\": -9223372036854775808,\n"
	    "  \"good\": true,\n  \"at\": \"2026-11-24T06:30:11Z\",\n  \"list\": [\n    1,\n"
	    "    null,\n    false,\n    {}\n  ],\n  \"empty\": [],\n  \"nothing\": null\n}");
	buf_clear(&b);
}

/* clang-format off */
static const struct { const char *text, *want; } strings[] = {
	{ "", "\"\"" }, { "plain/</script>", "\"plain/</script>\"" },
	{ "\"\\\b\f\n\r\t", "\"\\\"\\\\\\b\\f\\n\\r\\t\"" },
	{ "\x01\x1F\x7F", "\"\\u0001\\u001f\\u007f\"" },
	{ "a\xC2\x9B" "1m\u202E\u200B\U000E0041", "\"a\\u009b1m\\u202e\\u200b\\udb40\\udc41\"" },
	{ "a\u2028b\u2029", "\"a\\u2028b\\u2029\"" }, { "\u2027\u00FC\U0001F4A9", "\"\u2027\u00FC\U0001F4A9\"" },
};
/* clang-format on */

static void
strings_are_escaped_and_come_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(strings); i++) {
		struct buf b = BUF_INIT(200);
		struct err err = ERR_INIT;
		struct json_writer w;
		struct json *doc = NULL;

		json_writer_init(&w, &b, false);
		json_put_string(&w, strings[i].text);
		expect("escaped", buf_text(&b), strings[i].want);
		doc = json_parse(buf_text(&b), b.len, &err);
		assert_non_null(doc);
		expect("back", json_text(json_root(doc)), strings[i].text);
		json_free(doc);
		buf_clear(&b);
	}
}

/* clang-format off */
static const struct { const char *text; bool whole; int64_t n; double real; } numbers[] = {
	{ "0", true, 0, 0 }, { "-1", true, -1, -1 }, { "1e3", true, 1000, 1000 },
	{ "2.0", true, 2, 2 }, { "2.5", false, 0, 2.5 },
	{ "9223372036854775807", true, INT64_MAX, 9223372036854775807.0 },
	{ "-9223372036854775808", true, INT64_MIN, -9223372036854775808.0 },
	{ "9223372036854775808", false, 0, 9223372036854775808.0 },
	{ "123456789012345678901234567890", false, 0, 123456789012345678901234567890.0 },
	{ "1e300", false, 0, 1e300 }, { "-1e300", false, 0, -1e300 }, { "-0.5", false, 0, -0.5 },
	{ "0.5", false, 0, 0.5 }, { "-2.0", true, -2, -2 },
};
/* clang-format on */

static void
numbers_are_whole_or_real(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		struct err err = ERR_INIT;
		struct json *doc =
		    json_parse(numbers[i].text, strlen(numbers[i].text), &err);
		int64_t n = 0;
		double real = 0;

		if (!doc)
			fail_msg("%s: %s", numbers[i].text, err.text);
		if (json_number(json_root(doc), &n) != numbers[i].whole ||
		    (numbers[i].whole && n != numbers[i].n))
			fail_msg("%s: got %lld", numbers[i].text, (long long)n);
		assert_true(json_real_number(json_root(doc), &real));
		if (real < numbers[i].real || real > numbers[i].real)
			fail_msg("%s: got %f", numbers[i].text, real);
		json_free(doc);
	}
}

/* clang-format off */
static const struct { const char *text, *want; } wrong[] = {
	{ "", "json: line 1, column 0" }, { "{", "json: line 1, column 1" },
	{ "{\n\"a\": 1,\n}", "json: line 3, column 1" }, { "[1] x", "json: line 1, column 5" },
	{ "'a'", "json: line 1, column 1" }, { "\"\xFF\"", "json: line 1, column 1" },
	{ "\"\\u0000\"", "json: line 1, column" }, { "\"\\ud800\"", "json: line 1, column" },
	{ "1e999", "json: line 1, column" }, { "NaN", "json: line 1, column" },
	{ "[1,]", "json: line 1, column" }, { "\"a\nb\"", "json: line 1, column" },
	{ "\xEF\xBB\xBF\xEF\xBB\xBF{}", "json: line 1, column" },
	{ "\xEF\xBB\xBF", "json: line 1, column 0" }, { "\xEF\xBB", "json: line 1, column" },
	{ "]", "json: line 1, column 1" }, { "]]]", "json: line 1, column 1" }, { "}[", "json: line 1, column 1" },
	{ "[\"\\u0000\"]", "json: line 1, column 9: \\u0000 is not allowed" },
};
/* clang-format on */

static void
errors_name_their_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct err err = ERR_INIT;
		struct json *doc = json_parse(wrong[i].text, strlen(wrong[i].text), &err);

		if (doc)
			fail_msg("%s was taken", wrong[i].text);
		assert_int_equal(err.kind, ERR_INPUT);
		if (strncmp(err.text, wrong[i].want, strlen(wrong[i].want)) != 0)
			fail_msg("%s: got \"%s\", want \"%s…\"", wrong[i].text, err.text,
			    wrong[i].want);
	}
}

static void
what_jansson_says_is_said_whole(void **state)
{
	static const char text[] = "\"\\u0000\"";
	struct err err = ERR_INIT;

	(void)state;
	assert_null(json_parse(text, sizeof(text) - 1, &err));
	/* Its option is nobody's business. */
	assert_string_equal(err.text,
	    "json: line 1, column 8: \\u0000 is not allowed near '\"\\u0000\"'");
	err = (struct err)ERR_INIT;
	assert_null(json_parse("[1", 2, &err));
	assert_string_equal(err.text,
	    "json: line 1, column 2: ']' expected near end of file");
}

static bool
parses_at_depth(size_t depth)
{
	struct buf b = BUF_INIT(100000);
	struct err err = ERR_INIT;
	struct json *doc = NULL;
	bool ok = false;

	/* Brackets in strings, and escaped quotes there, do not count. */
	buf_adds(&b, "[\"[[[[\\\"[[[\",");
	for (size_t i = 1; i < depth; i++)
		buf_adds(&b, i % 2 ? "[" : "{\"a\":");
	buf_adds(&b, "1");
	for (size_t i = depth - 1; i > 0; i--)
		buf_adds(&b, i % 2 ? "]" : "}");
	buf_adds(&b, "]");
	doc = json_parse(buf_text(&b), b.len, &err);
	ok = doc != NULL;
	if (!ok)
		assert_int_equal(err.kind, ERR_INPUT);
	json_free(doc);
	buf_clear(&b);
	return ok;
}

static void
nesting_has_a_limit(void **state)
{
	(void)state;
	assert_true(parses_at_depth(LIMIT_JSON_DEPTH));
	assert_false(parses_at_depth(LIMIT_JSON_DEPTH + 1));
	assert_false(parses_at_depth(2000));
}

/* An array of empty objects, count of them and the array's own. */
static bool
parses_groups(size_t count)
{
	struct buf b = BUF_INIT(4 * LIMIT_JSON_GROUPS);
	struct err err = ERR_INIT;
	struct json *doc;
	struct json *large;

	buf_adds(&b, "[");
	for (size_t i = 1; i < count; i++)
		buf_adds(&b, i > 1 ? ",{}" : "{}");
	buf_adds(&b, "]");
	doc = json_parse(buf_text(&b), b.len, &err);
	if (!doc)
		assert_string_equal(err.text,
		    "json: more than 200000 objects and arrays");
	large = json_parse_large(buf_text(&b), b.len, &err);
	assert_non_null(large);
	json_free(large);
	json_free(doc);
	buf_clear(&b);
	return doc != NULL;
}

static void
objects_and_arrays_have_a_limit(void **state)
{
	(void)state;
	assert_true(parses_groups(LIMIT_JSON_GROUPS));
	assert_false(parses_groups(LIMIT_JSON_GROUPS + 1));
}

static void
a_document_is_looked_at(void **state)
{
	static const char text[] =
	    "\xEF\xBB\xBF {\"a\": [1, \"two\", true, null, {\"b\": 3}], \"c\": \"d\", \"c\": \"e\"}";
	struct err err = ERR_INIT;
	struct json *doc = json_parse(text, sizeof(text) - 1, &err);
	const struct json_value *root = NULL;
	const struct json_value *list = NULL;
	int64_t n = 0;

	(void)state;
	assert_non_null(doc);
	root = json_root(doc);
	list = json_get(root, "a");
	assert_true(json_is_object(root));
	assert_false(json_is_array(root));
	assert_true(json_is_array(list));
	assert_int_equal(json_count(list), 5);
	assert_true(json_number(json_at(list, 0), &n) && n == 1);
	expect("string", json_text(json_at(list, 1)), "two");
	assert_true(json_truth(json_at(list, 2)));
	assert_false(json_truth(json_at(list, 3)));
	assert_false(json_truth(NULL));
	assert_false(json_says_false(NULL));
	assert_false(json_says_false(json_at(list, 2)));
	assert_false(json_says_false(json_at(list, 3)));
	expect("the first key", json_next_key(root, NULL), "a");
	expect("the next", json_next_key(root, "a"), "c");
	assert_null(json_next_key(root, "c"));
	assert_null(json_next_key(list, NULL));
	assert_false(json_real_number(NULL, &(double){ 0 }));
	assert_false(json_real_number(json_at(list, 1), &(double){ 0 }));
	assert_null(json_text(json_at(list, 0)));
	assert_null(json_at(list, 5));
	assert_true(json_number(json_get(json_at(list, 4), "b"), &n) && n == 3);
	expect("the last of two", json_text(json_get(root, "c")), "e");
	/* Asking the wrong kind of value is no error. */
	assert_null(json_get(list, "a"));
	assert_null(json_get(NULL, "a"));
	assert_null(json_at(root, 0));
	assert_null(json_text(NULL));
	assert_int_equal(json_count(root), 0);
	assert_int_equal(json_count(NULL), 0);
	assert_false(json_is_object(NULL));
	assert_false(json_number(json_at(list, 1), &n));
	json_free(doc);
	json_free(NULL);
	doc = json_parse("false", 5, &err);
	assert_true(json_says_false(json_root(doc)));
	assert_false(json_truth(json_root(doc)));
	json_free(doc);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_are_written_in_order),
		cmocka_unit_test(strings_are_escaped_and_come_back),
		cmocka_unit_test(numbers_are_whole_or_real),
		cmocka_unit_test(errors_name_their_place),
		cmocka_unit_test(what_jansson_says_is_said_whole),
		cmocka_unit_test(nesting_has_a_limit),
		cmocka_unit_test(objects_and_arrays_have_a_limit),
		cmocka_unit_test(a_document_is_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

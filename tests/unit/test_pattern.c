/* SPDX-License-Identifier: ISC */
/* Python's regular expressions in POSIX's words: what they are written as, and what they find. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "digest/pattern.h"

/* Parts one behind the other; a forbidden one has "!" in front, " & " parts them. */
static const struct {
	const char *pattern;
	const char *want;
} written[] = {
	{ "", "" },
	{ "abc", "abc" },
	{ "a.c|b+?", "a.c|b+" },
	{ "a*?b??c{2,3}?", "a*b?c{2,3}" },
	{ "\\d\\D\\w\\W\\s\\S",
	    "[0-9][^0-9][[:alnum:]_][^[:alnum:]_][[:space:]][^[:space:]]" },
	{ "\\Aa\\Z", "^a$" },
	{ "a\\z", "a$" },
	{ "\\ba\\B\\<b\\>", "\\ba\\B\\<b\\>" },
	{ "\\n\\t\\r\\f\\v", "     " },
	{ "\\x41\\u00e9\\U0001f600", "A\xC3\xA9\xF0\x9F\x98\x80" },
	{ "\\x2e\\x28", "\\.\\(" },
	{ "\\u0001", "\x01" },
	{ "\\ud7ff\\ue000", "\xED\x9F\xBF\xEE\x80\x80" },
	{ "\\U0010ffff", "\xF4\x8F\xBF\xBF" },
	{ "\\.\\*\\-\\/\\_", "\\.\\*-/_" },
	{ "(?:a|b)", "(a|b)" },
	{ "(?P<name>a)", "(a)" },
	{ "a(?#a comment)b", "ab" },
	{ "(?i)a", "a" },
	{ "[abc]", "[abc]" },
	{ "[^abc]", "[^abc]" },
	{ "[]a]", "[]a]" },
	{ "[^]a]", "[^]a]" },
	{ "[a\\]b]", "[]ab]" },
	{ "[a\\-z]", "[az-]" },
	{ "[a-z]", "[a-z]" },
	{ "[a-]", "[a-]" },
	{ "[-a]", "[a-]" },
	{ "[\\d\\w\\s]", "[0-9[:alnum:]_[:space:]]" },
	{ "[[:alpha:]x]", "[[:alpha:]x]" },
	{ "[a-c\\x41-\\x43]", "[a-cA-C]" },
	{ "[a^]", "[a^]" },
	{ "^(?!a)b", "!^(a) & ^(b)" },
	{ "^(?!a)(?=b)c", "!^(a) & ^(b) & ^(c)" },
};

static const char *
joined(const struct pattern *p, char *out, size_t size)
{
	size_t n = 0;

	*out = '\0';
	for (size_t i = 0; i < p->count; i++)
		n += (size_t)snprintf(out + n, size - n, "%s%s%s", i > 0 ? " & " : "",
		    p->parts[i].is_forbidden ? "!" : "",
		    buf_text(&p->text) + p->parts[i].start);
	return out;
}

static void
python_is_written_as_posix(void **state)
{
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(written); i++) {
		struct pattern p = { 0 };
		struct err err = ERR_INIT;
		char got[500];
		const bool ok = pattern_read(written[i].pattern, &p, &err);

		if (!ok || strcmp(joined(&p, got, sizeof(got)), written[i].want) != 0) {
			print_error("%s: got %s (%s), want %s\n", written[i].pattern,
			    ok ? got : "nothing", err.text, written[i].want);
			failed++;
		}
		buf_clear(&p.text);
	}
	assert_int_equal(failed, 0);
}

static const struct {
	const char *pattern;
	const char *why;
} refused[] = {
	{ "(a)\\1", "back-reference \\1" },
	{ "(?P<x>a)(?P=x)", "such a group (?...)" },
	{ "(?=a)", "look-ahead but at the beginning" },
	{ "a\\", "a backslash at the end" },
	{ "\\x4", "\\x without its digits" },
	{ "\\u00g0", "\\x without its digits" },
	{ "\\x00", "a number that is no character" },
	{ "\\ud800", "a number that is no character" },
	{ "\\udfff", "a number that is no character" },
	{ "\\U00110000", "a number that is no character" },
	{ "\\q", "\\q" },
	{ "[a", "a bracket is not closed" },
	{ "[", "a bracket is not closed" },
	{ "[\\W]", "such a class in brackets" },
	{ "[a-\\d]", "a range to a class" },
	{ "a(?=b)", "look-ahead" },
	{ "a(?!b)", "look-ahead" },
	{ "(?<=a)b", "look-behind" },
	{ "(?<!a)b", "look-behind" },
	{ "(?x)a b", "such a group (?...)" },
};

static void
what_has_no_equal_is_named(void **state)
{
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		struct pattern p = { 0 };
		struct err err = ERR_INIT;

		if (pattern_read(refused[i].pattern, &p, &err) ||
		    err.kind != ERR_CONFIG || !strstr(err.text, refused[i].why)) {
			print_error("%s: got %d \"%s\", want \"%s\"\n",
			    refused[i].pattern, err.kind, err.text, refused[i].why);
			failed++;
		}
		buf_clear(&p.text);
	}
	assert_int_equal(failed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(python_is_written_as_posix),
		cmocka_unit_test(what_has_no_equal_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

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
	/* Numbers of as many digits as their letter has, literals with what POSIX wants escaped. */
	{ "\\x412\\u00411\\U000000413", "A2A1A3" },
	{ "\\x5e\\x24\\x5b\\x29\\x7c\\x2a\\x2b\\x3f\\x7b\\x5c",
	    "\\^\\$\\[\\)\\|\\*\\+\\?\\{\\\\" },
	{ "\\x5d\\x7d\\x7f\\xFF", "]}\x7F\xC3\xBF" },
	/* Braces that count, and those that are characters. */
	{ "a{2}b{2,}c{,3}d{10,20}", "a{2}b{2,}c{,3}d{10,20}" },
	{ "a{}b{,}c{x}d{2,x}", "a\\{}b\\{,}c\\{x}d\\{2,x}" },
	{ "a{2", "a\\{2" },
	{ "a{2,3", "a\\{2,3" },
	{ "a{2}?b", "a{2}b" },
	{ "a{2}??", "a{2}?" },
	/* Brackets. */
	{ "[+-\\]x]", "[]+-\\x]" },
	{ "[\\]-ax]", "[]_-ax^]" },
	{ "[\\^-z]", "[_-z^]" },
	{ "[x\\--/]", "[x.-/-]" },
	{ "[+--]", "[+-,-]" },
	{ "[\\--\\-]", "[-]" },
	{ "[a-\\x63\\x41-Z]", "[a-cA-Z]" },
	{ "[-[=a=]x]", "[[=a=]x-]" },
	{ "[-[.a.]x]", "[[.a.]x-]" },
	{ "[-[:alpha:]]", "[[:alpha:]-]" },
	{ "[\u00e9\u4e2d]", "[\u00e9\u4e2d]" },
	{ "[[a]", "[[a]" },
	{ "[a-]]", "[a-]]" },
	{ "[\\^]", "\\^" },
	{ "[\\^-\\^]", "\\^" },
	{ "[a-a]", "[a-a]" },
	{ "[a:b:]x", "[a:b:]x" },
	{ "[[:a]x", "[[:a]x" },
	{ "[\\^\\-]", "[-^]" },
	{ "[\\^\\]]", "[]^]" },
	{ "[\\^\\-\\]]", "[]^-]" },
	{ "[\\^a\\-]", "[a^-]" },
	{ "[\\^a]", "[a^]" },
	{ "[^\\^]", "[^^]" },
	{ "[^^]", "[^^]" },
	{ "[^\\-]", "[^-]" },
	{ "[\\-]", "[-]" },
	{ "[\\n]", "[ ]" },
	/* Groups. */
	{ "(?<name>a)", "(a)" },
	{ "a(?#b", "a" },
	{ "(?i:a)(?aiLmsu:b)", "(a)(b)" },
	{ "a(?i)b(?su)c", "abc" },
	{ "(a(b)c)d", "(a(b)c)d" },
	{ "(?i)(?su)a", "a" },
	{ "(?i)^(?=a)b", "^(a) & ^(b)" },
	{ "a)b", "a)b" },
	/* Look-aheads at the beginning, each a part. */
	{ "\\A(?=a)b", "^(a) & ^(b)" },
	{ "\\A(?!a)b", "!^(a) & ^(b)" },
	{ "^(?:a)b", "^(a)b" },
	{ "\\A(?:a)b", "^(a)b" },
	{ "^(?=a)", "^(a)" },
	{ "^(?=a).*", "^(a)" },
	{ "^(?=a).*$", "^(a)" },
	{ "^(?=a).+", "^(a) & ^(.+)" },
	{ "^(?=a|b)c", "^(a|b) & ^(c)" },
	{ "^(?=(a|b)c)d", "^((a|b)c) & ^(d)" },
	{ "^(?=(?:a)b)c", "^((a)b) & ^(c)" },
	{ "^(?=(?i)a(?#b)c)d", "^(ac) & ^(d)" },
	{ "^(?=a)(b|c)", "^(a) & ^((b|c))" },
	{ "^(?!1)(?!2)(?!3)(?!4)(?!5)(?!6)(?=7)",
	    "!^(1) & !^(2) & !^(3) & !^(4) & !^(5) & !^(6) & ^(7)" },
};

static const char *
joined(const struct pattern *p, char *out, size_t size)
{
	size_t n = 0;

	*out = '\0';
	for (size_t i = 0; i < p->count; i++) {
		assert_int_equal(strlen(buf_text(&p->text) + p->parts[i].start),
		    p->parts[i].len);
		n += (size_t)snprintf(out + n, size - n, "%s%s%s", i > 0 ? " & " : "",
		    p->parts[i].is_forbidden ? "!" : "",
		    buf_text(&p->text) + p->parts[i].start);
	}
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
	/* clang-format off */
	{ "(a)\\1", "back-reference \\1 is not supported" },
	{ "\\0", "back-reference \\0 is not supported" },
	{ "\\9", "back-reference \\9 is not supported" },
	{ "\\q", "\\q is not supported" },
	{ "\\\u00e9", "\\\xC3 is not supported" },
	{ "(?P<x>a)(?P=x)", "such a group (?...) is not supported" },
	{ "(?x)a b", "such a group (?...) is not supported" },
	{ "(?)", "such a group (?...) is not supported" },
	{ "(?i", "such a group (?...) is not supported" },
	{ "(?ix)", "such a group (?...) is not supported" },
	{ "(?>a)", "such a group (?...) is not supported" },
	{ "(?P<x", "a group whose name has no end is not supported" },
	{ "(?<x", "a group whose name has no end is not supported" },
	{ "a\\", "a backslash at the end is not supported" },
	{ "\\x4", "\\x without its digits is not supported" },
	{ "\\u00g0", "\\x without its digits is not supported" },
	{ "\\U0000004", "\\x without its digits is not supported" },
	{ "\\x00", "a number that is no character is not supported" },
	{ "\\ud800", "a number that is no character is not supported" },
	{ "\\udfff", "a number that is no character is not supported" },
	{ "\\U00110000", "a number that is no character is not supported" },
	{ "[a", "a bracket is not closed" },
	{ "[", "a bracket is not closed" },
	{ "[]", "a bracket is not closed" },
	{ "[^]", "a bracket is not closed" },
	{ "[a-", "a bracket is not closed" },
	{ "[\\W]", "such a class in brackets is not supported" },
	{ "[a-\\d]", "a range to a class is not supported" },
	{ "[a-\\q]", "such a class in brackets is not supported" },
	{ "[a\\", "a backslash at the end is not supported" },
	{ "(?=a)", "look-ahead but at the beginning is not supported" },
	{ "a(?=b)", "look-ahead but at the beginning is not supported" },
	{ "a(?!b)", "look-ahead but at the beginning is not supported" },
	{ "(?<=a)b", "look-behind is not supported" },
	{ "(?<!a)b", "look-behind is not supported" },
	{ "^(?=a\\1)b", "back-reference \\1 is not supported" },
	{ "^(?=a", "a group is not closed" },
	{ "^(?=a(b)", "a group is not closed" },
	{ "^(?=a)b|c", "a choice behind look-ahead is not supported" },
	{ "^(?=a)(b)|c", "a choice behind look-ahead is not supported" },
	{ "^(?!1)(?!2)(?!3)(?!4)(?!5)(?!6)(?!7)(?=8)", "more than seven look-aheads is not supported" },
	/* clang-format on */
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
		    err.kind != ERR_CONFIG || strcmp(err.text, refused[i].why) != 0) {
			print_error("%s: got %d \"%s\", want \"%s\"\n",
			    refused[i].pattern, err.kind, err.text, refused[i].why);
			failed++;
		}
		buf_clear(&p.text);
	}
	assert_int_equal(failed, 0);
}

static void
a_pattern_has_a_thousand_bytes_at_most(void **state)
{
	char text[1002];

	(void)state;
	for (size_t len = 1000; len <= 1001; len++) {
		struct pattern p = { 0 };
		struct err err = ERR_INIT;

		memset(text, 'a', len);
		text[len] = '\0';
		assert_int_equal(pattern_read(text, &p, &err), len == 1000);
		assert_string_equal(err.text,
		    len == 1000 ? "" : "longer than 1000 characters");
		buf_clear(&p.text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(python_is_written_as_posix),
		cmocka_unit_test(what_has_no_equal_is_named),
		cmocka_unit_test(a_pattern_has_a_thousand_bytes_at_most),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

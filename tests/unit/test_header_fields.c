/* SPDX-License-Identifier: ISC */
/* Fields of a header as they come: line ends of all kinds, folds, what is no field, parameters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/limits.h"
#include "mail/header_fields.h"
#include "unit/guarded.h"

#define BYTES(s) s, sizeof(s) - 1

static const struct {
	const char *name, *text;
	size_t len;
	const char *want; /* "NAME=VALUE|", and behind "#" the body */
} headers[] = {
	/* clang-format off */
	{ "nothing", BYTES(""), "#" },
	{ "one field", BYTES("A: b\r\n\r\nx"), "A=b|#x" },
	{ "two", BYTES("A: b\r\nC: d\r\n\r\nx\r\n"), "A=b|C=d|#x\r\n" },
	{ "LF alone", BYTES("A: b\nC: d\n\nx"), "A=b|C=d|#x" },
	{ "CR twice", BYTES("A: b\r\r\nC: d\r\r\n\r\r\nx"), "A=b|C=d|#x" },
	{ "no end", BYTES("A: b"), "A=b|#" },
	{ "no empty line", BYTES("A: b\n"), "A=b|#" },
	{ "an empty line first", BYTES("\r\nA: b\r\n"), "#A: b\r\n" },
	{ "blanks alone end it", BYTES("A: b\n \t\nC: d\n"), "A=b|#C: d\n" },
	{ "blanks alone at the end", BYTES("A: b\n \t"), "A=b|#" },
	{ "folded", BYTES("A: b\r\n c\r\n\td\r\nE: f\r\n\r\n"), "A=b c\td|E=f|#" },
	{ "folded at the end", BYTES("A: b\n c"), "A=b c|#" },
	{ "folded from its first line on", BYTES("A:\n  b\n\n"), "A=b|#" },
	{ "no value", BYTES("A:\nB: \n\n"), "A=|B=|#" },
	{ "no blank", BYTES("A:b\n\n"), "A=b|#" },
	{ "a colon in the value", BYTES("A: b: c\n\n"), "A=b: c|#" },
	{ "a CR within", BYTES("A: b\rc\n\n"), "A=bc|#" },
	{ "a NUL within", BYTES("A: b\0c\n\n"), "A=bc|#" },
	{ "no colon", BYTES("junk\nA: b\n\n"), "A=b|#" },
	{ "no colon, and folded", BYTES("junk\n C: d\nA: b\n\n"), "A=b|#" },
	{ "no name", BYTES(": x\nA: b\n\n"), "A=b|#" },
	{ "a blank in the name", BYTES("A b: c\nD : e\nF: g\n\n"), "F=g|#" },
	{ "the ends of ASCII", BYTES("!: a\n~: b\n\x7F: c\n\xE9: d\n\n"), "!=a|~=b|#" },
	{ "a From_ line", BYTES("From x y\nA: b\n\n"), "A=b|#" },
	{ "folded before any field", BYTES(" x\nA: b\n\n"), "A=b|#" },
	/* clang-format on */
};

static const char *
told(struct arena *a, const char *text, size_t len)
{
	struct header h;
	const char *out = "";

	header_read(a, text, len, &h);
	for (size_t i = 0; i < h.count; i++)
		out =
		    arena_printf(a, "%s%s=%s|", out, h.fields[i].name, h.fields[i].value);
	assert_true(h.body <= len);
	return arena_printf(a, "%s#%.*s", out, (int)(len - h.body), text + h.body);
}

static void
fields_are_read_as_they_come(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
		const char *got =
		    told(a, guarded(headers[i].text, headers[i].len), headers[i].len);

		if (strcmp(got, headers[i].want) != 0) {
			print_error("%s: got %s, want %s\n", headers[i].name, got,
			    headers[i].want);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

static void
there_are_limits(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (int extra = -1; extra <= 1; extra++) {
		const int fields = LIMIT_INCOMING_FIELDS + extra;
		const int bytes = LIMIT_HEADER_VALUE + extra;
		char *text = arena_alloc(a, 5 * (size_t)fields + 1);
		struct header h;

		for (int i = 0; i < fields; i++)
			memcpy(text + 5 * (size_t)i, "A: b\n", 6);
		header_read(a, text, strlen(text), &h);
		assert_int_equal(h.count, extra > 0 ? fields - 1 : fields);
		assert_int_equal(h.body, strlen(text));
		text = arena_printf(a, "A:%0*d", bytes, 0);
		header_read(a, text, strlen(text), &h);
		assert_int_equal(strlen(h.fields[0].value),
		    extra > 0 ? bytes - 1 : bytes);
	}
	arena_free(a);
}

static void
fields_are_found_by_name(void **state)
{
	static const char text[] = "A: 1\nb: 2\na: 3\n\n";
	struct arena *a = arena_new();
	struct header h;

	(void)state;
	header_read(a, text, sizeof(text) - 1, &h);
	assert_int_equal(header_find(&h, "A", 0), 0);
	assert_int_equal(header_find(&h, "A", 1), 2);
	assert_int_equal(header_find(&h, "A", 3), 3);
	assert_int_equal(header_find(&h, "C", 0), 3);
	assert_string_equal(header_get(&h, "B"), "2");
	assert_string_equal(header_get(&h, "a"), "1");
	assert_null(header_get(&h, "C"));
	assert_string_equal(header_text(&h, "C"), "");
	arena_free(a);
}

static void
parameters_are_found_by_name(void **state)
{
	static const struct {
		const char *value, *want; /* of charset; NULL: none */
	} cases[] = {
		{ "text/plain", NULL },
		{ "text/plain; charset=utf-8", "utf-8" },
		{ "text/plain;CHARSET=utf-8; x=y", "utf-8" },
		{ "text/plain; x=y;\tcharset = utf-8 z", "utf-8" },
		{ "text/plain; charset=\"utf 8; x\"; x=y", "utf 8; x" },
		{ "text/plain; charset=\"utf-8", "utf-8" },
		{ "text/plain; charset=", "" },
		{ "text/plain; charset", NULL },
		{ "text/plain; charsets=a; charset=b", "b" },
		{ "text/plain; xcharset=a", NULL },
		{ "charset=a", NULL },
		{ "", NULL },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *got = header_parameter(a, cases[i].value, "charset");

		if (!got != !cases[i].want || (got && strcmp(got, cases[i].want) != 0))
			fail_msg("%s: got %s", cases[i].value, got ? got : "(none)");
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_read_as_they_come),
		cmocka_unit_test(there_are_limits),
		cmocka_unit_test(fields_are_found_by_name),
		cmocka_unit_test(parameters_are_found_by_name),
	};

	return cmocka_run_group_tests_name("fields of headers", tests, NULL, NULL);
}

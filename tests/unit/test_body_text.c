/* SPDX-License-Identifier: ISC */
/* Text of a body: encodings, charsets that are declared, guessed, or declared wrongly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "mail/body_text.h"
#include "unit/guarded.h"

#define BYTES(s) s, sizeof(s) - 1

static const struct {
	const char *name, *bytes;
	size_t len;
	enum body_encoding encoding;
	const char *charset; /* NULL: none is declared */
	size_t max;
	const char *want;
} cases[] = {
	/* clang-format off */
	{ "nothing", BYTES(""), BODY_AS_IT_IS, NULL, 100, "" },
	{ "UTF-8, undeclared", BYTES("gr\xC3\xBC"), BODY_AS_IT_IS, NULL, 100, "gr\u00FC" },
	{ "Latin, undeclared", BYTES("gr\xFC"), BODY_AS_IT_IS, NULL, 100, "gr\u00FC" },
	{ "declared", BYTES("\xCF\xF0\xE8"), BODY_AS_IT_IS, "windows-1251", 100,
	    "\u041F\u0440\u0438" },
	{ "declared, and nobody knows it", BYTES("gr\xFC"), BODY_AS_IT_IS, "klingon", 100,
	    "gr\u00FC" },
	{ "Japanese, undeclared", BYTES("\x1B$BF|K\\\x1B(B!"), BODY_AS_IT_IS, NULL, 100,
	    "\u65E5\u672C!" },
	{ "Japanese, declared as ASCII", BYTES("a\x1B$BF|K\\\x1B(B!"), BODY_AS_IT_IS, "us-ascii",
	    100, "a\u65E5\u672C!" },
	{ "an escape to ASCII", BYTES("\x1B(Ba\xE9"), BODY_AS_IT_IS, "us-ascii", 100, "a\uFFFD" },
	{ "another escape", BYTES("\x1B[1m\xE9"), BODY_AS_IT_IS, NULL, 100, "[1m\u00E9" },
	{ "an escape at the end", BYTES("\xE9\x1B$"), BODY_AS_IT_IS, NULL, 100, "\u00E9$" },
	{ "quoted", BYTES("gr=C3=BC=\n!"), BODY_QUOTED, "utf-8", 100, "gr\u00FC!" },
	{ "base64", BYTES("Z3LDvA=="), BODY_BASE64, "utf-8", 100, "gr\u00FC" },
	{ "no base64 at all", BYTES("!!!"), BODY_BASE64, NULL, 100, "!!!" },
	{ "as much as is taken", BYTES("abc"), BODY_AS_IT_IS, NULL, 3, "abc" },
	{ "more than is taken", BYTES("abcd"), BODY_AS_IT_IS, NULL, 3, "abc" },
	/* clang-format on */
};

static void
bodies_are_read_as_what_they_are(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *got = body_text(a, guarded(cases[i].bytes, cases[i].len),
		    cases[i].len, cases[i].encoding, cases[i].charset, cases[i].max);

		if (strcmp(got, cases[i].want) != 0) {
			print_error("%s: got %s, want %s\n", cases[i].name, got,
			    cases[i].want);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies_are_read_as_what_they_are),
	};

	return cmocka_run_group_tests_name("text of bodies", tests, NULL, NULL);
}

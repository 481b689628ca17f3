/* SPDX-License-Identifier: ISC */
/* The holes of a rendering: found by their marks, filled for a reader, left out for everybody. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "model/holes.h"
#include "unit/guarded.h"

/* The end of the text is the end of what may be read. */
static void
marks_are_found(void **state)
{
	static const struct {
		const char *text;
		int open, after; /* -1: there is none */
		enum hole hole;
	} cases[] = {
		{ "", -1, -1, HOLE_COUNT },
		{ "a", -1, -1, HOLE_COUNT },
		{ "a\x02", -1, -1, HOLE_COUNT },
		{ "\x01", 0, -1, HOLE_COUNT },
		{ "a\x01leave", 1, -1, HOLE_COUNT },
		{ "\x01leave\x02", 0, 7, HOLE_LEAVE },
		{ "\x02 \x01manage\x02 \x01leave\x02", 2, 10, HOLE_MANAGE },
		{ "\x01"
		  "address\x02",
		    0, 9, HOLE_ADDRESS },
		{ "a\x01since\x02\n", 1, 8, HOLE_SINCE },
		{ "\x01sinces\x02", 0, 8, HOLE_COUNT },
		{ "\x01sinc\x02", 0, 6, HOLE_COUNT },
		{ "\x01sincE\x02", 0, 7, HOLE_COUNT },
		{ "\x01\x02", 0, 2, HOLE_COUNT },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const size_t len = strlen(cases[i].text);
		const char *text = guarded(cases[i].text, len);
		const char *after = NULL;
		enum hole hole = HOLE_LEAVE;
		const char *open = hole_find(text, text + len, &hole, &after);

		assert_int_equal(open ? open - text : -1, cases[i].open);
		assert_int_equal(after ? after - text : -1, cases[i].after);
		assert_int_equal(hole, cases[i].hole);
	}
	for (enum hole i = 0; i < HOLE_COUNT; i++) {
		const char *mark = hole_mark(i);
		const char *after = NULL;
		enum hole hole = HOLE_COUNT;

		assert_ptr_equal(hole_find(mark, mark + strlen(mark), &hole, &after),
		    mark);
		assert_int_equal(hole, i);
		assert_ptr_equal(after, mark + strlen(mark));
	}
}

static const struct {
	const char *name;
	const char *text;
	bool html;
	const char *want;
	const char *everybody;
} hole_cases[] = {
	/* clang-format off */
	{ "nothing", "", false, "", "" },
	{ "none", "a\nb", false, "a\nb", "a\nb" },
	{ "one", "a\n<\x01leave\x02>\nb\n", false, "a\n<https://x/?a&b>\nb\n", "a\nb\n" },
	{ "escaped", "a\n\x01leave\x02", true, "a\nhttps://x/?a&amp;b", "a\n" },
	{ "two in a line", "\x01since\x02 \x01" "address\x02\nb", false, "May ann@x\nb", "b" },
	{ "not set", "[\x01manage\x02]", false, "[]", "" },
	{ "not known", "[\x01other\x02]", false, "[]", "" },
	{ "a line each", "\x01since\x02\n\x01leave\x02\nb\n", false, "May\nhttps://x/?a&b\nb\n", "b\n" },
	{ "lines between", "a\n\x01since\x02\nb\n\x01since\x02", false, "a\nMay\nb\nMay", "a\nb\n" },
	{ "not closed", "a\x01leave", false, "a\x01leave", "a\x01leave" },
};
/* clang-format on */

static void
holes_are_filled_or_their_lines_left_out(void **state)
{
	static const char *const p[HOLE_COUNT] = { [HOLE_LEAVE] = "https://x/?a&b",
		[HOLE_ADDRESS] = "ann@x",
		[HOLE_SINCE] = "May" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hole_cases); i++) {
		struct arena *a = arena_new();
		const char *text = hole_cases[i].text;
		const char *got =
		    holes_fill(a, text, strlen(text), p, hole_cases[i].html);
		const char *all =
		    holes_fill(a, text, strlen(text), NULL, hole_cases[i].html);

		if (strcmp(got, hole_cases[i].want) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", hole_cases[i].name, got,
			    hole_cases[i].want);
		if (strcmp(all, hole_cases[i].everybody) != 0)
			fail_msg("%s: everybody: got \"%s\", want \"%s\"",
			    hole_cases[i].name, all, hole_cases[i].everybody);
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_are_found),
		cmocka_unit_test(holes_are_filled_or_their_lines_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/* Addresses in the words of a bounce: where each begins and ends, and whom it is of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/limits.h"
#include "mail/report_address.h"

static const struct {
	const char *line, *want; /* "address rank, address rank" */
} lines[] = {
	/* clang-format off */
	{ "", "" },
	{ "no address", "" },
	{ "ann@there.example", "ann@there.example alone" },
	{ "  <ann@there.example>", "ann@there.example alone" },
	{ "<ann@there.example>:", "ann@there.example alone" },
	{ "ann@there.example: gone", "ann@there.example alone" },
	{ "ann@there.example, gone", "ann@there.example alone" },
	{ "ann@there.example; gone", "ann@there.example alone" },
	{ "ann@there.example (gone)", "ann@there.example alone" },
	{ "ann@there.example ... gone", "ann@there.example alone" },
	{ "ann@there.example on Monday", "ann@there.example alone" },
	{ "ann@there.example SMTP error", "ann@there.example alone" },
	{ "ann@there.example | gone", "ann@there.example alone" },
	{ "ann@there.example * gone", "ann@there.example alone" },
	{ "ann@there.example .. gone", "ann@there.example named" },
	{ "ann@there.example is gone", "ann@there.example named" },
	{ "- ann@there.example", "ann@there.example alone" },
	{ "1. ann@there.example", "ann@there.example named" },
	{ ": ann@there.example", "ann@there.example named" },
	/* What stands in front tells whose it is. */
	{ "Recipient: ann@there.example is gone", "ann@there.example labeled" },
	{ "RCPT TO:<ann@there.example> 550", "ann@there.example labeled" },
	{ "your message to ann@there.example was", "ann@there.example labeled" },
	{ "recipients ann@there.example bo@there.example",
	    "ann@there.example labeled, bo@there.example named" },
	{ "the recipient of it is ann@there.example", "ann@there.example named" },
	{ "a preciprecipient ann@there.example x", "ann@there.example named" },
	{ "contact recipient ann@there.example x", "ann@there.example none" },
	{ "sent from ann@there.example to bo@there.example x",
	    "ann@there.example none, bo@there.example none" },
	{ "MAIL FROM:<ann@there.example> x", "ann@there.example none" },
	{ "see http://x.example/ann@there.example", "//x.example/ann@there.example none" },
	{ "postmaster@there.example", "postmaster@there.example none" },
	{ "user postmaster@there.example x", "postmaster@there.example labeled" },
	{ "write postmaster@there.example now", "postmaster@there.example none" },
	{ "write abuse@there.example now", "abuse@there.example none" },
	{ "write hostmaster@there.example now", "hostmaster@there.example none" },
	{ "write master@there.example now", "master@there.example named" },
	/* Where it begins. */
	{ "SMTP=ann@there.example", "ann@there.example labeled" },
	{ "dda:SMTP=ann@there.example; x", "ann@there.example labeled" },
	{ "smtp=@there.example", "smtp=@there.example alone" },
	{ "'ann@there.example'", "ann@there.example alone" },
	{ "*ann@there.example*", "ann@there.example alone" },
	{ "`.-'ann@there.example", "ann@there.example alone" },
	{ "'*`@there.example", "" },
	{ "\"ann b\"@there.example", "\"ann b\"@there.example alone" },
	{ "x \"ann b\"@there.example", "\"ann b\"@there.example named" },
	{ "ann b\"@there.example", "" },
	{ "\"@there.example", "" },
	{ "a!#$%&*+/=?^_`{|}~.-b@there.example", "a!#$%&*+/=?^_`{|}~.-b@there.example alone" },
	{ "(ann@there.example)", "ann@there.example alone" },
	/* Where it ends. */
	{ "ann@there.example.", "ann@there.example named" },
	{ "ann@there.example-", "ann@there.example alone" },
	{ "ann@there.example.-.", "ann@there.example named" },
	{ "ann@there", "" },
	{ "ann@", "" },
	{ "@there.example", "" },
	{ "ann@.", "" },
	{ "ann@-.-", "" },
	{ "ann@@there.example", "" },
	{ "ann@there_x.example", "" },
	{ "ann@there.example_x", "ann@there.example named" },
	{ "ann@there bo@there.example", "bo@there.example named" },
	{ "ann@a.b", "ann@a.b alone" },
	/* Text without blanks between. */
	{ "\u6536\u4EF6\u4EBAann@there.example\u4E0D\u5B58\u5728", "ann@there.example named" },
	{ "\u4E00a@there.example", "a@there.example alone" },
	{ "\u4E00@there.example", "\u4E00@there.example alone" },
	{ "a\u4E00@there.example", "a\u4E00@there.example alone" },
	{ "ann@\u4E00\u4E8C.\u4E09\u56DB", "ann@\u4E00\u4E8C.\u4E09\u56DB alone" },
	/* clang-format on */
};

static const char *
found(struct arena *a, const char *line)
{
	static const char *const ranks[] = { [RANK_NONE] = "none",
		[RANK_NAMED] = "named",
		[RANK_LABELED] = "labeled",
		[RANK_ALONE] = "alone" };
	const char *text = "";
	const char *at = line;
	struct report_address x;

	while (report_address_next(a, line, &at, &x)) {
		text = arena_printf(a, "%s%s%s %s", text, *text ? ", " : "", x.text,
		    ranks[x.rank]);
		assert_int_equal(x.line, 0);
	}
	return text;
}

static void
addresses_are_found_in_words(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		const char *got = found(a, lines[i].line);

		if (strcmp(got, lines[i].want) != 0) {
			print_error("%s: got %s, want %s\n", lines[i].line, got,
			    lines[i].want);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* Eighty bytes in front of one are looked at. */
static void
what_is_far_in_front_tells_nothing(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (int blanks = 70; blanks < 76; blanks++) {
		const char *line =
		    arena_printf(a, "contact%*sann@there.example x", blanks, "");

		assert_string_equal(found(a, line),
		    blanks <= 73 ? "ann@there.example none" : "ann@there.example named");
	}
	arena_free(a);
}

static void
an_address_has_a_longest(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (int len = LIMIT_ADDRESS - 1; len <= LIMIT_ADDRESS + 1; len++) {
		char *line = arena_printf(a, "%0*d@there.example", len - 14, 0);

		assert_int_equal(*found(a, line) != '\0', len <= LIMIT_ADDRESS);
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_found_in_words),
		cmocka_unit_test(what_is_far_in_front_tells_nothing),
		cmocka_unit_test(an_address_has_a_longest),
	};

	return cmocka_run_group_tests_name("addresses in reports", tests, NULL, NULL);
}

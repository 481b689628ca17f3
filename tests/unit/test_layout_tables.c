/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "html/layout_tables.h"
#include "unit/occurrences.h"

#define TABLE(rows) "<table>\n<tbody>\n" rows "\n</tbody>\n</table>"
#define ROW(cells) "<tr>\n" cells "\n</tr>"
#define DATA TABLE(ROW("<th>Year</th>\n<td>1</td>"))

/* clang-format off */
static const struct {
	const char *name, *html, *want;
} cases[] = {
	{ "cells in the order in which they are read",
		TABLE(ROW("<td>One</td>\n<td>\n<p>Two</p>\n</td>") "\n"
			ROW("<td colspan=\"2\">Three</td>")),
		"<div>One</div>\n<p>Two</p>\n<div>Three</div>" },
	{ "text around", "<p>Before</p>\n" TABLE(ROW("<td>One</td>")) "\n<p>After</p>",
		"<p>Before</p>\n<div>One</div>\n<p>After</p>" },
	{ "data stays", DATA, DATA },
	{ "data within", TABLE(ROW("<td>\n" DATA "\n</td>")), DATA },
	{ "one within another", TABLE(ROW("<td>\n" TABLE(ROW("<td>In</td>")) "\n</td>\n<td>Out</td>")),
		"<div>In</div>\n<div>Out</div>" },
	{ "its name", "<table>\n<caption>Its name</caption>\n<tbody>\n" ROW("<td>One</td>")
		"\n</tbody>\n</table>", "<div>Its name</div>\n<div>One</div>" },
};
/* clang-format on */

static void
cells_that_only_arrange_become_blocks(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *got = html_open_layout_tables(a, cases[i].html);

		if (strcmp(got, cases[i].want) != 0) {
			print_error("%s: got %s, want %s\n", cases[i].name, got,
			    cases[i].want);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* The seventeenth table in others stays one. */
static void
tables_are_opened_to_a_depth(void **state)
{
	struct arena *a = arena_new();
	const char *html = "x";

	(void)state;
	for (size_t depth = 1; depth <= 18; depth++) {
		const char *got = NULL;

		html = arena_printf(a, TABLE(ROW("<td>%s</td>")), html);
		got = html_open_layout_tables(a, html);
		assert_int_equal(occurrences(got, "<table>"),
		    depth > 16 ? depth - 16 : 0);
		assert_int_equal(occurrences(got, "</table>"),
		    depth > 16 ? depth - 16 : 0);
	}
	arena_free(a);
}

static void
without_a_table_nothing_changes(void **state)
{
	static const char html[] = "<p>a</p>";
	struct arena *a = arena_new();

	(void)state;
	assert_ptr_equal(html_open_layout_tables(a, html), html);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_that_only_arrange_become_blocks),
		cmocka_unit_test(tables_are_opened_to_a_depth),
		cmocka_unit_test(without_a_table_nothing_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "digest/sheet.h"

static const struct {
	const char *name;
	bool rtl;
	const char *sheet;
	const char *want;
} cases[] = {
	/* clang-format off */
	{ "an element", false, "p{a:b}\nul{a:b}", "p{a:b}\n" },
	{ "a class", false, ".x{a:b}.y{a:b}", ".x{a:b}\n" },
	{ "one of several classes", false, ".z{a:b}", ".z{a:b}\n" },
	{ "an element with a class", false, "p.x{a:b}p.y{a:b}ul.x{a:b}", "p.x{a:b}\n" },
	{ "what stands in another", false, "p .x{a:b}.x p{a:b}.y p{a:b}p ul{a:b}", "p .x{a:b}\n" },
	{ "or beside it", false, "pre b{a:b}p pre,pre b{a:b}", "p pre{a:b}\n" },
	{ "in one that stands in another", false, "p b i{a:b}p i b{a:b}pre b i{a:b}p .x i{a:b}",
	    "p b i{a:b}\np .x i{a:b}\n" },
	{ "behind what has no end", false, "img i{a:b}p img{a:b}", "p img{a:b}\n" },
	{ "with a pseudo-class", false, "p b:hover i{a:b}pre:hover b{a:b}", "p b:hover i{a:b}\n" },
	{ "a list loses what is not used", false, "ul, p ,ol,.x{a:b}", "p,.x{a:b}\n" },
	{ "a pseudo-class", false, "p:hover{a:b}ul:hover{a:b}", "p:hover{a:b}\n" },
	{ "a part of a name is none", false, "pr{a:b}.xx{a:b}", "" },
	{ "other selectors stay", false, "[a]{a:b}#x{a:b}*{a:b}", "[a]{a:b}\n#x{a:b}\n*{a:b}\n" },
	{ "a condition keeps its used rules", false, "@media (min-width:9px){p{a:b}ul{a:b}}",
	    "@media (min-width:9px){\np{a:b}\n}\n" },
	{ "and goes without any", false, "@media x{ul{a:b}}", "" },
	{ "other rules stay", false, "@font-face{a:b}", "@font-face{\na:b}\n" },
	{ "a rule without end", false, "p{a:b}p{a:", "p{a:b}\n" },
	{ "sides change places", true, "p{padding:1px 2px 3px 4px;margin:0 0 1px}",
	    "p{padding:1px 4px 3px 2px;margin:0 0 1px}\n" },
	{ "so do their names", true, "p{border-left:0;margin-right:1px;text-align:right;float:left}",
	    "p{border-right:0;margin-left:1px;text-align:left;float:right}\n" },
	{ "four of something else do not", true, "p{border-radius:1px 2px 3px 4px}",
	    "p{border-radius:1px 2px 3px 4px}\n" },
	{ "listings read from the left", true, "p,pre{text-align:left}", "p,pre{text-align:left}\n" },
	{ "a name that only holds it", true, "p{border-leftish:1px}", "p{border-leftish:1px}\n" },
	/* clang-format on */
};

static void
only_what_is_used_stays(void **state)
{
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf got = BUF_INIT(10000);
		struct buf want = BUF_INIT(10000);
		static const char body[] =
		    "</style></head><P class=\"w z\"><pre>a</pre><b class=\"x\">p<img><i>q</i></b>";

		buf_addf(&got, "<head><style>%s%s", cases[i].sheet, body);
		buf_addf(&want, "<head><style>\n%s%s", cases[i].want, body);
		sheet_keep_used(&got, cases[i].rtl);
		if (strcmp(buf_text(&got), buf_text(&want)) != 0) {
			print_error("%s: got %s, want %s\n", cases[i].name,
			    buf_text(&got), buf_text(&want));
			failed++;
		}
		buf_clear(&got);
		buf_clear(&want);
	}
	assert_int_equal(failed, 0);
}

static void
a_document_without_a_sheet_stays(void **state)
{
	struct buf b = BUF_INIT(1000);

	(void)state;
	buf_adds(&b, "<p>x</p><style>p{}");
	sheet_keep_used(&b, false);
	assert_string_equal(buf_text(&b), "<p>x</p><style>p{}");
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_used_stays),
		cmocka_unit_test(a_document_without_a_sheet_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

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
	{ "each sign of those", false, "p+ul{a:b}p~ul{a:b}p[y]{a:b}p:not(.y){a:b}p:nth-child(2n){a:b}",
	    "p+ul{a:b}\np~ul{a:b}\np[y]{a:b}\np:not(.y){a:b}\np:nth-child(2n){a:b}\n" },
	{ "unless what stands before is not used", false, "ul+p{a:b}ul:not(p){a:b}", "" },
	{ "children", false, "p > pre{a:b}p>b>i{a:b}b>pre{a:b}", "p > pre{a:b}\np>b>i{a:b}\n" },
	{ "a pseudo-element", false, "p::before{a:b}ul::before{a:b}", "p::before{a:b}\n" },
	{ "classes have their capitals", false, ".W{a:b}.w{a:b}", ".w{a:b}\n" },
	{ "two classes of one element", false, ".w.z{a:b}.w.x{a:b}p.w.z{a:b}", ".w.z{a:b}\n.w.x{a:b}\np.w.z{a:b}\n" },
	{ "commas without a selector", false, "p,,ul{a:b},{a:b}", "p{a:b}\n" },
	{ "a rule without a selector", false, "{a:b}p{a:b}", "p{a:b}\n" },
	{ "one that says nothing", false, "p{}", "p{}\n" },
	{ "a condition within one", false, "@media a{@media b{ul{a:b}}}",
	    "@media a{\n@media b{\nul{a:b}}\n}\n" },
	{ "a condition in capitals", false, "@MEDIA a{p{a:b}ul{a:b}}", "@MEDIA a{\np{a:b}\n}\n" },
	{ "a condition and what follows", false, "@media a{p{a:b}}b{a:b}", "@media a{\np{a:b}\n}\nb{a:b}\n" },
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
	{ "but not what else is said of them", true, "pre{padding-left:1px;text-align:right}",
	    "pre{padding-right:1px;text-align:right}\n" },
	{ "a name that ends so is none", true, "p,xpre{text-align:left}", "p{text-align:right}\n" },
	{ "nor one that begins so", true, "p,prex{text-align:left}", "p{text-align:right}\n" },
	{ "more values than are looked at", true, "p{x:1 2 3 4 5 6 7 8 left}", "p{x:1 2 3 4 5 6 7 8 left}\n" },
	{ "what stands in a listing", true, "p pre{text-align:left}", "p pre{text-align:left}\n" },
	{ "three more that have four sides", true, "p{margin:1px 2px 3px 4px;border-width:1px 2px 3px 4px}",
	    "p{margin:1px 4px 3px 2px;border-width:1px 4px 3px 2px}\n" },
	{ "blanks between them", true, "p{margin: 1px  2px 3px 4px }", "p{margin:1px 4px 3px 2px}\n" },
	{ "five are not four", true, "p{margin:1px 2px 3px 4px 5px}", "p{margin:1px 2px 3px 4px 5px}\n" },
	{ "two are not one", true, "p{float:left left;margin:left right}",
	    "p{float:left left;margin:left right}\n" },
	{ "names that only end so", true, "p{xleft:xright;x-left:x-right;left:0}",
	    "p{xleft:xright;x-right:x-left;right:0}\n" },
	{ "a semicolon at the end", true, "p{float:left;}", "p{float:right}\n" },
	{ "without any, from left to right", false, "p{float:left;}", "p{float:left;}\n" },
	{ "in a condition", true, "@media x{p{float:left}}", "@media x{\np{float:right}\n}\n" },
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

#define NAME30 "a-long_name-of-thirty-letters0"

static const struct {
	const char *name;
	const char *sheet, *body, *want;
} bodies[] = {
	/* clang-format off */
	{ "what is closed", "b i{a:b}p i{a:b}", "<p><b></b><i></i></p>", "p i{a:b}\n" },
	{ "closed by what is round it", "b i{a:b}p i{a:b}", "<p><b></p><i></i>", "" },
	{ "closed and never opened", "p b{a:b}", "</u><p></i><b>", "p b{a:b}\n" },
	{ "opened again", "p i{a:b}u i{a:b}", "<u><p></p><i>", "u i{a:b}\n" },
	{ "an element in its like", "p p{a:b}b b{a:b}", "<p><p></p></p><b></b><b></b>", "p p{a:b}\n" },
	{ "each class of each", ".y .z{a:b}.x .z{a:b}.z .x{a:b}",
	  "<p class=\"x y\"><b class=\"z\"></b></p>", ".y .z{a:b}\n.x .z{a:b}\n" },
	{ "some of a name in another", "p b{a:b}", "<b></b><p><b></b></p><b></b>", "p b{a:b}\n" },
	{ "words of a text", ".y{a:b}u{a:b}", "<p> class=\"y\"</p>< u>", "" },
	{ "another attribute", ".y{a:b}.x{a:b}", "<p title=\"y\" class=\"x\">", ".x{a:b}\n" },
	{ "a comment", "u{a:b}p{a:b}", "<!--u--><p>", "p{a:b}\n" },
	{ "blanks between classes", ".x{a:b}.y{a:b}", "<p class=\" x  y \">", ".x{a:b}\n.y{a:b}\n" },
	{ "digits in names", "h1{a:b}h2{a:b}.x1{a:b}", "<h1 class=\"x1\">", "h1{a:b}\n.x1{a:b}\n" },
	{ "a class of thirty letters", "." NAME30 "{a:b}u{a:b}", "<p class=\"" NAME30 "\">",
	  "." NAME30 "{a:b}\n" },
	{ "one more, and all is used", "." NAME30 "1{a:b}u{a:b}", "<p class=\"" NAME30 "1\">",
	  "." NAME30 "1{a:b}\nu{a:b}\n" },
	{ "a sign before an element", "p{a:b}", "<<p>", "p{a:b}\n" },
	{ "an end without a name", "foo i{a:b}", "<foo></><i>", "foo i{a:b}\n" },
	{ "nothing", "p{a:b}", "", "" },
	/* clang-format on */
};

static void
expect_kept(const char *name, const char *sheet, const char *body, const char *want)
{
	struct buf got = BUF_INIT(100000);
	struct buf whole = BUF_INIT(100000);

	buf_addf(&got, "<style>%s</style>%s", sheet, body);
	buf_addf(&whole, "<style>\n%s</style>%s", want, body);
	sheet_keep_used(&got, false);
	if (strcmp(buf_text(&got), buf_text(&whole)) != 0)
		fail_msg("%s: got %s, want %s", name, buf_text(&got), buf_text(&whole));
	buf_clear(&got);
	buf_clear(&whole);
}

static void
what_stands_in_what_is_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++)
		expect_kept(bodies[i].name, bodies[i].sheet, bodies[i].body,
		    bodies[i].want);
}

/* With 256 names each is known; with one more all count as used. */
static void
names_have_a_most(void **state)
{
	static const char sheet[] = ".c70 .c190{a:b}.c6 .c190{a:b}.c71 .c190{a:b}"
				    ".c190 .c70{a:b}.c70 .c62{a:b}u{a:b}.c70 .c126{a:b}"
				    ".c63 .c190{a:b}.c190 .c63{a:b}";

	(void)state;
	for (size_t names = 256; names <= 257; names++) {
		struct buf body = BUF_INIT(100000);

		/* One of them is "b". */
		for (size_t i = 0; i < names - 1; i++)
			buf_addf(&body, "<b class=\"c%zu\"></b>", i);
		buf_adds(&body, "<b class=\"c70\"><b class=\"c190\"></b></b>");
		buf_adds(&body, "<b class=\"c63\"><b class=\"c190\"></b></b>");
		expect_kept("many names", sheet, buf_text(&body),
		    names == 256 ? ".c70 .c190{a:b}\n.c63 .c190{a:b}\n"
				 : ".c70 .c190{a:b}\n.c6 .c190{a:b}\n.c71 .c190{a:b}\n"
				   ".c190 .c70{a:b}\n.c70 .c62{a:b}\nu{a:b}\n"
				   ".c70 .c126{a:b}\n.c63 .c190{a:b}\n"
				   ".c190 .c63{a:b}\n");
		buf_clear(&body);
	}
}

/* Of 256 elements in one another it is known; in more everything may stand in everything. */
static void
nesting_has_a_most(void **state)
{
	(void)state;
	for (size_t depth = 255; depth <= 256; depth++) {
		struct buf body = BUF_INIT(100000);

		buf_adds(&body, "<i></i>");
		for (size_t i = 0; i < depth; i++)
			buf_adds(&body, "<b>");
		buf_adds(&body, "<p>");
		expect_kept("deep", "i p{a:b}u p{a:b}", buf_text(&body),
		    depth == 255 ? "" : "i p{a:b}\n");
		buf_clear(&body);
	}
}

static void
a_document_without_a_sheet_stays(void **state)
{
	struct buf b = BUF_INIT(1000);

	(void)state;
	buf_adds(&b, "<p>x</p><style>p{}");
	sheet_keep_used(&b, false);
	assert_string_equal(buf_text(&b), "<p>x</p><style>p{}");
	buf_reset(&b);
	buf_adds(&b, "<p>x</p></style>");
	sheet_keep_used(&b, false);
	assert_string_equal(buf_text(&b), "<p>x</p></style>");
	/* Only the first is shortened. */
	buf_reset(&b);
	buf_adds(&b, "<style>u{}</style><style>u{}</style><p>");
	sheet_keep_used(&b, false);
	assert_string_equal(buf_text(&b), "<style>\n</style><style>u{}</style><p>");
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_used_stays),
		cmocka_unit_test(what_stands_in_what_is_known),
		cmocka_unit_test(names_have_a_most),
		cmocka_unit_test(nesting_has_a_most),
		cmocka_unit_test(a_document_without_a_sheet_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

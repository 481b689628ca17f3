/* SPDX-License-Identifier: ISC */
/* The little of CSS that stays, and what a style says of its element. */
#include "unit/store_fixture.h"

#include "html/css.h"

static const struct {
	const char *style, *want;
} cleaned[] = {
	{ "", "" },
	{ ";", "" },
	{ "text-align", "" },
	{ "text-align:center", "text-align:center" },
	{ "text-align:center;", "text-align:center" },
	{ " TEXT-ALIGN : Center ;; direction:rtl", "text-align:center;direction:rtl" },
	{ "text-align:centre", "" },
	{ "text-align:cente", "" },
	{ "text-align:centers", "" },
	{ "text-aligned:center", "" },
	{ "text-alig:center", "" },
	{ "text-align:center !important", "text-align:center" },
	{ "text-align:center!", "text-align:center" },
	{ "text-align:!center", "" },
	{ "text-align:ce/**/nter", "" },
	{ "font-weight:900;font-weight:700;font-weight:500",
	    "font-weight:900;font-weight:700" },
	{ "list-style-type:none", "list-style-type:none" },
	{ "color:black;background:url(x);position:fixed", "" },
	{ "width:1px;text-align:right", "text-align:right" },
};

static void
only_words_of_the_table_stay(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cleaned); i++) {
		struct buf b = BUF_INIT(1000);

		css_clean(&b, cleaned[i].style);
		SAME_TEXT(cleaned[i].style, buf_text(&b), cleaned[i].want);
		buf_clear(&b);
	}
}

static void
declarations_are_added_one_by_one(void **state)
{
	struct buf b = BUF_INIT(1000);

	(void)state;
	css_add(&b, "Text-Align", " RIGHT ");
	css_add(&b, "text-align", "nowhere");
	css_add(&b, "direction", "ltr");
	SAME_TEXT("two of three", buf_text(&b), "text-align:right;direction:ltr");
	buf_clear(&b);
}

static const struct {
	const char *style, *property;
	int want;
} pixels[] = {
	{ "width:1px", "width", 1 },
	{ "width:0", "width", 0 },
	{ "width: 640PX ", "width", 640 },
	{ "width:12em", "width", -1 },
	{ "width:12p", "width", -1 },
	{ "width:12 px", "width", -1 },
	{ "width:12px!important", "width", 12 },
	{ "width:50%", "width", -1 },
	{ "width:px", "width", -1 },
	{ "width:-1px", "width", -1 },
	{ "width:", "width", -1 },
	{ "height:1px", "width", -1 },
	{ "max-width:1px", "width", -1 },
	{ "height:1px;width:2px;width:3px", "width", 2 },
	{ "width:1em;width:3px", "width", 3 },
	{ "", "width", -1 },
};

static void
lengths_are_read_in_pixels(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pixels); i++)
		SAME_INT(pixels[i].style, css_pixels(pixels[i].style, pixels[i].property),
		    pixels[i].want);
	/* More digits than a page has pixels: no number runs over. */
	assert_true(css_pixels("width:99999999999999999999px", "width") >= 100000);
}

static const struct {
	const char *style;
	bool want;
} hidden[] = {
	{ "display:none", true },
	{ "DISPLAY : NONE !important", true },
	{ "display:nonesuch", false },
	{ "display:block", false },
	{ "visibility:hidden", true },
	{ "visibility:visible", false },
	{ "font-size:0", true },
	{ "font-size:0px", true },
	{ "font-size:1px", false },
	{ "font-size:0em", false },
	{ "color:none", false },
	{ "color:red;display:none", true },
	{ "", false },
};

static void
an_element_may_be_out_of_sight(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hidden); i++)
		SAME_INT(hidden[i].style, css_is_hidden(hidden[i].style), hidden[i].want);
	assert_true(css_has("a:b;c:d", "c", "d"));
	assert_false(css_has("a:b;c:d", "c", "b"));
	assert_false(css_has("a:b;c:d", "a", "d"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_words_of_the_table_stay),
		cmocka_unit_test(declarations_are_added_one_by_one),
		cmocka_unit_test(lengths_are_read_in_pixels),
		cmocka_unit_test(an_element_may_be_out_of_sight),
	};

	return cmocka_run_group_tests_name("css", tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "digest/styles.h"
#include "format/template.h"

static const char look[] = "[value]\nink = #111111\nface = \"A B\"\n"
			   "[inline]\nbody = color:{{ink}}\nfont = font:{{face}}\n"
			   "[content]\np = color:{{ink}}\nul = margin:0\nhr = border:0\n"
			   "[content_rtl]\nul = margin:1px {{ink}}\n"
			   "[class]\nul = list\n";

static const struct element_style want[] = {
	{ "p", "color:#111111", "color:#111111", "" },
	{ "ul", "margin:0", "margin:1px #111111", "list" },
	{ "hr", "border:0", "border:0", "" },
};

static bool
load(struct arena *a, const char *text, struct styles *out, struct err *err)
{
	struct wording *m = wording_new(a);
	bool ok = wording_add(m, "style.ini", text, strlen(text), err) &&
	    styles_load(a, m, out, err);

	wording_free(m);
	return ok;
}

static void
test_elements_have_their_styles(void **state)
{
	struct arena *a = arena_new();
	struct styles got = { 0 };
	struct err err = ERR_INIT;

	(void)state;
	assert_true(load(a, look, &got, &err));
	assert_int_equal(got.elements.count, ARRAY_LEN(want));
	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		assert_string_equal(got.elements.list[i].name, want[i].name);
		assert_string_equal(got.elements.list[i].style, want[i].style);
		assert_string_equal(got.elements.list[i].style_rtl, want[i].style_rtl);
		assert_string_equal(got.elements.list[i].class_name, want[i].class_name);
	}
	arena_free(a);
}

/* Values stand in attributes with double quotes: their own become single ones. */
static void
test_templates_know_the_values(void **state)
{
	struct arena *a = arena_new();
	struct styles got = { 0 };
	struct err err = ERR_INIT;
	struct template *form =
	    template_new("t", "{{ink}} {{face}} {{body}} {{font}}", TEMPLATE_HTML, &err);
	struct buf out = BUF_INIT(1000);

	(void)state;
	assert_non_null(form);
	assert_true(load(a, look, &got, &err));
	assert_true(template_render(form, got.values, NULL, false, &out, &err));
	assert_string_equal(buf_text(&out), "#111111 'A B' color:#111111 font:'A B'");
	buf_clear(&out);
	template_free(form);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_elements_have_their_styles),
		cmocka_unit_test(test_templates_know_the_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/attr.h"
#include "base/limits.h"
#include "base/mem.h"
#include "format/template.h"
#include "format/template_parts.h"

static void
expect(const char *name, const char *got, const char *want)
{
	if (strcmp(got, want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", name, got, want);
}

/* ---- values from JSON ---- */

static struct template_value *
scalar(struct arena *a, enum template_value_kind kind, const char *text)
{
	struct template_value *v = arena_alloc(a, sizeof(*v));

	v->kind = text && *text == '\0' ? TEMPLATE_VALUE_FALSE : kind;
	v->text = text;
	return v;
}

static struct template_value *
value_from(struct arena *a, const json_t *j)
{
	struct template_value *v = NULL;

	switch (json_typeof(j)) {
	case JSON_OBJECT:
		v = template_map(a);
		for (void *i = json_object_iter((json_t *)(uintptr_t)j); i;
		     i = json_object_iter_next((json_t *)(uintptr_t)j, i))
			template_put(v, json_object_iter_key(i),
			    value_from(a, json_object_iter_value(i)));
		return v;
	case JSON_ARRAY:
		v = template_list(a);
		for (size_t i = 0; i < json_array_size(j); i++)
			template_append(v, value_from(a, json_array_get(j, i)));
		return v;
	case JSON_STRING:
		return scalar(a, TEMPLATE_VALUE_TEXT, json_string_value(j));
	case JSON_INTEGER:
		return scalar(a, TEMPLATE_VALUE_TEXT,
		    arena_printf(a, "%lld", (long long)json_integer_value(j)));
	case JSON_REAL:
		return scalar(a, TEMPLATE_VALUE_TEXT,
		    arena_printf(a, "%g", json_real_value(j)));
	case JSON_TRUE:
		return scalar(a, TEMPLATE_VALUE_TRUE, NULL);
	case JSON_FALSE:
	case JSON_NULL:
		return scalar(a, TEMPLATE_VALUE_FALSE, NULL);
	}
	return v;
}

/* ---- partials ---- */

struct shelf {
	const char *names[40];
	struct template *templates[40];
	size_t count;
};

static void
shelf_add(struct shelf *shelf, const char *name, const char *source)
{
	struct err err = ERR_INIT;

	assert_true(shelf->count < ARRAY_LEN(shelf->names));
	shelf->names[shelf->count] = name;
	shelf->templates[shelf->count] = template_new(name, source, TEMPLATE_HTML, &err);
	if (!shelf->templates[shelf->count++])
		fail_msg("%s", err.text);
}

static const struct template *
shelf_find(void *arg, const char *name)
{
	const struct shelf *shelf = arg;

	for (size_t i = 0; i < shelf->count; i++) {
		if (strcmp(shelf->names[i], name) == 0)
			return shelf->templates[i];
	}
	return NULL;
}

static void
shelf_clear(struct shelf *shelf)
{
	for (size_t i = 0; i < shelf->count; i++)
		template_free(shelf->templates[i]);
	shelf->count = 0;
}

/* ---- the public specification ---- */

static void
run_case(const char *file, const json_t *test)
{
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct buf out = BUF_INIT(100000);
	struct shelf shelf = { .count = 0 };
	json_t *partials = json_object_get(test, "partials");
	char *name =
	    xasprintf("%s: %s", file, json_string_value(json_object_get(test, "name")));
	struct template *t = template_new(name,
	    json_string_value(json_object_get(test, "template")), TEMPLATE_HTML, &err);

	if (!t)
		fail_msg("%s", err.text);
	for (void *i = json_object_iter(partials); i;
	     i = json_object_iter_next(partials, i))
		shelf_add(&shelf, json_object_iter_key(i),
		    json_string_value(json_object_iter_value(i)));
	if (!template_render(t, value_from(a, json_object_get(test, "data")),
		&(struct template_partials){ shelf_find, &shelf }, false, &out, &err))
		fail_msg("%s", err.text);
	expect(name, buf_text(&out),
	    json_string_value(json_object_get(test, "expected")));
	template_free(t);
	shelf_clear(&shelf);
	free(name);
	buf_clear(&out);
	arena_free(a);
}

static void
the_cases_of_the_specification_hold(void **state)
{
	static const char *const files[] = { "comments", "delimiters", "interpolation",
		"inverted", "partials", "sections" };
	const char *root = getenv("PLANETPOST_CONFORMANCE");
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		char *path = xasprintf("%s/mustache/%s.json",
		    root ? root : "../shared/conformance", files[i]);
		json_t *doc = json_load_file(path, 0, NULL);
		const json_t *tests = json_object_get(doc, "tests");

		free(path);
		for (size_t k = 0; k < json_array_size(tests); k++, count++)
			run_case(files[i], json_array_get(tests, k));
		json_decref(doc);
	}
	if (count == 0) {
		print_message("the Mustache specification is not there\n");
		skip();
	}
	if (count < 100)
		fail_msg("only %zu cases were found", count);
}

/* ---- our own ---- */

static const char sample[] =
    "{ \"name\": \"R&D \\\"<x>'\", \"n\": 0, \"empty\": \"\", \"yes\": true,"
    "\"no\": false, \"null\": null, \"list\": [1, 2], \"none\": [], \"map\": { \"a\": { \"b\": \"deep\" } },"
    "\"days\": [ { \"day\": \"Mon\", \"posts\": [ { \"t\": \"x\" }, { \"t\": \"y\" } ] },"
    "{ \"day\": \"Tue\", \"posts\": [] } ], \"text\": \"1\\n2\\n\" }";

/* clang-format off */
static const struct { const char *name, *source, *want; } own_cases[] = {
	{ "escaped", "{{name}}", "R&amp;D &quot;&lt;x&gt;&#39;" },
	{ "raw", "{{{name}}}{{&name}}", "R&D \"<x>'R&D \"<x>'" },
	{ "zero is true", "{{#n}}[{{n}}]{{/n}}", "[0]" },
	{ "empty text is false", "{{#empty}}a{{/empty}}{{^empty}}b{{/empty}}", "b" },
	{ "booleans", "{{#yes}}{{.}}{{/yes}}{{#no}}a{{/no}}{{^no}}b{{/no}}[{{no}}]", "trueb[]" },
	{ "null", "{{^null}}a{{/null}}[{{null}}]", "a[]" },
	{ "list", "{{#list}}{{.}},{{/list}}{{^none}}none{{/none}}", "1,2,none" },
	{ "a list or a map prints nothing", "[{{list}}{{map}}]", "[]" },
	{ "dots", "{{map.a.b}}{{#map}}{{a.b}}{{#a}}{{b}}{{/a}}{{/map}}", "deepdeepdeep" },
	{ "broken dots", "[{{map.x.b}}{{map.a.b.c}}{{x.y}}]", "[]" },
	{ "nested lists", "{{#days}}{{day}}:{{#posts}}{{day}}{{t}} {{/posts}}{{/days}}",
	    "Mon:Monx Mony Tue:" },
	{ "lines of sections go", "a\n{{#days}}\n- {{day}}\n  {{#posts}}\n  * {{t}}\n  {{/posts}}\n"
	    "{{/days}}\nz\n", "a\n- Mon\n  * x\n  * y\n- Tue\nz\n" },
	{ "CRLF lines go", "a\r\n{{#yes}}\r\nb\r\n{{/yes}}\r\nc", "a\r\nb\r\nc" },
	{ "blanks beside a tag alone", "a\n  {{#yes}}\t \nb\n \t{{/yes}}\nc", "a\nb\nc" },
	{ "alone at the end", "a\n {{! x }} ", "a\n" },
	{ "alone in the first line", "  {{#yes}}\nb{{/yes}}", "b" },
	{ "text before it", "x {{#yes}}\nb\n{{/yes}} y\n", "x \nb\n y\n" },
	{ "a CR is no line's end", "{{#yes}}\rb{{/yes}}", "\rb" },
	{ "values alone stay", "  {{n}}\n {{{n}}}\n{{&n}}\n", "  0\n 0\n0\n" },
	{ "delimiters alone", "a\n{{=<% %>=}}\n<%n%>", "a\n0" },
	{ "three braces within others", "{{=<% %>=}}<%{name}%>.", "R&D \"<x>'." },
	{ "delimiters of 15", "{{=123456789012345 a=}}123456789012345n a.", "0." },
	{ "the map itself", "{{#map}}{{#.}}{{a.b}}{{/.}}{{/map}}", "deep" },
	{ "parts without a name", "[{{map..b}}{{.map}}{{map.}}]", "[]" },
	{ "beginnings of names", "[{{nam}}{{namex}}{{map.a.bb}}]", "[]" },
	{ "in the frame around", "{{#days}}{{#posts}}{{n}}{{/posts}}{{/days}}", "00" },
	{ "two tags on a line stay", "{{#yes}} {{/yes}}\n", " \n" },
	{ "comment with a close", "a{{! } }} b", "a b" },
	{ "delimiters", "{{=<% %>=}}<% n %>{{n}}<%={{ }}=%>{{n}}", "0{{n}}0" },
	{ "blanks in tags", "{{ name }}{{# yes }}{{ & n }}{{/ yes }}",
	    "R&amp;D &quot;&lt;x&gt;&#39;0" },
	{ "partial", "[{{>part}}]", "[(Mon)\n]" },
	{ "indented partial", "  {{>text}}\nend", "  a\n\n  1\n2\n|\nend" },
	{ "nested indent", " {{>outer}}\n", " o\n   a\n\n   1\n2\n|\n" },
	{ "partials alone in an indented one", " {{>two}}\n", " x y" },
	{ "side by side in one", " {{>both}}\n", " xy\n" },
	{ "partial that is none", "[{{>missing}}]", "[]" },
	{ "braces", "{ {name} }} {", "{ {name} }} {" },
	{ "nothing", "", "" },
};
/* clang-format on */

static void
templates_render(void **state)
{
	struct arena *a = arena_new();
	json_t *doc = json_loads(sample, 0, NULL);
	struct shelf shelf = { .count = 0 };

	(void)state;
	assert_non_null(doc);
	shelf_add(&shelf, "part",
	    "({{#days}}{{#posts}}{{^later}}{{/later}}{{/posts}}{{/days}}Mon)\n");
	shelf_add(&shelf, "text", "a\n\n{{{text}}}|\n");
	shelf_add(&shelf, "outer", "o\n  {{>text}}\n");
	shelf_add(&shelf, "x", "x");
	shelf_add(&shelf, "y", "y");
	shelf_add(&shelf, "two", "{{>x}}\n{{>y}}\n");
	shelf_add(&shelf, "both", "{{>x}}{{>y}}\n");
	for (size_t i = 0; i < ARRAY_LEN(own_cases); i++) {
		struct err err = ERR_INIT;
		struct buf out = BUF_INIT(10000);
		struct template *t =
		    template_new("t", own_cases[i].source, TEMPLATE_HTML, &err);

		if (!t ||
		    !template_render(t, value_from(a, doc),
			&(struct template_partials){ shelf_find, &shelf }, false, &out,
			&err))
			fail_msg("%s: %s", own_cases[i].name, err.text);
		expect(own_cases[i].name, buf_text(&out), own_cases[i].want);
		template_free(t);
		buf_clear(&out);
	}
	shelf_clear(&shelf);
	json_decref(doc);
	arena_free(a);
}

static void
values_marked_as_html_are_not_escaped_twice(void **state)
{
	struct arena *a = arena_new();
	struct template_value *map = template_map(a);
	struct err err = ERR_INIT;
	struct buf out = BUF_INIT(1000);
	struct template *html =
	    template_new("h", "{{t}} {{h}} {{n}} {{t2}}", TEMPLATE_HTML, &err);
	struct template *text =
	    template_new("t", "{{t}} {{h}} {{n}}", TEMPLATE_TEXT, &err);

	(void)state;
	template_put_text(map, "t", "old");
	template_put_text(map, "t", "a<b");
	template_put_html(map, "h", "<b>x</b>");
	template_put_int(map, "n", INT64_MIN);
	template_put_text(map, "t2", NULL);
	assert_true(template_render(html, map, NULL, true, &out, &err));
	expect("html", buf_text(&out), "a&lt;b <b>x</b> -9223372036854775808 ");
	buf_reset(&out);
	assert_true(template_render(text, map, NULL, true, &out, &err));
	expect("text", buf_text(&out), "a<b <b>x</b> -9223372036854775808");
	template_free(html);
	template_free(text);
	buf_clear(&out);
	arena_free(a);
}

static const struct {
	const char *source, *want;
} wrong[] = {
	{ "a\n\n{{#day}}x", "t line 3: section 'day' is not closed" },
	{ "{{#a}}\n{{#b}}\n{{/a}}", "t line 3: section 'b' of line 2 is closed as 'a'" },
	{ "x\n{{/a}}", "t line 2: section 'a' is closed but was not opened" },
	{ "\n{{a", "t line 2: a tag is not closed with }}" },
	{ "{{{a}}", "t line 1: a tag is not closed with }}" },
	{ "{{=< abcdefghijklmno=}}<{n}abcdefghijklmn",
	    "t line 1: a tag is not closed with abcdefghijklmno" },
	{ "{{}}", "t line 1: a tag has no name" },
	{ "{{#}}", "t line 1: a tag has no name" },
	{ "{{a b}}", "t line 1: 'a b' has a blank in its name" },
	{ "{{=1234567890123456 a=}}", "t line 1: delimiters are written {{=<% %>=}}" },
	{ "{{=a 1234567890123456=}}", "t line 1: delimiters are written {{=<% %>=}}" },
	{ "{{= =}}", "t line 1: delimiters are written {{=<% %>=}}" },
	{ "{{=a b}}", "t line 1: a tag is not closed with }}" },
	{ "{{=a b=x}}", "t line 1: a tag is not closed with }}" },
	{ "{{$a}}", "t line 1: inheritance ({{<}}, {{$}}) is not known here" },
	{ "a\nb\n\n{{#x}}\n{{/xy}}",
	    "t line 5: section 'x' of line 4 is closed as 'xy'" },
	{ "{{#x}}{{/y}}", "t line 1: section 'x' of line 1 is closed as 'y'" },
	{ "{{^x}}\n{{#y}}", "t line 2: section 'y' is not closed" },
	{ "{{> a b}}", "t line 1: 'a b' has a blank in its name" },
	{ "{{=<%=}}", "t line 1: delimiters are written {{=<% %>=}}" },
	{ "{{=a b c=}}", "t line 1: delimiters are written {{=<% %>=}}" },
	{ "{{<a}}", "t line 1: inheritance ({{<}}, {{$}}) is not known here" },
};

static void
mistakes_name_their_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct err err = ERR_INIT;

		if (template_new("t", wrong[i].source, TEMPLATE_HTML, &err))
			fail_msg("%s was taken", wrong[i].source);
		assert_int_equal(err.kind, ERR_CONFIG);
		expect(wrong[i].source, err.text, wrong[i].want);
	}
}

/* clang-format off */
static const struct { const char *source, *want; } strict_cases[] = {
	{ "\n{{nme}}", "t line 2: there is no 'nme' here" },
	{ "{{#nme}}{{/nme}}", "t line 1: there is no 'nme' here" },
	{ "{{^nme}}{{/nme}}", "t line 1: there is no 'nme' here" },
	{ "{{map.b}}", "t line 1: there is no 'map.b' here" },
	{ "{{#some}}\n{{nme}}{{/some}}x", "t line 2: there is no 'nme' here" },
	{ "{{#map}}{{nme}}{{/map}}x", "t line 1: there is no 'nme' here" },
	{ "{{name}}{{#map}}{{name}}{{a}}{{/map}}{{empty}}{{#none}}{{x}}{{/none}}", "" },
};
/* clang-format on */

static void
a_strict_rendering_misses_nothing(void **state)
{
	struct arena *a = arena_new();
	json_t *doc = json_loads(
	    "{\"name\": \"x\", \"map\": {\"a\": 1}, \"empty\": null, \"none\": [], "
	    "\"some\": [1, 2]}",
	    0, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(strict_cases); i++) {
		struct err err = ERR_INIT;
		struct buf out = BUF_INIT(1000);
		struct template *t =
		    template_new("t", strict_cases[i].source, TEMPLATE_HTML, &err);
		bool ok = template_render(t, value_from(a, doc), NULL, true, &out, &err);

		expect(strict_cases[i].source, err.text, strict_cases[i].want);
		assert_int_equal(ok, strict_cases[i].want[0] == '\0');
		template_free(t);
		buf_clear(&out);
	}
	json_decref(doc);
	arena_free(a);
}

static void
what_grows_without_end_is_stopped(void **state)
{
	struct arena *a = arena_new();
	struct template_value *map = template_map(a);
	struct template_value *list = template_list(a);
	struct err err = ERR_INIT;
	struct buf out = BUF_INIT(1000);
	struct buf deep = BUF_INIT(1000);
	struct shelf shelf = { .count = 0 };
	struct template *bomb = template_new("bomb",
	    "{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}x{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}",
	    TEMPLATE_HTML, &err);

	(void)state;
	for (int i = 0; i < 100; i++)
		template_append_text(list, "i");
	template_put(map, "l", list);
	assert_false(template_render(bomb, map, NULL, false, &out, &err));
	assert_int_equal(err.kind, ERR_LIMIT);
	template_free(bomb);

	shelf_add(&shelf, "loop", "{{>loop}}");
	err_clear(&err);
	assert_false(template_render(shelf.templates[0], map,
	    &(struct template_partials){ shelf_find, &shelf }, false, &out, &err));
	assert_int_equal(err.kind, ERR_LIMIT);
	shelf_clear(&shelf);

	for (int i = 0; i <= LIMIT_TEMPLATE_DEPTH; i++)
		buf_adds(&deep, "{{#a}}");
	err_clear(&err);
	assert_null(template_new("deep", buf_text(&deep), TEMPLATE_HTML, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	expect("deep", err.text,
	    arena_printf(a, "deep line 1: sections are nested deeper than %d",
		LIMIT_TEMPLATE_DEPTH));
	buf_clear(&deep);
	buf_clear(&out);
	arena_free(a);
}

/* Sections and partials as deep as they may be, and names of partials as long. */
static void
there_is_room_for_some_depth(void **state)
{
	struct arena *a = arena_new();
	struct template_value *map = template_map(a);
	struct buf out = BUF_INIT(1000);

	(void)state;
	template_put_bool(map, "a", true);
	for (size_t len = 127; len <= 128; len++) {
		struct err err = ERR_INIT;
		char name[129] = "";
		struct template *t = NULL;

		memset(name, 'p', len);
		t = template_new("t", arena_printf(a, "\n{{>%s}}", name), TEMPLATE_HTML,
		    &err);
		assert_non_null(t);
		assert_int_equal(template_render(t, map, NULL, true, &out, &err),
		    len == 127);
		expect("name", err.text,
		    len == 127 ? "" : "t line 2: the partial's name is too long");
		template_free(t);
	}
	for (int depth = LIMIT_TEMPLATE_DEPTH; depth <= LIMIT_TEMPLATE_DEPTH + 1;
	     depth++) {
		const char *source = "x";
		struct err err = ERR_INIT;
		struct template *t = NULL;

		for (int i = 0; i < depth; i++)
			source = arena_printf(a, "{{#a}}%s{{/a}}", source);
		t = template_new("t", source, TEMPLATE_HTML, &err);
		assert_int_equal(t != NULL, depth == LIMIT_TEMPLATE_DEPTH);
		buf_reset(&out);
		if (t)
			assert_true(template_render(t, map, NULL, true, &out, &err));
		expect("sections", buf_text(&out), t ? "x" : "");
		template_free(t);
	}
	buf_clear(&out);
	arena_free(a);
}

/* A chain of partials, each of which has the next. */
static void
partials_are_nested_so_deep(void **state)
{
	(void)state;
	for (int depth = LIMIT_TEMPLATE_DEPTH; depth <= LIMIT_TEMPLATE_DEPTH + 1;
	     depth++) {
		struct arena *a = arena_new();
		struct shelf shelf = { .count = 0 };
		struct buf out = BUF_INIT(1000);
		struct err err = ERR_INIT;
		bool ok = false;

		for (int i = 0; i <= depth; i++)
			shelf_add(&shelf, arena_printf(a, "p%d", i),
			    i < depth ? arena_printf(a, "{{>p%d}}", i + 1) : "x");
		ok = template_render(shelf.templates[0], template_map(a),
		    &(struct template_partials){ shelf_find, &shelf }, true, &out, &err);
		assert_int_equal(ok, depth == LIMIT_TEMPLATE_DEPTH);
		expect("last", buf_text(&out), ok ? "x" : "");
		expect("error", err.text,
		    ok ? ""
		       : arena_printf(a, "p%d line 1: partials nested deeper than %d",
			     LIMIT_TEMPLATE_DEPTH, LIMIT_TEMPLATE_DEPTH));
		shelf_clear(&shelf);
		buf_clear(&out);
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cases_of_the_specification_hold),
		cmocka_unit_test(templates_render),
		cmocka_unit_test(values_marked_as_html_are_not_escaped_twice),
		cmocka_unit_test(mistakes_name_their_line),
		cmocka_unit_test(a_strict_rendering_misses_nothing),
		cmocka_unit_test(there_is_room_for_some_depth),
		cmocka_unit_test(partials_are_nested_so_deep),
		cmocka_unit_test(what_grows_without_end_is_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/* From text to trees: what is kept, what is left out at each ceiling, and what is said of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"
#include "feed/xml.h"

/* xml.c's own ceilings. */
enum {
	NODES_MOST = 60000,
	DEPTH_STOPS = 4 * LIMIT_XML_DEPTH,
	EXPANSION_MOST = 1024 * 1024,
	ENTITY_MOST = 4096,
	NAMESPACES_MOST = 256,
	LONG_TEXT = 256,
	TEXT_MOST = 8 * 1024 * 1024
};

/* What was handed over, as text: units in braces, warnings in brackets with their line. */
struct seen {
	struct arena *a;
	struct buf out;
	struct xml_result result;
	size_t nodes;           /* of the last unit */
	const char *long_value; /* what "&long;" stands for, or NULL */
};

/* <name a="b">(...): "name a=b(...)"; a text stands in quotes, "+" in front when it is kept. */
static void
print_node(struct seen *s, const struct xml_node *n)
{
	s->nodes++;
	if (!n->name) {
		assert_int_equal(strlen(n->text), n->len);
		if (n->len > 100)
			buf_addf(&s->out, "%s%zu bytes", n->kept ? "+" : "", n->len);
		else
			buf_addf(&s->out, "%s'%s'", n->kept ? "+" : "", n->text);
		return;
	}
	buf_addf(&s->out, "%s", n->name->written);
	if (n->attr_count > 9)
		buf_addf(&s->out, " %zu attributes", n->attr_count);
	else
		for (size_t i = 0; i < n->attr_count; i++)
			buf_addf(&s->out, " %s=%s", n->attrs[i].name->written,
			    n->attrs[i].value);
	if (!n->first)
		return;
	buf_adds(&s->out, "(");
	for (const struct xml_node *c = n->first; c; c = c->next) {
		assert_ptr_equal(c->parent, n);
		assert_true(c->next != NULL || c == n->last);
		print_node(s, c);
		buf_adds(&s->out, c->next ? " " : ")");
	}
}

static enum xml_step
on_open(void *arg, const struct xml_node *node, size_t depth)
{
	const char *name = node->name->local;

	(void)arg;
	if (strcmp(name, "html") == 0)
		return XML_STOP;
	if (strcmp(name, "skip") == 0)
		return XML_SKIP;
	return strcmp(name, "item") == 0 && depth > 0 ? XML_UNIT : XML_KEEP;
}

static void
on_unit(void *arg, const struct xml_node *node)
{
	struct seen *s = arg;

	s->nodes = 0;
	buf_addf(&s->out, "%u{", node->line);
	print_node(s, node);
	buf_adds(&s->out, "}");
}

static void
on_warn(void *arg, unsigned line, const char *text)
{
	struct seen *s = arg;

	buf_addf(&s->out, "[%u %s]", line, text);
}

static void
parse(struct seen *s, const char *text, bool recover, bool keeps_texts)
{
	struct arena *a = arena_new();
	const struct xml_entity entities[] = { { "own", "a value." }, { "tag", "<b>" },
		{ "long", s->long_value ? s->long_value : "" } };
	const struct xml_events events = { .arg = s,
		.open = on_open,
		.unit = on_unit,
		.warn = on_warn };
	const struct xml_source source = { .text = text,
		.len = strlen(text),
		.line = 3,
		.entities = entities,
		.entity_count = ARRAY_LEN(entities),
		.recover = recover,
		.texts = keeps_texts ? a : NULL };

	s->a = a;
	buf_init(&s->out, TEXT_MOST);
	xml_parse(a, &source, &events, &s->result);
}

static void
forget(struct seen *s)
{
	arena_free(s->a);
	buf_clear(&s->out);
}

/* ---- trees ---- */

static const struct {
	const char *text;
	bool recover;
	const char *units; /* and warnings */
	const char *root;
	const char *cause; /* words of it; NULL: well formed */
	unsigned line;
	bool closed;
} trees[] = {
	/* clang-format off */
	{ "<r/>", false, "", "r", NULL, 0, true },
	{ "<r><item>x</item></r>", false, "3{item('x')}", "r", NULL, 0, true },
	{ "<r>\n<a b='1' c=\"2\"/>\n<item/><z>end</z></r>", false, "5{item}",
	  "r(a b=1 c=2 z('end'))", NULL, 0, true },
	{ "<r><item> <a> b </a> </item></r>", false, "3{item(a(' b '))}", "r", NULL, 0, true },
	{ "<r> x <a> </a></r>", false, "", "r(' x ' a)", NULL, 0, true },
	{ "<r><item><a> </a></item></r>", false, "3{item(a(' '))}", "r", NULL, 0, true },
	{ "<r><item><item>x</item></item></r>", false, "3{item(item('x'))}", "r", NULL, 0, true },
	{ "<r><item>1</item><item>2</item></r>", false, "3{item('1')}3{item('2')}", "r", NULL, 0,
	  true },
	{ "<r><skip>a<item>b</item><skip/>c</skip><d/></r>", false, "", "r(d)", NULL, 0, true },
	{ "<r><item><skip>a</skip></item></r>", false, "3{item(skip('a'))}", "r", NULL, 0, true },
	{ "<item>x</item>", false, "", "item('x')", NULL, 0, true },
	{ "<r>a<![CDATA[<b>&amp;]]>c</r>", false, "", "r('a<b>&amp;c')", NULL, 0, true },
	{ "<r>&own;, &lt;&#65;&#x42;&eacute;</r>", false, "", "r('a value., <AB\xC3\xA9')", NULL, 0,
	  true },
	{ "<r>&tag;</r>", false, "", "r('<b>')", NULL, 0, true },
	{ "<r a='&own;&#38;&lt;&eacute;x'/>", false, "", "r a=a value.&<\xC3\xA9x", NULL, 0, true },
	{ "<r>&#146;&#128;&#160;</r>", false, "",
	  "r('\xE2\x80\x99\xE2\x82\xAC\xC2\xA0')", NULL, 0, true },
	{ "<r>\n<html/></r>", false, "", "r", "no feed", 4, false },
	{ "<r>\n\n<a></r>", false, "", "r(a)", "mismatch", 5, false },
	{ "<r>\n<item>x<a>y<", true, "4{item('x' a('y'))}", "r", "", 4, false },
	{ "<r>\n<item>x<a>y<", false, "", "r", "", 4, false },
	{ "<r/>\n<x>", false, "", "r", "Extra content", 4, true },
	/* clang-format on */
};

static void
texts_become_trees(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(trees); i++) {
		const char *cause = trees[i].cause;
		struct seen s = { .nodes = 0 };

		parse(&s, trees[i].text, trees[i].recover, false);
		if (strcmp(buf_text(&s.out), trees[i].units) != 0)
			fail_msg("%s: got units %s, want %s", trees[i].text,
			    buf_text(&s.out), trees[i].units);
		buf_reset(&s.out);
		print_node(&s, s.result.root);
		if (strcmp(buf_text(&s.out), trees[i].root) != 0)
			fail_msg("%s: got %s, want %s", trees[i].text, buf_text(&s.out),
			    trees[i].root);
		if (s.result.well_formed != !cause ||
		    (cause && !strstr(s.result.cause, cause)))
			fail_msg("%s: got \"%s\", want \"%s\"", trees[i].text,
			    s.result.cause, cause ? cause : "");
		if (strpbrk(s.result.cause, "\r\n"))
			fail_msg("%s: a cause of several lines", trees[i].text);
		if (s.result.line != trees[i].line)
			fail_msg("%s: got line %u, want %u", trees[i].text, s.result.line,
			    trees[i].line);
		assert_int_equal(s.result.closed, trees[i].closed);
		assert_int_equal(s.result.unwanted,
		    cause && strcmp(cause, "no feed") == 0);
		forget(&s);
	}
}

/* ---- ceilings ---- */

static void
add_many(struct buf *b, size_t count, const char *text)
{
	while (count-- > 0)
		buf_adds(b, text);
}

/* "<r><item>" and then some text many times, what ends it, "</item></r>". */
static const struct {
	const char *name;
	const char *before;
	size_t count;
	const char *piece, *behind;
	const char *has;   /* in what was seen; NULL: nothing was warned of */
	const char *cause; /* NULL: it is well formed */
} ceilings[] = {
	/* clang-format off */
	{ "as deep as may be", "", LIMIT_XML_DEPTH - 2, "<a>", "</a>", NULL, NULL },
	{ "deeper", "", LIMIT_XML_DEPTH - 1, "<a>", "</a>",
	  "[3 elements nested deeper than the ceiling left out]", NULL },
	{ "as deep as is read", "", DEPTH_STOPS - 2, "<a>", "</a>",
	  "[3 elements nested deeper than the ceiling left out]", NULL },
	{ "deeper than is read", "", DEPTH_STOPS - 1, "<a>", "</a>",
	  "[3 elements nested deeper than the ceiling left out]",
	  "elements are nested deeper than the ceiling" },
	{ "as many elements as may be", "", NODES_MOST - 1, "<a/>", "", NULL, NULL },
	{ "one more", "", NODES_MOST, "<a/>", "",
	  "[3 elements beyond the ceiling left out]", NULL },
	{ "attributes count", "<a b='1' c='2'/>", NODES_MOST - 4, "<a/>", "", NULL, NULL },
	{ "and fill it", "<a b='1' c='2'/>", NODES_MOST - 3, "<a/>", "",
	  "[3 elements beyond the ceiling left out]", NULL },
	{ "texts count", "x", NODES_MOST - 2, "<a/>", "", NULL, NULL },
	{ "and fill it too", "x", NODES_MOST + 5, "<a/>", "",
	  "[3 elements beyond the ceiling left out]", NULL },
	{ "a text beyond them", "", NODES_MOST - 1, "<a/>", "x", NULL, NULL },
	{ "another unit has its own", "</item><item>", NODES_MOST - 1, "<a/>", "", NULL, NULL },
	{ "entities in use", "", EXPANSION_MOST / 8, "&own;", "", NULL, NULL },
	{ "too many of them", "", EXPANSION_MOST / 8 + 1, "&own;", "", "",
	  "entities expand to more than the ceiling" },
	/* clang-format on */
};

static void
each_ceiling_has_two_sides(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ceilings); i++) {
		const char *has = ceilings[i].has;
		const char *cause = ceilings[i].cause;
		struct buf b = BUF_INIT(TEXT_MOST);
		struct seen s = { .nodes = 0 };

		buf_addf(&b, "<r><item>%s", ceilings[i].before);
		add_many(&b, ceilings[i].count, ceilings[i].piece);
		if (*ceilings[i].behind)
			add_many(&b, ceilings[i].count, ceilings[i].behind);
		buf_adds(&b, "</item></r>");
		parse(&s, buf_text(&b), false, false);
		if (has ? !strstr(buf_text(&s.out), has)
			: strchr(buf_text(&s.out), '[') != NULL)
			fail_msg("%s: got %.200s, want %s", ceilings[i].name,
			    buf_text(&s.out), has ? has : "no warning");
		if (s.result.well_formed != !cause ||
		    (cause && strcmp(s.result.cause, cause) != 0))
			fail_msg("%s: got \"%s\", want \"%s\"", ceilings[i].name,
			    s.result.cause, cause ? cause : "");
		assert_true(s.nodes <= NODES_MOST);
		if (strchr(buf_text(&s.out), '[') != strrchr(buf_text(&s.out), '['))
			fail_msg("%s: it is said twice", ceilings[i].name);
		forget(&s);
		buf_clear(&b);
	}
}

/* A tag with so many attributes behind so many lines. */
static void
expect_attributes(size_t count, size_t lines, const char *cause)
{
	struct buf b = BUF_INIT(TEXT_MOST);
	struct seen s = { .nodes = 0 };
	char want[80];

	buf_adds(&b, "<r>");
	add_many(&b, lines, "\n");
	buf_adds(&b, "<item q='=====>' ");
	for (size_t i = 1; i < count; i++)
		buf_addf(&b, " a%zu=\"'\"", i);
	buf_adds(&b, ">x<!-- a = b = c --></item></r>");
	parse(&s, buf_text(&b), false, false);
	(void)snprintf(want, sizeof(want), "%zu{item %zu attributes('x')}", 3 + lines,
	    count);
	assert_string_equal(buf_text(&s.out), cause ? "" : want);
	assert_string_equal(s.result.cause, cause ? cause : "");
	assert_int_equal(s.result.well_formed, !cause);
	assert_int_equal(s.result.line, cause ? 3 + lines : 0);
	assert_true((s.result.root == NULL) == (cause != NULL));
	forget(&s);
	buf_clear(&b);
}

static void
a_crowd_of_attributes_is_not_read(void **state)
{
	(void)state;
	expect_attributes(LIMIT_XML_ATTRIBUTES - 1, 0, NULL);
	expect_attributes(LIMIT_XML_ATTRIBUTES, 2, NULL);
	expect_attributes(LIMIT_XML_ATTRIBUTES + 1, 0,
	    "more attributes than the ceiling allows");
	expect_attributes(LIMIT_XML_ATTRIBUTES + 1, 2,
	    "more attributes than the ceiling allows");
}

/* What is no start tag may hold any number of signs. */
static void
a_comment_is_no_crowd(void **state)
{
	static const struct {
		const char *before, *behind;
	} cases[] = { { "<!--", "-->" }, { "<?a", "?>" }, { "<![CDATA[", "]]>" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = BUF_INIT(TEXT_MOST);
		struct seen s = { .nodes = 0 };

		buf_addf(&b, "<r><item>%s ", cases[i].before);
		add_many(&b, LIMIT_XML_ATTRIBUTES + 1, "a=b ");
		buf_addf(&b, "%s</item></r>", cases[i].behind);
		parse(&s, buf_text(&b), false, false);
		assert_string_equal(s.result.cause, "");
		assert_int_equal(strncmp(buf_text(&s.out), "3{item", 6), 0);
		forget(&s);
		buf_clear(&b);
	}
}

static void
expect_text_of(size_t len, bool keeps_texts, const char *want)
{
	struct buf b = BUF_INIT(TEXT_MOST);
	struct seen s = { .nodes = 0 };

	buf_adds(&b, "<r><item>");
	add_many(&b, len, "x");
	buf_adds(&b, "</item></r>");
	parse(&s, buf_text(&b), false, keeps_texts);
	if (strncmp(buf_text(&s.out), want, strlen(want)) != 0)
		fail_msg("%zu bytes: got %.100s, want %s", len, buf_text(&s.out), want);
	forget(&s);
	buf_clear(&b);
}

static void
long_texts_are_kept_and_longer_ones_cut(void **state)
{
	char want[200];

	(void)state;
	expect_text_of(LONG_TEXT - 1, true, "3{item(255 bytes)}");
	expect_text_of(LONG_TEXT, true, "3{item(+256 bytes)}");
	expect_text_of(LONG_TEXT, false, "3{item(256 bytes)}");
	(void)snprintf(want, sizeof(want), "3{item(%d bytes)}", LIMIT_ENTRY_TEXT - 1);
	expect_text_of(LIMIT_ENTRY_TEXT - 1, false, want);
	/* Where it is cut depends on the pieces in which the library gives it. */
	expect_text_of(LIMIT_ENTRY_TEXT + 1, false,
	    "[3 a text longer than the ceiling was cut]3{item(4194");
}

static void
long_entities_are_left_out(void **state)
{
	static const struct {
		size_t len;
		const char *want;
	} cases[] = {
		{ ENTITY_MOST - 1, "3{item(4095 bytes)}" },
		{ ENTITY_MOST, "3{item}" },
		{ 2 * ENTITY_MOST, "3{item}" },
		{ 101, "3{item(101 bytes)}" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf value = BUF_INIT(TEXT_MOST);
		struct seen s = { .nodes = 0 };

		add_many(&value, cases[i].len, "x");
		s.long_value = buf_text(&value);
		parse(&s, "<r><item>&long;</item></r>", false, false);
		assert_string_equal(buf_text(&s.out), cases[i].want);
		forget(&s);
		buf_clear(&value);
	}
}

/* So many prefixes, each declared at an element inside of the one before. */
static void
expect_namespaces(size_t count, bool is_read)
{
	struct buf b = BUF_INIT(TEXT_MOST);
	struct seen s = { .nodes = 0 };

	buf_adds(&b, "<r><item>");
	for (size_t i = 0; i < count; i++)
		buf_addf(&b, "%s xmlns:p%zu='u%zu'%s", i % 16 == 0 ? "<a" : "", i, i,
		    i % 16 == 15 || i + 1 == count ? ">" : "");
	add_many(&b, (count + 15) / 16, "</a>");
	buf_adds(&b, "</item></r>");
	parse(&s, buf_text(&b), false, false);
	assert_int_equal(s.result.well_formed, is_read);
	assert_string_equal(s.result.cause,
	    is_read ? "" : "more namespaces are declared than the ceiling allows");
	forget(&s);
	buf_clear(&b);
}

static void
a_crowd_of_namespaces_is_not_read(void **state)
{
	(void)state;
	expect_namespaces(NAMESPACES_MOST, true);
	expect_namespaces(NAMESPACES_MOST + 1, false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_become_trees),
		cmocka_unit_test(each_ceiling_has_two_sides),
		cmocka_unit_test(a_crowd_of_attributes_is_not_read),
		cmocka_unit_test(a_comment_is_no_crowd),
		cmocka_unit_test(long_texts_are_kept_and_longer_ones_cut),
		cmocka_unit_test(long_entities_are_left_out),
		cmocka_unit_test(a_crowd_of_namespaces_is_not_read),
	};

	xml_prepare_threads();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

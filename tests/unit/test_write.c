/* SPDX-License-Identifier: ISC */
/* What the writer makes of elements, text and breaks that come in any order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "html/write.h"
#include "unit/occurrences.h"

/*
 * What is written, in short: "(p:" opens an element, ")" closes the one opened last, "<br>" is
 * an element without content, "~lang=de;" an attribute of the next, "|" a split; all else is
 * text.
 */
struct script {
	struct html_writer w;
	uint32_t handles[2 * LIMIT_HTML_DEPTH];
	size_t open;
};

static enum html_tag
tag_of(const char *name, size_t len)
{
	enum html_tag tag = tag_find(name, len);

	assert_int_not_equal(tag, TAG_UNKNOWN);
	return tag;
}

static const char *
write_attribute(struct script *s, const char *at)
{
	const char *equals = strchr(at, '=');
	const char *end = strchr(at, ';');
	char name[16] = "";
	char value[64] = "";

	memcpy(name, at, (size_t)(equals - at));
	memcpy(value, equals + 1, (size_t)(end - equals) - 1);
	writer_attr(&s->w, name, value);
	return end + 1;
}

static const char *
write_step(struct script *s, const char *at)
{
	size_t len;

	switch (*at) {
	case '(':
		len = strcspn(++at, ":");
		s->handles[s->open++] = writer_open(&s->w, tag_of(at, len));
		return at + len + 1;
	case ')':
		writer_close(&s->w, s->handles[--s->open]);
		return at + 1;
	case '<':
		len = strcspn(++at, ">");
		writer_void(&s->w, tag_of(at, len));
		return at + len + 1;
	case '~':
		return write_attribute(s, at + 1);
	case '|':
		writer_split(&s->w);
		return at + 1;
	}
	len = strcspn(at, "()<~|");
	writer_text(&s->w, at, len);
	return at + len;
}

static void
run_script(struct script *s, struct buf *out, const char *at)
{
	s->open = 0;
	writer_init(&s->w, out);
	while (*at)
		at = write_step(s, at);
	writer_finish(&s->w);
}

struct write_case {
	const char *script, *want;
};

static void
check(const struct write_case *cases, size_t count)
{
	static struct script s;
	int failed = 0;

	for (size_t i = 0; i < count; i++) {
		struct buf out = BUF_INIT(2 * LIMIT_HTML_CLEAN);

		run_script(&s, &out, cases[i].script);
		if (strcmp(buf_text(&out), cases[i].want) != 0) {
			print_error("%s: got %s, want %s\n", cases[i].script,
			    buf_text(&out), cases[i].want);
			failed++;
		}
		buf_clear(&out);
	}
	assert_int_equal(failed, 0);
}

/* clang-format off */
/* What the parsing rules would close, move or ignore. */
static const struct write_case elements[] = {
	{ "", "" },
	{ "(p:a)", "<p>a</p>" },
	{ "(p:a", "<p>a</p>" },
	{ "(p:a)(p:b)", "<p>a</p>\n<p>b</p>" },
	{ "(p:a(div:b)c)d", "<p>a</p>\n<div>b</div>\ncd" },
	{ "(p:a(b:c(p:d)e)f)", "<p>a<b>c</b></p>\n<p>d</p>\nef" },
	{ "(b:a(p:b)c)", "<b>a\n<p>b</p>\nc</b>" },
	/* Headings end headings and paragraphs, not what they stand in. */
	{ "(h1:a(h1:b))", "<h1>a</h1>\n<h1>b</h1>" },
	{ "(h6:a(h1:b))", "<h6>a</h6>\n<h1>b</h1>" },
	{ "(h1:a(h6:b))", "<h1>a</h1>\n<h6>b</h6>" },
	{ "(h3:a(b:c(h4:d)))", "<h3>a<b>c</b></h3>\n<h4>d</h4>" },
	{ "(h4:a(div:b)c)", "<h4>a\n<div>b</div>\nc</h4>" },
	{ "(p:a(h4:b))", "<p>a</p>\n<h4>b</h4>" },
	{ "(blockquote:a(h4:b)c)", "<blockquote>a\n<h4>b</h4>\nc</blockquote>" },
	/* Cells and captions are rooms of their own. */
	{ "(h4:a(table:(tbody:(tr:(td:b(h5:c))(th:d(h5:e)))))f)",
		"<h4>a\n<table>\n<tbody>\n<tr>\n<td>b\n<h5>c</h5>\n</td>\n<th>d\n<h5>e</h5>\n"
		"</th>\n</tr>\n</tbody>\n</table>\nf</h4>" },
	{ "(h4:a(table:(caption:b(h5:c)))d)",
		"<h4>a\n<table>\n<caption>b\n<h5>c</h5>\n</caption>\n</table>\nd</h4>" },
	{ "(table:(tbody:(tr:(td:(p:a(p:b))))))", "<table>\n<tbody>\n<tr>\n<td>\n<p>a</p>\n"
		"<p>b</p>\n</td>\n</tr>\n</tbody>\n</table>" },
	/* What has lost its parent. */
	{ "(li:a)(dt:b)(dd:c)(figcaption:d)",
		"<div>a</div>\n<div>b</div>\n<div>c</div>\n<div>d</div>" },
	{ "(ul:(li:a))(ol:(li:b))(dl:(dt:c)(dd:d))(figure:(figcaption:e))",
		"<ul>\n<li>a</li>\n</ul>\n<ol>\n<li>b</li>\n</ol>\n<dl>\n<dt>c</dt>\n<dd>d</dd>\n"
		"</dl>\n<figure>\n<figcaption>e</figcaption>\n</figure>" },
	{ "(dl:(li:a))(ul:(dt:b)(dd:c)(figcaption:d))",
		"<dl>\n<div>a</div>\n</dl>\n<ul>\n<div>b</div>\n<div>c</div>\n<div>d</div>\n</ul>" },
	{ "x(td:a)y(tr:b)(th:c)(tbody:d)(thead:e)(tfoot:f)(caption:g)",
		"x<br>\nay<br>\nb<br>\nc<br>\nd<br>\ne<br>\nf<br>\ng" },
	{ "(ruby:a(rt:b)(rp:c))(rt:d)(rp:e)", "<ruby>a<rt>b</rt><rp>c</rp></ruby>de" },
	{ "(table:(tr:a)(td:b))c", "c" },
	{ "(table:(thead:(tr:(td:a)))(tbody:(tr:(td:b)))(tfoot:(tr:(td:c))))",
		"<table>\n<thead>\n<tr>\n<td>a</td>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>b</td>\n"
		"</tr>\n</tbody>\n<tfoot>\n<tr>\n<td>c</td>\n</tr>\n</tfoot>\n</table>" },
	/* Between cells there is nothing else. */
	{ "(table:a<br><hr>~src=x;<img>|(b:c)(tbody:d(p:e)(tr:f|(td:g)<img>)h)i)",
		"<table>\n<tbody>\n<tr>\n<td>g</td>\n</tr>\n</tbody>\n</table>" },
	{ "(table:(tbody:(tr:(td:)(th:)(td:a))))", "<table>\n<tbody>\n<tr>\n<td></td>\n<th></th>\n"
		"<td>a</td>\n</tr>\n</tbody>\n</table>" },
	{ "(table:(tbody:(tr:(td:)(th:))))a", "a" },
	/* In itself nothing new. */
	{ "(b:a(b:c)d)(b:e)", "<b>acd</b><b>e</b>" },
	{ "(a:a(b:(a:c))d)", "<a>a<b>c</b>d</a>" },
	{ "(ruby:a(ruby:b))", "<ruby>ab</ruby>" },
	{ "(span:a(span:b))", "<span>a<span>b</span></span>" },
	/* Preformatted text has no blocks in it. */
	{ "(pre:a(p:b)c(b:d))", "<pre>a\nbc<b>d</b></pre>" },
	{ "(pre:a\n(p:b)c)", "<pre>a\nbc</pre>" },
	{ "(pre:a<br>b<hr>c|d)e", "<pre>a\nbc\nd</pre>\ne" },
	{ "(p:a)(pre:b)(p:c d)", "<p>a</p>\n<pre>b</pre>\n<p>c d</p>" },
	/* Boxes around nothing but a block. */
	{ "(div:(p:a))b", "<p>a</p>\nb" },
	{ "(div:(div: (p:a)b))", "<p>a</p>\nb" },
	{ "(div:a(p:b))", "<div>a\n<p>b</p>\n</div>" },
	{ "~dir=ltr;(div:(p:a))", "<div dir=\"ltr\">\n<p>a</p>\n</div>" },
	{ "(ul:(p:a))", "<ul>\n<p>a</p>\n</ul>" },
	{ "a(div:(p:b))", "a\n<p>b</p>" },
	{ "(blockquote:(div:(p:a)))", "<blockquote>\n<p>a</p>\n</blockquote>" },
	{ "a<br><br>(div:(div:b))", "a<br><br>\n<div>b</div>" },
	{ "(div:a)<br>(div:(div:b))", "<div>a</div>\n<br>\n<div>b</div>" },
	{ "(div:<hr>)a", "<hr>\na" },
	/* Attributes are the next element's, opened or not. */
	{ "~lang=de;(b:a(i:b))", "<b lang=\"de\">a<i>b</i></b>" },
	{ "~lang=de;~dir=ltr;(b:a)", "<b lang=\"de\" dir=\"ltr\">a</b>" },
	{ "~lang=de;(td:a)(b:c)", "a<b>c</b>" },
	{ "(pre:~lang=de;<hr>(b:c))", "<pre><b>c</b></pre>" },
	{ "~src=x;<img><img>", "<img src=\"x\"><img>" },
	{ "~src=x;<hr>(b:a)", "<hr src=\"x\">\n<b>a</b>" },
	{ "~a=&<>\"\t\n'\x01\x7F-\u00E9;(b:a)",
		"<b a=\"&amp;&lt;&gt;&quot;  '-\u00E9\">a</b>" },
	/* What was closed by something else is not closed again. */
	{ "(p:a(div:b(p:c(div:d))))e", "<p>a</p>\n<div>b\n<p>c</p>\n<div>d</div>\n</div>\ne" },
};

/* White space, breaks, and elements that turn out to be empty. */
static const struct write_case spaces[] = {
	{ " a \t\r\n\f b ", "a b" },
	{ "a (b: b )c", "a <b>b</b> c" },
	{ "(p: a )(p: b )", "<p>a</p>\n<p>b</p>" },
	{ "a<br> b", "a<br>\nb" },
	{ "a <br>b", "a<br>\nb" },
	{ "<br>a", "<br>\na" },
	{ "a<br><br><br>b", "a<br><br>\nb" },
	{ "(p:a<br>)", "<p>a</p>" },
	{ "(b:a<br>)b", "<b>a</b><br>\nb" },
	{ "a|b", "a<br>\nb" },
	{ "|a||b|", "a<br>\nb" },
	{ "a<br>|b", "a<br>\nb" },
	{ "a<br><br>|b", "a<br><br>\nb" },
	{ "(p:a)|b", "<p>a</p>\nb" },
	{ "a |b", "a<br>\nb" },
	/* Of an empty element its blank stays, of an empty block its line's end. */
	{ "(b: )a", "a" },
	{ "x(b:)a", "xa" },
	{ "x(b: )a", "x a" },
	{ "x (b:)a", "x a" },
	{ "x(b:\u00A0)y", "x y" },
	{ "x(b:<br>)y", "x<br>\ny" },
	{ "x<br>(b:<br>)y", "x<br><br>\ny" },
	{ "x<br><br>(b:<br>)y", "x<br><br>\ny" },
	{ "x(p:)y", "x<br>\ny" },
	{ "x(p: )y", "x<br>\ny" },
	{ "x<br>(p:)y", "x<br>\ny" },
	{ "x<br><br>(p:)y", "x<br><br>\ny" },
	{ "(p:)y", "y" },
	{ "(p:a)(p:)y", "<p>a</p>\ny" },
	{ "x(p:<br>)y", "x<br><br>\ny" },
	{ "x(p:\u00A0)y", "x<br><br>\ny" },
	{ "(p:(b:)(i:(u:)))", "" },
	{ "(p:<wbr>)a", "a" },
	{ "a<wbr>b", "a<wbr>b" },
	{ "(p:<img>)", "<p><img></p>" },
	{ "x <img> y", "x <img> y" },
	/* An empty line is kept in front of what has no margin, once. */
	{ "(div:a)(div:<br>)(div:b)", "<div>a</div>\n<br>\n<div>b</div>" },
	{ "(div:a)(div:b)", "<div>a</div>\n<div>b</div>" },
	{ "(div:a)<br>(div:b)", "<div>a</div>\n<br>\n<div>b</div>" },
	{ "(div:a<br>)(div:b)", "<div>a</div>\n<div>b</div>" },
	{ "(div:a<br><br>)(div:b)", "<div>a</div>\n<br>\n<div>b</div>" },
	{ "(div:a<br><br>)b", "<div>a</div>\n<br>\nb" },
	{ "(div:a)<br><br><br>b", "<div>a</div>\n<br><br>\nb" },
	{ "(p:a)<br><br>(div:b)", "<p>a</p>\n<div>b</div>" },
	{ "(p:a<br><br>)(div:b)", "<p>a</p>\n<div>b</div>" },
	{ "(div:a)<br>(p:b)", "<div>a</div>\n<p>b</p>" },
	{ "a<br>(div:b)", "a\n<div>b</div>" },
	{ "(div:a(div:<br>))(div:b)", "<div>a</div>\n<br>\n<div>b</div>" },
	{ "(div:x<br>(b:<br>))(div:y)", "<div>x</div>\n<br>\n<div>y</div>" },
	{ "(div:a)(div:(b:<br>))(div:b)", "<div>a</div>\n<br>\n<div>b</div>" },
	{ "x<br>(b:<br>)(div:y)", "x<br><br>\n<div>y</div>" },
	/* Behind a block's start tag the line is empty. */
	{ "x~lang=de;(div:(p:\u00A0)a)", "x\n<div lang=\"de\"><br>\na</div>" },
	{ "x~dir=ltr;(div:<br>(div:b)c)",
		"x\n<div dir=\"ltr\"><br>\n<div>b</div>\nc</div>" },
	{ "(div:a)<br>(p:)(div:b)", "<div>a</div>\n<br>\n<div>b</div>" },
	{ "(div:a)<br>(div:)(div:b)", "<div>a</div>\n<br>\n<div>b</div>" },
	{ "(div:a)<br>(b:)(div:b)", "<div>a</div>\n<br>\n<div>b</div>" },
	{ "(div:a)(p:)(div:b)", "<div>a</div>\n<div>b</div>" },
	{ "a<br><br>(div:b)", "a<br><br>\n<div>b</div>" },
	{ "a<br><br>(p:b)", "a\n<p>b</p>" },
	{ "(div:<br>)(div:b)", "<div>b</div>" },
	{ "(ul:a<br><br>)(div:b)", "<ul>a</ul>\n<div>b</div>" },
	/* A rule has its margins. */
	{ "a<hr>b", "a\n<hr>\nb" },
	{ "(p:a<hr>b)", "<p>a</p>\n<hr>\nb" },
	{ "(h4:a<hr>b)", "<h4>a\n<hr>\nb</h4>" },
	{ "a<br><br><hr>(div:b)", "a\n<hr>\n<div>b</div>" },
	{ "<hr><br><br>(div:b)", "<hr>\n<div>b</div>" },
	{ "(div:a)(div:<br>)<hr>b", "<div>a</div>\n<hr>\nb" },
	/* Where white space is content.  A line's end right behind <pre> is the parser's. */
	{ "(pre: a  b\tc )", "<pre> a  b\tc </pre>" },
	{ "(pre:\n\na\n\nb\n)", "<pre>a\n\nb\n</pre>" },
	{ "(pre:a\rb\fc)", "<pre>a\nb c</pre>" },
	{ "(pre:(b:\na))", "<pre><b>\na</b></pre>" },
	{ "(pre: \na)", "<pre> \na</pre>" },
	{ "(pre:(b: ))", "<pre><b> </b></pre>" },
	{ "(pre:a)b  c", "<pre>a</pre>\nb c" },
};

/* Characters. */
static const struct write_case characters[] = {
	{ "a & b > \"c\" 'd'", "a &amp; b &gt; \"c\" 'd'" },
	{ "a\x01\x08\x0B\x0E\x1F\x7F" "b", "ab" },
	{ "a\xC2\x80" "b\xC2\x9F" "c\uFEFFd\uFFFEe\uFFFFf", "abcdef" },
	{ "(p:\xC2\x80\xC2\x9F\uFEFF\uFFFE\uFFFF)a", "a" },
	{ "(p:\u00A1)(p:\uFFFD)(p:\uFF01)(p:\u00BF)",
		"<p>\u00A1</p>\n<p>\uFFFD</p>\n<p>\uFF01</p>\n<p>\u00BF</p>" },
	/* Blanks that nobody sees are no content, the characters beside them are. */
	{ "(p:\u00A0)(p:\u200B)(p:\u200C)(p:\u200F)(p:\u2060)a", "a" },
	{ "(p:\u200A)(p:\u2010)(p:\u205F)(p:\u2061)",
		"<p>\u200A</p>\n<p>\u2010</p>\n<p>\u205F</p>\n<p>\u2061</p>" },
	{ "a\u00A0b\u200Bc", "a\u00A0b\u200Bc" },
	{ "a \u00A0 b", "a \u00A0 b" },
	/* Marks of direction stay when each ends in the same text. */
	{ "a\u202Ab\u202Cc\u202Bd\u202Ce", "a\u202Ab\u202Cc\u202Bd\u202Ce" },
	{ "\u202Da\u202C\u202Eb\u202C", "\u202Da\u202C\u202Eb\u202C" },
	{ "\u2066a\u2069\u2067b\u2069\u2068c\u2069", "\u2066a\u2069\u2067b\u2069\u2068c\u2069" },
	{ "\u202A\u202Ba\u202C\u202C", "\u202A\u202Ba\u202C\u202C" },
	{ "a\u202Ab", "ab" },
	{ "a\u202Bb", "ab" },
	{ "a\u202Db", "ab" },
	{ "a\u202Eb", "ab" },
	{ "a\u2066b", "ab" },
	{ "a\u2067b", "ab" },
	{ "a\u2068b", "ab" },
	{ "a\u202Cb", "ab" },
	{ "a\u2069b", "ab" },
	{ "a\u202Cb\u202Ac", "abc" },
	{ "\u202Aa(b:b\u202C)", "a<b>b</b>" },
	{ "\u202A\u202Aa\u202C", "a" },
	{ "a\u2029b\u202Fc\u2065d\u206Ae", "a\u2029b\u202Fc\u2065d\u206Ae" },
	{ "(p:\u202A\u202C)a", "a" },
};
/* clang-format on */

static void
elements_are_written_as_they_will_be_read(void **state)
{
	(void)state;
	check(elements, ARRAY_LEN(elements));
}

static void
space_is_folded_and_empty_elements_vanish(void **state)
{
	(void)state;
	check(spaces, ARRAY_LEN(spaces));
}

static void
characters_are_seen_not_seen_or_dropped(void **state)
{
	(void)state;
	check(characters, ARRAY_LEN(characters));
}

static void
open_elements(struct html_writer *w, enum html_tag tag, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		(void)!writer_open(w, tag);
		writer_text(w, "x", 1);
	}
}

static void
elements_are_nested_to_a_limit(void **state)
{
	static struct html_writer w;
	struct buf out = BUF_INIT(2 * LIMIT_HTML_CLEAN);

	(void)state;
	writer_init(&w, &out);
	open_elements(&w, TAG_SPAN, LIMIT_HTML_DEPTH - 1);
	assert_int_not_equal(writer_open(&w, TAG_B), 0);
	assert_int_equal(writer_open(&w, TAG_I), 0);
	writer_text(&w, "y", 1);
	writer_finish(&w);
	assert_int_equal(occurrences(buf_text(&out), "<span>"), LIMIT_HTML_DEPTH - 1);
	assert_non_null(strstr(buf_text(&out), "<b>y</b>"));
	assert_false(w.is_cut);
	buf_clear(&out);
}

/* A table has up to five elements between itself and a text: in a cell, or in a link in it. */
static void
a_table_needs_room_for_its_parts(void **state)
{
	static struct html_writer w;

	(void)state;
	for (size_t depth = LIMIT_HTML_DEPTH - 7; depth < LIMIT_HTML_DEPTH; depth++) {
		struct buf out = BUF_INIT(2 * LIMIT_HTML_CLEAN);

		writer_init(&w, &out);
		open_elements(&w, TAG_SPAN, depth);
		if (depth + 6 <= LIMIT_HTML_DEPTH)
			assert_int_not_equal(writer_open(&w, TAG_TABLE), 0);
		else
			assert_int_equal(writer_open(&w, TAG_TABLE), 0);
		writer_finish(&w);
		buf_clear(&out);
	}
}

/* The ceiling leaves 32 bytes for each end tag that may be missing. */
static void
writing_stops_for_good_at_the_ceiling(void **state)
{
	static struct html_writer w;
	static char text[LIMIT_HTML_CLEAN];
	const size_t room = LIMIT_HTML_CLEAN - 32 * LIMIT_HTML_DEPTH;
	struct buf out = BUF_INIT(2 * LIMIT_HTML_CLEAN);

	(void)state;
	memset(text, 'a', sizeof(text));
	writer_init(&w, &out);
	writer_text(&w, text, room);
	assert_int_equal(out.len, room);
	assert_false(w.is_cut);
	writer_text(&w, text, 1);
	assert_true(w.is_cut);
	assert_int_equal(out.len, room);
	writer_finish(&w);
	buf_reset(&out);

	writer_init(&w, &out);
	(void)!writer_open(&w, TAG_P);
	writer_text(&w, text, room - 2);
	assert_true(w.is_cut);
	writer_text(&w, "b", 1);
	writer_attr(&w, "lang", "de");
	assert_int_equal(writer_open(&w, TAG_B), 0);
	writer_void(&w, TAG_IMG);
	writer_finish(&w);
	assert_string_equal(buf_text(&out), "");
	buf_clear(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_are_written_as_they_will_be_read),
		cmocka_unit_test(space_is_folded_and_empty_elements_vanish),
		cmocka_unit_test(characters_are_seen_not_seen_or_dropped),
		cmocka_unit_test(elements_are_nested_to_a_limit),
		cmocka_unit_test(a_table_needs_room_for_its_parts),
		cmocka_unit_test(writing_stops_for_good_at_the_ceiling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

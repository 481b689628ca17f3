/* SPDX-License-Identifier: ISC */
/*
 * Is HTML in good order read as the parser reads it?  The bytes are HTML; behind a first byte of
 * 1 each is a number of a piece of it, so that much of what is made is in good order.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "html/orderly.h"

enum { ROOM = 8 * 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* clang-format off */
static const char *const pieces[] = {
	"a", " ", "\n", "<", ">", "&", ";", "=", "\"", "/", "-", "x y", "&amp;", "&lt;", "&nbsp;",
	"&copy", "&#32;", "&#8217;", "&x", "<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<i>",
	"</i>", "<a href=\"?a&b=1\">", "</a>", "<a>", "<span class='x'>", "</span>", "<br>",
	"<br/>", "</br>", "<hr>", "<img src=x alt>", "</img>", "<ul>", "</ul>", "<ol>", "</ol>",
	"<li>", "</li>", "<dl>", "</dl>", "<dt>", "</dt>", "<dd>", "</dd>", "<h1>", "</h1>",
	"<h2>", "</h2>", "<pre>", "</pre>", "<pre>\n", "<code>", "</code>", "<blockquote>",
	"</blockquote>", "<table>", "</table>", "<caption>", "</caption>", "<thead>", "</thead>",
	"<tbody>", "</tbody>", "<tr>", "</tr>", "<td>", "</td>", "<th>", "</th>", "<form>",
	"</form>", "<button>", "</button>", "<input>", "<label>", "</label>", "<iframe>",
	"</iframe>", "<script>", "</script>", "<style>", "</style>", "<!--", "-->", "<!-- c -->",
	"<!>", "<picture>", "</picture>", "<source>", "<noscript>", "</noscript>", "<video>",
	"</video>", "<em>", "</em>", "<font>", "</font>", "<address>", "</address>", "<section>",
	"</section>", "<figure>", "</figure>", "<figcaption>", "</figcaption>", "<o:p>", "</o:p>",
	"<svg>", "</svg>", "<select>", "</select>", "<option>", "<object>", "</object>",
	"<details>", "<summary>", "</summary>", "</details>", "<center>", "</center>", "<u>",
	"</u>", "<sup>", "</sup>", "<html>", "<body>", "</body>", "<P>", "</P>", "<p id=1 ID=2>",
	"<nobr>", "<ruby>", "<rt>", "<menu>", "</menu>", "<dir>", "</dir>", "<wbr>", "<embed>",
};
/* clang-format on */

static void
write_html(struct buf *b, const uint8_t *bytes, size_t size)
{
	if (size == 0 || bytes[0] != 1) {
		text_add_clean(b, (const char *)bytes, size);
		return;
	}
	for (size_t i = 1; i < size; i++)
		buf_adds(b, pieces[bytes[i] % (sizeof(pieces) / sizeof(pieces[0]))]);
}

static bool
is_same_text(const struct html_node *x, const struct html_node *y)
{
	if (!x->text || !y->text)
		return x->text == y->text;
	return x->len == y->len && memcmp(x->text, y->text, x->len + 1) == 0;
}

static bool
is_same_node(const struct html_node *x, const struct html_node *y)
{
	if (x->tag != y->tag || x->foreign != y->foreign || !is_same_text(x, y) ||
	    x->attr_count != y->attr_count)
		return false;
	for (unsigned i = 0; i < x->attr_count; i++)
		if (strcmp(x->attrs[i].name, y->attrs[i].name) != 0 ||
		    strcmp(x->attrs[i].value, y->attrs[i].value) != 0)
			return false;
	return true;
}

static bool
is_same_tree(const struct html_node *x, const struct html_node *y)
{
	for (; x && y; x = x->next, y = y->next)
		if (!is_same_node(x, y) || !is_same_tree(x->first, y->first))
			return false;
	return !x && !y;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(LIMIT_ENTRY_TEXT);
	struct html_node root = { .tag = TAG_DIV };

	write_html(&b, bytes, size);
	if (orderly_read(a, buf_text(&b), b.len, ROOM, &root)) {
		/* A comment for the parser, and the end of good order. */
		buf_adds(&b, "<!>");
		if (!is_same_tree(root.first,
			tree_parse(a, buf_text(&b), b.len, b.len, TREE_FRAGMENT)
			    .root->first)) {
			fprintf(stderr, "another tree of: %s\n", buf_text(&b));
			abort();
		}
	}
	buf_clear(&b);
	arena_free(a);
	return 0;
}

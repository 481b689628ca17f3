# SPDX-License-Identifier: ISC
"""What one feed may cost: the work grows with the input, the memory stays below a ceiling.

    cost.py PROGRAM [PATTERN]      checks the families whose name has PATTERN in it; TAP
    cost.py PROGRAM --table        prints what each costs, and checks nothing

Each family is an input of one kind, made in any size.  Time is compared with the time of
the same family in an eighth of the size, so that a slow or busy machine changes nothing.
"""
import json
import os
import subprocess
import sys
import tempfile

SMALL = 128 * 1024
LARGE = 8 * SMALL
HUGE = 10 * LARGE
MEMORY_LARGE = 100  # MB, of a feed of LARGE bytes
MEMORY_HUGE = 500
# Eight times the input: 8 is linear and 64 quadratic.  Where a limit cuts the content, the
# parser begins anew a few times, so that the step over the limit may cost four times as much.
GROWTH = 40
NOISE = 1.0  # seconds below which no conclusion is drawn


def repeat(unit, closing=""):
    """The unit as often as it fits, then the closing as often."""
    width = len((unit + closing).encode("utf-8", "surrogateescape"))
    return lambda size: unit * (size // width) + closing * (size // width)


def numbered(form):
    """Units that differ: %d is their number."""
    def make(size):
        parts, total = [], 0
        while total < size:
            parts.append(form.replace("%d", str(len(parts))))
            total += len(parts[-1])
        return "".join(parts)
    return make


def wrapped(before, inner, after):
    return lambda size: before + inner(size) + after


HTML = {
    "marks that open a direction": repeat("\u202e"),
    "marks that end a direction": repeat("\u202c"),
    "directions in each other": repeat("\u202a", "\u202c"),
    "isolates by pairs": repeat("\u2067x\u2069"),
    "marks and text": repeat("\u202ex"),
    "no-break spaces": repeat("\u00a0"),
    "zero-width spaces": repeat("\u200b"),
    "paragraphs": repeat("<p>x"),
    "empty paragraphs": repeat("<p></p>"),
    "bold never closed": repeat("<b>"),
    "bold with text": repeat("<b>x"),
    "bold closed late": repeat("<b>", "</b>"),
    "bold across paragraphs": repeat("<p><b>x</p>"),
    "bold, italic, wrong order": repeat("<b><i></b></i>"),
    "links in links": repeat('<a href="https://a.example/">x'),
    "links": numbered('<a href="https://a.example/%d">x</a> '),
    "one link over and over": repeat('<a href="https://a.example/">x</a> '),
    "fonts": numbered("<font size=%d>x"),
    "divisions in each other": repeat("<div>", "</div>"),
    "divisions with text": repeat("<div>x"),
    "spans": repeat("<span>x"),
    "quotes in each other": repeat("<blockquote>x"),
    "lists in each other": repeat("<ul><li>x"),
    "items": repeat("<li>x"),
    "terms": repeat("<dl><dt>x<dd>y"),
    "headings": repeat("<h1>x</h1>"),
    "headings that end as others": repeat("<h1>x</h2>"),
    "end tags of nothing": repeat("</p>"),
    "end tags of unknown elements": repeat("</x>"),
    "breaks": repeat("<br>"),
    "rules": repeat("<hr>"),
    "a table of misplaced text": repeat("<table>x<b>y"),
    "tables in each other": repeat("<table><tr><td>x"),
    "a table of many rows": wrapped("<table>", repeat("<tr><td>x<td>y"), "</table>"),
    "a table of one row": wrapped("<table><tr>", repeat("<td>x"), "</table>"),
    "a table of empty rows": wrapped("<table>", repeat("<tr>"), "</table>"),
    "cells over many rows":
        wrapped("<table>", repeat("<tr><td rowspan=1000 colspan=100>x"), "</table>"),
    "small tables": repeat("<table><tr><td>x<td>y</table>"),
    "attributes of one tag": wrapped("<p ", numbered("a%d=b "), ">x</p>"),
    "attributes of many tags": repeat("<p a=b c=d e=f g=h>x"),
    "a long attribute": wrapped('<p title="', repeat("x"), '">x</p>'),
    "a long style": wrapped('<p style="', repeat("color:red;"), '">x</p>'),
    "styles": repeat('<p style="color:red;text-align:left">x'),
    "classes": wrapped('<p class="', repeat("share "), '">x</p>'),
    "references": repeat("&amp;"),
    "references of less-than": repeat("&lt;"),
    "references to ampersands": repeat("&amp;amp;"),
    "unknown references": repeat("&nonsense;"),
    "ampersands": repeat("&"),
    "numbers of characters": repeat("&#120;"),
    "numbers without end": wrapped("&#", repeat("1"), ";"),
    "numbers too large": repeat("&#xdddddddd;"),
    "comments": repeat("<!-- -->"),
    "a comment never closed": repeat("<!-- "),
    "dashes": wrapped("<!--", repeat("-"), "x"),
    "less-than signs": repeat("<"),
    "less-than and a letter": repeat("<a"),
    "CDATA in HTML": repeat("<![CDATA[x]]&gt;"),
    "one long word": repeat("x"),
    "words": repeat("word "),
    "line ends": repeat("\n"),
    "spaces": repeat(" "),
    "preformatted lines": wrapped("<pre>", repeat("x\n"), "</pre>"),
    "preformatted blanks": wrapped("<pre>", repeat(" "), "x</pre>"),
    "wide characters": repeat("\u6f22"),
    "combining marks": wrapped("e", repeat("\u0301"), ""),
    "pictures": numbered('<img src="https://a.example/%d.png" alt="x">'),
    "pictures without alternatives": repeat('<img src="a.png">'),
    "a long data address":
        wrapped('<img src="data:image/png;base64,', repeat("A"), '">'),
    "frames": repeat('<iframe src="https://www.youtube.com/embed/x"></iframe>'),
    "videos": repeat('<video src="a.mp4"></video>'),
    "formulas": repeat("<math><mi>x</mi></math>"),
    "one formula": wrapped("<math>", repeat("<mfrac><mi>x</mi><mn>1</mn></mfrac>"),
                           "</math>"),
    "formulas in each other": repeat("<math><msup>x"),
    "drawings": repeat("<svg><g>x"),
    "raised": repeat("x<sup>2</sup>"),
    "struck": repeat("<s>x</s>"),
    "rubies": repeat("<ruby>x<rt>y"),
    "scripts": repeat("<script>x</script>"),
    "a script never closed": wrapped("<script>", repeat("<!--<script"), ""),
    "templates": repeat("<template>x"),
    "selections": repeat("<select><option>x"),
    "forms": repeat("<form><input type=checkbox>x"),
    "objects": repeat("<object>x"),
    "unknown elements": repeat("<x-y>z"),
    "plain addresses": numbered("https://a.example/%d "),
    "one long address": wrapped("https://a.example/", repeat("x"), ""),
    "mail addresses": repeat("a@b.example "),
    "trackers": numbered('<a href="https://a.example/?utm_source=x&id=%d">x</a> '),
    "shares": repeat('<a href="https://twitter.com/intent/tweet?x">x</a>'),
    "links escaped": repeat('&lt;a "&gt;'),
    "tags escaped that never end": repeat("&lt;a "),
    "tags escaped that end far away": wrapped("", repeat('&lt;a"'), "&gt;"),
    "numbers of lines": wrapped("<span class=ln>" * 180, repeat("<wbr>"), ""),
    "a heading with all in it": wrapped("<h1><div>" * 90, repeat("<wbr>"), ""),
    "a heading of anchors": wrapped("<h1>", repeat("<a href=#a>#</a>"), "</h1>"),
    "nested tables with all in it": wrapped("<table><tr><td>" * 40, repeat("x<br>"), ""),
    "links to more": repeat("<p><a href=a>Read more</a></p>"),
    "notes of origin": repeat("The post <a href=a>x</a> appeared first on "
                              "<a href=b>y</a>."),
    "the escaped page": repeat("&lt;p&gt;x&lt;/p&gt;"),
    "the page escaped twice": repeat("&amp;lt;p&amp;gt;x"),
    "links and tables that cannot be drawn": numbered(
        '<a href="https://a.example/%d">x</a><table><tr><td><a href="b%d">x</a>'
        "<p>y<ul><li>z</ul></table>"),
    "links and wide tables": numbered(
        '<a href="https://a.example/%d">x</a><table><tr><td><a href="b%d">x</a>'
        "<td>" + "y " * 60 + "<td>" + "z " * 60 + "</table>"),
    "tables of links": numbered('<table><tr><td><a href="b%d">x</a></table>'),
    "a table of links": wrapped("<table>", numbered('<tr><td><a href="b%d">x</a><td>y'),
                                "</table>"),
    "tables in tables of links": numbered('<table><tr><td><a href="b%d">x</a>'),
    "a wide table": wrapped("<table><tr>", repeat("<td>word word word"), "<tr><td>x</table>"),
    "columns": wrapped("<table>", repeat("<col span=1000>"), "<tr><td>x</table>"),
    "groups of columns": wrapped("<table>", repeat("<colgroup span=9><col>"), "<tr><td>x"),
    "captions": wrapped("<table>", repeat("<caption>x</caption>"), "<tr><td>x</table>"),
    "bodies of tables": wrapped("<table>", repeat("<tbody><tr><td>x"), "</table>"),
    "heads and feet": wrapped("<table>", repeat("<thead><tr><th>x<tfoot><tr><td>y"), ""),
    "spans of every length": wrapped(
        "<table>", numbered("<tr><td colspan=%d rowspan=%d>x<td>y"), "</table>"),
    "cells that span ten million": wrapped(
        "<table>", repeat("<tr><td colspan=9999999 rowspan=9999999>x"), "</table>"),
    "cells of lists": wrapped("<table><tr>", repeat("<td><ul><li>x</ul>"), "</table>"),
    "numbered lists in each other": repeat("<ol><li>x"),
    "numbered lists of every kind": numbered("<ol type=i start=%d reversed><li>x</ol>"),
    "items with numbers": wrapped("<ol>", numbered("<li value=%d>x"), "</ol>"),
    "a list counted backwards": wrapped("<ol reversed>", repeat("<li>x"), "</ol>"),
    "Roman numbers": wrapped("<ol type=I start=2147483000>", repeat("<li>x"), "</ol>"),
    "lists of terms in each other": repeat("<dl><dd>x"),
    "menus and directories": repeat("<menu><li>x<dir><li>y"),
    "quotes and lists by turns": repeat("<blockquote>x<ul><li>y"),
    "paragraphs in quotes": wrapped("<blockquote>" * 90, repeat("<p>x"), ""),
    "a picture of many sizes": wrapped('<img src="a.png" srcset="',
                                       numbered("a%d.png %dw, "), '">'),
    "pictures of some sizes": repeat('<img src="a.png" srcset="a.png 1x, b.png 2x">'),
    "sizes without addresses": wrapped('<img src="a.png" srcset="', repeat(","), '">'),
    "sizes in brackets": wrapped('<img srcset="a ', repeat("("), '">'),
    "sources of a picture": wrapped(
        "<picture>", numbered('<source srcset="a%d.png 2x" media="x">'),
        '<img src="a.png"></picture>'),
    "pictures in one picture": wrapped("<picture>", repeat("<img>"), "</picture>"),
    "pictures behind sources that say nothing": wrapped(
        "<picture>", lambda size: repeat('<source srcset=",">')(size // 2) +
        repeat("<img>")(size // 2), "</picture>"),
    "pictures between pictures": wrapped(
        "<picture>", repeat("<img><picture><img></picture>"), "</picture>"),
    "pictures in each other": repeat("<picture><source srcset=a><img src=b>"),
    "figures": repeat('<figure><img src="a.png"><figcaption>x</figcaption></figure>'),
    "figures in each other": repeat('<figure><img src="a.png"><figcaption>x'),
    "figures with captions alone": repeat("<figure><figcaption>x</figure>"),
    "links around pictures": numbered('<a href="%d.png"><img src="%d.png"></a>'),
    "a link around pictures": wrapped('<a href="x">', repeat('<img src="a.png">'), "</a>"),
    "sources of a video": wrapped("<video>", numbered('<source src="%d.mp4">'), "</video>"),
    "tracks": wrapped('<video src="a.mp4">', repeat("<track src=b>"), "</video>"),
    "objects of players": repeat('<object data="a.swf"><param name=movie value=b><embed src=c>'
                                 "</object>"),
    "parameters": wrapped("<object>", repeat("<param name=a value=b>"), "x</object>"),
    "references without end": repeat("&notit"),
    "references half known": repeat("&ampx;"),
    "long names of references": repeat("&CounterClockwiseContourIntegral;"),
    "names that might begin references": repeat("&CounterClockwiseContourIntegra"),
    "a reference in each attribute": repeat('<p title="&eacute;&amp;&#x41;">x</p>'),
    "references in one attribute": wrapped('<a href="/?', repeat("&amp;x=1"), '">x</a>'),
    "numbers of zero": repeat("&#0;&#x80;"),
    "addresses that climb": wrapped('<a href="', repeat("../"), '">x</a>'),
    "addresses that climb back": wrapped('<a href="/', repeat("a/../"), '">x</a>'),
    "addresses of dots": wrapped('<a href="/', repeat("./"), '">x</a>'),
    "many addresses that climb": numbered('<a href="../' + "a/../" * 40 + '%d">x</a>'),
    "addresses of percent signs": repeat('<a href="%25%2e%zz%%%">x</a>'),
    "addresses with many parameters": repeat(
        '<a href="?' + "utm_source=a&amp;b=c&amp;" * 20 + '">x</a>'),
    "hosts of many labels": repeat('<a href="https://' + "a." * 60 + 'example/">x</a>'),
    "hosts that are not ASCII": numbered('<a href="https://b\u00fccher%d.example/">x</a>'),
    "hosts of one long label": repeat('<a href="https://' + "\u00fc" * 60 + '.example">x</a>'),
    "addresses of colons": wrapped('<a href="', repeat(":"), '">x</a>'),
    "addresses of at signs": wrapped('<a href="https://', repeat("a@"), 'b.example">x</a>'),
    "notes with their places": numbered('<a href="#n%d" id="r%d">%d</a>'),
    "notes behind": numbered('<sup><a href="#n%d">%d</a></sup><p id="n%d">x</p>'),
    "names of places": numbered("<p id=a%d>x</p>"),
    "hints": numbered('<abbr title="x%d">y</abbr>'),
    "pictures with hints": numbered('<img src="%d.png" title="a longer hint %d">'),
    "hidden parts": repeat('<div style="display:none"><p>x</p></div>'),
    "hidden parts in each other": repeat('<div style="display:none">'),
    "hidden by attribute": repeat("<p hidden>x</p>"),
    "parts with many styles": repeat('<p style="' + "a:b;" * 40 + '">x</p>'),
    "a style that opens brackets": wrapped('<p style="a:', repeat("("), '">x</p>'),
    "a style of comments": wrapped('<p style="', repeat("/**/"), '">x</p>'),
    "a style never closed": wrapped("<p style='", repeat('"'), "'>x</p>"),
    "words of gutters": repeat('<td class="gutter">1 2 3</td>'),
    "gutters in each other": repeat('<span class="lineno">1 '),
    "gutters around everything": wrapped('<div class="gutter">' * 180, repeat("<i>1</i>"), ""),
    "gutters around nothing": wrapped('<div aria-hidden="true">' * 180, repeat("<br>"), "x"),
    "code with lines": wrapped("<pre><code>", numbered("<span class=ln>%d</span>x\n"), ""),
    "buttons of services": repeat('<p class="button-wrapper">x<a href="?action=share">y</a></p>'),
    "a button of a service": wrapped('<p class="button-wrapper">', repeat("<b>x</b>"), "</p>"),
    "buttons in each other": repeat('<div class="button-wrapper"><i></i>'),
    "notes of origin never finished": repeat("The post <a href=a>x</a> "),
    "last paragraphs of nothing": repeat("<p><br></p>"),
    "last divisions of nothing": wrapped("x", repeat("<div><span></span></div>"), ""),
    "nothing in nothing": wrapped("<p>x" + "<div>" * 180, repeat("<br>"), ""),
    "rubies with brackets": repeat("<ruby>x<rp>(</rp><rt>y</rt><rp>)</rp></ruby>"),
    "a ruby of many": wrapped("<ruby>", repeat("x<rt>y"), "</ruby>"),
    "raised in each other": repeat("<sup>x"),
    "raised and lowered by turns": repeat("<sup>x<sub>y"),
    "raised that holds everything": wrapped("<sup>", repeat("<i>x</i>"), "</sup>"),
    "struck in each other": repeat("<del>x"),
    "details": repeat("<details><summary>x</summary>y</details>"),
    "details in each other": repeat("<details><summary>x"),
    "directions by attribute": repeat("<p dir=rtl>x<bdo dir=ltr>y</bdo>"),
    "isolates by element in each other": repeat("<bdi>x"),
    "languages": numbered("<span lang=a%d>x</span>"),
    "soft hyphens": repeat("x\u00ad"),
    "Arabic": repeat("\u0628 "),
    "emoji joined": repeat("\U0001f469\u200d\U0001f680"),
    "emoji joined without end": wrapped("", repeat("\U0001f469\u200d"), ""),
    "flags": repeat("\U0001f1e9"),
    "line separators": repeat("x\u2028"),
    "returns": repeat("x\r"),
    "lines": repeat("x\n"),
    "lines of addresses": numbered("https://a.example/%d\n"),
    "tabs": repeat("x\t"),
    "tabs in code": wrapped("<pre>", repeat("x\t"), "</pre>"),
    "lines of code that are long": wrapped("<pre>", repeat("x " * 500 + "\n"), "</pre>"),
    "code in each other": repeat("<pre>x"),
    "buttons": repeat("<button>x"),
    "fields": repeat("<input value=x>"),
    "labels": repeat("<label>x<select><option>y</select></label>"),
    "no frames": repeat("<noframes>x</noframes>"),
    "no scripts": repeat("<noscript><img src=a></noscript>"),
    "plain text": wrapped("<plaintext>", repeat("<p>x"), ""),
    "formats by turns": repeat("<b>x<i>y<u>z"),
    "formats that differ": numbered("<font color=#%d>x"),
    "formats across blocks": repeat("<b><i><u><p>x"),
    "formats across many blocks": wrapped("<b><i><u><tt><font>" * 3, repeat("<p>x</b>"), ""),
    "the adoption agency": wrapped("", repeat("<a><div></a>"), ""),
    "the adoption agency, deeper": repeat("<b><div><b><div></b>"),
    "tables in paragraphs in tables": repeat("<table><p><table><tr><td>"),
    "cells without tables": repeat("<td>x<tr>"),
    "misplaced rows": repeat("<table><b><tr><td>x</b>"),
    "heads and bodies": repeat("<html lang=a><head><body class=b>x"),
    "ends of bodies": repeat("x</body></html>"),
    "framesets": repeat("<frameset><frame>"),
    "drawings in formulas": repeat("<svg><foreignobject><math><annotation-xml>"),
    "drawings with text": repeat("<svg><title>x</title><text>y</text></svg>"),
    "drawings with data": wrapped('<svg><image href="data:,', repeat("x"), '"/></svg>'),
    "attributes without values": wrapped("<p ", numbered("a%d "), ">x</p>"),
    "an attribute of slashes": wrapped("<p ", repeat("/"), ">x</p>"),
    "an attribute of equals signs": wrapped("<p ", repeat("="), ">x</p>"),
    "one attribute over and over": wrapped("<p ", repeat("a=b "), ">x</p>"),
    "attributes with quotes only": wrapped("<p ", repeat('"'), ">x</p>"),
    "tags never closed": repeat("<p a='"),
    "end tags with attributes": repeat("<p>x</p a=b>"),
    "declarations": repeat("<!DOCTYPE html>"),
    "false comments": repeat("<?x><!x></ x>"),
    "ends of comments": repeat("<!--x--!>"),
    "titles that repeat": repeat("<h1>t</h1>"),
    "headings in each other": repeat("<h1><h2>x"),
    "headings of all levels": repeat("<h1>a</h1><h6>b</h6>"),
    "addresses between brackets": repeat("(https://a.example/) "),
    "addresses with brackets": repeat("https://a.example/" + "(" * 30 + " "),
    "almost addresses": repeat("http:/"),
    "one address of brackets": wrapped("https://a.example/", repeat("("), ""),
    "points": repeat("."),
    "sentences": repeat("A b. "),
    "quotation marks": repeat('"'),
    "wide characters and blanks": repeat("\u6f22 "),
    "dashes between words": repeat("x-"),
}

# The families that need the most memory for each of their bytes.
LARGEST = ["paragraphs", "lines", "links", "rules", "a table of misplaced text", "attributes of many tags"]

TEXT = {
    "a title": repeat("x "),
    "a title of tags": repeat("<b>x"),
    "a title of references": repeat("&amp;amp;"),
    "a title of marks": repeat("\u202e"),
    "a title of tags never closed": repeat("<a b='"),
    "a title of less-than signs": repeat("<"),
    "a title of names": numbered("&e%d;"),
    "a title of one word": repeat("x"),
    "a title of line ends": repeat("\n"),
    "a title of formulas": repeat("<math><mi>x</mi></math>"),
    "a title of tables": repeat("<table><tr><td>x"),
}


def xml_escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def rss(items, head=""):
    return ('<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>'
            "<link>https://a.example/</link>" + head + items + "</channel></rss>")


def rss_item(html):
    return ("<item><guid>1</guid><title>t</title><link>https://a.example/1</link>"
            "<description>" + xml_escape(html) + "</description></item>")


def atom_entry(html):
    return ('<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><id>1</id>'
            '<title>t</title><content type="html">' + xml_escape(html) +
            "</content></entry></feed>")


def json_item(html):
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "t",
                       "items": [{"id": "1", "content_html": html}]}, ensure_ascii=False)


def rss_below_long_address(html):
    """A feed whose relative addresses are each as long as an address may be."""
    return rss("<item><guid>1</guid><title>t</title><link>https://a.example/" + "x" * 1900 +
               "/</link><description>" + xml_escape(html) + "</description></item>")


LONG_BASE = {
    "links below a long address": repeat("<a href=b>x</a>"),
    "pictures below a long address": repeat("<img src=b alt=x>"),
    "counters below a long address": repeat("<img src=b width=1>"),
    "sizes below a long address": repeat('<img srcset="a 1w,b 2w,c 3w,d 4w">'),
    "many sizes below a long address": wrapped('<img srcset="', numbered("a 1.%dw,"), '">'),
    "places below a long address": repeat("<p id=a>x<a href=#a>y</a></p>"),
    "videos below a long address": repeat("<video poster=a src=b></video>"),
    "links over blocks below a long address": repeat("<a href=b><p>x<p>y</a>"),
    "one link over all below a long address": wrapped("<a href=b>", repeat("<p>x</p>"), ""),
}


def rss_of(make):
    return lambda size: rss(make(size))


# Whole documents: what the readers of XML and JSON have to get through.
WHOLE = {
    "XML: items": rss_of(numbered("<item><guid>%d</guid><title>t</title></item>")),
    "XML: items of one name": rss_of(repeat("<item><guid>1</guid><title>t</title></item>")),
    "XML: items without names": rss_of(repeat("<item><title>t</title></item>")),
    "XML: empty items": rss_of(repeat("<item/>")),
    "XML: items in items": rss_of(repeat("<item>")),
    "XML: items of text": rss_of(repeat("<item>x")),
    "XML: elements in each other": rss_of(repeat("<a>", "</a>")),
    "XML: elements never closed": rss_of(repeat("<a>")),
    "XML: ends of nothing": rss_of(repeat("</a>")),
    "XML: ends that do not fit": rss_of(repeat("<a></b>")),
    "XML: empty elements": rss_of(repeat("<a/>")),
    "XML: attributes": lambda size: rss("<item " + numbered("a%d='b' ")(size) + "/>"),
    "XML: one attribute twice": lambda size: rss("<item " + repeat("a='b' ")(size) + "/>"),
    "XML: a long attribute": lambda size: rss("<item a='" + "x" * size + "'/>"),
    "XML: namespaces": rss_of(numbered("<item xmlns:a%d='b'/>")),
    "XML: namespaces in each other": rss_of(numbered("<a xmlns:b%d='c'>")),
    "XML: names without a namespace": rss_of(numbered("<a%d:b/>")),
    "XML: comments": rss_of(repeat("<!-- -->")),
    "XML: a comment never closed": rss_of(repeat("<!-- ")),
    "XML: CDATA": rss_of(wrapped("<item><description>", repeat("<![CDATA[x]]>"),
                                 "</description></item>")),
    "XML: CDATA never closed": rss_of(repeat("<![CDATA[")),
    "XML: instructions": rss_of(repeat("<?a b?>")),
    "XML: instructions never closed": rss_of(repeat("<?a ")),
    "XML: less-than signs": rss_of(repeat("<")),
    "XML: ampersands": rss_of(repeat("&")),
    "XML: references": rss_of(repeat("&eacute;")),
    "XML: unknown references": rss_of(repeat("&nonsense;")),
    "XML: a doctype": lambda size: "<!DOCTYPE rss [" +
        numbered("<!ENTITY e%d 'x'>")(size) + "]>" + rss(""),
    "XML: a doctype never closed": lambda size: "<!DOCTYPE rss [" + "[" * size,
    "XML: entities used": lambda size: "<!DOCTYPE rss [<!ENTITY e '" + "x" * 1000 +
        "'>]>" + rss("<item><description>" + repeat("&e;")(size) +
                     "</description></item>"),
    "XML: many entities used": lambda size: "<!DOCTYPE rss [" +
        numbered("<!ENTITY e%d 'x'>")(size // 2) + "]>" +
        rss("<item><description>" + numbered("&e%d;")(size // 2) +
            "</description></item>"),
    "XML: categories": rss_of(wrapped("<item>", numbered("<category>c%d</category>"),
                                      "</item>")),
    "XML: enclosures": rss_of(
        wrapped("<item>", numbered("<enclosure url='https://a.example/%d'/>"), "</item>")),
    "XML: authors": rss_of(wrapped("<item>", numbered("<author>a%d</author>"), "</item>")),
    "XML: links": rss_of(
        wrapped("<item>", numbered("<link>https://a.example/%d</link>"), "</item>")),
    "XML: descriptions": rss_of(wrapped("<item>", repeat("<description>x</description>"),
                                        "</item>")),
    "XML: dates": rss_of(wrapped("<item><pubDate>", repeat("1 "), "</pubDate></item>")),
    "XML: blanks in front": lambda size: " " * size + rss(""),
    "XML: bytes that are no characters": lambda size: rss(repeat("\udc80")(size)),
    "XML: controls": rss_of(repeat("\x01")),
    "XML: items in Atom": lambda size: '<feed xmlns="http://www.w3.org/2005/Atom">' +
        numbered("<entry><id>%d</id><title>t</title></entry>")(size) + "</feed>",
    "XML: XHTML": lambda size: '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id>'
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">' +
        repeat("<p>x</p>")(size) + "</div></content></entry></feed>",
    "HTML: a page, not a feed": lambda size: "<html><head><title>t</title></head><body>" +
        repeat("<p>x")(size),
    "HTML: links to feeds": lambda size: "<html><head>" + numbered(
        '<link rel=alternate type="application/rss+xml" href="/%d">')(size),
    "JSON: items": lambda size: '{"version":"https://jsonfeed.org/version/1.1","items":[' +
        numbered('{"id":"%d"},')(size) + '{"id":"x"}]}',
    "JSON: arrays in each other": lambda size: '{"version":"https://jsonfeed.org/version/1.1",'
        '"items":' + repeat("[", "]")(size) + "}",
    "JSON: arrays never closed": lambda size:
        '{"version":"https://jsonfeed.org/version/1.1","items":' + repeat("[")(size),
    "JSON: members": lambda size: '{"version":"https://jsonfeed.org/version/1.1",' +
        numbered('"k%d":1,')(size) + '"items":[]}',
    "JSON: numbers": lambda size: '{"version":"https://jsonfeed.org/version/1.1","items":[' +
        repeat("1,")(size) + "1]}",
    "JSON: one number": lambda size: '{"version":"https://jsonfeed.org/version/1.1","items":'
        + "1" * size + "}",
    "JSON: escapes": lambda size: '{"version":"https://jsonfeed.org/version/1.1","items":'
        '[{"id":"1","content_html":"' + repeat("\\u00e9")(size) + '"}]}',
    "JSON: half surrogates": lambda size: '{"version":"https://jsonfeed.org/version/1.1",'
        '"items":[{"id":"1","content_html":"' + repeat("\\ud800")(size) + '"}]}',
    "JSON: commas": lambda size: '{"version":"https://jsonfeed.org/version/1.1","items":[' +
        repeat(",")(size) + "]}",
    "JSON: controls": lambda size: '{"version":"https://jsonfeed.org/version/1.1","items":'
        '[{"id":"1","content_html":"' + repeat("\n")(size) + '"}]}',
    "JSON: tags": lambda size: '{"version":"https://jsonfeed.org/version/1.1","items":'
        '[{"id":"1","tags":[' + numbered('"%d",')(size) + '"x"]}]}',
    "XML: dates of digits": rss_of(wrapped("<item><pubDate>", repeat("1"), "</pubDate></item>")),
    "XML: dates of words": rss_of(wrapped("<item><pubDate>", repeat("Mon, May "),
                                          "</pubDate></item>")),
    "XML: dates of brackets": rss_of(wrapped("<item><pubDate>1 May 2020 ", repeat("("),
                                             "</pubDate></item>")),
    "XML: dates of zones": rss_of(wrapped("<item><pubDate>1 May 2020 10:00 ", repeat("GMT+"),
                                          "</pubDate></item>")),
    "XML: many dates": rss_of(wrapped("<item>", repeat("<pubDate>1 May 2020</pubDate>"),
                                      "</item>")),
    "XML: items with odd dates": rss_of(
        numbered("<item><guid>%d</guid><pubDate>the %d of May</pubDate></item>")),
    "XML: a link that climbs": rss_of(wrapped("<item><link>/", repeat("a/../"), "</link></item>")),
    "XML: links that climb": rss_of(
        numbered("<item><link>/" + "a/../" * 50 + "%d</link></item>")),
    "XML: a long link": rss_of(wrapped("<item><link>https://a.example/", repeat("x"),
                                       "</link></item>")),
    "XML: a link of line ends": rss_of(wrapped("<item><link>https://a.example/", repeat("\n"),
                                               "</link></item>")),
    "XML: hosts": rss_of(numbered("<item><link>https://b\u00fc%d.example/</link></item>")),
    "XML: one link for all": rss_of(numbered("<item><guid>%d</guid>"
                                             "<link>https://a.example/1</link></item>")),
    "XML: one title for all": rss_of(numbered(
        "<item><title>t</title><link>https://a.example/%d</link></item>")),
    "XML: guids": rss_of(wrapped("<item>", repeat("<guid>1</guid>"), "</item>")),
    "XML: a guid of tags": rss_of(wrapped("<item><guid>", repeat("<a/>"), "</guid></item>")),
    "XML: persons": rss_of(wrapped("<item>", numbered(
        "<author>a%d@b.example (C, D; E and F)</author>"), "</item>")),
    "XML: a person of commas": rss_of(wrapped("<item><author>", repeat("a, "),
                                              "</author></item>")),
    "XML: a person of brackets": rss_of(wrapped("<item><author>", repeat("(a"),
                                                "</author></item>")),
    "XML: a person of at signs": rss_of(wrapped("<item><author>", repeat("a@"),
                                                "</author></item>")),
    "XML: bases in each other": lambda size: rss(numbered("<a xml:base='b%d/'>")(size)),
    "XML: bases that climb": lambda size: rss(
        numbered("<item xml:base='" + "../" * 20 + "%d/'><link>x</link></item>")(size)),
    "XML: languages in each other": rss_of(repeat("<a xml:lang='b'>")),
    "XML: prefixes of one namespace": rss_of(
        numbered("<item xmlns:a%d='http://purl.org/rss/1.0/modules/content/'/>")),
    "XML: media": lambda size: '<rss xmlns:media="http://search.yahoo.com/mrss/"><channel>'
        "<item><media:group>" + numbered('<media:content url="https://a.example/%d.jpg"/>')(size),
    "XML: media in each other": lambda size:
        '<rss xmlns:media="http://search.yahoo.com/mrss/"><channel><item>' +
        repeat("<media:group>")(size),
    "XML: text of many kinds": rss_of(repeat(
        "<item><description>x</description><content:encoded>y</content:encoded></item>")),
    "XML: tags in descriptions": rss_of(wrapped("<item><description>", repeat("<p>x</p>"),
                                                "</description></item>")),
    "XML: text between items": rss_of(repeat("x<item/>")),
    "XML: ends of CDATA": rss_of(repeat("]]>")),
    "XML: CDATA in CDATA": rss_of(repeat("<![CDATA[<![CDATA[x]]>]]>")),
    "XML: false ends": rss_of(repeat("</item></channel></rss>")),
    "XML: documents one after another": lambda size: rss("<item><title>t</title></item>") *
        (size // 180),
    "XML: headers one after another": lambda size: '<?xml version="1.0"?>' * (size // 21) +
        rss(""),
    "XML: a header without end": lambda size: "<?xml " + "a='b' " * (size // 6),
    "XML: comments in front": lambda size: "<!-- x -->" * (size // 10) + rss(""),
    "XML: a name without end": lambda size: rss("<" + "a" * size),
    "XML: names with colons": rss_of(repeat("<a:b:c/>")),
    "XML: quotes that do not end": rss_of(repeat("<a b='")),
    "XML: quotes that differ": rss_of(repeat("<a b=\"'>")),
    "XML: attributes without quotes": rss_of(repeat("<a b=c d>")),
    "XML: ends without beginnings, by name": rss_of(numbered("</a%d>")),
    "XML: elements that end wrongly": rss_of(numbered("<a%d></b%d>")),
    "XML: one deep and ends that do not fit": lambda size:
        rss("<a>" * 250 + numbered("</b%d>")(size)),
    "XML: entities in each other": lambda size: "<!DOCTYPE rss [<!ENTITY a0 'x'>" + "".join(
        "<!ENTITY a%d '%s'>" % (k, "&a%d;" % (k - 1) * 10) for k in range(1, 20)) + "]>" +
        rss("<item><title>" + "&a19;" * (size // 6) + "</title></item>"),
    "XML: an entity of itself": lambda size: "<!DOCTYPE rss [<!ENTITY a '&a;'>]>" +
        rss("<item><title>" + "&a;" * (size // 3) + "</title></item>"),
    "XML: numbers of characters": rss_of(repeat("&#x41;")),
    "XML: numbers that are none": rss_of(repeat("&#xZ;")),
    "XML: half a byte order": lambda size: "\ufeff" * (size // 3) + rss(""),
    "XML: Latin-1 that says UTF-8": lambda size:
        '<?xml version="1.0" encoding="utf-8"?><rss><channel><item><title>' +
        "\udce9x" * (size // 2) + "</title></item>",
    "XML: Japanese of unknown encoding": lambda size:
        "<rss><channel><item><title>" + "\udc83J" * (size // 2) + "</title></item>",
    "XML: an encoding that does not exist": lambda size:
        '<?xml version="1.0" encoding="' + "x" * size + '"?><rss/>',
    "XML: RDF": lambda size: '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/"><channel><items><rdf:Seq>' +
        numbered('<rdf:li rdf:resource="https://a.example/%d"/>')(size // 2) +
        "</rdf:Seq></items></channel>" +
        numbered('<item rdf:about="https://a.example/%d"><title>t</title></item>')(size // 2),
    "XML: sources in Atom": lambda size: '<feed xmlns="http://www.w3.org/2005/Atom"><entry>' +
        repeat("<source><title>t</title></source>")(size),
    "XML: links in Atom": lambda size: '<feed xmlns="http://www.w3.org/2005/Atom"><entry>' +
        numbered('<link rel="a%d" href="%d"/>')(size),
    "XML: XHTML in each other": lambda size: '<feed xmlns="http://www.w3.org/2005/Atom"><entry>'
        '<content type="xhtml">' + repeat("<div>x")(size),
    "XML: XHTML of attributes": lambda size: '<feed xmlns="http://www.w3.org/2005/Atom"><entry>'
        '<content type="xhtml"><div ' + numbered("a%d='b' ")(size) + ">x</div>",
    "OPML": lambda size: "<opml><body>" +
        numbered('<outline text="%d" xmlUrl="https://a.example/%d"/>')(size) + "</body></opml>",
    "OPML: outlines in each other": lambda size: "<opml><body>" +
        repeat('<outline text="a">')(size),
    "HTML: attributes of links to feeds": lambda size: "<html><head><link " +
        numbered("a%d=b ")(size) + ">",
    "JSON: attachments": lambda size: '{"version":"https://jsonfeed.org/version/1.1","items":['
        '{"id":"1","attachments":[' +
        numbered('{"url":"https://a.example/%d"},')(size) + '{}]}]}',
    "JSON: authors": lambda size: '{"version":"https://jsonfeed.org/version/1.1","items":['
        '{"id":"1","authors":[' + numbered('{"name":"a%d"},')(size) + '{}]}]}',
    "JSON: objects in each other": lambda size:
        '{"version":"https://jsonfeed.org/version/1.1","items":' + repeat('{"a":', "}")(size),
    "JSON: one name over and over": lambda size:
        '{"version":"https://jsonfeed.org/version/1.1",' + repeat('"a":1,')(size) + '"items":[]}',
    "JSON: a string without end": lambda size:
        '{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"' + "x" * size,
    "JSON: strings without ends": lambda size:
        '{"version":"https://jsonfeed.org/version/1.1","items":[' + repeat('{"id":"x\n')(size),
    "JSON: quotation marks": lambda size:
        '{"version":"https://jsonfeed.org/version/1.1","items":[' + '"' * size,
    "JSON: slashes": lambda size:
        '{"version":"https://jsonfeed.org/version/1.1","title":"' + "\\" * size,
    "JSON: comments": lambda size:
        '{"version":"https://jsonfeed.org/version/1.1",' + repeat("/* x */")(size) + '"items":[]}',
    "JSON: colons": lambda size: '{"version":"https://jsonfeed.org/version/1.1"' + ":" * size,
    "JSON: braces": lambda size: '{"version":"https://jsonfeed.org/version/1.1","items":[' +
        repeat("{},")(size) + "{}]}",
    "JSON: real numbers": lambda size: '{"version":"https://jsonfeed.org/version/1.1","items":['
        + repeat("1e308,")(size) + "1]}",
    "bytes of nothing": lambda size: "\0" * size,
    "bytes of one kind": lambda size: "\udcff" * size,
    "escapes of Japanese": lambda size: "<rss>" + "\x1b$B" * (size // 3),
    "text": repeat("word "),
}


def families():
    """Each family's name and what makes its document, by turns in the three formats."""
    formats = (lambda html: rss(rss_item(html)), atom_entry, json_item)
    for k, (name, make) in enumerate(HTML.items()):
        form = formats[k % len(formats)]
        yield name, lambda size, make=make, form=form: form(make(size))
    for name, make in LONG_BASE.items():
        yield name, lambda size, make=make: rss_below_long_address(make(size))
    for name, make in TEXT.items():
        yield name, lambda size, make=make: rss(
            "<item><guid>1</guid><title>" + xml_escape(make(size)) + "</title></item>")
    yield from WHOLE.items()


def cost(program, path):
    """CPU seconds, MB of memory and the state of its end, for one reading of the file."""
    with open(os.devnull, "wb") as null:
        child = subprocess.Popen([program, "parse", path], stdout=null, stderr=null)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, child.returncode


def measure(program, folder, make, size):
    path = os.path.join(folder, "feed")
    with open(path, "wb") as out:
        out.write(make(size).encode("utf-8", "surrogateescape"))
    return cost(program, path)


def check(program, folder, make):
    """What is wrong with a family, or None."""
    for _ in range(3):
        many, memory, status = measure(program, folder, make, LARGE)
        if memory > MEMORY_LARGE:
            return "%d MB of memory for one MB of feed" % memory
        if status < 0:
            return "ended by signal %d" % -status
        if many < NOISE:
            return None
        few, _, _ = measure(program, folder, make, SMALL)
        if many < GROWTH * few:
            return None
    return "eight times the input took %.2f s after %.2f s" % (many, few)


def check_huge(program, folder, make):
    """The same of the longest content an entry may have, several times in a feed."""
    item = rss_item(make(HUGE // 3))
    _, memory, status = measure(program, folder, lambda size: rss(item * 3), HUGE)
    if memory > MEMORY_HUGE:
        return "%d MB of memory for ten MB of feed" % memory
    return "ended by signal %d" % -status if status < 0 else None


def main():
    program = sys.argv[1]
    pattern = sys.argv[2] if len(sys.argv) > 2 else ""
    chosen = [f for f in families() if pattern == "--table" or pattern in f[0]]
    with tempfile.TemporaryDirectory() as folder:
        if pattern == "--table":
            for name, make in chosen:
                few = measure(program, folder, make, SMALL)
                many = measure(program, folder, make, LARGE)
                print("%-34s %6.2f s %6.2f s %5d MB  exit %d" % (
                    name, few[0], many[0], many[1], many[2]), flush=True)
            return
        tests = [(name, check, make) for name, make in chosen]
        tests += [("ten MB: " + name, check_huge, HTML[name])
                  for name in LARGEST if pattern in name]
        print("1..%d" % len(tests))
        for number, (name, test, make) in enumerate(tests, 1):
            wrong = test(program, folder, make)
            print("%s %d - %s%s" % ("not ok" if wrong else "ok", number, name,
                                    ": " + wrong if wrong else ""), flush=True)


main()

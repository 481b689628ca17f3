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
}

# The families that need the most memory for each of their bytes.
LARGEST = ["paragraphs", "rules", "a table of misplaced text", "attributes of many tags"]

TEXT = {
    "a title": repeat("x "),
    "a title of tags": repeat("<b>x"),
    "a title of references": repeat("&amp;amp;"),
    "a title of marks": repeat("\u202e"),
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
    "bytes of nothing": lambda size: "\0" * size,
    "text": repeat("word "),
}


def families():
    """Each family's name and what makes its document, by turns in the three formats."""
    formats = (lambda html: rss(rss_item(html)), atom_entry, json_item)
    for k, (name, make) in enumerate(HTML.items()):
        form = formats[k % len(formats)]
        yield name, lambda size, make=make, form=form: form(make(size))
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

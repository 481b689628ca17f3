#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""pictures.py serve PORTFILE LOG | parts LETTER DIR | open LETTER

serve: a blog with pictures of every kind, good and bad; each request is a line of LOG.
parts: what a letter carries, a line each, and its HTML with its pictures as files in DIR.
open: the letter in Chromium, its pictures where they are shown; says how many have loaded.
"""
import email
import email.policy
import html
import http.server
import os
import re
import struct
import subprocess
import sys
import tempfile
import zlib


def png(width, height, fill=b"\x30\x60\x90"):
    def chunk(name, data):
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
    rows = b"".join(b"\0" + fill * width for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def noise(width, height):
    """A picture that does not pack."""
    state, rows = 1, b""
    for _ in range(height):
        line = bytearray()
        for _ in range(width * 3):
            state = (state * 1103515245 + 12345) & 0x7FFFFFFF
            line.append(state >> 16 & 255)
        rows += b"\0" + bytes(line)

    def chunk(name, data):
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))


GIF = (b"GIF89a\x40\0\x30\0\x80\0\0\0\0\0\xff\xff\xff" b",\0\0\0\0\x40\0\x30\0\0\x02\x02\x44\x01\0;")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><script>alert(1)</script></svg>'
FILES = {
    "/wide.png": ("image/png", png(1200, 300)),
    "/second.png": ("image/png", png(200, 100, b"\xa0\x20\x20")),
    "/comic.gif": ("image/gif", GIF),
    "/lies.jpg": ("text/html", png(120, 90, b"\x20\xa0\x20")),  # its bytes count
    "/large.png": ("image/png", noise(400, 400)),
    "/plan.svg": ("image/svg+xml", SVG),
    "/svg.png": ("image/png", SVG),
    "/page.png": ("image/png", b"<html><script>alert(1)</script></html>"),
    "/torn.png": ("image/png", png(300, 200)[:-9]),
    "/dot.gif": ("image/gif", GIF.replace(b"\x40\0\x30\0", b"\1\0\1\0")),
    "/still.jpg": ("image/jpeg", png(320, 180, b"\x90\x20\x90")),
    "/one.png": ("image/png", png(80, 80, b"\x11\x22\x33")),
    "/two.png": ("image/png", png(90, 90, b"\x44\x55\x66")),
}


def feed(base):
    def img(name, more=""):
        return '<img src="%s%s" %s>' % (base, name, more)
    posts = [
        ("Wide", "<p>Before.</p><p>" + img("/wide.png", 'alt="A wide &quot;sea&quot;"') + "</p><p>Between.</p><p>"
         + img("/second.png", 'alt="A second" width="100"') + "</p><p>After.</p>", ""),
        ("Comic", img("/comic.gif", 'title="The third buoy keeps the others honest." alt="Three buoys"'), ""),
        ("Lies", "<p>Named jpg.</p>" + img("/lies.jpg", 'alt="a png"'), ""),
        ("Large", "<p>Too large.</p>" + img("/large.png", 'alt="noise"'), ""),
        ("Plan", "<p>A program.</p>" + img("/plan.svg", 'alt="plan"'), ""),
        ("Named", "<p>The same with another name.</p>" + img("/svg.png", 'alt="plan two"'), ""),
        ("Page", "<p>No picture.</p>" + img("/page.png", 'alt="page"'), ""),
        ("Torn", "<p>Half of one.</p>" + img("/torn.png", 'alt="half"'), ""),
        ("Dot", "<p>Counted.</p>" + img("/dot.gif", 'alt="dot"'), ""),
        ("Gone", "<p>Not there.</p>" + img("/gone.png", 'alt="gone"'), ""),
        ("Moved", "<p>Elsewhere.</p>" + img("/moved.png", 'alt="moved"'), ""),
        ("Toot", "<p>Two of them.</p>", "".join(
            '<media:content url="%s/%s.png" type="image/png" medium="image"><media:description>%s</media:description>'
            "</media:content>" % (base, n, d) for n, d in
            (("one", "A boat at the quay in the morning"), ("two", "The same boat in the evening")))),
        ("Video", None, '<media:group><media:content url="https://www.youtube.example/v/abc?version=3" '
         'type="application/x-shockwave-flash"/><media:thumbnail url="%s/still.jpg"/>'
         "<media:description>Notes of it.</media:description></media:group>" % base),
    ]
    out = ['<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Quay</title>'
           "<link>%s/</link><description>d</description>" % base]
    for n, (title, body, more) in enumerate(posts):
        link = "https://www.youtube.example/watch?v=abc" if title == "Video" else "%s/post/%d" % (base, n)
        out.append("<item><title>%s</title><link>%s</link><guid>g%d</guid>"
                   "<pubDate>Mon, 02 Mar 2026 06:%02d:00 GMT</pubDate>%s%s</item>" % (
                       title, link, n, 59 - n, "" if body is None else
                       "<description>%s</description>" % html.escape(body), more))
    return "".join(out) + "</channel></rss>"


def serve(port_file, log):
    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            base = "http://127.0.0.1:%d" % self.server.server_port
            with open(log, "a") as f:
                f.write("%s %s\n" % (self.path, self.headers.get("User-Agent", "").split("/")[0]))
            status, kind, body = 404, "text/plain", b""
            if self.path == "/feed":
                status, kind, body = 200, "application/rss+xml", feed(base).encode()
            elif self.path in FILES:
                status, (kind, body) = 200, FILES[self.path]
            elif self.path == "/moved.png":
                status = 302
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "file:///etc/hostname")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    with open(port_file, "w") as f:
        f.write(str(server.server_port))
    server.serve_forever()


def parts(letter, folder):
    message = email.message_from_bytes(open(letter, "rb").read(), policy=email.policy.default)
    page, shown = "", {}
    for part in message.walk():
        print(part.get_content_type(), part.get("Content-ID", ""), part.get_filename() or "")
        if part.get_content_type() == "text/html":
            page = part.get_content()
        elif part.get_content_type() == "text/plain":
            with open(folder + "/t.txt", "w") as f:
                f.write(part.get_content())
        elif part.get_content_maintype() == "image":
            name = part.get_filename()
            shown[part["Content-ID"].strip("<>")] = name
            with open(folder + "/" + name, "wb") as f:
                f.write(part.get_content())
            with open(folder + "/sizes", "a") as f:
                f.write("%s %d\n" % (name, len(part.get_content())))
    with open(folder + "/t.html", "w") as f:
        f.write(page)
    for tag in re.findall(r'<img [^>]*src="cid:[^>]*>', page):
        print(re.sub(r'cid:[a-z2-7]{24}@', "cid:NAME@", tag))
    asked = set(re.findall(r'src="cid:([^"]*)"', page))
    print("shown and carried" if asked == set(shown) else "shown %s, carried %s" % (asked, set(shown)))


COUNT = """<script>addEventListener("load", function () {
    var n = 0;
    for (const i of document.images) n += i.complete && i.naturalWidth > 0;
    document.title = "@@" + n + " of " + document.images.length + "@@";
});</script>"""


def show(letter):
    message = email.message_from_bytes(open(letter, "rb").read(), policy=email.policy.default)
    with tempfile.TemporaryDirectory() as home:
        page, names = "", {}
        for part in message.walk():
            if part.get_content_type() == "text/html":
                page = part.get_content()
            elif part.get_content_maintype() == "image":
                names[part["Content-ID"].strip("<>")] = part.get_filename()
                with open(home + "/" + part.get_filename(), "wb") as f:
                    f.write(part.get_content())
        page = re.sub(r'src="cid:([^"]*)"', lambda m: 'src="%s"' % names[m.group(1)], page)
        with open(home + "/page.html", "w", encoding="utf-8") as f:
            f.write(page + COUNT)
        run = subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--user-data-dir=" + home + "/profile", "--no-first-run", "--disable-background-networking",
             "--virtual-time-budget=5000", "--window-size=375,2000", "--dump-dom", "file://" + home + "/page.html"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=dict(os.environ, HOME=home), timeout=120, check=True)
    print(re.search(rb"@@(.*?)@@", run.stdout).group(1).decode())


if __name__ == "__main__":
    {"serve": serve, "parts": parts, "open": show}[sys.argv[1]](*sys.argv[2:])

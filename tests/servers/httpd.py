#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""A web server with the manners of feeds' servers, good and bad, one path each.

httpd.py [--tls CERT KEY] [PORT]
Listens on 127.0.0.1, prints its port in a line, and ends with its standard input.
"""
import gzip
import json
import socketserver
import ssl
import struct
import sys
import threading
import time
import zlib

FEED = b"<rss version='2.0'><channel><title>T</title></channel></rss>"
TORN = b"<rss version='2.0'><channel><title>T</title><item><link>https://a.example/1</link><desc"
WHOLE = (b"<rss version='2.0'><channel><title>T</title>"
         b"<item><title>Post 1</title><link>https://a.example/1</link></item>"
         b"<item><title>Post 2</title><link>https://a.example/2</link></item></channel></rss>")
MODIFIED = "Tue, 24 Nov 2026 06:30:11 GMT"

lock = threading.Lock()
now_active = 0
most_active = 0
log = []  # [path, begin, end] of every answer
requests = []  # [path, fields]


def answer(status, body=b"", **fields):
    lines = ["HTTP/1.1 %s" % status, "Content-Length: %d" % len(body)]
    lines += ["%s: %s" % (k.replace("_", "-"), v) for k, v in fields.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def gif(width, height, length=0):
    """A picture of that size, made as long as that by a comment."""
    size = struct.pack("<HH", int(width), int(height))
    head = b"GIF89a" + size + b"\x80\0\0rgbRGB"
    tail = b",\0\0\0\0" + size + b"\0\x02\x02ab\0;"
    more = int(length) - len(head + tail)
    return head + (b"!\xfe%c%b\0" % (more - 4, b"c" * (more - 4)) if more > 4 else b"") + tail


def redirect(status, to):
    return answer(status, b"over there", Location=to)


def feed(request):
    if request.get("if-none-match") == '"v1"' or request.get("if-modified-since") == MODIFIED:
        return answer("304 Not Modified", ETag='"v1"')
    return answer("200 OK", FEED, ETag='"v1"', Last_Modified=MODIFIED,
                  Content_Type="application/rss+xml; charset=utf-8")


def echo(request):
    return answer("200 OK", json.dumps(request).encode())


def for_whom_was_here(request):
    """The feed to who has a cookie; the others get one and are sent again."""
    if "seen=yes" in request.get("cookie", ""):
        return feed(request)
    return answer("302 Found", b"", Location="/for-whom-was-here", Set_Cookie="seen=yes")


def to_other_host(request):
    port = request["host"].split(":")[1]
    return answer("302 Found", b"", Location="http://localhost:%s/echo" % port,
                  Set_Cookie="seen=yes")


def bomb(_):
    return answer("200 OK", gzip.compress(b"\0" * (20 << 20), 1), Content_Encoding="gzip")


def teasers(request, *posts):
    """A feed that gives the beginnings of its posts; their pages are beside it."""
    items = ["<item><title>%s</title><link>http://%s/page/%s</link><description>%s</description></item>"
             % (title, request["host"], title.lower(), words) for title, words in posts]
    return answer("200 OK", ("<rss version='2.0'><channel><title>T</title><link>http://%s/</link>%s"
                             "</channel></rss>" % (request["host"], "".join(items))).encode())


def page(text, **fields):
    return answer("200 OK", ("<!DOCTYPE html><title>T</title><nav><a href='/'>Home</a></nav><article>%s"
                             "</article>" % text).encode(), Content_Type="text/html; charset=utf-8", **fields)


def venus(request, feed, *lists):
    """A list of one feed as Venus has it, and of other lists beside this one."""
    text = "[Planet]\nname = P\n[https://%s.example/feed]\nname = %s\n" % (feed, feed)
    for other in lists:
        text += "[http://%s/list/%s]\ncontent_type = opml\n" % (request["host"], other)
    return answer("200 OK", text.encode())


def names(*feeds):
    """A page that leads to feeds."""
    return answer("200 OK", ("<html><head><title>x</title>%s</head><body>x</body></html>" % "".join(
        "<link rel=alternate type=application/rss+xml title=F href='%s'>" % f
        for f in feeds)).encode(), Content_Type="text/html")


def window(*posts, older=None):
    """A feed of some posts that names an older document."""
    link = "<atom:link rel='prev-archive' href='%s'/>" % older if older else ""
    items = ["<item><title>Post %d</title><link>https://a.example/%d</link></item>" % (n, n)
             for n in posts]
    return answer("200 OK", ("<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel>"
                             "<title>T</title><link>https://a.example/</link>%s%s</channel></rss>"
                             % (link, "".join(items))).encode())


def first_and_later(path, first, later):
    """One answer to the first who asks, another to all who ask later."""
    def choose(_):
        with lock:
            return later() if any(entry[0] == path for entry in log) else first
    return choose


def announced(path, length, sent):
    """The first answer announces so many bytes and sends others; all later ones are right.  Who
    comes with its validator is told that nothing changed."""
    def choose(request):
        if request.get("if-none-match") == '"v1"':
            return answer("304 Not Modified", ETag='"v1"')
        with lock:
            first = not any(entry[0] == path for entry in log)
        return answer("200 OK", WHOLE, ETag='"v1"') if not first else (
            b'HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Length: %d\r\n\r\n%s' % (length, sent))
    return choose


IN_POST_2 = WHOLE.index(b"a.example/2")
BEFORE_POST_2 = WHOLE.rindex(b"<item>")
MISANNOUNCED = {
    "/too-long/in-a-post": (len(WHOLE), WHOLE[:IN_POST_2]),
    "/too-long/between-posts": (len(WHOLE), WHOLE[:BEFORE_POST_2]),
    "/too-long/all-there": (len(WHOLE) + 99, WHOLE),
    "/too-short/in-a-post": (IN_POST_2, WHOLE),
}


def packed(request):
    """The same packed document each time, and what the asker wants to be another about it."""
    wish = request.get("x-wish", "")
    body = gzip.compress(FEED if wish == "document" else WHOLE, 1 if wish == "level" else 9, mtime=0)
    got = answer("200 OK", body,
                 Content_Type="application/rss+xml" + ("; charset=koi8-r" if wish == "charset" else ""),
                 **({} if wish == "coding" else {"Content_Encoding": "x-gzip" if wish == "name" else "gzip"}))
    return got.replace(b"Content-Length: ", b"Content-Length: 9") if wish == "length" else got


def asked(_):
    """The fields of all requests but those for the server's own pages."""
    with lock:
        return answer("200 OK", json.dumps(requests, sort_keys=True).encode())


loops = iter(range(100, 1000))  # of an archive that names itself and has another post each time


def stats(_):
    with lock:
        return answer("200 OK", json.dumps({"most": most_active, "log": log}).encode())


def forget(_):
    global most_active
    with lock:
        log.clear()
        requests.clear()
        most_active = 0
    return answer("200 OK")


PATHS = {
    "/feed": feed,
    "/echo": echo,
    "/stats": stats,
    "/forget": forget,
    "/asked": asked,
    "/weird-etag": lambda r: answer(
        "304 Not Modified" if r.get("if-none-match") == 'W/"a,b \\ c' else "200 OK",
        b"" if r.get("if-none-match") == 'W/"a,b \\ c' else FEED, ETag='W/"a,b \\ c'),
    "/gzip": lambda r: answer("200 OK", gzip.compress(FEED), Content_Encoding="gzip"),
    "/deflate": lambda r: answer("200 OK", zlib.compress(FEED), Content_Encoding="deflate"),
    "/bad-gzip": lambda r: answer("200 OK", b"this is no gzip", Content_Encoding="gzip"),
    "/torn-gzip": lambda r: answer("200 OK", gzip.compress(FEED)[:-9], Content_Encoding="gzip"),
    "/gzip-file": lambda r: answer("200 OK", gzip.compress(FEED)),
    "/gzip-members": lambda r: answer("200 OK", gzip.compress(FEED[:9]) + gzip.compress(FEED[9:]),
                                      Content_Encoding="gzip"),
    "/gzip-twice": lambda r: answer("200 OK", gzip.compress(gzip.compress(FEED)),
                                    Content_Encoding="gzip, gzip"),
    "/raw-deflate": lambda r: answer("200 OK", zlib.compress(FEED)[2:-4],
                                     Content_Encoding="deflate"),
    "/no-deflate": lambda r: answer("200 OK", FEED, Content_Encoding="deflate"),
    "/no-coding": lambda r: answer("200 OK", FEED, Content_Encoding="utf-8"),
    "/203": lambda r: answer("203 Non-Authoritative Information", FEED),
    "/bomb": bomb,
    "/announced": lambda r: b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\nx",
    "/empty": lambda r: answer("200 OK"),
    "/exact": lambda r: answer("200 OK", b"x" * 65536),
    "/one-more": lambda r: answer("200 OK", b"x" * 65537),
    "/half": lambda r: answer("200 OK", b"x" * 40000),
    "/301": lambda r: redirect("301 Moved Permanently", "/feed"),
    "/302": lambda r: redirect("302 Found", "/feed"),
    "/whole": lambda r: answer("200 OK", WHOLE),
    "/to-whole": lambda r: redirect("301 Moved Permanently", "/whole"),
    "/303": lambda r: redirect("303 See Other", "/feed"),
    "/307": lambda r: redirect("307 Temporary Redirect", "/feed"),
    "/308": lambda r: redirect("308 Permanent Redirect", "/feed"),
    "/301-308": lambda r: redirect("301 Moved Permanently", "/308"),
    "/301-302": lambda r: redirect("301 Moved Permanently", "/302"),
    "/302-301": lambda r: redirect("302 Found", "/301"),
    "/301-404": lambda r: redirect("301 Moved Permanently", "/404"),
    "/301-nowhere": lambda r: answer("301 Moved Permanently", b"where?"),
    "/loop": lambda r: redirect("301 Moved Permanently", "/loop"),
    "/to-file": lambda r: redirect("302 Found", "file:///etc/passwd"),
    "/to-ftp": lambda r: redirect("302 Found", "ftp://127.0.0.1/x"),
    "/truncated": lambda r: b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<rss",
    "/too-short": lambda r: b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<rss version='2.0'>",
    "/nothing": lambda r: b"",
    "/junk": lambda r: b"SSH-2.0-OpenSSH_9.2\r\n",
    "/429": lambda r: answer("429 Too Many Requests", b"slow", Retry_After="120"),
    "/503": lambda r: answer("503 Service Unavailable", b"", Retry_After="Tue, 24 Nov 2026 07:30:11 GMT"),
    "/503-past": lambda r: answer("503 Service Unavailable", b"", Retry_After="Tue, 24 Nov 2020 07:30:11 GMT"),
    "/503-second": lambda r: answer("503 Service Unavailable", b"", Retry_After="1"),
    "/503-odd": lambda r: answer("503 Service Unavailable", b"", Retry_After="soon"),
    "/404": lambda r: answer("404 Not Found", b"<h1>no</h1>"),
    "/410": lambda r: answer("410 Gone", b"<h1>gone</h1>"),
    "/max-age": lambda r: answer("200 OK", FEED, Cache_Control='public, Max-Age="7200", s-maxage=1'),
    "/no-cache": lambda r: answer("200 OK", FEED, Cache_Control="max-age=9, no-cache"),
    "/304": lambda r: answer("304 Not Modified"),
    "/many-fields": lambda r: answer("200 OK", FEED, **{"X_%d" % i: "y" * 1000 for i in range(200)}),
    "/for-whom-was-here": for_whom_was_here,
    "/to-other-host": to_other_host,
    "/torn-feed": lambda r: answer("200 OK", TORN, ETag='"torn"', Last_Modified=MODIFIED),
    "/pages/": lambda r: answer("200 OK", b"<h1>pages</h1>"),
    "/moved/": lambda r: redirect("301 Moved Permanently", "/pages/"),
    "/404-later": lambda r: answer("404 Not Found", b"", Retry_After="120"),
    "/announced-nothing": lambda r: b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
    "/torn-gzip-feed": lambda r: answer("200 OK", gzip.compress(TORN * 99), Content_Encoding="gzip"
                                        ).replace(b"Content-Length: ", b"Content-Length: 9"),
    "/to-private": lambda r: redirect("302 Found", "http://192.168.1.1/feed"),
    "/to-localhost": lambda r: redirect("301 Moved Permanently", "//localhost/feed"),
    "/to-other-scheme-less": lambda r: redirect("307 Temporary Redirect", "\t//[::1]:8080/"),
    "/to-far-away": lambda r: redirect("301 Moved Permanently", "/" + "a" * 60000),
    "/expires": lambda r: answer("200 OK", FEED, Expires="Tue, 24 Nov 2026 08:30:11 GMT",
                                 Date=MODIFIED),
    "/expires-2": lambda r: answer("200 OK", FEED, Expires="Tue, 24 Nov 2026 08:30:11 GMT",
                                   Cache_Control="max-age=60"),
    "/expires-0": lambda r: answer("200 OK", FEED, Expires="0"),
    "/teasers": lambda r: teasers(r, ("Whole", "Begins here..."), ("Gone", "Begins here..."),
                                  ("Less", "Eight words are what the feed itself has."),
                                  ("Picture", "Begins here...")),
    "/teasers-away": lambda r: teasers(r, ("Away", "Begins here...")),
    "/page/whole": lambda r: page("<p>Begins here, and goes on for a good while, as posts do that "
                                  "are cut off in their feeds.</p><p>This is the end of the whole text.</p>"),
    "/page/less": lambda r: page("<p>Log in to read on.</p>"),
    "/page/picture": lambda r: answer("200 OK", b"GIF89a" + b"words " * 99, Content_Type="image/gif"),
    "/page/away": lambda r: answer("503 Service Unavailable"),
    "/window": first_and_later("/window", window(2, 1),
                               lambda: window(6, 5, older="/archive/4")),
    "/archive/4": lambda r: window(4, 3, older="/archive/2"),
    "/archive/2": lambda r: window(2, 1, older="/archive/0"),
    "/archive/0": lambda r: window(0, older="/archive/0"),
    "/window-missing": first_and_later("/window-missing", window(1),
                                       lambda: window(2, older="/404")),
    "/window-loop": first_and_later("/window-loop", window(1), lambda: window(2, older="/archive/loop")),
    "/archive/loop": lambda r: window(next(loops), older="/archive/loop"),
    "/list/outer": lambda r: venus(r, "outer", "inner"),
    "/list/inner": lambda r: venus(r, "inner", "further"),
    "/list/further": lambda r: venus(r, "further"),
    "/list/long": lambda r: answer("200 OK", b"https://a.example/feed\n" + b"#" * (8 << 20)),
    "/names-one": lambda r: names("/feed"),
    "/names-two": lambda r: names("/teasers", "/feed"),
    "/names-page": lambda r: names("/names-one"),
    "/cookie": lambda r: answer("200 OK", FEED, Set_Cookie="a=b"),
}
PATHS["/packed"] = packed
PATHS.update(("/to-private-%d" % status, lambda r, status=status: answer(
    "%d Odd" % status, b"", Location="http://192.168.1.1/feed")) for status in (299, 300, 399, 400))
PATHS.update((path, announced(path, *what)) for path, what in MISANNOUNCED.items())


class Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def read_request(self):
        if self.rfile.peek(1)[:1] == b"\x16":  # TLS; as nginx says it
            self.wfile.write(answer("400 Bad Request"))
            return None, None
        first = self.rfile.readline(65536).decode("latin-1").split()
        if len(first) < 2:
            return None, None
        fields = {}
        for line in iter(lambda: self.rfile.readline(65536).decode("latin-1").strip(), ""):
            name, _, value = line.partition(":")
            name = name.lower()
            before = fields[name] + ", " if name in fields else ""
            fields[name] = before + value.strip()
        return first[1], fields

    def endless(self, chunk, pause):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            self.wfile.write(chunk)
            time.sleep(pause)

    def endless_error(self):
        self.wfile.write(b"HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n")
        while True:
            self.wfile.write(b"no" * 8192)

    def endless_trailer(self, first):
        self.wfile.write(first)
        while True:
            self.wfile.write(b"X-T: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n" * 1000)

    def one(self, path, fields):
        """The answer; endless ones are written here."""
        if path.startswith("/slow/"):  # /slow/MILLISECONDS/anything
            time.sleep(int(path.split("/")[2]) / 1000)
            path = "/feed"
        elif path == "/drip":
            self.endless(b"x", 0.02)
        elif path == "/endless":
            self.endless(b"x" * 16384, 0)
        elif path == "/endless-404":
            self.endless_error()
        elif path == "/endless-trailer":
            self.endless_trailer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n")
        elif path == "/endless-header":
            self.endless_trailer(b"HTTP/1.1 200 OK\r\n")
        elif path == "/endless-early":
            self.endless_trailer(b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 103 Early Hints\r\n")
        elif path.startswith("/half/"):
            path = "/half"
        elif path.startswith("/halting/"):  # what /half says, with a rest in the middle
            whole = PATHS["/half"](fields)
            self.wfile.write(whole[:20000])
            time.sleep(0.1)
            return whole[20000:]
        elif path.startswith("/gif/"):  # /gif/WIDTH/HEIGHT or /gif/WIDTH/HEIGHT/BYTES
            return answer("200 OK", gif(*path.split("/")[2:]), Content_Type="image/gif")
        elif path.startswith("/status/"):  # /status/NUMBER
            return answer(path.split("/")[2] + " Odd")
        elif path.startswith("/path/"):
            return answer("200 OK", path.encode("latin-1"))
        elif path.startswith("http://feeds.invalid/to-"):  # asked as a proxy
            path = path[len("http://feeds.invalid"):]
        return PATHS.get(path.partition("?")[0], PATHS["/404"])(fields)

    def counted(self, path, fields):
        """The client may ask anew as soon as it has the answer: it is counted until then."""
        global now_active, most_active
        begin = time.monotonic()
        with lock:
            now_active += 1
            most_active = max(most_active, now_active)
        try:
            return self.one(path, fields)
        finally:
            with lock:
                now_active -= 1
                log.append([path, begin, time.monotonic()])

    def handle(self):
        try:
            path, fields = self.read_request()
            while path is not None:
                if path not in ("/asked", "/stats", "/forget"):
                    with lock:
                        requests.append([path, fields])
                if path.startswith("/hang"):
                    time.sleep(5)
                    return
                self.wfile.write(self.counted(path, fields))
                if path in ("/truncated", "/too-short", "/nothing", "/junk", "/announced",
                            "/announced-nothing", "/torn-gzip-feed") or path in MISANNOUNCED \
                        or fields.get("x-wish") == "length":
                    return
                path, fields = self.read_request()
        except OSError:
            return


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 1024
    context = None

    def get_request(self):
        sock, address = super().get_request()
        if self.context:
            sock.settimeout(10)
            sock = self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        return sock, address

    def handle_error(self, request, client_address):
        pass  # a client that hangs up is no news here


def main(args):
    context = None
    if args[:1] == ["--tls"]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(args[1], args[2])
        args = args[3:]
    server = Server(("127.0.0.1", int(args[0]) if args else 0), Handler)
    server.context = context
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1:])

# SPDX-License-Identifier: ISC
"""A whole `planetpost fetch` (fetch, parse, clean, store) of many feeds from a server on
loopback, beside sfeed_update when all is new and rss2email when nothing is; its memory; and what
a round costs when much is stored already."""
import http.server
import multiprocessing

from whole import *

FEEDS = 60
POSTS = 20
PAIRS = 5
STORED = 20000


def serve(port, bodies):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            name = self.path.strip("/")
            tag = '"%s"' % name
            known = self.headers.get("If-None-Match") == tag
            body = b"" if known else bodies[name]
            self.send_response(304 if known else 200)
            self.send_header("ETag", tag)
            self.send_header("Content-Type", "application/rss+xml")
            if not known:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass
    http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


need("sfeed_update", "r2e")
port = free_port()
bodies = {"f%d" % i: feed("f%d" % i, POSTS).encode() for i in range(FEEDS)}
server = multiprocessing.Process(target=serve, args=(port, bodies), daemon=True)
server.start()
wait_port(port)
urls = {name: "http://127.0.0.1:%d/%s" % (port, name) for name in bodies}
sections = "".join("[feed %s]\nurl = %s\n" % row for row in urls.items())

base = BENCH + "/round"
settings(base, feeds=sections)
with open(BENCH + "/sfeedrc", "w") as f:
    f.write('sfeedpath="%s/sfeeds"\nfeeds() {\n%s}\n' % (BENCH, "".join(
        'feed "%s" "%s"\n' % row for row in urls.items())))
with open(BENCH + "/feeds.opml", "w") as f:
    f.write('<opml version="2.0"><body>%s</body></opml>' % "".join(
        '<outline type="rss" text="%s" xmlUrl="%s"/>' % row for row in urls.items()))
r2e = ["r2e", "-c", BENCH + "/r2e.cfg", "-d", BENCH + "/r2e.json"]
Cost(r2e + ["new", "planet@bench.example"])
Cost(r2e + ["opmlimport", BENCH + "/feeds.opml"])
Cost(r2e + ["run", "--no-send"])

cold, same, peaks = [], [], []
for _ in range(PAIRS):
    shutil.rmtree(BENCH + "/sfeeds", ignore_errors=True)
    them = Cost(["sfeed_update", BENCH + "/sfeedrc"])
    work = copied(base, "pair")
    us = planetpost(work, "fetch")
    cold.append(them.cpu / us.cpu)
    peaks.append(us.megabytes)
    idle = Cost(r2e + ["run", "--no-send"])
    same.append(idle.cpu / planetpost(work, "fetch", *urls, hour=11).cpu)
goal("round: sfeed_update's CPU / ours, new", median(cold), ">=", 10,
     "%d feeds of %d posts" % (FEEDS, POSTS))
goal("round: rss2email's / ours, unchanged", median(same), ">=", 50)
goal("round: MB", median(peaks), "<=", 64)

full = BENCH + "/full"
settings(full, feeds=sections + "".join(
    "[feed old%d]\nurl = file://%s/old%d.xml\n" % (i, full, i) for i in range(STORED // 500)))
for i in range(STORED // 500):
    with open("%s/old%d.xml" % (full, i), "w") as f:
        f.write(feed("old%d" % i, 500, 64))
planetpost(full, "fetch", *["old%d" % i for i in range(STORED // 500)])
growth = []
for _ in range(PAIRS):
    few = planetpost(copied(base, "pair"), "fetch", *urls)
    growth.append(planetpost(copied(full, "pair"), "fetch", *urls).cpu / few.cpu)
goal("round: CPU with %d posts stored" % STORED, median(growth), "<=", 1.2)
server.terminate()
finish()

# SPDX-License-Identifier: ISC
"""A whole `planetpost fetch` (fetch, parse, clean, store) of 1,000 feeds from nginx on loopback,
beside sfeed_update when all is new, and rss2email, curl -Z and a bare loop when nothing is; its memory; what a
document costs that comes again unchanged, whole and packed, from who knows no validators; and
what a round costs when much is stored already.  A peer that is not installed is left out."""
import sqlite3

from whole import *

FEEDS = 1000
PEER_FEEDS = 200    # sfeed_update and rss2email take their time: counted by feed
POSTS = 20
PAIRS = 3
STORED = 20000


def has(program):
    if shutil.which(program):
        return True
    print("%s is not installed: what is measured beside it is left out" % program)
    return False


def start_nginx(folder, port, bodies, more=""):
    """more: directives of its server."""
    os.makedirs(folder + "/www")
    for name, body in bodies.items():
        with open("%s/www/%s" % (folder, name), "w") as f:
            f.write(body)
    with open(folder + "/nginx.conf", "w") as f:
        f.write("%s daemon off; pid %s/pid; error_log %s/errors; worker_processes 1;\n"
                "events { worker_connections 512; }\n"
                "http { access_log off; if_modified_since before; root %s/www; default_type application/rss+xml;\n%s"
                " keepalive_requests 100000; server { listen 127.0.0.1:%d; %s } }\n" % (
                    "user root;" if os.geteuid() == 0 else "", folder, folder, folder,
                    "".join(" %s_temp_path %s/tmp;" % (kind, folder) for kind in (
                        "client_body", "proxy", "fastcgi", "uwsgi", "scgi")), port, more))
    server = subprocess.Popen(["/usr/sbin/nginx", "-p", folder, "-c", folder + "/nginx.conf"],
                              stderr=subprocess.DEVNULL)
    wait_port(port)
    return server


def sections_of(urls):
    return "".join("[feed %s]\nurl = %s\nevery = 1h\n" % row for row in urls.items())


def measure_sfeed(urls, few):
    """Its CPU for a feed / ours, all new."""
    with open(BENCH + "/sfeedrc", "w") as f:
        f.write('sfeedpath="%s/sfeeds"\nfeeds() {\n%s}\n' % (BENCH, "".join(
            'feed "%s" "%s"\n' % row for row in urls.items())))
    ratios = []
    for _ in range(PAIRS):
        shutil.rmtree(BENCH + "/sfeeds", ignore_errors=True)
        them = Cost(["sfeed_update", BENCH + "/sfeedrc"]).cpu / len(urls)
        ratios.append(them / (planetpost(copied(few, "pair"), "fetch").cpu / FEEDS))
    goal("round: sfeed_update's CPU / ours, new", median(ratios), ">=", 10,
         "%d feeds of %d posts" % (FEEDS, POSTS))


def measure_rss2email(urls, idle):
    with open(BENCH + "/feeds.opml", "w") as f:
        f.write('<opml version="2.0"><body>%s</body></opml>' % "".join(
            '<outline type="rss" text="%s" xmlUrl="%s"/>' % row for row in urls.items()))
    r2e = ["r2e", "-c", BENCH + "/r2e.cfg", "-d", BENCH + "/r2e.json"]
    Cost(r2e + ["new", "planet@bench.example"])
    Cost(r2e + ["opmlimport", BENCH + "/feeds.opml"])
    Cost(r2e + ["run", "--no-send"])
    ratios = [Cost(r2e + ["run", "--no-send"]).cpu / len(urls) / (idle() / FEEDS)
              for _ in range(PAIRS)]
    goal("round: rss2email's / ours, unchanged", median(ratios), ">=", 50)


def measure_bare(urls, idle):
    """A loop over libcurl that asks as curl does and keeps nothing: the whole round beside the
    least that asking costs on this machine.  The goal is 20,000 feeds a CPU second where that
    loop does 32,900."""
    bare = os.path.join(os.path.dirname(PLANETPOST), "bench", "bare_fetch")
    with open(BENCH + "/bare-urls", "w") as f:
        f.write("".join(url + "\n" for url in urls.values()))
    ratios = [Cost(["sh", "-c", 'exec "$0" "If-Modified-Since: Mon, 30 Nov 2099 08:00:00 GMT" 304 '
                    '<bare-urls', bare]).cpu / idle() for _ in range(PAIRS)]
    goal("round: a bare loop's CPU / ours, unchanged", median(ratios), ">=", 0.61)


def measure_curl(urls, idle):
    """curl -Z asks with each feed's own time and gets 304s, too."""
    with open(BENCH + "/curl.conf", "w") as f:
        f.write('header = "If-Modified-Since: Mon, 30 Nov 2099 08:00:00 GMT"\nsilent\n')
        f.write("".join('url = "%s"\noutput = /dev/null\n' % url for url in urls.values()))
    ratios = [Cost(["curl", "-Z", "--parallel-max", "64", "-K", BENCH + "/curl.conf"]).cpu / idle()
              for _ in range(PAIRS)]
    print("round: curl -Z's CPU / ours, unchanged %6.2f" % median(ratios))


def measure_again(name, bodies, more):
    """CPU of a document that is the one before, though the server says 200 each time."""
    port = free_port()
    server = start_nginx(BENCH + "/" + name, port, bodies,
                         'etag off; if_modified_since off; add_header Last-Modified "";' + more)
    folder = BENCH + "/again-" + name
    settings(folder, feeds=sections_of({f: "http://127.0.0.1:%d/%s" % (port, f) for f in bodies}))
    for hour in (8, 10, 12):
        planetpost(folder, "fetch", hour=hour)
    costs = [planetpost(copied(folder, "again"), "fetch", hour=20).cpu for _ in range(PAIRS)]
    server.terminate()
    server.wait()
    goal("round: ms of an unchanged 200, " + name, 1000 * median(costs) / len(bodies), "<=", 0.2,
         "%d kB" % (len(next(iter(bodies.values()))) / 1000))


need("nginx")
port = free_port()
bodies = {"f%d" % i: feed("f%d" % i, POSTS) for i in range(FEEDS)}
server = start_nginx(BENCH + "/nginx", port, bodies)
urls = {name: "http://127.0.0.1:%d/%s" % (port, name) for name in bodies}
some = dict(list(urls.items())[:PEER_FEEDS])
base = BENCH + "/round"
settings(base, feeds=sections_of(urls))

cold = planetpost(copied(base, "known"), "fetch")
goal("round: MB", cold.megabytes, "<=", 64)


def idle():
    """CPU of a round in which all feeds are due and unchanged."""
    folder = copied(BENCH + "/known", "same")
    cost = planetpost(folder, "fetch", hour=23)
    db = sqlite3.connect(folder + "/state/planetpost.db")
    asked = db.execute("SELECT count(*) FROM source WHERE failures = 0 AND last_poll = "
                       "CAST(strftime('%s', '2026-11-30T23:00:00') AS INTEGER)").fetchone()[0]
    db.close()
    if asked != FEEDS:
        sys.exit("%d of %d feeds were asked" % (asked, FEEDS))
    return cost.cpu


goal("round: unchanged feeds a CPU second", FEEDS / median([idle() for _ in range(PAIRS)]),
     ">=", 20000)
large = {"l%d" % i: feed("l%d" % i, POSTS, 640) for i in range(FEEDS)}
measure_again("plain", large, "")
measure_again("packed", large, "gzip on; gzip_types *;")
if has("sfeed_update"):
    measure_sfeed(some, base)
if has("r2e"):
    measure_rss2email(some, idle)
measure_bare(urls, idle)
if has("curl"):
    measure_curl(urls, idle)

few = BENCH + "/few"
old = ["old%d" % i for i in range(STORED // 500)]
settings(few, feeds=sections_of(some))
full = BENCH + "/full"
settings(full, feeds=sections_of(some) + "".join(
    "[feed %s]\nurl = file://%s/%s.xml\n" % (name, full, name) for name in old))
for name in old:
    with open("%s/%s.xml" % (full, name), "w") as f:
        f.write(feed(name, 500, 64))
planetpost(full, "fetch", *old)
growth = []
for _ in range(PAIRS):
    alone = planetpost(copied(few, "pair"), "fetch", *some)
    growth.append(planetpost(copied(full, "pair"), "fetch", *some).cpu / alone.cpu)
goal("round: CPU with %d posts stored" % STORED, median(growth), "<=", 1.2)
server.terminate()
server.wait()
finish()

# SPDX-License-Identifier: ISC
"""The readers' pages behind nginx: pages and one-click leavings a second, beside nginx giving
out a file of the same size; how long people wait while 100,000 letters are sent; what a leaving
costs among a million readers beside a thousand; memory.

A second is one of the server's CPU: whoever asks runs beside it on the same machine.  Each
leaving is on the disk, synchronous=FULL, before its answer; how many a second that are is the
disk's to say, so it is compared with writing and fsync alone."""
import base64
import hashlib
import hmac
import os
import selectors
import socket
import sqlite3
import threading

from whole import *

NOW = 1796025600  # 2026-11-30 08:00 UTC
COUNTED = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
LETTERS = 100000
SOURCES = 40  # as many as stand on one page of preferences


def planet(name, count, transport="method = outbox"):
    """A folder with so many readers, and an issue that went out."""
    folder = "%s/%s" % (BENCH, name)
    settings(folder, transport, """
[web]
url = https://news.example.org
answers = elsewhere
listen = unix:%s/web.sock
""" % folder + "".join("[feed f%d]\nname = A blog of number %d\nurl = file://%s/f%d.xml\n" % (
        n, n, folder, n) for n in range(SOURCES)))
    for n in range(SOURCES):
        with open("%s/f%d.xml" % (folder, n), "w") as f:
            f.write(feed("f%d" % n, 2))
    readers(folder, 1)
    planetpost(folder, "run")
    store = sqlite3.connect(folder + "/state/planetpost.db")
    store.execute(COUNTED % (count - 1) + """
        INSERT INTO reader SELECT id + i, state, cadence_id, variant_id, last_issue, epoch,
        soft_bounces, hold_skip, due, created, confirmed, hold_until,
        'reader' || i || '@example' || (i % 997) || '.org',
        'reader' || i || '@example' || (i % 997) || '.org', confirmed_by
        FROM n, reader WHERE id = 1""")
    store.execute(COUNTED % (count - 1) + """
        INSERT INTO reader_event (reader_id, number, at, event, cause, state)
        SELECT i, 100, :now, 8, 0, 1 FROM n""", {"now": NOW - 86400})
    store.commit()
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    key = store.execute("SELECT value FROM secret WHERE name = 'newsletter'").fetchone()[0]
    store.close()
    return folder, key


def number(n):
    out = bytearray()
    while n >= 0x80:
        out.append(n & 0x7f | 0x80)
        n >>= 7
    return bytes(out) + bytes([n])


def token(key, scope, reader):
    """As src/list/token.h has it."""
    head = bytes([16 + scope]) + number(reader) + number(0) + number(1)
    if scope == 2:
        head += number((NOW - 1577836800) // 60)
    mac = hmac.new(key, b"planetpost token\0" + head, hashlib.sha256).digest()[:12]
    return base64.b32encode(head + mac).decode().rstrip("=").lower()


class Server:
    def __init__(self, folder, words, where):
        self.where = where
        self.process = subprocess.Popen(words, cwd=folder, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env=dict(os.environ, HOME=BENCH))
        for _ in range(200):
            if os.path.exists(where):
                break
            time.sleep(0.05)

    def pids(self):
        children = "/proc/%d/task/%d/children" % (self.process.pid, self.process.pid)
        with open(children) as f:
            return [self.process.pid] + [int(p) for p in f.read().split()]

    def cpu(self):
        total = 0
        for pid in self.pids():
            with open("/proc/%d/schedstat" % pid) as f:
                total += int(f.read().split()[0])
        return total / 1e9

    def megabytes(self):
        with open("/proc/%d/status" % self.process.pid) as f:
            return int([l for l in f if l.startswith("VmRSS")][0].split()[1]) / 1024

    def answers(self, requests, status=b" 200 ", connections=4, costs=None):
        """Sends them all over a few kept connections: seconds, CPU of the server, each wait."""
        waits = []
        lock = threading.Lock()

        def one(mine):
            s = socket.socket(socket.AF_UNIX)
            s.settimeout(60)
            s.connect(self.where)
            took = []
            for r in mine:
                began = time.monotonic()
                s.sendall(r)
                got = s.recv(65536)
                while b"\r\n\r\n" not in got:
                    got += s.recv(65536)
                head, body = got.split(b"\r\n\r\n", 1)
                length = int([l for l in head.split(b"\r\n") if l.lower().startswith(
                    b"content-length:")][0].split(b":")[1])
                while len(body) < length:
                    body += s.recv(65536)
                took.append(time.monotonic() - began)
                if status not in head.split(b"\r\n")[0]:
                    raise SystemExit("answered with " + head.split(b"\r\n")[0].decode())
            s.close()
            with lock:
                waits.extend(took)

        threads = [threading.Thread(target=one, args=(requests[n::connections],))
                   for n in range(connections)]
        costs = costs or self.cpu
        began, cpu = time.monotonic(), costs()
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        if len(waits) != len(requests):
            sys.exit("%d of %d were answered" % (len(waits), len(requests)))
        return time.monotonic() - began, costs() - cpu, sorted(waits)

    def paced(self, requests, rate, goes_on):
        """So many a second, whether others were answered or not, as long as goes_on(): how long
        each waited since the instant it was due."""
        ears, free, waits = selectors.DefaultSelector(), [], []
        for _ in range(64):
            s = socket.socket(socket.AF_UNIX)
            s.connect(self.where)
            s.setblocking(False)
            ears.register(s, selectors.EVENT_READ, {})
            free.append(s)
        due, began, sent = time.monotonic(), time.monotonic(), 0
        while (goes_on() and sent < len(requests)) or len(free) < 64:
            now = time.monotonic()
            while free and due <= now and sent < len(requests) and goes_on():
                s = free.pop()
                ears.get_key(s).data.update(due=due, got=b"")
                s.send(requests[sent])
                sent += 1
                due = began + sent / rate
            for key, _ in ears.select(0.001):
                key.data["got"] += key.fileobj.recv(65536)
                head, _, body = key.data["got"].partition(b"\r\n\r\n")
                at = head.lower().find(b"content-length:")
                if at < 0 or len(body) < int(head[at + 15:at + 25].split()[0]):
                    continue
                if b" 200 " not in head[:16]:
                    raise SystemExit("answered with " + head[:40].decode())
                waits.append(time.monotonic() - key.data["due"])
                free.append(key.fileobj)
        return sorted(waits), sent / (time.monotonic() - began)

    def stop(self):
        self.process.terminate()
        self.process.wait()


def serve(folder):
    return Server(folder, [PLANETPOST, "-c", "c.conf", "-d", "state", "--now",
                           "2026-11-30T08:00:00Z", "serve"], folder + "/web.sock")


def get(path):
    return b"GET %s HTTP/1.1\r\nHost: news.example.org\r\n\r\n" % path.encode()


def leave(key, reader):
    return (b"POST /u/%s HTTP/1.1\r\nHost: news.example.org\r\nContent-Length: 26\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
            b"List-Unsubscribe=One-Click" % token(key, 1, reader).encode())


def nginx(folder, size):
    """One worker, without a log: our pages as contrib/nginx.conf has them, and a file of that
    size."""
    with open(folder + "/page.html", "w") as f:
        f.write("x" * size)
    os.chmod(BENCH, 0o755)
    with open("contrib/nginx.conf") as f:
        recipe = "".join(l for l in f if "ssl_certificate" not in l)
    recipe = recipe.replace("443 ssl http2", "unix:%s/nginx.sock" % folder).replace(
        "/run/planetpost", folder)
    with open(folder + "/nginx.conf", "w") as f:
        f.write("""worker_processes 1; daemon off; master_process off; pid %s/nginx.pid;
error_log /dev/null; events { worker_connections 256; }
http { access_log off; keepalive_requests 1000000; server { listen unix:%s/nginx.sock;
server_name file; root %s; }
%s}
""" % (folder, folder, folder, recipe))
    return Server(folder, ["nginx", "-c", folder + "/nginx.conf"], folder + "/nginx.sock")


need("nginx", "smtp-sink")
os.environ["PATH"] += ":/usr/sbin"
small, small_key = planet("small", 1000)
large, large_key = planet("large", 1000000)

# ---- looking ----
server = serve(small)
path = "/p/" + token(small_key, 2, 7)
server.answers([get(path)] * 200)
rounds = [server.answers([get(path)] * 1000) for _ in range(5)]
page_us = 1e6 * median(r[1] for r in rounds) / 1000
goal("preferences: CPU us a page", page_us, "<=", 200)
server.answers([get("/archive/")] * 200)
rounds = [server.answers([get("/archive/")] * 2000) for _ in range(5)]
archive = 2000 / median(r[1] for r in rounds)
goal("archive: pages per CPU second", archive, ">=", 5000)
front = nginx(small, 3500)
a_file = b"GET /page.html HTTP/1.1\r\nHost: file\r\n\r\n"
front.answers([a_file] * 500)
file_us = 1e6 * median(front.answers([a_file] * 4000)[1] for _ in range(5)) / 4000
front.answers([get("/archive/")] * 200)
both = lambda: server.cpu() + front.cpu()
behind = [front.answers([get("/archive/")] * 2000, costs=server.cpu)[1] for _ in range(5)]
whole = [front.answers([get("/archive/")] * 2000, costs=both)[1] for _ in range(5)]
page_us = 1e6 * median(whole) / 2000
goal("behind nginx: pages per CPU second", 2000 / median(behind), ">=", 5000,
     "with nginx %.0f us a page, a file of the size %.0f us: %.1f times" % (
         page_us, file_us, page_us / file_us))
front.stop()

# ---- leaving ----
ROUND = 180  # five of them are all of the smaller list
CROWD = 4000  # who leave in the moment when a letter has come


def syncs(folder):
    """What the disk takes a second: as many bytes as a leaving writes, and fsync."""
    with open(folder + "/sync", "wb") as f:
        began = time.monotonic()
        for _ in range(100):
            f.write(b"x" * 16384)
            f.flush()
            os.fsync(f.fileno())
        return 100 / (time.monotonic() - began)


ours = serve(large)
before = ours.megabytes()
far = [(i * 7919) % 999000 + 2 for i in range(6 * ROUND)]
cost = {"large": [], "small": []}
waits = []
for n in range(5):
    mine = slice(n * ROUND, (n + 1) * ROUND)
    cpu, w = ours.answers([leave(large_key, r) for r in far[mine]])[1:]
    cost["large"].append(cpu / ROUND)
    waits += w
    near = [leave(small_key, 2 + r) for r in range(900)[mine]]
    cost["small"].append(server.answers(near)[1] / ROUND)
print("%-34s %9.1f  (99 of 100 within %.1f ms)" % (
    "one click, few at once: ms", 1000 * median(waits),
    1000 * sorted(waits)[len(waits) * 99 // 100]), flush=True)
goal("one click: 1,000,000 beside 1,000", median(cost["large"]) / median(cost["small"]), "<=",
     1.2, "%.0f and %.0f us CPU" % (1e6 * median(cost["large"]), 1e6 * median(cost["small"])))
crowd = [(i * 104729) % 999000 + 2 for i in range(6 * CROWD)]
crowd = [r for r in dict.fromkeys(crowd) if r not in set(far)][:5 * CROWD]
rate, disk, cpus = [], [], []
for n in range(5):
    seconds, cpu, w = ours.answers([leave(large_key, r) for r in crowd[n * CROWD:(n + 1) * CROWD]],
                                   connections=64)
    rate.append(CROWD / seconds)
    cpus.append(cpu / CROWD)
    disk.append(syncs(large))
left = sqlite3.connect(large + "/state/planetpost.db").execute(
    "SELECT COUNT(*) FROM reader WHERE state = 4").fetchone()[0]
if left != 5 * ROUND + len(crowd):
    sys.exit("%d of %d left" % (left, 5 * ROUND + len(crowd)))
goal("one click, a crowd: recorded a second", median(rate), ">=", 1000,
     "%.1f for each fsync that the disk takes" % (median(rate) / median(disk)))
goal("one click, a crowd: per CPU second", 1 / median(cpus), ">=", 5000)
half = ours.megabytes()
ours.answers([leave(large_key, r) for r in far[5 * ROUND:]])
ours.answers([get("/")] * 6000, connections=64)
goal("memory: MB after 7,000 requests", ours.megabytes(), "<=", 32,
     "%.1f at first, %.1f half way" % (before, half))
server.stop()
ours.stop()

# ---- while letters are sent ----
port = free_port()
sink = subprocess.Popen(["smtp-sink"] + (["-u", "nobody"] if os.geteuid() == 0 else [])
                        + ["inet:127.0.0.1:%d" % port, "200"], stderr=subprocess.DEVNULL)
try:
    wait_port(port)
    busy, busy_key = planet("busy", LETTERS, "method = outbox")
    with open(busy + "/c.conf") as f:
        conf = f.read()
    with open(busy + "/c.conf", "w") as f:
        f.write(conf.replace("method = outbox", "method = smtp\n[smtp]\nhost = 127.0.0.1\n"
                             "port = %d\nsecurity = none\nconnections = 10" % port))
    with open(busy + "/f0.xml", "w") as f:
        f.write(feed("new", 5, 160, day=30))
    server = serve(busy)
    front = nginx(busy, 1)
    mixed = []
    for n in range(LETTERS - 2):
        mixed += [get("/archive/")] * 5 + [leave(busy_key, LETTERS - n)]
    front.answers([get("/archive/")] * 100)
    planetpost(busy, "fetch", "f0", hour=10)
    send = [PLANETPOST, "-c", "c.conf", "-d", "state", "--now", "2026-11-30T10:30:00Z"]
    rest = {"cwd": busy, "stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL,
            "stderr": subprocess.DEVNULL, "env": dict(os.environ, HOME=BENCH)}
    subprocess.run(send + ["run"], **rest)  # ends: so many more readers are for a person to see
    sending = subprocess.Popen(send + ["issue", "send", "2026-11-30-2", "--accept-growth",
                                       "--confirm", str(LETTERS)], **rest)
    # Who leaves before the readers were counted would make another number of them.
    look = sqlite3.connect(busy + "/state/planetpost.db")
    while sending.poll() is None and look.execute(
            "SELECT COUNT(*) FROM issue WHERE name = '2026-11-30-2' AND state = 2").fetchone()[0] == 0:
        time.sleep(0.005)
    waits, reached = front.paced(mixed, 3000, lambda: sending.poll() is None)
    sent = sqlite3.connect(busy + "/state/planetpost.db").execute(
        "SELECT COUNT(*) FROM delivery WHERE state = 2").fetchone()[0]
    if sending.wait() != 0 or sent < LETTERS / 2:
        sys.exit("the send ended with %d, %d letters" % (sending.returncode, sent))
    goal("while sending: 99 of 100 within ms", 1000 * waits[len(waits) * 99 // 100], "<=", 50,
         "%.0f requests a second, one in six leaves; %d letters; median %.1f ms" % (
             reached, sent, 1000 * median(waits)))
    front.stop()
    server.stop()
finally:
    sink.terminate()
finish()

# SPDX-License-Identifier: ISC
"""The readers' pages: pages and one-click leavings a second, beside nginx giving out a file of
the same size; what a leaving costs among a million readers beside a thousand; memory.

A second is one of the server's CPU: whoever asks runs beside it on the same machine.  Each
leaving is a commit with synchronous=FULL before its answer."""
import base64
import hashlib
import hmac
import os
import socket
import sqlite3
import threading

from whole import *

NOW = 1796025600  # 2026-11-30 08:00 UTC
COUNTED = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
CONNECTIONS = 4
SOURCES = 40  # as many as stand on one page of preferences


def planet(name, count):
    """A folder with so many readers, and an issue that went out."""
    folder = "%s/%s" % (BENCH, name)
    settings(folder, "method = outbox", """
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
        INSERT INTO reader_event (reader_id, at, event, cause, state)
        SELECT i, :now, 8, 0, 1 FROM n""", {"now": NOW - 86400})
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

    def answers(self, requests, status=b" 200 "):
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

        threads = [threading.Thread(target=one, args=(requests[n::CONNECTIONS],))
                   for n in range(CONNECTIONS)]
        began, cpu = time.monotonic(), self.cpu()
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        if len(waits) != len(requests):
            sys.exit("%d of %d were answered" % (len(waits), len(requests)))
        return time.monotonic() - began, self.cpu() - cpu, sorted(waits)

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
    """Gives out a file of that size over a local socket, without a log: one worker."""
    with open(folder + "/page.html", "w") as f:
        f.write("x" * size)
    os.chmod(BENCH, 0o755)
    with open(folder + "/nginx.conf", "w") as f:
        f.write("""worker_processes 1; daemon off; master_process off; pid %s/nginx.pid;
error_log /dev/null; events { worker_connections 64; }
http { access_log off; server { listen unix:%s/nginx.sock; root %s; } }
""" % (folder, folder, folder))
    return Server(folder, ["nginx", "-c", folder + "/nginx.conf"], folder + "/nginx.sock")


need("nginx")
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
home = "/archive/"
server.answers([get(home)] * 200)
rounds = [server.answers([get(home)] * 2000) for _ in range(5)]
archive = 2000 / median(r[1] for r in rounds)
goal("archive: pages per CPU second", archive, ">=", 5000)
peer = nginx(small, 3500)
peer.answers([get("/page.html")] * 500)
files = 4000 / max(median(peer.answers([get("/page.html")] * 4000)[1] for _ in range(5)), 0.001)
peer.stop()
print("%-34s %9.0f  (nginx, a file of the size: %.2f of it)" % ("files per CPU second", files,
                                                                archive / files), flush=True)

# ---- leaving ----
ROUND = 180  # five of them are all of the smaller list


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
rate, disk, waits = [], [], []
for n in range(5):
    mine = slice(n * ROUND, (n + 1) * ROUND)
    seconds, cpu, w = ours.answers([leave(large_key, r) for r in far[mine]])
    cost["large"].append(cpu / ROUND)
    rate.append(ROUND / seconds)
    waits += w
    near = [leave(small_key, 2 + r) for r in range(900)[mine]]
    cost["small"].append(server.answers(near)[1] / ROUND)
    disk.append(syncs(large))
left = sqlite3.connect(large + "/state/planetpost.db").execute(
    "SELECT COUNT(*) FROM reader WHERE state = 4").fetchone()[0]
if left != 5 * ROUND:
    sys.exit("%d of %d left" % (left, 5 * ROUND))
print("%-34s %9.0f  (median wait %.1f ms, 99 of 100 within %.1f ms)" % (
    "one click: recorded a second", median(rate), 1000 * median(waits),
    1000 * sorted(waits)[len(waits) * 99 // 100]), flush=True)
goal("one click: recorded per fsync", median(rate) / median(disk), ">=", 0.5,
     "the disk takes %.0f a second" % median(disk))
goal("one click: per CPU second", 1 / median(cost["large"]), ">=", 1000)
goal("one click: 1,000,000 beside 1,000", median(cost["large"]) / median(cost["small"]), "<=",
     1.2, "%.0f and %.0f us CPU" % (1e6 * median(cost["large"]), 1e6 * median(cost["small"])))
half = ours.megabytes()
ours.answers([leave(large_key, r) for r in far[5 * ROUND:]])
ours.answers([get("/")] * 6000)
goal("memory: MB after 7,000 requests", ours.megabytes(), "<=", 32,
     "%.1f at first, %.1f half way" % (before, half))
server.stop()
ours.stop()
finish()

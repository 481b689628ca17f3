#!/bin/sh
# SPDX-License-Identifier: ISC
# Many leave at once, and somebody else writes: forms that come together are recorded together,
# each is answered only when it is on the disk, and nobody who looks waits for that.
. tests/cli/lib.sh
need python3

cat >"$W/c.conf" <<C
[newsletter]
name = Planet Quay
from = Planet Quay <planet@quay.example>
timezone = UTC
[fetch]
allow_files = yes
[digest]
schedule = off
[web]
url = https://news.quay.example
listen = unix:$W/web.sock
answers = elsewhere
[feed ferry]
url = file:$TOP/config/demo/atom.xml
C
{
	echo email
	n=0
	while [ $n -lt 600 ]; do
		n=$((n + 1))
		echo "r$n@reader.example"
	done
} >"$W/readers.csv"
run pp -c c.conf -d state --now 2026-01-14T08:00:00Z sub import readers.csv --confirmed-by "said so"
run pp -c c.conf -d state --now 2026-01-15T08:00:00Z run
exits 0 "600 letters are written"
serve() {
	(cd "$W" && exec env HOME="$W/home" "$PLANETPOST" -c c.conf -d state --now 2026-01-15T09:00:00Z serve) \
		>>"$W/serve.out" 2>>"$W/serve.err" </dev/null &
	server=$!
	kill_later $server
	wait_for 20 test -S "$W/web.sock" || fail "the pages are served" "$(cat "$W/serve.err")"
}
cat >"$W/web.py" <<'P'
import glob, os, re, signal, socket, sqlite3, struct, sys, threading, time
server = int(sys.argv[1])
links = {}
for f in glob.glob("outbox/*.eml"):
    text = open(f, newline="").read()
    links[int(re.search(r"^To: r(\d+)@", text, re.M).group(1))] = re.search(
        r"<https://news.quay.example(/u/[a-z0-9]+)>", text.replace("\r\n ", "")).group(1)
def dial():
    s = socket.socket(socket.AF_UNIX); s.settimeout(30); s.connect("web.sock"); return s
def leave(link):
    return (b"POST %s HTTP/1.1\r\nHost: news.quay.example\r\nContent-Length: 26\r\nContent-Type: "
            b"application/x-www-form-urlencoded\r\n\r\nList-Unsubscribe=One-Click" % link.encode())
def look(path): return b"GET %s HTTP/1.1\r\nHost: news.quay.example\r\n\r\n" % path.encode()
def hear(s):
    got = s.recv(65536)
    while got and b"\r\n\r\n" not in got: got += s.recv(65536)
    if not got: return 0, b""
    head, body = got.split(b"\r\n\r\n", 1)
    n = int(re.search(rb"(?i)content-length: (\d+)", head).group(1))
    while len(body) < n: body += s.recv(65536)
    return int(head[9:12]), head + b"\r\n\r\n" + body
def say_all(words):
    """Each over a connection of its own, all before the first is heard: their answers."""
    all = [dial() for _ in words]
    for s, w in zip(all, words): s.sendall(w)
    return all
def state(n):
    return sqlite3.connect("state/planetpost.db").execute(
        "SELECT state FROM reader WHERE address = ?", ("r%d@reader.example" % n,)).fetchone()[0]
def lock():
    db = sqlite3.connect("state/planetpost.db", isolation_level=None); db.execute("BEGIN IMMEDIATE"); return db
def commits():
    """The log's name, and its frames that end a commit since it last began anew."""
    log = open("state/planetpost.db-wal", "rb").read()
    if len(log) < 32: return b"", 0
    size = struct.unpack(">I", log[8:12])[0]
    at, n = 32, 0
    while at + 24 + size <= len(log) and log[at + 8:at + 16] == log[16:24]:
        n += struct.unpack(">I", log[at + 4:at + 8])[0] != 0
        at += 24 + size
    return log[16:24], n
P
script() { # TITLE: the script on standard input; what it prints is what was wrong
	cat >"$W/script.py"
	run sh -c "cd '$W' && python3 -B script.py $server"
	if [ "$status" = 0 ] && [ ! -s "$W/err" ]; then ok "$1" true; else fail "$1" "$(cat "$W/out" "$W/err")"; fi
}

serve
script "while another process writes, pages are shown and leaving waits; then all have left" <<'P'
from web import *
held = lock()
asked = say_all([leave(links[n]) for n in range(1, 41)])
began = time.monotonic()
for path in ("/", "/privacy", "/sources", links[1]):
    s = dial(); s.sendall(look(path)); status, page = hear(s); s.close()
    assert status == 200, (path, status)
assert time.monotonic() - began < 5, "they waited for the lock"
asked[0].settimeout(0.5)
try: assert not asked[0].recv(1), "it was answered before it was recorded"
except socket.timeout: pass
asked[0].settimeout(30)
assert state(1) == 1
before = commits()
held.execute("ROLLBACK")
assert [hear(s)[0] for s in asked] == [200] * 40
assert all(state(n) == 4 for n in range(1, 41))
name, count = commits()
if name == before[0]: count -= before[1]
assert 1 <= count <= 2, "%d commits for 40 who came together" % count
P
script "one that fails among them undoes no other" <<'P'
from web import *
held = lock()
words = []
for n in range(41, 61):
    words.append(leave(links[n]))
    words.append(leave(links[n][:-3] + "aaa"))
    words.append(leave("/privacy"))
    words.append(leave(links[n]).replace(b"x-www-form-urlencoded", b"json"))
asked = say_all(words)
time.sleep(0.3)
held.execute("ROLLBACK")
got = [hear(s)[0] for s in asked]
assert got == [200, 404, 405, 415] * 20, got
assert all(state(n) == 4 for n in range(41, 61))
P
script "one at a time is answered at once" <<'P'
from web import *
s = dial(); took = []
for n in range(61, 81):
    began = time.monotonic(); s.sendall(leave(links[n])); assert hear(s)[0] == 200
    took.append(time.monotonic() - began)
assert sorted(took)[10] < 0.5, took
P
script "who waits for ten seconds is told to come again, and nothing was done" <<'P'
from web import *
held = lock()
began = time.monotonic()
s = dial(); s.sendall(leave(links[81]))
status, said = hear(s)
assert status == 503 and b"Retry-After: 10" in said, said
assert 9 < time.monotonic() - began < 15
held.execute("ROLLBACK")
assert state(81) == 1
s.sendall(leave(links[81]))
assert hear(s)[0] == 200 and state(81) == 4
P
script "who waits when the pages are stopped is told so" <<'P'
from web import *
held = lock()
asked = say_all([leave(links[n]) for n in range(82, 92)])
time.sleep(0.3)
os.kill(server, signal.SIGTERM)
got = [hear(s)[0] for s in asked]
assert set(got) == {503}, got
held.execute("ROLLBACK")
assert all(state(n) == 1 for n in range(82, 92))
P
wait $server
is $? 143 "and the process ends by its signal"

rm -f "$W/web.sock"
serve
script "whoever was told that they have left has left, also when the process is killed" <<'P'
from web import *
told, asked = set(), set()
def one(mine):
    try:
        s = dial()
        for n in mine:
            asked.add(n)
            s.sendall(leave(links[n]))
            status, _ = hear(s)
            if status != 200: return
            told.add(n)
    except OSError: pass
threads = [threading.Thread(target=one, args=(range(100 + k, 600, 20),)) for k in range(20)]
for t in threads: t.start()
while len(told) < 150: time.sleep(0.002)
os.kill(server, signal.SIGKILL)
for t in threads: t.join()
assert 150 <= len(told) < 500, len(told)
lost = [n for n in told if state(n) != 4]
assert not lost, lost
stayed = [n for n in range(100, 600) if n not in asked and state(n) != 1]
assert not stayed, stayed
P
finish

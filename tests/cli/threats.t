#!/bin/sh
# SPDX-License-Identifier: ISC
# What strangers and their programs try on the readers' pages, and what comes of it: mail for
# nobody, nothing learned, nobody moved.
. tests/cli/lib.sh
need python3

cat >"$W/c.conf" <<C
[newsletter]
name = Planet Quay
from = Planet Quay <planet@quay.example>
owner = keeper@quay.example
timezone = UTC
[list]
command_address = planet@quay.example
[fetch]
allow_files = yes
[digest]
schedule = daily 07:00
[web]
url = https://news.quay.example
listen = unix:$W/web.sock
answers = elsewhere
[limits]
asks_per_network = 5 per 1h
asks_total = 2000 per 1h
[feed ferry]
url = file:$TOP/config/demo/atom.xml
C
at() {
	when=$1
	shift
	run pp -c c.conf -d state --now "$when" "$@"
}
serve() { # TIME
	[ -z "${server:-}" ] || { kill "$server" && wait "$server" 2>/dev/null; }
	(cd "$W" && exec env HOME="$W/home" "$PLANETPOST" -c c.conf -d state --now "$1" -v serve) \
		>>"$W/serve.out" 2>>"$W/serve.err" </dev/null &
	server=$!
	kill_later $server
	wait_for 20 test -S "$W/web.sock" || fail "the pages are served" "$(cat "$W/serve.err")"
}
# One person's tools, for the scripts below: requests over one kept connection.
cat >"$W/web.py" <<'P'
import http.client, re, socket, sqlite3, struct, time, urllib.parse
class Pages(http.client.HTTPConnection):
    def __init__(self): super().__init__("news.quay.example", timeout=20)
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX); self.sock.settimeout(20); self.sock.connect("web.sock")
    def ask(self, method, path, body=None, **fields):
        head = {k.replace("_", "-"): v for k, v in fields.items()}
        if body is not None:
            head.setdefault("Content-Type", "application/x-www-form-urlencoded")
            body = urllib.parse.urlencode(body)
        self.request(method, path, body, head)
        r = self.getresponse()
        self.fields = r.getheaders()
        return r.status, r.read().decode()
    def form(self):
        """The signed instant of a form that a person has had in front of them."""
        shown = re.search('name="shown" value="([^"]*)"', self.ask("GET", "/")[1]).group(1)
        time.sleep(2.1)
        return shown
def rows(sql, *args): return sqlite3.connect("state/planetpost.db").execute(sql, args).fetchall()
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
def notices(address):
    return rows("SELECT COUNT(*) FROM notice n LEFT JOIN reader r ON r.id = n.reader_id"
                " WHERE COALESCE(n.address, r.address) = ?", address)[0][0]
P
script() { # TITLE: the script on standard input; what it prints is what was wrong
	cat >"$W/script.py"
	run sh -c "cd '$W' && python3 -B script.py"
	if [ "$status" = 0 ] && [ ! -s "$W/err" ]; then ok "$1" true; else fail "$1" "$(cat "$W/out" "$W/err")"; fi
}

for n in "" 2; do
	at 2026-01-14T08:00:00Z sub add ann$n@reader.example held$n@reader.example left$n@reader.example \
		removed$n@reader.example gone$n@reader.example --confirmed-by "said so"
done
at 2026-01-15T08:00:00Z run
for n in "" 2; do
	at 2026-01-15T08:10:00Z sub hold held$n@reader.example
	at 2026-01-15T08:10:00Z sub remove removed$n@reader.example
	at 2026-01-15T08:10:00Z sub erase gone$n@reader.example
done
serve 2026-01-15T09:00:00Z

# ---- bombing ----
script "a hundred asks for one address, from as many networks, are one letter" <<'P'
from web import *
p = Pages(); shown = p.form()
for n in range(100):
    s, page = p.ask("POST", "/subscribe", dict(email="victim@reader.example", rhythm="each", shown=shown),
                    X_Forwarded_For="198.51.%d.7" % n)
    assert s == 200 and "Check your mail" in page, (n, s)
assert notices("victim@reader.example") == 1, notices("victim@reader.example")
P
at 2026-01-15T09:00:30Z status
out_like '^wait +1 message, such as codes and confirmations: planetpost run --answers$' \
	"status counts what waits to be sent"
at 2026-01-15T09:00:30Z --json=answers_waiting status
out_like '"answers_waiting": 1' "for programs too"
script "ten thousand asks from one network are five letters, and the others are told to wait" <<'P'
from web import *
p = Pages(); shown = p.form(); said = {}
for n in range(10000):
    s, page = p.ask("POST", "/subscribe", dict(email="v%d@reader.example" % n, rhythm="each", shown=shown),
                    X_Forwarded_For="203.0.113.%d" % (n % 250 + 1))
    said[s] = said.get(s, 0) + 1
    if n == 9999: assert dict(p.fields)["Retry-After"] == "3600" and "planet+subscribe@" in page
assert said == {200: 5, 429: 9995}, said
assert rows("SELECT COUNT(*) FROM reader WHERE address GLOB 'v[0-9]*'")[0][0] == 5
P
script "an ask typed by a person on another network is heard all the same" <<'P'
from web import *
p = Pages()
s, page = p.ask("POST", "/subscribe", dict(email="new@reader.example", rhythm="each", shown=p.form()),
                X_Forwarded_For="192.0.2.9")
assert s == 200 and notices("new@reader.example") == 1
P
script "forms that were not shown, or are sent at once, and a filled trap bring no letter" <<'P'
from web import *
p = Pages(); shown = p.form(); n = 0
fresh = re.search('name="shown" value="([^"]*)"', p.ask("GET", "/")[1]).group(1)
for more in (dict(), dict(shown=""), dict(shown=fresh), dict(shown=shown[:-1] + "10"[shown[-1] == "1"]),
             dict(shown="1." + "0" * 16),
             dict(shown=str(int(shown.split(".")[0]) - 600) + "." + shown.split(".")[1]),
             dict(shown=shown, website="x")):
    n += 1
    s, page = p.ask("POST", "/subscribe", dict(email="m%d@reader.example" % n, rhythm="each", **more),
                    X_Forwarded_For="198.18.%d.1" % n)
    assert s == 200 and "Check your mail" in page, more
    assert notices("m%d@reader.example" % n) == 0, more
P

script "of several fields only what our proxy wrote last says where an ask comes from" <<'P'
from web import *
def ask(n, fields):
    p.putrequest("POST", "/subscribe")
    body = urllib.parse.urlencode(dict(email="f%d@reader.example" % n, rhythm="each", shown=shown)).encode()
    for k, v in fields + [("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", str(len(body)))]:
        p.putheader(k, v)
    p.endheaders(); p.send(body); r = p.getresponse(); r.read()
    return r.status
p = Pages(); shown = p.form()
said = [ask(n, [("X-Forwarded-For", "198.18.%d.1" % (100 + n)), ("x-forwarded-for", "192.0.2.200")])
        for n in range(8)]
assert said == [200] * 4 + [429] * 4, ("two lines", said)  # one from there was heard above
said = [ask(10 + n, [("X-Forwarded-For", "198.18.%d.1" % (120 + n)), ("Forwarded", "for=198.18.%d.1" % (140 + n))])
        for n in range(8)]
assert said == [200] * 5 + [429] * 3, ("two that contradict each other", said)
said = [ask(20 + n, [("Forwarded", "for=198.18.%d.1, for=\"198.17.99.%d:80\"" % (160 + n, n))]) for n in range(8)]
assert said == [200] * 5 + [429] * 3, ("Forwarded", said)
P

# ---- who is on the list? ----
script "two of them leave by the button of their mail program" <<'P'
from web import *
import glob
p = Pages()
for f in glob.glob("outbox/*.eml"):
    text = open(f, newline="").read().replace("\r\n ", "")
    if re.search(r"^To: left2?@", text, re.M):
        link = re.search(r"<https://news.quay.example(/u/[a-z0-9]+)>", text).group(1)
        assert p.ask("POST", link, {"List-Unsubscribe": "One-Click"}) == (200, "unsubscribed\n")
assert [r[0] for r in rows("SELECT state FROM reader WHERE address GLOB 'left*'")] == [4, 4]
P
script "the same status, fields and bytes, whoever the address is of" <<'P'
from web import *
p = Pages(); shown = p.form(); seen = {}; net = 0
kinds = "nobody ann held left removed gone pending".split()
p.ask("POST", "/subscribe", dict(email="pending@reader.example", rhythm="each", shown=shown),
      X_Forwarded_For="198.19.250.1")
for turn in range(5):
    for kind in kinds:
        net += 1
        address = kind + "@reader.example" if kind != "nobody" else "nobody%d@reader.example" % turn
        s, page = p.ask("POST", "/subscribe", dict(email=address, rhythm="each", shown=shown),
                        X_Forwarded_For="198.19.%d.1" % net)
        fields = [f for f in p.fields if f[0] not in ("Date", "Content-Length")]
        seen[kind] = (s, fields, page.replace(address, "ADDRESS"))
        # The code page neither.
        s, page = p.ask("POST", "/code", dict(email=address, code="000000"))
        seen[kind + " code"] = (s, page.replace(address, "ADDRESS").replace("4 more", "N more"))
assert len(set(map(str, [seen[k] for k in kinds]))) == 1, "the page differs"
P
script "nor does the time tell: an ask is one write to the disk for each of them, a wrong code one too" <<'P'
from web import *
p = Pages(); shown = p.form(); wrote = {}; net = 0
p.ask("POST", "/subscribe", dict(email="pending2@reader.example", rhythm="each", shown=shown),
      X_Forwarded_For="198.19.251.1")
def count(what, path, form, network):
    before = commits()
    s, page = p.ask("POST", path, form, X_Forwarded_For=network)
    after = commits()
    wrote.setdefault(what, []).append(after[1] - before[1] if after[0] == before[0] else after[1])
for turn in range(6):
    for kind in "nobodyelse ann2 held2 left2 removed2 gone2 pending2".split():
        net += 1
        address = kind + "@reader.example"
        count(kind, "/subscribe", dict(email=address, rhythm="each", shown=shown), "198.16.%d.1" % net)
        count(kind + " code", "/code", dict(email=address, code="000000"), "198.16.%d.1" % net)
asks = {k: v for k, v in wrote.items() if not k.endswith("code")}
codes = {k: v for k, v in wrote.items() if k.endswith("code")}
assert set(map(str, asks.values())) == {str([1] * 6)}, asks
assert set(map(str, codes.values())) == {str([1] * 5 + [0])}, codes
P
script "codes cannot be tried: five, and the ask is closed to them" <<'P'
from web import *
p = Pages()
code = re.search(r"(\d{3}) (\d{3})", rows("SELECT n.subject FROM notice n JOIN reader r ON r.id = n.reader_id"
                 " WHERE r.address = 'new@reader.example'")[0][0])
right = code.group(1) + code.group(2)
wrong = [c for c in ("000000", "111111", "222222", "333333", "444444", "555555") if c != right][:5]
for c in wrong:
    s, page = p.ask("POST", "/code", dict(email="new@reader.example", code=c))
    assert "You are subscribed" not in page
s, page = p.ask("POST", "/code", dict(email="new@reader.example", code=right))
assert "You are subscribed" not in page and "open the link in the message" in page, page
assert rows("SELECT state FROM reader WHERE address = 'new@reader.example'")[0][0] == 0
P

# ---- requests as no browser sends them ----
script "what a proxy or a stranger writes into fields stands in no page, no letter and no row" <<'P'
from web import *
p = Pages(); shown = p.form()
for evil in ("evil.example", "1.2.3.4, <script>", "x\ty", "198.51.100.1, 2001:db8::1, evil", "9" * 4000):
    for name in ("X_Forwarded_For", "X_Forwarded_Host", "Forwarded", "X_Original_URL", "Referer", "Origin"):
        s, page = p.ask("GET", "/", **{name: evil})
        assert s == 200 and "evil" not in page and "<script" not in page and "9999" not in page, name
p.putrequest("POST", "/subscribe", skip_host=True)
body = urllib.parse.urlencode(dict(email="h@reader.example", rhythm="each", shown=shown))
for k, v in (("Host", "evil.example"), ("X-Forwarded-For", "1.2.3.4, evil"), ("Content-Length", str(len(body))),
             ("Content-Type", "application/x-www-form-urlencoded")):
    p.putheader(k, v)
p.endheaders(); p.send(body.encode()); r = p.getresponse(); r.read()
assert r.status == 200
text = "".join(str(x) for x in rows("SELECT subject, text, html FROM notice"))
assert "evil" not in text and "https://news.quay.example/c/" in text
assert not rows("SELECT 1 FROM ask_log WHERE network LIKE '%evil%'")
assert not rows("SELECT 1 FROM reader_event WHERE evidence LIKE '%evil%'")
P
script "a form from another site has no key to ride on, and no page asks for one" <<'P'
from web import *
p = Pages()
for path in ("/", "/subscribe", "/privacy", "/sources", "/archive/"):
    s, page = p.ask("GET", path, Origin="https://evil.example", Cookie="a=b")
    names = [f[0].lower() for f in p.fields]
    assert "set-cookie" not in names and "access-control-allow-origin" not in names, path
    csp = dict(p.fields)["Content-Security-Policy"]
    for part in ("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert part in csp, (path, csp)
P
script "lines put into an address or a path do not become fields" <<'P'
from web import *
p = Pages(); shown = p.form()
for n, address in enumerate(("a@reader.example\r\nBcc: x@y.example", "a@reader.example\nTo: x", "a\r@reader.example",
                "a@reader.example\0", "a@reader.example, b@reader.example", "<a@reader.example>",
                "\"a\r\n\"@reader.example", "a@[127.0.0.1]\r\nx")):
    s, page = p.ask("POST", "/subscribe", dict(email=address, rhythm="each", shown=shown),
                    X_Forwarded_For="192.88.%d.1" % n)
    assert s in (200, 400), (s, address)
    assert "Check your mail" not in page, address
assert not rows("SELECT 1 FROM reader WHERE address LIKE '%x@y%' OR address LIKE '%' || char(10) || '%'")
for path in ("/%0d%0aSet-Cookie:%20a=b", "/i/%0d%0aX:%20y", "/archive/2026/01/%0a"):
    s, page = p.ask("GET", path)
    assert s == 404 and not [f for f in p.fields if f[0] in ("X", "Set-Cookie")], path
P
script "malformed requests are answered or dropped, and the next one is served" <<'P'
from web import *
broken = [b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
          b"POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
          b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
          b"POST /subscribe HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
          b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 20000 + b"\r\n",
          b"\0" * 5000, b"GET / HTTP/1.1\r\nHost: x\r\n\tfolded\r\n\r\n", bytes(range(256)) * 40,
          b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
          b"0\r\n\r\nGET /x"]
for b in broken * 3:
    s = socket.socket(socket.AF_UNIX); s.settimeout(5); s.connect("web.sock")
    try:
        s.sendall(b); s.shutdown(socket.SHUT_WR)
        while s.recv(65536): pass
    except OSError: pass
    s.close()
    assert Pages().ask("GET", "/privacy")[0] == 200, b[:40]
P

# ---- attack mode ----
sed -i 's/^asks_total.*/asks_total = 20 per 1h/' "$W/c.conf"
serve 2026-01-15T12:00:00Z
script "beyond limits.asks_total the page mails nobody, says where to write, and tells the owner once" <<'P'
from web import *
p = Pages(); shown = p.form(); by_mail = 0
for n in range(60):
    s, page = p.ask("POST", "/subscribe", dict(email="t%d@reader.example" % n, rhythm="each", shown=shown),
                    X_Forwarded_For="100.64.%d.1" % n)
    by_mail += "Please ask by mail" in page and "planet+subscribe@quay.example" in page
assert by_mail == 40, by_mail
assert rows("SELECT COUNT(*) FROM reader WHERE address GLOB 't[0-9]*@reader.example'")[0][0] == 20
assert notices("keeper@quay.example") == 1
P
unlike "$(cat "$W/serve.err")" "@reader|/[ucpnea]/[a-z0-9]{20}" "no address and no key is told meanwhile"
finish

#!/bin/sh
# SPDX-License-Identifier: ISC
# A feed behind a password is read with it, and nobody but its server gets to see it.
. tests/cli/lib.sh
need python3

cat >"$W/server.py" <<'P'
import base64, http.server
import sys
LOGIN = "Basic " + base64.b64encode(b"ann:Tr0ub4dor").decode()
FEED = b"""<rss version="2.0"><channel><title>Inside</title><link>/</link><description>d</description>
<item><title>One</title><link>/post/1</link><guid>1</guid><pubDate>Mon, 02 Mar 2026 06:00:00 GMT</pubDate>
<description>&lt;a href="more"&gt;m&lt;/a&gt; &lt;img src="/p.png" alt="p"&gt;
&lt;a href="http://ann:Tr0ub4dor@other.example/x"&gt;y&lt;/a&gt;</description>
<enclosure url="/a.mp3" type="audio/mpeg" length="1"/></item></channel></rss>"""
PAGE = b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>'
class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        status, fields, body = 200, {}, FEED
        if self.headers.get("Authorization") != LOGIN:
            status, body = 401, b""
        elif self.path == "/moved":
            status, fields, body = 301, {"Location": "/feed"}, b""
        elif self.path == "/page":
            fields, body = {"Content-Type": "text/html"}, PAGE
        elif self.path == "/broken":
            status, body = 500, b""
        elif self.path == "/no":
            body = b"nothing of that kind"
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
with open(sys.argv[1], "w") as f:
    f.write(str(server.server_port))
server.serve_forever()
P
python3 "$W/server.py" "$W/port" &
kill_later $!
wait_for 10 test -s "$W/port"
at=http://ann:Tr0ub4dor@127.0.0.1:$(cat "$W/port")
printf '<opml version="2.0"><body><outline xmlUrl="%s/no"/></body></opml>\n' "$at" >"$W/list.opml"
cat >"$W/c.conf" <<C
[newsletter]
from = planet@news.example
postal_address = Here 1
[list]
command_address = planet@news.example
[digest]
images = inline-remote
schedule = off
[feeds]
feeds_from = list.opml
[fetch]
allow_private = yes
proxy = none
host_pause = 0s
every = 1s
[feed a]
url = $at/feed
face = $at/face.png
[$at/moved]
[$at/broken]
[$at/page]
name = A page
C
: >"$W/all"
say() {
	run pp -c c.conf -d state --now "2026-03-02T0$n:00:00Z" "$@"
	n=$((n + 1))
	[ $n -lt 10 ] || n=8
	cat "$W/out" "$W/err" >>"$W/all"
}
n=7
say sub add ann@reader.example --confirmed-by "said so"
say run -vv
ok "a letter was made" test "$(find "$W/outbox" -name '*.eml' | wc -l)" = 1
python3 - "$W"/outbox/*.eml >"$W/letter" <<'P'
import email, email.policy, sys
message = email.message_from_file(open(sys.argv[1]), policy=email.policy.default)
for part in message.walk():
    if part.get_content_maintype() == "text":
        print(part.get_content())
P
like "$(cat "$W/letter")" "http://127.0.0.1:[0-9]*/post/1" "with the post behind the password"
cat "$W/letter" >>"$W/all"
for command in status "status --json" "feed list" "feed list --json" "feed test a -vv" \
	"feed test $at/moved" "feed test $at/page" "feed test $at/broken" "feed test $at/no" \
	"fetch -vv" "run --strict" "issue show last" "issue list" "preview --text" "export mbox" \
	"config check" "feed add $at/broken" "feed add $at/page" "feed add $at/feed" \
	"feed remove no-such" "preview $at/feed"; do
	say $command
done
ok "and all of them said something" test "$(wc -l <"$W/all")" -gt 100
unlike "$(cat "$W/all")" "Tr0ub4dor" "no command, log or letter tells the password"
cp "$W/c.conf" "$W/d.conf"
sed -i 's|^proxy = none|proxy = http://ann:Tr0ub4dor@127.0.0.1:9|' "$W/d.conf"
run pp -c d.conf -d state config show
out_like 'http://127.0.0.1:9' "the proxy is shown"
unlike "$(cat "$W/out")" "Tr0ub4dor" "without its password"
run pp -c d.conf -d state --now 2026-03-09T08:00:00Z run -vv
unlike "$(cat "$W/out" "$W/err")" "Tr0ub4dor" "and not told when it does not answer"
# What is to be asked keeps it: the configuration is where it stands.
printf '[fetch]\nallow_private = yes\nproxy = none\n' >"$W/new.conf"
run pp -c new.conf -d new feed add "$at/moved"
exits 0 "a private feed that moved is added"
ok "with its password" grep -q "^\[$at/feed\]" "$W/new.conf"
finish

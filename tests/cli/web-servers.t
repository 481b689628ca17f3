#!/bin/sh
# SPDX-License-Identifier: ISC
# The recipes of contrib as they stand, but for names and places: each web server is started on
# loopback, and one click through it leaves.
. tests/cli/lib.sh
need curl python3

cat >"$W/c.conf" <<C
[newsletter]
name = Planet Quay
from = Planet Quay <planet@quay.example>
postal_address = 1 Harbour Street
[fetch]
allow_files = yes
[digest]
schedule = off
[web]
url = https://news.example.org
answers = elsewhere
[feed ferry]
url = file:$TOP/config/demo/atom.xml
C
for name in ann bo cy; do
	run pp -c c.conf -d state --now 2026-01-14T08:00:00Z sub add $name@reader.example --confirmed-by "said so"
done
run pp -c c.conf -d state --now 2026-01-15T08:00:00Z run
exits 0 "three letters are written"
leave_of() {
	grep -l "^To: $1@" "$W"/outbox/*.eml | xargs sed -n 's|.*news.example.org\(/u/[a-z0-9]*\)>.*|\1|p' |
		head -n 1
}
port=$(free_port)
(cd "$W" && exec env HOME="$W/home" "$PLANETPOST" -c c.conf -d state \
	--now 2026-01-15T09:00:00Z serve --listen "unix:$W/web.sock") \
	>"$W/serve.out" 2>"$W/serve.err" </dev/null &
kill_later $!
wait_for 20 test -S "$W/web.sock"

# leaves NAME SERVER: one click through the server.
leaves() {
	link=$(leave_of "$1")
	wait_for 20 curl -s -o /dev/null -H 'Host: news.example.org' "http://127.0.0.1:$port/privacy"
	got=$(curl -s -m 30 -w ' %{http_code} %{num_redirects}' -H 'Host: news.example.org' \
		-d List-Unsubscribe=One-Click "http://127.0.0.1:$port$link" | tr '\n' ' ')
	is "$got" "unsubscribed  200 0" "one click through $2 leaves"
	run pp -c c.conf -d state sub show "$1@reader.example"
	out_like "state +left" "and is written down"
	got=$(curl -s -m 30 -o /dev/null -w '%{http_code} %{content_type}' -H 'Host: news.example.org' \
		"http://127.0.0.1:$port/style.css")
	is "$got" "200 text/css; charset=utf-8" "$2 passes the style sheet on"
	got=$(head -c 200000 /dev/zero | curl -s -m 30 -o /dev/null -w '%{http_code}' \
		-H 'Host: news.example.org' --data-binary @- "http://127.0.0.1:$port$link")
	is "$got" 413 "and a body beyond any form is refused"
	# What a stranger writes of where they are makes no new network of theirs.
	shown=$(curl -s -m 30 -H 'Host: news.example.org' "http://127.0.0.1:$port/" |
		sed -n 's/.*name="shown" value="\([^"]*\)".*/\1/p')
	sleep 2.1
	for n in 1 2 3 4 5 6; do
		got=$(curl -s -m 30 -o /dev/null -w '%{http_code}' -H 'Host: news.example.org' \
			-H "X-Forwarded-For: 198.51.10$n.1" -H "Forwarded: for=203.0.11$n.1" \
			-d "rhythm=each&shown=$shown&email=$1$n@reader.example" \
			"http://127.0.0.1:$port/subscribe")
	done
	is "$got" 429 "who claims to be elsewhere each time is told by $2 all the same"
}

if command -v nginx >/dev/null || [ -x /usr/sbin/nginx ]; then
	mkdir "$W/nginx"
	{
		[ "$(id -u)" != 0 ] || echo "user nobody nogroup;"
		echo "pid $W/nginx/pid; error_log $W/nginx/error.log; worker_processes 1;"
		echo "events { worker_connections 64; } http { access_log $W/nginx/access.log;"
		echo "client_body_temp_path $W/nginx/c; proxy_temp_path $W/nginx/p;"
		echo "fastcgi_temp_path $W/nginx/f; uwsgi_temp_path $W/nginx/u; scgi_temp_path $W/nginx/s;"
		sed "s|listen 443 ssl http2|listen 127.0.0.1:$port|; /ssl_certificate/d
			s|/run/planetpost/web.sock|$W/web.sock|" "$TOP/contrib/nginx.conf"
		echo "}"
	} >"$W/nginx.conf"
	PATH=$PATH:/usr/sbin nginx -c "$W/nginx.conf" -e "$W/nginx/error.log" >"$W/nginx.log" 2>&1 </dev/null ||
		fail "nginx starts" "$(cat "$W/nginx.log")"
	on_exit "kill \$(cat '$W/nginx/pid') 2>/dev/null"
	leaves ann nginx
	unlike "$(cat "$W/nginx/access.log")" "/u/" "its log has no link of a reader"
else
	skip "one click through nginx leaves" "nginx is not installed"
fi

if command -v caddy >/dev/null; then
	port=$(free_port)
	{
		printf '{\n\tadmin off\n\tauto_https off\n}\n'
		sed "s|^news.example.org|http://news.example.org:$port|
			s|/run/planetpost/web.sock|$W/web.sock|" "$TOP/contrib/Caddyfile"
	} >"$W/Caddyfile"
	HOME="$W/home" XDG_DATA_HOME="$W/home" XDG_CONFIG_HOME="$W/home" \
		caddy run --adapter caddyfile --config "$W/Caddyfile" >"$W/caddy.log" 2>&1 </dev/null &
	kill_later $!
	leaves bo Caddy
	unlike "$(cat "$W/caddy.log")" "/u/" "its log has no link of a reader"
else
	skip "one click through Caddy leaves" "caddy is not installed"
fi

if command -v lighttpd >/dev/null || [ -x /usr/sbin/lighttpd ]; then
	port=$(free_port)
	sed "s|/usr/local/bin/planetpost|$PLANETPOST|; s|/etc/planetpost/planetpost.conf|$W/c.conf|
		s|/var/lib/planetpost|$W/state|" "$TOP/contrib/planetpost.cgi" >"$W/planetpost.cgi"
	chmod 755 "$W/planetpost.cgi"
	{
		echo "server.document-root = \"$W/home\""
		echo "server.port = $port"
		echo "server.bind = \"127.0.0.1\""
		echo "server.errorlog = \"$W/lighttpd.log\""
		echo "server.upload-dirs = ( \"$W\" )"
		sed "s|/usr/local/lib/planetpost/|$W/|" "$TOP/contrib/lighttpd.conf"
	} >"$W/lighttpd.conf"
	(cd "$W" && PATH=$PATH:/usr/sbin exec lighttpd -D -f "$W/lighttpd.conf") >"$W/lighttpd.out" 2>&1 </dev/null &
	kill_later $!
	leaves cy "lighttpd and CGI"
	unlike "$(cat "$W/lighttpd.log" "$W/lighttpd.out")" "/u/" "its log has no link of a reader"
else
	skip "one click through lighttpd leaves" "lighttpd is not installed"
fi

# A socket that is handed over, as systemd does it.
port=$(free_port)
cat >"$W/activate.py" <<'P'
import os, socket, sys
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", int(sys.argv[1])))
s.listen()
os.dup2(s.fileno(), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], sys.argv[2:])
P
(cd "$W" && exec python3 activate.py "$port" "$PLANETPOST" -c c.conf -d state serve) >"$W/handed.out" 2>&1 &
kill_later $!
ok "a socket that was handed over is answered" wait_for 20 curl -sf -o /dev/null "http://127.0.0.1:$port/privacy"

if command -v systemd-analyze >/dev/null; then
	for unit in planetpost-web:6 planetpost:12 planetpost-answers:12; do
		name=${unit%:*}
		sed 's|@BIN@|/usr/bin|' "$TOP/contrib/systemd/$name.service" >"$W/$name.service"
		ok "systemd finds $name.service safe" systemd-analyze security --offline=yes --no-pager \
			--threshold="${unit#*:}" "$W/$name.service"
	done
	mkdir "$W/units"
	for file in "$TOP"/contrib/systemd/planetpost*.[pst][aeoi]*; do
		case $file in *.sysusers) continue ;; esac
		sed 's|@BIN@|/usr/bin|; s|/usr/bin/planetpost |/bin/true |' "$file" >"$W/units/${file##*/}"
	done
	run systemd-analyze verify --man=no "$W/units/planetpost.path" "$W/units/planetpost.timer" \
		"$W/units/planetpost-web.socket"
	is "$status $(grep -c planetpost "$W/err")" "0 0" "systemd understands all units"
	like "$(cat "$W/units/planetpost.path")" "^Unit=planetpost-answers.service" \
		"what answers somebody waits for no feed"
	like "$(cat "$W/units/planetpost.path")" "PathChanged=/var/lib/planetpost/planetpost.db.wake" \
		"a run begins when the pages touch their file"
else
	skip "systemd finds planetpost-web.service safe" "systemd is not installed"
fi
finish

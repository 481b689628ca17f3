#!/bin/sh
# SPDX-License-Identifier: ISC
# What a person at a terminal sees, and what cron does not.
. tests/cli/lib.sh
need python3
need_terminal

cp tests/fixtures/planet/*.* "$W/"
# Both ends are slow, so that there is something to show progress of.
cat >"$W/slow.py" <<'P'
import http.server, os, sys, time
os.chdir(sys.argv[1])
class Slow(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        time.sleep(0.3)
        super().do_GET()
s = http.server.HTTPServer(("127.0.0.1", 0), Slow)
with open("web.new", "w") as f:
    f.write(str(s.server_address[1]))
os.rename("web.new", "web")
s.serve_forever()
P
python3 "$W/slow.py" "$W" >"$W/web.log" 2>&1 </dev/null &
kill_later $!
mkdir "$W/l"
python3 tests/servers/ledger.py "$W/l" --delay 0.3 >"$W/l/log" 2>&1 </dev/null &
kill_later $!
wait_for 10 test -e "$W/l/port"
wait_for 10 test -e "$W/web"
web=http://127.0.0.1:$(cat "$W/web")

cat >"$W/c.conf" <<C
[newsletter]
name = Planet Quay
timezone = UTC
from = Planet Quay <planet@quay.example>
[fetch]
allow_private = yes
host_pause = 0s
[digest]
schedule = off
[list]
command_address = planet@quay.example
[transport]
method = smtp
[smtp]
host = 127.0.0.1
port = $(cat "$W/l/port")
security = none
connections = 1
[feed lighthouse]
url = $web/rss20.rss
[feed rope]
url = $web/rdf.rdf
[feed page]
url = $web/page.html
C
cat >"$W/readers.csv" <<C
email
ann@reader.example
bo@reader.example
cy@reader.example
dee@reader.example
C
tty() { # STATE TERM ARG...
	tty_state=$1
	tty_term=$2
	shift 2
	(cd "$W" && env HOME="$W/home" TERM="$tty_term" python3 "$TOP/tests/cli/terminal.py" \
		"$PLANETPOST" -c c.conf -d "$tty_state" --now 2026-03-02T08:00:00Z "$@")
}
esc=$(printf '\033')
cr=$(printf '\r')

for state in a b c; do
	run pp -c c.conf -d $state sub import readers.csv --confirmed-by x
done

# ---- a person ----
run tty a xterm run
exits 0 "a run on a terminal ends well"
out_like 'Fetching' "it shows progress while it fetches"
out_like 'Submitting' "and while it sends"
like "$(tr '\r' '\n' <"$W/out")" '[█#]' "as a bar"
like "$(cat "$W/out")" "$cr.*$esc\\[(0?K|2K)|$cr +$cr" "which is wiped away at the end"
# What stays: every line after its last carriage return or erasure.
sed "s/$cr\$//; s/.*$esc\\[2\\{0,1\\}K//; s/.*$cr//" "$W/out" >"$W/kept"
like "$(cat "$W/kept")" '^Fetched .*3 new entries' "what was fetched stays to be read"
like "$(cat "$W/kept")" '^Built .*2026-03-02' "and what was built"
like "$(cat "$W/kept")" '^Submitted .* 4 accepted' "and what was sent"
unlike "$(cat "$W/kept")" '█|Fetching' "the bar does not"

run tty b dumb run
exits 0 "a dumb terminal is enough"
unlike "$(cat "$W/out")" "$esc" "and gets no escape sequence"

run tty a xterm feed list
out_like '^(FEED|NAME|KEY)' "a list on a terminal has a heading"
run tty a xterm sub list
out_like 'ann@reader\.example +active' "and aligned columns"
run tty a xterm -q run
exits 0 "a quiet run"
out_empty "says nothing even there"

# ---- nobody ----
run pp -c c.conf -d c --now 2026-03-02T08:00:00Z run
exits 0 "a run without any terminal ends well"
out_empty "and says nothing"
err_empty "nothing at all, so that cron sends no mail"
# systemd's journal is no terminal either, but asked for.
run env JOURNAL_STREAM=8:1 HOME="$W/home" sh -c "cd '$W' && exec '$PLANETPOST' -c c.conf -d c \
	--now 2026-03-02T10:00:00Z run </dev/null"
exits 0 "a run under systemd ends well"
err_like '^<6>.*event=fetch\.done .*feeds=3' "and tells the journal what it did"

# ---- asking ----
run pp -c new.conf init
ok "init asks nothing where nobody can answer" test "$status" != 130
finish

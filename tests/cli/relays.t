#!/bin/sh
# SPDX-License-Identifier: ISC
# Real mail servers: chunks ahead of the answers, and three of them of which one dies in mid-send.
. tests/cli/lib.sh
need python3
[ "$(id -u)" = 0 ] || skip_all "only root can start Postfix"
[ -x /usr/sbin/postfix ] || skip_all "Postfix is not installed"

sh tests/servers/mkpki.sh "$W/pki" >/dev/null 2>&1
for n in 1 2 3; do
	mkdir -p "$W/p$n"
	cp -r "$W/pki" "$W/p$n/pki"
	: >"$W/p$n/readers"
	eval "port$n=$(sh tests/servers/postfix.sh "$W/p$n" start)"
	on_exit "sh tests/servers/postfix.sh '$W/p$n' stop 2>/dev/null"
done
cp config/demo/rss20.xml "$W/"
config() {
	cat <<C
[newsletter]
name = Quay
from = Quay <quay@mail.test>
[fetch]
allow_files = yes
[digest]
schedule = off
[transport]
method = smtp
[feed a]
url = file:rss20.xml
C
}
relay() { # NAME PORT
	printf '[%s]\nhost = localhost\nport = %s\nsecurity = starttls\nca_file = %s\nconnections = 2\n' \
		"$1" "$2" "$W/pki/ca.crt"
}
list() { # COUNT
	echo email,confirmed_by
	for i in $(seq "$1"); do echo "r$i@mail.test,form"; done
}
letters_of() { find "$W/p$1/mail" -path '*/new/*' -type f 2>/dev/null; }
count() { letters_of "$1" | wc -l | tr -d ' '; }
who() { for n; do letters_of "$n"; done | xargs -r grep -h -m1 -o '^To: .*' | sed 's/.*\(r[0-9]*@\)/\1/'; }
has() { [ "$(count "$1")" -ge "$2" ]; }

# ---- Postfix takes chunks ----
{ config; relay smtp "$port1"; } >"$W/c.conf"
list 80 >"$W/l.csv"
run pp -c "$W/c.conf" -d "$W/one" sub import "$W/l.csv"
run pp -c "$W/c.conf" -d "$W/one" -vv run
exits 0 "eighty letters go to Postfix"
like "$(grep -c 'C: BDAT' "$W/err")" '^[5-9][0-9]$' "most of them as chunks"
like "$(cat "$W/err")" 'NOTIFY=FAILURE ORCPT=rfc822;r1@mail.test' "reports are asked for"
ok "all arrive" wait_for 30 has 1 80
is "$(who 1 | sort -u | wc -l | tr -d ' ')" 80 "each in its own mailbox's name"
ok "they are sound" python3 tests/cli/letters.py check "$(letters_of 1 | head -n 1)"
is "$(letters_of 1 | xargs grep -L "List-Id" | wc -l | tr -d ' ')" 0 "and whole"
find "$W/p1/mail" -path '*/new/*' -type f -delete

# ---- exim4 ----
if mkdir "$W/e" && eport=$(sh tests/servers/exim.sh "$W/e" start 2>/dev/null); then
	on_exit "sh tests/servers/exim.sh '$W/e' stop 2>/dev/null"
	{ config; printf '[smtp]\nhost = localhost\nport = %s\nsecurity = none\n' "$eport"; } >"$W/e.conf"
	run pp -c "$W/e.conf" -d "$W/exim" sub import "$W/l.csv"
	run pp -c "$W/e.conf" -d "$W/exim" -vv run
	exits 0 "eighty letters go to exim4"
	like "$(grep -c 'C: BDAT' "$W/err")" '^[5-9][0-9]$' "most of them as chunks too"
	is "$(grep -c ' <= ' "$W/e/log/main")" 80 "and it took each once"
	sh tests/servers/exim.sh "$W/e" stop >/dev/null 2>&1
else
	skip "exim4 takes chunks" "exim4 is not installed"
fi

# ---- three, of which one dies ----
# Slow enough that there is a middle for it to die in.
{ config; relay 'relay a' "$port1"; echo 'rate = 40'; relay 'relay b' "$port2"
	echo 'rate = 40'; relay 'relay c' "$port3"; printf 'rate = 80\nshare = 2\n'; } >"$W/c.conf"
list 600 >"$W/l.csv"
run pp -c "$W/c.conf" -d "$W/three" sub import "$W/l.csv"
pp -c "$W/c.conf" -d "$W/three" run >"$W/out" 2>"$W/run.err" &
sender=$!
ok "letters go to the second of three" wait_for 60 has 2 8
kill -9 $(pgrep -P "$(tr -d ' ' <"$W/p2/spool/pid/master.pid")" smtpd) 2>/dev/null
sh tests/servers/postfix.sh "$W/p2" stop
wait $sender
status=$?
like "$status" '^[03]$' "the send ends well without it"
like "$(cat "$W/run.err")" '^warn smtp: b: .*; its letters go to others' "which is told"
# What it had taken and not put into a mailbox yet it delivers when it is back.
sh tests/servers/postfix.sh "$W/p2" start >/dev/null
# A letter that had not left when the connection broke is put off, and goes with a later run.
later=$(python3 -c 'import time
print(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 7200)))')
pp -c "$W/c.conf" -d "$W/three" --now "$later" run >"$W/out" 2>"$W/later.err"
unknown=$(pp -c "$W/c.conf" -d "$W/three" status --json | sed -n 's/.*"last_unknown": \([0-9]*\).*/\1/p')
took() { has 1 150 && [ $(($(count 1) + $(count 2) + $(count 3) + unknown)) -ge 600 ]; }
ok "all arrive but those in doubt ($unknown)" wait_for 60 took
ok "few are in doubt" test "$unknown" -le 16
is "$(who 1 2 3 | sort | uniq -d)" "" "nobody has two"
one=$(count 1)
three=$(count 3)
ok "the two others keep their shares ($one, $three)" \
	test $((one * 2 - three)) -le 60 -a $((three - one * 2)) -le 60
finish

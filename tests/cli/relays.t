#!/bin/sh
# SPDX-License-Identifier: ISC
# Real mail servers: chunks ahead of the answers, and three of them of which one is slow, one
# refuses, and one dies in mid-send.
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

# ---- three: one slow, one that refuses, one killed in mid-send ----
# A second at each recipient; and one that takes nothing from us.
echo "smtpd_recipient_restrictions = sleep 1, permit_mynetworks, reject" >"$W/p2/main.more"
echo "smtpd_client_restrictions = check_client_access static:{554 5.7.1 not from you}" \
	>"$W/p3/main.more"
for n in 2 3; do
	sh tests/servers/postfix.sh "$W/p$n" stop
	eval "port$n=$(sh tests/servers/postfix.sh "$W/p$n" start)"
done
relays() { # SHARES OF a, b, c; CONNECTIONS OF b
	config
	relay 'relay a' "$port1"
	echo "share = $1"
	relay 'relay b' "$port2" | sed "s/^connections.*/connections = $4/"
	echo "share = $2"
	relay 'relay c' "$port3"
	echo "share = $3"
}
near() { # GOT WANT: within 5 % of what is its due
	[ $((($1 - $2) * 20)) -le "$2" ] && [ $((($2 - $1) * 20)) -le "$2" ]
}
clear_mail() { for n in 1 2 3; do find "$W/p$n/mail" -path '*/new/*' -type f -delete; done; }
unknown_of() {
	pp -c "$W/c.conf" -d "$1" status --json | sed -n 's/.*"last_unknown": \([0-9]*\).*/\1/p'
}
list 300 >"$W/l.csv"
relays 1 2 3 20 >"$W/c.conf"
run pp -c "$W/c.conf" -d "$W/shares" sub import "$W/l.csv"
run pp -c "$W/c.conf" -d "$W/shares" run
exits 0 "letters go though one of three is slow and one refuses all of them"
like "$(cat "$W/err")" '^warn smtp: c: .*not from you.*; its letters go to others' "which is told"
all_there() { [ $(($(count 1) + $(count 2) + $(count 3))) -ge "$1" ]; }
ok "all arrive" wait_for 60 all_there 300
is "$(who 1 2 3 | sort -u | wc -l | tr -d ' ')" 300 "everybody gets the issue once"
is "$(count 3)" 0 "nothing by the one that refuses"
ok "the others keep their shares of 1 and 2 ($(count 1), $(count 2))" near "$(count 1)" 100
ok "the slow one too" near "$(count 2)" 200
clear_mail

# The first dies with letters in its hands, and is there again before the end.
list 560 >"$W/l.csv"
relays 1 1 1 10 >"$W/c.conf"
run pp -c "$W/c.conf" -d "$W/three" sub import "$W/l.csv"
pp -c "$W/c.conf" -d "$W/three" -v run >"$W/out" 2>"$W/run.err" &
sender=$!
ok "letters go to the first of three" wait_for 60 has 1 20
# Its master goes first: it would put others there, and they would die with letters too.
master=$(tr -d ' ' <"$W/p1/spool/pid/master.pid")
kill -9 "$master" $(pgrep -P "$master" smtpd) 2>/dev/null
sh tests/servers/postfix.sh "$W/p1" stop
before=$(count 1)
told() { grep -q '^warn smtp: a: .*; its letters go to others' "$W/run.err"; }
ok "that it died is told" wait_for 60 told
# What it had taken and not put into a mailbox yet it delivers when it is back.
is "$(sh tests/servers/postfix.sh "$W/p1" start)" "$port1" "it is there again"
wait $sender
status=$?
like "$status" '^[03]$' "the send ends well"
# A letter that had not left when the connection broke is put off, and goes with a later run.
later=$(python3 -c 'import time
print(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 7200)))')
pp -c "$W/c.conf" -d "$W/three" --now "$later" run >"$W/out" 2>"$W/later.err"
unknown=$(unknown_of "$W/three")
ok "all arrive but those in doubt ($unknown)" wait_for 60 all_there $((560 - unknown))
ok "no more are in doubt than two connections have on the way" test "$unknown" -le 16
is "$(who 1 2 3 | sort | uniq -d)" "" "nobody has two"
is "$(count 3)" 0 "nothing by the one that refuses"
ok "the first takes letters again ($before before, $(count 1) in all, $(count 2) by the slow one)" \
	test "$(count 1)" -ge $((before + 40))
finish

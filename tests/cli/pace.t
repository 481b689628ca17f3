#!/bin/sh
# SPDX-License-Identifier: ISC
# When letters go: quiet hours, and how many in an hour.
. tests/cli/lib.sh
need python3

cp config/demo/rss20.xml "$W/"
mkdir "$W/mail"
serve() { printf '%s\n' "$W/mail" "pki=$W/pki" "$@" >"$W/control"; }
serve
python3 tests/servers/smtpd.py --control "$W/control" >"$W/port" &
kill_later $!
wait_for 10 test -s "$W/port"
port=$(cat "$W/port")
config() { # LINE...
	cat <<C
[newsletter]
name = Quay
from = Quay <quay@mail.test>
timezone = Europe/Paris
[fetch]
allow_files = yes
[digest]
schedule = off
[transport]
method = smtp
[feed a]
url = file:rss20.xml
[smtp]
host = localhost
port = $port
security = none
C
	printf '%s\n' "$@"
}
readers() { # DIR COUNT
	{ echo email,confirmed_by; for i in $(seq "$2"); do echo "r$i@r.example,form"; done; } \
		>"$W/l.csv"
	pp -c c.conf -d "$1" sub import "$W/l.csv" >/dev/null 2>&1
}
at() { # TIME DIR WORD...
	when=$1
	where=$2
	shift 2
	run pp -c c.conf -d "$where" --now "$when" "$@"
}
accepted() { grep -c '^accepted' "$W/mail/log"; }
twice() { grep -o '^accepted [^ ]* [^ ]*' "$W/mail/log" | cut -d' ' -f3 | sort | uniq -d; }
: >"$W/mail/log"

# ---- quiet hours ----
config "quiet_hours = 22:00-07:00" >"$W/c.conf"
run pp -c c.conf config check
exits 0 "config check takes quiet hours"
run pp -c c.conf config show smtp.quiet_hours
out_like '22:00-07:00' "config show shows them"
readers q 3
at 2026-11-24T22:00:00Z q run
exits 0 "a run in quiet hours, by the newsletter's clock, is well"
err_empty "and cron hears nothing"
is "$(accepted)" 0 "no letter is begun"
at 2026-11-24T23:30:00Z q -v run
out_like 'Quiet hours until 2026-11-25 07:00: 3 letters wait' "it says until when to whoever looks"
at 2026-11-24T23:30:00Z q status
out_like '^quiet  until 2026-11-25 07:00' "status shows it"
at 2026-11-24T23:30:00Z q status --json
out_like '"quiet_until": "2026-11-25T06:00:00Z"' "for programs too"
at 2026-11-24T23:30:00Z q issue send last
exits 3 "an issue sent by hand waits as well"
is "$(accepted)" 0 "no letter is begun"
at 2026-11-24T23:30:00Z q issue test last keeper@r.example
exits 0 "a test letter goes"
is "$(accepted)" 1 "at once"
at 2026-11-25T05:59:00Z q run
is "$(accepted)" 1 "a minute before seven nothing goes"
at 2026-11-25T06:00:00Z q run
exits 0 "at seven letters go"
is "$(accepted)" 4 "all of them"
at 2026-11-25T06:00:00Z q status
unlike "$(cat "$W/out")" '^quiet' "and status says nothing of quiet"
: >"$W/mail/log"
config "quiet_hours = 22:00-07:00" "rate = 4" >"$W/c.conf"
readers begin 40
at 2026-11-24T20:59:57Z begin run
exits 0 "quiet hours that begin while letters go end the run"
some=$(accepted)
ok "some letters went before ($some)" test "$some" -ge 4 -a "$some" -le 20
at 2026-11-25T06:00:00Z begin status
out_like "$some accepted, $((40 - some)) to retry, 0 refused" "the others wait"
config "quiet_hours = 22:00-07:00" >"$W/c.conf"
at 2026-11-25T06:00:00Z begin run
is "$(accepted)" 40 "and go in the morning"
is "$(twice)" "" "nobody twice"
: >"$W/mail/log"
config "quiet_hours = 22:00-02:30" >"$W/c.conf"
readers night 2
at 2026-10-25T00:45:00Z night run
at 2026-10-25T01:15:00Z night run
is "$(accepted)" 0 "in the night with an hour twice it is quiet until the clock has shown the end twice"
at 2026-10-25T01:30:00Z night run
is "$(accepted)" 2 "and not longer"
config "quiet_hours = ten" >"$W/c.conf"
run pp -c c.conf config check
exits 6 "what is no time is refused"
err_like 'two times of the day such as 22:00-07:00' "with what is meant"

# ---- so many in an hour, whichever run they went with ----
: >"$W/mail/log"
config "per_hour = 5" >"$W/c.conf"
readers hour 12
has() { [ "$(accepted)" -ge "$1" ]; }
# A run that waits for its hour, and is told to end.
part() { # TIME COUNT
	(cd "$W" && exec env HOME="$W/home" TERM=dumb "$PLANETPOST" -c c.conf -d hour --now "$1" \
		-v run </dev/null >"$W/part" 2>&1) &
	part=$!
	ok "at $1 there are $2" wait_for 20 has "$2"
	wait_for 10 grep -q 'goes on at' "$W/part"
	# What was answered stands in the database when nothing came for a second.
	settled() { at "$1" hour status && grep -q " $2 accepted" "$W/out"; }
	wait_for 10 settled "$1" "$2"
	kill -TERM $part
	wait $part
}
part 2026-11-24T09:05:20Z 5
like "$(cat "$W/part")" 'localhost has had the 5 letters of an hour \(smtp\.per_hour\): goes on at 11:06' \
	"when five letters an hour are gone it says when it goes on"
out_like '^pace   smtp had the 5 letters of an hour: goes on at 2026-11-24 11:06' \
	"status says it too, while it waits"
is "$(accepted)" 5 "and not more went"
part 2026-11-24T09:40:00Z 5
is "$(accepted)" 5 "a later run knows of the letters of the earlier one"
like "$(cat "$W/part")" 'goes on at 11:06' "and when their hour is over"
part 2026-11-24T10:06:00Z 10
is "$(accepted)" 10 "then the next five go"
at 2026-11-24T10:20:00Z hour status --json
out_like '"pace_until": "2026-11-24T11:07:00Z"' "programs are told as well"
at 2026-11-24T12:00:00Z hour run
exits 0 "and the last two an hour later"
is "$(accepted)" 12 "which were all"
is "$(twice)" "" "nobody had two"
at 2026-11-24T12:00:00Z hour status
unlike "$(cat "$W/out")" '^pace' "with room in the hour status says nothing of it"
finish

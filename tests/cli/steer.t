#!/bin/sh
# SPDX-License-Identifier: ISC
# An issue is paused while its letters go out, goes on, and is cancelled.
. tests/cli/lib.sh
need python3

mkdir "$W/mail"
python3 tests/servers/smtpd.py "$W/mail" >"$W/port" 2>/dev/null &
kill_later $!
ok "a mail server listens" wait_for 10 test -s "$W/port"
cp config/demo/rss20.xml "$W/"
cat >"$W/c.conf" <<C
[newsletter]
name = Quay
from = Quay <quay@news.example>
[fetch]
allow_files = yes
[digest]
schedule = off
[transport]
method = smtp
[smtp]
host = localhost
port = $(cat "$W/port")
security = none
rate = 10
[feed a]
url = file:rss20.xml
C
p() { pp -c "$W/c.conf" -d "$W/s" "$@"; }
arrived() { grep -c '^accepted' "$W/mail/log" 2>/dev/null || true; }
some_arrived() { [ "$(arrived)" -ge 3 ]; }
{ echo email,confirmed_by; for i in $(seq 40); do echo "r$i@reader.example,form"; done; } >"$W/l.csv"
run p sub import "$W/l.csv"
exits 0 "forty readers are imported"

# ---- a pause in mid-send ----
run p issue pause last
exits 1 "without an issue there is nothing to pause"
p run >"$W/run.out" 2>"$W/run.err" &
sender=$!
ok "letters go out" wait_for 30 some_arrived
run p issue cancel last
exits 5 "a send under way is not cancelled behind its back"
run p issue pause last
exits 0 "it is paused beside the send"
ok "the send stops" wait_for 30 sh -c "! kill -0 $sender 2>/dev/null"
wait $sender
n=$(arrived)
ok "before all letters went ($n)" test "$n" -lt 40
run p issue list
out_like '	paused	' "the list says so"
run p run
exits 0 "the next run has nothing to do for it"
is "$(arrived)" "$n" "and sends none of it"
run p issue pause last
exits 1 "what is paused is not paused again"
err_like 'is paused: only one whose letters go out' "and why"
run p issue resume last
exits 0 "it is resumed"
run p issue resume last
exits 1 "once"
sed 's/^rate = .*/rate = 0/' "$W/c.conf" >"$W/c.new" && mv "$W/c.new" "$W/c.conf"
run p run
exits 0 "the next run sends the rest"
is "$(arrived)" 40 "all letters arrived"
is "$(sed -n 's/^accepted [^ ]* \([^ ]*\) .*/\1/p' "$W/mail/log" | sort -u | wc -l | tr -d ' ')" 40 \
	"each reader has one"
run p issue cancel last
exits 1 "what was sent is not called back"

# ---- a draft is cancelled ----
printf '[approval]\nmode = manual\n' >>"$W/c.conf"
p() { pp -c "$W/c.conf" -d "$W/two" "$@"; }
run p sub add ann@reader.example --confirmed-by form
run p run
issue=$(p issue list | awk -F '\t' '$2 == "draft" { print $1 }')
like "$issue" '.' "a draft waits"
run p -v issue cancel "$issue"
exits 0 "a draft is cancelled"
out_like "Issue $issue is cancelled: 0 sent" "and it says of how many"
run p issue send "$issue"
exits 1 "then it is not sent"
is "$(arrived)" 40 "and nobody got it"
finish

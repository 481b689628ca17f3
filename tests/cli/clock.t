#!/bin/sh
# SPDX-License-Identifier: ISC
# A clock that was wrong for a run: afterwards feeds are asked and letters go as if nothing had
# been, and nothing was tidied away.
. tests/cli/lib.sh
need python3

cat >"$W/c.conf" <<'C'
[newsletter]
from = planet@news.example
postal_address = Here 1
timezone = UTC
[list]
command_address = planet@news.example
[digest]
schedule = daily 07:00
[fetch]
allow_files = yes
[feed a]
url = file:a.xml
C
# feed N: N posts without dates.
feed() {
	{
		printf '<rss version="2.0"><channel><title>A</title>\n'
		for i in $(seq "$1" -1 1); do
			printf '<item><title>Post %d</title><guid>%d</guid><link>https://a.example/%d</link></item>\n' \
				"$i" "$i" "$i"
		done
		printf '</channel></rss>\n'
	} >"$W/a.xml"
}
at() {
	when=$1
	shift
	run pp -c c.conf -d state --now "$when" "$@"
}
letters() {
	find "$W/outbox" -name '*.eml' | wc -l
}
at 2026-03-02T06:00:00Z sub add ann@reader.example --confirmed-by "said so"
at 2026-03-02T06:00:00Z sub add bob@reader.example --confirmed-by "said so"
run pp -c c.conf -d state --now 2026-03-02T06:00:00Z sub edit bob@reader.example --rhythm daily
feed 2
at 2026-03-02T07:30:00Z run
is "$(letters)" 2 "a letter to each before"
feed 3
at 2037-01-01T07:30:00Z run
exits 0 "a run in 2037"
is "$(letters)" 4 "sends what is due"
feed 4
at 2037-01-01T07:31:00Z fetch a
exits 0 "and something is seen that early"
feed 5
at 2026-03-03T07:30:00Z run
exits 0 "the clock is right again"
err_like 'clock: an earlier run.s clock led to waits until 2037' "that is told"
is "$(letters)" 6 "the letters of that day go"
feed 6
at 2026-03-04T07:30:00Z run
err_empty "once"
is "$(letters)" 8 "and those of the next"
at 2026-03-04T08:00:00Z issue show last
out_like '2026-03-04' "the last issue is the one that came last"
cp "$W/state/planetpost.db" "$W/before.db"
at 1970-01-01T00:05:00Z run
err_like 'clock says 1970' "a clock that lost its battery is told"
is "$(letters)" 8 "and mails nothing"

# ---- a day or so is no other rhythm ----
fresh() {
	rm -rf "$W/state" "$W/outbox"
	feed 2
	at 2026-01-27T06:00:00Z sub add eve@reader.example --confirmed-by "said so"
	at 2026-01-27T06:00:00Z sub add wim@reader.example --confirmed-by "said so"
	at 2026-01-27T06:00:00Z sub edit wim@reader.example --rhythm weekly --day wednesday \
		--hour 12
	at 2026-01-28T12:30:00Z run
	feed 3
}
fresh
is "$(letters)" 2 "a daily and a weekly reader have their letters"
at 2026-02-04T12:02:00Z run
is "$(letters)" 4 "a clock 30 hours ahead brings those of Wednesday on Tuesday"
feed 4
at 2026-02-03T08:02:00Z run
is "$(letters)" 4 "as the clock is right again nothing goes a second time"
feed 5
at 2026-02-05T08:02:00Z run
is "$(letters)" 5 "the next issue is for who gets each"
feed 6
at 2026-02-11T12:02:00Z run
is "$(letters)" 7 "a week later both have a letter"
fresh
at 2026-02-03T07:02:00Z run
is "$(letters)" 3 "the issue of a day is sent"
feed 4
at 2026-02-02T06:02:00Z run
is "$(letters)" 3 "a clock that falls back by 25 hours makes no issue of that slot again"
at 2026-02-04T07:02:00Z run
is "$(letters)" 4 "the next slot makes one"

# ---- nothing is tidied away ----
texts() {
	python3 -c 'import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("SELECT COUNT(*) FROM entry_text").fetchone()[0])' \
		"$W/state/planetpost.db"
}
before=$(texts)
feed 1
at 2036-01-01T08:00:00Z run
at 2036-01-01T09:00:00Z run
is "$(texts)" "$before" "a run far ahead drops no texts, nor does the one after it"
finish

#!/bin/sh
# SPDX-License-Identifier: ISC
# Nobody gets a letter twice: not when a run is killed while it sends, not when it is stopped,
# not when the server loses the connection.  The server's ledger is the judge.
. tests/cli/lib.sh
need python3 openssl

sh tests/servers/mkpki.sh "$W/pki"
mkdir "$W/l"
python3 tests/servers/ledger.py "$W/l" --starttls "$W/pki/good.crt" "$W/pki/good.key" \
	--delay 0.03 >"$W/l/log" 2>&1 </dev/null &
kill_later $!
wait_for 10 test -e "$W/l/port"
cp tests/fixtures/planet/rss20.rss "$W/feed.rss"

conf() { # STATE
	cat >"$W/$1.conf" <<C
[newsletter]
name = Planet Quay
timezone = UTC
from = Planet Quay <planet@mail.test>
[fetch]
allow_files = yes
[digest]
schedule = off
[list]
command_address = planet@mail.test
[transport]
method = smtp
[smtp]
host = localhost
port = $(cat "$W/l/port")
security = starttls
ca_file = pki/ca.crt
retry = 10m 30m
[feed lighthouse]
url = file:feed.rss
C
}
start() { # STATE TIME: a run in the background; its pid is in $running
	# HUP may be ignored by whoever started the tests (nohup).
	(cd "$W" && exec env --default-signal=HUP HOME="$W/home" TERM=dumb "$PLANETPOST" -c "$1.conf" -d "$1" \
		--now "$2" run </dev/null >"$W/$1.out" 2>"$W/$1.err") &
	running=$!
}
at() { # STATE TIME ARG...
	state=$1
	when=$2
	shift 2
	run pp -c "$state.conf" -d "$state" --now "$when" "$@"
}
readers() { # PREFIX N
	awk -v p="$1" -v n="$2" 'BEGIN { print "email"
		for (i = 1; i <= n; i++) printf "%s%04d@mail.test\n", p, i }' >"$W/$1.csv"
}
taken() { cut -d' ' -f1 "$W/l/ledger" 2>/dev/null | grep -c "^$1"; }
taken_at_least() { [ "$(taken "$1")" -ge "$2" ]; }
twice() { cut -d' ' -f1 "$W/l/ledger" | grep "^$1" | sort | uniq -d; }

# ---- killed ----
conf killed
readers k 500
at killed 2026-03-02T08:00:00Z sub import k.csv --confirmed-by "test"
exits 0 "five hundred readers are imported"
for stop_at in 40 150 260; do
	start killed 2026-03-02T09:00:00Z
	wait_for 60 taken_at_least k $stop_at
	kill -9 $running
	wait $running 2>/dev/null
	is $? 137 "a run is killed after about $stop_at letters"
done
at killed 2026-03-02T09:30:00Z run
like "$status" '^[03]$' "the run after that ends"
at killed 2026-03-02T09:40:00Z run
exits 0 "and the one after that has nothing to do"
is "$(twice k)" "" "nobody got a letter twice"
got=$(taken k)
at killed 2026-03-02T09:41:00Z issue show 2026-03-02
unknown=$(sed -n 's/^letters  \([0-9]*\) unknown$/\1/p' "$W/out")
diag "$got of 500 arrived, $unknown unknown"
like "$unknown" '^[0-9]+$' "what nobody can know is listed as unknown"
ok "which is at most what was on the connections: two letters each, three times" \
	test "$unknown" -le $((3 * 4 * 2))
is $((got + unknown >= 500)) 1 "every other letter has gone"
sed -n 's/^\(k[0-9]*@mail.test\)	unknown.*/\1/p' "$W/out" | sort >"$W/unknown"
sed 1d "$W/k.csv" | sort >"$W/all"
cut -d' ' -f1 "$W/l/ledger" | grep '^k' | sort >"$W/got"
is "$(comm -23 "$W/all" "$W/got" | comm -23 - "$W/unknown")" "" \
	"every reader without a letter is among those, by name"
ok "and most readers have theirs" test "$got" -gt 250

# ---- killed while its disk breaks ----
# What the disk had not got yet of the journal of letters is gone when it is mounted anew.
if [ -w /dev/shm ]; then
	conf broken
	readers j 300
	at broken 2026-03-02T08:00:00Z sub import j.csv --confirmed-by "test"
	start broken 2026-03-02T09:00:00Z
	wait_for 60 taken_at_least j 20
	cp "$W/broken/planetpost.db.sending" "$W/old.sending"
	wait_for 60 taken_at_least j 150
	kill -9 $running
	wait $running 2>/dev/null
	cp "$W/old.sending" "$W/broken/planetpost.db.sending"
	at broken 2026-03-02T09:30:00Z run
	like "$status" '^[03]$' "the run after that ends"
	is "$(twice j)" "" "nobody got a letter twice, though the journal on the disk is old"
	at broken 2026-03-02T09:41:00Z issue show 2026-03-02
	unknown=$(sed -n 's/^letters  \([0-9]*\) unknown$/\1/p' "$W/out")
	ok "and unknown are no more than were on the connections" test "${unknown:-0}" -le 8
	is $(($(taken j) + ${unknown:-0} >= 300)) 1 "every other letter has gone"
else
	skip "the journal outlives its disk" "there is no /dev/shm here"
fi

# ---- a database from before the send ----
conf older
readers o 40
at older 2026-03-02T08:00:00Z sub import o.csv --confirmed-by "test"
cp "$W/older/planetpost.db" "$W/older.db"
at older 2026-03-02T09:00:00Z run
is "$(taken o)" 40 "forty letters go"
put_back() { # the copy, without what was written after it
	rm -f "$W/older/planetpost.db-wal" "$W/older/planetpost.db-shm"
	cp "$W/older.db" "$W/older/planetpost.db"
}
put_back
for again in 1 2; do
	at older 2026-03-02T09:10:00Z run
	exits 4 "with the copy put back nothing is sent"
	err_like '40 letters of issue number 1' "and it is said what had gone"
	err_like '--restored unknown' "and how to go on"
done
at older 2026-03-02T09:20:00Z run --restored perhaps
exits 2 "what is right must be said with a word"
at older 2026-03-02T09:20:00Z run --restored unknown
is "$(taken o)" 40 "no letter goes twice"
at older 2026-03-02T09:21:00Z issue show 2026-03-02
out_like '40 unknown' "those that may have gone are unknown"
at older 2026-03-02T09:30:00Z run
exits 0 "and that is settled"

# ---- what is unknown, settled by a word ----
cp -r "$W/older" "$W/left"
cp "$W/older.conf" "$W/left.conf"
at left 2026-03-02T09:40:00Z -v issue send 2026-03-02 --forget-unknown
exits 0 "the keeper may leave unknown letters at that"
out_like '^40 letters of issue 2026-03-02 are left at that\.$' "which is said"
is "$(taken o)" 40 "then none goes"
at left 2026-03-02T09:41:00Z issue show 2026-03-02
nok "and none is unknown any more" grep -q unknown "$W/out"
at left 2026-03-02T09:42:00Z -v issue send 2026-03-02 --resend-unknown
exits 0 "to send them after that finds none"
out_like '^0 letters of issue 2026-03-02 go again\.$' "as it says"
at older 2026-03-02T09:40:00Z -n issue send 2026-03-02 --resend-unknown
is "$(taken o)" 40 "nothing goes in a dry run"
at older 2026-03-02T09:40:00Z -v issue send 2026-03-02 --resend-unknown
exits 0 "or have them sent again"
out_like '^40 letters of issue 2026-03-02 go again\.$' "which is said"
is "$(taken o)" 80 "then each goes once more"
is "$(grep '^o' "$W/l/ledger" | sort | uniq -c | grep -c '^ *2 ')" 40 "with the Message-ID it had"
at older 2026-03-02T09:41:00Z issue show 2026-03-02
out_like '40 accepted' "and is known to have gone"
at older 2026-03-02T09:50:00Z -v issue send 2026-03-02 --resend-unknown
is "$(taken o)" 80 "asked again, nothing is left to send"

# ---- stopped ----
conf stopped
readers s 300
at stopped 2026-03-02T08:00:00Z sub import s.csv --confirmed-by "test"
start stopped 2026-03-02T09:00:00Z
wait_for 60 taken_at_least s 50
kill -TERM $running
wait $running
is $? 143 "a run that is asked to stop says so with its status"
ok "it stops in the middle" test "$(taken s)" -lt 300
at stopped 2026-03-02T09:30:00Z run
exits 0 "the next run goes on where it stopped"
is "$(taken s)" 300 "every reader got the letter"
is "$(twice s)" "" "and nobody twice"

for signal in HUP-129 QUIT-131 XCPU-152; do
	code=${signal#*-}
	signal=${signal%-*}
	conf $signal
	readers $signal 200
	at $signal 2026-03-02T08:00:00Z sub import $signal.csv --confirmed-by "test"
	start $signal 2026-03-02T09:00:00Z
	wait_for 60 taken_at_least $signal 10
	kill -s $signal $running
	wait $running
	is $? $code "SIG$signal stops it the same way"
	at $signal 2026-03-02T09:30:00Z run
	exits 0 "and the next run goes on"
	is "$(taken $signal)" 200 "every reader got the letter"
	is "$(twice $signal)" "" "and nobody twice"
done

# ---- two at once ----
conf both
readers b 200
at both 2026-03-02T08:00:00Z sub import b.csv --confirmed-by "test"
start both 2026-03-02T09:00:00Z
wait_for 60 taken_at_least b 20
at both 2026-03-02T09:00:10Z run
exits 5 "a second run beside it is told to try again"
err_like "pid $running" "and which process works"
wait $running
is $? 0 "the first one ends well"
is "$(taken b)" 200 "every reader got the letter"
is "$(twice b)" "" "and nobody twice"

# ---- answers of every kind ----
conf mixed
printf 'email\nann@mail.test\nrefused1@mail.test\nlater1@mail.test\nnotnow1@mail.test\n' \
	>"$W/mixed.csv"
printf 'lost1@mail.test\nbo@mail.test\n' >>"$W/mixed.csv"
at mixed 2026-03-02T08:00:00Z sub import mixed.csv --confirmed-by "test"
at mixed 2026-03-02T09:00:00Z run
exits 3 "a run with letters left to retry says so with its status"
is "$(taken ann) $(taken bo) $(taken lost1)" "1 1 1" "the others have their letters"
at mixed 2026-03-02T09:01:00Z run
is "$(taken ann) $(taken bo) $(taken lost1)" "1 1 1" "a run a minute later sends nothing again"
at mixed 2026-03-02T09:15:00Z run
at mixed 2026-03-02T10:15:00Z run
at mixed 2026-03-02T12:15:00Z run
exits 3 "what is refused for now is tried for four days"
at mixed 2026-03-06T12:15:00Z run
at mixed 2026-03-06T12:30:00Z run
exits 0 "after the last retry all is settled"
is "$(taken ann) $(taken bo) $(taken lost1)" "1 1 1" \
	"a letter lost after the dot is never sent again by itself"
at mixed 2026-03-02T12:16:00Z issue show 2026-03-02
out_like 'no such reader here' "the reason of a refusal can be read"

# ---- killed while it reads ----
conf reads
python3 -c 'print("<rss version=\"2.0\"><channel><title>Big</title><item><title>x</title>"
	"<description>%s</description></item></channel></rss>" % ("&lt;hr&gt;" * 400000))' >"$W/big.rss"
printf '[feed big]\nurl = file:big.rss\n' >>"$W/reads.conf"
note=$W/reads/planetpost.db.reading
(cd "$W" && exec env HOME="$W/home" TERM=dumb "$PLANETPOST" -c reads.conf -d reads \
	--now 2026-03-02T09:00:00Z fetch big </dev/null >"$W/reads.out" 2>"$W/reads.err") &
running=$!
named() { tr '\000' '\n' <"$note" 2>/dev/null | grep -qx "$1"; } # places are padded
ok "the feed being read is named" wait_for 60 named big
kill -9 $running
wait $running 2>/dev/null
at reads 2026-03-02T09:01:00Z fetch
exits 0 "a run that was killed while it read a feed is followed by one that ends"
at reads 2026-03-02T09:02:00Z feed list --json
out_like 'left out once: the last run was killed while it read this feed' "which tells why"
at reads 2026-03-04T09:00:00Z fetch
at reads 2026-03-04T09:01:00Z feed list --json
unlike "$(cat "$W/out")" 'left out once' "and the one after that tries it again"
nok "nothing is left of the note" test -e "$note"

# ---- killed while it reads several ----
# Each of less than a megabyte: larger ones are read one by one anyway.
conf several
sed -i 's/^allow_files = yes$/&\nthreads = 9/' "$W/several.conf"
for n in 1 2 3 4 5 6 7 8; do
	python3 -c 'print("<rss version=\"2.0\"><channel><title>Big</title><item><title>x</title>"
		"<description>%s</description></item></channel></rss>" % ("&lt;hr&gt;" * 100000))' \
		>"$W/big$n.rss"
	printf '[feed big%s]\nurl = file:big%s.rss\n' $n $n >>"$W/several.conf"
done
note=$W/several/planetpost.db.reading
fetch_several() { # TIME: a fetch in the background
	(cd "$W" && exec env HOME="$W/home" TERM=dumb "$PLANETPOST" -c several.conf -d several \
		--now "$1" fetch </dev/null >"$W/several.out" 2>"$W/several.err") &
	running=$!
}
names() { tr '\000' '\n' <"$note" 2>/dev/null | grep -x 'big[0-9]'; }
caught() { # TEST: lets the run go on for moments, until it holds while the run stands still
	for _ in $(seq 6000); do
		kill -STOP $running || return 1
		"$@" && return
		kill -CONT $running
		sleep 0.01
	done
	return 1
}
side_by_side() { [ "$(names | wc -l)" -ge 2 ]; }
alone() { [ "$(names | wc -l)" = 1 ] && echo "$suspects" | grep -qx "$(names)"; }
fetch_several 2026-03-02T09:00:00Z
ok "feeds that are read side by side are all named" caught side_by_side
suspects=$(names)
kill -9 $running
wait $running 2>/dev/null
fetch_several 2026-03-02T09:01:00Z
ok "in the next run each of them is read alone" caught alone
kill -9 $running
wait $running 2>/dev/null
at several 2026-03-02T09:02:00Z fetch
exits 0 "the one after that leaves out the one that was in hand, and ends"
at several 2026-03-02T09:03:00Z feed list --json
is "$(grep -o 'left out once' "$W/out" | wc -l)" 1 "which is one feed"
nok "and nothing is left of the note" test -e "$note"
finish

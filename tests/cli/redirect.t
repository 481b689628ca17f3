#!/bin/sh
# SPDX-License-Identifier: ISC
# A trial: transport.method = redirect.  One address gets every letter, readers get none, and
# nothing moves.
. tests/cli/lib.sh
need python3

cp config/demo/rss20.xml "$W/"
mkdir "$W/mail"
printf '%s\n' "$W/mail" utf8 >"$W/control"
python3 tests/servers/smtpd.py --control "$W/control" >"$W/port" &
kill_later $!
wait_for 10 test -s "$W/port"
port=$(cat "$W/port")
config() { # METHOD SCHEDULE LINE...
	cat <<C
[newsletter]
name = Quay
from = Quay <quay@mail.test>
timezone = UTC
[fetch]
allow_files = yes
every = 0s
[feed a]
url = file:rss20.xml
[smtp]
host = localhost
port = $port
security = none
[web]
url = https://quay.example/p
answers = elsewhere
[digest]
schedule = $2
[transport]
method = $1
redirect_to = keeper@home.example
C
	shift 2
	printf '%s\n' "$@"
}
at() { # TIME WORD...
	when=$1
	shift
	run pp -c c.conf -d s --now "$when" "$@"
}
accepted() { grep -c '^accepted' "$W/mail/log"; }
: >"$W/mail/log"

config redirect "daily 07:00" >"$W/c.conf"
printf 'email,confirmed_by\nann@r.example,form\nbo@r.example,form\ngrüße@r.example,form\n' >"$W/l.csv"
run pp -c c.conf -d s sub import l.csv
run pp -c c.conf -d s config check
exits 0 "config check takes it"
at 2026-11-24T08:00:00Z run
exits 0 "a trial is a run like any other"
is "$(accepted)" 3 "there is a letter for each reader"
is "$(grep '^accepted' "$W/mail/log" | cut -d' ' -f3 | sort -u)" keeper@home.example \
	"all of them go to one address"
is "$(grep '^accepted' "$W/mail/log" | cut -d' ' -f2 | sort -u)" quay@mail.test \
	"what comes back counts against no reader"
like "$(cat "$W/mail/"*.eml)" '^Subject: \[would have gone to ann@r.example\] ' \
	"the subject says whose it would have been"
is "$(grep -h '^To:' "$W/mail/"*.eml | sort -u | tr -d '\r')" 'To: <keeper@home.example>' \
	"and no other address is written to"
unlike "$(cat "$W/mail/"*.eml)" '^List-Unsubscribe' "whose mail program cannot make a reader leave"
whole() {
	python3 -c 'import email, email.policy, sys
m = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
assert not m.defects and m["From"] and m["List-Id"] and m["Message-ID"] and m["Date"], m.defects
assert [p.get_content_type() for p in m.iter_parts()] == ["text/plain", "text/html"]' "$1"
}
ok "the rest of a letter is as readers would have had it" whole "$W/mail/1.eml"
at 2026-11-24T08:00:00Z status
out_like '^trial  every letter goes to keeper@home.example, readers get none' "status tells"
out_like '^last   no issue was sent yet' "no issue was sent"
at 2026-11-24T08:00:00Z issue list
unlike "$(cat "$W/out")" '2026' "nor made"
at 2026-11-24T08:00:00Z sub show ann@r.example
unlike "$(cat "$W/out")" '2026-11-24T08' "nor has a reader had one"
is "$(ls "$W/s" | grep -c trial)" 0 "the copy is gone"
at 2026-11-24T08:15:00Z run
is "$(accepted)" 3 "the timer does not show it again"
at 2026-11-25T07:00:00Z run
is "$(accepted)" 6 "but with the next hour of the schedule"

at 2026-11-25T07:10:00Z run --to keeper@home.example
exits 0 "a letter to one address goes too"
at 2026-11-25T07:20:00Z sub list
is "$(grep -c active "$W/out")" 3 "and readers stay as they were"

# ---- what is asked for meanwhile ----
: >"$W/mail/log"
at 2026-11-25T07:30:00Z issue send last
exits 1 "there is no issue that could be sent by hand"
config redirect "daily 07:00" "[approval]" "mode = manual" >"$W/c.conf"
at 2026-11-26T07:00:00Z run
at 2026-11-26T07:05:00Z issue test 2026-11-26 editor@r.example
exits 0 "a test letter of a draft goes"
like "$(cat "$W/mail/log")" 'keeper@home.example' "to the same address"
: >"$W/mail/log"
at 2026-11-26T07:10:00Z issue send 2026-11-26 --confirm 3
exits 0 "a draft is sent by hand"
is "$(accepted)" 3 "as all of its letters to one address"
at 2026-11-26T07:10:00Z issue list
out_like 'draft' "and is a draft still"

# ---- the end ----
: >"$W/mail/log"
config smtp "daily 07:00" >"$W/c.conf"
at 2026-11-27T07:00:00Z run
exits 0 "when the trial is over the run sends"
is "$(grep '^accepted' "$W/mail/log" | cut -d' ' -f3 | sort | tr '\n' ' ')" \
	"ann@r.example bo@r.example grüße@r.example " "each reader their first letter"
at 2026-11-27T07:10:00Z status
out_like '3 accepted' "which is recorded"

# ---- without a schedule ----
: >"$W/mail/log"
config redirect off >"$W/c.conf"
run pp -c c.conf -d off sub add ann@r.example --confirmed-by test
run pp -c c.conf -d off run
run pp -c c.conf -d off run
is "$(accepted)" 1 "without a schedule the same posts are shown once"

# ---- mistakes ----
config redirect off >"$W/c.conf"
sed -i 's/^redirect_to.*//' "$W/c.conf"
run pp -c c.conf -d off config check
exits 6 "without an address it is refused"
err_like 'transport.redirect_to is not set' "which is said"
finish

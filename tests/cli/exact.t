#!/bin/sh
# SPDX-License-Identifier: ISC
# Nothing in a letter is random: preview gives the very bytes, a letter that was sent can be
# made again whatever became of settings and templates, and verify finds one byte changed.
# LONG=yes does it for 1,000 letters of 20 issues, and 1,000 changed bytes.
. tests/cli/lib.sh
need python3

exact() { python3 "$TOP/tests/cli/exact.py" "$@"; }
pq() { # TIME ARG...
	when=$1
	shift
	run pp -c p.conf -d state --now "$when" "$@"
}
if [ "${LONG:-no}" = yes ]; then
	issues=20 readers=96 changed=1000
else
	issues=3 readers=12 changed=60
fi

mkdir "$W/own"
cat >"$W/base.conf" <<C
[newsletter]
name = Planète "Quay", daily
timezone = Europe/Paris
from = Planet Quay <planet@quay.example>
owner = Kay <kay@quay.example>
[fetch]
allow_files = yes
every = 1m
[digest]
schedule = off
[list]
command_address = commands@quay.example
[transport]
method = outbox
[feed a]
url = file:a.xml
[feed b]
url = file:b.xml
[feed c]
url = file:c.xml
C
cp "$W/base.conf" "$W/p.conf"
exact readers $readers >"$W/readers.csv"
exact feeds "$W" 1
pq 2026-03-01T05:00:00Z fetch
pq 2026-03-01T06:00:00Z sub import readers.csv --confirmed-by "form of March"
exits 0 "readers of twelve variants are imported"

# ---- preview is what a run sends ----
day=1
while [ $day -le $issues ]; do
	now=2026-03-$(printf %02d $day)T07:00:00Z
	exact feeds "$W" $day
	pq $now fetch
	exits 0 "day $day: fetched"
	for who in r0001 r0002 r0003 r0004 r0012; do
		pp -c p.conf -d state --now $now preview --as $who@reader.example --eml \
			>"$W/own/$day-$who.eml" 2>"$W/err" || cat "$W/err"
	done
	pq $now run
	exits 0 "day $day: sent"
	for who in r0001 r0002 r0003 r0004 r0012; do
		sent=$(exact find "$W/outbox" $who@reader.example $day)
		[ -z "$sent" ] ||
			same "$sent" "$W/own/$day-$who.eml" "day $day: preview for $who was the letter"
	done
	day=$((day + 1))
done

# ---- made again, whatever is set now ----
sed -e 's/Planet Quay </Another Name </' -e 's/Europe.Paris/Asia\/Tokyo/' \
	-e 's/commands@/other@/' "$W/base.conf" >"$W/p.conf"
cat >>"$W/p.conf" <<C
[web]
url = https://pages.example
answers = elsewhere
C
mkdir "$W/templates"
printf 'Quite another letter.\n{{hole_leave}}\n' >"$W/templates/digest.txt"
sed -i 's/^schedule = off/&\ntemplate = templates/' "$W/p.conf"
exact again "$W/outbox" 2026-03-25T07:00:00Z "$PLANETPOST" "$W" >"$W/again" 2>&1
is "$(tail -n 1 "$W/again")" "all the same" "every letter made again is what was sent"
like "$(head -n 1 "$W/again")" "letters" "$(head -n 1 "$W/again")"
exact changed "$W/outbox" "$changed" "$PLANETPOST" "$W" >"$W/changed" 2>&1
is "$(tail -n 1 "$W/changed")" "all found" "each of $changed changed bytes is found"

# ---- what mail systems do to a letter ----
letter=$(exact find "$W/outbox" r0001@reader.example 1)
now=2026-03-25T07:00:00Z
pq $now verify "$letter"
exits 0 "a letter is as it was sent"
out_like '^issue +2026-03-01$' "of which issue"
out_like '^reader +r0001@reader.example$' "to whom"
out_like '^accepted +2026-03-01T07:' "when"
for form in lf mbox trace status; do
	exact form $form "$letter" >"$W/form.eml"
	pq $now verify form.eml
	exits 0 "it still is: $form"
done
pq $now verify --json form.eml
out_like '"verdict": ?"same"' "as JSON"
exact form bcc "$letter" >"$W/form.eml"
pq $now verify form.eml
exits 1 "a field put into it is found"
exact form cut "$letter" >"$W/form.eml"
pq $now verify form.eml
exits 1 "an end cut off is found"
out_like 'in the body' "and where"
pq $now verify a.xml
exits 1 "what is no letter is none of ours"
out_like 'no letter of this newsletter' "and it says so"
pq $now verify nowhere.eml
exits 1 "a file that is not there"

# ---- letters that cannot be shown ----
pq $now issue show 2026-03-01 --as nobody@reader.example --eml
exits 1 "nobody of that address"
pq $now issue show 2026-03-01 --as r0001@reader.example
exits 2 "--as wants --eml"
pq $now sub add late@reader.example --confirmed-by "form"
pq $now issue show 2026-03-01 --as late@reader.example --eml
exits 1 "an issue from before they came"
err_like 'no letter to late@reader.example' "and it says so"
pq $now sub erase r0002@reader.example
exits 0 "a reader is erased"
pq $now verify "$(exact find "$W/outbox" r0002@reader.example 1)"
exits 1 "whose letter can be nobody's again"
out_like 'was erased' "and it says so"

# ---- test letters ----
ls "$W/outbox" >"$W/before"
pp -c p.conf -d state --now $now sub show r0001@reader.example >"$W/show1"
pq $now issue test 2026-03-01
exits 0 "a test of an issue that was sent"
new=$(ls "$W/outbox" | grep -v mbox | grep -vxFf "$W/before")
like "$new" '^2026-03-01-test-[0-9]+\.eml$' "is one letter"
like "$(cat "$W/outbox/$new")" '^Subject: \[TEST\]' "marked as a test"
like "$(cat "$W/outbox/$new")" '^To: kay@quay.example' "to whoever keeps the newsletter"
pq $now verify "$W/outbox/$new"
exits 1 "nobody was sent it"
out_like 'test letter' "and it says so"
printf '[approval]\nmode = manual\n' >>"$W/p.conf"
exact feeds "$W" 24
pq $now run
ls "$W/outbox" >"$W/before"
pq $now issue test next r0001@reader.example ed@press.example
exits 0 "a test of a draft, to two addresses"
is "$(ls "$W/outbox" | grep -v mbox | grep -cvxFf "$W/before")" 2 "is two letters"
pp -c p.conf -d state --now $now sub show r0001@reader.example >"$W/show2"
same "$W/show2" "$W/show1" "nothing of a reader moves"
pq $now issue list
out_like '^2026-03-25	draft' "nor does the issue"
pp -c p.conf -d state --now $now preview --as r0001@reader.example --eml >"$W/draft.eml"
pq $now issue send next --confirm 11 --accept-growth
# In the long form there are more readers: the hint says how many.
[ "$status" = 0 ] || pq $now issue send next --accept-growth \
	--confirm "$(sed -n 's/.*--confirm \([0-9]*\)$/\1/p' "$W/err")"
sent=$(exact find "$W/outbox" r0001@reader.example 25)
same "${sent:-/nowhere}" "$W/draft.eml" "preview of a draft is what is sent"

# ---- kept for a time ----
# Day by day as a timer would: a clock that jumps by more than 30 days tidies nothing.
for day in 04-20 05-15 06-10 07-05 07-30 08-25 09-01; do
	pq 2026-${day}T07:00:00Z run
done
pq 2026-09-01T07:00:00Z issue show 2026-03-01 --as r0004@reader.example --eml
exits 1 "letters go after database.keep_letters"
err_like 'no longer stored' "and it says so"
pq 2026-09-01T07:00:00Z export mbox -o all.mbox
exits 0 "the archive's stay"

# ---- over the wire ----
mkdir "$W/l"
python3 tests/servers/ledger.py "$W/l" >"$W/l/log" 2>&1 </dev/null &
kill_later $!
wait_for 10 test -e "$W/l/port"
sed -e 's/^method = outbox/method = smtp/' "$W/base.conf" >"$W/smtp.conf"
printf '[smtp]\nhost = 127.0.0.1\nport = %s\nsecurity = none\n' "$(cat "$W/l/port")" \
	>>"$W/smtp.conf"
exact feeds "$W" 3
wire() { pp -c smtp.conf -d wire --now 2026-03-03T07:00:00Z "$@"; }
wire fetch >/dev/null
wire sub add ann@reader.example refused@reader.example --confirmed-by form >/dev/null
wire preview --as ann@reader.example --eml >"$W/ann.eml"
wire run >/dev/null 2>&1
same "$(ls "$W"/l/letters/*.eml | head -n 1)" "$W/ann.eml" "what arrives by SMTP is the preview"
wire verify "$W/ann.eml" >"$W/out"
out_like '^answer +250' "verify knows what the server answered"
run wire issue show last --as refused@reader.example --eml
exits 1 "what was refused was not sent"
err_like 'refused it: .*550' "and it says by what words"
finish

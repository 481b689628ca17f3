#!/bin/sh
# SPDX-License-Identifier: ISC
# Mail comes in on standard input or in a maildir: who joins, leaves and is answered, and what
# mail servers are told.
. tests/cli/lib.sh
need python3

cat >"$W/p.conf" <<'C'
[newsletter]
name = Planet X
from = Planet X <planet@mail.test>
[list]
command_address = planet@mail.test
[transport]
method = outbox
outbox = letters
C
planet() { pp -c p.conf -d data "$@"; }
# letter TO FROM SUBJECT [FIELD...]: a message somebody wrote
letter() {
	to=$1
	from=$2
	subject=$3
	shift 3
	printf 'Return-Path: <%s>\nDelivered-To: %s\nFrom: %s\nTo: %s\nSubject: %s\n' \
		"$from" "$to" "$from" "$to" "$subject"
	printf 'Message-ID: <%s@x>\nDate: Tue, 24 Nov 2026 06:00:00 +0000\n' "$$.$tap_n"
	for field; do printf '%s\n' "$field"; done
	printf '\nhello\n'
}
mail_in() (
	cd "$W" || exit 1
	exec env HOME="$W/home" TERM=dumb "$PLANETPOST" -c p.conf -d data mail-in
)
arrives() { letter "$@" | mail_in; }
state_of() { planet sub list | awk -v a="$1" '$1 == a { print $2 }'; }
letters() { ls "$W/letters" 2>/dev/null | grep -c '\.eml$'; }
newest() { ls -t "$W"/letters/*.eml | head -n 1; }
# What an answer to the newest letter to ADDRESS goes to.
reply_to() {
	grep -l "^To: $1" "$W"/letters/*.eml | xargs ls -t | head -n 1 | xargs sed -n 's/^Reply-To: //p' |
		tr -d '\r'
}

planet sub add old@x.example --confirmed-by form >/dev/null

run arrives planet+subscribe@mail.test ann@x.example hello
exits 0 "an ask by mail is dealt with"
is "$(state_of ann@x.example)" pending "who asks by mail waits for their reply"
is "$(letters)" 1 "and gets one letter at once"
run planet verify "$(newest)"
exits 1 "a letter that is no issue cannot be compared"
out_like 'is no issue: it asks whether they want to read' "verify says what it is"
out_like '^reader +ann@x.example$' "to whom it went"
out_like '^accepted +20' "and when"
run planet verify --json "$(newest)"
out_like '"notice": ?"confirmation"' "also as JSON"
run arrives "$(reply_to ann@x.example)" ann@x.example "Re: One step left"
exits 0 "the reply is dealt with"
is "$(state_of ann@x.example)" active "the reply makes a reader"
is "$(letters)" 2 "and brings a welcome"

run arrives planet+unsubscribe@mail.test ann@x.example bye
is "$(state_of ann@x.example)" active "nobody leaves by a From"
run arrives "$(reply_to ann@x.example)" somebody@else.example "Re: Was it you?"
is "$(state_of ann@x.example)" left "who answers the question leaves"

before=$(letters)
run arrives planet+subscribe@mail.test bot@x.example hi "Auto-Submitted: auto-replied"
run arrives planet+subscribe@mail.test list@x.example hi "List-Id: <l.x.example>"
run arrives planet+subscribe@mail.test bulk@x.example hi "Precedence: bulk"
run arrives planet+subscribe@mail.test planet@mail.test hi
exits 0 "programs are dealt with too"
is "$(letters)" "$before" "and none of them is answered"
for i in 1 2 3; do arrives planet+help@mail.test often@x.example help; done
is "$(letters)" $((before + 1)) "who writes often is answered once"

run arrives planet+nonsense@mail.test ann@x.example hi
exits 67 "an address that is none is no user"
run mail_in </dev/null
exits 65 "nothing is no message"
cp "$W/p.conf" "$W/full.conf"
sed 's/^command_address.*//' "$W/full.conf" >"$W/p.conf"
run arrives planet+help@mail.test ann@x.example hi
exits 77 "without a command address no commands are taken"
echo 'nonsense' >"$W/p.conf"
run arrives planet+help@mail.test ann@x.example hi
exits 75 "a broken configuration is tried again, not sent back"
cp "$W/full.conf" "$W/p.conf"

# Mail servers hand over several at once.
before=$(letters)
for i in 1 2 3 4 5 6 7 8; do
	(letter planet+subscribe@mail.test "par$i@x.example" hi | mail_in 2>>"$W/par.err"
		echo $? >>"$W/par.code") &
done
wait
is "$(sort -u "$W/par.code")" 0 "eight at once are dealt with"
is $(($(letters) - before)) 8 "and each is answered at once"
is "$(cat "$W/par.err")" "" "without a word to the mail server"

mkdir -p "$W/box/new" "$W/box/cur" "$W/box/tmp"
letter planet+subscribe@mail.test bob@x.example hi >"$W/box/new/1.a"
letter planet@mail.test cy@x.example "how are you" >"$W/box/new/2.b"
run planet mail-in --maildir box
exits 0 "a maildir is read"
is "$(state_of bob@x.example)" pending "what is in it is done"
is "$(ls "$W/box/new" | wc -l)" 0 "nothing in it is new any more"
is "$(ls "$W/box/cur" | tr '\n' ' ')" "1.a:2,S 2.b:2,S " "all of it is seen"
kept() { ls "$W/data/planetpost.db.quarantine" | wc -l; }
is "$(kept)" 1 "what was not understood is kept"
run planet mail-in --maildir nowhere
err_like 'nowhere/new: No such file' "what is no maildir is told"
err_like 'hint: a maildir is a folder with new, cur and tmp' "and what one is"
run planet status
out_like '1 mail was not understood' "and counted in the status"

# Who answers a letter of an address that says "no reply" bothers nobody.
letter no-reply@mail.test cy@x.example "Re: Planet X" >"$W/box/new/3.c"
letter "planet+b-cubaaakzg6dn3ll6bp3klo37mi@mail.test" cy@x.example "Re: Planet X" >"$W/box/new/4.d"
run planet mail-in --maildir box
is "$(kept)" 1 "mail to a no-reply address is not kept"

# Forged and looping mail by the hundred: nobody joins, leaves, or is mailed beyond the limits.
before=$(letters)
actives=$(planet sub list --state active | wc -l)
i=0
while [ $i -lt 300 ]; do
	word=$(echo subscribe unsubscribe hold weekly help | cut -d' ' -f$((i % 5 + 1)))
	letter "planet+$word@mail.test" "r$((i / 3))@x.example" x >"$W/box/new/f$i"
	letter "planet+confirm-$(printf '%032d' $i)@mail.test" "old@x.example" x >"$W/box/new/g$i"
	i=$((i + 1))
done
run planet mail-in --maildir box
exits 0 "six hundred forged mails are read"
is "$(planet sub list --state active | wc -l)" "$actives" "nobody joined or left by them"
mailed=$(($(letters) - before))
ok "at most sixty letters went out ($mailed)" test "$mailed" -le 60
# ---- what does not end, and signals ----
run mail_in </dev/zero
exits 65 "a message without end is no message"
err_like 'more than 1073741824 bytes' "and it says so"
for signal in TERM INT HUP; do
	signalled $signal "letter planet+subscribe@mail.test late@x.example hello; yes | head -c 300000" \
		'sleep 60' -c p.conf -d data mail-in
	exits 75 "a message that $signal cuts short is tried again by the mail server"
done
is "$(state_of late@x.example)" "" "nothing came of it"

finish

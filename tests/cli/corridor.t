#!/bin/sh
# SPDX-License-Identifier: ISC
# The whole corridor with real servers at both ends: a planet's feeds served by nginx, twenty
# readers whose letters a Postfix with STARTTLS puts into maildirs.
. tests/cli/lib.sh
need nginx postfix openssl python3
[ "$(id -u)" = 0 ] || skip_all "only root can start Postfix"

letters() { python3 "$TOP/tests/cli/letters.py" "$@"; }

# ---- both ends ----
sh tests/servers/mkpki.sh "$W/pki"
mkdir -p "$W/n/www" "$W/p"
cp -r "$W/pki" "$W/n/pki"
cp -r "$W/pki" "$W/p/pki"
cp tests/fixtures/planet/*.* "$W/n/www/"
base=http://127.0.0.1:$(sh tests/servers/nginx.sh "$W/n" start)
on_exit 'sh tests/servers/nginx.sh "$W/n" stop'
sed "s|@BASE@|$base|" tests/fixtures/planet/planet.ini >"$W/planet.ini"

echo email >"$W/readers.csv"
for i in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20; do
	echo "reader$i@mail.test" >>"$W/readers.csv"
done
sed 1d "$W/readers.csv" >"$W/p/readers"
port=$(sh tests/servers/postfix.sh "$W/p" start)
on_exit 'sh tests/servers/postfix.sh "$W/p" stop'

cat >"$W/planetpost.conf" <<C
[newsletter]
name = Planet Quay
timezone = UTC
from = Planet Quay <planet@mail.test>
[feeds]
feeds_from = planet.ini
[fetch]
allow_private = yes
host_pause = 0s
per_host = 8
timeout = 5s
[digest]
schedule = off
[list]
command_address = planet@mail.test
[transport]
method = smtp
[smtp]
host = localhost
port = $port
security = starttls
ca_file = pki/ca.crt
C
at() { # TIME ARG...: the program with its clock set
	when=$1
	shift
	run pp -c "$W/planetpost.conf" -d "$W/state" --now "$when" "$@"
}
in_box() { ls "$W/p/mail/$1/new" 2>/dev/null | wc -l | tr -d ' '; }
arrived() { # N LETTERS EACH
	for reader in $(sed 's/@.*//' "$W/p/readers"); do
		[ "$(in_box "$reader")" = "$1" ] || return 1
	done
}
letter_of() { # READER MESSAGE-ID-OF-NTH: the newest
	ls -t "$W/p/mail/$1/new/"* | head -n 1
}

# ---- the first issue ----
at 2026-03-02T07:00:00Z sub import readers.csv --confirmed-by "signed the list at the quay"
exits 0 "twenty readers are imported"
at 2026-03-02T07:30:00Z run
exits 0 "a run over feeds of every kind ends well, although four cannot work"
out_empty "it says nothing to cron"
err_empty "nothing at all"
ok "each reader gets one letter" wait_for 60 arrived 1

letter=$(letter_of reader07)
ok "every letter is sound" letters check "$W"/p/mail/reader*/new/*
letters text "$letter" >"$W/first.txt"
letters html "$letter" >"$W/first.html"
while read -r title; do
	like "$(tr '\n' ' ' <"$W/first.txt" | tr -s ' ')" "$(printf '%s' "$title" |
		sed 's/[?.]/\\&/g')" "the text part has: $title"
done <<T
Cleaning the lens by moonlight
A visitor from the weather office
Été ou hiver, la même soupe
“Slow ahead” — what it means here
The eye splice, step by step
If 3 < 4, then why is the boat aground?
Grease, and where it goes
Flag K: I wish to communicate with you
A short note without any title at all
風の強い日に
Туман и чайник
הסירה הכחולה חזרה
Scrape, prime & wait
Then it rained
T
like "$(cat "$W/first.html")" '1,176' "the HTML part has the text of a post"
unlike "$(cat "$W/first.html")" 'alert|onclick|track\.example|utm_' \
	"nothing that acts or follows readers comes through"
like "$(cat "$W/first.html")" 'href="https?://[^"]*/prisms"' "relative links became absolute"
like "$(tr -d '\n' <"$W/first.html")" '3 &lt; 4' "a title with a less-than sign stays one"
is "$(letters header To "$letter")" "reader07@mail.test" "the letter names its reader"
is "$(letters header Message-ID "$W"/p/mail/reader*/new/* | sort -u | wc -l | tr -d ' ')" 20 \
	"each letter has its own Message-ID"
is "$(letters header List-Unsubscribe "$W"/p/mail/reader*/new/* | sort -u | wc -l | tr -d ' ')" 20 \
	"and its own way to leave"
is "$(cat "$W"/p/mail/reader07/new/* | grep -c 'reader08')" 0 "no letter names another reader"
like "$(cat "$letter")" 'using TLS|ESMTPS' "it came over TLS"
like "$(grep -c 'rss20.rss 200' "$W/n/access.log")" '^1$' "each feed was asked once"
like "$(cat "$W/n/access.log")" 'rss20\.rss 200 "" "gzip"|rss20\.rss 200 "-" "gzip"' \
	"feeds come compressed"

# ---- nothing new ----
mv "$W/n/access.log" "$W/n/first.log"
kill -USR1 "$(cat "$W/n/nginx.pid")" # it opens its log anew
wait_for 10 test -e "$W/n/access.log"
at 2026-03-02T10:30:00Z run
exits 0 "a second run with nothing new ends well"
out_empty "and silently"
err_empty "without a word"
is "$(grep -c ' 304 ' "$W/n/access.log")" 11 "all eleven feeds answer 304"
is "$(grep ' 200 ' "$W/n/access.log" | grep -cv '^/page.html')" 0 "no feed is sent again"
at 2026-03-02T10:31:00Z --json issue list
is "$(python3 -c 'import json, sys; print(len(json.load(sys.stdin)["issues"]))' <"$W/out")" 1 \
	"there is still one issue"
ok "nobody gets a second letter" arrived 1

# ---- one new post ----
add_post() { # TITLE GUID
	python3 - "$W/n/www/rss20.rss" "$1" "$2" <<'P'
import sys
path, title, guid = sys.argv[1:]
text = open(path, encoding="utf-8").read()
item = """<item><title>%s</title><link>https://lighthouse.example/%s</link>
<guid isPermaLink="false">%s</guid><pubDate>Mon, 02 Mar 2026 12:00:00 GMT</pubDate>
<description>It hums.</description></item>
<item>""" % (title, guid, guid)
open(path, "w", encoding="utf-8").write(text.replace("<item>", item, 1))
P
}
add_post "The lamp is electric now" lighthouse-3
at 2026-03-02T14:00:00Z run
exits 0 "a run with one new post ends well"
err_empty "silently"
ok "each reader gets a second letter" wait_for 60 arrived 2
letter=$(grep -l 'The lamp is electric' "$W"/p/mail/reader07/new/* | head -n 1)
ok "it is sound" letters check "$letter"
letters text "$letter" >"$W/second.txt"
like "$(cat "$W/second.txt")" 'The lamp is electric now' "it has the new post"
unlike "$(cat "$W/second.txt")" 'moonlight|soup|Flag K|splice' "and none of the old ones"

# ---- someone leaves ----
at 2026-03-02T14:10:00Z sub remove reader20@mail.test
exits 0 "a reader is taken out"
add_post "The lamp is off" lighthouse-4
at 2026-03-02T18:00:00Z run
exits 0 "a third issue goes out"
third() { [ "$(in_box reader19)" = 3 ]; }
ok "the others get it" wait_for 60 third
sleep 1
is "$(in_box reader20)" 2 "who was taken out does not"

# ---- the archive ----
at 2026-03-02T18:10:00Z export mbox -o "$W/archive.mbox"
exits 0 "the archive is exported"
run letters mbox "$W/archive.mbox"
exits 0 "every letter in it is sound"
out_like '^3$' "Python's mailbox reads three letters in it"
unlike "$(cat "$W/archive.mbox")" 'reader[0-9][0-9]' "no reader's address stands in it"
unlike "$(cat "$W/archive.mbox")" 'leave-[a-z2-7]|b-[a-z2-7]{20}' "nor a token"
unlike "$(cat "$W/archive.mbox")" 'You asked for' "nor a line that speaks to one reader"
at 2026-03-02T18:11:00Z status
exits 0 "status says what happened"
is "$(stat -c %a "$W"/state/*.db)" 600 "the database is for its owner only"
finish

#!/bin/sh
# SPDX-License-Identifier: ISC
# The servers of the tests do what the tests take for granted.  Without them, whatever they
# are said to prove would be proven by nobody.
. tests/cli/lib.sh
need openssl python3

ok "certificates can be made" sh tests/servers/mkpki.sh "$W/pki"
verify() {
	openssl verify -CAfile "$W/pki/ca.crt" -verify_hostname "$2" "$W/pki/$1.crt"
}
ok "the good one is good for mail.test" verify good mail.test
nok "the wrong one is not" verify wrong mail.test
nok "the expired one is not" verify expired mail.test
nok "the self-signed one is not" verify selfsigned mail.test

if command -v nginx >/dev/null || [ -x /usr/sbin/nginx ]; then
	mkdir -p "$W/n/www"
	cp -r "$W/pki" "$W/n/pki"
	echo '<rss/>' >"$W/n/www/feed.rss"
	port=$(sh tests/servers/nginx.sh "$W/n" start)
	on_exit 'sh tests/servers/nginx.sh "$W/n" stop'
	cat >"$W/get.py" <<'P'
import http.client, sys
c = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=5)
headers = dict(a.split("=", 1) for a in sys.argv[3:])
c.request("GET", sys.argv[2], headers=headers)
r = c.getresponse()
r.read()
print(r.status, r.getheader("Location") or r.getheader("Content-Encoding") or r.getheader("ETag"))
P
	get() { python3 "$W/get.py" "$port" "$@"; }
	etag=$(get /feed.rss | cut -d' ' -f2)
	like "$etag" '^"[0-9a-f-]+"$' "nginx gives an ETag"
	like "$(get /feed.rss "If-None-Match=$etag")" '^304' "nginx answers 304 to it"
	like "$(get /feed.rss Accept-Encoding=gzip)" '^200 gzip' "nginx compresses"
	like "$(get /moved/feed.rss)" '^301 .*/feed.rss' "nginx moves a feed for good"
	like "$(get /elsewhere/feed.rss)" '^302 .*/feed.rss' "nginx redirects for now"
	like "$(get /gone/feed.rss)" '^410' "nginx says gone"
	like "$(get /nothing)" '^404' "nginx knows no such page"
	like "$(get /busy/feed.rss)" '^503' "nginx is busy"
	is "$(get /naked/feed.rss)" '200 None' "nginx can leave validators out"
	sh tests/servers/nginx.sh "$W/n" stop
	nok "nginx is gone after stop" get /feed.rss
else
	skip "nginx serves feeds" "nginx is not installed"
fi

cat >"$W/send.py" <<'P'
import smtplib, ssl, sys
mode, port, ca, to = sys.argv[1:5]
s = smtplib.SMTP("127.0.0.1", int(port), timeout=20)
if mode == "starttls":
    c = ssl.create_default_context(cafile=ca)
    s._host = "mail.test"
    s.starttls(context=c)
    s.ehlo()
s.sendmail("planet@mail.test", [to], "Message-ID: <x@y>\r\nSubject: s\r\n\r\n.hello\r\n")
s.quit()
P
send() { python3 "$W/send.py" "$1" "$port" "$W/pki/ca.crt" "$2"; }

mkdir -p "$W/l"
python3 tests/servers/ledger.py "$W/l" --starttls "$W/pki/good.crt" "$W/pki/good.key" \
	>"$W/l/log" 2>&1 </dev/null &
kill_later $!
wait_for 10 test -e "$W/l/port"
port=$(cat "$W/l/port")
nok "the ledger takes nothing in plain text" send plain ann@mail.test
ok "the ledger takes a letter by STARTTLS" send starttls ann@mail.test
nok "the ledger refuses some" send starttls refused@mail.test
nok "the ledger loses the connection after the dot" send starttls lost@mail.test
is "$(cat "$W/l/ledger")" "ann@mail.test <x@y>
lost@mail.test <x@y>" "the ledger holds what was taken"
is "$(tail -n 1 "$W/l/letters/1.eml" | tr -d '\r')" ".hello" "a leading dot survives"

if [ "$(id -u)" = 0 ] && [ -x /usr/sbin/postfix ]; then
	mkdir -p "$W/p"
	cp -r "$W/pki" "$W/p/pki"
	printf 'ann@mail.test\nbo@mail.test\n' >"$W/p/readers"
	port=$(sh tests/servers/postfix.sh "$W/p" start)
	on_exit 'sh tests/servers/postfix.sh "$W/p" stop'
	nok "Postfix takes nothing in plain text" send plain ann@mail.test
	ok "Postfix takes a letter by STARTTLS" send starttls ann@mail.test
	ok "Postfix takes letters for strangers" send starttls who@mail.test
	nok "Postfix refuses some" send starttls refused@mail.test
	count() { ls "$W/p/mail/$1/new" 2>/dev/null | wc -l | tr -d ' '; }
	arrived() { [ "$(count "$1")" = "$2" ]; }
	ok "the letter lies in the reader's maildir" wait_for 20 arrived ann 1
	ok "the stranger's is caught" wait_for 20 arrived catchall 1
	sh tests/servers/postfix.sh "$W/p" stop
	nok "Postfix is gone after stop" send starttls ann@mail.test
else
	skip "Postfix delivers" "Postfix is not installed, or this is not root"
fi

finish

#!/bin/sh
# SPDX-License-Identifier: ISC
# Letters that are signed here, verified by python3-dkim and by OpenDKIM.
. tests/cli/lib.sh
need python3
/usr/bin/python3 -c 'import dkim, nacl' 2>/dev/null || skip_all "python3-dkim is not installed"

python3 tests/servers/smtpd.py "$W/mail" >"$W/port" 2>/dev/null &
kill_later $!
mkdir "$W/mail"
ok "a mail server listens" wait_for 10 test -s "$W/port"
cp config/demo/rss20.xml "$W/"
cat >"$W/c.conf" <<C
[newsletter]
name = Quay
from = Quay <quay@News.example>
[fetch]
allow_files = yes
[digest]
schedule = off
[list]
command_address = quay-request@news.example
[web]
url = https://news.example/p
answers = elsewhere
[transport]
method = smtp
[smtp]
host = localhost
port = $(cat "$W/port")
security = none
[feed a]
url = file:rss20.xml
C
key() { run pp -c "$W/c.conf" -d "$W/s" --now 2026-11-24T08:00:00Z dkim key "$@"; }
verdict() { /usr/bin/python3 tests/cli/dkim.py "$W/records" "$1" 2>&1; }

# ---- keys ----
key
exits 0 "a key is made"
is "$(stat -c %a "$W/s/dkim-s2026.pem")" 600 "only its owner can read it"
out_like '^s2026._domainkey.news.example	TXT	v=DKIM1; k=rsa; p=MII' "its record is printed"
cp "$W/out" "$W/first"
key
same "$W/out" "$W/first" "a key that is there is kept, and its record printed again"
key --selector short --ed25519 "$W/short.pem"
exits 0 "a key of the other kind is made"
out_like '^short._domainkey.news.example	TXT	v=DKIM1; k=ed25519; p=.{43}=$' "its record is short"
cat "$W/first" "$W/out" >"$W/records"
key --json
out_like '"algorithm":"rsa-sha256","made":"no"' "programs learn what it is"
key --selector no_name
exits 2 "a selector is a name in the DNS"
key --ed25519
exits 1 "a key in use is not replaced by one of another kind"

# ---- settings ----
sign_with() { # LINES
	sed '/^dkim_/d' "$W/c.conf" >"$W/c.new" && mv "$W/c.new" "$W/c.conf"
	sed "s|^security = none|&\\n$1|" "$W/c.conf" >"$W/c.new" && mv "$W/c.new" "$W/c.conf"
}
sign_with "dkim_selector = s2026\\ndkim_key_file = $W/nowhere.pem"
run pp -c "$W/c.conf" -d "$W/s" config check
exits 6 "a key that is not there is told before a letter goes"
err_like 'dkim_key_file: .*nowhere.pem' "and which"
sign_with "dkim_key_file = $W/short.pem"
run pp -c "$W/c.conf" -d "$W/s" config check
exits 6 "a key without a selector is told"
sign_with "dkim_selector = s2026 short\\ndkim_key_file = $W/s/dkim-s2026.pem $W/short.pem"
chmod 644 "$W/short.pem"
run pp -c "$W/c.conf" -d "$W/s" config check
exits 6 "a key that others can read is refused"
chmod 600 "$W/short.pem"
run pp -c "$W/c.conf" -d "$W/s" config check
exits 0 "two keys with two selectors are well"

# ---- letters ----
run pp -c "$W/c.conf" -d "$W/s" sub add ann@reader.example bo@reader.example --confirmed-by test
run pp -c "$W/c.conf" -d "$W/s" run
exits 0 "letters go"
is "$(verdict "$W/mail/1.eml")" "s2026 rsa-sha256 relaxed/relaxed pass from*2 leave
short ed25519-sha256 relaxed/relaxed pass from*2 leave" "both signatures of a letter verify"
is "$(verdict "$W/mail/2.eml" | grep -c pass)" 2 "those of the next one too"
like "$(head -n 3 "$W/mail/1.eml")" 'd=news.example;' "the domain is that of From"
run pp -c "$W/c.conf" -d "$W/s" verify "$W/mail/1.eml"
exits 0 "a letter with signatures is still known as ours"
sed 's/^Subject: /Subject: Re: /' "$W/mail/1.eml" >"$W/forged.eml"
is "$(verdict "$W/forged.eml" | grep -c fail)" 2 "another subject breaks both"
{ printf 'From: Eve <eve@news.example>\r\n'; cat "$W/mail/1.eml"; } >"$W/forged.eml"
is "$(verdict "$W/forged.eml" | grep -c fail)" 2 "another From breaks both"
{ cat "$W/mail/1.eml"; printf 'P.S.\r\n'; } >"$W/forged.eml"
is "$(verdict "$W/forged.eml" | grep -c fail)" 2 "another line breaks both"

# ---- a credential of the service manager ----
mkdir "$W/credentials"
cp "$W/s/dkim-s2026.pem" "$W/credentials/dkim-s2026"
sign_with "dkim_selector = s2026"
run pp -c "$W/c.conf" -d "$W/two" sub add cy@reader.example --confirmed-by test
run env CREDENTIALS_DIRECTORY="$W/credentials" "$PLANETPOST" -c "$W/c.conf" -d "$W/two" run
exits 0 "letters go with a key that the service manager gives"
is "$(verdict "$W/mail/3.eml")" "s2026 rsa-sha256 relaxed/relaxed pass from*2 leave" \
	"and are signed with it"

# ---- OpenDKIM, which asks the DNS: a world of its own with a server of ours ----
opendkim() ( # FILE
	printf 'nameserver 127.0.0.1\n' >"$W/resolv.conf"
	rm -f "$W/txtd"
	unshare -mn sh -c '
		ip link set lo up && mount --bind "$1/resolv.conf" /etc/resolv.conf || exit 77
		python3 tests/servers/txtd.py "$1/records" >"$1/txtd" &
		for i in 1 2 3 4 5 6 7 8 9 10; do [ -s "$1/txtd" ] || sleep 0.2; done
		opendkim-testmsg -C <"$2"; code=$?
		kill $!
		exit $code' sh "$W" "$1"
)
if ! command -v opendkim-testmsg >/dev/null || ! unshare -mn true 2>/dev/null ||
	! command -v ip >/dev/null; then
	skip "OpenDKIM verifies a letter" "opendkim-testmsg, or the right to make namespaces, is missing"
else
	run opendkim "$W/mail/3.eml"
	exits 0 "OpenDKIM verifies a letter"
	run opendkim "$W/mail/1.eml"
	exits 0 "and one with a signature of a kind that it may not know beside"
	sed 's/^Subject: /Subject: Re: /' "$W/mail/3.eml" >"$W/forged.eml"
	run opendkim "$W/forged.eml"
	like "$status:$(cat "$W/err")" '[Bb]ad signature' "and not a forged one"
	nok "which it says" test "$status" = 0
fi

# ---- the recipe of contrib/mail: Postfix, and opendkim that signs ----
if [ "$(id -u)" != 0 ] || [ ! -x /usr/sbin/postfix ] || [ ! -x /usr/sbin/opendkim ]; then
	skip "opendkim signs by our recipe" "Postfix or opendkim is not installed, or this is not root"
	finish
fi
filter=$(free_port)
recipe() {
	sed -e "s|/etc/opendkim/s2026.pem|$W/o/s2026.pem|" -e 's|example.net|news.example|' \
		-e "s|8891|$filter|" -e 's|^UserID .*|UserID nobody|' "contrib/mail/$1"
}
mkdir "$W/o" "$W/p"
cp "$W/s/dkim-s2026.pem" "$W/o/s2026.pem"
chown nobody "$W/o/s2026.pem"
start_filter() { # CONFIGURATION
	# Temporary folders are other people's to write into, too.
	{ cat "$1"; echo 'RequireSafeKeys no'; } >"$W/o/conf"
	/usr/sbin/opendkim -f -x "$W/o/conf" >"$W/o/log" 2>&1 </dev/null &
	filter_pid=$!
	kill_later $filter_pid
	wait_for 10 python3 -c "import socket; socket.create_connection(('127.0.0.1', $filter), 1)"
}
recipe opendkim/opendkim.conf >"$W/o/recipe"
recipe postfix/dkim.cf >"$W/p/main.more"
port=$(sh tests/servers/postfix.sh "$W/p" start)
on_exit 'sh tests/servers/postfix.sh "$W/p" stop'
sign_with "ca_file = $W/p/pki/ca.crt"
sed -e "s|^port = .*|port = $port|" -e 's|^security = none|security = starttls|' "$W/c.conf" >"$W/p.conf"
send_to() { # NAME
	run pp -c "$W/p.conf" -d "$W/by-$1" sub add "$1@mail.test" --confirmed-by test
	run pp -c "$W/p.conf" -d "$W/by-$1" run
}
letter_to() { find "$W/p/mail" -path '*/new/*' -type f -exec grep -l "^To: .*$1@" {} +; }
came() { [ -n "$(letter_to "$1")" ]; }
ok "opendkim starts with the recipe" start_filter "$W/o/recipe"
send_to dee
exits 0 "letters go by Postfix and opendkim"
ok "one arrives" wait_for 30 came dee
crlf() { sed '1,/^DKIM-Signature:/{/^DKIM-Signature:/!d}' "$1" | sed 's/$/\r/'; }
crlf "$(letter_to dee)" >"$W/dee.eml"
is "$(verdict "$W/dee.eml")" "s2026 rsa-sha256 relaxed/relaxed pass from*2 leave" \
	"opendkim signs all that leaving by one click needs"
if command -v opendkim-testmsg >/dev/null && unshare -mn true 2>/dev/null; then
	run opendkim "$W/dee.eml"
	exits 0 "and itself verifies it"
else
	skip "opendkim verifies what it signed" "opendkim-testmsg or namespaces are missing"
fi
kill $filter_pid
wait $filter_pid 2>/dev/null
send_to eve
exits 5 "without the filter the letter waits"
err_like 'server said: 4[0-9][0-9] ' "and why is told"
is "$(letter_to eve)" "" "and goes nowhere without a signature"
grep -v '^SignHeaders\|^OversignHeaders' "$W/o/recipe" >"$W/o/plain"
ok "opendkim starts without our two lines" start_filter "$W/o/plain"
send_to flo
ok "a letter arrives" wait_for 30 came flo
crlf "$(letter_to flo)" >"$W/flo.eml"
like "$(verdict "$W/flo.eml")" 'pass from.1 stay$' "which is not signed as one to leave by a click"
finish

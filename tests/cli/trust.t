#!/bin/sh
# SPDX-License-Identifier: ISC
# Which mail server is believed: pins, and what the DNS says.
. tests/cli/lib.sh
need python3 openssl

cp config/demo/rss20.xml "$W/"
sh tests/servers/mkpki.sh "$W/pki" >/dev/null 2>&1
mkdir "$W/mail"
serve() { printf '%s\n' "$W/mail" "pki=$W/pki" "$@" >"$W/control"; }
serve starttls=selfsigned
python3 tests/servers/smtpd.py --control "$W/control" >"$W/port" &
kill_later $!
wait_for 10 test -s "$W/port"
port=$(cat "$W/port")
config() { # HOST LINE...
	cat <<C
[newsletter]
name = Quay
from = Quay <quay@mail.test>
[fetch]
allow_files = yes
[digest]
schedule = off
[feed a]
url = file:rss20.xml
[transport]
method = smtp
[smtp]
host = $1
port = $port
ca_file = $W/pki/ca.crt
C
	shift
	printf '%s\n' "$@"
}
accepted() { grep -c '^accepted' "$W/mail/log"; }
key() { openssl x509 -in "$W/pki/$1.crt" -pubkey -noout | openssl pkey -pubin -outform der; }
hex() { od -An -v -tx1 | tr -d ' \n'; }

# ---- pins ----
pin=$(key selfsigned | openssl dgst -sha256 -binary | base64)
other=$(key good | openssl dgst -sha256 -binary | base64)
config localhost "pin = $other" >"$W/c.conf"
run pp -c c.conf -d one sub add ann@reader.example --confirmed-by test
run pp -c c.conf -d one config check
exits 0 "config check takes a pin"
run pp -c c.conf -d one run
exits 1 "a server with another key than the pinned one gets no letter"
err_like "the key of localhost is not the one of smtp\.pin" "which is said"
ok "with both keys" grep -qF "its sha256 is $pin, smtp.pin says $other" "$W/err"
is "$(accepted)" 0 "nothing was sent"
config localhost "pin = $other $pin" >"$W/c.conf"
run pp -c c.conf -d one run
exits 0 "with the key of several that fits the letter goes"
is "$(accepted)" 1 "though nobody signed the certificate"
run pp -c c.conf -d one config show smtp.pin
ok "config show tells the pins" grep -qF "$other $pin" "$W/out"
config localhost "pin = 12345" >"$W/c.conf"
run pp -c c.conf -d one config check
exits 6 "config check refuses what is no pin"
err_like "44 characters of base64" "and says what one is"
config localhost "pin = $pin" "security = none" >"$W/c.conf"
run pp -c c.conf -d one config check
exits 6 "a pin and no TLS contradict each other"
serve
config localhost "pin = $pin" >"$W/c.conf"
sed 's/^Subject.*//; s/<title>/<title>More /' config/demo/rss20.xml >"$W/rss20.xml"
run pp -c c.conf -d two sub add bo@reader.example --confirmed-by test
run pp -c c.conf -d two run
err_like "offers no STARTTLS" "a pinned server on this machine that offers no TLS gets nothing"
{ config localhost; printf '[relay b]\nhost = localhost\npin = %s\ndane = no\n' "$pin"; } >"$W/c.conf"
run pp -c c.conf -d two config check
exits 0 "a relay has pins of its own"
printf 'user = me\npassword = hunter2\nper_hour = 70\n' >>"$W/c.conf"
chmod 600 "$W/c.conf"
run pp -c c.conf -d two config show
out_like '^relay b\.per_hour	70	' "config show shows the keys of a relay"
out_like '^relay b\.password	\(secret\)	' "but not its password"
unlike "$(cat "$W/out")" 'hunter2|relay b\.(retry|quiet_hours)' "nor what all servers share"
run pp -c c.conf -d two config show 'relay b.pin'
ok "one of them alone" grep -qF "relay b.pin	$pin" "$W/out"
is "$(wc -l <"$W/out" | tr -d ' ')" 1 "without others"

# ---- what the DNS says: a world of its own with a name server of ours ----
if ! unshare -mn true 2>/dev/null || ! command -v ip >/dev/null; then
	skip "a certificate must be what the DNS says" "the right to make namespaces is missing"
	finish
fi
digest=$(key selfsigned | openssl dgst -sha256 -binary | hex)
printf '127.0.0.1 mail.planet.net localhost\n' >"$W/hosts"
printf 'nameserver 127.0.0.1\n' >"$W/resolv.conf"
# The server listens at a port that is its own there too: it is started inside.
in_its_world() ( # COMMAND...
	cd "$W" || exit 1
	rm -f "$W/dns" "$W/port" "$W/control.lmtp"
	TOP=$TOP PORT=$port exec unshare -mn sh -c '
		ip link set lo up && mount --bind resolv.conf /etc/resolv.conf &&
			mount --bind hosts /etc/hosts || exit 77
		python3 "$TOP/tests/servers/dnsd.py" zone asked 53 >dns &
		dns=$!
		python3 "$TOP/tests/servers/smtpd.py" --control control >port &
		smtp=$!
		for i in 1 2 3 4 5 6 7 8 9 10; do [ -s dns ] && [ -s port ] || sleep 0.2; done
		sed -i "s/^port = .*/port = $(cat port)/" c.conf
		sed "s/PORT/$(cat port)/" zone.in >zone
		env HOME="$PWD/home" TERM=dumb "$@"
		code=$?
		kill $dns $smtp
		exit $code' sh "$@" </dev/null
)
serve starttls=selfsigned
zone() { # LINE...
	printf '%s\n' 'mail.planet.net A signed 127.0.0.1' "$@" >"$W/zone.in"
	: >"$W/asked"
	: >"$W/mail/log"
}
send() { # DIR CONFIG-LINE...
	dir=$1
	shift
	config mail.planet.net "$@" >"$W/c.conf"
	pp -c c.conf -d "$dir" sub add cy@reader.example --confirmed-by test >/dev/null 2>&1
	run in_its_world "$PLANETPOST" -c c.conf -d "$dir" run
}
zone "_PORT._tcp.mail.planet.net TLSA signed 3 1 1 $digest"
send dane1 "dane = yes"
exits 0 "a certificate that signed records of the DNS name is believed"
is "$(accepted)" 1 "and its server gets the letter, though nobody signed it"
like "$(cat "$W/asked")" 'TLSA _[0-9]*._tcp.mail.planet.net' "the question was for its port"
zone "_PORT._tcp.mail.planet.net TLSA unsigned 3 1 1 $digest"
send dane2 "dane = yes"
exits 1 "records that are not signed are not believed"
err_like "certificate of mail.planet.net is not to be trusted" "the authorities decide then"
zone "_PORT._tcp.mail.planet.net TLSA signed 3 1 1 $(printf wrong | openssl dgst -sha256 -binary | hex)"
send dane3 "dane = yes"
exits 1 "another certificate than the one the DNS names is not believed"
err_like "not the one that the DNS names" "which is said"
is "$(accepted)" 0 "and nothing is sent"
zone "_PORT._tcp.mail.planet.net TLSA servfail"
send dane4 "dane = yes"
exits 5 "where a signature is wrong it is tried again later"
is "$(accepted)" 0 "and nothing is sent meanwhile"
is "$(wc -l <"$W/mail/log" | tr -d ' ')" 0 "nor the server called"
zone "_PORT._tcp.mail.planet.net TLSA signed 3 1 1 $digest"
send dane5 "dane = no"
is "$(cat "$W/asked")" "" "without smtp.dane nobody is asked"
send dane6 "dane = yes" "pin = $pin"
exits 0 "a pin is stronger"
is "$(cat "$W/asked")" "" "and then nobody is asked either"
zone
sign_host() { # a certificate by the authority, for this host
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$W/pki/host.key" \
		-out "$W/pki/host.csr" -subj /CN=mail.planet.net 2>/dev/null &&
		printf 'subjectAltName=DNS:mail.planet.net\n' >"$W/pki/host.ext" &&
		openssl x509 -req -in "$W/pki/host.csr" -CA "$W/pki/ca.crt" -CAkey "$W/pki/ca.key" \
			-CAcreateserial -days 30 -extfile "$W/pki/host.ext" \
			-out "$W/pki/host.crt" 2>/dev/null
}
ok "a certificate is made" sign_host
serve starttls=host
send dane7 "dane = yes"
exits 0 "without records the certificate is verified as ever"
is "$(accepted)" 1 "and the letter goes"
printf 'nameserver 127.0.0.1\nnameserver 192.0.2.1\n' >"$W/resolv.conf"
send dane8 "dane = yes"
exits 6 "a name server on another machine is not believed"
err_like "smtp.dane: the name servers of this machine cannot be believed" "which is said"
run in_its_world "$PLANETPOST" -c c.conf -d dane8 config check
exits 6 "and config check says it too"
printf 'nameserver 127.0.0.1\noptions trust-ad\n' >"$W/resolv.conf"
zone "_PORT._tcp.mail.planet.net TLSA signed 3 1 1 $digest"
serve starttls=selfsigned
send dane9 "dane = yes"
exits 0 "but with trust-ad it is"
finish

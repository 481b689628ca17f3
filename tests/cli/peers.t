#!/bin/sh
# SPDX-License-Identifier: ISC
# Real mail servers store what we send whole: each letter is found in its reader's mailbox, and
# `verify` finds it the same byte for byte.  (relays.t sends to Postfix, pace and chunks.)
. tests/cli/lib.sh
need python3
[ "$(id -u)" = 0 ] || skip_all "only root can start mail servers here"

short_folder
cp config/demo/rss20.xml "$W/"
config() { # LINES OF [smtp]
	cat <<C
[newsletter]
name = Quay
from = Quay <quay@mail.test>
[fetch]
allow_files = yes
[digest]
schedule = off
[transport]
method = smtp
[smtp]
host = localhost
$1
[feed a]
url = file:rss20.xml
C
}
readers=10
{
	echo email,confirmed_by
	for i in $(seq $readers); do echo "r$i@mail.test,form"; done
} >"$W/l.csv"
send() { # NAME SERVER
	run pp -c "$W/$1.conf" -d "$W/$1" sub import "$W/l.csv"
	run pp -c "$W/$1.conf" -d "$W/$1" -vv run
	exits 0 "letters go to $2"
}
# The letters of a folder of maildirs, for one reader each.
stored() { find "$1" -path '*/new/*' -type f; }
all_stored() { [ "$(stored "$1" | wc -l)" -ge $readers ]; }
are_whole() { # NAME FOLDER SERVER
	ok "$3 stores all of them" wait_for 60 all_stored "$2"
	is "$(stored "$2" | xargs grep -h -m1 '^To: ' | sort -u | wc -l | tr -d ' ')" $readers \
		"each reader's"
	bad=
	for letter in $(stored "$2"); do
		PLANETPOST=$PLANETPOST_PLAIN pp -c "$W/$1.conf" -d "$W/$1" verify "$letter" \
			>"$W/verdict" 2>&1 ||
			bad="$bad $(basename "$letter"): $(cat "$W/verdict")"
	done
	is "$bad" "" "and each is what was sent, byte for byte"
	ok "and sound" python3 tests/cli/letters.py check "$(stored "$2" | head -n 1)"
}

# ---- Postfix ----
if [ -x /usr/sbin/postfix ]; then
	mkdir "$W/p"
	pport=$(sh tests/servers/postfix.sh "$W/p" start)
	on_exit 'sh tests/servers/postfix.sh "$W/p" stop'
	config "port = $pport
security = starttls
ca_file = $W/p/pki/ca.crt" >"$W/postfix.conf"
	send postfix Postfix
	are_whole postfix "$W/p/mail" Postfix
	find "$W/p/mail" -path '*/new/*' -type f -delete
else
	skip "Postfix stores letters whole" "Postfix is not installed"
fi

# ---- Dovecot's submission server, which hands them to Postfix ----
if [ -x /usr/lib/dovecot/submission ] && [ -x /usr/sbin/postfix ]; then
	mkdir "$d/s"
	cp -r "$W/p/pki" "$d/s/pki"
	echo planet >"$d/s/users"
	sport=$(free_port)
	cat >"$d/s/more.conf" <<C
protocols = \$protocols submission
hostname = mail.test
submission_relay_host = 127.0.0.1
submission_relay_port = $pport
submission_relay_ssl = starttls
submission_relay_ssl_verify = no
service submission-login {
  chroot =
  inet_listener submission {
    address = 127.0.0.1
    port = $sport
  }
  inet_listener submissions {
    port = 0
  }
}
C
	ok "Dovecot starts" sh tests/servers/dovecot.sh "$d/s" start
	on_exit 'sh tests/servers/dovecot.sh "$d/s" stop'
	echo secret >"$W/password"
	chmod 600 "$W/password"
	config "port = $sport
security = starttls
ca_file = $W/p/pki/ca.crt
user = planet
password_file = $W/password" >"$W/submission.conf"
	send submission "Dovecot's submission server"
	like "$(cat "$W/err")" 'C: AUTH|C: \.\.\.' "by a login"
	are_whole submission "$W/p/mail" "what is behind it"
else
	skip "Dovecot's submission server hands letters on whole" \
		"dovecot-submissiond or Postfix is not installed"
fi

# ---- Dovecot by LMTP ----
if [ -x /usr/lib/dovecot/lmtp ]; then
	mkdir "$d/l"
	seq -f 'r%g' $readers >"$d/l/users"
	set -- $(sh tests/servers/dovecot.sh "$d/l" start)
	on_exit 'sh tests/servers/dovecot.sh "$d/l" stop'
	config "" | sed "s/^method = smtp/method = lmtp\nlmtp = 127.0.0.1:$1/" >"$W/lmtp.conf"
	send lmtp "Dovecot by LMTP"
	are_whole lmtp "$d/l/mail" Dovecot
else
	skip "Dovecot stores letters whole" "dovecot-lmtpd is not installed"
fi

# ---- exim4 ----
mkdir "$W/e"
seq -f 'r%g' $readers >"$W/e/readers"
if eport=$(sh tests/servers/exim.sh "$W/e" start 2>/dev/null); then
	on_exit 'sh tests/servers/exim.sh "$W/e" stop'
	sed -i 's/mail.test/far.test/' "$W/l.csv"
	config "port = $eport
security = none" >"$W/exim.conf"
	send exim exim4
	ok "exim4 delivers" sh tests/servers/exim.sh "$W/e" deliver
	are_whole exim "$W/e/mail" exim4
	sed -i 's/far.test/mail.test/' "$W/l.csv"
else
	skip "exim4 stores letters whole" "exim4 is not installed"
fi

# ---- OpenSMTPD ----
mkdir "$d/o"
if oport=$(sh tests/servers/opensmtpd.sh "$d/o" start 2>"$W/o.err"); then
	on_exit 'sh tests/servers/opensmtpd.sh "$d/o" stop'
	config "port = $oport
security = none" >"$W/opensmtpd.conf"
	send opensmtpd OpenSMTPD
	are_whole opensmtpd "$d/o/mail" OpenSMTPD
else
	skip "OpenSMTPD stores letters whole" "$(tail -n 1 "$W/o.err")"
fi
finish

#!/bin/sh
# SPDX-License-Identifier: ISC
# bounce.source: a run reads the newsletter's mailbox of a real Dovecot, as a maildir and by
# POP3S, into which a real Postfix puts what comes back and what people write.
. tests/cli/lib.sh
need postfix dovecot openssl python3
[ "$(id -u)" = 0 ] || skip_all "only root can start Postfix and Dovecot here"
[ -x /usr/lib/dovecot/lmtp ] || skip_all "dovecot-lmtpd is not installed"

short_folder
mkdir -p "$W/p" "$d/dovecot" "$d/data"
chown nobody:nogroup "$d/data"
sh tests/servers/mkpki.sh "$W/p/pki"
cp -r "$W/p/pki" "$d/dovecot/pki"
cp "$W/p/pki/ca.crt" "$d/ca.crt"
cp contrib/mail/dovecot/planetpost.conf "$d/dovecot/more.conf"
printf 'ann\nbo\nfull full\nplanet\n' >"$d/dovecot/users"
set -- $(sh tests/servers/dovecot.sh "$d/dovecot" start)
on_exit 'sh tests/servers/dovecot.sh "$d/dovecot" stop'
lmtp=$1
pop3s=$2

# Postfix hands all mail to Dovecot; that of the newsletter too.
cat >"$W/p/main.more" <<M
recipient_delimiter = +
relay_domains = far.test
transport_maps = texthash:$W/p/transport
M
echo "lmtp unix - - n - - lmtp" >"$W/p/master.more"
printf 'far.test lmtp:inet:127.0.0.1:%s\nplanet@mail.test lmtp:inet:127.0.0.1:%s\n' \
	"$lmtp" "$lmtp" >"$W/p/transport"
echo planet@mail.test >"$W/p/readers"
port=$(sh tests/servers/postfix.sh "$W/p" start)
on_exit 'sh tests/servers/postfix.sh "$W/p" stop'

cp config/demo/rss20.xml "$d/"
box=$d/dovecot/mail/planet/Maildir
cat >"$d/planetpost.conf" <<C
[newsletter]
name = Quay
from = Quay <planet@mail.test>
[fetch]
allow_files = yes
[digest]
schedule = off
[list]
command_address = planet@mail.test
welcome = no
[transport]
method = smtp
[smtp]
host = 127.0.0.1
port = $port
security = starttls
ca_file = $d/ca.crt
[bounce]
source = maildir:$box
[feed a]
url = file:rss20.xml
C
planet() { pp -c "$d/planetpost.conf" -d "$d/data" "$@"; }
state_of() { planet sub list | awk -v a="$1" '$1 == a { print $2 }'; }
bounced() { planet bounces list | awk -v a="$1" '$1 == a { print $4 }'; }
new_in() { find "$d/dovecot/mail/$1" -path '*/new/*' -type f 2>/dev/null | wc -l | tr -d ' '; }
has_mail() { [ "$(new_in "$1")" -ge "$2" ]; }
cat >"$W/send.py" <<'P'
import smtplib, ssl, sys
port, ca, sender, to, subject = sys.argv[1:6]
s = smtplib.SMTP("127.0.0.1", int(port), timeout=20)
s._host = "mail.test"
s.starttls(context=ssl.create_default_context(cafile=ca))
s.ehlo()
s.sendmail(sender, [to], "From: %s\r\nTo: %s\r\nSubject: %s\r\n\r\nhello\r\n" % (sender, to, subject))
s.quit()
P
send() { python3 "$W/send.py" "$port" "$d/ca.crt" "$@"; }
newest_reply() {
	find "$d/dovecot/mail/$1" -type f -path '*/new/*' -exec grep -l '^Reply-To: planet+' {} + |
		xargs ls -t | head -n 1 | xargs sed -n 's/^Reply-To: //p' | tr -d '\r'
}

run planet sub add ann@far.test ghost@far.test full@far.test --confirmed-by test
exits 0 "three readers are added"
run planet run
exits 0 "a run whose mailbox is not there sends all the same"
err_like 'bounce\.source: .*planet/Maildir/new: No such file' "and tells it"
ok "what came back waits in the mailbox" wait_for 60 has_mail planet 2
ok "a letter has arrived" wait_for 30 has_mail ann 1
run planet -n run
is "$(new_in planet)" 2 "a dry run leaves it there"
run planet run
exits 0 "the next run reads it"
is "$(bounced ghost@far.test)" hard "an unknown user is known"
is "$(bounced full@far.test)" soft "so is a full mailbox"
is "$(state_of ghost@far.test)" bounced "the unknown user gets no more letters"
is "$(new_in planet)" 0 "nothing is new in the mailbox"
is "$(find "$box/cur" -type f | wc -l | tr -d ' ')" 2 "all of it is seen"
ok "somebody writes to +subscribe" send bo@far.test planet+subscribe@mail.test hello
ok "it waits in the mailbox" wait_for 30 has_mail planet 1
run planet run
is "$(state_of bo@far.test)" pending "the next run deals with it"
ok "and answers" wait_for 30 has_mail bo 1

# ---- the same by POP3S ----
if [ "$pop3s" = 0 ]; then
	skip "a run reads a mailbox by POP3S" "dovecot-pop3d is not installed"
	finish
fi
rm -f "$box"/cur/* "$box"/dovecot*
printf 'secret\n' >"$d/password"
chmod 600 "$d/password"
chown nobody "$d/password"
sed -i "s|^source = .*|source = pop3s://127.0.0.1:$pop3s|" "$d/planetpost.conf"
cat >>"$d/planetpost.conf" <<C
[bounce]
user = planet
password_file = $d/password
ca_file = $d/ca.crt
C
ok "they reply" send bo@far.test "$(newest_reply bo)" "Re: One step left"
ok "it waits in the mailbox" wait_for 30 has_mail planet 1
sed "s|^password_file.*|password_file = $d/wrong|" "$d/planetpost.conf" >"$d/wrong.conf"
echo wrong >"$d/wrong"
chmod 600 "$d/wrong"
chown nobody "$d/wrong"
run pp -c "$d/wrong.conf" -d "$d/data" run
exits 0 "a run that is not let in ends well"
err_like 'does not let us read the mailbox' "and tells it"
run pp -c "$d/planetpost.conf" -d "$d/data" run
exits 0 "a run reads a mailbox by POP3S"
err_empty "and has nothing to tell"
is "$(state_of bo@far.test)" active "who replied reads"
is "$(find "$box/new" "$box/cur" -type f | wc -l | tr -d ' ')" 0 "what is done is deleted there"
finish

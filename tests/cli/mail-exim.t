#!/bin/sh
# SPDX-License-Identifier: ISC
# The recipe of contrib/mail for exim4, run: what is sent to an unknown user, a full mailbox and
# a vacation responder of a real exim comes back through its pipe, and commands are obeyed.
. tests/cli/lib.sh
need python3
[ "$(id -u)" = 0 ] || skip_all "exim's deliveries are tried as root"
[ -x "${EXIM4:-/usr/sbin/exim4}" ] || [ -x /usr/local/lib/planetpost-peers/usr/sbin/exim4 ] ||
	skip_all "exim4 is not installed (contrib/install-needs peers)"

# The program must be one that others may run.
short_folder
mkdir "$d/data" "$d/exim"
cp "$PLANETPOST" "$d/planetpost"
chmod 755 "$d/planetpost"
chown nobody:nogroup "$d/data"
recipe() {
	sed -e "s|/usr/bin/planetpost|$d/planetpost|" -e "s|/etc/planetpost/|$d/|" \
		-e "s|/var/lib/planetpost|$d/data|" -e "s|user = planetpost|user = nobody|" \
		-e "s|example.net|mail.test|" "contrib/mail/exim4/$1"
}
recipe router >"$d/exim/router"
recipe transport >"$d/exim/transport"
printf 'ann\nbo\nfull full\naway away\n' >"$d/exim/readers"
exim() { sh tests/servers/exim.sh "$d/exim" "$@"; }
port=$(exim start)
on_exit 'sh tests/servers/exim.sh "$d/exim" stop'
like "$port" '^[0-9]+$' "exim listens"

cp config/demo/rss20.xml "$d/"
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
security = none
[feed a]
url = file:rss20.xml
C
planet() { pp -c "$d/planetpost.conf" -d "$d/data" "$@"; }
state_of() { planet sub list | awk -v a="$1" '$1 == a { print $2 }'; }
bounced() { planet bounces list | awk -v a="$1" '$1 == a { print $4 }'; }
box() { find "$d/exim/mail/$1" -path '*/new/*' -type f 2>/dev/null; }
count() { box "$1" | wc -l | tr -d ' '; }

run planet sub add ann@far.test ghost@far.test full@far.test away@far.test --confirmed-by test
exits 0 "four readers are added"
run planet run
exits 0 "their letters go to exim"
ok "exim delivers" exim deliver
is "$(count ann)" 1 "one arrives"
is "$(bounced ghost@far.test)" hard "an unknown user comes back through the pipe"
is "$(bounced full@far.test)" soft "so does a full mailbox"
is "$(bounced away@far.test)" "" "a vacation is no bounce"
like "$(cat "$d/exim/log/main")" 'away.*planet\+b-|planet\+b-.*T=planetpost_pipe' \
	"though it was answered to the same place"
is "$(state_of ghost@far.test)" bounced "the unknown user gets no more letters"
is "$(state_of full@far.test)" active "the full mailbox does"
is "$(state_of away@far.test)" active "and so does who is away"

cat >"$W/send.py" <<'P'
import smtplib, sys
port, sender, to, subject = sys.argv[1:5]
s = smtplib.SMTP("127.0.0.1", int(port), timeout=20)
s.sendmail(sender, [to], "From: %s\r\nTo: %s\r\nSubject: %s\r\n\r\nhello\r\n" % (sender, to, subject))
s.quit()
P
send() { python3 "$W/send.py" "$port" "$@" && exim deliver; }
reply_to() {
	box "$1" | xargs grep -l '^Reply-To: planet+' | xargs ls -t | head -n 1 |
		xargs sed -n 's/^Reply-To: //p' | tr -d '\r'
}
ok "somebody writes to +subscribe" send bo@far.test planet+subscribe@mail.test hello
is "$(state_of bo@far.test)" pending "and waits for their reply"
is "$(count bo)" 1 "to the letter they got"
ok "they reply" send bo@far.test "$(reply_to bo)" "Re: One step left"
is "$(state_of bo@far.test)" active "and read"
ok "somebody writes to an address that is none" send bo@far.test planet+nonsense@mail.test hello
ok "who is told" sh -c "grep -qr 'could not be delivered' $d/exim/mail/bo/new"
ok "they write +unsubscribe" send bo@far.test planet+unsubscribe@mail.test ""
ok "and reply" send bo@far.test "$(reply_to bo)" "Re: Was it you?"
is "$(state_of bo@far.test)" left "and have left"
finish

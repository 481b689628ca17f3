#!/bin/sh
# SPDX-License-Identifier: ISC
# The recipes of contrib/mail for Postfix, run: what is sent to readers of a real Postfix and a
# real Dovecot comes back through Postfix's pipe, and what people write by mutt is obeyed.
. tests/cli/lib.sh
need postfix dovecot openssl python3
[ "$(id -u)" = 0 ] || skip_all "only root can start Postfix and Dovecot here"
[ -x /usr/lib/dovecot/lmtp ] || skip_all "dovecot-lmtpd is not installed"

# The program must be one that others may run.
short_folder
mkdir -p "$W/p" "$d/dovecot"
sh tests/servers/mkpki.sh "$W/p/pki"
cp -r "$W/p/pki" "$d/dovecot/pki"
cp "$PLANETPOST" "$d/planetpost"
cp tests/servers/away.py "$d/away.py"
cp "$W/p/pki/ca.crt" "$d/ca.crt"
chmod 755 "$d/planetpost" "$d/away.py"
mkdir "$d/data"
chown nobody:nogroup "$d/data"

printf 'ann\nbo\nfull full\n' >"$d/dovecot/users"
set -- $(sh tests/servers/dovecot.sh "$d/dovecot" start)
on_exit 'sh tests/servers/dovecot.sh "$d/dovecot" stop'
lmtp=$1

# What a recipe says, for this machine's paths and users.
recipe() {
	sed -e "s|/usr/bin/planetpost|$d/planetpost|" -e "s|/etc/planetpost/|$d/|" \
		-e "s|/var/lib/planetpost|$d/data|" -e "s|user=planetpost|user=nobody|" \
		-e "s|/etc/postfix/|$W/p/|" -e "s|planet@example.net|planet@mail.test|" \
		"contrib/mail/postfix/$1"
}
recipe main.cf >"$W/p/main.more"
cat >>"$W/p/main.more" <<M
relay_domains = far.test
mydestination = local.test
alias_maps = hash:$W/p/aliases
alias_database = hash:$W/p/aliases
away_destination_recipient_limit = 1
M
recipe master.cf >"$W/p/master.more"
cat >>"$W/p/master.more" <<M
lmtp unix - - n - - lmtp
local unix - n n - - local
away unix - n n - - pipe
  flags=R user=nobody argv=$d/away.py $W/p/port $d/ca.crt \${recipient}
M
recipe transport >"$W/p/transport"
cat >>"$W/p/transport" <<M
away@far.test away:
far.test lmtp:inet:127.0.0.1:$lmtp
M
recipe aliases >"$W/p/aliases"
postalias -c /etc/postfix "hash:$W/p/aliases" 2>/dev/null || : >"$W/p/no-alias"
[ ! -e "$W/p/aliases.db" ] || chown nobody "$W/p/aliases.db" "$W/p/aliases"
port=$(sh tests/servers/postfix.sh "$W/p" start)
on_exit 'sh tests/servers/postfix.sh "$W/p" stop'

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
security = starttls
ca_file = $d/ca.crt
[feed a]
url = file:rss20.xml
C
planet() { pp -c "$d/planetpost.conf" -d "$d/data" "$@"; }
state_of() { planet sub list | awk -v a="$1" '$1 == a { print $2 }'; }
is_state() { [ "$(state_of "$1")" = "$2" ]; }
bounced() { planet bounces list | awk -v a="$1" '$1 == a { print $4 }'; }
is_bounced() { [ "$(bounced "$1")" = "$2" ]; }
box() { find "$d/dovecot/mail/$1" -path '*/new/*' -type f 2>/dev/null; }
has_mail() { [ "$(box "$1" | wc -l)" -ge "$2" ]; }
dealt_with() { grep -c "relay=planetpost,.*status=sent" "$W/p/postfix.log"; }
has_dealt_with() { [ "$(dealt_with)" -ge "$1" ]; }

run planet sub add ann@far.test ghost@far.test full@far.test away@far.test --confirmed-by test
exits 0 "four readers are added"
run planet run
exits 0 "their letters go to Postfix"
run planet issue show last
out_like '4 accepted$' "which takes all of them"
ok "one arrives" wait_for 30 has_mail ann 1
ok "an unknown user comes back through the pipe" wait_for 60 is_bounced ghost@far.test hard
ok "so does a full mailbox" wait_for 60 is_bounced full@far.test soft
ok "and what a vacation responder answers" wait_for 60 has_dealt_with 3
is "$(state_of ghost@far.test)" bounced "the unknown user gets no more letters"
is "$(state_of full@far.test)" active "the full mailbox does"
is "$(state_of away@far.test)" active "and so does who is away"
is "$(bounced away@far.test)" "" "a vacation is no bounce"
run planet bounces show full@far.test
out_like 'Quota|quota' "the keeper sees the server's words"

# ---- the alias ----
cat >"$W/send.py" <<'P'
import smtplib, ssl, sys
port, ca, sender, to = sys.argv[1:5]
s = smtplib.SMTP("127.0.0.1", int(port), timeout=20)
s._host = "mail.test"
s.starttls(context=ssl.create_default_context(cafile=ca))
s.ehlo()
s.sendmail(sender, [to], "From: %s\r\nTo: %s\r\nSubject: hello\r\n\r\nhello\r\n" % (sender, to))
s.quit()
P
send() { python3 "$W/send.py" "$port" "$d/ca.crt" "$@"; }
if [ -e "$W/p/no-alias" ]; then
	skip "an alias works" "this Postfix has no hash: tables"
else
	sed -i 's/^command_address.*/command_address = planet@local.test/' "$d/planetpost.conf"
	ok "mail to an alias with a plus is taken" send bo@far.test planet+subscribe@local.test
	ok "and dealt with" wait_for 60 is_state bo@far.test pending
	ok "and answered" wait_for 30 has_mail bo 1
	sed -i 's/^command_address.*/command_address = planet@mail.test/' "$d/planetpost.conf"
fi
ok "mail to an address that is none is taken" send ann@far.test planet+nonsense@mail.test
returned() { box ann | xargs grep -l 'Undelivered Mail' >/dev/null; }
ok "and sent back to its writer" wait_for 30 returned

# ---- mutt ----
if command -v mutt >/dev/null && python3 -c 'import os; os.openpty()' 2>/dev/null; then
	cat >"$W/muttrc" <<M
set from=ann@far.test realname=Ann use_envelope_from=yes
set smtp_url="smtp://127.0.0.1:$port/" ssl_starttls=yes ssl_force_tls=yes
set ssl_ca_certificates_file="$d/ca.crt"
set copy=no editor=true autoedit=yes edit_headers=yes fast_reply=yes include=no reply_to=yes
set abort_unmodified=no abort_nosubject=no abort_noattach=no
set header_cache="" mbox_type=Maildir folder="$W/home" spoolfile="$d/dovecot/mail/ann/Maildir"
set confirmappend=no delete=yes quit=yes sleep_time=0 wait_key=no recall=no timeout=1 move=no
set sort=date-received
M
	in_mutt() (
		HOME="$W/home" TERM=xterm
		export HOME TERM
		exec timeout 60 python3 tests/cli/terminal.py "$@" >"$W/mutt.out" 2>&1
	)
	mutt="mutt -n -F $W/muttrc"
	before=$(box ann | wc -l)
	# shellcheck disable=SC2086 # mutt is words
	ok "a mail to +unsubscribe is written in mutt" in_mutt --after "Mutt: Compose" y \
		$mutt -s "" planet+unsubscribe@mail.test
	ok "an answer comes" wait_for 30 has_mail ann $((before + 1))
	is "$(state_of ann@far.test)" active "nobody leaves by a From"
	# shellcheck disable=SC2086
	ok "it is replied to in mutt" in_mutt --after "Mutt: /" "*r" --after "Mutt: Compose" y \
		--after "Mail sent" q $mutt
	ok "and the reader has left" wait_for 60 is_state ann@far.test left
else
	skip "who writes +unsubscribe in mutt leaves" "mutt is not installed, or no terminal"
fi
finish

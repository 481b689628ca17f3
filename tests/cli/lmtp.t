#!/bin/sh
# SPDX-License-Identifier: ISC
# Letters handed to a real Dovecot by LMTP, over its socket and over TCP.
. tests/cli/lib.sh
need dovecot python3
[ "$(id -u)" = 0 ] || skip_all "only root can start Dovecot here"
[ -x /usr/lib/dovecot/lmtp ] || skip_all "dovecot-lmtpd is not installed"

letters() { python3 "$TOP/tests/cli/letters.py" "$@"; }
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

# ---- Dovecot: who writes to NAME@anywhere finds it in mail/NAME ----
short_folder
mkdir "$d/run" "$d/mail"
chown nobody:nogroup "$d/mail"
cat >"$d/dovecot.conf" <<C
base_dir = $d/run
state_dir = $d/run
log_path = $d/log
protocols = lmtp
default_internal_user = nobody
default_login_user = nobody
default_internal_group = nogroup
mail_location = maildir:$d/mail/%n/Maildir
first_valid_uid = 0
first_valid_gid = 0
ssl = no
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=$d/mail/%n allow_all_users=yes
}
service lmtp {
  unix_listener $d/lmtp.sock {
    mode = 0666
  }
  inet_listener lmtp {
    address = 127.0.0.1
    port = $port
  }
}
service anvil {
  chroot =
}
C
on_exit 'kill "$(cat "$d/run/master.pid")"'
dovecot -c "$d/dovecot.conf" >"$W/dovecot.out" 2>&1 </dev/null
listening() { [ -S "$d/lmtp.sock" ]; }
ok "Dovecot listens" wait_for 20 listening

# ---- one newsletter ----
cp config/demo/rss20.xml "$W/"
cat >"$W/c.conf" <<C
[newsletter]
name = Quay
from = Quay <quay@lmtp.test>
[fetch]
allow_files = yes
[digest]
schedule = off
[transport]
method = lmtp
lmtp = $d/lmtp.sock
[feed a]
url = file:rss20.xml
C
arrived() { find "$d/mail/$1" -path '*/new/*' -type f 2>/dev/null | wc -l | tr -d ' '; }

run pp -c "$W/c.conf" -d "$W/one" sub add ann@lmtp.test bo@lmtp.test --confirmed-by test
exits 0 "two readers are added"
run pp -c "$W/c.conf" -d "$W/one" run
exits 0 "the run over the socket succeeds"
is "$(arrived ann)" 1 "Ann has one letter"
is "$(arrived bo)" 1 "Bo has one letter"
ok "it is sound" letters check "$(find "$d/mail/ann" -path '*/new/*' -type f)"
run pp -c "$W/c.conf" -d "$W/one" run
exits 0 "a second run succeeds"
is "$(arrived ann)" 1 "and brings nothing twice"

sed -i "s|^lmtp = .*|lmtp = 127.0.0.1:$port|" "$W/c.conf"
run pp -c "$W/c.conf" -d "$W/two" sub add cy@lmtp.test --confirmed-by test
exits 0 "a third reader is added elsewhere"
run pp -c "$W/c.conf" -d "$W/two" run
exits 0 "the run over TCP succeeds"
is "$(arrived cy)" 1 "Cy has one letter"
finish

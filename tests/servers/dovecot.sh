#!/bin/sh
# SPDX-License-Identifier: ISC
# A private Dovecot on loopback: takes mail by LMTP into maildirs, gives it out by POP3 under TLS.
# Usage: tests/servers/dovecot.sh DIR start|stop
# start prints "LMTP POP3S", its ports (POP3S is 0 where dovecot-pop3d is not installed).  Who
# stands in DIR/users, one name a line, has the maildir DIR/mail/NAME/Maildir and the password
# "secret"; others are unknown.  A name with "full" behind it has room for a hundred bytes.
# DIR/more.conf is added to its configuration.
# DIR must be a short path: sockets live in it.  Log: DIR/log.  Starts as root only.
set -eu
dir=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/sbin:/sbin

configuration() { # LMTP POP3S
	protocols=lmtp
	[ "$2" = 0 ] || protocols="lmtp pop3"
	cat <<C
base_dir = $dir/run
state_dir = $dir/run
log_path = $dir/log
protocols = $protocols
listen = 127.0.0.1
default_internal_user = nobody
default_login_user = nobody
default_internal_group = nogroup
first_valid_uid = 0
first_valid_gid = 0
ssl = yes
ssl_cert = <$dir/pki/good.crt
ssl_key = <$dir/pki/good.key
auth_username_format = %n
passdb {
  driver = passwd-file
  args = $dir/passwd
}
userdb {
  driver = passwd-file
  args = $dir/passwd
  default_fields = uid=nobody gid=nogroup home=$dir/mail/%n mail=maildir:$dir/mail/%n/Maildir
}
plugin {
  quota = count:User quota
  quota_vsizes = yes
}
mail_vsize_bg_after_count = 0
protocol lmtp {
  mail_plugins = quota
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = $1
  }
}
service anvil {
  chroot =
}
!include_try $dir/more.conf
C
	[ "$2" = 0 ] || cat <<C
service pop3-login {
  chroot =
  inet_listener pop3 {
    port = 0
  }
  inet_listener pop3s {
    address = 127.0.0.1
    port = $2
  }
}
C
}

start() {
	[ "$(id -u)" = 0 ] || { echo "dovecot.sh: only root can start Dovecot" >&2; exit 1; }
	mkdir -p "$dir/run" "$dir/mail"
	chmod 755 "$dir"
	chown nobody:nogroup "$dir/mail"
	[ -e "$dir/pki/good.crt" ] || sh "$here/mkpki.sh" "$dir/pki" >/dev/null
	awk '{ print $1 ":{PLAIN}secret::::::" ($2 == "full" ? "userdb_quota_rule=*:bytes=100" : "") }' \
		"$dir/users" >"$dir/passwd"
	chmod 644 "$dir/passwd"
	for try in 1 2 3 4 5; do
		set -- $(python3 -c '
import socket
a = [socket.socket() for _ in "ab"]
for s in a: s.bind(("127.0.0.1", 0))
print(*[s.getsockname()[1] for s in a])')
		[ -x /usr/lib/dovecot/pop3 ] || set -- "$1" 0
		configuration "$1" "$2" >"$dir/dovecot.conf"
		# A port that was free a moment ago may be taken now: then with others.
		if dovecot -c "$dir/dovecot.conf" >"$dir/start.log" 2>&1 </dev/null; then
			echo "$1 $2"
			return 0
		fi
	done
	cat "$dir/start.log" >&2
	return 1
}

stop() {
	[ -e "$dir/run/master.pid" ] || return 0
	pid=$(cat "$dir/run/master.pid")
	kill "$pid" 2>/dev/null || true
	while kill -0 "$pid" 2>/dev/null; do
		sleep 0.05
	done
}

case ${2:-} in
start) start ;;
stop) stop ;;
*) sed -n '3,11s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

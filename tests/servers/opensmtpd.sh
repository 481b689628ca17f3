#!/bin/sh
# SPDX-License-Identifier: ISC
# A private OpenSMTPD on loopback that delivers into maildirs.
# Usage: tests/servers/opensmtpd.sh DIR start|stop
# start prints the port.  Mail to NAME@mail.test goes into the maildir DIR/mail/NAME, whoever NAME
# is; mail to elsewhere is refused.  Log: DIR/log.
#
# Debian's opensmtpd cannot be installed beside another mail server; contrib/install-needs unpacks
# it into /usr/local/lib/planetpost-peers then.  Its paths are compiled in, so it has a world of
# mounts of its own; for its users stands the user nobody (libnss-wrapper).  It speaks no TLS
# here: Debian 12's answers every client's handshake with "internal error".  Starts as root only.
set -eu
dir=$(cd "$1" && pwd)
peers=/usr/local/lib/planetpost-peers

find_program() {
	for root in "" $peers; do
		smtpd=$root/usr/sbin/smtpd
		[ ! -x "$smtpd" ] || [ ! -x "$root/usr/libexec/opensmtpd/mail.maildir" ] || return 0
	done
	echo "opensmtpd.sh: OpenSMTPD is not installed" >&2
	exit 1
}

prepare() {
	[ "$(id -u)" = 0 ] || { echo "opensmtpd.sh: only root can start it" >&2; exit 1; }
	find_program
	wrapper=$(ls /usr/lib/*/libnss_wrapper.so 2>/dev/null | head -n 1)
	[ -n "$wrapper" ] || { echo "opensmtpd.sh: libnss-wrapper is not there" >&2; exit 1; }
	mkdir -p "$dir/spool" "$dir/run" "$dir/lib/opensmtpd/empty" "$dir/mail"
	chmod 711 "$dir/lib" "$dir/lib/opensmtpd" "$dir/lib/opensmtpd/empty"
	chmod 755 "$dir" "$dir/spool" "$dir/run"
	chown nobody:nogroup "$dir/mail"
	ids=$(id -u nobody):$(id -g nobody)
	for user in opensmtpd opensmtpq; do
		getent passwd $user || echo "$user:x:$ids::/:/bin/false"
	done >"$dir/users"
	(getent passwd; cat "$dir/users") >"$dir/passwd"
	(getent group; for group in opensmtpd opensmtpq; do
		echo "$group:x:$(id -g nobody):"
	done) >"$dir/group"
	echo '@ nobody' >"$dir/readers"
}

configuration() { # PORT
	cat <<C
table readers file:$dir/readers
listen on 127.0.0.1 port $1 hostname mail.test
action "keep" maildir "$dir/mail/%{rcpt.user}" virtual <readers>
match from any for domain "mail.test" action "keep"
C
}

start() {
	prepare
	for try in 1 2 3 4 5; do
		port=$(python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
		configuration "$port" >"$dir/conf"
		unshare -m sh -c '
			mount --make-rprivate /
			mount --bind "$1/spool" /var/spool && mount --bind "$1/lib" /var/lib &&
				mount --bind "$1/run" /run || exit 1
			[ -z "$3" ] || mount --bind "$3/usr/libexec" /usr/libexec || exit 1
			LD_PRELOAD=$4 NSS_WRAPPER_PASSWD=$1/passwd NSS_WRAPPER_GROUP=$1/group
			export LD_PRELOAD NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
			exec "$2" -d -f "$1/conf"' sh "$dir" "$smtpd" "$root" "$wrapper" \
			>"$dir/log" 2>&1 </dev/null &
		echo $! >"$dir/pid"
		tries=50
		while [ $tries -gt 0 ] && kill -0 "$(cat "$dir/pid")" 2>/dev/null; do
			if python3 -c "import socket
s = socket.create_connection(('127.0.0.1', $port), 1); s.settimeout(2)
raise SystemExit(0 if s.recv(4) == b'220 ' else 1)" 2>/dev/null; then
				echo "$port"
				return 0
			fi
			tries=$((tries - 1))
			sleep 0.1
		done
		stop
	done
	cat "$dir/log" >&2
	return 1
}

stop() {
	[ -e "$dir/pid" ] || return 0
	pid=$(cat "$dir/pid")
	kill "$pid" 2>/dev/null || true
	tries=100
	while kill -0 "$pid" 2>/dev/null && [ $tries -gt 0 ]; do
		tries=$((tries - 1))
		sleep 0.05
	done
	rm -f "$dir/pid"
}

case ${2:-} in
start) start ;;
stop) stop ;;
*) sed -n '3,13s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

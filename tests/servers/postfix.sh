#!/bin/sh
# SPDX-License-Identifier: ISC
# A private Postfix on loopback, with STARTTLS, that delivers into maildirs.
# Usage: tests/servers/postfix.sh DIR start|stop
# start prints the port, which is the same after a stop.  Every address @mail.test listed in
# DIR/readers (one a line) gets its letters in DIR/mail/LOCALPART/new, all others of mail.test
# in DIR/mail/catchall/new; refused@mail.test is refused for good, later@mail.test for now.  Nothing leaves the machine.
# Plain text is not accepted: clients must use STARTTLS.  Log: DIR/postfix.log.
# DIR/main.more and DIR/master.more are added to its main.cf and master.cf.
# Its master starts as root only.
set -eu
dir=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
etc=$dir/etc
PATH=$PATH:/usr/sbin:/sbin

main_cf() {
	cat <<M
compatibility_level = 3.6
config_directory = $etc
queue_directory = $dir/spool
data_directory = $dir/data
mail_owner = postfix
setgid_group = postdrop
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
meta_directory = $etc
shlib_directory = /usr/lib/postfix
maillog_file = $dir/postfix.log
maillog_file_prefixes = $dir
syslog_name = postfix-test
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.test
mydomain = test
myorigin = mail.test
mydestination =
mynetworks = 127.0.0.0/8
default_transport = error:no outside mail in tests
relay_transport = error:no outside mail in tests
alias_maps =
alias_database =
virtual_alias_maps =
virtual_mailbox_domains = mail.test
virtual_mailbox_base = $dir/mail
virtual_mailbox_maps = texthash:$etc/mailboxes
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 1000
recipient_delimiter = +
smtputf8_enable = yes
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = $dir/pki/good.crt
smtpd_tls_key_file = $dir/pki/good.key
smtpd_recipient_restrictions = check_recipient_access texthash:$etc/access,
	permit_mynetworks, reject
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
M
}
master_cf() { # PORT
	cat <<M
127.0.0.1:$1 inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
showq unix n - n - - showq
M
}

start() {
	[ "$(id -u)" = 0 ] || { echo "postfix.sh: only root can start Postfix" >&2; exit 1; }
	mkdir -p "$etc" "$dir/spool" "$dir/data" "$dir/mail"
	chmod 755 "$dir"
	[ -e "$dir/pki/good.crt" ] || sh "$here/mkpki.sh" "$dir/pki" >/dev/null
	cp /etc/postfix/postfix-files "$etc/"
	[ ! -d /etc/postfix/postfix-files.d ] || cp -r /etc/postfix/postfix-files.d "$etc/"
	chown postfix "$dir/data"
	chown nobody:nogroup "$dir/mail"
	[ ! -e "$dir/readers" ] ||
		sed 's/^\([^@+]*\)@mail\.test$/& \1\//' "$dir/readers" >"$etc/mailboxes"
	echo "@mail.test catchall/" >>"$etc/mailboxes"
	cat >"$etc/access" <<M
refused@mail.test 550 5.1.1 no such reader here
later@mail.test 450 4.2.1 come again later
M
	main_cf >"$etc/main.cf"
	[ ! -e "$dir/main.more" ] || cat "$dir/main.more" >>"$etc/main.cf"
	for try in 1 2 3 4 5; do
		# A free one, or that of last time if it is free still.
		port=$(python3 -c 'import os, socket, sys
for port in [int(open(p).read()) for p in sys.argv[1:] if os.path.exists(p)] + [0]:
    try:
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(("127.0.0.1", port))
        print(s.getsockname()[1])
        break
    except OSError:
        pass' "$dir/port")
		master_cf "$port" >"$etc/master.cf"
		[ ! -e "$dir/master.more" ] || cat "$dir/master.more" >>"$etc/master.cf"
		# A daemon would keep the caller's pipe open.
		postfix -c "$etc" start </dev/null >"$dir/start.log" 2>&1 || continue
		tries=100
		while [ $tries -gt 0 ]; do
			if python3 -c "import socket
socket.create_connection(('127.0.0.1', $port), 1).recv(4)" 2>/dev/null; then
				echo "$port" >"$dir/port"
				echo "$port"
				return 0
			fi
			tries=$((tries - 1))
			sleep 0.1
		done
		stop
	done
	cat "$dir/start.log" "$dir/postfix.log" >&2
	return 1
}

stop() {
	[ -e "$dir/spool/pid/master.pid" ] || return 0
	postfix -c "$etc" stop </dev/null >"$dir/stop.log" 2>&1 || true
}

case ${2:-} in
start) start ;;
stop) stop ;;
*) sed -n '3,11s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

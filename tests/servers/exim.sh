#!/bin/sh
# SPDX-License-Identifier: ISC
# A private exim4 on loopback.
# Usage: tests/servers/exim.sh DIR start|deliver|stop
# start prints the port.  Mail to mail.test and far.test is taken, whoever it is for, and kept
# until `deliver` delivers all of it, and all that comes of it.  NAME@far.test with a line in
# DIR/readers has the maildir DIR/mail/NAME; "NAME full" has room for a hundred bytes, "NAME
# away" has a vacation responder; all others are unknown.  DIR/router and DIR/transport are added
# to its routers and transports.  Log: DIR/log/main.
#
# Debian's exim4 cannot be installed beside another mail server; contrib/install-needs unpacks
# it into /usr/local/lib/planetpost-peers then, and $EXIM4 names any other.  Without its user,
# Debian-exim, the user nobody stands for it (libnss-wrapper).  Deliveries are root's.
set -eu
dir=$(cd "$1" && pwd)
peers=/usr/local/lib/planetpost-peers/usr/sbin/exim4

find_exim() {
	for exim in "${EXIM4:-}" /usr/sbin/exim4 $peers; do
		[ -z "$exim" ] || [ ! -x "$exim" ] || return 0
	done
	echo "exim.sh: exim4 is not installed" >&2
	exit 1
}

run_exim() {
	"$dir/exim" -C "$dir/exim.conf" "$@" </dev/null
}

prepare() {
	find_exim
	# The copy is nobody's to run as root.
	cp "$exim" "$dir/exim"
	chmod 755 "$dir/exim"
	getent passwd Debian-exim >/dev/null && return 0
	wrapper=$(ls /usr/lib/*/libnss_wrapper.so 2>/dev/null | head -n 1)
	[ -n "$wrapper" ] || {
		echo "exim.sh: neither the user Debian-exim nor libnss-wrapper is there" >&2
		exit 1
	}
	(getent passwd; echo "Debian-exim:x:$(id -u nobody):$(id -g nobody)::/:/bin/false") >"$dir/passwd"
	(getent group; echo "Debian-exim:x:$(id -g nobody):") >"$dir/group"
	mv "$dir/exim" "$dir/exim.bin"
	cat >"$dir/exim" <<X
#!/bin/sh
LD_PRELOAD=$wrapper NSS_WRAPPER_PASSWD=$dir/passwd NSS_WRAPPER_GROUP=$dir/group
export LD_PRELOAD NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
exec $dir/exim.bin "\$@"
X
	chmod 755 "$dir/exim"
}

# Who has WORD behind the name in DIR/readers; "" is all of them.  In exim's form of a list.
names() {
	awk -v w="$1" '(w == "" || $2 == w) { printf "%s%s", sep, $1; sep = " : " }' "$dir/readers"
}

configuration() { # PORT
	cat <<C
exim_path = $dir/exim
exim_user = nobody
exim_group = nogroup
keep_environment = LD_PRELOAD : NSS_WRAPPER_PASSWD : NSS_WRAPPER_GROUP
spool_directory = $dir/spool
log_file_path = $dir/log/%s
pid_file_path = $dir/exim.pid
primary_hostname = mail.test
qualify_domain = mail.test
domainlist local_domains = mail.test : far.test
daemon_smtp_ports = $1
local_interfaces = 127.0.0.1
tls_advertise_hosts =
acl_smtp_rcpt = accept
queue_only = true
never_users = root
bounce_return_size_limit = 20K
begin routers
$(cat "$dir/router" 2>/dev/null || true)
away:
  driver = accept
  domains = far.test
  local_parts = $(names away)
  transport = away
  unseen
full:
  driver = accept
  domains = far.test
  local_parts = $(names full)
  transport = full
reader:
  driver = accept
  domains = far.test
  local_parts = $(names "")
  transport = maildir
begin transports
$(cat "$dir/transport" 2>/dev/null || true)
away:
  driver = autoreply
  user = nobody
  from = \$local_part@\$domain
  to = \$sender_address
  subject = "Out of office: \$h_subject:"
  text = "I am away until Monday. My mailbox is full of mail already.\n"
maildir:
  driver = appendfile
  directory = $dir/mail/\$local_part_data
  maildir_format
  user = nobody
full:
  driver = appendfile
  directory = $dir/mail/\$local_part_data
  maildir_format
  user = nobody
  quota = 100
begin retry
C
}

start() {
	[ "$(id -u)" = 0 ] || { echo "exim.sh: only root can deliver as others" >&2; exit 1; }
	prepare
	mkdir -p "$dir/spool" "$dir/log" "$dir/mail"
	chown nobody:nogroup "$dir/spool" "$dir/log" "$dir/mail" "$dir"
	chmod 755 "$dir"
	for try in 1 2 3 4 5; do
		port=$(python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
		configuration "$port" >"$dir/exim.conf"
		if run_exim -bd >"$dir/start.log" 2>&1; then
			echo "$port"
			return 0
		fi
	done
	cat "$dir/start.log" >&2
	return 1
}

# A letter, its bounce, and what becomes of the bounce.
deliver() {
	for round in 1 2 3 4; do
		run_exim -qff >>"$dir/deliver.log" 2>&1
		[ "$(run_exim -bpc 2>/dev/null)" != 0 ] || return 0
	done
}

stop() {
	[ -e "$dir/exim.pid" ] || return 0
	pid=$(cat "$dir/exim.pid")
	kill "$pid" 2>/dev/null || true
	while kill -0 "$pid" 2>/dev/null; do
		sleep 0.05
	done
	rm -f "$dir/exim.pid"
}

case ${2:-} in
start) start ;;
deliver) deliver ;;
stop) stop ;;
*) sed -n '3,15s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

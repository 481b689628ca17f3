# SPDX-License-Identifier: ISC
# TAP for whole-program tests in POSIX sh.  A test file says `. tests/cli/lib.sh` (it is run at
# the top of the tree, by prove), then its cases, then `finish`.
#
#   $W                    work folder of this test, removed at the end (KEEP=1 keeps it)
#   $TOP                  top of the tree
#   pp ARG...             the program, in $W, with a clean environment and no terminal
#   run CMD...            runs it; then $status, $W/out and $W/err hold what came of it
#   exits CODE TITLE      what `run` ended with; shows what it wrote when that was wrong
#   out_like/err_like ERE TITLE, out_empty/err_empty TITLE
#   is GOT WANT TITLE     equal texts
#   like TEXT ERE TITLE   unlike TEXT ERE TITLE
#   same FILE FILE TITLE  equal bytes
#   ok TITLE CMD...       the command succeeds      nok TITLE CMD...   it fails
#   skip TITLE REASON     one case that cannot be tried here
#   skip_all REASON       the whole file
#   need CMD...           skip_all unless all of these commands are there
#   need_terminal         skip_all unless a pseudo terminal can be made
#   on_exit COMMAND       run at the end, last one first;  kill_later PID
#   free_port             a TCP port on loopback nobody listens on now
#   wait_for SECONDS CMD  until the command succeeds
#   short_folder          then $d is a folder of this test whose path is short: sockets live in it
set -u
TOP=$(pwd)
[ -e "$TOP/tests/cli/lib.sh" ] || { echo "Bail out! run at the top of the tree"; exit 1; }
PLANETPOST=${PLANETPOST:-$TOP/build/san/planetpost}
PLANETPOST_PLAIN=${PLANETPOST_PLAIN:-$TOP/build/plain/planetpost}
LC_ALL=C.UTF-8
TZ=UTC
# What a sanitizer finds must not pass for an ordinary failure.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}exitcode=99:abort_on_error=0
UBSAN_OPTIONS=${UBSAN_OPTIONS:+$UBSAN_OPTIONS:}exitcode=99:print_stacktrace=1
LSAN_OPTIONS=exitcode=99
export LC_ALL TZ ASAN_OPTIONS UBSAN_OPTIONS LSAN_OPTIONS
unset PLANETPOST_CONFIG PLANETPOST_DATA XDG_CONFIG_HOME XDG_STATE_HOME SOURCE_DATE_EPOCH \
	NO_COLOR http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY

# Postfix and nginx must be able to walk to it, as other users.
W=$(mktemp -d "${TMPDIR:-/tmp}/planetpost-test.XXXXXX")
chmod 755 "$W"
mkdir "$W/home"
: >"$W/out"
: >"$W/err"
status=0
tap_n=0
tap_finished=no
tap_hooks=

on_exit() {
	tap_hooks="$1
$tap_hooks"
}
kill_later() {
	on_exit "kill $1 2>/dev/null"
}
tap_end() {
	code=$?
	trap - EXIT
	eval "$tap_hooks"
	if [ "${KEEP:-}" = 1 ]; then
		echo "# kept: $W"
	else
		rm -rf "$W"
	fi
	[ $tap_finished = yes ] || { echo "# died before its end"; exit 1; }
	exit $code
}
trap tap_end EXIT
trap 'exit 1' HUP INT TERM

short_folder() {
	d=$W/short
	mkdir "$d"
	# A socket's path has room for 107 bytes, and servers put folders and names behind this.
	[ ${#d} -gt 48 ] || return 0
	d=$(mktemp -d /tmp/planetpost-test.XXXXXX)
	chmod 755 "$d"
	on_exit '[ "${KEEP:-}" = 1 ] || rm -rf "$d"'
}

diag() {
	printf '%s\n' "$*" | sed 's/^/#   /'
}
pass() {
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $1"
}
fail() { # TITLE WHY...
	tap_n=$((tap_n + 1))
	echo "not ok $tap_n - $1"
	shift
	[ $# = 0 ] || diag "$@"
}
skip() {
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $1 # SKIP $2"
}
skip_all() {
	echo "1..0 # SKIP $1"
	tap_finished=yes
	exit 0
}
finish() {
	echo "1..$tap_n"
	tap_finished=yes
	exit 0
}
need() {
	for tap_command; do
		command -v "$tap_command" >/dev/null 2>&1 || [ -x "/usr/sbin/$tap_command" ] ||
			skip_all "$tap_command is not installed"
	done
}
need_terminal() {
	python3 -c 'import os; os.openpty()' 2>/dev/null ||
		skip_all "no terminal can be made here (/dev/pts is not mounted)"
}

pp() (
	cd "$W" || exit 1
	exec env HOME="$W/home" TERM=dumb "$PLANETPOST" "$@" </dev/null
)
run() {
	"$@" >"$W/out" 2>"$W/err"
	status=$?
	if [ $status = 99 ] || grep -qE '(Address|Leak|UndefinedBehavior)Sanitizer|runtime error:' \
		"$W/err"; then
		fail "no sanitizer finds anything in: $*" "$(head -n 60 "$W/err")"
	fi
}
exits() {
	if [ "$status" = "$1" ]; then
		pass "$2"
	else
		fail "$2" "exit code: got $status, want $1" "$(head -n 20 "$W/out")" \
			"$(head -n 40 "$W/err")"
	fi
}
is() {
	if [ "$1" = "$2" ]; then
		pass "$3"
	else
		fail "$3" "got:  $1" "want: $2"
	fi
}
like() {
	if printf '%s\n' "$1" | grep -qE -e "$2"; then
		pass "$3"
	else
		fail "$3" "got:  $(printf '%s\n' "$1" | head -n 12 | cut -c 1-160)" "want: /$2/"
	fi
}
unlike() {
	if printf '%s\n' "$1" | grep -qE -e "$2"; then
		fail "$3" "got:  $(printf '%s\n' "$1" | grep -oE -e ".{0,60}($2).{0,60}" |
			head -n 12)" "want no /$2/"
	else
		pass "$3"
	fi
}
out_like() {
	like "$(cat "$W/out")" "$1" "$2"
}
err_like() {
	like "$(cat "$W/err")" "$1" "$2"
}
out_empty() {
	is "$(head -n 20 "$W/out")" "" "$1"
}
err_empty() {
	is "$(head -n 20 "$W/err")" "" "$1"
}
same() {
	if cmp -s "$1" "$2"; then
		pass "$3"
	else
		fail "$3" "$(diff -u "$2" "$1" 2>&1 | head -n 40)"
	fi
}
ok() {
	tap_title=$1
	shift
	if "$@" >"$W/ok.log" 2>&1; then
		pass "$tap_title"
	else
		fail "$tap_title" "failed: $*" "$(head -n 40 "$W/ok.log")"
	fi
}
nok() {
	tap_title=$1
	shift
	if "$@" >"$W/ok.log" 2>&1; then
		fail "$tap_title" "succeeded: $*" "$(head -n 40 "$W/ok.log")"
	else
		pass "$tap_title"
	fi
}

free_port() {
	python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}
wait_for() {
	tap_tries=$(($1 * 10))
	shift
	while ! "$@" >/dev/null 2>&1; do
		tap_tries=$((tap_tries - 1))
		[ $tap_tries -gt 0 ] || return 1
		sleep 0.1
	done
}
# SIGNAL START GOES-ON PP-ARGUMENTS: the program reads what START prints, which is more than a pipe
# holds; when it has taken that, the signal comes, while GOES-ON prints more or nothing.  So the
# program is at its work, however slow the machine is.  For "exits".
signalled() {
	tap_signal=$1
	tap_start=$2
	tap_goes_on=$3
	shift 3
	rm -f "$W/taken" "$W/pipe"
	mkfifo "$W/pipe"
	(
		eval "$tap_start"
		: >"$W/taken"
		eval "exec $tap_goes_on"
	) >"$W/pipe" 2>"$W/feeder.err" &
	tap_feeder=$!
	# What is started behind the shell's back ignores INT, unless it is told not to.
	(cd "$W" && exec env --default-signal=HUP,INT,QUIT,TERM HOME="$W/home" TERM=dumb \
		"$PLANETPOST" "$@") <"$W/pipe" >"$W/out" 2>"$W/err" &
	tap_reader=$!
	wait_for 120 test -e "$W/taken" && sleep 0.5
	kill -s "$tap_signal" $tap_reader
	wait $tap_reader
	status=$?
	kill $tap_feeder 2>"$W/feeder.err"
	wait $tap_feeder 2>"$W/feeder.err"
}

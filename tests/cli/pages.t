#!/bin/sh
# SPDX-License-Identifier: ISC
# The readers' pages as a web server in front sees them: what a link of a letter leads to, what
# looking changes (nothing), what strangers cannot do, and what is never told.
. tests/cli/lib.sh
need curl python3

cat >"$W/c.conf" <<C
[newsletter]
name = Planet Quay
from = Planet Quay <planet@quay.example>
owner = keeper@quay.example
postal_address = 1 Harbour Street
timezone = UTC
[list]
command_address = planet@quay.example
[fetch]
allow_files = yes
[digest]
schedule = daily 07:00
[web]
url = https://news.quay.example/p
listen = unix:$W/web.sock
answers = elsewhere
[limits]
asks_per_network = 50 per 1h
[feed ferry]
url = file:$TOP/config/demo/atom.xml
[feed lamp]
url = file:$TOP/config/demo/rss20.xml
C
at() {
	when=$1
	shift
	run pp -c c.conf -d state --now "$when" "$@"
}
at 2026-01-14T08:00:00Z sub add ann@reader.example bo@reader.example --confirmed-by "said so"
at 2026-01-15T08:00:00Z run
exits 0 "two letters are written"

(cd "$W" && exec env HOME="$W/home" "$PLANETPOST" -c c.conf -d state \
	--now 2026-01-15T09:00:00Z -v serve) >"$W/serve.out" 2>"$W/serve.err" </dev/null &
server=$!
kill_later $server
wait_for 20 test -S "$W/web.sock" || fail "the pages are served" "$(cat "$W/serve.err")"
get() { curl -s -m 20 --unix-socket "$W/web.sock" "$@"; }
page() { # PATH [CURL OPTION...]: $W/page, $code
	path=$1
	shift
	code=$(get -o "$W/page" -D "$W/fields" -w '%{http_code}' "$@" "http://x$path")
}
# Without markup, on one line.
text() { sed 's/<[^>]*>/ /g' "$W/page" | tr -s ' \n' ' '; }
shows() { like "$code $(text)" "$1" "$2"; }
links() { # FILE: the paths of all links of the pages
	python3 - "$1" <<'P'
import email, email.policy, re, sys
m = email.message_from_file(open(sys.argv[1]), policy=email.policy.default)
found = set(re.findall(r"https://news\.quay\.example/p(/[^\s<>\"]*)", str(m["List-Unsubscribe"]) +
            "".join(p.get_content() for p in m.walk() if p.get_content_maintype() == "text") +
            str(m["List-Archive"]) + " " + str(m["List-Help"])))
print("\n".join(sorted(found)))
P
}
of() { # FILE LETTER: its link of that kind
	links "$1" | grep "^/$2/" | head -n 1
}
set -- "$W"/outbox/*.eml
ann=$(grep -l '^To: ann@' "$@")
bo=$(grep -l '^To: bo@' "$@")
leave=$(of "$ann" u)
choose=$(of "$ann" p)

# ---- looking ----
dump() { python3 - "$W/state/planetpost.db" <<'P'
import sqlite3, sys
print("\n".join(sqlite3.connect(sys.argv[1]).iterdump()))
P
}
dump >"$W/before"
for link in $(links "$ann") $(links "$bo") / /style.css /sources /sources.opml /privacy \
	/archive/ /atom.xml; do
	for method in GET HEAD OPTIONS; do
		case $method in
		HEAD) page "$link" -I ;;
		*) page "$link" -X $method ;;
		esac
		case $method$code in
		GET200 | HEAD200 | OPTIONS204) ;;
		*) fail "$method of $link is answered" "got $code" ;;
		esac
	done
done
dump >"$W/after"
same "$W/after" "$W/before" "GET, HEAD and OPTIONS of every link of two letters change nothing"

page "$leave"
shows "^200 .*You are subscribed.*Leave Planet Quay.*a\.\.\.@reader\.example.*every day about 7:00" \
	"the page to leave says what is, with half of the address"
unlike "$(cat "$W/page")" "ann@reader" "and not the whole of it"
like "$(cat "$W/fields")" "Content-Security-Policy: default-src 'none'; style-src 'self'; form-action 'self'" \
	"nothing but our own style is let in"
like "$(cat "$W/fields")" "Cache-Control: no-store" "it is not stored"
like "$(cat "$W/fields")" "Referrer-Policy: no-referrer" "no address is passed on"
like "$(cat "$W/fields")" "X-Robots-Tag: noindex" "nobody lists it"
unlike "$(cat "$W/fields")" "[Ss]et-[Cc]ookie" "there is no cookie"
unlike "$(cat "$W/page")" "<script|style=|https?://" "no script, inline style or other host is in it"
page "/p$leave"
is "$code" 200 "a web server may pass the path of web.url on"

# ---- leaving ----
page "$leave" -d List-Unsubscribe=One-Click
is "$code $(cat "$W/page")" "200 unsubscribed" "one click leaves, answered with a line of text"
unlike "$(cat "$W/fields")" "[Ll]ocation:" "and without a redirect (RFC 8058)"
run pp -c c.conf -d state sub show ann@reader.example
out_like "left by page: by one click" "the history has it"
page "$leave" -F List-Unsubscribe=One-Click
is "$code $(cat "$W/page")" "200 unsubscribed" "once more, as multipart/form-data, is no error"
page "$leave"
shows "You left.*Undo" "the page says so, and offers the way back"
page "$leave" -d act=undo
shows "You are back" "one press takes it back"
page "$leave" -d act=weekly
shows "From now on one letter a week" "less instead: a letter a week"
page "$leave" -d act=hold
shows "Nothing comes for 30 days.*Your letters are on hold" "or none for 30 days"
page "$leave" -d act=leave
shows "You left" "a person leaves by the button"
page "$leave" -d act=why --data-urlencode "why=Too much <b>of it</b>"
shows "Thank you" "and may say why"
page "$leave" -d act=why --data-urlencode "why=again and again"
run sh -c "cd '$W' && python3 -c \"
import sqlite3
for row in sqlite3.connect('state/planetpost.db').execute(
    'SELECT address, subject, text FROM notice WHERE address IS NOT NULL'): print(*row)\""
is "$(grep -c '^keeper@quay.example ' "$W/out")" 1 "which is told to the owner once"
unlike "$(cat "$W/out")" "ann@" "without the address"
page "$leave" -d act=undo
shows "Your letters are on hold" "taken back all is as it was, the hold too"
page "$choose" -d act=resume
shows "Letters come again" "a press ends the hold"

# ---- choosing ----
page "$choose"
shows "^200 .*You are subscribed.*once a week, on Monday" "the page of preferences shows what was chosen"
page "$choose" -d 'act=save&rhythm=weekly&wday=friday&hour=18:00&zone=Europe/Paris' \
	-d 'length=title&format=text&which=but&group=all&source=ferry&hold=2026-02-01&missed=yes'
shows "Saved.*on hold until 1 February 2026; before, not on hold.*on Friday about 18:00" \
	"one Save takes everything and says what changed"
run pp -c c.conf -d state sub show ann@reader.example
out_like "rhythm +weekly Friday 18:00 Europe/Paris" "the rhythm is written down"
out_like "length +titles" "the format"
out_like "sources +all but lamp" "the sources"
out_like "hold until +2026-01-31T23:00:00Z" "the hold ends at midnight in the reader's zone"
page "$choose" -d 'act=save&rhythm=daily&zone=Mars/Olympus&which=only&group=all&hold=2020-01-01'
shows "Error: Your preferences.*There is a problem.*time zone.*Tick at least one.*Choose a day" \
	"what cannot be is said, all at once"
run pp -c c.conf -d state sub show ann@reader.example
out_like "rhythm +weekly Friday" "and nothing of it is saved"

# ---- strangers ----
page "/u/${choose#/p/}" -d List-Unsubscribe=One-Click
is "$code" 404 "a token of another power does not leave"
page "/p/${leave#/u/}" -d act=save
is "$code" 404 "nor does one that leaves choose"
page "/p/$(of "$bo" u | cut -c 4-)"
is "$code" 404 "whosoever it is"
page "$(of "$bo" u | tr a-y b-z)" -d List-Unsubscribe=One-Click
is "$code" 404 "a forged one does nothing"
dump >"$W/before"
head -c 100000 /dev/zero | tr '\0' a >"$W/large"
page "$leave" --data-binary "@$W/large"
is "$code" 413 "a body beyond any form is refused"
page "$leave" -H 'Content-Type: application/json' -d '{}'
is "$code" 415 "as is another type"
page "$leave" -d 'act=%00'
is "$code" 400 "and what no form sends"
page "$leave" -X PUT -d act=leave
is "$code" 405 "and other methods"
for path in /../../etc/passwd /u/..%2f /i/%2e%2e/ //evil.example/ "/u/$(head -c 5000 /dev/zero | tr '\0' a)"; do
	page "$path" --path-as-is
	case $code in
	40[04] | 414) ;;
	*) fail "$(printf %.20s "$path") is no page" "got $code" ;;
	esac
done
dump >"$W/after"
same "$W/after" "$W/before" "none of it changed anything"

# ---- who is on the list? ----
ask() { # ADDRESS
	page / >/dev/null
	shown=$(sed -n 's/.*name="shown" value="\([^"]*\)".*/\1/p' "$W/page")
	sleep 2.1
	page /subscribe -d rhythm=each --data-urlencode "email=$1" -d "shown=$shown"
}
ask new@reader.example
shows "^200 .*You are not subscribed yet.*Check your mail" "who asks is told to look at their mail"
sed 's/new@reader.example/ADDRESS/g' "$W/page" >"$W/page.new"
grep -iv '^date:' "$W/fields" | sed 's/^Content-Length.*//' >"$W/fields.new"
for address in bo@reader.example ann@reader.example new@reader.example; do
	ask $address
	sed "s/$address/ADDRESS/g" "$W/page" >"$W/page.old"
	same "$W/page.old" "$W/page.new" "the same page for $address"
done
page /subscribe -d 'rhythm=each&email=trap@reader.example&website=x'
sed "s/trap@reader.example/ADDRESS/g" "$W/page" >"$W/page.old"
same "$W/page.old" "$W/page.new" "and for whoever falls into the trap"
run pp -c c.conf -d state sub show trap@reader.example
exits 1 "who is not written to"
page /subscribe -d 'rhythm=each&email=no%20address'
shows "Error: Planet Quay by mail.*There is a problem.*Write the whole address" "a typing error is said"

# ---- joining ----
code_of() {
	python3 - "$W/state/planetpost.db" <<'P'
import re, sqlite3, sys
text = [r[0] for r in sqlite3.connect(sys.argv[1]).execute(
    "SELECT subject || char(10) || text FROM notice n JOIN reader r ON r.id = n.reader_id"
    " WHERE r.address = 'new@reader.example'")][0]
print(re.search(r"\b(\d{3} \d{3})\b", text).group(1), re.search(r"/p(/c/\w+)", text).group(1))
P
}
set -- $(code_of)
door=$3
page /code -d email=new@reader.example -d code=000000
shows "This is not the code" "a wrong code is told"
page "$door"
shows "You are not subscribed yet.*n\.\.\.@reader\.example.*Yes, send me Planet Quay" \
	"the link of the message opens the last step, and does no more"
page /code -d email=new@reader.example --data-urlencode "code=$1 $2"
shows "You are subscribed" "the code that was mailed is the last step"
page "$door"
shows "You are subscribed" "after it the link says so"

# ---- everybody's ----
page /i/2026-01-15
is "$code" 200 "an issue can be read in the browser"
unlike "$(cat "$W/page")" "/u/|ann@|bo@" "without anybody's links or address"
page /archive/2026/01/
shows "January 2026.*1 issue" "the archive lists it"
page /atom.xml
ok "its feed is one" python3 -c "import sys, xml.etree.ElementTree as e; e.parse('$W/page')"
run pp -c c.conf -d state parse "$W/page"
exits 0 "which planetpost itself can read"
page /sources.opml
ok "the list of sources is OPML" python3 -c "import xml.etree.ElementTree as e; e.parse('$W/page')"
page /sources
shows "2 blogs.*Slow Compiler" "the sources are named"
page /privacy
shows "90 days" "privacy says how long letters are remembered"

# ---- slowness ----
python3 - "$W/web.sock" <<'P' &
import socket, sys, time
held = []
try:
    for _ in range(400):
        s = socket.socket(socket.AF_UNIX); s.settimeout(5); s.connect(sys.argv[1])
        s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "); held.append(s)
except OSError:
    pass
time.sleep(6)
P
slow=$!
sleep 2
page /privacy
is "$code" 200 "400 connections that dawdle keep nobody out"
wait $slow

# ---- what is told ----
kill $server
wait $server 2>/dev/null
is $? 143 "SIGTERM ends it"
nok "and its socket is gone" test -e "$W/web.sock"
like "$(cat "$W/serve.err")" "POST /u/\.\.\. 200" "requests are told"
unlike "$(cat "$W/serve.err" "$W/serve.out")" "${leave#/u/}|${choose#/p/}|@reader" \
	"tokens and addresses never are"

# ---- CGI ----
cgi() { # METHOD PATH BODY
	(
		cd "$W" || exit 1
		printf %s "$3" | env HOME="$W/home" GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD="$1" \
			PATH_INFO="$2" CONTENT_TYPE=application/x-www-form-urlencoded \
			CONTENT_LENGTH=${#3} REMOTE_ADDR=203.0.113.7 \
			"$PLANETPOST" -c c.conf -d state --now 2026-01-15T10:00:00Z serve --cgi
	)
}
run cgi GET "$(of "$bo" u)" ""
exits 0 "the same by CGI"
out_like "^Status: 200 OK" "with the status"
out_like "Leave Planet Quay" "and the page"
run cgi HEAD / ""
unlike "$(cat "$W/out")" "<html" "HEAD has no body"
run cgi POST "$(of "$bo" u)" List-Unsubscribe=One-Click
out_like "^unsubscribed" "one click leaves there too"
run pp -c c.conf -d state sub show bo@reader.example
out_like "state +left" "for good"

# ---- what is wrong ----
run pp -c c.conf -d state serve --listen 0.0.0.0:80
exits 2 "the world is not listened to"
err_like "unix:PATH or 127.0.0.1:PORT" "and the way is told"
sed '/^url = https/d' "$W/c.conf" >"$W/no.conf"
run pp -c no.conf -d state serve
exits 6 "without web.url there are no pages"
run pp -c c.conf -d nowhere serve
exits 1 "nor without a database"
finish

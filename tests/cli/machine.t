#!/bin/sh
# SPDX-License-Identifier: ISC
# The configuration as commands edit it, and what the program leaves on the machine.
. tests/cli/lib.sh
need python3

at() {
	when=$1
	shift
	run pp -c c.conf -d state --no-input --now "$when" "$@"
}
base() { # the configuration every case begins with; more of it on stdin
	cat >"$W/c.conf" <<C
[newsletter]
name = Quay
from = Quay <quay@news.example>
timezone = UTC
[fetch]
allow_files = yes
[digest]
schedule = off
[transport]
outbox = $W/box
C
	cat >>"$W/c.conf"
}
mode() { python3 -c 'import os, sys; print("%o" % (os.stat(sys.argv[1]).st_mode & 0o7777))' "$1"; }
cat >"$W/feed.xml" <<C
<rss version="2.0"><channel><title>Shed</title><link>https://shed.example/</link>
<item><title>Python 3 at sea</title><link>https://shed.example/1</link><guid>1</guid>
<pubDate>Mon, 02 Mar 2026 06:00:00 GMT</pubDate><description>words</description></item>
<item><title>Cooking</title><link>https://shed.example/2</link><guid>2</guid>
<pubDate>Mon, 02 Mar 2026 05:00:00 GMT</pubDate><description>soup</description></item>
</channel></rss>
C

# ---- a file of a person's ----
mkdir "$W/git"
for m in 600 644; do
	base </dev/null
	mv "$W/c.conf" "$W/git/c.conf"
	ln -s git/c.conf "$W/c.conf"
	chmod $m "$W/git/c.conf"
	at 2026-03-02T08:00:00Z feed add "file://$W/feed.xml"
	exits 0 "a feed is added to a configuration of mode $m behind a link"
	ok "the link is one still" test -L "$W/c.conf"
	is "$(mode "$W/git/c.conf")" $m "the mode stays $m"
	ok "the feed stands in the file behind it" grep -q feed.xml "$W/git/c.conf"
	at 2026-03-02T08:00:00Z feed remove shed
	exits 0 "and is taken out again"
	nok "it is gone there" grep -q feed.xml "$W/git/c.conf"
	is "$(mode "$W/git/c.conf")" $m "the mode stays $m"
	rm "$W/c.conf"
done

# ---- nothing is written that cannot be read ----
cat >"$W/l.opml" <<C
<opml version="2.0"><body>
<outline text="A" type="rss" xmlUrl="http://a.example/my feed.xml"/>
<outline text="B" type="rss" xmlUrl=" feed://b.example/f "/>
<outline text="C" type="rss" xmlUrl="gopher://c.example/f"/>
<outline text="D" type="rss" xmlUrl="https://d.example/f?a=[1]"/>
</body></opml>
C
base </dev/null
at 2026-03-02T08:00:00Z import l.opml
exits 0 "a list with odd addresses is imported"
err_like "gopher://c.example/f.*left out" "what is no address is told and left out"
ok "a blank is written as addresses have it" grep -qF '[http://a.example/my%20feed.xml]' "$W/c.conf"
ok "feed: is http:" grep -qF '[http://b.example/f]' "$W/c.conf"
at 2026-03-02T08:00:00Z config check
exits 0 "the configuration can be read"
out_like "3 feeds" "with the three feeds"
at 2026-03-02T08:00:00Z import l.opml
ok "imported again nothing is there twice" test "$(grep -c '^\[http' "$W/c.conf")" = 3

base </dev/null
cp "$W/c.conf" "$W/before"
at 2026-03-02T08:00:00Z feed add --max-per-feed 99999999999 "file://$W/feed.xml"
exits 6 "a value that the next run would refuse is refused now"
same "$W/c.conf" "$W/before" "and the configuration is as it was"

base <<C
[feeds]
feeds_from = l.opml
C
at 2026-03-02T08:00:00Z config check
exits 0 "a shared list with one wrong address can be used"
out_like "warning.*gopher://c.example/f" "config check tells of it"

# ---- config check finds what run would refuse ----
refused() { # TITLE WORDS, the configuration on stdin
	cat >"$W/c.conf"
	chmod 600 "$W/c.conf"
	at 2026-03-02T08:00:00Z config check
	exits 6 "config check refuses $1"
	err_like "$2" "and says so: $1"
}
letters="[newsletter]
name = Quay
from = quay@news.example
[transport]"
refused "letters by SMTP without a sender" "newsletter.from is not set" <<C
[transport]
method = smtp
C
refused "a sender that is no address" "newsletter.from" <<C
[newsletter]
from = quay
C
refused "a login without a password" "smtp.user is set, but no password" <<C
$letters
method = smtp
[smtp]
host = localhost
user = quay
C
refused "a password file that is not there" "smtp.password_file: .*nowhere" <<C
$letters
method = smtp
[smtp]
host = localhost
user = quay
password_file = /nowhere/password
C
refused "letters in the clear to another machine" "is not this machine.*TLS only" <<C
$letters
method = smtp
[smtp]
host = mail.example.invalid
security = none
C
refused "LMTP to another machine" "is not this machine" <<C
$letters
method = lmtp
lmtp = 192.0.2.1:24
C
refused "certificates that are not there" "smtp.ca_file" <<C
$letters
method = smtp
[smtp]
host = mail.example.invalid
ca_file = nowhere.pem
C
refused "a sendmail that is not there" "transport.sendmail: /nowhere/sendmail" <<C
$letters
method = sendmail
sendmail = /nowhere/sendmail -i
C
refused "a maildir without a name" "transport.maildir names no directory" <<C
$letters
method = maildir
C
refused "templates that are not there" "there is no directory" <<C
$letters
[digest]
template = nowhere
C
mkdir -p "$W/own"
cp "$TOP"/templates/en/* "$W/own"
echo '{{no.such.thing}}' >>"$W/own/digest.html"
refused "a template with a key that is not there" "digest.html line [0-9]+: there is no 'no.such.thing'" <<C
$letters
[digest]
template = own
C
# What does not end, is a pipe that nobody writes, or is of the wrong kind: found, not waited for.
mkfifo -m 600 "$W/pipe"
mkdir -p "$W/folder"
echo nothing >"$W/file"
chmod 600 "$W/file"
web="url = https://quay.example/p;answers = elsewhere"
by="method = smtp;[smtp];host = localhost;security = starttls;user = quay"
pop="source = pop3s://mail.example.invalid;user = quay"
while IFS='|' read -r why section keys; do
	refused "$section: ${keys##*;}" "$why" <<C
$letters
method = outbox
[$section]
$(echo "$keys" | tr ';' '\n')
C
done <<C
limits.blocked_domains: .*nobody writes|limits|blocked_domains = $W/pipe
limits.blocked_domains: .*larger than|limits|blocked_domains = /dev/zero
limits.blocked_domains: .*directory|limits|blocked_domains = $W/folder
style.logo: .*nobody writes|style|logo = $W/pipe
style.logo: .*larger than|style|logo = /dev/zero
web.css: .*nobody writes|web|$web;css = $W/pipe
web.css: .*larger than|web|$web;css = /dev/zero
web.archive_dir: .*no directory|web|$web;archive_dir = $W/file
digest.template: .*no directory|digest|template = $W/pipe
feeds.feeds_from: .*nobody writes|feeds|feeds_from = $W/pipe
feeds.feeds_from: .*larger than|feeds|feeds_from = /dev/zero
smtp.dkim_key_file: .*nobody writes|smtp|dkim_selector = s;dkim_key_file = $W/pipe
smtp.ca_file: .*nobody writes|transport|$by;password = x;ca_file = $W/pipe
smtp.ca_file: .*no certificate|transport|$by;password = x;ca_file = $W/file
smtp.password_file: .*nobody writes|transport|$by;password_file = $W/pipe
smtp.password_file: .*directory|transport|$by;password_file = $W/folder
smtp.password_command: .*directory|transport|$by;password_command = $W/folder
smtp.password_command: nosuchprogram|transport|$by;password_command = nosuchprogram -x
bounce.password_file: .*nobody writes|bounce|$pop;password_file = $W/pipe
bounce.password_command: .*nowhere|bounce|$pop;password_command = /nowhere/pass
bounce.ca_file: .*no certificate|bounce|$pop;password_command = true;ca_file = $W/file
bounce.ca_file: .*nobody writes|bounce|$pop;password_command = true;ca_file = $W/pipe
bounce.source: .*no directory|bounce|source = maildir:$W/file
transport.sendmail: .*directory|transport|method = sendmail;sendmail = $W/folder
transport.lmtp: .*no socket|transport|method = lmtp;lmtp = unix:$W/pipe
database.backup_dir: .*no directory|database|backup_dir = $W/file
C
printf '%s\n' "$letters" "method = smtp" "[smtp]" "host = localhost" "security = none" >"$W/c.conf"
at 2026-03-02T08:00:00Z config check
exits 0 "letters in the clear to this machine are accepted"

# ---- a database that others can read ----
base </dev/null
rm -rf "$W/state"
at 2026-03-02T08:00:00Z sub add ann@reader.example --confirmed-by test
chmod 644 "$W/state/planetpost.db"
at 2026-03-02T08:00:00Z status
err_empty "a database others can read is none in a directory they cannot enter"
chmod 755 "$W/state"
at 2026-03-02T08:00:00Z status
err_like "warn store: .*planetpost.db holds addresses and keys and others can read it .mode 0644" \
	"a database that others can read is told"
at 2026-03-02T08:00:00Z config check
out_like "warning.*others can read it" "also by config check"
rm -rf "$W/state"

# ---- where nothing can be written ----
base <<C
[feed shed]
url = file:$W/feed.xml
C
rm -rf "$W/state"
at 2026-03-02T08:00:00Z sub add ann@reader.example --confirmed-by test
at 2026-03-02T08:00:00Z feed list
cat >"$W/looks" <<C
for c in status "issue list" "sub list" "feed list" "feed show shed" "feed test shed" \
	"export opml" "export foaf" "export urls" "-n feed list"; do
	echo "== \$c"
	"$PLANETPOST" -c "$W/c.conf" -d "$W/state" --no-input \$c || exit 1
done
C
cat >"$W/writes" <<C
for c in run "feed add file:$W/feed.xml" "feed pause shed" "sub hold ann@reader.example"; do
	"$PLANETPOST" -c "$W/c.conf" -d "$W/state" --no-input \$c && exit 1
done
exit 0
C
on_read_only_medium() { # SCRIPT
	run unshare -m sh -c "mount --bind '$W/state' '$W/state' &&
		mount -o remount,ro,bind '$W/state' && sh '$1'"
}
listed() { sed -n "/^== $1\$/,/^== /p" "$W/out"; }
not_taken="warn feeds: shown as the database has them, which cannot be written:"
not_taken="$not_taken what the configuration says now is not in it"
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
	on_read_only_medium "$W/looks"
	exits 0 "a database on a read-only medium can be looked at"
	err_empty "and nothing is said where the configuration is what it knows"
	out_like "ann@reader.example" "its readers are seen"
	like "$(listed 'feed list')" "^shed" "its feeds are listed"
	like "$(listed 'feed show shed')" "address  *file://$W/feed.xml" "one feed is shown"
	like "$(listed 'feed test shed')" "Python 3 at sea" "it can be asked"
	for form in opml foaf urls; do
		like "$(listed "export $form")" "$W/feed.xml" "and they are taken along as $form"
	done
	cp "$W/c.conf" "$W/kept.conf"
	printf '[feed boat]\nurl = file:%s/boat.xml\n' "$W" >>"$W/c.conf"
	on_read_only_medium "$W/looks"
	exits 0 "it can be looked at when the configuration has changed since"
	unlike "$(cat "$W/out")" boat "then what it has is shown"
	is "$(sort -u "$W/err")" "$not_taken" "and that is said"
	is "$(grep -c . "$W/err")" 7 "in one line for each command that shows feeds"
	sed '/^\[feed/,$d' "$W/kept.conf" >"$W/c.conf"
	on_read_only_medium "$W/looks"
	exits 0 "also when the configuration has lost a feed since"
	like "$(listed 'feed show shed')" "address  *file://$W/feed.xml" "which is shown all the same"
	cp "$W/kept.conf" "$W/c.conf"
	on_read_only_medium "$W/writes"
	exits 0 "what would change it is refused"
	is "$(grep -c "is on a read-only medium" "$W/err")" 4 "and says why each time"
	err_like "hint: it can be looked at: status" "and what can be done"
	ok "nothing was left beside it" test "$(ls "$W/state")" = planetpost.db
else
	skip "a database on a read-only medium can be looked at" "needs root and unshare"
fi
at 2026-03-02T08:00:00Z sub list
exits 0 "it goes on working where it can be written"

# ---- a database of somebody else ----
# The system's nobody, in no group but the one given.
if [ "$(id -u)" = 0 ] &&
	setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$PLANETPOST" 2>/dev/null; then
	at 2026-03-02T08:00:00Z sub add bob@reader.example --confirmed-by test
	chmod 644 "$W/c.conf"
	chmod 750 "$W/state"
	chmod 640 "$W/state/planetpost.db"
	chgrp -R 65533 "$W/state"
	run setpriv --reuid=65534 --regid=65533 --clear-groups sh "$W/looks"
	exits 0 "whoever may read the database sees its feeds"
	err_empty "without a word where the configuration is what it knows"
	like "$(listed 'feed list')" "^shed" "they are listed"
	printf '[feed boat]\nurl = file:%s/boat.xml\n' "$W" >>"$W/c.conf"
	run setpriv --reuid=65534 --regid=65533 --clear-groups sh "$W/looks"
	is "$status $(sort -u "$W/err")" "0 $not_taken" "and is told when it has changed"
	for c in "feed list" status; do
		run setpriv --reuid=65534 --regid=65534 --clear-groups \
			"$PLANETPOST" -c "$W/c.conf" -d "$W/state" $c
		is "$status $(head -n 1 "$W/err")" \
			"1 planetpost: $W/state/planetpost.db: Permission denied" \
			"whoever may not read it is refused: $c"
	done
	cp "$W/kept.conf" "$W/c.conf"
else
	skip "whoever may read the database sees its feeds" "needs root and setpriv"
fi

# ---- one feed asked under another name ----
cat >"$W/picky.py" <<C
import http.server, sys
class Picky(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        agent = self.headers["User-Agent"]
        good = self.path != "/picky" or agent.startswith("Mozilla/5.0 (planetpost/")
        body = open(sys.argv[1], "rb").read() if good else b"no robots"
        open(sys.argv[2] + "/asked", "a").write("%s %s\\n" % (self.path, agent))
        self.send_response(200 if good else 403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *a): pass
s = http.server.HTTPServer(("127.0.0.1", 0), Picky)
print(s.server_port, flush=True)
s.serve_forever()
C
python3 "$W/picky.py" "$W/feed.xml" "$W" >"$W/port" &
kill_later $!
wait_for 10 test -s "$W/port"
port=$(cat "$W/port")
base <<C
[feed picky]
url = http://127.0.0.1:$port/picky
user_agent = Mozilla/5.0 (planetpost/VERSION)
[feed plain]
url = http://127.0.0.1:$port/plain
C
sed 's/^allow_files.*/&\nallow_private = yes\nhost_pause = 0s/' "$W/c.conf" >"$W/new" && mv "$W/new" "$W/c.conf"
at 2026-03-02T08:00:00Z fetch
exits 0 "both feeds are read"
like "$(grep plain "$W/asked")" "/plain planetpost/" "the other feed is asked as always"
at 2026-03-02T08:00:00Z feed test picky
exits 0 "feed test asks as a run does"
sed 's/^user_agent/max_items = 3\nuser_agent/' "$W/c.conf" >"$W/new" && mv "$W/new" "$W/c.conf"
at 2026-03-02T08:00:00Z config check
exits 6 "a setting for all feeds in one feed's section is refused"
err_like "'max_items' in \[feed picky\].*line" "and named with its line"

# ---- regular expressions written for Python ----
for f in a b c d e f; do
	sed "s/Shed/Blog $f/; s/shed.example/$f.example/g; s/ at sea/ at sea $f/; s/Cooking/Cooking $f/" \
		"$W/feed.xml" >"$W/$f.xml"
done
cat >"$W/config.ini" <<C
[Planet]
name = Planet Quay
[file://$W/a.xml]
name = A
filter = (?i)PYTHON
[file://$W/b.xml]
name = B
filter = (?:python|django)\\b
[file://$W/c.xml]
name = C
filter = python\\s\\d
[file://$W/d.xml]
name = D
exclude = ^[Cc]ook
[file://$W/e.xml]
name = E
filter = ^(?!cooking)
[file://$W/f.xml]
name = F
filter = (?<=python )3
C
rm -rf "$W/state" "$W/box"
base <<C
[feeds]
feeds_from = config.ini
C
at 2026-03-02T08:00:00Z sub add ann@reader.example --confirmed-by test
at 2026-03-02T08:00:00Z config check
exits 0 "a planet with one pattern that cannot be read is no broken configuration"
out_like "warning.*f\.xml: its posts are held: .*look-behind" "the feed and its pattern are named"
at 2026-03-02T08:00:00Z run
exits 0 "the others are mailed"
err_like "warn feeds: .* is held: .*look-behind" "the run tells which is held"
cat "$W"/box/*.eml >"$W/letter"
for f in a b c d e; do
	ok "what matches stands in the letter, $f" grep -q "at sea $f" "$W/letter"
	nok "and what does not is left out, $f" grep -q "Cooking $f" "$W/letter"
done
nok "nothing of the feed that is held was mailed" grep -qE "(at sea|Cooking) f" "$W/letter"
sed 's/(?<=python )3/python/' "$W/config.ini" >"$W/new" && mv "$W/new" "$W/config.ini"
rm -rf "$W/box"
at 2026-03-03T08:00:00Z run
ok "with the pattern put right its post is mailed" grep -q "at sea f" "$W"/box/*.eml
base <<C
[digest]
filter = (a
C
at 2026-03-02T08:00:00Z config check
exits 6 "config check refuses a general pattern that run refuses"
err_like "digest.filter: regular expression" "and names it"

# ---- root helps the service's user ----
if [ "$(id -u)" = 0 ] && id nobody >/dev/null 2>&1; then
	cp "$PLANETPOST" "$W/program"
	chmod 755 "$W/program"
	user() { # as nobody
		run python3 -c 'import os, sys, pwd
u = pwd.getpwnam("nobody")
os.setgroups([]); os.setgid(u.pw_gid); os.setuid(u.pw_uid); os.chdir("/")
os.execv(sys.argv[1], sys.argv[1:])' "$W/program" -c "$W/c.conf" -d "$W/data" --no-input "$@"
	}
	fresh() {
		rm -rf "$W/data"
		mkdir "$W/data"
		chown nobody "$W/data"
		chmod 700 "$W/data"
	}
	strangers() { find "$W/data" ! -user nobody | sed "s|^$W/||" | tr '\n' ' '; }
	base <<C
[feed shed]
url = file://$W/feed.xml
C
	sed "s|^outbox.*|outbox = $W/data/outbox|" "$W/c.conf" >"$W/new" && cat "$W/new" >"$W/c.conf"
	chmod 644 "$W/c.conf" "$W/feed.xml"
	for command in "status" "sub add x@reader.example --confirmed-by test" "run" "feed list" \
		"sub export $W/data/readers.csv" "export mbox $W/data/all.mbox" \
		"backup $W/data/copy.db" "-n run" "config check"; do
		fresh
		run pp -c c.conf -d data --no-input $command
		is "$(strangers)" "" "root leaves nothing of its own: $command"
		user sub add y@reader.example --confirmed-by test
		user run
		exits 0 "and the service's user goes on after it"
	done
	fresh
	chown root:nogroup "$W/c.conf"
	chmod 640 "$W/c.conf"
	# Who changes users cannot be looked at by the search for leaks.
	options=${ASAN_OPTIONS:-}
	ASAN_OPTIONS=$options:detect_leaks=0
	export ASAN_OPTIONS
	run pp -c c.conf -d data --no-input feed add "file://$W/a.xml"
	ASAN_OPTIONS=$options
	exits 0 "root's feed add writes a configuration that only root may write"
	is "$(strangers)" "" "and works in the data directory as its owner"
	is "$(python3 -c 'import os, sys; s = os.stat(sys.argv[1]); print(s.st_uid, "%o" % (s.st_mode & 0o777))' \
		"$W/c.conf")" "0 640" "the configuration stays root's"
	user feed list
	exits 0 "its group still reads it"
	out_like "a.xml" "with the new feed"
	fresh
	rm "$W/c.conf"
	run pp -c c.conf -d data --no-input init --me ann@reader.example --name Quay
	exits 0 "root's init works for the owner of the data"
	is "$(strangers)" "" "leaves nothing of its own there"
	user status
	unlike "$status" "^[67]" "and the owner can read what it wrote"
	base </dev/null
	chmod 644 "$W/c.conf"
	mkdir -p "$W/private"
	chmod 700 "$W/private"
	run pp -c c.conf -d data --no-input backup "$W/private/copy.db"
	exits 1 "where the owner may not write root does not either"
	err_like "root works here as nobody" "and is told why"
else
	skip "root works as the owner of the data directory" "needs root and a user nobody"
fi

finish

#!/bin/sh
# SPDX-License-Identifier: ISC
# Bad input gets a clear error with its place and what to do, the documented exit code, and
# loses nothing.
. tests/cli/lib.sh
need python3

cp tests/fixtures/planet/*.* "$W/"
# conf NAME: a configuration on stdin
conf() { cat >"$W/$1"; }
at() {
	when=$1
	shift
	run pp -c c.conf -d state --now "$when" "$@"
}
sql() { # DB STATEMENT: one value
	python3 - "$@" <<'P'
import sqlite3, sys
c = sqlite3.connect(sys.argv[1])
row = c.execute(sys.argv[2]).fetchone()
c.commit()
print(row[0] if row else "")
P
}

# ---- configuration ----
conf wrong.conf <<C
[newsletter]
name = Quay

[fetch]
time-out = 20s
C
run pp -c wrong.conf config check
exits 6 "an unknown key is refused"
err_like "time-?_?out.*\[fetch\]" "the key and its section are named"
err_like 'wrong\.conf line 5' "with file and line"
err_like "did you mean 'timeout'" "and the one that was meant"
run pp -c wrong.conf -d state run
exits 6 "nothing runs with it"
ok "nothing was made" test ! -e "$W/state"

# Whoever mends a file is told all of its mistakes at once.
cat >"$W/many.conf" <<C
[newsletter]
nonsense = 1
[smtp]
prot = 25
[digest]
max_items = many
[nobody]
x = 1
[feed a]
url = https://a.example/
every = sometimes
C
run pp -c many.conf config check
exits 6 "a file of many mistakes is refused"
is "$(grep -cE 'line (2|4|6|7|11)([^0-9]|$)' "$W/err")" 5 "each is told with its line"
err_like "did you mean 'port'" "and each with its hint"
cat >"$W/many.conf" <<C
[newsletter]
from = planet@quay.example
[digest]
filter = (
[list]
command_address = nobody
[limits]
blocked_domains = /nowhere
C
run pp -c many.conf config check
exits 6 "so are settings that do not go together"
is "$(grep -cE 'many.conf line (4|6|8)$' "$W/err")" 3 "all of them, each with its line"

conf wrong.conf <<C
[ftech]
timeout = 20s
C
run pp -c wrong.conf config check
exits 6 "an unknown section is refused"
err_like "wrong\.conf line 1" "with its line"
err_like "fetch" "and the one that was meant"

conf wrong.conf <<C
[fetch]
timeout = soon
C
run pp -c wrong.conf config check
exits 6 "a value of the wrong kind is refused"
err_like 'wrong\.conf line 2' "with its line"
err_like 'timeout.*soon|soon.*timeout' "and what was written"

conf wrong.conf <<C
[fetch]
parallel = 0
C
run pp -c wrong.conf config check
exits 6 "a value outside its range is refused"

conf wrong.conf <<C
[newsletter]
this is no setting
C
run pp -c wrong.conf config check
exits 6 "a line that is neither is refused"
err_like 'wrong\.conf line 2' "with its line"

run pp -c missing.conf config check
exits 6 "a configuration that is not there is refused"
err_like 'missing\.conf' "and named"
run pp -c . config check
exits 6 "a folder is no configuration"

conf secret.conf <<C
[smtp]
host = localhost
password = hunter2
C
chmod 644 "$W/secret.conf"
run pp -c secret.conf config check
exits 6 "a password others can read is refused"
err_like 'others can read it \(mode 0?644\)' "with the mode it has"
err_like 'chmod' "and what to do"
unlike "$(cat "$W/err")" 'hunter2' "without saying it"
chmod 600 "$W/secret.conf"
run pp -c secret.conf config check
exits 0 "with the right mode it is taken"
run pp -c secret.conf config show
unlike "$(cat "$W/out")" 'hunter2' "config show hides the password"

# ---- feeds ----
conf c.conf <<C
[newsletter]
name = Planet Quay
timezone = UTC
from = Planet Quay <planet@quay.example>
[fetch]
allow_files = yes
allow_private = yes
timeout = 5s
[digest]
schedule = off
[feed lighthouse]
url = file:rss20.rss
[feed page]
url = file:page.html
[feed away]
url = file:missing.rss
[feed dead]
url = http://127.0.0.1:1/feed
C
run pp parse page.html --base https://quay.example/
exits 1 "a web page is no feed"
err_like 'https://quay\.example/rss20\.rss' "the feed it names is named"
cat >"$W/three.html" <<C
<!doctype html><title>Blog</title>
<link rel="alternate" type="application/rss+xml" title="Posts" href="/posts.xml">
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments.xml">
<link rel="alternate" type="application/atom+xml" href="/atom.xml">
C
run pp parse three.html --base https://quay.example/
exits 1 "a page with three feeds is no feed either"
err_like '^planetpost: three\.html is a web page, not a feed; it names 3 feeds$' "it is counted"
err_like '^  1  https://quay\.example/posts\.xml   "Posts"$' "the first feed is named"
err_like '^  2  https://quay\.example/comments\.xml   "Comments"$' "the second"
err_like '^  3  https://quay\.example/atom\.xml$' "and the third, each in a line"
err_like '^  hint: planetpost feed add https://quay\.example/posts\.xml$' "and what to do"
printf 'hello' >"$W/hello.txt"
run pp parse hello.txt
exits 1 "a text is no feed"
err_like 'hello\.txt' "and is named"
run pp parse nowhere.xml
exits 1 "a file that is not there is an error"
: >"$W/empty.xml"
run pp parse empty.xml
exits 1 "an empty file is no feed"
run pp parse damaged.rss
exits 0 "a damaged feed is read"
like "$(cat "$W/out")" 'Scrape, prime & wait' "and repaired"
run pp parse rss20.rss
ok "what is read comes out as JSON Feed" python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
assert d["version"].startswith("https://jsonfeed.org/version/1")
assert len(d["items"]) == 2' "$W/out"

at 2026-03-02T08:00:00Z sub add ann@reader.example --confirmed-by "said so"
at 2026-03-02T08:01:00Z run
exits 0 "three bad feeds do not stop the run"
is "$(ls "$W"/outbox/*.eml | wc -l | tr -d ' ')" 1 "the letter is written"
at 2026-03-02T08:02:00Z feed list
like "$(grep '^page' "$W/out")" 'web-page' "the page is known as one"
like "$(grep '^away' "$W/out")" 'failing' "the missing file too"
like "$(grep '^dead' "$W/out")" 'failing' "the dead server too"
at 2026-03-02T08:03:00Z feed test http://127.0.0.1:1/feed
exits 5 "an unreachable feed that is tested makes an exit code"
out_like '127\.0\.0\.1:1' "it is named"
out_like '^feed +no: no connection' "the answer stands on standard output"
err_empty "and nothing elsewhere"
at 2026-03-02T08:03:30Z feed test page
exits 1 "a page that is tested makes an exit code"
out_like '^feed +no: a web page, not a feed$' "it is told on standard output"
err_empty "and nowhere else"
sed 's|href="/|href="https://quay.example/|' "$W/three.html" >"$W/abs.html"
at 2026-03-02T08:03:35Z feed test "file://$W/abs.html"
out_like '^names +3 feeds$' "the feeds that a page names are counted"
out_like '^ +3  https://quay\.example/atom\.xml$' "and listed"
out_like '^hint +planetpost feed add https://quay\.example/posts\.xml$' "with what to do"
at 2026-03-02T08:03:40Z feed test page lighthouse
exits 1 "testing goes on after one that is none"
out_like '^feed +rss20' "to the next"
out_like '^next time sent whole again' "which says how it will be asked again"
conf private.conf <<C
[feed dead]
url = http://127.0.0.1:1/feed
C
run pp -c private.conf -d state2 feed test http://127.0.0.1:1/feed
out_like 'private|loopback' "a private address is refused unless it is allowed"
out_like '^hint .*allow_private = yes' "and the setting is told"

# ---- readers ----
at 2026-03-02T09:00:00Z sub add "not an address" --confirmed-by x
exits 2 "an invalid address is refused"
for wrong in 'a@b@c' 'ann@' '@quay.example' 'ann@quay..example' 'ann <ann@quay.example' \
	'ann@quay.example,bo@quay.example'; do
	at 2026-03-02T09:00:00Z sub add "$wrong" --confirmed-by x
	exits 2 "so is $wrong"
done
at 2026-03-02T09:00:30Z sub add bo@reader.example
exits 2 "nobody is added without evidence"
err_like 'confirmed-by' "and it says how"

printf 'name,town\nAnn,Quay\n' >"$W/columns.csv"
at 2026-03-02T09:01:00Z sub import columns.csv --confirmed-by x
exits 1 "a list without addresses is refused"
err_like 'columns\.csv' "by name"
err_like 'email|address' "and says which column is needed"

cat >"$W/mixed.csv" <<C
email;state
bo@reader.example;active
nonsense;active
BO@reader.example;active
cy@reader.example;left
dee@reader.example;sleeping
ann@reader.example;active
C
at 2026-03-02T09:02:00Z sub import mixed.csv --confirmed-by "list at the quay"
exits 3 "a list with unusable rows is taken in part"
err_like 'line 3: .*nonsense' "each row left out is told with its line"
err_like 'line 6: .*sleeping|line 6: dee' "and why"
at 2026-03-02T09:03:00Z sub list
is "$(grep -ci '^bo@reader.example' "$W/out")" 1 "who stands twice is there once"
at 2026-03-02T09:04:00Z sub remove bo@reader.example
exits 0 "a reader is removed"
at 2026-03-02T09:05:00Z sub import mixed.csv --confirmed-by "the same list again"
err_like 'bo@reader\.example.*(removed|stays out)' "who was removed stays out, and is listed"
err_like 'cy@reader\.example.*(left|stays out)' "so does who left"
at 2026-03-02T09:06:00Z sub list --state active
is "$(cut -f1 "$W/out")" "ann@reader.example" "nobody came back"
at 2026-03-02T09:07:00Z sub add bo@reader.example --confirmed-by "the same list"
exits 1 "not by hand either"
at 2026-03-02T09:08:00Z --dry-run sub import - --confirmed-by x
exits 0 "an empty list adds nobody"

# What is no list, and has no end, ends.
at 2026-03-02T09:08:10Z sub import /dev/zero --confirmed-by x
exits 1 "zero bytes are no list"
err_like 'line 1: not text' "and it says so"
head -c 2000000 /dev/zero | tr '\0' x >"$W/line.csv"
at 2026-03-02T09:08:20Z sub import line.csv --confirmed-by x
exits 1 "neither is a line that does not end"
err_like 'line 1: a field is longer' "and it says so"
is_interrupted() { # SIGNAL CODE GOES-ON: a list without end, a signal in its midst
	signalled "$1" "echo email; yes row@endless.example | head -c 300000" "$3" \
		-q -c c.conf -d state --now 2026-03-02T09:08:30Z sub import - --confirmed-by x
	exits "$2" "a list without end (then $3) is imported until $1"
	err_like 'interrupted' "which says so"
	err_like 'nothing was imported' "and that nothing was kept"
}
is_interrupted TERM 143 'yes row@endless.example'
is_interrupted INT 130 'sleep 60'
at 2026-03-02T09:08:40Z sub list
is "$(grep -c endless "$W/out")" 0 "none of its readers is on the list"
for c in "parse -" "verify -" "bounces parse -" "sub import - --confirmed-by x"; do
	# shellcheck disable=SC2086 # several words
	signalled INT "yes row@endless.example | head -c 300000" 'sleep 60' -c c.conf -d state $c
	exits 130 "$c waits for nothing more after the first ^C"
	err_like 'interrupted' "which it says"
done

# ---- what is something else ----
while IFS='|' read -r code command words; do
	# shellcheck disable=SC2086 # several words
	at 2026-03-02T09:09:00Z $command
	exits "$code" "$command fails"
	err_like "$words" "... in words of its own"
done <<E
1|sub export .|: Is a directory$
1|export mbox .|: Is a directory$
6|dkim key .|: Is a directory$
2|config get smtp|'smtp' is a section, not a setting$
2|config get smtp|hint: planetpost config show smtp$
E

# ---- database ----
db=$(ls "$W"/state/*.db)
cp "$db" "$W/good.db"
version=$(sql "$db" "PRAGMA user_version")
sql "$db" "PRAGMA user_version = 9999" >/dev/null
sql "$db" "PRAGMA wal_checkpoint(TRUNCATE)" >/dev/null
cp "$db" "$W/newer.db"
at 2026-03-02T10:00:00Z run
exits 7 "a database newer than the program is refused"
err_like '9999' "and it says what it found"
same "$db" "$W/newer.db" "and did not touch it"
sql "$db" "PRAGMA user_version = $version" >/dev/null
at 2026-03-02T10:01:00Z status
exits 0 "with its own version it works again"

mkdir "$W/broken"
head -c 5000 /dev/urandom >"$W/broken/planetpost.db"
cp "$W/broken/planetpost.db" "$W/broken.db"
run pp -c c.conf -d broken run
exits 7 "a file that is no database is refused"
same "$W/broken/planetpost.db" "$W/broken.db" "and not touched"

# Somebody else holds the database: a writer that never ends.
python3 - "$db" "$W/held" <<'P' &
import sqlite3, sys, time
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute("BEGIN EXCLUSIVE")
open(sys.argv[2], "w").close()
time.sleep(120)
P
holder=$!
kill_later $holder
wait_for 10 test -e "$W/held"
at 2026-03-02T12:00:00Z run
exits 5 "a locked database means: try again"
kill $holder
wait $holder 2>/dev/null
at 2026-03-02T12:01:00Z run
exits 0 "and then it works"

# ---- a data directory that is a file ----
echo text >"$W/file"
run env PLANETPOST_DATA="$W/file" HOME="$W/home" "$PLANETPOST" -c "$W/c.conf" status
exits 1 "a data directory that is a file is not called missing"
err_like '/file/.*: Not a directory' "and it is said what is wrong with it"

# ---- disk ----
# A limit on the size of files stands in for a full disk.
full() (
	trap '' XFSZ
	ulimit -f 16
	cd "$W" || exit 1
	exec env HOME="$W/home" "$PLANETPOST" -c c.conf -d full --now 2026-03-02T13:00:00Z "$@" \
		</dev/null
)
run pp -c c.conf -d full --now 2026-03-02T12:30:00Z sub add ann@reader.example \
	--confirmed-by x
before=$(cat "$W"/outbox/*.mbox | wc -c)
run full run
ok "a full disk is an error" test "$status" != 0
err_like '^planetpost: the database .* cannot grow: files of this process may not$' "and told"
err_like 'hint: raise the limit .ulimit -f' "with what can be done"
run pp -c c.conf -d full --now 2026-03-02T13:10:00Z run
exits 0 "when there is room again the run goes on"
is "$(sql "$W"/full/*.db "PRAGMA integrity_check")" ok "the database is whole"
diag "outbox before: $before bytes"

# Control characters of a stranger do not reach the terminal.
printf '<rss version="2.0"><channel><title>x\033]0;owned\007</title></channel></rss>' \
	>"$W/esc.xml"
run pp parse esc.xml
is "$(cat "$W/out" "$W/err" | grep -c "$(printf '\033')")" 0 "no escape sequence comes through"
finish

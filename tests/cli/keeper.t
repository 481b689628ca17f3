#!/bin/sh
# SPDX-License-Identifier: ISC
# What the keeper and the editor meet: nobody to send to, a draft that waits, a way to leave in
# every letter, backups by themselves.
. tests/cli/lib.sh
need python3

mkdir "$W/feeds"
post() { # N DAY: one more post of the feed
	printf '<item><title>Post %s</title><link>https://quay.example/%s</link>' "$1" "$1"
	printf '<guid>%s</guid><pubDate>%s Mar 2026 06:00:00 GMT</pubDate>' "$1" "$2"
	printf '<description>Words of post %s.</description></item>\n' "$1"
}
feed() { # writes the feed from the posts on standard input
	{
		echo '<rss version="2.0"><channel><title>Quay</title><link>https://quay.example/</link>'
		cat
		echo '</channel></rss>'
	} >"$W/feeds/quay.xml"
}
conf() { # NAME: standard input is added
	{
		cat <<C
[newsletter]
name = Planet Quay
timezone = UTC
from = Planet Quay <planet@quay.example>
[fetch]
allow_files = yes
every = 0s
[digest]
schedule = daily 07:00
[feed quay]
url = file:$W/feeds/quay.xml
C
		cat
	} >"$W/$1.conf"
}
at() { # NAME TIME ARG...
	name=$1
	when=$2
	shift 2
	run pp -c "$name.conf" -d "$name.state" --now "$when" "$@"
}
letters() { ls "$W"/outbox/*.eml 2>/dev/null | wc -l | tr -d ' '; }
newest() { ls -t "$W"/outbox/*.eml 2>/dev/null | head -n 1; }
fresh() { # another planet
	rm -rf "$W/outbox"
	: >"$W/err"
	{ post 1 01 && post 2 02; } | feed
}

# ---- a run before there is a reader ----
fresh
conf nobody </dev/null
at nobody 2026-03-02T08:00:00Z run
exits 4 "a run without a reader needs a person"
err_like '^planetpost: nobody would get this issue: there is no reader$' "and says why"
err_like 'hint: planetpost sub add .*--confirmed-by' "and what to do"
err_like 'posts are kept' "and that nothing is lost"
at nobody 2026-03-02T08:01:00Z issue list
out_empty "no issue is made"
at nobody 2026-03-02T08:02:00Z sub add ann@reader.example --confirmed-by "said so"
at nobody 2026-03-02T08:03:00Z run
exits 0 "with a reader the same run goes well"
is "$(letters)" 1 "and she gets a letter"
ok "with the posts from before" grep -q 'Post 1' "$(newest)"

{ post 1 01 && post 2 02 && post 3 03; } | feed
at nobody 2026-03-03T08:00:00Z sub hold ann@reader.example --until 2026-03-04
at nobody 2026-03-03T08:01:00Z run
exits 4 "with all on hold a run needs a person too"
err_like 'nobody would get this issue: 1 reader, all on hold$' "and counts them"
at nobody 2026-03-05T08:00:00Z run
exits 0 "when the hold has ended it goes on"
ok "with what was kept" grep -q 'Post 3' "$(newest)"
at nobody 2026-03-06T08:00:00Z sub hold ann@reader.example
at nobody 2026-03-06T08:01:00Z run
exits 0 "without a new post nobody is missed"

fresh
conf alone </dev/null
at alone 2026-03-02T08:00:00Z run --to ann@reader.example
exits 0 "a person without a list needs no reader"
is "$(letters)" 1 "and gets a letter"

# ---- a draft that waits ----
fresh
conf draft <<C
[approval]
mode = manual
C
at draft 2026-03-02T08:00:00Z run
exits 4 "a draft waits for a person"
at draft 2026-03-02T08:01:00Z issue send next --confirm 0
exits 4 "nobody gets it: it is not sent"
err_like 'nobody would get this issue' "and that is said"
at draft 2026-03-02T08:02:00Z sub add ann@reader.example --confirmed-by "said so"
{ post 3 03 && post 2 02 && post 1 01; } | feed
at draft 2026-03-03T08:00:00Z run
at draft 2026-03-03T08:01:00Z issue list
is "$(cut -f1-3 "$W/out")" "2026-03-02	draft	3" "the next run adds to the same draft"
at draft 2026-03-04T08:00:00Z run
at draft 2026-03-04T08:01:00Z issue list
is "$(cut -f1-3 "$W/out")" "2026-03-02	draft	3" "one without news leaves it whole"
at draft 2026-03-05T08:00:00Z preview --text
out_like 'Words of post 3' "preview shows it"
out_like '(^|· )Thursday, 5 March 2026' "dated today"
at draft 2026-03-05T08:00:00Z preview --as ann@reader.example --eml
cp "$W/out" "$W/looked.eml"
at draft 2026-03-05T08:00:00Z issue send next --confirm 1
exits 0 "it is sent"
ok "dated when it goes" grep -q '^Date: Thu, 05 Mar 2026' "$(newest)"
same "$(newest)" "$W/looked.eml" "preview had shown its very bytes"

# ---- a way to leave ----
fresh
mkdir "$W/words"
echo 'Good bye.' >"$W/words/footer.txt"
conf leave <<C
[digest]
template = $W/words
C
at leave 2026-03-02T08:00:00Z sub add ann@reader.example --confirmed-by "said so"
at leave 2026-03-02T08:01:00Z config check
exits 6 "config check refuses a template without a way to leave"
err_like 'digest\.txt shows no way to leave: \{\{hole_leave\}\} is missing' "and names it"
err_like 'hint: .*hole_leave' "and what to put there"
at leave 2026-03-02T08:02:00Z fetch
at leave 2026-03-02T08:02:00Z preview --text
exits 6 "so does preview"
at leave 2026-03-02T08:03:00Z run
exits 6 "so does a run"
is "$(letters)" 0 "which mails nobody"
echo '{{hole_leave}}' >"$W/words/footer.txt"
at leave 2026-03-02T08:04:00Z run
exits 0 "with it the run goes on"
ok "and the posts were kept" grep -q 'Post 1' "$(newest)"

# ---- nothing answers at web.url ----
fresh
port=$(free_port)
conf web <<C
[web]
url = http://127.0.0.1:$port/p
C
at web 2026-03-02T08:00:00Z sub add ann@reader.example --confirmed-by "said so"
at web 2026-03-02T08:01:00Z config check
exits 6 "config check refuses a web.url at which nothing answers"
err_like "web\\.url: no readers' pages answer at http://127\\.0\\.0\\.1:$port/p: " "and names it"
err_like 'hint: start planetpost serve .*web\.answers = elsewhere' "and what to start, or what may be meant"
at web 2026-03-02T08:02:00Z run
exits 6 "so does the first run"
is "$(letters)" 0 "no letter goes with links that lead nowhere"
conf away <<C
[web]
url = http://127.0.0.1:$port/p
answers = elsewhere
C
run pp -c away.conf -d web.state --now 2026-03-02T08:03:00Z config check
exits 0 "web.answers = elsewhere is believed"
mkdir -p "$W/www/p" "$W/www/q"
python3 -m http.server "$port" --bind 127.0.0.1 -d "$W/www" >"$W/www.log" 2>&1 &
server=$!
kill_later $server
wait_for 10 python3 -c "import socket; socket.create_connection(('127.0.0.1', $port))"
at web 2026-03-02T08:04:00Z config check
exits 0 "when pages answer it is content"
at web 2026-03-02T08:05:00Z run
exits 0 "and a run goes on"
is "$(letters)" 1 "with the posts that were kept"
sed 's,/p$,/none,' "$W/web.conf" >"$W/missing.conf"
run pp -c missing.conf -d web.state --now 2026-03-02T08:06:00Z config check
exits 6 "a page that is missing is no page of ours"
err_like '404 Not Found' "and says so"
cat >"$W/moved.py" <<'P'
import http.server, sys
class Moved(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(301)
        self.send_header("Location", sys.argv[2])
        self.send_header("Content-Length", "0")
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Moved).serve_forever()
P
moved=$(free_port)
python3 "$W/moved.py" "$moved" "http://127.0.0.1:$port/q/" 2>/dev/null &
kill_later $!
wait_for 10 python3 -c "import socket; socket.create_connection(('127.0.0.1', $moved))"
sed "s/:$port/:$moved/" "$W/web.conf" >"$W/moved.conf"
run pp -c moved.conf -d web.state --now 2026-03-02T08:07:00Z config check
exits 6 "pages behind a redirect are refused"
err_like "redirects to http://127\\.0\\.0\\.1:$port/q/" "with the place it leads to"
kill $server
wait $server 2>/dev/null
{ post 1 01 && post 2 02 && post 3 03; } | feed
at web 2026-03-03T08:00:00Z run
exits 0 "what answered once is not asked again by each run"

# ---- backups ----
is "$(cd "$W/nobody.state/backup" && echo *)" \
	"planetpost-2026-03-02.db planetpost-2026-03-03.db planetpost-2026-03-05.db planetpost-2026-03-06.db" \
	"each day's first run leaves a backup"
is "$(stat -c %a "$W/nobody.state/backup/planetpost-2026-03-05.db")" 600 "for its owner only"
is "$(stat -c %a "$W/nobody.state/backup")" 700 "in a folder of its owner"
fresh
conf kept <<C
[database]
backup_keep = 2
C
at kept 2026-03-02T08:00:00Z sub add ann@reader.example --confirmed-by "said so"
for day in 02 03 04 05; do
	at kept 2026-03-${day}T08:00:00Z run
done
is "$(cd "$W/kept.state/backup" && echo *)" "planetpost-2026-03-04.db planetpost-2026-03-05.db" \
	"backup_keep of them stay"
at kept 2026-03-05T23:00:00Z run
is "$(cd "$W/kept.state/backup" && echo *)" "planetpost-2026-03-04.db planetpost-2026-03-05.db" \
	"a second run of a day leaves none"
at kept 2026-03-06T08:00:00Z -n run
is "$(cd "$W/kept.state/backup" && echo *)" "planetpost-2026-03-04.db planetpost-2026-03-05.db" \
	"nor does a dry run"
at kept 2026-07-06T08:00:00Z run
is "$(cd "$W/kept.state/backup" && echo *)" \
	"planetpost-2026-03-04.db planetpost-2026-03-05.db planetpost-2026-07-06.db" \
	"a clock that jumped takes no backup away"
at kept 2026-03-07T08:00:00Z run
is "$(cd "$W/kept.state/backup" && echo *)" \
	"planetpost-2026-03-05.db planetpost-2026-03-07.db planetpost-2026-07-06.db" \
	"and its own does not count afterwards"
at kept 2026-03-17T08:00:00Z run
is "$(cd "$W/kept.state/backup" && echo *)" \
	"planetpost-2026-03-07.db planetpost-2026-03-17.db planetpost-2026-07-06.db" \
	"nor does one of a day to come push the others out"
rm -rf "$W/kept.state/backup"
: >"$W/kept.state/backup"
at kept 2026-03-18T08:00:00Z run
exits 0 "a backup that fails is no failed run"
err_like 'warn backup: there is no backup of today: ' "but told"
fresh
conf none <<C
[database]
backup_dir =
C
at none 2026-03-02T08:00:00Z run --to ann@reader.example
ok "backup_dir = nothing makes none" test ! -e "$W/none.state/backup"

at none 2026-03-02T09:00:00Z backup -
exits 0 "a backup can go to standard output"
cp "$W/out" "$W/piped.db"
is "$(python3 -c 'import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("PRAGMA integrity_check").fetchone()[0])' \
	"$W/piped.db")" ok "and is whole there"
is "$(ls "$W/none.state" | grep -c backup)" 0 "nothing of it is left behind"
at none 2026-03-02T09:00:00Z backup "$W/x.db" --keep 3
exits 2 "--keep without a date in the name is a mistake"
at none 2026-03-02T09:00:00Z backup "$W/x-%F.db" --keep none
exits 2 "so is a number that is none"
: >"$W/x-2026-03-01.db"
at none 2026-03-02T09:00:00Z backup "$W/x-%F.db" --keep 1
is "$(cd "$W" && echo x-*)" "x-2026-03-02.db" "--keep says how many of that name stay"
# ---- editors see a new draft ----
fresh
conf editors <<C
[approval]
mode = manual
editors = ed@quay.example, ina@quay.example
C
at editors 2026-03-02T08:00:00Z sub add ann@reader.example --confirmed-by "said so"
at editors 2026-03-02T08:01:00Z run
exits 4 "a new draft waits"
is "$(cat "$W"/outbox/*.eml | grep -c '^Subject: \[TEST\]')" 2 "and the editors get a test letter of it"
{ post 1 01 && post 2 02 && post 3 03; } | feed
at editors 2026-03-03T08:00:00Z run
is "$(letters)" 2 "a run that adds to it mails them nothing"
at editors 2026-03-03T08:01:00Z issue test next
is "$(letters)" 4 "issue test goes to the editors"
at editors 2026-03-03T08:02:00Z -n issue send next --confirm 1
exits 0 "a send can be tried"
at editors 2026-03-03T08:03:00Z issue list
is "$(cut -f2 "$W/out")" draft "and changes nothing"
conf wrong <<C
[approval]
editors = ed@quay.example nonsense
C
at wrong 2026-03-03T08:03:00Z config check
exits 6 "an editor without an address is refused"
err_like 'approval\.editors: nonsense: there is no @ in it' "by name"
err_like 'wrong\.conf line [0-9]+$' "with the line it stands in"

# ---- what a keeper types wrongly ----
mkdir "$W/lists"
printf '[Planet]\nname = Z\n[https://z.example/feed]\nname = Z\n' >"$W/lists/planet.ini"
echo '<opml version="2.0"><head/><body/></opml>' >"$W/lists/empty.opml"
while IFS='|' read -r code args words; do
	# shellcheck disable=SC2086 # words of a command line
	at nobody 2026-03-07T08:00:00Z $args
	exits "$code" "$args"
	err_like "$words" "... says $words"
done <<'E'
2|run --to ann|--to ann: there is no @ in it
2|run --to a@b.example --to c@d.example|--to is given twice: 'a@b.example' and 'c@d.example'
2|preview --as ann|--as ann: there is no @
2|preview --text --eml|--text and --eml do not go together
2|preview --day 2026-03-01 --since 2026-02-01|--day and --since do not go together
2|preview --since 2026-03-05 --until 2026-03-01|--since 2026-03-05 is not before
1|preview blog.example/feed|hint: an address begins with https://
2|feed add nosuch|'nosuch' is no web address
2|feed add https://|is no web address
2|feed add mailto:x@quay.example|is no web address
2|feed add mailto:x@quay.example|hint: newsletters that come by mail: maildir:/PATH
2|feed add gopher://quay.example/f|feeds are asked by https and http, not by gopher
2|feed add htps://quay.example/f|hint: did you mean https://quay.example/f?
2|feed test ftp://quay.example/f|'ftp://quay.example/f' is no web address: feeds are asked by https and http, not by ftp
2|feed test mailto:x@quay.example|not by mailto
2|feed test data:text/xml,x|not by data
2|feed test javascript:alert(1)|not by javascript
2|feed test http:/quay.example/f|hint: did you mean http://quay.example/f?
2|feed test view-source:https://quay.example/|hint: did you mean https://quay.example/?
2|feed add nobody.conf|hint: a list of feeds: planetpost import nobody.conf
1|feed add file:nosuch.rss|nosuch.rss: the file cannot be read
2|feed rm quay|did you mean 'planetpost feed remove'
2|sub unsubscribe x|did you mean 'planetpost sub remove'
2|issue approve last|did you mean 'planetpost issue send'
2|config get x|there is no setting 'x'
2|config get list.comand_address|did you mean 'list.command_address'
2|config show smpt|did you mean 'smtp'
2|feed add feeds/quay.xml|a feed: file:feeds/quay.xml, with allow_files = yes
1|feed test feeds/quay.xml|planetpost parse feeds/quay.xml
2|export mbox --month 2026-13|--month takes 2026-11
2|--json=nonsense status|--json has no field 'nonsense' here
2|version extra|version: unexpected argument 'extra'
2|help sub add extra|help: unexpected argument 'extra'
2|help sttus|hint: planetpost help status
2|help sub ad|hint: planetpost help sub add
2|help sub nonsense|hint: planetpost help sub$
2|-d nobody.conf status|--data nobody.conf: that is a file, and a directory is wanted
2|--data= status|--data needs a value
2|--config= status|--config needs a value
2|sub add nonsense --confirmed-by x|^planetpost: nonsense: there is no @ in it
2|sub add ann@reader.example nonsense --confirmed-by x|^planetpost: nonsense: there is no @
2|sub show nonsense|^planetpost: nonsense: there is no @
2|sub remove nonsense|^planetpost: nonsense: there is no @
2|sub edit ann@reader.example|^planetpost: what is to change
2|sub hold ann@reader.example --resume --until 2027-01-01|--resume and --until contradict each other
2|sub hold ann@reader.example --skip --catch-up|--skip and --catch-up contradict each other
2|sub export --format xml|--format takes csv or jsonl, not 'xml'
2|sub export --format csv --as csv|one of them
2|issue test last nonsense|^planetpost: nonsense: there is no @
2|parse https://quay.example/feed|hint: planetpost feed test https://quay.example/feed
2|parse --base nonsense nobody.conf|--base: "nonsense" is no web address
1|parse nobody.conf|nobody.conf is a configuration, not a feed
1|parse lists/planet.ini|planet.ini is a list of feeds, not a feed
1|parse lists/empty.opml|empty.opml is a list of feeds, not a feed
1|preview lists/empty.opml|empty.opml names no feeds
1|preview nosuch|hint: a file that lists feeds, or addresses of feeds
1|preview ftp://quay.example/|ftp://quay.example/' is no web address: .*not by ftp
2|preview -o lists|--output lists: that is a directory
1|import feeds/quay.xml|hint: a list of feeds is wanted; one feed: planetpost feed add URL, or file:PATH
1|backup nosuch/x.db|there is no directory nosuch$
1|export mbox -o nosuch/x|^planetpost: nosuch/x: No such file
2|--json preview|preview has no answer in JSON
2|--json help|help has no answer in JSON
2|--json=nonsense gc|--json has no field 'nonsense' here
E
run pp -c nobody.conf -d nobody.state sub add '' --confirmed-by x
exits 2 "an empty argument names nobody"
err_like 'add: an argument is empty' "and that is said"
at nobody 2026-03-07T08:00:00Z preview feeds/quay.xml --text
out_like 'Words of post' "a file that is a feed can be looked at"
at nobody 2026-03-07T08:00:00Z sub add 'mailto:cy@reader.example' 'Bo Reader <bo@reader.example>' \
	--confirmed-by "said so"
exits 0 "an address may stand as other programs show it"
at nobody 2026-03-07T08:00:00Z sub list
is "$(cut -f1 "$W/out" | sort | tr '\n' ' ')" \
	"ann@reader.example bo@reader.example cy@reader.example " "and is the address alone"
at nobody 2026-03-07T08:00:00Z sub hold cy@reader.example --resume
at nobody 2026-03-07T08:00:00Z sub show cy@reader.example
unlike "$(cat "$W/out")" 'resumed' "who is not on hold is not resumed"
at nobody 2026-03-07T08:00:00Z sub remove cy@reader.example
at nobody 2026-03-07T08:00:00Z sub remove cy@reader.example
at nobody 2026-03-07T08:00:00Z sub show cy@reader.example
is "$(grep -c 'removed by' "$W/out")" 1 "who was removed is removed once"
at nobody 2026-03-07T08:00:00Z --json sub show cy@reader.example
ok "a reader is told in JSON too" python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
assert d["address"] == "cy@reader.example" and d["state"] == "removed", d
assert [h["event"] for h in d["history"]] == ["added", "removed"], d' "$W/out"
at nobody 2026-03-07T08:00:00Z --json sub undo cy@reader.example
ok "what is done is told in JSON" python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
assert d["command"] == "sub undo" and d["dry_run"] is False, d
assert d["said"] == ["cy@reader.example is on the list again, as before (active)."], d' "$W/out"
at nobody 2026-03-07T08:00:00Z --json config check
ok "and so is what config check finds" python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
assert d["said"][0].startswith("read") and d["said"][-1].startswith("ok"), d' "$W/out"

at nobody 2026-03-07T08:00:00Z --json=readers,last_issue status
is "$(tr -d ' \n' <"$W/out")" '{"schema":1,"readers":2,"last_issue":"2026-03-05"}' \
	"status gives the fields asked for"
at nobody 2026-03-07T08:00:00Z --json=help status
out_like '^readers +who get letters' "and names them"
is "$(awk '{ match($0, /^[a-z_]+ +/); print RLENGTH }' "$W/out" | sort -u | wc -l)" 1 \
	"what they mean begins in one column"
at nobody 2026-03-07T08:00:00Z feed remove quay quay
exits 0 "a feed named twice is removed once"
at nobody 2026-03-07T08:00:00Z feed remove quay
exits 1 "removed again it is not there"
err_like 'quay is no feed of this planet any more' "and that is said"
at nobody 2026-03-07T08:00:00Z -n export mbox -o x.mbox
ok "a dry run writes no archive" test ! -e "$W/x.mbox"
at nobody 2026-03-07T08:00:00Z -n preview -o x.html
ok "nor a preview" test ! -e "$W/x.html"

# ---- settings that cannot be meant ----
while IFS='|' read -r section line words; do
	printf '[newsletter]\nname = Planet Quay\nfrom = planet@quay.example\n[%s]\n%s\n' "$section" \
		"$line" >"$W/set.conf"
	run pp -c set.conf -d set.state config check
	exits 6 "[$section] $line"
	err_like "$words" "... says $words"
	err_like 'set\.conf line 5$' "... and where it stands"
done <<'E'
smtp|host = mail.example:587|smtp\.port and smtp\.security say the rest
smtp|host = smtp://mail.example|a host name or address alone
smtp|host =|a host name or address alone
newsletter|list_id = a b <c>|letters and digits with dots
database|path =|the path of a file
transport|outbox = /dev/null|transport\.outbox: /dev/null is no directory
digest|filter = (a|digest\.filter: regular expression
feeds|feeds_from = nosuch.ini|nosuch\.ini: No such file
digest|subject = {{nosuch}}|there is no 'nosuch' here
digest|subject =|allowed: the words of the subject
digest|template = nobody.conf|digest\.template: is no directory: nobody\.conf
smtp|helo = a b|allowed: a host name
web|listen = 80|allowed: unix:PATH or 127\.0\.0\.1:PORT
web|listen = 0.0.0.0:80|allowed: unix:PATH
bounce|hard_limit = many|bounce\.hard_limit: "many" is none
bounce|soft_limit = 5|bounce\.soft_limit: "5" is none
limits|blocked_domains = nosuch|limits\.blocked_domains: nosuch: No such file
database|backup_dir = nobody.conf|database\.backup_dir: nobody\.conf is no directory
feeds|feeds_from = ftp://x.example/y|ftp://x\.example/y' is no web address: .*not by ftp
feeds|feeds_from = feeds/quay.xml|quay\.xml: no OPML
newsletter|language = xx|there are no templates in 'xx'
newsletter|language = English|hint: there are: .*en
newsletter|name =|allowed: what the newsletter is called
E
while IFS='|' read -r lines words; do
	printf '[newsletter]\nname = Planet Quay\nfrom = planet@quay.example\n[transport]\n%b\n' \
		"$lines" >"$W/set.conf"
	run pp -c set.conf -d set.state config check
	exits 6 "a place of letters that cannot be is refused"
	err_like "$words" "... and says $words"
done <<'E'
method = mbox\nmbox = lists|transport\.mbox: lists is a directory
method = mbox\nmbox = nosuch/dir/mbox|there is no directory nosuch/dir
method = lmtp\nlmtp = unix:|unix: is followed by no path
E
printf '[newsletter]\nname = Z\n[feed]\nurl = https://quay.example/\n' >"$W/set.conf"
run pp -c set.conf -d set.state config check
err_like 'hint: a feed has a name: \[feed NAME\]' "a feed without a name is asked for one"
mkdir "$W/klingon"
printf '[words]\nby = {{author}} gho\n' >"$W/klingon/messages.ini"
printf '[newsletter]\nlanguage = tlh\nfrom = planet@quay.example\n[digest]\ntemplate = klingon\n' \
	>"$W/set.conf"
run pp -c set.conf -d set.state config check
exits 0 "the keeper's own words are a language"
sed -i 's/language = tlh/language = de/; /template/d' "$W/set.conf"
run pp -c set.conf -d set.state config templates "$W/own"
exits 0 "the built-in templates are written to a folder"
like "$(cat "$W/own/notice-done.txt")" '^Erledigt' "in the newsletter's language"
echo 'template = own' >>"$W/set.conf"
run pp -c set.conf -d set.state config check
exits 0 "they are templates as they are"
run pp -c set.conf -d set.state config templates "$W/own"
exits 1 "what somebody may have changed is not written over"
mv "$W/own/entry.html" "$W/own/entri.html"
run pp -c set.conf -d set.state config check
err_like 'own/entri\.html: no template is called so' "a misnamed file is told"
err_like 'hint: did you mean entry\.html' "and what it may be"
mv "$W/own/entri.html" "$W/own/entry.html"

# ---- init ----
mkdir "$W/below"
printf '[Planet]\nname = Planet Zed\n[file:///nowhere/z.xml]\nname = Z\n' >"$W/below/planet.ini"
(cd "$W/below" && exec env HOME="$W/home" "$PLANETPOST" -c ../zed.conf -d ../zed.state init \
	--planet planet.ini --me zed@quay.example) >"$W/out" 2>"$W/err" </dev/null
is $? 0 "init takes a planet by a path from here"
ok "and writes it so that it is found from anywhere" \
	grep -q "^feeds_from = $W/below/planet.ini$" "$W/zed.conf"
ok "the planet keeps its name" grep -qE '^name +=  *Planet Zed$' "$W/zed.conf"
ok "also as sender" grep -qE '^from +=  *Planet Zed <zed@quay.example>$' "$W/zed.conf"
run pp -c y.conf -d y.state init --planet nosuch.ini
exits 2 "a planet that is not there is refused"
run pp -c y.conf -d y.state init --me nonsense
exits 2 "so is an address that is none"
err_like '--me nonsense: there is no @' "by name"
ok "and nothing is written" test ! -e "$W/y.conf"

# ---- one outbox, wherever the command is given ----
fresh
grep -v '^outbox' "$W/nobody.conf" >"$W/one.conf"
printf '[feed quay]\nurl = file:%s/feeds/quay.xml\n' "$W" >>"$W/one.conf"
(cd "$W/below" && exec env HOME="$W/home" "$PLANETPOST" -c "$W/one.conf" -d "$W/one.state" \
	--now 2026-03-02T08:00:00Z run --to ann@reader.example) >"$W/out" 2>"$W/err" </dev/null
is "$(letters)" 1 "letters lie beside the configuration that was named"
ok "and not where the command was given" test ! -e "$W/below/outbox"

# ---- a send that somebody stops ----
fresh
cat >"$W/slow-sendmail" <<'S'
#!/bin/sh
cat >/dev/null
echo x >>"$0.log"
# As a terminal does it at ^C: all of the program's process group, and this letter takes a while.
[ "$(wc -l <"$0.log")" = 3 ] && kill -s INT -- "-$PPID" && sleep 0.3
exit 0
S
chmod +x "$W/slow-sendmail"
conf stopped <<C
[transport]
method = sendmail
sendmail = $W/slow-sendmail
C
{
	echo email,confirmed_by
	seq 1 9 | sed 's/.*/r&@reader.example,said so/'
} >"$W/nine.csv"
at stopped 2026-03-02T07:59:00Z sub import nine.csv
run sh -c 'cd "$1" && exec setsid -w env HOME="$1/home" TERM=dumb "$2" -c stopped.conf \
	-d stopped.state --now 2026-03-02T08:00:00Z -v run </dev/null' sh "$W" "$PLANETPOST"
exits 130 "a run that is stopped by ^C says so"
err_like 'interrupted: 6 letters wait; the next run goes on' "and how many wait"
out_like 'Submitted issue 2026-03-02: 3 accepted' "and how many have it"
at stopped 2026-03-02T08:20:00Z -v run
exits 0 "the next run goes on"
out_like 'Submitted issue 2026-03-02: 6 accepted.*; 3 had it before' "and tells who had it before"

# ---- nothing is written by a dry run ----
mkdir -p "$W/box/new" "$W/box/cur" "$W/box/tmp"
printf 'From: x@quay.example\nTo: planet@quay.example\nSubject: hello\n\nhello\n' >"$W/box/new/1"
at stopped 2026-03-02T08:30:00Z -n mail-in --maildir box
exits 0 "mail-in can be tried"
is "$(ls "$W/box/new")" 1 "and leaves the mail where it is"
at stopped 2026-03-02T08:30:00Z -n demo sample
ok "a demo that is tried writes nothing" test ! -e "$W/sample"

# ---- the only feed ----
sed 's,^\[feed quay\],&\npaused = yes,' "$W/nobody.conf" >"$W/only.conf"
printf '[feed quay]\nurl = file:%s/feeds/quay.xml\npaused = yes\n' "$W" >>"$W/only.conf"
at only 2026-03-02T08:00:00Z -v run
out_like 'No feed is asked: the only one is paused' "who has no feed left is told by run"
at only 2026-03-02T08:00:00Z status
out_like 'needs you  no feed is asked: the only one is paused' "and by status"

# ---- a list of ten thousand feeds ----
python3 -c 'print("<opml version=\"2.0\"><body>")
for i in range(10000):
    print("<outline xmlUrl=\"https://b%d.example/feed\"/>" % (i % 9000))
print("</body></opml>")' >"$W/big.opml"
: >"$W/big.conf"
run pp -c big.conf -d big.state import big.opml
exits 0 "ten thousand feeds are imported"
is "$(grep -c '^\[https' "$W/big.conf")" 9000 "each once"
finish

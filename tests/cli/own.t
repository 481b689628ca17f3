#!/bin/sh
# SPDX-License-Identifier: ISC
# A reader's own: their data to see, to take along and to delete, a new address, fresh links; and
# what a letter that was passed on does not open.
. tests/cli/lib.sh
need curl python3

cat >"$W/c.conf" <<C
[newsletter]
name = Planet Quay
from = Planet Quay <planet@quay.example>
owner = keeper@quay.example
timezone = UTC
[fetch]
allow_files = yes
[digest]
schedule = daily 07:00
[web]
url = https://news.quay.example
listen = unix:$W/web.sock
answers = elsewhere
[feed ferry]
url = file:$TOP/config/demo/atom.xml
C
at() {
	when=$1
	shift
	run pp -c c.conf -d state --now "$when" "$@"
}
serve() { # TIME
	[ -z "${server:-}" ] || { kill "$server" && wait "$server" 2>/dev/null; }
	(cd "$W" && exec env HOME="$W/home" "$PLANETPOST" -c c.conf -d state --now "$1" -v serve) \
		>>"$W/serve.out" 2>>"$W/serve.err" </dev/null &
	server=$!
	kill_later $server
	wait_for 20 test -S "$W/web.sock" || fail "the pages are served" "$(cat "$W/serve.err")"
}
page() { # PATH [CURL OPTION...]: $W/page, $code
	path=$1
	shift
	code=$(curl -s -m 20 --unix-socket "$W/web.sock" -o "$W/page" -D "$W/fields" \
		-w '%{http_code}' "$@" "http://x$path")
}
text() { sed 's/<[^>]*>/ /g' "$W/page" | tr -s ' \n' ' '; }
shows() { like "$code $(text)" "$1" "$2"; }
# mail TO TIME: the path of the link in the newest letter to them, whose kind is $3
link() { # ADDRESS KIND
	python3 - "$W/outbox" "$1" "$2" <<'P'
import email, email.policy, glob, os, re, sys
folder, address, kind = sys.argv[1:]
found = ""
for name in sorted(glob.glob(folder + "/*.eml"), key=os.path.getmtime):
    m = email.message_from_file(open(name), policy=email.policy.default)
    text = "".join(p.get_content() for p in m.walk() if p.get_content_maintype() == "text")
    if str(m["To"]) == address:
        for link in re.findall(r"https://news\.quay\.example(/%s/[a-z0-9]+)" % kind, text):
            found = link
print(found)
P
}
at 2026-01-14T08:00:00Z sub add ann@reader.example bo@reader.example --confirmed-by "said <b>so</b>"
at 2026-01-15T08:00:00Z run
exits 0 "two letters are written"
choose=$(link ann@reader.example p)
leave=$(link ann@reader.example u)
serve 2026-01-15T09:00:00Z

# ---- my data ----
nok "nobody waits for a message yet" test -e "$W/state/planetpost.db.wake"
page "$choose" -d act=data
shows "A message with a link goes to your address now" "who asks for their data is mailed a link"
unlike "$(cat "$W/page")" "/e/|ann@" "the page itself has neither link nor address"
ok "the file that a run is woken by is touched" test -e "$W/state/planetpost.db.wake"
touch -d 2020-01-01 "$W/state/planetpost.db.wake"
page "$leave" -d List-Unsubscribe=One-Click
page "$leave" -d act=undo
is "$(date -r "$W/state/planetpost.db.wake" +%Y)" 2020 "who leaves by one click is written nothing: no run"
page "$choose" -d act=data
at 2026-01-15T09:00:00Z run
is "$(grep -l '^Subject: Your data: Planet Quay' "$W"/outbox/*.eml | wc -l)" 1 "one letter, however often"
unlike "$(cat $(grep -l '^Subject: Your data' "$W"/outbox/*.eml))" "^List-Unsubscribe" \
	"which is none to leave from"
data=$(link ann@reader.example e)
page "$data"
shows "What is kept of you.*ann@reader\.example.*letters come.*every day about 7:00.*Put on the list" \
	"the link shows what is kept"
shows "said &lt;b&gt;so&lt;/b&gt;" "the proof too, as it was written"
shows "1 letter, 1 message" "and how much was sent"
page "$data-data"
like "$(cat "$W/fields")" 'Content-Disposition: attachment; filename="my-data.json"' "all of it is a file"
ok "which is JSON, with address, history and letters" python3 -c "
import json
d = json.load(open('$W/page'))
assert d['address'] == 'ann@reader.example' and d['history'][0]['event'] == 'added', d
assert d['letters'][0]['issue'] == '2026-01-15' and d['letters'][0]['state'] == 'accepted', d
assert 'bo@' not in open('$W/page').read()"
page "/e/${choose#/p/}"
is "$code" 404 "the link to preferences does not open it"
page "/p/${data#/e/}" -d act=save -d rhythm=weekly
is "$code" 404 "nor the other way round"

# ---- a new address ----
page "$choose" -d act=save -d email=not-one
shows "Error: Your preferences.*Write the whole address" "a typing error is said"
page "$choose" -d act=save --data-urlencode "email= ann@new.example "
shows "A message went to ann@new.example: its link is the last step" "a new address is asked"
cp "$W/page" "$W/page.new"
page "$choose"
shows "A message waits at a\.\.\.@new\.example" "and the page says so until it answers"
at 2026-01-15T09:10:00Z run
move=$(link ann@new.example a)
page "$move"
shows "Send the letters here.*a\.\.\.@new\.example" "the letter to the new address has a page"
run pp -c c.conf -d state sub show ann@reader.example
out_like "state +active" "looking at it moves nothing"
page "$move" -d act=yes
shows "Letters come here now" "one press does"
page "$move" -d act=yes
shows "This link has run out" "once"
run pp -c c.conf -d state sub show ann@new.example
out_like "changed by page: new address  -- page 2026-01-15T09.*confirmed by link" "written down with the proof"
run pp -c c.conf -d state sub show ann@reader.example
exits 1 "the old address is no reader's"
at 2026-01-15T09:20:00Z run
like "$(cat $(grep -l '^Subject: Your letters go elsewhere' "$W"/outbox/*.eml))" \
	"^To: ann@reader.example" "the old address is told"
unlike "$(cat $(grep -l '^Subject: Your letters go elsewhere' "$W"/outbox/*.eml))" \
	"ann@new|^List-Unsubscribe" "without the new one, and without a link of the reader's"
page "$choose"
is "$code" 404 "links to choose in old letters are dead"
page "$leave"
shows "Leave Planet Quay" "those to leave are not"
at 2026-01-16T08:00:00Z run
is "$(grep -l '^To: ann@new.example' "$W"/outbox/2026-01-1*.eml | wc -l)" 0 "no issue, no letter"

# ---- who is on the list? ----
choose=$(link bo@reader.example p)
page "$choose" -d act=save -d email=ann@new.example
sed 's/ann@new.example/ADDRESS/g' "$W/page" >"$W/page.known"
page "$choose" -d act=save -d email=cy@new.example
sed 's/cy@new.example/ADDRESS/g' "$W/page" | sed 's/c\.\.\.@/a...@/' >"$W/page.new"
same "$W/page.known" "$W/page.new" "the same page for an address that reads and one that does not"

# ---- links run out ----
serve 2026-02-16T09:00:00Z
page "$choose"
shows "This link has run out" "after a month the link to choose has run out"
page "$choose" -d act=again
shows "Check your mail" "its page mails a fresh one"
at 2026-02-16T09:00:00Z run
fresh=$(link bo@reader.example p)
unlike "$fresh" "^$choose\$" "it is another one"
page "$fresh"
shows "Your preferences" "which works"
page "$data"
shows "This link has run out" "a link to data lasts an hour"
page "$(link bo@reader.example u)"
shows "Leave Planet Quay" "a link to leave never runs out"

# ---- delete everything ----
page "$fresh" -d act=erase
at 2026-02-16T09:00:00Z run
data=$(link bo@reader.example e)
page "$data" -d act=erase
shows "Everything is deleted" "the link that was mailed deletes everything"
nok "nothing of them is in the database" grep -q "bo@reader" "$W"/state/planetpost.db*
page "$data"
is "$code" 404 "and its links lead nowhere"
run pp -c c.conf -d state sub add bo@reader.example --confirmed-by "a list"
exits 1 "no list brings them back"
page /privacy
shows "see what is kept of you, or delete it" "privacy says so"
unlike "$(cat "$W/serve.err")" "${data#/e/}|${move#/a/}|@reader|@new" "tokens and addresses are not told"
finish

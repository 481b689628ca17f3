#!/bin/sh
# SPDX-License-Identifier: ISC
# Letters carry pictures: fetched once, by the fetcher's rules, shown in each reader's way, and
# nobody is asked for anything when a letter is opened.
. tests/cli/lib.sh
need python3

python3 tests/cli/pictures.py serve "$W/port" "$W/log" &
kill_later $!
wait_for 10 test -s "$W/port"
blog=http://127.0.0.1:$(cat "$W/port")
conf() { # DIGEST-LINES FETCH-LINES
	cat <<C
[newsletter]
name = Planet Quay
from = Planet Quay <planet@quay.example>
postal_address = 1 Harbour Street
[web]
url = https://news.quay.example/p
answers = elsewhere
archive = public
archive_full = whole
[digest]
body = whole
schedule = off
max_per_feed = 50
$1
[fetch]
proxy = none
host_pause = 0s
$2
[feed quay]
url = $3
C
}
conf "images = first" "allow_private = yes" "$blog/feed" >"$W/c.conf"
at() {
	when=$1
	shift
	run pp -c c.conf -d state --now "$when" "$@"
}
who="--confirmed-by said-so"
at 2026-03-02T07:00:00Z sub add ann@x.example $who
at 2026-03-02T07:00:00Z sub add bo@x.example --pictures inline $who
at 2026-03-02T07:00:00Z sub add cy@x.example --pictures link $who
at 2026-03-02T07:00:00Z sub add di@x.example --pictures none $who
at 2026-03-02T07:00:00Z sub add ed@x.example --pictures remote $who
at 2026-03-02T07:00:00Z sub add flo@x.example --format text $who
at 2026-03-02T07:00:00Z sub add gus@x.example --pictures all $who
exits 2 "there is no other way to have them"
err_like "pictures is none, link, first, inline or remote, not 'all'" "and it is said which there are"
at 2026-03-02T08:00:00Z run
exits 0 "a letter goes to each"
is "$(grep -c . "$W/log")" 16 "the feed and its fifteen pictures are asked for"
is "$(sort "$W/log" | uniq -d)" "" "each once"
letter() {
	grep -l "^To: $1@x.example" "$W"/outbox/*.eml
}
parts() { # NAME
	mkdir -p "$W/$1"
	python3 tests/cli/pictures.py parts "$(letter "$1")" "$W/$1" >"$W/$1/parts"
	cat "$W/$1/parts"
}
img() { # ALT WIDTH HEIGHT
	printf '<img src="cid:NAME@quay.example" alt="%s" width="%s" height="%s" %s>\n' "$1" "$2" "$3" \
		'class="i" style="max-width:100%;height:auto"'
}
{
	printf '%s  \n' multipart/alternative text/plain multipart/related text/html
} >"$W/head"
first=$(parts ann)
is "$(printf '%s\n' "$first" | head -n 4)" "$(cat "$W/head")" "they stand beside the HTML that shows them"
is "$(printf '%s\n' "$first" | sed 's/ <[a-z2-7]*@/ <@/' | sed -n 5,9p)" \
"image/png <@quay.example> picture-1.png
image/gif <@quay.example> picture-2.gif
image/png <@quay.example> picture-3.png
image/png <@quay.example> picture-4.png
image/png <@quay.example> picture-5.png" "by what their bytes are"
is "$(printf '%s\n' "$first" | grep '^<img')" "$(
	img 'A wide &quot;sea&quot;' 526 132
	img 'Three buoys' 64 48
	img 'a png' 120 90
	img 'A boat at the quay in the morning' 80 80
	img 'Video' 320 180
)" "the first of each post, at its size or less; a toot's, and a video's still, too"
like "$first" "^shown and carried$" "what is shown is carried, what is carried is shown"
for what in noise plan "plan two" page half dot gone moved "A second" "The same boat in the evening"; do
	like "$(cat "$W/ann/t.html")" "<a href=\"[^\"]*\"[^>]*>\[picture: $what\]</a>" "a link: $what"
done
unlike "$(cat "$W/ann/t.html")" 'src="http' "nothing is loaded from elsewhere"
unlike "$(cat "$W/ann/t.html")" 'shockwave|/v/abc' "no dead player is offered"
like "$(cat "$W/ann/t.html")" "<small[^>]*>The third buoy keeps the others honest.</small>" \
	"a comic's second half stands under it"
like "$(cat "$W/ann/t.txt")" '\[picture: A wide "sea"\]' "the text part says what they show"
unlike "$(cat "$W/ann/t.txt")" "cid:" "in words"
parts bo >/dev/null
is "$(grep -c '^image/' "$W/bo/parts")" 7 "who wants all has all"
parts cy >/dev/null
nok "who wants links has no picture" grep -q '^image/' "$W/cy/parts"
like "$(cat "$W/cy/t.html")" '\[picture: A wide' "but links"
parts di >/dev/null
unlike "$(cat "$W/di/t.html")" '\[picture|<img' "who wants none has words"
parts ed >/dev/null
like "$(cat "$W/ed/t.html")" "src=\"$blog/wide.png\"" "who wants them from the blogs has them so"
nok "and carries none" grep -q '^image/' "$W/ed/parts"
is "$(grep -o '<img [^>]*>' "$W/ed/t.html" | grep -cv 'width="[1-9][0-9]*".*height="[1-9]')" 0 \
	"each with its width and height"
like "$(cat "$W/ed/t.html")" "src=\"$blog/large.png\" width=\"400\" height=\"400\"" \
	"also one that no letter could carry"
like "$(cat "$W/ed/t.html")" "src=\"$blog/second.png\" width=\"100\" height=\"50\"" \
	"as wide as its author has it"
for what in plan "plan two" page; do
	like "$(cat "$W/ed/t.html")" "<a href=\"[^\"]*\"[^>]*>\[picture: $what\]</a>" \
		"what has no size is a link: $what"
done
parts flo >/dev/null
is "$(cat "$W/flo/parts" | head -n 1)" "text/plain  " "a letter of text has text"

# ---- again, and for others ----
for who in ann bo; do
	at 2026-03-02T09:00:00Z issue show 2026-03-02 --as $who@x.example --eml
	cp "$W/out" "$W/$who.again"
	same "$W/$who.again" "$(letter $who)" "$who's letter can be made again, byte for byte"
done
cp "$(letter ann)" "$W/ann.eml"
at 2026-03-02T09:00:00Z verify ann.eml
exits 0 "and is known"
at 2026-03-02T09:00:00Z export mbox -o all.mbox
is "$(grep -c '^Content-ID: ' "$W/all.mbox")" 5 "the keeper's export has them too"
cgi() {
	(cd "$W" && REQUEST_METHOD=GET PATH_INFO=$1 GATEWAY_INTERFACE=CGI/1.1 \
		"$PLANETPOST" -c c.conf -d state --now 2026-03-02T09:00:00Z serve --cgi </dev/null)
}
page=$(cgi /i/2026-03-02)
like "$page" '\[picture: A wide &quot;sea&quot;\]' "on a page, which is everybody's, words lead to them"
unlike "$page" 'cid:|<img' "and nothing is loaded"
at 2026-03-02T09:00:00Z run
is "$(grep -vc '^/feed' "$W/log")" 15 "nothing is asked for again"
before=$(grep -c . "$W/log")
if command -v chromium >/dev/null 2>&1; then
	run python3 tests/cli/pictures.py open "$(letter ann)"
	out_like "^[45] of 5$" "a browser shows them"
	is "$(grep -c . "$W/log")" "$before" "and asks nobody for anything"
	run python3 tests/cli/pictures.py open "$(letter cy)"
	is "$(grep -c . "$W/log")" "$before" "nor for a letter with links"
	run python3 tests/cli/pictures.py open "$(letter ed)"
	nok "but for the letter of who wanted that" test "$(grep -c . "$W/log")" = "$before"
else
	skip "opening a letter asks nobody for anything" "chromium is not installed"
fi

# ---- as long as letters ----
at 2026-03-03T09:00:00Z gc
at 2026-05-30T09:00:00Z export mbox -o all.mbox
is "$(grep -c '^Content-ID: ' "$W/all.mbox")" 5 "they are kept as long as letters are"
at 2026-06-10T09:00:00Z gc
at 2026-06-10T09:00:00Z export mbox -o all.mbox
exits 0 "the archive outlives them"
is "$(grep -c '^Content-ID: ' "$W/all.mbox")" 0 "and has none afterwards"
like "$(cat "$W/all.mbox")" 'picture: Three buoys' "but words where they were"

# ---- room, and rules ----
again() { # DIGEST-LINES FETCH-LINES FEED
	rm -rf "$W/state" "$W/outbox"
	conf "$1" "$2" "$3" >"$W/c.conf"
	: >"$W/log"
	at 2026-03-02T07:00:00Z sub add ann@x.example --confirmed-by "said so"
	at 2026-03-02T08:00:00Z run
	exits 0 "$4"
	parts ann >/dev/null
}
again "images = first
image_bytes = 1500" "allow_private = yes" "$blog/feed" "a letter with little room goes"
is "$(grep -c '^image/' "$W/ann/parts")" 3 "with the small ones"
again "images = first
image_bytes = 0" "allow_private = yes" "$blog/feed" "a letter without room goes"
is "$(cat "$W/log" | cut -d ' ' -f 1)" "/feed" "and no picture is asked for"
again "images = link" "allow_private = yes" "$blog/feed" "a letter with links goes"
is "$(cat "$W/log" | cut -d ' ' -f 1)" "/feed" "and no picture is asked for"
again "images = inline-remote" "allow_private = yes" "$blog/feed" "a letter with pictures of the blogs goes"
is "$(grep -vc '^/feed' "$W/log")" 15 "for their size their beginning is asked for"
is "$(grep -o '<img [^>]*>' "$W/ann/t.html" | grep -cv 'width="[1-9][0-9]*".*height="[1-9]')" 0 \
	"none is without it"
like "$(cat "$W/ann/t.html")" 'large.png" width="400" height="400"' "however large it is"
size=$(stat -c %s "$W/state/planetpost.db")
ok "none of them is stored" test "$size" -lt 400000
python3 - "$blog" >"$W/feed.xml" <<'P'
import sys, urllib.request
print(urllib.request.urlopen(sys.argv[1] + "/feed").read().decode())
P
again "images = inline" "allow_files = yes" "file:feed.xml" "a letter of a feed on this machine goes"
is "$(cat "$W/log")" "" "its pictures on a private network are not asked for"
nok "and not carried" grep -q '^image/' "$W/ann/parts"
finish

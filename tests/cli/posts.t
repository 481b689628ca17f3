#!/bin/sh
# SPDX-License-Identifier: ISC
# Which posts are news: old ones, those taken back, floods, and the feeds that need a person.
. tests/cli/lib.sh
need python3

letters() { python3 "$TOP/tests/cli/letters.py" "$@"; }
case_n=0
# planet FEED...: a new planet with these feeds, each a file that is not there yet; further
# settings on standard input.
planet() {
	case_n=$((case_n + 1))
	D=$W/case$case_n
	mkdir -p "$D"
	{
		cat <<C
[newsletter]
name = Planet Quay
timezone = UTC
from = Planet Quay <planet@mail.test>
[fetch]
allow_files = yes
[list]
command_address = planet@mail.test
[transport]
method = outbox
outbox = $D/box
[digest]
schedule = off
C
		cat
		for feed; do
			printf '[feed %s]\nurl = file://%s/%s.xml\n' "$feed" "$D" "$feed"
		done
	} >"$D/planetpost.conf"
	at 2026-03-01T00:00:00Z sub add ann@mail.test --confirmed-by "said so"
}
at() { # TIME ARG...
	when=$1
	shift
	run pp -c "$D/planetpost.conf" -d "$D/state" --now "$when" "$@"
}
# feed NAME [SITE]: lines "title|date|text" become its document, newest first; the address and
# the guid are made of the title; a date is "2026-03-02 06:00".
feed() {
	python3 -c '
import sys
from email.utils import format_datetime
from datetime import datetime, timezone
from xml.sax.saxutils import escape
path, site = sys.argv[1:]
out = ["<rss version=\"2.0\"><channel><title>%s</title><link>%s</link>" % (site, site)]
for line in sys.stdin:
    title, date, text = line.rstrip("\n").split("|")
    out.append("<item><title>%s</title><link>%s%s</link><guid isPermaLink=\"false\">%s</guid>"
               "<description>%s</description>" % (title, site, title.replace(" ", "-"), title,
                                                  escape(text)))
    if date:
        when = datetime.fromisoformat(date).replace(tzinfo=timezone.utc)
        out.append("<pubDate>%s</pubDate>" % format_datetime(when, usegmt=True))
    out.append("</item>")
open(path, "w").write("".join(out) + "</channel></rss>")' "$D/$1.xml" "${2:-https://$1.example/}"
}
mailed() { # the words of all letters of this planet
	for letter in "$D"/box/*.eml; do
		[ -e "$letter" ] && letters text "$letter"
	done
}
count() { # ERE: how many lines of letters are just this
	mailed | grep -cxE -e "$1"
}
nletters() { ls "$D"/box/*.eml 2>/dev/null | wc -l | tr -d ' '; }
newest() { ls -t "$D"/box/*.eml | head -n 1; }
many() { # PREFIX COUNT DATE: as many posts
	i=0
	while [ $i -lt "$2" ]; do
		i=$((i + 1))
		printf '%s %d|%s|Words of %s %d.\n' "$1" $i "$3" "$1" $i
	done
}

# ---- old posts ----
planet a b </dev/null
feed a <<F
Today|2026-03-02 06:00|x
F
at 2026-03-02T08:00:00Z run
feed b <<F
Since|2026-03-02 09:00|x
Just before|2026-03-02 07:59|x
Long ago|2016-02-01 06:00|x
F
at 2026-03-03T08:00:00Z run
is "$(count Since) $(count 'Just before') $(count 'Long ago')" "1 0 0" \
	"of a new feed only what is younger than the last issue is mailed"
feed a <<F
Today|2026-03-02 06:00|x
Found in a drawer|2026-02-20 06:30|x
Found in the cellar|2026-01-31 06:30|x
F
at 2026-03-04T08:00:00Z run
is "$(count 'Found in a drawer') $(count 'Found in the cellar')" "1 0" \
	"a post seen late is news for thirty days"
like "$(letters text "$(newest)" | grep -A3 -i 'march')" 'Wednesday,? 4 March' \
	"it stands under the day it was seen"
like "$(letters text "$(newest)")" '20 Feb.*06:30|February 20.*06:30' "with its own date"
at 2026-03-05T08:00:00Z run
is "$(nletters)" 3 "what was too old once does not come later"

planet a <<C
late = 100d
C
feed a <<F
Today|2026-03-02 06:00|x
F
at 2026-03-02T08:00:00Z run
feed a <<F
Today|2026-03-02 06:00|x
Found in the cellar|2026-01-31 06:30|x
F
at 2026-03-04T08:00:00Z run
is "$(count 'Found in the cellar')" 1 "digest.late says how late"

# ---- the first issue ----
planet a b </dev/null
feed a <<F
This week|2026-02-25 06:00|x
Last month|2026-02-03 06:00|x
F
feed b <<F
Years ago|2016-02-03 06:00|x
F
at 2026-03-02T08:00:00Z run
at 2026-03-03T08:00:00Z run
is "$(count 'This week') $(count 'Last month') $(count 'Years ago') $(nletters)" "1 0 0 1" \
	"the first issue has the posts of a week, and older ones do not come later"
planet a b </dev/null
feed a <<F
January|2026-01-25 06:00|x
Last year|2025-02-03 06:00|x
F
feed b <<F
Years ago|2016-02-03 06:00|x
More years ago|2015-02-03 06:00|x
F
at 2026-03-02T08:00:00Z run
at 2026-03-03T08:00:00Z run
is "$(count January) $(count 'Last year') $(count 'Years ago') $(count 'More years ago')" \
	"1 0 1 0" "when a week brought nothing the first issue has the newest post of each feed"
is "$(mailed | grep -c 'more')" 0 "and counts no others"
planet a <<C
window = 40d
C
feed a <<F
January|2026-01-25 06:00|x
Last year|2025-02-03 06:00|x
F
at 2026-03-02T08:00:00Z run
is "$(count January) $(count 'Last year')" "1 0" "or those of digest.window"

# ---- taken back ----
planet a </dev/null
feed a <<F
Oops|2026-03-02 02:00|x
Older|2026-03-02 01:00|x
F
at 2026-03-02T03:00:00Z fetch
feed a <<F
Newer|2026-03-02 04:30|x
Older|2026-03-02 01:00|x
F
at 2026-03-02T05:00:00Z fetch
at 2026-03-02T07:00:00Z run
is "$(count Oops) $(count Newer) $(count Older)" "0 1 1" \
	"a post that its author took back before it was mailed is not mailed"
feed a <<F
Newer|2026-03-02 04:30|x
Oops|2026-03-02 02:00|x, mended
Older|2026-03-02 01:00|x
F
at 2026-03-02T09:00:00Z run
is "$(count Oops)" 1 "put up again it is"

planet a </dev/null
feed a <<F
Second|2026-03-02 02:00|x
First|2026-03-02 01:00|x
F
at 2026-03-02T03:00:00Z fetch
feed a <<F
Fourth|2026-03-02 05:00|x
Third|2026-03-02 04:00|x
F
at 2026-03-02T06:00:00Z fetch
at 2026-03-02T08:00:00Z run
is "$(count 'First|Second|Third|Fourth')" 4 \
	"what newer posts push out of the document is not taken back"

planet a </dev/null
feed a <<F
Pinned|2020-03-02 02:00|x
Second|2026-03-02 02:00|x
First|2026-03-02 01:00|x
F
at 2026-03-02T03:00:00Z fetch
feed a <<F
Pinned|2020-03-02 02:00|x
Fourth|2026-03-02 05:00|x
Third|2026-03-02 04:00|x
F
at 2026-03-02T06:00:00Z fetch
at 2026-03-02T08:00:00Z run
is "$(count 'First|Second|Third|Fourth')" 4 "though an old one is pinned to the top"

planet a <<C
[approval]
mode = manual
C
feed a <<F
Oops|2026-03-02 02:00|x
Older|2026-03-02 01:00|x
F
at 2026-03-02T03:00:00Z run
feed a <<F
Older|2026-03-02 01:00|x
F
at 2026-03-02T05:00:00Z fetch
at 2026-03-02T06:00:00Z issue send next --confirm 1
is "$(count Oops) $(count Older)" "0 1" "a draft that has it loses it"

# ---- floods ----
planet a b <<C
[fetch]
every = 1m
C
feed a <<F
Today|2026-03-02 06:00|x
F
feed b <<F
Calm|2026-03-02 06:00|x
F
at 2026-03-02T08:00:00Z run
{ many Imported 200 "2026-03-02 09:00"; echo 'Today|2026-03-02 06:00|x'; } | feed a
at 2026-03-02T10:00:00Z run
exits 0 "a run with a flood ends well"
err_like 'a: 200 unseen posts at once are held: planetpost feed release a' "it is told"
is "$(nletters)" 1 "two hundred unseen posts at once are not mailed"
at 2026-03-02T10:30:00Z run
is "$(cat "$W/err")" "" "it is told once"
at 2026-03-02T10:40:00Z status
out_like 'needs you +1 feed with posts that are held' "status tells it"
at 2026-03-02T10:40:00Z feed list
out_like '^a	flood	' "feed list tells it"
at 2026-03-02T10:40:00Z feed health
out_like '^a	0 hours	200 unseen posts are held: release or drop	planetpost feed release a$' \
	"feed health tells it, with the command"
{ echo 'Tomorrow|2026-03-02 11:00|x'; many Imported 200 "2026-03-02 09:00"; } | feed a
at 2026-03-02T11:30:00Z run
is "$(count Tomorrow) $(count 'Imported [0-9]+')" "1 0" "the next post of the feed is mailed"
at 2026-03-02T11:40:00Z feed release b
exits 1 "there is nothing to release of another feed"
err_like 'nothing of b is held' "and that is said"
at 2026-03-02T11:40:00Z feed release a
exits 0 "a person releases them"
at 2026-03-02T12:30:00Z run
is "$(count 'Imported [0-9]+')" 5 "then they are news, as many as an issue takes of a feed"
like "$(mailed)" 'Words of Imported' "with their texts"
like "$(mailed)" '195 more' "and the others are counted"
at 2026-03-02T13:30:00Z feed health
is "$(cat "$W/out")" "" "nothing needs a person any more"

planet a <<C
[fetch]
every = 1m
C
feed a <<F
Today|2026-03-02 06:00|x
F
at 2026-03-02T08:00:00Z run
many Made 3000 "" | feed a
at 2026-03-02T10:00:00Z run
at 2026-03-02T10:10:00Z feed health --json=name,state,held
is "$(cat "$W/out")" '{"schema":1,"feeds":[{"name":"a","state":"flood","held":3000}]}' \
	"all posts of a large flood are counted"
at 2026-03-02T10:20:00Z feed drop a
exits 0 "a person drops them"
at 2026-03-02T10:30:00Z run
at 2026-03-02T10:40:00Z feed health
is "$(nletters) $(cat "$W/out")" "1 " "none is mailed, those that were only counted neither"
{ echo 'Real|2026-03-02 11:00|x'; many Made 3000 ""; } | feed a
at 2026-03-02T11:30:00Z run
is "$(count Real) $(count 'Made [0-9]+')" "1 0" "a post after that is news again"

long="It says what it says at some length, and nobody else would say it in just this way, word for \
word, from the beginning to the end of this text, which is long enough to be told from others."
planet a </dev/null
feed a <<F
Once|2026-03-02 06:00|$long
F
at 2026-03-02T08:00:00Z run
feed a <<F
Once more|2026-03-03 06:00|$long
Other|2026-03-03 05:00|Another text.
F
at 2026-03-03T08:00:00Z run
is "$(count 'Once more') $(count Other)" "0 1" "a text that was mailed before is held"
err_like 'a: 1 unseen post whose text was mailed before is held' "and told"
planet a </dev/null
feed a <<F
Once|2026-03-02 06:00|$long
F
at 2026-03-02T08:00:00Z run
feed a <<F
Once more|2026-03-03 06:00|$long
Once|2026-03-02 06:00|$long
F
at 2026-03-03T08:00:00Z run
is "$(count 'Once more')" 1 "what a blog says in each of its posts tells none of them"

# ---- feeds that need a person ----
planet a b c </dev/null
feed a <<F
Today|2026-03-02 06:00|x
F
cp "$D/a.xml" "$D/b.xml"
cp "$D/a.xml" "$D/c.xml"
at 2026-03-02T08:00:00Z run
rm "$D/a.xml"
at 2026-03-02T18:00:00Z run
at 2026-03-03T18:00:00Z run
at 2026-03-03T18:10:00Z feed health
is "$(cut -f 1 "$W/out")" "" "a feed that fails for two runs and a day needs nobody yet"
at 2026-03-03T18:10:00Z feed health --all
is "$(grep '^a' "$W/out" | cut -f 2)" "2 runs" "--all lists it"
at 2026-03-05T18:00:00Z run
err_like 'feeds: a for two days: failing: ' "after three runs and two days it is told"
err_like 'planetpost feed health' "with where to look"
at 2026-03-06T18:00:00Z run
unlike "$(cat "$W/err")" 'a for two days' "once"
at 2026-03-06T18:10:00Z feed health --json=name,state,since
like "$(cat "$W/out")" '"name":"a","state":"failing","since":"2026-03-02T08:00:00Z"' \
	"feed health says since when it did not answer"
like "$(cat "$W/out")" '"name":"b","state":"duplicate"' "and which feed brings another's posts"
at 2026-03-06T18:10:00Z feed health --since 3d
unlike "$(cut -f 1 "$W/out")" '^a$' "--since leaves out what began before"
at 2026-03-06T18:10:00Z feed health --since yesterday
exits 2 "--since takes a time"

# What a blog says in most of its posts is no news.
advert='<p>Get our course for half the price, this week only.</p>'
planet a </dev/null
for n in 1 2 3 4 5 6; do
	echo "Post $n|2026-03-02 0$n:00|<p>The text of post $n.</p>$advert"
done | feed a
at 2026-03-02T10:00:00Z feed test a
out_like 'left out  "Get our course for half the price, this week only\.", in 6 of 6 posts' \
	"feed test tells what most posts say"
at 2026-03-02T10:00:00Z run
text=$(letters text "$(echo "$D"/box/*.eml)")
like "$text" 'The text of post 3' "a post is shown"
unlike "$text" 'half the price' "without the advert that all of them have"
planet a </dev/null
for n in 1 2 3 4 5 6; do
	case $n in [123]) more=$advert ;; *) more= ;; esac
	echo "Post $n|2026-03-02 0$n:00|<p>The text of post $n.</p>$more"
done | feed a
at 2026-03-02T10:00:00Z feed test a
unlike "$(cat "$W/out")" 'left out' "what half of them say is told by nobody"
at 2026-03-02T10:00:00Z run
like "$(letters text "$(echo "$D"/box/*.eml)")" 'half the price' "and stands in the letter"
finish

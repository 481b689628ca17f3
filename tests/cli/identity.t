#!/bin/sh
# SPDX-License-Identifier: ISC
# Which posts are the same one, by what readers get: small feeds that change between runs as
# feeds in the wild do.  Every case has a planet and a reader of its own.
. tests/cli/lib.sh
need python3

letters() { python3 "$TOP/tests/cli/letters.py" "$@"; }
case_n=0
planet() { # FEED...: a new planet with these feeds, each a file that is not there yet
	case_n=$((case_n + 1))
	D=$W/case$case_n
	mkdir -p "$D"
	cat >"$D/planetpost.conf" <<C
[newsletter]
name = Planet Quay
timezone = UTC
from = Planet Quay <planet@mail.test>
[fetch]
allow_files = yes
[digest]
schedule = off
[list]
command_address = planet@mail.test
[transport]
method = outbox
outbox = $D/box
C
	for feed; do
		printf '[feed %s]\nurl = file://%s/%s.xml\n' "$feed" "$D" "$feed" >>"$D/planetpost.conf"
		feed "$feed" </dev/null
	done
	at 2026-03-01T00:00:00Z sub add ann@mail.test --confirmed-by "said so"
}
at() { # TIME ARG...
	when=$1
	shift
	run pp -c "$D/planetpost.conf" -d "$D/state" --now "$when" "$@"
}
# feed NAME [SITE]: lines "title|link|guid|date|text" become its document; an empty field is left
# out, a date is an instant or a day of March 2026: "02 06:00", "02".
feed() {
	python3 -c '
import sys
from email.utils import format_datetime
from datetime import datetime, timezone
from xml.sax.saxutils import escape
path, site = sys.argv[1:]
out = ["<rss version=\"2.0\"><channel><title>%s</title><link>%s</link>" % (site, site)]
for line in sys.stdin:
    title, link, guid, date, text = line.rstrip("\n").split("|")
    item = [("title", title), ("link", link), ("description", text)]
    out.append("<item>" + "".join("<%s>%s</%s>" % (n, escape(v), n) for n, v in item if v))
    if guid:
        out.append("<guid isPermaLink=\"false\">%s</guid>" % escape(guid))
    if date:
        day, _, hour = date.partition(" ")
        h, m = (hour or "00:00").split(":")
        when = datetime(2026, 3, int(day), int(h), int(m), tzinfo=timezone.utc)
        out.append("<pubDate>%s</pubDate>" % format_datetime(when, usegmt=True))
    out.append("</item>")
open(path, "w").write("".join(out) + "</channel></rss>")' "$D/$1.xml" "${2:-https://$1.example/}"
}
# The words of all letters of this planet.
mailed() {
	for letter in "$D"/box/*.eml; do
		[ -e "$letter" ] && letters text "$letter"
	done
}
count() { # LINE: how often a line of letters is just this
	mailed | grep -cxF -e "$1"
}
day=1
runs() { # one run on each following day of March
	day=$((day + 1))
	at "$(printf '2026-03-%02dT08:00:00Z' $day)" run
	[ "$status" = 0 ] || fail "a run of case $case_n ends well" "$(cat "$W/err")"
}

# ---- a blog that moves ----
planet a; day=1
feed a <<F
A boat|https://a.example/boat|a1|02 06:00|It is blue.
F
runs
feed a https://new.example/ <<F
A boat|https://new.example/2026/boat|n1|02 06:00|It is blue.
F
runs
feed a https://new.example/ <<F
A boat, mended|https://new.example/2026/boat|n1|02 06:00|It is blue and white.
F
runs
feed a https://third.example/ <<F
A boat, mended|https://third.example/?p=1|t1|02 06:00|It is blue and white, still.
F
runs
feed a https://third.example/ <<F
A train|https://third.example/?p=2|t2|06 06:00|It is late.
A boat, mended|https://third.example/?p=1|t1|02 06:00|It is blue and white, still.
F
runs
is "$(count "A boat") $(count "A boat, mended") $(count "A train")" "1 0 1" \
	"a post whose blog moves, is edited, and whose blog moves again is mailed once"

# ---- a site built anew ----
planet a; day=1
feed a <<F
Two|https://a.example/2|g2|02 07:00|Words of the second.
One|https://a.example/1|g1|02 06:00|Words of the first.
F
runs
feed a <<F
Three|https://a.example/post/3|h3|03 06:00|Words of the third. Follow us.
Two|https://a.example/post/2|h2|02 07:00|Words of the second. Follow us.
One|https://a.example/post/1|h1|02 06:00|Words of the first. Follow us.
F
runs
feed a <<F
Three|https://a.example/post/3|i3|03 06:00|Words of the third. Like us.
Two|https://a.example/post/2|i2||Words of the second. Like us.
One|https://a.example/post/1|i1||Words of the first. Like us.
F
runs
is "$(count One) $(count Two) $(count Three)" "1 1 1" \
	"a site built anew with a new line in each post and other guids mails only what is new"

# ---- what changes beside the words is learned too ----
planet a; day=1
feed a <<F
A boat|https://a.example/1|g1|02 06:00|It is blue.
A ship|https://a.example/2|g2|02 07:00|It is red.
F
runs
feed a https://new.example/ <<F
A boat|https://new.example/1|g1|02 06:30|It is blue.
A ship|https://new.example/2|g2|02 07:00|It is red.
F
runs
feed a https://third.example/ <<F
A boat|https://third.example/1|h1|02 06:30|It is blue. Rebuilt.
A ship|https://new.example/2|h2|02 09:00|It is red. Rebuilt.
F
runs
is "$(count "A boat") $(count "A ship")" "1 1" \
	"the new date and the new address of a post are learned when its words stay the same"

# ---- http becomes https, www goes ----
planet a; day=1
feed a http://www.a.example/ <<F
One|http://www.a.example/1/||02 06:00|x
F
runs
feed a https://a.example/ <<F
One|https://a.example/1||02 06:00|x
F
runs
feed a https://a.example/ <<F
One, with a better title|http://www.a.example/1/||02 06:00|y
F
runs
is "$(mailed | grep -c '^One')" 1 "addresses that lose http and www are the same addresses"

# ---- guids by another rule ----
planet a; day=1
feed a <<F
One||https://a.example/?p=1||x
Two||https://a.example/?p=2||y
F
runs
feed a <<F
One||urn:uuid:1||x
Two||urn:uuid:2||y
F
runs
feed a <<F
Three||urn:uuid:3||x
One||sha1-1||x
Two||sha1-2||y
F
runs
is "$(count One) $(count Two) $(count Three)" "1 1 1" \
	"undated posts without addresses are known when the rule of their guids changes"

# ---- tickers ----
planet a; day=1
feed a <<F
Wind|https://a.example/now||02|north
Tide|https://a.example/now||02|low
F
runs
feed a <<F
Wind|https://a.example/now||03|south
Wind|https://a.example/now||02|north
Tide|https://a.example/now||02|low
F
runs
feed a <<F
Wind|https://a.example/now||03|south
Wind|https://a.example/now||02|north
F
runs
is "$(count Wind) $(count Tide) $(count north) $(count south)" "2 1 1 1" \
	"a ticker with days for dates and one address sends each line once"

planet a; day=1
feed a <<F
Alarm|https://a.example/?id=1&t=a||02 06:00|
Alarm|https://a.example/?id=2&t=a||02 06:00|
F
runs
feed a <<F
Alarm|https://a.example/?id=1&t=b||02 06:00|
Alarm|https://a.example/?id=2&t=b||02 06:00|
F
runs
feed a <<F
Alarm|https://a.example/?id=3&t=c||04 06:00|
Alarm|https://a.example/?id=1&t=c||02 06:00|
Alarm|https://a.example/?id=2&t=c||02 06:00|
F
runs
is "$(count Alarm)" 3 "two posts of one title and instant are two posts, and stay two"

# ---- a page of changes ----
planet a; day=1
for n in 1 2 3; do
	feed a <<F
Version $n|https://a.example/changes||0$((n + 1))|It mends $n things.
F
	runs
	runs
	day=$((day - 1))
done
is "$(count "Version 1") $(count "Version 2") $(count "Version 3")" "1 1 1" \
	"a page of changes without guids sends each release once"

# ---- guids used again ----
planet a; day=1
feed a <<F
One|https://a.example/1|1|02 06:00|x
F
runs
feed a <<F
Two|https://a.example/2|1|03 06:00|y
F
runs
feed a <<F
Two, edited|https://a.example/2|1|03 06:00|y, edited
One|https://a.example/1|0|02 06:00|x
F
runs
is "$(count One) $(count Two) $(count "Two, edited")" "1 1 0" \
	"a guid that is used again is a new post; an edit is none"

# ---- two feeds, one post ----
for order in "planet ann" "ann planet"; do
	# shellcheck disable=SC2086
	planet $order; day=1
	feed planet <<F
Ann: The harbour|https://ann.example/harbour|p-1|02 06:00|Fog, she writes.
F
	feed ann <<F
The harbour|https://ann.example/harbour|1|02 06:00|Fog everywhere.
F
	runs
	runs
	is "$(mailed | grep -c 'Fog')" 1 "the planet's own feed and the author's, $order: one post"
	is "$(count "Fog everywhere.")" 1 "with the author's words, $order"
	like "$(mailed)" '^https://ann.example/$' "and under the author's name, $order"
done

planet ann bob; day=1
feed ann <<F
Read this|https://paper.example/story|1|02 06:00|The second half is the better one.
F
feed bob <<F
Not this|https://paper.example/story|1|02 07:00|The numbers are from another year.
F
runs
runs
is "$(mailed | grep -cE 'better one|another year')" 2 "two people's words about one page are both mailed"

planet ann bob; day=1
feed ann <<F
My boat|https://ann.example/boat|1|02 06:00|It is blue.
F
runs
feed bob <<F
Ann's boat|https://ann.example/boat|1|03 06:00|It is green, I saw it.
F
runs
is "$(mailed | grep -cE 'is blue|is green')" 2 "so are one's own words about another's post"

# ---- naming an address first ----
planet evil victim; day=1
feed evil <<F
Buy|https://victim.example/2026/03/03|e1|02 06:00|Pills.
F
runs
feed victim <<F
My real post|https://victim.example/2026/03/03|v1|03 06:00|What I truly wrote.
F
runs
feed victim <<F
My real post|https://victim.example/2026/03/03|v2|03 06:00|What I truly wrote, mended.
F
runs
is "$(count "My real post")" 1 "who names another's address first makes nothing vanish"

planet evil victim; day=1
feed evil https://victim.example/ <<F
Buy|https://victim.example/2026/03/03|e1|05 06:00|Pills.
F
runs
feed victim <<F
My real post|https://victim.example/2026/03/03|v1|03 06:00|What I truly wrote.
F
runs
is "$(count "My real post")" 1 "nor who dates it ahead and calls the site their own"

finish

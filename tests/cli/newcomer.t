#!/bin/sh
# SPDX-License-Identifier: ISC
# What a planet meets in its first days: feeds that never worked, pages that are no feeds, more
# posts than an issue holds.
. tests/cli/lib.sh
need python3

mkdir "$W/www"
cp tests/fixtures/planet/*.* "$W/www/"
port=$(free_port)
serve() {
	python3 -m http.server "$port" --bind 127.0.0.1 -d "$W/www" >"$W/www.log" 2>&1 &
	server=$!
	kill_later $server
	wait_for 10 python3 -c "import socket; socket.create_connection(('127.0.0.1', $port))"
}
serve
base=http://127.0.0.1:$port
head_of() { # NAME: a configuration's beginning
	cat <<C
[newsletter]
name = Planet $1
timezone = UTC
from = Planet $1 <planet@quay.example>
[fetch]
allow_private = yes
host_pause = 0s
per_host = 8
timeout = 5s
[digest]
schedule = off
[transport]
outbox = $1
C
}
feeds_of() { # FILE...
	for file; do
		printf '[feed %s]\nurl = %s/%s\n' "${file%%.*}" "$base" "$file"
	done
}
at() { # CONFIG TIME ARG...
	conf=$1
	when=$2
	shift 2
	run pp -c "$conf.conf" -d "$conf.state" --now "$when" "$@"
}
letters_in() { ls "$W/$1"/*.eml 2>/dev/null | wc -l | tr -d ' '; }
field() { # FEED COLUMN of the last feed list
	grep "^$1	" "$W/out" | cut -f "$2"
}

# ---- most feeds never answered ----
for i in 1 2 3; do
	cp "$W/www/rss20.rss" "$W/www/good$i.xml"
done
{
	head_of dead
	feeds_of good1.xml good2.xml good3.xml page.html no1.xml no2.xml no3.xml no4.xml no5.xml \
		no6.xml
} >"$W/dead.conf"
at dead 2026-03-02T07:00:00Z sub add ann@reader.example --confirmed-by "said so"
at dead 2026-03-02T07:30:00Z feed list
is "$(field no1 2)" new "a feed that was never asked is called new"
at dead 2026-03-02T08:00:00Z run
exits 3 "a planet of which most feeds are dead from the start says so, once"
err_like '7 of 10 feeds' "with numbers"
err_like 'no1: 404 Not Found' "with the reasons"
err_like 'and 2 more' "and not in endless lines"
unlike "$(cat "$W/err")" "machine's network" "the network is not blamed for what came over it"
is "$(letters_in dead)" 1 "what the good ones have is mailed"
at dead 2026-03-02T08:05:00Z feed list
is "$(field no1 2)" failing "the list calls a missing feed failing"
is "$(field no1 6)" "404 Not Found" "and says why"
is "$(field page 2)" web-page "a page a page"
is "$(field good1 2)" ok "a good one ok"
at dead 2026-03-02T08:06:00Z status
out_like 'needs you +7 feeds never answered' "status counts those that need a person"
out_like 'no1: 404 Not Found' "and names some"
out_like 'and 2 more' "not all"
for day in 03 04 05; do
	sed "s/lighthouse-[0-9]*/lighthouse-$day/;s|/prisms|/prisms-$day|g;s/moonlight/moonlight $day/" \
		"$TOP/tests/fixtures/planet/rss20.rss" >"$W/www/good1.xml"
	at dead "2026-03-${day}T08:00:00Z" run
	exits 0 "on the following days all is well (March $day)"
	case $day in
	04) err_like '7 feeds need you: planetpost feed health' "after two days they are told" ;;
	*) err_empty "and silent (March $day)" ;;
	esac
done
at dead 2026-03-08T09:00:00Z --dry-run run --strict
exits 3 "a strict run ends with 3"
err_like 'no1: 404 Not Found' "and says why"
at dead 2026-03-08T10:00:00Z fetch no1 good1
exits 3 "a feed that is fetched by name and fails is told"
err_like '1 of 2 feeds failed' "on standard error"
err_like 'no1: 404 Not Found' "with the reason"
at dead 2026-03-08T10:00:00Z -q fetch no1
err_like '^planetpost: no1: 404 Not Found' "also when quiet"

# ---- many feeds vanish from a server at once: an answer is an answer ----
{
	head_of gone
	feeds_of b1.xml b2.xml b3.xml b4.xml b5.xml b6.xml good2.xml
} >"$W/gone.conf"
for i in 1 2 3 4 5 6; do
	cp "$W/www/rss20.rss" "$W/www/b$i.xml"
done
at gone 2026-03-02T08:00:00Z fetch
exits 0 "seven feeds are read"
rm "$W"/www/b?.xml
at gone 2026-03-03T08:00:00Z fetch
exits 3 "six that are removed later are told"
err_like '6 of 7 feeds' "as many"
at gone 2026-03-03T08:10:00Z feed list
is "$(field b1 2)" failing "and marked"
at gone 2026-03-04T08:00:00Z fetch
exits 0 "once"
err_empty "and not again"

# ---- the network ----
{
	head_of net
	feeds_of c1.xml c2.xml c3.xml c4.xml c5.xml no1.xml
} >"$W/net.conf"
for i in 1 2 3 4 5; do
	cp "$W/www/rss20.rss" "$W/www/c$i.xml"
done
at net 2026-03-02T08:00:00Z fetch
exits 0 "five good feeds and a dead one"
err_empty "one dead feed is no news"
at net 2026-03-02T08:01:00Z sub add wes@reader.example --confirmed-by test
{ kill "$server" && wait "$server"; } 2>/dev/null
printf '[feed later]\nurl = %s/later.xml\n' "$base" >>"$W/net.conf"
at net 2026-03-03T08:00:00Z run
exits 3 "feeds that answered before and cannot be reached raise the alarm"
err_like '5 of 5 feeds that answered the time before' "with numbers"
err_like "machine's network" "it is the network"
err_like 'c[1-5]: no connection' "and what it says"
err_like 'no issue was built' "and what was left undone"
at net 2026-03-03T08:00:00Z fetch
exits 3 "so does fetch"
err_like "machine's network" "in the same words"
at net 2026-03-03T08:05:00Z feed list
is "$(field c1 2)" ok "nothing is marked"
is "$(field later 2)" new "nor what was never reached"
serve
at net 2026-03-03T09:00:00Z run
exits 0 "when the network is back, so is everything"

# ---- more posts than an issue holds ----
posts() { # NAME DATE...
	name=$1
	shift
	n=0
	{
		echo "<rss version='2.0'><channel><title>$name</title><link>https://$name.example/</link>"
		for date; do
			n=$((n + 1))
			echo "<item><title>$name $n</title><link>https://$name.example/$n</link>"
			echo "<pubDate>$date</pubDate><description>Short.</description></item>"
		done
		echo "</channel></rss>"
	} >"$W/www/$name.xml"
}
posts many "Sun, 01 Mar 2026 07:00:00 GMT" "Sun, 01 Mar 2026 06:00:00 GMT" \
	"Sun, 01 Mar 2026 05:00:00 GMT" "Sun, 01 Mar 2026 04:00:00 GMT" \
	"Mon, 09 Mar 2026 04:00:00 GMT" "Tue, 10 Mar 2026 04:00:00 GMT"
{
	head_of many | sed 's/^schedule.*/&\
max_per_feed = 2/'
	feeds_of many.xml
} >"$W/many.conf"
at many 2026-03-02T08:00:00Z -v fetch
out_like '6 new entries' "six entries of a new feed are read"
out_like '2 of the new entries are no news' "two are told to be no news"
at many 2026-03-02T08:01:00Z preview --text -o -
out_like '^many 1$' "the newest is shown"
out_like '^many 2$' "and the next, though two are dated ahead"
unlike "$(cat "$W/out")" '^many [3-6]$' "not the others"
posts many "Mon, 02 Mar 2026 07:00:00 GMT" "Mon, 02 Mar 2026 06:00:00 GMT"
sed -i 's/many.example\/\([0-9]\)/many.example\/new-\1/;s/>many \([0-9]\)</>many new \1</' "$W/www/many.xml"
touch -d '1 hour' "$W/www/many.xml" # the server's dates have no parts of a second
at many 2026-03-02T10:00:00Z fetch
at many 2026-03-02T10:01:00Z preview --text -o -
out_like 'And 2 more at many' "of a known feed the rest are counted"

# ---- titles that are endless, and none ----
long=$(python3 -c 'print("word " * 400)')
cat >"$W/www/titles.xml" <<X
<rss version="2.0"><channel><title>Titles</title><link>https://titles.example/</link>
<item><title>$long</title><link>https://titles.example/long</link>
<description>Body of the long one.</description></item>
<item><link>https://titles.example/picture</link>
<description>&lt;img src="https://titles.example/p.jpg"
alt="A heron on the pier, at dusk,
while the tide goes out and nobody looks at the boats any more"&gt;</description></item>
<item><link>https://titles.example/toot</link>
<description>&lt;p&gt;Only a few words, said once.&lt;/p&gt;</description></item>
<item><link>https://titles.example/essay</link>
<description>&lt;p&gt;It begins here. $long&lt;/p&gt;</description></item>
</channel></rss>
X
{
	head_of titles
	feeds_of titles.xml
} >"$W/titles.conf"
at titles 2026-03-02T08:00:00Z fetch
at titles 2026-03-02T08:01:00Z preview --text -o -
tr '\n' ' ' <"$W/out" | tr -s ' ' >"$W/titles.txt"
letter=$(cat "$W/titles.txt")
is "$(printf '%s' "$letter" | sed 's/Body of.*//' | grep -o 'word' | wc -l | tr -d ' ')" 60 \
	"an endless title is cut at 300 characters"
like "$letter" 'word…' "and says so"
like "$letter" 'A heron on the pier' "a picture is called by its alternative text"
unlike "$(printf '%s' "$letter" | sed 's/ \[picture.*//')" 'any more' "cut as well"
unlike "$letter" 'Untitled' "not untitled"
is "$(printf '%s' "$letter" | grep -o 'Only a few words' | wc -l | tr -d ' ')" 1 \
	"a short post is no title of itself"
is "$(printf '%s' "$letter" | grep -o 'It begins here' | wc -l | tr -d ' ')" 2 \
	"a long one without a title gets one"
sed 's/^schedule.*/&\
body = titles/' "$W/titles.conf" >"$W/only.conf"
at only 2026-03-02T08:00:00Z fetch
at only 2026-03-02T08:01:00Z preview --text -o -
tr '\n' ' ' <"$W/out" | tr -s ' ' >"$W/only.txt"
like "$(cat "$W/only.txt")" '- Only a few words, said once' \
	"in a letter of titles it is called by its words"
like "$(cat "$W/only.txt")" 'word… .*https://titles.example/long' "where each has its address"
at titles 2026-03-02T08:01:00Z preview -o "$W/titles.html"
like "$(tr '\n' ' ' <"$W/titles.html")" '<p[^>]*><a href="https://titles.example/toot"' \
	"the link of a short post stands beside its time"
unlike "$(tr '\n' ' ' <"$W/titles.html")" '<h[34][^>]*>(<a[^>]*>)?(</a>)? *</h' "no heading is empty"
finish

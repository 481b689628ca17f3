#!/bin/sh
# SPDX-License-Identifier: ISC
# A keeper's work with single feeds: look, change, pause, move; and what the program settles by
# itself: moves for good, feeds that are gone, feeds that became another.
. tests/cli/lib.sh
need python3

mkdir "$W/www"
cat >"$W/server.py" <<'P'
import http.server, os, sys
# FILE is served; FILE.301 holds where it moved to, FILE.code what it answers, FILE.length which
# length is announced.
class Feeds(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path = os.path.join(sys.argv[2], self.path.lstrip("/"))
        body = b""
        if os.path.exists(path + ".301"):
            self.send_response(301)
            self.send_header("Location", open(path + ".301").read().strip())
        elif os.path.exists(path + ".code"):
            self.send_response(int(open(path + ".code").read()))
        elif os.path.isfile(path):
            body = open(path, "rb").read()
            self.send_response(200)
            self.send_header("Content-Type", "text/html" if path.endswith(".html")
                             else "application/xml")
        else:
            self.send_response(404)
        length = open(path + ".length").read() if os.path.exists(path + ".length") else len(body)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *a):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Feeds).serve_forever()
P
port=$(free_port)
python3 "$W/server.py" "$port" "$W/www" 2>/dev/null &
kill_later $!
wait_for 10 python3 -c "import socket; socket.create_connection(('127.0.0.1', $port))"
base=http://127.0.0.1:$port

feed() { # FILE TITLE LANGUAGE POST...
	file=$1
	title=$2
	language=$3
	shift 3
	{
		echo '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
		echo "<title>$title</title><language>$language</language>"
		echo "<link>https://$title.example/</link>"
		echo "<atom:link rel=\"self\" href=\"https://$title.example/feed\"/>"
		echo "<atom:link rel=\"hub\" href=\"https://hub.example/$title\"/>"
		for post; do
			echo "<item><title>$title $post</title><guid>$title-$post</guid>"
			echo "<link>https://$title.example/$post</link>"
			echo "<description>Words of $post in $title</description></item>"
		done
		echo '</channel></rss>'
	} >"$W/www/$file"
}
cat >"$W/c.conf" <<C
[newsletter]
name = Planet Quay
timezone = UTC
from = planet@quay.example
[feeds]
feeds_from = planet.ini
[fetch]
allow_private = yes
every = 0s
host_pause = 0s
[digest]
schedule = off

# the harbour's own
[$base/alpha.xml]
name = Alpha
# told by its keeper
[feed gamma]
url = $base/gamma.xml
C
cat >"$W/planet.ini" <<C
[Planet]
name = Quay
[$base/beta.xml]
name = Beta
C
cp "$W/planet.ini" "$W/planet.before"
at() { # TIME ARG...
	when=$1
	shift
	run pp -c c.conf -d state --now "$when" "$@"
}
value() { # KEY: what feed show has said of it
	sed -n "s/^$1  *//p" "$W/out"
}
feed alpha.xml alpha en one two
feed beta.xml beta en one two
feed gamma.xml gamma en one two
at 2026-03-01T07:00:00Z sub add ann@reader.example --confirmed-by "said so"
at 2026-03-01T08:00:00Z run

# ---- list ----
at 2026-03-01T09:00:00Z feed list --sort name
is "$(cut -f1 "$W/out" | tr '\n' ' ')" "alpha beta gamma " "feeds are listed by name"
at 2026-03-01T09:00:00Z feed list --sort last
exits 0 "or by who wrote last"
at 2026-03-01T09:00:00Z feed list --sort size
exits 2 "and by nothing else"
at 2026-03-01T09:00:00Z config get fetch.every
is "$(cat "$W/out")" 0s "one setting can be asked for"
at 2026-03-01T09:00:00Z config get fetch.evry
exits 2 "which there must be"
at 2026-03-01T09:00:00Z config get smtp.password
exits 2 "and a secret is not shown"

# ---- show and test ----
at 2026-03-01T09:00:00Z feed show alpha
is "$(value hub)" https://hub.example/alpha "feed show names a feed's WebSub hub"
exits 0 "a feed can be looked at"
is "$(value address)" "$base/alpha.xml" "with its address"
is "$(value 'listed in')" "c.conf line 15" "the place where it stands"
is "$(value posts),$(value mailed)" "2,2" "its posts"
is "$(value state)" ok "and how it is"
at 2026-03-01T09:00:00Z --json feed show beta
ok "also in JSON" python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
assert d["feed"] == "beta" and d["state"] == "ok" and d["posts"] == 2, d
assert d["listed_in"] == "planet.ini line 3" and d["changes"] == [], d' "$W/out"
feed alpha.xml alpha en one two three
at 2026-03-01T09:00:00Z feed test alpha
out_like '^known     2 of them, 1 unseen$' "feed test tells which posts are known"
out_like '^itself    https://alpha\.example/feed$' "where the feed says that it is"
is "$(grep -c 'alpha \(one\|two\|three\)$' "$W/out")" 3 "and its posts"
at 2026-03-01T09:00:00Z --json feed test alpha
ok "also in JSON" python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
assert d["entries"] == 3 and d["known"] == 2 and len(d["posts"]) == 3, d' "$W/out"
at 2026-03-01T09:00:00Z feed show nosuch
exits 1 "what is no feed is not shown"

# ---- pause, resume, edit: our own configuration ----
at 2026-03-01T10:00:00Z feed pause alpha
exits 0 "a feed is paused"
ok "where it stands" grep -q '^paused = yes$' "$W/c.conf"
ok "and comments stay" grep -q "^# the harbour's own$" "$W/c.conf"
at 2026-03-01T10:01:00Z -v run
at 2026-03-01T10:02:00Z feed show alpha
is "$(value paused),$(value posts)" "yes,2" "and is not asked"
at 2026-03-01T10:03:00Z feed resume alpha
ok "resumed it is not paused" grep -q '^paused = no$' "$W/c.conf"
at 2026-03-01T10:04:00Z run
at 2026-03-01T10:05:00Z feed show alpha
is "$(value posts)" 3 "and asked again"
at 2026-03-01T10:06:00Z feed edit alpha --group Core --exclude 'sale|offer' --max-per-feed 2
exits 0 "a feed is edited"
at 2026-03-01T10:07:00Z feed show alpha
is "$(value group),$(value exclude),$(value 'max per feed')" "Core,sale|offer,2" "in all that is given"
at 2026-03-01T10:08:00Z feed edit alpha --group ''
at 2026-03-01T10:09:00Z feed show alpha
is "$(value group)" Blogs "what is taken away is as for all"
at 2026-03-01T10:10:00Z -n feed edit alpha --group Other
ok "a dry run edits nothing" sh -c "! grep -q Other '$W/c.conf'"

# ---- the same of a feed in somebody's list ----
at 2026-03-01T11:00:00Z -v feed pause beta
exits 0 "a feed of a planet's own file is paused"
out_like 'It stands in planet\.ini, which planetpost does not write' "beside that file"
out_like '^  paused = yes$' "and the line for it is shown"
same "$W/planet.ini" "$W/planet.before" "which stays as it is"
feed beta.xml beta en one two three
at 2026-03-01T11:01:00Z run
at 2026-03-01T11:02:00Z feed show beta
is "$(value paused),$(value posts)" "yes,2" "it is not asked"
is "$(value changed)" "paused = yes, 2026-03-01T11:00:00Z" "and that is told"
at 2026-03-01T11:03:00Z feed resume beta
at 2026-03-01T11:04:00Z run
at 2026-03-01T11:05:00Z feed show beta
is "$(value paused),$(value posts),$(value changed)" ",3," "resumed it is as the list has it"
at 2026-03-01T11:06:00Z feed edit beta --exclude offer
at 2026-03-01T11:07:00Z feed show beta
is "$(value exclude)" offer "it can be edited too"
at 2026-03-01T11:08:00Z feed remove beta
exits 1 "it cannot be removed from a list that is not ours"
err_like 'planet\.ini' "whose name is told"

# ---- move ----
feed alpha2.xml alpha en one two three
at 2026-03-02T08:00:00Z feed move alpha "$base/alpha2.xml"
exits 0 "a feed is moved"
ok "in its section's name" grep -q "^\[$base/alpha2.xml\]$" "$W/c.conf"
at 2026-03-02T08:01:00Z run
at 2026-03-02T08:02:00Z feed show alpha
is "$(value address),$(value posts)" "$base/alpha2.xml,3" "and its posts stay known"
at 2026-03-02T08:03:00Z feed move gamma "$base/alpha.xml"
exits 1 "a feed is not moved to another's"
err_like 'has no post that gamma had' "for its posts are not there"
echo "<html><link rel='alternate' type='application/rss+xml' href='/gamma2.xml'></html>" >"$W/www/page.html"
at 2026-03-02T08:03:00Z feed move gamma "$base/page.html"
exits 1 "nor to a web page"
err_like "$base/gamma2\.xml" "which names a feed"
feed gamma2.xml gamma en one two
at 2026-03-02T08:04:00Z feed move gamma "$base/gamma2.xml"
ok "the key of a section is set" grep -q "^url = $base/gamma2.xml$" "$W/c.conf"
at 2026-03-02T08:05:00Z feed move gamma "$base/alpha2.xml" --force
exits 1 "two feeds cannot have one address"
err_like 'is the address of alpha already' "and that is told"
at 2026-03-02T08:06:00Z feed move gamma
exits 2 "where to must be known"
feed beta2.xml beta en one two three
at 2026-03-02T08:07:00Z -v feed move beta "$base/beta2.xml"
exits 0 "a feed of a list is moved beside it"
at 2026-03-02T08:08:00Z feed show beta
is "$(value address),$(value 'listed as'),$(value posts)" "$base/beta2.xml,$base/beta.xml,3" \
	"and known by its address there"
at 2026-03-02T08:09:00Z feed move beta "$base/beta.xml"
at 2026-03-02T08:10:00Z feed show beta
is "$(value 'listed as')" "" "moved back nothing is left of it"

# ---- a page in the place of a feed ----
mv "$W/www/gamma2.xml" "$W/www/gamma3.xml"
echo "<html><link rel='alternate' type='application/rss+xml' href='$base/gamma3.xml'></html>" \
	>"$W/www/gamma2.xml"
for day in 03 04 05 06; do
	at 2026-03-${day}T08:00:00Z run
done
at 2026-03-06T08:01:00Z feed health
out_like "gamma	.*web page.*planetpost feed move gamma $base/gamma3\.xml$" \
	"health tells the feed that the page names"
at 2026-03-06T08:02:00Z feed move gamma
exits 0 "and move takes it"
ok "into the configuration" grep -q "^url = $base/gamma3.xml$" "$W/c.conf"

# ---- moved for good ----
echo "$base/beta2.xml" >"$W/www/beta.xml.301"
for day in 07 08 09 10 13; do
	at 2026-03-${day}T08:00:00Z run
done
at 2026-03-13T09:00:00Z feed show beta
is "$(value state),$(value address)" "moved,$base/beta.xml" "a move for good is watched for a week"
at 2026-03-13T09:00:00Z feed health
out_like 'beta	6 days	moved for good to .*	planetpost feed move beta$' "and told"
at 2026-03-14T08:00:00Z run
err_like "beta moved for good and is asked at $base/beta2\.xml now" "then it is followed, and told"
at 2026-03-14T09:00:00Z feed show beta
is "$(value state),$(value address),$(value posts)" "ok,$base/beta2.xml,3" "with its posts known"
same "$W/planet.ini" "$W/planet.before" "and the list stays as it is"
feed stranger.xml stranger en one
echo "$base/stranger.xml" >"$W/www/alpha2.xml.301"
at 2026-03-15T08:00:00Z run
err_like "alpha seems to be another feed: it moved to $base/stranger\.xml, where none of its posts is" \
	"a move to where no known post is is doubted"
for day in 16 17 18 23 24; do
	at 2026-03-${day}T08:00:00Z run
done
at 2026-03-24T09:00:00Z feed show alpha
is "$(value state),$(value address),$(value held)" "changed,$base/alpha2.xml,1" "and never followed"
rm "$W/www/alpha2.xml.301"
at 2026-03-24T10:00:00Z feed drop alpha

# ---- gone ----
echo 410 >"$W/www/beta2.xml.code"
for day in 25 26 27 28; do
	at 2026-03-${day}T08:00:00Z run
done
at 2026-04-22T08:00:00Z run
at 2026-04-22T09:00:00Z feed show beta
is "$(value state),$(value paused)" "failing," "a month is waited"
at 2026-04-25T08:00:00Z run
err_like 'beta is gone \(410 Gone since 2026-03-24.*\) and paused: planetpost feed resume beta' \
	"then it is paused, and told"
at 2026-04-26T08:00:00Z run
err_empty "once"
at 2026-04-26T09:00:00Z feed list --state paused
is "$(cut -f1 "$W/out")" beta "it is not asked any more"
rm "$W/www/beta2.xml.code"
at 2026-04-26T10:00:00Z feed resume beta
at 2026-04-26T11:00:00Z run
at 2026-04-26T12:00:00Z feed list --state ok
like "$(cut -f1 "$W/out")" '^beta$' "until somebody resumes it"

# ---- another feed at its address ----
cp "$W/www/gamma3.xml" "$W/gamma.xml"
feed gamma3.xml casino id one two three four
at 2026-04-27T08:00:00Z run
err_like 'gamma seems to be another feed: title, language and own address changed at once' \
	"a feed that becomes another is told"
at 2026-04-27T09:00:00Z issue show last
unlike "$(cat "$W/out")" casino "its posts are held"
feed gamma3.xml casino id one two three four five
at 2026-04-28T08:00:00Z run
err_empty "that is told once"
at 2026-04-28T09:00:00Z feed health
out_like '^gamma	.*it was "gamma" at .*it is "casino" at .*planetpost feed release gamma$' \
	"and stands among what needs a person"
at 2026-04-28T10:00:00Z feed drop gamma
at 2026-04-28T11:00:00Z run
at 2026-04-28T12:00:00Z issue show last
unlike "$(cat "$W/out")" casino "what is dropped is not mailed"
cp "$W/gamma.xml" "$W/www/gamma3.xml"
at 2026-04-29T08:00:00Z run
at 2026-04-29T09:00:00Z feed show gamma
is "$(value state),$(value title)" "ok,gamma" "when it is itself again all is well"
feed gamma3.xml delta de one two
at 2026-04-30T08:00:00Z run
at 2026-04-30T09:00:00Z feed release gamma
at 2026-04-30T10:00:00Z run
exits 0 "what a person releases"
at 2026-04-30T11:00:00Z issue show last
like "$(cat "$W/out")" 'delta one' "is mailed"
at 2026-04-30T12:00:00Z feed show gamma
is "$(value state),$(value title)" "ok,delta" "under its new name"

# ---- the keeper's letter ----
feed late.xml late en one
feed fine.xml fine en one
cat >"$W/letter.conf" <<C
[newsletter]
name = Planet Quay
timezone = UTC
from = planet@quay.example
owner = keeper@quay.example
[fetch]
allow_private = yes
every = 0s
host_pause = 0s
[digest]
schedule = off
[feed late]
url = $base/late.xml
[feed fine]
url = $base/fine.xml
C
mine() { # DAY ARG...: March 2026; the 2nd, 9th, 16th and 23rd are Mondays
	day=$1
	shift
	run pp -c letter.conf -d letter.state --now "2026-03-${day}T08:00:00Z" "$@"
}
kept() { ls "$W"/outbox/notice-*.eml 2>/dev/null | wc -l | tr -d ' '; }
rm -rf "$W/outbox"
mine 03 sub add ann@reader.example --confirmed-by "said so"
mine 03 run
echo 410 >"$W/www/late.xml.code"
for day in 04 05 06 07 08; do
	mine $day run
done
is "$(kept)" 0 "the keeper gets no letter for each feed"
mine 08 feed health --letter
out_like '^Subject: News of your feeds: Planet Quay$' "the letter can be looked at before"
out_like '^- late: 410 Gone' "and names the feed that needs a person"
unlike "$(cat "$W/out")" fine "and no other"
mine 08 feed health --letter late
out_like "^- address: $base/late\.xml$" "a note to a feed's owner can be made"
mine 08 feed health --letter fine
exits 1 "but not of one with which nothing is wrong"
mine 08 feed health late
exits 2 "a feed goes with --letter alone"
mine 09 run
is "$(kept)" 1 "on Monday there is one letter"
ok "to the owner" grep -q '^To: keeper@quay.example' "$W/outbox/notice-1.eml"
ok "that says what is new" grep -q '^- late: 410 Gone (planetpost feed test late)' "$W/outbox/notice-1.eml"
for day in 10 15 16 17; do
	mine $day run
done
is "$(kept)" 1 "without news there is none"
rm "$W/www/late.xml.code"
mine 18 run
mine 23 run
is "$(kept)" 2 "what mended is news"
ok "and told as such" grep -q '^Mended by themselves:' "$W/outbox/notice-2.eml"
mine 30 run
is "$(kept)" 2 "once"
sed 's/^owner = .*/&\n[health]\nletter = never/' "$W/letter.conf" >"$W/never.conf"
echo 410 >"$W/www/late.xml.code"
run pp -c never.conf -d letter.state --now 2026-04-01T08:00:00Z run
for day in 02 03 04 06; do
	run pp -c never.conf -d letter.state --now "2026-04-${day}T08:00:00Z" run
done
is "$(kept)" 2 "and with health.letter = never there is none at all"
sed 's/never$/weekly Funday/' "$W/never.conf" >"$W/set.conf"
run pp -c set.conf -d letter.state config check
exits 6 "a day that is none is refused"

# ---- what a feed brings ----
cat >"$W/www/shop.xml" <<C
<rss version="2.0"><channel><title>Shop</title><language>en</language>
<link>https://shop.example/</link>
<item><title>A rope</title><guid>1</guid><category>Ropes</category></item>
<item><title>A knot on sale</title><guid>2</guid><category>Knots</category></item>
<item><title>A lantern</title><guid>3</guid><category>Light, and more</category></item>
<item><title>Ein Tau</title><guid>4</guid><category>Ropes</category>
<dc:language xmlns:dc="http://purl.org/dc/elements/1.1/">de</dc:language></item>
</channel></rss>
C
titles() { # SETTING-OF-ALL SETTING-OF-FEED: the titles that a first letter would have
	cat >"$W/some.conf" <<C
[newsletter]
name = Planet Quay
timezone = UTC
from = planet@quay.example
[fetch]
allow_private = yes
host_pause = 0s
[digest]
$1
[feed shop]
url = $base/shop.xml
$2
C
	run pp -c some.conf -d "some.$tap_n" --now 2026-03-01T08:00:00Z preview --text
	got=$(sed -n 's/^\(A rope\|A knot on sale\|A lantern\|Ein Tau\)$/\1/p' "$W/out" | sort | tr '\n' ';')
}
titles "" ""
is "$got" "A knot on sale;A lantern;A rope;Ein Tau;" "without a filter all comes"
titles "exclude = sale" "exclude = lantern"
is "$got" "A rope;Ein Tau;" "a feed's exclude comes to the general one"
titles "" "categories = ropes"
is "$got" "A rope;Ein Tau;" "a category can be asked for"
titles "exclude_categories = knots" "languages = en"
is "$got" "A lantern;A rope;" "one refused, and a language asked for"
titles "languages = de" ""
is "$got" "Ein Tau;" "of all feeds too"

# ---- what people paste ----
plain=${base#http://}
echo "<html><link rel='alternate' type='application/atom+xml' title='Recent Commits' href='/one.xml'></html>" \
	>"$W/www/page.html"
{
	echo "<html><head><link rel='alternate' type='application/rss+xml' title='Posts' href='/one.xml'>"
	echo "<link rel='alternate' type='application/rss+xml' title='Comments' href='/beta.xml'></html>"
} >"$W/www/two.html"
# The page of a channel of videos has its link behind a megabyte of script.
python3 -c '
print("<!DOCTYPE html><html><head><script>var d = {%s};</script>" %
      ",".join("\"k%d\":\"<div>%d</div>\"" % (i, i) for i in range(50000)))
print("<link rel=\"alternate\" type=\"application/rss+xml\" title=\"RSS\" href=\"/one.xml\"></head>")
' >"$W/www/channel.html"
feed one.xml one en a b
while IFS='|' read -r given what; do
	printf '[fetch]\nallow_private = yes\nhost_pause = 0s\n' >"$W/add.conf"
	run pp -c add.conf -d add.state feed add "$given"
	exits 0 "feed add takes $what"
	ok "... and keeps the feed's address" grep -q "^\[$base/one.xml\]$" "$W/add.conf"
done <<E
feed://$plain/one.xml|an address of feed://
feed:$base/one.xml|one with feed: before it
$plain/one.xml|one without scheme
  $base/one.xml |one with blanks around it
<$base/one.xml>|one in angle brackets
$base/page.html|a page that names one feed, as of a repository
$base/channel.html|the page of a channel
E
printf '[fetch]\nallow_private = yes\nhost_pause = 0s\n' >"$W/add.conf"
run pp -c add.conf -d add.state feed add "$plain/two.html"
exits 1 "of a page with two feeds none is taken"
err_like "^  2  $base/beta\.xml   \"Comments\"$" "they are listed"
run pp -c add.conf -d add.state feed add "$plain/two.html" --yes
exits 0 "but the first, when that is wanted"
for given in ann@reader.example 'two words.example' localhost mailto:ann@reader.example; do
	run pp -c add.conf -d add.state feed add "$given"
	exits 2 "'$given' is no address of a feed"
done

# The heads of such pages as they are, with all else that they call alternate.
mkdir -p "$W/www/feeds" "$W/www/keeper/lamp/commits"
videos="feeds/videos.xml?channel_id=UCx0-Quay_1"
cat >"$W/www/tube.html" <<E
<!DOCTYPE html><html><head><link rel="canonical" href="$base/tube.html">
<link rel="alternate" media="handheld" href="http://m.tube.example/channel/UCx0-Quay_1">
<link rel="alternate" media="only screen and (max-width: 640px)" href="http://m.tube.example/c">
<link rel="alternate" type="application/rss+xml" title="RSS" href="$base/$videos">
<link rel="alternate" href="android-app://com.tube/http/www.tube.example/channel/UCx0-Quay_1">
<link rel="alternate" type="application/json+oembed" href="$base/oembed?format=json" title="Quay">
<link rel="alternate" type="text/xml+oembed" href="$base/oembed?format=xml" title="Quay">
</head><body></body></html>
E
cat >"$W/www/keeper/lamp.html" <<E
<!DOCTYPE html><html><head>
<link rel="search" type="application/opensearchdescription+xml" href="/opensearch.xml" title="H">
<link rel="alternate icon" class="js-site-favicon" type="image/png" href="/favicon.png">
<link href="$base/keeper/lamp/commits/main.atom" rel="alternate" title="Recent Commits to
lamp:main" type="application/atom+xml">
<link rel="canonical" href="$base/keeper/lamp" data-turbo-transient>
</head><body></body></html>
E
cat >"$W/www/keeper/releases.html" <<E
<!DOCTYPE html><html><head>
<link rel="alternate icon" class="js-site-favicon" type="image/png" href="/favicon.png">
<link rel="alternate" type="application/atom+xml" title="Release notes from lamp" href="/keeper/lamp/releases.atom">
<link rel="alternate" type="application/atom+xml" title="Tags from lamp" href="/keeper/lamp/tags.atom">
</head><body></body></html>
E
for file in "$videos" keeper/lamp/commits/main.atom keeper/lamp/releases.atom keeper/lamp/tags.atom; do
	cp "$W/www/one.xml" "$W/www/$file"
done
added() { # PAGE FEED TITLE [ARG...]
	page=$1
	found=$2
	title=$3
	shift 3
	printf '[fetch]\nallow_private = yes\nhost_pause = 0s\n' >"$W/add.conf"
	run pp -c add.conf -d add.state feed add "$page" "$@"
	exits 0 "$title is a feed's address"
	ok "... the one that it names" grep -qxF "[$base/$found]" "$W/add.conf"
}
added "$plain/tube.html" "$videos" "a page of a channel of videos"
added "$base/keeper/lamp.html" keeper/lamp/commits/main.atom "the page of a repository"
added "$base/keeper/releases.html" keeper/lamp/releases.atom "that of its releases" --yes

# ---- a length that is not that of the answer ----
{
	sed '/<\/channel>/d' "$W/www/one.xml"
	echo "<item><title>one c</title><link>https://one.example/c</link><description>Words of"
} >"$W/www/long.xml"
echo 9999 >"$W/www/long.xml.length"
feed short.xml short en a b c
grep -b -o 'Words of c' "$W/www/short.xml" | cut -d: -f1 >"$W/www/short.xml.length"
printf '[newsletter]\nname = P\ntimezone = UTC\nfrom = p@quay.example\n[digest]\nschedule = off
[fetch]\nallow_private = yes\nhost_pause = 0s\n' >"$W/length.conf"
lengths() { # TIME ARG...
	when=$1
	shift
	run pp -c length.conf -d length.state --now "$when" "$@"
}
lengths 2026-03-01T08:00:00Z feed add "$base/long.xml"
exits 0 "a feed that is announced longer than it is can be added"
lengths 2026-03-01T08:00:00Z feed add "$base/short.xml"
exits 0 "and one that is announced shorter"
lengths 2026-03-01T08:00:00Z feed test one
out_like '^cut off   the connection closed before the end$' "feed test says what became of it"
lengths 2026-03-01T08:00:00Z run
lengths 2026-03-01T08:00:00Z feed show one
is "$(value posts),$(value state)" "2,malformed" "its whole posts are read, and it is said to be damaged"
lengths 2026-03-01T08:00:00Z feed show short
is "$(value posts),$(value state)" "2,malformed" "so are those of the other"
feed long.xml one en a b c
rm "$W/www/long.xml.length" "$W/www/short.xml.length"
lengths 2026-03-02T08:00:00Z run
lengths 2026-03-02T08:00:00Z feed show one
is "$(value posts),$(value state)" "3,ok" "the post that was half there comes with the whole"
lengths 2026-03-02T08:00:00Z feed show short
is "$(value posts),$(value state)" "3,ok" "so does the other's"
# ---- several at once ----
many() { # ARG...
	run pp -c many.conf -d many.state --json=said "$@"
}
begin_many() {
	printf '[fetch]\nallow_private = yes\nhost_pause = 0s\n' >"$W/many.conf"
	rm -rf "$W/many.state"
}
sections() {
	grep -c '^\[http' "$W/many.conf"
}
feed 'one.xml?utm_source=x' one en a b
while IFS='|' read -r second how; do
	begin_many
	many feed add "$base/one.xml" "$second"
	exits 0 "a feed named twice is added, $how"
	is "$(sections)" 1 "... once"
	out_like "is named twice: once is enough" "... and that is said"
done <<E
$base/one.xml|word for word
feed:$base/one.xml|with feed: before it
feed://$plain/one.xml|as feed://
https://$plain/one.xml|as https
http://www.$plain/one.xml|with www.
$plain/one.xml|without scheme
$base/one.xml/|with a slash behind it
$base/one.xml#top|with an anchor
$base/page.html|by the page that names it
$base/one.xml?utm_source=x|with the mark of a campaign
E
begin_many
many feed add "$base/nosuch.xml" 'two words' "$base/one.xml" "$base/none.html" "$base/beta2.xml"
nok "of several feeds that cannot all be added some are not" test "$status" = 0
is "$(grep '^\[http' "$W/many.conf" | tr '\n' ' ')" "[$base/one.xml] [$base/beta2.xml] " \
	"... but each is tried"
is "$(grep -c '^planetpost: ' "$W/err")" 3 "... and each failure told"
out_like 'Added .*Added ' "... and what was done"
many feed add "$base/one.xml?utm_source=x"
exits 1 "a feed of the planet is not added in another spelling"
err_like "is a feed already \(one, as $base/one\.xml\)$" "... it is named"
err_like "hint: planetpost feed move one $base/one\.xml\?utm_source=x$" "... with what to do"
for verb in pause resume test show; do
	run pp -c many.conf -d many.state feed $verb nosuch one other beta
	nok "feed $verb of an unknown feed fails" test "$status" = 0
	is "$(grep -c "^planetpost: no feed is called '" "$W/err")" 2 "... each is told"
	case $verb in
	pause) is "$(grep -c '^paused = yes' "$W/many.conf")" 2 "... the others are paused" ;;
	resume) is "$(grep -c '^paused = yes' "$W/many.conf")" 0 "... the others go on" ;;
	*) out_like "beta" "... the others are shown" ;;
	esac
done
many fetch nosuch one "$base/one.xml" beta
exits 1 "fetch of an unknown feed fails"
out_like 'Fetched 2 of 2 feeds' "... the others are asked, each once"
many fetch nosuch other
exits 1 "fetch of none that is known asks nobody"
unlike "$(cat "$W/out")" Fetched "... not even those that are due"
for verb in release drop; do
	run pp -c many.conf -d many.state feed $verb nosuch one
	exits 1 "feed $verb of an unknown feed fails"
	err_like "nothing of one is held" "... the next is tried"
done
many feed remove nosuch one "$base/one.xml" beta
exits 1 "feed remove of an unknown feed fails"
is "$(sections)" 0 "... the others are removed"
is "$(grep -c '^planetpost: ' "$W/err")" 1 "... a feed named in two ways is removed once"
begin_many
many -n feed add "$base/one.xml" "$base/one.xml" "$base/beta.xml"
is "$status $(sections)" "0 0" "a dry run of several writes none"

# ---- taken out and added again ----
printf '[newsletter]\nname = P\ntimezone = UTC\nfrom = p@quay.example\n[digest]\nschedule = off
[fetch]\nallow_private = yes\nhost_pause = 0s\n' >"$W/again.conf"
again() { # TIME ARG...
	when=$1
	shift
	run pp -c again.conf -d again.state --now "$when" "$@"
}
feed again.xml again en one
again 2026-03-01T08:00:00Z feed add "$base/again.xml"
again 2026-03-01T09:00:00Z run
echo 410 >"$W/www/again.xml.code"
for day in 03-02 03-03 03-04 03-20 04-10 04-11; do
	again 2026-$day\T08:00:00Z run
done
again 2026-04-11T09:00:00Z feed show again
is "$(value state),$(value paused)" "gone,yes" "a feed is gone, and paused"
again 2026-04-11T10:00:00Z feed remove again
rm "$W/www/again.xml.code"
again 2026-04-11T11:02:00Z feed add "$base/again.xml"
again 2026-04-11T11:03:00Z feed show again
is "$(value state),$(value paused),$(value failures)" "ok,," "added again it begins anew"
feed again.xml again en one two
again 2026-04-11T11:04:00Z run
again 2026-04-11T11:05:00Z feed show again
is "$(value posts)" 2 "and is asked at once"

# ---- what kills a run while it is read ----
cat >"$W/heavy.conf" <<C
[fetch]
allow_private = yes
every = 0s
host_pause = 0s
[feed old]
url = $base/old.xml
[feed pages]
url = $base/pages.xml
full_text = article
C
heavy() { # TIME ARG...
	when=$1
	shift
	run pp -c heavy.conf -d heavy.state --now "$when" "$@"
}
killed_reading() { # TIME LINE-PATTERN: fetches, and is killed when the note says so
	(cd "$W" && exec env HOME="$W/home" TERM=dumb "$PLANETPOST" -c heavy.conf -d heavy.state \
		--now "$1" fetch </dev/null >"$W/killed.out" 2>"$W/killed.err") &
	running=$!
	wait_for 60 grep -qsx "$2" "$W/heavy.state/planetpost.db.reading"
	found=$?
	kill -9 $running
	wait $running 2>/dev/null
	return $found
}
feed pages.xml pages en
feed old.xml old en one
heavy 2026-05-01T08:00:00Z fetch

# All its posts are new, and what was between them and the last is in a document that costs much.
feed old.xml old en nine ten
sed -i "s|<language>|<atom:link rel=\"prev-archive\" href=\"$base/older.xml\"/>&|" "$W/www/old.xml"
python3 - "$W/www" "$base" <<'P'
import sys
www, base = sys.argv[1:]
open(www + "/older.xml", "w").write(
    "<rss version=\"2.0\"><channel><title>old</title><item><title>x</title><description>"
    + "&lt;hr&gt;" * 400000 + "</description></item></channel></rss>")
open(www + "/page.html", "w").write("<article>" + "<p>some words<hr>" * 300000)
P
ok "a feed is named while an archive of its is read" \
	killed_reading 2026-05-20T08:00:00Z old
heavy 2026-05-20T09:00:00Z fetch
exits 0 "the next run ends"
heavy 2026-05-20T09:01:00Z feed show old
out_like 'left out once: the last run was killed while it read this feed' "and left it out"

feed pages.xml pages en one
sed -i "s|https://pages.example/one|$base/page.html|" "$W/www/pages.xml"
ok "a post is named while its page is read" \
	killed_reading 2026-05-21T08:00:00Z "$(printf '\t')[1-9][0-9]*"
heavy 2026-05-21T09:00:00Z fetch
exits 0 "the run after it ends"
err_like 'page.html: the feed.s words stay: the last run was killed while it read this page' \
	"tells which page it left out"
heavy 2026-05-21T09:30:00Z feed show pages
is "$(value state),$(value failures)" "ok," "and its feed is well"
heavy 2026-05-21T10:00:00Z fetch
unlike "$(cat "$W/err")" page.html "the page is not asked for again"

# ---- lists of feeds, out and in ----
cat >"$W/out.conf" <<C
[newsletter]
name = Planet & Quay
[https://user:secret@a.example/feed?x=1&y=2]
name = A "quoted" \\ name
group = Core & Co
[https://b.example/feed]
name = Bé
C
for form in opml foaf urls; do
	run pp -c out.conf -d out.state export $form "out.$form"
	exits 0 "the feeds go out as $form"
	unlike "$(cat "$W/out.$form")" secret "without a password"
	: >"$W/in.conf"
	run pp -c in.conf -d in.state import "out.$form"
	exits 0 "and come in again"
	is "$(grep -cxF -e '[https://a.example/feed?x=1&y=2]' -e 'name = A "quoted" \ name' \
		-e 'name = Bé' "$W/in.conf")" 3 "with their names"
done
run pp -c out.conf -d out.state export opml
ok "OPML is well-formed" python3 -c '
import sys, xml.dom.minidom
d = xml.dom.minidom.parse(sys.argv[1])
assert len(d.getElementsByTagName("outline")) == 4' "$W/out"
finish

#!/bin/sh
# SPDX-License-Identifier: ISC
# One story that several blogs tell: in HTML, in text, as titles, over a week, in the browser, for
# who takes one of the blogs, and where most of its posts have no room.
. tests/cli/lib.sh
need python3

# Ann and Bob tell of the bridge on Monday, Cy on Wednesday; all link to its own page.  Each day
# everybody writes of something else, too.  A week begins with its newest day.
cat >"$W/feeds.py" <<'P'
import sys
day, folder = int(sys.argv[1]), sys.argv[2]
own = {"ann": ["Pruning roses", "Twelve kinds of moss", "My first marathon", "A clock that lies"],
       "bob": ["Compiling on a train", "Learning the cello", "Soup for forty", "Lost luggage"],
       "cy": ["Reading old maps", "A kiln of my own", "Pigeons in the attic", "Why I left"]}
page = "<a href='https://bridge.example/opening'>The harbour bridge opened</a>"
told = {("ann", 2): "The harbour bridge opens after nine years",
        ("bob", 2): "After nine years the harbour bridge opens",
        ("cy", 4): "The harbour bridge opens at last after nine years"}
for blog, titles in own.items():
    items = ""
    for n in range(2, day + 1):
        posts = [(titles[n - 2], "%s wrote this on day %d of the month, about %s." %
                  (blog, n, titles[n - 2].lower()))]
        if (blog, n) in told:
            posts.append((told[blog, n], page + " today, nine years after it was begun, and %s "
                          "was there to see the first tram cross the harbour." % blog))
        for k, (title, text) in enumerate(posts):
            items += ("<item><title>%s</title><link>https://%s.example/%d-%d</link><guid "
                      "isPermaLink='false'>%s-%d-%d</guid><pubDate>%02d Mar 2026 0%d:00:00 GMT"
                      "</pubDate><description><![CDATA[<p>%s</p>]]></description></item>"
                      % (title, blog, n, k, blog, n, k, n, 4 + k, text))
    with open("%s/%s.xml" % (folder, blog), "w") as f:
        f.write("<rss version='2.0'><channel><title>%s</title><link>https://%s.example/</link>"
                "%s</channel></rss>" % (blog.title(), blog, items))
P
cat >"$W/c.conf" <<C
[newsletter]
name = Planet Quay
timezone = UTC
from = Planet Quay <planet@quay.example>
[fetch]
allow_files = yes
[web]
url = https://quay.example/
answers = elsewhere
[digest]
schedule = daily 07:00
[feed ann]
url = file:ann.xml
[feed bob]
url = file:bob.xml
[feed cy]
url = file:cy.xml
C
at() {
	when=$1
	shift
	run pp -c c.conf -d state --now "$when" "$@"
}
# The letter of a day to a reader: its HTML or plain part.
part() { # NAME DAY KIND
	python3 - "$W/outbox" "$1@x.example" "$2" "$3" <<'P'
import email, email.policy, glob, sys
folder, who, day, kind = sys.argv[1:]
for path in sorted(glob.glob(folder + "/" + day + "*.eml")):
    with open(path, "rb") as f:
        letter = email.message_from_binary_file(f, policy=email.policy.default)
    if who in (letter["To"] or ""):
        print(letter.get_body((kind,)).get_content())
P
}
# What stands in the frame of a story: the names of its blogs in their order.
framed() {
	python3 -c 'import re, sys
for frame in re.findall(r"<td class=\"g\">(.*?)</td>", sys.stdin.read(), re.S):
    print(re.sub("<[^>]*>", "", frame.split("</p>")[0]).strip() + ":",
          " ".join(re.findall(r"https://(\w+)\.example/\"", frame)))'
}

python3 "$W/feeds.py" 1 "$W"
at 2026-03-01T05:00:00Z fetch
at 2026-03-01T06:00:00Z sub add all@x.example --confirmed-by test --rhythm daily
at 2026-03-01T06:00:00Z sub add titles@x.example --confirmed-by test --rhythm daily --length titles
at 2026-03-01T06:00:00Z sub add one@x.example --confirmed-by test --rhythm daily --sources 'only ann'
exits 0 "somebody takes one of the blogs"
at 2026-03-01T06:00:00Z sub add week@x.example --confirmed-by test --rhythm weekly --day saturday
exits 0 "readers of each kind are added"
for day in 2 3 4 5; do
	python3 "$W/feeds.py" $day "$W"
	at "2026-03-0${day}T07:00:00Z" run
	exits 0 "day $day is mailed"
done
at 2026-03-07T07:00:00Z run
exits 0 "the week is mailed"

is "$(part all 2026-03-02 html | framed)" "One story, two blogs: ann bob" \
	"posts of one story stand in one frame, each under its blog"
like "$(part all 2026-03-02 plain)" "^One story, two blogs:$" "the text part says so above them"
is "$(part all 2026-03-02 html | grep -c '<h.*harbour bridge opens after nine years</a>')" 1 \
	"a post of a story stands once"
is "$(part all 2026-03-04 html | framed)" "" "a post that nobody else of its letter tells has no frame"

text=$(part titles 2026-03-02 plain)
is "$(printf '%s\n' "$text" | sed -n '/One story/,/^$/p' | sed -n '1,5p')" \
	"  One story, two blogs
    - The harbour bridge opens after nine years (Ann), 1 min
      https://ann.example/2-1
    - After nine years the harbour bridge opens (Bob), 1 min
      https://bob.example/2-1" \
	"titles of a story stand below its line, addresses below their titles"
is "$(printf '%s\n' "$text" | sed -n '/Compiling/{p;n;p;}')" \
	"  - Compiling on a train (Bob), 1 min
    https://bob.example/2-0" "and those of others as they always do"

is "$(part one 2026-03-02 html | framed)" "" "who takes one of the blogs reads of no other"
unlike "$(part one 2026-03-02 html; part one 2026-03-02 plain)" "One story|[Bb]ob" \
	"nor that there is one"
like "$(part one 2026-03-02 plain)" "The harbour bridge opens after nine years" \
	"but has its own blog's post"

is "$(part week 2026-03-05 html | framed)" "One story, three blogs: cy ann bob" \
	"over a week a story brings together what was mailed on several days"
is "$(part week 2026-03-05 plain | grep -c '^One story, three blogs:$')" 1 \
	"and its text part says so once"

run sh -c "cd '$W' && REQUEST_METHOD=GET PATH_INFO=/i/2026-03-02 GATEWAY_INTERFACE=CGI/1.1 \
	'$PLANETPOST' -c c.conf -d state --now 2026-03-08T10:00:00Z serve --cgi"
exits 0 "the issue is shown in the browser"
is "$(framed <"$W/out")" "One story, two blogs: ann bob" "with the frame of its letter"

# A letter of 4,096 bytes has room for the first posts of a few blogs.
python3 - "$W" <<'P'
import sys
with open(sys.argv[1] + "/small.conf", "w") as conf:
    conf.write(open(sys.argv[1] + "/c.conf").read().replace("[digest]", "[digest]\nmax_bytes = 4096"))
    for n in range(60):
        name = "blog%02d" % n
        conf.write("[feed %s]\nurl = file:%s.xml\n" % (name, name))
        with open("%s/%s.xml" % (sys.argv[1], name), "w") as f:
            f.write("<rss version='2.0'><channel><title>%s</title><link>https://%s.example/</link>"
                    "<item><title>Number %d of sixty</title><link>https://%s.example/1</link>"
                    "<pubDate>2 Mar 2026 06:%02d:00 GMT</pubDate><description>Words %d</description>"
                    "</item></channel></rss>" % (name, name, n, name, n, n))
P
python3 "$W/feeds.py" 2 "$W"
run pp -c small.conf -d small --now 2026-03-02T07:00:00Z preview -o small.html
exits 0 "a letter without room for its story is made"
is "$(grep -c 'One story' "$W/small.html")" 0 "and does not say that there is one"
unlike "$(cat "$W/small.html")" 'harbour bridge opens</a>' "nor shows the post that has no room"
run pp -c small.conf -d small --now 2026-03-02T07:00:00Z preview --text -o small.txt
unlike "$(cat "$W/small.txt")" "One story" "the same as text"
finish

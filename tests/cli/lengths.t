#!/bin/sh
# SPDX-License-Identifier: ISC
# How much of each post: what the newsletter has, for who does not say; for a reader who does, that,
# be it more or less.  Seen in the letters that are sent, previewed, made again and verified, in
# lists of readers that are exported and imported, and in the archive, which shows no more for it.
. tests/cli/lib.sh
need python3

cat >"$W/feeds.py" <<'P'
import sys
day, folder = int(sys.argv[1]), sys.argv[2]
def post(name, n):
    words = " ".join("<p>Sentence %d of the post of %s. It has so many words as a sentence has that"
                     " says nothing new.</p>" % (i, name) for i in range(40))
    return ("<item><title>Post of %s on day %d</title><link>https://%s.example/%d</link>"
            "<pubDate>%02d Mar 2026 05:00:00 GMT</pubDate><description><![CDATA[%s"
            "<p>LASTWORDS of %s.</p>]]></description></item>" % (name, n, name, n, n, words, name))
for name in "abc":
    with open("%s/%s.xml" % (folder, name), "w") as f:
        f.write("<rss version='2.0'><channel><title>Blog %s</title>"
                "<link>https://%s.example/</link>%s</channel></rss>"
                % (name, name, "".join(post(name, n) for n in range(day, 0, -1))))
P
# Of the letter in a file: how many titles, first sentences and last words its text and HTML have.
cat >"$W/shows.py" <<'P'
import email, email.policy, re, sys
with open(sys.argv[1], "rb") as f:
    letter = email.message_from_binary_file(f, policy=email.policy.default)
said = []
for kind in "plain", "html":
    part = letter.get_body((kind,))
    if part is None:
        continue
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", part.get_content()))
    said.append("%d %d %d" % (len(set(re.findall(r"Post of ([abc]) on day", text))),
                              len(re.findall(r"Sentence 0 of", text)),
                              len(re.findall(r"LASTWORDS", text))))
    assert len(part.as_bytes()) < 95000
print(", ".join(said))
P
shows() { python3 "$W/shows.py" "$1"; }
at() { # TIME ARG...
	when=$1
	shift
	run pp -c c.conf -d state --now "$when" "$@"
}
usual() { # LENGTH
	cat >"$W/c.conf" <<C
[newsletter]
name = Planet Quay
timezone = UTC
from = Planet Quay <planet@quay.example>
[fetch]
allow_files = yes
every = 1m
[digest]
schedule = off
body = $1
[list]
command_address = planet@quay.example
[transport]
method = outbox
[feed a]
url = file:a.xml
[feed b]
url = file:b.xml
[feed c]
url = file:c.xml
C
}
letter() { # NAME DAY: the file of the letter of that day
	grep -l "^To: $1@x.example" "$W"/outbox/2026-03-0"$2"*.eml
}

usual short
python3 "$W/feeds.py" 1 "$W"
at 2026-03-01T05:30:00Z fetch
at 2026-03-01T05:40:00Z sub add usual@x.example --confirmed-by test
at 2026-03-01T05:40:00Z sub add titles@x.example --confirmed-by test --length titles
at 2026-03-01T05:40:00Z sub add whole@x.example --confirmed-by test --length whole
at 2026-03-01T05:40:00Z sub add short@x.example --confirmed-by test --length short
at 2026-03-01T05:40:00Z sub add text@x.example --confirmed-by test --length whole --format text
exits 0 "readers say how much of a post they want, or do not"
at 2026-03-01T05:40:00Z sub edit short@x.example --length much
exits 2 "a length that there is not is refused"
err_like "length is default, whole, short or titles, not 'much'" "and those that there are, are said"

# ---- day 1 beginnings, day 2 titles, day 3 whole posts ----
day=0
for length in short titles whole; do
	day=$((day + 1))
	usual $length
	python3 "$W/feeds.py" $day "$W"
	now=2026-03-0${day}T06:00:00Z
	at $now fetch
	for who in usual titles whole short text; do
		pp -c c.conf -d state --now $now preview --as $who@x.example --eml >"$W/$who.$day.eml"
	done
	at $now run
	exits 0 "an issue goes out where body = $length"
	for who in usual titles whole short text; do
		same "$(letter $who $day)" "$W/$who.$day.eml" "what $who gets is the preview"
	done
done
is "$(shows "$(letter usual 1)")" "3 3 0, 3 3 0" "who says nothing gets beginnings where that is usual"
is "$(shows "$(letter usual 2)")" "3 0 0, 3 0 0" "titles where that is"
is "$(shows "$(letter usual 3)")" "3 3 3, 3 3 3" "and whole posts where that is"
for day in 1 2 3; do
	is "$(shows "$(letter titles $day)")" "3 0 0, 3 0 0" "day $day: titles for who wants titles"
	is "$(shows "$(letter short $day)")" "3 3 0, 3 3 0" "day $day: beginnings for who wants those"
	is "$(shows "$(letter whole $day)")" "3 3 3, 3 3 3" "day $day: whole posts for who wants all"
	is "$(shows "$(letter text $day)")" "3 3 3" "day $day: and as text for who wants it so"
done

# ---- made again, verified ----
for who in usual titles whole short text; do
	pp -c c.conf -d state --now 2026-03-03T08:00:00Z issue show 2026-03-01 --as $who@x.example \
		--eml >"$W/again"
	same "$W/again" "$(letter $who 1)" "the first letter of $who is made again"
	at 2026-03-03T08:00:00Z verify "$W/again"
	exits 0 "and it is what was sent"
done

# ---- lists ----
at 2026-03-03T09:00:00Z sub show whole@x.example
out_like '^length +whole' "sub show says the length"
at 2026-03-03T09:00:00Z sub show usual@x.example
out_like '^length +default' "or that it is the newsletter's"
pp -c c.conf -d state --now 2026-03-03T09:00:00Z sub export >"$W/list.csv"
at 2026-03-03T09:00:00Z sub edit whole@x.example --length default
at 2026-03-03T09:01:00Z sub show whole@x.example
out_like '^length +default' "who had more can have the usual again"
pp -c c.conf -d new --now 2026-03-03T09:00:00Z sub import list.csv --confirmed-by list >/dev/null
pp -c c.conf -d new --now 2026-03-03T09:00:00Z sub export >"$W/again.csv"
is "$(cut -d, -f1,7,8 "$W/again.csv" | sort)" "$(cut -d, -f1,7,8 "$W/list.csv" | sort)" \
	"a list that is exported and imported keeps all lengths"
like "$(cat "$W/again.csv")" '^whole@x.example,active,each,,,,html,whole,' "the longest among them"

# ---- the archive ----
pp -c c.conf -d state --now 2026-03-03T09:00:00Z export mbox - >"$W/all.mbox"
for day in 1 2 3; do
	awk -v n=$day '/^From / { i++ } i == n' "$W/all.mbox" | sed 1d >"$W/archived.$day"
done
is "$(shows "$W/archived.1"); $(shows "$W/archived.2"); $(shows "$W/archived.3")" \
	"3 3 0, 3 3 0; 3 0 0, 3 0 0; 3 3 3, 3 3 3" \
	"the archive has what was usual, whatever readers want"
finish

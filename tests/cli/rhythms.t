#!/bin/sh
# SPDX-License-Identifier: ISC
# Readers with rhythms of their own, over three weeks: who gets which posts in which letter.
# Nobody misses one, and nobody gets one twice.
. tests/cli/lib.sh
need python3

# Two blogs: a has a post each day, b on even days; "a05" is a's post of the fifth.
cat >"$W/feeds.py" <<'P'
import sys
day, folder = int(sys.argv[1]), sys.argv[2]
for blog, step in ("a", 1), ("b", 2):
    items = "".join(
        "<item><title>Post %s%02d</title><link>https://%s.example/%02d</link>"
        "<guid isPermaLink='false'>%s-%02d</guid><pubDate>%02d Mar 2026 05:00:00 GMT</pubDate>"
        "<description>What happened at %s on day %d.</description></item>"
        % (blog, n, blog, n, blog, n, n, blog, n)
        for n in range(day, 1, -1) if n % step == 0)
    with open("%s/%s.xml" % (folder, blog), "w") as f:
        f.write("<rss version='2.0'><channel><title>%s</title><link>https://%s.example/</link>"
                "%s</channel></rss>" % (blog, blog, items))
P
# The letters of a reader, oldest first: "02: a02 b02 | 03: a03".
cat >"$W/letters.py" <<'P'
import email, email.policy, glob, re, sys
who, said = sys.argv[1], []
for path in sorted(glob.glob(sys.argv[2])):
    with open(path, "rb") as f:
        letter = email.message_from_binary_file(f, policy=email.policy.default)
    if who not in (letter["To"] or ""):
        continue
    text = letter.get_body(("plain",)).get_content()
    posts = sorted(set(re.findall(r"Post ([ab]\d\d)", text)))
    day = re.search(r"\d{4}-\d\d-(\d\d)", path)
    said.append("%s: %s" % (day.group(1) if day else "?", " ".join(posts)))
print(" | ".join(said))
P
of() { python3 "$W/letters.py" "$1@x.example" "$W/outbox/2026-*.eml"; }

cat >"$W/c.conf" <<C
[newsletter]
name = Planet Quay
timezone = UTC
from = Planet Quay <planet@quay.example>
[fetch]
allow_files = yes
[digest]
schedule = daily 07:00
max_per_feed = 50
[feed a]
url = file:a.xml
[feed b]
url = file:b.xml
C
at() {
	when=$1
	shift
	run pp -c c.conf -d state --now "$when" "$@"
}
add() { # NAME OPTION...
	name=$1
	shift
	at 2026-03-01T12:00:00Z sub add "$name@x.example" --confirmed-by "asked at the quay" "$@"
	exits 0 "$name is added"
}
python3 "$W/feeds.py" 1 "$W"
at 2026-03-01T11:00:00Z fetch
exits 0 "the feeds are known"
add each
add tokyo --rhythm daily --hour 18:30 --zone Asia/Tokyo
add workdays --rhythm weekdays --hour 8
add monday --rhythm weekly --day Monday
add wednesday --rhythm weekly --day wed
add month --rhythm monthly --day 15
add only --sources "only b"
add butnot --sources "all but a"
add short --format text --length title
for name in hold skip back gone late forgotten changes; do
	add $name
done
at 2026-03-01T12:00:00Z sub add x@x.example --confirmed-by y --rhythm hourly
exits 2 "a rhythm that is none is a mistake"
err_like 'each, daily, weekdays, weekly or monthly' "... and those that are are named"
at 2026-03-01T12:00:00Z sub add x@x.example --confirmed-by y --sources "only nobody"
ok "so is a source that is none" test $status = 2 -o $status = 1

day() { # DAY: its runs
	python3 "$W/feeds.py" "$(expr "$1" + 0)" "$W"
	for hour in 07:00 09:35; do
		at "2026-03-$1T$hour:00Z" run
		[ $status = 0 ] || exits 0 "the run of March $1, $hour"
	done
}
day 02
is "$(of tokyo)" "02: a02 b02" "18:30 in Tokyo is 09:30 in Greenwich"
at 2026-03-03T06:30:00Z sub remove late@x.example
exits 0 "one is taken out"
day 03
at 2026-03-04T06:30:00Z sub erase forgotten@x.example
exits 0 "one is erased"
at 2026-03-04T06:31:00Z sub show forgotten@x.example
ok "nobody knows them any more" test $status != 0
at 2026-03-04T06:32:00Z sub add forgotten@x.example --confirmed-by list
ok "and they stay out" test $status != 0
day 04
at 2026-03-05T06:30:00Z sub hold hold@x.example --until 2026-03-12
exits 0 "a hold with an end"
at 2026-03-05T06:30:00Z sub hold skip@x.example --until 2026-03-12 --skip
exits 0 "a hold of which nothing is sent afterwards"
at 2026-03-05T06:30:00Z sub hold back@x.example
exits 0 "a hold without an end"
at 2026-03-05T06:30:00Z sub hold back@x.example --until 2026-03-05
exits 2 "a hold does not end in the past"
at 2026-03-05T06:30:00Z sub hold back@x.example --skip --catch-up
exits 2 "nobody skips and catches up"
day 05
at 2026-03-06T06:30:00Z sub remove gone@x.example
day 06
day 07
day 08
day 09
at 2026-03-10T06:30:00Z sub edit changes@x.example --rhythm weekly --day Friday --hour 9
exits 0 "one would rather have a weekly letter"
day 10
at 2026-03-10T12:00:00Z sub hold back@x.example --resume
exits 0 "a hold is ended by hand"
at 2026-03-10T12:00:00Z sub undo gone@x.example
exits 0 "a removal is taken back"
at 2026-03-10T12:00:00Z sub undo each@x.example
ok "nothing is taken back of who was not removed" test $status != 0
at 2026-03-10T12:05:00Z run
exits 0 "the run behind it"
for day in 11 12 13 14 15 16 21; do # the machine is away from the 17th to the 20th
	day $day
done

# ---- what each of them got, counted by hand ----
daily1="02: a02 b02 | 03: a03 | 04: a04 b04"
daily2="05: a05 | 06: a06 b06 | 07: a07 | 08: a08 b08 | 09: a09"
daily3="10: a10 b10 | 11: a11 | 12: a12 b12"
daily4="13: a13 | 14: a14 b14 | 15: a15 | 16: a16 b16 | 21: a17 a18 a19 a20 a21 b18 b20"
all="$daily1 | $daily2 | $daily3 | $daily4"
is "$(of each)" "$all" "each issue, and one letter of the days the machine was away"
is "$(of short)" "$all" "the same as titles"
is "$(of tokyo)" "$all" "daily at an hour and zone of one's own"
is "$(of workdays)" "02: a02 b02 | 03: a03 | 04: a04 b04 | 05: a05 | 06: a06 b06 |\
 09: a07 a08 a09 b08 | 10: a10 b10 | 11: a11 | 12: a12 b12 | 13: a13 |\
 16: a14 a15 a16 b14 b16 | 21: a17 a18 a19 a20 a21 b18 b20" \
	"weekdays: Monday's letter has the weekend; a slot missed stays open"
is "$(of monday)" "02: a02 b02 | 09: a03 a04 a05 a06 a07 a08 a09 b04 b06 b08 |\
 16: a10 a11 a12 a13 a14 a15 a16 b10 b12 b14 b16" "weekly on Mondays"
is "$(of wednesday)" "04: a02 a03 a04 b02 b04 | 11: a05 a06 a07 a08 a09 a10 a11 b06 b08 b10 |\
 21: a12 a13 a14 a15 a16 a17 a18 a19 a20 a21 b12 b14 b16 b18 b20" "weekly on Wednesdays"
is "$(of month)" "15: a02 a03 a04 a05 a06 a07 a08 a09 a10 a11 a12 a13 a14 a15\
 b02 b04 b06 b08 b10 b12 b14" "monthly"
b="02: b02 | 04: b04 | 06: b06 | 08: b08 | 10: b10 | 12: b12 | 14: b14 | 16: b16 | 21: b18 b20"
is "$(of only)" "$b" "only b: no letter where there is nothing for them"
is "$(of butnot)" "$b" "all but a"
is "$(of hold)" "$daily1 | 12: a05 a06 a07 a08 a09 a10 a11 a12 b06 b08 b10 b12 | $daily4" \
	"one letter catches up with a hold"
is "$(of skip)" "$daily1 | 12: a12 b12 | $daily4" "or the hold is skipped"
is "$(of back)" "$daily1 | 10: a05 a06 a07 a08 a09 a10 b06 b08 b10 | 11: a11 | 12: a12 b12 |\
 $daily4" "a hold ended by hand"
is "$(of gone)" "$daily1 | 05: a05 | 10: a06 a07 a08 a09 a10 b06 b08 b10 | 11: a11 |\
 12: a12 b12 | $daily4" "a removal taken back"
is "$(of late)" "02: a02 b02" "who is removed gets nothing more"
is "$(of forgotten)" "02: a02 b02 | 03: a03" "nor who is erased"
is "$(of changes)" "$daily1 | $daily2 | 13: a10 a11 a12 a13 b10 b12 |\
 21: a14 a15 a16 a17 a18 a19 a20 a21 b14 b16 b18 b20" "a rhythm that changed"
# shellcheck disable=SC2046 # a list of files; letters of text alone have no parts to check
ok "every letter is sound" python3 tests/cli/letters.py check \
	$(grep -L 'short@x.example' "$W"/outbox/2026-*.eml)
monday=$(grep -l 'monday@x.example' "$W"/outbox/2026-03-09-*.eml)
like "$(python3 tests/cli/letters.py text "$monday")" \
	'Tuesday, 3 March to Monday, 9 March 2026 · 10 posts from 2 blogs' \
	"a weekly letter says its days"
unlike "$(cat "$monday")" 'One letter a day' "and it promises no letter a day"
daily=$(ls "$W"/outbox/2026-03-09-*.eml | xargs grep -L 'monday@x.example\|short@x.example' |
	xargs grep -l 'One letter a day' | head -n 1)
ok "a letter of one issue says how often letters come" test -n "$daily"
short=$(grep -l 'short@x.example' "$W"/outbox/2026-03-09-*.eml)
like "$(python3 tests/cli/letters.py header Content-Type "$short")" '^text/plain' \
	"who wants text gets text alone"
unlike "$(cat "$short")" 'What happened' "and who wants titles gets no more"

# ---- what is known of them ----
at 2026-03-21T12:00:00Z sub show hold@x.example
exits 0 "a reader is shown"
out_like '2026-03-01T12:00:00Z  added by command.*asked at the quay' "with how they came"
out_like '2026-03-05T06:30:00Z  held by command: until 2026-03-12T00:00:00Z' "their hold"
out_like '2026-03-12T07:00:00Z  resumed by run: the hold ended' "and its end"
at 2026-03-21T12:00:00Z sub show changes@x.example
out_like '^rhythm +weekly Friday 09:00$' "with their rhythm"
out_like '^next +2026-03-27T09:00:00Z$' "and when the next letter comes"
out_like 'changed by command: weekly Friday 09:00, html, all' "and what they changed"
at 2026-03-21T12:00:00Z sub show only@x.example
out_like '^sources +only b$' "and the sources they chose"
at 2026-03-21T12:00:00Z sub stats
exits 0 "readers are counted"
out_like '^active	14$' "fourteen read"
out_like '^removed	1$' "one was removed"
out_like '^erased	1$' "one is erased"
out_like '^weekly	3$' "three weekly"
out_like '^weekdays	1$' "one on weekdays"
out_like '^each	8$' "eight get each issue"
at 2026-03-21T12:00:00Z sub add new@x.example --confirmed-by form
at 2026-03-21T12:01:00Z sub list --since 7d
is "$(cut -f 1 "$W/out")" new@x.example "who came in the last week is listed"
at 2026-03-21T12:01:00Z sub list --since 2026-03-01 --state removed
is "$(cut -f 1 "$W/out")" late@x.example "and who is removed"
at 2026-03-21T12:01:00Z sub list
like "$(cat "$W/out")" '^tokyo@x.example	active	daily 18:30 Asia/Tokyo	html	' \
	"a list has the rhythms"

# ---- a list that goes out comes in again ----
at 2026-03-21T12:02:00Z sub export
cp "$W/out" "$W/list.csv"
like "$(head -n 1 "$W/list.csv")" \
	'^email,state,rhythm,day,hour,zone,format,length,language,pictures,sources,confirmed,confirmed_by$' \
	"an export has all wishes"
like "$(cat "$W/list.csv")" '^monday@x.example,active,weekly,Monday,,,html,,,,all,' \
	"each in its column"
like "$(cat "$W/list.csv")" '^butnot@x.example,active,each,,,,html,,,,all but a,' \
	"the sources by their keys"
run pp -c c.conf -d other --now 2026-03-21T12:02:00Z fetch
run pp -c c.conf -d other --now 2026-03-21T12:02:00Z sub import list.csv
exits 0 "it is taken by another database"
run pp -c c.conf -d other --now 2026-03-21T12:03:00Z sub export
cut -d , -f 1-9,11 "$W/out" >"$W/other.csv"
cut -d , -f 1-9,11 "$W/list.csv" >"$W/this.csv"
same "$W/other.csv" "$W/this.csv" "and says the same there"
printf 'email,frequency,body\nold@x.example,weekly,title\n' >"$W/old.csv"
run pp -c c.conf -d other --now 2026-03-21T12:04:00Z sub import old.csv --confirmed-by list
run pp -c c.conf -d other --now 2026-03-21T12:05:00Z sub show old@x.example
out_like '^rhythm +weekly$' "a column frequency is a rhythm"

# ---- too late ----
at 2026-04-02T06:30:01Z sub undo late@x.example
ok "after thirty days nothing is taken back" test $status != 0
err_like 'more than 30 days ago' "... and that is said"

# ---- a letter of one's own beside a list ----
python3 "$W/feeds.py" 22 "$W"
ls "$W/outbox" >"$W/before"
at 2026-03-22T06:00:00Z run --to me@elsewhere.example
exits 0 "a letter to an address that is no reader's"
is "$(ls "$W/outbox" | diff "$W/before" - | grep -c '^>')" 1 "is one letter"
like "$(grep -h '^To: ' "$W"/outbox/notice-*.eml)" 'me@elsewhere.example' "to that address"
like "$(cat "$W"/outbox/notice-*.eml)" 'Post a22' "with what would be the next issue"
at 2026-03-22T06:01:00Z issue list
unlike "$(cat "$W/out")" '2026-03-22' "no issue is made for it"
at 2026-03-22T07:00:00Z run
like "$(of each)" '22: a22 b22$' "and the issue has it all the same"
at 2026-03-22T07:01:00Z sub show me@elsewhere.example
ok "it is no reader" test $status != 0

# ---- a letter that is still deferred when the next is due ----
mkdir -p "$W/smtp/box"
cat >"$W/smtp/c.conf" <<C
[newsletter]
name = Planet Quay
timezone = UTC
from = Planet Quay <planet@quay.example>
[fetch]
allow_files = yes
every = 5m
[digest]
schedule = off
max_per_feed = 50
[feed a]
url = file://$W/smtp/a.xml
[transport]
method = smtp
[smtp]
host = 127.0.0.1
security = none
retry = 2h
C
python3 tests/servers/smtpd.py "$W/smtp/box" greylist >"$W/smtp/port" &
kill_later $!
wait_for 10 test -s "$W/smtp/port"
sed -i "s/^host = .*/&\\nport = $(head -n 1 "$W/smtp/port")/" "$W/smtp/c.conf"
late() {
	when=$1
	shift
	run pp -c smtp/c.conf -d smtp/state --now "$when" "$@"
}
python3 "$W/feeds.py" 3 "$W/smtp"
late 2026-03-03T06:00:00Z sub add gray@x.example ann@x.example --confirmed-by form
late 2026-03-03T07:00:00Z run
exits 3 "one letter is deferred"
python3 "$W/feeds.py" 4 "$W/smtp"
late 2026-03-03T07:30:00Z run
is "$(grep -c '^accepted' "$W/smtp/box/log")" 1 "before its time it is not tried again"
late 2026-03-04T05:30:00Z run
exits 0 "the next issue is due"
got() { python3 "$W/letters.py" "$1@x.example" "$W/smtp/box/*.eml"; }
is "$(got ann)" "?: a02 a03 | ?: a04" "who got the first gets the second"
is "$(got gray)" "?: a02 a03 a04" "who did not gets one letter of both"
late 2026-03-04T08:00:00Z run
is "$(grep -c '^accepted' "$W/smtp/box/log")" 3 "and none comes later"
finish

#!/bin/sh
# SPDX-License-Identifier: ISC
# Hostile text in titles, authors, categories, links, source names and bodies comes out as
# inert text: in what `parse` prints, in the preview and in the letter.
. tests/cli/lib.sh
need python3

judge() { python3 "$TOP/tests/cli/hostile.py" judge "$@"; }
printf '<p onclick="x()">a</p><script>b</script><a href="javascript:c">d</a>' >"$W/bad.html"
nok "the judge sees what acts" judge "$W/bad.html"

python3 tests/cli/hostile.py feed "$W/feed.atom"
cat >"$W/c.conf" <<'C'
[newsletter]
name = Quay <script>alert("name")</script>
description = "><img src=x onerror=alert(1)>
timezone = UTC
from = Planet Quay <planet@quay.example>
postal_address = </table><script>alert(1)</script>
[fetch]
allow_files = yes
[digest]
schedule = off
max_per_feed = 100
max_items = 100
max_bytes = 900k
[feed hostile]
url = file:feed.atom
name = A "source" <b onmouseover=alert(1)>with</b> {{leave}}
group = <script>alert("group")</script>
C
run pp parse feed.atom
exits 0 "a hostile feed is read"
python3 - "$W/out" "$W/parsed.html" <<'P'
import json, sys
d = json.load(open(sys.argv[1], encoding="utf-8"))
# A reader of JSON Feed shows content_html as HTML, and the rest as text.
with open(sys.argv[2], "w", encoding="utf-8") as f:
    for item in d["items"]:
        f.write(item.get("content_html", "") + "\n")
        for key in ("url", "external_url", "image"):
            if item.get(key):
                f.write('<a href="%s">x</a>' % item[key].replace('"', "&quot;"))
        for a in item.get("authors", []):
            if a.get("url"):
                f.write('<a href="%s">x</a>' % a["url"].replace('"', "&quot;"))
P
ok "all its entries are there" test "$(grep -c 'before' "$W/parsed.html")" -ge 35
ok "what parse prints is inert" judge "$W/parsed.html"

at() {
	when=$1
	shift
	run pp -c c.conf -d state --now "$when" "$@"
}
at 2026-03-02T08:00:00Z sub add ann@reader.example --confirmed-by "said so"
at 2026-03-02T08:00:30Z fetch
at 2026-03-02T08:01:00Z preview -o preview.html
exits 0 "the preview is built"
ok "and inert" judge "$W/preview.html"
at 2026-03-02T08:02:00Z run
exits 0 "the letter is written"
cp "$W"/outbox/*.eml "$W/letter.eml"
ok "and inert" judge "$W/letter.eml"
ok "and sound" python3 tests/cli/letters.py check "$W/letter.eml"
like "$(python3 tests/cli/letters.py text "$W/letter.eml")" 'T0[0-9]' "the titles are in it"
unlike "$(python3 tests/cli/letters.py text "$W/letter.eml")" "$(printf '\033')" \
	"its text holds no escape"
at 2026-03-02T08:03:00Z export mbox -o archive.mbox
is "$(grep -c '^From ' "$W/archive.mbox")" 1 "the archive holds one letter, whatever its text says"
is "$(grep -ci '^bcc:' "$W/archive.mbox")" 0 "and no header of a stranger"

# Feeds whose own names are hostile, in RSS.
mkdir "$W/many" "$W/many/feeds"
{
	sed -n '/^\[newsletter\]/,/^\[feed /p' "$W/c.conf" | sed '$d' | sed 's/^max_per_feed.*//'
	(cd "$W/many" && python3 "$TOP/tests/cli/hostile.py" feeds feeds)
} >"$W/many/c.conf"
count=$(grep -c '^url' "$W/many/c.conf")
many() {
	when=$1
	shift
	run pp -c many/c.conf -d many/state --now "$when" "$@"
}
for file in "$W"/many/feeds/*.rss; do
	(cd "$W" && pp parse "$file") || echo "null"
done >"$W/many/parsed"
ok "every one of $count such feeds is read" python3 - "$W/many/parsed" "$count" <<'P'
import json, sys
text, at, feeds = open(sys.argv[1], encoding="utf-8").read(), 0, []
while text[at:].strip():
    feed, at = json.JSONDecoder().raw_decode(text, at)
    at += len(text[at:]) - len(text[at:].lstrip())
    feeds.append(feed)
assert len(feeds) == int(sys.argv[2]) and all(f and len(f["items"]) == 1 for f in feeds)
for f in feeds:
    lines = [f["title"], f["items"][0]["title"]] + f["items"][0].get("tags", [])
    lines += [a.get("name", "") for a in f["items"][0].get("authors", [])]
    # One line each, without anything a terminal acts on or that turns text around.
    assert all(c >= " " and c not in "\x7f\u2028\u2029\u202e" for s in lines for c in s), lines
P
many 2026-03-02T08:00:00Z sub add ann@reader.example --confirmed-by "said so"
many 2026-03-02T08:00:30Z fetch
many 2026-03-02T08:02:00Z run
exits 0 "a letter is made of them"
cp "$W"/many/outbox/*.eml "$W/many/letter.eml"
ok "it is inert" judge "$W/many/letter.eml"
ok "and sound" python3 tests/cli/letters.py check "$W/many/letter.eml"
python3 tests/cli/letters.py text "$W/many/letter.eml" >"$W/many/text"
is "$(grep -o 'S000[0-9][0-9]' "$W/many/text" | sort -u | wc -l)" "$count" "every name is in it"
finish

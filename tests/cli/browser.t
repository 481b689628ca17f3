#!/bin/sh
# SPDX-License-Identifier: ISC
# What a real browser makes of letters and of cleaned posts: nothing runs, nothing can act, and
# a letter fits the window of a telephone, whatever words strangers put into it.
. tests/cli/lib.sh
need python3 chromium

browse() { (cd "$W" && python3 "$TOP/tests/cli/browser.py" "$@"); }
cat >"$W/bad.html" <<'H'
<!DOCTYPE html><p>a</p><img src=x onerror=alert(1)><a href="java&#9;script:alert(2)">b</a>
H
printf '<!DOCTYPE html><p style="width:900px">a</p>\n' >"$W/wide.html"
printf '<!DOCTYPE html><p>a</p>\n' >"$W/good.html"
run browse 375 bad.html
exits 1 "the judge sees"
out_like 'ran 1 times.*attribute onerror.*href javascript' "what ran, and what would at a click"
run browse 375 wide.html
exits 1 "and what is too wide"
run browse 375 good.html
exits 0 "and says nothing of what is neither"

python3 tests/cli/hostile.py feed "$W/feed.atom"
mkdir "$W/feeds"
{
	cat <<'C'
[newsletter]
name = Quay <img src=x onerror=alert(1)>
timezone = UTC
from = Planet Quay <planet@quay.example>
postal_address = 1 Harbour Street <script>alert(1)</script>
[fetch]
allow_files = yes
[digest]
schedule = off
max_per_feed = 100
max_items = 200
max_bytes = 900k
[feed all]
url = file:feed.atom
C
	(cd "$W" && python3 "$TOP/tests/cli/hostile.py" feeds feeds)
} >"$W/c.conf"
run pp parse feed.atom
exits 0 "a feed of hostile texts is read"
python3 - "$W/out" "$W/parsed.html" <<'P'
import json, sys
with open(sys.argv[2], "w", encoding="utf-8") as f:
    f.write("<!DOCTYPE html><meta charset=utf-8><table>")
    for item in json.load(open(sys.argv[1], encoding="utf-8"))["items"]:
        f.write("<tr><td>%s</td></tr>\n" % item["content_html"])
P
# Bare posts are as wide as they are: only letters have a style.
run browse 100000 parsed.html
exits 0 "its posts, each in the cell of a table, are inert"
at() {
	when=$1
	shift
	run pp -c c.conf -d state --now "$when" "$@"
}
at 2026-03-02T08:00:00Z sub add ann@reader.example --confirmed-by "said so"
at 2026-03-02T08:01:00Z preview -o preview.html
at 2026-03-02T08:02:00Z run
exits 0 "letters are made of hostile posts, and of feeds with hostile names"
cp "$W"/outbox/*.eml "$W/letter.eml"
run browse 375 letter.eml preview.html
exits 0 "letter and preview are inert, and as wide as a telephone"

run pp demo demo
for width in 320 375 800; do
	run browse $width demo/preview.html $(cd "$W" && grep -l text/html demo/*.eml)
	exits 0 "the letters of the demo fit a window of $width pixels"
done
finish

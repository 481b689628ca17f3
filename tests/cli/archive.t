#!/bin/sh
# SPDX-License-Identifier: ISC
# The archive for everybody: how much of a post it shows, whether it is listed, as a mailbox, as
# files without any program behind them; and the keeper's own terms and style.
. tests/cli/lib.sh
need curl python3 gzip

cat >"$W/feed.xml" <<'F'
<rss version="2.0"><channel><title>Quay</title><link>https://quay.example/</link>
<item><title>First boat</title><link>https://quay.example/1</link>
<pubDate>Wed, 14 Jan 2026 06:00:00 GMT</pubDate>
<description>The beginning of it.</description>
<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/"><![CDATA[<p>The beginning of it.</p>
<p>Long words that a summary leaves out, sentence by sentence, since they are the body of the post.</p>
<p>More long words that a summary leaves out, paragraph by paragraph, as long as this one is.</p>
<p>UNSHORTENED ending.</p>]]></content:encoded></item></channel></rss>
F
conf() { # lines of [web] on standard input
	cat >"$W/c.conf" <<C
[newsletter]
name = Planet Quay
from = Planet Quay <planet@quay.example>
timezone = UTC
[fetch]
allow_files = yes
[digest]
schedule = daily 07:00
body = whole
short_bytes = 200
[feed quay]
url = file:$W/feed.xml
[web]
url = https://news.quay.example/p
listen = unix:$W/web.sock
answers = elsewhere
C
	cat >>"$W/c.conf"
}
at() {
	when=$1
	shift
	run pp -c c.conf -d state --now "$when" "$@"
}
serve() { # TIME
	[ -z "${server:-}" ] || { kill "$server" && wait "$server" 2>/dev/null; }
	(cd "$W" && exec env HOME="$W/home" "$PLANETPOST" -c c.conf -d state --now "$1" serve) \
		>>"$W/serve.out" 2>>"$W/serve.err" </dev/null &
	server=$!
	kill_later $server
	wait_for 20 test -S "$W/web.sock" || fail "the pages are served" "$(cat "$W/serve.err")"
}
page() { # PATH: $W/page, $W/fields, $code
	code=$(curl -s -m 20 --unix-socket "$W/web.sock" -o "$W/page" -D "$W/fields" \
		-w '%{http_code}' "http://x$1")
}
dump() { python3 - "$W/state/planetpost.db" <<'P'
import sqlite3, sys
print("\n".join(sqlite3.connect(sys.argv[1]).iterdump()))
P
}
echo 'body { background: papayawhip }' >"$W/own.css"
conf <<C
terms = https://quay.example/terms?a=1&b=2
css = own.css
archive_dir = site
C
at 2026-01-14T08:00:00Z config check
out_like "note +who opens a letter in the browser sees less" \
	"config check says that the page shows less than the letter"
at 2026-01-14T08:00:00Z sub add ann@reader.example --confirmed-by "said so"
at 2026-01-15T08:00:00Z run
exits 0 "a letter is written"
err_empty "and nothing is amiss"
like "$(cat "$W"/outbox/*.eml)" "UNSHORTENED" "it has the whole post"
serve 2026-01-15T09:00:00Z

# ---- how much, and for whom ----
dump >"$W/before"
page /i/2026-01-15
is "$code" 200 "the issue is in the browser"
like "$(cat "$W/page")" "The beginning" "with the beginning of the post"
unlike "$(cat "$W/page")" "UNSHORTENED" "which is its authors', so that not all of it is shown"
unlike "$(cat "$W/fields")" "X-Robots-Tag" "search engines may list it"
page /archive/2026-01.mbox.gz
is "$code" 200 "a month is a mailbox"
like "$(cat "$W/fields")" 'attachment; filename="2026-01.mbox.gz"' \
	"a file to be saved"
ok "packed by gzip" sh -c "gzip -dc '$W/page' >'$W/month.mbox'"
like "$(head -n 1 "$W/month.mbox")" "^From planet@quay.example " "in mbox form"
ok "each issue a letter of nobody's" python3 -c "
import mailbox, email
box = mailbox.mbox('$W/month.mbox')
assert len(box) == 1
text = ''.join(p.get_payload(decode=True).decode() for p in box[0].walk() if not p.is_multipart())
assert 'The beginning' in text and 'UNSHORTENED' not in text, text
assert 'ann@' not in str(box[0]) and '/u/' not in text and '/p/p/' not in text"
cp "$W/page" "$W/first.gz"
page /archive/2026-01.mbox.gz
same "$W/page" "$W/first.gz" "the same bytes each time"
for path in /archive/2026-02.mbox.gz /archive/2026-13.mbox.gz /archive/x.mbox.gz /archive/2026-01.mbox; do
	page $path
	is "$code" 404 "there is no $path"
done
page /archive/
like "$(cat "$W/page")" 'href="/p/archive/2026-01.mbox.gz"' "the archive leads there"
like "$(cat "$W/page")" 'href="https://quay.example/terms\?a=1&amp;b=2">Terms' "and to the keeper's terms"
page /style.css
like "$(cat "$W/page")" "papayawhip" "the keeper's style comes behind ours"
like "$(cat "$W/page")" "color-scheme" "which is there too"
dump >"$W/after"
same "$W/after" "$W/before" "looking wrote nothing"
like "$(pp -c c.conf -d state export mbox -)" "UNSHORTENED" "the keeper's own export has the whole of it"

# ---- as files ----
for file in archive/index.html archive/2026/01/index.html archive/2026-01.mbox.gz archive/atom.xml \
	i/2026-01-15/index.html style.css; do
	ok "site/$file is a file" test -s "$W/site/$file"
done
same "$W/site/archive/2026-01.mbox.gz" "$W/first.gz" "with the same bytes as the page"
page /archive/2026/01/
same "$W/site/archive/2026/01/index.html" "$W/page" "as is a page"
is "$(stat -c %a "$W/site/i/2026-01-15/index.html")" 644 "which others may read"
is "$(find "$W/site" -name '*.new*' -o -name '.*' -type f | wc -l)" 0 "nothing else lies there"

# ---- other settings ----
conf <<C
archive_full = whole
robots = noindex
C
at 2026-01-15T09:00:00Z config check
unlike "$(cat "$W/out")" "less of its posts" "where both show the same config check says nothing of it"
serve 2026-01-15T09:00:00Z
page /i/2026-01-15
like "$(cat "$W/page")" "UNSHORTENED" "web.archive_full = whole shows the letter as it was"
like "$(cat "$W/fields")" "X-Robots-Tag: noindex" "web.robots = noindex keeps search engines away"
page /archive/2026/01/
like "$(cat "$W/page")" 'name="robots" content="noindex"' "from the archive too"
conf <<C
archive_full = title
archive = unlisted
C
serve 2026-01-15T09:00:00Z
at 2026-01-15T10:00:00Z run
page /i/2026-01-15
like "$(cat "$W/page")" "First boat" "web.archive_full = title shows titles, of old issues after the next run"
unlike "$(cat "$W/page")" "The beginning" "and no more"
conf <<C
archive = off
archive_dir = site2
C
serve 2026-01-15T09:00:00Z
page /archive/2026-01.mbox.gz
is "$code" 404 "without an archive there is no mailbox"
at 2026-01-15T11:00:00Z run
nok "nor files" test -e "$W/site2"

# ---- what is wrong ----
conf <<C
terms = ftp://quay.example/
C
at 2026-01-15T12:00:00Z config check
exits 6 "terms are a web page"
conf <<C
css = nowhere.css
C
at 2026-01-15T12:00:00Z serve
exits 6 "a style sheet that is not there is told"
err_like "web.css.*nowhere.css" "with its name"
conf <<C
archive_dir = c.conf/site
C
at 2026-01-16T08:00:00Z run
exits 0 "an archive that cannot be written holds up no letter"
err_like "web.archive_dir" "and is told"
finish

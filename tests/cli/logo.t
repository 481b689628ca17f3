#!/bin/sh
# SPDX-License-Identifier: ISC
# A logo stands in the place of the newsletter's name: letters carry it, pages have it, and what
# was sent can be made again whatever becomes of its file.
. tests/cli/lib.sh
need python3

python3 - "$W" <<'P'
import sys
sys.path.insert(0, "tests/cli")
import pictures
w = sys.argv[1]
for name, data in [("logo.png", pictures.png(900, 150)), ("other.png", pictures.png(20, 90)),
                   ("logo.gif", pictures.GIF), ("plan.svg", pictures.SVG),
                   ("torn.png", pictures.png(300, 200)[:-9]), ("large.png", pictures.noise(200, 200))]:
    open("%s/%s" % (w, name), "wb").write(data)
P
cp config/demo/atom.xml "$W/feed.xml"
conf() { # STYLE-LINE...
	cat <<C
[newsletter]
name = Planet "Quay" & Co
from = Planet Quay <planet@quay.example>
link = https://quay.example/
[fetch]
allow_files = yes
[web]
url = https://news.quay.example/p
answers = elsewhere
archive_full = whole
archive_dir = public
[digest]
schedule = off
window = 30d
[feed quay]
url = file:feed.xml
[style]
C
	printf '%s\n' "$@"
}
at() {
	when=$1
	shift
	run pp -c c.conf -d state --now "$when" "$@"
}
refused() { # FILE WHY TITLE
	conf "logo = $1" >"$W/c.conf"
	at 2026-01-15T08:00:00Z config check
	exits 6 "$3"
	err_like "$2" "with the reason"
}
refused none.png 'style.logo: .*none.png.*No such file' "a logo that is not there is an error of the settings"
refused plan.svg 'plan.svg is no PNG, JPEG or GIF' "so is a drawing, which is a program"
refused torn.png 'torn.png is no PNG, JPEG or GIF' "and half a picture"
refused large.png 'large.png: larger than 65536 bytes' "and one that every letter would be heavy with"

conf "logo = logo.png" >"$W/c.conf"
at 2026-01-15T08:00:00Z config check
exits 0 "a picture is taken"
for who in ann "di --pictures none" "flo --format text" "ti --length titles"; do
	# shellcheck disable=SC2086
	set -- $who
	name=$1
	shift
	at 2026-01-15T07:00:00Z sub add "$name@x.example" "$@" --confirmed-by said-so
done
at 2026-01-15T08:00:00Z preview --text
unlike "$(cat "$W/out")" 'cid:|logo' "a preview as text has its name"
at 2026-01-15T08:00:00Z preview -o page.html
like "$(cat "$W/page.html")" '<h1><a href="https://quay.example/"><img src="data:image/png;base64,' \
	"one for a browser has it inside"
at 2026-01-15T08:00:00Z run
exits 0 "letters go"
letter() {
	grep -l "^To: $1@x.example" "$W"/outbox/*.eml
}
parts() { # NAME
	mkdir -p "$W/$1"
	python3 tests/cli/pictures.py parts "$(letter "$1")" "$W/$1" >"$W/$1/parts"
}
parts ann
is "$(sed 's/ <[a-z2-7]*\./ <./; s/ *$//' "$W/ann/parts" | sed -n 1,5p)" \
'multipart/alternative
text/plain
multipart/related
text/html
image/png <.logo@quay.example> logo.png' "it stands beside the HTML that shows it"
like "$(cat "$W/ann/t.html")" \
	'<h1><a[^>]*><img src="[^"]*" width="300" height="50" alt="Planet &quot;Quay&quot; &amp; Co"' \
	"as large as a letter has room, and its name for who does not see it"
parts ti
like "$(cat "$W/ti/parts")" 'logo.png' "a letter of titles has it"
parts di
nok "who wants no pictures has none" grep -q '^image/' "$W/di/parts"
like "$(cat "$W/di/t.html")" '<h1><a[^>]*>Planet &quot;Quay&quot; &amp; Co</a></h1>' "but the name"
parts flo
is "$(head -n 1 "$W/flo/parts")" "text/plain  " "a letter of text has text"

# ---- pages ----
cgi() { # PATH FILE
	(cd "$W" && REQUEST_METHOD=GET PATH_INFO=$1 GATEWAY_INTERFACE=CGI/1.1 \
		"$PLANETPOST" -c c.conf -d state --now 2026-01-15T09:00:00Z serve --cgi </dev/null 2>/dev/null) >"$W/$2"
}
cgi / page
like "$(cat "$W/page")" \
	'<img src="/p/logo.png" width="180" height="30" alt="Planet &quot;Quay&quot; &amp; Co">' "pages have it"
like "$(cat "$W/page")" "Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'" \
	"and their policy lets in nothing else"
cgi /logo.png page
like "$(head -n 12 "$W/page" | tr -d '\000')" 'Content-Type: image/png' "at a path of its own, by what it is"
python3 - "$W/page" >"$W/logo.got" <<'P'
import sys
sys.stdout.buffer.write(open(sys.argv[1], "rb").read().split(b"\r\n\r\n", 1)[1])
P
same "$W/logo.got" "$W/logo.png" "byte for byte"
for path in /logo.gif /logo.jpg /logo /logo.png/x; do
	cgi $path page
	like "$(head -n 1 "$W/page")" '^Status: 404' "there is nothing at $path"
done
cgi /i/2026-01-15 page
like "$(cat "$W/page")" '<img src="/p/logo.png" width="300" height="50"' \
	"a letter in the browser shows that of the pages"
like "$(cat "$W/page")" "style-src 'unsafe-inline'; img-src 'self'; base-uri" "and nothing of others"
same "$W/public/logo.png" "$W/logo.png" "the archive's files have it"
like "$(cat "$W/public/i/2026-01-15/index.html")" 'src="/p/logo.png"' "where its letters look for it"

# ---- whatever becomes of the file ----
cp "$(letter ann)" "$W/ann.eml"
again() { # TITLE
	at 2026-01-15T09:00:00Z issue show 2026-01-15 --as ann@x.example --eml
	cp "$W/out" "$W/ann.again"
	same "$W/ann.again" "$W/ann.eml" "$1"
}
again "the letter can be made again, byte for byte"
conf "logo = other.png" >"$W/c.conf"
again "with another logo"
at 2026-01-15T09:00:00Z verify ann.eml
exits 0 "and is known"
cgi /i/2026-01-15 page
like "$(cat "$W/page")" '<h1><a[^>]*>Planet &quot;Quay&quot; &amp; Co</a></h1>' \
	"on a page, which has the other one, the name stands"
unlike "$(cat "$W/page")" 'cid:|<img|img-src|\[picture' "and no picture"
rm "$W/other.png"
again "without any"
err_empty "and without a word"
cgi / page
like "$(cat "$W/page")" '<b>Planet &quot;Quay&quot; &amp; Co</b>' "pages do without"
at 2026-01-15T09:00:00Z preview --text
at 2026-01-15T09:00:00Z export mbox -o all.mbox
is "$(grep -c '^Content-ID: ' "$W/all.mbox")" 1 "the keeper's export has it"
at 2026-06-10T09:00:00Z gc
at 2026-06-10T09:00:00Z export mbox -o all.mbox
is "$(grep -c '^Content-ID: ' "$W/all.mbox")" 0 "as long as letters are kept"
nok "then the name" grep -q '\[picture' "$W/all.mbox"

# ---- one issue, letters of several runs ----
# Letters are made as they are needed: those that are made later have what the first had.
rm -rf "$W/state" "$W/outbox" "$W/public"
python3 - "$W" <<'P'
import sys
sys.path.insert(0, "tests/cli")
import pictures
open(sys.argv[1] + "/other.png", "wb").write(pictures.png(20, 90))
P
conf "logo = logo.png" "colour = #8a1c1c" >"$W/c.conf"
at 2026-01-15T07:00:00Z sub add ann@x.example --confirmed-by said-so
at 2026-01-15T07:00:00Z sub add ti@x.example --length titles --rhythm daily --hour 10:00 --confirmed-by said-so
at 2026-01-15T07:00:00Z sub add wu@x.example --length whole --rhythm daily --hour 12:00 --confirmed-by said-so
at 2026-01-15T08:00:00Z run
exits 0 "the first letter goes"
looks() { # NAME: the logo, and what else the settings give a letter
	parts "$1"
	grep -o '<h1>.*</h1>\|#8a1c1c' "$W/$1/t.html" | sort -u
	grep '^image/' "$W/$1/parts"
}
looks ann >"$W/first"
is "$(wc -l <"$W/first" | tr -d ' ')" 3 "with its logo and colour"
conf "logo = other.png" "colour = #0b6b2e" | sed 's/^name = .*/name = Another Name/' >"$W/c.conf"
at 2026-01-15T10:00:00Z run
exits 0 "another letter of that issue goes after all is changed"
looks ti >"$W/second"
same "$W/second" "$W/first" "it has the logo, name and colour of the first"
conf >"$W/c.conf"
at 2026-01-15T12:00:00Z run
exits 0 "a third goes when none is set any more"
looks wu >"$W/third"
same "$W/third" "$W/first" "it has them, too"
at 2026-01-15T13:00:00Z export mbox -o all.mbox
is "$(grep -c '^Content-ID: ' "$W/all.mbox")" 1 "as has the archive's copy"

# ---- a run whose logo is gone ----
conf "logo = other.png" >"$W/c.conf"
rm "$W/other.png"
rm -rf "$W/state" "$W/outbox"
at 2026-01-15T07:00:00Z sub add ann@x.example --confirmed-by said-so
at 2026-01-15T08:00:00Z run
exits 0 "readers do not wait for a picture"
err_like "letters go without the logo: style.logo: .*other.png" "the keeper is told"
parts ann
nok "their letter goes without" grep -q '^image/' "$W/ann/parts"
like "$(cat "$W/ann/t.html")" '<h1><a[^>]*>Planet &quot;Quay&quot; &amp; Co</a></h1>' "and with its name"
finish

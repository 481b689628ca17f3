#!/bin/sh
# SPDX-License-Identifier: ISC
# config check tries every template a keeper may have changed: letters, notices and pages, all
# their branches, so that no reader is the first to meet a mistake.
. tests/cli/lib.sh
need python3

mkdir "$W/own"
cat >"$W/c.conf" <<C
[newsletter]
name = Planet Quay
from = Planet Quay <planet@quay.example>
timezone = UTC
[digest]
template = own
[web]
url = https://news.quay.example
answers = elsewhere
[feed a]
url = https://quay.example/feed
C
run pp -c c.conf -d state config check
exits 0 "the built-in templates are good"
tried() { # FILE: a name that is none at its end
	{ cat "$TOP/templates/en/$1" && echo '{{no_such_name}}'; } >"$W/own/$1"
	run pp -c c.conf -d state config check
	if [ "$status" = 6 ] && grep -q "$1 line [0-9]*: .*no_such_name" "$W/err"; then
		tried=$((tried + 1))
	else
		fail "a mistake in $1 is told with file and line" "$(cat "$W/err")"
	fi
	rm "$W/own/$1"
}
tried=0
all=0
for file in templates/en/page-*.html templates/en/notice-*.txt templates/en/notice.html \
	templates/en/archive-atom.html templates/en/sources-opml.html; do
	all=$((all + 1))
	tried "${file##*/}"
done
is "$tried" "$all" "a mistake in any page or notice is told with file and line"

# Inside branches, which are written for some readers alone.
branch() { # FILE TAG: the name stands behind the first such tag
	python3 - "$TOP/templates/en/$1" "$W/own/$1" "$2" <<'P'
import sys
old, new, tag = sys.argv[1:]
text = open(old).read()
at = text.index(tag) + len(tag)
open(new, "w").write(text[:at] + "{{no_such_name}}" + text[at:])
P
	run pp -c c.conf -d state config check
	exits 6 "in $1 a mistake behind $2 is told"
	rm "$W/own/$1"
}
branch page-preferences.html '{{#is_held}}'
branch page-preferences.html '{{#many}}'
branch page-preferences.html '{{#new_problem}}'
branch page-left.html '{{#thanks}}'
branch page-archive.html '{{#is_empty}}'
branch page-address.html '{{#taken}}'
branch page-data.html '{{#evidence}}'
branch page-confirm.html '{{#is_back}}'
branch notice-confirm.txt '{{#refuse_mail}}'
branch notice-known.txt '{{#on_hold}}'
echo '{{#name}}' >"$W/own/page-busy.html"
run pp -c c.conf -d state config check
exits 6 "a section that is not closed is told"
err_like "page-busy.html line 1" "with file and line"
rm "$W/own/page-busy.html"

# The keeper's colours.
colours() { # LINE...
	{ sed '/^\[style\]/,$d' "$W/c.conf" && printf '%s\n' '[style]' "$@"; } >"$W/style.conf"
	run pp -c style.conf -d state config check
}
colours 'colour = #7A1f5c'
exits 0 "a colour that can be read is taken"
colours 'colour = #fc0'
exits 6 "one that cannot be read on white is refused"
err_like "4.5" "with what is asked of it"
colours 'colour = red;}a{background:url(https://x.example/)'
exits 6 "and what is no colour"
colours 'colour_dark = #7a1f5c'
exits 6 "and one too dark for dark mode"
colours 'colour = #7A1f5c'
cp "$TOP/config/demo/atom.xml" "$W/feed.xml"
printf '[fetch]\nallow_files = yes\n' >>"$W/style.conf"
run pp -c style.conf -d none preview -o letter.html feed.xml
exits 0 "a letter in that colour"
ok "its links have it" grep -q 'a{color:#7a1f5c}' "$W/letter.html"
ok "and a lighter one by night" grep -qE '^a(,[^{]*)?[{]color:#c49db7[}]' "$W/letter.html"

# Without pages their templates matter to nobody.
echo '{{no_such_name}}' >"$W/own/page-leave.html"
sed -i '/^url = https:..news/d' "$W/c.conf"
run pp -c c.conf -d state config check
exits 0 "without web.url pages are not tried"
nok "nothing was made" test -e "$W/state"
finish

#!/bin/sh
# SPDX-License-Identifier: ISC
# The demo: the whole job on six sample feeds, with a fixed clock.  Its bytes are the same
# everywhere, so they are the golden test.  GOLDEN=write renews them: look at the difference.
. tests/cli/lib.sh
need python3

golden=$TOP/tests/fixtures/demo
run pp demo one
exits 0 "the demo works"
out_like '6 ' "it says how many feeds"
out_like '14 entries' "and entries"
out_like 'preview\.html' "what to open"
out_like 'planetpost init' "and what to try next"
run pp demo two
exits 0 "it works again"
(cd "$W/one" && find . -type f | LC_ALL=C sort) >"$W/list"
is "$(cd "$W/two" && find . -type f | LC_ALL=C sort)" "$(cat "$W/list")" "with the same files"
while read -r file; do
	same "$W/two/$file" "$W/one/$file" "and the same bytes in $file"
done <"$W/list"

letter=$(ls "$W"/one/outbox/*.eml "$W"/one/*.eml 2>/dev/null | head -n 1)
ok "there is a letter" test -n "$letter"
# shellcheck disable=SC2046 # one word each
ok "every letter is sound" python3 tests/cli/letters.py check $(grep -l '^Content-Type: multipart' \
	"$W"/one/outbox/*.eml "$W"/one/*.eml 2>/dev/null)
run python3 tests/cli/letters.py mbox "$W/one/outbox.mbox"
exits 0 "the mailbox is sound"
out_like '^[1-9]' "and holds letters"
ok "the preview is HTML" grep -qi '^<!doctype html' "$W/one/preview.html"
is "$(grep -c 'chanel' "$W/one/preview.html")" 0 "nothing of the damage shows"

# Nothing of the machine or of today gets in.
is "$(grep -rlE "$(hostname)|$(date +%Y-%m-%d)|$W" "$W/one" | head -n 3)" "" \
	"neither the machine's name nor today's date stands in it"

if [ "${GOLDEN:-}" = write ]; then
	rm -rf "$golden"
	mkdir -p "$golden"
	cp -r "$W/one/." "$golden/"
fi
is "$(cd "$golden" && find . -type f | LC_ALL=C sort)" "$(cat "$W/list")" \
	"the golden files are these"
while read -r file; do
	same "$W/one/$file" "$golden/$file" "$file is as it was"
done <"$W/list"
finish

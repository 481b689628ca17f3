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

# Ann's letter has both parts; Bo reads plain text, Cy is on hold.
is "$(cd "$W/one" && echo *.eml)" "2026-01-15-1.eml 2026-01-15-2.eml" \
	"two of the three readers get a letter"
ok "Ann's is sound" python3 tests/cli/letters.py check "$W/one/2026-01-15-1.eml"
like "$(python3 tests/cli/letters.py text "$W/one/2026-01-15-2.eml")" 'Night Ferry' \
	"Bo's is readable"
is "$(python3 tests/cli/letters.py mbox "$W/one/outbox.mbox" | sed -n 1p)" 2 \
	"the mailbox holds both"
ok "the preview is HTML" grep -qi '^<!doctype html' "$W/one/preview.html"
is "$(grep -c 'chanel' "$W/one/preview.html")" 0 "nothing of the damage shows"

# Nothing of the machine or of today gets in.
is "$(grep -rlE "$(hostname)|$(date +%Y-%m-%d)|$W" "$W/one" | head -n 3)" "" \
	"neither the machine's name nor today's date stands in it"

if [ "${GOLDEN:-}" = write ]; then
	mkdir -p "$golden"
	for file in 2026-01-15-1.eml 2026-01-15-2.eml outbox.mbox preview.html; do
		cp "$W/one/$file" "$golden/"
	done
fi
for file in 2026-01-15-1.eml 2026-01-15-2.eml outbox.mbox preview.html; do
	same "$W/one/$file" "$golden/$file" "$file is as it was"
done
for file in config/demo/*; do
	same "$W/one/$(basename "$file")" "$file" "the sample $(basename "$file") lies beside it"
done
finish

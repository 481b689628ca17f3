#!/bin/sh
# SPDX-License-Identifier: ISC
# The house's own judges must refuse what they are there to refuse.
. tests/cli/lib.sh

# ---- tests/layers ----
# judged FILE INCLUDE: a small tree where one file includes one thing.
judged() {
	rm -rf "$W/src"
	mkdir -p "$W/src/base" "$W/src/$(dirname "$1")"
	printf '#include "base/err.h"\n' >"$W/src/base/err.c"
	printf '#include "base/err.h"\n#include %s\n' "$2" >"$W/src/$1"
	(cd "$W" && sh "$TOP/tests/layers" src)
}
nok "base may not include store" judged base/file.c '"store/open.h"'
nok "html may not include feed" judged html/clean.c '"feed/feed.h"'
nok "feed may not include fetch, its neighbour" judged feed/rules_rss.c '"fetch/http.h"'
nok "store may not include flow" judged store/entries.c '"flow/context.h"'
nok "flow may not include cmd" judged flow/gather.c '"cmd/command.h"'
nok "web may not include cmd, its neighbour" judged web/pages.c '"cmd/command.h"'
nok "main may not reach past cmd" judged main.c '"store/open.h"'
nok "curl stays in fetch/curl_pool.c" judged fetch/poll_policy.c '<curl/curl.h>'
nok "libxml2 stays in feed/xml.c" judged feed/opml.c '<libxml/parser.h>'
nok "SQLite stays in store/db.c" judged store/readers.c '<sqlite3.h>'
nok "libetpan stays in its three files" judged mail/letter.c '<libetpan/libetpan.h>'
nok "GnuTLS stays in its two files" judged mail/letter.c '<gnutls/gnutls.h>'
nok "gumbo stays in html/tree.c" judged html/clean.c '<gumbo.h>'
nok "an unknown room is refused" judged extra/thing.c '"base/err.h"'
ok "flow may join store and feed" judged flow/gather.c '"feed/feed.h"'
ok "feed may include html" judged feed/content.c '"html/html.h"'
ok "every room may include the nouns" judged store/entries.c '"model/model.h"'
nok "the nouns may not include HTML" judged model/identity.c '"html/html.h"'
nok "mail may not include transport, which is above it" judged mail/letter.c '"transport/transport.h"'
ok "transport may include mail" judged transport/outbox.c '"mail/letter.h"'
nok "the languages of bytes may not include the nouns" judged format/ini.c '"model/model.h"'
ok "curl is at home in fetch/curl_pool.c" judged fetch/curl_pool.c '<curl/curl.h>'

# ---- tests/lint ----
# refused TITLE FILE TEXT: lint fails for that title, and names the file.
tree() {
	rm -rf "$W/tree"
	mkdir -p "$W/tree/src/base" "$W/tree/tests" "$W/tree/objects/base"
	printf '/* SPDX-License-Identifier: ISC */\n#include "base/a.h"\nint one(void);\n' \
		>"$W/tree/src/base/b.c"
	printf '/* SPDX-License-Identifier: ISC */\n#ifndef A_H\n#define A_H\n#endif\n' \
		>"$W/tree/src/base/a.h"
}
lint() {
	(cd "$W/tree" && sh "$TOP/tests/lint" objects)
}
refused() {
	tree
	mkdir -p "$(dirname "$W/tree/$2")"
	printf '%b' "$3" >"$W/tree/$2"
	case $2 in
	*.c)
		(cd "$W/tree" && cc -w -Isrc -c -o "objects/base/x.o" "$2" 2>/dev/null &&
			[ "$2" = src/base/x.c ] || rm -f objects/base/x.o)
		;;
	esac
	run lint
	like "$(grep -A 3 '^not ok' "$W/out")" "$1" "lint refuses $2: $4"
	like "$(grep -A 3 '^not ok' "$W/out")" "$2" "... and says where"
}
spdx='/* SPDX-License-Identifier: ISC */\n'
tree
run lint
exits 0 "lint is content with a small clean tree"
for call in strcpy strcat sprintf strtok atoi strncpy gets system popen alloca; do
	tree
	printf '%b' "${spdx}void\nf(char *s)\n{\n\t(void)$call(s);\n}\n" >"$W/tree/src/base/x.c"
	run lint
	like "$(cat "$W/out")" 'not ok .* no call that cannot be made safely' "lint refuses $call()"
done
tree
printf '%b' "${spdx}/* never strcpy( here */\nconst char *s = \"system(\";\nint my_system(int);\n" \
	>"$W/tree/src/base/x.c"
run lint
out_like '^ok .* no call that cannot be made safely' \
	"comments, literals and longer names are no calls"
long=$(awk 'BEGIN { for (i = 0; i < 80; i++) printf "\\t;\\n" }')
refused 'longer than 60 lines' src/base/x.c "${spdx}void\nf(void)\n{\n$long}\n" "a long function"
refused 'longer than 800 lines' src/base/x.h \
	"${spdx}$(awk 'BEGIN { for (i = 0; i < 800; i++) printf "/* */\\n" }')" "a long file"
refused 'SPDX' src/base/x.c 'int f(void);\n' "no SPDX line"
refused 'ends in blanks' src/base/x.c "${spdx}int f(void); \n" "a trailing blank"
refused 'wider than 100' src/base/x.c \
	"${spdx}$(awk 'BEGIN { for (i = 0; i < 12; i++) printf "\\t" }')int a;\n" \
	"a wide line"
refused 'compiles by itself' src/base/x.h \
	"${spdx}#ifndef X_H\n#define X_H\nsize_t f(void);\n#endif\n" "a header that leans on others"
refused 'mutable global' src/base/x.c \
	"${spdx}static int counter;\nint\nf(void)\n{\n\treturn ++counter;\n}\n" "a counter in .bss"
refused 'mutable global' src/base/x.c "${spdx}int setting = 3;\n" "a setting in .data"
refused 'mutable global' src/base/x.c \
	"${spdx}int\nf(void)\n{\n\tstatic int n;\n\treturn ++n;\n}\n" "a static inside a function"
tree
cat >"$W/tree/src/base/x.c" <<'C'
/* SPDX-License-Identifier: ISC */
static const char *const words[] = { "a", "b" };
const char *
f(int i)
{
	return words[i];
}
C
(cd "$W/tree" && cc -w -fPIE -c -o objects/base/x.o src/base/x.c)
run lint
exits 0 "a table of constants with pointers is no mutable global"

# ---- tests/tap-count ----
counted() {
	printf '%b' "$1" | sh tests/tap-count
}
is "$(counted '# stream a\n1..3\nok 1\nnot ok 2\nok 3 - x # SKIP why\n')" "1 1 1" \
	"passed, failed and skipped are told apart"
is "$(counted '# stream a\n1..3\nok 1\nok 2\n')" "2 1 0" "a plan that was not kept is a failure"
is "$(counted '# stream a\nok 1\n')" "1 1 0" "a file without a plan is a failure"
is "$(counted '# stream a\n1..0 # SKIP no nginx\n')" "0 0 1" "a skipped file counts once"
is "$(counted '1..1\nok 1\n1..2\nok 1\nok 2\n')" "3 0 0" "two groups in one program add up"

finish

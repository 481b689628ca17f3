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
nok "curl stays in its two files" judged fetch/poll_policy.c '<curl/curl.h>'
nok "libxml2 stays in feed/xml.c" judged feed/opml.c '<libxml/parser.h>'
nok "SQLite stays in store/db.c" judged store/readers.c '<sqlite3.h>'
nok "libetpan stays in mail/message_parts.c" judged mail/letter.c '<libetpan/libetpan.h>'
nok "GnuTLS stays in its two files" judged mail/letter.c '<gnutls/gnutls.h>'
nok "gumbo stays in html/tree.c" judged html/clean.c '<gumbo.h>'
nok "an unknown room is refused" judged extra/thing.c '"base/err.h"'
ok "flow may join store and feed" judged flow/gather.c '"feed/feed.h"'
ok "feed may include html" judged feed/content.c '"html/clean.h"'
ok "every room may include the nouns" judged store/entries.c '"model/model.h"'
nok "the nouns may not include HTML" judged model/identity.c '"html/clean.h"'
nok "mail may not include transport, which is above it" judged mail/letter.c '"transport/transport.h"'
ok "transport may include mail" judged transport/outbox.c '"mail/letter.h"'
nok "the languages of bytes may not include the nouns" judged format/ini.c '"model/model.h"'
ok "curl is at home in fetch/curl_pool.c" judged fetch/curl_pool.c '<curl/curl.h>'

# ---- tests/lint ----
# refused TITLE FILE TEXT: lint fails for that title, and names the file.
tree() {
	rm -rf "$W/tree"
	mkdir -p "$W/tree/src/base" "$W/tree/tests" "$W/tree/objects/base"
	cp "$TOP/.clang-format" "$W/tree/"
	printf '/* SPDX-License-Identifier: ISC */\n#include "base/a.h"\nint one(void);\n' \
		>"$W/tree/src/base/b.c"
	printf '/* SPDX-License-Identifier: ISC */\n#ifndef A_H\n#define A_H\n#endif\n' \
		>"$W/tree/src/base/a.h"
	(cd "$W/tree" && cc -w -Isrc -c -o objects/base/b.o src/base/b.c)
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
echo "f nobody calls it here" >"$W/tree/tests/waiting"
(cd "$W/tree" && cc -w -fPIE -c -o objects/base/x.o src/base/x.c)
run lint
exits 0 "a table of constants with pointers is no mutable global"

refused 'clang-format' src/base/x.c "${spdx}int f( void );\\n" "blanks that clang-format would not set"
refused 'same name' src/feed/b.c "${spdx}int f(void);\\n" "a basename twice"

# ---- tests/structure ----
# c FILE LINE...: a source below $W/s, compiled unless it is a header.
c() {
	file=$1
	shift
	mkdir -p "$W/s/$(dirname "$file")" "$W/s/objects/$(dirname "${file#src/}")"
	printf '%s\n' "$@" >"$W/s/$file"
	case $file in
	*.c) (cd "$W/s" && cc -w -Isrc -c -o "objects/$(echo "${file#src/}" | sed 's/c$/o/')" "$file") ;;
	esac
}
rule() {
	(cd "$W/s" && python3 "$TOP/tests/structure" "$1" objects)
}
anew() {
	rm -rf "$W/s"
	mkdir -p "$W/s/tests"
	c src/main.c 'int read_x(void); int main(void) { return read_x(); }'
	c src/base/x.h 'int read_x(void);'
	c src/base/x.c 'int read_x(void) { return 1; }'
}
anew
for name in options callers headers names circles; do
	is "$(rule $name)" "" "nothing stands against a small clean tree: $name"
done
c src/config/options.c '#include <stddef.h>' '#define AT(section, field) 0' \
	'struct config { struct { int max; } list; };' 'int options(void) { return AT(list, max); }'
like "$(rule options)" 'src/config/options.c: nothing reads list.max' \
	"an option that nothing reads is found"
c src/base/x.c '/* c->list.max */ const char *s = "list.max"; int read_x(void) { return 1; }'
like "$(rule options)" 'nothing reads list.max' "... and no comment or literal reads it"
c src/base/x.c 'struct c { struct { int max; } list; };' \
	'int read_x(struct c *c) { return c->list.max; }'
is "$(rule options)" "" "... and is content when something does"
c src/cmd/args.c 'struct app { int color; };' 'void args(struct app *app) { app->color = 1; }'
like "$(rule options)" 'src/cmd/args.c: nothing reads app->color' \
	"a flag that nothing reads is found"

anew
c src/base/x.c 'int read_x(void) { return 1; }' 'int read_y(void) { return read_x(); }'
is "$(rule callers)" "src/base/x.c: nothing outside it uses read_y" \
	"an exported function without a caller elsewhere is found"
echo 'read_y the pages of readers will' >"$W/s/tests/waiting"
is "$(rule callers)" "" "... unless it waits for something, with a reason"
echo 'read_y' >"$W/s/tests/waiting"
like "$(rule callers)" "read_y has no reason" "... which is wanted"
echo 'read_x is old' >"$W/s/tests/waiting"
like "$(rule callers)" "read_x needs no line" "... and goes when there is a caller"

anew
c src/base/y.h 'int read_x(void);'
is "$(rule headers)" "src/base/y.h: read_x is defined in src/base/x.c" \
	"a header that declares another file's function is found"
anew
c src/base/x.h 'int read_x(void);' 'int read_more(void);' 'struct s { int (*call)(int); };' \
	'static inline int one(void) { return f(1); }'
c src/base/x_more.c 'int read_more(void) { return 1; }'
c src/base/x_private.h 'int read_more(void);' 'int read_none(void);'
is "$(rule headers)" "src/base/x_private.h: nothing defines read_none" \
	"the parts of a file share its header, and what nobody defines is found"

anew
c src/base/a.c 'int b1(void); int a1(void) { return b1(); }'
c src/base/b.c 'int a1(void); int b1(void) { return a1(); }'
is "$(rule circles)" "" "one pair of files may call each other"
c src/base/d.c 'int e1(void); int d1(void) { return e1(); }'
c src/base/e.c 'int d1(void); int e1(void) { return d1(); }'
like "$(rule circles)" "src/base/d.c src/base/e.c" "two pairs are found"
anew
c src/base/a.c 'int b1(void); int a1(void) { return b1(); }'
c src/base/b.c 'int d1(void); int b1(void) { return d1(); }'
c src/base/d.c 'int a1(void); int d1(void) { return a1(); }'
is "$(rule circles)" "src/base/a.c src/base/b.c src/base/d.c" "a circle of three is found"

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

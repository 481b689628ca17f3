#!/bin/sh
# SPDX-License-Identifier: ISC
# The command line: help, mistakes, exit codes, output for people, pipes and programs.
. tests/cli/lib.sh
need python3

run pp --version
exits 0 "--version works"
out_like '^planetpost [0-9]+\.[0-9]+' "and says which"
run pp version
exits 0 "version is a command too"
run pp help
exits 0 "help works without a configuration"
grep -oE '^  [a-z][a-z-]*' "$W/out" | tr -d ' ' | sort -u >"$W/commands"
out_like "^  feed list.*drop$" "a long name stands on a line of its own"
ok "help names the commands" test "$(wc -l <"$W/commands")" -ge 15
for command in init import run fetch preview status parse feed sub issue export config backup \
	demo help version; do
	ok "help names $command" grep -qx "$command" "$W/commands"
done
while read -r command; do
	run pp help "$command"
	exits 0 "help $command"
	out_like "planetpost $command" "... shows its usage"
	run pp "$command" -h
	exits 0 "$command -h does the same"
	out_like "planetpost $command" "... and nothing else"
done <"$W/commands"
page=src/man/planetpost.1
if [ -e $page ]; then
	while read -r command; do
		ok "the manual page describes $command" grep -qw "$command" $page
	done <"$W/commands"
fi

run pp help config
while IFS= read -r line; do
	case $line in
	"["*"]" | "#"[a-z]*" ="*) ok "help config lists $line" grep -qxF -- "$line" "$W/out" ;;
	esac
done <config/planetpost.conf

run pp
exits 2 "no command at all is a mistake"
run pp prewiev
exits 2 "an unknown command is a mistake"
err_like 'preview' "and the one that was meant is named"
run pp run --no-sned
exits 2 "an unknown option is a mistake"
err_like 'no-send' "and the one that was meant is named"
run pp sub ad ann@example.org
exits 2 "an unknown subcommand is a mistake"
run pp export mbox one two three
exits 2 "too many arguments are a mistake"
run pp --now yesterday status
exits 2 "a time that is none is a mistake"
run pp --color never status
exits 2 "so is an option that would do nothing"
err_like '^planetpost: ' "an error says who speaks"
is "$(grep -c 'ERROR' "$W/err")" 0 "without shouting"

# ---- one small newsletter ----
cp tests/fixtures/planet/*.* "$W/"
cat >"$W/c.conf" <<C
[newsletter]
name = Planet Quay
timezone = UTC
from = Planet Quay <planet@quay.example>
[fetch]
allow_files = yes
[digest]
schedule = off
[feed lighthouse]
url = file:rss20.rss
[feed rope]
url = file:rdf.rdf
C
at() {
	when=$1
	shift
	run pp -c c.conf -d state --now "$when" "$@"
}
at 2026-03-02T08:00:00Z sub add ann@reader.example --confirmed-by "said so"
exits 0 "a reader is added"
at 2026-03-02T08:00:30Z preview --text -o -
exits 0 "the next issue can be looked at before the first fetch"
out_like 'Cleaning the lens by moonlight' "the feeds are asked for it"
at 2026-03-02T08:01:00Z --dry-run run
exits 0 "a dry run ends well"
ok "and writes no letter" test ! -e "$W/outbox"
at 2026-03-02T08:01:30Z fetch
exits 0 "feeds can be fetched without sending"
at 2026-03-02T08:02:00Z preview --text -o -
exits 0 "the next issue can be looked at"
out_like 'Cleaning the lens by moonlight' "it holds the posts"
at 2026-03-02T08:02:30Z preview --text -o -
out_like 'Cleaning the lens by moonlight' "looking changes nothing"
at 2026-03-02T08:03:00Z run
exits 0 "the run writes it"
is "$(ls "$W"/outbox/*.eml | wc -l | tr -d ' ')" 1 "one letter lies in the outbox"
ok "it is sound" python3 tests/cli/letters.py check "$W"/outbox/*.eml
at 2026-03-02T08:04:00Z run
is "$(ls "$W"/outbox/*.eml | wc -l | tr -d ' ')" 1 "a second run writes none"

for list in "feed list" "sub list" "issue list"; do
	# shellcheck disable=SC2086 # two words
	at 2026-03-02T09:00:00Z $list
	exits 0 "$list"
	nok "$list in a pipe has no heading" grep -qE '^(NAME|KEY|ADDRESS|ISSUE)' "$W/out"
	# shellcheck disable=SC2086
	at 2026-03-02T09:00:00Z --json $list
	ok "$list --json is JSON with a schema number" python3 -c \
		'import json, sys; assert json.load(open(sys.argv[1]))["schema"] == 1' "$W/out"
	# shellcheck disable=SC2086
	at 2026-03-02T09:00:00Z --json=help $list
	exits 0 "$list --json=help names its fields"
	# shellcheck disable=SC2086
	at 2026-03-02T09:00:00Z --json=nonsense $list
	exits 2 "$list knows no other field"
done
at 2026-03-02T09:01:00Z feed list
is "$(wc -l <"$W/out" | tr -d ' ')" 2 "a feed a line"
like "$(cat "$W/out")" "	" "columns are separated by tabs"
at 2026-03-02T09:02:00Z status
exits 0 "status works"
out_like 'Planet Quay' "and names the newsletter"
at 2026-03-02T09:03:00Z config check
exits 0 "the configuration is found good"
at 2026-03-02T09:03:00Z config show
out_like 'c\.conf' "config show tells where a value comes from"
at 2026-03-02T09:04:00Z backup "$W/copy.db"
exits 0 "a backup is made"
is "$(python3 -c 'import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("PRAGMA integrity_check").fetchone()[0])' \
	"$W/copy.db")" ok "and it is whole"
is "$(stat -c %a "$W/copy.db")" 600 "and for its owner only"
at 2026-03-02T09:04:30Z --dry-run gc
exits 0 "gc can be tried"
at 2026-03-02T09:04:30Z gc
exits 0 "gc drops what is old"
out_empty "and is quiet without a terminal"
mkdir "$W/backups"
for day in 01 02 03 04; do : >"$W/backups/b-2026-02-$day.db"; done
: >"$W/backups/b-2026-02-x1.db"
: >"$W/backups/b-2026-02-01.db.txt"
printf '[database]\nbackup_keep = 3\n' >"$W/keep.conf"
run pp -c "$W/c.conf" -c "$W/keep.conf" -d "$W/state" --now 2026-03-02T09:04:00Z \
	backup "$W/backups/b-%F.db"
exits 0 "a backup with the date in its name is made"
is "$(cd "$W/backups" && echo *)" \
	"b-2026-02-01.db.txt b-2026-02-03.db b-2026-02-04.db b-2026-02-x1.db b-2026-03-02.db" \
	"and backup_keep of that name are kept, the newest"

# ---- settings of the log and of the number of readers ----
printf '[log]\nlevel = info\nformat = logfmt\n' >"$W/log.conf"
run pp -c "$W/c.conf" -c "$W/log.conf" -d "$W/state" --now 2026-03-02T11:04:10Z run
err_like '^<6>event=fetch\.done' "log.level = info and log.format = logfmt are obeyed"
run pp -q -c "$W/c.conf" -c "$W/log.conf" -d "$W/state" --now 2026-03-02T13:04:20Z run
err_empty "-q is stronger"
printf '[list]\nmax_subscribers = 1\n' >"$W/most.conf"
run pp -c "$W/c.conf" -c "$W/most.conf" -d "$W/state" sub add x@reader.example \
	--confirmed-by "said so"
exits 1 "list.max_subscribers is the most"
err_like 'there would be 2 readers, and 1 are the most' "and it is told"
at 2026-03-02T09:05:00Z sub export
exits 0 "readers can be exported"
out_like 'ann@reader\.example' "with their addresses"
at 2026-03-02T09:05:00Z sub export "$W/readers.csv"
exits 0 "and to a file"
ok "with their addresses too" grep -q 'ann@reader\.example' "$W/readers.csv"
is "$(stat -c %a "$W/readers.csv")" 600 "for its owner only"
at 2026-03-02T09:05:00Z sub export -o "$W/readers.csv" "$W/twice.csv"
exits 2 "but not to two files"
for list in opml foaf urls; do
	at 2026-03-02T09:05:00Z export $list -o "$W/feeds.$list"
	exits 0 "export $list takes the file behind -o"
	ok "and writes it" test -s "$W/feeds.$list"
done
mkfifo "$W/pipe"
cat "$W/pipe" >"$W/through" &
at 2026-03-02T09:05:00Z export mbox -o "$W/pipe"
wait $!
exits 0 "the archive goes into a pipe"
ok "which stays one" test -p "$W/pipe"
ok "and brings it whole" grep -q '^From ' "$W/through"
at 2026-03-02T09:05:00Z sub export -o "$W/none/readers.csv"
exits 1 "a file that cannot be written is an error"
at 2026-03-02T09:06:00Z sub show ann@reader.example
out_like 'said so' "sub show has the evidence"

# ---- hints and manuals ----
# Whatever they say to type is there to be typed.
pp help >"$W/commands"
pp help config >"$W/settings"
for command in feed sub issue export config; do
	pp help $command | sed -n "s/^  \($command [a-z]*\).*/\1/p"
done >"$W/subcommands"
is "$(python3 - "$TOP" "$W" <<'P'
import pathlib, re, sys
top, work = map(pathlib.Path, sys.argv[1:])
known = set(re.findall(r"(?m)^  ([a-z]+)", (work / "commands").read_text()))
pairs = set((work / "subcommands").read_text().split("\n"))
assert {"run", "feed", "sub", "issue"} <= known, known
assert {"feed list", "sub add", "issue send", "config show"} <= pairs, pairs
texts = {p: "\n".join(re.findall(r"err_hint\([^;]*;", p.read_text()))
         for p in top.glob("src/*/*.c")}
texts |= {p: p.read_text() for p in [*top.glob("src/man/*"), top / "README.md",
                                     top / "config/planetpost.conf", work / "settings"]}
for path, text in sorted(texts.items()):
    for word, more in re.findall(r"planetpost ([a-z][a-z-]*)(?: ([a-z]+))?", text):
        if word not in known and "err_hint" in text:
            print(path.name, word)
        if word in {pair.split(" ")[0] for pair in pairs} and f"{word} {more}" not in pairs:
            print(path.name, word, more)
P
)" "" "every command that a hint or a manual names exists"

# Standard output that cannot be written is no success.
(cd "$W" && HOME=$W/home "$PLANETPOST" -c c.conf -d state sub export >/dev/full 2>"$W/err")
status=$?
ok "a full disk under standard output is told" test $status != 0

# A list of feeds is read with the settings and kept: nobody asks the disk for it again.
printf '[Planet]\nname = Quay\n[file:///nowhere/a.xml]\nname = A\n' >"$W/quay.ini"
printf '[feeds]\nfeeds_from = quay.ini\n' >"$W/quay.conf"
title="one run reads a planet's file once"
if command -v strace >/dev/null && strace -o "$W/trace" true 2>/dev/null; then
	(cd "$W" && HOME=$W/home strace -f -o "$W/trace" -e trace=open,openat \
		"$PLANETPOST_PLAIN" -c quay.conf -d quay fetch >"$W/out" 2>"$W/err")
	is "$(grep -c 'quay\.ini' "$W/trace")" 1 "$title"
else
	skip "$title" "strace cannot be used here"
fi
finish

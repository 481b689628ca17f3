#!/bin/sh
# SPDX-License-Identifier: ISC
# Newsletters in a mailbox as sources: our own letters come out as the posts that went in, other
# letters as one; questions are never shown, the subscriber's tokens passed on nowhere, and the
# mailbox is left as it is.
. tests/cli/lib.sh
need python3

# ---- our own letters, in each format and language ----

# What makes them is tested elsewhere.
quick() {
	(
		PLANETPOST=$PLANETPOST_PLAIN
		pp "$@"
	)
}

{
	echo '[Planet]'
	for f in arabic.xml atom.xml broken.xml feed.json rdf.xml rss20.xml; do
		printf '[file://%s/config/demo/%s]\nname = Blog %s\n' "$TOP" $f "${f%.*}"
	done
} >"$W/planet.ini"
mkdir -p "$W/box/new" "$W/box/cur" "$W/box/tmp"
for language in en de fr; do
	cat >"$W/$language.conf" <<C
[newsletter]
name = Planet $language
link = https://planet.example/
from = Planet <planet@planet.example>
language = $language
timezone = UTC
[feeds]
feeds_from = $W/planet.ini
[fetch]
allow_files = yes
[digest]
max_per_feed = 20
[web]
url = https://planet.example/p
[list]
command_address = planet@planet.example
C
	ours="-c $language.conf -d data-$language --now 2026-01-15T07:00:00Z"
	quick $ours fetch >/dev/null 2>&1
	for format in html text digest plain; do
		quick $ours sub add $format@reader.example --confirmed-by test --format $format \
			>/dev/null 2>&1
		quick $ours preview --eml --as $format@reader.example -o - 2>/dev/null |
			sed "s/^List-Id: .*/List-Id: <$format.$language.planet.example>/" \
				>"$W/box/new/1.$format.$language"
	done
done
sed -n 's/.*<https:\/\/planet.example\/p\/[a-z]\/\([a-z2-7]*\)>.*/\1/p' "$W"/box/new/* |
	sort -u >"$W/tokens"
is "$(wc -l <"$W/tokens")" 12 "each letter has a token of its own to leave by"

cat >"$W/b.conf" <<C
[newsletter]
name = Reader of Planets
from = b@reader.example
timezone = UTC
[digest]
max_per_feed = 500
max_items = 500
C
for language in en de fr; do
	for format in html text digest plain; do
		printf '\n[feed %s-%s]\nurl = maildir:%s/box?list=%s.%s.planet.example\n' \
			$format $language "$W" $format $language >>"$W/b.conf"
	done
done
cp "$W/b.conf" "$W/one.conf"
(cd "$W/box" && ls -l --time-style=full-iso new cur) >"$W/before"
theirs="-c b.conf -d b --now 2026-01-15T08:00:00Z"
run pp $theirs fetch
exits 0 "a round reads newsletters in a maildir"
(cd "$W/box" && ls -l --time-style=full-iso new cur) >"$W/after"
same "$W/before" "$W/after" "the mailbox is left as it is"

cat >"$W/count.py" <<'P'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
truth = sqlite3.connect(sys.argv[2])
posts = {l: t for l, t in truth.execute("SELECT link, title FROM entry")}
found = bad = 0
for key, sid in db.execute("SELECT key, id FROM source").fetchall():
    test = {}
    for line in open(sys.argv[3] + "/" + key):
        title, link = line.rstrip("\n").split("\t")
        test[link] = title
    for link, title in posts.items():
        got = test.get(link)
        if got is None or (title and got not in (title, title.strip())):
            bad += 1
            print(key, link, repr(title), repr(got), file=sys.stderr)
        else:
            found += 1
print(found, bad, found * 100 >= (found + bad) * 95)
P
# What `feed test` of each says, whole: the same reading as in a round.
mkdir "$W/posts"
for language in en de fr; do
	for format in html text digest plain; do
		mkdir -p "$W/single/new" "$W/single/cur"
		cp "$W/box/new/1.$format.$language" "$W/single/new/"
		cat >"$W/s.conf" <<C
[newsletter]
name = S
from = s@reader.example
timezone = UTC
[digest]
max_per_feed = 500
[feed one]
url = maildir:$W/single?list=$format.$language.planet.example
C
		rm -rf "$W/s"
		quick -c s.conf -d s --now 2026-01-15T08:00:00Z fetch >/dev/null 2>&1
		python3 -c '
import sqlite3, sys
for t, l in sqlite3.connect(sys.argv[1]).execute("SELECT title, link FROM entry"):
    print((t or "").replace("\t", " "), l or "", sep="\t")
' "$W/s/planetpost.db" >"$W/posts/$format-$language"
		rm -rf "$W/single"
	done
done
run python3 "$W/count.py" "$W/b/planetpost.db" "$W/data-en/planetpost.db" "$W/posts"
like "$(cat "$W/out")" ' True$' "at least 95 of 100 posts come with title and link"
diag "$(cat "$W/out") $(cat "$W/err")"

run pp $theirs preview --eml -o letter.eml
exits 0 "they make a letter"
run pp $theirs export mbox -o archive.mbox
pp $theirs --no-input run >/dev/null 2>&1
for what in letter.eml b/planetpost.db b/planetpost.db-wal archive.mbox outbox; do
	[ -e "$W/$what" ] || continue
	nok "no token of a reader is in $what" \
		grep -raiqF -f "$W/tokens" "$W/$what"
done
nok "nor the address of any" grep -raqE '(html|text|digest|plain)@reader\.example' \
	"$W/b/planetpost.db" "$W/letter.eml"

# ---- letters of ours that are no issue ----

mkdir -p "$W/notices/new" "$W/notices/cur" "$W/asks/new" "$W/asks/cur"
asks() { # TO LANGUAGE: mail to the newsletter, and what it answers
	printf 'From: zoe@reader.example\nTo: %s\nSubject: x\nMessage-ID: <%s@r>\n\nx\n' \
		"$1" "$2$1" >"$W/asks/new/1"
	set -- -c "$2.conf" -d "data-$2" --now 2026-01-15T07:10:00Z
	quick "$@" mail-in --maildir asks >/dev/null 2>&1
	quick "$@" run --answers >/dev/null 2>&1
}
for language in en de fr; do
	asks planet+subscribe@planet.example $language
	asks "$(find "$W" -name 'notice-*.eml' -exec \
		grep -ahoE 'planet\+confirm-[a-z2-7]*@planet.example' {} + | tail -n 1)" $language
	for file in $(find "$W" -name 'notice-*.eml'); do
		mv "$file" "$W/notices/$language-${file##*/}"
	done
done
n=0
for file in "$W"/notices/*.eml; do
	n=$((n + 1))
	sed 's/^List-Id: .*/List-Id: <x.example>/' "$file" >"$W/notices/new/$n"
done
diag "$n notices"
is "$n" 6 "three ask to confirm and three welcome"
run pp $theirs feed test "maildir:$W/notices?list=x.example"
out_like "0 letters, $n that ask something" "questions and welcomes of ours are never shown"

# ---- one look when nothing came ----

touch -d '2026-01-15T07:30:00Z' "$W/box/new" "$W/box/cur"
pp $theirs fetch >/dev/null 2>&1
sed -i 's/^Subject: .*/Subject: Never read/' "$W/box/new/1.plain.en"
touch -d '2026-01-15T07:30:00Z' "$W/box/new" "$W/box/cur"
run pp $theirs --json fetch
like "$(cat "$W/out")" '12 unchanged' "an unchanged maildir is unchanged for each of them"
cp "$W/b/planetpost.db" "$W/look.db"

# ---- others, questions, and what is no message ----

mail() { # FILE LIST SUBJECT BODY...
	file=$1
	list=$2
	subject=$3
	shift 3
	{
		printf 'From: "The %s" <news@x.example>\nTo: ann@reader.example\n' "$list"
		printf 'Message-ID: <%s@x.example>\nSubject: %s\n' "${file##*/}" "$subject"
		printf 'Date: Thu, 15 Jan 2026 07:00:00 +0000\nList-Id: <%s>\n' "$list"
		printf 'List-Unsubscribe: <https://x.example/unsubscribe/abc>\n\n'
		printf '%s\n' "$@"
	} >"$file"
}
mkdir -p "$W/m/new" "$W/m/cur"
mail "$W/m/new/1" garden.x.example 'Peas' 'Sow peas now.' '' \
	'Unsubscribe: https://x.example/unsubscribe/abc'
mail "$W/m/cur/2:2,S" garden.x.example 'Beans' 'Sow beans later.'
mail "$W/m/new/3" other.x.example 'Other' 'Not wanted here.'
mail "$W/m/new/4" garden.x.example 'Please confirm your subscription' 'Press here.'
mail "$W/secret" garden.x.example 'Behind a link' 'Behind a link.'
ln -s "$W/secret" "$W/m/new/5"
mkfifo "$W/m/new/6"
mkdir "$W/m/new/7"
printf 'Content-Type: image/png\nFrom: a@x.example\nList-Id: <garden.x.example>\n\nx' \
	>"$W/m/new/8"
cat >"$W/c.conf" <<C
[newsletter]
name = C
from = c@reader.example
timezone = UTC
C
now='--now 2026-01-15T08:00:00Z'
c="-c c.conf -d c $now"
run pp $c feed test "maildir:$W/m?list=garden.x.example"
exits 0 "feed test reads a maildir"
out_like '2 letters, 1 that ask something, 1 unreadable, 1 other' "and says what is in it"
run pp $c feed add "maildir:$W/m?list=Garden.X.example"
exits 0 "feed add takes a newsletter in a maildir"
ok "under the sender's name" grep -qx 'name = The garden.x.example' "$W/c.conf"
ok "it is a section of the configuration" \
	grep -qF "[maildir:$W/m?list=Garden.X.example]" "$W/c.conf"
ok "which config check likes" pp $c config check
run pp $c fetch
err_like '1 message could not be read and left out' "what cannot be read is told"
run pp $c fetch
unlike "$(cat "$W/err")" 'could not be read' "once"
key=$(pp $c --plain feed list | cut -f1)
run pp $c feed show "$key"
out_like 'letters +2' "feed show counts its letters"
out_like 'other mail +1' "the mail of others"
out_like 'never shown +1: to confirm' "and what is never shown"
run pp $c preview --text
out_like 'Peas' "a letter is a post"
out_like 'Beans' "also one that was read in a mail program"
unlike "$(cat "$W/out")" 'confirm|Other|Behind a link|unsubscribe/abc' \
	"without questions, other mail, links to leave, and what a link leads to"
ok "nothing was moved" test -e "$W/m/new/1" -a -e "$W/m/cur/2:2,S"

mail "$W/m/new/9" garden.x.example 'Onions' 'Pull onions.'
pp $c fetch >/dev/null 2>&1
run pp $c preview --text
out_like 'Onions' "what comes later is read"
out_like 'Peas' "and what is not in the second look is still there"

# ---- where the mailbox lies stays here ----

for form in opml foaf urls; do
	run pp $c export $form
	unlike "$(cat "$W/out")" 'maildir' "export $form does not tell of it"
done
pp $c export opml >"$W/list.opml" 2>/dev/null
sed 's|</body>|<outline type="rss" text="x" xmlUrl="maildir:'"$W"'/m?list=garden.x.example"/></body>|' \
	"$W/list.opml" >"$W/bad.opml"
printf '[newsletter]\nname = D\nfrom = d@x.example\n[feeds]\nfeeds_from = bad.opml\n' >"$W/d.conf"
run pp -c d.conf -d d $now --plain feed list
out_empty "a list of feeds may not name a mailbox"
err_like 'asked by https and http, not by maildir, and left out' "and is told so"

# ---- troubles ----

printf '[newsletter]\nname = E\nfrom = e@x.example\n[feed gone]\nurl = maildir:%s?list=x.y\n' \
	"$W/nowhere" >"$W/e.conf"
pp -c e.conf -d e $now fetch >/dev/null 2>&1
run pp -c e.conf -d e $now feed show gone
out_like 'state +failing' "a mailbox that is not there is a feed that fails"
out_like 'nowhere/new: No such file' "and it says why"
for wrong in "maildir:$W/m" 'maildir:m?list=x' "mbox:$W/m?subject=x" "maildir:$W/m?list="; do
	run pp $c feed add "$wrong"
	nok "feed add $wrong is refused" test "$status" = 0
done
err_like 'maildir:/PATH\?list=ID' "with the form that it has"
printf '[newsletter]\nname = E\nfrom = e@x.example\n[feed bad]\nurl = maildir:%s\n' \
	"$W/m" >"$W/f.conf"
run pp -c f.conf -d f config check
nok "config check refuses one without a list" test "$status" = 0
err_like 'f.conf line 4' "and names the line"
# Root may read everything, so it is no folder that cannot be read.
mkdir "$W/shut"
: >"$W/shut/new"
sed "s|$W/nowhere|$W/shut|" "$W/e.conf" >"$W/g.conf"
pp -c g.conf -d g $now fetch >/dev/null 2>&1
run pp -c g.conf -d g $now feed show gone
out_like 'shut/new: Not a directory' "a maildir that cannot be read is told"

# ---- an mbox ----

add() { # a message to the mbox, with its From_ line
	{
		echo 'From news@x.example Thu Jan 15 07:10:00 2026'
		sed 's/^\(>*From \)/>\1/' "$1"
		echo
	} >>"$W/m.mbox"
}
mail "$W/a1" garden.x.example 'First' 'One.' 'From here on it grows.'
mail "$W/a2" garden.x.example 'Second' 'Two.'
mail "$W/a3" garden.x.example 'Third' 'Three.'
add "$W/a1"
printf '[newsletter]\nname = H\nfrom = h@x.example\n[feed box]\nurl = mbox:%s?list=%s\n' \
	"$W/m.mbox" garden.x.example >"$W/h.conf"
h="-c h.conf -d h $now"
run pp $h fetch
exits 0 "an mbox is read"
add "$W/a2"
printf 'From news@x.example Thu Jan 15 07:20:00 2026\nSubject: half' >>"$W/m.mbox"
run pp $h fetch
run pp $h preview --text
out_like 'First' "with its first message"
out_like '^From here on it grows' "whose quoted lines are as they were"
out_like 'Second' "and what was appended"
unlike "$(cat "$W/out")" 'half' "but not half a message"
sed -i '$d' "$W/m.mbox"
add "$W/a3"
pp $h fetch >/dev/null 2>&1
run pp $h preview --text
out_like 'Third' "which is read when it is whole"
run pp $h feed show box
out_like 'letters +3' "each once"
run pp --now 2026-01-15T08:00:00Z preview --text "mbox:$W/m.mbox?list=garden.x.example"
exits 0 "a mailbox is previewed like an address, without a configuration"
out_like 'Third' "with its posts"
run pp preview --text "mbox:m.mbox?list=garden.x.example"
exits 6 "a path that does not begin with / is refused"
err_like 'mbox:/' "with words that say how it is written"

finish

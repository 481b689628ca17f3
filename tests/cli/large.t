#!/bin/sh
# SPDX-License-Identifier: ISC
# No planet is too large to be mailed: seven hundred feeds of five new posts end in a letter.
. tests/cli/lib.sh
need python3

cat >"$W/c.conf" <<'C'
[newsletter]
from = planet@news.example
postal_address = Here 1
timezone = UTC
[list]
command_address = planet@news.example
[digest]
schedule = off
[fetch]
allow_files = yes
C
for i in $(seq 700); do
	{
		printf '<rss version="2.0"><channel><title>The blog of number %d</title>' "$i"
		printf '<link>https://b%d.example/</link>\n' "$i"
		for k in 1 2 3 4 5; do
			printf '<item><title>Post %d of %d</title><guid>%d-%d</guid>' \
				$k "$i" "$i" $k
			printf '<link>https://b%d.example/%d</link>' "$i" $k
			printf '<pubDate>Mon, 02 Mar 2026 0%d:00:00 GMT</pubDate>' $k
			printf '<description>Words of %d %d</description></item>\n' "$i" $k
		done
		printf '</channel></rss>\n'
	} >"$W/f$i.xml"
	printf '[feed f%d]\nurl = file:f%d.xml\n' "$i" "$i" >>"$W/c.conf"
done
run pp -c c.conf -d state --now 2026-03-02T06:00:00Z sub add ann@reader.example --confirmed-by "said so"
run pp -c c.conf -d state --now 2026-03-02T08:00:00Z run
exits 0 "seven hundred feeds with default settings"
is "$(find "$W/outbox" -name '*.eml' | wc -l)" 1 "end in a letter"
python3 - "$W"/outbox/*.eml >"$W/out" <<'P'
import email, email.policy, sys
with open(sys.argv[1]) as f:
    message = email.message_from_file(f, policy=email.policy.default)
print(message.get_body(("plain",)).get_content())
P
out_like 'Post 5 of' "with posts"
is "$(grep -c '^  - The blog of number [0-9]*: [0-9] posts*$' "$W/out")" 640 \
	"and all other blogs are named"
printf '[digest]\nmax_bytes = 4k\nschedule = off\n' >"$W/small"
sed -e '/^\[digest\]/,/^schedule/d' "$W/c.conf" >"$W/d.conf"
cat "$W/small" >>"$W/d.conf"
run pp -c d.conf -d tiny --now 2026-03-02T06:00:00Z sub add ann@reader.example --confirmed-by "said so"
run pp -c d.conf -d tiny --now 2026-03-02T08:00:00Z run
exits 0 "a letter goes where there is hardly room for its foot"
finish

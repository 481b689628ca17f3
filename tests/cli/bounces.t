#!/bin/sh
# SPDX-License-Identifier: ISC
# Mail that comes back, as `bounces parse` understands it.
. tests/cli/lib.sh
need python3

cat >"$W/report.eml" <<'END'
Return-Path: <>
From: MAILER-DAEMON@mx.example.net
To: planet@news.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

Two of your letters could not be delivered.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ann@there.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such "user"

Final-Recipient: rfc822; bob@there.example
Action: failed
Status: 5.1.2
--B--
END
run pp bounces parse report.eml
exits 0 "a report of a mail server is understood"
cat >"$W/want" <<'END'
{"recipient":"ann@there.example","status":"5.1.1","action":"failed","class":"hard",\
"diagnostic":"smtp; 550 5.1.1 No such \"user\""}
{"recipient":"bob@there.example","status":"5.1.2","action":"failed","class":"hard",\
"diagnostic":""}
END
is "$(cat "$W/out")" "$(sed -e :a -e '/,\\$/{N;s/\\\n//;ta' -e '}' "$W/want")" \
	"... with a line of JSON for each recipient"
err_empty "... and nothing else is said"
run sh -c 'cd "$1" && "$2" bounces parse - <report.eml' sh "$W" "$PLANETPOST"
exits 0 "- is standard input"
out_like 'ann@there.example' "... and is read alike"
run sh -c 'cd "$1" && "$2" bounces parse <report.eml' sh "$W" "$PLANETPOST"
exits 0 "so is a FILE that is left out"
out_like 'ann@there.example' "... read alike"

printf 'From: Ann <ann@there.example>\nTo: planet@news.example\nAuto-Submitted: auto-replied
Subject: Re: Planet\n\nI am away; my mailbox is full.\n' >"$W/away.eml"
run pp bounces parse away.eml
exits 0 "a vacation is no bounce"
is "$(cat "$W/out")" \
	'{"recipient":"ann@there.example","status":"","action":"","class":"auto-reply","diagnostic":""}' \
	"... and is called an automatic answer"

# Messages that are made to bring a parser down.
python3 - "$W" <<'END'
import sys
w = sys.argv[1]
head = b"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nSubject: failure notice\n"
said = b"<ann@there.example>: 550 5.1.1 user unknown\n"
nest = b"".join(b"Content-Type: multipart/mixed; boundary=\"b%d\"\n\n--b%d\n" % (i, i)
                for i in range(20000))
for name, text in {
    "quote": head + b"Content-Type: multipart/mixed; boundary=\"\\\"\"\n\n" + said,
    "nested": head + nest + b"\n" + said,
    "zeros": head + b"\n" + b"\0" * 100000 + said,
    "long-line": head + b"\n" + said + b"@a.b <" * 3000000,
    "many-fields": head + b"X: y\n" * 200000 + b"\n" + said,
    "many-recipients": head + b"X-Failed-Recipients: " + b"a@b.example, " * 100000 + b"\n\n" + said,
}.items():
    with open("%s/%s.eml" % (w, name), "wb") as f:
        f.write(text)
END
for name in quote nested zeros long-line many-fields many-recipients; do
	run pp bounces parse $name.eml
	exits 0 "a hostile message is borne: $name"
	out_like '^\{"recipient":' "... with an answer"
done

head -c 40000000 /dev/zero >"$W/huge.eml"
run pp bounces parse huge.eml
exits 1 "a message larger than any mail server takes is refused"
run pp bounces parse missing.eml
exits 1 "a file that is not there is an error"
err_like 'missing\.eml' "... which names it"
run pp bounces parse report.eml away.eml
exits 2 "one message at a time"

finish

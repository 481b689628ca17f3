#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Looks at letters with Python's own e-mail library, so that nobody marks their own homework.

usage: letters.py check FILE...        one line for each thing wrong; status 1 when there is any
       letters.py header NAME FILE...  the decoded header of each
       letters.py text|html FILE       the decoded part
       letters.py mbox FILE            number of letters as `mailbox` reads it, then problems
"""
import email
import email.policy
import mailbox
import re
import sys

ONCE = ["From", "To", "Date", "Message-ID", "Subject", "MIME-Version", "Content-Type", "List-Id",
        "List-Unsubscribe", "Auto-Submitted"]


def read(path):
    with open(path, "rb") as f:
        raw = f.read()
    return raw, email.message_from_bytes(raw, policy=email.policy.default)


def part(msg, kind):
    found = [p for p in msg.walk() if p.get_content_type() == kind]
    return found[0].get_payload(decode=True).decode("utf-8") if found else None


def problems(raw, msg, personal=True):
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    if not head.isascii():
        yield "a header is not ASCII"
    if any(len(line) > 998 for line in raw.split(b"\n")):
        yield "a line is longer than 998 octets"
    if any(len(line) > 200 for line in head.split(b"\n")):
        yield "a header line is not folded"
    for name in ONCE:
        n = len(msg.get_all(name, []))
        if n != 1 and (personal or name not in ("To", "List-Unsubscribe")):
            yield "%s stands %d times" % (name, n)
    for p in msg.walk():
        for defect in p.defects:
            yield "%s: %s" % (p.get_content_type(), defect)
        for name, value in p.items():
            for defect in getattr(value, "defects", ()):
                yield "%s: %s" % (name, defect)
    if msg.get_content_type() != "multipart/alternative":
        yield "it is " + msg.get_content_type()
    kinds = [p.get_content_type() for p in msg.walk() if not p.is_multipart()]
    if kinds != ["text/plain", "text/html"]:
        yield "its parts are " + " ".join(kinds)
        return
    text, html = part(msg, "text/plain"), part(msg, "text/html")
    for name, content in (("text", text), ("HTML", html)):
        if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]", content):
            yield "control or replacement characters in the %s part" % name
        if not content.strip():
            yield "the %s part is empty" % name
    for line in text.split("\n"):
        longest = max(map(len, line.split()), default=0)
        if len(line.rstrip("\r")) > 78 and longest < 60 and "  " not in line.strip():
            yield "a line of the text part is too long: " + line
    if re.search(r"(?i)<(script|iframe|form|object|embed|base)\b", html):
        yield "something that acts stands in the HTML part"
    if personal:
        for name, content in (("text", text), ("HTML", html)):
            if not re.search("(?i)unsubscribe|leave", content):
                yield "the %s part does not say how to leave" % name


def main(args):
    if args[0] == "check":
        bad = 0
        for path in args[1:]:
            for problem in problems(*read(path)):
                bad += 1
                print("%s: %s" % (path, problem))
        return 1 if bad or len(args) < 2 else 0
    if args[0] == "header":
        for path in args[2:]:
            print(read(path)[1][args[1]])
        return 0
    if args[0] in ("text", "html"):
        content = part(read(args[1])[1], "text/plain" if args[0] == "text" else "text/html")
        if content is None:
            return 1
        sys.stdout.write(content.replace("\r\n", "\n"))
        return 0
    box = mailbox.mbox(args[1], create=False)
    print(len(box))
    bad = 0
    for key in box.keys():
        raw = box.get_bytes(key)
        msg = email.message_from_bytes(raw, policy=email.policy.default)
        for problem in problems(raw, msg, personal=False):
            bad += 1
            print("letter %s: %s" % (key, problem))
    return 1 if bad else 0


sys.exit(main(sys.argv[1:]))

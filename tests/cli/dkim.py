#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""What python3-dkim says of a letter's signatures: dkim.py RECORDS FILE.

RECORDS: lines of NAME, TAB, "TXT", TAB, VALUE.  A line for each signature, in their order:
selector, algorithm, canonical forms, pass or fail, how often h= names From, and whether it
names both fields of the way to leave.
"""
import re
import sys

# This file has the library's name.
sys.path.pop(0)
import dkim  # noqa: E402

with open(sys.argv[1], encoding="ascii") as f:
    records = {w[0]: w[2].encode() for w in (line.rstrip("\n").split("\t") for line in f)}
with open(sys.argv[2], "rb") as f:
    letter = f.read()


def look_up(name, timeout=5):
    return records.get(name.decode().rstrip("."))


head = re.sub(rb"\r\n[ \t]+", b" ", letter.split(b"\r\n\r\n")[0]).decode("latin-1")
fields = [line for line in head.split("\r\n") if line.startswith("DKIM-Signature:")]
for i, field in enumerate(fields):
    tags = dict(t.strip().split("=", 1) for t in field.split(":", 1)[1].split(";"))
    names = [n.strip().lower() for n in tags["h"].split(":")]
    try:
        good = dkim.DKIM(letter, minkey=1024).verify(idx=i, dnsfunc=look_up)
    except dkim.DKIMException as e:
        good = False
        print(e, file=sys.stderr)
    ways = "list-unsubscribe" in names and "list-unsubscribe-post" in names
    print(tags["s"].strip(), tags["a"].strip(), tags["c"].strip(),
          "pass" if good else "fail", "from*%d" % names.count("from"),
          "leave" if ways else "stay")

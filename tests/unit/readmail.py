#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""A letter as Python's e-mail library reads it: readmail.py all|from FILE.

all: the subject, a line end, the text part, the HTML part.  Status 1 for any defect.
"""
import email
import email.policy
import sys

with open(sys.argv[2], "rb") as f:
    msg = email.message_from_bytes(f.read(), policy=email.policy.default)
out = sys.stdout.buffer
if sys.argv[1] == "from":
    a = msg["From"].addresses[0]
    out.write(("%s <%s>\n" % (a.display_name, a.addr_spec)).encode())
else:
    out.write((msg["Subject"] + "\n").encode())
    for p in msg.walk():
        defects = list(p.defects) + [d for v in p.values() for d in getattr(v, "defects", ())]
        if defects:
            sys.exit("defects: %r" % defects)
        if not p.is_multipart():
            out.write(p.get_payload(decode=True).replace(b"\r\n", b"\n"))

# SPDX-License-Identifier: ISC
"""Mail that comes in, by whole commands: 100,000 letters of 20 kB that came back, each with a
token that checks, through `mail-in --maildir`; beside a tenth of them, for what grows; and the
processor time of one call by a mail server's pipe."""
import base64
import hashlib
import hmac
import sqlite3

from whole import *

REPORT = """Return-Path: <>
Delivered-To: planet+b-%(token)s@bench.example
Received: from mx.there.example by bench.example; Mon, 30 Nov 2026 07:10:00 +0000
From: Mail Delivery System <MAILER-DAEMON@mx.there.example>
To: planet+b-%(token)s@bench.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

This is the mail system at host mx.there.example. Your message could not be delivered.

<%(to)s>: host box.there.example said: %(said)s
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.there.example

Final-Recipient: rfc822; %(to)s
Action: failed
Status: %(status)s
Diagnostic-Code: smtp; %(said)s

--B
Content-Type: message/rfc822

From: Bench <planet@bench.example>
To: %(to)s
List-Id: Bench <bench.example>

""" + "the letter, which is as long as letters are, comes back whole\n" * 300 + "\n--B--\n"
KINDS = [("5.1.1", "550 5.1.1 No such user"), ("5.2.2", "552 5.2.2 Mailbox is full"),
         ("4.4.1", "connection timed out"), ("5.7.1", "550 5.7.1 Rejected by policy")]


def number(n):
    out = bytearray()
    while n >= 0x80:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def token(key, reader, issue):
    head = bytes([1 << 4 | 5]) + number(reader) + number(0) + number(issue)
    mac = hmac.new(key, b"planetpost token\0" + head, hashlib.sha256).digest()[:12]
    return base64.b32encode(head + mac).decode().rstrip("=").lower()


def report(key, reader):
    status, said = KINDS[reader % len(KINDS)]
    return REPORT % {"token": token(key, reader, 1), "to": "r%d@there.example" % reader,
                     "said": said, "status": status}


def prepare(name, count):
    """A list twice as long as what comes back, and a letter of one issue to each of it."""
    folder = "%s/%s" % (BENCH, name)
    settings(folder)
    readers(folder, 2 * count)
    planetpost(folder, "run")
    db = sqlite3.connect(folder + "/state/planetpost.db")
    key = db.execute("SELECT value FROM secret").fetchone()[0]
    variant = db.execute("SELECT variant_id FROM reader LIMIT 1").fetchone()[0]
    db.execute("INSERT INTO issue (id, number, name, state, approved, entry_count, source_count,"
               " bytes) VALUES (1, 1, 'first', 4, 1790000000, 1, 1, 1)")
    db.execute("INSERT INTO delivery (issue_id, reader_id, part, state, after, variant_id, epoch,"
               " attempts, queued, settled) SELECT 1, id, 1, 2, 0, ?, 0, 1, 1796000000, 1796000000"
               " FROM reader", (variant,))
    db.commit()
    db.close()
    for part in ("new", "cur", "tmp"):
        os.makedirs("%s/box/%s" % (folder, part))
    for i in range(1, count + 1):
        with open("%s/box/new/%07d" % (folder, i), "w") as f:
            f.write(report(key, i))
    return folder, key


def read(count):
    folder, key = prepare("mail%d" % count, count)
    cost = planetpost(folder, "mail-in", "--maildir", "box")
    db = sqlite3.connect(folder + "/state/planetpost.db")
    kept = db.execute("SELECT COUNT(*) FROM bounce").fetchone()[0]
    db.close()
    if kept != count:
        sys.exit("%d of %d were understood" % (kept, count))
    return cost, folder, key


few, _, _ = read(10000)
many, folder, key = read(100000)
goal("mail-in: CPU s, 100,000 bounces", many.cpu, "<=", 60, "%.0f s by the clock" % many.seconds)
goal("mail-in: CPU each, 100k / 10k", many.cpu / few.cpu / 10, "<=", 1.2)
goal("mail-in: MB, 100k - 10k", many.megabytes - few.megabytes, "<=", 4,
     "%.0f MB" % many.megabytes)
with open(BENCH + "/one.eml", "w") as f:
    f.write(report(key, 150000))
line = "exec %s -c c.conf -d state mail-in <%s/one.eml" % (PLANETPOST, BENCH)
calls = [Cost(["sh", "-c", line], folder) for _ in range(21)]
goal("mail-in: CPU ms of one call", 1000 * median(c.cpu for c in calls), "<=", 25)
finish()

#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Feeds, readers and letters for exact.t.

usage: exact.py readers N            a list of readers in twelve variants, as CSV
       exact.py feeds DIR DAY        three feeds as they are on that day
       exact.py find OUTBOX ADDR DAY the file of a reader's letter of that day
       exact.py again OUTBOX TIME PROGRAM DIR     makes every letter again and compares
       exact.py form HOW FILE        a letter as a mail system leaves it
       exact.py changed OUTBOX N PROGRAM DIR      changes one byte of N letters
"""
import concurrent.futures
import email.utils
import glob
import os
import random
import re
import subprocess
import sys

VARIANTS = [(f, l, s) for f in ("html", "text") for l in ("full", "summary", "title")
            for s in ("all", "only a b")]
RHYTHM = {2: "weekly,Wednesday", 3: "each,", 11: "weekdays,"}


def readers(count):
    print("email,format,length,sources,rhythm,day")
    for i in range(count):
        f, l, s = VARIANTS[i % 12]
        print("r%04d@reader.example,%s,%s,%s,%s" % (i + 1, f, l, s, RHYTHM.get(i % 12, "each,")))


def feeds(folder, day):
    for name in "abc":
        items = []
        for d in range(max(1, day - 9), day + 1):
            if name == "c" and d % 3 == 0 or name != "c" and d % 5 == 4:
                continue
            at = "%02d Mar 2026 0%d:30:00 +0000" % (d, 3 + "abc".index(name))
            items.append("<item><title>%s of day %d: caf\u00e9 &amp; boats</title>"
                         "<link>https://%s.example/%d</link><pubDate>%s</pubDate>"
                         "<description>&lt;p&gt;Words of %s on day %d, %s&lt;/p&gt;"
                         "</description></item>"
                         % (name, d, name, d, at, name, d, "and so on " * (20 * d)))
        with open("%s/%s.xml" % (folder, name), "w", encoding="utf-8") as f:
            f.write('<?xml version="1.0"?><rss version="2.0"><channel><title>Blog %s</title>'
                    "<link>https://%s.example/</link>%s</channel></rss>"
                    % (name, name, "".join(reversed(items))))


def field(raw, name):
    m = re.search(rb"(?mi)^" + name + rb":\s*(.*?)\r?\n(?![ \t])", raw, re.S)
    return re.sub(rb"\r?\n", b"", m.group(1)).decode() if m else None


def letters(outbox):
    for path in sorted(glob.glob(outbox + "/**/*.eml", recursive=True)):
        with open(path, "rb") as f:
            yield path, f.read()


def day_of(raw):
    return email.utils.parsedate_to_datetime(field(raw, b"Date")).day


def find(outbox, address, day):
    for path, raw in letters(outbox):
        if field(raw, b"To") == address and day_of(raw) == int(day) and "test" not in os.path.basename(path):
            print(path)


def program(binary, folder, words, stdin=None):
    return subprocess.run([binary, "-c", "p.conf", "-d", "state", "--now",
                           "2026-03-25T07:00:00Z"] + words, cwd=folder, input=stdin,
                          capture_output=True, env=dict(os.environ, HOME=folder + "/home"))


def again(outbox, _now, binary, folder):
    listed = list(letters(outbox))
    print("%d letters" % len(listed))

    def one(item):
        path, raw = item
        name = "2026-03-%02d" % day_of(raw)
        shown = program(binary, folder, ["issue", "show", name, "--as", field(raw, b"To"), "--eml"])
        told = program(binary, folder, ["verify", path])
        return [] if shown.stdout == raw and told.returncode == 0 else [path, shown, told]

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        bad = [b for b in pool.map(one, listed) if b]
    for b in bad[:5]:
        print(b[0], b[1].stderr, b[2].stdout, b[2].stderr)
    print("all the same" if listed and not bad else "%d differ" % len(bad))


def form(how, path):
    with open(path, "rb") as f:
        raw = f.read()
    lf = raw.replace(b"\r\n", b"\n")
    head, _, body = lf.partition(b"\n\n")
    out = {
        "lf": lf,
        "mbox": b"From planet@quay.example Sun Mar  1 07:00:00 2026\n"
                + re.sub(rb"(?m)^(>*From )", rb">\1", lf) + b"\n",
        "trace": b"Return-Path: <planet@quay.example>\nDelivered-To: x@y.example\n"
                 b"Received: from a by b;\n\tSun, 1 Mar 2026 08:00:00 +0100\nX-Spam: no\n"
                 b"DKIM-Signature: v=1;\n d=quay.example\nARC-Seal: i=1\n"
                 b"Authentication-Results: mx.example; dkim=pass\n" + lf,
        "status": head + b"\nStatus: RO\nContent-Length: 7\n\n" + body,
        "bcc": head + b"\nBcc: x@y.example\n\n" + body,
        "cut": raw[:-9],
    }[how]
    sys.stdout.buffer.write(out)


def changed(outbox, count, binary, folder):
    chance = random.Random(8)
    listed = list(letters(outbox))
    tries = []
    for _ in range(int(count)):
        path, raw = chance.choice(listed)
        at = chance.randrange(len(raw))
        byte = chance.choice([b for b in range(256) if b != raw[at]])
        tries.append((path, at, byte, raw[:at] + bytes([byte]) + raw[at + 1:]))

    def one(item):
        path, at, byte, raw = item
        told = program(binary, folder, ["verify", "-"], raw)
        ok = told.returncode == 1 and b"It first differs in line" in told.stdout
        return None if ok else (path, at, byte, told.stdout + told.stderr)

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        bad = [b for b in pool.map(one, tries) if b]
    for b in bad[:5]:
        print(*b)
    print("all found" if tries and not bad else "%d not found" % len(bad))


globals()[sys.argv[1]](*[int(a) if a.isdigit() and sys.argv[1] in ("readers", "feeds") else a
                         for a in sys.argv[2:]])

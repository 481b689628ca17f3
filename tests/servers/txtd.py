#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""A DNS server on 127.0.0.1:53 that knows TXT records alone.  Python's own library only.

usage: txtd.py FILE     lines of NAME, TAB, "TXT", TAB, VALUE

It says "ready" on standard output when it listens, and anything else does not exist.
"""
import socket
import struct
import sys

with open(sys.argv[1], encoding="ascii") as f:
    records = {w[0].lower(): w[2].encode() for w in (line.rstrip("\n").split("\t") for line in f)}


def answer(query):
    ident, _, count = struct.unpack(">HHH", query[:6])
    at, labels = 12, []
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode("latin-1"))
        at += 1 + query[at]
    question = query[12:at + 5]
    value = records.get(".".join(labels).lower())
    if count != 1 or query[at + 1:at + 3] != b"\0\x10" or value is None:
        return struct.pack(">HHHHHH", ident, 0x8583, 1, 0, 0, 0) + question
    parts = [value[i:i + 255] for i in range(0, len(value), 255)]
    data = b"".join(bytes([len(p)]) + p for p in parts)
    return struct.pack(">HHHHHH", ident, 0x8580, 1, 1, 0, 0) + question + \
        b"\xc0\x0c\0\x10\0\1\0\0\0\x3c" + struct.pack(">H", len(data)) + data


s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 53))
print("ready", flush=True)
while True:
    asked, whom = s.recvfrom(4096)
    s.sendto(answer(asked), whom)

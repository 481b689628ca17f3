#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""A validating name server on loopback, as far as a client can see.  Python's own library only.

usage: dnsd.py ZONE LOG [PORT]

It prints its port on standard output when it listens.  ZONE is read at each question; a line of
it is NAME TYPE HOW [VALUE], TYPE A or TLSA, HOW one of
  signed      the answer has AD, if the question had AD or DO (RFC 6840 5.7)
  unsigned    it has not
  servfail    as for a signature that is wrong
  silent      no answer
and without VALUE there is no such record (NODATA).  Values: 127.0.0.1, or 3 1 1 HEX.  Names that
are not in it do not exist, unsigned.  LOG gets a line "TYPE NAME" for each question.
"""
import socket
import struct
import sys

TYPES = {1: "A", 28: "AAAA", 52: "TLSA"}


def zone():
    with open(sys.argv[1], encoding="ascii") as f:
        return [line.split(None, 3) for line in f if line.strip()]


def data(kind, value):
    if kind == "A":
        return socket.inet_aton(value)
    usage, selector, matching, rest = value.split()
    return bytes([int(usage), int(selector), int(matching)]) + bytes.fromhex(rest)


def answer(query):
    ident, flags, _, _, _, extra = struct.unpack(">HHHHHH", query[:12])
    at, labels = 12, []
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode("latin-1"))
        at += 1 + query[at]
    name = ".".join(labels).lower()
    kind = TYPES.get(struct.unpack(">H", query[at + 1:at + 3])[0], "?")
    question = query[12:at + 5]
    wants_ad = flags & 0x20 or (extra and query[-4] & 0x80)
    with open(sys.argv[2], "a", encoding="ascii") as f:
        f.write("%s %s\n" % (kind, name))
    mine = [r for r in zone() if r[0].lower() == name]
    rows = [r for r in mine if r[1] == kind]
    hows = {r[2] for r in rows}
    if "silent" in hows:
        return None
    code = 2 if "servfail" in hows else 0 if mine else 3
    values = [data(kind, r[3]) for r in rows if len(r) > 3 and code == 0]
    reply = 0x8180 | code | (0x20 if "signed" in hows and wants_ad else 0)
    records = b"".join(b"\xc0\x0c" + question[-4:] + struct.pack(">IH", 60, len(v)) + v
                       for v in values)
    return struct.pack(">HHHHHH", ident, reply, 1, len(values), 0, 0) + question + records


s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", int(sys.argv[3]) if len(sys.argv) > 3 else 0))
print(s.getsockname()[1], flush=True)
while True:
    asked, whom = s.recvfrom(4096)
    said = answer(asked)
    if said:
        s.sendto(said, whom)

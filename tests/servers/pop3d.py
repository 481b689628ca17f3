#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""A POP3 server under TLS on loopback, for one mailbox.  Python's own library only.

usage: pop3d.py PKI CERT DIR [MODE]

Prints its port.  The messages are the files of DIR in order of their names; what is deleted in
a session that ends with QUIT is removed.  User ann, password secret.  MODE: "drop" closes in the
middle of the first message, "endless" never ends it, "large" says it has 40 MB and does not give
it out, "mute" tells no sizes, "hole" closes in the middle of the first message alone, "holes 3" in
the middle of each of the first three, "dots" has 20 MB of lines of one dot as the first, their
ends counted as one octet.
"""
import os
import socket
import ssl
import sys


def serve(conn, folder, mode):
    names = sorted(os.listdir(folder))
    gone = set()
    holes = 1 if mode == "hole" else int(mode[6:]) if mode.startswith("holes ") else 0
    user = None
    conn.sendall(b"+OK ready\r\n")
    for line in conn.makefile("rb"):
        verb, _, rest = line.decode("ascii").strip().partition(" ")
        if verb == "USER":
            user = rest
            conn.sendall(b"+OK\r\n")
        elif verb == "PASS":
            if (user, rest) != ("ann", "secret"):
                conn.sendall(b"-ERR who are you?\r\n")
                return
            conn.sendall(b"+OK\r\n")
        elif verb == "STAT":
            conn.sendall(b"+OK %d 1000\r\n" % len(names))
        elif verb == "LIST" and mode != "mute":
            conn.sendall(b"+OK\r\n")
            for i in range(len(names)):
                sizes = {"large": 40000000, "dots": 20000000}
                size = sizes.get(mode, 1000) if i == 0 else 1000
                conn.sendall(b"%d %d\r\n" % (i + 1, size))
            conn.sendall(b".\r\n")
        elif verb == "RETR" and mode == "large" and rest == "1":
            return
        elif verb == "RETR":
            with open(os.path.join(folder, names[int(rest) - 1]), "rb") as f:
                text = f.read()
            conn.sendall(b"+OK\r\n")
            if mode == "dots" and rest == "1":
                for _ in range(1000):
                    conn.sendall(b"..\r\n" * 10000)
                conn.sendall(b".\r\n")
                continue
            if mode == "drop" or int(rest) <= holes:
                conn.sendall(text[:10])
                return
            while mode == "endless":
                conn.sendall(b"x" * 4096 + b"\r\n")
            for row in text.splitlines():
                conn.sendall((b"." if row.startswith(b".") else b"") + row + b"\r\n")
            conn.sendall(b".\r\n")
        elif verb == "DELE":
            gone.add(names[int(rest) - 1])
            conn.sendall(b"+OK\r\n")
        elif verb == "QUIT":
            for name in gone:
                os.remove(os.path.join(folder, name))
            conn.sendall(b"+OK\r\n")
            return
        else:
            conn.sendall(b"-ERR unknown\r\n")


def main():
    pki, cert, folder = sys.argv[1:4]
    mode = sys.argv[4] if len(sys.argv) > 4 else ""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("%s/%s.crt" % (pki, cert), "%s/%s.key" % (pki, cert))
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        conn, _ = listener.accept()
        try:
            with context.wrap_socket(conn, server_side=True) as secure:
                serve(secure, folder, mode)
        except OSError:
            pass


main()

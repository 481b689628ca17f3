#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Runs a command on a terminal of its own, 80 columns wide, and writes to standard output all
that the terminal was sent.  Ends with the command's status.

usage: terminal.py [--type TEXT] [--after TEXT KEYS]... COMMAND ARG...
--type is typed at once; KEYS of each --after, in their order, when its TEXT has been shown: as
it was sent, or without what moves the cursor and changes colours.  KEYS that begin with
<SECONDS> wait so long before they are typed.
"""
import os
import pty
import re
import sys
import fcntl
import struct
import termios
import time

args = sys.argv[1:]
typed = b""
if args[0] == "--type":
    typed = args[1].encode().decode("unicode_escape").encode()
    args = args[2:]
steps = []
while args[0] == "--after":
    steps.append((args[1].encode(), args[2].encode().decode("unicode_escape").encode()))
    args = args[3:]
pid, fd = pty.fork()
if pid == 0:
    os.execvp(args[0], args)
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
if typed:
    os.write(fd, typed)
seen = b""
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data:
        break
    os.write(1, data)
    seen += data
    while steps:
        plain = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", seen.replace(b"\x1b[C", b" "))
        where = [t for t in (seen, plain) if steps[0][0] in t]
        if not where:
            break
        text, keys = steps.pop(0)
        seen = where[0].partition(text)[2]
        pause = re.match(rb"<([0-9.]+)>", keys)
        if pause:
            time.sleep(float(pause.group(1)))
            keys = keys[pause.end():]
        os.write(fd, keys)
status = os.waitpid(pid, 0)[1]
sys.exit(os.waitstatus_to_exitcode(status) & 255)

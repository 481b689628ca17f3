# SPDX-License-Identifier: ISC
"""`planetpost run` with an issue that waits for its readers, beside smtp-source, which
personalises nothing and writes nothing down: same sink, letters of the same size, 10
connections.  Ledger, tokens and reconnects are in ours.  Also what a letter costs when there
are ten times as many readers, and the memory of it."""
import glob
import os
import subprocess

from whole import *

LETTERS = 4000
PAIRS = 5
need("smtp-sink", "smtp-source")
os.environ["PATH"] += ":/usr/sbin"
port = free_port()
sink = subprocess.Popen(["smtp-sink"] + (["-u", "nobody"] if os.geteuid() == 0 else [])
                        + ["inet:127.0.0.1:%d" % port, "200"], stderr=subprocess.DEVNULL)


def waiting(name, count, transport):
    """A folder where an issue is built and `count` letters wait to be sent."""
    folder = "%s/%s" % (BENCH, name)
    settings(folder, transport, "[feed a]\nurl = file://%s/a.xml\n" % folder)
    with open(folder + "/a.xml", "w") as f:
        f.write(feed("a", 5, 160))
    readers(folder, count)
    planetpost(folder, "run", "--no-send")
    return folder


try:
    wait_port(port)
    one = waiting("one", 1, "method = outbox")
    planetpost(one, "run")
    size = max(os.path.getsize(path) for path in
               glob.glob(one + "/**/*.eml", recursive=True) + glob.glob(one + "/outbox/**/*",
                                                                        recursive=True)
               if os.path.isfile(path))
    smtp = ("method = smtp\n[smtp]\nhost = 127.0.0.1\nport = %d\nsecurity = none\n"
            "connections = 10\n" % port)
    base = waiting("base", LETTERS, smtp)
    rates, cpus, costs = [], [], []
    for _ in range(PAIRS):
        them = Cost(["smtp-source", "-d", "-s", "10", "-m", str(LETTERS), "-l", str(size), "-f",
                     "planet@bench.example", "-t", "reader@example.com",
                     "inet:127.0.0.1:%d" % port])
        us = planetpost(copied(base, "pair"), "run")
        rates.append(them.seconds / us.seconds)
        cpus.append(us.cpu / them.cpu)
        costs.append(us)
    goal("send: letters a second / smtp-source", median(rates), ">=", 1.5,
         "%.0f a second, %d octets each" % (LETTERS / median(c.seconds for c in costs), size))
    goal("send: CPU / smtp-source", median(cpus), "<=", 0.45,
         "%.0f us a letter" % (1e6 * median(c.cpu for c in costs) / LETTERS))
    many = waiting("many", 10 * LETTERS, smtp)
    growth, peaks = [], []
    for _ in range(3):
        few = planetpost(copied(base, "pair"), "run")
        lots = planetpost(copied(many, "pair"), "run")
        growth.append(lots.cpu / few.cpu / 10)
        peaks.append(lots.megabytes)
    goal("send: CPU a letter, 10 x the readers", median(growth), "<=", 1.1)
    goal("send: MB at %d readers" % (10 * LETTERS), median(peaks), "<=", 20)
finally:
    sink.terminate()
finish()

# SPDX-License-Identifier: ISC
"""`planetpost issue send` beside smtp-source, which personalises nothing and writes nothing down:
the same sink, letters of the same size, as many connections.  Ours is the whole command: who is
due, tokens, ledger with full durability, connections.  Into smtp-sink, and into a sink that is
faster than either, without and with CHUNKING, at once and with answers that take 5 ms: each of
them, as over a long way, where we have fewer of them to wait for; or that to a letter alone, for
which both wait once, so that there is nothing to win but with CHUNKING.

Under TLS smtp-source cannot send.  Ours, with STARTTLS and a certificate that is verified, stands
beside smtp-source in the clear for letters a second, and beside ours in the clear, into the same
sink, for CPU: to encrypt a letter may cost as much again as all the rest of it.

A sink takes letters no faster than its own work on them allows: what it spent on ours is said,
and the ratio that would be reached if it never waited for us, the most that anybody could.

Also what a letter costs when there are ten times as many readers, and the memory of it.

SEND_LETTERS and SEND_PAIRS make it shorter."""
import glob
import os
import subprocess

from whole import *

LETTERS = int(os.environ.get("SEND_LETTERS", 20000))
PAIRS = int(os.environ.get("SEND_PAIRS", 7))
ISSUE = "2026-11-30"
FAST = os.path.join(os.path.dirname(PLANETPOST), "bench/fast_sink")
need("smtp-sink", "smtp-source", "openssl")
os.environ["PATH"] += ":/usr/sbin"
sinks = []
by_port = {}


def start(args, port=None):
    """A sink; its port is said by itself when it is not given."""
    sink = subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    sinks.append(sink)
    port = port or int(sink.stdout.readline())
    wait_port(port)
    by_port[port] = sink
    return port


def work_of(port):
    """The CPU seconds that a sink has spent until now."""
    with open("/proc/%d/stat" % by_port[port].pid) as f:
        ticks = f.read().rsplit(")", 1)[1].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def smtp_sink():
    port = free_port()
    return start(["smtp-sink"] + (["-u", "nobody"] if os.geteuid() == 0 else [])
                 + ["inet:127.0.0.1:%d" % port, "200"], port)


def waiting(name, count, transport):
    """A folder where an issue is built for `count` readers and nothing of it was sent."""
    folder = "%s/%s" % (BENCH, name)
    settings(folder, transport, "[feed a]\nurl = file://%s/a.xml\n" % folder)
    with open(folder + "/a.xml", "w") as f:
        f.write(feed("a", 6, 160))
    readers(folder, count)
    planetpost(folder, "run", "--no-send")
    return folder


def smtp(port, connections, security="security = none\n"):
    return ("method = smtp\n[smtp]\nhost = 127.0.0.1\nport = %d\n%s"
            "connections = %d\n" % (port, security, connections))


def aimed(base, port, connections, *security):
    """A copy of a folder that sends to another port."""
    folder = copied(base, "pair")
    with open(base + "/c.conf") as f:
        head, rest = f.read().split("method = smtp\n", 1)
    with open(folder + "/c.conf", "w") as f:
        f.write(head + smtp(port, connections, *security) + rest[rest.index("[feed a]"):])
    return folder


def source(port, connections, size):
    return Cost(["smtp-source", "-d", "-s", str(connections), "-m", str(LETTERS), "-l", str(size),
                 "-f", "planet@bench.example", "-t", "reader@example.com",
                 "inet:127.0.0.1:%d" % port])


def send(folder, count=LETTERS):
    return planetpost(folder, "issue", "send", ISSUE, "--confirm", str(count))


def compare(name, base, port, size, connections, rate, cpu=None):
    """Interleaved pairs into one sink: the ratios of letters a second, and of CPU."""
    rates, cpus, ours, most = [], [], [], []
    for _ in range(PAIRS):
        them = source(port, connections, size)
        folder = aimed(base, port, connections)
        before = work_of(port)
        us = send(folder)
        most.append(them.seconds / max(work_of(port) - before, 0.01))
        rates.append(them.seconds / us.seconds)
        cpus.append(us.cpu / them.cpu)
        ours.append(us)
    goal("%s: letters a second" % name, median(rates), ">=", rate,
         "%.0f a second, %d octets each; bound by the sink's own work: %.2f" % (
             LETTERS / median(c.seconds for c in ours), size, median(most)))
    note = "%.1f us a letter" % (1e6 * median(c.cpu for c in ours) / LETTERS)
    if cpu:
        goal("%s: CPU" % name, median(cpus), "<=", cpu, note)
    else:
        print("%-34s %9.2f  (%s)" % ("%s: CPU" % name, median(cpus), note), flush=True)


def compare_tls(base, clear, size):
    """Under TLS beside smtp-source and beside ours, both in the clear."""
    pki = BENCH + "/pki"
    subprocess.run(["sh", os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                       "../servers/mkpki.sh"), pki], check=True)
    port = start([FAST, "tls=%s/good.crt,%s/good.key" % (pki, pki)])
    security = "security = starttls\nca_file = %s/ca.crt\n" % pki
    rates, cpus, ours = [], [], []
    for _ in range(PAIRS):
        them = source(clear, 10, size)
        bare = send(aimed(base, clear, 10))
        us = send(aimed(base, port, 10, security))
        rates.append(them.seconds / us.seconds)
        cpus.append(us.cpu / bare.cpu)
        ours.append(us)
    goal("TLS beside smtp-source without", median(rates), ">=", 1,
         "letters a second; %.0f" % (LETTERS / median(c.seconds for c in ours)))
    goal("TLS beside ours without: CPU", median(cpus), "<=", 2,
         "%.1f us a letter" % (1e6 * median(c.cpu for c in ours) / LETTERS))


try:
    one = waiting("one", 1, "method = outbox")
    planetpost(one, "run")
    size = max(os.path.getsize(path) for path in
               glob.glob(one + "/**/*.eml", recursive=True) + glob.glob(one + "/outbox/**/*",
                                                                        recursive=True)
               if os.path.isfile(path))
    base = waiting("base", LETTERS, smtp(1, 10))
    print("beside smtp-source, %d letters, medians of %d pairs" % (LETTERS, PAIRS))
    compare("smtp-sink", base, smtp_sink(), size, 10, 1.5, 0.45)
    fast = start([FAST])
    compare("fast sink", base, fast, size, 10, 3, 0.45)
    compare("with CHUNKING", base, start([FAST, "chunking"]), size, 10, 5, 0.45)
    compare_tls(base, fast, size)
    compare("each 5 ms, 50 connections", base, start([FAST, "delay=5", "each"]), size, 50, 1.3)
    compare("5 ms, 50 connections", base, start([FAST, "delay=5"]), size, 50, 0.95)
    compare("5 ms, 50, CHUNKING", base, start([FAST, "chunking", "delay=5"]), size, 50, 5)
    many = waiting("many", 10 * LETTERS, smtp(1, 10))
    growth, peaks = [], []
    for _ in range(3):
        few = send(aimed(base, fast, 10))
        lots = send(aimed(many, fast, 10), 10 * LETTERS)
        growth.append(lots.cpu / few.cpu / 10)
        peaks.append(lots.megabytes)
    goal("CPU a letter, 10 x the readers", median(growth), "<=", 1.1)
    goal("MB at %d readers" % (10 * LETTERS), median(peaks), "<=", 20)
finally:
    for sink in sinks:
        sink.terminate()
finish()

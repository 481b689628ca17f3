# SPDX-License-Identifier: ISC
"""What the cases of `make bench` share that measure whole commands: a command's time, CPU and
memory, medians, goals.  Each case compares two things measured in one run."""
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import time

PLANETPOST = os.path.abspath(os.environ.get("PLANETPOST", "build/plain/planetpost"))
BENCH = os.environ.get("BENCH") or sys.exit("run me by tests/bench/run")
short = False


class Cost:
    """What one command took: seconds, CPU seconds of it and its children, peak MB.
    watch is called with the number of its process."""

    def __init__(self, args, folder=BENCH, watch=None):
        began = time.monotonic()
        process = subprocess.Popen(
            args, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, env=dict(os.environ, HOME=BENCH, TERM="dumb"))
        if watch:
            watch(process.pid)
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        self.seconds = time.monotonic() - began
        self.cpu = usage.ru_utime + usage.ru_stime
        self.megabytes = usage.ru_maxrss / 1024
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit("%s: exit code %d\n%s" % (" ".join(args), process.returncode,
                                               said.decode(errors="replace")[:500]))


def planetpost(folder, *words, hour=8, watch=None):
    return Cost([PLANETPOST, "-c", "c.conf", "-d", "state",
                 "--now", "2026-11-30T%02d:00:00Z" % hour, *words], folder, watch)


def goal(name, got, sign, want, note=""):
    """Says one figure beside its goal; sign is >= or <=."""
    global short
    reached = got >= want if sign == ">=" else got <= want
    short = short or not reached
    print("%-34s %9.2f  goal %s %g: %s%s" % (name, got, sign, want,
          "reached" if reached else "FALLS SHORT", "  (%s)" % note if note else ""), flush=True)


def finish():
    sys.exit(1 if short else 0)


median = statistics.median


def need(*programs):
    """A peer that is not there leaves nothing to compare with: said, and no success."""
    for program in programs:
        if not shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin"):
            sys.exit("%s is not installed: contrib/install-needs bench" % program)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_port(port):
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit("nobody listens on port %d" % port)


WORDS = ("harbour tide lantern quay rope signal what came in with the water today and who saw "
         "it leave before the light went out").split()


def text_of(seed, words):
    return " ".join(WORDS[(seed * 7 + i * i + i) % len(WORDS)] for i in range(words))


def feed(name, posts, words=120, day=29):
    """An RSS document of `posts` posts with bodies of HTML."""
    items = "".join(
        "<item><title>%s %d</title><link>https://%s.example/%d</link><guid>%s-%d</guid>"
        "<pubDate>%02d Nov 2026 %02d:%02d:00 GMT</pubDate><description><![CDATA[%s]]>"
        "</description></item>\n" % (
            text_of(i, 3), i, name, i, name, i, day - i // 600, i // 60 % 10, i % 60,
            "".join("<p class=\"x\">%s <a href=\"https://%s.example/?a=%d&amp;b=2\">%s</a></p>"
                    % (text_of(i + k, 30), name, k, text_of(k, 2)) for k in range(words // 32)))
        for i in range(posts))
    return ("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>%s</title>"
            "<link>https://%s.example/</link>%s</channel></rss>" % (name, name, items))


def settings(folder, transport="method = outbox", feeds=""):
    os.makedirs(folder, exist_ok=True)
    with open(folder + "/c.conf", "w") as f:
        f.write("[newsletter]\nname = Bench\ntimezone = UTC\nfrom = Bench <planet@bench.example>\n"
                "[fetch]\nallow_files = yes\nallow_private = yes\nhost_pause = 0s\n"
                "per_host = 8\n"
                "[digest]\nschedule = off\n"
                "[list]\ncommand_address = planet@bench.example\n"
                "[database]\nbackup_dir =\n[transport]\n%s\n%s" % (transport, feeds))


def readers(folder, count):
    with open(folder + "/readers.csv", "w") as f:
        f.write("email\n")
        for i in range(count):
            f.write("reader%d@example%d.org\n" % (i, i % 97))
    return planetpost(folder, "sub", "import", "readers.csv", "--confirmed-by", "bench")


def copied(folder, name):
    to = "%s/%s" % (BENCH, name)
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to)
    return to

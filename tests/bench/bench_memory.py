# SPDX-License-Identifier: ISC
"""Memory of the commands that meet many readers or many issues, beside the same command on a
tenth of them: it must not grow.  A send is measured with ten thousand and with MEMORY_READERS
(200,000) readers; what of it are pages of the program and its libraries, which all processes
share, is said beside it."""
import threading

from whole import *

MANY = int(os.environ.get("MEMORY_READERS", 200000))


def pages_of_files(pid, most):
    """Looks at a process until it ends: MB of files in its memory, at most."""
    try:
        while True:
            with open("/proc/%d/status" % pid) as f:
                for line in f:
                    if line.startswith("RssFile:"):
                        most[0] = max(most[0], int(line.split()[1]) / 1024)
            time.sleep(0.02)
    except OSError:
        pass


def send(count):
    """Peak MB of a send to so many readers over ten connections, and MB of files in it."""
    folder = "%s/send%d" % (BENCH, count)
    sink = subprocess.Popen([os.path.join(os.path.dirname(PLANETPOST), "bench/fast_sink")],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        port = int(sink.stdout.readline())
        wait_port(port)
        settings(folder, "method = smtp\n[smtp]\nhost = 127.0.0.1\nport = %d\n"
                 "security = none\nconnections = 10\n" % port,
                 "[feed a]\nurl = file://%s/a.xml\n" % folder)
        with open(folder + "/a.xml", "w") as f:
            f.write(feed("a", 6, 160))
        readers(folder, count)
        planetpost(folder, "run", "--no-send")
        most = [0]
        peak = planetpost(folder, "issue", "send", "2026-11-30", "--confirm", str(count),
                          watch=lambda pid: threading.Thread(
                              target=pages_of_files, args=(pid, most)).start()).megabytes
        return peak, most[0]
    finally:
        sink.terminate()
        sink.wait()
        shutil.rmtree(folder, ignore_errors=True)


peaks = {}
for count in (10000, 100000):
    folder = "%s/import%d" % (BENCH, count)
    settings(folder)
    peaks[count] = readers(folder, count).megabytes
goal("memory: MB of an import of 100,000", peaks[100000], "<=", 64)
goal("memory: ... beside one of 10,000", peaks[100000] / peaks[10000], "<=", 1.1)

for count in (4, 40):
    folder = "%s/issues%d" % (BENCH, count)
    settings(folder, feeds="[feed a]\nurl = file://%s/a.xml\n" % folder)
    readers(folder, 1)
    for hour in range(count):
        with open(folder + "/a.xml", "w") as f:
            f.write(feed("a%d" % hour, 20, 160))
        planetpost(folder, "fetch", "a", hour=hour % 24)
        planetpost(folder, "run", "--no-send", hour=hour % 24)
    peaks[count] = planetpost(folder, "export", "mbox", "-o", "all.mbox", hour=23).megabytes
goal("memory: MB of an export of 40 issues", peaks[40], "<=", 20)
goal("memory: ... beside one of 4", peaks[40] / peaks[4], "<=", 1.1)

first = None
for count in (10000, MANY):
    peak, files = send(count)
    first = first or peak
    goal("memory: MB of a send to %d" % count, peak, "<=", 20,
         "%.1f of it the program and libraries" % files)
goal("memory: ... beside one to 10,000", peak / first, "<=", 1.1)
finish()

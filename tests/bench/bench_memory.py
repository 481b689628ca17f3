# SPDX-License-Identifier: ISC
"""Memory of the commands that meet many readers or many issues, beside the same command on a
tenth of them: it must not grow."""
from whole import *

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
finish()

# SPDX-License-Identifier: ISC
"""Starting up: the program that only says its version, beside curl's; and `run` that finds
nothing due."""
from whole import *

need("curl")
pairs = [(Cost([PLANETPOST, "--version"]), Cost(["curl", "--version"])) for _ in range(41)]
goal("start: seconds / curl --version", median(a.seconds / b.seconds for a, b in pairs), "<=", 1,
     "%.1f ms" % (1000 * median(a.seconds for a, _ in pairs)))
folder = BENCH + "/idle"
settings(folder, feeds="[feed a]\nurl = file://%s/a.xml\n" % folder)
with open(folder + "/a.xml", "w") as f:
    f.write(feed("a", 3))
readers(folder, 10)
planetpost(folder, "run")
idle = [planetpost(folder, "run") for _ in range(21)]
goal("start: CPU ms of a run, nothing due", 1000 * median(c.cpu for c in idle), "<=", 15,
     "%.1f ms by the clock" % (1000 * median(c.seconds for c in idle)))
finish()

# SPDX-License-Identifier: ISC
"""A whole `planetpost fetch` of 1,000 feeds whose answers come 50 to 200 ms late, 100 at once: its
wall time beside the least that is possible, when nothing is new and when all is.  Cold rounds also
with one thread, to see what the others are for."""
from whole import *

FEEDS = 1000
AT_ONCE = 100
POSTS = 20
WORDS_A_POST = 640     # some 4.6 kB of HTML: a feed of 95 kB
PAIRS = 3

os.makedirs(BENCH + "/docs")
for i in range(FEEDS):
    with open("%s/docs/%d" % (BENCH, i), "w") as f:
        f.write(feed("f%d" % i, POSTS, WORDS_A_POST))
server = subprocess.Popen([os.path.dirname(PLANETPOST) + "/bench/late_server", BENCH + "/docs",
                           str(FEEDS)], stdout=subprocess.PIPE)
port, delays = server.stdout.readline().split()
least = int(delays) / 1000 / AT_ONCE


def planet(name, threads):
    """The settings of one; its store is empty."""
    settings(BENCH + "/" + name, feeds="".join(
        "[feed f%d]\nurl = http://127.0.0.1:%d/%d\nevery = 1h\n" % (i, int(port), i)
        for i in range(FEEDS)))
    path = BENCH + "/" + name + "/c.conf"
    with open(path) as f:
        text = f.read()
    with open(path, "w") as f:
        f.write(text.replace("per_host = 8\n", "per_host = %d\nparallel = %d\nthreads = %d\n" % (
            AT_ONCE, AT_ONCE, threads)))
    return BENCH + "/" + name


many = planet("many", 0)
one = planet("one", 1)
cold, alone, unchanged, ratios, memory = [], [], [], [], []
for _ in range(PAIRS):
    cost = planetpost(copied(many, "now"), "fetch")
    cold.append(cost.seconds / least)
    memory.append(cost.megabytes)
    unchanged.append(planetpost(BENCH + "/now", "fetch", hour=23).seconds / least)
    other = planetpost(copied(one, "other"), "fetch")
    alone.append(other.seconds / least)
    ratios.append(cost.cpu / other.cpu)
print("late: the least is %.2f s; %d processors; cold with one thread %.2f times that; CPU with "
      "all / with one %.2f" % (least, os.cpu_count(), median(alone), median(ratios)))
goal("late: unchanged, wall / least", median(unchanged), "<=", 1.15)
goal("late: cold, wall / least", median(cold), "<=", 1.5)
goal("late: cold, MB", median(memory), "<=", 64)
server.terminate()
server.wait()
finish()

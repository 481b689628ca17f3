# SPDX-License-Identifier: ISC
"""What it takes to make letters: 500 readers who each leave out three of the 60 blogs of an issue
get 500 different ones, beside 500 readers who get the same; and an issue of 2,000 new posts."""
import itertools

from whole import *

BLOGS = 60
READERS = 500
NEW = 2000
FEEDS_OF_NEW = 100
RUNS = 3
names = ["b%02d" % i for i in range(BLOGS)]


def planet(name, feeds, posts, words, digest=""):
    folder = "%s/%s" % (BENCH, name)
    settings(folder, feeds="".join("[feed %s]\nurl = file://%s/%s.xml\n" % (f, folder, f)
                                   for f in feeds))
    with open(folder + "/c.conf") as f:
        text = f.read()
    with open(folder + "/c.conf", "w") as f:
        f.write(text.replace("[digest]\n", "[digest]\n" + digest))
    for i, f in enumerate(feeds):
        with open("%s/%s.xml" % (folder, f), "w") as out:
            # Two to three kB of HTML, as real posts have; no two blogs write the same.
            out.write(feed(f, posts, words(i)).replace("harbour", "harbour of " + f))
    planetpost(folder, "fetch")
    return folder


def list_of(folder, rows):
    with open(folder + "/r.csv", "w") as f:
        f.write("email,sources\n")
        f.writelines("r%d@example%d.org,%s\n" % (i, i % 97, s) for i, s in enumerate(rows))
    planetpost(folder, "sub", "import", "r.csv", "--confirmed-by", "bench")


def send(folder, run):
    work = copied(folder, "send%d" % run)
    cost = planetpost(work, "issue", "send", "2026-11-30", "--confirm", str(READERS), hour=9)
    size = os.path.getsize(work + "/state/planetpost.db") / 1e6
    shutil.rmtree(work)
    return cost, size


# Every seventh choice of three: neighbours differ in more than one blog.
left_out = itertools.islice(itertools.combinations(names, 3), 0, None, 7)
folders = {}
for name, rows in (("one", ["all"] * READERS),
                   ("many", ["all but " + " ".join(three)
                             for three in itertools.islice(left_out, READERS)])):
    folders[name] = planet(name, names, 1, lambda i: 64 + 32 * (i % 9))
    list_of(folders[name], rows)
    planetpost(folders[name], "run", "--no-send")
costs = {"one": [], "many": []}
for run in range(RUNS):
    for name in costs:
        costs[name].append(send(folders[name], run))
many = median(cost.cpu for cost, _ in costs["many"])
one = median(cost.cpu for cost, _ in costs["one"])
print("compile: a letter of %d posts beside one made already: %.2f and %.2f ms CPU" % (
    BLOGS, 1e3 * many / READERS, 1e3 * one / READERS))
goal("compile: CPU s of 500 variants", many, "<=", 2)
goal("compile: MB that they take in the store", costs["many"][0][1] - costs["one"][0][1], "<=", 4)

folder = planet("new", ["n%02d" % i for i in range(FEEDS_OF_NEW)], NEW // FEEDS_OF_NEW,
                lambda i: 64 + 32 * (i % 9), "max_items = 2000\nmax_per_feed = 100\n")
list_of(folder, ["all"])
costs = [planetpost(copied(folder, "new%d" % run), "run", "--no-send") for run in range(RUNS)]
goal("compile: CPU s of 2,000 new posts", median(c.cpu for c in costs), "<=", 0.3)
goal("compile: MB of them", max(c.megabytes for c in costs), "<=", 64)
finish()

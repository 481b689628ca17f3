# SPDX-License-Identifier: ISC
"""What a feed costs in a round over 10,000 feeds when 1,000,000 posts are stored, beside one over
1,000 feeds with an empty store: the first document of each, all of it new, then the second reading,
when all of it is known, then a document with one more post.  Medians of pairs."""
from whole import *

FEW = 1000
MANY = 10000
OLD_FEEDS = 2000    # whose posts are stored before
OLD_POSTS = 500
POSTS = 10
PAIRS = 3

# One document for all: names are of one length, and stand in every post, so that none is another's.
NAME = "n00000"


def write(folder, name, template):
    with open("%s/%s.xml" % (folder, name), "w") as f:
        f.write(template.replace(NAME, name))


def planet(name, names):
    """The settings over those feeds, all asked each time; the store of one that is there stays."""
    folder = BENCH + "/" + name
    settings(folder, feeds="".join(
        "[feed %s]\nurl = file://%s/%s.xml\nevery = 1h\n" % (n, docs, n) for n in names))
    with open(folder + "/c.conf") as f:
        text = f.read()
    with open(folder + "/c.conf", "w") as f:
        f.write(text.replace("[fetch]\n", "[fetch]\nlongest = 1h\n"))
    return folder


docs = BENCH + "/docs"
os.makedirs(docs)
old = ["o%05d" % i for i in range(OLD_FEEDS)]
many = ["m%05d" % i for i in range(MANY)]
template = feed(NAME, OLD_POSTS, 32)
for name in old:
    write(docs, name, template)
template = feed(NAME, POSTS)
for name in many:
    write(docs, name, template)

full = planet("full", old)
cost = planetpost(full, "fetch")
for name in old:
    os.unlink("%s/%s.xml" % (docs, name))
print("grown: %d posts stored in %.0f CPU s, %.0f MB" % (
    OLD_FEEDS * OLD_POSTS, cost.cpu, os.path.getsize(full + "/state/planetpost.db") / 1e6))
planet("full", many)
small = planet("small", many[:FEW])

cases = ["all posts new", "all posts known", "one more post"]


def costs_of(folder, names, costs, memory):
    """One round of each case over those feeds, in a copy of that store."""
    folder = copied(folder, "pair")
    for case, hour, posts in zip(cases, (8, 10, 12), (POSTS, POSTS, POSTS + 1)):
        if case != cases[1]:
            template = feed(NAME, posts)
            for name in names:
                write(docs, name, template)
        cost = planetpost(folder, "fetch", hour=hour)
        costs[case].append(cost.cpu / len(names))
        memory.append(cost.megabytes)


few_costs = {case: [] for case in cases}
many_costs = {case: [] for case in cases}
memory = []
for _ in range(PAIRS):
    costs_of(small, many[:FEW], few_costs, [])
    costs_of(full, many, many_costs, memory)
for case in cases:
    goal("grown: %s, CPU of a feed" % case,
         median([m / f for m, f in zip(many_costs[case], few_costs[case])]), "<=", 1.2,
         "%.2f ms with %d feeds and none stored" % (1000 * median(few_costs[case]), FEW))
goal("grown: MB", max(memory), "<=", 64)
finish()

# SPDX-License-Identifier: ISC
"""The store after a year of 10,000 daily readers: what became of each letter goes after some
months, so the file ends its growth; gc gives room back; an export of all issues needs no more
memory than one of a few."""
import subprocess

from whole import *

READERS = 10000
DAYS = 365
START = 1795996800  # 2026-11-30 00:00 UTC
folder = BENCH + "/year"
settings(folder, feeds="[feed a]\nurl = file://%s/a.xml\n" % folder)
with open(folder + "/a.xml", "w") as f:
    f.write(feed("a", 20, 160))


def sql(text):
    """In a process of its own: this one stays small, since commands inherit its peak."""
    subprocess.run([sys.executable, "-c", "import sqlite3, sys\n"
                    "db = sqlite3.connect(sys.argv[1]); db.executescript(sys.argv[2])",
                    folder + "/state/planetpost.db", "BEGIN;" + text + "COMMIT;"], check=True)


def at(day, *words):
    return Cost([PLANETPOST, "-c", "c.conf", "-d", "state", "--now",
                 time.strftime("%Y-%m-%dT12:00:00Z", time.gmtime(START + day * 86400)), *words],
                folder)


def size():
    return os.path.getsize(folder + "/state/planetpost.db") / 1e6


def day_of_letters(day):
    """The issue of a day, as the first one, with a letter sent to each reader."""
    noon = START + day * 86400 + 43200
    return """
        INSERT INTO issue SELECT {n}, {n}, 'day-{n}', state, {at}, {at}, {at}, {at}, entry_count,
        source_count, bytes, subject, intro FROM issue WHERE id = 1;
        INSERT INTO rendering (issue_id, after, variant_id, part, letterhead_id, created, subject,
        text, html) SELECT {n}, {n} - 1, variant_id, part, letterhead_id, {at}, subject, text, html
        FROM rendering WHERE issue_id = 1;
        INSERT INTO delivery SELECT {n}, id, 1, 2, {n} - 1, variant_id, epoch, 1, 0, confirmed, NULL,
        {at}, '2.0.0', '250 2.0.0 Ok: queued as 4XyZ1234567890' FROM reader;
        UPDATE reader SET last_issue = {n};""".format(n=day + 1, at=noon)


readers(folder, READERS)
at(0, "run")
sizes, costs = [], []
for day in range(1, DAYS):
    if day == 1 or day % 10 == 0:
        sql("".join(day_of_letters(d) for d in range(day, min(DAYS, day + 10 - day % 10))))
    if day % 10 == 9:
        costs.append(at(day, "run").cpu)
        sizes.append(size())
grown, before = max(sizes), size()
goal("year: MB at its end / after 120 days", sizes[-1] / sizes[11], "<=", 1.1,
     "%.0f MB; letters of a year would be %.0f" % (grown, 76e-6 * READERS * DAYS))
print("year: CPU s of a tidying of 10 days   %9.2f" % median(costs[10:]))
cost = at(DAYS, "export", "mbox", "-o", "all.mbox")
goal("year: MB of an export of %d issues" % DAYS, cost.megabytes, "<=", 20,
     "%.1f CPU s" % cost.cpu)
at(DAYS + 80, "gc")
print("year: MB after gc, 80 days later      %9.2f" % size())
goal("year: ... of the size before", size() / before, "<=", 0.4)
finish()

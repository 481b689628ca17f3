# SPDX-License-Identifier: ISC
"""`run` that finds nothing due, beside many readers and many stored posts: the timer calls it
every few minutes, so it must cost next to nothing however much is stored."""
import sqlite3

from whole import *

NOW = 1796025600  # 2026-11-30 08:00 UTC
COUNTED = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "


def planet(name, sources):
    """A folder with so many feeds, all of them asked a moment ago, and one issue sent."""
    folder = "%s/%s" % (BENCH, name)
    settings(folder, "method = outbox", "".join(
        "[https://blog%d.example/feed]\nname = Blog %d\n" % (i, i) for i in range(sources))
        + "[feed a]\nurl = file://%s/a.xml\n" % folder)
    with open(folder + "/a.xml", "w") as f:
        f.write(feed("a", 5))
    readers(folder, 1)
    planetpost(folder, "fetch", "a")
    store = sqlite3.connect(folder + "/state/planetpost.db")
    store.execute("UPDATE source SET next_poll = ?, last_poll = ?, last_ok = ?",
                  (NOW + 86400, NOW - 60, NOW - 60))
    store.commit()
    planetpost(folder, "run")
    return folder, store


def idle(folder):
    planetpost(folder, "run")
    runs = [planetpost(folder, "run") for _ in range(15)]
    starts = [Cost([PLANETPOST, "--version"]) for _ in range(15)]
    return 1000 * median(c.cpu for c in runs), "%.0f ms of it to start" % (
        1000 * median(c.cpu for c in starts))


folder, store = planet("readers", 1000)
store.execute(COUNTED % 1000000 + """
    INSERT INTO reader SELECT id + i, state, cadence_id, variant_id, last_issue, epoch,
    soft_bounces, hold_skip, due, created, confirmed, hold_until,
    'reader' || i || '@example' || (i % 997) || '.org',
    'reader' || i || '@example' || (i % 997) || '.org', confirmed_by
    FROM n, reader WHERE id = 1""")
store.commit()
store.close()
ms, note = idle(folder)
goal("idle: CPU ms, 1,000,000 readers", ms, "<=", 15, "1,000 feeds, " + note)

folder, store = planet("posts", 10000)
store.execute(COUNTED % 1000000 + """
    INSERT INTO entry (source_id, state, published, first_seen, last_seen, fingerprint,
    said_title, said_text, title, link, guid) SELECT 1 + i / 100, 2, :now - i, :now - i, :now,
    i, i, i, 'A headline of a normal length for a post on a planet',
    'https://blog' || (i / 100) || '.example/' || i || '/', '' FROM n""", {"now": NOW})
store.execute("""INSERT INTO entry_text (entry_id, words, text, html) SELECT id, 100,
    'What came in with the water today', '<p>What came in with the water today</p>'
    FROM entry ORDER BY id DESC LIMIT 20000""")
store.execute("INSERT INTO identity SELECT id * 1048576 + 5, id, fingerprint FROM entry")
store.commit()
store.close()
ms, note = idle(folder)
goal("idle: CPU ms, 1,000,000 posts", ms, "<=", 30, "10,000 feeds, " + note)
finish()

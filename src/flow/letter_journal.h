/* SPDX-License-Identifier: ISC */
/*
 * Which letters are out, and what was answered: a small file beside the run lock, mapped into
 * memory.  A letter has a cell from before its first byte can leave until its answer stands in
 * the database, so that after a kill only letters that were really out are unknown, and no
 * answer is lost when the database cannot be written.  A write costs no system call; the file
 * has its full size on the disk from the start, so a full disk does not touch it.
 *
 * It outlives a killed program, not a power cut: its head names the boot it belongs to, the
 * database, and the taking (store_takings()) of the letters in it.  What a failing disk has in
 * memory alone is gone when it is mounted anew; a second map in memory that is no disk's
 * (/dev/shm) says the same, and is what counts then.  It also knows the last
 * issue of which letters went, so that a database from before it is known to be one.
 */
#ifndef FLOW_LETTER_JOURNAL_H
#define FLOW_LETTER_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "model/model.h"
#include "store/delivery_recovery.h"

enum { JOURNAL_CELLS = 1280 };

struct letter_journal;
/*
 * Opens or makes the file (mode 0600, no link followed).  key: the newsletter's, by which the
 * database is known.  boot: names this start of the machine; "" = not known, so no other.  One
 * that is not of this database counts as new.  Owned by the caller.
 */
struct letter_journal *letter_journal_open(const char *path,
    const unsigned char key[HASH_SIZE], const char *boot, struct err *err) MUST_CHECK;
void letter_journal_close(struct letter_journal *j); /* accepts NULL */

/* What the database's number of takings says. */
enum journal_verdict {
	JOURNAL_CURRENT, /* the cells hold every letter that was out */
	JOURNAL_REBOOTED, /* what is in the cells is true; other letters may have been out */
	JOURNAL_UNKNOWING, /* new, or older than the database: it knows nothing */
	JOURNAL_NEWER      /* the database is older than what was sent */
};
enum journal_verdict letter_journal_judge(const struct letter_journal *j,
    int64_t takings);
/*
 * The letters in the cells, those whose answer is in the database (perhaps) last, newest first.
 * In the arena.
 */
size_t letter_journal_left(const struct letter_journal *j, struct arena *a,
    struct delivery_left **out);
/* The cells are in the database: all are free, and this boot and number are in the head. */
void letter_journal_restart(struct letter_journal *j, int64_t takings);

/* Letters will be taken, as number `takings`; they are durable as `sending`. */
void letter_journal_announce(struct letter_journal *j, int64_t takings);
void letter_journal_taken(struct letter_journal *j, int64_t takings);
/* The letter may leave from now on.  -1: no cell is free. */
int letter_journal_hand_out(struct letter_journal *j, const struct delivery *d,
    int64_t now);
/* It did not leave after all. */
void letter_journal_free_cell(struct letter_journal *j, int cell);
/*
 * Its answer stands in the database.  The cell is free, and known until it is used again: a disk
 * that breaks in that moment may have lost a commit that it called written.
 */
void letter_journal_written(struct letter_journal *j, int cell);
/* d as it is to be settled; of a long reply the beginning is kept. */
void letter_journal_answer(struct letter_journal *j, int cell, const struct delivery *d);
/*
 * To the disk, where it outlives a power cut: before answers are left in it.  False when the disk
 * cannot be written.
 */
bool letter_journal_sync(struct letter_journal *j) MUST_CHECK;
/*
 * From now on a copy in another directory (mode 0600) says the same at every moment, for a run
 * that is killed while the disk breaks.  Where none can be made there is none.  Removed when the
 * journal is closed with all cells free and was not rescued.
 */
void letter_journal_keep_copy(struct letter_journal *j, const char *dir, struct arena *a);
/*
 * When it cannot: a copy into another directory (mode 0600), since what a broken disk has in
 * memory alone is gone when it is mounted anew.  *path: the copy, in a.
 */
bool letter_journal_rescue(struct letter_journal *j, const char *dir, struct arena *a,
    const char **path, struct err *err) MUST_CHECK;
/*
 * Takes such a copy up again, of the same database, user and boot, and removes it; false: there
 * is none.  Accepts no journal and no directory (NULL).
 */
bool letter_journal_take_up(struct letter_journal *j, const char *dir, struct arena *a);

/* The last issue of which letters went (0 = none yet), how many they were, and when. */
struct journal_issue {
	int64_t number, letters, at;
};
struct journal_issue letter_journal_issue(const struct letter_journal *j);
/* Letters up to that issue may have gone, as soon as the database has it (0 = no such). */
int64_t letter_journal_doubt(const struct letter_journal *j);
void letter_journal_set_doubt(struct letter_journal *j, int64_t number);

#endif

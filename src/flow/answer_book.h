/* SPDX-License-Identifier: ISC */
/*
 * Letters that are out and answers that are not yet in the database.  Both stand in the
 * journal too, so that neither a kill nor a database that cannot be written forgets them.
 */
#ifndef FLOW_ANSWER_BOOK_H
#define FLOW_ANSWER_BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "flow/letter_journal.h"
#include "model/model.h"

struct run;
struct letter_out {
	const struct delivery *d;
	int cell; /* of the journal; -1 without one */
};
struct answer_page {
	struct delivery answers[JOURNAL_CELLS];
	int cells[JOURNAL_CELLS];
	size_t count;
	struct arena *arena; /* words of the answers */
};
struct answer_book {
	struct run *run;
	struct letter_journal *journal; /* NULL: none is kept */
	struct letter_out out[JOURNAL_CELLS];
	size_t out_count;
	struct answer_page pages[2];
	struct answer_page *page;    /* the one that answers go to */
	struct answer_page *leaving; /* being written beside it, or NULL */
	int64_t wait_until; /* ticks until which the database is waited for; 0: not yet */
	bool gave_up;
};

void answer_book_init(struct answer_book *b, struct run *run);
void answer_book_clear(struct answer_book *b);

/* From now on the letter may leave. */
bool answer_book_hand_out(struct answer_book *b, const struct delivery *d,
    struct err *err) MUST_CHECK;
/* It was not begun after all. */
void answer_book_take_back(struct answer_book *b, const struct delivery *d);
/* handed_out was answered: settled as in d, whose words are copied. */
bool answer_book_add(struct answer_book *b, const struct delivery *handed_out,
    const struct delivery *d, struct err *err) MUST_CHECK;
/*
 * Writes the answers into the database.  While that cannot be done it waits and tries again,
 * for minutes, unless the run is interrupted; then the answers stay where they are, and in the
 * journal for the next run.
 */
bool answer_book_write(struct answer_book *b, struct err *err) MUST_CHECK;
/* b->page stands in the database: whoever wrote it together with other things says so. */
void answer_book_written(struct answer_book *b);
/*
 * The page is being written by somebody else, who alone looks at it until one of the two below
 * is called: answers go to another one.  Only while none is.
 */
const struct answer_page *answer_book_send_off(struct answer_book *b);
void answer_book_sent(struct answer_book *b);
/* It could not be written: its answers stand before the newer ones again. */
bool answer_book_came_back(struct answer_book *b, struct err *err) MUST_CHECK;
/*
 * The database could not be used: true after a pause when it should be tried again, false when
 * that was done long enough.
 */
bool answer_book_wait(struct answer_book *b, const struct err *why) MUST_CHECK;
/* It could be used. */
void answer_book_waited(struct answer_book *b);

#endif

/* SPDX-License-Identifier: ISC */
#include "flow/answer_book.h"

#include "base/clock.h"
#include "base/log.h"
#include "flow/context.h"
#include "store/deliveries.h"

enum { PAUSE_MS = 1000, SLICE_MS = 100 };

void
answer_book_init(struct answer_book *b, struct run *run)
{
	b->run = run;
	b->page = &b->pages[0];
	for (size_t i = 0; i < ARRAY_LEN(b->pages); i++)
		b->pages[i].arena = arena_new();
}

void
answer_book_clear(struct answer_book *b)
{
	letter_journal_close(b->journal);
	b->journal = NULL;
	for (size_t i = 0; i < ARRAY_LEN(b->pages); i++) {
		arena_free(b->pages[i].arena);
		b->pages[i].arena = NULL;
	}
}

bool
answer_book_hand_out(struct answer_book *b, const struct delivery *d, struct err *err)
{
	struct letter_out *o = &b->out[b->out_count];

	if (b->out_count == JOURNAL_CELLS)
		return err_set(err, ERR_BUG, "too many letters are out");
	*o = (struct letter_out){ d, -1 };
	if (b->journal)
		o->cell = letter_journal_hand_out(b->journal, d, flow_now(b->run));
	if (b->journal && o->cell < 0)
		return err_set(err, ERR_BUG, "the journal has no free cell");
	b->out_count++;
	return true;
}

/* The cell of a letter that is out no longer. */
static int
remove_out(struct answer_book *b, const struct delivery *d)
{
	for (size_t i = b->out_count; i > 0; i--) {
		if (b->out[i - 1].d == d) {
			const int cell = b->out[i - 1].cell;

			b->out[i - 1] = b->out[--b->out_count];
			return cell;
		}
	}
	return -1;
}

void
answer_book_take_back(struct answer_book *b, const struct delivery *d)
{
	const int cell = remove_out(b, d);

	if (cell >= 0)
		letter_journal_free_cell(b->journal, cell);
}

/* The answer as it stands on the page now, or NULL. */
static const struct delivery *
note(struct answer_page *page, const struct delivery *d, int cell, struct err *err)
{
	struct delivery *mine = &page->answers[page->count];

	if (page->count == JOURNAL_CELLS) {
		(void)err_set(err, ERR_BUG, "too many answers wait for the database");
		return NULL;
	}
	*mine = *d;
	mine->reply = arena_strdup(page->arena, d->reply);
	mine->status = arena_strdup(page->arena, d->status);
	mine->address = NULL;
	page->cells[page->count++] = cell;
	return mine;
}

bool
answer_book_add(struct answer_book *b, const struct delivery *handed_out,
    const struct delivery *d, struct err *err)
{
	const int cell = remove_out(b, handed_out);
	const struct delivery *mine = note(b->page, d, cell, err);

	if (mine && cell >= 0)
		letter_journal_answer(b->journal, cell, mine);
	return mine != NULL;
}

/* ---- into the database ---- */

static bool
is_interrupted(const struct answer_book *b)
{
	return b->run->interrupted && b->run->interrupted();
}

bool
answer_book_wait(struct answer_book *b, const struct err *why)
{
	const bool may_pass = why->kind == ERR_TEMPORARY || why->kind == ERR_SYSTEM;

	if (b->gave_up || !may_pass || b->run->patience_ms == 0)
		return false;
	if (b->wait_until == 0) {
		/* A lock is given back; a full disk asks for somebody who may not be there. */
		const int64_t ms =
		    b->run->patience_ms / (why->kind == ERR_TEMPORARY ? 1 : 5);

		b->wait_until = clock_ticks_ms() + ms;
		log_warn("send",
		    "%s: no further letter goes; what was answered is kept and tried again "
		    "for %lld seconds",
		    why->text, (long long)(ms / 1000));
	}
	for (int64_t ms = 0; ms < PAUSE_MS && !is_interrupted(b); ms += SLICE_MS)
		clock_sleep_ms(SLICE_MS);
	b->gave_up = is_interrupted(b) || clock_ticks_ms() >= b->wait_until;
	return !b->gave_up;
}

void
answer_book_waited(struct answer_book *b)
{
	if (b->wait_until != 0)
		log_warn("send", "the database can be written again: letters go on");
	b->wait_until = 0;
}

static bool
keep_for_next_run(struct answer_book *b, const struct err *why, struct err *err)
{
	const char *kept = b->run->journal_path;
	struct err none = ERR_INIT;

	*err = *why;
	if (!b->journal)
		return err_wrap(err, "%zu answers are lost", b->page->count);
	if (!letter_journal_sync(b->journal) &&
	    (!b->run->rescue_dir ||
		!letter_journal_rescue(b->journal, b->run->rescue_dir, b->run->arena,
		    &kept, &none)))
		return err_wrap(err,
		    "the answers to %zu letters can be written nowhere: they will be "
		    "unknown",
		    b->page->count);
	return err_wrap(err,
	    "the answers to %zu letters are not in the database yet; %s keeps them for the "
	    "next run",
	    b->page->count, kept);
}

/* The page stands in the database. */
static void
clear_page(struct answer_book *b, struct answer_page *page)
{
	for (size_t i = 0; i < page->count; i++) {
		if (page->cells[i] >= 0)
			letter_journal_written(b->journal, page->cells[i]);
	}
	page->count = 0;
	arena_reset(page->arena);
}

void
answer_book_written(struct answer_book *b)
{
	clear_page(b, b->page);
}

const struct answer_page *
answer_book_send_off(struct answer_book *b)
{
	b->leaving = b->page;
	b->page = b->page == &b->pages[0] ? &b->pages[1] : &b->pages[0];
	return b->leaving;
}

void
answer_book_sent(struct answer_book *b)
{
	clear_page(b, b->leaving);
	b->leaving = NULL;
}

bool
answer_book_came_back(struct answer_book *b, struct err *err)
{
	struct answer_page *newer = b->page;

	b->page = b->leaving;
	b->leaving = NULL;
	for (size_t i = 0; i < newer->count; i++) {
		if (!note(b->page, &newer->answers[i], newer->cells[i], err))
			return false;
	}
	newer->count = 0;
	arena_reset(newer->arena);
	return true;
}

bool
answer_book_write(struct answer_book *b, struct err *err)
{
	const struct answer_page *page = b->page;
	struct err why = ERR_INIT;

	if (page->count == 0)
		return true;
	while (
	    !store_deliveries_settle(b->run->store, page->answers, page->count, &why)) {
		if (!answer_book_wait(b, &why))
			return keep_for_next_run(b, &why, err);
		why = (struct err)ERR_INIT;
	}
	answer_book_waited(b);
	answer_book_written(b);
	return true;
}

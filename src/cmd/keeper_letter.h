/* SPDX-License-Identifier: ISC */
/* What is new of the feeds, told to the keeper in one letter; a note to one feed's owner. */
#ifndef CMD_KEEPER_LETTER_H
#define CMD_KEEPER_LETTER_H

#include <stdbool.h>

#include "base/err.h"
#include "cmd/app.h"

/*
 * Queues the letter when it is due (health.letter), newsletter.owner is set and there is news
 * since the last.  A new planet's first letter waits for the next such day.
 */
bool keeper_letter_tend(struct app *app, struct err *err) MUST_CHECK;
/* The letter as it would be now, on standard output. */
bool keeper_letter_print(struct app *app, struct err *err) MUST_CHECK;
/* A polite note to the owner of one feed that cannot be read, for a person to send. */
bool keeper_note_print(struct app *app, const char *feed, struct err *err) MUST_CHECK;

#endif

/* SPDX-License-Identifier: ISC */
/*
 * What the columns of a list of readers mean, and the words in them: ours, and those of the
 * exports of Mailchimp, Ghost, Buttondown, listmonk, Keila, phpList, Mailman and their like.
 */
#ifndef LIST_READER_COLUMNS_H
#define LIST_READER_COLUMNS_H

#include <stdbool.h>

#include "base/attr.h"
#include "model/model.h"

enum roll_column {
	ROLL_IGNORED,
	ROLL_ADDRESS,
	ROLL_STATE,        /* a word for a state */
	ROLL_CONFIRMED,    /* when they consented, or whether */
	ROLL_CONFIRMED_BY, /* evidence */
	ROLL_RHYTHM,
	ROLL_DAY,
	ROLL_HOUR,
	ROLL_ZONE,
	ROLL_FORMAT,
	ROLL_BODY,
	ROLL_LANGUAGE,
	ROLL_PICTURES,
	ROLL_SOURCES,
	ROLL_IS_LEFT,    /* yes, or a time or reason: they left */
	ROLL_IS_REMOVED, /* the same: they were taken out, or complained */
	ROLL_IS_BOUNCED, /* the same: mail to them comes back */
	ROLL_READS,      /* no or nothing: they do not get it */
	ROLL_AGREES,     /* no: they do not want it */
	ROLL_SUSPECT     /* seems to say who left, in words that are not known */
};

/* Names differ by case, blanks and punctuation alone: "E-Mail Address" is "email_address". */
enum roll_column roll_column_of(const char *name);
/* The state a word stands for; false when it is none that is known. */
bool roll_state_of(const char *word, enum reader_state *state) MUST_CHECK;
/* "yes", "1", "true" in the languages of exports; "no", "0", "never", "" for the other. */
bool roll_is_yes(const char *word);
bool roll_is_no(const char *word);
/* True when a spreadsheet would reckon with such a cell instead of showing it. */
bool roll_cell_acts(const char *text);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * The letterhead: everything of a letter that comes from settings and templates and is not in
 * its rendering.  It is written down with the first rendering of an issue and read back for
 * each letter, so that all letters of an issue are alike whatever is changed during the send,
 * and any of them can be made again later.
 */
#ifndef FLOW_LETTERHEAD_H
#define FLOW_LETTERHEAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/zone.h"
#include "digest/wording.h"
#include "mail/letter.h"

struct run;
struct carried_logo;

/*
 * Dates that were put into words for letters before, each in the place of its day; most readers
 * of one letter confirmed on few days.  Zeroed, it knows none.
 */
enum { SINCE_DAYS = 512, SINCE_TEXT = 72 };
struct since_known {
	int32_t day; /* year, month and day as one number; 0 = none */
	char text[SINCE_TEXT];
};

struct letterhead {
	struct letter_common common;
	bool threads;                /* letters refer to the one before */
	const char *web_url;         /* base of the pages, "" = none */
	const char *command_address; /* "" = none */
	struct date_words since;     /* the words of the date a reader confirmed at */
	struct since_known *known;   /* SINCE_DAYS of them, or NULL = none are kept */
	const char *zone_name;       /* in which that date is reckoned */
	const struct zone *zone;
	struct zone *own_zone; /* zone when it is not the newsletter's of today */
	/*
	 * What an issue's letters look like, whatever is set by now.  NULL: as it is set, as for
	 * notices, and for issues of versions that did not write it down.
	 */
	const struct config *settings;
	const struct carried_logo *logo; /* with settings: theirs, or NULL for none */
};

/*
 * As the settings are now, for letters of that date.  Lives in run->arena and the
 * templates.  ERR_CONFIG when newsletter.from is missing or wrong.
 */
bool letterhead_now(struct run *run, int64_t date, struct letterhead *out,
    struct err *err) MUST_CHECK;
/*
 * The same for an issue, with its settings and its logo.  What is read of the run for the first
 * time here lives as long as the run.
 */
bool letterhead_of_issue(struct run *run, struct arena *a, int64_t date,
    struct letterhead *out, struct err *err) MUST_CHECK;
/*
 * As letterhead_now() for a letter that is no issue, and has links that are its reader's alone: its
 * Feedback-ID says "notice", by which whoever reads newsletters knows not to show it.  In a.
 */
void letterhead_of_notice(struct arena *a, struct letterhead *head);
/*
 * The same in another language: its name and its dates.  NULL or "" changes nothing.  Lives in
 * the run's templates.
 */
bool letterhead_speak(struct run *run, const char *language, struct letterhead *head,
    struct err *err) MUST_CHECK;
/* A mailto: link to where commands are read, else to the newsletter.  In a. */
const char *letterhead_mailto(struct arena *a, const struct letterhead *head,
    const char *tag, const char *subject) MUST_CHECK;
/* As it is stored: JSON, with a version.  In a. */
const char *letterhead_text(struct arena *a, const struct letterhead *head) MUST_CHECK;
/* From what letterhead_text() wrote.  In a; ERR_STORE when it is damaged. */
bool letterhead_read(struct run *run, struct arena *a, const char *text,
    struct letterhead *out, struct err *err) MUST_CHECK;
/* Closes the zone of its own; a zeroed one is fine. */
void letterhead_clear(struct letterhead *head);

#endif

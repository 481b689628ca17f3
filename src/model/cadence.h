/* SPDX-License-Identifier: ISC */
/*
 * When letters are due: a rhythm, a day, a time of day and a time zone.  The newsletter has a
 * cadence by which issues are built (digest.schedule); a reader may have one of their own.
 * Pure: zone and instant are arguments.
 */
#ifndef MODEL_CADENCE_H
#define MODEL_CADENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/zone.h"

enum rhythm {
	RHYTHM_EACH, /* no slots: each issue as soon as it is approved */
	RHYTHM_DAILY,
	RHYTHM_WEEKDAYS, /* Monday to Friday */
	RHYTHM_WEEKLY,   /* on weekday `day`, 0 = Sunday */
	RHYTHM_MONTHLY   /* on day `day`; on the last one of a month that is shorter */
};

/* Not said by the reader: as the newsletter does. */
enum { CADENCE_ANY = -1 };

struct cadence {
	enum rhythm rhythm;
	int day;          /* of weekly and monthly rhythms, else 0; or CADENCE_ANY */
	int minute;       /* of the local day, 0 to 1439; or CADENCE_ANY */
	const char *zone; /* as zone_open() takes it; NULL or "": the newsletter's */
};

/*
 * The last slot at or before now, and the first one after it; TIME_NONE for RHYTHM_EACH.
 * z is the zone of c; nothing in c may be CADENCE_ANY.  A wall clock that is skipped strikes
 * at the jump, one that occurs twice the first time only: one slot a day, whatever clocks do.
 */
int64_t cadence_last(const struct cadence *c, const struct zone *z, int64_t now);
int64_t cadence_next(const struct cadence *c, const struct zone *z, int64_t now);

/*
 * A reader's cadence with what it leaves open taken from the newsletter's: the time of day
 * (midnight when that has none), the zone, weekly_day for a week, the first for a month.
 */
struct cadence cadence_complete(const struct cadence *reader,
    const struct cadence *newsletter, int weekly_day);

/* "each", "daily", "weekdays", "weekly", "monthly", in any case. */
bool cadence_parse_rhythm(const char *text, enum rhythm *out) MUST_CHECK;
const char *cadence_rhythm_name(enum rhythm r);
/* A weekday, at least its first three letters, in any case; "1" to "31" for a month. */
bool cadence_parse_day(const char *text, enum rhythm r, int *day) MUST_CHECK;
/* "07:00" or "7" (o'clock). */
bool cadence_parse_minute(const char *text, int *minute) MUST_CHECK;

/* "off", "daily 07:00", "weekdays 07:00", "weekly Monday 07:00", "monthly 1 07:00". */
bool cadence_parse(const char *text, struct cadence *out) MUST_CHECK;
/* The same words; what is CADENCE_ANY is left out, and a zone follows where one is given. */
void cadence_print(const struct cadence *c, struct buf *out);

#endif
